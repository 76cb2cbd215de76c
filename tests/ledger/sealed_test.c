/* sealed_test.c: lists and parts of sealed entries hold as they were signed, and not otherwise. */
#include "ledger/sealed.h"
#include "ledger/head_log.h"
#include "tests/ledger/sealed_book.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_sealed_tests[];

#define SEED 12

typedef struct {
    FiscSignKey *ours, *other;
    GPtrArray *trusted; /* ours alone */
} Keys;

static Keys
keys_new(void)
{
    Keys keys = {.trusted = g_ptr_array_new()};
    g_assert(fisc_sign_key_new("ours", &keys.ours, NULL));
    g_assert(fisc_sign_key_new("other", &keys.other, NULL));
    g_ptr_array_add(keys.trusted, keys.ours);
    return keys;
}

static void
keys_clear(Keys *keys)
{
    fisc_sign_key_free(keys->ours);
    fisc_sign_key_free(keys->other);
    g_ptr_array_unref(keys->trusted);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Keys, keys_clear)

/* ---- lists ---- */

static FiscSealedList *
make_list(void)
{
    uint8_t root[32] = {1, 2, 3};
    FiscSealedList *list = fisc_sealed_list_new(1, 7, root);
    fisc_sealed_list_add(list, "A city", 202400, 1);
    fisc_sealed_list_add(list, "A city", 202413, 501);
    return list;
}

static char *
read_list(const char *text, const Keys *keys)
{
    g_autoptr(FiscSealedList) list = NULL;
    g_autoptr(GError) error = NULL;
    if (!fisc_sealed_list_read(text, keys->trusted, &list, &error)) {
        return g_strdup(error->message);
    }
    const FiscSealedPeriod *last = list->periods->pdata[list->periods->len - 1];
    return g_strdup_printf("%" G_GINT64_FORMAT " %u %s %d %" G_GINT64_FORMAT, list->size,
                           list->periods->len, last->entity, last->period, last->entries);
}

static void
test_list(void)
{
    g_auto(Keys) keys = keys_new();
    g_autoptr(FiscSealedList) list = make_list();
    g_autofree char *text = fisc_sealed_list_to_text(list, keys.ours);
    g_autofree char *other = fisc_sealed_list_to_text(list, keys.other);
    g_autofree char *said = read_list(text, &keys);
    g_autofree char *refused = read_list(other, &keys);
    FISC_ASSERT_TEXT(said, "7 2 A city 202413 501");
    FISC_ASSERT_CONTAINS(refused, "not signed by a key that is trusted here");
}

static void
test_altered_list(void)
{
    g_auto(Keys) keys = keys_new();
    g_autoptr(FiscSealedList) list = make_list();
    g_autofree char *text = fisc_sealed_list_to_text(list, keys.ours);
    int accepted = 0;
    for (gsize i = 0; i < strlen(text); i++) {
        g_autofree char *altered = g_strdup(text);
        g_autofree char *shorter = g_strndup(text, i);
        altered[i] ^= 1;
        g_autofree char *a = read_list(altered, &keys);
        g_autofree char *b = read_list(shorter, &keys);
        accepted += g_str_has_prefix(a, "7 ") + g_str_has_prefix(b, "7 ");
    }
    FISC_ASSERT_INT(accepted, 0);
}

/* What the key's owner signed and is no list is none. */
static void
test_wrong_lists(void)
{
    static const char head[] = "fisc sealed list 1\nbook 1\nsize 7\nroot "
                               "0000000000000000000000000000000000000000000000000000000000000000\n";
    static const char *const rows[] = {
        "2024-3 1 CITY\n",  "2024-03 01 CITY\n", "2024-03 0 CITY\n",   "2024-03 1 \n",
        "2024-14 1 CITY\n", "2024-03\n",         "\n2024-03 1 CITY\n", "2024 1 CITY\n",
    };
    g_auto(Keys) keys = keys_new();
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        char signature[FISC_SEALED_SIGNATURE_TEXT];
        g_autofree char *body = g_strconcat(head, rows[i], NULL);
        fisc_sealed_sign(keys.ours, body, signature);
        g_autofree char *text = g_strconcat(body, "\nsigned-by ", signature, "\n", NULL);
        g_autofree char *said = read_list(text, &keys);
        fisc_assert_contains(said, "line 5", rows[i], __FILE__, __LINE__);
    }
}

/* ---- parts ---- */

typedef struct {
    SealedBook *book;
    Keys keys;
    FiscProof *proof;
    FiscSealedPart part;
    char *entity;
    char signature[FISC_SEALED_SIGNATURE_TEXT];
} Sealed;

static void
sealed_clear(Sealed *sealed)
{
    fisc_proof_free(sealed->proof);
    sealed_book_free(sealed->book);
    keys_clear(&sealed->keys);
    g_free(sealed->entity);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Sealed, sealed_clear)

static void
sign_part(Sealed *sealed, const FiscSignKey *key)
{
    g_autofree char *body = fisc_sealed_part_body(&sealed->part, sealed->proof->head);
    fisc_sealed_sign(key, body, sealed->signature);
}

/* The entries of one unit and period, under a head. */
static Sealed
sealed_new(void)
{
    GRand *random = g_rand_new_with_seed(SEED);
    Sealed sealed = {.book = sealed_book_new(random, 8), .keys = keys_new()};
    g_rand_free(random);
    g_autofree char *numbers = sealed_book_ask(
        sealed.book, "select string_agg(entry_id::text, ' ' order by entry_id) from ledger.entry"
                     " group by entity_id, period order by count(*) desc, entity_id limit 1");
    g_auto(GStrv) words = g_strsplit(numbers, " ", -1);
    int count = (int)g_strv_length(words);
    g_autofree int64_t *entries = g_new0(int64_t, count);
    for (int i = 0; i < count; i++) {
        entries[i] = g_ascii_strtoll(words[i], NULL, 10);
    }
    g_autoptr(FiscTx) tx = NULL;
    FiscHead *head = NULL;
    g_assert(fisc_tx_begin(sealed.book->pool, FISC_TX_READ, &tx, NULL));
    g_assert(fisc_head_make(tx, 1, sealed.keys.ours, -1, 0, &head, NULL));
    g_assert(fisc_proof_build_entries(tx, 1, entries, count, head, &sealed.proof, NULL));
    const FiscLogEntry *first = ((const FiscProvenItem *)sealed.proof->items->pdata[0])->entry;
    sealed.entity = g_strdup(fisc_proof_event(sealed.proof, "entity", first->entity_id)->subject);
    sealed.part = (FiscSealedPart){.entity = sealed.entity,
                                   .period = first->period,
                                   .part = 1,
                                   .first = entries[0],
                                   .last = entries[count - 1]};
    g_assert(
        fisc_sealed_digest(&sealed.part, sealed.proof, sealed.part.digest, &sealed.part.entries));
    FISC_ASSERT_INT(sealed.part.entries, count);
    sign_part(&sealed, sealed.keys.ours);
    return sealed;
}

static void
expect(const Sealed *sealed, const char *words)
{
    g_autofree char *wrong =
        fisc_sealed_check(&sealed->part, sealed->proof, sealed->signature, sealed->keys.trusted);
    if (words == NULL) {
        FISC_ASSERT_TEXT(wrong != NULL ? wrong : "", "");
    } else {
        fisc_assert_contains(wrong != NULL ? wrong : "it holds", words, words, __FILE__, __LINE__);
    }
}

static void
test_part(void)
{
    g_auto(Sealed) sealed = sealed_new();
    expect(&sealed, NULL);
    CU_ASSERT_TRUE_FATAL(sealed.part.entries >= 2);
    gpointer first = g_ptr_array_steal_index(sealed.proof->items, 0);
    expect(&sealed, "it has");
    g_ptr_array_insert(sealed.proof->items, 1, first);
    expect(&sealed, "not in the order of their numbers");
    gpointer second = g_ptr_array_steal_index(sealed.proof->items, 0);
    g_ptr_array_insert(sealed.proof->items, 1, second);
    expect(&sealed, NULL);
    ((FiscLogEntry *)((FiscProvenItem *)first)->entry)->entry_id--;
    expect(&sealed, "it has");
}

static void
test_signed_part(void)
{
    g_auto(Sealed) sealed = sealed_new();
    static const char itself[] = "what it says of itself";
    const FiscSealedPart kept = sealed.part;
    sealed.part.entity = "XX";
    expect(&sealed, itself);
    sealed.part = kept;
    sealed.part.period++;
    expect(&sealed, itself);
    sealed.part = kept;
    sealed.part.part++;
    expect(&sealed, itself);
    sealed.part = kept;
    sealed.part.entries--;
    expect(&sealed, itself);
    sealed.part = kept;
    sealed.part.digest[0] ^= 1;
    expect(&sealed, itself);
    sign_part(&sealed, sealed.keys.ours);
    expect(&sealed, "not those that were sealed");
    sealed.part = kept;
    sign_part(&sealed, sealed.keys.other);
    expect(&sealed, itself);
    g_ptr_array_set_size(sealed.keys.trusted, 0);
    g_ptr_array_add(sealed.keys.trusted, sealed.keys.other);
    expect(&sealed, "its head is not signed");
}

const FiscTest fisc_sealed_tests[] = {
    {"takes a list that was signed by a trusted key", test_list},
    {"refuses a list with any byte altered or missing", test_altered_list},
    {"refuses what is signed and no list", test_wrong_lists},
    {"takes a part whose entries are all there, in their order", test_part},
    {"refuses a part that says something else of itself than was signed", test_signed_part},
    {NULL, NULL},
};

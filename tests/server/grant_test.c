/* grant_test.c: a grant proven from both sides: by two fiscs, and by one; and no member of the file
 * that could be altered. */
#include "core/base/sign.h"
#include "fisc/grant.h"
#include "tests/integrations/fixture.h"
#include "tests/server/two_fiscs.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_grant_tests[];

#define BOTH                                                                                       \
    CITY_HEADER                                                                                    \
    "P1,2024-02-01,STA,2631,500.00,,CIT,7018,,T-1\nP1,2024-02-01,STA,3202,,500.00,BANK,,26,T-1\n"  \
    "R1,2024-02-03,CIT,3202,200.00,,BANK,,13,T-1\nR1,2024-02-03,CIT,1331,,200.00,STA,,,T-1\n"      \
    "R2,2024-02-04,CIT,3202,300.00,,BANK,,13,T-1\nR2,2024-02-04,CIT,1331,,300.00,STA,,,T-1\n"      \
    "P2,2024-02-01,STA,2631,9.00,,CIT,7018,,T-2\nP2,2024-02-01,STA,3202,,9.00,BANK,,26,T-2\n"      \
    "R3,2024-02-04,CIT,3202,8.00,,BANK,,13,T-2\nR3,2024-02-04,CIT,1331,,8.00,STA,,,T-2\n"          \
    "P3,2024-02-01,STA,2631,9.00,,CIT,7018,,T-3\nP3,2024-02-01,STA,3202,,9.00,BANK,,26,T-3\n"

/* A proven grant, and who has signed it. */
typedef struct {
    char *folder, *file, *key, *public_key;
    json_t *json;
    FiscGrantKeys keys;
} Proven;

static void
proven_clear(Proven *proven)
{
    json_decref(proven->json);
    fixture_remove(proven->folder);
    g_free(proven->file);
    g_free(proven->key);
    g_free(proven->public_key);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Proven, proven_clear)

static Proven
proven_new(void)
{
    Proven proven = {.folder = g_dir_make_tmp("fisc-grant-XXXXXX", NULL)};
    g_autofree char *id = NULL;
    proven.file = g_build_filename(proven.folder, "grant.json", NULL);
    proven.key = g_build_filename(proven.folder, "state.key", NULL);
    proven.public_key = g_strconcat(proven.key, ".pub", NULL);
    g_assert(fisc_flow_head_key(proven.key, "state", &id, NULL));
    proven.keys = (FiscGrantKeys){.head = proven.public_key};
    return proven;
}

/* "" or why there is none. Caller frees. */
static char *
make(Proven *proven, Books *books, const char *transfer)
{
    g_autofree char *text = NULL;
    g_autoptr(GError) error = NULL;
    if (!fisc_flow_grant_proof(&books->ctx, transfer, NULL, proven->key, &text, &error)) {
        return g_strdup(error->message);
    }
    json_decref(proven->json);
    proven->json = json_loads(text, 0, NULL);
    return g_strdup("");
}

/* What the check says of the file as it is now. Caller frees. */
static char *
check(const Proven *proven)
{
    char *wrong = NULL, *says = NULL;
    bool is_grant = false;
    g_autoptr(GError) error = NULL;
    g_assert(json_dump_file(proven->json, proven->file, 0) == 0);
    fisc_flow_grant_check(proven->file, &proven->keys, &is_grant, &wrong, &says, &error);
    g_assert_no_error(error);
    CU_ASSERT_TRUE(is_grant);
    char *told = g_strdup(wrong != NULL ? wrong : says);
    g_free(wrong);
    g_free(says);
    return told;
}

/* The value that a path leads to: "proof/items/0/entry". */
static json_t *
value_at(json_t *json, const char *const *words, guint count)
{
    for (guint i = 0; i < count; i++) {
        json = json_is_array(json)
                   ? json_array_get(json, (gsize)g_ascii_strtoull(words[i], NULL, 10))
                   : json_object_get(json, words[i]);
    }
    return json;
}

/* Alters one member, expects that the check names it, and takes it back. */
static void
expect_named(const Proven *proven, const char *path, const char *begins)
{
    g_auto(GStrv) words = g_strsplit(path, "/", -1);
    guint last = g_strv_length(words) - 1;
    json_t *parent = value_at(proven->json, (const char *const *)words, last);
    json_t *kept = json_incref(json_object_get(parent, words[last]));
    CU_ASSERT_PTR_NOT_NULL_FATAL(kept);
    if (json_is_integer(kept)) {
        json_object_set_new(parent, words[last], json_integer(json_integer_value(kept) + 1));
    } else {
        g_autofree char *text = g_strdup(json_string_value(kept));
        gsize at = strlen(text) - (strlen(text) > 1 && text[strlen(text) - 1] == '\n' ? 2 : 1);
        text[at] = text[at] == '1' ? '2' : '1';
        json_object_set_new(parent, words[last], json_string(text));
    }
    g_autofree char *told = check(proven);
    fisc_assert_text(g_str_has_prefix(told, begins) ? begins : told, begins, path, __FILE__,
                     __LINE__);
    json_object_set_new(parent, words[last], kept);
}

static void
test_two_fiscs(void)
{
    g_autoptr(TwoFiscs) fiscs = two_fiscs_new();
    g_auto(Proven) proven = proven_new();
    g_autofree char *city_key = g_build_filename(fiscs->folder, "head.key.pub", NULL);
    two_fiscs_expect_pull(fiscs, "2 posted 3");
    g_autofree char *made = make(&proven, fiscs->state, "T-1");
    FISC_ASSERT_TEXT(made, "");
    proven.keys.other = city_key;
    g_autofree char *told = check(&proven);
    FISC_ASSERT_CONTAINS(told, "the grant T-1 of STA to CIT, 500.00 EUR, is recorded by both "
                               "sides, and proven by another fisc");
    FISC_ASSERT_CONTAINS(told, "there: CITY/R1 of CITY, 2024-02-03");
    /* Of what else the city has shown, nothing. */
    g_autofree char *text = json_dumps(proven.json, 0);
    CU_ASSERT_PTR_NULL(strstr(text, "CITY/R2"));
    static const struct {
        const char *path, *begins;
    } cases[] = {
        {"transfer", "transfer: "},
        {"amount", "amount: "},
        {"currency", "currency: "},
        {"payer", "payer: "},
        {"receiver", "receiver: "},
        {"others_payer", "others_payer: "},
        {"others_receiver", "others_receiver: "},
        {"time", "signed_by: "},
        {"signed_by", "signed_by: "},
        {"proof_sha256", "proof: "},
        {"others_sha256", "others: "},
        {"proof/items/0/entry/lines/0/amount", "proof: "},
        {"proof/items/0/entry/entry", "proof: "},
        {"proof/items/0/entry/transfer", "proof: "},
        {"proof/head", "proof: "},
        {"proof/batches/0/root", "proof: "},
        {"others/0/items/0/entry/lines/0/amount", "others: "},
        {"others/0/items/0/entry/entry", "others: "},
        {"others/0/head", "others: "},
        {"others/0/book", "others: "},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        expect_named(&proven, cases[i].path, cases[i].begins);
    }
    json_t *others = json_incref(json_object_get(proven.json, "others"));
    json_object_set_new(proven.json, "others", json_array());
    g_autofree char *without = check(&proven);
    FISC_ASSERT_CONTAINS(without, "others_payer: ");
    json_object_set_new(proven.json, "others", others);
    proven.keys.other = proven.public_key;
    g_autofree char *wrong_key = check(&proven);
    FISC_ASSERT_TEXT(wrong_key, "others: a head is not signed by the key of --other-key");
    proven.keys = (FiscGrantKeys){.head = city_key};
    g_autofree char *not_ours = check(&proven);
    FISC_ASSERT_TEXT(not_ours, "proof: its head is not signed by the key of --head-key");
}

static void
fill(Books *books, const void *data G_GNUC_UNUSED)
{
    g_autofree char *entities = NULL;
    g_autofree char *path = books_source_path("examples/another-fisc/entities.csv");
    g_assert(g_file_get_contents(path, &entities, NULL, NULL));
    books_must_load_entities(books, entities);
    books_set_period(books, "2024", "open");
    books_must_post(books, BOTH);
}

static void
test_one_book(void)
{
    g_autoptr(Books) books = books_filled("both", fill, NULL);
    g_auto(Proven) proven = proven_new();
    static const struct {
        const char *transfer, *words;
    } refused[] = {
        {"T-2", "T-2: amount: 900 were paid and 800 received, in minor units"},
        {"T-3", "T-3: no receipt is on record"},
        {"T-9", "no entry bears the id \"T-9\""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_autofree char *why = make(&proven, books, refused[i].transfer);
        FISC_ASSERT_TEXT(why, refused[i].words);
    }
    g_autofree char *made = make(&proven, books, "T-1");
    FISC_ASSERT_TEXT(made, "");
    g_autofree char *told = check(&proven);
    FISC_ASSERT_CONTAINS(told, "the grant T-1 of STA to CIT, 500.00 EUR, is recorded by both "
                               "sides\n");
    FISC_ASSERT_CONTAINS(told, "here: CIT/R2 of CIT, 2024-02-04");
    expect_named(&proven, "amount", "amount: ");
    expect_named(&proven, "proof/items/2/entry/lines/1/amount", "proof: ");
}

const FiscTest fisc_grant_tests[] = {
    {"is proven by two fiscs in one file, and every altered member is named", test_two_fiscs},
    {"is proven by one book that has both sides, when they agree", test_one_book},
    {NULL, NULL},
};

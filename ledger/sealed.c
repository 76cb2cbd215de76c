/* sealed.c: see sealed.h. A list is read strictly: only the text that would be written again is
 * accepted, so a signature is always over what was read. */
#include "ledger/sealed.h"
#include "core/base/hash.h"
#include <string.h>

#define LIST_FORM "fisc sealed list 1"
#define PART_FORM "fisc sealed part 1"
#define SIGNED_BY "\nsigned-by "
#define DIGITS_MAX 18

/* Signatures --------------------------------------------------------------------------------- */

void
fisc_sealed_sign(const FiscSignKey *private_key, const char *body,
                 char out_text[FISC_SEALED_SIGNATURE_TEXT])
{
    uint8_t signature[FISC_SIGNATURE_SIZE];
    int length =
        g_snprintf(out_text, FISC_SEALED_SIGNATURE_TEXT, "%s ", fisc_sign_key_id(private_key));
    fisc_sign(private_key, body, strlen(body), signature);
    for (gsize i = 0; i < FISC_SIGNATURE_SIZE; i++) {
        g_snprintf(out_text + length + 2 * i, 3, "%02x", signature[i]);
    }
}

static bool
parse_hex(const char *text, uint8_t *out_bytes, gsize length)
{
    if (strlen(text) != 2 * length || strspn(text, "0123456789abcdef") != 2 * length) {
        return false;
    }
    for (gsize i = 0; i < length; i++) {
        out_bytes[i] = (uint8_t)(g_ascii_xdigit_value(text[2 * i]) << 4 |
                                 g_ascii_xdigit_value(text[2 * i + 1]));
    }
    return true;
}

bool
fisc_sealed_is_signed(const char *body, const char *signature, const GPtrArray *keys)
{
    uint8_t bytes[FISC_SIGNATURE_SIZE];
    if (strlen(signature) != FISC_SEALED_SIGNATURE_TEXT - 1 ||
        signature[FISC_KEY_ID_TEXT - 1] != ' ' ||
        !parse_hex(signature + FISC_KEY_ID_TEXT, bytes, sizeof bytes)) {
        return false;
    }
    for (guint i = 0; i < keys->len; i++) {
        const FiscSignKey *key = keys->pdata[i];
        if (strncmp(signature, fisc_sign_key_id(key), FISC_KEY_ID_TEXT - 1) == 0 &&
            fisc_sign_check(key, body, strlen(body), bytes)) {
            return true;
        }
    }
    return false;
}

/* Which there are ---------------------------------------------------------------------------- */

static void
free_period(gpointer data)
{
    FiscSealedPeriod *period = data;
    g_free(period->entity);
    g_free(period);
}

FiscSealedList *
fisc_sealed_list_new(int book_id, int64_t size, const uint8_t root[32])
{
    FiscSealedList *list = g_new0(FiscSealedList, 1);
    list->book_id = book_id;
    list->size = size;
    memcpy(list->root, root, 32);
    list->periods = g_ptr_array_new_with_free_func(free_period);
    return list;
}

void
fisc_sealed_list_free(FiscSealedList *list)
{
    if (list != NULL) {
        g_ptr_array_unref(list->periods);
        g_free(list);
    }
}

void
fisc_sealed_list_add(FiscSealedList *list, const char *entity, FiscPeriod period, int64_t entries)
{
    FiscSealedPeriod *row = g_new0(FiscSealedPeriod, 1);
    row->entity = g_strdup(entity);
    row->period = period;
    row->entries = entries;
    g_ptr_array_add(list->periods, row);
}

static char *
list_body(const FiscSealedList *list)
{
    char root[FISC_HASH_TEXT], period[FISC_DATE_TEXT];
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, LIST_FORM "\nbook %d\nsize %" G_GINT64_FORMAT "\nroot %s\n",
                           list->book_id, list->size, fisc_hash_format(list->root, root));
    for (guint i = 0; i < list->periods->len; i++) {
        const FiscSealedPeriod *row = list->periods->pdata[i];
        g_string_append_printf(text, "%s %" G_GINT64_FORMAT " %s\n",
                               fisc_period_format(row->period, period), row->entries, row->entity);
    }
    return g_string_free(text, FALSE);
}

char *
fisc_sealed_list_to_text(const FiscSealedList *list, const FiscSignKey *private_key)
{
    char signature[FISC_SEALED_SIGNATURE_TEXT];
    g_autofree char *body = list_body(list);
    fisc_sealed_sign(private_key, body, signature);
    return g_strconcat(body, SIGNED_BY, signature, "\n", NULL);
}

/* Digits up to @end, without sign or leading zeros. */
static bool
parse_number(const char *text, const char *end, int64_t *out_number)
{
    gsize length = (gsize)(end - text);
    char digits[DIGITS_MAX + 1] = "";
    if (length == 0 || length > DIGITS_MAX) {
        return false;
    }
    memcpy(digits, text, length);
    *out_number = g_ascii_strtoll(digits, NULL, 10);
    return strspn(digits, "0123456789") == length && (digits[0] != '0' || length == 1);
}

/* What follows "word " in a line; NULL when it is another. */
static const char *
word_of(const char *line, const char *word)
{
    gsize length = strlen(word);
    return line != NULL && strncmp(line, word, length) == 0 && line[length] == ' '
               ? line + length + 1
               : NULL;
}

static bool
read_number(const char *line, const char *word, int64_t *out_number)
{
    const char *text = word_of(line, word);
    return text != NULL && parse_number(text, text + strlen(text), out_number);
}

/* "2024-03 812 CITY" */
static bool
read_period(const char *line, FiscSealedList *list)
{
    const char *after_period = strchr(line, ' ');
    const char *after_count = after_period != NULL ? strchr(after_period + 1, ' ') : NULL;
    int64_t entries = 0;
    FiscPeriod period = 0, until = 0;
    char again[FISC_DATE_TEXT];
    if (after_count == NULL || after_count[1] == '\0' ||
        !parse_number(after_period + 1, after_count, &entries) || entries == 0) {
        return false;
    }
    g_autofree char *text = g_strndup(line, (gsize)(after_period - line));
    if (!fisc_period_range_parse(text, &period, &until) || period != until ||
        strcmp(fisc_period_format(period, again), text) != 0) {
        return false;
    }
    fisc_sealed_list_add(list, after_count + 1, period, entries);
    return true;
}

/* *out_line: where it stopped. NULL: that line is none of a list. */
static FiscSealedList *
read_body(char **lines, int *out_line)
{
    int64_t book = 0, size = 0;
    uint8_t root[32];
    const char *hex = NULL;
    *out_line = 0;
    bool is_good = g_strcmp0(lines[0], LIST_FORM) == 0 && read_number(lines[1], "book", &book) &&
                   book <= G_MAXINT32 && read_number(lines[2], "size", &size) &&
                   (hex = word_of(lines[3], "root")) != NULL && parse_hex(hex, root, sizeof root);
    if (!is_good) {
        return NULL;
    }
    g_autoptr(FiscSealedList) list = fisc_sealed_list_new((int)book, size, root);
    for (*out_line = 4; lines[*out_line + 1] != NULL; ++*out_line) {
        if (!read_period(lines[*out_line], list)) {
            return NULL;
        }
    }
    return g_steal_pointer(&list); /* behind the last newline there is nothing */
}

bool
fisc_sealed_list_read(const char *text, const GPtrArray *keys, FiscSealedList **out_list,
                      GError **error)
{
    const char *end = g_strstr_len(text, -1, SIGNED_BY);
    g_autofree char *body = end != NULL ? g_strndup(text, (gsize)(end - text)) : NULL;
    g_autofree char *signature = end != NULL ? g_strdup(end + strlen(SIGNED_BY)) : NULL;
    if (end == NULL || !g_str_has_suffix(body, "\n") || !g_str_has_suffix(signature, "\n")) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                         "it is no list of sealed entries, or not a whole one");
    }
    signature[strlen(signature) - 1] = '\0';
    if (!fisc_sealed_is_signed(body, signature, keys)) {
        return fisc_fail(error, FISC_ERROR_TAMPERED,
                         "the list of sealed entries is not signed by a key that is trusted here, "
                         "or was altered");
    }
    g_auto(GStrv) lines = g_strsplit(body, "\n", -1);
    int line = 0;
    FiscSealedList *list = read_body(lines, &line);
    if (list == NULL) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                         "line %d of the list of sealed entries is none of a list", line + 1);
    }
    *out_list = list;
    return true;
}

/* A part of them ----------------------------------------------------------------------------- */

char *
fisc_sealed_part_body(const FiscSealedPart *part, const FiscHead *head)
{
    char period[FISC_DATE_TEXT], digest[FISC_HASH_TEXT], root[FISC_HASH_TEXT];
    return g_strdup_printf(
        PART_FORM "\nbook %d\nsize %" G_GINT64_FORMAT "\nroot %s\nperiod %s\npart %d\n"
                  "first %" G_GINT64_FORMAT "\nlast %" G_GINT64_FORMAT "\nentries %" G_GINT64_FORMAT
                  "\ndigest %s\nentity %s\n",
        head->book_id, head->size, fisc_hash_format(head->root, root),
        fisc_period_format(part->period, period), part->part, part->first, part->last,
        part->entries, fisc_hash_format(part->digest, digest), part->entity);
}

bool
fisc_sealed_has(const FiscSealedPart *part, const FiscProof *proof, const FiscLogEntry *entry)
{
    const FiscLogEvent *entity = fisc_proof_event(proof, "entity", entry->entity_id);
    return entry->entry_id >= part->first && entry->entry_id <= part->last &&
           entry->period == part->period && entity != NULL &&
           strcmp(entity->subject, part->entity) == 0;
}

bool
fisc_sealed_digest(const FiscSealedPart *part, const FiscProof *proof, uint8_t out_digest[32],
                   int64_t *out_entries)
{
    g_autoptr(FiscHash) hash = fisc_hash_new();
    g_autoptr(FiscHash) all = fisc_hash_new();
    int64_t before = 0;
    *out_entries = 0;
    for (guint i = 0; i < proof->items->len; i++) {
        const FiscProvenItem *item = proof->items->pdata[i];
        uint8_t leaf[32];
        if (item->kind != FISC_PROVEN_ENTRY || !fisc_sealed_has(part, proof, item->entry)) {
            continue;
        }
        if (item->entry->entry_id <= before) {
            return false;
        }
        before = item->entry->entry_id;
        ++*out_entries;
        fisc_log_hash_entry(hash, proof->book_id, item->entry, leaf);
        fisc_hash_add_int(all, before);
        fisc_hash_add_bytes(all, leaf, sizeof leaf);
    }
    fisc_hash_finish(all, out_digest);
    return true;
}

static bool
is_head_signed(const FiscHead *head, const GPtrArray *keys)
{
    for (guint i = 0; i < keys->len; i++) {
        if (fisc_head_is_signed(head, FISC_SIGNER_HEAD, keys->pdata[i])) {
            return true;
        }
    }
    return false;
}

char *
fisc_sealed_check(const FiscSealedPart *part, const FiscProof *proof, const char *signature,
                  const GPtrArray *keys)
{
    uint8_t digest[32];
    int64_t entries = 0;
    if (!is_head_signed(proof->head, keys)) {
        return g_strdup("its head is not signed by a key that is trusted here");
    }
    g_autofree char *body = fisc_sealed_part_body(part, proof->head);
    if (!fisc_sealed_is_signed(body, signature, keys)) {
        return g_strdup("what it says of itself (unit, period, part, how many entries) is not "
                        "signed by a key that is trusted here");
    }
    char *wrong = fisc_proof_check(proof);
    if (wrong != NULL) {
        return wrong;
    }
    if (!fisc_sealed_digest(part, proof, digest, &entries)) {
        return g_strdup("its entries are not in the order of their numbers");
    }
    if (entries != part->entries) {
        return g_strdup_printf("it has %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT " entries",
                               entries, part->entries);
    }
    return memcmp(digest, part->digest, 32) != 0
               ? g_strdup("its entries are not those that were sealed")
               : NULL;
}

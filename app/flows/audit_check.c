/* audit_check.c: an audit pack checked without any database: every file against the seal, the seal
 * and the head against a key, the chain against the head, every entry against the chain. All that
 * does not hold is named, not only the first. */
#include "app/flows/audit_pack.h"
#include "app/flows/internal.h"
#include "integrations/proof_json.h"
#include "app/flows/sheets.h"
#include <string.h>

#define WRONG_MAX 1000                  /* lines that are told */
#define LINE_BEGIN (FISC_HASH_TEXT - 1) /* of checksums.txt: the digest, two blanks, the path */

typedef struct {
    const char *folder;
    GPtrArray *wrong; /* of char * */
    FiscHead *head;
    FiscHash *hash;
    FiscAuditNames *names;
    FiscArena *arena;
    GString *csv; /* of the entries, as they should stand in entries.csv */
    int book_id;
    FiscLogBatch batch; /* the one whose items are being read */
    json_t *leaves;     /* of it; NULL: it shows nothing */
    uint8_t last[32];   /* hash of the batch before */
    FiscMerkleTree tree;
    int64_t entries, lines, batches;
} Check;

static void G_GNUC_PRINTF(2, 3) complain(Check *check, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    if (check->wrong->len < WRONG_MAX) {
        g_ptr_array_add(check->wrong, text);
    } else {
        g_free(text);
    }
}

/* NULL after saying that it is not there. Caller frees. */
static char *
read_file(Check *check, const char *name, gsize *out_length)
{
    g_autofree char *path = g_build_filename(check->folder, name, NULL);
    char *text = NULL;
    if (!g_file_get_contents(path, &text, out_length, NULL)) {
        complain(check, "%s: it is missing", name);
    }
    return text;
}

/* Files --------------------------------------------------------------------------------------- */

static void
check_file(Check *check, const char *line, GHashTable *listed)
{
    uint8_t digest[FISC_HASH_SIZE];
    char hex[FISC_HASH_TEXT];
    gsize length = 0;
    const char *name = line + LINE_BEGIN + 2;
    bool is_safe = strstr(name, "..") == NULL && !g_path_is_absolute(name);
    g_autofree char *text = is_safe ? read_file(check, name, &length) : NULL;
    g_hash_table_add(listed, g_strdup(name));
    if (text == NULL) {
        return;
    }
    fisc_hash_data(text, length, digest);
    if (strncmp(fisc_hash_format(digest, hex), line, LINE_BEGIN) != 0) {
        complain(check, "%s: it is not what was sealed", name);
    }
}

/* Files beside those of the seal, in the folder and one below. */
static void
check_strangers(Check *check, const char *below, GHashTable *listed)
{
    g_autofree char *path = g_build_filename(check->folder, below, NULL);
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;
    while (dir != NULL && (name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *full = g_build_filename(path, name, NULL);
        g_autofree char *told =
            *below != '\0' ? g_strconcat(below, "/", name, NULL) : g_strdup(name);
        if (g_file_test(full, G_FILE_TEST_IS_DIR) && *below == '\0') {
            check_strangers(check, name, listed);
        } else if (!g_hash_table_contains(listed, told)) {
            complain(check, "%s: it is no file of the pack", told);
        }
    }
}

static void
check_files(Check *check, const FiscSignKey *key)
{
    gsize length = 0, signed_length = 0;
    g_autofree char *sums = read_file(check, FISC_SHEETS_CHECKSUMS, &length);
    g_autofree char *signature = read_file(check, FISC_SHEETS_SIGNATURE, &signed_length);
    if (sums == NULL || signature == NULL) {
        return;
    }
    if (signed_length != FISC_SIGNATURE_SIZE ||
        !fisc_sign_check(key, sums, length, (const uint8_t *)signature)) {
        complain(check, "%s: it is not signed by key %s (%s)", FISC_SHEETS_CHECKSUMS,
                 fisc_sign_key_id(key), fisc_sign_key_label(key));
    }
    g_autoptr(GHashTable) listed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_hash_table_add(listed, g_strdup(FISC_SHEETS_CHECKSUMS));
    g_hash_table_add(listed, g_strdup(FISC_SHEETS_SIGNATURE));
    g_auto(GStrv) lines = g_strsplit(sums, "\n", -1);
    for (int i = 0; lines[i] != NULL; i++) {
        if (strlen(lines[i]) > LINE_BEGIN + 2) {
            check_file(check, lines[i], listed);
        }
    }
    check_strangers(check, "", listed);
}

static void
check_head(Check *check, const FiscSignKey *key)
{
    g_autoptr(GPtrArray) heads = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *text = read_file(check, FISC_AUDIT_HEAD, NULL);
    if (text == NULL) {
        return;
    }
    if (!fisc_heads_parse(text, &heads, &error) || heads->len != 1) {
        complain(check, "%s: it is no signed head", FISC_AUDIT_HEAD);
        return;
    }
    check->head = g_ptr_array_steal_index(heads, 0);
    if (!fisc_head_is_signed(check->head, FISC_SIGNER_HEAD, key)) {
        complain(check, "%s: it is not signed by key %s (%s)", FISC_AUDIT_HEAD,
                 fisc_sign_key_id(key), fisc_sign_key_label(key));
    }
}

/* The chain ----------------------------------------------------------------------------------- */

static bool
read_leaf(const json_t *leaves, int64_t at, uint8_t out[32])
{
    const char *text = at >= 0 ? json_string_value(json_array_get(leaves, (size_t)at)) : NULL;
    for (int i = 0; text != NULL && i < 32; i++) {
        int high = g_ascii_xdigit_value(text[2 * i]);
        int low = high >= 0 ? g_ascii_xdigit_value(text[2 * i + 1]) : -1;
        if (low < 0) {
            return false;
        }
        out[i] = (uint8_t)(high << 4 | low);
    }
    return text != NULL;
}

/* All hashes of the batch make its root. */
static void
check_root(Check *check)
{
    uint8_t root[32], leaf[32];
    FiscMerkleTree tree = {0};
    size_t count = json_array_size(check->leaves);
    bool is_good = (int64_t)count == check->batch.coding_count + check->batch.item_count;
    for (size_t i = 0; is_good && i < count; i++) {
        is_good = read_leaf(check->leaves, (int64_t)i, leaf);
        fisc_merkle_tree_add(&tree, leaf);
    }
    fisc_merkle_tree_root(&tree, root);
    if (!is_good || memcmp(root, check->batch.root, 32) != 0) {
        complain(check, "%s: the hashes of batch %" G_GINT64_FORMAT " do not make its root",
                 FISC_AUDIT_LOG, check->batch.batch_no);
    }
}

static void
take_batch(Check *check, const json_t *value)
{
    const char *wrong = NULL;
    uint8_t hash[32];
    json_decref(check->leaves);
    check->leaves = json_incref(json_object_get(value, "leaves"));
    fisc_log_batch_from_json(value, &check->batch, &wrong);
    check->batches++;
    if (wrong != NULL || check->batch.batch_no != check->batches ||
        (check->batches > 1 && memcmp(check->batch.prev_hash, check->last, 32) != 0)) {
        complain(check, "%s: batch %" G_GINT64_FORMAT " does not follow the one before",
                 FISC_AUDIT_LOG, check->batches);
    }
    if (check->leaves != NULL) {
        check_root(check);
    }
    fisc_log_hash_batch(check->hash, check->book_id, &check->batch, hash);
    fisc_merkle_tree_add(&check->tree, hash);
    memcpy(check->last, hash, 32);
}

static void
check_leaf(Check *check, int64_t at, const uint8_t computed[32], const char *what, int64_t number)
{
    uint8_t leaf[32];
    if (!read_leaf(check->leaves, at, leaf) || memcmp(leaf, computed, 32) != 0) {
        complain(check,
                 "%s: %s %" G_GINT64_FORMAT " is not what was sealed in batch %" G_GINT64_FORMAT,
                 FISC_AUDIT_LOG, what, number, check->batch.batch_no);
    }
}

static int64_t
place_of(const Check *check, int64_t item_id)
{
    int64_t at = item_id - check->batch.first_item;
    return at >= 0 ? check->batch.coding_count + at : -1;
}

static void
take_event(Check *check, const json_t *value, const char **wrong)
{
    uint8_t hash[32];
    const FiscLogEvent *event = fisc_log_event_from_json(check->arena, value, wrong);
    fisc_log_hash_event(check->hash, check->book_id, event, hash);
    check_leaf(check, place_of(check, event->item.item_id), hash, "event", event->item.item_id);
    fisc_audit_names_event(check->names, event);
}

static void
take_coding(Check *check, const json_t *value, const char **wrong)
{
    uint8_t hash[32];
    const FiscLogCoding *coding = fisc_log_coding_from_json(check->arena, value, wrong);
    fisc_log_hash_coding(check->hash, check->book_id, coding, hash);
    check_leaf(check, coding->coding_id - check->batch.first_coding, hash, "coding",
               coding->coding_id);
    fisc_audit_names_coding(check->names, coding);
}

static void
take_entry(Check *check, const json_t *value, const char **wrong)
{
    uint8_t hash[32];
    FiscLogEntry entry = *fisc_log_entry_from_json(check->arena, value, wrong);
    entry.item.batch_no = check->batch.batch_no;
    fisc_log_hash_entry(check->hash, check->book_id, &entry, hash);
    check_leaf(check, place_of(check, entry.item.item_id), hash, "entry", entry.entry_id);
    if (!fisc_log_is_memo_good(check->hash, &entry)) {
        complain(check, "%s: entry %" G_GINT64_FORMAT ": its memo is not the one that was sealed",
                 FISC_AUDIT_LOG, entry.entry_id);
    }
    const char *unnamed = fisc_audit_write_entry(check->names, &entry, check->csv);
    if (unnamed != NULL) {
        complain(check, "%s: entry %" G_GINT64_FORMAT ": nothing tells %s", FISC_AUDIT_LOG,
                 entry.entry_id, unnamed);
    }
    check->entries++;
    check->lines += entry.count;
}

static void
take_line(Check *check, const char *line, int row)
{
    static const struct {
        const char *name;
        void (*take)(Check *check, const json_t *value, const char **wrong);
    } rows[] = {{"event", take_event}, {"coding", take_coding}, {"entry", take_entry}};
    const char *wrong = NULL;
    json_t *object = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
    const json_t *book = json_object_get(object, "book");
    const json_t *batch = json_object_get(object, "batch");
    bool is_known = book != NULL || batch != NULL;
    if (book != NULL) {
        check->book_id = (int)json_integer_value(book);
    } else if (batch != NULL) {
        take_batch(check, batch);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        const json_t *value = json_object_get(object, rows[i].name);
        if (value != NULL) {
            rows[i].take(check, value, &wrong);
            is_known = true;
        }
    }
    if (!is_known || wrong != NULL) {
        complain(check, "%s:%d: it cannot be read%s%s", FISC_AUDIT_LOG, row,
                 wrong != NULL ? ": " : "", wrong != NULL ? wrong : "");
    }
    fisc_arena_reset(check->arena);
    json_decref(object);
}

static void
check_chain(Check *check)
{
    uint8_t root[32];
    g_autofree char *text = read_file(check, FISC_AUDIT_LOG, NULL);
    int row = 1;
    for (char *line = text; line != NULL && *line != '\0'; row++) {
        char *end = strchr(line, '\n');
        if (end != NULL) {
            *end = '\0';
        }
        take_line(check, line, row);
        line = end != NULL ? end + 1 : NULL;
    }
    fisc_merkle_tree_root(&check->tree, root);
    if (text != NULL && check->head != NULL &&
        (check->head->size != check->batches || check->head->book_id != check->book_id ||
         memcmp(check->head->root, root, 32) != 0)) {
        complain(check, "%s: its batches are not those of the head", FISC_AUDIT_LOG);
    }
    gsize length = 0;
    g_autofree char *entries = read_file(check, FISC_AUDIT_ENTRIES, &length);
    if (entries != NULL && (length != check->csv->len || strcmp(entries, check->csv->str) != 0)) {
        complain(check, "%s: it is not what the entries of %s say", FISC_AUDIT_ENTRIES,
                 FISC_AUDIT_LOG);
    }
}

/* All of it ----------------------------------------------------------------------------------- */

static char *
say(const Check *check, const FiscSignKey *key)
{
    return g_strdup_printf("%" G_GINT64_FORMAT " entries with %" G_GINT64_FORMAT
                           " lines are in the chain of %" G_GINT64_FORMAT
                           " batches that key %s (%s) signed at %s; every file is as it was sealed",
                           check->entries, check->lines, check->batches, fisc_sign_key_id(key),
                           fisc_sign_key_label(key), check->head->time);
}

static void
check_clear(Check *check)
{
    fisc_head_free(check->head);
    fisc_hash_free(check->hash);
    fisc_audit_names_free(check->names);
    fisc_arena_free(check->arena);
    g_string_free(check->csv, TRUE);
    json_decref(check->leaves);
}

bool
fisc_flow_audit_check(const char *folder, const char *head_key, GPtrArray **out_wrong,
                      char **out_says, GError **error)
{
    g_autoptr(FiscSignKey) key = NULL;
    g_autofree char *own = g_build_filename(folder, FISC_SHEETS_KEY, NULL);
    if (!fisc_sign_key_load(head_key != NULL ? head_key : own, &key, error)) {
        return false;
    }
    Check check = {.folder = folder,
                   .wrong = g_ptr_array_new_with_free_func(g_free),
                   .hash = fisc_hash_new(),
                   .names = fisc_audit_names_new(),
                   .arena = fisc_arena_new(),
                   .csv = g_string_new(NULL)};
    fisc_audit_write_header(check.csv);
    check_files(&check, key);
    check_head(&check, key);
    check_chain(&check);
    *out_says = check.wrong->len == 0 ? say(&check, key) : NULL;
    *out_wrong = check.wrong;
    check_clear(&check);
    return true;
}

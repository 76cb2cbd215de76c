/* proof_build.c: the proof of entries, made from the books. What is to be proven is gathered first
 * and then read batch by batch, so that of all that is beside it one batch at a time is held. */
#include "ledger/head_log.h"
#include "ledger/proof.h"
#include <string.h>

#define GATHERED_MAX 16 /* batches: of more, the whole log tree is held */

/* Something that has to be in the proof. */
typedef struct {
    int64_t batch_no;
    int64_t number; /* of an entry, of a coding; of an event its item */
    FiscProvenKind kind;
} Wanted;

typedef struct {
    FiscTx *tx;
    FiscProof *proof;
    FiscHash *hash;
    GArray *wanted;    /* of Wanted: not read yet */
    GHashTable *known; /* "account/12": asked for already */
    guint proven;      /* items whose own needs are known */
    const FiscHead *head;
    FiscLogChunk *chunk; /* of the batch that is read */
    FiscMerkleForm *form;
} Build;

/* What is kept of a batch's rows ------------------------------------------------------------- */

static void *
keep(FiscArena *arena, const void *data, gsize size)
{
    return data != NULL ? memcpy(fisc_arena_alloc(arena, size + 1), data, size) : NULL;
}

static const char *
keep_text(FiscArena *arena, const char *text)
{
    return text != NULL ? keep(arena, text, strlen(text) + 1) : NULL;
}

static char **
keep_texts(FiscArena *arena, char *const *texts, int count)
{
    char **kept = keep(arena, texts, (gsize)count * sizeof *texts);
    for (int i = 0; kept != NULL && i < count; i++) {
        kept[i] = (char *)keep_text(arena, texts[i]);
    }
    return kept;
}

static const FiscLogEntry *
keep_entry(FiscArena *arena, const FiscLogEntry *entry)
{
    FiscLogEntry *kept = keep(arena, entry, sizeof *entry);
    gsize count = (gsize)entry->count;
    kept->coding = keep(arena, entry->coding, count * sizeof *entry->coding);
    kept->amount = keep(arena, entry->amount, count * sizeof *entry->amount);
    kept->document = keep_text(arena, entry->document);
    kept->transfer = keep_text(arena, entry->transfer);
    kept->reference = keep_text(arena, entry->reference);
    kept->memo = keep_text(arena, entry->memo);
    kept->open_item = keep_texts(arena, entry->open_item, entry->count);
    kept->currency = keep_text(arena, entry->currency);
    kept->foreign = keep(arena, entry->foreign, count * sizeof *entry->foreign);
    kept->hands = keep(arena, entry->hands, (gsize)entry->hand_count * sizeof *entry->hands);
    return kept;
}

static const FiscLogCoding *
keep_coding(FiscArena *arena, const FiscLogCoding *coding)
{
    FiscLogCoding *kept = keep(arena, coding, sizeof *coding);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        kept->dim[i] = keep_text(arena, coding->dim[i]);
    }
    return kept;
}

static const FiscLogEvent *
keep_event(FiscArena *arena, const FiscLogEvent *event)
{
    FiscLogEvent *kept = keep(arena, event, sizeof *event);
    kept->kind = keep_text(arena, event->kind);
    kept->subject = keep_text(arena, event->subject);
    kept->fields = keep_texts(arena, event->fields, event->field_count);
    return kept;
}

/* One batch ---------------------------------------------------------------------------------- */

static FiscLogPlace
place_of(const FiscLogBatch *batch, bool is_end)
{
    return (FiscLogPlace){batch->first_item + (is_end ? batch->item_count : 0),
                          batch->first_entry + (is_end ? batch->entry_count : 0),
                          batch->first_coding + (is_end ? batch->coding_count : 0)};
}

static FiscProvenBatch *
find_batch(const FiscProof *proof, int64_t batch_no)
{
    for (guint i = 0; i < proof->batches->len; i++) {
        FiscProvenBatch *batch = proof->batches->pdata[i];
        if (batch->batch.batch_no == batch_no) {
            return batch;
        }
    }
    return NULL;
}

/* The batch's columns; read once. */
static bool
need_batch(Build *build, int64_t batch_no, const FiscLogBatch **out_batch, GError **error)
{
    FiscProvenBatch *batch = find_batch(build->proof, batch_no);
    g_autoptr(GArray) found = g_array_new(FALSE, TRUE, sizeof(FiscLogBatch));
    if (batch == NULL) {
        if (!fisc_log_read_batches(build->tx, build->proof->book_id, batch_no, 1, found, error)) {
            return false;
        }
        if (found->len == 0 || g_array_index(found, FiscLogBatch, 0).batch_no != batch_no) {
            return fisc_fail(error, FISC_ERROR_TAMPERED, "batch %" G_GINT64_FORMAT " is missing",
                             batch_no);
        }
        batch = fisc_proof_add_batch(build->proof);
        batch->batch = g_array_index(found, FiscLogBatch, 0);
    }
    *out_batch = &batch->batch;
    return true;
}

/* The leaves of a batch, from its rows; false when rows are missing. */
static bool
gather_leaves(const FiscLogBatch *batch, const FiscLogChunk *chunk, FiscMerkleHash *leaves,
              bool *is_there, uint64_t count)
{
    GPtrArray *const lists[] = {chunk->entries, chunk->events, chunk->refusals};
    for (guint i = 0; i < chunk->codings->len; i++) {
        const FiscLogCoding *coding = chunk->codings->pdata[i];
        memcpy(leaves[coding->coding_id - batch->first_coding], coding->computed, 32);
        is_there[coding->coding_id - batch->first_coding] = true;
    }
    for (gsize k = 0; k < G_N_ELEMENTS(lists); k++) {
        for (guint i = 0; i < lists[k]->len; i++) {
            const FiscLogItem *item = lists[k]->pdata[i];
            int64_t at = batch->coding_count + item->item_id - batch->first_item;
            if (at < batch->coding_count || at >= (int64_t)count) {
                return false;
            }
            memcpy(leaves[at], item->computed, 32);
            is_there[at] = true;
        }
    }
    for (uint64_t i = 0; i < count; i++) {
        if (!is_there[i]) {
            return false;
        }
    }
    return true;
}

static void
close_batch(Build *build)
{
    g_clear_pointer(&build->chunk, fisc_log_chunk_free);
    g_clear_pointer(&build->form, fisc_merkle_form_free);
}

/* Its rows and the tree over them. */
static bool
open_batch(Build *build, const FiscLogBatch *batch, GError **error)
{
    FiscLogPlace from = place_of(batch, false), until = place_of(batch, true);
    uint64_t count = (uint64_t)(batch->coding_count + batch->item_count);
    close_batch(build);
    build->chunk = fisc_log_chunk_new();
    if (!fisc_log_read_chunk(build->tx, build->proof->book_id, &from, &until, build->hash,
                             build->chunk, error)) {
        return false;
    }
    g_autofree FiscMerkleHash *leaves = g_new0(FiscMerkleHash, count + 1);
    g_autofree bool *is_there = g_new0(bool, count + 1);
    if (!gather_leaves(batch, build->chunk, leaves, is_there, count)) {
        return fisc_fail(error, FISC_ERROR_TAMPERED,
                         "batch %" G_GINT64_FORMAT " is not whole: fisc verify tells more",
                         batch->batch_no);
    }
    build->form = fisc_merkle_form_new((const uint8_t(*)[32])leaves, count);
    return true;
}

static int64_t
number_of(const Wanted *wanted, const void *row)
{
    switch (wanted->kind) {
    case FISC_PROVEN_ENTRY:
        return ((const FiscLogEntry *)row)->entry_id;
    case FISC_PROVEN_CODING:
        return ((const FiscLogCoding *)row)->coding_id;
    default:
        return ((const FiscLogEvent *)row)->item.item_id;
    }
}

static bool
take_row(Build *build, const Wanted *wanted, FiscProvenItem *item)
{
    const GPtrArray *rows = wanted->kind == FISC_PROVEN_ENTRY    ? build->chunk->entries
                            : wanted->kind == FISC_PROVEN_CODING ? build->chunk->codings
                                                                 : build->chunk->events;
    const void *row = NULL;
    for (guint i = 0; i < rows->len && row == NULL; i++) {
        row = number_of(wanted, rows->pdata[i]) == wanted->number ? rows->pdata[i] : NULL;
    }
    if (row == NULL) {
        return false;
    }
    FiscArena *arena = build->proof->arena;
    item->entry = wanted->kind == FISC_PROVEN_ENTRY ? keep_entry(arena, row) : NULL;
    item->coding = wanted->kind == FISC_PROVEN_CODING ? keep_coding(arena, row) : NULL;
    item->event = wanted->kind == FISC_PROVEN_EVENT ? keep_event(arena, row) : NULL;
    return true;
}

static bool
prove(Build *build, const Wanted *wanted, const FiscLogBatch *batch, GError **error)
{
    static const char *const words[] = {"entry", "coding", "event"};
    FiscProvenItem *item = fisc_proof_add_item(build->proof, wanted->kind, wanted->batch_no);
    uint64_t count = (uint64_t)(batch->coding_count + batch->item_count);
    uint64_t leaf = take_row(build, wanted, item) ? fisc_proven_item_leaf(item, batch) : count;
    if (leaf >= count) {
        g_ptr_array_remove(build->proof->items, item);
        return fisc_fail(error, FISC_ERROR_TAMPERED,
                         "%s %" G_GINT64_FORMAT " is on record and not in its batch",
                         words[wanted->kind], wanted->number);
    }
    item->path = fisc_merkle_form_path(build->form, (gsize)leaf);
    return true;
}

static int
by_place(gconstpointer left, gconstpointer right)
{
    const Wanted *a = left, *b = right;
    return a->batch_no != b->batch_no ? (a->batch_no < b->batch_no ? -1 : 1)
           : a->number != b->number   ? (a->number < b->number ? -1 : 1)
                                      : 0;
}

/* Everything that is wanted so far. */
static bool
prove_wanted(Build *build, GError **error)
{
    const FiscLogBatch *batch = NULL;
    bool is_done = true;
    g_array_sort(build->wanted, by_place);
    for (guint i = 0; is_done && i < build->wanted->len; i++) {
        const Wanted *wanted = &g_array_index(build->wanted, Wanted, i);
        if (batch == NULL || batch->batch_no != wanted->batch_no) {
            is_done = need_batch(build, wanted->batch_no, &batch, error) &&
                      open_batch(build, batch, error);
        }
        is_done = is_done && prove(build, wanted, batch, error);
    }
    close_batch(build);
    g_array_set_size(build->wanted, 0);
    return is_done;
}

/* What is wanted ------------------------------------------------------------------------------ */

static void
want(Build *build, FiscProvenKind kind, int64_t batch_no, int64_t number)
{
    const Wanted wanted = {.batch_no = batch_no, .number = number, .kind = kind};
    g_array_append_val(build->wanted, wanted);
}

/* True for the first who asks for it. */
static bool
is_news(Build *build, const char *kind, int64_t number)
{
    return g_hash_table_add(build->known, g_strdup_printf("%s/%" G_GINT64_FORMAT, kind, number));
}

/* One row: the batch and number of something's place. */
static bool
want_place(Build *build, const FiscRows *rows, FiscProvenKind kind, const char *what, int number,
           GError **error)
{
    if (fisc_rows_count(rows) != 1) {
        return fisc_fail(error, FISC_ERROR_TAMPERED, "%s %d is in no batch of book %d", what,
                         number, build->proof->book_id);
    }
    want(build, kind, fisc_rows_int8(rows, 0, 0), fisc_rows_int8(rows, 0, 1));
    return true;
}

static bool
want_coding(Build *build, int coding_id, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    return !is_news(build, "coding", coding_id) ||
           (fisc_tx_query(build->tx, FISC_SQL_LEDGER_PROOF_CODING,
                          FISC_ARGS(fisc_int4(build->proof->book_id), fisc_int4(coding_id)), &rows,
                          error) &&
            want_place(build, rows, FISC_PROVEN_CODING, "coding", coding_id, error));
}

/* What a number meant when the entry was posted that names it first. */
static bool
want_event(Build *build, const char *kind, int number, int64_t until_item, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    return !is_news(build, kind, number) ||
           (fisc_tx_query(build->tx, FISC_SQL_LEDGER_PROOF_EVENT,
                          FISC_ARGS(fisc_int4(build->proof->book_id), fisc_text(kind),
                                    fisc_int4(number), fisc_int8(until_item)),
                          &rows, error) &&
            want_place(build, rows, FISC_PROVEN_EVENT, kind, number, error));
}

/* Some entries by their numbers; all of them have to be covered by the head. */
static bool
want_entries(Build *build, const int64_t *entries, int count, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_query(build->tx, FISC_SQL_LEDGER_PROOF_ENTRIES,
                       FISC_ARGS(fisc_int4(build->proof->book_id), fisc_int8_array(entries, count)),
                       &rows, error)) {
        return false;
    }
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        int64_t entry_id = fisc_rows_int8(rows, i, 0), batch_no = fisc_rows_int8(rows, i, 1);
        if (batch_no > build->head->size) {
            return fisc_fail(error, FISC_ERROR_NOT_FOUND,
                             "entry %" G_GINT64_FORMAT " is in batch %" G_GINT64_FORMAT
                             ", the head covers %" G_GINT64_FORMAT,
                             entry_id, batch_no, build->head->size);
        }
        if (is_news(build, "entry", entry_id)) {
            want(build, FISC_PROVEN_ENTRY, batch_no, entry_id);
        }
    }
    return fisc_rows_count(rows) == count ||
           fisc_fail(error, FISC_ERROR_NOT_FOUND, "%d of %d entries are not in book %d",
                     count - fisc_rows_count(rows), count, build->proof->book_id);
}

/* What the items proven so far correct, entry by entry, until there is nothing new. */
static bool
prove_corrected(Build *build, GError **error)
{
    while (build->proven < build->proof->items->len) {
        const FiscProvenItem *item = build->proof->items->pdata[build->proven++];
        if (item->entry->corrects != 0 && !want_entries(build, &item->entry->corrects, 1, error)) {
            return false;
        }
        if (build->proven == build->proof->items->len && !prove_wanted(build, error)) {
            return false;
        }
    }
    return true;
}

/* Codings of the entries, then whatever the numbers in both mean. */
static bool
prove_meaning(Build *build, GError **error)
{
    const GPtrArray *items = build->proof->items;
    guint entries = items->len;
    bool is_done = true;
    for (guint i = 0; is_done && i < entries; i++) {
        const FiscLogEntry *entry = ((const FiscProvenItem *)items->pdata[i])->entry;
        for (int k = 0; is_done && k < entry->count; k++) {
            is_done = want_coding(build, entry->coding[k], error);
        }
    }
    is_done = is_done && prove_wanted(build, error);
    int64_t until = ((const FiscProvenItem *)items->pdata[0])->entry->item.item_id;
    for (guint i = 0; is_done && i < items->len; i++) {
        const FiscProvenItem *item = items->pdata[i];
        const FiscLogEntry *entry = item->entry;
        until = entry != NULL ? MAX(until, entry->item.item_id) : until;
        is_done = entry != NULL
                      ? want_event(build, "entity", entry->entity_id, until, error) &&
                            want_event(build, "source", entry->source_id, until, error) &&
                            want_event(build, "person", entry->maker, until, error)
                      : want_event(build, "account", item->coding->account_id, until, error);
    }
    return is_done && prove_wanted(build, error);
}

/* The log ------------------------------------------------------------------------------------ */

/* Few batches: one pass over the log, and of it nothing is held. */
static bool
gather_log_paths(Build *build, uint8_t out_root[32], GError **error)
{
    GPtrArray *batches = build->proof->batches;
    g_autoptr(GPtrArray) gathers =
        g_ptr_array_new_with_free_func((GDestroyNotify)fisc_merkle_gather_free);
    for (guint i = 0; i < batches->len; i++) {
        const FiscProvenBatch *batch = batches->pdata[i];
        g_ptr_array_add(gathers,
                        fisc_merkle_gather_new(fisc_merkle_plan_inclusion(
                            (uint64_t)batch->batch.batch_no - 1, (uint64_t)build->head->size)));
    }
    if (!fisc_log_tree_read(build->tx, build->proof->book_id, build->head->size, gathers, out_root,
                            error)) {
        return false;
    }
    for (guint i = batches->len; i > 0; i--) {
        FiscProvenBatch *batch = batches->pdata[i - 1];
        batch->path = fisc_merkle_gather_finish(g_ptr_array_steal_index(gathers, i - 1));
    }
    return true;
}

static bool
form_log_paths(Build *build, uint8_t out_root[32], GError **error)
{
    FiscMerkleForm *form = NULL;
    if (!fisc_log_form_read(build->tx, build->proof->book_id, build->head->size, &form, error)) {
        return false;
    }
    memcpy(out_root, fisc_merkle_form_root(form), 32);
    for (guint i = 0; i < build->proof->batches->len; i++) {
        FiscProvenBatch *batch = build->proof->batches->pdata[i];
        batch->path = fisc_merkle_form_path(form, (gsize)batch->batch.batch_no - 1);
    }
    fisc_merkle_form_free(form);
    return true;
}

static bool
make_log_paths(Build *build, GError **error)
{
    uint8_t root[32];
    bool is_done = build->proof->batches->len <= GATHERED_MAX ? gather_log_paths(build, root, error)
                                                              : form_log_paths(build, root, error);
    return is_done && (memcmp(root, build->head->root, 32) == 0 ||
                       fisc_fail(error, FISC_ERROR_TAMPERED,
                                 "the first %" G_GINT64_FORMAT " batches are not those of the head",
                                 build->head->size));
}

/* Building ----------------------------------------------------------------------------------- */

static void
build_clear(Build *build)
{
    close_batch(build);
    fisc_proof_free(build->proof);
    g_array_unref(build->wanted);
    g_hash_table_unref(build->known);
    fisc_hash_free(build->hash);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Build, build_clear)

static Build
build_new(FiscTx *tx, int book_id, const FiscHead *head)
{
    return (Build){.tx = tx,
                   .proof = fisc_proof_new(book_id),
                   .hash = fisc_hash_new(),
                   .wanted = g_array_new(FALSE, FALSE, sizeof(Wanted)),
                   .known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                   .head = head};
}

/* The head is the proof's from here on, unless it is wrong. */
static bool
finish(Build *build, FiscHead *head, FiscProof **out_proof, GError **error)
{
    build->proof->head = head;
    g_autofree char *wrong = fisc_proof_check(build->proof);
    if (wrong != NULL) {
        build->proof->head = NULL;
        return fisc_fail(error, FISC_ERROR_TAMPERED, "the books do not prove it: %s", wrong);
    }
    *out_proof = g_steal_pointer(&build->proof);
    return true;
}

static bool
find_reference(Build *build, const char *source, const char *reference, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_query(
            build->tx, FISC_SQL_LEDGER_PROOF_REFERENCE,
            FISC_ARGS(fisc_int4(build->proof->book_id), fisc_text(source), fisc_text(reference)),
            &rows, error)) {
        return false;
    }
    if (fisc_rows_count(rows) != 1) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "source \"%s\" has no entry \"%s\"", source,
                         reference);
    }
    int64_t batch_no = fisc_rows_int8(rows, 0, 1);
    if (batch_no > build->head->size) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND,
                         "\"%s\" is in batch %" G_GINT64_FORMAT
                         ", the head covers %" G_GINT64_FORMAT,
                         reference, batch_no, build->head->size);
    }
    want(build, FISC_PROVEN_ENTRY, batch_no, fisc_rows_int8(rows, 0, 0));
    return true;
}

bool
fisc_proof_build(FiscTx *tx, int book_id, const char *source, const char *reference, FiscHead *head,
                 FiscProof **out_proof, GError **error)
{
    g_auto(Build) build = build_new(tx, book_id, head);
    return find_reference(&build, source, reference, error) && prove_wanted(&build, error) &&
           prove_meaning(&build, error) && make_log_paths(&build, error) &&
           finish(&build, head, out_proof, error);
}

bool
fisc_proof_build_entries(FiscTx *tx, int book_id, const int64_t *entries, int count, FiscHead *head,
                         FiscProof **out_proof, GError **error)
{
    g_auto(Build) build = build_new(tx, book_id, head);
    return want_entries(&build, entries, count, error) && prove_wanted(&build, error) &&
           prove_corrected(&build, error) && prove_meaning(&build, error) &&
           make_log_paths(&build, error) && finish(&build, head, out_proof, error);
}

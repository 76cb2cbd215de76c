/* proof.c: see proof.h: building needs the books, checking does not. */
#include "ledger/proof.h"
#include "ledger/head_log.h"
#include <string.h>

static void
free_item(gpointer data)
{
    FiscProvenItem *item = data;
    g_clear_pointer(&item->path, g_array_unref);
    g_free(item);
}

static void
free_batch(gpointer data)
{
    FiscProvenBatch *batch = data;
    g_clear_pointer(&batch->path, g_array_unref);
    g_free(batch);
}

FiscProof *
fisc_proof_new(int book_id)
{
    FiscProof *proof = g_new0(FiscProof, 1);
    proof->book_id = book_id;
    proof->arena = fisc_arena_new();
    proof->items = g_ptr_array_new_with_free_func(free_item);
    proof->batches = g_ptr_array_new_with_free_func(free_batch);
    return proof;
}

void
fisc_proof_free(FiscProof *proof)
{
    if (proof != NULL) {
        g_ptr_array_unref(proof->items);
        g_ptr_array_unref(proof->batches);
        fisc_arena_free(proof->arena);
        fisc_head_free(proof->head);
        g_free(proof);
    }
}

FiscProvenItem *
fisc_proof_add_item(FiscProof *proof, FiscProvenKind kind, int64_t batch_no)
{
    FiscProvenItem *item = g_new0(FiscProvenItem, 1);
    item->kind = kind;
    item->batch_no = batch_no;
    g_ptr_array_add(proof->items, item);
    return item;
}

FiscProvenBatch *
fisc_proof_add_batch(FiscProof *proof)
{
    FiscProvenBatch *batch = g_new0(FiscProvenBatch, 1);
    g_ptr_array_add(proof->batches, batch);
    return batch;
}

/* Checking --------------------------------------------------------------------------------- */

static const FiscProvenBatch *
find_batch(const FiscProof *proof, int64_t batch_no)
{
    for (guint i = 0; i < proof->batches->len; i++) {
        const FiscProvenBatch *batch = proof->batches->pdata[i];
        if (batch->batch.batch_no == batch_no) {
            return batch;
        }
    }
    return NULL;
}

/* Where an item stands among the leaves of its batch; past the end when it is not of the batch. */
static uint64_t
leaf_of(const FiscProvenItem *item, const FiscLogBatch *batch)
{
    if (item->kind == FISC_PROVEN_CODING) {
        int64_t at = item->coding->coding_id - batch->first_coding;
        return at >= 0 && at < batch->coding_count ? (uint64_t)at : G_MAXUINT64;
    }
    int64_t item_id =
        item->kind == FISC_PROVEN_ENTRY ? item->entry->item.item_id : item->event->item.item_id;
    int64_t at = item_id - batch->first_item;
    return at >= 0 && at < batch->item_count ? (uint64_t)(batch->coding_count + at) : G_MAXUINT64;
}

static void
hash_item(FiscHash *hash, int book_id, const FiscProvenItem *item, uint8_t out[32])
{
    switch (item->kind) {
    case FISC_PROVEN_ENTRY:
        fisc_log_hash_entry(hash, book_id, item->entry, out);
        return;
    case FISC_PROVEN_CODING:
        fisc_log_hash_coding(hash, book_id, item->coding, out);
        return;
    case FISC_PROVEN_EVENT:
        fisc_log_hash_event(hash, book_id, item->event, out);
        return;
    }
}

static const char *
check_item(FiscHash *hash, const FiscProof *proof, const FiscProvenItem *item)
{
    uint8_t leaf[32];
    const FiscProvenBatch *batch = find_batch(proof, item->batch_no);
    if (batch == NULL) {
        return "names a batch that is not in the proof";
    }
    hash_item(hash, proof->book_id, item, leaf);
    uint64_t leaves = (uint64_t)(batch->batch.coding_count + batch->batch.item_count);
    return fisc_merkle_check_inclusion(leaf, leaf_of(item, &batch->batch), leaves, item->path,
                                       batch->batch.root)
               ? NULL
               : "does not lead to the root of its batch";
}

static const char *
check_batch(FiscHash *hash, const FiscProof *proof, const FiscProvenBatch *proven)
{
    const FiscLogBatch *batch = &proven->batch;
    uint8_t leaf[32];
    if (batch->batch_no < 1 || batch->batch_no > proof->head->size || batch->item_count < 0 ||
        batch->coding_count < 0) {
        return "is not one that the head covers";
    }
    fisc_log_hash_batch(hash, proof->book_id, batch, leaf);
    return fisc_merkle_check_inclusion(leaf, (uint64_t)batch->batch_no - 1,
                                       (uint64_t)proof->head->size, proven->path, proof->head->root)
               ? NULL
               : "does not lead to the root of the head";
}

static const FiscLogCoding *
find_coding(const FiscProof *proof, int64_t coding_id)
{
    for (guint i = 0; i < proof->items->len; i++) {
        const FiscProvenItem *item = proof->items->pdata[i];
        if (item->kind == FISC_PROVEN_CODING && item->coding->coding_id == coding_id) {
            return item->coding;
        }
    }
    return NULL;
}

static bool
has_event(const FiscProof *proof, const char *kind, int number)
{
    for (guint i = 0; i < proof->items->len; i++) {
        const FiscProvenItem *item = proof->items->pdata[i];
        if (item->kind == FISC_PROVEN_EVENT && item->event->number == number &&
            strcmp(item->event->kind, kind) == 0) {
            return true;
        }
    }
    return false;
}

/* Every number of the entry is told by something proven. */
static const char *
check_meaning(const FiscProof *proof, const FiscLogEntry *entry)
{
    for (int i = 0; i < entry->count; i++) {
        const FiscLogCoding *coding = find_coding(proof, entry->coding[i]);
        if (coding == NULL || coding->entity_id != entry->entity_id ||
            !has_event(proof, "account", coding->account_id)) {
            return "has a line whose coding or account is not in the proof";
        }
    }
    return has_event(proof, "entity", entry->entity_id) &&
                   has_event(proof, "source", entry->source_id) &&
                   has_event(proof, "person", entry->maker)
               ? NULL
               : "has an entity, source or maker that is not in the proof";
}

static const char *
check_memo(FiscHash *hash, const FiscLogEntry *entry)
{
    return fisc_log_is_memo_good(hash, entry) ? NULL : "has a memo that is not the sealed one";
}

char *
fisc_proof_check(const FiscProof *proof)
{
    g_autoptr(FiscHash) hash = fisc_hash_new();
    if (proof->head->book_id != proof->book_id) {
        return g_strdup("the head is of another book");
    }
    for (guint i = 0; i < proof->batches->len; i++) {
        const FiscProvenBatch *batch = proof->batches->pdata[i];
        const char *wrong = check_batch(hash, proof, batch);
        if (wrong != NULL) {
            return g_strdup_printf("batch %" G_GINT64_FORMAT " %s", batch->batch.batch_no, wrong);
        }
    }
    for (guint i = 0; i < proof->items->len; i++) {
        const char *wrong = check_item(hash, proof, proof->items->pdata[i]);
        if (wrong != NULL) {
            return g_strdup_printf("item %u of the proof %s", i + 1, wrong);
        }
    }
    const FiscProvenItem *first = proof->items->len > 0 ? proof->items->pdata[0] : NULL;
    if (first == NULL || first->kind != FISC_PROVEN_ENTRY) {
        return g_strdup("the proof has no entry");
    }
    const char *wrong = check_meaning(proof, first->entry);
    wrong = wrong != NULL ? wrong : check_memo(hash, first->entry);
    return wrong != NULL ? g_strdup_printf("the entry %s", wrong) : NULL;
}

/* Building --------------------------------------------------------------------------------- */

typedef struct {
    FiscTx *tx;
    FiscProof *proof;
    FiscHash *hash;
    GHashTable *chunks; /* batch number -> FiscLogChunk: the batches that are in it */
} Build;

static void
free_chunk(gpointer chunk)
{
    fisc_log_chunk_free(chunk);
}

static FiscLogPlace
place_of(const FiscLogBatch *batch, bool is_end)
{
    return (FiscLogPlace){batch->first_item + (is_end ? batch->item_count : 0),
                          batch->first_entry + (is_end ? batch->entry_count : 0),
                          batch->first_coding + (is_end ? batch->coding_count : 0)};
}

/* The batch with all its rows; read once. */
static bool
need_batch(Build *build, int64_t batch_no, const FiscProvenBatch **out_batch,
           FiscLogChunk **out_chunk, GError **error)
{
    *out_batch = find_batch(build->proof, batch_no);
    if (*out_batch != NULL) {
        *out_chunk = g_hash_table_lookup(build->chunks, &(*out_batch)->batch.batch_no);
        return true;
    }
    g_autoptr(GArray) found = g_array_new(FALSE, TRUE, sizeof(FiscLogBatch));
    g_autoptr(FiscLogChunk) chunk = fisc_log_chunk_new();
    if (!fisc_log_read_batches(build->tx, build->proof->book_id, batch_no, 1, found, error)) {
        return false;
    }
    if (found->len == 0 || g_array_index(found, FiscLogBatch, 0).batch_no != batch_no) {
        return fisc_fail(error, FISC_ERROR_TAMPERED, "batch %" G_GINT64_FORMAT " is missing",
                         batch_no);
    }
    FiscProvenBatch *batch = fisc_proof_add_batch(build->proof);
    batch->batch = g_array_index(found, FiscLogBatch, 0);
    FiscLogPlace from = place_of(&batch->batch, false);
    FiscLogPlace until = place_of(&batch->batch, true);
    if (!fisc_log_read_chunk(build->tx, build->proof->book_id, &from, &until, build->hash, chunk,
                             error)) {
        return false;
    }
    *out_batch = batch;
    *out_chunk = chunk;
    g_hash_table_insert(build->chunks, &batch->batch.batch_no, g_steal_pointer(&chunk));
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

static bool
make_path(const FiscLogBatch *batch, const FiscLogChunk *chunk, FiscProvenItem *item,
          GError **error)
{
    uint64_t count = (uint64_t)(batch->coding_count + batch->item_count);
    uint64_t leaf = leaf_of(item, batch);
    g_autofree FiscMerkleHash *leaves = g_new0(FiscMerkleHash, count + 1);
    g_autofree bool *is_there = g_new0(bool, count + 1);
    if (leaf >= count || !gather_leaves(batch, chunk, leaves, is_there, count)) {
        return fisc_fail(error, FISC_ERROR_TAMPERED,
                         "batch %" G_GINT64_FORMAT " is not whole: fisc verify tells more",
                         batch->batch_no);
    }
    g_autoptr(FiscMerkleGather) gather =
        fisc_merkle_gather_new(fisc_merkle_plan_inclusion(leaf, count));
    for (uint64_t i = 0; i < count; i++) {
        fisc_merkle_gather_add(gather, leaves[i]);
    }
    item->path = fisc_merkle_gather_finish(g_steal_pointer(&gather));
    return true;
}

static const FiscLogEntry *
find_entry(const FiscLogChunk *chunk, int64_t entry_id)
{
    for (guint i = 0; i < chunk->entries->len; i++) {
        const FiscLogEntry *entry = chunk->entries->pdata[i];
        if (entry->entry_id == entry_id) {
            return entry;
        }
    }
    return NULL;
}

static bool
prove_entry(Build *build, int64_t entry_id, int64_t batch_no, const FiscLogEntry **out_entry,
            GError **error)
{
    const FiscProvenBatch *batch = NULL;
    FiscLogChunk *chunk = NULL;
    if (!need_batch(build, batch_no, &batch, &chunk, error)) {
        return false;
    }
    FiscProvenItem *item = fisc_proof_add_item(build->proof, FISC_PROVEN_ENTRY, batch_no);
    item->entry = find_entry(chunk, entry_id);
    if (item->entry == NULL) {
        return fisc_fail(error, FISC_ERROR_TAMPERED,
                         "entry %" G_GINT64_FORMAT " is on record and not in its batch", entry_id);
    }
    *out_entry = item->entry;
    return make_path(&batch->batch, chunk, item, error);
}

/* One row: batch and number of a coding's or event's place. */
static bool
ask_place(Build *build, FiscRows *rows, const char *what, int number, int64_t *out_batch,
          int64_t *out_number, GError **error)
{
    if (fisc_rows_count(rows) != 1) {
        return fisc_fail(error, FISC_ERROR_TAMPERED, "%s %d is in no batch of book %d", what,
                         number, build->proof->book_id);
    }
    *out_batch = fisc_rows_int8(rows, 0, 0);
    *out_number = fisc_rows_int8(rows, 0, 1);
    return true;
}

static bool
prove_coding(Build *build, int coding_id, const FiscLogCoding **out_coding, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    int64_t batch_no = 0;
    int64_t number = 0;
    const FiscProvenBatch *batch = NULL;
    FiscLogChunk *chunk = NULL;
    if (!fisc_tx_query(build->tx, FISC_SQL_LEDGER_PROOF_CODING,
                       FISC_ARGS(fisc_int4(build->proof->book_id), fisc_int4(coding_id)), &rows,
                       error) ||
        !ask_place(build, rows, "coding", coding_id, &batch_no, &number, error) ||
        !need_batch(build, batch_no, &batch, &chunk, error)) {
        return false;
    }
    FiscProvenItem *item = fisc_proof_add_item(build->proof, FISC_PROVEN_CODING, batch_no);
    for (guint i = 0; i < chunk->codings->len; i++) {
        const FiscLogCoding *coding = chunk->codings->pdata[i];
        item->coding = coding->coding_id == coding_id ? coding : item->coding;
    }
    if (item->coding == NULL) {
        return fisc_fail(error, FISC_ERROR_TAMPERED, "coding %d is missing", coding_id);
    }
    *out_coding = item->coding;
    return make_path(&batch->batch, chunk, item, error);
}

/* What a number meant when the entry was posted. */
static bool
prove_event(Build *build, const char *kind, int number, int64_t until_item, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    int64_t batch_no = 0;
    int64_t item_id = 0;
    const FiscProvenBatch *batch = NULL;
    FiscLogChunk *chunk = NULL;
    if (has_event(build->proof, kind, number)) {
        return true;
    }
    if (!fisc_tx_query(build->tx, FISC_SQL_LEDGER_PROOF_EVENT,
                       FISC_ARGS(fisc_int4(build->proof->book_id), fisc_text(kind),
                                 fisc_int4(number), fisc_int8(until_item)),
                       &rows, error) ||
        !ask_place(build, rows, kind, number, &batch_no, &item_id, error) ||
        !need_batch(build, batch_no, &batch, &chunk, error)) {
        return false;
    }
    FiscProvenItem *item = fisc_proof_add_item(build->proof, FISC_PROVEN_EVENT, batch_no);
    for (guint i = 0; i < chunk->events->len; i++) {
        const FiscLogEvent *event = chunk->events->pdata[i];
        item->event = event->item.item_id == item_id ? event : item->event;
    }
    if (item->event == NULL) {
        g_ptr_array_remove(build->proof->items, item);
        return fisc_fail(error, FISC_ERROR_TAMPERED, "%s %d is not in its batch", kind, number);
    }
    return make_path(&batch->batch, chunk, item, error);
}

static bool
prove_meaning(Build *build, const FiscLogEntry *entry, GError **error)
{
    int64_t until = entry->item.item_id;
    for (int i = 0; i < entry->count; i++) {
        const FiscLogCoding *coding = find_coding(build->proof, entry->coding[i]);
        if ((coding == NULL && !prove_coding(build, entry->coding[i], &coding, error)) ||
            !prove_event(build, "account", coding->account_id, until, error)) {
            return false;
        }
    }
    return prove_event(build, "entity", entry->entity_id, until, error) &&
           prove_event(build, "source", entry->source_id, until, error) &&
           prove_event(build, "person", entry->maker, until, error);
}

/* All batches in one pass over the log. */
static bool
make_log_paths(Build *build, const FiscHead *head, GError **error)
{
    GPtrArray *batches = build->proof->batches;
    g_autoptr(GPtrArray) gathers =
        g_ptr_array_new_with_free_func((GDestroyNotify)fisc_merkle_gather_free);
    uint8_t root[32];
    for (guint i = 0; i < batches->len; i++) {
        const FiscProvenBatch *batch = batches->pdata[i];
        g_ptr_array_add(gathers, fisc_merkle_gather_new(fisc_merkle_plan_inclusion(
                                     (uint64_t)batch->batch.batch_no - 1, (uint64_t)head->size)));
    }
    if (!fisc_log_tree_read(build->tx, build->proof->book_id, head->size, gathers, root, error)) {
        return false;
    }
    if (memcmp(root, head->root, 32) != 0) {
        return fisc_fail(error, FISC_ERROR_TAMPERED,
                         "the first %" G_GINT64_FORMAT " batches are not those of the head",
                         head->size);
    }
    for (guint i = batches->len; i > 0; i--) {
        FiscProvenBatch *batch = batches->pdata[i - 1];
        batch->path = fisc_merkle_gather_finish(g_ptr_array_steal_index(gathers, i - 1));
    }
    return true;
}

static bool
find_reference(Build *build, const char *source, const char *reference, const FiscHead *head,
               int64_t *out_entry, int64_t *out_batch, GError **error)
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
    *out_entry = fisc_rows_int8(rows, 0, 0);
    *out_batch = fisc_rows_int8(rows, 0, 1);
    if (*out_batch > head->size) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND,
                         "\"%s\" is in batch %" G_GINT64_FORMAT
                         ", the head covers %" G_GINT64_FORMAT,
                         reference, *out_batch, head->size);
    }
    return true;
}

/* The rows move to the proof: their chunks go. */
static void
keep_chunks(Build *build)
{
    GHashTableIter iter;
    gpointer chunk;
    g_hash_table_iter_init(&iter, build->chunks);
    while (g_hash_table_iter_next(&iter, NULL, &chunk)) {
        fisc_arena_adopt(build->proof->arena, ((FiscLogChunk *)chunk)->arena);
    }
}

static bool
run(Build *build, const char *source, const char *reference, const FiscHead *head, GError **error)
{
    int64_t entry_id = 0;
    int64_t batch_no = 0;
    const FiscLogEntry *entry = NULL;
    return find_reference(build, source, reference, head, &entry_id, &batch_no, error) &&
           prove_entry(build, entry_id, batch_no, &entry, error) &&
           prove_meaning(build, entry, error) && make_log_paths(build, head, error);
}

bool
fisc_proof_build(FiscTx *tx, int book_id, const char *source, const char *reference, FiscHead *head,
                 FiscProof **out_proof, GError **error)
{
    g_autoptr(FiscProof) proof = fisc_proof_new(book_id);
    Build build = {.tx = tx,
                   .proof = proof,
                   .hash = fisc_hash_new(),
                   .chunks = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, free_chunk)};
    bool is_done = run(&build, source, reference, head, error);
    keep_chunks(&build);
    g_hash_table_unref(build.chunks);
    fisc_hash_free(build.hash);
    if (!is_done) {
        return false;
    }
    proof->head = head;
    char *wrong = fisc_proof_check(proof);
    if (wrong != NULL) {
        proof->head = NULL;
        fisc_fail(error, FISC_ERROR_TAMPERED, "the books do not prove it: %s", wrong);
        g_free(wrong);
        return false;
    }
    *out_proof = g_steal_pointer(&proof);
    return true;
}

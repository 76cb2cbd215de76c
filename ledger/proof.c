/* proof.c: see proof.h: what a proof is, and whether it holds. Pure: proof_build.c makes one from
 * the books. */
#include "ledger/proof.h"
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

uint64_t
fisc_proven_item_leaf(const FiscProvenItem *item, const FiscLogBatch *batch)
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
    return fisc_merkle_check_inclusion(leaf, fisc_proven_item_leaf(item, &batch->batch), leaves,
                                       item->path, batch->batch.root)
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

const FiscLogCoding *
fisc_proof_coding(const FiscProof *proof, int64_t coding_id)
{
    for (guint i = 0; i < proof->items->len; i++) {
        const FiscProvenItem *item = proof->items->pdata[i];
        if (item->kind == FISC_PROVEN_CODING && item->coding->coding_id == coding_id) {
            return item->coding;
        }
    }
    return NULL;
}

const FiscLogEvent *
fisc_proof_event(const FiscProof *proof, const char *kind, int number)
{
    for (guint i = 0; i < proof->items->len; i++) {
        const FiscProvenItem *item = proof->items->pdata[i];
        if (item->kind == FISC_PROVEN_EVENT && item->event->number == number &&
            strcmp(item->event->kind, kind) == 0) {
            return item->event;
        }
    }
    return NULL;
}

/* Every number of the entry is told by something proven. */
static const char *
check_meaning(const FiscProof *proof, const FiscLogEntry *entry)
{
    for (int i = 0; i < entry->count; i++) {
        const FiscLogCoding *coding = fisc_proof_coding(proof, entry->coding[i]);
        if (coding == NULL || coding->entity_id != entry->entity_id ||
            fisc_proof_event(proof, "account", coding->account_id) == NULL) {
            return "has a line whose coding or account is not in the proof";
        }
    }
    return fisc_proof_event(proof, "entity", entry->entity_id) != NULL &&
                   fisc_proof_event(proof, "source", entry->source_id) != NULL &&
                   fisc_proof_event(proof, "person", entry->maker) != NULL
               ? NULL
               : "has an entity, source or maker that is not in the proof";
}

static const char *
check_memo(FiscHash *hash, const FiscLogEntry *entry)
{
    return fisc_log_is_memo_good(hash, entry) ? NULL : "has a memo that is not the sealed one";
}

static char *
check_entries(FiscHash *hash, const FiscProof *proof)
{
    for (guint i = 0; i < proof->items->len; i++) {
        const FiscProvenItem *item = proof->items->pdata[i];
        const char *wrong =
            item->kind == FISC_PROVEN_ENTRY ? check_meaning(proof, item->entry) : NULL;
        if (wrong == NULL && item->kind == FISC_PROVEN_ENTRY) {
            wrong = check_memo(hash, item->entry);
        }
        if (wrong != NULL) {
            return i == 0 ? g_strdup_printf("the entry %s", wrong)
                          : g_strdup_printf("the entry %s %s", item->entry->reference, wrong);
        }
    }
    return NULL;
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
    return check_entries(hash, proof);
}

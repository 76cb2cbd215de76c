/* proof_keep.c: which transfer proven entries are of, and a proof cut down to those of one: what
 * else another book has shown us is nobody's business. Pure. */
#include "ledger/proof.h"
#include <string.h>

#define CORRECTIONS_MAX 1000 /* of corrections of corrections */

const FiscLogEntry *
fisc_proof_entry(const FiscProof *proof, int64_t entry_id)
{
    for (guint i = 0; i < proof->items->len; i++) {
        const FiscProvenItem *item = proof->items->pdata[i];
        if (item->kind == FISC_PROVEN_ENTRY && item->entry->entry_id == entry_id) {
            return item->entry;
        }
    }
    return NULL;
}

const char *
fisc_proof_transfer(const FiscProof *proof, const FiscLogEntry *entry)
{
    for (int i = 0; entry != NULL && i < CORRECTIONS_MAX; i++) {
        if (*entry->transfer != '\0') {
            return entry->transfer;
        }
        entry = entry->corrects != 0 ? fisc_proof_entry(proof, entry->corrects) : NULL;
    }
    return "";
}

/* Numbers that something kept names: "coding/12", "account/7". */
static void
note(GHashTable *needed, const char *kind, int64_t number)
{
    g_hash_table_add(needed, g_strdup_printf("%s/%" G_GINT64_FORMAT, kind, number));
}

static bool
is_noted(GHashTable *needed, const char *kind, int64_t number)
{
    g_autofree char *name = g_strdup_printf("%s/%" G_GINT64_FORMAT, kind, number);
    return g_hash_table_contains(needed, name);
}

static void
note_entry(GHashTable *needed, const FiscProof *proof, const FiscLogEntry *entry)
{
    note(needed, "entry", entry->entry_id);
    note(needed, "entity", entry->entity_id);
    note(needed, "source", entry->source_id);
    note(needed, "person", entry->maker);
    for (int i = 0; i < entry->count; i++) {
        const FiscLogCoding *coding = fisc_proof_coding(proof, entry->coding[i]);
        note(needed, "coding", entry->coding[i]);
        if (coding != NULL) {
            note(needed, "account", coding->account_id);
        }
    }
}

static bool
is_needed(GHashTable *needed, const FiscProvenItem *item)
{
    switch (item->kind) {
    case FISC_PROVEN_ENTRY:
        return is_noted(needed, "entry", item->entry->entry_id);
    case FISC_PROVEN_CODING:
        return is_noted(needed, "coding", item->coding->coding_id);
    default:
        return is_noted(needed, item->event->kind, item->event->number);
    }
}

static void
cut(FiscProof *proof, GHashTable *needed)
{
    for (guint i = proof->items->len; i > 0; i--) {
        const FiscProvenItem *item = proof->items->pdata[i - 1];
        if (is_needed(needed, item)) {
            note(needed, "batch", item->batch_no);
        } else {
            g_ptr_array_remove_index(proof->items, i - 1);
        }
    }
    for (guint i = proof->batches->len; i > 0; i--) {
        const FiscProvenBatch *batch = proof->batches->pdata[i - 1];
        if (!is_noted(needed, "batch", batch->batch.batch_no)) {
            g_ptr_array_remove_index(proof->batches, i - 1);
        }
    }
}

bool
fisc_proof_keep_transfer(FiscProof *proof, const char *transfer)
{
    g_autoptr(GHashTable) needed = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    bool has_any = false;
    for (guint i = 0; i < proof->items->len; i++) {
        const FiscLogEntry *entry = ((const FiscProvenItem *)proof->items->pdata[i])->entry;
        if (entry != NULL && strcmp(fisc_proof_transfer(proof, entry), transfer) == 0) {
            note_entry(needed, proof, entry);
            has_any = true;
        }
    }
    cut(proof, needed);
    return has_any;
}

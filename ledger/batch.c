/* batch.c: sealing a batch (hashes, root) and writing it in one call. What is hashed, and in which
 * order, is in docs/hashes.md; ledger.batch_hash computes the last step again inside the database.
 */
#include "ledger/batch.h"
#include "core/base/hash.h"
#include "core/db/pack.h"
#include "ledger/engine_internal.h"
#include "ledger/merkle.h"
#include <string.h>

/* Set while a bench measures what the seals cost: hashes and roots are then left as they are. */
static gint is_unsealed;

void
fisc_batch_leave_unsealed(bool is_left)
{
    g_atomic_int_set(&is_unsealed, is_left ? 1 : 0);
}

static void
seal_coding(FiscHash *hash, const FiscBatch *batch, FiscDecidedCoding *coding)
{
    fisc_hash_add_text(hash, "fisc coding 1");
    fisc_hash_add_int(hash, batch->book_id);
    fisc_hash_add_int(hash, coding->coding_id);
    fisc_hash_add_int(hash, coding->entity_id);
    fisc_hash_add_int(hash, coding->account_id);
    fisc_hash_add_int(hash, coding->flow);
    fisc_hash_add_int(hash, coding->kind);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        fisc_hash_add_text(hash, coding->dim[i]);
    }
    fisc_hash_finish(hash, coding->hash);
}

/* What form 2 has beside form 1: the open items of the lines and the hands they have been in. */
static void
hash_items(FiscHash *hash, const FiscDecidedEntry *entry)
{
    for (int i = 0; i < entry->count; i++) {
        fisc_hash_add_text(hash, entry->open_item != NULL ? entry->open_item[i] : "");
        fisc_hash_add_int(hash, entry->foreign != NULL ? entry->foreign[i] : 0);
    }
    fisc_hash_add_text(hash, entry->currency);
    fisc_hash_add_int(hash, entry->hand_count);
    for (int i = 0; i < entry->hand_count; i++) {
        fisc_hash_add_int(hash, entry->hands[i]);
    }
}

void
fisc_batch_hash_entry(const FiscBatch *batch, FiscDecidedEntry *entry)
{
    if (g_atomic_int_get(&is_unsealed) != 0) {
        return;
    }
    g_autoptr(FiscHash) hash = fisc_hash_new();
    bool has_items = entry->open_item != NULL || entry->foreign != NULL;
    fisc_hash_add_text(hash, has_items ? "fisc entry 2" : "fisc entry 1");
    fisc_hash_add_int(hash, batch->book_id);
    fisc_hash_add_int(hash, entry->entity_id);
    fisc_hash_add_int(hash, entry->period);
    fisc_hash_add_int(hash, entry->effective);
    fisc_hash_add_int(hash, entry->source_id);
    fisc_hash_add_int(hash, entry->financial);
    fisc_hash_add_int(hash, entry->count);
    for (int i = 0; i < entry->count; i++) {
        fisc_hash_add_int(hash, entry->coding[i]);
        fisc_hash_add_int(hash, entry->amount[i]);
    }
    fisc_hash_add_int(hash, entry->maker);
    fisc_hash_add_int(hash, entry->corrects);
    fisc_hash_add_int(hash, entry->reverses);
    fisc_hash_add_text(hash, entry->document);
    fisc_hash_add_text(hash, entry->transfer);
    fisc_hash_add_text(hash, entry->reference);
    fisc_hash_add_bytes(hash, entry->memo_hash, FISC_HASH_BYTES);
    fisc_hash_add_bytes(hash, entry->digest, FISC_HASH_BYTES);
    if (has_items) {
        hash_items(hash, entry);
    }
    fisc_hash_finish(hash, entry->hash);
}

static void
seal_event(FiscHash *hash, const FiscBatch *batch, FiscDecidedEvent *event)
{
    fisc_hash_add_text(hash, "fisc event 1");
    fisc_hash_add_int(hash, batch->book_id);
    fisc_hash_add_text(hash, event->kind);
    fisc_hash_add_text(hash, event->subject);
    fisc_hash_add_int(hash, event->number);
    fisc_hash_add_int(hash, event->fields->len);
    for (guint i = 0; i < event->fields->len; i++) {
        fisc_hash_add_text(hash, event->fields->pdata[i]);
    }
    fisc_hash_add_int(hash, event->maker);
    fisc_hash_finish(hash, event->hash);
}

static void
seal_refusal(FiscHash *hash, const FiscBatch *batch, FiscDecidedRefusal *refusal)
{
    fisc_hash_add_text(hash, "fisc refusal 1");
    fisc_hash_add_int(hash, batch->book_id);
    fisc_hash_add_int(hash, refusal->source_id);
    fisc_hash_add_text(hash, refusal->reference);
    fisc_hash_add_int(hash, refusal->entity_id);
    fisc_hash_add_int(hash, refusal->period);
    fisc_hash_add_int(hash, refusal->reasons->len);
    for (guint i = 0; i < refusal->reasons->len; i++) {
        const FiscRefusal *reason = refusal->reasons->pdata[i];
        fisc_hash_add_text(hash, fisc_error_name(reason->code));
        fisc_hash_add_text(hash, reason->control);
        fisc_hash_add_text(hash, reason->key);
        fisc_hash_add_int(hash, reason->limit);
        fisc_hash_add_int(hash, reason->consumed);
        fisc_hash_add_int(hash, reason->requested);
    }
    fisc_hash_add_int(hash, refusal->maker);
    fisc_hash_add_bytes(hash, refusal->digest, FISC_HASH_BYTES);
    fisc_hash_finish(hash, refusal->hash);
}

static void
seal_head(FiscHash *hash, FiscBatch *batch)
{
    fisc_hash_add_bytes(hash, batch->prev_hash, FISC_HASH_BYTES);
    fisc_hash_add_bytes(hash, batch->root, FISC_HASH_BYTES);
    fisc_hash_add_int(hash, batch->book_id);
    fisc_hash_add_int(hash, batch->batch_no);
    fisc_hash_add_int(hash, batch->first_item);
    fisc_hash_add_int(hash, batch->items);
    fisc_hash_add_int(hash, batch->first_entry);
    fisc_hash_add_int(hash, batch->entries->len);
    fisc_hash_add_int(hash, batch->lines);
    fisc_hash_add_int(hash, batch->first_coding);
    fisc_hash_add_int(hash, batch->codings->len);
    fisc_hash_add_int(hash, FISC_ENGINE_VERSION);
    fisc_hash_add_int(hash, batch->posted_at_us);
    fisc_hash_finish(hash, batch->hash);
}

void
fisc_batch_seal(FiscBatch *batch)
{
    g_autoptr(FiscHash) hash = fisc_hash_new();
    gsize codings = batch->codings->len;
    gsize count = codings + (gsize)batch->items;
    g_autofree uint8_t(*leaves)[FISC_HASH_BYTES] = g_malloc0(FISC_HASH_BYTES * (count + 1));
    for (gsize i = 0; i < codings; i++) {
        FiscDecidedCoding *coding = &g_array_index(batch->codings, FiscDecidedCoding, i);
        seal_coding(hash, batch, coding);
        memcpy(leaves[i], coding->hash, FISC_HASH_BYTES);
    }
    for (guint i = 0; i < batch->entries->len; i++) {
        const FiscDecidedEntry *entry = batch->entries->pdata[i];
        memcpy(leaves[codings + (gsize)entry->item], entry->hash, FISC_HASH_BYTES);
    }
    for (guint i = 0; i < batch->events->len; i++) {
        FiscDecidedEvent *event = batch->events->pdata[i];
        seal_event(hash, batch, event);
        memcpy(leaves[codings + (gsize)event->item], event->hash, FISC_HASH_BYTES);
    }
    for (guint i = 0; i < batch->refusals->len; i++) {
        FiscDecidedRefusal *refusal = batch->refusals->pdata[i];
        seal_refusal(hash, batch, refusal);
        memcpy(leaves[codings + (gsize)refusal->item], refusal->hash, FISC_HASH_BYTES);
    }
    if (g_atomic_int_get(&is_unsealed) == 0) {
        fisc_merkle_root((const uint8_t(*)[FISC_HASH_BYTES])leaves, count, batch->root);
    }
    seal_head(hash, batch);
}

bool
fisc_batch_types_load(FiscPool *pool, FiscBatchTypes *out_types, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_begin(pool, FISC_TX_AUTO, &tx, error) ||
        !fisc_tx_query(tx, FISC_SQL_LEDGER_BATCH_TYPES, FISC_NO_ARGS, &rows, error)) {
        return false;
    }
    if (fisc_rows_count(rows) != 1) {
        return fisc_fail(error, FISC_ERROR_SETUP, "the schema of the ledger is missing");
    }
    uint32_t *numbers = (uint32_t *)out_types;
    for (int i = 0; i < 8; i++) {
        numbers[i] = (uint32_t)fisc_rows_int8(rows, 0, i);
    }
    return fisc_tx_commit(g_steal_pointer(&tx), error);
}

static FiscArg
pack_codings(const FiscBatchTypes *types, const FiscBatch *batch)
{
    g_autoptr(FiscPack) pack = fisc_pack_new();
    fisc_pack_array_begin(pack, types->coding);
    for (guint i = 0; i < batch->codings->len; i++) {
        const FiscDecidedCoding *coding = &g_array_index(batch->codings, FiscDecidedCoding, i);
        fisc_pack_record_begin(pack, 7);
        fisc_pack_int4(pack, coding->coding_id);
        fisc_pack_int4(pack, coding->entity_id);
        fisc_pack_int4(pack, coding->account_id);
        fisc_pack_int2(pack, (int16_t)coding->flow);
        fisc_pack_int2(pack, (int16_t)coding->kind);
        fisc_pack_texts(pack, coding->dim, FISC_DIM_COUNT);
        fisc_pack_bytea(pack, coding->hash, FISC_HASH_BYTES);
        fisc_pack_record_end(pack);
    }
    return fisc_composite_array(types->coding_array, fisc_pack_array_end(pack));
}

static FiscArg
pack_events(const FiscBatchTypes *types, const FiscBatch *batch)
{
    g_autoptr(FiscPack) pack = fisc_pack_new();
    fisc_pack_array_begin(pack, types->event);
    for (guint i = 0; i < batch->events->len; i++) {
        const FiscDecidedEvent *event = batch->events->pdata[i];
        fisc_pack_record_begin(pack, 7);
        fisc_pack_int4(pack, event->item);
        fisc_pack_text(pack, event->kind);
        fisc_pack_text(pack, event->subject);
        fisc_pack_int4(pack, event->number);
        fisc_pack_texts(pack, (const char *const *)event->fields->pdata, (int)event->fields->len);
        fisc_pack_int4(pack, event->maker);
        fisc_pack_bytea(pack, event->hash, FISC_HASH_BYTES);
        fisc_pack_record_end(pack);
    }
    return fisc_composite_array(types->event_array, fisc_pack_array_end(pack));
}

/* The reasons of a refusal as arrays that run in step. */
static void
pack_reasons(FiscPack *pack, const FiscRefusals *reasons)
{
    int count = (int)reasons->len;
    const char **texts[3] = {g_new0(const char *, count + 1), g_new0(const char *, count + 1),
                             g_new0(const char *, count + 1)};
    int64_t *amounts[3] = {g_new0(int64_t, count + 1), g_new0(int64_t, count + 1),
                           g_new0(int64_t, count + 1)};
    for (int i = 0; i < count; i++) {
        const FiscRefusal *reason = reasons->pdata[i];
        texts[0][i] = fisc_error_name(reason->code);
        texts[1][i] = reason->control;
        texts[2][i] = reason->key;
        amounts[0][i] = reason->limit;
        amounts[1][i] = reason->consumed;
        amounts[2][i] = reason->requested;
    }
    for (int i = 0; i < 3; i++) {
        fisc_pack_texts(pack, texts[i], count);
    }
    for (int i = 0; i < 3; i++) {
        fisc_pack_int8s(pack, amounts[i], count);
    }
    for (int i = 0; i < 3; i++) {
        g_free(texts[i]);
        g_free(amounts[i]);
    }
}

static FiscArg
pack_refusals(const FiscBatchTypes *types, const FiscBatch *batch)
{
    g_autoptr(FiscPack) pack = fisc_pack_new();
    fisc_pack_array_begin(pack, types->refusal);
    for (guint i = 0; i < batch->refusals->len; i++) {
        const FiscDecidedRefusal *refusal = batch->refusals->pdata[i];
        fisc_pack_record_begin(pack, 14);
        fisc_pack_int4(pack, refusal->item);
        fisc_pack_int4(pack, refusal->source_id);
        fisc_pack_text(pack, refusal->reference);
        fisc_pack_int4(pack, refusal->entity_id);
        fisc_pack_int4(pack, refusal->period);
        pack_reasons(pack, refusal->reasons);
        fisc_pack_int4(pack, refusal->maker);
        fisc_pack_bytea(pack, refusal->digest, FISC_HASH_BYTES);
        fisc_pack_bytea(pack, refusal->hash, FISC_HASH_BYTES);
        fisc_pack_record_end(pack);
    }
    return fisc_composite_array(types->refusal_array, fisc_pack_array_end(pack));
}

static FiscArg
pack_entries(const FiscBatchTypes *types, const FiscBatch *batch)
{
    g_autoptr(FiscPack) pack = fisc_pack_new();
    fisc_pack_array_begin(pack, types->posting);
    for (guint i = 0; i < batch->entries->len; i++) {
        const FiscDecidedEntry *entry = batch->entries->pdata[i];
        fisc_pack_record_begin(pack, 23);
        fisc_pack_int4(pack, entry->item);
        fisc_pack_int4(pack, entry->entity_id);
        fisc_pack_int4(pack, entry->period);
        fisc_pack_date(pack, entry->effective);
        fisc_pack_int4(pack, entry->source_id);
        fisc_pack_int2(pack, (int16_t)entry->financial);
        fisc_pack_int4s(pack, entry->coding, entry->count);
        fisc_pack_int8s(pack, entry->amount, entry->count);
        fisc_pack_int4(pack, entry->maker);
        fisc_pack_int8_or_null(pack, entry->corrects);
        fisc_pack_bool(pack, entry->reverses);
        fisc_pack_text(pack, entry->document);
        fisc_pack_text(pack, entry->transfer);
        fisc_pack_text(pack, entry->reference);
        fisc_pack_text(pack, entry->memo);
        fisc_pack_bytea_or_null(pack, entry->memo != NULL ? entry->memo_salt : NULL, 16);
        fisc_pack_bytea_or_null(pack, entry->memo != NULL ? entry->memo_hash : NULL,
                                FISC_HASH_BYTES);
        fisc_pack_bytea(pack, entry->digest, FISC_HASH_BYTES);
        fisc_pack_bytea(pack, entry->hash, FISC_HASH_BYTES);
        fisc_pack_texts_or_null(pack, entry->open_item, entry->count);
        fisc_pack_text(pack, entry->currency);
        fisc_pack_int8s_or_null(pack, entry->foreign, entry->count);
        fisc_pack_int4s_or_null(pack, entry->hands, entry->hand_count);
        fisc_pack_record_end(pack);
    }
    return fisc_composite_array(types->posting_array, fisc_pack_array_end(pack));
}

bool
fisc_batch_write_in(FiscTx *tx, const FiscBatchTypes *types, const FiscBatch *batch, GError **error)
{
    GError *failure = NULL;
    if (!fisc_tx_query(tx, FISC_SQL_LEDGER_POST_BATCH,
                       FISC_ARGS(fisc_int4(batch->book_id), fisc_int8(batch->batch_no),
                                 fisc_bytea(batch->prev_hash, FISC_HASH_BYTES),
                                 fisc_bytea(batch->root, FISC_HASH_BYTES),
                                 fisc_bytea(batch->hash, FISC_HASH_BYTES),
                                 fisc_int2(FISC_ENGINE_VERSION), fisc_int8(batch->posted_at_us),
                                 fisc_int4(batch->items), fisc_int4(batch->lines),
                                 pack_codings(types, batch), pack_events(types, batch),
                                 pack_refusals(types, batch), pack_entries(types, batch)),
                       NULL, &failure)) {
        if (failure->code == FISC_ERROR_UNAVAILABLE) {
            failure->code = FISC_ERROR_OUTCOME_UNKNOWN; /* it was sent: the answer got lost */
        }
        g_propagate_error(error, failure);
        return false;
    }
    return true;
}

bool
fisc_batch_write(FiscPool *pool, const FiscBatchTypes *types, const FiscBatch *batch,
                 GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    return fisc_tx_begin(pool, FISC_TX_AUTO, &tx, error) &&
           fisc_batch_write_in(tx, types, batch, error) &&
           fisc_tx_commit(g_steal_pointer(&tx), error);
}

/* verify_hash.c: the hashes of rows, by docs/hashes.md and nothing else: see verify_rows.h. */
#include "ledger/verify_rows.h"
#include <string.h>

static void
add_ints(FiscHash *hash, const int64_t *values, int count)
{
    for (int i = 0; i < count; i++) {
        fisc_hash_add_int(hash, values[i]);
    }
}

void
fisc_log_hash_batch(FiscHash *hash, int book_id, const FiscLogBatch *batch, uint8_t out[32])
{
    const int64_t fields[] = {book_id,           batch->batch_no,     batch->first_item,
                              batch->item_count, batch->first_entry,  batch->entry_count,
                              batch->line_count, batch->first_coding, batch->coding_count,
                              batch->engine,     batch->posted_at_us};
    fisc_hash_add_bytes(hash, batch->prev_hash, 32);
    fisc_hash_add_bytes(hash, batch->root, 32);
    add_ints(hash, fields, G_N_ELEMENTS(fields));
    fisc_hash_finish(hash, out);
}

void
fisc_log_hash_coding(FiscHash *hash, int book_id, const FiscLogCoding *coding, uint8_t out[32])
{
    const int64_t fields[] = {book_id,           coding->coding_id,
                              coding->entity_id, coding->account_id,
                              coding->flow,      coding->kind};
    fisc_hash_add_text(hash, "fisc coding 1");
    add_ints(hash, fields, G_N_ELEMENTS(fields));
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        fisc_hash_add_text(hash, coding->dim[i]);
    }
    fisc_hash_finish(hash, out);
}

static void
add_items(FiscHash *hash, const FiscLogEntry *entry)
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
fisc_log_hash_entry(FiscHash *hash, int book_id, const FiscLogEntry *entry, uint8_t out[32])
{
    const int64_t head[] = {book_id,          entry->entity_id, entry->period, entry->effective,
                            entry->source_id, entry->financial, entry->count};
    const int64_t tail[] = {entry->maker, entry->corrects, entry->reverses};
    fisc_hash_add_text(hash, entry->has_items ? "fisc entry 2" : "fisc entry 1");
    add_ints(hash, head, G_N_ELEMENTS(head));
    for (int i = 0; i < entry->count; i++) {
        fisc_hash_add_int(hash, entry->coding[i]);
        fisc_hash_add_int(hash, entry->amount[i]);
    }
    add_ints(hash, tail, G_N_ELEMENTS(tail));
    fisc_hash_add_text(hash, entry->document);
    fisc_hash_add_text(hash, entry->transfer);
    fisc_hash_add_text(hash, entry->reference);
    fisc_hash_add_bytes(hash, entry->memo_hash, 32);
    fisc_hash_add_bytes(hash, entry->digest, 32);
    if (entry->has_items) {
        add_items(hash, entry);
    }
    fisc_hash_finish(hash, out);
}

void
fisc_log_hash_event(FiscHash *hash, int book_id, const FiscLogEvent *event, uint8_t out[32])
{
    fisc_hash_add_text(hash, "fisc event 1");
    fisc_hash_add_int(hash, book_id);
    fisc_hash_add_text(hash, event->kind);
    fisc_hash_add_text(hash, event->subject);
    fisc_hash_add_int(hash, event->number);
    fisc_hash_add_int(hash, event->field_count);
    for (int i = 0; i < event->field_count; i++) {
        fisc_hash_add_text(hash, event->fields[i]);
    }
    fisc_hash_add_int(hash, event->maker);
    fisc_hash_finish(hash, out);
}

void
fisc_log_hash_refusal(FiscHash *hash, int book_id, const FiscLogRefusal *refusal, uint8_t out[32])
{
    fisc_hash_add_text(hash, "fisc refusal 1");
    fisc_hash_add_int(hash, book_id);
    fisc_hash_add_int(hash, refusal->source_id);
    fisc_hash_add_text(hash, refusal->reference);
    fisc_hash_add_int(hash, refusal->entity_id);
    fisc_hash_add_int(hash, refusal->period);
    fisc_hash_add_int(hash, refusal->count);
    for (int i = 0; i < refusal->count; i++) {
        const int64_t amounts[] = {refusal->ceiling[i], refusal->consumed[i],
                                   refusal->requested[i]};
        fisc_hash_add_text(hash, refusal->code[i]);
        fisc_hash_add_text(hash, refusal->control[i]);
        fisc_hash_add_text(hash, refusal->key[i]);
        add_ints(hash, amounts, G_N_ELEMENTS(amounts));
    }
    fisc_hash_add_int(hash, refusal->maker);
    fisc_hash_add_bytes(hash, refusal->digest, 32);
    fisc_hash_finish(hash, out);
}

bool
fisc_log_is_memo_good(FiscHash *hash, const FiscLogEntry *entry)
{
    uint8_t expected[32];
    if (entry->memo == NULL || !entry->has_salt) {
        return entry->memo == NULL && !entry->has_salt;
    }
    fisc_hash_add_bytes(hash, entry->memo_salt, sizeof entry->memo_salt);
    fisc_hash_add_bytes(hash, entry->memo, strlen(entry->memo));
    fisc_hash_finish(hash, expected);
    return memcmp(expected, entry->memo_hash, 32) == 0;
}

/* audit_log.c: the chain of a pack: every batch up to the pack's, and of the batches that hold what
 * the auditor may see the hashes of all items, with those items beside them. What is not shown is a
 * hash among others, so nothing can be left out or put in unseen.
 *
 * Shown are entries of the period and unit, the codings of the unit, and events of the unit or of
 * the whole book: among them those that say what the numbers are called. */
#include "app/flows/audit_pack.h"
#include "app/flows/internal.h"
#include "integrations/proof_json.h"
#include "fisc/csv.h"
#include <stdlib.h>
#include <string.h>

#define BATCHES_AT_ONCE 256

/* The log on its way out. */
typedef struct {
    FiscAuditPack *pack;
    FiscAuditNames *names;
    FiscLogChunk *chunk;
    FiscHash *hash;
    GString *ndjson, *csv, *refusals;
} Log;

/* What is shown ------------------------------------------------------------------------------- */

static bool
is_member(const Log *log, int entity_id)
{
    const char *code = fisc_audit_names_entity(log->names, entity_id);
    return log->pack->members == NULL ||
           (code != NULL && g_hash_table_contains(log->pack->members, code));
}

static bool
is_shown_entry(const Log *log, const FiscLogEntry *entry)
{
    return entry->period >= log->pack->from && entry->period <= log->pack->to &&
           is_member(log, entry->entity_id);
}

/* Of no entity in particular, or of one of the unit's. */
static bool
is_shown_event(const Log *log, const FiscLogEvent *event)
{
    g_autoptr(GPtrArray) fields = g_ptr_array_new();
    for (int i = 0; i < event->field_count; i++) {
        g_ptr_array_add(fields, event->fields[i]);
    }
    const FiscEvent words = {event->kind, event->subject, fields};
    bool is_document = strcmp(event->kind, "document") == 0;
    g_autofree char *entity =
        is_document ? g_strdup(fisc_event_field(&words, "entity")) : fisc_event_entity(&words);
    return log->pack->members == NULL || entity == NULL || strcmp(entity, "*") == 0 ||
           g_hash_table_contains(log->pack->members, entity);
}

/* Writing ------------------------------------------------------------------------------------- */

/* Takes @value. */
static void
write_value(Log *log, const char *name, json_t *value)
{
    json_t *object = json_object();
    json_object_set_new(object, name, value);
    char *text = json_dumps(object, JSON_COMPACT);
    g_string_append(log->ndjson, text);
    g_string_append_c(log->ndjson, '\n');
    free(text);
    json_decref(object);
}

static void
put_leaf(GPtrArray *leaves, int64_t at, const uint8_t hash[32])
{
    if (at >= 0 && at < (int64_t)leaves->len) {
        leaves->pdata[at] = (gpointer)hash;
    }
}

/* The hashes of everything in the batch, in the order of the tree; a row that is missing leaves a
 * gap, which nothing can fill. */
static json_t *
leaves_of(const Log *log, const FiscLogBatch *batch)
{
    static const uint8_t nothing[32];
    char hex[FISC_HASH_TEXT];
    const FiscLogChunk *chunk = log->chunk;
    const GPtrArray *lists[] = {chunk->entries, chunk->events, chunk->refusals};
    g_autoptr(GPtrArray) leaves = g_ptr_array_new();
    json_t *array = json_array();
    g_ptr_array_set_size(leaves, (int)(batch->coding_count + batch->item_count));
    for (guint i = 0; i < chunk->codings->len; i++) {
        const FiscLogCoding *coding = chunk->codings->pdata[i];
        put_leaf(leaves, coding->coding_id - batch->first_coding, coding->stored);
    }
    for (gsize k = 0; k < G_N_ELEMENTS(lists); k++) {
        for (guint i = 0; i < lists[k]->len; i++) {
            const FiscLogItem *item = lists[k]->pdata[i];
            put_leaf(leaves, batch->coding_count + item->item_id - batch->first_item, item->stored);
        }
    }
    for (guint i = 0; i < leaves->len; i++) {
        const uint8_t *leaf = leaves->pdata[i] != NULL ? leaves->pdata[i] : nothing;
        json_array_append_new(array, json_string(fisc_hash_format(leaf, hex)));
    }
    return array;
}

static void
write_refusal(Log *log, const FiscLogRefusal *refusal)
{
    for (int i = 0; i < refusal->count; i++) {
        const char *entity = fisc_audit_names_entity(log->names, refusal->entity_id);
        g_string_append_printf(log->refusals, "%" G_GINT64_FORMAT ",", refusal->item.batch_no);
        const char *words[] = {refusal->reference, entity != NULL ? entity : "", refusal->code[i],
                               refusal->control[i], refusal->key[i]};
        for (gsize k = 0; k < G_N_ELEMENTS(words); k++) {
            fisc_csv_append(log->refusals, words[k]);
            g_string_append_c(log->refusals, ',');
        }
        g_string_append_printf(log->refusals,
                               "%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT ",%" G_GINT64_FORMAT "\n",
                               refusal->ceiling[i], refusal->consumed[i], refusal->requested[i]);
    }
}

/* What can be shown of the chunk; the number of them. */
static guint
show_rows(Log *log, GPtrArray *out_codings, GPtrArray *out_events, GPtrArray *out_entries)
{
    const FiscLogChunk *chunk = log->chunk;
    for (guint i = 0; i < chunk->events->len; i++) {
        FiscLogEvent *event = chunk->events->pdata[i];
        if (!event->item.is_malformed && is_shown_event(log, event)) {
            fisc_audit_names_event(log->names, event);
            g_ptr_array_add(out_events, event);
        }
    }
    for (guint i = 0; i < chunk->codings->len; i++) {
        FiscLogCoding *coding = chunk->codings->pdata[i];
        if (is_member(log, coding->entity_id)) {
            fisc_audit_names_coding(log->names, coding);
            g_ptr_array_add(out_codings, coding);
        }
    }
    for (guint i = 0; i < chunk->entries->len; i++) {
        FiscLogEntry *entry = chunk->entries->pdata[i];
        if (!entry->item.is_malformed && is_shown_entry(log, entry)) {
            g_ptr_array_add(out_entries, entry);
        }
    }
    return out_codings->len + out_events->len + out_entries->len;
}

static bool
write_batch(Log *log, const FiscLogBatch *batch, GError **error)
{
    g_autoptr(GPtrArray) codings = g_ptr_array_new();
    g_autoptr(GPtrArray) events = g_ptr_array_new();
    g_autoptr(GPtrArray) entries = g_ptr_array_new();
    json_t *value = fisc_log_batch_to_json(batch);
    if (show_rows(log, codings, events, entries) > 0) {
        json_object_set_new(value, "leaves", leaves_of(log, batch));
    }
    write_value(log, "batch", value);
    for (guint i = 0; i < events->len; i++) {
        write_value(log, "event", fisc_log_event_to_json(events->pdata[i]));
    }
    for (guint i = 0; i < codings->len; i++) {
        write_value(log, "coding", fisc_log_coding_to_json(codings->pdata[i]));
    }
    for (guint i = 0; i < entries->len; i++) {
        const FiscLogEntry *entry = entries->pdata[i];
        write_value(log, "entry", fisc_log_entry_to_json(entry));
        const char *unnamed = fisc_audit_write_entry(log->names, entry, log->csv);
        if (unnamed != NULL) {
            return fisc_fail(error, FISC_ERROR_TAMPERED,
                             "entry %" G_GINT64_FORMAT ": nothing on record tells %s (fisc verify)",
                             entry->entry_id, unnamed);
        }
    }
    for (guint i = 0; i < log->chunk->refusals->len; i++) {
        const FiscLogRefusal *refusal = log->chunk->refusals->pdata[i];
        if (!refusal->item.is_malformed && refusal->period >= log->pack->from &&
            refusal->period <= log->pack->to && is_member(log, refusal->entity_id)) {
            write_refusal(log, refusal);
        }
    }
    return true;
}

/* Reading ------------------------------------------------------------------------------------- */

static bool
take_batch(FiscTx *tx, int book_id, Log *log, const FiscLogBatch *batch, GError **error)
{
    const FiscLogPlace from = {batch->first_item, batch->first_entry, batch->first_coding};
    const FiscLogPlace until = {batch->first_item + batch->item_count,
                                batch->first_entry + batch->entry_count,
                                batch->first_coding + batch->coding_count};
    return fisc_log_read_chunk(tx, book_id, &from, &until, log->hash, log->chunk, error) &&
           write_batch(log, batch, error);
}

static bool
take_batches(FiscTx *tx, int book_id, Log *log, GError **error)
{
    g_autoptr(GArray) batches = g_array_new(FALSE, FALSE, sizeof(FiscLogBatch));
    for (int64_t next = 1; next <= log->pack->known.batch;) {
        g_array_set_size(batches, 0);
        if (!fisc_log_read_batches(tx, book_id, next, BATCHES_AT_ONCE, batches, error)) {
            return false;
        }
        if (batches->len == 0) {
            return fisc_fail(error, FISC_ERROR_TAMPERED, "batch %" G_GINT64_FORMAT " is missing",
                             next);
        }
        for (guint i = 0; i < batches->len && next <= log->pack->known.batch; i++, next++) {
            if (!take_batch(tx, book_id, log, &g_array_index(batches, FiscLogBatch, i), error)) {
                return false;
            }
        }
    }
    return true;
}

bool
fisc_audit_add_log(FiscTx *tx, FiscContext *ctx, FiscAuditPack *pack, GError **error)
{
    g_autoptr(FiscAuditNames) names = fisc_audit_names_new();
    g_autoptr(FiscLogChunk) chunk = fisc_log_chunk_new();
    g_autoptr(FiscHash) hash = fisc_hash_new();
    Log log = {.pack = pack,
               .names = names,
               .chunk = chunk,
               .hash = hash,
               .ndjson = g_string_new(NULL),
               .csv = g_string_new(NULL),
               .refusals = g_string_new("batch,reference,entity,code,control,key,limit_minor,"
                                        "consumed_minor,requested_minor\n")};
    fisc_audit_write_header(log.csv);
    write_value(&log, "book", json_integer(ctx->book_id));
    bool is_read = take_batches(tx, ctx->book_id, &log, error);
    fisc_audit_add(pack, FISC_AUDIT_LOG, "the chain, and what of it may be seen, with its hashes",
                   log.ndjson);
    fisc_audit_add(pack, FISC_AUDIT_ENTRIES, "the entries of the period, line by line", log.csv);
    fisc_audit_add(pack, "records/refusals.csv",
                   "what was refused for funds or a closed period, in minor units", log.refusals);
    return is_read;
}

/* record.c: see record.h. The order of restoring is that of ledger/restore.c and its queries. */
#include "tests/sim/record.h"
#include <string.h>

typedef struct {
    const char *kind, *subject;
    int number;
    int64_t item;
    GPtrArray *fields;
} Master;

typedef struct {
    FiscDecidedEntry decided; /* its arrays and words are the record's own */
} Entry;

/* What an item holds on a coding, up to some entry. */
typedef struct {
    int entity_id;
    const char *item;
    int side, coding_id, year;
    int64_t amount, foreign;
    const char *currency;
    const FiscDecidedEntry *latest;
} ItemRow;

struct _SimRecord {
    GStringChunk *chunk;
    GPtrArray *masters; /* of Master: the newest event of each subject */
    GArray *codings;    /* of SimCoding */
    GArray *entries;    /* of Entry */
    GHashTable *known;  /* reference key -> FiscPostedReference */
    GHashTable *sources;
    int64_t batch_no, next_item;
    uint8_t head[FISC_HASH_BYTES];
};

static void
master_free(gpointer data)
{
    Master *master = data;
    g_ptr_array_unref(master->fields);
    g_free(master);
}

static void
entry_clear(gpointer data)
{
    Entry *entry = data;
    g_free(entry->decided.coding);
    g_free(entry->decided.amount);
    g_free(entry->decided.open_item);
    g_free(entry->decided.foreign);
    g_free(entry->decided.hands);
}

SimRecord *
sim_record_new(void)
{
    SimRecord *record = g_new0(SimRecord, 1);
    record->chunk = g_string_chunk_new(1024);
    record->masters = g_ptr_array_new_with_free_func(master_free);
    record->codings = g_array_new(FALSE, FALSE, sizeof(SimCoding));
    record->entries = g_array_new(FALSE, FALSE, sizeof(Entry));
    g_array_set_clear_func(record->entries, entry_clear);
    record->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    record->sources = g_hash_table_new(NULL, NULL);
    record->next_item = 1;
    return record;
}

void
sim_record_free(SimRecord *record)
{
    if (record != NULL) {
        g_ptr_array_unref(record->masters);
        g_array_unref(record->codings);
        g_array_unref(record->entries);
        g_hash_table_unref(record->known);
        g_hash_table_unref(record->sources);
        g_string_chunk_free(record->chunk);
        g_free(record);
    }
}

static const char *
keep(SimRecord *record, const char *text)
{
    return g_string_chunk_insert_const(record->chunk, text);
}

static Master *
find_master(SimRecord *record, const char *kind, const char *subject)
{
    for (guint i = 0; i < record->masters->len; i++) {
        Master *master = record->masters->pdata[i];
        if (strcmp(master->kind, kind) == 0 && strcmp(master->subject, subject) == 0) {
            return master;
        }
    }
    Master *master = g_new0(Master, 1);
    master->kind = keep(record, kind);
    master->subject = keep(record, subject);
    master->fields = g_ptr_array_new();
    g_ptr_array_add(record->masters, master);
    return master;
}

static void
add_event(SimRecord *record, const FiscBatch *batch, const FiscDecidedEvent *event)
{
    Master *master = find_master(record, event->kind, event->subject);
    master->number = event->number;
    master->item = batch->first_item + event->item;
    g_ptr_array_set_size(master->fields, 0);
    for (guint i = 0; i < event->fields->len; i++) {
        g_ptr_array_add(master->fields, (char *)keep(record, event->fields->pdata[i]));
    }
    if (strcmp(event->kind, "source") == 0) {
        g_hash_table_insert(record->sources, GINT_TO_POINTER(event->number),
                            (char *)master->subject);
    }
}

static void
add_coding(SimRecord *record, const FiscDecidedCoding *coding)
{
    SimCoding kept = {coding->entity_id, coding->account_id, coding->flow, coding->kind, {NULL}};
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        kept.dim[i] = keep(record, coding->dim[i]);
    }
    g_array_append_val(record->codings, kept);
}

static void
add_reference(SimRecord *record, const FiscBatch *batch, const FiscDecidedEntry *entry,
              int64_t entry_id)
{
    const char *source = g_hash_table_lookup(record->sources, GINT_TO_POINTER(entry->source_id));
    FiscPostedReference *posted = g_new0(FiscPostedReference, 1);
    posted->entry_id = entry_id;
    posted->batch_no = batch->batch_no;
    posted->has_salt = entry->memo != NULL;
    memcpy(posted->digest, entry->digest, FISC_HASH_BYTES);
    memcpy(posted->hash, entry->hash, FISC_HASH_BYTES);
    memcpy(posted->memo_salt, entry->memo_salt, sizeof posted->memo_salt);
    memcpy(posted->memo_hash, entry->memo_hash, FISC_HASH_BYTES);
    g_hash_table_insert(record->known, fisc_engine_reference_key(source, entry->reference), posted);
}

static void *
copy_array(const void *array, gsize size, int count)
{
    return array != NULL ? g_memdup2(array, size * (gsize)count) : NULL;
}

static void
add_entry(SimRecord *record, const FiscBatch *batch, const FiscDecidedEntry *entry)
{
    Entry kept = {.decided = *entry};
    FiscDecidedEntry *copy = &kept.decided;
    copy->coding = copy_array(entry->coding, sizeof(int32_t), entry->count);
    copy->amount = copy_array(entry->amount, sizeof(int64_t), entry->count);
    copy->open_item = copy_array(entry->open_item, sizeof(char *), entry->count);
    copy->foreign = copy_array(entry->foreign, sizeof(int64_t), entry->count);
    copy->hands = copy_array(entry->hands, sizeof(int32_t), entry->hand_count);
    copy->currency = entry->currency != NULL ? keep(record, entry->currency) : NULL;
    for (int i = 0; copy->open_item != NULL && i < copy->count; i++) {
        copy->open_item[i] = keep(record, entry->open_item[i]);
    }
    g_array_append_val(record->entries, kept);
    add_reference(record, batch, entry, record->entries->len);
}

void
sim_record_add(SimRecord *record, const FiscBatch *batch)
{
    for (guint i = 0; i < batch->events->len; i++) {
        add_event(record, batch, batch->events->pdata[i]);
    }
    for (guint i = 0; i < batch->codings->len; i++) {
        add_coding(record, &g_array_index(batch->codings, FiscDecidedCoding, i));
    }
    for (guint i = 0; i < batch->entries->len; i++) {
        add_entry(record, batch, batch->entries->pdata[i]);
    }
    record->batch_no = batch->batch_no;
    record->next_item = batch->first_item + batch->items;
    memcpy(record->head, batch->hash, FISC_HASH_BYTES);
}

static void
copy_known(const SimRecord *record, const char *source, const char *reference, GHashTable *known)
{
    g_autofree char *key = fisc_engine_reference_key(source, reference);
    const FiscPostedReference *posted = g_hash_table_lookup(record->known, key);
    if (posted != NULL) {
        g_hash_table_insert(known, g_steal_pointer(&key), g_memdup2(posted, sizeof *posted));
    }
}

void
sim_record_find(const SimRecord *record, const FiscSubmission *submission, GHashTable *known)
{
    for (guint i = 0; i < submission->entries->len; i++) {
        const FiscEntry *entry = submission->entries->pdata[i];
        copy_known(record, submission->source, entry->reference, known);
        if (entry->corrects != NULL) {
            copy_known(record, submission->source, entry->corrects, known);
        }
    }
}

const SimCoding *
sim_record_coding(const SimRecord *record, int coding_id)
{
    return &g_array_index(record->codings, SimCoding, coding_id - 1);
}

int64_t
sim_record_entries(const SimRecord *record)
{
    return record->entries->len;
}

/* Restoring ---------------------------------------------------------------------------------- */

/* Entities first, budget lines last, and within a kind by number. */
static int
compare_masters(gconstpointer a, gconstpointer b)
{
    const Master *left = *(Master *const *)a;
    const Master *right = *(Master *const *)b;
    int entity = (strcmp(left->kind, "entity") != 0) - (strcmp(right->kind, "entity") != 0);
    int line = (strcmp(left->kind, "budget_line") == 0) - (strcmp(right->kind, "budget_line") == 0);
    int kind = strcmp(left->kind, right->kind);
    return entity != 0 ? entity
           : line != 0 ? line
           : kind != 0 ? kind
                       : left->number - right->number;
}

static void
restore_masters(const SimRecord *record, FiscEngine *engine)
{
    g_autoptr(GPtrArray) masters = g_ptr_array_new();
    for (guint i = 0; i < record->masters->len; i++) {
        Master *master = record->masters->pdata[i];
        if (master->item >= fisc_engine_next_item(engine)) {
            g_ptr_array_add(masters, master);
        }
    }
    g_ptr_array_sort(masters, compare_masters);
    for (guint i = 0; i < masters->len; i++) {
        const Master *master = masters->pdata[i];
        fisc_engine_restore_event(engine, master->kind, master->subject, master->number,
                                  (char *const *)master->fields->pdata, (int)master->fields->len);
    }
}

static void
restore_codings(const SimRecord *record, FiscEngine *engine)
{
    for (guint i = (guint)fisc_engine_next_coding(engine); i <= record->codings->len; i++) {
        const SimCoding *coding = &g_array_index(record->codings, SimCoding, i - 1);
        fisc_engine_restore_coding(engine, (int)i, coding->entity_id, coding->account_id,
                                   coding->flow, coding->kind, coding->dim);
    }
}

static ItemRow *
find_item_row(GArray *rows, const FiscDecidedEntry *entry, int at)
{
    int year = at < entry->financial ? 0 : fisc_period_year(entry->period);
    for (guint i = 0; i < rows->len; i++) {
        ItemRow *row = &g_array_index(rows, ItemRow, i);
        if (row->entity_id == entry->entity_id && row->item == entry->open_item[at] &&
            row->coding_id == entry->coding[at] && row->year == year) {
            return row;
        }
    }
    ItemRow row = {.entity_id = entry->entity_id,
                   .item = entry->open_item[at],
                   .side = entry->amount[at] > 0 ? 1 : -1,
                   .coding_id = entry->coding[at],
                   .year = year};
    g_array_append_val(rows, row);
    return &g_array_index(rows, ItemRow, rows->len - 1);
}

/* What a checkpoint holds of the open items, in the order in which their codings were opened. */
static GArray *
sum_items(const SimRecord *record, int64_t upto)
{
    GArray *rows = g_array_new(FALSE, FALSE, sizeof(ItemRow));
    for (guint i = 0; i < upto; i++) {
        const FiscDecidedEntry *entry = &g_array_index(record->entries, Entry, i).decided;
        for (int k = 0; entry->open_item != NULL && k < entry->count; k++) {
            if (*entry->open_item[k] == '\0') {
                continue;
            }
            ItemRow *row = find_item_row(rows, entry, k);
            int64_t foreign = entry->foreign != NULL ? entry->foreign[k] : 0;
            row->amount += entry->amount[k];
            row->foreign += foreign;
            row->currency = foreign != 0 ? entry->currency : row->currency;
            row->latest = entry;
        }
    }
    return rows;
}

static void
restore_items(const SimRecord *record, FiscEngine *engine, int64_t upto)
{
    g_autoptr(GArray) rows = sum_items(record, upto);
    for (guint i = 0; i < rows->len; i++) {
        const ItemRow *row = &g_array_index(rows, ItemRow, i);
        fisc_engine_restore_item(engine, row->entity_id, row->item, row->side, row->coding_id,
                                 row->year, row->amount, row->currency, row->foreign,
                                 row->latest->hands, row->latest->hand_count);
    }
}

#define FIRST_PERIOD 202400
#define PERIODS (2 * 14) /* of two years */

static int
period_at(int at)
{
    return FIRST_PERIOD + at / 14 * 100 + at % 14;
}

static int
place_of(FiscPeriod period)
{
    return (period - FIRST_PERIOD) / 100 * 14 + period % 100;
}

/* A checkpoint holds the turnovers of every coding and period. */
static void
restore_checkpoint(const SimRecord *record, FiscEngine *engine, int64_t upto)
{
    gsize count = (gsize)record->codings->len * PERIODS;
    g_autofree int64_t *debit = g_new0(int64_t, count + 1);
    g_autofree int64_t *credit = g_new0(int64_t, count + 1);
    for (guint i = 0; i < upto; i++) {
        const FiscDecidedEntry *entry = &g_array_index(record->entries, Entry, i).decided;
        for (int k = 0; k < entry->count; k++) {
            int at = (entry->coding[k] - 1) * PERIODS + place_of(entry->period);
            debit[at] += MAX(entry->amount[k], 0);
            credit[at] -= MIN(entry->amount[k], 0);
        }
    }
    for (int at = 0; at < (int)count; at++) {
        if (debit[at] != 0 || credit[at] != 0) {
            fisc_engine_restore_amount(engine, at / PERIODS + 1, period_at(at % PERIODS), debit[at],
                                       credit[at]);
        }
    }
}

static void
restore_tail(const SimRecord *record, FiscEngine *engine, int64_t from)
{
    for (guint i = (guint)from; i < record->entries->len; i++) {
        const Entry *entry = &g_array_index(record->entries, Entry, i);
        const FiscDecidedEntry *decided = &entry->decided;
        for (int k = 0; k < decided->count; k++) {
            fisc_engine_restore_amount(engine, decided->coding[k], decided->period,
                                       MAX(decided->amount[k], 0), -MIN(decided->amount[k], 0));
        }
        fisc_engine_restore_entry_items(engine, decided);
    }
}

void
sim_record_catch_up(const SimRecord *record, FiscEngine *engine)
{
    int64_t from = fisc_engine_next_entry(engine) - 1;
    restore_masters(record, engine);
    restore_codings(record, engine);
    restore_tail(record, engine, from);
    fisc_engine_restore_head(engine, record->batch_no, record->head, record->next_item,
                             (int64_t)record->entries->len + 1);
}

FiscEngine *
sim_record_restore(const SimRecord *record, int64_t checkpoint)
{
    FiscEngine *engine = fisc_engine_new(1);
    restore_masters(record, engine);
    restore_codings(record, engine);
    restore_checkpoint(record, engine, checkpoint);
    restore_items(record, engine, checkpoint);
    restore_tail(record, engine, checkpoint);
    fisc_engine_restore_head(engine, record->batch_no, record->head, record->next_item,
                             (int64_t)record->entries->len + 1);
    return engine;
}

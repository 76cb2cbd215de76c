/* transfer_records.c: from posted lines to records of grants, and from when on they matter.
 *
 * What was even at the end of a month before the period is not looked at again: what is open now is
 * in later entries, however old the books are. Which of the records belong together is left to
 * transfer_match.c. */
#include "reporting/transfer_records.h"
#include "reporting/dealings.h"
#include <stdlib.h>
#include <string.h>

#define SET "grants" /* one set for all kinds: the two sides may differ in the kind alone */

static const FiscNation *
nation_of(const FiscTransferRecords *records)
{
    return records->query->nation;
}

/* Whether @code names @entity, or a class with it. */
static bool
names(const FiscNation *nation, const char *code, const char *entity)
{
    if (g_str_equal(code, entity)) {
        return true;
    }
    const FiscGroup *group =
        fisc_nation_entity(nation, code) == NULL ? fisc_nation_group(nation, code) : NULL;
    for (guint i = 0; group != NULL && i < group->members->len; i++) {
        if (g_str_equal(group->members->pdata[i], entity)) {
            return true;
        }
    }
    return false;
}

bool
fisc_transfer_records_meet(const FiscTransferRecords *records, const FiscTransferRecord *payer,
                           const FiscTransferRecord *receiver)
{
    const FiscNation *nation = nation_of(records);
    return names(nation, payer->counterparty, receiver->entity) &&
           names(nation, receiver->counterparty, payer->entity);
}

static bool
is_hidden(const FiscTransferRecords *records, const char *code)
{
    GHashTable *seen = records->query->seen;
    const FiscNation *nation = nation_of(records);
    const FiscGroup *group =
        fisc_nation_entity(nation, code) == NULL ? fisc_nation_group(nation, code) : NULL;
    bool is_seen = seen == NULL || group != NULL || g_hash_table_contains(seen, code);
    for (guint i = 0; seen != NULL && group != NULL && is_seen && i < group->members->len; i++) {
        is_seen = g_hash_table_contains(seen, group->members->pdata[i]);
    }
    return !is_seen;
}

bool
fisc_transfer_record_is_alone(const FiscTransferRecords *records, const FiscTransferRecord *record)
{
    return is_hidden(records, record->counterparty);
}

/* Who keeps no books here never records his side: nothing is under way to him. */
static bool
keeps_books(const FiscNation *nation, const char *code)
{
    const FiscEntity *entity = fisc_nation_entity(nation, code);
    const FiscGroup *group = entity == NULL ? fisc_nation_group(nation, code) : NULL;
    bool is_kept = entity != NULL && entity->reporting;
    for (guint i = 0; group != NULL && !is_kept && i < group->members->len; i++) {
        entity = fisc_nation_entity(nation, group->members->pdata[i]);
        is_kept = entity != NULL && entity->reporting;
    }
    return is_kept;
}

/* A grant as reported, inside the group or of the unit that is asked about. */
static bool
is_counted(const FiscTransferRecords *records, const FiscCoding *coding, FiscDealing *out_dealing)
{
    const char *other = coding->dim[FISC_DIM_COUNTERPARTY];
    const char *unit = records->perimeter->unit;
    if (other[0] == '\0' || coding->dim[FISC_DIM_LAYER][0] != '\0' ||
        g_str_equal(other, coding->entity) || !fisc_dealing_of(coding, out_dealing) ||
        !out_dealing->is_grant) {
        return false;
    }
    if (records->is_of_one) {
        return (g_str_equal(coding->entity, unit) || names(nation_of(records), other, unit)) &&
               keeps_books(nation_of(records), other);
    }
    return fisc_perimeter_has(records->perimeter, coding->entity) &&
           fisc_perimeter_is_inside(records->perimeter, other);
}

static gint64
set_of(const FiscTransferRecords *records, const FiscCoding *coding, FiscSide side)
{
    return fisc_pairs_set(records->pairs, side, coding->entity, coding->dim[FISC_DIM_COUNTERPARTY],
                          SET);
}

/* Since when ----------------------------------------------------------------------------------- */

typedef struct {
    gint64 set;
    FiscPeriod period;
    __int128 difference; /* payers less receivers */
} Month;

static int
compare_months(const void *a, const void *b)
{
    const Month *left = a, *right = b;
    return left->set != right->set ? (left->set < right->set ? -1 : 1)
                                   : left->period - right->period;
}

static void
set_even(FiscTransferRecords *records, gint64 set, FiscPeriod period)
{
    g_hash_table_insert(records->evens, GINT_TO_POINTER(set), GINT_TO_POINTER(period));
}

/* 0: never. */
static FiscPeriod
even_of(const FiscTransferRecords *records, gint64 set)
{
    return GPOINTER_TO_INT(g_hash_table_lookup(records->evens, GINT_TO_POINTER(set)));
}

/* The months before the period, in order. Where one side is hidden nothing is ever known to be
 * even: what is older than the period is left out. Caller unrefs. */
static GArray *
list_months(FiscTransferRecords *records)
{
    const GArray *rows = records->query->balances->rows;
    GArray *months = g_array_new(FALSE, FALSE, sizeof(Month));
    for (guint i = 0; i < rows->len; i++) {
        const FiscBalance *row = &g_array_index(rows, FiscBalance, i);
        FiscDealing dealing;
        if (!is_counted(records, row->coding, &dealing)) {
            continue;
        }
        Month month = {set_of(records, row->coding, dealing.side), row->period,
                       (__int128)row->debit - row->credit};
        if (is_hidden(records, row->coding->dim[FISC_DIM_COUNTERPARTY])) {
            set_even(records, month.set, records->query->from - 1);
        } else if (row->period < records->query->from) {
            g_array_append_val(months, month);
        }
    }
    g_array_sort(months, compare_months);
    return months;
}

/* Debits of the payer and credits of the receiver add up to nothing when the two are even. */
static void
find_evens(FiscTransferRecords *records)
{
    g_autoptr(GArray) months = list_months(records);
    __int128 sum = 0;
    for (guint i = 0; i < months->len; i++) {
        const Month *month = &g_array_index(months, Month, i);
        const Month *next = i + 1 < months->len ? month + 1 : NULL;
        sum += month->difference;
        bool is_end_of_set = next == NULL || next->set != month->set;
        if (sum == 0 && (is_end_of_set || next->period != month->period)) {
            set_even(records, month->set, month->period);
        }
        sum = is_end_of_set ? 0 : sum;
    }
}

static void
join_sets(FiscTransferRecords *records)
{
    const GArray *rows = records->query->balances->rows;
    for (guint i = 0; i < rows->len; i++) {
        const FiscCoding *coding = g_array_index(rows, FiscBalance, i).coding;
        FiscDealing dealing;
        if (is_counted(records, coding, &dealing)) {
            fisc_pairs_add(records->pairs, dealing.side, coding->entity,
                           coding->dim[FISC_DIM_COUNTERPARTY], SET, 0);
        }
    }
}

bool
fisc_transfers_wanted(const FiscTransferQuery *query, GArray **out_coding_ids,
                      FiscPeriod *out_since, GError **error)
{
    g_autoptr(FiscTransferRecords) records = NULL;
    g_autoptr(GHashTable) known = g_hash_table_new(NULL, NULL);
    if (!fisc_transfer_records_new(query, &records, error)) {
        return false;
    }
    const GArray *rows = query->balances->rows;
    *out_coding_ids = g_array_new(FALSE, FALSE, sizeof(int32_t));
    *out_since = query->from;
    for (guint i = 0; i < rows->len; i++) {
        const FiscBalance *row = &g_array_index(rows, FiscBalance, i);
        int32_t id = row->coding->coding_id;
        FiscDealing dealing;
        if (!is_counted(records, row->coding, &dealing) ||
            row->period <= even_of(records, set_of(records, row->coding, dealing.side))) {
            continue;
        }
        *out_since = MIN(*out_since, row->period);
        if (g_hash_table_add(known, GINT_TO_POINTER(id))) {
            g_array_append_val(*out_coding_ids, id);
        }
    }
    return true;
}

/* Records -------------------------------------------------------------------------------------- */

static void
record_free(void *pointer)
{
    FiscTransferRecord *record = pointer;
    g_ptr_array_unref(record->references);
    g_free(record);
}

bool
fisc_transfer_records_new(const FiscTransferQuery *query, FiscTransferRecords **out_records,
                          GError **error)
{
    const char *unit = query->unit != NULL ? query->unit : fisc_perimeter_widest(query->nation);
    g_autoptr(FiscTransferRecords) records = g_new0(FiscTransferRecords, 1);
    if (!fisc_perimeter_find(query->nation, unit, &records->perimeter, error)) {
        return false;
    }
    records->query = query;
    records->is_of_one = unit != NULL && fisc_nation_entity(query->nation, unit) != NULL;
    records->pairs = fisc_pairs_new(records->perimeter);
    records->evens = g_hash_table_new(NULL, NULL);
    records->list = g_ptr_array_new_with_free_func(record_free);
    join_sets(records);
    find_evens(records);
    *out_records = g_steal_pointer(&records);
    return true;
}

void
fisc_transfer_records_free(FiscTransferRecords *records)
{
    if (records == NULL) {
        return;
    }
    g_clear_pointer(&records->list, g_ptr_array_unref);
    g_clear_pointer(&records->evens, g_hash_table_unref);
    fisc_pairs_free(records->pairs);
    fisc_perimeter_free(records->perimeter);
    g_free(records);
}

static const char *
text_of(const char *text)
{
    return text != NULL ? text : "";
}

static FiscTransferRecord *
record_new(const FiscPostedLine *line, int64_t entry_id, const FiscDealing *dealing, gint64 set)
{
    FiscTransferRecord *record = g_new0(FiscTransferRecord, 1);
    *record = (FiscTransferRecord){.side = dealing->side,
                                   .entity = line->coding.entity,
                                   .counterparty = line->coding.dim[FISC_DIM_COUNTERPARTY],
                                   .set = set,
                                   .kind = dealing->kind,
                                   .transfer = text_of(line->transfer),
                                   .entry_id = entry_id,
                                   .reference = text_of(line->reference),
                                   .document = text_of(line->document),
                                   .memo = text_of(line->memo),
                                   .effective = line->effective,
                                   .references = g_ptr_array_new()};
    return record;
}

static void
record_add(FiscTransferRecord *record, const FiscPostedLine *line, const FiscDealing *dealing,
           FiscPeriod from)
{
    GPtrArray *references = record->references;
    const char *reference = text_of(line->reference);
    __int128 amount = fisc_dealing_amount(dealing, line->amount);
    record->amount += amount;
    record->before += line->period < from ? amount : 0;
    record->is_in_period = record->is_in_period || line->period >= from;
    record->transfer = record->transfer[0] != '\0' ? record->transfer : text_of(line->transfer);
    if (references->len == 0 || !g_str_equal(references->pdata[references->len - 1], reference)) {
        g_ptr_array_add(references, (gpointer)reference);
    }
}

/* Of an entry the one that it corrects, and so on; entries come in order, so that one's is known.
 */
static int64_t
root_of(GHashTable *roots, const FiscPostedLine *line)
{
    if (line->corrects == 0) {
        return line->entry_id;
    }
    const int64_t *earlier = g_hash_table_lookup(roots, &line->corrects);
    int64_t root = earlier != NULL ? *earlier : line->corrects;
    g_hash_table_insert(roots, g_memdup2(&line->entry_id, sizeof line->entry_id),
                        g_memdup2(&root, sizeof root));
    return root;
}

void
fisc_transfer_records_read(FiscTransferRecords *records)
{
    const GArray *lines = records->query->lines->rows;
    FiscPeriod from = records->query->from, to = records->query->to;
    g_autoptr(GHashTable) roots =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    g_autoptr(GHashTable) by_key = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (guint i = 0; i < lines->len; i++) {
        const FiscPostedLine *line = &g_array_index(lines, FiscPostedLine, i);
        FiscDealing dealing;
        if (!is_counted(records, &line->coding, &dealing) || line->period > to) {
            continue;
        }
        gint64 set = set_of(records, &line->coding, dealing.side);
        if (line->period <= even_of(records, set)) {
            continue;
        }
        int64_t root = root_of(roots, line);
        char *key = g_strdup_printf("%" G_GINT64_FORMAT "\x1f%d\x1f%s\x1f%s\x1f%s", root,
                                    (int)dealing.side, dealing.kind, line->coding.entity,
                                    line->coding.dim[FISC_DIM_COUNTERPARTY]);
        FiscTransferRecord *record = g_hash_table_lookup(by_key, key);
        if (record == NULL) {
            record = record_new(line, root, &dealing, set);
            g_ptr_array_add(records->list, record);
        }
        g_hash_table_replace(by_key, key, record);
        record_add(record, line, &dealing, from);
    }
}

/* transfers.c: the report of grants between units: what is matched, what is under way, whose it is
 * to act, since when.
 *
 * Its sums are those of consolidation: what is open at the end of a period is what was open at its
 * beginning and the asymmetry of the period (asymmetries.c). */
#include "fisc/transfer.h"
#include "fisc/money.h"
#include "reporting/asymmetry_causes.h"
#include "reporting/period_label.h"
#include "reporting/rates.h"
#include "reporting/transfer_match.h"
#include <string.h>

enum {
    TRANSFER,
    PAYER,
    RECEIVER,
    KIND,
    PAYER_AMOUNT,
    RECEIVER_AMOUNT,
    DIFFERENCE,
    STATE,
    SCORE,
    OWNER,
    SINCE,
    DAYS,
    PAYER_ENTRIES,
    RECEIVER_ENTRIES,
};

/* What all transfers of one state come to. */
typedef struct {
    guint count;
    __int128 amount[2], before[2]; /* by FiscSide */
} Sum;

typedef struct {
    const FiscTransferRecords *records;
    GPtrArray *matches; /* of FiscTransferMatch, in the order of the report */
    FiscDate at;
    Sum sums[FISC_TRANSFER_STATE_COUNT];
} Report;

/* Of one transfer ------------------------------------------------------------------------------ */

static const FiscTransferRecord *
record_at(const FiscTransferMatch *match, guint index)
{
    return match->records->pdata[index];
}

static __int128
amount_of(const FiscTransferMatch *match, FiscSide side)
{
    __int128 sum = 0;
    for (guint i = 0; i < match->records->len; i++) {
        sum += record_at(match, i)->side == side ? record_at(match, i)->amount : 0;
    }
    return sum;
}

static bool
has_side(const FiscTransferMatch *match, FiscSide side)
{
    for (guint i = 0; i < match->records->len; i++) {
        if (record_at(match, i)->side == side) {
            return true;
        }
    }
    return false;
}

/* The words of every record that @word_of gives one for, each once, in order. Caller frees. */
static char *
join_words(const FiscTransferMatch *match, FiscSide side,
           const char *(*word_of)(const FiscTransferRecord *record, FiscSide side))
{
    g_autoptr(GPtrArray) words = g_ptr_array_new();
    for (guint i = 0; i < match->records->len; i++) {
        const char *word = word_of(record_at(match, i), side);
        if (word != NULL && !g_ptr_array_find_with_equal_func(words, word, g_str_equal, NULL)) {
            g_ptr_array_add(words, (gpointer)word);
        }
    }
    g_ptr_array_add(words, NULL);
    return g_strjoinv("+", (char **)words->pdata);
}

static const char *
own_unit(const FiscTransferRecord *record, FiscSide side)
{
    return record->side == side ? record->entity : NULL;
}

static const char *
named_unit(const FiscTransferRecord *record, FiscSide side)
{
    return record->side != side ? record->counterparty : NULL;
}

/* Who recorded that side, else whom the other side names. Caller frees. */
static char *
units_of(const FiscTransferMatch *match, FiscSide side)
{
    return join_words(match, side, has_side(match, side) ? own_unit : named_unit);
}

static const char *
kind_word(const FiscTransferRecord *record, FiscSide side)
{
    (void)side;
    return record->kind;
}

/* Caller frees. */
static char *
references_of(const FiscTransferMatch *match, FiscSide side)
{
    GString *words = g_string_new(NULL);
    for (guint i = 0; i < match->records->len; i++) {
        const FiscTransferRecord *record = record_at(match, i);
        for (guint k = 0; record->side == side && k < record->references->len; k++) {
            const char *reference = record->references->pdata[k];
            g_string_append_printf(words, "%s%s", words->len > 0 ? " " : "", reference);
        }
    }
    return g_string_free(words, FALSE);
}

static int
compare_dates(const void *a, const void *b)
{
    const FiscTransferRecord *left = *(const FiscTransferRecord *const *)a;
    const FiscTransferRecord *right = *(const FiscTransferRecord *const *)b;
    return left->effective - right->effective;
}

/* The day since which it stands as it does: behind the last day on which the two sides were even.
 */
static FiscDate
since_of(const FiscTransferMatch *match)
{
    g_autoptr(GPtrArray) records = g_ptr_array_copy(match->records, NULL, NULL);
    g_ptr_array_sort(records, compare_dates);
    FiscDate since = ((const FiscTransferRecord *)records->pdata[0])->effective;
    __int128 sum = 0;
    for (guint i = 0; i < records->len; i++) {
        const FiscTransferRecord *record = records->pdata[i];
        bool is_new_day =
            i > 0 &&
            record->effective != ((const FiscTransferRecord *)records->pdata[i - 1])->effective;
        since = is_new_day && sum == 0 ? record->effective : since;
        sum += record->side == FISC_SIDE_FROM ? record->amount : -record->amount;
    }
    return since;
}

/* Whose it is to act: of the two parties as the payer names them, else the receiver. */
static const char *
owner_of(const Report *report, const FiscTransferMatch *match)
{
    const FiscTransferRecord *record = record_at(match, 0);
    for (guint i = 0; i < match->records->len && record->side != FISC_SIDE_FROM; i++) {
        record = record_at(match, i);
    }
    record = record->side == FISC_SIDE_FROM ? record : record_at(match, 0);
    bool is_payer = record->side == FISC_SIDE_FROM;
    FiscPair pair = {.from = (char *)(is_payer ? record->entity : record->counterparty),
                     .to = (char *)(is_payer ? record->counterparty : record->entity),
                     .what = (char *)record->kind};
    const FiscTransferQuery *query = report->records->query;
    return fisc_asymmetry_owner(query->nation, &pair, query->from, query->to);
}

/* Order ---------------------------------------------------------------------------------------- */

static bool
is_open(const FiscTransferMatch *match)
{
    return match->state != FISC_TRANSFER_MATCHED && match->state != FISC_TRANSFER_TAKEN_BACK &&
           match->state != FISC_TRANSFER_ONE_SIDE;
}

static bool
is_in_period(const FiscTransferMatch *match)
{
    for (guint i = 0; i < match->records->len; i++) {
        if (record_at(match, i)->is_in_period) {
            return true;
        }
    }
    return false;
}

static int
compare_matches(const void *a, const void *b)
{
    const FiscTransferMatch *left = *(const FiscTransferMatch *const *)a;
    const FiscTransferMatch *right = *(const FiscTransferMatch *const *)b;
    int order = (int)left->state - (int)right->state;
    order = order != 0 ? order : since_of(left) - since_of(right);
    const FiscTransferRecord *first = record_at(left, 0), *second = record_at(right, 0);
    if (order != 0 || first->entry_id == second->entry_id) {
        return order != 0 ? order : strcmp(first->counterparty, second->counterparty);
    }
    return first->entry_id < second->entry_id ? -1 : 1;
}

static void
add_up(Report *report)
{
    for (guint i = 0; i < report->matches->len; i++) {
        const FiscTransferMatch *match = report->matches->pdata[i];
        Sum *sum = &report->sums[match->state];
        sum->count += is_open(match) || is_in_period(match) ? 1 : 0;
        for (guint k = 0; k < match->records->len; k++) {
            const FiscTransferRecord *record = record_at(match, k);
            sum->amount[record->side] += record->amount;
            sum->before[record->side] += record->before;
        }
    }
}

/* The table ------------------------------------------------------------------------------------ */

static FiscTable *
new_table(const Report *report)
{
    static const struct {
        const char *name;
        FiscColumnKind kind;
    } columns[] = {{"transfer", FISC_COLUMN_TEXT},       {"payer", FISC_COLUMN_TEXT},
                   {"receiver", FISC_COLUMN_TEXT},       {"kind", FISC_COLUMN_TEXT},
                   {"payer_amount", FISC_COLUMN_AMOUNT}, {"receiver_amount", FISC_COLUMN_AMOUNT},
                   {"difference", FISC_COLUMN_AMOUNT},   {"state", FISC_COLUMN_TEXT},
                   {"score", FISC_COLUMN_INTEGER},       {"owner", FISC_COLUMN_TEXT},
                   {"since", FISC_COLUMN_TEXT},          {"days", FISC_COLUMN_INTEGER},
                   {"payer_entries", FISC_COLUMN_TEXT},  {"receiver_entries", FISC_COLUMN_TEXT}};
    const FiscPerimeter *perimeter = report->records->perimeter;
    const FiscTransferQuery *query = report->records->query;
    g_autofree char *period = fisc_period_label(query->from, query->to);
    g_autofree char *title =
        g_strdup_printf("Grants %s %s%s%s, payer's and receiver's entries, %s",
                        report->records->is_of_one ? "of" : "inside", perimeter->unit,
                        perimeter->unit[0] != '\0' ? " " : "", perimeter->name, period);
    FiscTable *table = fisc_table_new("transfers", title, perimeter->decimals);
    for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
        fisc_table_add_column(table, columns[i].name, columns[i].kind);
    }
    return table;
}

/* Of what is hidden nothing is said, not even that it is nothing. */
static void
set_amounts(FiscTable *table, FiscRow *row, const FiscTransferMatch *match)
{
    __int128 paid = amount_of(match, FISC_SIDE_FROM), received = amount_of(match, FISC_SIDE_TO);
    bool is_alone = match->state == FISC_TRANSFER_ONE_SIDE;
    if (!is_alone || has_side(match, FISC_SIDE_FROM)) {
        fisc_table_set_amount(table, row, PAYER_AMOUNT, paid);
    }
    if (!is_alone || has_side(match, FISC_SIDE_TO)) {
        fisc_table_set_amount(table, row, RECEIVER_AMOUNT, received);
    }
    if (!is_alone) {
        fisc_table_set_amount(table, row, DIFFERENCE, paid - received);
    }
}

static void
set_words(FiscTable *table, FiscRow *row, const FiscTransferMatch *match)
{
    g_autofree char *payer = units_of(match, FISC_SIDE_FROM);
    g_autofree char *receiver = units_of(match, FISC_SIDE_TO);
    g_autofree char *kind = join_words(match, FISC_SIDE_FROM, kind_word);
    g_autofree char *payer_entries = references_of(match, FISC_SIDE_FROM);
    g_autofree char *receiver_entries = references_of(match, FISC_SIDE_TO);
    fisc_table_set_text(table, row, TRANSFER, match->transfer);
    fisc_table_set_text(table, row, PAYER, payer);
    fisc_table_set_text(table, row, RECEIVER, receiver);
    fisc_table_set_text(table, row, KIND, kind);
    fisc_table_set_text(table, row, STATE, fisc_transfer_state_word(match->state));
    fisc_table_set_text(table, row, PAYER_ENTRIES, payer_entries);
    fisc_table_set_text(table, row, RECEIVER_ENTRIES, receiver_entries);
}

static void
list_match(FiscTable *table, const Report *report, const FiscTransferMatch *match)
{
    char since[FISC_DATE_TEXT];
    FiscRow *row = fisc_table_add_row(table);
    FiscDate first = since_of(match);
    set_words(table, row, match);
    set_amounts(table, row, match);
    fisc_table_set_text(table, row, SINCE, fisc_date_format(first, since));
    if (match->score > 0) {
        fisc_table_set_amount(table, row, SCORE, match->score);
    }
    if (is_open(match)) {
        fisc_table_set_text(table, row, OWNER, owner_of(report, match));
        fisc_table_set_amount(table, row, DAYS, report->at - first);
    }
}

/* Notes ---------------------------------------------------------------------------------------- */

static __int128
open_of(const __int128 amount[2])
{
    return amount[FISC_SIDE_FROM] - amount[FISC_SIDE_TO];
}

static void
note_state(FiscTable *table, FiscTransferState state, const Sum *sum)
{
    char paid[FISC_SUM_TEXT], received[FISC_SUM_TEXT], difference[FISC_SUM_TEXT];
    const char *word = fisc_transfer_state_word(state);
    if (sum->count == 0) {
        return;
    }
    if (state == FISC_TRANSFER_TAKEN_BACK) {
        fisc_table_add_note(table, "%s: %u, recorded and reversed, not listed", word, sum->count);
    } else if (state == FISC_TRANSFER_ONE_SIDE) {
        fisc_table_add_note(table, "%s: %u; whether the other unit has them is in its own books",
                            word, sum->count);
    } else {
        fisc_table_add_note(
            table, "%s: %u; paid %s, received %s, difference %s", word, sum->count,
            fisc_sum_format_grouped(sum->amount[FISC_SIDE_FROM], table->decimals, paid),
            fisc_sum_format_grouped(sum->amount[FISC_SIDE_TO], table->decimals, received),
            fisc_sum_format_grouped(open_of(sum->amount), table->decimals, difference));
    }
}

static void
note_open(FiscTable *table, const Report *report)
{
    char end[FISC_SUM_TEXT], beginning[FISC_SUM_TEXT], during[FISC_SUM_TEXT];
    __int128 open = 0, before = 0;
    for (int state = 0; state < FISC_TRANSFER_STATE_COUNT; state++) {
        open += state == FISC_TRANSFER_ONE_SIDE ? 0 : open_of(report->sums[state].amount);
        before += state == FISC_TRANSFER_ONE_SIDE ? 0 : open_of(report->sums[state].before);
    }
    fisc_table_add_note(table, "Open at the end %s = at the beginning %s + of the period %s%s",
                        fisc_sum_format_grouped(open, table->decimals, end),
                        fisc_sum_format_grouped(before, table->decimals, beginning),
                        fisc_sum_format_grouped(open - before, table->decimals, during),
                        report->records->is_of_one ? "" : ", as fisc report asymmetries shows it");
}

bool
fisc_statement_transfers(const FiscTransferQuery *query, FiscTable **out_table, GError **error)
{
    g_autoptr(FiscTransferRecords) records = NULL;
    if (!fisc_transfer_records_new(query, &records, error)) {
        return false;
    }
    fisc_transfer_records_read(records);
    g_autoptr(GPtrArray) matches = fisc_transfer_match(records);
    g_ptr_array_sort(matches, compare_matches);
    Report report = {.records = records,
                     .matches = matches,
                     .at = query->at != 0 ? query->at : fisc_rates_last_day(query->to)};
    add_up(&report);
    g_autoptr(FiscTable) table = new_table(&report);
    for (guint i = 0; i < matches->len; i++) {
        const FiscTransferMatch *match = matches->pdata[i];
        if (is_open(match) || (is_in_period(match) && match->state != FISC_TRANSFER_TAKEN_BACK)) {
            list_match(table, &report, match);
        }
    }
    for (int state = 0; state < FISC_TRANSFER_STATE_COUNT; state++) {
        note_state(table, (FiscTransferState)state, &report.sums[state]);
    }
    note_open(table, &report);
    *out_table = g_steal_pointer(&table);
    return true;
}

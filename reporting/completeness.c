/* completeness.c: which units' reports are due, which came, in what state, and what they weigh.
 *
 * Dues are facts on record: a unit owes a report for a period and it came as flash, provisional or
 * final figures. Those of a part of the period asked about count together; where a unit has none of
 * these, one for a longer period counts. What a unit weighs is its expenditure of the year before,
 * so that the units that are missing weigh something, too. Nothing is estimated. */
#include "reporting/completeness.h"
#include "fisc/money.h"
#include "reporting/fraction.h"
#include "reporting/period_label.h"
#include <string.h>

/* In the order in which they are listed: the worst first. */
typedef enum { STATE_MISSING, STATE_FLASH, STATE_PROVISIONAL, STATE_FINAL, STATE_COUNT } State;

static const char *const state_words[STATE_COUNT] = {"missing", "flash", "provisional", "final"};

/* What one unit owes for the period. */
typedef struct {
    const FiscEntity *entity;
    State state;
    const char *due_on, *received_on; /* of the worst part; "" = not said */
    bool is_within;                   /* from dues within the period */
    __int128 value;
} Due;

static State
find_state(const char *word)
{
    for (int i = STATE_MISSING; i < STATE_COUNT; i++) {
        if (strcmp(state_words[i], word) == 0) {
            return (State)i;
        }
    }
    return STATE_MISSING; /* nothing is said of it yet */
}

/* "2024-Q3" covers "2024-07" and lies within "2024". Opening and adjustments belong to the year. */
static bool
covers(FiscPeriod from, FiscPeriod to, FiscPeriod other_from, FiscPeriod other_to)
{
    FiscPeriod first = from % 100 == 1 ? from - 1 : from;
    FiscPeriod last = to % 100 == 12 ? to + 1 : to;
    return first <= other_from && other_to <= last;
}

static Due *
find_due(GHashTable *by_entity, const FiscEntity *entity)
{
    Due *due = g_hash_table_lookup(by_entity, entity->code);
    if (due == NULL) {
        due = g_new0(Due, 1);
        due->entity = entity;
        due->state = STATE_COUNT;
        g_hash_table_insert(by_entity, entity->code, due);
    }
    return due;
}

static void
take_fact(Due *due, const FiscFact *fact, bool is_within)
{
    State state = find_state(fisc_fact_field(fact, "state"));
    if (due->is_within && !is_within) {
        return;
    }
    if (is_within && !due->is_within) {
        due->is_within = true;
        due->state = STATE_COUNT;
    }
    if (state < due->state) {
        due->state = state;
        due->due_on = fisc_fact_field(fact, "due_on");
        due->received_on = fisc_fact_field(fact, "received_on");
    }
}

/* Entity -> Due, of the perimeter. */
static GHashTable *
find_dues(const FiscPerimeter *perimeter, FiscPeriod from, FiscPeriod to)
{
    GHashTable *dues = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    g_autoptr(GPtrArray) facts = fisc_nation_facts(perimeter->nation, "due");
    for (guint i = 0; i < facts->len; i++) {
        const FiscFact *fact = facts->pdata[i];
        const char *code = fisc_fact_field(fact, "entity");
        const FiscEntity *entity = fisc_nation_entity(perimeter->nation, code);
        FiscPeriod first, last;
        if (entity == NULL || !fisc_perimeter_has(perimeter, code) ||
            !fisc_period_range_parse(fisc_fact_field(fact, "period"), &first, &last)) {
            continue;
        }
        bool is_within = covers(from, to, first, last);
        if (is_within || covers(first, last, from, to)) {
            take_fact(find_due(dues, entity), fact, is_within);
        }
    }
    return dues;
}

static bool
is_expenditure(const FiscCoding *coding)
{
    FiscClass class_ = coding->account->class_;
    return coding->flow == FISC_FLOW_TRANSACTION &&
           (class_ == FISC_CLASS_EXPENSE || class_ == FISC_CLASS_NONFINANCIAL_ASSET);
}

static void
add_values(GHashTable *dues, const FiscBalances *balances, int year)
{
    for (guint i = 0; i < balances->rows->len; i++) {
        const FiscBalance *row = &g_array_index(balances->rows, FiscBalance, i);
        if (fisc_period_year(row->period) != year || !is_expenditure(row->coding)) {
            continue;
        }
        Due *due = g_hash_table_lookup(dues, row->coding->entity);
        if (due != NULL) {
            due->value += (__int128)row->debit - row->credit;
        }
    }
}

static int
compare_dues(const void *a, const void *b)
{
    const Due *left = *(const Due *const *)a;
    const Due *right = *(const Due *const *)b;
    return left->state != right->state ? (int)left->state - (int)right->state
                                       : strcmp(left->entity->code, right->entity->code);
}

/* Of Due, the worst first; owned by @dues. */
static GPtrArray *
list_dues(GHashTable *dues)
{
    GPtrArray *list = g_ptr_array_new();
    GHashTableIter iterator;
    void *value = NULL;
    g_hash_table_iter_init(&iterator, dues);
    while (g_hash_table_iter_next(&iterator, NULL, &value)) {
        g_ptr_array_add(list, value);
    }
    g_ptr_array_sort(list, compare_dues);
    return list;
}

/* Without the units that are missing nothing is final; a flash makes all of it one. */
static const char *
status_of(const int *units)
{
    if (units[STATE_FLASH] > 0) {
        return state_words[STATE_FLASH];
    }
    bool is_final = units[STATE_MISSING] == 0 && units[STATE_PROVISIONAL] == 0;
    return state_words[is_final ? STATE_FINAL : STATE_PROVISIONAL];
}

static FiscCompleteness
count(const GPtrArray *list)
{
    FiscCompleteness sum = {.due = (int)list->len};
    int units[STATE_COUNT] = {0};
    for (guint i = 0; i < list->len; i++) {
        const Due *due = list->pdata[i];
        __int128 value = MAX(due->value, 0);
        units[due->state]++;
        sum.value_due += value;
        sum.value_received += due->state != STATE_MISSING ? value : 0;
    }
    sum.received = sum.due - units[STATE_MISSING];
    sum.flash = units[STATE_FLASH];
    sum.provisional = units[STATE_PROVISIONAL];
    sum.final = units[STATE_FINAL];
    sum.status = list->len > 0 ? status_of(units) : NULL;
    return sum;
}

/* "96.0 %". What is not all of it is never called 100.0. */
static char *
percent(__int128 part, __int128 whole)
{
    int tenths = (int)fisc_fraction_tenths((FiscFraction){part, whole});
    tenths = part < whole ? MIN(tenths, 999) : tenths;
    return g_strdup_printf("%d.%d %%", tenths / 10, tenths % 10);
}

char *
fisc_completeness_words(const FiscCompleteness *sum)
{
    if (sum->status == NULL) {
        return NULL;
    }
    char received[FISC_SUM_TEXT], due[FISC_SUM_TEXT];
    g_autofree char *units = percent(sum->received, sum->due);
    g_autoptr(GString) words = g_string_new(NULL);
    g_string_append_printf(words, "%s: %s of %s unit%s (%s)", sum->status,
                           fisc_sum_format_grouped(sum->received, 0, received),
                           fisc_sum_format_grouped(sum->due, 0, due), sum->due == 1 ? "" : "s",
                           units);
    if (sum->value_due > 0) {
        g_autofree char *value = percent(sum->value_received, sum->value_due);
        g_string_append_printf(words, ", %s of value", value);
    }
    return g_string_free(g_steal_pointer(&words), FALSE);
}

static GHashTable *
find_all(const FiscPerimeter *perimeter, const FiscBalances *balances, FiscPeriod from,
         FiscPeriod to)
{
    GHashTable *dues = find_dues(perimeter, from, to);
    if (g_hash_table_size(dues) > 0) {
        add_values(dues, balances, fisc_period_year(from) - 1);
    }
    return dues;
}

char *
fisc_completeness_note(const FiscPerimeter *perimeter, const FiscBalances *balances,
                       FiscPeriod from, FiscPeriod to)
{
    g_autoptr(GHashTable) dues = find_all(perimeter, balances, from, to);
    g_autoptr(GPtrArray) list = list_dues(dues);
    FiscCompleteness sum = count(list);
    return fisc_completeness_words(&sum);
}

bool
fisc_statement_completeness(const FiscNation *nation, const FiscBalances *balances,
                            const char *unit, FiscPeriod from, FiscPeriod to, FiscCompleteness *out,
                            GError **error)
{
    g_autoptr(FiscPerimeter) perimeter = NULL;
    if (!fisc_perimeter_find(nation, unit, &perimeter, error)) {
        return false;
    }
    g_autoptr(GHashTable) dues = find_all(perimeter, balances, from, to);
    g_autoptr(GPtrArray) list = list_dues(dues);
    *out = count(list);
    return true;
}

/* The report ----------------------------------------------------------------------------------- */

enum { UNIT, NAME, STATE, DUE_ON, RECEIVED_ON, DAYS_LATE, VALUE, SHARE };

static FiscTable *
new_table(const FiscPerimeter *perimeter, FiscPeriod from, FiscPeriod to)
{
    g_autofree char *period = fisc_period_label(from, to);
    g_autofree char *title =
        g_strdup_printf("Reports due, %s%s%s, %s", perimeter->unit,
                        *perimeter->unit != '\0' ? " " : "", perimeter->name, period);
    FiscTable *table = fisc_table_new("completeness", title, perimeter->decimals);
    fisc_table_add_column(table, "unit", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "name", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "state", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "due_on", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "received_on", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "days_late", FISC_COLUMN_INTEGER);
    fisc_table_add_column(table, "value", FISC_COLUMN_AMOUNT);
    fisc_table_add_column(table, "share", FISC_COLUMN_TEXT);
    return table;
}

static void
list_unit(FiscTable *table, const Due *due, __int128 whole)
{
    FiscRow *row = fisc_table_add_row(table);
    FiscDate wanted, came;
    fisc_table_set_text(table, row, UNIT, due->entity->code);
    fisc_table_set_text(table, row, NAME, due->entity->name);
    fisc_table_set_text(table, row, STATE, state_words[due->state]);
    fisc_table_set_text(table, row, DUE_ON, due->due_on);
    fisc_table_set_text(table, row, RECEIVED_ON, due->received_on);
    if (fisc_date_parse(due->due_on, &wanted) && fisc_date_parse(due->received_on, &came)) {
        fisc_table_set_amount(table, row, DAYS_LATE, MAX(came - wanted, 0));
    }
    fisc_table_set_amount(table, row, VALUE, due->value);
    if (whole > 0) {
        g_autofree char *share = percent(MAX(due->value, 0), whole);
        fisc_table_set_text(table, row, SHARE, share);
    }
}

static void
note_count(FiscTable *table, const FiscPerimeter *perimeter, const FiscCompleteness *sum, int year)
{
    g_autofree char *words = fisc_completeness_words(sum);
    if (words == NULL) {
        fisc_table_add_note(table, "No report of %s is due for the period (due.csv)",
                            perimeter->unit);
        return;
    }
    fisc_table_add_note(table, "%s", words);
    fisc_table_add_note(table, "%d missing, %d flash, %d provisional, %d final",
                        sum->due - sum->received, sum->flash, sum->provisional, sum->final);
    fisc_table_add_note(table, "Value: expenditure of %d, each unit's own, not consolidated", year);
}

bool
fisc_statement_completeness_table(const FiscNation *nation, const FiscBalances *balances,
                                  const char *unit, FiscPeriod from, FiscPeriod to,
                                  FiscTable **out_table, GError **error)
{
    g_autoptr(FiscPerimeter) perimeter = NULL;
    if (!fisc_perimeter_find(nation, unit, &perimeter, error)) {
        return false;
    }
    g_autoptr(GHashTable) dues = find_all(perimeter, balances, from, to);
    g_autoptr(GPtrArray) list = list_dues(dues);
    FiscCompleteness sum = count(list);
    *out_table = new_table(perimeter, from, to);
    for (guint i = 0; i < list->len; i++) {
        list_unit(*out_table, list->pdata[i], sum.value_due);
    }
    note_count(*out_table, perimeter, &sum, fisc_period_year(from) - 1);
    return true;
}

/* budget_stages.c: every stage of the budget by any words of its lines: the budget office's view.
 *
 * Stage amounts are cumulative here: what was paid was also obligated, committed and authorized. */
#include "fisc/statement.h"
#include "fisc/money.h"
#include "reporting/cell_key.h"
#include "reporting/stage_columns.h"
#include "reporting/stages.h"
#include <string.h>

/* What is asked for. */
typedef struct {
    const char *unit;
    int year;
    const FiscStageKeys *by;
    const FiscStageColumn *columns;
    guint column_count;
    bool over_only;
} View;

static __int128
column_amount(const FiscStageColumn *column, const FiscStageSum *sum)
{
    __int128 debit = 0;
    for (FiscStage stage = column->first; stage <= column->last; stage++) {
        debit += sum->balance[stage];
    }
    return column->is_limit ? debit : -debit;
}

/* What was authorized, and went on from there, beyond the final credit: above 0 when over. Limits
 * are debits and draws are credits, so what is left of the limits is their sum. */
static __int128
excess(const FiscStageSum *sum)
{
    __int128 left = sum->balance[FISC_STAGE_APPROPRIATION] + sum->balance[FISC_STAGE_CHANGE];
    for (FiscStage stage = FISC_STAGE_AUTHORIZATION; stage <= FISC_STAGE_PAYMENT; stage++) {
        left += sum->balance[stage];
    }
    return -left;
}

static bool
is_wanted(const View *view, const FiscStageSum *sum)
{
    bool is_moved = false;
    for (guint i = 0; i < view->column_count; i++) {
        for (FiscStage stage = view->columns[i].first; stage <= view->columns[i].last; stage++) {
            is_moved = is_moved || sum->is_moved[stage];
        }
    }
    return is_moved && fisc_stage_keys_want(view->by, sum->words) &&
           (!view->over_only || excess(sum) > 0);
}

static int
compare_sums(const void *a, const void *b)
{
    const FiscStageSum *left = *(const FiscStageSum *const *)a;
    const FiscStageSum *right = *(const FiscStageSum *const *)b;
    int order = 0;
    for (guint i = 0; order == 0 && left->words[i] != NULL; i++) {
        order = strcmp(left->words[i], right->words[i]);
    }
    return order;
}

static int
compare_excess(const void *a, const void *b)
{
    __int128 left = excess(*(const FiscStageSum *const *)a);
    __int128 right = excess(*(const FiscStageSum *const *)b);
    return left != right ? (left < right ? 1 : -1) : compare_sums(a, b);
}

/* "entity=001,economic:1=2": the words of a row as --by takes them. */
static char *
row_words(const View *view, const FiscStageSum *sum)
{
    GString *words = g_string_new(NULL);
    for (guint i = 0; i < view->by->count; i++) {
        const FiscStageKey *key = &view->by->keys[i];
        g_string_append_printf(words, "%s%s", i > 0 ? "," : "", fisc_stage_key_name(key));
        if (key->characters > 0) {
            g_string_append_printf(words, ":%u", key->characters);
        }
        g_string_append_printf(words, "=%s", sum->words[i]);
    }
    return g_string_free(words, FALSE);
}

static void
list_sum(FiscTable *table, const View *view, const FiscStageSum *sum)
{
    FiscPeriod from = view->year * 100;
    g_autofree char *words = row_words(view, sum);
    FiscRow *row = fisc_table_add_row(table);
    for (guint i = 0; i < view->by->count; i++) {
        fisc_table_set_text(table, row, (int)i, sum->words[i]);
    }
    for (guint i = 0; i < view->column_count; i++) {
        fisc_table_set_amount(table, row, (int)(view->by->count + i),
                              column_amount(&view->columns[i], sum));
        g_autofree char *path =
            fisc_cell_path(table->name, view->unit, from, from + 13, view->columns[i].name, words);
        fisc_table_set_drill(table, row, (int)(view->by->count + i), path);
    }
}

static FiscTable *
new_table(const View *view, const FiscPerimeter *perimeter, int year, bool revenue)
{
    g_autofree char *title =
        g_strdup_printf("%s by stage%s, %s %s, %d", revenue ? "Revenue budget" : "Budget",
                        view->over_only ? ", keys over their final credit" : "", perimeter->unit,
                        perimeter->name, year);
    FiscTable *table = fisc_table_new("budget-stages", title, perimeter->decimals);
    for (guint i = 0; i < view->by->count; i++) {
        fisc_table_add_column(table, fisc_stage_key_name(&view->by->keys[i]), FISC_COLUMN_TEXT);
    }
    for (guint i = 0; i < view->column_count; i++) {
        fisc_table_add_column(table, view->columns[i].name, FISC_COLUMN_AMOUNT);
    }
    return table;
}

static void
note_excess(FiscTable *table, guint count, __int128 total)
{
    char number[FISC_SUM_TEXT], amount[FISC_SUM_TEXT];
    fisc_table_add_note(table, "%s over their final credit, by %s together.",
                        fisc_sum_format_grouped(count, 0, number),
                        fisc_sum_format_grouped(total, table->decimals, amount));
}

static void
list_sums(FiscTable *table, const View *view, GPtrArray *sums)
{
    guint count = 0;
    __int128 total = 0;
    g_ptr_array_sort(sums, view->over_only ? compare_excess : compare_sums);
    for (guint i = 0; i < sums->len; i++) {
        const FiscStageSum *sum = g_ptr_array_index(sums, i);
        if (is_wanted(view, sum)) {
            list_sum(table, view, sum);
            count++;
            total += excess(sum);
        }
    }
    if (view->over_only) {
        note_excess(table, count, total);
    }
}

bool
fisc_statement_budget_stages(const FiscNation *nation, const FiscBalances *balances,
                             const char *unit, int year, const char *by, bool revenue,
                             bool over_only, FiscTable **out_table, GError **error)
{
    g_auto(FiscStageKeys) keys = {.count = 0};
    View view = {
        .unit = unit,
        .year = year,
        .over_only = over_only,
        .by = &keys,
    };
    view.columns = fisc_stage_columns(revenue, &view.column_count);
    if (revenue && over_only) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "revenue has no credit that it could be over: only spending has");
    }
    g_autoptr(FiscPerimeter) perimeter = NULL;
    if (!fisc_stage_keys_read(by, &keys, error) ||
        !fisc_perimeter_find(nation, unit, &perimeter, error)) {
        return false;
    }
    g_autoptr(GPtrArray) sums = fisc_stages_sum(perimeter, balances, year, keys.keys, keys.count);
    g_autoptr(FiscTable) table = new_table(&view, perimeter, year, revenue);
    list_sums(table, &view, sums);
    *out_table = g_steal_pointer(&table);
    return true;
}

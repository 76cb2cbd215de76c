/* drill_plain.c: figures that add up balances as they are: of the trial balance, and of the stages
 * of a budget. */
#include "reporting/drill.h"
#include "reporting/measure.h"
#include "reporting/period_label.h"
#include "reporting/posted_account.h"
#include "reporting/stage_columns.h"
#include "reporting/stage_keys.h"
#include <string.h>

/* How often a coding counts. False: not at all. */
typedef bool (*Weigh)(const FiscCoding *coding, FiscDrillPart *part, const void *data);

static void
collect(const FiscStatementQuery *query, const FiscPerimeter *perimeter, Weigh weigh,
        const void *data, FiscDrill *drill)
{
    g_autoptr(GHashTable) places = g_hash_table_new(NULL, NULL);
    g_autoptr(GHashTable) sums =
        fisc_drill_sums(query->balances, perimeter, query->from, query->to);
    for (guint i = 0; i < query->balances->rows->len; i++) {
        const FiscBalance *row = &g_array_index(query->balances->rows, FiscBalance, i);
        const FiscDrillSums *sum = g_hash_table_lookup(sums, row->coding);
        FiscDrillPart weights = {0};
        if (sum == NULL || g_hash_table_contains(places, row->coding) ||
            !weigh(row->coding, &weights, data)) {
            continue;
        }
        FiscDrillPart *part = fisc_drill_part(drill, places, row->coding);
        part->before = weights.before;
        part->debit = weights.debit;
        part->credit = weights.credit;
        part->counted = fisc_drill_weighed(&weights, sum);
    }
    fisc_drill_settle(drill, query->balances, sums);
}

/* The trial balance ------------------------------------------------------------------------------
 */

typedef struct {
    const char *account;
    FiscDrillPart weights;
} AccountFigure;

static bool
weigh_account(const FiscCoding *coding, FiscDrillPart *part, const void *data)
{
    const AccountFigure *figure = data;
    char account[FISC_CODE_MAX];
    fisc_posted_account(coding, account);
    *part = figure->weights;
    return strcmp(account, figure->account) == 0;
}

bool
fisc_drill_trial_balance(const FiscStatementQuery *query, const char *column, const char *account,
                         FiscDrill **out_drill, GError **error)
{
    static const struct {
        const char *column;
        FiscDrillPart weights;
    } columns[] = {
        {"debit", {.debit = 1}},
        {"credit", {.credit = -1}},
        {"balance", {.before = 1, .debit = 1, .credit = 1}},
    };
    g_autoptr(FiscPerimeter) perimeter = NULL;
    guint found = 0;
    while (found < G_N_ELEMENTS(columns) && strcmp(columns[found].column, column) != 0) {
        found++;
    }
    if (found == G_N_ELEMENTS(columns)) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "the trial balance has no column \"%s\"",
                         column);
    }
    if (!fisc_perimeter_find(query->nation, query->unit, &perimeter, error)) {
        return false;
    }
    AccountFigure figure = {account, columns[found].weights};
    g_autofree char *period = fisc_period_label(query->from, query->to);
    g_autoptr(FiscDrill) drill = fisc_drill_new(query->from, query->to, perimeter->decimals);
    collect(query, perimeter, weigh_account, &figure, drill);
    drill->name =
        g_strdup_printf("Account %s, %s, %s, %s", account, column, perimeter->unit, period);
    drill->formula = g_strdup_printf("%s of account %s", column, account);
    *out_drill = g_steal_pointer(&drill);
    return true;
}

/* The stages of a budget -------------------------------------------------------------------------
 */

typedef struct {
    const FiscStageColumn *column;
    const FiscStageKeys *keys;
} StageFigure;

static bool
weigh_stage(const FiscCoding *coding, FiscDrillPart *part, const void *data)
{
    const StageFigure *figure = data;
    FiscStage stage = coding->account->stage;
    int times = figure->column->is_limit ? 1 : -1;
    *part = (FiscDrillPart){.debit = times, .credit = times};
    if (coding->account->class_ != FISC_CLASS_BUDGETARY || stage < figure->column->first ||
        stage > figure->column->last) {
        return false;
    }
    g_auto(GStrv) words = fisc_stage_key_words(figure->keys->keys, figure->keys->count, coding);
    return fisc_stage_keys_want(figure->keys, words);
}

bool
fisc_drill_stages(const FiscStatementQuery *query, const char *column, const char *words,
                  bool revenue, FiscDrill **out_drill, GError **error)
{
    g_auto(FiscStageKeys) keys = {.count = 0};
    g_autoptr(FiscPerimeter) perimeter = NULL;
    const FiscStageColumn *found = fisc_stage_column_find(column, revenue);
    if (found == NULL) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "the stages of %s have no column \"%s\"",
                         revenue ? "revenue" : "spending", column);
    }
    if (!fisc_stage_keys_read(words, &keys, error) ||
        !fisc_perimeter_find(query->nation, query->unit, &perimeter, error)) {
        return false;
    }
    StageFigure figure = {found, &keys};
    g_autoptr(FiscDrill) drill = fisc_drill_new(query->from, query->to, perimeter->decimals);
    collect(query, perimeter, weigh_stage, &figure, drill);
    drill->name = g_strdup_printf("Budget, %s of %s, %s, %d", column, words, perimeter->unit,
                                  fisc_period_year(query->to));
    drill->formula = g_strdup_printf("%s, of what lies in its stages", column);
    *out_drill = g_steal_pointer(&drill);
    return true;
}

/* Tables by any segments -------------------------------------------------------------------------
 */

typedef struct {
    const FiscMeasure *measure;
    FiscStageKeys keys;
    FiscStageWhere where;
} PivotFigure;

static void
pivot_figure_clear(PivotFigure *figure)
{
    fisc_stage_keys_clear(&figure->keys);
    fisc_stage_where_clear(&figure->where);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(PivotFigure, pivot_figure_clear)

static bool
weigh_pivot(const FiscCoding *coding, FiscDrillPart *part, const void *data)
{
    const PivotFigure *figure = data;
    if (!fisc_measure_weigh(figure->measure, coding, part) ||
        !fisc_stage_where_has(&figure->where, coding)) {
        return false;
    }
    g_auto(GStrv) words = fisc_stage_key_words(figure->keys.keys, figure->keys.count, coding);
    return fisc_stage_keys_want(&figure->keys, words);
}

bool
fisc_drill_pivot(const FiscStatementQuery *query, const char *measure, const char *words,
                 const char *where, FiscDrill **out_drill, GError **error)
{
    g_auto(PivotFigure) figure = {.measure = NULL};
    g_autoptr(FiscPerimeter) perimeter = NULL;
    if (!fisc_measure_find(measure, &figure.measure, error) ||
        !fisc_stage_keys_read(words, &figure.keys, error) ||
        !fisc_stage_where_read(query->nation, where, &figure.where, error) ||
        !fisc_perimeter_find(query->nation, query->unit, &perimeter, error)) {
        return false;
    }
    g_autofree char *period = fisc_period_label(query->from, query->to);
    g_autoptr(FiscDrill) drill = fisc_drill_new(query->from, query->to, perimeter->decimals);
    collect(query, perimeter, weigh_pivot, &figure, drill);
    drill->name = g_strdup_printf("%s of %s, %s, %s", measure, words, perimeter->unit, period);
    drill->formula = g_strdup_printf("%s of %s%s%s", measure, words, where != NULL ? " where " : "",
                                     where != NULL ? where : "");
    *out_drill = g_steal_pointer(&drill);
    return true;
}

/* budget_execution.c: appropriations of a year against what was accrued and paid, by GFS class and
 * function (convention 14 tells what counts as paid; the budget's planner has decided it). */
#include "fisc/statement.h"
#include "reporting/stages.h"

enum { ENTITY, GFS_CODE, COFOG, ORIGINAL, VIREMENT, FINAL, ACCRUED, PAID, AVAILABLE };

static const FiscStageKey keys[] = {
    {FISC_STAGE_KEY_ENTITY, 0},
    {FISC_DIM_GFS, 0},
    {FISC_DIM_FUNCTION, 0},
};

static void
list_sum(FiscTable *table, const FiscStageSum *sum)
{
    __int128 original = sum->balance[FISC_STAGE_APPROPRIATION];
    __int128 virement = sum->balance[FISC_STAGE_CHANGE];
    __int128 paid = -sum->balance[FISC_STAGE_PAYMENT];
    __int128 accrued = paid - sum->balance[FISC_STAGE_OBLIGATION];
    FiscRow *row = fisc_table_add_row(table);
    for (int key = ENTITY; key <= COFOG; key++) {
        fisc_table_set_text(table, row, key, sum->words[key]);
    }
    fisc_table_set_amount(table, row, ORIGINAL, original);
    fisc_table_set_amount(table, row, VIREMENT, virement);
    fisc_table_set_amount(table, row, FINAL, original + virement);
    fisc_table_set_amount(table, row, ACCRUED, accrued);
    fisc_table_set_amount(table, row, PAID, paid);
    fisc_table_set_amount(table, row, AVAILABLE, original + virement - accrued);
}

static FiscTable *
new_table(const FiscPerimeter *perimeter, int year)
{
    g_autofree char *title =
        g_strdup_printf("Budget execution, %s %s, %d", perimeter->unit, perimeter->name, year);
    FiscTable *table = fisc_table_new("budget-execution", title, perimeter->decimals);
    fisc_table_add_column(table, "entity", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "gfs_code", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "cofog", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "original", FISC_COLUMN_AMOUNT);
    fisc_table_add_column(table, "virement", FISC_COLUMN_AMOUNT);
    fisc_table_add_column(table, "final", FISC_COLUMN_AMOUNT);
    fisc_table_add_column(table, "accrued", FISC_COLUMN_AMOUNT);
    fisc_table_add_column(table, "paid", FISC_COLUMN_AMOUNT);
    fisc_table_add_column(table, "available_after_accrual", FISC_COLUMN_AMOUNT);
    return table;
}

bool
fisc_statement_budget_execution(const FiscNation *nation, const FiscBalances *balances,
                                const char *unit, int year, FiscTable **out_table, GError **error)
{
    g_autoptr(FiscPerimeter) perimeter = NULL;
    if (!fisc_perimeter_find(nation, unit, &perimeter, error)) {
        return false;
    }
    g_autoptr(FiscTable) table = new_table(perimeter, year);
    g_autoptr(GPtrArray) sums =
        fisc_stages_sum(perimeter, balances, year, keys, G_N_ELEMENTS(keys));
    for (guint i = 0; i < sums->len; i++) {
        const FiscStageSum *sum = g_ptr_array_index(sums, i);
        if (sum->is_moved[FISC_STAGE_APPROPRIATION] || sum->is_moved[FISC_STAGE_CHANGE]) {
            list_sum(table, sum);
        }
    }
    *out_table = g_steal_pointer(&table);
    return true;
}

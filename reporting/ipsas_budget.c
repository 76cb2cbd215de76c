/* ipsas_budget.c: IPSAS 24: original and final budget against the actual amounts on a comparable
 * basis, and how those lead to the cash flow statement and to the expenses of the statement of
 * financial performance.
 *
 * The comparable basis is the budget's own: spending counts when it is obligated, revenue when it
 * is recognized. The budgets of a group's members are added up as they were voted; what is left out
 * when statements are consolidated is a row of the reconciliation. Every row of a reconciliation is
 * a sum of the books but one, which is what remains and is called so. */
#include "fisc/chart.h"
#include "fisc/gfs.h"
#include "fisc/statement.h"
#include "reporting/figures.h"
#include "reporting/period_label.h"
#include "reporting/stages.h"
#include <string.h>

enum { STATEMENT, UNIT, CODE, LABEL, ORIGINAL, FINAL, ACTUAL, DIFFERENCE };

#define CLASS_DIGITS 2

/* What one class of a budget was, became, and came to. */
typedef struct {
    char code[CLASS_DIGITS + 1];
    __int128 original, final, actual, unpaid;
} Class;

/* One side of a budget. */
typedef struct {
    bool is_revenue;
    const char *total_code, *total_label;
    GArray *classes; /* of Class, by code */
    Class total;
} Side;

typedef struct {
    const FiscStatementQuery *query;
    FiscPerimeter *perimeter;
    FiscTable *table;
    const char *statement;
} Writer;

/* Sums --------------------------------------------------------------------------------------- */

/* Limits lie on the debit side, what draws on them on the credit side; both are shown positive. */
static Class
class_of_sum(const FiscStageSum *sum, bool is_revenue)
{
    Class class_ = {.code = ""};
    if (is_revenue) {
        class_.original = sum->balance[FISC_STAGE_ESTIMATE];
        class_.final = class_.original + sum->balance[FISC_STAGE_ESTIMATE_CHANGE];
        class_.unpaid = -sum->balance[FISC_STAGE_RECOGNITION];
        class_.actual = class_.unpaid - sum->balance[FISC_STAGE_COLLECTION];
    } else {
        class_.original = sum->balance[FISC_STAGE_APPROPRIATION];
        class_.final =
            class_.original + sum->balance[FISC_STAGE_CHANGE] + sum->balance[FISC_STAGE_CARRY];
        class_.unpaid = -sum->balance[FISC_STAGE_OBLIGATION];
        class_.actual = class_.unpaid - sum->balance[FISC_STAGE_PAYMENT];
    }
    g_strlcpy(class_.code, sum->words[0], sizeof(class_.code));
    return class_;
}

static bool
is_of_side(const FiscStageSum *sum, bool is_revenue)
{
    static const FiscStage spending[] = {FISC_STAGE_APPROPRIATION, FISC_STAGE_CHANGE,
                                         FISC_STAGE_CARRY, FISC_STAGE_OBLIGATION,
                                         FISC_STAGE_PAYMENT};
    static const FiscStage revenue[] = {FISC_STAGE_ESTIMATE, FISC_STAGE_ESTIMATE_CHANGE,
                                        FISC_STAGE_RECOGNITION, FISC_STAGE_COLLECTION};
    const FiscStage *stages = is_revenue ? revenue : spending;
    gsize count = is_revenue ? G_N_ELEMENTS(revenue) : G_N_ELEMENTS(spending);
    for (gsize i = 0; i < count; i++) {
        if (sum->is_moved[stages[i]]) {
            return true;
        }
    }
    return false;
}

static void
add_class(Class *into, const Class *class_)
{
    into->original += class_->original;
    into->final += class_->final;
    into->actual += class_->actual;
    into->unpaid += class_->unpaid;
}

static int
compare_classes(const void *a, const void *b)
{
    return strcmp(((const Class *)a)->code, ((const Class *)b)->code);
}

static void
read_side(const Writer *writer, Side *side)
{
    const FiscStageKey key = {FISC_DIM_GFS, CLASS_DIGITS};
    g_autoptr(GPtrArray) sums = fisc_stages_sum(writer->perimeter, writer->query->balances,
                                                fisc_period_year(writer->query->to), &key, 1);
    side->classes = g_array_new(FALSE, FALSE, sizeof(Class));
    for (guint i = 0; i < sums->len; i++) {
        const FiscStageSum *sum = g_ptr_array_index(sums, i);
        if (is_of_side(sum, side->is_revenue)) {
            Class class_ = class_of_sum(sum, side->is_revenue);
            g_array_append_val(side->classes, class_);
            add_class(&side->total, &class_);
        }
    }
    g_array_sort(side->classes, compare_classes);
}

/* Of the classes that are no expense and no investment: loans granted, debt repaid. */
static Class
sum_of_financing(const Side *side)
{
    Class sum = {.code = ""};
    for (guint i = 0; i < side->classes->len; i++) {
        const Class *class_ = &g_array_index(side->classes, Class, i);
        if (strcmp(class_->code, "32") == 0 || strcmp(class_->code, "33") == 0) {
            add_class(&sum, class_);
        }
    }
    return sum;
}

static __int128
actual_of(const Side *side, const char *code)
{
    for (guint i = 0; i < side->classes->len; i++) {
        const Class *class_ = &g_array_index(side->classes, Class, i);
        if (strcmp(class_->code, code) == 0) {
            return class_->actual;
        }
    }
    return 0;
}

/* Payments for operating and investing activities, and expenses, of some units. */
typedef struct {
    __int128 paid, expense, depreciation;
} Outlay;

static Outlay
outlay_of(const Writer *writer, const FiscPerimeter *perimeter, bool unconsolidated)
{
    FiscStatementQuery query = *writer->query;
    query.unconsolidated = unconsolidated;
    query.family = NULL;
    g_autoptr(FiscFigures) figures = fisc_figures_new(&query, perimeter);
    return (Outlay){.paid = -fisc_figures_get(figures, FISC_SOURCE_CASH, "2") -
                            fisc_figures_get(figures, FISC_SOURCE_CASH, "31") +
                            fisc_figures_get(figures, FISC_SOURCE_CASH, "31.2"),
                    .expense = fisc_figures_get(figures, FISC_SOURCE_FLOW, "2") -
                               fisc_figures_get(figures, FISC_SOURCE_FLOW, "2811") -
                               fisc_figures_get(figures, FISC_SOURCE_FLOW, "2812"),
                    .depreciation = fisc_figures_get(figures, FISC_SOURCE_FLOW, "23")};
}

static bool
has_budget(const Writer *writer, const FiscPerimeter *perimeter)
{
    const FiscStageKey key = {FISC_STAGE_KEY_ENTITY, 0};
    g_autoptr(GPtrArray) sums = fisc_stages_sum(perimeter, writer->query->balances,
                                                fisc_period_year(writer->query->to), &key, 1);
    for (guint i = 0; i < sums->len; i++) {
        if (is_of_side(g_ptr_array_index(sums, i), false)) {
            return true;
        }
    }
    return false;
}

/* Entity differences: members that have no budget for the year, added up. */
static bool
outlay_without_budget(const Writer *writer, Outlay *out_outlay, GError **error)
{
    Outlay sum = {0, 0, 0};
    const FiscNation *nation = writer->query->nation;
    for (guint i = 0; i < nation->entities->len; i++) {
        const FiscEntity *entity = g_ptr_array_index(nation->entities, i);
        g_autoptr(FiscPerimeter) own = NULL;
        if (!fisc_perimeter_has(writer->perimeter, entity->code)) {
            continue;
        }
        if (!fisc_perimeter_find(nation, entity->code, &own, error)) {
            return false;
        }
        if (!has_budget(writer, own)) {
            Outlay outlay = outlay_of(writer, own, true);
            sum.paid += outlay.paid;
            sum.expense += outlay.expense;
            sum.depreciation += outlay.depreciation;
        }
    }
    *out_outlay = sum;
    return true;
}

/* Rows --------------------------------------------------------------------------------------- */

static void
write_title(const Writer *writer, const char *words)
{
    g_autofree char *title = g_strdup_printf("%s, %s", words, writer->query->unit);
    FiscRow *row = fisc_table_add_row(writer->table);
    fisc_table_set_text(writer->table, row, LABEL, title);
    row->heading = true;
}

static FiscRow *
write_row(const Writer *writer, const char *code, const char *label, __int128 actual)
{
    FiscRow *row = fisc_table_add_row(writer->table);
    fisc_table_set_text(writer->table, row, STATEMENT, writer->statement);
    fisc_table_set_text(writer->table, row, UNIT, writer->query->unit);
    fisc_table_set_text(writer->table, row, CODE, code);
    fisc_table_set_text(writer->table, row, LABEL, label);
    fisc_table_set_amount(writer->table, row, ACTUAL, actual);
    row->level = 1;
    return row;
}

static void
write_total(const Writer *writer, const char *code, const char *label, __int128 actual)
{
    FiscRow *row = write_row(writer, code, label, actual);
    row->level = 0;
    row->strong = true;
}

static void
write_class(const Writer *writer, const Class *class_, const char *code, const char *label,
            bool is_total)
{
    FiscRow *row = write_row(writer, code, label, class_->actual);
    fisc_table_set_amount(writer->table, row, ORIGINAL, class_->original);
    fisc_table_set_amount(writer->table, row, FINAL, class_->final);
    fisc_table_set_amount(writer->table, row, DIFFERENCE, class_->final - class_->actual);
    row->level = is_total ? 0 : 1;
    row->strong = is_total;
}

static void
write_side(const Writer *writer, const Side *side)
{
    for (guint i = 0; i < side->classes->len; i++) {
        const Class *class_ = &g_array_index(side->classes, Class, i);
        bool has_code = class_->code[0] != '\0';
        write_class(writer, class_, has_code ? class_->code : "?",
                    has_code ? fisc_gfs_label(class_->code) : "Lines without a class", false);
    }
    if (side->classes->len > 0) {
        write_class(writer, &side->total, side->total_code, side->total_label, true);
    }
}

/* What the budget obligated, until it is what the cash flow statement shows as paid. */
static void
write_cash(Writer *writer, const Side *spending, const Outlay *without_budget, const Outlay *sum,
           const Outlay *consolidated)
{
    Class financing = sum_of_financing(spending);
    __int128 unpaid = spending->total.unpaid - financing.unpaid;
    __int128 budgeted = spending->total.actual - financing.actual - unpaid;
    writer->statement = "IPSAS24_CASH";
    write_title(writer, "From actual spending to payments in the cash flow statement");
    write_total(writer, "A", "Actual spending on the budget's basis", spending->total.actual);
    write_row(writer, "P",
              "Presentation: loans granted and debt repaid, financing in the statement",
              -financing.actual);
    write_row(writer, "B", "Basis: obligated in the year and not paid in it", -unpaid);
    write_row(writer, "E", "Entities: paid by units that have no budget", without_budget->paid);
    write_row(writer, "T", "Timing and basis: paid outside the year's budget, as earlier payables",
              sum->paid - budgeted - without_budget->paid);
    write_row(writer, "I", "Consolidation: paid to units of the group",
              consolidated->paid - sum->paid);
    write_total(writer, "C", "Payments for operations and for nonfinancial assets (O2 and I1)",
                consolidated->paid);
}

/* The same, until it is the expenses. */
static void
write_expense(Writer *writer, const Side *spending, const Outlay *without_budget, const Outlay *sum,
              const Outlay *consolidated)
{
    __int128 financing = sum_of_financing(spending).actual;
    __int128 investment = actual_of(spending, "31");
    __int128 depreciation =
        sum->depreciation - without_budget->depreciation - actual_of(spending, "23");
    __int128 explained = spending->total.actual - financing - investment + depreciation;
    writer->statement = "IPSAS24_EXPENSE";
    write_title(writer, "From actual spending to expenses in the statement of performance");
    write_total(writer, "A", "Actual spending on the budget's basis", spending->total.actual);
    write_row(writer, "P", "Presentation: loans granted and debt repaid", -financing);
    write_row(writer, "N", "Basis: nonfinancial assets acquired, no expense", -investment);
    write_row(writer, "D", "Basis: depreciation and amortization, not budgeted", depreciation);
    write_row(writer, "E", "Entities: expenses of units that have no budget",
              without_budget->expense);
    write_row(writer, "T", "Basis: other expenses outside the budget, less distributions to owners",
              sum->expense - explained - without_budget->expense);
    write_row(writer, "I", "Consolidation: expenses towards units of the group",
              consolidated->expense - sum->expense);
    write_total(writer, "X", "Total expenses (X)", consolidated->expense);
}

static FiscTable *
new_table(const FiscStatementQuery *query, const FiscPerimeter *perimeter)
{
    static const char *const texts[] = {"statement", "unit", "code", "label"};
    static const char *const amounts[] = {"original", "final", "actual", "difference"};
    g_autofree char *period = fisc_period_label(query->from, query->to);
    g_autofree char *title = g_strdup_printf("Comparison of budget and actual amounts (IPSAS 24), "
                                             "%s %s, %s",
                                             query->unit, perimeter->name, period);
    FiscTable *table = fisc_table_new("ipsas24", title, perimeter->decimals);
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        fisc_table_add_column(table, texts[i], FISC_COLUMN_TEXT);
    }
    for (guint i = 0; i < G_N_ELEMENTS(amounts); i++) {
        fisc_table_add_column(table, amounts[i], FISC_COLUMN_AMOUNT);
    }
    g_array_index(table->columns, FiscColumn, STATEMENT).for_machines = true;
    g_array_index(table->columns, FiscColumn, UNIT).for_machines = true;
    return table;
}

static bool
write_all(Writer *writer, GError **error)
{
    Side revenue = {true, "RT", "Total revenue", NULL, {.code = ""}};
    Side spending = {false, "ST", "Total spending", NULL, {.code = ""}};
    Outlay without_budget;
    if (!outlay_without_budget(writer, &without_budget, error)) {
        return false;
    }
    Outlay sum = outlay_of(writer, writer->perimeter, true);
    Outlay consolidated = outlay_of(writer, writer->perimeter, writer->query->unconsolidated);
    read_side(writer, &revenue);
    read_side(writer, &spending);
    writer->statement = "IPSAS24";
    write_title(writer, "Budget and actual amounts on the budget's basis");
    write_side(writer, &revenue);
    write_side(writer, &spending);
    write_cash(writer, &spending, &without_budget, &sum, &consolidated);
    write_expense(writer, &spending, &without_budget, &sum, &consolidated);
    g_array_unref(revenue.classes);
    g_array_unref(spending.classes);
    return true;
}

bool
fisc_statement_ipsas_budget(const FiscStatementQuery *query, FiscTable **out_table, GError **error)
{
    g_autoptr(FiscPerimeter) perimeter = NULL;
    if (query->unit == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "the comparison is of a unit: name one");
    }
    if (!fisc_perimeter_find(query->nation, query->unit, &perimeter, error)) {
        return false;
    }
    g_autoptr(FiscTable) table = new_table(query, perimeter);
    Writer writer = {query, perimeter, table, NULL};
    if (!write_all(&writer, error)) {
        return false;
    }
    fisc_table_add_note(table,
                        "Actual amounts are on the budget's basis: spending counts when it is "
                        "obligated, revenue when it is recognized");
    *out_table = g_steal_pointer(&table);
    return true;
}

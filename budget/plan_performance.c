/* plan_performance.c: programmes as a tree, each with its objective, what is proposed for it and
 * all below it, and its indicators: what they shall reach and whether they did. Pure. */
#include "budget/plan_report.h"
#include <string.h>

enum {
    COLUMN_PROGRAMME,
    COLUMN_TITLE,
    COLUMN_INDICATOR,
    COLUMN_YEAR,
    COLUMN_UNIT,
    COLUMN_BASELINE,
    COLUMN_TARGET,
    COLUMN_RESULT,
    COLUMN_REACHED,
    COLUMN_PROPOSED /* the first of several */
};

static const char *const column_names[] = {"programme", "title",  "indicator", "year",   "unit",
                                           "baseline",  "target", "result",    "reached"};

typedef struct {
    __int128 amount[FISC_PLAN_YEARS_MAX];
} Money;

typedef struct {
    FiscPlanTable *programmes, *indicators;
    GHashTable *children; /* code -> GPtrArray of FiscPlanRow; "" = the roots */
    GHashTable *money;    /* code -> Money: with all below it */
    Money unlisted, total;
    FiscTable *table;
    int years;
    int objective; /* its column */
} Performance;

/* Money -----------------------------------------------------------------------------------------
 */

static void
add_amounts(Money *money, const FiscPlanLine *line, int years)
{
    for (int year = 0; year < years; year++) {
        money->amount[year] += fisc_plan_line_amount(line, year);
    }
}

/* A line counts for its programme and for every one above it; parents form no ring. */
static void
count_line(Performance *performance, const FiscPlanLine *line)
{
    const FiscPlanTable *programmes = performance->programmes;
    const FiscPlanRow *row = fisc_plan_table_find(programmes, line->dim[FISC_DIM_PROGRAMME]);
    add_amounts(&performance->total, line, performance->years);
    if (row == NULL) {
        add_amounts(&performance->unlisted, line, performance->years);
    }
    while (row != NULL) {
        const char *parent = fisc_plan_table_field(programmes, row, "parent");
        add_amounts(g_hash_table_lookup(performance->money, row->field[0]), line,
                    performance->years);
        row = *parent != '\0' ? fisc_plan_table_find(programmes, parent) : NULL;
    }
}

static void
plant_tree(Performance *performance)
{
    const FiscPlanTable *programmes = performance->programmes;
    for (guint i = 0; i < programmes->rows->len; i++) {
        FiscPlanRow *row = programmes->rows->pdata[i];
        const char *parent = fisc_plan_table_field(programmes, row, "parent");
        GPtrArray *siblings = g_hash_table_lookup(performance->children, parent);
        if (siblings == NULL) {
            siblings = g_ptr_array_new();
            g_hash_table_insert(performance->children, (char *)parent, siblings);
        }
        g_ptr_array_add(siblings, row);
        g_hash_table_insert(performance->money, (char *)row->field[0], g_new0(Money, 1));
    }
}

/* Rows ------------------------------------------------------------------------------------------
 */

static void
set_money(Performance *performance, FiscRow *row, const Money *money)
{
    for (int year = 0; year < performance->years; year++) {
        fisc_table_set_amount(performance->table, row, COLUMN_PROPOSED + year, money->amount[year]);
    }
}

/* "" while the target or the result is not there. More is better unless it says "down". */
static const char *
is_reached(const char *direction, const char *target, const char *result)
{
    if (*target == '\0' || *result == '\0') {
        return "";
    }
    int64_t wanted = fisc_value_millionths(target);
    int64_t got = fisc_value_millionths(result);
    return (strcmp(direction, "down") == 0 ? got <= wanted : got >= wanted) ? "yes" : "no";
}

static void
add_indicator(Performance *performance, const FiscPlanRow *indicator, int level)
{
    static const struct {
        int column;
        const char *field;
    } texts[] = {{COLUMN_PROGRAMME, "programme"}, {COLUMN_TITLE, "title"},
                 {COLUMN_INDICATOR, "indicator"}, {COLUMN_YEAR, "year"},
                 {COLUMN_UNIT, "unit"},           {COLUMN_BASELINE, "baseline"},
                 {COLUMN_TARGET, "target"},       {COLUMN_RESULT, "result"}};
    const FiscPlanTable *indicators = performance->indicators;
    FiscTable *table = performance->table;
    FiscRow *row = fisc_table_add_row(table);
    row->level = level;
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        fisc_table_set_text(table, row, texts[i].column,
                            fisc_plan_table_field(indicators, indicator, texts[i].field));
    }
    fisc_table_set_text(table, row, COLUMN_REACHED,
                        is_reached(fisc_plan_table_field(indicators, indicator, "direction"),
                                   fisc_plan_table_field(indicators, indicator, "target"),
                                   fisc_plan_table_field(indicators, indicator, "result")));
}

static void
add_indicators(Performance *performance, const char *programme, int level)
{
    const FiscPlanTable *indicators = performance->indicators;
    for (guint i = 0; i < indicators->rows->len; i++) {
        const FiscPlanRow *row = indicators->rows->pdata[i];
        if (strcmp(fisc_plan_table_field(indicators, row, "programme"), programme) == 0) {
            add_indicator(performance, row, level);
        }
    }
}

static void
add_programme(Performance *performance, const FiscPlanRow *programme, int level)
{
    FiscTable *table = performance->table;
    FiscRow *row = fisc_table_add_row(table);
    row->level = level;
    row->strong = true;
    fisc_table_set_text(table, row, COLUMN_PROGRAMME, programme->field[0]);
    fisc_table_set_text(table, row, COLUMN_TITLE,
                        fisc_plan_table_field(performance->programmes, programme, "title"));
    fisc_table_set_text(table, row, performance->objective,
                        fisc_plan_table_field(performance->programmes, programme, "objective"));
    set_money(performance, row, g_hash_table_lookup(performance->money, programme->field[0]));
    add_indicators(performance, programme->field[0], level + 1);
}

static void
add_tree(Performance *performance, const char *parent, int level)
{
    const GPtrArray *children = g_hash_table_lookup(performance->children, parent);
    for (guint i = 0; children != NULL && i < children->len; i++) {
        const FiscPlanRow *child = children->pdata[i];
        add_programme(performance, child, level);
        add_tree(performance, child->field[0], level + 1);
    }
}

/* What no row above says, so that the table adds up to the budget. */
static void
add_rest(Performance *performance)
{
    static const Money nothing;
    FiscTable *table = performance->table;
    if (memcmp(&performance->unlisted, &nothing, sizeof nothing) != 0) {
        FiscRow *row = fisc_table_add_row(table);
        fisc_table_set_text(table, row, COLUMN_TITLE, "Programmes that are not listed");
        set_money(performance, row, &performance->unlisted);
    }
    for (guint i = 0; i < performance->indicators->rows->len; i++) {
        const FiscPlanRow *row = performance->indicators->rows->pdata[i];
        if (fisc_plan_table_find(
                performance->programmes,
                fisc_plan_table_field(performance->indicators, row, "programme")) == NULL) {
            add_indicator(performance, row, 0);
        }
    }
    FiscRow *total = fisc_table_add_row(table);
    total->strong = true;
    fisc_table_set_text(table, total, COLUMN_TITLE, "Total expenditure");
    set_money(performance, total, &performance->total);
}

static void
add_columns(Performance *performance, const FiscPlanFrame *frame)
{
    FiscTable *table = performance->table;
    for (gsize i = 0; i < G_N_ELEMENTS(column_names); i++) {
        fisc_table_add_column(table, column_names[i], FISC_COLUMN_TEXT);
    }
    fisc_plan_add_year_columns(table, frame);
    performance->objective = (int)table->columns->len;
    fisc_table_add_column(table, "objective", FISC_COLUMN_TEXT);
}

static void
build(Performance *performance, const FiscPlanLines *lines)
{
    performance->children =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
    performance->money = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    performance->table =
        fisc_table_new("performance", "Programmes and what they reach", lines->frame.decimals);
    add_columns(performance, &lines->frame);
    plant_tree(performance);
    for (guint i = 0; i < lines->lines->len; i++) {
        const FiscPlanLine *line = lines->lines->pdata[i];
        if (line->side == FISC_SIDE_EXPENDITURE) {
            count_line(performance, line);
        }
    }
    add_tree(performance, "", 0);
    add_rest(performance);
    g_hash_table_unref(performance->children);
    g_hash_table_unref(performance->money);
}

FiscTable *
fisc_plan_performance_table(const FiscPlanLines *lines, const char *programmes,
                            const char *indicators, FiscRefusals *refusals)
{
    g_autoptr(FiscPlanTable) tree =
        fisc_plan_table_read_text(FISC_PART_PROGRAMMES, &lines->frame, programmes, refusals);
    g_autoptr(FiscPlanTable) goals =
        fisc_plan_table_read_text(FISC_PART_INDICATORS, &lines->frame, indicators, refusals);
    if (tree == NULL || goals == NULL) {
        return NULL;
    }
    Performance performance = {
        .programmes = tree, .indicators = goals, .years = lines->frame.years};
    build(&performance, lines);
    return performance.table;
}

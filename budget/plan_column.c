/* plan_column.c: the columns of budget lines: one table for all who touch them. Pure. */
#include "budget/plan_column.h"
#include <stdlib.h>
#include <string.h>

static const char *const sides[] = {"expenditure", "revenue", NULL};
static const char *const natures[] = {"continuing", "new", NULL};

/* What no figure is of its own goes with the request: the agency says what its line is. */
typedef struct {
    const char *name;
    FiscPlanColumnKind kind;
    FiscValueRule rule;
    bool is_needed, is_key;
    gsize offset;
    FiscFigureKind goes_with;
} Fixed;

#define AT(field) .offset = offsetof(FiscPlanLine, field)
#define REQUEST .goes_with = FISC_FIGURE_REQUEST

static const Fixed before_dimensions[] = {
    {"line",
     FISC_PLAN_TEXT,
     {.kind = FISC_VALUE_CODE, .bytes_max = FISC_PLAN_LINE_MAX},
     .is_needed = true,
     .is_key = true,
     AT(line),
     REQUEST},
    {"entity",
     FISC_PLAN_TEXT,
     {.kind = FISC_VALUE_CODE},
     .is_needed = true,
     .is_key = true,
     AT(entity),
     REQUEST},
    {"side", FISC_PLAN_SIDE, {.kind = FISC_VALUE_WORD, .words = sides}, REQUEST},
};

static const Fixed before_figures[] = {
    {"title",
     FISC_PLAN_TEXT,
     {.kind = FISC_VALUE_TEXT, .bytes_max = FISC_PLAN_WORDS_MAX},
     AT(title),
     REQUEST},
    {"nature", FISC_PLAN_TEXT, {.kind = FISC_VALUE_WORD, .words = natures}, AT(nature), REQUEST},
    {"quantity", FISC_PLAN_TEXT, {.kind = FISC_VALUE_NUMBER}, AT(quantity), REQUEST},
    {"unit_price", FISC_PLAN_TEXT, {.kind = FISC_VALUE_NUMBER}, AT(unit_price), REQUEST},
    {"total_cost", FISC_PLAN_TEXT, {.kind = FISC_VALUE_AMOUNT}, AT(total_cost), REQUEST},
    {"tags", FISC_PLAN_TEXT, {.kind = FISC_VALUE_TAGS}, AT(tags), REQUEST},
};

static const Fixed behind_figures[] = {
    {"mark_reason",
     FISC_PLAN_TEXT,
     {.kind = FISC_VALUE_TEXT, .bytes_max = FISC_PLAN_WORDS_MAX},
     AT(mark_reason),
     .goes_with = FISC_FIGURE_MARK},
    {"amendment_reason",
     FISC_PLAN_TEXT,
     {.kind = FISC_VALUE_TEXT, .bytes_max = FISC_PLAN_WORDS_MAX},
     AT(amendment_reason),
     .goes_with = FISC_FIGURE_AMENDMENT},
    {"article", FISC_PLAN_TEXT, {.kind = FISC_VALUE_CODE}, AT(article), REQUEST},
    {"annex", FISC_PLAN_TEXT, {.kind = FISC_VALUE_CODE}, AT(annex), REQUEST},
    {"justification",
     FISC_PLAN_TEXT,
     {.kind = FISC_VALUE_TEXT, .bytes_max = FISC_PLAN_TEXT_MAX},
     AT(justification),
     REQUEST},
};

/* Dimensions that only a financial line has, and layers, which are no part of a budget. */
static bool
is_dimension_of_plan(FiscDimension dimension)
{
    return dimension != FISC_DIM_CASH_CODE && dimension != FISC_DIM_CASH_COUNTERPARTY &&
           dimension != FISC_DIM_LAYER;
}

static void
append_fixed(GArray *columns, const Fixed *fixed, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        FiscPlanColumn column = {.kind = fixed[i].kind,
                                 .rule = fixed[i].rule,
                                 .is_needed = fixed[i].is_needed,
                                 .is_key = fixed[i].is_key,
                                 .goes_with = fixed[i].goes_with,
                                 .offset = fixed[i].offset};
        g_strlcpy(column.name, fixed[i].name, sizeof column.name);
        g_array_append_val(columns, column);
    }
}

/* A header must name gfs_code (plan_text.c), so that it is not forgotten; the cell is empty where a
 * line is no flow of GFS, as a contingency fund or savings that are used. */
static void
append_dimensions(GArray *columns)
{
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        if (is_dimension_of_plan((FiscDimension)i)) {
            FiscPlanColumn column = {.kind = FISC_PLAN_TEXT,
                                     .rule = {.kind = FISC_VALUE_CODE},
                                     .goes_with = FISC_FIGURE_REQUEST,
                                     .offset = offsetof(FiscPlanLine, dim) +
                                               (gsize)i * sizeof(const char *)};
            g_strlcpy(column.name, fisc_dimension_column((FiscDimension)i), sizeof column.name);
            g_array_append_val(columns, column);
        }
    }
}

static void
append_figures(GArray *columns, int year, int years)
{
    for (int figure = 0; figure < FISC_FIGURE_COUNT; figure++) {
        for (int i = 0; i < years; i++) {
            FiscPlanColumn column = {.kind = FISC_PLAN_FIGURE,
                                     .rule = {.kind = FISC_VALUE_AMOUNT},
                                     .goes_with = (FiscFigureKind)figure,
                                     .year = year + i};
            g_snprintf(column.name, sizeof column.name, "%s_%d",
                       fisc_figure_word((FiscFigureKind)figure), year + i);
            g_array_append_val(columns, column);
        }
    }
}

GArray *
fisc_plan_columns_new(int year, int years)
{
    GArray *columns = g_array_new(FALSE, FALSE, sizeof(FiscPlanColumn));
    append_fixed(columns, before_dimensions, G_N_ELEMENTS(before_dimensions));
    append_dimensions(columns);
    append_fixed(columns, before_figures, G_N_ELEMENTS(before_figures));
    append_figures(columns, year, years);
    append_fixed(columns, behind_figures, G_N_ELEMENTS(behind_figures));
    return columns;
}

const char **
fisc_plan_column_string(const FiscPlanColumn *column, FiscPlanLine *line)
{
    g_assert(column->kind == FISC_PLAN_TEXT);
    return (const char **)(void *)((char *)line + column->offset);
}

static const char *
figure_text(const FiscPlanColumn *column, const FiscPlanFrame *frame, const FiscPlanLine *line,
            char buffer[FISC_AMOUNT_TEXT])
{
    const FiscFigure *figure = &line->figure[column->goes_with];
    int year = column->year - frame->year;
    bool is_there = figure->is_given && year >= 0 && year < frame->years;
    return is_there ? fisc_amount_format(figure->amount[year], frame->decimals, buffer) : "";
}

const char *
fisc_plan_column_text(const FiscPlanColumn *column, const FiscPlanFrame *frame,
                      const FiscPlanLine *line, char buffer[FISC_AMOUNT_TEXT])
{
    switch (column->kind) {
    case FISC_PLAN_TEXT:
        return *(const char *const *)(const void *)((const char *)line + column->offset);
    case FISC_PLAN_SIDE:
        return sides[line->side];
    case FISC_PLAN_FIGURE:
        return figure_text(column, frame, line, buffer);
    }
    g_assert_not_reached();
}

/* Order and search ------------------------------------------------------------------------------
 */

int
fisc_plan_line_compare(const FiscPlanLine *a, const FiscPlanLine *b)
{
    int order = strcmp(a->entity, b->entity);
    return order != 0 ? order : strcmp(a->line, b->line);
}

static int
compare_pointers(const void *a, const void *b)
{
    return fisc_plan_line_compare(*(const FiscPlanLine *const *)a, *(const FiscPlanLine *const *)b);
}

void
fisc_plan_lines_sort(FiscPlanLines *lines)
{
    if (lines->lines->len > 0) {
        qsort(lines->lines->pdata, lines->lines->len, sizeof(void *), compare_pointers);
    }
}

GPtrArray *
fisc_plan_lines_in_order(const FiscPlanLines *lines)
{
    GPtrArray *sorted = g_ptr_array_sized_new(lines->lines->len);
    g_ptr_array_extend(sorted, lines->lines, NULL, NULL);
    if (sorted->len > 0) {
        qsort(sorted->pdata, sorted->len, sizeof(void *), compare_pointers);
    }
    return sorted;
}

static guint
hash_line(const void *data)
{
    const FiscPlanLine *line = data;
    return g_str_hash(line->entity) * 31 + g_str_hash(line->line);
}

static gboolean
is_same_line(const void *a, const void *b)
{
    return fisc_plan_line_compare(a, b) == 0;
}

GHashTable *
fisc_plan_index_new_empty(void)
{
    return g_hash_table_new(hash_line, is_same_line);
}

GHashTable *
fisc_plan_index_new(const FiscPlanLines *lines)
{
    GHashTable *index = fisc_plan_index_new_empty();
    for (guint i = 0; i < lines->lines->len; i++) {
        g_hash_table_add(index, lines->lines->pdata[i]);
    }
    return index;
}

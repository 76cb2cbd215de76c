/* plan_change.c: what a step may change in a part of lines. An agency changes its request and what
 * its line is, the ministry the mark, the legislature the amendment; nobody what is another's.
 * Pure. Which step allows which of these is data of the procedure (procedures.csv). */
#include "budget/plan_column.h"
#include <string.h>

typedef struct {
    GArray *columns;
    FiscFigureKind figure; /* what the step may change */
    const FiscPlanLines *before, *after;
    FiscRefusals *refusals;
} Check;

static FiscRefusal *
refuse(Check *check, const FiscPlanLine *line, const char *column, const char *what)
{
    return fisc_refusals_add(check->refusals, FISC_ERROR_VALUE_INVALID, NULL, line->row, column,
                             "line %s of %s: %s", line->line, line->entity, what);
}

static bool
may_change(const Check *check, const FiscPlanColumn *column)
{
    bool is_of_law = strcmp(column->name, "article") == 0 || strcmp(column->name, "annex") == 0;
    return column->goes_with == check->figure ||
           (check->figure == FISC_FIGURE_AMENDMENT && is_of_law);
}

static void
check_columns(Check *check, const FiscPlanLine *before, const FiscPlanLine *after)
{
    char old_buffer[FISC_AMOUNT_TEXT], new_buffer[FISC_AMOUNT_TEXT];
    for (guint i = 0; i < check->columns->len; i++) {
        const FiscPlanColumn *column = &g_array_index(check->columns, FiscPlanColumn, i);
        if (may_change(check, column)) {
            continue;
        }
        const char *old = fisc_plan_column_text(column, &check->before->frame, before, old_buffer);
        const char *new = fisc_plan_column_text(column, &check->after->frame, after, new_buffer);
        if (strcmp(old, new) != 0) {
            g_autofree char *what =
                g_strdup_printf("this step changes the %s, not \"%.100s\" to \"%.100s\"",
                                fisc_figure_word(check->figure), old, new);
            refuse(check, after, column->name, what);
        }
    }
}

/* A line that holds what others gave it is not this step's to bring or to take away. */
static const char *
find_foreign_column(const Check *check, const FiscPlanFrame *frame, const FiscPlanLine *line)
{
    char buffer[FISC_AMOUNT_TEXT];
    for (guint i = 0; i < check->columns->len; i++) {
        const FiscPlanColumn *column = &g_array_index(check->columns, FiscPlanColumn, i);
        bool is_other =
            column->goes_with != check->figure &&
            (column->kind == FISC_PLAN_FIGURE || column->goes_with != FISC_FIGURE_REQUEST);
        if (is_other && *fisc_plan_column_text(column, frame, line, buffer) != '\0') {
            return column->name;
        }
    }
    return NULL;
}

static void
check_added(Check *check, const FiscPlanLine *line)
{
    const char *foreign = find_foreign_column(check, &check->after->frame, line);
    if (check->figure == FISC_FIGURE_MARK) {
        refuse(check, line, "line", "a mark adds no line");
    } else if (foreign != NULL) {
        refuse(check, line, foreign, "a new line has only what its step gives it");
    } else if (check->figure == FISC_FIGURE_AMENDMENT &&
               !line->figure[FISC_FIGURE_AMENDMENT].is_given) {
        refuse(check, line, "amendment", "a line that an amendment adds has an amendment");
    }
}

static void
check_removed(Check *check, const FiscPlanLine *line)
{
    const char *foreign = find_foreign_column(check, &check->before->frame, line);
    if (check->figure == FISC_FIGURE_MARK || foreign != NULL) {
        FiscRefusal *refusal = refuse(check, line, foreign != NULL ? foreign : "line",
                                      "it is missing, and not this step's to take away");
        refusal->line = 0; /* of the new file it has no row */
        refusal->hint =
            g_strdup_printf("keep the line with a %s of 0", fisc_figure_word(check->figure));
    }
}

static void
check_lines(Check *check)
{
    g_autoptr(GHashTable) old = fisc_plan_index_new(check->before);
    g_autoptr(GHashTable) new = fisc_plan_index_new(check->after);
    for (guint i = 0; i < check->after->lines->len; i++) {
        const FiscPlanLine *line = check->after->lines->pdata[i];
        const FiscPlanLine *before = g_hash_table_lookup(old, line);
        if (before != NULL) {
            check_columns(check, before, line);
        } else {
            check_added(check, line);
        }
    }
    for (guint i = 0; i < check->before->lines->len; i++) {
        if (!g_hash_table_contains(new, check->before->lines->pdata[i])) {
            check_removed(check, check->before->lines->pdata[i]);
        }
    }
}

static int
figure_of(const char *changes)
{
    for (int i = 0; i < FISC_FIGURE_COUNT; i++) {
        if (strcmp(changes, fisc_figure_word((FiscFigureKind)i)) == 0) {
            return i;
        }
    }
    return -1;
}

bool
fisc_plan_change_check(const FiscPlanLines *before, const FiscPlanLines *after, const char *changes,
                       FiscRefusals *refusals)
{
    guint refused_before = refusals->len;
    int figure = figure_of(changes);
    if (strcmp(changes, "all") == 0) {
        return true;
    }
    if (figure < 0) {
        fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, NULL, 0, "changes",
                          "\"%s\" is no figure of a budget line", changes);
        return false;
    }
    g_autoptr(FiscPlanLines) nothing = fisc_plan_lines_new(&after->frame);
    Check check = {.columns = fisc_plan_columns_new(after->frame.year, after->frame.years),
                   .figure = (FiscFigureKind)figure,
                   .before = before != NULL ? before : nothing,
                   .after = after,
                   .refusals = refusals};
    check_lines(&check);
    g_array_unref(check.columns);
    return refusals->len == refused_before;
}

/* plan_compare.c: every difference between two states of budget lines, line by line and column by
 * column; figures by year, so that two versions of different years are compared, too. Pure. */
#include "budget/plan_change.h"
#include <string.h>

typedef struct {
    const FiscPlanLines *before, *after;
    GArray *columns; /* of the years of both */
    GPtrArray *changes;
} Comparison;

static void
free_change(void *data)
{
    FiscPlanChange *change = data;
    g_free(change->what);
    g_free(change->before);
    g_free(change->after);
    g_free(change);
}

GPtrArray *
fisc_plan_changes_new(void)
{
    return g_ptr_array_new_with_free_func(free_change);
}

void
fisc_plan_changes_add(GPtrArray *changes, const FiscPlanLine *line, const char *what,
                      const char *before, const char *after)
{
    FiscPlanChange *change = g_new0(FiscPlanChange, 1);
    change->entity = line->entity;
    change->line = line->line;
    change->what = g_strdup(what);
    change->before = g_strdup(before);
    change->after = g_strdup(after);
    g_ptr_array_add(changes, change);
}

const char *
fisc_plan_line_summary(const FiscPlanFrame *frame, const FiscPlanLine *line,
                       char buffer[FISC_AMOUNT_TEXT])
{
    return line == NULL
               ? ""
               : fisc_amount_format(fisc_plan_line_amount(line, 0), frame->decimals, buffer);
}

GArray *
fisc_plan_columns_of_both(const FiscPlanFrame *a, const FiscPlanFrame *b)
{
    int first = MIN(a->year, b->year);
    int behind = MAX(a->year + a->years, b->year + b->years);
    return fisc_plan_columns_new(first, behind - first);
}

static void
compare_columns(Comparison *comparison, const FiscPlanLine *before, const FiscPlanLine *after)
{
    char old_buffer[FISC_AMOUNT_TEXT], new_buffer[FISC_AMOUNT_TEXT];
    for (guint i = 0; i < comparison->columns->len; i++) {
        const FiscPlanColumn *column = &g_array_index(comparison->columns, FiscPlanColumn, i);
        const char *old =
            fisc_plan_column_text(column, &comparison->before->frame, before, old_buffer);
        const char *new =
            fisc_plan_column_text(column, &comparison->after->frame, after, new_buffer);
        if (strcmp(old, new) != 0) {
            fisc_plan_changes_add(comparison->changes, after, column->name, old, new);
        }
    }
}

/* One step through both lists, which are in order. Either line may be NULL. */
static void
compare_lines(Comparison *comparison, const FiscPlanLine *before, const FiscPlanLine *after)
{
    char buffer[FISC_AMOUNT_TEXT];
    if (before == NULL) {
        fisc_plan_changes_add(comparison->changes, after, "added", "",
                              fisc_plan_line_summary(&comparison->after->frame, after, buffer));
    } else if (after == NULL) {
        fisc_plan_changes_add(comparison->changes, before, "removed",
                              fisc_plan_line_summary(&comparison->before->frame, before, buffer),
                              "");
    } else {
        compare_columns(comparison, before, after);
    }
}

static const FiscPlanLine *
line_at(const GPtrArray *lines, guint index)
{
    return index < lines->len ? lines->pdata[index] : NULL;
}

/* <0: only the first list has it, >0: only the second. */
static int
order_of(const FiscPlanLine *a, const FiscPlanLine *b)
{
    if (a == NULL || b == NULL) {
        return a == NULL ? 1 : -1;
    }
    return fisc_plan_line_compare(a, b);
}

GPtrArray *
fisc_plan_compare(const FiscPlanLines *before, const FiscPlanLines *after)
{
    g_autoptr(GPtrArray) olds = fisc_plan_lines_in_order(before);
    g_autoptr(GPtrArray) news = fisc_plan_lines_in_order(after);
    Comparison comparison = {.before = before,
                             .after = after,
                             .columns = fisc_plan_columns_of_both(&before->frame, &after->frame),
                             .changes = fisc_plan_changes_new()};
    guint old = 0, new = 0;
    while (old < olds->len || new < news->len) {
        const FiscPlanLine *a = line_at(olds, old), *b = line_at(news, new);
        int order = order_of(a, b);
        compare_lines(&comparison, order <= 0 ? a : NULL, order >= 0 ? b : NULL);
        old += order <= 0 ? 1 : 0;
        new += order >= 0 ? 1 : 0;
    }
    g_array_unref(comparison.columns);
    return comparison.changes;
}

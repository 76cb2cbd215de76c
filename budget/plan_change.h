/* plan_change.h: what comparing and merging share. */
#ifndef FISC_BUDGET_PLAN_CHANGE_H
#define FISC_BUDGET_PLAN_CHANGE_H

#include "budget/plan_column.h"

/** A list of FiscPlanChange that owns them. Caller unrefs. */
GPtrArray *fisc_plan_changes_new(void);
/** Appends one; entity and line are borrowed from @line. */
void fisc_plan_changes_add(GPtrArray *changes, const FiscPlanLine *line, const char *what,
                           const char *before, const char *after);
/** What stands for a whole line: what is proposed for its budget year. "" when it is NULL. */
const char *fisc_plan_line_summary(const FiscPlanFrame *frame, const FiscPlanLine *line,
                                   char buffer[FISC_AMOUNT_TEXT]);
/** The columns of all years of both. Caller unrefs. */
GArray *fisc_plan_columns_of_both(const FiscPlanFrame *a, const FiscPlanFrame *b);

#endif

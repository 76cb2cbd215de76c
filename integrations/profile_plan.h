/* profile_plan.h: lines of a budget as CSV text, made by profiles. Private to integrations/. */
#ifndef FISC_INTEGRATIONS_PROFILE_PLAN_H
#define FISC_INTEGRATIONS_PROFILE_PLAN_H

#include "integrations/profile_run.h"

/** @year: the budget year that rows must be of, when the profile tells theirs; 0 = any. */
FiscBudgetText *fisc_budget_text_new(int year);
void fisc_budget_text_free(FiscBudgetText *plan);
guint fisc_budget_text_count(const FiscBudgetText *plan);
/** A header and the lines in the order in which they were made. Caller frees. */
char *fisc_budget_text_write(const FiscBudgetText *plan);

#endif

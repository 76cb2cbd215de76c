/* view.h: what the plan asks of a FiscBudgetView. */
#ifndef FISC_BUDGET_VIEW_H
#define FISC_BUDGET_VIEW_H

#include "fisc/budget.h"

typedef struct {
    const char *entity;
    int year;
    const char *dim[FISC_DIM_COUNT]; /* never NULL */
} FiscBudgetRow;

/** An account on record, or about to be: a first package brings chart and entries at once. NULL
 * when there is none; @code may be NULL. */
const FiscAccount *fisc_budget_view_account(const FiscBudgetView *view, const char *code);
/** True when some control other than level none covers the entity. */
bool fisc_budget_view_is_controlled(const FiscBudgetView *view, const char *entity);
/** The first row of an entity and year whose class is paid under @cash_code; a row of @function is
 *  preferred when that is not NULL. NULL when there is none. */
const FiscBudgetRow *fisc_budget_view_row(const FiscBudgetView *view, const char *entity, int year,
                                          const char *cash_code, const char *function);

#endif

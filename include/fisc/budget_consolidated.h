/* budget_consolidated.h: a budget consolidated before it is law: what the members of a group
 * promise each other left out. Pure.
 *
 * Lines of a version keep the other party (an entity, or a group as a class of entities), which
 * postings of a budget do not. */
#ifndef FISC_BUDGET_CONSOLIDATED_H
#define FISC_BUDGET_CONSOLIDATED_H

#include "fisc/balances.h"
#include "fisc/formulation.h"
#include "fisc/table.h"

typedef struct {
    const FiscNation *nation;
    const FiscPlanLines *lines;   /* of the whole version */
    const char *unit;             /* entity or group; NULL = every entity */
    int year_index;               /* 0 = the budget year, 1 the year after ... */
    const char *by;               /* dimensions as of budget-stages; NULL = "economic:1" */
    const FiscBalances *balances; /* of the unit, to compare with; NULL = not */
} FiscConsolidatedQuery;

/** Columns side, those of @by, aggregate, eliminated, consolidated, and with balances enacted and
 * difference (aggregate less enacted): original appropriations and estimates. Expenditure, then
 * revenue, each with a row "total". NOT_FOUND when the unit is unknown, USAGE when @by is wrong. */
bool fisc_statement_budget_consolidated(const FiscConsolidatedQuery *query, FiscTable **out_table,
                                        GError **error);

/** Columns payer,receiver,kind,paid,received,difference of what is eliminated, and a row "total":
 * what payers and what receivers budget. An entity appears as the class by which others name it.
 * Kinds: current, capital (grants and other transfers), financial, assets, other. */
bool fisc_statement_budget_pairs(const FiscConsolidatedQuery *query, FiscTable **out_table,
                                 GError **error);

#endif

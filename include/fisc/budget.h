/* budget.h: from a journal to its budgetary lines.
 *
 * An entry and its effect on the budget are one entry with two sides, both or neither. Input that
 * names stages itself is left alone; for ordinary journals the plan adds: an obligation for every
 * expenditure line of an entity under control, and a payment for what the same entry pays in cash,
 * or what it pays of earlier payables (docs/package-format.md, convention 14). */
#ifndef FISC_BUDGET_H
#define FISC_BUDGET_H

#include "fisc/db.h"
#include "fisc/nation.h"

/* Which entities are under control, and which keys have appropriations: what planning needs to
 * know. */
typedef struct _FiscBudgetView FiscBudgetView;

FiscBudgetView *fisc_budget_view_new(const FiscNation *nation);
void fisc_budget_view_free(FiscBudgetView *view);
/** Adds what the ledger has. */
bool fisc_budget_view_load(FiscBudgetView *view, FiscTx *tx, int book_id, GError **error);
/** Adds what a submission is about to bring: controls among its events, appropriations in its
 * entries. */
void fisc_budget_view_add(FiscBudgetView *view, const FiscSubmission *submission);

/** Adds the budgetary lines to every entry of @submission. Pure; digests stay as they were. */
void fisc_budget_plan(const FiscBudgetView *view, FiscSubmission *submission);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscBudgetView, fisc_budget_view_free)

#endif

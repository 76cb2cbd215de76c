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
#include "fisc/poster.h"

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

/** Appends an allotment: @amount of the budget line @dim becomes usable, for the period that begins
 * with @from (a month, a quarter or a year, by its first month). A negative amount takes one back.
 * Where a control has the limit "release", nothing may be spent beyond it. @dim is copied. */
FiscEntry *
fisc_budget_release(FiscSubmission *into, const FiscEntity *entity, const char *reference,
                    FiscPeriod from, const char *const dim[FISC_DIM_COUNT], int64_t amount,
                    const char *reason);
/** Appends a virement: @amount of appropriations moves from one budget line of the entity to
 * another on the day @on. Which ones may is for the engine to say (docs/documents.md). */
FiscEntry *
fisc_budget_virement(FiscSubmission *into, const FiscEntity *entity, const char *reference,
                     FiscDate on, const char *const from[FISC_DIM_COUNT],
                     const char *const to[FISC_DIM_COUNT], int64_t amount, const char *reason);

/* A way out of a refusal: what it says, and what taking it would post. */
typedef struct {
    GPtrArray *steps;        /* of FiscRemedy: all of them together */
    FiscSubmission *content; /* the steps that are posted, one entry or event each */
    GPtrArray *donors;       /* of FiscLinePosition: the line that gives, of each entry; or NULL */
} FiscRemedyOption;

void fisc_remedy_option_free(FiscRemedyOption *option);
/** Every kind of way out of the funds refusals of one entry that follows from where the budget
 * stands, the easiest first. None of them is rehearsed yet, and waiting is not among them. Lines in
 * @barred (a set of FiscLinePosition, or NULL) do not give. *out_is_complete: when there is none
 * here, there is none at all. Pure. */
GPtrArray *fisc_budget_remedies(const FiscBudgetPosition *position, const FiscEntity *entity,
                                const FiscRefusals *refusals, GHashTable *barred, const char *actor,
                                bool *out_is_complete);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscBudgetView, fisc_budget_view_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscRemedyOption, fisc_remedy_option_free)

#endif

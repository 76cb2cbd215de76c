/* budget_part.h: what a line of a budget's entries did: voted, changed, moved or carried. */
#ifndef FISC_BUDGET_PART_H
#define FISC_BUDGET_PART_H

#include "fisc/balances.h"

/* X(NAME, its stage, the stage of revenue that says the same) */
#define FISC_BUDGET_PARTS(X)                                                                       \
    X(ORIGINAL, APPROPRIATION, ESTIMATE)                                                           \
    X(SUPPLEMENT, CHANGE, ESTIMATE_CHANGE)                                                         \
    X(VIREMENT_IN, CHANGE, NONE)                                                                   \
    X(VIREMENT_OUT, CHANGE, NONE)                                                                  \
    X(CARRY, CARRY, NONE)

typedef enum {
#define X(name, stage, revenue_stage) FISC_BUDGET_PART_##name,
    FISC_BUDGET_PARTS(X)
#undef X
        FISC_BUDGET_PART_COUNT
} FiscBudgetPart;

/** What each of @lines (whole entries, in their order) did: an array of int, a FiscBudgetPart or -1
 * where the line is none of spending, or of @revenue. A virement is an entry whose changes of
 * appropriations sum to zero and have both signs, as the engine judges it; a reversal of one takes
 * back what went out, and what came in. Caller unrefs. */
GArray *fisc_budget_parts_of(const FiscPostedLines *lines, bool revenue);
/** "original" "supplement" "cut" "virement_in" "virement_out" "carry_in": for people. */
const char *fisc_budget_part_word(FiscBudgetPart part, int64_t amount);

#endif

/* change.c: what changes a budget after it was enacted, as entries: allotments and virements. Pure.
 *
 * They are built here and decided by the engine, like any other entry: whether the donor has the
 * funds and whether a rule allows it. That two persons answer for them is the document's part. */
#include "fisc/budget.h"

static FiscEntry *
new_entry(FiscSubmission *into, const FiscEntity *entity, const char *reference, FiscDate on,
          const char *reason)
{
    FiscEntry *entry = fisc_submission_entry(into);
    entry->entity = fisc_submission_text(into, entity->code);
    entry->reference = fisc_submission_text(into, reference);
    entry->effective = on;
    entry->memo = fisc_submission_text(into, reason);
    entry->decimals = entity->decimals;
    return entry;
}

static void
add_move(FiscSubmission *into, FiscEntry *entry, FiscStage from, FiscStage to, int64_t amount,
         const char *const dim[FISC_DIM_COUNT])
{
    const char *words[FISC_DIM_COUNT];
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        words[i] = fisc_submission_text(into, dim[i]);
    }
    fisc_entry_move(entry, from, to, amount, words, 0);
}

FiscEntry *
fisc_budget_release(FiscSubmission *into, const FiscEntity *entity, const char *reference,
                    FiscPeriod from, const char *const dim[FISC_DIM_COUNT], int64_t amount,
                    const char *reason)
{
    int month = CLAMP(from % 100, 1, 12);
    FiscEntry *entry = new_entry(into, entity, reference,
                                 fisc_date_make(fisc_period_year(from), month, 1), reason);
    add_move(into, entry, FISC_STAGE_RELEASE, FISC_STAGE_ALLOTTED, amount, dim);
    fisc_entry_digest(entry);
    return entry;
}

FiscEntry *
fisc_budget_virement(FiscSubmission *into, const FiscEntity *entity, const char *reference,
                     FiscDate on, const char *const from[FISC_DIM_COUNT],
                     const char *const to[FISC_DIM_COUNT], int64_t amount, const char *reason)
{
    FiscEntry *entry = new_entry(into, entity, reference, on, reason);
    add_move(into, entry, FISC_STAGE_CHANGE, FISC_STAGE_AVAILABLE, -amount, from);
    add_move(into, entry, FISC_STAGE_CHANGE, FISC_STAGE_AVAILABLE, amount, to);
    fisc_entry_digest(entry);
    return entry;
}

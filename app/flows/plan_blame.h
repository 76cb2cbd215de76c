/* plan_blame.h: who made a change between two versions, and why: the step that gave it. */
#ifndef FISC_FLOWS_PLAN_BLAME_H
#define FISC_FLOWS_PLAN_BLAME_H

#include "app/flows/plan.h"

typedef struct {
    FiscTx *tx;
    int book_id;
    GPtrArray *histories; /* of GArray of FiscCaseStep: what answers borrow from */
    GHashTable *texts;    /* digest -> text: what was loaded ahead */
    GHashTable *contents; /* digest -> FiscPlanLines */
    FiscPlanFrame frame;  /* of the version that is looked at */
} FiscPlanBlame;

void
fisc_plan_blame_init(FiscPlanBlame *blame, FiscTx *tx, int book_id, const FiscPlanFrame *frame);
void fisc_plan_blame_clear(FiscPlanBlame *blame);
/** Loads texts that will be asked for, in one go. */
bool fisc_plan_blame_load(FiscPlanBlame *blame, const char *const *digests, guint digest_count,
                          GError **error);
/** The lines kept under a digest, "" = none; owned by @blame. */
bool fisc_plan_blame_lines(FiscPlanBlame *blame, const char *digest,
                           const FiscPlanLines **out_lines, GError **error);
/** Finds the step behind each of @changes (of FiscPlanChange), which led to @part as it is: change
 * -> const FiscCaseStep, owned by @blame. What was branched is looked up where it came from. A
 * change that no step made has none. */
bool fisc_plan_blame_find(FiscPlanBlame *blame, const FiscPart *part, const GPtrArray *changes,
                          GHashTable **out_steps, GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscPlanBlame, fisc_plan_blame_clear)

#endif

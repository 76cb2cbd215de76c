/* engine_virement.c: moving appropriations between budget lines, inside the rules of the budget law
 * (rule R12). */
#include "ledger/engine_internal.h"

void
fisc_engine_judge_virement(FiscDecision *decision)
{
    (void)decision;
}

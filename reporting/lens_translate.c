/* lens_translate.c: every amount in one currency. */
#include "fisc/lens.h"

bool
fisc_lens_translate(const FiscNation *nation, const FiscLensQuery *query, FiscBalances *balances,
                    GPtrArray *notes, GError **error)
{
    (void)nation, (void)query, (void)balances, (void)notes, (void)error;
    return true;
}

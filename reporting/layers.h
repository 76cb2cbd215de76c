/* layers.h: which adjustment layers a statement counts. */
#ifndef FISC_LAYERS_H
#define FISC_LAYERS_H

#include "fisc/balances.h"

/** True when @asked ("reported", a layer's name, several with ","; "all" or NULL: every one) counts
 * what stands in @layer, "" for what was reported. */
bool fisc_layers_count(const char *asked, const char *layer);
/** True when every layer asked for is one of @balances. NOT_FOUND names those there are. */
bool fisc_layers_check(const char *asked, const FiscBalances *balances, GError **error);

#endif

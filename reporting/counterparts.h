/* counterparts.h: the codes that tell a counterparty's residence and sector: "11", "152", "27". */
#ifndef FISC_COUNTERPARTS_H
#define FISC_COUNTERPARTS_H

#include "fisc/nation.h"

typedef struct _FiscCounterparts FiscCounterparts;

FiscCounterparts *fisc_counterparts_new(const FiscNation *nation);
void fisc_counterparts_free(FiscCounterparts *counterparts);
/** The code of an entity; of a class of them, what its members have in common; "" when unknown. The
 * first digit is 1 for residents, 2 for nonresidents. */
const char *fisc_counterparts_code(FiscCounterparts *counterparts, const char *counterparty);

#endif

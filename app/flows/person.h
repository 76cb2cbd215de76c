/* person.h: what the flows about persons share. */
#ifndef FISC_FLOWS_PERSON_H
#define FISC_FLOWS_PERSON_H

#include "fisc/flow.h"
#include "fisc/identity.h"

/** The registry as the books have it now. */
bool fisc_flow_registry(FiscContext *ctx, FiscRegistry **out_registry, GError **error);
/** The day that a batch written now would carry. */
FiscDate fisc_flow_today(void);

#endif

/* verify_json.h: what a verification found, as JSON: the same at the command line and over HTTP. */
#ifndef FISC_FLOWS_VERIFY_JSON_H
#define FISC_FLOWS_VERIFY_JSON_H

#include "fisc/verify.h"
#include <jansson.h>

/** {batches,items,entries,...,clean,hash,findings,dropped,notes}. The caller owns it. */
json_t *fisc_json_verification(const FiscVerifyReport *report);

#endif

/* receipt_json.h: what became of a submission, as JSON: the same words at the command line and over
 * HTTP. Money is a decimal string; what is not known is null, so that every object has every key.
 */
#ifndef FISC_FLOWS_RECEIPT_JSON_H
#define FISC_FLOWS_RECEIPT_JSON_H

#include "fisc/entry.h"
#include <jansson.h>

/* Amounts of refusals and control totals, which carry no currency of their own. */
#define FISC_JSON_DECIMALS 2

/** A text made valid UTF-8; NULL is null. Caller owns every value that these return. */
json_t *fisc_json_text(const char *text);
/** An array; NULL is none. */
json_t *fisc_json_refusals(const FiscRefusals *refusals);
/** One entry: reference,status,entry,batch,receipt,refusals,warnings. After a dry run, what would
 * be posted has no entry, batch or receipt. */
json_t *fisc_json_result(const FiscResult *result, bool was_dry_run);
/** The same for what could not be taken apart into entries. */
json_t *fisc_json_refused_text(const FiscRefusals *refusals);

#endif

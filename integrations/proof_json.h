/* proof_json.h: a proof as JSON, and back: docs/hashes.md. Private to integrations/ and app/flows.
 */
#ifndef FISC_INTEGRATIONS_PROOF_JSON_H
#define FISC_INTEGRATIONS_PROOF_JSON_H

#include "ledger/proof.h"
#include <jansson.h>

json_t *fisc_proof_to_json(const FiscProof *proof);
/** VALUE_INVALID names what is missing or of another type. */
bool fisc_proof_from_json(const json_t *json, FiscProof **out_proof, GError **error);

/* Rows of the log, each with the members that its hash covers: as they stand in a proof. */
json_t *fisc_log_entry_to_json(const FiscLogEntry *entry);
json_t *fisc_log_coding_to_json(const FiscLogCoding *coding);
json_t *fisc_log_event_to_json(const FiscLogEvent *event);
json_t *fisc_log_batch_to_json(const FiscLogBatch *batch);
/** The same back, in @arena; *out_wrong names a member that is missing or of another type, and
 * stays as it is when there is none. */
const FiscLogEntry *
fisc_log_entry_from_json(FiscArena *arena, const json_t *json, const char **out_wrong);
const FiscLogCoding *
fisc_log_coding_from_json(FiscArena *arena, const json_t *json, const char **out_wrong);
const FiscLogEvent *
fisc_log_event_from_json(FiscArena *arena, const json_t *json, const char **out_wrong);
void fisc_log_batch_from_json(const json_t *json, FiscLogBatch *out_batch, const char **out_wrong);

#endif

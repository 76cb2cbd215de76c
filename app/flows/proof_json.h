/* proof_json.h: a proof as JSON, and back: docs/hashes.md. */
#ifndef FISC_FLOWS_PROOF_JSON_H
#define FISC_FLOWS_PROOF_JSON_H

#include "ledger/proof.h"
#include <jansson.h>

json_t *fisc_proof_to_json(const FiscProof *proof);
/** VALUE_INVALID names what is missing or of another type. */
bool fisc_proof_from_json(const json_t *json, FiscProof **out_proof, GError **error);

#endif

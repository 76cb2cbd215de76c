/* grant.h: what the making and the checking of a proven grant share. Private to app/flows. */
#ifndef FISC_FLOWS_GRANT_H
#define FISC_FLOWS_GRANT_H

#include "fisc/grant.h"
#include "ledger/proof.h"
#include <jansson.h>

#define FISC_GRANT_FORM "fisc grant 1"

/* What proofs say of one id: who gave what to whom. Codes are borrowed from the proofs. */
typedef struct {
    const char *payer, *receiver; /* NULL: no entry tells */
    const char *currency;
    int64_t given, received; /* minor units */
    int paying, receiving;   /* lines */
} FiscGrantSides;

/** Adds the lines of the grant @transfer. NULL, or what does not go together; caller frees. */
char *fisc_grant_add(FiscGrantSides *sides, const FiscProof *proof, const char *transfer);
/** SHA-256 of a value as JSON without blanks, its members sorted; in hexadecimal. Caller frees. */
char *fisc_grant_digest(const json_t *value);
/** The lines that are signed, of a file without its signature: each member, for the proofs their
 * digests. Caller frees. */
char *fisc_grant_body(const json_t *file);

/* proof.c */
bool fisc_proof_choose_head(FiscContext *ctx, FiscTx *tx, const char *head_file,
                            const char *key_file, FiscHead **out_head, GError **error);

#endif

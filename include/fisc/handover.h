/* handover.h: a document that a unit hands over by itself, signed: what its agent sends and what
 * the server takes. docs/integrations.md.
 *
 * The signature covers whose document it is, its name, its version, who certifies it and the
 * digest of its bytes, so that none of them can be altered on the way or lent to another feeder.
 * Its key stands in the register of feeders, which two persons change. */
#ifndef FISC_HANDOVER_H
#define FISC_HANDOVER_H

#include "core/base/sign.h"
#include "fisc/context.h"
#include "fisc/refusal.h"

typedef struct {
    const char *feeder;
    const char *document;     /* a file's name */
    const char *version;      /* 1 to 100 letters, digits and "-_.:"; has one content for ever */
    const char *certified_by; /* who answers for the figures; "": they are provisional */
    GBytes *bytes;
} FiscHandover;

typedef enum {
    FISC_HANDOVER_TAKEN,
    FISC_HANDOVER_KNOWN, /* had been taken before */
} FiscHandoverOutcome;

void fisc_handover_sign(const FiscHandover *handover, const FiscSignKey *private_key,
                        uint8_t out_signature[FISC_SIGNATURE_SIZE]);
bool fisc_handover_check(const FiscHandover *handover, const FiscSignKey *key,
                         const uint8_t signature[FISC_SIGNATURE_SIZE]);

/** Keeps a document for the next pull. Refusals: its name or version is none, or the version was
 * taken with other bytes (REFERENCE_CONFLICT). NOT_FOUND: there is no such feeder for who asks;
 * DENIED: the signature is not by the feeder's agent. */
bool
fisc_flow_handover_take(FiscContext *ctx, const FiscHandover *handover,
                        const uint8_t signature[FISC_SIGNATURE_SIZE],
                        FiscHandoverOutcome *out_outcome, FiscRefusals *refusals, GError **error);

#endif

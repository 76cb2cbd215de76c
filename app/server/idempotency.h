/* idempotency.h: a write that is sent twice is done once and answered twice (docs/api.md).
 *
 * Every write carries a key that its sender chose. The same request under the same key gets the
 * stored answer. What was posted the chain decides, whatever became of the answer: entries without
 * a name of their own get one that follows from the key. */
#ifndef FISC_SERVER_IDEMPOTENCY_H
#define FISC_SERVER_IDEMPOTENCY_H

#include "app/server/api.h"

/* A write on its way; zero: none that needs a key. */
typedef struct {
    bool is_taken;
    char digest[65];
} FiscIdempotency;

/** Before the handler. False: the reply is there, from before or a problem. */
bool fisc_idempotency_begin(FiscCall *call, FiscIdempotency *write);
/** After the handler: keeps what is an answer, and frees the key of what was none. */
void fisc_idempotency_end(FiscCall *call, FiscIdempotency *write);
/** What entries without a name are called by: of the person and the key. Caller frees. */
char *fisc_idempotency_name(const FiscCall *call);

#endif

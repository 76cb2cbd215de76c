/* batch.h: a sealed batch as the arguments of ledger.post_batch. */
#ifndef FISC_LEDGER_BATCH_H
#define FISC_LEDGER_BATCH_H

#include "fisc/db.h"
#include "ledger/engine.h"

/* The composite types that carry a batch; their numbers differ between databases. */
typedef struct {
    uint32_t coding, coding_array;
    uint32_t event, event_array;
    uint32_t refusal, refusal_array;
    uint32_t posting, posting_array;
} FiscBatchTypes;

bool fisc_batch_types_load(FiscPool *pool, FiscBatchTypes *out_types, GError **error);
/** One round trip: appends the batch in a transaction of its own. */
bool fisc_batch_write(FiscPool *pool, const FiscBatchTypes *types, const FiscBatch *batch,
                      GError **error);
/** Appends it in a transaction that is under way; whoever began that ends it. */
bool fisc_batch_write_in(FiscTx *tx, const FiscBatchTypes *types, const FiscBatch *batch,
                         GError **error);

/** While @is_left, entries are not hashed and roots not computed, in every batch of this process:
 * the books so written prove nothing. For bench/ alone, on its temporary database. */
void fisc_batch_leave_unsealed(bool is_left);

#endif

/* hold.h: what an auditor holds: nothing that touches it is posted, approved or carried out until
 * an auditor releases it. Decided by the engine (ledger/engine_hold.c); docs/holds.md. */
#ifndef FISC_HOLD_H
#define FISC_HOLD_H

#include "fisc/context.h"
#include "fisc/entry.h"
#include "fisc/table.h"

/* What is to be held: one of document, payee, line, or the entity as a whole. */
typedef struct {
    const char *id;       /* its name; NULL: made of the words below */
    const char *document; /* a document, or what an entry, a transfer, an open item is known by */
    const char *payee;    /* an entity or a group */
    const char *line;     /* "programme=231 economic=22*" */
    const char *entity;   /* alone: all of it; else: only in its books. NULL: in all */
    const char *reason;
} FiscHoldOrder;

/** Places a hold; *out_id (owned) is its name. The same order on the same day is one hold. USAGE
 * for an order that names nothing, or two things. Whether the actor may, the receipt tells. */
bool fisc_flow_hold_place(FiscContext *ctx, const FiscHoldOrder *order, char **out_id,
                          FiscReceipt **out_receipt, GError **error);
/** Releases it. NOT_FOUND. */
bool fisc_flow_hold_release(FiscContext *ctx, const char *id, const char *reason,
                            FiscReceipt **out_receipt, GError **error);
/** Columns hold,state,about,code,entity,placed_by,since,reason,released_by,released_on,remark.
 * @state NULL: placed and released. */
bool
fisc_flow_hold_list(FiscContext *ctx, const char *state, FiscTable **out_table, GError **error);

#endif

/* verify_walk.h: the stretch of the chain that is being looked at: verify_chain.c lays it out and
 * puts the rows into their places, verify_batch.c judges each batch by what stands there. */
#ifndef FISC_LEDGER_VERIFY_WALK_H
#define FISC_LEDGER_VERIFY_WALK_H

#include "ledger/verify_internal.h"

/* One batch laid out; or, with batch NULL, batches that are missing. */
typedef struct {
    const FiscLogBatch *batch;
    int64_t from_no, to_no;
    FiscLogPlace from, until;
    bool holds; /* the hash follows from the columns */
    int64_t lines;
} FiscSpan;

typedef struct {
    FiscVerifier *verifier;
    GArray *pending; /* of FiscLogBatch: read, not yet looked at */
    guint at;
    bool is_end;
    FiscLogBatch before; /* the batch that the next one has to follow */
    FiscLogPlace place;  /* the next numbers */
    bool is_first;
    GArray *spans; /* of FiscSpan */
    GArray *gaps;  /* of int64_t: batches that were found missing */
    FiscLogChunk *chunk;
    FiscLogItem **slots;      /* by item number, from that of the first span */
    FiscLogCoding **codings;  /* the same */
    GPtrArray *strays;        /* of FiscLogItem: rows without a place */
    GPtrArray *stray_codings; /* of FiscLogCoding */
} FiscWalk;

/** The places of numbers that lie in the stretch. */
FiscLogItem **fisc_walk_slot(FiscWalk *walk, int64_t item_id);
FiscLogCoding **fisc_walk_coding(FiscWalk *walk, int64_t coding_id);

/** "entry" "event" "refusal". */
const char *fisc_walk_subject(const FiscLogItem *item);
/** The entry's number, or that of the item. */
int64_t fisc_walk_number(const FiscLogItem *item);
/** Reference of an entry or refusal, kind and subject of an event. Caller frees. */
char *fisc_walk_name(const FiscLogItem *item);
/** Reports an item; returns where in the report. */
guint fisc_walk_find(FiscWalk *walk, FiscFindingKind kind, const FiscLogItem *item,
                     int64_t batch_no, const char *detail);
/** True when its hash is the one stored. */
bool fisc_walk_is_good(const FiscLogItem *item);

/** Judges a batch, or the place of missing ones: what is missing or altered in it, its root, its
 * columns and its link. @next: the batch behind it, NULL when that is not there. Settles the hash
 * that the next one has to follow. */
void fisc_walk_check(FiscWalk *walk, FiscSpan *span, const FiscLogBatch *next);

#endif

/* poster.h: the only way into the books. Owns the transaction of every walk that posts.
 *
 * Submitters (threads) queue; whoever finds the poster idle takes what is queued, lets the engine
 * decide in order, writes one batch in one transaction, and answers all. Another process may append
 * first: then the batch is undone, the other's is read, and ours is decided again. */
#ifndef FISC_POSTER_H
#define FISC_POSTER_H

#include "fisc/context.h"
#include "fisc/entry.h"

typedef struct _FiscPoster FiscPoster;

#define FISC_BATCH_ENTRIES_MAX 4096
#define FISC_BATCH_LINES_MAX 65536

/** Loads the book's state (checkpoint and tail) and is ready. */
bool fisc_poster_open(FiscPool *pool, int book_id, FiscPoster **out_poster, GError **error);
void fisc_poster_close(FiscPoster *poster);

/** Walk 1's last step: decides and commits one submission, all or nothing. True with a receipt,
 * which may hold refusals. False: the system failed; OUTCOME_UNKNOWN says that asking again with
 * the same references tells. Thread-safe. @submission is borrowed. */
bool fisc_poster_submit(FiscPoster *poster, const FiscSubmission *submission,
                        FiscReceipt **out_receipt, GError **error);
/** Every entry of @submission on its own, in as few batches as limits allow: what importers use.
 *  Events are committed with the first batch, or refused with nothing written. One result per
 * entry. */
bool fisc_poster_submit_each(FiscPoster *poster, const FiscSubmission *submission,
                             FiscReceipt **out_receipt, GError **error);
/** Decides as submit does and writes nothing: what would happen now. */
bool fisc_poster_try(FiscPoster *poster, const FiscSubmission *submission,
                     FiscReceipt **out_receipt, GError **error);
/** Decides several importers' submissions after one another and writes nothing: every entry on its
 * own, as submit_each would. One FiscReceipt per submission, in *out_receipts (owned). A file is
 * refused as a whole by looking here first. */
bool fisc_poster_rehearse(FiscPoster *poster, GPtrArray *submissions, GPtrArray **out_receipts,
                          GError **error);
/** Called after every batch of submit_each with the entries done and to do; from the caller's
 * thread. */
void
fisc_poster_set_progress(FiscPoster *poster,
                         void (*progress)(int64_t done, int64_t total, void *data), void *data);
/** Folds the log into the balances (a checkpoint). Also done by itself every few seconds of
 * posting. */
bool fisc_poster_checkpoint(FiscPoster *poster, GError **error);

/* What a control key holds right now, for answers about funds. */
typedef struct {
    char *control;
    char *level; /* "none" "track" "absolute" */
    char *key;   /* "entity=001 programme=2 economic=1 year=2018" */
    int64_t limit;
    int64_t stage[FISC_STAGE_COUNT]; /* still in the stage: AUTHORIZATION .. PAYMENT */
    int64_t available;
} FiscFunds;
/** The keys of every control that the given words fall under (fields left NULL match all), in key
 *  order. Exact at the last committed batch. */
bool
fisc_poster_funds(FiscPoster *poster, const char *entity, int year,
                  const char *const dim[FISC_DIM_COUNT], GPtrArray **out_funds, GError **error);
void fisc_funds_free(FiscFunds *funds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscPoster, fisc_poster_close)

#endif

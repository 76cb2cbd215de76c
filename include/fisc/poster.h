/* poster.h: the only way into the books. Owns the transaction of every walk that posts.
 *
 * Submitters (threads) queue; whoever finds the poster idle takes what is queued, lets the engine
 * decide in order, writes one batch in one transaction, and answers all. Another process may append
 * first: then the batch is undone, the other's is read, and ours is decided again, in a turn of its
 * own, in which nobody else appends: a batch meets one conflict at most. */
#ifndef FISC_POSTER_H
#define FISC_POSTER_H

#include "fisc/context.h"
#include "fisc/entry.h"

typedef struct _FiscPoster FiscPoster;

#define FISC_BATCH_ENTRIES_MAX 4096
#define FISC_BATCH_LINES_MAX 65536

/** Loads the book's state (checkpoint and tail) and is ready. */
bool fisc_poster_open(FiscPool *pool, int book_id, FiscPoster **out_poster, GError **error);
/** Another holder: it is closed when all have closed it. */
FiscPoster *fisc_poster_ref(FiscPoster *poster);
void fisc_poster_close(FiscPoster *poster);

/** Walk 1's last step: decides and commits one submission, all or nothing. True with a receipt,
 * which may hold refusals. False: the system failed; OUTCOME_UNKNOWN says that asking again with
 * the same references tells. Thread-safe. @submission is borrowed. */
bool fisc_poster_submit(FiscPoster *poster, const FiscSubmission *submission,
                        FiscReceipt **out_receipt, GError **error);
/** Several submissions in their order, each decided as submit would, all or nothing by itself, in
 * as few batches as limits allow. *out_receipts (owned) has one FiscReceipt for each, also after a
 * failure: NULL for those that met one, and @error is the first of these. */
bool fisc_poster_submit_all(FiscPoster *poster, const GPtrArray *submissions,
                            GPtrArray **out_receipts, GError **error);
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

/* What became of a poster's batches since it was opened. Each one on record was first, or has lost
 * to another writer once and got in with its turn: while PostgreSQL answers, conflicts <= batches.
 */
typedef struct {
    int64_t batches;   /* on record */
    int64_t conflicts; /* another writer was first */
} FiscPosterCounts;
/** Never waits: what somebody was told of is in it. */
void fisc_poster_count(FiscPoster *poster, FiscPosterCounts *out_counts);

/** Appends the releases of what has expired before @today, of an entity or, NULL, of all. */
bool fisc_poster_releases(FiscPoster *poster, const char *entity, FiscDate today,
                          FiscSubmission *into, GError **error);

/* What a control key holds right now, for answers about funds. Where a control counts by quarter or
 * period, one of these for every window of the year in which anything is limited or consumed. */
typedef struct {
    char *control;
    char *level;         /* "none" "track" "advisory" "absolute" */
    char *article;       /* of the law; NULL when the control cites none */
    char *key;           /* "entity=001 programme=2 economic=1 year=2018", "... quarter=2" */
    FiscPeriod from, to; /* the periods that are counted */
    int64_t limit;
    int64_t grown;   /* of it: by revenue that the limit grows with */
    char *growth;    /* "fees (Art. 53)": the rules by which it grows; NULL = none */
    int64_t ceiling; /* the limit and what is tolerated beyond it */
    int64_t consumed;
    int64_t stage[FISC_STAGE_COUNT]; /* still in the stage: AUTHORIZATION .. PAYMENT, BLOCK; and
                                        RELEASE, which is in @consumed only where releases consume
                                      */
    int64_t available;               /* limit less consumed */
    bool is_over;                    /* available < 0 */
    bool is_overridable;
} FiscFunds;
/** The keys of every control that the given words fall under (fields left NULL match all), in key
 *  order. Exact at the last committed batch. */
bool
fisc_poster_funds(FiscPoster *poster, const char *entity, int year,
                  const char *const dim[FISC_DIM_COUNT], GPtrArray **out_funds, GError **error);
void fisc_funds_free(FiscFunds *funds);

/** From now on fisc_poster_funds() answers from a board that every batch on record is put on: it
 * waits for nobody and stops nobody, and asks no database. What other writers append shows with the
 * next batch of this poster, or when somebody calls fisc_poster_follow_to(). Before anybody asks.
 */
void fisc_poster_keep_board(FiscPoster *poster);
/** The newest batch on record that the poster knows. Never waits. */
int64_t fisc_poster_batch_no(const FiscPoster *poster);
/** Changes when master data or budget lines have come on record, as far as the poster knows: what
 * was read under the same number is as it was. Never waits. */
int fisc_poster_masters_version(const FiscPoster *poster);
/** Reads what others have appended, when the poster does not know batch @batch_no yet. */
bool fisc_poster_follow_to(FiscPoster *poster, int64_t batch_no, GError **error);

/* Where an entry of one entity and period stands: the budget lines there are, the keys that bind
 * them and the rules by which money moves between them. What remedies are looked for in. */

/* A key of an absolute control that is in force on the day. */
typedef struct {
    char *control;
    char *key; /* "entity=001 programme=2 year=2018": without the window */
    char *article;
    int64_t available; /* the least of what the entry's window and later ones leave; < 0: over */
    bool has_budget;   /* anything is appropriated to it */
    bool is_overridable;
    bool is_released; /* its limit are releases, not appropriations */
    bool is_windowed; /* it counts by quarter or period */
} FiscKeyPosition;

/* How much may still leave a line in the year, by a rule. */
typedef struct {
    int64_t room;
} FiscCapPosition;

typedef struct {
    const char *dim[FISC_DIM_COUNT];
    GPtrArray *keys;   /* of FiscKeyPosition: those it falls under */
    int64_t enacted;   /* appropriations, with all changes */
    int64_t released;  /* of it */
    int64_t carried;   /* carried in from the year before: not part of @enacted */
    int64_t available; /* of both, on this very line: it may be short where its keys are not */
    int64_t blocked;
    GPtrArray *caps;     /* of FiscCapPosition, one for each rule; NULL = not capped */
    int64_t requested;   /* what the entry takes from it */
    GPtrArray *ways_out; /* of an asked line: for each budget line a bit set of the rules by which
                            it may give to this one (GUINT_TO_POINTER) */
} FiscLinePosition;

typedef struct {
    char *name;
    char *approval; /* the role that has to approve; NULL = any */
    int approvals;  /* 0: no document is needed */
    char *article;
} FiscRulePosition;

typedef struct {
    char *name;
    char *control;
    char *receiver, *donor; /* keys of the control */
    bool is_reciprocal;
    char *article;
} FiscPoolPosition;

typedef struct _FiscBudgetPosition {
    char *entity;
    FiscPeriod period;
    FiscDate effective;
    FiscDate today;
    GPtrArray *asked; /* of FiscLinePosition: the lines of the entry; put in by who asks */
    GPtrArray *lines; /* of FiscLinePosition: every budget line of the entity in the year */
    GPtrArray *keys;  /* of FiscKeyPosition */
    GPtrArray *rules; /* of FiscRulePosition, in the order tried; none: virements are free */
    GPtrArray *pools; /* of FiscPoolPosition, by name */
    GPtrArray *caps;  /* of FiscCapPosition */
    GStringChunk *chunk;
} FiscBudgetPosition;

#define FISC_RULES_ASKED_MAX 32 /* of those in force: nobody has so many */

FiscBudgetPosition *
fisc_budget_position_new(const char *entity, FiscPeriod period, FiscDate effective);
void fisc_budget_position_free(FiscBudgetPosition *position);
/** Adds what an entry asks of a line; @dim is copied. */
void fisc_budget_position_ask(FiscBudgetPosition *position, const char *const dim[FISC_DIM_COUNT],
                              int64_t requested);

/* A rehearsal in steps that stand on each other, and what it does to the funds. */
typedef struct {
    const FiscSubmission *submission;
    bool is_each;       /* every entry on its own; else all or nothing */
    bool is_authorized; /* as if who may had asked for it and approved it: duties are not judged */
    FiscReceipt *receipt; /* out */
} FiscTrialStep;

/* A key of a control that the steps touched. */
typedef struct {
    FiscFunds *before; /* NULL: it was not on record */
    FiscFunds *after;  /* NULL: it is no longer */
} FiscFundsChange;

typedef struct {
    GArray *steps;      /* of FiscTrialStep */
    guint baseline;     /* funds are compared with those before this step */
    GPtrArray *changes; /* out, of FiscFundsChange in key order; NULL until it was rehearsed */
    FiscBudgetPosition
        *position; /* filled as of behind the last step; borrowed, NULL = not asked */
} FiscTrial;

FiscTrial *fisc_trial_new(void);
void fisc_trial_free(FiscTrial *trial);
/** Appends a step; the submission is borrowed until the rehearsal. */
void fisc_trial_add(FiscTrial *trial, const FiscSubmission *submission, bool is_each,
                    bool is_authorized);
/** The receipt of a step; and the same for the caller to free. */
const FiscReceipt *fisc_trial_receipt(const FiscTrial *trial, guint step);
FiscReceipt *fisc_trial_take_receipt(FiscTrial *trial, guint step);
/** Decides all steps in order, on the last batch on record, and writes nothing. Rehearsing again
 * begins anew. @with_changes: compares the funds, too. */
bool
fisc_poster_rehearse_trial(FiscPoster *poster, FiscTrial *trial, bool with_changes, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscPoster, fisc_poster_close)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscTrial, fisc_trial_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscBudgetPosition, fisc_budget_position_free)

#endif

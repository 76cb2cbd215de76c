/* poster_internal.h: what the files of the poster share.
 *
 *   poster.c        the queue, who leads, the writer: how submissions become batches and answers
 *   poster_batch.c  one batch: references asked, decided, written, resolved, halved
 *   poster_turn.c   a turn: the others wait while who has lost reads, decides and writes
 *   poster_fold.c   the checkpoint thread
 *   poster_ask.c    what only asks the engine: tries, rehearsals, funds
 *   poster_board.c  what is told to those who ask without stopping anything
 *
 * Roles. One thread decides (is_deciding: it owns the engine), one thread writes (the flight).
 * While a batch is being written the next one is decided on top of it. If the write fails, whoever
 * decides takes his batch back and queues its jobs again, and the writer settles the failure with
 * both roles in hand. */
#ifndef FISC_LEDGER_POSTER_INTERNAL_H
#define FISC_LEDGER_POSTER_INTERNAL_H

#include "fisc/poster.h"
#include "ledger/batch.h"
#include "ledger/engine.h"
#include "ledger/funds_board.h"

/* A submitter at the door: waits for its answers, leads when called. */
typedef struct {
    GCond called;
    bool is_leader;
} Waiter;

typedef struct {
    Waiter *waiter;
    const FiscSubmission *submission;
    bool is_each; /* every entry on its own */
    guint first, count;
    bool with_events;
    bool is_stopped; /* its events were refused: nothing of it is written */
    FiscReceipt *receipt;
    GError *error;
    bool is_done;
} Job;

/* What stands or falls together: a whole submission, or one entry of an importer's. */
typedef struct {
    Job *job;
    guint first, count;
    bool with_events;
    FiscReceipt *receipt;
    GError *error;
} Unit;

/* One batch from the queue to its answers. */
typedef struct {
    GPtrArray *jobs; /* of Job, in order */
    GArray *units;   /* of Unit */
    guint entries;
    guint lines;
    const FiscBatch *batch; /* once it is sealed */
} Flight;

struct _FiscPoster {
    gint holds;
    FiscPool *pool;
    int book_id;
    FiscBatchTypes types;
    FiscEngine *engine; /* owned by whoever is deciding */
    bool is_stale;      /* the engine may be behind the chain */
    bool has_lost;      /* another writer was first: the next batch gets a turn */
    bool asks_first;    /* known references have shown up: ask for them before deciding */

    GMutex mutex; /* guards what follows */
    GQueue queue; /* of Job */
    guint queued_entries;
    bool is_deciding;
    int holders;     /* waiting to ask the engine between two batches */
    Flight *flight;  /* being written */
    bool has_landed; /* the flight before is in, and the engine has not been told */
    bool is_recovering;
    bool is_closing;
    GCond idle;   /* for holders, and for room in the queue */
    GCond turn;   /* for the decider: new jobs, or the writer is free */
    GCond fly;    /* for the writer: a flight */
    GCond undone; /* for the writer that recovers: nobody decides any more */
    GThread *writer;

    int64_t entries_since_checkpoint;
    GThread *folder; /* folds the log into the balances, beside the posting */
    GCond due;

    void (*progress)(int64_t done, int64_t total, void *data);
    void *progress_data;

    FiscPosterCounts counts; /* atomic; grown by whoever writes */

    FiscFundsBoard *board;    /* NULL: nobody asks for funds but the engine's owner */
    FiscFundsNews *news;      /* of the flight; with the mutex held */
    bool flight_brings;       /* master data or budget lines; with the mutex held */
    bool brings_masters;      /* the same of batches written with care; whoever is deciding */
    int64_t restored_masters; /* of the engine, when it was last told */
    gint masters_version;     /* atomic */
    int64_t published_batch;  /* atomic: the last one on record that this poster knows */
};

/* poster_batch.c */
void fisc_poster_append_units(GArray *units, Job *job);
bool fisc_poster_has_correction(const Unit *units, guint count);
/** Asks the database what it has under the references of some units; adds to @known. */
bool fisc_poster_ask_references(FiscPoster *poster, Unit *units, guint count, GHashTable *known,
                                GError **error);
/** Whether one of the decided units was refused though its reference is on record: then it must be
 *  decided again with the references asked, for a retry gets the first answer, whatever funds and
 *  periods say by now. */
bool fisc_poster_refuses_known(FiscPoster *poster, const Unit *units, guint count, bool *out_known,
                               GError **error);
/** Begins a batch, at the time that it will carry and by which it is decided. */
void fisc_poster_begin(FiscPoster *poster);
void fisc_poster_decide(FiscPoster *poster, Unit *units, guint count);
const FiscBatch *fisc_poster_seal(FiscPoster *poster);
/** Writes a sealed batch; a lost answer is looked up until it is known or the time is over. In
 * @turn, which it ends; NULL for a transaction of its own. */
bool fisc_poster_write(FiscPoster *poster, FiscTx *turn, const FiscBatch *batch, GError **error);
/** Puts the batch's number into the units' receipts. */
void fisc_poster_fill_receipts(const FiscBatch *batch, Unit *units, guint count);
/** Decides and writes with every care: catches up, asks, tries again, halves. Every unit has its
 * receipt or its error afterwards. Needs both roles. Returns the entries written. */
int64_t fisc_poster_process(FiscPoster *poster, Unit *units, guint count);
/** Goes on after the first write of these units failed, their effects taken back. */
int64_t
fisc_poster_process_failed(FiscPoster *poster, Unit *units, guint count, const GError *failure);
/** Hands the units' receipts and errors to their jobs. */
void fisc_poster_finish_units(GArray *units);
bool fisc_poster_answer(Job *job, FiscReceipt **out_receipt, GError **error);

/* poster_turn.c */
/** Waits for a turn and catches up in it. Until @out_turn ends nobody else can append to the book,
 * so a batch decided now goes in. Ends by itself when the poster stops in it for seconds.
 * UNAVAILABLE when none comes. */
bool fisc_poster_take_turn(FiscPoster *poster, FiscTx **out_turn, GError **error);

/* poster_fold.c; with the mutex held */
void fisc_poster_count_written(FiscPoster *poster, int64_t entries);
void fisc_poster_stop_folding(FiscPoster *poster);

/* poster_board.c */
/** Tells of a batch that is on record; takes @news. */
void
fisc_poster_publish(FiscPoster *poster, int64_t batch_no, FiscFundsNews *news, bool brings_masters);
/** Tells of everything up to the engine's head. By whoever decides, while nothing is in flight. */
void fisc_poster_publish_all(FiscPoster *poster);

/* poster.c */
/** Takes both roles: nobody decides, nothing is in flight. */
void fisc_poster_hold(FiscPoster *poster);
void fisc_poster_let_go(FiscPoster *poster);

#endif

/* pull.h: what the files of a pull share. Private to app/flows.
 *
 *   pull.c         which feeders, by how many workers, in which order they are told
 *   pull_feeder.c  one feeder: asked, received, its parts one after the other
 *   pull_run.c     runs of parts: read by the map, settled with the books, acknowledged
 *   pull_post.c    from packages to what the books lack
 *   pull_stage.c   the same where duties are enforced: rehearsed and staged for an approval
 *   pull_lock.c    a feeder is pulled by one at a time, whoever else pulls
 *   pull_told.c    what is told of runs
 *
 * Workers are threads; each takes a feeder and goes with it to its end. What they share is read by
 * all and changed by nobody, but for what stands behind the mutex. */
#ifndef FISC_FLOWS_PULL_H
#define FISC_FLOWS_PULL_H

#include "app/flows/intake.h"
#include "fisc/identity.h"
#include <jansson.h>

/* pull_lock.c */
typedef struct _FiscFeederLocks FiscFeederLocks;
bool
fisc_feeder_locks_open(FiscPool *pool, int book_id, FiscFeederLocks **out_locks, GError **error);
/** *out_is_ours: false while another pull has it. */
bool
fisc_feeder_lock(FiscFeederLocks *locks, const char *feeder, bool *out_is_ours, GError **error);
void fisc_feeder_unlock(FiscFeederLocks *locks, const char *feeder);
void fisc_feeder_locks_close(FiscFeederLocks *locks);

/* What an account loses and wins, debits positive. */
typedef struct {
    __int128 taken_back, posted;
} FiscEffect;

/* A pull, or the trial of a map. */
typedef struct {
    const FiscPullOrder *order;
    FiscContext ctx;         /* of the workers */
    FiscMasterCopy *masters; /* as of the beginning: what all feeders are read with */
    GHashTable *maps;        /* feeder -> FiscFact of its map in force */
    FiscFeederLocks *locks;  /* NULL in a trial */
    FiscRegistry *registry;  /* where duties are enforced: runs are staged; else NULL */
    GHashTable *effect;      /* of a trial, by one thread: account -> FiscEffect; NULL: not asked */

    GMutex mutex;        /* guards what follows */
    FiscPoster *poster;  /* NULL: nothing had to be posted yet */
    GHashTable *at_hand; /* maps: digest -> FiscMap */
    int64_t posted;
    FiscPullProgress progress;
} FiscPull;

bool fisc_pull_must_stop(const FiscPull *pull);
/** The poster of the pull, opened for the first who needs it. Borrowed. */
bool fisc_pull_poster(FiscPull *pull, FiscPoster **out_poster, GError **error);
/** Counts what was posted, and tells the planner each time it has become ten times as much. */
bool fisc_pull_count(FiscPull *pull, int64_t posted, GError **error);
/** Tells that so many parts of a feeder are done. */
void fisc_pull_tell(FiscPull *pull, const char *feeder, int done, int total);

/* pull_told.c */
FiscPullRun *fisc_pull_run_new(const char *feeder, const char *part);
void fisc_pull_run_free(FiscPullRun *run);
void fisc_pull_run_set(FiscPullRun *run, FiscPullOutcome outcome, const char *reason);
/** Quarantined, for the first of its refusals. */
void fisc_pull_run_refuse(FiscPullRun *run);
GPtrArray *fisc_pull_runs_new(void); /* of FiscPullRun */
/** An outage of a source is no failure of ours. */
bool fisc_pull_is_theirs(const GError *failure);
/** The source's, its words' or its map's: it does not keep the other feeders. */
bool fisc_pull_is_of_feeder(const GError *failure);
/** Such a failure ends the run, not the pull: true, and told. Takes @failure. */
bool fisc_pull_run_fail(FiscPullRun *run, GError *failure, GError **error);

/* pull_feeder.c: a feeder on its way. */
typedef struct {
    FiscPull *pull;
    FiscContext *ctx;
    FiscFeeder *feeder;
    GPtrArray *documents; /* of FiscDelivery: the newest versions */
    GHashTable *fresh;    /* names of those that are new */
    GHashTable *bodies;   /* of those, as long as they are small: name -> GBytes */
    gsize bytes;          /* of them together */
    FiscMap *map;
    uint8_t map_digest[32];
    char *next_cursor;
    GHashTable *waiting;  /* part -> the document that waits for approval; NULL: none may */
    const char *interval; /* how often it is asked: hour day week month */
    GPtrArray *runs;      /* of FiscPullRun: what is told */
} FiscFeeding;

/** Pulls a feeder and appends what is told of it to @runs. */
bool fisc_pull_feeder(FiscPull *pull, const FiscFact *fact, GPtrArray *runs, GError **error);
/** The same documents by another map, in a trial. */
bool fisc_pull_feeder_try(FiscPull *pull, const FiscFact *fact, FiscMap *map, GPtrArray *runs,
                          GError **error);

/* Small documents of a feeder go the same way together, up to so many, or so many bytes: each is a
 * run of its own, all or nothing, but what is asked and written for them is asked and written once.
 */
#define FISC_PULL_TOGETHER 32
#define FISC_PULL_TOGETHER_BYTES (256 * 1024)

/* pull_run.c */
/** Runs of some parts (of FiscPullRun), "" for all documents together. Each of @told is filled. */
bool fisc_pull_parts(FiscFeeding *feeding, GPtrArray *told, GError **error);
/** What the source is told of a run. Caller decrefs. */
json_t *fisc_pull_receipt(const FiscFeeding *feeding, const FiscIntakeRun *run);

/* pull_stage.c */
/** Asks whether duties are enforced: then the pull has a registry. */
bool fisc_pull_open_stage(FiscPull *pull, GError **error);
/** Whether who pulls may stage what a feeder brings; everybody may where duties are not enforced.
 */
bool fisc_pull_may_stage(const FiscPull *pull, const FiscFeeder *feeder);
/* A run that was accepted. */
typedef struct {
    FiscIntakeRun *run;
    FiscSubmission *content; /* what it would post; borrowed */
    char *basis;             /* fisc_feed_basis(); owned by whoever made it */
    FiscPeriod from, to;     /* months that the source speaks of; 0: it says nothing more */
} FiscPullStaged;
/** Rehearses runs (of FiscPullStaged) and proposes a document for each. */
bool fisc_pull_stage(const FiscFeeding *feeding, GPtrArray *staged, GError **error);
/** What waits of a feeder, before anything new is run: see feeding->waiting. */
bool fisc_pull_review(FiscFeeding *feeding, GError **error);

/* pull_post.c */
/* A run whose documents were read. */
typedef struct {
    FiscIntakeRun *run;
    FiscPackage *package; /* owned */
} FiscPullRead;
void fisc_pull_read_free(FiscPullRead *read);
/** Brings the books to what packages of a feeder say (of FiscPullRead), each by itself. What is
 * refused goes to its run->told->refusals; what failed by the feeder's fault is told there, too. */
bool fisc_pull_settle(FiscFeeding *feeding, GPtrArray *read, GError **error);

/* pull.c */
/** What the documents there are would become by another map of @feeder, of those who are read by
 * it, too: nothing is written. *out_trials: of FiscPullRun, owned. */
bool fisc_pull_try_map(FiscContext *ctx, const char *feeder, GBytes *map, GHashTable *effect,
                       GPtrArray **out_trials, GError **error);

/* feeder.c */
/** Whose map a feeder is read by. */
const char *fisc_feeder_map_owner(const FiscFact *feeder);
/** Feeder -> FiscFact of the map in force on a day, of all that have one. Caller unrefs. */
GHashTable *fisc_feeder_maps(const FiscNation *nation, FiscDate day);

#endif

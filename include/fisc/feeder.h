/* feeder.h: outside books pulled into ours: the register of feeders, maps, runs.
 * docs/integrations.md.
 *
 * A run goes through the stages received, parsed, mapped, validated, accepted or quarantined,
 * posted, acknowledged. It posts all or nothing, and what it posted it takes back only by
 * reversals. */
#ifndef FISC_FEEDER_H
#define FISC_FEEDER_H

#include "fisc/context.h"
#include "fisc/entry.h"
#include "fisc/identity.h"
#include "fisc/table.h"

typedef enum {
    FISC_PULL_POSTED,
    FISC_PULL_UNCHANGED,   /* the books have it already */
    FISC_PULL_QUARANTINED, /* refused as a whole; kept, to be looked at */
    FISC_PULL_FAILED,      /* an outage: asked again later */
    FISC_PULL_SKIPPED,     /* paused, or its time has not come */
    FISC_PULL_STAGED,      /* a document waits for its approval */
} FiscPullOutcome;
const char *fisc_pull_outcome_word(FiscPullOutcome outcome);

/* A code that no map knew. */
typedef struct {
    char *map; /* the value of the profile that looked it up */
    char *code;
    int64_t rows;
    __int128 value; /* without sign, minor units */
} FiscSuspense;

typedef struct {
    char *feeder, *part;
    int64_t run_id; /* 0: there was nothing to run */
    FiscPullOutcome outcome;
    char *reason;           /* why it was quarantined, failed or skipped; "" */
    char *document;         /* that waits, of a staged one; or NULL */
    FiscRefusals *refusals; /* of a quarantined one */
    int documents, fresh;   /* those there are; those that were new or altered */
    int64_t rows;
    __int128 value;     /* of all entries wanted, without sign, minor units */
    __int128 mapped;    /* amounts of rows whose codes were looked up, without sign */
    __int128 suspense;  /* of those, what stands in suspense */
    GPtrArray *unknown; /* of FiscSuspense */
    GPtrArray *remarks; /* of char * */
    int posted, reversed, unchanged, restated;
    int64_t batch_no; /* 0: nothing was written */
} FiscPullRun;

typedef struct {
    GPtrArray *runs; /* of FiscPullRun, in the order of the register */
    int left;        /* feeders that were not begun, since somebody stopped it */
} FiscPullReport;
/** "99.6 %": the part of the value that has a code of ours; rounded down, so that it is 100 only
 * when it is all. Caller frees. */
char *fisc_pull_classified(const FiscPullRun *run);
void fisc_pull_report_free(FiscPullReport *report);

/* How far a pull is. */
typedef struct {
    int feeders, done;       /* those chosen; those that are through */
    int quarantined, failed; /* of those: something of it is refused; it did not answer */
    const char *feeder;      /* of whom something new is told */
    int parts_done, parts;   /* of that one; 0, 0: it is through */
} FiscPullProgress;

#define FISC_PULL_WORKERS_MAX 32

typedef struct {
    const char *const *feeders; /* by name; NULL: all that are active and whose time has come */
    bool is_replay;             /* nothing is fetched: what is kept is read again */
    const char *secrets_dir;
    const char *key_file; /* signs receipts; NULL: nobody does */
    guint tries;          /* how often each request is tried before it is an outage; 0: 4 times */
    guint workers;        /* feeders at once, each by a thread of its own; 0: 4 */
    bool (*should_stop)(gpointer data); /* asked by all threads */
    gpointer stop_data;
    /* One call at a time, by whichever thread has something to tell; or NULL. */
    void (*progress)(const FiscPullProgress *progress, gpointer data);
    gpointer progress_data;
} FiscPullOrder;

/** Pulls feeders, several at once; one that fails does not keep the others. A feeder that another
 * pull is at is skipped. Stopped, it ends between two documents or parts, and the next pull goes on
 * from there. In a dry run nothing is kept but what would become of it is told. */
bool fisc_flow_pull(FiscContext *ctx, const FiscPullOrder *order, FiscPullReport **out_report,
                    GError **error);

/** Whether the actor may have a feeder pulled, or with NULL every feeder: where duties are enforced
 * (@registry, whole also where the actor sees a part of the book) it takes the right to stage
 * feeds, for all whose books it brings. NOT_FOUND for who may not see them; DENIED. */
bool fisc_flow_pull_check(FiscContext *ctx, const FiscRegistry *registry, const char *feeder,
                          GError **error);

/* The register ------------------------------------------------------------------------------- */

/** Puts feeders on record from a text as feeders.csv; where duties are enforced as a document:
 * *out_document. */
bool fisc_flow_feeder_put(FiscContext *ctx, const char *data, gsize length, const char *reason,
                          char **out_document, FiscReceipt **out_receipt, FiscRefusals *refusals,
                          GError **error);
/** Those whose books the context may see. Columns
 * feeder,title,entities,connector,state,documents,certified,asked,answered,failures,outcome,
 * rows,value,mapped,suspense,note,every,due,late_h,breaker,run: when it is asked again unless
 * somebody says so; by how many hours its answer is later than it should be; closed, or open while
 * it waits after an outage; its newest run. */
bool fisc_flow_feeder_list(FiscContext *ctx, FiscTable **out_table, GError **error);

/* What a map would change: nothing is written. */
typedef struct {
    char *version;        /* given to it */
    char *document;       /* where duties are enforced: the proposal; else NULL */
    GPtrArray *trials;    /* of FiscPullRun: the documents there are, read by it */
    FiscTable *effect;    /* columns account,name,taken_back,posted */
    FiscReceipt *receipt; /* of putting it in force; NULL in a trial */
} FiscMapAnswer;

/** Reads the documents there are by the profiles and tables of @dir, tells the effect, and, unless
 * it is a dry run, puts the map in force from @from (0: from ever). */
bool fisc_flow_feeder_map(FiscContext *ctx, const char *feeder, const char *dir, FiscDate from,
                          const char *note, FiscMapAnswer **out_answer, FiscRefusals *refusals,
                          GError **error);
void fisc_map_answer_free(FiscMapAnswer *answer);

/* Looking: tables ------------------------------------------------------------------------------ */

/** Columns run,feeder,part,began,outcome,rows,value,suspense,classified,posted,reversed,unchanged,
 * batch,reason; of a feeder or, NULL, of all. */
bool fisc_flow_feeder_runs(FiscContext *ctx, const char *feeder, int count, FiscTable **out_table,
                           GError **error);
/** Columns file,line,field,code,detail. */
bool
fisc_flow_feeder_rejects(FiscContext *ctx, int64_t run_id, FiscTable **out_table, GError **error);
/** Columns feeder,part,map,code,rows,value,since. */
bool fisc_flow_feeder_suspense(FiscContext *ctx, const char *feeder, FiscTable **out_table,
                               GError **error);
/** What codes may mean that no table of its map knows: at most three results for each, the best
 * first, or a row without one. Columns
 * table,map,code,title,rows,value,since,rank,proposed,name,score,reasons; the score is in parts per
 * million (docs/integrations.md). @table: only of this one; NULL: all. NOT_FOUND. */
bool fisc_flow_feeder_propose(FiscContext *ctx, const char *feeder, const char *table,
                              FiscTable **out_table, GError **error);
/** The best of them as a table of the map: its header, the reasons as comments, a row for each.
 * Caller frees. NOT_FOUND when no code is missing; USAGE when several tables lack some. */
bool fisc_flow_feeder_propose_rows(FiscContext *ctx, const char *feeder, const char *table,
                                   char **out_csv, GError **error);
/** Columns stage,at,detail. */
bool
fisc_flow_feeder_stages(FiscContext *ctx, int64_t run_id, FiscTable **out_table, GError **error);
/** What the source is told of a run: JSON, and its signature in hexadecimal or NULL. NOT_FOUND. */
bool fisc_flow_feeder_receipt(FiscContext *ctx, int64_t run_id, char **out_text,
                              char **out_signature, GError **error);
/** Whether documents of outside systems can be read here, and how far their reader is fenced in:
 * *out_words, a literal; *out_is_filtered false: by limits alone. SETUP when it cannot be run. */
bool fisc_flow_feeder_reader(const char **out_words, bool *out_is_filtered, GError **error);
/** The connectors there are: columns connector,meaning. */
FiscTable *fisc_flow_feeder_connectors(void);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscPullReport, fisc_pull_report_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscMapAnswer, fisc_map_answer_free)

#endif

/* intake.h: what the walks of outside books share: the documents received, the runs, the watch kept
 * over each feeder. Private to app/flows.
 *
 *   intake.c       what is written down of documents and feeders (schema intake)
 *   intake_run.c   what is written down of runs
 *   intake_map.c   a map: profiles and tables of a folder as one text under a digest
 *   pull.h         the walk: received, parsed, mapped, validated, accepted, posted, acknowledged
 *   feeder.c       the register, and maps: proposed, tried, put in force
 *   feeder_look.c  what the tables say, for people */
#ifndef FISC_FLOWS_INTAKE_H
#define FISC_FLOWS_INTAKE_H

#include "app/flows/internal.h"
#include "fisc/fact.h"
#include "fisc/feeder.h"
#include "integrations/connector.h"
#include "integrations/map.h"

/* A version of a document. */
typedef struct {
    char *document, *tag, *origin;
    char *status; /* provisional or certified */
    int version;
    int64_t delivery_id;
    uint8_t digest[32];
    int64_t bytes;
} FiscDelivery;
void fisc_delivery_free(FiscDelivery *delivery);

/** The newest version of each document, by name. */
bool fisc_intake_newest(FiscContext *ctx, const char *feeder, GPtrArray **out_deliveries,
                        GError **error);
/** NOT_FOUND when nothing is kept under the digest. */
bool
fisc_intake_body(FiscContext *ctx, const uint8_t digest[32], GBytes **out_body, GError **error);
bool fisc_intake_keep(FiscContext *ctx, const FiscFeeder *feeder, GBytes *body,
                      uint8_t out_digest[32], GError **error);

/* A document that came, and what was made of it. */
typedef struct {
    const FiscFound *found; /* borrowed */
    char *tag;
    GBytes *body;
    bool is_new;
    bool is_conflict; /* the source gave other bytes under a version it had named before */
} FiscArrival;
FiscArrival *fisc_arrival_new(const FiscFound *found, const char *tag, GBytes *body);
void fisc_arrival_free(FiscArrival *arrival);
/** Keeps documents (of FiscArrival) in their order, at once: all or none. */
bool fisc_intake_receive(FiscContext *ctx, const FiscFeeder *feeder, GPtrArray *arrivals,
                         GError **error);

/* A run on its way to its row. */
typedef struct {
    int64_t run_id;
    FiscPullRun *told; /* what is told of it; owned by the report */
    int64_t batch_no;
    char *receipt;
    uint8_t signature[64];
    bool is_signed;
    bool is_certified;  /* every document was */
    GArray *deliveries; /* of int64_t: what is read */
    GPtrArray *stages;  /* reached, and not yet written down */
} FiscIntakeRun;

FiscIntakeRun *fisc_intake_run_new(FiscPullRun *told);
void fisc_intake_run_free(FiscIntakeRun *run);
/** A run has reached a stage, now: written down with what is written next. */
void fisc_intake_reach(FiscIntakeRun *run, const char *stage, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
/** These take runs of one feeder (of FiscIntakeRun), each with a statement for all of them, and
 * write nothing in a dry run. */
bool fisc_intake_begin(FiscContext *ctx, const FiscFeeder *feeder, const uint8_t map[32],
                       GPtrArray *runs, GError **error);
/** Writes the stages down: before what must not outrun them. */
bool fisc_intake_keep_stages(FiscContext *ctx, GPtrArray *runs, GError **error);
/** Writes down how they ended, with their refusals and what stands in suspense. */
bool fisc_intake_end(FiscContext *ctx, GPtrArray *runs, GError **error);
/* intake_stage.c: a run whose document is not dealt with. */
typedef struct {
    int64_t run_id;
    char *part, *document;
    char *outcome; /* running: it was killed on its way; staged; posted: nobody was told */
} FiscStagedRun;
void fisc_staged_run_free(FiscStagedRun *run);
/** Writes down the documents (told->document) of runs that are about to be proposed. */
bool fisc_intake_name_documents(FiscContext *ctx, const GPtrArray *runs, GError **error);
bool fisc_intake_staged(FiscContext *ctx, const char *feeder, GPtrArray **out_runs, GError **error);
/* How it ended. */
typedef struct {
    const char *outcome, *reason;
    int64_t batch_no;
    const char *receipt, *signature; /* hexadecimal; NULL or "": none */
} FiscStagedEnd;
/** Ends the run of a document, once; later only what was missing is added: the receipt. */
bool fisc_intake_close_staged(FiscContext *ctx, const char *feeder, const char *document,
                              const FiscStagedEnd *end, GError **error);
/** One statement: it needs no block around it, unless it has to be taken back. */
bool fisc_intake_ask(FiscContext *ctx, FiscTxMode mode, FiscSql sql, FiscArg *args, int count,
                     FiscRows **out_rows, GError **error);
/** How a feeder answered; asked again after @wait_s. @cursor NULL: where it was. */
bool fisc_intake_note_try(FiscContext *ctx, const FiscFeeder *feeder, const char *cursor,
                          bool has_succeeded, const char *note, int64_t wait_s, GError **error);
/* How a feeder answered so far. */
typedef struct {
    char *cursor;
    int failures;
    bool is_due;
} FiscWatch;
bool fisc_intake_watch(FiscContext *ctx, const char *feeder, FiscWatch *out_watch, GError **error);
void fisc_watch_clear(FiscWatch *watch);
/** Ids (int64_t) of the deliveries that were dealt with by the map. */
bool fisc_intake_settled(FiscContext *ctx, const char *feeder, const uint8_t map[32],
                         bool with_quarantined, GHashTable **out_ids, GError **error);
/** What was posted by a source for some of its parts: *out_posted (owned) has for each of them a
 * GArray of FiscPostedReference. Its only part is "" when all of it is one. */
bool fisc_intake_posted(FiscContext *ctx, const char *source, const char *const *parts, int count,
                        GHashTable **out_posted, GError **error);

/* intake_map.c */
/** Profiles and tables of a folder as one text. Refusals name the file. NULL with refusals. */
GBytes *fisc_map_pack(const char *dir, FiscRefusals *refusals, GError **error);
/* A folder for a moment, removed with all that is in it. */
typedef struct {
    char *root;
    char *dir; /* where a package is put: two folders down */
} FiscScratch;
bool fisc_scratch_open(FiscScratch *scratch, GError **error);
void fisc_scratch_clear(FiscScratch *scratch);

/* pull_feeder.c */
/** Seconds of hour, day, week, month: how often a feeder is asked. */
int64_t fisc_feeder_interval_s(const char *word);

/* feeder_look.c */
/** Sums of minor units come as decimal digits: they may not fit 64 bits. */
__int128 fisc_flow_read_sum(const char *text);

/* feeder.c */
/** The feeder by name. NOT_FOUND; or refusals as an error, since what is on record was checked. */
bool fisc_feeder_find(const FiscNation *nation, const char *name, FiscFeeder **out_feeder,
                      GError **error);
/** The feeder of a fact; refusals as an error. */
bool fisc_feeder_of(const FiscFact *fact, FiscFeeder **out_feeder, GError **error);
/** NOT_FOUND for who may not see the books of all entities of a feeder. */
bool fisc_feeder_check_scope(const FiscContext *ctx, const FiscNation *nation,
                             const FiscFeeder *feeder, GError **error);
/** The feeder by name, of the nation as it is now, if the actor may see it; else NOT_FOUND. */
bool fisc_feeder_open(FiscContext *ctx, const char *name, FiscFeeder **out_feeder, GError **error);
/** The digest of a map. NOT_FOUND when @map is NULL: @owner has none in force. */
bool fisc_feeder_map_read(const FiscFact *map, const char *owner, uint8_t out_digest[32],
                          GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscScratch, fisc_scratch_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscWatch, fisc_watch_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscDelivery, fisc_delivery_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscArrival, fisc_arrival_free)

#endif

/* intake.h: what the walks of outside books share: the documents received, the runs, the watch kept
 * over each feeder. Private to app/flows.
 *
 *   intake.c       what is written down (schema intake)
 *   intake_map.c   a map: profiles and tables as one text under a digest, and as a folder again
 *   pull.h         the walk: received, parsed, mapped, validated, accepted, posted, acknowledged
 *   feeder.c       the register, and maps: proposed, tried, put in force
 *   feeder_look.c  what the tables say, for people */
#ifndef FISC_FLOWS_INTAKE_H
#define FISC_FLOWS_INTAKE_H

#include "app/flows/internal.h"
#include "fisc/fact.h"
#include "fisc/feeder.h"
#include "integrations/connector.h"

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

typedef struct {
    bool is_new;
    bool is_conflict; /* the source gave other bytes under a version it had named before */
    int version;
} FiscReceived;
bool fisc_intake_receive(FiscContext *ctx, const FiscFeeder *feeder, const FiscFound *found,
                         const char *tag, GBytes *body, FiscReceived *out_received, GError **error);

/* A run on its way to its row. */
typedef struct {
    int64_t run_id;
    FiscPullRun *told; /* what is told of it; owned by the report */
    int64_t batch_no;
    char *receipt;
    uint8_t signature[64];
    bool is_signed;
    bool is_certified; /* every document was */
    GPtrArray *stages; /* reached, and not yet written down; of fisc_intake_stages_new() */
} FiscIntakeRun;

GPtrArray *fisc_intake_stages_new(void);
/** A run has reached a stage, now: written down with what is written next. */
void fisc_intake_reach(FiscIntakeRun *run, const char *stage, const char *format, ...)
    G_GNUC_PRINTF(3, 4);
/** These write nothing in a dry run. */
bool fisc_intake_begin(FiscContext *ctx, const FiscFeeder *feeder, const char *part,
                       const uint8_t map[32], const GArray *deliveries, FiscIntakeRun *run,
                       GError **error);
/** Writes the stages down: before what must not outrun them. */
bool fisc_intake_keep_stages(FiscContext *ctx, FiscIntakeRun *run, GError **error);
/** Writes down how it ended, with its refusals and what stands in suspense. */
bool fisc_intake_end(FiscContext *ctx, FiscIntakeRun *run, GError **error);
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
/** What was posted by a source under references that begin with @prefix: of FiscPostedReference. */
bool fisc_intake_posted(FiscContext *ctx, const char *source, const char *prefix,
                        GArray **out_posted, GError **error);

/* intake_map.c */
/** Profiles and tables of a folder as one text. Refusals name the file. NULL with refusals. */
GBytes *fisc_map_pack(const char *dir, FiscRefusals *refusals, GError **error);
/* A folder for a moment, removed with all that is in it. */
typedef struct {
    char *root;
    char *dir;         /* where a package is put: two folders down */
    GPtrArray *placed; /* paths of documents */
    bool is_spoiled;   /* a document took the place of a file of the map */
} FiscScratch;
bool fisc_scratch_open(FiscScratch *scratch, GError **error);
/** Takes the documents out again; the map stays. */
void fisc_scratch_empty(FiscScratch *scratch);
void fisc_scratch_clear(FiscScratch *scratch);
/** Writes a map into it. TAMPERED when it is no such text. */
bool fisc_map_unpack(GBytes *packed, const FiscScratch *scratch, GError **error);
/** Writes a document to where the map's profiles look for it. */
bool fisc_map_place(GBytes *packed, FiscScratch *scratch, const char *document, GBytes *bytes,
                    GError **error);

/* feeder.c */
/** The feeder by name. NOT_FOUND; or refusals as an error, since what is on record was checked. */
bool fisc_feeder_find(const FiscNation *nation, const char *name, FiscFeeder **out_feeder,
                      GError **error);
/** The feeder of a fact; refusals as an error. */
bool fisc_feeder_of(const FiscFact *fact, FiscFeeder **out_feeder, GError **error);
/** The digest of a map. NOT_FOUND when @map is NULL: @owner has none in force. */
bool fisc_feeder_map_read(const FiscFact *map, const char *owner, uint8_t out_digest[32],
                          GError **error);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscScratch, fisc_scratch_clear)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscWatch, fisc_watch_clear)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscDelivery, fisc_delivery_free)

#endif

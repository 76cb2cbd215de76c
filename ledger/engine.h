/* engine.h: the pure state machine of a book. No clock, no random, no input or output.
 *
 * apply(state, item) -> effects | refusal. The same log gives the same state, bit for bit. A poster
 * begins a batch, lets the engine decide submissions in order, seals, writes the batch, and then
 * either keeps the effects or undoes them. Restoring never decides: it folds what was decided.
 *
 * The engine holds the master data, the codings, the states of periods, and for every control key
 * its limit and what each stage holds. It knows nothing of budgets, only controls: sums that may
 * not pass a limit. Balances of financial accounts are not kept here: the log has them. */
#ifndef FISC_LEDGER_ENGINE_H
#define FISC_LEDGER_ENGINE_H

#include "fisc/entry.h"
#include "fisc/nation.h"

#define FISC_ENGINE_VERSION 2
#define FISC_HASH_BYTES 32

typedef struct _FiscEngine FiscEngine;
typedef struct _FiscBudgetPosition FiscBudgetPosition; /* fisc/poster.h */
typedef struct _FiscYearPosition FiscYearPosition;     /* fisc/carry.h */

/* What a batch carries: the decided items, in order. Owned by the engine until the next begin. */
typedef struct {
    int item; /* position in the batch, from 0 */
    int entity_id;
    FiscPeriod period;
    FiscDate effective;
    int source_id;
    int financial; /* so many lines come first */
    int count;
    int32_t *coding;
    int64_t *amount;
    const char **open_item; /* open item of each line, "" = none; NULL when no line has one */
    const char *currency;   /* of the foreign amounts; NULL when there are none */
    int64_t *foreign;       /* in step with @amount; NULL when there are none */
    int32_t *hands;         /* pairs of duty and person, in whose hands the chain of open items has
                               been; sorted, NULL when the entry touches none */
    int hand_count;         /* numbers in @hands: twice the pairs */
    int maker;
    int64_t corrects;
    bool reverses;
    const char *document, *transfer, *reference, *memo; /* borrowed from the submission */
    uint8_t memo_salt[16];
    uint8_t memo_hash[FISC_HASH_BYTES]; /* zero without memo */
    uint8_t digest[FISC_HASH_BYTES];
    uint8_t hash[FISC_HASH_BYTES];
} FiscDecidedEntry;

typedef struct {
    int item;
    const char *kind;
    const char *subject;
    int number;
    GPtrArray *fields; /* of char *, owned */
    int maker;
    uint8_t hash[FISC_HASH_BYTES];
} FiscDecidedEvent;

typedef struct {
    int item;
    int source_id;
    char *reference;
    int entity_id;
    FiscPeriod period;
    FiscRefusals *reasons;
    int maker;
    uint8_t digest[FISC_HASH_BYTES];
    uint8_t hash[FISC_HASH_BYTES];
} FiscDecidedRefusal;

typedef struct {
    int coding_id;
    int entity_id;
    int account_id;
    int flow;
    int kind;
    const char *dim[FISC_DIM_COUNT];
    uint8_t hash[FISC_HASH_BYTES];
} FiscDecidedCoding;

typedef struct {
    int book_id;
    int64_t batch_no;
    int64_t first_item, first_entry;
    int first_coding;
    GPtrArray *entries;  /* of FiscDecidedEntry */
    GPtrArray *events;   /* of FiscDecidedEvent */
    GPtrArray *refusals; /* of FiscDecidedRefusal */
    GArray *codings;     /* of FiscDecidedCoding */
    int items;
    int lines;
    int64_t posted_at_us; /* since 2000-01-01 UTC; given, for the engine has no clock */
    uint8_t prev_hash[FISC_HASH_BYTES], root[FISC_HASH_BYTES], hash[FISC_HASH_BYTES];
} FiscBatch;

/* A reference that is on record, as the poster found it. */
typedef struct {
    int64_t entry_id;
    int64_t batch_no;
    uint8_t digest[FISC_HASH_BYTES];
    uint8_t hash[FISC_HASH_BYTES];
    bool has_salt; /* false: no memo, or an erased one, which nothing can be compared with */
    uint8_t memo_salt[16];
    uint8_t memo_hash[FISC_HASH_BYTES];
} FiscPostedReference;

FiscEngine *fisc_engine_new(int book_id);
void fisc_engine_free(FiscEngine *engine);

/* Restoring: folds what is on record, in any order but codings before amounts. */
void fisc_engine_restore_head(FiscEngine *engine, int64_t batch_no, const uint8_t *hash,
                              int64_t next_item, int64_t next_entry);
void fisc_engine_restore_event(FiscEngine *engine, const char *kind, const char *subject,
                               int number, char *const *fields, int field_count);
void fisc_engine_restore_coding(FiscEngine *engine, int coding_id, int entity_id, int account_id,
                                int flow, int kind, const char *const dim[FISC_DIM_COUNT]);
/** Adds turnovers of a coding in a period: a balance, or a line of the tail. */
void fisc_engine_restore_amount(FiscEngine *engine, int coding_id, FiscPeriod period, int64_t debit,
                                int64_t credit);
/** Adds to what an open item of an entity holds on a coding, and to the hands it has been in. In
 * the order in which the codings were opened. @side: of the line that opened the item, 1 debit, -1
 * credit. @currency NULL: the entity's own. */
void fisc_engine_restore_item(FiscEngine *engine, int entity_id, const char *item, int side,
                              int coding_id, int year, int64_t amount, const char *currency,
                              int64_t foreign, const int32_t *hands, int hand_count);
/** The same for the lines of a posted entry that name an item: the tail. */
void fisc_engine_restore_entry_items(FiscEngine *engine, const FiscDecidedEntry *entry);
/** Whether events of the kind, once on record, change what entries are read and planned with. */
bool fisc_engine_is_master(const char *kind);
/** A count that grows when such events, or budget lines, were restored. */
int64_t fisc_engine_restored_masters(const FiscEngine *engine);
/** Whether a decided batch has such events or budget lines. */
bool fisc_engine_brings_masters(const FiscEngine *engine, const FiscBatch *batch);
int fisc_engine_next_coding(const FiscEngine *engine);
int64_t fisc_engine_batch_no(const FiscEngine *engine);
int64_t fisc_engine_next_item(const FiscEngine *engine);
int64_t fisc_engine_next_entry(const FiscEngine *engine);
const uint8_t *fisc_engine_head(const FiscEngine *engine);

/* Deciding. */
/** Begins the batch after the head. */
void fisc_engine_begin(FiscEngine *engine);
/** Tells what the database has under the references of the submissions to come: FiscPostedReference
 * by fisc_engine_reference_key(). Borrowed; NULL forgets. */
void fisc_engine_set_known(FiscEngine *engine, GHashTable *known);
char *fisc_engine_reference_key(const char *source, const char *reference);
/** Decides the events and @count entries from @first of a submission as one group: all or nothing.
 * The results are appended to @receipt. False when anything was refused (then nothing of it is in
 * the batch, but the refusals that go on record). */
bool fisc_engine_apply(FiscEngine *engine, const FiscSubmission *submission, guint first,
                       guint count, bool with_events, FiscReceipt *receipt);
/** The time that the batch will carry, by which delegations and reservations expire: told after
 * begin and before anything is decided. Stays until the next one is told. */
void fisc_engine_set_time(FiscEngine *engine, int64_t posted_at_us);
/** Computes hashes and root. The batch may be empty: then there is nothing to write. */
const FiscBatch *fisc_engine_seal(FiscEngine *engine);
/** The sealed batch is on its way to the database; what is decided from now on stands on its
 * effects, in the batch behind it. One at a time. */
void fisc_engine_launch(FiscEngine *engine);
/** The launched batch is in the database: its effects stay, the head moves. */
void fisc_engine_landed(FiscEngine *engine);
/** The launched batch is not in the database: takes its effects back. The batch behind it stood on
 * them and must be undone first. */
void fisc_engine_crashed(FiscEngine *engine);
/** Launched and landed at once. */
void fisc_engine_commit(FiscEngine *engine);
/** Takes every effect since begin back. */
void fisc_engine_undo(FiscEngine *engine);

/** What is decided from now on is judged as if who may had asked for it and approved it: for
 * rehearsals only, until it is taken back. */
void fisc_engine_authorize(FiscEngine *engine, bool is_authorized);

/* Asking. All exact at the effects applied so far. */
/** Appends an entry for each reservation or order that expired before @today and is still open: its
 * release. @entity NULL: of all. */
void fisc_engine_add_releases(FiscEngine *engine, const char *entity, FiscDate today,
                              FiscSubmission *submission);
bool fisc_engine_is_open(const FiscEngine *engine, FiscPeriod period);
/** FiscMaster's field, or NULL. */
const char *fisc_engine_master_field(const FiscEngine *engine, const char *kind,
                                     const char *subject, const char *field);
/** Fills in what is not asked: lines, keys, rules and pools. */
void fisc_engine_position(FiscEngine *engine, FiscBudgetPosition *position);
/** Adds the codes of the entities that have a budget line in the year, owned by the table. */
void fisc_engine_year_entities(const FiscEngine *engine, int year, GHashTable *entities);
/** Lines, items and rules of the entity and year that are asked about. */
void fisc_engine_year(FiscEngine *engine, FiscYearPosition *position);
void fisc_engine_funds(FiscEngine *engine, const char *entity, int year,
                       const char *const dim[FISC_DIM_COUNT], GPtrArray *out_funds);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscEngine, fisc_engine_free)

#endif

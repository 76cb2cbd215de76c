/* verify_rows.h: the log as rows, read as an outsider would read them, and their hashes.
 *
 * Nothing here is shared with the code that seals batches: the forms are taken from docs/hashes.md
 * a second time, so that a mistake in sealing cannot hide behind the same mistake in checking. A
 * row may hold anything at all, since whoever alters it may drop the constraints first. */
#ifndef FISC_LEDGER_VERIFY_ROWS_H
#define FISC_LEDGER_VERIFY_ROWS_H

#include "core/base/hash.h"
#include "fisc/db.h"
#include "fisc/entry.h"

/* Memory for rows of one stretch of the log, given back all at once. */
typedef struct _FiscArena FiscArena;
FiscArena *fisc_arena_new(void);
void fisc_arena_free(FiscArena *arena);
void fisc_arena_reset(FiscArena *arena);
void *fisc_arena_alloc(FiscArena *arena, gsize size);
/** Moves what @other holds to @arena, which keeps it until it is reset or freed. */
void fisc_arena_adopt(FiscArena *arena, FiscArena *other);

typedef struct {
    int64_t batch_no;
    uint8_t prev_hash[32], root[32], hash[32];
    int64_t first_item, item_count;
    int64_t first_entry, entry_count;
    int64_t line_count;
    int64_t first_coding, coding_count;
    int engine;
    int64_t posted_at_us; /* since 2000-01-01 UTC */
} FiscLogBatch;

typedef enum { FISC_ITEM_NONE, FISC_ITEM_ENTRY, FISC_ITEM_EVENT, FISC_ITEM_REFUSAL } FiscItemKind;

/* What every item has; the first member of each. */
typedef struct {
    FiscItemKind kind;
    int64_t item_id;
    int64_t batch_no;
    bool is_malformed;    /* arrays that are none, or of different lengths: no hash can follow */
    uint8_t stored[32];   /* the column hash; zero when it is none */
    uint8_t computed[32]; /* from the other columns */
} FiscLogItem;

typedef struct {
    FiscLogItem item;
    int64_t entry_id;
    int entity_id;
    FiscPeriod period;
    FiscDate effective;
    int source_id;
    int financial;
    int count;
    int32_t *coding;
    int64_t *amount;
    int maker;
    int64_t corrects;
    bool reverses;
    const char *document, *transfer, *reference;
    const char *memo; /* NULL: none, or erased */
    bool has_salt;
    uint8_t memo_salt[16];
    uint8_t memo_hash[32]; /* zero without one */
    uint8_t digest[32];
    bool has_items;       /* one of the columns below is not null: the hash has its second form */
    char **open_item;     /* of each line, "" = none; NULL when the column is null */
    const char *currency; /* "" = none */
    int64_t *foreign;     /* in step with @amount; NULL when the column is null */
    int32_t *hands;       /* duty, person ... */
    int hand_count;
} FiscLogEntry;

typedef struct {
    FiscLogItem item;
    const char *kind, *subject;
    int number;
    int field_count;
    char **fields;
    int maker;
} FiscLogEvent;

typedef struct {
    FiscLogItem item;
    int source_id;
    const char *reference;
    int entity_id;
    FiscPeriod period;
    int count;
    char **code, **control, **key;
    int64_t *ceiling, *consumed, *requested;
    int maker;
    uint8_t digest[32];
} FiscLogRefusal;

typedef struct {
    int64_t coding_id;
    int entity_id, account_id, flow, kind;
    const char *dim[FISC_DIM_COUNT];
    uint8_t stored[32];
    uint8_t computed[32];
} FiscLogCoding;

/* From these numbers on, up to but without those. */
typedef struct {
    int64_t item, entry, coding;
} FiscLogPlace;

/* A stretch of the log. Everything but the arrays lives in the arena. */
typedef struct {
    FiscArena *arena;
    GPtrArray *codings;  /* of FiscLogCoding, by number */
    GPtrArray *entries;  /* of FiscLogEntry, by number */
    GPtrArray *events;   /* of FiscLogEvent, by item */
    GPtrArray *refusals; /* of FiscLogRefusal, by item */
} FiscLogChunk;

FiscLogChunk *fisc_log_chunk_new(void);
void fisc_log_chunk_free(FiscLogChunk *chunk);

/** A text array of the one row of @rows, into the arena. False when it is none: then it is empty.
 */
bool fisc_log_texts(FiscArena *arena, const FiscRows *rows, int column, char ***out_values,
                    int *out_count);
/** Appends up to @limit batches from a number on to @out, an array of FiscLogBatch. */
bool fisc_log_read_batches(FiscTx *tx, int book_id, int64_t from, int limit, GArray *out,
                           GError **error);
/** Fills a chunk with every row between two places, hashes computed. */
bool
fisc_log_read_chunk(FiscTx *tx, int book_id, const FiscLogPlace *from, const FiscLogPlace *until,
                    FiscHash *hash, FiscLogChunk *chunk, GError **error);

/* verify_hash.c: docs/hashes.md, once more. */
void fisc_log_hash_batch(FiscHash *hash, int book_id, const FiscLogBatch *batch, uint8_t out[32]);
void
fisc_log_hash_coding(FiscHash *hash, int book_id, const FiscLogCoding *coding, uint8_t out[32]);
void fisc_log_hash_entry(FiscHash *hash, int book_id, const FiscLogEntry *entry, uint8_t out[32]);
void fisc_log_hash_event(FiscHash *hash, int book_id, const FiscLogEvent *event, uint8_t out[32]);
void
fisc_log_hash_refusal(FiscHash *hash, int book_id, const FiscLogRefusal *refusal, uint8_t out[32]);
/** True when the memo hash follows from salt and memo, or when both are erased together. */
bool fisc_log_is_memo_good(FiscHash *hash, const FiscLogEntry *entry);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscLogChunk, fisc_log_chunk_free)

#endif

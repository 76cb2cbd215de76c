/* db.h: the only door to PostgreSQL. Named queries, typed arguments, typed rows, transactions.
 *
 * Queries are files under sql/queries, compiled into FiscSql by tools/sql2c.py and prepared on
 * first use. Results are binary. Times out, retries and reconnects here and nowhere else. */
#ifndef FISC_DB_H
#define FISC_DB_H

#include "fisc/date.h"
#include "fisc/error.h"
#include "sql.auto.h" /* FiscSql, generated */

typedef struct _FiscPool FiscPool; /* a few connections, handed out one per transaction */
typedef struct _FiscTx FiscTx;
typedef struct _FiscRows FiscRows;

typedef struct {
    uint32_t oid; /* type of the parameter */
    int length;   /* -1 = NULL */
    char *data;   /* binary form; freed with the argument list */
} FiscArg;

FiscArg fisc_int2(int16_t value);
FiscArg fisc_int4(int32_t value);
FiscArg fisc_int8(int64_t value);
FiscArg fisc_bool(bool value);
FiscArg fisc_text(const char *value); /* NULL = null */
FiscArg fisc_date(FiscDate value);
FiscArg fisc_bytea(const void *data, gsize length);
FiscArg fisc_int4_array(const int32_t *values, int count);
FiscArg fisc_int8_array(const int64_t *values, int count);
FiscArg fisc_text_array(const char *const *values, int count);
/** An array of a composite type, already in binary form (core/db/pack.h); takes @bytes. */
FiscArg fisc_composite_array(uint32_t array_oid, GByteArray *bytes);
/** FISC_ARGS(fisc_int8(id), fisc_text(name)) as the argument of a query; freed by the call. */
#define FISC_ARGS(...)                                                                             \
    (FiscArg[]){__VA_ARGS__}, (int)(sizeof((FiscArg[]){__VA_ARGS__}) / sizeof(FiscArg))
#define FISC_NO_ARGS NULL, 0

/** @uri: a libpq connection string. @role: SET ROLE after connecting, or NULL. Connects once to
 *  see that it works. UNAVAILABLE when nobody answers. */
bool fisc_pool_open(const char *uri, const char *role, int connections_max, FiscPool **out_pool,
                    GError **error);
void fisc_pool_close(FiscPool *pool);

/* The key that proves to the database what a person may see (docs/access.md). */
typedef struct {
    uint8_t bytes[32];
} FiscScopeKey;

/** Reads the key, as the poster may. */
bool fisc_scope_key_load(FiscPool *posters, FiscScopeKey *out_key, GError **error);
/** A light handle on the connections of @readers, which it does not own: every transaction begun
 * with it sees the books of these entities and no other, ended by NULL; "*" is the whole book, none
 * is what everybody sees. Row-level security keeps it so: a mistake in a query shows too little,
 * never too much. @readers itself sees nothing of the books. Closed as any pool, before @readers.
 */
FiscPool *fisc_pool_scoped(FiscPool *readers, const FiscScopeKey *key, const char *const *entities);
const char *fisc_pool_uri(const FiscPool *pool);

typedef enum {
    FISC_TX_READ,  /* REPEATABLE READ READ ONLY: one snapshot */
    FISC_TX_WRITE, /* READ COMMITTED */
    FISC_TX_AUTO,  /* no transaction block: each statement alone */
} FiscTxMode;

bool fisc_tx_begin(FiscPool *pool, FiscTxMode mode, FiscTx **out_tx, GError **error);
/** Ends the transaction and gives the connection back; @tx is gone either way. A COMMIT whose
 * answer was lost is OUTCOME_UNKNOWN. */
bool fisc_tx_commit(FiscTx *tx, GError **error);
void fisc_tx_rollback(FiscTx *tx); /* NULL does nothing */

/** Runs a named query. Caller frees @out_rows (may be NULL when rows do not matter). Errors of our
 *  own routines come back under their code (FISC_ERROR_PERIOD_NOT_OPEN ...), a broken connection as
 *  UNAVAILABLE, a unique violation as CHAIN_CONFLICT or REFERENCE_CONFLICT by its table, others as
 *  DATABASE with PostgreSQL's message. */
bool fisc_tx_query(FiscTx *tx, FiscSql sql, FiscArg *args, int arg_count, FiscRows **out_rows,
                   GError **error);
/** Streams a query row by row (libpq single-row mode): @each returns false to stop, with @error
 * set. The FiscRows given to @each holds one row and dies after the call. */
bool
fisc_tx_stream(FiscTx *tx, FiscSql sql, FiscArg *args, int arg_count,
               bool (*each)(FiscRows *row, void *data, GError **error), void *data, GError **error);

int fisc_rows_count(const FiscRows *rows);
bool fisc_rows_is_null(const FiscRows *rows, int row, int column);
int32_t fisc_rows_int4(const FiscRows *rows, int row, int column);     /* also int2, bool, date */
int64_t fisc_rows_int8(const FiscRows *rows, int row, int column);     /* also int4, int2 */
const char *fisc_rows_text(const FiscRows *rows, int row, int column); /* borrowed; "" for null */
const uint8_t *fisc_rows_bytea(const FiscRows *rows, int row, int column, int *out_length);
/** Arrays: caller frees; NULL with *out_count 0 for null or empty. */
int32_t *fisc_rows_int4_array(const FiscRows *rows, int row, int column, int *out_count);
int64_t *fisc_rows_int8_array(const FiscRows *rows, int row, int column, int *out_count);
char **fisc_rows_text_array(const FiscRows *rows, int row, int column, int *out_count);
void fisc_rows_free(FiscRows *rows);

/** Brings the schema to this program's version: migrations forward, changed routines again, each in
 *  one transaction. @uri must be allowed to create schemas and roles. Safe to run twice or by two
 *  processes at once. Refuses a schema newer than the program. */
bool fisc_migrate(const char *uri, GError **error);
/** True when the schema is exactly this program's. */
bool fisc_migrate_is_current(FiscPool *pool, bool *out_current, GError **error);

typedef enum {
    FISC_SCHEMA_CURRENT,
    FISC_SCHEMA_NONE,  /* the database has none of ours */
    FISC_SCHEMA_OLDER, /* it lacks what this program brings */
    FISC_SCHEMA_NEWER, /* it has a migration that this program does not know */
} FiscSchemaState;
/** How the schema stands to this program's. Changes nothing: may be asked of a replica. */
bool fisc_migrate_look(FiscPool *pool, FiscSchemaState *out_state, GError **error);
/** What to do about it, as a sentence; "" when nothing. */
const char *fisc_schema_advice(FiscSchemaState state);

/** Connections of a pool: all there are, and of them those nobody uses at the moment. */
void fisc_pool_count(FiscPool *pool, int *out_open, int *out_idle);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscTx, fisc_tx_rollback)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscRows, fisc_rows_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscPool, fisc_pool_close)

#endif

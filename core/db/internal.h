/* internal.h: what the files of core/db share. libpq stays behind this door. */
#ifndef FISC_DB_INTERNAL_H
#define FISC_DB_INTERNAL_H

#include "fisc/db.h"
#include <libpq-fe.h>

typedef struct {
    PGconn *connection;
    bool prepared[FISC_SQL_COUNT + 1];
} FiscConnection;

struct _FiscTx {
    FiscPool *pool;
    FiscConnection *connection;
    FiscTxMode mode;
    bool has_block; /* begun with BEGIN: to be committed */
};

/* What a scoped pool opens of the books with every transaction: scoped.c. */
typedef struct {
    FiscScopeKey key;
    char *entities; /* codes, with the character 31 between them */
} FiscScopeWords;

/** The statement that opens the words on one connection; it is good for a minute. Caller frees. */
char *fisc_scope_statement(const FiscScopeWords *words, PGconn *connection);

/* Types of PostgreSQL that we send and read; their numbers are fixed in pg_type.dat. */
enum {
    FISC_OID_BOOL = 16,
    FISC_OID_BYTEA = 17,
    FISC_OID_INT8 = 20,
    FISC_OID_INT2 = 21,
    FISC_OID_INT4 = 23,
    FISC_OID_TEXT = 25,
    FISC_OID_TEXT_ARRAY = 1009,
    FISC_OID_INT4_ARRAY = 1007,
    FISC_OID_INT8_ARRAY = 1016,
    FISC_OID_DATE = 1082,
};

/** Turns the error of @result (or of the connection, when NULL) into a GError: see fisc_tx_query.
 */
bool fisc_db_fail(PGconn *connection, const PGresult *result, const char *what, GError **error);
/** Wraps a result; takes it. */
FiscRows *fisc_rows_new(PGresult *result);
/** Row 0 of what readers ask for is row @first of the result. */
void fisc_rows_move(FiscRows *rows, int first);
/** Sends a prepared query; its result is read by the caller. */
bool fisc_db_send(FiscTx *tx, FiscSql sql, const FiscArg *args, int arg_count, GError **error);
/** Reads to the end of the answer; the first bad result makes the error. */
bool fisc_db_finish(FiscTx *tx, FiscSql sql, PGresult **out_result, GError **error);
void fisc_args_clear(FiscArg *args, int count);

#endif

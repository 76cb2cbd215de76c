/* stream.c: answers that may be larger than the memory, row by row.
 *
 * Inside a transaction they come through a cursor, some thousand rows at a time: libpq's way of one
 * result a row costs more than most readers do with the row. Without one, row by row. */
#include "core/db/internal.h"

#define FETCH_ROWS 2048

typedef struct {
    FiscTx *tx;
    FiscSql sql;
    bool (*each)(FiscRows *rows, void *data, GError **error);
    void *data;
} Stream;

/* The whole of a result, row by row; takes it. */
static bool
each_of(const Stream *stream, PGresult *result, GError **error)
{
    FiscRows *rows = fisc_rows_new(result);
    int count = PQntuples(result);
    bool goes_on = true;
    for (int i = 0; goes_on && i < count; i++) {
        fisc_rows_move(rows, i);
        goes_on = stream->each(rows, stream->data, error);
    }
    fisc_rows_free(rows);
    return goes_on;
}

/* Row by row ------------------------------------------------------------------------------------
 */

static void
cancel_query(const Stream *stream)
{
    char unused[256];
    PGcancel *cancel = PQgetCancel(stream->tx->connection->connection);
    PQcancel(cancel, unused, sizeof unused);
    PQfreeCancel(cancel);
    fisc_db_finish(stream->tx, stream->sql, NULL, NULL);
}

static bool
stream_singly(const Stream *stream, GError **error)
{
    PGconn *connection = stream->tx->connection->connection;
    PQsetSingleRowMode(connection);
    PGresult *result;
    while ((result = PQgetResult(connection)) != NULL) {
        ExecStatusType status = PQresultStatus(result);
        if (status == PGRES_SINGLE_TUPLE) {
            if (!each_of(stream, result, error)) {
                cancel_query(stream);
                return false;
            }
            continue;
        }
        bool is_end = status == PGRES_TUPLES_OK;
        if (!is_end) {
            fisc_db_fail(connection, result, fisc_sql_texts[stream->sql].name, error);
        }
        PQclear(result);
        fisc_db_finish(stream->tx, stream->sql, NULL, NULL);
        return is_end;
    }
    return fisc_db_fail(connection, NULL, fisc_sql_texts[stream->sql].name, error);
}

/* Through a cursor ------------------------------------------------------------------------------
 */

static bool
declare(const Stream *stream, const FiscArg *args, int arg_count, GError **error)
{
    g_autofree Oid *types = g_new0(Oid, arg_count + 1);
    g_autofree const char **values = g_new0(const char *, arg_count + 1);
    g_autofree int *lengths = g_new0(int, arg_count + 1);
    g_autofree int *formats = g_new0(int, arg_count + 1);
    for (int i = 0; i < arg_count; i++) {
        types[i] = args[i].oid;
        values[i] = args[i].length < 0 ? NULL : args[i].data;
        lengths[i] = args[i].length;
        formats[i] = 1;
    }
    PGconn *connection = stream->tx->connection->connection;
    const FiscSqlText *text = &fisc_sql_texts[stream->sql];
    g_autofree char *sql =
        g_strdup_printf("declare \"%s\" binary no scroll cursor for %s", text->name, text->text);
    PGresult *result = PQexecParams(connection, sql, arg_count, types, values, lengths, formats, 1);
    bool is_done = PQresultStatus(result) == PGRES_COMMAND_OK ||
                   fisc_db_fail(connection, result, text->name, error);
    PQclear(result);
    return is_done;
}

/* Some more rows; *out_count of them went to the reader. */
static bool
fetch(const Stream *stream, const char *sql, int *out_count, GError **error)
{
    PGconn *connection = stream->tx->connection->connection;
    PGresult *result = PQexecParams(connection, sql, 0, NULL, NULL, NULL, NULL, 1);
    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        fisc_db_fail(connection, result, fisc_sql_texts[stream->sql].name, error);
        PQclear(result);
        return false;
    }
    *out_count = PQntuples(result);
    return each_of(stream, result, error);
}

static bool
stream_by_cursor(const Stream *stream, const FiscArg *args, int arg_count, GError **error)
{
    const char *name = fisc_sql_texts[stream->sql].name;
    g_autofree char *more = g_strdup_printf("fetch %d from \"%s\"", FETCH_ROWS, name);
    g_autofree char *close = g_strdup_printf("close \"%s\"", name);
    int count = FETCH_ROWS;
    bool is_good = declare(stream, args, arg_count, error);
    if (!is_good) {
        return false;
    }
    while (is_good && count == FETCH_ROWS) {
        is_good = fetch(stream, more, &count, error);
    }
    /* After a failure of the database this fails, too, and so does the end of the transaction. */
    PQclear(PQexec(stream->tx->connection->connection, close));
    return is_good;
}

bool
fisc_tx_stream(FiscTx *tx, FiscSql sql, FiscArg *args, int arg_count,
               bool (*each)(FiscRows *, void *, GError **), void *data, GError **error)
{
    Stream stream = {tx, sql, each, data};
    bool is_done = tx->mode == FISC_TX_AUTO ? fisc_db_send(tx, sql, args, arg_count, error) &&
                                                  stream_singly(&stream, error)
                                            : stream_by_cursor(&stream, args, arg_count, error);
    fisc_args_clear(args, arg_count);
    return is_done;
}

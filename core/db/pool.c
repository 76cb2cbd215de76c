/* pool.c: connections, transactions, queries: the only place where libpq runs a statement.
 *
 * A transaction takes a connection and gives it back. A broken connection is thrown away and the
 * next transaction makes a new one; nothing is retried here, because only the caller knows whether
 * a statement may run twice. */
#include "core/db/internal.h"
#include <string.h>

struct _FiscPool {
    char *uri;
    char *role;
    int connections_max;
    GMutex mutex;
    GCond returned;
    GQueue idle; /* of FiscConnection */
    int open;
    FiscPool *parent; /* of a scoped pool: whose connections it uses; nothing above is its own */
    FiscScopeWords words;
};

static bool
has_class(const char *sqlstate, const char *class_)
{
    return sqlstate != NULL && g_str_has_prefix(sqlstate, class_);
}

/* What libpq reports itself has no SQLSTATE: the line is broken, though the connection may not know
 * it yet. A write that failed while there was still something to read leaves it in good state. */
static bool
is_line_broken(PGconn *connection, const PGresult *result, const char *sqlstate)
{
    bool is_own_error = result != NULL && sqlstate == NULL;
    for (int i = 0; is_own_error && i < 2; i++) {
        PQconsumeInput(connection); /* what is left, then its end: so the pool throws it away */
    }
    return is_own_error || PQstatus(connection) != CONNECTION_OK;
}

static FiscError
code_of(PGconn *connection, const PGresult *result)
{
    const char *sqlstate = result != NULL ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    int own = sqlstate != NULL ? fisc_error_from_sqlstate(sqlstate) : -1;
    if (own >= 0) {
        return (FiscError)own;
    }
    if (g_strcmp0(sqlstate, "23505") == 0) {
        const char *table = PQresultErrorField(result, PG_DIAG_TABLE_NAME);
        return table != NULL && g_str_has_prefix(table, "reference") ? FISC_ERROR_REFERENCE_CONFLICT
                                                                     : FISC_ERROR_CHAIN_CONFLICT;
    }
    /* 57P: shutting down or starting up; 08: connection; 53300: too many connections; 25P03: the
     * connection was ended because its transaction stood idle for too long. */
    if (is_line_broken(connection, result, sqlstate) || has_class(sqlstate, "57P") ||
        has_class(sqlstate, "08") || g_strcmp0(sqlstate, "53300") == 0 ||
        g_strcmp0(sqlstate, "25P03") == 0) {
        return FISC_ERROR_UNAVAILABLE;
    }
    return g_strcmp0(sqlstate, "42501") == 0 ? FISC_ERROR_DENIED : FISC_ERROR_DATABASE;
}

bool
fisc_db_fail(PGconn *connection, const PGresult *result, const char *what, GError **error)
{
    const char *primary =
        result != NULL ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    const char *detail = result != NULL ? PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL) : NULL;
    g_autofree char *message = g_strdup(primary != NULL ? primary : PQerrorMessage(connection));
    g_strchomp(message);
    return fisc_fail(error, code_of(connection, result), "%s: %s%s%s", what, message,
                     detail != NULL ? " " : "", detail != NULL ? detail : "");
}

static void
connection_free(FiscConnection *connection)
{
    PQfinish(connection->connection);
    g_free(connection);
}

static bool
run(PGconn *connection, const char *sql, const char *what, GError **error)
{
    PGresult *result = PQexec(connection, sql);
    bool is_done =
        PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK;
    if (!is_done) {
        fisc_db_fail(connection, result, what, error);
    }
    PQclear(result);
    return is_done;
}

static void
ignore_notice(void *data, const PGresult *result)
{
    (void)data;
    (void)result;
}

static FiscConnection *
connect_new(FiscPool *pool, GError **error)
{
    FiscConnection *connection = g_new0(FiscConnection, 1);
    connection->connection = PQconnectdb(pool->uri);
    if (PQstatus(connection->connection) != CONNECTION_OK) {
        g_autofree char *message = g_strdup(PQerrorMessage(connection->connection));
        fisc_fail(error, FISC_ERROR_UNAVAILABLE, "%s", g_strchomp(message));
        connection_free(connection);
        return NULL;
    }
    PQsetNoticeReceiver(connection->connection, ignore_notice, NULL);
    g_autofree char *role = pool->role != NULL ? PQescapeIdentifier(connection->connection,
                                                                    pool->role, strlen(pool->role))
                                               : NULL;
    g_autofree char *sql = role != NULL ? g_strdup_printf("set role %s", role) : NULL;
    if ((sql != NULL &&
         !run(connection->connection, sql, "taking the application's role", error)) ||
        !run(connection->connection, "set cursor_tuple_fraction = 1", "setting up", error)) {
        connection_free(connection);
        return NULL;
    }
    return connection;
}

static FiscConnection *
take_connection(FiscPool *pool, GError **error)
{
    g_mutex_lock(&pool->mutex);
    while (g_queue_is_empty(&pool->idle) && pool->open >= pool->connections_max) {
        g_cond_wait(&pool->returned, &pool->mutex);
    }
    FiscConnection *connection = g_queue_pop_head(&pool->idle);
    if (connection == NULL) {
        pool->open++;
    }
    g_mutex_unlock(&pool->mutex);
    if (connection == NULL) {
        connection = connect_new(pool, error);
        if (connection == NULL) {
            g_mutex_lock(&pool->mutex);
            pool->open--;
            g_cond_signal(&pool->returned);
            g_mutex_unlock(&pool->mutex);
        }
    }
    return connection;
}

static void
return_connection(FiscPool *pool, FiscConnection *connection)
{
    bool is_clean = PQstatus(connection->connection) == CONNECTION_OK &&
                    PQtransactionStatus(connection->connection) == PQTRANS_IDLE;
    g_mutex_lock(&pool->mutex);
    if (is_clean) {
        g_queue_push_head(&pool->idle, connection);
    } else {
        pool->open--;
    }
    g_cond_signal(&pool->returned);
    g_mutex_unlock(&pool->mutex);
    if (!is_clean) {
        connection_free(connection);
    }
}

bool
fisc_pool_open(const char *uri, const char *role, int connections_max, FiscPool **out_pool,
               GError **error)
{
    FiscPool *pool = g_new0(FiscPool, 1);
    pool->uri = g_strdup(uri);
    pool->role = g_strdup(role);
    pool->connections_max = connections_max;
    g_mutex_init(&pool->mutex);
    g_cond_init(&pool->returned);
    g_queue_init(&pool->idle);
    FiscConnection *first = take_connection(pool, error);
    if (first == NULL) {
        fisc_pool_close(pool);
        return false;
    }
    return_connection(pool, first);
    *out_pool = pool;
    return true;
}

void
fisc_pool_close(FiscPool *pool)
{
    if (pool == NULL) {
        return;
    }
    if (pool->parent != NULL) {
        g_free(pool->words.entities);
        g_free(pool);
        return;
    }
    FiscConnection *connection;
    while ((connection = g_queue_pop_head(&pool->idle)) != NULL) {
        connection_free(connection);
    }
    g_cond_clear(&pool->returned);
    g_mutex_clear(&pool->mutex);
    g_free(pool->uri);
    g_free(pool->role);
    g_free(pool);
}

void
fisc_pool_count(FiscPool *pool, int *out_open, int *out_idle)
{
    g_mutex_lock(&pool->mutex);
    *out_open = pool->open;
    *out_idle = (int)g_queue_get_length(&pool->idle);
    g_mutex_unlock(&pool->mutex);
}

const char *
fisc_pool_uri(const FiscPool *pool)
{
    return pool->parent != NULL ? pool->parent->uri : pool->uri;
}

FiscPool *
fisc_pool_scoped(FiscPool *readers, const FiscScopeKey *key, const char *const *entities)
{
    FiscPool *pool = g_new0(FiscPool, 1);
    pool->parent = readers->parent != NULL ? readers->parent : readers;
    pool->words.key = *key;
    pool->words.entities = g_strjoinv("\x1f", (char **)entities);
    return pool;
}

/* BEGIN, and with a scope what may be seen: in one message, so that it costs no turn more. */
static bool
begin_block(const FiscPool *pool, FiscTxMode mode, PGconn *connection, GError **error)
{
    const char *begin =
        mode == FISC_TX_READ ? "begin isolation level repeatable read read only" : "begin";
    if (pool->parent == NULL) {
        return run(connection, begin, "starting a transaction", error);
    }
    g_autofree char *scope = fisc_scope_statement(&pool->words, connection);
    g_autofree char *both = g_strconcat(begin, ";", scope, NULL);
    return run(connection, both, "opening what may be seen", error);
}

/* An idle connection may have died since it was last used (the server restarted): nothing of a
 * transaction has happened yet, so a fresh connection may be tried, once. */
bool
fisc_tx_begin(FiscPool *pool, FiscTxMode mode, FiscTx **out_tx, GError **error)
{
    FiscPool *owner = pool->parent != NULL ? pool->parent : pool;
    bool has_block = mode != FISC_TX_AUTO || pool->parent != NULL;
    for (int attempt = 0;; attempt++) {
        FiscConnection *connection = take_connection(owner, error);
        if (connection == NULL) {
            return false;
        }
        g_autoptr(GError) failure = NULL;
        if (!has_block || begin_block(pool, mode, connection->connection, &failure)) {
            FiscTx *tx = g_new0(FiscTx, 1);
            *tx = (FiscTx){
                .pool = owner, .connection = connection, .mode = mode, .has_block = has_block};
            *out_tx = tx;
            return true;
        }
        return_connection(owner, connection);
        if (attempt > 0 || !g_error_matches(failure, FISC_ERROR, FISC_ERROR_UNAVAILABLE)) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return false;
        }
    }
}

static void
end_tx(FiscTx *tx)
{
    return_connection(tx->pool, tx->connection);
    g_free(tx);
}

bool
fisc_tx_commit(FiscTx *tx, GError **error)
{
    if (!tx->has_block) {
        end_tx(tx);
        return true;
    }
    g_autoptr(GError) failure = NULL;
    PGresult *result = PQexec(tx->connection->connection, "commit");
    bool is_done = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!is_done) {
        fisc_db_fail(tx->connection->connection, result, "committing", &failure);
        if (tx->mode == FISC_TX_WRITE && failure->code == FISC_ERROR_UNAVAILABLE) {
            failure->code = FISC_ERROR_OUTCOME_UNKNOWN;
        }
        g_propagate_error(error, g_steal_pointer(&failure));
    }
    PQclear(result);
    end_tx(tx);
    return is_done;
}

void
fisc_tx_rollback(FiscTx *tx)
{
    if (tx == NULL) {
        return;
    }
    if (tx->has_block) {
        PQclear(PQexec(tx->connection->connection, "rollback"));
    }
    end_tx(tx);
}

static bool
prepare(FiscTx *tx, FiscSql sql, const FiscArg *args, int arg_count, GError **error)
{
    if (tx->connection->prepared[sql]) {
        return true;
    }
    g_autofree Oid *types = g_new0(Oid, arg_count + 1);
    for (int i = 0; i < arg_count; i++) {
        types[i] = args[i].oid;
    }
    PGconn *connection = tx->connection->connection;
    const FiscSqlText *text = &fisc_sql_texts[sql];
    PGresult *result = PQprepare(connection, text->name, text->text, arg_count, types);
    bool is_done = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!is_done) {
        fisc_db_fail(connection, result, text->name, error);
    }
    PQclear(result);
    tx->connection->prepared[sql] = is_done;
    return is_done;
}

bool
fisc_db_send(FiscTx *tx, FiscSql sql, const FiscArg *args, int arg_count, GError **error)
{
    if (!prepare(tx, sql, args, arg_count, error)) {
        return false;
    }
    g_autofree const char **values = g_new0(const char *, arg_count + 1);
    g_autofree int *lengths = g_new0(int, arg_count + 1);
    g_autofree int *formats = g_new0(int, arg_count + 1);
    for (int i = 0; i < arg_count; i++) {
        values[i] = args[i].length < 0 ? NULL : args[i].data;
        lengths[i] = args[i].length;
        formats[i] = 1;
    }
    PGconn *connection = tx->connection->connection;
    if (!PQsendQueryPrepared(connection, fisc_sql_texts[sql].name, arg_count, values, lengths,
                             formats, 1)) {
        return fisc_db_fail(connection, NULL, fisc_sql_texts[sql].name, error);
    }
    return true;
}

bool
fisc_db_finish(FiscTx *tx, FiscSql sql, PGresult **out_result, GError **error)
{
    PGconn *connection = tx->connection->connection;
    bool is_good = true;
    PGresult *result;
    while ((result = PQgetResult(connection)) != NULL) {
        ExecStatusType status = PQresultStatus(result);
        bool has_rows = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK;
        if (!has_rows && is_good) {
            is_good = fisc_db_fail(connection, result, fisc_sql_texts[sql].name, error);
        }
        if (has_rows && is_good && out_result != NULL && *out_result == NULL) {
            *out_result = result;
        } else {
            PQclear(result);
        }
        if (PQstatus(connection) != CONNECTION_OK) {
            break;
        }
    }
    if (is_good && out_result != NULL && *out_result == NULL) {
        is_good = fisc_db_fail(connection, NULL, fisc_sql_texts[sql].name, error);
    }
    return is_good;
}

bool
fisc_tx_query(FiscTx *tx, FiscSql sql, FiscArg *args, int arg_count, FiscRows **out_rows,
              GError **error)
{
    PGresult *result = NULL;
    bool is_done =
        fisc_db_send(tx, sql, args, arg_count, error) && fisc_db_finish(tx, sql, &result, error);
    fisc_args_clear(args, arg_count);
    if (!is_done) {
        PQclear(result);
        return false;
    }
    if (out_rows != NULL) {
        *out_rows = fisc_rows_new(result);
    } else {
        PQclear(result);
    }
    return true;
}

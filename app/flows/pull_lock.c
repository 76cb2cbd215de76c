/* pull_lock.c: one feeder is pulled by one at a time, whatever process or machine pulls. Two at
 * once could not spoil the books, which know every reference; but both would ask the source, and
 * one would be told what the other did.
 *
 * The locks are PostgreSQL's, of a session: they end with the process that holds them, however it
 * ends. One connection holds those of all workers. */
#include "app/flows/pull.h"

struct _FiscFeederLocks {
    GMutex mutex; /* one question at a time goes over the connection */
    FiscTx *session;
    int book_id;
};

bool
fisc_feeder_locks_open(FiscPool *pool, int book_id, FiscFeederLocks **out_locks, GError **error)
{
    FiscTx *session = NULL;
    if (!fisc_tx_begin(pool, FISC_TX_AUTO, &session, error)) {
        return false;
    }
    *out_locks = g_new0(FiscFeederLocks, 1);
    g_mutex_init(&(*out_locks)->mutex);
    (*out_locks)->session = session;
    (*out_locks)->book_id = book_id;
    return true;
}

bool
fisc_feeder_lock(FiscFeederLocks *locks, const char *feeder, bool *out_is_ours, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    g_mutex_lock(&locks->mutex);
    bool is_done =
        fisc_tx_query(locks->session, FISC_SQL_INTAKE_LOCK,
                      FISC_ARGS(fisc_int4(locks->book_id), fisc_text(feeder)), &rows, error);
    g_mutex_unlock(&locks->mutex);
    *out_is_ours = is_done && fisc_rows_int4(rows, 0, 0) != 0;
    return is_done;
}

/* A connection that broke has given its locks back already. */
void
fisc_feeder_unlock(FiscFeederLocks *locks, const char *feeder)
{
    g_autoptr(GError) unused = NULL;
    g_mutex_lock(&locks->mutex);
    fisc_tx_query(locks->session, FISC_SQL_INTAKE_UNLOCK,
                  FISC_ARGS(fisc_int4(locks->book_id), fisc_text(feeder)), NULL, &unused);
    g_mutex_unlock(&locks->mutex);
}

void
fisc_feeder_locks_close(FiscFeederLocks *locks)
{
    if (locks != NULL) {
        fisc_tx_rollback(locks->session); /* which has none: the connection goes back */
        g_mutex_clear(&locks->mutex);
        g_free(locks);
    }
}

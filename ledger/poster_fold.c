/* poster_fold.c: folds the log into the balances every few seconds of posting, or when the tail has
 * grown.
 *
 * Its own thread and connection, so nobody's answer waits for it. A failure loses nothing: the tail
 * is longer until the next one. */
#include "core/base/kill_point.h"
#include "core/base/log.h"
#include "ledger/poster_internal.h"

#define CHECKPOINT_ENTRIES 50000
#define CHECKPOINT_SECONDS 2

static gpointer
fold_when_due(gpointer data)
{
    FiscPoster *poster = data;
    g_mutex_lock(&poster->mutex);
    while (!poster->is_closing) {
        g_cond_wait_until(&poster->due, &poster->mutex,
                          g_get_monotonic_time() + CHECKPOINT_SECONDS * G_USEC_PER_SEC);
        if (poster->entries_since_checkpoint == 0 || poster->is_closing) {
            continue;
        }
        g_mutex_unlock(&poster->mutex);
        g_autoptr(GError) failure = NULL;
        if (!fisc_poster_checkpoint(poster, &failure)) {
            fisc_log(FISC_LOG_WARN, "the checkpoint failed", "error", failure->message, NULL);
        }
        g_mutex_lock(&poster->mutex);
    }
    g_mutex_unlock(&poster->mutex);
    return NULL;
}

/* The thread begins with the first entry: who only asks has none. */
void
fisc_poster_count_written(FiscPoster *poster, int64_t entries)
{
    poster->entries_since_checkpoint += entries;
    if (poster->folder == NULL && entries > 0) {
        poster->folder = g_thread_new("fisc-fold", fold_when_due, poster);
    }
    if (poster->entries_since_checkpoint >= CHECKPOINT_ENTRIES) {
        g_cond_signal(&poster->due);
    }
}

void
fisc_poster_stop_folding(FiscPoster *poster)
{
    g_mutex_lock(&poster->mutex);
    poster->is_closing = true;
    g_cond_signal(&poster->due);
    g_mutex_unlock(&poster->mutex);
    g_clear_pointer(&poster->folder, g_thread_join);
}

bool
fisc_poster_checkpoint(FiscPoster *poster, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_mutex_lock(&poster->mutex);
    poster->entries_since_checkpoint = 0;
    g_mutex_unlock(&poster->mutex);
    fisc_kill_point("poster.before_checkpoint");
    if (!fisc_tx_begin(poster->pool, FISC_TX_AUTO, &tx, error) ||
        !fisc_tx_query(tx, FISC_SQL_LEDGER_ADVANCE_CHECKPOINT,
                       FISC_ARGS(fisc_int4(poster->book_id)), NULL, error)) {
        return false;
    }
    fisc_kill_point("poster.after_checkpoint");
    return fisc_tx_commit(g_steal_pointer(&tx), error);
}

/* follow.c: one thread that looks at the database a few times a second, for all of the server: an
 * idle server stands on the newest batch although others post, the feed has something to tell, a
 * replica knows how far behind it is, and a schema that changes under the server, or a chain that
 * is suddenly another, is noticed before it is served.
 *
 * Questions about funds and everything that posts catch up by themselves; the follower only saves
 * them the work, and tells what /readyz, /metrics and the headers say. */
#include "app/server/ops.h"
#include "app/server/server_internal.h"
#include "core/base/hash.h"
#include "core/base/log.h"
#include <string.h>

#define FOLLOW_MS 500
#define FOLLOW_WATCHED_MS 200 /* while somebody listens to what happens */
#define SCHEMA_SECONDS 3

typedef struct _FiscOps FiscOps;
struct _FiscOps {
    FiscServer *server;
    FiscMetrics *metrics;
    GMutex mutex; /* guards what follows */
    FiscSight sight;
    bool has_known;      /* ... of the thread alone: what it saw when it looked last */
    int64_t known_batch; /* whose hash is @known_hash */
    uint8_t known_hash[FISC_HASH_SIZE];
    bool is_ending;
    GCond ending;
    GThread *thread;
    gint64 batch; /* atomic: the newest that is known, by the follower or by a receipt */
    gint is_draining;
    gint is_watched;
    gint64 findings, verified_at_us; /* atomic */
    int64_t schema_looked_at_us;     /* of the thread alone */
};

/* Looking ------------------------------------------------------------------------------------- */

/* The row of FISC_SQL_LEDGER_FRESHNESS. */
enum { BATCH_NO, HASH, POSTED_US, IS_REPLICA, BEHIND_MS };

static bool
look_at_chain(FiscOps *ops, FiscSight *sight, uint8_t out_hash[FISC_HASH_SIZE], GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    int length = 0;
    if (!fisc_tx_begin(ops->server->posters, FISC_TX_AUTO, &tx, error) ||
        !fisc_tx_query(tx, FISC_SQL_LEDGER_FRESHNESS,
                       FISC_ARGS(fisc_int4(ops->server->options.book_id)), &rows, error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    if (fisc_rows_count(rows) == 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "the database has no book %d",
                         ops->server->options.book_id);
    }
    const uint8_t *hash = fisc_rows_bytea(rows, 0, HASH, &length);
    memcpy(out_hash, hash, FISC_HASH_SIZE);
    sight->batch = fisc_rows_int8(rows, 0, BATCH_NO);
    sight->batch_at_us = fisc_rows_int8(rows, 0, POSTED_US);
    sight->is_replica = fisc_rows_int4(rows, 0, IS_REPLICA) != 0;
    sight->behind_ms = sight->is_replica ? fisc_rows_int8(rows, 0, BEHIND_MS) : 0;
    return true;
}

/* Whether the batch that was the newest at the last look is still what it was. */
static bool
look_back(FiscOps *ops, bool *out_whole, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    int length = 0;
    if (!fisc_tx_begin(ops->server->posters, FISC_TX_AUTO, &tx, error) ||
        !fisc_tx_query(
            tx, FISC_SQL_LEDGER_BATCH_HASH_AT,
            FISC_ARGS(fisc_int4(ops->server->options.book_id), fisc_int8(ops->known_batch)), &rows,
            error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    *out_whole = fisc_rows_count(rows) == 1 &&
                 memcmp(fisc_rows_bytea(rows, 0, 0, &length), ops->known_hash, FISC_HASH_SIZE) == 0;
    return true;
}

static bool
look_at_schema(FiscOps *ops, FiscSight *sight, GError **error)
{
    FiscSchemaState state = FISC_SCHEMA_CURRENT;
    int64_t now = g_get_monotonic_time();
    if (ops->schema_looked_at_us != 0 &&
        now - ops->schema_looked_at_us < SCHEMA_SECONDS * G_USEC_PER_SEC) {
        return true;
    }
    if (!fisc_migrate_look(ops->server->posters, &state, error)) {
        return false;
    }
    ops->schema_looked_at_us = now;
    sight->is_current = state == FISC_SCHEMA_CURRENT;
    g_strlcpy(sight->trouble, fisc_schema_advice(state), sizeof(sight->trouble));
    return true;
}

/* Where the chain has moved: so /metrics tells of one moment. */
static void
count_batches(FiscOps *ops, FiscSight *sight)
{
    if (ops->server->poster != NULL) {
        FiscPosterCounts counts = {0};
        fisc_poster_count(ops->server->poster, &counts);
        sight->batches = counts.batches;
        sight->conflicts = counts.conflicts;
    }
}

/* The chain is the one that was read as long as the newest batch of then is on it. Once it is not,
 * the engine cannot be mended by reading on. */
static bool
follow_chain(FiscOps *ops, FiscSight *sight, GError **error)
{
    uint8_t hash[FISC_HASH_SIZE];
    if (!look_at_chain(ops, sight, hash, error)) {
        return false;
    }
    bool is_same = ops->has_known && sight->batch == ops->known_batch &&
                   memcmp(hash, ops->known_hash, FISC_HASH_SIZE) == 0;
    if (!is_same && ops->known_batch > 0 && sight->is_whole &&
        !look_back(ops, &sight->is_whole, error)) {
        return false;
    }
    if (is_same || !sight->is_whole) {
        sight->is_caught_up = sight->is_whole && sight->is_caught_up;
        return true;
    }
    sight->is_caught_up = false;
    if (ops->server->poster != NULL &&
        !fisc_poster_follow_to(ops->server->poster, sight->batch, error)) {
        return false;
    }
    sight->is_caught_up = true;
    count_batches(ops, sight);
    ops->has_known = true;
    ops->known_batch = sight->batch;
    memcpy(ops->known_hash, hash, FISC_HASH_SIZE);
    fisc_ops_note_batch(ops->server, sight->batch);
    return true;
}

static bool
look(FiscOps *ops, GError **error)
{
    FiscSight sight = fisc_ops_sight(ops->server);
    bool was_answering = sight.is_answering;
    g_autoptr(GError) failure = NULL;
    bool is_seen = look_at_schema(ops, &sight, &failure) &&
                   (!sight.is_current || follow_chain(ops, &sight, &failure));
    sight.is_answering = is_seen;
    if (is_seen) {
        sight.looked_at_us = g_get_monotonic_time();
    } else {
        g_strlcpy(sight.trouble, failure->message, sizeof(sight.trouble));
        ops->schema_looked_at_us = 0; /* who knows what comes back */
    }
    g_mutex_lock(&ops->mutex);
    ops->sight = sight;
    g_mutex_unlock(&ops->mutex);
    if (was_answering && !is_seen) {
        fisc_log(FISC_LOG_WARN, "the database does not answer", "detail", failure->message, NULL);
    }
    if (!is_seen) {
        g_propagate_error(error, g_steal_pointer(&failure));
    }
    return is_seen;
}

static gpointer
follow(gpointer data)
{
    FiscOps *ops = data;
    g_mutex_lock(&ops->mutex);
    while (!ops->is_ending) {
        int pause_ms = g_atomic_int_get(&ops->is_watched) ? FOLLOW_WATCHED_MS : FOLLOW_MS;
        int64_t until = g_get_monotonic_time() + pause_ms * 1000;
        while (!ops->is_ending && g_cond_wait_until(&ops->ending, &ops->mutex, until)) {
        }
        if (!ops->is_ending) {
            g_mutex_unlock(&ops->mutex);
            look(ops, NULL);
            g_mutex_lock(&ops->mutex);
        }
    }
    g_mutex_unlock(&ops->mutex);
    return NULL;
}

/* Opening and closing ------------------------------------------------------------------------- */

bool
fisc_ops_open(FiscServer *server, GError **error)
{
    FiscOps *ops = g_new0(FiscOps, 1);
    server->ops = ops;
    ops->server = server;
    ops->metrics = fisc_metrics_new();
    ops->sight.is_whole = true;
    g_mutex_init(&ops->mutex);
    g_cond_init(&ops->ending);
    if (!look(ops, error)) {
        return false;
    }
    if (!ops->sight.is_current) {
        return fisc_fail(error, FISC_ERROR_SETUP, "%s", ops->sight.trouble);
    }
    return true;
}

void
fisc_ops_start(FiscServer *server)
{
    server->ops->thread = g_thread_new("follow", follow, server->ops);
}

void
fisc_ops_close(FiscServer *server)
{
    FiscOps *ops = server->ops;
    if (ops == NULL) {
        return;
    }
    g_mutex_lock(&ops->mutex);
    ops->is_ending = true;
    g_cond_signal(&ops->ending);
    g_mutex_unlock(&ops->mutex);
    if (ops->thread != NULL) {
        g_thread_join(ops->thread);
    }
    g_mutex_clear(&ops->mutex);
    g_cond_clear(&ops->ending);
    fisc_metrics_free(ops->metrics);
    g_clear_pointer(&server->ops, g_free);
}

/* What others ask and tell -------------------------------------------------------------------- */

FiscSight
fisc_ops_sight(FiscServer *server)
{
    FiscOps *ops = server->ops;
    g_mutex_lock(&ops->mutex);
    FiscSight sight = ops->sight;
    g_mutex_unlock(&ops->mutex);
    return sight;
}

FiscMetrics *
fisc_ops_metrics(FiscServer *server)
{
    return server->ops->metrics;
}

int64_t
fisc_ops_batch(FiscServer *server)
{
    return __atomic_load_n(&server->ops->batch, __ATOMIC_ACQUIRE);
}

void
fisc_ops_note_batch(FiscServer *server, int64_t batch)
{
    gint64 *newest = &server->ops->batch;
    gint64 known = __atomic_load_n(newest, __ATOMIC_ACQUIRE);
    while (batch > known && !__atomic_compare_exchange_n(newest, &known, batch, false,
                                                         __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
    }
}

void
fisc_ops_watch(FiscServer *server, bool is_watched)
{
    g_atomic_int_set(&server->ops->is_watched, is_watched);
}

void
fisc_ops_drain(FiscServer *server)
{
    g_atomic_int_set(&server->ops->is_draining, 1);
}

bool
fisc_ops_is_draining(FiscServer *server)
{
    return g_atomic_int_get(&server->ops->is_draining) != 0;
}

void
fisc_ops_count(FiscServer *server, FiscCounter counter, int64_t by)
{
    fisc_metrics_count(server->ops->metrics, counter, by);
}

void
fisc_ops_gauge(FiscServer *server, FiscGauge gauge, int by)
{
    fisc_metrics_gauge(server->ops->metrics, gauge, by);
}

void
fisc_ops_note_verification(FiscServer *server, int64_t findings)
{
    __atomic_store_n(&server->ops->findings, findings, __ATOMIC_RELAXED);
    __atomic_store_n(&server->ops->verified_at_us, g_get_real_time(), __ATOMIC_RELAXED);
}

void
fisc_ops_last_verification(FiscServer *server, int64_t *out_findings, int64_t *out_at_us)
{
    *out_findings = __atomic_load_n(&server->ops->findings, __ATOMIC_RELAXED);
    *out_at_us = __atomic_load_n(&server->ops->verified_at_us, __ATOMIC_RELAXED);
}

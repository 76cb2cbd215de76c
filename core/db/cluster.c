/* cluster.c: the embedded PostgreSQL as one thing: open it, stop it, see whether it runs.
 *
 * Opening is the same for every command, whatever it finds: no cluster, one that is down, one that
 * another command is starting, one whose starter was killed. All of it happens under the start
 * lock, and each step looks before it acts, so a command killed half way leaves nothing that the
 * next one cannot complete. The parts are in place.c (folders), initdb.c (making), server.c (the
 * process) and keeper.c (the idle stop); the schema is left to migrate.c. */
#include "fisc/cluster.h"
#include "core/db/initdb.h"
#include "core/db/keeper.h"
#include "core/db/lock.h"
#include "core/db/place.h"
#include "core/db/server.h"
#include <libpq-fe.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Longer than a command may hold the lock: making a cluster and starting it. */
#define START_LOCK_WAIT_MS (300 * 1000)

/* What a cluster must hold before the schema comes; made when the question has no row. */
static const struct {
    const char *question;
    const char *statement;
} necessities[] = {
    {"select 1 from pg_roles where rolname = 'fisc_poster' and rolcanlogin",
     "create role fisc_poster login"},
    {"select 1 from pg_roles where rolname = 'fisc_reader' and rolcanlogin",
     "create role fisc_reader login"},
    {"select 1 from pg_database where datname = 'fisc'", "create database fisc"},
};

char *
fisc_cluster_default_dir(void)
{
    if (geteuid() == 0) {
        return g_strdup("/var/lib/fisc");
    }
    return g_build_filename(g_get_user_data_dir(), "fisc", NULL);
}

static bool
ensure_necessity(PGconn *connection, const char *question, const char *statement, GError **error)
{
    PGresult *result = PQexec(connection, question);
    bool is_answered = PQresultStatus(result) == PGRES_TUPLES_OK;
    bool is_there = is_answered && PQntuples(result) > 0;
    PQclear(result);
    if (is_there) {
        return true;
    }
    if (is_answered) {
        result = PQexec(connection, statement);
        bool is_made = PQresultStatus(result) == PGRES_COMMAND_OK;
        PQclear(result);
        if (is_made) {
            return true;
        }
    }
    return fisc_fail(error, FISC_ERROR_DATABASE, "%s: %s", statement, PQerrorMessage(connection));
}

static bool
ensure_necessities(const char *socket_dir, GError **error)
{
    g_autofree char *uri = fisc_server_uri(socket_dir, "postgres", "fisc_admin");
    PGconn *connection = PQconnectdb(uri);
    bool is_complete = PQstatus(connection) == CONNECTION_OK;
    if (!is_complete) {
        fisc_fail(error, FISC_ERROR_UNAVAILABLE, "%s", PQerrorMessage(connection));
    }
    for (gsize i = 0; is_complete && i < G_N_ELEMENTS(necessities); i++) {
        is_complete =
            ensure_necessity(connection, necessities[i].question, necessities[i].statement, error);
    }
    PQfinish(connection);
    return is_complete;
}

static bool
ensure_made(const FiscPlace *place, GError **error)
{
    g_autoptr(GError) obstacle = NULL;
    if (fisc_place_has_cluster(place, &obstacle)) {
        return true;
    }
    if (obstacle != NULL) {
        g_propagate_error(error, g_steal_pointer(&obstacle));
        return false;
    }
    return fisc_initdb_make(place, error);
}

static bool
open_locked(const FiscPlace *place, char **out_socket_dir, GError **error)
{
    g_autofree char *socket_dir = NULL;
    if (!ensure_made(place, error) || !fisc_server_start(place, &socket_dir, error) ||
        !fisc_keeper_ensure(place, error) || !ensure_necessities(socket_dir, error)) {
        return false;
    }
    *out_socket_dir = g_steal_pointer(&socket_dir);
    return true;
}

bool
fisc_cluster_open(const char *data_dir, FiscCluster **out_cluster, GError **error)
{
    g_autoptr(FiscPlace) place = NULL;
    int lock = -1;
    if (!fisc_place_prepare(data_dir, &place, error) ||
        !fisc_lock_take(place->start_lock_path, START_LOCK_WAIT_MS, &lock, error)) {
        return false;
    }
    g_autofree char *socket_dir = NULL;
    bool is_open = open_locked(place, &socket_dir, error);
    futimens(lock, NULL); /* tells the keeper that somebody is about to connect */
    fisc_lock_release(lock);
    if (!is_open) {
        return false;
    }
    FiscCluster *cluster = g_new0(FiscCluster, 1);
    cluster->data_dir = g_strdup(place->data_dir);
    cluster->admin_uri = fisc_server_uri(socket_dir, "fisc", "fisc_admin");
    cluster->poster_uri = fisc_server_uri(socket_dir, "fisc", "fisc_poster");
    *out_cluster = cluster;
    return true;
}

void
fisc_cluster_free(FiscCluster *cluster)
{
    if (cluster == NULL) {
        return;
    }
    g_free(cluster->data_dir);
    g_free(cluster->admin_uri);
    g_free(cluster->poster_uri);
    g_free(cluster);
}

char *
fisc_cluster_uri_as(const FiscCluster *cluster, const char *role)
{
    const char *user = strstr(cluster->admin_uri, "&user=");
    g_assert(user != NULL);
    return g_strdup_printf("%.*s&user=%s", (int)(user - cluster->admin_uri), cluster->admin_uri,
                           role);
}

bool
fisc_cluster_stop(const char *data_dir, GError **error)
{
    g_autoptr(FiscPlace) place = NULL;
    if (!fisc_place_find(data_dir, &place, error)) {
        return false;
    }
    g_autoptr(GError) obstacle = NULL;
    if (!fisc_place_has_cluster(place, &obstacle)) {
        if (obstacle != NULL) {
            g_propagate_error(error, g_steal_pointer(&obstacle));
            return false;
        }
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no database in %s",
                         place->data_dir);
    }
    int lock = -1;
    if (!fisc_lock_take(place->start_lock_path, START_LOCK_WAIT_MS, &lock, error)) {
        return false;
    }
    bool is_stopped = fisc_server_stop(place, error);
    fisc_lock_release(lock);
    return is_stopped;
}

bool
fisc_cluster_is_running(const char *data_dir)
{
    g_autoptr(FiscPlace) place = NULL;
    g_autofree char *socket_dir = NULL;
    return fisc_place_find(data_dir, &place, NULL) && fisc_server_find(place, &socket_dir) != 0 &&
           socket_dir != NULL && fisc_server_answers(socket_dir);
}

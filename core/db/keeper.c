/* keeper.c: a detached process, one per running cluster, that stops it after ten idle minutes.
 *
 * The keeper holds the keeper lock while it lives, so any command sees whether there is one; a
 * killed keeper is replaced by the next command. Idle means: no other client, none since the last
 * look, and no command that opened the cluster lately (each touches the start lock). The stop
 * itself happens under the start lock, so a command that comes at that moment either is seen, or
 * waits and starts the cluster again. */
#include "core/db/keeper.h"
#include "core/db/lock.h"
#include "core/db/server.h"
#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define IDLE_SECONDS_DEFAULT 600
#define IDLE_SECONDS_MAX (7 * 24 * 3600)
#define LOOK_MS_MAX 5000
#define LOOK_MS_MIN 100

/* Clients other than the keeper, and how many sessions there ever were: that number tells of a
 * client that came and went between two looks. */
static const char activity_query[] =
    "select count(*) filter (where backend_type = 'client backend' and pid <> pg_backend_pid()),"
    "       (select coalesce(sum(sessions), 0)::int8 from pg_stat_database)"
    "  from pg_stat_activity";

typedef struct {
    const FiscPlace *place;
    int keeper_fd; /* the lock held as long as the keeper lives */
    int start_fd;  /* the start lock's file, opened before stepping down from root */
    int idle_seconds_max;
    PGconn *connection; /* NULL while there is none */
    gint64 sessions;    /* at the last look */
    gint64 active_at;   /* monotonic */
} Keeper;

typedef enum {
    LOOK_ACTIVE,
    LOOK_QUIET,
    LOOK_UNKNOWN, /* the server did not answer */
} Look;

static int
read_idle_seconds(void)
{
    guint64 seconds = 0;
    const char *text = g_getenv("FISC_IDLE_SECONDS");
    if (text == NULL ||
        !g_ascii_string_to_unsigned(text, 10, 1, IDLE_SECONDS_MAX, &seconds, NULL)) {
        return IDLE_SECONDS_DEFAULT;
    }
    return (int)seconds;
}

static void
disconnect(Keeper *keeper)
{
    g_clear_pointer(&keeper->connection, PQfinish);
}

static bool
connect_to_server(Keeper *keeper)
{
    if (keeper->connection != NULL && PQstatus(keeper->connection) == CONNECTION_OK) {
        return true;
    }
    disconnect(keeper);
    g_autofree char *socket_dir = NULL; /* read anew: a restarted server may listen elsewhere */
    if (fisc_server_find(keeper->place, &socket_dir) == 0 || socket_dir == NULL) {
        return false;
    }
    g_autofree char *uri = fisc_server_uri(socket_dir, "postgres", "fisc_admin");
    g_autofree char *named =
        g_strconcat(uri, "&application_name=fisc-keeper&connect_timeout=5", NULL);
    keeper->connection = PQconnectdb(named);
    return PQstatus(keeper->connection) == CONNECTION_OK;
}

static Look
look_around(Keeper *keeper)
{
    if (!connect_to_server(keeper)) {
        return LOOK_UNKNOWN;
    }
    PGresult *result = PQexec(keeper->connection, activity_query);
    Look look = LOOK_UNKNOWN;
    if (PQresultStatus(result) == PGRES_TUPLES_OK) {
        gint64 clients = g_ascii_strtoll(PQgetvalue(result, 0, 0), NULL, 10);
        gint64 sessions = g_ascii_strtoll(PQgetvalue(result, 0, 1), NULL, 10);
        look = clients > 0 || sessions != keeper->sessions ? LOOK_ACTIVE : LOOK_QUIET;
        keeper->sessions = sessions;
    }
    PQclear(result);
    return look;
}

static void
sleep_until_next_look(Keeper *keeper)
{
    int pause_ms = CLAMP(keeper->idle_seconds_max * 1000 / 8, LOOK_MS_MIN, LOOK_MS_MAX);
    if (keeper->connection == NULL) {
        pause_ms = LOOK_MS_MIN; /* the server is going down or coming up */
    }
    /* A server that shuts down says so on the connection, which ends the sleep at once. */
    struct pollfd wake = {.fd = keeper->connection != NULL ? PQsocket(keeper->connection) : -1,
                          .events = POLLIN};
    if (poll(&wake, 1, pause_ms) > 0 && !PQconsumeInput(keeper->connection)) {
        disconnect(keeper);
    }
}

/* A command touches the start lock whenever it opens the cluster. A clock set back makes the age
 * negative, which counts as young. */
static bool
was_opened_lately(const Keeper *keeper)
{
    struct stat state;
    return fstat(keeper->start_fd, &state) == 0 &&
           time(NULL) - state.st_mtime < keeper->idle_seconds_max;
}

/* Ends the keeper. Its lock goes before the start lock, so the next command sees that there is
 * none. */
static void G_GNUC_NORETURN
finish(Keeper *keeper, const char *reason)
{
    dprintf(STDERR_FILENO, "keeper %d: %s\n", (int)getpid(), reason);
    disconnect(keeper);
    close(keeper->keeper_fd);
    close(keeper->start_fd);
    _exit(0);
}

/* Stops the cluster if, seen under the start lock, nobody needs it. */
static void
stop_when_idle(Keeper *keeper)
{
    if (flock(keeper->start_fd, LOCK_EX | LOCK_NB) != 0) {
        keeper->active_at = g_get_monotonic_time(); /* a command is at it right now */
        return;
    }
    if (was_opened_lately(keeper) || look_around(keeper) != LOOK_QUIET) {
        keeper->active_at = g_get_monotonic_time();
        flock(keeper->start_fd, LOCK_UN);
        return;
    }
    disconnect(keeper);
    g_autoptr(GError) failure = NULL;
    if (!fisc_server_stop(keeper->place, &failure)) {
        finish(keeper, failure->message);
    }
    finish(keeper, "idle, so the database was stopped");
}

/* The server may be down because another command stopped it; under the start lock that is certain.
 */
static void
finish_when_server_is_gone(Keeper *keeper)
{
    if (fisc_server_find(keeper->place, NULL) != 0 || flock(keeper->start_fd, LOCK_EX) != 0) {
        return;
    }
    if (fisc_server_find(keeper->place, NULL) == 0) {
        finish(keeper, "the database is down");
    }
    flock(keeper->start_fd, LOCK_UN);
}

static void G_GNUC_NORETURN
keep(Keeper *keeper)
{
    keeper->active_at = g_get_monotonic_time();
    for (;;) {
        if (!fisc_lock_is_current(keeper->keeper_fd, keeper->place->keeper_lock_path) ||
            !fisc_lock_is_current(keeper->start_fd, keeper->place->start_lock_path)) {
            finish(keeper, "the data folder was removed");
        }
        switch (look_around(keeper)) {
        case LOOK_ACTIVE:
            keeper->active_at = g_get_monotonic_time();
            break;
        case LOOK_QUIET:
            if (g_get_monotonic_time() - keeper->active_at >=
                (gint64)keeper->idle_seconds_max * G_USEC_PER_SEC) {
                stop_when_idle(keeper);
            }
            break;
        case LOOK_UNKNOWN:
            disconnect(keeper);
            finish_when_server_is_gone(keeper);
            break;
        }
        sleep_until_next_look(keeper);
    }
}

static void
close_all_between(int below, int above)
{
    if (below + 1 < above) {
        close_range((unsigned)below + 1, (unsigned)above - 1, 0);
    }
}

/* Nothing of the caller's stays open but the lock: whoever waits for the end of the caller's output
 * must not wait for the keeper. */
static bool
let_go_of_the_caller(Keeper *keeper)
{
    const FiscPlace *place = keeper->place;
    /* A description of its own: the inherited one is the caller's lock. */
    keeper->start_fd = open(place->start_lock_path, O_RDWR | O_NOFOLLOW);
    int null_fd = open("/dev/null", O_RDONLY);
    int log_fd = open(place->log_path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW, 0600);
    if (keeper->start_fd < 0 || dup2(null_fd, STDIN_FILENO) < 0 ||
        dup2(log_fd, STDOUT_FILENO) < 0 || dup2(log_fd, STDERR_FILENO) < 0) {
        return false;
    }
    int low = MIN(keeper->keeper_fd, keeper->start_fd);
    int high = MAX(keeper->keeper_fd, keeper->start_fd);
    close_all_between(STDERR_FILENO, low);
    close_all_between(low, high);
    close_range((unsigned)high + 1, ~0U, 0);
    return true;
}

/* For people who look; the lock itself is what counts. */
static void
sign_the_lock(const Keeper *keeper)
{
    if (ftruncate(keeper->keeper_fd, 0) == 0) {
        dprintf(keeper->keeper_fd, "%d\n", (int)getpid());
    }
}

static void G_GNUC_NORETURN
become_keeper(Keeper *keeper)
{
    fisc_process_forget_signals();
    signal(SIGPIPE, SIG_IGN); /* a server that goes away is an answer */
    prctl(PR_SET_NAME, "fisc-keeper");
    umask(077);
    if (chdir("/") != 0 || !let_go_of_the_caller(keeper) ||
        !fisc_account_become(&keeper->place->account)) {
        _exit(1);
    }
    sign_the_lock(keeper);
    keep(keeper);
}

bool
fisc_keeper_ensure(const FiscPlace *place, GError **error)
{
    g_autoptr(GError) held = NULL;
    Keeper keeper = {.place = place, .idle_seconds_max = read_idle_seconds()};
    if (!fisc_lock_take(place->keeper_lock_path, 0, &keeper.keeper_fd, &held)) {
        if (g_error_matches(held, FISC_ERROR, FISC_ERROR_UNAVAILABLE)) {
            return true; /* there is one */
        }
        g_propagate_error(error, g_steal_pointer(&held));
        return false;
    }
    /* Forked twice, so the keeper belongs to init and never becomes the caller's zombie. It
     * inherits the lock, which therefore is never free in between. */
    pid_t between = fork();
    if (between == 0) {
        setsid();
        pid_t child = fork();
        if (child == 0) {
            become_keeper(&keeper);
        }
        _exit(child > 0 ? 0 : 1);
    }
    int status = -1;
    bool is_started = between > 0 && waitpid(between, &status, 0) == between && status == 0;
    close(keeper.keeper_fd);
    return is_started || fisc_fail(error, FISC_ERROR_FAILED, "could not start the keeper process");
}

/* server.c: starts, adopts and stops the postgres of an embedded cluster.
 *
 * postmaster.pid is only a claim: its process may be gone and its id taken by another. What counts
 * is a postgres that works in this very folder. So a server left by a killed command is adopted, a
 * stale file never blocks a start, and no foreign process ever gets our signal. */
#include "core/db/server.h"
#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PORT "5432" /* part of the socket's name only */
#define SOCKET_NAME ".s.PGSQL." PORT
#define START_SECONDS_MAX 60
#define STOP_SECONDS_MAX 60
#define ORPHANS_SECONDS_MAX 10
#define SOCKET_LOST_SECONDS 5
#define PAUSE_MS_MAX 50
#define LOG_BYTES_MAX (16 * 1024 * 1024)
#define LOG_TAIL_BYTES 2000

/* Lines of postmaster.pid, from 0. */
enum { PID_LINE = 0, SOCKET_DIR_LINE = 4 };

/* A wait that begins quick and grows slow, up to a deadline. */
typedef struct {
    gint64 begun_at;
    int pause_ms;
} Wait;

static Wait
wait_begin(void)
{
    return (Wait){.begun_at = g_get_monotonic_time(), .pause_ms = 2};
}

static int
wait_seconds(const Wait *wait)
{
    return (int)((g_get_monotonic_time() - wait->begun_at) / G_USEC_PER_SEC);
}

static bool
wait_more(Wait *wait, int seconds_max)
{
    if (wait_seconds(wait) >= seconds_max) {
        return false;
    }
    g_usleep((gulong)wait->pause_ms * 1000);
    wait->pause_ms = MIN(wait->pause_ms * 2, PAUSE_MS_MAX);
    return true;
}

static char *
pid_file_path(const FiscPlace *place)
{
    return g_build_filename(place->postgres_dir, "postmaster.pid", NULL);
}

/* The process that postmaster.pid claims, or 0; @out_socket_dir NULL when it does not say yet. */
static pid_t
read_pid_file(const FiscPlace *place, char **out_socket_dir)
{
    *out_socket_dir = NULL;
    g_autofree char *path = pid_file_path(place);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        return 0;
    }
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    if (g_strv_length(lines) > SOCKET_DIR_LINE && lines[SOCKET_DIR_LINE][0] == '/') {
        *out_socket_dir = g_strdup(lines[SOCKET_DIR_LINE]);
    }
    return lines[PID_LINE] != NULL ? (pid_t)g_ascii_strtoll(lines[PID_LINE], NULL, 10) : 0;
}

pid_t
fisc_server_find(const FiscPlace *place, char **out_socket_dir)
{
    g_autofree char *socket_dir = NULL;
    pid_t pid = read_pid_file(place, &socket_dir);
    if (!fisc_process_is_postgres_in(pid, place->postgres_dir)) {
        pid = 0;
        g_clear_pointer(&socket_dir, g_free);
    }
    if (out_socket_dir != NULL) {
        *out_socket_dir = g_steal_pointer(&socket_dir);
    }
    return pid;
}

char *
fisc_server_uri(const char *socket_dir, const char *database, const char *role)
{
    g_autofree char *host = g_uri_escape_string(socket_dir, NULL, false);
    return g_strdup_printf("postgresql:///%s?host=%s&port=" PORT "&user=%s", database, host, role);
}

bool
fisc_server_answers(const char *socket_dir)
{
    g_autofree char *uri = fisc_server_uri(socket_dir, "postgres", "fisc_admin");
    return PQping(uri) == PQPING_OK;
}

/* Open for appending, and started anew when it has grown: one old log is kept. */
static int
open_log(const FiscPlace *place, GError **error)
{
    struct stat state;
    if (stat(place->log_path, &state) == 0 && state.st_size > LOG_BYTES_MAX) {
        g_autofree char *old_path = g_strconcat(place->log_path, ".1", NULL);
        rename(place->log_path, old_path);
    }
    int fd = open(place->log_path, O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        fisc_fail(error, FISC_ERROR_IO, "could not open %s: %s", place->log_path, strerror(errno));
    }
    return fd;
}

/* What was logged since @begin, at most its last few lines. */
static char *
read_log_tail(const FiscPlace *place, int log_fd, off_t begin)
{
    off_t end = lseek(log_fd, 0, SEEK_END);
    off_t from = MAX(begin, end - LOG_TAIL_BYTES);
    char buffer[LOG_TAIL_BYTES + 1];
    ssize_t length = pread(log_fd, buffer, (size_t)MAX(end - from, 0), from);
    buffer[MAX(length, 0)] = '\0';
    g_autofree char *text = g_utf8_make_valid(g_strstrip(buffer), -1);
    return g_strdup_printf("%s ends with:\n%s", place->log_path,
                           text[0] != '\0' ? text : "(nothing)");
}

/* A killed server leaves its children for a moment; until they are gone the files are not free. */
static bool
wait_for_orphans(const FiscPlace *place, GError **error)
{
    Wait wait = wait_begin();
    pid_t orphan = 0;
    while ((orphan = fisc_process_find_postgres_in(place->postgres_dir)) != 0) {
        if (!wait_more(&wait, ORPHANS_SECONDS_MAX)) {
            return fisc_fail(error, FISC_ERROR_UNAVAILABLE,
                             "process %d of an earlier server still works in %s", (int)orphan,
                             place->postgres_dir);
        }
    }
    return true;
}

/* When the folder was deleted under its server, that server still holds the socket's name. */
static void
end_server_of_deleted_folder(const FiscPlace *place)
{
    g_autofree char *deleted = g_strconcat(place->postgres_dir, " (deleted)", NULL);
    Wait wait = wait_begin();
    pid_t pid = 0;
    while ((pid = fisc_process_find_postgres_in(deleted)) != 0) {
        kill(pid, SIGQUIT); /* there is nothing left to save */
        if (!wait_more(&wait, ORPHANS_SECONDS_MAX)) {
            return;
        }
    }
}

/* postgres refuses to start when the id in a lock file is in use, though by a stranger or a zombie
 * that init has not collected. Nobody works in the folder any more when this is called, and the
 * socket's folder is this cluster's alone, so the files are only remainders. */
static void
remove_stale_files(const FiscPlace *place, const char *socket_dir)
{
    g_autofree char *pid_file = pid_file_path(place);
    g_autofree char *socket = g_build_filename(socket_dir, SOCKET_NAME, NULL);
    g_autofree char *socket_lock = g_strconcat(socket, ".lock", NULL);
    const char *remainders[] = {pid_file, socket, socket_lock};
    for (gsize i = 0; i < G_N_ELEMENTS(remainders); i++) {
        unlink(remainders[i]); /* most often there is none */
    }
}

static bool
launch(const FiscPlace *place, const char *socket_dir, int log_fd, pid_t *out_pid, GError **error)
{
    g_autofree char *postgres = NULL;
    if (!fisc_program_find("postgres", &postgres, error)) {
        return false;
    }
    const char *argv[] = {postgres, "-D", place->postgres_dir, "-p", PORT, "-k", socket_dir, NULL};
    return fisc_program_start(&place->account, argv, log_fd, out_pid, error);
}

typedef enum {
    STATE_READY, /* answers */
    STATE_ENDED, /* is no more */
    STATE_LOST,  /* runs, but its socket was removed: nobody can reach it any more */
    STATE_SLOW,  /* runs and recovers, longer than we wait */
} State;

static bool
is_socket_there(const char *socket_dir)
{
    g_autofree char *path = g_build_filename(socket_dir, SOCKET_NAME, NULL);
    return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* @started: the process just launched, or 0 when a running one is adopted. */
static State
wait_until_it_answers(const FiscPlace *place, pid_t started, char **out_socket_dir)
{
    Wait wait = wait_begin();
    do {
        g_autofree char *socket_dir = NULL;
        pid_t pid = fisc_server_find(place, &socket_dir);
        if (pid == 0 && !fisc_process_is_alive(started)) {
            return STATE_ENDED;
        }
        if (socket_dir != NULL && fisc_server_answers(socket_dir)) {
            *out_socket_dir = g_steal_pointer(&socket_dir);
            return STATE_READY;
        }
        if (socket_dir != NULL && !is_socket_there(socket_dir) &&
            wait_seconds(&wait) >= SOCKET_LOST_SECONDS) {
            return STATE_LOST;
        }
    } while (wait_more(&wait, START_SECONDS_MAX));
    return STATE_SLOW;
}

static bool
fail_slow(GError **error)
{
    return fisc_fail(
        error, FISC_ERROR_UNAVAILABLE,
        "the database does not answer after %d seconds: it may be recovering, try again",
        START_SECONDS_MAX);
}

static bool
start_anew(const FiscPlace *place, int log_fd, char **out_socket_dir, GError **error)
{
    g_autofree char *socket_dir = NULL;
    if (!wait_for_orphans(place, error) || !fisc_place_make_socket_dir(place, &socket_dir, error)) {
        return false;
    }
    end_server_of_deleted_folder(place);
    remove_stale_files(place, socket_dir);
    off_t log_begin = lseek(log_fd, 0, SEEK_END);
    pid_t started = 0;
    if (!launch(place, socket_dir, log_fd, &started, error)) {
        return false;
    }
    State state = wait_until_it_answers(place, started, out_socket_dir);
    if (state == STATE_READY) {
        return true;
    }
    g_autofree char *tail = read_log_tail(place, log_fd, log_begin);
    if (state == STATE_ENDED) {
        rmdir(socket_dir);
        return fisc_fail(error, FISC_ERROR_SETUP, "the database did not start; %s", tail);
    }
    fail_slow(error);
    g_prefix_error(error, "%s\n", tail);
    return false;
}

bool
fisc_server_start(const FiscPlace *place, char **out_socket_dir, GError **error)
{
    if (fisc_server_find(place, NULL) != 0) {
        State state = wait_until_it_answers(place, 0, out_socket_dir);
        if (state == STATE_READY) {
            return true;
        }
        if (state == STATE_SLOW) {
            return fail_slow(error);
        }
        if (state == STATE_LOST && !fisc_server_stop(place, error)) {
            return false;
        }
    }
    int log_fd = open_log(place, error);
    if (log_fd < 0) {
        return false;
    }
    bool is_started = start_anew(place, log_fd, out_socket_dir, error);
    close(log_fd);
    return is_started;
}

bool
fisc_server_stop(const FiscPlace *place, GError **error)
{
    g_autofree char *socket_dir = NULL;
    pid_t pid = fisc_server_find(place, &socket_dir);
    if (pid == 0) {
        return true;
    }
    /* SIGINT is "fast": transactions are rolled back, a checkpoint is written. */
    if (kill(pid, SIGINT) != 0 && errno != ESRCH) {
        return fisc_fail(error, FISC_ERROR_DENIED, "could not stop process %d, the database: %s",
                         (int)pid, strerror(errno));
    }
    Wait wait = wait_begin();
    while (fisc_process_is_postgres_in(pid, place->postgres_dir)) {
        if (!wait_more(&wait, STOP_SECONDS_MAX)) {
            return fisc_fail(error, FISC_ERROR_UNAVAILABLE,
                             "the database has not stopped after %d seconds", STOP_SECONDS_MAX);
        }
    }
    if (socket_dir != NULL) {
        rmdir(socket_dir); /* for tidiness only: it stays when it cannot go */
    }
    return true;
}

/* rig.c: see rig.h. */
#include "tests/fault/rig.h"
#include "fisc/poster.h"
#include "tests/support/database.h"
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define FIRST_FD 3
#define ANSWER_BYTES 512
#define CHECKPOINT_EVERY 13 /* requests of one submitter */
#define APPROPRIATED 4000   /* to each hot line: soon exhausted */

static void
die_of(GError *error)
{
    if (error != NULL) {
        g_error("%s", error->message);
    }
}

static void
open_books(FaultRig *rig)
{
    g_autoptr(FiscSubmission) books = fault_books("absolute", APPROPRIATED);
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(FiscPool) pool = NULL;
    g_autoptr(FiscPoster) poster = NULL;
    GError *error = NULL;
    fisc_pool_open(rig->uri, NULL, 2, &pool, &error);
    die_of(error);
    fisc_poster_open(pool, 1, &poster, &error);
    die_of(error);
    fisc_poster_submit(poster, books, &receipt, &error);
    die_of(error);
    g_assert(receipt->posted == FAULT_PROGRAMMES);
    g_clear_pointer(&poster, fisc_poster_close); /* before the pool it stands on */
}

void
fault_rig_open(FaultRig *rig, const char *admin_uri, uint64_t seed)
{
    *rig = (FaultRig){.seed = seed, .folder = fisc_test_folder_new()};
    rig->admin_uri = g_strdup(admin_uri);
    rig->uri = fisc_test_poster_uri(admin_uri);
    rig->log = fault_log_new(rig->folder);
    open_books(rig);
}

void
fault_rig_close(FaultRig *rig)
{
    if (rig->victim != 0) {
        fault_victim_kill(rig);
        fault_victim_wait(rig);
    }
    fault_log_free(rig->log);
    fisc_test_folder_remove(rig->folder);
    g_free(rig->folder);
    g_free(rig->admin_uri);
    g_free(rig->uri);
}

/* Victims ------------------------------------------------------------------------------------ */

static char **
environment_with(const char *kill_at)
{
    char **environment = g_get_environ();
    return kill_at != NULL ? g_environ_setenv(environment, "FISC_KILL_AT", kill_at, TRUE)
                           : g_environ_unsetenv(environment, "FISC_KILL_AT");
}

static bool
read_line(int fd, char *line)
{
    int length = 0;
    while (length < ANSWER_BYTES - 1) {
        ssize_t got = read(fd, line + length, 1);
        if (got <= 0) {
            return false;
        }
        if (line[length++] == '\n') {
            break;
        }
    }
    line[length] = '\0';
    return true;
}

bool
fault_victim_start(FaultRig *rig, const char *kill_at, bool is_early)
{
    g_autofree char *count = g_strdup_printf("%d", FAULT_CLIENTS);
    const char *argv[] = {FISC_FAULT_VICTIM, rig->uri, count, is_early ? "early" : NULL, NULL};
    g_auto(GStrv) environment = environment_with(kill_at);
    int theirs[FAULT_CLIENTS];
    int targets[FAULT_CLIENTS];
    for (int i = 0; i < FAULT_CLIENTS; i++) {
        int pair[2];
        int failed = socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair);
        g_assert(failed == 0);
        rig->desk[i] = pair[0];
        theirs[i] = pair[1];
        targets[i] = FIRST_FD + i;
    }
    GPid pid = 0;
    GError *error = NULL;
    g_spawn_async_with_pipes_and_fds(NULL, argv, (const char *const *)environment,
                                     G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, -1, -1, -1, theirs,
                                     targets, FAULT_CLIENTS, &pid, NULL, NULL, NULL, &error);
    die_of(error);
    rig->victim = pid;
    bool is_ready = true;
    for (int i = 0; i < FAULT_CLIENTS; i++) {
        char line[ANSWER_BYTES];
        close(theirs[i]);
        is_ready = is_ready && read_line(rig->desk[i], line);
    }
    return is_ready;
}

void
fault_victim_kill(FaultRig *rig)
{
    kill(rig->victim, SIGKILL);
}

bool
fault_victim_wait(FaultRig *rig)
{
    int status = 0;
    for (int i = 0; i < FAULT_CLIENTS; i++) {
        shutdown(rig->desk[i], SHUT_RDWR); /* it ends when nobody can ask any more */
    }
    pid_t ended = waitpid(rig->victim, &status, 0);
    g_assert(ended == rig->victim);
    for (int i = 0; i < FAULT_CLIENTS; i++) {
        close(rig->desk[i]);
    }
    rig->victim = 0;
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

char *
fault_ask(FaultRig *rig, int desk, const char *line)
{
    char answer[ANSWER_BYTES];
    gsize length = strlen(line);
    if (send(rig->desk[desk], line, length, MSG_NOSIGNAL) != (ssize_t)length ||
        !read_line(rig->desk[desk], answer)) {
        return NULL;
    }
    return g_strdup(answer);
}

/* Submitters --------------------------------------------------------------------------------- */

typedef struct {
    FaultRig *rig;
    int desk;
    const FaultLoad *load;
    GArray *again; /* of int: numbers to be sent again, first */
} Submitter;

/* Sends a request and writes down what came of it. False when the victim is dead. */
static bool
send_request(FaultRig *rig, int desk, int number)
{
    g_autofree char *line = g_strdup_printf("post %" G_GUINT64_FORMAT " %d\n", rig->seed, number);
    fault_log_sending(rig->log, number);
    g_autofree char *answer = fault_ask(rig, desk, line);
    fault_log_answered(rig->log, number, answer);
    return answer != NULL;
}

/* A fault strikes after some time, and finds everybody at work however fast the machine is. */
static bool
is_wanted(const Submitter *submitter, int done)
{
    return done < submitter->load->requests || !g_atomic_int_get(&submitter->rig->has_struck);
}

void
fault_rig_struck(FaultRig *rig)
{
    g_atomic_int_set(&rig->has_struck, 1);
}

static gpointer
submit(gpointer data)
{
    Submitter *submitter = data;
    FaultRig *rig = submitter->rig;
    bool is_alive = true;
    for (guint i = 0; is_alive && i < submitter->again->len; i++) {
        is_alive = send_request(rig, submitter->desk, g_array_index(submitter->again, int, i));
    }
    for (int i = 0; is_alive && is_wanted(submitter, i); i++) {
        int number = fault_log_next(rig->log);
        is_alive = send_request(rig, submitter->desk, number);
        if (is_alive && fault_log_record(rig->log, number)->state == FAULT_FAILED) {
            g_usleep(20000); /* the database is away: no thundering herd */
        }
        if (is_alive && submitter->load->checkpoints && i % CHECKPOINT_EVERY == 3) {
            g_autofree char *done = fault_ask(rig, submitter->desk, "checkpoint\n");
            is_alive = done != NULL;
        }
    }
    return NULL;
}

static bool
is_open_question(const FaultRecord *record)
{
    return record->state == FAULT_UNKNOWN || record->state == FAULT_FAILED;
}

/* Deals the open questions out to the submitters. Returns how many there are. */
static int
deal_open_questions(FaultRig *rig, Submitter *submitters)
{
    int dealt = 0;
    for (int number = 0; number < fault_log_count(rig->log); number++) {
        if (is_open_question(fault_log_record(rig->log, number))) {
            g_array_append_val(submitters[dealt % FAULT_CLIENTS].again, number);
            dealt++;
        }
    }
    return dealt;
}

void
fault_rig_load(FaultRig *rig, const FaultLoad *load)
{
    Submitter submitters[FAULT_CLIENTS];
    GThread *threads[FAULT_CLIENTS];
    for (int i = 0; i < FAULT_CLIENTS; i++) {
        submitters[i] = (Submitter){rig, i, load, g_array_new(FALSE, FALSE, sizeof(int))};
    }
    deal_open_questions(rig, submitters);
    rig->has_struck = load->fault == NULL;
    for (int i = 0; i < FAULT_CLIENTS; i++) {
        threads[i] = g_thread_new("submitter", submit, &submitters[i]);
    }
    if (load->fault != NULL) {
        load->fault(load->fault_data);
    }
    for (int i = 0; i < FAULT_CLIENTS; i++) {
        g_thread_join(threads[i]);
        g_array_unref(submitters[i].again);
    }
}

static int
count_open_questions(const FaultRig *rig)
{
    int open = 0;
    for (int number = 0; number < fault_log_count(rig->log); number++) {
        open += is_open_question(fault_log_record(rig->log, number)) ? 1 : 0;
    }
    return open;
}

bool
fault_rig_settle(FaultRig *rig, int seconds)
{
    static const FaultLoad nothing_new = {.requests = 0};
    int64_t until = g_get_monotonic_time() + seconds * G_USEC_PER_SEC;
    while (count_open_questions(rig) > 0 && g_get_monotonic_time() < until) {
        if (rig->victim == 0 && !fault_victim_start(rig, NULL, false)) {
            fault_victim_wait(rig); /* the database is not back yet */
            g_usleep(50000);
            continue;
        }
        fault_rig_load(rig, &nothing_new);
    }
    if (rig->victim != 0) {
        fault_victim_wait(rig);
    }
    return count_open_questions(rig) == 0;
}

/* Programs and questions --------------------------------------------------------------------- */

bool
fault_run(const char *const *argv, const char *kill_at, int *out_status)
{
    g_auto(GStrv) environment = environment_with(kill_at);
    GPid pid = 0;
    int status = 0;
    GError *error = NULL;
    g_spawn_async(NULL, (char **)argv, environment,
                  G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDOUT_TO_DEV_NULL |
                      G_SPAWN_STDERR_TO_DEV_NULL,
                  NULL, NULL, &pid, &error);
    die_of(error);
    pid_t ended = waitpid(pid, &status, 0);
    g_assert(ended == pid);
    if (out_status != NULL) {
        *out_status = status;
    }
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

char *
fault_query(const char *uri, const char *sql)
{
    PGconn *connection = PQconnectdb(uri);
    PQclear(PQexec(connection, "set client_min_messages = warning"));
    PGresult *result = PQexec(connection, sql);
    bool has_row = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) > 0;
    char *answer = g_strdup(has_row ? PQgetvalue(result, 0, 0) : PQerrorMessage(connection));
    PQclear(result);
    PQfinish(connection);
    return answer;
}

/* server_test.c: PostgreSQL itself killed under the poster: a backend, the postmaster, an immediate
 * stop. On a cluster of its own, because every session of it dies with one. */
#include "fisc/cluster.h"
#include "fisc/db.h"
#include "tests/fault/invariants.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHORT_FAULTS 6
#define LONG_FAULTS 100
#define FAULTS_A_DATABASE 20
#define REQUESTS 60        /* of each submitter around one fault */
#define SETTLE_SECONDS 300 /* a bound for what never ends */
#define WAIT_SECONDS_MAX 120
#define SEED 20240703u

extern const FiscTest fisc_server_tests[];
int fisc_server_tests_up(void);
int fisc_server_tests_down(void);

typedef enum { KILL_BACKEND, KILL_POSTMASTER, STOP_IMMEDIATELY, FAULT_KINDS } Fault;

/* This suite's cluster: the one thing that its tests share. */
static struct {
    char *data_dir;
    char *admin_uri;
} server;

static bool
start_server(void)
{
    const char *up[] = {FISC_TEST_CLUSTER, "up", server.data_dir, NULL};
    return fault_run(up, NULL, NULL);
}

int
fisc_server_tests_up(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(FiscCluster) cluster = NULL;
    server.data_dir = fisc_test_folder_new();
    if (!start_server() || !fisc_cluster_open(server.data_dir, &cluster, &error) ||
        !fisc_migrate(cluster->admin_uri, &error)) {
        return 1;
    }
    server.admin_uri = g_strdup(cluster->admin_uri);
    return 0;
}

int
fisc_server_tests_down(void)
{
    const char *down[] = {FISC_TEST_CLUSTER, "down", server.data_dir, NULL};
    fault_run(down, NULL, NULL);
    fisc_test_folder_remove(server.data_dir);
    g_clear_pointer(&server.data_dir, g_free);
    g_clear_pointer(&server.admin_uri, g_free);
    return 0;
}

/* "postgresql:///fisc?..." with another database. Caller frees. */
static char *
uri_of(const char *database)
{
    const char *query = strchr(server.admin_uri, '?');
    return g_strdup_printf("postgresql:///%s%s", database, query);
}

static char *
new_database(int number)
{
    g_autofree char *name = g_strdup_printf("rig_%d", number);
    g_autofree char *maintenance = uri_of("postgres");
    g_autofree char *sql = g_strdup_printf("create database %s template fisc", name);
    g_free(fault_query(maintenance, sql));
    return uri_of(name);
}

static pid_t
postmaster(void)
{
    g_autofree char *path = g_build_filename(server.data_dir, "postgres", "postmaster.pid", NULL);
    g_autofree char *text = NULL;
    return g_file_get_contents(path, &text, NULL, NULL) ? atoi(text) : 0;
}

static pid_t
any_backend(const FaultRig *rig)
{
    g_autofree char *pid = fault_query(
        rig->admin_uri, "select pid from pg_stat_activity where datname = current_database()"
                        " and usename = 'fisc_poster' order by state = 'active' desc, random()"
                        " limit 1");
    return atoi(pid);
}

typedef struct {
    FaultRig *rig;
    Fault fault;
    int done; /* faults that hit somebody */
    int also; /* posters that died with it */
} Trouble;

/* In the middle of the load; brings the server back when it is gone for good. */
static void
make_trouble(void *data)
{
    Trouble *trouble = data;
    g_usleep((gulong)(3000 + trouble->rig->round * 7919 % 50000));
    pid_t victim = trouble->fault == KILL_BACKEND ? any_backend(trouble->rig) : postmaster();
    int signal_number = trouble->fault == STOP_IMMEDIATELY ? SIGQUIT : SIGKILL;
    if (victim > 0 && kill(victim, signal_number) == 0) {
        trouble->done++;
    }
    fault_rig_struck(trouble->rig);
    if (trouble->fault != KILL_BACKEND) {
        CU_ASSERT_TRUE(start_server());
    }
}

static void
trouble_once(FaultRig *rig, Fault fault, int *done, int *also)
{
    /* Sometimes the poster dies, too, at the very moment when it would look for a lost answer. */
    const char *kill_at = rig->round % 4 == 3 ? "poster.before_resolve:1" : NULL;
    Trouble trouble = {.rig = rig, .fault = fault};
    FaultLoad load = {.requests = REQUESTS, .fault = make_trouble, .fault_data = &trouble};
    rig->round++;
    CU_ASSERT_TRUE_FATAL(fault_victim_start(rig, kill_at, false));
    fault_rig_load(rig, &load);
    *also += fault_victim_wait(rig) ? 1 : 0;
    CU_ASSERT_TRUE(fault_rig_settle(rig, SETTLE_SECONDS));
    g_autofree char *complaints = fault_check_rig(rig);
    FISC_ASSERT_TEXT(complaints, "");
    *done += trouble.done;
}

static void
test_server_dies(void)
{
    int faults = g_getenv("FISC_TEST_LONG") != NULL ? LONG_FAULTS : SHORT_FAULTS;
    int done[FAULT_KINDS] = {0};
    int requests = 0;
    int also = 0;
    for (int begin = 0; begin < faults; begin += FAULTS_A_DATABASE) {
        FaultRig rig;
        g_autofree char *uri = new_database(begin);
        fault_rig_open(&rig, uri, SEED + (uint64_t)begin);
        for (int i = begin; i < MIN(begin + FAULTS_A_DATABASE, faults); i++) {
            /* Backends most of all: the server recovers from that by itself. */
            Fault fault = i % 4 < 2    ? KILL_BACKEND
                          : i % 4 == 2 ? KILL_POSTMASTER
                                       : STOP_IMMEDIATELY;
            trouble_once(&rig, fault, &done[fault], &also);
        }
        requests += fault_log_count(rig.log);
        fault_rig_close(&rig);
    }
    printf("\n    %d backends and %d postmasters killed, %d stopped at once, under %d requests; "
           "%d posters were killed as they resolved a lost answer\n  ",
           done[KILL_BACKEND], done[KILL_POSTMASTER], done[STOP_IMMEDIATELY], requests, also);
    CU_ASSERT_TRUE(also > 0 || faults < LONG_FAULTS);
    for (int i = 0; i < FAULT_KINDS; i++) {
        CU_ASSERT_TRUE(done[i] > 0);
    }
}

/* The postmaster ends the sessions in its own time. */
static bool
wait_for_end(pid_t pid)
{
    int64_t until = g_get_monotonic_time() + WAIT_SECONDS_MAX * G_USEC_PER_SEC;
    while (kill(pid, 0) == 0 && g_get_monotonic_time() < until) {
        g_usleep(10000);
    }
    return kill(pid, 0) != 0;
}

static bool
ask_head(FiscPool *pool, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    return fisc_tx_begin(pool, FISC_TX_AUTO, &tx, error) &&
           fisc_tx_query(tx, FISC_SQL_LEDGER_HEAD, FISC_ARGS(fisc_int4(1)), NULL, error) &&
           fisc_tx_commit(g_steal_pointer(&tx), error);
}

/* A crash ends every session with a warning and then the end of the line. Whoever was idle finds
 * both at once as he writes; libpq then reports a failed write on a connection it calls good. That
 * was taken for an error of PostgreSQL, so a batch that had been committed was said to have failed.
 */
static void
test_idle_line_breaks(void)
{
    g_autofree char *uri = new_database(1000);
    g_autoptr(FiscPool) pool = NULL;
    GError *error = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_pool_open(uri, NULL, 1, &pool, &error) && ask_head(pool, &error));
    g_autofree char *maintenance = uri_of("postgres");
    g_autofree char *ours =
        fault_query(maintenance, "select pid from pg_stat_activity where datname = 'rig_1000'");
    g_autofree char *pid = fault_query(
        maintenance, "select pid from pg_stat_activity where backend_type = 'walwriter'");
    CU_ASSERT_TRUE_FATAL(atoi(ours) > 0 && atoi(pid) > 0 && kill(atoi(pid), SIGKILL) == 0);
    CU_ASSERT_TRUE(wait_for_end(atoi(ours)));
    CU_ASSERT_TRUE(start_server()); /* waits until it answers again */
    CU_ASSERT_FALSE(ask_head(pool, &error));
    FISC_ASSERT_TEXT(error != NULL ? fisc_error_name((FiscError)error->code) : "no error",
                     "UNAVAILABLE");
    g_clear_error(&error);
    CU_ASSERT_TRUE(ask_head(pool, &error)); /* on a new line: the broken one was thrown away */
    g_clear_error(&error);
}

const FiscTest fisc_server_tests[] = {
    {"loses and doubles nothing when PostgreSQL is killed", test_server_dies},
    {"calls a line broken by a crash broken, not an error", test_idle_line_breaks},
    {NULL, NULL},
};

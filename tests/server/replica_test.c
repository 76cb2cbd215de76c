/* replica_test.c: a server that only reads, on a streaming replica with a PostgreSQL of its own:
 * what it shows, how fresh it says it is, and that it finds back after every restart. */
#include "fisc/cluster.h"
#include "tests/integrations/fixture.h"
#include "tests/app/school.h"
#include "tests/server/node.h"
#include "tests/server/standby.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define PATIENCE_S 120 /* a bound for what never comes */
#define LONG_SECONDS 600
#define SHORT_RESTARTS 3
#define SEED 20261122u

extern const FiscTest fisc_replica_tests[];

typedef struct {
    char *folder, *primary, *replica; /* data folders */
    Node *node;
    int posted;
} Replica;

/* A command on the primary, which has to succeed. */
static void
run(const char *data, const char *words)
{
    g_autofree char *place = g_shell_quote(data);
    g_autofree char *line =
        g_strdup_printf("%s --data %s %s >/dev/null", FISC_PROGRAM, place, words);
    int status = system(line);
    FISC_ASSERT_INT(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 0);
}

static void
post(Replica *replica)
{
    int number = ++replica->posted;
    g_autofree char *words = g_strdup_printf("post - <<'END'\n" SCHOOL_HEADER
                                             "R%d,2024-02-01,SCH,22,0.10,,CORP,70912,,,,\n"
                                             "R%d,2024-02-01,SCH,3308,,0.10,CORP,,,,,\nEND\n",
                                             number, number);
    g_autofree char *place = g_shell_quote(replica->primary);
    g_autofree char *line = g_strdup_printf("%s --data %s %s", FISC_PROGRAM, place, words);
    g_autofree char *quiet = g_strdup_printf("{ %s } >/dev/null", line);
    int status = system(quiet);
    FISC_ASSERT_INT(WIFEXITED(status) ? WEXITSTATUS(status) : -1, 0);
}

static int64_t
batch_on(const char *data)
{
    g_autoptr(FiscCluster) cluster = NULL;
    g_autoptr(FiscPool) pool = NULL;
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    g_autoptr(GError) error = NULL;
    int64_t batch = -1;
    if (fisc_cluster_open(data, &cluster, &error) &&
        fisc_pool_open(cluster->admin_uri, NULL, 1, &pool, &error) &&
        fisc_tx_begin(pool, FISC_TX_AUTO, &tx, &error) &&
        fisc_tx_query(tx, FISC_SQL_LEDGER_FRESHNESS, FISC_ARGS(fisc_int4(1)), &rows, &error)) {
        batch = fisc_rows_int8(rows, 0, 0);
    }
    FISC_ASSERT_TEXT(error != NULL ? error->message : "", "");
    g_clear_pointer(&tx, fisc_tx_rollback);
    return batch;
}

/* Until the server knows the primary's newest batch; never one that the primary has not. */
static void
expect_catches_up(Replica *replica)
{
    int64_t newest = batch_on(replica->primary);
    int64_t until = g_get_monotonic_time() + PATIENCE_S * G_USEC_PER_SEC;
    int64_t seen = -1;
    while ((seen = node_batch(replica->node)) < newest && g_get_monotonic_time() < until) {
        g_usleep(20000);
    }
    FISC_ASSERT_INT(seen, newest);
}

static void
expect_status(Replica *replica, const char *path, int status)
{
    int64_t until = g_get_monotonic_time() + PATIENCE_S * G_USEC_PER_SEC;
    int seen = 0;
    while (seen != status && g_get_monotonic_time() < until) {
        g_auto(ServingAnswer) answer = {0};
        seen = node_ask(replica->node->port, "GET", path, NULL, NULL, &answer) ? answer.status : 0;
        g_usleep(seen != status ? 20000 : 0);
    }
    FISC_ASSERT_INT(seen, status);
}

static Replica
open_replica(void)
{
    Replica replica = {.folder = fisc_test_folder_new()};
    g_autoptr(FiscCluster) cluster = NULL;
    g_autoptr(GError) error = NULL;
    char *package = school_folder(SCHOOL_JOURNALS);
    g_autofree char *quoted = g_shell_quote(package);
    g_autofree char *load = g_strdup_printf("load %s", quoted);
    replica.primary = g_build_filename(replica.folder, "primary", NULL);
    replica.replica = g_build_filename(replica.folder, "replica", NULL);
    run(replica.primary, load);
    fixture_remove(package);
    bool is_made = standby_make(replica.primary, replica.replica, &error) &&
                   fisc_cluster_open(replica.replica, &cluster, &error);
    FISC_ASSERT_TEXT(is_made ? "made" : error->message, "made");
    CU_ASSERT_FATAL(is_made);
    replica.node = node_start("--data", replica.replica, "--read-only");
    return replica;
}

static void
close_replica(Replica *replica)
{
    node_free(replica->node);
    fisc_cluster_stop(replica->replica, NULL);
    fisc_cluster_stop(replica->primary, NULL);
    fisc_test_folder_remove(replica->folder);
    g_free(replica->folder);
    g_free(replica->primary);
    g_free(replica->replica);
}

/* Stops a cluster, and opens it again. */
static void
restart(const char *data)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(FiscCluster) cluster = NULL;
    CU_ASSERT(fisc_cluster_stop(data, &error) && fisc_cluster_open(data, &cluster, &error));
    FISC_ASSERT_TEXT(error != NULL ? error->message : "", "");
}

static void
expect_says_how_fresh(Replica *replica)
{
    g_auto(ServingAnswer) answer = {0};
    CU_ASSERT_FATAL(node_ask(replica->node->port, "GET", "/v1/service", NULL, NULL, &answer));
    FISC_ASSERT_INT(answer.status, 200);
    FISC_ASSERT_TEXT(serving_answer_text(&answer, "mode"), "read-only");
    const char *freshness = serving_answer_header(&answer, "fisc-freshness");
    CU_ASSERT_PTR_NOT_NULL_FATAL(freshness);
    g_autofree char *batch =
        g_strdup_printf("batch=%" G_GINT64_FORMAT ", behind=", batch_on(replica->primary));
    FISC_ASSERT_CONTAINS(freshness, batch);
}

/* A token that was made on the primary opens the replica, and funds are answered from its chain. */
static void
expect_answers_funds(Replica *replica)
{
    g_autofree char *place = g_shell_quote(replica->primary);
    g_autofree char *line = g_strdup_printf(
        "%s --data %s --actor ana person token ana --name replica --for read | head -n 1",
        FISC_PROGRAM, place);
    char token[256] = "";
    FILE *said = popen(line, "r");
    CU_ASSERT_FATAL(said != NULL && fgets(token, sizeof(token), said) != NULL);
    FISC_ASSERT_INT(pclose(said), 0);
    expect_catches_up(replica);
    g_autofree char *headers = g_strdup_printf("Authorization: Bearer %s\r\n", g_strstrip(token));
    g_auto(ServingAnswer) answer = {0};
    CU_ASSERT_FATAL(node_ask(replica->node->port, "GET", "/v1/funds?entity=SCH&period=2024",
                             headers, NULL, &answer));
    FISC_ASSERT_INT(answer.status, 200);
    FISC_ASSERT_TEXT(serving_answer_text(&answer, "rows/0/key"),
                     "entity=SCH gfs_code=22 cofog=70912 year=2024");
}

static void
expect_refuses_writes(Replica *replica)
{
    g_auto(ServingAnswer) answer = {0};
    CU_ASSERT_FATAL(node_ask(replica->node->port, "POST", "/v1/entries",
                             "Content-Type: application/json\r\nIdempotency-Key: k\r\n", "[]",
                             &answer));
    FISC_ASSERT_INT(answer.status, 405);
    FISC_ASSERT_TEXT(serving_answer_text(&answer, "code"), "READ_ONLY");
}

/* Without its primary it answers what it has. */
static void
expect_says_still(Replica *replica)
{
    g_auto(ServingAnswer) answer = {0};
    CU_ASSERT_FATAL(node_ask(replica->node->port, "GET", "/v1/service", NULL, NULL, &answer));
    FISC_ASSERT_INT(answer.status, 200);
    CU_ASSERT_PTR_NOT_NULL(serving_answer_header(&answer, "fisc-freshness"));
}

static void
test_follows_its_primary(void)
{
    Replica replica = open_replica();
    expect_catches_up(&replica);
    post(&replica);
    expect_catches_up(&replica);
    expect_status(&replica, "/readyz", 200);
    expect_says_how_fresh(&replica);
    expect_refuses_writes(&replica);
    expect_answers_funds(&replica);

    restart(replica.replica); /* the replica */
    post(&replica);
    expect_catches_up(&replica);

    CU_ASSERT(fisc_cluster_stop(replica.primary, NULL)); /* the primary */
    expect_says_still(&replica);
    post(&replica); /* starts it again */
    expect_catches_up(&replica);

    node_kill(replica.node); /* itself */
    post(&replica);
    node_restart(replica.node);
    expect_catches_up(&replica);
    expect_status(&replica, "/readyz", 200);
    close_replica(&replica);
}

/* One of the three goes and comes back, while the primary has something new. */
static void
disturb(Replica *replica, int which)
{
    if (which == 0) {
        post(replica);
        restart(replica->replica);
    } else if (which == 1) {
        CU_ASSERT(fisc_cluster_stop(replica->primary, NULL));
        post(replica);
    } else {
        node_kill(replica->node);
        post(replica);
        node_restart(replica->node);
    }
}

/* One of each, then in any order; ten minutes of them in the long form. */
static void
test_finds_back_every_time(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(SEED);
    Replica replica = open_replica();
    bool is_long = g_getenv("FISC_TEST_LONG") != NULL;
    int64_t until = g_get_monotonic_time() + LONG_SECONDS * G_USEC_PER_SEC;
    int restarts[3] = {0};
    for (int i = 0; is_long ? g_get_monotonic_time() < until : i < SHORT_RESTARTS; i++) {
        int which = i < 3 ? i : g_rand_int_range(random, 0, 3);
        disturb(&replica, which);
        expect_catches_up(&replica);
        restarts[which]++;
    }
    expect_status(&replica, "/readyz", 200);
    printf("(seed %u: %d restarts of the replica, %d of the primary, %d of the server) ", SEED,
           restarts[0], restarts[1], restarts[2]);
    close_replica(&replica);
}

const FiscTest fisc_replica_tests[] = {
    {"a server on a replica follows, and finds back after each of three is restarted",
     test_follows_its_primary},
    {"a server on a replica knows the primary's newest batch after any of many restarts",
     test_finds_back_every_time},
    {NULL, NULL},
};

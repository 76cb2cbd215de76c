/* kill_test.c: the poster's process killed at every named point and at any moment, under load; and
 * the control: a poster that answers too early must be caught. */
#include "tests/fault/invariants.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <stdio.h>
#include <string.h>

#define SHORT_KILLS 20
#define LONG_KILLS 1000
#define KILLS_A_DATABASE 40 /* then a fresh one: what is checked after each kill stays small */
#define REQUESTS 30         /* of each submitter between two kills: 30 batches at least */
#define NTH_MAX 25          /* so every named point is passed as often */
#define SETTLE_SECONDS 300  /* a bound for what never ends */
#define SEED 20240701u

extern const FiscTest fisc_kill_tests[];

static const char *const points[] = {
    "poster.taken",         "poster.decided",           "poster.sealed",
    "poster.before_write",  "poster.after_write",       "poster.after_commit",
    "poster.before_answer", "poster.before_checkpoint", "poster.after_checkpoint",
};

static bool
is_long(void)
{
    return g_getenv("FISC_TEST_LONG") != NULL;
}

/* How often something was done in one run. */
typedef struct {
    int kills, requests, entries, snapshots;
    int at_point[G_N_ELEMENTS(points)];
} Count;

static void
expect_nothing(char *complaints, const char *when)
{
    g_autofree char *text = complaints;
    fisc_assert_text(text, "", when, __FILE__, __LINE__);
}

/* Looks at the books again and again while others post: each look is one snapshot. */
typedef struct {
    const char *uri;
    gint is_over;
    int looks;
    GString *complaints;
} Watcher;

static gpointer
watch(gpointer data)
{
    Watcher *watcher = data;
    while (!g_atomic_int_get(&watcher->is_over)) {
        g_autofree char *complaints = fault_check_snapshot(watcher->uri);
        g_string_append(watcher->complaints, complaints);
        watcher->looks++;
        g_usleep(20000);
    }
    return NULL;
}

static void
kill_after_a_while(void *data)
{
    FaultRig *rig = data;
    g_usleep((gulong)(500 + rig->round * 7919 % 60000));
    fault_victim_kill(rig);
    fault_rig_struck(rig);
}

/* One victim, killed at point @point, or at any moment when that is beyond the points. */
static void
kill_once(FaultRig *rig, guint point, Count *count)
{
    bool is_random = point >= G_N_ELEMENTS(points);
    bool is_checkpoint = !is_random && strstr(points[point], "checkpoint") != NULL;
    int nth = is_checkpoint ? 1 : 1 + rig->round * 31 % NTH_MAX;
    g_autofree char *kill_at = is_random ? NULL : g_strdup_printf("%s:%d", points[point], nth);
    FaultLoad load = {.requests = REQUESTS,
                      .checkpoints = true,
                      .fault = is_random ? kill_after_a_while : NULL,
                      .fault_data = rig};
    rig->round++;
    CU_ASSERT_TRUE_FATAL(fault_victim_start(rig, kill_at, false));
    fault_rig_load(rig, &load);
    bool is_killed = fault_victim_wait(rig);
    count->kills += is_killed ? 1 : 0;
    if (is_killed && !is_random) {
        count->at_point[point]++;
    }
}

/* Some kills on one database, every invariant after each. */
static void
kill_often(uint64_t seed, int kills, Count *count)
{
    FaultRig rig;
    g_autofree char *uri = fisc_test_database_new();
    g_autofree char *report = NULL;
    fault_rig_open(&rig, uri, seed);
    Watcher watcher = {.uri = uri, .complaints = g_string_new(NULL)};
    GThread *thread = g_thread_new("watcher", watch, &watcher);
    int64_t known_at = 0;
    for (int i = 0; i < kills; i++) {
        kill_once(&rig, (guint)i % (G_N_ELEMENTS(points) + 2), count);
        CU_ASSERT_TRUE(fault_rig_settle(&rig, SETTLE_SECONDS));
        expect_nothing(fault_check_rig(&rig), "the books after a kill");
        if (i == 0) {
            g_autofree char *newest = fault_query(uri, "select max(batch_no) from ledger.batch");
            known_at = g_ascii_strtoll(newest, NULL, 10);
            report = fault_report_at(rig.uri, known_at);
            FISC_ASSERT_CONTAINS(report, "entity,account,debit,credit,balance");
        }
    }
    g_atomic_int_set(&watcher.is_over, 1);
    g_thread_join(thread);
    expect_nothing(g_string_free(watcher.complaints, FALSE), "a snapshot under load");
    g_autofree char *again = fault_report_at(rig.uri, known_at);
    FISC_ASSERT_TEXT(again, report);
    g_autofree char *entries = fault_query(uri, "select count(*) from ledger.entry");
    count->requests += fault_log_count(rig.log);
    count->entries += atoi(entries);
    count->snapshots += watcher.looks;
    fault_rig_close(&rig);
}

static void
test_kills_lose_nothing(void)
{
    int kills = is_long() ? LONG_KILLS : SHORT_KILLS;
    Count count = {0};
    for (int done = 0; done < kills; done += KILLS_A_DATABASE) {
        kill_often(SEED + (uint64_t)done, MIN(KILLS_A_DATABASE, kills - done), &count);
    }
    printf("\n    %d kills, %d requests, %d entries, %d snapshots under load\n   ", count.kills,
           count.requests, count.entries, count.snapshots);
    for (guint i = 0; i < G_N_ELEMENTS(points); i++) {
        printf(" %s %d", points[i], count.at_point[i]);
        CU_ASSERT_TRUE(count.at_point[i] > 0);
    }
    printf("\n  ");
    FISC_ASSERT_INT(count.kills, kills);
    CU_ASSERT_TRUE(count.entries > kills);
}

/* A victim that says "posted" before PostgreSQL has committed, and then dies. */
static void
test_early_answer_is_caught(void)
{
    FaultRig rig;
    g_autofree char *uri = fisc_test_database_new();
    fault_rig_open(&rig, uri, SEED);
    static const FaultLoad load = {.requests = REQUESTS};
    CU_ASSERT_TRUE_FATAL(fault_victim_start(&rig, "poster.before_write:20", true));
    fault_rig_load(&rig, &load);
    CU_ASSERT_TRUE(fault_victim_wait(&rig));
    CU_ASSERT_TRUE(fault_rig_settle(&rig, SETTLE_SECONDS));
    g_autofree char *complaints = fault_check_rig(&rig);
    FISC_ASSERT_CONTAINS(complaints, "was acknowledged and is not on record");
    fault_rig_close(&rig);
}

/* An entry that somebody takes out of the books, or puts in twice, must be missed. */
static void
test_loss_and_doubling_are_caught(void)
{
    FaultRig rig;
    g_autofree char *uri = fisc_test_database_new();
    fault_rig_open(&rig, uri, SEED);
    static const FaultLoad load = {.requests = 5};
    CU_ASSERT_TRUE_FATAL(fault_victim_start(&rig, NULL, false));
    fault_rig_load(&rig, &load);
    fault_victim_wait(&rig);
    expect_nothing(fault_check_rig(&rig), "the books before they are touched");
    g_free(fault_query(uri, "with last as (select max(entry_id) - 1 as id from ledger.entry),"
                            " gone as (delete from ledger.entry using last where entry_id = id)"
                            " delete from ledger.reference using last where entry_id = id"));
    g_autofree char *lost = fault_check_rig(&rig);
    FISC_ASSERT_CONTAINS(lost, "was acknowledged and is not on record");
    FISC_ASSERT_CONTAINS(lost, "I13 items are dense");
    FISC_ASSERT_CONTAINS(lost, "I3 entries belong to their batch");
    fault_rig_close(&rig);
}

const FiscTest fisc_kill_tests[] = {
    {"loses and doubles nothing when the poster is killed anywhere", test_kills_lose_nothing},
    {"catches a poster that answers before the commit (control)", test_early_answer_is_caught},
    {"catches an entry that is gone (control)", test_loss_and_doubling_are_caught},
    {NULL, NULL},
};

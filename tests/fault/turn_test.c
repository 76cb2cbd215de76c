/* turn_test.c: fairness between two posters of one book, and what becomes of a turn whose holder
 * waits, stops or dies. Nothing here looks at a clock: what the design guarantees is counted. */
#include "tests/fault/invariants.h"
#include "tests/fault/pair.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <stdlib.h>

#define AMOUNT 1000000
#define MEETINGS 100
#define WAIT_SECONDS 60
#define IDLE_SECONDS 60 /* longer than a test holds a turn */
#define LOOK_AGAIN_US 2000
#define DEATH_AT "poster.in_turn:3"
#define REQUESTS_MAX 1000
#define SEED 20240705u

extern const FiscTest fisc_turn_tests[];

/* One that posts without pause -------------------------------------------------------------------
 */

typedef struct {
    const FaultPoster *to;
    GMutex mutex;
    GCond grown;
    int posted;
    bool is_over;
    GThread *thread;
} Busy;

static gpointer
post_without_pause(gpointer data)
{
    Busy *busy = data;
    bool is_over = false;
    for (int i = 0; !is_over; i++) {
        g_autofree char *reference = g_strdup_printf("B%d", i);
        g_autoptr(FiscSubmission) submission = fault_entry_in(202406, reference);
        g_autoptr(FiscReceipt) receipt = fault_submit(busy->to, submission);
        g_mutex_lock(&busy->mutex);
        busy->posted += receipt->posted;
        is_over = busy->is_over;
        g_cond_signal(&busy->grown);
        g_mutex_unlock(&busy->mutex);
    }
    return NULL;
}

static void
begin(Busy *busy, const FaultPoster *to)
{
    *busy = (Busy){.to = to};
    g_mutex_init(&busy->mutex);
    g_cond_init(&busy->grown);
    busy->thread = g_thread_new("busy", post_without_pause, busy);
}

/* Until an entry has been posted that nobody else can have read yet. The first that is counted from
 * now on may have been on record before; the second was not yet asked for. */
static void
wait_for_another(Busy *busy)
{
    g_mutex_lock(&busy->mutex);
    for (int enough = busy->posted + 2; busy->posted < enough;) {
        g_cond_wait(&busy->grown, &busy->mutex);
    }
    g_mutex_unlock(&busy->mutex);
}

static int
end(Busy *busy)
{
    g_mutex_lock(&busy->mutex);
    busy->is_over = true;
    g_mutex_unlock(&busy->mutex);
    g_thread_join(busy->thread);
    g_cond_clear(&busy->grown);
    g_mutex_clear(&busy->mutex);
    return busy->posted;
}

/* Every request meets a chain that has moved on, so it loses once. The other never pauses, so
 * without a turn it would lose again and again, as often as the other is faster. */
static void
test_loses_once(void)
{
    FaultPair pair = fault_pair_open("absolute", AMOUNT);
    Busy busy;
    begin(&busy, &pair.two);
    for (int i = 0; i < MEETINGS; i++) {
        g_autofree char *reference = g_strdup_printf("A%d", i);
        g_autoptr(FiscSubmission) submission = fault_entry_in(202406, reference);
        wait_for_another(&busy);
        g_autoptr(FiscReceipt) receipt = fault_submit(&pair.one, submission);
        FISC_ASSERT_INT(receipt->posted, 1);
    }
    int posted = end(&busy);
    FiscPosterCounts one = fault_count(&pair.one);
    FiscPosterCounts two = fault_count(&pair.two);
    FISC_ASSERT_INT(one.batches, MEETINGS);
    FISC_ASSERT_INT(one.conflicts, MEETINGS);
    FISC_ASSERT_INT(two.batches, posted);
    CU_ASSERT_TRUE(two.conflicts <= two.batches);
    g_autofree char *complaints = fault_check_books(pair.admin_uri);
    FISC_ASSERT_TEXT(complaints, "");
    fault_pair_close(&pair);
}

/* Turns in strange hands -------------------------------------------------------------------------
 */

static FiscTx *
take_turn(const FaultPoster *poster, int idle_seconds)
{
    FiscTx *turn = NULL;
    GError *error = NULL;
    if (!fisc_tx_begin(poster->pool, FISC_TX_WRITE, &turn, &error) ||
        !fisc_tx_query(turn, FISC_SQL_LEDGER_TAKE_TURN,
                       FISC_ARGS(fisc_int4(1), fisc_int4(WAIT_SECONDS), fisc_int4(idle_seconds)),
                       NULL, &error)) {
        g_error("%s", error->message);
    }
    return turn;
}

/* Until a poster waits for the turn to end; there is no hurry. */
static void
wait_for_waiter(const FaultPair *pair)
{
    static const char sql[] = "select count(*) from pg_locks where locktype = 'advisory' and not"
                              " granted and database ="
                              " (select oid from pg_database where datname = current_database())";
    for (bool is_there = false; !is_there; g_usleep(LOOK_AGAIN_US)) {
        g_autofree char *waiters = fault_query(pair->admin_uri, sql);
        is_there = atoi(waiters) > 0;
    }
}

static char *
count_entries(const FaultPair *pair)
{
    return fault_query(pair->admin_uri,
                       "select count(*) from ledger.entry where reference not like 'vote%'");
}

typedef struct {
    const FaultPoster *to;
    FiscReceipt *receipt;
} Request;

static gpointer
post_one(gpointer data)
{
    Request *request = data;
    g_autoptr(FiscSubmission) submission = fault_entry_in(202406, "T1");
    request->receipt = fault_submit(request->to, submission);
    return NULL;
}

/* While somebody has the turn, nobody appends; when it ends, however it ends, the next one does. */
static void
test_turn_keeps_others_out(void)
{
    for (int commits = 0; commits < 2; commits++) {
        FaultPair pair = fault_pair_open("absolute", AMOUNT);
        FiscTx *turn = take_turn(&pair.one, IDLE_SECONDS);
        Request request = {.to = &pair.two};
        GThread *thread = g_thread_new("request", post_one, &request);
        wait_for_waiter(&pair);
        g_autofree char *before = count_entries(&pair);
        FISC_ASSERT_TEXT(before, "0");
        if (commits == 0) {
            fisc_tx_rollback(turn);
        } else {
            CU_ASSERT_TRUE(fisc_tx_commit(turn, NULL));
        }
        g_thread_join(thread);
        FISC_ASSERT_INT(request.receipt->posted, 1);
        fisc_receipt_free(request.receipt);
        fault_pair_close(&pair);
    }
}

/* Who does nothing in his turn loses it, and learns that he did; the other's request comes to an
 * end though nobody lets go. */
static void
test_stopped_turn_ends(void)
{
    FaultPair pair = fault_pair_open("absolute", AMOUNT);
    FiscTx *turn = take_turn(&pair.one, 1);
    Request request = {.to = &pair.two};
    post_one(&request);
    FISC_ASSERT_INT(request.receipt->posted, 1);
    g_autoptr(GError) error = NULL;
    g_autoptr(FiscRows) rows = NULL;
    CU_ASSERT_FALSE(
        fisc_tx_query(turn, FISC_SQL_LEDGER_HEAD, FISC_ARGS(fisc_int4(1)), &rows, &error));
    FISC_ASSERT_TEXT(error != NULL ? fisc_error_name((FiscError)error->code) : "no error",
                     "UNAVAILABLE");
    fisc_tx_rollback(turn);
    fisc_receipt_free(request.receipt);
    fault_pair_close(&pair);
}

/* A poster that is killed in its turn leaves nothing behind, not even the turn. */
static void
test_killed_turn_ends(void)
{
    FaultPair pair = fault_pair_open("absolute", AMOUNT);
    FaultRig rig = {.uri = pair.uri};
    Busy busy;
    CU_ASSERT_TRUE_FATAL(fault_victim_start(&rig, DEATH_AT, false));
    begin(&busy, &pair.two);
    int number = 0;
    bool is_alive = true;
    while (is_alive && number < REQUESTS_MAX) {
        g_autofree char *line = g_strdup_printf("race %u %d 1 1\n", SEED, ++number);
        wait_for_another(&busy);
        g_autofree char *answer = fault_ask(&rig, 0, line);
        is_alive = answer != NULL;
    }
    CU_ASSERT_TRUE(fault_victim_wait(&rig));
    wait_for_another(&busy);
    end(&busy);
    FISC_ASSERT_INT(number, 3); /* each request lost once and took a turn; it died in the third */
    g_autofree char *on_record = fault_query(
        pair.admin_uri, "select count(*) from (select reference from ledger.entry union all"
                        " select reference from ledger.refusal) items where reference like 'R%'");
    FISC_ASSERT_TEXT(on_record, "2");
    g_autofree char *complaints = fault_check_books(pair.admin_uri);
    FISC_ASSERT_TEXT(complaints, "");
    fault_pair_close(&pair);
}

const FiscTest fisc_turn_tests[] = {
    {"lets a poster in after one conflict, against another that never pauses", test_loses_once},
    {"keeps everybody else from appending while a turn lasts", test_turn_keeps_others_out},
    {"ends the turn of who stops in it", test_stopped_turn_ends},
    {"ends the turn of who is killed in it", test_killed_turn_ends},
    {NULL, NULL},
};

/* race_test.c: two processes on ten hot lines, and a close against posting: no line is ever over by
 * one unit, none is refused what it could have had. The chain is read again to judge both. That
 * neither process keeps the other out is turn_test.c's subject; here it is counted. */
#include "tests/fault/invariants.h"
#include "tests/fault/pair.h"
#include "tests/fault/replay.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#define PROCESSES 2
#define HEATS 10 /* starts of one race */
#define SHORT_ATTEMPTS 20000
#define LONG_ATTEMPTS 1000000
#define ATTEMPTS_A_DATABASE 100000
#define HOT_AMOUNT 120 /* so little that most lines are at their limit most of the time */
#define SHORT_CLOSES 80
#define LONG_CLOSES 400
#define CLOSES_A_DATABASE 40 /* each month is a partition, and a decade of them would be slow */
#define POSTED_BEFORE_MAX 5
#define SEED 20240702u

extern const FiscTest fisc_race_tests[];

static bool
is_long(void)
{
    return g_getenv("FISC_TEST_LONG") != NULL;
}

/* One process of the race: a victim that nobody kills, each of its desks a racer. */
typedef struct {
    FaultRig rig;
    int first, count;
    pthread_barrier_t *start; /* of all racers of all processes */
    long long batches, conflicts;
} Racer;

typedef struct {
    Racer *racer;
    int desk;
    int posted, refused;
} Lane;

/* Every heat begins for all at once, so the race does not end as soon as one process is through
 * with its share: the processes meet in every heat, on any machine. */
static gpointer
run_lane(gpointer data)
{
    Lane *lane = data;
    int count = lane->racer->count / FAULT_CLIENTS / HEATS;
    int first = lane->racer->first + lane->desk * HEATS * count;
    for (int heat = 0; heat < HEATS; heat++) {
        int posted = 0;
        int refused = 0;
        g_autofree char *line = g_strdup_printf("race %u %d %d %d\n", SEED, first + heat * count,
                                                count, 1 + lane->desk * 20);
        pthread_barrier_wait(lane->racer->start);
        g_autofree char *answer = fault_ask(&lane->racer->rig, lane->desk, line);
        if (answer == NULL || sscanf(answer, "done %d %d", &posted, &refused) != 2) {
            g_error("a racer said \"%s\"", answer != NULL ? answer : "nothing");
        }
        lane->posted += posted;
        lane->refused += refused;
    }
    return NULL;
}

static void
ask_counts(Racer *racer)
{
    g_autofree char *answer = fault_ask(&racer->rig, 0, "counts\n");
    if (answer == NULL ||
        sscanf(answer, "counts %lld %lld", &racer->batches, &racer->conflicts) != 2) {
        g_error("a racer said \"%s\"", answer != NULL ? answer : "nothing");
    }
}

/* What the racers of one race say they did. */
typedef struct {
    int posted, refused;
    long long batches, conflicts;
} Outcome;

/* Two processes, @attempts together. */
static Outcome
race(const char *admin_uri, int attempts)
{
    Racer racers[PROCESSES];
    Lane lanes[PROCESSES * FAULT_CLIENTS];
    GThread *threads[G_N_ELEMENTS(lanes)];
    pthread_barrier_t start;
    Outcome outcome = {0, 0, 0, 0};
    pthread_barrier_init(&start, NULL, G_N_ELEMENTS(lanes));
    for (int i = 0; i < PROCESSES; i++) {
        racers[i] =
            (Racer){.first = 1 + i * attempts, .count = attempts / PROCESSES, .start = &start};
        racers[i].rig.uri = fisc_test_poster_uri(admin_uri);
        CU_ASSERT_TRUE_FATAL(fault_victim_start(&racers[i].rig, NULL, false));
    }
    for (guint i = 0; i < G_N_ELEMENTS(lanes); i++) {
        lanes[i] = (Lane){.racer = &racers[i % PROCESSES], .desk = (int)i / PROCESSES};
        threads[i] = g_thread_new("lane", run_lane, &lanes[i]);
    }
    for (guint i = 0; i < G_N_ELEMENTS(lanes); i++) {
        g_thread_join(threads[i]);
        outcome.posted += lanes[i].posted;
        outcome.refused += lanes[i].refused;
    }
    for (int i = 0; i < PROCESSES; i++) {
        ask_counts(&racers[i]);
        CU_ASSERT_TRUE(racers[i].conflicts <= racers[i].batches);
        outcome.batches += racers[i].batches;
        outcome.conflicts += racers[i].conflicts;
        fault_victim_wait(&racers[i].rig);
        g_free(racers[i].rig.uri);
    }
    pthread_barrier_destroy(&start);
    return outcome;
}

/* How often a batch is another process's than the one before: the numbers of requests tell. */
static int
count_turns(const char *admin_uri, int attempts)
{
    g_autofree char *sql = g_strdup_printf(
        "with item as (select batch_no, reference from ledger.entry"
        " union all select batch_no, reference from ledger.refusal),"
        " maker as (select distinct batch_no, substr(reference, 2)::int > %d as is_second"
        "   from item where reference like 'R%%'),"
        " step as (select is_second, lag(is_second) over (order by batch_no) as was_second"
        "   from maker)"
        " select count(*) from step where is_second <> was_second",
        attempts);
    g_autofree char *turns = fault_query(admin_uri, sql);
    return atoi(turns);
}

/* One race on books of its own, judged. Returns the changes of hands. */
static int
race_and_judge(int attempts, Outcome *out_outcome)
{
    g_autofree char *admin_uri = fisc_test_database_new();
    g_autofree char *uri = fisc_test_poster_uri(admin_uri);
    fault_books_open(uri, "absolute", HOT_AMOUNT);
    *out_outcome = race(admin_uri, attempts);
    g_autoptr(FaultReplay) replay = fault_replay(admin_uri);
    FISC_ASSERT_TEXT(replay->complaints->str, "");
    FISC_ASSERT_INT(out_outcome->posted + out_outcome->refused, attempts);
    FISC_ASSERT_INT(replay->entries, out_outcome->posted + FAULT_PROGRAMMES);
    FISC_ASSERT_INT(replay->refusals, out_outcome->refused);
    g_autofree char *complaints = fault_check_books(admin_uri);
    FISC_ASSERT_TEXT(complaints, "");
    return count_turns(admin_uri, attempts);
}

/* What is guaranteed, on any machine and however the processes are scheduled:
 *
 *   - a batch meets one conflict at most: then it has its turn, and is in (in race());
 *   - the chain changes hands exactly as often as somebody met a conflict. A poster learns of the
 *     other's batches by a conflict and not otherwise, so without one it cannot follow them; and
 *     after one nobody comes between the other's batch and its own;
 *   - the processes have met in every heat, so the chain changed hands at least once in each. */
static void
test_never_over_never_wrong(void)
{
    int attempts = is_long() ? LONG_ATTEMPTS : SHORT_ATTEMPTS;
    int64_t posted = 0;
    int64_t refused = 0;
    long long batches = 0;
    int turns = 0;
    for (int done = 0; done < attempts; done += ATTEMPTS_A_DATABASE) {
        Outcome outcome;
        int changes = race_and_judge(MIN(ATTEMPTS_A_DATABASE, attempts - done), &outcome);
        FISC_ASSERT_INT(changes, outcome.conflicts);
        CU_ASSERT_TRUE(changes >= HEATS);
        posted += outcome.posted;
        refused += outcome.refused;
        batches += outcome.batches;
        turns += changes;
    }
    printf("\n    %d attempts of two processes: %" G_GINT64_FORMAT " posted, %" G_GINT64_FORMAT
           " refused in %lld batches; the chain changed hands %d times\n  ",
           attempts, posted, refused, batches, turns);
    CU_ASSERT_TRUE(posted > attempts / 10 && refused > attempts / 10);
}

/* The next request from @number on that commits, and whose it is. */
static int
find_commitment(int number, char programme[4])
{
    while (fault_race_amount(SEED, number, programme) <= 0) {
        number++;
    }
    return number;
}

/* Who asks for the funds first and posts then, outside the chain's lock, overspends. The control in
 * these books only tracks, so the engine lets it happen; the rig must see it. */
static void
test_missing_lock_is_caught(void)
{
    char programme[4];
    char others[4] = "";
    int number = find_commitment(1, programme);
    int other = number;
    while (g_strcmp0(others, programme) != 0) {
        other = find_commitment(other + 1, others);
    }
    int64_t amounts[] = {fault_race_amount(SEED, number, programme),
                         fault_race_amount(SEED, other, others)};
    FaultPair pair = fault_pair_open("track", MAX(amounts[0], amounts[1]));
    const FaultPoster *posters[] = {&pair.one, &pair.two};
    int numbers[] = {number, other};
    for (int i = 0; i < 2; i++) {
        const char *dim[FISC_DIM_COUNT] = {[FISC_DIM_PROGRAMME] = programme};
        g_autoptr(GPtrArray) funds = NULL;
        CU_ASSERT_TRUE_FATAL(
            fisc_poster_funds(posters[i]->poster, "E", FAULT_YEAR, dim, &funds, NULL));
        FISC_ASSERT_INT(funds->len, 1);
        CU_ASSERT_TRUE(((FiscFunds *)funds->pdata[0])->available >= amounts[i]);
    }
    for (int i = 0; i < 2; i++) {
        g_autoptr(FiscSubmission) request = fault_race_requests(SEED, numbers[i], 1);
        g_autoptr(FiscReceipt) receipt = fault_submit(posters[i], request);
        FISC_ASSERT_INT(receipt->posted, 1);
    }
    g_autoptr(FaultReplay) replay = fault_replay(pair.admin_uri);
    FISC_ASSERT_CONTAINS(replay->complaints->str, "below zero");
    fault_pair_close(&pair);
}

/* Close against posting ---------------------------------------------------------------------- */

/* A month that two writers post into, from two processes, while a third party closes it. */
typedef struct {
    FiscPeriod period;
    GMutex mutex;
    GCond grown;
    int posted;
} Month;

typedef struct {
    Month *month;
    const FaultPoster *to;
    int number;
} Writer;

/* Without a pause: the close must get in all the same. */
static gpointer
post_until_refused(gpointer data)
{
    const Writer *writer = data;
    Month *month = writer->month;
    for (int i = 0;; i++) {
        g_autofree char *reference = g_strdup_printf("M%d-%d-%d", month->period, writer->number, i);
        g_autoptr(FiscSubmission) submission = fault_entry_in(month->period, reference);
        g_autoptr(FiscReceipt) receipt = fault_submit(writer->to, submission);
        if (receipt->posted == 0) {
            const FiscResult *result = receipt->results->pdata[0];
            const FiscRefusal *refusal = result->refusals->pdata[0];
            FISC_ASSERT_INT(refusal->code, FISC_ERROR_PERIOD_NOT_OPEN);
            return NULL;
        }
        g_mutex_lock(&month->mutex);
        month->posted++;
        g_cond_signal(&month->grown);
        g_mutex_unlock(&month->mutex);
    }
}

/* The close comes when so many entries are in; by a clock it would come before the first one on a
 * slow machine. */
static int
race_close(const FaultPair *pair, FiscPeriod period, int posted_before)
{
    Month month = {.period = period};
    Writer writers[] = {{&month, &pair->one, 0}, {&month, &pair->two, 1}};
    GThread *threads[G_N_ELEMENTS(writers)];
    g_mutex_init(&month.mutex);
    g_cond_init(&month.grown);
    fault_set_period(&pair->one, period, "open");
    for (gsize i = 0; i < G_N_ELEMENTS(writers); i++) {
        threads[i] = g_thread_new("writer", post_until_refused, &writers[i]);
    }
    g_mutex_lock(&month.mutex);
    while (month.posted < posted_before) {
        g_cond_wait(&month.grown, &month.mutex);
    }
    g_mutex_unlock(&month.mutex);
    fault_set_period(&pair->two, period, "closed");
    for (gsize i = 0; i < G_N_ELEMENTS(writers); i++) {
        g_thread_join(threads[i]);
    }
    g_cond_clear(&month.grown);
    g_mutex_clear(&month.mutex);
    return month.posted;
}

/* Some closes on one database. */
static int
race_closes(int closes)
{
    FaultPair pair = fault_pair_open("absolute", HOT_AMOUNT);
    int posted = 0;
    for (int i = 0; i < closes; i++) {
        FiscPeriod period = (FAULT_YEAR + 1 + i / 12) * 100 + 1 + i % 12;
        posted += race_close(&pair, period, i % (POSTED_BEFORE_MAX + 1));
    }
    g_autofree char *complaints = fault_check_books(pair.admin_uri);
    FISC_ASSERT_TEXT(complaints, "");
    g_autofree char *on_record =
        fault_query(pair.admin_uri, "select count(*) from ledger.entry where period > 202500");
    FISC_ASSERT_INT(atoi(on_record), posted);
    fault_pair_close(&pair);
    return posted;
}

static void
test_close_is_a_line(void)
{
    int closes = is_long() ? LONG_CLOSES : SHORT_CLOSES;
    int posted = 0;
    for (int done = 0; done < closes; done += CLOSES_A_DATABASE) {
        posted += race_closes(MIN(CLOSES_A_DATABASE, closes - done));
    }
    printf("\n    %d closes, %d entries got in before them\n  ", closes, posted);
}

/* Stories ------------------------------------------------------------------------------------ */

/* A refusal that is not recorded is not written, so nothing tells that it is out of date: the
 * engine must have read the chain before it says no. */
static void
test_no_is_up_to_date(void)
{
    FaultPair pair = fault_pair_open("absolute", HOT_AMOUNT);
    fault_set_period(&pair.one, 202501, "open");
    g_autoptr(FiscSubmission) entry = fault_entry_in(202501, "N1");
    entry->record_refusals = false;
    g_autoptr(FiscReceipt) receipt = fault_submit(&pair.two, entry);
    FISC_ASSERT_INT(receipt->posted, 1);
    fault_set_period(&pair.two, 202501, "closed"); /* "one" has not read that it is open no more */
    g_autoptr(FiscSubmission) late = fault_entry_in(202501, "N2");
    late->record_refusals = false;
    g_autoptr(FiscReceipt) refused = fault_submit(&pair.one, late);
    FISC_ASSERT_INT(refused->refused, 1);
    fault_pair_close(&pair);
}

/* Funds are gone because of the entry itself: asked again elsewhere, it is posted, not refused. */
static void
test_retry_is_not_refused(void)
{
    char programme[4];
    int number = find_commitment(1, programme);
    FaultPair pair = fault_pair_open("absolute", fault_race_amount(SEED, number, programme));
    for (int records = 0; records < 2; records++) {
        g_autoptr(FiscSubmission) request = fault_race_requests(SEED, number, 1);
        request->record_refusals = records == 1;
        g_autoptr(FiscReceipt) first = fault_submit(&pair.one, request);
        g_autoptr(FiscReceipt) again = fault_submit(&pair.two, request);
        FISC_ASSERT_INT(first->posted, records == 0 ? 1 : 0);
        FISC_ASSERT_INT(again->repeated, 1);
    }
    g_autofree char *refusals = fault_query(pair.admin_uri, "select count(*) from ledger.refusal");
    FISC_ASSERT_TEXT(refusals, "0");
    fault_pair_close(&pair);
}

/* An importer's events are refused: then none of its entries is posted. */
static void
test_refused_events_stop_all(void)
{
    FaultPair pair = fault_pair_open("absolute", HOT_AMOUNT);
    g_autoptr(FiscSubmission) submission = fault_race_requests(SEED, 1, 3);
    g_autoptr(FiscReceipt) receipt = NULL;
    fisc_submission_event(submission, "period", "202406", "state", "sealed", NULL);
    CU_ASSERT_TRUE_FATAL(fisc_poster_submit_each(pair.one.poster, submission, &receipt, NULL));
    CU_ASSERT_PTR_NOT_NULL(receipt->refusals);
    FISC_ASSERT_INT(receipt->posted, 0);
    g_autofree char *posted =
        fault_query(pair.admin_uri, "select count(*) from ledger.entry where reference like 'R%'");
    FISC_ASSERT_TEXT(posted, "0");
    fault_pair_close(&pair);
}

const FiscTest fisc_race_tests[] = {
    {"lets two processes never overspend a line and never refuse wrongly",
     test_never_over_never_wrong},
    {"catches who asks for funds first and posts then (control)", test_missing_lock_is_caught},
    {"draws a line in the chain when a month is closed against posting", test_close_is_a_line},
    {"says no only after reading what another process wrote", test_no_is_up_to_date},
    {"gives a retry its first answer though the funds are gone by now", test_retry_is_not_refused},
    {"posts nothing of an import whose events are refused", test_refused_events_stop_all},
    {NULL, NULL},
};

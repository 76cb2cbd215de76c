/* race_test.c: two processes on ten hot lines, and a close against posting: no line is ever over by
 * one unit, none is refused what it could have had. The chain is read again to judge both. */
#include "fisc/poster.h"
#include "tests/fault/invariants.h"
#include "tests/fault/replay.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SHORT_ATTEMPTS 20000
#define LONG_ATTEMPTS 1000000
#define ATTEMPTS_A_DATABASE 100000
#define CARELESS_ATTEMPTS 800
#define CARELESS_AMOUNT 15
#define HOT_AMOUNT 120 /* so little that most lines are at their limit most of the time */
#define CLOSE_ROUNDS 200
#define ROUNDS_A_DATABASE 40
#define PACE_US 3000
#define SEED 20240702u

extern const FiscTest fisc_race_tests[];

static bool
is_long(void)
{
    return g_getenv("FISC_TEST_LONG") != NULL;
}

static void
die_of(GError *error)
{
    if (error != NULL) {
        g_error("%s", error->message);
    }
}

static void
submit_books(const char *uri, const char *level, int64_t amount)
{
    g_autoptr(FiscPool) pool = NULL;
    g_autoptr(FiscPoster) poster = NULL;
    g_autoptr(FiscSubmission) books = fault_books(level, amount);
    g_autoptr(FiscReceipt) receipt = NULL;
    GError *error = NULL;
    fisc_pool_open(uri, NULL, 2, &pool, &error);
    die_of(error);
    fisc_poster_open(pool, 1, &poster, &error);
    die_of(error);
    fisc_poster_submit(poster, books, &receipt, &error);
    die_of(error);
}

/* One process of the race: a victim that nobody kills, each of its desks a racer. */
typedef struct {
    FaultRig rig;
    const char *verb;
    int first, count;
    int posted, refused;
} Racer;

typedef struct {
    Racer *racer;
    int desk;
    int posted, refused;
} Lane;

static gpointer
run_lane(gpointer data)
{
    Lane *lane = data;
    const Racer *racer = lane->racer;
    int count = racer->count / FAULT_CLIENTS;
    g_autofree char *line =
        g_strdup_printf("%s %u %d %d %d\n", racer->verb, SEED, racer->first + lane->desk * count,
                        count, 1 + lane->desk * 20);
    g_autofree char *answer = fault_ask(&lane->racer->rig, lane->desk, line);
    if (answer == NULL || sscanf(answer, "done %d %d", &lane->posted, &lane->refused) != 2) {
        g_error("a racer said \"%s\"", answer != NULL ? answer : "nothing");
    }
    return NULL;
}

static gpointer
run_racer(gpointer data)
{
    Racer *racer = data;
    Lane lanes[FAULT_CLIENTS];
    GThread *threads[FAULT_CLIENTS];
    for (int i = 0; i < FAULT_CLIENTS; i++) {
        lanes[i] = (Lane){racer, i, 0, 0};
        threads[i] = g_thread_new("lane", run_lane, &lanes[i]);
    }
    for (int i = 0; i < FAULT_CLIENTS; i++) {
        g_thread_join(threads[i]);
        racer->posted += lanes[i].posted;
        racer->refused += lanes[i].refused;
    }
    return NULL;
}

/* Two processes, @attempts together. Returns what they say they posted and were refused. */
static void
race(const char *admin_uri, const char *verb, int attempts, int *out_posted, int *out_refused)
{
    Racer racers[2];
    GThread *threads[2];
    for (int i = 0; i < 2; i++) {
        racers[i] = (Racer){.verb = verb, .first = 1 + i * attempts, .count = attempts / 2};
        racers[i].rig.uri = fisc_test_poster_uri(admin_uri);
        CU_ASSERT_TRUE_FATAL(fault_victim_start(&racers[i].rig, NULL, false));
    }
    for (int i = 0; i < 2; i++) {
        threads[i] = g_thread_new("racer", run_racer, &racers[i]);
    }
    *out_posted = 0;
    *out_refused = 0;
    for (int i = 0; i < 2; i++) {
        g_thread_join(threads[i]);
        fault_victim_wait(&racers[i].rig);
        g_free(racers[i].rig.uri);
        *out_posted += racers[i].posted;
        *out_refused += racers[i].refused;
    }
}

/* How often the next entry is another process's than the one before: their numbers tell them. */
static int
count_turns(const char *admin_uri, int attempts)
{
    g_autofree char *sql = g_strdup_printf(
        "select count(*) from (select substr(reference, 2)::int > %d as is_second,"
        " lag(substr(reference, 2)::int > %d) over (order by entry_id) as was_second"
        " from ledger.entry where reference like 'R%%') steps where is_second <> was_second",
        attempts, attempts);
    g_autofree char *turns = fault_query(admin_uri, sql);
    return atoi(turns);
}

static void
test_never_over_never_wrong(void)
{
    int attempts = is_long() ? LONG_ATTEMPTS : SHORT_ATTEMPTS;
    int64_t posted_in_all = 0;
    int64_t refused_in_all = 0;
    int turns = 0;
    for (int done = 0; done < attempts; done += ATTEMPTS_A_DATABASE) {
        int count = MIN(ATTEMPTS_A_DATABASE, attempts - done);
        int posted = 0;
        int refused = 0;
        g_autofree char *admin_uri = fisc_test_database_new();
        g_autofree char *uri = fisc_test_poster_uri(admin_uri);
        submit_books(uri, "absolute", HOT_AMOUNT);
        race(admin_uri, "race", count, &posted, &refused);
        g_autoptr(FaultReplay) replay = fault_replay(admin_uri);
        FISC_ASSERT_TEXT(replay->complaints->str, "");
        FISC_ASSERT_INT(posted + refused, count);
        FISC_ASSERT_INT(replay->entries, posted + FAULT_PROGRAMMES);
        FISC_ASSERT_INT(replay->refusals, refused);
        g_autofree char *complaints = fault_check_books(admin_uri);
        FISC_ASSERT_TEXT(complaints, "");
        posted_in_all += posted;
        refused_in_all += refused;
        turns += count_turns(admin_uri, count);
    }
    printf("\n    %d attempts of two processes: %" G_GINT64_FORMAT " posted, %" G_GINT64_FORMAT
           " refused; the chain changed hands %d times\n  ",
           attempts, posted_in_all, refused_in_all, turns);
    CU_ASSERT_TRUE(turns > attempts / 2000);
    CU_ASSERT_TRUE(posted_in_all > attempts / 10 && refused_in_all > attempts / 10);
}

/* Who asks for the funds first and posts then, outside the chain's lock, overspends. The control in
 * these books only tracks, so the engine lets it happen; the rig must see it. */
static void
test_missing_lock_is_caught(void)
{
    int posted = 0;
    int refused = 0;
    g_autofree char *admin_uri = fisc_test_database_new();
    g_autofree char *uri = fisc_test_poster_uri(admin_uri);
    submit_books(uri, "track", CARELESS_AMOUNT);
    race(admin_uri, "careless", CARELESS_ATTEMPTS, &posted, &refused);
    g_autoptr(FaultReplay) replay = fault_replay(admin_uri);
    CU_ASSERT_TRUE(posted > 0);
    FISC_ASSERT_CONTAINS(replay->complaints->str, "below zero");
}

/* Close against posting ---------------------------------------------------------------------- */

typedef struct {
    FiscPool *pool;
    FiscPoster *poster;
} Books;

static Books
open_books(const char *uri)
{
    Books books = {NULL, NULL};
    GError *error = NULL;
    fisc_pool_open(uri, NULL, 3, &books.pool, &error);
    die_of(error);
    fisc_poster_open(books.pool, 1, &books.poster, &error);
    die_of(error);
    return books;
}

static void
close_books(Books *books)
{
    fisc_poster_close(books->poster);
    fisc_pool_close(books->pool);
}

static void
set_period(const Books *books, FiscPeriod period, const char *state)
{
    g_autoptr(FiscSubmission) submission = fisc_submission_new("periods", "rig");
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autofree char *subject = g_strdup_printf("%d", period);
    GError *error = NULL;
    fisc_submission_event(submission, "period", subject, "state", state, NULL);
    fisc_poster_submit(books->poster, submission, &receipt, &error);
    die_of(error);
    CU_ASSERT_PTR_NULL(receipt->refusals);
}

typedef struct {
    const Books *books;
    FiscPeriod period;
    int number;
    int posted;
} Posting;

/* Posts into the month until it is refused there. */
static gpointer
post_until_refused(gpointer data)
{
    Posting *posting = data;
    for (int i = 0; i < 1000; i++) {
        g_autofree char *reference =
            g_strdup_printf("M%d-%d-%d", posting->period, posting->number, i);
        g_autoptr(FiscSubmission) submission = fault_entry_in(posting->period, reference);
        g_autoptr(FiscReceipt) receipt = NULL;
        GError *error = NULL;
        fisc_poster_submit(posting->books->poster, submission, &receipt, &error);
        die_of(error);
        if (receipt->posted == 0) {
            const FiscResult *result = receipt->results->pdata[0];
            const FiscRefusal *refusal = result->refusals->pdata[0];
            FISC_ASSERT_INT(refusal->code, FISC_ERROR_PERIOD_NOT_OPEN);
            break;
        }
        posting->posted++;
        g_usleep(PACE_US); /* who pauses for nothing leaves no turn to another process */
    }
    return NULL;
}

/* One month: two writers post into it, from this process's poster and another's; a third closes. */
static int
race_close(const Books *books, const Books *others, FiscPeriod period, int round)
{
    Posting postings[] = {{books, period, 0, 0}, {others, period, 1, 0}};
    GThread *threads[G_N_ELEMENTS(postings)];
    set_period(books, period, "open");
    for (gsize i = 0; i < G_N_ELEMENTS(postings); i++) {
        threads[i] = g_thread_new("posting", post_until_refused, &postings[i]);
    }
    g_usleep((gulong)(round * 7919 % 8000));
    set_period(others, period, "closed");
    int posted = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(postings); i++) {
        g_thread_join(threads[i]);
        posted += postings[i].posted;
    }
    return posted;
}

/* Some rounds on one database: each month is a partition, and a decade of them would be slow. */
static int
race_closes(int rounds)
{
    g_autofree char *admin_uri = fisc_test_database_new();
    g_autofree char *uri = fisc_test_poster_uri(admin_uri);
    submit_books(uri, "absolute", HOT_AMOUNT);
    Books books = open_books(uri);
    Books others = open_books(uri);
    int posted = 0;
    for (int round = 0; round < rounds; round++) {
        FiscPeriod period = (FAULT_YEAR + 1 + round / 12) * 100 + 1 + round % 12;
        posted += race_close(&books, &others, period, round);
    }
    close_books(&books);
    close_books(&others);
    g_autofree char *complaints = fault_check_books(admin_uri);
    FISC_ASSERT_TEXT(complaints, "");
    g_autofree char *on_record =
        fault_query(admin_uri, "select count(*) from ledger.entry where period > 202500");
    FISC_ASSERT_INT(atoi(on_record), posted);
    return posted;
}

static void
test_close_is_a_line(void)
{
    int posted = 0;
    for (int done = 0; done < CLOSE_ROUNDS; done += ROUNDS_A_DATABASE) {
        posted += race_closes(MIN(ROUNDS_A_DATABASE, CLOSE_ROUNDS - done));
    }
    printf("\n    %d closes, %d entries got in before them\n  ", CLOSE_ROUNDS, posted);
    CU_ASSERT_TRUE(posted > CLOSE_ROUNDS);
}

/* Stories ------------------------------------------------------------------------------------ */

typedef struct {
    char *admin_uri, *uri;
    Books one, two; /* two processes, as far as the books can tell */
} Pair;

static Pair
open_pair(int64_t amount)
{
    Pair pair = {.admin_uri = fisc_test_database_new()};
    pair.uri = fisc_test_poster_uri(pair.admin_uri);
    submit_books(pair.uri, "absolute", amount);
    pair.one = open_books(pair.uri);
    pair.two = open_books(pair.uri);
    return pair;
}

static void
close_pair(Pair *pair)
{
    close_books(&pair->one);
    close_books(&pair->two);
    g_free(pair->admin_uri);
    g_free(pair->uri);
}

static FiscReceipt *
submit(const Books *books, const FiscSubmission *submission)
{
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    fisc_poster_submit(books->poster, submission, &receipt, &error);
    die_of(error);
    return receipt;
}

/* A refusal that is not recorded is not written, so nothing tells that it is out of date: the
 * engine must have read the chain before it says no. */
static void
test_no_is_up_to_date(void)
{
    Pair pair = open_pair(HOT_AMOUNT);
    set_period(&pair.one, 202501, "open");
    g_autoptr(FiscSubmission) entry = fault_entry_in(202501, "N1");
    entry->record_refusals = false;
    g_autoptr(FiscReceipt) receipt = submit(&pair.two, entry);
    FISC_ASSERT_INT(receipt->posted, 1);
    set_period(&pair.two, 202501, "closed"); /* "one" has not read that it is open no more */
    g_autoptr(FiscSubmission) late = fault_entry_in(202501, "N2");
    late->record_refusals = false;
    g_autoptr(FiscReceipt) refused = submit(&pair.one, late);
    FISC_ASSERT_INT(refused->refused, 1);
    close_pair(&pair);
}

/* Funds are gone because of the entry itself: asked again elsewhere, it is posted, not refused. */
static void
test_retry_is_not_refused(void)
{
    char programme[4];
    int number = 1;
    while (fault_race_amount(SEED, number, programme) <= 0) {
        number++;
    }
    Pair pair = open_pair(fault_race_amount(SEED, number, programme));
    for (int records = 0; records < 2; records++) {
        g_autoptr(FiscSubmission) request = fault_race_requests(SEED, number, 1);
        request->record_refusals = records == 1;
        g_autoptr(FiscReceipt) first = submit(&pair.one, request);
        g_autoptr(FiscReceipt) again = submit(&pair.two, request);
        FISC_ASSERT_INT(first->posted, records == 0 ? 1 : 0);
        FISC_ASSERT_INT(again->repeated, 1);
    }
    g_autofree char *refusals = fault_query(pair.admin_uri, "select count(*) from ledger.refusal");
    FISC_ASSERT_TEXT(refusals, "0");
    close_pair(&pair);
}

/* An importer's events are refused: then none of its entries is posted. */
static void
test_refused_events_stop_all(void)
{
    Pair pair = open_pair(HOT_AMOUNT);
    g_autoptr(FiscSubmission) submission = fault_race_requests(SEED, 1, 3);
    g_autoptr(FiscReceipt) receipt = NULL;
    GError *error = NULL;
    fisc_submission_event(submission, "period", "202406", "state", "sealed", NULL);
    fisc_poster_submit_each(pair.one.poster, submission, &receipt, &error);
    die_of(error);
    CU_ASSERT_PTR_NOT_NULL(receipt->refusals);
    FISC_ASSERT_INT(receipt->posted, 0);
    g_autofree char *posted =
        fault_query(pair.admin_uri, "select count(*) from ledger.entry where reference like 'R%'");
    FISC_ASSERT_TEXT(posted, "0");
    close_pair(&pair);
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

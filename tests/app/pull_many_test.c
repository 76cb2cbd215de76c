/* pull_many_test.c: many towns pulled by several workers: the same books as by one, stopped and
 * gone on with, one bad among good, and how complete general government is then. */
#include "bench/towns.h"
#include "fisc/feeder.h"
#include "tests/app/books.h"
#include "tests/support/suite.h"
#include <glib/gstdio.h>
#include <string.h>

extern const FiscTest fisc_pull_many_tests[];

#define TOWNS 25
#define MONTHS 2
#define WORKERS 6

static const FiscBenchTowns plan = {.seed = 7, .towns = TOWNS, .months = MONTHS};

/* Books of a nation whose towns are on record as feeders, and the folder they drop theirs in. */
typedef struct {
    Books *books;
    char *folder;
} Nation;

static void
die_of(GError *error)
{
    if (error != NULL) {
        g_error("%s", error->message);
    }
}

static void
put_feeders(Books *books, const char *folder)
{
    g_autofree char *path = g_build_filename(folder, "feeders.csv", NULL);
    g_autofree char *text = NULL;
    GError *error = NULL;
    g_file_get_contents(path, &text, NULL, &error);
    die_of(error);
    books_must_put_feeders(books, text);
}

static void
put_map(Books *books, const char *folder, int dialect)
{
    char feeder[FISC_BENCH_TOWN_CODE];
    g_autofree char *dir = g_strdup_printf("%s/map-%d", folder, dialect);
    fisc_bench_town_code(dialect, feeder);
    books_must_map(books, feeder, dir);
}

static void
fill(Books *books, const void *folder)
{
    g_autofree char *package = g_build_filename(folder, "nation", NULL);
    books_must_load(books, package);
    put_feeders(books, folder);
    for (int dialect = 1; dialect <= FISC_BENCH_DIALECTS; dialect++) {
        put_map(books, folder, dialect);
    }
}

/* What the towns drop is written once, to a folder that their register names. */
static const char *
towns_folder(void)
{
    static char *folder;
    GError *error = NULL;
    if (folder == NULL) {
        folder = g_dir_make_tmp("fisc-towns-XXXXXX", &error);
        die_of(error);
        fisc_bench_towns_write(&plan, folder, &error);
        die_of(error);
    }
    return folder;
}

static void
remove_folder(void)
{
    fisc_bench_remove_tree(towns_folder());
}

static Nation
nation_new(void)
{
    static bool is_removed_at_exit;
    if (!is_removed_at_exit) {
        is_removed_at_exit = true;
        atexit(remove_folder);
    }
    return (Nation){books_filled("towns", fill, towns_folder()), g_strdup(towns_folder())};
}

static void
nation_clear(Nation *nation)
{
    books_free(nation->books);
    g_free(nation->folder);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Nation, nation_clear)

static FiscPullReport *
pull(const Nation *nation, const FiscPullOrder *order)
{
    FiscPullReport *report = NULL;
    GError *error = NULL;
    fisc_flow_pull(&nation->books->ctx, order, &report, &error);
    die_of(error);
    return report;
}

/* "posted 50, skipped 3": how many runs came to what. Caller frees. */
static char *
count_outcomes(const FiscPullReport *report)
{
    GString *text = g_string_new(NULL);
    for (FiscPullOutcome outcome = FISC_PULL_POSTED; outcome <= FISC_PULL_SKIPPED; outcome++) {
        int count = 0;
        for (guint i = 0; i < report->runs->len; i++) {
            count += ((const FiscPullRun *)report->runs->pdata[i])->outcome == outcome;
        }
        if (count > 0) {
            g_string_append_printf(text, "%s%s %d", text->len > 0 ? ", " : "",
                                   fisc_pull_outcome_word(outcome), count);
        }
    }
    return g_string_free(text, FALSE);
}

/* Where they are others, the first reason tells why. */
static void
expect_outcomes(const FiscPullReport *report, const char *expected)
{
    g_autofree char *told = count_outcomes(report);
    for (guint i = 0; strcmp(told, expected) != 0 && i < report->runs->len; i++) {
        const FiscPullRun *run = report->runs->pdata[i];
        if (*run->reason != '\0') {
            FISC_ASSERT_TEXT(run->reason, "");
            break;
        }
    }
    FISC_ASSERT_TEXT(told, expected);
}

/* Everything that was posted, whatever the order: references with the digests of their entries. */
static char *
ask_entries(const Nation *nation)
{
    return books_ask(nation->books,
                     "select count(*) || ' ' || md5(string_agg(s.subject || r.reference || "
                     "encode(r.digest, 'hex'), ',' order by s.subject, r.reference))"
                     "  from ledger.reference r join ledger.master s on s.book_id = r.book_id and "
                     "s.kind = 'source' and s.number = r.source_id");
}

static char *
ask_trial_balance(const Nation *nation)
{
    const FiscReportQuery query = {
        .name = "trial-balance", .unit = FISC_BENCH_TOWNS_GROUP, .period = "2024"};
    return books_report_csv(nation->books, &query);
}

static void
expect_completeness(const Nation *nation, const char *words)
{
    const FiscReportQuery query = {
        .name = "completeness", .unit = FISC_BENCH_TOWNS_GROUP, .period = "2024"};
    g_autoptr(FiscTable) table = books_report(nation->books, &query);
    FISC_ASSERT_TEXT(table->notes->pdata[0], words);
}

/* ---- the same books ---- */

/* In the order of the register, and each town's months in theirs. */
static void
expect_order(const FiscPullReport *report)
{
    FISC_ASSERT_INT(report->runs->len, TOWNS * MONTHS);
    for (guint i = 0; i < MIN(report->runs->len, TOWNS * MONTHS); i++) {
        const FiscPullRun *run = report->runs->pdata[i];
        g_autofree char *told = g_strjoin(" ", run->feeder, run->part, NULL);
        g_autofree char *expected =
            g_strdup_printf("L%04u 2024-%02u.csv", i / MONTHS + 1, i % MONTHS + 1);
        FISC_ASSERT_TEXT(told, expected);
    }
}

static void
test_same_books(void)
{
    g_auto(Nation) one = nation_new();
    g_auto(Nation) many = nation_new();
    const FiscPullOrder alone = {.workers = 1}, together = {.workers = WORKERS};
    g_autoptr(FiscPullReport) by_one = pull(&one, &alone);
    g_autoptr(FiscPullReport) by_many = pull(&many, &together);
    expect_order(by_one);
    expect_order(by_many);
    expect_outcomes(by_many, "posted 50");
    g_autofree char *entries_of_one = ask_entries(&one);
    g_autofree char *entries_of_many = ask_entries(&many);
    FISC_ASSERT_TEXT(entries_of_many, entries_of_one);
    g_autofree char *balance_of_one = ask_trial_balance(&one);
    g_autofree char *balance_of_many = ask_trial_balance(&many);
    FISC_ASSERT_TEXT(balance_of_many, balance_of_one);
    books_expect(many.books, "select count(*) from intake.run where outcome <> 'posted'", "0");
    books_expect(many.books,
                 "select string_agg(distinct n, ' ') from (select count(*)::text as n from "
                 "intake.stage group by run_id) s",
                 "7"); /* received parsed mapped validated accepted posted acknowledged */
    books_expect_whole(many.books);
}

static void
test_as_loaded(void)
{
    g_auto(Nation) pulled = nation_new();
    g_auto(Nation) loaded = nation_new();
    g_autofree char *bulk = g_build_filename(loaded.folder, "bulk", NULL);
    const FiscPullOrder order = {.workers = WORKERS};
    g_autoptr(FiscPullReport) report = pull(&pulled, &order);
    books_must_load(loaded.books, bulk);
    g_autofree char *pulled_balance = ask_trial_balance(&pulled);
    g_autofree char *loaded_balance = ask_trial_balance(&loaded);
    FISC_ASSERT_TEXT(pulled_balance, loaded_balance);
    FISC_ASSERT_CONTAINS(pulled_balance, "2111");
}

/* ---- stopped ---- */

typedef struct {
    gint stop_at; /* so many feeders are through */
    gint is_over;
    int last_done, quarantined, failed, feeders;
} Watcher;

static void
watch(const FiscPullProgress *progress, gpointer data)
{
    Watcher *watcher = data;
    watcher->last_done = progress->done;
    watcher->feeders = progress->feeders;
    watcher->quarantined = progress->quarantined;
    watcher->failed = progress->failed;
    if (watcher->stop_at > 0 && progress->done >= watcher->stop_at) {
        g_atomic_int_set(&watcher->is_over, 1);
    }
}

static bool
is_over(gpointer data)
{
    return g_atomic_int_get(&((Watcher *)data)->is_over) != 0;
}

static void
test_stopped(void)
{
    g_auto(Nation) nation = nation_new();
    Watcher watcher = {.stop_at = 5};
    const FiscPullOrder stopped = {.workers = WORKERS,
                                   .should_stop = is_over,
                                   .stop_data = &watcher,
                                   .progress = watch,
                                   .progress_data = &watcher};
    g_autoptr(FiscPullReport) first = pull(&nation, &stopped);
    CU_ASSERT_TRUE(first->left >= TOWNS - 5 - WORKERS && first->left <= TOWNS - 5);
    books_expect(nation.books, "select count(*) from intake.run where outcome <> 'posted'", "0");
    books_expect_whole(nation.books);

    const FiscPullOrder all = {.workers = WORKERS};
    g_autoptr(FiscPullReport) second = pull(&nation, &all);
    FISC_ASSERT_INT(second->left, 0);
    books_expect(nation.books,
                 "select count(*) || ' ' || count(distinct reference) from ledger.reference",
                 "600 600");
    books_expect(nation.books, "select count(*) from ledger.entry where reverses", "0");
    g_auto(Nation) other = nation_new();
    g_autoptr(FiscPullReport) whole = pull(&other, &all);
    g_autofree char *gone_on = ask_entries(&nation);
    g_autofree char *at_once = ask_entries(&other);
    FISC_ASSERT_TEXT(gone_on, at_once);
    books_expect_whole(nation.books);
}

/* ---- one bad among good ---- */

static void
test_bad_ones(void)
{
    g_auto(Nation) nation = nation_new();
    g_autofree char *away = g_build_filename(nation.folder, "drop", "L0003", NULL);
    g_autofree char *hidden = g_build_filename(nation.folder, "L0003", NULL);
    g_autofree char *month = g_build_filename(nation.folder, "drop", "L0010", "2024-02.csv", NULL);
    g_autofree char *good = NULL;
    Watcher watcher = {0};
    const FiscPullOrder order = {.workers = WORKERS, .progress = watch, .progress_data = &watcher};
    g_file_get_contents(month, &good, NULL, NULL);
    g_file_set_contents(month, "unit,date,account,name,debit,credit\nL0010,2024-02-30,641,W,x,0\n",
                        -1, NULL);
    g_rename(away, hidden);
    g_autoptr(FiscPullReport) report = pull(&nation, &order);
    g_rename(hidden, away);
    g_file_set_contents(month, good, -1, NULL);
    expect_outcomes(report, "posted 47, quarantined 1, failed 1");
    FISC_ASSERT_INT(watcher.last_done, TOWNS);
    FISC_ASSERT_INT(watcher.feeders, TOWNS);
    FISC_ASSERT_INT(watcher.quarantined, 1);
    FISC_ASSERT_INT(watcher.failed, 1);
    books_expect_whole(nation.books);

    static const char *const again[] = {"L0003", "L0010", "L0003", NULL};
    const FiscPullOrder cured = {.feeders = again, .workers = WORKERS};
    g_autoptr(FiscPullReport) second = pull(&nation, &cured);
    expect_outcomes(second, "posted 3");
    books_expect(nation.books, "select count(*) from ledger.reference", "600");
}

/* ---- another pull of the same feeder ---- */

typedef struct {
    FiscContext ctx;
    char *told;
} Rival;

/* While the feeder is on its way. */
static void
pull_beside(const FiscPullProgress *progress, gpointer data)
{
    static const char *const feeders[] = {"L0001", NULL};
    Rival *rival = data;
    const FiscPullOrder order = {.feeders = feeders, .workers = 1};
    g_autoptr(FiscPullReport) report = NULL;
    if (progress->parts > 0 && rival->told == NULL &&
        fisc_flow_pull(&rival->ctx, &order, &report, NULL)) {
        const FiscPullRun *run = report->runs->pdata[0];
        rival->told = g_strdup_printf("%s: %s", fisc_pull_outcome_word(run->outcome), run->reason);
    }
}

static void
test_rival(void)
{
    static const char *const feeders[] = {"L0001", NULL};
    g_auto(Nation) nation = nation_new();
    FiscPool *pool = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_pool_open(nation.books->uri, NULL, 4, &pool, NULL));
    Rival rival = {.ctx = nation.books->ctx};
    rival.ctx.pool = pool;
    const FiscPullOrder order = {
        .feeders = feeders, .workers = 2, .progress = pull_beside, .progress_data = &rival};
    g_autoptr(FiscPullReport) report = pull(&nation, &order);
    expect_outcomes(report, "posted 2");
    FISC_ASSERT_TEXT(rival.told != NULL ? rival.told : "",
                     "skipped: another pull of it is under way");
    g_free(rival.told);
    rival.told = NULL;
    g_autoptr(FiscPullReport) after = pull(&nation, &order);
    expect_outcomes(after, "unchanged 1"); /* the lock was given back */
    fisc_pool_close(pool);
}

/* ---- R31 ---- */

static void
test_completeness(void)
{
    g_auto(Nation) nation = nation_new();
    g_autofree char *away = g_build_filename(nation.folder, "drop", "L0012", NULL);
    g_autofree char *hidden = g_build_filename(nation.folder, "L0012", NULL);
    const FiscPullOrder all = {.workers = WORKERS};
    g_rename(away, hidden);
    g_autoptr(FiscPullReport) report = pull(&nation, &all);
    g_rename(hidden, away);
    expect_outcomes(report, "posted 48, failed 1");
    expect_completeness(&nation, "provisional: 24 of 25 units (96.0 %)");
    static const char *const withheld[] = {"L0012", NULL};
    const FiscPullOrder last = {.feeders = withheld};
    g_autoptr(FiscPullReport) rest = pull(&nation, &last);
    expect_outcomes(rest, "posted 2");
    expect_completeness(&nation, "provisional: 25 of 25 units (100.0 %)");
}

const FiscTest fisc_pull_many_tests[] = {
    {"six workers bring the same books as one, and tell them in the order of the register",
     test_same_books},
    {"what is pulled is what a package of the same entries loads", test_as_loaded},
    {"stopped after five feeders, the next pull goes on; each entry is posted once", test_stopped},
    {"one that is wrong and one that does not answer do not keep the others", test_bad_ones},
    {"a feeder that another pull is at is left to it", test_rival},
    {"24 of 25 units are 96.0 %, all are 100.0 %", test_completeness},
    {NULL, NULL},
};

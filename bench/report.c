/* report.c: `fisc bench report`: statements from kept balances against GROUP BY over the lines.
 *
 * The books are filled in two ways, which the result says: a part is posted, the rest are copies of
 * it made by SQL, with the balances they add up to. What is asked of the lines is asked of plain
 * rows, which PostgreSQL sums faster than our arrays. Ours is timed once from the beginning of a
 * process and once warm; theirs warm, without drawing up a statement. */
#include "bench/benches.h"
#include "bench/process.h"
#include "fisc/flow.h"
#include <inttypes.h>

#define POSTED_VOUCHERS 25000 /* the others are copies of these */
#define BOUND_LINES 10000000  /* what the ratios are wanted at */
#define WANTED_RATIO 30
#define PERIOD G_STRINGIFY(FISC_BENCH_YEAR)

typedef struct {
    const FiscBenchSettings *settings;
    FiscBenchResult *result;
    FiscBenchNation *nation;
    FiscBenchDatabase *database;
    int64_t posted;   /* vouchers by the poster; the rest are copies */
    int copies;       /* of each of them */
    const char *unit; /* the ministry with the hottest budget line */
} Bench;

#define ONE_UNIT ""

/* A question to both: a report of ours, and the sums it needs. */
static const struct {
    const char *name;
    const char *meaning;
    const char *report;
    const char *unit; /* NULL: all; ONE_UNIT: that of the bench */
    const char *sql;
} questions[] = {
    {"trial_balance", "of every unit", "trial-balance", NULL,
     "select unit, account, sum(greatest(amount, 0)), sum(greatest(-amount, 0)) from peer.posted"
     " where period between 202600 and 202613 group by unit, account"},
    {"gfs_group", "every GFS statement of general government, consolidated", "gfs",
     FISC_BENCH_EVERYBODY,
     "select account, function, counterparty, period, sum(greatest(amount, 0)),"
     " sum(greatest(-amount, 0)) from peer.posted where period between 202600 and 202613"
     " group by account, function, counterparty, period"},
    {"gfs_unit", "every GFS statement of one busy ministry", "gfs", ONE_UNIT,
     "select account, function, counterparty, period, sum(greatest(amount, 0)),"
     " sum(greatest(-amount, 0)) from peer.posted"
     " where unit = (select unit from peer.asked)"
     " and period between 202600 and 202613 group by account, function, counterparty, period"},
};

/* ---- filling ---- */

static bool
post_vouchers(Bench *bench, GError **error)
{
    const FiscBenchSettings *settings = bench->settings;
    g_autoptr(FiscBenchBooks) books = NULL;
    FiscBenchRandom random = fisc_bench_random(settings->seed, 1);
    FiscBenchRun run = {0};
    int64_t vouchers = MIN(settings->lines / FISC_BENCH_VOUCHER_LINES, POSTED_VOUCHERS);
    if (!fisc_bench_books_open(bench->database, bench->nation, &books, error) ||
        !fisc_bench_books_import_count(books, vouchers, &random, &run, error) ||
        !fisc_poster_checkpoint(books->poster, error) ||
        !fisc_bench_books_check(bench->database, run.posted, run.refused, error)) {
        return false;
    }
    bench->posted = run.posted;
    int64_t lines = run.posted * FISC_BENCH_VOUCHER_LINES;
    bench->copies = (int)((settings->lines + lines / 2) / lines) - 1;
    return true;
}

/* The copies keep coding and amounts, so every balance they touch grows by the same factor. They
 * stand in the last batch: no tail to be folded, and nothing will be posted behind them. */
static const char copy_entries[] =
    "insert into ledger.entry (book_id, entry_id, batch_no, item_id, entity_id, period, effective,"
    "   source_id, financial, coding, amount, maker, reverses, reference, memo, memo_salt,"
    "   memo_hash, digest, hash)"
    " select e.book_id, c.upto_entry + (k - 1) * %1$" PRId64 " + e.entry_id - %2$d, c.upto_batch,"
    "   c.upto_entry + (k - 1) * %1$" PRId64 " + e.entry_id - %2$d, e.entity_id, e.period,"
    "   e.effective, e.source_id, e.financial, e.coding, e.amount, e.maker, e.reverses,"
    "   e.reference || '/' || k, e.memo, e.memo_salt, e.memo_hash, e.digest, e.hash"
    " from generate_series(1, %3$d) k, ledger.checkpoint c, ledger.entry e"
    " where e.entry_id > %2$d and e.entry_id <= c.upto_entry";

static const char copy_balances[] =
    "update ledger.balance set debit = debit * (%1$d + 1), credit = credit * (%1$d + 1)"
    " where period > 202601;"
    "update ledger.checkpoint set upto_entry = (select max(entry_id) from ledger.entry)";

static bool
copy_vouchers(Bench *bench, GError **error)
{
    g_autofree char *entries =
        g_strdup_printf(copy_entries, bench->posted, FISC_BENCH_BUDGETS, bench->copies);
    g_autofree char *balances = g_strdup_printf(copy_balances, bench->copies);
    return fisc_bench_database_run(bench->database, entries, error) &&
           fisc_bench_database_run(bench->database, balances, error) &&
           fisc_bench_database_run(bench->database, "vacuum analyze", error);
}

static const char *
find_busy_ministry(const FiscBenchNation *nation)
{
    int rank = 0;
    while (nation->budget[nation->hot->item[rank]].unit >= FISC_BENCH_MINISTRIES) {
        rank++;
    }
    return nation->unit[nation->budget[nation->hot->item[rank]].unit];
}

static bool
make_peer_lines(Bench *bench, GError **error)
{
    static const char *const steps[] = {
        "create schema peer",
        "create unlogged table peer.posted as"
        " select l.entry_id as journal_id, l.line_no as line, l.entity_id as unit,"
        "   c.account_id as account, nullif(substr(c.fund, 2), '')::int as fund,"
        "   nullif(substr(c.programme, 2), '')::int as programme,"
        "   nullif(c.function, '')::int as function, (c.counterparty <> '')::int as counterparty,"
        "   l.amount, l.period"
        " from ledger.line l join ledger.coding c using (book_id, coding_id)",
        "create index posted_unit on peer.posted (unit)",
        "vacuum analyze peer.posted",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        if (!fisc_bench_database_run(bench->database, steps[i], error)) {
            return false;
        }
    }
    bench->unit = find_busy_ministry(bench->nation);
    g_autofree char *asked =
        g_strdup_printf("create table peer.asked as select entity_id as unit from ledger.entity"
                        " where code = '%s'",
                        bench->unit);
    return fisc_bench_database_run(bench->database, asked, error);
}

static bool
check_copies(Bench *bench, GError **error)
{
    static const FiscBenchInvariant invariants[] = {
        {"the balances are the sums of the lines",
         "select not exists (select from (select unit, account, period,"
         "   sum(greatest(amount, 0)) as debit, sum(greatest(-amount, 0)) as credit"
         "   from peer.posted group by 1, 2, 3) l"
         " full join (select entity_id as unit, account_id as account, period,"
         "   sum(debit) as debit, sum(credit) as credit"
         "   from ledger.balance_now join ledger.coding using (book_id, coding_id, entity_id)"
         "   group by 1, 2, 3) b using (unit, account, period)"
         " where l.debit is distinct from b.debit or l.credit is distinct from b.credit)",
         NULL},
    };
    return fisc_bench_database_check(bench->database, invariants, G_N_ELEMENTS(invariants), error);
}

static bool
prepare(Bench *bench, GError **error)
{
    const FiscBenchSettings *settings = bench->settings;
    if (settings->lines < FISC_BENCH_VOUCHER_LINES) {
        return fisc_fail(error, FISC_ERROR_USAGE, "a voucher has %d lines",
                         FISC_BENCH_VOUCHER_LINES);
    }
    fisc_bench_progress(settings, 0, settings->rounds, "filling the books");
    bench->nation = fisc_bench_nation_new(settings->seed);
    return fisc_bench_database_new(settings->server_uri, &bench->database, error) &&
           fisc_bench_database_describe(bench->database, bench->result, error) &&
           post_vouchers(bench, error) && copy_vouchers(bench, error) &&
           make_peer_lines(bench, error) && check_copies(bench, error);
}

/* ---- asking ---- */

static const char *
unit_of(const Bench *bench, int number)
{
    const char *unit = questions[number].unit;
    return unit != NULL && *unit == '\0' ? bench->unit : unit;
}

static bool
ask_warm(Bench *bench, int number, double *out_seconds, GError **error)
{
    FiscContext context = {.pool = bench->database->pool, .book_id = 1};
    FiscReportQuery query = {
        .name = questions[number].report, .unit = unit_of(bench, number), .period = PERIOD};
    g_autoptr(FiscTable) table = NULL;
    int64_t begun_at_us = g_get_monotonic_time();
    if (!fisc_flow_report(&context, &query, &table, error)) {
        return false;
    }
    *out_seconds = fisc_bench_seconds_since(begun_at_us);
    return table->rows->len > 0 || fisc_fail(error, FISC_ERROR_FAILED, "%s is empty", query.name);
}

static bool
ask_fresh(Bench *bench, int number, double *out_seconds, GError **error)
{
    const char *const argv[] = {bench->settings->program,
                                "--db",
                                bench->database->uri,
                                "report",
                                questions[number].report,
                                "--period",
                                PERIOD,
                                unit_of(bench, number) != NULL ? "--unit" : NULL,
                                unit_of(bench, number),
                                NULL};
    return fisc_bench_process_run(argv, out_seconds, error);
}

static bool
ask_lines(Bench *bench, int number, double *out_seconds, GError **error)
{
    int64_t begun_at_us = g_get_monotonic_time();
    if (!fisc_bench_database_run(bench->database, questions[number].sql, error)) {
        return false;
    }
    *out_seconds = fisc_bench_seconds_since(begun_at_us);
    return true;
}

static void
add_figure(Bench *bench, int number, const char *suffix, const char *meaning, double value)
{
    g_autofree char *name = g_strconcat(questions[number].name, suffix, NULL);
    FiscBenchFigure figure = {name, meaning};
    fisc_bench_result_add_figure(bench->result, &figure, value);
}

static void
add_ratio(Bench *bench, int number, const char *suffix, double value)
{
    g_autofree char *name = g_strconcat(questions[number].name, suffix, NULL);
    bool is_bound = bench->settings->lines >= BOUND_LINES;
    FiscBenchRatio ratio = {name, questions[number].meaning,
                            is_bound ? FISC_BENCH_AT_LEAST : FISC_BENCH_NO_BOUND, WANTED_RATIO};
    fisc_bench_result_add_ratio(bench->result, &ratio, value);
}

static bool
measure(Bench *bench, int number, GError **error)
{
    double warm_s = 0;
    double fresh_s = 0;
    double lines_s = 0;
    if (!ask_lines(bench, number, &lines_s, error) || !ask_fresh(bench, number, &fresh_s, error) ||
        !ask_warm(bench, number, &warm_s, error)) {
        return false;
    }
    add_ratio(bench, number, "", lines_s / warm_s);
    add_ratio(bench, number, "_fresh", lines_s / fresh_s);
    add_figure(bench, number, "_s", "warm, in a process that asks again", warm_s);
    add_figure(bench, number, "_fresh_s", "from the beginning of a process", fresh_s);
    add_figure(bench, number, "_group_by_s", "GROUP BY over the lines, warm", lines_s);
    return true;
}

static bool
measure_all(Bench *bench, GError **error)
{
    double unused_s;
    for (int i = 0; i < (int)G_N_ELEMENTS(questions); i++) {
        if (!ask_lines(bench, i, &unused_s, error) || !ask_warm(bench, i, &unused_s, error)) {
            return false; /* once unmeasured: caches are full and statements prepared */
        }
    }
    for (int round = 0; round < bench->settings->rounds; round++) {
        fisc_bench_progress(bench->settings, round, bench->settings->rounds, "asking");
        for (int i = 0; i < (int)G_N_ELEMENTS(questions); i++) {
            if (!measure(bench, i, error)) {
                return false;
            }
        }
    }
    return true;
}

static void
describe(const Bench *bench)
{
    int64_t vouchers = bench->posted * (bench->copies + 1);
    fisc_bench_result_set(bench->result, "lines", "%" PRId64,
                          vouchers * FISC_BENCH_VOUCHER_LINES + 2 * FISC_BENCH_BUDGETS);
    fisc_bench_result_set(bench->result, "rounds", "%d", bench->settings->rounds);
    fisc_bench_result_set(bench->result, "seed", "%" G_GUINT64_FORMAT, bench->settings->seed);
    if (bench->copies > 0) {
        fisc_bench_result_note(bench->result,
                               "%" PRId64 " vouchers were posted; SQL copied each of them %d times,"
                               " and the balances with them.",
                               bench->posted, bench->copies);
    }
}

bool
fisc_bench_report(const FiscBenchSettings *settings, FiscBenchResult *result, GError **error)
{
    Bench bench = {.settings = settings, .result = result};
    bool is_done = prepare(&bench, error) && measure_all(&bench, error);
    if (is_done) {
        describe(&bench);
    }
    fisc_bench_database_free(bench.database);
    fisc_bench_nation_free(bench.nation);
    return is_done;
}

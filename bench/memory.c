/* memory.c: `fisc bench memory`: what a poster holds of a book, by what is on record in it.
 *
 * The books of the made-up nation, at first with its budget alone, then with so many vouchers of a
 * year. Each time a poster opens them anew, and the heap tells by how much it grew. The heap counts
 * what is in use, not what the allocator took from the system for it. */
#include "bench/benches.h"
#include <inttypes.h>
#include <malloc.h>

#define BYTES_MOST 200
#define BOOK_ID 1

typedef struct {
    const FiscBenchSettings *settings;
    FiscBenchResult *result;
    FiscBenchNation *nation;
    FiscBenchDatabase *database;
    FiscBenchBooks *books;
} Bench;

/* Of books as they are. */
typedef struct {
    int64_t bytes; /* that one poster more holds */
    int64_t balances, codings;
} Weight;

static int64_t
heap_used(void)
{
    const struct mallinfo2 heap = mallinfo2();
    return (int64_t)(heap.uordblks + heap.hblkhd);
}

static bool
count_rows(const Bench *bench, const char *sql, int64_t *out_rows, GError **error)
{
    g_autofree char *rows = fisc_bench_database_ask(bench->database, sql, error);
    *out_rows = rows != NULL ? g_ascii_strtoll(rows, NULL, 10) : 0;
    return rows != NULL &&
           (*out_rows > 0 || fisc_fail(error, FISC_ERROR_FAILED, "nothing is on record: %s", sql));
}

static bool
weigh(const Bench *bench, Weight *out_weight, GError **error)
{
    FiscPoster *poster = NULL;
    if (!fisc_poster_checkpoint(bench->books->poster, error)) {
        return false;
    }
    int64_t before = heap_used();
    if (!fisc_poster_open(bench->database->pool, BOOK_ID, &poster, error)) {
        return false;
    }
    out_weight->bytes = heap_used() - before;
    fisc_poster_close(poster);
    return count_rows(bench, "select count(*) from ledger.balance", &out_weight->balances, error) &&
           count_rows(bench, "select count(*) from ledger.coding", &out_weight->codings, error);
}

static bool
post(const Bench *bench, GError **error)
{
    FiscBenchRun run = {0};
    FiscBenchRandom random = fisc_bench_random(bench->settings->seed, 1);
    fisc_bench_progress(bench->settings, 1, 2, "filling the books");
    bool is_done =
        fisc_bench_books_import_count(bench->books, bench->settings->entries, &random, &run, error);
    fisc_bench_result_set(bench->result, "vouchers", "%" PRId64 " posted, %" PRId64 " refused",
                          run.posted, run.refused);
    return is_done && fisc_bench_books_check(bench->database, run.posted, run.refused, error);
}

static void
tell(const Bench *bench, const Weight *budget, const Weight *year)
{
    static const FiscBenchRatio bytes = {
        "bytes", "what a poster holds more for each coding and period that comes to the budget",
        FISC_BENCH_AT_MOST, BYTES_MOST};
    const struct {
        FiscBenchFigure figure;
        double value;
    } figures[] = {
        {{"bytes_in_all", "everything, the nation and its budget too, over codings and periods"},
         (double)year->bytes / (double)year->balances},
        {{"held_mb", "a poster's memory, in MB of a million bytes"}, (double)year->bytes / 1e6},
        {{"budget_mb", "the same before the first voucher"}, (double)budget->bytes / 1e6},
        {{"balances", "codings and periods with a balance"}, (double)year->balances},
        {{"budget_balances", "the same before the first voucher"}, (double)budget->balances},
        {{"codings", "combinations of account, flow and dimensions"}, (double)year->codings},
    };
    fisc_bench_result_add_ratio(bench->result, &bytes,
                                (double)(year->bytes - budget->bytes) /
                                    (double)MAX(year->balances - budget->balances, 1));
    for (gsize i = 0; i < G_N_ELEMENTS(figures); i++) {
        fisc_bench_result_add_figure(bench->result, &figures[i].figure, figures[i].value);
    }
}

static bool
measure(Bench *bench, GError **error)
{
    Weight budget = {0}, year = {0};
    fisc_bench_progress(bench->settings, 0, 2, "filling the books");
    if (!fisc_bench_books_open(bench->database, bench->nation, &bench->books, error) ||
        !weigh(bench, &budget, error) || !post(bench, error) || !weigh(bench, &year, error)) {
        return false;
    }
    tell(bench, &budget, &year);
    return true;
}

bool
fisc_bench_memory(const FiscBenchSettings *settings, FiscBenchResult *result, GError **error)
{
    Bench bench = {
        .settings = settings, .result = result, .nation = fisc_bench_nation_new(settings->seed)};
    bool is_done = fisc_bench_database_new(settings->server_uri, &bench.database, error) &&
                   fisc_bench_database_describe(bench.database, result, error) &&
                   measure(&bench, error);
    fisc_bench_books_close(bench.books);
    fisc_bench_result_set(result, "seed", "%" G_GUINT64_FORMAT, settings->seed);
    fisc_bench_database_free(bench.database);
    fisc_bench_nation_free(bench.nation);
    return is_done;
}

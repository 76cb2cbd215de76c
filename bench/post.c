/* post.c: `fisc bench post`: what posting costs, against the ways it is usually done.
 *
 * Rounds of short measures on one cluster, in turn, so that a slow minute of the machine meets
 * everybody. A ratio is taken inside its round, with each peer at its best number of clients there;
 * the result is the median of the rounds. Everybody's books are checked before a figure counts. */
#include "bench/benches.h"
#include "bench/controls.h"
#include "bench/copy.h"
#include "bench/seals.h"

#define WAL_MEGABYTES_A_SECOND 250 /* what a second of everybody in turn writes, about */
#define WARM_CLIENTS 8
#define WARM_SECONDS 1
#define CLIENT_COUNTS 3

static const FiscBenchRatio row_locking_ratio = {
    "row_locking", "entries/s over row-locking SQL, a statement each step, best client count",
    FISC_BENCH_AT_LEAST, 7};
static const FiscBenchRatio plpgsql_ratio = {
    "plpgsql", "entries/s over the same as one plpgsql function, best client count",
    FISC_BENCH_AT_LEAST, 7};
static const FiscBenchRatio p99_ratio = {"p99_row_locking",
                                         "p99 of row-locking SQL over ours, all submitters at once",
                                         FISC_BENCH_AT_LEAST, 20};
static const FiscBenchRatio bulk_ratio = {
    "bulk_copy", "bulk lines/s over one-stream COPY into a table with two indexes",
    FISC_BENCH_AT_LEAST, 0.8};
static const FiscBenchRatio seal_ratio = {"seal_cost", "share of throughput that sealing costs",
                                          FISC_BENCH_AT_MOST, 0.05};

static const FiscBenchRatio five_controls_ratio = {
    "five_controls", "entries/s with five control ledgers over those with one", FISC_BENCH_AT_LEAST,
    0.75};

typedef struct {
    const FiscBenchSettings *settings;
    FiscBenchResult *result;
    FiscBenchDatabase *database;
    FiscBenchNation *nation;
    FiscBenchBooks *books;
    FiscBenchPeer peer;
    uint64_t stream; /* of the measure to come */
    int64_t fisc_posted, fisc_refused;
    int64_t peer_posted, peer_refused;
    int64_t copied_journals;
    int steps_done;
} Bench;

/* What one round found, for its ratios. */
typedef struct {
    double fisc_rate, fisc_p99_ms;
    double row_locking_rate, row_locking_p99_ms;
    double plpgsql_rate;
} Round;

static int
count_steps(const FiscBenchSettings *settings)
{
    return settings->rounds * (5 + 2 * CLIENT_COUNTS);
}

static void
begin_step(Bench *bench, const char *what, int clients)
{
    bench->stream++;
    fisc_bench_progress(bench->settings, bench->steps_done++, count_steps(bench->settings),
                        clients > 1 ? "%s, %d clients" : "%s", what, clients);
}

static void
add_figure(Bench *bench, const char *name, const char *meaning, double value)
{
    FiscBenchFigure figure = {name, meaning};
    fisc_bench_result_add_figure(bench->result, &figure, value);
}

/* ---- fisc at many submitters ---- */

static bool
measure_fisc(Bench *bench, Round *round, GError **error)
{
    const FiscBenchSettings *settings = bench->settings;
    FiscBenchPosting posting = fisc_bench_books_posting(bench->books);
    FiscBenchRun run;
    begin_step(bench, "fisc", settings->clients);
    if (!fisc_bench_clients_run(&posting, settings->clients, settings->seconds, settings->seed,
                                bench->stream, &run, error)) {
        return false;
    }
    bench->fisc_posted += run.posted;
    bench->fisc_refused += run.refused;
    round->fisc_rate = fisc_bench_run_rate(&run);
    round->fisc_p99_ms = fisc_bench_histogram_ms(&run.latency, 0.99);
    add_figure(bench, "fisc_entries_per_s", "fisc, all submitters at once", round->fisc_rate);
    add_figure(bench, "fisc_p50_ms", "", fisc_bench_histogram_ms(&run.latency, 0.5));
    add_figure(bench, "fisc_p99_ms", "", round->fisc_p99_ms);
    return true;
}

/* ---- the peers, each at several client counts ---- */

static bool
measure_peer(Bench *bench, const char *name, const FiscBenchPosting *posting, int clients,
             double *out_rate, double *out_p99_ms, GError **error)
{
    const FiscBenchSettings *settings = bench->settings;
    g_autofree char *rate_name = g_strdup_printf("%s_%d_entries_per_s", name, clients);
    g_autofree char *p99_name = g_strdup_printf("%s_%d_p99_ms", name, clients);
    FiscBenchRun run;
    begin_step(bench, name, clients);
    if (!fisc_bench_clients_run(posting, clients, settings->seconds, settings->seed, bench->stream,
                                &run, error)) {
        return false;
    }
    bench->peer_posted += run.posted;
    bench->peer_refused += run.refused;
    *out_rate = fisc_bench_run_rate(&run);
    *out_p99_ms = fisc_bench_histogram_ms(&run.latency, 0.99);
    add_figure(bench, rate_name, "", *out_rate);
    add_figure(bench, p99_name, "", *out_p99_ms);
    return true;
}

/* The best rate, and the p99 when all submitters work at once. */
static bool
measure_peer_at_counts(Bench *bench, const char *name, FiscBenchPosting posting,
                       double *out_best_rate, double *out_full_p99_ms, GError **error)
{
    const int counts[CLIENT_COUNTS] = {1, 8, bench->settings->clients};
    *out_best_rate = 0;
    for (int i = 0; i < CLIENT_COUNTS; i++) {
        double rate = 0;
        if (!measure_peer(bench, name, &posting, counts[i], &rate, out_full_p99_ms, error)) {
            return false;
        }
        *out_best_rate = MAX(*out_best_rate, rate);
    }
    return true;
}

static bool
measure_peers(Bench *bench, Round *round, GError **error)
{
    double unused_ms;
    return measure_peer_at_counts(bench, "row_locking", fisc_bench_peer_row_locking(&bench->peer),
                                  &round->row_locking_rate, &round->row_locking_p99_ms, error) &&
           measure_peer_at_counts(bench, "plpgsql", fisc_bench_peer_plpgsql(&bench->peer),
                                  &round->plpgsql_rate, &unused_ms, error);
}

/* ---- bulk against COPY ---- */

static bool
measure_bulk(Bench *bench, GError **error)
{
    const FiscBenchSettings *settings = bench->settings;
    FiscBenchRun run = {0};
    double copy_rate = 0;
    begin_step(bench, "fisc in bulk", 1);
    FiscBenchRandom random = fisc_bench_random(settings->seed, bench->stream << 16);
    if (!fisc_bench_books_import(bench->books, settings->seconds, &random, &run, error)) {
        return false;
    }
    bench->fisc_posted += run.posted;
    bench->fisc_refused += run.refused;
    begin_step(bench, "COPY", 1);
    random = fisc_bench_random(settings->seed, bench->stream << 16);
    if (!fisc_bench_copy_lines(bench->database, bench->nation, settings->seconds, &random,
                               &bench->copied_journals, &copy_rate, error)) {
        return false;
    }
    /* A refused entry leaves no lines: only those that were written are counted. */
    double bulk_rate = (double)run.posted * FISC_BENCH_VOUCHER_LINES / run.seconds;
    add_figure(bench, "fisc_bulk_lines_per_s", "fisc, one importer", bulk_rate);
    add_figure(bench, "copy_lines_per_s", "COPY, one stream, nothing checked", copy_rate);
    fisc_bench_result_add_ratio(bench->result, &bulk_ratio, bulk_rate / copy_rate);
    return true;
}

/* ---- the price of the seals ---- */

static bool
measure_seals(Bench *bench, GError **error)
{
    const FiscBenchSettings *settings = bench->settings;
    FiscBenchPosting posting = fisc_bench_books_posting(bench->books);
    FiscBenchSeals seals;
    FiscBenchRun run;
    begin_step(bench, "fisc with and without seals", settings->clients);
    FiscBenchClients *clients =
        fisc_bench_clients_start(&posting, settings->clients, settings->seed, bench->stream);
    fisc_bench_seals_measure(clients, 2 * settings->seconds, &seals);
    if (!fisc_bench_clients_stop(clients, &run, error)) {
        return false;
    }
    bench->fisc_posted += run.posted;
    bench->fisc_refused += run.refused;
    add_figure(bench, "fisc_sealed_entries_per_s", "with seals, in turn with the next",
               seals.sealed_per_s);
    add_figure(bench, "fisc_unsealed_entries_per_s", "without", seals.unsealed_per_s);
    fisc_bench_result_add_ratio(bench->result, &seal_ratio, seals.cost);
    return true;
}

/* ---- the price of more controls ---- */

static bool
measure_controls(Bench *bench, GError **error)
{
    const FiscBenchSettings *settings = bench->settings;
    FiscBenchPosting posting = fisc_bench_books_posting(bench->books);
    FiscBenchControls controls;
    FiscBenchRun run;
    begin_step(bench, "fisc with one control and with five", settings->clients);
    FiscBenchClients *clients =
        fisc_bench_clients_start(&posting, settings->clients, settings->seed, bench->stream);
    bool is_measured =
        fisc_bench_controls_measure(bench->books, clients, 2 * settings->seconds, &controls, error);
    if (!fisc_bench_clients_stop(clients, &run, is_measured ? error : NULL) || !is_measured) {
        return false;
    }
    bench->fisc_posted += run.posted;
    bench->fisc_refused += run.refused;
    add_figure(bench, "fisc_one_control_entries_per_s", "with one control, in turn with the next",
               controls.one_per_s);
    add_figure(bench, "fisc_five_controls_entries_per_s", "with five", controls.five_per_s);
    fisc_bench_result_add_ratio(bench->result, &five_controls_ratio, controls.ratio);
    return true;
}

/* ---- the bench ---- */

/* Everybody once without a watch: codings are interned, rows made, plans and caches ready. */
static bool
warm_up(Bench *bench, GError **error)
{
    const FiscBenchSettings *settings = bench->settings;
    const FiscBenchPosting postings[] = {fisc_bench_books_posting(bench->books),
                                         fisc_bench_peer_row_locking(&bench->peer),
                                         fisc_bench_peer_plpgsql(&bench->peer)};
    for (gsize i = 0; i < G_N_ELEMENTS(postings); i++) {
        FiscBenchRun run;
        if (!fisc_bench_clients_run(&postings[i], WARM_CLIENTS, WARM_SECONDS, settings->seed,
                                    ++bench->stream, &run, error)) {
            return false;
        }
        bench->fisc_posted += i == 0 ? run.posted : 0;
        bench->fisc_refused += i == 0 ? run.refused : 0;
        bench->peer_posted += i == 0 ? 0 : run.posted;
        bench->peer_refused += i == 0 ? 0 : run.refused;
    }
    return true;
}

static bool
run_round(Bench *bench, GError **error)
{
    Round round = {0};
    if (!measure_fisc(bench, &round, error) || !measure_peers(bench, &round, error)) {
        return false;
    }
    fisc_bench_result_add_ratio(bench->result, &row_locking_ratio,
                                round.fisc_rate / round.row_locking_rate);
    fisc_bench_result_add_ratio(bench->result, &plpgsql_ratio,
                                round.fisc_rate / round.plpgsql_rate);
    fisc_bench_result_add_ratio(bench->result, &p99_ratio,
                                round.row_locking_p99_ms / round.fisc_p99_ms);
    return measure_bulk(bench, error) && measure_seals(bench, error) &&
           measure_controls(bench, error);
}

static bool
prepare(Bench *bench, GError **error)
{
    const FiscBenchSettings *settings = bench->settings;
    int wal_megabytes = WAL_MEGABYTES_A_SECOND * settings->seconds * settings->rounds;
    fisc_bench_progress(settings, 0, count_steps(settings), "making the nation");
    bench->nation = fisc_bench_nation_new(settings->seed);
    bench->peer.nation = bench->nation;
    if (!fisc_bench_database_new(settings->server_uri, &bench->database, error)) {
        return false;
    }
    bench->peer.database = bench->database;
    return fisc_bench_peer_prepare(bench->database, bench->nation, error) &&
           fisc_bench_books_open(bench->database, bench->nation, &bench->books, error) &&
           fisc_bench_controls_prepare(bench->books, &bench->fisc_posted, error) &&
           fisc_bench_database_describe(bench->database, bench->result, error) &&
           fisc_bench_database_warm(bench->database, wal_megabytes, error) && warm_up(bench, error);
}

static void
describe(const Bench *bench)
{
    const FiscBenchSettings *settings = bench->settings;
    fisc_bench_result_set(bench->result, "submitters", "%d", settings->clients);
    fisc_bench_result_set(bench->result, "rounds", "%d of %d s", settings->rounds,
                          settings->seconds);
    fisc_bench_result_set(bench->result, "seed", "%" G_GUINT64_FORMAT, settings->seed);
    fisc_bench_result_set(bench->result, "entry",
                          "4 lines, funds checked, %d budget lines drawn by zipf(1)",
                          FISC_BENCH_BUDGETS);
    fisc_bench_result_set(bench->result, "refused_for_funds", "%.1f %%",
                          100.0 * (double)bench->fisc_refused /
                              (double)(bench->fisc_refused + bench->fisc_posted));
}

static bool
run(Bench *bench, GError **error)
{
    if (!prepare(bench, error)) {
        return false;
    }
    for (int i = 0; i < bench->settings->rounds; i++) {
        if (!run_round(bench, error)) {
            return false;
        }
    }
    int total = count_steps(bench->settings);
    fisc_bench_progress(bench->settings, total, total, "checking what was written");
    describe(bench);
    return fisc_bench_books_check(bench->database, bench->fisc_posted, bench->fisc_refused,
                                  error) &&
           fisc_bench_peer_check(bench->database, bench->peer_posted, bench->peer_refused, error);
}

bool
fisc_bench_post(const FiscBenchSettings *settings, FiscBenchResult *result, GError **error)
{
    Bench bench = {.settings = settings, .result = result};
    bool is_done = run(&bench, error);
    fisc_bench_books_close(bench.books);
    fisc_bench_database_free(bench.database);
    fisc_bench_nation_free(bench.nation);
    return is_done;
}

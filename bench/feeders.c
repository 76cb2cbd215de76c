/* feeders.c: `fisc bench feeders`: many local governments with books of their own, pulled by
 * several workers, over loading the same entries in bulk.
 *
 * Some towns are withheld at first, and the pull is stopped once and gone on with; what is then in
 * the books has to be what the package brings, and how complete it is has to be told. */
#include "bench/benches.h"
#include "bench/process.h"
#include "bench/towns.h"
#include "fisc/feeder.h"
#include "fisc/flow.h"
#include <errno.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <string.h>

#define MONTHS 12
#define WORKERS 16
#define WANTED 0.5       /* of the speed of a bulk load, at least */
#define STATE_UNITS 51   /* of the nation that are no local governments */
#define WITHHELD 105     /* of ... */
#define WITHHELD_OF 2605 /* ... so many */

typedef struct {
    const FiscBenchSettings *settings;
    FiscBenchResult *result;
    FiscBenchTowns towns;
    char *folder;
    FiscBenchDatabase *database;
    FiscContext context;
    int withheld;
    char *loaded; /* sums of the books that were loaded */
} Bench;

/* Books ---------------------------------------------------------------------------------------- */

static bool
load(Bench *bench, const char *package, GError **error)
{
    g_autofree char *dir = g_build_filename(bench->folder, package, NULL);
    g_autoptr(FiscLoadReport) report = NULL;
    if (!fisc_flow_load(&bench->context, dir, &report, error)) {
        return false;
    }
    return report->refusals->len == 0 ||
           fisc_fail(error, FISC_ERROR_FAILED, "the made-up package %s was refused", package);
}

static bool
open_books(Bench *bench, GError **error)
{
    g_clear_pointer(&bench->database, fisc_bench_database_free);
    if (!fisc_bench_database_new(bench->settings->server_uri, &bench->database, error) ||
        !fisc_bench_database_describe(bench->database, bench->result, error)) {
        return false;
    }
    bench->context = (FiscContext){.pool = bench->database->pool, .book_id = 1, .actor = "bench"};
    return load(bench, "nation", error);
}

/* What the books hold by town and account. */
static char *
sum_up(Bench *bench, GError **error)
{
    return fisc_bench_database_ask(
        bench->database,
        "select count(*) || ' ' || md5(string_agg(t, ',' order by t)) from (select "
        "concat_ws(' ', k.entity_id, k.account_id, sum(e.amount)) as t from (select "
        "unnest(coding) as coding_id, unnest(amount) as amount from ledger.entry) e join "
        "ledger.coding k using (coding_id) group by k.entity_id, k.account_id) s",
        error);
}

/* Time passed, and of the processor: ours, the readers' and PostgreSQL's. */
typedef struct {
    double seconds, own, server;
} Spent;

static void
look_at_watch(const Bench *bench, Spent *out_spent)
{
    *out_spent = (Spent){(double)g_get_monotonic_time() / G_USEC_PER_SEC, fisc_bench_process_own(),
                         fisc_bench_process_server(PQbackendPID(bench->database->connection))};
}

static void
add_spent(const Bench *bench, const Spent *since, Spent *into)
{
    Spent now;
    look_at_watch(bench, &now);
    into->seconds += now.seconds - since->seconds;
    into->own += now.own - since->own;
    into->server += now.server - since->server;
}

/* In bulk -------------------------------------------------------------------------------------- */

static bool
load_in_bulk(Bench *bench, Spent *spent, GError **error)
{
    fisc_bench_progress(bench->settings, 0, 1, "loading %d towns", bench->towns.towns);
    if (!open_books(bench, error)) {
        return false;
    }
    Spent begun;
    look_at_watch(bench, &begun);
    if (!load(bench, "bulk", error)) {
        return false;
    }
    add_spent(bench, &begun, spent);
    g_free(bench->loaded);
    bench->loaded = sum_up(bench, error);
    return bench->loaded != NULL;
}

/* By workers ----------------------------------------------------------------------------------- */

static bool
put_feeders(Bench *bench, GError **error)
{
    g_autofree char *path = g_build_filename(bench->folder, "feeders.csv", NULL);
    g_autofree char *text = NULL;
    g_autofree char *document = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscReceipt) receipt = NULL;
    gsize length = 0;
    if (!g_file_get_contents(path, &text, &length, error) ||
        !fisc_flow_feeder_put(&bench->context, text, length, "bench", &document, &receipt, refusals,
                              error)) {
        return false;
    }
    return refusals->len == 0 || fisc_fail(error, FISC_ERROR_FAILED, "the feeders were refused");
}

static bool
put_maps(Bench *bench, GError **error)
{
    for (int dialect = 1; dialect <= FISC_BENCH_DIALECTS; dialect++) {
        char feeder[FISC_BENCH_TOWN_CODE];
        g_autofree char *dir = g_strdup_printf("%s/map-%d", bench->folder, dialect);
        g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
        g_autoptr(FiscMapAnswer) answer = NULL;
        fisc_bench_town_code(dialect, feeder);
        if (!fisc_flow_feeder_map(&bench->context, feeder, dir, 0, NULL, &answer, refusals,
                                  error)) {
            return false;
        }
        if (refusals->len > 0) {
            return fisc_fail(error, FISC_ERROR_FAILED, "map %d was refused", dialect);
        }
    }
    return true;
}

/* The last towns are not there, or are again. */
static bool
move_withheld(const Bench *bench, const char *from, const char *to, GError **error)
{
    g_autofree char *away = g_build_filename(bench->folder, "away", NULL);
    g_mkdir_with_parents(away, 0755);
    for (int i = 0; i < bench->withheld; i++) {
        char code[FISC_BENCH_TOWN_CODE];
        fisc_bench_town_code(bench->towns.towns - i, code);
        g_autofree char *here = g_build_filename(bench->folder, from, code, NULL);
        g_autofree char *there = g_build_filename(bench->folder, to, code, NULL);
        if (g_rename(here, there) != 0) {
            return fisc_fail(error, FISC_ERROR_IO, "%s: %s", here, g_strerror(errno));
        }
    }
    return true;
}

typedef struct {
    const Bench *bench;
    int stop_at; /* so many feeders are through; 0: never */
    gint is_over;
} Watcher;

static void
watch(const FiscPullProgress *progress, gpointer data)
{
    Watcher *watcher = data;
    fisc_bench_progress(watcher->bench->settings, progress->done, progress->feeders, "pulling");
    if (watcher->stop_at > 0 && progress->done >= watcher->stop_at) {
        g_atomic_int_set(&watcher->is_over, 1);
    }
}

static bool
is_over(gpointer data)
{
    return g_atomic_int_get(&((Watcher *)data)->is_over) != 0;
}

/* @feeders NULL: all whose time has come. */
static bool
pull(Bench *bench, const char *const *feeders, int stop_at, Spent *spent, GError **error)
{
    Watcher watcher = {.bench = bench, .stop_at = stop_at};
    const FiscPullOrder order = {.feeders = feeders,
                                 .workers = (guint)MIN(bench->settings->clients, WORKERS),
                                 .should_stop = is_over,
                                 .stop_data = &watcher,
                                 .progress = watch,
                                 .progress_data = &watcher};
    g_autoptr(FiscPullReport) report = NULL;
    Spent begun;
    look_at_watch(bench, &begun);
    if (!fisc_flow_pull(&bench->context, &order, &report, error)) {
        return false;
    }
    add_spent(bench, &begun, spent);
    for (guint i = 0; i < report->runs->len; i++) {
        const FiscPullRun *run = report->runs->pdata[i];
        if (run->outcome == FISC_PULL_QUARANTINED) {
            return fisc_fail(error, FISC_ERROR_FAILED, "%s is quarantined: %s", run->feeder,
                             run->reason);
        }
    }
    return true;
}

static bool
pull_withheld(Bench *bench, Spent *spent, GError **error)
{
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    for (int i = 0; i < bench->withheld; i++) {
        char code[FISC_BENCH_TOWN_CODE];
        fisc_bench_town_code(bench->towns.towns - i, code);
        g_ptr_array_add(names, g_strdup(code));
    }
    g_ptr_array_add(names, NULL);
    return move_withheld(bench, "away", "drop", error) &&
           pull(bench, (const char *const *)names->pdata, 0, spent, error);
}

/* "provisional: 2,500 of 2,605 units (96.0 %)". */
static bool
note_completeness(Bench *bench, const char *when, GError **error)
{
    static const char year[] = G_STRINGIFY(FISC_BENCH_TOWNS_YEAR);
    const FiscReportQuery query = {
        .name = "completeness", .unit = FISC_BENCH_TOWNS_GROUP, .period = year};
    g_autoptr(FiscTable) table = NULL;
    if (!fisc_flow_report(&bench->context, &query, &table, error)) {
        return false;
    }
    fisc_bench_result_set(bench->result, when, "%s", (const char *)table->notes->pdata[0]);
    return true;
}

static bool
check(Bench *bench, GError **error)
{
    g_autofree char *entries = g_strdup_printf("%" PRId64, fisc_bench_towns_entries(&bench->towns));
    const FiscBenchInvariant invariants[] = {
        {"every entry was posted once", "select count(*) from ledger.entry", entries},
        {"and has its reference", "select count(*) from ledger.reference", entries},
        {"nothing was taken back", "select count(*) from ledger.entry where reverses", "0"},
        {"every run was posted", "select count(*) from intake.run where outcome <> 'posted'", "0"},
    };
    g_autofree char *pulled = sum_up(bench, error);
    if (pulled == NULL) {
        return false;
    }
    if (g_strcmp0(pulled, bench->loaded) != 0) {
        return fisc_fail(error, FISC_ERROR_FAILED,
                         "the books that were pulled are not those that were loaded");
    }
    return fisc_bench_database_check(bench->database, invariants, G_N_ELEMENTS(invariants), error);
}

static bool
pull_by_workers(Bench *bench, Spent *spent, GError **error)
{
    return open_books(bench, error) && put_feeders(bench, error) && put_maps(bench, error) &&
           move_withheld(bench, "drop", "away", error) &&
           pull(bench, NULL, bench->towns.towns / 3, spent, error) &&
           pull(bench, NULL, 0, spent, error) && note_completeness(bench, "withheld", error) &&
           pull_withheld(bench, spent, error) && note_completeness(bench, "complete", error) &&
           check(bench, error);
}

/* The bench ------------------------------------------------------------------------------------ */

/* What a document takes of the processor, which others on the machine change least. */
static void
add_processor(const Bench *bench, double documents, const Spent *loading, const Spent *pulling)
{
    static const FiscBenchFigure figures[] = {
        {"bulk_own_ms", "of the processor for what a document brings, in bulk: fisc"},
        {"bulk_server_ms", "and PostgreSQL"},
        {"pull_own_ms", "the same, pulled: fisc and the readers of documents"},
        {"pull_server_ms", "and PostgreSQL"},
    };
    const double seconds[] = {loading->own, loading->server, pulling->own, pulling->server};
    for (gsize i = 0; i < G_N_ELEMENTS(figures); i++) {
        fisc_bench_result_add_figure(bench->result, &figures[i], seconds[i] * 1000 / documents);
    }
}

static bool
measure(Bench *bench, GError **error)
{
    static const FiscBenchRatio ratio = {"pull_bulk",
                                         "entries a second by workers over a bulk load of the same",
                                         FISC_BENCH_AT_LEAST, WANTED};
    static const FiscBenchFigure figures[] = {
        {"bulk_entries_per_s", "one package, loaded"},
        {"pull_entries_per_s", "the same from the towns, stopped once and gone on with"},
        {"pull_documents_per_s", "trial balances, each a run of its own"},
    };
    Spent loading = {0}, pulling = {0};
    double entries = (double)fisc_bench_towns_entries(&bench->towns);
    double documents = (double)bench->towns.towns * bench->towns.months;
    if (!load_in_bulk(bench, &loading, error) || !pull_by_workers(bench, &pulling, error)) {
        return false;
    }
    fisc_bench_result_add_ratio(bench->result, &ratio, loading.seconds / pulling.seconds);
    fisc_bench_result_add_figure(bench->result, &figures[0], entries / loading.seconds);
    fisc_bench_result_add_figure(bench->result, &figures[1], entries / pulling.seconds);
    fisc_bench_result_add_figure(bench->result, &figures[2], documents / pulling.seconds);
    add_processor(bench, documents, &loading, &pulling);
    return true;
}

static bool
measure_all(Bench *bench, GError **error)
{
    const FiscBenchSettings *settings = bench->settings;
    for (int round = 0; round < settings->rounds; round++) {
        if (!measure(bench, error)) {
            return false;
        }
    }
    fisc_bench_result_set(bench->result, "towns", "%d", bench->towns.towns);
    fisc_bench_result_set(bench->result, "entries", "%" PRId64,
                          fisc_bench_towns_entries(&bench->towns));
    fisc_bench_result_set(bench->result, "workers", "%d", MIN(settings->clients, WORKERS));
    fisc_bench_result_set(bench->result, "rounds", "%d", settings->rounds);
    fisc_bench_result_set(bench->result, "seed", "%" G_GUINT64_FORMAT, settings->seed);
    return true;
}

bool
fisc_bench_feeders(const FiscBenchSettings *settings, FiscBenchResult *result, GError **error)
{
    Bench bench = {.settings = settings, .result = result};
    bench.towns = (FiscBenchTowns){
        .seed = settings->seed, .towns = settings->units - STATE_UNITS, .months = MONTHS};
    bench.withheld = MAX(bench.towns.towns * WITHHELD / WITHHELD_OF, 1);
    if (bench.towns.towns < FISC_BENCH_DIALECTS) {
        return fisc_fail(error, FISC_ERROR_USAGE, "a nation has %d units and %d towns at least",
                         STATE_UNITS, FISC_BENCH_DIALECTS);
    }
    bench.folder = g_dir_make_tmp("fisc-bench-XXXXXX", error);
    bool is_done = bench.folder != NULL &&
                   fisc_bench_towns_write(&bench.towns, bench.folder, error) &&
                   measure_all(&bench, error);
    fisc_bench_database_free(bench.database);
    if (bench.folder != NULL) {
        fisc_bench_remove_tree(bench.folder);
    }
    g_free(bench.folder);
    g_free(bench.loaded);
    return is_done;
}

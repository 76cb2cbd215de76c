/* load.c: `fisc bench load`: a text journal into durable books and out as a trial balance, against
 * programs that read the text and print balances.
 *
 * Every measure begins a process. Ours checks funds, seals, commits to PostgreSQL, and can be asked
 * again without reading the text; theirs keep nothing. */
#include "bench/benches.h"
#include "bench/journal.h"
#include "bench/process.h"
#include <glib/gstdio.h>

#define HLEDGER_ENTRIES_MAX 200000 /* a million would take minutes and 15 GB */
#define WAL_ENTRIES_A_MEGABYTE 500

typedef struct {
    const FiscBenchSettings *settings;
    FiscBenchResult *result;
    FiscBenchNation *nation;
    char *folder;
    char *csv_path;
    char *ledger_path;
    bool is_described;
} Bench;

static const struct {
    const char *program;
    FiscBenchRatio ratio;
    FiscBenchFigure figure;
    int64_t entries_max;
} rivals[] = {
    {"ledger",
     {"ledger", "`ledger bal` over `fisc post` and the trial balance", FISC_BENCH_AT_LEAST, 1},
     {"ledger_s", "`ledger bal`"},
     G_MAXINT64},
    {"hledger",
     {"hledger", "`hledger bal` over `fisc post` and the trial balance", FISC_BENCH_AT_LEAST, 5},
     {"hledger_s", "`hledger bal`"},
     HLEDGER_ENTRIES_MAX},
};

static const FiscBenchFigure post_figure = {"fisc_post_s",
                                            "`fisc post`: read, plan, check, commit"};
static const FiscBenchFigure trial_figure = {"fisc_trial_balance_s", "`fisc report trial-balance`"};
static const FiscBenchFigure rate_figure = {"fisc_entries_per_s", "of `fisc post`"};

/* Post the text into a new database, then ask for the trial balance. */
static bool
measure_fisc(Bench *bench, FiscBenchDatabase *database, double *out_seconds, GError **error)
{
    const FiscBenchSettings *settings = bench->settings;
    const char *const post[] = {settings->program, "--db", database->uri,   "--actor",
                                FISC_BENCH_ACTOR,  "post", bench->csv_path, NULL};
    const char *const trial[] = {settings->program,
                                 "--db",
                                 database->uri,
                                 "report",
                                 "trial-balance",
                                 "--period",
                                 G_STRINGIFY(FISC_BENCH_YEAR),
                                 NULL};
    double post_s = 0;
    double trial_s = 0;
    if (!fisc_bench_process_run(post, &post_s, error) ||
        !fisc_bench_process_run(trial, &trial_s, error) ||
        !fisc_bench_books_check(database, settings->entries, 0, error)) {
        return false;
    }
    fisc_bench_result_add_figure(bench->result, &post_figure, post_s);
    fisc_bench_result_add_figure(bench->result, &trial_figure, trial_s);
    fisc_bench_result_add_figure(bench->result, &rate_figure, (double)settings->entries / post_s);
    *out_seconds = post_s + trial_s;
    return true;
}

static bool
measure_rivals(Bench *bench, double fisc_s, GError **error)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rivals); i++) {
        g_autofree char *path = g_find_program_in_path(rivals[i].program);
        if (path == NULL || bench->settings->entries > rivals[i].entries_max) {
            continue;
        }
        const char *const argv[] = {path, "-f", bench->ledger_path, "bal", NULL};
        double seconds = 0;
        if (!fisc_bench_process_run(argv, &seconds, error)) {
            return false;
        }
        fisc_bench_result_add_figure(bench->result, &rivals[i].figure, seconds);
        fisc_bench_result_add_ratio(bench->result, &rivals[i].ratio, seconds / fisc_s);
    }
    return true;
}

/* Before the first load: what the machine does later is our own work. */
static bool
describe_once(Bench *bench, FiscBenchDatabase *database, GError **error)
{
    bench->is_described =
        bench->is_described || fisc_bench_database_describe(database, bench->result, error);
    return bench->is_described;
}

/* Books of its own, so that every round loads into the same. */
static bool
run_round(Bench *bench, GError **error)
{
    g_autoptr(FiscBenchDatabase) database = NULL;
    g_autoptr(FiscBenchBooks) books = NULL;
    double fisc_s = 0;
    if (!fisc_bench_database_new(bench->settings->server_uri, &database, error) ||
        !fisc_bench_books_open(database, bench->nation, &books, error) ||
        !describe_once(bench, database, error) ||
        !fisc_bench_database_warm(
            database, (int)(bench->settings->entries / WAL_ENTRIES_A_MEGABYTE) + 1, error)) {
        return false;
    }
    g_clear_pointer(&books, fisc_bench_books_close); /* the program under measure opens its own */
    return measure_fisc(bench, database, &fisc_s, error) && measure_rivals(bench, fisc_s, error);
}

static void
note_missing(Bench *bench)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rivals); i++) {
        g_autofree char *path = g_find_program_in_path(rivals[i].program);
        if (path == NULL) {
            fisc_bench_result_note(bench->result, "%s is not installed: not measured.",
                                   rivals[i].program);
        } else if (bench->settings->entries > rivals[i].entries_max) {
            fisc_bench_result_note(bench->result,
                                   "%s is not run on more than %" G_GINT64_FORMAT " entries.",
                                   rivals[i].program, rivals[i].entries_max);
        }
    }
}

static bool
prepare(Bench *bench, GError **error)
{
    const FiscBenchSettings *settings = bench->settings;
    FiscBenchRandom random = fisc_bench_random(settings->seed, 1);
    fisc_bench_progress(settings, 0, settings->rounds, "writing the journals");
    bench->nation = fisc_bench_nation_new(settings->seed);
    bench->folder = g_dir_make_tmp("fisc-bench-XXXXXX", error);
    if (bench->folder == NULL) {
        return false;
    }
    bench->csv_path = g_build_filename(bench->folder, "journals.csv", NULL);
    bench->ledger_path = g_build_filename(bench->folder, "journals.ledger", NULL);
    return fisc_bench_journal_write(bench->nation, settings->entries, &random, bench->csv_path,
                                    bench->ledger_path, error);
}

static bool
run(Bench *bench, GError **error)
{
    const FiscBenchSettings *settings = bench->settings;
    if (!prepare(bench, error)) {
        return false;
    }
    for (int i = 0; i < settings->rounds; i++) {
        fisc_bench_progress(settings, i, settings->rounds, "loading");
        if (!run_round(bench, error)) {
            return false;
        }
    }
    note_missing(bench);
    fisc_bench_result_set(bench->result, "entries", "%" G_GINT64_FORMAT, settings->entries);
    fisc_bench_result_set(bench->result, "rounds", "%d", settings->rounds);
    fisc_bench_result_set(bench->result, "seed", "%" G_GUINT64_FORMAT, settings->seed);
    return true;
}

static void
remove_files(Bench *bench)
{
    if (bench->folder != NULL) {
        g_unlink(bench->csv_path);
        g_unlink(bench->ledger_path);
        g_rmdir(bench->folder);
    }
    g_free(bench->folder);
    g_free(bench->csv_path);
    g_free(bench->ledger_path);
}

bool
fisc_bench_load(const FiscBenchSettings *settings, FiscBenchResult *result, GError **error)
{
    Bench bench = {.settings = settings, .result = result};
    bool is_done = run(&bench, error);
    remove_files(&bench);
    fisc_bench_nation_free(bench.nation);
    return is_done;
}

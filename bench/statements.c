/* statements.c: `fisc bench statements`: a nation of many local governments, twelve months.
 *
 * What a statement of all of them costs beside reading the balances it is made of, what yesterday's
 * knowledge costs beside today's, and what memory grows by when every unit's statements are asked
 * for. The books are loaded as a package would be: five entries a unit and month. */
#include "bench/benches.h"
#include "fisc/flow.h"
#include <glib/gstdio.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#define MONTHS 12
#define YEAR "2024"
#define GROUP "GG"
#define WANTED_STATEMENT 10 /* times the time to read its balances, at most */
#define WANTED_KNOWN_AT 10
#define STATE "STATE"

typedef struct {
    const FiscBenchSettings *settings;
    FiscBenchResult *result;
    FiscBenchDatabase *database;
    FiscContext context;
    FiscBenchRandom random;
    char *folder;
    int64_t batches;
} Bench;

/* ---- the nation, as a package ---- */

static bool
write_file(const Bench *bench, const char *name, const GString *text, GError **error)
{
    g_autofree char *path = g_build_filename(bench->folder, name, NULL);
    return g_file_set_contents(path, text->str, (gssize)text->len, error);
}

static bool
write_units(const Bench *bench, GError **error)
{
    g_autoptr(GString) entities = g_string_new("entity,name,sector,cp_code,reporting\n");
    g_autoptr(GString) groups = g_string_new("group,name,members\n" GROUP ",General government,");
    g_string_append(entities, STATE ",State,S13111,11,Y\nCORP,Companies,S11002,152,N\n"
                                    "BANK,Banks,S122,132,N\nHH,Households,S14,16,N\n");
    g_string_append(groups, STATE);
    for (int unit = 1; unit < bench->settings->units; unit++) {
        g_string_append_printf(entities, "L%04d,Local government %d,S1313,11,Y\n", unit, unit);
        g_string_append_printf(groups, " L%04d", unit);
    }
    g_string_append_c(groups, '\n');
    return write_file(bench, "entities.csv", entities, error) &&
           write_file(bench, "groups.csv", groups, error);
}

static int
draw(Bench *bench, int from, int to)
{
    return from + fisc_bench_random_below(&bench->random, to - from);
}

/* Both sides of a grant agree, so the group has nothing in transit. */
static void
write_month_of_unit(Bench *bench, GString *text, int month, const char *unit)
{
    g_autofree char *head = g_strdup_printf("%d," YEAR "-%02d-15,%s", month, month, unit);
    int tax = draw(bench, 1000, 9000), pay = draw(bench, 300, 900);
    int goods = draw(bench, 200, 800), road = draw(bench, 50, 300), grant = draw(bench, 100, 500);
    g_string_append_printf(text, "A%s,3202,%d,,BANK,,11,HH\nA%s,1131,,%d,,,,\n", head, tax, head,
                           tax);
    g_string_append_printf(text, "B%s,2111,%d,,HH,70111,,\nB%s,3202,,%d,BANK,,21,HH\n", head, pay,
                           head, pay);
    g_string_append_printf(text, "C%s,22,%d,,CORP,70912,,\nC%s,3308,,%d,CORP,,,\n", head, goods,
                           head, goods);
    g_string_append_printf(text, "D%s,3111.1,%d,,CORP,70451,,\nD%s,3202,,%d,BANK,,31.1,CORP\n",
                           head, road, head, road);
    if (g_strcmp0(unit, STATE) != 0) {
        g_string_append_printf(text, "E%s,3202,%d,,BANK,,13," STATE "\nE%s,1331,,%d," STATE ",,,\n",
                               head, grant, head, grant);
        g_autofree char *other =
            g_strdup_printf("F%d-%s," YEAR "-%02d-15," STATE, month, unit, month);
        g_string_append_printf(text, "%s,2631,%d,,%s,70180,,\n%s,3202,,%d,BANK,,26,%s\n", other,
                               grant, unit, other, grant, unit);
    }
}

static bool
write_journals(Bench *bench, GError **error)
{
    g_autoptr(GString) text =
        g_string_new("journal_id,date,entity,gfs_code,debit,credit,counterparty_entity,cofog,"
                     "cash_code,cash_counterparty\n");
    for (int month = 1; month <= MONTHS; month++) {
        write_month_of_unit(bench, text, month, STATE);
        for (int unit = 1; unit < bench->settings->units; unit++) {
            g_autofree char *code = g_strdup_printf("L%04d", unit);
            write_month_of_unit(bench, text, month, code);
        }
    }
    return write_file(bench, "journals.csv", text, error);
}

static void
remove_folder(const Bench *bench)
{
    static const char *const files[] = {"entities.csv", "groups.csv", "journals.csv"};
    for (gsize i = 0; bench->folder != NULL && i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(bench->folder, files[i], NULL);
        g_unlink(path);
    }
    if (bench->folder != NULL) {
        g_rmdir(bench->folder);
    }
}

static bool
load(Bench *bench, GError **error)
{
    g_autoptr(FiscLoadReport) report = NULL;
    if (!fisc_flow_load(&bench->context, bench->folder, &report, error)) {
        return false;
    }
    g_autofree char *batches = NULL;
    if (report->refusals->len > 0) {
        return fisc_fail(error, FISC_ERROR_FAILED, "the made-up nation was refused");
    }
    batches = fisc_bench_database_ask(
        bench->database, "select max(batch_no) from ledger.batch where book_id = 1", error);
    bench->batches = batches != NULL ? g_ascii_strtoll(batches, NULL, 10) : 0;
    return batches != NULL && fisc_bench_database_run(bench->database, "vacuum analyze", error);
}

static bool
prepare(Bench *bench, GError **error)
{
    const FiscBenchSettings *settings = bench->settings;
    if (settings->units < 2) {
        return fisc_fail(error, FISC_ERROR_USAGE, "a nation has at least 2 units");
    }
    fisc_bench_progress(settings, 0, settings->rounds, "loading %d units", settings->units);
    bench->random = fisc_bench_random(settings->seed, 1);
    bench->folder = g_dir_make_tmp("fisc-bench-XXXXXX", error);
    if (bench->folder == NULL ||
        !fisc_bench_database_new(settings->server_uri, &bench->database, error) ||
        !fisc_bench_database_describe(bench->database, bench->result, error)) {
        return false;
    }
    bench->context = (FiscContext){.pool = bench->database->pool, .book_id = 1, .actor = "bench"};
    return write_units(bench, error) && write_journals(bench, error) && load(bench, error);
}

/* ---- asking ---- */

/* All that a statement of the group reads, and nothing of what it does with it. */
static bool
read_balances(Bench *bench, double *out_seconds, GError **error)
{
    static const FiscMoment now = {0};
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscNation) nation = NULL;
    g_autoptr(FiscBalances) balances = NULL;
    g_autoptr(GHashTable) members = NULL;
    int64_t begun_at_us = g_get_monotonic_time();
    if (!fisc_tx_begin(bench->context.pool, FISC_TX_READ, &tx, error) ||
        !fisc_nation_load(tx, 1, 0, &nation, error)) {
        return false;
    }
    members = fisc_nation_perimeter(nation, GROUP);
    bool is_read = fisc_balances_load(tx, 1, nation, 202413, &now, members, &balances, error) &&
                   fisc_tx_commit(g_steal_pointer(&tx), error);
    *out_seconds = fisc_bench_seconds_since(begun_at_us);
    return is_read;
}

static bool
ask(Bench *bench, const char *statement, const char *known_at, double *out_seconds, GError **error)
{
    FiscReportQuery query = {
        .name = "gfs", .unit = GROUP, .period = YEAR, .statement = statement, .known_at = known_at};
    g_autoptr(FiscTable) table = NULL;
    int64_t begun_at_us = g_get_monotonic_time();
    bool is_made = fisc_flow_report(&bench->context, &query, &table, error);
    *out_seconds = fisc_bench_seconds_since(begun_at_us);
    return is_made;
}

/* Pages of this process that are in memory, in megabytes; 0 where the system does not tell. */
static double
resident_megabytes(void)
{
    long pages = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (file != NULL) {
        if (fscanf(file, "%*s %ld", &pages) != 1) {
            pages = 0;
        }
        fclose(file);
    }
    return (double)pages * (double)sysconf(_SC_PAGESIZE) / 1048576.0;
}

typedef struct {
    int64_t units, rows;
    double at_tenth, most; /* megabytes: when a tenth of the units was made, and at most after */
    int64_t tenth;
} Stream;

static void
take_unit(FiscTable *part, gpointer data)
{
    Stream *stream = data;
    stream->units++;
    stream->rows += part->rows->len;
    fisc_table_free(part);
    double now = resident_megabytes();
    if (stream->units == stream->tenth) {
        stream->at_tenth = now;
    }
    stream->most = stream->units > stream->tenth ? MAX(stream->most, now) : now;
}

static bool
ask_everybody(Bench *bench, Stream *stream, double *out_seconds, GError **error)
{
    FiscReportQuery query = {.name = "gfs", .period = YEAR};
    int64_t begun_at_us = g_get_monotonic_time();
    stream->tenth = MAX(bench->settings->units / 10, 1);
    bool is_made = fisc_flow_report_units(&bench->context, &query, take_unit, stream, error);
    *out_seconds = fisc_bench_seconds_since(begun_at_us);
    return is_made;
}

static void
add_figure(Bench *bench, const char *name, const char *meaning, double value)
{
    const FiscBenchFigure figure = {name, meaning};
    fisc_bench_result_add_figure(bench->result, &figure, value);
}

static void
add_ratio(Bench *bench, const char *name, const char *meaning, double bound, double value)
{
    const FiscBenchRatio ratio = {name, meaning, FISC_BENCH_AT_MOST, bound};
    fisc_bench_result_add_ratio(bench->result, &ratio, value);
}

static bool
measure(Bench *bench, GError **error)
{
    g_autofree char *half = g_strdup_printf("%" PRId64, MAX(bench->batches / 2, 1));
    g_autofree char *last = g_strdup_printf("%" PRId64, MAX(bench->batches - 1, 1));
    double read_s = 0, one_s = 0, all_s = 0, half_s = 0, last_s = 0, everybody_s = 0;
    Stream stream = {0};
    if (!read_balances(bench, &read_s, error) || !ask(bench, "SOO", NULL, &one_s, error) ||
        !ask(bench, NULL, NULL, &all_s, error) || !ask(bench, NULL, half, &half_s, error) ||
        !ask(bench, NULL, last, &last_s, error) ||
        !ask_everybody(bench, &stream, &everybody_s, error)) {
        return false;
    }
    add_ratio(bench, "statement", "one statement of all units over reading its balances",
              WANTED_STATEMENT, one_s / read_s);
    add_ratio(bench, "statements", "every statement of all units, likewise", WANTED_STATEMENT,
              all_s / read_s);
    add_ratio(bench, "known_half", "as known at half of the chain, over now", WANTED_KNOWN_AT,
              half_s / all_s);
    add_ratio(bench, "known_last", "as known a batch ago, over now", WANTED_KNOWN_AT,
              last_s / all_s);
    add_ratio(bench, "memory", "every unit's statements: memory at most, over that at a tenth", 1.1,
              stream.most / stream.at_tenth);
    add_figure(bench, "read_s", "reading nation and balances", read_s);
    add_figure(bench, "statement_s", "the Statement of Operations, warm", one_s);
    add_figure(bench, "statements_s", "every statement of the group, warm", all_s);
    add_figure(bench, "everybody_s", "every statement of every unit", everybody_s);
    add_figure(bench, "everybody_rows", "and so many rows", (double)stream.rows);
    add_figure(bench, "everybody_mb", "and so much memory of the whole process", stream.most);
    return true;
}

static bool
measure_all(Bench *bench, GError **error)
{
    double unused_s;
    if (!ask(bench, NULL, NULL, &unused_s, error)) {
        return false; /* once unmeasured */
    }
    for (int round = 0; round < bench->settings->rounds; round++) {
        fisc_bench_progress(bench->settings, round, bench->settings->rounds, "asking");
        if (!measure(bench, error)) {
            return false;
        }
    }
    fisc_bench_result_set(bench->result, "units", "%d", bench->settings->units);
    fisc_bench_result_set(bench->result, "batches", "%" PRId64, bench->batches);
    fisc_bench_result_set(bench->result, "rounds", "%d", bench->settings->rounds);
    fisc_bench_result_set(bench->result, "seed", "%" G_GUINT64_FORMAT, bench->settings->seed);
    return true;
}

bool
fisc_bench_statements(const FiscBenchSettings *settings, FiscBenchResult *result, GError **error)
{
    Bench bench = {.settings = settings, .result = result};
    bool is_done = prepare(&bench, error) && measure_all(&bench, error);
    remove_folder(&bench);
    g_free(bench.folder);
    fisc_bench_database_free(bench.database);
    return is_done;
}

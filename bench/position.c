/* position.c: `fisc bench position`: how fast the books answer while they are posted to, and what
 * answering costs the posting. Readers ask as fast as they can, each waiting for its answer. */
#include "bench/benches.h"
#include <stdio.h>
#include <string.h>

#define READERS 8
#define FIRST_VOUCHERS 20000       /* posted and folded before anybody asks */
#define WAL_MEGABYTES_A_SECOND 100 /* what a second of posting and asking in turn writes, about */
#define LOST_MAX 0.25

typedef struct {
    const FiscBenchSettings *settings;
    FiscBenchResult *result;
    FiscBenchNation *nation;
    FiscBenchDatabase *database;
    FiscBenchBooks *books;
    GArray *places; /* of Place */
    uint64_t stream;
    int64_t posted, refused;
} Bench;

/* Where a balance lies. */
typedef struct {
    char entity[12], period[12], coding[12];
} Place;

/* ---- questions ---- */

/* What the budget line of the voucher has left: exact at the last committed batch. */
static bool
ask_funds(void *shared, void *state, const FiscBenchVoucher *voucher, bool *out_is_answered,
          GError **error)
{
    (void)state;
    const Bench *bench = shared;
    const FiscBenchBudget *budget = &bench->nation->budget[voucher->budget];
    const char *dim[FISC_DIM_COUNT] = {
        [FISC_DIM_PROGRAMME] = bench->nation->programme[budget->programme],
        [FISC_DIM_ECONOMIC] = bench->nation->economic[budget->economic]};
    g_autoptr(GPtrArray) funds = NULL;
    if (!fisc_poster_funds(bench->books->poster, bench->nation->unit[budget->unit], FISC_BENCH_YEAR,
                           dim, &funds, error)) {
        return false;
    }
    *out_is_answered = funds->len == 1;
    return funds->len == 1 ||
           fisc_fail(error, FISC_ERROR_FAILED, "%u answers about one budget line", funds->len);
}

static bool
connect_reader(void *shared, void **out_state, GError **error)
{
    static const char sql[] =
        "select debit, credit from ledger.balance_now where book_id = 1"
        " and entity_id = $1::int and period = $2::int and coding_id = $3::int";
    const Bench *bench = shared;
    PGconn *connection = fisc_bench_database_connect(bench->database, error);
    if (connection == NULL) {
        return false;
    }
    PGresult *result = PQprepare(connection, "lookup", sql, 0, NULL);
    bool is_ready = PQresultStatus(result) == PGRES_COMMAND_OK ||
                    fisc_bench_database_fail(connection, sql, error);
    PQclear(result);
    if (!is_ready) {
        PQfinish(connection);
        return false;
    }
    *out_state = connection;
    return true;
}

/* A balance by its key in SQL: what was folded, and what was posted since. */
static bool
ask_balance(void *shared, void *state, const FiscBenchVoucher *voucher, bool *out_is_answered,
            GError **error)
{
    const Bench *bench = shared;
    const Place *place =
        &g_array_index(bench->places, Place, (guint)voucher->budget % bench->places->len);
    const char *values[] = {place->entity, place->period, place->coding};
    PGresult *result = PQexecPrepared(state, "lookup", 3, values, NULL, NULL, 0);
    bool is_good = PQresultStatus(result) == PGRES_TUPLES_OK;
    *out_is_answered = is_good && PQntuples(result) == 1;
    PQclear(result);
    if (!is_good) {
        return fisc_bench_database_fail(state, "looking a balance up", error);
    }
    return *out_is_answered || fisc_fail(error, FISC_ERROR_FAILED, "a balance was not found");
}

static void
disconnect_reader(void *state)
{
    PQfinish(state);
}

/* ---- preparing ---- */

static bool
load_places(Bench *bench, GError **error)
{
    PGresult *result = PQexec(bench->database->connection,
                              "select entity_id, period, coding_id from ledger.balance"
                              " where period > 202601 order by coding_id, period");
    bool is_good = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) > 0;
    bench->places = g_array_new(FALSE, TRUE, sizeof(Place));
    for (int i = 0; is_good && i < PQntuples(result); i++) {
        Place place;
        g_strlcpy(place.entity, PQgetvalue(result, i, 0), sizeof place.entity);
        g_strlcpy(place.period, PQgetvalue(result, i, 1), sizeof place.period);
        g_strlcpy(place.coding, PQgetvalue(result, i, 2), sizeof place.coding);
        g_array_append_val(bench->places, place);
    }
    PQclear(result);
    return is_good || fisc_bench_database_fail(bench->database->connection, "balances", error);
}

static bool
prepare(Bench *bench, GError **error)
{
    const FiscBenchSettings *settings = bench->settings;
    FiscBenchRun run = {0};
    FiscBenchRandom random = fisc_bench_random(settings->seed, 1);
    fisc_bench_progress(settings, 0, settings->rounds, "filling the books");
    bench->nation = fisc_bench_nation_new(settings->seed);
    if (!fisc_bench_database_new(settings->server_uri, &bench->database, error) ||
        !fisc_bench_database_describe(bench->database, bench->result, error) ||
        !fisc_bench_books_open(bench->database, bench->nation, &bench->books, error) ||
        !fisc_bench_books_import_count(bench->books, FIRST_VOUCHERS, &random, &run, error) ||
        !fisc_poster_checkpoint(bench->books->poster, error) ||
        !fisc_bench_database_warm(bench->database,
                                  WAL_MEGABYTES_A_SECOND * settings->seconds * settings->rounds,
                                  error)) {
        return false;
    }
    bench->posted = run.posted;
    bench->refused = run.refused;
    return load_places(bench, error);
}

/* ---- measuring ---- */

/* Posting and asking at once, or one of the two: NULL is nobody. */
static bool
measure(Bench *bench, const FiscBenchPosting *reading, bool is_posting, double *out_posted_per_s,
        double *out_asked_per_s, GError **error)
{
    const FiscBenchSettings *settings = bench->settings;
    FiscBenchPosting posting = fisc_bench_books_posting(bench->books);
    FiscBenchRun posted = {0};
    FiscBenchRun asked = {0};
    uint64_t stream = bench->stream += 2;
    FiscBenchClients *readers =
        reading != NULL ? fisc_bench_clients_start(reading, READERS, settings->seed, stream) : NULL;
    bool is_good = true;
    if (is_posting) {
        is_good = fisc_bench_clients_run(&posting, settings->clients, settings->seconds,
                                         settings->seed, stream + 1, &posted, error);
    } else {
        fisc_bench_clients_wait(readers, (int64_t)settings->seconds * G_USEC_PER_SEC);
    }
    if (readers != NULL) {
        is_good = fisc_bench_clients_stop(readers, &asked, is_good ? error : NULL) && is_good;
    }
    bench->posted += posted.posted;
    bench->refused += posted.refused;
    *out_posted_per_s = fisc_bench_run_rate(&posted);
    *out_asked_per_s = fisc_bench_run_rate(&asked);
    return is_good;
}

/* A kind of question, with the names under which it is told. */
typedef struct {
    FiscBenchPosting reading;
    FiscBenchRatio lost;
    FiscBenchFigure posting, alone, beside;
} Question;

static bool
measure_question(Bench *bench, const Question *question, double undisturbed_per_s, GError **error)
{
    double posted_per_s, alone_per_s, beside_per_s, none_per_s;
    if (!measure(bench, &question->reading, true, &posted_per_s, &beside_per_s, error) ||
        !measure(bench, &question->reading, false, &none_per_s, &alone_per_s, error)) {
        return false;
    }
    fisc_bench_result_add_ratio(bench->result, &question->lost,
                                1 - posted_per_s / undisturbed_per_s);
    fisc_bench_result_add_figure(bench->result, &question->posting, posted_per_s);
    fisc_bench_result_add_figure(bench->result, &question->beside, beside_per_s);
    fisc_bench_result_add_figure(bench->result, &question->alone, alone_per_s);
    return true;
}

static bool
run_rounds(Bench *bench, GError **error)
{
    static const FiscBenchFigure undisturbed = {"posting_entries_per_s", "nobody asks"};
    const Question questions[] = {
        {{bench->nation, bench, NULL, ask_funds, NULL},
         {"posting_lost_to_funds", "share of posting lost while 8 readers ask for funds",
          FISC_BENCH_AT_MOST, LOST_MAX},
         {"posting_beside_funds_per_s", "entries while 8 readers ask for funds"},
         {"funds_alone_per_s", "funds questions, 8 readers, nobody posts"},
         {"funds_per_s", "funds questions, 8 readers, while posting"}},
        {{bench->nation, bench, connect_reader, ask_balance, disconnect_reader},
         {"posting_lost_to_balances", "the same while they look balances up by SQL",
          FISC_BENCH_AT_MOST, LOST_MAX},
         {"posting_beside_balances_per_s", "entries while 8 readers look balances up"},
         {"balances_alone_per_s", "balances by key, 8 readers, nobody posts"},
         {"balances_per_s", "balances by key, 8 readers, while posting"}},
    };
    for (int round = 0; round < bench->settings->rounds; round++) {
        double undisturbed_per_s, none_per_s;
        fisc_bench_progress(bench->settings, round, bench->settings->rounds, "posting and asking");
        if (!measure(bench, NULL, true, &undisturbed_per_s, &none_per_s, error)) {
            return false;
        }
        fisc_bench_result_add_figure(bench->result, &undisturbed, undisturbed_per_s);
        for (gsize i = 0; i < G_N_ELEMENTS(questions); i++) {
            if (!measure_question(bench, &questions[i], undisturbed_per_s, error)) {
                return false;
            }
        }
    }
    return true;
}

bool
fisc_bench_position(const FiscBenchSettings *settings, FiscBenchResult *result, GError **error)
{
    Bench bench = {.settings = settings, .result = result, .stream = 2};
    bool is_done = prepare(&bench, error) && run_rounds(&bench, error) &&
                   fisc_bench_books_check(bench.database, bench.posted, bench.refused, error);
    fisc_bench_result_set(result, "submitters", "%d", settings->clients);
    fisc_bench_result_set(result, "rounds", "%d of %d s", settings->rounds, settings->seconds);
    fisc_bench_result_set(result, "seed", "%" G_GUINT64_FORMAT, settings->seed);
    fisc_bench_books_close(bench.books);
    fisc_bench_database_free(bench.database);
    fisc_bench_nation_free(bench.nation);
    g_clear_pointer(&bench.places, g_array_unref);
    return is_done;
}

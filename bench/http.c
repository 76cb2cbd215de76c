/* http.c: `fisc bench http`: posts and questions about funds over the server's own HTTP, against a
 * reply of the same server that costs nothing but HTTP. Clients are threads of this process that
 * keep their connections; the server runs in it, too, on 127.0.0.1. */
#include "app/flows/signin.h"
#include "app/server/server.h"
#include "bench/benches.h"
#include "bench/http_client.h"
#include "fisc/money.h"
#include <stdio.h>
#include <string.h>

#define CLIENTS 64
#define FIRST_VOUCHERS 20000
#define WARM_SECONDS 1
#define WAL_MEGABYTES_A_SECOND 60
#define POSTS_LEAST 0.2
#define FUNDS_LEAST 0.5
#define UNDER_LOAD_MOST 3.0
#define ASKING_BESIDE 8 /* clients that ask for funds while the others post */

typedef struct {
    const FiscBenchSettings *settings;
    FiscBenchResult *result;
    FiscBenchNation *nation;
    FiscBenchDatabase *database;
    FiscServer *server;
    char token[FISC_SECRET_TEXT];
    uint64_t stream;
    int64_t posted, refused;
} Bench;

/* Requests ------------------------------------------------------------------------------------ */

static bool
begin_client(void *shared, void **out_state, GError **error)
{
    const Bench *bench = shared;
    FiscBenchHttp *client =
        fisc_bench_http_new(fisc_serve_port(bench->server), bench->token, error);
    *out_state = client;
    return client != NULL;
}

static void
end_client(void *state)
{
    fisc_bench_http_free(state);
}

static bool
ask_constant(void *shared, void *state, const FiscBenchVoucher *voucher, bool *out_is_answered,
             GError **error)
{
    (void)shared;
    (void)voucher;
    int status = 0;
    bool is_done = fisc_bench_http_ask(state, "GET", "/v1", NULL, NULL, &status, error);
    *out_is_answered = status == 200;
    return is_done &&
           (*out_is_answered || fisc_fail(error, FISC_ERROR_FAILED, "GET /v1 answered %d", status));
}

static bool
ask_funds(void *shared, void *state, const FiscBenchVoucher *voucher, bool *out_is_answered,
          GError **error)
{
    const Bench *bench = shared;
    const FiscBenchBudget *budget = &bench->nation->budget[voucher->budget];
    char path[200];
    int status = 0;
    g_snprintf(path, sizeof path, "/v1/funds?entity=%s&period=%d&programme=%s&economic=%s",
               bench->nation->unit[budget->unit], FISC_BENCH_YEAR,
               bench->nation->programme[budget->programme],
               bench->nation->economic[budget->economic]);
    bool is_done = fisc_bench_http_ask(state, "GET", path, NULL, NULL, &status, error);
    *out_is_answered = status == 200;
    return is_done && (*out_is_answered ||
                       fisc_fail(error, FISC_ERROR_FAILED, "%s answered %d", path, status));
}

static void
write_entry(const Bench *bench, const FiscBenchVoucher *voucher, char *buffer, gsize size)
{
    const FiscBenchNation *nation = bench->nation;
    const FiscBenchBudget *budget = &nation->budget[voucher->budget];
    const char *unit = nation->unit[budget->unit];
    char amount[FISC_AMOUNT_TEXT];
    fisc_amount_format(voucher->amount, 2, amount);
    g_snprintf(buffer, size,
               "{\"reference\":\"%s/%s\",\"entity\":\"%s\",\"date\":\"%d-%02d-15\","
               "\"memo\":\"" FISC_BENCH_MEMO "\",\"lines\":["
               "{\"account\":\"%s\",\"debit\":\"%s\",\"cofog\":\"%s\",\"programme\":\"%s\","
               "\"fund\":\"%s\",\"economic\":\"%s\"},"
               "{\"account\":\"%s\",\"credit\":\"%s\","
               "\"counterparty_entity\":\"" FISC_BENCH_SUPPLIERS "\"}]}",
               unit, voucher->reference, unit, FISC_BENCH_YEAR, voucher->month,
               nation->account[budget->account].code, amount, budget->function,
               nation->programme[budget->programme], nation->fund[budget->fund],
               nation->economic[budget->economic], nation->account[voucher->payable].code, amount);
}

/* What the budget can bear: looking for the ways out of a refusal is another matter. */
static bool
post_entry(void *shared, void *state, const FiscBenchVoucher *voucher, bool *out_is_posted,
           GError **error)
{
    char body[1000];
    int status = 0;
    const Bench *bench = shared;
    FiscBenchVoucher affordable = *voucher;
    while (fisc_bench_budget_is_dry(&bench->nation->budget[affordable.budget])) {
        affordable.budget = (affordable.budget + 1) % FISC_BENCH_BUDGETS;
    }
    write_entry(bench, &affordable, body, sizeof body);
    bool is_done = fisc_bench_http_ask(state, "POST", "/v1/entries?source=" FISC_BENCH_SOURCE,
                                       voucher->reference, body, &status, error);
    *out_is_posted = status == 201;
    return is_done && (status == 201 || status == 422 ||
                       fisc_fail(error, FISC_ERROR_FAILED, "a post was answered %d: %s", status,
                                 fisc_bench_http_body(state)));
}

/* Preparing ----------------------------------------------------------------------------------- */

static bool
open_server(Bench *bench, GError **error)
{
    FiscContext ctx = {.pool = bench->database->pool, .book_id = 1, .actor = FISC_BENCH_ACTOR};
    const FiscTokenWords words = {.person = FISC_BENCH_ACTOR, .name = "bench", .uses = "admin"};
    const FiscServerOptions options = {.listen = "127.0.0.1:0",
                                       .poster_uri = bench->database->uri,
                                       .poster_role = "fisc_poster",
                                       .reader_uri = bench->database->uri,
                                       .reader_role = "fisc_reader",
                                       .book_id = 1};
    static const char quota[] = /* nobody asks as much within an hour as a bench */
        "insert into access.quota (person, requests_hour, rows_hour, alarm_rows)"
        " values ('" FISC_BENCH_ACTOR "', 2000000000, 2000000000, 2000000000)";
    return fisc_bench_database_run(bench->database, quota, error) &&
           fisc_flow_token_make(&ctx, &words, bench->token, error) &&
           fisc_serve_open(&options, &bench->server, error);
}

static bool
prepare(Bench *bench, GError **error)
{
    const FiscBenchSettings *settings = bench->settings;
    FiscBenchRun run = {0};
    FiscBenchBooks *books = NULL;
    FiscBenchRandom random = fisc_bench_random(settings->seed, 1);
    fisc_bench_progress(settings, 0, settings->rounds, "filling the books");
    bench->nation = fisc_bench_nation_new(settings->seed);
    bool is_filled =
        fisc_bench_database_new(settings->server_uri, &bench->database, error) &&
        fisc_bench_database_describe(bench->database, bench->result, error) &&
        fisc_bench_books_open(bench->database, bench->nation, &books, error) &&
        fisc_bench_books_import_count(books, FIRST_VOUCHERS, &random, &run, error) &&
        fisc_poster_checkpoint(books->poster, error) &&
        fisc_bench_database_warm(
            bench->database, WAL_MEGABYTES_A_SECOND * settings->seconds * settings->rounds, error);
    fisc_bench_books_close(books);
    bench->posted = run.posted;
    bench->refused = run.refused;
    return is_filled && open_server(bench, error);
}

/* Measuring ----------------------------------------------------------------------------------- */

typedef bool (*Ask)(void *shared, void *state, const FiscBenchVoucher *voucher, bool *out_is_good,
                    GError **error);

static FiscBenchPosting
asking(Bench *bench, Ask ask)
{
    return (FiscBenchPosting){bench->nation, bench, begin_client, ask, end_client};
}

static bool
measure(Bench *bench, Ask ask, int clients, FiscBenchRun *out_run, GError **error)
{
    FiscBenchPosting posting = asking(bench, ask);
    return fisc_bench_clients_run(&posting, clients, bench->settings->seconds,
                                  bench->settings->seed, bench->stream += 2, out_run, error);
}

static void
count(Bench *bench, const FiscBenchRun *run)
{
    bench->posted += run->posted;
    bench->refused += run->refused;
}

/* What one kind of request is told by. */
static void
add_figures(Bench *bench, const char *what, const FiscBenchRun *run)
{
    struct {
        const char *name;
        double value;
    } figures[] = {{"per_s", fisc_bench_run_rate(run)},
                   {"p50_ms", fisc_bench_histogram_ms(&run->latency, 0.5)},
                   {"p99_ms", fisc_bench_histogram_ms(&run->latency, 0.99)}};
    for (gsize i = 0; i < G_N_ELEMENTS(figures); i++) {
        g_autofree char *name = g_strdup_printf("%s_%s", what, figures[i].name);
        const FiscBenchFigure figure = {g_intern_string(name), what};
        fisc_bench_result_add_figure(bench->result, &figure, figures[i].value);
    }
}

/* Questions about funds while everybody else posts, and when nobody does, by as many. */
static bool
measure_under_load(Bench *bench, GError **error)
{
    static const FiscBenchRatio ratio = {
        "p99_under_load", "p99 of a question about funds, all others posting, over nobody posting",
        FISC_BENCH_AT_MOST, UNDER_LOAD_MOST};
    FiscBenchPosting posting = asking(bench, post_entry);
    FiscBenchRun idle = {0}, busy = {0}, posted = {0};
    if (!measure(bench, ask_funds, ASKING_BESIDE, &idle, error)) {
        return false;
    }
    FiscBenchClients *posters = fisc_bench_clients_start(&posting, CLIENTS - ASKING_BESIDE,
                                                         bench->settings->seed, bench->stream += 2);
    bool is_good = measure(bench, ask_funds, ASKING_BESIDE, &busy, error);
    is_good = fisc_bench_clients_stop(posters, &posted, is_good ? error : NULL) && is_good;
    count(bench, &posted);
    if (is_good) {
        add_figures(bench, "funds_idle", &idle);
        add_figures(bench, "funds_busy", &busy);
        add_figures(bench, "posts_beside", &posted);
        fisc_bench_result_add_ratio(bench->result, &ratio,
                                    fisc_bench_histogram_ms(&busy.latency, 0.99) /
                                        fisc_bench_histogram_ms(&idle.latency, 0.99));
    }
    return is_good;
}

/* Each kind of request for a second, unmeasured: what a server reads once, it has read then. */
static bool
warm_up(Bench *bench, GError **error)
{
    static const Ask asks[] = {ask_constant, post_entry, ask_funds};
    for (gsize i = 0; i < G_N_ELEMENTS(asks); i++) {
        FiscBenchPosting posting = asking(bench, asks[i]);
        FiscBenchRun run = {0};
        if (!fisc_bench_clients_run(&posting, CLIENTS, WARM_SECONDS, bench->settings->seed,
                                    bench->stream += 2, &run, error)) {
            return false;
        }
        if (asks[i] == post_entry) {
            count(bench, &run);
        }
    }
    return true;
}

static bool
run_round(Bench *bench, GError **error)
{
    static const FiscBenchRatio posts = {"posts",
                                         "posts of one entry over replies that cost nothing",
                                         FISC_BENCH_AT_LEAST, POSTS_LEAST};
    static const FiscBenchRatio funds = {"funds",
                                         "questions about funds over replies that cost nothing",
                                         FISC_BENCH_AT_LEAST, FUNDS_LEAST};
    FiscBenchRun constant = {0}, posted = {0}, asked = {0};
    if (!measure(bench, ask_constant, CLIENTS, &constant, error) ||
        !measure(bench, post_entry, CLIENTS, &posted, error) ||
        !measure(bench, ask_funds, CLIENTS, &asked, error)) {
        return false;
    }
    count(bench, &posted);
    add_figures(bench, "constant", &constant);
    add_figures(bench, "posts", &posted);
    add_figures(bench, "funds", &asked);
    fisc_bench_result_add_ratio(bench->result, &posts,
                                fisc_bench_run_rate(&posted) / fisc_bench_run_rate(&constant));
    fisc_bench_result_add_ratio(bench->result, &funds,
                                fisc_bench_run_rate(&asked) / fisc_bench_run_rate(&constant));
    return measure_under_load(bench, error);
}

bool
fisc_bench_http(const FiscBenchSettings *settings, FiscBenchResult *result, GError **error)
{
    Bench bench = {.settings = settings, .result = result, .stream = 2};
    bool is_done = prepare(&bench, error) && warm_up(&bench, error);
    for (int round = 0; is_done && round < settings->rounds; round++) {
        fisc_bench_progress(settings, round, settings->rounds, "asking over HTTP");
        is_done = run_round(&bench, error);
    }
    fisc_serve_close(bench.server);
    is_done = is_done && fisc_bench_books_check(bench.database, bench.posted, bench.refused, error);
    fisc_bench_result_set(result, "connections", "%d", CLIENTS);
    fisc_bench_result_set(result, "rounds", "%d of %d s", settings->rounds, settings->seconds);
    fisc_bench_result_set(result, "seed", "%" G_GUINT64_FORMAT, settings->seed);
    fisc_bench_database_free(bench.database);
    fisc_bench_nation_free(bench.nation);
    return is_done;
}

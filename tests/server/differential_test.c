/* differential_test.c: two books that differ only in what BBB has done: its amounts, documents,
 * refusals, budget. Whatever a person of AAA asks of one and of the other, the answers are the same
 * bytes, but for what docs/access.md lists: hashes, times, numbers of requests, and places in the
 * chain, which tell that something was posted and not what. */
#include "tests/server/paths.h"
#include "tests/server/serving.h"
#include "tests/server/two_books.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_differential_tests[];

/* Patterns of what may differ, and what is put in their place. */
static const struct {
    const char *pattern, *mark;
} exemptions[] = {
    {"urn:fisc:request:[^\"]*", "REQUEST"},
    {"[0-9a-f]{32,}", "HASH"},
    {"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "TOKEN"}, /* names of the test's own tokens */
    {"\\d{4}-\\d\\d-\\d\\d[T ]\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?Z?", "TIME"},
    {"\"(batch|entry|known_at|batch_no|head|size|upto|since)\":\\s*\"?\\d+\"?", "\"\\1\":PLACE"},
    {"\\\\\"batch\\\\\":\\d+", "\\\\\"batch\\\\\":PLACE"}, /* of a receipt, a text */
    {"\"(next|cursor)\":\\s*\"[^\"]*\"", "\"\\1\":PLACE"},
    {"batch \\d+", "batch PLACE"},
    {" \\* \\(\\d+\\) ", " * (PLACE) "}, /* an entry of an exported journal */
};

static char *
normalize(const char *text)
{
    char *done = g_strdup(text);
    for (gsize i = 0; i < G_N_ELEMENTS(exemptions); i++) {
        g_autoptr(GRegex) regex =
            g_regex_new(exemptions[i].pattern, G_REGEX_OPTIMIZE, (GRegexMatchFlags)0, NULL);
        char *next =
            g_regex_replace(regex, done, -1, 0, exemptions[i].mark, (GRegexMatchFlags)0, NULL);
        g_free(done);
        done = next;
    }
    return done;
}

typedef struct {
    Serving *poor, *rich;
    char *poor_header, *rich_header;
    int asked, with_content;
} Pair;

static Pair
pair_new(const char *person)
{
    Pair pair = {.poor = serving_new(two_books_new(TWO_BOOKS_POOR), NULL),
                 .rich = serving_new(two_books_new(TWO_BOOKS_RICH), NULL)};
    pair.poor_header = serving_sign_in(pair.poor, person);
    pair.rich_header = serving_sign_in(pair.rich, person);
    return pair;
}

static void
pair_clear(Pair *pair)
{
    serving_free(pair->poor);
    serving_free(pair->rich);
    g_free(pair->poor_header);
    g_free(pair->rich_header);
}

static char *
answer_of(Serving *serving, const char *header, const char *method, const PathsRequest *request,
          int *out_status)
{
    ServingAnswer answer = {0};
    g_autofree char *headers = g_strconcat(request->headers, header, NULL);
    char *text = NULL;
    *out_status = 0;
    if (serving_request(serving, method, request->path, headers, request->body, &answer)) {
        g_autofree char *body = normalize(answer.body != NULL ? answer.body : "");
        *out_status = answer.status;
        text = g_strdup_printf("%d %s", answer.status, body);
    }
    serving_answer_clear(&answer);
    return text;
}

static void
compare(Pair *pair, const char *method, const PathsRequest *request)
{
    int status = 0, other_status = 0;
    g_autofree char *poor = answer_of(pair->poor, pair->poor_header, method, request, &status);
    g_autofree char *rich =
        answer_of(pair->rich, pair->rich_header, method, request, &other_status);
    g_autofree char *what = g_strdup_printf("%s %s", method, request->path);
    fisc_assert_text(rich, poor, what, __FILE__, __LINE__);
    CU_ASSERT(status < 500);
    pair->asked++;
    pair->with_content += status == 200;
}

/* What path fields may hold, beside the usual: names of BBB's and of AAA's. */
static const struct {
    const char *field, *values[8];
} varied[] = {
    {"document", {"AAA-D1", "BBB-D1", "BBB-D2", "NONE-D1"}},
    {"reference", {"AAA/A1", "BBB/B1", "BBB/B3", "BBB/B8", "BBB/B9", "NONE/1"}},
    {"key", {"A1", "AAA/A1", "B1", "BBB/B3", "BBB/B8", "BBB-D1", "BBB-D2", "AAA-D1"}},
    {"source", {"package", "test"}},
    {"report",
     {"gfs", "trial-balance", "budget-execution", "budget-book", "asymmetries",
      "control-exceptions", "budget-stages", "transfers"}},
    {"person", {"chief", "at-auditor"}},
    {"feeder", {"town", "village", "nobody"}},
    {"run", {"1", "2", "3"}},
};

static void
compare_units(Pair *pair, const FiscRoute *route, const char *field, const char *value)
{
    static const char *const units[] = {OWN, OTHER, "BOTH", "ALONE", NULL};
    for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
        PathsRequest request = paths_request_with(route, units[i], field, value);
        compare(pair, route->method, &request);
        paths_request_clear(&request);
    }
}

static void
compare_route(Pair *pair, const FiscRoute *route)
{
    compare_units(pair, route, NULL, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(varied); i++) {
        bool has_field = fisc_api_field(route->fields, FISC_IN_PATH, varied[i].field) != NULL ||
                         fisc_api_field(route->fields, FISC_IN_QUERY, varied[i].field) != NULL;
        for (int k = 0; has_field && k < 8 && varied[i].values[k] != NULL; k++) {
            compare_units(pair, route, varied[i].field, varied[i].values[k]);
        }
    }
}

/* What says of the server itself how it fares, and is no word of the books; what would end the
 * session; what writes without a dry run, for its second answer would not be the first. */
static bool
is_left_out(const FiscRoute *route)
{
    bool is_read = strcmp(route->method, "GET") == 0;
    return route->access == FISC_ACCESS_ANYONE || paths_is_stream(route) ||
           (!is_read && fisc_api_field(route->fields, FISC_IN_QUERY, "dry_run") == NULL);
}

static void
compare_all(const char *person)
{
    Pair pair = pair_new(person);
    for (const FiscResource *resource = fisc_resources; resource->tag != NULL; resource++) {
        for (const FiscRoute *route = resource->routes; route->method != NULL; route++) {
            if (!is_left_out(route)) {
                compare_route(&pair, route);
            }
        }
    }
    CU_ASSERT(pair.asked > 100);
    CU_ASSERT(pair.with_content > 20); /* else the same nothing would have been compared */
    pair_clear(&pair);
}

static void
test_accountant(void)
{
    compare_all("at-agency_accountant");
}

static void
test_approver(void)
{
    compare_all("at-approver");
}

/* The test would be worth nothing if the two books did not differ for who may see both. */
static void
test_auditor_sees_the_difference(void)
{
    Pair pair = pair_new("at-auditor");
    static const char *const paths[] = {"/v1/reports/gfs?period=2024&unit=" OTHER,
                                        "/v1/funds?period=2024&entity=" OTHER, "/v1/feeders",
                                        "/v1/runs", "/v1/runs/2/stages"};
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        int status = 0;
        const PathsRequest request = {.path = (char *)paths[i], .headers = (char *)""};
        g_autofree char *poor = answer_of(pair.poor, pair.poor_header, "GET", &request, &status);
        FISC_ASSERT_INT(status, 200);
        g_autofree char *rich = answer_of(pair.rich, pair.rich_header, "GET", &request, &status);
        CU_ASSERT(g_strcmp0(poor, rich) != 0);
    }
    pair_clear(&pair);
}

const FiscTest fisc_differential_tests[] = {
    {"shows an accountant of one agency no byte of another's", test_accountant},
    {"shows an approver of one agency no byte of another's", test_approver},
    {"shows who sees the whole book that the two differ", test_auditor_sees_the_difference},
    {NULL, NULL},
};

/* http_test.c: what a server gets that no client of good will sends: requests with two readings,
 * and JSON that is none or means nothing. Each is refused with its own status and code, nothing is
 * written, and the server goes on answering. */
#include "tests/app/school.h"
#include "tests/server/serving.h"
#include "tests/support/suite.h"
#include <string.h>

#define BYTES(text) (text), sizeof(text) - 1
#define HOST "Host: fisc.example\r\n"
#define TO "POST /v1/entries HTTP/1.1\r\n" HOST
/* A request that would be answered if it were taken for one of its own. */
#define HIDDEN "GET /healthz HTTP/1.1\r\n" HOST "\r\n"

static Serving *serving;
static char *headers; /* of who may post */
static int64_t batch; /* the newest, before and after */

int fisc_http_tear_down(void);

/* Within the first test that needs it: what it asserts belongs to a test. */
static void
be_ready(void)
{
    if (serving == NULL) {
        serving = serving_new(school_books(), NULL);
        headers = serving_sign_in(serving, "ana");
        batch = books_batch(serving->books);
    }
}

int
fisc_http_tear_down(void)
{
    g_clear_pointer(&serving, serving_free);
    g_clear_pointer(&headers, g_free);
    return 0;
}

/* The server is there, and nothing came on record. */
static void
check_unmoved(void)
{
    g_auto(ServingAnswer) answer = {0};
    CU_ASSERT_FATAL(serving_request(serving, "GET", "/healthz", NULL, NULL, &answer));
    FISC_ASSERT_INT(answer.status, 200);
    FISC_ASSERT_INT(books_batch(serving->books), batch);
}

/* Framing ---------------------------------------------------------------------------------------
 */

/* clang-format off */
static const struct {
    const char *bytes;
    gsize length;
    int status;
    const char *code;
} framing_cases[] = {
    {BYTES(TO "Content-Length: 0\r\nContent-Length: 55\r\n\r\n" HIDDEN), 400, "REQUEST_INVALID"},
    {BYTES(TO "Content-Length: 2\r\nContent-Length: 2\r\n\r\n[]" HIDDEN), 400, "REQUEST_INVALID"},
    {BYTES(TO "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" HIDDEN), 400, "REQUEST_INVALID"},
    {BYTES(TO "Transfer-Encoding: xchunked\r\n\r\n" HIDDEN), 400, "REQUEST_INVALID"},
    {BYTES(TO "Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n" HIDDEN), 400, "REQUEST_INVALID"},
    {BYTES(TO "Content-Length : 55\r\n\r\n" HIDDEN), 400, "REQUEST_INVALID"},
    {BYTES(TO "Accept: a\r\n Content-Length: 55\r\n\r\n" HIDDEN), 400, "REQUEST_INVALID"},
    {BYTES("GET /healthz HTTP/1.1\n" HOST "\r\n"), 400, "REQUEST_INVALID"},
    {BYTES(TO "Accept: a\0b\r\n\r\n"), 400, "REQUEST_INVALID"},
    {BYTES(TO "Content-Length: +2\r\n\r\n[]"), 400, "REQUEST_INVALID"},
    {BYTES(TO "Content-Length: -2\r\n\r\n[]"), 400, "REQUEST_INVALID"},
    {BYTES(TO "Content-Length: 0, 35\r\n\r\n"), 400, "REQUEST_INVALID"},
    {BYTES(TO "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n"), 400, "REQUEST_INVALID"},
    {BYTES(TO "Transfer-Encoding: chunked\r\n\r\n7fffffffffffff\r\n"), 413, "BODY_TOO_LARGE"},
    {BYTES(TO "Transfer-Encoding: chunked\r\n\r\n2;a\nb\r\n[]\r\n0\r\n\r\n"), 400, "REQUEST_INVALID"},
    {BYTES("GET /healthz HTTP/1.1\r\n\r\n"), 400, "REQUEST_INVALID"},
    {BYTES("GET /healthz HTTP/1.1\r\n" HOST "Host: other.example\r\n\r\n"), 400, "REQUEST_INVALID"},
    {BYTES("GET http://other.example/healthz HTTP/1.1\r\n" HOST "\r\n"), 400, "REQUEST_INVALID"},
    {BYTES("GET /healthz\r\n"), 505, "VERSION_UNSUPPORTED"},
    {BYTES("GET /healthz HTTP/3.0\r\n" HOST "\r\n"), 505, "VERSION_UNSUPPORTED"},
    {BYTES("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505, "VERSION_UNSUPPORTED"},
    {BYTES("TRACE /healthz HTTP/1.1\r\n" HOST "\r\n"), 405, "METHOD_NOT_ALLOWED"},
    {BYTES("CONNECT fisc.example:443 HTTP/1.1\r\n" HOST "\r\n"), 405, "METHOD_NOT_ALLOWED"},
    {BYTES("get /healthz HTTP/1.1\r\n" HOST "\r\n"), 501, "METHOD_UNKNOWN"},
    {BYTES("GET /%00healthz HTTP/1.1\r\n" HOST "\r\n"), 400, "REQUEST_INVALID"},
    {BYTES("GET /v1/%2e%2e/healthz HTTP/1.1\r\n" HOST "\r\n"), 400, "REQUEST_INVALID"},
    {BYTES("GET /%c0%afhealthz HTTP/1.1\r\n" HOST "\r\n"), 400, "REQUEST_INVALID"},
    {BYTES("GET /%2568ealthz HTTP/1.1\r\n" HOST "\r\n"), 400, "REQUEST_INVALID"},
};
/* clang-format on */

static void
check_refused(const char *bytes, gsize length, int status, const char *code)
{
    g_autoptr(ServingLink) link = serving_connect(serving);
    g_auto(ServingAnswer) answer = {0};
    serving_link_send(link, bytes, (gssize)length);
    bool is_whole = serving_link_receive(link, false, &answer);
    g_autofree char *what = g_strndup(bytes, MIN(length, 120));
    fisc_assert_int(is_whole ? answer.status : 0, status, what, __FILE__, __LINE__);
    fisc_assert_text(serving_answer_text(&answer, "code"), code, what, __FILE__, __LINE__);
    if (is_whole) {
        FISC_ASSERT_TEXT(serving_answer_header(&answer, "Content-Type"),
                         "application/problem+json");
        CU_ASSERT_PTR_NOT_NULL(serving_answer_header(&answer, "X-Request-Id"));
        CU_ASSERT(serving_link_is_closed(link)); /* what was hidden behind is not answered */
    }
}

static void
test_refuses_requests_with_two_readings(void)
{
    be_ready();
    for (gsize i = 0; i < G_N_ELEMENTS(framing_cases); i++) {
        check_refused(framing_cases[i].bytes, framing_cases[i].length, framing_cases[i].status,
                      framing_cases[i].code);
    }
    check_unmoved();
}

static void
check_long(const char *begin, gsize count, const char *fill, int status, const char *code)
{
    GString *request = g_string_new(begin);
    for (gsize i = 0; i < count; i++) {
        g_string_append(request, fill);
    }
    check_refused(request->str, request->len, status, code);
    g_string_free(request, TRUE);
}

static void
test_refuses_heads_without_end(void)
{
    be_ready();
    check_long("GET /", 40 * 1024, "a", 414, "URI_TOO_LONG");
    check_long("GET /healthz HTTP/1.1\r\n" HOST, 10000, "A: b\r\n", 431, "HEAD_TOO_LARGE");
    check_long("GET /healthz HTTP/1.1\r\n" HOST "A: ", 100 * 1024, "b", 431, "HEAD_TOO_LARGE");
    check_unmoved();
}

/* One connection that sends nonsense must not cost another its answer. */
static void
test_keeps_connections_apart(void)
{
    be_ready();
    g_autoptr(ServingLink) good = serving_connect(serving);
    g_auto(ServingAnswer) answer = {0};
    serving_link_send(good, "GET /healthz HTTP/1.1\r\n", -1);
    test_refuses_requests_with_two_readings();
    serving_link_send(good, HOST "\r\n", -1);
    CU_ASSERT(serving_link_receive(good, false, &answer));
    FISC_ASSERT_INT(answer.status, 200);
}

/* JSON ------------------------------------------------------------------------------------------
 */

#define LINES(amount)                                                                              \
    "[{\"gfs_code\":\"22\",\"debit\":" amount ",\"counterparty_entity\":\"CORP\","                 \
    "\"cofog\":\"70912\"},{\"gfs_code\":\"3308\",\"credit\":" amount                               \
    ",\"counterparty_entity\":\"CORP\"}]"
#define ENTRY(amount)                                                                              \
    "{\"entity\":\"SCH\",\"journal_id\":\"9\",\"date\":\"2024-03-05\",\"lines\":" LINES(amount) "}"

/* A body with its status and code: of the problem, or of its first error. */
typedef struct {
    const char *body;
    gsize length;
    int status;
    const char *code;
} BodyCase;

/* Ten levels, and forty of them. */
#define TEN(inside) "[[[[[[[[[[" inside "]]]]]]]]]]"
#define FORTY TEN(TEN(TEN(TEN(""))))

/* clang-format off */
static const BodyCase entry_cases[] = {
    {BYTES("{\"entity\":\"SCH\",\"deep\":" FORTY "}"), 422, "JSON_INVALID"},
    {BYTES("[{\"entity\":\"SCH\",\"lines\":" FORTY "}]"), 422, "JSON_INVALID"},
    {BYTES(""), 422, "JSON_INVALID"},
    {BYTES("   "), 422, "JSON_INVALID"},
    {BYTES("{"), 422, "JSON_INVALID"},
    {BYTES("[" ENTRY("\"1.00\"")), 422, "JSON_INVALID"},
    {BYTES(ENTRY("\"1.00\"") "x"), 422, "JSON_INVALID"},
    {BYTES("\xef\xbb\xbf" ENTRY("\"1.00\"")), 422, "JSON_INVALID"},
    {BYTES(ENTRY("\"1.00\"") "\0"), 422, "NUL_BYTE"},
    {BYTES("null"), 422, "JSON_INVALID"},
    {BYTES("\"text\""), 422, "JSON_INVALID"},
    {BYTES("[1]"), 422, "JSON_INVALID"},
    {BYTES("{\"entity\":\"SCH\",\"entity\":\"CORP\"}"), 422, "JSON_INVALID"},
    {BYTES(ENTRY("NaN")), 422, "JSON_INVALID"},
    {BYTES(ENTRY("Infinity")), 422, "JSON_INVALID"},
    {BYTES(ENTRY("1e400")), 422, "JSON_INVALID"},
    {BYTES(ENTRY("9223372036854775808")), 422, "JSON_INVALID"},
    {BYTES(ENTRY("1")), 422, "AMOUNT_INVALID"},
    {BYTES(ENTRY("-0")), 422, "AMOUNT_INVALID"},
    {BYTES(ENTRY("90071992547409931.01")), 422, "AMOUNT_INVALID"},
    {BYTES(ENTRY("true")), 422, "VALUE_INVALID"},
    {BYTES(ENTRY("\"1E2\"")), 422, "AMOUNT_INVALID"},
    {BYTES(ENTRY("\"1,000\"")), 422, "AMOUNT_INVALID"},
    {BYTES(ENTRY("\"\xd9\xa1\xd9\xa2\xd9\xa3\"")), 422, "AMOUNT_INVALID"},
    {BYTES(ENTRY("\"1.001\"")), 422, "AMOUNT_DECIMALS"},
    {BYTES(ENTRY("\"92233720368547758.08\"")), 422, "AMOUNT_OVERFLOW"},
    {BYTES(ENTRY("\"\\ud800\"")), 422, "JSON_INVALID"},
    {BYTES(ENTRY("\"\\u0000\"")), 422, "JSON_INVALID"},
    {BYTES(ENTRY("\"\xc0\xb1\"")), 422, "ENCODING_INVALID"},
    {BYTES("{\"entity\":\"SCH\",\"journal_id\":\"9\",\"date\":\"2024-03-05\",\"lines\":[],\"colour\":\"red\"}"), 422, "COLUMN_UNKNOWN"},
    {BYTES("{\"entity\":7,\"journal_id\":\"9\",\"date\":\"2024-03-05\",\"lines\":[]}"), 422, "VALUE_INVALID"},
};

static const BodyCase route_cases[] = {
    {BYTES(""), 400, "JSON_INVALID"},
    {BYTES("{\"state\":\"open\""), 400, "JSON_INVALID"},
    {BYTES("{\"state\":\"open\"}}"), 400, "JSON_INVALID"},
    {BYTES("\xef\xbb\xbf{\"state\":\"open\"}"), 400, "JSON_INVALID"},
    {BYTES("{\"state\":\"open\"}\0"), 400, "JSON_INVALID"},
    {BYTES("{\"state\":\"open\",\"state\":\"closed\"}"), 400, "JSON_INVALID"},
    {BYTES("{\"state\":NaN}"), 400, "JSON_INVALID"},
    {BYTES("{\"state\":" FORTY "}"), 400, "JSON_INVALID"},
    {BYTES("{\"state\":1e400}"), 400, "JSON_INVALID"},
    {BYTES("{\"state\":9223372036854775808}"), 400, "JSON_INVALID"},
    {BYTES("{\"state\":\"\\ud800\"}"), 400, "JSON_INVALID"},
    {BYTES("{\"state\":\"\\u0000\"}"), 400, "JSON_INVALID"},
    {BYTES("{\"st\\u0000ate\":\"open\"}"), 400, "JSON_INVALID"},
    {BYTES("{\"state\":\"\xc0\xaf\"}"), 400, "JSON_INVALID"},
    {BYTES("'state'"), 400, "JSON_INVALID"},
    {BYTES("[]"), 422, "VALUE_INVALID"},
    {BYTES("null"), 400, "JSON_INVALID"},
    {BYTES("7"), 400, "JSON_INVALID"},
    {BYTES("{}"), 422, "VALUE_MISSING"},
    {BYTES("{\"state\":null}"), 422, "VALUE_INVALID"},
    {BYTES("{\"state\":7}"), 422, "VALUE_INVALID"},
    {BYTES("{\"state\":\"ajar\"}"), 422, "VALUE_INVALID"},
    {BYTES("{\"state\":[\"open\"]}"), 422, "VALUE_INVALID"},
    {BYTES("{\"state\":\"open\",\"colour\":\"red\"}"), 422, "FIELD_UNKNOWN"},
};
/* clang-format on */

static void
ask(const char *method, const char *path, const char *type, const char *body, gsize length,
    ServingAnswer *out_answer)
{
    g_autofree char *key = g_uuid_string_random();
    g_autofree char *all = g_strdup_printf(
        "%s%s%s%sIdempotency-Key: %s\r\n", headers, type != NULL ? "Content-Type: " : "",
        type != NULL ? type : "", type != NULL ? "\r\n" : "", key);
    *out_answer = (ServingAnswer){0};
    serving_request_bytes(serving, method, path, all, body, length, out_answer);
}

static bool
has_code(const ServingAnswer *answer, const char *code)
{
    return strcmp(serving_answer_text(answer, "code"), code) == 0 ||
           strcmp(serving_answer_text(answer, "errors/0/code"), code) == 0;
}

static void
check_bodies(const char *method, const char *path, const BodyCase *cases, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        g_auto(ServingAnswer) answer = {0};
        ask(method, path, "application/json", cases[i].body, cases[i].length, &answer);
        fisc_assert_int(answer.status, cases[i].status, cases[i].body, __FILE__, __LINE__);
        if (!has_code(&answer, cases[i].code)) {
            fisc_assert_text(answer.body, cases[i].code, cases[i].body, __FILE__, __LINE__);
        }
    }
}

static void
test_refuses_entries_that_are_no_json(void)
{
    be_ready();
    check_bodies("POST", "/v1/entries", entry_cases, G_N_ELEMENTS(entry_cases));
    check_unmoved();
}

static void
test_refuses_bodies_that_are_no_json(void)
{
    be_ready();
    check_bodies("PUT", "/v1/periods/2024-03", route_cases, G_N_ELEMENTS(route_cases));
    check_unmoved();
}

static void
test_refuses_types_that_it_does_not_read(void)
{
    be_ready();
    static const char *const types[] = {NULL,        "text/plain",      "application/xml",
                                        "text/html", "application/jso", "application/jsonx"};
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        g_auto(ServingAnswer) entry = {0};
        g_auto(ServingAnswer) period = {0};
        ask("POST", "/v1/entries", types[i], BYTES(ENTRY("\"1.00\"")), &entry);
        FISC_ASSERT_INT(entry.status, 415);
        ask("PUT", "/v1/periods/2024-03", types[i], BYTES("{\"state\":\"open\"}"), &period);
        FISC_ASSERT_INT(period.status, 415);
        FISC_ASSERT_TEXT(serving_answer_text(&period, "code"), "TYPE_UNSUPPORTED");
    }
    check_unmoved();
}

/* @count times @fill, or a member of its own when that is NULL. Caller frees. */
static GString *
make_large(const char *begin, gsize count, const char *fill, const char *end)
{
    GString *text = g_string_new(begin);
    for (gsize i = 0; i < count; i++) {
        if (fill != NULL) {
            g_string_append(text, fill);
        } else {
            g_string_append_printf(text, ",\"k%zu\":1", i);
        }
    }
    g_string_append(text, end);
    return text;
}

static void
test_refuses_json_that_is_too_much(void)
{
    be_ready();
    static const struct {
        const char *begin;
        gsize count;
        const char *fill, *end;
    } cases[] = {
        {"", 10000, "[", ""},
        {"{\"a\":", 10000, "[", ""},
        {"{\"state\":", 33, "[", ""},
        {"{\"a\":1", 60000, NULL, "}"}, /* keys nobody knows, to the limit of a body */
        {"{\"a\":1", 1000000, NULL, "}"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        GString *body = make_large(cases[i].begin, cases[i].count, cases[i].fill, cases[i].end);
        g_auto(ServingAnswer) entry = {0};
        g_auto(ServingAnswer) period = {0};
        ask("POST", "/v1/entries", "application/json", body->str, body->len, &entry);
        CU_ASSERT(entry.status >= 400 && entry.status < 500);
        ask("PUT", "/v1/periods/2024-03", "application/json", body->str, body->len, &period);
        CU_ASSERT(period.status >= 400 && period.status < 500);
        g_string_free(body, TRUE);
    }
    check_unmoved();
}

/* The same words without the mistake are taken: it was the mistake that was refused. */
static void
test_takes_what_is_right(void)
{
    be_ready();
    g_auto(ServingAnswer) entry = {0};
    ask("POST", "/v1/entries", "application/json; charset=utf-8", BYTES(ENTRY("\"1.00\"")), &entry);
    FISC_ASSERT_INT(entry.status, 201);
    CU_ASSERT(books_batch(serving->books) > batch);
}

const FiscTest fisc_http_tests[] = {
    {"refuses requests with two readings", test_refuses_requests_with_two_readings},
    {"refuses heads without end", test_refuses_heads_without_end},
    {"keeps connections apart", test_keeps_connections_apart},
    {"refuses entries that are no JSON", test_refuses_entries_that_are_no_json},
    {"refuses bodies that are no JSON", test_refuses_bodies_that_are_no_json},
    {"refuses types that it does not read", test_refuses_types_that_it_does_not_read},
    {"refuses JSON that is too much", test_refuses_json_that_is_too_much},
    {"takes what is right", test_takes_what_is_right},
    {NULL, NULL},
};

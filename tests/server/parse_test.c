/* parse_test.c: the strict reader of requests, without a socket: what it refuses, what it hands on,
 * and that it does not matter in which pieces the bytes come. */
#include "app/server/gate_parse.h"
#include "tests/support/suite.h"
#include <string.h>

#define HOST "Host: fisc.example\r\n"
#define GET "GET /v1/book HTTP/1.1\r\n" HOST
#define POST "POST /v1/entries HTTP/1.1\r\n" HOST
#define CHUNKED POST "Transfer-Encoding: chunked\r\n\r\n"
#define BYTES(text) (text), sizeof(text) - 1

typedef struct {
    const char *sentence;
    const char *bytes;
    gsize length;
    const char *expected; /* "400 REQUEST_INVALID", or "END" for each request that ended */
} Case;

/* What became of @data, fed in two pieces: steps, and behind them all that was handed on. */
static char *
outcome_of(const char *data, gsize length, gsize split, bool by_bytes)
{
    FiscGateParser *parser = fisc_gate_parser_new();
    g_autoptr(GByteArray) out = g_byte_array_new();
    GString *outcome = g_string_new(NULL);
    FiscGateStep step = FISC_GATE_MORE;
    for (gsize at = 0; step != FISC_GATE_REFUSED && (at < length || step != FISC_GATE_MORE);) {
        gsize end = by_bytes ? MIN(at + 1, length) : at < split ? split : length;
        at += fisc_gate_parser_feed(parser, data + at, end - at, out, &step);
        if (step == FISC_GATE_END) {
            g_string_append(outcome, "END ");
        } else if (step == FISC_GATE_REFUSED) {
            const FiscGateRefusal *refusal = fisc_gate_parser_refusal(parser);
            g_string_append_printf(outcome, "%d %s ", refusal->status, refusal->code);
        }
    }
    g_string_append_printf(outcome, "| %.*s", (int)out->len, (char *)out->data);
    fisc_gate_parser_free(parser);
    return g_string_free(outcome, FALSE);
}

static void
check_cases(const Case *cases)
{
    for (const Case *one = cases; one->sentence != NULL; one++) {
        g_autofree char *outcome = outcome_of(one->bytes, one->length, one->length, false);
        g_autofree char *steps = g_strndup(outcome, strcspn(outcome, "|"));
        g_strchomp(steps);
        fisc_assert_text(steps, one->expected, one->sentence, __FILE__, __LINE__);
        bool is_same = true;
        for (gsize split = 0; split <= one->length && is_same; split++) {
            g_autofree char *other = outcome_of(one->bytes, one->length, split, false);
            is_same = strcmp(other, outcome) == 0;
        }
        g_autofree char *by_bytes = outcome_of(one->bytes, one->length, 0, true);
        fisc_assert_text(is_same ? by_bytes : "differs when split", outcome, one->sentence,
                         __FILE__, __LINE__);
    }
}

/* clang-format off */
static const Case framing_cases[] = {
    {"a plain request", BYTES(GET "\r\n"), "END"},
    {"two requests behind each other", BYTES(GET "\r\n" GET "\r\n"), "END END"},
    {"a body with its length", BYTES(POST "Content-Length: 2\r\n\r\n[]"), "END"},
    {"a body in chunks", BYTES(CHUNKED "1\r\n[\r\n01;name=value\r\n]\r\n0\r\n\r\n"), "END"},
    {"the same Content-Length twice", BYTES(POST "Content-Length: 2\r\nContent-Length: 2\r\n\r\n[]"), "400 REQUEST_INVALID"},
    {"another Content-Length", BYTES(POST "Content-Length: 2\r\ncontent-length: 3\r\n\r\n[]"), "400 REQUEST_INVALID"},
    {"a list of lengths", BYTES(POST "Content-Length: 0, 35\r\n\r\n"), "400 REQUEST_INVALID"},
    {"a positive sign", BYTES(POST "Content-Length: +2\r\n\r\n[]"), "400 REQUEST_INVALID"},
    {"a negative sign", BYTES(POST "Content-Length: -2\r\n\r\n[]"), "400 REQUEST_INVALID"},
    {"a length in hexadecimal", BYTES(POST "Content-Length: 0x2\r\n\r\n[]"), "400 REQUEST_INVALID"},
    {"no length at all", BYTES(POST "Content-Length:\r\n\r\n"), "400 REQUEST_INVALID"},
    {"a length of 2^64", BYTES(POST "Content-Length: 18446744073709551616\r\n\r\n"), "400 REQUEST_INVALID"},
    {"length beside coding", BYTES(POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), "400 REQUEST_INVALID"},
    {"coding beside length", BYTES(POST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"), "400 REQUEST_INVALID"},
    {"a coding that is none", BYTES(POST "Transfer-Encoding: xchunked\r\n\r\n"), "400 REQUEST_INVALID"},
    {"two codings", BYTES(POST "Transfer-Encoding: identity, chunked\r\n\r\n"), "400 REQUEST_INVALID"},
    {"a coding twice", BYTES(POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n"), "400 REQUEST_INVALID"},
    {"a coding with a vertical tab", BYTES(POST "Transfer-Encoding:\013chunked\r\n\r\n"), "400 REQUEST_INVALID"},
    {"a coding in HTTP/1.0", BYTES("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n"), "400 REQUEST_INVALID"},
    {"a body of a GET", BYTES(GET "Content-Length: 2\r\n\r\n[]"), "400 REQUEST_INVALID"},
    {"no body of a GET", BYTES(GET "Content-Length: 0\r\n\r\n"), "END"},
    {"a chunk without a size", BYTES(CHUNKED "\r\n"), "400 REQUEST_INVALID"},
    {"a chunk size with a sign", BYTES(CHUNKED "+1\r\n"), "400 REQUEST_INVALID"},
    {"a chunk size in C", BYTES(CHUNKED "0x1\r\n"), "400 REQUEST_INVALID"},
    {"a chunk size with a space", BYTES(CHUNKED "1 \r\n"), "400 REQUEST_INVALID"},
    {"a chunk size above 2^63", BYTES(CHUNKED "8000000000000001\r\n"), "400 REQUEST_INVALID"},
    {"a chunk size that wraps around", BYTES(CHUNKED "10000000000000001\r\n"), "400 REQUEST_INVALID"},
    {"a chunk with LF alone", BYTES(CHUNKED "1\n"), "400 REQUEST_INVALID"},
    {"an extension with LF alone", BYTES(CHUNKED "1;a\nb\r\n"), "400 REQUEST_INVALID"},
    {"a chunk longer than its size", BYTES(CHUNKED "1\r\n[]\r\n"), "400 REQUEST_INVALID"},
    {"a chunk without its CR LF", BYTES(CHUNKED "1\r\n[1\r\n]"), "400 REQUEST_INVALID"},
    {"trailers", BYTES(CHUNKED "0\r\nContent-Length: 9\r\n\r\n"), "400 REQUEST_INVALID"},
    {NULL},
};

static const Case head_cases[] = {
    {"a space before the colon", BYTES(GET "Accept : a\r\n\r\n"), "400 REQUEST_INVALID"},
    {"a tab before the colon", BYTES(POST "Content-Length\t: 2\r\n\r\n[]"), "400 REQUEST_INVALID"},
    {"a folded line", BYTES(GET "Accept: a\r\n b\r\n\r\n"), "400 REQUEST_INVALID"},
    {"a folded line by a tab", BYTES(GET "Accept: a\r\n\tb\r\n\r\n"), "400 REQUEST_INVALID"},
    {"a line without a colon", BYTES(GET "Accept\r\n\r\n"), "400 REQUEST_INVALID"},
    {"a line without a name", BYTES(GET ": a\r\n\r\n"), "400 REQUEST_INVALID"},
    {"a name with a space", BYTES(GET "Con tent: a\r\n\r\n"), "400 REQUEST_INVALID"},
    {"LF alone in the request line", BYTES("GET / HTTP/1.1\n" HOST "\r\n"), "400 REQUEST_INVALID"},
    {"LF alone in a header", BYTES(GET "Accept: a\nX: b\r\n\r\n"), "400 REQUEST_INVALID"},
    {"LF alone at the end", BYTES(GET "\n"), "400 REQUEST_INVALID"},
    {"CR alone", BYTES(GET "Accept: a\rX: b\r\n\r\n"), "400 REQUEST_INVALID"},
    {"a NUL in a header", BYTES(GET "Accept: a\0b\r\n\r\n"), "400 REQUEST_INVALID"},
    {"a NUL in the target", BYTES("GET /\0 HTTP/1.1\r\n"), "400 REQUEST_INVALID"},
    {"an escape in a header", BYTES(GET "Accept: \033[31m\r\n\r\n"), "400 REQUEST_INVALID"},
    {"a header that is no UTF-8", BYTES(GET "X-Fisc-Actor: \xff\r\n\r\n"), "400 REQUEST_INVALID"},
    {"a header in UTF-8", BYTES(GET "X-Fisc-Actor: Mar\xc3\xad""a\r\n\r\n"), "END"},
    {"no Host", BYTES("GET / HTTP/1.1\r\n\r\n"), "400 REQUEST_INVALID"},
    {"no Host in HTTP/1.0", BYTES("GET / HTTP/1.0\r\n\r\n"), "END"},
    {"Host twice", BYTES(GET HOST "\r\n"), "400 REQUEST_INVALID"},
    {"an empty Host", BYTES("GET / HTTP/1.1\r\nHost:\r\n\r\n"), "400 REQUEST_INVALID"},
    {"a Host with a path", BYTES("GET / HTTP/1.1\r\nHost: a/b\r\n\r\n"), "400 REQUEST_INVALID"},
    {"a Host with a person", BYTES("GET / HTTP/1.1\r\nHost: a@b\r\n\r\n"), "400 REQUEST_INVALID"},
    {"Authorization twice", BYTES(GET "Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n"), "400 REQUEST_INVALID"},
    {"an expectation that nobody meets", BYTES(POST "Expect: payment\r\n\r\n"), "417 EXPECTATION_FAILED"},
    {"an empty line first", BYTES("\r\n" GET "\r\n"), "400 REQUEST_INVALID"},
    {"HTTP/0.9", BYTES("GET /\r\n"), "505 VERSION_UNSUPPORTED"},
    {"HTTP/1.2", BYTES("GET / HTTP/1.2\r\n" HOST "\r\n"), "505 VERSION_UNSUPPORTED"},
    {"HTTP/2.0", BYTES("GET / HTTP/2.0\r\n" HOST "\r\n"), "505 VERSION_UNSUPPORTED"},
    {"HTTP/1.10", BYTES("GET / HTTP/1.10\r\n" HOST "\r\n"), "505 VERSION_UNSUPPORTED"},
    {"the preface of HTTP/2", BYTES("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), "505 VERSION_UNSUPPORTED"},
    {"the begin of TLS", BYTES("\x16\x03\x01\x02"), "400 REQUEST_INVALID"},
    {"another protocol", BYTES("EHLO fisc.example\r\n"), "505 VERSION_UNSUPPORTED"},
    {"a version in lower case", BYTES("GET / http/1.1\r\n" HOST "\r\n"), "400 REQUEST_INVALID"},
    {"two spaces", BYTES("GET  / HTTP/1.1\r\n" HOST "\r\n"), "400 REQUEST_INVALID"},
    {"a tab between the words", BYTES("GET\t/ HTTP/1.1\r\n" HOST "\r\n"), "400 REQUEST_INVALID"},
    {"a word too many", BYTES("GET / HTTP/1.1 x\r\n" HOST "\r\n"), "400 REQUEST_INVALID"},
    {"TRACE", BYTES("TRACE / HTTP/1.1\r\n" HOST "\r\n"), "405 METHOD_NOT_ALLOWED"},
    {"CONNECT", BYTES("CONNECT a:443 HTTP/1.1\r\n" HOST "\r\n"), "405 METHOD_NOT_ALLOWED"},
    {"an unknown method", BYTES("PROPFIND / HTTP/1.1\r\n" HOST "\r\n"), "501 METHOD_UNKNOWN"},
    {"a method in lower case", BYTES("get / HTTP/1.1\r\n" HOST "\r\n"), "501 METHOD_UNKNOWN"},
    {NULL},
};

static const struct {
    const char *target, *outcome; /* what stands in the line handed on; or "400" */
} targets[] = {
    {"/v1/book", "/v1/book"},
    {"/v1/book?a=b&c=%C3%A9+d", "/v1/book?a=b&c=%C3%A9+d"},
    {"/v1/segments/S%2F1", "/v1/segments/S%2F1"},
    {"http://fisc.example/v1/book", "/v1/book"},
    {"HTTP://FISC.EXAMPLE/v1/book?a", "/v1/book?a"},
    {"http://fisc.example", "/"},
    {"http://fisc.example?a=b", "/?a=b"},
    {"http://other.example/v1/book", "400"},
    {"ftp://fisc.example/v1/book", "400"},
    {"//fisc.example/v1/book", "//fisc.example/v1/book"},
    {"*", "400"},
    {"v1/book", "400"},
    {"/v1/%00", "400"},
    {"/v1/%0d%0aX:", "400"},
    {"/v1/%zz", "400"},
    {"/v1/%4", "400"},
    {"/v1/%", "400"},
    {"/v1/%c0%af", "400"},
    {"/v1/%ff", "400"},
    {"/v1/%e0%80%af", "400"},
    {"/v1/%ed%a0%80", "400"},
    {"/v1/../book", "400"},
    {"/v1/..", "400"},
    {"/./v1", "400"},
    {"/v1/%2e%2e/book", "400"},
    {"/v1/.%2E/book", "400"},
    {"/v1/%2e%2e%2fbook", "400"},
    {"/v1/a..b", "/v1/a..b"},
    {"/v1/%252e%252e/book", "400"},
    {"/v1/%2541", "400"},
    {"/v1/100%25", "/v1/100%25"},
    {"/v1/book?q=%2541", "/v1/book?q=%2541"},
    {"/v1/book?q=%00", "400"},
    {"/v1/book?q=%ff", "400"},
    {"/v1/book?q=%g0", "400"},
    {"/v1\\book", "400"},
    {"/v1/%5cbook", "400"},
    {"/v1/book#part", "400"},
    {"/v1/\"book", "400"},
    {"/v1/<book>", "400"},
    {"/v1/b\xc3\xb6ok", "400"},
    {NULL, NULL},
};
/* clang-format on */

static void
test_refuses_framing_with_two_readings(void)
{
    check_cases(framing_cases);
}

static void
test_refuses_heads_with_two_readings(void)
{
    check_cases(head_cases);
}

static void
test_takes_only_plain_targets(void)
{
    for (gsize i = 0; targets[i].target != NULL; i++) {
        g_autofree char *request =
            g_strdup_printf("GET %s HTTP/1.1\r\n" HOST "\r\n", targets[i].target);
        g_autofree char *outcome = outcome_of(request, strlen(request), 0, false);
        g_autofree char *expected =
            strcmp(targets[i].outcome, "400") == 0
                ? g_strdup("400 REQUEST_INVALID | ")
                : g_strdup_printf("END | GET %s HTTP/1.1\r\n", targets[i].outcome);
        outcome[MIN(strlen(outcome), strlen(expected))] = '\0';
        fisc_assert_text(outcome, expected, targets[i].target, __FILE__, __LINE__);
    }
}

static void
test_hands_on_one_plain_form(void)
{
    static const char sent[] = "POST http://fisc.example/v1/try HTTP/1.1\r\nhost:fisc.example\r\n"
                               "Accept:   a b  \r\nExpect: 100-Continue\r\nTE: trailers\r\n"
                               "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\n"
                               "HTTP2-Settings: AAM\r\nTransfer-Encoding: Chunked\r\n\r\n"
                               "002;x=y\r\n[]\r\n0;z\r\n\r\n";
    g_autofree char *outcome = outcome_of(BYTES(sent), 0, false);
    FISC_ASSERT_TEXT(outcome, "END | POST /v1/try HTTP/1.1\r\nhost: fisc.example\r\nAccept: a b\r\n"
                              "Connection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"
                              "2\r\n[]\r\n0\r\n\r\n");
}

/* What a head says to whoever decides about the rest. */
static void
test_tells_what_a_head_says(void)
{
    static const char sent[] = "PUT /v1/a%20b?c=d HTTP/1.1\r\n" HOST "Connection: x, Close\r\n"
                               "Content-Length: 12\r\nExpect: 100-continue\r\n\r\n";
    FiscGateParser *parser = fisc_gate_parser_new();
    g_autoptr(GByteArray) out = g_byte_array_new();
    FiscGateStep step = FISC_GATE_MORE;
    CU_ASSERT(fisc_gate_parser_is_idle(parser));
    FISC_ASSERT_INT(fisc_gate_parser_feed(parser, BYTES(sent), out, &step), sizeof(sent) - 1);
    FISC_ASSERT_INT(step, FISC_GATE_HEAD);
    const FiscGateHead *head = fisc_gate_parser_head(parser);
    FISC_ASSERT_TEXT(head->method, "PUT");
    FISC_ASSERT_TEXT(head->path, "/v1/a b");
    FISC_ASSERT_INT(head->length, 12);
    CU_ASSERT(!head->is_chunked && head->wants_continue && head->is_last);
    CU_ASSERT(!fisc_gate_parser_is_idle(parser));
    fisc_gate_parser_free(parser);
}

/* Feeds a head, sets the limit, feeds the rest. */
static char *
outcome_with_limit(const char *data, uint64_t body_max)
{
    FiscGateParser *parser = fisc_gate_parser_new();
    g_autoptr(GByteArray) out = g_byte_array_new();
    FiscGateStep step = FISC_GATE_MORE;
    gsize at = fisc_gate_parser_feed(parser, data, strlen(data), out, &step);
    FISC_ASSERT_INT(step, FISC_GATE_HEAD);
    fisc_gate_parser_limit(parser, body_max);
    fisc_gate_parser_feed(parser, data + at, strlen(data) - at, out, &step);
    char *outcome = step == FISC_GATE_REFUSED
                        ? g_strdup_printf("%d", fisc_gate_parser_refusal(parser)->status)
                        : g_strdup(step == FISC_GATE_END ? "END" : "MORE");
    fisc_gate_parser_free(parser);
    return outcome;
}

static void
test_refuses_bodies_beyond_the_limit(void)
{
    static const struct {
        const char *bytes;
        uint64_t body_max;
        const char *expected;
    } cases[] = {
        {POST "Content-Length: 4\r\n\r\n[11]", 4, "END"},
        {POST "Content-Length: 5\r\n\r\n[111]", 4, "413"},
        {POST "Content-Length: 5\r\n\r\n", 4, "413"},
        {CHUNKED "2\r\n[1\r\n2\r\n1]\r\n0\r\n\r\n", 4, "END"},
        {CHUNKED "2\r\n[1\r\n3\r\n11]\r\n0\r\n\r\n", 4, "413"},
        {CHUNKED "7fffffffffffffff\r\n", 4, "400"},
        {CHUNKED "7fffffffffffff\r\n", 4, "413"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *outcome = outcome_with_limit(cases[i].bytes, cases[i].body_max);
        fisc_assert_text(outcome, cases[i].expected, cases[i].bytes, __FILE__, __LINE__);
    }
}

static void
check_size(const char *prefix, gsize count, const char *fill, const char *suffix,
           const char *expected)
{
    GString *request = g_string_new(prefix);
    for (gsize i = 0; i < count; i++) {
        g_string_append(request, fill);
    }
    g_string_append(request, suffix);
    g_autofree char *outcome = outcome_of(request->str, request->len, 0, false);
    g_autofree char *bytewise = outcome_of(request->str, request->len, 0, true);
    FISC_ASSERT_TEXT(bytewise, outcome);
    outcome[strcspn(outcome, "|")] = '\0';
    fisc_assert_text(g_strchomp(outcome), expected, prefix, __FILE__, __LINE__);
    g_string_free(request, TRUE);
}

static void
test_has_limits(void)
{
    check_size("GET /", FISC_GATE_TARGET_MAX - 1, "a", " HTTP/1.1\r\n" HOST "\r\n", "END");
    check_size("GET /", FISC_GATE_TARGET_MAX, "a", " HTTP/1.1\r\n" HOST "\r\n", "414 URI_TOO_LONG");
    check_size("GET /", 40 * 1024, "a", "", "414 URI_TOO_LONG");
    check_size("", 40 * 1024, "a", "", "414 URI_TOO_LONG");
    check_size(GET, 99, "A: b\r\n", "\r\n", "END");
    check_size(GET, 100, "A: b\r\n", "\r\n", "431 HEAD_TOO_LARGE");
    check_size(GET, 10000, "A: b\r\n", "\r\n", "431 HEAD_TOO_LARGE");
    check_size(GET "A: ", 32 * 1024, "b", "\r\n\r\n", "431 HEAD_TOO_LARGE");
    check_size(GET "A: ", 100 * 1024, "b", "\r\n\r\n", "431 HEAD_TOO_LARGE");
    check_size(CHUNKED "1;", 1023, "x", "\r\n[\r\n", "");
    check_size(CHUNKED "1;", 1025, "x", "\r\n[\r\n", "400 REQUEST_INVALID");
    check_size(CHUNKED, 400, "1;abc\r\n[\r\n", "", "400 REQUEST_INVALID");
}

const FiscTest fisc_parse_tests[] = {
    {"refuses framing with two readings", test_refuses_framing_with_two_readings},
    {"refuses heads with two readings", test_refuses_heads_with_two_readings},
    {"takes only plain targets", test_takes_only_plain_targets},
    {"hands on one plain form", test_hands_on_one_plain_form},
    {"tells what a head says", test_tells_what_a_head_says},
    {"refuses bodies beyond the limit", test_refuses_bodies_beyond_the_limit},
    {"has limits for targets, heads and extensions", test_has_limits},
    {NULL, NULL},
};

/* request_test.c: what a request carries, and whether a write that failed may have been done. */
#include "tests/net/evil.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_request_tests[];

/* Does a request; the code of its error. */
static const char *
send_request(const FiscFetchRules *rules, const char *place, const char *path,
             FiscFetchRequest request, FiscFetchReply **out_reply)
{
    g_autofree char *url = fisc_evil_url(place, path);
    request.url = url;
    g_autoptr(GError) error = NULL;
    fisc_fetch(rules, &request, out_reply, &error);
    return fisc_evil_code(error);
}

static void
test_sends_what_is_asked_and_little_else(void)
{
    static const char *const headers[] = {"Authorization: Bearer secret",
                                          "Content-Type: application/json", NULL};
    static const char *const methods[] = {"POST", "PUT", "PATCH", "DELETE"};
    const FiscFetchRules rules = fisc_evil_rules();
    for (gsize i = 0; i < G_N_ELEMENTS(methods); i++) {
        g_autoptr(GBytes) body = g_bytes_new_static("{\"a\":\0001}", 8);
        const FiscFetchRequest request = {.method = methods[i], .headers = headers, .body = body};
        g_autoptr(FiscFetchReply) reply = NULL;
        FISC_ASSERT_TEXT(send_request(&rules, "http", "/echo?x=1", request, &reply), "none");
        CU_ASSERT_PTR_NOT_NULL_FATAL(reply);
        gsize length = 0;
        const char *bytes = g_bytes_get_data(reply->body, &length);
        g_autofree char *first = g_strdup_printf("%s /echo?x=1\n", methods[i]);
        CU_ASSERT_TRUE(g_str_has_prefix(bytes, first));
        FISC_ASSERT_CONTAINS(bytes, "\nauthorization: Bearer secret\n");
        FISC_ASSERT_CONTAINS(bytes, "\ncontent-type: application/json\n");
        FISC_ASSERT_CONTAINS(bytes, "\ncontent-length: 8\n");
        FISC_ASSERT_CONTAINS(bytes, "\nconnection: close\n");
        CU_ASSERT_TRUE(length > 8 && memcmp(bytes + length - 8, "{\"a\":\0001}", 8) == 0);
        CU_ASSERT_PTR_NULL(strstr(bytes, "expect:"));
        CU_ASSERT_PTR_NULL(strstr(bytes, "cookie"));
    }
}

static void
test_sends_methods_without_a_body(void)
{
    static const struct {
        const char *method;
        const char *first;
    } cases[] = {
        {NULL, "GET /echo\n"},        {"GET", "GET /echo\n"},         {"POST", "POST /echo\n"},
        {"DELETE", "DELETE /echo\n"}, {"OPTIONS", "OPTIONS /echo\n"}, {"HEAD", ""},
    };
    const FiscFetchRules rules = fisc_evil_rules();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const FiscFetchRequest request = {.method = cases[i].method};
        g_autoptr(FiscFetchReply) reply = NULL;
        FISC_ASSERT_TEXT(send_request(&rules, "http", "/echo", request, &reply), "none");
        CU_ASSERT_PTR_NOT_NULL_FATAL(reply);
        g_autofree char *body = fisc_evil_body(reply);
        CU_ASSERT_TRUE(g_str_has_prefix(body, cases[i].first));
        CU_ASSERT_PTR_NULL(strstr(body, "content-type"));
    }
}

static void
test_refuses_requests_that_carry_more_than_they_seem_to(void)
{
    static const char *const headers[] = {
        "X-A: 1\r\nX-B: 2",
        "X-A: \x01",
        "X-A",
        "X-A:",
        "X-A: ",
        ": 1",
        "X A: 1",
        "X-A;",
        "Content-Length: 3",
        "transfer-encoding: chunked",
        "Host: other",
        "Connection: keep-alive",
    };
    const FiscFetchRules rules = fisc_evil_rules();
    int seen = fisc_evil_count_seen("/whole");
    for (gsize i = 0; i < G_N_ELEMENTS(headers); i++) {
        const char *const list[] = {"X-Good: 1", headers[i], NULL};
        g_autoptr(FiscFetchReply) reply = NULL;
        const FiscFetchRequest request = {.headers = list};
        FISC_ASSERT_TEXT(send_request(&rules, "http", "/whole", request, &reply), "VALUE_INVALID");
    }
    static const char *const methods[] = {"", "get", "GET /", "TRACE", "CONNECT", "POST\r\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(methods); i++) {
        g_autoptr(FiscFetchReply) reply = NULL;
        const FiscFetchRequest request = {.method = methods[i]};
        FISC_ASSERT_TEXT(send_request(&rules, "http", "/whole", request, &reply), "VALUE_INVALID");
    }
    g_autoptr(GBytes) body = g_bytes_new_static("x", 1);
    g_autoptr(FiscFetchReply) reply = NULL;
    const FiscFetchRequest request = {.method = "GET", .body = body};
    FISC_ASSERT_TEXT(send_request(&rules, "http", "/whole", request, &reply), "VALUE_INVALID");
    FISC_ASSERT_INT(fisc_evil_count_seen("/whole"), seen);
}

/* The same failures, read and written: a read may simply be asked again. */
static void
test_says_whether_a_write_may_have_been_done(void)
{
    static const struct {
        const char *place;
        const char *path;
        const char *of_read;
        const char *of_write;
    } cases[] = {
        /* received, perhaps done */
        {"http", "/vanish", "PEER_UNAVAILABLE", "OUTCOME_UNKNOWN"},
        {"http", "/truncated", "PEER_FAULT", "OUTCOME_UNKNOWN"},
        {"http", "/stall/silent", "PEER_UNAVAILABLE", "OUTCOME_UNKNOWN"},
        {"http", "/raw/nonsense", "PEER_FAULT", "OUTCOME_UNKNOWN"},
        {"http", "/redirect/303/self", "PEER_FORBIDDEN", "OUTCOME_UNKNOWN"},
        {"good", "/vanish", "PEER_UNAVAILABLE", "OUTCOME_UNKNOWN"},
        /* sent elsewhere: not done */
        {"http", "/redirect/307/self", "PEER_FORBIDDEN", "PEER_FORBIDDEN"},
        {"http", "/redirect/308/self", "PEER_FORBIDDEN", "PEER_FORBIDDEN"},
        /* never sent: not done */
        {"expired", "/whole", "PEER_FORBIDDEN", "PEER_FORBIDDEN"},
        {"old", "/whole", "PEER_FORBIDDEN", "PEER_FORBIDDEN"},
        {"strict12", "/whole", "PEER_FORBIDDEN", "PEER_FORBIDDEN"},
    };
    FiscFetchRules rules = fisc_evil_rules();
    rules.stall_s = 1;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FiscFetchReply) reply = NULL;
        const FiscFetchRequest read = {.method = "GET"};
        const char *of_read = send_request(&rules, cases[i].place, cases[i].path, read, &reply);
        FISC_ASSERT_TEXT(of_read, cases[i].of_read);
        const FiscFetchRequest write = {.method = "POST"};
        const char *of_write = send_request(&rules, cases[i].place, cases[i].path, write, &reply);
        g_autofree char *actual = g_strdup_printf("%s %s", cases[i].path, of_write);
        g_autofree char *wanted = g_strdup_printf("%s %s", cases[i].path, cases[i].of_write);
        FISC_ASSERT_TEXT(actual, wanted);
    }
}

/* A port that was just given back: nobody listens there. */
static void
test_a_peer_that_is_gone_has_done_nothing(void)
{
    const FiscFetchRules rules = fisc_evil_rules();
    static const char *const methods[] = {"GET", "POST"};
    for (gsize i = 0; i < G_N_ELEMENTS(methods); i++) {
        const FiscFetchRequest request = {.method = methods[i], .url = "http://127.0.0.1:1/"};
        g_autoptr(FiscFetchReply) reply = NULL;
        g_autoptr(GError) error = NULL;
        CU_ASSERT_FALSE(fisc_fetch(&rules, &request, &reply, &error));
        FISC_ASSERT_TEXT(fisc_evil_code(error), "PEER_UNAVAILABLE");
        FISC_ASSERT_CONTAINS(error != NULL ? error->message : "",
                             "127.0.0.1:1 takes no connection");
    }
}

/* ... and so has one whose name nobody knows, if a resolver answers at all. */
static void
test_a_name_without_an_address_has_done_nothing(void)
{
    FiscFetchRules rules = fisc_evil_rules();
    rules.connect_ms = 2000;
    const FiscFetchRequest request = {.method = "POST", .url = "http://nothing.invalid/"};
    g_autoptr(FiscFetchReply) reply = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_FALSE(fisc_fetch(&rules, &request, &reply, &error));
    FISC_ASSERT_TEXT(fisc_evil_code(error), "PEER_UNAVAILABLE");
    FISC_ASSERT_CONTAINS(error != NULL ? error->message : "", "nothing.invalid:80");
}

/* Each of these is asked once: libcurl must not ask again by itself. */
static void
test_asks_once(void)
{
    static const char *const paths[] = {"/vanish?once", "/raw/silence?once", "/whole?once"};
    const FiscFetchRules rules = fisc_evil_rules();
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autoptr(FiscFetchReply) reply = NULL;
        const FiscFetchRequest request = {.method = "POST"};
        send_request(&rules, "http", paths[i], request, &reply);
        FISC_ASSERT_INT(fisc_evil_count_seen(paths[i]), 1);
    }
}

const FiscTest fisc_request_tests[] = {
    {"sends what is asked: method, headers, bytes of the body",
     test_sends_what_is_asked_and_little_else},
    {"sends methods without a body", test_sends_methods_without_a_body},
    {"refuses headers and methods that carry more than they seem to",
     test_refuses_requests_that_carry_more_than_they_seem_to},
    {"says whether a write that failed may have been done",
     test_says_whether_a_write_may_have_been_done},
    {"knows that a peer that is gone has done nothing", test_a_peer_that_is_gone_has_done_nothing},
    {"knows that a name without an address has done nothing",
     test_a_name_without_an_address_has_done_nothing},
    {"asks once and never again by itself", test_asks_once},
    {NULL, NULL},
};

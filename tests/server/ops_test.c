/* ops_test.c: what an operator sees: counters, the log, readiness, freshness; and the guard over
 * the schema. */
#include "app/server/ops.h"
#include "app/cli/notify.h"
#include "tests/app/school.h"
#include "tests/server/exposition.h"
#include "tests/server/serving.h"
#include "tests/support/suite.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define PATIENCE_S 60 /* a bound for what never comes */
#define TOKEN "a-token-of-the-operator"
#define JSON "Content-Type: application/json\r\n"

extern const FiscTest fisc_ops_tests[];

static int
status_of(Serving *serving, const char *path, const char *headers)
{
    g_auto(ServingAnswer) answer = {0};
    CU_ASSERT_FATAL(serving_request(serving, "GET", path, headers, NULL, &answer));
    return answer.status;
}

static Exposition *
scrape(Serving *serving)
{
    g_auto(ServingAnswer) answer = {0};
    CU_ASSERT_FATAL(serving_request(serving, "GET", "/metrics", NULL, NULL, &answer));
    FISC_ASSERT_INT(answer.status, 200);
    FISC_ASSERT_TEXT(serving_answer_header(&answer, "content-type"),
                     "text/plain; version=0.0.4; charset=utf-8");
    return exposition_read(answer.body);
}

/* Metrics ------------------------------------------------------------------------------------- */

static void
test_counts_requests(void)
{
    g_autoptr(Serving) serving = serving_new(NULL, NULL);
    for (int i = 0; i < 3; i++) {
        FISC_ASSERT_INT(status_of(serving, "/healthz", NULL), 200);
    }
    FISC_ASSERT_INT(status_of(serving, "/there/is/nothing?like=this", NULL), 404);
    FISC_ASSERT_INT(status_of(serving, "/nor/this", NULL), 404);
    g_autoptr(Exposition) found = scrape(serving);
    FISC_ASSERT_TEXT(found->complaint != NULL ? found->complaint : "", "");
    static const struct {
        const char *sample, *value;
    } expected[] = {
        {"fisc_http_requests_total{route=\"/healthz\",method=\"GET\",status=\"200\"}", "3"},
        {"fisc_http_requests_total{route=\"none\",method=\"any\",status=\"404\"}", "2"},
        {"fisc_http_request_duration_seconds_count{route=\"/healthz\",method=\"GET\"}", "3"},
        {"fisc_refusals_total{code=\"NOT_FOUND\"}", "2"},
        {"fisc_ready", "1"},
        {"fisc_unbalanced", "0"},
        {"fisc_lane_queue{lane=\"post\"}", "0"},
        {"fisc_replica_lag_seconds", "0.000000"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
        FISC_ASSERT_TEXT(exposition_value(found, expected[i].sample), expected[i].value);
    }
    CU_ASSERT(g_ascii_strtoll(exposition_value(found, "process_resident_memory_bytes"), NULL, 10) >
              0);
    CU_ASSERT(g_ascii_strtoll(exposition_value(found, "process_open_fds"), NULL, 10) > 3);
    CU_ASSERT(g_ascii_strtoll(exposition_value(found, "fisc_heap_used_bytes"), NULL, 10) <=
              g_ascii_strtoll(exposition_value(found, "fisc_heap_bytes"), NULL, 10));
    CU_ASSERT(exposition_value(found, "fisc_heap_used_bytes")[0] != '\0');
}

static void
test_makes_no_series_by_asking(void)
{
    g_autoptr(Serving) serving = serving_new(NULL, NULL);
    g_autoptr(Exposition) before = scrape(serving);
    for (int i = 0; i < 50; i++) {
        g_autofree char *path = g_strdup_printf("/v1/nothing/%d", i);
        status_of(serving, path, NULL);
    }
    g_autoptr(Exposition) middle = scrape(serving);
    for (int i = 50; i < 100; i++) {
        g_autofree char *path = g_strdup_printf("/v1/nothing/%d", i);
        status_of(serving, path, NULL);
    }
    g_autoptr(Exposition) after = scrape(serving);
    CU_ASSERT(g_hash_table_size(middle->samples) > g_hash_table_size(before->samples));
    FISC_ASSERT_INT(g_hash_table_size(after->samples), g_hash_table_size(middle->samples));
}

static void
set_token(FiscServerOptions *options)
{
    options->metrics_token = TOKEN;
}

static void
set_open(FiscServerOptions *options)
{
    options->is_metrics_open = true;
}

static void
test_shows_counters_to_the_operator_only(void)
{
    static const char proxied[] = "X-Forwarded-For: 10.0.0.7\r\n";
    g_autoptr(Serving) closed = serving_new(NULL, NULL);
    g_autoptr(Serving) guarded = serving_new(NULL, set_token);
    g_autoptr(Serving) open = serving_new(NULL, set_open);
    const struct {
        Serving *serving;
        const char *headers;
        int status;
    } cases[] = {
        {closed, NULL, 200},
        {closed, proxied, 403},
        {closed, "Forwarded: for=10.0.0.7\r\n", 403},
        {closed, "Via: 1.1 proxy\r\n", 403},
        {closed, "X-Forwarded-For: x\r\nAuthorization: Bearer \r\n", 403},
        {guarded, "X-Forwarded-For: x\r\nAuthorization: Bearer " TOKEN "\r\n", 200},
        {guarded, "Authorization: Bearer another\r\n", 403},
        {guarded, "Authorization: Bearer " TOKEN "x\r\n", 403},
        {guarded, proxied, 403},
        {open, proxied, 200},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FISC_ASSERT_INT(status_of(cases[i].serving, "/metrics", cases[i].headers), cases[i].status);
    }
}

/* The log ------------------------------------------------------------------------------------- */

static char *
line_of(FiscServeLog format, const char *path, const char *person)
{
    GPtrArray *headers = g_ptr_array_new_with_free_func(g_free);
    FiscHttpRequest request = {.method = "GET",
                               .path = path,
                               .address = "127.0.0.1",
                               .request_id = "0123456789abcdef0123456789abcdef",
                               .trace_id = "fedcba9876543210fedcba9876543210"};
    FiscHttpReply reply = {.status = 404, .headers = headers, .body = g_byte_array_new()};
    FiscCall call = {.request = &request, .reply = &reply, .batch = 7, .code = "NOT_FOUND"};
    call.principal.person = (char *)person;
    char *line = fisc_log_request_line(format, &call, 1500000, false);
    g_byte_array_unref(reply.body);
    g_ptr_array_unref(headers);
    return line;
}

/* What stands outside of quotes, as a reader of key=value pairs sees it. */
static char *
without_quoted(const char *line)
{
    g_autoptr(GRegex) quoted = g_regex_new("\"(?:[^\"\\\\]|\\\\.)*\"", 0, 0, NULL);
    return g_regex_replace_literal(quoted, line, -1, 0, "", 0, NULL);
}

static void
test_keeps_a_line_a_line(void)
{
    static const char *const nasty[] = {
        "/a\nlevel=error message=forged",
        "/a\r\nx",
        "/\x1b[2J\x1b]0;title\x07",
        "/\xc2\x9b"
        "31m",
        "/\xe2\x80\xae"
        "cba",
        "/\xff\xfe",
        "/\" person=root x=\"",
        "/\\",
        "/\t",
        "/\xe2\x80\xa8next",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(nasty); i++) {
        g_autofree char *logfmt = line_of(FISC_SERVE_LOG_LOGFMT, nasty[i], nasty[i]);
        g_autofree char *json = line_of(FISC_SERVE_LOG_JSON, nasty[i], nasty[i]);
        const char *const lines[] = {logfmt, json};
        for (gsize k = 0; k < G_N_ELEMENTS(lines); k++) {
            gsize length = strlen(lines[k]);
            CU_ASSERT(g_utf8_validate(lines[k], -1, NULL));
            CU_ASSERT(lines[k][length - 1] == '\n');
            g_autofree char *inside = g_strndup(lines[k], length - 1);
            for (const char *at = inside; *at != '\0'; at = g_utf8_next_char(at)) {
                CU_ASSERT(g_unichar_isprint(g_utf8_get_char(at)));
            }
        }
        g_autofree char *bare = without_quoted(logfmt);
        CU_ASSERT_PTR_NULL(strstr(bare, "person=root"));
        CU_ASSERT_PTR_NULL(strstr(bare, "level=error"));
        json_t *object = json_loads(json, 0, NULL);
        CU_ASSERT_PTR_NOT_NULL(object);
        FISC_ASSERT_INT(json_integer_value(json_object_get(object, "batch")), 7);
        FISC_ASSERT_INT(json_integer_value(json_object_get(object, "ms")), 1500);
        json_decref(object);
    }
}

static void
test_writes_what_is_needed(void)
{
    g_autofree char *line = line_of(FISC_SERVE_LOG_LOGFMT, "/v1/funds", "ana");
    static const char *const parts[] = {"request=0123456789abcdef0123456789abcdef",
                                        "trace=fedcba9876543210fedcba9876543210",
                                        "person=ana",
                                        "method=GET",
                                        "path=/v1/funds",
                                        "status=404",
                                        "ms=1500",
                                        "code=NOT_FOUND",
                                        "batch=7",
                                        "bytes=0",
                                        "level=info"};
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        FISC_ASSERT_CONTAINS(line, parts[i]);
    }
}

/* Freshness ----------------------------------------------------------------------------------- */

static int64_t
batch_of(Serving *serving, const char *path)
{
    g_auto(ServingAnswer) answer = {0};
    CU_ASSERT_FATAL(serving_request(serving, "GET", path, NULL, NULL, &answer));
    const char *batch = serving_answer_header(&answer, "fisc-batch");
    CU_ASSERT_PTR_NOT_NULL_FATAL(batch);
    return g_ascii_strtoll(batch, NULL, 10);
}

static void
test_follows_the_chain(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    int64_t before = books_batch(serving->books);
    FISC_ASSERT_INT(batch_of(serving, "/v1/service"), before);
    /* Another writer, of whom the server is not told. */
    books_must_post(serving->books, SCHOOL_HEADER SCHOOL_GOODS("F1", "2024-02-03", "1.00"));
    int64_t after = books_batch(serving->books);
    CU_ASSERT(after > before);
    int64_t until = g_get_monotonic_time() + PATIENCE_S * G_USEC_PER_SEC;
    while (batch_of(serving, "/healthz") < after && g_get_monotonic_time() < until) {
        g_usleep(20000);
    }
    FISC_ASSERT_INT(batch_of(serving, "/there/is/nothing"), after);
    g_autoptr(Exposition) found = scrape(serving);
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, after);
    FISC_ASSERT_TEXT(exposition_value(found, "fisc_newest_batch"), number);
}

static void
test_passes_the_trace_on(void)
{
    g_autoptr(Serving) serving = serving_new(NULL, NULL);
    g_auto(ServingAnswer) answer = {0};
    CU_ASSERT_FATAL(serving_request(
        serving, "GET", "/healthz",
        "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n", NULL, &answer));
    const char *parent = serving_answer_header(&answer, "traceparent");
    CU_ASSERT_PTR_NOT_NULL_FATAL(parent);
    CU_ASSERT(g_str_has_prefix(parent, "00-4bf92f3577b34da6a3ce929d0e0e4736-"));
    CU_ASSERT_PTR_NULL(strstr(parent, "00f067aa0ba902b7")); /* that span is the caller's */
    FISC_ASSERT_INT(strlen(parent), 55);
}

/* Readiness and the schema -------------------------------------------------------------------- */

static void
wait_for_status(Serving *serving, const char *path, int status)
{
    int64_t until = g_get_monotonic_time() + PATIENCE_S * G_USEC_PER_SEC;
    while (status_of(serving, path, NULL) != status && g_get_monotonic_time() < until) {
        g_usleep(50000);
    }
    FISC_ASSERT_INT(status_of(serving, path, NULL), status);
}

static void
test_stops_when_the_schema_changes(void)
{
    g_autoptr(Serving) serving = serving_new(NULL, NULL);
    FISC_ASSERT_INT(status_of(serving, "/readyz", NULL), 200);
    books_expect(
        serving->books,
        "insert into core.applied (name, digest) values ('9999_later', 'x') returning name",
        "9999_later");
    wait_for_status(serving, "/readyz", 503);
    g_auto(ServingAnswer) ready = {0};
    g_auto(ServingAnswer) asked = {0};
    CU_ASSERT_FATAL(serving_request(serving, "GET", "/readyz", NULL, NULL, &ready));
    FISC_ASSERT_TEXT(serving_answer_text(&ready, "reasons/0/code"), "SCHEMA");
    CU_ASSERT_FATAL(serving_request(serving, "GET", "/v1/service", NULL, NULL, &asked));
    FISC_ASSERT_INT(asked.status, 503);
    FISC_ASSERT_CONTAINS(serving_answer_text(&asked, "detail"), "newer than this program");
    FISC_ASSERT_INT(status_of(serving, "/healthz", NULL), 200);
    books_expect(serving->books,
                 "delete from core.applied where name = '9999_later' returning name", "9999_later");
    wait_for_status(serving, "/readyz", 200);
    FISC_ASSERT_INT(status_of(serving, "/v1/service", NULL), 200);
}

static void
test_does_not_start_on_another_schema(void)
{
    static const struct {
        const char *change, *undo, *complaint;
    } cases[] = {
        {"insert into core.applied (name, digest) values ('9999_later', 'x') returning 1",
         "delete from core.applied where name = '9999_later' returning 1",
         "newer than this program"},
        {"update core.applied set digest = reverse(digest) where name !~ '^[0-9]' returning 1",
         "update core.applied set digest = reverse(digest) where name !~ '^[0-9]' returning 1",
         "`fisc init`"},
    };
    g_autoptr(Serving) serving = serving_new(NULL, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        FiscServer *second = NULL;
        books_expect(serving->books, cases[i].change, "1");
        CU_ASSERT_FALSE(fisc_serve_open(&serving->options, &second, &error));
        FISC_ASSERT_INT(error != NULL ? error->code : -1, FISC_ERROR_SETUP);
        FISC_ASSERT_CONTAINS(error != NULL ? error->message : "", cases[i].complaint);
        books_expect(serving->books, cases[i].undo, "1");
    }
}

static void
test_says_that_it_is_ending(void)
{
    g_autoptr(Serving) serving = serving_new(NULL, NULL);
    fisc_serve_drain(serving->server);
    g_auto(ServingAnswer) ready = {0};
    CU_ASSERT_FATAL(serving_request(serving, "GET", "/readyz", NULL, NULL, &ready));
    FISC_ASSERT_INT(ready.status, 503);
    FISC_ASSERT_TEXT(serving_answer_text(&ready, "reasons/0/code"), "DRAINING");
    FISC_ASSERT_INT(status_of(serving, "/v1/service", NULL), 200); /* what comes is answered */
}

static void
set_read_only(FiscServerOptions *options)
{
    options->is_read_only = true;
    options->primary = "https://books.example:8700";
}

static void
test_writes_nothing_when_it_only_reads(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), set_read_only);
    g_autofree char *person = serving_sign_in(serving, "ana"); /* makes her known */
    int64_t before = books_batch(serving->books);
    g_autofree char *headers = g_strconcat(person, JSON "Idempotency-Key: k1\r\n", NULL);
    g_auto(ServingAnswer) answer = {0};
    CU_ASSERT_FATAL(serving_request(serving, "POST", "/v1/entries", headers, "[]", &answer));
    FISC_ASSERT_INT(answer.status, 405);
    FISC_ASSERT_TEXT(serving_answer_text(&answer, "code"), "READ_ONLY");
    FISC_ASSERT_TEXT(serving_answer_header(&answer, "fisc-primary"), "https://books.example:8700");
    const char *freshness = serving_answer_header(&answer, "fisc-freshness");
    CU_ASSERT_PTR_NOT_NULL_FATAL(freshness);
    CU_ASSERT(g_str_has_prefix(freshness, "batch="));
    CU_ASSERT_PTR_NOT_NULL(strstr(freshness, ", behind="));
    FISC_ASSERT_INT(books_batch(serving->books), before);
}

/* The service manager ------------------------------------------------------------------------- */

static void
test_tells_the_service_manager(void)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    char heard[256] = "";
    g_snprintf(address.sun_path, sizeof(address.sun_path), "/tmp/fisc-notify-%d", (int)getpid());
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    CU_ASSERT_FATAL(bind(fd, (struct sockaddr *)&address, sizeof(address)) == 0);
    g_setenv("NOTIFY_SOCKET", address.sun_path, TRUE);
    fisc_notify("READY=1\nSTATUS=port %d", 8700);
    ssize_t length = recv(fd, heard, sizeof(heard) - 1, MSG_DONTWAIT);
    FISC_ASSERT_INT(length, (int)strlen("READY=1\nSTATUS=port 8700"));
    FISC_ASSERT_TEXT(heard, "READY=1\nSTATUS=port 8700");
    g_unsetenv("NOTIFY_SOCKET");
    fisc_notify("READY=1");
    CU_ASSERT(recv(fd, heard, sizeof(heard), MSG_DONTWAIT) < 0 && errno == EAGAIN);
    close(fd);
    unlink(address.sun_path);
}

static void
test_keeps_the_watchdog_quiet_in_time(void)
{
    g_autofree char *own = g_strdup_printf("%d", (int)getpid());
    const struct {
        const char *usec, *pid;
        int ms;
    } cases[] = {{NULL, NULL, 0},          {"20000000", NULL, 10000},
                 {"20000000", own, 10000}, {"20000000", "1", 0},
                 {"0", NULL, 0},           {"soon", NULL, 0}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_unsetenv("WATCHDOG_USEC");
        g_unsetenv("WATCHDOG_PID");
        if (cases[i].usec != NULL) {
            g_setenv("WATCHDOG_USEC", cases[i].usec, TRUE);
        }
        if (cases[i].pid != NULL) {
            g_setenv("WATCHDOG_PID", cases[i].pid, TRUE);
        }
        FISC_ASSERT_INT(fisc_notify_watchdog_ms(), cases[i].ms);
    }
    g_unsetenv("WATCHDOG_USEC");
    g_unsetenv("WATCHDOG_PID");
}

const FiscTest fisc_ops_tests[] = {
    {"counts requests by route, status and time, in a text every scraper reads",
     test_counts_requests},
    {"makes no new series however many paths are tried", test_makes_no_series_by_asking},
    {"shows its counters on this machine and to the operator only",
     test_shows_counters_to_the_operator_only},
    {"keeps a line of the log a line, whatever a request holds", test_keeps_a_line_a_line},
    {"writes who asked what, and what came of it", test_writes_what_is_needed},
    {"follows the chain while others post, and says how far", test_follows_the_chain},
    {"passes the caller's trace on", test_passes_the_trace_on},
    {"stops answering when the schema changes under it, and goes on when it is back",
     test_stops_when_the_schema_changes},
    {"does not start on a newer or an older schema", test_does_not_start_on_another_schema},
    {"says that it is ending and answers what still comes", test_says_that_it_is_ending},
    {"writes nothing when it only reads, and says where to write",
     test_writes_nothing_when_it_only_reads},
    {"tells the service manager how it is", test_tells_the_service_manager},
    {"keeps the watchdog quiet in half of its time", test_keeps_the_watchdog_quiet_in_time},
    {NULL, NULL},
};

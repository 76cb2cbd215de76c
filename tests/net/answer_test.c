/* answer_test.c: answers that look whole and are not, that never end, that mean two things. A table
 * of paths of the evil peer (behaviours.py) and what a fetch makes of them: the body, or the kind
 * of error and a part of what it says. */
#include "tests/net/evil.h"
#include "tests/support/suite.h"
#include <gio/gio.h>
#include <string.h>

extern const FiscTest fisc_answer_tests[];

#define WHOLE "code,amount\r\n2211,400.00\r\n"

typedef struct {
    const char *path;
    const char *code; /* "none": the body is WHOLE */
    const char *part; /* of the message */
} Case;

static void
check_case(const FiscFetchRules *rules, const Case *expected)
{
    g_autoptr(FiscFetchReply) reply = NULL;
    g_autoptr(GError) error = NULL;
    bool is_done = fisc_evil_get(rules, expected->path, &reply, &error);
    CU_ASSERT_EQUAL(is_done, error == NULL);
    CU_ASSERT_EQUAL(is_done, reply != NULL);
    g_autofree char *actual = g_strconcat(expected->path, " ", fisc_evil_code(error), NULL);
    g_autofree char *wanted = g_strconcat(expected->path, " ", expected->code, NULL);
    FISC_ASSERT_TEXT(actual, wanted);
    if (error != NULL && expected->part != NULL) {
        FISC_ASSERT_CONTAINS(error->message, expected->part);
        g_autofree char *name = fisc_evil_name("http");
        FISC_ASSERT_CONTAINS(error->message, name);
    }
    if (reply != NULL) {
        g_autofree char *body = fisc_evil_body(reply);
        FISC_ASSERT_TEXT(body, WHOLE);
        FISC_ASSERT_INT(reply->bytes, strlen(WHOLE));
    }
}

static void
check_cases(const FiscFetchRules *rules, const Case *cases, gsize count)
{
    for (gsize i = 0; i < count; i++) {
        check_case(rules, &cases[i]);
    }
}

static void
test_takes_whole_answers(void)
{
    static const Case cases[] = {
        {"/whole", "none", NULL},        {"/early", "none", NULL},
        {"/lingering", "none", NULL},    {"/whole-reset", "none", NULL},
        {"/gzip/good", "none", NULL},    {"/gzip/members", "none", NULL},
        {"/chunked/good", "none", NULL}, {"/chunked/trailer", "none", NULL},
    };
    const FiscFetchRules rules = fisc_evil_rules();
    check_cases(&rules, cases, G_N_ELEMENTS(cases));
}

static void
test_tells_what_came(void)
{
    const FiscFetchRules rules = fisc_evil_rules();
    g_autoptr(FiscFetchReply) reply = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_evil_get(&rules, "/early", &reply, &error));
    g_autofree char *name = fisc_evil_name("http");
    FISC_ASSERT_INT(reply->status, 200);
    FISC_ASSERT_TEXT(reply->address, name);
    FISC_ASSERT_TEXT(reply->content_type, "text/csv");
    FISC_ASSERT_TEXT(reply->charset, "utf-8");
    FISC_ASSERT_TEXT(reply->key_seen, "");
    FISC_ASSERT_TEXT(fisc_fetch_header(reply, "Content-LENGTH"), "26");
    CU_ASSERT_PTR_NULL(fisc_fetch_header(reply, "link")); /* of the interim answer */
    FISC_ASSERT_INT(reply->retry_after_s, -1);
}

static void
test_refuses_bodies_of_a_wrong_length(void)
{
    static const Case cases[] = {
        {"/truncated", "PEER_FAULT", "ends after 10 of 26 bytes"},
        {"/reset", "PEER_UNAVAILABLE", NULL},
        {"/length-short", "PEER_FAULT", "more than the 10 bytes it announced"},
        {"/length-short-later", "PEER_FAULT", "more than the 10 bytes it announced"},
        {"/unsized", "PEER_FAULT", "does not say where its body ends"},
        {"/gzip/cut", "PEER_FAULT", "within a packed body"},
        {"/gzip/trailer", "PEER_FAULT", "within a packed body"},
        {"/gzip/sum", "PEER_FAULT", "cannot be unpacked"},
        {"/gzip/garbage", "PEER_FAULT", "cannot be unpacked"},
        {"/gzip/none", "PEER_FAULT", "cannot be unpacked"},
        {"/chunked/size", "PEER_FAULT", "chunked"},
        {"/chunked/negative", "PEER_FAULT", "chunked"},
        {"/chunked/huge", "PEER_FAULT", "chunked"},
        {"/chunked/short", "PEER_FAULT", "chunked"},
        {"/chunked/trailer-odd", "PEER_FAULT", NULL},
        {"/chunked/cut", "PEER_FAULT", "ends"},
        {"/chunked/within", "PEER_FAULT", "ends"},
    };
    const FiscFetchRules rules = fisc_evil_rules();
    check_cases(&rules, cases, G_N_ELEMENTS(cases));
}

static void
test_takes_an_unsized_body_only_when_allowed(void)
{
    static const Case plain = {"/unsized", "none", NULL};
    FiscFetchRules rules = fisc_evil_rules();
    rules.allows_unsized = true;
    check_case(&rules, &plain);
}

static void
test_refuses_answers_with_two_meanings(void)
{
    static const Case cases[] = {
        {"/raw/silence", "PEER_UNAVAILABLE", "without an answer"},
        {"/raw/nonsense", "PEER_FAULT", NULL},
        {"/raw/status", "PEER_FAULT", NULL},
        {"/raw/status-text", "PEER_FAULT", NULL},
        {"/raw/switch", "PEER_FAULT", "a status that is none: 101"},
        {"/raw/http2", "PEER_FAULT", NULL},
        {"/raw/http09", "PEER_FAULT", NULL},
        {"/raw/head-cut", "PEER_FAULT", "within the head"},
        {"/raw/status-cut", "PEER_UNAVAILABLE", "without an answer"},
        {"/raw/two-lengths", "PEER_FAULT", "more than one"},
        {"/raw/two-same", "PEER_FAULT", "more than one"},
        {"/raw/list-length", "PEER_FAULT", "more than one"},
        {"/raw/negative", "PEER_FAULT", "a length that is none"},
        {"/raw/huge", "PEER_FAULT", "a length that is none"},
        {"/raw/hex", "PEER_FAULT", "a length that is none"},
        {"/raw/length-and-chunks", "PEER_FAULT", "a length and chunks"},
        {"/raw/coding", "PEER_FAULT", "transfer encoding"},
        {"/raw/folded", "PEER_FAULT", "a header that is none"},
        {"/raw/no-colon", "PEER_FAULT", NULL},
        {"/raw/space-colon", "PEER_FAULT", "a header that is none"},
        {"/raw/nul", "PEER_FAULT", NULL},
        {"/raw/bell", "PEER_FAULT", "control characters"},
        {"/raw/brotli", "PEER_FAULT", "not asked for"},
    };
    const FiscFetchRules rules = fisc_evil_rules();
    check_cases(&rules, cases, G_N_ELEMENTS(cases));
}

static void
test_takes_no_more_than_its_bounds(void)
{
    static const Case cases[] = {
        {"/raw/many", "PEER_FAULT", "200 lines"},
        {"/raw/large", "PEER_FAULT", "announces 999999999 bytes"},
        {"/endless/head", "PEER_FAULT", NULL},
        {"/head-line", "PEER_FAULT", NULL},
        {"/interim", "PEER_FAULT", "200 lines"},
        {"/endless/chunked", "PEER_FAULT", "more than the 4194304 bytes"},
        {"/gzip/bomb", "PEER_FAULT", "out of all proportion"},
    };
    FiscFetchRules rules = fisc_evil_rules();
    check_cases(&rules, cases, G_N_ELEMENTS(cases));
    static const Case unsized = {"/endless/close", "PEER_FAULT", "more than the 4194304 bytes"};
    rules.allows_unsized = true;
    check_case(&rules, &unsized);
    static const Case bomb = {"/gzip/bomb", "PEER_FAULT", "more than the 4194304 bytes"};
    rules.ratio_max = 100000;
    check_case(&rules, &bomb);
    static const Case small = {"/whole", "PEER_FAULT", "announces 26 bytes, more than 25"};
    rules.bytes_max = 25;
    check_case(&rules, &small);
    static const Case chunked = {"/chunked/good", "PEER_FAULT", "more than the 25 bytes"};
    check_case(&rules, &chunked);
}

static void
test_unpacks_a_large_body_exactly(void)
{
    const FiscFetchRules rules = fisc_evil_rules();
    g_autoptr(FiscFetchReply) reply = NULL;
    g_autoptr(GError) error = NULL;
    FiscFetchRules patient = rules;
    patient.ratio_max = 1000; /* it repeats itself */
    CU_ASSERT_TRUE_FATAL(fisc_evil_get(&patient, "/gzip/large", &reply, &error));
    gsize length = 0;
    const uint8_t *body = g_bytes_get_data(reply->body, &length);
    FISC_ASSERT_INT(length, 256 * 4096);
    gsize wrong = 0;
    for (gsize i = 0; i < length; i++) {
        wrong += body[i] != i % 256;
    }
    FISC_ASSERT_INT(wrong, 0);
}

static void
test_gives_up_on_peers_that_do_not_go_on(void)
{
    static const Case cases[] = {
        {"/stall/silent", "PEER_UNAVAILABLE", "too slow"},
        {"/stall/head", "PEER_UNAVAILABLE", "too slow"},
        {"/stall/body", "PEER_UNAVAILABLE", "too slow"},
        {"/slow", "PEER_UNAVAILABLE", "too slow"}, /* one byte a second */
    };
    FiscFetchRules rules = fisc_evil_rules();
    rules.stall_s = 1;
    check_cases(&rules, cases, G_N_ELEMENTS(cases));
    /* A bound on all of it holds for those who keep just above the other. */
    rules.stall_s = 30;
    rules.total_ms = 700;
    check_cases(&rules, cases, G_N_ELEMENTS(cases));
}

static bool
stop_at_once(gpointer data)
{
    return ++*(int *)data > 1;
}

static void
test_stops_when_told(void)
{
    const FiscFetchRules rules = fisc_evil_rules();
    g_autofree char *url = fisc_evil_url("http", "/stall/body");
    int asked = 0;
    const FiscFetchRequest request = {.url = url, .should_stop = stop_at_once, .stop_data = &asked};
    g_autoptr(FiscFetchReply) reply = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_FALSE(fisc_fetch(&rules, &request, &reply, &error));
    FISC_ASSERT_TEXT(fisc_evil_code(error), "PEER_UNAVAILABLE");
    FISC_ASSERT_INT(asked, 2);
}

static void
test_hands_on_statuses_as_answers(void)
{
    static const struct {
        const char *path;
        guint status;
        int retry_after_s;
    } cases[] = {
        {"/status/204", 204, -1},      {"/status/400", 400, -1},      {"/status/404", 404, -1},
        {"/status/429", 429, -1},      {"/status/429/120", 429, 120}, {"/status/429/date", 429, 60},
        {"/status/503/soon", 503, -1}, {"/status/503", 503, -1},      {"/status/304", 304, -1},
    };
    const FiscFetchRules rules = fisc_evil_rules();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FiscFetchReply) reply = NULL;
        g_autoptr(GError) error = NULL;
        CU_ASSERT_TRUE_FATAL(fisc_evil_get(&rules, cases[i].path, &reply, &error));
        FISC_ASSERT_INT(reply->status, cases[i].status);
        FISC_ASSERT_INT(reply->retry_after_s, cases[i].retry_after_s);
    }
}

static void
test_follows_no_redirect(void)
{
    static const Case cases[] = {
        {"/redirect/302/metadata", "PEER_FORBIDDEN", "http://169.254.169.254/latest/meta-data/"},
        {"/redirect/302/file", "PEER_FORBIDDEN", "file:///etc/passwd"},
        {"/redirect/301/self", "PEER_FORBIDDEN", "(301) to \"/whole\""},
        {"/redirect/303/self", "PEER_FORBIDDEN", "not followed"},
        {"/redirect/307/self", "PEER_FORBIDDEN", "not followed"},
        {"/redirect/308/self", "PEER_FORBIDDEN", "not followed"},
        {"/redirect/300/self", "PEER_FORBIDDEN", "not followed"},
        {"/redirect/302/control", "PEER_FORBIDDEN", "\"/a?b"},
    };
    const FiscFetchRules rules = fisc_evil_rules();
    int seen = fisc_evil_count_seen("/whole");
    check_cases(&rules, cases, G_N_ELEMENTS(cases));
    FISC_ASSERT_INT(fisc_evil_count_seen("/whole"), seen);
}

/* ---- a sink ---- */

typedef struct {
    GString *text;
    int pieces_max; /* then it refuses */
} Sink;

static bool
take_piece(gconstpointer piece, gsize length, gpointer data, GError **error)
{
    Sink *sink = data;
    if (sink->pieces_max-- == 0) {
        return fisc_fail(error, FISC_ERROR_IO, "the disk is full");
    }
    g_string_append_len(sink->text, piece, (gssize)length);
    return true;
}

static const char *
fetch_to_sink(const char *path, Sink *sink, FiscFetchReply **out_reply)
{
    const FiscFetchRules rules = fisc_evil_rules();
    g_autofree char *url = fisc_evil_url("http", path);
    const FiscFetchRequest request = {.url = url, .sink = take_piece, .sink_data = sink};
    g_autoptr(GError) error = NULL;
    fisc_fetch(&rules, &request, out_reply, &error);
    return fisc_evil_code(error);
}

static void
test_hands_pieces_to_a_sink(void)
{
    Sink sink = {.text = g_string_new(NULL), .pieces_max = -1};
    g_autoptr(FiscFetchReply) reply = NULL;
    FISC_ASSERT_TEXT(fetch_to_sink("/gzip/members", &sink, &reply), "none");
    FISC_ASSERT_TEXT(sink.text->str, WHOLE);
    FISC_ASSERT_INT(reply->bytes, strlen(WHOLE));
    FISC_ASSERT_INT(g_bytes_get_size(reply->body), 0);
    g_string_truncate(sink.text, 0);

    /* The text of a refusal is no part of the file. */
    g_autoptr(FiscFetchReply) refusal = NULL;
    FISC_ASSERT_TEXT(fetch_to_sink("/status/503", &sink, &refusal), "none");
    FISC_ASSERT_TEXT(sink.text->str, "");
    g_autofree char *body = fisc_evil_body(refusal);
    FISC_ASSERT_TEXT(body, "because\n");

    g_autoptr(FiscFetchReply) none = NULL;
    FISC_ASSERT_TEXT(fetch_to_sink("/truncated", &sink, &none), "PEER_FAULT");
    sink.pieces_max = 0;
    FISC_ASSERT_TEXT(fetch_to_sink("/whole", &sink, &none), "IO");
    CU_ASSERT_PTR_NULL(none);
    g_string_free(sink.text, TRUE);
}

/* ---- the control ---- */

/* A reader that believes: what stands behind the empty line, until the peer closes or is silent. */
static char *
read_believing(const char *path)
{
    g_autoptr(GSocketClient) client = g_socket_client_new();
    g_autoptr(GSocketConnection) connection = g_socket_client_connect_to_host(
        client, "127.0.0.1", (guint16)fisc_evil_port("http"), NULL, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(connection);
    GIOStream *stream = G_IO_STREAM(connection);
    g_autofree char *request = g_strdup_printf("GET %s HTTP/1.1\r\n\r\n", path);
    g_output_stream_write_all(g_io_stream_get_output_stream(stream), request, strlen(request), NULL,
                              NULL, NULL);
    char answer[4096] = "";
    gsize length = 0;
    g_input_stream_read_all(g_io_stream_get_input_stream(stream), answer, sizeof answer - 1,
                            &length, NULL, NULL);
    answer[length] = '\0';
    const char *end = strstr(answer, "\r\n\r\n");
    return g_strdup(end != NULL ? end + 4 : answer);
}

static void
test_control_a_believing_reader_is_taken_in(void)
{
    static const char *const paths[] = {"/truncated", "/gzip/cut", "/chunked/within",
                                        "/raw/two-lengths", "/unsized"};
    int believed = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_autofree char *body = read_believing(paths[i]);
        believed += *body != '\0';
        if (i == 0) {
            FISC_ASSERT_TEXT(body, "code,amoun"); /* the peer does cut */
        }
    }
    FISC_ASSERT_INT(believed, G_N_ELEMENTS(paths));
}

const FiscTest fisc_answer_tests[] = {
    {"takes whole answers, packed, in chunks, after interim ones, over a line that stays open",
     test_takes_whole_answers},
    {"tells who answered, what it is and how it is written", test_tells_what_came},
    {"refuses bodies cut short, too long, packed wrongly or chunked wrongly",
     test_refuses_bodies_of_a_wrong_length},
    {"takes a body without a length only when the rules allow it",
     test_takes_an_unsized_body_only_when_allowed},
    {"refuses answers that are none or that two readers take differently",
     test_refuses_answers_with_two_meanings},
    {"takes no more than its bounds, of heads, bodies and what they unpack to",
     test_takes_no_more_than_its_bounds},
    {"unpacks a large body byte for byte", test_unpacks_a_large_body_exactly},
    {"gives up on peers that stall, and on one byte a second",
     test_gives_up_on_peers_that_do_not_go_on},
    {"stops when told, in the middle of a body", test_stops_when_told},
    {"hands on statuses as answers, with what Retry-After asks", test_hands_on_statuses_as_answers},
    {"follows no redirect, and says where it leads", test_follows_no_redirect},
    {"hands the pieces of a good answer to a sink, and of no other", test_hands_pieces_to_a_sink},
    {"control: a reader that believes takes the same answers for whole",
     test_control_a_believing_reader_is_taken_in},
    {NULL, NULL},
};

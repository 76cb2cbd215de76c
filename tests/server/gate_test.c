/* gate_test.c: connections over real sockets: kept alive, ended in time, counted, drained. */
#include "tests/server/transport.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <glib/gstdio.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define ECHO "GET /echo?a=%C3%A9&b=1+2 HTTP/1.1\r\nHost: a\r\n\r\n"
#define POST "POST /echo HTTP/1.1\r\nHost: a\r\n"

/* Answers and connections ----------------------------------------------------------------------
 */

static void
test_hands_over_what_was_sent(void)
{
    g_autoptr(Transport) transport = transport_new(NULL);
    g_autoptr(ServingLink) link = serving_link_open(transport->port);
    g_auto(ServingAnswer) get = {0};
    g_auto(ServingAnswer) post = {0};
    g_auto(ServingAnswer) chunked = {0};
    transport_ask(link, ECHO, &get);
    FISC_ASSERT_TEXT(serving_answer_text(&get, "query"), "a=é;b=1 2;");
    FISC_ASSERT_TEXT(serving_answer_text(&get, "address"), "127.0.0.1");
    transport_ask(link, POST "Content-Length: 5\r\n\r\nabcde", &post);
    FISC_ASSERT_TEXT(serving_answer_text(&post, "body"), "abcde");
    transport_ask(link, POST "Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n3\r\ncde\r\n0\r\n\r\n",
                  &chunked);
    FISC_ASSERT_TEXT(serving_answer_text(&chunked, "body"), "abcde");
}

static void
test_answers_pipelined_requests_in_order(void)
{
    g_autoptr(Transport) transport = transport_new(NULL);
    g_autoptr(ServingLink) link = serving_link_open(transport->port);
    GString *requests = g_string_new(NULL);
    for (int i = 0; i < 50; i++) {
        g_string_append_printf(requests,
                               "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n"
                               "\r\n%02d",
                               i);
    }
    CU_ASSERT(serving_link_send(link, requests->str, (gssize)requests->len));
    for (int i = 0; i < 50; i++) {
        g_auto(ServingAnswer) answer = {0};
        g_autofree char *expected = g_strdup_printf("%02d", i);
        CU_ASSERT_FATAL(serving_link_receive(link, false, &answer));
        FISC_ASSERT_TEXT(serving_answer_text(&answer, "body"), expected);
    }
    g_string_free(requests, TRUE);
}

static void
test_closes_when_the_client_wants_it(void)
{
    static const char *const requests[] = {
        "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        "GET /echo HTTP/1.0\r\n\r\n",
    };
    g_autoptr(Transport) transport = transport_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(requests); i++) {
        g_autoptr(ServingLink) link = serving_link_open(transport->port);
        g_auto(ServingAnswer) answer = {0};
        transport_ask(link, requests[i], &answer);
        FISC_ASSERT_INT(answer.status, 200);
        CU_ASSERT(serving_link_is_closed(link));
    }
}

static void
test_answers_who_sends_nothing_more(void)
{
    g_autoptr(Transport) transport = transport_new(NULL);
    g_autoptr(ServingLink) link = serving_link_open(transport->port);
    g_auto(ServingAnswer) answer = {0};
    serving_link_send(link, ECHO, -1);
    shutdown(serving_link_socket(link), SHUT_WR);
    CU_ASSERT(serving_link_receive(link, false, &answer));
    FISC_ASSERT_INT(answer.status, 200);
    CU_ASSERT(serving_link_is_closed(link));
}

static void
test_tells_to_go_on(void)
{
    static const char go_on[] = "HTTP/1.1 100 Continue\r\n\r\n";
    char said[sizeof(go_on)] = "";
    g_autoptr(Transport) transport = transport_new(NULL);
    g_autoptr(ServingLink) link = serving_link_open(transport->port);
    g_auto(ServingAnswer) answer = {0};
    serving_link_send(link, POST "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n", -1);
    serving_link_read(link, said, sizeof(go_on) - 1);
    FISC_ASSERT_TEXT(said, go_on);
    transport_ask(link, "[]", &answer);
    FISC_ASSERT_TEXT(serving_answer_text(&answer, "body"), "[]");
}

static void
test_refuses_long_bodies_before_they_come(void)
{
    g_autoptr(Transport) transport = transport_new(NULL);
    const char *const requests[] = {POST "Content-Length: 1025\r\n\r\n",
                                    POST "Expect: 100-continue\r\nContent-Length: 1025\r\n\r\n",
                                    POST "Transfer-Encoding: chunked\r\n\r\n401\r\n"};
    for (gsize i = 0; i < G_N_ELEMENTS(requests); i++) {
        g_autoptr(ServingLink) link = serving_link_open(transport->port);
        g_auto(ServingAnswer) answer = {0};
        transport_ask(link, requests[i], &answer);
        FISC_ASSERT_INT(answer.status, 413);
        FISC_ASSERT_TEXT(serving_answer_text(&answer, "code"), "BODY_TOO_LARGE");
        CU_ASSERT(serving_link_is_closed(link));
    }
    FISC_ASSERT_INT(transport_handled(transport), 0);
    FISC_ASSERT_INT(transport->refused, 3);
}

/* Time ------------------------------------------------------------------------------------------
 */

static void
shorten(FiscHttpOptions *options)
{
    options->limits = (FiscServerLimits){.head_ms = 100,
                                         .body_ms = 100,
                                         .idle_ms = 100,
                                         .reply_ms = 100,
                                         .bytes_per_second = 1 << 20};
}

static void
test_ends_requests_that_do_not_come(void)
{
    static const struct {
        const char *bytes;
        int status; /* 0: closed without a word */
    } cases[] = {
        {"", 0},
        {"GET /echo HTTP/1.1\r\nHost:", 408},
        {POST "Content-Length: 5\r\n\r\nab", 408},
        {POST "Transfer-Encoding: chunked\r\n\r\n5\r\nab", 408},
    };
    g_autoptr(Transport) transport = transport_new(shorten);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(ServingLink) link = serving_link_open(transport->port);
        g_auto(ServingAnswer) answer = {0};
        serving_link_send(link, cases[i].bytes, -1);
        bool is_answered = serving_link_receive(link, false, &answer);
        FISC_ASSERT_INT(is_answered ? answer.status : 0, cases[i].status);
        CU_ASSERT(serving_link_is_closed(link));
    }
    FISC_ASSERT_INT(transport_handled(transport), 0);
}

/* However often a byte comes: the time is of the whole, not of the gaps. */
static void
test_counts_the_whole_time_of_a_slow_head(void)
{
    g_autoptr(Transport) transport = transport_new(shorten);
    g_autoptr(ServingLink) link = serving_link_open(transport->port);
    g_auto(ServingAnswer) answer = {0};
    serving_link_send(link, "GET /echo HTTP/1.1\r\n", -1);
    struct timeval wait = {.tv_usec = 20000};
    int socket = serving_link_socket(link), sent = 0;
    char byte;
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
    while (sent < 3000 && recv(socket, &byte, 1, MSG_PEEK) < 0) {
        sent++;
        serving_link_send(link, "a", 1);
    }
    CU_ASSERT(sent < 3000);
    CU_ASSERT(serving_link_receive(link, false, &answer));
    FISC_ASSERT_INT(answer.status, 408);
}

static void
test_closes_idle_connections(void)
{
    g_autoptr(Transport) transport = transport_new(shorten);
    g_autoptr(ServingLink) link = serving_link_open(transport->port);
    g_auto(ServingAnswer) answer = {0};
    transport_ask(link, ECHO, &answer);
    FISC_ASSERT_INT(answer.status, 200);
    CU_ASSERT(serving_link_is_closed(link));
}

static void
test_does_not_wait_for_slow_readers(void)
{
    g_autoptr(Transport) transport = transport_new(shorten);
    g_autoptr(ServingLink) link = serving_link_open(transport->port);
    g_autoptr(ServingLink) other = serving_link_open(transport->port);
    g_auto(ServingAnswer) answer = {0};
    serving_link_send(link, "GET /long HTTP/1.1\r\nHost: a\r\n\r\n", -1);
    transport_ask(other, "GET /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", &answer);
    FISC_ASSERT_INT(answer.status, 200);
    CU_ASSERT(serving_link_is_closed(other));
    CU_ASSERT(transport_wait_for_connections(transport, 0));
}

static void
test_sends_long_answers_whole(void)
{
    g_autoptr(Transport) transport = transport_new(NULL);
    g_autoptr(ServingLink) link = serving_link_open(transport->port);
    g_auto(ServingAnswer) head = {0};
    guint8 block[65536];
    gsize length = 0, count = 1;
    serving_link_send(link, "GET /long HTTP/1.1\r\nHost: a\r\n\r\n", -1);
    CU_ASSERT_FATAL(serving_link_receive_head(link, &head));
    while (length < TRANSPORT_LONG && count > 0) {
        count = serving_link_read(link, block, sizeof(block));
        length += count;
    }
    FISC_ASSERT_INT(length, TRANSPORT_LONG);
}

/* Room ------------------------------------------------------------------------------------------
 */

static void
allow_three(FiscHttpOptions *options)
{
    options->limits.connections = 3;
}

static void
allow_two_of_an_address(FiscHttpOptions *options)
{
    options->limits.address_connections = 2;
}

/* Opens @count and then one more, which is told that there is no room. */
static void
check_cap(Transport *transport, int count)
{
    g_autoptr(GPtrArray) links = g_ptr_array_new();
    for (int i = 0; i < count; i++) {
        g_auto(ServingAnswer) answer = {0};
        g_ptr_array_add(links, serving_link_open(transport->port));
        transport_ask(links->pdata[i], ECHO, &answer);
        FISC_ASSERT_INT(answer.status, 200);
    }
    g_autoptr(ServingLink) beyond = serving_link_open(transport->port);
    g_auto(ServingAnswer) refused = {0};
    CU_ASSERT(serving_link_receive(beyond, false, &refused));
    FISC_ASSERT_INT(refused.status, 503);
    FISC_ASSERT_TEXT(serving_answer_text(&refused, "code"), "BUSY");
    CU_ASSERT(serving_link_is_closed(beyond));
    for (int i = 0; i < count; i++) {
        serving_link_free(links->pdata[i]);
    }
}

static void
test_has_room_for_so_many(void)
{
    g_autoptr(Transport) transport = transport_new(allow_three);
    check_cap(transport, 3);
    CU_ASSERT(transport_wait_for_connections(transport, 0));
    check_cap(transport, 3); /* who has gone, has made room */
}

static void
test_has_room_for_so_many_of_an_address(void)
{
    g_autoptr(Transport) transport = transport_new(allow_two_of_an_address);
    check_cap(transport, 2);
}

static void
trust_and_allow_two(FiscHttpOptions *options)
{
    options->limits.address_connections = 2;
    options->trusted_proxies = "10.0.0.0/8, 127.0.0.1";
}

static void
test_does_not_count_a_trusted_proxy(void)
{
    g_autoptr(Transport) transport = transport_new(trust_and_allow_two);
    ServingLink *links[5];
    for (gsize i = 0; i < G_N_ELEMENTS(links); i++) {
        g_auto(ServingAnswer) answer = {0};
        links[i] = serving_link_open(transport->port);
        transport_ask(links[i], ECHO, &answer);
        FISC_ASSERT_INT(answer.status, 200);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(links); i++) {
        serving_link_free(links[i]);
    }
}

/* Peers -----------------------------------------------------------------------------------------
 */

#define FORWARDED                                                                                  \
    "GET /echo HTTP/1.1\r\nHost: a\r\nX-Forwarded-For: 6.6.6.6, 203.0.113.9\r\n"                   \
    "x-forwarded-for: 10.1.2.3\r\nX-Forwarded-Proto: https\r\nX-Real-IP: 6.6.6.6\r\n\r\n"

static void
test_believes_trusted_proxies_only(void)
{
    const struct {
        void (*adjust)(FiscHttpOptions *);
        const char *address;
        bool is_secure;
    } cases[] = {{NULL, "127.0.0.1", false}, {trust_and_allow_two, "203.0.113.9", true}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Transport) transport = transport_new(cases[i].adjust);
        g_autoptr(ServingLink) link = serving_link_open(transport->port);
        g_auto(ServingAnswer) answer = {0};
        transport_ask(link, FORWARDED, &answer);
        FISC_ASSERT_TEXT(serving_answer_text(&answer, "address"), cases[i].address);
        FISC_ASSERT_INT(json_is_true(json_object_get(answer.json, "secure")), cases[i].is_secure);
        CU_ASSERT(json_is_true(json_object_get(answer.json, "forwarded")));
        CU_ASSERT(json_is_false(json_object_get(answer.json, "has_real_ip")));
    }
}

static char *socket_path; /* of the test that listens on it */

static void
listen_on_both(FiscHttpOptions *options)
{
    static char listen[256];
    g_snprintf(listen, sizeof(listen), "unix:%s,127.0.0.1:0", socket_path);
    options->listen = listen;
    options->limits.address_connections = 1;
}

static ServingLink *
open_path(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int own = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_strlcpy(address.sun_path, path, sizeof(address.sun_path));
    if (connect(own, (struct sockaddr *)&address, sizeof(address)) != 0) {
        g_error("could not connect to %s", path);
    }
    return serving_link_new(own);
}

static void
test_knows_who_is_at_a_unix_socket(void)
{
    g_autofree char *folder = fisc_test_folder_new();
    socket_path = g_build_filename(folder, "fisc.sock", NULL);
    for (int round = 0; round < 2; round++) { /* the second finds no trace of the first */
        g_autoptr(Transport) transport = transport_new(listen_on_both);
        g_autoptr(ServingLink) link = open_path(socket_path);
        g_autoptr(ServingLink) second = open_path(socket_path);
        g_autoptr(ServingLink) tcp = serving_link_open(transport->port);
        g_auto(ServingAnswer) near = {0};
        g_auto(ServingAnswer) again = {0};
        g_auto(ServingAnswer) far = {0};
        transport_ask(link, ECHO, &near);
        FISC_ASSERT_TEXT(serving_answer_text(&near, "address"), "unix");
        FISC_ASSERT_INT(json_integer_value(json_object_get(near.json, "user")), geteuid());
        transport_ask(second, FORWARDED, &again);
        FISC_ASSERT_INT(json_integer_value(json_object_get(again.json, "user")), -1);
        transport_ask(tcp, ECHO, &far);
        FISC_ASSERT_INT(json_integer_value(json_object_get(far.json, "user")), -1);
    }
    CU_ASSERT_FALSE(g_file_test(socket_path, G_FILE_TEST_EXISTS));
    g_clear_pointer(&socket_path, g_free);
    fisc_test_folder_remove(folder);
}

/* Streams and the end ---------------------------------------------------------------------------
 */

#define STREAM "GET /stream HTTP/1.1\r\nHost: a\r\n\r\n"

static void
test_streams_live(void)
{
    g_autoptr(Transport) transport = transport_new(shorten);
    g_autoptr(ServingLink) link = serving_link_open(transport->port);
    g_auto(ServingAnswer) head = {0};
    char said[64] = "";
    serving_link_send(link, STREAM, -1);
    CU_ASSERT(transport_write(transport, "one\n"));
    CU_ASSERT_FATAL(serving_link_receive_head(link, &head));
    FISC_ASSERT_TEXT(serving_answer_header(&head, "Transfer-Encoding"), "chunked");
    serving_link_read(link, said, sizeof(said) - 1);
    FISC_ASSERT_CONTAINS(said, "one\n");
    g_usleep(300000); /* longer than any deadline: a stream that is read has none */
    CU_ASSERT(transport_write(transport, "two\n"));
    memset(said, 0, sizeof(said));
    serving_link_read(link, said, sizeof(said) - 1);
    FISC_ASSERT_CONTAINS(said, "two\n");
}

static void
test_ends_a_stream_whose_reader_left(void)
{
    g_autoptr(Transport) transport = transport_new(NULL);
    ServingLink *link = serving_link_open(transport->port);
    serving_link_send(link, STREAM, -1);
    CU_ASSERT(transport_write(transport, "one\n"));
    serving_link_free(link);
    int64_t until = g_get_monotonic_time() + SERVING_WAIT_S * G_TIME_SPAN_SECOND;
    bool is_over = false;
    while (!is_over && g_get_monotonic_time() < until) {
        is_over = !transport_write(transport, "more\n");
        g_usleep(2000);
    }
    CU_ASSERT(is_over);
}

static void
test_ends_a_stream_whose_reader_is_too_slow(void)
{
    g_autofree char *block = g_strnfill(16 * 1024, 'x');
    g_autoptr(Transport) transport = transport_new(NULL);
    g_autoptr(ServingLink) link = serving_link_open(transport->port);
    serving_link_send(link, STREAM, -1);
    int blocks = 0;
    while (blocks < 100000 && transport_write(transport, block)) {
        blocks++;
    }
    CU_ASSERT(blocks < 100000);
}

static gpointer
close_transport(gpointer transport)
{
    transport_close(transport, SERVING_WAIT_S * 1000);
    return NULL;
}

static gpointer
close_transport_soon(gpointer transport)
{
    transport_close(transport, 50);
    return NULL;
}

static void
test_drains(void)
{
    g_autoptr(Transport) transport = transport_new(NULL);
    g_autoptr(ServingLink) idle = serving_link_open(transport->port);
    g_autoptr(ServingLink) busy = serving_link_open(transport->port);
    g_autoptr(ServingLink) stream = serving_link_open(transport->port);
    g_auto(ServingAnswer) first = {0};
    g_auto(ServingAnswer) last = {0};
    g_auto(ServingAnswer) streamed = {0};
    transport_ask(idle, ECHO, &first);
    serving_link_send(stream, STREAM, -1);
    CU_ASSERT(transport_write(transport, "one\n"));
    serving_link_send(busy, "GET /wait HTTP/1.1\r\nHost: a\r\n\r\n", -1);
    transport_wait_for_handlers(transport, 1);
    GThread *closing = g_thread_new("closing", close_transport, transport);
    CU_ASSERT(serving_link_is_closed(idle));
    CU_ASSERT(serving_link_receive(stream, false, &streamed));
    FISC_ASSERT_TEXT(streamed.body, "one\n");
    transport_release(transport);
    CU_ASSERT(serving_link_receive(busy, false, &last));
    FISC_ASSERT_TEXT(last.body, "waited");
    FISC_ASSERT_TEXT(serving_answer_header(&last, "Connection"), "close");
    CU_ASSERT(serving_link_is_closed(busy));
    g_clear_pointer(&busy, serving_link_free);
    g_clear_pointer(&stream, serving_link_free);
    g_clear_pointer(&idle, serving_link_free);
    g_thread_join(closing);
}

/* Two workers are at /wait: who waits behind them is refused when the time is up. */
static void
test_refuses_what_nobody_began_in_time(void)
{
    static const char wait[] = "GET /wait HTTP/1.1\r\nHost: a\r\n\r\n";
    g_autoptr(Transport) transport = transport_new(NULL);
    g_autoptr(ServingLink) waiting = serving_link_open(transport->port);
    ServingLink *busy[2];
    for (int i = 0; i < 2; i++) {
        busy[i] = serving_link_open(transport->port);
        serving_link_send(busy[i], wait, -1);
    }
    int waits = 0, works = 0;
    transport_wait_for_handlers(transport, 2);
    serving_link_send(waiting, wait, -1);
    for (int i = 0; i < SERVING_WAIT_S * 500 && waits < 1; i++) {
        fisc_http_lane_count(transport->http, FISC_HTTP_REPORT, &waits, &works);
        g_usleep(2000);
    }
    FISC_ASSERT_INT(waits, 1);
    GThread *closing = g_thread_new("closing", close_transport_soon, transport);
    g_auto(ServingAnswer) refused = {0};
    CU_ASSERT(serving_link_receive(waiting, false, &refused));
    FISC_ASSERT_INT(refused.status, 503);
    transport_release(transport);
    g_thread_join(closing);
    FISC_ASSERT_INT(transport->handled, 2);
    serving_link_free(busy[0]);
    serving_link_free(busy[1]);
}

const FiscTest fisc_gate_tests[] = {
    {"hands over what was sent", test_hands_over_what_was_sent},
    {"answers pipelined requests in their order", test_answers_pipelined_requests_in_order},
    {"closes when the client wants it", test_closes_when_the_client_wants_it},
    {"answers who sends nothing more", test_answers_who_sends_nothing_more},
    {"tells a client to go on", test_tells_to_go_on},
    {"refuses long bodies before they come", test_refuses_long_bodies_before_they_come},
    {"ends requests that do not come", test_ends_requests_that_do_not_come},
    {"counts the whole time of a slow head", test_counts_the_whole_time_of_a_slow_head},
    {"closes idle connections", test_closes_idle_connections},
    {"does not wait for slow readers", test_does_not_wait_for_slow_readers},
    {"sends long answers whole", test_sends_long_answers_whole},
    {"has room for so many", test_has_room_for_so_many},
    {"has room for so many of an address", test_has_room_for_so_many_of_an_address},
    {"does not count a trusted proxy", test_does_not_count_a_trusted_proxy},
    {"believes trusted proxies only", test_believes_trusted_proxies_only},
    {"knows who is at a unix socket", test_knows_who_is_at_a_unix_socket},
    {"streams live", test_streams_live},
    {"ends a stream whose reader left", test_ends_a_stream_whose_reader_left},
    {"ends a stream whose reader is too slow", test_ends_a_stream_whose_reader_is_too_slow},
    {"drains", test_drains},
    {"refuses what nobody began in time", test_refuses_what_nobody_began_in_time},
    {NULL, NULL},
};

/* soak_rough.c: clients that a server has to bear: streams that come and go, requests that are
 * wrong, slow, or cut off. */
#include "tests/server/posting.h"
#include "tests/server/soak_client.h"
#include <string.h>
#include <sys/socket.h>

#define PATIENCE_S 120 /* a bound for what never comes */
#define READS_A_STREAM 4
#define BYTE_US 5000
#define SIP_BYTES 16384

/* Streams ------------------------------------------------------------------------------------- */

/* As if the machine of the client were switched off: nothing is said to the server but "reset". */
static void
cut_off(ServingLink *link)
{
    const struct linger at_once = {.l_onoff = 1};
    setsockopt(serving_link_socket(link), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    serving_link_free(link);
}

void
soak_listen(SoakClient *client, int round)
{
    static const char *const streams[] = {"/v1/events", "/v1/events?unit=SCH&period=2024"};
    g_autofree char *request =
        posting_request("GET", streams[round % 2], client->door->reader, NULL);
    ServingLink *link = serving_link_open(client->door->port);
    g_auto(ServingAnswer) head = {0};
    char buffer[4096];
    bool is_open = serving_link_send(link, request, -1) && serving_link_receive_head(link, &head) &&
                   head.status == 200;
    soak_count(client);
    for (int i = 0; i < READS_A_STREAM && is_open; i++) {
        is_open = serving_link_read(link, buffer, sizeof buffer) > 0;
    }
    if (!is_open) {
        soak_complain(client, "a stream was not opened, or ended: %d", head.status);
    }
    if (round % 3 == 0) {
        cut_off(link);
    } else {
        serving_link_free(link);
    }
}

/* Wrong requests ------------------------------------------------------------------------------ */

typedef enum { NOBODY, STRANGER, READER, WRITER } Who;

static const struct {
    const char *method, *path;
    Who who;
    const char *headers; /* besides */
    const char *body;
    int status;
} wrongs[] = {
    {"POST", "/v1/entries", WRITER, JSON_TYPE, "{}", 400}, /* no key */
    {"POST", "/v1/entries", WRITER, JSON_TYPE "Idempotency-Key: w1\r\n", "{\"a\":", 422},
    {"POST", "/v1/entries", WRITER, JSON_TYPE "Idempotency-Key: w2\r\n", "[[[[[[[[", 422},
    {"POST", "/v1/entries", WRITER, "Content-Type: text/html\r\nIdempotency-Key: w3\r\n", "x", 415},
    {"POST", "/v1/entries", READER, JSON_TYPE "Idempotency-Key: w4\r\n", "[]", 403},
    {"POST", "/v1/entries", NOBODY, JSON_TYPE "Idempotency-Key: w5\r\n", "[]", 401},
    {"GET", "/v1/book", NOBODY, "", NULL, 401},
    {"GET", "/v1/book", STRANGER, "", NULL, 401},
    {"GET", "/v1/funds", READER, "", NULL, 400},
    {"GET", "/v1/funds?entity=SCH&period=1-1", READER, "", NULL, 422},
    {"GET", "/v1/events?after=-1", READER, "", NULL, 400},
    {"GET", "/v1/entries/no-such-entry", READER, "", NULL, 404},
    {"GET", "/v1/jobs/no-such-job", READER, "", NULL, 404},
    {"GET", "/v1/nothing", READER, "", NULL, 404},
    {"GET", "/v1/%2e%2e/nothing", READER, "", NULL, 400},
    {"DELETE", "/v1/book", WRITER, "", NULL, 405},
};

static const char *
headers_of(const SoakClient *client, Who who)
{
    static const char *const others[] = {
        [NOBODY] = "", [STRANGER] = "Authorization: Bearer fisc_0000000000000000\r\n"};
    return who == WRITER   ? client->door->writer
           : who == READER ? client->door->reader
                           : others[who];
}

/* More is announced than anybody may send; nothing of it is waited for. */
static void
announce_too_much(SoakClient *client)
{
    g_autoptr(ServingLink) link = serving_link_open(client->door->port);
    g_autofree char *head = g_strdup_printf("POST /v1/entries HTTP/1.1\r\nHost: localhost\r\n"
                                            "%s" JSON_TYPE "Idempotency-Key: much\r\n"
                                            "Content-Length: 99999999\r\n\r\n",
                                            client->door->writer);
    g_auto(ServingAnswer) answer = {0};
    soak_count(client);
    if (!serving_link_send(link, head, -1) || !serving_link_receive(link, false, &answer) ||
        answer.status != 413) {
        soak_complain(client, "who announced too much was answered %d", answer.status);
    }
}

int
soak_wrongs(void)
{
    return (int)G_N_ELEMENTS(wrongs) + 1;
}

/* Each on a link of its own every other time: the server may close what is wrong. */
void
soak_be_wrong(SoakClient *client, int round)
{
    gsize at = (gsize)round % (gsize)soak_wrongs();
    if (at == G_N_ELEMENTS(wrongs)) {
        announce_too_much(client);
        return;
    }
    g_autofree char *headers =
        g_strconcat(headers_of(client, wrongs[at].who), wrongs[at].headers, NULL);
    soak_ask(client, wrongs[at].method, wrongs[at].path, headers, wrongs[at].body,
             wrongs[at].status, NULL);
    if (round % 2 == 0) {
        g_clear_pointer(&client->link, serving_link_free);
    }
}

/* Slow ones ----------------------------------------------------------------------------------- */

/* A request that comes byte by byte. */
static void
speak_slowly(SoakClient *client)
{
    g_autofree char *request = posting_request("GET", "/v1/book", client->door->reader, NULL);
    g_autoptr(ServingLink) link = serving_link_open(client->door->port);
    g_auto(ServingAnswer) answer = {0};
    for (const char *byte = request; *byte != '\0' && serving_link_send(link, byte, 1); byte++) {
        g_usleep(BYTE_US);
    }
    soak_count(client);
    if (!serving_link_receive(link, false, &answer) || answer.status != 200) {
        soak_complain(client, "who speaks slowly got %d", answer.status);
    }
}

/* A long answer, which is read in sips. */
static void
listen_slowly(SoakClient *client)
{
    g_autofree char *request =
        posting_request("GET", "/v1/openapi.yaml", client->door->reader, NULL);
    g_autoptr(ServingLink) link = serving_link_open(client->door->port);
    g_auto(ServingAnswer) head = {0};
    char sip[SIP_BYTES];
    const int small = SIP_BYTES;
    setsockopt(serving_link_socket(link), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
    bool is_come = serving_link_send(link, request, -1) && serving_link_receive_head(link, &head) &&
                   head.status == 200;
    const char *length = is_come ? serving_answer_header(&head, "Content-Length") : NULL;
    gint64 left = length != NULL ? g_ascii_strtoll(length, NULL, 10) : 0;
    is_come = is_come && left > 0;
    while (is_come && left > 0) {
        g_usleep(BYTE_US);
        gsize read = serving_link_read(link, sip, sizeof sip);
        left -= (gint64)read;
        is_come = read > 0;
    }
    soak_count(client);
    if (!is_come) {
        soak_complain(client, "who reads slowly got %d, and not all of it", head.status);
    }
}

void
soak_be_slow(SoakClient *client, int round)
{
    if (round % 2 == 0) {
        speak_slowly(client);
    } else {
        listen_slowly(client);
    }
}

/* Those who leave ----------------------------------------------------------------------------- */

static void
send_and_leave(SoakClient *client, const char *request, gsize length)
{
    ServingLink *link = serving_link_open(client->door->port);
    if (length > 0) {
        serving_link_send(link, request, (gssize)length);
        soak_count(client);
    }
    cut_off(link);
}

/* Whether it was posted nobody knows: with the same key it is, once. */
static void
ask_what_became(SoakClient *client, const char *journal, const char *headers, const char *body)
{
    int64_t until = g_get_monotonic_time() + PATIENCE_S * (int64_t)G_USEC_PER_SEC;
    int status = 409;
    while (status == 409 && g_get_monotonic_time() < until) {
        g_auto(ServingAnswer) answer = {0};
        status =
            soak_ask_any(client, "POST", "/v1/entries", headers, body, &answer) ? answer.status : 0;
        if (status == 200 || status == 201) {
            soak_note(client, journal, soak_entry(&answer));
            return;
        }
        g_usleep(BYTE_US);
    }
    soak_complain(client, "%s, asked again, was answered %d", journal, status);
}

void
soak_leave(SoakClient *client, int round)
{
    g_autofree char *journal = g_strdup_printf("M%d-%d", client->number, round);
    g_autofree char *headers = soak_headers(client->door->writer, journal);
    g_autofree char *body = soak_fine(journal, "0.01");
    g_autofree char *post = posting_request("POST", "/v1/entries", headers, body);
    g_autofree char *report = posting_request(
        "GET", "/v1/reports/trial-balance?unit=SCH&period=2024", client->door->reader, NULL);
    const struct {
        const char *request;
        gsize length;
        bool is_post; /* wholly or in part: it is asked again */
    } ways[] = {
        {post, 0, false},                /* without a word */
        {post, 40, false},               /* in the head */
        {post, strlen(post) - 10, true}, /* in the body */
        {post, strlen(post), true},      /* before the answer */
        {report, strlen(report), false}, /* before a long one */
    };
    gsize way = (gsize)round % G_N_ELEMENTS(ways);
    send_and_leave(client, ways[way].request, ways[way].length);
    if (ways[way].is_post) {
        ask_what_became(client, journal, headers, body);
    }
}

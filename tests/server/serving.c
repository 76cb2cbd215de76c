/* serving.c: a server on a test database, and a client over a plain socket. */
#include "tests/server/serving.h"
#include "app/flows/signin.h"
#include "app/server/server_internal.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define READ_BLOCK 16384

struct _ServingLink {
    int socket;
    GByteArray *read; /* come, but not yet taken */
};

/* The server ------------------------------------------------------------------------------------
 */

static void
open_server(Serving *serving)
{
    g_autoptr(GError) error = NULL;
    if (!fisc_serve_open(&serving->options, &serving->server, &error)) {
        g_error("%s", error->message);
    }
    serving->port = fisc_serve_port(serving->server);
}

Serving *
serving_new(Books *books, void (*adjust)(FiscServerOptions *options))
{
    Serving *serving = g_new0(Serving, 1);
    serving->books = books != NULL ? books : books_new();
    serving->signed_in = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    serving->reader_uri = fisc_test_reader_uri(serving->books->admin);
    serving->options = (FiscServerOptions){.listen = "127.0.0.1:0",
                                           .poster_uri = serving->books->uri,
                                           .reader_uri = serving->reader_uri,
                                           .book_id = serving->books->ctx.book_id};
    if (adjust != NULL) {
        adjust(&serving->options);
    }
    open_server(serving);
    return serving;
}

void
serving_free(Serving *serving)
{
    if (serving == NULL) {
        return;
    }
    serving_link_free(serving->link);
    fisc_serve_close(serving->server);
    books_free(serving->books);
    g_hash_table_unref(serving->signed_in);
    g_free(serving->reader_uri);
    g_free(serving);
}

void
serving_restart(Serving *serving)
{
    g_clear_pointer(&serving->link, serving_link_free);
    g_clear_pointer(&serving->server, fisc_serve_close);
    open_server(serving);
}

/* By the server's own poster, so that no other writer comes between its batches. */
char *
serving_sign_in(Serving *serving, const char *person)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *name = g_uuid_string_random();
    const char *known = g_hash_table_lookup(serving->signed_in, person);
    if (known != NULL) {
        return g_strdup(known);
    }
    char token[FISC_SECRET_TEXT] = "";
    FiscContext own = serving->books->ctx;
    FiscTokenWords words = {.person = person, .name = name, .uses = "admin"};
    own.actor = person;
    own.on_behalf = NULL;
    own.poster = serving->options.is_read_only ? NULL : serving->server->poster;
    if (!fisc_flow_token_make(&own, &words, token, &error)) {
        return g_strdup("Authorization: Bearer none\r\n");
    }
    char *header = g_strdup_printf("Authorization: Bearer %s\r\n", token);
    g_hash_table_insert(serving->signed_in, g_strdup(person), g_strdup(header));
    return header;
}

/* A connection ----------------------------------------------------------------------------------
 */

ServingLink *
serving_link_new(int socket)
{
    ServingLink *link = g_new0(ServingLink, 1);
    struct timeval wait = {.tv_sec = SERVING_WAIT_S};
    setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
    setsockopt(socket, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof(wait));
    link->socket = socket;
    link->read = g_byte_array_new();
    return link;
}

ServingLink *
serving_link_open(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port),
                                  .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int own = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), yes = 1;
    if (connect(own, (struct sockaddr *)&address, sizeof(address)) != 0) {
        g_error("could not connect to port %d: %s", port, g_strerror(errno));
    }
    setsockopt(own, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof(yes));
    return serving_link_new(own);
}

ServingLink *
serving_connect(const Serving *serving)
{
    return serving_link_open(serving->port);
}

void
serving_link_free(ServingLink *link)
{
    if (link != NULL) {
        close(link->socket);
        g_byte_array_unref(link->read);
        g_free(link);
    }
}

int
serving_link_socket(const ServingLink *link)
{
    return link->socket;
}

bool
serving_link_send(ServingLink *link, const void *data, gssize length)
{
    const char *at = data;
    gsize left = length < 0 ? strlen(data) : (gsize)length;
    while (left > 0) {
        ssize_t count = send(link->socket, at, left, MSG_NOSIGNAL);
        if (count <= 0) {
            return false;
        }
        at += count;
        left -= (gsize)count;
    }
    return true;
}

/* Appends what comes next; false when nothing does. */
static bool
read_more(ServingLink *link)
{
    guint8 block[READ_BLOCK];
    /* A child of the server in this process may end meanwhile: a signal. */
    ssize_t count = TEMP_FAILURE_RETRY(recv(link->socket, block, sizeof(block), 0));
    if (count <= 0) {
        return false;
    }
    g_byte_array_append(link->read, block, (guint)count);
    return true;
}

gsize
serving_link_read(ServingLink *link, void *out, gsize size)
{
    if (link->read->len == 0 && !read_more(link)) {
        return 0;
    }
    gsize count = MIN(size, link->read->len);
    memcpy(out, link->read->data, count);
    g_byte_array_remove_range(link->read, 0, (guint)count);
    return count;
}

bool
serving_link_is_closed(ServingLink *link)
{
    guint8 byte;
    return link->read->len == 0 && recv(link->socket, &byte, 1, 0) == 0;
}

/* Answers ---------------------------------------------------------------------------------------
 */

/* Takes the bytes up to and with @end as a text without it; NULL when they do not come. */
static char *
take_until(ServingLink *link, const char *end)
{
    gsize length = strlen(end);
    for (;;) {
        char *found =
            link->read->len > 0 ? memmem(link->read->data, link->read->len, end, length) : NULL;
        if (found != NULL) {
            gsize count = (gsize)(found - (char *)link->read->data);
            char *text = g_strndup((char *)link->read->data, count);
            g_byte_array_remove_range(link->read, 0, (guint)(count + length));
            return text;
        }
        if (!read_more(link)) {
            return NULL;
        }
    }
}

static bool
take_bytes(ServingLink *link, gsize count, GString *into)
{
    while (link->read->len < count) {
        if (!read_more(link)) {
            return false;
        }
    }
    g_string_append_len(into, (char *)link->read->data, (gssize)count);
    g_byte_array_remove_range(link->read, 0, (guint)count);
    return true;
}

static bool
take_chunks(ServingLink *link, GString *into)
{
    for (;;) {
        g_autofree char *line = take_until(link, "\r\n");
        if (line == NULL) {
            return false;
        }
        gsize size = strtoul(line, NULL, 16);
        g_autofree char *end = NULL;
        if (!take_bytes(link, size, into) || (end = take_until(link, "\r\n")) == NULL) {
            return false;
        }
        if (size == 0) {
            return true;
        }
    }
}

static bool
take_body(ServingLink *link, const ServingAnswer *answer, GString *into)
{
    const char *coding = serving_answer_header(answer, "Transfer-Encoding");
    const char *length = serving_answer_header(answer, "Content-Length");
    if (coding != NULL) {
        return take_chunks(link, into);
    }
    if (length != NULL) {
        return take_bytes(link, strtoul(length, NULL, 10), into);
    }
    if (answer->status == 204 || answer->status == 304) {
        return true;
    }
    while (read_more(link)) {
    }
    return take_bytes(link, link->read->len, into);
}

bool
serving_link_receive_head(ServingLink *link, ServingAnswer *out_answer)
{
    g_autofree char *head = take_until(link, "\r\n\r\n");
    if (head == NULL || !g_str_has_prefix(head, "HTTP/1.1 ")) {
        return false;
    }
    g_auto(GStrv) lines = g_strsplit(head, "\r\n", -1);
    *out_answer = (ServingAnswer){.status = atoi(head + strlen("HTTP/1.1 ")),
                                  .headers = g_ptr_array_new_with_free_func(g_free)};
    for (char **line = lines + 1; *line != NULL; line++) {
        char *colon = strchr(*line, ':');
        if (colon != NULL) {
            g_ptr_array_add(out_answer->headers, g_strndup(*line, (gsize)(colon - *line)));
            g_ptr_array_add(out_answer->headers, g_strstrip(g_strdup(colon + 1)));
        }
    }
    return true;
}

bool
serving_link_receive(ServingLink *link, bool is_head, ServingAnswer *out_answer)
{
    ServingAnswer answer = {0};
    GString *body = g_string_new(NULL);
    bool is_whole = serving_link_receive_head(link, &answer);
    while (is_whole && answer.status == 100) {
        serving_answer_clear(&answer);
        is_whole = serving_link_receive_head(link, &answer);
    }
    is_whole = is_whole && (is_head || take_body(link, &answer, body));
    answer.length = body->len;
    answer.body = g_string_free(body, FALSE);
    if (!is_whole) {
        serving_answer_clear(&answer);
        return false;
    }
    const char *type = serving_answer_header(&answer, "Content-Type");
    if (type != NULL && strstr(type, "json") != NULL) {
        answer.json = json_loadb(answer.body, answer.length, JSON_DECODE_ANY, NULL);
    }
    *out_answer = answer;
    return true;
}

void
serving_answer_clear(ServingAnswer *answer)
{
    g_clear_pointer(&answer->headers, g_ptr_array_unref);
    g_clear_pointer(&answer->body, g_free);
    g_clear_pointer(&answer->json, json_decref);
    *answer = (ServingAnswer){0};
}

const char *
serving_answer_header(const ServingAnswer *answer, const char *name)
{
    for (guint i = 0; answer->headers != NULL && i + 1 < answer->headers->len; i += 2) {
        if (g_ascii_strcasecmp(answer->headers->pdata[i], name) == 0) {
            return answer->headers->pdata[i + 1];
        }
    }
    return NULL;
}

const char *
serving_answer_text(const ServingAnswer *answer, const char *members)
{
    const json_t *value = answer->json;
    g_auto(GStrv) names = g_strsplit(members, "/", -1);
    for (char **name = names; *name != NULL && value != NULL; name++) {
        value = json_is_array(value) ? json_array_get(value, strtoul(*name, NULL, 10))
                                     : json_object_get(value, *name);
    }
    const char *text = json_string_value(value);
    return text != NULL ? text : "";
}

/* Requests --------------------------------------------------------------------------------------
 */

static GByteArray *
make_request(const Serving *serving, const char *method, const char *path, const char *headers,
             const void *body, gsize length)
{
    GByteArray *bytes = g_byte_array_new();
    g_autofree char *head = g_strdup_printf("%s %s HTTP/1.1\r\nHost: %s:%d\r\n%s", method, path,
                                            serving->host != NULL ? serving->host : "127.0.0.1",
                                            serving->port, headers != NULL ? headers : "");
    g_autofree char *framing =
        body != NULL ? g_strdup_printf("Content-Length: %zu\r\n\r\n", length) : g_strdup("\r\n");
    g_byte_array_append(bytes, (guint8 *)head, (guint)strlen(head));
    g_byte_array_append(bytes, (guint8 *)framing, (guint)strlen(framing));
    if (body != NULL) {
        g_byte_array_append(bytes, body, (guint)length);
    }
    return bytes;
}

/* Whether the kept connection can go on: not when the server said so, or has closed. */
static bool
is_usable(const ServingLink *link)
{
    guint8 byte;
    return link != NULL && recv(link->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
           (errno == EAGAIN || errno == EWOULDBLOCK);
}

bool
serving_request_bytes(Serving *serving, const char *method, const char *path, const char *headers,
                      const void *body, gsize length, ServingAnswer *out_answer)
{
    g_autoptr(GByteArray) bytes = make_request(serving, method, path, headers, body, length);
    if (!is_usable(serving->link)) {
        g_clear_pointer(&serving->link, serving_link_free);
        serving->link = serving_connect(serving);
    }
    serving_link_send(serving->link, bytes->data, bytes->len);
    bool is_whole = serving_link_receive(serving->link, strcmp(method, "HEAD") == 0, out_answer);
    if (!is_whole) {
        *out_answer = (ServingAnswer){0};
        g_autofree char *what = g_strdup_printf("%s %s: a whole answer", method, path);
        fisc_assert_text("none", what, "answer", __FILE__, __LINE__);
    }
    const char *connection = is_whole ? serving_answer_header(out_answer, "Connection") : "close";
    if (connection != NULL && g_ascii_strcasecmp(connection, "close") == 0) {
        g_clear_pointer(&serving->link, serving_link_free);
    }
    return is_whole;
}

bool
serving_request(Serving *serving, const char *method, const char *path, const char *headers,
                const char *body, ServingAnswer *out_answer)
{
    return serving_request_bytes(serving, method, path, headers, body,
                                 body != NULL ? strlen(body) : 0, out_answer);
}

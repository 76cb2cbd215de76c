/* http.c: libmicrohttpd behind one file: connections in, complete requests to the workers, replies
 * out. */
#include "app/server/http.h"
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BODY_MAX (1024 * 1024)
#define QUEUE_MAX 1024 /* requests that wait for a worker of a lane */
#define STREAM_BLOCK (16 * 1024)

static const int usual_workers[FISC_HTTP_LANES] = {
    [FISC_HTTP_QUICK] = 8,
    [FISC_HTTP_POST] = 64,
    [FISC_HTTP_REPORT] = 2,
};

struct _FiscHttp {
    FiscHttpOptions options;
    struct MHD_Daemon *daemon;
    GThreadPool *lanes[FISC_HTTP_LANES];
    gint open; /* exchanges that have begun and not ended */
};

/* One request and its reply. */
typedef struct {
    FiscHttp *http;
    struct MHD_Connection *connection;
    FiscHttpRequest request;
    FiscHttpReply reply;
    FiscHttpLane lane;
    gsize body_max;
    char *url; /* owns request.path */
    bool is_too_large;
    bool is_handed_over;
} Exchange;

struct _FiscHttpStream {
    gint holds;
    GMutex mutex;
    GByteArray *waiting;
    gsize buffered_max;
    bool is_ended, is_over;
    struct MHD_Connection *sleeping; /* suspended until there is something to send */
};

/* Requests and replies ------------------------------------------------------------------------ */

static const char *
find_pair(const GPtrArray *pairs, const char *name, bool any_case)
{
    for (guint i = 0; i + 1 < pairs->len; i += 2) {
        const char *found = pairs->pdata[i];
        if (any_case ? g_ascii_strcasecmp(found, name) == 0 : strcmp(found, name) == 0) {
            return pairs->pdata[i + 1];
        }
    }
    return NULL;
}

const char *
fisc_http_header(const FiscHttpRequest *request, const char *name)
{
    return find_pair(request->headers, name, true);
}

const char *
fisc_http_query(const FiscHttpRequest *request, const char *name)
{
    return find_pair(request->query, name, false);
}

char *
fisc_http_cookie(const FiscHttpRequest *request, const char *name)
{
    const char *header = fisc_http_header(request, "Cookie");
    if (header == NULL) {
        return NULL;
    }
    g_auto(GStrv) parts = g_strsplit(header, ";", 64);
    gsize length = strlen(name);
    for (char **part = parts; *part != NULL; part++) {
        const char *word = g_strstrip(*part);
        if (strncmp(word, name, length) == 0 && word[length] == '=') {
            return g_strdup(word + length + 1);
        }
    }
    return NULL;
}

void
fisc_http_reply_header(FiscHttpReply *reply, const char *name, const char *value)
{
    for (guint i = 0; i + 1 < reply->headers->len; i += 2) {
        if (g_ascii_strcasecmp(reply->headers->pdata[i], name) == 0 &&
            g_ascii_strcasecmp(name, "Set-Cookie") != 0) {
            g_free(reply->headers->pdata[i + 1]);
            reply->headers->pdata[i + 1] = g_strdup(value);
            return;
        }
    }
    g_ptr_array_add(reply->headers, g_strdup(name));
    g_ptr_array_add(reply->headers, g_strdup(value));
}

void
fisc_http_reply_body(FiscHttpReply *reply, const char *type, const void *data, gssize length)
{
    fisc_http_reply_header(reply, "Content-Type", type);
    gsize size = length < 0 ? strlen(data) : (gsize)length;
    g_byte_array_append(reply->body, data, (guint)size);
}

/* Streams ---------------------------------------------------------------------------------------
 */

FiscHttpStream *
fisc_http_stream_new(gsize buffered_max)
{
    FiscHttpStream *stream = g_new0(FiscHttpStream, 1);
    stream->holds = 1;
    stream->buffered_max = buffered_max;
    stream->waiting = g_byte_array_new();
    g_mutex_init(&stream->mutex);
    return stream;
}

FiscHttpStream *
fisc_http_stream_ref(FiscHttpStream *stream)
{
    g_atomic_int_inc(&stream->holds);
    return stream;
}

void
fisc_http_stream_unref(FiscHttpStream *stream)
{
    if (stream == NULL || !g_atomic_int_dec_and_test(&stream->holds)) {
        return;
    }
    g_byte_array_unref(stream->waiting);
    g_mutex_clear(&stream->mutex);
    g_free(stream);
}

/* With the mutex held. */
static void
wake(FiscHttpStream *stream)
{
    if (stream->sleeping != NULL) {
        struct MHD_Connection *connection = stream->sleeping;
        stream->sleeping = NULL;
        MHD_resume_connection(connection);
    }
}

bool
fisc_http_stream_write(FiscHttpStream *stream, const void *data, gsize length)
{
    g_mutex_lock(&stream->mutex);
    if (!stream->is_over && stream->waiting->len + length > stream->buffered_max) {
        stream->is_ended = true; /* what waits is still sent; who is so slow has to ask again */
        stream->is_over = true;
    }
    bool is_taken = !stream->is_over && !stream->is_ended;
    if (is_taken) {
        g_byte_array_append(stream->waiting, data, (guint)length);
    }
    wake(stream);
    g_mutex_unlock(&stream->mutex);
    return is_taken;
}

void
fisc_http_stream_end(FiscHttpStream *stream)
{
    g_mutex_lock(&stream->mutex);
    stream->is_ended = true;
    wake(stream);
    g_mutex_unlock(&stream->mutex);
}

bool
fisc_http_stream_is_over(FiscHttpStream *stream)
{
    g_mutex_lock(&stream->mutex);
    bool is_over = stream->is_over;
    g_mutex_unlock(&stream->mutex);
    return is_over;
}

typedef struct {
    FiscHttpStream *stream;
    struct MHD_Connection *connection;
} Reader;

/* Asked by the event thread for the next bytes; sleeps when there are none. */
static ssize_t
read_stream(void *data, uint64_t position, char *buffer, size_t size)
{
    (void)position;
    Reader *reader = data;
    FiscHttpStream *stream = reader->stream;
    ssize_t count = 0;
    g_mutex_lock(&stream->mutex);
    if (stream->waiting->len > 0) {
        count = (ssize_t)MIN(size, stream->waiting->len);
        memcpy(buffer, stream->waiting->data, (gsize)count);
        g_byte_array_remove_range(stream->waiting, 0, (guint)count);
    } else if (stream->is_ended) {
        count = MHD_CONTENT_READER_END_OF_STREAM;
    } else {
        stream->sleeping = reader->connection;
        MHD_suspend_connection(reader->connection);
    }
    g_mutex_unlock(&stream->mutex);
    return count;
}

static void
close_stream(void *data)
{
    Reader *reader = data;
    g_mutex_lock(&reader->stream->mutex);
    reader->stream->is_over = true;
    reader->stream->sleeping = NULL;
    g_mutex_unlock(&reader->stream->mutex);
    fisc_http_stream_unref(reader->stream);
    g_free(reader);
}

/* Exchanges ----------------------------------------------------------------------------------- */

static enum MHD_Result
take_pair(void *pairs, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    g_ptr_array_add(pairs, g_strdup(name));
    g_ptr_array_add(pairs, g_strdup(value != NULL ? value : ""));
    return MHD_YES;
}

static char *
address_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char text[NI_MAXHOST];
    if (info == NULL || info->client_addr == NULL || info->client_addr->sa_family == AF_UNIX) {
        return g_strdup("unix");
    }
    socklen_t length = info->client_addr->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                                                : sizeof(struct sockaddr_in);
    if (getnameinfo(info->client_addr, length, text, sizeof(text), NULL, 0, NI_NUMERICHOST) != 0) {
        return g_strdup("unknown");
    }
    return g_strdup(text);
}

static void
make_hex(char out[33])
{
    g_autofree char *uuid = g_uuid_string_random();
    int at = 0;
    for (const char *c = uuid; *c != '\0' && at < 32; c++) {
        if (*c != '-') {
            out[at++] = *c;
        }
    }
    out[at] = '\0';
}

static void
take_trace(Exchange *exchange)
{
    const char *parent = fisc_http_header(&exchange->request, "traceparent");
    char *trace = exchange->request.trace_id;
    if (parent != NULL && strlen(parent) == 55 && strncmp(parent, "00-", 3) == 0 &&
        strspn(parent + 3, "0123456789abcdef") == 32) {
        memcpy(trace, parent + 3, 32);
        trace[32] = '\0';
    } else {
        make_hex(trace);
    }
}

static Exchange *
exchange_new(FiscHttp *http, struct MHD_Connection *connection, const char *method, const char *url)
{
    Exchange *exchange = g_new0(Exchange, 1);
    exchange->http = http;
    exchange->connection = connection;
    exchange->url = g_strdup(url);
    FiscHttpRequest *request = &exchange->request;
    request->method = g_intern_string(method);
    request->path = exchange->url;
    request->query = g_ptr_array_new_with_free_func(g_free);
    request->headers = g_ptr_array_new_with_free_func(g_free);
    request->body = g_byte_array_new();
    request->address = address_of(connection);
    request->peer_user = -1;
    request->begun_at_us = g_get_monotonic_time();
    MHD_get_connection_values(connection, MHD_HEADER_KIND, take_pair, request->headers);
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, take_pair, request->query);
    make_hex(request->request_id);
    take_trace(exchange);
    exchange->reply = (FiscHttpReply){.status = 200,
                                      .headers = g_ptr_array_new_with_free_func(g_free),
                                      .body = g_byte_array_new()};
    exchange->body_max = http->options.body_max > 0 ? http->options.body_max : BODY_MAX;
    exchange->lane = http->options.route(request, &exchange->body_max, http->options.data);
    g_atomic_int_inc(&http->open);
    return exchange;
}

static void
exchange_free(Exchange *exchange)
{
    g_atomic_int_add(&exchange->http->open, -1);
    g_ptr_array_unref(exchange->request.query);
    g_ptr_array_unref(exchange->request.headers);
    g_byte_array_unref(exchange->request.body);
    g_free((char *)exchange->request.address);
    g_ptr_array_unref(exchange->reply.headers);
    g_byte_array_unref(exchange->reply.body);
    fisc_http_stream_unref(exchange->reply.stream);
    g_free(exchange->url);
    g_free(exchange);
}

static void
work(gpointer item, gpointer data)
{
    Exchange *exchange = item;
    FiscHttp *http = data;
    http->options.handler(&exchange->request, &exchange->reply, http->options.data);
    MHD_resume_connection(exchange->connection);
}

static struct MHD_Response *
make_response(Exchange *exchange)
{
    FiscHttpReply *reply = &exchange->reply;
    if (reply->stream != NULL) {
        Reader *reader = g_new0(Reader, 1);
        *reader = (Reader){fisc_http_stream_ref(reply->stream), exchange->connection};
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_stream,
                                                 reader, close_stream);
    }
    return MHD_create_response_from_buffer(reply->body->len, reply->body->data,
                                           MHD_RESPMEM_MUST_COPY);
}

static enum MHD_Result
send_reply(Exchange *exchange)
{
    struct MHD_Response *response = make_response(exchange);
    const GPtrArray *headers = exchange->reply.headers;
    for (guint i = 0; i + 1 < headers->len; i += 2) {
        MHD_add_response_header(response, headers->pdata[i], headers->pdata[i + 1]);
    }
    enum MHD_Result result =
        MHD_queue_response(exchange->connection, (unsigned)exchange->reply.status, response);
    MHD_destroy_response(response);
    return result;
}

/* Without a worker: what the event thread says itself. */
static void
refuse(Exchange *exchange, int status, const char *code, const char *title)
{
    FiscHttpReply *reply = &exchange->reply;
    g_autofree char *body =
        g_strdup_printf("{\"type\":\"about:blank\",\"title\":\"%s\",\"status\":%d,\"code\":\"%s\","
                        "\"instance\":\"urn:fisc:request:%s\"}\n",
                        title, status, code, exchange->request.request_id);
    reply->status = status;
    fisc_http_reply_header(reply, "X-Request-Id", exchange->request.request_id);
    fisc_http_reply_body(reply, "application/problem+json", body, -1);
    exchange->is_handed_over = true;
}

static enum MHD_Result
hand_over(Exchange *exchange)
{
    GThreadPool *lane = exchange->http->lanes[exchange->lane];
    if (exchange->is_too_large) {
        refuse(exchange, 413, "BODY_TOO_LARGE", "The body is longer than the limit");
        return send_reply(exchange);
    }
    if (g_thread_pool_unprocessed(lane) >= QUEUE_MAX) {
        refuse(exchange, 503, "BUSY", "Too many requests are waiting");
        fisc_http_reply_header(&exchange->reply, "Retry-After", "1");
        return send_reply(exchange);
    }
    exchange->is_handed_over = true;
    MHD_suspend_connection(exchange->connection);
    g_thread_pool_push(lane, exchange, NULL);
    return MHD_YES;
}

static enum MHD_Result
on_request(void *data, struct MHD_Connection *connection, const char *url, const char *method,
           const char *version, const char *upload, size_t *upload_size, void **state)
{
    (void)version;
    Exchange *exchange = *state;
    if (exchange == NULL) {
        *state = exchange_new(data, connection, method, url);
        return MHD_YES;
    }
    if (*upload_size > 0) {
        exchange->is_too_large = exchange->is_too_large ||
                                 exchange->request.body->len + *upload_size > exchange->body_max;
        if (!exchange->is_too_large) {
            g_byte_array_append(exchange->request.body, (const guint8 *)upload,
                                (guint)*upload_size);
        }
        *upload_size = 0;
        return MHD_YES;
    }
    return exchange->is_handed_over ? send_reply(exchange) : hand_over(exchange);
}

static void
on_end(void *data, struct MHD_Connection *connection, void **state,
       enum MHD_RequestTerminationCode code)
{
    (void)data;
    (void)connection;
    (void)code;
    if (*state != NULL) {
        exchange_free(*state);
        *state = NULL;
    }
}

/* Opening and closing ---------------------------------------------------------------------------
 */

static bool
find_address(const char *listen, struct sockaddr_storage *out_address, GError **error)
{
    g_autoptr(GError) failure = NULL;
    const char *colon = strrchr(listen, ':');
    if (colon == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--listen \"%s\" is no address:port", listen);
    }
    g_autofree char *host = g_strndup(listen, (gsize)(colon - listen));
    char *bare = host;
    if (*host == '[' && host[strlen(host) - 1] == ']') {
        host[strlen(host) - 1] = '\0';
        bare = host + 1;
    }
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE | AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    int status = getaddrinfo(*bare != '\0' ? bare : NULL, colon + 1, &hints, &found);
    if (status != 0) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--listen \"%s\": %s", listen,
                         gai_strerror(status));
    }
    memcpy(out_address, found->ai_addr, found->ai_addrlen);
    freeaddrinfo(found);
    return true;
}

bool
fisc_http_open(const FiscHttpOptions *options, FiscHttp **out_http, GError **error)
{
    struct sockaddr_storage address = {0};
    if (!find_address(options->listen, &address, error)) {
        return false;
    }
    FiscHttp *http = g_new0(FiscHttp, 1);
    http->options = *options;
    for (int i = 0; i < FISC_HTTP_LANES; i++) {
        int count = options->workers[i] > 0 ? options->workers[i] : usual_workers[i];
        http->lanes[i] = g_thread_pool_new(work, http, count, FALSE, NULL);
    }
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC;
    flags |= address.ss_family == AF_INET6 ? MHD_USE_IPv6 : 0;
    http->daemon = MHD_start_daemon(flags, 0, NULL, NULL, on_request, http, MHD_OPTION_SOCK_ADDR,
                                    &address, MHD_OPTION_NOTIFY_COMPLETED, on_end, NULL,
                                    MHD_OPTION_CONNECTION_TIMEOUT, 60u, MHD_OPTION_END);
    if (http->daemon == NULL) {
        fisc_http_close(http, 0);
        return fisc_fail(error, FISC_ERROR_SETUP, "could not listen on %s: %s", options->listen,
                         g_strerror(errno));
    }
    *out_http = http;
    return true;
}

int
fisc_http_port(const FiscHttp *http)
{
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_BIND_PORT);
    return info != NULL ? info->port : 0;
}

void
fisc_http_close(FiscHttp *http, int wait_ms)
{
    if (http == NULL) {
        return;
    }
    if (http->daemon != NULL) {
        MHD_socket listening = MHD_quiesce_daemon(http->daemon);
        int64_t until = g_get_monotonic_time() + (int64_t)wait_ms * 1000;
        while (g_atomic_int_get(&http->open) > 0 && g_get_monotonic_time() < until) {
            g_usleep(5000);
        }
        if (listening != MHD_INVALID_SOCKET) {
            close(listening);
        }
    }
    for (int i = 0; i < FISC_HTTP_LANES; i++) {
        g_thread_pool_free(http->lanes[i], FALSE, TRUE);
    }
    if (http->daemon != NULL) {
        MHD_stop_daemon(http->daemon);
    }
    g_free(http);
}

/* http.c: libmicrohttpd behind one file: vetted bytes in by the gate, complete requests to the
 * workers, replies out. */
#include "app/server/gate.h"
#include "app/server/http_internal.h"
#include "app/server/lane.h"
#include <pthread.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BODY_MAX (1024 * 1024)
#define QUEUE_MAX 1024
#define CONNECTION_MEMORY                                                                          \
    (96 * 1024) /* of the library: the longest head, and that of the answer                        \
                 */
#define MEGABYTE ((gsize)1024 * 1024)
#define LAST_WORDS_MS 1000
#define CALM_US 10000           /* after a question: the next may be on its way */
#define POST_PATIENCE_US 250000 /* a post waits no longer for those who ask */
#define END_WAIT_US ((int64_t)10000000)

static const int usual_workers[FISC_HTTP_LANES] = {
    [FISC_HTTP_QUICK] = 8,
    [FISC_HTTP_POST] = 64,
    [FISC_HTTP_REPORT] = 2,
    [FISC_HTTP_PROVIDER] = 4,
};

/* Requests of a lane that wait for a worker. Behind one that takes seconds only a few have a
 * chance to be answered in time. */
static const int waiting_max[FISC_HTTP_LANES] = {
    [FISC_HTTP_QUICK] = QUEUE_MAX,
    [FISC_HTTP_POST] = QUEUE_MAX,
    [FISC_HTTP_REPORT] = QUEUE_MAX,
    [FISC_HTTP_PROVIDER] = 16,
};

struct _FiscHttp {
    FiscHttpOptions options;
    FiscProxies *proxies;
    FiscGate *gate;
    struct MHD_Daemon *daemon;
    FiscLane *lanes[FISC_HTTP_LANES];
    int posts_beside; /* under way while somebody asks */
    gint open;        /* exchanges that have begun and not ended */
    gint is_draining; /* each answer is the last of its connection */
    gsize bodies;     /* bytes of all exchanges; of the library's thread alone */
    pthread_mutex_t mutex;
    GHashTable *arriving; /* socket that the library was given -> its FiscGatePeer */
    GHashTable *streams;  /* set of FiscHttpStream that are being sent */
};

/* One request and its reply. */
typedef struct {
    FiscHttp *http;
    struct MHD_Connection *connection;
    FiscGatePeer *peer; /* the library holds it as long as the connection */
    FiscHttpRequest request;
    FiscHttpReply reply;
    FiscHttpLane lane;
    gsize body_max;
    char *url, *address; /* own what the request points to */
    bool is_too_large, is_crowded;
    bool is_handed_over;
} Exchange;

/* Requests ------------------------------------------------------------------------------------- */

static enum MHD_Result
take_pair(void *pairs, enum MHD_ValueKind kind, const char *name, const char *value)
{
    (void)kind;
    g_ptr_array_add(pairs, g_strdup(name));
    g_ptr_array_add(pairs, g_strdup(value != NULL ? value : ""));
    return MHD_YES;
}

static bool
is_forwarding(const char *name)
{
    return g_ascii_strncasecmp(name, "X-Forwarded-", strlen("X-Forwarded-")) == 0 ||
           g_ascii_strcasecmp(name, "X-Real-IP") == 0 || g_ascii_strcasecmp(name, "Forwarded") == 0;
}

/* All lines of X-Forwarded-For as one. Caller frees. */
static char *
join_forwarded_for(const FiscHttpRequest *request)
{
    GString *joined = g_string_new(NULL);
    for (guint i = 0; i + 1 < request->headers->len; i += 2) {
        if (g_ascii_strcasecmp(request->headers->pdata[i], "X-Forwarded-For") == 0) {
            g_string_append_printf(joined, "%s%s", joined->len > 0 ? "," : "",
                                   (char *)request->headers->pdata[i + 1]);
        }
    }
    return g_string_free(joined, FALSE);
}

/* Who the client is, when a proxy stands between; and no handler sees what anybody may write. */
static void
take_forwarding(Exchange *exchange)
{
    FiscHttpRequest *request = &exchange->request;
    request->is_forwarded = fisc_http_header(request, "Via") != NULL;
    if (exchange->peer->is_proxy) {
        const char *proto = fisc_http_header(request, "X-Forwarded-Proto");
        g_autofree char *forwarded_for = join_forwarded_for(request);
        char *client = fisc_proxies_client(exchange->http->proxies, forwarded_for);
        request->is_secure = request->is_secure || g_strcmp0(proto, "https") == 0;
        if (client != NULL) {
            g_free(exchange->address);
            request->address = exchange->address = client;
        }
    }
    for (guint i = 0; i + 1 < request->headers->len;) {
        if (is_forwarding(request->headers->pdata[i])) {
            request->is_forwarded = true;
            g_ptr_array_remove_range(request->headers, i, 2);
        } else {
            i += 2;
        }
    }
    request->peer_user = request->is_forwarded ? -1 : exchange->peer->user;
}

static void
take_trace(FiscHttpRequest *request)
{
    const char *parent = fisc_http_header(request, "traceparent");
    if (parent != NULL && strlen(parent) == 55 && strncmp(parent, "00-", 3) == 0 &&
        strspn(parent + 3, "0123456789abcdef") == 32) {
        g_strlcpy(request->trace_id, parent + 3, FISC_HTTP_ID_SIZE);
    } else {
        fisc_http_make_id(request->trace_id);
    }
}

static gsize
usual_body_max(const FiscHttp *http)
{
    return http->options.body_max > 0 ? http->options.body_max : BODY_MAX;
}

static Exchange *
exchange_new(FiscHttp *http, struct MHD_Connection *connection, const char *method, const char *url)
{
    Exchange *exchange = g_new0(Exchange, 1);
    exchange->http = http;
    exchange->connection = connection;
    exchange->peer =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    exchange->url = g_strdup(url);
    exchange->address = g_strdup(exchange->peer->address);
    FiscHttpRequest *request = &exchange->request;
    *request = (FiscHttpRequest){.method = g_intern_string(method),
                                 .path = exchange->url,
                                 .query = g_ptr_array_new_with_free_func(g_free),
                                 .headers = g_ptr_array_new_with_free_func(g_free),
                                 .body = g_byte_array_new(),
                                 .address = exchange->address,
                                 .peer = exchange->peer->subject,
                                 .is_secure = exchange->peer->is_secure,
                                 .begun_at_us = g_get_monotonic_time()};
    MHD_get_connection_values(connection, MHD_HEADER_KIND, take_pair, request->headers);
    MHD_get_connection_values(connection, MHD_GET_ARGUMENT_KIND, take_pair, request->query);
    take_forwarding(exchange);
    fisc_http_make_id(request->request_id);
    take_trace(request);
    exchange->reply = (FiscHttpReply){.status = 200,
                                      .headers = g_ptr_array_new_with_free_func(g_free),
                                      .body = g_byte_array_new()};
    exchange->body_max = usual_body_max(http);
    exchange->lane = http->options.route(request, &exchange->body_max, http->options.data);
    g_atomic_int_inc(&http->open);
    return exchange;
}

static void
exchange_free(Exchange *exchange)
{
    exchange->http->bodies -= exchange->request.body->len;
    g_ptr_array_unref(exchange->request.query);
    g_ptr_array_unref(exchange->request.headers);
    g_byte_array_unref(exchange->request.body);
    g_ptr_array_unref(exchange->reply.headers);
    g_byte_array_unref(exchange->reply.body);
    fisc_http_stream_unref(exchange->reply.stream);
    g_free(exchange->url);
    g_free(exchange->address);
    g_atomic_int_add(&exchange->http->open, -1);
    g_free(exchange);
}

/* Of the library's thread. */
static void
append_body(Exchange *exchange, const char *data, gsize length)
{
    FiscHttp *http = exchange->http;
    gsize bodies_max = (gsize)http->options.limits.bodies_megabytes * MEGABYTE;
    exchange->is_too_large =
        exchange->is_too_large || exchange->request.body->len + length > exchange->body_max;
    exchange->is_crowded = exchange->is_crowded || http->bodies + length > bodies_max;
    if (!exchange->is_too_large && !exchange->is_crowded) {
        g_byte_array_append(exchange->request.body, (const guint8 *)data, (guint)length);
        http->bodies += length;
    }
}

/* Replies -------------------------------------------------------------------------------------- */

static void
free_bytes(void *bytes)
{
    g_byte_array_unref(bytes);
}

static void
remember_stream(FiscHttp *http, FiscHttpStream *stream)
{
    pthread_mutex_lock(&http->mutex);
    g_hash_table_add(http->streams, fisc_http_stream_ref(stream));
    pthread_mutex_unlock(&http->mutex);
    if (g_atomic_int_get(&http->is_draining)) {
        fisc_http_stream_end(stream);
    }
}

static void
forget_stream(FiscHttp *http, FiscHttpStream *stream)
{
    pthread_mutex_lock(&http->mutex);
    g_hash_table_remove(http->streams, stream);
    pthread_mutex_unlock(&http->mutex);
}

/* Who reads them asks again, of another server. */
static void
end_streams(FiscHttp *http)
{
    GHashTableIter iter;
    gpointer stream;
    pthread_mutex_lock(&http->mutex);
    g_hash_table_iter_init(&iter, http->streams);
    while (g_hash_table_iter_next(&iter, &stream, NULL)) {
        fisc_http_stream_end(stream);
    }
    pthread_mutex_unlock(&http->mutex);
}

static struct MHD_Response *
make_response(Exchange *exchange)
{
    FiscHttpReply *reply = &exchange->reply;
    if (reply->stream != NULL) {
        remember_stream(exchange->http, reply->stream);
        return fisc_http_stream_response(reply->stream, exchange->connection);
    }
    return MHD_create_response_from_buffer_with_free_callback_cls(
        reply->body->len, reply->body->data, free_bytes, g_byte_array_ref(reply->body));
}

static enum MHD_Result
send_reply(Exchange *exchange)
{
    struct MHD_Response *response = make_response(exchange);
    const GPtrArray *headers = exchange->reply.headers;
    for (guint i = 0; i + 1 < headers->len; i += 2) {
        MHD_add_response_header(response, headers->pdata[i], headers->pdata[i + 1]);
    }
    if (g_atomic_int_get(&exchange->http->is_draining)) {
        MHD_add_response_header(response, "Connection", "close");
    }
    enum MHD_Result result =
        MHD_queue_response(exchange->connection, (unsigned)exchange->reply.status, response);
    MHD_destroy_response(response);
    return result;
}

/* Without a handler. */
static void
refuse(Exchange *exchange, int status, const char *code, const char *detail)
{
    const FiscHttpOptions *options = &exchange->http->options;
    FiscHttpReply *reply = &exchange->reply;
    g_autofree char *body = fisc_http_problem(status, code, detail, exchange->request.request_id);
    reply->status = status;
    fisc_http_reply_header(reply, "X-Request-Id", exchange->request.request_id);
    fisc_http_reply_header(reply, "Cache-Control", "no-store");
    fisc_http_reply_header(reply, "X-Content-Type-Options", "nosniff");
    if (status == 503) {
        fisc_http_reply_header(reply, "Retry-After", "1");
    }
    fisc_http_reply_body(reply, "application/problem+json", body, -1);
    if (options->refused != NULL) {
        options->refused(status, code, exchange->request.address, options->data);
    }
}

static void
refuse_busy(Exchange *exchange)
{
    refuse(exchange, 503, "BUSY", "The server takes no more requests now");
}

/* Workers -------------------------------------------------------------------------------------- */

static void
work(gpointer item, gpointer data)
{
    Exchange *exchange = item;
    FiscHttp *http = data;
    http->options.handler(&exchange->request, &exchange->reply, http->options.data);
    MHD_resume_connection(exchange->connection);
}

/* Nobody will come for it any more. */
static void
drop(gpointer item, gpointer data)
{
    (void)data;
    Exchange *exchange = item;
    refuse_busy(exchange);
    MHD_resume_connection(exchange->connection);
}

/* A batch answers many posts at once, which are then told, sent and come again all together: who
 * asks at that moment waits behind them. So while somebody asks few posts are under way. */
static void
let_question_pass(FiscHttp *http)
{
    const FiscLaneHold hold = {.at_once = http->posts_beside,
                               .until_us = g_get_monotonic_time() + CALM_US,
                               .patience_us = POST_PATIENCE_US};
    fisc_lane_hold(http->lanes[FISC_HTTP_POST], &hold);
}

static enum MHD_Result
hand_over(Exchange *exchange)
{
    exchange->is_handed_over = true;
    if (exchange->is_too_large) {
        refuse(exchange, 413, "BODY_TOO_LARGE", "The body is longer than the limit");
        return send_reply(exchange);
    }
    if (exchange->is_crowded) {
        refuse_busy(exchange);
        return send_reply(exchange);
    }
    if (exchange->lane == FISC_HTTP_QUICK) {
        let_question_pass(exchange->http);
    }
    /* It sleeps before a worker can wake it. */
    MHD_suspend_connection(exchange->connection);
    if (!fisc_lane_push(exchange->http->lanes[exchange->lane], exchange)) {
        drop(exchange, NULL);
    }
    return MHD_YES;
}

/* What the library says ------------------------------------------------------------------------ */

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
        append_body(exchange, upload, *upload_size);
        *upload_size = 0;
        return MHD_YES;
    }
    return exchange->is_handed_over ? send_reply(exchange) : hand_over(exchange);
}

static void
on_end(void *data, struct MHD_Connection *connection, void **state,
       enum MHD_RequestTerminationCode code)
{
    (void)connection;
    (void)code;
    FiscHttp *http = data;
    Exchange *exchange = *state;
    if (exchange == NULL) {
        return;
    }
    *state = NULL;
    uint64_t peer_id = exchange->peer->id;
    if (exchange->reply.stream != NULL) {
        forget_stream(http, exchange->reply.stream);
    }
    exchange_free(exchange);
    fisc_gate_answered(http->gate, peer_id);
}

static void
on_connection(void *data, struct MHD_Connection *connection, void **state,
              enum MHD_ConnectionNotificationCode code)
{
    FiscHttp *http = data;
    if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
        fisc_gate_peer_unref(*state);
        return;
    }
    int socket = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
    gpointer peer = NULL;
    pthread_mutex_lock(&http->mutex);
    g_hash_table_steal_extended(http->arriving, GINT_TO_POINTER(socket), NULL, &peer);
    pthread_mutex_unlock(&http->mutex);
    *state = peer;
}

/* What the gate asks --------------------------------------------------------------------------- */

static int
connect_library(FiscGatePeer *peer, gpointer data)
{
    FiscHttp *http = data;
    struct sockaddr none = {.sa_family = AF_UNIX};
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair) != 0) {
        return -1;
    }
    pthread_mutex_lock(&http->mutex);
    g_hash_table_insert(http->arriving, GINT_TO_POINTER(pair[1]), fisc_gate_peer_ref(peer));
    pthread_mutex_unlock(&http->mutex);
    if (MHD_add_connection(http->daemon, pair[1], &none, sizeof(none)) == MHD_YES) {
        return pair[0];
    }
    pthread_mutex_lock(&http->mutex); /* the library has closed the far end */
    g_hash_table_remove(http->arriving, GINT_TO_POINTER(pair[1]));
    pthread_mutex_unlock(&http->mutex);
    close(pair[0]);
    return -1;
}

static uint64_t
find_body_max(const char *method, const char *path, gpointer data)
{
    FiscHttp *http = data;
    FiscHttpRequest head = {.method = method, .path = path};
    gsize body_max = usual_body_max(http);
    http->options.route(&head, &body_max, http->options.data);
    return body_max;
}

static void
pass_refusal(const FiscGatePeer *peer, const FiscGateRefusal *refusal, gpointer data)
{
    const FiscHttpOptions *options = &((FiscHttp *)data)->options;
    if (options->refused != NULL) {
        options->refused(refusal->status, refusal->code, peer->address, options->data);
    }
}

/* Opening and closing -------------------------------------------------------------------------- */

static void
unref_peer(gpointer peer)
{
    fisc_gate_peer_unref(peer);
}

static void
unref_stream(gpointer stream)
{
    fisc_http_stream_unref(stream);
}

static bool
start_library(FiscHttp *http, GError **error)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ITC |
                     MHD_USE_NO_LISTEN_SOCKET;
    http->daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, http, MHD_OPTION_NOTIFY_COMPLETED, on_end, http,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, http, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)http->options.limits.connections *
            2, /* some are closed here, but not yet there */
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_MEMORY, MHD_OPTION_STRICT_FOR_CLIENT,
        1, MHD_OPTION_END);
    return http->daemon != NULL ||
           fisc_fail(error, FISC_ERROR_SETUP, "libmicrohttpd did not start");
}

static bool
open_gate(FiscHttp *http, GError **error)
{
    const FiscHttpOptions *options = &http->options;
    FiscGateOptions gate = {.listen = options->listen,
                            .tls_cert = options->tls_cert,
                            .tls_key = options->tls_key,
                            .tls_client_ca = options->tls_client_ca,
                            .proxies = http->proxies,
                            .limits = options->limits,
                            .connect = connect_library,
                            .body_max = find_body_max,
                            .refused = pass_refusal,
                            .data = http};
    return fisc_gate_open(&gate, &http->gate, error);
}

bool
fisc_http_open(const FiscHttpOptions *options, FiscHttp **out_http, GError **error)
{
    FiscHttp *http = g_new0(FiscHttp, 1);
    http->options = *options;
    http->posts_beside = (int)g_get_num_processors() * 2 + 1;
    fisc_server_limits_fill(&http->options.limits);
    pthread_mutex_init(&http->mutex, NULL);
    http->arriving = g_hash_table_new_full(NULL, NULL, NULL, unref_peer);
    http->streams = g_hash_table_new_full(NULL, NULL, unref_stream, NULL);
    for (int i = 0; i < FISC_HTTP_LANES; i++) {
        int count = options->workers[i] > 0 ? options->workers[i] : usual_workers[i];
        http->lanes[i] = fisc_lane_new(count, waiting_max[i], work, http);
    }
    if (!fisc_proxies_read(options->trusted_proxies, &http->proxies, error) ||
        !start_library(http, error) || !open_gate(http, error) ||
        !fisc_gate_start(http->gate, error)) {
        fisc_http_close(http, 0);
        return false;
    }
    *out_http = http;
    return true;
}

int
fisc_http_port(const FiscHttp *http)
{
    return fisc_gate_port(http->gate);
}

int
fisc_http_connections(const FiscHttp *http)
{
    return fisc_gate_count(http->gate);
}

void
fisc_http_lane_count(const FiscHttp *http, FiscHttpLane lane, int *out_waiting, int *out_busy)
{
    fisc_lane_count(http->lanes[lane], out_waiting, out_busy);
}

/* The library may end when nothing of it sleeps: all was woken, and its sockets are closed. */
static void
wait_for_ends(FiscHttp *http)
{
    int64_t until = g_get_monotonic_time() + END_WAIT_US;
    end_streams(http);
    while (g_atomic_int_get(&http->open) > 0 && g_get_monotonic_time() < until) {
        g_usleep(1000);
    }
}

void
fisc_http_close(FiscHttp *http, int wait_ms)
{
    if (http == NULL) {
        return;
    }
    g_atomic_int_set(&http->is_draining, 1);
    if (http->gate != NULL) {
        fisc_gate_drain(http->gate);
        end_streams(http);
        fisc_gate_wait(http->gate, wait_ms);
    }
    for (int i = 0; i < FISC_HTTP_LANES; i++) {
        fisc_lane_end(http->lanes[i], drop);
    }
    if (http->gate != NULL) {
        fisc_gate_wait(http->gate, wait_ms > 0 ? LAST_WORDS_MS : 0); /* what was just answered */
        fisc_gate_stop(http->gate);
    }
    if (http->daemon != NULL) {
        wait_for_ends(http);
        MHD_stop_daemon(http->daemon);
    }
    for (int i = 0; i < FISC_HTTP_LANES; i++) {
        fisc_lane_free(http->lanes[i]);
    }
    fisc_gate_close(http->gate);
    fisc_proxies_free(http->proxies);
    g_hash_table_unref(http->arriving);
    g_hash_table_unref(http->streams);
    pthread_mutex_destroy(&http->mutex);
    g_free(http);
}

/* transport.c: a handler that says what it was given. */
#include "tests/server/transport.h"
#include "tests/support/suite.h"
#include <string.h>
#include <time.h>

static void
answer_echo(const FiscHttpRequest *request, FiscHttpReply *reply)
{
    GString *query = g_string_new(NULL);
    for (guint i = 0; i + 1 < request->query->len; i += 2) {
        g_string_append_printf(query, "%s=%s;", (char *)request->query->pdata[i],
                               (char *)request->query->pdata[i + 1]);
    }
    const char *real_ip = fisc_http_header(request, "X-Real-IP");
    json_t *value =
        json_pack("{s:s, s:s, s:s, s:s#, s:s, s:s?, s:I, s:b, s:b, s:b}", "method", request->method,
                  "path", request->path, "query", query->str, "body",
                  request->body->len > 0 ? (char *)request->body->data : "",
                  (int)request->body->len, "address", request->address, "peer", request->peer,
                  "user", (json_int_t)request->peer_user, "secure", request->is_secure, "forwarded",
                  request->is_forwarded, "has_real_ip", real_ip != NULL);
    g_autofree char *text = json_dumps(value, JSON_COMPACT);
    fisc_http_reply_body(reply, "application/json", text, -1);
    json_decref(value);
    g_string_free(query, TRUE);
}

static void
answer_long(FiscHttpReply *reply)
{
    g_byte_array_set_size(reply->body, TRANSPORT_LONG);
    memset(reply->body->data, 'x', reply->body->len);
    fisc_http_reply_header(reply, "Content-Type", "text/plain");
}

static void
answer_when_released(Transport *transport, FiscHttpReply *reply)
{
    pthread_mutex_lock(&transport->mutex);
    transport->waiting++;
    pthread_cond_broadcast(&transport->changed);
    while (!transport->is_released) {
        pthread_cond_wait(&transport->changed, &transport->mutex);
    }
    transport->waiting--;
    pthread_mutex_unlock(&transport->mutex);
    fisc_http_reply_body(reply, "text/plain", "waited", -1);
}

static void
answer_stream(Transport *transport, FiscHttpReply *reply)
{
    pthread_mutex_lock(&transport->mutex);
    g_clear_pointer(&transport->stream, fisc_http_stream_unref);
    transport->stream = fisc_http_stream_new(64 * 1024);
    reply->stream = fisc_http_stream_ref(transport->stream);
    pthread_cond_broadcast(&transport->changed);
    pthread_mutex_unlock(&transport->mutex);
    fisc_http_reply_header(reply, "Content-Type", "text/event-stream");
}

static void
answer(const FiscHttpRequest *request, FiscHttpReply *reply, gpointer data)
{
    Transport *transport = data;
    pthread_mutex_lock(&transport->mutex);
    transport->handled++;
    pthread_mutex_unlock(&transport->mutex);
    if (strcmp(request->path, "/long") == 0) {
        answer_long(reply);
    } else if (strcmp(request->path, "/wait") == 0) {
        answer_when_released(transport, reply);
    } else if (strcmp(request->path, "/stream") == 0) {
        answer_stream(transport, reply);
    } else {
        answer_echo(request, reply);
    }
}

static FiscHttpLane
choose_lane(const FiscHttpRequest *head, gsize *out_body_max, gpointer data)
{
    (void)data;
    *out_body_max = strcmp(head->path, "/echo") == 0 ? 1024 : *out_body_max;
    return strcmp(head->path, "/wait") == 0 ? FISC_HTTP_REPORT : FISC_HTTP_QUICK;
}

static void
count_refusal(int status, const char *code, const char *address, gpointer data)
{
    (void)status;
    (void)code;
    (void)address;
    Transport *transport = data;
    pthread_mutex_lock(&transport->mutex);
    transport->refused++;
    pthread_mutex_unlock(&transport->mutex);
}

Transport *
transport_new(void (*adjust)(FiscHttpOptions *options))
{
    g_autoptr(GError) error = NULL;
    Transport *transport = g_new0(Transport, 1);
    FiscHttpOptions options = {.listen = "127.0.0.1:0",
                               .handler = answer,
                               .route = choose_lane,
                               .refused = count_refusal,
                               .data = transport};
    pthread_mutex_init(&transport->mutex, NULL);
    pthread_cond_init(&transport->changed, NULL);
    if (adjust != NULL) {
        adjust(&options);
    }
    if (!fisc_http_open(&options, &transport->http, &error)) {
        g_error("%s", error->message);
    }
    transport->port = fisc_http_port(transport->http);
    return transport;
}

void
transport_close(Transport *transport, int wait_ms)
{
    fisc_http_close(transport->http, wait_ms);
    transport->http = NULL;
}

void
transport_free(Transport *transport)
{
    if (transport != NULL) {
        transport_release(transport);
        transport_close(transport, 0);
        fisc_http_stream_unref(transport->stream);
        pthread_mutex_destroy(&transport->mutex);
        pthread_cond_destroy(&transport->changed);
        g_free(transport);
    }
}

int
transport_handled(Transport *transport)
{
    pthread_mutex_lock(&transport->mutex);
    int handled = transport->handled;
    pthread_mutex_unlock(&transport->mutex);
    return handled;
}

/* With the mutex held; ends the program when nothing happens. */
static void
wait_for_change(Transport *transport, const char *what)
{
    struct timespec until = {time(NULL) + SERVING_WAIT_S, 0};
    if (pthread_cond_timedwait(&transport->changed, &transport->mutex, &until) != 0) {
        g_error("waited in vain for %s", what);
    }
}

void
transport_wait_for_handlers(Transport *transport, int count)
{
    pthread_mutex_lock(&transport->mutex);
    while (transport->waiting < count) {
        wait_for_change(transport, "a handler");
    }
    pthread_mutex_unlock(&transport->mutex);
}

void
transport_release(Transport *transport)
{
    pthread_mutex_lock(&transport->mutex);
    transport->is_released = true;
    pthread_cond_broadcast(&transport->changed);
    pthread_mutex_unlock(&transport->mutex);
}

bool
transport_write(Transport *transport, const char *text)
{
    pthread_mutex_lock(&transport->mutex);
    while (transport->stream == NULL) {
        wait_for_change(transport, "a stream");
    }
    FiscHttpStream *stream = fisc_http_stream_ref(transport->stream);
    pthread_mutex_unlock(&transport->mutex);
    bool is_taken = fisc_http_stream_write(stream, text, strlen(text));
    fisc_http_stream_unref(stream);
    return is_taken;
}

bool
transport_wait_for_connections(const Transport *transport, int count)
{
    int64_t until = g_get_monotonic_time() + SERVING_WAIT_S * G_TIME_SPAN_SECOND;
    while (fisc_http_connections(transport->http) != count) {
        if (g_get_monotonic_time() > until) {
            return false;
        }
        g_usleep(2000);
    }
    return true;
}

void
transport_ask(ServingLink *link, const char *request, ServingAnswer *out_answer)
{
    *out_answer = (ServingAnswer){0};
    serving_link_send(link, request, -1);
    if (!serving_link_receive(link, false, out_answer)) {
        fisc_assert_text("nothing", "a whole answer", request, __FILE__, __LINE__);
    }
}

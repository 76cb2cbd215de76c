/* server.c: opening and closing, and the way of every request: find the route, see who asks, check
 * the words, run the handler. */
#include "app/server/access.h"
#include "app/server/answers.h"
#include "app/server/feed.h"
#include "app/server/idempotency.h"
#include "app/server/jobs.h"
#include "app/server/ops.h"
#include "app/server/server_internal.h"
#include "app/server/signin.h"
#include "app/server/static.h"
#include "core/base/log.h"
#include "fisc/flow.h"
#include <string.h>

#define POSTER_CONNECTIONS 8
#define READER_CONNECTIONS 8
#define DRAIN_MS 20000

/* One request --------------------------------------------------------------------------------- */

static void
add_security_headers(FiscHttpReply *reply)
{
    fisc_http_reply_header(reply, "X-Content-Type-Options", "nosniff");
    fisc_http_reply_header(reply, "Referrer-Policy", "no-referrer");
    fisc_http_reply_header(reply, "X-Frame-Options", "DENY");
    fisc_http_reply_header(reply, "Content-Security-Policy",
                           "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
                           "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    fisc_http_reply_header(reply, "Cache-Control", "no-store");
}

static bool
check_person(FiscCall *call)
{
    if (!fisc_server_sign_in(call)) {
        return false;
    }
    if (call->route->access != FISC_ACCESS_ANYONE && call->principal.person == NULL) {
        fisc_http_reply_header(call->reply, "WWW-Authenticate", "Bearer realm=\"fisc\"");
        fisc_call_problem(call, 401, "SIGN_IN", NULL, "sign in, or send a token");
        return false;
    }
    return true;
}

static void
run_route(FiscCall *call)
{
    g_autoptr(GError) error = NULL;
    bool is_service =
        fisc_ops_is_service(call->route); /* answers when no person can be looked up */
    if (!fisc_ops_admit(call) || (!is_service && !check_person(call)) || !fisc_route_check(call) ||
        (!is_service && !fisc_access_check(call))) {
        return;
    }
    FiscIdempotency write = {.is_taken = false};
    fisc_access_ready(call);
    if (!fisc_idempotency_begin(call, &write)) {
        return;
    }
    if (!call->route->run(call, &error)) {
        fisc_call_fail(call, error);
    }
    fisc_idempotency_end(call, &write);
}

static void
answer(const FiscHttpRequest *request, FiscHttpReply *reply, gpointer data)
{
    FiscCall call = {.server = data, .request = request, .reply = reply};
    g_autofree char *allow = NULL;
    int status = 0;
    call.words = g_ptr_array_new_with_free_func(g_free);
    add_security_headers(reply);
    fisc_http_reply_header(reply, "X-Request-Id", request->request_id);
    call.route = fisc_route_find(request->method, request->path, call.words, &status, &allow);
    if (call.route == NULL && status == 404 &&
        fisc_static_answer(call.server->options.web_dir, request, reply)) {
        /* a file of the workplace */
    } else if (call.route == NULL) {
        if (allow != NULL) {
            fisc_http_reply_header(reply, "Allow", allow);
        }
        fisc_call_problem(&call, status, status == 405 ? "METHOD_NOT_ALLOWED" : "NOT_FOUND", NULL,
                          status == 405 ? "not by this method" : "there is nothing at this path");
    } else {
        for (guint i = 0; i < request->query->len; i++) {
            g_ptr_array_add(call.words, g_strdup(request->query->pdata[i]));
        }
        run_route(&call);
    }
    fisc_access_finish(&call);
    fisc_ops_finish(&call);
    fisc_principal_clear(&call.principal);
    json_decref(call.body);
    g_ptr_array_unref(call.words);
}

static FiscHttpLane
choose_lane(const FiscHttpRequest *head, gsize *out_body_max, gpointer data)
{
    (void)data;
    int status = 0;
    const FiscRoute *route = fisc_route_find(head->method, head->path, NULL, &status, NULL);
    if (route == NULL) {
        return FISC_HTTP_QUICK;
    }
    *out_body_max = route->body_max > 0 ? route->body_max : *out_body_max;
    return route->lane;
}

/* What the gate refused never became a call: it is counted all the same. */
static void
note_refusal(int status, const char *code, const char *address, gpointer data)
{
    (void)status;
    (void)address;
    fisc_metrics_code(fisc_ops_metrics(data), code);
}

/* Opening and closing ------------------------------------------------------------------------- */

int64_t
fisc_server_batch(FiscServer *server)
{
    return MAX(fisc_poster_batch_no(server->poster), fisc_ops_batch(server));
}

/* What posting and asking share, once the book is loaded. */
static bool
open_work(FiscServer *server)
{
    fisc_poster_keep_board(server->poster);
    server->masters = fisc_masters_new();
    server->answers = fisc_answers_new(server->posters, server->options.book_id);
    server->feed = fisc_feed_new(server);
    server->jobs = fisc_jobs_new(server);
    return true;
}

bool
fisc_serve_open(const FiscServerOptions *options, FiscServer **out_server, GError **error)
{
    FiscServer *server = g_new0(FiscServer, 1);
    server->options = *options;
    FiscHttpOptions http = {.listen = options->listen,
                            .tls_cert = options->tls_cert,
                            .tls_key = options->tls_key,
                            .tls_client_ca = options->tls_client_ca,
                            .trusted_proxies = options->trusted_proxies,
                            .limits = options->limits,
                            .handler = answer,
                            .route = choose_lane,
                            .refused = note_refusal,
                            .data = server};
    memcpy(http.workers, options->workers, sizeof(http.workers));
    bool is_open = (options->web_dir == NULL || fisc_static_check(options->web_dir, error)) &&
                   fisc_pool_open(options->poster_uri, options->poster_role, POSTER_CONNECTIONS,
                                  &server->posters, error) &&
                   fisc_pool_open(options->reader_uri, options->reader_role, READER_CONNECTIONS,
                                  &server->readers, error) &&
                   fisc_access_open(server, error) && fisc_door_open(server, error) &&
                   fisc_server_open_provider(server, error) && fisc_ops_open(server, error) &&
                   fisc_poster_open(server->posters, options->book_id, &server->poster, error) &&
                   open_work(server) && fisc_http_open(&http, &server->http, error);
    if (!is_open) {
        fisc_serve_close(server);
        return false;
    }
    fisc_ops_start(server);
    *out_server = server;
    return true;
}

int
fisc_serve_port(const FiscServer *server)
{
    return fisc_http_port(server->http);
}

void
fisc_serve_drain(FiscServer *server)
{
    fisc_ops_drain(server);
}

void
fisc_serve_close(FiscServer *server)
{
    if (server == NULL) {
        return;
    }
    fisc_feed_end(server->feed); /* else what listens would be waited for */
    fisc_http_close(server->http,
                    server->options.drain_ms > 0 ? server->options.drain_ms : DRAIN_MS);
    fisc_jobs_free(server->jobs);
    fisc_feed_free(server->feed);
    fisc_answers_free(server->answers);
    fisc_ops_close(server);
    fisc_door_close(server);
    fisc_server_close_provider(server);
    fisc_masters_free(server->masters);
    fisc_poster_close(server->poster);
    fisc_access_close(server);
    fisc_pool_close(server->readers);
    fisc_pool_close(server->posters);
    g_free(server->verification.text);
    g_free(server);
}

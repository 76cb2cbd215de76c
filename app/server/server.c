/* server.c: opening and closing, and the way of every request: find the route, see who asks, check
 * the words, run the handler. */
#include "app/server/server_internal.h"
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
    fisc_http_reply_header(reply, "Cache-Control", "no-store");
}

static const char *
asked_entity(const FiscCall *call)
{
    const char *entity = fisc_call_text(call, "entity");
    return entity != NULL ? entity : fisc_call_text(call, "unit");
}

/* What may not be seen is answered as what does not exist. */
static bool
check_access(FiscCall *call)
{
    const char *entity = asked_entity(call);
    switch (call->route->access) {
    case FISC_ACCESS_BOOK:
        if (!fisc_scope_is_all(call->principal.scope)) {
            fisc_call_problem(call, 403, "DENIED", NULL, "this takes a view of the whole book");
            return false;
        }
        return true;
    case FISC_ACCESS_ENTITY:
        if (entity == NULL ? !fisc_scope_is_all(call->principal.scope)
                           : !fisc_scope_has(call->principal.scope, entity)) {
            fisc_call_problem(call, 404, "NOT_FOUND", NULL, "there is no such unit");
            return false;
        }
        return true;
    default:
        return true;
    }
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
ready_context(FiscCall *call)
{
    FiscServer *server = call->server;
    bool is_write = strcmp(call->route->method, "GET") != 0;
    call->context = (FiscContext){
        .pool = is_write ? server->posters : server->readers,
        .book_id = server->options.book_id,
        .actor = call->principal.person,
        .on_behalf = call->principal.on_behalf,
        .poster = server->poster,
        .scope = call->principal.scope,
        .is_dry_run = fisc_call_flag(call, "dry_run"),
    };
}

static void
run_route(FiscCall *call)
{
    g_autoptr(GError) error = NULL;
    if (!check_person(call) || !fisc_route_check(call) || !check_access(call)) {
        return;
    }
    ready_context(call);
    if (!call->route->run(call, &error)) {
        fisc_call_fail(call, error);
    }
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
    if (call.route == NULL) {
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

/* Opening and closing ------------------------------------------------------------------------- */

bool
fisc_serve_open(const FiscServerOptions *options, FiscServer **out_server, GError **error)
{
    FiscServer *server = g_new0(FiscServer, 1);
    server->options = *options;
    FiscHttpOptions http = {.listen = options->listen,
                            .tls_cert = options->tls_cert,
                            .tls_key = options->tls_key,
                            .tls_client_ca = options->tls_client_ca,
                            .handler = answer,
                            .route = choose_lane,
                            .data = server};
    bool is_open = fisc_pool_open(options->poster_uri, options->poster_role, POSTER_CONNECTIONS,
                                  &server->posters, error) &&
                   fisc_pool_open(options->reader_uri, options->reader_role, READER_CONNECTIONS,
                                  &server->readers, error) &&
                   (options->is_read_only ||
                    fisc_poster_open(server->posters, options->book_id, &server->poster, error)) &&
                   fisc_http_open(&http, &server->http, error);
    if (!is_open) {
        fisc_serve_close(server);
        return false;
    }
    *out_server = server;
    return true;
}

int
fisc_serve_port(const FiscServer *server)
{
    return fisc_http_port(server->http);
}

void
fisc_serve_close(FiscServer *server)
{
    if (server == NULL) {
        return;
    }
    fisc_http_close(server->http, DRAIN_MS);
    fisc_poster_close(server->poster);
    fisc_pool_close(server->readers);
    fisc_pool_close(server->posters);
    g_free(server);
}

/* signin.c: who asks: by token, by the cookie of a session, by the certificate of a client, or, at
 * a unix socket, because he operates the machine. Of what was sent the first of these counts; when
 * it opens nothing, nobody asks. */
#include "app/server/signin.h"
#include "app/flows/person.h"
#include "app/server/server_internal.h"
#include <string.h>
#include <unistd.h>

#define BEARER "Bearer "
#define SECURE_COOKIE "__Host-fisc" /* a browser takes it from this very host only, by TLS */
#define PLAIN_COOKIE "fisc"
#define ID_LETTERS 12 /* of a digest, in logs and lists */

FiscContext
fisc_server_identity_context(FiscCall *call, const char *actor)
{
    return (FiscContext){.pool = call->server->posters,
                         .book_id = call->server->options.book_id,
                         .actor = actor,
                         .poster = call->server->poster};
}

FiscSignInDesk
fisc_server_desk(FiscCall *call, const FiscRoll *roll)
{
    return (FiscSignInDesk){.hasher = fisc_door_hasher(call->server),
                            .key_file = call->server->options.secret_key,
                            .registry = fisc_roll_registry(roll),
                            .address = call->request->address,
                            .request_id = call->request->request_id};
}

/* Cookies -------------------------------------------------------------------------------------- */

static const char *
cookie_name(const FiscHttpRequest *request)
{
    return request->is_secure ? SECURE_COOKIE : PLAIN_COOKIE;
}

char *
fisc_server_cookie(const FiscHttpRequest *request)
{
    return fisc_http_cookie(request, cookie_name(request));
}

void
fisc_server_set_cookie(FiscCall *call, const char *secret)
{
    g_autofree char *value =
        g_strdup_printf("%s=%s; Path=/; HttpOnly; SameSite=Strict%s%s", cookie_name(call->request),
                        secret != NULL ? secret : "", call->request->is_secure ? "; Secure" : "",
                        secret != NULL ? "" : "; Max-Age=0");
    fisc_http_reply_header(call->reply, "Set-Cookie", value);
}

/* A page of another site can make a browser send, and cannot make it lie about where from. */
bool
fisc_server_is_own_site(const FiscHttpRequest *request)
{
    const char *origin = fisc_http_header(request, "Origin");
    const char *site = fisc_http_header(request, "Sec-Fetch-Site");
    const char *host = fisc_http_header(request, "Host");
    if (site != NULL && strcmp(site, "same-origin") != 0) {
        return false;
    }
    if (origin == NULL) {
        return true;
    }
    g_autofree char *own =
        g_strconcat(request->is_secure ? "https://" : "http://", host != NULL ? host : "", NULL);
    return g_ascii_strcasecmp(origin, own) == 0;
}

static bool
is_write(const FiscHttpRequest *request)
{
    return strcmp(request->method, "GET") != 0 && strcmp(request->method, "HEAD") != 0;
}

/* A browser sends cookies and certificates by itself, whoever wrote the page; a token only where
 * somebody has put it. */
static bool
check_forgery(FiscCall *call, const char *shown)
{
    char right[FISC_DIGEST_HEX];
    bool is_by_itself = call->principal.is_session || call->principal.is_certificate;
    if (!is_write(call->request) || !is_by_itself) {
        return true;
    }
    fisc_csrf_of(shown, right);
    if (fisc_server_is_own_site(call->request) &&
        (call->principal.is_certificate ||
         fisc_secret_equal(fisc_http_header(call->request, "X-Fisc-Csrf"), right))) {
        return true;
    }
    fisc_call_problem(call, 403, "FORGERY", NULL,
                      "a write with a cookie comes from a page of this site, with X-Fisc-Csrf");
    return false;
}

/* Who ------------------------------------------------------------------------------------------ */

static void
take(FiscCall *call, FiscRoll *roll, const FiscBearer *bearer, const char *shown)
{
    FiscPrincipal *principal = &call->principal;
    char hex[FISC_DIGEST_HEX];
    principal->person = g_strdup(bearer->person);
    principal->is_strong = bearer->is_strong;
    principal->uses = bearer->uses;
    principal->entity = g_strdup(bearer->entity);
    principal->expires_at = g_strdup(bearer->expires_at);
    fisc_scope_free(principal->scope);
    principal->scope = fisc_roll_scope(roll, bearer->person, bearer->entity);
    fisc_digest_of(shown, principal->holder);
    fisc_digest_format(principal->holder, hex);
    principal->session = g_strndup(hex, ID_LETTERS);
}

/* Who operates the machine says for whom he acts: he could as well use the command line. */
static bool
is_operator(const FiscHttpRequest *request)
{
    return request->peer_user == 0 ||
           (request->peer_user > 0 && request->peer_user == (int64_t)geteuid());
}

static bool
find(FiscCall *call, FiscBearer *out_bearer, char **out_shown, GError **error)
{
    const FiscHttpRequest *request = call->request;
    const char *given = fisc_http_header(request, "Authorization");
    const char *actor = fisc_http_header(request, "X-Fisc-Actor");
    g_autofree char *cookie = fisc_server_cookie(request);
    if (given != NULL) {
        bool is_bearer = g_ascii_strncasecmp(given, BEARER, strlen(BEARER)) == 0;
        *out_shown = g_strdup(is_bearer ? given + strlen(BEARER) : "");
        return fisc_door_find(call->server, FISC_DOOR_TOKEN, *out_shown, out_bearer, error);
    }
    if (cookie != NULL) {
        *out_shown = g_steal_pointer(&cookie);
        call->principal.is_session = true;
        return fisc_door_find(call->server, FISC_DOOR_SESSION, *out_shown, out_bearer, error);
    }
    if (request->peer != NULL) {
        *out_shown = g_strdup(request->peer);
        call->principal.is_certificate = true;
        return fisc_door_find(call->server, FISC_DOOR_CERTIFICATE, *out_shown, out_bearer, error);
    }
    if (actor != NULL && is_operator(request)) {
        *out_shown = g_strconcat("operator ", actor, NULL);
        *out_bearer = (FiscBearer){.person = g_strdup(actor), .uses = FISC_USE_ALL};
        call->principal.is_operator = true;
    }
    return true;
}

static bool
check_uses(FiscCall *call)
{
    unsigned needed =
        fisc_route_uses(strcmp(call->request->method, "HEAD") == 0 ? "GET" : call->request->method,
                        call->route->path);
    if ((call->principal.uses & needed) != 0) {
        return true;
    }
    g_autofree char *words = fisc_uses_format(needed);
    fisc_call_problem(call, 403, "DENIED", NULL, "the token is not for this: it takes one of %s",
                      words);
    return false;
}

/* The engine judges what is done on behalf; here only that there is a delegation at all. */
static bool
check_on_behalf(FiscCall *call, const FiscRegistry *registry)
{
    const char *principal = fisc_http_header(call->request, "X-Fisc-On-Behalf");
    FiscDate today = fisc_flow_today();
    if (principal == NULL) {
        return true;
    }
    g_autoptr(GPtrArray) delegations = fisc_registry_delegations(registry);
    for (guint i = 0; i < delegations->len; i++) {
        const FiscDelegation *delegation = delegations->pdata[i];
        if (strcmp(delegation->delegate, call->principal.person) == 0 &&
            strcmp(delegation->principal, principal) == 0 &&
            fisc_delegation_holds(delegation, today)) {
            call->principal.on_behalf = g_strdup(principal);
            return true;
        }
    }
    fisc_call_problem(call, 403, "DELEGATION_INVALID", NULL, "nothing is delegated by \"%s\" to %s",
                      principal, call->principal.person);
    return false;
}

static bool
admit(FiscCall *call, const FiscBearer *bearer, const char *shown, GError **error)
{
    g_autoptr(FiscRoll) roll = NULL;
    if (!fisc_door_roll(call->server, &roll, error)) {
        return false;
    }
    const FiscRegistry *registry = fisc_roll_registry(roll);
    if (!fisc_flow_may_sign_in(registry, bearer->person)) {
        return true; /* disabled since: nobody asks */
    }
    if (!check_forgery(call, shown)) {
        return false;
    }
    take(call, roll, bearer, shown);
    return check_uses(call) && check_on_behalf(call, registry);
}

bool
fisc_server_sign_in(FiscCall *call)
{
    g_autoptr(GError) error = NULL;
    g_auto(FiscBearer) bearer = {0};
    g_autofree char *shown = NULL;
    call->principal.scope = fisc_scope_new();
    if (call->route->access == FISC_ACCESS_ANYONE) {
        return true;
    }
    bool is_let_in = find(call, &bearer, &shown, &error) &&
                     (bearer.person == NULL || admit(call, &bearer, shown, &error));
    if (error != NULL) {
        fisc_call_fail(call, error);
    }
    fisc_secret_wipe(shown);
    return is_let_in;
}

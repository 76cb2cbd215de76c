/* provider.c: by which ways somebody may sign in here, and the way through an identity provider.
 *
 * A browser comes to the two routes of that way by itself, from page to page. So they answer it
 * with pages: on to the provider, on to the workplace, or what went wrong. The cookie of a sign-in
 * on its way is Lax, because the provider's page sends the browser back; that of a session stays
 * Strict: it is set here and sent with the first request that the workplace makes. */
#include "app/flows/provider.h"
#include "app/server/ops.h"
#include "app/server/server_internal.h"
#include "app/server/resources.h"
#include "app/server/signin.h"
#include <string.h>

#define PAGE "text/html"
#define NEEDS_PASSKEY "passkey" /* in place of a ticket */

/* Cookies -------------------------------------------------------------------------------------- */

typedef struct {
    const char *secure, *plain; /* names, as those of a session's cookie */
    const char *same_site;
    int lasts_s;
} Cookie;

/* A sign-in on its way to the provider. */
static const Cookie on_its_way = {"__Host-fisc-provider", "fisc-provider", "Lax",
                                  FISC_PROVIDER_LOGIN_LASTS_S};
/* One that came back and lacks the second factor of this place: its ticket. */
static const Cookie half_done = {"__Host-fisc-ticket", "fisc-ticket", "Strict",
                                 FISC_TICKET_LASTS_S};

static void
set_cookie(FiscCall *call, const Cookie *cookie, const char *value)
{
    bool is_secure = call->request->is_secure;
    g_autofree char *line = g_strdup_printf(
        "%s=%s; Path=/; HttpOnly; SameSite=%s; Max-Age=%d%s",
        is_secure ? cookie->secure : cookie->plain, value != NULL ? value : "", cookie->same_site,
        value != NULL ? cookie->lasts_s : 0, is_secure ? "; Secure" : "");
    fisc_http_reply_header(call->reply, "Set-Cookie", line);
    fisc_secret_wipe(line);
}

static char *
get_cookie(const FiscCall *call, const Cookie *cookie)
{
    return fisc_http_cookie(call->request,
                            call->request->is_secure ? cookie->secure : cookie->plain);
}

/* Pages ---------------------------------------------------------------------------------------- */

/* What a person is told; the rest is what the problem says. */
static const struct {
    const char *code, *english, *spanish;
} sentences[] = {
    {"SIGN_IN_FAILED",
     "You are not signed in. Nobody here is known by what the identity provider says, or the "
     "sign-in was broken off, took too long or was begun in another window.",
     "No ha iniciado sesión. Aquí nadie es conocido por lo que dice el proveedor de identidad, o "
     "el inicio se interrumpió, tardó demasiado o empezó en otra ventana."},
    {"PEER_UNAVAILABLE",
     "The identity provider does not answer as it should. Sign in with your password, or try again "
     "in a minute.",
     "El proveedor de identidad no responde como debe. Inicie sesión con su contraseña o inténtelo "
     "de nuevo en un minuto."},
    {"RATE_LIMITED", "Too many attempts were wrong. Try again in some minutes.",
     "Demasiados intentos fallidos. Inténtelo de nuevo en unos minutos."},
    {"FORGERY", "Signing in begins on the page of signing in.",
     "El inicio de sesión empieza en la página de inicio de sesión."},
    {"READ_ONLY", "This server only shows: sign in at the one that writes.",
     "Este servidor solo muestra: inicie sesión en el que escribe."},
};

static const char *
find_sentence(const char *code, bool is_spanish)
{
    for (gsize i = 0; i < G_N_ELEMENTS(sentences); i++) {
        if (strcmp(sentences[i].code, code) == 0) {
            return is_spanish ? sentences[i].spanish : sentences[i].english;
        }
    }
    return is_spanish ? "No ha iniciado sesión." : "You are not signed in.";
}

/* What every browser sends when it goes from page to page, and hardly anything else. */
static bool
wants_page(const FiscCall *call)
{
    const char *accept = fisc_http_header(call->request, "Accept");
    return accept != NULL && strstr(accept, PAGE ",application/xhtml+xml") != NULL;
}

/* The same answer, for who reads it in a browser. */
static void
turn_into_page(FiscCall *call)
{
    const char *language = fisc_http_header(call->request, "Accept-Language");
    bool is_spanish = language != NULL && g_ascii_strncasecmp(language, "es", 2) == 0;
    const char *sentence = find_sentence(call->code, is_spanish);
    g_autofree char *page = g_strdup_printf(
        "<!doctype html><html lang=\"%s\"><meta charset=\"utf-8\"><title>fisc</title>"
        "<style>body{font:1rem/1.5 system-ui,sans-serif;max-width:36rem;margin:4rem auto;"
        "padding:0 1rem}</style><main><h1>%s</h1><p>%s</p><p><a href=\"/\">%s</a></p>"
        "<p><small>%s %s</small></p></main></html>\n",
        is_spanish ? "es" : "en", is_spanish ? "Inicio de sesión" : "Signing in", sentence,
        is_spanish ? "Volver al inicio de sesión" : "Back to signing in", call->code,
        call->request->request_id);
    g_byte_array_set_size(call->reply->body, 0);
    fisc_http_reply_body(call->reply, PAGE "; charset=utf-8", page, -1);
}

static bool
answer(FiscCall *call, bool (*run)(FiscCall *, FiscProvider *, GError **))
{
    g_autoptr(GError) failure = NULL;
    FiscProvider *provider = call->server->provider;
    if (provider == NULL) {
        fisc_call_problem(call, 404, "NOT_FOUND", NULL, "no identity provider is set up here");
    } else if (call->server->options.is_read_only) {
        fisc_call_problem(call, 403, "READ_ONLY", NULL, "nobody signs in at a read-only server");
    } else if (!run(call, provider, &failure)) {
        fisc_call_fail(call, failure);
    }
    if (call->reply->status >= 400 && wants_page(call)) {
        turn_into_page(call);
    }
    return true;
}

static void
send_to(FiscCall *call, int status, const char *place)
{
    call->reply->status = status;
    fisc_http_reply_header(call->reply, "Location", place);
}

/* The ways ------------------------------------------------------------------------------------- */

static const FiscApiField provider_fields[] = {
    {.name = "name", .meaning = "what people call it"},
    {.name = "start", .meaning = "where the browser goes to sign in by it; takes ?to=PAGE"},
    {NULL},
};
static const FiscApiField step_fields[] = {
    {.name = "needs", .meaning = "what is missing", .choices = "totp passkey"},
    {.name = "ticket", .meaning = "to be sent with what is missing; null: a passkey needs none"},
    {NULL},
};
static const FiscApiField ways_fields[] = {
    {.name = "password", .type = FISC_API_BOOLEAN, .meaning = "by person and password"},
    {.name = "passkey", .type = FISC_API_BOOLEAN, .meaning = "by a passkey"},
    {.name = "provider",
     .type = FISC_API_OBJECT,
     .meaning = "by an identity provider; null: there is none",
     .fields = provider_fields},
    {.name = "step",
     .type = FISC_API_OBJECT,
     .meaning = "a sign-in by the provider that lacks something, told once; null: there is none",
     .fields = step_fields},
    {NULL},
};
static const FiscApiShape ways_shape = {"SignInWays", "How somebody may sign in here", ways_fields};

static json_t *
step_value(FiscCall *call)
{
    g_autofree char *ticket = get_cookie(call, &half_done);
    if (ticket == NULL || *ticket == '\0') {
        return json_null();
    }
    set_cookie(call, &half_done, NULL);
    bool is_passkey = strcmp(ticket, NEEDS_PASSKEY) == 0;
    json_t *value = json_pack("{s:s, s:s?}", "needs", is_passkey ? NEEDS_PASSKEY : "totp", "ticket",
                              is_passkey ? NULL : ticket);
    fisc_secret_wipe(ticket);
    return value != NULL ? value : json_null();
}

static bool
get_ways(FiscCall *call, GError **error)
{
    const FiscServer *server = call->server;
    bool is_open = !server->options.is_read_only;
    json_t *provider =
        server->provider != NULL && is_open
            ? json_pack("{s:s, s:s}", "name", fisc_provider_options(server->provider)->name,
                        "start", "/v1/session/provider")
            : json_null();
    (void)error;
    fisc_call_answer_json(call, 200,
                          json_pack("{s:b, s:b, s:o, s:o}", "password", is_open, "passkey",
                                    fisc_server_has_passkeys(call), "provider", provider, "step",
                                    step_value(call)));
    return true;
}

/* To the provider ------------------------------------------------------------------------------ */

static const FiscApiField start_fields[] = {
    {.name = "to",
     .place = FISC_IN_QUERY,
     .meaning = "page of the workplace to go to afterwards; without it, or when it is none: /",
     .example = "/approvals"},
    {NULL},
};

/* Another site has no business in making somebody sign in; a bookmark has. */
static bool
is_from_here(const FiscHttpRequest *request)
{
    const char *site = fisc_http_header(request, "Sec-Fetch-Site");
    return site == NULL || strcmp(site, "none") == 0 || fisc_server_is_own_site(request);
}

static bool
start(FiscCall *call, FiscProvider *provider, GError **error)
{
    g_autoptr(FiscRoll) roll = NULL;
    g_auto(FiscProviderLogin) login = {0};
    g_autofree char *session = fisc_server_cookie(call->request);
    uint8_t before[FISC_DIGEST_SIZE];
    if (!is_from_here(call->request)) {
        fisc_call_problem(call, 403, "FORGERY", NULL, "signing in takes a page of this site");
        return true;
    }
    if (!fisc_door_roll(call->server, &roll, error)) {
        return false;
    }
    if (session != NULL) {
        fisc_digest_of(session, before);
        fisc_secret_wipe(session);
    }
    FiscContext ctx = fisc_server_identity_context(call, NULL);
    FiscSignInDesk desk = fisc_server_desk(call, roll);
    if (!fisc_flow_provider_begin(&ctx, &desk, provider, fisc_call_text(call, "to"),
                                  session != NULL ? before : NULL, &login, error)) {
        return false;
    }
    set_cookie(call, &on_its_way, login.secret);
    send_to(call, 302, login.url);
    return true;
}

static bool
get_start(FiscCall *call, GError **error)
{
    (void)error;
    return answer(call, start);
}

/* And back ------------------------------------------------------------------------------------- */

static const FiscApiField return_fields[] = {
    {.name = "state", .place = FISC_IN_QUERY, .meaning = "as it was sent to the provider"},
    {.name = "code", .place = FISC_IN_QUERY, .meaning = "good once, for tokens"},
    {.name = "iss", .place = FISC_IN_QUERY, .meaning = "the provider that answers (RFC 9207)"},
    {.name = "error", .place = FISC_IN_QUERY, .meaning = "why there is no code"},
    {NULL},
};

static void
answer_sign_in(FiscCall *call, FiscSignIn *step, const char *page)
{
    switch (step->state) {
    case FISC_SIGN_IN_DONE:
        fisc_server_set_cookie(call, step->secret);
        fisc_ops_count(call->server, FISC_COUNTER_SIGN_INS, 1);
        send_to(call, 303, page);
        break;
    case FISC_SIGN_IN_NEEDS_CODE:
    case FISC_SIGN_IN_NEEDS_PASSWORD:
        set_cookie(call, &half_done, step->secret);
        send_to(call, 303, page);
        break;
    case FISC_SIGN_IN_NEEDS_PASSKEY:
        set_cookie(call, &half_done, NEEDS_PASSKEY);
        send_to(call, 303, page);
        break;
    case FISC_SIGN_IN_FAILED:
        fisc_ops_count(call->server, FISC_COUNTER_SIGN_INS_FAILED, 1);
        fisc_call_problem(call, 401, "SIGN_IN_FAILED", NULL, "this does not sign anybody in");
        break;
    case FISC_SIGN_IN_LIMITED:
        fisc_ops_count(call->server, FISC_COUNTER_SIGN_INS_FAILED, 1);
        fisc_server_answer_limited(call, step->wait_s);
        break;
    }
    fisc_secret_wipe(step->secret);
}

static bool
come_back(FiscCall *call, FiscProvider *provider, GError **error)
{
    g_autoptr(FiscRoll) roll = NULL;
    FiscSignIn step = {0};
    g_autofree char *page = NULL;
    g_autofree char *secret = get_cookie(call, &on_its_way);
    FiscProviderReturn back = {.secret = secret,
                               .state = fisc_call_text(call, "state"),
                               .code = fisc_call_text(call, "code"),
                               .issuer = fisc_call_text(call, "iss"),
                               .mistake = fisc_call_text(call, "error")};
    if (!fisc_door_roll(call->server, &roll, error)) {
        return false;
    }
    FiscContext ctx = fisc_server_identity_context(call, NULL);
    FiscSignInDesk desk = fisc_server_desk(call, roll);
    bool is_answered = fisc_flow_provider_finish(&ctx, &desk, provider, &back, &step, &page, error);
    fisc_secret_wipe(secret);
    if (is_answered) {
        answer_sign_in(call, &step, page);
    }
    return is_answered;
}

static bool
get_return(FiscCall *call, GError **error)
{
    (void)error;
    return answer(call, come_back);
}

/* Routes --------------------------------------------------------------------------------------- */

static const FiscApiExample ways_examples[] = {
    {"How can I sign in?", "/v1/session/ways", NULL, 200},
    {NULL},
};
static const FiscApiExample start_examples[] = {
    {"Where there is no provider", "/v1/session/provider?to=/approvals", NULL, 404},
    {NULL},
};
static const FiscApiExample return_examples[] = {
    {"Where there is no provider", "/v1/session/provider/return?state=none&code=none", NULL, 404},
    {NULL},
};

/* The lane of those who wait for the provider: how slow it is, is nobody else's trouble. */
const FiscRoute fisc_api_provider[] = {
    {.method = "GET",
     .path = "/v1/session/ways",
     .operation = "getSignInWays",
     .summary = "How somebody may sign in here",
     .access = FISC_ACCESS_ANYONE,
     .answer = &ways_shape,
     .run = get_ways,
     .examples = ways_examples},
    {.method = "GET",
     .path = "/v1/session/provider",
     .operation = "startProviderSignIn",
     .summary = "Sends the browser to the identity provider",
     .access = FISC_ACCESS_ANYONE,
     .lane = FISC_HTTP_PROVIDER,
     .fields = start_fields,
     .type = PAGE,
     .status = 302,
     .run = get_start,
     .examples = start_examples},
    {.method = "GET",
     .path = "/v1/session/provider/return",
     .operation = "endProviderSignIn",
     .summary = "Where the identity provider sends the browser back to",
     .access = FISC_ACCESS_ANYONE,
     .lane = FISC_HTTP_PROVIDER,
     .fields = return_fields,
     .takes_more = true,
     .type = PAGE,
     .status = 303,
     .run = get_return,
     .examples = return_examples},
    {NULL},
};

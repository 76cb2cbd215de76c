/* session.c: signing in and out, the second factor, one's password.
 *
 * Whether a name is unknown, a password wrong or a person disabled, the answer is one. */
#include "app/flows/person.h"
#include "app/server/api/writing.h"
#include "app/server/ops.h"
#include "app/server/server_internal.h"
#include "app/server/signin.h"
#include <string.h>

#define BODY_MAX 8192 /* passwords, codes and digests are short */

/* Answers -------------------------------------------------------------------------------------- */

static const FiscApiField role_fields[] = {
    {.name = "role", .meaning = "role of the matrix"},
    {.name = "entity", .meaning = "where it is held; *: everywhere"},
    {.name = "from", .type = FISC_API_DATE, .meaning = "first day; null: no bound"},
    {.name = "to", .type = FISC_API_DATE, .meaning = "last day; null: no bound"},
    {.name = "principal", .meaning = "who has passed it on; null: it is his own"},
    {NULL},
};
static const FiscApiField scope_fields[] = {
    {.name = "all", .type = FISC_API_BOOLEAN, .meaning = "the whole book may be seen"},
    {.name = "entities", .type = FISC_API_LIST, .meaning = "the entities that may be seen"},
    {NULL},
};
static const FiscApiField session_fields[] = {
    {.name = "person", .meaning = "code of the person", .example = "ana"},
    {.name = "name", .meaning = "what the person is called; the code when no name is on record"},
    {.name = "roles", .type = FISC_API_LIST, .meaning = "held today", .fields = role_fields},
    {.name = "scope",
     .type = FISC_API_OBJECT,
     .meaning = "what may be seen",
     .fields = scope_fields},
    {.name = "strong", .type = FISC_API_BOOLEAN, .meaning = "a second factor was shown"},
    {.name = "factors",
     .type = FISC_API_LIST,
     .meaning = "what is known of him: password, totp, passkey"},
    {.name = "csrf", .meaning = "goes back in X-Fisc-Csrf with writes; null without a cookie"},
    {.name = "expires_at", .meaning = "when the session ends at the latest; null for tokens"},
    {NULL},
};
const FiscApiShape fisc_shape_session = {"Session", "Who is signed in", session_fields};
static const FiscApiField missing_fields[] = {
    {.name = "needs",
     .is_required = true,
     .meaning = "what is missing",
     .choices = "totp password passkey"},
    {.name = "ticket",
     .meaning = "to be sent with what is missing; null for a passkey, which signs in by itself"},
    {NULL},
};
const FiscApiShape fisc_shape_sign_in_step = {"SignInStep", "What is missing to sign in",
                                              missing_fields};

/* Signing in ----------------------------------------------------------------------------------- */

/* Whatever the browser had before is over: nobody goes on with an id that another one knows. */
static bool
end_cookie(FiscCall *call, GError **error)
{
    g_autofree char *cookie = fisc_server_cookie(call->request);
    g_auto(FiscBearer) before = {0};
    uint8_t digest[FISC_DIGEST_SIZE];
    char hex[FISC_DIGEST_HEX];
    int count = 0;
    FiscContext ctx = fisc_server_identity_context(call, NULL);
    if (cookie == NULL ||
        !fisc_door_find(call->server, FISC_DOOR_SESSION, cookie, &before, error)) {
        return cookie == NULL;
    }
    if (before.person == NULL) {
        return true;
    }
    fisc_digest_of(cookie, digest);
    fisc_door_forget(call->server, before.person);
    return fisc_flow_session_end(&ctx, before.person, fisc_digest_format(digest, hex), NULL, &count,
                                 error);
}

static bool
begin_session(FiscCall *call, FiscRoll *roll, const char *secret, GError **error)
{
    g_auto(FiscBearer) bearer = {0};
    if (!end_cookie(call, error) ||
        !fisc_door_find(call->server, FISC_DOOR_SESSION, secret, &bearer, error)) {
        return false;
    }
    if (bearer.person == NULL) {
        return fisc_fail(error, FISC_ERROR_FAILED, "the session is over before it began");
    }
    fisc_server_set_cookie(call, secret);
    fisc_ops_count(call->server, FISC_COUNTER_SIGN_INS, 1);
    return fisc_server_answer_session(call, 201, roll, &bearer, secret, error);
}

static void
answer_missing(FiscCall *call, const FiscSignIn *step)
{
    const char *needs = step->state == FISC_SIGN_IN_NEEDS_CODE       ? "totp"
                        : step->state == FISC_SIGN_IN_NEEDS_PASSWORD ? "password"
                                                                     : "passkey";
    bool has_ticket = step->state != FISC_SIGN_IN_NEEDS_PASSKEY;
    fisc_call_answer_json(
        call, 202,
        json_pack("{s:s, s:s?}", "needs", needs, "ticket", has_ticket ? step->secret : NULL));
}

bool
fisc_server_answer_sign_in(FiscCall *call, FiscRoll *roll, FiscSignIn *step, GError **error)
{
    bool is_answered = true;
    switch (step->state) {
    case FISC_SIGN_IN_DONE:
        is_answered = begin_session(call, roll, step->secret, error);
        break;
    case FISC_SIGN_IN_NEEDS_CODE:
    case FISC_SIGN_IN_NEEDS_PASSWORD:
    case FISC_SIGN_IN_NEEDS_PASSKEY:
        answer_missing(call, step);
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
    return is_answered;
}

typedef bool (*SignInWalk)(FiscContext *ctx, const FiscSignInDesk *desk, const char *first,
                           const char *second, FiscSignIn *out, GError **error);

static bool
sign_in(FiscCall *call, SignInWalk walk, const char *first, const char *second, GError **error)
{
    g_autoptr(FiscRoll) roll = NULL;
    FiscSignIn step = {0};
    if (!fisc_server_is_own_site(call->request)) {
        fisc_call_problem(call, 403, "FORGERY", NULL, "signing in takes a page of this site");
        return true;
    }
    if (!fisc_door_roll(call->server, &roll, error)) {
        return false;
    }
    FiscContext ctx = fisc_server_identity_context(call, NULL);
    FiscSignInDesk desk = fisc_server_desk(call, roll);
    return walk(&ctx, &desk, fisc_call_text(call, first), fisc_call_text(call, second), &step,
                error) &&
           fisc_server_answer_sign_in(call, roll, &step, error);
}

static const FiscApiField sign_in_fields[] = {
    FISC_NEEDED("person", FISC_API_TEXT, "code of the person", "ana"),
    FISC_NEEDED("password", FISC_API_TEXT, "the password", NULL),
    {NULL},
};
static const FiscApiField code_fields[] = {
    FISC_NEEDED("ticket", FISC_API_TEXT, "as the step before gave it", NULL),
    FISC_NEEDED("code", FISC_API_TEXT, "six digits, or a recovery code", "123456"),
    {NULL},
};
static const FiscApiField first_password_fields[] = {
    FISC_NEEDED("ticket", FISC_API_TEXT, "as the step before gave it", NULL),
    FISC_NEEDED("password", FISC_API_TEXT, "one of one's own: 15 characters or more", NULL),
    {NULL},
};

static bool
post_session(FiscCall *call, GError **error)
{
    return sign_in(call, fisc_flow_sign_in, "person", "password", error);
}

static bool
post_code(FiscCall *call, GError **error)
{
    return sign_in(call, fisc_flow_sign_in_code, "ticket", "code", error);
}

static bool
post_first_password(FiscCall *call, GError **error)
{
    return sign_in(call, fisc_flow_sign_in_password, "ticket", "password", error);
}

/* The session ---------------------------------------------------------------------------------- */

static bool
get_session(FiscCall *call, GError **error)
{
    g_autoptr(FiscRoll) roll = NULL;
    const FiscPrincipal *principal = &call->principal;
    g_autofree char *secret = principal->is_session ? fisc_server_cookie(call->request) : NULL;
    FiscBearer bearer = {.person = principal->person,
                         .entity = principal->entity,
                         .is_strong = principal->is_strong,
                         .expires_at = principal->expires_at};
    bool is_answered = fisc_door_roll(call->server, &roll, error) &&
                       fisc_server_answer_session(call, 200, roll, &bearer, secret, error);
    fisc_secret_wipe(secret);
    return is_answered;
}

static bool
delete_session(FiscCall *call, GError **error)
{
    const FiscPrincipal *principal = &call->principal;
    char hex[FISC_DIGEST_HEX];
    g_autoptr(FiscRoll) roll = NULL;
    if (!fisc_door_roll(call->server, &roll, error)) {
        return false;
    }
    FiscContext ctx = fisc_server_identity_context(call, NULL);
    FiscSignInDesk desk = fisc_server_desk(call, roll);
    fisc_server_set_cookie(call, NULL);
    fisc_door_forget(call->server, principal->person);
    call->reply->status = 204;
    return !principal->is_session ||
           fisc_flow_sign_out(&ctx, &desk, principal->person,
                              fisc_digest_format(principal->holder, hex), error);
}

/* The second factor ---------------------------------------------------------------------------- */

static const FiscApiField uri_fields[] = {
    {.name = "uri", .meaning = "otpauth:// with the seed: shown once, for an authenticator"},
    {NULL},
};
static const FiscApiShape uri_shape = {"Seed", "What an authenticator reads", uri_fields};
static const FiscApiField codes_fields[] = {
    {.name = "recovery_codes", .type = FISC_API_LIST, .meaning = "each good once; shown once"},
    {.name = "csrf", .meaning = "of the session, which has another id now; null without one"},
    {NULL},
};
static const FiscApiShape codes_shape = {"RecoveryCodes", "What stands in for a lost device",
                                         codes_fields};
static const FiscApiField totp_fields[] = {
    FISC_NEEDED("password", FISC_API_TEXT, "once more: it is still the person", NULL),
    FISC_GIVEN("code", FISC_API_TEXT, "of the second factor that is replaced", NULL),
    {NULL},
};
static const FiscApiField totp_code_fields[] = {
    FISC_NEEDED("code", FISC_API_TEXT, "the first six digits of the new one", "123456"),
    {NULL},
};

bool
fisc_server_confirm(FiscCall *call, const char *password, const char *code, bool *out_right,
                    GError **error)
{
    g_autoptr(FiscRoll) roll = NULL;
    FiscSignIn step = {0};
    if (!fisc_door_roll(call->server, &roll, error)) {
        return false;
    }
    FiscContext ctx = fisc_server_identity_context(call, call->principal.person);
    FiscSignInDesk desk = fisc_server_desk(call, roll);
    if (!fisc_flow_confirm(&ctx, &desk, call->principal.person, password, code, &step, error)) {
        return false;
    }
    *out_right = step.state == FISC_SIGN_IN_DONE;
    if (step.state == FISC_SIGN_IN_LIMITED) {
        fisc_server_answer_limited(call, step.wait_s);
    } else if (!*out_right) {
        fisc_call_problem(call, 403, "CONFIRMATION_WRONG", NULL, "that is not right");
    }
    return true;
}

static bool
post_totp(FiscCall *call, GError **error)
{
    const char *person = call->principal.person, *code = fisc_call_text(call, "code");
    FiscContext ctx = fisc_server_identity_context(call, person);
    FiscFactors factors = {0};
    bool is_right = false;
    if (!fisc_flow_find_factors(&ctx, person, &factors, error)) {
        return false;
    }
    if (factors.has_code && code == NULL) {
        fisc_call_problem(call, 422, "VALUE_MISSING", "/code",
                          "\"code\" is missing: of the second factor that is replaced");
        return true;
    }
    if (!fisc_server_confirm(call, fisc_call_text(call, "password"), factors.has_code ? code : NULL,
                             &is_right, error)) {
        return false;
    }
    if (!is_right) {
        return true;
    }
    g_autofree char *uri = NULL;
    if (!fisc_flow_totp_begin(&ctx, call->server->options.secret_key, person, &uri, error)) {
        return false;
    }
    fisc_call_answer_json(call, 201, json_pack("{s:s}", "uri", uri));
    fisc_secret_wipe(uri);
    return true;
}

static json_t *
texts(char **list)
{
    json_t *array = json_array();
    for (char **text = list; *text != NULL; text++) {
        json_array_append_new(array, json_string(*text));
    }
    return array;
}

bool
fisc_server_turn_session(FiscCall *call, char **out_csrf, GError **error)
{
    const FiscPrincipal *principal = &call->principal;
    FiscContext ctx = fisc_server_identity_context(call, principal->person);
    char secret[FISC_SECRET_TEXT] = "", csrf[FISC_DIGEST_HEX];
    *out_csrf = NULL;
    fisc_door_forget(call->server, principal->person);
    if (!principal->is_session) {
        return true;
    }
    if (!fisc_flow_session_turn(&ctx, principal->holder, secret, error)) {
        return false;
    }
    fisc_server_set_cookie(call, secret);
    fisc_csrf_of(secret, csrf);
    *out_csrf = g_strdup(csrf);
    fisc_secret_wipe(secret);
    return true;
}

/* The session has become strong, and is the only one. */
static bool
post_totp_code(FiscCall *call, GError **error)
{
    const FiscPrincipal *principal = &call->principal;
    FiscContext ctx = fisc_server_identity_context(call, principal->person);
    g_auto(GStrv) codes = NULL;
    g_autofree char *csrf = NULL;
    char own[FISC_DIGEST_HEX];
    fisc_digest_format(principal->holder, own);
    if (!fisc_flow_totp_confirm(&ctx, call->server->options.secret_key, principal->person,
                                fisc_call_text(call, "code"), principal->is_session ? own : NULL,
                                &codes, error) ||
        !fisc_server_turn_session(call, &csrf, error)) {
        return false;
    }
    fisc_call_answer_json(call, 201,
                          json_pack("{s:o, s:s?}", "recovery_codes", texts(codes), "csrf", csrf));
    return true;
}

/* One's password ------------------------------------------------------------------------------- */

static const FiscApiField password_fields[] = {
    FISC_NEEDED("old", FISC_API_TEXT, "the one to be replaced", NULL),
    FISC_NEEDED("password", FISC_API_TEXT, "the new one: 15 characters or more", NULL),
    {NULL},
};

static bool
post_password(FiscCall *call, GError **error)
{
    const char *person = call->principal.person, *old = fisc_call_text(call, "old");
    FiscContext ctx = fisc_server_identity_context(call, person);
    bool is_right = false;
    if (!fisc_server_confirm(call, old, NULL, &is_right, error)) {
        return false;
    }
    if (!is_right) {
        return true;
    }
    if (!fisc_flow_password_set(&ctx, fisc_door_hasher(call->server), person, old,
                                fisc_call_text(call, "password"), error)) {
        return false;
    }
    fisc_door_forget(call->server, person);
    fisc_server_set_cookie(call, NULL);
    call->reply->status = 204;
    return true;
}

/* Routes --------------------------------------------------------------------------------------- */

/* Hashing a password takes its time: not in the lane of the quick ones. */
const FiscRoute fisc_api_session[] = {
    {.method = "POST",
     .path = "/v1/session",
     .operation = "signIn",
     .summary = "Signs in by password; 202 when something is missing",
     .access = FISC_ACCESS_ANYONE,
     .lane = FISC_HTTP_POST,
     .fields = sign_in_fields,
     .body = FISC_BODY_JSON,
     .body_max = BODY_MAX,
     .answer = &fisc_shape_session,
     .pending = &fisc_shape_sign_in_step,
     .status = 201,
     .run = post_session},
    {.method = "POST",
     .path = "/v1/session/totp",
     .operation = "signInWithCode",
     .summary = "Goes on signing in with a second factor",
     .access = FISC_ACCESS_ANYONE,
     .lane = FISC_HTTP_POST,
     .fields = code_fields,
     .body = FISC_BODY_JSON,
     .body_max = BODY_MAX,
     .answer = &fisc_shape_session,
     .pending = &fisc_shape_sign_in_step,
     .status = 201,
     .run = post_code},
    {.method = "POST",
     .path = "/v1/session/password",
     .operation = "signInWithNewPassword",
     .summary = "Goes on signing in with a password in place of the start password",
     .access = FISC_ACCESS_ANYONE,
     .lane = FISC_HTTP_POST,
     .fields = first_password_fields,
     .body = FISC_BODY_JSON,
     .body_max = BODY_MAX,
     .answer = &fisc_shape_session,
     .pending = &fisc_shape_sign_in_step,
     .status = 201,
     .run = post_first_password},
    {.method = "GET",
     .path = "/v1/session",
     .operation = "getSession",
     .summary = "Who is signed in, what he holds and may see",
     .access = FISC_ACCESS_PERSON,
     .answer = &fisc_shape_session,
     .run = get_session},
    {.method = "DELETE",
     .path = "/v1/session",
     .operation = "signOut",
     .summary = "Ends the session",
     .access = FISC_ACCESS_PERSON,
     .status = 204,
     .run = delete_session},
    {.method = "POST",
     .path = "/v1/totp",
     .operation = "beginTotp",
     .summary = "A new second factor, which counts when its first code was shown",
     .access = FISC_ACCESS_PERSON,
     .lane = FISC_HTTP_POST,
     .fields = totp_fields,
     .body = FISC_BODY_JSON,
     .body_max = BODY_MAX,
     .answer = &uri_shape,
     .status = 201,
     .run = post_totp},
    {.method = "POST",
     .path = "/v1/totp/confirmation",
     .operation = "confirmTotp",
     .summary = "The first code of a new second factor; ends one's other sessions",
     .access = FISC_ACCESS_PERSON,
     .lane = FISC_HTTP_POST,
     .fields = totp_code_fields,
     .body = FISC_BODY_JSON,
     .body_max = BODY_MAX,
     .answer = &codes_shape,
     .status = 201,
     .run = post_totp_code},
    {.method = "POST",
     .path = "/v1/passwords",
     .operation = "changePassword",
     .summary = "Changes one's password and ends one's sessions, this one too",
     .access = FISC_ACCESS_PERSON,
     .lane = FISC_HTTP_POST,
     .fields = password_fields,
     .body = FISC_BODY_JSON,
     .body_max = BODY_MAX,
     .status = 204,
     .run = post_password},
    {NULL},
};

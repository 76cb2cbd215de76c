/* passkeys.c: one's own passkeys, and signing in with one. */
#include "app/flows/person.h"
#include "app/server/api/writing.h"
#include "app/server/passkey_words.h"
#include "app/server/server_internal.h"
#include <string.h>

#define BODY_MAX 65536 /* what devices say of themselves comes along, and is not read */

/* One's own ------------------------------------------------------------------------------------ */

static const FiscApiField made_fields[] = {
    {.name = "passkey", .meaning = "what lists call it", .example = "51d29a07c4e81b36"},
    {.name = "name", .meaning = "what its owner calls it", .example = "Telephone"},
    {.name = "csrf", .meaning = "of the session, which has another id now; null without one"},
    {NULL},
};
static const FiscApiShape made_shape = {"Passkey", "A passkey that was made", made_fields};
static const FiscApiField begin_fields[] = {
    FISC_GIVEN("password", FISC_API_TEXT, "once more, of who has one: it is still the person",
               NULL),
    {NULL},
};
static const FiscApiField make_fields[] = {
    FISC_NEEDED("name", FISC_API_TEXT, "what its owner calls it", "Telephone"),
    FISC_NEEDED("credential", FISC_API_OBJECT,
                "what the device made, RegistrationResponseJSON of WebAuthn", NULL),
    {NULL},
};
static const FiscApiField name_fields[] = {
    FISC_PATH("passkey", "as the list calls it", "51d29a07c4e81b36"),
    {NULL},
};

static bool
refuse(FiscCall *call, const char *why)
{
    fisc_call_problem(call, 403, "STEP_UP_NEEDED", NULL, "%s", why);
    return false;
}

/* What somebody could do who has found a session open, or stolen a password: neither alone does. */
static bool
may_begin(FiscCall *call, bool *out_may, GError **error)
{
    const FiscPrincipal *principal = &call->principal;
    FiscContext ctx = fisc_server_identity_context(call, principal->person);
    const char *password = fisc_call_text(call, "password");
    FiscFactors factors = {0};
    *out_may = principal->is_operator;
    if (*out_may || !fisc_flow_find_factors(&ctx, principal->person, &factors, error)) {
        return *out_may;
    }
    if (!principal->is_strong && (factors.has_code || factors.has_passkey)) {
        refuse(call, "sign in with your second factor first");
    } else if (!principal->is_strong && !factors.has_password) {
        refuse(call, "this takes a password, or signing in with two factors");
    } else if (factors.has_password && password == NULL) {
        fisc_call_problem(call, 422, "VALUE_MISSING", "/password", "\"password\" is missing");
    } else if (factors.has_password) {
        return fisc_server_confirm(call, password, NULL, out_may, error);
    } else {
        *out_may = true;
    }
    return true;
}

static bool
post_challenge(FiscCall *call, GError **error)
{
    const FiscPrincipal *principal = &call->principal;
    const FiscPasskeyOwner owner = {principal->person, principal->holder};
    g_autoptr(FiscRoll) roll = NULL;
    g_auto(FiscCallSite) site = {0};
    g_auto(FiscPasskeyAsk) ask = {0};
    g_autofree char *name = NULL;
    bool may = false;
    if (!fisc_call_site(call, &site)) {
        return true;
    }
    if (!may_begin(call, &may, error) || !fisc_door_roll(call->server, &roll, error)) {
        return false;
    }
    if (!may) {
        return true;
    }
    FiscContext ctx = fisc_server_identity_context(call, principal->person);
    FiscSignInDesk desk = fisc_server_desk(call, roll);
    if (!fisc_flow_passkey_ask_new(&ctx, &desk, &owner, &ask, error) ||
        !fisc_flow_person_name(&ctx, fisc_roll_registry(roll), principal->person, &name, error)) {
        return false;
    }
    fisc_call_answer_json(
        call, 201,
        fisc_passkey_creation_value(call, &site, &ask, name != NULL ? name : principal->person));
    return true;
}

static bool
post_passkey(FiscCall *call, GError **error)
{
    const FiscPrincipal *principal = &call->principal;
    const FiscPasskeyOwner owner = {principal->person, principal->holder};
    const char *label = fisc_call_text(call, "name");
    FiscContext ctx = fisc_server_identity_context(call, principal->person);
    g_auto(FiscCallSite) site = {0};
    g_auto(FiscPasskeyOffer) offer = {0};
    g_autofree char *csrf = NULL;
    char name[FISC_PASSKEY_NAME_TEXT];
    if (!fisc_call_site(call, &site) || !fisc_call_offer(call, "credential", &offer)) {
        return true;
    }
    const FiscPasskeySite here = {site.origin, site.site};
    if (!fisc_flow_passkey_add(&ctx, &here, &owner, label, &offer, name, error) ||
        !fisc_server_turn_session(call, &csrf, error)) {
        return false;
    }
    fisc_call_answer_json(
        call, 201, json_pack("{s:s, s:s, s:s?}", "passkey", name, "name", label, "csrf", csrf));
    return true;
}

static bool
get_passkeys(FiscCall *call, GError **error)
{
    FiscContext ctx = fisc_server_identity_context(call, NULL);
    FiscTable *table = NULL;
    return fisc_flow_passkey_list(&ctx, call->principal.person, &table, error) &&
           fisc_call_answer_table(call, table, error);
}

static bool
delete_passkey(FiscCall *call, GError **error)
{
    const FiscPrincipal *principal = &call->principal;
    FiscContext ctx = fisc_server_identity_context(call, principal->person);
    char own[FISC_DIGEST_HEX];
    if (!principal->is_strong && !principal->is_operator) {
        refuse(call, "sign in with your second factor first");
        return true;
    }
    fisc_digest_format(principal->holder, own);
    if (!fisc_flow_passkey_remove(&ctx, principal->person, fisc_call_text(call, "passkey"),
                                  principal->is_session ? own : NULL, error)) {
        return false;
    }
    fisc_door_forget(call->server, principal->person);
    call->reply->status = 204;
    return true;
}

/* Signing in ----------------------------------------------------------------------------------- */

static const FiscApiField sign_in_fields[] = {
    FISC_NEEDED("assertion", FISC_API_OBJECT,
                "what the passkey has signed, AuthenticationResponseJSON of WebAuthn", NULL),
    FISC_GIVEN("person", FISC_API_TEXT, "whose passkey it has to be; anybody's", "ana"),
    {NULL},
};

static bool
is_own_site(FiscCall *call)
{
    if (fisc_server_is_own_site(call->request)) {
        return true;
    }
    fisc_call_problem(call, 403, "FORGERY", NULL, "signing in takes a page of this site");
    return false;
}

static bool
post_session_challenge(FiscCall *call, GError **error)
{
    FiscContext ctx = fisc_server_identity_context(call, NULL);
    g_autoptr(FiscRoll) roll = NULL;
    g_auto(FiscCallSite) site = {0};
    g_auto(FiscPasskeyAsk) ask = {0};
    if (!is_own_site(call) || !fisc_call_site(call, &site)) {
        return true;
    }
    if (!fisc_door_roll(call->server, &roll, error)) {
        return false;
    }
    FiscSignInDesk desk = fisc_server_desk(call, roll);
    if (!fisc_flow_passkey_ask_sign_in(&ctx, &desk, &ask, error)) {
        return false;
    }
    fisc_call_answer_json(call, 201, fisc_passkey_request_value(&site, &ask));
    return true;
}

static bool
post_session(FiscCall *call, GError **error)
{
    FiscContext ctx = fisc_server_identity_context(call, NULL);
    g_autoptr(FiscRoll) roll = NULL;
    g_auto(FiscCallSite) site = {0};
    g_auto(FiscPasskeyProof) proof = {0};
    FiscSignIn step = {0};
    if (!is_own_site(call) || !fisc_call_site(call, &site) ||
        !fisc_call_proof(call, "assertion", &proof)) {
        return true;
    }
    if (!fisc_door_roll(call->server, &roll, error)) {
        return false;
    }
    FiscSignInDesk desk = fisc_server_desk(call, roll);
    const FiscPasskeySite here = {site.origin, site.site};
    return fisc_flow_passkey_sign_in(&ctx, &desk, &here, fisc_call_text(call, "person"), &proof,
                                     &step, error) &&
           fisc_server_answer_sign_in(call, roll, &step, error);
}

/* Routes --------------------------------------------------------------------------------------- */

static const FiscApiExample list_examples[] = {
    {"One's passkeys", "/v1/passkeys", NULL, 200},
    {NULL},
};

const FiscRoute fisc_api_passkeys[] = {
    {.method = "POST",
     .path = "/v1/session/passkey/challenge",
     .operation = "askPasskeyToSignIn",
     .summary = "What a passkey has to sign to sign in: good once, for two minutes",
     .access = FISC_ACCESS_ANYONE,
     .lane = FISC_HTTP_POST,
     .answer = &fisc_shape_passkey_request,
     .status = 201,
     .run = post_session_challenge},
    {.method = "POST",
     .path = "/v1/session/passkey",
     .operation = "signInWithPasskey",
     .summary = "Signs in by what a passkey has signed; 202 when something is missing",
     .access = FISC_ACCESS_ANYONE,
     .lane = FISC_HTTP_POST,
     .fields = sign_in_fields,
     .body = FISC_BODY_JSON,
     .body_max = BODY_MAX,
     .answer = &fisc_shape_session,
     .pending = &fisc_shape_sign_in_step,
     .status = 201,
     .run = post_session},
    {.method = "GET",
     .path = "/v1/passkeys",
     .operation = "listPasskeys",
     .summary = "One's own passkeys",
     .access = FISC_ACCESS_PERSON,
     .run = get_passkeys,
     .examples = list_examples},
    {.method = "POST",
     .path = "/v1/passkeys/challenge",
     .operation = "beginPasskey",
     .summary = "What a device is asked for a new passkey",
     .access = FISC_ACCESS_PERSON,
     .lane = FISC_HTTP_POST,
     .fields = begin_fields,
     .body = FISC_BODY_JSON,
     .body_max = BODY_MAX,
     .answer = &fisc_shape_passkey_creation,
     .status = 201,
     .run = post_challenge},
    {.method = "POST",
     .path = "/v1/passkeys",
     .operation = "makePasskey",
     .summary = "Takes a new passkey; ends one's other sessions",
     .access = FISC_ACCESS_PERSON,
     .lane = FISC_HTTP_POST,
     .fields = make_fields,
     .body = FISC_BODY_JSON,
     .body_max = BODY_MAX,
     .answer = &made_shape,
     .status = 201,
     .run = post_passkey},
    {.method = "DELETE",
     .path = "/v1/passkeys/{passkey}",
     .operation = "removePasskey",
     .summary = "Takes one of one's passkeys away; ends one's other sessions",
     .access = FISC_ACCESS_PERSON,
     .lane = FISC_HTTP_POST,
     .fields = name_fields,
     .status = 204,
     .run = delete_passkey},
    {NULL},
};

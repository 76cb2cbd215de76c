/* step_ups.c: confirmations of one act, by a passkey or a code. */
#include "app/server/api/writing.h"
#include "app/server/passkey_words.h"
#include "app/server/server_internal.h"

#define BODY_MAX 65536 /* what devices say of themselves comes along, and is not read */

static const FiscApiField step_fields[] = {
    {.name = "step", .meaning = "to be sent as X-Fisc-Step-Up with the act: good once"},
    {.name = "expires_at", .meaning = "when it is over"},
    {NULL},
};
static const FiscApiShape step_shape = {"StepUp", "A second factor shown for one act", step_fields};
static const FiscApiField step_up_fields[] = {
    FISC_NEEDED("digest", FISC_API_TEXT, "SHA-256 in hex of what is approved", NULL),
    FISC_GIVEN("code", FISC_API_TEXT, "six digits of the second factor", "123456"),
    FISC_GIVEN("assertion", FISC_API_OBJECT,
               "in its place: what a passkey has signed, AuthenticationResponseJSON of WebAuthn",
               NULL),
    {NULL},
};
static const FiscApiField challenge_fields[] = {
    FISC_NEEDED("digest", FISC_API_TEXT, "SHA-256 in hex of what is approved", NULL),
    {NULL},
};

static bool
read_digest(FiscCall *call, uint8_t out_action[FISC_DIGEST_SIZE])
{
    if (fisc_digest_parse(fisc_call_text(call, "digest"), out_action)) {
        return true;
    }
    fisc_call_problem(call, 422, "VALUE_INVALID", "/digest",
                      "digest: 64 lower-case hex digits are expected");
    return false;
}

static void
answer_step_up(FiscCall *call, const char *step)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autoptr(GDateTime) end = g_date_time_add_seconds(now, FISC_STEP_LASTS_S);
    g_autofree char *text = g_date_time_format(end, "%Y-%m-%dT%H:%M:%SZ");
    fisc_call_answer_json(call, 201, json_pack("{s:s, s:s}", "step", step, "expires_at", text));
}

static bool
post_challenge(FiscCall *call, GError **error)
{
    const FiscPrincipal *principal = &call->principal;
    const FiscPasskeyOwner owner = {principal->person, principal->holder};
    g_autoptr(FiscRoll) roll = NULL;
    g_auto(FiscCallSite) site = {0};
    g_auto(FiscPasskeyAsk) ask = {0};
    uint8_t action[FISC_DIGEST_SIZE];
    if (!read_digest(call, action) || !fisc_call_site(call, &site)) {
        return true;
    }
    if (!fisc_door_roll(call->server, &roll, error)) {
        return false;
    }
    FiscContext ctx = fisc_server_identity_context(call, principal->person);
    FiscSignInDesk desk = fisc_server_desk(call, roll);
    if (!fisc_flow_passkey_ask_step(&ctx, &desk, &owner, action, &ask, error)) {
        return false;
    }
    fisc_call_answer_json(call, 201, fisc_passkey_request_value(&site, &ask));
    return true;
}

/* By code, unless approvals take passkeys here. */
static bool
confirm_by_code(FiscCall *call, const FiscSignInDesk *desk, const uint8_t *action, FiscSignIn *out,
                GError **error)
{
    const FiscPrincipal *principal = &call->principal;
    FiscContext ctx = fisc_server_identity_context(call, principal->person);
    if (call->server->options.is_passkey_needed) {
        fisc_call_problem(call, 403, "STEP_UP_NEEDED", "/code", "here this takes a passkey");
        return true;
    }
    return fisc_flow_step_up(&ctx, desk, principal->person, principal->holder, action,
                             fisc_call_text(call, "code"), out, error);
}

static bool
confirm_by_passkey(FiscCall *call, const FiscSignInDesk *desk, const uint8_t *action,
                   FiscSignIn *out, GError **error)
{
    const FiscPrincipal *principal = &call->principal;
    const FiscPasskeyOwner owner = {principal->person, principal->holder};
    FiscContext ctx = fisc_server_identity_context(call, principal->person);
    g_auto(FiscCallSite) site = {0};
    g_auto(FiscPasskeyProof) proof = {0};
    if (!fisc_call_site(call, &site) || !fisc_call_proof(call, "assertion", &proof)) {
        return true;
    }
    const FiscPasskeySite here = {site.origin, site.site};
    return fisc_flow_passkey_step_up(&ctx, desk, &here, &owner, action, &proof, out, error);
}

static void
answer(FiscCall *call, FiscSignIn *step, bool is_by_code)
{
    if (step->state == FISC_SIGN_IN_DONE) {
        answer_step_up(call, step->secret);
    } else if (step->state == FISC_SIGN_IN_LIMITED) {
        fisc_server_answer_limited(call, step->wait_s);
    } else {
        fisc_call_problem(call, 403, "CONFIRMATION_WRONG", is_by_code ? "/code" : "/assertion",
                          is_by_code ? "the code is not right" : "the passkey is not right");
    }
    fisc_secret_wipe(step->secret);
}

static bool
post_step_up(FiscCall *call, GError **error)
{
    bool is_by_code = fisc_call_text(call, "code") != NULL;
    g_autoptr(FiscRoll) roll = NULL;
    uint8_t action[FISC_DIGEST_SIZE];
    FiscSignIn step = {.state = FISC_SIGN_IN_FAILED};
    if (!read_digest(call, action)) {
        return true;
    }
    if (is_by_code == json_is_object(fisc_call_value(call, "assertion"))) {
        fisc_call_problem(call, 422, is_by_code ? "VALUE_INVALID" : "VALUE_MISSING", "/code",
                          "either \"code\" or \"assertion\" is expected");
        return true;
    }
    if (!fisc_door_roll(call->server, &roll, error)) {
        return false;
    }
    FiscSignInDesk desk = fisc_server_desk(call, roll);
    if (!(is_by_code ? confirm_by_code : confirm_by_passkey)(call, &desk, action, &step, error)) {
        return false;
    }
    if (call->reply->status < 400) {
        answer(call, &step, is_by_code);
    }
    return true;
}

const FiscRoute fisc_api_step_ups[] = {
    {.method = "POST",
     .path = "/v1/step-ups/challenge",
     .operation = "askPasskeyToStepUp",
     .summary = "What a passkey has to sign to confirm one act, named by its digest",
     .access = FISC_ACCESS_PERSON,
     .fields = challenge_fields,
     .body = FISC_BODY_JSON,
     .body_max = BODY_MAX,
     .answer = &fisc_shape_passkey_request,
     .status = 201,
     .run = post_challenge},
    {.method = "POST",
     .path = "/v1/step-ups",
     .operation = "stepUp",
     .summary = "Shows the second factor for one act, named by its digest",
     .access = FISC_ACCESS_PERSON,
     .lane = FISC_HTTP_POST,
     .fields = step_up_fields,
     .body = FISC_BODY_JSON,
     .body_max = BODY_MAX,
     .answer = &step_shape,
     .status = 201,
     .run = post_step_up},
    {NULL},
};

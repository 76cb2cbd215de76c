/* step_ups.c: confirmations of an act, or of a list of acts, by a passkey or a code. */
#include "app/server/api/writing.h"
#include "app/server/passkey_words.h"
#include "app/server/server_internal.h"
#include <string.h>

#define BODY_MAX 65536 /* what devices say of themselves comes along, and is not read */

/* Of one act or of several. */
#define ACT                                                                                        \
    FISC_GIVEN("digest", FISC_API_TEXT, "SHA-256 in hex of what is approved",                      \
               "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")
#define ACTS                                                                                       \
    FISC_GIVEN("digests", FISC_API_LIST,                                                           \
               "in its place: of several acts, 200 at most, none of them twice",                   \
               "[\"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08\","            \
               "\"60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752\"]")

static const FiscApiField step_fields[] = {
    {.name = "step", .meaning = "to be sent as X-Fisc-Step-Up with each act: good once for each"},
    {.name = "expires_at", .meaning = "when it is over"},
    {NULL},
};
static const FiscApiShape step_shape = {"StepUp", "A second factor shown for acts", step_fields};
static const FiscApiField step_up_fields[] = {
    ACT,
    ACTS,
    FISC_GIVEN("code", FISC_API_TEXT, "six digits of the second factor", "123456"),
    FISC_GIVEN("assertion", FISC_API_OBJECT,
               "in its place: what a passkey has signed, AuthenticationResponseJSON of WebAuthn",
               NULL),
    {NULL},
};
static const FiscApiField challenge_fields[] = {
    ACT,
    ACTS,
    {NULL},
};

/* @pointer: of @text in the body. */
static bool
read_digest(FiscCall *call, const char *text, const char *pointer, FiscStepActs *acts)
{
    uint8_t *digest = acts->digests[acts->count];
    if (!fisc_digest_parse(text, digest)) {
        fisc_call_problem(call, 422, "VALUE_INVALID", pointer,
                          "digest: 64 lower-case hex digits are expected");
        return false;
    }
    for (int i = 0; i < acts->count; i++) {
        if (memcmp(acts->digests[i], digest, FISC_DIGEST_SIZE) == 0) {
            fisc_call_problem(call, 422, "VALUE_INVALID", pointer,
                              "this digest stands in the list already");
            return false;
        }
    }
    acts->count++;
    return true;
}

static bool
read_list(FiscCall *call, const json_t *list, FiscStepActs *out)
{
    size_t at;
    json_t *item;
    if (json_array_size(list) == 0 || json_array_size(list) > FISC_STEP_ACTS_MAX) {
        fisc_call_problem(call, 422, "VALUE_INVALID", "/digests", "digests: 1 to %d are expected",
                          FISC_STEP_ACTS_MAX);
        return false;
    }
    json_array_foreach((json_t *)list, at, item)
    {
        g_autofree char *pointer = g_strdup_printf("/digests/%zu", at);
        if (!read_digest(call, json_string_value(item), pointer, out)) {
            return false;
        }
    }
    return true;
}

/* One act is a list of one. */
static bool
read_acts(FiscCall *call, FiscStepActs *out)
{
    const char *digest = fisc_call_text(call, "digest");
    const json_t *list = fisc_call_value(call, "digests");
    out->count = 0;
    if ((digest != NULL) == json_is_array(list)) {
        fisc_call_problem(call, 422, digest != NULL ? "VALUE_INVALID" : "VALUE_MISSING", "/digest",
                          "either \"digest\" or \"digests\" is expected");
        return false;
    }
    return digest != NULL ? read_digest(call, digest, "/digest", out) : read_list(call, list, out);
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
    FiscStepActs acts;
    if (!read_acts(call, &acts) || !fisc_call_site(call, &site)) {
        return true;
    }
    if (!fisc_door_roll(call->server, &roll, error)) {
        return false;
    }
    FiscContext ctx = fisc_server_identity_context(call, principal->person);
    FiscSignInDesk desk = fisc_server_desk(call, roll);
    if (!fisc_flow_passkey_ask_step(&ctx, &desk, &owner, &acts, &ask, error)) {
        return false;
    }
    fisc_call_answer_json(call, 201, fisc_passkey_request_value(&site, &ask));
    return true;
}

/* By code, unless approvals take passkeys here. */
static bool
confirm_by_code(FiscCall *call, const FiscSignInDesk *desk, const FiscStepActs *acts,
                FiscSignIn *out, GError **error)
{
    const FiscPrincipal *principal = &call->principal;
    FiscContext ctx = fisc_server_identity_context(call, principal->person);
    if (call->server->options.is_passkey_needed) {
        fisc_call_problem(call, 403, "STEP_UP_NEEDED", "/code", "here this takes a passkey");
        return true;
    }
    return fisc_flow_step_up(&ctx, desk, principal->person, principal->holder, acts,
                             fisc_call_text(call, "code"), out, error);
}

static bool
confirm_by_passkey(FiscCall *call, const FiscSignInDesk *desk, const FiscStepActs *acts,
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
    return fisc_flow_passkey_step_up(&ctx, desk, &here, &owner, acts, &proof, out, error);
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
    FiscStepActs acts;
    FiscSignIn step = {.state = FISC_SIGN_IN_FAILED};
    if (!read_acts(call, &acts)) {
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
    if (!(is_by_code ? confirm_by_code : confirm_by_passkey)(call, &desk, &acts, &step, error)) {
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
     .summary = "What a passkey has to sign to confirm acts, named by their digests, all at once",
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
     .summary = "Shows the second factor for acts, named by their digests, once for all of them",
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

/* signin_step.c: a second factor for an act. What is approved is named by its digest, so that what
 * somebody looked at and confirmed is what is carried out. */
#include "app/server/signin.h"
#include "app/server/server_internal.h"

static bool
refuse(FiscCall *call, const char *why)
{
    fisc_call_problem(call, 403, "STEP_UP_NEEDED", NULL, "%s", why);
    return false;
}

/* Without a second factor there is nothing to show: a book that enforces duties wants one. */
static bool
judge_without(FiscCall *call, GError **error)
{
    g_autoptr(FiscRoll) roll = NULL;
    if (!fisc_door_roll(call->server, &roll, error)) {
        return false;
    }
    return !fisc_registry_is_enforced(fisc_roll_registry(roll)) ||
           refuse(call, "this takes a second factor, and you have none yet");
}

static bool
spend(FiscCall *call, FiscContext *ctx, const char *digest, GError **error)
{
    uint8_t action[FISC_DIGEST_SIZE];
    const char *step = fisc_http_header(call->request, "X-Fisc-Step-Up");
    bool is_good = false;
    if (step == NULL || !fisc_digest_parse(digest, action)) {
        return refuse(call, "confirm this with your second factor: POST /v1/step-ups");
    }
    return fisc_flow_step_spend(ctx, call->principal.person, step, call->principal.holder, action,
                                &is_good, error) &&
           (is_good || refuse(call, "this confirmation is for something else, over, or used"));
}

static bool
judge(FiscCall *call, FiscContext *ctx, const FiscFactors *factors, const char *digest,
      GError **error)
{
    if (call->server->options.is_passkey_needed && !factors->has_passkey) {
        return refuse(call, "here this takes a passkey, and you have none yet");
    }
    return factors->has_code || factors->has_passkey ? spend(call, ctx, digest, error)
                                                     : judge_without(call, error);
}

bool
fisc_server_check_step_up(FiscCall *call, const char *digest)
{
    g_autoptr(GError) error = NULL;
    FiscContext ctx = fisc_server_identity_context(call, call->principal.person);
    FiscFactors factors = {0};
    if (call->principal.is_operator || call->context.is_dry_run) {
        return true;
    }
    bool is_confirmed = fisc_flow_find_factors(&ctx, call->principal.person, &factors, &error) &&
                        judge(call, &ctx, &factors, digest, &error);
    if (error != NULL) {
        fisc_call_fail(call, error);
    }
    return is_confirmed;
}

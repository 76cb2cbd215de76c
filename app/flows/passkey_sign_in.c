/* passkey_sign_in.c: what a passkey has signed opens a session, or confirms acts. */
#include "app/flows/passkey.h"
#include <string.h>

/* What somebody shows, and what came of looking at it. */
typedef struct {
    const FiscPasskeySite *site;
    const FiscPasskeyProof *proof;
    FiscPasskeyQuestion question;
    FiscPasskeyFault fault;
    char *person; /* whose passkey it is; NULL: nobody's */
} Showing;

static void
showing_clear(Showing *showing)
{
    g_free(showing->person);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Showing, showing_clear)

/* A device that keeps the person names him; that cannot be another one. */
static bool
is_handle_of(FiscContext *ctx, const Showing *showing, bool is_needed)
{
    uint8_t right[FISC_PASSKEY_HANDLE_SIZE];
    GBytes *handle = showing->proof->handle;
    if (handle == NULL) {
        return !is_needed;
    }
    fisc_passkey_handle(ctx->book_id, showing->person, right);
    return g_bytes_get_size(handle) == sizeof right &&
           memcmp(g_bytes_get_data(handle, NULL), right, sizeof right) == 0;
}

/* The counter is noted only of what was signed: else anybody could drive it up. */
static bool
count(FiscContext *ctx, Showing *showing, uint32_t counter, GError **error)
{
    char name[FISC_PASSKEY_NAME_TEXT];
    bool is_counted = false;
    fisc_passkey_name(showing->proof->id, name);
    if (!fisc_flow_identity_ask(ctx, FISC_SQL_IDENTITY_USE_COUNTER,
                                FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(showing->person),
                                          fisc_text(name), fisc_int8(counter)),
                                &is_counted, error)) {
        return false;
    }
    showing->fault = is_counted ? FISC_PASSKEY_NONE : FISC_PASSKEY_COUNTER;
    return true;
}

/* @person: whose it has to be; NULL: whoever's. @is_asked: the challenge was ours. */
static bool
judge(FiscContext *ctx, const char *person, bool is_asked, Showing *showing, GError **error)
{
    g_auto(FiscPasskey) passkey = {0};
    uint32_t counter = 0;
    if (showing->proof->id == NULL) {
        showing->fault = FISC_PASSKEY_MALFORMED;
        return true;
    }
    if (!fisc_flow_passkey_find(ctx, showing->proof->id, &showing->person, &passkey, error)) {
        return false;
    }
    bool is_his = showing->person != NULL &&
                  (person == NULL || strcmp(person, showing->person) == 0) &&
                  is_handle_of(ctx, showing, person == NULL);
    showing->fault =
        !is_his     ? FISC_PASSKEY_OTHER_KEY
        : !is_asked ? FISC_PASSKEY_CHALLENGE
                    : fisc_passkey_check(&showing->question, &passkey, showing->proof, &counter);
    return showing->fault != FISC_PASSKEY_NONE || count(ctx, showing, counter, error);
}

static bool
note_fault(FiscContext *ctx, const FiscSignInDesk *desk, const Showing *showing, GError **error)
{
    g_autofree char *what = g_strdup_printf("the passkey %s", fisc_passkey_words(showing->fault));
    return fisc_flow_sign_in_note(ctx, desk, showing->person, what, error);
}

/* Guessing a passkey is no use, so wrong ones do not close the door of the password, nor the other
 * way round; from one address both count. */
static bool
begin(FiscContext *ctx, const FiscSignInDesk *desk, const FiscPasskeyProof *proof,
      FiscAttempt *out_attempt, GError **error)
{
    char name[FISC_PASSKEY_NAME_TEXT] = "";
    if (proof->id != NULL) {
        fisc_passkey_name(proof->id, name);
    }
    g_autofree char *who = g_strconcat("passkey ", name, NULL);
    return fisc_flow_attempt_begin(ctx, desk, who, out_attempt, error);
}

static Showing
show(const FiscPasskeySite *site, const FiscPasskeyProof *proof)
{
    return (Showing){
        .site = site, .proof = proof, .question = {.origin = site->origin, .site = site->site}};
}

static bool
open_session(FiscContext *ctx, const FiscSignInDesk *desk, const Showing *showing,
             const FiscAttempt *attempt, FiscSignIn *out, GError **error)
{
    g_auto(FiscCredentials) credentials = {0};
    *out = (FiscSignIn){.state = FISC_SIGN_IN_FAILED};
    if (showing->fault != FISC_PASSKEY_NONE) {
        return note_fault(ctx, desk, showing, error);
    }
    if (!fisc_flow_may_sign_in(desk->registry, showing->person)) {
        return fisc_flow_sign_in_note(ctx, desk, showing->person, "disabled", error);
    }
    return fisc_flow_attempt_withdraw(ctx, attempt, error) &&
           fisc_flow_load_credentials(ctx, showing->person, &credentials, error) &&
           fisc_flow_sign_in_go_on(ctx, desk, showing->person, &credentials, true, out, error);
}

bool
fisc_flow_passkey_sign_in(FiscContext *ctx, const FiscSignInDesk *desk, const FiscPasskeySite *site,
                          const char *person, const FiscPasskeyProof *proof, FiscSignIn *out,
                          GError **error)
{
    g_auto(Showing) showing = show(site, proof);
    FiscAttempt attempt = {0};
    bool is_asked = false;
    if (!begin(ctx, desk, proof, &attempt, error)) {
        return false;
    }
    if (attempt.wait_s > 0) {
        *out = (FiscSignIn){.state = FISC_SIGN_IN_LIMITED, .wait_s = attempt.wait_s};
        return fisc_flow_sign_in_note(ctx, desk, NULL, "too many", error);
    }
    if (!fisc_flow_challenge_spend(ctx, "sign_in", proof->client_data, NULL, NULL,
                                   showing.question.challenge, &is_asked, error) ||
        !judge(ctx, NULL, is_asked, &showing, error)) {
        return false;
    }
    if (person != NULL && g_strcmp0(person, showing.person) != 0) {
        showing.fault = FISC_PASSKEY_OTHER_KEY;
    }
    return open_session(ctx, desk, &showing, &attempt, out, error);
}

bool
fisc_flow_passkey_step_up(FiscContext *ctx, const FiscSignInDesk *desk, const FiscPasskeySite *site,
                          const FiscPasskeyOwner *owner, const FiscStepActs *acts,
                          const FiscPasskeyProof *proof, FiscSignIn *out, GError **error)
{
    g_auto(Showing) showing = show(site, proof);
    FiscAttempt attempt = {0};
    uint8_t action[FISC_DIGEST_SIZE];
    bool is_asked = false;
    if (!begin(ctx, desk, proof, &attempt, error)) {
        return false;
    }
    if (attempt.wait_s > 0) {
        *out = (FiscSignIn){.state = FISC_SIGN_IN_LIMITED, .wait_s = attempt.wait_s};
        return fisc_flow_sign_in_note(ctx, desk, owner->person, "too many", error);
    }
    fisc_step_acts_digest(acts, action);
    if (!fisc_flow_challenge_spend(ctx, "step_up", proof->client_data, owner, action,
                                   showing.question.challenge, &is_asked, error) ||
        !judge(ctx, owner->person, is_asked, &showing, error)) {
        return false;
    }
    *out = (FiscSignIn){.state = FISC_SIGN_IN_FAILED};
    if (showing.fault != FISC_PASSKEY_NONE) {
        g_free(showing.person);
        showing.person = g_strdup(owner->person); /* whoever's it is: he has shown it */
        return note_fault(ctx, desk, &showing, error);
    }
    out->state = FISC_SIGN_IN_DONE;
    return fisc_flow_attempt_withdraw(ctx, &attempt, error) &&
           fisc_flow_step_keep(ctx, owner->person, owner->holder, acts, out->secret, error);
}

/* signin.c: signing in, step by step: a password, a second factor, a password of one's own; and the
 * end of sessions. Every attempt counts as wrong before it is looked at, so that many at once are
 * not free; who has signed in is forgiven his. */
#include "app/flows/signin.h"
#include "core/base/hash.h"
#include <string.h>

/* Attempts and their log ---------------------------------------------------------------------- */

/* @person NULL: the name is nobody's, and may be a password in the wrong field. */
bool
fisc_flow_sign_in_note(FiscContext *ctx, const FiscSignInDesk *desk, const char *person,
                       const char *what, GError **error)
{
    return fisc_flow_identity_query(ctx, FISC_SQL_IDENTITY_NOTE_SIGN_IN,
                                    FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(person),
                                              fisc_text(what), fisc_text(desk->address),
                                              fisc_text(desk->request_id)),
                                    NULL, error);
}

bool
fisc_flow_attempt_begin(FiscContext *ctx, const FiscSignInDesk *desk, const char *person,
                        FiscAttempt *out_attempt, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    FiscAttempt attempt = {0};
    uint8_t who[FISC_DIGEST_SIZE];
    fisc_hash_data(person, strlen(person), who);
    g_autofree char *origin = fisc_address_class(desk->address);
    if (!fisc_flow_identity_query(
            ctx, FISC_SQL_IDENTITY_BEGIN_ATTEMPT,
            FISC_ARGS(fisc_int4(ctx->book_id), fisc_bytea(who, FISC_DIGEST_SIZE), fisc_text(origin),
                      fisc_int4(FISC_ATTEMPTS_PAIR), fisc_int4(FISC_ATTEMPTS_PERSON),
                      fisc_int4(FISC_ATTEMPTS_ADDRESS)),
            &rows, error)) {
        return false;
    }
    attempt.wait_s = fisc_rows_int4(rows, 0, 1);
    attempt.id = attempt.wait_s == 0 ? fisc_rows_int8(rows, 0, 0) : 0;
    *out_attempt = attempt;
    return true;
}

/* It was right, and something is still missing: the wrong ones before it stay. */
bool
fisc_flow_attempt_withdraw(FiscContext *ctx, const FiscAttempt *attempt, GError **error)
{
    return fisc_flow_identity_query(ctx, FISC_SQL_IDENTITY_WITHDRAW_ATTEMPT,
                                    FISC_ARGS(fisc_int4(ctx->book_id), fisc_int8(attempt->id)),
                                    NULL, error);
}

static bool
forgive(FiscContext *ctx, const FiscSignInDesk *desk, const char *person, GError **error)
{
    uint8_t who[FISC_DIGEST_SIZE];
    g_autofree char *origin = fisc_address_class(desk->address);
    fisc_hash_data(person, strlen(person), who);
    return fisc_flow_identity_query(
        ctx, FISC_SQL_IDENTITY_FORGIVE_ATTEMPTS,
        FISC_ARGS(fisc_int4(ctx->book_id), fisc_bytea(who, FISC_DIGEST_SIZE), fisc_text(origin)),
        NULL, error);
}

/* What comes next ----------------------------------------------------------------------------- */

static bool
open_ticket(FiscContext *ctx, const FiscSignInDesk *desk, const char *person, const char *needs,
            bool is_strong, FiscSignIn *out, GError **error)
{
    uint8_t digest[FISC_DIGEST_SIZE];
    fisc_secret_make("", out->secret);
    fisc_secret_digest("", out->secret, digest);
    return fisc_flow_identity_query(
        ctx, FISC_SQL_IDENTITY_OPEN_TICKET,
        FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(person), fisc_bytea(digest, FISC_DIGEST_SIZE),
                  fisc_text(needs), fisc_bool(is_strong), fisc_text(desk->address),
                  fisc_int4(FISC_TICKET_LASTS_S)),
        NULL, error);
}

static bool
open_session(FiscContext *ctx, const FiscSignInDesk *desk, const char *person, bool is_strong,
             FiscSignIn *out, GError **error)
{
    uint8_t digest[FISC_DIGEST_SIZE];
    fisc_secret_make("", out->secret);
    fisc_secret_digest("", out->secret, digest);
    return fisc_flow_identity_query(ctx, FISC_SQL_IDENTITY_OPEN_SESSION,
                                    FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(person),
                                              fisc_bytea(digest, FISC_DIGEST_SIZE),
                                              fisc_bool(is_strong), fisc_text(desk->address),
                                              fisc_int4(FISC_SESSION_LASTS_S)),
                                    NULL, error) &&
           forgive(ctx, desk, person, error) &&
           fisc_flow_sign_in_note(ctx, desk, person,
                                  is_strong ? "signed in, two factors" : "signed in", error);
}

bool
fisc_flow_sign_in_go_on(FiscContext *ctx, const FiscSignInDesk *desk, const char *person,
                        const FiscCredentials *credentials, bool is_strong, FiscSignIn *out,
                        GError **error)
{
    FiscSignIn result = {.state = FISC_SIGN_IN_DONE};
    bool is_done;
    if (credentials->seed != NULL && !is_strong) {
        result.state = FISC_SIGN_IN_NEEDS_CODE;
        is_done = open_ticket(ctx, desk, person, "totp", false, &result, error);
    } else if (credentials->passkeys > 0 && !is_strong) {
        result.state = FISC_SIGN_IN_NEEDS_PASSKEY;
        is_done = true;
    } else if (credentials->is_start) {
        result.state = FISC_SIGN_IN_NEEDS_PASSWORD;
        is_done = open_ticket(ctx, desk, person, "password", is_strong, &result, error);
    } else {
        is_done = open_session(ctx, desk, person, is_strong, &result, error);
    }
    if (is_done) {
        *out = result;
    }
    return is_done;
}

static bool
turn_away(FiscContext *ctx, const FiscAttempt *attempt, const FiscSignInDesk *desk,
          const char *person, FiscSignIn *out, GError **error)
{
    *out = (FiscSignIn){.state = FISC_SIGN_IN_LIMITED, .wait_s = attempt->wait_s};
    return fisc_flow_sign_in_note(ctx, desk, person, "too many", error);
}

/* First: the password ------------------------------------------------------------------------- */

bool
fisc_flow_sign_in(FiscContext *ctx, const FiscSignInDesk *desk, const char *person,
                  const char *password, FiscSignIn *out, GError **error)
{
    FiscAttempt attempt = {0};
    g_auto(FiscCredentials) credentials = {0};
    bool is_right = false;
    if (!fisc_flow_attempt_begin(ctx, desk, person, &attempt, error)) {
        return false;
    }
    if (attempt.wait_s > 0) {
        return turn_away(ctx, &attempt, desk, NULL, out, error);
    }
    if (!fisc_flow_load_credentials(ctx, person, &credentials, error) ||
        !fisc_hasher_check(desk->hasher, credentials.verifier, password, &is_right, error)) {
        return false;
    }
    if (!is_right || !fisc_flow_may_sign_in(desk->registry, person)) {
        *out = (FiscSignIn){.state = FISC_SIGN_IN_FAILED};
        return fisc_flow_sign_in_note(ctx, desk, credentials.verifier != NULL ? person : NULL,
                                      is_right ? "disabled" : "wrong password", error);
    }
    return fisc_flow_attempt_withdraw(ctx, &attempt, error) &&
           fisc_flow_sign_in_go_on(ctx, desk, person, &credentials, false, out, error);
}

/* Then, with a ticket ------------------------------------------------------------------------- */

typedef struct {
    uint8_t digest[FISC_DIGEST_SIZE];
    char *person; /* NULL: there is none */
    bool is_strong;
} Ticket;

static void
ticket_clear(Ticket *ticket)
{
    g_free(ticket->person);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Ticket, ticket_clear)

static bool
find_ticket(FiscContext *ctx, const FiscSignInDesk *desk, const char *text, const char *needs,
            Ticket *out_ticket, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_secret_digest("", text, out_ticket->digest)) {
        return true;
    }
    if (!fisc_flow_identity_query(ctx, FISC_SQL_IDENTITY_TICKET,
                                  FISC_ARGS(fisc_int4(ctx->book_id),
                                            fisc_bytea(out_ticket->digest, FISC_DIGEST_SIZE),
                                            fisc_text(desk->address)),
                                  &rows, error)) {
        return false;
    }
    if (fisc_rows_count(rows) > 0 && strcmp(fisc_rows_text(rows, 0, 1), needs) == 0 &&
        fisc_flow_may_sign_in(desk->registry, fisc_rows_text(rows, 0, 0))) {
        out_ticket->person = g_strdup(fisc_rows_text(rows, 0, 0));
        out_ticket->is_strong = fisc_rows_int4(rows, 0, 2) != 0;
    }
    return true;
}

/* Of two who come with one ticket the second is late. */
static bool
spend_ticket(FiscContext *ctx, const Ticket *ticket, bool *out_spent, GError **error)
{
    return fisc_flow_identity_ask(
        ctx, FISC_SQL_IDENTITY_SPEND_TICKET,
        FISC_ARGS(fisc_int4(ctx->book_id), fisc_bytea(ticket->digest, FISC_DIGEST_SIZE)), out_spent,
        error);
}

static bool
spend_recovery(FiscContext *ctx, const char *person, const char *code, bool *out_right,
               GError **error)
{
    uint8_t digest[FISC_DIGEST_SIZE];
    return !fisc_recovery_digest(code, person, digest) ||
           fisc_flow_identity_ask(ctx, FISC_SQL_IDENTITY_SPEND_RECOVERY,
                                  FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(person),
                                            fisc_bytea(digest, FISC_DIGEST_SIZE)),
                                  out_right, error);
}

static bool
check_factor(FiscContext *ctx, const FiscSignInDesk *desk, const char *person,
             const FiscCredentials *credentials, const char *code, bool *out_right, GError **error)
{
    *out_right = false;
    if (strlen(code) == FISC_CODE_DIGITS) {
        return fisc_flow_check_code(ctx, desk->key_file, person, credentials, code, out_right,
                                    error);
    }
    return spend_recovery(ctx, person, code, out_right, error);
}

bool
fisc_flow_sign_in_code(FiscContext *ctx, const FiscSignInDesk *desk, const char *text,
                       const char *code, FiscSignIn *out, GError **error)
{
    g_auto(Ticket) ticket = {0};
    FiscAttempt attempt = {0};
    g_auto(FiscCredentials) credentials = {0};
    bool is_right = false, is_spent = false;
    *out = (FiscSignIn){.state = FISC_SIGN_IN_FAILED};
    if (!find_ticket(ctx, desk, text, "totp", &ticket, error)) {
        return false;
    }
    if (ticket.person == NULL) {
        return true;
    }
    if (!fisc_flow_attempt_begin(ctx, desk, ticket.person, &attempt, error)) {
        return false;
    }
    if (attempt.wait_s > 0) {
        return turn_away(ctx, &attempt, desk, ticket.person, out, error);
    }
    if (!fisc_flow_load_credentials(ctx, ticket.person, &credentials, error) ||
        !check_factor(ctx, desk, ticket.person, &credentials, code, &is_right, error)) {
        return false;
    }
    if (!is_right) {
        return fisc_flow_sign_in_note(ctx, desk, ticket.person, "wrong code", error);
    }
    if (!fisc_flow_attempt_withdraw(ctx, &attempt, error) ||
        !spend_ticket(ctx, &ticket, &is_spent, error)) {
        return false;
    }
    return !is_spent ||
           fisc_flow_sign_in_go_on(ctx, desk, ticket.person, &credentials, true, out, error);
}

bool
fisc_flow_sign_in_password(FiscContext *ctx, const FiscSignInDesk *desk, const char *text,
                           const char *password, FiscSignIn *out, GError **error)
{
    g_auto(Ticket) ticket = {0};
    g_auto(FiscCredentials) credentials = {0};
    g_autofree char *verifier = NULL;
    bool is_same = false, is_spent = false;
    *out = (FiscSignIn){.state = FISC_SIGN_IN_FAILED};
    if (!find_ticket(ctx, desk, text, "password", &ticket, error)) {
        return false;
    }
    if (ticket.person == NULL) {
        return true;
    }
    const char *complaint = fisc_password_complaint(password, ticket.person);
    if (!fisc_flow_load_credentials(ctx, ticket.person, &credentials, error) ||
        (complaint == NULL &&
         !fisc_hasher_check(desk->hasher, credentials.verifier, password, &is_same, error))) {
        return false;
    }
    complaint = is_same ? "is the start password" : complaint;
    if (complaint != NULL) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID, "the password %s", complaint);
    }
    FiscContext own = *ctx;
    own.actor = ticket.person;
    if (!spend_ticket(ctx, &ticket, &is_spent, error)) {
        return false;
    }
    if (!is_spent) {
        return true;
    }
    credentials.is_start = false;
    return fisc_hasher_make(desk->hasher, password, &verifier, error) &&
           fisc_flow_credential_keep(&own, ticket.person, "password", "", "set", verifier,
                                     strlen(verifier), error) &&
           fisc_flow_sign_in_go_on(ctx, desk, ticket.person, &credentials, ticket.is_strong, out,
                                   error);
}

/* Somebody signed in shows it is still he ------------------------------------------------------ */

bool
fisc_flow_confirm(FiscContext *ctx, const FiscSignInDesk *desk, const char *person,
                  const char *password, const char *code, FiscSignIn *out, GError **error)
{
    FiscAttempt attempt = {0};
    g_auto(FiscCredentials) credentials = {0};
    bool is_right = true;
    if (!fisc_flow_attempt_begin(ctx, desk, person, &attempt, error)) {
        return false;
    }
    if (attempt.wait_s > 0) {
        return turn_away(ctx, &attempt, desk, person, out, error);
    }
    if (!fisc_flow_load_credentials(ctx, person, &credentials, error) ||
        (password != NULL &&
         !fisc_hasher_check(desk->hasher, credentials.verifier, password, &is_right, error)) ||
        (is_right && code != NULL &&
         !fisc_flow_check_code(ctx, desk->key_file, person, &credentials, code, &is_right,
                               error))) {
        return false;
    }
    *out = (FiscSignIn){.state = is_right ? FISC_SIGN_IN_DONE : FISC_SIGN_IN_FAILED};
    return is_right ? fisc_flow_attempt_withdraw(ctx, &attempt, error)
                    : fisc_flow_sign_in_note(ctx, desk, person, "wrong confirmation", error);
}

/* Sessions ------------------------------------------------------------------------------------ */

bool
fisc_flow_session_end(FiscContext *ctx, const char *person, const char *session, const char *but,
                      int *out_count, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_flow_identity_query(ctx, FISC_SQL_IDENTITY_END_SESSIONS,
                                  FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(person),
                                            fisc_text(session), fisc_text(but)),
                                  &rows, error)) {
        return false;
    }
    *out_count = fisc_rows_int4(rows, 0, 0);
    return true;
}

bool
fisc_flow_sign_out(FiscContext *ctx, const FiscSignInDesk *desk, const char *person,
                   const char *session, GError **error)
{
    int count = 0;
    return fisc_flow_session_end(ctx, person, session, NULL, &count, error) &&
           fisc_flow_sign_in_note(ctx, desk, person, "signed out", error);
}

bool
fisc_flow_session_turn(FiscContext *ctx, const uint8_t old[FISC_DIGEST_SIZE],
                       char out_secret[FISC_SECRET_TEXT], GError **error)
{
    uint8_t digest[FISC_DIGEST_SIZE];
    bool is_turned = false;
    fisc_secret_make("", out_secret);
    fisc_secret_digest("", out_secret, digest);
    return fisc_flow_identity_ask(ctx, FISC_SQL_IDENTITY_TURN_SESSION,
                                  FISC_ARGS(fisc_int4(ctx->book_id),
                                            fisc_bytea(old, FISC_DIGEST_SIZE),
                                            fisc_bytea(digest, FISC_DIGEST_SIZE)),
                                  &is_turned, error) &&
           (is_turned || fisc_fail(error, FISC_ERROR_NOT_FOUND, "the session is over"));
}

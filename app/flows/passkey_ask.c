/* passkey_ask.c: what a device is asked to sign. A challenge is kept as its digest, with whom and
 * what it is for; it goes with the first answer, right or wrong. */
#include "app/flows/passkey.h"
#include "core/base/hash.h"
#include <string.h>

#define WAITING_MAX 256 /* challenges of one address that wait for an answer */

void
fisc_passkey_ask_clear(FiscPasskeyAsk *ask)
{
    g_clear_pointer(&ask->ids, g_strfreev);
}

/* The query takes no bytes for null. */
static FiscArg
bytes_or_none(const uint8_t *data)
{
    return data != NULL ? fisc_bytea(data, FISC_DIGEST_SIZE) : fisc_bytea("", 0);
}

static bool
ask(FiscContext *ctx, const FiscSignInDesk *desk, const char *purpose,
    const FiscPasskeyOwner *owner, const uint8_t *action, FiscPasskeyAsk *out, GError **error)
{
    uint8_t nonce[FISC_CHALLENGE_SIZE], challenge[FISC_CHALLENGE_SIZE], digest[FISC_DIGEST_SIZE];
    g_autofree char *origin = fisc_address_class(desk->address);
    fisc_random_bytes(nonce, sizeof nonce);
    fisc_passkey_challenge(nonce, action, challenge);
    fisc_hash_data(challenge, sizeof challenge, digest);
    g_autofree char *text = fisc_base64url_write(challenge, sizeof challenge);
    g_strlcpy(out->challenge, text, sizeof out->challenge);
    return fisc_flow_identity_query(
        ctx, FISC_SQL_IDENTITY_OPEN_CHALLENGE,
        FISC_ARGS(fisc_int4(ctx->book_id), fisc_bytea(digest, sizeof digest), fisc_text(purpose),
                  fisc_text(owner != NULL ? owner->person : NULL),
                  bytes_or_none(owner != NULL ? owner->holder : NULL), bytes_or_none(action),
                  fisc_text(origin), fisc_int4(FISC_CHALLENGE_LASTS_S), fisc_int4(WAITING_MAX)),
        NULL, error);
}

static bool
name_owner(FiscContext *ctx, const char *person, FiscPasskeyAsk *out, GError **error)
{
    uint8_t handle[FISC_PASSKEY_HANDLE_SIZE];
    fisc_passkey_handle(ctx->book_id, person, handle);
    g_autofree char *text = fisc_base64url_write(handle, sizeof handle);
    g_strlcpy(out->handle, text, sizeof out->handle);
    return fisc_flow_passkey_ids(ctx, person, &out->ids, error);
}

bool
fisc_flow_passkey_ask_new(FiscContext *ctx, const FiscSignInDesk *desk,
                          const FiscPasskeyOwner *owner, FiscPasskeyAsk *out, GError **error)
{
    if (!name_owner(ctx, owner->person, out, error)) {
        return false;
    }
    if (g_strv_length(out->ids) >= FISC_PASSKEYS_MAX) {
        return fisc_fail(error, FISC_ERROR_MASTER_CONFLICT,
                         "%s has %d passkeys: remove one that is not used", owner->person,
                         FISC_PASSKEYS_MAX);
    }
    return ask(ctx, desk, "register", owner, NULL, out, error);
}

bool
fisc_flow_passkey_ask_sign_in(FiscContext *ctx, const FiscSignInDesk *desk, FiscPasskeyAsk *out,
                              GError **error)
{
    return ask(ctx, desk, "sign_in", NULL, NULL, out, error);
}

bool
fisc_flow_passkey_ask_step(FiscContext *ctx, const FiscSignInDesk *desk,
                           const FiscPasskeyOwner *owner, const FiscStepActs *acts,
                           FiscPasskeyAsk *out, GError **error)
{
    uint8_t action[FISC_DIGEST_SIZE];
    if (!name_owner(ctx, owner->person, out, error)) {
        return false;
    }
    if (*out->ids == NULL) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "%s has no passkey", owner->person);
    }
    fisc_step_acts_digest(acts, action);
    return ask(ctx, desk, "step_up", owner, action, out, error);
}

/* Answers -------------------------------------------------------------------------------------- */

static bool
is_same(const FiscRows *rows, int column, const uint8_t *expected)
{
    int length = 0;
    const uint8_t *data =
        fisc_rows_is_null(rows, 0, column) ? NULL : fisc_rows_bytea(rows, 0, column, &length);
    if (data == NULL || expected == NULL) {
        return data == NULL && expected == NULL;
    }
    return length == FISC_DIGEST_SIZE && memcmp(data, expected, FISC_DIGEST_SIZE) == 0;
}

static bool
is_for(const FiscRows *rows, const FiscPasskeyOwner *owner, const uint8_t *action)
{
    const char *person = fisc_rows_is_null(rows, 0, 0) ? NULL : fisc_rows_text(rows, 0, 0);
    return g_strcmp0(person, owner != NULL ? owner->person : NULL) == 0 &&
           is_same(rows, 1, owner != NULL ? owner->holder : NULL) && is_same(rows, 2, action);
}

bool
fisc_flow_challenge_spend(FiscContext *ctx, const char *purpose, GBytes *client_data,
                          const FiscPasskeyOwner *owner, const uint8_t *action,
                          uint8_t out_challenge[FISC_CHALLENGE_SIZE], bool *out_asked,
                          GError **error)
{
    uint8_t digest[FISC_DIGEST_SIZE];
    g_autoptr(FiscRows) rows = NULL;
    *out_asked = false;
    if (fisc_passkey_claimed(client_data, out_challenge) != FISC_PASSKEY_NONE) {
        return true;
    }
    fisc_hash_data(out_challenge, FISC_CHALLENGE_SIZE, digest);
    if (!fisc_flow_identity_query(ctx, FISC_SQL_IDENTITY_SPEND_CHALLENGE,
                                  FISC_ARGS(fisc_int4(ctx->book_id),
                                            fisc_bytea(digest, sizeof digest), fisc_text(purpose)),
                                  &rows, error)) {
        return false;
    }
    *out_asked = fisc_rows_count(rows) > 0 && is_for(rows, owner, action);
    return true;
}

/* signin_step.c: a second factor shown for one act, or for a list of them: what is approved is what
 * was confirmed. */
#include "app/flows/signin.h"
#include "core/base/hash.h"

void
fisc_step_acts_digest(const FiscStepActs *acts, uint8_t out_digest[FISC_DIGEST_SIZE])
{
    g_autoptr(FiscHash) hash = fisc_hash_new();
    fisc_hash_add_text(hash, "fisc: confirms");
    fisc_hash_add_int(hash, acts->count);
    fisc_hash_add_bytes(hash, acts->digests, (gsize)acts->count * FISC_DIGEST_SIZE);
    fisc_hash_finish(hash, out_digest);
}

bool
fisc_flow_step_keep(FiscContext *ctx, const char *person, const uint8_t holder[FISC_DIGEST_SIZE],
                    const FiscStepActs *acts, char out_secret[FISC_SECRET_TEXT], GError **error)
{
    uint8_t digest[FISC_DIGEST_SIZE];
    fisc_secret_make("", out_secret);
    fisc_secret_digest("", out_secret, digest);
    return fisc_flow_identity_query(
        ctx, FISC_SQL_IDENTITY_OPEN_STEP_UP,
        FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(person), fisc_bytea(digest, FISC_DIGEST_SIZE),
                  fisc_bytea(holder, FISC_DIGEST_SIZE),
                  fisc_bytea(acts->digests, (gsize)acts->count * FISC_DIGEST_SIZE),
                  fisc_int4(FISC_STEP_LASTS_S)),
        NULL, error);
}

bool
fisc_flow_step_up(FiscContext *ctx, const FiscSignInDesk *desk, const char *person,
                  const uint8_t holder[FISC_DIGEST_SIZE], const FiscStepActs *acts,
                  const char *code, FiscSignIn *out, GError **error)
{
    FiscSignIn result = {0};
    if (!fisc_flow_confirm(ctx, desk, person, NULL, code, &result, error) ||
        (result.state == FISC_SIGN_IN_DONE &&
         !fisc_flow_step_keep(ctx, person, holder, acts, result.secret, error))) {
        return false;
    }
    *out = result;
    return true;
}

bool
fisc_flow_step_spend(FiscContext *ctx, const char *person, const char *step,
                     const uint8_t holder[FISC_DIGEST_SIZE], const uint8_t action[FISC_DIGEST_SIZE],
                     bool *out_good, GError **error)
{
    uint8_t digest[FISC_DIGEST_SIZE];
    if (!fisc_secret_digest("", step, digest)) {
        *out_good = false;
        return true;
    }
    return fisc_flow_identity_ask(
        ctx, FISC_SQL_IDENTITY_SPEND_STEP_UP,
        FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(person), fisc_bytea(digest, FISC_DIGEST_SIZE),
                  fisc_bytea(holder, FISC_DIGEST_SIZE), fisc_bytea(action, FISC_DIGEST_SIZE)),
        out_good, error);
}

/* signin_totp.c: the second factor: a seed that an authenticator shares, sealed with a key that is
 * not in the database; and the codes that stand in for it. */
#include "app/flows/signin.h"
#include "core/base/hash.h"
#include <string.h>

static bool
open_seal(const char *key_file, FiscSeal **out_seal, GError **error)
{
    if (key_file == NULL) {
        return fisc_fail(error, FISC_ERROR_SETUP,
                         "second factors need a key file: say --secret-key FILE");
    }
    return fisc_seal_open(key_file, out_seal, error);
}

/* A seed opens for the person it was sealed for: rows cannot be exchanged. */
char *
fisc_flow_seal_about(FiscContext *ctx, const char *person)
{
    return g_strdup_printf("totp of %s in book %d", person, ctx->book_id);
}

static bool
break_seed(FiscContext *ctx, const char *key_file, const char *person, const GByteArray *sealed,
           uint8_t out_seed[FISC_SEED_SIZE], GError **error)
{
    g_autoptr(FiscSeal) seal = NULL;
    g_autofree char *about = fisc_flow_seal_about(ctx, person);
    return open_seal(key_file, &seal, error) &&
           fisc_seal_break(seal, about, sealed->data, sealed->len, out_seed, FISC_SEED_SIZE, error);
}

static int64_t
unix_time_s(void)
{
    return g_get_real_time() / G_USEC_PER_SEC;
}

static void
wipe(uint8_t seed[FISC_SEED_SIZE])
{
    explicit_bzero(seed, FISC_SEED_SIZE);
}

bool
fisc_flow_check_code(FiscContext *ctx, const char *key_file, const char *person,
                     const FiscCredentials *credentials, const char *code, bool *out_right,
                     GError **error)
{
    uint8_t seed[FISC_SEED_SIZE];
    *out_right = false;
    if (credentials->seed == NULL) {
        return true;
    }
    if (!break_seed(ctx, key_file, person, credentials->seed, seed, error)) {
        return false;
    }
    int64_t step = fisc_totp_find(seed, code, unix_time_s(), credentials->last_step);
    wipe(seed);
    return step < 0 || fisc_flow_identity_ask(
                           ctx, FISC_SQL_IDENTITY_USE_STEP,
                           FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(person), fisc_int8(step)),
                           out_right, error);
}

/* What was not confirmed is not on record: it opens nothing. */
static bool
keep_pending(FiscContext *ctx, const char *person, const GByteArray *sealed, GError **error)
{
    return fisc_flow_identity_query(ctx, FISC_SQL_IDENTITY_KEEP_CREDENTIAL,
                                    FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(person),
                                              fisc_text("totp"), fisc_text("pending"),
                                              fisc_text("pending"),
                                              fisc_bytea(sealed->data, sealed->len)),
                                    NULL, error);
}

bool
fisc_flow_totp_begin(FiscContext *ctx, const char *key_file, const char *person, char **out_uri,
                     GError **error)
{
    uint8_t seed[FISC_SEED_SIZE];
    g_autoptr(FiscSeal) seal = NULL;
    if (!open_seal(key_file, &seal, error)) {
        return false;
    }
    g_autofree char *about = fisc_flow_seal_about(ctx, person);
    fisc_random_bytes(seed, sizeof seed);
    g_autoptr(GByteArray) sealed = fisc_seal_close(seal, about, seed, sizeof seed);
    bool is_kept = keep_pending(ctx, person, sealed, error);
    if (is_kept) {
        *out_uri = fisc_totp_uri(seed, person);
    }
    wipe(seed);
    return is_kept;
}

static bool
keep_codes(FiscContext *ctx, const char *person, char ***out_codes, GError **error)
{
    g_auto(GStrv) codes = g_new0(char *, FISC_RECOVERY_CODES + 1);
    g_auto(GStrv) digests = g_new0(char *, FISC_RECOVERY_CODES + 1);
    for (int i = 0; i < FISC_RECOVERY_CODES; i++) {
        uint8_t digest[FISC_DIGEST_SIZE];
        codes[i] = g_malloc0(FISC_RECOVERY_TEXT);
        digests[i] = g_malloc0(FISC_DIGEST_HEX);
        fisc_recovery_make(codes[i]);
        fisc_recovery_digest(codes[i], person, digest);
        fisc_digest_format(digest, digests[i]);
    }
    if (!fisc_flow_identity_query(
            ctx, FISC_SQL_IDENTITY_KEEP_RECOVERY,
            FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(person),
                      fisc_text_array((const char *const *)digests, FISC_RECOVERY_CODES)),
            NULL, error)) {
        return false;
    }
    *out_codes = g_steal_pointer(&codes);
    return true;
}

static bool
drop_pending(FiscContext *ctx, const char *person, GError **error)
{
    return fisc_flow_identity_query(ctx, FISC_SQL_IDENTITY_DROP_CREDENTIAL,
                                    FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(person),
                                              fisc_text("totp"), fisc_text("pending")),
                                    NULL, error);
}

bool
fisc_flow_totp_confirm(FiscContext *ctx, const char *key_file, const char *person, const char *code,
                       const char *but, char ***out_codes, GError **error)
{
    int ended = 0;
    uint8_t seed[FISC_SEED_SIZE];
    bool is_taken = false;
    g_auto(FiscCredentials) credentials = {0};
    if (!fisc_flow_load_credentials(ctx, person, &credentials, error)) {
        return false;
    }
    if (credentials.pending == NULL) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "no second factor of %s waits for a code",
                         person);
    }
    if (!break_seed(ctx, key_file, person, credentials.pending, seed, error)) {
        return false;
    }
    int64_t step = fisc_totp_find(seed, code, unix_time_s(), -1);
    wipe(seed);
    if (step < 0) {
        return fisc_fail(error, FISC_ERROR_DENIED, "the code is wrong");
    }
    return fisc_flow_credential_keep(ctx, person, "totp", "", "set", credentials.pending->data,
                                     credentials.pending->len, error) &&
           fisc_flow_identity_ask(
               ctx, FISC_SQL_IDENTITY_USE_STEP,
               FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(person), fisc_int8(step)), &is_taken,
               error) &&
           keep_codes(ctx, person, out_codes, error) && drop_pending(ctx, person, error) &&
           fisc_flow_session_end(ctx, person, NULL, but, &ended, error);
}

bool
fisc_flow_totp_remove(FiscContext *ctx, const char *person, GError **error)
{
    int ended = 0;
    g_auto(FiscCredentials) credentials = {0};
    if (!fisc_flow_load_credentials(ctx, person, &credentials, error)) {
        return false;
    }
    if (credentials.seed == NULL) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "%s has no second factor", person);
    }
    return fisc_flow_credential_drop(ctx, person, "totp", "", credentials.seed->data,
                                     credentials.seed->len, error) &&
           fisc_flow_session_end(ctx, person, NULL, NULL, &ended, error);
}

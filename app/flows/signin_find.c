/* signin_find.c: who somebody is by what he shows: asked at requests, so one cheap query each. */
#include "app/flows/signin.h"
#include <string.h>

#define TOUCH_S 60 /* how exactly the time of the last use is kept */

void
fisc_bearer_clear(FiscBearer *bearer)
{
    g_free(bearer->person);
    g_free(bearer->entity);
    g_free(bearer->expires_at);
    *bearer = (FiscBearer){0};
}

bool
fisc_flow_identity_query(FiscContext *ctx, FiscSql sql, FiscArg *args, int arg_count,
                         FiscRows **out_rows, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_AUTO, &tx, error) ||
        !fisc_tx_query(tx, sql, args, arg_count, &rows, error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    if (out_rows != NULL) {
        *out_rows = g_steal_pointer(&rows);
    }
    return true;
}

bool
fisc_flow_identity_ask(FiscContext *ctx, FiscSql sql, FiscArg *args, int arg_count,
                       bool *out_answer, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_flow_identity_query(ctx, sql, args, arg_count, &rows, error)) {
        return false;
    }
    *out_answer = fisc_rows_int4(rows, 0, 0) != 0;
    return true;
}

static char *
text_or_null(const FiscRows *rows, int column)
{
    return fisc_rows_is_null(rows, 0, column) ? NULL : g_strdup(fisc_rows_text(rows, 0, column));
}

static bool
touch(FiscContext *ctx, FiscSql sql, const uint8_t digest[FISC_DIGEST_SIZE], GError **error)
{
    return fisc_flow_identity_query(
        ctx, sql, FISC_ARGS(fisc_int4(ctx->book_id), fisc_bytea(digest, FISC_DIGEST_SIZE)), NULL,
        error);
}

bool
fisc_flow_find_session(FiscContext *ctx, const uint8_t digest[FISC_DIGEST_SIZE], bool may_write,
                       FiscBearer *out_bearer, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    *out_bearer = (FiscBearer){0};
    if (!fisc_flow_identity_query(ctx, FISC_SQL_IDENTITY_SESSION,
                                  FISC_ARGS(fisc_int4(ctx->book_id),
                                            fisc_bytea(digest, FISC_DIGEST_SIZE),
                                            fisc_int4(FISC_SESSION_IDLE_S)),
                                  &rows, error)) {
        return false;
    }
    if (fisc_rows_count(rows) == 0) {
        return true;
    }
    if (may_write && fisc_rows_int8(rows, 0, 4) >= TOUCH_S &&
        !touch(ctx, FISC_SQL_IDENTITY_TOUCH_SESSION, digest, error)) {
        return false;
    }
    *out_bearer = (FiscBearer){.person = text_or_null(rows, 0),
                               .uses = FISC_USE_ALL,
                               .is_strong = fisc_rows_int4(rows, 0, 1) != 0,
                               .expires_at = text_or_null(rows, 2),
                               .expires_s = fisc_rows_int8(rows, 0, 3)};
    return true;
}

bool
fisc_flow_find_token(FiscContext *ctx, const uint8_t digest[FISC_DIGEST_SIZE], bool may_write,
                     FiscBearer *out_bearer, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    *out_bearer = (FiscBearer){0};
    if (!fisc_flow_identity_query(
            ctx, FISC_SQL_IDENTITY_TOKEN,
            FISC_ARGS(fisc_int4(ctx->book_id), fisc_bytea(digest, FISC_DIGEST_SIZE)), &rows,
            error)) {
        return false;
    }
    if (fisc_rows_count(rows) == 0) {
        return true;
    }
    if (may_write && fisc_rows_int8(rows, 0, 5) >= TOUCH_S &&
        !touch(ctx, FISC_SQL_IDENTITY_TOUCH_TOKEN, digest, error)) {
        return false;
    }
    int count = 0;
    g_auto(GStrv) words = fisc_rows_text_array(rows, 0, 3, &count);
    g_autofree char *uses = words != NULL ? g_strjoinv(",", words) : g_strdup("");
    *out_bearer = (FiscBearer){.person = text_or_null(rows, 0),
                               .entity = text_or_null(rows, 2),
                               .uses = fisc_uses_parse(uses),
                               .expires_s = fisc_rows_int8(rows, 0, 4)};
    return true;
}

bool
fisc_flow_find_certificate(FiscContext *ctx, const char *subject, FiscBearer *out_bearer,
                           GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    *out_bearer = (FiscBearer){0};
    if (!fisc_flow_identity_query(
            ctx, FISC_SQL_IDENTITY_CERTIFICATE,
            FISC_ARGS(fisc_int4(ctx->book_id), fisc_bytea(subject, strlen(subject))), &rows,
            error)) {
        return false;
    }
    if (fisc_rows_count(rows) > 0) {
        *out_bearer = (FiscBearer){
            .person = text_or_null(rows, 0), .uses = FISC_USE_ALL, .expires_s = G_MAXINT32};
    }
    return true;
}

bool
fisc_flow_identity_news(FiscContext *ctx, int64_t since, int64_t *out_batch, bool *out_changed,
                        GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_flow_identity_query(ctx, FISC_SQL_IDENTITY_NEWS,
                                  FISC_ARGS(fisc_int4(ctx->book_id), fisc_int8(since)), &rows,
                                  error)) {
        return false;
    }
    bool is_empty = fisc_rows_count(rows) == 0;
    *out_batch = is_empty ? 0 : fisc_rows_int8(rows, 0, 0);
    *out_changed = !is_empty && fisc_rows_int4(rows, 0, 1) != 0;
    return true;
}

bool
fisc_flow_person_name(FiscContext *ctx, const FiscRegistry *registry, const char *person,
                      char **out_name, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    const FiscPerson *known = fisc_registry_person(registry, person);
    if (!fisc_flow_identity_query(ctx, FISC_SQL_IDENTITY_PERSON_NAME,
                                  FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(person)), &rows,
                                  error)) {
        return false;
    }
    *out_name = NULL;
    if (fisc_rows_count(rows) > 0 && known != NULL) {
        int length = 0;
        char digest[FISC_IDENTITY_DIGEST];
        const char *name = fisc_rows_text(rows, 0, 0);
        const uint8_t *salt = fisc_rows_bytea(rows, 0, 1, &length);
        bool is_true =
            length == FISC_IDENTITY_SALT &&
            g_strcmp0(fisc_identity_name_digest(salt, name, digest), known->name_digest) == 0;
        *out_name = is_true ? g_strdup(name) : NULL;
    }
    return true;
}

bool
fisc_flow_may_sign_in(const FiscRegistry *registry, const char *person)
{
    const FiscPerson *known = fisc_registry_person(registry, person);
    if (known == NULL || !known->is_registered) {
        return !fisc_registry_is_enforced(registry);
    }
    return known->is_active;
}

/* Credentials --------------------------------------------------------------------------------- */

void
fisc_credentials_clear(FiscCredentials *credentials)
{
    fisc_secret_wipe(credentials->verifier);
    g_free(credentials->verifier);
    g_clear_pointer(&credentials->seed, g_byte_array_unref);
    g_clear_pointer(&credentials->pending, g_byte_array_unref);
    *credentials = (FiscCredentials){0};
}

static GByteArray *
bytes_of(const FiscRows *rows, int row)
{
    int length = 0;
    const uint8_t *data = fisc_rows_bytea(rows, row, 3, &length);
    return g_byte_array_append(g_byte_array_new(), data, (guint)length);
}

static void
take_credential(const FiscRows *rows, int row, FiscCredentials *credentials)
{
    const char *kind = fisc_rows_text(rows, row, 0), *state = fisc_rows_text(rows, row, 2);
    bool is_on_record = fisc_rows_int4(rows, row, 5) != 0;
    bool is_code = strcmp(kind, "totp") == 0, is_pending = strcmp(state, "pending") == 0;
    if (is_code && is_pending) {
        credentials->pending = bytes_of(rows, row);
    } else if (is_code && is_on_record) {
        credentials->seed = bytes_of(rows, row);
        credentials->last_step = fisc_rows_int8(rows, row, 4);
    } else if (strcmp(kind, "password") == 0 && is_on_record) {
        g_autoptr(GByteArray) text = bytes_of(rows, row);
        credentials->verifier = g_strndup((const char *)text->data, text->len);
        credentials->is_start = strcmp(state, "start") == 0;
    } else if (strcmp(kind, "passkey") == 0 && is_on_record) {
        credentials->passkeys++;
    }
}

bool
fisc_flow_load_credentials(FiscContext *ctx, const char *person, FiscCredentials *out_credentials,
                           GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_flow_identity_query(ctx, FISC_SQL_IDENTITY_CREDENTIALS,
                                  FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(person)), &rows,
                                  error)) {
        return false;
    }
    *out_credentials = (FiscCredentials){0};
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        take_credential(rows, i, out_credentials);
    }
    return true;
}

bool
fisc_flow_find_factors(FiscContext *ctx, const char *person, FiscFactors *out, GError **error)
{
    g_auto(FiscCredentials) credentials = {0};
    if (!fisc_flow_load_credentials(ctx, person, &credentials, error)) {
        return false;
    }
    *out = (FiscFactors){.has_password = credentials.verifier != NULL,
                         .has_code = credentials.seed != NULL,
                         .has_passkey = credentials.passkeys > 0};
    return true;
}

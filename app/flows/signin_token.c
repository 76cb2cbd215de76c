/* signin_token.c: what programs sign in with, each in the name of a person who answers for it. */
#include "app/flows/internal.h"
#include "app/flows/person.h"
#include "app/flows/signin.h"
#include "core/base/hash.h"
#include <string.h>

#define LASTS_DAYS 90
#define LASTS_DAYS_MAX 366
#define TOKEN_NAME_MAX 64
#define DAY_S 86400

static bool
check_name(const char *name, GError **error)
{
    bool is_good =
        *name != '\0' && strlen(name) <= TOKEN_NAME_MAX && g_utf8_validate(name, -1, NULL);
    for (const char *at = name; is_good && *at != '\0'; at++) {
        is_good = *at != '/' && !g_ascii_isspace(*at) && !g_ascii_iscntrl(*at);
    }
    return is_good || fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                                "a token's name has no blanks and no \"/\", and 64 bytes at most");
}

/* What a token makes is good for nothing that it is not good for itself. */
static bool
check_maker(const FiscBearer *maker, const FiscTokenWords *words, unsigned uses, GError **error)
{
    bool is_all = (maker->uses & FISC_USE_ADMIN) != 0;
    if (maker->person == NULL || strcmp(maker->person, words->person) != 0 ||
        (!is_all && (uses & ~maker->uses) != 0)) {
        return fisc_fail(error, FISC_ERROR_DENIED, "a token makes none that may more than itself");
    }
    return maker->entity == NULL || g_strcmp0(maker->entity, words->entity) == 0 ||
           fisc_fail(error, FISC_ERROR_DENIED, "a token of %s makes tokens of %s only",
                     maker->entity, maker->entity);
}

/* The last whole day on which the maker is still good; far away when no token asks. */
static bool
find_latest(FiscContext *ctx, const FiscTokenWords *words, unsigned uses, FiscDate *out_latest,
            GError **error)
{
    g_auto(FiscBearer) maker = {0};
    *out_latest = fisc_flow_today() + LASTS_DAYS_MAX;
    if (words->maker == NULL) {
        return true;
    }
    if (!fisc_flow_find_token(ctx, words->maker, false, &maker, error) ||
        !check_maker(&maker, words, uses, error)) {
        return false;
    }
    int64_t end_s = g_get_real_time() / G_USEC_PER_SEC + maker.expires_s + 1; /* was rounded down */
    FiscDate last = fisc_date_make(1970, 1, 1) + (FiscDate)(end_s / DAY_S) - 1;
    *out_latest = MIN(*out_latest, last);
    return true;
}

/* The end of the last day, as PostgreSQL reads it. */
static bool
find_end(const char *expires, FiscDate latest, char **out_end, GError **error)
{
    char text[FISC_DATE_TEXT];
    FiscDate today = fisc_flow_today(), last = MIN(today + LASTS_DAYS, latest);
    if (expires != NULL && !fisc_date_parse(expires, &last)) {
        return fisc_fail(error, FISC_ERROR_DATE_INVALID, "\"%s\" is no day like 2024-06-30",
                         expires);
    }
    if (last > latest && last <= today + LASTS_DAYS_MAX) {
        return fisc_fail(error, FISC_ERROR_DENIED,
                         "a token makes none that outlives it: its last day is %s",
                         fisc_date_format(latest, text));
    }
    if (last < today || last > today + LASTS_DAYS_MAX) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                         "a token's last day lies between today and a year from now");
    }
    *out_end = g_strdup_printf("%s 24:00:00+00", fisc_date_format(last, text));
    return true;
}

static bool
check_entity(FiscContext *ctx, const char *code, GError **error)
{
    g_autoptr(FiscNation) nation = NULL;
    if (code == NULL) {
        return true;
    }
    if (!fisc_flow_load_nation(ctx, &nation, error)) {
        return false;
    }
    const FiscEntity *entity = NULL;
    return fisc_flow_find_entity(nation, code, &entity, error);
}

static bool
is_active(FiscContext *ctx, const char *person, const char *name, bool *out_active, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_flow_identity_query(ctx, FISC_SQL_IDENTITY_TOKENS,
                                  FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(person)), &rows,
                                  error)) {
        return false;
    }
    *out_active = false;
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        *out_active = *out_active || (strcmp(fisc_rows_text(rows, i, 1), name) == 0 &&
                                      strcmp(fisc_rows_text(rows, i, 7), "active") == 0);
    }
    return true;
}

/* A name that is in use stays with its token until that is revoked or over. */
static bool
check_free(FiscContext *ctx, const char *person, const char *name, GError **error)
{
    bool is_taken = false;
    return is_active(ctx, person, name, &is_taken, error) &&
           (!is_taken || fisc_fail(error, FISC_ERROR_MASTER_CONFLICT,
                                   "%s has a token \"%s\": revoke it first, or choose another name",
                                   person, name));
}

static bool
keep(FiscContext *ctx, const FiscTokenWords *words, unsigned uses, const char *end,
     const uint8_t digest[FISC_DIGEST_SIZE], GError **error)
{
    g_autofree char *list = fisc_uses_format(uses);
    g_auto(GStrv) each = g_strsplit(list, ",", -1);
    return fisc_flow_identity_query(
        ctx, FISC_SQL_IDENTITY_KEEP_TOKEN,
        FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(words->person), fisc_text(words->name),
                  fisc_bytea(digest, FISC_DIGEST_SIZE), fisc_text(words->entity),
                  fisc_text_array((const char *const *)each, (int)g_strv_length(each)),
                  fisc_text(end)),
        NULL, error);
}

bool
fisc_flow_token_make(FiscContext *ctx, const FiscTokenWords *words,
                     char out_token[FISC_SECRET_TEXT], GError **error)
{
    uint8_t digest[FISC_DIGEST_SIZE];
    char token[FISC_SECRET_TEXT];
    g_autofree char *end = NULL;
    unsigned uses = fisc_uses_parse(words->uses != NULL ? words->uses : "read");
    if (uses == 0) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                         "\"%s\" is no list of read, post, approve, admin", words->uses);
    }
    FiscDate latest = 0;
    if (!check_name(words->name, error) || !find_latest(ctx, words, uses, &latest, error) ||
        !find_end(words->expires, latest, &end, error) ||
        !check_entity(ctx, words->entity, error) ||
        !check_free(ctx, words->person, words->name, error)) {
        return false;
    }
    fisc_secret_make(FISC_TOKEN_PREFIX, token);
    fisc_secret_digest(FISC_TOKEN_PREFIX, token, digest);
    bool is_done = fisc_flow_credential_event(ctx, words->person, "token", words->name, "set",
                                              digest, error) &&
                   (ctx->is_dry_run || keep(ctx, words, uses, end, digest, error));
    if (is_done) {
        g_strlcpy(out_token, ctx->is_dry_run ? "" : token, FISC_SECRET_TEXT);
    }
    fisc_secret_wipe(token);
    return is_done;
}

/* The end of a token is on record under a digest of its name: its own says nothing more. */
bool
fisc_flow_token_revoke(FiscContext *ctx, const char *person, const char *name, GError **error)
{
    uint8_t digest[FISC_DIGEST_SIZE];
    bool is_there = false;
    if (!is_active(ctx, person, name, &is_there, error)) {
        return false;
    }
    if (!is_there) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "%s has no token \"%s\"", person, name);
    }
    fisc_hash_data(name, strlen(name), digest);
    return fisc_flow_credential_event(ctx, person, "token", name, "removed", digest, error) &&
           (ctx->is_dry_run ||
            fisc_flow_identity_query(
                ctx, FISC_SQL_IDENTITY_REVOKE_TOKEN,
                FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(person), fisc_text(name)), NULL,
                error));
}

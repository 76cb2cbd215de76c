/* passkey.c: the passkeys that a person has: made, looked at, taken away. */
#include "app/flows/passkey.h"
#include "app/flows/internal.h"
#include "core/base/hash.h"
#include <string.h>

static bool
unpack(const FiscRows *rows, int row, int column, FiscPasskey *out_passkey)
{
    int length = 0;
    const uint8_t *data = fisc_rows_bytea(rows, row, column, &length);
    return fisc_passkey_unpack(data, (gsize)length, out_passkey);
}

bool
fisc_flow_passkey_find(FiscContext *ctx, GBytes *id, char **out_person, FiscPasskey *out_passkey,
                       GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    uint8_t digest[FISC_DIGEST_SIZE];
    *out_person = NULL;
    fisc_hash_data(g_bytes_get_data(id, NULL), g_bytes_get_size(id), digest);
    if (!fisc_flow_identity_query(
            ctx, FISC_SQL_IDENTITY_PASSKEY,
            FISC_ARGS(fisc_int4(ctx->book_id), fisc_bytea(digest, sizeof digest)), &rows, error)) {
        return false;
    }
    if (fisc_rows_count(rows) > 0 && unpack(rows, 0, 1, out_passkey)) {
        *out_person = g_strdup(fisc_rows_text(rows, 0, 0));
    }
    return true;
}

static bool
read_all(FiscContext *ctx, const char *person, FiscRows **out_rows, GError **error)
{
    return fisc_flow_identity_query(ctx, FISC_SQL_IDENTITY_PASSKEYS,
                                    FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(person)), out_rows,
                                    error);
}

bool
fisc_flow_passkey_ids(FiscContext *ctx, const char *person, char ***out_ids, GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    if (!read_all(ctx, person, &rows, error)) {
        return false;
    }
    g_autoptr(GStrvBuilder) ids = g_strv_builder_new();
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        g_auto(FiscPasskey) passkey = {0};
        if (unpack(rows, i, 4, &passkey)) {
            g_autofree char *id = fisc_base64url_write(g_bytes_get_data(passkey.id, NULL),
                                                       g_bytes_get_size(passkey.id));
            g_strv_builder_add(ids, id);
        }
    }
    g_strfreev(*out_ids);
    *out_ids = g_strv_builder_end(ids);
    return true;
}

bool
fisc_flow_passkey_list(FiscContext *ctx, const char *person, FiscTable **out_table, GError **error)
{
    static const char *const columns[] = {"person", "passkey", "name", "made_at"};
    g_autoptr(FiscRows) rows = NULL;
    if (!read_all(ctx, person, &rows, error)) {
        return false;
    }
    FiscTable *table = fisc_table_new("passkeys", "Passkeys", 0);
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
        fisc_table_add_column(table, columns[i], FISC_COLUMN_TEXT);
    }
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        g_auto(FiscPasskey) passkey = {0};
        FiscRow *line = fisc_table_add_row(table);
        fisc_table_set_text(table, line, 0, fisc_rows_text(rows, i, 0));
        fisc_table_set_text(table, line, 1, fisc_rows_text(rows, i, 1));
        if (unpack(rows, i, 4, &passkey)) {
            fisc_table_set_text(table, line, 2, passkey.label);
        }
        fisc_table_set_text(table, line, 3, fisc_rows_text(rows, i, 2));
    }
    *out_table = table;
    return true;
}

/* Making one ----------------------------------------------------------------------------------- */

static bool
check_label(const char *label, GError **error)
{
    bool is_good = *label != '\0' && strlen(label) <= FISC_PASSKEY_LABEL_MAX &&
                   g_utf8_validate(label, -1, NULL) && !g_ascii_isspace(*label);
    for (const char *at = label; is_good && *at != '\0'; at++) {
        is_good = !g_ascii_iscntrl(*at);
    }
    return is_good ||
           fisc_fail(error, FISC_ERROR_VALUE_INVALID,
                     "a passkey's name is a word or a few: %d bytes at most, on one line",
                     FISC_PASSKEY_LABEL_MAX);
}

/* One device's key is one person's, and once his. */
static bool
check_new(FiscContext *ctx, GBytes *id, GError **error)
{
    g_auto(FiscPasskey) known = {0};
    g_autofree char *person = NULL;
    return fisc_flow_passkey_find(ctx, id, &person, &known, error) &&
           (person == NULL || fisc_fail(error, FISC_ERROR_MASTER_CONFLICT,
                                        "this device's passkey is known here already"));
}

static bool
keep(FiscContext *ctx, const char *person, const FiscPasskey *passkey, uint32_t counter,
     char out_name[FISC_PASSKEY_NAME_TEXT], GError **error)
{
    bool is_counted = false;
    g_autoptr(GByteArray) secret = fisc_passkey_pack(passkey);
    fisc_passkey_name(passkey->id, out_name);
    return fisc_flow_credential_keep(ctx, person, "passkey", out_name, "set", secret->data,
                                     secret->len, error) &&
           fisc_flow_identity_ask(ctx, FISC_SQL_IDENTITY_USE_COUNTER,
                                  FISC_ARGS(fisc_int4(ctx->book_id), fisc_text(person),
                                            fisc_text(out_name), fisc_int8(counter)),
                                  &is_counted, error);
}

bool
fisc_flow_passkey_add(FiscContext *ctx, const FiscPasskeySite *site, const FiscPasskeyOwner *owner,
                      const char *label, const FiscPasskeyOffer *offer,
                      char out_name[FISC_PASSKEY_NAME_TEXT], GError **error)
{
    FiscPasskeyQuestion question = {.origin = site->origin, .site = site->site};
    g_auto(FiscPasskey) passkey = {0};
    char own[FISC_DIGEST_HEX];
    bool is_asked = false;
    uint32_t counter = 0;
    int ended = 0;
    if (!check_label(label, error) ||
        !fisc_flow_challenge_spend(ctx, "register", offer->client_data, owner, NULL,
                                   question.challenge, &is_asked, error)) {
        return false;
    }
    FiscPasskeyFault fault = is_asked ? fisc_passkey_register(&question, offer, &passkey, &counter)
                                      : FISC_PASSKEY_CHALLENGE;
    if (fault != FISC_PASSKEY_NONE) {
        return fisc_fail(error, FISC_ERROR_VALUE_INVALID, "the passkey %s",
                         fisc_passkey_words(fault));
    }
    passkey.label = g_strdup(label);
    return check_new(ctx, passkey.id, error) &&
           keep(ctx, owner->person, &passkey, counter, out_name, error) &&
           fisc_flow_session_end(ctx, owner->person, NULL, fisc_digest_format(owner->holder, own),
                                 &ended, error);
}

/* Taking one away ------------------------------------------------------------------------------ */

static int
find_row(const FiscRows *rows, const char *name)
{
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        if (strcmp(fisc_rows_text(rows, i, 1), name) == 0) {
            return i;
        }
    }
    return -1;
}

bool
fisc_flow_passkey_remove(FiscContext *ctx, const char *person, const char *name, const char *but,
                         GError **error)
{
    g_autoptr(FiscRows) rows = NULL;
    int length = 0, ended = 0;
    if (!read_all(ctx, person, &rows, error)) {
        return false;
    }
    int row = find_row(rows, name);
    if (row < 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "%s has no passkey \"%s\"", person, name);
    }
    const uint8_t *secret = fisc_rows_bytea(rows, row, 4, &length);
    return fisc_flow_credential_drop(ctx, person, "passkey", name, secret, (gsize)length, error) &&
           (ctx->is_dry_run || fisc_flow_session_end(ctx, person, NULL, but, &ended, error));
}

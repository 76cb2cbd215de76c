/* command_signin.c: the verbs of `fisc person` about signing in: passwords, second factors, tokens,
 * certificates, providers, sessions. No secret is ever an argument: other users of the machine see
 * those. */
#include "app/cli/commands.h"
#include "app/flows/passkey.h"
#include "app/flows/provider.h"
#include "app/flows/signin.h"
#include <string.h>

#define TOKEN_NAME "token" /* what a token is called that was given no name */

static bool
done(FiscCli *cli, const char *person, const char *what, int *out_status)
{
    g_autofree char *sentence = g_strdup_printf("%s: %s.", person, what);
    fisc_cli_print_done(cli, sentence, "subject", person, "state", what, NULL);
    *out_status = 0;
    return true;
}

static bool
show(FiscCli *cli, FiscTable *table, int *out_status, GError **error)
{
    *out_status = 0;
    return fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}

/* Passwords ----------------------------------------------------------------------------------- */

/* The first line of a file. */
static bool
read_password(const char *path, char **out_password, GError **error)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    if (!fisc_cli_read_input(path, bytes, error)) {
        return false;
    }
    const guint8 *end = bytes->len > 0 ? memchr(bytes->data, '\n', bytes->len) : NULL;
    gsize length = end != NULL ? (gsize)(end - bytes->data) : bytes->len;
    length -= length > 0 && bytes->data[length - 1] == '\r' ? 1 : 0;
    *out_password = g_strndup((char *)bytes->data, length);
    return strlen(*out_password) == length ||
           fisc_fail(error, FISC_ERROR_NUL_BYTE, "%s: a password has no NUL bytes",
                     fisc_cli_input_name(path));
}

bool
fisc_person_password(FiscCli *cli, int *out_status, GError **error)
{
    const char *person = fisc_cli_argument(cli, 1);
    const char *file = fisc_cli_require(cli, "password-file", error);
    const char *old_file = fisc_cli_option(cli, "old-file");
    g_autofree char *fresh = NULL;
    g_autofree char *old = NULL;
    g_autoptr(FiscHasher) hasher = fisc_hasher_new();
    bool is_set = file != NULL && read_password(file, &fresh, error) &&
                  (old_file == NULL || read_password(old_file, &old, error)) &&
                  fisc_cli_open(cli, error) &&
                  fisc_flow_password_set(&cli->context, hasher, person, old, fresh, error);
    fisc_secret_wipe(fresh);
    fisc_secret_wipe(old);
    return is_set && done(cli, person,
                          strcmp(cli->actor, person) == 0
                              ? "password set"
                              : "start password set, good for a week, to be changed at sign-in",
                          out_status);
}

/* Second factors ------------------------------------------------------------------------------ */

static bool
confirm(FiscCli *cli, const char *person, const char *code, const char *key_file, int *out_status,
        GError **error)
{
    g_auto(GStrv) codes = NULL;
    if (!fisc_flow_totp_confirm(&cli->context, key_file, person, code, NULL, &codes, error)) {
        return false;
    }
    g_autofree char *list = g_strjoinv(" ", codes);
    g_autofree char *sentence = g_strdup_printf(
        "%s: second factor set. Recovery codes, each good once; they are not shown again:\n%s",
        person, list);
    fisc_cli_print_done(cli, sentence, "subject", person, "state", "second factor set",
                        "recovery_codes", list, NULL);
    *out_status = 0;
    return true;
}

bool
fisc_person_totp(FiscCli *cli, int *out_status, GError **error)
{
    const char *person = fisc_cli_argument(cli, 1), *code = fisc_cli_option(cli, "code");
    g_autofree char *key_file = fisc_cli_secret_key(cli);
    g_autofree char *uri = NULL;
    if (!fisc_cli_open(cli, error)) {
        return false;
    }
    if (fisc_cli_has(cli, "remove")) {
        return fisc_flow_totp_remove(&cli->context, person, error) &&
               done(cli, person, "second factor removed", out_status);
    }
    if (code != NULL) {
        return confirm(cli, person, code, key_file, out_status, error);
    }
    if (!fisc_flow_totp_begin(&cli->context, key_file, person, &uri, error)) {
        return false;
    }
    g_autofree char *sentence = g_strdup_printf(
        "%s\nRead it with an authenticator, then: fisc person totp %s --code DIGITS", uri, person);
    fisc_cli_print_done(cli, sentence, "subject", person, "state", "waits for its first code",
                        "uri", uri, NULL);
    *out_status = 0;
    return true;
}

/* Tokens -------------------------------------------------------------------------------------- */

bool
fisc_person_token(FiscCli *cli, int *out_status, GError **error)
{
    const char *name = fisc_cli_option(cli, "name");
    FiscTokenWords words = {.person = fisc_cli_argument(cli, 1),
                            .name = name != NULL ? name : TOKEN_NAME,
                            .entity = fisc_cli_option(cli, "entity"),
                            .uses = fisc_cli_option(cli, "for"),
                            .expires = fisc_cli_option(cli, "expires")};
    char token[FISC_SECRET_TEXT];
    if (!fisc_cli_open(cli, error)) {
        return false;
    }
    if (fisc_cli_has(cli, "revoke")) {
        return fisc_flow_token_revoke(&cli->context, words.person, words.name, error) &&
               done(cli, words.person, "token revoked", out_status);
    }
    if (!fisc_flow_token_make(&cli->context, &words, token, error)) {
        return false;
    }
    /* Alone on its line, so that a script can take it; it is not shown again. */
    fisc_cli_print_done(cli, token, "subject", words.person, "name", words.name, "token", token,
                        NULL);
    fisc_secret_wipe(token);
    *out_status = 0;
    return true;
}

bool
fisc_person_tokens(FiscCli *cli, int *out_status, GError **error)
{
    g_autoptr(FiscTable) table = NULL;
    return fisc_cli_open(cli, error) &&
           fisc_flow_token_list(&cli->context, fisc_cli_argument(cli, 1), &table, error) &&
           show(cli, table, out_status, error);
}

/* Sessions ------------------------------------------------------------------------------------ */

static bool
end_sessions(FiscCli *cli, const char *person, const char *end, int *out_status, GError **error)
{
    int count = 0;
    if (person == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "say whose: fisc person sessions PERSON --end %s",
                         end);
    }
    if (!fisc_flow_session_end(&cli->context, person, strcmp(end, "all") == 0 ? NULL : end, NULL,
                               &count, error)) {
        return false;
    }
    g_autofree char *what = g_strdup_printf("%d sessions ended", count);
    return count > 0 ? done(cli, person, what, out_status)
                     : fisc_fail(error, FISC_ERROR_NOT_FOUND, "%s has no such session", person);
}

bool
fisc_person_sessions(FiscCli *cli, int *out_status, GError **error)
{
    const char *person = fisc_cli_argument(cli, 1), *end = fisc_cli_option(cli, "end");
    g_autoptr(FiscTable) table = NULL;
    if (!fisc_cli_open(cli, error)) {
        return false;
    }
    if (end != NULL) {
        return end_sessions(cli, person, end, out_status, error);
    }
    return fisc_flow_session_list(&cli->context, person, &table, error) &&
           show(cli, table, out_status, error);
}

bool
fisc_person_sign_ins(FiscCli *cli, int *out_status, GError **error)
{
    g_autoptr(FiscTable) table = NULL;
    return fisc_cli_open(cli, error) &&
           fisc_flow_sign_in_list(&cli->context, fisc_cli_argument(cli, 1), &table, error) &&
           show(cli, table, out_status, error);
}

/* Certificates -------------------------------------------------------------------------------- */

bool
fisc_person_certificate(FiscCli *cli, int *out_status, GError **error)
{
    const char *person = fisc_cli_argument(cli, 1);
    const char *subject = fisc_cli_require(cli, "subject", error);
    if (subject == NULL || !fisc_cli_open(cli, error)) {
        return false;
    }
    if (fisc_cli_has(cli, "remove")) {
        return fisc_flow_certificate_remove(&cli->context, person, subject, error) &&
               done(cli, person, "certificate removed", out_status);
    }
    return fisc_flow_certificate_add(&cli->context, person, subject, error) &&
           done(cli, person, "certificate taken", out_status);
}

/* Identity providers --------------------------------------------------------------------------- */

bool
fisc_person_provider(FiscCli *cli, int *out_status, GError **error)
{
    const char *person = fisc_cli_argument(cli, 1);
    const char *issuer = fisc_cli_require(cli, "issuer", error);
    const char *subject = issuer != NULL ? fisc_cli_require(cli, "subject", error) : NULL;
    if (subject == NULL || !fisc_cli_open(cli, error)) {
        return false;
    }
    if (fisc_cli_has(cli, "remove")) {
        return fisc_flow_provider_unlink(&cli->context, person, issuer, subject, error) &&
               done(cli, person, "provider removed", out_status);
    }
    return fisc_flow_provider_link(&cli->context, person, issuer, subject, error) &&
           done(cli, person, "provider taken", out_status);
}

/* Passkeys: made in the workplace, where the device is ------------------------------------------
 */

bool
fisc_person_passkeys(FiscCli *cli, int *out_status, GError **error)
{
    const char *person = fisc_cli_argument(cli, 1), *name = fisc_cli_option(cli, "name");
    g_autoptr(FiscTable) table = NULL;
    if (fisc_cli_has(cli, "remove") != (name != NULL) || (name != NULL && person == NULL)) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "say which one: fisc person passkeys PERSON --name PASSKEY --remove");
    }
    if (!fisc_cli_open(cli, error)) {
        return false;
    }
    if (name != NULL) {
        return fisc_flow_passkey_remove(&cli->context, person, name, NULL, error) &&
               done(cli, person, "passkey removed", out_status);
    }
    return fisc_flow_passkey_list(&cli->context, person, &table, error) &&
           show(cli, table, out_status, error);
}

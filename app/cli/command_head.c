/* command_head.c: `fisc head`: a signed head of the book, for the witness; and the key for it. */
#include "app/cli/commands.h"
#include "core/base/sign.h"

/* --key, or keys/head.key beside the embedded database. Caller frees. */
char *
fisc_cli_head_key(const FiscCli *cli, GError **error)
{
    const char *given = fisc_cli_option(cli, "key");
    if (given != NULL) {
        return g_strdup(given);
    }
    if (fisc_cli_has(cli, "db")) {
        fisc_fail(error, FISC_ERROR_USAGE, "with --db the key has no place of its own: --key FILE");
        return NULL;
    }
    g_autofree char *data_dir = fisc_cli_data_dir(cli);
    return g_build_filename(data_dir, "keys", "head.key", NULL);
}

static bool
make_key(FiscCli *cli, const char *key_file, int *out_status, GError **error)
{
    g_autofree char *id = NULL;
    if (!fisc_flow_head_key(key_file, fisc_cli_option(cli, "environment"), &id, error)) {
        return false;
    }
    g_autofree char *public_file = g_strconcat(key_file, ".pub", NULL);
    g_autofree char *sentence =
        g_strdup_printf("Key %s is in %s; give %s to the witness.", id, key_file, public_file);
    fisc_cli_print_done(cli, sentence, "key", id, "private", key_file, "public", public_file, NULL);
    *out_status = 0;
    return true;
}

/* How another fisc's register of feeders names a key. */
static bool
say_seal(FiscCli *cli, const char *path, int *out_status, GError **error)
{
    g_autoptr(FiscSignKey) key = NULL;
    if (!fisc_sign_key_load(path, &key, error)) {
        return false;
    }
    g_autofree char *text = fisc_sign_key_text(key);
    g_autofree char *word = g_strconcat("seal=", text, NULL);
    fisc_cli_print_done(cli, word, "key", fisc_sign_key_id(key), "trust", word, NULL);
    *out_status = 0;
    return true;
}

static bool
read_from(const FiscCli *cli, int64_t *out_from, GError **error)
{
    const char *word = fisc_cli_option(cli, "from");
    gint64 from = -1;
    if (word != NULL && !g_ascii_string_to_signed(word, 10, 0, G_MAXINT64, &from, NULL)) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "--from is the size of the witness's last head, not \"%s\"", word);
    }
    *out_from = from;
    return true;
}

bool
fisc_command_head(FiscCli *cli, int *out_status, GError **error)
{
    int64_t from = -1;
    g_autofree char *note = NULL;
    if (fisc_cli_has(cli, "seal")) {
        return say_seal(cli, fisc_cli_option(cli, "seal"), out_status, error);
    }
    g_autofree char *key_file = fisc_cli_head_key(cli, error);
    if (key_file == NULL || !read_from(cli, &from, error)) {
        return false;
    }
    if (fisc_cli_has(cli, "new-key")) {
        return make_key(cli, key_file, out_status, error);
    }
    if (!fisc_cli_open(cli, error) ||
        !fisc_flow_head(&cli->context, key_file, from, &note, error)) {
        return false;
    }
    fisc_cli_print("%s", note);
    *out_status = 0;
    return true;
}

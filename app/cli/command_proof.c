/* command_proof.c: `fisc proof`: makes a proof that an entry is in the books, and checks one
 * without any database. */
#include "app/cli/commands.h"
#include "fisc/grant.h"

/* Of an entry, or of a grant: the file says which. */
static bool
check_file(FiscCli *cli, const char *file, char **out_wrong, char **out_says, GError **error)
{
    const FiscGrantKeys keys = {.head = fisc_cli_option(cli, "head-key"),
                                .witness = fisc_cli_option(cli, "witness-key"),
                                .other = fisc_cli_option(cli, "other-key")};
    bool is_grant = false;
    return fisc_flow_grant_check(file, &keys, &is_grant, out_wrong, out_says, error) &&
           (is_grant ||
            fisc_flow_proof_check(file, keys.head, keys.witness, out_wrong, out_says, error));
}

static bool
check(FiscCli *cli, const char *file, int *out_status, GError **error)
{
    g_autofree char *wrong = NULL;
    g_autofree char *says = NULL;
    if (!check_file(cli, file, &wrong, &says, error)) {
        return false;
    }
    bool holds = wrong == NULL;
    g_autofree char *sentence =
        g_strdup_printf("%s: %s", holds ? "proven" : "NOT PROVEN", holds ? says : wrong);
    fisc_cli_print_done(cli, sentence, "holds", holds ? "true" : "false", "says", says, "wrong",
                        wrong, NULL);
    if (holds && !fisc_cli_has(cli, "json") && !fisc_cli_has(cli, "head-key")) {
        fisc_cli_print("note: who signed the head was not checked: --head-key was not given\n");
    }
    *out_status = holds ? 0 : fisc_error_exit_status(FISC_ERROR_TAMPERED);
    return true;
}

static bool
make(FiscCli *cli, const char *reference, int *out_status, GError **error)
{
    const char *source = fisc_cli_option(cli, "source");
    const char *head = fisc_cli_option(cli, "head");
    g_autofree char *json = NULL;
    g_autofree char *key_file = head == NULL ? fisc_cli_head_key(cli, error) : g_strdup("");
    if (key_file == NULL || !fisc_cli_open(cli, error) ||
        !fisc_flow_proof(&cli->context, source != NULL ? source : FISC_SOURCE_PACKAGE, reference,
                         head, key_file, &json, error)) {
        return false;
    }
    fisc_cli_print("%s\n", json);
    *out_status = 0;
    return true;
}

/* Its signature is always made now; its head may be an earlier one. */
static bool
make_grant(FiscCli *cli, const char *transfer, int *out_status, GError **error)
{
    g_autofree char *json = NULL;
    g_autofree char *key_file = fisc_cli_head_key(cli, error);
    if (key_file == NULL || !fisc_cli_open(cli, error) ||
        !fisc_flow_grant_proof(&cli->context, transfer, fisc_cli_option(cli, "head"), key_file,
                               &json, error)) {
        return false;
    }
    fisc_cli_print("%s\n", json);
    *out_status = 0;
    return true;
}

bool
fisc_command_proof(FiscCli *cli, int *out_status, GError **error)
{
    const char *file = fisc_cli_option(cli, "check");
    const char *reference = fisc_cli_argument(cli, 0);
    const char *transfer = fisc_cli_option(cli, "transfer");
    if ((file != NULL) + (reference != NULL) + (transfer != NULL) != 1) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "`proof` takes a reference, or --transfer ID, or --check FILE");
    }
    return file != NULL       ? check(cli, file, out_status, error)
           : transfer != NULL ? make_grant(cli, transfer, out_status, error)
                              : make(cli, reference, out_status, error);
}

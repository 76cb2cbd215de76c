/* command_audit.c: `fisc audit`: what an auditor takes away, and checks without us. */
#include "app/cli/commands.h"
#include "fisc/audit.h"
#include <string.h>

static const char *const verbs[] = {
    "pack",  "a folder with entries, chain, reports and records of a period, sealed",
    "check", "such a folder, without any database; exit 8 names what does not hold",
    NULL,
};

const char *const *
fisc_audit_verbs(void)
{
    return verbs;
}

static bool
pack(FiscCli *cli, const char *folder, int *out_status, GError **error)
{
    g_autoptr(FiscTable) table = NULL;
    g_autofree char *key_file = fisc_cli_head_key(cli, error);
    const char *entity = fisc_cli_option(cli, "entity");
    const char *group = fisc_cli_option(cli, "group");
    const FiscAuditOrder order = {.folder = folder,
                                  .period = fisc_cli_option(cli, "period"),
                                  .unit = entity != NULL ? entity : group,
                                  .known_at = fisc_cli_option(cli, "known-at"),
                                  .key_file = key_file};
    *out_status = 0;
    if (key_file == NULL || fisc_cli_require(cli, "period", error) == NULL) {
        return false;
    }
    if (entity != NULL && group != NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "either --entity or --group, not both");
    }
    return fisc_cli_open(cli, error) &&
           fisc_flow_audit_pack(&cli->context, &order, &table, error) &&
           fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}

static bool
check(FiscCli *cli, const char *folder, int *out_status, GError **error)
{
    g_autoptr(GPtrArray) wrong = NULL;
    g_autofree char *says = NULL;
    if (!fisc_flow_audit_check(folder, fisc_cli_option(cli, "head-key"), &wrong, &says, error)) {
        return false;
    }
    for (guint i = 0; i < wrong->len; i++) {
        fisc_cli_print("%s\n", (const char *)wrong->pdata[i]);
    }
    *out_status = wrong->len == 0 ? 0 : fisc_error_exit_status(FISC_ERROR_TAMPERED);
    if (says != NULL) {
        fisc_cli_print_done(cli, says, "folder", folder, "state", "clean", NULL);
    }
    return true;
}

bool
fisc_command_audit(FiscCli *cli, int *out_status, GError **error)
{
    const char *verb = fisc_cli_argument(cli, 0);
    const char *folder = fisc_cli_argument(cli, 1);
    if (strcmp(verb, "pack") != 0 && strcmp(verb, "check") != 0) {
        return fisc_fail(error, FISC_ERROR_USAGE, "`audit` does pack or check, not \"%s\"", verb);
    }
    if (strcmp(verb, "check") == 0 || fisc_cli_has(cli, "check")) {
        return check(cli, folder, out_status, error);
    }
    return pack(cli, folder, out_status, error);
}

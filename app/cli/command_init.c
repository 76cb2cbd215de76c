/* command_init.c: `fisc init`: makes or brings up to date the database and its schema. */
#include "app/cli/commands.h"

bool
fisc_command_init(FiscCli *cli, int *out_status, GError **error)
{
    if (!fisc_cli_migrate(cli, error)) {
        return false;
    }
    const char *where = cli->cluster != NULL ? cli->cluster->data_dir : NULL;
    g_autofree char *sentence = g_strdup_printf(
        "The schema is ready%s%s.", where != NULL ? " in " : "", where != NULL ? where : "");
    fisc_cli_print_done(cli, sentence, "schema", "ready", "data", where, NULL);
    *out_status = 0;
    return true;
}

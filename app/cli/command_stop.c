/* command_stop.c: `fisc stop`: stops the embedded cluster. */
#include "app/cli/commands.h"

bool
fisc_command_stop(FiscCli *cli, int *out_status, GError **error)
{
    if (fisc_cli_has(cli, "db")) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "only the embedded database is ours to stop, not that of --db");
    }
    g_autofree char *data_dir = fisc_cli_data_dir(cli);
    if (!fisc_cluster_stop(data_dir, error)) {
        return false;
    }
    g_autofree char *sentence = g_strdup_printf("The database in %s is stopped.", data_dir);
    fisc_cli_print_done(cli, sentence, "cluster", "stopped", "data", data_dir, NULL);
    *out_status = 0;
    return true;
}

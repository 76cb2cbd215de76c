/* command_drill.c: `fisc drill`: what a figure of a report is made of. */
#include "app/cli/commands.h"

#define LIMIT_MAX 10000000

/* --limit; 0 = none. */
static bool
read_limit(const FiscCli *cli, guint *out_limit, GError **error)
{
    const char *word = fisc_cli_option(cli, "limit");
    guint64 limit = 0;
    if (word != NULL && !g_ascii_string_to_unsigned(word, 10, 1, LIMIT_MAX, &limit, NULL)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--limit is a number of rows, not \"%s\"", word);
    }
    *out_limit = (guint)limit;
    return true;
}

bool
fisc_command_drill(FiscCli *cli, int *out_status, GError **error)
{
    FiscDrillQuery query = {.key = fisc_cli_argument(cli, 0),
                            .to = fisc_cli_option(cli, "to"),
                            .files = fisc_cli_option(cli, "files")};
    g_autoptr(FiscTable) table = NULL;
    FiscFormat format;
    *out_status = 0;
    return read_limit(cli, &query.limit, error) &&
           fisc_cli_format(cli, FISC_FORMAT_TABLE, &format, error) && fisc_cli_open(cli, error) &&
           fisc_flow_drill(&cli->context, &query, &table, error) &&
           fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}

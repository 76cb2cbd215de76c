/* command_export.c: `fisc export`: the books for other programs. */
#include "app/cli/commands.h"
#include <stdio.h>
#include <string.h>

static bool
print_text(const char *text, gsize length, void *data, GError **error)
{
    (void)data;
    if (fwrite(text, 1, length, stdout) != length) {
        return fisc_fail(error, FISC_ERROR_IO,
                         "the journal could not be written: standard output is closed or full");
    }
    return true;
}

bool
fisc_command_export(FiscCli *cli, int *out_status, GError **error)
{
    FiscExportQuery query = {.unit = fisc_cli_option(cli, "unit"),
                             .period = fisc_cli_require(cli, "period", error),
                             .style = fisc_cli_option(cli, "style"),
                             .as_of = fisc_cli_option(cli, "as-of"),
                             .known_at = fisc_cli_option(cli, "known-at")};
    const char *what = fisc_cli_argument(cli, 0);
    *out_status = 0;
    if (query.period == NULL) {
        return false;
    }
    if (strcmp(what, "journal") != 0) {
        return fisc_fail(error, FISC_ERROR_USAGE, "what can be exported is a journal, not \"%s\"",
                         what);
    }
    return fisc_cli_open(cli, error) &&
           fisc_flow_export_journal(&cli->context, &query, print_text, NULL, error);
}

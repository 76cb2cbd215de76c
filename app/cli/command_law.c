/* command_law.c: `fisc budget law`: what another budget law says differently, and what it would
 * have said to a year that is over. */
#include "app/cli/commands.h"
#include <string.h>

static const char usage[] = "`budget law diff OLD NEW`, each a day or a folder of rules, or "
                            "`budget law replay --period YEAR --rules DIR [--entity E] "
                            "[--by control]`";

static bool
print(FiscCli *cli, FiscTable *table, const FiscRefusals *refusals, int *out_status, GError **error)
{
    if (refusals->len > 0) {
        *out_status = fisc_cli_print_refusals(refusals);
        return true;
    }
    *out_status = 0;
    return fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}

static bool
diff(FiscCli *cli, int *out_status, GError **error)
{
    g_autoptr(FiscTable) table = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    if (fisc_cli_argument(cli, 3) == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "%s", usage);
    }
    return fisc_cli_open(cli, error) &&
           fisc_flow_law_diff(&cli->context, fisc_cli_argument(cli, 2), fisc_cli_argument(cli, 3),
                              &table, refusals, error) &&
           print(cli, table, refusals, out_status, error);
}

static bool
read_trial(const FiscCli *cli, FiscLawTrial *out_trial, GError **error)
{
    const char *period = fisc_cli_require(cli, "period", error);
    const char *rules = period != NULL ? fisc_cli_require(cli, "rules", error) : NULL;
    const char *by = fisc_cli_option(cli, "by");
    guint64 year = 0;
    if (rules == NULL) {
        return false;
    }
    if (!g_ascii_string_to_unsigned(period, 10, 1900, 2199, &year, NULL)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--period is a year, as 2018, not \"%s\"",
                         period);
    }
    if (by != NULL && strcmp(by, "control") != 0) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--by is control, not \"%s\"", by);
    }
    *out_trial = (FiscLawTrial){.year = (int)year,
                                .rules = rules,
                                .entity = fisc_cli_option(cli, "entity"),
                                .by_control = by != NULL};
    return true;
}

static bool
replay(FiscCli *cli, int *out_status, GError **error)
{
    FiscLawTrial trial;
    g_autoptr(FiscTable) table = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    return read_trial(cli, &trial, error) && fisc_cli_open(cli, error) &&
           fisc_flow_law_replay(&cli->context, &trial, &table, refusals, error) &&
           print(cli, table, refusals, out_status, error);
}

bool
fisc_budget_law(FiscCli *cli, int *out_status, GError **error)
{
    const char *verb = fisc_cli_argument(cli, 1);
    bool is_diff = strcmp(verb, "diff") == 0;
    if (!is_diff && strcmp(verb, "replay") != 0) {
        return fisc_fail(error, FISC_ERROR_USAGE, "%s", usage);
    }
    return is_diff ? diff(cli, out_status, error) : replay(cli, out_status, error);
}

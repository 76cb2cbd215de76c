/* command_report.c: `fisc report`, `fisc funds`, `fisc trace`: questions that are answered by a
 * table. */
#include "app/cli/commands.h"
#include <string.h>

static bool
print(const FiscCli *cli, FiscTable *table, int *out_status, GError **error)
{
    *out_status = 0;
    return fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}

/* A format nobody knows is said before the work, not after it. */
static bool
open_for_table(FiscCli *cli, GError **error)
{
    FiscFormat format;
    return fisc_cli_format(cli, FISC_FORMAT_TABLE, &format, error) && fisc_cli_open(cli, error);
}

static bool
check_report_name(const char *name, GError **error)
{
    g_autoptr(GString) known = g_string_new(NULL);
    for (const char *const *pair = fisc_flow_report_names(); *pair != NULL; pair += 2) {
        if (strcmp(pair[0], name) == 0) {
            return true;
        }
        g_string_append_printf(known, "%s%s", known->len > 0 ? ", " : "", pair[0]);
    }
    return fisc_fail(error, FISC_ERROR_USAGE, "there is no report \"%s\"; there are: %s", name,
                     known->str);
}

bool
fisc_command_report(FiscCli *cli, int *out_status, GError **error)
{
    FiscReportQuery query = {
        .name = fisc_cli_argument(cli, 0),
        .unit = fisc_cli_option(cli, "unit"),
        .period = fisc_cli_require(cli, "period", error),
        .as_of = fisc_cli_option(cli, "as-of"),
        .known_at = fisc_cli_option(cli, "known-at"),
        .standard = fisc_cli_option(cli, "standard"),
        .unconsolidated = fisc_cli_has(cli, "unconsolidated"),
        .before_closing = fisc_cli_has(cli, "before-closing"),
        .statement = fisc_cli_option(cli, "statement"),
        .by = fisc_cli_option(cli, "by"),
        .revenue = fisc_cli_has(cli, "revenue"),
        .over_only = fisc_cli_has(cli, "over"),
        .control = fisc_cli_option(cli, "control"),
        .detail = fisc_cli_has(cli, "detail"),
        .where = fisc_cli_option(cli, "where"),
        .years = fisc_cli_option(cli, "years"),
        .contingency = fisc_cli_option(cli, "contingency"),
    };
    g_autoptr(FiscTable) table = NULL;
    return query.period != NULL && check_report_name(query.name, error) &&
           open_for_table(cli, error) && fisc_flow_report(&cli->context, &query, &table, error) &&
           print(cli, table, out_status, error);
}

static int
this_year(void)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    return g_date_time_get_year(now);
}

/* Budgets are of a year; a quarter or a month is asked about by its year. */
static bool
year_of(const char *period, int *out_year, GError **error)
{
    if (period == NULL) {
        *out_year = this_year();
        return true;
    }
    FiscPeriod from, to;
    if (!fisc_period_range_parse(period, &from, &to)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--period is a year like 2024, not \"%s\"",
                         period);
    }
    *out_year = fisc_period_year(from);
    return true;
}

bool
fisc_command_funds(FiscCli *cli, int *out_status, GError **error)
{
    const char *entity = fisc_cli_require(cli, "entity", error);
    int year = 0;
    if (entity == NULL || !year_of(fisc_cli_option(cli, "period"), &year, error)) {
        return false;
    }
    const char *dim[FISC_DIM_COUNT];
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        dim[i] = fisc_cli_option(cli, fisc_dimension_column(i));
    }
    g_autoptr(FiscTable) table = NULL;
    return open_for_table(cli, error) &&
           fisc_flow_funds(&cli->context, entity, year, dim, &table, error) &&
           print(cli, table, out_status, error);
}

bool
fisc_command_trace(FiscCli *cli, int *out_status, GError **error)
{
    g_autoptr(FiscTable) table = NULL;
    return open_for_table(cli, error) &&
           fisc_flow_trace(&cli->context, fisc_cli_argument(cli, 0), &table, error) &&
           print(cli, table, out_status, error);
}

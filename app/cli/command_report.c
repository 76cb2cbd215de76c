/* command_report.c: `fisc report`, `fisc funds`, `fisc trace`: questions that are answered by a
 * table. */
#include "app/cli/commands.h"
#include "app/flows/report_words.h"
#include <stdio.h>
#include <string.h>
#include <unistd.h>

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

/* A format of tables or, for whoever wants more than one sheet, of dossiers. */
static bool
check_format(const FiscCli *cli, bool *out_dossier, GError **error)
{
    const char *word = fisc_cli_option(cli, "format");
    g_autoptr(GString) known = g_string_new("table, csv, json");
    *out_dossier = false;
    for (const char *const *pair = fisc_flow_dossier_formats(); *pair != NULL; pair += 2) {
        *out_dossier = *out_dossier || g_strcmp0(pair[0], word) == 0;
        g_string_append_printf(known, ", %s", pair[0]);
    }
    if (word != NULL && !*out_dossier && fisc_format_find(word) < 0) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--format is one of %s, not \"%s\"", known->str,
                         word);
    }
    if (*out_dossier && fisc_flow_dossier_is_binary(word) && isatty(STDOUT_FILENO) == 1) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "%s is no text for a terminal: add \"> report.%s\"", word, word);
    }
    return true;
}

static bool
print_dossier(FiscCli *cli, const FiscReportQuery *query, GError **error)
{
    g_autoptr(FiscDossier) dossier = NULL;
    g_autoptr(GString) bytes = g_string_new(NULL);
    if (fisc_cli_has(cli, "columns") || fisc_cli_has(cli, "depth")) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "--columns and --depth narrow table, csv and json only");
    }
    if (!fisc_flow_dossier(&cli->context, query, &dossier, error) ||
        !fisc_flow_render(dossier, fisc_cli_option(cli, "format"), bytes, error)) {
        return false;
    }
    fwrite(bytes->str, 1, bytes->len, stdout);
    return true;
}

/* The names of the columns stand once, above the first unit. */
static void
print_unit(FiscTable *part, gpointer data)
{
    bool *is_begun = data;
    g_autoptr(GString) text = g_string_new(NULL);
    fisc_table_render(part, FISC_FORMAT_CSV, text);
    const char *rows = *is_begun ? strchr(text->str, '\n') + 1 : text->str;
    fwrite(rows, 1, text->len - (gsize)(rows - text->str), stdout);
    *is_begun = true;
    fisc_table_free(part);
}

/* Thousands of units as rows are printed as they come. */
static bool
is_stream(const FiscCli *cli, const FiscReportQuery *query)
{
    return strcmp(query->name, "gfs") == 0 && query->unit == NULL && query->beside == NULL &&
           g_strcmp0(fisc_cli_option(cli, "format"), "csv") == 0 && !fisc_cli_has(cli, "columns") &&
           !fisc_cli_has(cli, "depth");
}

static bool
print_units(FiscCli *cli, const FiscReportQuery *query, GError **error)
{
    bool is_begun = false;
    bool is_done = fisc_flow_report_units(&cli->context, query, print_unit, &is_begun, error);
    fisc_cli_progress_end(&cli->progress);
    return is_done;
}

static bool
print_report(FiscCli *cli, const FiscReportQuery *query, int *out_status, GError **error)
{
    g_autoptr(FiscTable) table = NULL;
    if (is_stream(cli, query)) {
        return print_units(cli, query, error);
    }
    return fisc_flow_report(&cli->context, query, &table, error) &&
           print(cli, table, out_status, error);
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

FiscReportQuery
fisc_cli_report_query(const FiscCli *cli, const char *name)
{
    FiscReportQuery query = {.name = name};
    for (const FiscReportWord *word = fisc_report_words; word->option != NULL; word++) {
        if (fisc_cli_has(cli, word->option)) {
            fisc_report_word_set(word, &query, fisc_cli_option(cli, word->option));
        }
    }
    return query;
}

bool
fisc_command_report(FiscCli *cli, int *out_status, GError **error)
{
    FiscReportQuery query = fisc_cli_report_query(cli, fisc_cli_argument(cli, 0));
    bool is_dossier = false;
    *out_status = 0;
    if (fisc_cli_has(cli, "reproduce")) {
        return fisc_report_reproduce(cli, error);
    }
    if (query.name == NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "`report` takes other arguments: a NAME, or --reproduce ID");
    }
    if (fisc_cli_require(cli, "period", error) == NULL || !check_report_name(query.name, error) ||
        !check_format(cli, &is_dossier, error) || !fisc_cli_open(cli, error)) {
        return false;
    }
    return is_dossier ? print_dossier(cli, &query, error)
                      : print_report(cli, &query, out_status, error);
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

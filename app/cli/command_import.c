/* command_import.c: `fisc budget import`: published files into a version; `fisc budget
 * consolidated`: a version of a group with what its members promise each other left out. */
#include "app/cli/commands.h"
#include <stdio.h>

static void
print_read(const FiscPlanImport *import)
{
    g_autoptr(FiscTable) totals = fisc_cli_totals_table(import->totals);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < import->remarks->len; i++) {
        fisc_table_add_note(totals, "%s", (const char *)import->remarks->pdata[i]);
    }
    fisc_table_render(totals, FISC_FORMAT_TABLE, text);
    fisc_cli_print("%s\n", text->str);
}

static int
print_refused(const FiscPlanImport *import)
{
    const FiscRefusals *refusals =
        import->refusals->len > 0 ? import->refusals : import->receipt->refusals;
    return fisc_cli_print_refused_text(refusals);
}

static void
print_done(const FiscCli *cli, const char *version, const FiscPlanImport *import)
{
    const char *step = import->done.step;
    g_autofree char *lines = g_strdup_printf("%d", import->lines);
    g_autofree char *changed = g_strdup_printf("%d", import->done.changed);
    g_autofree char *unchanged = g_strdup_printf("%d", import->done.unchanged);
    g_autofree char *sentence =
        import->receipt == NULL
            ? g_strdup_printf("%s lines for %s; nothing was written.", lines, version)
        : step == NULL
            ? g_strdup_printf("%s: %s lines; nothing has changed.", version, lines)
            : g_strdup_printf("%s: %s lines; %s, %s parts.", version, lines, step, changed);
    fisc_cli_print_done(cli, sentence, "version", version, "lines", lines, "step", step, "changed",
                        changed, "unchanged", unchanged, NULL);
}

bool
fisc_budget_import(FiscCli *cli, int *out_status, GError **error)
{
    g_auto(FiscPlanImport) import = {NULL};
    const FiscPlanImportOrder order = {.folder = fisc_cli_argument(cli, 2),
                                       .version = fisc_cli_argument(cli, 1),
                                       .step = fisc_cli_option(cli, "step"),
                                       .reason = fisc_cli_option(cli, "reason"),
                                       .dry_run = fisc_cli_has(cli, "dry-run")};
    if (!fisc_cli_open(cli, error)) {
        return false;
    }
    bool is_answered = fisc_flow_plan_import(&cli->context, &order, &import, error);
    fisc_cli_progress_end(&cli->progress);
    if (!is_answered) {
        return false;
    }
    bool is_refused_by_books = import.receipt != NULL && import.receipt->refusals != NULL &&
                               import.receipt->refusals->len > 0;
    if (import.refusals->len > 0 || is_refused_by_books) {
        *out_status = print_refused(&import);
        return true;
    }
    if (!fisc_cli_has(cli, "json")) {
        print_read(&import);
    }
    print_done(cli, order.version, &import);
    *out_status = 0;
    return true;
}

static bool
read_year(const FiscCli *cli, int *out_year, GError **error)
{
    const char *text = fisc_cli_option(cli, "year");
    guint64 year = 0;
    if (text != NULL && !g_ascii_string_to_unsigned(text, 10, 1000, 9999, &year, NULL)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--year \"%s\" is no year", text);
    }
    *out_year = (int)year;
    return true;
}

bool
fisc_budget_consolidated(FiscCli *cli, int *out_status, GError **error)
{
    g_autoptr(FiscTable) table = NULL;
    FiscPlanConsolidation query = {.version = fisc_cli_argument(cli, 1),
                                   .unit = fisc_cli_option(cli, "unit"),
                                   .by = fisc_cli_option(cli, "by"),
                                   .pairs = fisc_cli_has(cli, "pairs"),
                                   .enacted = fisc_cli_has(cli, "enacted")};
    *out_status = 0;
    return read_year(cli, &query.year, error) && fisc_cli_open(cli, error) &&
           fisc_flow_plan_consolidated(&cli->context, &query, &table, error) &&
           fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}

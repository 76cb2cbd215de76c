/* command_load.c: `fisc load`: a package into the books; prints what was posted, the control totals
 * and what the source left open. */
#include "app/cli/commands.h"
#include <stdio.h>
#include <stdlib.h>

/* A package that could not be read has no name, no totals and no remarks. */
static guint
count_of(const GPtrArray *list)
{
    return list != NULL ? list->len : 0;
}

static FiscTable *
steps_table(const FiscLoadReport *report)
{
    g_autofree char *title = g_strdup_printf(
        "%s: %d master records", report->package != NULL ? report->package : "", report->events);
    FiscTable *table = fisc_table_new("load", title, FISC_JSON_DECIMALS);
    fisc_table_add_column(table, "step", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "posted", FISC_COLUMN_INTEGER);
    fisc_table_add_column(table, "repeated", FISC_COLUMN_INTEGER);
    fisc_table_add_column(table, "refused", FISC_COLUMN_INTEGER);
    for (guint i = 0; i < report->steps->len; i++) {
        const FiscLoadStep *step = g_ptr_array_index(report->steps, i);
        FiscRow *row = fisc_table_add_row(table);
        fisc_table_set_text(table, row, 0, step->title);
        fisc_table_set_amount(table, row, 1, step->posted);
        fisc_table_set_amount(table, row, 2, step->repeated);
        fisc_table_set_amount(table, row, 3, step->refused);
    }
    return table;
}

static const char *
tie_word(const FiscControlTotal *total)
{
    if (!total->has_expected) {
        return "";
    }
    return total->sum == total->expected ? "yes" : "no";
}

FiscTable *
fisc_cli_totals_table(const GPtrArray *totals)
{
    FiscTable *table = fisc_table_new("totals", "Control totals", FISC_JSON_DECIMALS);
    fisc_table_add_column(table, "file", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "column", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "rows", FISC_COLUMN_INTEGER);
    fisc_table_add_column(table, "sum", FISC_COLUMN_AMOUNT);
    fisc_table_add_column(table, "published", FISC_COLUMN_AMOUNT);
    fisc_table_add_column(table, "ties", FISC_COLUMN_TEXT);
    for (guint i = 0; i < count_of(totals); i++) {
        const FiscControlTotal *total = g_ptr_array_index(totals, i);
        FiscRow *row = fisc_table_add_row(table);
        fisc_table_set_text(table, row, 0, total->file);
        fisc_table_set_text(table, row, 1, total->column);
        fisc_table_set_amount(table, row, 2, total->rows);
        fisc_table_set_amount(table, row, 3, total->sum);
        if (total->has_expected) {
            fisc_table_set_amount(table, row, 4, total->expected);
        }
        fisc_table_set_text(table, row, 5, tie_word(total));
    }
    return table;
}

static void
print_tables(const FiscLoadReport *report)
{
    g_autoptr(FiscTable) steps = steps_table(report);
    g_autoptr(FiscTable) totals = fisc_cli_totals_table(report->totals);
    for (guint i = 0; i < count_of(report->remarks); i++) {
        fisc_table_add_note(count_of(report->totals) > 0 ? totals : steps, "%s",
                            (const char *)g_ptr_array_index(report->remarks, i));
    }
    g_autoptr(GString) text = g_string_new(NULL);
    fisc_table_render(steps, FISC_FORMAT_TABLE, text);
    if (count_of(report->totals) > 0) {
        g_string_append_c(text, '\n');
        fisc_table_render(totals, FISC_FORMAT_TABLE, text);
    }
    fisc_cli_print("%s", text->str);
}

/* The renderer's own form of a table is one JSON object; here they are parts of one. */
static json_t *
table_rows(const FiscTable *table)
{
    g_autoptr(GString) text = g_string_new(NULL);
    fisc_table_render(table, FISC_FORMAT_JSON, text);
    json_t *whole = json_loads(text->str, 0, NULL);
    json_t *rows = json_incref(json_object_get(whole, "rows"));
    json_decref(whole);
    return rows;
}

static void
print_json(const FiscLoadReport *report)
{
    g_autoptr(FiscTable) steps = steps_table(report);
    g_autoptr(FiscTable) totals = fisc_cli_totals_table(report->totals);
    json_t *remarks = json_array();
    for (guint i = 0; i < count_of(report->remarks); i++) {
        json_array_append_new(remarks, fisc_json_text(g_ptr_array_index(report->remarks, i)));
    }
    json_t *object = json_object();
    json_object_set_new(object, "package", fisc_json_text(report->package));
    json_object_set_new(object, "events", json_integer(report->events));
    json_object_set_new(object, "steps", table_rows(steps));
    json_object_set_new(object, "totals", table_rows(totals));
    json_object_set_new(object, "remarks", remarks);
    json_object_set_new(object, "refusals", fisc_json_refusals(report->refusals));
    char *line = json_dumps(object, JSON_INDENT(2));
    fisc_cli_print("%s\n", line);
    free(line);
    json_decref(object);
}

bool
fisc_command_load(FiscCli *cli, int *out_status, GError **error)
{
    g_autoptr(FiscLoadReport) report = NULL;
    if (!fisc_cli_open(cli, error)) {
        return false;
    }
    bool is_answered = fisc_flow_load(&cli->context, fisc_cli_argument(cli, 0), &report, error);
    fisc_cli_progress_end(&cli->progress);
    if (!is_answered) {
        return false;
    }
    bool is_refused = report->refusals != NULL && report->refusals->len > 0;
    if (fisc_cli_has(cli, "json")) {
        print_json(report);
    } else if (!is_refused) {
        print_tables(report);
    }
    if (is_refused) {
        fisc_cli_print_refusals(report->refusals);
        fprintf(stderr, "fisc: %s was refused: nothing of it was posted\n",
                fisc_cli_argument(cli, 0));
    }
    *out_status = is_refused ? fisc_refusals_exit_status(report->refusals) : 0;
    return true;
}

/* command_plan.c: `fisc budget`: versions of a budget: opened, filled with texts, taken from step
 * to step, branched, and looked at. docs/formulation.md walks through them. */
#include "app/cli/commands.h"
#include "app/flows/plan_table.h"
#include "fisc/csv.h"
#include <stdlib.h>
#include <string.h>

#define YEARS_DEFAULT "4" /* the budget year and three outer years */

/* Words --------------------------------------------------------------------------------------- */

/* A number that an option gives, or @fallback; USAGE when it is none. @fallback NULL: required. */
static bool
read_number(const FiscCli *cli, const char *name, const char *fallback, int max, int *out_number,
            GError **error)
{
    const char *text = fisc_cli_option(cli, name);
    guint64 number = 0;
    if (text == NULL && fallback == NULL) {
        return fisc_cli_require(cli, name, error) != NULL;
    }
    text = text != NULL ? text : fallback;
    if (!g_ascii_string_to_unsigned(text, 10, 0, (guint64)max, &number, NULL)) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--%s is a number up to %d, not \"%s\"", name,
                         max, text);
    }
    *out_number = (int)number;
    return true;
}

static bool
read_kind(const FiscCli *cli, guint argument, FiscPartKind *out_kind, GError **error)
{
    const char *word = fisc_cli_argument(cli, argument);
    int kind = fisc_part_find(word);
    if (kind >= 0) {
        *out_kind = (FiscPartKind)kind;
        return true;
    }
    g_autoptr(GString) words = g_string_new(NULL);
    for (int i = 0; i < FISC_PART_KIND_COUNT; i++) {
        g_string_append_printf(words, "%s%s", i > 0 ? ", " : "", fisc_part_word((FiscPartKind)i));
    }
    return fisc_fail(error, FISC_ERROR_USAGE, "a part of a version is one of %s, not \"%s\"",
                     words->str, word);
}

/* Answers ------------------------------------------------------------------------------------- */

static bool
is_refused(const FiscReceipt *receipt)
{
    return receipt->refusals != NULL && receipt->refusals->len > 0;
}

/* What was refused in the text or by the books; the exit status. */
static int
print_refused(const FiscCli *cli, const char *path, const FiscRefusals *of_text,
              const FiscReceipt *receipt)
{
    const FiscRefusals *refusals =
        of_text != NULL && of_text->len > 0 ? of_text : receipt->refusals;
    if (fisc_cli_has(cli, "json")) {
        json_t *object = json_object();
        json_object_set_new(object, "path", fisc_json_text(path));
        json_object_set_new(object, "step", json_null());
        json_object_set_new(object, "refusals", fisc_json_refusals(refusals));
        char *line = json_dumps(object, JSON_COMPACT);
        fisc_cli_print("%s\n", line);
        free(line);
        json_decref(object);
    }
    return fisc_cli_print_refusals(refusals);
}

static int
print_version(const FiscCli *cli, const char *version, const char *what, const FiscReceipt *receipt)
{
    if (is_refused(receipt)) {
        return print_refused(cli, version, NULL, receipt);
    }
    g_autofree char *sentence = g_strdup_printf("%s is %s.", version, what);
    fisc_cli_print_done(cli, sentence, "version", version, "did", what, NULL);
    return 0;
}

int
fisc_cli_print_plan_done(const FiscCli *cli, const char *path, const FiscPlanDone *done,
                         const FiscRefusals *refusals, const FiscReceipt *receipt)
{
    if (refusals->len > 0 || is_refused(receipt)) {
        return print_refused(cli, path, refusals, receipt);
    }
    g_autofree char *changed = g_strdup_printf("%d", done->changed);
    g_autofree char *unchanged = g_strdup_printf("%d", done->unchanged);
    g_autofree char *sentence = done->changed == 0
                                    ? g_strdup_printf("%s: nothing has changed.", path)
                                    : g_strdup_printf("%s: %s, %s part%s.", path, done->step,
                                                      changed, done->changed == 1 ? "" : "s");
    fisc_cli_print_done(cli, sentence, "path", path, "step", done->step, "changed", changed,
                        "unchanged", unchanged, NULL);
    return 0;
}

/* Verbs --------------------------------------------------------------------------------------- */

bool
fisc_budget_open(FiscCli *cli, int *out_status, GError **error)
{
    FiscPlanOpening opening = {.version = fisc_cli_argument(cli, 1),
                               .title = fisc_cli_option(cli, "title"),
                               .reason = fisc_cli_option(cli, "reason")};
    g_autoptr(FiscReceipt) receipt = NULL;
    if (!read_number(cli, "year", NULL, 9999, &opening.year, error) ||
        !read_number(cli, "years", YEARS_DEFAULT, FISC_PLAN_YEARS_MAX, &opening.years, error) ||
        !read_number(cli, "decimals", "2", 9, &opening.decimals, error) ||
        !fisc_cli_open(cli, error) ||
        !fisc_flow_plan_open(&cli->context, &opening, &receipt, error)) {
        return false;
    }
    *out_status = print_version(cli, opening.version, "open", receipt);
    return true;
}

bool
fisc_budget_branch(FiscCli *cli, int *out_status, GError **error)
{
    const FiscPlanOpening opening = {.version = fisc_cli_argument(cli, 2),
                                     .title = fisc_cli_option(cli, "title"),
                                     .reason = fisc_cli_option(cli, "reason")};
    g_autoptr(FiscReceipt) receipt = NULL;
    if (!fisc_cli_open(cli, error) ||
        !fisc_flow_plan_branch(&cli->context, fisc_cli_argument(cli, 1), &opening, &receipt,
                               error)) {
        return false;
    }
    *out_status = print_version(cli, opening.version, "branched", receipt);
    return true;
}

bool
fisc_budget_versions(FiscCli *cli, int *out_status, GError **error)
{
    const char *version = fisc_cli_argument(cli, 1);
    g_autoptr(FiscTable) table = NULL;
    *out_status = 0;
    if (!fisc_cli_open(cli, error)) {
        return false;
    }
    bool is_read = version != NULL ? fisc_flow_plan_parts(&cli->context, version, &table, error)
                                   : fisc_flow_plan_versions(&cli->context, &table, error);
    return is_read && fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}

bool
fisc_budget_put(FiscCli *cli, int *out_status, GError **error)
{
    const char *path = fisc_cli_argument(cli, 3);
    FiscPlanText text = {.version = fisc_cli_argument(cli, 1),
                         .entity = fisc_cli_option(cli, "entity"),
                         .step = fisc_cli_option(cli, "step"),
                         .base = fisc_cli_option(cli, "base"),
                         .is_patch = fisc_cli_has(cli, "patch"),
                         .name = fisc_cli_input_name(path)};
    g_auto(FiscCliText) input = {NULL};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscReceipt) receipt = NULL;
    g_auto(FiscPlanDone) done = {NULL};
    text.reason = fisc_cli_require(cli, "reason", error);
    if (text.reason == NULL || !read_kind(cli, 2, &text.kind, error) ||
        !fisc_cli_read_text(cli, path, fisc_part_word(text.kind), &input, refusals, error)) {
        return false;
    }
    g_autofree char *what = g_strdup_printf("%s/%s", text.version, fisc_part_word(text.kind));
    if (refusals->len > 0) { /* of the spreadsheet itself */
        *out_status = print_refused(cli, what, refusals, NULL);
        return true;
    }
    text.data = input.data;
    text.length = input.length;
    if (!fisc_cli_open(cli, error) ||
        !fisc_flow_plan_put(&cli->context, &text, &done, &receipt, refusals, error)) {
        return false;
    }
    fisc_cli_place_refusals(&input, refusals);
    *out_status = fisc_cli_print_plan_done(cli, what, &done, refusals, receipt);
    return true;
}

static FiscTable *
table_of(const char *name, const FiscCsv *csv)
{
    FiscTable *table = fisc_table_new("part", name, 0);
    for (guint i = 0; i < csv->columns->len; i++) {
        fisc_table_add_column(table, csv->columns->pdata[i], FISC_COLUMN_TEXT);
    }
    for (guint i = 0; i < csv->rows->len; i++) {
        const FiscCsvRow *line = &g_array_index(csv->rows, FiscCsvRow, i);
        FiscRow *row = fisc_table_add_row(table);
        for (guint k = 0; k < csv->columns->len; k++) {
            fisc_table_set_text(table, row, (int)k, line->fields[k]);
        }
    }
    return table;
}

/* The text of a part: as it is kept, or as a table for those who want to look at it. */
static bool
print_text(FiscCli *cli, const char *name, const char *text, FiscFormat format, GError **error)
{
    if (format == FISC_FORMAT_CSV && !fisc_cli_has(cli, "columns")) {
        fisc_cli_print("%s", text);
        return true;
    }
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscCsv) csv = NULL;
    const FiscCsvOptions options = {.allow_unknown = true};
    if (!fisc_csv_parse(name, text, strlen(text), &options, &csv, refusals) || csv == NULL) {
        return fisc_fail(error, FISC_ERROR_FAILED, "the text of %s is no CSV", name);
    }
    g_autoptr(FiscTable) table =
        format == FISC_FORMAT_XLSX ? fisc_plan_table(name, csv) : table_of(name, csv);
    return fisc_cli_print_table(cli, table, FISC_FORMAT_CSV, error);
}

bool
fisc_budget_get(FiscCli *cli, int *out_status, GError **error)
{
    const char *version = fisc_cli_argument(cli, 1);
    const char *entity = fisc_cli_option(cli, "entity");
    FiscPartKind kind;
    FiscFormat format;
    int step_no = 0;
    g_autofree char *text = NULL;
    g_autofree char *content = NULL;
    *out_status = 0;
    if (!read_kind(cli, 2, &kind, error) ||
        !read_number(cli, "at", "0", G_MAXINT, &step_no, error) ||
        !fisc_cli_format(cli, FISC_FORMAT_CSV, &format, error) || !fisc_cli_open(cli, error) ||
        !fisc_flow_plan_get(&cli->context, version, kind, entity, step_no, &text, &content,
                            error)) {
        return false;
    }
    return print_text(cli, fisc_part_word(kind), text, format, error);
}

bool
fisc_budget_step(FiscCli *cli, int *out_status, GError **error)
{
    const char *path = fisc_cli_argument(cli, 1);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscReceipt) receipt = NULL;
    g_auto(FiscPlanDone) done = {NULL};
    if (!fisc_cli_open(cli, error) ||
        !fisc_flow_plan_step(&cli->context, path, fisc_cli_argument(cli, 2),
                             fisc_cli_option(cli, "reason"), &done, &receipt, refusals, error)) {
        return false;
    }
    *out_status = fisc_cli_print_plan_done(cli, path, &done, refusals, receipt);
    return true;
}

bool
fisc_budget_history(FiscCli *cli, int *out_status, GError **error)
{
    g_autoptr(FiscTable) table = NULL;
    *out_status = 0;
    return fisc_cli_open(cli, error) &&
           fisc_flow_plan_history(&cli->context, fisc_cli_argument(cli, 1), &table, error) &&
           fisc_cli_print_table(cli, table, FISC_FORMAT_TABLE, error);
}

/* sheet.c: spreadsheets at the command line: a sheet that is read where a text is expected, and a
 * text that is handed out as a sheet.
 *
 * A flow takes text and names lines of it; the officer looks at a sheet and wants its row and
 * column. The text is made here, and what is refused of it is put in terms of the sheet here. */
#include "app/cli/cli.h"
#include "fisc/money.h"
#include <string.h>

void
fisc_cli_text_clear(FiscCliText *text)
{
    g_clear_pointer(&text->bytes, g_byte_array_unref);
    g_clear_pointer(&text->sheet, fisc_sheet_text_free);
    *text = (FiscCliText){NULL};
}

bool
fisc_cli_read_text(const FiscCli *cli, const char *path, const char *usual, FiscCliText *out_text,
                   FiscRefusals *refusals, GError **error)
{
    const char *sheet = fisc_cli_option(cli, "sheet");
    g_auto(FiscCliText) text = {.bytes = g_byte_array_new()};
    if (!fisc_cli_read_input(path, text.bytes, error)) {
        return false;
    }
    text.data = (const char *)text.bytes->data;
    text.length = text.bytes->len;
    if (fisc_xlsx_is(text.data, text.length)) {
        g_autofree char *name = g_path_get_basename(fisc_cli_input_name(path));
        text.sheet = fisc_sheet_text_parse(name, text.data, text.length, sheet, usual, refusals);
        text.data = text.sheet != NULL ? text.sheet->text->str : "";
        text.length = text.sheet != NULL ? text.sheet->text->len : 0;
    } else if (sheet != NULL) {
        return fisc_fail(error, FISC_ERROR_USAGE, "--sheet: %s is no spreadsheet (.xlsx)",
                         fisc_cli_input_name(path));
    }
    *out_text = text;
    text = (FiscCliText){NULL};
    return true;
}

void
fisc_cli_place_refusals(const FiscCliText *text, FiscRefusals *refusals)
{
    if (text->sheet != NULL) {
        fisc_sheet_text_place(text->sheet, refusals, 0);
    }
}

/* ---- out ---- */

/* "request_2019", "amount": what an officer adds up. */
static bool
is_figure(const char *column)
{
    for (int i = 0; i < FISC_FIGURE_COUNT; i++) {
        const char *word = fisc_figure_word((FiscFigureKind)i);
        gsize length = strlen(word);
        if (strncmp(column, word, length) == 0 && column[length] == '_' &&
            strspn(column + length + 1, "0123456789") == strlen(column + length + 1)) {
            return true;
        }
    }
    return strcmp(column, "amount") == 0;
}

static int
decimals_of(const char *amount)
{
    const char *point = strchr(amount, '.');
    return point != NULL ? (int)strlen(point + 1) : 0;
}

/* The most decimals that any cell of a column of figures has. */
static int
find_decimals(const FiscCsv *csv)
{
    int decimals = 0;
    for (guint k = 0; k < csv->columns->len; k++) {
        for (guint i = 0; is_figure(csv->columns->pdata[k]) && i < csv->rows->len; i++) {
            const char *text = g_array_index(csv->rows, FiscCsvRow, i).fields[k];
            decimals = MAX(decimals, decimals_of(text));
        }
    }
    return decimals;
}

/* A column is one of amounts when each of its cells is one, or empty. */
static FiscColumnKind
kind_of(const FiscCsv *csv, guint column, int decimals)
{
    bool is_amount = is_figure(csv->columns->pdata[column]);
    for (guint i = 0; is_amount && i < csv->rows->len; i++) {
        const char *text = g_array_index(csv->rows, FiscCsvRow, i).fields[column];
        int64_t amount;
        is_amount = *text == '\0' || fisc_amount_parse(text, decimals, '.', 0, &amount) == 0;
    }
    return is_amount ? FISC_COLUMN_AMOUNT : FISC_COLUMN_TEXT;
}

static void
set_cell(FiscTable *table, FiscRow *row, int column, const char *text)
{
    int64_t amount;
    if (g_array_index(table->columns, FiscColumn, column).kind == FISC_COLUMN_TEXT) {
        fisc_table_set_text(table, row, column, text);
    } else if (fisc_amount_parse(text, table->decimals, '.', 0, &amount) == 0) {
        fisc_table_set_amount(table, row, column, amount);
    }
}

FiscTable *
fisc_cli_sheet_table(const char *name, const FiscCsv *csv)
{
    int decimals = find_decimals(csv);
    FiscTable *table = fisc_table_new(name, "", decimals);
    for (guint k = 0; k < csv->columns->len; k++) {
        fisc_table_add_column(table, csv->columns->pdata[k], kind_of(csv, k, decimals));
    }
    for (guint i = 0; i < csv->rows->len; i++) {
        const FiscCsvRow *line = &g_array_index(csv->rows, FiscCsvRow, i);
        FiscRow *row = fisc_table_add_row(table);
        for (guint k = 0; k < csv->columns->len; k++) {
            set_cell(table, row, (int)k, line->fields[k]);
        }
    }
    return table;
}

/* plan_table.c: the text of a part as a table: for a spreadsheet, or for a screen. What the text
 * says is left to the formats of parts. */
#include "app/flows/plan_table.h"
#include "fisc/formulation.h"
#include "fisc/money.h"
#include <string.h>

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
fisc_plan_table(const char *name, const FiscCsv *csv)
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

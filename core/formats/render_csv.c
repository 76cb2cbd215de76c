/* render_csv.c: a table as RFC 4180 text with "\n", for programs and spreadsheets.
 *
 * A spreadsheet runs text that begins like a formula, and names in our books come from outside:
 * such text gets a leading apostrophe. Headings and notes are for people and are left out. */
#include "core/formats/render.h"
#include "fisc/csv.h"
#include "fisc/money.h"
#include <string.h>

/* Figures side by side ("-100.00|0.00") begin like a formula and are none. */
static bool
is_figures(const char *text)
{
    return text[strspn(text, "0123456789.|-")] == '\0' && strstr(text, "--") == NULL;
}

static bool
is_formula(const char *text)
{
    switch (text[0]) {
    case '=':
    case '@':
    case '\t':
    case '\r':
        return true;
    case '+':
    case '-':
        return !is_figures(text);
    default:
        return false;
    }
}

static void
append_text(GString *out, const char *text)
{
    if (!is_formula(text)) {
        fisc_csv_append(out, text);
        return;
    }
    g_autofree char *harmless = g_strconcat("'", text, NULL);
    fisc_csv_append(out, harmless);
}

static void
append_cell(const FiscTable *table, const FiscColumn *column, const FiscCell *cell, GString *out)
{
    char buffer[FISC_SUM_TEXT];
    if (!cell->is_set) {
        return;
    }
    switch (column->kind) {
    case FISC_COLUMN_TEXT:
        append_text(out, cell->text);
        break;
    case FISC_COLUMN_AMOUNT:
        g_string_append(out, fisc_sum_format(cell->number, table->decimals, buffer));
        break;
    case FISC_COLUMN_INTEGER:
        g_string_append(out, fisc_sum_format(cell->number, 0, buffer));
        break;
    }
}

static void
append_row(const FiscTable *table, const FiscRow *row, GString *out)
{
    for (guint i = 0; i < table->columns->len; i++) {
        if (i > 0) {
            g_string_append_c(out, ',');
        }
        append_cell(table, &g_array_index(table->columns, FiscColumn, i), &row->cells[i], out);
    }
    g_string_append_c(out, '\n');
}

void
fisc_render_csv(const FiscTable *table, GString *out)
{
    for (guint i = 0; i < table->columns->len; i++) {
        if (i > 0) {
            g_string_append_c(out, ',');
        }
        append_text(out, g_array_index(table->columns, FiscColumn, i).name);
    }
    g_string_append_c(out, '\n');
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = g_ptr_array_index(table->rows, i);
        if (!row->heading) {
            append_row(table, row, out);
        }
    }
}

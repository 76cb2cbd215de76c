/* integrated.c: the integrated balance sheet for people.
 *
 * In CSV its rows carry opening and flows in the label, so that all statements have one shape; who
 * reads a page wants them in columns that add up from left to right. */
#include "reporting/render/integrated.h"
#include "fisc/chart.h"
#include "reporting/labels.h"
#include <string.h>

#define FLOWS 4 /* opening, transactions, holding gains, volume changes */

static const char *const flow_names[FLOWS] = {"opening", "transactions", "holding gains",
                                              "volume changes"};

/* "-12.34" is -1234: every amount of a table has the same decimals. False when it is no amount. */
static bool
read_amount(const char *text, __int128 *out_amount)
{
    bool is_negative = *text == '-';
    __int128 amount = 0;
    int digits = 0;
    for (const char *at = text + (is_negative ? 1 : 0); *at != '\0'; at++) {
        if (*at == '.') {
            continue;
        }
        if (!g_ascii_isdigit(*at) || ++digits > 37) {
            return false;
        }
        amount = amount * 10 + (*at - '0');
    }
    *out_amount = is_negative ? -amount : amount;
    return digits > 0;
}

static bool
read_label(const char *label, __int128 amounts[FLOWS])
{
    g_auto(GStrv) parts = g_strsplit(label != NULL ? label : "", "|", -1);
    bool is_read = g_strv_length(parts) == FLOWS;
    for (int i = 0; i < FLOWS && is_read; i++) {
        is_read = read_amount(parts[i], &amounts[i]);
    }
    return is_read;
}

/* The one column of amounts; -1 when there are more, or none. */
static int
only_amount(const FiscTable *table)
{
    int found = -1;
    for (guint i = 0; i < table->columns->len; i++) {
        if (g_array_index(table->columns, FiscColumn, i).kind != FISC_COLUMN_TEXT) {
            if (found >= 0) {
                return -1;
            }
            found = (int)i;
        }
    }
    return found;
}

static bool
is_integrated(const FiscTable *table, int code, int label, int amount)
{
    bool has_row = false;
    __int128 amounts[FLOWS];
    if (code < 0 || label < 0 || amount != (int)table->columns->len - 1) {
        return false;
    }
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        if (!row->heading) {
            has_row = true;
            if (row->cells[code].text == NULL || !read_label(row->cells[label].text, amounts)) {
                return false;
            }
        }
    }
    return has_row;
}

static FiscTable *
new_table(const FiscTable *table)
{
    FiscTable *integrated = fisc_table_new(table->name, table->title, table->decimals);
    for (guint i = 0; i + 1 < table->columns->len; i++) {
        const FiscColumn *column = &g_array_index(table->columns, FiscColumn, i);
        fisc_table_add_column(integrated, column->name, column->kind);
        g_array_index(integrated->columns, FiscColumn, i).for_machines = column->for_machines;
    }
    for (int i = 0; i < FLOWS; i++) {
        fisc_table_add_column(integrated, flow_names[i], FISC_COLUMN_AMOUNT);
    }
    fisc_table_add_column(integrated, "closing", FISC_COLUMN_AMOUNT);
    return integrated;
}

static void
copy_row(const FiscTable *table, const FiscRow *from, int code, int label, const char *language,
         FiscTable *integrated)
{
    int last = (int)table->columns->len - 1;
    __int128 amounts[FLOWS];
    FiscRow *row = fisc_table_add_row(integrated);
    row->level = from->level;
    row->strong = from->strong;
    row->heading = from->heading;
    for (int i = 0; i < last; i++) {
        if (from->cells[i].is_set) {
            fisc_table_set_text(integrated, row, i, from->cells[i].text);
        }
    }
    if (from->heading || !read_label(from->cells[label].text, amounts)) {
        return;
    }
    fisc_table_set_text(integrated, row, label,
                        fisc_label(language, fisc_gfs_label(from->cells[code].text)));
    for (int i = 0; i < FLOWS; i++) {
        fisc_table_set_amount(integrated, row, last + i, amounts[i]);
    }
    fisc_table_set_amount(integrated, row, last + FLOWS, from->cells[last].number);
    if (from->cells[last].drill != NULL) {
        fisc_table_set_drill(integrated, row, last + FLOWS, from->cells[last].drill);
    }
}

FiscTable *
fisc_integrated_table(const FiscTable *table, const char *language)
{
    int code = fisc_table_column(table, "code");
    int label = fisc_table_column(table, "label");
    if (!is_integrated(table, code, label, only_amount(table))) {
        return NULL;
    }
    FiscTable *integrated = new_table(table);
    for (guint i = 0; i < table->rows->len; i++) {
        copy_row(table, table->rows->pdata[i], code, label, language, integrated);
    }
    for (guint i = 0; i < table->notes->len; i++) {
        const FiscNotePlace *place = &g_array_index(table->note_places, FiscNotePlace, i);
        fisc_table_add_note_about(integrated, place->unit, place->about, place->is_beside,
                                  table->notes->pdata[i]);
    }
    return integrated;
}

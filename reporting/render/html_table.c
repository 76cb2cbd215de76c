/* html_table.c: a table that can be read aloud: caption, heads with scope, and each figure with the
 * key under which `fisc drill` takes it apart. */
#include "reporting/render/html.h"
#include "reporting/render/page_words.h"
#include <string.h>

typedef struct {
    const FiscDossier *dossier;
    const FiscTable *table;
    GArray *columns; /* of guint */
    int label;
    GString *out;
} Sheet;

void
fisc_html_text(GString *out, const char *text)
{
    g_autofree char *line = fisc_page_text(text);
    g_autofree char *escaped = g_markup_escape_text(line, -1);
    g_string_append(out, escaped);
}

static void
append_head(const Sheet *sheet)
{
    g_string_append(sheet->out, "<thead>\n<tr>");
    for (guint i = 0; i < sheet->columns->len; i++) {
        guint column = g_array_index(sheet->columns, guint, i);
        const FiscColumn *of = &g_array_index(sheet->table->columns, FiscColumn, column);
        g_autofree char *words = fisc_page_column(sheet->dossier->language, of->name);
        g_string_append_printf(sheet->out, "<th scope=\"col\"%s>",
                               fisc_page_is_number(sheet->table, column) ? " class=\"n\"" : "");
        fisc_html_text(sheet->out, words);
        g_string_append(sheet->out, "</th>");
    }
    g_string_append(sheet->out, "</tr>\n</thead>\n");
}

static void
append_cell(const Sheet *sheet, const FiscRow *row, guint column)
{
    const char *drill = row->cells[column].drill;
    bool is_label = (int)column == sheet->label;
    g_autofree char *words = fisc_page_cell(sheet->table, row, column);
    g_string_append(sheet->out, is_label ? "<th scope=\"row\"" : "<td");
    if (is_label && row->level > 0) {
        g_string_append_printf(sheet->out, " class=\"l%d\"", MIN(row->level, 6));
    } else if (fisc_page_is_number(sheet->table, column)) {
        g_string_append(sheet->out, " class=\"n\"");
    }
    if (drill != NULL) {
        g_string_append(sheet->out, " data-drill=\"");
        fisc_html_text(sheet->out, drill);
        g_string_append(sheet->out, "\" title=\"fisc drill ");
        fisc_html_text(sheet->out, drill);
        g_string_append_c(sheet->out, '"');
    }
    g_string_append_c(sheet->out, '>');
    fisc_html_text(sheet->out, words);
    g_string_append(sheet->out, is_label ? "</th>" : "</td>");
}

static void
append_row(const Sheet *sheet, const FiscRow *row)
{
    g_string_append(sheet->out, row->strong ? "<tr class=\"s\">" : "<tr>");
    for (guint i = 0; i < sheet->columns->len; i++) {
        append_cell(sheet, row, g_array_index(sheet->columns, guint, i));
    }
    g_string_append(sheet->out, "</tr>\n");
}

static void
append_heading(const Sheet *sheet, const FiscRow *row)
{
    bool is_note = fisc_page_is_note(sheet->table, row);
    g_autofree char *words = fisc_page_heading(sheet->table, row);
    g_string_append_printf(sheet->out,
                           is_note ? "<tr class=\"note\"><td colspan=\"%u\">"
                                   : "<tr class=\"h\"><th scope=\"colgroup\" colspan=\"%u\">",
                           sheet->columns->len);
    fisc_html_text(sheet->out, words);
    g_string_append(sheet->out, is_note ? "</td></tr>\n" : "</th></tr>\n");
}

static void
append_notes(const FiscTable *table, GString *out)
{
    bool is_open = false;
    for (guint i = 0; i < table->notes->len; i++) {
        if (!g_array_index(table->note_places, FiscNotePlace, i).is_beside) {
            g_string_append(out, is_open ? "<li>" : "<ul class=\"notes\">\n<li>");
            fisc_html_text(out, g_ptr_array_index(table->notes, i));
            g_string_append(out, "</li>\n");
            is_open = true;
        }
    }
    g_string_append(out, is_open ? "</ul>\n" : "");
}

void
fisc_html_table(const FiscDossier *dossier, const FiscTable *table, const char *caption,
                GString *out)
{
    g_autoptr(GArray) columns = fisc_page_columns(table);
    g_autofree char *currency = fisc_page_currency(dossier);
    Sheet sheet = {dossier, table, columns, fisc_page_label_column(table), out};
    /* A wide table scrolls by itself, also by keyboard; the page does not. */
    g_string_append(out, "<div class=\"wide\" tabindex=\"0\" role=\"group\" aria-label=\"");
    fisc_html_text(out, caption);
    g_string_append(out, "\">\n<table>\n<caption>");
    fisc_html_text(out, caption);
    if (*currency != '\0') {
        g_string_append(out, " <span class=\"unit\">");
        fisc_html_text(out, currency);
        g_string_append(out, "</span>");
    }
    g_string_append(out, "</caption>\n");
    append_head(&sheet);
    g_string_append(out, "<tbody>\n");
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = g_ptr_array_index(table->rows, i);
        (row->heading ? append_heading : append_row)(&sheet, row);
    }
    g_string_append(out, "</tbody>\n</table>\n</div>\n");
    append_notes(table, out);
}

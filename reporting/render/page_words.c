/* page_words.c: cells, headings and columns as a reader sees them. */
#include "reporting/render/page_words.h"
#include "fisc/money.h"
#include "reporting/labels.h"
#include <string.h>

char *
fisc_page_text(const char *text)
{
    if (text == NULL) {
        return g_strdup("");
    }
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *line = g_string_new(NULL);
    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);
        g_string_append_unichar(line, g_unichar_iscntrl(character) ? ' ' : character);
    }
    return g_string_free(line, FALSE);
}

bool
fisc_page_is_number(const FiscTable *table, guint column)
{
    return g_array_index(table->columns, FiscColumn, column).kind != FISC_COLUMN_TEXT;
}

char *
fisc_page_cell(const FiscTable *table, const FiscRow *row, guint column)
{
    const FiscCell *cell = &row->cells[column];
    char buffer[FISC_SUM_TEXT];
    if (!cell->is_set) {
        return g_strdup("");
    }
    switch (g_array_index(table->columns, FiscColumn, column).kind) {
    case FISC_COLUMN_AMOUNT:
        return g_strdup(fisc_sum_format_grouped(cell->number, table->decimals, buffer));
    case FISC_COLUMN_INTEGER:
        return g_strdup(fisc_sum_format(cell->number, 0, buffer));
    case FISC_COLUMN_TEXT:
        break;
    }
    return fisc_page_text(cell->text);
}

char *
fisc_page_heading(const FiscTable *table, const FiscRow *row)
{
    for (guint i = 0; i < table->columns->len; i++) {
        const FiscColumn *column = &g_array_index(table->columns, FiscColumn, i);
        if (!column->for_machines && column->kind == FISC_COLUMN_TEXT && row->cells[i].is_set) {
            return fisc_page_text(row->cells[i].text);
        }
    }
    return g_strdup("");
}

bool
fisc_page_is_note(const FiscTable *table, const FiscRow *row)
{
    g_autofree char *words = fisc_page_heading(table, row);
    for (guint i = 0; row->heading && i < table->notes->len; i++) {
        g_autofree char *note = fisc_page_text(g_ptr_array_index(table->notes, i));
        if (g_array_index(table->note_places, FiscNotePlace, i).is_beside &&
            strcmp(note, words) == 0) {
            return true;
        }
    }
    return false;
}

char *
fisc_page_column(const char *language, const char *name)
{
    g_autofree char *words = fisc_page_text(name);
    g_strdelimit(words, "_", ' ');
    gunichar first = g_unichar_toupper(g_utf8_get_char(words));
    GString *sentence = g_string_new(NULL);
    if (*words != '\0') {
        g_string_append_unichar(sentence, first);
        g_string_append(sentence, g_utf8_next_char(words));
    }
    g_autofree char *english = g_string_free(sentence, FALSE);
    return g_strdup(fisc_label(language, english));
}

/* "Integrated Balance Sheet: opening | ... ; closing, CITY": the heads of its columns say that. */
static void
shorten_title(char *title)
{
    char *colon = strstr(title, ": ");
    const char *unit = strrchr(title, ',');
    if (colon != NULL && unit != NULL && unit > colon && strchr(colon, '|') != NULL) {
        memmove(colon, unit, strlen(unit) + 1);
    }
}

char *
fisc_page_part_title(const FiscDossierPart *part)
{
    const char *title = part->table->title;
    char *words = fisc_page_text(title != NULL && title[0] != '\0' ? title : part->name);
    shorten_title(words);
    return words;
}

char *
fisc_page_currency(const FiscDossier *dossier)
{
    const char *currency = dossier->scope.currency;
    return currency == NULL || *currency == '\0'
               ? g_strdup("")
               : g_strdup_printf("%s %s", fisc_label(dossier->language, "Amounts in"), currency);
}

GArray *
fisc_page_columns(const FiscTable *table)
{
    GArray *shown = g_array_new(FALSE, FALSE, sizeof(guint));
    for (guint i = 0; i < table->columns->len; i++) {
        if (!g_array_index(table->columns, FiscColumn, i).for_machines) {
            g_array_append_val(shown, i);
        }
    }
    return shown;
}

int
fisc_page_label_column(const FiscTable *table)
{
    g_autoptr(GArray) shown = fisc_page_columns(table);
    int label = -1;
    for (guint i = 0; i < shown->len; i++) {
        guint column = g_array_index(shown, guint, i);
        if (fisc_page_is_number(table, column)) {
            break;
        }
        label = (int)column;
    }
    return label;
}

/* render_table.c: a table for people: title, aligned columns, grouped digits, notes below.
 *
 * Plain UTF-8 text of any width; whether there is a terminal, and how wide, is the edge's concern.
 * A heading row prints its first text alone, broken into lines at the width of the table; notes are
 * broken there too. Rows of a lower level are indented in the label: the last text column before
 * the first number, or the first column shown. */
#include "core/formats/render.h"
#include "fisc/money.h"
#include <string.h>

#define GAP 2    /* spaces between columns */
#define INDENT 2 /* spaces for one level */
/* Headings and notes are not broken before this, however narrow the table. */
#define PROSE_WIDTH_MIN 104
#define LAST_WIDTH_MAX 120 /* of a text with nothing to its right, for the rule and for notes */

/* How the rows of one table are laid out. */
typedef struct {
    const FiscTable *table;
    int *width;       /* of each column; 0 = not shown */
    int label_column; /* the one that is indented; -1: no column is shown */
    int prose_width;  /* of headings and notes */
} Sheet;

static int
display_width(const char *text)
{
    int width = 0;
    for (const char *at = text; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);
        if (!g_unichar_iszerowidth(character)) {
            width += g_unichar_iswide(character) ? 2 : 1;
        }
    }
    return width;
}

/* A control character would move the cursor or worse: line ends and the like become spaces. */
static char *
one_line(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    GString *line = g_string_new(NULL);
    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        gunichar character = g_utf8_get_char(at);
        g_string_append_unichar(line, g_unichar_iscntrl(character) ? ' ' : character);
    }
    return g_string_free(line, FALSE);
}

static const FiscColumn *
column_at(const Sheet *sheet, int column)
{
    return &g_array_index(sheet->table->columns, FiscColumn, column);
}

static bool
is_number(const FiscColumn *column)
{
    return column->kind != FISC_COLUMN_TEXT;
}

static char *
cell_words(const Sheet *sheet, const FiscRow *row, int column)
{
    const FiscCell *cell = &row->cells[column];
    char buffer[FISC_SUM_TEXT];
    if (!cell->is_set) {
        return g_strdup("");
    }
    switch (column_at(sheet, column)->kind) {
    case FISC_COLUMN_AMOUNT:
        return g_strdup(fisc_sum_format_grouped(cell->number, sheet->table->decimals, buffer));
    case FISC_COLUMN_INTEGER:
        return g_strdup(fisc_sum_format(cell->number, 0, buffer));
    case FISC_COLUMN_TEXT:
        break;
    }
    g_autofree char *text = one_line(cell->text);
    int indent = column == sheet->label_column ? row->level * INDENT : 0;
    return g_strdup_printf("%*s%s", indent, "", text);
}

static int
find_label_column(const FiscTable *table)
{
    int label = -1;
    for (guint i = 0; i < table->columns->len; i++) {
        const FiscColumn *column = &g_array_index(table->columns, FiscColumn, i);
        if (column->for_machines) {
            continue;
        }
        if (is_number(column)) {
            break;
        }
        label = (int)i;
    }
    return label;
}

static void
widen(Sheet *sheet, const FiscRow *row)
{
    for (guint i = 0; i < sheet->table->columns->len; i++) {
        if (sheet->width[i] == 0) {
            continue;
        }
        g_autofree char *words = cell_words(sheet, row, (int)i);
        sheet->width[i] = MAX(sheet->width[i], display_width(words));
    }
}

/* A long text in the last column moves no other: it draws the rule out no further, and the notes.
 */
static void
narrow_last(Sheet *sheet)
{
    int last = (int)sheet->table->columns->len - 1;
    while (last >= 0 && sheet->width[last] == 0) {
        last--;
    }
    if (last >= 0 && !is_number(column_at(sheet, last))) {
        sheet->width[last] = MIN(sheet->width[last], LAST_WIDTH_MAX);
    }
}

static void
measure(Sheet *sheet)
{
    for (guint i = 0; i < sheet->table->columns->len; i++) {
        const FiscColumn *column = column_at(sheet, (int)i);
        sheet->width[i] = column->for_machines ? 0 : MAX(1, display_width(column->name));
    }
    for (guint i = 0; i < sheet->table->rows->len; i++) {
        const FiscRow *row = g_ptr_array_index(sheet->table->rows, i);
        if (!row->heading) {
            widen(sheet, row);
        }
    }
    narrow_last(sheet);
    int total = 0;
    for (guint i = 0; i < sheet->table->columns->len; i++) {
        total += sheet->width[i] > 0 ? sheet->width[i] + (total > 0 ? GAP : 0) : 0;
    }
    sheet->prose_width = MAX(total, PROSE_WIDTH_MIN);
}

static void
append_spaces(GString *out, int count)
{
    for (int i = 0; i < count; i++) {
        g_string_append_c(out, ' ');
    }
}

static void
append_padded(GString *out, const char *words, int width, bool to_the_right)
{
    int padding = width - display_width(words);
    append_spaces(out, to_the_right ? padding : 0);
    g_string_append(out, words);
    append_spaces(out, to_the_right ? 0 : padding);
}

static void
end_line(GString *out)
{
    while (out->len > 0 && out->str[out->len - 1] == ' ') {
        g_string_truncate(out, out->len - 1);
    }
    g_string_append_c(out, '\n');
}

/* One line of cells: the names of the columns when @row is NULL. */
static void
append_line(const Sheet *sheet, const FiscRow *row, GString *out)
{
    bool is_first = true;
    for (guint i = 0; i < sheet->table->columns->len; i++) {
        if (sheet->width[i] == 0) {
            continue;
        }
        const FiscColumn *column = column_at(sheet, (int)i);
        g_autofree char *words =
            row != NULL ? cell_words(sheet, row, (int)i) : one_line(column->name);
        append_spaces(out, is_first ? 0 : GAP);
        append_padded(out, words, sheet->width[i], is_number(column));
        is_first = false;
    }
    end_line(out);
}

static void
append_rule(const Sheet *sheet, GString *out)
{
    bool is_first = true;
    for (guint i = 0; i < sheet->table->columns->len; i++) {
        if (sheet->width[i] == 0) {
            continue;
        }
        append_spaces(out, is_first ? 0 : GAP);
        for (int dash = 0; dash < sheet->width[i]; dash++) {
            g_string_append_c(out, '-');
        }
        is_first = false;
    }
    end_line(out);
}

/* Words of @text on lines of at most @width; all but the first begin with @indent spaces. */
static void
append_prose(GString *out, const char *text, int begun, int indent, int width)
{
    g_autofree char *line = one_line(text);
    g_auto(GStrv) words = g_strsplit(line, " ", -1);
    int used = begun;
    for (char **word = words; *word != NULL; word++) {
        int length = display_width(*word);
        bool is_first = word == words;
        if (!is_first && used + 1 + length > width) {
            end_line(out);
            append_spaces(out, indent);
            used = indent;
        } else if (!is_first) {
            g_string_append_c(out, ' ');
            used++;
        }
        g_string_append(out, *word);
        used += length;
    }
    end_line(out);
}

static void
append_heading(const Sheet *sheet, const FiscRow *row, bool is_first, GString *out)
{
    int indent = row->level * INDENT;
    if (!is_first && row->level == 0) {
        g_string_append_c(out, '\n');
    }
    append_spaces(out, indent);
    for (guint i = 0; i < sheet->table->columns->len; i++) {
        if (sheet->width[i] != 0 && row->cells[i].is_set && !is_number(column_at(sheet, (int)i))) {
            append_prose(out, row->cells[i].text, indent, indent + INDENT, sheet->prose_width);
            return;
        }
    }
    end_line(out);
}

static void
append_rows(const Sheet *sheet, GString *out)
{
    for (guint i = 0; i < sheet->table->rows->len; i++) {
        const FiscRow *row = g_ptr_array_index(sheet->table->rows, i);
        if (row->heading) {
            append_heading(sheet, row, i == 0, out);
        } else {
            append_line(sheet, row, out);
        }
    }
}

static void
append_notes(const Sheet *sheet, GString *out)
{
    static const char bullet[] = "* ";
    bool is_first = true;
    for (guint i = 0; i < sheet->table->notes->len; i++) {
        if (g_array_index(sheet->table->note_places, FiscNotePlace, i).is_beside) {
            continue;
        }
        g_string_append(out, is_first ? "\n" : "");
        g_string_append(out, bullet);
        append_prose(out, g_ptr_array_index(sheet->table->notes, i), (int)strlen(bullet),
                     (int)strlen(bullet), sheet->prose_width);
        is_first = false;
    }
}

void
fisc_render_table(const FiscTable *table, GString *out)
{
    Sheet sheet = {.table = table, .label_column = find_label_column(table)};
    g_autofree int *width = g_new0(int, table->columns->len + 1);
    sheet.width = width;
    measure(&sheet);
    if (table->title != NULL && table->title[0] != '\0') {
        g_autofree char *title = one_line(table->title);
        g_string_append_printf(out, "%s\n\n", title);
    }
    append_line(&sheet, NULL, out);
    append_rule(&sheet, out);
    append_rows(&sheet, out);
    append_notes(&sheet, out);
}

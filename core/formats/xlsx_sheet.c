/* xlsx_sheet.c: a table on a sheet.
 *
 * A spreadsheet holds numbers as binary floating point, so an amount is a number only when the file
 * then says exactly the same decimal; a larger one is text, to the cent. This is the one place
 * where an amount passes through such a number on its way out. Text is written as text: nothing
 * runs as a formula. */
#include "core/formats/xlsx_sheet.h"
#include "core/formats/xlsx_cell.h"
#include "fisc/money.h"
#include <string.h>

#define WIDTH_MAX 60
#define WIDTH_PADDING 2
#define WIDTH_OF_KEYS 40
#define FROZEN_WIDTH_MAX 90 /* columns that stay in sight must leave room for others */
#define OUTLINE_MAX 7       /* levels that a spreadsheet knows */
#define LINE_PERCENT 140    /* height of a line, of its letters' */
#define ROW_POINTS_MAX 400
#define PAPER_A4 9
#define FOOTER_MAX 200 /* bytes of words in a footer: it takes 255 in all */

typedef struct {
    FiscXlsxLooks *looks;
    const FiscXlsxPage *page;
    const FiscTable *table;
    bool is_data; /* read back: all columns, header first, no notes */
    lxw_worksheet *sheet;
    int label_column; /* of the table: the one that is indented */
    lxw_row_t row;    /* the next one */
    GArray *shown;    /* of int: the columns of the table that are written */
    GArray *widths;   /* of int, by shown column */
    GArray *keyed;    /* of int: the columns whose figures have keys */
} Writer;

char *
fisc_xlsx_cell_text(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    return fisc_xlsx_escape(valid);
}

const char *
fisc_xlsx_say(const FiscWorkbook *book, const char *words)
{
    return book != NULL && book->say != NULL ? book->say(book->language, words) : words;
}

static const FiscColumn *
column_at(const Writer *writer, guint index)
{
    return &g_array_index(writer->table->columns, FiscColumn,
                          g_array_index(writer->shown, int, index));
}

static const char *
column_words(const Writer *writer, guint index)
{
    return fisc_xlsx_say(writer->page->book, column_at(writer, index)->name);
}

/* ---- which columns, and how wide ---- */

/* In cells of a line: those of East Asian scripts are two wide. */
static int
width_of(const char *text)
{
    int width = 0;
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    for (const char *at = valid; *at != '\0'; at = g_utf8_next_char(at)) {
        width += g_unichar_iswide(g_utf8_get_char(at)) ? 2 : 1;
    }
    return width;
}

/* Which columns are written, and which of them is indented: the last text before the numbers. */
static void
choose_columns(Writer *writer)
{
    bool has_number = false;
    writer->label_column = -1;
    for (int i = 0; i < (int)writer->table->columns->len; i++) {
        const FiscColumn *column = &g_array_index(writer->table->columns, FiscColumn, i);
        if (column->for_machines && !writer->is_data) {
            continue;
        }
        has_number = has_number || column->kind != FISC_COLUMN_TEXT;
        writer->label_column = has_number ? writer->label_column : i;
        g_array_append_val(writer->shown, i);
    }
}

static void
choose_keyed(Writer *writer)
{
    for (guint k = 0; writer->page->book != NULL && k < writer->shown->len; k++) {
        int at = g_array_index(writer->shown, int, k);
        bool has_key = false;
        for (guint i = 0; i < writer->table->rows->len && !has_key; i++) {
            const FiscRow *row = writer->table->rows->pdata[i];
            has_key = row->cells[at].drill != NULL;
        }
        if (has_key) {
            g_array_append_val(writer->keyed, at);
        }
    }
}

static int
cell_width(const Writer *writer, const FiscRow *row, guint index)
{
    const FiscColumn *column = column_at(writer, index);
    int at = g_array_index(writer->shown, int, index);
    const FiscCell *cell = &row->cells[at];
    char grouped[FISC_SUM_TEXT];
    if (!cell->is_set || row->heading) {
        return 0;
    }
    if (column->kind == FISC_COLUMN_TEXT) {
        return width_of(cell->text != NULL ? cell->text : "") +
               (at == writer->label_column ? row->level : 0);
    }
    bool is_amount = column->kind == FISC_COLUMN_AMOUNT;
    return (int)strlen(
        fisc_sum_format_grouped(cell->number, is_amount ? writer->table->decimals : 0, grouped));
}

static void
measure_columns(Writer *writer)
{
    for (guint k = 0; k < writer->shown->len; k++) {
        int width = width_of(column_words(writer, k));
        for (guint i = 0; i < writer->table->rows->len; i++) {
            width = MAX(width, cell_width(writer, writer->table->rows->pdata[i], k));
        }
        width = MIN(width, WIDTH_MAX) + WIDTH_PADDING;
        g_array_append_val(writer->widths, width);
    }
}

static void
set_widths(Writer *writer)
{
    for (guint k = 0; k < writer->shown->len; k++) {
        fisc_xlsx_keep_problem(writer->looks,
                               worksheet_set_column(writer->sheet, (lxw_col_t)k, (lxw_col_t)k,
                                                    g_array_index(writer->widths, int, k), NULL));
    }
    if (writer->keyed->len > 0) {
        lxw_row_col_options folded = {.hidden = LXW_TRUE, .level = 1};
        lxw_row_col_options fold = {.collapsed = LXW_TRUE};
        lxw_col_t first = (lxw_col_t)writer->shown->len;
        lxw_col_t last = (lxw_col_t)(first + writer->keyed->len - 1);
        worksheet_set_column_opt(writer->sheet, first, last, WIDTH_OF_KEYS, NULL, &folded);
        worksheet_set_column_opt(writer->sheet, last + 1, last + 1, LXW_DEF_COL_WIDTH, NULL, &fold);
    }
    /* Codes are digits and text on purpose: no green corners. */
    guint columns = MAX(writer->shown->len + writer->keyed->len, 1);
    g_autofree char *range = g_strdup_printf(
        "A1:%s%d", fisc_xlsx_letters((int)columns - 1, (char[8]){0}), (int)MAX(writer->row, 1));
    fisc_xlsx_keep_problem(
        writer->looks,
        worksheet_ignore_errors(writer->sheet, LXW_IGNORE_NUMBER_STORED_AS_TEXT, range));
}

/* ---- cells ---- */

static void
write_text(Writer *writer, guint index, const char *text, lxw_format *format)
{
    g_autofree char *valid = fisc_xlsx_cell_text(text);
    fisc_xlsx_keep_problem(writer->looks, worksheet_write_string(writer->sheet, writer->row,
                                                                 (lxw_col_t)index, valid, format));
}

static void
write_number(Writer *writer, guint index, __int128 number, int decimals, lxw_format *format)
{
    char decimal[FISC_SUM_TEXT];
    fisc_sum_format(number, decimals, decimal);
    if (!fisc_xlsx_is_exact(decimal)) {
        write_text(writer, index, decimal, format);
        return;
    }
    fisc_xlsx_keep_problem(writer->looks,
                           worksheet_write_number(writer->sheet, writer->row, (lxw_col_t)index,
                                                  g_ascii_strtod(decimal, NULL), format));
}

static void
write_cell(Writer *writer, const FiscRow *row, guint index)
{
    const FiscColumn *column = column_at(writer, index);
    int at = g_array_index(writer->shown, int, index);
    const FiscCell *cell = &row->cells[at];
    if (!cell->is_set) {
        return;
    }
    if (column->kind == FISC_COLUMN_TEXT) {
        int level = at == writer->label_column ? row->level : 0;
        write_text(writer, index, cell->text,
                   fisc_xlsx_text_look(writer->looks, level, row->strong));
    } else {
        int decimals = column->kind == FISC_COLUMN_AMOUNT ? writer->table->decimals : 0;
        write_number(writer, index, cell->number, decimals,
                     fisc_xlsx_number_look(writer->looks, decimals, row->strong));
    }
}

/* How many lines words take when they are broken at the width of all columns. */
static int
lines_of(const Writer *writer, const char *words, int points)
{
    int width = 0;
    for (guint i = 0; i < writer->widths->len; i++) {
        width += g_array_index(writer->widths, int, i);
    }
    return 1 + (width_of(words) * points) / (MAX(width, 1) * FISC_XLSX_TEXT_POINTS);
}

/* Words over all columns. Those of a sheet alone run over the cells to the right; those of a book
 * are broken in one wide cell, so that they are printed whole. */
static void
write_words(Writer *writer, const char *words, lxw_format *format, int points)
{
    if (writer->page->book == NULL || writer->shown->len < 2) {
        write_text(writer, 0, words, format);
    } else {
        g_autofree char *valid = fisc_xlsx_cell_text(words);
        int height = lines_of(writer, words, points) * points * LINE_PERCENT / 100;
        lxw_col_t last = (lxw_col_t)(writer->shown->len - 1);
        fisc_xlsx_keep_problem(
            writer->looks,
            worksheet_merge_range(writer->sheet, writer->row, 0, writer->row, last, valid, format));
        worksheet_set_row(writer->sheet, writer->row, MIN(height, ROW_POINTS_MAX), NULL);
    }
    writer->row++;
}

/* ---- the sheet ---- */

static void
write_title(Writer *writer)
{
    write_words(writer, writer->table->title, writer->looks->title, FISC_XLSX_TITLE_POINTS);
    if (writer->page->front != NULL) {
        g_autofree char *link = g_strdup_printf("internal:'%s'!A1", writer->page->front);
        g_autofree char *words = fisc_xlsx_cell_text(writer->page->front);
        fisc_xlsx_keep_problem(writer->looks,
                               worksheet_write_url_opt(writer->sheet, writer->row, 0, link,
                                                       writer->looks->link, words, NULL));
    }
    writer->row++;
}

/* The header stays in sight, and in a book the words of the rows do, too. */
static void
freeze(Writer *writer)
{
    int width = 0;
    lxw_col_t columns = 0;
    for (guint k = 0; writer->page->book != NULL && k < writer->shown->len; k++) {
        width += g_array_index(writer->widths, int, k);
        if (g_array_index(writer->shown, int, k) == writer->label_column) {
            columns = (lxw_col_t)(width <= FROZEN_WIDTH_MAX ? k + 1 : 0);
            break;
        }
    }
    worksheet_freeze_panes(writer->sheet, writer->row, columns);
}

static void
write_header(Writer *writer)
{
    for (guint i = 0; i < writer->shown->len; i++) {
        bool is_text = column_at(writer, i)->kind == FISC_COLUMN_TEXT;
        write_text(writer, i, column_words(writer, i),
                   is_text ? writer->looks->header : writer->looks->header_number);
    }
    for (guint i = 0; i < writer->keyed->len; i++) {
        const FiscColumn *column = &g_array_index(writer->table->columns, FiscColumn,
                                                  g_array_index(writer->keyed, int, i));
        g_autofree char *words = g_strdup_printf("fisc drill: %s", column->name);
        write_text(writer, writer->shown->len + i, words, writer->looks->header);
    }
    if (writer->page->book != NULL) {
        worksheet_repeat_rows(writer->sheet, writer->row, writer->row);
    }
    writer->row++;
    freeze(writer);
}

static void
write_heading(Writer *writer, const FiscRow *row)
{
    for (guint i = 0; i < writer->table->columns->len; i++) {
        if (row->cells[i].text != NULL) {
            write_words(writer, row->cells[i].text,
                        fisc_xlsx_text_look(writer->looks, row->level, true),
                        FISC_XLSX_TEXT_POINTS);
            return;
        }
    }
    writer->row++;
}

/* Details fold under the row they belong to. */
static void
set_outline(Writer *writer, const FiscRow *row)
{
    if (writer->page->book != NULL && row->level > 0) {
        lxw_row_col_options options = {.level = (uint8_t)MIN(row->level, OUTLINE_MAX)};
        worksheet_set_row_opt(writer->sheet, writer->row, LXW_DEF_ROW_HEIGHT, NULL, &options);
    }
}

static void
write_row(Writer *writer, const FiscRow *row)
{
    set_outline(writer, row);
    for (guint k = 0; k < writer->shown->len; k++) {
        write_cell(writer, row, k);
    }
    for (guint i = 0; i < writer->keyed->len; i++) {
        const char *key = row->cells[g_array_index(writer->keyed, int, i)].drill;
        if (key != NULL) {
            write_text(writer, writer->shown->len + i, key,
                       fisc_xlsx_text_look(writer->looks, 0, false));
        }
    }
    writer->row++;
}

static void
write_rows(Writer *writer)
{
    for (guint i = 0; i < writer->table->rows->len; i++) {
        const FiscRow *row = writer->table->rows->pdata[i];
        if (!row->heading) {
            write_row(writer, row);
        } else if (!writer->is_data) {
            write_heading(writer, row);
        }
    }
}

static void
write_notes(Writer *writer)
{
    writer->row++;
    for (guint i = 0; i < writer->table->notes->len; i++) {
        if (!g_array_index(writer->table->note_places, FiscNotePlace, i).is_beside) {
            write_words(writer, writer->table->notes->pdata[i], writer->looks->note,
                        FISC_XLSX_TEXT_POINTS);
        }
    }
}

/* In a footer "&" begins an instruction, so one that is meant is doubled. */
void
fisc_xlsx_sheet_set_print(FiscXlsxLooks *looks, lxw_worksheet *sheet, const char *words)
{
    g_autofree char *valid = g_utf8_make_valid(words, -1);
    g_autoptr(GString) footer = g_string_new("&L");
    for (const char *at = valid; *at != '\0' && footer->len < FOOTER_MAX;
         at = g_utf8_next_char(at)) {
        g_string_append_len(footer, at, g_utf8_next_char(at) - at);
        g_string_append(footer, *at == '&' ? "&" : "");
    }
    g_string_append(footer, "&R&P / &N");
    worksheet_set_landscape(sheet);
    worksheet_set_paper(sheet, PAPER_A4);
    worksheet_fit_to_pages(sheet, 1, 0);
    fisc_xlsx_keep_problem(looks, worksheet_set_footer(sheet, footer->str));
}

static void
write_parts(Writer *writer)
{
    if (writer->page->book != NULL) {
        worksheet_outline_settings(writer->sheet, LXW_TRUE, LXW_FALSE, LXW_TRUE, LXW_FALSE);
        fisc_xlsx_sheet_set_print(writer->looks, writer->sheet, writer->table->title);
    }
    if (!writer->is_data) {
        write_title(writer);
    }
    write_header(writer);
    write_rows(writer);
    if (!writer->is_data) {
        write_notes(writer);
    }
    set_widths(writer);
}

void
fisc_xlsx_sheet_write(FiscXlsxLooks *looks, lxw_worksheet *sheet, const FiscXlsxPage *page)
{
    const char *title = page->table->title;
    Writer writer = {.looks = looks,
                     .page = page,
                     .table = page->table,
                     .is_data = title == NULL || *title == '\0',
                     .sheet = sheet,
                     .shown = g_array_new(FALSE, FALSE, sizeof(int)),
                     .widths = g_array_new(FALSE, FALSE, sizeof(int)),
                     .keyed = g_array_new(FALSE, FALSE, sizeof(int))};
    choose_columns(&writer);
    choose_keyed(&writer);
    measure_columns(&writer);
    write_parts(&writer);
    g_array_unref(writer.shown);
    g_array_unref(writer.widths);
    g_array_unref(writer.keyed);
}

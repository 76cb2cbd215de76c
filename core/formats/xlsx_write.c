/* xlsx_write.c: a table as a spreadsheet of one sheet.
 *
 * A spreadsheet holds numbers as binary floating point, so an amount is a number only when the file
 * then says exactly the same decimal; a larger one is text, to the cent. This is the one place
 * where an amount passes through such a number on its way out. Text is written as text: nothing
 * runs as a formula. The date of the file is fixed, so the same table gives the same bytes. */
#include "core/formats/xlsx_cell.h"
#include "fisc/money.h"
#include "fisc/xlsx.h"
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>
#include <xlsxwriter.h>

#define CREATED_AT 946684800 /* 2000-01-01: a constant, so that the bytes are */
#define LEVELS_MAX 15        /* indentations that a spreadsheet knows */
#define WIDTH_MAX 60
#define SHEET_NAME_MAX 31
#define PIXELS_INDENT 2

typedef struct {
    const FiscTable *table;
    bool is_data; /* read back: all columns, header first, no notes */
    lxw_workbook *workbook;
    lxw_worksheet *sheet;
    lxw_format *title, *header, *header_number, *note;
    lxw_format *text[LEVELS_MAX + 1][2]; /* by level, and whether it is strong; made when needed */
    lxw_format *number[2][2];            /* integer or amount, and whether it is strong */
    int label_column;                    /* the one that is indented */
    lxw_row_t row;                       /* the next one */
    GArray *shown;                       /* of int: the columns of the table that are written */
    GArray *widths;                      /* of int, by shown column */
    lxw_error problem;                   /* the first */
} Writer;

static void
keep_problem(Writer *writer, lxw_error problem)
{
    writer->problem = writer->problem != LXW_NO_ERROR ? writer->problem : problem;
}

static const FiscColumn *
column_at(const Writer *writer, guint index)
{
    return &g_array_index(writer->table->columns, FiscColumn,
                          g_array_index(writer->shown, int, index));
}

/* ---- looks ---- */

static lxw_format *
new_format(Writer *writer, bool is_strong)
{
    lxw_format *format = workbook_add_format(writer->workbook);
    format_set_align(format, LXW_ALIGN_VERTICAL_TOP);
    if (is_strong) {
        format_set_bold(format);
    }
    return format;
}

static lxw_format *
new_number_format(Writer *writer, int decimals, bool is_strong)
{
    lxw_format *format = new_format(writer, is_strong);
    g_autoptr(GString) code = g_string_new("#,##0");
    for (int i = 0; i < decimals; i++) {
        g_string_append(code, i == 0 ? ".0" : "0");
    }
    format_set_num_format(format, code->str);
    format_set_align(format, LXW_ALIGN_RIGHT); /* of a number that is text, too */
    return format;
}

static lxw_format *
text_format(Writer *writer, int level, bool is_strong)
{
    int indent = CLAMP(level, 0, LEVELS_MAX);
    lxw_format **format = &writer->text[indent][is_strong];
    if (*format == NULL) {
        *format = new_format(writer, is_strong);
        format_set_num_format(*format, "@"); /* a code stays text when somebody types over it */
        format_set_indent(*format, (uint8_t)indent);
    }
    return *format;
}

static void
make_formats(Writer *writer)
{
    writer->title = new_format(writer, true);
    format_set_font_size(writer->title, 14);
    writer->header = new_format(writer, true);
    writer->header_number = new_format(writer, true);
    format_set_align(writer->header_number, LXW_ALIGN_RIGHT);
    for (int i = 0; i < 2; i++) {
        lxw_format *format = i == 0 ? writer->header : writer->header_number;
        format_set_bg_color(format, 0xD9E1F2);
        format_set_bottom(format, LXW_BORDER_THIN);
        writer->number[0][i] = new_number_format(writer, 0, i == 1);
        writer->number[1][i] = new_number_format(writer, writer->table->decimals, i == 1);
    }
    writer->note = new_format(writer, false);
    format_set_italic(writer->note);
}

/* Letters, digits, spaces, '-' and '_' of the table's name: what every sheet may be called. */
static char *
sheet_name(const FiscTable *table)
{
    char *name = g_strndup(table->name != NULL ? table->name : "", SHEET_NAME_MAX);
    for (char *at = name; *at != '\0'; at++) {
        *at = g_ascii_isalnum(*at) || strchr(" -_", *at) != NULL ? *at : '_';
    }
    if (*name == '\0') {
        g_free(name);
        name = g_strdup("fisc");
    }
    return name;
}

/* ---- cells ---- */

static char *
cell_text(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    return fisc_xlsx_escape(valid);
}

static void
write_text(Writer *writer, guint index, const char *text, lxw_format *format)
{
    g_autofree char *valid = cell_text(text);
    keep_problem(writer, worksheet_write_string(writer->sheet, writer->row, (lxw_col_t)index, valid,
                                                format));
    int *width = &g_array_index(writer->widths, int, index);
    *width = MAX(*width, (int)MIN(g_utf8_strlen(valid, -1), WIDTH_MAX));
}

static void
write_number(Writer *writer, guint index, __int128 number, int decimals, lxw_format *format)
{
    char decimal[FISC_SUM_TEXT];
    char grouped[FISC_SUM_TEXT];
    fisc_sum_format(number, decimals, decimal);
    fisc_sum_format_grouped(number, decimals, grouped);
    if (!fisc_xlsx_is_exact(decimal)) {
        write_text(writer, index, decimal, format);
        return;
    }
    keep_problem(writer, worksheet_write_number(writer->sheet, writer->row, (lxw_col_t)index,
                                                g_ascii_strtod(decimal, NULL), format));
    int *width = &g_array_index(writer->widths, int, index);
    *width = MAX(*width, (int)strlen(grouped));
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
        write_text(writer, index, cell->text, text_format(writer, level, row->strong));
    } else {
        bool is_amount = column->kind == FISC_COLUMN_AMOUNT;
        write_number(writer, index, cell->number, is_amount ? writer->table->decimals : 0,
                     writer->number[is_amount][row->strong]);
    }
}

/* Words that may run over the cells to the right: they do not widen their column. */
static void
write_words(Writer *writer, const char *words, lxw_format *format)
{
    g_autofree char *valid = cell_text(words);
    keep_problem(writer, worksheet_write_string(writer->sheet, writer->row, 0, valid, format));
    writer->row++;
}

/* ---- the sheet ---- */

static void
write_header(Writer *writer)
{
    for (guint i = 0; i < writer->shown->len; i++) {
        const FiscColumn *column = column_at(writer, i);
        write_text(writer, i, column->name,
                   column->kind == FISC_COLUMN_TEXT ? writer->header : writer->header_number);
    }
    writer->row++;
    worksheet_freeze_panes(writer->sheet, writer->row, 0);
}

static void
write_heading(Writer *writer, const FiscRow *row)
{
    for (guint i = 0; i < writer->table->columns->len; i++) {
        if (row->cells[i].text != NULL) {
            write_words(writer, row->cells[i].text, text_format(writer, row->level, true));
            return;
        }
    }
    writer->row++;
}

static void
write_rows(Writer *writer)
{
    for (guint i = 0; i < writer->table->rows->len; i++) {
        const FiscRow *row = writer->table->rows->pdata[i];
        if (row->heading && !writer->is_data) {
            write_heading(writer, row);
        }
        for (guint k = 0; !row->heading && k < writer->shown->len; k++) {
            write_cell(writer, row, k);
        }
        writer->row += row->heading ? 0 : 1;
    }
}

static void
write_notes(Writer *writer)
{
    writer->row++;
    for (guint i = 0; i < writer->table->notes->len; i++) {
        if (!g_array_index(writer->table->note_places, FiscNotePlace, i).is_beside) {
            write_words(writer, writer->table->notes->pdata[i], writer->note);
        }
    }
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
        int width = 0;
        g_array_append_val(writer->shown, i);
        g_array_append_val(writer->widths, width);
    }
}

static void
set_widths(Writer *writer)
{
    for (guint i = 0; i < writer->shown->len; i++) {
        int width = g_array_index(writer->widths, int, i) + PIXELS_INDENT;
        keep_problem(writer, worksheet_set_column(writer->sheet, (lxw_col_t)i, (lxw_col_t)i,
                                                  (double)width, NULL));
    }
    /* Codes are digits and text on purpose: no green corners. */
    g_autofree char *range = g_strdup_printf(
        "A1:%s%d", fisc_xlsx_letters((int)MAX(writer->shown->len, 1) - 1, (char[8]){0}),
        (int)MAX(writer->row, 1));
    keep_problem(writer,
                 worksheet_ignore_errors(writer->sheet, LXW_IGNORE_NUMBER_STORED_AS_TEXT, range));
}

static void
write_sheet(Writer *writer)
{
    lxw_doc_properties properties = {
        .title = writer->table->title, .author = (char *)"fisc", .created = CREATED_AT};
    keep_problem(writer, workbook_set_properties(writer->workbook, &properties));
    make_formats(writer);
    choose_columns(writer);
    if (!writer->is_data) {
        write_words(writer, writer->table->title, writer->title);
        writer->row++;
    }
    write_header(writer);
    write_rows(writer);
    if (!writer->is_data) {
        write_notes(writer);
    }
    set_widths(writer);
}

/* ---- limits ---- */

static bool
check_text(const char *text, guint row, GError **error)
{
    if (text == NULL || strlen(text) <= FISC_XLSX_TEXT_MAX ||
        g_utf8_strlen(text, -1) <= FISC_XLSX_TEXT_MAX) {
        return true;
    }
    return fisc_fail(error, FISC_ERROR_USAGE,
                     "row %u has a text of more than %d characters, which no cell holds: use "
                     "--format csv",
                     row + 1, FISC_XLSX_TEXT_MAX);
}

static bool
check_size(const FiscTable *table, GError **error)
{
    if (table->rows->len + table->notes->len + 5 > FISC_XLSX_ROWS_MAX ||
        table->columns->len > FISC_XLSX_COLUMNS_MAX) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "a sheet holds %d rows and %d columns, not %u and %u: use --format csv",
                         FISC_XLSX_ROWS_MAX, FISC_XLSX_COLUMNS_MAX, table->rows->len,
                         table->columns->len);
    }
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        for (guint k = 0; k < table->columns->len; k++) {
            if (!check_text(row->cells[k].text, i, error)) {
                return false;
            }
        }
    }
    return true;
}

/* ---- the file ---- */

static bool
write_file(const FiscTable *table, const char *path, GError **error)
{
    Writer writer = {.table = table,
                     .is_data = table->title == NULL || *table->title == '\0',
                     .shown = g_array_new(FALSE, FALSE, sizeof(int)),
                     .widths = g_array_new(FALSE, FALSE, sizeof(int))};
    writer.workbook = workbook_new(path);
    if (writer.workbook != NULL) {
        g_autofree char *name = sheet_name(table);
        writer.sheet = workbook_add_worksheet(writer.workbook, name);
        write_sheet(&writer);
        keep_problem(&writer, workbook_close(writer.workbook));
    }
    g_array_unref(writer.shown);
    g_array_unref(writer.widths);
    if (writer.workbook == NULL || writer.problem != LXW_NO_ERROR) {
        return fisc_fail(error, FISC_ERROR_IO, "the spreadsheet could not be made: %s",
                         writer.workbook == NULL ? "no memory" : lxw_strerror(writer.problem));
    }
    return true;
}

/* The library writes files only: a temporary one, which nobody else may read. */
bool
fisc_xlsx_write(const FiscTable *table, GString *out, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autofree char *path = NULL;
    g_autofree char *bytes = NULL;
    gsize length = 0;
    if (!check_size(table, error)) {
        return false;
    }
    int fd = g_file_open_tmp("fisc-XXXXXX.xlsx", &path, &cause);
    if (fd < 0) {
        return fisc_fail(error, FISC_ERROR_IO, "no temporary file: %s", cause->message);
    }
    close(fd);
    bool is_written = write_file(table, path, error);
    if (is_written && !g_file_get_contents(path, &bytes, &length, &cause)) {
        is_written = fisc_fail(error, FISC_ERROR_IO, "%s", cause->message);
    }
    g_unlink(path);
    if (is_written) {
        g_string_append_len(out, bytes, (gssize)length);
    }
    return is_written;
}

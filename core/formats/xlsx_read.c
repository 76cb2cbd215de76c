/* xlsx_read.c: one sheet of a spreadsheet as a table of text, with the places its cells have.
 *
 * A cell is what a person sees in it, without its looks: a number in its shortest form, a day in
 * ISO, a formula's last value. A cell that shows an error, or a formula that was never computed,
 * has no value and is refused. What the columns mean is left to whoever reads the table. */
#include "fisc/xlsx.h"
#include "core/formats/csv_rows.h"
#include "core/formats/xlsx_book.h"
#include "core/formats/xlsx_cell.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>

typedef struct {
    FiscArchive *archive;
    FiscXlsxBook *book;
    FiscCsvRows rows;
    FiscRefusals *refusals;
    guint refusals_from; /* those of the sheet */
    int row;             /* 1-based, of the row being read */
    GPtrArray *cells;    /* of const char *: this row's, by column, as far as it is not empty */
    GPtrArray *fields;
    int64_t cells_all; /* of all rows so far */
    bool in_data;
    bool is_stopped; /* the header is refused */
    /* the cell being read */
    int column; /* 0-based */
    char *type;
    int style;
    bool has_formula;
    bool has_value;
    FiscXlsxText text;
} Sheet;

bool
fisc_xlsx_is(const char *data, gsize length)
{
    return length >= 4 && memcmp(data, "PK\3\4", 4) == 0;
}

/* ---- places ---- */

/* "column C (request_2019)". Caller frees. */
static char *
place_name(const FiscCsv *csv, int column)
{
    char letters[FISC_XLSX_LETTERS];
    fisc_xlsx_letters(column, letters);
    for (guint i = 0; i < csv->letters->len && i < csv->columns->len; i++) {
        if (g_array_index(csv->letters, int, i) == column) {
            return g_strdup_printf("column %s (%s)", letters, (char *)csv->columns->pdata[i]);
        }
    }
    return g_strdup_printf("column %s", letters);
}

static void
place_field(const FiscCsv *csv, FiscRefusal *refusal)
{
    int column = refusal->field != NULL ? fisc_csv_column(csv, refusal->field) : -1;
    if (column >= 0) {
        char *place = place_name(csv, g_array_index(csv->letters, int, column));
        g_free(refusal->field);
        refusal->field = place;
    }
}

void
fisc_csv_place_refusals(const FiscCsv *csv, FiscRefusals *refusals, guint from)
{
    for (guint i = from; csv->sheet != NULL && i < refusals->len; i++) {
        FiscRefusal *refusal = refusals->pdata[i];
        if (g_strcmp0(refusal->file, csv->file) == 0) {
            place_field(csv, refusal);
        }
    }
}

static void G_GNUC_PRINTF(4, 5)
    refuse_cell(Sheet *sheet, FiscError code, const char *hint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *detail = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_autofree char *place = place_name(sheet->rows.csv, sheet->column);
    fisc_csv_rows_refuse(&sheet->rows, code, sheet->row, place, hint, "%s", detail);
}

/* ---- cells ---- */

static void
set_cell(Sheet *sheet, const char *text)
{
    if (*text == '\0') {
        return;
    }
    if (sheet->column >= (int)sheet->cells->len) {
        g_ptr_array_set_size(sheet->cells, sheet->column + 1);
    }
    sheet->cells->pdata[sheet->column] = (char *)text;
}

static void
keep_cell(Sheet *sheet, const char *text)
{
    set_cell(sheet, g_string_chunk_insert(sheet->rows.csv->chunk, text));
}

static void
take_shared(Sheet *sheet, const char *value)
{
    guint64 index = 0;
    const GPtrArray *strings = sheet->book->strings;
    if (strings->len == 0 ||
        !g_ascii_string_to_unsigned(value, 10, 0, strings->len - 1, &index, NULL)) {
        refuse_cell(sheet, FISC_ERROR_VALUE_INVALID, "save it again as .xlsx",
                    "the cell's text is missing in the file");
        return;
    }
    set_cell(sheet, strings->pdata[index]);
}

static void
take_number(Sheet *sheet, const char *value)
{
    g_autofree char *number = fisc_xlsx_number(value);
    if (number == NULL) {
        refuse_cell(sheet, FISC_ERROR_VALUE_INVALID, NULL, "\"%.40s\" is no number", value);
        return;
    }
    const GArray *styles = sheet->book->is_day_style;
    bool is_day = sheet->style >= 0 && sheet->style < (int)styles->len &&
                  g_array_index(styles, bool, sheet->style);
    g_autofree char *day = is_day ? fisc_xlsx_day(number, sheet->book->is_1904) : NULL;
    keep_cell(sheet, day != NULL ? day : number);
}

static void
take_error(Sheet *sheet, const char *value)
{
    refuse_cell(sheet, FISC_ERROR_VALUE_INVALID, "correct the formula",
                "the cell shows the error %.40s", value);
}

static void
take_boolean(Sheet *sheet, const char *value)
{
    set_cell(sheet, strcmp(value, "0") == 0 ? "false" : "true");
}

static void
take_text(Sheet *sheet, const char *value)
{
    g_autofree char *text = g_strdup(value);
    fisc_xlsx_unescape(text);
    keep_cell(sheet, text);
}

static void
take_as_it_is(Sheet *sheet, const char *value)
{
    keep_cell(sheet, value);
}

static const struct {
    const char *type;
    void (*take)(Sheet *sheet, const char *value);
} types[] = {{"n", take_number}, {"s", take_shared},  {"str", take_text},  {"inlineStr", take_text},
             {"e", take_error},  {"b", take_boolean}, {"d", take_as_it_is}};

static void
end_cell(Sheet *sheet)
{
    const char *type = sheet->type != NULL ? sheet->type : "n";
    if (!sheet->has_value) {
        if (sheet->has_formula && strcmp(type, "str") != 0) {
            refuse_cell(sheet, FISC_ERROR_VALUE_INVALID, "open it in a spreadsheet and save it",
                        "the formula was never computed");
        }
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        if (strcmp(types[i].type, type) == 0) {
            types[i].take(sheet, sheet->text.text->str);
            return;
        }
    }
    refuse_cell(sheet, FISC_ERROR_VALUE_INVALID, NULL, "a cell of the type \"%.20s\" is not known",
                type);
}

/* ---- rows ---- */

/* Columns without a heading are left out; take_row() sees that nothing stands in them. */
static void
take_header(Sheet *sheet)
{
    FiscCsv *csv = sheet->rows.csv;
    for (guint i = 0; i < sheet->cells->len; i++) {
        if (sheet->cells->pdata[i] != NULL) {
            g_ptr_array_add(sheet->fields, sheet->cells->pdata[i]);
            g_array_append_val(csv->letters, i);
        }
    }
    sheet->is_stopped = !fisc_csv_rows_header(&sheet->rows, sheet->row, sheet->fields);
}

static void
take_row(Sheet *sheet)
{
    const FiscCsv *csv = sheet->rows.csv;
    guint next = 0;
    for (guint i = 0; i < sheet->cells->len; i++) {
        const char *text = sheet->cells->pdata[i];
        if (next < csv->letters->len && g_array_index(csv->letters, guint, next) == i) {
            g_ptr_array_add(sheet->fields, (char *)(text != NULL ? text : ""));
            next++;
        } else if (text != NULL) {
            sheet->column = (int)i;
            refuse_cell(sheet, FISC_ERROR_COLUMN_COUNT, "give the column a heading, or empty it",
                        "\"%.40s\" stands in a column without a heading", text);
        }
    }
    for (; next < csv->letters->len; next++) {
        g_ptr_array_add(sheet->fields, (char *)"");
    }
    fisc_csv_rows_take(&sheet->rows, sheet->row, sheet->fields);
}

static void
end_row(Sheet *sheet)
{
    if (sheet->cells->len == 0 || sheet->is_stopped) {
        return;
    }
    sheet->cells_all += MAX(sheet->cells->len, sheet->rows.csv->columns->len);
    if (sheet->cells_all > FISC_XLSX_CELLS_MAX) {
        fisc_archive_refuse(sheet->archive, FISC_ERROR_LINE_TOO_LONG, "use a file of CSV",
                            "the sheet has more than %d cells", FISC_XLSX_CELLS_MAX);
        return;
    }
    g_ptr_array_set_size(sheet->fields, 0);
    if (sheet->rows.has_header) {
        take_row(sheet);
    } else {
        take_header(sheet);
    }
}

static void
refuse_order(Sheet *sheet, const char *what, const char *number)
{
    fisc_archive_refuse(sheet->archive, FISC_ERROR_VALUE_INVALID, "save it again as .xlsx",
                        "behind row %d its sheet has the %s \"%.20s\"", sheet->row, what, number);
}

static void
begin_row(Sheet *sheet, const char **attributes)
{
    const char *number = fisc_xml_attribute(attributes, "r");
    guint64 row = (guint64)sheet->row + 1;
    if ((number != NULL &&
         !g_ascii_string_to_unsigned(number, 10, row, FISC_XLSX_ROWS_MAX, &row, NULL)) ||
        row > FISC_XLSX_ROWS_MAX) {
        refuse_order(sheet, "row", number != NULL ? number : "beyond the last");
        return;
    }
    sheet->row = (int)row;
    sheet->column = -1;
    g_ptr_array_set_size(sheet->cells, 0);
}

static void
begin_cell(Sheet *sheet, const char **attributes)
{
    const char *place = fisc_xml_attribute(attributes, "r");
    const char *style = fisc_xml_attribute(attributes, "s");
    int column = sheet->column + 1;
    int row = sheet->row;
    if ((place != NULL && !fisc_xlsx_place(place, &column, &row)) || column <= sheet->column ||
        column >= FISC_XLSX_COLUMNS_MAX || row != sheet->row) {
        refuse_order(sheet, "cell", place != NULL ? place : "beyond the last");
        return;
    }
    sheet->column = column;
    g_free(sheet->type);
    sheet->type = g_strdup(fisc_xml_attribute(attributes, "t"));
    sheet->style = style != NULL ? (int)CLAMP(g_ascii_strtoll(style, NULL, 10), 0, G_MAXINT) : 0;
    sheet->has_formula = false;
    sheet->has_value = false;
    g_string_truncate(sheet->text.text, 0);
}

/* ---- the sheet ---- */

static void
on_begin(void *data, const char *name, const char **attributes)
{
    Sheet *sheet = data;
    if (strcmp(name, "sheetData") == 0) {
        sheet->in_data = true;
    } else if (!sheet->in_data) {
        return;
    } else if (strcmp(name, "row") == 0) {
        begin_row(sheet, attributes);
    } else if (strcmp(name, "c") == 0) {
        begin_cell(sheet, attributes);
    } else if (strcmp(name, "v") == 0) {
        sheet->text.is_open = true;
        sheet->has_value = true;
    } else {
        fisc_xlsx_text_begin(&sheet->text, name);
        sheet->has_formula = sheet->has_formula || strcmp(name, "f") == 0;
        sheet->has_value = sheet->has_value || strcmp(name, "is") == 0;
    }
}

static void
on_end(void *data, const char *name)
{
    Sheet *sheet = data;
    fisc_xlsx_text_end(&sheet->text, name);
    if (strcmp(name, "sheetData") == 0) {
        sheet->in_data = false;
    } else if (sheet->in_data && strcmp(name, "c") == 0) {
        end_cell(sheet);
    } else if (sheet->in_data && strcmp(name, "row") == 0) {
        end_row(sheet);
    }
}

static void
on_text(void *data, const char *text, int length)
{
    Sheet *sheet = data;
    fisc_xlsx_text_take(&sheet->text, sheet->archive, text, length);
}

static void
read_sheet(Sheet *sheet, int index)
{
    static const FiscXmlReader reader = {on_begin, on_end, on_text};
    FiscCsv *csv = sheet->rows.csv;
    csv->sheet = g_strdup(sheet->book->names->pdata[index]);
    char *file = g_strdup_printf("%s sheet %s", csv->file, csv->sheet);
    g_free(csv->file);
    csv->file = file;
    g_autofree char *path = fisc_xlsx_book_sheet(sheet->book, index);
    if (path == NULL || !fisc_archive_read(sheet->archive, path, &reader, sheet)) {
        return;
    }
    if (!sheet->rows.has_header && !sheet->rows.is_refused) {
        fisc_csv_rows_refuse(&sheet->rows, FISC_ERROR_FILE_EMPTY, 0, NULL, NULL,
                             "the sheet has no rows");
    }
    fisc_csv_place_refusals(csv, sheet->refusals, sheet->refusals_from);
}

static void
sheet_begin(Sheet *sheet, const char *name, const FiscCsvOptions *options, FiscRefusals *refusals)
{
    *sheet = (Sheet){.refusals = refusals, .refusals_from = refusals->len};
    fisc_csv_rows_begin(&sheet->rows, name, options, refusals);
    sheet->rows.csv->letters = g_array_new(FALSE, FALSE, sizeof(int));
    for (int i = 0; i < (int)sheet->rows.csv->columns->len; i++) {
        g_array_append_val(sheet->rows.csv->letters, i);
    }
    sheet->cells = g_ptr_array_new();
    sheet->fields = g_ptr_array_new();
    sheet->text.text = g_string_new(NULL);
}

static void
sheet_end(Sheet *sheet, FiscCsv **out_csv)
{
    sheet->rows.is_refused = sheet->refusals->len > sheet->refusals_from;
    *out_csv = fisc_csv_rows_end(&sheet->rows);
    g_ptr_array_unref(sheet->cells);
    g_ptr_array_unref(sheet->fields);
    g_string_free(sheet->text.text, TRUE);
    g_free(sheet->type);
    fisc_xlsx_book_free(sheet->book);
    fisc_archive_close(sheet->archive);
}

bool
fisc_xlsx_parse(const char *name, const char *data, gsize length, const char *sheet_name,
                const FiscCsvOptions *options, FiscCsv **out_csv, FiscRefusals *refusals)
{
    Sheet sheet;
    sheet_begin(&sheet, name, options, refusals);
    sheet.archive = fisc_archive_open(name, data, length, refusals);
    if (sheet.archive != NULL) {
        sheet.book = fisc_xlsx_book_read(sheet.archive, sheet.rows.csv->chunk);
    }
    int index =
        sheet.book != NULL ? fisc_xlsx_book_find(sheet.book, sheet_name, options->sheet) : -1;
    if (index >= 0) {
        read_sheet(&sheet, index);
    }
    sheet_end(&sheet, out_csv);
    return true;
}

bool
fisc_xlsx_read(const char *path, const char *sheet, const FiscCsvOptions *options,
               FiscCsv **out_csv, FiscRefusals *refusals, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autoptr(GMappedFile) file = g_mapped_file_new(path, FALSE, &cause);
    if (file == NULL) {
        return fisc_fail(error, FISC_ERROR_IO, "%s: %s", path, cause->message);
    }
    g_autofree char *name = g_path_get_basename(path);
    return fisc_xlsx_parse(name, g_mapped_file_get_contents(file), g_mapped_file_get_length(file),
                           sheet, options, out_csv, refusals);
}

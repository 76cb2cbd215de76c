/* xlsx_write.c: tables as a spreadsheet: the workbook, its first sheet, and what a sheet can take.
 *
 * What stands on the sheet of a table is xlsx_sheet.c's. The date of the file is fixed, so the same
 * tables give the same bytes. */
#include "core/formats/xlsx_cell.h"
#include "core/formats/xlsx_sheet.h"
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#define CREATED_AT 946684800 /* 2000-01-01: a constant, so that the bytes are */
#define SHEET_NAME_MAX 31
#define SHEETS_MAX 1000
#define FRONT_NAME "Contents"
#define NAME_WIDTH 30
#define VALUE_WIDTH 100

/* ---- names of sheets ---- */

/* Letters, digits, spaces, '-' and '_': what every sheet may be called. */
static char *
legal_name(const char *wanted)
{
    char *name = g_strndup(wanted != NULL ? wanted : "", SHEET_NAME_MAX);
    for (char *at = name; *at != '\0'; at++) {
        *at = g_ascii_isalnum(*at) || strchr(" -_", *at) != NULL ? *at : '_';
    }
    if (*name == '\0') {
        g_free(name);
        name = g_strdup("fisc");
    }
    return name;
}

/* Spreadsheets do not tell capitals from small letters in these names. */
static bool
take_name(GHashTable *taken, const char *name)
{
    return g_hash_table_add(taken, g_ascii_strdown(name, -1));
}

static char *
unique_name(GHashTable *taken, const char *wanted)
{
    g_autofree char *name = legal_name(wanted);
    for (int number = 2; !take_name(taken, name); number++) {
        g_autofree char *suffix = g_strdup_printf(" %d", number);
        g_autofree char *begin = legal_name(wanted);
        begin[MIN(strlen(begin), SHEET_NAME_MAX - strlen(suffix))] = '\0';
        g_free(name);
        name = g_strconcat(begin, suffix, NULL);
    }
    return g_steal_pointer(&name);
}

/* ---- limits ---- */

static bool
check_text(const char *text, const char *place, guint row, GError **error)
{
    if (text == NULL || strlen(text) <= FISC_XLSX_TEXT_MAX ||
        g_utf8_strlen(text, -1) <= FISC_XLSX_TEXT_MAX) {
        return true;
    }
    return fisc_fail(error, FISC_ERROR_USAGE,
                     "%s %u has a text of more than %d characters, which no cell holds: use "
                     "--format csv",
                     place, row + 1, FISC_XLSX_TEXT_MAX);
}

static bool
check_size(const FiscTable *table, GError **error)
{
    if (table->rows->len + table->notes->len + 5 > FISC_XLSX_ROWS_MAX ||
        2 * table->columns->len > FISC_XLSX_COLUMNS_MAX) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "a sheet holds %d rows and %d columns, not %u and %u: use --format csv",
                         FISC_XLSX_ROWS_MAX, FISC_XLSX_COLUMNS_MAX / 2, table->rows->len,
                         table->columns->len);
    }
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        for (guint k = 0; k < table->columns->len; k++) {
            if (!check_text(row->cells[k].text, "row", i, error)) {
                return false;
            }
        }
    }
    for (guint i = 0; i < table->notes->len; i++) {
        if (!check_text(table->notes->pdata[i], "note", i, error)) {
            return false;
        }
    }
    return true;
}

static bool
check_book(const FiscWorkbook *book, GError **error)
{
    if (book->count > SHEETS_MAX) {
        return fisc_fail(error, FISC_ERROR_USAGE,
                         "a spreadsheet of %u sheets is of no use: ask for fewer units, or use "
                         "--format csv",
                         book->count);
    }
    for (guint i = 0; i < book->count; i++) {
        if (!check_size(book->sheets[i].table, error)) {
            return false;
        }
    }
    return true;
}

/* ---- the first sheet ---- */

static void
write_string(FiscXlsxLooks *looks, lxw_worksheet *sheet, lxw_row_t row, lxw_col_t column,
             const char *words, lxw_format *format)
{
    g_autofree char *valid = fisc_xlsx_cell_text(words);
    fisc_xlsx_keep_problem(looks, worksheet_write_string(sheet, row, column, valid, format));
}

static lxw_row_t
write_facts(FiscXlsxLooks *looks, lxw_worksheet *sheet, lxw_row_t row, const FiscWorkbook *book)
{
    for (guint i = 0; book->facts != NULL && i + 1 < book->facts->len; i += 2) {
        write_string(looks, sheet, row, 0, fisc_xlsx_say(book, book->facts->pdata[i]),
                     fisc_xlsx_text_look(looks, 0, true));
        write_string(looks, sheet, row, 1, book->facts->pdata[i + 1],
                     fisc_xlsx_text_look(looks, 0, false));
        row++;
    }
    return row;
}

static void
write_link(FiscXlsxLooks *looks, lxw_worksheet *sheet, lxw_row_t row, const char *name)
{
    g_autofree char *link = g_strdup_printf("internal:'%s'!A1", name);
    fisc_xlsx_keep_problem(looks,
                           worksheet_write_url_opt(sheet, row, 0, link, looks->link, name, NULL));
}

static void
write_front(FiscXlsxLooks *looks, lxw_worksheet *sheet, const FiscWorkbook *book,
            const GPtrArray *names)
{
    const char *title = book->title != NULL ? book->title : "";
    g_autofree char *valid = fisc_xlsx_cell_text(title);
    fisc_xlsx_keep_problem(looks, worksheet_merge_range(sheet, 0, 0, 0, 1, valid, looks->title));
    lxw_row_t row = write_facts(looks, sheet, 2, book) + 1;
    write_string(looks, sheet, row, 0, fisc_xlsx_say(book, "Sheet"), looks->header);
    write_string(looks, sheet, row, 1, fisc_xlsx_say(book, "Title"), looks->header);
    row++;
    for (guint i = 0; i < book->count; i++, row++) {
        const FiscTable *table = book->sheets[i].table;
        write_link(looks, sheet, row, names->pdata[i]);
        write_string(looks, sheet, row, 1, table->title != NULL ? table->title : "",
                     fisc_xlsx_text_look(looks, 0, false));
    }
    worksheet_set_column(sheet, 0, 0, NAME_WIDTH, NULL);
    worksheet_set_column(sheet, 1, 1, VALUE_WIDTH, NULL);
    fisc_xlsx_sheet_set_print(looks, sheet, title);
}

/* ---- the workbook ---- */

static void
write_bound(FiscXlsxLooks *looks, const FiscWorkbook *book)
{
    g_autoptr(GHashTable) taken = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *front = unique_name(taken, FRONT_NAME);
    lxw_worksheet *first = workbook_add_worksheet(looks->workbook, front);
    for (guint i = 0; i < book->count; i++) {
        g_ptr_array_add(names, unique_name(taken, book->sheets[i].name));
    }
    write_front(looks, first, book, names);
    for (guint i = 0; i < book->count; i++) {
        lxw_worksheet *sheet = workbook_add_worksheet(looks->workbook, names->pdata[i]);
        FiscXlsxPage page = {.book = book, .table = book->sheets[i].table, .front = front};
        fisc_xlsx_sheet_write(looks, sheet, &page);
    }
}

static void
write_alone(FiscXlsxLooks *looks, const FiscTable *table)
{
    g_autofree char *name = legal_name(table->name);
    fisc_xlsx_sheet_write(looks, workbook_add_worksheet(looks->workbook, name),
                          &(FiscXlsxPage){.table = table});
}

/* A book, or, when that is NULL, a table. */
static bool
write_file(const FiscWorkbook *book, const FiscTable *table, const char *path, GError **error)
{
    FiscXlsxLooks looks;
    char *title = (char *)(book != NULL ? book->title : table->title); /* read only */
    lxw_doc_properties properties = {
        .title = title, .author = (char *)"fisc", .created = CREATED_AT};
    lxw_workbook *workbook = workbook_new(path);
    if (workbook == NULL) {
        return fisc_fail(error, FISC_ERROR_IO, "the spreadsheet could not be made: no memory");
    }
    fisc_xlsx_looks_make(&looks, workbook, book != NULL);
    fisc_xlsx_keep_problem(&looks, workbook_set_properties(workbook, &properties));
    if (book != NULL) {
        write_bound(&looks, book);
    } else {
        write_alone(&looks, table);
    }
    fisc_xlsx_keep_problem(&looks, workbook_close(workbook));
    if (looks.problem != LXW_NO_ERROR) {
        return fisc_fail(error, FISC_ERROR_IO, "the spreadsheet could not be made: %s",
                         lxw_strerror(looks.problem));
    }
    return true;
}

/* The library writes files only: a temporary one, which nobody else may read. */
static bool
write_bytes(const FiscWorkbook *book, const FiscTable *table, GString *out, GError **error)
{
    g_autoptr(GError) cause = NULL;
    g_autofree char *path = NULL;
    g_autofree char *bytes = NULL;
    gsize length = 0;
    int fd = g_file_open_tmp("fisc-XXXXXX.xlsx", &path, &cause);
    if (fd < 0) {
        return fisc_fail(error, FISC_ERROR_IO, "no temporary file: %s", cause->message);
    }
    close(fd);
    bool is_written = write_file(book, table, path, error);
    if (is_written && !g_file_get_contents(path, &bytes, &length, &cause)) {
        is_written = fisc_fail(error, FISC_ERROR_IO, "%s", cause->message);
    }
    g_unlink(path);
    if (is_written) {
        g_string_append_len(out, bytes, (gssize)length);
    }
    return is_written;
}

bool
fisc_xlsx_write(const FiscTable *table, GString *out, GError **error)
{
    return check_size(table, error) && write_bytes(NULL, table, out, error);
}

bool
fisc_xlsx_write_book(const FiscWorkbook *book, GString *out, GError **error)
{
    return check_book(book, error) && write_bytes(book, NULL, out, error);
}

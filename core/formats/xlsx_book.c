/* xlsx_book.c: what stands around the sheets of a spreadsheet: their names and places, shared
 * strings, which styles show days.
 *
 * A spreadsheet is a folder of XML files that point to each other ("relations"). Only those that
 * lead to a sheet's values are followed; charts, macros, links to elsewhere are never opened. */
#include "core/formats/xlsx_book.h"
#include "core/formats/xlsx_cell.h"
#include "fisc/xlsx.h"
#include <stdlib.h>
#include <string.h>

/* Formats of numbers that one spreadsheet defines: Excel itself takes a few hundred. */
#define FORMATS_MAX 65536
#define NAMES_TOLD 20 /* of sheets, when one is not found */

typedef struct {
    char *id;
    char *type; /* its last word: "worksheet" */
    char *target;
} Relation;

static void
clear_relation(void *pointer)
{
    Relation *relation = pointer;
    g_free(relation->id);
    g_free(relation->type);
    g_free(relation->target);
}

/* ---- texts ---- */

void
fisc_xlsx_text_begin(FiscXlsxText *text, const char *name)
{
    text->aloud += strcmp(name, "rPh") == 0;
    text->is_open = text->aloud == 0 && strcmp(name, "t") == 0;
}

void
fisc_xlsx_text_end(FiscXlsxText *text, const char *name)
{
    text->aloud -= strcmp(name, "rPh") == 0;
    text->is_open = false;
}

void
fisc_xlsx_text_take(FiscXlsxText *text, FiscArchive *archive, const char *bytes, int length)
{
    if (!text->is_open) {
        return;
    }
    g_string_append_len(text->text, bytes, length);
    if (text->text->len > FISC_CSV_LINE_MAX) {
        fisc_archive_refuse(archive, FISC_ERROR_LINE_TOO_LONG, NULL,
                            "the text of a cell is longer than %d bytes", FISC_CSV_LINE_MAX);
    }
}

/* ---- relations ---- */

static void
on_relation(void *data, const char *name, const char **attributes)
{
    FiscXlsxBook *book = data;
    const char *id = fisc_xml_attribute(attributes, "Id");
    const char *type = fisc_xml_attribute(attributes, "Type");
    const char *target = fisc_xml_attribute(attributes, "Target");
    bool is_outside = g_strcmp0(fisc_xml_attribute(attributes, "TargetMode"), "External") == 0;
    if (strcmp(name, "Relationship") != 0 || id == NULL || type == NULL || target == NULL ||
        is_outside || book->relations->len >= FISC_XLSX_ENTRIES_MAX) {
        return;
    }
    const char *word = strrchr(type, '/');
    Relation relation = {g_strdup(id), g_strdup(word != NULL ? word + 1 : type), g_strdup(target)};
    g_array_append_val(book->relations, relation);
}

/* The place of @target as seen from the folder of @from: "xl/workbook.xml" and "../a.xml" are
 * "a.xml". */
static char *
resolve(const char *from, const char *target)
{
    const char *slash = strrchr(from, '/');
    g_autofree char *folder =
        *target == '/' || slash == NULL ? g_strdup("") : g_strndup(from, (gsize)(slash - from));
    g_autofree char *path = g_strdup_printf("%s/%s", folder, target);
    g_auto(GStrv) words = g_strsplit(path, "/", -1);
    g_autoptr(GPtrArray) kept = g_ptr_array_new();
    for (char **word = words; *word != NULL; word++) {
        if (strcmp(*word, "..") == 0) {
            g_ptr_array_set_size(kept, MAX((int)kept->len - 1, 0));
        } else if (**word != '\0' && strcmp(*word, ".") != 0) {
            g_ptr_array_add(kept, *word);
        }
    }
    g_ptr_array_add(kept, NULL);
    return g_strjoinv("/", (char **)kept->pdata);
}

/* By id, or with NULL the first of a type; NULL when there is none. Caller frees. */
static char *
find_target(const FiscXlsxBook *book, const char *from, const char *id, const char *type)
{
    for (guint i = 0; i < book->relations->len; i++) {
        const Relation *relation = &g_array_index(book->relations, Relation, i);
        if (id != NULL ? strcmp(relation->id, id) == 0 : strcmp(relation->type, type) == 0) {
            return resolve(from, relation->target);
        }
    }
    return NULL;
}

/* Reads what @path ("" = the archive itself) points to. */
static bool
read_relations(FiscXlsxBook *book, const char *path)
{
    static const FiscXmlReader reader = {.begin = on_relation};
    const char *slash = strrchr(path, '/');
    const char *file = slash != NULL ? slash + 1 : path;
    g_autofree char *folder = g_strndup(path, (gsize)(file - path));
    g_autofree char *entry = g_strdup_printf("%s_rels/%s.rels", folder, file);
    g_array_set_size(book->relations, 0);
    return fisc_archive_read(book->archive, entry, &reader, book);
}

/* ---- the workbook ---- */

static void
on_workbook(void *data, const char *name, const char **attributes)
{
    FiscXlsxBook *book = data;
    if (strcmp(name, "workbookPr") == 0) {
        const char *is_1904 = fisc_xml_attribute(attributes, "date1904");
        book->is_1904 = g_strcmp0(is_1904, "1") == 0 || g_strcmp0(is_1904, "true") == 0;
    }
    const char *sheet = fisc_xml_attribute(attributes, "name");
    const char *id = fisc_xml_attribute(attributes, "id");
    if (strcmp(name, "sheet") == 0 && sheet != NULL && id != NULL &&
        book->names->len < FISC_XLSX_ENTRIES_MAX) {
        const char *state = fisc_xml_attribute(attributes, "state");
        if (book->first < 0 && (state == NULL || strcmp(state, "visible") == 0)) {
            book->first = (int)book->names->len;
        }
        g_ptr_array_add(book->names, g_strdup(sheet));
        g_ptr_array_add(book->ids, g_strdup(id));
    }
}

static bool
read_workbook(FiscXlsxBook *book)
{
    static const FiscXmlReader reader = {.begin = on_workbook};
    if (fisc_archive_has(book->archive, "content.xml")) {
        fisc_archive_refuse(book->archive, FISC_ERROR_VALUE_INVALID, "save it as .xlsx",
                            "the file is an OpenDocument spreadsheet");
        return false;
    }
    if (!read_relations(book, "")) {
        return false;
    }
    book->path = find_target(book, "", NULL, "officeDocument");
    if (book->path == NULL) {
        book->path = g_strdup("xl/workbook.xml");
    }
    return fisc_archive_read(book->archive, book->path, &reader, book) &&
           read_relations(book, book->path);
}

/* ---- shared strings ---- */

static void
on_string_begin(void *data, const char *name, const char **attributes)
{
    (void)attributes;
    FiscXlsxBook *book = data;
    fisc_xlsx_text_begin(&book->text, name);
    if (strcmp(name, "si") == 0) {
        g_string_truncate(book->text.text, 0);
    }
}

static void
on_string_end(void *data, const char *name)
{
    FiscXlsxBook *book = data;
    fisc_xlsx_text_end(&book->text, name);
    if (strcmp(name, "si") != 0) {
        return;
    }
    if (book->strings->len >= FISC_XLSX_CELLS_MAX) {
        fisc_archive_refuse(book->archive, FISC_ERROR_LINE_TOO_LONG, NULL,
                            "it has more than %d strings", FISC_XLSX_CELLS_MAX);
        return;
    }
    fisc_xlsx_unescape(book->text.text->str);
    g_ptr_array_add(book->strings, g_string_chunk_insert(book->chunk, book->text.text->str));
}

static void
on_string_text(void *data, const char *text, int length)
{
    FiscXlsxBook *book = data;
    fisc_xlsx_text_take(&book->text, book->archive, text, length);
}

static bool
read_strings(FiscXlsxBook *book)
{
    static const FiscXmlReader reader = {on_string_begin, on_string_end, on_string_text};
    g_autofree char *path = find_target(book, book->path, NULL, "sharedStrings");
    return path == NULL || fisc_archive_read(book->archive, path, &reader, book);
}

/* ---- styles ---- */

static int
number_of(const char *text)
{
    return text != NULL ? (int)CLAMP(g_ascii_strtoll(text, NULL, 10), -1, G_MAXINT) : -1;
}

static void
on_style_begin(void *data, const char *name, const char **attributes)
{
    FiscXlsxBook *book = data;
    if (strcmp(name, "cellXfs") == 0) {
        book->in_cell_styles = true;
    } else if (strcmp(name, "numFmt") == 0 && g_hash_table_size(book->codes) < FORMATS_MAX) {
        const char *code = fisc_xml_attribute(attributes, "formatCode");
        int id = number_of(fisc_xml_attribute(attributes, "numFmtId"));
        g_hash_table_replace(book->codes, GINT_TO_POINTER(id), g_strdup(code));
    } else if (strcmp(name, "xf") == 0 && book->in_cell_styles) {
        int id = number_of(fisc_xml_attribute(attributes, "numFmtId"));
        bool is_day =
            fisc_xlsx_is_day_format(id, g_hash_table_lookup(book->codes, GINT_TO_POINTER(id)));
        g_array_append_val(book->is_day_style, is_day);
    }
}

static void
on_style_end(void *data, const char *name)
{
    FiscXlsxBook *book = data;
    if (strcmp(name, "cellXfs") == 0) {
        book->in_cell_styles = false;
    }
}

static bool
read_styles(FiscXlsxBook *book)
{
    static const FiscXmlReader reader = {.begin = on_style_begin, .end = on_style_end};
    g_autofree char *path = find_target(book, book->path, NULL, "styles");
    return path == NULL || fisc_archive_read(book->archive, path, &reader, book);
}

/* ---- all of it ---- */

FiscXlsxBook *
fisc_xlsx_book_read(FiscArchive *archive, GStringChunk *chunk)
{
    g_autoptr(FiscXlsxBook) book = g_new0(FiscXlsxBook, 1);
    book->archive = archive;
    book->chunk = chunk;
    book->first = -1;
    book->relations = g_array_new(FALSE, TRUE, sizeof(Relation));
    g_array_set_clear_func(book->relations, clear_relation);
    book->names = g_ptr_array_new_with_free_func(g_free);
    book->ids = g_ptr_array_new_with_free_func(g_free);
    book->strings = g_ptr_array_new();
    book->codes = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    book->is_day_style = g_array_new(FALSE, TRUE, sizeof(bool));
    book->text.text = g_string_new(NULL);
    if (!read_workbook(book) || !read_styles(book) || !read_strings(book)) {
        return NULL;
    }
    return g_steal_pointer(&book);
}

void
fisc_xlsx_book_free(FiscXlsxBook *book)
{
    if (book == NULL) {
        return;
    }
    g_free(book->path);
    g_array_unref(book->relations);
    g_ptr_array_unref(book->names);
    g_ptr_array_unref(book->ids);
    g_ptr_array_unref(book->strings);
    g_hash_table_unref(book->codes);
    g_array_unref(book->is_day_style);
    g_string_free(book->text.text, TRUE);
    g_free(book);
}

static bool
is_same_name(const char *a, const char *b)
{
    g_autofree char *first = g_utf8_casefold(a, -1);
    g_autofree char *second = g_utf8_casefold(b, -1);
    return strcmp(first, second) == 0;
}

static int
find_name(const FiscXlsxBook *book, const char *name)
{
    for (guint i = 0; name != NULL && i < book->names->len; i++) {
        if (is_same_name(book->names->pdata[i], name)) {
            return (int)i;
        }
    }
    return -1;
}

static void
refuse_name(FiscXlsxBook *book, const char *name)
{
    g_autoptr(GString) known = g_string_new("it has ");
    for (guint i = 0; i < MIN(book->names->len, NAMES_TOLD); i++) {
        g_string_append_printf(known, "%s\"%s\"", i > 0 ? ", " : "",
                               (const char *)book->names->pdata[i]);
    }
    fisc_archive_refuse(book->archive, FISC_ERROR_VALUE_INVALID, known->str,
                        "it has no sheet \"%s\"", name);
}

int
fisc_xlsx_book_find(FiscXlsxBook *book, const char *name, const char *usual)
{
    int index = find_name(book, name != NULL ? name : usual);
    if (book->names->len == 0) {
        fisc_archive_refuse(book->archive, FISC_ERROR_FILE_EMPTY, NULL, "it has no sheet");
    } else if (index < 0 && name != NULL) {
        refuse_name(book, name);
    } else if (index < 0) {
        index = MAX(book->first, 0);
    }
    return index;
}

char *
fisc_xlsx_book_sheet(FiscXlsxBook *book, int index)
{
    char *path = find_target(book, book->path, book->ids->pdata[index], NULL);
    if (path == NULL) {
        fisc_archive_refuse(book->archive, FISC_ERROR_VALUE_INVALID, "save it again as .xlsx",
                            "its sheet \"%s\" is missing", (char *)book->names->pdata[index]);
    }
    return path;
}

/* fz_xlsx.c: a spreadsheet. Either a table of text or refusals. The first byte 0: the rest is the
 * file itself; else it is the XML of a sheet and, behind a NUL, that of its shared texts and
 * styles, packed into a file here, so that what is changed is not only the packing. */
#include "fisc/xlsx.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>
#include <zip.h>

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define KIND "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define RELATIONS "http://schemas.openxmlformats.org/package/2006/relationships"

static const char content_types[] =
    HEAD "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
         "<Default Extension=\"xml\" ContentType=\"application/xml\"/></Types>";
static const char package_relations[] =
    HEAD "<Relationships xmlns=\"" RELATIONS "\"><Relationship Id=\"rId1\" Type=\"" KIND
         "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>";
static const char workbook[] =
    HEAD "<workbook xmlns=\"" MAIN "\" xmlns:r=\"" KIND
         "\"><sheets><sheet name=\"One\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
static const char workbook_relations[] =
    HEAD "<Relationships xmlns=\"" RELATIONS "\"><Relationship Id=\"rId1\" Type=\"" KIND
         "/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"rId2\" Type=\"" KIND
         "/sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"rId3\" Type=\"" KIND
         "/styles\" Target=\"styles.xml\"/></Relationships>";

static void
add_part(zip_t *archive, const char *name, const void *data, gsize length)
{
    zip_source_t *source = zip_source_buffer(archive, data, length, 0);
    zip_int64_t index = zip_file_add(archive, name, source, ZIP_FL_OVERWRITE);
    FUZZ_HOLDS(source != NULL && index >= 0);
    zip_set_file_compression(archive, (zip_uint64_t)index, ZIP_CM_STORE, 0);
}

/* Up to the next NUL; *at is behind it then. */
static void
add_next(zip_t *archive, const char *name, const uint8_t **at, const uint8_t *end)
{
    const uint8_t *stop = memchr(*at, '\0', (gsize)(end - *at));
    stop = stop != NULL ? stop : end;
    add_part(archive, name, *at, (gsize)(stop - *at));
    *at = stop < end ? stop + 1 : end;
}

static GBytes *
pack(const uint8_t *data, size_t size)
{
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_source_keep(source);
    zip_t *archive = zip_open_from_source(source, ZIP_TRUNCATE, NULL);
    FUZZ_HOLDS(archive != NULL);
    const uint8_t *at = data, *end = data + size;
    add_part(archive, "[Content_Types].xml", content_types, strlen(content_types));
    add_part(archive, "_rels/.rels", package_relations, strlen(package_relations));
    add_part(archive, "xl/workbook.xml", workbook, strlen(workbook));
    add_part(archive, "xl/_rels/workbook.xml.rels", workbook_relations, strlen(workbook_relations));
    add_next(archive, "xl/worksheets/sheet1.xml", &at, end);
    add_next(archive, "xl/sharedStrings.xml", &at, end);
    add_next(archive, "xl/styles.xml", &at, end);
    FUZZ_HOLDS(zip_close(archive) == 0);
    zip_stat_t status;
    FUZZ_HOLDS(zip_source_stat(source, &status) == 0 && zip_source_open(source) == 0);
    void *bytes = g_malloc(status.size);
    FUZZ_HOLDS(zip_source_read(source, bytes, status.size) == (zip_int64_t)status.size);
    zip_source_close(source);
    zip_source_free(source);
    return g_bytes_new_take(bytes, status.size);
}

static void
check_file(const char *data, gsize length)
{
    const FiscCsvOptions options = {.allow_unknown = true};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscRefusals) others = fisc_refusals_new();
    g_autoptr(FiscCsv) csv = NULL;
    fisc_xlsx_parse("x.xlsx", data, length, NULL, &options, &csv, refusals);
    FUZZ_HOLDS((csv == NULL) == (refusals->len > 0));
    for (guint i = 0; csv != NULL && i < csv->rows->len; i++) {
        const FiscCsvRow *row = &g_array_index(csv->rows, FiscCsvRow, i);
        for (guint k = 0; k < csv->columns->len; k++) {
            FUZZ_HOLDS(g_utf8_validate(row->fields[k], -1, NULL));
        }
    }
    g_autoptr(FiscSheetText) text =
        fisc_sheet_text_parse("x.xlsx", data, length, NULL, "lines", others);
    FUZZ_HOLDS((text == NULL) == (others->len > 0));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0) {
        return 0;
    }
    if (data[0] == 0) {
        check_file((const char *)data + 1, size - 1);
        return 0;
    }
    g_autoptr(GBytes) file = pack(data + 1, size - 1);
    gsize length = 0;
    const char *bytes = g_bytes_get_data(file, &length);
    check_file(bytes, length);
    return 0;
}

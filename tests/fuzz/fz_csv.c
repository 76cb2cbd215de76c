/* fz_csv.c: delimited text, as every reader of files takes it. Either a table whose rows all have
 * its columns, as text, or refusals; what is written again is read as the same cells. The first
 * byte says how it is read. */
#include "fisc/csv.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>

static FiscCsv *
read_text(const char *data, gsize length, const FiscCsvOptions *options)
{
    FiscCsv *csv = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    fisc_csv_parse("x.csv", data, length, options, &csv, refusals);
    FUZZ_HOLDS((csv == NULL) == (refusals->len > 0));
    return csv;
}

static char *
write_text(const FiscCsv *csv)
{
    GString *out = g_string_new("above\n"); /* a mark of UTF-8 in a cell is none at the beginning */
    for (guint i = 0; i < csv->rows->len; i++) {
        const FiscCsvRow *row = &g_array_index(csv->rows, FiscCsvRow, i);
        for (guint k = 0; k < csv->columns->len; k++) {
            FUZZ_HOLDS(g_utf8_validate(row->fields[k], -1, NULL));
            g_string_append(out, k > 0 ? "," : "");
            fisc_csv_append(out, row->fields[k]);
        }
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

/* Written by us and read by us it is the same; a row of empty cells alone would be a blank line. */
static void
check_again(const FiscCsv *csv)
{
    g_autofree char *text = write_text(csv);
    g_autoptr(GPtrArray) columns = g_ptr_array_new();
    for (guint i = 0; i < csv->columns->len; i++) {
        g_ptr_array_add(columns, csv->columns->pdata[i]);
    }
    g_ptr_array_add(columns, NULL);
    const FiscCsvOptions options = {
        .preamble = 1, .no_header = true, .columns = (const char *const *)columns->pdata};
    if (csv->columns->len < 2 || csv->rows->len == 0) {
        return;
    }
    g_autoptr(FiscCsv) again = read_text(text, strlen(text), &options);
    FUZZ_HOLDS(again != NULL);
    g_autofree char *twice = write_text(again);
    FUZZ_HOLDS(strcmp(twice, text) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const encodings[] = {NULL, "ISO-8859-1", "UTF-16LE", "windows-1251"};
    static const char separators[] = {0, ';', '\t', '|'};
    if (size == 0) {
        return 0;
    }
    const FiscCsvOptions options = {.encoding = encodings[data[0] % 4],
                                    .separator = separators[data[0] / 4 % 4],
                                    .allow_unknown = true,
                                    .allow_comments = (data[0] & 16) != 0,
                                    .preamble = data[0] / 32 % 4};
    g_autoptr(FiscCsv) csv = read_text((const char *)data + 1, size - 1, &options);
    if (csv != NULL) {
        check_again(csv);
    }
    return 0;
}

/* csv_rows.c: how fields become a FiscCsv: the header is held against the options, each row against
 * the header.
 *
 * Text (csv.c) and spreadsheets (xlsx_read.c) are split into fields in their own ways; what a table
 * may look like is the same for both and stands here once. */
#include "core/formats/csv_rows.h"
#include <string.h>

void
fisc_csv_rows_begin(FiscCsvRows *rows, const char *name, const FiscCsvOptions *options,
                    FiscRefusals *refusals)
{
    FiscCsv *csv = g_new0(FiscCsv, 1);
    csv->file = g_strdup(name);
    csv->columns = g_ptr_array_new();
    csv->rows = g_array_new(FALSE, FALSE, sizeof(FiscCsvRow));
    csv->preamble = g_array_new(FALSE, FALSE, sizeof(FiscCsvRow));
    csv->chunk = g_string_chunk_new(FISC_CSV_CHUNK_BYTES);
    *rows = (FiscCsvRows){
        .options = options, .refusals = refusals, .csv = csv, .has_header = options->no_header};
    for (int i = 0; options->no_header && options->columns[i] != NULL; i++) {
        g_ptr_array_add(csv->columns, g_string_chunk_insert(csv->chunk, options->columns[i]));
    }
}

void
fisc_csv_rows_refuse(FiscCsvRows *rows, FiscError code, int line, const char *field,
                     const char *hint, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *detail = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    FiscRefusal *refusal =
        fisc_refusals_add(rows->refusals, code, rows->csv->file, line, field, "%s", detail);
    refusal->hint = g_strdup(hint);
    rows->is_refused = true;
}

static bool
is_listed(const char *const *names, const char *name)
{
    return names != NULL && g_strv_contains(names, name);
}

static void
check_header_name(FiscCsvRows *rows, int line, guint index)
{
    const char *name = rows->csv->columns->pdata[index];
    int first = fisc_csv_column(rows->csv, name);
    if (first != (int)index) {
        fisc_csv_rows_refuse(rows, FISC_ERROR_VALUE_INVALID, line, name, NULL,
                             "the header names column %d again as column %u", first + 1, index + 1);
    }
    if (!rows->options->allow_unknown && !is_listed(rows->options->columns, name)) {
        g_autofree char *known = rows->options->columns == NULL
                                     ? NULL
                                     : g_strjoinv(", ", (char **)rows->options->columns);
        g_autofree char *hint = known == NULL ? NULL : g_strdup_printf("known are: %s", known);
        fisc_csv_rows_refuse(rows, FISC_ERROR_COLUMN_UNKNOWN, line, name, hint,
                             "column %u is \"%s\"", index + 1, name);
    }
}

static void
check_required_columns(FiscCsvRows *rows, int line)
{
    const char *const *required = rows->options->required;
    for (int i = 0; required != NULL && required[i] != NULL; i++) {
        if (fisc_csv_column(rows->csv, required[i]) < 0) {
            fisc_csv_rows_refuse(rows, FISC_ERROR_COLUMN_MISSING, line, required[i], NULL,
                                 "the header has no column \"%s\"", required[i]);
        }
    }
}

bool
fisc_csv_rows_is_above(const FiscCsvRows *rows)
{
    return (int)rows->csv->preamble->len < rows->options->preamble;
}

void
fisc_csv_rows_keep_above(FiscCsvRows *rows, int line, const GPtrArray *fields)
{
    FiscCsvRow row = {.line = line, .fields = g_new0(const char *, fields->len + 1)};
    memcpy(row.fields, fields->pdata, fields->len * sizeof(char *));
    g_array_append_val(rows->csv->preamble, row);
}

bool
fisc_csv_rows_header(FiscCsvRows *rows, int line, const GPtrArray *fields)
{
    g_ptr_array_extend(rows->csv->columns, (GPtrArray *)fields, NULL, NULL);
    rows->csv->header_line = line;
    rows->has_header = true;
    for (guint i = 0; i < rows->csv->columns->len; i++) {
        check_header_name(rows, line, i);
    }
    check_required_columns(rows, line);
    return !rows->is_refused;
}

void
fisc_csv_rows_take(FiscCsvRows *rows, int line, const GPtrArray *fields)
{
    guint expected = rows->csv->columns->len;
    if (fields->len != expected) {
        fisc_csv_rows_refuse(rows, FISC_ERROR_COLUMN_COUNT, line, NULL, NULL,
                             "the row has %u fields, expected %u", fields->len, expected);
        return;
    }
    FiscCsvRow row = {.line = line, .fields = g_new(const char *, expected)};
    memcpy(row.fields, fields->pdata, expected * sizeof(char *));
    g_array_append_val(rows->csv->rows, row);
}

FiscCsv *
fisc_csv_rows_end(FiscCsvRows *rows)
{
    FiscCsv *csv = g_steal_pointer(&rows->csv);
    if (rows->is_refused) {
        g_clear_pointer(&csv, fisc_csv_free);
    }
    return csv;
}

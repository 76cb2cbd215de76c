/* mapping.c: see mapping.h. Tables are CSV with a header; columns beyond those named are comments.
 */
#include "integrations/mapping.h"
#include <string.h>

struct _FiscMapping {
    FiscCsv *csv;          /* owns the strings */
    GHashTable *by_prefix; /* prefix -> result */
    GHashTable *line_of;   /* prefix -> line, for the refusal of a second */
    gsize prefix_length_max;
};

static bool
is_in_scope(const FiscCsv *csv, const FiscCsvRow *row, const GPtrArray *scopes)
{
    for (guint i = 0; i < scopes->len; i++) {
        const FiscMappingScope *scope = scopes->pdata[i];
        const char *value = fisc_csv_field(csv, row, fisc_csv_column(csv, scope->column));
        if (!g_strv_contains((const char *const *)scope->values, value)) {
            return false;
        }
    }
    return true;
}

static void
add_row(FiscReader *reader, FiscMapping *mapping, const FiscCsvRow *row, const char *prefix,
        const char *result)
{
    int line = GPOINTER_TO_INT(g_hash_table_lookup(mapping->line_of, prefix));
    if (line != 0) {
        FiscPlace place = {.file = mapping->csv->file, .line = row->line};
        fisc_reader_refuse(reader, place, FISC_ERROR_DUPLICATE_ROW, "narrow the scope with where",
                           "the prefix \"%s\" is mapped at line %d "
                           "already",
                           prefix, line);
        return;
    }
    g_hash_table_insert(mapping->by_prefix, (char *)prefix, (char *)result);
    g_hash_table_insert(mapping->line_of, (char *)prefix, GINT_TO_POINTER(row->line));
    mapping->prefix_length_max = MAX(mapping->prefix_length_max, strlen(prefix));
}

static FiscMapping *
mapping_from_csv(FiscReader *reader, FiscCsv *csv, const char *prefix, const char *result,
                 const GPtrArray *scopes)
{
    FiscMapping *mapping = g_new0(FiscMapping, 1);
    mapping->csv = csv;
    mapping->by_prefix = g_hash_table_new(g_str_hash, g_str_equal);
    mapping->line_of = g_hash_table_new(g_str_hash, g_str_equal);
    int prefix_column = fisc_csv_column(csv, prefix);
    int result_column = fisc_csv_column(csv, result);
    for (guint i = 0; i < csv->rows->len; i++) {
        const FiscCsvRow *row = &g_array_index(csv->rows, FiscCsvRow, i);
        if (is_in_scope(csv, row, scopes)) {
            add_row(reader, mapping, row, fisc_csv_field(csv, row, prefix_column),
                    fisc_csv_field(csv, row, result_column));
        }
    }
    return mapping;
}

bool
fisc_mapping_load(FiscReader *reader, FiscPlace place, const char *file, const char *prefix,
                  const char *result, const GPtrArray *scopes, FiscMapping **out_mapping,
                  GError **error)
{
    g_autoptr(GPtrArray) required = g_ptr_array_new();
    g_ptr_array_add(required, (char *)prefix);
    g_ptr_array_add(required, (char *)result);
    for (guint i = 0; i < scopes->len; i++) {
        g_ptr_array_add(required, ((FiscMappingScope *)scopes->pdata[i])->column);
    }
    g_ptr_array_add(required, NULL);
    FiscCsvOptions options = {.required = (const char *const *)required->pdata,
                              .allow_unknown = true,
                              .allow_comments = true};
    guint refusals_before = reader->refusals->len;
    FiscCsv *csv = NULL;
    if (!fisc_reader_csv(reader, file, &options, &csv, error)) {
        return false;
    }
    if (csv != NULL) {
        *out_mapping = mapping_from_csv(reader, csv, prefix, result, scopes);
    } else if (reader->refusals->len == refusals_before) {
        fisc_reader_refuse(reader, place, FISC_ERROR_VALUE_INVALID, NULL,
                           "there is no file \"%s\" in the folder", file);
    }
    return true;
}

void
fisc_mapping_free(FiscMapping *mapping)
{
    if (mapping == NULL) {
        return;
    }
    g_hash_table_unref(mapping->by_prefix);
    g_hash_table_unref(mapping->line_of);
    fisc_csv_free(mapping->csv);
    g_free(mapping);
}

const char *
fisc_mapping_find(const FiscMapping *mapping, const char *code)
{
    char prefix[FISC_CODE_MAX + 1];
    gsize length = MIN(strlen(code), MIN(mapping->prefix_length_max, (gsize)FISC_CODE_MAX));
    memcpy(prefix, code, length);
    for (;; length--) {
        prefix[length] = '\0';
        const char *result = g_hash_table_lookup(mapping->by_prefix, prefix);
        if (result != NULL || length == 0) {
            return result;
        }
    }
}

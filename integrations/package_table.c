/* package_table.c: see package_table.h. */
#include "integrations/package_table.h"
#include <string.h>

const char *
fisc_package_value(const FiscPackageTable *table, int column)
{
    return fisc_csv_field(table->csv, table->row, table->column_of[column]);
}

bool
fisc_package_has(const FiscPackageTable *table, int column)
{
    return table->column_of[column] >= 0;
}

FiscPlace
fisc_package_place(const FiscPackageTable *table, int column)
{
    return (FiscPlace){
        .file = table->csv->file, .line = table->row->line, .field = table->names[column]};
}

bool
fisc_package_is_new(FiscPackageTable *table, int column, const char *subject)
{
    int line = GPOINTER_TO_INT(g_hash_table_lookup(table->seen, subject));
    if (line == 0) {
        g_hash_table_insert(table->seen, g_strdup(subject), GINT_TO_POINTER(table->row->line));
        return true;
    }
    return fisc_reader_refuse(table->reader, fisc_package_place(table, column),
                              FISC_ERROR_DUPLICATE_ROW, NULL, "\"%s\" stands at line %d already",
                              subject, line);
}

bool
fisc_package_word(FiscPackageTable *table, int column, const char *const *words)
{
    const char *text = fisc_package_value(table, column);
    g_autofree char *hint = g_strjoinv(", ", (char **)words);
    return g_strv_contains(words, text) ||
           fisc_reader_refuse(table->reader, fisc_package_place(table, column),
                              FISC_ERROR_VALUE_INVALID, hint, "\"%s\" is none of the words allowed",
                              text);
}

FiscSubmission *
fisc_package_master(const FiscPackageTable *table)
{
    return table->reader->package->master;
}

const char *
fisc_package_text(const char *text)
{
    return *text != '\0' ? text : NULL;
}

bool
fisc_package_table(FiscReader *reader, const char *file, const char *const *names,
                   int required_count, FiscTakeRow take_row, GError **error)
{
    const char *required[FISC_PACKAGE_COLUMNS_MAX] = {NULL};
    g_assert(required_count < FISC_PACKAGE_COLUMNS_MAX);
    memcpy(required, names, (gsize)required_count * sizeof(names[0]));
    FiscCsvOptions options = {.columns = names, .required = required};
    g_autoptr(FiscCsv) csv = NULL;
    if (!fisc_reader_csv(reader, file, &options, &csv, error)) {
        return false;
    }
    if (csv == NULL) {
        return true;
    }
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    FiscPackageTable table = {.reader = reader, .csv = csv, .names = names, .seen = seen};
    for (int i = 0; names[i] != NULL; i++) {
        g_assert(i < FISC_PACKAGE_COLUMNS_MAX);
        table.column_of[i] = fisc_csv_column(csv, names[i]);
    }
    for (guint i = 0; i < csv->rows->len && !table.is_refused; i++) {
        table.row = &g_array_index(csv->rows, FiscCsvRow, i);
        take_row(&table);
    }
    return true;
}

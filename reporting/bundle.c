/* bundle.c: files of a bundle, and what changed of them. */
#include "reporting/bundle.h"
#include <string.h>

FiscBundleFile *
fisc_bundle_file_new(const char *name, const char *path, const char *title, const char *key,
                     FiscTable *table)
{
    FiscBundleFile *file = g_new0(FiscBundleFile, 1);
    file->name = name;
    file->path = path;
    file->title = title;
    file->key = key;
    file->table = table;
    return file;
}

void
fisc_bundle_file_free(gpointer data)
{
    FiscBundleFile *file = data;
    if (file != NULL) {
        fisc_table_free(file->table);
        if (file->text != NULL) {
            g_string_free(file->text, TRUE);
        }
        g_free(file);
    }
}

/* Rows as text --------------------------------------------------------------------------------- */

/* The file as it leaves, read back: what is compared is what others read. */
static FiscCsv *
read_back(const FiscBundleFile *file)
{
    const FiscCsvOptions options = {.allow_unknown = true};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscCsv *csv = NULL;
    bool is_read =
        fisc_csv_parse(file->path, file->text->str, file->text->len, &options, &csv, refusals);
    g_assert(is_read && csv != NULL);
    return csv;
}

/* "BCG|22": the fields that name a row. Caller frees. */
static char *
key_of(const FiscCsv *csv, const FiscCsvRow *row, char *const *columns)
{
    GString *key = g_string_new(NULL);
    for (char *const *column = columns; *column != NULL; column++) {
        g_string_append_printf(key, "%s%s", column == columns ? "" : "|",
                               fisc_csv_field(csv, row, fisc_csv_column(csv, *column)));
    }
    return g_string_free(key, FALSE);
}

/* Key -> row; *out_unique false when a key stands twice: then the last row of it is there. */
static GHashTable *
index_rows(const FiscCsv *csv, const char *key, bool *out_unique)
{
    GHashTable *rows = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(GStrv) columns = g_strsplit(key, ",", -1);
    *out_unique = true;
    for (char **column = columns; *column != NULL; column++) {
        *out_unique = *out_unique && fisc_csv_column(csv, *column) >= 0;
    }
    for (guint i = 0; i < csv->rows->len; i++) {
        FiscCsvRow *row = &g_array_index(csv->rows, FiscCsvRow, i);
        bool is_new = g_hash_table_replace(rows, key_of(csv, row, columns), row);
        *out_unique = *out_unique && is_new;
    }
    return rows;
}

void
fisc_bundle_render(FiscBundleFile *file)
{
    uint8_t digest[FISC_HASH_SIZE];
    file->text = g_string_new(NULL);
    fisc_table_render(file->table, FISC_FORMAT_CSV, file->text);
    fisc_hash_data(file->text->str, file->text->len, digest);
    fisc_hash_format(digest, file->digest);
    g_autoptr(FiscCsv) csv = read_back(file);
    g_autoptr(GHashTable) rows = index_rows(csv, file->key, &file->is_keyed);
    file->rows = csv->rows->len;
}

/* Changes -------------------------------------------------------------------------------------- */

FiscTable *
fisc_bundle_changes_new(void)
{
    static const char *const names[] = {"file", "change", "key", "column", "before", "after"};
    FiscTable *changes = fisc_table_new("changes", "What changed since the bundle before", 0);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        fisc_table_add_column(changes, names[i], FISC_COLUMN_TEXT);
    }
    return changes;
}

static void
add_change(FiscTable *changes, const FiscBundleFile *file, const char *change, const char *key,
           const char *column, const char *before, const char *after)
{
    const char *cells[] = {file->name, change, key, column, before, after};
    FiscRow *row = fisc_table_add_row(changes);
    for (gsize i = 0; i < G_N_ELEMENTS(cells); i++) {
        fisc_table_set_text(changes, row, (int)i, cells[i]);
    }
}

/* Two states of one row: a change for every column that differs. */
static void
compare_rows(FiscTable *changes, const FiscBundleFile *file, const char *key, const FiscCsv *old,
             const FiscCsvRow *was, const FiscCsv *new, const FiscCsvRow *is)
{
    for (guint i = 0; i < new->columns->len; i++) {
        const char *column = g_ptr_array_index(new->columns, i);
        const char *before = fisc_csv_field(old, was, fisc_csv_column(old, column));
        if (strcmp(before, is->fields[i]) != 0) {
            add_change(changes, file, "changed", key, column, before, is->fields[i]);
        }
    }
}

static void
add_removed(FiscTable *changes, const FiscBundleFile *file, const FiscCsv *old, GHashTable *now,
            char *const *columns)
{
    for (guint i = 0; i < old->rows->len; i++) {
        g_autofree char *key = key_of(old, &g_array_index(old->rows, FiscCsvRow, i), columns);
        if (!g_hash_table_contains(now, key)) {
            add_change(changes, file, "removed", key, "", "", "");
        }
    }
}

void
fisc_bundle_add_changes(FiscTable *changes, const FiscBundleFile *file, const FiscCsv *before)
{
    bool is_unique = false;
    g_autoptr(FiscCsv) csv = read_back(file);
    g_auto(GStrv) columns = g_strsplit(file->key, ",", -1);
    g_autoptr(GHashTable) now = index_rows(csv, file->key, &is_unique);
    g_autoptr(GHashTable) then = before != NULL ? index_rows(before, file->key, &is_unique) : NULL;
    for (guint i = 0; i < csv->rows->len; i++) {
        const FiscCsvRow *row = &g_array_index(csv->rows, FiscCsvRow, i);
        g_autofree char *key = key_of(csv, row, columns);
        const FiscCsvRow *was = then != NULL ? g_hash_table_lookup(then, key) : NULL;
        if (was == NULL) {
            add_change(changes, file, "added", key, "", "", "");
        } else {
            compare_rows(changes, file, key, before, was, csv, row);
        }
    }
    if (before != NULL) {
        add_removed(changes, file, before, now, columns);
    }
}

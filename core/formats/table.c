/* table.c: building a report as values.
 *
 * Every report of fisc becomes one of these before it becomes words, so that the formats differ in
 * looks only. What a row means is its builder's business; how it looks, the renderers'. */
#include "fisc/table.h"
#include "core/formats/render.h"

static void
clear_column(void *pointer)
{
    FiscColumn *column = pointer;
    g_free(column->name);
}

FiscTable *
fisc_table_new(const char *name, const char *title, int decimals)
{
    FiscTable *table = g_new0(FiscTable, 1);
    table->name = g_strdup(name);
    table->title = g_strdup(title);
    table->decimals = decimals;
    table->columns = g_array_new(FALSE, TRUE, sizeof(FiscColumn));
    g_array_set_clear_func(table->columns, clear_column);
    table->rows = g_ptr_array_new();
    table->notes = g_ptr_array_new_with_free_func(g_free);
    return table;
}

/* A row does not know how many cells it has; the table does. */
static void
free_row(const FiscTable *table, FiscRow *row)
{
    for (guint i = 0; i < table->columns->len; i++) {
        g_free(row->cells[i].text);
    }
    g_free(row->cells);
    g_free(row);
}

void
fisc_table_free(FiscTable *table)
{
    if (table == NULL) {
        return;
    }
    for (guint i = 0; i < table->rows->len; i++) {
        free_row(table, g_ptr_array_index(table->rows, i));
    }
    g_ptr_array_unref(table->rows);
    g_ptr_array_unref(table->notes);
    g_array_unref(table->columns);
    g_free(table->name);
    g_free(table->title);
    g_free(table);
}

void
fisc_table_add_column(FiscTable *table, const char *name, FiscColumnKind kind)
{
    g_assert(table->rows->len == 0);
    FiscColumn column = {.name = g_strdup(name), .kind = kind};
    g_array_append_val(table->columns, column);
}

FiscRow *
fisc_table_add_row(FiscTable *table)
{
    FiscRow *row = g_new0(FiscRow, 1);
    row->cells = g_new0(FiscCell, table->columns->len);
    g_ptr_array_add(table->rows, row);
    return row;
}

static FiscCell *
cell_at(FiscTable *table, FiscRow *row, int column)
{
    g_assert(column >= 0 && column < (int)table->columns->len);
    return &row->cells[column];
}

void
fisc_table_set_text(FiscTable *table, FiscRow *row, int column, const char *text)
{
    g_assert(g_array_index(table->columns, FiscColumn, column).kind == FISC_COLUMN_TEXT);
    FiscCell *cell = cell_at(table, row, column);
    g_free(cell->text);
    cell->text = g_strdup(text);
    cell->is_set = text != NULL;
}

void
fisc_table_set_amount(FiscTable *table, FiscRow *row, int column, __int128 amount)
{
    g_assert(g_array_index(table->columns, FiscColumn, column).kind != FISC_COLUMN_TEXT);
    FiscCell *cell = cell_at(table, row, column);
    cell->number = amount;
    cell->is_set = true;
}

void
fisc_table_add_note(FiscTable *table, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_ptr_array_add(table->notes, g_strdup_vprintf(format, arguments));
    va_end(arguments);
}

int
fisc_table_column(const FiscTable *table, const char *name)
{
    for (guint i = 0; i < table->columns->len; i++) {
        if (g_str_equal(g_array_index(table->columns, FiscColumn, i).name, name)) {
            return (int)i;
        }
    }
    return -1;
}

static const struct {
    const char *word;
    void (*render)(const FiscTable *table, GString *out);
} formats[] = {
    [FISC_FORMAT_TABLE] = {"table", fisc_render_table},
    [FISC_FORMAT_CSV] = {"csv", fisc_render_csv},
    [FISC_FORMAT_JSON] = {"json", fisc_render_json},
};

int
fisc_format_find(const char *word)
{
    for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
        if (g_strcmp0(formats[i].word, word) == 0) {
            return (int)i;
        }
    }
    return -1;
}

void
fisc_table_render(const FiscTable *table, FiscFormat format, GString *out)
{
    g_assert((guint)format < G_N_ELEMENTS(formats));
    formats[format].render(table, out);
}

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

static void
clear_place(void *pointer)
{
    FiscNotePlace *place = pointer;
    g_free(place->unit);
    g_free(place->about);
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
    table->note_places = g_array_new(FALSE, TRUE, sizeof(FiscNotePlace));
    g_array_set_clear_func(table->note_places, clear_place);
    return table;
}

/* A row does not know how many cells it has; the table does. */
static void
free_row(const FiscTable *table, FiscRow *row)
{
    for (guint i = 0; i < table->columns->len; i++) {
        g_free(row->cells[i].text);
        g_free(row->cells[i].drill);
    }
    g_free(row->cells);
    g_free(row);
}

void
fisc_table_truncate(FiscTable *table, guint count)
{
    for (guint i = count; i < table->rows->len; i++) {
        free_row(table, g_ptr_array_index(table->rows, i));
    }
    if (count < table->rows->len) {
        g_ptr_array_set_size(table->rows, (int)count);
    }
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
    g_array_unref(table->note_places);
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
fisc_table_set_drill(FiscTable *table, FiscRow *row, int column, const char *key)
{
    FiscCell *cell = cell_at(table, row, column);
    g_free(cell->drill);
    cell->drill = g_strdup(key);
}

void
fisc_table_add_note(FiscTable *table, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    fisc_table_add_note_about(table, NULL, NULL, false, text);
}

void
fisc_table_add_note_about(FiscTable *table, const char *unit, const char *about, bool is_beside,
                          const char *text)
{
    FiscNotePlace place = {g_strdup(unit), g_strdup(about), is_beside};
    g_ptr_array_add(table->notes, g_strdup(text));
    g_array_append_val(table->note_places, place);
}

void
fisc_table_append(FiscTable *table, FiscTable *part)
{
    g_assert(table->columns->len == part->columns->len);
    while (part->rows->len > 0) {
        g_ptr_array_add(table->rows, g_ptr_array_steal_index(part->rows, 0));
    }
    for (guint i = 0; i < part->notes->len; i++) {
        const FiscNotePlace *place = &g_array_index(part->note_places, FiscNotePlace, i);
        fisc_table_add_note_about(table, place->unit, place->about, place->is_beside,
                                  g_ptr_array_index(part->notes, i));
    }
    fisc_table_free(part);
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

static bool
fail_column(const FiscTable *table, const char *name, GError **error)
{
    g_autoptr(GString) known = g_string_new(NULL);
    for (guint i = 0; i < table->columns->len; i++) {
        const FiscColumn *column = &g_array_index(table->columns, FiscColumn, i);
        g_string_append_printf(known, "%s%s", i > 0 ? ", " : "", column->name);
    }
    return fisc_fail(error, FISC_ERROR_USAGE, "\"%s\" is no column to print, or stands twice: %s",
                     name, known->str);
}

/* The columns that @names lists, as indices; NULL with @error. */
static GArray *
find_columns(const FiscTable *table, const char *names, GError **error)
{
    g_autoptr(GArray) kept = g_array_new(FALSE, FALSE, sizeof(int));
    g_auto(GStrv) words = g_strsplit(names, ",", -1);
    for (char **word = words; *word != NULL; word++) {
        int column = fisc_table_column(table, g_strstrip(*word));
        for (guint i = 0; i < kept->len; i++) {
            column = g_array_index(kept, int, i) == column ? -1 : column;
        }
        if (column < 0) {
            fail_column(table, *word, error);
            return NULL;
        }
        g_array_append_val(kept, column);
    }
    if (kept->len == 0) {
        fail_column(table, names, error);
        return NULL;
    }
    return g_steal_pointer(&kept);
}

/* A heading's words are whichever text comes first: they must not go with their column. */
static void
keep_heading(const FiscTable *table, const GArray *kept, FiscRow *row, FiscCell *cells)
{
    const FiscCell *words = NULL;
    for (guint i = 0; i < table->columns->len && words == NULL; i++) {
        words = row->cells[i].text != NULL ? &row->cells[i] : NULL;
    }
    for (guint i = 0; i < kept->len && words != NULL; i++) {
        int column = g_array_index(kept, int, i);
        if (g_array_index(table->columns, FiscColumn, column).kind == FISC_COLUMN_TEXT) {
            g_free(cells[i].text);
            cells[i] = (FiscCell){.text = g_strdup(words->text), .is_set = true};
            return;
        }
    }
}

static void
select_cells(const FiscTable *table, const GArray *kept, FiscRow *row)
{
    FiscCell *cells = g_new0(FiscCell, kept->len);
    for (guint i = 0; i < kept->len; i++) {
        cells[i] = row->cells[g_array_index(kept, int, i)];
        cells[i].text = g_strdup(cells[i].text);
        cells[i].drill = g_strdup(cells[i].drill);
    }
    if (row->heading) {
        keep_heading(table, kept, row, cells);
    }
    for (guint i = 0; i < table->columns->len; i++) {
        g_free(row->cells[i].text);
        g_free(row->cells[i].drill);
    }
    g_free(row->cells);
    row->cells = cells;
}

bool
fisc_table_select(FiscTable *table, const char *names, GError **error)
{
    g_autoptr(GArray) kept = find_columns(table, names, error);
    if (kept == NULL) {
        return false;
    }
    for (guint i = 0; i < table->rows->len; i++) {
        select_cells(table, kept, g_ptr_array_index(table->rows, i));
    }
    GArray *columns = g_array_new(FALSE, TRUE, sizeof(FiscColumn));
    g_array_set_clear_func(columns, clear_column);
    for (guint i = 0; i < kept->len; i++) {
        /* Whoever names a column wants to see it. */
        FiscColumn column = g_array_index(table->columns, FiscColumn, g_array_index(kept, int, i));
        column.name = g_strdup(column.name);
        column.for_machines = false;
        g_array_append_val(columns, column);
    }
    g_array_unref(table->columns);
    table->columns = columns;
    return true;
}

void
fisc_table_cut(FiscTable *table, int level)
{
    GPtrArray *kept = g_ptr_array_new();
    for (guint i = 0; i < table->rows->len; i++) {
        FiscRow *row = g_ptr_array_index(table->rows, i);
        if (row->heading || row->level <= level) {
            g_ptr_array_add(kept, row);
        } else {
            free_row(table, row);
        }
    }
    g_ptr_array_unref(table->rows);
    table->rows = kept;
}

static const struct {
    const char *word;
    void (*render)(const FiscTable *table, GString *out);
} formats[] = {
    [FISC_FORMAT_TABLE] = {"table", fisc_render_table},
    [FISC_FORMAT_CSV] = {"csv", fisc_render_csv},
    [FISC_FORMAT_JSON] = {"json", fisc_render_json},
    [FISC_FORMAT_XLSX] = {"xlsx", NULL}, /* xlsx_write.c */
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
    g_assert((guint)format < G_N_ELEMENTS(formats) && formats[format].render != NULL);
    formats[format].render(table, out);
}

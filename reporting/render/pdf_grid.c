/* pdf_grid.c: columns onto a page: all of them, in smaller letters if need be, or in bands. */
#include "reporting/render/pdf_grid.h"
#include "reporting/render/page_words.h"

/* Widths in points. */
#define LABEL_WIDTH_MIN 120.0 /* narrower, a label is broken into a column of words */
#define TEXT_WIDTH_MAX 170.0  /* of other texts, which are broken then */

static const double scales[] = {1, 0.94, 0.88, 0.82, 0.76};
#define SCALE_OF_BANDS 0.88

/* The columns before they have a place. */
typedef struct {
    const FiscTable *table;
    GArray *all; /* of FiscGridColumn, with the widths they want at scale 1 */
    int label;   /* index there; -1: none */
    guint keys;  /* so many texts at the beginning, which every band repeats */
} Wishes;

/* The widest cell is found by estimate and measured once: there may be many rows. */
static double
wanted_width(const FiscPen *pen, const FiscTable *table, guint column, const char *head)
{
    g_autofree char *widest = g_strdup("");
    int width = 0;
    int level = 0;
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = g_ptr_array_index(table->rows, i);
        if (row->heading) {
            continue;
        }
        g_autofree char *cell = fisc_page_cell(table, row, column);
        int estimate = fisc_text_width(cell, 1000);
        level = MAX(level, row->level);
        if (estimate > width) {
            width = estimate;
            g_free(widest);
            widest = g_steal_pointer(&cell);
        }
    }
    double indent = (int)column == fisc_page_label_column(table) ? level * 9.0 : 0;
    return MAX(fisc_pen_width(pen, FISC_STYLE_STRONG, widest) + indent,
               fisc_pen_width(pen, FISC_STYLE_COLUMN, head));
}

static void
clear_column(void *pointer)
{
    FiscGridColumn *column = pointer;
    g_free(column->words);
}

static GArray *
new_columns(void)
{
    GArray *columns = g_array_new(FALSE, FALSE, sizeof(FiscGridColumn));
    g_array_set_clear_func(columns, clear_column);
    return columns;
}

static Wishes
collect(const FiscPen *pen, const FiscTable *table, const char *language)
{
    Wishes wishes = {.table = table, .all = new_columns(), .label = -1};
    g_autoptr(GArray) shown = fisc_page_columns(table);
    bool is_key = true;
    for (guint i = 0; i < shown->len; i++) {
        FiscGridColumn column = {.column = g_array_index(shown, guint, i)};
        const FiscColumn *of = &g_array_index(table->columns, FiscColumn, column.column);
        column.is_number = of->kind != FISC_COLUMN_TEXT;
        column.words = fisc_page_column(language, of->name);
        column.width = wanted_width(pen, table, column.column, column.words);
        bool is_label = (int)column.column == fisc_page_label_column(table);
        if (!is_label && !column.is_number) {
            column.width = MIN(column.width, TEXT_WIDTH_MAX);
        }
        is_key = is_key && !column.is_number;
        wishes.keys += is_key ? 1 : 0;
        wishes.label = is_label ? (int)i : wishes.label;
        g_array_append_val(wishes.all, column);
    }
    return wishes;
}

static double
least_width(const Wishes *wishes, guint index)
{
    double width = g_array_index(wishes->all, FiscGridColumn, index).width;
    return (int)index == wishes->label ? MIN(width, LABEL_WIDTH_MIN) : width;
}

/* The width that columns [from, to) need behind the keys. */
static double
width_of(const Wishes *wishes, guint from, guint to, double scale)
{
    double width = 0;
    guint count = 0;
    for (guint i = 0; i < to; i++) {
        if (i < wishes->keys || i >= from) {
            width += least_width(wishes, i) * scale;
            count++;
        }
    }
    return width + (count > 0 ? (count - 1) * FISC_GRID_GAP * scale : 0);
}

static void
grid_free(void *pointer)
{
    FiscGrid *grid = pointer;
    g_array_unref(grid->columns);
    g_free(grid);
}

static void
append_column(const Wishes *wishes, guint index, double room, FiscGrid *grid, double *x)
{
    FiscGridColumn column = g_array_index(wishes->all, FiscGridColumn, index);
    bool is_label = (int)index == wishes->label;
    column.words = g_strdup(column.words);
    column.x = *x;
    column.width = least_width(wishes, index) * grid->scale + (is_label ? room : 0);
    *x += column.width + FISC_GRID_GAP * grid->scale;
    g_array_append_val(grid->columns, column);
}

/* The keys and the columns [from, to): the label takes the room that is left. */
static FiscGrid *
new_grid(const Wishes *wishes, guint from, guint to, double scale, double width)
{
    FiscGrid *grid = g_new0(FiscGrid, 1);
    grid->columns = new_columns();
    grid->width = width;
    grid->scale = scale;
    double room = MAX(width - width_of(wishes, from, to, scale), 0);
    double x = 0;
    for (guint i = 0; i < to; i++) {
        if (i < wishes->keys || i >= from) {
            append_column(wishes, i, room, grid, &x);
        }
    }
    return grid;
}

static void
add_bands(const Wishes *wishes, double width, GPtrArray *grids)
{
    guint from = MIN(wishes->keys, wishes->all->len);
    while (from < wishes->all->len) {
        guint to = from + 1;
        while (to < wishes->all->len && width_of(wishes, from, to + 1, SCALE_OF_BANDS) <= width) {
            to++;
        }
        g_ptr_array_add(grids, new_grid(wishes, from, to, SCALE_OF_BANDS, width));
        from = to;
    }
}

GPtrArray *
fisc_grids_new(const FiscPen *pen, const FiscTable *table, const char *language, double width)
{
    GPtrArray *grids = g_ptr_array_new_with_free_func(grid_free);
    Wishes wishes = collect(pen, table, language);
    guint count = wishes.all->len;
    bool has_bands = wishes.keys < count;
    double smallest = scales[G_N_ELEMENTS(scales) - 1];
    for (guint i = 0; i < G_N_ELEMENTS(scales) && grids->len == 0; i++) {
        bool is_last = !has_bands && scales[i] <= smallest;
        if (is_last || width_of(&wishes, wishes.keys, count, scales[i]) <= width) {
            g_ptr_array_add(grids, new_grid(&wishes, wishes.keys, count, scales[i], width));
        }
    }
    if (grids->len == 0) {
        add_bands(&wishes, width, grids);
    }
    g_array_unref(wishes.all);
    return grids;
}

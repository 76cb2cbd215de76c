/* table_beside.c: tables of one shape side by side: rows that are about the same thing meet in one
 * row, each table has its columns of amounts. */
#include "fisc/table.h"
#include <string.h>

/* Several tables while they become one. */
typedef struct {
    FiscTable *const *parts;
    const char *const *titles;
    guint count;
    guint guide; /* the part that gives title, headings and the order of rows */
    FiscTable *table;
    GArray *keys;      /* of int: columns of text whose words tell rows apart */
    GArray *amounts;   /* of int: columns of numbers, which each part has for itself */
    GHashTable *found; /* key -> FiscRow of the table being made */
} Beside;

/* A code tells a row apart; where there is none, all the words do. The unit may be another in each
 * part. */
static bool
is_key(const FiscTable *table, const FiscColumn *column)
{
    bool has_code = fisc_table_column(table, "code") >= 0;
    return column->kind == FISC_COLUMN_TEXT && strcmp(column->name, "unit") != 0 &&
           (!has_code || strcmp(column->name, "label") != 0);
}

static void
sort_columns(Beside *beside)
{
    const FiscTable *first = beside->parts[0];
    for (guint i = 0; i < first->columns->len; i++) {
        const FiscColumn *column = &g_array_index(first->columns, FiscColumn, i);
        int number = (int)i;
        if (column->kind != FISC_COLUMN_TEXT) {
            g_array_append_val(beside->amounts, number);
        } else if (is_key(first, column)) {
            g_array_append_val(beside->keys, number);
        }
    }
}

/* Where the amounts of a part stand in the table being made: behind all the words. */
static int
place_of(const Beside *beside, guint part, guint amount)
{
    guint words = beside->parts[0]->columns->len - beside->amounts->len;
    return (int)(words + part * beside->amounts->len + amount);
}

static void
add_amount_columns(Beside *beside, guint part)
{
    for (guint i = 0; i < beside->amounts->len; i++) {
        int number = g_array_index(beside->amounts, int, i);
        const FiscColumn *column = &g_array_index(beside->parts[part]->columns, FiscColumn, number);
        g_autofree char *name = beside->amounts->len == 1
                                    ? g_strdup(beside->titles[part])
                                    : g_strconcat(beside->titles[part], " ", column->name, NULL);
        fisc_table_add_column(beside->table, name, column->kind);
    }
}

static void
add_columns(Beside *beside)
{
    const FiscTable *first = beside->parts[0];
    for (guint i = 0; i < first->columns->len; i++) {
        const FiscColumn *column = &g_array_index(first->columns, FiscColumn, i);
        if (column->kind == FISC_COLUMN_TEXT) {
            fisc_table_add_column(beside->table, column->name, column->kind);
            g_array_index(beside->table->columns, FiscColumn, beside->table->columns->len - 1)
                .for_machines = column->for_machines;
        }
    }
    for (guint part = 0; part < beside->count; part++) {
        add_amount_columns(beside, part);
    }
}

/* Headings are told apart by their words; of rows that say the same, the first of one part meets
 * the first of another. */
static char *
key_of(const Beside *beside, const FiscTable *part, const FiscRow *row, GHashTable *said)
{
    GString *key = g_string_new(row->heading ? "heading" : "row");
    for (guint i = 0; row->heading && i < part->columns->len; i++) {
        g_string_append_printf(key, "\x1f%s", row->cells[i].text != NULL ? row->cells[i].text : "");
    }
    for (guint i = 0; !row->heading && i < beside->keys->len; i++) {
        const FiscCell *cell = &row->cells[g_array_index(beside->keys, int, i)];
        g_string_append_printf(key, "\x1f%s", cell->text != NULL ? cell->text : "");
    }
    int before = GPOINTER_TO_INT(g_hash_table_lookup(said, key->str));
    g_hash_table_insert(said, g_strdup(key->str), GINT_TO_POINTER(before + 1));
    g_string_append_printf(key, "\x1f%d", before);
    return g_string_free(key, FALSE);
}

static FiscRow *
copy_words(Beside *beside, const FiscRow *from)
{
    FiscRow *row = fisc_table_add_row(beside->table);
    int column = 0;
    row->level = from->level;
    row->strong = from->strong;
    row->heading = from->heading;
    for (guint i = 0; i < beside->parts[0]->columns->len; i++) {
        if (g_array_index(beside->parts[0]->columns, FiscColumn, i).kind == FISC_COLUMN_TEXT) {
            fisc_table_set_text(beside->table, row, column++, from->cells[i].text);
        }
    }
    return row;
}

static void
copy_amounts(const Beside *beside, guint part, const FiscRow *from, FiscRow *to)
{
    for (guint i = 0; i < beside->amounts->len; i++) {
        const FiscCell *cell = &from->cells[g_array_index(beside->amounts, int, i)];
        if (cell->is_set) {
            int place = place_of(beside, part, i);
            fisc_table_set_amount(beside->table, to, place, cell->number);
            fisc_table_set_drill(beside->table, to, place, cell->drill);
        }
    }
}

/* Moves the last row of the table behind @after, the place of the row before it in its part. */
static void
place_row(GPtrArray *rows, guint after)
{
    gpointer row = rows->pdata[rows->len - 1];
    memmove(rows->pdata + after + 1, rows->pdata + after,
            (rows->len - 1 - after) * sizeof(gpointer));
    rows->pdata[after] = row;
}

static guint
index_of(const GPtrArray *rows, const FiscRow *row)
{
    guint index = 0;
    g_ptr_array_find((GPtrArray *)rows, row, &index);
    return index;
}

/* Headings of the other parts say again, or say of their own column, what stands there already. The
 * guide comes first. */
static void
add_part(Beside *beside, guint part)
{
    const FiscTable *from = beside->parts[part];
    GPtrArray *rows = beside->table->rows;
    g_autoptr(GHashTable) said = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    guint next = 0; /* where a row goes that nobody had before */
    for (guint i = 0; i < from->rows->len; i++) {
        const FiscRow *row = g_ptr_array_index(from->rows, i);
        if (row->heading && part != beside->guide) {
            continue;
        }
        g_autofree char *key = key_of(beside, from, row, said);
        FiscRow *known = g_hash_table_lookup(beside->found, key);
        if (known == NULL) {
            known = copy_words(beside, row);
            place_row(rows, next);
            g_hash_table_insert(beside->found, g_steal_pointer(&key), known);
            next++;
        } else {
            /* Rows of a part come in the order of the others, nearly always: look ahead first. */
            while (next < rows->len && rows->pdata[next] != known) {
                next++;
            }
            next = next < rows->len ? next + 1 : index_of(rows, known) + 1;
        }
        copy_amounts(beside, part, row, known);
    }
}

/* What was said of the guide holds for all; it is not said again for each column. */
static bool
is_said(const Beside *beside, const char *text)
{
    const FiscTable *guide = beside->parts[beside->guide];
    for (guint i = 0; i < guide->notes->len; i++) {
        if (strcmp(g_ptr_array_index(guide->notes, i), text) == 0) {
            return true;
        }
    }
    return false;
}

static void
add_notes(Beside *beside, guint part)
{
    const FiscTable *from = beside->parts[part];
    for (guint i = 0; i < from->notes->len; i++) {
        const FiscNotePlace *place = &g_array_index(from->note_places, FiscNotePlace, i);
        const char *text = g_ptr_array_index(from->notes, i);
        if (part != beside->guide && is_said(beside, text)) {
            continue;
        }
        g_autofree char *titled = g_strconcat(beside->titles[part], ": ", text, NULL);
        fisc_table_add_note_about(beside->table, place->unit, place->about,
                                  part == beside->guide && place->is_beside,
                                  part == beside->guide ? text : titled);
    }
}

/* What a part does not have is nothing there. */
static void
fill_gaps(const Beside *beside)
{
    int begin = place_of(beside, 0, 0);
    for (guint i = 0; i < beside->table->rows->len; i++) {
        FiscRow *row = g_ptr_array_index(beside->table->rows, i);
        for (int column = begin; !row->heading && column < (int)beside->table->columns->len;
             column++) {
            if (!row->cells[column].is_set) {
                fisc_table_set_amount(beside->table, row, column, 0);
            }
        }
    }
}

FiscTable *
fisc_table_beside(FiscTable *const *parts, const char *const *titles, guint count, guint guide)
{
    g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(int));
    g_autoptr(GArray) amounts = g_array_new(FALSE, FALSE, sizeof(int));
    g_autoptr(GHashTable) found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_assert(guide < count);
    FiscTable *table =
        fisc_table_new(parts[guide]->name, parts[guide]->title, parts[guide]->decimals);
    Beside beside = {parts, titles, count, guide, table, keys, amounts, found};
    sort_columns(&beside);
    add_columns(&beside);
    add_part(&beside, guide);
    add_notes(&beside, guide);
    for (guint part = 0; part < count; part++) {
        g_assert(parts[part]->columns->len == parts[0]->columns->len);
        if (part != guide) {
            add_part(&beside, part);
            add_notes(&beside, part);
        }
    }
    fill_gaps(&beside);
    return table;
}

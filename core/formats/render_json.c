/* render_json.c: a table as one JSON object.
 *
 * Amounts are decimal strings, so that no reader turns money into a float; integers beyond 64 bits
 * are strings too. An empty cell is null. Headings are for people and are left out; a
 * note says which unit and which part of the report it is about. */
#include "core/formats/render.h"
#include "fisc/money.h"
#include <jansson.h>

/* Jansson takes valid UTF-8 only; what comes from outside may be anything. */
json_t *
fisc_render_json_text(const char *text)
{
    g_autofree char *valid = g_utf8_make_valid(text != NULL ? text : "", -1);
    return json_string(valid);
}

static json_t *
sum_value(__int128 sum, int decimals)
{
    char buffer[FISC_SUM_TEXT];
    return json_string(fisc_sum_format(sum, decimals, buffer));
}

static json_t *
cell_value(const FiscTable *table, const FiscColumn *column, const FiscCell *cell)
{
    if (!cell->is_set) {
        return json_null();
    }
    switch (column->kind) {
    case FISC_COLUMN_TEXT:
        return fisc_render_json_text(cell->text);
    case FISC_COLUMN_AMOUNT:
        return sum_value(cell->number, table->decimals);
    case FISC_COLUMN_INTEGER:
        return cell->number >= INT64_MIN && cell->number <= INT64_MAX
                   ? json_integer((json_int_t)cell->number)
                   : sum_value(cell->number, 0);
    }
    g_assert_not_reached();
}

/* Of a row with figures that can be taken apart: the name of the column -> the key to ask by. */
static void
add_keys(const FiscTable *table, const FiscRow *row, json_t *object)
{
    json_t *keys = json_object();
    for (guint i = 0; i < table->columns->len; i++) {
        const char *key = row->cells[i].drill;
        if (key != NULL) {
            const FiscColumn *column = &g_array_index(table->columns, FiscColumn, i);
            json_object_set_new(keys, column->name, fisc_render_json_text(key));
        }
    }
    if (json_object_size(keys) > 0) {
        json_object_set(object, "drill", keys);
    }
    json_decref(keys);
}

json_t *
fisc_render_json_row(const FiscTable *table, const FiscRow *row)
{
    json_t *object = json_object();
    for (guint i = 0; i < table->columns->len; i++) {
        const FiscColumn *column = &g_array_index(table->columns, FiscColumn, i);
        json_object_set_new(object, column->name, cell_value(table, column, &row->cells[i]));
    }
    add_keys(table, row, object);
    return object;
}

static json_t *
optional_value(const char *text)
{
    return text != NULL ? fisc_render_json_text(text) : json_null();
}

json_t *
fisc_render_json_note(const FiscTable *table, guint index)
{
    const FiscNotePlace *place = &g_array_index(table->note_places, FiscNotePlace, index);
    json_t *object = json_object();
    json_object_set_new(object, "unit", optional_value(place->unit));
    json_object_set_new(object, "about", optional_value(place->about));
    json_object_set_new(object, "text",
                        fisc_render_json_text(g_ptr_array_index(table->notes, index)));
    return object;
}

static int
append_bytes(const char *bytes, size_t length, void *data)
{
    GString *out = data;
    g_string_append_len(out, bytes, (gssize)length);
    return 0;
}

void
fisc_render_json(const FiscTable *table, GString *out)
{
    json_t *rows = json_array();
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = g_ptr_array_index(table->rows, i);
        if (!row->heading) {
            json_array_append_new(rows, fisc_render_json_row(table, row));
        }
    }
    json_t *notes = json_array();
    for (guint i = 0; i < table->notes->len; i++) {
        json_array_append_new(notes, fisc_render_json_note(table, i));
    }
    json_t *root = json_object();
    json_object_set_new(root, "name", fisc_render_json_text(table->name));
    json_object_set_new(root, "title", fisc_render_json_text(table->title));
    json_object_set_new(root, "rows", rows);
    json_object_set_new(root, "notes", notes);
    g_assert(json_dump_callback(root, append_bytes, out, JSON_INDENT(2)) == 0);
    json_decref(root);
    g_string_append_c(out, '\n');
}

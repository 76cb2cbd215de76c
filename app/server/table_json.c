/* table_json.c: a table as JSON for screens and programs: {"name","title","decimals","columns":
 * [{"name","kind","for_machines"}],"rows":[{...}],"levels":[...],"strong":[...],"headings":
 * [{"before","text"}],"notes":[...],"next"}. Rows are written one by one, so that a long table is
 * in memory once. What a row and a note look like is left to core/formats. */
#include "app/server/table_json.h"
#include "core/formats/render.h"
#include <stdlib.h>

static const char *const kind_words[] = {
    [FISC_COLUMN_TEXT] = "text",
    [FISC_COLUMN_AMOUNT] = "amount",
    [FISC_COLUMN_INTEGER] = "integer",
};

/* Takes @value. */
static void
append_value(GString *out, json_t *value)
{
    char *text = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
    g_string_append(out, text);
    free(text);
    json_decref(value);
}

static json_t *
columns_value(const FiscTable *table)
{
    json_t *columns = json_array();
    for (guint i = 0; i < table->columns->len; i++) {
        const FiscColumn *column = &g_array_index(table->columns, FiscColumn, i);
        json_array_append_new(columns, json_pack("{s:s, s:s, s:b}", "name", column->name, "kind",
                                                 kind_words[column->kind], "for_machines",
                                                 column->for_machines));
    }
    return columns;
}

static const char *
words_of(const FiscTable *table, const FiscRow *row)
{
    for (guint i = 0; i < table->columns->len; i++) {
        if (row->cells[i].text != NULL) {
            return row->cells[i].text;
        }
    }
    return "";
}

/* The words above the rows: before which of them they stand. */
static json_t *
headings_value(const FiscTable *table)
{
    json_t *headings = json_array();
    json_int_t before = 0;
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        if (row->heading) {
            json_t *heading = json_pack("{s:I}", "before", before);
            json_object_set_new(heading, "text", fisc_render_json_text(words_of(table, row)));
            json_array_append_new(headings, heading);
        }
        before += !row->heading;
    }
    return headings;
}

static void
append_rows(const FiscTable *table, GString *out)
{
    g_string_append(out, ",\"rows\":[");
    bool is_first = true;
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        if (!row->heading) {
            g_string_append(out, is_first ? "" : ",");
            append_value(out, fisc_render_json_row(table, row));
            is_first = false;
        }
    }
    g_string_append_c(out, ']');
}

static void
append_shape(const FiscTable *table, GString *out)
{
    g_autoptr(GString) levels = g_string_new(NULL);
    g_autoptr(GString) strong = g_string_new(NULL);
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        if (!row->heading) {
            g_string_append_printf(levels, "%s%d", levels->len > 0 ? "," : "", row->level);
            g_string_append_printf(strong, "%s%s", strong->len > 0 ? "," : "",
                                   row->strong ? "true" : "false");
        }
    }
    g_string_append_printf(out, ",\"levels\":[%s],\"strong\":[%s]", levels->str, strong->str);
}

void
fisc_table_json_append(const FiscTable *table, const char *next, GString *out)
{
    json_t *notes = json_array();
    for (guint i = 0; i < table->notes->len; i++) {
        json_array_append_new(notes, fisc_render_json_note(table, i));
    }
    g_string_append(out, "{\"name\":");
    append_value(out, fisc_render_json_text(table->name));
    g_string_append(out, ",\"title\":");
    append_value(out, fisc_render_json_text(table->title));
    g_string_append_printf(out, ",\"decimals\":%d,\"columns\":", table->decimals);
    append_value(out, columns_value(table));
    append_rows(table, out);
    append_shape(table, out);
    g_string_append(out, ",\"headings\":");
    append_value(out, headings_value(table));
    g_string_append(out, ",\"notes\":");
    append_value(out, notes);
    g_string_append(out, ",\"next\":");
    append_value(out, next != NULL ? fisc_render_json_text(next) : json_null());
    g_string_append(out, "}\n");
}

/* table_json.c: a table as JSON for screens and programs: {"name","title","decimals","columns":
 * [{"name","kind","for_machines"}],"rows":[{...}],"levels":[...],"strong":[...],"headings":
 * [{"before","text"}],"notes":[...],"next"}. Rows are written one by one, so that a long table is
 * in memory once. What a row and a note look like is left to core/formats. */
#include "app/server/table_json.h"
#include "core/formats/render.h"

static const char *const kind_words[] = {
    [FISC_COLUMN_TEXT] = "text",
    [FISC_COLUMN_AMOUNT] = "amount",
    [FISC_COLUMN_INTEGER] = "integer",
};

static int
append_piece(const char *piece, size_t length, void *out)
{
    g_string_append_len(out, piece, (gssize)length);
    return 0;
}

/* Takes @value. */
static void
append_value(GString *out, json_t *value)
{
    json_dump_callback(value, append_piece, out, JSON_COMPACT | JSON_ENCODE_ANY);
    json_decref(value);
}

/* The same as a value of it, which most words need not become first. */
static void
append_text(GString *out, const char *text)
{
    const char *c = text != NULL ? text : "";
    const char *begin = c;
    while (*c >= ' ' && *c <= '~' && *c != '"' && *c != '\\') {
        c++;
    }
    if (*c != '\0') {
        append_value(out, fisc_render_json_text(text));
        return;
    }
    g_string_append_c(out, '"');
    g_string_append_len(out, begin, c - begin);
    g_string_append_c(out, '"');
}

static void
append_columns(const FiscTable *table, GString *out)
{
    g_string_append(out, ",\"columns\":[");
    for (guint i = 0; i < table->columns->len; i++) {
        const FiscColumn *column = &g_array_index(table->columns, FiscColumn, i);
        g_string_append(out, i > 0 ? ",{\"name\":" : "{\"name\":");
        append_text(out, column->name);
        g_string_append(out, ",\"kind\":");
        append_text(out, kind_words[column->kind]);
        g_string_append(out, ",\"for_machines\":");
        g_string_append(out, column->for_machines ? "true}" : "false}");
    }
    g_string_append_c(out, ']');
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
    g_autoptr(GString) strong = g_string_new(NULL);
    g_string_append(out, ",\"levels\":[");
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        if (!row->heading) {
            g_string_append_printf(out, "%s%d", strong->len > 0 ? "," : "", row->level);
            g_string_append(strong, strong->len > 0 ? "," : "");
            g_string_append(strong, row->strong ? "true" : "false");
        }
    }
    g_string_append(out, "],\"strong\":[");
    g_string_append_len(out, strong->str, (gssize)strong->len);
    g_string_append_c(out, ']');
}

void
fisc_table_json_append(const FiscTable *table, const char *next, GString *out)
{
    json_t *notes = json_array();
    for (guint i = 0; i < table->notes->len; i++) {
        json_array_append_new(notes, fisc_render_json_note(table, i));
    }
    g_string_append(out, "{\"name\":");
    append_text(out, table->name);
    g_string_append(out, ",\"title\":");
    append_text(out, table->title);
    g_string_append_printf(out, ",\"decimals\":%d", table->decimals);
    append_columns(table, out);
    append_rows(table, out);
    append_shape(table, out);
    g_string_append(out, ",\"headings\":");
    append_value(out, headings_value(table));
    g_string_append(out, ",\"notes\":");
    append_value(out, notes);
    g_string_append(out, ",\"next\":");
    if (next != NULL) {
        append_text(out, next);
    } else {
        g_string_append(out, "null");
    }
    g_string_append(out, "}\n");
}

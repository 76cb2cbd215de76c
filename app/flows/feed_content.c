/* feed_content.c: the content of a document about a feed as text, and back: a line of JSON for each
 * event and entry. It says every word that a digest is made of, also those that no journal has: the
 * month that takes what is late, the file and row it came from. */
#include "app/flows/feed.h"
#include <stdlib.h>
#include <string.h>

/* Written ------------------------------------------------------------------------------------- */

static void
set_text(json_t *object, const char *name, const char *text)
{
    if (text != NULL) {
        json_object_set_new(object, name, json_string(text));
    }
}

static void
set_number(json_t *object, const char *name, int64_t number)
{
    if (number != 0) {
        json_object_set_new(object, name, json_integer(number));
    }
}

static json_t *
line_value(const FiscLine *line)
{
    json_t *value = json_object();
    set_text(value, "account", line->account);
    set_number(value, "flow", line->flow);
    set_number(value, "kind", line->kind);
    set_number(value, "amount", line->amount);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        set_text(value, fisc_dimension_column((FiscDimension)i), line->dim[i]);
    }
    set_number(value, "if_budgeted", line->if_budgeted);
    set_text(value, "item", line->item);
    set_text(value, "relieves", line->relieves);
    set_number(value, "final", line->is_final);
    set_text(value, "currency", line->currency);
    set_number(value, "foreign", line->foreign);
    set_number(value, "row", line->row);
    return value;
}

static json_t *
entry_value(const FiscEntry *entry)
{
    json_t *value = json_object();
    json_t *lines = json_array();
    for (guint i = 0; i < entry->lines->len; i++) {
        json_array_append_new(lines, line_value(&g_array_index(entry->lines, FiscLine, i)));
    }
    set_text(value, "entity", entry->entity);
    set_text(value, "reference", entry->reference);
    set_number(value, "effective", entry->effective);
    set_number(value, "period", entry->period);
    set_text(value, "memo", entry->memo);
    set_text(value, "document", entry->document);
    set_text(value, "transfer", entry->transfer);
    set_text(value, "corrects", entry->corrects);
    set_number(value, "reverses", entry->reverses);
    set_text(value, "file", entry->file);
    set_number(value, "row", entry->row);
    set_number(value, "decimals", entry->decimals);
    json_object_set_new(value, "lines", lines);
    return value;
}

static json_t *
event_value(const FiscEvent *event)
{
    json_t *fields = json_array();
    for (guint i = 0; i < event->fields->len; i++) {
        json_array_append_new(fields, json_string(event->fields->pdata[i]));
    }
    return json_pack("{s:s, s:s, s:o}", "event", event->kind, "subject", event->subject, "fields",
                     fields);
}

static void
add_row(GString *text, json_t *value)
{
    char *row = json_dumps(value, JSON_COMPACT);
    g_string_append_printf(text, "%s\n", row);
    free(row);
    json_decref(value);
}

char *
fisc_feed_content_write(const FiscSubmission *content)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < content->events->len; i++) {
        add_row(text, event_value(content->events->pdata[i]));
    }
    for (guint i = 0; i < content->entries->len; i++) {
        add_row(text, entry_value(content->entries->pdata[i]));
    }
    return g_string_free(text, FALSE);
}

/* Read ---------------------------------------------------------------------------------------- */

static const char *
get_text(FiscSubmission *into, const json_t *object, const char *name)
{
    return fisc_submission_text(into, json_string_value(json_object_get(object, name)));
}

static int64_t
get_number(const json_t *object, const char *name)
{
    return json_integer_value(json_object_get(object, name));
}

static void
read_line(FiscSubmission *into, FiscEntry *entry, const json_t *value)
{
    FiscLine *line = fisc_entry_line(entry);
    line->account = get_text(into, value, "account");
    line->flow = (int)get_number(value, "flow");
    line->kind = (int)get_number(value, "kind");
    line->amount = get_number(value, "amount");
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        line->dim[i] = get_text(into, value, fisc_dimension_column((FiscDimension)i));
    }
    line->if_budgeted = get_number(value, "if_budgeted") != 0;
    line->item = get_text(into, value, "item");
    line->relieves = get_text(into, value, "relieves");
    line->is_final = get_number(value, "final") != 0;
    line->currency = get_text(into, value, "currency");
    line->foreign = get_number(value, "foreign");
    line->row = (int)get_number(value, "row");
}

static void
read_entry(FiscSubmission *into, const json_t *value)
{
    const json_t *lines = json_object_get(value, "lines");
    FiscEntry *entry = fisc_submission_entry(into);
    entry->entity = get_text(into, value, "entity");
    entry->reference = get_text(into, value, "reference");
    entry->effective = (FiscDate)get_number(value, "effective");
    entry->period = (FiscPeriod)get_number(value, "period");
    entry->memo = get_text(into, value, "memo");
    entry->document = get_text(into, value, "document");
    entry->transfer = get_text(into, value, "transfer");
    entry->corrects = get_text(into, value, "corrects");
    entry->reverses = get_number(value, "reverses") != 0;
    entry->file = get_text(into, value, "file");
    entry->row = (int)get_number(value, "row");
    entry->decimals = (int)get_number(value, "decimals");
    for (size_t i = 0; i < json_array_size(lines); i++) {
        read_line(into, entry, json_array_get(lines, i));
    }
    fisc_entry_digest(entry);
}

static void
read_event(FiscSubmission *into, const json_t *value)
{
    const json_t *fields = json_object_get(value, "fields");
    FiscEvent *event = fisc_submission_event(into, get_text(into, value, "event"),
                                             get_text(into, value, "subject"), NULL);
    for (size_t i = 0; i < json_array_size(fields); i++) {
        g_ptr_array_add(event->fields, (char *)fisc_submission_text(
                                           into, json_string_value(json_array_get(fields, i))));
    }
}

bool
fisc_feed_content_read(FiscSubmission *into, const char *text, gsize length, GError **error)
{
    const char *end = text + length;
    for (const char *row = text; row < end;) {
        const char *stop = memchr(row, '\n', (gsize)(end - row));
        stop = stop != NULL ? stop : end;
        json_t *value = json_loadb(row, (size_t)(stop - row), JSON_REJECT_DUPLICATES, NULL);
        bool is_entry = json_is_array(json_object_get(value, "lines"));
        bool is_event = json_is_array(json_object_get(value, "fields"));
        if (is_entry) {
            read_entry(into, value);
        } else if (is_event) {
            read_event(into, value);
        }
        json_decref(value);
        if (!is_entry && !is_event) {
            return fisc_fail(error, FISC_ERROR_FAILED, "the content of a feed cannot be read");
        }
        row = stop + 1;
    }
    return true;
}

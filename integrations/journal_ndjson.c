/* journal_ndjson.c: entries as JSON, one a line, as rows of a journal; and events, which are what a
 * document may change beside the books.
 *
 * Strict: unknown members, duplicate members and numbers where a decimal string belongs are
 * refused. A refusal names the member by its JSON pointer ("/lines/0/debit"). */
#include "integrations/journal.h"
#include <jansson.h>
#include "core/base/depth.h"
#include <string.h>

/* Room for an entry of FISC_ENTRY_LINES_MAX lines. */
#define NDJSON_LINE_MAX (16 * 1024 * 1024)

typedef struct {
    FiscReader *reader;
    FiscJournal *journal;
    FiscSubmission *submission;
    FiscPlace place; /* of the line of text, or its number in a document; prefix "/" */
    char base[32];   /* of pointers: "/entries/3", or "" where the line tells */
    const char *key; /* what an entry without a name of its own is called by; NULL = refused */
    GArray *lines;   /* of int: place.line of each object so far; NULL = not wanted */
} Input;

static bool
refuse_member(Input *input, const char *prefix, const char *member, FiscError code,
              const char *hint, const char *detail)
{
    FiscPlace place = fisc_place_at(input->place, member);
    g_autofree char *pointer = g_strconcat(input->base, prefix, NULL);
    place.prefix = pointer;
    return fisc_reader_refuse(input->reader, place, code, hint, "%s", detail);
}

static bool
take_text(Input *input, const char *prefix, const char *member, const json_t *value,
          const char **out_text)
{
    if (json_is_null(value)) {
        return true;
    }
    if (json_is_string(value)) {
        *out_text = json_string_value(value);
        return true;
    }
    bool is_money = strcmp(member, "debit") == 0 || strcmp(member, "credit") == 0 ||
                    strcmp(member, "amount_fc") == 0;
    if (json_is_number(value) && is_money) {
        return refuse_member(input, prefix, member, FISC_ERROR_AMOUNT_INVALID,
                             "write money as a string: \"12.50\"", "the amount is a JSON number");
    }
    return refuse_member(input, prefix, member, FISC_ERROR_VALUE_INVALID,
                         "write codes, dates and amounts as strings", "the value is no string");
}

/* Takes the members of @object that are fields of [from, to) into @row. @skip: a member that is
 * handled elsewhere, or NULL. */
static bool
take_members(Input *input, json_t *object, const char *prefix, int from, int to, const char *skip,
             FiscJournalRow *row)
{
    bool is_good = true;
    const char *member;
    json_t *value;
    json_object_foreach(object, member, value)
    {
        int field = fisc_journal_field(member);
        if (skip != NULL && strcmp(member, skip) == 0) {
            continue;
        }
        if (field < from || field >= to) {
            is_good = refuse_member(input, prefix, member, FISC_ERROR_COLUMN_UNKNOWN, NULL,
                                    "the member is not known here");
        } else if (*row->value[field] != '\0') {
            is_good = refuse_member(input, prefix, member, FISC_ERROR_VALUE_INVALID, NULL,
                                    "the member is there twice, under two names");
        } else {
            is_good &= take_text(input, prefix, member, value, &row->value[field]);
        }
    }
    return is_good;
}

/* All lines are added even when one is refused: every fault of the entry is told at once. */
static void
add_lines(Input *input, json_t *lines, const FiscJournalRow *entry)
{
    gsize index;
    json_t *line;
    bool begins_entry = true;
    json_array_foreach(lines, index, line)
    {
        g_autofree char *prefix = g_strdup_printf("/lines/%" G_GSIZE_FORMAT "/", index);
        g_autofree char *pointer = g_strconcat(input->base, prefix, NULL);
        FiscJournalRow row = *entry;
        row.place.prefix = pointer;
        if (!json_is_object(line)) {
            refuse_member(input, "/lines", "", FISC_ERROR_JSON_INVALID, NULL,
                          "a line is not an object");
        } else if (take_members(input, line, prefix, FISC_ENTRY_FIELD_COUNT, FISC_FIELD_COUNT, NULL,
                                &row)) {
            fisc_journal_add(input->journal, &row, begins_entry);
            begins_entry = false;
        }
    }
}

/* "CITY/3f0a19c2b7de.2": the same key at the same place is the same entry. */
static char *
derive_reference(const Input *input, const FiscJournalRow *row)
{
    bool is_named =
        *row->value[FISC_FIELD_REFERENCE] != '\0' || *row->value[FISC_FIELD_JOURNAL_ID] != '\0';
    return input->key == NULL || is_named
               ? NULL
               : g_strdup_printf("%s/%s.%u", row->value[FISC_FIELD_ENTITY], input->key,
                                 input->lines->len);
}

static void
take_entry(Input *input, json_t *object)
{
    g_autofree char *entry_prefix = g_strconcat(input->base, "/", NULL);
    FiscJournalRow row = {.place = input->place, .entry_prefix = entry_prefix};
    for (int i = 0; i < FISC_FIELD_COUNT; i++) {
        row.value[i] = "";
    }
    bool is_good = take_members(input, object, "/", 0, FISC_ENTRY_FIELD_COUNT, "lines", &row);
    g_autofree char *derived = derive_reference(input, &row);
    if (derived != NULL) {
        row.value[FISC_FIELD_REFERENCE] = derived;
    }
    json_t *lines = json_object_get(object, "lines");
    if (!json_is_array(lines) || json_array_size(lines) == 0) {
        refuse_member(input, "/", "lines", FISC_ERROR_VALUE_MISSING, NULL,
                      "an entry needs an array of lines");
    } else if (json_array_size(lines) > FISC_ENTRY_LINES_MAX) {
        refuse_member(input, "/", "lines", FISC_ERROR_ENTRY_TOO_LARGE, NULL,
                      "the entry has more than 10,000 lines");
    } else if (is_good) {
        add_lines(input, lines, &row);
    }
}

/* Events ----------------------------------------------------------------------------------------
 */

/* The text of a member of an event; NULL after refusing. */
static const char *
event_text(Input *input, const char *prefix, const char *member, const json_t *value)
{
    if (json_is_string(value)) {
        return json_string_value(value);
    }
    refuse_member(input, prefix, member,
                  value == NULL ? FISC_ERROR_VALUE_MISSING : FISC_ERROR_VALUE_INVALID,
                  "write every value of an event as a string",
                  value == NULL ? "the event does not say it" : "the value is no string");
    return NULL;
}

static bool
check_event_members(Input *input, json_t *object, const char *prefix, const char *const *known)
{
    bool is_good = true;
    const char *member;
    json_t *value;
    json_object_foreach(object, member, value)
    {
        if (!g_strv_contains(known, member)) {
            is_good = refuse_member(input, prefix, member, FISC_ERROR_COLUMN_UNKNOWN, NULL,
                                    "the member is not known here");
        }
    }
    return is_good;
}

static bool
take_event_fields(Input *input, json_t *object, FiscEvent *event)
{
    bool is_good = true;
    const char *name;
    json_t *value;
    json_object_foreach(object, name, value)
    {
        const char *text = event_text(input, "/event/fields/", name, value);
        is_good = is_good && text != NULL;
        if (is_good) {
            g_ptr_array_add(event->fields, (char *)fisc_submission_text(input->submission, name));
            g_ptr_array_add(event->fields, (char *)fisc_submission_text(input->submission, text));
        }
    }
    return is_good;
}

/* {"event": {"kind": "control", "subject": "vote", "fields": {"level": "absolute", ...}}} */
static void
take_event(Input *input, json_t *object)
{
    static const char *const outer[] = {"event", NULL};
    static const char *const inner[] = {"kind", "subject", "fields", NULL};
    json_t *said = json_object_get(object, "event");
    json_t *fields = json_object_get(said, "fields");
    if (!check_event_members(input, object, "/", outer)) {
        return;
    }
    if (!json_is_object(said) || (fields != NULL && !json_is_object(fields))) {
        refuse_member(input, "/", "event", FISC_ERROR_JSON_INVALID, NULL,
                      "an event is an object with kind, subject and an object of fields");
        return;
    }
    bool is_good = check_event_members(input, said, "/event/", inner);
    const char *kind = event_text(input, "/event/", "kind", json_object_get(said, "kind"));
    const char *subject = event_text(input, "/event/", "subject", json_object_get(said, "subject"));
    if (kind != NULL && *kind == '\0') {
        refuse_member(input, "/event/", "kind", FISC_ERROR_VALUE_MISSING, NULL,
                      "an event has a kind");
        return;
    }
    if (subject != NULL && *subject == '\0') {
        refuse_member(input, "/event/", "subject", FISC_ERROR_VALUE_MISSING, NULL,
                      "an event is about something");
        return;
    }
    if (kind != NULL && strcmp(kind, "document") == 0) {
        refuse_member(input, "/event/", "kind", FISC_ERROR_VALUE_INVALID, "fisc doc makes them",
                      "a document is no content");
        return;
    }
    if (kind != NULL && strcmp(kind, "case") == 0) { /* a text could not say what it may change */
        refuse_member(input, "/event/", "kind", FISC_ERROR_VALUE_INVALID, "fisc budget makes them",
                      "a step of a case is no content");
        return;
    }
    if (is_good && kind != NULL && subject != NULL) {
        FiscEvent *event = fisc_submission_event(input->submission, kind, subject, NULL);
        take_event_fields(input, fields, event);
    }
}

/* One entry or event. */
static void
take_object(Input *input, json_t *object)
{
    if (input->lines != NULL) {
        g_snprintf(input->base, sizeof input->base, "/entries/%u", input->lines->len);
        g_array_append_val(input->lines, input->place.line);
    }
    if (!json_is_object(object)) {
        refuse_member(input, "", NULL, FISC_ERROR_JSON_INVALID, "write one entry a line",
                      "the line is not an object");
    } else if (json_object_get(object, "event") != NULL) {
        take_event(input, object);
    } else {
        take_entry(input, object);
    }
}

static void
take_line(Input *input, const char *text, gsize length)
{
    json_error_t error;
    json_t *object = json_loadb(text, length, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
    if (object == NULL) {
        g_autofree char *detail = g_strdup_printf("column %d: %s", error.column, error.text);
        refuse_member(input, "", NULL, FISC_ERROR_JSON_INVALID, NULL, detail);
    } else {
        take_object(input, object);
    }
    json_decref(object);
}

/* What no line of text may have; checked before any parser sees it. */
static bool
check_text(Input *input, const char *text, gsize length)
{
    if (length > NDJSON_LINE_MAX) {
        return refuse_member(input, "", NULL, FISC_ERROR_LINE_TOO_LONG, NULL,
                             "the line is longer than 16 MiB");
    }
    if (memchr(text, '\0', length) != NULL) {
        return refuse_member(input, "", NULL, FISC_ERROR_NUL_BYTE, NULL,
                             "the line contains a NUL byte");
    }
    if (fisc_json_is_deep(text, length)) {
        return refuse_member(
            input, "", NULL, FISC_ERROR_JSON_INVALID, NULL,
            "objects lie in one another deeper than " G_STRINGIFY(FISC_JSON_DEPTH_MAX) " levels");
    }
    const char *bad = NULL;
    if (!g_utf8_validate(text, (gssize)length, &bad)) {
        g_autofree char *detail = g_strdup_printf("byte 0x%02X at column %d is not valid UTF-8",
                                                  (unsigned char)*bad, (int)(bad - text) + 1);
        return refuse_member(input, "", NULL, FISC_ERROR_ENCODING_INVALID, NULL, detail);
    }
    return true;
}

static bool
is_blank(const char *text, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        if (!g_ascii_isspace(text[i])) {
            return false;
        }
    }
    return true;
}

static void
take_lines(Input *input, const char *data, gsize length)
{
    while (length > 0) {
        const char *end = memchr(data, '\n', length);
        gsize taken = end != NULL ? (gsize)(end - data) + 1 : length;
        input->place.line++;
        if (!is_blank(data, taken) && check_text(input, data, taken)) {
            take_line(input, data, taken);
        }
        data += taken;
        length -= taken;
    }
}

void
fisc_journal_from_ndjson(FiscReader *reader, const char *name, const char *data, gsize length,
                         FiscSubmission *submission)
{
    g_autoptr(FiscJournal) journal = fisc_journal_new(reader, FISC_JOURNAL_ORDINARY, submission);
    Input input = {reader, journal, submission, {.file = name, .line = 0, .prefix = "/"}};
    take_lines(&input, data, length);
    fisc_journal_finish(journal);
}

/* Bodies of requests -----------------------------------------------------------------------------
 */

/* One document: an entry, a list of them, or an object with the list under "entries". */
static void
take_document(Input *input, const char *data, gsize length)
{
    json_error_t error;
    if (!check_text(input, data, length)) {
        return;
    }
    json_t *document = json_loadb(data, length, JSON_REJECT_DUPLICATES, &error);
    if (document == NULL) {
        g_autofree char *detail =
            g_strdup_printf("line %d, column %d: %s", error.line, error.column, error.text);
        refuse_member(input, "", NULL, FISC_ERROR_JSON_INVALID, NULL, detail);
        return;
    }
    json_t *named = json_object_size(document) == 1 ? json_object_get(document, "entries") : NULL;
    json_t *list = json_is_array(document) ? document : json_is_array(named) ? named : NULL;
    for (gsize i = 0; i < json_array_size(list); i++) {
        input->place.line++;
        take_object(input, json_array_get(list, i));
    }
    if (list == NULL) {
        input->place.line++;
        take_object(input, document);
    }
    json_decref(document);
}

/* What is refused of an entry as a whole has only its line: it gets its pointer. */
static void
add_pointers(const Input *input, guint from)
{
    const FiscRefusals *refusals = input->reader->refusals;
    for (guint i = from; i < refusals->len; i++) {
        FiscRefusal *refusal = refusals->pdata[i];
        bool has_pointer = refusal->field != NULL && g_str_has_prefix(refusal->field, "/entries/");
        for (guint k = 0; !has_pointer && k < input->lines->len; k++) {
            if (g_array_index(input->lines, int, k) == refusal->line) {
                char *field =
                    g_strdup_printf("/entries/%u%s%s", k,
                                    refusal->field != NULL && *refusal->field != '/' ? "/" : "",
                                    refusal->field != NULL ? refusal->field : "");
                g_free(refusal->field);
                refusal->field = field;
                has_pointer = true;
            }
        }
    }
}

void
fisc_journal_from_body(FiscReader *reader, const FiscPackageBody *body, FiscSubmission *submission)
{
    guint before = reader->refusals->len;
    const char *data = body->length > 0 ? body->data : ""; /* an empty body may be nowhere */
    g_autoptr(GArray) lines = g_array_new(FALSE, FALSE, sizeof(int));
    g_autoptr(FiscJournal) journal = fisc_journal_new(reader, FISC_JOURNAL_ORDINARY, submission);
    Input input = {.reader = reader,
                   .journal = journal,
                   .submission = submission,
                   .place = {.file = body->name, .prefix = "/"},
                   .key = body->key,
                   .lines = lines};
    if (body->kind == FISC_BODY_KIND_NDJSON) {
        take_lines(&input, data, body->length);
    } else {
        take_document(&input, data, body->length);
    }
    fisc_journal_finish(journal);
    add_pointers(&input, before);
}

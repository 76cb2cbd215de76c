/* try.c: POST /v1/try: what would be, if; nothing is written. */
#include "app/server/api/writing.h"
#include <string.h>

static const FiscApiField fields[] = {
    {.name = "entries",
     .place = FISC_IN_BODY,
     .type = FISC_API_ANY,
     .is_required = true,
     .meaning = "a list of entries, virements, releases as they would be posted"},
    {.name = "against",
     .place = FISC_IN_BODY,
     .type = FISC_API_ANY,
     .meaning = "a list of entries that are taken as posted before"},
    FISC_GIVEN("scale", FISC_API_TEXT, "other prices", "economic=22:+5%"),
    FISC_GIVEN("source", FISC_API_TEXT, "under which references are looked up", "payroll"),
    FISC_CHOSEN("mode", false, "each entry on its own, or all or none", "each atomic"),
    {NULL},
};

static const FiscApiField answer_fields[] = {
    {.name = "results", .type = FISC_API_ANY, .meaning = "what would become of each entry"},
    {.name = "posted", .type = FISC_API_INTEGER, .meaning = "entries that would be posted"},
    {.name = "repeated", .type = FISC_API_INTEGER, .meaning = "entries that are on record"},
    {.name = "refused", .type = FISC_API_INTEGER, .meaning = "entries that would be refused"},
    {.name = "events", .type = FISC_API_INTEGER, .meaning = "events that would go on record"},
    {.name = "batch", .type = FISC_API_ANY, .meaning = "always null"},
    {.name = "dry_run", .type = FISC_API_BOOLEAN, .meaning = "always true"},
    {.name = "keys", .type = FISC_API_ANY, .meaning = "table of the funds keys that would change"},
    {.name = "remarks", .type = FISC_API_ANY, .meaning = "what other prices did"},
    {NULL},
};
static const FiscApiShape answer_shape = {"Trial", "What would be, if", answer_fields};

static json_t *
texts_of(const GPtrArray *texts)
{
    json_t *list = json_array();
    for (guint i = 0; i < texts->len; i++) {
        json_array_append_new(list, json_string(texts->pdata[i]));
    }
    return list;
}

static bool
is_list(FiscCall *call, const char *name)
{
    const json_t *value = fisc_call_value(call, name);
    if (value == NULL || json_is_array(value)) {
        return true;
    }
    g_autofree char *pointer = g_strconcat("/", name, NULL);
    fisc_call_problem(call, 422, "VALUE_INVALID", pointer, "%s: a list is expected here", name);
    return false;
}

/* Entries that are only tried need no name: they get one by their place. */
static char *
read_list(const json_t *list, const char *what)
{
    json_t *named = json_deep_copy(list);
    size_t at;
    json_t *entry;
    json_array_foreach(named, at, entry)
    {
        const char *entity = json_string_value(json_object_get(entry, "entity"));
        bool has_name = json_object_get(entry, "reference") != NULL ||
                        json_object_get(entry, "journal_id") != NULL ||
                        json_object_get(entry, "lines") == NULL;
        if (!has_name && entity != NULL) {
            g_autofree char *reference = g_strdup_printf("%s/%s.%zu", entity, what, at + 1);
            json_object_set_new(entry, "reference", json_string(reference));
        }
    }
    char *text = fisc_call_ndjson(named);
    json_decref(named);
    return text;
}

static bool
try_entries(FiscCall *call, GError **error)
{
    if (!is_list(call, "entries") || !is_list(call, "against")) {
        return true;
    }
    const char *source = fisc_call_text(call, "source");
    const json_t *assumed = fisc_call_value(call, "against");
    g_autofree char *entries = read_list(fisc_call_value(call, "entries"), "try");
    g_autofree char *against = assumed != NULL ? read_list(assumed, "assumed") : NULL;
    const FiscWhatIfQuery query = {
        .name = "entries",
        .data = entries,
        .length = strlen(entries),
        .against_name = "against",
        .against = against,
        .against_length = against != NULL ? strlen(against) : 0,
        .source = source != NULL ? source : FISC_SOURCE_PACKAGE,
        .scale = fisc_call_text(call, "scale"),
        .atomic = g_strcmp0(fisc_call_text(call, "mode"), "atomic") == 0,
    };
    FiscWhatIf *answer = NULL;
    call->context.is_dry_run = true;
    if (!fisc_flow_what_if(&call->context, &query, &answer, error)) {
        return false;
    }
    json_t *more = answer->receipt == NULL
                       ? NULL
                       : json_pack("{s:o, s:o}", "keys", fisc_call_table_value(answer->keys),
                                   "remarks", texts_of(answer->remarks));
    fisc_call_answer_text(call, g_steal_pointer(&answer->refusals),
                          g_steal_pointer(&answer->receipt), more);
    fisc_what_if_free(answer);
    return true;
}

const FiscRoute fisc_api_try[] = {
    {
        .method = "POST",
        .path = "/v1/try",
        .operation = "tryEntries",
        .summary = "Decides entries against every control as if they were posted now",
        .access = FISC_ACCESS_PERSON,
        .lane = FISC_HTTP_POST,
        .fields = fields,
        .body = FISC_BODY_JSON,
        .body_max = 4 * 1024 * 1024,
        .answer = &answer_shape,
        .run = try_entries,
    },
    {NULL},
};

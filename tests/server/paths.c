/* paths.c: see paths.h. */
#include "tests/server/paths.h"
#include <string.h>

/* What fields hold when their route has no example of them. */
static const struct {
    const char *name, *value;
} usual[] = {
    {"report", "gfs"},         {"period", "2024"},
    {"year", "2024"},          {"years", "1"},
    {"date", "2024-05-01"},    {"document", "AAA-D1"},
    {"reference", "AAA/A1"},   {"key", "A1"},
    {"version", "draft"},      {"other", "draft"},
    {"kind", "lines"},         {"person", "chief"},
    {"role", "approver"},      {"dimension", "cofog"},
    {"layout", "national"},    {"action", "claim"},
    {"reason", "a test"},      {"amount", "1.00"},
    {"state", "open"},         {"id", "none"},
    {"source", "package"},     {"step", "submit"},
    {"path", "draft"},         {"control", "annual"},
    {"expires", "2030-01-01"},
};

bool
paths_is_unit(const char *name)
{
    static const char *const names[] = {"entity",      "unit",      "group",
                                        "from_entity", "to_entity", NULL};
    return g_strv_contains(names, name);
}

bool
paths_is_stream(const FiscRoute *route)
{
    return strcmp(route->path, "/v1/events") == 0;
}

static const char *
value_by_type(const FiscApiField *field)
{
    switch (field->type) {
    case FISC_API_INTEGER:
        return "1";
    case FISC_API_BOOLEAN:
        return "false";
    case FISC_API_AMOUNT:
        return "1.00";
    case FISC_API_DATE:
        return "2024-05-01";
    case FISC_API_PERIOD:
        return "2024";
    default:
        return "x";
    }
}

static char *
first_choice(const char *choices)
{
    return g_strndup(choices, strcspn(choices, " "));
}

static char *
value_of(const FiscApiField *field)
{
    for (gsize i = 0; i < G_N_ELEMENTS(usual); i++) {
        if (strcmp(usual[i].name, field->name) == 0 && field->choices == NULL) {
            return g_strdup(usual[i].value);
        }
    }
    return field->choices != NULL   ? first_choice(field->choices)
           : field->example != NULL ? g_strdup(field->example)
                                    : g_strdup(value_by_type(field));
}

typedef struct {
    const char *unit, *field, *value;
} Wish;

/* NULL: the field is left out. */
static char *
choose(const FiscApiField *field, const Wish *wish)
{
    if (wish->field != NULL && strcmp(wish->field, field->name) == 0) {
        return g_strdup(wish->value);
    }
    if (paths_is_unit(field->name)) {
        bool is_needed = field->is_required || field->place == FISC_IN_PATH;
        return wish->unit != NULL ? g_strdup(wish->unit) : is_needed ? g_strdup("NONE") : NULL;
    }
    if (strcmp(field->name, "dry_run") == 0) {
        return g_strdup("true");
    }
    return field->is_required || field->place == FISC_IN_PATH ? value_of(field) : NULL;
}

static char *
fill_path(const FiscRoute *route, const Wish *wish)
{
    GString *path = g_string_new(NULL);
    g_auto(GStrv) words = g_strsplit(route->path, "/", -1);
    for (int i = 1; words[i] != NULL; i++) {
        g_string_append_c(path, '/');
        if (*words[i] != '{') {
            g_string_append(path, words[i]);
            continue;
        }
        const char *bare_name =
            words[i] + (words[i][1] == '+' ? 2 : 1); /* {+reference} may have slashes */
        g_autofree char *name = g_strndup(bare_name, strcspn(bare_name, "}"));
        const FiscApiField bare = {.name = name, .place = FISC_IN_PATH};
        const FiscApiField *field = fisc_api_field(route->fields, FISC_IN_PATH, name);
        g_autofree char *value = choose(field != NULL ? field : &bare, wish);
        g_string_append_uri_escaped(path, value, words[i][1] == '+' ? "/" : NULL, false);
        g_string_append(path, strchr(words[i], '}') + 1);
    }
    return g_string_free(path, FALSE);
}

static json_t *json_of(const FiscApiField *field, const Wish *wish);

static json_t *
object_of(const FiscApiField *fields, bool any_place, const Wish *wish)
{
    json_t *object = json_object();
    for (const FiscApiField *field = fields; field != NULL && field->name != NULL; field++) {
        if (field->place == FISC_IN_BODY || any_place) {
            g_autofree char *value = choose(field, wish);
            if (value != NULL) {
                json_object_set_new(object, field->name, json_of(field, wish));
            }
        }
    }
    return object;
}

static json_t *
json_of(const FiscApiField *field, const Wish *wish)
{
    g_autofree char *value = choose(field, wish);
    switch (field->type) {
    case FISC_API_INTEGER:
        return json_integer(g_ascii_strtoll(value, NULL, 10));
    case FISC_API_BOOLEAN:
        return json_boolean(strcmp(value, "true") == 0);
    case FISC_API_OBJECT:
        return object_of(field->fields, true, wish);
    case FISC_API_LIST: {
        json_t *list = json_array();
        json_array_append_new(list, field->fields != NULL ? object_of(field->fields, true, wish)
                                                          : json_string(value));
        return list;
    }
    default:
        return json_string(value);
    }
}

static char *
entries_of(const char *unit)
{
    return g_strdup_printf(
        "journal_id,date,entity,gfs_code,debit,credit,counterparty_entity,cofog,cash_code,"
        "cash_counterparty,stage,memo\n"
        "%s/X1,2024-05-01,%s,22,5000.00,,CORP,70912,,,,x\n"
        "%s/X1,2024-05-01,%s,3308,,5000.00,CORP,,,,,\n",
        unit, unit, unit, unit);
}

static void
add_body(PathsRequest *request, const FiscRoute *route, const Wish *wish)
{
    const char *type = "text/csv";
    const char *unit = wish->unit != NULL ? wish->unit : "NONE";
    if (route->body == FISC_BODY_JSON) {
        json_t *object = object_of(route->fields, false, wish);
        request->body = json_dumps(object, JSON_COMPACT);
        json_decref(object);
        type = "application/json";
    } else if (route->body == FISC_BODY_ENTRIES) {
        request->body = entries_of(unit);
    } else if (route->body == FISC_BODY_TEXT) {
        request->body = g_strdup_printf("entity,line,gfs_code\n%s,L1,22\n", unit);
    }
    static guint number;
    request->headers =
        g_strdup_printf("Idempotency-Key: paths-%u\r\n%s%s%s", ++number,
                        request->body != NULL ? "Content-Type: " : "",
                        request->body != NULL ? type : "", request->body != NULL ? "\r\n" : "");
}

PathsRequest
paths_request_with(const FiscRoute *route, const char *unit, const char *name, const char *text)
{
    const Wish wish = {unit, name, text};
    g_autofree char *bare = fill_path(route, &wish);
    GString *path = g_string_new(bare);
    PathsRequest request = {0};
    char mark = '?';
    for (const FiscApiField *field = route->fields; field != NULL && field->name != NULL; field++) {
        request.names_unit |= paths_is_unit(field->name);
        g_autofree char *value = field->place == FISC_IN_QUERY ? choose(field, &wish) : NULL;
        if (value != NULL) {
            g_string_append_printf(path, "%c%s=", mark, field->name);
            g_string_append_uri_escaped(path, value, NULL, false);
            mark = '&';
        }
    }
    request.path = g_string_free(path, FALSE);
    add_body(&request, route, &wish);
    return request;
}

PathsRequest
paths_request(const FiscRoute *route, const char *unit)
{
    return paths_request_with(route, unit, NULL, NULL);
}

void
paths_request_clear(PathsRequest *request)
{
    g_free(request->path);
    g_free(request->headers);
    g_free(request->body);
    *request = (PathsRequest){0};
}

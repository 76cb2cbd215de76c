/* route.c: from a method and a path to a route; and whether the words fit its fields. */
#include "app/server/api.h"
#include "core/base/depth.h"
#include "fisc/date.h"
#include "fisc/money.h"
#include <string.h>

/* Finding ------------------------------------------------------------------------------------- */

/* How much of @path a name takes: up to the next slash; "{+name}" may have slashes in it and leaves
 * what stands behind it in the pattern, without names of its own. */
static gsize
length_of_name(bool is_long, const char *behind, const char *path)
{
    gsize length = strcspn(path, "/"), rest = strlen(behind);
    if (is_long && strlen(path) > rest && g_str_has_suffix(path, behind)) {
        length = strlen(path) - rest;
    }
    return length;
}

/* "/v1/documents/{document}/approve" against a path; the values of its names behind @words. */
static bool
match(const char *pattern, const char *path, GPtrArray *words)
{
    guint before = words->len;
    while (*pattern != '\0' && *path != '\0') {
        if (*pattern == '{') {
            const char *end = strchr(pattern, '}'), *name = pattern + 1 + (pattern[1] == '+');
            gsize length = length_of_name(pattern[1] == '+', end + 1, path);
            if (length == 0) {
                break;
            }
            g_ptr_array_add(words, g_strndup(name, (gsize)(end - name)));
            g_ptr_array_add(words, g_strndup(path, length));
            pattern = end + 1;
            path += length;
        } else if (*pattern == *path) {
            pattern++;
            path++;
        } else {
            break;
        }
    }
    bool is_match = *pattern == '\0' && *path == '\0';
    if (!is_match) {
        g_ptr_array_set_size(words, (int)before);
    }
    return is_match;
}

bool
fisc_route_is_write(const FiscRoute *route)
{
    return strcmp(route->method, "GET") != 0;
}

static bool
is_method(const FiscRoute *route, const char *method)
{
    return strcmp(route->method, method) == 0 ||
           (strcmp(method, "HEAD") == 0 && strcmp(route->method, "GET") == 0);
}

const FiscRoute *
fisc_route_find(const char *method, const char *path, GPtrArray *words, int *out_status,
                char **out_allow)
{
    g_autoptr(GPtrArray) own = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) allow = g_string_new(NULL);
    GPtrArray *into = words != NULL ? words : own;
    for (const FiscResource *resource = fisc_resources; resource->tag != NULL; resource++) {
        for (const FiscRoute *route = resource->routes; route->method != NULL; route++) {
            guint before = into->len;
            if (!match(route->path, path, into)) {
                continue;
            }
            if (is_method(route, method)) {
                return route;
            }
            g_ptr_array_set_size(into, (int)before);
            g_string_append_printf(allow, "%s%s", allow->len > 0 ? ", " : "", route->method);
        }
    }
    *out_status = allow->len > 0 ? 405 : 404;
    if (out_allow != NULL) {
        *out_allow = allow->len > 0 ? g_strdup(allow->str) : NULL;
    }
    return NULL;
}

/* Checking ------------------------------------------------------------------------------------ */

const FiscApiField *
fisc_api_field(const FiscApiField *fields, FiscApiPlace place, const char *name)
{
    for (const FiscApiField *field = fields; field != NULL && field->name != NULL; field++) {
        if (field->place == place && strcmp(field->name, name) == 0) {
            return field;
        }
    }
    return NULL;
}

static bool
is_choice(const char *choices, const char *text)
{
    g_auto(GStrv) words = g_strsplit(choices, " ", -1);
    return g_strv_contains((const char *const *)words, text);
}

static bool
is_integer(const char *text)
{
    return g_ascii_string_to_signed(text, 10, G_MININT64, G_MAXINT64, NULL, NULL);
}

static bool
is_amount(const char *text)
{
    int64_t amount = 0;
    const char *point = strchr(text, '.');
    int decimals = point != NULL ? (int)MIN(strlen(point + 1), 6) : 0;
    return fisc_amount_parse(text, decimals, '.', 0, &amount) == 0;
}

/* What is wrong with a text for a field; NULL when nothing is. */
static const char *
complaint_of(const FiscApiField *field, const char *text)
{
    FiscDate date = 0;
    FiscPeriod from = 0, to = 0;
    switch (field->type) {
    case FISC_API_INTEGER:
        return is_integer(text) ? NULL : "is no whole number";
    case FISC_API_BOOLEAN:
        return strcmp(text, "true") == 0 || strcmp(text, "false") == 0
                   ? NULL
                   : "is neither true nor false";
    case FISC_API_AMOUNT:
        return is_amount(text) ? NULL : "is no decimal amount like \"1234.50\"";
    case FISC_API_DATE:
        return fisc_date_parse(text, &date) ? NULL : "is no date like 2024-06-30";
    case FISC_API_PERIOD:
        return fisc_period_span_parse(text, &from, &to)
                   ? NULL
                   : "is no period like 2024, 2024-Q3, 2024-06, 2024-01..2024-07";
    default:
        return field->choices == NULL || is_choice(field->choices, text) ? NULL
                                                                         : "is none of the choices";
    }
}

static bool
refuse_word(FiscCall *call, const FiscApiField *field, const char *pointer, const char *text,
            const char *complaint)
{
    g_autofree char *valid = g_utf8_make_valid(text, (gssize)MIN(strlen(text), 200));
    fisc_call_problem(call, 422, "VALUE_INVALID", pointer, "%s: \"%s\" %s%s%s", field->name, valid,
                      complaint, field->choices != NULL ? ": " : "",
                      field->choices != NULL ? field->choices : "");
    return false;
}

static bool
check_words(FiscCall *call)
{
    for (guint i = 0; i + 1 < call->words->len; i += 2) {
        const char *name = call->words->pdata[i], *value = call->words->pdata[i + 1];
        g_autofree char *pointer = g_strconcat("?", name, NULL);
        const FiscApiField *field = fisc_api_field(call->route->fields, FISC_IN_PATH, name);
        if (field == NULL) {
            field = fisc_api_field(call->route->fields, FISC_IN_QUERY, name);
        }
        if (field == NULL && call->route->takes_more) {
            continue;
        }
        if (field == NULL) {
            g_autofree char *valid = g_utf8_make_valid(name, -1);
            fisc_call_problem(call, 400, "PARAMETER_UNKNOWN", pointer,
                              "\"%s\" is no parameter of %s", valid, call->route->operation);
            return false;
        }
        for (guint k = 0; k < i; k += 2) {
            if (strcmp(call->words->pdata[k], name) == 0) {
                fisc_call_problem(call, 400, "PARAMETER_TWICE", pointer, "\"%s\" stands twice",
                                  name);
                return false;
            }
        }
        if (!g_utf8_validate(value, -1, NULL)) {
            return refuse_word(call, field, pointer, value, "is not valid UTF-8");
        }
        const char *complaint = complaint_of(field, value);
        if (complaint != NULL) {
            return refuse_word(call, field, pointer, value, complaint);
        }
    }
    return true;
}

static bool
check_value(FiscCall *call, const FiscApiField *field, const json_t *value, const char *pointer);

#define NAME_SHOWN 100 /* characters of a name that nobody declared */

/* The pointer to a member (RFC 6901). Caller frees. */
static char *
pointer_to(const char *object, const char *name)
{
    g_autofree char *shown = g_utf8_substring(name, 0, MIN(g_utf8_strlen(name, -1), NAME_SHOWN));
    g_auto(GStrv) tildes = g_strsplit(shown, "~", -1);
    g_autofree char *once = g_strjoinv("~0", tildes);
    g_auto(GStrv) slashes = g_strsplit(once, "/", -1);
    g_autofree char *escaped = g_strjoinv("~1", slashes);
    return g_strconcat(object, "/", escaped, NULL);
}

static bool
check_members(FiscCall *call, const FiscApiField *fields, const json_t *object, const char *pointer,
              bool any_place)
{
    const char *name;
    json_t *value;
    json_object_foreach((json_t *)object, name, value)
    {
        g_autofree char *own = pointer_to(pointer, name);
        const FiscApiField *field = fisc_api_field(fields, FISC_IN_BODY, name);
        if (field == NULL && any_place) {
            field = fisc_api_field(fields, FISC_IN_PATH, name);
        }
        if (field == NULL) {
            fisc_call_problem(call, 422, "FIELD_UNKNOWN", own, "%s is no field of %s", own,
                              call->route->operation);
            return false;
        }
        if (!check_value(call, field, value, own)) {
            return false;
        }
    }
    for (const FiscApiField *field = fields; field != NULL && field->name != NULL; field++) {
        bool is_missing = field->is_required && (field->place == FISC_IN_BODY || any_place) &&
                          json_object_get(object, field->name) == NULL;
        if (is_missing) {
            g_autofree char *own = pointer_to(pointer, field->name);
            fisc_call_problem(call, 422, "VALUE_MISSING", own, "\"%s\" is missing", field->name);
            return false;
        }
    }
    return true;
}

static bool
refuse_type(FiscCall *call, const FiscApiField *field, const char *pointer, const char *wanted)
{
    fisc_call_problem(call, 422, "VALUE_INVALID", pointer, "%s: %s is expected here", field->name,
                      wanted);
    return false;
}

static bool
check_list(FiscCall *call, const FiscApiField *field, const json_t *value, const char *pointer)
{
    size_t at;
    json_t *item;
    json_array_foreach((json_t *)value, at, item)
    {
        g_autofree char *own = g_strdup_printf("%s/%zu", pointer, at);
        if (field->fields == NULL ? !json_is_string(item) : !json_is_object(item)) {
            return refuse_type(call, field, own, field->fields == NULL ? "a string" : "an object");
        }
        if (field->fields != NULL && !check_members(call, field->fields, item, own, true)) {
            return false;
        }
    }
    return true;
}

static bool
check_value(FiscCall *call, const FiscApiField *field, const json_t *value, const char *pointer)
{
    if (json_is_null(value) && !field->is_required) {
        return true;
    }
    switch (field->type) {
    case FISC_API_ANY:
        return true;
    case FISC_API_INTEGER:
        return json_is_integer(value) || refuse_type(call, field, pointer, "a whole number");
    case FISC_API_BOOLEAN:
        return json_is_boolean(value) || refuse_type(call, field, pointer, "true or false");
    case FISC_API_OBJECT:
        if (!json_is_object(value)) {
            return refuse_type(call, field, pointer, "an object");
        }
        return field->fields == NULL || check_members(call, field->fields, value, pointer, true);
    case FISC_API_LIST:
        return json_is_array(value) ? check_list(call, field, value, pointer)
                                    : refuse_type(call, field, pointer, "a list");
    default:
        break;
    }
    if (!json_is_string(value)) {
        return refuse_type(call, field, pointer,
                           field->type == FISC_API_AMOUNT ? "a decimal string" : "a string");
    }
    const char *complaint = complaint_of(field, json_string_value(value));
    return complaint == NULL ||
           refuse_word(call, field, pointer, json_string_value(value), complaint);
}

static bool
has_type(const FiscCall *call, const char *type)
{
    const char *given = fisc_http_header(call->request, "Content-Type");
    gsize length = strlen(type);
    return given != NULL && g_ascii_strncasecmp(given, type, length) == 0 &&
           (given[length] == '\0' || given[length] == ';' || given[length] == ' ');
}

static bool
read_body(FiscCall *call)
{
    const GByteArray *bytes = call->request->body;
    json_error_t mistake;
    if (!has_type(call, "application/json")) {
        fisc_call_problem(call, 415, "TYPE_UNSUPPORTED", NULL,
                          "the body has to be application/json");
        return false;
    }
    /* Brackets beyond any document of ours cost a parser its stack: counted before it looks. */
    if (fisc_json_is_deep((const char *)bytes->data, bytes->len)) {
        fisc_call_problem(call, 400, "JSON_INVALID", "", "deeper than %d levels",
                          FISC_JSON_DEPTH_MAX);
        return false;
    }
    call->body =
        json_loadb((const char *)bytes->data, bytes->len, JSON_REJECT_DUPLICATES, &mistake);
    if (call->body == NULL) {
        fisc_call_problem(call, 400, "JSON_INVALID", "", "line %d, column %d: %s", mistake.line,
                          mistake.column, mistake.text);
        return false;
    }
    if (!json_is_object(call->body)) {
        fisc_call_problem(call, 422, "VALUE_INVALID", "", "the body has to be one JSON object");
        return false;
    }
    return check_members(call, call->route->fields, call->body, "", false);
}

static bool
check_text(FiscCall *call)
{
    static const char *const types[] = {
        "text/csv", "text/plain",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"};
    bool is_known = false;
    for (gsize i = 0; i < G_N_ELEMENTS(types); i++) {
        is_known = is_known || has_type(call, types[i]);
    }
    if (!is_known) {
        fisc_call_problem(call, 415, "TYPE_UNSUPPORTED", NULL,
                          "the body has to be text/csv, text/plain or a spreadsheet (.xlsx)");
        return false;
    }
    if (call->request->body->len == 0) {
        fisc_call_problem(call, 422, "FILE_EMPTY", "", "the body is empty");
        return false;
    }
    return true;
}

static bool
check_body(FiscCall *call)
{
    return call->route->body == FISC_BODY_JSON   ? read_body(call)
           : call->route->body == FISC_BODY_TEXT ? check_text(call)
                                                 : true;
}

bool
fisc_route_check(FiscCall *call)
{
    if (!check_words(call)) {
        return false;
    }
    for (const FiscApiField *field = call->route->fields; field != NULL && field->name != NULL;
         field++) {
        if (field->place == FISC_IN_QUERY && field->is_required &&
            fisc_call_text(call, field->name) == NULL) {
            g_autofree char *pointer = g_strconcat("?", field->name, NULL);
            fisc_call_problem(call, 400, "VALUE_MISSING", pointer, "\"%s\" is missing: %s",
                              field->name, field->meaning);
            return false;
        }
    }
    return fisc_call_check_accept(call) && check_body(call);
}

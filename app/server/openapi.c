/* openapi.c: the description of the API, made of the tables that drive it (OpenAPI 3.1): what is
 * described is what is checked. docs/openapi.yaml is its text. */
#include "app/server/api.h"
#include <string.h>

#define REF "#/components/schemas/"

/* Schemas -------------------------------------------------------------------------------------- */

static json_t *object_schema(const FiscApiField *fields, bool is_answer, int place);

static json_t *
reference(const char *name)
{
    g_autofree char *path = g_strconcat(REF, name, NULL);
    return json_pack("{s:s}", "$ref", path);
}

static json_t *
choices_value(const char *choices, bool with_null)
{
    json_t *list = json_array();
    g_auto(GStrv) words = g_strsplit(choices, " ", -1);
    for (char **word = words; *word != NULL; word++) {
        json_array_append_new(list, json_string(*word));
    }
    if (with_null) {
        json_array_append_new(list, json_null());
    }
    return list;
}

/* The schema of an object that has a name of its own; NULL when it has none. */
static const char *
name_of(const FiscApiField *fields)
{
    for (const FiscApiShape *shape = fisc_shared_shapes; shape->name != NULL; shape++) {
        if (shape->fields == fields) {
            return shape->name;
        }
    }
    return NULL;
}

static json_t *
object_or_reference(const FiscApiField *fields, bool is_answer)
{
    const char *name = name_of(fields);
    return name != NULL ? reference(name) : object_schema(fields, is_answer, -1);
}

static const struct {
    FiscApiType type;
    const char *word, *format, *pattern;
} plain_types[] = {
    {FISC_API_TEXT, "string", NULL, NULL},
    {FISC_API_INTEGER, "integer", "int64", NULL},
    {FISC_API_BOOLEAN, "boolean", NULL, NULL},
    {FISC_API_AMOUNT, "string", NULL, "^-?[0-9]+(\\.[0-9]+)?$"},
    {FISC_API_DATE, "string", "date", NULL},
    {FISC_API_PERIOD, "string", NULL,
     "^[0-9]{4}(-(Q[1-4]|[0-9]{2}))?(\\.\\.[0-9]{4}(-(Q[1-4]|[0-9]{2}))?)?$"},
};

static json_t *
plain_schema(const FiscApiField *field, bool is_nullable)
{
    for (gsize i = 0; i < G_N_ELEMENTS(plain_types); i++) {
        if (plain_types[i].type != field->type) {
            continue;
        }
        json_t *schema = json_object();
        json_object_set_new(schema, "type",
                            is_nullable ? json_pack("[s, s]", plain_types[i].word, "null")
                                        : json_string(plain_types[i].word));
        if (plain_types[i].format != NULL) {
            json_object_set_new(schema, "format", json_string(plain_types[i].format));
        }
        if (plain_types[i].pattern != NULL) {
            json_object_set_new(schema, "pattern", json_string(plain_types[i].pattern));
        }
        if (field->choices != NULL) {
            json_object_set_new(schema, "enum", choices_value(field->choices, is_nullable));
        }
        return schema;
    }
    return json_object();
}

static json_t *
list_schema(json_t *items, bool is_nullable)
{
    json_t *type = is_nullable ? json_pack("[s, s]", "array", "null") : json_string("array");
    return json_pack("{s:o, s:o}", "type", type, "items", items);
}

static json_t *
nullable(json_t *schema, bool is_nullable)
{
    return is_nullable ? json_pack("{s:[o, {s:s}]}", "anyOf", schema, "type", "null") : schema;
}

/* @is_answer: what is not required may be null. */
static json_t *
field_schema(const FiscApiField *field, bool is_answer)
{
    bool is_nullable = is_answer && !field->is_required;
    switch (field->type) {
    case FISC_API_NUMBERS:
        return list_schema(json_pack("{s:s}", "type", "integer"), is_nullable);
    case FISC_API_LIST:
        return list_schema(field->fields != NULL ? object_or_reference(field->fields, is_answer)
                                                 : json_pack("{s:s}", "type", "string"),
                           is_nullable);
    case FISC_API_TABLE:
        return nullable(reference("Table"), is_nullable);
    case FISC_API_OBJECT:
        return nullable(field->fields != NULL ? object_or_reference(field->fields, is_answer)
                                              : json_pack("{s:s}", "type", "object"),
                        is_nullable);
    default:
        return plain_schema(field, is_nullable);
    }
}

static json_t *
described(json_t *schema, const FiscApiField *field)
{
    if (field->meaning != NULL) {
        json_object_set_new(schema, "description", json_string(field->meaning));
    }
    return schema;
}

/* A number or a truth stands in an example as what it is. */
static json_t *
example_value(const FiscApiField *field)
{
    switch (field->type) {
    case FISC_API_INTEGER:
        return json_integer(g_ascii_strtoll(field->example, NULL, 10));
    case FISC_API_BOOLEAN:
        return json_boolean(strcmp(field->example, "true") == 0);
    case FISC_API_OBJECT:
    case FISC_API_LIST:
    case FISC_API_ANY: {
        json_t *value = json_loads(field->example, JSON_DECODE_ANY, NULL);
        return value != NULL ? value : json_string(field->example);
    }
    default:
        return json_string(field->example);
    }
}

/* @place: of the fields that are meant; -1: all. */
static json_t *
object_schema(const FiscApiField *fields, bool is_answer, int place)
{
    json_t *members = json_object(), *required = json_array();
    for (const FiscApiField *field = fields; field->name != NULL; field++) {
        if (place >= 0 && (int)field->place != place) {
            continue;
        }
        json_t *schema = described(field_schema(field, is_answer), field);
        if (field->example != NULL && json_object_get(schema, "$ref") == NULL) {
            json_object_set_new(schema, "examples", json_pack("[o]", example_value(field)));
        }
        json_object_set_new(members, field->name, schema);
        if (is_answer || field->is_required) {
            json_array_append_new(required, json_string(field->name));
        }
    }
    json_t *object = json_pack("{s:s, s:o, s:b}", "type", "object", "properties", members,
                               "additionalProperties", false);
    if (json_array_size(required) > 0) {
        json_object_set(object, "required", required);
    }
    json_decref(required);
    return object;
}

static json_t *
shape_schema(const FiscApiShape *shape)
{
    json_t *schema = shape->fields != NULL ? object_schema(shape->fields, true, -1)
                                           : json_pack("{s:s}", "type", "object");
    json_object_set_new(schema, "description", json_string(shape->meaning));
    return schema;
}

/* What the columns of a table are depends on what was asked: docs/api.md tells how to read one. */
static json_t *
table_schema(void)
{
    json_t *column =
        json_pack("{s:s, s:{s:{s:s}, s:{s:s, s:[s, s, s]}, s:{s:s}}, s:[s, s, s], s:b}", "type",
                  "object", "properties", "name", "type", "string", "kind", "type", "string",
                  "enum", "text", "amount", "integer", "for_machines", "type", "boolean",
                  "required", "name", "kind", "for_machines", "additionalProperties", false);
    json_t *heading = json_pack("{s:s, s:{s:{s:s}, s:{s:s}}, s:[s, s], s:b}", "type", "object",
                                "properties", "before", "type", "integer", "text", "type", "string",
                                "required", "before", "text", "additionalProperties", false);
    json_t *note = json_pack("{s:s, s:{s:{s:[s, s]}, s:{s:[s, s]}, s:{s:s}}, s:[s, s, s], s:b}",
                             "type", "object", "properties", "unit", "type", "string", "null",
                             "about", "type", "string", "null", "text", "type", "string",
                             "required", "unit", "about", "text", "additionalProperties", false);
    json_t *members = json_object();
    json_object_set_new(members, "name", json_pack("{s:s}", "type", "string"));
    json_object_set_new(members, "title", json_pack("{s:s}", "type", "string"));
    json_object_set_new(members, "decimals", json_pack("{s:s}", "type", "integer"));
    json_object_set_new(members, "columns", list_schema(column, false));
    json_object_set_new(members, "rows", list_schema(json_pack("{s:s}", "type", "object"), false));
    json_object_set_new(members, "levels",
                        list_schema(json_pack("{s:s}", "type", "integer"), false));
    json_object_set_new(members, "strong",
                        list_schema(json_pack("{s:s}", "type", "boolean"), false));
    json_object_set_new(members, "headings", list_schema(heading, false));
    json_object_set_new(members, "notes", list_schema(note, false));
    json_object_set_new(members, "next", json_pack("{s:[s, s]}", "type", "string", "null"));
    return json_pack(
        "{s:s, s:s, s:o, s:[s, s, s, s, s, s, s, s, s, s], s:b}", "type", "object", "description",
        "A table. A row has a value for each column, null when empty, amounts as decimal strings, "
        "and drill: the keys of figures that can be taken apart",
        "properties", members, "required", "name", "title", "decimals", "columns", "rows", "levels",
        "strong", "headings", "notes", "next", "additionalProperties", false);
}

/* Every code an answer can have, those of the books and those of the way. */
static json_t *
codes_value(void)
{
    json_t *codes = json_array();
    for (int code = 0; code < FISC_ERROR_COUNT; code++) {
        json_array_append_new(codes, json_string(fisc_error_name((FiscError)code)));
    }
    for (const FiscApiProblem *problem = fisc_api_problems; problem->code != NULL; problem++) {
        json_array_append_new(codes, json_string(problem->code));
    }
    return codes;
}

static json_t *
problem_schema(void)
{
    json_t *schema = object_schema(fisc_problem_fields, true, -1);
    json_t *members = json_object_get(schema, "properties");
    json_object_set_new(json_object_get(members, "code"), "enum", codes_value());
    json_t *fault =
        json_pack("{s:s, s:[s], s:{s:{s:s, s:s}, s:{s:s}, s:{s:[s, s]}}}", "type", "object",
                  "required", "code", "properties", "pointer", "type", "string", "description",
                  "where in the body (RFC 6901), or ? and the parameter", "code", "type", "string",
                  "detail", "type", "string", "null");
    json_t *faults = list_schema(fault, false);
    json_object_set_new(faults, "description",
                        json_string("each fault by itself; refusals of the books are a Refusal"));
    json_object_set_new(members, "errors", faults);
    json_object_set_new(schema, "description",
                        json_string("What went wrong (RFC 9457). Of a write that was refused it "
                                    "has the members of the receipt, too"));
    json_object_set_new(schema, "additionalProperties", json_true());
    return schema;
}

static void
add_shape(json_t *schemas, const FiscApiShape *shape)
{
    if (json_object_get(schemas, shape->name) == NULL) {
        json_object_set_new(schemas, shape->name, shape_schema(shape));
    }
}

static json_t *
schemas_value(void)
{
    json_t *schemas = json_object();
    json_object_set_new(schemas, "Problem", problem_schema());
    json_object_set_new(schemas, "Table", table_schema());
    for (const FiscApiShape *shape = fisc_shared_shapes; shape->name != NULL; shape++) {
        add_shape(schemas, shape);
    }
    for (const FiscResource *resource = fisc_resources; resource->tag != NULL; resource++) {
        for (const FiscRoute *route = resource->routes; route->method != NULL; route++) {
            if (route->answer != NULL) {
                add_shape(schemas, route->answer);
            }
            if (route->pending != NULL) {
                add_shape(schemas, route->pending);
            }
        }
    }
    return schemas;
}

/* Operations ----------------------------------------------------------------------------------- */

static json_t *
parameters_value(const FiscRoute *route)
{
    json_t *parameters = json_array();
    for (const FiscApiField *field = route->fields; field != NULL && field->name != NULL; field++) {
        if (field->place == FISC_IN_BODY) {
            continue;
        }
        bool is_path = field->place == FISC_IN_PATH;
        json_t *parameter = json_pack(
            "{s:s, s:s, s:b, s:o}", "name", field->name, "in", is_path ? "path" : "query",
            "required", is_path || field->is_required, "schema", field_schema(field, false));
        if (field->meaning != NULL) {
            json_object_set_new(parameter, "description", json_string(field->meaning));
        }
        if (field->example != NULL) {
            json_object_set_new(parameter, "example", example_value(field));
        }
        json_array_append_new(parameters, parameter);
    }
    static const char *const of_writes[] = {"IdempotencyKey", "OnBehalf", "StepUp"};
    for (gsize i = 0; fisc_route_is_write(route) && i < G_N_ELEMENTS(of_writes); i++) {
        g_autofree char *path = g_strconcat("#/components/parameters/", of_writes[i], NULL);
        json_array_append_new(parameters, json_pack("{s:s}", "$ref", path));
    }
    return parameters;
}

/* The first example that goes well and has a body shows what to send. */
static const FiscApiExample *
find_example(const FiscRoute *route)
{
    for (const FiscApiExample *example = fisc_route_examples(route);
         example != NULL && example->title != NULL; example++) {
        if (example->body != NULL && example->status < 300) {
            return example;
        }
    }
    return NULL;
}

static json_t *
body_content(const FiscRoute *route)
{
    const FiscApiExample *example = find_example(route);
    json_t *content = json_object(), *json = NULL;
    switch (route->body) {
    case FISC_BODY_JSON:
        json = json_pack("{s:o}", "schema",
                         route->fields != NULL ? object_schema(route->fields, false, FISC_IN_BODY)
                                               : json_pack("{s:s}", "type", "object"));
        break;
    case FISC_BODY_ENTRIES:
        json = json_pack("{s:{s:[s, s]}}", "schema", "type", "object", "array");
        json_object_set_new(content, "application/x-ndjson",
                            json_pack("{s:{s:s}}", "schema", "type", "string"));
        json_object_set_new(content, "text/csv",
                            json_pack("{s:{s:s}}", "schema", "type", "string"));
        break;
    default:
        json_object_set_new(content, "text/csv",
                            json_pack("{s:{s:s}}", "schema", "type", "string"));
        json_object_set_new(
            content, fisc_format_type("xlsx"),
            json_pack("{s:{s:s, s:s}}", "schema", "type", "string", "format", "binary"));
        break;
    }
    if (json != NULL) {
        json_t *value = example != NULL ? json_loads(example->body, JSON_DECODE_ANY, NULL) : NULL;
        if (value != NULL) {
            json_object_set_new(json, "example", value);
        }
        json_object_set_new(content, "application/json", json);
    }
    return content;
}

static json_t *
answer_content(const FiscRoute *route)
{
    json_t *content = json_object();
    if (route->answer != NULL) {
        json_object_set_new(content, "application/json",
                            json_pack("{s:o}", "schema", reference(route->answer->name)));
        return content;
    }
    if (route->type != NULL) {
        json_object_set_new(content, route->type,
                            json_pack("{s:{s:s}}", "schema", "type", "string"));
        return content;
    }
    g_auto(GStrv) words = g_strsplit(fisc_route_formats(route), " ", -1);
    for (char **word = words; *word != NULL; word++) {
        g_autofree char *type = g_strdup(fisc_format_type(*word));
        bool is_json = strcmp(*word, "json") == 0;
        type[strcspn(type, ";")] = '\0';
        json_object_set_new(content, type,
                            is_json ? json_pack("{s:o}", "schema", reference("Table"))
                                    : json_pack("{s:{s:s}}", "schema", "type", "string"));
    }
    return content;
}

static void
add_answer(json_t *responses, const FiscRoute *route, int status, const char *what)
{
    g_autofree char *word = g_strdup_printf("%d", status);
    json_t *response = json_pack("{s:s}", "description", what);
    if (status != 204 && status / 100 != 3) {
        json_object_set_new(response, "content", answer_content(route));
    }
    json_object_set_new(responses, word, response);
}

static json_t *
responses_value(const FiscRoute *route)
{
    json_t *responses = json_object();
    int status = route->status != 0 ? route->status : 200;
    add_answer(responses, route, status, route->summary);
    if (status == 200 && fisc_route_is_write(route)) {
        add_answer(responses, route, 201, "The same: something new was written");
    }
    if (route->pending != NULL) {
        json_object_set_new(responses, "202",
                            json_pack("{s:s, s:{s:{s:o}}}", "description", route->pending->meaning,
                                      "content", "application/json", "schema",
                                      reference(route->pending->name)));
    }
    json_object_set_new(responses, "4XX",
                        json_pack("{s:s}", "$ref", "#/components/responses/Problem"));
    json_object_set_new(responses, "5XX",
                        json_pack("{s:s}", "$ref", "#/components/responses/Problem"));
    return responses;
}

static json_t *
operation_value(const FiscResource *resource, const FiscRoute *route)
{
    json_t *operation = json_pack("{s:s, s:s, s:[s]}", "operationId", route->operation, "summary",
                                  route->summary, "tags", resource->tag);
    json_t *parameters = parameters_value(route);
    if (route->access == FISC_ACCESS_ANYONE) {
        json_object_set_new(operation, "security", json_array());
    }
    if (json_array_size(parameters) > 0) {
        json_object_set(operation, "parameters", parameters);
    }
    json_decref(parameters);
    if (route->body != FISC_BODY_NONE) {
        json_object_set_new(
            operation, "requestBody",
            json_pack("{s:b, s:o}", "required", true, "content", body_content(route)));
    }
    json_object_set_new(operation, "responses", responses_value(route));
    return operation;
}

/* "/v1/trace/{+key}" is "/v1/trace/{key}" to who reads the description: its slashes are %2F. */
static char *
public_path(const char *path)
{
    g_auto(GStrv) parts = g_strsplit(path, "{+", -1);
    return g_strjoinv("{", parts);
}

static json_t *
paths_value(void)
{
    json_t *paths = json_object();
    for (const FiscResource *resource = fisc_resources; resource->tag != NULL; resource++) {
        for (const FiscRoute *route = resource->routes; route->method != NULL; route++) {
            g_autofree char *path = public_path(route->path);
            g_autofree char *method = g_ascii_strdown(route->method, -1);
            json_t *item = json_object_get(paths, path);
            if (item == NULL) {
                item = json_object();
                json_object_set_new(paths, path, item);
            }
            json_object_set_new(item, method, operation_value(resource, route));
        }
    }
    return paths;
}

/* The whole ------------------------------------------------------------------------------------ */

static json_t *
header_parameter(const char *name, bool is_required, const char *meaning)
{
    return json_pack("{s:s, s:s, s:b, s:s, s:{s:s}}", "name", name, "in", "header", "required",
                     is_required, "description", meaning, "schema", "type", "string");
}

static json_t *
components_value(void)
{
    json_t *parameters = json_pack(
        "{s:o, s:o, s:o}", "IdempotencyKey",
        header_parameter("Idempotency-Key", false,
                         "a key of the sender's: the same request again gets the same answer. "
                         "Needed by every write that is not a dry run, and not of a session"),
        "OnBehalf",
        header_parameter("X-Fisc-On-Behalf", false, "whose duty is exercised, by delegation"),
        "StepUp",
        header_parameter("X-Fisc-Step-Up", false,
                         "the step of POST /v1/step-ups, where an act takes a second factor"));
    json_t *security =
        json_pack("{s:{s:s, s:s, s:s}, s:{s:s, s:s, s:s, s:s}}", "bearer", "type", "http", "scheme",
                  "bearer", "description", "a token: fisc person token PERSON", "cookie", "type",
                  "apiKey", "in", "cookie", "name", "__Host-fisc", "description",
                  "of POST /v1/session; writes need its csrf in the header X-Fisc-Csrf");
    json_t *problem =
        json_pack("{s:{s:s, s:{s:{s:o}}}}", "Problem", "description", "What went wrong", "content",
                  "application/problem+json", "schema", reference("Problem"));
    return json_pack("{s:o, s:o, s:o, s:o}", "schemas", schemas_value(), "parameters", parameters,
                     "responses", problem, "securitySchemes", security);
}

static json_t *
tags_value(void)
{
    json_t *tags = json_array();
    for (const FiscResource *resource = fisc_resources; resource->tag != NULL; resource++) {
        json_array_append_new(
            tags, json_pack("{s:s, s:s}", "name", resource->tag, "description", resource->meaning));
    }
    return tags;
}

json_t *
fisc_openapi_value(void)
{
    json_t *info =
        json_pack("{s:s, s:s, s:s}", "title", "fisc", "version", FISC_VERSION, "description",
                  "Books, budgets and statements of a government. docs/api.md tells how to ask.");
    json_t *root = json_pack("{s:s, s:o, s:[{s:s}], s:[{s:[]}, {s:[]}]}", "openapi", "3.1.0",
                             "info", info, "servers", "url", "/", "security", "bearer", "cookie");
    json_object_set_new(root, "tags", tags_value());
    json_object_set_new(root, "paths", paths_value());
    json_object_set_new(root, "components", components_value());
    return root;
}

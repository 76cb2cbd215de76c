/* conform.c: answers held against the tables: every member that is declared stands, none other
 * does, and each is of its type. A table has what a screen needs to lay it out. */
#include "tests/server/conform.h"
#include <string.h>

/* A place in the answer, for complaints. */
#define WRONG(place, ...) wrong((place), __VA_ARGS__)

static char *G_GNUC_PRINTF(2, 3) wrong(const char *place, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *what = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    return g_strdup_printf("%s %s", *place != '\0' ? place : "the answer", what);
}

static char *check_object(const FiscApiField *fields, const json_t *value, const char *place);

/* Tables --------------------------------------------------------------------------------------- */

static bool
is_cell(const json_t *column, const json_t *cell)
{
    const char *kind = json_string_value(json_object_get(column, "kind"));
    if (json_is_null(cell)) {
        return true;
    }
    if (g_strcmp0(kind, "integer") == 0) {
        return json_is_integer(cell) || json_is_string(cell);
    }
    if (g_strcmp0(kind, "amount") == 0) {
        const char *text = json_string_value(cell);
        return text != NULL && *text != '\0' && text[strspn(text, "-0123456789.")] == '\0';
    }
    return g_strcmp0(kind, "text") == 0 && json_is_string(cell);
}

static char *
check_rows(const json_t *table, const char *place)
{
    const json_t *columns = json_object_get(table, "columns"), *rows;
    size_t at, k;
    json_t *row, *column;
    rows = json_object_get(table, "rows");
    json_array_foreach((json_t *)rows, at, row)
    {
        bool has_drill = json_object_get(row, "drill") != NULL;
        if (json_object_size(row) != json_array_size(columns) + has_drill) {
            return WRONG(place, "row %zu has not the columns", at);
        }
        json_array_foreach((json_t *)columns, k, column)
        {
            const char *name = json_string_value(json_object_get(column, "name"));
            const json_t *cell = name != NULL ? json_object_get(row, name) : NULL;
            if (cell == NULL || !is_cell(column, cell)) {
                return WRONG(place, "row %zu: %s is not of its kind", at, name);
            }
        }
    }
    return NULL;
}

static char *
check_table(const json_t *table, const char *place)
{
    static const char *const lists[] = {"columns", "rows", "levels", "strong", "headings", "notes"};
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        if (!json_is_array(json_object_get(table, lists[i]))) {
            return WRONG(place, "has no list %s", lists[i]);
        }
    }
    size_t rows = json_array_size(json_object_get(table, "rows"));
    const json_t *next = json_object_get(table, "next");
    if (json_object_size(table) != 10 || !json_is_string(json_object_get(table, "name")) ||
        !json_is_string(json_object_get(table, "title")) ||
        !json_is_integer(json_object_get(table, "decimals")) ||
        !(json_is_null(next) || json_is_string(next))) {
        return WRONG(place, "is no table");
    }
    if (json_array_size(json_object_get(table, "levels")) != rows ||
        json_array_size(json_object_get(table, "strong")) != rows) {
        return WRONG(place, "has not a level and a strength for each row");
    }
    return check_rows(table, place);
}

/* Members -------------------------------------------------------------------------------------- */

static bool
is_choice(const char *choices, const char *text)
{
    g_auto(GStrv) words = g_strsplit(choices, " ", -1);
    return g_strv_contains((const char *const *)words, text);
}

static char *
check_text(const FiscApiField *field, const json_t *value, const char *place)
{
    const char *text = json_string_value(value);
    FiscDate date = 0;
    if (text == NULL) {
        return WRONG(place, "is no text");
    }
    if (field->choices != NULL && !is_choice(field->choices, text)) {
        return WRONG(place, "is none of %s", field->choices);
    }
    if (field->type == FISC_API_DATE && !fisc_date_parse(text, &date)) {
        return WRONG(place, "is no date");
    }
    if (field->type == FISC_API_AMOUNT && text[strspn(text, "-0123456789.")] != '\0') {
        return WRONG(place, "is no amount");
    }
    return NULL;
}

static char *
check_list(const FiscApiField *field, const json_t *list, const char *place)
{
    size_t at;
    json_t *item;
    if (!json_is_array(list)) {
        return WRONG(place, "is no list");
    }
    json_array_foreach((json_t *)list, at, item)
    {
        g_autofree char *own = g_strdup_printf("%s/%zu", place, at);
        char *what = NULL;
        if (field->type == FISC_API_NUMBERS) {
            what = json_is_integer(item) ? NULL : WRONG(own, "is no number");
        } else if (field->fields != NULL) {
            what = check_object(field->fields, item, own);
        } else {
            what = json_is_string(item) ? NULL : WRONG(own, "is no text");
        }
        if (what != NULL) {
            return what;
        }
    }
    return NULL;
}

static char *
check_member(const FiscApiField *field, const json_t *value, const char *place)
{
    if (json_is_null(value)) {
        return field->is_required ? WRONG(place, "is null") : NULL;
    }
    switch (field->type) {
    case FISC_API_ANY:
        return NULL;
    case FISC_API_INTEGER:
        return json_is_integer(value) ? NULL : WRONG(place, "is no whole number");
    case FISC_API_BOOLEAN:
        return json_is_boolean(value) ? NULL : WRONG(place, "is neither true nor false");
    case FISC_API_OBJECT:
        return field->fields != NULL   ? check_object(field->fields, value, place)
               : json_is_object(value) ? NULL
                                       : WRONG(place, "is no object");
    case FISC_API_TABLE:
        return check_table(value, place);
    case FISC_API_LIST:
    case FISC_API_NUMBERS:
        return check_list(field, value, place);
    default:
        return check_text(field, value, place);
    }
}

static const FiscApiField *
find_member(const FiscApiField *fields, const char *name)
{
    for (const FiscApiField *field = fields; field->name != NULL; field++) {
        if (strcmp(field->name, name) == 0) {
            return field;
        }
    }
    return NULL;
}

static char *
check_object(const FiscApiField *fields, const json_t *value, const char *place)
{
    const char *name;
    json_t *member;
    if (!json_is_object(value)) {
        return WRONG(place, "is no object");
    }
    json_object_foreach((json_t *)value, name, member)
    {
        if (find_member(fields, name) == NULL) {
            return WRONG(place, "has the member %s, which is not declared", name);
        }
    }
    for (const FiscApiField *field = fields; field->name != NULL; field++) {
        g_autofree char *own = g_strdup_printf("%s/%s", place, field->name);
        const json_t *found = json_object_get(value, field->name);
        char *what = found == NULL ? WRONG(own, "is missing") : check_member(field, found, own);
        if (what != NULL) {
            return what;
        }
    }
    return NULL;
}

/* Problems ------------------------------------------------------------------------------------- */

static bool
is_code(const char *code)
{
    for (int i = 0; i < FISC_ERROR_COUNT; i++) {
        if (strcmp(fisc_error_name((FiscError)i), code) == 0) {
            return true;
        }
    }
    for (const FiscApiProblem *problem = fisc_api_problems; problem->code != NULL; problem++) {
        if (strcmp(problem->code, code) == 0) {
            return true;
        }
    }
    return false;
}

static char *
check_problem(const ServingAnswer *answer)
{
    const char *type = serving_answer_header(answer, "Content-Type");
    if (g_strcmp0(type, "application/problem+json") != 0 || answer->json == NULL) {
        return WRONG("", "of status %d is no problem: %s", answer->status, answer->body);
    }
    for (const FiscApiField *field = fisc_problem_fields; field->name != NULL; field++) {
        const json_t *member = json_object_get(answer->json, field->name);
        char *what = member == NULL ? WRONG(field->name, "is missing")
                                    : check_member(field, member, field->name);
        if (what != NULL) {
            return what;
        }
    }
    if (json_integer_value(json_object_get(answer->json, "status")) != answer->status) {
        return WRONG("status", "is not that of the answer");
    }
    const char *code = json_string_value(json_object_get(answer->json, "code"));
    return is_code(code) ? NULL : WRONG("code", "%s is on no list", code);
}

char *
conform_answer(const FiscRoute *route, const ServingAnswer *answer)
{
    const char *type = serving_answer_header(answer, "Content-Type");
    if (answer->status >= 400) {
        return check_problem(answer);
    }
    if (answer->status == 304 || answer->status == 204) {
        return answer->length == 0 ? NULL : WRONG("", "has a body");
    }
    if (type == NULL) {
        return WRONG("", "has no type");
    }
    if (answer->status == 202 && route->pending != NULL) {
        return check_object(route->pending->fields, answer->json, "");
    }
    if (route->answer == NULL) {
        return strcmp(type, "application/json") != 0 ? NULL : check_table(answer->json, "");
    }
    if (strcmp(type, "application/json") != 0 || !json_is_object(answer->json)) {
        return WRONG("", "is no JSON object");
    }
    return route->answer->fields != NULL ? check_object(route->answer->fields, answer->json, "")
                                         : NULL;
}

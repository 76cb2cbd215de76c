/* tryton_records.c: whether records of a Tryton are what was asked for, before anything is made of
 * them. A text that is a number or gone would pass for an empty one, and alter what the books say.
 */
#include "integrations/tryton.h"
#include <glib.h>
#include <string.h>

static bool
is_text_or_nothing(const json_t *value)
{
    return json_is_string(value) || json_is_null(value);
}

static bool
is_object_or_nothing(const json_t *value)
{
    return json_is_object(value) || json_is_null(value);
}

static bool
is_object(const json_t *value)
{
    return json_is_object(value);
}

static bool
is_number(const json_t *value)
{
    return json_is_integer(value);
}

/* What a field is answered with, and under which name. Others are there, whatever they are: the
 * rows refuse them with their place where they are wrong. */
static const struct {
    const char *field, *member;
    bool (*is_good)(const json_t *value);
} shapes[] = {
    {"code", "code", is_text_or_nothing},      {"name", "name", is_text_or_nothing},
    {"number", "number", is_text_or_nothing},  {"description", "description", is_text_or_nothing},
    {"company", "company", is_number},         {"party.rec_name", "party.", is_object_or_nothing},
    {"currency.code", "currency.", is_object},
};

static bool
is_field_good(const json_t *record, const char *field)
{
    for (gsize i = 0; i < G_N_ELEMENTS(shapes); i++) {
        if (strcmp(shapes[i].field, field) == 0) {
            const json_t *value = json_object_get(record, shapes[i].member);
            return value != NULL && shapes[i].is_good(value);
        }
    }
    return json_object_get(record, field) != NULL;
}

bool
fisc_tryton_are_records(const json_t *records, const json_t *fields)
{
    gsize row, column;
    json_t *record, *field;
    bool is_good = json_is_array(records);
    json_array_foreach(records, row, record)
    {
        is_good = is_good && json_is_integer(json_object_get(record, "id"));
        json_array_foreach(fields, column, field)
        {
            is_good = is_good && is_field_good(record, json_string_value(field));
        }
    }
    return is_good;
}

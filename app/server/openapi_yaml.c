/* openapi_yaml.c: a JSON value as YAML: maps and lists by indentation, texts in double quotes,
 * which mean in YAML what they mean in JSON. */
#include "app/server/api.h"
#include "app/server/server.h"
#include <stdlib.h>
#include <string.h>

#define STEP 2 /* blanks of a level */

static void append_value(GString *out, const json_t *value, int depth);

static void
append_scalar(GString *out, const json_t *value)
{
    char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT);
    g_string_append(out, text);
    free(text);
}

/* A key that YAML could take for something else stands in quotes. */
static void
append_key(GString *out, const char *key)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-$/";
    if (key[strspn(key, plain)] == '\0') {
        g_string_append(out, key);
    } else {
        json_t *text = json_string(key);
        append_scalar(out, text);
        json_decref(text);
    }
}

static bool
is_block(const json_t *value)
{
    return (json_is_object(value) && json_object_size(value) > 0) ||
           (json_is_array(value) && json_array_size(value) > 0);
}

static void
append_indent(GString *out, int depth)
{
    g_string_append_printf(out, "%*s", depth * STEP, "");
}

static void
append_object(GString *out, const json_t *object, int depth, bool is_begun)
{
    const char *key;
    json_t *value;
    json_object_foreach((json_t *)object, key, value)
    {
        if (!is_begun) {
            append_indent(out, depth);
        }
        is_begun = false;
        append_key(out, key);
        g_string_append_c(out, ':');
        if (is_block(value)) {
            g_string_append_c(out, '\n');
            append_value(out, value, depth + 1);
        } else {
            g_string_append_c(out, ' ');
            append_scalar(out, value);
            g_string_append_c(out, '\n');
        }
    }
}

static void
append_list(GString *out, const json_t *list, int depth)
{
    size_t at;
    json_t *item;
    json_array_foreach((json_t *)list, at, item)
    {
        append_indent(out, depth);
        g_string_append(out, "- ");
        if (json_is_object(item) && json_object_size(item) > 0) {
            append_object(out, item, depth + 1, true);
        } else {
            append_scalar(out, item);
            g_string_append_c(out, '\n');
        }
    }
}

static void
append_value(GString *out, const json_t *value, int depth)
{
    if (json_is_object(value)) {
        append_object(out, value, depth, false);
    } else {
        append_list(out, value, depth);
    }
}

char *
fisc_openapi_yaml(void)
{
    json_t *value = fisc_openapi_value();
    GString *out = g_string_new("# Made from the tables of app/server/api by fisc serve --openapi: "
                                "do not edit.\n");
    append_value(out, value, 0);
    json_decref(value);
    return g_string_free(out, FALSE);
}

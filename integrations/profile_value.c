/* profile_value.c: the groups of a profile that say what rows mean beside their columns: values,
 * looked up or put together, and figures of the publisher that should agree. */
#include "integrations/profile_path.h"
#include <string.h>

/* ---- [value NAME], [check NAME], [compare NAME] ---- */

static void
scope_free(FiscMappingScope *scope)
{
    g_free(scope->column);
    g_strfreev(scope->values);
    g_free(scope);
}

/* Keys of the form "where COLUMN". */
static GPtrArray *
parse_scopes(FiscProfileParser *parser, const char *group)
{
    GPtrArray *scopes = g_ptr_array_new_with_free_func((GDestroyNotify)scope_free);
    g_auto(GStrv) keys = g_key_file_get_keys(parser->keys, group, NULL, NULL);
    for (int i = 0; keys[i] != NULL; i++) {
        if (g_str_has_prefix(keys[i], "where ")) {
            FiscMappingScope *scope = g_new0(FiscMappingScope, 1);
            scope->column = g_strdup(keys[i] + strlen("where "));
            scope->values = fisc_profile_list(parser, group, keys[i]);
            g_ptr_array_add(scopes, scope);
        }
    }
    return scopes;
}

GArray *
fisc_profile_parse_conditions(FiscProfileParser *parser, const char *group, const char *word)
{
    GArray *conditions = g_array_new(FALSE, FALSE, sizeof(FiscProfileCondition));
    g_auto(GStrv) keys = g_key_file_get_keys(parser->keys, group, NULL, NULL);
    for (int i = 0; keys[i] != NULL; i++) {
        if (!g_str_has_prefix(keys[i], word)) {
            continue;
        }
        const char *name = keys[i] + strlen(word);
        FiscProfileCondition condition = {.slot = fisc_profile_slot(name, parser->profile),
                                          .prefixes = fisc_profile_list(parser, group, keys[i])};
        if (condition.slot < 0) {
            fisc_profile_refuse(parser, group, keys[i], FISC_ERROR_VALUE_INVALID,
                                "there is no column or earlier value \"%s\"", name);
        }
        g_array_append_val(conditions, condition);
    }
    return conditions;
}

/* What a code that no prefix knows becomes. */
static void
parse_missing(FiscProfileParser *parser, FiscProfileValue *value)
{
    const char *group = value->group;
    g_autofree char *missing = fisc_profile_get(parser, group, "missing");
    value->may_be_missing = g_strcmp0(missing, "empty") == 0;
    if (g_strcmp0(missing, "suspense") == 0) {
        value->suspense = fisc_profile_require(parser, group, "suspense");
        g_autofree char *weigh = fisc_profile_require(parser, group, "weigh");
        value->weigh = weigh != NULL ? fisc_profile_amount(parser->profile, weigh) : -1;
        if (weigh != NULL && value->weigh < 0) {
            fisc_profile_refuse(parser, group, "weigh", FISC_ERROR_VALUE_INVALID,
                                "there is no amount \"%s\"", weigh);
        }
    } else if (missing != NULL && !value->may_be_missing && strcmp(missing, "refuse") != 0) {
        fisc_profile_refuse(parser, group, "missing", FISC_ERROR_VALUE_INVALID,
                            "\"%s\" is neither refuse nor empty nor suspense", missing);
    }
}

static bool
parse_map(FiscProfileParser *parser, FiscProfileValue *value, const char *file, GError **error)
{
    const char *group = value->group;
    g_autofree char *prefix = fisc_profile_require(parser, group, "prefix");
    g_autofree char *result = fisc_profile_require(parser, group, "result");
    g_autoptr(GPtrArray) scopes = parse_scopes(parser, group);
    value->text = fisc_profile_template(parser, group, "of", true);
    value->title = fisc_profile_template(parser, group, "title", false);
    parse_missing(parser, value);
    if (!fisc_profile_check_path(parser, group, "map", file, FISC_SHELF_MAPS) || prefix == NULL ||
        result == NULL) {
        return true;
    }
    g_autofree char *field = g_strdup_printf("[%s] map", group);
    FiscPlace place = fisc_place_at(fisc_profile_place(parser, group, "map"), field);
    return fisc_mapping_load(parser->reader, place, file, prefix, result, scopes, &value->mapping,
                             error);
}

bool
fisc_profile_parse_value(FiscProfileParser *parser, const char *group, const char *name,
                         GError **error)
{
    FiscProfileValue *value = g_new0(FiscProfileValue, 1);
    value->name = g_strdup(name);
    value->group = g_strdup(group);
    value->label = g_strdup_printf("%s [%s] ", parser->profile->profile_name, group);
    bool is_taken = fisc_profile_slot(name, parser->profile) >= 0;
    value->conditions = fisc_profile_parse_conditions(parser, group, "only ");
    value->exceptions = fisc_profile_parse_conditions(parser, group, "unless ");
    g_autofree char *map = fisc_profile_get(parser, group, "map");
    bool is_read = true;
    if (map != NULL) {
        is_read = parse_map(parser, value, map, error);
    } else if (g_key_file_has_key(parser->keys, group, "cash_row", NULL)) {
        value->is_cash_row = true;
        value->text = fisc_profile_template(parser, group, "cash_row", true);
    } else {
        value->text = fisc_profile_template(parser, group, "text", true);
    }
    if (is_taken) {
        fisc_profile_refuse(parser, group, NULL, FISC_ERROR_VALUE_INVALID,
                            "there is a column or value \"%s\" already", name);
    }
    g_ptr_array_add(parser->profile->values, value);
    return is_read;
}

void
fisc_profile_parse_check(FiscProfileParser *parser, const char *group, const char *name)
{
    FiscProfileCheck *check = g_new0(FiscProfileCheck, 1);
    check->name = g_strdup(name);
    check->group = g_strdup(group);
    check->terms = fisc_profile_terms(parser, group, "zero");
    check->text = fisc_profile_require(parser, group, "text");
    g_autofree char *otherwise = fisc_profile_get(parser, group, "otherwise");
    check->is_refused = g_strcmp0(otherwise, "refuse") == 0;
    if (otherwise != NULL && !check->is_refused && strcmp(otherwise, "remark") != 0) {
        fisc_profile_refuse(parser, group, "otherwise", FISC_ERROR_VALUE_INVALID,
                            "\"%s\" is neither refuse nor remark", otherwise);
    }
    check->unit = fisc_profile_template(parser, group, "unit", false);
    check->within = fisc_profile_template(parser, group, "within", false);
    if (check->unit != NULL && check->within != NULL) {
        fisc_profile_refuse(parser, group, "unit", FISC_ERROR_VALUE_INVALID,
                            "what is added up over rows is of no one unit");
    }
    g_ptr_array_add(parser->profile->checks, check);
}

void
fisc_profile_parse_compare(FiscProfileParser *parser, const char *group)
{
    FiscProfileCompare *compare = g_new0(FiscProfileCompare, 1);
    g_autofree char *amount = fisc_profile_require(parser, group, "amount");
    compare->group = g_strdup(group);
    compare->profile = fisc_profile_require(parser, group, "profile");
    compare->other_amount = fisc_profile_require(parser, group, "with");
    compare->text = fisc_profile_require(parser, group, "text");
    compare->unit = fisc_profile_get(parser, group, "unit");
    compare->amount = amount != NULL ? fisc_profile_amount(parser->profile, amount) : -1;
    if (amount != NULL && compare->amount < 0) {
        fisc_profile_refuse(parser, group, "amount", FISC_ERROR_VALUE_INVALID,
                            "there is no amount \"%s\"", amount);
    }
    g_ptr_array_add(parser->profile->compares, compare);
}

/* ---- end of life ---- */

void
fisc_profile_conditions_free(GArray *conditions)
{
    for (guint i = 0; i < conditions->len; i++) {
        g_strfreev(g_array_index(conditions, FiscProfileCondition, i).prefixes);
    }
    g_array_unref(conditions);
}

void
fisc_profile_value_free(FiscProfileValue *value)
{
    g_free(value->name);
    g_free(value->group);
    g_free(value->label);
    g_free(value->suspense);
    fisc_template_free(value->text);
    fisc_template_free(value->title);
    fisc_mapping_free(value->mapping);
    fisc_profile_conditions_free(value->conditions);
    fisc_profile_conditions_free(value->exceptions);
    g_free(value);
}

void
fisc_profile_check_free(FiscProfileCheck *check)
{
    g_clear_pointer(&check->terms, g_array_unref);
    g_free(check->name);
    g_free(check->group);
    g_free(check->text);
    fisc_template_free(check->unit);
    fisc_template_free(check->within);
    g_free(check);
}

void
fisc_profile_compare_free(FiscProfileCompare *compare)
{
    g_free(compare->group);
    g_free(compare->profile);
    g_free(compare->other_amount);
    g_free(compare->text);
    g_free(compare->unit);
    g_free(compare);
}

/* propose_map.c: a map taken apart: which codes its profiles look up, in which table of it. */
#include "app/flows/propose.h"
#include <jansson.h>
#include <string.h>

#define WHERE "where "

static void
scope_free(gpointer data)
{
    FiscRuleScope *scope = data;
    g_free(scope->column);
    g_strfreev(scope->words);
    g_free(scope);
}

static void
rule_free(gpointer data)
{
    FiscMapRule *rule = data;
    g_free(rule->path);
    g_free(rule->table);
    g_free(rule->prefix);
    g_free(rule->result);
    g_free(rule->suspense);
    g_ptr_array_unref(rule->scopes);
    g_hash_table_unref(rule->places);
    fisc_csv_free(rule->rows);
    g_free(rule);
}

/* Words of a list, as profiles part them. */
static char **
read_words(GKeyFile *keys, const char *group, const char *key)
{
    g_autofree char *text = g_key_file_get_string(keys, group, key, NULL);
    char **words = g_strsplit(text != NULL ? text : "", ";", -1);
    for (int i = 0; words[i] != NULL; i++) {
        g_strstrip(words[i]);
    }
    return words;
}

static GPtrArray *
read_scopes(GKeyFile *keys, const char *group)
{
    GPtrArray *scopes = g_ptr_array_new_with_free_func(scope_free);
    g_auto(GStrv) names = g_key_file_get_keys(keys, group, NULL, NULL);
    for (int i = 0; names[i] != NULL; i++) {
        if (g_str_has_prefix(names[i], WHERE)) {
            FiscRuleScope *scope = g_new0(FiscRuleScope, 1);
            scope->column = g_strdup(names[i] + strlen(WHERE));
            scope->words = read_words(keys, group, names[i]);
            g_ptr_array_add(scopes, scope);
        }
    }
    return scopes;
}

static char *
name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return g_strdup(slash != NULL ? slash + 1 : path);
}

static FiscCsv *
read_table(json_t *map, const char *path, const char *name)
{
    json_t *text = json_object_get(map, path);
    const FiscCsvOptions options = {.allow_unknown = true, .allow_comments = true};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscCsv *rows = NULL;
    return text != NULL && fisc_csv_parse(name, json_string_value(text), json_string_length(text),
                                          &options, &rows, refusals)
               ? rows
               : NULL;
}

/* NULL: the group looks nothing up. */
static FiscMapRule *
read_rule(json_t *map, GKeyFile *keys, const char *group)
{
    g_autofree char *path = g_key_file_get_string(keys, group, "map", NULL);
    g_autofree char *prefix = g_key_file_get_string(keys, group, "prefix", NULL);
    g_autofree char *result = g_key_file_get_string(keys, group, "result", NULL);
    g_autofree char *missing = g_key_file_get_string(keys, group, "missing", NULL);
    if (path == NULL || prefix == NULL || result == NULL) {
        return NULL;
    }
    FiscMapRule *rule = g_new0(FiscMapRule, 1);
    rule->path = g_steal_pointer(&path);
    rule->table = name_of(rule->path);
    rule->prefix = g_steal_pointer(&prefix);
    rule->result = g_steal_pointer(&result);
    rule->scopes = read_scopes(keys, group);
    rule->suspense = g_key_file_get_string(keys, group, "suspense", NULL);
    rule->may_be_missing = g_strcmp0(missing, "empty") == 0;
    rule->places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    rule->rows = read_table(map, rule->path, rule->table);
    return rule;
}

static bool
is_same_scope(const FiscRuleScope *one, const FiscRuleScope *other)
{
    return strcmp(one->column, other->column) == 0 &&
           g_strv_equal((const char *const *)one->words, (const char *const *)other->words);
}

static bool
is_same_rule(const FiscMapRule *one, const FiscMapRule *other)
{
    bool is_same = strcmp(one->path, other->path) == 0 && strcmp(one->prefix, other->prefix) == 0 &&
                   strcmp(one->result, other->result) == 0 &&
                   one->scopes->len == other->scopes->len &&
                   one->may_be_missing == other->may_be_missing &&
                   g_strcmp0(one->suspense, other->suspense) == 0;
    for (guint i = 0; is_same && i < one->scopes->len; i++) {
        is_same = is_same_scope(one->scopes->pdata[i], other->scopes->pdata[i]);
    }
    return is_same;
}

/* Of rules that say the same, the first; the other is gone. */
static FiscMapRule *
keep_rule(GPtrArray *rules, FiscMapRule *rule)
{
    for (guint i = 0; i < rules->len; i++) {
        if (is_same_rule(rules->pdata[i], rule)) {
            rule_free(rule);
            return rules->pdata[i];
        }
    }
    g_ptr_array_add(rules, rule);
    return rule;
}

static void
read_profile(json_t *map, json_t *profile, GPtrArray *rules)
{
    static const char value[] = "value ";
    g_autoptr(GKeyFile) keys = g_key_file_new();
    const char *text = json_string_value(profile);
    if (text == NULL ||
        !g_key_file_load_from_data(keys, text, strlen(text), G_KEY_FILE_NONE, NULL)) {
        return;
    }
    g_autofree char *path = g_key_file_get_string(keys, "file", "name", NULL);
    g_autofree char *file = path != NULL ? name_of(path) : g_strdup("");
    g_auto(GStrv) groups = g_key_file_get_groups(keys, NULL);
    for (int i = 0; groups[i] != NULL; i++) {
        FiscMapRule *rule =
            g_str_has_prefix(groups[i], value) ? read_rule(map, keys, groups[i]) : NULL;
        if (rule != NULL) {
            rule = keep_rule(rules, rule);
            g_hash_table_add(rule->places, g_strconcat(file, ":", groups[i] + strlen(value), NULL));
        }
    }
}

GPtrArray *
fisc_map_rules(GBytes *packed)
{
    GPtrArray *rules = g_ptr_array_new_with_free_func(rule_free);
    gsize length = 0;
    const char *text = g_bytes_get_data(packed, &length);
    json_t *map = json_loadb(text, length, 0, NULL);
    const char *name;
    json_t *content;
    json_object_foreach(map, name, content)
    {
        if (g_str_has_suffix(name, ".profile")) {
            read_profile(map, content, rules);
        }
    }
    json_decref(map);
    return rules;
}

/* What a rule says ---------------------------------------------------------------------------- */

bool
fisc_map_rule_holds(const FiscMapRule *rule, const FiscCsvRow *row)
{
    for (guint i = 0; i < rule->scopes->len; i++) {
        const FiscRuleScope *scope = rule->scopes->pdata[i];
        int column = fisc_csv_column(rule->rows, scope->column);
        if (!g_strv_contains((const char *const *)scope->words,
                             fisc_csv_field(rule->rows, row, column))) {
            return false;
        }
    }
    return true;
}

static bool
has_common_word(const FiscRuleScope *one, const FiscRuleScope *other)
{
    for (int i = 0; one->words[i] != NULL; i++) {
        if (g_strv_contains((const char *const *)other->words, one->words[i])) {
            return true;
        }
    }
    return false;
}

bool
fisc_map_rules_meet(const FiscMapRule *one, const FiscMapRule *other)
{
    bool do_meet = other->rows != NULL && strcmp(one->result, other->result) == 0;
    for (guint i = 0; do_meet && i < one->scopes->len; i++) {
        const FiscRuleScope *scope = one->scopes->pdata[i];
        for (guint k = 0; do_meet && k < other->scopes->len; k++) {
            const FiscRuleScope *others = other->scopes->pdata[k];
            do_meet = strcmp(scope->column, others->column) != 0 || has_common_word(scope, others);
        }
    }
    return do_meet;
}

int
fisc_map_rule_find(const FiscMapRule *rule, const char *code)
{
    int found = -1;
    size_t longest = 0;
    int column = fisc_csv_column(rule->rows, rule->prefix);
    for (guint i = 0; i < rule->rows->rows->len; i++) {
        const FiscCsvRow *row = &g_array_index(rule->rows->rows, FiscCsvRow, i);
        const char *prefix = fisc_csv_field(rule->rows, row, column);
        size_t length = strlen(prefix);
        if (length > longest && g_str_has_prefix(code, prefix) && fisc_map_rule_holds(rule, row)) {
            longest = length;
            found = (int)i;
        }
    }
    return found;
}

static bool
is_of_rule(const FiscMapRule *rule, const char *column)
{
    for (guint i = 0; i < rule->scopes->len; i++) {
        if (strcmp(((FiscRuleScope *)rule->scopes->pdata[i])->column, column) == 0) {
            return true;
        }
    }
    return strcmp(column, rule->prefix) == 0 || strcmp(column, rule->result) == 0 ||
           strcmp(column, "note") == 0; /* about the row, not about what it maps */
}

char *
fisc_map_rule_title(const FiscMapRule *rule, const FiscCsvRow *row)
{
    GString *title = g_string_new(NULL);
    for (guint i = 0; i < rule->rows->columns->len; i++) {
        const char *text = row->fields[i];
        if (!is_of_rule(rule, rule->rows->columns->pdata[i]) && *text != '\0') {
            g_string_append_printf(title, "%s%s", title->len > 0 ? " " : "", text);
        }
    }
    return g_string_free(title, FALSE);
}

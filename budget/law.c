/* law.c: the rules of two budget laws compared: which came, which went, what changed in the others.
 * Pure. Where the rules come from is left to the flow. */
#include "fisc/law.h"
#include <string.h>

static const struct {
    const char *kind, *file;
} kinds[] = {
#define X(kind, file) {kind, file},
    FISC_LAW_KINDS(X)
#undef X
};

int
fisc_law_kind_find(const char *kind)
{
    for (int i = 0; i < (int)G_N_ELEMENTS(kinds); i++) {
        if (strcmp(kinds[i].kind, kind) == 0) {
            return i;
        }
    }
    return -1;
}

int
fisc_law_kind_count(void)
{
    return (int)G_N_ELEMENTS(kinds);
}

const char *
fisc_law_kind(int index)
{
    return kinds[index].kind;
}

const char *
fisc_law_kind_file(int index)
{
    return kinds[index].file;
}

static void
rule_free(gpointer data)
{
    FiscLawRule *rule = data;
    g_ptr_array_unref(rule->fields);
    g_free(rule);
}

FiscLaw *
fisc_law_new(void)
{
    FiscLaw *law = g_new0(FiscLaw, 1);
    law->rules = g_ptr_array_new_with_free_func(rule_free);
    law->chunk = g_string_chunk_new(4096);
    return law;
}

void
fisc_law_free(FiscLaw *law)
{
    if (law != NULL) {
        g_ptr_array_unref(law->rules);
        g_string_chunk_free(law->chunk);
        g_free(law);
    }
}

void
fisc_law_add(FiscLaw *law, const char *kind, const char *name, char *const *fields, int count)
{
    int index = fisc_law_kind_find(kind);
    if (index < 0) {
        return;
    }
    FiscLawRule *rule = g_new0(FiscLawRule, 1);
    rule->kind = kinds[index].kind;
    rule->name = g_string_chunk_insert_const(law->chunk, name);
    rule->fields = g_ptr_array_new();
    for (int i = 0; i < count; i++) {
        g_ptr_array_add(rule->fields, g_string_chunk_insert_const(law->chunk, fields[i]));
    }
    g_ptr_array_add(law->rules, rule);
    law->speaks_of |= 1u << index;
}

const char *
fisc_law_field(const FiscLawRule *rule, const char *name)
{
    for (guint i = 0; i + 1 < rule->fields->len; i += 2) {
        if (strcmp(rule->fields->pdata[i], name) == 0) {
            return rule->fields->pdata[i + 1];
        }
    }
    return "";
}

/* Comparing ----------------------------------------------------------------------------------- */

static void
change_free(gpointer data)
{
    FiscLawChange *change = data;
    g_free(change->before);
    g_free(change->after);
    g_free(change);
}

/* "level=absolute key="programme economic"": the whole rule, but the article, which stands apart.
 */
static char *
describe(const FiscLawRule *rule)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i + 1 < rule->fields->len; i += 2) {
        const char *name = rule->fields->pdata[i];
        const char *value = rule->fields->pdata[i + 1];
        if (strcmp(name, "article") != 0 && *value != '\0') {
            g_string_append_printf(text, strchr(value, ' ') != NULL ? "%s%s=\"%s\"" : "%s%s=%s",
                                   text->len > 0 ? " " : "", name, value);
        }
    }
    return g_string_free(text, FALSE);
}

static void
add_change(GPtrArray *changes, const FiscLawRule *before, const FiscLawRule *after,
           const char *field)
{
    const FiscLawRule *rule = after != NULL ? after : before;
    const char *article = fisc_law_field(rule, "article");
    FiscLawChange *change = g_new0(FiscLawChange, 1);
    bool is_change = before != NULL && after != NULL;
    change->kind = rule->kind;
    change->name = rule->name;
    change->what = is_change ? "changed" : after != NULL ? "added" : "removed";
    change->field = is_change ? field : "";
    change->before = is_change        ? g_strdup(fisc_law_field(before, field))
                     : before != NULL ? describe(before)
                                      : g_strdup("");
    change->after = is_change       ? g_strdup(fisc_law_field(after, field))
                    : after != NULL ? describe(after)
                                    : g_strdup("");
    change->article = article;
    g_ptr_array_add(changes, change);
}

static int
compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The fields that either rule has, by name. */
static GPtrArray *
fields_of(const FiscLawRule *a, const FiscLawRule *b)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *names = g_ptr_array_new();
    for (int k = 0; k < 2; k++) {
        const GPtrArray *fields = k == 0 ? a->fields : b->fields;
        for (guint i = 0; i + 1 < fields->len; i += 2) {
            if (g_hash_table_add(seen, fields->pdata[i])) {
                g_ptr_array_add(names, fields->pdata[i]);
            }
        }
    }
    g_ptr_array_sort(names, compare_names);
    return names;
}

static void
compare_rules(GPtrArray *changes, const FiscLawRule *before, const FiscLawRule *after)
{
    g_autoptr(GPtrArray) names = fields_of(before, after);
    for (guint i = 0; i < names->len; i++) {
        const char *name = names->pdata[i];
        if (strcmp(fisc_law_field(before, name), fisc_law_field(after, name)) != 0) {
            add_change(changes, before, after, name);
        }
    }
}

static const FiscLawRule *
find_rule(const FiscLaw *law, const char *kind, const char *name)
{
    const FiscLawRule *found = NULL; /* the last of a name prevails, as in the books */
    for (guint i = 0; i < law->rules->len; i++) {
        const FiscLawRule *rule = law->rules->pdata[i];
        if (strcmp(rule->kind, kind) == 0 && strcmp(rule->name, name) == 0) {
            found = rule;
        }
    }
    return found;
}

/* The names of the rules of a kind that either law has, in order. */
static GPtrArray *
names_of(const FiscLaw *before, const FiscLaw *after, const char *kind)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    GPtrArray *names = g_ptr_array_new();
    for (int k = 0; k < 2; k++) {
        const GPtrArray *rules = k == 0 ? before->rules : after->rules;
        for (guint i = 0; i < rules->len; i++) {
            const FiscLawRule *rule = rules->pdata[i];
            if (strcmp(rule->kind, kind) == 0 && g_hash_table_add(seen, (gpointer)rule->name)) {
                g_ptr_array_add(names, (gpointer)rule->name);
            }
        }
    }
    g_ptr_array_sort(names, compare_names);
    return names;
}

GPtrArray *
fisc_law_compare(const FiscLaw *before, const FiscLaw *after)
{
    GPtrArray *changes = g_ptr_array_new_with_free_func(change_free);
    for (int k = 0; k < fisc_law_kind_count(); k++) {
        if ((before->speaks_of & after->speaks_of & (1u << k)) == 0) {
            continue;
        }
        g_autoptr(GPtrArray) names = names_of(before, after, kinds[k].kind);
        for (guint i = 0; i < names->len; i++) {
            const FiscLawRule *old = find_rule(before, kinds[k].kind, names->pdata[i]);
            const FiscLawRule *new = find_rule(after, kinds[k].kind, names->pdata[i]);
            if (old != NULL && new != NULL) {
                compare_rules(changes, old, new);
            } else {
                add_change(changes, old, new, "");
            }
        }
    }
    return changes;
}

/* engine_virement_rule.c: definitions of virement rules: events of the kind "virement_rule",
 * subject the name. What a rule means is engine_virement.c's. */
#include "ledger/engine_virement.h"
#include <string.h>

#define ORDER_MAX 1000000
#define APPROVALS_MAX 9
#define DONOR_KEY "entity programme economic"

static void
bar_clear(gpointer data)
{
    g_free(((FiscVirementBar *)data)->prefix);
}

static void
rule_free(gpointer data)
{
    FiscVirementRule *rule = data;
    if (rule != NULL) {
        g_clear_pointer(&rule->entities, g_hash_table_unref);
        g_array_unref(rule->donor_not);
        g_array_unref(rule->receiver_not);
        g_free(rule->approval);
        g_free(rule->article);
        g_free(rule->name);
        g_free(rule);
    }
}

/* Fields ----------------------------------------------------------------------------------- */

/* Each reads one field: @text is NULL when it is not given. NULL, or what is wrong. */

static const char *
parse_same(const char *text, FiscVirementRule *rule)
{
    return fisc_key_parts_parse(text != NULL ? text : "entity", rule->same, &rule->same_count);
}

static const char *
parse_key(const char *text, FiscVirementRule *rule)
{
    return fisc_key_parts_parse(text != NULL ? text : DONOR_KEY, rule->key, &rule->key_count);
}

/* "economic=1 economic=6" */
static const char *
parse_bars(const char *text, GArray *bars)
{
    g_auto(GStrv) words = g_strsplit(text != NULL ? text : "", " ", -1);
    for (int i = 0; words[i] != NULL; i++) {
        char *equals = strchr(words[i], '=');
        if (*words[i] == '\0') {
            continue;
        }
        if (equals == NULL || equals[1] == '\0') {
            return "it is a list like \"economic=1 economic=6\"";
        }
        *equals = '\0';
        bool is_entity = strcmp(words[i], "entity") == 0;
        int dim = is_entity ? FISC_PART_ENTITY : fisc_dimension_find(words[i]);
        if (!is_entity && dim < 0) {
            return "it names something that is no dimension";
        }
        FiscVirementBar bar = {.part = {.dim = dim}, .prefix = g_strdup(equals + 1)};
        g_array_append_val(bars, bar);
    }
    return NULL;
}

static const char *
parse_donor_not(const char *text, FiscVirementRule *rule)
{
    return parse_bars(text, rule->donor_not);
}

static const char *
parse_receiver_not(const char *text, FiscVirementRule *rule)
{
    return parse_bars(text, rule->receiver_not);
}

static const char *
parse_cap(const char *text, FiscVirementRule *rule)
{
    rule->cap = -1;
    return text != NULL ? fisc_share_parse(text, &rule->cap) : NULL;
}

static const char *
parse_count(const char *text, int most, int *out_count)
{
    guint64 count = 0;
    if (!g_ascii_string_to_unsigned(text, 10, 0, (guint64)most, &count, NULL)) {
        return "it is a whole number of zero or more";
    }
    *out_count = (int)count;
    return NULL;
}

static const char *
parse_order(const char *text, FiscVirementRule *rule)
{
    return text != NULL ? parse_count(text, ORDER_MAX, &rule->order) : NULL;
}

static const char *
parse_approval(const char *text, FiscVirementRule *rule)
{
    rule->approval = text != NULL && *text != '\0' ? g_strdup(text) : NULL;
    return NULL;
}

/* A role that has to approve means one who does, unless more are asked for. */
static const char *
parse_approvals(const char *text, FiscVirementRule *rule)
{
    rule->approvals = rule->approval != NULL ? 1 : 0;
    const char *wrong = text != NULL ? parse_count(text, APPROVALS_MAX, &rule->approvals) : NULL;
    bool is_empty = wrong == NULL && rule->approval != NULL && rule->approvals == 0;
    return is_empty ? "no approval by a role is none" : wrong;
}

static const char *
parse_entities(const char *text, FiscVirementRule *rule)
{
    if (text == NULL || strcmp(text, "*") == 0) {
        return NULL;
    }
    rule->entities = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    g_auto(GStrv) codes = g_strsplit(text, " ", -1);
    for (int i = 0; codes[i] != NULL; i++) {
        if (*codes[i] != '\0') {
            g_hash_table_add(rule->entities, g_strdup(codes[i]));
        }
    }
    return NULL;
}

static const char *
parse_from(const char *text, FiscVirementRule *rule)
{
    rule->from = G_MININT32;
    return text == NULL || fisc_date_parse(text, &rule->from) ? NULL : "it is a date";
}

static const char *
parse_to(const char *text, FiscVirementRule *rule)
{
    rule->to = G_MAXINT32;
    return text == NULL || fisc_date_parse(text, &rule->to) ? NULL : "it is a date";
}

static const char *
parse_article(const char *text, FiscVirementRule *rule)
{
    rule->article = g_strdup(text);
    return NULL;
}

static const struct {
    const char *name;
    const char *(*parse)(const char *text, FiscVirementRule *rule);
} fields[] = {
    {"same", parse_same},
    {"donor_not", parse_donor_not},
    {"receiver_not", parse_receiver_not},
    {"key", parse_key},
    {"cap", parse_cap},
    {"approval", parse_approval},
    {"approvals", parse_approvals}, /* after the role */
    {"order", parse_order},
    {"entities", parse_entities},
    {"from", parse_from},
    {"to", parse_to},
    {"article", parse_article},
};

static FiscVirementRule *
parse_rule(const char *name, GPtrArray *words, const char **out_field, const char **out_wrong)
{
    FiscVirementRule *rule = g_new0(FiscVirementRule, 1);
    rule->name = g_strdup(name);
    rule->donor_not = g_array_new(FALSE, FALSE, sizeof(FiscVirementBar));
    rule->receiver_not = g_array_new(FALSE, FALSE, sizeof(FiscVirementBar));
    g_array_set_clear_func(rule->donor_not, bar_clear);
    g_array_set_clear_func(rule->receiver_not, bar_clear);
    *out_wrong = NULL;
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        const char *wrong = fields[i].parse(fisc_engine_field(words, fields[i].name), rule);
        if (wrong != NULL && *out_wrong == NULL) {
            *out_field = fields[i].name;
            *out_wrong = wrong;
        }
    }
    return rule;
}

/* A word that nobody reads would be a rule that does not hold. */
static const char *
find_stranger(const FiscEvent *event)
{
    for (guint i = 0; i + 1 < event->fields->len; i += 2) {
        bool is_known = false;
        for (gsize k = 0; k < G_N_ELEMENTS(fields); k++) {
            is_known = is_known || strcmp(event->fields->pdata[i], fields[k].name) == 0;
        }
        if (!is_known) {
            return event->fields->pdata[i];
        }
    }
    return NULL;
}

bool
fisc_virement_rule_check(const FiscEvent *event, FiscRefusals *refusals)
{
    const char *field = find_stranger(event);
    const char *wrong = field != NULL ? "no rule has such a field" : NULL;
    if (wrong == NULL) {
        rule_free(parse_rule(event->subject, event->fields, &field, &wrong));
    }
    if (wrong != NULL) {
        fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, NULL, 0, field,
                          "virement rule %s: %s", event->subject, wrong);
    }
    return wrong == NULL;
}

bool
fisc_engine_check_virement_rule(const FiscEngine *engine, const FiscEvent *event,
                                FiscRefusals *refusals)
{
    (void)engine;
    return fisc_virement_rule_check(event, refusals);
}

/* Keeping ---------------------------------------------------------------------------------- */

static gint
compare_rules(gconstpointer a, gconstpointer b)
{
    const FiscVirementRule *left = *(FiscVirementRule *const *)a;
    const FiscVirementRule *right = *(FiscVirementRule *const *)b;
    int by_order = (left->order > right->order) - (left->order < right->order);
    return by_order != 0 ? by_order : strcmp(left->name, right->name);
}

static void
remove_rule(FiscEngine *engine, const char *name)
{
    GPtrArray *rules = engine->virement_rules;
    for (guint i = 0; rules != NULL && i < rules->len; i++) {
        if (strcmp(((const FiscVirementRule *)rules->pdata[i])->name, name) == 0) {
            g_ptr_array_remove_index(rules, i);
            return;
        }
    }
}

void
fisc_engine_set_virement_rule(FiscEngine *engine, const FiscMaster *master)
{
    const char *field = NULL;
    const char *wrong = NULL;
    if (engine->virement_rules == NULL) {
        engine->virement_rules = g_ptr_array_new_with_free_func(rule_free);
    }
    remove_rule(engine, master->subject);
    g_ptr_array_add(engine->virement_rules,
                    parse_rule(master->subject, master->fields, &field, &wrong));
    g_ptr_array_sort(engine->virement_rules, compare_rules);
}

void
fisc_engine_remove_virement_rule(FiscEngine *engine, const FiscMaster *master)
{
    remove_rule(engine, master->subject);
}

const GPtrArray *
fisc_engine_virement_rules(const FiscEngine *engine)
{
    return engine->virement_rules;
}

bool
fisc_virement_rule_holds(const FiscVirementRule *rule, const char *entity, FiscDate on)
{
    return rule->from <= on && on <= rule->to &&
           (rule->entities == NULL || g_hash_table_contains(rule->entities, entity));
}

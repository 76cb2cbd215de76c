/* succession.c: reading and applying the rule by which successors share what a unit has. Which
 * codings there are, and when they change hands, is reporting's and app/flows'. */
#include "fisc/succession.h"
#include "fisc/money.h"
#include <string.h>

static void
pick_clear(gpointer data)
{
    FiscPick *pick = data;
    g_free(pick->value);
    g_free(pick->entity);
}

static FiscShareRule *
rule_new(void)
{
    FiscShareRule *rule = g_new0(FiscShareRule, 1);
    rule->entities = g_ptr_array_new_with_free_func(g_free);
    rule->weights = g_array_new(FALSE, FALSE, sizeof(int64_t));
    rule->picks = g_array_new(FALSE, FALSE, sizeof(FiscPick));
    g_array_set_clear_func(rule->picks, pick_clear);
    return rule;
}

void
fisc_share_rule_free(FiscShareRule *rule)
{
    if (rule == NULL) {
        return;
    }
    g_ptr_array_unref(rule->entities);
    g_array_unref(rule->weights);
    g_array_unref(rule->picks);
    g_free(rule);
}

static void
add_share(FiscShareRule *rule, const char *entity, int64_t weight)
{
    g_ptr_array_add(rule->entities, g_strdup(entity));
    g_array_append_val(rule->weights, weight);
}

static bool
complain(char **out_complaint, const char *format, const char *word)
{
    *out_complaint = g_strdup_printf("\"%s\" %s", word, format);
    return false;
}

/* "HEALTH" and "3". */
static bool
read_share(FiscShareRule *rule, char *const *into, const char *word, const char *entity,
           const char *text, char **out_complaint)
{
    guint64 weight = 0;
    if (!g_strv_contains((const char *const *)into, entity)) {
        return complain(out_complaint, "names a unit that is no successor", word);
    }
    if (!g_ascii_string_to_unsigned(text, 10, 1, 1000000000, &weight, NULL)) {
        return complain(out_complaint, "has no whole number of parts above zero", word);
    }
    if (g_ptr_array_find_with_equal_func(rule->entities, entity, g_str_equal, NULL) ||
        rule->entities->len == FISC_SHARES_MAX) {
        return complain(out_complaint, "names a successor twice, or is one too many", word);
    }
    add_share(rule, entity, (int64_t)weight);
    return true;
}

/* "section=01*" and "EDU". */
static bool
read_pick(FiscShareRule *rule, char *const *into, const char *word, const char *where,
          const char *entity, char **out_complaint)
{
    const char *equals = strchr(where, '=');
    g_autofree char *column = g_strndup(where, (gsize)(equals - where));
    bool is_account = strcmp(column, "account") == 0;
    int dimension = is_account ? FISC_DIM_COUNT : fisc_dimension_find(column);
    if (dimension < 0) {
        return complain(out_complaint, "names no column of a line", word);
    }
    if (!g_strv_contains((const char *const *)into, entity)) {
        return complain(out_complaint, "names a unit that is no successor", word);
    }
    gsize length = strlen(equals + 1);
    bool is_prefix = length > 0 && equals[length] == '*';
    FiscPick pick = {dimension, g_strndup(equals + 1, length - (is_prefix ? 1 : 0)), is_prefix,
                     g_strdup(entity)};
    g_array_append_val(rule->picks, pick);
    return true;
}

static bool
read_word(FiscShareRule *rule, char *const *into, const char *word, char **out_complaint)
{
    const char *colon = strrchr(word, ':');
    if (colon == NULL || colon == word || colon[1] == '\0') {
        return complain(out_complaint, "is neither UNIT:PARTS nor COLUMN=VALUE:UNIT", word);
    }
    g_autofree char *left = g_strndup(word, (gsize)(colon - word));
    return strchr(left, '=') != NULL ? read_pick(rule, into, word, left, colon + 1, out_complaint)
                                     : read_share(rule, into, word, left, colon + 1, out_complaint);
}

FiscShareRule *
fisc_share_rule_read(const char *text, const char *into, char **out_complaint)
{
    g_autoptr(FiscShareRule) rule = rule_new();
    g_auto(GStrv) words = g_strsplit(text != NULL ? text : "", " ", -1);
    g_auto(GStrv) successors = g_strsplit(into, " ", -1);
    const char *first = NULL;
    for (char **word = successors; *word != NULL && first == NULL; word++) {
        first = **word != '\0' ? *word : NULL;
    }
    if (first == NULL) {
        *out_complaint = g_strdup("there is no successor");
        return NULL;
    }
    for (char **word = words; *word != NULL; word++) {
        if (**word != '\0' && !read_word(rule, successors, *word, out_complaint)) {
            return NULL;
        }
    }
    if (rule->entities->len == 0) {
        add_share(rule, first, 1);
    }
    return g_steal_pointer(&rule);
}

const char *
fisc_share_rule_pick(const FiscShareRule *rule, const FiscCoding *coding)
{
    for (guint i = 0; i < rule->picks->len; i++) {
        const FiscPick *pick = &g_array_index(rule->picks, FiscPick, i);
        const char *word = pick->dimension == FISC_DIM_COUNT ? coding->account->code
                                                             : coding->dim[pick->dimension];
        if (pick->is_prefix ? g_str_has_prefix(word, pick->value)
                            : strcmp(word, pick->value) == 0) {
            return pick->entity;
        }
    }
    return rule->entities->len == 1 ? rule->entities->pdata[0] : NULL;
}

char *
fisc_share_stock_key(const FiscCoding *coding)
{
    static const FiscDimension of_flows[] = {FISC_DIM_FUNCTION, FISC_DIM_GFS, FISC_DIM_CASH_CODE,
                                             FISC_DIM_CASH_COUNTERPARTY};
    g_autoptr(GString) key = g_string_new(coding->entity);
    g_string_append_printf(key, "\x1f%s", coding->account->code);
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        bool is_of_stock = true;
        for (guint k = 0; k < G_N_ELEMENTS(of_flows); k++) {
            is_of_stock = is_of_stock && i != (int)of_flows[k];
        }
        g_string_append_printf(key, "\x1f%s", is_of_stock ? coding->dim[i] : "");
    }
    return g_string_free(g_steal_pointer(&key), FALSE);
}

void
fisc_share_rule_split(const FiscShareRule *rule, int64_t amount, int64_t parts[FISC_SHARES_MAX])
{
    fisc_amount_split(amount, (const int64_t *)(const void *)rule->weights->data,
                      (int)rule->weights->len, parts);
}

/* carry_rule.c: the words of the events about carrying over: rules, lists, what was carried, and
 * how long a year takes late payments. Pure; what follows from them is budget/year_end.c's. */
#include "fisc/carry.h"
#include "ledger/engine_control.h"
#include <string.h>

#define ORDER_MAX 1000000

static const char *const stage_words[] = {
#define X(name, word, meaning) word,
    FISC_CARRY_STAGES(X)
#undef X
        NULL};
static const char *const kind_words[] = {
#define X(name, word, meaning) word,
    FISC_CARRY_KINDS(X)
#undef X
        NULL};

static int
find_word(const char *text, const char *const *words)
{
    for (int i = 0; text != NULL && words[i] != NULL; i++) {
        if (strcmp(text, words[i]) == 0) {
            return i;
        }
    }
    return -1;
}

const char *
fisc_carry_kind_word(FiscCarryKind kind)
{
    g_assert((int)kind >= 0 && kind < FISC_CARRY_KIND_COUNT);
    return kind_words[kind];
}

int
fisc_carry_kind_find(const char *word)
{
    return find_word(word, kind_words);
}

static void
test_clear(gpointer data)
{
    g_free(((FiscCarryTest *)data)->prefix);
}

void
fisc_carry_rule_free(FiscCarryRule *rule)
{
    if (rule != NULL) {
        g_clear_pointer(&rule->entities, g_hash_table_unref);
        g_array_unref(rule->key);
        g_free(rule->article);
        g_free(rule->name);
        g_free(rule);
    }
}

/* Fields of a rule ------------------------------------------------------------------------- */

/* Each reads one field: @text is NULL when it is not given. NULL, or what is wrong. */

static const char *
parse_order(const char *text, FiscCarryRule *rule)
{
    guint64 order = 0;
    if (text != NULL && !g_ascii_string_to_unsigned(text, 10, 0, ORDER_MAX, &order, NULL)) {
        return "it is a whole number of zero or more";
    }
    rule->order = (int)order;
    return NULL;
}

static const char *
parse_entities(const char *text, FiscCarryRule *rule)
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

/* "programme=1 economic=6 economic=7" */
static const char *
parse_key(const char *text, FiscCarryRule *rule)
{
    g_auto(GStrv) words = g_strsplit(text != NULL ? text : "", " ", -1);
    for (int i = 0; words[i] != NULL; i++) {
        char *equals = strchr(words[i], '=');
        if (*words[i] == '\0') {
            continue;
        }
        if (equals == NULL || equals[1] == '\0') {
            return "it is a list like \"programme=1 economic=6\"";
        }
        *equals = '\0';
        int dim = fisc_dimension_find(words[i]);
        if (dim < 0) {
            return "it names something that is no dimension";
        }
        FiscCarryTest test = {.dim = (FiscDimension)dim, .prefix = g_strdup(equals + 1)};
        g_array_append_val(rule->key, test);
    }
    return NULL;
}

static const char *
parse_stage(const char *text, FiscCarryRule *rule)
{
    int found = text != NULL ? find_word(text, stage_words) : FISC_CARRY_COMMITMENT;
    rule->stage = (FiscCarryStage)MAX(found, 0);
    return found >= 0 ? NULL : "stage is commitment, authorization or free";
}

static const char *
parse_kind(const char *text, FiscCarryRule *rule)
{
    int found = find_word(text, kind_words);
    rule->kind = (FiscCarryKind)MAX(found, 0);
    return found >= 0 ? NULL : "kind is specified, accident or continuing";
}

/* Free money has no items: a list of them would carry nothing. */
static const char *
parse_items(const char *text, FiscCarryRule *rule)
{
    rule->is_listed = g_strcmp0(text, "listed") == 0;
    if (rule->is_listed && rule->stage == FISC_CARRY_FREE) {
        return "free money has no items to list";
    }
    return text == NULL || rule->is_listed || strcmp(text, "all") == 0 ? NULL
                                                                       : "items is listed or all";
}

static const char *
parse_again(const char *text, FiscCarryRule *rule)
{
    rule->may_again = g_strcmp0(text, "yes") == 0;
    return text == NULL || rule->may_again || strcmp(text, "no") == 0 ? NULL : "again is yes or no";
}

static const char *
parse_cap(const char *text, FiscCarryRule *rule)
{
    rule->cap = -1;
    if (text != NULL && rule->stage != FISC_CARRY_FREE) {
        return "only free money has a cap";
    }
    return text != NULL ? fisc_share_parse(text, &rule->cap) : NULL;
}

static const char *
parse_from(const char *text, FiscCarryRule *rule)
{
    rule->from = G_MININT32;
    return text == NULL || fisc_date_parse(text, &rule->from) ? NULL : "it is a date";
}

static const char *
parse_to(const char *text, FiscCarryRule *rule)
{
    rule->to = G_MAXINT32;
    return text == NULL || fisc_date_parse(text, &rule->to) ? NULL : "it is a date";
}

static const char *
parse_article(const char *text, FiscCarryRule *rule)
{
    rule->article = g_strdup(text);
    return NULL;
}

/* In this order: some look at what those before them have read. */
static const struct {
    const char *name;
    const char *(*parse)(const char *text, FiscCarryRule *rule);
} rule_fields[] = {
    {"order", parse_order}, {"entities", parse_entities}, {"key", parse_key},
    {"stage", parse_stage}, {"kind", parse_kind},         {"items", parse_items},
    {"again", parse_again}, {"cap", parse_cap},           {"from", parse_from},
    {"to", parse_to},       {"article", parse_article},
};

/* A word that nobody reads would be a rule that does not hold. */
static const char *
find_stranger(GPtrArray *fields)
{
    for (guint i = 0; i + 1 < fields->len; i += 2) {
        bool is_known = false;
        for (gsize k = 0; k < G_N_ELEMENTS(rule_fields); k++) {
            is_known = is_known || strcmp(fields->pdata[i], rule_fields[k].name) == 0;
        }
        if (!is_known) {
            return fields->pdata[i];
        }
    }
    return NULL;
}

FiscCarryRule *
fisc_carry_rule_parse(const char *name, GPtrArray *fields, const char **out_field,
                      const char **out_wrong)
{
    g_autoptr(FiscCarryRule) rule = g_new0(FiscCarryRule, 1);
    rule->name = g_strdup(name);
    rule->key = g_array_new(FALSE, FALSE, sizeof(FiscCarryTest));
    g_array_set_clear_func(rule->key, test_clear);
    *out_field = find_stranger(fields);
    *out_wrong = *out_field != NULL ? "no rule has such a field" : NULL;
    for (gsize i = 0; *out_wrong == NULL && i < G_N_ELEMENTS(rule_fields); i++) {
        *out_field = rule_fields[i].name;
        *out_wrong = rule_fields[i].parse(fisc_engine_field(fields, *out_field), rule);
    }
    return *out_wrong == NULL ? g_steal_pointer(&rule) : NULL;
}

bool
fisc_carry_rule_holds(const FiscCarryRule *rule, const char *entity, FiscDate on)
{
    return rule->from <= on && on <= rule->to &&
           (rule->entities == NULL || g_hash_table_contains(rule->entities, entity));
}

/* Whether one of the tests of the dimension that test @at speaks of holds. */
static bool
passes(const FiscCarryRule *rule, guint at, const char *const dim[FISC_DIM_COUNT])
{
    FiscDimension of = g_array_index(rule->key, FiscCarryTest, at).dim;
    for (guint i = 0; i < rule->key->len; i++) {
        const FiscCarryTest *test = &g_array_index(rule->key, FiscCarryTest, i);
        if (test->dim == of && dim[of] != NULL && g_str_has_prefix(dim[of], test->prefix)) {
            return true;
        }
    }
    return false;
}

bool
fisc_carry_rule_fits(const FiscCarryRule *rule, const char *const dim[FISC_DIM_COUNT])
{
    for (guint i = 0; i < rule->key->len; i++) {
        if (!passes(rule, i, dim)) {
            return false;
        }
    }
    return true;
}

/* Events ----------------------------------------------------------------------------------- */

static bool
refuse(const FiscEvent *event, const char *field, const char *wrong, FiscRefusals *refusals)
{
    fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, NULL, 0, field, "%s %s: %s", event->kind,
                      event->subject, wrong);
    return false;
}

bool
fisc_carry_rule_check(const FiscEvent *event, FiscRefusals *refusals)
{
    const char *field = NULL;
    const char *wrong = NULL;
    g_autoptr(FiscCarryRule) rule =
        fisc_carry_rule_parse(event->subject, event->fields, &field, &wrong);
    return rule != NULL || refuse(event, field, wrong, refusals);
}

static bool
check_subject(const FiscEvent *event, FiscRefusals *refusals)
{
    const char *slash = strchr(event->subject, '/');
    bool is_good = slash != NULL && slash != event->subject && slash[1] != '\0';
    return is_good || refuse(event, "item", "the subject is ENTITY/ITEM", refusals);
}

static bool
check_kind(const FiscEvent *event, FiscRefusals *refusals)
{
    return fisc_carry_kind_find(fisc_event_field(event, "kind")) >= 0 ||
           refuse(event, "kind", "kind is specified, accident or continuing", refusals);
}

bool
fisc_carry_item_check(const FiscEvent *event, FiscRefusals *refusals)
{
    return check_subject(event, refusals) && check_kind(event, refusals);
}

static bool
is_year(const char *text)
{
    guint64 year = 0;
    return text != NULL && strlen(text) == 4 &&
           g_ascii_string_to_unsigned(text, 10, 1900, 2199, &year, NULL);
}

bool
fisc_carry_check(const FiscEvent *event, FiscRefusals *refusals)
{
    const char *amount = fisc_event_field(event, "amount");
    if (!check_subject(event, refusals) || !check_kind(event, refusals)) {
        return false;
    }
    if (!is_year(fisc_event_field(event, "year"))) {
        return refuse(event, "year", "it is the year that was carried from", refusals);
    }
    bool is_amount = amount != NULL && g_ascii_isdigit(amount[0]);
    return is_amount || refuse(event, "amount", "it is an amount of zero or more", refusals);
}

bool
fisc_complementary_check(const FiscEvent *event, FiscRefusals *refusals)
{
    FiscDate until = 0;
    const char *text = fisc_event_field(event, "until");
    if (!is_year(event->subject)) {
        return refuse(event, "year", "the subject is a year", refusals);
    }
    if (text == NULL || !fisc_date_parse(text, &until)) {
        return refuse(event, "until", "it is a date", refusals);
    }
    return fisc_date_year(until) > atoi(event->subject) ||
           refuse(event, "until", "it lies behind the year", refusals);
}

/* scale.c: other prices for entries that are only tried: exact, rounded half to even, and every
 * entry balanced as before. Pure.
 *
 * A factor is a whole number over a whole number, so nothing is lost on the way; what rounding
 * takes away is summed up exactly and told. */
#include "app/flows/scale.h"
#include "fisc/money.h"
#include <string.h>

#define PERCENT_DECIMALS_MAX 6
#define CONDITIONS_MAX 8
#define ANY_ENTITY (-1)

typedef struct {
    int dim; /* FiscDimension, or ANY_ENTITY: the entity */
    const char *value;
    bool is_prefix;
} Condition;

/* Amounts are multiplied by numerator / denominator. */
typedef struct {
    const char *text;
    Condition conditions[CONDITIONS_MAX];
    int condition_count;
    int64_t numerator, denominator;
    int decimals; /* of the percentage */
    int lines;
    __int128 before, after, lost; /* lost: in 1 / denominator of a minor unit */
} Rule;

/* Words to rules --------------------------------------------------------------------------------
 */

/* "+5%", "-2.5%": 105 / 100, 975 / 1000. */
static bool
parse_percent(const char *text, Rule *rule)
{
    gsize length = strlen(text);
    if (length < 3 || (text[0] != '+' && text[0] != '-') || text[length - 1] != '%') {
        return false;
    }
    g_autofree char *number = g_strndup(text + 1, length - 2);
    const char *point = strchr(number, '.');
    int64_t percent = 0;
    rule->decimals = point != NULL ? (int)strlen(point + 1) : 0;
    if (rule->decimals > PERCENT_DECIMALS_MAX ||
        fisc_amount_parse(number, rule->decimals, '.', 0, &percent) != 0 || percent < 0) {
        return false;
    }
    rule->denominator = 100;
    for (int i = 0; i < rule->decimals; i++) {
        rule->denominator *= 10;
    }
    if (percent > rule->denominator * 1000) {
        return false; /* more than a thousandfold is a slip */
    }
    rule->numerator = rule->denominator + (text[0] == '-' ? -percent : percent);
    return rule->numerator >= 0;
}

/* "economic=22", "gfs_code=31*". Takes @word apart. */
static bool
parse_condition(char *word, Rule *rule)
{
    char *value = strchr(word, '=');
    if (value == NULL || rule->condition_count == CONDITIONS_MAX) {
        return false;
    }
    *value++ = '\0';
    bool is_entity = strcmp(word, "entity") == 0;
    Condition condition = {.dim = is_entity ? ANY_ENTITY : fisc_dimension_find(word)};
    if ((!is_entity && condition.dim < 0) || *value == '\0') {
        return false;
    }
    gsize length = strlen(value);
    condition.is_prefix = value[length - 1] == '*';
    if (condition.is_prefix) {
        value[length - 1] = '\0';
    }
    condition.value = value;
    rule->conditions[rule->condition_count++] = condition;
    return true;
}

/* Cuts @text, which the rules keep pointers into. */
static bool
parse_rule(char *text, GStrv *out_words, Rule *rule)
{
    char *colon = strrchr(text, ':');
    if (colon == NULL || !parse_percent(colon + 1, rule)) {
        return false;
    }
    *colon = '\0';
    *out_words = g_strsplit(text, " ", -1);
    *colon = ':';
    for (int i = 0; (*out_words)[i] != NULL; i++) {
        if (*(*out_words)[i] != '\0' && !parse_condition((*out_words)[i], rule)) {
            return false;
        }
    }
    return rule->condition_count > 0;
}

static void
words_clear(gpointer data)
{
    g_strfreev(*(GStrv *)data);
}

static bool
parse_rules(char **texts, GArray *rules, GArray *words, GError **error)
{
    for (int i = 0; texts[i] != NULL; i++) {
        Rule rule = {.text = texts[i]};
        GStrv own = NULL;
        bool is_rule = parse_rule(texts[i], &own, &rule);
        if (own != NULL) {
            g_array_append_val(words, own);
        }
        if (!is_rule) {
            return fisc_fail(error, FISC_ERROR_USAGE,
                             "a price change is like \"economic=22:+5%%\", not \"%s\"", texts[i]);
        }
        g_array_append_val(rules, rule);
    }
    return rules->len > 0 || fisc_fail(error, FISC_ERROR_USAGE, "no price change is given");
}

/* Rules to amounts ------------------------------------------------------------------------------
 */

static const char *
value_of(const FiscEntry *entry, const FiscLine *line, int dim)
{
    const char *value = dim == ANY_ENTITY ? entry->entity : line->dim[dim];
    if (dim == FISC_DIM_GFS && (value == NULL || *value == '\0')) {
        value = line->account; /* of a financial line the account is the class */
    }
    return value != NULL ? value : "";
}

static bool
matches(const Rule *rule, const FiscEntry *entry, const FiscLine *line)
{
    for (int i = 0; i < rule->condition_count; i++) {
        const Condition *condition = &rule->conditions[i];
        const char *value = value_of(entry, line, condition->dim);
        if (condition->is_prefix ? !g_str_has_prefix(value, condition->value)
                                 : strcmp(value, condition->value) != 0) {
            return false;
        }
    }
    return true;
}

static Rule *
find_rule(GArray *rules, const FiscEntry *entry, const FiscLine *line)
{
    for (guint i = 0; i < rules->len; i++) {
        Rule *rule = &g_array_index(rules, Rule, i);
        if (matches(rule, entry, line)) {
            return rule;
        }
    }
    return NULL;
}

/* Half to even; false when it does not fit. */
static bool
scale_amount(const Rule *rule, int64_t amount, int64_t *out_scaled, __int128 *out_lost)
{
    __int128 exact = (__int128)amount * rule->numerator;
    __int128 magnitude = exact < 0 ? -exact : exact;
    __int128 whole = magnitude / rule->denominator;
    __int128 twice = 2 * (magnitude % rule->denominator);
    if (twice > rule->denominator || (twice == rule->denominator && whole % 2 != 0)) {
        whole++;
    }
    if (whole > INT64_MAX) {
        return false;
    }
    *out_lost = magnitude - whole * rule->denominator;
    *out_scaled = (int64_t)(exact < 0 ? -whole : whole);
    return true;
}

static bool
is_budgetary(const FiscNation *nation, const FiscLine *line)
{
    const FiscAccount *account =
        line->account != NULL ? fisc_nation_account(nation, line->account) : NULL;
    return account != NULL && account->class_ == FISC_CLASS_BUDGETARY;
}

/* One side of an entry while its prices change. */
typedef struct {
    FiscEntry *entry;
    const FiscNation *nation;
    bool budgetary;
    GArray *rules;
    int64_t *scaled; /* of every line of the entry */
    bool *is_scaled;
    __int128 change; /* what the scaled lines add to the side */
} Side;

static bool
is_of_side(const Side *side, guint at)
{
    const FiscLine *line = &g_array_index(side->entry->lines, FiscLine, at);
    return is_budgetary(side->nation, line) == side->budgetary;
}

static bool
scale_lines(Side *side)
{
    for (guint i = 0; i < side->entry->lines->len; i++) {
        FiscLine *line = &g_array_index(side->entry->lines, FiscLine, i);
        Rule *rule = is_of_side(side, i) ? find_rule(side->rules, side->entry, line) : NULL;
        __int128 lost = 0;
        if (rule == NULL) {
            continue;
        }
        if (!scale_amount(rule, line->amount, &side->scaled[i], &lost)) {
            return false;
        }
        side->is_scaled[i] = true;
        side->change += (__int128)side->scaled[i] - line->amount;
    }
    return true;
}

/* The lines that balance the scaled ones take the change, in proportion; false when there are none,
 * or too little on them. */
static bool
balance(Side *side)
{
    guint count = side->entry->lines->len;
    if (side->change == 0) {
        return true;
    }
    g_autofree int64_t *weights = g_new0(int64_t, count);
    g_autofree int64_t *parts = g_new0(int64_t, count);
    __int128 scaled = 0, total = 0;
    for (guint i = 0; i < count; i++) {
        bool is_ours = is_of_side(side, i) && side->is_scaled[i];
        scaled += is_ours ? g_array_index(side->entry->lines, FiscLine, i).amount : 0;
    }
    for (guint i = 0; i < count; i++) {
        int64_t amount = g_array_index(side->entry->lines, FiscLine, i).amount;
        if (is_of_side(side, i) && !side->is_scaled[i] && (amount < 0) == (scaled > 0)) {
            weights[i] = amount < 0 ? -amount : amount;
            total += weights[i];
        }
    }
    __int128 size = side->change < 0 ? -side->change : side->change;
    bool is_cut = (side->change < 0) == (scaled > 0);
    if (total == 0 || size > INT64_MAX || (is_cut && size > total)) {
        return false;
    }
    fisc_amount_split((int64_t)size, weights, (int)count, parts);
    for (guint i = 0; i < count; i++) {
        int64_t amount = g_array_index(side->entry->lines, FiscLine, i).amount;
        if (weights[i] != 0) {
            side->scaled[i] = amount - (side->change < 0 ? -parts[i] : parts[i]);
        }
    }
    return true;
}

/* A move of a budget line has two lines of one amount: told once, by the one it moves to. */
static void
tell_rule(Rule *rule, const FiscLine *line, int64_t scaled, bool budgetary)
{
    int64_t same = 0;
    __int128 lost = 0;
    if (budgetary && line->amount > 0) {
        return;
    }
    scale_amount(rule, line->amount, &same, &lost);
    rule->lines++;
    rule->before += line->amount < 0 ? -line->amount : line->amount;
    rule->after += scaled < 0 ? -scaled : scaled;
    rule->lost += lost;
}

static void
write_amounts(Side *side)
{
    for (guint i = 0; i < side->entry->lines->len; i++) {
        FiscLine *line = &g_array_index(side->entry->lines, FiscLine, i);
        __int128 lost = 0;
        if (!is_of_side(side, i)) {
            continue;
        }
        if (side->is_scaled[i]) {
            Rule *rule = find_rule(side->rules, side->entry, line);
            tell_rule(rule, line, side->scaled[i], side->budgetary);
            scale_amount(rule, line->foreign, &line->foreign, &lost);
        }
        line->amount = side->scaled[i];
    }
}

static void
scale_entry(FiscEntry *entry, const FiscNation *nation, GArray *rules, FiscRefusals *refusals)
{
    guint count = entry->lines->len;
    g_autofree int64_t *scaled = g_new(int64_t, count + 1);
    g_autofree bool *is_scaled = g_new0(bool, count + 1);
    Side sides[2] = {{.budgetary = false}, {.budgetary = true}};
    for (guint i = 0; i < count; i++) {
        scaled[i] = g_array_index(entry->lines, FiscLine, i).amount;
    }
    for (int i = 0; i < 2; i++) {
        sides[i].entry = entry;
        sides[i].nation = nation;
        sides[i].rules = rules;
        sides[i].scaled = scaled;
        sides[i].is_scaled = is_scaled;
        if (!scale_lines(&sides[i]) || !balance(&sides[i])) {
            fisc_refusals_add(refusals, FISC_ERROR_ENTRY_UNBALANCED, entry->file, entry->row, NULL,
                              "\"%s\" has no other line that could take the change of price",
                              entry->reference);
            return;
        }
    }
    for (int i = 0; i < 2; i++) {
        write_amounts(&sides[i]);
    }
    fisc_entry_digest(entry);
}

static char *
describe(const Rule *rule)
{
    char before[FISC_SUM_TEXT], after[FISC_SUM_TEXT], lost[FISC_SUM_TEXT];
    g_autofree char *lines = g_strdup_printf("%d line%s", rule->lines, rule->lines == 1 ? "" : "s");
    return g_strdup_printf("%s: %s, %s becomes %s, rounded away %s", rule->text, lines,
                           fisc_sum_format_grouped(rule->before, 2, before),
                           fisc_sum_format_grouped(rule->after, 2, after),
                           fisc_sum_format(rule->lost, 2 + 2 + rule->decimals, lost));
}

bool
fisc_flow_scale(FiscSubmission *submission, const FiscNation *nation, const char *text,
                GPtrArray *remarks, FiscRefusals *refusals, GError **error)
{
    g_auto(GStrv) texts = g_strsplit(text, ",", -1);
    g_autoptr(GArray) rules = g_array_new(FALSE, FALSE, sizeof(Rule));
    g_autoptr(GArray) words = g_array_new(FALSE, FALSE, sizeof(GStrv));
    g_array_set_clear_func(words, words_clear);
    if (!parse_rules(texts, rules, words, error)) {
        return false;
    }
    for (guint i = 0; i < submission->entries->len; i++) {
        scale_entry(submission->entries->pdata[i], nation, rules, refusals);
    }
    for (guint i = 0; i < rules->len; i++) {
        g_ptr_array_add(remarks, describe(&g_array_index(rules, Rule, i)));
    }
    return true;
}

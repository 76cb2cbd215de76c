/* plan_baseline.c: what the budget of the year before comes to, carried into the next: its outer
 * years move up, and years that it did not plan go on from its last, raised by an assumption where
 * one is named. Pure. */
#include "budget/plan_column.h"
#include "budget/plan_report.h"
#include <stdlib.h>
#include <string.h>

#define HUNDRED_PERCENT 100000000LL /* in millionths of a percent */
#define RULES_MAX 50

/* "economic=2:inflation": lines whose code begins so grow by an assumption. */
typedef struct {
    int dimension;
    char *prefix, *assumption;
} Rule;

typedef struct {
    FiscPlanLines *into;
    const FiscPlanLines *last;
    FiscPlanTable *assumptions;
    GArray *rules; /* of Rule */
    int planned;   /* so many years of @last are a plan */
    FiscRefusals *refusals;
} Baseline;

static bool
refuse(Baseline *baseline, FiscError code, const char *text, const char *why)
{
    fisc_refusals_add(baseline->refusals, code, NULL, 0, "index", "\"%s\" %s", text, why);
    return false;
}

/* Rules -----------------------------------------------------------------------------------------
 */

static void
clear_rule(void *data)
{
    Rule *rule = data;
    g_free(rule->prefix);
    g_free(rule->assumption);
}

static bool
add_rule(Baseline *baseline, const char *word)
{
    const char *equals = strchr(word, '=');
    const char *colon = equals != NULL ? strrchr(equals, ':') : NULL;
    if (colon == NULL || colon[1] == '\0') {
        return refuse(baseline, FISC_ERROR_VALUE_INVALID, word, "is not like economic=2:inflation");
    }
    g_autofree char *column = g_strndup(word, (gsize)(equals - word));
    int dimension = fisc_dimension_find(column);
    if (dimension < 0) {
        return refuse(baseline, FISC_ERROR_VALUE_INVALID, column, "is no dimension");
    }
    if (fisc_plan_table_find(baseline->assumptions, colon + 1) == NULL) {
        return refuse(baseline, FISC_ERROR_VALUE_INVALID, colon + 1,
                      "is not among the assumptions of the version");
    }
    Rule rule = {dimension, g_strndup(equals + 1, (gsize)(colon - equals - 1)),
                 g_strdup(colon + 1)};
    g_array_append_val(baseline->rules, rule);
    return true;
}

static void
add_rules(Baseline *baseline, const char *index)
{
    g_auto(GStrv) words = g_strsplit_set(index != NULL ? index : "", " ,", -1);
    for (int i = 0; words[i] != NULL; i++) {
        if (*words[i] != '\0' && baseline->rules->len < RULES_MAX) {
            add_rule(baseline, words[i]);
        }
    }
}

static const Rule *
rule_of(const Baseline *baseline, const FiscPlanLine *line)
{
    for (guint i = 0; i < baseline->rules->len; i++) {
        const Rule *rule = &g_array_index(baseline->rules, Rule, i);
        if (g_str_has_prefix(line->dim[rule->dimension], rule->prefix)) {
            return rule;
        }
    }
    return NULL;
}

/* Growth ----------------------------------------------------------------------------------------
 */

static const FiscPlanRow *
assumption_of(const Baseline *baseline, const char *name, int year)
{
    const FiscPlanTable *table = baseline->assumptions;
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscPlanRow *row = table->rows->pdata[i];
        if (strcmp(row->field[0], name) == 0 &&
            atoi(fisc_plan_table_field(table, row, "year")) == year) {
            return row;
        }
    }
    return NULL;
}

/* Every rule says how much in every year that is not planned, in percent. */
static void
check_rules(Baseline *baseline)
{
    const FiscPlanFrame *frame = &baseline->into->frame;
    int first = baseline->last->frame.year + baseline->planned;
    for (guint i = 0; i < baseline->rules->len; i++) {
        const char *name = g_array_index(baseline->rules, Rule, i).assumption;
        for (int year = first; year < frame->year + frame->years; year++) {
            const FiscPlanRow *row = assumption_of(baseline, name, year);
            g_autofree char *missing = g_strdup_printf("has no value for %d", year);
            if (row == NULL) {
                refuse(baseline, FISC_ERROR_VALUE_MISSING, name, missing);
            } else if (strcmp(fisc_plan_table_field(baseline->assumptions, row, "unit"),
                              "percent") != 0) {
                refuse(baseline, FISC_ERROR_VALUE_INVALID, name, "is not in percent");
                break;
            }
        }
    }
}

/* Raised by a percentage, rounded half up; never below zero. */
static bool
grow(const Baseline *baseline, const Rule *rule, int year, int64_t *amount)
{
    const FiscPlanRow *row = assumption_of(baseline, rule->assumption, year);
    const char *percent = fisc_plan_table_field(baseline->assumptions, row, "value");
    __int128 factor = HUNDRED_PERCENT + (__int128)fisc_value_millionths(percent);
    __int128 raised = ((__int128)*amount * MAX(factor, 0) + HUNDRED_PERCENT / 2) / HUNDRED_PERCENT;
    if (raised > INT64_MAX) {
        return false;
    }
    *amount = (int64_t)raised;
    return true;
}

/* Lines -----------------------------------------------------------------------------------------
 */

/* The amount of a year: planned, or the last planned one carried on year by year. */
static void
set_baseline(Baseline *baseline, FiscPlanLine *line, const FiscPlanLine *last)
{
    const FiscPlanFrame *frame = &baseline->into->frame;
    const Rule *rule = rule_of(baseline, last);
    FiscFigure *figure = &line->figure[FISC_FIGURE_BASELINE];
    int offset = frame->year - baseline->last->frame.year;
    int64_t amount = 0;
    figure->is_given = true;
    for (int year = 0; year < offset + frame->years; year++) {
        if (year < baseline->planned) {
            amount = fisc_plan_line_amount(last, year);
        } else if (rule != NULL &&
                   !grow(baseline, rule, baseline->last->frame.year + year, &amount)) {
            fisc_refusals_add(baseline->refusals, FISC_ERROR_AMOUNT_OVERFLOW, NULL, 0, "baseline",
                              "line %s of %s does not fit", last->line, last->entity);
            return;
        }
        if (year >= offset) {
            figure->amount[year - offset] = amount;
        }
    }
}

/* What a line is goes on; what was asked and decided about it was last year's. */
static FiscPlanLine *
add_line(Baseline *baseline, const FiscPlanLine *last)
{
    FiscPlanLines *into = baseline->into;
    FiscPlanLine *line = fisc_plan_lines_copy(into, last);
    line->nature = fisc_plan_lines_text(into, "continuing");
    line->quantity = line->unit_price = line->article = line->annex = "";
    line->justification = line->mark_reason = line->amendment_reason = "";
    line->row = 0;
    memset(line->figure, 0, sizeof line->figure);
    return line;
}

static void
carry_lines(Baseline *baseline)
{
    g_autoptr(GHashTable) present = fisc_plan_index_new(baseline->into);
    for (guint i = 0; i < baseline->last->lines->len; i++) {
        const FiscPlanLine *last = baseline->last->lines->pdata[i];
        FiscPlanLine *line = g_hash_table_lookup(present, last);
        set_baseline(baseline, line != NULL ? line : add_line(baseline, last), last);
    }
    fisc_plan_lines_sort(baseline->into);
}

/* A version whose outer years are all 0 did not plan them. */
static int
planned_years(const FiscPlanLines *last)
{
    for (guint i = 0; i < last->lines->len; i++) {
        for (int year = 1; year < last->frame.years; year++) {
            if (fisc_plan_line_amount(last->lines->pdata[i], year) != 0) {
                return last->frame.years;
            }
        }
    }
    return 1;
}

static bool
check_frames(Baseline *baseline)
{
    const FiscPlanFrame *from = &baseline->last->frame, *frame = &baseline->into->frame;
    if (from->year >= frame->year || from->decimals != frame->decimals) {
        fisc_refusals_add(baseline->refusals, FISC_ERROR_VALUE_INVALID, NULL, 0, NULL,
                          "a budget of %d with %d decimals carries nothing into one of %d with %d",
                          from->year, from->decimals, frame->year, frame->decimals);
        return false;
    }
    return true;
}

bool
fisc_plan_baseline(FiscPlanLines *into, const FiscPlanLines *last, const char *assumptions,
                   const char *index, FiscRefusals *refusals)
{
    guint refused_before = refusals->len;
    g_autoptr(FiscPlanTable) table =
        fisc_plan_table_read_text(FISC_PART_ASSUMPTIONS, &into->frame, assumptions, refusals);
    Baseline baseline = {.into = into,
                         .last = last,
                         .assumptions = table,
                         .rules = g_array_new(FALSE, FALSE, sizeof(Rule)),
                         .planned = planned_years(last),
                         .refusals = refusals};
    g_array_set_clear_func(baseline.rules, clear_rule);
    if (table != NULL && check_frames(&baseline)) {
        add_rules(&baseline, index);
        check_rules(&baseline);
    }
    if (refusals->len == refused_before) {
        carry_lines(&baseline);
    }
    g_array_unref(baseline.rules);
    return refusals->len == refused_before;
}

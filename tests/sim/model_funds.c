/* model_funds.c: what every control says of an entry: whether each key it asks something of can
 * bear it, at the entry's own boundary and at every later one. */
#include "tests/sim/model_internal.h"
#include <stdlib.h>
#include <string.h>

/* A key before and after the entry. */
typedef struct {
    const SimControl *control;
    SimKey key;
    Sums before, after;
    int64_t revalued; /* consumed by holding gains: prices have moved, nobody has spent */
    int64_t asked;    /* so much less is left by what is no revaluation */
    int64_t over;     /* above 0: so much more than the ceiling */
    FiscError says;   /* or FISC_ERROR_FAILED: nothing */
} Judgement;

static int64_t
left_of(const Sums *sums)
{
    return sums->limit - sim_model_consumed(sums);
}

static bool
is_gain(const Decision *decision, const SimControl *control, const SimLine *line)
{
    return sim_line_flow(line) == FISC_FLOW_HOLDING_GAIN &&
           !sim_model_is_limit(decision->model, control, line) &&
           decision->model->mistake != SIM_WRONG_GAIN;
}

Sums
sim_model_add_entry(const Decision *decision, const SimKey *key, Sums sums)
{
    const SimModel *model = decision->model;
    const SimControl *control = sim_model_control(model, key->control);
    for (int i = 0; i < decision->posted.line_count; i++) {
        const SimLine *line = &decision->posted.line[i];
        if (sim_model_counts(model, control, line) &&
            sim_model_has_words(model, key, decision->entry->entity, line)) {
            sim_model_add_to_sums(model, control, line, &sums);
        }
    }
    sums.limit += sim_model_grown_key(model, key, decision) - sim_model_grown_key(model, key, NULL);
    return sums;
}

int64_t
sim_model_revalued(const Decision *decision, const SimKey *key)
{
    const SimModel *model = decision->model;
    const SimControl *control = sim_model_control(model, key->control);
    Sums gains = {0};
    for (int i = 0; i < decision->posted.line_count; i++) {
        const SimLine *line = &decision->posted.line[i];
        if (sim_model_counts(model, control, line) && is_gain(decision, control, line) &&
            sim_model_has_words(model, key, decision->entry->entity, line)) {
            sim_model_add_to_sums(model, control, line, &gains);
        }
    }
    /* A limit that shrinks again with its revenue is nobody's spending either. */
    int64_t shrunk =
        sim_model_grown_key(model, key, NULL) - sim_model_grown_key(model, key, decision);
    return MAX(sim_model_consumed(&gains) + (model->mistake == SIM_WRONG_REFUND ? 0 : shrunk), 0);
}

/* The entry on top of what is on record. */
static Judgement
add_up(const Decision *decision, const SimKey *key)
{
    const SimModel *model = decision->model;
    Judgement judgement = {.control = sim_model_control(model, key->control), .key = *key};
    judgement.before = sim_model_sum_key(model, key);
    judgement.after = sim_model_add_entry(decision, key, judgement.before);
    judgement.revalued = sim_model_revalued(decision, key);
    judgement.asked = left_of(&judgement.before) - left_of(&judgement.after) - judgement.revalued;
    int64_t limit = judgement.after.limit + (model->mistake == SIM_WRONG_LIMIT_UP     ? 1
                                             : model->mistake == SIM_WRONG_LIMIT_DOWN ? -1
                                                                                      : 0);
    judgement.over =
        sim_model_consumed(&judgement.after) - sim_model_ceiling(model, judgement.control, limit);
    return judgement;
}

void
sim_model_fill_consumed(const Sums *sums, int64_t stage[FISC_CONSUMED_COUNT])
{
    stage[FISC_CONSUMED_RESERVED] =
        sums->stage[FISC_STAGE_AUTHORIZATION] + sums->stage[FISC_STAGE_RELEASE];
    stage[FISC_CONSUMED_COMMITTED] = sums->stage[FISC_STAGE_COMMITMENT];
    stage[FISC_CONSUMED_ACCRUED] = sums->stage[FISC_STAGE_OBLIGATION];
    stage[FISC_CONSUMED_PAID] = sums->stage[FISC_STAGE_PAYMENT];
    stage[FISC_CONSUMED_BLOCKED] = sums->stage[FISC_STAGE_BLOCK];
}

int64_t
sim_model_overridden(const SimModel *model, int control, const char *text)
{
    int64_t amount = 0;
    for (int subject = 0; subject < SIM_OVERRIDE_COUNT; subject++) {
        const SimEvent *fact = sim_model_fact(model, SIM_EVENT_OVERRIDE, subject);
        if (fact != NULL && fact->of_control == control && strcmp(fact->key, text) == 0 &&
            (fact->expires >= model->day || model->mistake == SIM_WRONG_OVERRIDE)) {
            amount += fact->amount;
        }
    }
    return amount;
}

static int64_t
overridden(const SimModel *model, const SimKey *key)
{
    char text[SIM_KEY_TEXT];
    sim_model_format_key(model, key, text);
    return sim_model_overridden(model, key->control, text);
}

static SimShortage
shortage_of(const Decision *decision, const Judgement *judgement, FiscError code)
{
    SimShortage shortage = {.code = code,
                            .key = judgement->key,
                            .article = judgement->control->article,
                            .limit = judgement->before.limit,
                            .consumed = sim_model_consumed(&judgement->before),
                            .requested = judgement->asked,
                            .shortfall = MAX(judgement->over, 0)};
    sim_model_format_key(decision->model, &judgement->key, shortage.text);
    sim_model_fill_consumed(&judgement->before, shortage.stage);
    return shortage;
}

static void
refuse_key(Decision *decision, const Judgement *judgement)
{
    SimVerdict *verdict = decision->verdict;
    SimShortage shortage = shortage_of(decision, judgement, judgement->says);
    if (judgement->says == FISC_ERROR_BUDGET_EXCEEDED) {
        shortage.shortfall -= judgement->revalued + overridden(decision->model, &judgement->key);
        decision->model->last_refused = shortage;
    } else {
        shortage.shortfall = MAX(-left_of(&judgement->after) - judgement->revalued, 0);
    }
    g_assert(verdict->shortage_count < SIM_SHORTAGES_MAX);
    verdict->shortage[verdict->shortage_count++] = shortage;
    sim_model_refuse(decision, judgement->says);
}

static void
warn_key(Decision *decision, const Judgement *judgement)
{
    SimVerdict *verdict = decision->verdict;
    SimShortage shortage = shortage_of(decision, judgement, judgement->says);
    shortage.requested += judgement->revalued;
    g_assert(verdict->warning_count < SIM_SHORTAGES_MAX);
    verdict->warning[verdict->warning_count++] = shortage;
}

static bool
is_nearly_used(const Decision *decision, const Judgement *judgement)
{
    int warn = judgement->control->warn;
    __int128 used = (__int128)sim_model_consumed(&judgement->after) * 1000;
    __int128 share = (__int128)judgement->after.limit * warn;
    return warn > 0 &&
           (used > share || (used == share && decision->model->mistake == SIM_WRONG_WARNING));
}

/* What an absolute control says of a key over its ceiling. */
static FiscError
judge_excess(const Decision *decision, const Judgement *judgement)
{
    int64_t excess = judgement->over - judgement->revalued;
    return judgement->asked <= 0 || excess <= 0                     ? FISC_ERROR_BUDGET_REVALUED
           : excess <= overridden(decision->model, &judgement->key) ? FISC_ERROR_BUDGET_OVERRIDDEN
                                                                    : FISC_ERROR_BUDGET_EXCEEDED;
}

static FiscError
judge_window(const Decision *decision, const Judgement *judgement)
{
    SimLevel level = judgement->control->level;
    bool is_advised = level == SIM_LEVEL_ADVISORY && decision->model->mistake != SIM_WRONG_ADVISORY;
    if (judgement->over > 0 && level == SIM_LEVEL_ABSOLUTE) {
        return judge_excess(decision, judgement);
    }
    if (left_of(&judgement->after) < 0 && (is_advised || level == SIM_LEVEL_ABSOLUTE)) {
        return judgement->over > 0 ? FISC_ERROR_BUDGET_ADVISORY : FISC_ERROR_BUDGET_TOLERATED;
    }
    return is_nearly_used(decision, judgement) ? FISC_ERROR_BUDGET_WARNING : FISC_ERROR_FAILED;
}

/* A key says one thing, the gravest. */
static int
gravity(FiscError says)
{
    static const FiscError ascending[] = {FISC_ERROR_FAILED,          FISC_ERROR_BUDGET_WARNING,
                                          FISC_ERROR_BUDGET_REVALUED, FISC_ERROR_BUDGET_TOLERATED,
                                          FISC_ERROR_BUDGET_ADVISORY, FISC_ERROR_BUDGET_OVERRIDDEN,
                                          FISC_ERROR_BUDGET_EXCEEDED, FISC_ERROR_NO_BUDGET};
    int at = 0;
    while (ascending[at] != says) {
        at++;
    }
    return at;
}

/* The boundary at which the key is worst off: the entry's own, or a later one of the interval. */
static Judgement
judge_boundaries(const Decision *decision, const SimKey *key)
{
    const SimControl *control = sim_model_control(decision->model, key->control);
    Judgement worst = add_up(decision, key);
    worst.says = judge_window(decision, &worst);
    bool looks_on = decision->model->mistake != SIM_WRONG_BOUNDARY;
    int end = sim_model_span_end(sim_model_interval(control), key->from);
    for (SimKey later = *key; looks_on && later.to < end;) {
        later.to = sim_model_span_end(sim_model_boundary(control), later.to + 1);
        Judgement next = add_up(decision, &later);
        next.says = judge_window(decision, &next);
        int graver = gravity(next.says) - gravity(worst.says);
        worst = graver > 0 || (graver == 0 && next.over > worst.over) ? next : worst;
    }
    return worst;
}

static void
judge_key(Decision *decision, const SimKey *key)
{
    Judgement judgement = add_up(decision, key);
    const SimControl *control = judgement.control;
    bool is_absent = control->accounts == 0 && !judgement.after.is_budgeted &&
                     control->absent != SIM_ABSENT_ZERO;
    if (judgement.asked + judgement.revalued <= 0) {
        return; /* nothing is asked of the key */
    }
    if (is_absent && control->absent == SIM_ABSENT_REFUSE && judgement.asked > 0) {
        judgement.says = FISC_ERROR_NO_BUDGET;
    } else if (is_absent) {
        return;
    } else {
        judgement = judge_boundaries(decision, key);
    }
    if (gravity(judgement.says) >= gravity(FISC_ERROR_BUDGET_EXCEEDED)) {
        refuse_key(decision, &judgement);
    } else if (judgement.says != FISC_ERROR_FAILED) {
        warn_key(decision, &judgement);
    }
}

/* True when an earlier line of the entry has the same key: it was judged with that one. */
static bool
was_judged(const Decision *decision, const SimKey *key, int at)
{
    const SimControl *control = sim_model_control(decision->model, key->control);
    for (int i = 0; i < at; i++) {
        const SimLine *line = &decision->posted.line[i];
        if (sim_model_counts(decision->model, control, line) &&
            sim_model_has_words(decision->model, key, decision->entry->entity, line)) {
            return true;
        }
    }
    return false;
}

static int
compare_shortages(const void *a, const void *b)
{
    const SimShortage *left = a;
    const SimShortage *right = b;
    int by_control =
        strcmp(sim_control_name(left->key.control), sim_control_name(right->key.control));
    return by_control != 0 ? by_control : strcmp(left->text, right->text);
}

static void
judge_control(Decision *decision, int name)
{
    const SimModel *model = decision->model;
    const SimControl *control = sim_model_control(model, name);
    int year = fisc_period_year(decision->posted.period);
    int month = sim_model_month(model, decision->posted.period);
    for (int i = 0; i < decision->posted.line_count; i++) {
        const SimLine *line = &decision->posted.line[i];
        SimKey key = sim_model_key(model, name, decision->entry->entity, line, year, month);
        if (sim_model_counts(model, control, line) && !was_judged(decision, &key, i)) {
            judge_key(decision, &key);
        }
    }
}

/* Keys that no line of the entry is on, and that shrink by its revenue. */
static void
judge_growing(Decision *decision)
{
    SimKey keys[SIM_GROWTH_COUNT];
    int count = sim_model_growing_keys(decision, -1, keys);
    for (int i = 0; i < count; i++) {
        const SimControl *control = sim_model_control(decision->model, keys[i].control);
        if (sim_model_is_in_force(decision->model, control, decision->entry->effective) &&
            !was_judged(decision, &keys[i], decision->posted.line_count)) {
            judge_key(decision, &keys[i]);
        }
    }
}

void
sim_model_judge(Decision *decision)
{
    SimVerdict *verdict = decision->verdict;
    for (int name = 0; name < SIM_CONTROL_COUNT; name++) {
        const SimControl *control = sim_model_control(decision->model, name);
        if (control != NULL && sim_model_covers(control, decision->entry->entity) &&
            sim_model_is_in_force(decision->model, control, decision->entry->effective)) {
            judge_control(decision, name);
        }
    }
    judge_growing(decision);
    qsort(verdict->shortage, (size_t)verdict->shortage_count, sizeof(SimShortage),
          compare_shortages);
}

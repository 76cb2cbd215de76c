/* model_growth.c: limits that grow with revenue: how much, found by looking through all lines each
 * time it is asked. */
#include "tests/sim/model_internal.h"
#include <stdlib.h>
#include <string.h>

/* What a control has that can grow: a limit by stages, counted by the year. */
static bool
can_grow(const SimControl *control)
{
    return control != NULL && control->accounts == 0 &&
           sim_model_interval(control) == SIM_SPAN_YEAR &&
           sim_model_boundary(control) == SIM_SPAN_YEAR;
}

bool
sim_model_is_sound_growth(const SimModel *model, const SimEvent *event)
{
    SimKey key;
    const SimEvent *payer = sim_model_fact(model, SIM_EVENT_ENTITY, event->payer);
    if (!can_grow(sim_model_control(model, event->of_control)) || event->share == 0 ||
        payer == NULL || !sim_model_parse_key(model, event->of_control, event->key, &key)) {
        return false;
    }
    const SimEvent *receiver = sim_model_fact(model, SIM_EVENT_ENTITY, key.entity);
    return receiver->currency == payer->currency;
}

bool
sim_model_growth_text(const SimModel *model, int subject, int year, char *out_text)
{
    SimKey key;
    const SimEvent *fact = sim_model_fact(model, SIM_EVENT_GROWTH, subject);
    const SimControl *control = fact != NULL ? sim_model_control(model, fact->of_control) : NULL;
    if (!can_grow(control) || !sim_model_parse_key(model, fact->of_control, fact->key, &key) ||
        (key.year != 0 && key.year != year) || !sim_model_covers(control, key.entity)) {
        return false;
    }
    g_autofree char *text =
        key.year != 0 ? g_strdup(fact->key) : g_strdup_printf("%s year=%d", fact->key, year);
    g_strlcpy(out_text, text, SIM_KEY_TEXT);
    return true;
}

static bool
is_revenue(const SimEvent *growth, int entity, const SimLine *line)
{
    const char *has = sim_word(SIM_ECONOMIC, line->dim[SIM_ECONOMIC]);
    const char *wanted = sim_word(SIM_ECONOMIC, growth->revenue);
    bool is_class = growth->revenue == 0 ||
                    (growth->is_prefix ? g_str_has_prefix(has, wanted) : strcmp(has, wanted) == 0);
    return entity == growth->payer && is_class;
}

/* What a line brings above what was estimated: to the good, or to the bad. */
static int64_t
excess_of(const SimModel *model, const SimEvent *growth, const SimLine *line)
{
    unsigned of = growth->of != 0 ? growth->of : 1u << FISC_STAGE_COLLECTION;
    unsigned base = growth->base != 0
                        ? growth->base
                        : 1u << FISC_STAGE_ESTIMATE | 1u << FISC_STAGE_ESTIMATE_CHANGE;
    unsigned stage = 1u << sim_line_stage(line);
    base = model->mistake == SIM_WRONG_GROWTH ? 0 : base;
    return (of & stage) != 0 ? -line->amount : (base & stage) != 0 ? -line->amount : 0;
}

static int64_t
grown_by(const SimModel *model, const SimEvent *growth, int year, const Decision *decision,
         int upto)
{
    int64_t excess = 0;
    for (guint i = 0; i < model->lines->len; i++) {
        const PostedLine *posted = &g_array_index(model->lines, PostedLine, i);
        if (fisc_period_year(posted->period) == year &&
            is_revenue(growth, posted->entity, &posted->line)) {
            excess += excess_of(model, growth, &posted->line);
        }
    }
    for (int i = 0; decision != NULL && i < upto; i++) {
        const SimLine *line = &decision->posted.line[i];
        if (fisc_period_year(decision->posted.period) == year &&
            is_revenue(growth, decision->entry->entity, line)) {
            excess += excess_of(model, growth, line);
        }
    }
    int64_t grown = MAX(excess, 0) * growth->share / 1000;
    bool has_cap = growth->cap > 0 && model->mistake != SIM_WRONG_GROWTH_CAP;
    return has_cap ? MIN(grown, growth->cap) : grown;
}

/* A control of which nothing grows: most of them. */
static bool
has_growth(const SimModel *model, int control)
{
    for (int subject = 0; subject < SIM_GROWTH_COUNT; subject++) {
        const SimEvent *fact = sim_model_fact(model, SIM_EVENT_GROWTH, subject);
        if (fact != NULL && fact->of_control == control) {
            return true;
        }
    }
    return false;
}

int64_t
sim_model_grown(const SimModel *model, int control, const char *text, const Decision *decision,
                int upto)
{
    int64_t grown = 0;
    const char *window = strstr(text, "year=");
    int year = window != NULL ? atoi(window + strlen("year=")) : 0;
    for (int subject = 0; subject < SIM_GROWTH_COUNT; subject++) {
        char own[SIM_KEY_TEXT];
        const SimEvent *fact = sim_model_fact(model, SIM_EVENT_GROWTH, subject);
        if (fact != NULL && fact->of_control == control &&
            sim_model_growth_text(model, subject, year, own) && strcmp(own, text) == 0) {
            grown += grown_by(model, fact, year, decision, upto);
        }
    }
    return grown;
}

int64_t
sim_model_grown_key(const SimModel *model, const SimKey *key, const Decision *decision)
{
    char text[SIM_KEY_TEXT];
    if (!has_growth(model, key->control)) {
        return 0;
    }
    sim_model_format_key(model, key, text);
    return sim_model_grown(model, key->control, text, decision,
                           decision != NULL ? decision->posted.line_count : 0);
}

/* The key by the words of a line that stands on it. */
static bool
find_key(const Decision *decision, int control, const char *text, int year, SimKey *out_key)
{
    const SimModel *model = decision->model;
    for (guint i = 0; i < model->lines->len; i++) {
        const PostedLine *posted = &g_array_index(model->lines, PostedLine, i);
        char printed[SIM_KEY_TEXT];
        SimKey key = sim_model_key(model, control, posted->entity, &posted->line, year, 1);
        sim_model_format_key(model, &key, printed);
        if (fisc_period_year(posted->period) == year && strcmp(printed, text) == 0 &&
            sim_model_counts(model, sim_model_control(model, control), &posted->line)) {
            *out_key = key;
            return true;
        }
    }
    return false;
}

static bool
is_changed(const Decision *decision, int control, const char *text, int at)
{
    const SimModel *model = decision->model;
    int from = at >= 0 ? at : 0;
    int upto = at >= 0 ? at + 1 : decision->posted.line_count;
    return sim_model_grown(model, control, text, decision, from) !=
           sim_model_grown(model, control, text, decision, upto);
}

int
sim_model_growing_keys(const Decision *decision, int at, SimKey out_keys[SIM_GROWTH_COUNT])
{
    const SimModel *model = decision->model;
    int year = fisc_period_year(decision->posted.period);
    int count = 0;
    for (int number = 1; number <= SIM_GROWTH_COUNT; number++) {
        for (int subject = 0; subject < SIM_GROWTH_COUNT; subject++) {
            char text[SIM_KEY_TEXT];
            const SimEvent *fact = sim_model_fact(model, SIM_EVENT_GROWTH, subject);
            if (fact == NULL || sim_model_number(model, SIM_EVENT_GROWTH, subject) != number ||
                !sim_model_growth_text(model, subject, year, text) ||
                !is_changed(decision, fact->of_control, text, at) ||
                !find_key(decision, fact->of_control, text, year, &out_keys[count])) {
                continue;
            }
            bool is_twice = false;
            for (int i = 0; i < count; i++) {
                char other[SIM_KEY_TEXT];
                sim_model_format_key(model, &out_keys[i], other);
                is_twice = is_twice ||
                           (out_keys[i].control == fact->of_control && strcmp(other, text) == 0);
            }
            count += is_twice ? 0 : 1;
        }
    }
    return count;
}

/* generate_event.c: master data, periods, controls and what belongs to them: what a nation begins
 * with, and what changes in mid-stream. */
#include "tests/sim/generator_internal.h"
#include <string.h>

static SimEvent
event_new(SimEventKind kind, int subject)
{
    SimEvent event;
    memset(&event, 0, sizeof event);
    event.kind = kind;
    event.subject = subject;
    return event;
}

/* Which keys: dimensions, whole or by their first characters or by their trees. Coarse ones more
 * often, for there the sums meet. */
static void
choose_parts(SimRandom *random, SimControl *control)
{
    static const int counts[] = {0, 1, 1, 1, 2, 2, 3};
    control->part_count = counts[sim_random_below(random, G_N_ELEMENTS(counts))];
    int first = sim_random_below(random, SIM_DIM_COUNT);
    bool is_whole = sim_random_chance(random, 45);
    for (int i = 0; i < control->part_count; i++) {
        control->part[i] = (first + i) % SIM_DIM_COUNT;
        int form = is_whole ? 50 : sim_random_below(random, 100);
        control->length[i] = form < 40 ? sim_random_between(random, 1, 2) : 0;
        control->depth[i] = form >= 60 ? sim_random_between(random, 1, 2) : 0;
    }
}

/* What makes the limit and what consumes it, where it is not the ordinary. */
static void
choose_stages(SimRandom *random, SimControl *control)
{
    int form = sim_random_below(random, 100);
    if (form < 12) {
        control->limit = 1u << FISC_STAGE_RELEASE;
    } else if (form < 20) {
        control->limit = 1u << FISC_STAGE_APPROPRIATION | 1u << FISC_STAGE_CHANGE;
        control->consume = 1u << FISC_STAGE_RELEASE;
    } else if (form < 28) {
        control->consume =
            1u << FISC_STAGE_COMMITMENT | 1u << FISC_STAGE_OBLIGATION | 1u << FISC_STAGE_PAYMENT;
    } else if (form < 32) {
        control->limit = 1u << FISC_STAGE_APPROPRIATION;
    } else if (form < 38) { /* nothing is carried in, and blocks do not count */
        control->limit = 1u << FISC_STAGE_APPROPRIATION | 1u << FISC_STAGE_CHANGE;
        control->consume = 1u << FISC_STAGE_AUTHORIZATION | 1u << FISC_STAGE_COMMITMENT |
                           1u << FISC_STAGE_OBLIGATION | 1u << FISC_STAGE_PAYMENT;
    }
}

/* The balance of accounts instead: a liability, funds available, cash. */
static void
choose_accounts(SimRandom *random, SimControl *control)
{
    static const char *const codes[] = {"3308", "B20", "3202", "22"};
    unsigned chosen = (unsigned)sim_random_between(random, 1, 15);
    for (int i = 1; i < sim_account_count; i++) {
        for (gsize k = 0; k < G_N_ELEMENTS(codes); k++) {
            if ((chosen & 1u << k) != 0 && strcmp(sim_accounts[i].code, codes[k]) == 0) {
                control->accounts |= 1u << sim_account_base(i);
            }
        }
    }
    control->side = sim_random_below(random, 3);
    if (sim_random_chance(random, 40)) {
        control->part[control->part_count++] = SIM_PART_ACCOUNT;
    }
}

static void
choose_spans(SimRandom *random, SimControl *control)
{
    control->interval = (SimSpan)sim_random_below(random, 4);
    int longest = control->interval != SIM_SPAN_DEFAULT ? (int)control->interval : SIM_SPAN_YEAR;
    control->boundary = (SimSpan)sim_random_between(random, 1, longest);
    if (sim_random_chance(random, 4)) {
        control->boundary = (SimSpan)sim_random_below(random, 4); /* longer, perhaps: refused */
    }
}

static void
choose_tolerance(SimRandom *random, SimControl *control)
{
    static const int tolerances[] = {25, 50, 300, 1000};
    static const int warnings[] = {500, 900, 1000, 825};
    if (sim_random_chance(random, 35)) {
        control->tolerance = tolerances[sim_random_below(random, G_N_ELEMENTS(tolerances))];
        control->cap = sim_random_chance(random, 50) ? sim_random_between(random, 1, 200) : 0;
    }
    if (sim_random_chance(random, 35)) {
        control->warn = warnings[sim_random_below(random, G_N_ELEMENTS(warnings))];
    }
}

static void
choose_validity(SimRandom *random, SimControl *control)
{
    int month = sim_random_between(random, 1, SIM_MONTHS);
    if (sim_random_chance(random, 60)) {
        control->from = fisc_date_make(SIM_FIRST_YEAR, month, sim_random_between(random, 1, 28));
    }
    if (sim_random_chance(random, 60)) {
        month = sim_random_between(random, month, SIM_MONTHS);
        control->to = fisc_date_make(SIM_FIRST_YEAR, month, sim_random_between(random, 1, 28));
    }
}

static void
fill_random_control(SimRandom *random, SimControl *control)
{
    int level = sim_random_below(random, 20);
    control->level = level < 2    ? SIM_LEVEL_NONE
                     : level <= 4 ? SIM_LEVEL_TRACK
                     : level <= 8 ? SIM_LEVEL_ADVISORY
                                  : SIM_LEVEL_ABSOLUTE;
    control->absent = (SimAbsent)sim_random_below(random, 3);
    control->entities = sim_random_chance(random, 60)
                            ? 0
                            : (unsigned)sim_random_between(random, 1, (1 << SIM_ENTITY_COUNT) - 1);
    choose_parts(random, control);
    if (sim_random_chance(random, 15)) {
        choose_accounts(random, control);
    } else {
        choose_stages(random, control);
        choose_tolerance(random, control);
    }
    if (sim_random_chance(random, control->accounts == 0 ? 40 : 10)) {
        choose_spans(random, control);
    }
    if (sim_random_chance(random, 22)) {
        choose_validity(random, control);
    }
    control->article = sim_random_below(random, 3);
    control->overridable = sim_random_chance(random, 20) ? sim_random_between(random, 1, 2) : 0;
}

static void
fill_random_line(SimRandom *random, int entities, int years, SimEvent *event)
{
    event->entity = sim_random_below(random, entities);
    event->year = SIM_FIRST_YEAR + sim_random_below(random, years);
    for (int i = 0; i < SIM_DIM_COUNT; i++) {
        event->dim[i] = sim_random_below(random, sim_word_count((SimDim)i));
    }
}

static void
add_pending(SimGenerator *generator, SimEvent event)
{
    g_array_append_val(generator->pending, event);
}

void
sim_plan_beginning(SimGenerator *generator)
{
    SimRandom *random = &generator->random;
    /* May never be registered. */
    int late = sim_random_chance(random, 40) ? sim_random_below(random, sim_account_count) : 0;
    for (int i = 1; i < sim_account_count; i++) {
        if (sim_account_base(i) == i && i != late) {
            add_pending(generator, event_new(SIM_EVENT_ACCOUNT, i));
        }
    }
    for (int i = 0; i < generator->entities; i++) {
        add_pending(generator, event_new(SIM_EVENT_ENTITY, i));
    }
    for (int year = SIM_FIRST_YEAR; year < SIM_FIRST_YEAR + generator->years; year++) {
        for (int month = 0; month <= SIM_MONTHS; month++) {
            add_pending(generator, event_new(SIM_EVENT_PERIOD, year * 100 + month));
        }
        add_pending(generator, event_new(SIM_EVENT_PERIOD, year * 100 + 13));
    }
    for (int i = 1; i < sim_word_count(SIM_PROGRAMME); i++) {
        SimEvent event = event_new(SIM_EVENT_SEGMENT, SIM_SEGMENT(SIM_PROGRAMME, i));
        event.parent = sim_random_below(random, i); /* above it, or none: no cycle */
        add_pending(generator, event);
    }
    for (int i = 0; i < SIM_CONTROL_COUNT; i++) {
        if (sim_random_chance(random, 55)) {
            SimEvent event = event_new(SIM_EVENT_CONTROL, i);
            fill_random_control(random, &event.control);
            add_pending(generator, event);
        }
    }
}

static void
make_period_event(SimMaking *making, SimEvent *event)
{
    static const SimPeriodState states[] = {SIM_OPEN, SIM_CLOSED, SIM_CLOSED, SIM_SEALED,
                                            SIM_NONSENSE};
    int year = SIM_FIRST_YEAR + sim_below(making, making->generator->years);
    int month = sim_below(making, 8) == 0 ? 13 : sim_below(making, SIM_MONTHS + 2);
    *event = event_new(SIM_EVENT_PERIOD, year * 100 + month);
    event->state = states[sim_below(making, G_N_ELEMENTS(states))];
}

static void
make_account_event(SimMaking *making, SimEvent *event)
{
    int account = sim_account_base(1 + sim_below(making, sim_account_count - 1));
    bool is_known = sim_model_number(making->model, SIM_EVENT_ACCOUNT, account) != 0;
    *event = event_new(SIM_EVENT_ACCOUNT, account);
    /* Another class is a conflict; for an account nobody knows it would be its class. */
    event->class_ = !sim_chance(making, 30) ? 0 : is_known ? 1 + sim_below(making, 2) : 2;
}

static void
make_control_event(SimMaking *making, SimEvent *event)
{
    *event = event_new(SIM_EVENT_CONTROL, sim_below(making, SIM_CONTROL_COUNT));
    fill_random_control(&making->generator->random, &event->control);
    if (sim_chance(making, 5)) {
        event->control.level = SIM_LEVEL_BAD;
    } else if (sim_chance(making, 5)) {
        event->control.absent = SIM_ABSENT_BAD;
    } else if (sim_chance(making, 10)) {
        event->control.bad = (SimBad)(1 + sim_below(making, SIM_BAD_COUNT - 1));
    }
}

/* A code gets another place in its tree; often an impossible one. */
static void
make_segment_event(SimMaking *making, SimEvent *event)
{
    SimDim dim = (SimDim)sim_below(making, SIM_DIM_COUNT);
    int words = sim_word_count(dim);
    *event = event_new(SIM_EVENT_SEGMENT, SIM_SEGMENT(dim, 1 + sim_below(making, words - 1)));
    event->name = sim_below(making, 2);
    event->parent = sim_below(making, words);
}

/* Mostly for the key that was refused last. */
static void
make_override_event(SimMaking *making, SimEvent *event)
{
    const SimShortage *refused = sim_model_last_refused(making->model);
    *event = event_new(SIM_EVENT_OVERRIDE, sim_below(making, SIM_OVERRIDE_COUNT));
    event->of_control = sim_below(making, SIM_CONTROL_COUNT);
    if (refused->text[0] != '\0' && sim_chance(making, 95)) {
        event->of_control = refused->key.control;
        memcpy(event->key, refused->text, strlen(refused->text));
    }
    event->amount = sim_chance(making, 95) ? 1 + sim_below(making, 600) : 0;
    event->has_reason = sim_chance(making, 95);
    event->expires =
        sim_chance(making, 95) ? sim_model_day(making->model) + sim_below(making, 40) - 5 : 0;
}

static void
make_budget_line_event(SimMaking *making, SimEvent *event)
{
    *event = event_new(SIM_EVENT_BUDGET_LINE, sim_below(making, SIM_BUDGET_LINE_COUNT));
    fill_random_line(&making->generator->random, SIM_ENTITY_COUNT, making->generator->years, event);
    if (sim_chance(making, 5)) {
        event->entity = -1;
    }
}

/* A key in the words of a control, mostly of keys that are hot. */
static void
write_key(SimMaking *making, const SimControl *control, int entity, bool has_year, char *out_text)
{
    int dim[SIM_DIM_COUNT];
    sim_choose_dims(making, dim);
    GString *text = g_string_new(NULL);
    g_string_printf(text, "entity=%s", sim_entity_code(entity));
    for (int i = 0; i < control->part_count && control->part[i] != SIM_PART_ACCOUNT; i++) {
        SimDim part = (SimDim)control->part[i];
        int length = control->length[i] > 0 ? control->length[i] : SIM_KEY_TEXT;
        g_string_append_printf(text, " %s=%.*s", fisc_dimension_column(sim_dimension(part)), length,
                               sim_word(part, dim[part]));
    }
    if (has_year) {
        g_string_append_printf(text, " year=%d", SIM_FIRST_YEAR);
    }
    memcpy(out_text, text->str, text->len);
    g_string_free(text, TRUE);
}

static void
make_cover_event(SimMaking *making, SimEvent *event)
{
    const SimShortage *refused = sim_model_last_refused(making->model);
    bool is_for_refused = refused->text[0] != '\0' && sim_chance(making, 75);
    *event = event_new(SIM_EVENT_COVER, sim_below(making, SIM_COVER_COUNT));
    event->of_control =
        is_for_refused ? refused->key.control : sim_below(making, SIM_CONTROL_COUNT);
    event->is_reciprocal = sim_chance(making, 50);
    const SimControl *control = sim_model_control(making->model, event->of_control);
    if (control == NULL) {
        return;
    }
    int entity =
        is_for_refused ? refused->key.entity : sim_below(making, making->generator->entities);
    bool has_year = sim_chance(making, 60);
    write_key(making, control, entity, has_year, event->key);
    write_key(making, control, sim_chance(making, 95) ? entity : 0, has_year, event->donor);
    if (is_for_refused) {
        gsize length = has_year ? strlen(refused->text)
                                : (gsize)(strstr(refused->text, " year=") - refused->text);
        memset(event->key, 0, sizeof event->key);
        memcpy(event->key, refused->text, length);
    }
}

/* Mostly for a key of a control that can grow; now and then a word is wrong. */
static void
make_growth_event(SimMaking *making, SimEvent *event)
{
    static const int shares[] = {100, 500, 1000, 333};
    const SimShortage *refused = sim_model_last_refused(making->model);
    bool is_for_refused = refused->text[0] != '\0' && sim_chance(making, 60);
    *event = event_new(SIM_EVENT_GROWTH, sim_below(making, SIM_GROWTH_COUNT));
    event->of_control =
        is_for_refused ? refused->key.control : sim_below(making, SIM_CONTROL_COUNT);
    int entity =
        is_for_refused ? refused->key.entity : sim_below(making, making->generator->entities);
    const SimControl *control = sim_model_control(making->model, event->of_control);
    bool has_year = sim_chance(making, 50);
    if (control != NULL && sim_chance(making, 97)) {
        write_key(making, control, entity, has_year, event->key);
    }
    if (is_for_refused && event->key[0] != '\0') {
        gsize length = has_year ? strlen(refused->text)
                                : (gsize)(strstr(refused->text, " year=") - refused->text);
        memset(event->key, 0, sizeof event->key);
        memcpy(event->key, refused->text, length);
    }
    event->payer = sim_chance(making, 80) ? entity : sim_below(making, SIM_ENTITY_COUNT);
    event->revenue = sim_below(making, sim_word_count(SIM_ECONOMIC));
    event->is_prefix = event->revenue != 0 && sim_chance(making, 50);
    event->share =
        sim_chance(making, 97) ? shares[sim_below(making, (int)G_N_ELEMENTS(shares))] : 0;
    event->cap = sim_chance(making, 50) ? 1 + sim_below(making, 150) : 0;
    event->of =
        sim_chance(making, 70) ? 0 : 1u << FISC_STAGE_RECOGNITION | 1u << FISC_STAGE_COLLECTION;
    event->base = sim_chance(making, 70) ? 0 : 1u << FISC_STAGE_ESTIMATE;
}

/* What helps whoever was refused. */
void
sim_make_help_event(SimMaking *making, SimEvent *event)
{
    int kind = sim_below(making, 10);
    if (kind < 4) {
        make_override_event(making, event);
    } else if (kind < 8) {
        make_cover_event(making, event);
    } else {
        make_growth_event(making, event);
    }
}

void
sim_make_event(SimMaking *making, SimEvent *event)
{
    if (sim_chance(making, making->generator->control_events * 3)) {
        int kind = sim_below(making, 100);
        if (kind < 50) {
            make_control_event(making, event);
        } else if (kind < 60) {
            make_budget_line_event(making, event);
        } else if (kind < 68) {
            make_growth_event(making, event);
        } else if (kind < 80) {
            make_segment_event(making, event);
        } else {
            sim_make_help_event(making, event);
        }
    } else if (sim_chance(making, 40)) {
        make_period_event(making, event);
    } else if (sim_chance(making, 50)) {
        *event = event_new(SIM_EVENT_ENTITY, sim_below(making, SIM_ENTITY_COUNT));
        event->name = sim_below(making, 4);
        event->currency = sim_chance(making, 10) ? 1 : 0;
    } else if (sim_chance(making, 70)) {
        make_account_event(making, event);
    } else {
        *event = event_new(SIM_EVENT_GROUP, 0);
        event->name = sim_below(making, 3);
    }
}

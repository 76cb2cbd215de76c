/* generator.c: see generator.h. Chances are chosen so that every kind of answer is frequent. */
#include "tests/sim/generator.h"
#include <string.h>

#define FIRST_YEAR 2024
#define MONTHS 3 /* of each year are in use, with the opening and the adjustment period */
#define HUGE_AMOUNT ((int64_t)1 << 59)

typedef struct {
    SimGenerator *generator;
    const SimModel *model;
    SimUnit *unit;
} Making;

static bool
chance(Making *making, int percent)
{
    return sim_random_chance(&making->generator->random, percent);
}

static int
below(Making *making, int count)
{
    return sim_random_below(&making->generator->random, count);
}

/* Events ------------------------------------------------------------------------------------- */

static SimEvent
event_new(SimEventKind kind, int subject)
{
    SimEvent event;
    memset(&event, 0, sizeof event);
    event.kind = kind;
    event.subject = subject;
    return event;
}

static void
fill_random_control(SimRandom *random, SimEvent *event)
{
    int level = sim_random_below(random, 10);
    event->level = level == 0 ? SIM_LEVEL_NONE : level <= 3 ? SIM_LEVEL_TRACK : SIM_LEVEL_ABSOLUTE;
    event->absent = (SimAbsent)sim_random_below(random, 3);
    event->entities = sim_random_chance(random, 60)
                          ? 0
                          : (unsigned)sim_random_between(random, 1, (1 << SIM_ENTITY_COUNT) - 1);
    event->part_count = sim_random_below(random, SIM_DIM_COUNT + 1);
    int first = sim_random_below(random, SIM_DIM_COUNT);
    for (int i = 0; i < event->part_count; i++) {
        event->part[i] = (first + i) % SIM_DIM_COUNT;
        event->length[i] = sim_random_chance(random, 40) ? sim_random_between(random, 1, 2) : 0;
    }
}

static void
fill_random_line(SimRandom *random, int entities, int years, SimEvent *event)
{
    event->entity = sim_random_below(random, entities);
    event->year = FIRST_YEAR + sim_random_below(random, years);
    for (int i = 0; i < SIM_DIM_COUNT; i++) {
        event->dim[i] = sim_random_below(random, sim_word_count((SimDim)i));
    }
}

static void
add_pending(SimGenerator *generator, SimEvent event)
{
    g_array_append_val(generator->pending, event);
}

static void
plan_beginning(SimGenerator *generator)
{
    SimRandom *random = &generator->random;
    int late = sim_random_below(random, sim_account_count); /* may never be registered */
    for (int i = 1; i < sim_account_count; i++) {
        if (sim_account_base(i) == i && i != late) {
            add_pending(generator, event_new(SIM_EVENT_ACCOUNT, i));
        }
    }
    for (int i = 0; i < generator->entities; i++) {
        add_pending(generator, event_new(SIM_EVENT_ENTITY, i));
    }
    for (int year = FIRST_YEAR; year < FIRST_YEAR + generator->years; year++) {
        for (int month = 0; month <= MONTHS; month++) {
            add_pending(generator, event_new(SIM_EVENT_PERIOD, year * 100 + month));
        }
        add_pending(generator, event_new(SIM_EVENT_PERIOD, year * 100 + 13));
    }
    for (int i = 0; i < SIM_CONTROL_COUNT; i++) {
        if (sim_random_chance(random, 55)) {
            SimEvent event = event_new(SIM_EVENT_CONTROL, i);
            fill_random_control(random, &event);
            add_pending(generator, event);
        }
    }
}

void
sim_generator_init(SimGenerator *generator, uint64_t seed)
{
    SimRandom random = sim_random_new(seed);
    *generator = (SimGenerator){.pending = g_array_new(FALSE, FALSE, sizeof(SimEvent))};
    generator->entities = sim_random_between(&random, 1, SIM_ENTITY_COUNT - 1);
    generator->years = sim_random_between(&random, 1, 2);
    generator->amount_max = sim_random_chance(&random, 50) ? 50 : 400;
    generator->control_events = sim_random_chance(&random, 50) ? 2 : 15;
    generator->has_huge = sim_random_chance(&random, 10);
    generator->random = random;
    plan_beginning(generator);
}

void
sim_generator_clear(SimGenerator *generator)
{
    g_clear_pointer(&generator->pending, g_array_unref);
}

static void
make_period_event(Making *making, SimEvent *event)
{
    static const SimPeriodState states[] = {SIM_OPEN, SIM_CLOSED, SIM_CLOSED, SIM_SEALED,
                                            SIM_NONSENSE};
    int year = FIRST_YEAR + below(making, making->generator->years);
    int month = below(making, 8) == 0 ? 13 : below(making, MONTHS + 2);
    *event = event_new(SIM_EVENT_PERIOD, year * 100 + month);
    event->state = states[below(making, G_N_ELEMENTS(states))];
}

static void
make_account_event(Making *making, SimEvent *event)
{
    int account = sim_account_base(1 + below(making, sim_account_count - 1));
    bool is_known = sim_model_number(making->model, SIM_EVENT_ACCOUNT, account) != 0;
    *event = event_new(SIM_EVENT_ACCOUNT, account);
    /* Another class is a conflict; for an account nobody knows it would be its class. */
    event->class_ = !chance(making, 30) ? 0 : is_known ? 1 + below(making, 2) : 2;
}

static void
make_control_event(Making *making, SimEvent *event)
{
    *event = event_new(SIM_EVENT_CONTROL, below(making, SIM_CONTROL_COUNT));
    fill_random_control(&making->generator->random, event);
    if (chance(making, 5)) {
        event->level = SIM_LEVEL_BAD;
    } else if (chance(making, 5)) {
        event->absent = SIM_ABSENT_BAD;
    } else if (chance(making, 5)) {
        event->part_count = -1;
    }
}

static void
make_budget_line_event(Making *making, SimEvent *event)
{
    *event = event_new(SIM_EVENT_BUDGET_LINE, below(making, SIM_BUDGET_LINE_COUNT));
    fill_random_line(&making->generator->random, SIM_ENTITY_COUNT, making->generator->years, event);
    if (chance(making, 5)) {
        event->entity = -1;
    }
}

static void
make_event(Making *making, SimEvent *event)
{
    if (chance(making, making->generator->control_events * 3)) {
        if (chance(making, 60)) {
            make_control_event(making, event);
        } else {
            make_budget_line_event(making, event);
        }
    } else if (chance(making, 40)) {
        make_period_event(making, event);
    } else if (chance(making, 50)) {
        *event = event_new(SIM_EVENT_ENTITY, below(making, SIM_ENTITY_COUNT));
        event->name = below(making, 4);
        event->currency = chance(making, 10) ? 1 : 0;
    } else if (chance(making, 70)) {
        make_account_event(making, event);
    } else {
        *event = event_new(SIM_EVENT_GROUP, 0);
        event->name = below(making, 3);
    }
}

/* Entries ------------------------------------------------------------------------------------ */

static SimLine *
add_line(SimEntry *entry, int account, int64_t amount)
{
    g_assert(entry->line_count < SIM_LINES_MAX);
    SimLine *line = &entry->line[entry->line_count++];
    line->account = account;
    line->amount = amount;
    return line;
}

static void
choose_dims(Making *making, int *dim)
{
    for (int i = 0; i < SIM_DIM_COUNT; i++) {
        /* Often the first words, so that keys are hot; sometimes any. */
        int count = chance(making, 60) ? 2 : sim_word_count((SimDim)i);
        dim[i] = below(making, count);
    }
}

static void
add_move(SimEntry *entry, FiscStage from, FiscStage to, int64_t amount, const int *dim,
         bool if_budgeted)
{
    SimLine *debit = add_line(entry, sim_account_of(from), amount);
    SimLine *credit = add_line(entry, sim_account_of(to), -amount);
    memcpy(debit->dim, dim, sizeof debit->dim);
    memcpy(credit->dim, dim, sizeof credit->dim);
    debit->if_budgeted = if_budgeted;
    credit->if_budgeted = if_budgeted;
}

static FiscStage
any_spending_stage(Making *making)
{
    static const FiscStage stages[] = {FISC_STAGE_AUTHORIZATION, FISC_STAGE_COMMITMENT,
                                       FISC_STAGE_OBLIGATION, FISC_STAGE_PAYMENT};
    return stages[below(making, G_N_ELEMENTS(stages))];
}

static int64_t
any_amount(Making *making)
{
    int64_t amount = 1 + below(making, making->generator->amount_max);
    return chance(making, 15) ? -amount : amount;
}

static void
make_enactment(Making *making, SimEntry *entry)
{
    int dim[SIM_DIM_COUNT];
    choose_dims(making, dim);
    FiscStage stage = chance(making, 60) ? FISC_STAGE_APPROPRIATION : FISC_STAGE_CHANGE;
    int64_t amount = 1 + below(making, 600);
    add_move(entry, stage, FISC_STAGE_AVAILABLE, chance(making, 20) ? -amount : amount, dim, false);
}

static void
make_virement(Making *making, SimEntry *entry)
{
    int from[SIM_DIM_COUNT];
    int to[SIM_DIM_COUNT];
    choose_dims(making, from);
    choose_dims(making, to);
    int64_t amount = any_amount(making);
    add_move(entry, FISC_STAGE_CHANGE, FISC_STAGE_AVAILABLE, -amount, from, false);
    add_move(entry, FISC_STAGE_CHANGE, FISC_STAGE_AVAILABLE, amount, to, false);
}

static void
make_spending(Making *making, SimEntry *entry)
{
    int dim[SIM_DIM_COUNT];
    choose_dims(making, dim);
    int moves = chance(making, 20) ? 2 : 1;
    for (int i = 0; i < moves; i++) {
        FiscStage to = any_spending_stage(making);
        FiscStage from = chance(making, 70) ? FISC_STAGE_AVAILABLE : any_spending_stage(making);
        if (from == to) {
            from = FISC_STAGE_AVAILABLE;
        }
        add_move(entry, from, to, any_amount(making), dim, chance(making, 10));
        choose_dims(making, dim);
    }
}

static void
make_financial(Making *making, SimEntry *entry)
{
    static const char *const debits[] = {"22", "N100", "3202", "4202", "22"};
    int64_t amount =
        making->generator->has_huge && chance(making, 30) ? HUGE_AMOUNT : 1 + below(making, 1000);
    const char *code = debits[below(making, G_N_ELEMENTS(debits))];
    int account = 1;
    while (strcmp(sim_accounts[account].code, code) != 0) {
        account++;
    }
    SimLine *debit = add_line(entry, account, amount);
    SimLine *credit = add_line(entry, 2, -amount);
    choose_dims(making, debit->dim);
    credit->party = chance(making, 50) ? below(making, SIM_PARTY_COUNT) : 0;
    if (chance(making, 50)) {
        int dim[SIM_DIM_COUNT];
        memcpy(dim, debit->dim, sizeof dim);
        add_move(entry, FISC_STAGE_AVAILABLE, FISC_STAGE_OBLIGATION, any_amount(making), dim,
                 chance(making, 70));
    }
}

/* Openings alone, or wrongly among others. */
static void
make_opening(Making *making, SimEntry *entry)
{
    int64_t amount = 1 + below(making, 1000);
    add_line(entry, 5, amount);
    add_line(entry, 6, -amount);
    if (chance(making, 20)) {
        add_line(entry, 1, amount);
        add_line(entry, 2, -amount);
    }
}

static void
spoil(Making *making, SimEntry *entry)
{
    SimLine *line = &entry->line[below(making, entry->line_count)];
    switch (below(making, 9)) {
    case 0:
        line->amount += 1;
        break;
    case 1:
        line->amount = 0;
        break;
    case 2:
        entry->line_count = 1;
        memset(&entry->line[1], 0, sizeof(SimLine) * (SIM_LINES_MAX - 1));
        break;
    case 3:
        entry->reference = 0;
        entry->is_reversal_reference = false;
        break;
    case 4:
        entry->entity = -1;
        break;
    case 5:
        line->account = SIM_ACCOUNT_UNKNOWN;
        break;
    case 6:
        line->if_budgeted = sim_accounts[line->account].stage != FISC_STAGE_NONE;
        break; /* its partner is not: dropping it alone would unbalance the entry */
    case 7:
        line->party = SIM_PARTY_COUNT - 1;
        break;
    default:
        entry->reverses = true;
        break;
    }
}

static void
choose_when(Making *making, SimEntry *entry)
{
    int year = FIRST_YEAR + below(making, making->generator->years);
    int month = chance(making, 5) ? MONTHS + 1 : 1 + below(making, MONTHS);
    entry->effective = fisc_date_make(year, month, 1 + below(making, 28));
    if (chance(making, 10)) {
        entry->period = year * 100 + (chance(making, 50) ? 13 : below(making, MONTHS + 1));
    }
}

static void
make_correction(Making *making, SimEntry *entry)
{
    int corrected = 1 + below(making, making->generator->next_reference);
    entry->corrects = corrected;
    entry->reverses = chance(making, 50);
    if (entry->reverses && chance(making, 90)) {
        entry->reference = corrected;
        entry->is_reversal_reference = true;
    }
}

/* Often one that comes with the same unit, and goes with it when that is refused. */
static int
choose_entity(Making *making)
{
    for (int i = 0; i < making->unit->event_count; i++) {
        const SimEvent *event = &making->unit->event[i];
        if (event->kind == SIM_EVENT_ENTITY && chance(making, 50)) {
            return event->subject;
        }
    }
    return chance(making, 3) ? below(making, SIM_ENTITY_COUNT)
                             : below(making, making->generator->entities);
}

static void
make_fresh(Making *making, SimEntry *entry)
{
    entry->entity = choose_entity(making);
    entry->reference = ++making->generator->next_reference;
    choose_when(making, entry);
    int kind = below(making, 100);
    if (kind < 18) {
        make_enactment(making, entry);
    } else if (kind < 25) {
        make_virement(making, entry);
    } else if (kind < 72) {
        make_spending(making, entry);
    } else if (kind < 96) {
        make_financial(making, entry);
    } else {
        make_opening(making, entry);
    }
    if (chance(making, 6)) {
        make_correction(making, entry);
    }
    if (chance(making, 4)) {
        spoil(making, entry);
    }
}

/* What was asked before, of this unit or of any time: the same, or under the same reference
 * something else. */
static bool
make_again(Making *making, int at)
{
    SimUnit *unit = making->unit;
    SimEntry *entry = &unit->entry[at];
    int posted = sim_model_posted_count(making->model);
    if (at > 0 && chance(making, 50)) {
        memcpy(entry, &unit->entry[below(making, at)], sizeof *entry);
    } else if (posted > 0) {
        const SimPosted *old = sim_model_posted(making->model, 1 + below(making, posted));
        memcpy(entry, &old->entry, sizeof *entry);
        unit->memo[at] = old->memo;
        if (chance(making, 90) && at == 0) {
            unit->source = old->source;
        }
    } else {
        return false;
    }
    if (chance(making, 30)) {
        entry->effective++;
    }
    if (chance(making, 10)) {
        unit->memo[at] = below(making, 3);
    }
    return true;
}

static void
make_entry(Making *making, int at)
{
    SimUnit *unit = making->unit;
    if (!chance(making, 12) || !make_again(making, at)) {
        make_fresh(making, &unit->entry[at]);
        unit->memo[at] = chance(making, 10) ? 1 + below(making, 3) : 0;
    }
    unit->entry_count = at + 1;
}

void
sim_generate(SimGenerator *generator, const SimModel *model, SimUnit *out_unit)
{
    Making making = {generator, model, out_unit};
    memset(out_unit, 0, sizeof *out_unit);
    out_unit->actor = below(&making, SIM_ACTOR_COUNT);
    out_unit->source = below(&making, SIM_SOURCE_COUNT);
    out_unit->records_refusals = chance(&making, 70);
    if (generator->pending->len > 0) {
        int count = MIN((int)generator->pending->len, SIM_EVENTS_MAX);
        memcpy(out_unit->event, generator->pending->data, sizeof(SimEvent) * (gsize)count);
        out_unit->event_count = count;
        g_array_remove_range(generator->pending, 0, (guint)count);
        return;
    }
    if (chance(&making, 12)) {
        out_unit->event_count = 1 + below(&making, 3);
        for (int i = 0; i < out_unit->event_count; i++) {
            make_event(&making, &out_unit->event[i]);
        }
    }
    int entries = out_unit->event_count > 0 ? below(&making, 3)
                  : chance(&making, 25)     ? 1 + below(&making, SIM_ENTRIES_MAX)
                                            : 1;
    for (int i = 0; i < entries; i++) {
        make_entry(&making, i);
    }
}

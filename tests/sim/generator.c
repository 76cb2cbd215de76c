/* generator.c: see generator.h. Chances are chosen so that every kind of answer is frequent. */
#include "tests/sim/generator_internal.h"
#include <string.h>

#define HUGE_AMOUNT ((int64_t)1 << 59)

bool
sim_chance(SimMaking *making, int percent)
{
    return sim_random_chance(&making->generator->random, percent);
}

int
sim_below(SimMaking *making, int count)
{
    return sim_random_below(&making->generator->random, count);
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
    sim_plan_beginning(generator);
}

void
sim_generator_clear(SimGenerator *generator)
{
    g_clear_pointer(&generator->pending, g_array_unref);
}

/* Entries ------------------------------------------------------------------------------------ */

SimLine *
sim_add_line(SimEntry *entry, int account, int64_t amount)
{
    g_assert(entry->line_count < SIM_LINES_MAX);
    SimLine *line = &entry->line[entry->line_count++];
    line->account = account;
    line->amount = amount;
    return line;
}

void
sim_choose_dims(SimMaking *making, int *dim)
{
    for (int i = 0; i < SIM_DIM_COUNT; i++) {
        /* Often the first words, so that keys are hot; sometimes any. */
        int count = sim_chance(making, 60) ? 2 : sim_word_count((SimDim)i);
        dim[i] = sim_below(making, count);
    }
}

SimLine *
sim_add_move(SimEntry *entry, FiscStage from, FiscStage to, int64_t amount, const int *dim)
{
    SimLine *debit = sim_add_line(entry, sim_account_of(from), amount);
    SimLine *credit = sim_add_line(entry, sim_account_of(to), -amount);
    memcpy(debit->dim, dim, sizeof debit->dim);
    memcpy(credit->dim, dim, sizeof credit->dim);
    return credit;
}

/* A move that is dropped where no control keeps a record. */
static void
add_move_if_budgeted(SimEntry *entry, FiscStage from, FiscStage to, int64_t amount, const int *dim)
{
    SimLine *credit = sim_add_move(entry, from, to, amount, dim);
    credit->if_budgeted = true;
    (credit - 1)->if_budgeted = true;
}

static FiscStage
any_spending_stage(SimMaking *making)
{
    static const FiscStage stages[] = {FISC_STAGE_AUTHORIZATION, FISC_STAGE_COMMITMENT,
                                       FISC_STAGE_OBLIGATION, FISC_STAGE_PAYMENT};
    return stages[sim_below(making, G_N_ELEMENTS(stages))];
}

int64_t
sim_any_amount(SimMaking *making)
{
    int64_t amount = 1 + sim_below(making, making->generator->amount_max);
    return sim_chance(making, 15) ? -amount : amount;
}

static void
make_enactment(SimMaking *making, SimEntry *entry)
{
    int dim[SIM_DIM_COUNT];
    sim_choose_dims(making, dim);
    FiscStage stage = sim_chance(making, 60)   ? FISC_STAGE_APPROPRIATION
                      : sim_chance(making, 70) ? FISC_STAGE_CHANGE
                                               : FISC_STAGE_CARRY;
    int64_t amount = 1 + sim_below(making, 600);
    sim_add_move(entry, stage, FISC_STAGE_AVAILABLE, sim_chance(making, 20) ? -amount : amount,
                 dim);
}

static void
make_virement(SimMaking *making, SimEntry *entry)
{
    int from[SIM_DIM_COUNT];
    int to[SIM_DIM_COUNT];
    sim_choose_dims(making, from);
    sim_choose_dims(making, to);
    int64_t amount = sim_any_amount(making);
    sim_add_move(entry, FISC_STAGE_CHANGE, FISC_STAGE_AVAILABLE, -amount, from);
    sim_add_move(entry, FISC_STAGE_CHANGE, FISC_STAGE_AVAILABLE, amount, to);
}

static void
make_spending(SimMaking *making, SimEntry *entry)
{
    int dim[SIM_DIM_COUNT];
    sim_choose_dims(making, dim);
    int moves = sim_chance(making, 20) ? 2 : 1;
    for (int i = 0; i < moves; i++) {
        FiscStage to = any_spending_stage(making);
        FiscStage from = sim_chance(making, 70) ? FISC_STAGE_AVAILABLE : any_spending_stage(making);
        if (from == to) {
            from = FISC_STAGE_AVAILABLE;
        }
        int64_t amount = sim_any_amount(making);
        if (sim_chance(making, 10)) {
            add_move_if_budgeted(entry, from, to, amount, dim);
        } else {
            sim_add_move(entry, from, to, amount, dim);
        }
        sim_choose_dims(making, dim);
    }
}

static void
make_financial(SimMaking *making, SimEntry *entry)
{
    static const char *const debits[] = {"22", "N100", "3202", "4202", "22"};
    int64_t amount = making->generator->has_huge && sim_chance(making, 30)
                         ? HUGE_AMOUNT
                         : 1 + sim_below(making, 1000);
    const char *code = debits[sim_below(making, G_N_ELEMENTS(debits))];
    int account = 1;
    while (strcmp(sim_accounts[account].code, code) != 0) {
        account++;
    }
    SimLine *debit = sim_add_line(entry, account, amount);
    SimLine *credit = sim_add_line(entry, 2, -amount);
    sim_choose_dims(making, debit->dim);
    credit->party = sim_chance(making, 50) ? sim_below(making, SIM_PARTY_COUNT) : 0;
    if (sim_chance(making, 50)) {
        int dim[SIM_DIM_COUNT];
        memcpy(dim, debit->dim, sizeof dim);
        int64_t obliged = sim_any_amount(making);
        if (sim_chance(making, 70)) {
            add_move_if_budgeted(entry, FISC_STAGE_AVAILABLE, FISC_STAGE_OBLIGATION, obliged, dim);
        } else {
            sim_add_move(entry, FISC_STAGE_AVAILABLE, FISC_STAGE_OBLIGATION, obliged, dim);
        }
    }
}

/* An allotment, or one that is taken back. */
static void
make_release(SimMaking *making, SimEntry *entry)
{
    int dim[SIM_DIM_COUNT];
    sim_choose_dims(making, dim);
    int64_t amount = 1 + sim_below(making, 300);
    sim_add_move(entry, FISC_STAGE_RELEASE, FISC_STAGE_ALLOTTED,
                 sim_chance(making, 20) ? -amount : amount, dim);
}

/* Held back, or let go: more than was held back, perhaps. */
static void
make_block(SimMaking *making, SimEntry *entry)
{
    int dim[SIM_DIM_COUNT];
    sim_choose_dims(making, dim);
    int64_t amount = 1 + sim_below(making, making->generator->amount_max);
    SimLine *line = sim_add_move(entry, FISC_STAGE_AVAILABLE, FISC_STAGE_BLOCK,
                                 sim_chance(making, 40) ? -amount : amount, dim);
    if (sim_chance(making, 10)) {
        line->item = 1 + sim_below(making, SIM_ITEM_COUNT - 1);
    }
    if (sim_chance(making, 15)) {
        sim_add_move(entry, FISC_STAGE_AVAILABLE,
                     sim_chance(making, 50) ? FISC_STAGE_BLOCK : FISC_STAGE_COMMITMENT,
                     sim_any_amount(making), dim);
    }
}

/* Revenue that is estimated, recognized, collected, refunded, often such as a limit grows with;
 * spent in the same entry, perhaps. */
static void
make_revenue(SimMaking *making, SimEntry *entry)
{
    static const FiscStage moves[][2] = {
        {FISC_STAGE_ESTIMATE, FISC_STAGE_OUTSTANDING},
        {FISC_STAGE_ESTIMATE_CHANGE, FISC_STAGE_OUTSTANDING},
        {FISC_STAGE_OUTSTANDING, FISC_STAGE_RECOGNITION},
        {FISC_STAGE_RECOGNITION, FISC_STAGE_COLLECTION},
        {FISC_STAGE_OUTSTANDING, FISC_STAGE_COLLECTION},
        {FISC_STAGE_OUTSTANDING, FISC_STAGE_COLLECTION},
        {FISC_STAGE_OUTSTANDING, FISC_STAGE_COLLECTION},
    };
    int dim[SIM_DIM_COUNT];
    int count = sim_chance(making, 20) ? 2 : 1;
    const SimEvent *growth =
        sim_model_fact(making->model, SIM_EVENT_GROWTH, sim_below(making, SIM_GROWTH_COUNT));
    for (int i = 0; i < count; i++) {
        int move = sim_below(making, (int)G_N_ELEMENTS(moves));
        int64_t amount = 1 + sim_below(making, move < 2 ? 60 : 300);
        sim_choose_dims(making, dim);
        if (growth != NULL) {
            entry->entity = growth->payer;
            dim[SIM_ECONOMIC] = growth->revenue;
        }
        sim_add_move(entry, moves[move][0], moves[move][1],
                     sim_chance(making, 40) ? -amount : amount, dim);
    }
    if (sim_chance(making, 25)) {
        sim_choose_dims(making, dim);
        sim_add_move(entry, FISC_STAGE_AVAILABLE, any_spending_stage(making),
                     sim_any_amount(making), dim);
    }
}

/* Openings alone, or wrongly among others. */
static void
make_opening(SimMaking *making, SimEntry *entry)
{
    int64_t amount = 1 + sim_below(making, 1000);
    sim_add_line(entry, 5, amount);
    sim_add_line(entry, 6, -amount);
    if (sim_chance(making, 20)) {
        sim_add_line(entry, 1, amount);
        sim_add_line(entry, 2, -amount);
    }
}

static void
spoil(SimMaking *making, SimEntry *entry)
{
    SimLine *line = &entry->line[sim_below(making, entry->line_count)];
    switch (sim_below(making, 12)) {
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
    case 8:
        line->foreign = line->amount + sim_below(making, 3) - 1;
        break;
    case 9:
        line->relieves = 1 + sim_below(making, SIM_ITEM_COUNT - 1);
        break;
    case 10:
        line->is_final = true;
        break;
    default:
        entry->reverses = true;
        break;
    }
}

static void
choose_when(SimMaking *making, SimEntry *entry)
{
    int year = SIM_FIRST_YEAR + sim_below(making, making->generator->years);
    int month = sim_chance(making, 5) ? SIM_MONTHS + 1 : 1 + sim_below(making, SIM_MONTHS);
    entry->effective = fisc_date_make(year, month, 1 + sim_below(making, 28));
    if (sim_chance(making, 10)) {
        entry->period =
            year * 100 + (sim_chance(making, 50) ? 13 : sim_below(making, SIM_MONTHS + 1));
    }
}

static void
make_correction(SimMaking *making, SimEntry *entry)
{
    int corrected = 1 + sim_below(making, making->generator->next_reference);
    entry->corrects = corrected;
    entry->reverses = sim_chance(making, 50);
    if (entry->reverses && sim_chance(making, 90)) {
        entry->reference = corrected;
        entry->is_reversal_reference = true;
    }
}

/* Often one that comes with the same unit, and goes with it when that is refused. */
static int
choose_entity(SimMaking *making)
{
    for (int i = 0; i < making->unit->event_count; i++) {
        const SimEvent *event = &making->unit->event[i];
        if (event->kind == SIM_EVENT_ENTITY && sim_chance(making, 50)) {
            return event->subject;
        }
    }
    return sim_chance(making, 3) ? sim_below(making, SIM_ENTITY_COUNT)
                                 : sim_below(making, making->generator->entities);
}

static void
make_fresh(SimMaking *making, SimEntry *entry)
{
    entry->entity = choose_entity(making);
    entry->reference = ++making->generator->next_reference;
    choose_when(making, entry);
    int kind = sim_below(making, 100);
    if (kind < 16) {
        make_enactment(making, entry);
    } else if (kind < 21) {
        make_virement(making, entry);
    } else if (kind < 25) {
        make_release(making, entry);
    } else if (kind < 29) {
        make_block(making, entry);
    } else if (kind < 35) {
        make_revenue(making, entry);
    } else if (kind < 62) {
        make_spending(making, entry);
    } else if (kind < 81) {
        sim_make_item_entry(making, entry);
    } else if (kind < 96) {
        make_financial(making, entry);
    } else {
        make_opening(making, entry);
    }
    if (sim_chance(making, 6)) {
        make_correction(making, entry);
    }
    if (sim_chance(making, 4)) {
        spoil(making, entry);
    }
}

/* What was asked before, of this unit or of any time: the same, or under the same reference
 * something else. */
static bool
make_again(SimMaking *making, int at)
{
    SimUnit *unit = making->unit;
    SimEntry *entry = &unit->entry[at];
    int posted = sim_model_posted_count(making->model);
    if (at > 0 && sim_chance(making, 50)) {
        memcpy(entry, &unit->entry[sim_below(making, at)], sizeof *entry);
    } else if (posted > 0) {
        const SimPosted *old = sim_model_posted(making->model, 1 + sim_below(making, posted));
        memcpy(entry, &old->entry, sizeof *entry);
        unit->memo[at] = old->memo;
        if (sim_chance(making, 90) && at == 0) {
            unit->source = old->source;
        }
    } else {
        return false;
    }
    if (sim_chance(making, 30)) {
        entry->effective++;
    }
    if (sim_chance(making, 10)) {
        unit->memo[at] = sim_below(making, 3);
    }
    return true;
}

static void
make_entry(SimMaking *making, int at)
{
    SimUnit *unit = making->unit;
    if (!sim_chance(making, 12) || !make_again(making, at)) {
        make_fresh(making, &unit->entry[at]);
        unit->memo[at] = sim_chance(making, 10) ? 1 + sim_below(making, 3) : 0;
    }
    unit->entry_count = at + 1;
}

static void
make_events(SimMaking *making)
{
    making->unit->event_count = 1 + sim_below(making, 3);
    for (int i = 0; i < making->unit->event_count; i++) {
        sim_make_event(making, &making->unit->event[i]);
    }
}

void
sim_generate(SimGenerator *generator, const SimModel *model, SimUnit *out_unit)
{
    SimMaking making = {generator, model, out_unit};
    memset(out_unit, 0, sizeof *out_unit);
    out_unit->actor = sim_below(&making, SIM_ACTOR_COUNT);
    out_unit->source = sim_below(&making, SIM_SOURCE_COUNT);
    out_unit->records_refusals = sim_chance(&making, 70);
    if (generator->pending->len > 0) {
        int count = MIN((int)generator->pending->len, SIM_EVENTS_MAX);
        memcpy(out_unit->event, generator->pending->data, sizeof(SimEvent) * (gsize)count);
        out_unit->event_count = count;
        g_array_remove_range(generator->pending, 0, (guint)count);
        return;
    }
    if (sim_model_last_refused(model)->text[0] != '\0' && sim_chance(&making, 6)) {
        out_unit->event_count = 1;
        sim_make_help_event(&making, &out_unit->event[0]);
        return;
    }
    if (sim_chance(&making, 12)) {
        make_events(&making);
    }
    int entries = out_unit->event_count > 0 ? sim_below(&making, 3)
                  : sim_chance(&making, 25) ? 1 + sim_below(&making, SIM_ENTRIES_MAX)
                                            : 1;
    for (int i = 0; i < entries; i++) {
        make_entry(&making, i);
    }
}

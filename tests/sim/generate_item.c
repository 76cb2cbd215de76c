/* generate_item.c: entries about open items, from the first reservation to the reversal of what
 * relieved it. Most of them are about an item that exists. */
#include "tests/sim/generator_internal.h"
#include <string.h>

#define TRIES 12

/* A line on record that names an item, or NULL; and the entry it is in. */
static const SimLine *
any_item_line(SimMaking *making, bool is_budgetary, const SimPosted **out_posted)
{
    int posted = sim_model_posted_count(making->model);
    for (int i = 0; i < TRIES && posted > 0; i++) {
        int newest = MIN(posted, 40);
        const SimPosted *entry =
            sim_model_posted(making->model, posted - sim_below(making, newest));
        for (int k = 0; k < entry->line_count; k++) {
            const SimLine *line = &entry->line[k];
            if (line->item != 0 && (sim_line_stage(line) != FISC_STAGE_NONE) == is_budgetary) {
                *out_posted = entry;
                return line;
            }
        }
    }
    return NULL;
}

static void
be_near(SimMaking *making, SimEntry *entry, const SimPosted *posted)
{
    entry->entity = posted->entry.entity;
    if (sim_chance(making, 85)) {
        entry->effective = posted->entry.effective;
        entry->period = 0;
    }
}

static int
any_item(SimMaking *making)
{
    return 1 + sim_below(making, SIM_ITEM_COUNT - 1);
}

/* A rate between a third and three. */
static void
put_foreign(SimMaking *making, SimLine *line, int currency)
{
    int64_t size = line->amount < 0 ? -line->amount : line->amount;
    int64_t foreign = MAX(size * (1 + sim_below(making, 9)) / 3, 1);
    line->currency = currency;
    line->foreign = line->amount < 0 ? -foreign : foreign;
}

static FiscStage
stage_behind(SimMaking *making, FiscStage stage)
{
    FiscStage first = sim_chance(making, 92) ? stage + 1 : FISC_STAGE_AUTHORIZATION;
    first = MIN(first, FISC_STAGE_PAYMENT);
    return first + sim_below(making, (int)(FISC_STAGE_PAYMENT - first) + 1);
}

static void
make_reservation(SimMaking *making, SimEntry *entry)
{
    int lines = sim_chance(making, 25) ? 2 : 1;
    int item = any_item(making);
    int currency = sim_chance(making, 30) ? 1 + sim_below(making, SIM_CURRENCY_COUNT - 1) : 0;
    for (int i = 0; i < lines; i++) {
        int dim[SIM_DIM_COUNT];
        sim_choose_dims(making, dim);
        FiscStage stage = FISC_STAGE_AUTHORIZATION + (sim_chance(making, 60) ? 0 : 1);
        SimLine *line =
            sim_add_move(entry, FISC_STAGE_AVAILABLE, stage, sim_any_amount(making), dim);
        line->item = item;
        if (currency != 0) {
            put_foreign(making, line, currency);
        }
    }
}

/* What a later stage asks for, of an earlier one: as much, less or more. */
static int64_t
amount_like(SimMaking *making, int64_t amount)
{
    int64_t size = MAX(amount < 0 ? -amount : amount, 1);
    int form = sim_below(making, 10);
    return form < 4 ? size : form < 8 ? 1 + sim_below(making, (int)MIN(size, 1000)) : size + form;
}

static void
make_relief(SimMaking *making, SimEntry *entry, const SimLine *old)
{
    int lines = sim_chance(making, 20) ? 2 : 1;
    for (int i = 0; i < lines; i++) {
        int dim[SIM_DIM_COUNT];
        memcpy(dim, old->dim, sizeof dim);
        if (sim_chance(making, 15)) {
            sim_choose_dims(making, dim);
        }
        SimLine *line =
            sim_add_move(entry, FISC_STAGE_AVAILABLE, stage_behind(making, sim_line_stage(old)),
                         amount_like(making, old->amount), dim);
        line->relieves = sim_chance(making, 95) ? old->item : any_item(making);
        line->is_final = sim_chance(making, 15);
        line->item = sim_chance(making, 50) ? any_item(making) : 0;
        if (old->currency != 0 && sim_chance(making, 80)) {
            put_foreign(making, line, old->currency);
            line->foreign =
                sim_chance(making, 50) ? -amount_like(making, old->foreign) : line->foreign;
        }
    }
}

/* Takes from an item by name, or adds to it. */
static void
make_cancel(SimMaking *making, SimEntry *entry, const SimLine *old)
{
    int64_t amount = amount_like(making, old->amount);
    SimLine *line = sim_add_move(entry, FISC_STAGE_AVAILABLE, sim_line_stage(old),
                                 sim_chance(making, 80) ? -amount : amount, old->dim);
    line->item = old->item;
    if (sim_chance(making, 5)) {
        line->account = sim_account_of(FISC_STAGE_COMMITMENT); /* perhaps another */
    }
    if (old->currency != 0 && sim_chance(making, 95)) {
        put_foreign(making, line, old->currency);
        int64_t size = amount_like(making, old->foreign);
        line->foreign = line->amount < 0 ? -size : size;
    }
}

static void
make_revaluation(SimMaking *making, SimEntry *entry, const SimLine *old)
{
    SimLine *line = sim_add_move(entry, FISC_STAGE_AVAILABLE, sim_line_stage(old),
                                 sim_any_amount(making), old->dim);
    line->item = old->item;
    line->currency = old->currency;
    line->flow = FISC_FLOW_HOLDING_GAIN;
}

static int
account_of_code(const char *code)
{
    int account = 1;
    while (strcmp(sim_accounts[account].code, code) != 0) {
        account++;
    }
    return account;
}

/* A payable, and what is paid of it. */
static void
make_payable(SimMaking *making, SimEntry *entry)
{
    const SimPosted *posted = NULL;
    const SimLine *old = any_item_line(making, false, &posted);
    int64_t amount = 1 + sim_below(making, 200);
    if (old == NULL || sim_chance(making, 40)) {
        sim_add_line(entry, account_of_code("22"), amount);
        SimLine *line = sim_add_line(entry, account_of_code("3308"), -amount);
        line->item = any_item(making);
        line->party = sim_chance(making, 40) ? sim_below(making, 3) : 0;
        return;
    }
    be_near(making, entry, posted);
    amount = amount_like(making, old->amount);
    SimLine *line = sim_add_line(entry, old->account, old->amount < 0 ? amount : -amount);
    line->item = old->item;
    line->party = old->party;
    sim_add_line(entry, account_of_code("3202"), -line->amount);
}

/* Line for line, given back lines included; as the walk that reverses does it. */
static bool
make_reversal(SimMaking *making, SimEntry *entry)
{
    int count = sim_model_posted_count(making->model);
    const SimPosted *old =
        count > 0 ? sim_model_posted(making->model, count - sim_below(making, MIN(count, 30)))
                  : NULL;
    if (old == NULL || old->line_count > SIM_LINES_MAX || old->entry.is_reversal_reference) {
        return false;
    }
    entry->entity = old->entry.entity;
    entry->effective = old->entry.effective;
    entry->period = old->period;
    entry->reference = entry->corrects = old->entry.reference;
    entry->is_reversal_reference = entry->reverses = true;
    making->unit->source = old->source;
    for (int i = 0; i < old->line_count; i++) {
        SimLine *line = &entry->line[entry->line_count++];
        *line = old->line[i];
        line->amount = -line->amount;
        line->foreign = -line->foreign;
        line->relieves = 0;
        line->is_final = false;
        line->if_budgeted = false;
    }
    return true;
}

void
sim_make_item_entry(SimMaking *making, SimEntry *entry)
{
    const SimPosted *posted = NULL;
    const SimLine *old = any_item_line(making, true, &posted);
    int kind = sim_below(making, 100);
    if (kind < 12 && making->unit->entry_count == 0 && make_reversal(making, entry)) {
        return;
    }
    if (kind < 25) {
        make_payable(making, entry);
    } else if (old == NULL || kind < 45) {
        make_reservation(making, entry);
    } else {
        be_near(making, entry, posted);
        if (kind < 75) {
            make_relief(making, entry, old);
        } else if (kind < 92) {
            make_cancel(making, entry, old);
        } else {
            make_revaluation(making, entry, old);
        }
    }
}

/* model_item.c: open items, found again each time among all lines that were ever posted.
 *
 * The lines of an item that are open together make a group: on the budgetary side those of one
 * budget line and year, on the financial side those with one counterparty. */
#include "tests/sim/model_internal.h"
#include <string.h>

#define ALL_OF_IT ((__int128)1 << 100)

typedef struct {
    int year; /* 0 on the financial side: what is owed is owed beyond the year */
    SimLine line;
} ItemLine;

/* A relief on its way. */
typedef struct {
    Decision *decision;
    int item;
    int sign, currency;
    bool is_by_foreign;
    __int128 remaining; /* of the line that relieves */
} Relief;

static bool
is_budgetary(const SimLine *line)
{
    return sim_line_stage(line) != FISC_STAGE_NONE;
}

static int
year_of(const SimLine *line, FiscPeriod period)
{
    return is_budgetary(line) ? fisc_period_year(period) : 0;
}

/* Every line of an item, in order: what is on record, then what the entry has done so far. */
static GArray *
lines_of(const Decision *decision, int item)
{
    GArray *lines = g_array_new(FALSE, FALSE, sizeof(ItemLine));
    const SimModel *model = decision->model;
    for (guint i = 0; i < model->lines->len; i++) {
        const PostedLine *posted = &g_array_index(model->lines, PostedLine, i);
        if (posted->line.item == item && posted->entity == decision->entry->entity) {
            ItemLine line = {year_of(&posted->line, posted->period), posted->line};
            g_array_append_val(lines, line);
        }
    }
    for (int i = 0; i < decision->posted.line_count; i++) {
        if (decision->has_moved[i] && decision->posted.line[i].item == item) {
            const SimLine *own = &decision->posted.line[i];
            ItemLine line = {year_of(own, decision->posted.period), *own};
            g_array_append_val(lines, line);
        }
    }
    return lines;
}

static const ItemLine *
at(const GArray *lines, guint index)
{
    return &g_array_index(lines, ItemLine, index);
}

static bool
is_same_group(const ItemLine *a, const ItemLine *b)
{
    return a->year == b->year && a->line.party == b->line.party &&
           (a->year == 0 || memcmp(a->line.dim, b->line.dim, sizeof a->line.dim) == 0);
}

static bool
is_same_coding(const ItemLine *a, const ItemLine *b)
{
    return is_same_group(a, b) && a->line.account == b->line.account &&
           sim_line_flow(&a->line) == sim_line_flow(&b->line) &&
           memcmp(a->line.dim, b->line.dim, sizeof a->line.dim) == 0;
}

typedef bool (*Same)(const ItemLine *a, const ItemLine *b);

/* What is open of all lines that are the same as one. */
static __int128
sum_same(const GArray *lines, const ItemLine *one, Same same, bool is_foreign)
{
    __int128 sum = 0;
    for (guint i = 0; i < lines->len; i++) {
        if (same(at(lines, i), one)) {
            sum += is_foreign ? at(lines, i)->line.foreign : at(lines, i)->line.amount;
        }
    }
    return sum;
}

static bool
is_first(const GArray *lines, guint index, Same same)
{
    for (guint i = 0; i < index; i++) {
        if (same(at(lines, i), at(lines, index))) {
            return false;
        }
    }
    return true;
}

/* Taking and adding ---------------------------------------------------------------------------- */

/* 0 when the line may move its item. */
static int
judge_move(const Decision *decision, const SimLine *line)
{
    g_autoptr(GArray) lines = lines_of(decision, line->item);
    if (lines->len == 0) {
        bool is_taken_from_nothing = is_budgetary(line) && line->amount > 0;
        return is_taken_from_nothing                       ? FISC_ERROR_ITEM_UNKNOWN
               : line->currency != 0 && line->foreign == 0 ? FISC_ERROR_ITEM_MISMATCH
                                                           : 0;
    }
    const SimLine *opening = &at(lines, 0)->line;
    if (sim_account_base(opening->account) != sim_account_base(line->account) ||
        opening->currency != line->currency) {
        return FISC_ERROR_ITEM_MISMATCH;
    }
    int sign = opening->amount > 0 ? 1 : -1;
    ItemLine own = {year_of(line, decision->posted.period), *line};
    int slack = decision->model->mistake == SIM_WRONG_EXCESS ? 1 : 0;
    __int128 left = sign * (sum_same(lines, &own, is_same_group, false) + line->amount);
    __int128 left_foreign = sign * (sum_same(lines, &own, is_same_group, true) + line->foreign);
    bool is_taking = (line->amount > 0) != (sign > 0);
    return is_taking && (left + slack < 0 || left_foreign < 0) ? FISC_ERROR_ITEM_EXCEEDED : 0;
}

/* A line that is reversed says what it changed: of a revaluation that is no foreign amount, and so
 * no currency. */
static void
follow_item(Decision *decision, SimLine *line)
{
    g_autoptr(GArray) lines = lines_of(decision, line->item);
    if (decision->entry->reverses && line->foreign == 0 && lines->len > 0) {
        line->currency = at(lines, 0)->line.currency;
    }
}

static void
move_lines(Decision *decision)
{
    for (int i = 0; i < decision->posted.line_count; i++) {
        SimLine *line = &decision->posted.line[i];
        if (line->currency != 0 && decision->currency != 0 &&
            line->currency != decision->currency) {
            sim_model_refuse(decision, FISC_ERROR_ENTRY_SHAPE); /* one currency an entry */
        } else if (line->currency != 0) {
            decision->currency = line->currency;
        }
        if (line->relieves != 0 && !is_budgetary(line)) {
            sim_model_refuse(decision, FISC_ERROR_ITEM_MISMATCH);
        }
        if (line->item != 0) {
            follow_item(decision, line);
        }
        int wrong = line->item != 0 ? judge_move(decision, line) : 0;
        if (wrong != 0) {
            sim_model_refuse(decision, (FiscError)wrong);
        }
        decision->has_moved[i] = wrong == 0;
    }
}

/* Giving back ---------------------------------------------------------------------------------- */

static void
give(Relief *relief, const ItemLine *coding, int64_t amount, int64_t foreign)
{
    SimLine line = coding->line;
    line.item = relief->item;
    line.currency = relief->currency;
    line.relieves = 0;
    line.is_final = false;
    line.if_budgeted = false;
    line.amount = amount;
    line.foreign = foreign;
    sim_model_append_line(relief->decision, &line);
    relief->decision->currency = foreign != 0 ? relief->currency : relief->decision->currency;
}

/* The other side: the funds of the same budget line. */
static void
append_contra(Relief *relief, const ItemLine *group, int64_t amount)
{
    SimLine line = {.account = sim_account_of(fisc_stage_counterpart(sim_line_stage(&group->line))),
                    .amount = amount};
    memcpy(line.dim, group->line.dim, sizeof line.dim);
    if (amount != 0) {
        sim_model_append_line(relief->decision, &line);
    }
}

/* Every coding of the group goes to zero; what stands against the item's sign goes first. */
static void
give_all(Relief *relief, const GArray *lines, const ItemLine *group)
{
    int64_t given = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (guint i = 0; i < lines->len; i++) {
            const ItemLine *coding = at(lines, i);
            if (!is_same_group(coding, group) || !is_first(lines, i, is_same_coding)) {
                continue;
            }
            int64_t amount = (int64_t)sum_same(lines, coding, is_same_coding, false);
            int64_t foreign = (int64_t)sum_same(lines, coding, is_same_coding, true);
            bool is_against = amount * relief->sign < 0;
            if (amount != 0 && is_against == (pass == 0)) {
                give(relief, coding, -amount, -foreign);
                given += amount;
            }
        }
    }
    append_contra(relief, group, given);
}

/* So much of the group, from its codings in the order they were opened; the last one that is needed
 * carries what is left of the foreign amount. */
static void
give_part(Relief *relief, const GArray *lines, const ItemLine *group, int64_t amount,
          int64_t foreign)
{
    int sign = relief->sign;
    int64_t left = amount;
    for (guint i = 0; i < lines->len && left > 0; i++) {
        const ItemLine *coding = at(lines, i);
        if (!is_same_group(coding, group) || !is_first(lines, i, is_same_coding)) {
            continue;
        }
        int64_t open = sign * (int64_t)sum_same(lines, coding, is_same_coding, false);
        int64_t open_foreign = sign * (int64_t)sum_same(lines, coding, is_same_coding, true);
        int64_t taken = MIN(left, open);
        if (taken > 0) {
            int64_t rest = taken == left ? foreign : CLAMP(open_foreign, 0, foreign);
            give(relief, coding, -sign * taken, -sign * rest);
            left -= taken;
            foreign -= rest;
        }
    }
    append_contra(relief, group, sign * (amount - left));
}

/* @whole x @part / @of, half to even. */
static int64_t
share(const SimModel *model, __int128 whole, __int128 part, __int128 of)
{
    __int128 down = whole * part / of;
    __int128 rest = whole * part - down * of;
    bool is_up = 2 * rest > of || (2 * rest == of && down % 2 == 1);
    return (int64_t)(is_up && model->mistake != SIM_WRONG_ROUNDING ? down + 1 : down);
}

static void
relieve_group(Relief *relief, const GArray *lines, const ItemLine *group)
{
    const SimModel *model = relief->decision->model;
    __int128 amount = relief->sign * sum_same(lines, group, is_same_group, false);
    __int128 foreign = relief->sign * sum_same(lines, group, is_same_group, true);
    __int128 open = relief->is_by_foreign ? foreign : amount;
    __int128 matched = relief->remaining;
    bool is_this_year = group->year == fisc_period_year(relief->decision->posted.period);
    if (amount <= 0 || !is_this_year || matched < 0 || (matched == 0 && open > 0)) {
        return;
    }
    if (matched >= open) {
        relief->remaining -= open;
        give_all(relief, lines, group);
        return;
    }
    relief->remaining = 0;
    if (model->mistake == SIM_WRONG_RELIEF) {
        give_all(relief, lines, group);
    } else if (relief->is_by_foreign) {
        /* While a foreign amount is open, so is a local one. */
        int64_t given = MIN(share(model, amount, matched, foreign), (int64_t)amount - 1);
        give_part(relief, lines, group, given, (int64_t)matched);
    } else {
        int64_t given = foreign > 0 ? share(model, foreign, matched, amount) : 0;
        give_part(relief, lines, group, (int64_t)matched, given);
    }
}

static bool
may_relieve(const Decision *decision, const SimLine *line, const SimLine *opening)
{
    FiscStage stage = sim_line_stage(opening);
    bool is_earlier = fisc_stage_counterpart(stage) != FISC_STAGE_NONE &&
                      stage != FISC_STAGE_NONE && sim_line_stage(line) >= stage &&
                      stage != FISC_STAGE_BLOCK && sim_line_stage(line) != FISC_STAGE_BLOCK;
    bool is_same_currency = opening->currency == 0 || decision->currency == 0 ||
                            opening->currency == decision->currency;
    return is_earlier && is_same_currency;
}

/* The groups of an item, those of the line's own budget line first. */
static void
relieve_groups(Relief *relief, const SimLine *line, const GArray *lines)
{
    for (int pass = 0; pass < 2; pass++) {
        for (guint i = 0; i < lines->len; i++) {
            const ItemLine *group = at(lines, i);
            bool is_own = memcmp(group->line.dim, line->dim, sizeof line->dim) == 0 &&
                          group->line.party == line->party;
            if (is_own == (pass == 0) && is_first(lines, i, is_same_group)) {
                relieve_group(relief, lines, group);
            }
        }
    }
}

static void
relieve(Decision *decision, const SimLine *line)
{
    g_autoptr(GArray) lines = lines_of(decision, line->relieves);
    if (lines->len == 0) {
        sim_model_refuse(decision, FISC_ERROR_ITEM_UNKNOWN);
        return;
    }
    const SimLine *opening = &at(lines, 0)->line;
    if (!may_relieve(decision, line, opening)) {
        sim_model_refuse(decision, FISC_ERROR_ITEM_MISMATCH);
        return;
    }
    Relief relief = {.decision = decision,
                     .item = line->relieves,
                     .sign = opening->amount > 0 ? 1 : -1,
                     .currency = opening->currency};
    relief.is_by_foreign = opening->currency != 0 && opening->currency == line->currency;
    relief.remaining = relief.is_by_foreign ? -line->foreign : -line->amount;
    if (line->is_final && decision->model->mistake != SIM_WRONG_FINAL) {
        relief.is_by_foreign = false;
        relief.remaining = ALL_OF_IT;
    }
    relieve_groups(&relief, line, lines);
}

void
sim_model_take_items(Decision *decision)
{
    int submitted = decision->posted.line_count;
    move_lines(decision);
    for (int i = 0; i < submitted && decision->verdict->code_count == 0; i++) {
        SimLine line = decision->posted.line[i];
        if (line.relieves != 0) {
            relieve(decision, &line);
        }
    }
}

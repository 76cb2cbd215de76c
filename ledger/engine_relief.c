/* engine_relief.c: what the lines of an entry take from open items, and what they give back.
 *
 * The engine books the exact relief itself, in chain order, so two invoices on one order can never
 * both relieve the same part (rules R1, R2). A later stage relieves an earlier one by the lesser of
 * what is open and what it asks for; on a foreign item both are measured in the foreign currency,
 * and the last of it takes the local residue of the rates along (R20). */
#include "ledger/engine_internal.h"
#include <string.h>

/* One relief on its way: a line, the item it relieves, and how much it still may give back. */
typedef struct {
    FiscDecision *decision;
    const FiscLineNote *note;
    const FiscEngineCoding *line; /* on whose account it is relieved */
    FiscItem *item;
    int year;
    bool is_by_foreign; /* measured in the item's currency */
    __int128 remaining; /* of the line, in that measure */
    __int128 unspent;   /* of the line, in local currency: what it asks for itself */
    int32_t contra;     /* account that takes what is given back: the funds available */
} Relief;

static void G_GNUC_PRINTF(4, 5) refuse(FiscDecision *decision, const FiscLineNote *note,
                                       FiscError code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *detail = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    fisc_refusals_add(decision->refusals, code, decision->entry->file,
                      note->row != 0 ? note->row : decision->entry->row,
                      code == FISC_ERROR_ENTRY_SHAPE ? "currency" : "item", "%s", detail);
}

/* Taking and adding ------------------------------------------------------------------------ */

/* A line that is reversed says what it changed: of a revaluation that is no foreign amount, and so
 * no currency. */
static void
follow_item(FiscDecision *decision, FiscLineNote *note)
{
    const FiscItem *item = fisc_engine_item(decision->engine, decision->entity_id, note->item);
    if (decision->entry->reverses && note->foreign == 0 && item != NULL) {
        note->currency = item->currency;
    }
}

/* Folds line @at of a side into its item, unless a rule forbids it. */
static void
move_line(FiscDecision *decision, int side, guint at)
{
    FiscEngine *engine = decision->engine;
    FiscLineNote *note = &g_array_index(decision->note[side], FiscLineNote, at);
    int32_t coding_id = g_array_index(decision->coding[side], int32_t, at);
    follow_item(decision, note);
    FiscItemMove move = {.entity_id = decision->entity_id,
                         .name = note->item,
                         .coding = engine->codings->pdata[coding_id - 1],
                         .year = fisc_period_year(decision->period),
                         .amount = g_array_index(decision->amount[side], int64_t, at),
                         .currency = note->currency,
                         .foreign = note->foreign};
    g_autofree char *detail = NULL;
    int broken = fisc_engine_check_item(engine, &move, decision->entry->decimals, &detail);
    if (broken < 0) {
        fisc_engine_move_item(engine, &move);
    } else {
        refuse(decision, note, (FiscError)broken, "%s", detail);
    }
}

/* An entry has one currency beside the entity's own: its lines are kept as one list of amounts. */
static void
take_currency(FiscDecision *decision, const FiscLineNote *note)
{
    if (note->currency != 0 && decision->currency != 0 && note->currency != decision->currency) {
        refuse(decision, note, FISC_ERROR_ENTRY_SHAPE, "%s and %s in one entry",
               fisc_engine_symbol_text(decision->engine, decision->currency),
               fisc_engine_symbol_text(decision->engine, note->currency));
    } else if (note->currency != 0) {
        decision->currency = note->currency;
    }
}

/* Giving back ------------------------------------------------------------------------------ */

static void
append_given(Relief *relief, FiscItemPart *part, int64_t amount, int64_t foreign)
{
    FiscDecision *decision = relief->decision;
    const FiscEngineCoding *coding = decision->engine->codings->pdata[part->coding_id - 1];
    FiscLineNote note = {.item = relief->item->name.name,
                         .currency = relief->item->currency,
                         .foreign = foreign,
                         .row = relief->note->row};
    fisc_engine_append_line(decision, &coding->key, amount, &note);
    fisc_engine_add(decision->engine, &part->amount, amount);
    if (foreign != 0) {
        fisc_engine_add(decision->engine, &part->foreign, foreign);
        decision->currency = relief->item->currency;
    }
}

/* The other side of what a group gave back: one line of the same budget line. */
static void
append_contra(Relief *relief, const FiscItemGroup *group, int32_t account_id, int64_t amount)
{
    if (amount == 0) {
        return;
    }
    FiscCodingKey key = {
        .entity_id = group->key.entity_id, .account_id = account_id, .flow = FISC_FLOW_TRANSACTION};
    memcpy(key.dim, group->key.dim, sizeof key.dim);
    key.dim[FISC_DIM_COUNTERPARTY] = 0; /* a budget knows neither party nor cash row */
    key.dim[FISC_DIM_CASH_CODE] = 0;
    key.dim[FISC_DIM_CASH_COUNTERPARTY] = 0;
    FiscLineNote note = {.row = relief->note->row};
    fisc_engine_append_line(relief->decision, &key, -amount, &note);
}

/* What a group gave back becomes funds available; of what was carried over, only what the line uses
 * for the same purpose: the rest is blocked. */
static void
give_back(Relief *relief, const FiscItemGroup *group, int64_t amount)
{
    FiscEngine *engine = relief->decision->engine;
    const FiscItem *item = relief->item;
    int32_t block =
        fisc_engine_block_account(engine, engine->accounts->pdata[item->account_id - 1]);
    int64_t kept = 0;
    if (block != 0 &&
        fisc_engine_is_bound(engine, item->name.entity_id, item->name.name, group->year)) {
        bool serves = fisc_engine_serves(engine, &group->key, &relief->line->key);
        kept = amount - (int64_t)MIN(amount, serves ? relief->unspent : 0);
    }
    relief->unspent -= MIN(relief->unspent, amount);
    append_contra(relief, group, relief->contra, amount - kept);
    append_contra(relief, group, block, kept);
}

/* Brings every coding of a group to zero. What stands against the item's sign (a revaluation
 * downwards) goes first, so that no more is taken at any moment than is open. */
static int64_t
give_all(Relief *relief, const FiscItemGroup *group)
{
    int64_t given = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (guint i = 0; i < group->parts->len; i++) {
            FiscItemPart *part = group->parts->pdata[i];
            bool is_against = (part->amount > 0) != (relief->item->sign > 0);
            if (part->amount != 0 && is_against == (pass == 0)) {
                int64_t amount = -part->amount;
                append_given(relief, part, amount, -part->foreign);
                given += amount;
            }
        }
    }
    return given;
}

/* Takes @amount and @foreign, both without sign and less than is open, from the codings in the
 * order they were opened. */
static int64_t
give_part(Relief *relief, const FiscItemGroup *group, int64_t amount, int64_t foreign)
{
    int sign = relief->item->sign;
    int64_t left = amount;
    for (guint i = 0; left > 0 && i < group->parts->len; i++) {
        FiscItemPart *part = group->parts->pdata[i];
        int64_t taken = MIN(left, part->amount * sign);
        if (taken > 0) {
            /* The last coding that is needed carries what is left of the foreign amount. */
            int64_t rest = taken == left ? foreign : CLAMP(part->foreign * sign, 0, foreign);
            append_given(relief, part, -sign * taken, -sign * rest);
            left -= taken;
            foreign -= rest;
        }
    }
    return -sign * (amount - left);
}

/* @whole x @part / @of, half to even; all of them positive. */
static int64_t
share(__int128 whole, __int128 part, __int128 of)
{
    __int128 product = whole * part;
    __int128 quotient = product / of;
    __int128 twice = 2 * (product % of);
    bool is_up = twice > of || (twice == of && quotient % 2 != 0);
    return (int64_t)(quotient + (is_up ? 1 : 0));
}

static void
relieve_group(Relief *relief, const FiscItemGroup *group)
{
    __int128 amount = 0;
    __int128 foreign = 0;
    fisc_engine_item_open(group, &amount, &foreign);
    amount *= relief->item->sign;
    foreign *= relief->item->sign;
    __int128 open = relief->is_by_foreign ? foreign : amount;
    if (amount <= 0 || group->year != relief->year || relief->remaining < 0 ||
        (relief->remaining == 0 && open > 0)) {
        return;
    }
    if (relief->remaining >= open) {
        relief->remaining -= open;
        give_back(relief, group, give_all(relief, group));
        return;
    }
    /* As long as a foreign amount is open, so is a local one: its last part takes the residue. */
    int64_t given = relief->is_by_foreign
                        ? MIN(share(amount, relief->remaining, foreign), (int64_t)amount - 1)
                        : (int64_t)relief->remaining;
    int64_t given_foreign = relief->is_by_foreign ? (int64_t)relief->remaining
                            : foreign > 0         ? share(foreign, relief->remaining, amount)
                                                  : 0;
    relief->remaining = 0;
    give_back(relief, group, give_part(relief, group, given, given_foreign));
}

int32_t
fisc_engine_item_contra(const FiscEngine *engine, const FiscEngineAccount *account)
{
    FiscStage stage = fisc_stage_counterpart(account->stage);
    const FiscMaster *ours = fisc_engine_master(engine, "account", fisc_stage_account(stage));
    bool is_ours = strcmp(account->code, fisc_stage_account(account->stage)) == 0;
    for (guint i = 0; !is_ours && i < engine->accounts->len; i++) {
        const FiscEngineAccount *other = engine->accounts->pdata[i];
        if (other->stage == stage && (ours == NULL || other->number != ours->number)) {
            return other->number;
        }
    }
    return ours != NULL ? ours->number : 0;
}

/* What was committed before its year began is settled by every stage of spending; what is blocked
 * is none, so it neither relieves nor is relieved. */
static bool
is_no_earlier(FiscStage stage, FiscStage opened)
{
    if (stage == FISC_STAGE_BLOCK || opened == FISC_STAGE_BLOCK) {
        return false;
    }
    bool is_spending = stage >= FISC_STAGE_COMMITMENT && stage <= FISC_STAGE_PAYMENT;
    return stage >= opened || (opened == FISC_STAGE_LATER_COMMITMENT && is_spending);
}

/* Only a stage of the budget is relieved, by the same stage or a later one. */
static bool
check_stages(Relief *relief, const FiscEngineCoding *line)
{
    FiscDecision *decision = relief->decision;
    const FiscEngineAccount *account =
        decision->engine->accounts->pdata[relief->item->account_id - 1];
    const char *name = fisc_engine_symbol_text(decision->engine, relief->note->relieves);
    bool is_stage = account->stage != FISC_STAGE_NONE &&
                    fisc_stage_counterpart(account->stage) != FISC_STAGE_NONE;
    if (!is_stage || !is_no_earlier(line->stage, account->stage)) {
        refuse(decision, relief->note, FISC_ERROR_ITEM_MISMATCH,
               "\"%s\" on account %s is no earlier stage", name, account->code);
        return false;
    }
    if (relief->item->currency != 0 && decision->currency != 0 &&
        relief->item->currency != decision->currency) {
        refuse(decision, relief->note, FISC_ERROR_ITEM_MISMATCH, "\"%s\" stands in %s", name,
               fisc_engine_symbol_text(decision->engine, relief->item->currency));
        return false;
    }
    relief->contra = fisc_engine_item_contra(decision->engine, account);
    return relief->contra != 0;
}

static void
measure(Relief *relief, int64_t amount)
{
    const FiscLineNote *note = relief->note;
    relief->unspent = -(__int128)amount;
    relief->is_by_foreign = relief->item->currency != 0 && note->currency == relief->item->currency;
    relief->remaining = relief->is_by_foreign ? -(__int128)note->foreign : -(__int128)amount;
    if (note->is_final) {
        relief->is_by_foreign = false;
        relief->remaining = (__int128)INT64_MAX * FISC_ENTRY_LINES_MAX; /* more than all */
    }
}

/* A relief gives back on the line's own budget line first. Groups that come while it works are
 * none: it only takes. */
static void
relieve(FiscDecision *decision, guint at)
{
    FiscEngine *engine = decision->engine;
    FiscLineNote note = g_array_index(decision->note[1], FiscLineNote, at); /* the list may move */
    int32_t coding_id = g_array_index(decision->coding[1], int32_t, at);
    const FiscEngineCoding *line = engine->codings->pdata[coding_id - 1];
    Relief relief = {.decision = decision,
                     .note = &note,
                     .line = line,
                     .item = fisc_engine_item(engine, decision->entity_id, note.relieves),
                     .year = fisc_period_year(decision->period)};
    if (relief.item == NULL) {
        refuse(decision, &note, FISC_ERROR_ITEM_UNKNOWN, "\"%s\" was never opened",
               fisc_engine_symbol_text(engine, note.relieves));
        return;
    }
    if (g_array_index(decision->amount[1], int64_t, at) > 0) {
        refuse(decision, &note, FISC_ERROR_ENTRY_SHAPE, "a line that relieves is a credit");
        return;
    }
    if (!check_stages(&relief, line)) {
        return;
    }
    measure(&relief, g_array_index(decision->amount[1], int64_t, at));
    for (int pass = 0; pass < 2; pass++) {
        for (guint i = 0; i < relief.item->groups->len; i++) {
            const FiscItemGroup *group = relief.item->groups->pdata[i];
            bool is_own = memcmp(group->key.dim, line->key.dim, sizeof group->key.dim) == 0;
            if (is_own == (pass == 0)) {
                relieve_group(&relief, group);
            }
        }
    }
}

/* All of it -------------------------------------------------------------------------------- */

static void
move_lines(FiscDecision *decision)
{
    for (int side = 0; side < 2; side++) {
        for (guint i = 0; i < decision->note[side]->len; i++) {
            const FiscLineNote *note = &g_array_index(decision->note[side], FiscLineNote, i);
            take_currency(decision, note);
            if (side == 0 && note->relieves != 0) {
                refuse(decision, note, FISC_ERROR_ITEM_MISMATCH,
                       "only a stage of the budget relieves \"%s\"",
                       fisc_engine_symbol_text(decision->engine, note->relieves));
            }
            if (note->item != 0) {
                move_line(decision, side, i);
            }
        }
    }
}

void
fisc_engine_take_items(FiscDecision *decision)
{
    if (!decision->has_items || decision->refusals->len > 0) {
        return;
    }
    move_lines(decision);
    guint submitted = decision->note[1]->len;
    for (guint i = 0; decision->refusals->len == 0 && i < submitted; i++) {
        if (g_array_index(decision->note[1], FiscLineNote, i).relieves != 0) {
            relieve(decision, i);
        }
    }
    bool is_expiry = strcmp(decision->submission->source, FISC_SOURCE_EXPIRY) == 0;
    if (decision->refusals->len == 0 && is_expiry && !fisc_engine_is_expiry(decision)) {
        fisc_refusals_add(decision->refusals, FISC_ERROR_ITEM_MISMATCH, decision->entry->file,
                          decision->entry->row, "source",
                          "\"%s\" releases what has expired, all of it, and nothing else",
                          FISC_SOURCE_EXPIRY);
    }
    if (decision->refusals->len == 0) {
        fisc_engine_bind_taken(decision, submitted);
    }
    if (decision->lines > FISC_ENTRY_LINES_MAX) {
        fisc_refusals_add(decision->refusals, FISC_ERROR_ENTRY_TOO_LARGE, decision->entry->file,
                          decision->entry->row, NULL, "%d lines with those that give back",
                          decision->lines);
    }
}

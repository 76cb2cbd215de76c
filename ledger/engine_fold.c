/* engine_fold.c: the keys of controls, and what is folded into them.
 *
 * The keys that a coding falls under are found once and kept with the coding, until the year or a
 * definition changes. A key holds its sums over the year; where an interval is finer, by month,
 * too. What is undone goes through fisc_engine_add_key. After a definition has changed, all keys
 * are rebuilt from the turnovers of the codings, when they are needed next. */
#include "ledger/engine_control.h"
#include <string.h>

#define AMOUNT_BOUND ((int64_t)1 << 61) /* a sum over months is shown no larger */

/* Keys ------------------------------------------------------------------------------------- */

static guint
hash_name(gconstpointer key)
{
    const FiscKeyName *name = key;
    guint hash = (guint)name->control * 2654435761u ^ (guint)name->year;
    for (int i = 0; i < FISC_KEY_PARTS_MAX; i++) {
        hash = (hash ^ (guint)name->part[i]) * 16777619u;
    }
    return hash;
}

static gboolean
equal_name(gconstpointer a, gconstpointer b)
{
    return memcmp(a, b, sizeof(FiscKeyName)) == 0;
}

static void
state_free(gpointer data)
{
    FiscKeyState *state = data;
    g_free(state->months);
    g_free(state);
}

GHashTable *
fisc_engine_key_table(void)
{
    return g_hash_table_new_full(hash_name, equal_name, NULL, state_free);
}

GHashTable *
fisc_engine_key_index(void)
{
    return g_hash_table_new(hash_name, equal_name);
}

/* False when the control keeps no record of the coding's entity. */
static bool
name_key(FiscEngine *engine, int control_no, const FiscCodingKey *coding, int year,
         FiscKeyName *out_name)
{
    const FiscControl *control = engine->controls->pdata[control_no];
    if (!fisc_control_covers(control, engine->entity_codes->pdata[coding->entity_id - 1])) {
        return false;
    }
    *out_name = (FiscKeyName){.control = control_no, .year = year};
    for (int i = 0; i < control->part_count; i++) {
        out_name->part[i] = fisc_key_part_symbol(engine, &control->parts[i], coding);
    }
    return true;
}

static FiscKeyState *
find_or_make(FiscEngine *engine, const FiscKeyName *name)
{
    FiscKeyState *state = g_hash_table_lookup(engine->key_states, name);
    if (state == NULL) {
        state = g_new0(FiscKeyState, 1);
        state->name = *name;
        state->control = engine->controls->pdata[name->control];
        if (state->control->boundary != FISC_INTERVAL_YEAR) {
            state->months = g_new0(FiscKeySums, FISC_MONTHS);
        }
        g_hash_table_insert(engine->key_states, &state->name, state);
    }
    return state;
}

FiscKeyState *
fisc_key_take(FiscEngine *engine, const FiscKeyName *name)
{
    return find_or_make(engine, name);
}

FiscKeyState *
fisc_key_find(FiscEngine *engine, const FiscKeyName *name)
{
    fisc_engine_refresh_keys(engine);
    return g_hash_table_lookup(engine->key_states, name);
}

/* Uses ------------------------------------------------------------------------------------- */

/* What lines of the coding do to the control's keys. */
static FiscKeySlot
slot_of(const FiscEngine *engine, const FiscControl *control, const FiscEngineCoding *coding)
{
    if (control->accounts == NULL) {
        return (FiscKeySlot)control->slots[coding->stage];
    }
    const FiscEngineAccount *account = engine->accounts->pdata[coding->key.account_id - 1];
    return g_hash_table_contains(control->accounts, account->code) ? FISC_SLOT_LIMIT
                                                                   : FISC_SLOT_NONE;
}

static int
sign_of(const FiscControl *control, FiscKeySlot slot)
{
    return control->accounts != NULL                               ? control->side
           : slot == FISC_SLOT_LIMIT || slot == FISC_SLOT_RELEASED ? 1
                                                                   : -1;
}

/* The uses of a coding in a year; kept with the coding until a definition changes. */
static void
find_uses(FiscEngine *engine, FiscEngineCoding *coding, int year)
{
    if (coding->uses_year == year && coding->uses_version == engine->controls_version) {
        return;
    }
    g_autofree FiscKeyUse *uses =
        g_new(FiscKeyUse, engine->controls->len + engine->growths->len + 1);
    int count = 0;
    for (guint i = 0; i < engine->controls->len; i++) {
        const FiscControl *control = engine->controls->pdata[i];
        FiscKeyName name;
        FiscKeySlot slot = slot_of(engine, control, coding);
        if (slot == FISC_SLOT_NONE || !name_key(engine, (int)i, &coding->key, year, &name)) {
            continue;
        }
        uses[count++] = (FiscKeyUse){
            .state = find_or_make(engine, &name), .slot = slot, .sign = sign_of(control, slot)};
    }
    count += fisc_growth_uses(engine, coding, year, uses + count);
    g_free(coding->uses);
    coding->uses = count > 0 ? g_memdup2(uses, (gsize)count * sizeof *uses) : NULL;
    coding->use_count = count;
    coding->uses_year = year;
    coding->uses_version = engine->controls_version;
}

bool
fisc_engine_is_budgeted(FiscEngine *engine, const FiscCodingKey *coding, int year,
                        FiscDate effective)
{
    fisc_engine_refresh_keys(engine);
    for (guint i = 0; i < engine->controls->len; i++) {
        const FiscControl *control = engine->controls->pdata[i];
        FiscKeyName name;
        if (control->accounts != NULL || !fisc_control_is_in_force(control, effective) ||
            !name_key(engine, (int)i, coding, year, &name)) {
            continue;
        }
        const FiscKeyState *state = g_hash_table_lookup(engine->key_states, &name);
        if (control->absent != FISC_ABSENT_NONE || (state != NULL && state->rows > 0)) {
            return true;
        }
    }
    return false;
}

/* Amounts ---------------------------------------------------------------------------------- */

static bool
is_whole_year(FiscWindow window)
{
    return window.first == 1 && window.last == FISC_MONTHS;
}

__int128
fisc_key_consumed(const FiscKeyState *state, const FiscKeySums *sums)
{
    __int128 consumed = 0;
    for (int slot = FISC_SLOT_RESERVED; slot <= FISC_SLOT_BLOCKED; slot++) {
        consumed += sums->slot[slot];
    }
    return consumed + (state->control->is_release_consuming ? sums->slot[FISC_SLOT_RELEASED] : 0);
}

static int64_t
clamp_sum(__int128 sum)
{
    return (int64_t)CLAMP(sum, -(__int128)AMOUNT_BOUND, (__int128)AMOUNT_BOUND);
}

FiscKeyAmounts
fisc_key_amounts(const FiscKeyState *state, FiscWindow window)
{
    __int128 limit = 0;
    __int128 consumed = 0;
    __int128 stage[FISC_SLOT_COUNT] = {0};
    bool is_year = state->months == NULL || is_whole_year(window);
    for (int month = window.first; month <= (is_year ? window.first : window.last); month++) {
        const FiscKeySums *sums = is_year ? &state->year : &state->months[month - 1];
        limit += sums->limit;
        consumed += fisc_key_consumed(state, sums);
        for (int slot = 0; slot < FISC_SLOT_COUNT; slot++) {
            stage[slot] += sums->slot[slot];
        }
    }
    FiscKeyAmounts amounts = {.limit = clamp_sum(limit), .consumed = clamp_sum(consumed)};
    for (int i = 0; i < FISC_CONSUMED_COUNT; i++) {
        amounts.stage[i] = clamp_sum(stage[i]);
    }
    if (state->control->is_release_consuming) { /* set aside, for whoever it is released to */
        amounts.stage[FISC_CONSUMED_RESERVED] += clamp_sum(stage[FISC_SLOT_RELEASED]);
    }
    amounts.released = clamp_sum(stage[FISC_SLOT_RELEASED]);
    return amounts;
}

/* Folding ---------------------------------------------------------------------------------- */

/* Whoever tells others what keys hold is told which ones have changed. */
static void
mark_changed(FiscEngine *engine, FiscKeyState *state)
{
    if (engine->changed != NULL && !state->is_changed) {
        state->is_changed = true;
        g_ptr_array_add(engine->changed, state);
    }
}

static void
touch(FiscEngine *engine, FiscKeyState *state)
{
    mark_changed(engine, state);
    if (!state->is_touched) {
        state->is_touched = true;
        state->before = state->year;
        state->revalued = 0;
        g_ptr_array_add(engine->touched, state);
    }
}

void
fisc_engine_forget_touched(FiscEngine *engine)
{
    for (guint i = 0; i < engine->touched->len; i++) {
        ((FiscKeyState *)engine->touched->pdata[i])->is_touched = false;
    }
    g_ptr_array_set_size(engine->touched, 0);
}

static int64_t *
amount_in(FiscKeySums *sums, FiscKeySlot slot)
{
    return slot == FISC_SLOT_LIMIT ? &sums->limit : &sums->slot[slot];
}

/* Revenue that changes the limit. What is less by it, nobody has spent. */
static void
fold_growth(FiscEngine *engine, const FiscKeyUse *use, int64_t debit, int64_t credit)
{
    int64_t change = fisc_growth_fold(engine, use, debit, credit);
    if (change != 0) {
        touch(engine, use->state);
        fisc_engine_add_key(engine, &use->state->year.limit, change);
        use->state->revalued -= change;
    }
}

static void
fold_use(FiscEngine *engine, const FiscKeyUse *use, int month, int64_t debit, int64_t credit)
{
    FiscKeyState *state = use->state;
    int64_t amount = use->sign * (debit - credit);
    fisc_engine_add_key(engine, amount_in(&state->year, use->slot), amount);
    if (state->months != NULL) {
        fisc_engine_add_key(engine, amount_in(&state->months[month - 1], use->slot), amount);
    }
    if (state->rows == 0 && use->slot == FISC_SLOT_LIMIT) {
        fisc_engine_add_key(engine, &state->rows, 1);
    }
}

/* Financial turnovers are kept by year only, as of its opening period: for the bound of sums. */
static FiscTurnover *
turnover_of(FiscEngineCoding *coding, FiscPeriod period)
{
    FiscPeriod kept = coding->is_by_period ? period : fisc_period_year(period) * 100;
    for (FiscTurnover *at = coding->turnovers; at != NULL; at = at->earlier) {
        if (at->period == kept) {
            return at;
        }
    }
    FiscTurnover *turnover = coding->turnovers == NULL ? &coding->first : g_new0(FiscTurnover, 1);
    turnover->period = kept;
    turnover->earlier = coding->turnovers;
    coding->turnovers = turnover;
    return turnover;
}

void
fisc_engine_turnover(const FiscEngineCoding *coding, int year, __int128 *out_debit,
                     __int128 *out_credit)
{
    *out_debit = 0;
    *out_credit = 0;
    for (const FiscTurnover *turnover = coding->turnovers; turnover != NULL;
         turnover = turnover->earlier) {
        if (fisc_period_year(turnover->period) == year) {
            *out_debit += turnover->debit;
            *out_credit += turnover->credit;
        }
    }
}

static void
add_turnover(FiscEngine *engine, FiscEngineCoding *coding, FiscPeriod period, int64_t debit,
             int64_t credit)
{
    FiscTurnover *turnover = turnover_of(coding, period);
    fisc_engine_add(engine, &turnover->debit, debit);
    fisc_engine_add(engine, &turnover->credit, credit);
    if (coding->is_by_period) { /* the bound is one of the year */
        __int128 debits = 0;
        __int128 credits = 0;
        fisc_engine_turnover(coding, fisc_period_year(period), &debits, &credits);
        engine->is_overflown |= MAX(debits, credits) > FISC_SUM_BOUND;
    }
}

void
fisc_engine_fold(FiscEngine *engine, FiscEngineCoding *coding, FiscPeriod period, int64_t debit,
                 int64_t credit)
{
    fisc_engine_refresh_keys(engine);
    add_turnover(engine, coding, period, debit, credit);
    find_uses(engine, coding, fisc_period_year(period));
    for (int i = 0; i < coding->use_count; i++) {
        const FiscKeyUse *use = &coding->uses[i];
        if (use->growth != NULL) {
            fold_growth(engine, use, debit, credit);
            continue;
        }
        touch(engine, use->state);
        fold_use(engine, use, fisc_month_of(period), debit, credit);
        if (coding->key.flow == FISC_FLOW_HOLDING_GAIN && use->slot > FISC_SLOT_LIMIT) {
            use->state->revalued += use->sign * (debit - credit);
        }
    }
}

/* Budget lines ----------------------------------------------------------------------------- */

/* A key of a budget line gets a row: of a coding that it has none of. */
static void
fold_budget_line(FiscEngine *engine, const FiscBudgetLine *line)
{
    for (guint i = 0; line->key.entity_id != 0 && i < engine->controls->len; i++) {
        const FiscControl *control = engine->controls->pdata[i];
        FiscKeyName name;
        if (control->accounts == NULL && name_key(engine, (int)i, &line->key, line->year, &name)) {
            FiscKeyState *state = find_or_make(engine, &name);
            mark_changed(engine, state);
            state->rows++;
        }
    }
}

bool
fisc_engine_check_budget_line(const FiscEngine *engine, const FiscEvent *event,
                              FiscRefusals *refusals)
{
    const char *entity = fisc_engine_field(event->fields, "entity");
    if (entity != NULL && fisc_engine_entity(engine, entity) != 0) {
        return true;
    }
    fisc_refusals_add(refusals, FISC_ERROR_ENTITY_UNKNOWN, NULL, 0, "entity",
                      "budget line %s: \"%s\"", event->subject, entity != NULL ? entity : "");
    return false;
}

void
fisc_engine_set_budget_line(FiscEngine *engine, const FiscMaster *master)
{
    const char *entity = fisc_engine_field(master->fields, "entity");
    const char *year = fisc_engine_field(master->fields, "year");
    FiscBudgetLine *line = g_new0(FiscBudgetLine, 1);
    line->key.entity_id = entity != NULL ? fisc_engine_entity(engine, entity) : 0;
    line->year = year != NULL ? atoi(year) : 0;
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        const char *value =
            fisc_engine_field(master->fields, fisc_dimension_column((FiscDimension)i));
        line->key.dim[i] = value != NULL ? fisc_engine_symbol(engine, value) : 0;
    }
    bool is_new = g_hash_table_insert(engine->budget_lines, g_strdup(master->subject), line);
    if (!is_new) {
        fisc_engine_refold(engine);
    } else if (!engine->is_outdated) {
        fold_budget_line(engine, line);
    }
}

void
fisc_engine_remove_budget_line(FiscEngine *engine, const FiscMaster *master)
{
    g_hash_table_remove(engine->budget_lines, master->subject);
    fisc_engine_refold(engine);
}

/* Refolding -------------------------------------------------------------------------------- */

void
fisc_engine_refold(FiscEngine *engine)
{
    engine->controls_version++; /* nothing that was kept of the keys holds any more */
    engine->is_outdated = true;
    g_ptr_array_set_size(engine->touched, 0);
    if (engine->changed != NULL) {
        g_ptr_array_set_size(engine->changed, 0);
        engine->is_all_changed = true;
    }
    fisc_engine_forget_growths(engine);
    g_hash_table_remove_all(engine->key_states);
}

/* Sums that no entry would have made may pass every bound, when a control is defined anew: adding
 * goes round then, so that they come out the same in whatever order they are folded. */
static void
add_round(int64_t *sum, int64_t amount)
{
    *sum = (int64_t)((uint64_t)*sum + (uint64_t)amount);
}

static void
refold_turnover(FiscEngine *engine, FiscEngineCoding *coding, FiscPeriod period, int64_t debit,
                int64_t credit)
{
    if (debit == 0 && credit == 0) {
        return; /* all of it was taken back: it never was */
    }
    find_uses(engine, coding, fisc_period_year(period));
    for (int i = 0; i < coding->use_count; i++) {
        const FiscKeyUse *use = &coding->uses[i];
        FiscKeyState *state = use->state;
        mark_changed(engine, state);
        if (use->growth != NULL) {
            add_round(&state->year.limit, fisc_growth_refold(engine, use, debit, credit));
            continue;
        }
        int64_t amount = use->sign * (debit - credit);
        add_round(amount_in(&state->year, use->slot), amount);
        if (state->months != NULL) {
            add_round(amount_in(&state->months[fisc_month_of(period) - 1], use->slot), amount);
        }
        state->rows += use->slot == FISC_SLOT_LIMIT ? 1 : 0;
    }
}

void
fisc_engine_fold_restored(FiscEngine *engine, FiscEngineCoding *coding, FiscPeriod period,
                          int64_t debit, int64_t credit)
{
    fisc_engine_refresh_keys(engine);
    FiscTurnover *turnover = turnover_of(coding, period);
    add_round(&turnover->debit, debit);
    add_round(&turnover->credit, credit);
    refold_turnover(engine, coding, period, debit, credit);
}

void
fisc_engine_refresh_keys(FiscEngine *engine)
{
    if (!engine->is_outdated) {
        return;
    }
    engine->is_outdated = false;
    for (guint i = 0; i < engine->codings->len; i++) {
        FiscEngineCoding *coding = engine->codings->pdata[i];
        for (const FiscTurnover *turnover = coding->turnovers; turnover != NULL;
             turnover = turnover->earlier) {
            refold_turnover(engine, coding, turnover->period, turnover->debit, turnover->credit);
        }
    }
    GHashTableIter iter;
    gpointer line;
    g_hash_table_iter_init(&iter, engine->budget_lines);
    while (g_hash_table_iter_next(&iter, NULL, &line)) {
        fold_budget_line(engine, line);
    }
}

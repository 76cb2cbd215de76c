/* engine_funds.c: what the keys of every control hold, for those who ask. */
#include "fisc/poster.h"
#include "ledger/engine_control.h"
#include <string.h>

static bool
is_same_part(const FiscEngine *engine, const FiscKeyPart *part, const char *has, const char *wanted)
{
    if (wanted == NULL) {
        return true;
    }
    if (part->depth > 0) {
        wanted = fisc_engine_ancestor(engine, fisc_dimension_column((FiscDimension)part->dim),
                                      wanted, part->depth);
    }
    return part->length > 0 ? strncmp(wanted, has, (gsize)part->length) == 0
                            : strcmp(wanted, has) == 0;
}

static bool
matches(const FiscEngine *engine, const FiscKeyState *state, const char *entity, int year,
        const char *const dim[FISC_DIM_COUNT])
{
    bool is_match = state->name.year == year;
    for (int i = 0; is_match && i < state->control->part_count; i++) {
        const FiscKeyPart *part = &state->control->parts[i];
        const char *wanted = part->dim == FISC_PART_ENTITY ? entity
                             : part->dim >= 0              ? dim[part->dim]
                                                           : NULL;
        is_match = is_same_part(engine, part, fisc_engine_symbol_text(engine, state->name.part[i]),
                                wanted);
    }
    return is_match;
}

/* A definition of another year has nothing to say. */
static bool
is_in_force(const FiscControl *control, int year)
{
    return control->from <= fisc_date_make(year, 12, 31) &&
           control->to >= fisc_date_make(year, 1, 1);
}

static bool
is_on_record(const FiscKeyState *state)
{
    return state->rows > 0 || state->year.limit != 0 || fisc_key_consumed(state, &state->year) != 0;
}

static FiscPeriod
period_of(int year, int month, bool is_first)
{
    int edge = is_first ? (month == 1 ? 0 : month) : (month == 12 ? 13 : month);
    return year * 100 + edge;
}

static FiscFunds *
funds_of(const FiscEngine *engine, const FiscKeyState *state, FiscWindow window)
{
    static const FiscStage stages[FISC_CONSUMED_COUNT] = {
        FISC_STAGE_AUTHORIZATION, FISC_STAGE_COMMITMENT, FISC_STAGE_OBLIGATION, FISC_STAGE_PAYMENT,
        FISC_STAGE_BLOCK};
    FiscKeyAmounts amounts = fisc_key_amounts(state, window);
    const FiscControl *control = state->control;
    FiscFunds *funds = g_new0(FiscFunds, 1);
    funds->control = g_strdup(control->name);
    funds->level = g_strdup(fisc_level_word(control->level));
    funds->article = g_strdup(control->article);
    funds->key = fisc_key_text(engine, state, window);
    funds->limit = amounts.limit;
    funds->grown = fisc_growth_of_key(engine, state, &funds->growth);
    funds->ceiling = fisc_key_ceiling(engine, state, amounts.limit);
    funds->consumed = amounts.consumed;
    for (int i = 0; i < FISC_CONSUMED_COUNT; i++) {
        funds->stage[stages[i]] = amounts.stage[i];
    }
    funds->stage[FISC_STAGE_RELEASE] = amounts.released;
    funds->available = amounts.limit - amounts.consumed;
    funds->is_over = funds->available < 0;
    funds->is_overridable = control->is_overridable;
    funds->from = period_of(state->name.year, window.first, true);
    funds->to = period_of(state->name.year, window.last, false);
    return funds;
}

/* The whole year, or every window in which something is limited or consumed. */
static void
append_windows(const FiscEngine *engine, const FiscKeyState *state, GPtrArray *out_funds)
{
    FiscWindow window = {.last = 0};
    while (window.last < 12) {
        window = fisc_control_window(state->control, window.last + 1);
        FiscKeyAmounts amounts = fisc_key_amounts(state, window);
        if (state->months == NULL || amounts.limit != 0 || amounts.consumed != 0) {
            g_ptr_array_add(out_funds, funds_of(engine, state, window));
        }
    }
}

gint
fisc_funds_compare(gconstpointer a, gconstpointer b)
{
    const FiscFunds *left = *(FiscFunds *const *)a;
    const FiscFunds *right = *(FiscFunds *const *)b;
    int by_control = strcmp(left->control, right->control);
    return by_control != 0 ? by_control : strcmp(left->key, right->key);
}

void
fisc_engine_append_funds(const FiscEngine *engine, const FiscKeyState *state, GPtrArray *out_funds)
{
    if (is_on_record(state) && is_in_force(state->control, state->name.year)) {
        append_windows(engine, state, out_funds);
    }
}

void
fisc_engine_funds(FiscEngine *engine, const char *entity, int year,
                  const char *const dim[FISC_DIM_COUNT], GPtrArray *out_funds)
{
    GHashTableIter iter;
    gpointer value;
    fisc_engine_refresh_keys(engine);
    g_hash_table_iter_init(&iter, engine->key_states);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const FiscKeyState *state = value;
        if (matches(engine, state, entity, year, dim)) {
            fisc_engine_append_funds(engine, state, out_funds);
        }
    }
    g_ptr_array_sort(out_funds, fisc_funds_compare);
}

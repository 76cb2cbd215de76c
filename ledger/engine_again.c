/* engine_again.c: see engine_again.h. The engine's own judgement is asked, not a copy of it.
 *
 * Codings are numbered as they come: an entry may get lines that it did not have, so the numbers of
 * the log mean nothing here. */
#include "ledger/engine_again.h"
#include "ledger/engine_control.h"
#include <string.h>

struct _FiscAgain {
    FiscEngine *engine;
};

FiscAgain *
fisc_again_new(int book_id)
{
    FiscAgain *again = g_new0(FiscAgain, 1);
    again->engine = fisc_engine_new(book_id);
    fisc_engine_begin(again->engine);
    return again;
}

void
fisc_again_free(FiscAgain *again)
{
    if (again != NULL) {
        fisc_engine_free(again->engine);
        g_free(again);
    }
}

void
fisc_again_event(FiscAgain *again, const char *kind, const char *subject, int number,
                 char *const *fields, int count)
{
    fisc_engine_restore_event(again->engine, kind, subject, number, fields, count);
}

void
fisc_again_time(FiscAgain *again, int64_t posted_at_us)
{
    fisc_engine_set_time(again->engine, posted_at_us);
}

/* Entries ---------------------------------------------------------------------------------- */

static FiscCodingKey
key_of(FiscEngine *engine, const FiscAgainEntry *entry, const FiscAgainLine *line)
{
    FiscCodingKey key = {.entity_id = entry->entity_id,
                         .account_id = line->account_id,
                         .flow = line->flow,
                         .kind = line->kind};
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        key.dim[i] = fisc_engine_symbol(engine, line->dim[i] != NULL ? line->dim[i] : "");
    }
    return key;
}

static void
append_lines(FiscDecision *decision, const FiscAgainEntry *entry)
{
    static const FiscLineNote none = {0};
    FiscEngine *engine = decision->engine;
    for (guint i = 0; i < entry->count; i++) {
        const FiscAgainLine *line = &entry->lines[i];
        FiscCodingKey key = key_of(engine, entry, line);
        bool is_dropped = line->if_budgeted &&
                          !fisc_engine_is_budgeted(engine, &key, fisc_period_year(entry->period),
                                                   entry->effective);
        if (!is_dropped) {
            fisc_engine_append_line(decision, &key, line->amount, &none);
        }
    }
}

/* Folds the lines of both sides. @is_judged: so that it can be taken back. */
static void
fold_lines(const FiscDecision *decision, bool is_judged)
{
    FiscEngine *engine = decision->engine;
    for (int side = 0; side < 2; side++) {
        for (guint i = 0; i < decision->coding[side]->len; i++) {
            int32_t id = g_array_index(decision->coding[side], int32_t, i);
            int64_t amount = g_array_index(decision->amount[side], int64_t, i);
            FiscEngineCoding *coding = engine->codings->pdata[id - 1];
            int64_t debit = MAX(amount, 0);
            int64_t credit = amount < 0 ? -amount : 0;
            if (is_judged) {
                fisc_engine_fold(engine, coding, decision->period, debit, credit);
            } else {
                fisc_engine_fold_restored(engine, coding, decision->period, debit, credit);
            }
        }
    }
}

/* The rules of virements, as they see a posted entry. They do not say it in words of a refusal. */
static void
judge_virement(const FiscDecision *decision, const FiscAgainEntry *entry)
{
    const FiscDecidedEntry posted = {
        .entity_id = entry->entity_id,
        .period = entry->period,
        .effective = entry->effective,
        .reverses = entry->reverses,
        .count = (int)decision->coding[1]->len,
        .coding = (int32_t *)(void *)decision->coding[1]->data,
        .amount = (int64_t *)(void *)decision->amount[1]->data,
        .reference = entry->reference,
    };
    g_autoptr(FiscRefusals) objections = fisc_refusals_new();
    fisc_engine_object_virement(decision->engine, &posted, objections);
    for (guint i = 0; i < objections->len; i++) {
        const FiscRefusal *objection = objections->pdata[i];
        fisc_refusals_add(decision->refusals, FISC_ERROR_VIREMENT_RULE, NULL, 0, NULL, "%s",
                          objection->detail);
    }
}

static void
decision_begin(FiscDecision *decision, const FiscAgainEntry *entry, FiscEntry *words)
{
    *words = (FiscEntry){.reference = entry->reference, .effective = entry->effective};
    decision->entry = words;
    decision->entity_id = entry->entity_id;
    decision->period = entry->period;
    for (int side = 0; side < 2; side++) {
        decision->coding[side] = g_array_new(FALSE, FALSE, sizeof(int32_t));
        decision->amount[side] = g_array_new(FALSE, FALSE, sizeof(int64_t));
        decision->note[side] = g_array_new(FALSE, FALSE, sizeof(FiscLineNote));
    }
    append_lines(decision, entry);
}

static void
decision_end(FiscDecision *decision)
{
    for (int side = 0; side < 2; side++) {
        g_array_unref(decision->coding[side]);
        g_array_unref(decision->amount[side]);
        g_array_unref(decision->note[side]);
    }
    fisc_engine_forget_touched(decision->engine);
}

void
fisc_again_take(FiscAgain *again, const FiscAgainEntry *entry)
{
    FiscEntry words;
    FiscDecision decision = {.engine = again->engine};
    fisc_engine_begin(again->engine);
    decision_begin(&decision, entry, &words);
    fold_lines(&decision, false);
    decision_end(&decision);
    fisc_engine_begin(again->engine); /* what was folded stays */
}

bool
fisc_again_decide(FiscAgain *again, const FiscAgainEntry *entry, FiscRefusals *refusals,
                  FiscRefusals *warnings)
{
    guint before = refusals->len;
    FiscEntry words;
    FiscDecision decision = {.engine = again->engine, .refusals = refusals, .warnings = warnings};
    fisc_engine_begin(again->engine);
    decision_begin(&decision, entry, &words);
    judge_virement(&decision, entry);
    fold_lines(&decision, true);
    fisc_engine_cover(&decision);
    fisc_engine_judge(&decision);
    decision_end(&decision);
    bool is_accepted = refusals->len == before;
    if (is_accepted) {
        fisc_engine_begin(again->engine);
    } else {
        fisc_engine_undo(again->engine);
    }
    return is_accepted;
}

/* Refusals --------------------------------------------------------------------------------- */

FiscAgainAnswer
fisc_again_ask(FiscAgain *again, const char *control_name, const char *key, int64_t requested,
               int64_t *out_shortfall)
{
    FiscEngine *engine = again->engine;
    FiscKeyName name;
    FiscWindow window;
    const FiscControl *control = fisc_engine_control(engine, control_name);
    *out_shortfall = 0;
    if (control == NULL || !fisc_key_parse(engine, control, key, &name, &window)) {
        return FISC_AGAIN_UNKNOWN;
    }
    const FiscKeyState *state = fisc_key_find(engine, &name);
    if (control->level != FISC_LEVEL_ABSOLUTE) {
        return FISC_AGAIN_ACCEPTED;
    }
    if ((state == NULL || state->rows == 0) && control->absent != FISC_ABSENT_ZERO) {
        *out_shortfall = requested;
        return control->absent == FISC_ABSENT_REFUSE ? FISC_AGAIN_REFUSED : FISC_AGAIN_ACCEPTED;
    }
    FiscKeyAmounts amounts = state != NULL ? fisc_key_amounts(state, window) : (FiscKeyAmounts){0};
    int64_t ceiling = state != NULL ? fisc_key_ceiling(engine, state, amounts.limit) : 0;
    __int128 over = (__int128)amounts.consumed + requested - ceiling;
    *out_shortfall = (int64_t)CLAMP(over, 0, INT64_MAX);
    return over > 0 ? FISC_AGAIN_REFUSED : FISC_AGAIN_ACCEPTED;
}

/* engine_judge.c: the part of the engine that says no for lack of funds, and what it says to those
 * whom it lets pass.
 *
 * What is judged is the net effect of a whole entry on each key, and every failing key is named
 * (rules R5, R7, R9). What gives back never fails (R11): only an entry that lowers what is
 * available is asked. One that is dated back may break a later boundary of its interval, so those
 * are looked at, too; a key says one thing, the worst of them. */
#include "ledger/engine_control.h"
#include <string.h>

/* What an entry asks of a key. */
typedef struct {
    int64_t limit; /* so much was added to it */
    FiscKeyAmounts added;
    int64_t revalued; /* of it: prices have moved, nobody has spent */
    int64_t asked;    /* less is available by this, but for revaluation */
} Request;

/* What a key says in one window. In ascending order of weight. */
typedef enum {
    VERDICT_NOTHING,
    VERDICT_WARNING,
    VERDICT_REVALUED,
    VERDICT_TOLERATED,
    VERDICT_ADVISORY,
    VERDICT_OVERRIDDEN,
    VERDICT_EXCEEDED,
    VERDICT_NO_BUDGET,
} Weight;

typedef struct {
    Weight weight;
    FiscWindow window;
    FiscKeyAmounts after;
    int64_t over; /* the ceiling, by so much; below zero: so much is left */
    int64_t shortfall;
    char *overrides; /* their names; owned */
} Verdict;

static const FiscError codes[] = {
    [VERDICT_NOTHING] = FISC_ERROR_FAILED,
    [VERDICT_WARNING] = FISC_ERROR_BUDGET_WARNING,
    [VERDICT_REVALUED] = FISC_ERROR_BUDGET_REVALUED,
    [VERDICT_TOLERATED] = FISC_ERROR_BUDGET_TOLERATED,
    [VERDICT_ADVISORY] = FISC_ERROR_BUDGET_ADVISORY,
    [VERDICT_OVERRIDDEN] = FISC_ERROR_BUDGET_OVERRIDDEN,
    [VERDICT_EXCEEDED] = FISC_ERROR_BUDGET_EXCEEDED,
    [VERDICT_NO_BUDGET] = FISC_ERROR_NO_BUDGET,
};

int64_t
fisc_key_available(const FiscKeyState *state, FiscPeriod period)
{
    FiscWindow window = fisc_control_window(state->control, period);
    int64_t least = INT64_MAX;
    do {
        FiscKeyAmounts amounts = fisc_key_amounts(state, window);
        least = MIN(least, amounts.limit - amounts.consumed);
    } while (fisc_control_next_window(state->control, &window));
    return least;
}

/* The entry lies in one period, so it moves every window that it touches by the same. */
static Request
request_of(const FiscKeyState *state)
{
    FiscWindow year = {.first = 1, .last = 12};
    FiscKeyState before = {.control = state->control, .year = state->before};
    FiscKeyState now = {.control = state->control, .year = state->year};
    FiscKeyAmounts was = fisc_key_amounts(&before, year);
    Request request = {.added = fisc_key_amounts(&now, year)};
    request.added.limit -= was.limit;
    request.added.consumed -= was.consumed;
    for (int i = 0; i < FISC_CONSUMED_COUNT; i++) {
        request.added.stage[i] -= was.stage[i];
    }
    request.revalued = MAX(state->revalued, 0);
    request.asked = request.added.consumed - request.added.limit - request.revalued;
    return request;
}

int64_t
fisc_key_shortage(const FiscKeyState *state, FiscPeriod period)
{
    Request request = request_of(state);
    int64_t available = fisc_key_available(state, period) + request.revalued;
    return request.asked > 0 && available < 0 ? -available : 0;
}

/* An absolute control, over its ceiling. */
static void
weigh_excess(FiscDecision *decision, const FiscKeyState *state, const Request *request,
             Verdict *verdict)
{
    const FiscEngine *engine = decision->engine;
    int64_t excess = verdict->over - request->revalued; /* by what was asked */
    if (request->asked <= 0 || excess <= 0) {
        verdict->weight = VERDICT_REVALUED;
        return;
    }
    g_autofree char *key = fisc_key_text(engine, state, verdict->window);
    g_autoptr(GString) names = g_string_new(NULL);
    __int128 left = excess - fisc_engine_override(engine, state->control->name, key,
                                                  fisc_key_decimals(engine, &state->name), names);
    verdict->weight = left <= 0 ? VERDICT_OVERRIDDEN : VERDICT_EXCEEDED;
    verdict->shortfall = left <= 0 ? verdict->over : (int64_t)left;
    verdict->overrides = left <= 0 ? g_strdup(names->str) : NULL;
}

static bool
is_nearly_used(const FiscKeyState *state, const FiscKeyAmounts *amounts)
{
    return state->control->warn >= 0 && (__int128)amounts->consumed * FISC_MILLION >
                                            (__int128)state->control->warn * amounts->limit;
}

static Verdict
weigh_window(FiscDecision *decision, const FiscKeyState *state, const Request *request,
             FiscWindow window)
{
    Verdict verdict = {.window = window, .after = fisc_key_amounts(state, window)};
    int64_t limit = verdict.after.limit;
    FiscLevel level = state->control->level;
    verdict.over = verdict.after.consumed - fisc_key_ceiling(decision->engine, state, limit);
    verdict.shortfall = MAX(verdict.over, 0);
    if (verdict.over > 0 && level == FISC_LEVEL_ABSOLUTE) {
        weigh_excess(decision, state, request, &verdict);
    } else if (verdict.after.consumed > limit && level >= FISC_LEVEL_ADVISORY) {
        verdict.weight = verdict.over > 0 ? VERDICT_ADVISORY : VERDICT_TOLERATED;
    } else if (is_nearly_used(state, &verdict.after)) {
        verdict.weight = VERDICT_WARNING;
    }
    return verdict;
}

/* The worst that any window says; of equals the one that is over by most, and the earliest. */
static Verdict
weigh_key(FiscDecision *decision, const FiscKeyState *state, const Request *request)
{
    FiscWindow window = fisc_control_window(state->control, decision->period);
    Verdict worst = weigh_window(decision, state, request, window);
    while (fisc_control_next_window(state->control, &window)) {
        Verdict next = weigh_window(decision, state, request, window);
        bool is_worse =
            next.weight > worst.weight || (next.weight == worst.weight && next.over > worst.over);
        g_free(is_worse ? worst.overrides : next.overrides);
        worst = is_worse ? next : worst;
    }
    return worst;
}

static Verdict
weigh_absent(const FiscDecision *decision, const FiscKeyState *state, const Request *request)
{
    FiscWindow window = fisc_control_window(state->control, decision->period);
    Verdict verdict = {.window = window, .after = fisc_key_amounts(state, window)};
    if (state->control->absent == FISC_ABSENT_REFUSE && request->asked > 0) {
        verdict.weight = VERDICT_NO_BUDGET;
        verdict.shortfall =
            MAX(verdict.after.consumed - verdict.after.limit - request->revalued, 0);
    }
    return verdict;
}

/* Amounts are those before the entry, for a cut of the limit is a request, too. */
static void
report(FiscDecision *decision, const FiscKeyState *state, const Request *request,
       const Verdict *verdict)
{
    const FiscEntry *entry = decision->entry;
    bool is_refused = verdict->weight >= VERDICT_EXCEEDED;
    FiscRefusal *refusal =
        fisc_refusals_add(is_refused ? decision->refusals : decision->warnings,
                          codes[verdict->weight], entry->file, entry->row, NULL, "\"%s\"%s%s",
                          entry->reference, verdict->overrides != NULL ? ": override " : "",
                          verdict->overrides != NULL ? verdict->overrides : "");
    refusal->control = g_strdup(state->control->name);
    refusal->key = fisc_key_text(decision->engine, state, verdict->window);
    refusal->article = g_strdup(state->control->article);
    refusal->limit = verdict->after.limit - request->added.limit;
    refusal->consumed = verdict->after.consumed - request->added.consumed;
    refusal->requested = request->asked + (is_refused ? 0 : request->revalued);
    refusal->shortfall = verdict->shortfall;
    for (int i = 0; i < FISC_CONSUMED_COUNT; i++) {
        refusal->stage[i] = verdict->after.stage[i] - request->added.stage[i];
    }
}

/* The usual case, without a closer look: nothing is asked of the key, or it has enough for the year
 * and nothing to say. */
static bool
is_plain(const FiscKeyState *state)
{
    __int128 before = state->before.limit - fisc_key_consumed(state, &state->before);
    __int128 available = state->year.limit - fisc_key_consumed(state, &state->year);
    bool is_simple = state->months == NULL && state->rows > 0 && state->control->warn < 0;
    return available >= before || (is_simple && available >= 0);
}

static void
judge_key(FiscDecision *decision, const FiscKeyState *state)
{
    const FiscControl *control = state->control;
    if (is_plain(state) || !fisc_control_is_in_force(control, decision->entry->effective)) {
        return;
    }
    Request request = request_of(state);
    bool is_absent = state->rows == 0 && control->absent != FISC_ABSENT_ZERO;
    Verdict verdict =
        is_absent ? weigh_absent(decision, state, &request) : weigh_key(decision, state, &request);
    if (verdict.weight != VERDICT_NOTHING) {
        report(decision, state, &request, &verdict);
    }
    g_free(verdict.overrides);
}

void
fisc_engine_judge(FiscDecision *decision)
{
    for (guint i = 0; i < decision->engine->touched->len; i++) {
        judge_key(decision, decision->engine->touched->pdata[i]);
    }
    fisc_engine_forget_touched(decision->engine);
}

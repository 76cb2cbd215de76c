/* model_entry.c: one entry judged: its words, its reference, its place, its codes, its funds. */
#include "tests/sim/model_internal.h"
#include <stdlib.h>
#include <string.h>

#define SUM_MAX ((int64_t)1 << 60)

typedef struct {
    SimModel *model;
    const SimUnit *unit;
    const SimEntry *entry;
    int memo;
    SimVerdict *verdict;
    SimPosted posted;
} Decision;

static void
refuse(Decision *decision, FiscError code)
{
    sim_model_add_code(decision->verdict->code, &decision->verdict->code_count, code);
}

static bool
is_refused(const Decision *decision)
{
    return decision->verdict->code_count > 0;
}

static bool
is_budgetary(const SimLine *line)
{
    return sim_accounts[line->account].stage != FISC_STAGE_NONE;
}

static void
check_words(Decision *decision)
{
    const SimEntry *entry = decision->entry;
    if (entry->reference == 0) {
        refuse(decision, FISC_ERROR_VALUE_MISSING);
    }
    if (entry->entity < 0) {
        refuse(decision, FISC_ERROR_VALUE_MISSING);
    }
    if (entry->reverses && entry->corrects == 0) {
        refuse(decision, FISC_ERROR_VALUE_MISSING);
    }
    if (entry->line_count < 2) {
        refuse(decision, FISC_ERROR_ENTRY_SHAPE);
    }
}

static void
check_balance(Decision *decision)
{
    __int128 sums[2] = {0, 0};
    for (int i = 0; i < decision->entry->line_count; i++) {
        const SimLine *line = &decision->entry->line[i];
        sums[is_budgetary(line) ? 1 : 0] += line->amount;
        if (line->amount == 0) {
            refuse(decision, FISC_ERROR_ENTRY_SHAPE);
        }
    }
    for (int side = 0; side < 2; side++) {
        if (sums[side] != 0) {
            refuse(decision, FISC_ERROR_ENTRY_UNBALANCED);
        }
    }
}

int64_t
sim_model_find(const SimModel *model, int source, int reference, bool is_reversal)
{
    for (guint i = 0; i < model->references->len; i++) {
        const Reference *known = &g_array_index(model->references, Reference, i);
        if (known->source == source && known->number == reference &&
            known->is_reversal == is_reversal) {
            return i + 1;
        }
    }
    return 0;
}

const SimPosted *
sim_model_posted(const SimModel *model, int64_t entry_id)
{
    return &g_array_index(model->posted, SimPosted, entry_id - 1);
}

/* The same words, and the same memo where the first had one. */
static bool
is_same_entry(const SimPosted *posted, const Decision *decision)
{
    return memcmp(&posted->entry, decision->entry, sizeof(SimEntry)) == 0 &&
           (posted->memo == 0 || posted->memo == decision->memo);
}

static void
decide_known(Decision *decision, int64_t entry_id)
{
    const SimPosted *posted = sim_model_posted(decision->model, entry_id);
    SimVerdict *verdict = decision->verdict;
    verdict->entry_id = entry_id;
    verdict->batch_no = posted->batch_no;
    if (is_same_entry(posted, decision)) {
        verdict->kind = FISC_RESULT_REPEATED;
    } else {
        verdict->kind = FISC_RESULT_CONFLICT;
        refuse(decision, decision->entry->reverses ? FISC_ERROR_ALREADY_REVERSED
                                                   : FISC_ERROR_REFERENCE_CONFLICT);
    }
}

static void
check_correction(Decision *decision)
{
    const SimEntry *entry = decision->entry;
    if (entry->corrects == 0) {
        return;
    }
    int64_t corrected =
        sim_model_find(decision->model, decision->unit->source, entry->corrects, false);
    if (corrected == 0) {
        refuse(decision, FISC_ERROR_CORRECTS_UNKNOWN);
        return;
    }
    if (entry->reverses && (!entry->is_reversal_reference || entry->reference != entry->corrects)) {
        refuse(decision, FISC_ERROR_VALUE_INVALID);
    }
    decision->posted.corrects_id = corrected;
}

static bool
has_account(const SimModel *model, int account)
{
    return account != SIM_ACCOUNT_UNKNOWN &&
           sim_model_fact(model, SIM_EVENT_ACCOUNT, sim_account_base(account)) != NULL;
}

static bool
is_opening(const SimModel *model, const SimLine *line)
{
    return has_account(model, line->account) &&
           sim_accounts[line->account].flow == FISC_FLOW_OPENING;
}

static void
check_period(Decision *decision)
{
    const SimEntry *entry = decision->entry;
    bool is_all_opening = true;
    for (int i = 0; i < entry->line_count; i++) {
        is_all_opening = is_all_opening && is_opening(decision->model, &entry->line[i]);
    }
    FiscPeriod month = fisc_period_of(entry->effective);
    FiscPeriod own = is_all_opening ? month / 100 * 100 : month;
    decision->posted.period = entry->period != 0 ? entry->period : own;
    decision->verdict->period = decision->posted.period;
    if (!sim_model_is_open(decision->model, decision->posted.period)) {
        refuse(decision, FISC_ERROR_PERIOD_NOT_OPEN);
    }
}

static bool
has_party(const SimModel *model, int party)
{
    return party == 0 ||
           (party < SIM_PARTY_GROUP &&
            sim_model_fact(model, SIM_EVENT_ENTITY, party - 1) != NULL) ||
           (party == SIM_PARTY_GROUP && sim_model_fact(model, SIM_EVENT_GROUP, 0) != NULL);
}

static void
check_codes(Decision *decision)
{
    const SimEntry *entry = decision->entry;
    for (int i = 0; i < entry->line_count; i++) {
        const SimLine *line = &entry->line[i];
        if (!has_account(decision->model, line->account)) {
            refuse(decision, FISC_ERROR_ACCOUNT_UNKNOWN);
        } else if (!has_party(decision->model, line->party)) {
            refuse(decision, FISC_ERROR_COUNTERPARTY_UNKNOWN);
        }
    }
}

/* Whether some control keeps a record of the line's key. */
static bool
is_budgeted(const Decision *decision, const SimLine *line)
{
    const SimModel *model = decision->model;
    int year = fisc_period_year(decision->posted.period);
    for (int name = 0; name < SIM_CONTROL_COUNT; name++) {
        const SimEvent *control = sim_model_fact(model, SIM_EVENT_CONTROL, name);
        if (control != NULL && sim_model_covers(control, decision->entry->entity) &&
            (control->absent != SIM_ABSENT_NONE ||
             sim_model_sum_key(model, control, decision->entry->entity, line->dim, year)
                 .is_budgeted)) {
            return true;
        }
    }
    return false;
}

static void
keep_lines(Decision *decision)
{
    const SimEntry *entry = decision->entry;
    SimPosted *posted = &decision->posted;
    int openings = 0;
    for (int side = 0; side < 2; side++) {
        for (int i = 0; i < entry->line_count; i++) {
            const SimLine *line = &entry->line[i];
            if (is_budgetary(line) != (side == 1) ||
                (line->if_budgeted && !is_budgeted(decision, line))) {
                continue;
            }
            posted->kept[posted->kept_count++] = i;
            posted->financial += side == 0 ? 1 : 0;
            openings += is_opening(decision->model, line) ? 1 : 0;
        }
    }
    bool is_mixed = openings > 0 && openings < posted->kept_count;
    if (is_mixed || posted->kept_count < 2) {
        refuse(decision, FISC_ERROR_ENTRY_SHAPE);
    }
}

/* Dropping lines must not leave one side heavier than the other. */
static void
check_kept_balance(Decision *decision)
{
    __int128 budgetary = 0;
    for (int i = decision->posted.financial; i < decision->posted.kept_count; i++) {
        budgetary += decision->entry->line[decision->posted.kept[i]].amount;
    }
    if (budgetary != 0) {
        refuse(decision, FISC_ERROR_ENTRY_UNBALANCED);
    }
}

static const SimLine *
kept_line(const Decision *decision, int at)
{
    return &decision->entry->line[decision->posted.kept[at]];
}

static bool
is_same_coding(const SimLine *a, const SimLine *b)
{
    return a->account == b->account && a->party == b->party &&
           memcmp(a->dim, b->dim, sizeof a->dim) == 0;
}

/* Turnovers are bounded on either side of each coding and year. */
static void
check_sums(Decision *decision)
{
    int year = fisc_period_year(decision->posted.period);
    for (int i = 0; i < decision->posted.kept_count; i++) {
        const SimLine *line = kept_line(decision, i);
        __int128 debit = 0;
        __int128 credit = 0;
        for (guint k = 0; k < decision->model->turnovers->len; k++) {
            const Turnover *old = &g_array_index(decision->model->turnovers, Turnover, k);
            if (old->entity == decision->entry->entity && old->year == year &&
                is_same_coding(&old->line, line)) {
                debit += MAX(old->line.amount, 0);
                credit -= MIN(old->line.amount, 0);
            }
        }
        for (int k = 0; k < decision->posted.kept_count; k++) {
            if (is_same_coding(kept_line(decision, k), line)) {
                debit += MAX(kept_line(decision, k)->amount, 0);
                credit -= MIN(kept_line(decision, k)->amount, 0);
            }
        }
        if (debit > SUM_MAX || credit > SUM_MAX) {
            refuse(decision, FISC_ERROR_AMOUNT_OVERFLOW);
            return;
        }
    }
}

/* True when an earlier line of the entry has the same key: it was judged with that one. */
static bool
was_judged(const Decision *decision, const SimEvent *control, int at)
{
    for (int i = 0; i < at; i++) {
        if (sim_model_touches_funds(kept_line(decision, i)) &&
            sim_model_is_same_key(control, kept_line(decision, i)->dim,
                                  kept_line(decision, at)->dim)) {
            return true;
        }
    }
    return false;
}

static void
add_shortage(Decision *decision, FiscError code, const SimEvent *control, const int *dim,
             const Sums *before, int64_t requested)
{
    SimVerdict *verdict = decision->verdict;
    SimShortage *shortage = &verdict->shortage[verdict->shortage_count++];
    g_assert(verdict->shortage_count <= SIM_SHORTAGES_MAX);
    *shortage = (SimShortage){.code = code,
                              .control = control->subject,
                              .limit = before->limit,
                              .consumed = sim_model_consumed(before),
                              .requested = requested};
    int64_t available = shortage->limit - shortage->consumed - requested;
    shortage->shortfall = available < 0 ? -available : 0;
    sim_model_format_key(control, decision->entry->entity, dim,
                         fisc_period_year(decision->posted.period), shortage->key);
    memcpy(shortage->dim, dim, sizeof shortage->dim);
    refuse(decision, code);
}

static void
judge_key(Decision *decision, const SimEvent *control, const int *dim)
{
    int entity = decision->entry->entity;
    int year = fisc_period_year(decision->posted.period);
    Sums before = sim_model_sum_key(decision->model, control, entity, dim, year);
    Sums after = before;
    for (int i = 0; i < decision->posted.kept_count; i++) {
        const SimLine *line = kept_line(decision, i);
        if (sim_model_touches_funds(line) && sim_model_is_same_key(control, line->dim, dim)) {
            sim_model_add_to_sums(&after, sim_accounts[line->account].stage, line->amount);
        }
    }
    int64_t available = after.limit - sim_model_consumed(&after);
    int64_t requested = before.limit - sim_model_consumed(&before) - available;
    if (requested <= 0) {
        return; /* nothing is asked of the key */
    }
    if (!after.is_budgeted && control->absent == SIM_ABSENT_NONE) {
        return; /* outside the control */
    }
    if (!after.is_budgeted && control->absent == SIM_ABSENT_REFUSE) {
        add_shortage(decision, FISC_ERROR_NO_BUDGET, control, dim, &before, requested);
    } else if (control->level == SIM_LEVEL_ABSOLUTE &&
               available + decision->model->limit_error < 0) {
        add_shortage(decision, FISC_ERROR_BUDGET_EXCEEDED, control, dim, &before, requested);
    }
}

static void
judge_funds(Decision *decision)
{
    for (int name = 0; name < SIM_CONTROL_COUNT; name++) {
        const SimEvent *control = sim_model_fact(decision->model, SIM_EVENT_CONTROL, name);
        if (control == NULL || !sim_model_covers(control, decision->entry->entity)) {
            continue;
        }
        for (int i = 0; i < decision->posted.kept_count; i++) {
            if (sim_model_touches_funds(kept_line(decision, i)) &&
                !was_judged(decision, control, i)) {
                judge_key(decision, control, kept_line(decision, i)->dim);
            }
        }
    }
}

static int
compare_shortages(gconstpointer a, gconstpointer b)
{
    const SimShortage *left = a;
    const SimShortage *right = b;
    int by_control = strcmp(sim_control_name(left->control), sim_control_name(right->control));
    return by_control != 0 ? by_control : strcmp(left->key, right->key);
}

static void
post(Decision *decision)
{
    SimModel *model = decision->model;
    int year = fisc_period_year(decision->posted.period);
    for (int i = 0; i < decision->posted.kept_count; i++) {
        const SimLine *line = kept_line(decision, i);
        Turnover turnover = {decision->entry->entity, year, *line};
        g_array_append_val(model->turnovers, turnover);
        if (sim_model_touches_funds(line)) {
            Move move = {.entity = decision->entry->entity,
                         .year = year,
                         .stage = sim_accounts[line->account].stage,
                         .amount = line->amount};
            memcpy(move.dim, line->dim, sizeof move.dim);
            g_array_append_val(model->moves, move);
        }
    }
    Reference reference = {decision->unit->source, decision->entry->reference,
                           decision->entry->is_reversal_reference};
    memcpy(&decision->posted.entry, decision->entry, sizeof(SimEntry)); /* with its padding */
    decision->posted.memo = decision->memo;
    decision->posted.source = decision->unit->source;
    decision->posted.actor = decision->unit->actor;
    decision->posted.batch_no = model->batch_no + 1;
    g_array_append_val(model->posted, decision->posted);
    g_array_append_val(model->references, reference);
    decision->verdict->kind = FISC_RESULT_POSTED;
    decision->verdict->batch_no = decision->posted.batch_no;
    decision->verdict->entry_id = model->posted->len;
}

static void
decide_new(Decision *decision)
{
    if (sim_model_fact(decision->model, SIM_EVENT_ENTITY, decision->entry->entity) == NULL) {
        refuse(decision, FISC_ERROR_ENTITY_UNKNOWN);
        return;
    }
    check_correction(decision);
    check_period(decision);
    check_codes(decision);
    if (!is_refused(decision)) {
        keep_lines(decision);
    }
    if (!is_refused(decision)) {
        check_kept_balance(decision);
    }
    if (!is_refused(decision)) {
        check_sums(decision);
    }
    if (!is_refused(decision)) {
        judge_funds(decision);
    }
    if (!is_refused(decision)) {
        post(decision);
    }
}

void
sim_model_decide_entry(SimModel *model, const SimUnit *unit, int at, SimVerdict *verdict)
{
    Decision decision = {.model = model,
                         .unit = unit,
                         .entry = &unit->entry[at],
                         .memo = unit->memo[at],
                         .verdict = verdict};
    memset(verdict, 0, sizeof *verdict);
    verdict->kind = FISC_RESULT_REFUSED;
    check_words(&decision);
    check_balance(&decision);
    if (is_refused(&decision)) {
        return;
    }
    int64_t known = sim_model_find(model, unit->source, decision.entry->reference,
                                   decision.entry->is_reversal_reference);
    if (known != 0) {
        decide_known(&decision, known);
    } else {
        decide_new(&decision);
    }
    qsort(verdict->shortage, (size_t)verdict->shortage_count, sizeof(SimShortage),
          compare_shortages);
}

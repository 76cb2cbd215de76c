/* model_entry.c: one entry judged: its words, its reference, its place, its codes, its funds. */
#include "tests/sim/model_internal.h"
#include <string.h>

#define SUM_MAX ((int64_t)1 << 60)

void
sim_model_refuse(Decision *decision, FiscError code)
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
        sim_model_refuse(decision, FISC_ERROR_VALUE_MISSING);
    }
    if (entry->entity < 0) {
        sim_model_refuse(decision, FISC_ERROR_VALUE_MISSING);
    }
    if (entry->reverses && entry->corrects == 0) {
        sim_model_refuse(decision, FISC_ERROR_VALUE_MISSING);
    }
    if (entry->line_count < 2) {
        sim_model_refuse(decision, FISC_ERROR_ENTRY_SHAPE);
    }
}

/* What a line may say of open items and foreign currency, whatever is on record. */
static void
check_item_words(Decision *decision, const SimLine *line)
{
    bool is_bad[] = {line->is_final && line->relieves == 0,
                     line->relieves != 0 && line->amount > 0 && is_budgetary(line),
                     line->relieves != 0 && line->relieves == line->item,
                     line->foreign != 0 && line->currency == 0,
                     line->foreign != 0 && (line->foreign > 0) != (line->amount > 0)};
    for (gsize i = 0; i < G_N_ELEMENTS(is_bad); i++) {
        if (is_bad[i]) {
            sim_model_refuse(decision, FISC_ERROR_ENTRY_SHAPE);
        }
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
            sim_model_refuse(decision, FISC_ERROR_ENTRY_SHAPE);
        }
        check_item_words(decision, line);
    }
    for (int side = 0; side < 2; side++) {
        if (sums[side] != 0) {
            sim_model_refuse(decision, FISC_ERROR_ENTRY_UNBALANCED);
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
        sim_model_refuse(decision, decision->entry->reverses ? FISC_ERROR_ALREADY_REVERSED
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
        sim_model_refuse(decision, FISC_ERROR_CORRECTS_UNKNOWN);
        return;
    }
    if (entry->reverses && (!entry->is_reversal_reference || entry->reference != entry->corrects)) {
        sim_model_refuse(decision, FISC_ERROR_VALUE_INVALID);
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
    return has_account(model, line->account) && sim_line_flow(line) == FISC_FLOW_OPENING;
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
        sim_model_refuse(decision, FISC_ERROR_PERIOD_NOT_OPEN);
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
            sim_model_refuse(decision, FISC_ERROR_ACCOUNT_UNKNOWN);
        } else if (!has_party(decision->model, line->party)) {
            sim_model_refuse(decision, FISC_ERROR_COUNTERPARTY_UNKNOWN);
        }
    }
}

/* Whether some control keeps a record of the line's key. */
static bool
is_budgeted(const Decision *decision, const SimLine *line)
{
    const SimModel *model = decision->model;
    for (int name = 0; name < SIM_CONTROL_COUNT; name++) {
        const SimControl *control = sim_model_control(model, name);
        if (control == NULL || control->accounts != 0 ||
            !sim_model_covers(control, decision->entry->entity) ||
            !sim_model_is_in_force(model, control, decision->entry->effective)) {
            continue;
        }
        SimKey key = sim_model_key(model, name, decision->entry->entity, line,
                                   fisc_period_year(decision->posted.period),
                                   sim_model_month(model, decision->posted.period));
        if (control->absent != SIM_ABSENT_NONE || sim_model_sum_key(model, &key).is_budgeted) {
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
            posted->line[posted->line_count++] = *line;
            posted->financial += side == 0 ? 1 : 0;
            openings += is_opening(decision->model, line) ? 1 : 0;
        }
    }
    bool is_mixed = openings > 0 && openings < posted->line_count;
    if (is_mixed || posted->line_count < 2) {
        sim_model_refuse(decision, FISC_ERROR_ENTRY_SHAPE);
    }
}

void
sim_model_append_line(Decision *decision, const SimLine *line)
{
    SimPosted *posted = &decision->posted;
    g_assert(posted->line_count < SIM_POSTED_LINES_MAX);
    decision->has_moved[posted->line_count] = true;
    posted->line[posted->line_count++] = *line;
}

/* Dropping lines must not leave one side heavier than the other. */
static void
check_kept_balance(Decision *decision)
{
    __int128 budgetary = 0;
    for (int i = decision->posted.financial; i < decision->posted.line_count; i++) {
        budgetary += decision->posted.line[i].amount;
    }
    if (budgetary != 0) {
        sim_model_refuse(decision, FISC_ERROR_ENTRY_UNBALANCED);
    }
}

static bool
is_same_coding(const SimLine *a, const SimLine *b)
{
    return a->account == b->account && a->party == b->party &&
           sim_line_flow(a) == sim_line_flow(b) && memcmp(a->dim, b->dim, sizeof a->dim) == 0;
}

/* Turnovers are bounded on either side of each coding and year. */
static void
check_sums(Decision *decision)
{
    int year = fisc_period_year(decision->posted.period);
    const SimPosted *posted = &decision->posted;
    for (int i = 0; i < posted->line_count; i++) {
        const SimLine *line = &posted->line[i];
        __int128 debit = 0;
        __int128 credit = 0;
        for (guint k = 0; k < decision->model->lines->len; k++) {
            const PostedLine *old = &g_array_index(decision->model->lines, PostedLine, k);
            if (old->entity == decision->entry->entity && fisc_period_year(old->period) == year &&
                is_same_coding(&old->line, line)) {
                debit += MAX(old->line.amount, 0);
                credit -= MIN(old->line.amount, 0);
            }
        }
        for (int k = 0; k < posted->line_count; k++) {
            if (is_same_coding(&posted->line[k], line)) {
                debit += MAX(posted->line[k].amount, 0);
                credit -= MIN(posted->line[k].amount, 0);
            }
        }
        if (debit > SUM_MAX || credit > SUM_MAX) {
            sim_model_refuse(decision, FISC_ERROR_AMOUNT_OVERFLOW);
            return;
        }
    }
}

/* No more is let go on a coding than is blocked on it in the year. */
static void
check_blocks(Decision *decision)
{
    const SimPosted *posted = &decision->posted;
    int year = fisc_period_year(posted->period);
    for (int i = 0; i < posted->line_count; i++) {
        const SimLine *line = &posted->line[i];
        int64_t blocked = 0;
        int64_t lifted = 0;
        if (sim_line_stage(line) != FISC_STAGE_BLOCK) {
            continue;
        }
        for (guint k = 0; k < decision->model->lines->len; k++) {
            const PostedLine *old = &g_array_index(decision->model->lines, PostedLine, k);
            if (old->entity == decision->entry->entity && fisc_period_year(old->period) == year &&
                is_same_coding(&old->line, line)) {
                blocked -= old->line.amount;
            }
        }
        for (int k = 0; k < posted->line_count; k++) {
            lifted += is_same_coding(&posted->line[k], line) ? posted->line[k].amount : 0;
        }
        if (lifted > 0 && lifted > blocked && decision->model->mistake != SIM_WRONG_LIFT) {
            sim_model_refuse(decision, FISC_ERROR_ITEM_EXCEEDED);
            return;
        }
    }
}

static bool
is_beyond(const SimModel *model, const SimKey *key, const Decision *decision, int upto)
{
    Sums sums = sim_model_sum_key(model, key);
    const SimControl *control = sim_model_control(model, key->control);
    for (int i = 0; i <= upto; i++) {
        const SimLine *line = &decision->posted.line[i];
        if (sim_model_counts(model, control, line) &&
            sim_model_has_words(model, key, decision->entry->entity, line)) {
            sim_model_add_to_sums(model, control, line, &sums);
        }
    }
    bool is_beyond = sums.limit > SUM_MAX || sums.limit < -SUM_MAX;
    for (int stage = 0; stage < FISC_STAGE_COUNT; stage++) {
        is_beyond = is_beyond || sums.stage[stage] > SUM_MAX || sums.stage[stage] < -SUM_MAX;
    }
    return is_beyond;
}

static bool
is_huge(const SimLine *line)
{
    return line->amount > SUM_MAX / 1024 || line->amount < -(SUM_MAX / 1024);
}

/* Most nations have no amounts that could come near the bound; looking would only take time. */
static bool
has_huge(const Decision *decision)
{
    bool has_huge = false;
    for (int i = 0; !has_huge && i < decision->posted.line_count; i++) {
        has_huge = is_huge(&decision->posted.line[i]);
    }
    for (guint i = 0; !has_huge && i < decision->model->lines->len; i++) {
        has_huge = is_huge(&g_array_index(decision->model->lines, PostedLine, i).line);
    }
    return has_huge;
}

/* So are the sums of every key, line after line, of the year and of the months it is cut into. */
static void
check_key_sums(Decision *decision)
{
    const SimModel *model = decision->model;
    int month = sim_model_month(model, decision->posted.period);
    for (int name = 0; name < SIM_CONTROL_COUNT; name++) {
        const SimControl *control = sim_model_control(model, name);
        bool counts = control != NULL && sim_model_covers(control, decision->entry->entity);
        for (int i = 0; counts && i < decision->posted.line_count; i++) {
            const SimLine *line = &decision->posted.line[i];
            SimKey key = sim_model_key(model, name, decision->entry->entity, line,
                                       fisc_period_year(decision->posted.period), month);
            SimKey year = key;
            year.from = 1;
            year.to = 12;
            key.from = key.to = month;
            bool is_cut = sim_model_boundary(control) != SIM_SPAN_YEAR;
            if (sim_model_counts(model, control, line) &&
                (is_beyond(model, &year, decision, i) ||
                 (is_cut && is_beyond(model, &key, decision, i)))) {
                sim_model_refuse(decision, FISC_ERROR_AMOUNT_OVERFLOW);
                return;
            }
        }
    }
}

static void
post(Decision *decision)
{
    SimModel *model = decision->model;
    for (int i = 0; i < decision->posted.line_count; i++) {
        PostedLine line = {decision->entry->entity, decision->posted.period,
                           decision->posted.line[i]};
        g_array_append_val(model->lines, line);
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
        sim_model_refuse(decision, FISC_ERROR_ENTITY_UNKNOWN);
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
        if (!is_refused(decision)) {
            sim_model_take_items(decision);
        }
        check_blocks(decision);
    }
    if (!is_refused(decision)) {
        sim_model_cover(decision);
    }
    if (!is_refused(decision)) {
        check_sums(decision);
    }
    if (!is_refused(decision) && has_huge(decision)) {
        check_key_sums(decision);
    }
    if (!is_refused(decision)) {
        sim_model_judge(decision);
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
    if (verdict->kind != FISC_RESULT_POSTED) {
        verdict->warning_count = 0; /* who is refused is not warned, too */
    }
}

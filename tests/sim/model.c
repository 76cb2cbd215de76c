/* model.c: see model.h. Slow and obvious; when it and the engine differ, read this one first. */
#include "tests/sim/model.h"
#include <stdlib.h>
#include <string.h>

#define SUM_MAX ((int64_t)1 << 60)

/* A budgetary line that makes or uses funds. */
typedef struct {
    int entity;
    int year;
    FiscStage stage;
    int64_t amount;
    int dim[SIM_DIM_COUNT];
} Move;

/* One side of a coding's turnover in a year, a line at a time. */
typedef struct {
    int entity;
    int year;
    SimLine line;
} Turnover;

typedef struct {
    int source, number;
    bool is_reversal;
} Reference;

typedef struct {
    guint facts, moves, turnovers, posted;
} Mark;

struct _SimModel {
    int64_t limit_error;
    int64_t batch_no;
    GArray *facts;          /* of SimEvent, in order: the newest of a subject holds */
    GArray *moves;          /* of Move */
    GArray *turnovers;      /* of Turnover */
    GArray *posted;         /* of SimPosted: entry 1, 2, 3 ... */
    GArray *references;     /* of Reference, in step with posted */
    Mark batch;             /* where the batch began */
    Mark launched;          /* where the one before it began, while that is on its way */
    GArray *batch_refusals; /* of SimRefusal */
};

SimModel *
sim_model_new(int64_t limit_error)
{
    SimModel *model = g_new0(SimModel, 1);
    model->limit_error = limit_error;
    model->facts = g_array_new(FALSE, TRUE, sizeof(SimEvent));
    model->moves = g_array_new(FALSE, TRUE, sizeof(Move));
    model->turnovers = g_array_new(FALSE, TRUE, sizeof(Turnover));
    model->posted = g_array_new(FALSE, TRUE, sizeof(SimPosted));
    model->references = g_array_new(FALSE, TRUE, sizeof(Reference));
    model->batch_refusals = g_array_new(FALSE, TRUE, sizeof(SimRefusal));
    return model;
}

void
sim_model_free(SimModel *model)
{
    if (model != NULL) {
        g_array_unref(model->facts);
        g_array_unref(model->moves);
        g_array_unref(model->turnovers);
        g_array_unref(model->posted);
        g_array_unref(model->references);
        g_array_unref(model->batch_refusals);
        g_free(model);
    }
}

/* Taking back -------------------------------------------------------------------------------- */

static Mark
mark(const SimModel *model)
{
    return (Mark){model->facts->len, model->moves->len, model->turnovers->len, model->posted->len};
}

static void
cut(SimModel *model, Mark to)
{
    g_array_set_size(model->facts, to.facts);
    g_array_set_size(model->moves, to.moves);
    g_array_set_size(model->turnovers, to.turnovers);
    g_array_set_size(model->posted, to.posted);
    g_array_set_size(model->references, to.posted);
}

void
sim_model_begin(SimModel *model)
{
    model->batch = mark(model);
    g_array_set_size(model->batch_refusals, 0);
}

void
sim_model_commit(SimModel *model)
{
    model->batch_no++;
    sim_model_begin(model);
}

void
sim_model_undo(SimModel *model)
{
    cut(model, model->batch);
    sim_model_begin(model);
}

void
sim_model_launch(SimModel *model)
{
    model->launched = model->batch;
    sim_model_commit(model);
}

void
sim_model_landed(SimModel *model)
{
    model->launched = model->batch;
}

void
sim_model_crashed(SimModel *model)
{
    cut(model, model->launched);
    model->batch_no--;
    sim_model_begin(model);
}

/* Facts -------------------------------------------------------------------------------------- */

static const SimEvent *
fact_at(const SimModel *model, guint at)
{
    return &g_array_index(model->facts, SimEvent, at);
}

/* The newest fact about a subject. */
static const SimEvent *
find_fact(const SimModel *model, SimEventKind kind, int subject)
{
    for (guint i = model->facts->len; i > 0; i--) {
        const SimEvent *fact = fact_at(model, i - 1);
        if (fact->kind == kind && fact->subject == subject) {
            return fact;
        }
    }
    return NULL;
}

/* True at the first mention of a subject. */
static bool
is_first_mention(const SimModel *model, guint at)
{
    for (guint i = 0; i < at; i++) {
        if (fact_at(model, i)->kind == fact_at(model, at)->kind &&
            fact_at(model, i)->subject == fact_at(model, at)->subject) {
            return false;
        }
    }
    return true;
}

int
sim_model_number(const SimModel *model, SimEventKind kind, int subject)
{
    int number = 0;
    for (guint i = 0; i < model->facts->len; i++) {
        const SimEvent *fact = fact_at(model, i);
        if (fact->kind == kind && is_first_mention(model, i)) {
            number++;
            if (fact->subject == subject) {
                return number;
            }
        }
    }
    return 0;
}

bool
sim_model_is_open(const SimModel *model, FiscPeriod period)
{
    const SimEvent *fact = find_fact(model, SIM_EVENT_PERIOD, period);
    return fact != NULL && fact->state == SIM_OPEN;
}

static void
add_code(FiscError *codes, int *count, FiscError code)
{
    int at = *count;
    g_assert(at < SIM_CODES_MAX);
    for (; at > 0 && codes[at - 1] > code; at--) {
        codes[at] = codes[at - 1];
    }
    codes[at] = code;
    (*count)++;
}

static bool
may_follow(const SimEvent *before, SimPeriodState after)
{
    if (before == NULL) {
        return after == SIM_OPEN;
    }
    return (before->state == SIM_OPEN && after == SIM_CLOSED) ||
           (before->state == SIM_CLOSED && after == SIM_SEALED);
}

/* 0 when the event may become a fact. */
static int
judge_event(const SimModel *model, const SimEvent *event, const SimEvent *before)
{
    switch (event->kind) {
    case SIM_EVENT_ENTITY:
        return before != NULL && before->currency != event->currency ? FISC_ERROR_MASTER_CONFLICT
                                                                     : 0;
    case SIM_EVENT_ACCOUNT:
        if (before != NULL) {
            return before->class_ != event->class_ ? FISC_ERROR_MASTER_CONFLICT : 0;
        }
        return event->class_ == 2 ? FISC_ERROR_VALUE_INVALID : 0;
    case SIM_EVENT_PERIOD:
        return may_follow(before, event->state) ? 0 : FISC_ERROR_PERIOD_STATE;
    case SIM_EVENT_CONTROL:
        return event->part_count < 0 || event->level == SIM_LEVEL_BAD ||
                       event->absent == SIM_ABSENT_BAD
                   ? FISC_ERROR_VALUE_INVALID
                   : 0;
    case SIM_EVENT_BUDGET_LINE:
        return event->entity < 0 || find_fact(model, SIM_EVENT_ENTITY, event->entity) == NULL
                   ? FISC_ERROR_ENTITY_UNKNOWN
                   : 0;
    case SIM_EVENT_GROUP:
    case SIM_EVENT_PERSON:
    case SIM_EVENT_SOURCE:
        break;
    }
    return 0;
}

static void
decide_event(SimModel *model, const SimEvent *event, SimAnswer *answer)
{
    const SimEvent *before = find_fact(model, event->kind, event->subject);
    if (before != NULL && memcmp(before, event, sizeof *event) == 0) {
        return; /* nothing new */
    }
    int wrong = judge_event(model, event, before);
    if (wrong != 0) {
        add_code(answer->event_code, &answer->event_code_count, (FiscError)wrong);
        return;
    }
    SimEvent fact = *event; /* before it may move */
    g_array_append_val(model->facts, fact);
}

static void
register_subject(SimModel *model, SimEventKind kind, int subject)
{
    if (find_fact(model, kind, subject) == NULL) {
        SimEvent fact;
        memset(&fact, 0, sizeof fact);
        fact.kind = kind;
        fact.subject = subject;
        g_array_append_val(model->facts, fact);
    }
}

/* Keys --------------------------------------------------------------------------------------- */

static bool
makes_limit(FiscStage stage)
{
    return stage == FISC_STAGE_APPROPRIATION || stage == FISC_STAGE_CHANGE;
}

static bool
uses_funds(FiscStage stage)
{
    return stage == FISC_STAGE_AUTHORIZATION || stage == FISC_STAGE_COMMITMENT ||
           stage == FISC_STAGE_OBLIGATION || stage == FISC_STAGE_PAYMENT;
}

static bool
covers(const SimEvent *control, int entity)
{
    return control->level != SIM_LEVEL_NONE &&
           (control->entities == 0 || (control->entities & (1u << entity)) != 0);
}

/* Whether two codings fall under the same key of a control. */
static bool
is_same_key(const SimEvent *control, const int *a, const int *b)
{
    for (int i = 0; i < control->part_count; i++) {
        SimDim dim = (SimDim)control->part[i];
        int length = control->length[i];
        bool is_same = length == 0 ? a[dim] == b[dim]
                                   : strncmp(sim_word(dim, a[dim]), sim_word(dim, b[dim]),
                                             (size_t)length) == 0;
        if (!is_same) {
            return false;
        }
    }
    return true;
}

static void
format_key(const SimEvent *control, int entity, const int *dim, int year, char *out_text)
{
    GString *text = g_string_new(NULL);
    g_string_printf(text, "entity=%s ", sim_entity_code(entity));
    for (int i = 0; i < control->part_count; i++) {
        SimDim part = (SimDim)control->part[i];
        int length = control->length[i];
        const char *word = sim_word(part, dim[part]);
        g_string_append_printf(text, "%s=%.*s ", fisc_dimension_column(sim_dimension(part)),
                               length > 0 ? length : (int)strlen(word), word);
    }
    g_string_append_printf(text, "year=%d", year);
    g_strlcpy(out_text, text->str, SIM_KEY_TEXT);
    g_string_free(text, TRUE);
}

/* What is on record under one key. */
typedef struct {
    int64_t limit;
    int64_t stage[FISC_STAGE_COUNT];
    bool is_budgeted; /* an appropriation line or a budget line names the key */
} Sums;

static int64_t
consumed_of(const Sums *sums)
{
    return sums->stage[FISC_STAGE_AUTHORIZATION] + sums->stage[FISC_STAGE_COMMITMENT] +
           sums->stage[FISC_STAGE_OBLIGATION] + sums->stage[FISC_STAGE_PAYMENT];
}

static void
add_to_sums(Sums *sums, FiscStage stage, int64_t amount)
{
    if (makes_limit(stage)) {
        sums->limit += amount;
        sums->is_budgeted = true;
    } else {
        sums->stage[stage] -= amount;
    }
}

static bool
has_budget_line(const SimModel *model, const SimEvent *control, int entity, const int *dim,
                int year)
{
    for (int subject = 0; subject < SIM_BUDGET_LINE_COUNT; subject++) {
        const SimEvent *line = find_fact(model, SIM_EVENT_BUDGET_LINE, subject);
        if (line != NULL && line->entity == entity && line->year == year &&
            is_same_key(control, line->dim, dim)) {
            return true;
        }
    }
    return false;
}

static Sums
sum_key(const SimModel *model, const SimEvent *control, int entity, const int *dim, int year)
{
    Sums sums = {.is_budgeted = has_budget_line(model, control, entity, dim, year)};
    for (guint i = 0; i < model->moves->len; i++) {
        const Move *move = &g_array_index(model->moves, Move, i);
        if (move->entity == entity && move->year == year && is_same_key(control, move->dim, dim)) {
            add_to_sums(&sums, move->stage, move->amount);
        }
    }
    return sums;
}

/* Entries ------------------------------------------------------------------------------------ */

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
    add_code(decision->verdict->code, &decision->verdict->code_count, code);
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
           find_fact(model, SIM_EVENT_ACCOUNT, sim_account_base(account)) != NULL;
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
           (party < SIM_PARTY_GROUP && find_fact(model, SIM_EVENT_ENTITY, party - 1) != NULL) ||
           (party == SIM_PARTY_GROUP && find_fact(model, SIM_EVENT_GROUP, 0) != NULL);
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
        const SimEvent *control = find_fact(model, SIM_EVENT_CONTROL, name);
        if (control != NULL && covers(control, decision->entry->entity) &&
            (control->absent != SIM_ABSENT_NONE ||
             sum_key(model, control, decision->entry->entity, line->dim, year).is_budgeted)) {
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

static bool
touches_funds(const SimLine *line)
{
    FiscStage stage = sim_accounts[line->account].stage;
    return makes_limit(stage) || uses_funds(stage);
}

/* True when an earlier line of the entry has the same key: it was judged with that one. */
static bool
was_judged(const Decision *decision, const SimEvent *control, int at)
{
    for (int i = 0; i < at; i++) {
        if (touches_funds(kept_line(decision, i)) &&
            is_same_key(control, kept_line(decision, i)->dim, kept_line(decision, at)->dim)) {
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
                              .consumed = consumed_of(before),
                              .requested = requested};
    int64_t available = shortage->limit - shortage->consumed - requested;
    shortage->shortfall = available < 0 ? -available : 0;
    format_key(control, decision->entry->entity, dim, fisc_period_year(decision->posted.period),
               shortage->key);
    memcpy(shortage->dim, dim, sizeof shortage->dim);
    refuse(decision, code);
}

static void
judge_key(Decision *decision, const SimEvent *control, const int *dim)
{
    int entity = decision->entry->entity;
    int year = fisc_period_year(decision->posted.period);
    Sums before = sum_key(decision->model, control, entity, dim, year);
    Sums after = before;
    for (int i = 0; i < decision->posted.kept_count; i++) {
        const SimLine *line = kept_line(decision, i);
        if (touches_funds(line) && is_same_key(control, line->dim, dim)) {
            add_to_sums(&after, sim_accounts[line->account].stage, line->amount);
        }
    }
    int64_t available = after.limit - consumed_of(&after);
    int64_t requested = before.limit - consumed_of(&before) - available;
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
        const SimEvent *control = find_fact(decision->model, SIM_EVENT_CONTROL, name);
        if (control == NULL || !covers(control, decision->entry->entity)) {
            continue;
        }
        for (int i = 0; i < decision->posted.kept_count; i++) {
            if (touches_funds(kept_line(decision, i)) && !was_judged(decision, control, i)) {
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
        if (touches_funds(line)) {
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
    if (find_fact(decision->model, SIM_EVENT_ENTITY, decision->entry->entity) == NULL) {
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

static void
decide_entry(SimModel *model, const SimUnit *unit, int at, SimVerdict *verdict)
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

/* Groups ------------------------------------------------------------------------------------- */

static bool
is_recordable(const SimVerdict *verdict)
{
    for (int i = 0; i < verdict->code_count; i++) {
        if (verdict->code[i] != FISC_ERROR_BUDGET_EXCEEDED &&
            verdict->code[i] != FISC_ERROR_NO_BUDGET &&
            verdict->code[i] != FISC_ERROR_PERIOD_NOT_OPEN) {
            return false;
        }
    }
    return verdict->code_count > 0;
}

static bool
is_no(const SimVerdict *verdict)
{
    return verdict->kind == FISC_RESULT_REFUSED || verdict->kind == FISC_RESULT_CONFLICT;
}

/* Of a refused group nothing is posted: what leaned on an entry of it has no entry to name. */
static void
refuse_others(SimAnswer *answer, int64_t last_entry_id)
{
    for (int i = 0; i < answer->verdict_count; i++) {
        SimVerdict *verdict = &answer->verdict[i];
        bool is_of_group = verdict->entry_id > last_entry_id;
        if (is_of_group) {
            verdict->entry_id = 0;
            verdict->batch_no = 0;
        }
        if (is_of_group && !is_no(verdict)) {
            verdict->kind = FISC_RESULT_REFUSED;
            add_code(verdict->code, &verdict->code_count, FISC_ERROR_ATOMIC_GROUP);
        }
    }
}

/* Decides the entries one after the other. After a refusal the next are judged without what came
 * before, so that each answer is about its own entry. */
static void
decide_entries(SimModel *model, const SimUnit *unit, int first, int count, SimAnswer *answer)
{
    Mark before = mark(model);
    for (int i = first; i < first + count; i++) {
        SimVerdict *verdict = &answer->verdict[answer->verdict_count++];
        decide_entry(model, unit, i, verdict);
        answer->is_good = answer->is_good && !is_no(verdict);
        if (verdict->kind == FISC_RESULT_REFUSED) {
            cut(model, before);
        }
    }
}

static bool
has_moved(const SimModel *model, const SimEvent *control, int entity, const int *dim, int year)
{
    for (guint i = 0; i < model->moves->len; i++) {
        const Move *move = &g_array_index(model->moves, Move, i);
        if (move->entity == entity && move->year == year && is_same_key(control, move->dim, dim)) {
            return true;
        }
    }
    return false;
}

/* Puts a reason in terms of the log, where the group is not: what was left is a fact, and what was
 * asked for becomes the whole way to it. False when it does not follow from the log. */
static bool
restate(const SimModel *model, const SimEntry *entry, bool has_other_rules, SimShortage *shortage)
{
    char key[SIM_KEY_TEXT];
    int year = atoi(strstr(shortage->key, "year=") + strlen("year="));
    const SimEvent *control = find_fact(model, SIM_EVENT_CONTROL, shortage->control);
    if (control == NULL || !covers(control, entry->entity)) {
        return false;
    }
    format_key(control, entry->entity, shortage->dim, year, key);
    Sums sums = sum_key(model, control, entry->entity, shortage->dim, year);
    bool is_on_record =
        sums.is_budgeted || has_moved(model, control, entry->entity, shortage->dim, year);
    bool follows = shortage->code == FISC_ERROR_NO_BUDGET
                       ? !sums.is_budgeted && control->absent == SIM_ABSENT_REFUSE
                       : control->level == SIM_LEVEL_ABSOLUTE &&
                             (sums.is_budgeted || control->absent == SIM_ABSENT_ZERO);
    if (!follows || strcmp(key, shortage->key) != 0 || (has_other_rules && !is_on_record)) {
        return false;
    }
    int64_t left = shortage->limit - shortage->consumed - shortage->requested;
    shortage->limit = sums.limit;
    shortage->consumed = consumed_of(&sums);
    shortage->requested = shortage->limit - shortage->consumed - left;
    return shortage->requested > 0;
}

static bool
follows_from_log(const SimModel *model, const SimEntry *entry, bool has_other_rules,
                 const SimVerdict *verdict, SimRefusal *refusal)
{
    if (find_fact(model, SIM_EVENT_ENTITY, entry->entity) == NULL) {
        return false;
    }
    for (int i = 0; i < verdict->code_count; i++) {
        if (verdict->code[i] == FISC_ERROR_PERIOD_NOT_OPEN &&
            sim_model_is_open(model, verdict->period)) {
            return false;
        }
    }
    for (int i = 0; i < refusal->shortage_count; i++) {
        if (!restate(model, entry, has_other_rules, &refusal->shortage[i])) {
            return false;
        }
    }
    return true;
}

/* What the group brought beside the entry that was judged. */
typedef struct {
    bool is_group;        /* anything */
    bool has_other_rules; /* a control, or a budget line */
} Company;

static void
record_refusals(SimModel *model, const SimUnit *unit, int first, Company company,
                const SimAnswer *answer)
{
    for (int i = 0; unit->records_refusals && i < answer->verdict_count; i++) {
        const SimVerdict *verdict = &answer->verdict[i];
        const SimEntry *entry = &unit->entry[first + i];
        if (!is_no(verdict) || !is_recordable(verdict)) {
            continue;
        }
        SimRefusal refusal = {.shortage_count = verdict->shortage_count};
        sim_reference(entry->reference, entry->is_reversal_reference, refusal.reference);
        memcpy(refusal.shortage, verdict->shortage, sizeof refusal.shortage);
        if (!company.is_group ||
            follows_from_log(model, entry, company.has_other_rules, verdict, &refusal)) {
            g_array_append_val(model->batch_refusals, refusal);
        }
    }
}

static Company
company_of(const SimModel *model, Mark registered, int count)
{
    Company company = {.is_group = count > 1 || model->facts->len > registered.facts};
    for (guint i = registered.facts; i < model->facts->len; i++) {
        SimEventKind kind = fact_at(model, i)->kind;
        company.has_other_rules =
            company.has_other_rules || kind == SIM_EVENT_CONTROL || kind == SIM_EVENT_BUDGET_LINE;
    }
    return company;
}

void
sim_model_decide(SimModel *model, const SimUnit *unit, int first, int count, bool with_events,
                 SimAnswer *out_answer)
{
    Mark start = mark(model);
    *out_answer = (SimAnswer){.is_good = true};
    register_subject(model, SIM_EVENT_PERSON, unit->actor);
    register_subject(model, SIM_EVENT_SOURCE, unit->source);
    Mark registered = mark(model);
    for (int i = 0; with_events && i < unit->event_count; i++) {
        decide_event(model, &unit->event[i], out_answer);
    }
    if (out_answer->event_code_count > 0) {
        out_answer->is_good = false;
        cut(model, start);
        return;
    }
    Company company = company_of(model, registered, count);
    decide_entries(model, unit, first, count, out_answer);
    guint refusals = model->batch_refusals->len;
    if (!out_answer->is_good) {
        cut(model, registered);
        refuse_others(out_answer, registered.posted);
        record_refusals(model, unit, first, company, out_answer);
    }
    Mark end = mark(model);
    if (refusals == model->batch_refusals->len && memcmp(&end, &registered, sizeof end) == 0) {
        cut(model, start); /* nothing of theirs is on record: nor who they are */
    }
}

/* Asking ------------------------------------------------------------------------------------- */

int64_t
sim_model_batch_no(const SimModel *model)
{
    return model->batch_no;
}

int
sim_model_posted_count(const SimModel *model)
{
    return (int)model->posted->len;
}

int
sim_model_batch_events(const SimModel *model)
{
    return (int)(model->facts->len - model->batch.facts);
}

const GArray *
sim_model_batch_refusals(const SimModel *model)
{
    return model->batch_refusals;
}

static bool
has_funds(const GArray *funds, int control, const char *key)
{
    for (guint i = 0; i < funds->len; i++) {
        const SimFunds *item = &g_array_index(funds, SimFunds, i);
        if (item->control == control && strcmp(item->key, key) == 0) {
            return true;
        }
    }
    return false;
}

static void
add_funds(const SimModel *model, const SimEvent *control, int entity, const int *dim, int year,
          GArray *funds)
{
    SimFunds item = {.control = control->subject, .level = control->level};
    format_key(control, entity, dim, year, item.key);
    if (!covers(control, entity) || has_funds(funds, item.control, item.key)) {
        return;
    }
    Sums sums = sum_key(model, control, entity, dim, year);
    if (!sums.is_budgeted && consumed_of(&sums) == 0) {
        return;
    }
    item.limit = sums.limit;
    memcpy(item.stage, sums.stage, sizeof item.stage);
    item.available = sums.limit - consumed_of(&sums);
    g_array_append_val(funds, item);
}

static int
compare_funds(gconstpointer a, gconstpointer b)
{
    const SimFunds *left = a;
    const SimFunds *right = b;
    int by_control = strcmp(sim_control_name(left->control), sim_control_name(right->control));
    return by_control != 0 ? by_control : strcmp(left->key, right->key);
}

GArray *
sim_model_funds(const SimModel *model, int year)
{
    GArray *funds = g_array_new(FALSE, FALSE, sizeof(SimFunds));
    for (int name = 0; name < SIM_CONTROL_COUNT; name++) {
        const SimEvent *control = find_fact(model, SIM_EVENT_CONTROL, name);
        for (guint i = 0; control != NULL && i < model->moves->len; i++) {
            const Move *move = &g_array_index(model->moves, Move, i);
            if (move->year == year) {
                add_funds(model, control, move->entity, move->dim, year, funds);
            }
        }
        for (int subject = 0; control != NULL && subject < SIM_BUDGET_LINE_COUNT; subject++) {
            const SimEvent *line = find_fact(model, SIM_EVENT_BUDGET_LINE, subject);
            if (line != NULL && line->year == year) {
                add_funds(model, control, line->entity, line->dim, year, funds);
            }
        }
    }
    g_array_sort(funds, compare_funds);
    return funds;
}

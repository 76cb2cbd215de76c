/* model.c: the lists, what becomes a fact, and groups. See model.h. Slow and obvious; when the
 * model and the engine differ, read the model first. Keys are in model_keys.c, entries in
 * model_entry.c. */
#include "tests/sim/model_internal.h"
#include <stdlib.h>
#include <string.h>

SimModel *
sim_model_new(SimMistake mistake)
{
    SimModel *model = g_new0(SimModel, 1);
    model->mistake = mistake;
    model->facts = g_array_new(FALSE, TRUE, sizeof(SimEvent));
    model->lines = g_array_new(FALSE, TRUE, sizeof(PostedLine));
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
        g_array_unref(model->lines);
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
    return (Mark){model->facts->len, model->lines->len, model->posted->len};
}

static void
cut(SimModel *model, Mark to)
{
    g_array_set_size(model->facts, to.facts);
    g_array_set_size(model->lines, to.lines);
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
const SimEvent *
sim_model_fact(const SimModel *model, SimEventKind kind, int subject)
{
    for (guint i = model->facts->len; i > 0; i--) {
        const SimEvent *fact = fact_at(model, i - 1);
        if (fact->kind == kind && fact->subject == subject) {
            return fact;
        }
    }
    return NULL;
}

const SimControl *
sim_model_control(const SimModel *model, int control)
{
    const SimEvent *fact = sim_model_fact(model, SIM_EVENT_CONTROL, control);
    return fact != NULL ? &fact->control : NULL;
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
    const SimEvent *fact = sim_model_fact(model, SIM_EVENT_PERIOD, period);
    return fact != NULL && fact->state == SIM_OPEN;
}

void
sim_model_add_code(FiscError *codes, int *count, FiscError code)
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

/* Accounts stand instead of stages; what they hold has no limit that could be tolerated or nearly
 * used, and on the financial side it is only known by the year. */
static bool
is_sound_accounts(const SimModel *model, const SimControl *control)
{
    bool is_by_year = sim_model_boundary(control) == SIM_SPAN_YEAR;
    for (int i = 1; i < sim_account_count; i++) {
        bool is_named = (control->accounts & 1u << i) != 0;
        bool is_budgetary = sim_accounts[i].stage != FISC_STAGE_NONE;
        if (is_named && (sim_model_fact(model, SIM_EVENT_ACCOUNT, i) == NULL ||
                         (!is_by_year && !is_budgetary))) {
            return false;
        }
    }
    return control->limit == 0 && control->consume == 0 && control->tolerance == 0 &&
           control->warn == 0;
}

static bool
is_sound_control(const SimModel *model, const SimControl *control)
{
    bool has_account_part = false;
    for (int i = 0; i < control->part_count; i++) {
        has_account_part = has_account_part || control->part[i] == SIM_PART_ACCOUNT;
    }
    bool is_sound = control->accounts != 0 ? is_sound_accounts(model, control) : !has_account_part;
    return is_sound && control->bad == SIM_GOOD && control->level != SIM_LEVEL_BAD &&
           control->absent != SIM_ABSENT_BAD && (control->cap == 0 || control->tolerance != 0) &&
           sim_model_boundary(control) <= sim_model_interval(control) &&
           (control->from == 0 || control->to == 0 || control->from <= control->to);
}

/* A code must not be above itself. A parent that nobody has told of is a root. */
static int
judge_segment(const SimModel *model, const SimEvent *event)
{
    SimDim dim = (SimDim)(event->subject / 16);
    int above = event->parent;
    while (above != 0 && above != event->subject % 16) {
        const SimEvent *next = sim_model_fact(model, SIM_EVENT_SEGMENT, SIM_SEGMENT(dim, above));
        above = next != NULL ? next->parent : 0;
    }
    return above != 0 ? FISC_ERROR_MASTER_CONFLICT : 0;
}

/* Nothing is missing, the control lets itself be overridden, and has such keys. */
static int
judge_override(const SimModel *model, const SimEvent *event, const SimEvent *before,
               SimAnswer *answer)
{
    if (before != NULL &&
        (before->of_control != event->of_control || strcmp(before->key, event->key) != 0)) {
        return FISC_ERROR_MASTER_CONFLICT; /* what it was given for never changes */
    }
    const SimControl *control = sim_model_control(model, event->of_control);
    bool is_missing[] = {event->key[0] == '\0', event->amount == 0, !event->has_reason,
                         event->expires == 0};
    int missing = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(is_missing); i++) {
        missing += is_missing[i] ? 1 : 0;
    }
    for (int i = 1; i < missing; i++) { /* the last one is the answer */
        sim_model_add_code(answer->event_code, &answer->event_code_count, FISC_ERROR_VALUE_MISSING);
    }
    if (missing > 0) {
        return FISC_ERROR_VALUE_MISSING;
    }
    bool is_good = control != NULL && control->overridable != 2 &&
                   sim_model_is_key_text(model, control, event->key);
    return is_good ? 0 : FISC_ERROR_VALUE_INVALID;
}

/* 0 when the event may become a fact. */
static int
judge_event(const SimModel *model, const SimEvent *event, const SimEvent *before, SimAnswer *answer)
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
        return is_sound_control(model, &event->control) ? 0 : FISC_ERROR_VALUE_INVALID;
    case SIM_EVENT_BUDGET_LINE:
        return event->entity < 0 || sim_model_fact(model, SIM_EVENT_ENTITY, event->entity) == NULL
                   ? FISC_ERROR_ENTITY_UNKNOWN
                   : 0;
    case SIM_EVENT_SEGMENT:
        return judge_segment(model, event);
    case SIM_EVENT_OVERRIDE:
        return judge_override(model, event, before, answer);
    case SIM_EVENT_COVER:
        return sim_model_is_sound_cover(model, event) ? 0 : FISC_ERROR_VALUE_INVALID;
    case SIM_EVENT_GROWTH:
        return sim_model_is_sound_growth(model, event) ? 0 : FISC_ERROR_VALUE_INVALID;
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
    const SimEvent *before = sim_model_fact(model, event->kind, event->subject);
    if (before != NULL && memcmp(before, event, sizeof *event) == 0) {
        return; /* nothing new */
    }
    int wrong = judge_event(model, event, before, answer);
    if (wrong != 0) {
        sim_model_add_code(answer->event_code, &answer->event_code_count, (FiscError)wrong);
        return;
    }
    SimEvent fact = *event; /* before it may move */
    g_array_append_val(model->facts, fact);
}

static void
register_subject(SimModel *model, SimEventKind kind, int subject)
{
    if (sim_model_fact(model, kind, subject) == NULL) {
        SimEvent fact;
        memset(&fact, 0, sizeof fact);
        fact.kind = kind;
        fact.subject = subject;
        g_array_append_val(model->facts, fact);
    }
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
            verdict->warning_count = 0;
            sim_model_add_code(verdict->code, &verdict->code_count, FISC_ERROR_ATOMIC_GROUP);
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
        sim_model_decide_entry(model, unit, i, verdict);
        answer->is_good = answer->is_good && !is_no(verdict);
        if (verdict->kind == FISC_RESULT_REFUSED) {
            cut(model, before);
        }
    }
}

/* Puts a reason in terms of the log, where the group is not: what was left is a fact, and what was
 * asked for becomes the whole way to it. False when it does not follow from the log. */
static bool
restate(const SimModel *model, SimShortage *shortage)
{
    Sums sums;
    const SimControl *control = sim_model_control(model, shortage->key.control);
    if (!sim_model_sum_text(model, shortage->key.control, shortage->text, &sums)) {
        return false;
    }
    int64_t left = shortage->limit - shortage->consumed - shortage->requested;
    shortage->limit = sums.limit;
    shortage->consumed = sim_model_consumed(&sums);
    shortage->requested = shortage->limit - shortage->consumed - left;
    bool is_absent = control->accounts == 0 && !sums.is_budgeted;
    bool follows =
        shortage->code == FISC_ERROR_NO_BUDGET
            ? is_absent && control->absent == SIM_ABSENT_REFUSE
            : control->level == SIM_LEVEL_ABSOLUTE &&
                  -left > sim_model_overridden(model, shortage->key.control, shortage->text);
    return follows && shortage->requested > 0;
}

static bool
follows_from_log(const SimModel *model, const SimEntry *entry, const SimVerdict *verdict,
                 SimRefusal *refusal)
{
    if (sim_model_fact(model, SIM_EVENT_ENTITY, entry->entity) == NULL) {
        return false;
    }
    for (int i = 0; i < verdict->code_count; i++) {
        if (verdict->code[i] == FISC_ERROR_PERIOD_NOT_OPEN &&
            sim_model_is_open(model, verdict->period)) {
            return false;
        }
    }
    for (int i = 0; i < refusal->shortage_count; i++) {
        if (!restate(model, &refusal->shortage[i])) {
            return false;
        }
    }
    return true;
}

static void
record_refusals(SimModel *model, const SimUnit *unit, int first, bool is_group,
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
        if (!is_group || follows_from_log(model, entry, verdict, &refusal)) {
            g_array_append_val(model->batch_refusals, refusal);
        }
    }
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
    bool is_group = count > 1 || model->facts->len > registered.facts;
    decide_entries(model, unit, first, count, out_answer);
    guint refusals = model->batch_refusals->len;
    if (!out_answer->is_good) {
        cut(model, registered);
        refuse_others(out_answer, registered.posted);
        record_refusals(model, unit, first, is_group, out_answer);
    }
    Mark end = mark(model);
    if (refusals == model->batch_refusals->len && memcmp(&end, &registered, sizeof end) == 0) {
        cut(model, start); /* nothing of theirs is on record: nor who they are */
    }
}

/* Asking ------------------------------------------------------------------------------------- */

void
sim_model_set_day(SimModel *model, FiscDate day)
{
    model->day = day;
}

FiscDate
sim_model_day(const SimModel *model)
{
    return model->day;
}

const SimShortage *
sim_model_last_refused(const SimModel *model)
{
    return &model->last_refused;
}

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

/* remedy.c: what was refused for lack of funds gets its lawful ways out. The budget proposes them,
 * and each is rehearsed together with the refused entry before it is offered: nothing is offered
 * that would not work. */
#include "app/flows/remedy.h"
#include "fisc/budget.h"
#include <string.h>

#define ROUNDS_MAX 8 /* a line that may not give after all is left out of the next round */

/* One refused entry, or group, on its way. */
typedef struct {
    FiscPoster *poster;
    const FiscNation *nation;
    const FiscRefusedWork *work;
    guint index;            /* of the entry */
    const FiscEntry *entry; /* the one that lacks funds */
    FiscRefusals *refusals; /* its own */
    FiscSubmission
        before;          /* entries that were accepted before it, when they are not in the books */
    FiscSubmission unit; /* what shall pass */
    FiscBudgetPosition *position;
} Case;

/* Slices ---------------------------------------------------------------------------------------
 */

/* Some entries of a submission as one of its own; everything else is borrowed. */
static void
slice(const FiscSubmission *whole, guint first, guint count, bool with_events,
      FiscSubmission *out_slice)
{
    *out_slice = *whole;
    out_slice->record_refusals = false;
    out_slice->entries = g_ptr_array_new();
    out_slice->events = with_events ? g_ptr_array_ref(whole->events) : g_ptr_array_new();
    for (guint i = first; i < first + count; i++) {
        g_ptr_array_add(out_slice->entries, whole->entries->pdata[i]);
    }
}

static void
slice_clear(FiscSubmission *slice_of)
{
    g_ptr_array_unref(slice_of->entries);
    g_ptr_array_unref(slice_of->events);
}

static void
case_begin(Case *about)
{
    const FiscRefusedWork *work = about->work;
    guint count = work->submission->entries->len;
    bool has_before = !work->is_written && !work->atomic;
    slice(work->submission, 0, has_before ? about->index : 0, has_before, &about->before);
    if (work->atomic) {
        slice(work->submission, 0, count, true, &about->unit);
    } else {
        slice(work->submission, about->index, 1, false, &about->unit);
    }
}

static void
case_end(Case *about)
{
    slice_clear(&about->before);
    slice_clear(&about->unit);
    fisc_budget_position_free(about->position);
}

/* What an attempt stands on. */
static FiscTrial *
begin_trial(const Case *about)
{
    FiscTrial *trial = fisc_trial_new();
    if (about->work->assumed != NULL) {
        fisc_trial_add(trial, about->work->assumed, true, true);
    }
    if (about->before.entries->len > 0 || about->before.events->len > 0) {
        fisc_trial_add(trial, &about->before, true, false);
    }
    return trial;
}

static bool
is_accepted(const FiscReceipt *receipt)
{
    return receipt->refused == 0 && (receipt->refusals == NULL || receipt->refusals->len == 0);
}

/* The question ---------------------------------------------------------------------------------
 */

static FiscStage
stage_of(const Case *about, const FiscLine *line)
{
    const FiscAccount *account =
        line->account != NULL ? fisc_nation_account(about->nation, line->account) : NULL;
    return account != NULL ? account->stage : FISC_STAGE_NONE;
}

/* What the line takes from its budget line: spending, a cut, a release. */
static int64_t
request_of(FiscStage stage, int64_t amount)
{
    switch (stage) {
    case FISC_STAGE_APPROPRIATION:
    case FISC_STAGE_CHANGE:
    case FISC_STAGE_AUTHORIZATION:
    case FISC_STAGE_COMMITMENT:
    case FISC_STAGE_OBLIGATION:
    case FISC_STAGE_PAYMENT:
        return -amount;
    case FISC_STAGE_RELEASE:
        return amount;
    default:
        return 0;
    }
}

static bool
is_asked(const FiscLinePosition *asked, const FiscLine *line)
{
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        if (strcmp(asked->dim[i], line->dim[i] != NULL ? line->dim[i] : "") != 0) {
            return false;
        }
    }
    return true;
}

static void
ask_line(FiscBudgetPosition *position, const FiscLine *line, int64_t requested)
{
    for (guint i = 0; i < position->asked->len; i++) {
        FiscLinePosition *asked = position->asked->pdata[i];
        if (is_asked(asked, line)) {
            asked->requested += requested;
            return;
        }
    }
    fisc_budget_position_ask(position, line->dim, requested);
}

static bool
ask_position(Case *about, GError **error)
{
    const FiscEntry *entry = about->entry;
    FiscPeriod period = entry->period != 0 ? entry->period : fisc_period_of(entry->effective);
    g_autoptr(FiscTrial) trial = begin_trial(about);
    about->position = fisc_budget_position_new(entry->entity, period, entry->effective);
    for (guint i = 0; i < entry->lines->len; i++) {
        const FiscLine *line = &g_array_index(entry->lines, FiscLine, i);
        int64_t requested = request_of(stage_of(about, line), line->amount);
        if (requested != 0) {
            ask_line(about->position, line, requested);
        }
    }
    trial->position = about->position;
    return fisc_poster_rehearse_trial(about->poster, trial, false, error);
}

/* Rehearsing ------------------------------------------------------------------------------------
 */

/* The line that gave in the first virement of a rehearsal that was refused; NULL: something else.
 */
static gpointer
find_culprit(const FiscRemedyOption *option, const FiscReceipt *receipt)
{
    for (guint i = 0; i < receipt->results->len; i++) {
        const FiscResult *result = receipt->results->pdata[i];
        if (result->kind == FISC_RESULT_REFUSED) {
            return option->donors->pdata[i];
        }
    }
    return NULL;
}

/* One by one, as they would be taken; then what was refused. */
static bool
rehearse(const Case *about, const FiscRemedyOption *option, bool *out_works, gpointer *out_culprit,
         GError **error)
{
    g_autoptr(FiscTrial) trial = begin_trial(about);
    guint taken = trial->steps->len;
    fisc_trial_add(trial, option->content, true, true);
    fisc_trial_add(trial, &about->unit, false, false);
    if (!fisc_poster_rehearse_trial(about->poster, trial, false, error)) {
        return false;
    }
    const FiscReceipt *receipt = fisc_trial_receipt(trial, taken);
    bool is_taken = is_accepted(receipt);
    *out_works = is_taken && is_accepted(fisc_trial_receipt(trial, taken + 1));
    if (!is_taken && *out_culprit == NULL) {
        *out_culprit = find_culprit(option, receipt);
    }
    return true;
}

/* Keeps the options that work. */
static bool
rehearse_all(const Case *about, GPtrArray *options, gpointer *out_culprit, GError **error)
{
    for (guint i = 0; i < options->len;) {
        bool works = false;
        if (!rehearse(about, options->pdata[i], &works, out_culprit, error)) {
            return false;
        }
        if (works) {
            i++;
        } else {
            g_ptr_array_remove_index(options, i);
        }
    }
    return true;
}

/* *out_is_complete: when nothing is found, nothing is there. */
static bool
find_options(const Case *about, GPtrArray **out_options, bool *out_is_complete, GError **error)
{
    g_autoptr(GHashTable) barred = g_hash_table_new(NULL, NULL);
    const FiscEntity *entity = fisc_nation_entity(about->nation, about->entry->entity);
    *out_is_complete = false;
    for (int round = 0; entity != NULL && round < ROUNDS_MAX; round++) {
        gpointer culprit = NULL;
        bool is_complete = false;
        g_clear_pointer(out_options, g_ptr_array_unref);
        *out_options = fisc_budget_remedies(about->position, entity, about->refusals, barred,
                                            about->work->submission->actor, &is_complete);
        if (!rehearse_all(about, *out_options, &culprit, error)) {
            return false;
        }
        if (culprit == NULL) {
            *out_is_complete = is_complete && round == 0;
            return true;
        }
        g_hash_table_add(barred, culprit);
    }
    return true;
}

/* Waiting ---------------------------------------------------------------------------------------
 */

static bool
rehearse_on(const Case *about, FiscDate date, bool *out_works, GError **error)
{
    g_autoptr(FiscTrial) trial = begin_trial(about);
    FiscEntry later = *about->entry;
    FiscSubmission unit;
    later.effective = date;
    later.period = 0;
    slice(&about->unit, 0, 0, false, &unit);
    g_ptr_array_add(unit.entries, &later);
    guint step = trial->steps->len;
    fisc_trial_add(trial, &unit, false, false);
    bool is_done = fisc_poster_rehearse_trial(about->poster, trial, false, error);
    *out_works = is_done && is_accepted(fisc_trial_receipt(trial, step));
    slice_clear(&unit);
    return is_done;
}

static bool
counts_by_window(const Case *about)
{
    for (guint i = 0; i < about->position->keys->len; i++) {
        if (((const FiscKeyPosition *)about->position->keys->pdata[i])->is_windowed) {
            return true;
        }
    }
    return false;
}

/* The first month of the rest of the year in which the same entry passes, by what is on record
 * already; 0: none. */
static bool
find_wait(const Case *about, FiscDate *out_date, GError **error)
{
    int year, month, day;
    *out_date = 0;
    fisc_date_split(about->entry->effective, &year, &month, &day);
    for (month++; month <= 12 && about->unit.entries->len == 1 && counts_by_window(about);
         month++) {
        bool works = false;
        FiscDate date = fisc_date_make(year, month, 1);
        if (!rehearse_on(about, date, &works, error)) {
            return false;
        }
        if (works) {
            *out_date = date;
            return true;
        }
    }
    return true;
}

/* The answer ------------------------------------------------------------------------------------
 */

static void
append_step(GPtrArray *remedies, FiscRemedy *step, int option)
{
    step->option = option;
    g_ptr_array_add(remedies, step);
}

/* In the order of ease: what moves money that is there, then waiting, then what needs leave. NULL:
 * nothing is found, and nobody knows that there is nothing. */
static GPtrArray *
list_remedies(const GPtrArray *options, FiscDate wait, bool is_complete)
{
    int number = 0;
    GPtrArray *remedies = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_remedy_free);
    for (guint i = 0; i <= options->len; i++) {
        const FiscRemedyOption *option = i < options->len ? options->pdata[i] : NULL;
        FiscRemedyKind kind =
            option != NULL ? ((const FiscRemedy *)option->steps->pdata[0])->kind : FISC_REMEDY_NONE;
        if (wait != 0 && kind != FISC_REMEDY_COVER && kind != FISC_REMEDY_VIREMENT) {
            FiscRemedy *step = fisc_remedy_new(FISC_REMEDY_WAIT);
            step->date = wait;
            append_step(remedies, step, ++number);
            wait = 0;
        }
        number += option != NULL ? 1 : 0;
        for (guint k = 0; option != NULL && k < option->steps->len; k++) {
            append_step(remedies, fisc_remedy_copy(option->steps->pdata[k]), number);
        }
    }
    if (remedies->len == 0 && !is_complete) {
        g_clear_pointer(&remedies, g_ptr_array_unref);
    } else if (remedies->len == 0) {
        g_ptr_array_add(remedies, fisc_remedy_new(FISC_REMEDY_NONE));
    }
    return remedies;
}

static bool
solve(Case *about, GError **error)
{
    g_autoptr(GPtrArray) options = NULL;
    FiscDate wait = 0;
    bool is_complete = false;
    case_begin(about);
    bool is_done = ask_position(about, error) &&
                   find_options(about, &options, &is_complete, error) &&
                   find_wait(about, &wait, error);
    if (is_done && options != NULL) {
        FiscRefusal *first = about->refusals->pdata[0];
        g_clear_pointer(&first->remedies, g_ptr_array_unref);
        first->remedies = list_remedies(options, wait, is_complete);
    }
    case_end(about);
    return is_done;
}

static bool
lacks_funds_only(const FiscResult *result)
{
    for (guint i = 0; result->refusals != NULL && i < result->refusals->len; i++) {
        const FiscRefusal *refusal = result->refusals->pdata[i];
        if ((refusal->code != FISC_ERROR_BUDGET_EXCEEDED &&
             refusal->code != FISC_ERROR_NO_BUDGET) ||
            refusal->dropped > 0) {
            return false;
        }
    }
    return result->kind == FISC_RESULT_REFUSED && result->refusals != NULL;
}

static guint
count_lacking(const FiscReceipt *receipt)
{
    guint count = 0;
    for (guint i = 0; i < receipt->results->len; i++) {
        count += lacks_funds_only(receipt->results->pdata[i]) ? 1 : 0;
    }
    return count;
}

bool
fisc_flow_add_remedies(FiscPoster *poster, const FiscNation *nation, const FiscRefusedWork *work,
                       FiscReceipt *receipt, GError **error)
{
    int solved = 0;
    if (work->atomic && count_lacking(receipt) != 1) {
        return true;
    }
    for (guint i = 0; i < receipt->results->len && solved < FISC_REMEDIES_MAX; i++) {
        FiscResult *result = receipt->results->pdata[i];
        if (!lacks_funds_only(result)) {
            continue;
        }
        Case about = {.poster = poster,
                      .nation = nation,
                      .work = work,
                      .index = i,
                      .entry = work->submission->entries->pdata[i],
                      .refusals = result->refusals};
        if (!solve(&about, error)) {
            return false;
        }
        solved++;
    }
    return true;
}

/* poster_ask.c: what only asks the engine: tries, rehearsals, funds. Answers are of the last batch
 * on record, so the asker holds both roles for a moment. What a trial decides stands on no batch,
 * and is taken back before anybody else decides. */
#include "ledger/poster_internal.h"
#include "ledger/restore.h"
#include <string.h>

static bool
ask_in_chunks(FiscPoster *poster, GArray *units, GHashTable *known, GError **error)
{
    for (guint at = 0; at < units->len; at += FISC_BATCH_ENTRIES_MAX) {
        guint count = MIN(units->len - at, FISC_BATCH_ENTRIES_MAX);
        if (!fisc_poster_ask_references(poster, &g_array_index(units, Unit, at), count, known,
                                        error)) {
            return false;
        }
    }
    return true;
}

/* Decides the units of each job after one another; @before_job, when there is one, is told of each
 * job before, and once more after the last. */
typedef void (*BeforeJob)(FiscPoster *poster, guint job, void *data);

static void
decide_jobs(FiscPoster *poster, GArray *units, const guint *job_end, guint job_count,
            BeforeJob before_job, void *data)
{
    guint at = 0;
    for (guint i = 0; i < job_count; i++) {
        if (before_job != NULL) {
            before_job(poster, i, data);
        }
        if (job_end[i] > at) {
            fisc_poster_decide(poster, &g_array_index(units, Unit, at), job_end[i] - at);
        }
        at = job_end[i];
    }
    if (before_job != NULL) {
        before_job(poster, job_count, data);
    }
}

/* Decides jobs after one another, keeps nothing. */
static bool
rehearse_jobs(FiscPoster *poster, Job *jobs, guint job_count, BeforeJob before_job, void *data,
              GError **error)
{
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GArray) units = g_array_new(FALSE, TRUE, sizeof(Unit));
    g_autofree guint *job_end = g_new0(guint, job_count + 1);
    for (guint i = 0; i < job_count; i++) {
        fisc_poster_append_units(units, &jobs[i]);
        job_end[i] = units->len;
    }
    fisc_poster_hold(poster);
    bool is_ready = fisc_engine_catch_up(poster->engine, poster->pool, poster->book_id, error) &&
                    ask_in_chunks(poster, units, known, error);
    if (is_ready) {
        fisc_poster_begin(poster);
        fisc_engine_set_known(poster->engine, known);
        decide_jobs(poster, units, job_end, job_count, before_job, data);
        fisc_engine_set_known(poster->engine, NULL);
        fisc_engine_undo(poster->engine);
    }
    fisc_poster_let_go(poster);
    if (is_ready) {
        fisc_poster_finish_units(units);
    }
    return is_ready;
}

bool
fisc_poster_try(FiscPoster *poster, const FiscSubmission *submission, FiscReceipt **out_receipt,
                GError **error)
{
    Job job = {.submission = submission,
               .count = submission->entries->len,
               .with_events = submission->events->len > 0,
               .receipt = fisc_receipt_new()};
    if (!rehearse_jobs(poster, &job, 1, NULL, NULL, error)) {
        fisc_receipt_free(job.receipt);
        return false;
    }
    return fisc_poster_answer(&job, out_receipt, error);
}

bool
fisc_poster_rehearse(FiscPoster *poster, GPtrArray *submissions, GPtrArray **out_receipts,
                     GError **error)
{
    g_autofree Job *jobs = g_new0(Job, submissions->len + 1);
    for (guint i = 0; i < submissions->len; i++) {
        const FiscSubmission *submission = submissions->pdata[i];
        jobs[i] = (Job){.submission = submission,
                        .is_each = true,
                        .count = submission->entries->len,
                        .with_events = submission->events->len > 0,
                        .receipt = fisc_receipt_new()};
    }
    bool is_done = rehearse_jobs(poster, jobs, submissions->len, NULL, NULL, error);
    GPtrArray *receipts = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_receipt_free);
    for (guint i = 0; i < submissions->len; i++) {
        g_ptr_array_add(receipts, jobs[i].receipt);
    }
    if (!is_done) {
        g_ptr_array_unref(receipts);
        return false;
    }
    *out_receipts = receipts;
    return true;
}

/* Trials -----------------------------------------------------------------------------------------
 */

static void
step_clear(gpointer data)
{
    fisc_receipt_free(((FiscTrialStep *)data)->receipt);
}

FiscTrial *
fisc_trial_new(void)
{
    FiscTrial *trial = g_new0(FiscTrial, 1);
    trial->steps = g_array_new(FALSE, TRUE, sizeof(FiscTrialStep));
    g_array_set_clear_func(trial->steps, step_clear);
    return trial;
}

void
fisc_trial_free(FiscTrial *trial)
{
    if (trial != NULL) {
        g_array_unref(trial->steps);
        g_clear_pointer(&trial->changes, g_ptr_array_unref);
        g_free(trial);
    }
}

void
fisc_trial_add(FiscTrial *trial, const FiscSubmission *submission, bool is_each, bool is_authorized)
{
    FiscTrialStep step = {
        .submission = submission, .is_each = is_each, .is_authorized = is_authorized};
    g_array_append_val(trial->steps, step);
}

static FiscTrialStep *
step_at(const FiscTrial *trial, guint index)
{
    return &g_array_index(trial->steps, FiscTrialStep, index);
}

const FiscReceipt *
fisc_trial_receipt(const FiscTrial *trial, guint step)
{
    return step_at(trial, step)->receipt;
}

FiscReceipt *
fisc_trial_take_receipt(FiscTrial *trial, guint step)
{
    return g_steal_pointer(&step_at(trial, step)->receipt);
}

static void
change_free(gpointer data)
{
    FiscFundsChange *change = data;
    fisc_funds_free(change->before);
    fisc_funds_free(change->after);
    g_free(change);
}

/* The funds of every entity and year that the entries of the trial speak of. */
static GPtrArray *
read_funds(FiscEngine *engine, const FiscTrial *trial)
{
    static const char *const any[FISC_DIM_COUNT] = {NULL};
    g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GPtrArray *funds = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_funds_free);
    for (guint i = 0; i < trial->steps->len; i++) {
        const GPtrArray *entries = step_at(trial, i)->submission->entries;
        for (guint k = 0; k < entries->len; k++) {
            const FiscEntry *entry = entries->pdata[k];
            int year = entry->period != 0 ? fisc_period_year(entry->period)
                                          : fisc_date_year(entry->effective);
            char *name = g_strdup_printf("%d %s", year, entry->entity != NULL ? entry->entity : "");
            if (g_hash_table_add(seen, name) && entry->entity != NULL) {
                fisc_engine_funds(engine, entry->entity, year, any, funds);
            }
        }
    }
    return funds;
}

typedef struct {
    FiscTrial *trial;
    bool with_changes;
    GPtrArray *before, *after; /* of FiscFunds */
} TrialWalk;

static void
before_step(FiscPoster *poster, guint step, void *data)
{
    TrialWalk *walk = data;
    const FiscTrial *trial = walk->trial;
    bool is_end = step == trial->steps->len;
    fisc_engine_authorize(poster->engine, !is_end && step_at(trial, step)->is_authorized);
    if (walk->with_changes && step == trial->baseline) {
        walk->before = read_funds(poster->engine, trial);
    }
    if (walk->with_changes && is_end) {
        walk->after = read_funds(poster->engine, trial);
    }
    if (trial->position != NULL && is_end) {
        fisc_engine_position(poster->engine, trial->position);
    }
}

static char *
funds_name(const FiscFunds *funds)
{
    return g_strdup_printf("%s\x1f%s", funds->control, funds->key);
}

static bool
is_same(const FiscFunds *a, const FiscFunds *b)
{
    return a != NULL && b != NULL && a->limit == b->limit && a->available == b->available &&
           memcmp(a->stage, b->stage, sizeof a->stage) == 0;
}

static const char *
change_key(const FiscFundsChange *change, bool is_control)
{
    const FiscFunds *funds = change->after != NULL ? change->after : change->before;
    return is_control ? funds->control : funds->key;
}

static gint
compare_changes(gconstpointer a, gconstpointer b)
{
    const FiscFundsChange *left = *(FiscFundsChange *const *)a;
    const FiscFundsChange *right = *(FiscFundsChange *const *)b;
    int by_control = strcmp(change_key(left, true), change_key(right, true));
    return by_control != 0 ? by_control : strcmp(change_key(left, false), change_key(right, false));
}

static void
add_change(GPtrArray *changes, FiscFunds *before, FiscFunds *after)
{
    if (is_same(before, after)) {
        fisc_funds_free(before);
        fisc_funds_free(after);
        return;
    }
    FiscFundsChange *change = g_new0(FiscFundsChange, 1);
    change->before = before;
    change->after = after;
    g_ptr_array_add(changes, change);
}

/* What differs between the two; takes both lists. */
static GPtrArray *
compare_funds(GPtrArray *before, GPtrArray *after)
{
    g_autoptr(GHashTable) by_name = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    GPtrArray *changes = g_ptr_array_new_with_free_func(change_free);
    g_ptr_array_set_free_func(before, NULL);
    g_ptr_array_set_free_func(after, NULL);
    for (guint i = 0; i < before->len; i++) {
        g_hash_table_insert(by_name, funds_name(before->pdata[i]), before->pdata[i]);
    }
    for (guint i = 0; i < after->len; i++) {
        g_autofree char *name = funds_name(after->pdata[i]);
        FiscFunds *was = g_hash_table_lookup(by_name, name);
        g_hash_table_remove(by_name, name);
        add_change(changes, was, after->pdata[i]);
    }
    GHashTableIter iter;
    gpointer gone;
    g_hash_table_iter_init(&iter, by_name);
    while (g_hash_table_iter_next(&iter, NULL, &gone)) {
        add_change(changes, gone, NULL);
    }
    g_ptr_array_sort(changes, compare_changes);
    g_ptr_array_unref(before);
    g_ptr_array_unref(after);
    return changes;
}

static void
take_receipt(FiscTrialStep *step, Job *job)
{
    fisc_receipt_free(step->receipt);
    step->receipt = g_steal_pointer(&job->receipt);
}

bool
fisc_poster_rehearse_trial(FiscPoster *poster, FiscTrial *trial, bool with_changes, GError **error)
{
    guint count = trial->steps->len;
    TrialWalk walk = {.trial = trial, .with_changes = with_changes};
    g_autofree Job *jobs = g_new0(Job, count + 1);
    for (guint i = 0; i < count; i++) {
        const FiscTrialStep *step = step_at(trial, i);
        jobs[i] = (Job){.submission = step->submission,
                        .is_each = step->is_each,
                        .count = step->submission->entries->len,
                        .with_events = step->submission->events->len > 0,
                        .receipt = fisc_receipt_new()};
    }
    bool is_done = rehearse_jobs(poster, jobs, count, before_step, &walk, error);
    for (guint i = 0; i < count; i++) {
        take_receipt(step_at(trial, i), &jobs[i]);
    }
    g_clear_pointer(&trial->changes, g_ptr_array_unref);
    if (walk.after != NULL) {
        trial->changes = compare_funds(walk.before, walk.after);
    }
    return is_done;
}

/* Funds ------------------------------------------------------------------------------------------
 */

bool
fisc_poster_funds(FiscPoster *poster, const char *entity, int year,
                  const char *const dim[FISC_DIM_COUNT], GPtrArray **out_funds, GError **error)
{
    if (poster->board != NULL) {
        *out_funds = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_funds_free);
        fisc_funds_board_ask(poster->board, entity, year, dim, *out_funds);
        return true;
    }
    fisc_poster_hold(poster);
    bool is_ready = fisc_engine_catch_up(poster->engine, poster->pool, poster->book_id, error);
    if (is_ready) {
        *out_funds = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_funds_free);
        fisc_engine_funds(poster->engine, entity, year, dim, *out_funds);
    }
    fisc_poster_let_go(poster);
    return is_ready;
}

void
fisc_funds_free(FiscFunds *funds)
{
    if (funds != NULL) {
        g_free(funds->control);
        g_free(funds->level);
        g_free(funds->article);
        g_free(funds->key);
        g_free(funds->growth);
        g_free(funds);
    }
}

/* poster.c: how submissions become batches and answers. See poster_internal.h for the roles.
 *
 * Submitters queue. Whoever finds nobody deciding is called to lead: takes what is queued, lets the
 * engine decide, goes on taking while the batch before is still being written, and hands the sealed
 * batch to the writer. So batches are big under load and single without, no timer waits, and the
 * database and the engine work at the same time. */
#include "core/base/kill_point.h"
#include "ledger/poster_internal.h"
#include "ledger/restore.h"

#define QUEUE_ENTRIES_MAX (4 * FISC_BATCH_ENTRIES_MAX) /* who comes later waits outside */

bool
fisc_poster_open(FiscPool *pool, int book_id, FiscPoster **out_poster, GError **error)
{
    FiscPoster *poster = g_new0(FiscPoster, 1);
    poster->pool = pool;
    poster->book_id = book_id;
    poster->holds = 1;
    poster->engine = fisc_engine_new(book_id);
    g_mutex_init(&poster->mutex);
    GCond *conds[] = {&poster->idle, &poster->turn, &poster->fly, &poster->undone, &poster->due};
    for (guint i = 0; i < G_N_ELEMENTS(conds); i++) {
        g_cond_init(conds[i]);
    }
    g_queue_init(&poster->queue);
    if (!fisc_batch_types_load(pool, &poster->types, error) ||
        !fisc_engine_catch_up(poster->engine, pool, book_id, error)) {
        fisc_poster_close(poster);
        return false;
    }
    fisc_poster_publish_all(poster);
    *out_poster = poster;
    return true;
}

static void
stop_writing(FiscPoster *poster)
{
    g_mutex_lock(&poster->mutex);
    g_cond_signal(&poster->fly);
    g_mutex_unlock(&poster->mutex);
    g_clear_pointer(&poster->writer, g_thread_join);
}

FiscPoster *
fisc_poster_ref(FiscPoster *poster)
{
    g_atomic_int_inc(&poster->holds);
    return poster;
}

void
fisc_poster_close(FiscPoster *poster)
{
    if (poster == NULL || !g_atomic_int_dec_and_test(&poster->holds)) {
        return;
    }
    g_assert(!poster->is_deciding && poster->flight == NULL && g_queue_is_empty(&poster->queue));
    fisc_poster_stop_folding(poster);
    stop_writing(poster);
    fisc_engine_free(poster->engine);
    fisc_funds_board_free(poster->board);
    fisc_funds_news_free(poster->news);
    GCond *conds[] = {&poster->idle, &poster->turn, &poster->fly, &poster->undone, &poster->due};
    for (guint i = 0; i < G_N_ELEMENTS(conds); i++) {
        g_cond_clear(conds[i]);
    }
    g_mutex_clear(&poster->mutex);
    g_free(poster);
}

/* Flights ----------------------------------------------------------------------------------------
 */

static Flight *
flight_new(void)
{
    Flight *flight = g_new0(Flight, 1);
    flight->jobs = g_ptr_array_new();
    flight->units = g_array_new(FALSE, TRUE, sizeof(Unit));
    return flight;
}

static void
flight_free(Flight *flight)
{
    g_ptr_array_unref(flight->jobs);
    g_array_unref(flight->units);
    g_free(flight);
}

static guint
lines_of(const Job *job)
{
    guint lines = 0;
    for (guint i = job->first; i < job->first + job->count; i++) {
        lines += ((const FiscEntry *)job->submission->entries->pdata[i])->lines->len;
    }
    return lines;
}

/* Takes jobs from the queue as far as the batch has room; one is always taken by an empty batch. */
static bool
take_jobs(FiscPoster *poster, Flight *flight)
{
    guint before = flight->jobs->len;
    while (!g_queue_is_empty(&poster->queue)) {
        Job *next = g_queue_peek_head(&poster->queue);
        guint lines = lines_of(next);
        if (flight->jobs->len > 0 && (flight->entries + next->count > FISC_BATCH_ENTRIES_MAX ||
                                      flight->lines + lines > FISC_BATCH_LINES_MAX)) {
            break;
        }
        g_queue_pop_head(&poster->queue);
        poster->queued_entries -= next->count;
        flight->entries += next->count;
        flight->lines += lines;
        g_ptr_array_add(flight->jobs, next);
        fisc_poster_append_units(flight->units, next);
    }
    bool has_taken = flight->jobs->len > before;
    if (has_taken) {
        g_cond_broadcast(&poster->idle);
        fisc_kill_point("poster.taken");
    }
    return has_taken;
}

static void
give_back_jobs(FiscPoster *poster, Flight *flight)
{
    for (guint i = 0; i < flight->units->len; i++) {
        fisc_receipt_free(g_array_index(flight->units, Unit, i).receipt);
    }
    for (guint i = flight->jobs->len; i > 0; i--) {
        Job *job = flight->jobs->pdata[i - 1];
        g_queue_push_head(&poster->queue, job);
        poster->queued_entries += job->count;
    }
}

/* With the mutex held: everybody of the flight has the answer. */
static void
answer_jobs(FiscPoster *poster, Flight *flight, int64_t written)
{
    fisc_kill_point("poster.before_answer");
    fisc_poster_count_written(poster, written);
    fisc_poster_finish_units(flight->units);
    for (guint i = 0; i < flight->jobs->len; i++) {
        Job *job = flight->jobs->pdata[i];
        job->is_done = true;
        g_cond_signal(&job->waiter->called);
    }
}

/* Roles ------------------------------------------------------------------------------------------
 */

/* With the mutex held and nobody deciding: the head of the queue shall lead. Calling one by name,
 * and the others only when their answer is there, saves waking everybody for every batch. */
static void
call_leader(FiscPoster *poster)
{
    const Job *next = g_queue_peek_head(&poster->queue);
    if (next == NULL || poster->is_recovering) {
        g_cond_broadcast(&poster->idle);
        return;
    }
    poster->is_deciding = true;
    next->waiter->is_leader = true;
    g_cond_signal(&next->waiter->called);
}

/* The same after a batch: who only asks gets a turn under full load, too. */
static void
call_next(FiscPoster *poster)
{
    if (poster->holders > 0) {
        g_cond_broadcast(&poster->idle);
    } else {
        call_leader(poster);
    }
}

/* Whoever owns the engine tells it first that the flight before is in. */
static void
settle(FiscPoster *poster)
{
    if (poster->has_landed) {
        poster->has_landed = false;
        fisc_engine_landed(poster->engine);
        fisc_kill_point("poster.after_commit");
    }
}

void
fisc_poster_hold(FiscPoster *poster)
{
    g_mutex_lock(&poster->mutex);
    poster->holders++;
    while (poster->is_deciding || poster->flight != NULL || poster->is_recovering) {
        g_cond_wait(&poster->idle, &poster->mutex);
    }
    poster->holders--;
    poster->is_deciding = true;
    settle(poster);
    g_mutex_unlock(&poster->mutex);
}

void
fisc_poster_let_go(FiscPoster *poster)
{
    fisc_poster_publish_all(poster);
    g_mutex_lock(&poster->mutex);
    poster->is_deciding = false;
    call_leader(poster);
    g_mutex_unlock(&poster->mutex);
}

/* Writing ----------------------------------------------------------------------------------------
 */

/* With the mutex held: the flight did not get in. Whoever decides on top of it takes that back;
 * then its own effects are taken back, and it is settled with both roles in hand. */
static void
recover(FiscPoster *poster, Flight *flight, const GError *failure)
{
    poster->is_recovering = true;
    g_clear_pointer(&poster->news, fisc_funds_news_free); /* nothing of it came true */
    g_cond_signal(&poster->turn);
    while (poster->is_deciding) {
        g_cond_wait(&poster->undone, &poster->mutex);
    }
    poster->is_deciding = true;
    g_mutex_unlock(&poster->mutex);
    fisc_engine_crashed(poster->engine);
    int64_t written = fisc_poster_process_failed(poster, (Unit *)(void *)flight->units->data,
                                                 flight->units->len, failure);
    fisc_poster_publish_all(poster);
    g_mutex_lock(&poster->mutex);
    poster->flight = NULL;
    poster->is_recovering = false;
    poster->is_deciding = false;
    answer_jobs(poster, flight, written);
    call_next(poster);
}

static void
land(FiscPoster *poster, Flight *flight)
{
    poster->flight = NULL;
    poster->has_landed = true;
    fisc_poster_publish(poster, flight->batch->batch_no, g_steal_pointer(&poster->news),
                        poster->flight_brings);
    if (poster->is_deciding) {
        g_cond_signal(
            &poster->turn); /* the next batch goes off before the answers are handed out */
    } else {
        call_next(poster);
    }
    fisc_poster_fill_receipts(flight->batch, (Unit *)(void *)flight->units->data,
                              flight->units->len);
    answer_jobs(poster, flight, flight->batch->entries->len);
}

static gpointer
write_flights(gpointer data)
{
    FiscPoster *poster = data;
    g_mutex_lock(&poster->mutex);
    while (true) {
        while (poster->flight == NULL && !poster->is_closing) {
            g_cond_wait(&poster->fly, &poster->mutex);
        }
        Flight *flight = poster->flight;
        if (flight == NULL) {
            break;
        }
        g_mutex_unlock(&poster->mutex);
        g_autoptr(GError) failure = NULL;
        bool is_in = fisc_poster_write(poster, NULL, flight->batch, &failure);
        g_mutex_lock(&poster->mutex);
        if (is_in) {
            land(poster, flight);
        } else {
            recover(poster, flight, failure);
        }
        flight_free(flight);
    }
    g_mutex_unlock(&poster->mutex);
    return NULL;
}

/* Leading ----------------------------------------------------------------------------------------
 */

static bool
needs_care(const FiscPoster *poster, const Flight *flight, guint from)
{
    const Unit *units = (const Unit *)(const void *)flight->units->data;
    return poster->is_stale || poster->asks_first ||
           fisc_poster_has_correction(units + from, flight->units->len - from);
}

/* Decides without asking for references first: a known one is told by the database as the batch is
 * written. But what is refused is not written, so there the question follows the decision. */
static void
decide_unasked(FiscPoster *poster, Unit *units, guint count)
{
    bool is_known = false;
    g_autoptr(GError) failure = NULL;
    fisc_poster_decide(poster, units, count);
    if (!fisc_poster_refuses_known(poster, units, count, &is_known, &failure)) {
        poster->is_stale = true; /* the batch is handled with care, which meets the failure again */
    }
    poster->asks_first = poster->asks_first || is_known;
}

/* With the mutex held: decides what is queued, and more of it while the writer is busy. True when
 * the batch may go off; false when it needs care, or the flight before failed. */
static bool
gather(FiscPoster *poster, Flight *flight)
{
    fisc_poster_begin(poster);
    while (true) {
        guint decided = flight->units->len;
        bool has_taken = !poster->is_recovering && take_jobs(poster, flight);
        if (needs_care(poster, flight, decided)) {
            return false;
        }
        if (has_taken) {
            g_mutex_unlock(&poster->mutex);
            decide_unasked(poster, &g_array_index(flight->units, Unit, decided),
                           flight->units->len - decided);
            g_mutex_lock(&poster->mutex);
        } else if (poster->is_recovering || poster->flight == NULL) {
            return !poster->is_recovering;
        } else {
            g_cond_wait(&poster->turn, &poster->mutex);
        }
        settle(poster);
    }
}

static void
wait_for_writer(FiscPoster *poster)
{
    while (poster->flight != NULL && !poster->is_recovering) {
        g_cond_wait(&poster->turn, &poster->mutex);
    }
}

/* The flight below failed: our jobs go back to the queue, and the writer takes over. */
static void
step_back(FiscPoster *poster, Flight *flight)
{
    give_back_jobs(poster, flight);
    flight_free(flight);
    poster->is_deciding = false;
    g_cond_signal(&poster->undone);
}

/* Nothing else is under way: the batch is decided and written with every care. */
static void
process_alone(FiscPoster *poster, Flight *flight)
{
    settle(poster);
    g_mutex_unlock(&poster->mutex);
    int64_t written =
        fisc_poster_process(poster, (Unit *)(void *)flight->units->data, flight->units->len);
    fisc_poster_publish_all(poster);
    g_mutex_lock(&poster->mutex);
    poster->is_deciding = false;
    call_next(poster);
    answer_jobs(poster, flight, written);
    flight_free(flight);
}

/* The writer is free: off it goes. A batch with nothing new is answered here. */
static void
launch(FiscPoster *poster, Flight *flight)
{
    if (flight->batch->items > 0) {
        poster->news = fisc_engine_take_news(poster->engine);
        poster->flight_brings = fisc_engine_brings_masters(poster->engine, flight->batch);
        fisc_engine_launch(poster->engine);
        poster->flight = flight;
        if (poster->writer == NULL) {
            poster->writer = g_thread_new("fisc-write", write_flights, poster);
        }
        g_cond_signal(&poster->fly);
    } else {
        fisc_poster_fill_receipts(flight->batch, (Unit *)(void *)flight->units->data,
                                  flight->units->len);
        fisc_engine_undo(poster->engine);
        answer_jobs(poster, flight, 0);
        flight_free(flight);
    }
    poster->is_deciding = false;
    call_next(poster);
}

/* A yes is written, and the chain tells when another process was first. A no that is not written is
 * only as new as what the engine has read, so it is said after reading again. */
static bool
is_hearsay(const Flight *flight)
{
    bool has_refusal = false;
    for (guint i = 0; i < flight->units->len; i++) {
        const FiscReceipt *receipt = g_array_index(flight->units, Unit, i).receipt;
        has_refusal = has_refusal || receipt->refused > 0 || receipt->refusals != NULL;
    }
    return has_refusal && flight->batch->items == 0;
}

static void
lead(FiscPoster *poster)
{
    Flight *flight = flight_new();
    settle(poster);
    if (gather(poster, flight)) {
        flight->batch = fisc_poster_seal(poster);
        if (!is_hearsay(flight)) {
            launch(poster, flight);
            return;
        }
        poster->is_stale = true;
    }
    fisc_engine_undo(poster->engine);
    wait_for_writer(poster);
    if (poster->is_recovering) {
        step_back(poster, flight);
    } else {
        process_alone(poster, flight);
    }
}

/* Jobs -------------------------------------------------------------------------------------------
 */

/* Waits for room unless the waiter has another job under way: it may be called to lead. */
static void
enqueue(FiscPoster *poster, Job *job, bool may_wait)
{
    g_mutex_lock(&poster->mutex);
    while (may_wait && poster->queued_entries > QUEUE_ENTRIES_MAX) {
        g_cond_wait(&poster->idle, &poster->mutex);
    }
    g_queue_push_tail(&poster->queue, job);
    poster->queued_entries += job->count;
    if (poster->is_deciding) {
        g_cond_signal(&poster->turn);
    } else if (poster->holders == 0) {
        call_leader(poster);
    }
    g_mutex_unlock(&poster->mutex);
}

static void
wait_for(FiscPoster *poster, Job *job)
{
    g_mutex_lock(&poster->mutex);
    while (!job->is_done || job->waiter->is_leader) {
        if (job->waiter->is_leader) {
            job->waiter->is_leader = false;
            lead(poster);
        } else {
            g_cond_wait(&job->waiter->called, &poster->mutex);
        }
    }
    g_mutex_unlock(&poster->mutex);
}

static bool
refuse_size(const FiscSubmission *submission, FiscReceipt **out_receipt)
{
    guint64 lines = 0;
    for (guint i = 0; i < submission->entries->len; i++) {
        lines += ((const FiscEntry *)submission->entries->pdata[i])->lines->len;
    }
    if (submission->entries->len <= FISC_GROUP_ENTRIES_MAX) {
        return false;
    }
    FiscReceipt *receipt = fisc_receipt_new();
    receipt->refusals = fisc_refusals_new();
    fisc_refusals_add(receipt->refusals, FISC_ERROR_ENTRY_TOO_LARGE, NULL, 0, NULL,
                      "a group of %u entries with %" G_GUINT64_FORMAT " lines; at most %d entries",
                      submission->entries->len, lines, FISC_GROUP_ENTRIES_MAX);
    receipt->refused = (int)submission->entries->len;
    *out_receipt = receipt;
    return true;
}

static Job
job_of(Waiter *waiter, const FiscSubmission *submission)
{
    return (Job){.waiter = waiter,
                 .submission = submission,
                 .count = submission->entries->len,
                 .with_events = submission->events->len > 0,
                 .receipt = fisc_receipt_new()};
}

bool
fisc_poster_submit(FiscPoster *poster, const FiscSubmission *submission, FiscReceipt **out_receipt,
                   GError **error)
{
    if (refuse_size(submission, out_receipt)) {
        return true;
    }
    Waiter waiter = {.is_leader = false};
    Job job = job_of(&waiter, submission);
    g_cond_init(&waiter.called);
    enqueue(poster, &job, true);
    wait_for(poster, &job);
    g_cond_clear(&waiter.called);
    return fisc_poster_answer(&job, out_receipt, error);
}

/* Takes the answer of a job as one of several; the first failure is told. */
static bool
take_answer(Job *job, GPtrArray *receipts, GError **error)
{
    g_autoptr(GError) failure = NULL;
    FiscReceipt *receipt = NULL;
    if (fisc_poster_answer(job, &receipt, &failure)) {
        g_ptr_array_add(receipts, receipt);
        return true;
    }
    g_ptr_array_add(receipts, NULL);
    if (error != NULL && *error == NULL) {
        g_propagate_error(error, g_steal_pointer(&failure));
    }
    return false;
}

bool
fisc_poster_submit_all(FiscPoster *poster, const GPtrArray *submissions, GPtrArray **out_receipts,
                       GError **error)
{
    Waiter waiter = {.is_leader = false};
    g_autofree Job *jobs = g_new0(Job, submissions->len + 1);
    g_autofree FiscReceipt **refused = g_new0(FiscReceipt *, submissions->len + 1);
    bool is_any = false, is_done = true;
    g_cond_init(&waiter.called);
    for (guint i = 0; i < submissions->len; i++) {
        if (!refuse_size(submissions->pdata[i], &refused[i])) {
            jobs[i] = job_of(&waiter, submissions->pdata[i]);
            enqueue(poster, &jobs[i], !is_any); /* from then on it may be called to lead */
            is_any = true;
        }
    }
    *out_receipts = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_receipt_free);
    for (guint i = 0; i < submissions->len; i++) {
        if (refused[i] != NULL) {
            g_ptr_array_add(*out_receipts, refused[i]);
            continue;
        }
        wait_for(poster, &jobs[i]);
        is_done = take_answer(&jobs[i], *out_receipts, error) && is_done;
    }
    g_cond_clear(&waiter.called);
    return is_done;
}

/* How many entries from @first fit one batch. */
static guint
chunk_size(const FiscSubmission *submission, guint first)
{
    guint lines = 0;
    guint count = 0;
    while (first + count < submission->entries->len && count < FISC_BATCH_ENTRIES_MAX) {
        const FiscEntry *entry = submission->entries->pdata[first + count];
        if (count > 0 && lines + entry->lines->len > FISC_BATCH_LINES_MAX) {
            break;
        }
        lines += entry->lines->len;
        count++;
    }
    return count;
}

/* An importer's submission on its way: two chunks at once, so that one is decided while the other
 * is written. The first goes alone when it carries events: what follows must not outrun a refusal.
 */
typedef struct {
    FiscPoster *poster;
    const FiscSubmission *submission;
    Waiter waiter;
    GQueue jobs; /* of Job, under way, oldest first */
    guint next;  /* first entry not yet queued */
    bool is_begun;
    FiscReceipt *receipt;
    GError *error;
} Import;

static bool
has_more(const Import *import)
{
    bool is_stopped = import->error != NULL || import->receipt->refusals != NULL;
    return !is_stopped && (!import->is_begun || import->next < import->submission->entries->len);
}

static void
queue_chunk(Import *import)
{
    Job *job = g_new0(Job, 1);
    *job = (Job){.waiter = &import->waiter,
                 .submission = import->submission,
                 .is_each = true,
                 .first = import->next,
                 .count = chunk_size(import->submission, import->next),
                 .with_events = !import->is_begun && import->submission->events->len > 0,
                 .receipt = fisc_receipt_new()};
    import->is_begun = true;
    import->next += job->count;
    g_queue_push_tail(&import->jobs, job);
    enqueue(import->poster, job, import->jobs.length == 1);
}

static void
merge_chunk(Import *import, FiscReceipt *from)
{
    FiscReceipt *into = import->receipt;
    while (from->results->len > 0) {
        /* Taken from the end and put in place: the order stays. */
        guint at = into->results->len;
        g_ptr_array_set_size(into->results, (int)(at + from->results->len));
        for (guint i = from->results->len; i > 0; i--) {
            into->results->pdata[at + i - 1] = g_ptr_array_steal_index(from->results, i - 1);
        }
    }
    if (from->refusals != NULL) {
        g_clear_pointer(&into->refusals, g_ptr_array_unref);
        into->refusals = g_steal_pointer(&from->refusals);
    }
    into->posted += from->posted;
    into->repeated += from->repeated;
    into->refused += from->refused;
    into->events += from->events;
    into->batch_no = MAX(into->batch_no, from->batch_no);
    fisc_receipt_free(from);
}

static void
finish_chunk(Import *import)
{
    Job *job = g_queue_pop_head(&import->jobs);
    wait_for(import->poster, job);
    FiscReceipt *receipt = NULL;
    g_autoptr(GError) failure = NULL;
    if (fisc_poster_answer(job, &receipt, &failure)) {
        merge_chunk(import, receipt);
    } else if (import->error == NULL) {
        import->error = g_steal_pointer(&failure);
    }
    FiscPoster *poster = import->poster;
    if (poster->progress != NULL) {
        poster->progress(job->first + job->count, import->submission->entries->len,
                         poster->progress_data);
    }
    g_free(job);
}

bool
fisc_poster_submit_each(FiscPoster *poster, const FiscSubmission *submission,
                        FiscReceipt **out_receipt, GError **error)
{
    Import import = {.poster = poster, .submission = submission, .receipt = fisc_receipt_new()};
    g_cond_init(&import.waiter.called);
    g_queue_init(&import.jobs);
    while (has_more(&import)) {
        bool goes_alone = !import.is_begun && submission->events->len > 0;
        queue_chunk(&import);
        if (goes_alone || import.jobs.length > 1) {
            finish_chunk(&import);
        }
    }
    while (import.jobs.length > 0) {
        finish_chunk(&import);
    }
    g_cond_clear(&import.waiter.called);
    if (import.error != NULL) {
        g_propagate_error(error, import.error);
        fisc_receipt_free(import.receipt);
        return false;
    }
    *out_receipt = import.receipt;
    return true;
}

void
fisc_poster_set_progress(FiscPoster *poster,
                         void (*progress)(int64_t done, int64_t total, void *data), void *data)
{
    poster->progress = progress;
    poster->progress_data = data;
}

void
fisc_poster_count(FiscPoster *poster, FiscPosterCounts *out_counts)
{
    out_counts->batches = __atomic_load_n(&poster->counts.batches, __ATOMIC_RELAXED);
    out_counts->conflicts = __atomic_load_n(&poster->counts.conflicts, __ATOMIC_RELAXED);
}

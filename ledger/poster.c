/* poster.c: natural batching over one engine and one chain.
 *
 * Submitters queue. Whoever finds the poster idle becomes its leader for one batch: takes what is
 * queued, lets the engine decide in order, writes, answers everybody, and hands on. So batches are
 * big under load and single without, and there is no timer and no thread of our own.
 *
 * A batch that PostgreSQL refuses is halved until the culprit stands alone. A lost answer is looked
 * up by the batch's own hash: it is in the chain, or it is not. */
#include "fisc/poster.h"
#include "core/base/kill_point.h"
#include "core/base/log.h"
#include "ledger/batch.h"
#include "ledger/engine.h"
#include "ledger/restore.h"
#include <string.h>

#define CONFLICTS_MAX 10000
#define RESOLVE_SECONDS 30
#define ASK_BATCHES 64 /* after a known reference showed up: a package is being loaded again */
#define CHECKPOINT_ENTRIES 50000
#define CHECKPOINT_SECONDS 2
#define QUEUE_ENTRIES_MAX (4 * FISC_BATCH_ENTRIES_MAX) /* who comes later waits outside */

typedef struct {
    const FiscSubmission *submission;
    bool is_each; /* every entry on its own */
    guint first, count;
    bool with_events;
    FiscReceipt *receipt;
    GError *error;
    bool is_done;
    bool is_leader; /* called to lead the next batch */
    GCond called;   /* done, or called to lead */
} Job;

/* What stands or falls together: a whole submission, or one entry of an importer's. */
typedef struct {
    Job *job;
    guint first, count;
    bool with_events;
    FiscReceipt *receipt;
    GError *error;
} Unit;

struct _FiscPoster {
    FiscPool *pool;
    int book_id;
    FiscBatchTypes types;
    FiscEngine *engine;
    GMutex mutex;
    GCond changed; /* there is room in the queue, or the poster is idle */
    GQueue queue;  /* of Job */
    guint queued_entries;
    bool is_busy;
    int holders;             /* waiting to ask the engine between two batches */
    bool is_stale;           /* the engine may be behind the chain */
    int64_t entries_written; /* by the leader at work, not counted yet */
    int ask_batches;
    int64_t entries_since_checkpoint;
    GThread *folder; /* folds the log into the balances, beside the posting */
    GCond due;
    bool is_closing;
    void (*progress)(int64_t done, int64_t total, void *data);
    void *progress_data;
};

/* Folding ----------------------------------------------------------------------------------------
 */

/* Every few seconds of posting, or when the tail has grown: its own thread and connection, so
 * nobody's answer waits for it. A failure loses nothing: the tail is longer until the next one. */
static gpointer
fold_when_due(gpointer data)
{
    FiscPoster *poster = data;
    g_mutex_lock(&poster->mutex);
    while (!poster->is_closing) {
        g_cond_wait_until(&poster->due, &poster->mutex,
                          g_get_monotonic_time() + CHECKPOINT_SECONDS * G_USEC_PER_SEC);
        if (poster->entries_since_checkpoint == 0 || poster->is_closing) {
            continue;
        }
        g_mutex_unlock(&poster->mutex);
        g_autoptr(GError) failure = NULL;
        if (!fisc_poster_checkpoint(poster, &failure)) {
            fisc_log(FISC_LOG_WARN, "the checkpoint failed", "error", failure->message, NULL);
        }
        g_mutex_lock(&poster->mutex);
    }
    g_mutex_unlock(&poster->mutex);
    return NULL;
}

/* With the mutex held, after a batch. The thread begins with the first entry: who only asks has
 * none. */
static void
count_for_checkpoint(FiscPoster *poster, int64_t entries)
{
    poster->entries_since_checkpoint += entries;
    if (poster->folder == NULL && entries > 0) {
        poster->folder = g_thread_new("fisc-fold", fold_when_due, poster);
    }
    if (poster->entries_since_checkpoint >= CHECKPOINT_ENTRIES) {
        g_cond_signal(&poster->due);
    }
}

static void
stop_folding(FiscPoster *poster)
{
    g_mutex_lock(&poster->mutex);
    poster->is_closing = true;
    g_cond_signal(&poster->due);
    g_mutex_unlock(&poster->mutex);
    g_clear_pointer(&poster->folder, g_thread_join);
}

bool
fisc_poster_checkpoint(FiscPoster *poster, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_mutex_lock(&poster->mutex);
    poster->entries_since_checkpoint = 0;
    g_mutex_unlock(&poster->mutex);
    fisc_kill_point("poster.before_checkpoint");
    bool is_done = fisc_tx_begin(poster->pool, FISC_TX_AUTO, &tx, error) &&
                   fisc_tx_query(tx, FISC_SQL_LEDGER_ADVANCE_CHECKPOINT,
                                 FISC_ARGS(fisc_int4(poster->book_id)), NULL, error) &&
                   fisc_tx_commit(g_steal_pointer(&tx), error);
    fisc_kill_point("poster.after_checkpoint");
    return is_done;
}

bool
fisc_poster_open(FiscPool *pool, int book_id, FiscPoster **out_poster, GError **error)
{
    FiscPoster *poster = g_new0(FiscPoster, 1);
    poster->pool = pool;
    poster->book_id = book_id;
    poster->engine = fisc_engine_new(book_id);
    g_mutex_init(&poster->mutex);
    g_cond_init(&poster->changed);
    g_cond_init(&poster->due);
    g_queue_init(&poster->queue);
    if (!fisc_batch_types_load(pool, &poster->types, error) ||
        !fisc_engine_catch_up(poster->engine, pool, book_id, error)) {
        fisc_poster_close(poster);
        return false;
    }
    *out_poster = poster;
    return true;
}

void
fisc_poster_close(FiscPoster *poster)
{
    if (poster == NULL) {
        return;
    }
    g_assert(!poster->is_busy && g_queue_is_empty(&poster->queue));
    stop_folding(poster);
    fisc_engine_free(poster->engine);
    g_cond_clear(&poster->due);
    g_cond_clear(&poster->changed);
    g_mutex_clear(&poster->mutex);
    g_free(poster);
}

/* References ---------------------------------------------------------------------------------- */

static void
collect_references(const Unit *unit, GPtrArray *sources, GPtrArray *references)
{
    const FiscSubmission *submission = unit->job->submission;
    for (guint i = unit->first; i < unit->first + unit->count; i++) {
        const FiscEntry *entry = submission->entries->pdata[i];
        const char *asked[] = {entry->reference, entry->corrects};
        for (int k = 0; k < 2; k++) {
            if (asked[k] != NULL && submission->source != NULL) {
                g_ptr_array_add(sources, (char *)submission->source);
                g_ptr_array_add(references, (char *)asked[k]);
            }
        }
    }
}

static void
put_reference(GHashTable *known, FiscRows *rows, int row)
{
    FiscPostedReference *posted = g_new0(FiscPostedReference, 1);
    int length = 0;
    posted->entry_id = fisc_rows_int8(rows, row, 2);
    posted->batch_no = fisc_rows_int8(rows, row, 3);
    memcpy(posted->digest, fisc_rows_bytea(rows, row, 4, &length), FISC_HASH_BYTES);
    memcpy(posted->hash, fisc_rows_bytea(rows, row, 5, &length), FISC_HASH_BYTES);
    posted->has_salt = !fisc_rows_is_null(rows, row, 6);
    if (posted->has_salt) {
        memcpy(posted->memo_salt, fisc_rows_bytea(rows, row, 6, &length), sizeof posted->memo_salt);
        memcpy(posted->memo_hash, fisc_rows_bytea(rows, row, 7, &length), FISC_HASH_BYTES);
    }
    g_hash_table_insert(
        known,
        fisc_engine_reference_key(fisc_rows_text(rows, row, 0), fisc_rows_text(rows, row, 1)),
        posted);
}

/* Asks the database what it has under the references of some units; adds to @known. */
static bool
ask_references(FiscPoster *poster, Unit *units, guint count, GHashTable *known, GError **error)
{
    g_autoptr(GPtrArray) sources = g_ptr_array_new();
    g_autoptr(GPtrArray) references = g_ptr_array_new();
    for (guint i = 0; i < count; i++) {
        collect_references(&units[i], sources, references);
    }
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_begin(poster->pool, FISC_TX_AUTO, &tx, error) ||
        !fisc_tx_query(
            tx, FISC_SQL_LEDGER_REFERENCES,
            FISC_ARGS(
                fisc_int4(poster->book_id),
                fisc_text_array((const char *const *)sources->pdata, (int)sources->len),
                fisc_text_array((const char *const *)references->pdata, (int)references->len)),
            &rows, error)) {
        return false;
    }
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        put_reference(known, rows, i);
    }
    return fisc_tx_commit(g_steal_pointer(&tx), error);
}

static bool
has_correction(const Unit *units, guint count)
{
    for (guint i = 0; i < count; i++) {
        for (guint k = units[i].first; k < units[i].first + units[i].count; k++) {
            const FiscEntry *entry = units[i].job->submission->entries->pdata[k];
            if (entry->corrects != NULL) {
                return true;
            }
        }
    }
    return false;
}

/* One batch ------------------------------------------------------------------------------------ */

static void
decide(FiscPoster *poster, Unit *units, guint count)
{
    for (guint i = 0; i < count; i++) {
        fisc_receipt_free(units[i].receipt);
        units[i].receipt = fisc_receipt_new();
        fisc_engine_apply(poster->engine, units[i].job->submission, units[i].first, units[i].count,
                          units[i].with_events, units[i].receipt);
    }
}

static void
fill_receipts(const FiscBatch *batch, Unit *units, guint count)
{
    for (guint i = 0; i < count; i++) {
        FiscReceipt *receipt = units[i].receipt;
        receipt->batch_no = batch->items > 0 ? batch->batch_no : 0;
        for (guint k = 0; k < receipt->results->len; k++) {
            FiscResult *result = receipt->results->pdata[k];
            bool is_ours = result->batch_no == batch->batch_no && result->entry_id > 0;
            if (is_ours) {
                const FiscDecidedEntry *entry =
                    batch->entries->pdata[result->entry_id - batch->first_entry];
                memcpy(result->hash, entry->hash, FISC_HASH_BYTES);
            }
        }
    }
}

static void
fail_units(Unit *units, guint count, const GError *failure)
{
    for (guint i = 0; i < count; i++) {
        g_clear_error(&units[i].error);
        units[i].error = g_error_copy(failure);
    }
}

/* Whether batch @n of the chain is the one with this hash. */
static bool
is_on_record(FiscPoster *poster, int64_t batch_no, const uint8_t *hash, bool *out_is_ours,
             GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_begin(poster->pool, FISC_TX_AUTO, &tx, error) ||
        !fisc_tx_query(tx, FISC_SQL_LEDGER_BATCH_HASH_AT,
                       FISC_ARGS(fisc_int4(poster->book_id), fisc_int8(batch_no)), &rows, error)) {
        return false;
    }
    int length = 0;
    *out_is_ours = fisc_rows_count(rows) == 1 &&
                   memcmp(fisc_rows_bytea(rows, 0, 0, &length), hash, FISC_HASH_BYTES) == 0;
    return fisc_tx_commit(g_steal_pointer(&tx), error);
}

/* How long a lost outcome is looked for; a test may be less patient. */
static int64_t
resolve_seconds(void)
{
    const char *chosen = g_getenv("FISC_RESOLVE_SECONDS");
    return chosen != NULL ? g_ascii_strtoll(chosen, NULL, 10) : RESOLVE_SECONDS;
}

/* The answer to a write got lost. Writing the same batch again is safe, for its place is its key:
 * it goes in, or the place is taken, and then the hash there tells by whom. */
static bool
resolve_unknown(FiscPoster *poster, const FiscBatch *batch, GError **error)
{
    int64_t until = g_get_monotonic_time() + resolve_seconds() * G_USEC_PER_SEC;
    for (gulong wait_us = 20000;; wait_us = MIN(wait_us * 2, 1000000)) {
        g_autoptr(GError) failure = NULL;
        if (fisc_batch_write(poster->pool, &poster->types, batch, &failure)) {
            return true;
        }
        if (g_error_matches(failure, FISC_ERROR, FISC_ERROR_CHAIN_CONFLICT)) {
            bool is_ours = false;
            g_autoptr(GError) lookup = NULL;
            if (is_on_record(poster, batch->batch_no, batch->hash, &is_ours, &lookup)) {
                if (!is_ours) {
                    g_propagate_error(error, g_steal_pointer(&failure));
                }
                return is_ours;
            }
        } else if (!g_error_matches(failure, FISC_ERROR, FISC_ERROR_UNAVAILABLE) &&
                   !g_error_matches(failure, FISC_ERROR, FISC_ERROR_OUTCOME_UNKNOWN)) {
            g_propagate_error(error, g_steal_pointer(&failure));
            return false;
        }
        if (g_get_monotonic_time() > until) {
            return fisc_fail(error, FISC_ERROR_OUTCOME_UNKNOWN,
                             "the database went away while batch %" G_GINT64_FORMAT
                             " was being written; ask again with the same references",
                             batch->batch_no);
        }
        g_usleep(wait_us);
    }
}

static bool
write_batch(FiscPoster *poster, const FiscBatch *batch, GError **error)
{
    g_autoptr(GError) failure = NULL;
    fisc_kill_point("poster.before_write");
    if (fisc_batch_write(poster->pool, &poster->types, batch, &failure)) {
        fisc_kill_point("poster.after_write");
        return true;
    }
    if (g_error_matches(failure, FISC_ERROR, FISC_ERROR_OUTCOME_UNKNOWN)) {
        fisc_kill_point("poster.before_resolve");
        return resolve_unknown(poster, batch, error);
    }
    g_propagate_error(error, g_steal_pointer(&failure));
    return false;
}

static void process(FiscPoster *poster, Unit *units, guint count);

/* PostgreSQL refused the batch as such: find out because of whom. */
static void
halve(FiscPoster *poster, Unit *units, guint count, const GError *failure)
{
    if (count == 1) {
        fisc_log(FISC_LOG_WARN, "the database refused a submission", "error", failure->message,
                 NULL);
        fail_units(units, 1, failure);
        return;
    }
    process(poster, units, count / 2);
    process(poster, units + count / 2, count - count / 2);
}

typedef enum { STEP_DONE, STEP_AGAIN, STEP_FAILED } Step;

/* Decides and writes once. */
static Step
try_batch(FiscPoster *poster, Unit *units, guint count, GError **error)
{
    g_autoptr(GHashTable) known = NULL;
    if (poster->is_stale &&
        !fisc_engine_catch_up(poster->engine, poster->pool, poster->book_id, error)) {
        return STEP_FAILED;
    }
    poster->is_stale = false;
    if (poster->ask_batches > 0 || has_correction(units, count)) {
        known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
        if (!ask_references(poster, units, count, known, error)) {
            return STEP_FAILED;
        }
        poster->ask_batches -= poster->ask_batches > 0 ? 1 : 0;
    }
    fisc_engine_begin(poster->engine);
    fisc_engine_set_known(poster->engine, known);
    decide(poster, units, count);
    fisc_engine_set_known(poster->engine, NULL);
    fisc_kill_point("poster.decided");
    const FiscBatch *batch = fisc_engine_seal(poster->engine);
    fisc_kill_point("poster.sealed");
    g_autoptr(GError) failure = NULL;
    if (batch->items == 0 || write_batch(poster, batch, &failure)) {
        fill_receipts(batch, units, count);
        poster->entries_written += batch->entries->len;
        if (batch->items > 0) {
            fisc_engine_commit(poster->engine);
            fisc_kill_point("poster.after_commit");
        } else {
            fisc_engine_undo(poster->engine);
        }
        return STEP_DONE;
    }
    fisc_engine_undo(poster->engine);
    poster->is_stale = true;
    if (g_error_matches(failure, FISC_ERROR, FISC_ERROR_CHAIN_CONFLICT)) {
        return STEP_AGAIN;
    }
    if (g_error_matches(failure, FISC_ERROR, FISC_ERROR_REFERENCE_CONFLICT)) {
        poster->ask_batches = ASK_BATCHES;
        return STEP_AGAIN;
    }
    g_propagate_error(error, g_steal_pointer(&failure));
    return STEP_FAILED;
}

static void
process(FiscPoster *poster, Unit *units, guint count)
{
    g_autoptr(GError) failure = NULL;
    for (int attempt = 0; attempt < CONFLICTS_MAX; attempt++) {
        g_clear_error(&failure);
        switch (try_batch(poster, units, count, &failure)) {
        case STEP_DONE:
            return;
        case STEP_AGAIN:
            continue;
        case STEP_FAILED:
            if (failure->code == FISC_ERROR_UNAVAILABLE ||
                failure->code == FISC_ERROR_OUTCOME_UNKNOWN) {
                fail_units(units, count, failure);
            } else {
                halve(poster, units, count, failure);
            }
            return;
        }
    }
    g_clear_error(&failure);
    fisc_fail(&failure, FISC_ERROR_UNAVAILABLE,
              "other writers were first %d times: nothing was posted", CONFLICTS_MAX);
    fail_units(units, count, failure);
}

/* Jobs ----------------------------------------------------------------------------------------- */

static void
append_units(GArray *units, Job *job)
{
    guint groups = job->is_each ? job->count : 1;
    if (job->is_each && job->count == 0 && job->with_events) {
        groups = 1;
    }
    for (guint i = 0; i < groups; i++) {
        Unit unit = {.job = job,
                     .first = job->first + (job->is_each ? i : 0),
                     .count = job->is_each ? MIN(1, job->count) : job->count,
                     .with_events = job->with_events && i == 0};
        g_array_append_val(units, unit);
    }
}

/* An importer's entry that the database refused alone is an answer about that entry. */
static void
refuse_for_database(Unit *unit)
{
    const FiscEntry *entry = unit->job->submission->entries->pdata[unit->first];
    fisc_receipt_free(unit->receipt);
    unit->receipt = fisc_receipt_new();
    FiscResult *result = g_new0(FiscResult, 1);
    result->kind = FISC_RESULT_REFUSED;
    result->reference = g_strdup(entry->reference);
    result->file = entry->file;
    result->row = entry->row;
    result->refusals = fisc_refusals_new();
    fisc_refusals_add(result->refusals, (FiscError)unit->error->code, entry->file, entry->row, NULL,
                      "%s", unit->error->message);
    g_ptr_array_add(unit->receipt->results, result);
    unit->receipt->refused++;
    g_clear_error(&unit->error);
}

static void
merge_receipt(Job *job, FiscReceipt *from)
{
    FiscReceipt *into = job->receipt;
    for (guint i = 0; i < from->results->len; i++) {
        g_ptr_array_add(into->results, from->results->pdata[i]);
    }
    g_ptr_array_set_free_func(from->results, NULL);
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
finish_units(GArray *units)
{
    for (guint i = 0; i < units->len; i++) {
        Unit *unit = &g_array_index(units, Unit, i);
        Job *job = unit->job;
        bool is_answer = unit->error != NULL && job->is_each && unit->count == 1 &&
                         unit->error->code != FISC_ERROR_UNAVAILABLE &&
                         unit->error->code != FISC_ERROR_OUTCOME_UNKNOWN;
        if (is_answer) {
            refuse_for_database(unit);
        }
        if (unit->error != NULL) {
            if (job->error == NULL) {
                job->error = g_steal_pointer(&unit->error);
            }
            g_clear_error(&unit->error);
            fisc_receipt_free(unit->receipt);
        } else {
            merge_receipt(job, unit->receipt);
        }
        unit->receipt = NULL;
    }
}

/* Takes jobs from the queue, as many as a batch may hold, at least one. */
static GPtrArray *
take_jobs(FiscPoster *poster)
{
    GPtrArray *jobs = g_ptr_array_new();
    guint entries = 0;
    while (!g_queue_is_empty(&poster->queue)) {
        const Job *next = g_queue_peek_head(&poster->queue);
        if (jobs->len > 0 && entries + next->count > FISC_BATCH_ENTRIES_MAX) {
            break;
        }
        entries += next->count;
        g_ptr_array_add(jobs, g_queue_pop_head(&poster->queue));
    }
    poster->queued_entries -= entries;
    g_cond_broadcast(&poster->changed);
    return jobs;
}

static void
lead(FiscPoster *poster, GPtrArray *jobs)
{
    g_autoptr(GArray) units = g_array_new(FALSE, TRUE, sizeof(Unit));
    for (guint i = 0; i < jobs->len; i++) {
        append_units(units, jobs->pdata[i]);
    }
    if (units->len > 0) {
        process(poster, (Unit *)units->data, units->len);
    }
    finish_units(units);
}

/* With the mutex held and nobody leading: the head of the queue shall lead. Calling one by name,
 * and the others only when their answer is there, saves waking everybody for every batch. */
static void
call_leader(FiscPoster *poster)
{
    Job *next = g_queue_peek_head(&poster->queue);
    if (next != NULL) {
        poster->is_busy = true;
        next->is_leader = true;
        g_cond_signal(&next->called);
    } else {
        g_cond_broadcast(&poster->changed);
    }
}

/* With the mutex held: decides and writes one batch, answers, hands on. */
static void
lead_once(FiscPoster *poster)
{
    g_autoptr(GPtrArray) jobs = take_jobs(poster);
    g_mutex_unlock(&poster->mutex);
    fisc_kill_point("poster.taken");
    lead(poster, jobs);
    fisc_kill_point("poster.before_answer");
    g_mutex_lock(&poster->mutex);
    count_for_checkpoint(poster, poster->entries_written);
    poster->entries_written = 0;
    poster->is_busy = false;
    if (poster->holders > 0) {
        g_cond_broadcast(&poster->changed); /* who only asks gets a turn under full load, too */
    } else {
        call_leader(poster);
    }
    for (guint i = 0; i < jobs->len; i++) {
        Job *job = jobs->pdata[i];
        job->is_done = true;
        g_cond_signal(&job->called);
    }
}

static void
run_job(FiscPoster *poster, Job *job)
{
    g_cond_init(&job->called);
    g_mutex_lock(&poster->mutex);
    while (poster->queued_entries > QUEUE_ENTRIES_MAX) {
        g_cond_wait(&poster->changed, &poster->mutex);
    }
    g_queue_push_tail(&poster->queue, job);
    poster->queued_entries += job->count;
    if (!poster->is_busy) {
        call_leader(poster);
    }
    while (!job->is_done) {
        if (job->is_leader) {
            job->is_leader = false;
            lead_once(poster);
        } else {
            g_cond_wait(&job->called, &poster->mutex);
        }
    }
    g_mutex_unlock(&poster->mutex);
    g_cond_clear(&job->called);
}

static bool
answer(Job *job, FiscReceipt **out_receipt, GError **error)
{
    if (job->error != NULL) {
        g_propagate_error(error, job->error);
        fisc_receipt_free(job->receipt);
        return false;
    }
    *out_receipt = job->receipt;
    return true;
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

bool
fisc_poster_submit(FiscPoster *poster, const FiscSubmission *submission, FiscReceipt **out_receipt,
                   GError **error)
{
    if (refuse_size(submission, out_receipt)) {
        return true;
    }
    Job job = {.submission = submission,
               .count = submission->entries->len,
               .with_events = submission->events->len > 0,
               .receipt = fisc_receipt_new()};
    run_job(poster, &job);
    return answer(&job, out_receipt, error);
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

bool
fisc_poster_submit_each(FiscPoster *poster, const FiscSubmission *submission,
                        FiscReceipt **out_receipt, GError **error)
{
    FiscReceipt *receipt = fisc_receipt_new();
    guint first = 0;
    do {
        Job job = {.submission = submission,
                   .is_each = true,
                   .first = first,
                   .count = chunk_size(submission, first),
                   .with_events = first == 0 && submission->events->len > 0,
                   .receipt = receipt};
        run_job(poster, &job);
        if (!answer(&job, &receipt, error)) {
            return false;
        }
        first += job.count;
        if (poster->progress != NULL) {
            poster->progress(first, submission->entries->len, poster->progress_data);
        }
    } while (first < submission->entries->len && receipt->refusals == NULL);
    *out_receipt = receipt;
    return true;
}

void
fisc_poster_set_progress(FiscPoster *poster,
                         void (*progress)(int64_t done, int64_t total, void *data), void *data)
{
    poster->progress = progress;
    poster->progress_data = data;
}

/* Deciding without writing ----------------------------------------------------------------------
 */

static void
hold(FiscPoster *poster)
{
    g_mutex_lock(&poster->mutex);
    poster->holders++;
    while (poster->is_busy) {
        g_cond_wait(&poster->changed, &poster->mutex);
    }
    poster->holders--;
    poster->is_busy = true;
    g_mutex_unlock(&poster->mutex);
}

static void
let_go(FiscPoster *poster)
{
    g_mutex_lock(&poster->mutex);
    poster->is_busy = false;
    call_leader(poster);
    g_mutex_unlock(&poster->mutex);
}

static bool
ask_in_chunks(FiscPoster *poster, GArray *units, GHashTable *known, GError **error)
{
    for (guint at = 0; at < units->len; at += FISC_BATCH_ENTRIES_MAX) {
        guint count = MIN(units->len - at, FISC_BATCH_ENTRIES_MAX);
        if (!ask_references(poster, &g_array_index(units, Unit, at), count, known, error)) {
            return false;
        }
    }
    return true;
}

/* Decides jobs after one another, keeps nothing. */
static bool
rehearse_jobs(FiscPoster *poster, Job *jobs, guint job_count, GError **error)
{
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GArray) units = g_array_new(FALSE, TRUE, sizeof(Unit));
    for (guint i = 0; i < job_count; i++) {
        append_units(units, &jobs[i]);
    }
    hold(poster);
    bool is_ready = fisc_engine_catch_up(poster->engine, poster->pool, poster->book_id, error) &&
                    ask_in_chunks(poster, units, known, error);
    if (is_ready) {
        fisc_engine_begin(poster->engine);
        fisc_engine_set_known(poster->engine, known);
        if (units->len > 0) {
            decide(poster, (Unit *)units->data, units->len);
        }
        fisc_engine_set_known(poster->engine, NULL);
        fisc_engine_undo(poster->engine);
    }
    let_go(poster);
    if (is_ready) {
        finish_units(units);
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
    if (!rehearse_jobs(poster, &job, 1, error)) {
        fisc_receipt_free(job.receipt);
        return false;
    }
    return answer(&job, out_receipt, error);
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
    bool is_done = rehearse_jobs(poster, jobs, submissions->len, error);
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

bool
fisc_poster_funds(FiscPoster *poster, const char *entity, int year,
                  const char *const dim[FISC_DIM_COUNT], GPtrArray **out_funds, GError **error)
{
    hold(poster);
    bool is_ready = fisc_engine_catch_up(poster->engine, poster->pool, poster->book_id, error);
    if (is_ready) {
        *out_funds = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_funds_free);
        fisc_engine_funds(poster->engine, entity, year, dim, *out_funds);
    }
    let_go(poster);
    return is_ready;
}

void
fisc_funds_free(FiscFunds *funds)
{
    if (funds != NULL) {
        g_free(funds->control);
        g_free(funds->level);
        g_free(funds->key);
        g_free(funds);
    }
}

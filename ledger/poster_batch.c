/* poster_batch.c: one batch of the poster, with every care.
 *
 * A batch that PostgreSQL refuses is halved until the culprit stands alone. A lost answer is looked
 * up by the batch's own hash: it is in the chain, or it is not. */
#include "core/base/kill_point.h"
#include "core/base/log.h"
#include "ledger/poster_internal.h"
#include "ledger/restore.h"
#include <string.h>

#define EPOCH_2000_US G_GINT64_CONSTANT(946684800000000)
#define ATTEMPTS_MAX 10 /* the second has its turn; more are a server that comes and goes */
#define RESOLVE_SECONDS 30

/* References ------------------------------------------------------------------------------------
 */

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

static bool
ask_references_in(FiscTx *tx, int book_id, const Unit *units, guint count, GHashTable *known,
                  GError **error)
{
    g_autoptr(GPtrArray) sources = g_ptr_array_new();
    g_autoptr(GPtrArray) references = g_ptr_array_new();
    for (guint i = 0; i < count; i++) {
        collect_references(&units[i], sources, references);
    }
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_query(
            tx, FISC_SQL_LEDGER_REFERENCES,
            FISC_ARGS(
                fisc_int4(book_id),
                fisc_text_array((const char *const *)sources->pdata, (int)sources->len),
                fisc_text_array((const char *const *)references->pdata, (int)references->len)),
            &rows, error)) {
        return false;
    }
    for (int i = 0; i < fisc_rows_count(rows); i++) {
        put_reference(known, rows, i);
    }
    return true;
}

bool
fisc_poster_ask_references(FiscPoster *poster, Unit *units, guint count, GHashTable *known,
                           GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    return fisc_tx_begin(poster->pool, FISC_TX_AUTO, &tx, error) &&
           ask_references_in(tx, poster->book_id, units, count, known, error) &&
           fisc_tx_commit(g_steal_pointer(&tx), error);
}

bool
fisc_poster_has_correction(const Unit *units, guint count)
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

bool
fisc_poster_refuses_known(FiscPoster *poster, const Unit *units, guint count, bool *out_known,
                          GError **error)
{
    g_autoptr(GArray) refused = g_array_new(FALSE, FALSE, sizeof(Unit));
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < count; i++) {
        if (units[i].receipt->refused > 0) {
            g_array_append_val(refused, units[i]);
        }
    }
    if (refused->len > 0 && !fisc_poster_ask_references(poster, (Unit *)(void *)refused->data,
                                                        refused->len, known, error)) {
        return false;
    }
    *out_known = g_hash_table_size(known) > 0;
    return true;
}

/* Deciding and writing ---------------------------------------------------------------------------
 */

static void
decide_unit(FiscPoster *poster, Unit *unit)
{
    Job *job = unit->job;
    fisc_receipt_free(unit->receipt);
    unit->receipt = fisc_receipt_new();
    if (unit->first == job->first) {
        job->is_stopped = false; /* decided once more, perhaps */
    }
    if (job->is_stopped) {
        return;
    }
    fisc_engine_apply(poster->engine, job->submission, unit->first, unit->count, unit->with_events,
                      unit->receipt);
    job->is_stopped = unit->receipt->refusals != NULL;
}

void
fisc_poster_decide(FiscPoster *poster, Unit *units, guint count)
{
    for (guint i = 0; i < count; i++) {
        decide_unit(poster, &units[i]);
    }
}

void
fisc_poster_begin(FiscPoster *poster)
{
    fisc_engine_begin(poster->engine);
    fisc_engine_set_time(poster->engine, g_get_real_time() - EPOCH_2000_US);
}

const FiscBatch *
fisc_poster_seal(FiscPoster *poster)
{
    fisc_kill_point("poster.decided");
    const FiscBatch *batch = fisc_engine_seal(poster->engine);
    fisc_kill_point("poster.sealed");
    return batch;
}

void
fisc_poster_fill_receipts(const FiscBatch *batch, Unit *units, guint count)
{
    for (guint i = 0; i < count; i++) {
        units[i].receipt->batch_no = batch->items > 0 ? batch->batch_no : 0;
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

/* Sends the batch once: in a transaction of its own, or in the turn, which ends with it. */
static bool
send_batch(FiscPoster *poster, FiscTx *turn, const FiscBatch *batch, GError **error)
{
    g_autoptr(FiscTx) tx = turn;
    if (tx == NULL) {
        return fisc_batch_write(poster->pool, &poster->types, batch, error);
    }
    return fisc_batch_write_in(tx, &poster->types, batch, error) &&
           fisc_tx_commit(g_steal_pointer(&tx), error);
}

bool
fisc_poster_write(FiscPoster *poster, FiscTx *turn, const FiscBatch *batch, GError **error)
{
    g_autoptr(GError) failure = NULL;
    fisc_kill_point("poster.before_write");
    bool is_in = send_batch(poster, turn, batch, &failure);
    if (is_in) {
        fisc_kill_point("poster.after_write");
    } else if (g_error_matches(failure, FISC_ERROR, FISC_ERROR_OUTCOME_UNKNOWN)) {
        fisc_kill_point("poster.before_resolve");
        is_in = resolve_unknown(poster, batch, error);
    } else {
        g_propagate_error(error, g_steal_pointer(&failure));
    }
    __atomic_add_fetch(&poster->counts.batches, is_in ? 1 : 0, __ATOMIC_RELAXED);
    return is_in;
}

/* PostgreSQL refused the batch as such: find out because of whom. */
static int64_t
halve(FiscPoster *poster, Unit *units, guint count, const GError *failure)
{
    if (count == 1) {
        fisc_log(FISC_LOG_WARN, "the database refused a submission", "error", failure->message,
                 NULL);
        fail_units(units, 1, failure);
        return 0;
    }
    int64_t written = fisc_poster_process(poster, units, count / 2);
    return written + fisc_poster_process(poster, units + count / 2, count - count / 2);
}

/* Makes the engine and what it knows of references ready for a batch. Who has lost takes a turn,
 * and reads and asks in it; otherwise *out_turn is NULL. */
static bool
prepare(FiscPoster *poster, Unit *units, guint count, GHashTable *known, FiscTx **out_turn,
        GError **error)
{
    g_autoptr(FiscTx) turn = NULL;
    if (poster->has_lost) {
        if (!fisc_poster_take_turn(poster, &turn, error)) {
            return false;
        }
    } else if (poster->is_stale &&
               !fisc_engine_catch_up(poster->engine, poster->pool, poster->book_id, error)) {
        return false;
    }
    poster->is_stale = false;
    bool is_told = turn != NULL
                       ? ask_references_in(turn, poster->book_id, units, count, known, error)
                       : fisc_poster_ask_references(poster, units, count, known, error);
    if (!is_told) {
        return false;
    }
    /* As long as known ones show up, a package is being loaded again; then no more asking. */
    poster->asks_first = g_hash_table_size(known) > 0;
    *out_turn = g_steal_pointer(&turn);
    return true;
}

/* Decides and writes once. */
static bool
try_batch(FiscPoster *poster, Unit *units, guint count, int64_t *out_written, GError **error)
{
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(FiscTx) turn = NULL;
    if (!prepare(poster, units, count, known, &turn, error)) {
        return false;
    }
    fisc_poster_begin(poster);
    fisc_engine_set_known(poster->engine, known);
    fisc_poster_decide(poster, units, count);
    fisc_engine_set_known(poster->engine, NULL);
    const FiscBatch *batch = fisc_poster_seal(poster);
    if (batch->items > 0 && !fisc_poster_write(poster, g_steal_pointer(&turn), batch, error)) {
        fisc_engine_undo(poster->engine);
        return false;
    }
    poster->has_lost = false;
    fisc_poster_fill_receipts(batch, units, count);
    *out_written = batch->entries->len;
    if (batch->items > 0) {
        poster->brings_masters |= fisc_engine_brings_masters(poster->engine, batch);
        fisc_engine_commit(poster->engine);
        fisc_kill_point("poster.after_commit");
    } else {
        fisc_engine_undo(poster->engine);
    }
    return true;
}

/* What a failed write means for the next try. True when there shall be one. */
static bool
is_worth_trying(FiscPoster *poster, const GError *failure)
{
    poster->is_stale = true;
    if (failure->code == FISC_ERROR_CHAIN_CONFLICT) {
        poster->has_lost = true;
        __atomic_add_fetch(&poster->counts.conflicts, 1, __ATOMIC_RELAXED);
        return true;
    }
    if (failure->code == FISC_ERROR_REFERENCE_CONFLICT) {
        poster->asks_first = true;
        return true;
    }
    return false;
}

int64_t
fisc_poster_process_failed(FiscPoster *poster, Unit *units, guint count, const GError *failure)
{
    if (is_worth_trying(poster, failure)) {
        return fisc_poster_process(poster, units, count);
    }
    if (failure->code == FISC_ERROR_UNAVAILABLE || failure->code == FISC_ERROR_OUTCOME_UNKNOWN) {
        fail_units(units, count, failure);
        return 0;
    }
    return halve(poster, units, count, failure);
}

int64_t
fisc_poster_process(FiscPoster *poster, Unit *units, guint count)
{
    g_autoptr(GError) failure = NULL;
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
        int64_t written = 0;
        g_clear_error(&failure);
        if (try_batch(poster, units, count, &written, &failure)) {
            return written;
        }
        if (!is_worth_trying(poster, failure)) {
            return fisc_poster_process_failed(poster, units, count, failure);
        }
    }
    g_clear_error(&failure);
    fisc_fail(&failure, FISC_ERROR_UNAVAILABLE,
              "other writers were first %d times: nothing was posted", ATTEMPTS_MAX);
    fail_units(units, count, failure);
    return 0;
}

/* Answers ----------------------------------------------------------------------------------------
 */

void
fisc_poster_append_units(GArray *units, Job *job)
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

void
fisc_poster_finish_units(GArray *units)
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

bool
fisc_poster_answer(Job *job, FiscReceipt **out_receipt, GError **error)
{
    if (job->error != NULL) {
        g_propagate_error(error, g_steal_pointer(&job->error));
        fisc_receipt_free(g_steal_pointer(&job->receipt));
        return false;
    }
    *out_receipt = g_steal_pointer(&job->receipt);
    return true;
}

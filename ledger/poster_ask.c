/* poster_ask.c: what only asks the engine: tries, rehearsals, funds. Answers are of the last batch
 * on record, so the asker holds both roles for a moment. */
#include "ledger/poster_internal.h"
#include "ledger/restore.h"

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

/* Decides jobs after one another, keeps nothing. */
static bool
rehearse_jobs(FiscPoster *poster, Job *jobs, guint job_count, GError **error)
{
    g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_autoptr(GArray) units = g_array_new(FALSE, TRUE, sizeof(Unit));
    for (guint i = 0; i < job_count; i++) {
        fisc_poster_append_units(units, &jobs[i]);
    }
    fisc_poster_hold(poster);
    bool is_ready = fisc_engine_catch_up(poster->engine, poster->pool, poster->book_id, error) &&
                    ask_in_chunks(poster, units, known, error);
    if (is_ready) {
        fisc_poster_begin(poster);
        fisc_engine_set_known(poster->engine, known);
        if (units->len > 0) {
            fisc_poster_decide(poster, (Unit *)units->data, units->len);
        }
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
    if (!rehearse_jobs(poster, &job, 1, error)) {
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
        g_free(funds->key);
        g_free(funds);
    }
}

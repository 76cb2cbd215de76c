/* submit.c: how a walk reaches the poster: the one that its context keeps open, or one of its own;
 * and how a dry run decides everything and writes nothing, for every walk that submits. */
#include "app/flows/internal.h"

bool
fisc_flow_open_poster(FiscContext *ctx, FiscPoster **out_poster, GError **error)
{
    if (ctx->poster != NULL) {
        *out_poster = fisc_poster_ref(ctx->poster);
        return true;
    }
    return fisc_poster_open(ctx->pool, ctx->book_id, out_poster, error);
}

bool
fisc_flow_submit(FiscContext *ctx, FiscPoster *poster, const FiscSubmission *submission,
                 FiscReceipt **out_receipt, GError **error)
{
    bool is_done = ctx->is_dry_run ? fisc_poster_try(poster, submission, out_receipt, error)
                                   : fisc_poster_submit(poster, submission, out_receipt, error);
    if (is_done) {
        fisc_flow_hide(ctx, *out_receipt);
    }
    return is_done;
}

static bool
try_all(FiscPoster *poster, const GPtrArray *submissions, GPtrArray *receipts, GError **error)
{
    for (guint i = 0; i < submissions->len; i++) {
        FiscReceipt *receipt = NULL;
        if (!fisc_poster_try(poster, submissions->pdata[i], &receipt, error)) {
            return false;
        }
        g_ptr_array_add(receipts, receipt);
    }
    return true;
}

bool
fisc_flow_submit_all(FiscContext *ctx, FiscPoster *poster, const GPtrArray *submissions,
                     GPtrArray **out_receipts, GError **error)
{
    bool is_done;
    if (ctx->is_dry_run) {
        *out_receipts = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_receipt_free);
        is_done = try_all(poster, submissions, *out_receipts, error);
        g_ptr_array_set_size(*out_receipts, (int)submissions->len);
    } else {
        is_done = fisc_poster_submit_all(poster, submissions, out_receipts, error);
    }
    for (guint i = 0; i < (*out_receipts)->len; i++) {
        if ((*out_receipts)->pdata[i] != NULL) {
            fisc_flow_hide(ctx, (*out_receipts)->pdata[i]);
        }
    }
    return is_done;
}

static bool
rehearse(FiscPoster *poster, const FiscSubmission *submission, FiscReceipt **out_receipt,
         GError **error)
{
    g_autoptr(GPtrArray) submissions = g_ptr_array_new();
    g_autoptr(GPtrArray) receipts = NULL;
    g_ptr_array_add(submissions, (gpointer)submission);
    if (!fisc_poster_rehearse(poster, submissions, &receipts, error)) {
        return false;
    }
    *out_receipt = g_ptr_array_steal_index(receipts, 0);
    return true;
}

bool
fisc_flow_submit_each(FiscContext *ctx, FiscPoster *poster, const FiscSubmission *submission,
                      FiscReceipt **out_receipt, GError **error)
{
    bool is_done = ctx->is_dry_run
                       ? rehearse(poster, submission, out_receipt, error)
                       : fisc_poster_submit_each(poster, submission, out_receipt, error);
    if (is_done) {
        fisc_flow_hide(ctx, *out_receipt);
    }
    return is_done;
}

bool
fisc_flow_end_write(FiscContext *ctx, FiscTx *tx, GError **error)
{
    if (ctx->is_dry_run) {
        fisc_tx_rollback(tx);
        return true;
    }
    return fisc_tx_commit(tx, error);
}

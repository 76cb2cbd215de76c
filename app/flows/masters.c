/* masters.c: the master data that walks which post are read with, kept between requests.
 *
 * They are read once and shared, until the poster says that some have come on record. What another
 * writer brought may be missing for a moment, until the poster has read it: then a code is unknown
 * here that is known there, and whoever is refused for that asks once more (fisc_masters_renew). */
#include "app/flows/internal.h"

struct _FiscMasters {
    GMutex mutex; /* guards what follows, and is held while they are read: once for everybody */
    FiscMasterCopy *copy;
};

FiscMasters *
fisc_masters_new(void)
{
    FiscMasters *masters = g_new0(FiscMasters, 1);
    g_mutex_init(&masters->mutex);
    return masters;
}

void
fisc_masters_free(FiscMasters *masters)
{
    if (masters != NULL) {
        fisc_master_copy_unref(masters->copy);
        g_mutex_clear(&masters->mutex);
        g_free(masters);
    }
}

void
fisc_master_copy_unref(FiscMasterCopy *copy)
{
    if (copy != NULL && g_atomic_int_dec_and_test(&copy->holds)) {
        fisc_budget_view_free(copy->view);
        fisc_nation_free(copy->nation);
        fisc_nation_free(copy->texts);
        g_free(copy);
    }
}

static FiscMasterCopy *
copy_ref(FiscMasterCopy *copy)
{
    g_atomic_int_inc(&copy->holds);
    return copy;
}

static bool
read_copy(FiscContext *ctx, int version, FiscMasterCopy **out_copy, GError **error)
{
    g_autoptr(FiscMasterCopy) copy = g_new0(FiscMasterCopy, 1);
    copy->holds = 1;
    copy->version = version;
    if (!fisc_flow_read_nation(ctx, &copy->nation, &copy->view, error)) {
        return false;
    }
    copy->texts = fisc_package_nation(copy->nation);
    *out_copy = g_steal_pointer(&copy);
    return true;
}

/* With the mutex held. */
static bool
read_again(FiscContext *ctx, FiscMasters *masters, GError **error)
{
    FiscMasterCopy *copy = NULL;
    if (!read_copy(ctx, fisc_poster_masters_version(ctx->poster), &copy, error)) {
        return false;
    }
    fisc_master_copy_unref(masters->copy);
    masters->copy = copy;
    return true;
}

bool
fisc_flow_take_masters(FiscContext *ctx, FiscMasterCopy **out_copy, GError **error)
{
    FiscMasters *masters = ctx->masters;
    if (masters == NULL || ctx->poster == NULL) {
        return read_copy(ctx, 0, out_copy, error);
    }
    g_mutex_lock(&masters->mutex);
    bool is_good =
        masters->copy != NULL && masters->copy->version == fisc_poster_masters_version(ctx->poster);
    if (!is_good) {
        is_good = read_again(ctx, masters, error);
    }
    if (is_good) {
        *out_copy = copy_ref(masters->copy);
    }
    g_mutex_unlock(&masters->mutex);
    return is_good;
}

static bool
names_unknown(const FiscRefusals *refusals)
{
    for (guint i = 0; refusals != NULL && i < refusals->len; i++) {
        FiscError code = ((const FiscRefusal *)refusals->pdata[i])->code;
        if (code == FISC_ERROR_ENTITY_UNKNOWN || code == FISC_ERROR_ACCOUNT_UNKNOWN ||
            code == FISC_ERROR_SEGMENT_UNKNOWN || code == FISC_ERROR_COUNTERPARTY_UNKNOWN) {
            return true;
        }
    }
    return false;
}

static bool
read_newest(FiscContext *ctx, int64_t *out_batch_no, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscRows) rows = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_AUTO, &tx, error) ||
        !fisc_tx_query(tx, FISC_SQL_LEDGER_HEAD, FISC_ARGS(fisc_int4(ctx->book_id)), &rows,
                       error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    *out_batch_no = fisc_rows_count(rows) == 1 ? fisc_rows_int8(rows, 0, 0) : 0;
    return true;
}

/* Only what was on record before the copy was read can be missing in it, so who makes codes up
 * does not make the server read. */
bool
fisc_flow_renew_masters(FiscContext *ctx, const FiscRefusals *refusals, FiscMasterCopy **copy,
                        bool *out_is_renewed, GError **error)
{
    int64_t newest = 0;
    *out_is_renewed = false;
    if (ctx->masters == NULL || ctx->poster == NULL || !names_unknown(refusals)) {
        return true;
    }
    if (!read_newest(ctx, &newest, error)) {
        return false;
    }
    if ((*copy)->nation->batch_no >= newest) {
        return true;
    }
    g_mutex_lock(&ctx->masters->mutex);
    bool is_read =
        ctx->masters->copy->nation->batch_no >= newest || read_again(ctx, ctx->masters, error);
    if (is_read) {
        fisc_master_copy_unref(*copy);
        *copy = copy_ref(ctx->masters->copy);
        *out_is_renewed = true;
    }
    g_mutex_unlock(&ctx->masters->mutex);
    return is_read;
}

void
fisc_flow_plan(const FiscMasterCopy *copy, FiscSubmission *submission)
{
    if (!fisc_budget_brings(submission)) {
        fisc_budget_plan(copy->view, submission);
        return;
    }
    g_autoptr(FiscBudgetView) view = fisc_budget_view_over(copy->view);
    fisc_budget_view_add(view, submission);
    fisc_budget_plan(view, submission);
}

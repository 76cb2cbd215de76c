/* expire.c: releases what expired reservations still hold, on demand and, when an entry would have
 * had the funds without them, by itself (rule R11). Whoever asks posts them: there is nothing to
 * decide. */
#include "app/flows/internal.h"
#include "fisc/scope.h"
#include <string.h>

#define DAY_US (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)

/* The day by which the next batch is decided, as the engine counts it. */
static FiscDate
today(void)
{
    return (FiscDate)(g_get_real_time() / DAY_US) + fisc_date_make(1970, 1, 1);
}

static FiscSubmission *
new_releases(const FiscContext *ctx)
{
    FiscSubmission *submission = fisc_submission_new(FISC_SOURCE_EXPIRY, ctx->actor);
    submission->on_behalf = ctx->on_behalf;
    return submission;
}

/* Of an entity, or of all that may be seen. */
static bool
add_releases(const FiscContext *ctx, FiscPoster *poster, const char *entity,
             FiscSubmission *releases, GError **error)
{
    if (entity != NULL || !fisc_flow_is_limited(ctx)) {
        return fisc_poster_releases(poster, entity, today(), releases, error);
    }
    g_auto(GStrv) own = fisc_scope_entities(ctx->scope);
    for (char **code = own; *code != NULL; code++) {
        if (!fisc_poster_releases(poster, *code, today(), releases, error)) {
            return false;
        }
    }
    return true;
}

bool
fisc_flow_expire(FiscContext *ctx, const char *entity, FiscReceipt **out_receipt, GError **error)
{
    FiscPoster *poster = NULL;
    g_autoptr(FiscSubmission) releases = new_releases(ctx);
    if (!fisc_flow_open_poster(ctx, &poster, error)) {
        return false;
    }
    bool is_done = add_releases(ctx, poster, entity, releases, error);
    if (is_done && releases->entries->len == 0) {
        *out_receipt = fisc_receipt_new();
    } else if (is_done) {
        is_done = fisc_flow_submit_each(ctx, poster, releases, out_receipt, error);
    }
    fisc_poster_close(poster);
    return is_done;
}

/* Curing a refusal ------------------------------------------------------------------------- */

static bool
lacks_funds(const FiscResult *result)
{
    for (guint i = 0; result->refusals != NULL && i < result->refusals->len; i++) {
        const FiscRefusal *refusal = result->refusals->pdata[i];
        if (refusal->code == FISC_ERROR_BUDGET_EXCEEDED) {
            return true;
        }
    }
    return false;
}

/* Entities of entries that were refused for funds. */
static GPtrArray *
find_short(const FiscSubmission *submission, const FiscReceipt *receipt)
{
    GPtrArray *entities = g_ptr_array_new();
    for (guint i = 0; i < receipt->results->len && i < submission->entries->len; i++) {
        const char *entity = ((const FiscEntry *)submission->entries->pdata[i])->entity;
        if (entity != NULL && lacks_funds(receipt->results->pdata[i]) &&
            !g_ptr_array_find_with_equal_func(entities, entity, g_str_equal, NULL)) {
            g_ptr_array_add(entities, (char *)entity);
        }
    }
    return entities;
}

static bool
release(FiscContext *ctx, FiscPoster *poster, const GPtrArray *entities, bool *out_has_released,
        GError **error)
{
    g_autoptr(FiscSubmission) releases = new_releases(ctx);
    g_autoptr(FiscReceipt) receipt = NULL;
    *out_has_released = false;
    for (guint i = 0; i < entities->len; i++) {
        if (!fisc_poster_releases(poster, entities->pdata[i], today(), releases, error)) {
            return false;
        }
    }
    if (releases->entries->len > 0) {
        if (!fisc_flow_submit_each(ctx, poster, releases, &receipt, error)) {
            return false;
        }
        *out_has_released = receipt->posted > 0;
    }
    return true;
}

/* What was posted the first time is repeated the second: the first answer is the one that counts.
 */
static void
keep_first_answers(FiscReceipt *first, FiscReceipt *second)
{
    for (guint i = 0; i < first->results->len && i < second->results->len; i++) {
        const FiscResult *before = first->results->pdata[i];
        const FiscResult *after = second->results->pdata[i];
        if (before->kind == FISC_RESULT_POSTED && after->kind == FISC_RESULT_REPEATED) {
            gpointer swapped = second->results->pdata[i];
            second->results->pdata[i] = first->results->pdata[i];
            first->results->pdata[i] = swapped;
            second->posted++;
            second->repeated--;
        }
    }
    second->events += first->events;
}

bool
fisc_flow_cure(FiscContext *ctx, FiscPoster *poster, FiscSubmission *submission, bool atomic,
               FiscReceipt **receipt, GError **error)
{
    FiscReceipt *again = NULL;
    bool has_released = false;
    g_autoptr(GPtrArray) entities = find_short(submission, *receipt);
    if (entities->len == 0) {
        return true;
    }
    bool is_done = release(ctx, poster, entities, &has_released, error);
    if (is_done && has_released) {
        is_done = atomic ? fisc_flow_submit(ctx, poster, submission, &again, error)
                         : fisc_flow_submit_each(ctx, poster, submission, &again, error);
    }
    if (is_done && again != NULL) {
        keep_first_answers(*receipt, again);
    }
    if (!is_done || again != NULL) {
        fisc_receipt_free(*receipt);
        *receipt = again;
    }
    return is_done;
}

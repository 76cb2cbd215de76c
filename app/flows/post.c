/* post.c: walk 1: check, plan, submit; and its mirror, the reversal. */
#include "app/flows/internal.h"
#include "app/flows/remedy.h"
#include "core/base/log.h"
#include "fisc/budget.h"
#include "fisc/gfs.h"
#include "fisc/ledger.h"
#include "fisc/scope.h"
#include <string.h>

bool
fisc_flow_read_nation(FiscContext *ctx, FiscNation **out_nation, FiscBudgetView **out_view,
                      GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_nation_load(tx, ctx->book_id, 0, out_nation, error)) {
        return false;
    }
    *out_view = fisc_budget_view_new(*out_nation);
    return fisc_budget_view_load(*out_view, tx, ctx->book_id, error) &&
           fisc_tx_commit(g_steal_pointer(&tx), error);
}

/* What was refused is told with its ways out. They are looked for after the answer is known, so
 * failing to find them does not change it. */
static void
add_remedies(FiscPoster *poster, const FiscNation *nation, const FiscSubmission *submission,
             bool atomic, bool dry_run, FiscReceipt *receipt)
{
    g_autoptr(GError) failure = NULL;
    FiscRefusedWork work = {.submission = submission, .atomic = atomic, .is_written = !dry_run};
    if (!fisc_flow_add_remedies(poster, nation, &work, receipt, &failure)) {
        fisc_log(FISC_LOG_WARN, "remedies could not be looked for", "error", failure->message,
                 NULL);
    }
}

static bool
submit(FiscContext *ctx, const FiscNation *nation, FiscSubmission *submission, bool atomic,
       bool dry_run, FiscReceipt **out_receipt, GError **error)
{
    FiscContext asking = *ctx;
    asking.is_dry_run = dry_run || ctx->is_dry_run;
    FiscPoster *poster = NULL;
    if (!fisc_flow_open_poster(&asking, &poster, error)) {
        return false;
    }
    submission->record_refusals = !asking.is_dry_run;
    submission->on_behalf = ctx->on_behalf;
    fisc_submission_salt(submission);
    bool is_done = atomic ? fisc_flow_submit(&asking, poster, submission, out_receipt, error)
                          : fisc_flow_submit_each(&asking, poster, submission, out_receipt, error);
    if (is_done && !asking.is_dry_run) {
        is_done = fisc_flow_cure(&asking, poster, submission, atomic, out_receipt, error);
    }
    if (is_done) {
        add_remedies(poster, nation, submission, atomic, asking.is_dry_run, *out_receipt);
    }
    fisc_poster_close(poster);
    return is_done;
}

bool
fisc_flow_post(FiscContext *ctx, FiscSubmission *submission, bool atomic, bool dry_run,
               FiscReceipt **out_receipt, GError **error)
{
    g_autoptr(FiscMasterCopy) masters = NULL;
    if (!fisc_flow_take_masters(ctx, &masters, error)) {
        return false;
    }
    fisc_flow_plan(masters, submission);
    return submit(ctx, masters->nation, submission, atomic, dry_run, out_receipt, error);
}

bool
fisc_flow_post_text(FiscContext *ctx, const char *name, const char *data, gsize length,
                    const char *source, bool atomic, bool dry_run, FiscReceipt **out_receipt,
                    FiscRefusals *refusals, GError **error)
{
    g_autoptr(FiscMasterCopy) masters = NULL;
    g_autoptr(FiscSubmission) submission = NULL;
    if (!fisc_flow_take_masters(ctx, &masters, error) ||
        !fisc_package_read_entries(name, data, length, masters->nation, source, ctx->actor,
                                   &submission, refusals, error)) {
        return false;
    }
    if (submission == NULL) {
        *out_receipt = fisc_receipt_new(); /* the refusals are the answer */
        return true;
    }
    fisc_flow_plan(masters, submission);
    return submit(ctx, masters->nation, submission, atomic, dry_run, out_receipt, error);
}

/* Bodies of requests ---------------------------------------------------------------------------
 */

/* What may not be seen is not known; and a reference that begins with its entity tells of no other
 * entity whether it was used. */
static void
check_scope(const FiscContext *ctx, const FiscSubmission *submission, bool has_pointers,
            FiscRefusals *refusals)
{
    if (!fisc_flow_is_limited(ctx)) {
        return;
    }
    for (guint i = 0; i < submission->entries->len; i++) {
        const FiscEntry *entry = submission->entries->pdata[i];
        g_autofree char *own = g_strconcat(entry->entity, "/", NULL);
        g_autofree char *pointer = has_pointers ? g_strdup_printf("/entries/%u/", i) : g_strdup("");
        if (!fisc_scope_has(ctx->scope, entry->entity)) {
            g_autofree char *field = g_strconcat(pointer, "entity", NULL);
            fisc_refusals_add(refusals, FISC_ERROR_ENTITY_UNKNOWN, entry->file, entry->row, field,
                              "\"%s\" is not registered", entry->entity);
        } else if (!g_str_has_prefix(entry->reference, own)) {
            g_autofree char *field = g_strconcat(pointer, "reference", NULL);
            fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, entry->file, entry->row, field,
                              "a reference begins with its entity: \"%s...\"", own);
        }
    }
}

static FiscSubmission *
read_body(const FiscContext *ctx, const FiscPostRequest *request, const FiscMasterCopy *masters,
          FiscRefusals *refusals)
{
    const FiscPackageBody body = {.name = "body",
                                  .kind = request->kind,
                                  .data = request->data,
                                  .length = request->length,
                                  .nation = masters->texts,
                                  .source = request->source,
                                  .actor = ctx->actor,
                                  .key = request->key};
    FiscSubmission *submission = fisc_package_read_body(&body, refusals);
    if (submission != NULL) {
        check_scope(ctx, submission, request->kind != FISC_BODY_KIND_CSV, refusals);
        if (refusals->len > 0 || !fisc_flow_check_content(ctx, submission, refusals)) {
            g_clear_pointer(&submission, fisc_submission_free);
        }
    }
    return submission;
}

bool
fisc_flow_post_body(FiscContext *ctx, const FiscPostRequest *request, FiscReceipt **out_receipt,
                    FiscRefusals *refusals, GError **error)
{
    g_autoptr(FiscMasterCopy) masters = NULL;
    if (!fisc_flow_take_masters(ctx, &masters, error)) {
        return false;
    }
    g_autoptr(FiscSubmission) submission = read_body(ctx, request, masters, refusals);
    bool is_renewed = false;
    if (submission == NULL) {
        if (!fisc_flow_renew_masters(ctx, refusals, &masters, &is_renewed, error)) {
            return false;
        }
        if (is_renewed) {
            g_ptr_array_set_size(refusals, 0);
            submission = read_body(ctx, request, masters, refusals);
        }
    }
    if (submission == NULL) {
        *out_receipt = fisc_receipt_new(); /* the refusals are the answer */
        return true;
    }
    fisc_flow_plan(masters, submission);
    return submit(ctx, masters->nation, submission, request->atomic, ctx->is_dry_run, out_receipt,
                  error);
}

/* Reversal ---------------------------------------------------------------------------------------
 */

static void
add_negated_line(FiscSubmission *submission, FiscEntry *entry, const FiscPostedLine *posted)
{
    const FiscAccount *account = posted->coding.account;
    char code[FISC_GFS_CODE];
    FiscLine *line = fisc_entry_line(entry);
    if (account->national || account->class_ == FISC_CLASS_BUDGETARY) {
        line->account = fisc_submission_text(submission, account->code);
        line->flow = posted->coding.flow;
        line->kind = posted->coding.kind;
    } else {
        fisc_gfs_compose(account->gfs, posted->coding.flow, posted->coding.kind, code);
        line->account = fisc_submission_text(submission, code);
    }
    line->amount = -posted->amount;
    line->item = fisc_submission_text(submission, posted->item);
    line->foreign = -posted->foreign;
    line->currency =
        posted->foreign != 0 ? fisc_submission_text(submission, posted->currency) : NULL;
    for (int i = 0; i < FISC_DIM_COUNT; i++) {
        line->dim[i] = fisc_submission_text(submission, posted->coding.dim[i]);
    }
}

/* An open item must not be short on the way: what was relieved last is put back first. */
static bool
names_items(const FiscPostedLines *lines)
{
    for (guint i = 0; i < lines->rows->len; i++) {
        if (g_array_index(lines->rows, FiscPostedLine, i).item != NULL) {
            return true;
        }
    }
    return false;
}

void
fisc_flow_add_reversal(FiscSubmission *submission, const FiscPostedLines *lines,
                       const char *reference, FiscDate effective, const char *reason)
{
    const FiscPostedLine *first = &g_array_index(lines->rows, FiscPostedLine, 0);
    g_autofree char *own = g_strconcat(reference, "/reversal", NULL);
    FiscEntry *entry = fisc_submission_entry(submission);
    entry->entity = fisc_submission_text(submission, first->coding.entity);
    entry->reference = fisc_submission_text(submission, own);
    entry->corrects = fisc_submission_text(submission, reference);
    entry->document = fisc_submission_text(submission, first->document);
    entry->memo = fisc_submission_text(submission, reason);
    entry->effective = effective;
    entry->reverses = true;
    bool is_backwards = names_items(lines);
    for (guint i = 0; i < lines->rows->len; i++) {
        guint at = is_backwards ? lines->rows->len - 1 - i : i;
        add_negated_line(submission, entry, &g_array_index(lines->rows, FiscPostedLine, at));
    }
    fisc_entry_digest(entry);
}

bool
fisc_flow_reverse(FiscContext *ctx, const char *source, const char *reference, FiscDate effective,
                  const char *reason, FiscReceipt **out_receipt, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscMasterCopy) masters = NULL;
    g_autoptr(FiscPostedLines) lines = NULL;
    if (!fisc_flow_take_masters(ctx, &masters, error) ||
        !fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_posted_lines_of(tx, ctx->book_id, masters->nation, source, reference, &lines,
                              error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    const FiscPostedLine *first =
        lines->rows->len > 0 ? &g_array_index(lines->rows, FiscPostedLine, 0) : NULL;
    if (first == NULL || !fisc_scope_has(ctx->scope, first->coding.entity)) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "nothing was posted under \"%s\" by %s",
                         reference, source);
    }
    g_autoptr(FiscSubmission) submission = fisc_submission_new(source, ctx->actor);
    fisc_flow_add_reversal(submission, lines, reference, effective, reason);
    return submit(ctx, masters->nation, submission, true, false, out_receipt, error);
}

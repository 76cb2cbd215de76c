/* pull_stage.c: where duties are enforced nothing that a feeder brings is posted by who pulls it:
 * each run is rehearsed and staged, as a document that an officer of the ministry approves
 * (feed.h). What waits is looked at again by each pull: what is no longer so is taken back and
 * staged anew.
 *
 * The document's name is written on the run before it is proposed, so whatever dies in between, the
 * next pull finds it: proposed but unfinished is taken back, done but untold is told. */
#include "app/flows/feed.h"
#include "app/flows/person.h"
#include "app/flows/pull.h"
#include "core/base/hash.h"
#include "core/base/kill_point.h"
#include <string.h>

#define SOURCE "document" /* of the steps */

/* Who pulls --------------------------------------------------------------------------------- */

bool
fisc_pull_open_stage(FiscPull *pull, GError **error)
{
    g_autoptr(FiscRegistry) registry = NULL;
    bool is_enforced = false;
    if (!fisc_flow_is_enforced(&pull->ctx, &is_enforced, error)) {
        return false;
    }
    if (is_enforced && !fisc_flow_registry(&pull->ctx, &registry, error)) {
        return false;
    }
    pull->registry = g_steal_pointer(&registry);
    return true;
}

bool
fisc_pull_may_stage(const FiscPull *pull, const FiscFeeder *feeder)
{
    bool may = true;
    for (int i = 0; may && pull->registry != NULL && feeder->entities[i] != NULL; i++) {
        FiscAct act = {.person = pull->ctx.actor,
                       .principal = pull->ctx.on_behalf,
                       .action = FISC_FEED,
                       .right = 'S',
                       .entity = feeder->entities[i],
                       .on = fisc_flow_today()};
        may = fisc_registry_judge(pull->registry, &act, NULL);
    }
    return may;
}

/* Rehearsed --------------------------------------------------------------------------------- */

static void
take_refusals(const FiscRefusals *from, FiscRefusals *into)
{
    for (guint i = 0; from != NULL && i < from->len && into->len < FISC_REFUSALS_MAX; i++) {
        const FiscRefusal *refusal = from->pdata[i];
        if (refusal->code != FISC_ERROR_ATOMIC_GROUP) {
            g_ptr_array_add(into, fisc_refusal_copy(refusal));
        }
    }
}

static void
take_receipt(const FiscReceipt *receipt, FiscPullRun *told)
{
    take_refusals(receipt->refusals, told->refusals);
    for (guint i = 0; i < receipt->results->len; i++) {
        take_refusals(((const FiscResult *)receipt->results->pdata[i])->refusals, told->refusals);
    }
}

/* As if it were approved now: what the engine would refuse is no officer's to find. */
static bool
rehearse(const FiscFeeding *feeding, FiscPoster *poster, FiscSubmission *content, FiscPullRun *told,
         GError **error)
{
    g_autoptr(FiscTrial) trial = fisc_trial_new();
    fisc_flow_plan(feeding->pull->masters, content);
    fisc_submission_salt(content);
    fisc_trial_add(trial, content, false, true);
    if (!fisc_poster_rehearse_trial(poster, trial, false, error)) {
        return false;
    }
    take_receipt(fisc_trial_receipt(trial, 0), told);
    return true;
}

/* Proposing --------------------------------------------------------------------------------- */

static char *
months_of(const FiscPullStaged *staged)
{
    char from[FISC_DATE_TEXT], to[FISC_DATE_TEXT];
    if (staged->from == 0) {
        return g_strdup("nothing is left of it");
    }
    fisc_period_format(staged->from, from);
    fisc_period_format(staged->to, to);
    return staged->from == staged->to ? g_strdup(from) : g_strconcat(from, "..", to, NULL);
}

/* For the list in which it waits. */
static char *
reason_of(const FiscFeeding *feeding, const FiscPullStaged *staged)
{
    const FiscPullRun *told = staged->run->told;
    g_autofree char *months = months_of(staged);
    return g_strdup_printf("%s%s%s, %s: %d entries, %d reversals%s", feeding->feeder->name,
                           *told->part != '\0' ? " " : "", told->part, months, told->posted,
                           told->reversed, told->suspense != 0 ? ", some in suspense" : "");
}

/* What the document says beside its content: what the source will be told, and what the content was
 * made from. */
static char *
payload_of(const FiscFeeding *feeding, const FiscPullStaged *staged, const uint8_t content[32])
{
    char hex[FISC_HASH_TEXT];
    json_t *words = fisc_pull_receipt(feeding, staged->run);
    json_object_set_new(words, "content", json_string(fisc_hash_format(content, hex)));
    json_object_set_new(words, "basis", json_string(staged->basis));
    json_object_set_new(words, "from", json_integer(staged->from));
    json_object_set_new(words, "to", json_integer(staged->to));
    json_object_set_new(words, "restated", json_integer(staged->run->told->restated));
    return fisc_flow_write_reference(FISC_FEED, words);
}

static const char *
entity_of(const FiscFeeder *feeder)
{
    return feeder->entities[0] != NULL && feeder->entities[1] == NULL ? feeder->entities[0] : "*";
}

static FiscSubmission *
propose(const FiscFeeding *feeding, const FiscPullStaged *staged, const uint8_t kept[32])
{
    FiscContext *ctx = feeding->ctx;
    uint8_t digest[FISC_HASH_SIZE];
    char hex[FISC_HASH_TEXT], needs[16];
    g_autofree char *reason = reason_of(feeding, staged);
    g_autofree char *payload = payload_of(feeding, staged, kept);
    fisc_submission_digest(staged->content, digest);
    g_snprintf(needs, sizeof needs, "%d",
               MAX(1, fisc_registry_approvals(feeding->pull->registry, FISC_FEED)));
    FiscSubmission *submission = fisc_submission_new(SOURCE, ctx->actor);
    submission->on_behalf = ctx->on_behalf;
    fisc_submission_event(submission, "document", staged->run->told->document, "state", "proposed",
                          "action", FISC_FEED, "entity", entity_of(feeding->feeder), "maker",
                          ctx->actor, "maker_for", ctx->on_behalf, "needs", needs, "reason", reason,
                          "source", feeding->feeder->name, "digest", fisc_hash_format(digest, hex),
                          "payload", payload, NULL);
    return submission;
}

/* *out_submission stays NULL when it is refused, or when nothing is to be written. */
static bool
prepare(const FiscFeeding *feeding, FiscPoster *poster, FiscPullStaged *staged,
        FiscSubmission **out_submission, GError **error)
{
    FiscPullRun *told = staged->run->told;
    uint8_t kept[FISC_HASH_SIZE];
    g_autofree char *text = fisc_feed_content_write(staged->content); /* before it is planned */
    if (!rehearse(feeding, poster, staged->content, told, error)) {
        return false;
    }
    if (told->refusals->len > 0) {
        return true;
    }
    told->outcome = FISC_PULL_STAGED;
    if (feeding->ctx->is_dry_run) {
        return true;
    }
    g_autoptr(GBytes) body = g_bytes_new(text, strlen(text));
    if (!fisc_intake_keep(feeding->ctx, feeding->feeder, body, kept, error)) {
        return false;
    }
    told->document = g_strdup_printf("FEED-%" G_GINT64_FORMAT, told->run_id);
    *out_submission = propose(feeding, staged, kept);
    return true;
}

static void
tell(FiscPullRun *told, const FiscReceipt *receipt)
{
    take_receipt(receipt, told);
    if (told->refusals->len == 0) {
        g_autofree char *waits = g_strdup_printf("waits for approval: %s", told->document);
        fisc_pull_run_set(told, FISC_PULL_STAGED, waits);
    }
}

static bool
submit(const FiscFeeding *feeding, FiscPoster *poster, const GPtrArray *proposals,
       const GPtrArray *runs, GError **error)
{
    g_autoptr(GPtrArray) receipts = NULL;
    if (runs->len == 0) {
        return true;
    }
    if (!fisc_intake_name_documents(feeding->ctx, runs, error)) {
        return false;
    }
    fisc_kill_point("pull.before_staging");
    if (!fisc_flow_submit_all(feeding->ctx, poster, proposals, &receipts, error)) {
        return false;
    }
    for (guint i = 0; i < runs->len; i++) {
        tell(((FiscIntakeRun *)runs->pdata[i])->told, receipts->pdata[i]);
    }
    return true;
}

bool
fisc_pull_stage(const FiscFeeding *feeding, GPtrArray *staged, GError **error)
{
    FiscPoster *poster = NULL;
    g_autoptr(GPtrArray) runs = g_ptr_array_new();
    g_autoptr(GPtrArray) proposals =
        g_ptr_array_new_with_free_func((GDestroyNotify)fisc_submission_free);
    if (!fisc_pull_poster(feeding->pull, &poster, error)) {
        return false;
    }
    for (guint i = 0; i < staged->len; i++) {
        FiscPullStaged *one = staged->pdata[i];
        FiscSubmission *proposal = NULL;
        GError *failure = NULL;
        if (!prepare(feeding, poster, one, &proposal, &failure) &&
            !fisc_pull_run_fail(one->run->told, failure, error)) {
            return false;
        }
        if (proposal != NULL) {
            g_ptr_array_add(proposals, proposal);
            g_ptr_array_add(runs, one->run);
        }
    }
    return submit(feeding, poster, proposals, runs, error);
}

/* What waits -------------------------------------------------------------------------------- */

static bool
load_document(FiscContext *ctx, const char *id, FiscDocument **out_document, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    return fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) &&
           fisc_document_load(tx, ctx->book_id, id, out_document, error) &&
           fisc_tx_commit(g_steal_pointer(&tx), error);
}

static bool
is_open(const FiscDocument *document)
{
    return strcmp(document->state, "proposed") == 0 || strcmp(document->state, "approved") == 0;
}

/* Takes back what is no longer so; when somebody was faster, that is told instead. */
static bool
withdraw(const FiscFeeding *feeding, const FiscStagedRun *run, const char *why, GError **error)
{
    g_autoptr(FiscReceipt) receipt = NULL;
    return fisc_flow_document_withdraw(feeding->ctx, run->document, why, &receipt, error);
}

/* *out_waits: it is still what the run would post. A run that was killed before it was finished has
 * a document that nobody was told of. */
static bool
review_open(FiscFeeding *feeding, const FiscStagedRun *run, const FiscDocument *document,
            bool *out_waits, GError **error)
{
    g_autoptr(FiscRefusals) changed = fisc_refusals_new();
    bool is_whole = strcmp(run->outcome, "staged") == 0;
    if (!fisc_feed_check(feeding->ctx, feeding->pull->masters->nation, document, changed, error)) {
        return false;
    }
    *out_waits = is_whole && changed->len == 0;
    return *out_waits ||
           withdraw(feeding, run,
                    is_whole ? "it would post something else by now" : "the pull was interrupted",
                    error);
}

static bool
load_key(const FiscFeeding *feeding, FiscSignKey **out_key, GError **error)
{
    const char *key_file = feeding->pull->order->key_file;
    return key_file == NULL || fisc_flow_load_private_key(key_file, out_key, error);
}

static bool
review(FiscFeeding *feeding, const FiscStagedRun *run, GHashTable *waiting, GError **error)
{
    static const FiscStagedEnd lost = {.outcome = "failed", .reason = "the pull was interrupted"};
    FiscContext *ctx = feeding->ctx;
    g_autoptr(FiscDocument) document = NULL;
    g_autoptr(FiscSignKey) key = NULL;
    bool waits = false;
    if (!load_document(ctx, run->document, &document, error)) {
        return false;
    }
    if (document == NULL) {
        return fisc_intake_close_staged(ctx, feeding->feeder->name, run->document, &lost, error);
    }
    if (!is_open(document)) {
        return load_key(feeding, &key, error) && fisc_feed_close(ctx, document, true, key, error);
    }
    if (!review_open(feeding, run, document, &waits, error)) {
        return false;
    }
    if (waits) {
        g_hash_table_replace(waiting, g_strdup(run->part), g_strdup(run->document));
    }
    return true;
}

bool
fisc_pull_review(FiscFeeding *feeding, GError **error)
{
    g_autoptr(GPtrArray) runs = NULL;
    if (feeding->pull->registry == NULL || feeding->ctx->is_dry_run) {
        return true;
    }
    feeding->waiting = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    if (!fisc_intake_staged(feeding->ctx, feeding->feeder->name, &runs, error)) {
        return false;
    }
    for (guint i = 0; i < runs->len; i++) {
        if (!review(feeding, runs->pdata[i], feeding->waiting, error)) {
            return false;
        }
    }
    return true;
}

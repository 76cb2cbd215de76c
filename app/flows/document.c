/* document.c: the walk of a document: proposed with its content, approved by others and carried out
 * with the last approval, or rejected, or withdrawn.
 *
 * The content is kept with the proposal as NDJSON. An approval reads it again, so what is posted is
 * what the approver could see, and the engine compares its digest with the one that was signed.
 * Every step is one submission: the last approval, the closing of the document and its content are
 * decided together. */
#include "app/flows/feed.h"
#include "app/flows/internal.h"
#include "core/base/hash.h"
#include "core/base/kill_point.h"
#include "fisc/ledger.h"
#include "fisc/package.h"
#include "fisc/scope.h"
#include <stdlib.h>
#include <string.h>

#define SOURCE "document" /* of the steps; the content has the source of its own */
#define ID_DIGITS 12      /* of the digest, in an id that nobody chose */
#define WHOLE_BOOK "*"

/* What a step needs to know, as of one moment. */
typedef struct {
    FiscNation *nation;
    FiscDocument *document; /* NULL: there is none */
    int needs_by_law;       /* approvals of its action; at least one */
} Desk;

static void
desk_clear(Desk *desk)
{
    fisc_nation_free(desk->nation);
    fisc_document_free(desk->document);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Desk, desk_clear)

static bool
load_needs(FiscTx *tx, int book_id, const char *action, int *out_needs, GError **error)
{
    g_autoptr(GArray) approvals = NULL;
    if (!fisc_records_load(tx, book_id, "approvals", &approvals, error)) {
        return false;
    }
    *out_needs = 1;
    for (guint i = 0; i < approvals->len; i++) {
        const FiscRecord *record = &g_array_index(approvals, FiscRecord, i);
        const char *needs = fisc_record_field(record, "needs");
        if (strcmp(record->subject, action) == 0 && needs != NULL) {
            *out_needs = MAX(1, atoi(needs));
        }
    }
    return true;
}

/* @action NULL: that of the document. */
static bool
desk_open(Desk *desk, FiscContext *ctx, const char *id, const char *action, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_nation_load(tx, ctx->book_id, 0, &desk->nation, error) ||
        !fisc_document_load(tx, ctx->book_id, id, &desk->document, error)) {
        return false;
    }
    if (action == NULL && desk->document != NULL) {
        action = desk->document->action;
    }
    return (action == NULL || load_needs(tx, ctx->book_id, action, &desk->needs_by_law, error)) &&
           fisc_tx_commit(g_steal_pointer(&tx), error);
}

static bool
desk_find(Desk *desk, FiscContext *ctx, const char *id, GError **error)
{
    return desk_open(desk, ctx, id, NULL, error) &&
           ((desk->document != NULL && fisc_scope_has(ctx->scope, desk->document->entity)) ||
            fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no document \"%s\"", id));
}

/* Content -------------------------------------------------------------------------------------
 */

/* An entry is known by the document that it comes with, unless it names another paper. */
static void
name_document(FiscSubmission *content, const char *id)
{
    for (guint i = 0; i < content->entries->len; i++) {
        FiscEntry *entry = content->entries->pdata[i];
        if (entry->document == NULL || *entry->document == '\0') {
            entry->document = fisc_submission_text(content, id);
        }
        fisc_entry_digest(entry);
    }
}

/* What a feeder brings keeps the names that it gives: by them a later pull knows it again. */
static bool
names_itself(const char *payload)
{
    return g_str_has_prefix(payload, "{\"" FISC_FEED "\":");
}

/* *out_content is NULL with refusals when the payload cannot be read, as when a code is no longer
 * known, or a reference has become another content. */
static bool
read_payload(const FiscContext *ctx, const FiscNation *nation, const char *id, const char *source,
             const char *payload, FiscSubmission **out_content, FiscRefusals *refusals,
             GError **error)
{
    FiscSubmission *content = NULL;
    g_autofree char *name = g_strdup_printf("document %s", id);
    bool is_reference = fisc_flow_is_reference(payload);
    if (is_reference &&
        !fisc_flow_expand(ctx, nation, payload, source, &content, refusals, error)) {
        return false;
    }
    if (!is_reference && !fisc_package_read_entries(name, payload, strlen(payload), nation, source,
                                                    ctx->actor, &content, refusals, NULL)) {
        content = NULL;
    }
    if (content != NULL && !names_itself(payload)) {
        name_document(content, id);
    }
    *out_content = content;
    return true;
}

/* The entity whose rights an approver needs: that of all entries and events, else the whole book.
 * Caller frees. */
static char *
entity_of(const FiscSubmission *content)
{
    g_autofree char *entity = NULL;
    for (guint i = 0; i < content->entries->len + content->events->len; i++) {
        bool is_event = i >= content->entries->len;
        g_autofree char *one =
            is_event ? fisc_event_entity(content->events->pdata[i - content->entries->len])
                     : g_strdup(((const FiscEntry *)content->entries->pdata[i])->entity);
        if (one == NULL || (entity != NULL && strcmp(entity, one) != 0)) {
            return g_strdup(WHOLE_BOOK);
        }
        g_free(entity);
        entity = g_steal_pointer(&one);
    }
    return g_steal_pointer(&entity);
}

/* Proposing -----------------------------------------------------------------------------------
 */

static char *
id_of(const FiscSubmission *content)
{
    uint8_t digest[FISC_HASH_SIZE];
    char hex[FISC_HASH_TEXT];
    fisc_submission_digest(content, digest);
    fisc_hash_format(digest, hex);
    return g_strdup_printf("D-%.*s", ID_DIGITS, hex);
}

/* What cannot be said in a journal cannot be approved: it would not be carried out as it was.
 * *out_read: the content as whoever approves will read it. */
static bool
check_round_trip(const FiscContext *ctx, const FiscNation *nation, const char *id,
                 const FiscSubmission *content, const char *payload, FiscSubmission **out_read,
                 GError **error)
{
    uint8_t digest[FISC_HASH_SIZE], read_digest[FISC_HASH_SIZE];
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscSubmission) read = NULL;
    if (!read_payload(ctx, nation, id, content->source, payload, &read, refusals, error)) {
        return false;
    }
    if (read == NULL) {
        g_autofree char *text =
            refusals->len > 0 ? fisc_refusal_to_text(refusals->pdata[0], 2) : g_strdup("");
        return fisc_fail(error, FISC_ERROR_FAILED, "the content of %s reads as nothing: %s", id,
                         text);
    }
    fisc_submission_digest(content, digest);
    fisc_submission_digest(read, read_digest);
    if (memcmp(digest, read_digest, sizeof digest) != 0) {
        return fisc_fail(error, FISC_ERROR_FAILED,
                         "the content of %s has something that a journal has no words for", id);
    }
    *out_read = g_steal_pointer(&read);
    return true;
}

/* Whether time may cure a refusal: funds come, periods open, items are opened, rules change. */
static bool
may_pass_later(FiscError code)
{
    static const FiscError codes[] = {
        FISC_ERROR_BUDGET_EXCEEDED, FISC_ERROR_NO_BUDGET,    FISC_ERROR_VIREMENT_RULE,
        FISC_ERROR_PERIOD_NOT_OPEN, FISC_ERROR_ITEM_UNKNOWN, FISC_ERROR_ITEM_EXCEEDED,
        FISC_ERROR_ITEM_MISMATCH,   FISC_ERROR_ATOMIC_GROUP, FISC_ERROR_CORRECTS_UNKNOWN,
        FISC_ERROR_PERIOD_STATE,
    };
    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
        if (codes[i] == code) {
            return true;
        }
    }
    return false;
}

static void
keep_incurable(const FiscRefusals *from, FiscRefusals *into)
{
    for (guint i = 0; from != NULL && i < from->len; i++) {
        const FiscRefusal *refusal = from->pdata[i];
        if (!may_pass_later(refusal->code)) {
            g_ptr_array_add(into, fisc_refusal_copy(refusal));
        }
    }
}

/* Who proposes what can never be carried out hears it at once, not the one who signs it. */
static bool
rehearse_content(FiscContext *ctx, const FiscSubmission *content, FiscRefusals **out_refusals,
                 GError **error)
{
    g_autoptr(FiscPoster) poster = NULL;
    g_autoptr(FiscTrial) trial = fisc_trial_new();
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    fisc_trial_add(trial, content, false, true);
    if (!fisc_flow_open_poster(ctx, &poster, error) ||
        !fisc_poster_rehearse_trial(poster, trial, false, error)) {
        return false;
    }
    const FiscReceipt *receipt = fisc_trial_receipt(trial, 0);
    keep_incurable(receipt->refusals, refusals);
    for (guint i = 0; i < receipt->results->len; i++) {
        keep_incurable(((const FiscResult *)receipt->results->pdata[i])->refusals, refusals);
    }
    *out_refusals = g_steal_pointer(&refusals);
    return true;
}

static void
refuse(FiscReceipt **out_receipt, const char *id, FiscError code, const char *detail)
{
    FiscReceipt *receipt = fisc_receipt_new();
    receipt->refusals = fisc_refusals_new();
    fisc_refusals_add(receipt->refusals, code, NULL, 0, NULL, "document %s: %s", id, detail);
    *out_receipt = receipt;
}

static bool
propose(FiscContext *ctx, const FiscDocumentDraft *draft, const char *id, const Desk *desk,
        const FiscSubmission *content, FiscReceipt **out_receipt, GError **error)
{
    uint8_t digest[FISC_HASH_SIZE];
    char hex[FISC_HASH_TEXT];
    g_autofree char *payload = fisc_package_write_entries(content, desk->nation);
    if (draft->payload != NULL) {
        g_free(payload);
        payload = g_strdup(draft->payload);
    }
    if (strlen(payload) > FISC_DOCUMENT_PAYLOAD_MAX) {
        refuse(out_receipt, id, FISC_ERROR_ENTRY_TOO_LARGE,
               "its content has more than 4 MB: propose it in parts");
        return true;
    }
    g_autoptr(FiscSubmission) read = NULL;
    g_autoptr(FiscRefusals) refusals = NULL;
    if (!check_round_trip(ctx, desk->nation, id, content, payload, &read, error) ||
        !rehearse_content(ctx, read, &refusals, error)) {
        return false;
    }
    if (refusals->len > 0) {
        *out_receipt = fisc_receipt_new();
        (*out_receipt)->refusals = g_steal_pointer(&refusals);
        return true;
    }
    fisc_submission_digest(content, digest);
    g_autofree char *entity = draft->entity != NULL ? g_strdup(draft->entity) : entity_of(content);
    g_autofree char *needs = g_strdup_printf("%d", MAX(draft->needs, desk->needs_by_law));
    g_autoptr(FiscSubmission) submission = fisc_submission_new(SOURCE, ctx->actor);
    fisc_submission_event(submission, "document", id, "state", "proposed", "action", draft->action,
                          "entity", entity, "maker", ctx->actor, "maker_for", ctx->on_behalf,
                          "needs", needs, "reason", draft->reason, "source", content->source,
                          "digest", fisc_hash_format(digest, hex), "payload", payload, NULL);
    return fisc_flow_post(ctx, submission, true, false, out_receipt, error);
}

/* The same proposal again, whatever has become of it: proposed once. */
static bool
is_proposed(const FiscContext *ctx, const FiscDocument *document, const FiscSubmission *content)
{
    uint8_t digest[FISC_HASH_SIZE];
    char hex[FISC_HASH_TEXT];
    fisc_submission_digest(content, digest);
    return strcmp(document->digest, fisc_hash_format(digest, hex)) == 0 &&
           strcmp(document->maker, ctx->actor) == 0;
}

bool
fisc_flow_document_propose(FiscContext *ctx, const FiscDocumentDraft *draft,
                           FiscSubmission *content, char **out_id, FiscReceipt **out_receipt,
                           GError **error)
{
    g_autofree char *id = draft->id != NULL ? g_strdup(draft->id) : id_of(content);
    g_auto(Desk) desk = {NULL};
    if (content->events->len + content->entries->len == 0) {
        return fisc_fail(error, FISC_ERROR_USAGE, "a document without content does nothing");
    }
    if (strcmp(draft->action, FISC_FEED) == 0) {
        return fisc_fail(error, FISC_ERROR_DENIED,
                         "what a feeder brings is staged by `fisc pull`, and by nobody's hand");
    }
    g_autoptr(FiscRefusals) foreign = fisc_refusals_new();
    if (!fisc_flow_check_content(ctx, content, foreign)) {
        *out_receipt = fisc_receipt_new();
        (*out_receipt)->refusals = g_steal_pointer(&foreign);
        *out_id = g_steal_pointer(&id);
        return true;
    }
    name_document(content, id);
    if (!desk_open(&desk, ctx, id, draft->action, error)) {
        return false;
    }
    if (desk.document == NULL) {
        if (!propose(ctx, draft, id, &desk, content, out_receipt, error)) {
            return false;
        }
    } else if (is_proposed(ctx, desk.document, content)) {
        *out_receipt = fisc_receipt_new(); /* nothing new */
    } else {
        refuse(out_receipt, id, FISC_ERROR_REFERENCE_CONFLICT,
               "it was proposed before, with other content or by somebody else");
    }
    *out_id = g_steal_pointer(&id);
    return true;
}

/* The same question as the reader of entries asks. */
static bool
is_ndjson(const char *data, gsize length)
{
    gsize at = 0;
    while (at < length && g_ascii_isspace(data[at])) {
        at++;
    }
    return at < length && data[at] == '{';
}

bool
fisc_flow_document_propose_text(FiscContext *ctx, const FiscDocumentDraft *draft, const char *name,
                                const char *data, gsize length, const char *source, char **out_id,
                                FiscReceipt **out_receipt, FiscRefusals *refusals, GError **error)
{
    g_auto(Desk) desk = {NULL};
    g_autoptr(FiscSubmission) content = NULL;
    if (!desk_open(&desk, ctx, "", draft->action, error) ||
        !fisc_package_read_entries(name, data, length, desk.nation, source, ctx->actor, &content,
                                   refusals, error)) {
        return false;
    }
    if (content == NULL) {
        *out_receipt = fisc_receipt_new(); /* the refusals are the answer */
        return true;
    }
    /* A text that is NDJSON already stays as it was written. */
    FiscDocumentDraft with_text = *draft;
    g_autofree char *text = is_ndjson(data, length) ? g_strndup(data, length) : NULL;
    with_text.payload = text;
    return fisc_flow_document_propose(ctx, &with_text, content, out_id, out_receipt, error);
}

/* Deciding ------------------------------------------------------------------------------------
 */

static bool
has_approved(const FiscDocument *document, const char *person)
{
    g_auto(GStrv) approvers = g_strsplit(document->approved_by, " ", -1);
    return g_strv_contains((const char *const *)approvers, person);
}

static int
count_approvals(const FiscDocument *document)
{
    g_auto(GStrv) approvers = g_strsplit(document->approved_by, " ", -1);
    return *document->approved_by != '\0' ? (int)g_strv_length(approvers) : 0;
}

static const char *
text_or_null(const char *text)
{
    return text != NULL && *text != '\0' ? text : NULL;
}

/* Who has approved, and whom some of them acted for. */
typedef struct {
    const char *by, *for_whom;
} Signatures;

/* One step: what was proposed, and what it says anew. */
static void
add_step(const FiscContext *ctx, FiscSubmission *submission, const FiscDocument *document,
         const char *state, Signatures signatures, const char *remark)
{
    bool is_closing = strcmp(state, "proposed") != 0 && strcmp(state, "approved") != 0;
    g_autofree char *needs = g_strdup_printf("%d", document->needs);
    fisc_submission_event(
        submission, "document", document->id, "state", state, "action", document->action, "entity",
        document->entity, "maker", document->maker, "maker_for", text_or_null(document->maker_for),
        "needs", needs, "reason", text_or_null(document->reason), "source", document->source,
        "digest", document->digest, "payload", is_closing ? NULL : document->payload, "approved_by",
        text_or_null(signatures.by), "approved_for", text_or_null(signatures.for_whom), "on_behalf",
        ctx->on_behalf, "remark", text_or_null(remark), NULL);
}

/* The last approval, the closing, and the content behind them: one submission. *out_submission is
 * NULL with refusals when the content cannot be read. */
static bool
build_completion(const FiscContext *ctx, const Desk *desk, Signatures signatures,
                 const char *remark, FiscSubmission **out_submission, FiscRefusals *refusals,
                 GError **error)
{
    const FiscDocument *document = desk->document;
    FiscSubmission *content = NULL;
    *out_submission = NULL;
    if (!read_payload(ctx, desk->nation, document->id, document->source, document->payload,
                      &content, refusals, error)) {
        return false;
    }
    if (content == NULL) {
        return true;
    }
    FiscSubmission *submission = fisc_submission_new(document->source, ctx->actor);
    submission->document = fisc_submission_text(submission, document->id);
    add_step(ctx, submission, document, "approved", signatures, remark);
    add_step(ctx, submission, document, "done", signatures, remark);
    fisc_submission_absorb(submission, content);
    *out_submission = submission;
    return true;
}

static bool
is_open(const FiscDocument *document)
{
    return strcmp(document->state, "proposed") == 0 || strcmp(document->state, "approved") == 0;
}

static bool
carry_out(FiscContext *ctx, const Desk *desk, Signatures signatures, const char *remark,
          FiscReceipt **out_receipt, GError **error)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscSubmission) submission = NULL;
    if (fisc_feed_is_feed(desk->document) && is_open(desk->document) &&
        !fisc_feed_check(ctx, desk->nation, desk->document, refusals, error)) {
        return false;
    }
    if (refusals->len == 0 &&
        !build_completion(ctx, desk, signatures, remark, &submission, refusals, error)) {
        return false;
    }
    if (submission == NULL) {
        *out_receipt = fisc_receipt_new();
        (*out_receipt)->refusals = g_steal_pointer(&refusals);
        return true;
    }
    return fisc_flow_post(ctx, submission, true, false, out_receipt, error);
}

/* A list of persons with one more; @person NULL: as it was. */
static char *
with_person(const char *list, const char *person)
{
    bool is_first = *list == '\0';
    return person == NULL ? g_strdup(list)
           : is_first     ? g_strdup(person)
                          : g_strconcat(list, " ", person, NULL);
}

static bool
add_approval(FiscContext *ctx, const Desk *desk, const char *remark, FiscReceipt **out_receipt,
             GError **error)
{
    const FiscDocument *document = desk->document;
    g_autofree char *by = with_person(document->approved_by, ctx->actor);
    g_autofree char *for_whom = with_person(document->approved_for, ctx->on_behalf);
    Signatures signatures = {by, for_whom};
    if (count_approvals(document) + 1 >= MAX(document->needs, desk->needs_by_law)) {
        return carry_out(ctx, desk, signatures, remark, out_receipt, error);
    }
    g_autoptr(FiscSubmission) submission = fisc_submission_new(SOURCE, ctx->actor);
    add_step(ctx, submission, document, "proposed", signatures, remark);
    return fisc_flow_post(ctx, submission, true, false, out_receipt, error);
}

static bool
is_refused(const FiscReceipt *receipt)
{
    return receipt->refused > 0 || (receipt->refusals != NULL && receipt->refusals->len > 0);
}

/* The run of a feeder learns what became of its document; when that fails, from the next pull. */
static bool
tell_run(FiscContext *ctx, const FiscDocument *document, GError **error)
{
    if (!fisc_feed_is_feed(document) || ctx->is_dry_run) {
        return true;
    }
    fisc_kill_point("feed.before_telling");
    return fisc_feed_close(ctx, document, false, NULL, error);
}

/* What the document has become, for whoever took the step. */
static bool
tell_state(FiscContext *ctx, const char *id, const FiscReceipt *receipt, char **out_state,
           GError **error)
{
    g_auto(Desk) desk = {NULL};
    if (is_refused(receipt)) {
        *out_state = NULL;
        return true;
    }
    if (!desk_find(&desk, ctx, id, error)) {
        return false;
    }
    *out_state = g_strdup(desk.document->state);
    return tell_run(ctx, desk.document, error);
}

bool
fisc_flow_document_approve(FiscContext *ctx, const char *id, const char *remark, char **out_state,
                           FiscReceipt **out_receipt, GError **error)
{
    g_auto(Desk) desk = {NULL};
    if (!desk_find(&desk, ctx, id, error)) {
        return false;
    }
    const FiscDocument *document = desk.document;
    Signatures signatures = {document->approved_by, document->approved_for};
    bool is_done = strcmp(document->state, "done") == 0;
    bool is_again = has_approved(document, ctx->actor);
    bool is_answered;
    if (is_done && is_again) {
        is_answered = carry_out(ctx, &desk, signatures, NULL, out_receipt, error);
    } else if (is_again && strcmp(document->state, "proposed") == 0) {
        *out_receipt = fisc_receipt_new(); /* it waits for others */
        is_answered = true;
    } else if (is_done) {
        refuse(out_receipt, id, FISC_ERROR_DOCUMENT_STATE, "it is done");
        is_answered = true;
    } else {
        is_answered = add_approval(ctx, &desk, remark, out_receipt, error);
    }
    return is_answered && tell_state(ctx, id, *out_receipt, out_state, error);
}

static bool
approve_one(FiscContext *ctx, const char *id, const char *remark, FiscApprovalTold told,
            gpointer data, GError **error)
{
    g_autofree char *state = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(GError) failure = NULL;
    bool is_answered = fisc_flow_document_approve(ctx, id, remark, &state, &receipt, &failure);
    if (is_answered || g_error_matches(failure, FISC_ERROR, FISC_ERROR_NOT_FOUND)) {
        told(id, state, is_answered ? receipt : NULL, data);
        return true;
    }
    g_propagate_error(error, g_steal_pointer(&failure));
    return false;
}

bool
fisc_flow_documents_approve(FiscContext *ctx, const char *const *ids, const char *remark,
                            FiscApprovalTold told, gpointer data, GError **error)
{
    FiscContext own = *ctx;
    FiscPoster *poster = NULL;
    if (!fisc_flow_open_poster(ctx, &poster, error)) {
        return false;
    }
    FiscMasters *masters = ctx->masters == NULL ? fisc_masters_new() : NULL;
    own.poster = poster;
    own.masters = masters != NULL ? masters : ctx->masters;
    bool is_done = true;
    for (int i = 0; is_done && ids[i] != NULL; i++) {
        is_done = approve_one(&own, ids[i], remark, told, data, error);
    }
    fisc_masters_free(masters);
    fisc_poster_close(poster);
    return is_done;
}

static bool
close_document(FiscContext *ctx, const char *id, const char *state, const char *remark,
               FiscReceipt **out_receipt, GError **error)
{
    g_auto(Desk) desk = {NULL};
    if (!desk_find(&desk, ctx, id, error)) {
        return false;
    }
    const FiscDocumentStep *last =
        &g_array_index(desk.document->steps, FiscDocumentStep, desk.document->steps->len - 1);
    if (strcmp(last->state, state) == 0 && strcmp(last->person, ctx->actor) == 0) {
        *out_receipt = fisc_receipt_new(); /* nothing new */
        return true;
    }
    g_autoptr(FiscSubmission) submission = fisc_submission_new(SOURCE, ctx->actor);
    Signatures signatures = {desk.document->approved_by, desk.document->approved_for};
    add_step(ctx, submission, desk.document, state, signatures, remark);
    g_autofree char *now = NULL;
    return fisc_flow_post(ctx, submission, true, false, out_receipt, error) &&
           (!fisc_feed_is_feed(desk.document) || tell_state(ctx, id, *out_receipt, &now, error));
}

bool
fisc_flow_document_reject(FiscContext *ctx, const char *id, const char *remark,
                          FiscReceipt **out_receipt, GError **error)
{
    return close_document(ctx, id, "rejected", remark, out_receipt, error);
}

bool
fisc_flow_document_withdraw(FiscContext *ctx, const char *id, const char *remark,
                            FiscReceipt **out_receipt, GError **error)
{
    return close_document(ctx, id, "withdrawn", remark, out_receipt, error);
}

/* Reading -------------------------------------------------------------------------------------
 */

bool
fisc_flow_document_show(FiscContext *ctx, const char *id, FiscDocument **out_document,
                        GError **error)
{
    g_auto(Desk) desk = {NULL};
    if (!desk_find(&desk, ctx, id, error)) {
        return false;
    }
    *out_document = g_steal_pointer(&desk.document);
    return true;
}

static void
add_row(FiscTable *table, const FiscRecord *record)
{
    static const char *const fields[] = {"state", "action",      "entity", "maker",
                                         "needs", "approved_by", "reason"};
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, 0, record->subject);
    for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
        fisc_table_set_text(table, row, (int)i + 1, fisc_record_field(record, fields[i]));
    }
}

bool
fisc_flow_document_list(FiscContext *ctx, const char *state, FiscTable **out_table, GError **error)
{
    static const char *const names[] = {"document", "state", "action",      "entity",
                                        "maker",    "needs", "approved_by", "reason"};
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(GArray) records = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_records_load(tx, ctx->book_id, "document", &records, error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    FiscTable *table = fisc_table_new("documents", "Documents", 0);
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        fisc_table_add_column(table, names[i], FISC_COLUMN_TEXT);
    }
    for (guint i = 0; i < records->len; i++) {
        const FiscRecord *record = &g_array_index(records, FiscRecord, i);
        if (state == NULL || g_strcmp0(fisc_record_field(record, "state"), state) == 0) {
            add_row(table, record);
        }
    }
    *out_table = table;
    return true;
}

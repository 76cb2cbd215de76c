/* interim.c: what may be spent while there is no law (rule R16): the month of an interim budget,
 * proposed as a document.
 *
 * What was given so far is a text under its digest, and the case "interim/YEAR" says which: so two
 * months never begin from the same state, nothing is given behind a law, and a law takes back just
 * what was given. */
#include "app/flows/enact.h"
#include "app/flows/internal.h"
#include <stdlib.h>
#include <string.h>

#define PROCEDURE "interim"
#define PROCEDURE_DOCUMENT "interim-procedure"

/* The case ------------------------------------------------------------------------------------ */

static char *
case_subject(int year)
{
    return g_strdup_printf(PROCEDURE "/%d", year);
}

static bool
find_record(FiscTx *tx, int book_id, const char *kind, const char *subject, GArray **out_records,
            GError **error)
{
    g_autoptr(GPtrArray) subjects = g_ptr_array_new();
    g_ptr_array_add(subjects, (char *)subject);
    return fisc_records_find(tx, book_id, kind, subjects, out_records, error);
}

bool
fisc_flow_interim_state(FiscTx *tx, int book_id, int year, char **out_state, char **out_content,
                        GError **error)
{
    g_autofree char *subject = case_subject(year);
    g_autoptr(GArray) records = NULL;
    if (!find_record(tx, book_id, "case", subject, &records, error)) {
        return false;
    }
    bool has_case = records->len > 0;
    char **fields = has_case ? g_array_index(records, FiscRecord, 0).fields : NULL;
    *out_state = g_strdup(fisc_case_field(fields, "state"));
    *out_content = g_strdup(fisc_case_field(fields, "content"));
    return true;
}

bool
fisc_flow_interim_load(FiscTx *tx, const char *digest, const FiscNation *nation,
                       FiscInterim **out_interim, GError **error)
{
    g_autofree char *text = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    if (!fisc_content_load(tx, digest, &text, error)) {
        return false;
    }
    *out_interim = fisc_interim_read(digest, text, strlen(text), nation, refusals);
    if (*out_interim == NULL) {
        g_autofree char *why =
            refusals->len > 0 ? fisc_refusal_to_text(refusals->pdata[0], 2) : g_strdup("");
        return fisc_fail(error, FISC_ERROR_FAILED, "the interim budget cannot be read: %s", why);
    }
    return true;
}

bool
fisc_flow_interim_step(FiscExpansion *expansion, int year, const char *step, const char *content,
                       const char *base, const char *reason, GError **error)
{
    g_autofree char *subject = case_subject(year);
    g_autofree char *rule = g_strconcat(PROCEDURE "/", step, NULL);
    g_autofree char *of_year = g_strdup_printf("%d", year);
    g_autoptr(GArray) rules = NULL;
    if (!find_record(expansion->tx, expansion->book_id, "procedure", rule, &rules, error)) {
        return false;
    }
    if (rules->len == 0) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "no procedure has the step %s", rule);
    }
    /* What the case is never changes, so it is said the same way at whatever step. */
    char *what_it_is[] = {(char *)"entity", (char *)"*", (char *)"year", of_year, NULL};
    const FiscCaseWords words = {.before = what_it_is,
                                 .rule = g_array_index(rules, FiscRecord, 0).fields,
                                 .step = step,
                                 .actor = expansion->into->actor,
                                 .content = content,
                                 .base = base,
                                 .reason = reason};
    fisc_case_event(expansion->into, subject, &words);
    return true;
}

/* From the reference to the entries ----------------------------------------------------------- */

bool
fisc_flow_expand_interim(FiscExpansion *expansion, GError **error)
{
    const json_t *said = expansion->words;
    const char *content = fisc_flow_word(said, "content");
    const char *base = fisc_flow_word(said, "base");
    g_autoptr(FiscInterim) interim = NULL;
    g_autoptr(FiscInterim) before = NULL;
    if (!fisc_flow_interim_load(expansion->tx, content, expansion->nation, &interim, error) ||
        (*base != '\0' &&
         !fisc_flow_interim_load(expansion->tx, base, expansion->nation, &before, error)) ||
        !fisc_flow_interim_step(expansion, interim->year, "give", content, base,
                                fisc_flow_word(said, "reason"), error)) {
        return false;
    }
    fisc_interim_post(expansion->into, interim, before != NULL ? before->through : 0,
                      fisc_flow_word(said, "article"), expansion->nation);
    guint count = expansion->into->entries->len;
    if (count > FISC_GROUP_ENTRIES_MAX) {
        fisc_refusals_add(
            expansion->refusals, FISC_ERROR_ENTRY_TOO_LARGE, NULL, 0, NULL,
            "%u entries, where one group has %d at most: propose fewer months at once", count,
            FISC_GROUP_ENTRIES_MAX);
    }
    return true;
}

/* The order ----------------------------------------------------------------------------------- */

/* One month on its way to a document. */
typedef struct {
    FiscContext *ctx;
    const FiscInterimOrder *order;
    FiscNation *nation;
    FiscInterim *interim;
    char *state, *base; /* of the case; "" = none */
    FiscRefusals *refusals;
} Making;

static void
making_clear(Making *making)
{
    fisc_nation_free(making->nation);
    fisc_interim_free(making->interim);
    g_free(making->state);
    g_free(making->base);
    g_clear_pointer(&making->refusals, g_ptr_array_unref);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Making, making_clear)

static bool refuse(Making *making, FiscError code, const char *field, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static bool
refuse(Making *making, FiscError code, const char *field, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *detail = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    fisc_refusals_add(making->refusals, code, NULL, 0, field, "%s", detail);
    return true;
}

static bool
load_appropriations(Making *making, FiscTx *tx, int year, FiscPostedLines **out_posted,
                    GError **error)
{
    return fisc_limit_lines_load(tx, making->ctx->book_id, making->nation, year * 100,
                                 year * 100 + 13, NULL, out_posted, error);
}

/* What an interim budget gave or took back stands in for the law and is none. */
static bool
is_interim(const FiscPostedLine *line)
{
    return strcmp(line->source, FISC_SOURCE_LAW) == 0 &&
           (g_str_has_prefix(line->reference, FISC_INTERIM_PREFIX) ||
            strstr(line->reference, FISC_LAW_INTERIM) != NULL);
}

static bool
is_original(const FiscPostedLine *line)
{
    return strcmp(line->coding.account->code, fisc_stage_account(FISC_STAGE_APPROPRIATION)) == 0 &&
           !is_interim(line);
}

/* What was appropriated originally, line by line. */
static bool
add_last_year(Making *making, FiscTx *tx, GError **error)
{
    int from = making->order->from_year;
    g_autoptr(FiscPostedLines) posted = NULL;
    if (!load_appropriations(making, tx, from, &posted, error)) {
        return false;
    }
    for (guint i = 0; i < posted->rows->len; i++) {
        const FiscPostedLine *line = &g_array_index(posted->rows, FiscPostedLine, i);
        if (is_original(line)) {
            fisc_interim_add(making->interim, line->coding.entity, line->coding.dim, line->amount);
        }
    }
    return making->interim->lines->len > 0 ||
           refuse(making, FISC_ERROR_NO_BUDGET, "from", "nothing was appropriated in %d", from);
}

/* A budget need not have come by a law of ours. */
static bool
check_appropriations(Making *making, FiscTx *tx, GError **error)
{
    int year = making->order->year;
    g_autoptr(FiscPostedLines) posted = NULL;
    if (!load_appropriations(making, tx, year, &posted, error)) {
        return false;
    }
    __int128 sum = 0;
    for (guint i = 0; i < posted->rows->len; i++) {
        const FiscPostedLine *line = &g_array_index(posted->rows, FiscPostedLine, i);
        sum += is_original(line) ? line->amount : 0;
    }
    return sum == 0 ||
           refuse(making, FISC_ERROR_CASE_STATE, "year", "%d has its appropriations", year);
}

/* A year that has its law has no interim budget any more. */
static bool
check_laws(Making *making, FiscTx *tx, GError **error)
{
    g_autoptr(GArray) laws = NULL;
    if (!fisc_records_load(tx, making->ctx->book_id, "law", &laws, error)) {
        return false;
    }
    for (guint i = 0; i < laws->len; i++) {
        const FiscRecord *law = &g_array_index(laws, FiscRecord, i);
        const char *year = fisc_record_field(law, "year");
        if (year != NULL && atoi(year) == making->order->year) {
            return refuse(making, FISC_ERROR_CASE_STATE, "year", "%d has its law: %s",
                          making->order->year, law->subject);
        }
    }
    return true;
}

static bool
take_before(Making *making, FiscTx *tx, GError **error)
{
    g_autoptr(FiscInterim) before = NULL;
    if (*making->base == '\0') {
        return true;
    }
    if (!fisc_flow_interim_load(tx, making->base, making->nation, &before, error)) {
        return false;
    }
    fisc_interim_continue(making->interim, before);
    return before->through < making->order->month ||
           refuse(making, FISC_ERROR_CASE_STATE, "month",
                  "%d has its interim budget up to month %d", making->order->year, before->through);
}

static bool
load(Making *making, GError **error)
{
    const FiscInterimOrder *order = making->order;
    g_autoptr(FiscTx) tx = NULL;
    making->interim = fisc_interim_new(order->year);
    return fisc_tx_begin(making->ctx->pool, FISC_TX_READ, &tx, error) &&
           fisc_nation_load(tx, making->ctx->book_id, 0, &making->nation, error) &&
           fisc_flow_interim_state(tx, making->ctx->book_id, order->year, &making->state,
                                   &making->base, error) &&
           check_laws(making, tx, error) && check_appropriations(making, tx, error) &&
           add_last_year(making, tx, error) && take_before(making, tx, error) &&
           fisc_tx_commit(g_steal_pointer(&tx), error);
}

/* The steps of an interim budget as they are shipped. */
static FiscSubmission *
shipped_procedure(const FiscContext *ctx)
{
    FiscSubmission *submission = fisc_submission_new(FISC_SOURCE_LAW, ctx->actor);
    fisc_procedure_events(submission);
    for (guint i = submission->events->len; i > 0; i--) {
        const FiscEvent *event = submission->events->pdata[i - 1];
        if (!g_str_has_prefix(event->subject, PROCEDURE "/")) {
            g_ptr_array_remove_index(submission->events, i - 1);
        }
    }
    return submission;
}

/* Rules of the book are changed by two persons where duties are in force. */
static bool
propose_procedure(FiscContext *ctx, FiscReceipt **out_receipt, GError **error)
{
    g_autofree char *id = NULL;
    g_autoptr(FiscSubmission) submission = shipped_procedure(ctx);
    const FiscDocumentDraft draft = {.id = PROCEDURE_DOCUMENT,
                                     .action = "rules",
                                     .entity = "*",
                                     .reason =
                                         "the steps of an interim budget as they are shipped"};
    if (!fisc_flow_document_propose(ctx, &draft, submission, &id, out_receipt, error)) {
        return false;
    }
    if ((*out_receipt)->refusals == NULL) {
        (*out_receipt)->refusals = fisc_refusals_new();
        FiscRefusal *refusal = fisc_refusals_add(
            (*out_receipt)->refusals, FISC_ERROR_APPROVAL_MISSING, NULL, 0, NULL,
            "the steps of an interim budget are not on record; they are proposed as document %s",
            id);
        refusal->hint = g_strdup_printf("fisc doc approve %s, then ask again", id);
    }
    return true;
}

static bool
needs_approval(const FiscReceipt *receipt)
{
    return receipt->refusals != NULL && receipt->refusals->len > 0 &&
           ((const FiscRefusal *)receipt->refusals->pdata[0])->code == FISC_ERROR_APPROVAL_MISSING;
}

/* A procedure that the book has stays as it is. */
static bool
bring_procedure(FiscContext *ctx, FiscReceipt **out_receipt, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(GArray) rules = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !find_record(tx, ctx->book_id, "procedure", PROCEDURE "/give", &rules, error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    if (rules->len > 0) {
        *out_receipt = fisc_receipt_new();
        return true;
    }
    g_autoptr(FiscSubmission) submission = shipped_procedure(ctx);
    g_autoptr(FiscReceipt) receipt = NULL;
    if (!fisc_flow_post(ctx, submission, true, false, &receipt, error)) {
        return false;
    }
    if (needs_approval(receipt)) {
        return propose_procedure(ctx, out_receipt, error);
    }
    *out_receipt = g_steal_pointer(&receipt);
    return true;
}

/* Keeps the text that the payload names, and makes the entries from it: in one transaction, because
 * a dry run keeps nothing. */
static bool
keep_and_expand(Making *making, const char *text, const char *payload, FiscSubmission **out_content,
                GError **error)
{
    FiscContext *ctx = making->ctx;
    g_autoptr(FiscTx) tx = NULL;
    return fisc_tx_begin(ctx->pool, FISC_TX_WRITE, &tx, error) &&
           fisc_content_keep(tx, &text, 1, error) &&
           fisc_flow_expand_within(ctx, tx, making->nation, payload, FISC_SOURCE_LAW, out_content,
                                   making->refusals, error) &&
           fisc_flow_end_write(ctx, g_steal_pointer(&tx), error);
}

static char *
write_payload(const Making *making, const char *text)
{
    const FiscInterimOrder *order = making->order;
    g_autofree char *digest = fisc_content_digest(text);
    json_t *words = json_pack("{s:s s:s s:s s:s}", "content", digest, "base", making->base,
                              "article", order->article != NULL ? order->article : "", "reason",
                              order->reason != NULL ? order->reason : "");
    return fisc_flow_write_reference("interim", words);
}

static bool
propose(Making *making, const char *id, FiscTable **out_totals, FiscReceipt **out_receipt,
        GError **error)
{
    char *document_id = NULL;
    g_autofree char *text = fisc_interim_write(making->interim, making->nation);
    g_autofree char *payload = write_payload(making, text);
    g_autoptr(FiscSubmission) content = NULL;
    if (!keep_and_expand(making, text, payload, &content, error)) {
        return false;
    }
    if (content == NULL) {
        return true;
    }
    *out_totals = fisc_flow_content_totals(content, making->nation);
    FiscDocumentDraft draft = {
        .id = id, .action = "budget", .reason = making->order->reason, .payload = payload};
    bool is_done =
        fisc_flow_document_propose(making->ctx, &draft, content, &document_id, out_receipt, error);
    g_free(document_id);
    return is_done;
}

/* Whether the month was given by this document before: then it is given once. */
static bool
is_done_before(FiscContext *ctx, const char *id, bool *out_is_done, GError **error)
{
    g_autoptr(FiscTx) tx = NULL;
    g_autoptr(FiscDocument) document = NULL;
    if (!fisc_tx_begin(ctx->pool, FISC_TX_READ, &tx, error) ||
        !fisc_document_load(tx, ctx->book_id, id, &document, error) ||
        !fisc_tx_commit(g_steal_pointer(&tx), error)) {
        return false;
    }
    *out_is_done = document != NULL && strcmp(document->state, "done") == 0;
    return true;
}

static bool
check_order(const FiscInterimOrder *order, GError **error)
{
    if (order->month < 1 || order->month > 12) {
        return fisc_fail(error, FISC_ERROR_USAGE, "a month is 1 to 12, not %d", order->month);
    }
    return order->from_year < order->year ||
           fisc_fail(error, FISC_ERROR_USAGE, "the interim budget of %d follows an earlier year",
                     order->year);
}

/* From what is on record to a document; what refuses it is in making->refusals or *out_receipt. */
static bool
make_month(Making *making, const char *id, FiscTable **out_totals, FiscReceipt **out_receipt,
           GError **error)
{
    const FiscInterimOrder *order = making->order;
    if (!bring_procedure(making->ctx, out_receipt, error) || !load(making, error)) {
        return false;
    }
    if ((*out_receipt)->refusals != NULL || making->refusals->len > 0) {
        return true;
    }
    if (order->classes != NULL &&
        !fisc_interim_classify(making->interim, order->classes_name, order->classes,
                               order->classes_length, making->refusals)) {
        return true;
    }
    fisc_interim_give(making->interim, order->month);
    g_clear_pointer(out_receipt, fisc_receipt_free);
    return propose(making, id, out_totals, out_receipt, error);
}

bool
fisc_flow_budget_interim(FiscContext *ctx, const FiscInterimOrder *order, char **out_id,
                         FiscTable **out_totals, FiscReceipt **out_receipt, GError **error)
{
    g_auto(Making) making = {.ctx = ctx, .order = order, .refusals = fisc_refusals_new()};
    bool is_done = false;
    g_autofree char *id = order->id != NULL
                              ? g_strdup(order->id)
                              : g_strdup_printf("INTERIM-%d-%02d", order->year, order->month);
    g_autoptr(FiscReceipt) receipt = NULL;
    *out_totals = NULL;
    if (!check_order(order, error) || !is_done_before(ctx, id, &is_done, error) ||
        (!is_done && !make_month(&making, id, out_totals, &receipt, error))) {
        return false;
    }
    if (receipt == NULL) {
        receipt = fisc_receipt_new();
    }
    if (making.refusals->len > 0) {
        g_clear_pointer(&receipt->refusals, g_ptr_array_unref);
        receipt->refusals = g_steal_pointer(&making.refusals);
    }
    *out_id = g_steal_pointer(&id);
    *out_receipt = g_steal_pointer(&receipt);
    return true;
}

/* documents_write.c: what takes two persons: propose, approve, reject, withdraw. Who approves names
 * the digest of what he has read, so that nothing else can be approved in its place. */
#include "app/server/api/writing.h"
#include "app/server/signin.h"
#include "app/server/server_internal.h"
#include <string.h>

/* Proposing ----------------------------------------------------------------------------------- */

static const FiscApiField propose_fields[] = {
    FISC_NEEDED("action", FISC_API_TEXT, "what it is about, a word of the matrix", "commitment"),
    FISC_GIVEN("reason", FISC_API_TEXT, "why; stays for ever, so it names no natural person",
               "Order of desks"),
    FISC_GIVEN("entity", FISC_API_TEXT, "whose approvers are asked; that of its entries", "001"),
    FISC_GIVEN("document", FISC_API_TEXT, "its id; made of its content when not given", "PO-7"),
    FISC_GIVEN("needs", FISC_API_INTEGER, "approvals, if more than the law asks for", "2"),
    FISC_GIVEN("source", FISC_API_TEXT, "where the references of its entries are unique", NULL),
    FISC_NEEDED("entries", FISC_API_ANY,
                "a list of entries and events, as objects of docs/package-format.md", NULL),
    FISC_DRY_RUN,
    {NULL},
};

static bool
propose(FiscCall *call, GError **error)
{
    const json_t *entries = fisc_call_value(call, "entries");
    if (!json_is_array(entries) || json_array_size(entries) == 0) {
        fisc_call_problem(call, 422, "VALUE_INVALID", "/entries", "entries: a list is expected");
        return true;
    }
    const char *source = fisc_call_text(call, "source");
    const FiscDocumentDraft draft = {.id = fisc_call_text(call, "document"),
                                     .action = fisc_call_text(call, "action"),
                                     .entity = fisc_call_text(call, "entity"),
                                     .reason = fisc_call_text(call, "reason"),
                                     .needs = (int)fisc_call_integer(call, "needs", 0)};
    g_autofree char *text = fisc_call_ndjson(entries);
    g_autofree char *id = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscReceipt *receipt = NULL;
    if (!fisc_flow_document_propose_text(&call->context, &draft, "entries", text, strlen(text),
                                         source != NULL ? source : FISC_SOURCE_PACKAGE, &id,
                                         &receipt, refusals, error)) {
        return false;
    }
    if (refusals->len > 0) {
        fisc_receipt_free(receipt);
        fisc_call_refuse(call, refusals);
        return true;
    }
    fisc_call_answer_document(call, id, "proposed", receipt, NULL);
    return true;
}

/* Deciding ------------------------------------------------------------------------------------ */

static const FiscApiField decide_fields[] = {
    FISC_PATH("document", "its id", "PO-7"),
    FISC_NEEDED("digest", FISC_API_TEXT,
                "of what was read: as GET /v1/documents/{document} gives it", NULL),
    FISC_GIVEN("remark", FISC_API_TEXT, "stays on record; names no natural person", NULL),
    FISC_DRY_RUN,
    {NULL},
};

static const FiscApiField withdraw_fields[] = {
    FISC_PATH("document", "its id", "PO-7"),
    FISC_GIVEN("remark", FISC_API_TEXT, "stays on record; names no natural person", NULL),
    FISC_DRY_RUN,
    {NULL},
};

/* True when the document is what the person has read, and he is there to sign it. */
static bool
check_signature(FiscCall *call, bool *out_may, GError **error)
{
    g_autoptr(FiscDocument) document = NULL;
    const char *digest = fisc_call_text(call, "digest");
    if (!fisc_flow_document_show(&call->context, fisc_call_text(call, "document"), &document,
                                 error)) {
        return false;
    }
    *out_may = g_strcmp0(document->digest, digest) == 0;
    if (!*out_may) {
        fisc_call_problem(call, 409, "DOCUMENT_CHANGED", "/digest",
                          "%s has another content than the one that was read", document->id);
        return true;
    }
    *out_may = fisc_server_check_step_up(call, document->digest);
    return true;
}

static bool
approve(FiscCall *call, GError **error)
{
    bool may = false;
    g_autofree char *state = NULL;
    FiscReceipt *receipt = NULL;
    const char *id = fisc_call_text(call, "document");
    if (!check_signature(call, &may, error)) {
        return false;
    }
    if (may) {
        if (!fisc_flow_document_approve(&call->context, id, fisc_call_text(call, "remark"), &state,
                                        &receipt, error)) {
            return false;
        }
        fisc_call_answer_document(call, id, state, receipt, NULL);
    }
    return true;
}

static bool
reject(FiscCall *call, GError **error)
{
    bool may = false;
    FiscReceipt *receipt = NULL;
    const char *id = fisc_call_text(call, "document");
    if (!check_signature(call, &may, error)) {
        return false;
    }
    if (may) {
        if (!fisc_flow_document_reject(&call->context, id, fisc_call_text(call, "remark"), &receipt,
                                       error)) {
            return false;
        }
        fisc_call_answer_document(call, id, "rejected", receipt, NULL);
    }
    return true;
}

static bool
withdraw(FiscCall *call, GError **error)
{
    FiscReceipt *receipt = NULL;
    const char *id = fisc_call_text(call, "document");
    if (!fisc_flow_document_withdraw(&call->context, id, fisc_call_text(call, "remark"), &receipt,
                                     error)) {
        return false;
    }
    fisc_call_answer_document(call, id, "withdrawn", receipt, NULL);
    return true;
}

#define DECISION(verb, id, sentence, words, handler)                                               \
    {                                                                                              \
        .method = "POST", .path = "/v1/documents/{document}/" verb, .operation = id,               \
        .summary = sentence, .access = FISC_ACCESS_PERSON, .lane = FISC_HTTP_POST,                 \
        .fields = words, .body = FISC_BODY_JSON, .answer = &fisc_shape_proposal, .run = handler,   \
    }

const FiscRoute fisc_api_documents_write[] = {
    {
        .method = "POST",
        .path = "/v1/documents",
        .operation = "proposeDocument",
        .summary = "Proposes entries and events that others have to approve",
        .access = FISC_ACCESS_PERSON,
        .lane = FISC_HTTP_POST,
        .fields = propose_fields,
        .body = FISC_BODY_JSON,
        .body_max = 8 * 1024 * 1024,
        .answer = &fisc_shape_proposal,
        .run = propose,
    },
    DECISION("approve", "approveDocument", "Approves; the last approval carries it out",
             decide_fields, approve),
    DECISION("reject", "rejectDocument", "Rejects, by somebody who could approve", decide_fields,
             reject),
    DECISION("withdraw", "withdrawDocument", "Takes it back, by its maker", withdraw_fields,
             withdraw),
    {NULL},
};

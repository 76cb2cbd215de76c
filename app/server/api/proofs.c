/* proofs.c: what somebody outside can check without trusting us: the signed head of the book, and
 * the proof that an entry is in it. */
#include "app/server/api/reading.h"
#include "app/server/server_internal.h"

/* Signing takes a key that the server was given. */
static const char *
key_of(const FiscCall *call, GError **error)
{
    const char *key = call->server->options.head_key;
    if (key == NULL) {
        fisc_fail(error, FISC_ERROR_NOT_FOUND,
                  "this server has no key to sign heads with: fisc serve --head-key FILE");
    }
    return key;
}

static const FiscApiField head_fields[] = {
    FISC_ASKED("from", FISC_API_INTEGER, "with the proof that so many batches are its beginning",
               NULL),
    {NULL},
};

static bool
get_head(FiscCall *call, GError **error)
{
    const char *key = key_of(call, error);
    int64_t from = fisc_call_integer(call, "from", -1);
    g_autofree char *note = NULL;
    if (key == NULL) {
        return false;
    }
    if (from < 0 && fisc_call_text(call, "from") != NULL) {
        fisc_call_problem(call, 422, "VALUE_INVALID", "?from", "from is a number of batches");
        return true;
    }
    if (!fisc_flow_head(&call->context, key, from, &note, error)) {
        return false;
    }
    g_autoptr(GString) bytes = g_string_new(note);
    fisc_call_answer_bytes(call, "text", NULL, bytes);
    return true;
}

static const FiscApiField proof_fields[] = {
    FISC_PATH("reference", "of the entry; it may have slashes", "SCH/1"),
    FISC_ASKED("source", FISC_API_TEXT, "where the reference is unique; any when not given", NULL),
    {NULL},
};
static const FiscApiShape proof_shape = {"Proof", "What fisc proof --check checks", NULL};

/* A proof holds hashes of entries beside it, which are of other units, and nothing else of them: it
 * is made with the eyes of the engine, for who may see the entry itself. */
static bool
get_proof(FiscCall *call, GError **error)
{
    const char *key = key_of(call, error);
    g_auto(FiscEntryCard) card = {0};
    g_autofree char *json = NULL;
    FiscContext whole = call->context;
    if (key == NULL || !fisc_flow_entry_show(&call->context, fisc_call_text(call, "source"),
                                             fisc_call_text(call, "reference"), &card, error)) {
        return false;
    }
    whole.pool = call->server->posters;
    if (!fisc_flow_proof(&whole, card.source, card.reference, NULL, key, &json, error)) {
        return false;
    }
    fisc_call_answer_json(call, 200, json_loads(json, 0, NULL));
    fisc_http_reply_header(call->reply, "Content-Disposition",
                           "attachment; filename=\"proof.json\"");
    return true;
}

static const FiscApiExample head_examples[] = {
    {"The signed head of the book", "/v1/head", NULL, 200},
    {NULL},
};
static const FiscApiExample proof_examples[] = {
    {"That an entry is in the books", "/v1/proofs/SCH/1", NULL, 200},
    {"None has this reference", "/v1/proofs/no-such-entry", NULL, 404},
    {NULL},
};

const FiscRoute fisc_api_proofs[] = {
    {
        .method = "GET",
        .path = "/v1/head",
        .operation = "getHead",
        .summary = "What the book is at this moment, signed",
        .access = FISC_ACCESS_PERSON,
        .fields = head_fields,
        .type = "text/plain",
        .run = get_head,
        .examples = head_examples,
    },
    {
        .method = "GET",
        .path = "/v1/proofs/{+reference}",
        .operation = "getProof",
        .summary = "The proof that an entry is in the books, under a fresh head",
        .access = FISC_ACCESS_PERSON,
        .fields = proof_fields,
        .answer = &proof_shape,
        .run = get_proof,
        .examples = proof_examples,
    },
    {NULL},
};

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
    FISC_ASKED("size", FISC_API_INTEGER, "of the first so many batches; of all when not given",
               NULL),
    {NULL},
};

static bool
get_head(FiscCall *call, GError **error)
{
    const char *key = key_of(call, error);
    int64_t from = fisc_call_integer(call, "from", -1);
    int64_t size = fisc_call_integer(call, "size", -1);
    g_autofree char *note = NULL;
    if (key == NULL) {
        return false;
    }
    if (from < 0 && fisc_call_text(call, "from") != NULL) {
        fisc_call_problem(call, 422, "VALUE_INVALID", "?from", "from is a number of batches");
        return true;
    }
    if (size < 1 && fisc_call_text(call, "size") != NULL) {
        fisc_call_problem(call, 422, "VALUE_INVALID", "?size", "size is a number of batches");
        return true;
    }
    bool is_done = size > 0 ? fisc_flow_head_between(&call->context, key, from, size, &note, error)
                            : fisc_flow_head(&call->context, key, from, &note, error);
    if (!is_done) {
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

/* For another fisc ---------------------------------------------------------------------------- */

static const FiscApiField list_fields[] = {
    FISC_ASKED("entities", FISC_API_TEXT, "only of these units, parted by blanks", "SCH"),
    {NULL},
};

static bool
list_sealed(FiscCall *call, GError **error)
{
    const char *key = key_of(call, error);
    const char *entities = fisc_call_text(call, "entities");
    g_auto(GStrv) words = entities != NULL ? g_strsplit(entities, " ", -1) : NULL;
    g_autofree char *text = NULL;
    if (key == NULL ||
        !fisc_flow_sealed_list(&call->context, key, (const char *const *)words, &text, error)) {
        return false;
    }
    g_autoptr(GString) bytes = g_string_new(text);
    fisc_call_answer_bytes(call, "text", NULL, bytes);
    return true;
}

static const FiscApiField part_fields[] = {
    FISC_PATH("entity", "whose entries they are", "SCH"),
    FISC_PATH("period", "2024-06; 00 opening, 13 adjustments", "2024-02"),
    FISC_PATH("part", "its number, from 1; each but the last has 500 entries", "1"),
    FISC_ASKED("size", FISC_API_INTEGER, "under the head of so many batches; of all when not given",
               NULL),
    {NULL},
};
static const FiscApiShape part_shape = {
    "Sealed", "Entries with the proof of each, as another fisc takes them", NULL};

/* False: there is no such part, because something of it is no number or no period. */
static bool
read_order(const FiscCall *call, FiscSealedOrder *out_order)
{
    FiscPeriod until = 0;
    guint64 part = 0;
    *out_order = (FiscSealedOrder){.entity = fisc_call_text(call, "entity"),
                                   .size = fisc_call_integer(call, "size", 0)};
    bool is_good =
        fisc_period_range_parse(fisc_call_text(call, "period"), &out_order->period, &until) &&
        until == out_order->period &&
        g_ascii_string_to_unsigned(fisc_call_text(call, "part"), 10, 1, G_MAXINT32, &part, NULL);
    out_order->part = (int)part;
    return is_good && out_order->size >= 0;
}

static bool
get_sealed(FiscCall *call, GError **error)
{
    const char *key = key_of(call, error);
    FiscSealedOrder order;
    g_autofree char *json = NULL;
    if (key == NULL) {
        return false;
    }
    if (!read_order(call, &order)) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no such part of any entries");
    }
    if (!fisc_flow_sealed_part(&call->context, call->server->posters, key, &order, &json, error)) {
        return false;
    }
    fisc_call_answer_json(call, 200, json_loads(json, 0, NULL));
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

static const FiscApiExample list_examples[] = {
    {"How many entries there are, by unit and period, signed", "/v1/sealed?entities=SCH", NULL,
     200},
    {NULL},
};
static const FiscApiExample part_examples[] = {
    {"Entries of a month with their proof", "/v1/sealed/SCH/2024-02/1", NULL, 200},
    {"There are not so many", "/v1/sealed/SCH/2024-02/99", NULL, 404},
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
    {
        .method = "GET",
        .path = "/v1/sealed",
        .operation = "listSealed",
        .summary = "How many entries there are for another fisc, by unit and period",
        .access = FISC_ACCESS_PERSON,
        .fields = list_fields,
        .type = "text/plain",
        .run = list_sealed,
        .examples = list_examples,
    },
    {
        .method = "GET",
        .path = "/v1/sealed/{entity}/{period}/{part}",
        .operation = "getSealed",
        .summary = "Entries of a unit's period with their proof, for another fisc",
        .access = FISC_ACCESS_PERSON,
        .fields = part_fields,
        .answer = &part_shape,
        .run = get_sealed,
        .examples = part_examples,
    },
    {NULL},
};

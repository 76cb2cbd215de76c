/* feeders.c: outside systems whose books are taken, what they hand over, and what became of it.
 * Pulling is pulls.c. */
#include "app/flows/receipt_json.h"
#include "app/server/api/reading.h"
#include "app/server/api/writing.h"
#include "core/base/hash.h"
#include "fisc/feeder.h"
#include "fisc/handover.h"
#include <string.h>

#define RUNS_MAX 1000

static const FiscApiField list_fields[] = {FISC_TABLE_WORDS, {NULL}};

static bool
list(FiscCall *call, GError **error)
{
    FiscTable *table = NULL;
    return fisc_flow_feeder_list(&call->context, &table, error) &&
           fisc_call_answer_table(call, table, error);
}

static const FiscApiField of_feeder_fields[] = {
    FISC_ASKED("feeder", FISC_API_TEXT, "only of this one", "pinto"),
    FISC_TABLE_WORDS,
    {NULL},
};

static bool
list_runs(FiscCall *call, GError **error)
{
    FiscTable *table = NULL;
    return fisc_flow_feeder_runs(&call->context, fisc_call_text(call, "feeder"), RUNS_MAX, &table,
                                 error) &&
           fisc_call_answer_table(call, table, error);
}

static bool
list_suspense(FiscCall *call, GError **error)
{
    FiscTable *table = NULL;
    return fisc_flow_feeder_suspense(&call->context, fisc_call_text(call, "feeder"), &table,
                                     error) &&
           fisc_call_answer_table(call, table, error);
}

static const FiscApiField run_fields[] = {
    FISC_PATH("run", "its number", "1"),
    FISC_TABLE_WORDS,
    {NULL},
};

static const FiscApiField proposal_fields[] = {
    FISC_PATH("feeder", "whose codes", "town"),
    FISC_ASKED("table", FISC_API_TEXT, "only what this table of its map lacks", "codes.csv"),
    FISC_TABLE_WORDS,
    {NULL},
};

static bool
list_proposals(FiscCall *call, GError **error)
{
    FiscTable *table = NULL;
    return fisc_flow_feeder_propose(&call->context, fisc_call_text(call, "feeder"),
                                    fisc_call_text(call, "table"), &table, error) &&
           fisc_call_answer_table(call, table, error);
}

static const FiscApiField rows_fields[] = {
    FISC_PATH("feeder", "whose codes", "town"),
    FISC_PATH("table", "of its map", "codes.csv"),
    {NULL},
};

static bool
get_proposed_rows(FiscCall *call, GError **error)
{
    g_autofree char *csv = NULL;
    if (!fisc_flow_feeder_propose_rows(&call->context, fisc_call_text(call, "feeder"),
                                       fisc_call_text(call, "table"), &csv, error)) {
        return false;
    }
    g_autoptr(GString) bytes = g_string_new(csv);
    fisc_call_answer_bytes(call, "csv", "proposed", bytes);
    return true;
}

/* What is no number is no run. */
static bool
read_run(const FiscCall *call, int64_t *out_run, GError **error)
{
    guint64 number = 0;
    const char *text = fisc_call_text(call, "run");
    if (!g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT64, &number, NULL)) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no run \"%s\"", text);
    }
    *out_run = (int64_t)number;
    return true;
}

static bool
answer_of_run(FiscCall *call,
              bool (*flow)(FiscContext *ctx, int64_t run, FiscTable **out_table, GError **error),
              GError **error)
{
    FiscTable *table = NULL;
    int64_t run = 0;
    return read_run(call, &run, error) && flow(&call->context, run, &table, error) &&
           fisc_call_answer_table(call, table, error);
}

static bool
list_stages(FiscCall *call, GError **error)
{
    return answer_of_run(call, fisc_flow_feeder_stages, error);
}

static bool
list_rejects(FiscCall *call, GError **error)
{
    return answer_of_run(call, fisc_flow_feeder_rejects, error);
}

/* Handed over -------------------------------------------------------------------------------- */

#define DOCUMENT_MAX (32 * 1024 * 1024)

static const FiscApiField handover_fields[] = {
    FISC_PATH("feeder", "whose document it is", "town"),
    FISC_PATH("document", "its name", "ledger.csv"),
    {.name = "version",
     .place = FISC_IN_QUERY,
     .is_required = true,
     .meaning = "by which the source tells its contents apart; one content for ever",
     .example = "2024-06-1"},
    {.name = "certified_by",
     .place = FISC_IN_QUERY,
     .meaning = "who answers for the figures; without it they are provisional"},
    {.name = "signature",
     .place = FISC_IN_QUERY,
     .is_required = true,
     .meaning = "Ed25519, 128 hexadecimal digits, by the key in the register",
     .example = "00"},
    FISC_DRY_RUN,
    {NULL},
};

static const FiscApiField handed_fields[] = {
    {.name = "feeder", .meaning = "whose document it is"},
    {.name = "document", .meaning = "its name"},
    {.name = "version", .meaning = "as the source calls it"},
    {.name = "sha256", .meaning = "of what was taken"},
    {.name = "bytes", .type = FISC_API_INTEGER, .meaning = "of what was taken"},
    {.name = "outcome", .meaning = "taken, or known: it had been taken before"},
    {NULL},
};
static const FiscApiShape handed_shape = {"Handed", "A document that was taken", handed_fields};

/* A wrong length is a wrong signature: it is told as one. */
static void
read_signature(const char *text, uint8_t out_signature[FISC_SIGNATURE_SIZE])
{
    memset(out_signature, 0, FISC_SIGNATURE_SIZE);
    for (gsize i = 0; strlen(text) == 2 * FISC_SIGNATURE_SIZE && i < FISC_SIGNATURE_SIZE; i++) {
        int high = g_ascii_xdigit_value(text[2 * i]);
        int low = g_ascii_xdigit_value(text[2 * i + 1]);
        out_signature[i] = (uint8_t)(MAX(high, 0) << 4 | MAX(low, 0));
    }
}

static void
answer_handed(FiscCall *call, const FiscHandover *handover, FiscHandoverOutcome outcome)
{
    uint8_t digest[FISC_HASH_SIZE];
    char hex[FISC_HASH_TEXT];
    gsize length = 0;
    const void *bytes = g_bytes_get_data(handover->bytes, &length);
    fisc_hash_data(bytes, length, digest);
    json_t *value = json_pack("{s:s, s:s, s:s, s:s, s:I, s:s}", "feeder", handover->feeder,
                              "document", handover->document, "version", handover->version,
                              "sha256", fisc_hash_format(digest, hex), "bytes", (json_int_t)length,
                              "outcome", outcome == FISC_HANDOVER_KNOWN ? "known" : "taken");
    fisc_call_answer_json(call, outcome == FISC_HANDOVER_KNOWN ? 200 : 201, value);
}

static bool
take_document(FiscCall *call, GError **error)
{
    const GByteArray *body = call->request->body;
    g_autoptr(GBytes) bytes = g_bytes_new(body->data, body->len);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    const char *certified_by = fisc_call_text(call, "certified_by");
    uint8_t signature[FISC_SIGNATURE_SIZE];
    FiscHandoverOutcome outcome;
    const FiscHandover handover = {.feeder = fisc_call_text(call, "feeder"),
                                   .document = fisc_call_text(call, "document"),
                                   .version = fisc_call_text(call, "version"),
                                   .certified_by = certified_by != NULL ? certified_by : "",
                                   .bytes = bytes};
    read_signature(fisc_call_text(call, "signature"), signature);
    if (!fisc_flow_handover_take(&call->context, &handover, signature, &outcome, refusals, error)) {
        return false;
    }
    if (refusals->len > 0) {
        fisc_call_refuse(call, refusals);
    } else {
        answer_handed(call, &handover, outcome);
    }
    return true;
}

/* What the source is told of a run: a text, and who signed it. */
static const FiscApiField receipt_fields[] = {
    {.name = "receipt", .meaning = "what was made of it, as text: this is what is signed"},
    {.name = "signature", .meaning = "hexadecimal; null where nobody signs"},
    {NULL},
};
static const FiscApiShape receipt_shape = {"RunReceipt", "What a source is told", receipt_fields};
static const FiscApiField receipt_words[] = {FISC_PATH("run", "its number", "1"), {NULL}};

static bool
get_receipt(FiscCall *call, GError **error)
{
    g_autofree char *text = NULL;
    g_autofree char *signature = NULL;
    int64_t run = 0;
    if (!read_run(call, &run, error) ||
        !fisc_flow_feeder_receipt(&call->context, run, &text, &signature, error)) {
        return false;
    }
    json_t *value = json_object();
    json_object_set_new(value, "receipt", fisc_json_text(text));
    json_object_set_new(value, "signature", fisc_json_text(signature));
    fisc_call_answer_json(call, 200, value);
    return true;
}

static const FiscApiExample handover_examples[] = {
    {"Nobody's document",
     "/v1/feeders/nobody/documents/ledger.csv?version=1&signature=00&dry_run=true", "day,amount\n",
     404},
    {NULL},
};
static const FiscApiExample receipt_examples[] = {
    {"No run, no receipt", "/v1/runs/999999/receipt", NULL, 404},
    {NULL},
};
static const FiscApiExample list_examples[] = {
    {"Every feeder, and how it answers", "/v1/feeders", NULL, 200},
    {NULL},
};
static const FiscApiExample runs_examples[] = {
    {"What was pulled last", "/v1/runs", NULL, 200},
    {NULL},
};
static const FiscApiExample suspense_examples[] = {
    {"Codes that wait for a map", "/v1/suspense", NULL, 200},
    {NULL},
};
static const FiscApiExample proposal_examples[] = {
    {"Nobody's codes", "/v1/feeders/nobody/proposals", NULL, 404},
    {NULL},
};
static const FiscApiExample rows_examples[] = {
    {"Nobody's table", "/v1/feeders/nobody/proposals/codes.csv", NULL, 404},
    {NULL},
};
static const FiscApiExample stages_examples[] = {
    {"A run that never was", "/v1/runs/999999/stages", NULL, 404},
    {"No number is no run", "/v1/runs/last/stages", NULL, 404},
    {NULL},
};
static const FiscApiExample rejects_examples[] = {
    {"A run that never was", "/v1/runs/999999/rejects", NULL, 404},
    {NULL},
};

#define READ_ROUTE(route, name, what, words, handler, samples)                                     \
    {                                                                                              \
        .method = "GET", .path = route, .operation = name, .summary = what,                        \
        .access = FISC_ACCESS_PERSON, .fields = words, .run = handler, .examples = samples,        \
    }

const FiscRoute fisc_api_feeders[] = {
    READ_ROUTE("/v1/feeders", "listFeeders",
               "Outside systems whose books are taken: how each answers, how much is classified",
               list_fields, list, list_examples),
    READ_ROUTE("/v1/runs", "listRuns", "What became of what was pulled, newest first",
               of_feeder_fields, list_runs, runs_examples),
    READ_ROUTE("/v1/runs/{run}/stages", "listStages", "How far a run came, and when", run_fields,
               list_stages, stages_examples),
    READ_ROUTE("/v1/runs/{run}/rejects", "listRejects",
               "Why a run is quarantined: each fault with its place", run_fields, list_rejects,
               rejects_examples),
    {
        .method = "GET",
        .path = "/v1/runs/{run}/receipt",
        .operation = "getRunReceipt",
        .summary = "What the source is told of a run",
        .access = FISC_ACCESS_PERSON,
        .fields = receipt_words,
        .answer = &receipt_shape,
        .run = get_receipt,
        .examples = receipt_examples,
    },
    {
        .method = "POST",
        .path = "/v1/feeders/{feeder}/documents/{document}",
        .operation = "takeDocument",
        .summary = "A unit's agent hands over a document: its bytes, as they are",
        .access = FISC_ACCESS_PERSON,
        .fields = handover_fields,
        .body = FISC_BODY_TEXT,
        .body_max = DOCUMENT_MAX,
        .answer = &handed_shape,
        .status = 201,
        .run = take_document,
        .examples = handover_examples,
    },
    READ_ROUTE("/v1/suspense", "listSuspense",
               "Codes that no map knows, with their amounts and their age", of_feeder_fields,
               list_suspense, suspense_examples),
    {
        .method = "GET",
        .path = "/v1/feeders/{feeder}/proposals",
        .operation = "listProposals",
        .summary = "What codes may mean that no map knows: results with score and reasons",
        .access = FISC_ACCESS_PERSON,
        .lane = FISC_HTTP_REPORT,
        .fields = proposal_fields,
        .run = list_proposals,
        .examples = proposal_examples,
    },
    {
        .method = "GET",
        .path = "/v1/feeders/{feeder}/proposals/{table}",
        .operation = "getProposedRows",
        .summary = "The best of them as rows for a table of the map, once a person looked at them",
        .access = FISC_ACCESS_PERSON,
        .lane = FISC_HTTP_REPORT,
        .fields = rows_fields,
        .run = get_proposed_rows,
        .examples = rows_examples,
    },
    {NULL},
};

/* verification.c: whether the books are what was posted: begun as a job, and what the last one
 * found. A server that is started again has forgotten it: whoever wants to be sure begins one. */
#include "app/flows/verify_json.h"
#include "app/server/api/reading.h"
#include "app/server/api/writing.h"
#include "app/server/jobs.h"
#include "app/server/ops.h"
#include "app/server/server_internal.h"
#include <stdlib.h>

/* What is asked ---------------------------------------------------------------------------------*/

typedef struct {
    FiscServer *server;
    FiscVerifyOptions options;
    char *person;
} Verification;

static void
verification_free(gpointer data)
{
    Verification *verification = data;
    g_free(verification->person);
    g_free(verification);
}

/* Kept for whoever asks later; the metrics tell of it, too. */
static void
keep(const Verification *verification, const FiscVerifyReport *report, const json_t *found)
{
    FiscKept *kept = &verification->server->verification;
    char *text = json_dumps(found, JSON_COMPACT);
    g_mutex_lock(&kept->mutex);
    g_free(kept->text);
    kept->text = g_strdup(text);
    g_mutex_unlock(&kept->mutex);
    free(text);
    fisc_ops_note_verification(verification->server, report->findings->len + report->dropped);
}

/* Everything is looked at, with the eyes of the engine: who began it may see the whole book. */
static bool
run(FiscJob *job, FiscContext *ctx, gpointer data, json_t **out_result, GError **error)
{
    Verification *verification = data;
    g_autoptr(FiscVerifyReport) report = NULL;
    g_autoptr(GDateTime) now = NULL;
    FiscContext whole = *ctx;
    (void)job;
    whole.pool = verification->server->posters;
    if (!fisc_flow_verify(&whole, &verification->options, &report, error)) {
        return false;
    }
    now = g_date_time_new_now_utc();
    g_autofree char *at = g_date_time_format_iso8601(now);
    json_t *found = fisc_json_verification(report);
    json_object_set_new(found, "verified_at", json_string(at));
    json_object_set_new(found, "person", json_string(verification->person));
    json_object_set_new(found, "full", json_boolean(verification->options.full));
    keep(verification, report, found);
    *out_result = found;
    return true;
}

static const FiscApiField start_fields[] = {
    FISC_GIVEN("since", FISC_API_INTEGER, "only from this batch on; the whole book when not given",
               "1"),
    FISC_GIVEN("full", FISC_API_BOOLEAN, "decide everything again, too", "false"),
    FISC_DRY_RUN,
    {NULL},
};

static bool
start_verification(FiscCall *call, GError **error)
{
    int64_t since = fisc_call_integer(call, "since", 0);
    (void)error;
    if (since < 0) {
        fisc_call_problem(call, 422, "VALUE_INVALID", "/since", "since is the number of a batch");
        return true;
    }
    if (call->context.is_dry_run) { /* it writes nothing in any case */
        fisc_call_problem(call, 422, "VALUE_INVALID", "?dry_run",
                          "a verification writes nothing: leave dry_run out");
        return true;
    }
    Verification *verification = g_new0(Verification, 1);
    verification->server = call->server;
    verification->person = g_strdup(call->principal.person);
    verification->options =
        (FiscVerifyOptions){.since = since, .full = fisc_call_flag(call, "full")};
    fisc_server_start_job(call, "verification", run, verification, verification_free);
    return true;
}

/* What was found ------------------------------------------------------------------------------- */

static const FiscApiField finding_fields[] = {
    {.name = "kind",
     .is_required = true,
     .meaning = "altered, missing, added, exchanged and others"},
    {.name = "subject", .is_required = true, .meaning = "entry, batch, balance and others"},
    {.name = "number", .type = FISC_API_INTEGER, .meaning = "of the subject"},
    {.name = "name", .meaning = "reference of an entry, code of a subject"},
    {.name = "batch", .type = FISC_API_INTEGER, .meaning = "where it stands"},
    {.name = "line", .type = FISC_API_INTEGER, .meaning = "of the entry"},
    {.name = "detail", .meaning = "what differs"},
    {.name = "text", .is_required = true, .meaning = "all of it as a sentence"},
    {NULL},
};

#define COUNT(word, what)                                                                          \
    {                                                                                              \
        .name = word, .type = FISC_API_INTEGER, .is_required = true, .meaning = what,              \
    }
static const FiscApiField found_fields[] = {
    {.name = "verified_at", .is_required = true, .meaning = "when it ended, UTC"},
    {.name = "person", .is_required = true, .meaning = "who began it"},
    {.name = "full",
     .type = FISC_API_BOOLEAN,
     .is_required = true,
     .meaning = "everything was decided again"},
    {.name = "clean",
     .type = FISC_API_BOOLEAN,
     .is_required = true,
     .meaning = "the books are what was posted"},
    {.name = "hash", .is_required = true, .meaning = "of the last batch, in hex"},
    COUNT("first_batch", "looked at"),
    COUNT("last_batch", "looked at"),
    COUNT("batches", "looked at"),
    COUNT("items", "looked at"),
    COUNT("entries", "looked at"),
    COUNT("lines", "looked at"),
    COUNT("events", "looked at"),
    COUNT("refusals", "looked at"),
    COUNT("codings", "looked at"),
    COUNT("heads", "signed earlier, that the chain was held against"),
    COUNT("dropped", "findings beyond those that are listed"),
    {.name = "findings",
     .type = FISC_API_LIST,
     .is_required = true,
     .meaning = "each row that is not what was sealed",
     .fields = finding_fields},
    {.name = "notes",
     .type = FISC_API_LIST,
     .is_required = true,
     .meaning = "what was not looked at, and why"},
    {NULL},
};
static const FiscApiShape found_shape = {"Verification", "What a verification found", found_fields};

static bool
get_verification(FiscCall *call, GError **error)
{
    FiscKept *kept = &call->server->verification;
    g_mutex_lock(&kept->mutex);
    g_autofree char *text = g_strdup(kept->text);
    g_mutex_unlock(&kept->mutex);
    if (text == NULL) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND,
                         "nothing was verified since the server started: POST /v1/verifications");
    }
    fisc_call_answer_json(call, 200, json_loads(text, 0, NULL));
    return true;
}

static const FiscApiExample start_examples[] = {
    {"The whole book", "/v1/verifications", "{}", 202},
    {"A batch that is none", "/v1/verifications", "{\"since\":-1}", 422},
    {NULL},
};
static const FiscApiExample get_examples[] = {
    {"Nothing was verified since the server started", "/v1/verification", NULL, 404},
    {NULL},
};

const FiscRoute fisc_api_verification[] = {
    {
        .method = "POST",
        .path = "/v1/verifications",
        .operation = "startVerification",
        .summary = "Begins to verify the books, as a job",
        .access = FISC_ACCESS_BOOK,
        .fields = start_fields,
        .body = FISC_BODY_JSON,
        .answer = &fisc_shape_job,
        .status = 202,
        .run = start_verification,
        .examples = start_examples,
    },
    {
        .method = "GET",
        .path = "/v1/verification",
        .operation = "getVerification",
        .summary = "What the last verification found, since the server started",
        .access = FISC_ACCESS_BOOK,
        .answer = &found_shape,
        .run = get_verification,
        .examples = get_examples,
    },
    {NULL},
};

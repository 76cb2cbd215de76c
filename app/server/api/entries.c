/* entries.c: POST /v1/entries and what reverses or releases them. */
#include "app/server/api/writing.h"
#include "app/server/idempotency.h"
#include <string.h>

/* Posting ------------------------------------------------------------------------------------- */

static const struct {
    const char *type;
    FiscBodyKind kind;
} body_types[] = {
    {"application/json", FISC_BODY_KIND_JSON},
    {"application/x-ndjson", FISC_BODY_KIND_NDJSON},
    {"application/ndjson", FISC_BODY_KIND_NDJSON},
    {"text/csv", FISC_BODY_KIND_CSV},
};

static bool
find_kind(FiscCall *call, FiscBodyKind *out_kind)
{
    const char *given = fisc_http_header(call->request, "Content-Type");
    g_autofree char *bare =
        g_strndup(given != NULL ? given : "", given != NULL ? strcspn(given, "; \t") : 0);
    for (gsize i = 0; i < G_N_ELEMENTS(body_types); i++) {
        if (g_ascii_strcasecmp(bare, body_types[i].type) == 0) {
            *out_kind = body_types[i].kind;
            return true;
        }
    }
    fisc_call_problem(call, 415, "TYPE_UNSUPPORTED", NULL,
                      "entries come as application/json, application/x-ndjson or text/csv");
    return false;
}

/* What the engine refuses has the words of a file: in JSON it is said where the entry stands. */
static void
point_at(FiscRefusals *refusals, guint entry)
{
    for (guint i = 0; refusals != NULL && i < refusals->len; i++) {
        FiscRefusal *refusal = refusals->pdata[i];
        bool has_field = refusal->field != NULL && *refusal->field != '\0';
        if (has_field && g_str_has_prefix(refusal->field, "/entries/")) {
            continue;
        }
        char *pointer = g_strdup_printf("/entries/%u%s%s", entry,
                                        has_field && *refusal->field != '/' ? "/" : "",
                                        has_field ? refusal->field : "");
        g_free(refusal->field);
        refusal->field = pointer;
    }
}

static void
point_at_all(const FiscReceipt *receipt)
{
    for (guint i = 0; i < receipt->results->len; i++) {
        const FiscResult *result = receipt->results->pdata[i];
        point_at(result->refusals, i);
        point_at(result->warnings, i);
    }
}

static const FiscApiField post_fields[] = {
    {.name = "source",
     .place = FISC_IN_QUERY,
     .meaning = "where the references are unique; \"package\" when it is not given",
     .example = "payroll"},
    {.name = "mode",
     .place = FISC_IN_QUERY,
     .meaning = "each entry on its own, or all or none",
     .choices = "each atomic"},
    FISC_DRY_RUN,
    {NULL},
};

static bool
post_entries(FiscCall *call, GError **error)
{
    const char *source = fisc_call_text(call, "source");
    g_autofree char *name = fisc_idempotency_name(call);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscPostRequest request = {.data = (const char *)call->request->body->data,
                               .length = call->request->body->len,
                               .source = source != NULL ? source : FISC_SOURCE_PACKAGE,
                               .key = name,
                               .atomic = g_strcmp0(fisc_call_text(call, "mode"), "atomic") == 0};
    FiscReceipt *receipt = NULL;
    if (!find_kind(call, &request.kind)) {
        return true;
    }
    if (!fisc_flow_post_body(&call->context, &request, &receipt, refusals, error)) {
        return false;
    }
    if (request.kind != FISC_BODY_KIND_CSV) {
        point_at_all(receipt);
    }
    fisc_call_answer_text(call, g_steal_pointer(&refusals), receipt, NULL);
    return true;
}

/* Reversing ----------------------------------------------------------------------------------- */

static const FiscApiField reverse_fields[] = {
    FISC_PATH("reference", "of the entry that shall be undone", "CITY/1"),
    FISC_GIVEN("source", FISC_API_TEXT, "of its reference; \"package\" when it is not given",
               "payroll"),
    FISC_NEEDED("date", FISC_API_DATE, "the day of the reversal: its period has to be open",
                "2024-03-31"),
    FISC_NEEDED("reason", FISC_API_TEXT, "why; it becomes the memo", "Posted twice"),
    FISC_DRY_RUN,
    {NULL},
};

static bool
reverse_entry(FiscCall *call, GError **error)
{
    const char *source = fisc_call_text(call, "source");
    FiscDate on = 0;
    FiscReceipt *receipt = NULL;
    fisc_date_parse(fisc_call_text(call, "date"), &on);
    if (!fisc_flow_reverse(&call->context, source != NULL ? source : FISC_SOURCE_PACKAGE,
                           fisc_call_text(call, "reference"), on, fisc_call_text(call, "reason"),
                           &receipt, error)) {
        return false;
    }
    fisc_call_answer_receipt(call, receipt, NULL);
    return true;
}

/* Expiring ------------------------------------------------------------------------------------ */

static const FiscApiField expire_fields[] = {
    FISC_GIVEN("entity", FISC_API_TEXT, "only of this one; without it of the whole book", "CITY"),
    FISC_DRY_RUN,
    {NULL},
};

static bool
expire_entries(FiscCall *call, GError **error)
{
    const char *entity = fisc_call_text(call, "entity");
    FiscReceipt *receipt = NULL;
    if (entity == NULL && !fisc_scope_is_all(call->context.scope)) {
        fisc_call_problem(call, 404, "NOT_FOUND", "/entity", "name a unit that you may see");
        return true;
    }
    if (!fisc_flow_expire(&call->context, entity, &receipt, error)) {
        return false;
    }
    fisc_call_answer_receipt(call, receipt, NULL);
    return true;
}

/* Routes -------------------------------------------------------------------------------------- */

const FiscRoute fisc_api_entries[] = {
    {
        .method = "POST",
        .path = "/v1/entries",
        .operation = "postEntries",
        .summary = "Posts entries: each on its own, or all or none",
        .access = FISC_ACCESS_PERSON,
        .lane = FISC_HTTP_POST,
        .fields = post_fields,
        .body = FISC_BODY_ENTRIES,
        .body_max = 16 * 1024 * 1024,
        .answer = &fisc_shape_receipt,
        .run = post_entries,
    },
    {
        .method = "POST",
        .path = "/v1/entries/{+reference}/reversal",
        .operation = "reverseEntry",
        .summary = "Posts the exact opposite of an entry, on a day that is open",
        .access = FISC_ACCESS_PERSON,
        .lane = FISC_HTTP_POST,
        .fields = reverse_fields,
        .body = FISC_BODY_JSON,
        .answer = &fisc_shape_receipt,
        .run = reverse_entry,
    },
    {
        .method = "POST",
        .path = "/v1/expiries",
        .operation = "expireReservations",
        .summary = "Releases what expired reservations and orders still hold",
        .access = FISC_ACCESS_PERSON,
        .lane = FISC_HTTP_POST,
        .fields = expire_fields,
        .body = FISC_BODY_JSON,
        .answer = &fisc_shape_receipt,
        .run = expire_entries,
    },
    {NULL},
};

/* entries.c: POST /v1/entries. */
#include "app/server/resources.h"

#define SOURCE "package"

static const FiscApiField fields[] = {
    {.name = "source", .place = FISC_IN_QUERY, .meaning = "where the references are unique"},
    {.name = "mode",
     .place = FISC_IN_QUERY,
     .meaning = "each entry on its own, or all or none",
     .choices = "each atomic"},
    {.name = "dry_run",
     .place = FISC_IN_QUERY,
     .type = FISC_API_BOOLEAN,
     .meaning = "decide everything, write nothing"},
    {NULL},
};

static bool
post_entries(FiscCall *call, GError **error)
{
    const char *source = fisc_call_text(call, "source");
    const GByteArray *body = call->request->body;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscReceipt *receipt = NULL;
    if (!fisc_flow_post_text(&call->context, "body", (const char *)body->data, body->len,
                             source != NULL ? source : SOURCE,
                             g_strcmp0(fisc_call_text(call, "mode"), "atomic") == 0,
                             call->context.is_dry_run, &receipt, refusals, error)) {
        return false;
    }
    if (refusals->len > 0) {
        fisc_receipt_free(receipt);
        fisc_call_refuse(call, refusals);
        return true;
    }
    fisc_call_answer_receipt(call, receipt, NULL);
    return true;
}

static const FiscApiShape receipt_shape = {"Receipt", "What became of each entry", NULL};

const FiscRoute fisc_api_entries[] = {
    {
        .method = "POST",
        .path = "/v1/entries",
        .operation = "postEntries",
        .summary = "Posts entries: each on its own, or all or none",
        .access = FISC_ACCESS_PERSON,
        .lane = FISC_HTTP_POST,
        .fields = fields,
        .body = FISC_BODY_ENTRIES,
        .body_max = 16 * 1024 * 1024,
        .answer = &receipt_shape,
        .run = post_entries,
    },
    {NULL},
};

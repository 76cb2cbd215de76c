/* holds.c: what auditors hold. */
#include "app/server/api/reading.h"
#include "app/server/api/writing.h"
#include "fisc/hold.h"

static const FiscApiField hold_answer_fields[] = {
    {.name = "hold", .meaning = "its name"},
    {.name = "state", .meaning = "placed or released; null in a dry run or when it was refused"},
    {NULL},
};
static const FiscApiShape hold_answer = {"Hold", "What became of a hold", hold_answer_fields};

/* 201 with the hold, or what refused it. */
static void
answer_hold(FiscCall *call, const char *id, const char *state, FiscReceipt *receipt)
{
    if (receipt->refusals != NULL && receipt->refusals->len > 0) {
        fisc_call_refuse(call, receipt->refusals);
    } else {
        bool is_new = receipt->events > 0 && !call->context.is_dry_run;
        fisc_call_answer_json(
            call, is_new ? 201 : 200,
            json_pack("{s:s, s:s?}", "hold", id, "state", call->context.is_dry_run ? NULL : state));
    }
    fisc_receipt_free(receipt);
}

static const FiscApiField place_fields[] = {
    FISC_GIVEN("hold", FISC_API_TEXT, "its name; made of the words when not given", "H-7"),
    FISC_GIVEN("document", FISC_API_TEXT,
               "a document, or what an entry, a transfer or an open item is known by", "D-17"),
    FISC_GIVEN("payee", FISC_API_TEXT, "an entity or a group", "CORP"),
    FISC_GIVEN("line", FISC_API_TEXT, "lines by their codes", "programme=231 economic=22*"),
    FISC_GIVEN("entity", FISC_API_TEXT, "alone: all of it; else: only in its books", "001"),
    FISC_NEEDED("reason", FISC_API_TEXT, "why; stays in the books", "Two invoices, one delivery"),
    FISC_DRY_RUN,
    {NULL},
};

static bool
place(FiscCall *call, GError **error)
{
    const FiscHoldOrder order = {.id = fisc_call_text(call, "hold"),
                                 .document = fisc_call_text(call, "document"),
                                 .payee = fisc_call_text(call, "payee"),
                                 .line = fisc_call_text(call, "line"),
                                 .entity = fisc_call_text(call, "entity"),
                                 .reason = fisc_call_text(call, "reason")};
    g_autofree char *id = NULL;
    FiscReceipt *receipt = NULL;
    if (!fisc_flow_hold_place(&call->context, &order, &id, &receipt, error)) {
        return false;
    }
    answer_hold(call, id, "placed", receipt);
    return true;
}

static const FiscApiField release_fields[] = {
    FISC_PATH("hold", "its name", "H-7"),
    FISC_NEEDED("reason", FISC_API_TEXT, "why; stays in the books", "The second was withdrawn"),
    FISC_DRY_RUN,
    {NULL},
};

static bool
release(FiscCall *call, GError **error)
{
    const char *id = fisc_call_text(call, "hold");
    FiscReceipt *receipt = NULL;
    if (!fisc_flow_hold_release(&call->context, id, fisc_call_text(call, "reason"), &receipt,
                                error)) {
        return false;
    }
    answer_hold(call, id, "released", receipt);
    return true;
}

static const FiscApiField list_fields[] = {
    {.name = "state",
     .place = FISC_IN_QUERY,
     .meaning = "only these; all when not given",
     .choices = "placed released"},
    FISC_TABLE_WORDS,
    {NULL},
};

static bool
list(FiscCall *call, GError **error)
{
    FiscTable *table = NULL;
    return fisc_flow_hold_list(&call->context, fisc_call_text(call, "state"), &table, error) &&
           fisc_call_answer_table(call, table, error);
}

const FiscRoute fisc_api_holds[] = {
    {
        .method = "GET",
        .path = "/v1/holds",
        .operation = "listHolds",
        .summary = "What auditors hold, and held, in the books that may be seen",
        .access = FISC_ACCESS_PERSON,
        .lane = FISC_HTTP_QUICK,
        .fields = list_fields,
        .run = list,
    },
    {
        .method = "POST",
        .path = "/v1/holds",
        .operation = "placeHold",
        .summary = "Holds a document, a payee, an entity or lines: nothing of it goes on",
        .access = FISC_ACCESS_PERSON,
        .lane = FISC_HTTP_POST,
        .fields = place_fields,
        .body = FISC_BODY_JSON,
        .answer = &hold_answer,
        .status = 201,
        .run = place,
    },
    {
        .method = "POST",
        .path = "/v1/holds/{hold}/release",
        .operation = "releaseHold",
        .summary = "Lets it go again; the record of the hold stays",
        .access = FISC_ACCESS_PERSON,
        .lane = FISC_HTTP_POST,
        .fields = release_fields,
        .body = FISC_BODY_JSON,
        .answer = &hold_answer,
        .status = 201,
        .run = release,
    },
    {NULL},
};

/* fiscal_events.c: fiscal events, published to us as a publisher of iFIX (India) does it: its path
 * below the feeder, its message, its answer. What is wrong is told as everywhere here. */
#include "app/server/api/writing.h"
#include "fisc/fiscal_event.h"

#define MESSAGE_MAX (4 * 1024 * 1024)

static const FiscApiField publish_fields[] = {
    FISC_PATH("feeder", "whose events they are", "ulb"),
    FISC_NEEDED("requestHeader", FISC_API_OBJECT, "ts, version, msgId: said again in the answer",
                NULL),
    FISC_NEEDED("fiscalEvent", FISC_API_ANY,
                "a list of 1 to 1000 events: tenantId, eventType, eventTime, referenceId, "
                "linkedEventId, linkedReferenceId, receivers, amountDetails (amount, coaCode, "
                "fromBillingPeriod, toBillingPeriod), attributes",
                NULL),
    FISC_DRY_RUN,
    {NULL},
};

static const FiscApiField header_fields[] = {
    {.name = "ts", .type = FISC_API_INTEGER, .meaning = "of the request"},
    {.name = "version", .meaning = "of the request"},
    {.name = "msgId", .meaning = "of the request"},
    {.name = "correlationId", .meaning = "of the request"},
    {.name = "status", .meaning = "successful"},
    {NULL},
};
static const FiscApiField event_fields[] = {
    {.name = "id", .meaning = "of the event: the same however often it is published"},
    {.name = "tenantId", .meaning = "as it was published"},
    {.name = "eventType", .meaning = "in capitals"},
    {.name = "referenceId", .meaning = "as it was published"},
    {.name = "status", .meaning = "taken, or known: it had been taken before in these words"},
    {.name = "document", .meaning = "under which it is kept"},
    {.name = "sha256", .meaning = "of its bytes in the message"},
    {NULL},
};
static const FiscApiField answer_fields[] = {
    {.name = "responseHeader",
     .type = FISC_API_OBJECT,
     .fields = header_fields,
     .meaning = "what the request said of itself"},
    {.name = "fiscalEvent",
     .type = FISC_API_LIST,
     .fields = event_fields,
     .meaning = "the events, in their order"},
    {NULL},
};
static const FiscApiShape answer_shape = {"PublishedEvents", "Fiscal events that were taken",
                                          answer_fields};

static json_t *
json_of_events(const FiscPublishedEvents *events)
{
    json_t *list = json_array();
    for (guint i = 0; i < events->events->len; i++) {
        const FiscPublishedEvent *event = events->events->pdata[i];
        json_array_append_new(
            list, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "id", event->id, "tenantId",
                            event->tenant, "eventType", event->type, "referenceId",
                            event->reference, "status", event->is_known ? "known" : "taken",
                            "document", event->document, "sha256", event->sha256));
    }
    return list;
}

static json_t *
json_of_header(const FiscPublishedEvents *events)
{
    guint64 time = 0;
    bool has_time =
        g_ascii_string_to_unsigned(events->time, 10, 0, G_MAXINT64, &time, NULL) != FALSE;
    return json_pack("{s:o, s:s, s:s, s:s, s:s}", "ts",
                     has_time ? json_integer((json_int_t)time) : json_null(), "version",
                     events->version, "msgId", events->message, "correlationId",
                     events->correlation, "status", "successful");
}

static bool
publish(FiscCall *call, GError **error)
{
    const GByteArray *body = call->request->body;
    g_autoptr(GBytes) message = g_bytes_new(body->data, body->len);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPublishedEvents) events = NULL;
    if (!fisc_flow_events_take(&call->context, fisc_call_text(call, "feeder"), message, &events,
                               refusals, error)) {
        return false;
    }
    if (events == NULL) {
        fisc_call_refuse(call, refusals);
        return true;
    }
    fisc_call_answer_json(call, 202,
                          json_pack("{s:o, s:o}", "responseHeader", json_of_header(events),
                                    "fiscalEvent", json_of_events(events)));
    return true;
}

static const FiscApiExample examples[] = {
    {"Nobody's events", "/v1/feeders/nobody/fiscal/events/v1/_publish",
     "{\"requestHeader\":{\"ts\":1767225600000,\"version\":\"1.0.0\",\"msgId\":\"m-1\"},"
     "\"fiscalEvent\":[{\"tenantId\":\"pb.nandpur\",\"eventType\":\"RECEIPT\","
     "\"eventTime\":1767240000000,\"referenceId\":\"R-17\",\"linkedReferenceId\":\"D-9\","
     "\"receivers\":[\"state\"],\"amountDetails\":[{\"amount\":1200.50,"
     "\"coaCode\":\"0215-01-102-01-01-01\"}],\"attributes\":{}}]}",
     404},
    {NULL},
};

const FiscRoute fisc_api_fiscal_events[] = {
    {
        .method = "POST",
        .path = "/v1/feeders/{feeder}/fiscal/events/v1/_publish",
        .operation = "publishFiscalEvents",
        .summary = "A publisher of iFIX sends fiscal events: all of a message are taken, or none",
        .access = FISC_ACCESS_PERSON,
        .fields = publish_fields,
        .is_repeatable = true,
        .body = FISC_BODY_JSON,
        .body_max = MESSAGE_MAX,
        .answer = &answer_shape,
        .status = 202,
        .run = publish,
        .examples = examples,
    },
    {NULL},
};

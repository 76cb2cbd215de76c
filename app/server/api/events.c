/* events.c: GET /v1/events: what happens in the books, as it happens (SSE). */
#include "app/server/feed.h"
#include "app/server/resources.h"

static const FiscApiField fields[] = {
    {.name = "after",
     .place = FISC_IN_QUERY,
     .meaning = "begin behind this batch or \"batch.item\"; as the header Last-Event-ID does",
     .example = "17.3"},
    {.name = "unit",
     .place = FISC_IN_QUERY,
     .meaning = "whose position shall be told when it changes; with a period",
     .example = "CITY"},
    {.name = "period",
     .place = FISC_IN_QUERY,
     .type = FISC_API_PERIOD,
     .meaning = "of that position",
     .example = "2018"},
    {NULL},
};

const FiscRoute fisc_api_events[] = {
    {
        .method = "GET",
        .path = "/v1/events",
        .operation = "listen",
        .summary = "A stream of what happens: batch, entry, document, record, position, job",
        .access = FISC_ACCESS_PERSON,
        .fields = fields,
        .type = "text/event-stream",
        .run = fisc_feed_subscribe,
    },
    {NULL},
};

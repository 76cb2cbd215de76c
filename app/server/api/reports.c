/* reports.c: GET /v1/reports/{report}. */
#include "app/server/resources.h"

static const FiscApiField fields[] = {
    {.name = "report", .place = FISC_IN_PATH, .is_required = true, .meaning = "its name"},
    {.name = "unit", .place = FISC_IN_QUERY, .meaning = "an entity or a group"},
    {.name = "period",
     .place = FISC_IN_QUERY,
     .type = FISC_API_PERIOD,
     .is_required = true,
     .meaning = "what it covers",
     .example = "2018"},
    {.name = "format",
     .place = FISC_IN_QUERY,
     .meaning = "of the answer",
     .choices = "json csv table xlsx"},
    {NULL},
};

static bool
get_report(FiscCall *call, GError **error)
{
    FiscReportQuery query = {.name = fisc_call_text(call, "report"),
                             .unit = fisc_call_text(call, "unit"),
                             .period = fisc_call_text(call, "period")};
    FiscTable *table = NULL;
    return fisc_flow_report(&call->context, &query, &table, error) &&
           fisc_call_answer_table(call, table, error);
}

const FiscRoute fisc_api_reports[] = {
    {
        .method = "GET",
        .path = "/v1/reports/{report}",
        .operation = "getReport",
        .summary = "A report, as the books are or were",
        .access = FISC_ACCESS_ENTITY,
        .lane = FISC_HTTP_REPORT,
        .fields = fields,
        .run = get_report,
    },
    {NULL},
};

/* funds.c: GET /v1/funds: what is left, from memory. */
#include "app/server/resources.h"

#define X(id, column, what)                                                                        \
    {.name = column, .place = FISC_IN_QUERY, .type = FISC_API_TEXT, .meaning = what},
static const FiscApiField fields[] = {
    {.name = "entity",
     .place = FISC_IN_QUERY,
     .is_required = true,
     .meaning = "whose budget",
     .example = "CITY"},
    {.name = "period",
     .place = FISC_IN_QUERY,
     .type = FISC_API_PERIOD,
     .is_required = true,
     .meaning = "a day of the year that is asked about",
     .example = "2018"},
    {.name = "format",
     .place = FISC_IN_QUERY,
     .meaning = "of the answer",
     .choices = "json csv table xlsx"},
    {.name = "columns", .place = FISC_IN_QUERY, .meaning = "only these, in this order"},
    FISC_DIMENSIONS(X){NULL},
};
#undef X

static bool
get_funds(FiscCall *call, GError **error)
{
    const char *dim[FISC_DIM_COUNT];
    FiscPeriod from = 0, to = 0;
    FiscTable *table = NULL;
    fisc_call_dimensions(call, dim);
    fisc_period_span_parse(fisc_call_text(call, "period"), &from, &to);
    return fisc_flow_funds(&call->context, fisc_call_text(call, "entity"), fisc_period_year(from),
                           dim, &table, error) &&
           fisc_call_answer_table(call, table, error);
}

const FiscRoute fisc_api_funds[] = {
    {
        .method = "GET",
        .path = "/v1/funds",
        .operation = "getFunds",
        .summary = "Budget, released, reserved, committed, accrued, paid, available of each key",
        .access = FISC_ACCESS_ENTITY,
        .fields = fields,
        .run = get_funds,
    },
    {NULL},
};

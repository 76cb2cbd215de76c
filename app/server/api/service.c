/* service.c: whether the server answers. */
#include "app/server/resources.h"

static const FiscApiField status_fields[] = {
    {.name = "status", .meaning = "ok", .example = "ok"},
    {NULL},
};
static const FiscApiShape status_shape = {"Status", "That the server answers", status_fields};

static bool
get_health(FiscCall *call, GError **error)
{
    (void)error;
    fisc_call_answer_json(call, 200, json_pack("{s:s}", "status", "ok"));
    return true;
}

const FiscRoute fisc_api_service[] = {
    {
        .method = "GET",
        .path = "/healthz",
        .operation = "getHealth",
        .summary = "The process answers; says nothing of the database",
        .access = FISC_ACCESS_ANYONE,
        .answer = &status_shape,
        .run = get_health,
    },
    {NULL},
};

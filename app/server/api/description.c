/* description.c: what can be asked, for programs: the tables of routes as OpenAPI. */
#include "app/server/resources.h"
#include "app/server/server.h"

static const FiscApiShape openapi_shape = {"Description", "An OpenAPI 3.1 document", NULL};

static bool
get_json(FiscCall *call, GError **error)
{
    (void)error;
    fisc_call_answer_json(call, 200, fisc_openapi_value());
    return true;
}

static bool
get_yaml(FiscCall *call, GError **error)
{
    (void)error;
    g_autofree char *text = fisc_openapi_yaml();
    fisc_http_reply_body(call->reply, "application/yaml", text, -1);
    return true;
}

static const FiscApiExample json_examples[] = {
    {"As JSON", "/v1/openapi.json", NULL, 200},
    {NULL},
};
static const FiscApiExample yaml_examples[] = {
    {"As YAML", "/v1/openapi.yaml", NULL, 200},
    {NULL},
};

const FiscRoute fisc_api_description[] = {
    {
        .method = "GET",
        .path = "/v1/openapi.json",
        .operation = "getOpenapiJson",
        .summary = "This description as JSON",
        .access = FISC_ACCESS_ANYONE,
        .answer = &openapi_shape,
        .run = get_json,
        .examples = json_examples,
    },
    {
        .method = "GET",
        .path = "/v1/openapi.yaml",
        .operation = "getOpenapiYaml",
        .summary = "This description as YAML",
        .access = FISC_ACCESS_ANYONE,
        .type = "application/yaml",
        .run = get_yaml,
        .examples = yaml_examples,
    },
    {NULL},
};

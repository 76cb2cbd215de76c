/* service.c: whether the server answers, whether requests should come to it, and how it is. The
 * three paths without /v1 ask neither a person nor the database: app/server/ops.h. */
#include "app/server/ops.h"
#include "app/server/resources.h"

static const FiscApiField status_fields[] = {
    {.name = "status", .meaning = "ok", .example = "ok"},
    {NULL},
};
static const FiscApiShape status_shape = {"Status", "That the server answers", status_fields};

static const FiscApiField reason_fields[] = {
    {.name = "code", .meaning = "DRAINING, DATABASE, SCHEMA, CHAIN, ENGINE, REPLICA or LATE"},
    {.name = "detail", .meaning = "what it is, in words"},
    {NULL},
};
static const FiscApiField ready_fields[] = {
    {.name = "ready", .type = FISC_API_BOOLEAN, .meaning = "whether requests should come here"},
    {.name = "mode", .meaning = "what the server does", .choices = "read-write read-only"},
    {.name = "batch", .type = FISC_API_INTEGER, .meaning = "the newest batch that is known here"},
    {.name = "reasons",
     .type = FISC_API_LIST,
     .meaning = "why not, the gravest first; empty when ready",
     .fields = reason_fields},
    {NULL},
};
static const FiscApiShape ready_shape = {"Readiness", "Whether requests should come here",
                                         ready_fields};

static const FiscApiField service_fields[] = {
    {.name = "version", .meaning = "of the program"},
    {.name = "schema", .meaning = "the newest migration that the program brings"},
    {.name = "mode", .meaning = "what the server does", .choices = "read-write read-only"},
    {.name = "batch", .type = FISC_API_INTEGER, .meaning = "the newest batch that is known here"},
    {.name = "lag", .type = FISC_API_INTEGER, .meaning = "seconds that a replica is behind"},
    {.name = "primary", .meaning = "of a replica: where to write; null when it is not told"},
    {NULL},
};
static const FiscApiShape service_shape = {"Service", "The server: its version, how fresh it is",
                                           service_fields};

static bool
get_health(FiscCall *call, GError **error)
{
    (void)error;
    fisc_call_answer_json(call, 200, json_pack("{s:s}", "status", "ok"));
    return true;
}

static const FiscApiField name_fields[] = {
    {.name = "name", .meaning = "fisc", .example = "fisc"},
    {.name = "version", .meaning = "of the program"},
    {NULL},
};
static const FiscApiShape name_shape = {"Name", "That this is fisc", name_fields};

static bool
get_name(FiscCall *call, GError **error)
{
    (void)error;
    fisc_call_answer_json(call, 200,
                          json_pack("{s:s, s:s}", "name", "fisc", "version", FISC_VERSION));
    return true;
}

static bool
get_ready(FiscCall *call, GError **error)
{
    (void)error;
    fisc_ops_answer_ready(call);
    return true;
}

static bool
get_service(FiscCall *call, GError **error)
{
    (void)error;
    fisc_ops_answer_service(call);
    return true;
}

static bool
get_metrics(FiscCall *call, GError **error)
{
    (void)error;
    if (!fisc_metrics_may_read(call)) {
        fisc_call_problem(call, 403, "DENIED", NULL,
                          "the metrics are read on this machine, or with the operator's token");
        return true;
    }
    g_autoptr(GString) text = g_string_new(NULL);
    fisc_metrics_write(call->server, text);
    fisc_http_reply_body(call->reply, "text/plain; version=0.0.4; charset=utf-8", text->str,
                         (gssize)text->len);
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
    {
        .method = "GET",
        .path = "/v1",
        .operation = "getName",
        .summary = "That this is fisc, and which version",
        .access = FISC_ACCESS_ANYONE,
        .answer = &name_shape,
        .run = get_name,
    },
    {
        .method = "GET",
        .path = "/readyz",
        .operation = "getReadiness",
        .summary = "Whether requests should come here: the database answers, the schema is this "
                   "program's, the chain is read; 503 with the reasons when not",
        .access = FISC_ACCESS_ANYONE,
        .answer = &ready_shape,
        .run = get_ready,
    },
    {
        .method = "GET",
        .path = "/metrics",
        .operation = "getMetrics",
        .summary =
            "Counters as Prometheus reads them; on this machine or with the operator's token",
        .access = FISC_ACCESS_ANYONE,
        .type = "text/plain",
        .run = get_metrics,
    },
    {
        .method = "GET",
        .path = "/v1/service",
        .operation = "getService",
        .summary = "The server: its version and schema, what it does, how fresh it is",
        .access = FISC_ACCESS_ANYONE,
        .answer = &service_shape,
        .run = get_service,
    },
    {NULL},
};

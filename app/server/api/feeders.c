/* feeders.c: outside systems whose books are taken, and what became of what they sent. Pulling
 * itself is done where the keys and secrets are: `fisc pull`. */
#include "app/server/api/reading.h"
#include "fisc/feeder.h"

#define RUNS_MAX 1000

static const FiscApiField list_fields[] = {FISC_TABLE_WORDS, {NULL}};

static bool
list(FiscCall *call, GError **error)
{
    FiscTable *table = NULL;
    return fisc_flow_feeder_list(&call->context, &table, error) &&
           fisc_call_answer_table(call, table, error);
}

static const FiscApiField of_feeder_fields[] = {
    FISC_ASKED("feeder", FISC_API_TEXT, "only of this one", "pinto"),
    FISC_TABLE_WORDS,
    {NULL},
};

static bool
list_runs(FiscCall *call, GError **error)
{
    FiscTable *table = NULL;
    return fisc_flow_feeder_runs(&call->context, fisc_call_text(call, "feeder"), RUNS_MAX, &table,
                                 error) &&
           fisc_call_answer_table(call, table, error);
}

static bool
list_suspense(FiscCall *call, GError **error)
{
    FiscTable *table = NULL;
    return fisc_flow_feeder_suspense(&call->context, fisc_call_text(call, "feeder"), &table,
                                     error) &&
           fisc_call_answer_table(call, table, error);
}

static const FiscApiField run_fields[] = {
    FISC_PATH("run", "its number", "1"),
    FISC_TABLE_WORDS,
    {NULL},
};

/* What is no number is no run. */
static bool
read_run(const FiscCall *call, int64_t *out_run, GError **error)
{
    guint64 number = 0;
    const char *text = fisc_call_text(call, "run");
    if (!g_ascii_string_to_unsigned(text, 10, 1, G_MAXINT64, &number, NULL)) {
        return fisc_fail(error, FISC_ERROR_NOT_FOUND, "there is no run \"%s\"", text);
    }
    *out_run = (int64_t)number;
    return true;
}

static bool
answer_of_run(FiscCall *call,
              bool (*flow)(FiscContext *ctx, int64_t run, FiscTable **out_table, GError **error),
              GError **error)
{
    FiscTable *table = NULL;
    int64_t run = 0;
    return read_run(call, &run, error) && flow(&call->context, run, &table, error) &&
           fisc_call_answer_table(call, table, error);
}

static bool
list_stages(FiscCall *call, GError **error)
{
    return answer_of_run(call, fisc_flow_feeder_stages, error);
}

static bool
list_rejects(FiscCall *call, GError **error)
{
    return answer_of_run(call, fisc_flow_feeder_rejects, error);
}

static const FiscApiExample list_examples[] = {
    {"Every feeder, and how it answers", "/v1/feeders", NULL, 200},
    {NULL},
};
static const FiscApiExample runs_examples[] = {
    {"What was pulled last", "/v1/runs", NULL, 200},
    {NULL},
};
static const FiscApiExample suspense_examples[] = {
    {"Codes that wait for a map", "/v1/suspense", NULL, 200},
    {NULL},
};
static const FiscApiExample stages_examples[] = {
    {"A run that never was has no stages", "/v1/runs/999999/stages", NULL, 200},
    {"No number is no run", "/v1/runs/last/stages", NULL, 404},
    {NULL},
};
static const FiscApiExample rejects_examples[] = {
    {"A run without a fault", "/v1/runs/999999/rejects", NULL, 200},
    {NULL},
};

#define READ_ROUTE(route, name, what, words, handler, samples)                                     \
    {                                                                                              \
        .method = "GET", .path = route, .operation = name, .summary = what,                        \
        .access = FISC_ACCESS_PERSON, .fields = words, .run = handler, .examples = samples,        \
    }

const FiscRoute fisc_api_feeders[] = {
    READ_ROUTE("/v1/feeders", "listFeeders",
               "Outside systems whose books are taken: how each answers, how much is classified",
               list_fields, list, list_examples),
    READ_ROUTE("/v1/runs", "listRuns", "What became of what was pulled, newest first",
               of_feeder_fields, list_runs, runs_examples),
    READ_ROUTE("/v1/runs/{run}/stages", "listStages", "How far a run came, and when", run_fields,
               list_stages, stages_examples),
    READ_ROUTE("/v1/runs/{run}/rejects", "listRejects",
               "Why a run is quarantined: each fault with its place", run_fields, list_rejects,
               rejects_examples),
    READ_ROUTE("/v1/suspense", "listSuspense",
               "Codes that no map knows, with their amounts and their age", of_feeder_fields,
               list_suspense, suspense_examples),
    {NULL},
};

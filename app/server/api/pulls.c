/* pulls.c: taking the books of outside systems, begun by a request and done as a job: as `fisc
 * pull` does it, by the same locks, with the keys and secrets that the server was given. */
#include "app/flows/receipt_json.h"
#include "app/server/api/reading.h"
#include "app/server/api/writing.h"
#include "app/server/jobs.h"
#include "app/server/server_internal.h"
#include "app/server/signin.h"
#include "fisc/feeder.h"

#define WORKERS 2 /* at once: the server answers others meanwhile */
#define TRIES 2   /* of a request to a source: a person waits */

/* What is asked ------------------------------------------------------------------------------- */

typedef struct {
    FiscServer *server;
    FiscJob *job;
    char *feeder; /* NULL: all whose time has come */
    bool is_replay;
} Pull;

static void
pull_free(gpointer data)
{
    Pull *pull = data;
    g_free(pull->feeder);
    g_free(pull);
}

static bool
should_stop(gpointer data)
{
    return fisc_job_is_cancelled(((Pull *)data)->job);
}

/* Of one feeder its documents are counted, of many the feeders. */
static void
tell_progress(const FiscPullProgress *progress, gpointer data)
{
    const Pull *pull = data;
    bool is_of_one = pull->feeder != NULL && progress->parts > 0;
    fisc_job_progress(pull->job, progress->feeder,
                      is_of_one ? progress->parts_done : progress->done,
                      is_of_one ? progress->parts : progress->feeders);
}

static json_t *
run_value(const FiscPullRun *run)
{
    g_autofree char *classified = fisc_pull_classified(run);
    return json_pack("{s:s, s:s, s:s, s:o, s:I, s:i, s:i, s:i, s:o, s:o}", "feeder", run->feeder,
                     "document", run->part, "outcome", fisc_pull_outcome_word(run->outcome), "run",
                     run->run_id > 0 ? json_integer(run->run_id) : json_null(), "rows",
                     (json_int_t)run->rows, "posted", run->posted, "reversed", run->reversed,
                     "unchanged", run->unchanged, "classified", fisc_json_text(classified),
                     "reason", fisc_json_text(run->reason));
}

static json_t *
report_value(const FiscPullReport *report)
{
    json_t *runs = json_array();
    for (guint i = 0; i < report->runs->len; i++) {
        json_array_append_new(runs, run_value(report->runs->pdata[i]));
    }
    return json_pack("{s:o, s:i}", "runs", runs, "left", report->left);
}

/* What was done before it was cancelled is told all the same. */
static bool
run(FiscJob *job, FiscContext *ctx, gpointer data, json_t **out_result, GError **error)
{
    Pull *pull = data;
    const char *const feeders[] = {pull->feeder, NULL};
    g_autoptr(FiscPullReport) report = NULL;
    const FiscPullOrder order = {.feeders = pull->feeder != NULL ? feeders : NULL,
                                 .is_replay = pull->is_replay,
                                 .secrets_dir = pull->server->options.pull_secrets,
                                 .key_file = pull->server->options.pull_key,
                                 .tries = TRIES,
                                 .workers = WORKERS,
                                 .should_stop = should_stop,
                                 .stop_data = pull,
                                 .progress = tell_progress,
                                 .progress_data = pull};
    pull->job = job;
    if (!fisc_flow_pull(ctx, &order, &report, error)) {
        return false;
    }
    *out_result = report_value(report);
    return !fisc_job_is_cancelled(job);
}

static bool
start(FiscCall *call, const char *feeder, GError **error)
{
    if (call->context.is_dry_run) { /* a trial of a map is `fisc feeder map --dry-run` */
        fisc_call_problem(call, 422, "VALUE_INVALID", "?dry_run",
                          "a pull cannot be tried: leave dry_run out");
        return true;
    }
    g_autoptr(FiscRoll) roll = NULL;
    if (!fisc_door_roll(call->server, &roll, error) ||
        !fisc_flow_pull_check(&call->context, fisc_roll_registry(roll), feeder, error)) {
        return false;
    }
    Pull *pull = g_new0(Pull, 1);
    pull->server = call->server;
    pull->feeder = g_strdup(feeder);
    pull->is_replay = fisc_call_flag(call, "replay");
    fisc_server_start_job(call, "pull", run, pull, pull_free);
    return true;
}

static bool
start_one(FiscCall *call, GError **error)
{
    return start(call, fisc_call_text(call, "feeder"), error);
}

static bool
start_due(FiscCall *call, GError **error)
{
    return start(call, NULL, error);
}

#define REPLAY                                                                                     \
    FISC_GIVEN("replay", FISC_API_BOOLEAN,                                                         \
               "fetch nothing: read what is kept by the map that is in force", "false")

static const FiscApiField one_fields[] = {
    FISC_PATH("feeder", "whose books are taken", "town"),
    REPLAY,
    FISC_DRY_RUN,
    {NULL},
};
static const FiscApiField due_fields[] = {REPLAY, FISC_DRY_RUN, {NULL}};

static const FiscApiExample one_examples[] = {
    {"Nobody's books", "/v1/feeders/nobody/pull", "{}", 404},
    {NULL},
};
static const FiscApiExample due_examples[] = {
    {"Every feeder whose time has come", "/v1/pulls", "{}", 202},
    {"It cannot be tried", "/v1/pulls?dry_run=true", "{}", 422},
    {NULL},
};

const FiscRoute fisc_api_pulls[] = {
    {
        .method = "POST",
        .path = "/v1/feeders/{feeder}/pull",
        .operation = "pullFeeder",
        .summary = "Begins to take a feeder's books, due or not, as a job",
        .access = FISC_ACCESS_PERSON,
        .fields = one_fields,
        .body = FISC_BODY_JSON,
        .answer = &fisc_shape_job,
        .status = 202,
        .run = start_one,
        .examples = one_examples,
    },
    {
        .method = "POST",
        .path = "/v1/pulls",
        .operation = "pullDue",
        .summary = "Begins to take the books of all feeders whose time has come, as a job",
        .access = FISC_ACCESS_BOOK,
        .fields = due_fields,
        .body = FISC_BODY_JSON,
        .answer = &fisc_shape_job,
        .status = 202,
        .run = start_due,
        .examples = due_examples,
    },
    {NULL},
};

/* jobs.c: GET and DELETE /v1/jobs: how far long work has come. */
#include "app/server/api/writing.h"
#include "app/server/jobs.h"
#include "app/server/server_internal.h"

static const FiscApiField none[] = {{NULL}};
static const FiscApiField show_fields[] = {
    FISC_PATH("job", "as the answer told that began it", "0b7f5a4e-6a38-4f0e-9d2b-6f1d1c0b2a11"),
    {NULL},
};
static const FiscApiField cancel_fields[] = {
    FISC_PATH("job", "as the answer told that began it", "0b7f5a4e-6a38-4f0e-9d2b-6f1d1c0b2a11"),
    FISC_DRY_RUN,
    {NULL},
};

static const FiscApiField progress_fields[] = {
    {.name = "what", .type = FISC_API_ANY, .meaning = "the step it is at, or null"},
    {.name = "done", .type = FISC_API_INTEGER, .meaning = "of that step"},
    {.name = "total", .type = FISC_API_INTEGER, .meaning = "of that step; 0 when not known"},
    {NULL},
};
static const FiscApiField job_fields[] = {
    {.name = "job", .meaning = "its name"},
    {.name = "kind", .meaning = "what it does"},
    {.name = "state",
     .meaning = "how it stands",
     .choices = "waiting running done failed cancelled"},
    {.name = "progress",
     .type = FISC_API_OBJECT,
     .meaning = "how far it is",
     .fields = progress_fields},
    {.name = "result", .type = FISC_API_ANY, .meaning = "once it is done; else null"},
    {.name = "problem", .type = FISC_API_ANY, .meaning = "why it failed; else null"},
    {NULL},
};
static const FiscApiField list_fields[] = {
    {.name = "jobs",
     .type = FISC_API_LIST,
     .meaning = "one's own, the newest first, without results",
     .fields = job_fields},
    {NULL},
};
const FiscApiShape fisc_shape_job = {"Job", "Work that takes longer than a request", job_fields};
static const FiscApiShape list_shape = {"Jobs", "One's own work", list_fields};

static bool
list_jobs(FiscCall *call, GError **error)
{
    (void)error;
    fisc_call_answer_json(
        call, 200,
        json_pack("{s:o}", "jobs", fisc_jobs_list(call->server->jobs, &call->principal)));
    return true;
}

static bool
refuse_unknown(FiscCall *call)
{
    fisc_call_problem(call, 404, "NOT_FOUND", NULL, "there is no such job");
    return true;
}

static bool
get_job(FiscCall *call, GError **error)
{
    (void)error;
    json_t *job = fisc_jobs_show(call->server->jobs, &call->principal, fisc_call_text(call, "job"));
    if (job == NULL) {
        return refuse_unknown(call);
    }
    fisc_call_answer_json(call, 200, job);
    return true;
}

static bool
cancel_job(FiscCall *call, GError **error)
{
    (void)error;
    const char *id = fisc_call_text(call, "job");
    json_t *job = fisc_jobs_show(call->server->jobs, &call->principal, id);
    if (job == NULL) {
        return refuse_unknown(call);
    }
    if (!call->context.is_dry_run) {
        json_decref(job);
        fisc_jobs_cancel(call->server->jobs, &call->principal, id);
        job = fisc_jobs_show(call->server->jobs, &call->principal, id);
    }
    if (job == NULL) {
        call->reply->status = 204;
        return true;
    }
    fisc_call_answer_json(call, 200, job);
    return true;
}

const FiscRoute fisc_api_jobs[] = {
    {
        .method = "GET",
        .path = "/v1/jobs",
        .operation = "listJobs",
        .summary = "One's own long work of the last hour",
        .access = FISC_ACCESS_PERSON,
        .fields = none,
        .answer = &list_shape,
        .run = list_jobs,
    },
    {
        .method = "GET",
        .path = "/v1/jobs/{job}",
        .operation = "getJob",
        .summary = "How far long work has come, and what came of it",
        .access = FISC_ACCESS_PERSON,
        .fields = show_fields,
        .answer = &fisc_shape_job,
        .run = get_job,
    },
    {
        .method = "DELETE",
        .path = "/v1/jobs/{job}",
        .operation = "cancelJob",
        .summary = "Ends long work where it can be ended; forgets what is done",
        .access = FISC_ACCESS_PERSON,
        .fields = cancel_fields,
        .answer = &fisc_shape_job,
        .run = cancel_job,
    },
    {NULL},
};

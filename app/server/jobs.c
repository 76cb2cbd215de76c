/* jobs.c: see jobs.h. */
#include "app/server/jobs.h"
#include "app/flows/receipt_json.h"
#include "app/server/access.h"
#include "app/server/feed.h"
#include "app/server/ops.h"
#include "app/server/server_internal.h"
#include <stdlib.h>
#include <string.h>

#define RUNNING_MAX 2
#define JOBS_MAX 200       /* of all states */
#define OPEN_PERSON_MAX 10 /* that wait or run */
#define KEPT_S 3600
#define TOLD_US (G_USEC_PER_SEC / 4) /* progress is told no more often */

typedef enum { WAITING, RUNNING, DONE, FAILED, CANCELLED } JobState;

static const char *const state_words[] = {
    [WAITING] = "waiting", [RUNNING] = "running",     [DONE] = "done",
    [FAILED] = "failed",   [CANCELLED] = "cancelled",
};

struct _FiscJob {
    gint holds;
    FiscJobs *jobs;
    char *id, *kind;
    char *person, *on_behalf;
    FiscScope *scope;
    bool is_writer; /* begun by a write: its context may write, too */
    FiscJobRun run;
    gpointer data;
    GDestroyNotify free_data;
    gint is_cancelled; /* atomic */
    /* with the mutex of @jobs */
    JobState state;
    char *what;
    int64_t done, total;
    int64_t begun_at_us, ended_at_us, told_us;
    json_t *result, *problem;
};

struct _FiscJobs {
    FiscServer *server;
    GMutex mutex;    /* guards what follows */
    GHashTable *all; /* id -> FiscJob */
    GThreadPool *workers;
};

static void
job_unref(gpointer data)
{
    FiscJob *job = data;
    if (job == NULL || !g_atomic_int_dec_and_test(&job->holds)) {
        return;
    }
    if (job->free_data != NULL) {
        job->free_data(job->data);
    }
    fisc_scope_free(job->scope);
    json_decref(job->result);
    json_decref(job->problem);
    g_free(job->what);
    g_free(job->on_behalf);
    g_free(job->person);
    g_free(job->kind);
    g_free(job->id);
    g_free(job);
}

/* With the mutex held. */
static json_t *
job_value(const FiscJob *job)
{
    return json_pack("{s:s, s:s, s:s, s:{s:o, s:I, s:I}, s:O, s:O}", "job", job->id, "kind",
                     job->kind, "state", state_words[job->state], "progress", "what",
                     fisc_json_text(job->what), "done", (json_int_t)job->done, "total",
                     (json_int_t)job->total, "result",
                     job->result != NULL ? job->result : json_null(), "problem",
                     job->problem != NULL ? job->problem : json_null());
}

/* With the mutex held, which is let go of: the streams have one of their own. */
static void
tell(FiscJob *job)
{
    json_t *value = job_value(job);
    json_object_del(value, "result"); /* it may be long, and is asked for */
    g_mutex_unlock(&job->jobs->mutex);
    char *text = json_dumps(value, JSON_COMPACT);
    fisc_feed_tell(job->jobs->server->feed, job->person, "job", text);
    free(text);
    json_decref(value);
    g_mutex_lock(&job->jobs->mutex);
}

/* Working ------------------------------------------------------------------------------------- */

bool
fisc_job_is_cancelled(FiscJob *job)
{
    return g_atomic_int_get(&job->is_cancelled) != 0;
}

void
fisc_job_progress(FiscJob *job, const char *what, int64_t done, int64_t total)
{
    int64_t now = g_get_monotonic_time();
    g_mutex_lock(&job->jobs->mutex);
    g_free(job->what);
    job->what = g_strdup(what);
    job->done = done;
    job->total = total;
    if (now - job->told_us > TOLD_US) {
        job->told_us = now;
        tell(job);
    }
    g_mutex_unlock(&job->jobs->mutex);
}

static void
on_progress(const char *what, int64_t done, int64_t total, void *data)
{
    fisc_job_progress(data, what, done, total);
}

/* With the mutex held. */
static void
end_job(FiscJob *job, JobState state, const GError *error)
{
    job->state = state;
    job->ended_at_us = g_get_monotonic_time();
    if (state == FAILED) {
        FiscError code = error->domain == FISC_ERROR ? (FiscError)error->code : FISC_ERROR_FAILED;
        job->problem = json_pack("{s:s, s:s, s:i, s:o}", "code", fisc_error_name(code), "title",
                                 fisc_error_sentence(code), "status", fisc_error_http_status(code),
                                 "detail", fisc_json_text(error->message));
    }
    fisc_ops_gauge(job->jobs->server, FISC_GAUGE_JOBS, -1);
    tell(job);
}

static bool
run_job(FiscJob *job, json_t **out_result, GError **error)
{
    FiscServer *server = job->jobs->server;
    g_autoptr(FiscPool) pool = fisc_access_pool(server, job->scope);
    FiscContext ctx = {.pool = job->is_writer ? server->posters : pool,
                       .book_id = server->options.book_id,
                       .actor = job->person,
                       .on_behalf = job->on_behalf,
                       .poster = server->poster,
                       .masters = server->masters,
                       .scope = job->scope,
                       .progress = on_progress,
                       .progress_data = job};
    return job->run(job, &ctx, job->data, out_result, error);
}

static void
work(gpointer item, gpointer data)
{
    FiscJob *job = item;
    FiscJobs *jobs = data;
    g_autoptr(GError) error = NULL;
    json_t *result = NULL;
    g_mutex_lock(&jobs->mutex);
    bool is_cancelled = fisc_job_is_cancelled(job);
    job->state = is_cancelled ? CANCELLED : RUNNING;
    g_mutex_unlock(&jobs->mutex);
    bool is_done = !is_cancelled && run_job(job, &result, &error);
    if (!is_done && error == NULL) {
        fisc_fail(&error, FISC_ERROR_FAILED, "it was ended before it was done");
    }
    g_mutex_lock(&jobs->mutex);
    job->result = result;
    end_job(job, is_done ? DONE : fisc_job_is_cancelled(job) ? CANCELLED : FAILED, error);
    g_mutex_unlock(&jobs->mutex);
    job_unref(job);
}

/* Beginning ----------------------------------------------------------------------------------- */

static gboolean
is_old(gpointer id, gpointer value, gpointer now)
{
    (void)id;
    const FiscJob *job = value;
    return job->ended_at_us != 0 &&
           *(const int64_t *)now - job->ended_at_us > (int64_t)KEPT_S * G_USEC_PER_SEC;
}

/* With the mutex held. */
static bool
has_room(FiscJobs *jobs, const char *person)
{
    int64_t now = g_get_monotonic_time();
    GHashTableIter iter;
    gpointer value;
    int open = 0;
    g_hash_table_foreach_remove(jobs->all, is_old, &now);
    g_hash_table_iter_init(&iter, jobs->all);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const FiscJob *job = value;
        open += job->ended_at_us == 0 && strcmp(job->person, person) == 0;
    }
    return open < OPEN_PERSON_MAX && g_hash_table_size(jobs->all) < JOBS_MAX;
}

static FiscJob *
job_new(FiscCall *call, const char *kind, FiscJobRun run, gpointer data, GDestroyNotify free_data)
{
    g_autofree char *uuid = g_uuid_string_random();
    FiscJob *job = g_new0(FiscJob, 1);
    job->holds = 1;
    job->jobs = call->server->jobs;
    job->id = g_steal_pointer(&uuid);
    job->kind = g_strdup(kind);
    job->person = g_strdup(call->principal.person);
    job->on_behalf = g_strdup(call->principal.on_behalf);
    job->scope = fisc_scope_copy(call->principal.scope);
    job->is_writer = fisc_route_is_write(call->route);
    job->run = run;
    job->data = data;
    job->free_data = free_data;
    job->begun_at_us = g_get_monotonic_time();
    return job;
}

void
fisc_server_start_job(FiscCall *call, const char *kind, FiscJobRun run, gpointer data,
                      GDestroyNotify free_data)
{
    FiscJobs *jobs = call->server->jobs;
    FiscJob *job = job_new(call, kind, run, data, free_data);
    json_t *answer = NULL;
    g_mutex_lock(&jobs->mutex);
    if (has_room(jobs, job->person)) {
        answer = job_value(job);
        g_atomic_int_inc(&job->holds);
        g_hash_table_insert(jobs->all, job->id, job);
        fisc_ops_gauge(call->server, FISC_GAUGE_JOBS, 1);
        g_thread_pool_push(jobs->workers, job, NULL);
    }
    g_mutex_unlock(&jobs->mutex);
    if (answer == NULL) {
        job_unref(job);
        fisc_http_reply_header(call->reply, "Retry-After", "10");
        fisc_call_problem(call, 429, "RATE_LIMITED", NULL,
                          "too much work is waiting: at most %d jobs of one person",
                          OPEN_PERSON_MAX);
        return;
    }
    g_autofree char *place =
        g_strconcat("/v1/jobs/", json_string_value(json_object_get(answer, "job")), NULL);
    fisc_http_reply_header(call->reply, "Location", place);
    fisc_call_answer_json(call, 202, answer);
}

/* Asking -------------------------------------------------------------------------------------- */

/* With the mutex held. */
static FiscJob *
find_job(FiscJobs *jobs, const FiscPrincipal *principal, const char *id)
{
    FiscJob *job = g_hash_table_lookup(jobs->all, id);
    bool is_his = job != NULL && (strcmp(job->person, principal->person) == 0 ||
                                  fisc_scope_is_all(principal->scope));
    return is_his ? job : NULL;
}

json_t *
fisc_jobs_show(FiscJobs *jobs, const FiscPrincipal *principal, const char *id)
{
    g_mutex_lock(&jobs->mutex);
    const FiscJob *job = find_job(jobs, principal, id);
    json_t *value = job != NULL ? job_value(job) : NULL;
    g_mutex_unlock(&jobs->mutex);
    return value;
}

static gint
compare_jobs(gconstpointer a, gconstpointer b)
{
    const FiscJob *left = *(FiscJob *const *)a, *right = *(FiscJob *const *)b;
    return left->begun_at_us > right->begun_at_us ? -1 : left->begun_at_us < right->begun_at_us;
}

json_t *
fisc_jobs_list(FiscJobs *jobs, const FiscPrincipal *principal)
{
    g_autoptr(GPtrArray) own = g_ptr_array_new();
    json_t *list = json_array();
    GHashTableIter iter;
    gpointer value;
    g_mutex_lock(&jobs->mutex);
    g_hash_table_iter_init(&iter, jobs->all);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        if (strcmp(((FiscJob *)value)->person, principal->person) == 0) {
            g_ptr_array_add(own, value);
        }
    }
    g_ptr_array_sort(own, compare_jobs);
    for (guint i = 0; i < own->len; i++) {
        json_t *job = job_value(own->pdata[i]);
        json_object_set_new(job, "result", json_null()); /* it may be long: asked for by name */
        json_array_append_new(list, job);
    }
    g_mutex_unlock(&jobs->mutex);
    return list;
}

bool
fisc_jobs_cancel(FiscJobs *jobs, const FiscPrincipal *principal, const char *id)
{
    g_mutex_lock(&jobs->mutex);
    FiscJob *job = find_job(jobs, principal, id);
    if (job != NULL && job->ended_at_us != 0) {
        g_hash_table_remove(jobs->all, id);
    } else if (job != NULL) {
        g_atomic_int_set(&job->is_cancelled, 1);
    }
    g_mutex_unlock(&jobs->mutex);
    return job != NULL;
}

/* Opening and closing ------------------------------------------------------------------------- */

FiscJobs *
fisc_jobs_new(FiscServer *server)
{
    FiscJobs *jobs = g_new0(FiscJobs, 1);
    jobs->server = server;
    g_mutex_init(&jobs->mutex);
    jobs->all = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, job_unref);
    jobs->workers = g_thread_pool_new(work, jobs, RUNNING_MAX, FALSE, NULL);
    return jobs;
}

void
fisc_jobs_free(FiscJobs *jobs)
{
    if (jobs == NULL) {
        return;
    }
    GHashTableIter iter;
    gpointer value;
    g_mutex_lock(&jobs->mutex);
    g_hash_table_iter_init(&iter, jobs->all);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        g_atomic_int_set(&((FiscJob *)value)->is_cancelled, 1);
    }
    g_mutex_unlock(&jobs->mutex);
    g_thread_pool_free(jobs->workers, FALSE, TRUE);
    g_hash_table_unref(jobs->all);
    g_mutex_clear(&jobs->mutex);
    g_free(jobs);
}

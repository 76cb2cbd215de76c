/* jobs.h: work that takes longer than a request should: begun by one, asked after by others.
 *
 *   POST ... -> 202, Location: /v1/jobs/{job}
 *   GET /v1/jobs/{job} -> {job,kind,state,progress{what,done,total},result,problem}
 *
 * A few run at once, the others wait. Results are kept for an hour, in memory: a server that is
 * started again has forgotten them, and the work is begun again. */
#ifndef FISC_SERVER_JOBS_H
#define FISC_SERVER_JOBS_H

#include "app/server/api.h"

typedef struct _FiscJobs FiscJobs;
typedef struct _FiscJob FiscJob;

/** The work, in a thread of its own. @ctx: of the person who began it, with a pool that sees what
 * he may see, and its progress is the job's. *out_result (owned): what is answered, or NULL.
 * Whoever can end early looks at fisc_job_is_cancelled() now and then, and returns false. */
typedef bool (*FiscJobRun)(FiscJob *job, FiscContext *ctx, gpointer data, json_t **out_result,
                           GError **error);

/** Of api/jobs.c: what a job is, to who asks. */
extern const FiscApiShape fisc_shape_job;

FiscJobs *fisc_jobs_new(FiscServer *server);
/** Asks what runs to end, and waits for it. */
void fisc_jobs_free(FiscJobs *jobs);

/** Begins work; the reply is 202 with its place, or 429 when there is too much. Takes @data, which
 * is freed with @free_data (NULL: not). @kind: "verification", for people and metrics. */
void fisc_server_start_job(FiscCall *call, const char *kind, FiscJobRun run, gpointer data,
                           GDestroyNotify free_data);

bool fisc_job_is_cancelled(FiscJob *job);
/** Tells how far it is; also done by ctx->progress. */
void fisc_job_progress(FiscJob *job, const char *what, int64_t done, int64_t total);

/** Of api/jobs.c: what a job is now, for its owner and who sees the whole book; NULL: there is
 * none for him. */
json_t *fisc_jobs_show(FiscJobs *jobs, const FiscPrincipal *principal, const char *id);
/** Those of a person, the newest first. */
json_t *fisc_jobs_list(FiscJobs *jobs, const FiscPrincipal *principal);
/** Cancels what waits or runs, forgets what is done. False: there is none for him. */
bool fisc_jobs_cancel(FiscJobs *jobs, const FiscPrincipal *principal, const char *id);

#endif

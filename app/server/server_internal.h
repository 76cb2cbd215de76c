/* server_internal.h: what the parts of the server share. */
#ifndef FISC_SERVER_INTERNAL_H
#define FISC_SERVER_INTERNAL_H

#include "app/server/api.h"
#include "app/server/server.h"

typedef struct _FiscAccessDesk FiscAccessDesk;

/* An answer that outlives its request. */
typedef struct {
    GMutex mutex;
    char *text; /* JSON; NULL = there was none since the server started */
} FiscKept;

struct _FiscServer {
    FiscServerOptions options;
    FiscPool *posters;              /* as fisc_poster: writes, and what the engine reads */
    FiscPool *readers;              /* as fisc_reader: everything that is shown */
    FiscPoster *poster;             /* on a replica only asked, never told */
    FiscAccessDesk *access;         /* access.c: the key of scoped pools, quotas */
    struct _FiscDoor *door;         /* signin_door.c: who is known */
    struct _FiscProvider *provider; /* NULL: there is none */
    char *provider_return;          /* where it sends browsers back to */
    FiscHttp *http;
    FiscMasters *masters;         /* what requests that post are read with */
    struct _FiscAnswers *answers; /* answers.c: what was answered, by key */
    struct _FiscFeed *feed;       /* feed.h: who listens */
    struct _FiscJobs *jobs;       /* jobs.h: long work */
    FiscKept verification;        /* api/verification.c: what the last one found */
    struct _FiscOps *ops;         /* follow.c: counters, freshness, readiness */
};

/** The newest batch on record that this server knows. Never waits. */
int64_t fisc_server_batch(FiscServer *server);

/** signin.c: who asks. False: the reply is a problem. Nobody is a principal without person. */
bool fisc_server_sign_in(FiscCall *call);

#endif

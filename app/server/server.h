/* server.h: the one process that an agency's people and systems talk to. */
#ifndef FISC_SERVER_SERVER_H
#define FISC_SERVER_SERVER_H

#include "app/flows/provider.h"
#include "app/server/server_limits.h"
#include "fisc/context.h"
#include "fisc/error.h"

typedef struct _FiscServer FiscServer;

/* The line for each request, on stderr. */
typedef enum { FISC_SERVE_LOG_NONE, FISC_SERVE_LOG_LOGFMT, FISC_SERVE_LOG_JSON } FiscServeLog;

typedef struct {
    const char *listen;      /* "127.0.0.1:8700" */
    const char *poster_uri;  /* signs in as, or may become, fisc_poster */
    const char *poster_role; /* to SET ROLE to; NULL: the URI signs in as it */
    const char *reader_uri;  /* the same for fisc_reader: a replica's, perhaps */
    const char *reader_role;
    const char *web_dir; /* the workplace's files; NULL: none are served */
    const char *tls_cert, *tls_key, *tls_client_ca;
    const char *trusted_proxies; /* "127.0.0.1, 10.0.0.0/8, unix"; NULL: none */
    FiscServerLimits limits;     /* zeros: the usual ones */
    bool is_read_only;           /* a replica: nothing is written */
    const char *primary;    /* of a replica: where to write, for who tries here; NULL: not told */
    int behind_max_s;       /* of a replica: further behind, and it is not ready; 0: no matter */
    const char *base_url;   /* "https://fisc.example.org": where people find it; NULL: not told */
    bool is_passkey_needed; /* to approve; else any second factor will do */
    FiscServeLog log_format;
    int slow_ms; /* a request that takes as long is warned of; 0: never */
    bool is_metrics_open;
    const char *metrics_token; /* who sends it may read /metrics from elsewhere; NULL: nobody */
    int drain_ms;              /* for what is open at the end; 0: the usual time */
    int workers[4];            /* quick, post, report, provider; 0: the usual number */
    const char *secret_key;    /* file of the key that seals second factors; NULL: there are none */
    const char *head_key;      /* file of the key that signs heads; NULL: none is signed */
    const char *pull_key; /* file of the key that signs receipts of feeders; NULL: nobody does */
    const char
        *pull_secrets; /* folder of what feeders' words name as secret; NULL: there are none */
    FiscProviderOptions provider; /* its return_url is made of base_url */
    int book_id;
} FiscServerOptions;

/** Loads the book, listens, and answers until fisc_server_close(). */
bool fisc_serve_open(const FiscServerOptions *options, FiscServer **out_server, GError **error);
int fisc_serve_port(const FiscServer *server);
/** From now on /readyz says that requests should go elsewhere. */
void fisc_serve_drain(FiscServer *server);
/** The description of the API, OpenAPI 3.1 in YAML: docs/openapi.yaml. Caller frees. */
char *fisc_openapi_yaml(void);
/** Takes nothing new, answers what has begun, and ends. */
void fisc_serve_close(FiscServer *server);

#endif

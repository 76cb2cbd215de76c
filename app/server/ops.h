/* ops.h: what an operator sees of a server, and what keeps it honest: its counters, its log, how
 * fresh it is, whether it is ready, and who may ask that.
 *
 *   metrics.c    counters and histograms, as Prometheus reads them
 *   log.c        one line for each request
 *   follow.c     the thread that follows the chain and guards the schema
 *   ready.c      whether requests should come here, and why not
 *   freshness.c  the headers that say what an answer knows */
#ifndef FISC_SERVER_OPS_H
#define FISC_SERVER_OPS_H

#include "app/server/api.h"
#include "app/server/server.h"
#include "fisc/refusal.h"

/* What comes and goes, counted up and down by whoever holds it. */
typedef enum { FISC_GAUGE_SUBSCRIBERS, FISC_GAUGE_JOBS, FISC_GAUGE_COUNT } FiscGauge;
/* What only grows. */
typedef enum {
    FISC_COUNTER_ENTRIES,         /* posted */
    FISC_COUNTER_REPEATED,        /* known before: their receipt was given again */
    FISC_COUNTER_REFUSED,         /* entries */
    FISC_COUNTER_FUNDS,           /* questions about funds */
    FISC_COUNTER_SIGN_INS,        /* by password, with all that is asked for */
    FISC_COUNTER_SIGN_INS_FAILED, /* 401 and 429 of a sign-in */
    FISC_COUNTER_EVENTS_SENT,     /* to subscribers */
    FISC_COUNTER_ROWS,            /* of tables, given away */
    FISC_COUNTER_QUOTA_REFUSED,   /* requests of who has had his measure of the hour */
    FISC_COUNTER_QUOTA_ALARMS,    /* persons who took much more than usual, once an hour each */
    FISC_COUNTER_COUNT
} FiscCounter;

/* What the follower saw of the database when it looked last. */
typedef struct {
    bool is_answering;    /* it answered */
    bool is_current;      /* its schema is this program's */
    bool is_replica;      /* it is in recovery */
    bool is_whole;        /* the chain has not become shorter, or another */
    bool is_caught_up;    /* the engine stands on the newest batch */
    int64_t batch;        /* the newest on record */
    int64_t batch_at_us;  /* when it was posted; 0 = there is none */
    int64_t behind_ms;    /* of a replica: since it last knew to have everything */
    int64_t batches;      /* that this server committed */
    int64_t conflicts;    /* of them: another writer was first */
    int64_t looked_at_us; /* monotonic; 0 = never */
    char trouble[200];    /* why it did not answer, or what the schema lacks; "" */
} FiscSight;

/** Of server.c: the counters, and one look at the database. SETUP when the schema is not this
 * program's. */
bool fisc_ops_open(FiscServer *server, GError **error);
/** Begins to follow the chain, once there is a poster. */
void fisc_ops_start(FiscServer *server);
void fisc_ops_close(FiscServer *server);
/** /healthz, /readyz and /metrics: answered without a look at the database, so before sign-in. */
bool fisc_ops_is_service(const FiscRoute *route);
/** Before a request: notes what it may know. False with a problem as the reply when nothing can be
 * answered now: another schema, another chain, a write on a read-only server. */
bool fisc_ops_admit(FiscCall *call);
/** After a request: the headers of freshness and trace, the counters, the line in the log. */
void fisc_ops_finish(FiscCall *call);
/** From now on /readyz says no: what is open is still answered. */
void fisc_ops_drain(FiscServer *server);

void fisc_ops_count(FiscServer *server, FiscCounter counter, int64_t by);
void fisc_ops_gauge(FiscServer *server, FiscGauge gauge, int by);
/** Of call.c: a problem's code, for the log and the counters. */
void fisc_ops_note_code(FiscCall *call, const char *code);
/** Of call.c: what was posted, in which batch, and what was refused in it. */
void fisc_ops_note_receipt(FiscCall *call, const FiscReceipt *receipt);
/** What a verification of the whole book found, for /metrics. */
void fisc_ops_note_verification(FiscServer *server, int64_t findings);

/* follow.c */
FiscSight fisc_ops_sight(FiscServer *server);
/** The newest batch that this server knows. */
int64_t fisc_ops_batch(FiscServer *server);
void fisc_ops_note_batch(FiscServer *server, int64_t batch);
/** Of the feed: as long as somebody listens, others' batches are looked for more often. */
void fisc_ops_watch(FiscServer *server, bool is_watched);
bool fisc_ops_is_draining(FiscServer *server);
/** Of the last verification; 0 at 0 when there was none since the server started. */
void fisc_ops_last_verification(FiscServer *server, int64_t *out_findings, int64_t *out_at_us);

/* ready.c: NULL when requests should come; else why not. Caller frees. */
char *fisc_ops_why_not_ready(FiscServer *server);
void fisc_ops_answer_ready(FiscCall *call);
void fisc_ops_answer_service(FiscCall *call);

/* metrics.c */
typedef struct _FiscMetrics FiscMetrics;
FiscMetrics *fisc_ops_metrics(FiscServer *server);
FiscMetrics *fisc_metrics_new(void);
void fisc_metrics_free(FiscMetrics *metrics);
void fisc_metrics_request(FiscMetrics *metrics, const FiscRoute *route, const char *method,
                          int status, int64_t elapsed_us);
void fisc_metrics_code(FiscMetrics *metrics, const char *code);
void fisc_metrics_count(FiscMetrics *metrics, FiscCounter counter, int64_t by);
void fisc_metrics_gauge(FiscMetrics *metrics, FiscGauge gauge, int by);
/** Appends the text exposition: counters of @metrics, and what @server says of itself. */
void fisc_metrics_write(FiscServer *server, GString *text);
/** True when the caller may read them: from this machine and not through a proxy, with the
 * operator's token, or everybody when that was configured. */
bool fisc_metrics_may_read(const FiscCall *call);

/* log.c */
typedef enum { FISC_LOG_NONE, FISC_LOG_LOGFMT, FISC_LOG_JSON } FiscLogFormat;
/** One line, with its line feed; whatever the request held, it is one line of printable text.
 * Caller frees. */
char *
fisc_log_request_line(FiscServeLog format, const FiscCall *call, int64_t elapsed_us, bool is_slow);
void fisc_log_request(const FiscCall *call, int64_t elapsed_us);

#endif

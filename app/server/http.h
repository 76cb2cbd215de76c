/* http.h: HTTP as the rest of the server sees it: a request that is complete and vetted, a reply
 * that is a value or a stream. libmicrohttpd stays behind http.c, and the gate (gate.h) before it.
 *
 * The event thread never waits for anybody: a request is handed to a worker, its connection sleeps
 * until the reply is there. Queues, bodies and streams have limits; who comes beyond them is told
 * so at once. */
#ifndef FISC_SERVER_HTTP_H
#define FISC_SERVER_HTTP_H

#include "app/server/server_limits.h"
#include "fisc/error.h"
#include <stdint.h>

#define FISC_HTTP_ID_SIZE 33

typedef struct _FiscHttp FiscHttp;
typedef struct _FiscHttpStream FiscHttpStream;

typedef struct {
    const char *method;  /* "GET" */
    const char *path;    /* decoded, "/v1/funds" */
    GPtrArray *query;    /* of char *: name, value, name, value ...; decoded */
    GPtrArray *headers;  /* of char *: name, value ... as sent */
    GByteArray *body;    /* empty when there is none */
    const char *address; /* of the client: "127.0.0.1", or "unix"; as a trusted proxy tells it */
    const char *peer;    /* RFC 4514 subject of the client's certificate, or NULL */
    int64_t peer_user;   /* user id at the other end of a unix socket; -1: none */
    bool is_secure;      /* TLS, or told so by a proxy that is trusted */
    bool is_forwarded;   /* it says that it came through a proxy, trusted or not */
    char request_id[FISC_HTTP_ID_SIZE]; /* 32 hex digits: in the answer, in the log */
    char trace_id[FISC_HTTP_ID_SIZE];   /* W3C traceparent, taken over or made */
    int64_t begun_at_us;                /* monotonic */
} FiscHttpRequest;

typedef struct {
    int status;             /* 200 */
    GPtrArray *headers;     /* of char *: name, value ... */
    GByteArray *body;       /* of the reply, unless it is a stream */
    FiscHttpStream *stream; /* or NULL */
} FiscHttpReply;

/** First value of a header, whatever its case; NULL. */
const char *fisc_http_header(const FiscHttpRequest *request, const char *name);
/** First value of a query parameter; NULL. */
const char *fisc_http_query(const FiscHttpRequest *request, const char *name);
/** The value of a cookie; NULL, also when it stands twice. Caller frees. */
char *fisc_http_cookie(const FiscHttpRequest *request, const char *name);

/** Sets or replaces a header of the reply; both are copied. */
void fisc_http_reply_header(FiscHttpReply *reply, const char *name, const char *value);
/** Sets the type and appends to the body; @length -1: a text. */
void fisc_http_reply_body(FiscHttpReply *reply, const char *type, const void *data, gssize length);

/** 32 hex digits by chance. */
void fisc_http_make_id(char out_id[FISC_HTTP_ID_SIZE]);
/** The body of a problem whose words are ours: nothing in them needs an escape. Caller frees. */
char *fisc_http_problem(int status, const char *code, const char *detail, const char *request_id);

/* A reply that goes on: live events, a report of every unit. Written by any thread. */
/** @buffered_max: bytes that may wait for a slow reader. */
FiscHttpStream *fisc_http_stream_new(gsize buffered_max);
FiscHttpStream *fisc_http_stream_ref(FiscHttpStream *stream);
void fisc_http_stream_unref(FiscHttpStream *stream);
/** False when the reader has left, or is too slow: then the stream is over. */
bool fisc_http_stream_write(FiscHttpStream *stream, const void *data, gsize length);
void fisc_http_stream_end(FiscHttpStream *stream);
bool fisc_http_stream_is_over(FiscHttpStream *stream);
/** Bytes that wait for the reader. */
gsize fisc_http_stream_waiting(FiscHttpStream *stream);

/** Answers one request, in a worker's thread. @reply is empty with status 200. */
typedef void (*FiscHttpHandler)(const FiscHttpRequest *request, FiscHttpReply *reply,
                                gpointer data);

/* Which workers take a request: those who wait for a batch must not stand behind long reports. */
typedef enum {
    FISC_HTTP_QUICK,
    FISC_HTTP_POST,
    FISC_HTTP_REPORT,
    FISC_HTTP_PROVIDER, /* who waits for another system keeps nobody else waiting */
    FISC_HTTP_LANES
} FiscHttpLane;

typedef struct {
    const char *listen; /* "127.0.0.1:8700", "[::1]:0", "unix:/run/fisc/fisc.sock"; several with
                           commas */
    const char *tls_cert, *tls_key; /* files in PEM; NULL: no TLS. A unix socket never has it */
    const char *tls_client_ca;      /* certificates of clients are checked against; NULL: not asked
                                       for. Without one a client is let in, and has no peer */
    const char *trusted_proxies;    /* "127.0.0.1, 10.0.0.0/8, unix": whose X-Forwarded-For and
                                       X-Forwarded-Proto count; NULL: nobody's */
    FiscServerLimits limits;
    int workers[FISC_HTTP_LANES]; /* 0: the usual number */
    gsize body_max;               /* bytes; what no route asks for more of */
    FiscHttpHandler handler;
    /** Which lane, and how long the body may be: asked in the event thread, with method and path
     * alone. */
    FiscHttpLane (*route)(const FiscHttpRequest *head, gsize *out_body_max, gpointer data);
    /** Something was refused before any handler saw it; called in the event threads. NULL. */
    void (*refused)(int status, const char *code, const char *address, gpointer data);
    gpointer data;
} FiscHttpOptions;

/** Listens. SETUP when an address is taken. */
bool fisc_http_open(const FiscHttpOptions *options, FiscHttp **out_http, GError **error);
/** The first TCP port it listens on; 0: none. */
int fisc_http_port(const FiscHttp *http);
/** Requests of a lane that wait for a worker, and workers that are at one. */
void fisc_http_lane_count(const FiscHttp *http, FiscHttpLane lane, int *out_waiting, int *out_busy);
/** Connections that are open. */
int fisc_http_connections(const FiscHttp *http);
/** Takes no more connections, answers what has begun, waits for it up to @wait_ms, and ends. Then
 * what waits for a worker is refused; what a worker is at, he finishes, however long it takes. */
void fisc_http_close(FiscHttp *http, int wait_ms);

#endif

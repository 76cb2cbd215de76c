/* http.h: HTTP as the rest of the server sees it: a request that is complete and vetted, a reply
 * that is a value or a stream. libmicrohttpd stays behind http.c.
 *
 * The event thread never waits for anybody: a request is handed to a worker, its connection sleeps
 * until the reply is there. Queues, bodies and streams have limits; who comes beyond them is told
 * so at once. */
#ifndef FISC_SERVER_HTTP_H
#define FISC_SERVER_HTTP_H

#include "fisc/error.h"
#include <stdint.h>

typedef struct _FiscHttp FiscHttp;
typedef struct _FiscHttpStream FiscHttpStream;

typedef struct {
    const char *method;  /* "GET" */
    const char *path;    /* decoded, "/v1/funds" */
    GPtrArray *query;    /* of char *: name, value, name, value ...; decoded */
    GPtrArray *headers;  /* of char *: name, value ... as sent */
    GByteArray *body;    /* empty when there is none */
    const char *address; /* of the client: "127.0.0.1", or "unix" */
    const char *peer;    /* RFC 4514 subject of the client's certificate, or NULL */
    int64_t peer_user;   /* user id at the other end of a unix socket; -1: none */
    bool is_secure;      /* TLS, or told so by a proxy that is trusted */
    char request_id[33]; /* 32 hex digits: in the answer, in the log */
    char trace_id[33];   /* W3C traceparent, taken over or made */
    int64_t begun_at_us; /* monotonic */
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
/** The value of a cookie; NULL. Caller frees. */
char *fisc_http_cookie(const FiscHttpRequest *request, const char *name);

/** Sets or replaces a header of the reply; both are copied. */
void fisc_http_reply_header(FiscHttpReply *reply, const char *name, const char *value);
/** Sets the type and appends to the body; @length -1: a text. */
void fisc_http_reply_body(FiscHttpReply *reply, const char *type, const void *data, gssize length);

/* A reply that goes on: live events, a report of every unit. Written by any thread. */
/** @buffered_max: bytes that may wait for a slow reader. */
FiscHttpStream *fisc_http_stream_new(gsize buffered_max);
FiscHttpStream *fisc_http_stream_ref(FiscHttpStream *stream);
void fisc_http_stream_unref(FiscHttpStream *stream);
/** False when the reader has left, or is too slow: then the stream is over. */
bool fisc_http_stream_write(FiscHttpStream *stream, const void *data, gsize length);
void fisc_http_stream_end(FiscHttpStream *stream);
bool fisc_http_stream_is_over(FiscHttpStream *stream);

/** Answers one request, in a worker's thread. @reply is empty with status 200. */
typedef void (*FiscHttpHandler)(const FiscHttpRequest *request, FiscHttpReply *reply,
                                gpointer data);

/* Which workers take a request: those who wait for a batch must not stand behind long reports. */
typedef enum { FISC_HTTP_QUICK, FISC_HTTP_POST, FISC_HTTP_REPORT, FISC_HTTP_LANES } FiscHttpLane;

typedef struct {
    const char *listen;             /* "127.0.0.1:8700", "[::1]:0", "unix:/run/fisc/fisc.sock" */
    const char *tls_cert, *tls_key; /* files in PEM; NULL: no TLS */
    const char
        *tls_client_ca; /* certificates of clients are checked against; NULL: not asked for */
    int workers[FISC_HTTP_LANES]; /* 0: the usual number */
    gsize body_max;               /* bytes; what no route asks for more of */
    FiscHttpHandler handler;
    /** Which lane, and how long the body may be: asked in the event thread, with the head alone. */
    FiscHttpLane (*route)(const FiscHttpRequest *head, gsize *out_body_max, gpointer data);
    gpointer data;
} FiscHttpOptions;

/** Listens. @out_http->port tells the port when it was 0. SETUP when the address is taken. */
bool fisc_http_open(const FiscHttpOptions *options, FiscHttp **out_http, GError **error);
int fisc_http_port(const FiscHttp *http);
/** Takes no more connections, answers what has begun, waits for it up to @wait_ms, and ends. */
void fisc_http_close(FiscHttp *http, int wait_ms);

#endif

/* transport.h: the transport alone, with a handler that says what it was given: no database, no
 * routes.
 *
 *   /echo    what the request looked like, as JSON
 *   /long    64 MB
 *   /wait    answers when transport_release() says so
 *   /stream  goes on; written by transport_write() */
#ifndef FISC_TEST_TRANSPORT_H
#define FISC_TEST_TRANSPORT_H

#include "app/server/http.h"
#include "tests/server/serving.h"
#include <pthread.h>

#define TRANSPORT_LONG ((gsize)64 * 1024 * 1024)

typedef struct {
    FiscHttp *http;
    int port;
    pthread_mutex_t mutex; /* guards what follows; plain, so that the thread sanitizer sees it */
    pthread_cond_t changed;
    int waiting; /* handlers at /wait */
    bool is_released;
    FiscHttpStream *stream; /* of the newest /stream */
    int handled;            /* requests that reached a handler */
    int refused;            /* that did not */
} Transport;

/** @adjust: changes the options before it opens; NULL. */
Transport *transport_new(void (*adjust)(FiscHttpOptions *options));
/** NULL does nothing. */
void transport_free(Transport *transport);
/** Closes as a server does that is told to end. */
void transport_close(Transport *transport, int wait_ms);

int transport_handled(Transport *transport);
/** Waits until so many handlers stand at /wait. */
void transport_wait_for_handlers(Transport *transport, int count);
void transport_release(Transport *transport);
/** Waits until there is a stream, and writes to it. */
bool transport_write(Transport *transport, const char *text);
/** Waits until so many connections are open. False when that does not come. */
bool transport_wait_for_connections(const Transport *transport, int count);

/** Sends a request over a connection and receives its answer. Fails the test without one. */
void transport_ask(ServingLink *link, const char *request, ServingAnswer *out_answer);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Transport, transport_free)

#endif

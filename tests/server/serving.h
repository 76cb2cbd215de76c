/* serving.h: a server in this process on a database of its own, and a client that speaks to it in
 * bytes: what a test sends is what arrives, however wrong it is.
 *
 * A server that does not open ends the program, because nothing said after it would be a result.
 * Nothing here waits longer than SERVING_WAIT_S: a server that hangs fails a test. */
#ifndef FISC_TEST_SERVING_H
#define FISC_TEST_SERVING_H

#include "app/server/server.h"
#include "tests/app/books.h"
#include <jansson.h>

#define SERVING_WAIT_S 60

/* One connection of a client. */
typedef struct _ServingLink ServingLink;

typedef struct {
    Books *books; /* what is served, to be asked behind the server's back */
    char *reader_uri;
    FiscServerOptions options; /* as it was opened */
    FiscServer *server;
    int port;
    const char *host;      /* what it is called when it is asked; NULL: 127.0.0.1 */
    GHashTable *signed_in; /* person -> header */
    ServingLink *link;     /* of serving_request(): kept alive from one to the next */
} Serving;

typedef struct {
    int status;
    GPtrArray *headers; /* of char *: name, value ... */
    char *body;         /* ends with a NUL of its own */
    gsize length;
    json_t *json; /* the body when it is JSON, else NULL */
} ServingAnswer;

/** Serves @books on 127.0.0.1 and takes them over; NULL: new, empty ones.
 *  @adjust may change the options before it opens; NULL. */
Serving *serving_new(Books *books, void (*adjust)(FiscServerOptions *options));
/** Closes server and books; NULL does nothing. */
void serving_free(Serving *serving);
/** Closes the server and opens it again on the same books. */
void serving_restart(Serving *serving);

/** Asks over the connection that is kept. @headers: whole lines that end in "\r\n", or NULL;
 *  Host and Content-Length come by themselves. @body: a text, or NULL. Fails the test and returns
 *  false when there is no whole answer. */
bool serving_request(Serving *serving, const char *method, const char *path, const char *headers,
                     const char *body, ServingAnswer *out_answer);
/** The same for bytes. */
bool
serving_request_bytes(Serving *serving, const char *method, const char *path, const char *headers,
                      const void *body, gsize length, ServingAnswer *out_answer);
void serving_answer_clear(ServingAnswer *answer);
/** First value of a header, whatever its case; NULL. */
const char *serving_answer_header(const ServingAnswer *answer, const char *name);
/** A text of the answer's JSON by its members, "errors/0/code"; "" when there is none. */
const char *serving_answer_text(const ServingAnswer *answer, const char *members);

/** "Authorization: ...\r\n" with a token of a person, good for everything he may. The first is an
 * event of the chain, further calls give the same. Whom the book does not let in gets one that
 * opens nothing. Caller frees. */
char *serving_sign_in(Serving *serving, const char *person);

/* A connection in bytes. */
/** Opens one to the server. */
ServingLink *serving_connect(const Serving *serving);
/** Opens one to 127.0.0.1, whoever listens there. */
ServingLink *serving_link_open(int port);
/** Takes over a socket that is connected. */
ServingLink *serving_link_new(int socket);
void serving_link_free(ServingLink *link);
int serving_link_socket(const ServingLink *link);
/** False when the other side has closed. @length -1: a text. */
bool serving_link_send(ServingLink *link, const void *data, gssize length);
/** The next answer; false when there is none, or not a whole one. @is_head: it has no body. */
bool serving_link_receive(ServingLink *link, bool is_head, ServingAnswer *out_answer);
/** The status line and head of an answer that goes on; its body comes by serving_link_read(). */
bool serving_link_receive_head(ServingLink *link, ServingAnswer *out_answer);
/** Raw bytes that have come, at least one; 0: the other side has closed. */
gsize serving_link_read(ServingLink *link, void *out, gsize size);
/** Whether the other side closes and sends nothing more before that. */
bool serving_link_is_closed(ServingLink *link);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Serving, serving_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(ServingLink, serving_link_free)
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(ServingAnswer, serving_answer_clear)

#endif

/* server.h: the one process that an agency's people and systems talk to. */
#ifndef FISC_SERVER_SERVER_H
#define FISC_SERVER_SERVER_H

#include "fisc/context.h"
#include "fisc/error.h"

typedef struct _FiscServer FiscServer;

typedef struct {
    const char *listen;      /* "127.0.0.1:8700" */
    const char *poster_uri;  /* signs in as, or may become, fisc_poster */
    const char *poster_role; /* to SET ROLE to; NULL: the URI signs in as it */
    const char *reader_uri;  /* the same for fisc_reader: a replica's, perhaps */
    const char *reader_role;
    const char *web_dir; /* the workplace's files; NULL: none are served */
    const char *tls_cert, *tls_key, *tls_client_ca;
    bool is_read_only; /* a replica: nothing is written */
    int book_id;
} FiscServerOptions;

/** Loads the book, listens, and answers until fisc_server_close(). */
bool fisc_serve_open(const FiscServerOptions *options, FiscServer **out_server, GError **error);
int fisc_serve_port(const FiscServer *server);
/** Takes nothing new, answers what has begun, and ends. */
void fisc_serve_close(FiscServer *server);

#endif

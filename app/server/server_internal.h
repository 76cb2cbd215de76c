/* server_internal.h: what the parts of the server share. */
#ifndef FISC_SERVER_INTERNAL_H
#define FISC_SERVER_INTERNAL_H

#include "app/server/api.h"
#include "app/server/server.h"
#include "fisc/poster.h"

struct _FiscServer {
    FiscServerOptions options;
    FiscPool *posters;  /* as fisc_poster: writes, and what the engine reads */
    FiscPool *readers;  /* as fisc_reader: everything that is shown */
    FiscPoster *poster; /* NULL on a replica */
    FiscHttp *http;
};

/** signin.c: who asks. False: the reply is a problem. Nobody is a principal without person. */
bool fisc_server_sign_in(FiscCall *call);

#endif

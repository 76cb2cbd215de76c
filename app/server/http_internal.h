/* http_internal.h: what the files behind http.h share. */
#ifndef FISC_SERVER_HTTP_INTERNAL_H
#define FISC_SERVER_HTTP_INTERNAL_H

#include "app/server/http.h"
#include <microhttpd.h>

/** http_stream.c: the library's answer that reads from a stream until it ends. */
struct MHD_Response *
fisc_http_stream_response(FiscHttpStream *stream, struct MHD_Connection *connection);

#endif

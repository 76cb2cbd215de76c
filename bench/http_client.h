/* http_client.h: a client of fisc's server over a socket that is kept, as lean as can be: it shares
 * the machine with what is measured. */
#ifndef FISC_BENCH_HTTP_CLIENT_H
#define FISC_BENCH_HTTP_CLIENT_H

#include "fisc/error.h"

typedef struct _FiscBenchHttp FiscBenchHttp;

/** Connects to 127.0.0.1; NULL with @error. */
FiscBenchHttp *fisc_bench_http_new(int port, const char *token, GError **error);
void fisc_bench_http_free(FiscBenchHttp *client);
/** Asks and waits for the whole answer. @key: of a write, else NULL; @body: JSON, or NULL. */
bool fisc_bench_http_ask(FiscBenchHttp *client, const char *method, const char *path,
                         const char *key, const char *body, int *out_status, GError **error);
/** Of the last answer. */
const char *fisc_bench_http_body(const FiscBenchHttp *client);

#endif

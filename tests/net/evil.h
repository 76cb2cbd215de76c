/* evil.h: the evil peer (evil.py) as the tests use it: a process of their own, on ports of its own.
 */
#ifndef FISC_TEST_NET_EVIL_H
#define FISC_TEST_NET_EVIL_H

#include "fisc/fetch.h"

/** Starts the peer and waits until it answers. Ends the program when it cannot. */
void fisc_evil_start(void);
void fisc_evil_stop(void);

/** Rules that let a test talk to the peer: HTTP and HTTPS on 127.0.0.1, known by the authority it
 * made; patient enough for a machine that is busy with something else. */
FiscFetchRules fisc_evil_rules(void);

/** "http://127.0.0.1:PORT/PATH" of a place of the peer ("http", "good", "expired", ...). Caller
 * frees, as below. */
char *fisc_evil_url(const char *place, const char *path);
/** "127.0.0.1:PORT" */
char *fisc_evil_name(const char *place);
int fisc_evil_port(const char *place);
/** A file among its certificates, "client.pem". */
char *fisc_evil_file(const char *name);

/** How many whole requests for @path, and how many connections to a place, there were. */
int fisc_evil_count_seen(const char *path);
int fisc_evil_count_opened(const char *place);

/** A port of 127.0.0.1 that leads once to @port and is cut after @bytes from there. */
int fisc_evil_open_cutter(int port, int bytes);

/** GET of a path over HTTP. */
bool fisc_evil_get(const FiscFetchRules *rules, const char *path, FiscFetchReply **out_reply,
                   GError **error);

/** The name of an error's code, "none" for no error. */
const char *fisc_evil_code(const GError *error);
/** The body of a reply as text. */
char *fisc_evil_body(const FiscFetchReply *reply);

#endif

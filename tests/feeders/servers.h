/* servers.h: the systems that the tests take books from, as processes of their own: hledger-web,
 * and a source of files that can misbehave (source.py). Each ends when the test does. */
#ifndef FISC_TEST_FEEDERS_SERVERS_H
#define FISC_TEST_FEEDERS_SERVERS_H

#include "fisc/error.h"

/* source.py. */
typedef struct {
    char *folder; /* what it serves */
    int http, tls, api;
    void *process;
} Source;

Source *source_start(void); /* ends the program when it does not come up */
void source_stop(Source *source);
/** What it says of itself; NULL when it does not. Caller frees. */
char *source_ask(const Source *source, const char *path);
/** How often /files/ answered with a status. */
int source_count(const Source *source, int status);

/* hledger-web on one journal. */
typedef struct {
    char *journal;
    int port;
    void *process;
} HledgerWeb;

/** NULL when it can be started; else why not. */
const char *hledger_missing(void);
/** Starts it, or starts it again on the port that it had (0: a free one). Ends the program when it
 * does not come up. */
void hledger_start(HledgerWeb *web);
void hledger_stop(HledgerWeb *web);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Source, source_stop)

#endif

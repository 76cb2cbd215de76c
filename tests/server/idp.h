/* idp.h: a real identity provider as a process of its own (tests/server/provider), and the browser
 * that goes to it. Where there is no way to its packages there is none, and that is said. */
#ifndef FISC_TEST_IDP_H
#define FISC_TEST_IDP_H

#include <glib.h>
#include <stdbool.h>

/* Where the provider sends browsers back to. Nobody listens there: the test carries it over. */
#define IDP_BASE "http://127.0.0.1:8700"

typedef struct {
    char *issuer; /* "http://127.0.0.1:41234" */
    int port;
    GPid pid;
    int in;  /* its standard input: it ends with this */
    int out; /* its standard output */
} Idp;

/** NULL, after a line that says why, when there is none to be had. */
Idp *idp_new(void);
void idp_free(Idp *idp);
/** Ends it: nobody answers at its port any more. */
void idp_stop(Idp *idp);
/** What it is to do wrong from now on, or well: provider.mjs. */
void idp_command(const Idp *idp, const char *word);
/** Goes where fisc has sent the browser, signs in as @account, and on until the provider sends it
 * back: "/v1/session/provider/return?code=...". Fails the test when it does not. Caller frees. */
char *idp_visit(const Idp *idp, const char *url, const char *account);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Idp, idp_free)

#endif

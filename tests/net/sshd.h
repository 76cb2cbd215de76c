/* sshd.h: an OpenSSH server of the tests' own: one folder, one user (who runs the test), one key.
 */
#ifndef FISC_TEST_NET_SSHD_H
#define FISC_TEST_NET_SSHD_H

#include "fisc/fetch.h"

typedef struct {
    char *folder;   /* keys, configuration and what is served, in "files" */
    char *host_key; /* "SHA256:..." */
    int port;
    void *process;
} FiscSshd;

/** NULL when it can be started; else why not, in a few words. */
const char *fisc_sshd_missing(void);

/** Starts a server with a key of its own. NULL when it does not come up. Caller stops it. */
FiscSshd *fisc_sshd_start(void);
/** Ends the server and those it started for its clients; the folder stays. */
void fisc_sshd_kill(FiscSshd *sshd);
/** A new host key and the same port: what a stranger in its place would look like. */
bool fisc_sshd_restart_with_other_key(FiscSshd *sshd);
void fisc_sshd_free(FiscSshd *sshd); /* ends it, removes the folder */

#endif

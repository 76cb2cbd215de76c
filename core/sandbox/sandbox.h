/* sandbox.h: a process that may compute, read and write what is open, and nothing else: no files,
 * no network, no programs, no more memory and time than it was given. Whoever reads bytes of
 * strangers enters it first (decision 25).
 *
 * Entering is for ever. What needs a file (tables of encodings, random numbers) is fetched before.
 */
#ifndef FISC_SANDBOX_SANDBOX_H
#define FISC_SANDBOX_SANDBOX_H

#include <glib.h>
#include <stdbool.h>

typedef struct {
    guint64 memory_bytes; /* of addresses, programs and libraries included */
    guint cpu_s;          /* of processor time */
} FiscSandboxLimits;

/* How far it goes on this machine. The letters stand in answers (integrations/parse_wire.h). */
typedef enum {
    FISC_SANDBOX_FILTERED = 'F',  /* limits, and a filter of system calls */
    FISC_SANDBOX_LIMITED = 'L',   /* limits only: the kernel gives no filter */
    FISC_SANDBOX_SANITIZED = 'S', /* built to look for errors: that takes files and memory */
} FiscSandboxState;

/* With these a process in the sandbox ends on purpose; 0: it has done its work. */
#define FISC_SANDBOX_EXIT_MEMORY 70 /* it has had all the memory it was given */
#define FISC_SANDBOX_EXIT_SETUP 71  /* it did not begin: the machine is not ready */

/** Makes the filter beforehand, for copies of this process that will enter. Without it entering
 * makes its own. */
void fisc_sandbox_prepare(void);
/** Closes all descriptors from @descriptors on, lets go of root, limits and filters this process,
 * which has one thread. After it a system call that is not allowed kills the process (SIGSYS), the
 * processor limit does (SIGXCPU), and memory that g_malloc() does not get ends it with
 * FISC_SANDBOX_EXIT_MEMORY. SETUP when limits cannot be set. */
bool fisc_sandbox_enter(guint descriptors, const FiscSandboxLimits *limits,
                        FiscSandboxState *out_state, GError **error);

#endif

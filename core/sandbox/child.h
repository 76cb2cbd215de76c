/* child.h: a program run for one answer: it is given what to read, and listened to for so long and
 * so much. However it ends, we go on: how it ended is told as a value.
 *
 * May be called from any thread: the program is spawned, never forked into. */
#ifndef FISC_SANDBOX_CHILD_H
#define FISC_SANDBOX_CHILD_H

#include "core/sandbox/nursery.h"
#include <sys/types.h>

/* The program's descriptors. */
#define FISC_CHILD_REQUEST 0  /* a file of memory: what is asked */
#define FISC_CHILD_ANSWER 1   /* a pipe */
#define FISC_CHILD_DOCUMENT 3 /* 2 is /dev/null: a stranger writes nothing into our log */
#define FISC_CHILD_DESCRIPTORS 4

typedef enum {
    FISC_CHILD_DONE,
    FISC_CHILD_TIME,      /* it took too long */
    FISC_CHILD_MEMORY,    /* it wanted too much memory */
    FISC_CHILD_LENGTH,    /* it said too much */
    FISC_CHILD_FORBIDDEN, /* it tried what it may not */
    FISC_CHILD_CRASHED,   /* or somebody else ended it */
} FiscChildEnd;

typedef struct {
    const char *program; /* a path */
    GBytes *request;
    int document;         /* a descriptor, read from its beginning */
    guint wall_s;         /* however much of the processor it gets */
    gsize answer_max;     /* bytes */
    FiscNursery *nursery; /* whose copy does it; NULL: it is started for this alone */
} FiscChildOrder;

/** True when the program was run: *out_end says how it ended, *out_answer (only with DONE) what it
 * said. SETUP when it cannot be run, or says itself that it cannot begin. */
bool fisc_child_run(const FiscChildOrder *order, FiscChildEnd *out_end, GBytes **out_answer,
                    GError **error);
/** A file of memory with @bytes, to be read from its beginning; -1 with @error. Close it. */
int fisc_child_file(GBytes *bytes, GError **error);
/** For nursery.c: starts a program with these descriptors, -1 for none. Returns an errno. */
int fisc_child_spawn(const char *program, int request, int answer, int document, pid_t *out_pid);

#endif

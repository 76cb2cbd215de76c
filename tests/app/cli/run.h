/* run.h: runs the program from outside, as a script does. */
#ifndef FISC_TEST_CLI_RUN_H
#define FISC_TEST_CLI_RUN_H

#include <glib.h>

typedef struct {
    int status; /* -1: it did not end by itself */
    char *out;
    char *err;
} FiscRun;

/** Runs `fisc` ($FISC_PROGRAM) with @words through a shell, for redirections and quotes. */
FiscRun fisc_run(const char *words);
/** Runs a whole line of a shell. */
FiscRun fisc_run_shell(const char *line);
void fisc_run_clear(FiscRun *run);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscRun, fisc_run_clear)

/* What a user types, and what must come of it. */
typedef struct {
    const char *line; /* of a shell, in which the walk's own functions stand: fisc, as, journal */
    int status;
    const char *out; /* part of it; NULL: empty */
    const char *err; /* part of it; NULL: empty */
} FiscStep;

/** Runs a step behind @before, which defines those functions, and checks all three answers. */
void fisc_check_step(const FiscStep *step, const char *before);

#endif

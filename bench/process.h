/* process.h: other programs, and fisc itself from the beginning, with a watch in hand. */
#ifndef FISC_BENCH_PROCESS_H
#define FISC_BENCH_PROCESS_H

#include "fisc/error.h"

/** Runs a program to its end, its output thrown away, and tells how long it took. FAILED with what
 * it said when it did not end with status 0. */
bool fisc_bench_process_run(const char *const *argv, double *out_seconds, GError **error);

/** Seconds of the processor that this process has had, with the children that it has waited for. */
double fisc_bench_process_own(void);
/** The same of a PostgreSQL server on this machine, by the process of one of its connections; 0
 * when it is on another one. */
double fisc_bench_process_server(int connection_pid);

#endif

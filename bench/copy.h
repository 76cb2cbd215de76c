/* copy.h: what PostgreSQL itself takes: COPY of the same lines, with nothing checked. */
#ifndef FISC_BENCH_COPY_H
#define FISC_BENCH_COPY_H

#include "bench/database.h"
#include "bench/nation.h"

#define FISC_BENCH_COPY_ROWS 4096 /* a commit */

/** One stream of COPY BINARY into peer.copied (a primary key and one btree), FISC_BENCH_COPY_ROWS a
 * commit, for @seconds and at least once. Drawing and packing the rows is inside the measure.
 * @journal_id goes on from call to call. */
bool fisc_bench_copy_lines(FiscBenchDatabase *database, const FiscBenchNation *nation, int seconds,
                           FiscBenchRandom *random, int64_t *journal_id, double *out_lines_per_s,
                           GError **error);

#endif

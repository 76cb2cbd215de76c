/* clients.h: closed-loop submitters: threads that each post a voucher, wait for the answer, and
 * post the next, until somebody says stop. What posting means is given by the one under measure. */
#ifndef FISC_BENCH_CLIENTS_H
#define FISC_BENCH_CLIENTS_H

#include "bench/histogram.h"
#include "bench/nation.h"

/* How one of them posts. The functions run in the client's thread; @state is what begin made. */
typedef struct {
    const FiscBenchNation *nation;
    void *shared;                                                  /* whatever begin needs */
    bool (*begin)(void *shared, void **out_state, GError **error); /* NULL: no state */
    /** True with *out_is_posted, false for a refusal; false with @error ends the measure. */
    bool (*post)(void *shared, void *state, const FiscBenchVoucher *voucher, bool *out_is_posted,
                 GError **error);
    void (*end)(void *state); /* NULL: nothing to do */
} FiscBenchPosting;

/* What came of a measure. */
typedef struct {
    double seconds;
    int64_t posted, refused;
    FiscBenchHistogram latency;
} FiscBenchRun;

typedef struct _FiscBenchClients FiscBenchClients;

/** Begins @count clients, waits until all are ready, and lets them post. @stream tells their draws
 * from those of other measures of the same seed. */
FiscBenchClients *fisc_bench_clients_start(const FiscBenchPosting *posting, int count,
                                           uint64_t seed, uint64_t stream);
/** Vouchers answered so far by all of them. */
int64_t fisc_bench_clients_answered(const FiscBenchClients *clients);
/** True when one of them has failed: no use in waiting. */
bool fisc_bench_clients_have_failed(const FiscBenchClients *clients);
/** Lets everybody finish its voucher; @clients is gone either way. False with the first client's
 * error. */
bool fisc_bench_clients_stop(FiscBenchClients *clients, FiscBenchRun *out_run, GError **error);
/** Start, wait, stop. */
bool fisc_bench_clients_run(const FiscBenchPosting *posting, int count, int seconds, uint64_t seed,
                            uint64_t stream, FiscBenchRun *out_run, GError **error);

/** Answers a second, refusals too: they are decided and recorded like the others. */
double fisc_bench_run_rate(const FiscBenchRun *run);
/** Seconds since a moment of g_get_monotonic_time(). */
double fisc_bench_seconds_since(int64_t moment_us);
/** Sleeps, but wakes early when a client has failed. */
void fisc_bench_clients_wait(const FiscBenchClients *clients, int64_t wait_us);

#endif

/* seals.c: see seals.h. The difference is smaller than what the machine does to two measures a few
 * seconds apart. So the two are neighbours of a tenth of a second each, compared pair by pair, and
 * the median of the pairs counts: a pause of the machine spoils one pair and not the sum. */
#include "bench/seals.h"
#include "bench/result.h"
#include "ledger/batch.h"

#define SLICE_US (100 * 1000)

static double
measure_slice(const FiscBenchClients *clients, bool is_sealed)
{
    fisc_batch_leave_unsealed(!is_sealed);
    int64_t answered_before = fisc_bench_clients_answered(clients);
    int64_t begun_at_us = g_get_monotonic_time();
    fisc_bench_clients_wait(clients, SLICE_US);
    int64_t answered = fisc_bench_clients_answered(clients) - answered_before;
    return (double)answered / fisc_bench_seconds_since(begun_at_us);
}

void
fisc_bench_seals_measure(const FiscBenchClients *clients, int seconds, FiscBenchSeals *out_seals)
{
    int pairs = MAX((int)(seconds * G_USEC_PER_SEC / (2 * SLICE_US)), 1);
    g_autoptr(GArray) costs = g_array_new(FALSE, FALSE, sizeof(double));
    *out_seals = (FiscBenchSeals){0};
    for (int i = 0; i < pairs; i++) {
        bool is_sealed_first = i % 2 == 1; /* what drifts meets both alike */
        double first = measure_slice(clients, is_sealed_first);
        double second = measure_slice(clients, !is_sealed_first);
        double sealed = is_sealed_first ? first : second;
        double unsealed = is_sealed_first ? second : first;
        out_seals->sealed_per_s += sealed / pairs;
        out_seals->unsealed_per_s += unsealed / pairs;
        double cost = unsealed > 0 ? 1 - sealed / unsealed : 0;
        g_array_append_val(costs, cost);
    }
    fisc_batch_leave_unsealed(false);
    out_seals->cost = fisc_bench_median(costs);
}

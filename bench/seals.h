/* seals.h: what hashing every entry and batch costs the posting. */
#ifndef FISC_BENCH_SEALS_H
#define FISC_BENCH_SEALS_H

#include "bench/clients.h"

typedef struct {
    double sealed_per_s, unsealed_per_s; /* answers */
    double cost;                         /* share of throughput; below zero it is lost in noise */
} FiscBenchSeals;

/** Switches the seals of this process off and on again and again while @clients go on posting, for
 * @seconds; leaves them on. */
void
fisc_bench_seals_measure(const FiscBenchClients *clients, int seconds, FiscBenchSeals *out_seals);

#endif

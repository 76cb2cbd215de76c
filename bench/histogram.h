/* histogram.h: latencies counted in buckets 3 % wide: any number of them in a few kilobytes. */
#ifndef FISC_BENCH_HISTOGRAM_H
#define FISC_BENCH_HISTOGRAM_H

#include <glib.h>
#include <stdint.h>

#define FISC_BENCH_HISTOGRAM_OCTAVES 40
#define FISC_BENCH_HISTOGRAM_STEPS 32 /* of an octave */

typedef struct {
    int64_t total;
    int64_t count[FISC_BENCH_HISTOGRAM_OCTAVES * FISC_BENCH_HISTOGRAM_STEPS];
} FiscBenchHistogram;

void fisc_bench_histogram_add(FiscBenchHistogram *histogram, int64_t latency_ns);
void fisc_bench_histogram_merge(FiscBenchHistogram *into, const FiscBenchHistogram *from);
/** The latency that @share of the values do not exceed, in milliseconds; 0 of no values. */
double fisc_bench_histogram_ms(const FiscBenchHistogram *histogram, double share);

#endif

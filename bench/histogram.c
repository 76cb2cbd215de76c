/* histogram.c: see histogram.h. The bucket of a value is its highest bit and the five bits below:
 * values up to 63 have one each, later ones share it with their nearest. */
#include "bench/histogram.h"

#define STEP_BITS 5
#define BUCKETS (FISC_BENCH_HISTOGRAM_OCTAVES * FISC_BENCH_HISTOGRAM_STEPS)

G_STATIC_ASSERT(FISC_BENCH_HISTOGRAM_STEPS == 1 << STEP_BITS);

static int
bucket_of(int64_t value)
{
    if (value < FISC_BENCH_HISTOGRAM_STEPS) {
        return value > 0 ? (int)value : 0;
    }
    int shift = 63 - __builtin_clzll((unsigned long long)value) - STEP_BITS;
    int bucket = (shift << STEP_BITS) + (int)(value >> shift);
    return MIN(bucket, BUCKETS - 1);
}

/* The largest value of a bucket. */
static int64_t
limit_of(int bucket)
{
    if (bucket < 2 * FISC_BENCH_HISTOGRAM_STEPS) {
        return bucket;
    }
    int shift = (bucket >> STEP_BITS) - 1;
    int64_t step = (bucket & (FISC_BENCH_HISTOGRAM_STEPS - 1)) + FISC_BENCH_HISTOGRAM_STEPS;
    return ((step + 1) << shift) - 1;
}

void
fisc_bench_histogram_add(FiscBenchHistogram *histogram, int64_t latency_ns)
{
    histogram->count[bucket_of(latency_ns)]++;
    histogram->total++;
}

void
fisc_bench_histogram_merge(FiscBenchHistogram *into, const FiscBenchHistogram *from)
{
    for (int i = 0; i < BUCKETS; i++) {
        into->count[i] += from->count[i];
    }
    into->total += from->total;
}

double
fisc_bench_histogram_ms(const FiscBenchHistogram *histogram, double share)
{
    int64_t seen = 0;
    for (int i = 0; i < BUCKETS; i++) {
        seen += histogram->count[i];
        if (histogram->count[i] > 0 && (double)seen >= share * (double)histogram->total) {
            return (double)limit_of(i) / 1e6;
        }
    }
    return 0;
}

/* random.h: numbers that look random and are the same for the same seed: the draws of the benches.
 */
#ifndef FISC_BENCH_RANDOM_H
#define FISC_BENCH_RANDOM_H

#include <glib.h>
#include <stdint.h>

typedef struct {
    uint64_t state; /* never 0 */
} FiscBenchRandom;

/** Streams of one seed do not overlap in practice: one for each client of each measure. */
FiscBenchRandom fisc_bench_random(uint64_t seed, uint64_t stream);
uint64_t fisc_bench_random_next(FiscBenchRandom *random);
/** 0 .. @count - 1. */
int fisc_bench_random_below(FiscBenchRandom *random, int count);

/* Ranks drawn with probability 1 / rank: a few hot ones, a long tail. */
typedef struct {
    int count;
    double *upto; /* share of the ranks up to each */
    int *item;    /* which item holds a rank: hot ones lie anywhere */
} FiscBenchZipf;

FiscBenchZipf *fisc_bench_zipf_new(int count, uint64_t seed);
void fisc_bench_zipf_free(FiscBenchZipf *zipf);
int fisc_bench_zipf_draw(const FiscBenchZipf *zipf, FiscBenchRandom *random);

#endif

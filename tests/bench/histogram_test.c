/* histogram_test.c: percentiles from buckets are those of the values, to within a bucket. */
#include "bench/histogram.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_bench_histogram_tests[];

#define MS ((int64_t)1000000)

/* @actual lies at the bucket of @expected_ms: at most a thirtieth above it. */
static void
expect_near(double actual_ms, double expected_ms)
{
    CU_ASSERT(actual_ms >= expected_ms);
    CU_ASSERT(actual_ms <= expected_ms * (1 + 1.0 / 30));
}

static void
test_tells_percentiles(void)
{
    static const struct {
        double share;
        double expected_ms;
    } cases[] = {{0.001, 1}, {0.01, 10}, {0.5, 500}, {0.99, 990}, {1, 1000}};
    FiscBenchHistogram histogram = {0};
    for (int64_t i = 1; i <= 1000; i++) {
        fisc_bench_histogram_add(&histogram, i * MS);
    }
    FISC_ASSERT_INT(histogram.total, 1000);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        expect_near(fisc_bench_histogram_ms(&histogram, cases[i].share), cases[i].expected_ms);
    }
}

static void
test_holds_any_latency(void)
{
    static const int64_t latencies_ns[] = {0, 1, 63, 64, 65, 1000, 123456789, 3600000 * MS};
    for (gsize i = 0; i < G_N_ELEMENTS(latencies_ns); i++) {
        FiscBenchHistogram histogram = {0};
        fisc_bench_histogram_add(&histogram, latencies_ns[i]);
        expect_near(fisc_bench_histogram_ms(&histogram, 1), (double)latencies_ns[i] / (double)MS);
    }
    FiscBenchHistogram beyond = {0};
    fisc_bench_histogram_add(&beyond, INT64_MAX); /* counted, if only as very long */
    CU_ASSERT(fisc_bench_histogram_ms(&beyond, 1) > 1e6);
}

static void
test_merges(void)
{
    FiscBenchHistogram first = {0};
    FiscBenchHistogram second = {0};
    CU_ASSERT_EQUAL(fisc_bench_histogram_ms(&first, 0.5), 0);
    for (int i = 0; i < 10; i++) {
        fisc_bench_histogram_add(i < 9 ? &first : &second, i < 9 ? MS : 100 * MS);
    }
    fisc_bench_histogram_merge(&first, &second);
    FISC_ASSERT_INT(first.total, 10);
    expect_near(fisc_bench_histogram_ms(&first, 0.9), 1);
    expect_near(fisc_bench_histogram_ms(&first, 0.91), 100);
}

const FiscTest fisc_bench_histogram_tests[] = {
    {"tells percentiles to within a bucket", test_tells_percentiles},
    {"holds any latency, from nothing to hours and beyond", test_holds_any_latency},
    {"adds up what several clients counted", test_merges},
    {NULL, NULL},
};

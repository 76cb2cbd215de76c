/* benches.h: the benches behind the table of bench.c, and what they share. */
#ifndef FISC_BENCH_BENCHES_H
#define FISC_BENCH_BENCHES_H

#include "bench/books.h"
#include "bench/peer.h"

/* Each adds what it finds to @result. */
bool fisc_bench_feeders(const FiscBenchSettings *settings, FiscBenchResult *result, GError **error);
bool fisc_bench_http(const FiscBenchSettings *settings, FiscBenchResult *result, GError **error);
bool fisc_bench_load(const FiscBenchSettings *settings, FiscBenchResult *result, GError **error);
bool fisc_bench_memory(const FiscBenchSettings *settings, FiscBenchResult *result, GError **error);
bool
fisc_bench_position(const FiscBenchSettings *settings, FiscBenchResult *result, GError **error);
bool fisc_bench_post(const FiscBenchSettings *settings, FiscBenchResult *result, GError **error);
bool
fisc_bench_statements(const FiscBenchSettings *settings, FiscBenchResult *result, GError **error);
bool fisc_bench_report(const FiscBenchSettings *settings, FiscBenchResult *result, GError **error);

/** Tells who waits what is measured now. */
void fisc_bench_progress(const FiscBenchSettings *settings, int64_t done, int64_t total,
                         const char *format, ...) G_GNUC_PRINTF(4, 5);

#endif

/* controls.h: what five control ledgers cost the posting, against one. */
#ifndef FISC_BENCH_CONTROLS_H
#define FISC_BENCH_CONTROLS_H

#include "bench/books.h"

typedef struct {
    double one_per_s, five_per_s; /* answers */
    double ratio;                 /* five over one */
} FiscBenchControls;

/** Allots the whole budget of the nation to the quarter of the vouchers, and defines four controls
 * beside the one of the nation, out of force. @out_posted: entries that this took. */
bool fisc_bench_controls_prepare(const FiscBenchBooks *books, int64_t *out_posted, GError **error);
/** Brings the four into force and out of it again and again while @clients go on posting, for
 * @seconds; leaves them out of force. */
bool fisc_bench_controls_measure(const FiscBenchBooks *books, const FiscBenchClients *clients,
                                 int seconds, FiscBenchControls *out_controls, GError **error);

#endif

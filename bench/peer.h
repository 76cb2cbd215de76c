/* peer.h: the two SQL ledgers that fisc is measured against: designs in peer.sql. */
#ifndef FISC_BENCH_PEER_H
#define FISC_BENCH_PEER_H

#include "bench/clients.h"
#include "bench/database.h"

typedef struct {
    const FiscBenchDatabase *database;
    const FiscBenchNation *nation;
} FiscBenchPeer;

/** Makes the peers' tables and fills the budget lines. */
bool
fisc_bench_peer_prepare(FiscBenchDatabase *database, const FiscBenchNation *nation, GError **error);
/** Peer 1: one statement for each step, rows locked in order, COMMIT for each voucher. */
FiscBenchPosting fisc_bench_peer_row_locking(const FiscBenchPeer *peer);
/** Peer 2: the same as one function call. */
FiscBenchPosting fisc_bench_peer_plpgsql(const FiscBenchPeer *peer);
/** FAILED unless the peers' books add up and hold @posted and @refused vouchers. */
bool
fisc_bench_peer_check(FiscBenchDatabase *database, int64_t posted, int64_t refused, GError **error);

#endif

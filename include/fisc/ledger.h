/* ledger.h: reading the books. Every function reads in the transaction it is given, so several of
 * them in one FISC_TX_READ see one snapshot. */
#ifndef FISC_LEDGER_H
#define FISC_LEDGER_H

#include "fisc/balances.h"
#include "fisc/db.h"

/* Which moment is asked for. Zero values: everything. */
typedef struct {
    bool has_as_of;
    FiscDate as_of;   /* only entries effective by then */
    int64_t known_at; /* only what was in the chain at this batch; 0 = the newest */
} FiscMoment;

/** The master data as known at a batch (0 = now). */
bool fisc_nation_load(FiscTx *tx, int book_id, int64_t known_at, FiscNation **out_nation,
                      GError **error);
/** Turnovers by coding and period, up to and with period @to. Without a moment: checkpoint and
 * tail, exact; with one: folded from the lines. */
bool fisc_balances_load(FiscTx *tx, int book_id, const FiscNation *nation, FiscPeriod to,
                        const FiscMoment *moment, FiscBalances **out_balances, GError **error);
/** Financial lines that name a counterparty, of periods [from, to], in chain order. */
bool fisc_posted_lines_load(FiscTx *tx, int book_id, const FiscNation *nation, FiscPeriod from,
                            FiscPeriod to, const FiscMoment *moment, FiscPostedLines **out_lines,
                            GError **error);
/** All lines of the entries whose reference, document or transfer is @key, in chain order. */
bool fisc_posted_lines_trace(FiscTx *tx, int book_id, const FiscNation *nation, const char *key,
                             FiscPostedLines **out_lines, GError **error);
/** All lines of the entry posted under a reference of a source; empty when there is none. */
bool fisc_posted_lines_of(FiscTx *tx, int book_id, const FiscNation *nation, const char *source,
                          const char *reference, FiscPostedLines **out_lines, GError **error);

typedef struct {
    FiscPeriod period;
    char *state;
} FiscPeriodState;
/** Every period on record, in order: an array of FiscPeriodState. Caller unrefs. */
bool fisc_periods_load(FiscTx *tx, int book_id, GArray **out_periods, GError **error);

#endif

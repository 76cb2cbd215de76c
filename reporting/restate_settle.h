/* restate_settle.h: what successors owe each other when the lines of one entry are shared unlike.
 */
#ifndef FISC_RESTATE_SETTLE_H
#define FISC_RESTATE_SETTLE_H

#include "fisc/succession.h"

typedef struct _FiscSettlement FiscSettlement;

FiscSettlement *fisc_settlement_new(const FiscShareRule *rule);
void fisc_settlement_free(FiscSettlement *settlement);
/** A transaction that @unit was given, debit positive. */
void
fisc_settlement_add(FiscSettlement *settlement, const char *unit, FiscPeriod period, int64_t net);
/** Adds the rows that make each successor's transactions balance in each period. Once. */
void
fisc_settlement_post(FiscSettlement *settlement, const FiscNation *nation, FiscBalances *balances);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscSettlement, fisc_settlement_free)

#endif

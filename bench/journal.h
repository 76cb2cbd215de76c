/* journal.h: the same vouchers as a text for fisc and as one for plain-text accounting. */
#ifndef FISC_BENCH_JOURNAL_H
#define FISC_BENCH_JOURNAL_H

#include "bench/nation.h"

/** Writes @entries vouchers that the budget can bear: to @csv_path as `fisc post` takes them (the
 * budgetary lines are fisc's to add), to @ledger_path as `ledger` and `hledger` do, with all four
 * lines. */
bool
fisc_bench_journal_write(const FiscBenchNation *nation, int64_t entries, FiscBenchRandom *random,
                         const char *csv_path, const char *ledger_path, GError **error);

#endif

/* report_book.h: the budget book for walk 4: what it reads, and building it. */
#ifndef FISC_REPORT_BOOK_H
#define FISC_REPORT_BOOK_H

#include "fisc/budget_book.h"
#include "fisc/flow.h"
#include "fisc/ledger.h"

/* The entries that made the budget of a year, and the documents behind them. */
typedef struct FiscBookRecord FiscBookRecord;

/** Of the year of @to, up to that period; with the signers, and with the plan of later years, when
 * @query asks for them. */
bool fisc_book_record_load(FiscTx *tx, int book_id, const FiscNation *nation, FiscPeriod to,
                           const FiscMoment *moment, const FiscReportQuery *query,
                           FiscBookRecord **out_record, GError **error);
void fisc_book_record_free(FiscBookRecord *record);
/** The report "budget-book": its cells, or with --detail what they are made of. */
bool fisc_book_report(const FiscReportQuery *query, const FiscBookRecord *record,
                      const FiscNation *nation, const FiscBalances *balances, int year,
                      FiscTable **out_table, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscBookRecord, fisc_book_record_free)

#endif

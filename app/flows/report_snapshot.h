/* report_snapshot.h: what a report is built from: one snapshot, seen through the lenses that were
 * asked for. Builders are pure: they read nothing but this. */
#ifndef FISC_REPORT_SNAPSHOT_H
#define FISC_REPORT_SNAPSHOT_H

#include "app/flows/report_book.h"
#include "fisc/flow.h"
#include "fisc/ledger.h"

/* What a report reads beside nation and balances. */
typedef enum {
    FISC_REPORT_BALANCES, /* nothing */
    FISC_REPORT_LINES,
    FISC_REPORT_FUNDS,
    FISC_REPORT_BOOK,
} FiscReportWants;

typedef struct {
    const FiscReportQuery *query;
    FiscMoment moment;
    FiscNation *nation;
    FiscBalances *balances;
    FiscPostedLines *lines; /* NULL unless the report wants them */
    GPtrArray *funds;       /* of FiscFunds: likewise */
    FiscBookRecord *book;   /* likewise */
    FiscPeriod from, to;
    GPtrArray *notes; /* of char *: what the lenses say */
} FiscReportSnapshot;

typedef bool (*FiscReportBuilder)(const FiscReportSnapshot *snapshot, FiscTable **out_table,
                                  GError **error);

/** Fills what the words of the query say: period and moment. USAGE. */
bool
fisc_report_read_words(const FiscReportQuery *query, FiscReportSnapshot *snapshot, GError **error);
/** Reads what @wants needs, in one transaction of the caller's. */
bool fisc_report_read(FiscTx *tx, FiscContext *ctx, FiscReportWants wants,
                      FiscReportSnapshot *snapshot, GError **error);
/** True when the query asks for a lens that changes balances. */
bool fisc_report_has_lens(const FiscReportQuery *query);
void fisc_report_snapshot_clear(FiscReportSnapshot *snapshot);

/** The query of a statement over the snapshot, of one unit. */
FiscStatementQuery
fisc_report_statement_query(const FiscReportSnapshot *snapshot, const char *unit);
/** Leaves period 13, which holds closing entries, out of a range. USAGE when nothing is left. */
bool fisc_report_before_closing(const FiscPeriod *from, FiscPeriod *to, GError **error);

/* report_beside.c: a report in several columns. @build_one builds one of them. */
bool fisc_report_beside(FiscContext *ctx, const FiscReportQuery *query, FiscReportWants wants,
                        FiscReportBuilder build_one, FiscTable **out_table, GError **error);

/* Builders of other files, one for each row of the table in report.c. */

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscReportSnapshot, fisc_report_snapshot_clear)

#endif

/* report_snapshot.h: what a report is built from: one snapshot, seen through the lenses that were
 * asked for. Builders are pure: they read nothing but this. */
#ifndef FISC_REPORT_SNAPSHOT_H
#define FISC_REPORT_SNAPSHOT_H

#include "app/flows/report_book.h"
#include "fisc/flow.h"
#include "fisc/ledger.h"
#include "fisc/transfer.h"
#include "reporting/cell_key.h"

/* What a report reads beside nation and balances. */
typedef enum {
    FISC_REPORT_BALANCES, /* nothing */
    FISC_REPORT_LINES,
    FISC_REPORT_DEALINGS,  /* lines, and the balances of the year behind the period, too */
    FISC_REPORT_LAYERS,    /* lines of adjustment layers */
    FISC_REPORT_TRANSFERS, /* lines of grants, of all units, as far back as something is open */
    FISC_REPORT_FUNDS,
    FISC_REPORT_BOOK,
} FiscReportWants;

typedef struct {
    const FiscReportQuery *query;
    FiscMoment moment;
    int64_t rules_at; /* of the nation, where that is another batch than the moment's; or 0 */
    FiscNation *nation;
    FiscBalances *balances;
    GHashTable *stays;      /* group -> FiscBalances, where members of it come and go */
    FiscPostedLines *lines; /* NULL unless the report wants them */
    GPtrArray *funds;       /* of FiscFunds: likewise */
    FiscBookRecord *book;   /* likewise */
    GHashTable *seen; /* entities whose books are open to who asks; NULL = all, or not wanted */
    FiscPeriod from, to;
    GPtrArray *notes; /* of char *: what the lenses say */
} FiscReportSnapshot;

/* The batch as of which everything is told, and when it was sealed. */
typedef struct {
    int64_t batch;
    char *word;    /* the same as text; owned */
    char *created; /* RFC 3339, UTC; owned */
    int64_t created_us;
} FiscKnownAt;
/** @word: "12", or NULL for the newest. USAGE when there is no such batch. */
bool fisc_report_known_at(FiscTx *tx, FiscContext *ctx, const char *word, FiscKnownAt *out,
                          GError **error);
void fisc_known_at_clear(FiscKnownAt *known);

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

/** The balances as the statements of a unit see them: of a group some of whose members come and go,
 * those of their stays. */
const FiscBalances *fisc_report_balances_of(const FiscReportSnapshot *snapshot, const char *unit);
/** The query of a statement over the snapshot, of one unit. */
FiscStatementQuery
fisc_report_statement_query(const FiscReportSnapshot *snapshot, const char *unit);
/** Leaves period 13, which holds closing entries, out of a range. USAGE when nothing is left. */
bool fisc_report_before_closing(const FiscPeriod *from, FiscPeriod *to, GError **error);

/** What the lenses said, below the table. */
void fisc_report_write_notes(const FiscReportSnapshot *snapshot, FiscTable *table);
/** report_units.c: the statements of each unit and group. @ctx NULL: no progress is told. NOT_FOUND
 * when nobody has any. */
bool fisc_report_each_unit(const FiscReportSnapshot *snapshot, FiscContext *ctx,
                           FiscReportEmit emit, gpointer data, GError **error);
/** The query with what its report takes for granted. Points to the words of @query. */
FiscReportQuery fisc_report_complete(const FiscReportQuery *query);
/** fisc_flow_report(), and the snapshot that it was built from, which the caller clears. */
bool fisc_report_make(FiscContext *ctx, const FiscReportQuery *query,
                      FiscReportSnapshot *out_snapshot, FiscTable **out_table, GError **error);
/* report_beside.c: a report in several columns. @build_one builds one of them; the snapshot is that
 * of the report itself. */
bool fisc_report_beside(FiscContext *ctx, const FiscReportQuery *query, FiscReportWants wants,
                        FiscReportBuilder build_one, FiscReportSnapshot *out_snapshot,
                        FiscTable **out_table, GError **error);

/* report_transfers.c */

/** Reads the lines of grants, after the balances. */
bool fisc_report_read_transfers(FiscTx *tx, FiscContext *ctx, FiscReportSnapshot *snapshot,
                                GError **error);
FiscTransferQuery fisc_report_transfer_query(const FiscReportSnapshot *snapshot);

/* report_key.c */

/** Adds to every figure's key the words of the question that change what is counted. */
void fisc_report_key_cells(const FiscReportQuery *query, FiscTable *table);
/** The question that a key asks; its words are the key's. USAGE for a word that is none. */
bool fisc_report_query_of_key(const FiscCellKey *key, FiscReportQuery *out_query, GError **error);

/* Builders of other files, one for each row of the table in report.c. */

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscReportSnapshot, fisc_report_snapshot_clear)

#endif

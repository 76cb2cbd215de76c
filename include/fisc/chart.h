/* chart.h: the GFSM 2014 code list (sql/seeds/gfsm2014.csv, compiled in): labels and the default
 * chart of accounts. */
#ifndef FISC_CHART_H
#define FISC_CHART_H

#include "fisc/entry.h"
#include "fisc/nation.h"

typedef struct {
    const char *code;   /* "3111", "C21", "70912", "NOB" */
    const char *parent; /* "" at the top */
    const char *name;
    int level;
    const char *side;  /* "debit" "credit" */
    const char *kind;  /* "flow" "stock" "balancing" "memo" */
    const char *table; /* "revenue" "expense" "stocks" "cash_statement" "cofog" ... */
} FiscGfsCode;

/** NULL when the manual has no such code. */
const FiscGfsCode *fisc_gfs_code_find(const char *code);
/** The label of a code, "" when unknown. "311.1" and the like have their own. */
const char *fisc_gfs_label(const char *code);
/** All codes in the order of the file; *out_count of them. */
const FiscGfsCode *fisc_gfs_codes(int *out_count);

/** Adds to @submission one "account" event for every postable code of GFSM 2014 (revenue, expense,
 *  and the stock codes 6, 61.., 62.., 63.. without the alternative breakdown by residence 621 622
 * 631 632 and the memorandum rows) and for the budgetary accounts of FISC_STAGES. */
void fisc_chart_events(FiscSubmission *submission);
/** The same accounts straight into a nation, for tests and tools without a ledger. */
void fisc_chart_fill(FiscNation *nation);
/** "revenue", "expense", "nonfinancial_asset", "financial_asset", "liability", "net_worth",
 *  "budgetary", "proprietary"; 0 when the word is none of these. */
FiscClass fisc_class_find(const char *word);
const char *fisc_class_word(FiscClass class_);

#endif

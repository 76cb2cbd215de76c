/* pivot.h: the books by any segments: what a question across ministries, programmes, regions or
 * payees is answered by. Pure. */
#ifndef FISC_PIVOT_H
#define FISC_PIVOT_H

#include "fisc/balances.h"
#include "fisc/table.h"

typedef struct {
    const FiscNation *nation;
    const FiscBalances *balances; /* everything up to @to */
    const char *unit;             /* entity or group; NULL = every entity */
    FiscPeriod from, to;
    const char *by;     /* a row for each: "entity,programme:1"; as of budget-stages, and "account",
                           "class" */
    const char *across; /* a column for each, one segment: "economic:1"; NULL = one column */
    const char *where;  /* "region=08 project=P7": beginnings of codes; NULL = everything */
    const char *measure; /* "net" (NULL), "balance", "paid" ...: reporting/measure.c */
} FiscPivotQuery;

/** Columns: the segments of @by, then one for each word of @across and "total", or "amount". A note
 * says what all rows come to. USAGE for words that are none; NOT_FOUND for an unknown unit. */
bool fisc_pivot_build(const FiscPivotQuery *query, FiscTable **out_table, GError **error);

#endif

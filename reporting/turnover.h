/* turnover.h: balances added up by coding: what was there before a period, and what moved in it. */
#ifndef FISC_TURNOVER_H
#define FISC_TURNOVER_H

#include "fisc/statement.h"
#include "reporting/perimeter.h"

/* A coding's, debits positive. */
typedef struct {
    const FiscCoding *coding;
    __int128 before; /* the period */
    __int128 during;
    __int128 debit, credit; /* during */
    bool is_moved;          /* something was posted during it, even if it adds up to nothing */
} FiscTurnover;

/** Of FiscTurnover, those of the perimeter in the order of the balances, so that every run says the
 * same. Caller unrefs. */
GArray *fisc_turnovers(const FiscStatementQuery *query, const FiscPerimeter *perimeter);

#endif

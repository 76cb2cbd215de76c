/* completeness.h: how many of the units whose reports are due have reported (rule R31). */
#ifndef FISC_COMPLETENESS_H
#define FISC_COMPLETENESS_H

#include "fisc/statement.h"
#include "reporting/perimeter.h"

/** "provisional: 2,500 of 2,605 units (96.0 %), 98.3 % of value"; NULL when nothing is due. Caller
 * frees. */
char *fisc_completeness_words(const FiscCompleteness *completeness);
/** The same of a perimeter and a period, straight. */
char *fisc_completeness_note(const FiscPerimeter *perimeter, const FiscBalances *balances,
                             FiscPeriod from, FiscPeriod to);

#endif

/* drill.h: what the files that take figures apart share; the face of it is fisc/drill.h. */
#ifndef FISC_REPORTING_DRILL_H
#define FISC_REPORTING_DRILL_H

#include "fisc/drill.h"
#include "reporting/perimeter.h"

/* A coding's turnover. */
typedef struct {
    __int128 before;        /* the period, debits positive */
    __int128 debit, credit; /* of the period */
} FiscDrillSums;

FiscDrill *fisc_drill_new(FiscPeriod from, FiscPeriod to, int decimals);
/** coding -> FiscDrillSums, of what lies inside. Caller unrefs. */
GHashTable *fisc_drill_sums(const FiscBalances *balances, const FiscPerimeter *perimeter,
                            FiscPeriod from, FiscPeriod to);
/** The part of a coding, made when there is none. @places: coding -> place + 1, kept by the caller.
 * Valid until the next call. */
FiscDrillPart *fisc_drill_part(FiscDrill *drill, GHashTable *places, const FiscCoding *coding);
/** What a coding comes to, each side so often as @part says. */
__int128 fisc_drill_weighed(const FiscDrillPart *part, const FiscDrillSums *sums);
/** Works out what lines are behind each part and what the report made, drops parts that do not
 * count, and adds up the figure. */
void fisc_drill_settle(FiscDrill *drill, const FiscBalances *balances, GHashTable *sums);
/** A key of drill->places. */
gpointer fisc_drill_place_key(int coding_id, FiscPeriod period);

#endif

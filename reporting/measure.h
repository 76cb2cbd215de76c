/* measure.h: what of a coding's turnover is looked at: net flows, balances, stages of a budget,
 * cash in and out. One table, for tables by any segments and for taking their figures apart. */
#ifndef FISC_MEASURE_H
#define FISC_MEASURE_H

#include "fisc/drill.h"

typedef struct _FiscMeasure FiscMeasure;

/** "net" for NULL. USAGE names those there are. */
bool fisc_measure_find(const char *name, const FiscMeasure **out_measure, GError **error);
const char *fisc_measure_name(const FiscMeasure *measure);
/** Puts into @part how often the lines of a coding count. False: not at all. */
bool fisc_measure_weigh(const FiscMeasure *measure, const FiscCoding *coding, FiscDrillPart *part);

#endif

/* period_label.h: a range of periods in the words a report's title uses. */
#ifndef FISC_PERIOD_LABEL_H
#define FISC_PERIOD_LABEL_H

#include "fisc/date.h"

/** "2024" for a whole year, "2024-06" for one period, else "2024-07 to 2024-09". Caller frees. */
char *fisc_period_label(FiscPeriod from, FiscPeriod to);

#endif

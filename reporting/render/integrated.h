/* integrated.h: the integrated balance sheet for people: its flows in columns of their own. */
#ifndef FISC_RENDER_INTEGRATED_H
#define FISC_RENDER_INTEGRATED_H

#include "fisc/table.h"

/** Where every label of @table carries "opening|transactions|holding gains|volume changes" (the
 * statement STOCKFLOW), the same with those as amounts in front of the closing balance, and the
 * code's name in @language as label. NULL when it is no such table. */
FiscTable *fisc_integrated_table(const FiscTable *table, const char *language);

#endif

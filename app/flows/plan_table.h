/* plan_table.h: the text of a part of a budget as a table. */
#ifndef FISC_FLOWS_PLAN_TABLE_H
#define FISC_FLOWS_PLAN_TABLE_H

#include "fisc/csv.h"
#include "fisc/table.h"

/** A text as the table @name, figures as amounts with the decimals of those that have most. */
FiscTable *fisc_plan_table(const char *name, const FiscCsv *csv);

#endif

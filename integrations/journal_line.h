/* journal_line.h: one row's line. Private to integrations/. */
#ifndef FISC_INTEGRATIONS_JOURNAL_LINE_H
#define FISC_INTEGRATIONS_JOURNAL_LINE_H

#include "integrations/journal.h"

/** Appends the line of @row to @entry, or the two lines of a budgetary move. @entity NULL: not
 * known, only the rest is checked. @out_flow: FiscFlow of a financial line, 0 of a move. False:
 * refused. */
bool fisc_journal_line(FiscReader *reader, FiscSubmission *submission, FiscEntry *entry,
                       const FiscEntity *entity, const FiscJournalRow *row, int *out_flow);

#endif

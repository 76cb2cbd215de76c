/* journal_item.h: what a row says of open items. Private to integrations/. */
#ifndef FISC_INTEGRATIONS_JOURNAL_ITEM_H
#define FISC_INTEGRATIONS_JOURNAL_ITEM_H

#include "integrations/journal.h"

/** Reads item, relieves, final, expires, currency and amount_fc of @row into @line, whose amount is
 * known: that of the second stage when the row is a move. An expiry becomes an event of the
 * submission. @entity NULL: not known, only the rest is checked. False: refused. */
bool fisc_journal_item(FiscReader *reader, FiscSubmission *submission, const FiscEntity *entity,
                       const FiscJournalRow *row, bool is_move, FiscLine *line);

#endif

/* worksheet.h: scenarios an accountant can read, run through the pure engine.
 *
 *   entity E "Ministry"                               registers a unit (with its year 2024 open)
 *   control chapter absolute refuse "entity programme:1"
 *   line E 2024 programme=11                          a budget line with no amount
 *   enact A-1 E 1000.00 programme=11                  appropriation (a second word "change" before
 * E: change) move A-2 E available>commitment 200 programme=11  a move between stages post A-3 E dr
 * 22 100 programme=11 cr 3308 100     financial lines; "and AVAIL>OBLIG 100 dims" may follow period
 * 202406 closed expect posted | repeated | conflict | refused CODE [short 10.00]   of the last
 * entry funds chapter 600.00 programme=11                 what a control has available
 *
 *   move A-4 E available>commitment 200 programme=11 item=PO-1 relieves=PR-1 final=Y
 *   "item=", "relieves=", "final=Y", "currency=USD", "foreign=100", "flow=4" stand among the
 *   dimensions of a line; those of a move belong to its second stage
 *   holds chapter 100 200 0 0 programme=11            reserved, committed, accrued, paid
 *
 *   control C advisory refuse "entity programme" article='Art. 5' tolerance=5     more fields
 *   event override OV-1 control=vote ...              any other event
 *   move A-5@2024-03-31 E available>commitment 200    effective on another day than 2024-06-15;
 *   a period of its own follows it: A-5@2024-12-31/202413
 *   today 2024-07-01                                  the day of the batch
 *   warned BUDGET_ADVISORY vote short 5               one of the last entry's warnings; or their
 *   because BUDGET_EXCEEDED vote key "entity=E year=2024"    number; the same for its refusals
 *
 * A line that fails its expectation fails the test and names itself. "# ..." is a comment. */
#ifndef FISC_TEST_WORKSHEET_H
#define FISC_TEST_WORKSHEET_H

#include "ledger/engine.h"

typedef struct _FiscWorksheet FiscWorksheet;

FiscWorksheet *fisc_worksheet_new(void);
void fisc_worksheet_free(FiscWorksheet *sheet);
void fisc_worksheet_run(FiscWorksheet *sheet, const char *text);
/** Runs a text on a sheet of its own. */
void fisc_worksheet(const char *text);
/** The same, and everything is decided again from its record: nothing may be objected to. */
void fisc_worksheet_replayed(const char *text);
FiscEngine *fisc_worksheet_engine(FiscWorksheet *sheet);
/** What is available to E in every window of 2024, as the funds answer has it. Caller frees. */
char *fisc_worksheet_windows(FiscWorksheet *sheet);

/** The same words as a submission, for tests with a database: one entry a line, no expectations. */
FiscSubmission *fisc_worksheet_submission(const char *source, const char *text);

#endif

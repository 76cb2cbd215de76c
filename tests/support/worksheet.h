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
FiscEngine *fisc_worksheet_engine(FiscWorksheet *sheet);

/** The same words as a submission, for tests with a database: one entry a line, no expectations. */
FiscSubmission *fisc_worksheet_submission(const char *source, const char *text);

#endif

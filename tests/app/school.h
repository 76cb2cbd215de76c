/* school.h: a small nation for the walks: a school board, companies and a bank.
 *
 * The figures a test needs to know by heart (2024): goods 300.00 of budget, 120.50 obligated and
 * paid, 179.50 available; a roof 150.00, committed 140.00, available 10.00; interest 0.00 of
 * budget, so none may be spent. Cash 500.00 at the start, 379.50 after the books were paid. */
#ifndef FISC_TEST_SCHOOL_H
#define FISC_TEST_SCHOOL_H

#include "tests/app/books.h"

#define SCHOOL_HEADER                                                                              \
    "journal_id,date,entity,gfs_code,debit,credit,counterparty_entity,cofog,cash_code,"            \
    "cash_counterparty,stage,memo\n"

/* Lines 2 to 6 of journals.csv. */
#define SCHOOL_JOURNALS                                                                            \
    "1,2024-02-01,SCH,22,120.50,,CORP,70912,,,,Books on credit\n"                                  \
    "1,2024-02-01,SCH,3308,,120.50,CORP,,,,,\n"                                                    \
    "2,2024-02-10,SCH,3111.1,140,,,70912,,,commitment,Contract for the roof\n"                     \
    "3,2024-03-01,SCH,3308,120.50,,CORP,,,,,Books paid\n"                                          \
    "3,2024-03-01,SCH,3202,,120.50,BANK,,22,CORP,,\n"

/** An entry that buys goods on credit, two lines of journals.csv. */
#define SCHOOL_GOODS(journal, date, amount)                                                        \
    journal "," date ",SCH,22," amount ",,CORP,70912,,,,\n" journal "," date ",SCH,3308,," amount  \
            ",CORP,,,,,\n"

/** A folder with the package and @journals as the rows of its journals.csv. Freed by
 *  fixture_remove() of tests/integrations/fixture.h. */
char *school_folder(const char *journals);
/** New books with the school in them. */
Books *school_books(void);
/** Funds available of a class of the school, from fisc_flow_funds; INT64_MIN without a budget. */
int64_t school_available(Books *books, const char *gfs_code);
/** The balance of every account of the school, "6202 37950;...", those of zero left out. */
char *school_balances(Books *books);

#endif

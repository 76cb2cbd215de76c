/* town.h: a feeder of the school that drops a file in a folder. */
#ifndef FISC_TEST_TOWN_H
#define FISC_TEST_TOWN_H

#include "tests/app/books.h"

/** Puts the feeder "town" with its map on record: entries of SCH, what codes.csv does not know in
 * suspense. @document: what lies in its folder, ledger.csv (number,day,code,text,amount). Returns
 * the folder, for fixture_remove(). */
char *town_put(Books *books, const char *document);

#endif

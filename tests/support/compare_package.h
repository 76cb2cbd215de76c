/* compare_package.h: what was reported against the answers that lie beside a sample nation.
 *
 * The same comparison serves reports made from naive books and reports made from the ledger, so
 * that both are held to the same letter. Every difference is named in a failed assertion. */
#ifndef FISC_TEST_COMPARE_PACKAGE_H
#define FISC_TEST_COMPARE_PACKAGE_H

#include "fisc/table.h"

/** A field of a row of naive_csv_read(); "" when it is empty or has no such column. Borrowed. */
const char *answer_word(GHashTable *row, const char *column);

/** Every row of @unit in expected_statements.csv is in @table and the reverse, figure by figure. A
 *  row of zeros may be missing on either side. @answers: the rows of that file. */
void compare_statements(const FiscTable *table, GPtrArray *answers, const char *unit);

/** The memoranda of @unit in memorandum.csv are in @table, and no others. */
void compare_memoranda(const FiscTable *table, GPtrArray *answers, const char *unit);

/** The notes of @table name each pair in transit of @group in expected_in_transit.csv. */
void compare_transit(const FiscTable *table, GPtrArray *answers, const char *group);

/** @table and @file of @folder have the same rows in the same order; a file that is not there has
 *  none. */
void compare_rows(const FiscTable *table, const char *folder, const char *file);

#endif

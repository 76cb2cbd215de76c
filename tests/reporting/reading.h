/* reading.h: asking the statements for figures, the way a reader does. */
#ifndef FISC_TEST_READING_H
#define FISC_TEST_READING_H

#include "fisc/statement.h"
#include "tests/support/naive_books.h"

/** The statements of @unit for [from, to]; aborts when they cannot be built. */
FiscTable *
read_statements(const NaiveBooks *books, const char *unit, FiscPeriod from, FiscPeriod to);
/** Those of the books' year, members added up without elimination. */
FiscTable *read_unconsolidated(const NaiveBooks *books, const char *unit);
/** Those of the books' whole year in another family ("gfsm2001"). */
FiscTable *read_standard(const NaiveBooks *books, const char *unit, const char *family);
/** Those of the books' whole year. */
FiscTable *read_year(const NaiveBooks *books, const char *unit);
/** An amount in minor units; 0 when there is no such row. */
int64_t amount_of(const FiscTable *table, const char *statement, const char *code);
bool has_row(const FiscTable *table, const char *statement, const char *code);
/** What the notes say is in transit of an item ("NOB"), sum over units less consolidated. */
int64_t transit_of(const FiscTable *table, const char *item);
/** All notes, a line each. Caller frees. */
char *notes_of(const FiscTable *table);
char *csv_of(const FiscTable *table);
const char *text_at(const FiscTable *table, guint row, int column);
int64_t amount_at(const FiscTable *table, guint row, int column);

#endif

/* lensing.h: facts and lenses for tests of reports. */
#ifndef FISC_TEST_LENSING_H
#define FISC_TEST_LENSING_H

#include "fisc/lens.h"
#include "tests/support/naive_books.h"

/** Puts a fact on record. @fields: name, value ..., ended by NULL; its subject is made of them. */
void lensing_fact(NaiveBooks *books, const char *kind, const char *const *fields);
/** One unit of @currency is @rate of @per; @kind: "closing", "average", "year-average". */
void lensing_rate(NaiveBooks *books, const char *currency, const char *per, const char *date,
                  const char *kind, const char *rate);
/** The fiscal year of @entity begins in month @begins, since 2000. */
void lensing_calendar(NaiveBooks *books, const char *entity, const char *begins);
void lensing_currency(NaiveBooks *books, const char *entity, const char *currency);
/** Calendar and then currency, as a report applies them: "" or what was refused. The notes are
 * added to @notes, when it is not NULL. Caller frees. */
char *lensing_look(NaiveBooks *books, const FiscLensQuery *query, GString *notes);
/** Debits less credits of everything @entity has. */
int64_t lensing_balance(const NaiveBooks *books, const char *entity);

#endif

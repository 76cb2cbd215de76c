/* worksheet.h: small books as a table of lines, for tests that a reader can work by hand. */
#ifndef FISC_TEST_WORKSHEET_H
#define FISC_TEST_WORKSHEET_H

#include "tests/support/naive_books.h"

/** Posts @lines, ended by one without an entity; a line without a period gets June of 2024. */
void worksheet_post(NaiveBooks *books, const NaiveLine *lines);

#endif

/* random_books.h: seeded books of a small nation, for properties that must hold of any books.
 *
 * Units U1..U5 and groups over them: ALL, its REVERSE (the same members in another order), and the
 * halves LEFT and RIGHT. U1 is the treasury and the bank of U2. Every journal balances. */
#ifndef FISC_TEST_RANDOM_BOOKS_H
#define FISC_TEST_RANDOM_BOOKS_H

#include "tests/support/naive_books.h"

#define RANDOM_UNITS 5

/** @is_symmetric: both sides of every dealing record the same; else every fourth differs. */
NaiveBooks *random_books_new(guint32 seed, bool is_symmetric);
/** "U1" for 1. */
const char *random_unit(int number);

#endif

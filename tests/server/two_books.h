/* two_books.h: a book of two agencies, AAA and BBB, with a person for every role at AAA. Duties are
 * enforced. What BBB has done is one of two things, so that two such books differ in nothing else.
 */
#ifndef FISC_TEST_TWO_BOOKS_H
#define FISC_TEST_TWO_BOOKS_H

#include "tests/app/books.h"

#define OWN "AAA"
#define OTHER "BBB"

typedef enum { TWO_BOOKS_POOR, TWO_BOOKS_RICH } TwoBooksKind; /* what BBB has */

/** @kind: what BBB has. The roles' persons are "at-ROLE"; "chief" and "guard" keep the duties. */
Books *two_books_new(TwoBooksKind kind);
/** Names of the roles of the matrix, ended by NULL. Caller frees with g_strfreev. */
char **two_books_roles(Books *books);

#endif

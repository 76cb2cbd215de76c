/* poster_books.h: a poster on books in a database, opened and closed as a program does. */
#ifndef FISC_TEST_LEDGER_POSTER_BOOKS_H
#define FISC_TEST_LEDGER_POSTER_BOOKS_H

#include "fisc/poster.h"

typedef struct {
    char *admin; /* of the database; NULL where the test does not ask it */
    char *uri;   /* of the poster */
    FiscPool *pool;
    FiscPoster *poster;
} Books;

/** A failure here is none of the test's: it stops the program. */
void die_of(GError *error);
/** Opens pool and poster at books->uri. */
void open_books(Books *books);
void close_books(Books *books);

#endif

/* poster_books.c: see poster_books.h. */
#include "tests/ledger/poster_books.h"

void
die_of(GError *error)
{
    if (error != NULL) {
        g_error("%s", error->message);
    }
}

void
open_books(Books *books)
{
    GError *error = NULL;
    fisc_pool_open(books->uri, NULL, 4, &books->pool, &error);
    die_of(error);
    fisc_poster_open(books->pool, 1, &books->poster, &error);
    die_of(error);
}

void
close_books(Books *books)
{
    g_clear_pointer(&books->poster, fisc_poster_close);
    g_clear_pointer(&books->pool, fisc_pool_close);
}

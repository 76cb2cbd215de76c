/* sealed_book.h: a small book with everything in it that verification reads, made from a seed, and
 * copies of it to be tampered with as superuser.
 *
 * The copies have no CHECK constraints: whoever alters a row may drop them first. */
#ifndef FISC_TEST_SEALED_BOOK_H
#define FISC_TEST_SEALED_BOOK_H

#include "fisc/poster.h"
#include "fisc/verify.h"
#include <libpq-fe.h>

typedef struct {
    char *admin; /* URI as superuser */
    char *uri;   /* as fisc_poster */
    FiscPool *pool;
    PGconn *connection; /* as superuser */
    char *maintenance;  /* of a copy: where it is dropped from; else NULL */
} SealedBook;

/** A new book: master data and a control, then @batches submissions of random entries: some with
 * memo, document, transfer, correction, reversal, some refused, one period closed; a checkpoint in
 * between, so that a tail is left. */
SealedBook *sealed_book_new(GRand *random, int batches);
/** More of the same, with references of their own. */
void sealed_book_post(SealedBook *book, GRand *random, int batches, const char *prefix);
/** A copy of the whole database, without CHECK constraints; nobody may be connected to @book but
 * itself: its connections are closed and opened again. */
SealedBook *sealed_book_copy(SealedBook *book);
void sealed_book_free(SealedBook *book); /* drops the database of a copy, too */

/** First column of the first row as text; "" for none. Stops the program when it fails. */
char *sealed_book_ask(const SealedBook *book, const char *format, ...) G_GNUC_PRINTF(2, 3);
int64_t sealed_book_number(const SealedBook *book, const char *format, ...) G_GNUC_PRINTF(2, 3);
/** Runs statements; returns the rows changed by the last. Stops the program when they fail. */
int sealed_book_run(const SealedBook *book, const char *format, ...) G_GNUC_PRINTF(2, 3);

/** Computes every hash from a batch on again, from the rows as they stand, and stores them: what an
 * insider with the program can do. */
void sealed_book_seal(const SealedBook *book, int64_t batch_no);
void sealed_book_store_hash(const SealedBook *book, const char *table, const char *key,
                            int64_t number, const char *column, const uint8_t hash[32]);

/** What verification says; stops the program when it cannot say anything. */
FiscVerifyReport *sealed_book_verify(const SealedBook *book, const FiscVerifyOptions *options);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(SealedBook, sealed_book_free)

#endif

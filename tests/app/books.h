/* books.h: books on a database of their own, kept through the flows as a command would.
 *
 * A failure of the system ends the program, because nothing said after it would be a result;
 * refusals come back to the test. */
#ifndef FISC_TEST_BOOKS_H
#define FISC_TEST_BOOKS_H

#include "fisc/flow.h"

typedef struct {
    char *admin; /* URI of the database's owner, who may look everywhere */
    char *uri;   /* of the role that posts: what the flows use */
    FiscPool *pool;
    FiscContext ctx;
} Books;

/** New, empty, open books. */
Books *books_new(void);
/** New books as @fill leaves them. It runs once in a program for each @name; who asks for them
 * again has a copy of their database, which says and does the same. */
Books *
books_filled(const char *name, void (*fill)(Books *books, const void *data), const void *data);
/** New books with the package of @folder, without a refusal; loaded once in a program. */
Books *books_loaded(const char *folder);
/** Closes them and drops their database; NULL does nothing. */
void books_free(Books *books);
/** Closes the connections, which must not be shared with a child process; and opens them again. */
void books_close(Books *books);
void books_open(Books *books);

/* ---- the flows, without their failures ---- */

FiscLoadReport *books_load(Books *books, const char *folder);
/** Loads and expects no refusal. */
void books_must_load(Books *books, const char *folder);
/** Loads a package that is nothing but its entities.csv, and expects no refusal. */
void books_must_load_entities(Books *books, const char *entities);
/** Puts a text of feeders.csv on the register: its first refusal in words; NULL when there is none.
 * Caller frees. */
char *books_put_feeders(Books *books, const char *text);
void books_must_put_feeders(Books *books, const char *text);
/** Puts the map of @folder in force for @feeder, and expects no refusal. */
void books_must_map(Books *books, const char *feeder, const char *folder);
/** Posts a text of journals.csv under the source "test". Refusals of the text fail the test. */
FiscReceipt *books_post(Books *books, const char *text);
/** Posts and expects that everything is posted. */
void books_must_post(Books *books, const char *text);
FiscTable *books_report(Books *books, const FiscReportQuery *query);
/** A report as CSV text: the bytes a reader gets. */
char *books_report_csv(Books *books, const FiscReportQuery *query);
/** "open" ... of one period: "202403". */
void books_set_period(Books *books, const char *period, const char *state);

/** Ends the program with @error, and expects that nothing was refused; frees the receipt. */
void books_expect_done(FiscReceipt *receipt, GError *error);

/* ---- duties; the actor stays who he was ---- */

/** Who administers persons and who confirms: any two. */
typedef struct {
    const char *admin, *guard;
} BooksOffice;
/** Puts a person on record, as the actor. */
void books_must_register(Books *books, const char *person);
/** Puts both on record, and the matrix as shipped. */
void books_must_init_duties(Books *books, BooksOffice office);
/** Puts a person on record, with a role for @entity; NULL = for all. */
void books_must_give(Books *books, BooksOffice office, const char *person, const char *role,
                     const char *entity);
void books_must_enforce(Books *books, BooksOffice office);

/* ---- the database, behind the flows' back ---- */

/** First column of the first row; "" when there is none. Caller frees. */
char *books_ask(const Books *books, const char *sql);
void books_expect(const Books *books, const char *sql, const char *expected);
/** First column -> second column as int64_t, of every row. */
GHashTable *books_ask_amounts(const Books *books, const char *sql);
/** The number of the newest batch. */
int64_t books_batch(const Books *books);
/** Each batch is linked to the one before, numbers have no gaps, no reference stands twice, every
 *  entry has its reference, and balances are the sums of the lines. */
void books_expect_whole(const Books *books);

/* ---- tables ---- */

/** "a|b" of the first @key_columns cells -> FiscRow; a key that stands twice fails. */
GHashTable *books_index(const FiscTable *table, int key_columns);
/** An amount in minor units; 0 when there is no such row. Fails when there is no such column. */
int64_t
books_amount(const FiscTable *table, GHashTable *index, const char *key, const char *column);
const char *books_text(const FiscRow *row, int column);

/** The first refusal as "CODE file:line:field"; "" when there is none. Caller frees. */
char *books_first_refusal(const FiscRefusals *refusals);

/** Absolute path in the source tree. Caller frees. */
char *books_source_path(const char *relative);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Books, books_free)

#endif

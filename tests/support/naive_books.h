/* naive_books.h: books kept the plainest way, for tests of what is made from books.
 *
 * Reads a nation package, or takes lines one by one, into the same values that the ledger gives to
 * reports, without database, engine or importer, and without sharing code with them: it splits its
 * own CSV, takes its own codes apart and does its own budget arithmetic. */
#ifndef FISC_TEST_NAIVE_BOOKS_H
#define FISC_TEST_NAIVE_BOOKS_H

#include "fisc/balances.h"

typedef struct {
    FiscNation *nation; /* with the GFSM 2014 chart */
    FiscBalances *balances;
    FiscPostedLines *lines; /* financial lines with a counterparty, in order */
    GHashTable *codings;    /* words -> FiscCoding of @balances */
    int year;               /* of the package's first journal */
} NaiveBooks;

/* One line. NULL words are empty. */
typedef struct {
    const char *journal;
    const char *entity;
    const char *code; /* GFS code as posted, or a budgetary account ("B11") */
    FiscPeriod period;
    int64_t amount; /* minor units, debit positive */
    const char *counterparty;
    const char *cofog;
    const char *cash_code;
    const char *cash_counterparty;
    const char *layer;
    const char *gfs_class; /* of a budgetary line */
    const char *programme;
    const char *economic;
} NaiveLine;

NaiveBooks *naive_books_new(void);
/** A whole package folder; a file that is not there is empty. Aborts on what it does not know. */
NaiveBooks *naive_books_read(const char *folder);
void naive_books_free(NaiveBooks *books);
/** A unit that has statements, with two decimals and counterparty code @cp_code. */
void naive_entity(NaiveBooks *books, const char *code, const char *cp_code);
/** One that is only a counterparty. */
void naive_outsider(NaiveBooks *books, const char *code, const char *cp_code);
void naive_post(NaiveBooks *books, const NaiveLine *line);

/** The rows of a CSV file, each a hash table of column -> value; empty when there is no file. */
GPtrArray *naive_csv_read(const char *folder, const char *file);
/** "12.5" with two decimals is 1250. */
int64_t naive_amount(const char *text);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(NaiveBooks, naive_books_free)

#endif

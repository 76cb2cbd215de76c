/* books.h: fisc under measure: a book with the made-up nation and its budget, and the ways to post
 * vouchers into it. */
#ifndef FISC_BENCH_BOOKS_H
#define FISC_BENCH_BOOKS_H

#include "bench/clients.h"
#include "bench/database.h"
#include "fisc/poster.h"

typedef struct {
    FiscBenchDatabase *database;
    const FiscBenchNation *nation;
    FiscPoster *poster;
} FiscBenchBooks;

/** Posts nation and budget into the empty book of @database, and is ready. Borrows both. */
bool fisc_bench_books_open(FiscBenchDatabase *database, const FiscBenchNation *nation,
                           FiscBenchBooks **out_books, GError **error);
void fisc_bench_books_close(FiscBenchBooks *books);

/** Closed-loop clients: a submission of one voucher each. */
FiscBenchPosting fisc_bench_books_posting(const FiscBenchBooks *books);
/** One importer: submissions of many vouchers, each on its own. Posts for @seconds and at least
 * once; adds to @out_run, without latencies. */
bool fisc_bench_books_import(const FiscBenchBooks *books, int seconds, FiscBenchRandom *random,
                             FiscBenchRun *out_run, GError **error);
/** The same for a number of vouchers, without a watch. */
bool fisc_bench_books_import_count(const FiscBenchBooks *books, int64_t vouchers,
                                   FiscBenchRandom *random, FiscBenchRun *out_run, GError **error);

/** FAILED unless the chain is whole, the balances are the sums of the lines, no budget is overdrawn
 * and its book holds @posted vouchers beside the nation's budget, and @refused refusals. */
bool fisc_bench_books_check(FiscBenchDatabase *database, int64_t posted, int64_t refused,
                            GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscBenchBooks, fisc_bench_books_close)

#endif

/* pair.h: two posters of one book in this process. Each has its own connections and its own engine,
 * so they are two processes, as far as the books can tell. */
#ifndef FISC_FAULT_PAIR_H
#define FISC_FAULT_PAIR_H

#include "fisc/poster.h"
#include "tests/fault/request.h"

typedef struct {
    FiscPool *pool;
    FiscPoster *poster;
} FaultPoster;

typedef struct {
    char *admin_uri, *uri;
    FaultPoster one, two;
} FaultPair;

/** Both on a new database that holds fault_books(). What fails here ends the program. */
FaultPair fault_pair_open(const char *level, int64_t amount);
void fault_pair_close(FaultPair *pair);

/** Opens the books of a database: fault_books() is submitted, nothing else. */
void fault_books_open(const char *uri, const char *level, int64_t amount);
/** Caller frees. */
FiscReceipt *fault_submit(const FaultPoster *to, const FiscSubmission *submission);
/** Must not be refused. */
void fault_set_period(const FaultPoster *to, FiscPeriod period, const char *state);
FiscPosterCounts fault_count(const FaultPoster *poster);

#endif

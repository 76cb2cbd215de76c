/* acts.h: what makes a budget, act by act, into naive books and into lines as the ledger gives
 * them.
 */
#ifndef FISC_TEST_ACTS_H
#define FISC_TEST_ACTS_H

#include "fisc/budget_book.h"
#include "tests/support/naive_books.h"

/* One line of an entry: it comes from, or goes to, the counterpart of its stage. */
typedef struct {
    int entry; /* lines of one entry stand together */
    FiscStage stage;
    int64_t amount; /* more is positive, also of what was spent */
    const char *programme, *economic;
    const char *date;     /* NULL: 2024-03-01 */
    const char *document; /* NULL = none */
    bool reverses;
    const char *entity; /* NULL: "MIN" */
    const char *cofog, *gfs_class;
} Act;

typedef struct {
    NaiveBooks *books;
    FiscPostedLines *limits; /* what fisc_limit_lines_load() would give of it */
} Acts;

/** Books of the entities MIN and CITY and their group GOV. */
Acts *acts_new(void);
void acts_free(Acts *acts);
/** A spending stage draws on the one before, so 30 paid are 30 less accrued. */
void acts_post(Acts *acts, const Act *act);
/** Ended by an act of the stage NONE. */
void acts_post_all(Acts *acts, const Act *list);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Acts, acts_free)

#endif

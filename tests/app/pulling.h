/* pulling.h: a feeder that drops its documents in a folder of this machine: its books, its map,
 * what became of a pull. */
#ifndef FISC_TEST_PULLING_H
#define FISC_TEST_PULLING_H

#include "fisc/feeder.h"
#include "tests/app/books.h"

/* Payments of a town: a layout with a table of codes; what is not in it lands in suspense. */
#define PULLING_PROFILE                                                                            \
    "[file]\nname = payments.csv\nsource = town/payments\ncurrency = EUR\nsteps = Payments\n"      \
    "[columns]\nno = no\ndate = date\ncode = code\namount = amount\nentity = entity\n"             \
    "[amounts]\namount = plus\n"                                                                   \
    "[value gfs]\nmap = codes.csv\nof = {code}\nprefix = prefix\nresult = gfs\n"                   \
    "missing = suspense\nsuspense = 2\nweigh = amount\n"                                           \
    "[value cash_row]\ncash_row = {gfs}\n"                                                         \
    "[dimensions cash]\ncash_code = {cash_row}\n"                                                  \
    "[entry payment]\nstep = Payments\nreference = {no}\nentity = {entity}\ndate = {date}\n"       \
    "amount = amount\ndebit = {gfs}\ncredit = 3202\ncredit_dimensions = cash\n"
#define PULLING_HEADER "no,date,code,amount,entity\n"

typedef struct {
    Books *books;
    char *drop; /* the folder; removed at the end */
} Pulling;

/** Books with the units of @entities (text of entities.csv), a feeder "source" of the @unit, by
 * @connector from a folder of ours, @documents as in feeders.csv, @read together or each; and the
 * map of a folder in force. */
Pulling pulling_new(const char *entities, const char *unit, const char *connector,
                    const char *documents, const char *read, const char *map);
void pulling_clear(Pulling *pulling);

/** Drops a document of this text, or a copy of a file. */
void pulling_drop(Pulling *pulling, const char *name, const char *text);
void pulling_drop_copy(Pulling *pulling, const char *name, const char *path);
/** Pulls once. The caller frees. */
FiscPullReport *pulling_pull(Pulling *pulling);
/** Pulls, and compares the last run: "posted 3 0 0" are posted, reversed, unchanged. */
void pulling_expect(Pulling *pulling, const char *expected);
/** Pulls, and expects that it is quarantined, with these words in its first refusal, and that
 * nothing is posted. */
void pulling_expect_quarantine(Pulling *pulling, const char *words);

/** The text of a file. Caller frees. */
char *pulling_read(const char *path);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Pulling, pulling_clear)

#endif

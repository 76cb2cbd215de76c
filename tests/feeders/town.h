/* town.h: a town whose books are pulled from a real system: its feeder, its map, what became of a
 * pull, what stands in the books. */
#ifndef FISC_TEST_FEEDERS_TOWN_H
#define FISC_TEST_FEEDERS_TOWN_H

#include "fisc/feeder.h"
#include "tests/app/books.h"

typedef struct {
    Books *books;
    guint tries;         /* as in FiscPullOrder */
    const char *secrets; /* folder; NULL */
} Town;

/** Books with the town, its feeder put on record by @feeder (the row of feeders.csv from the column
 * connector: "https,https://...,a.csv,together,trust") and the map of a folder in force. The map is
 * tried on documents, so none are asked for here. */
Town town_new(const char *feeder, const char *map);
/** The same at a Tryton, whose account 600 is supplies and 100 the bank; the user's password is put
 * into @folder. */
Town town_new_tryton(const char *folder, const char *at, const char *trust);
/** The same at an iFIX, whose tenant is "pb" and whose events are all bills for supplies. */
Town town_new_ifix(const char *at, const char *trust);
void town_free(Town *town);

/** What became of a pull: "posted 3 0 0" are posted, reversed, unchanged; "failed" or "quarantined"
 * with the reason. Caller frees. */
char *town_pull(Town *town);
void town_expect_pull(Town *town, const char *expected);
/** That it ends so, for a reason with these words, and that nothing is posted. */
void town_expect_no_pull(Town *town, const char *outcome, const char *words);
/** SHA-256 of the newest document that is kept; "" when there is none. Caller frees. */
char *town_staged(const Town *town);

/** Writes a file; ends the program when it cannot be written. */
void town_write(const char *folder, const char *name, const char *text);

/* A folder for a moment. */
char *town_folder_new(void);
void town_folder_free(char *folder);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Town, town_free)

#endif

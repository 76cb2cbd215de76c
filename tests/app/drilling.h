/* drilling.h: taking figures apart by the thousand: the books of a test are read once, with all
 * their lines, and each figure is asked for in memory, as `fisc drill` would ask the database. */
#ifndef FISC_TEST_DRILLING_H
#define FISC_TEST_DRILLING_H

#include "fisc/drill.h"
#include "tests/app/books.h"

typedef struct {
    FiscNation *nation;
    FiscBalances *balances;
    GArray *lines; /* of FiscCodingLine, all there are */
    GStringChunk *chunk;
    GPtrArray *digests;
} Drilling;

/** Everything up to and with @to. */
Drilling *drilling_read(Books *books, FiscPeriod to);
void drilling_free(Drilling *drilling);
/** The figure of a statement as a table; aborts when there is none. */
FiscTable *
drilling_table(const Drilling *drilling, const FiscStatementQuery *query, const char *statement,
               const char *code, FiscDrillLevel level, FiscDrillOriginFind find, gpointer data);
/** What the column "counted" adds up to. */
__int128 drilling_total(const FiscTable *table);
/** Takes every figure of a table of statements apart, at every level, and expects that its parts
 * are the figure. Returns how many figures there were. */
guint drilling_expect_all(const Drilling *drilling, const FiscStatementQuery *query,
                          const FiscTable *table);

/** Of Madrid's books, loaded from @folder: every figure of the consolidated Statement of Operations
 * down to its published rows. */
void drilling_expect_published(Books *books, const char *folder);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(Drilling, drilling_free)

#endif

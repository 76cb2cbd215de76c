/* package_table.h: a small file of a package, row by row: what the readers of master data share.
 * Private to integrations/. */
#ifndef FISC_INTEGRATIONS_PACKAGE_TABLE_H
#define FISC_INTEGRATIONS_PACKAGE_TABLE_H

#include "integrations/reader.h"

#define FISC_PACKAGE_COLUMNS_MAX 24

/* A row of a file, its columns by their position among the names. */
typedef struct {
    FiscReader *reader;
    const FiscCsv *csv;
    const char *const *names;
    int column_of[FISC_PACKAGE_COLUMNS_MAX];
    const FiscCsvRow *row;
    GHashTable *seen; /* subjects of earlier rows -> line */
    bool is_refused;  /* the taker's word: its columns will not do, leave the other rows */
} FiscPackageTable;

typedef void (*FiscTakeRow)(FiscPackageTable *table);

/** Reads a file of the folder, when it is there, and takes its rows. The first @required_count of
 * @names, which ends with NULL, must be columns of it. False only when it cannot be read. */
bool fisc_package_table(FiscReader *reader, const char *file, const char *const *names,
                        int required_count, FiscTakeRow take_row, GError **error);
/** The field of a column; "" when the file does not have it. */
const char *fisc_package_value(const FiscPackageTable *table, int column);
FiscPlace fisc_package_place(const FiscPackageTable *table, int column);
/** True when the file has the column, be it empty. */
bool fisc_package_has(const FiscPackageTable *table, int column);
/** The second row of one subject is refused: which of them should hold? */
bool fisc_package_is_new(FiscPackageTable *table, int column, const char *subject);
/** Refuses a value that is none of @words, which end with NULL. */
bool fisc_package_word(FiscPackageTable *table, int column, const char *const *words);
/** The package's master data. */
FiscSubmission *fisc_package_master(const FiscPackageTable *table);
/** NULL for "". */
const char *fisc_package_text(const char *text);

#endif

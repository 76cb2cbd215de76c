/* journal.h: rows that name entry and line at once become entries. CSV rows and JSON lines are both
 * turned into FiscJournalRow first, so that one set of rules judges them. Private to integrations/.
 */
#ifndef FISC_INTEGRATIONS_JOURNAL_H
#define FISC_INTEGRATIONS_JOURNAL_H

#include "integrations/reader.h"

/* X(NAME, column): first the words of the entry, then those of the line. The code of the line is
 * the dimension gfs_code: on a budgetary line it is a dimension indeed. */
#define FISC_JOURNAL_ENTRY_FIELDS(X)                                                               \
    X(ENTITY, "entity")                                                                            \
    X(JOURNAL_ID, "journal_id")                                                                    \
    X(REFERENCE, "reference")                                                                      \
    X(DATE, "date")                                                                                \
    X(PERIOD, "period")                                                                            \
    X(MEMO, "memo")                                                                                \
    X(DOCUMENT, "document")                                                                        \
    X(TRANSFER, "transfer")                                                                        \
    X(CORRECTS, "corrects")
#define FISC_JOURNAL_LINE_FIELDS(X)                                                                \
    X(ACCOUNT, "account")                                                                          \
    X(SET, "set")                                                                                  \
    X(STAGE, "stage")                                                                              \
    X(DEBIT, "debit")                                                                              \
    X(CREDIT, "credit")                                                                            \
    X(FLOW, "flow")                                                                                \
    X(CURRENCY, "currency")                                                                        \
    X(AMOUNT_FC, "amount_fc")                                                                      \
    X(ITEM, "item")                                                                                \
    X(RELIEVES, "relieves")                                                                        \
    X(FINAL, "final")                                                                              \
    X(EXPIRES, "expires")

typedef enum {
#define X(name, column) FISC_FIELD_##name,
    FISC_JOURNAL_ENTRY_FIELDS(X)
#undef X
        FISC_ENTRY_FIELD_COUNT,
    FISC_FIELD_BEFORE_LINE = FISC_ENTRY_FIELD_COUNT - 1,
#define X(name, column) FISC_FIELD_##name,
    FISC_JOURNAL_LINE_FIELDS(X)
#undef X
        FISC_FIELD_DIMENSIONS, /* the first of FISC_DIM_COUNT */
    FISC_FIELD_COUNT = FISC_FIELD_DIMENSIONS + FISC_DIM_COUNT
} FiscJournalField;

typedef struct {
    const char *value[FISC_FIELD_COUNT]; /* never NULL: "" = not given */
    FiscPlace place;                     /* of the row; its prefix is of line fields */
    const char *entry_prefix;            /* of entry fields */
} FiscJournalRow;

typedef enum {
    FISC_JOURNAL_ORDINARY,
    FISC_JOURNAL_CLOSING, /* closes the year: its entries go to period 13 */
} FiscJournalKind;

typedef struct _FiscJournal FiscJournal;

/** The column of a field. */
const char *fisc_journal_column(int field);
/** The field of a column, by its name or the second name of a dimension; -1: none. */
int fisc_journal_field(const char *column);

FiscJournal *fisc_journal_new(FiscReader *reader, FiscJournalKind kind, FiscSubmission *submission);
void fisc_journal_free(FiscJournal *journal);
/** Adds a row to the entry of its entity and reference (else journal id), making it on first sight.
 *  @begins_entry: a second entry of that name is another one, not more of the first. */
void fisc_journal_add(FiscJournal *journal, const FiscJournalRow *row, bool begins_entry);
/** After the last row: checks every entry as a whole. */
void fisc_journal_finish(FiscJournal *journal);

/** Reads a table with the columns of journals.csv. */
void fisc_journal_from_csv(FiscReader *reader, const FiscCsv *csv, FiscJournalKind kind,
                           FiscSubmission *submission);
/** The date of an entry that names none: the package's, or the last day of its year when the
 * journal closes it. "" when the package does not say. */
void fisc_journal_default_date(const FiscReader *reader, FiscJournalKind kind,
                               char buffer[FISC_DATE_TEXT]);
/** The options that journals.csv is read with. */
const FiscCsvOptions *fisc_journal_csv_options(void);
/** Reads NDJSON: one entry a line, or one event (docs/package-format.md, "NDJSON"). */
void fisc_journal_from_ndjson(FiscReader *reader, const char *name, const char *data, gsize length,
                              FiscSubmission *submission);

/** The same from a request: see fisc_package_read_body(). */
void
fisc_journal_from_body(FiscReader *reader, const FiscPackageBody *body, FiscSubmission *submission);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscJournal, fisc_journal_free)

#endif

/* journal_csv.c: journals.csv as rows of a journal. */
#include "fisc/csv.h"
#include "integrations/journal.h"

/* Every name a column may have; the second names of dimensions are at the end. */
static const char *const columns[] = {
#define X(name, column) column,
    FISC_JOURNAL_ENTRY_FIELDS(X) FISC_JOURNAL_LINE_FIELDS(X)
#undef X
#define X(name, column, meaning) column,
        FISC_DIMENSIONS(X)
#undef X
            "function",
    "counterparty",
    NULL,
};
static const char *const required[] = {"debit", "credit", NULL};
static const FiscCsvOptions options = {.columns = columns, .required = required};

const FiscCsvOptions *
fisc_journal_csv_options(void)
{
    return &options;
}

/* The field of each column; two columns of one field ("cofog" and "function") are refused. */
static bool
find_fields(FiscReader *reader, const FiscCsv *csv, int column_of[FISC_FIELD_COUNT])
{
    bool is_good = true;
    for (int i = 0; i < FISC_FIELD_COUNT; i++) {
        column_of[i] = -1;
    }
    for (guint i = 0; i < csv->columns->len; i++) {
        const char *name = csv->columns->pdata[i];
        int field = fisc_journal_field(name);
        g_assert(field >= 0); /* the reader of the table knows no others */
        if (column_of[field] >= 0) {
            FiscPlace place = {.file = csv->file, .line = 1, .field = name};
            is_good = fisc_reader_refuse(reader, place, FISC_ERROR_VALUE_INVALID, NULL,
                                         "the column is there twice, under two names");
        }
        column_of[field] = (int)i;
    }
    return is_good;
}

/* A name and a code are needed, in either of their forms. */
static bool
check_alternatives(FiscReader *reader, const FiscCsv *csv, const int column_of[FISC_FIELD_COUNT])
{
    static const struct {
        int either, or_else;
    } pairs[] = {
        {FISC_FIELD_JOURNAL_ID, FISC_FIELD_REFERENCE},
        {FISC_FIELD_DIMENSIONS + FISC_DIM_GFS, FISC_FIELD_ACCOUNT},
    };
    bool is_good = true;
    guint count =
        column_of[FISC_FIELD_STAGE] < 0 ? G_N_ELEMENTS(pairs) : 1; /* stages need no code */
    for (guint i = 0; i < count; i++) {
        if (column_of[pairs[i].either] < 0 && column_of[pairs[i].or_else] < 0) {
            const char *name = fisc_journal_column(pairs[i].either);
            FiscPlace place = {.file = csv->file, .line = 1, .field = name};
            is_good = fisc_reader_refuse(reader, place, FISC_ERROR_COLUMN_MISSING, NULL,
                                         "the header has no column \"%s\" and no \"%s\"", name,
                                         fisc_journal_column(pairs[i].or_else));
        }
    }
    return is_good;
}

/* Entity and date are on each row, or said once in package.csv. */
static bool
check_defaults(FiscReader *reader, const FiscCsv *csv, FiscJournalKind kind,
               const int column_of[FISC_FIELD_COUNT])
{
    char date[FISC_DATE_TEXT];
    fisc_journal_default_date(reader, kind, date);
    const struct {
        int field;
        bool has_default;
    } fields[] = {
        {FISC_FIELD_DATE, *date != '\0'},
        {FISC_FIELD_ENTITY, reader->defaults.entity != NULL},
    };
    bool is_good = true;
    for (guint i = 0; i < G_N_ELEMENTS(fields); i++) {
        if (column_of[fields[i].field] < 0 && !fields[i].has_default) {
            const char *name = fisc_journal_column(fields[i].field);
            FiscPlace place = {.file = csv->file, .line = 1, .field = name};
            is_good = fisc_reader_refuse(reader, place, FISC_ERROR_COLUMN_MISSING,
                                         "a package says it once for all in package.csv",
                                         "the header has no column \"%s\"", name);
        }
    }
    return is_good;
}

void
fisc_journal_from_csv(FiscReader *reader, const FiscCsv *csv, FiscJournalKind kind,
                      FiscSubmission *submission)
{
    int column_of[FISC_FIELD_COUNT];
    bool has_columns =
        find_fields(reader, csv, column_of) && check_defaults(reader, csv, kind, column_of);
    if (!has_columns || !check_alternatives(reader, csv, column_of)) {
        return;
    }
    g_autoptr(FiscJournal) journal = fisc_journal_new(reader, kind, submission);
    for (guint i = 0; i < csv->rows->len; i++) {
        const FiscCsvRow *line = &g_array_index(csv->rows, FiscCsvRow, i);
        FiscJournalRow row = {.place = {.file = csv->file, .line = line->line, .prefix = ""},
                              .entry_prefix = ""};
        for (int field = 0; field < FISC_FIELD_COUNT; field++) {
            row.value[field] = fisc_csv_field(csv, line, column_of[field]);
        }
        fisc_journal_add(journal, &row, false);
    }
    fisc_journal_finish(journal);
}

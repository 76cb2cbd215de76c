/* xlsx.h: spreadsheets: a report written as one, and one read like a file of CSV.
 *
 * A spreadsheet comes from outside, so it is read as a hostile file: what it may unpack to, how
 * many rows, columns and cells it may have and how deep its XML may go is limited, it may declare
 * no document type, and nothing outside it is opened. */
#ifndef FISC_XLSX_H
#define FISC_XLSX_H

#include "fisc/csv.h"
#include "fisc/table.h"

#define FISC_XLSX_UNPACKED_MAX (256LL * 1024 * 1024) /* bytes of all that is read of it */
#define FISC_XLSX_ENTRIES_MAX 10000                  /* files inside it */
#define FISC_XLSX_ROWS_MAX 1048576
#define FISC_XLSX_COLUMNS_MAX 16384
#define FISC_XLSX_CELLS_MAX (20 * 1024 * 1024) /* rows times columns */
#define FISC_XLSX_TEXT_MAX 32767               /* characters of one cell */

/** True when @data begins as a spreadsheet does ("PK") and no text. */
bool fisc_xlsx_is(const char *data, gsize length);

/** Reads one sheet (NULL = that of the options, or the first in sight) as a table: the first row
 * that is not empty is the header, rows keep their numbers. Cells are text: numbers in their
 * shortest decimal form, days as ISO dates, true and false, a formula's value as it was saved. True
 * with a table, or with refusals that name file, sheet, row and column, as @file "lines.xlsx sheet
 * Requests" and @field "column C (request_2019)"; then *out_csv is NULL. Of @options the separator,
 * the encoding and comments do not apply. */
bool fisc_xlsx_parse(const char *name, const char *data, gsize length, const char *sheet,
                     const FiscCsvOptions *options, FiscCsv **out_csv, FiscRefusals *refusals);
/** The same from a file. False only when it cannot be read. */
bool fisc_xlsx_read(const char *path, const char *sheet, const FiscCsvOptions *options,
                    FiscCsv **out_csv, FiscRefusals *refusals, GError **error);

/** Makes refusals from index @from on, which name a column of @csv, say where in the sheet it
 * stands: "request_2019" becomes "column C (request_2019)". Nothing for what was no spreadsheet. */
void fisc_csv_place_refusals(const FiscCsv *csv, FiscRefusals *refusals, guint from);

/* A sheet as CSV text, for readers of text. */
typedef struct {
    GString *text;
    GArray *places; /* which row of the sheet a line of the text was */
    FiscCsv *csv;   /* csv->file is what refusals name: "lines.xlsx sheet Requests" */
} FiscSheetText;

/** One sheet as text of CSV, with all its columns: @sheet, or with NULL the one called @usual, or
 * the first in sight. NULL with refusals. */
FiscSheetText *fisc_sheet_text_parse(const char *name, const char *data, gsize length,
                                     const char *sheet, const char *usual, FiscRefusals *refusals);
/** Makes refusals from index @from on that speak of the text, under whatever name it was read, name
 * row and column of the sheet instead. */
void fisc_sheet_text_place(const FiscSheetText *text, FiscRefusals *refusals, guint from);
void fisc_sheet_text_free(FiscSheetText *text);

/** A table as a spreadsheet of one sheet: title, header (which stays in sight), rows, notes. A
 * table whose title is "" is data that is read back: its header is the first row, and there are no
 * notes. Amounts are numbers where the file says exactly the same decimal, else text. The same
 * table gives the same bytes. USAGE when it has more rows or longer texts than a sheet takes. */
bool fisc_xlsx_write(const FiscTable *table, GString *out, GError **error);

/* One sheet of a workbook. */
typedef struct {
    const char *name; /* what its tab is called, made legal and unique */
    const FiscTable *table;
} FiscWorkbookSheet;

/* Several tables as one spreadsheet. */
typedef struct {
    const char *title;
    const char *language;
    const char *(*say)(const char *language, const char *words); /* headers in that language; or
                                                                    NULL */
    const GPtrArray *facts; /* of char *: name, value ...: on the first sheet */
    const FiscWorkbookSheet *sheets;
    guint count;
} FiscWorkbook;

/** A spreadsheet whose first sheet has the title, the facts and a link to each of the others. On
 * those, details are outlined under their totals, header and labels stay in sight, the keys that
 * `fisc drill` takes stand in folded columns behind the figures, and a page prints as wide as the
 * table. The rest as of fisc_xlsx_write(). */
bool fisc_xlsx_write_book(const FiscWorkbook *book, GString *out, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscSheetText, fisc_sheet_text_free)

#endif

/* csv.h: reading delimited text strictly (libcsv underneath), writing it safely.
 *
 * A file is read whole and checked as it is parsed: encoding, NUL bytes, line length, quotes,
 * number of fields. Every complaint names file, line and column. */
#ifndef FISC_CSV_H
#define FISC_CSV_H

#include "fisc/refusal.h"

typedef struct {
    const char *encoding; /* NULL = UTF-8 (a BOM is accepted and dropped); else an iconv name */
    char separator;       /* 0 = ',' */
    bool no_header;       /* the file has none: the columns are @columns in order */
    const char *const *columns;  /* NULL-terminated; with no_header, or the only names accepted */
    const char *const *required; /* NULL-terminated names that must be there */
    bool allow_unknown;          /* columns not in @columns are kept silently */
    bool allow_comments;         /* lines that begin with '#' are skipped */
    int preamble;                /* records above the header, or above the rows */
    const char *sheet;           /* of a spreadsheet whose sheet nobody named: this one, if it is
                                    there; NULL = the first */
} FiscCsvOptions;

typedef struct {
    int line;            /* 1-based line of the file where the row begins */
    const char **fields; /* as many as columns; UTF-8, NFC as given, never NULL */
} FiscCsvRow;

typedef struct {
    char *file;         /* name as given; of a spreadsheet "lines.xlsx sheet Requests" */
    int header_line;    /* where the header begins; 0 = it has none */
    GPtrArray *columns; /* of const char * */
    GArray *rows;       /* of FiscCsvRow; blank lines are skipped */
    GArray *preamble;   /* of FiscCsvRow: what stands above; their fields are ended by NULL */
    GStringChunk *chunk;
    char *sheet;     /* of a spreadsheet (xlsx.h): its name; else NULL */
    GArray *letters; /* then: of int, where each column stands, 0 = column A; else NULL */
} FiscCsv;

#define FISC_CSV_LINE_MAX (1024 * 1024) /* bytes of one record */
#define FISC_CSV_FILE_MAX (2LL * 1024 * 1024 * 1024)

/** Reads @path. True with a table, or with refusals in @refusals (then *out_csv is NULL). False
 * only when the file cannot be read. A line over the limit is refused without being kept in memory.
 */
bool fisc_csv_read(const char *path, const FiscCsvOptions *options, FiscCsv **out_csv,
                   FiscRefusals *refusals, GError **error);
/** The same from memory; @name is used in messages. */
bool fisc_csv_parse(const char *name, const char *data, gsize length, const FiscCsvOptions *options,
                    FiscCsv **out_csv, FiscRefusals *refusals);
void fisc_csv_free(FiscCsv *csv);
int fisc_csv_column(const FiscCsv *csv, const char *name); /* -1: none */
/** The field, or "" when the file has no such column (column -1). */
const char *fisc_csv_field(const FiscCsv *csv, const FiscCsvRow *row, int column);

/** Appends one field, quoted when needed. */
void fisc_csv_append(GString *out, const char *field);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscCsv, fisc_csv_free)

#endif

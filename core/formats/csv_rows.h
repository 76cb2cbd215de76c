/* csv_rows.h: how fields become a FiscCsv, whatever they were read from: the header is held against
 * the options, each row against the header. */
#ifndef FISC_CSV_ROWS_H
#define FISC_CSV_ROWS_H

#include "fisc/csv.h"

#define FISC_CSV_CHUNK_BYTES (64 * 1024)

typedef struct {
    const FiscCsvOptions *options;
    FiscRefusals *refusals;
    FiscCsv *csv;
    bool has_header;
    bool is_refused; /* something was: the table is not given */
} FiscCsvRows;

/** Begins an empty table that messages call @name. With no_header the columns are those of
 * @options. */
void fisc_csv_rows_begin(FiscCsvRows *rows, const char *name, const FiscCsvOptions *options,
                         FiscRefusals *refusals);
void fisc_csv_rows_refuse(FiscCsvRows *rows, FiscError code, int line, const char *field,
                          const char *hint, const char *format, ...) G_GNUC_PRINTF(6, 7);
/** Whether the next record stands above the header, as the options say; and keeps it there. */
bool fisc_csv_rows_is_above(const FiscCsvRows *rows);
void fisc_csv_rows_keep_above(FiscCsvRows *rows, int line, const GPtrArray *fields);
/** Takes the first record as the header; @fields (of const char *, which live as long as the table)
 * are copied. False when it is refused: rows below it would only repeat its faults. */
bool fisc_csv_rows_header(FiscCsvRows *rows, int line, const GPtrArray *fields);
/** Takes a record as a row. */
void fisc_csv_rows_take(FiscCsvRows *rows, int line, const GPtrArray *fields);
/** Gives the table, or NULL when anything was refused. */
FiscCsv *fisc_csv_rows_end(FiscCsvRows *rows);

#endif

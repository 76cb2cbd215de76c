/* table.h: a report as values: titled columns, rows, notes. Renderers turn it into words. */
#ifndef FISC_TABLE_H
#define FISC_TABLE_H

#include "fisc/error.h"
#include <stdint.h>

typedef enum { FISC_COLUMN_TEXT, FISC_COLUMN_AMOUNT, FISC_COLUMN_INTEGER } FiscColumnKind;

typedef struct {
    char *name; /* "amount": the name in CSV and JSON */
    FiscColumnKind kind;
    bool for_machines; /* repeats what title and headings say: left out of the table for people */
} FiscColumn;

typedef struct {
    char *text;      /* TEXT; NULL = empty */
    __int128 number; /* AMOUNT in minor units, INTEGER */
    bool is_set;     /* false: an empty cell */
} FiscCell;

typedef struct {
    FiscCell *cells; /* one per column */
    int level;       /* indentation in a table for people, 0 = flush */
    bool strong;     /* a total or balancing item */
    bool heading;    /* for people only: left out of CSV and JSON */
} FiscRow;

typedef struct {
    char *name;       /* "gfs" */
    char *title;      /* for people: "Statement of Operations, Madrid, 2018" */
    int decimals;     /* of every AMOUNT */
    GArray *columns;  /* of FiscColumn */
    GPtrArray *rows;  /* of FiscRow */
    GPtrArray *notes; /* of char *: printed below for people, "notes" in JSON; never in CSV */
} FiscTable;

FiscTable *fisc_table_new(const char *name, const char *title, int decimals);
void fisc_table_free(FiscTable *table);
void fisc_table_add_column(FiscTable *table, const char *name, FiscColumnKind kind);
/** Appends an empty row. */
FiscRow *fisc_table_add_row(FiscTable *table);
void fisc_table_set_text(FiscTable *table, FiscRow *row, int column, const char *text);
void fisc_table_set_amount(FiscTable *table, FiscRow *row, int column, __int128 amount);
void fisc_table_add_note(FiscTable *table, const char *format, ...) G_GNUC_PRINTF(2, 3);
int fisc_table_column(const FiscTable *table, const char *name); /* -1: none */

typedef enum { FISC_FORMAT_TABLE, FISC_FORMAT_CSV, FISC_FORMAT_JSON } FiscFormat;
/** -1 when the word is none of "table", "csv", "json". */
int fisc_format_find(const char *word);

/** Renders into @out. CSV: RFC 4180, "\n", decimal point, text cells that a spreadsheet would run
 *  as a formula are prefixed with '. JSON: {"name","title","rows":[{...}],"notes":[]}, amounts as
 *  decimal strings. Table: aligned, grouped digits, notes below. */
void fisc_table_render(const FiscTable *table, FiscFormat format, GString *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscTable, fisc_table_free)

#endif

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
    char *drill;     /* the question whose answer is what this figure is made of; NULL = none */
} FiscCell;

typedef struct {
    FiscCell *cells; /* one per column */
    int level;       /* indentation in a table for people, 0 = flush */
    bool strong;     /* a total or balancing item */
    bool heading;    /* for people only: left out of CSV and JSON */
} FiscRow;

/* What a note is about. */
typedef struct {
    char *unit;     /* "CITY"; NULL: not about one unit */
    char *about;    /* "SOO", or several: "COFOG,COFOG_DIV"; NULL: the whole report */
    bool is_beside; /* its words stand among the rows too, as a heading: not printed below */
} FiscNotePlace;

typedef struct {
    char *name;          /* "gfs" */
    char *title;         /* for people: "Statement of Operations, Madrid, 2018" */
    int decimals;        /* of every AMOUNT */
    GArray *columns;     /* of FiscColumn */
    GPtrArray *rows;     /* of FiscRow */
    GPtrArray *notes;    /* of char *: printed below for people, "notes" in JSON; never in CSV */
    GArray *note_places; /* of FiscNotePlace: one for each note */
} FiscTable;

FiscTable *fisc_table_new(const char *name, const char *title, int decimals);
void fisc_table_free(FiscTable *table);
void fisc_table_add_column(FiscTable *table, const char *name, FiscColumnKind kind);
/** Appends an empty row. */
FiscRow *fisc_table_add_row(FiscTable *table);
void fisc_table_set_text(FiscTable *table, FiscRow *row, int column, const char *text);
void fisc_table_set_amount(FiscTable *table, FiscRow *row, int column, __int128 amount);
/** The key under which `fisc drill` takes the figure apart. */
void fisc_table_set_drill(FiscTable *table, FiscRow *row, int column, const char *key);
void fisc_table_add_note(FiscTable *table, const char *format, ...) G_GNUC_PRINTF(2, 3);
/** A note about a part of the report. With @is_beside its words already stand among the rows. */
void fisc_table_add_note_about(FiscTable *table, const char *unit, const char *about,
                               bool is_beside, const char *text);
int fisc_table_column(const FiscTable *table, const char *name); /* -1: none */
/** Keeps the columns that @names lists, separated by commas, in that order, in every format. USAGE
 *  names the columns there are when one is unknown or stands twice. */
bool fisc_table_select(FiscTable *table, const char *names, GError **error);
/** Keeps the rows that are indented by at most @level, and headings, which may be notes. */
void fisc_table_cut(FiscTable *table, int level);
/** Keeps the first @count rows. */
void fisc_table_truncate(FiscTable *table, guint count);
/** Moves the rows and notes of @part, which has the same columns, behind those of @table, and frees
 *  @part. */
void fisc_table_append(FiscTable *table, FiscTable *part);

/** Tables of one shape side by side: rows of the same code (else: of the same words) meet in one
 * row; each table has its amounts in columns of its own, named by its title. Table @guide gives
 * title, headings and the order of rows; a row that it does not have stands behind the one it
 * follows in its own table. A row is zero where a table does not have it. Notes of the others begin
 * with their title. */
FiscTable *
fisc_table_beside(FiscTable *const *parts, const char *const *titles, guint count, guint guide);

typedef enum {
    FISC_FORMAT_TABLE,
    FISC_FORMAT_CSV,
    FISC_FORMAT_JSON,
    FISC_FORMAT_XLSX /* bytes, no text; may fail: fisc_xlsx_write() of xlsx.h */
} FiscFormat;
#define FISC_FORMAT_WORDS "table, csv, json or xlsx"
/** -1 when the word is none of these. */
int fisc_format_find(const char *word);

/** Renders into @out, in any format of text. CSV: RFC 4180, "\n", decimal point, text cells that a
 * spreadsheet would run as a formula are prefixed with '. JSON:
 * {"name","title","rows":[{...}],"notes":[{"unit", "about","text"}]}, amounts as decimal strings.
 * Table: aligned, grouped digits, notes below; headings and notes are broken at the width of the
 * table. */
void fisc_table_render(const FiscTable *table, FiscFormat format, GString *out);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscTable, fisc_table_free)

#endif

/* xlsx_book.h: what stands around the sheets of a spreadsheet: their names and places, shared
 * strings, which styles show days. */
#ifndef FISC_XLSX_BOOK_H
#define FISC_XLSX_BOOK_H

#include "core/formats/xlsx_archive.h"

/* The text of a string or a cell, collected from its runs: what is below <rPh> (how it is read
 * aloud) is not part of it. */
typedef struct {
    GString *text;
    bool is_open; /* inside <t>, or <v> */
    int aloud;    /* inside <rPh> */
} FiscXlsxText;

void fisc_xlsx_text_begin(FiscXlsxText *text, const char *name);
void fisc_xlsx_text_end(FiscXlsxText *text, const char *name);
/** Refuses a text that no cell holds. */
void fisc_xlsx_text_take(FiscXlsxText *text, FiscArchive *archive, const char *bytes, int length);

typedef struct {
    FiscArchive *archive; /* borrowed */
    GStringChunk *chunk;  /* borrowed: where its strings live */
    char *path;           /* of the workbook inside the archive */
    GArray *relations;    /* what it points to */
    GPtrArray *names;     /* of the sheets */
    GPtrArray *ids;       /* of their relations */
    int first;            /* index of the first sheet that is not hidden */
    bool is_1904;         /* days are counted from 1904 */
    GPtrArray *strings;   /* of const char *: shared by cells */
    GHashTable *codes;    /* number of a format -> its code */
    GArray *is_day_style; /* of bool, by number of the style */
    /* while reading */
    FiscXlsxText text;
    bool in_cell_styles;
} FiscXlsxBook;

/** Reads all but the sheets. NULL with a refusal. Strings are put into @chunk. */
FiscXlsxBook *fisc_xlsx_book_read(FiscArchive *archive, GStringChunk *chunk);
void fisc_xlsx_book_free(FiscXlsxBook *book);
/** The index of a sheet by name, whatever its case; with NULL that of @usual (NULL = none), or the
 * first that is not hidden. -1 with a refusal that names those there are. */
int fisc_xlsx_book_find(FiscXlsxBook *book, const char *name, const char *usual);
/** Where a sheet lies in the archive; NULL with a refusal. Caller frees. */
char *fisc_xlsx_book_sheet(FiscXlsxBook *book, int index);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscXlsxBook, fisc_xlsx_book_free)

#endif

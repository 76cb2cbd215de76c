/* browsing.h: what the walks that look things up page by page share. */
#ifndef FISC_FLOWS_BROWSING_H
#define FISC_FLOWS_BROWSING_H

#include "fisc/browse.h"

/* One question of a page: the query and its words. One row more than the page has is asked for, so
 * that it is known whether there is a next page. */
typedef struct {
    FiscTable *table;
    FiscRows *rows;
    int count; /* of the page */
    bool has_more;
} FiscPageRows;

/** Adds columns of text, separated by commas; one that begins with '#' is an integer, with '$' an
 * amount. */
void fisc_browse_columns(FiscTable *table, const char *names);
/** The words of a page as an argument; null when there are none. */
FiscArg fisc_browse_words(const FiscPage *page);
/** A limit that lies between one row and FISC_PAGE_MAX. */
int fisc_browse_limit(const FiscPage *page);
/** The key as the number of a record; *out_key -1 without one. USAGE when it is none. */
bool fisc_browse_number(const FiscPage *page, int64_t *out_key, GError **error);
/** Asks in a transaction of its own. Takes @args. */
bool fisc_browse_ask(FiscContext *ctx, const FiscPage *page, FiscSql sql, FiscArg *args,
                     int arg_count, FiscPageRows *out_rows, GError **error);
void fisc_page_rows_clear(FiscPageRows *rows);
/** A cell of text; empty for null. */
void fisc_browse_text(FiscTable *table, FiscRow *row, int column, const FiscRows *rows, int at,
                      int from);

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(FiscPageRows, fisc_page_rows_clear)

#endif

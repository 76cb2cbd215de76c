/* table_json.h: a table as the server tells it: with its columns and how its rows hang together, so
 * that a screen can lay it out without knowing the report. */
#ifndef FISC_SERVER_TABLE_JSON_H
#define FISC_SERVER_TABLE_JSON_H

#include "fisc/table.h"

/** Appends {"name","title","decimals","columns","rows","levels","strong","headings","notes","next"}
 * in one line. @next: the cursor of the page behind this one; NULL when there is none. */
void fisc_table_json_append(const FiscTable *table, const char *next, GString *out);

#endif

/* render.h: the renderers behind fisc_table_render(), one file each. */
#ifndef FISC_RENDER_H
#define FISC_RENDER_H

#include "fisc/table.h"
#include <jansson.h>

/** Each appends the whole table to @out. */
void fisc_render_table(const FiscTable *table, GString *out);
void fisc_render_csv(const FiscTable *table, GString *out);
void fisc_render_json(const FiscTable *table, GString *out);

/* Parts of a table as JSON values, for whoever frames them otherwise. The caller owns them. */
/** A text made valid UTF-8; NULL is empty. */
json_t *fisc_render_json_text(const char *text);
/** Column -> value, and "drill" where a figure can be taken apart. */
json_t *fisc_render_json_row(const FiscTable *table, const FiscRow *row);
/** {"unit","about","text"} */
json_t *fisc_render_json_note(const FiscTable *table, guint index);

#endif

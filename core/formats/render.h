/* render.h: the renderers behind fisc_table_render(), one file each. */
#ifndef FISC_RENDER_H
#define FISC_RENDER_H

#include "fisc/table.h"

/** Each appends the whole table to @out. */
void fisc_render_table(const FiscTable *table, GString *out);
void fisc_render_csv(const FiscTable *table, GString *out);
void fisc_render_json(const FiscTable *table, GString *out);

#endif

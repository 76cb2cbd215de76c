/* pdf_table.h: a table as blocks of a section. */
#ifndef FISC_PDF_TABLE_H
#define FISC_PDF_TABLE_H

#include "fisc/dossier.h"
#include "reporting/render/pdf_flow.h"

/** True when the columns of @table stand on a page only when it lies. */
bool fisc_pdf_is_wide(const FiscPen *pen, const FiscTable *table, const char *language);
/** Adds the rows of @table, with its head on every page, and its notes. Columns that no page holds
 * go on in a second table with the same rows. @table is borrowed. */
void fisc_pdf_add_table(FiscSection *section, const FiscPen *pen, const FiscTable *table,
                        const char *language);
/** Adds a paragraph. */
void
fisc_pdf_add_words(FiscSection *section, const FiscPen *pen, FiscStyle style, const char *words);

#endif

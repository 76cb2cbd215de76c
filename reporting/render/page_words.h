/* page_words.h: what pages and web pages print in a cell, a heading, a fact: the same words in
 * both. */
#ifndef FISC_PAGE_WORDS_H
#define FISC_PAGE_WORDS_H

#include "fisc/dossier.h"

/** Valid UTF-8 on one line: control characters become spaces. NULL is "". Caller frees. */
char *fisc_page_text(const char *text);
/** A cell as a reader sees it: grouped digits, no indentation; "" when it is empty. Caller frees.
 */
char *fisc_page_cell(const FiscTable *table, const FiscRow *row, guint column);
/** The words of a heading row: its first text. Caller frees. */
char *fisc_page_heading(const FiscTable *table, const FiscRow *row);
/** True when a heading row is a note that stands among the rows. */
bool fisc_page_is_note(const FiscTable *table, const FiscRow *row);
/** "available_after_accrual" is "Available after accrual", in the language. Caller frees. */
char *fisc_page_column(const char *language, const char *name);
/** A section's title: its table's, or its name when that has none. Caller frees. */
char *fisc_page_part_title(const FiscDossierPart *part);
/** "Amounts in EUR"; "" when the currency is not known. Caller frees. */
char *fisc_page_currency(const FiscDossier *dossier);

bool fisc_page_is_number(const FiscTable *table, guint column);
/** The columns people see, of guint. Caller unrefs. */
GArray *fisc_page_columns(const FiscTable *table);
/** The one that rows are indented in: the last text before the first number. -1: none. */
int fisc_page_label_column(const FiscTable *table);

#endif

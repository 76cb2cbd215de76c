/* rendered.h: reports as files, and what other programs see in them. */
#ifndef FISC_TEST_RENDERED_H
#define FISC_TEST_RENDERED_H

#include "fisc/dossier.h"
#include "tests/support/naive_books.h"

typedef struct {
    NaiveBooks *books;
    FiscDossier *dossier;
} Rendered;

/** The statements of a unit of arda-2024 with graphs, as a flow would bind them. */
Rendered rendered_open(const char *unit, const char *language, FiscPeriod from, FiscPeriod to);
void rendered_close(Rendered *rendered);
/** A dossier of one empty table with a code, a label and @amounts columns of amounts. */
FiscDossier *rendered_table(const char *title, int amounts);
/** Adds a row; every amount is @amount. */
FiscRow *rendered_row(FiscDossier *dossier, const char *code, const char *label, __int128 amount);

/** Its bytes; a failure fails the test. */
GString *rendered_bytes(const FiscDossier *dossier, const char *format);
/** What a program prints about a file with these bytes, which stands for "FILE" among @words (ended
 *  by NULL). One that fails or complains fails the test. Caller frees. */
char *rendered_seen(const GString *bytes, const char *const *words);
/** The text on a page of a PDF, or 0: on all. Caller frees. */
char *rendered_text(const GString *pdf, int page);
int rendered_pages(const GString *pdf);
/** How often @part stands in @text. */
int rendered_count(const char *text, const char *part);

#endif

/* html.h: parts of a web page. */
#ifndef FISC_HTML_H
#define FISC_HTML_H

#include "fisc/dossier.h"

/** Text as the content of an element or an attribute. */
void fisc_html_text(GString *out, const char *text);
/** The table of a part, with its notes. */
void fisc_html_table(const FiscDossier *dossier, const FiscTable *table, const char *caption,
                     GString *out);

#endif

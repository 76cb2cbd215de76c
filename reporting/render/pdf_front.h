/* pdf_front.h: what stands before the statements: the title page and the contents. */
#ifndef FISC_PDF_FRONT_H
#define FISC_PDF_FRONT_H

#include "fisc/dossier.h"
#include "reporting/render/pdf_flow.h"

/** Title and facts. @dossier is borrowed. */
FiscSection *fisc_pdf_cover(const FiscPen *pen, const FiscDossier *dossier);
/** The listed of @sections, of FiscSection, with links and, once they are placed, their pages.
 * The sections are borrowed. */
FiscSection *
fisc_pdf_contents(const FiscPen *pen, const FiscDossier *dossier, const GPtrArray *sections);

/** Begins the structure of a section: its tag, its title as a heading @tag ("H1"), where links
 * lead to. Its end is fisc_pdf_add_end(). */
void fisc_pdf_add_title(FiscSection *section, const FiscPen *pen, FiscStyle style, const char *tag);
void fisc_pdf_add_end(FiscSection *section);

#endif

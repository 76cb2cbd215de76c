/* pdf_amend.h: what Cairo cannot say in a PDF, added behind it as an update. */
#ifndef FISC_PDF_AMEND_H
#define FISC_PDF_AMEND_H

#include <glib.h>

/** Says in which language @pdf is and what each of its figures shows (@alternatives, of char *, in
 * their order), by an incremental update: nothing of what is there is changed. Does nothing when
 * @pdf is not built as Cairo builds it. */
void fisc_pdf_amend(GString *pdf, const char *language, const GPtrArray *alternatives);

#endif

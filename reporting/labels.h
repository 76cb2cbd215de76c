/* labels.h: the words of reports in other languages than English.
 *
 * A label's English words are its key, as in gettext: what has no translation stays English. The
 * catalogs are po/LANGUAGE.po, compiled into the program: no locale and no installation is asked.
 */
#ifndef FISC_LABELS_H
#define FISC_LABELS_H

#include "fisc/table.h"

/** @msgid in a language ("es"), or @msgid itself: for "en", NULL, or what is not translated. */
const char *fisc_label(const char *language, const char *msgid);
/** True when @msgid has words in @language; always for "en" and NULL. */
bool fisc_label_has(const char *language, const char *msgid);
/** USAGE names the languages there are when @language is none of them. NULL is English. */
bool fisc_label_check_language(const char *language, GError **error);

/** Words like a title's, whole or else part by part: "Statement of Operations (accrual), CITY".
 *  Caller frees. */
char *fisc_label_words(const char *language, const char *words);
/** Puts a report's labels, headings and title into a language, where they are translated. Parts
 *  separated by ", ", as of titles ("Statement of Operations (accrual), CITY"), are looked up one
 *  by one. Names and codes stay as they are. */
void fisc_labels_translate(FiscTable *table, const char *language);

/* What tools/po2c.py makes of po/: a catalog as msgfmt compiles it. */
typedef struct {
    const char *language;
    const unsigned char *bytes;
    gsize length;
} FiscCatalog;
extern const FiscCatalog fisc_catalogs[]; /* ended by a NULL language */

#endif

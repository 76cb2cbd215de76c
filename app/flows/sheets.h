/* sheets.h: files of a folder that is given away: gathered in memory, summed up in checksums.txt,
 * which the key that signs heads signs, and written. Nothing of it has a clock. */
#ifndef FISC_FLOWS_SHEETS_H
#define FISC_FLOWS_SHEETS_H

#include "core/base/sign.h"
#include <glib.h>

#define FISC_SHEETS_CHECKSUMS "checksums.txt"
#define FISC_SHEETS_SIGNATURE "checksums.txt.sig"
#define FISC_SHEETS_KEY "head.key.pub"

/** An empty list of files. Caller unrefs. */
GPtrArray *fisc_sheets_new(void);
/** Takes @bytes. */
void fisc_sheets_add(GPtrArray *sheets, const char *path, GString *bytes);
void fisc_sheets_add_text(GPtrArray *sheets, const char *path, const char *text);
/** The public key that stands beside the private one. NOT_FOUND. */
bool fisc_sheets_add_key(GPtrArray *sheets, const char *key_file, GError **error);
/** Adds the checksums of all, as sha256sum writes and reads them, and the signature over them. */
void fisc_sheets_seal(GPtrArray *sheets, const FiscSignKey *key);
bool fisc_sheets_write(const GPtrArray *sheets, const char *folder, GError **error);

#endif

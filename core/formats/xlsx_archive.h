/* xlsx_archive.h: the files inside a spreadsheet, and their XML, read with limits. */
#ifndef FISC_XLSX_ARCHIVE_H
#define FISC_XLSX_ARCHIVE_H

#include "fisc/refusal.h"

typedef struct _FiscArchive FiscArchive;

/* What the reader of a part of the spreadsheet is told. Names are without namespace: "sheet" for
 * <x:sheet>. NULL where it does not care. */
typedef struct {
    void (*begin)(void *data, const char *name, const char **attributes);
    void (*end)(void *data, const char *name);
    void (*text)(void *data, const char *text, int length);
} FiscXmlReader;

/** Opens what is in memory; @data is borrowed. NULL with a refusal. */
FiscArchive *
fisc_archive_open(const char *name, const char *data, gsize length, FiscRefusals *refusals);
void fisc_archive_close(FiscArchive *archive);
bool fisc_archive_has(FiscArchive *archive, const char *entry);
/** Reads one file of it as XML. False when it is refused, or the reader has stopped it. */
bool
fisc_archive_read(FiscArchive *archive, const char *entry, const FiscXmlReader *reader, void *data);
/** For readers: refuses the whole file, once, and stops. */
void fisc_archive_refuse(FiscArchive *archive, FiscError code, const char *hint, const char *format,
                         ...) G_GNUC_PRINTF(4, 5);

/** The value of an attribute, by its name without namespace; NULL when there is none. */
const char *fisc_xml_attribute(const char **attributes, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscArchive, fisc_archive_close)

#endif

/* xlsx_archive.c: the files inside a spreadsheet, and their XML, read with limits.
 *
 * libzip unpacks block after block into expat, so nothing is held that was not counted: a small
 * file that unpacks to gigabytes is refused when the limit is reached, whatever its directory says.
 * A document type is refused at its first word, so there are no entities but those of XML itself,
 * and nothing outside the file is opened. What the parts mean is left to xlsx_book.c and
 * xlsx_read.c. */
#include "core/formats/xlsx_archive.h"
#include "fisc/xlsx.h"
#include <expat.h>
#include <string.h>
#include <zip.h>

#define BLOCK_BYTES (1024 * 1024)
/* Elements inside each other: a sheet has about ten. */
#define DEPTH_MAX 64
/* A piece of markup that is longer would be scanned again with each block. */
#define TOKEN_BYTES_MAX (8 * BLOCK_BYTES)

struct _FiscArchive {
    const char *name;
    FiscRefusals *refusals;
    zip_t *zip;
    int64_t unpacked; /* bytes so far */
    bool is_refused;
    /* the file being read */
    const FiscXmlReader *reader;
    void *data;
    XML_Parser parser;
    int depth;
};

void
fisc_archive_refuse(FiscArchive *archive, FiscError code, const char *hint, const char *format, ...)
{
    if (archive->is_refused) {
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *detail = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    FiscRefusal *refusal =
        fisc_refusals_add(archive->refusals, code, archive->name, 0, NULL, "%s", detail);
    refusal->hint = g_strdup(hint);
    archive->is_refused = true;
    if (archive->parser != NULL) {
        XML_StopParser(archive->parser, XML_FALSE);
    }
}

/* ---- the archive ---- */

static bool
open_zip(FiscArchive *archive, const char *data, gsize length)
{
    zip_error_t error;
    zip_error_init(&error);
    zip_source_t *source = zip_source_buffer_create(data, length, 0, &error);
    archive->zip = source != NULL ? zip_open_from_source(source, ZIP_RDONLY, &error) : NULL;
    if (archive->zip == NULL) {
        fisc_archive_refuse(archive, FISC_ERROR_VALUE_INVALID, "save it again as .xlsx",
                            "the file is no spreadsheet: %s", zip_error_strerror(&error));
        zip_source_free(source);
    }
    zip_error_fini(&error);
    return archive->zip != NULL;
}

FiscArchive *
fisc_archive_open(const char *name, const char *data, gsize length, FiscRefusals *refusals)
{
    g_autoptr(FiscArchive) archive = g_new0(FiscArchive, 1);
    archive->name = name;
    archive->refusals = refusals;
    if (!open_zip(archive, data, length)) {
        return NULL;
    }
    if (zip_get_num_entries(archive->zip, 0) > FISC_XLSX_ENTRIES_MAX) {
        fisc_archive_refuse(archive, FISC_ERROR_LINE_TOO_LONG, NULL,
                            "there are more than %d files in it", FISC_XLSX_ENTRIES_MAX);
        return NULL;
    }
    return g_steal_pointer(&archive);
}

void
fisc_archive_close(FiscArchive *archive)
{
    if (archive == NULL) {
        return;
    }
    if (archive->zip != NULL) {
        zip_discard(archive->zip);
    }
    g_free(archive);
}

bool
fisc_archive_has(FiscArchive *archive, const char *entry)
{
    return zip_name_locate(archive->zip, entry, 0) >= 0;
}

/* ---- XML ---- */

static const char *
local_name(const char *name)
{
    const char *colon = strchr(name, ':');
    return colon != NULL ? colon + 1 : name;
}

const char *
fisc_xml_attribute(const char **attributes, const char *name)
{
    for (int i = 0; attributes[i] != NULL; i += 2) {
        if (strcmp(local_name(attributes[i]), name) == 0) {
            return attributes[i + 1];
        }
    }
    return NULL;
}

static void
on_begin(void *data, const char *name, const char **attributes)
{
    FiscArchive *archive = data;
    if (++archive->depth > DEPTH_MAX) {
        fisc_archive_refuse(archive, FISC_ERROR_LINE_TOO_LONG, NULL,
                            "its XML goes deeper than %d elements", DEPTH_MAX);
    } else if (archive->reader->begin != NULL) {
        archive->reader->begin(archive->data, local_name(name), attributes);
    }
}

static void
on_end(void *data, const char *name)
{
    FiscArchive *archive = data;
    archive->depth--;
    if (archive->reader->end != NULL && !archive->is_refused) {
        archive->reader->end(archive->data, local_name(name));
    }
}

static void
on_text(void *data, const char *text, int length)
{
    FiscArchive *archive = data;
    if (archive->reader->text != NULL && !archive->is_refused) {
        archive->reader->text(archive->data, text, length);
    }
}

static void
on_document_type(void *data, const char *name, const char *system, const char *public, int has_more)
{
    (void)name, (void)system, (void)public, (void)has_more;
    fisc_archive_refuse(data, FISC_ERROR_VALUE_INVALID, NULL,
                        "its XML declares a document type, which no spreadsheet does");
}

static void
begin_xml(FiscArchive *archive, const FiscXmlReader *reader, void *data)
{
    archive->reader = reader;
    archive->data = data;
    archive->depth = 0;
    archive->parser = XML_ParserCreate(NULL);
    if (archive->parser == NULL) {
        g_error("expat: out of memory");
    }
    XML_SetUserData(archive->parser, archive);
    XML_SetElementHandler(archive->parser, on_begin, on_end);
    XML_SetCharacterDataHandler(archive->parser, on_text);
    XML_SetStartDoctypeDeclHandler(archive->parser, on_document_type);
}

static bool
feed_xml(FiscArchive *archive, const char *entry, const char *block, int length, bool is_last,
         int64_t fed)
{
    if (XML_Parse(archive->parser, block, length, is_last) != XML_STATUS_OK) {
        fisc_archive_refuse(archive, FISC_ERROR_VALUE_INVALID, "save it again as .xlsx",
                            "%s is no well-formed XML: %s in line %lu", entry,
                            XML_ErrorString(XML_GetErrorCode(archive->parser)),
                            XML_GetCurrentLineNumber(archive->parser));
        return false;
    }
    if (fed - XML_GetCurrentByteIndex(archive->parser) > TOKEN_BYTES_MAX) {
        fisc_archive_refuse(archive, FISC_ERROR_LINE_TOO_LONG, NULL,
                            "%s has a piece of XML longer than %d MB", entry,
                            TOKEN_BYTES_MAX / (1024 * 1024));
        return false;
    }
    return true;
}

/* Unpacks one file into the parser. */
static bool
feed_file(FiscArchive *archive, const char *entry, zip_file_t *file)
{
    g_autofree char *block = g_malloc(BLOCK_BYTES);
    int64_t fed = 0;
    for (;;) {
        zip_int64_t got = zip_fread(file, block, BLOCK_BYTES);
        if (got < 0) {
            fisc_archive_refuse(archive, FISC_ERROR_VALUE_INVALID, "save it again as .xlsx",
                                "%s cannot be unpacked: %s", entry, zip_file_strerror(file));
            return false;
        }
        fed += got;
        archive->unpacked += got;
        if (archive->unpacked > FISC_XLSX_UNPACKED_MAX) {
            fisc_archive_refuse(archive, FISC_ERROR_LINE_TOO_LONG, "use a file of CSV",
                                "it unpacks to more than %lld MB",
                                FISC_XLSX_UNPACKED_MAX / (1024 * 1024));
            return false;
        }
        if (!feed_xml(archive, entry, block, (int)got, got == 0, fed) || got == 0) {
            return !archive->is_refused;
        }
    }
}

bool
fisc_archive_read(FiscArchive *archive, const char *entry, const FiscXmlReader *reader, void *data)
{
    zip_int64_t index = archive->is_refused ? -1 : zip_name_locate(archive->zip, entry, 0);
    zip_file_t *file = index >= 0 ? zip_fopen_index(archive->zip, (zip_uint64_t)index, 0) : NULL;
    if (file == NULL) {
        fisc_archive_refuse(archive, FISC_ERROR_VALUE_INVALID, "save it again as .xlsx",
                            index < 0 ? "the file is no spreadsheet: it has no %s"
                                      : "%s in it cannot be opened",
                            entry);
        return false;
    }
    begin_xml(archive, reader, data);
    bool is_read = feed_file(archive, entry, file);
    XML_ParserFree(archive->parser);
    archive->parser = NULL;
    zip_fclose(file);
    return is_read;
}

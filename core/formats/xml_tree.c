/* xml_tree.c: XML as a tree (expat underneath), for documents of a few megabytes whose elements are
 * looked up by name. Whoever streams through large ones reads as xlsx_archive.c does. */
#include "fisc/xml.h"
#include <expat.h>
#include <string.h>

#define SPACE_MARK '|' /* between namespace and name, as expat gives them */
#define CHUNK_BYTES (16 * 1024)

struct _FiscXml {
    FiscXmlNode *root;
    GPtrArray *nodes; /* owns them */
    GStringChunk *texts;
};

typedef struct {
    const char *file;
    FiscRefusals *refusals;
    FiscXml *xml;
    XML_Parser parser;
    FiscXmlNode *open; /* the innermost element */
    GPtrArray *last;   /* by depth: the child that came last; of FiscXmlNode, NULL = none */
    GString *text;
    bool is_refused;
} Reading;

static int
line_of(const Reading *reading)
{
    return (int)MIN(XML_GetCurrentLineNumber(reading->parser), (XML_Size)G_MAXINT);
}

/* Once: what follows the first fault would only repeat it. */
static void
refuse(Reading *reading, FiscError code, const char *reason)
{
    if (!reading->is_refused) {
        fisc_refusals_add(reading->refusals, code, reading->file, line_of(reading),
                          reading->open != NULL ? reading->open->name : NULL, "%s", reason);
        reading->is_refused = true;
        XML_StopParser(reading->parser, XML_FALSE);
    }
}

static const char *
keep(Reading *reading, const char *text)
{
    return g_string_chunk_insert_const(reading->xml->texts, text);
}

/* "urn:x|Ntry" -> "Ntry". */
static const char *
local_name(const char *name)
{
    const char *mark = strrchr(name, SPACE_MARK);
    return mark != NULL ? mark + 1 : name;
}

static const char **
keep_attributes(Reading *reading, const char **attributes)
{
    static const char *none[] = {NULL};
    gsize count = 0;
    while (attributes[count] != NULL) {
        count++;
    }
    if (count == 0) {
        return none;
    }
    const char **kept = g_new0(const char *, count + 1);
    for (gsize i = 0; i < count; i += 2) {
        kept[i] = keep(reading, local_name(attributes[i]));
        kept[i + 1] = g_string_chunk_insert(reading->xml->texts, attributes[i + 1]);
    }
    return kept;
}

static void
node_free(gpointer data)
{
    FiscXmlNode *node = data;
    if (node->attributes[0] != NULL) {
        g_free(node->attributes);
    }
    g_free(node);
}

static FiscXmlNode *
node_new(Reading *reading, const char *name, const char **attributes)
{
    const char *local = local_name(name);
    g_autofree char *space = g_strndup(name, local > name ? (gsize)(local - name - 1) : 0);
    FiscXmlNode *node = g_new0(FiscXmlNode, 1);
    node->name = keep(reading, local);
    node->space = keep(reading, space);
    node->text = "";
    node->attributes = keep_attributes(reading, attributes);
    node->parent = reading->open;
    node->line = line_of(reading);
    g_ptr_array_add(reading->xml->nodes, node);
    return node;
}

static void
on_begin(void *data, const char *name, const char **attributes)
{
    Reading *reading = data;
    if (reading->is_refused) {
        return;
    }
    if (reading->last->len > FISC_XML_DEPTH_MAX ||
        reading->xml->nodes->len >= FISC_XML_ELEMENTS_MAX) {
        refuse(reading, FISC_ERROR_LINE_TOO_LONG,
               "it has more elements, or deeper ones, than are read");
        return;
    }
    FiscXmlNode *node = node_new(reading, name, attributes);
    FiscXmlNode *before = g_ptr_array_index(reading->last, reading->last->len - 1);
    if (before != NULL) {
        before->next = node;
    } else if (reading->open != NULL) {
        reading->open->first = node;
    } else {
        reading->xml->root = node;
    }
    g_ptr_array_index(reading->last, reading->last->len - 1) = node;
    g_ptr_array_add(reading->last, NULL);
    reading->open = node;
    g_string_truncate(reading->text, 0);
}

static void
on_end(void *data, const char *name)
{
    Reading *reading = data;
    (void)name;
    if (reading->is_refused) {
        return;
    }
    if (reading->open->first == NULL && reading->text->len > 0) {
        reading->open->text =
            g_string_chunk_insert(reading->xml->texts, g_strstrip(reading->text->str));
    }
    g_string_truncate(reading->text, 0);
    g_ptr_array_set_size(reading->last, (int)reading->last->len - 1);
    reading->open = (FiscXmlNode *)reading->open->parent;
}

static void
on_text(void *data, const char *text, int length)
{
    Reading *reading = data;
    if (reading->text->len + (gsize)length > FISC_XML_TEXT_MAX) {
        refuse(reading, FISC_ERROR_LINE_TOO_LONG, "the text of an element is longer than 64 KiB");
    } else if (!reading->is_refused) {
        g_string_append_len(reading->text, text, length);
    }
}

static void
on_document_type(void *data, const char *name, const char *system, const char *public, int has_more)
{
    (void)name, (void)system, (void)public, (void)has_more;
    refuse(data, FISC_ERROR_VALUE_INVALID,
           "it declares a document type, which could name other files: not read");
}

static void
parse(Reading *reading, const char *data, gsize length)
{
    XML_SetUserData(reading->parser, reading);
    XML_SetElementHandler(reading->parser, on_begin, on_end);
    XML_SetCharacterDataHandler(reading->parser, on_text);
    XML_SetStartDoctypeDeclHandler(reading->parser, on_document_type);
    if (length > FISC_XML_BYTES_MAX) {
        refuse(reading, FISC_ERROR_LINE_TOO_LONG, "it is larger than 64 MiB");
    } else if (XML_Parse(reading->parser, data, (int)length, XML_TRUE) != XML_STATUS_OK) {
        g_autofree char *reason = g_strdup_printf(
            "it is no well-formed XML: %s", XML_ErrorString(XML_GetErrorCode(reading->parser)));
        refuse(reading, FISC_ERROR_VALUE_INVALID, reason);
    }
}

FiscXml *
fisc_xml_parse(const char *file, const char *data, gsize length, FiscRefusals *refusals)
{
    g_autoptr(FiscXml) xml = g_new0(FiscXml, 1);
    xml->nodes = g_ptr_array_new_with_free_func(node_free);
    xml->texts = g_string_chunk_new(CHUNK_BYTES);
    Reading reading = {.file = file,
                       .refusals = refusals,
                       .xml = xml,
                       .parser = XML_ParserCreateNS(NULL, SPACE_MARK),
                       .last = g_ptr_array_new(),
                       .text = g_string_new(NULL)};
    if (reading.parser == NULL) {
        g_error("expat: out of memory");
    }
    g_ptr_array_add(reading.last, NULL);
    parse(&reading, data != NULL ? data : "", length);
    XML_ParserFree(reading.parser);
    g_ptr_array_unref(reading.last);
    g_string_free(reading.text, TRUE);
    return reading.is_refused ? NULL : g_steal_pointer(&xml);
}

void
fisc_xml_free(FiscXml *xml)
{
    if (xml != NULL) {
        g_ptr_array_unref(xml->nodes);
        g_string_chunk_free(xml->texts);
        g_free(xml);
    }
}

const FiscXmlNode *
fisc_xml_root(const FiscXml *xml)
{
    return xml->root;
}

/* ---- looking ---- */

static const FiscXmlNode *
find_from(const FiscXmlNode *node, const char *name, gsize length)
{
    while (node != NULL && (strncmp(node->name, name, length) != 0 || node->name[length] != '\0')) {
        node = node->next;
    }
    return node;
}

const FiscXmlNode *
fisc_xml_find(const FiscXmlNode *node, const char *path)
{
    while (node != NULL && *path != '\0') {
        gsize length = strcspn(path, "/");
        node = find_from(node->first, path, length);
        path += length + (path[length] == '/' ? 1 : 0);
    }
    return node;
}

const char *
fisc_xml_text(const FiscXmlNode *node, const char *path)
{
    const FiscXmlNode *found = fisc_xml_find(node, path);
    return found != NULL ? found->text : "";
}

const FiscXmlNode *
fisc_xml_again(const FiscXmlNode *node)
{
    return find_from(node->next, node->name, strlen(node->name));
}

const char *
fisc_xml_attribute_of(const FiscXmlNode *node, const char *name)
{
    for (int i = 0; node != NULL && node->attributes[i] != NULL; i += 2) {
        if (strcmp(node->attributes[i], name) == 0) {
            return node->attributes[i + 1];
        }
    }
    return "";
}

/* xml.h: XML that holds data, read whole as a tree with limits.
 *
 * A document type is refused, and with it everything that can be declared in one: entities, files
 * elsewhere, defaults. Nothing outside the bytes is ever looked at. Elements and attributes are
 * told without their prefixes. */
#ifndef FISC_XML_H
#define FISC_XML_H

#include "fisc/refusal.h"

#define FISC_XML_BYTES_MAX (64 * 1024 * 1024)
#define FISC_XML_DEPTH_MAX 40
#define FISC_XML_ELEMENTS_MAX 2000000
#define FISC_XML_TEXT_MAX (64 * 1024)

typedef struct _FiscXmlNode FiscXmlNode;
struct _FiscXmlNode {
    const char *name;        /* without prefix */
    const char *space;       /* the URI of its namespace; "" */
    const char *text;        /* of an element without elements, trimmed; else "" */
    const char **attributes; /* name, value, ... NULL */
    const FiscXmlNode *parent, *first, *next;
    int line;
};

typedef struct _FiscXml FiscXml;

/** The tree of a document, which messages call @file. NULL with a refusal that names the line. */
FiscXml *fisc_xml_parse(const char *file, const char *data, gsize length, FiscRefusals *refusals);
void fisc_xml_free(FiscXml *xml);
const FiscXmlNode *fisc_xml_root(const FiscXml *xml);

/** The first element of that name below a node, on the way "Acct/Id/IBAN"; NULL: there is none, or
 * @node is NULL. */
const FiscXmlNode *fisc_xml_find(const FiscXmlNode *node, const char *path);
/** Its text; "" when there is none. */
const char *fisc_xml_text(const FiscXmlNode *node, const char *path);
/** The next element behind @node that has its name; NULL. */
const FiscXmlNode *fisc_xml_again(const FiscXmlNode *node);
/** "" when there is none. */
const char *fisc_xml_attribute_of(const FiscXmlNode *node, const char *name);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscXml, fisc_xml_free)

#endif

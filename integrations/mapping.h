/* mapping.h: one classification to another by the longest prefix that a table knows.
 * Private to integrations/. */
#ifndef FISC_INTEGRATIONS_MAPPING_H
#define FISC_INTEGRATIONS_MAPPING_H

#include "integrations/reader.h"

typedef struct _FiscMapping FiscMapping;

/* Only rows whose @column holds one of @values count. */
typedef struct {
    char *column;
    char **values;
} FiscMappingScope;

/** Reads @file of the package's folder. @scopes: of FiscMappingScope. *out_mapping stays NULL after
 * a refusal: the same prefix twice within the scopes, a missing column, a missing file. False only
 *  when the file cannot be read. */
bool fisc_mapping_load(FiscReader *reader, FiscPlace place, const char *file, const char *prefix,
                       const char *result, const GPtrArray *scopes, FiscMapping **out_mapping,
                       GError **error);
void fisc_mapping_free(FiscMapping *mapping);
/** The result of the longest known prefix of @code: "" where the table says that there is none.
 *  NULL when no prefix is known. The empty prefix, when the table has it, knows every code. */
const char *fisc_mapping_find(const FiscMapping *mapping, const char *code);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscMapping, fisc_mapping_free)

#endif

/* convert.h: what makes text for a profile of documents that are none, as a table that knows no
 * network: the reader of documents (app/parse) links it, and nothing that could fetch. Private to
 * integrations/. */
#ifndef FISC_INTEGRATIONS_CONVERT_H
#define FISC_INTEGRATIONS_CONVERT_H

#include "integrations/connector.h"

typedef bool (*FiscConvert)(const FiscFeeder *feeder, const char *document, GBytes *body,
                            GBytes **out_text, FiscRefusals *refusals);

/** The one that stands at the connector, too; NULL: its documents are text already. */
FiscConvert fisc_convert_find(const char *connector);

#endif

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

/* What a reader of documents knows, as a program (app/parse). Documents that are sealed are read by
 * one of its own, which computes hashes and checks signatures: that library would make the other
 * one twice as slow to start. */
typedef struct {
    FiscConvert (*find)(const char *connector);
    void (*prepare)(void); /* what needs the machine, before the sandbox; or NULL */
} FiscReaderKind;

extern const FiscReaderKind fisc_reader_plain;
extern const FiscReaderKind fisc_reader_sealed; /* convert_sealed.c */
/** Whether documents of a connector are read by fisc-parse-sealed. */
bool fisc_convert_is_sealed(const char *connector);

#endif

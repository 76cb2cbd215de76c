/* convert.c: which documents are made text of. A new connector with `convert` has a row here, too;
 * its convert() stands in a file of its own (hledger_rows.c, tryton_rows.c), since a file that also
 * fetches would bring all libraries of the network into the reader of documents. */
#include "integrations/convert.h"
#include <string.h>

static const struct {
    const char *connector;
    FiscConvert convert;
} rows[] = {
    {"hledger-web", fisc_hledger_convert},
    {"tryton", fisc_tryton_convert},
    {"camt053", fisc_camt_convert},
    {"ifix", fisc_ifix_convert},
};

FiscConvert
fisc_convert_find(const char *connector)
{
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (strcmp(rows[i].connector, connector) == 0) {
            return rows[i].convert;
        }
    }
    return NULL;
}

bool
fisc_convert_is_sealed(const char *connector)
{
    return strcmp(connector, "fisc") == 0;
}

const FiscReaderKind fisc_reader_plain = {fisc_convert_find, NULL};

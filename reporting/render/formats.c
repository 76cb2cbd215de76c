/* formats.c: the formats a dossier can be rendered in, as a table. */
#include "reporting/render/formats.h"
#include <string.h>

static const FiscDossierFormat formats[] = {
    {NULL, NULL, false, NULL},
};

const FiscDossierFormat *
fisc_dossier_formats(void)
{
    return formats;
}

const FiscDossierFormat *
fisc_dossier_format(const char *name)
{
    for (const FiscDossierFormat *format = formats; format->name != NULL; format++) {
        if (strcmp(format->name, name) == 0) {
            return format;
        }
    }
    return NULL;
}

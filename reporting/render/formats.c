/* formats.c: the formats a dossier can be rendered in, as a table. */
#include "reporting/render/formats.h"
#include <string.h>

static const FiscDossierFormat formats[] = {
    {"pdf", "pages for print, with contents and graphs", true, fisc_render_pdf},
    {"html", "one web page that needs nothing else", false, fisc_render_html},
    {"svg", "the graphs of a report, one below the other", false, fisc_render_svg},
    {"xlsx", "a spreadsheet, a sheet for each statement", true, fisc_render_xlsx},
    {"sdmx-csv", "SDMX-CSV 2.0, for statistical offices", false, fisc_render_sdmx_csv},
    {"sdmx-ml", "SDMX-ML 2.1, generic data", false, fisc_render_sdmx_ml},
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

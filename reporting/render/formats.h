/* formats.h: the formats a dossier can be rendered in: one row, one file. */
#ifndef FISC_RENDER_FORMATS_H
#define FISC_RENDER_FORMATS_H

#include "fisc/dossier.h"

/* Renderers, one file each: append all of the dossier to @out. */
bool fisc_render_pdf(const FiscDossier *dossier, GString *out, GError **error);
bool fisc_render_html(const FiscDossier *dossier, GString *out, GError **error);
bool fisc_render_svg(const FiscDossier *dossier, GString *out, GError **error);
bool fisc_render_sdmx_csv(const FiscDossier *dossier, GString *out, GError **error);
bool fisc_render_sdmx_ml(const FiscDossier *dossier, GString *out, GError **error);
bool fisc_render_xlsx(const FiscDossier *dossier, GString *out, GError **error);

#endif

/* formats.h: the formats a dossier can be rendered in: one row, one file. */
#ifndef FISC_RENDER_FORMATS_H
#define FISC_RENDER_FORMATS_H

#include "fisc/dossier.h"

/* Renderers, one file each: append all of the dossier to @out. */

#endif

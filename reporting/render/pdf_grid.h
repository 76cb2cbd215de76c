/* pdf_grid.h: which columns of a table stand where, and how small its letters must be. */
#ifndef FISC_PDF_GRID_H
#define FISC_PDF_GRID_H

#include "fisc/dossier.h"
#include "reporting/render/pdf_pen.h"

#define FISC_GRID_GAP 12.0 /* between columns */

typedef struct {
    guint column;
    char *words; /* of its head */
    double x, width;
    bool is_number;
} FiscGridColumn;

/* A table, or as many of its columns as a page is wide. */
typedef struct {
    GArray *columns; /* of FiscGridColumn */
    double width;
    double scale; /* of letters */
} FiscGrid;

/** The grids, one or more, that hold the columns of @table on pages of @width. Caller unrefs. */
GPtrArray *
fisc_grids_new(const FiscPen *pen, const FiscTable *table, const char *language, double width);

#endif

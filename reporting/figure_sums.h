/* figure_sums.h: what was added up, by source and code: the store behind figures. */
#ifndef FISC_FIGURE_SUMS_H
#define FISC_FIGURE_SUMS_H

#include "reporting/figures.h"

typedef struct _FiscFigureSums FiscFigureSums;

FiscFigureSums *fisc_figure_sums_new(void);
void fisc_figure_sums_free(FiscFigureSums *sums);
/** Adds an amount, debits positive, to the code and every one above it. */
void
fisc_figure_sums_add(FiscFigureSums *sums, FiscSource source, const char *code, __int128 amount);
/** -1 where a figure is printed with the other sign than its sum, debits positive; else 1. */
int fisc_figure_side(FiscSource source, const char *code);
/** As fisc_figures_get() and fisc_figures_codes(). */
__int128 fisc_figure_sums_get(const FiscFigureSums *sums, FiscSource source, const char *code);
GPtrArray *fisc_figure_sums_codes(const FiscFigureSums *sums, FiscSource source, const char *under,
                                  guint digits, bool deeper);

#endif

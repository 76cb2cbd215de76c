/* draw_scale.h: from amounts to places on an axis, and to short words: in whole numbers only. */
#ifndef FISC_DRAW_SCALE_H
#define FISC_DRAW_SCALE_H

#include "fisc/graph.h"

typedef struct {
    __int128 low, high; /* low <= 0 <= high: an axis without zero exaggerates */
    __int128 step;      /* from one grid line to the next: 1, 2 or 5 and zeros */
    int from, to;       /* the places of low and high */
    int cut;            /* so many digits of an amount are not shown */
    int shown;          /* so many that are shown are decimals */
    const char *unit;   /* "thousands", "millions", "billions" or "" */
} FiscScale;

/** The scale that shows amounts from @low to @high, of @decimals decimals. */
FiscScale fisc_scale_new(__int128 low, __int128 high, int decimals);
int fisc_scale_place(const FiscScale *scale, __int128 amount);
/** "1,234.5", rounded half away from zero. Caller frees. */
char *fisc_scale_words(const FiscScale *scale, __int128 amount);
/** "EUR, millions", in the language. Caller frees. */
char *fisc_scale_unit(const FiscScale *scale, const char *currency, const char *language);

#endif

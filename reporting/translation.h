/* translation.h: the amounts of one unit in another currency. See lens_translate.c for the rules.
 */
#ifndef FISC_TRANSLATION_H
#define FISC_TRANSLATION_H

#include "fisc/balances.h"
#include "reporting/rates.h"

typedef struct {
    const FiscNation *nation;
    FiscBalances *balances; /* that the translated rows are added to */
    FiscRates *rates;
    const char *entity;
    const char *currency; /* its own */
    FiscPeriod from, to;
    int shift; /* months by which its periods were moved forward (fiscal_year.h) */
    /* what came out */
    FiscDate closing_day;
    FiscFraction closing;
    __int128 gains; /* debits positive */
    int roundings;  /* groups of lines that needed one */
    __int128 rounded;
} FiscTranslation;

/** @rows: every FiscBalance of the entity. A missing rate is left to fisc_rates_check().
 * AMOUNT_OVERFLOW when an amount does not fit. */
bool fisc_translation_run(FiscTranslation *translation, const GArray *rows, GError **error);

#endif

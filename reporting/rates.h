/* rates.h: what one currency was worth in another, as exact fractions, from the rates on record.
 *
 * A rate is on record one way (one unit of "currency" is so many of "per"); it is used both ways,
 * and by way of a third currency where both are on record in that one. A rate that is missing is
 * never guessed: it is listed, by currency, day and kind, so that all of them are told at once. */
#ifndef FISC_RATES_H
#define FISC_RATES_H

#include "fisc/nation.h"
#include "reporting/fraction.h"

typedef struct _FiscRates FiscRates;

/** Rates from minor units of any currency into minor units of @into. @nation is borrowed. */
FiscRates *fisc_rates_new(const FiscNation *nation, const char *into);
void fisc_rates_free(FiscRates *rates);

/** At the end of @day. One to one, and listed as missing, when there is none. */
FiscFraction fisc_rates_closing(FiscRates *rates, const char *currency, FiscDate day);
/** The average of a month, else of its year. Periods 00 and 13 are January and December. */
FiscFraction fisc_rates_average(FiscRates *rates, const char *currency, FiscPeriod period);
/** The average of a year; false, and nothing is listed, when there is none. */
bool fisc_rates_year(FiscRates *rates, const char *currency, int year, FiscFraction *out_rate);

/** True when no rate was missing; else NOT_FOUND, which names each of them. */
bool fisc_rates_check(const FiscRates *rates, GError **error);

/** @amount at @rate, half away from zero; false when that does not fit. */
bool fisc_rate_apply(FiscFraction rate, __int128 amount, __int128 *out_amount);

/** The last day of a month; of period 13, and of a year as period 00, the last of December. */
FiscDate fisc_rates_last_day(FiscPeriod period);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscRates, fisc_rates_free)

#endif

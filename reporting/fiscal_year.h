/* fiscal_year.h: units whose year is not the calendar's: by how many months, and what that moves.
 */
#ifndef FISC_FISCAL_YEAR_H
#define FISC_FISCAL_YEAR_H

#include "fisc/lens.h"

/** The month in which the fiscal year of @entity begins that ends in @year: 1 = January, when
 * nothing is on record. */
int fisc_fiscal_year_begins(const FiscNation *nation, const char *entity, int year);
/** By how many months fisc_lens_calendar() moves the periods of @entity forward: 6 when its year
 * ends in June and "own" calendars were asked for; else 0. */
int
fisc_fiscal_year_shift(const FiscNation *nation, const FiscLensQuery *query, const char *entity);
/** @months later, earlier when negative. Period 13 goes with December, 00 with the December
 * before. 0 months later is the same period. */
FiscPeriod fisc_period_shift(FiscPeriod period, int months);

#endif

/* date.h: accounting dates and fiscal periods. A date has no time zone and no clock.
 *
 * FiscDate counts days from 2000-01-01, as PostgreSQL does. A period is the integer YYYYPP:
 * PP 00 = opening balances, 01-12 = months, 13 = year-end adjustments. */
#ifndef FISC_DATE_H
#define FISC_DATE_H

#include <stdbool.h>
#include <stdint.h>

typedef int32_t FiscDate;
typedef int32_t FiscPeriod;

/** Parses ISO "2024-02-29"; false when the date does not exist or lies outside 1900..2199. */
bool fisc_date_parse(const char *text, FiscDate *out_date);
#define FISC_DATE_TEXT 16
const char *fisc_date_format(FiscDate date, char *buffer);
FiscDate fisc_date_make(int year, int month, int day);
void fisc_date_split(FiscDate date, int *out_year, int *out_month, int *out_day);
int fisc_date_year(FiscDate date);

/** The monthly period of a date: 2024-06-30 is 202406. */
FiscPeriod fisc_period_of(FiscDate date);
static inline int
fisc_period_year(FiscPeriod period)
{
    return period / 100;
}
/** The periods that a label covers: "2024" is 202400..202413 (opening and adjustments included),
 *  "2024-Q3" is 202407..202409, "2024-06" is 202406..202406, "2024-13" the adjustments.
 *  False when the label is none of these. */
bool fisc_period_range_parse(const char *text, FiscPeriod *out_from, FiscPeriod *out_to);
/** The same, or two labels with ".." between: "2024-01..2024-07" is 202401..202407. False also when
 *  the second ends before the first begins. */
bool fisc_period_span_parse(const char *text, FiscPeriod *out_from, FiscPeriod *out_to);
/** "2024-06". @buffer of FISC_DATE_TEXT bytes. */
const char *fisc_period_format(FiscPeriod period, char *buffer);

#endif

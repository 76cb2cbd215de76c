/* date.c: the proleptic Gregorian calendar and fiscal periods, by arithmetic.
 *
 * Days are counted in eras of 400 years that begin on 1 March, so that the leap day comes last and
 * no table is needed (the well-known "civil" algorithm). */
#include "fisc/date.h"
#include <glib.h>
#include <string.h>

#define YEAR_MIN 1900
#define YEAR_MAX 2199
#define DAYS_PER_ERA 146097       /* of 400 years */
#define DAYS_TO_2000_01_01 730425 /* from 0000-03-01 */

static bool
is_leap(int year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static bool
exists(int year, int month, int day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (year < YEAR_MIN || year > YEAR_MAX || month < 1 || month > 12 || day < 1) {
        return false;
    }
    return day <= lengths[month - 1] + (month == 2 && is_leap(year));
}

FiscDate
fisc_date_make(int year, int month, int day)
{
    g_assert(exists(year, month, day));
    int from_march = month <= 2 ? year - 1 : year;
    int era = from_march / 400;
    int year_of_era = from_march - era * 400;
    int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * DAYS_PER_ERA + day_of_era - DAYS_TO_2000_01_01;
}

void
fisc_date_split(FiscDate date, int *out_year, int *out_month, int *out_day)
{
    int days = date + DAYS_TO_2000_01_01;
    g_assert(days >= 0);
    int era = days / DAYS_PER_ERA;
    int day_of_era = days - era * DAYS_PER_ERA;
    int year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int month_from_march = (5 * day_of_year + 2) / 153;
    *out_day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    *out_month = month_from_march < 10 ? month_from_march + 3 : month_from_march - 9;
    *out_year = era * 400 + year_of_era + (*out_month <= 2);
}

int
fisc_date_year(FiscDate date)
{
    int year, month, day;
    fisc_date_split(date, &year, &month, &day);
    return year;
}

/* Exactly @count digits at @text; -1 otherwise. */
static int
read_digits(const char *text, int count)
{
    int number = 0;
    for (int i = 0; i < count; i++) {
        if (!g_ascii_isdigit(text[i])) {
            return -1;
        }
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

bool
fisc_date_parse(const char *text, FiscDate *out_date)
{
    if (text == NULL || strlen(text) != 10 || text[4] != '-' || text[7] != '-') {
        return false;
    }
    int year = read_digits(text, 4);
    int month = read_digits(text + 5, 2);
    int day = read_digits(text + 8, 2);
    if (!exists(year, month, day)) {
        return false;
    }
    *out_date = fisc_date_make(year, month, day);
    return true;
}

const char *
fisc_date_format(FiscDate date, char *buffer)
{
    int year, month, day;
    fisc_date_split(date, &year, &month, &day);
    g_snprintf(buffer, FISC_DATE_TEXT, "%04d-%02d-%02d", year, month, day);
    return buffer;
}

FiscPeriod
fisc_period_of(FiscDate date)
{
    int year, month, day;
    fisc_date_split(date, &year, &month, &day);
    return year * 100 + month;
}

static bool
set_range(int from, int to, FiscPeriod *out_from, FiscPeriod *out_to)
{
    *out_from = from;
    *out_to = to;
    return true;
}

bool
fisc_period_range_parse(const char *text, FiscPeriod *out_from, FiscPeriod *out_to)
{
    gsize length = text != NULL ? strlen(text) : 0;
    int year = length >= 4 ? read_digits(text, 4) : -1;
    if (year < YEAR_MIN || year > YEAR_MAX) {
        return false;
    }
    int first = year * 100;
    if (length == 4) {
        return set_range(first, first + 13, out_from, out_to);
    }
    if (length != 7 || text[4] != '-') {
        return false;
    }
    if (text[5] == 'Q' && text[6] >= '1' && text[6] <= '4') {
        int month = (text[6] - '1') * 3 + 1;
        return set_range(first + month, first + month + 2, out_from, out_to);
    }
    int part = read_digits(text + 5, 2);
    return part >= 0 && part <= 13 && set_range(first + part, first + part, out_from, out_to);
}

bool
fisc_period_span_parse(const char *text, FiscPeriod *out_from, FiscPeriod *out_to)
{
    const char *dots = text != NULL ? strstr(text, "..") : NULL;
    if (dots == NULL) {
        return fisc_period_range_parse(text, out_from, out_to);
    }
    g_autofree char *first = g_strndup(text, (gsize)(dots - text));
    FiscPeriod from, first_end, second_begin, to;
    return fisc_period_range_parse(first, &from, &first_end) &&
           fisc_period_range_parse(dots + 2, &second_begin, &to) && from <= to &&
           set_range(from, to, out_from, out_to);
}

const char *
fisc_period_format(FiscPeriod period, char *buffer)
{
    g_snprintf(buffer, FISC_DATE_TEXT, "%04d-%02d", period / 100, period % 100);
    return buffer;
}

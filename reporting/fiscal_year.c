/* fiscal_year.c: when a unit's year begins, from the calendars on record. */
#include "reporting/fiscal_year.h"
#include <stdlib.h>
#include <string.h>

int
fisc_fiscal_year_begins(const FiscNation *nation, const char *entity, int year)
{
    g_autoptr(GPtrArray) facts = fisc_nation_facts(nation, "calendar");
    int begins = 1;
    int since = 0;
    for (guint i = 0; i < facts->len; i++) {
        const FiscFact *fact = facts->pdata[i];
        int from = atoi(fisc_fact_field(fact, "from"));
        if (g_str_equal(fisc_fact_field(fact, "entity"), entity) && from <= year && from >= since) {
            begins = atoi(fisc_fact_field(fact, "begins"));
            since = from;
        }
    }
    return begins;
}

int
fisc_fiscal_year_shift(const FiscNation *nation, const FiscLensQuery *query, const char *entity)
{
    if (g_strcmp0(query->calendar, "own") != 0) {
        return 0;
    }
    int begins = fisc_fiscal_year_begins(nation, entity, fisc_period_year(query->to));
    return (13 - begins) % 12;
}

FiscPeriod
fisc_period_shift(FiscPeriod period, int months)
{
    if (months == 0) {
        return period;
    }
    int month = MIN(period % 100, 12);
    int count = fisc_period_year(period) * 12 + month - 1 + months;
    return count / 12 * 100 + count % 12 + 1;
}

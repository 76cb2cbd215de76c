/* period_label.c: a range of periods in words. */
#include "reporting/period_label.h"
#include <glib.h>

char *
fisc_period_label(FiscPeriod from, FiscPeriod to)
{
    char first[FISC_DATE_TEXT];
    char last[FISC_DATE_TEXT];
    bool is_whole_year =
        fisc_period_year(from) == fisc_period_year(to) && from % 100 == 0 && to % 100 >= 12;
    if (is_whole_year) {
        return g_strdup_printf("%d%s", fisc_period_year(from),
                               to % 100 == 12 ? " before closing" : "");
    }
    if (from == to) {
        return g_strdup(fisc_period_format(from, first));
    }
    return g_strdup_printf("%s to %s", fisc_period_format(from, first),
                           fisc_period_format(to, last));
}

/* fz_date_period.c: texts as dates and periods. What is taken is written as it was read, and spans
 * do not run backwards. */
#include "fisc/date.h"
#include "tests/fuzz/fuzz.h"
#include <string.h>

static void
check_date(const char *text)
{
    char written[FISC_DATE_TEXT];
    FiscDate date = 0;
    int year = 0, month = 0, day = 0;
    if (fisc_date_parse(text, &date)) {
        FUZZ_HOLDS(strcmp(fisc_date_format(date, written), text) == 0);
        fisc_date_split(date, &year, &month, &day);
        FUZZ_HOLDS(year >= 1900 && year <= 2199 && month >= 1 && month <= 12 && day >= 1);
        FUZZ_HOLDS(fisc_date_make(year, month, day) == date);
        FUZZ_HOLDS(fisc_period_of(date) == year * 100 + month);
    }
}

static void
check_period(const char *text)
{
    FiscPeriod from = 0, to = 0, span_from = 0, span_to = 0;
    bool is_label = fisc_period_range_parse(text, &from, &to);
    bool is_span = fisc_period_span_parse(text, &span_from, &span_to);
    FUZZ_HOLDS(!is_label || (is_span && from == span_from && to == span_to));
    FUZZ_HOLDS(!is_span || (span_from <= span_to && span_from % 100 <= 13 && span_to % 100 <= 13));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autofree char *text = g_strndup((const char *)data, size);
    check_date(text);
    check_period(text);
    return 0;
}

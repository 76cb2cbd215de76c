/* date_test.c: the calendar and the labels of periods. */
#include "tests/support/suite.h"
#include "fisc/date.h"
#include <glib.h>

extern const FiscTest fisc_date_tests[];

static void
test_counts_days_as_postgresql_does(void)
{
    static const struct {
        const char *text;
        FiscDate date;
    } cases[] = {
        {"2000-01-01", 0},      {"1999-12-31", -1},     {"2000-02-29", 59},
        {"2000-03-01", 60},     {"2024-02-29", 8825},   {"2018-12-31", 6939},
        {"1970-01-01", -10957}, {"1900-01-01", -36524}, {"2199-12-31", 73048},
        {"2100-03-01", 36584},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscDate date = 424242;
        char buffer[FISC_DATE_TEXT];
        CU_ASSERT_TRUE(fisc_date_parse(cases[i].text, &date));
        FISC_ASSERT_INT(date, cases[i].date);
        FISC_ASSERT_TEXT(fisc_date_format(cases[i].date, buffer), cases[i].text);
    }
}

static void
test_refuses_dates_that_do_not_exist(void)
{
    static const char *const cases[] = {
        "2023-02-29",  "2100-02-29",  "2024-02-30", "2024-04-31", "2024-13-01", "2024-00-10",
        "2024-01-00",  "1899-12-31",  "2200-01-01", "2024-1-1",   "24-01-01",   "2024/01/01",
        "2024-01-01 ", " 2024-01-01", "20240101",   "2024-01-0a", "",           "-024-01-01",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscDate date = 424242;
        CU_ASSERT_FALSE(fisc_date_parse(cases[i], &date));
        FISC_ASSERT_INT(date, 424242);
    }
    FiscDate date = 424242;
    CU_ASSERT_FALSE(fisc_date_parse(NULL, &date));
}

static void
test_takes_every_day_apart_and_together(void)
{
    FiscDate last = fisc_date_make(2199, 12, 31);
    int wrong = 0;
    int before = 0;
    for (FiscDate date = fisc_date_make(1900, 1, 1); date <= last; date++) {
        int year, month, day;
        fisc_date_split(date, &year, &month, &day);
        int order = (year * 100 + month) * 100 + day;
        wrong += fisc_date_make(year, month, day) != date || order <= before;
        before = order;
    }
    FISC_ASSERT_INT(wrong, 0);
    FISC_ASSERT_INT(before, 21991231);
}

static void
test_reads_labels_of_periods(void)
{
    static const struct {
        const char *label;
        FiscPeriod from, to;
    } cases[] = {
        {"2024", 202400, 202413},    {"2024-Q1", 202401, 202403}, {"2024-Q3", 202407, 202409},
        {"2024-Q4", 202410, 202412}, {"2024-06", 202406, 202406}, {"2024-13", 202413, 202413},
        {"2024-00", 202400, 202400}, {"1900", 190000, 190013},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscPeriod from = 0, to = 0;
        CU_ASSERT_TRUE(fisc_period_range_parse(cases[i].label, &from, &to));
        FISC_ASSERT_INT(from, cases[i].from);
        FISC_ASSERT_INT(to, cases[i].to);
    }
}

static void
test_reads_spans_of_periods(void)
{
    static const struct {
        const char *label;
        FiscPeriod from, to; /* 0: refused */
    } cases[] = {
        {"2024-01..2024-07", 202401, 202407},
        {"2023..2024", 202300, 202413},
        {"2024-Q1..2024-Q3", 202401, 202409},
        {"2024", 202400, 202413},
        {"2024-07..2024-01", 0, 0},
        {"2024..", 0, 0},
        {"..2024", 0, 0},
        {"2024-01...2024-07", 0, 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscPeriod from = 0, to = 0;
        CU_ASSERT_EQUAL(fisc_period_span_parse(cases[i].label, &from, &to), cases[i].from != 0);
        FISC_ASSERT_INT(from, cases[i].from);
        FISC_ASSERT_INT(to, cases[i].to);
    }
}

static void
test_refuses_other_labels(void)
{
    static const char *const cases[] = {"",        "24",     "2024-",   "2024-Q5", "2024-Q0",
                                        "2024-14", "2024-6", "2024-q1", "202406",  "2024-06-01",
                                        "1899",    "2200",   "2024-Q",  "2024-0x", "year"};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscPeriod from = 7, to = 7;
        CU_ASSERT_FALSE(fisc_period_range_parse(cases[i], &from, &to));
        FISC_ASSERT_INT(from + to, 14);
    }
}

static void
test_names_the_period_of_a_date(void)
{
    char buffer[FISC_DATE_TEXT];
    FISC_ASSERT_INT(fisc_period_of(fisc_date_make(2024, 6, 30)), 202406);
    FISC_ASSERT_INT(fisc_period_of(fisc_date_make(2025, 1, 1)), 202501);
    FISC_ASSERT_INT(fisc_date_year(fisc_date_make(1999, 12, 31)), 1999);
    FISC_ASSERT_INT(fisc_period_year(202413), 2024);
    FISC_ASSERT_TEXT(fisc_period_format(202406, buffer), "2024-06");
    FISC_ASSERT_TEXT(fisc_period_format(202413, buffer), "2024-13");
}

const FiscTest fisc_date_tests[] = {
    {"counts days from 2000-01-01 as PostgreSQL does", test_counts_days_as_postgresql_does},
    {"refuses a date that does not exist", test_refuses_dates_that_do_not_exist},
    {"takes every day of three centuries apart and together",
     test_takes_every_day_apart_and_together},
    {"reads years, quarters, months and adjustments", test_reads_labels_of_periods},
    {"reads spans of periods", test_reads_spans_of_periods},
    {"refuses labels that are no period", test_refuses_other_labels},
    {"names the period of a date", test_names_the_period_of_a_date},
    {NULL, NULL},
};

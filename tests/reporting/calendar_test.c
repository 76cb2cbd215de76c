/* calendar_test.c: units whose year does not begin in January. */
#include "fisc/lens.h"
#include "tests/reporting/lensing.h"
#include "tests/reporting/reading.h"
#include "tests/reporting/worksheet.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_calendar_tests[];

#define YEAR_2024 .from = 202400, .to = 202413

/* The year of UNI begins in July, that of PORT in October, that of CITY in January. */
static NaiveBooks *
three_units(void)
{
    NaiveBooks *books = naive_books_new();
    naive_entity(books, "CITY", "11");
    naive_entity(books, "UNI", "11");
    naive_entity(books, "PORT", "11");
    naive_outsider(books, "HH", "16");
    fisc_nation_add_group(books->nation, "ALL", "All", "CITY UNI PORT");
    lensing_calendar(books, "UNI", "07");
    lensing_calendar(books, "PORT", "10");
    return books;
}

/* One fee of so many a month, each its own number, from 2023-01 to 2024-12. */
static void
post_fees(NaiveBooks *books, const char *entity)
{
    for (int month = 0; month < 24; month++) {
        const NaiveLine lines[] = {
            {.entity = entity,
             .code = "3202",
             .period = (2023 + month / 12) * 100 + month % 12 + 1,
             .amount = 1 << month,
             .cash_code = "14",
             .cash_counterparty = "HH"},
            {.entity = entity,
             .code = "1422",
             .period = (2023 + month / 12) * 100 + month % 12 + 1,
             .amount = -(1 << month),
             .counterparty = "HH"},
            {NULL},
        };
        worksheet_post(books, lines);
    }
}

/* The sum of the fees of months @first to @last, counted from January 2023. */
static int64_t
fees(int first, int last)
{
    return (1 << (last + 1)) - (1 << first);
}

static void
test_each_unit_has_its_own_year(void)
{
    static const struct {
        const char *entity, *calendar;
        FiscPeriod from, to;
        int first, last; /* months that count */
        int before;      /* last month that is in the opening stock; -1: none */
    } cases[] = {
        {"CITY", "own", 202400, 202413, 12, 23, 11},
        {"UNI", "own", 202400, 202413, 6, 17, 5}, /* July 2023 to June 2024 */
        {"PORT", "own", 202400, 202413, 9, 20, 8},
        {"UNI", "own", 202401, 202403, 6, 8, 5}, /* its first quarter */
        {"UNI", "common", 202400, 202413, 12, 23, 11},
        {"UNI", NULL, 202404, 202406, 15, 17, 14},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NaiveBooks) books = three_units();
        post_fees(books, cases[i].entity);
        FiscLensQuery query = {.unit = cases[i].entity,
                               .from = cases[i].from,
                               .to = cases[i].to,
                               .calendar = cases[i].calendar};
        g_autofree char *refusal = lensing_look(books, &query, NULL);
        FISC_ASSERT_TEXT(refusal, "");
        g_autoptr(FiscTable) table =
            read_statements(books, cases[i].entity, cases[i].from, cases[i].to);
        FISC_ASSERT_INT(amount_of(table, "SOO", "1422"), fees(cases[i].first, cases[i].last));
        FISC_ASSERT_INT(amount_of(table, "BS_OPEN", "6202"), fees(0, cases[i].before));
        FISC_ASSERT_INT(amount_of(table, "BS_CLOSE", "6202"), fees(0, cases[i].last));
        FISC_ASSERT_INT(amount_of(table, "SOO", "NLBz"), 0);
    }
}

/* What is opened is there before the unit's year begins, in whichever year that is. */
static void
test_opening_balances_stay_before_the_year(void)
{
    static const NaiveLine lines[] = {
        {.entity = "UNI", .code = "6111", .period = 202400, .amount = 500},
        {.entity = "UNI", .code = "6", .period = 202400, .amount = -500},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = three_units();
    worksheet_post(books, lines);
    FiscLensQuery query = {.unit = "ALL", YEAR_2024, .calendar = "own"};
    g_autofree char *refusal = lensing_look(books, &query, NULL);
    g_autoptr(FiscTable) table = read_year(books, "ALL");
    FISC_ASSERT_TEXT(refusal, "");
    FISC_ASSERT_INT(amount_of(table, "BS_OPEN", "6111"), 500);
    FISC_ASSERT_INT(amount_of(table, "SOO", "31"), 0);
}

static void
test_notes_say_whose_year_differs(void)
{
    static const struct {
        const char *calendar;
        const char *uni, *port;
    } cases[] = {
        {"own",
         "Calendar: the year of UNI ends 6 months earlier: its figures are of 2023-07 to 2024-06; "
         "that is more than three months apart (IPSAS 35.46)",
         "Calendar: the year of PORT ends 3 months earlier: its figures are of 2023-10 to "
         "2024-09\n"},
        {NULL, "Calendar: the fiscal year of UNI begins in month 07 and ends 6 months earlier",
         "Calendar: the fiscal year of PORT begins in month 10 and ends 3 months earlier"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NaiveBooks) books = three_units();
        g_autoptr(GString) notes = g_string_new(NULL);
        FiscLensQuery query = {.unit = "ALL", YEAR_2024, .calendar = cases[i].calendar};
        g_autofree char *refusal = lensing_look(books, &query, notes);
        FISC_ASSERT_TEXT(refusal, "");
        FISC_ASSERT_CONTAINS(notes->str, cases[i].uni);
        FISC_ASSERT_CONTAINS(notes->str, cases[i].port);
        CU_ASSERT_PTR_NULL(strstr(notes->str, "CITY"));
    }
}

/* 100.00 USD earned in July 2023 are translated at the rate of that month, and held at the end of
 * June 2024 at the rate of that day. */
static void
test_rates_are_those_of_the_unit_s_own_months(void)
{
    static const NaiveLine lines[] = {
        {.entity = "UNI",
         .code = "3202",
         .period = 202307,
         .amount = 10000,
         .cash_code = "14",
         .cash_counterparty = "HH"},
        {.entity = "UNI", .code = "1422", .period = 202307, .amount = -10000, .counterparty = "HH"},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = three_units();
    lensing_currency(books, "UNI", "USD");
    lensing_rate(books, "USD", "EUR", "2023-07-31", "average", "0.95");
    lensing_rate(books, "USD", "EUR", "2024-06-30", "closing", "0.91");
    worksheet_post(books, lines);
    FiscLensQuery query = {.unit = "UNI", YEAR_2024, .calendar = "own", .currency = "EUR"};
    g_autofree char *refusal = lensing_look(books, &query, NULL);
    g_autoptr(FiscTable) table = read_year(books, "UNI");
    FISC_ASSERT_TEXT(refusal, "");
    FISC_ASSERT_INT(amount_of(table, "SOO", "1422"), 9500);
    FISC_ASSERT_INT(amount_of(table, "BS_CLOSE", "6202"), 9100);
    FISC_ASSERT_INT(amount_of(table, "SOEF", "4202"), -400);
}

static void
test_the_latest_calendar_of_the_year_counts(void)
{
    static const char *const later[] = {"entity", "UNI", "from", "2024", "begins", "01", NULL};
    g_autoptr(NaiveBooks) books = three_units();
    lensing_fact(books, "calendar", later);
    post_fees(books, "UNI");
    FiscLensQuery query = {.unit = "UNI", YEAR_2024, .calendar = "own"};
    g_autofree char *refusal = lensing_look(books, &query, NULL);
    g_autoptr(FiscTable) table = read_year(books, "UNI");
    FISC_ASSERT_TEXT(refusal, "");
    FISC_ASSERT_INT(amount_of(table, "SOO", "1422"), fees(12, 23));
}

static void
test_a_calendar_that_nobody_knows_is_refused(void)
{
    g_autoptr(NaiveBooks) books = three_units();
    FiscLensQuery query = {.unit = "ALL", YEAR_2024, .calendar = "lunar"};
    g_autofree char *refusal = lensing_look(books, &query, NULL);
    FISC_ASSERT_TEXT(refusal, "--calendar is own or common, not \"lunar\"");
}

const FiscTest fisc_calendar_tests[] = {
    {"each unit has its own year, or all the same months", test_each_unit_has_its_own_year},
    {"opening balances stay before the year", test_opening_balances_stay_before_the_year},
    {"notes say whose year differs, and warn beyond three months",
     test_notes_say_whose_year_differs},
    {"rates are those of the unit's own months", test_rates_are_those_of_the_unit_s_own_months},
    {"the latest calendar of the year counts", test_the_latest_calendar_of_the_year_counts},
    {"a calendar that nobody knows is refused", test_a_calendar_that_nobody_knows_is_refused},
    {NULL, NULL},
};

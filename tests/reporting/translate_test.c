/* translate_test.c: books in several currencies, with figures worked by hand. */
#include "fisc/lens.h"
#include "tests/reporting/lensing.h"
#include "tests/reporting/reading.h"
#include "tests/reporting/worksheet.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_translate_tests[];

#define YEAR_2024 .from = 202400, .to = 202413

/* HOME keeps its books in EUR, ISLE in USD; BOTH is their group. */
static NaiveBooks *
two_units(void)
{
    NaiveBooks *books = naive_books_new();
    naive_entity(books, "HOME", "11");
    naive_entity(books, "ISLE", "11");
    naive_outsider(books, "HH", "16");
    naive_outsider(books, "BANK", "132");
    lensing_currency(books, "HOME", "EUR");
    lensing_currency(books, "ISLE", "USD");
    fisc_nation_add_group(books->nation, "BOTH", "Both", "HOME ISLE");
    return books;
}

static void
add_rates(NaiveBooks *books)
{
    lensing_rate(books, "USD", "EUR", "2023-12-31", "closing", "0.90");
    lensing_rate(books, "USD", "EUR", "2024-12-31", "closing", "0.80");
    lensing_rate(books, "USD", "EUR", "2024-03-31", "average", "0.85");
    lensing_rate(books, "USD", "EUR", "2024-12-31", "year-average", "0.84");
}

/* 100.00 of cash, 50.00 of taxes in March, 20.00 of wages in June. */
static void
post_isle(NaiveBooks *books)
{
    static const NaiveLine lines[] = {
        {.entity = "ISLE",
         .code = "6202",
         .period = 202400,
         .amount = 10000,
         .counterparty = "BANK"},
        {.entity = "ISLE", .code = "6", .period = 202400, .amount = -10000},
        {.entity = "ISLE",
         .code = "3202",
         .period = 202403,
         .amount = 5000,
         .counterparty = "BANK",
         .cash_code = "11",
         .cash_counterparty = "HH"},
        {.entity = "ISLE", .code = "1111", .period = 202403, .amount = -5000, .counterparty = "HH"},
        {.entity = "ISLE",
         .code = "2111",
         .period = 202406,
         .amount = 2000,
         .counterparty = "HH",
         .cofog = "70111"},
        {.entity = "ISLE",
         .code = "3202",
         .period = 202406,
         .amount = -2000,
         .counterparty = "BANK",
         .cash_code = "21",
         .cash_counterparty = "HH"},
        {NULL},
    };
    worksheet_post(books, lines);
}

static void
test_stocks_flows_and_the_difference(void)
{
    static const struct {
        const char *statement, *code;
        int64_t amount;
    } cases[] = {
        {"BS_OPEN", "6202", 9000}, /* 100.00 at 0.90 */
        {"SOO", "1111", 4250},     /* 50.00 at the average of March, 0.85 */
        {"SOO", "21", 1680},       /* 20.00 at the average of the year, 0.84 */
        {"SOO", "3202", 2570},     /* 42.50 - 16.80 */
        {"SOO", "NOB", 2570},        {"SSUC", "NCB", 2570},
        {"BS_CLOSE", "6202", 10400}, /* 130.00 at 0.80 */
        {"SOEF", "4202", -1170},     /* 104.00 - 90.00 - 25.70 */
        {"SOEF", "4", -1170},        {"BS_CLOSE", "6", 10400},
        {"COFOG_DIV", "701", 1680},
    };
    g_autoptr(NaiveBooks) books = two_units();
    add_rates(books);
    post_isle(books);
    g_autoptr(GString) notes = g_string_new(NULL);
    FiscLensQuery query = {.unit = "ISLE", YEAR_2024, .currency = "EUR"};
    g_autofree char *refusal = lensing_look(books, &query, notes);
    FISC_ASSERT_TEXT(refusal, "");
    g_autoptr(FiscTable) table = read_year(books, "ISLE");
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        FISC_ASSERT_INT(amount_of(table, cases[i].statement, cases[i].code), cases[i].amount);
    }
    FISC_ASSERT_INT(lensing_balance(books, "ISLE"), 0);
    FISC_ASSERT_TEXT(fisc_nation_entity(books->nation, "ISLE")->currency, "EUR");
    FISC_ASSERT_CONTAINS(notes->str, "ISLE from USD to EUR, stocks at the rate of 2024-12-31");
    FISC_ASSERT_CONTAINS(notes->str, "change of rates, as holding gains: -11.70");
}

/* The second half begins with what the first ended with: 150.00 less 20.00, at 0.88. */
static void
test_halves_add_up(void)
{
    static const struct {
        FiscPeriod from, to;
        int64_t open, gain, close;
    } halves[] = {
        {202401, 202406, 9000, -130, 11440}, /* 114.40 - 90.00 - 25.70 */
        {202407, 202412, 11440, -1040, 10400},
    };
    for (guint i = 0; i < G_N_ELEMENTS(halves); i++) {
        g_autoptr(NaiveBooks) books = two_units();
        add_rates(books);
        lensing_rate(books, "USD", "EUR", "2024-06-30", "closing", "0.88");
        post_isle(books);
        FiscLensQuery query = {
            .unit = "ISLE", .from = halves[i].from, .to = halves[i].to, .currency = "EUR"};
        g_autofree char *refusal = lensing_look(books, &query, NULL);
        FISC_ASSERT_TEXT(refusal, "");
        g_autoptr(FiscTable) table = read_statements(books, "ISLE", halves[i].from, halves[i].to);
        FISC_ASSERT_INT(amount_of(table, "BS_OPEN", "6202"), halves[i].open);
        FISC_ASSERT_INT(amount_of(table, "SOEF", "4202"), halves[i].gain);
        FISC_ASSERT_INT(amount_of(table, "BS_CLOSE", "6202"), halves[i].close);
        FISC_ASSERT_INT(lensing_balance(books, "ISLE"), 0);
    }
}

/* One euro is 1.25 dollars, one dollar 1,300 won or 0.300 dinars: won and dinars have no rate in
 * euros of their own. */
static void
test_rates_are_used_both_ways_and_by_a_third_currency(void)
{
    static const struct {
        const char *currency;
        int64_t units;
        int64_t euros;
    } cases[] = {
        {"USD", 13000, 10400}, /* 130.00 at 0.80 */
        {"KRW", 10000, 615},   /* 10,000 / 1,300 * 0.80 = 6.1538 */
        {"KWD", 10000, 2667},  /* 10.000 * 0.80 / 0.30 = 26.6667 */
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NaiveBooks) books = two_units();
        lensing_currency(books, "ISLE", cases[i].currency);
        lensing_rate(books, "EUR", "USD", "2023-12-31", "closing", "1.25");
        lensing_rate(books, "EUR", "USD", "2024-12-31", "closing", "1.25");
        lensing_rate(books, "USD", "KRW", "2023-12-31", "closing", "1300");
        lensing_rate(books, "USD", "KRW", "2024-12-31", "closing", "1300");
        lensing_rate(books, "USD", "KWD", "2023-12-31", "closing", "0.3");
        lensing_rate(books, "USD", "KWD", "2024-12-31", "closing", "0.3");
        const NaiveLine lines[] = {
            {.entity = "ISLE",
             .code = "6202",
             .period = 202400,
             .amount = cases[i].units,
             .counterparty = "BANK"},
            {.entity = "ISLE", .code = "6", .period = 202400, .amount = -cases[i].units},
            {NULL},
        };
        worksheet_post(books, lines);
        FiscLensQuery query = {.unit = "ISLE", YEAR_2024, .currency = "EUR"};
        g_autofree char *refusal = lensing_look(books, &query, NULL);
        FISC_ASSERT_TEXT(refusal, "");
        g_autoptr(FiscTable) table = read_year(books, "ISLE");
        FISC_ASSERT_INT(amount_of(table, "BS_CLOSE", "6202"), cases[i].euros);
        FISC_ASSERT_INT(table->decimals, 2);
    }
}

/* 0.33 + 0.33 + 0.34 at a half are 0.17 each, and 1.00 is 0.50: the bank takes the cent. */
static void
test_what_rounding_leaves_is_placed_and_told(void)
{
    static const NaiveLine lines[] = {
        {.entity = "ISLE", .code = "2111", .amount = 33, .counterparty = "HH", .cofog = "70111"},
        {.entity = "ISLE", .code = "22", .amount = 33, .counterparty = "HH", .cofog = "70111"},
        {.entity = "ISLE", .code = "2821", .amount = 34, .counterparty = "HH", .cofog = "70111"},
        {.entity = "ISLE",
         .code = "3202",
         .amount = -100,
         .counterparty = "BANK",
         .cash_code = "21",
         .cash_counterparty = "HH"},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = two_units();
    lensing_rate(books, "USD", "EUR", "2024-06-30", "average", "0.5");
    lensing_rate(books, "USD", "EUR", "2024-12-31", "closing", "0.5");
    worksheet_post(books, lines);
    g_autoptr(GString) notes = g_string_new(NULL);
    FiscLensQuery query = {.unit = "BOTH", YEAR_2024, .currency = "EUR"};
    g_autofree char *refusal = lensing_look(books, &query, notes);
    FISC_ASSERT_TEXT(refusal, "");
    g_autoptr(FiscTable) table = read_year(books, "BOTH");
    FISC_ASSERT_INT(amount_of(table, "SOO", "2"), 51);
    FISC_ASSERT_INT(amount_of(table, "SOO", "3202"), -51);
    FISC_ASSERT_INT(amount_of(table, "SOO", "NLBz"), 0);
    FISC_ASSERT_INT(amount_of(table, "SOEF", "4202"), 1);
    FISC_ASSERT_INT(amount_of(table, "BS_CLOSE", "6202"), -50);
    FISC_ASSERT_CONTAINS(notes->str, "; 1 rounding placed, 0.01 in all");
}

/* A French and a German account number, one class: both count in taxes on income. */
static void
test_unlike_charts_meet_in_their_classes(void)
{
    static const NaiveLine lines[] = {
        {.entity = "HOME", .code = "706", .amount = -3000, .counterparty = "HH"},
        {.entity = "HOME",
         .code = "3202",
         .amount = 3000,
         .counterparty = "BANK",
         .cash_code = "11",
         .cash_counterparty = "HH"},
        {.entity = "ISLE", .code = "8400", .amount = -1000, .counterparty = "HH"},
        {.entity = "ISLE",
         .code = "3202",
         .amount = 1000,
         .counterparty = "BANK",
         .cash_code = "11",
         .cash_counterparty = "HH"},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = two_units();
    add_rates(books);
    fisc_nation_add_account(books->nation, "706", "Impôts sur le revenu", FISC_CLASS_REVENUE,
                            "1111", 0, true, FISC_STAGE_NONE);
    fisc_nation_add_account(books->nation, "8400", "Einkommensteuer", FISC_CLASS_REVENUE, "1111", 0,
                            true, FISC_STAGE_NONE);
    worksheet_post(books, lines);
    FiscLensQuery query = {.unit = "BOTH", YEAR_2024, .currency = "EUR"};
    g_autofree char *refusal = lensing_look(books, &query, NULL);
    FISC_ASSERT_TEXT(refusal, "");
    g_autoptr(FiscTable) table = read_year(books, "BOTH");
    FISC_ASSERT_INT(amount_of(table, "SOO", "1111"), 3000 + 840);
    FISC_ASSERT_INT(amount_of(table, "SOO", "32"), 3000 + 840);
}

/* 100.00 EUR lent at 0.90 are 111.11 USD owed. Both records are left out; what the dollar did to
 * the debt is a gain of ISLE, and stays beside the group as what is in transit. */
static void
test_a_loan_between_two_currencies_is_left_out(void)
{
    static const NaiveLine lines[] = {
        {.entity = "HOME",
         .code = "6204",
         .period = 202400,
         .amount = 10000,
         .counterparty = "ISLE"},
        {.entity = "HOME", .code = "6", .period = 202400, .amount = -10000},
        {.entity = "ISLE",
         .code = "6304",
         .period = 202400,
         .amount = -11111,
         .counterparty = "HOME"},
        {.entity = "ISLE", .code = "6", .period = 202400, .amount = 11111},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = two_units();
    add_rates(books);
    worksheet_post(books, lines);
    FiscLensQuery query = {.unit = "BOTH", YEAR_2024, .currency = "EUR"};
    g_autofree char *refusal = lensing_look(books, &query, NULL);
    FISC_ASSERT_TEXT(refusal, "");
    g_autoptr(FiscTable) isle = read_year(books, "ISLE");
    g_autoptr(FiscTable) both = read_year(books, "BOTH");
    FISC_ASSERT_INT(amount_of(isle, "BS_OPEN", "6304"), 10000);
    FISC_ASSERT_INT(amount_of(isle, "BS_CLOSE", "6304"), 8889);
    FISC_ASSERT_INT(amount_of(isle, "SOEF", "4304"), -1111);
    FISC_ASSERT_INT(amount_of(both, "BS_OPEN", "62"), 0);
    FISC_ASSERT_INT(amount_of(both, "BS_CLOSE", "63"), 0);
    FISC_ASSERT_INT(amount_of(both, "SOEF", "4"), 0);
    FISC_ASSERT_INT(transit_of(both, "4"), 1111);
}

static void
test_a_budget_is_translated_at_one_rate(void)
{
    static const NaiveLine lines[] = {
        {.entity = "ISLE", .code = "B11", .period = 202401, .amount = 10000, .gfs_class = "22"},
        {.entity = "ISLE", .code = "B20", .period = 202401, .amount = -10000, .gfs_class = "22"},
        {.entity = "ISLE", .code = "B20", .period = 202403, .amount = 2500, .gfs_class = "22"},
        {.entity = "ISLE", .code = "B24", .period = 202403, .amount = -2500, .gfs_class = "22"},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = two_units();
    add_rates(books);
    worksheet_post(books, lines);
    FiscLensQuery query = {.unit = "ISLE", YEAR_2024, .currency = "EUR"};
    g_autofree char *refusal = lensing_look(books, &query, NULL);
    FISC_ASSERT_TEXT(refusal, "");
    g_autoptr(FiscTable) table = NULL;
    CU_ASSERT_FATAL(fisc_statement_budget_stages(books->nation, books->balances, "ISLE", 2024,
                                                 "entity", false, false, &table, NULL));
    FISC_ASSERT_INT(amount_at(table, 0, fisc_table_column(table, "original")), 8400);
    FISC_ASSERT_INT(amount_at(table, 0, fisc_table_column(table, "paid")), 2100);
}

static void
test_refusals_name_what_is_missing(void)
{
    static const struct {
        const char *unit, *currency;
        bool with_rates;
        const char *says;
    } cases[] = {
        {"BOTH", NULL, true,
         "the units of BOTH keep their books in several currencies (EUR, USD): say in which one "
         "the report is to be, with --currency"},
        {"ISLE", "EUX", true, "--currency \"EUX\" is no ISO 4217 code"},
        {"ISLE", "EUR", false,
         "no rate is on record for USD per EUR, 2024-12-31, closing; USD per EUR, 2024-03-31, "
         "average; USD per EUR, 2024-06-30, average; USD per EUR, 2023-12-31, closing "
         "(rates.csv)"},
        {"ISLE", NULL, false, ""},
        {"ISLE", "USD", false, ""},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NaiveBooks) books = two_units();
        static const NaiveLine home[] = {
            {.entity = "HOME", .code = "6202", .period = 202400, .amount = 1},
            {.entity = "HOME", .code = "6", .period = 202400, .amount = -1},
            {NULL},
        };
        post_isle(books);
        worksheet_post(books, home);
        if (cases[i].with_rates) {
            add_rates(books);
        }
        FiscLensQuery query = {.unit = cases[i].unit, YEAR_2024, .currency = cases[i].currency};
        g_autofree char *refusal = lensing_look(books, &query, NULL);
        FISC_ASSERT_TEXT(refusal, cases[i].says);
    }
}

static void
test_a_unit_without_a_currency_is_not_guessed(void)
{
    g_autoptr(NaiveBooks) books = two_units();
    post_isle(books);
    add_rates(books);
    lensing_currency(books, "ISLE", "");
    FiscLensQuery query = {.unit = "ISLE", YEAR_2024, .currency = "EUR"};
    g_autofree char *refusal = lensing_look(books, &query, NULL);
    FISC_ASSERT_CONTAINS(refusal, "the currency of ISLE is not on record");
}

/* An amount that the other currency would need more than 64 bits for. */
static void
test_what_does_not_fit_is_refused(void)
{
    static const NaiveLine lines[] = {
        {.entity = "ISLE", .code = "6202", .period = 202400, .amount = G_MAXINT64 / 2},
        {.entity = "ISLE", .code = "6", .period = 202400, .amount = -(G_MAXINT64 / 2)},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = two_units();
    lensing_rate(books, "USD", "EUR", "2023-12-31", "closing", "3");
    lensing_rate(books, "USD", "EUR", "2024-12-31", "closing", "3");
    worksheet_post(books, lines);
    FiscLensQuery query = {.unit = "ISLE", YEAR_2024, .currency = "EUR"};
    g_autofree char *refusal = lensing_look(books, &query, NULL);
    FISC_ASSERT_TEXT(refusal, "an amount of ISLE does not fit when translated");
}

const FiscTest fisc_translate_tests[] = {
    {"stocks are at the closing rate, flows at the average, the rest is a gain",
     test_stocks_flows_and_the_difference},
    {"the second half begins with what the first ended with", test_halves_add_up},
    {"rates are used both ways and by way of a third currency",
     test_rates_are_used_both_ways_and_by_a_third_currency},
    {"what rounding leaves is placed and told", test_what_rounding_leaves_is_placed_and_told},
    {"accounts of unlike charts meet in their classes", test_unlike_charts_meet_in_their_classes},
    {"a loan between two currencies is left out", test_a_loan_between_two_currencies_is_left_out},
    {"a budget is translated at one rate", test_a_budget_is_translated_at_one_rate},
    {"refusals name every rate that is missing", test_refusals_name_what_is_missing},
    {"a unit without a currency is not guessed", test_a_unit_without_a_currency_is_not_guessed},
    {"an amount that does not fit is refused", test_what_does_not_fit_is_refused},
    {NULL, NULL},
};

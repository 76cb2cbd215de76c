/* pefa_test.c: the PEFA indicators from books a reader can work by hand: the numbers of rule R25,
 * and the edges of every band. */
#include "fisc/budget_book.h"
#include "reporting/fraction.h"
#include "tests/reporting/acts.h"
#include "tests/reporting/reading.h"
#include "tests/support/suite.h"

#define SEED 25

extern const FiscTest fisc_pefa_tests[];

#define HEADS 3
#define YEARS_MAX 4
#define MILLION INT64_C(100000000) /* in minor units */

/* Votes and spending by function; what the contingency vote was charged, out of 0; revenue. */
typedef struct {
    int64_t budget[HEADS], actual[HEADS];
    int64_t contingency;
    int64_t estimate, collected;
} YearOfBooks;

/* @unit: what one of the numbers is in minor units. */
static void
post_year(Acts *acts, const YearOfBooks *year, int number, int64_t unit)
{
    static const char *const functions[HEADS] = {"70111", "7032", "70411"};
    static const char *const economics[HEADS] = {"110", "220", "60000"};
    g_autofree char *date = g_strdup_printf("%d-05-01", number);
    for (int i = 0; i < HEADS; i++) {
        Act act = {.stage = FISC_STAGE_APPROPRIATION,
                   .amount = year->budget[i] * unit,
                   .programme = "10",
                   .economic = economics[i],
                   .date = date,
                   .cofog = functions[i],
                   .gfs_class = "22"};
        acts_post(acts, &act);
        act.stage = FISC_STAGE_OBLIGATION;
        act.amount = year->actual[i] * unit;
        acts_post(acts, &act);
        act.stage = FISC_STAGE_PAYMENT; /* what is paid was accrued, and counts once */
        act.amount = year->actual[i] * unit / 2;
        acts_post(acts, &act);
    }
    Act drawn = {.stage = FISC_STAGE_OBLIGATION,
                 .amount = year->contingency * unit,
                 .programme = "92900",
                 .date = date};
    Act estimate = {.stage = FISC_STAGE_ESTIMATE,
                    .amount = year->estimate * unit,
                    .date = date,
                    .gfs_class = "111"};
    acts_post(acts, &drawn);
    acts_post(acts, &estimate);
    estimate.stage = FISC_STAGE_RECOGNITION;
    estimate.amount = year->collected * unit;
    acts_post(acts, &estimate);
}

/* "PI-1.1 2024 100.0 A; PI-1.1 A": every row of one indicator. */
static char *
rows_of(const FiscTable *table, const char *indicator)
{
    GString *rows = g_string_new(NULL);
    int year = fisc_table_column(table, "year"), percent = fisc_table_column(table, "percent"),
        score = fisc_table_column(table, "score");
    for (guint i = 0; i < table->rows->len; i++) {
        if (g_str_equal(text_at(table, i, 0), indicator)) {
            g_string_append_printf(rows, "%s%s %s %s", rows->len > 0 ? "; " : "",
                                   text_at(table, i, year), text_at(table, i, percent),
                                   text_at(table, i, score));
        }
    }
    return g_string_free(rows, FALSE);
}

static FiscTable *
pefa_of(const Acts *acts, const char *contingency)
{
    FiscPefaQuery query = {.nation = acts->books->nation,
                           .balances = acts->books->balances,
                           .unit = "GOV",
                           .year = 2024,
                           .contingency = contingency};
    FiscTable *table = NULL;
    CU_ASSERT_FATAL(fisc_pefa_build(&query, &table, NULL));
    return table;
}

/* One indicator over the years that end with 2024. */
static char *
indicator_of(const YearOfBooks *years, int count, const char *indicator, int64_t unit)
{
    g_autoptr(Acts) acts = acts_new();
    for (int i = 0; i < count; i++) {
        post_year(acts, &years[i], 2024 - count + 1 + i, unit);
    }
    g_autoptr(FiscTable) table = pefa_of(acts, "programme=929");
    return rows_of(table, indicator);
}

static void
test_the_numbers_of_the_rule(void)
{
    static const YearOfBooks same_sum = {{500, 300, 200}, {520, 250, 230}, 0, 0, 0};
    static const YearOfBooks more = {{500, 300, 200}, {600, 280, 180}, 0, 0, 0};
    static const YearOfBooks drawn = {{500, 300, 200}, {500, 300, 200}, 25, 0, 0};
    static const YearOfBooks revenue = {{0}, {0}, 0, 1000, 965};
    static const struct {
        const YearOfBooks *year;
        const char *indicator, *rows;
    } cases[] = {
        {&same_sum, "PI-2.1", "2024 10.0 C;   "}, {&same_sum, "PI-1.1", "2024 100.0 A;   "},
        {&more, "PI-1.1", "2024 106.0 B;   "},    {&more, "PI-2.1", "2024 13.2 C;   "},
        {&more, "PI-2.2", "2024 13.2 C;   "},     {&revenue, "PI-3.1", "2024 96.5 B;   "},
        {&drawn, "PI-2.3", "2024 2.5 ;   "},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *rows = indicator_of(cases[i].year, 1, cases[i].indicator, 100);
        FISC_ASSERT_TEXT(rows, cases[i].rows);
    }
    YearOfBooks three[] = {drawn, drawn, drawn};
    g_autofree char *rows = indicator_of(three, 3, "PI-2.3", 100);
    FISC_ASSERT_TEXT(rows, "2022 2.5 ; 2023 2.5 ; 2024 2.5 ;  2.5 A");
}

/* A percentage with one decimal, half away from zero. Caller frees. */
static char *
percent_of(int64_t part, int64_t whole)
{
    int64_t tenths = (part * 2000 + whole) / (whole * 2);
    return g_strdup_printf("%" G_GINT64_FORMAT ".%" G_GINT64_FORMAT, tenths / 10, tenths % 10);
}

/* Random years, worked as R25 works its example: the budget of each head is scaled by actual over
 * budget of the whole, and the deviations from that are added up. Here nothing is divided before
 * the end: |actual x B - budget x A| over A x B. */
static void
test_years_at_random(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(SEED);
    for (int round = 0; round < 300; round++) {
        YearOfBooks year = {{0}, {0}, 0, 0, 0};
        int64_t budget = 0, actual = 0, deviation = 0;
        for (int i = 0; i < HEADS; i++) {
            year.budget[i] = g_rand_int_range(random, 1, 2000);
            year.actual[i] = g_rand_int_range(random, 1, 2000);
            budget += year.budget[i];
            actual += year.actual[i];
        }
        for (int i = 0; i < HEADS; i++) {
            deviation += ABS(year.actual[i] * budget - year.budget[i] * actual);
        }
        year.estimate = g_rand_int_range(random, 1, 2000);
        year.collected = g_rand_int_range(random, 0, 3000);
        const struct {
            const char *indicator;
            int64_t part, whole;
        } expected[] = {{"PI-1.1", actual, budget},
                        {"PI-2.1", deviation, budget * actual},
                        {"PI-3.1", year.collected, year.estimate}};
        for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
            g_autofree char *rows = indicator_of(&year, 1, expected[i].indicator, 100);
            g_autofree char *percent = percent_of(expected[i].part, expected[i].whole);
            g_autofree char *begin = g_strdup_printf("2024 %s ", percent);
            FISC_ASSERT_CONTAINS(rows, begin);
        }
    }
}

static void
test_deviations_are_told_in_money(void)
{
    static const YearOfBooks more = {{500, 300, 200}, {600, 280, 180}, 0, 1000, 965};
    g_autoptr(Acts) acts = acts_new();
    post_year(acts, &more, 2024, 100);
    g_autoptr(FiscTable) table = pefa_of(acts, NULL);
    g_autofree char *csv = csv_of(table);
    g_autofree char *notes = notes_of(table);
    FISC_ASSERT_TEXT(
        csv, "indicator,name,year,budget,actual,deviation,percent,score\n"
             "PI-1.1,Aggregate expenditure outturn,2024,1000.00,1060.00,60.00,106.0,B\n"
             "PI-1.1,Aggregate expenditure outturn,,,,,,\n"
             "PI-2.1,Expenditure composition outturn by function,2024,1000.00,1060.00,140.00,13.2,"
             "C\n"
             "PI-2.1,Expenditure composition outturn by function,,,,,,\n"
             "PI-2.2,Expenditure composition outturn by economic type,2024,1000.00,1060.00,140.00,"
             "13.2,C\n"
             "PI-2.2,Expenditure composition outturn by economic type,,,,,,\n"
             "PI-3.1,Aggregate revenue outturn,2024,1000.00,965.00,-35.00,96.5,B\n"
             "PI-3.1,Aggregate revenue outturn,,,,,,\n");
    FISC_ASSERT_CONTAINS(notes, "PI-1.1: no score: of the last three years 1 can be measured.");
    FISC_ASSERT_CONTAINS(notes, "PI-2.3 is left out");
    FISC_ASSERT_CONTAINS(notes, "PEFA 2016 framework");
}

/* A ratio is judged as it is, not as it is shown: one minor unit of a million decides. */
static void
test_the_edges_of_every_band(void)
{
    static const struct {
        const char *indicator;
        int64_t ratio; /* of a million */
        const char *row;
    } cases[] = {
        {"PI-1.1", 1050000, "105.0 A"}, {"PI-1.1", 1050001, "105.0 B"},
        {"PI-1.1", 950000, "95.0 A"},   {"PI-1.1", 949999, "95.0 B"},
        {"PI-1.1", 1100000, "110.0 B"}, {"PI-1.1", 1100001, "110.0 C"},
        {"PI-1.1", 900000, "90.0 B"},   {"PI-1.1", 899999, "90.0 C"},
        {"PI-1.1", 1150000, "115.0 C"}, {"PI-1.1", 1150001, "115.0 D"},
        {"PI-1.1", 850000, "85.0 C"},   {"PI-1.1", 849999, "85.0 D"},
        {"PI-1.1", 1000500, "100.1 A"}, {"PI-1.1", 1000499, "100.0 A"},
        {"PI-3.1", 1060000, "106.0 A"}, {"PI-3.1", 1060001, "106.0 B"},
        {"PI-3.1", 970000, "97.0 A"},   {"PI-3.1", 969999, "97.0 B"},
        {"PI-3.1", 1120000, "112.0 B"}, {"PI-3.1", 1120001, "112.0 C"},
        {"PI-3.1", 940000, "94.0 B"},   {"PI-3.1", 939999, "94.0 C"},
        {"PI-3.1", 1160000, "116.0 C"}, {"PI-3.1", 1160001, "116.0 D"},
        {"PI-3.1", 920000, "92.0 C"},   {"PI-3.1", 919999, "92.0 D"},
        {"PI-2.1", 49998, "5.0 A"},     {"PI-2.1", 50000, "5.0 B"},
        {"PI-2.1", 99998, "10.0 B"},    {"PI-2.1", 100000, "10.0 C"},
        {"PI-2.1", 149998, "15.0 C"},   {"PI-2.1", 150000, "15.0 D"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        int64_t ratio = cases[i].ratio, million = 1000000;
        /* half of a composition's variance is spent more here, the other half less there */
        bool composition = g_str_equal(cases[i].indicator, "PI-2.1");
        YearOfBooks year = {
            {500000, 500000, 0},
            {composition ? 500000 + ratio / 2 : ratio, composition ? 500000 - ratio / 2 : 0, 0},
            0,
            million,
            ratio,
        };
        g_autofree char *rows = indicator_of(&year, 1, cases[i].indicator, 2);
        g_autofree char *expected = g_strdup_printf("2024 %s;   ", cases[i].row);
        FISC_ASSERT_TEXT(rows, expected);
    }
}

static void
test_two_of_three_years_decide(void)
{
    static const struct {
        int count;
        int64_t actual[YEARS_MAX]; /* of 1,000 */
        const char *rows;
    } cases[] = {
        {3, {1000, 1200, 1050}, "2022 100.0 A; 2023 120.0 D; 2024 105.0 A;   A"},
        {3, {1000, 1200, 1060}, "2022 100.0 A; 2023 120.0 D; 2024 106.0 B;   B"},
        {3, {1000, 1140, 1110}, "2022 100.0 A; 2023 114.0 C; 2024 111.0 C;   C"},
        {3, {1000, 1200, 500}, "2022 100.0 A; 2023 120.0 D; 2024 50.0 D;   D"},
        {2, {1060, 1000}, "2023 106.0 B; 2024 100.0 A;   B"},
        {1, {1000}, "2024 100.0 A;   "},
        /* a fourth year is too long ago */
        {4, {1000, 1200, 1200, 1000}, "2022 120.0 D; 2023 120.0 D; 2024 100.0 A;   D"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        YearOfBooks years[YEARS_MAX] = {{{0}}};
        for (int j = 0; j < cases[i].count; j++) {
            years[j].budget[0] = 1000;
            years[j].actual[0] = cases[i].actual[j];
        }
        g_autofree char *rows = indicator_of(years, cases[i].count, "PI-1.1", 1);
        FISC_ASSERT_TEXT(rows, cases[i].rows);
    }
}

static void
test_contingencies_are_judged_on_average(void)
{
    static const struct {
        int64_t budget[3], drawn[3];
        const char *score;
    } cases[] = {
        {{1000, 1000, 1000}, {0, 0, 0}, "0.0 A"},
        {{1000, 1000, 1000}, {80, 5, 4}, "3.0 A"}, /* 2.97 */
        {{1000, 1000, 1000}, {80, 5, 5}, "3.0 B"},
        {{1000, 1000, 1000}, {80, 50, 50}, "6.0 B"},
        {{1000, 1000, 1000}, {80, 50, 51}, "6.0 C"},
        {{1000, 1000, 1000}, {100, 100, 99}, "10.0 C"},
        {{1000, 1000, 1000}, {100, 100, 100}, "10.0 D"},
        {{3, 7, 11}, {0, 0, 1}, "3.0 B"}, /* the average of ratios, 3.03 %, not of amounts, 4.8 % */
        {{1000, 2000, 4000}, {1, 1, 1}, "0.1 A"}, /* 0.0583... */
        {{2000, 2000, 2000}, {1, 1, 1}, "0.1 A"}, /* 0.05: half away from zero */
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        YearOfBooks years[3] = {{{0}}};
        for (int j = 0; j < 3; j++) {
            years[j].budget[0] = cases[i].budget[j];
            years[j].contingency = cases[i].drawn[j];
        }
        g_autofree char *rows = indicator_of(years, 3, "PI-2.3", 1);
        const char *score = g_strrstr(rows, ";") + 3;
        FISC_ASSERT_TEXT(score, cases[i].score);
    }
}

static void
test_interest_contingency_and_financing_have_their_places(void)
{
    static const Act more[] = {
        {1, FISC_STAGE_APPROPRIATION, 90000, "1", "30", .gfs_class = "241", .cofog = "70170"},
        {2, FISC_STAGE_APPROPRIATION, 7000, "9", "80", .gfs_class = "3208"},
        {3, FISC_STAGE_OBLIGATION, 7000, "9", "91", .gfs_class = "3304"},
        {4, FISC_STAGE_APPROPRIATION, 10000, "92900", "50"},
        {5, FISC_STAGE_ESTIMATE, 500, NULL, "90", .gfs_class = "3304"},
        {6, FISC_STAGE_ESTIMATE, 500, NULL, "60", .gfs_class = "3111.2"},
        {7, FISC_STAGE_APPROPRIATION, 90000, "1", "30", .cofog = "70111", .entity = "OUTSIDE"},
        {0},
    };
    static const YearOfBooks year = {{500, 300, 200}, {500, 300, 200}, 0, 1000, 1000};
    g_autoptr(Acts) acts = acts_new();
    naive_entity(acts->books, "OUTSIDE", "11");
    post_year(acts, &year, 2024, 100);
    acts_post_all(acts, more);
    g_autoptr(FiscTable) table = pefa_of(acts, "programme=929");
    static const struct {
        const char *indicator;
        int64_t budget, actual;
    } expected[] = {
        {"PI-1.1", 200000, 100000}, /* with interest and contingency, without financing */
        {"PI-2.1", 100000, 100000}, /* without either */
        {"PI-2.2", 190000, 100000}, /* with interest */
        {"PI-2.3", 200000, 0},
        {"PI-3.1", 100000, 100000}, /* neither loans nor what was sold */
    };
    for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
        guint row = 2 * i;
        FISC_ASSERT_TEXT(text_at(table, row, 0), expected[i].indicator);
        FISC_ASSERT_INT(amount_at(table, row, fisc_table_column(table, "budget")),
                        expected[i].budget);
        FISC_ASSERT_INT(amount_at(table, row, fisc_table_column(table, "actual")),
                        expected[i].actual);
    }
}

static void
test_budgets_of_a_large_country_fit(void)
{
    /* 900 trillion with two decimals, spent alike */
    static const YearOfBooks large = {
        {300 * MILLION, 300 * MILLION, 300 * MILLION},
        {330 * MILLION, 300 * MILLION, 270 * MILLION},
        9 * MILLION,
        900 * MILLION,
        900 * MILLION,
    };
    YearOfBooks years[] = {large, large, large};
    g_autofree char *function = indicator_of(years, 3, "PI-2.1", 1000000);
    g_autofree char *contingency = indicator_of(years, 3, "PI-2.3", 1000000);
    FISC_ASSERT_TEXT(function, "2022 6.7 B; 2023 6.7 B; 2024 6.7 B;   B");
    FISC_ASSERT_TEXT(contingency, "2022 1.0 ; 2023 1.0 ; 2024 1.0 ;  1.0 A");
}

static void
test_fractions_are_compared_without_multiplying(void)
{
    static const struct {
        FiscFraction a, b;
        int order;
    } cases[] = {
        {{1, 2}, {1, 2}, 0},       {{1, 2}, {2, 4}, 0},   {{1, 3}, {1, 2}, -1},
        {{2, 3}, {1, 2}, 1},       {{0, 5}, {0, 7}, 0},   {{-1, 2}, {1, 2}, -1},
        {{-1, 2}, {-1, 3}, -1},    {{-4, 2}, {-2, 1}, 0}, {{7, 3}, {9, 4}, 1},
        {{355, 113}, {22, 7}, -1}, {{5, 1}, {4, 1}, 1},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        FISC_ASSERT_INT(fisc_fraction_compare(cases[i].a, cases[i].b), cases[i].order);
        FISC_ASSERT_INT(fisc_fraction_compare(cases[i].b, cases[i].a), -cases[i].order);
    }
    __int128 huge = (__int128)1 << 120;
    FISC_ASSERT_INT(
        fisc_fraction_compare((FiscFraction){huge, huge + 1}, (FiscFraction){huge - 1, huge}), 1);
    int order = 0;
    FiscFraction pair[] = {{huge, huge + 1}, {huge, huge + 1}};
    CU_ASSERT_FALSE(fisc_fraction_compare_sum(pair, 2, (FiscFraction){huge, 3}, &order));
}

const FiscTest fisc_pefa_tests[] = {
    {"the numbers of the rule", test_the_numbers_of_the_rule},
    {"computes random years as R25 works its own", test_years_at_random},
    {"deviations are told in money", test_deviations_are_told_in_money},
    {"the edges of every band", test_the_edges_of_every_band},
    {"two of three years decide", test_two_of_three_years_decide},
    {"contingencies are judged on average", test_contingencies_are_judged_on_average},
    {"interest, contingency and financing have their places",
     test_interest_contingency_and_financing_have_their_places},
    {"budgets of a large country fit", test_budgets_of_a_large_country_fit},
    {"fractions are compared without multiplying", test_fractions_are_compared_without_multiplying},
    {NULL, NULL},
};

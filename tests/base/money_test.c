/* money_test.c: amounts in and out of words, additions and splits. */
#include "tests/support/suite.h"
#include "fisc/money.h"

extern const FiscTest fisc_money_tests[];

typedef struct {
    const char *text;
    int decimals;
    char mark;
    char group;
    int code; /* 0 = parses to @amount */
    int64_t amount;
} ParseCase;

#define INVALID FISC_ERROR_AMOUNT_INVALID
#define DECIMALS FISC_ERROR_AMOUNT_DECIMALS
#define OVERFLOW FISC_ERROR_AMOUNT_OVERFLOW

static void
run_parse_cases(const ParseCase *cases, int count)
{
    for (int i = 0; i < count; i++) {
        const ParseCase *c = &cases[i];
        int64_t amount = 424242;
        int code = fisc_amount_parse(c->text, c->decimals, c->mark, c->group, &amount);
        g_autofree char *got = g_strdup_printf("%s -> %d", c->text, code);
        g_autofree char *wanted = g_strdup_printf("%s -> %d", c->text, c->code);
        FISC_ASSERT_TEXT(got, wanted);
        FISC_ASSERT_INT(amount, c->code == 0 ? c->amount : 424242);
    }
}

static void
test_parses_amounts(void)
{
    static const ParseCase cases[] = {
        {"0", 2, '.', 0, 0, 0},
        {"1", 2, '.', 0, 0, 100},
        {"-1234.5", 2, '.', 0, 0, -123450},
        {"+12.30", 2, '.', 0, 0, 1230},
        {".5", 2, '.', 0, 0, 50},
        {"1.2300", 2, '.', 0, 0, 123},
        {"007", 0, '.', 0, 0, 7},
        {"1.234.567,89", 2, ',', '.', 0, 123456789},
        {"1234567,89", 2, ',', '.', 0, 123456789},
        {"1,234", 3, '.', ',', 0, 1234000},
        {"-0,01", 2, ',', 0, 0, -1},
        {"0.0000", 4, '.', 0, 0, 0},
        {"92233720368547758.07", 2, '.', 0, 0, INT64_MAX},
        {"-92233720368547758.08", 2, '.', 0, 0, INT64_MIN},
        {"00000000000000000000000000001", 2, '.', 0, 0, 100},
    };
    run_parse_cases(cases, G_N_ELEMENTS(cases));
}

static void
test_refuses_what_is_no_amount(void)
{
    static const ParseCase cases[] = {
        {NULL, 2, '.', 0, INVALID, 0},
        {"", 2, '.', 0, INVALID, 0},
        {"-", 2, '.', 0, INVALID, 0},
        {".", 2, '.', 0, INVALID, 0},
        {"1.", 2, '.', 0, INVALID, 0},
        {"1,5", 2, '.', 0, INVALID, 0},
        {"1.5.5", 2, '.', 0, INVALID, 0},
        {"1e3", 2, '.', 0, INVALID, 0},
        {" 1", 2, '.', 0, INVALID, 0},
        {"1 ", 2, '.', 0, INVALID, 0},
        {"--1", 2, '.', 0, INVALID, 0},
        {"1-", 2, '.', 0, INVALID, 0},
        {"NaN", 2, '.', 0, INVALID, 0},
        {"0x10", 2, '.', 0, INVALID, 0},
        {"1.23.456,7", 2, ',', '.', INVALID, 0},
        {"1.2345", 2, ',', '.', INVALID, 0},
        {"1234.567", 2, ',', '.', INVALID, 0},
        {".123", 2, ',', '.', INVALID, 0},
        {"1.234.", 2, ',', '.', INVALID, 0},
        {"1,234.567", 2, ',', '.', INVALID, 0},
    };
    run_parse_cases(cases, G_N_ELEMENTS(cases));
}

static void
test_refuses_decimals_the_currency_lacks(void)
{
    static const ParseCase cases[] = {
        {"1.234", 2, '.', 0, DECIMALS, 0},  {"0.5", 0, '.', 0, DECIMALS, 0},
        {"1.0001", 3, '.', 0, DECIMALS, 0}, {"99999999999999999999.999", 2, '.', 0, DECIMALS, 0},
        {"1.500", 1, '.', 0, 0, 15},
    };
    run_parse_cases(cases, G_N_ELEMENTS(cases));
}

static void
test_refuses_amounts_that_do_not_fit(void)
{
    static const ParseCase cases[] = {
        {"92233720368547758.08", 2, '.', 0, OVERFLOW, 0},
        {"-92233720368547758.09", 2, '.', 0, OVERFLOW, 0},
        {"9223372036854775808", 0, '.', 0, OVERFLOW, 0},
        {"99999999999999999999999999", 2, '.', 0, OVERFLOW, 0},
        {"9223372036854775807", 1, '.', 0, OVERFLOW, 0},
    };
    run_parse_cases(cases, G_N_ELEMENTS(cases));
}

static void
test_formats_amounts(void)
{
    static const struct {
        int64_t amount;
        int decimals;
        const char *plain;
        const char *grouped;
    } cases[] = {
        {0, 2, "0.00", "0.00"},
        {0, 0, "0", "0"},
        {5, 2, "0.05", "0.05"},
        {-5, 3, "-0.005", "-0.005"},
        {100000, 2, "1000.00", "1,000.00"},
        {-123456789, 2, "-1234567.89", "-1,234,567.89"},
        {999, 0, "999", "999"},
        {1000, 0, "1000", "1,000"},
        {INT64_MAX, 0, "9223372036854775807", "9,223,372,036,854,775,807"},
        {INT64_MIN, 4, "-922337203685477.5808", "-922,337,203,685,477.5808"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        char buffer[FISC_AMOUNT_TEXT];
        FISC_ASSERT_TEXT(fisc_amount_format(cases[i].amount, cases[i].decimals, buffer),
                         cases[i].plain);
        FISC_ASSERT_TEXT(fisc_amount_format_grouped(cases[i].amount, cases[i].decimals, buffer),
                         cases[i].grouped);
    }
}

static void
test_formats_the_widest_sums(void)
{
    __int128 lowest = (__int128)((unsigned __int128)1 << 127);
    char buffer[FISC_SUM_TEXT];
    FISC_ASSERT_TEXT(fisc_sum_format(lowest, 2, buffer),
                     "-1701411834604692317316873037158841057.28");
    FISC_ASSERT_TEXT(fisc_sum_format_grouped(-(lowest + 1), 0, buffer),
                     "170,141,183,460,469,231,731,687,303,715,884,105,727");
}

static void
test_reads_back_what_it_wrote(void)
{
    static const int64_t amounts[] = {0, 1, -1, 99, 100, -12345, INT64_MAX, INT64_MIN};
    for (gsize i = 0; i < G_N_ELEMENTS(amounts); i++) {
        for (int decimals = 0; decimals <= 4; decimals++) {
            char buffer[FISC_AMOUNT_TEXT];
            int64_t back = 7;
            fisc_amount_format_grouped(amounts[i], decimals, buffer);
            FISC_ASSERT_INT(fisc_amount_parse(buffer, decimals, '.', ',', &back), 0);
            FISC_ASSERT_INT(back, amounts[i]);
        }
    }
}

static void
test_adds_only_what_fits(void)
{
    int64_t sum = 7;
    CU_ASSERT_TRUE(fisc_amount_add(INT64_MAX - 1, 1, &sum));
    FISC_ASSERT_INT(sum, INT64_MAX);
    sum = 7;
    CU_ASSERT_FALSE(fisc_amount_add(INT64_MAX, 1, &sum));
    FISC_ASSERT_INT(sum, 7);
    CU_ASSERT_FALSE(fisc_amount_add(INT64_MIN, -1, &sum));
    FISC_ASSERT_INT(sum, 7);
}

static void
test_splits_without_losing_a_cent(void)
{
    static const struct {
        int64_t total;
        int64_t weights[3];
        int64_t parts[3];
    } cases[] = {
        {100, {1, 1, 1}, {34, 33, 33}},
        {100, {1, 2, 1}, {25, 50, 25}},
        {-100, {1, 1, 1}, {-34, -33, -33}},
        {5,
         {1, 1, 0},
         {2, 3, 0}}, /* 2.5 and 2.5 round to 3 and 3; the largest, first, gives one back */
        {0, {3, 4, 5}, {0, 0, 0}},
        {INT64_MAX, {INT64_MAX, 0, 0}, {INT64_MAX, 0, 0}},
        {INT64_MIN, {0, INT64_MAX, 0}, {0, INT64_MIN, 0}},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        int64_t parts[3];
        fisc_amount_split(cases[i].total, cases[i].weights, 3, parts);
        for (int k = 0; k < 3; k++) {
            FISC_ASSERT_INT(parts[k], cases[i].parts[k]);
        }
    }
}

static void
test_knows_the_decimals_of_currencies(void)
{
    static const struct {
        const char *code;
        int decimals;
    } cases[] = {
        {NULL, 2},   {"", 2},     {"EUR", 2}, {"KRW", 0},   {"JPY", 0},  {"KWD", 3}, {"TND", 3},
        {"CLF", 4},  {"UYW", 4},  {"XOF", 0}, {"AED", 2},   {"ZWL", 2},  {"ZWG", 2}, {"UYI", 0},
        {"XXX", -1}, {"eur", -1}, {"EU", -1}, {"EURO", -1}, {"QQQ", -1},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FISC_ASSERT_INT(fisc_currency_decimals(cases[i].code), cases[i].decimals);
    }
}

const FiscTest fisc_money_tests[] = {
    {"parses amounts with either decimal mark and grouped thousands", test_parses_amounts},
    {"refuses text that is not one decimal number", test_refuses_what_is_no_amount},
    {"refuses an amount with three decimals in a currency of two",
     test_refuses_decimals_the_currency_lacks},
    {"refuses an amount that does not fit in 64 bits", test_refuses_amounts_that_do_not_fit},
    {"formats amounts plainly and with grouped digits", test_formats_amounts},
    {"formats the widest sums", test_formats_the_widest_sums},
    {"reads back every amount it wrote", test_reads_back_what_it_wrote},
    {"adds only what fits and leaves the sum alone otherwise", test_adds_only_what_fits},
    {"splits so that the parts equal the whole", test_splits_without_losing_a_cent},
    {"knows the decimals of currencies and refuses other codes",
     test_knows_the_decimals_of_currencies},
    {NULL, NULL},
};

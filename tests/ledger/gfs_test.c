/* gfs_test.c: codes taken apart and put together. */
#include "tests/support/suite.h"
#include "fisc/gfs.h"

extern const FiscTest fisc_gfs_tests[];

typedef struct {
    const char *code;
    const char *account;
    int flow;
    int kind;
} CodeCase;

static const CodeCase code_cases[] = {
    {"1111", "1111", FISC_FLOW_TRANSACTION, 0},   {"1", "1", FISC_FLOW_TRANSACTION, 0},
    {"22", "22", FISC_FLOW_TRANSACTION, 0},       {"3111.1", "6111", FISC_FLOW_TRANSACTION, 1},
    {"31.2", "61", FISC_FLOW_TRANSACTION, 2},     {"31132.3", "61132", FISC_FLOW_TRANSACTION, 3},
    {"31221", "61221", FISC_FLOW_TRANSACTION, 0}, {"3202", "6202", FISC_FLOW_TRANSACTION, 0},
    {"4304", "6304", FISC_FLOW_HOLDING_GAIN, 0},  {"5141", "6141", FISC_FLOW_VOLUME_CHANGE, 0},
    {"6202", "6202", FISC_FLOW_OPENING, 0},       {"4", "6", FISC_FLOW_HOLDING_GAIN, 0},
    {"5", "6", FISC_FLOW_VOLUME_CHANGE, 0},       {"6", "6", FISC_FLOW_OPENING, 0},
};

static void
test_takes_codes_apart(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(code_cases); i++) {
        char account[FISC_GFS_CODE] = "";
        int flow = -1, kind = -1;
        CU_ASSERT_TRUE(fisc_gfs_parse(code_cases[i].code, account, &flow, &kind));
        FISC_ASSERT_TEXT(account, code_cases[i].account);
        FISC_ASSERT_INT(flow, code_cases[i].flow);
        FISC_ASSERT_INT(kind, code_cases[i].kind);
    }
}

static void
test_puts_codes_together(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(code_cases); i++) {
        char code[FISC_GFS_CODE];
        fisc_gfs_compose(code_cases[i].account, code_cases[i].flow, code_cases[i].kind, code);
        FISC_ASSERT_TEXT(code, code_cases[i].code);
    }
}

static void
test_refuses_codes_nobody_posts(void)
{
    static const char *const cases[] = {
        "",
        "3",
        "7",
        "70912",
        "82",
        "9",
        "93",
        "C11",
        "NOB",
        "6M2",
        "68211",
        "34",
        "30",
        "3111.",
        "31.4",
        "31.0",
        "31.1.1",
        "31.12",
        "32.1",
        "22.1",
        "41.1",
        "61.2",
        "4.1",
        "31 .1",
        " 22",
        "22 ",
        "-1",
        ".1",
        "B11",
        "0",
        "111111111111111111111111",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        char account[FISC_GFS_CODE] = "untouched";
        int flow = 7, kind = 7;
        bool parsed = fisc_gfs_parse(cases[i], account, &flow, &kind);
        FISC_ASSERT_TEXT(parsed ? cases[i] : NULL, NULL);
        FISC_ASSERT_TEXT(account, "untouched");
        FISC_ASSERT_INT(flow + kind, 14);
    }
}

static void
test_knows_what_raises_a_code(void)
{
    static const struct {
        const char *code;
        int sign;
    } cases[] = {
        {"1", -1},      {"1411", -1}, {"2", 1},    {"22", 1},    {"31", 1},    {"3111.1", 1},
        {"3111.2", -1}, {"31.3", -1}, {"3202", 1}, {"3303", -1}, {"33", -1},   {"42", 1},
        {"4304", -1},   {"5", -1},    {"4", -1},   {"52", 1},    {"5308", -1}, {"6111", 1},
        {"62", 1},      {"63", -1},   {"6", -1},   {"3", 1},     {"31221", 1}, {"41", 1},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got =
            g_strdup_printf("%s %d", cases[i].code, fisc_gfs_sign(cases[i].code));
        g_autofree char *wanted = g_strdup_printf("%s %d", cases[i].code, cases[i].sign);
        FISC_ASSERT_TEXT(got, wanted);
    }
}

static void
test_sees_what_lies_under_a_code(void)
{
    static const struct {
        const char *code;
        const char *parent;
        bool is_under;
    } cases[] = {
        {"3111.1", "31", true}, {"3111.1", "311", true}, {"31", "31", true},
        {"31", "311", false},   {"61221", "612", true},  {"3202", "320", true},
        {"3202", "33", false},  {"22", "2", true},       {"22", "", false},
        {"31.1", "31.2", true}, {"3111", "31.1", true},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FISC_ASSERT_INT(fisc_gfs_is_under(cases[i].code, cases[i].parent), cases[i].is_under);
    }
}

static void
test_finds_the_cash_row_of_a_claim(void)
{
    static const struct {
        const char *code;
        const char *row; /* NULL: none */
    } cases[] = {
        {"2111", "21"},    {"22", "22"},       {"11411", "11"}, {"1", "1"},      {"311.1", "31.1"},
        {"311.2", "31.2"}, {"312", "31.1"},    {"311.3", NULL}, {"23", NULL},    {"3204", "3204"},
        {"3303", "3303"},  {"33081", "33081"}, {"3202", NULL},  {"32021", NULL}, {"4304", NULL},
        {"5141", NULL},    {"6202", NULL},     {"4", NULL},     {"709", NULL},   {"C11", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        char buffer[FISC_GFS_CODE];
        FISC_ASSERT_TEXT(fisc_gfs_cash_code(cases[i].code, buffer), cases[i].row);
    }
}

static void
test_tells_expenditure(void)
{
    static const struct {
        const char *code;
        bool is_expenditure;
    } cases[] = {
        {"2", true},     {"2631", true},    {"31", true},    {"3111.1", true},
        {"31221", true}, {"3111.2", false}, {"31.3", false}, {"3204", false},
        {"1111", false}, {"3303", false},   {"41", false},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FISC_ASSERT_INT(fisc_gfs_is_expenditure(cases[i].code), cases[i].is_expenditure);
    }
}

const FiscTest fisc_gfs_tests[] = {
    {"takes posted codes apart into account, flow and kind", test_takes_codes_apart},
    {"puts account, flow and kind together again", test_puts_codes_together},
    {"refuses codes that nobody posts", test_refuses_codes_nobody_posts},
    {"knows whether a debit or a credit raises a code", test_knows_what_raises_a_code},
    {"sees what lies under a code", test_sees_what_lies_under_a_code},
    {"finds the cash row of a claim", test_finds_the_cash_row_of_a_claim},
    {"tells expenditure from the rest", test_tells_expenditure},
    {NULL, NULL},
};

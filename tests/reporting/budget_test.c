/* budget_test.c: the stages of the budget, and the trial balance, from small worked books. */
#include "tests/reporting/reading.h"
#include "tests/reporting/worksheet.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_budget_report_tests[];

#define MOVE(line_programme, line_class, from, to, line_amount)                                    \
    {.entity = "CITY",                                                                             \
     .code = from,                                                                                 \
     .amount = line_amount,                                                                        \
     .gfs_class = line_class,                                                                      \
     .cofog = "70111",                                                                             \
     .programme = line_programme},                                                                 \
    {                                                                                              \
        .entity = "CITY", .code = to, .amount = -(line_amount), .gfs_class = line_class,           \
        .cofog = "70111", .programme = line_programme                                              \
    }

/* Programme 93200: voted 1,000, changed by -100, reserved 700, of it committed 600, obligated 500,
 * paid 300. Programme 93101: voted 50, reserved 80. Programme 94000: voted 10, all
 * of it reserved, so not over. Revenue: estimated 2,000 and 10, recognized
 * 1,500, of it collected 1,200. */
static const NaiveLine budget[] = {
    MOVE("93200", "22", "B11", "B20", 100000),
    MOVE("93200", "22", "B12", "B20", -10000),
    MOVE("93200", "22", "B20", "B21", 70000),
    MOVE("93200", "22", "B21", "B22", 60000),
    MOVE("93200", "22", "B22", "B23", 50000),
    MOVE("93200", "22", "B23", "B24", 30000),
    MOVE("93101", "2111", "B11", "B20", 5000),
    MOVE("93101", "2111", "B20", "B21", 8000),
    MOVE("94000", "22", "B11", "B20", 1000),
    MOVE("94000", "22", "B20", "B21", 1000),
    MOVE("", "1111", "B31", "B30", 200000),
    MOVE("", "1111", "B32", "B30", 1000),
    MOVE("", "1111", "B30", "B33", 150000),
    MOVE("", "1111", "B33", "B34", 120000),
    {.entity = "CITY", .code = "22", .amount = 50000, .counterparty = "CITY"},
    {.entity = "CITY", .code = "3308", .amount = -50000},
    {NULL},
};

static NaiveBooks *
new_books(void)
{
    NaiveBooks *books = naive_books_new();
    naive_entity(books, "CITY", "11");
    naive_entity(books, "OTHER", "11");
    worksheet_post(books, budget);
    return books;
}

static char *
stages(const NaiveBooks *books, int year, const char *by, bool revenue, bool over_only)
{
    g_autoptr(FiscTable) table = NULL;
    g_autoptr(GError) error = NULL;
    if (!fisc_statement_budget_stages(books->nation, books->balances, "CITY", year, by, revenue,
                                      over_only, &table, &error)) {
        return g_strdup(error->message);
    }
    return csv_of(table);
}

static void
test_stages_are_cumulative(void)
{
    static const struct {
        int year;
        const char *by;
        bool revenue, over_only;
        const char *expected;
    } cases[] = {
        {2024, "entity,programme", false, false,
         "entity,programme,original,change,final,authorized,committed,obligated,paid,available\n"
         "CITY,93101,50.00,0.00,50.00,80.00,0.00,0.00,0.00,-30.00\n"
         "CITY,93200,1000.00,-100.00,900.00,700.00,600.00,500.00,300.00,200.00\n"
         "CITY,94000,10.00,0.00,10.00,10.00,0.00,0.00,0.00,0.00\n"},
        {2024, "programme:2", false, false,
         "programme,original,change,final,authorized,committed,obligated,paid,available\n"
         "93,1050.00,-100.00,950.00,780.00,600.00,500.00,300.00,170.00\n"
         "94,10.00,0.00,10.00,10.00,0.00,0.00,0.00,0.00\n"},
        {2024, "programme", false, true,
         "programme,original,change,final,authorized,committed,obligated,paid,available\n"
         "93101,50.00,0.00,50.00,80.00,0.00,0.00,0.00,-30.00\n"},
        {2024, "programme:1", false, true,
         "programme,original,change,final,authorized,committed,obligated,paid,available\n"},
        {2024, "programme=94000,gfs_code", false, false,
         "programme,gfs_code,original,change,final,authorized,committed,obligated,paid,available\n"
         "94000,22,10.00,0.00,10.00,10.00,0.00,0.00,0.00,0.00\n"},
        {2024, "programme:2=93,gfs_code", false, true,
         "programme,gfs_code,original,change,final,authorized,committed,obligated,paid,available\n"
         "93,2111,50.00,0.00,50.00,80.00,0.00,0.00,0.00,-30.00\n"},
        {2024, "programme=9", false, false,
         "programme,original,change,final,authorized,committed,obligated,paid,available\n"},
        {2024, "gfs_code", true, false,
         "gfs_code,original,change,final,recognized,collected,outstanding\n"
         "1111,2000.00,10.00,2010.00,1500.00,1200.00,510.00\n"},
        {2023, "entity", false, false,
         "entity,original,change,final,authorized,committed,obligated,paid,available\n"},
    };
    g_autoptr(NaiveBooks) books = new_books();
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *csv =
            stages(books, cases[i].year, cases[i].by, cases[i].revenue, cases[i].over_only);
        FISC_ASSERT_TEXT(csv, cases[i].expected);
    }
}

static void
test_keys_over_their_credit_come_largest_first_and_are_counted(void)
{
    static const NaiveLine more[] = {
        MOVE("95000", "22", "B20", "B22", 7000),
        MOVE("91000", "22", "B20", "B21", 3000),
        {NULL},
    };
    g_autoptr(NaiveBooks) books = new_books();
    g_autoptr(FiscTable) table = NULL;
    worksheet_post(books, more);
    CU_ASSERT_FATAL(fisc_statement_budget_stages(books->nation, books->balances, "CITY", 2024,
                                                 "programme", false, true, &table, NULL));
    g_autofree char *csv = csv_of(table);
    g_autofree char *notes = notes_of(table);
    FISC_ASSERT_TEXT(
        csv, "programme,original,change,final,authorized,committed,obligated,paid,available\n"
             "95000,0.00,0.00,0.00,70.00,70.00,0.00,0.00,-70.00\n"
             "91000,0.00,0.00,0.00,30.00,0.00,0.00,0.00,-30.00\n"
             "93101,50.00,0.00,50.00,80.00,0.00,0.00,0.00,-30.00\n");
    FISC_ASSERT_TEXT(notes, "3 over their final credit, by 130.00 together.\n");
}

static void
test_a_wrong_list_of_dimensions_is_refused(void)
{
    static const struct {
        const char *by;
        bool revenue;
        const char *complaint;
    } cases[] = {
        {"entity,colour", false, "\"colour\" is no dimension"},
        {"", false, "at least one dimension"},
        {"entity,,fund", false, "between commas"},
        {"programme:0", false, "number of characters"},
        {"programme:x", false, "number of characters"},
        {"programme:1,programme:2", false, "named twice"},
        {"programme=1,programme=2", false, "named twice"},
        {"=93200", false, "a dimension is needed"},
        {"programme:=9", false, "number of characters"},
        {"entity", true, "only spending"},
    };
    g_autoptr(NaiveBooks) books = new_books();
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *answer = stages(books, 2024, cases[i].by, cases[i].revenue, true);
        FISC_ASSERT_CONTAINS(answer, cases[i].complaint);
    }
}

static void
test_budget_execution_lists_what_was_appropriated(void)
{
    g_autoptr(NaiveBooks) books = new_books();
    g_autoptr(FiscTable) table = NULL;
    CU_ASSERT_FATAL(fisc_statement_budget_execution(books->nation, books->balances, "CITY", 2024,
                                                    &table, NULL));
    g_autofree char *csv = csv_of(table);
    FISC_ASSERT_TEXT(csv, "entity,gfs_code,cofog,original,virement,final,accrued,paid,"
                          "available_after_accrual\n"
                          "CITY,22,70111,1010.00,-100.00,910.00,500.00,300.00,410.00\n"
                          "CITY,2111,70111,50.00,0.00,50.00,0.00,0.00,50.00\n");
}

static void
test_a_trial_balance_shows_accounts_as_posted(void)
{
    static const NaiveLine lines[] = {
        {.entity = "OTHER", .code = "6202", .amount = 700, .period = 202400},
        {.entity = "OTHER", .code = "6", .amount = -700, .period = 202400},
        {.entity = "OTHER", .code = "3202", .amount = 300, .period = 202402},
        {.entity = "OTHER", .code = "3202", .amount = -100, .period = 202407},
        {.entity = "OTHER", .code = "3111.1", .amount = 100, .period = 202407},
        {.entity = "OTHER", .code = "3202", .amount = -40, .period = 202408},
        {.entity = "OTHER", .code = "57", .amount = 5, .period = 202408},
        {.entity = "OTHER", .code = "B11", .amount = 9, .period = 202408},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = new_books();
    g_autoptr(FiscTable) table = NULL;
    fisc_nation_add_account(books->nation, "57", "Bank", FISC_CLASS_FINANCIAL_ASSET, "6202", 0,
                            true, 0);
    worksheet_post(books, lines);
    CU_ASSERT_FATAL(fisc_statement_trial_balance(books->nation, books->balances, "OTHER", 202407,
                                                 202408, &table, NULL));
    g_autofree char *csv = csv_of(table);
    FISC_ASSERT_TEXT(
        csv, "entity,account,debit,credit,balance,title,side\n"
             "OTHER,3111.1,1.00,0.00,1.00,Acquisitions: buildings and structures,financial\n"
             "OTHER,3202,0.00,1.40,1.60,Currency and deposits,financial\n"
             "OTHER,57,0.05,0.00,0.05,Bank,financial\n"
             "OTHER,6,0.00,0.00,-7.00,Net worth,financial\n"
             "OTHER,6202,0.00,0.00,7.00,Currency and deposits,financial\n"
             "OTHER,B11,0.09,0.00,0.09,\"Appropriations, original\",budgetary\n");
}

static void
test_budgetary_accounts_are_in_no_gfs_statement(void)
{
    g_autoptr(NaiveBooks) books = new_books();
    g_autoptr(FiscTable) table = read_year(books, "CITY");
    g_autofree char *notes = notes_of(table);
    FISC_ASSERT_INT(amount_of(table, "SOO", "2"), 0); /* billed to itself */
    FISC_ASSERT_INT(amount_of(table, "SOO", "33"), 50000);
    FISC_ASSERT_INT(amount_of(table, "BS_CLOSE", "63"), 50000);
    FISC_ASSERT_TEXT(notes, "Transactions in liabilities without a counterparty are in neither "
                            "331 nor 332: -500.00\n");
}

const FiscTest fisc_budget_report_tests[] = {
    {"stages are cumulative", test_stages_are_cumulative},
    {"keys over their credit come largest first, and are counted",
     test_keys_over_their_credit_come_largest_first_and_are_counted},
    {"a wrong list of dimensions is refused", test_a_wrong_list_of_dimensions_is_refused},
    {"budget execution lists what was appropriated",
     test_budget_execution_lists_what_was_appropriated},
    {"a trial balance shows accounts as posted", test_a_trial_balance_shows_accounts_as_posted},
    {"budgetary accounts are in no GFS statement", test_budgetary_accounts_are_in_no_gfs_statement},
    {NULL, NULL},
};

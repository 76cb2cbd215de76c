/* national_test.c: reports over the accounts of a national chart: both sides of the trial balance,
 * and the Statement of Budgetary Resources over two years, worked by hand.
 *
 * 2024: 1,000 appropriated, 700 allotted and 50 not apportioned, 600 ordered, 400 of it delivered,
 * 300 of that paid; closed in period 13. 2025: 150 of the orders delivered and paid, no new
 * authority. */
#include "tests/reporting/reading.h"
#include "tests/reporting/worksheet.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_national_tests[];

#define LINE(number, when, minor)                                                                  \
    {                                                                                              \
        .entity = "BUR", .code = number, .period = when, .amount = (minor)*100                     \
    }

static const NaiveLine lines[] = {
    LINE("411900", 202401, 1000),
    LINE("445000", 202401, -1000), /* enacted */
    LINE("101000", 202401, 1000),
    LINE("310100", 202401, -1000),
    LINE("445000", 202402, 950),
    LINE("451000", 202402, -950), /* apportioned, allotted */
    LINE("451000", 202402, 700),
    LINE("461000", 202402, -700),
    LINE("461000", 202403, 600),
    LINE("480100", 202403, -600), /* ordered */
    LINE("480100", 202404, 400),
    LINE("490100", 202404, -400), /* delivered */
    LINE("490100", 202405, 300),
    LINE("490200", 202405, -300), /* paid */
    LINE("101000", 202405, -300),
    LINE("310100", 202405, 300),
    LINE("490200", 202413, 300),
    LINE("420100", 202413, -300), /* closed */
    LINE("420100", 202413, 1000),
    LINE("411900", 202413, -1000),
    LINE("445000", 202413, 50),
    LINE("451000", 202413, 250),
    LINE("461000", 202413, 100),
    LINE("465000", 202413, -400),
    LINE("480100", 202502, 150),
    LINE("490200", 202502, -150), /* the next year */
    {NULL},
};

static NaiveBooks *
new_books(void)
{
    static const struct {
        const char *number;
        const char *title;
        int normal;
    } accounts[] = {
        {"101000", "Fund balance", 1},       {"310100", "Appropriations received", -1},
        {"411900", "Resources realized", 1}, {"420100", "Resources collected", 1},
        {"445000", "Unapportioned", -1},     {"451000", "Apportionments", -1},
        {"461000", "Allotments", -1},        {"465000", "Expired", -1},
        {"480100", "Undelivered", -1},       {"490100", "Delivered, unpaid", -1},
        {"490200", "Delivered, paid", -1},
    };
    NaiveBooks *books = naive_books_new();
    naive_entity(books, "BUR", "11");
    for (guint i = 0; i < G_N_ELEMENTS(accounts); i++) {
        FiscClass class_ =
            accounts[i].number[0] == '4' ? FISC_CLASS_BUDGETARY : FISC_CLASS_PROPRIETARY;
        FiscAccount *account = fisc_nation_add_account(books->nation, accounts[i].number,
                                                       accounts[i].title, class_, "", 0, true, 0);
        account->normal = accounts[i].normal;
    }
    worksheet_post(books, lines);
    return books;
}

static FiscTable *
resources(const NaiveBooks *books, FiscPeriod from, FiscPeriod to)
{
    FiscStatementQuery query = {.nation = books->nation,
                                .balances = books->balances,
                                .unit = "BUR",
                                .from = from,
                                .to = to,
                                .layout = "USSGL_SBR"};
    FiscTable *table = NULL;
    CU_ASSERT_FATAL(fisc_statement_national(&query, &table, NULL));
    return table;
}

static void
test_resources_and_their_status_of_two_years(void)
{
    static const struct {
        const char *line;
        int64_t first, second; /* years */
    } expected[] = {
        {"1051", 0, 400}, {"1290", 1000, 0},  {"1910", 1000, 400}, {"2190", 600, 0},
        {"2204", 350, 0}, {"2404", 50, 0},    {"2413", 0, 400},    {"2500", 1000, 400},
        {"DIFF", 0, 0},   {"3050", 300, 150}, {"4190", 300, 150},
    };
    g_autoptr(NaiveBooks) books = new_books();
    g_autoptr(FiscTable) first = resources(books, 202400, 202412);
    g_autoptr(FiscTable) second = resources(books, 202500, 202512);
    for (guint i = 0; i < G_N_ELEMENTS(expected); i++) {
        FISC_ASSERT_INT(amount_of(first, "USSGL_SBR", expected[i].line), expected[i].first * 100);
        FISC_ASSERT_INT(amount_of(second, "USSGL_SBR", expected[i].line), expected[i].second * 100);
    }
    CU_ASSERT_FALSE(has_row(first, "USSGL_SBR", "1051"));
    CU_ASSERT_FALSE(has_row(first, "USSGL_SBR", "DIFF"));
    CU_ASSERT_TRUE(has_row(second, "USSGL_SBR", "1290"));
    FISC_ASSERT_TEXT(first->title,
                     "Statement of Budgetary Resources, BUR BUR, 2024 before closing");
}

static void
test_an_account_the_layout_does_not_know_is_shown(void)
{
    static const NaiveLine more[] = {
        LINE("461000", 202406, 20),
        LINE("440000", 202406, -20),
        {NULL},
    };
    g_autoptr(NaiveBooks) books = new_books();
    fisc_nation_add_account(books->nation, "440000", "Other", FISC_CLASS_BUDGETARY, "", 0, true, 0);
    worksheet_post(books, more);
    g_autoptr(FiscTable) table = resources(books, 202400, 202412);
    FISC_ASSERT_INT(amount_of(table, "USSGL_SBR", "2204"), 33000);
    FISC_ASSERT_INT(amount_of(table, "USSGL_SBR", "DIFF"), 2000);
}

static void
test_a_national_statement_names_what_it_needs(void)
{
    g_autoptr(NaiveBooks) books = new_books();
    static const struct {
        const char *layout, *unit;
        FiscError code;
    } cases[] = {
        {"SOO", "BUR", FISC_ERROR_USAGE},
        {NULL, "BUR", FISC_ERROR_USAGE},
        {"USSGL_SBR", NULL, FISC_ERROR_USAGE},
        {"USSGL_SBR", "NOBODY", FISC_ERROR_NOT_FOUND},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscStatementQuery query = {.nation = books->nation,
                                    .balances = books->balances,
                                    .unit = cases[i].unit,
                                    .from = 202400,
                                    .to = 202412,
                                    .layout = cases[i].layout};
        FiscTable *table = NULL;
        g_autoptr(GError) error = NULL;
        CU_ASSERT_FALSE(fisc_statement_national(&query, &table, &error));
        CU_ASSERT_TRUE(g_error_matches(error, FISC_ERROR, (int)cases[i].code));
        CU_ASSERT_PTR_NULL(table);
    }
}

static void
test_a_trial_balance_shows_both_sides_before_and_after_closing(void)
{
    g_autoptr(NaiveBooks) books = new_books();
    g_autoptr(FiscTable) before = NULL;
    g_autoptr(FiscTable) after = NULL;
    CU_ASSERT_FATAL(fisc_statement_trial_balance(books->nation, books->balances, "BUR", 202400,
                                                 202412, &before, NULL));
    CU_ASSERT_FATAL(fisc_statement_trial_balance(books->nation, books->balances, "BUR", 202413,
                                                 202413, &after, NULL));
    g_autofree char *csv = csv_of(before);
    FISC_ASSERT_TEXT(csv, "entity,account,debit,credit,balance,title,side\n"
                          "BUR,101000,1000.00,300.00,700.00,Fund balance,financial\n"
                          "BUR,310100,300.00,1000.00,-700.00,Appropriations received,financial\n"
                          "BUR,411900,1000.00,0.00,1000.00,Resources realized,budgetary\n"
                          "BUR,445000,950.00,1000.00,-50.00,Unapportioned,budgetary\n"
                          "BUR,451000,700.00,950.00,-250.00,Apportionments,budgetary\n"
                          "BUR,461000,600.00,700.00,-100.00,Allotments,budgetary\n"
                          "BUR,480100,400.00,600.00,-200.00,Undelivered,budgetary\n"
                          "BUR,490100,300.00,400.00,-100.00,\"Delivered, unpaid\",budgetary\n"
                          "BUR,490200,0.00,300.00,-300.00,\"Delivered, paid\",budgetary\n");
    g_autofree char *closed = csv_of(after);
    FISC_ASSERT_CONTAINS(closed, "\nBUR,420100,1000.00,300.00,700.00,Resources collected");
    FISC_ASSERT_CONTAINS(closed, "\nBUR,490200,300.00,0.00,0.00,\"Delivered, paid\"");
}

static void
test_a_balance_on_the_other_side_than_normal_is_named(void)
{
    static const NaiveLine more[] = {
        LINE("101000", 202406, -800),
        LINE("310100", 202406, 800),
        {NULL},
    };
    g_autoptr(NaiveBooks) books = new_books();
    g_autoptr(FiscTable) good = NULL;
    g_autoptr(FiscTable) bad = NULL;
    CU_ASSERT_FATAL(fisc_statement_trial_balance(books->nation, books->balances, "BUR", 202400,
                                                 202412, &good, NULL));
    worksheet_post(books, more);
    CU_ASSERT_FATAL(fisc_statement_trial_balance(books->nation, books->balances, "BUR", 202400,
                                                 202412, &bad, NULL));
    g_autofree char *none = notes_of(good);
    g_autofree char *notes = notes_of(bad);
    FISC_ASSERT_TEXT(none, "");
    FISC_ASSERT_TEXT(notes, "Balances on the other side than normal: BUR 101000 -100.00, BUR "
                            "310100 100.00\n");
}

static void
test_gfs_statements_say_that_they_show_nothing_of_it(void)
{
    g_autoptr(NaiveBooks) books = new_books();
    g_autoptr(FiscTable) table = read_year(books, "BUR");
    g_autofree char *notes = notes_of(table);
    FISC_ASSERT_CONTAINS(notes, "Accounts without a GFS class are in no statement: 1,300.00\n");
}

/* Before closing: 1,000 enacted, 50 + 250 + 100 not ordered yet, 600 ordered. */
static void
test_budget_stages_read_the_stages_that_accounts_play(void)
{
    static const struct {
        const char *number;
        FiscStage stage;
    } plays[] = {
        {"411900", FISC_STAGE_APPROPRIATION}, {"445000", FISC_STAGE_AVAILABLE},
        {"451000", FISC_STAGE_AVAILABLE},     {"461000", FISC_STAGE_AVAILABLE},
        {"480100", FISC_STAGE_COMMITMENT},    {"490100", FISC_STAGE_OBLIGATION},
        {"490200", FISC_STAGE_PAYMENT},
    };
    static const NaiveLine year[] = {
        LINE("411900", 202401, 1000),
        LINE("445000", 202401, -1000),
        LINE("445000", 202402, 950),
        LINE("451000", 202402, -950),
        LINE("451000", 202402, 700),
        LINE("461000", 202402, -700),
        LINE("461000", 202403, 600),
        LINE("480100", 202403, -600),
        LINE("480100", 202404, 400),
        LINE("490100", 202404, -400),
        LINE("490100", 202405, 300),
        LINE("490200", 202405, -300),
        {NULL},
    };
    g_autoptr(NaiveBooks) books = naive_books_new();
    g_autoptr(FiscTable) table = NULL;
    naive_entity(books, "BUR", "11");
    for (guint i = 0; i < G_N_ELEMENTS(plays); i++) {
        fisc_nation_add_account(books->nation, plays[i].number, "", FISC_CLASS_BUDGETARY, "", 0,
                                true, plays[i].stage);
    }
    worksheet_post(books, year);
    CU_ASSERT_FATAL(fisc_statement_budget_stages(books->nation, books->balances, "BUR", 2024,
                                                 "entity", false, false, &table, NULL));
    g_autofree char *csv = csv_of(table);
    FISC_ASSERT_TEXT(csv, "entity,original,change,final,authorized,committed,obligated,paid,"
                          "available\n"
                          "BUR,1000.00,0.00,1000.00,600.00,600.00,400.00,300.00,400.00\n");
}

const FiscTest fisc_national_tests[] = {
    {"budgetary resources and their status of two years",
     test_resources_and_their_status_of_two_years},
    {"an account that the layout does not know is shown as a difference",
     test_an_account_the_layout_does_not_know_is_shown},
    {"a national statement names what it needs", test_a_national_statement_names_what_it_needs},
    {"a trial balance shows both sides, before and after closing",
     test_a_trial_balance_shows_both_sides_before_and_after_closing},
    {"a balance on the other side than normal is named",
     test_a_balance_on_the_other_side_than_normal_is_named},
    {"budget stages read the stages that accounts play",
     test_budget_stages_read_the_stages_that_accounts_play},
    {"GFS statements say how much of such books they do not show",
     test_gfs_statements_say_that_they_show_nothing_of_it},
    {NULL, NULL},
};

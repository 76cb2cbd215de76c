/* asymmetry_test.c: every kind of dealing that two units record differently: why, whose, since
 * when.
 */
#include "fisc/statement.h"
#include "tests/reporting/lensing.h"
#include "tests/reporting/reading.h"
#include "tests/reporting/worksheet.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_asymmetry_tests[];

/* CEN above STA above LOC; UTIL is a corporation of the public sector. */
static NaiveBooks *
new_books(void)
{
    NaiveBooks *books = naive_books_new();
    fisc_nation_add_entity(books->nation, "CEN", "Centre", "S13111", "11", true, "");
    fisc_nation_add_entity(books->nation, "STA", "State", "S1312", "11", true, "");
    fisc_nation_add_entity(books->nation, "LOC", "City", "S1313", "11", true, "");
    fisc_nation_add_entity(books->nation, "LOC2", "Town", "S1313", "11", true, "");
    fisc_nation_add_entity(books->nation, "UTIL", "Water", "S11001", "151", true, "");
    fisc_nation_add_group(books->nation, "PS", "Public sector", "CEN STA LOC LOC2 UTIL");
    return books;
}

static FiscTable *
ask(const NaiveBooks *books, FiscPeriod from, FiscPeriod to)
{
    FiscTable *table = NULL;
    FiscAsymmetryQuery query = {.nation = books->nation,
                                .balances = books->balances,
                                .lines = books->lines,
                                .from = from,
                                .to = to,
                                .every_kind = true};
    CU_ASSERT_FATAL(fisc_statement_asymmetries(&query, &table, NULL));
    return table;
}

/* "CEN>LOC current 5.00 unknown CEN 2024-06-01" of every row, a line each. */
static char *
rows_of(const FiscTable *table)
{
    GString *rows = g_string_new(NULL);
    for (guint i = 0; i < table->rows->len; i++) {
        int64_t difference = amount_at(table, i, 5);
        g_string_append_printf(rows, "%s>%s %s %" G_GINT64_FORMAT " %s %s %s\n",
                               text_at(table, i, 0), text_at(table, i, 1), text_at(table, i, 2),
                               difference, text_at(table, i, 6), text_at(table, i, 7),
                               text_at(table, i, 8));
    }
    return g_string_free(rows, FALSE);
}

static void
test_every_kind_is_compared(void)
{
    static const struct {
        const char *payer_code, *receiver_code, *kind;
        int sign; /* of the payer's debit */
    } cases[] = {
        {"2631", "1331", "current", 1},
        {"2632", "1332", "capital", 1},
        {"242", "14113", "interest", 1},
        {"2811", "1412", "property-income", 1},
        {"22", "1423", "goods-and-services", 1},
        {"251", "1441", "taxes-and-transfers", 1},
        {"2821", "1111", "taxes-and-transfers", 1},
        {"2831", "1451", "insurance", 1},
        {"3111.1", "3111.2", "assets", 1},
        {"3202", "3302", "deposits", 1},
        {"3203", "3303", "debt-securities", 1},
        {"3204", "3304", "loans", 1},
        {"3205", "3305", "equity", 1},
        {"3208", "3308", "accounts-payable", 1},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const NaiveLine lines[] = {
            {.entity = "CEN", .code = cases[i].payer_code, .amount = 900, .counterparty = "LOC"},
            {.entity = "LOC",
             .code = cases[i].receiver_code,
             .amount = -700,
             .counterparty = "CEN"},
            /* the same on both sides is no asymmetry */
            {.entity = "CEN", .code = cases[i].payer_code, .amount = 50, .counterparty = "STA"},
            {.entity = "STA", .code = cases[i].receiver_code, .amount = -50, .counterparty = "CEN"},
            {NULL},
        };
        g_autoptr(NaiveBooks) books = new_books();
        worksheet_post(books, lines);
        g_autoptr(FiscTable) table = ask(books, 202400, 202413);
        g_autofree char *rows = rows_of(table);
        g_autofree char *expected =
            g_strdup_printf("CEN>LOC %s 200 unknown LOC 2024-06-01\n", cases[i].kind);
        FISC_ASSERT_TEXT(rows, expected);
        FISC_ASSERT_INT(amount_at(table, 0, 3), 900);
        FISC_ASSERT_INT(amount_at(table, 0, 4), 700);
        FISC_ASSERT_INT(amount_at(table, 0, 9), 213); /* to the last day of 2024 */
    }
}

static void
test_the_books_show_the_cause(void)
{
    static const struct {
        const char *what;
        NaiveLine lines[6];
        const char *rows;
    } cases[] = {
        {"paid in June, recorded in July",
         {{.entity = "CEN", .code = "2631", .amount = 900, .counterparty = "LOC"},
          {.entity = "LOC",
           .code = "1331",
           .period = 202407,
           .amount = -900,
           .counterparty = "CEN"}},
         "CEN>LOC current 900 timing LOC 2024-06-01\n"},
        {"recorded in March, paid in June",
         {{.entity = "CEN", .code = "2631", .amount = 900, .counterparty = "LOC"},
          {.entity = "LOC",
           .code = "1331",
           .period = 202403,
           .amount = -900,
           .counterparty = "CEN"}},
         "CEN>LOC current 900 timing LOC 2024-06-01\n"},
        {"capital here, current there",
         {{.entity = "CEN", .code = "2632", .amount = 900, .counterparty = "LOC"},
          {.entity = "LOC", .code = "1331", .amount = -900, .counterparty = "CEN"}},
         "CEN>LOC capital 900 classification LOC 2024-06-01\n"
         "CEN>LOC current -900 classification LOC 2024-06-01\n"},
        {"a grant here, a loan there",
         {{.entity = "CEN", .code = "2631", .amount = 900, .counterparty = "LOC"},
          {.entity = "LOC", .code = "3304", .amount = -900, .counterparty = "CEN"}},
         "CEN>LOC current 900 classification LOC 2024-06-01\n"
         "CEN>LOC loans -900 classification LOC 2024-06-01\n"},
        {"a loan that one side wrote up",
         {{.entity = "CEN", .code = "3204", .amount = 900, .counterparty = "LOC"},
          {.entity = "CEN", .code = "4204", .amount = 40, .counterparty = "LOC"},
          {.entity = "LOC", .code = "3304", .amount = -900, .counterparty = "CEN"}},
         "CEN>LOC loans 40 valuation LOC 2024-06-01\n"},
        {"nothing on the other side",
         {{.entity = "LOC", .code = "22", .amount = 900, .counterparty = "UTIL"}},
         "LOC>UTIL goods-and-services 900 coverage UTIL 2024-06-01\n"},
        {"none of these",
         {{.entity = "STA", .code = "2631", .amount = 900, .counterparty = "CEN"},
          {.entity = "CEN", .code = "1331", .amount = -800, .counterparty = "STA"}},
         "STA>CEN current 100 unknown STA 2024-06-01\n"},
        {"equals: the payer is to look first",
         {{.entity = "LOC2", .code = "2631", .amount = 900, .counterparty = "LOC"},
          {.entity = "LOC", .code = "1331", .amount = -800, .counterparty = "LOC2"}},
         "LOC2>LOC current 100 unknown LOC2 2024-06-01\n"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NaiveBooks) books = new_books();
        worksheet_post(books, cases[i].lines);
        g_autoptr(FiscTable) table = ask(books, 202404, 202406);
        g_autofree char *rows = rows_of(table);
        FISC_ASSERT_TEXT(rows, cases[i].rows);
    }
}

/* Over the year the same: what was late is no asymmetry any more. */
static void
test_what_was_late_is_even_over_the_year(void)
{
    static const NaiveLine lines[] = {
        {.entity = "CEN", .code = "2631", .amount = 900, .counterparty = "LOC"},
        {.entity = "LOC", .code = "1331", .period = 202407, .amount = -900, .counterparty = "CEN"},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = new_books();
    worksheet_post(books, lines);
    g_autoptr(FiscTable) table = ask(books, 202400, 202413);
    FISC_ASSERT_INT(table->rows->len, 0);
}

static void
test_what_is_on_record_about_it_prevails(void)
{
    static const NaiveLine lines[] = {
        {.entity = "CEN", .code = "2631", .amount = 900, .counterparty = "LOC"},
        {.entity = "LOC", .code = "1331", .amount = -800, .counterparty = "CEN"},
        {NULL},
    };
    static const char *const finding[] = {
        "from_entity", "CEN",   "to_entity", "LOC",   "what", "current", "period",
        "2024",        "class", "valuation", "owner", "CEN",  NULL};
    g_autoptr(NaiveBooks) books = new_books();
    worksheet_post(books, lines);
    lensing_fact(books, "asymmetry", finding);
    g_autoptr(FiscTable) table = ask(books, 202404, 202406);
    g_autofree char *rows = rows_of(table);
    FISC_ASSERT_TEXT(rows, "CEN>LOC current 100 valuation CEN 2024-06-01\n");
    g_autoptr(FiscTable) earlier = ask(books, 202304, 202306);
    FISC_ASSERT_INT(earlier->rows->len, 0);
}

/* Differs since January, is even in March, differs again since May: it stands since May. A stock's
 * goes on from where the last year ended. */
static void
test_it_stands_since_it_was_last_even(void)
{
    static const NaiveLine lines[] = {
        {.entity = "CEN", .code = "2631", .period = 202401, .amount = 900, .counterparty = "LOC"},
        {.entity = "LOC", .code = "1331", .period = 202403, .amount = -900, .counterparty = "CEN"},
        {.entity = "CEN", .code = "2631", .period = 202405, .amount = 70, .counterparty = "LOC"},
        {.entity = "CEN", .code = "3204", .period = 202311, .amount = 50, .counterparty = "STA"},
        {.entity = "CEN", .code = "3204", .period = 202402, .amount = 60, .counterparty = "STA"},
        {.entity = "STA", .code = "3304", .period = 202402, .amount = -60, .counterparty = "CEN"},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = new_books();
    worksheet_post(books, lines);
    g_autoptr(FiscTable) table = ask(books, 202400, 202413);
    g_autofree char *rows = rows_of(table);
    FISC_ASSERT_TEXT(rows, "CEN>LOC current 70 unknown LOC 2024-05-01\n"
                           "CEN>STA loans 50 unknown STA 2023-11-01\n");
}

/* With lines, the very day: of two grants of June, the one of the 3rd is even, that of the 20th is
 * not. */
static void
test_lines_tell_the_day(void)
{
    static const struct {
        NaiveLine line;
        const char *date;
    } posted[] = {
        {{.journal = "P1", .entity = "CEN", .code = "2631", .amount = 300, .counterparty = "LOC"},
         "2024-06-03"},
        {{.journal = "R1", .entity = "LOC", .code = "1331", .amount = -300, .counterparty = "CEN"},
         "2024-06-03"},
        {{.journal = "P2", .entity = "CEN", .code = "2631", .amount = 500, .counterparty = "LOC"},
         "2024-06-20"},
        {{.journal = "R2", .entity = "LOC", .code = "1331", .amount = -100, .counterparty = "CEN"},
         "2024-06-25"},
    };
    g_autoptr(NaiveBooks) books = new_books();
    for (guint i = 0; i < G_N_ELEMENTS(posted); i++) {
        NaiveLine line = posted[i].line;
        line.period = 202406;
        naive_post(books, &line);
        FiscPostedLine *last = &g_array_index(books->lines->rows, FiscPostedLine, i);
        CU_ASSERT(fisc_date_parse(posted[i].date, &last->effective));
    }
    g_autoptr(FiscTable) table = ask(books, 202406, 202406);
    g_autofree char *rows = rows_of(table);
    FISC_ASSERT_TEXT(rows, "CEN>LOC current 400 unknown LOC 2024-06-20\n");
    FISC_ASSERT_INT(amount_at(table, 0, 9), 10);
    FiscAsymmetryQuery query = {.nation = books->nation,
                                .balances = books->balances,
                                .lines = books->lines,
                                .from = 202406,
                                .to = 202406};
    g_autoptr(FiscTable) records = NULL;
    CU_ASSERT_FATAL(fisc_statement_asymmetry_records(&query, &records, NULL));
    g_autofree char *csv = csv_of(records);
    FISC_ASSERT_TEXT(csv,
                     "payer,receiver,kind,side,entity,date,reference,document,gfs_code,amount\n"
                     "CEN,LOC,current,payer,CEN,2024-06-03,P1,P1,2631,3.00\n"
                     "CEN,LOC,current,payer,CEN,2024-06-20,P2,P2,2631,5.00\n"
                     "CEN,LOC,current,receiver,LOC,2024-06-03,R1,R1,1331,3.00\n"
                     "CEN,LOC,current,receiver,LOC,2024-06-25,R2,R2,1331,1.00\n");
}

/* Grants alone, unless every kind is asked for; then they come first. */
static void
test_grants_come_first_and_alone(void)
{
    static const NaiveLine lines[] = {
        {.entity = "CEN", .code = "22", .amount = 900, .counterparty = "UTIL"},
        {.entity = "STA", .code = "2631", .amount = 80, .counterparty = "LOC"},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = new_books();
    worksheet_post(books, lines);
    FiscAsymmetryQuery query = {
        .nation = books->nation, .balances = books->balances, .from = 202400, .to = 202413};
    g_autoptr(FiscTable) grants = NULL;
    CU_ASSERT_FATAL(fisc_statement_asymmetries(&query, &grants, NULL));
    g_autoptr(FiscTable) all = ask(books, 202400, 202413);
    g_autofree char *notes = notes_of(grants);
    FISC_ASSERT_INT(grants->rows->len, 1);
    FISC_ASSERT_CONTAINS(notes, "1 other dealing is recorded differently: --by kind lists them");
    FISC_ASSERT_INT(all->rows->len, 2);
    FISC_ASSERT_TEXT(text_at(all, 0, 2), "current");
    FISC_ASSERT_TEXT(text_at(all, 1, 2), "goods-and-services");
}

const FiscTest fisc_asymmetry_tests[] = {
    {"every kind of dealing is compared", test_every_kind_is_compared},
    {"the books show the cause, and who is to mend it", test_the_books_show_the_cause},
    {"what was late is even over the year", test_what_was_late_is_even_over_the_year},
    {"what is on record about it prevails", test_what_is_on_record_about_it_prevails},
    {"it stands since the two were last even", test_it_stands_since_it_was_last_even},
    {"lines tell the day, and both sides' documents", test_lines_tell_the_day},
    {"grants come first, and alone unless asked", test_grants_come_first_and_alone},
    {NULL, NULL},
};

/* completeness_test.c: whose reports are in, by units and by value: rule R31 and its edges. */
#include "fisc/statement.h"
#include "tests/reporting/lensing.h"
#include "tests/reporting/reading.h"
#include "tests/reporting/worksheet.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_completeness_tests[];

static void
add_due(NaiveBooks *books, const char *entity, const char *period, const char *state,
        const char *due_on, const char *received_on)
{
    const char *fields[] = {"entity", entity, "period",      period,      "due_on", due_on,
                            "state",  state,  "received_on", received_on, NULL};
    lensing_fact(books, "due", fields);
}

/* Last year's expenditure, in cents. */
static void
spend(NaiveBooks *books, const char *entity, int64_t amount)
{
    const NaiveLine lines[] = {
        {.entity = entity, .code = "22", .period = 202306, .amount = amount, .cofog = "70111"},
        {.entity = entity, .code = "3308", .period = 202306, .amount = -amount},
        {NULL},
    };
    worksheet_post(books, lines);
}

/* 2,605 units, of which 2,500 have reported. The 105 that have not are small: 17 of the 1,000 that
 * all spent the year before. */
static void
test_the_numbers_of_the_rule(void)
{
    enum { UNITS = 2605, IN = 2500 };
    g_autoptr(NaiveBooks) books = naive_books_new();
    g_autoptr(GString) members = g_string_new(NULL);
    for (int i = 0; i < UNITS; i++) {
        g_autofree char *code = g_strdup_printf("L%04d", i);
        naive_entity(books, code, "11");
        g_string_append_printf(members, "%s ", code);
        add_due(books, code, "2024-Q2", i < IN ? "final" : "", "2024-07-31",
                i < IN ? "2024-07-20" : "");
    }
    fisc_nation_add_group(books->nation, "LOCAL", "Local government", members->str);
    spend(books, "L0000", 98300);
    spend(books, "L2600", 1700);
    g_autoptr(FiscTable) list = NULL;
    CU_ASSERT_FATAL(fisc_statement_completeness_table(books->nation, books->balances, "LOCAL",
                                                      202404, 202406, &list, NULL));
    g_autofree char *notes = notes_of(list);
    FISC_ASSERT_CONTAINS(notes, "provisional: 2,500 of 2,605 units (96.0 %), 98.3 % of value");
    FISC_ASSERT_CONTAINS(notes, "105 missing, 0 flash, 0 provisional, 2500 final");
    FISC_ASSERT_TEXT(text_at(list, 0, 0), "L2500");
    FISC_ASSERT_TEXT(text_at(list, 0, 2), "missing");
    FISC_ASSERT_TEXT(text_at(list, 100, 0), "L2600");
    FISC_ASSERT_TEXT(text_at(list, 100, 7), "1.7 %");
    FISC_ASSERT_TEXT(text_at(list, 105, 2), "final");
    g_autoptr(FiscTable) statement = read_statements(books, "LOCAL", 202404, 202406);
    g_autofree char *below = notes_of(statement);
    FISC_ASSERT_CONTAINS(below, "provisional: 2,500 of 2,605 units (96.0 %), 98.3 % of value");
    FISC_ASSERT_CONTAINS(text_at(statement, 0, 3), "provisional: 2,500 of 2,605");
}

static NaiveBooks *
three_units(void)
{
    NaiveBooks *books = naive_books_new();
    naive_entity(books, "A", "11");
    naive_entity(books, "B", "11");
    naive_entity(books, "C", "11");
    naive_entity(books, "AWAY", "11");
    fisc_nation_add_group(books->nation, "ABC", "All three", "A B C");
    return books;
}

static char *
words_of(const NaiveBooks *books, FiscPeriod from, FiscPeriod to)
{
    g_autoptr(FiscTable) list = NULL;
    CU_ASSERT_FATAL(fisc_statement_completeness_table(books->nation, books->balances, "ABC", from,
                                                      to, &list, NULL));
    return g_strdup(list->notes->pdata[0]);
}

static void
test_the_status_is_that_of_the_worst(void)
{
    static const struct {
        const char *states[3];
        const char *words;
    } cases[] = {
        {{"final", "final", "final"}, "final: 3 of 3 units (100.0 %)"},
        {{"final", "provisional", "final"}, "provisional: 3 of 3 units (100.0 %)"},
        {{"final", "missing", "final"}, "provisional: 2 of 3 units (66.7 %)"},
        {{"flash", "final", ""}, "flash: 2 of 3 units (66.7 %)"},
        {{"", "", ""}, "provisional: 0 of 3 units (0.0 %)"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        static const char *const units[] = {"A", "B", "C"};
        g_autoptr(NaiveBooks) books = three_units();
        for (guint unit = 0; unit < 3; unit++) {
            add_due(books, units[unit], "2024", cases[i].states[unit], "", "");
        }
        add_due(books, "AWAY", "2024", "flash", "", ""); /* of another group */
        g_autofree char *words = words_of(books, 202400, 202413);
        FISC_ASSERT_TEXT(words, cases[i].words);
    }
}

/* A's year is of four quarters and as good as the worst of them; B owes a year only, which also
 * stands for its quarter; C owes nothing. */
static void
test_dues_of_parts_and_of_longer_periods(void)
{
    static const struct {
        FiscPeriod from, to;
        const char *words;
    } cases[] = {
        {202400, 202413, "provisional: 1 of 2 units (50.0 %)"},
        {202401, 202403, "provisional: 2 of 2 units (100.0 %)"},
        {202410, 202412, "provisional: 1 of 2 units (50.0 %)"},
        {202402, 202402, "provisional: 2 of 2 units (100.0 %)"},
        {202500, 202513, "No report of ABC is due for the period (due.csv)"},
    };
    g_autoptr(NaiveBooks) books = three_units();
    add_due(books, "A", "2024-Q1", "final", "", "");
    add_due(books, "A", "2024-Q4", "missing", "", "");
    add_due(books, "B", "2024", "provisional", "", "");
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *words = words_of(books, cases[i].from, cases[i].to);
        FISC_ASSERT_TEXT(words, cases[i].words);
    }
}

/* 9,999 of 10,000 spent is not all of it. */
static void
test_what_is_not_all_is_never_called_all(void)
{
    g_autoptr(NaiveBooks) books = three_units();
    add_due(books, "A", "2024", "final", "2025-03-31", "2025-04-02");
    add_due(books, "B", "2024", "missing", "2025-03-31", "");
    spend(books, "A", 999999);
    spend(books, "B", 1);
    g_autofree char *words = words_of(books, 202400, 202413);
    FISC_ASSERT_TEXT(words, "provisional: 1 of 2 units (50.0 %), 99.9 % of value");
}

static void
test_days_late_and_names(void)
{
    g_autoptr(NaiveBooks) books = three_units();
    add_due(books, "A", "2024", "final", "2025-03-31", "2025-04-02");
    add_due(books, "B", "2024", "flash", "2025-03-31", "2025-03-01");
    add_due(books, "C", "2024", "", "2025-03-31", "");
    spend(books, "A", 300);
    spend(books, "C", 700);
    g_autoptr(FiscTable) list = NULL;
    CU_ASSERT_FATAL(fisc_statement_completeness_table(books->nation, books->balances, "ABC", 202400,
                                                      202413, &list, NULL));
    g_autofree char *csv = csv_of(list);
    FISC_ASSERT_TEXT(csv, "unit,name,state,due_on,received_on,days_late,value,share\n"
                          "C,C,missing,2025-03-31,,,7.00,70.0 %\n"
                          "B,B,flash,2025-03-31,2025-03-01,0,0.00,0.0 %\n"
                          "A,A,final,2025-03-31,2025-04-02,2,3.00,30.0 %\n");
}

/* A statement of units that owe nothing says nothing about it. */
static void
test_nothing_due_is_nothing_said(void)
{
    g_autoptr(NaiveBooks) books = three_units();
    spend(books, "A", 300);
    g_autoptr(FiscTable) statement = read_statements(books, "ABC", 202300, 202313);
    g_autofree char *notes = notes_of(statement);
    CU_ASSERT_PTR_NULL(strstr(notes, "units ("));
    g_autoptr(GError) error = NULL;
    FiscCompleteness sum;
    CU_ASSERT_FALSE(fisc_statement_completeness(books->nation, books->balances, "NOBODY", 202300,
                                                202313, &sum, &error));
    CU_ASSERT_EQUAL(error->code, FISC_ERROR_NOT_FOUND);
}

const FiscTest fisc_completeness_tests[] = {
    {"2,500 of 2,605 units are 96.0 % of units and 98.3 % of value", test_the_numbers_of_the_rule},
    {"the status is that of the worst", test_the_status_is_that_of_the_worst},
    {"dues of parts count together, longer ones where there are none",
     test_dues_of_parts_and_of_longer_periods},
    {"what is not all of it is never called 100.0 %", test_what_is_not_all_is_never_called_all},
    {"the missing come first, and days late are counted", test_days_late_and_names},
    {"where nothing is due nothing is said", test_nothing_due_is_nothing_said},
    {NULL, NULL},
};

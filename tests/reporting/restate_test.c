/* restate_test.c: earlier figures under later units and accounts, worked by hand. */
#include "fisc/history.h"
#include "fisc/succession.h"
#include "tests/reporting/lensing.h"
#include "tests/reporting/random_books.h"
#include "tests/reporting/reading.h"
#include "tests/reporting/worksheet.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_restate_tests[];

static NaiveBooks *
new_books(const NaiveLine *lines)
{
    NaiveBooks *books = naive_books_new();
    static const char *const units[] = {"MIN", "EDU", "HEALTH", "A"};
    for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
        fisc_nation_add_entity(books->nation, units[i], units[i], "S13111", "11", true, "");
    }
    naive_outsider(books, "HH", "16");
    naive_outsider(books, "BANK", "132");
    fisc_nation_add_group(books->nation, "G", "All", "MIN EDU HEALTH A");
    worksheet_post(books, lines);
    return books;
}

static void
add_succession(NaiveBooks *books, const char *entity, const char *date, const char *into,
               const char *rule)
{
    const char *const fields[] = {"entity", entity, "date", date, "into", into, "rule", rule, NULL};
    lensing_fact(books, "succession", fields);
}

/* Looks at the books as a report does; the notes as one text. Caller frees. */
static char *
restate(NaiveBooks *books, const char *unit, FiscPeriod from, FiscPeriod to,
        const char *comparatives)
{
    FiscLensQuery query = {.unit = unit, .from = from, .to = to, .comparatives = comparatives};
    g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GError) error = NULL;
    if (!fisc_lens_restate(books->nation, &query, books->balances, notes, &error)) {
        return g_strdup(error->message);
    }
    g_ptr_array_add(notes, NULL);
    return g_strjoinv("\n", (char **)notes->pdata);
}

typedef struct {
    const char *unit, *statement, *code;
    int64_t amount;
} Figure;

static void
expect_figures(const NaiveBooks *books, FiscPeriod from, FiscPeriod to, const Figure *figures)
{
    for (; figures->unit != NULL; figures++) {
        g_autoptr(FiscTable) table = read_statements(books, figures->unit, from, to);
        g_autofree char *name =
            g_strjoin(" ", figures->unit, figures->statement, figures->code, NULL);
        int64_t amount = amount_of(table, figures->statement, figures->code);
        g_autofree char *got = g_strdup_printf("%s %" G_GINT64_FORMAT, name, amount);
        g_autofree char *expected = g_strdup_printf("%s %" G_GINT64_FORMAT, name, figures->amount);
        FISC_ASSERT_TEXT(got, expected);
        int64_t change = amount_of(table, "BS_CLOSE", "6") - amount_of(table, "BS_OPEN", "6");
        FISC_ASSERT_INT(amount_of(table, "SOO", "NLBz"), 0);
        FISC_ASSERT_INT(change, amount_of(table, "SOO", "NOB") + amount_of(table, "SOEF", "4") +
                                    amount_of(table, "SOEF", "5"));
    }
}

/* All statements of a unit but its notes. Caller frees. */
static char *
statements_of(const NaiveBooks *books, const char *unit, FiscPeriod from, FiscPeriod to)
{
    g_autoptr(FiscTable) table = read_statements(books, unit, from, to);
    return csv_of(table);
}

/* ---- split ---- */

/* A ministry with 100.01 in cash and a loan of 40.00 from A buys school books for 30.00 (programme
 * 011) and, for no programme, paper for 20.00. On 1 January 2024 what it has goes two to one:
 * cash 50.01 to 33.34 and 16.67, the loan 40.00 to 26.67 and 13.33. */
static const NaiveLine ministry[] = {
    {.entity = "MIN", .code = "6202", .period = 202300, .amount = 10001, .counterparty = "BANK"},
    {.entity = "MIN", .code = "6304", .period = 202300, .amount = -4000, .counterparty = "A"},
    {.entity = "MIN", .code = "6", .period = 202300, .amount = -6001},
    {.entity = "A", .code = "6204", .period = 202300, .amount = 4000, .counterparty = "MIN"},
    {.entity = "A", .code = "6", .period = 202300, .amount = -4000},
    {.entity = "MIN",
     .code = "22",
     .period = 202302,
     .amount = 3000,
     .counterparty = "HH",
     .programme = "011"},
    {.entity = "MIN",
     .code = "3202",
     .period = 202302,
     .amount = -3000,
     .counterparty = "BANK",
     .cash_code = "22",
     .cash_counterparty = "HH"},
    {.entity = "MIN", .code = "22", .period = 202303, .amount = 2000, .counterparty = "HH"},
    {.entity = "MIN",
     .code = "3202",
     .period = 202303,
     .amount = -2000,
     .counterparty = "BANK",
     .cash_code = "22",
     .cash_counterparty = "HH"},
    {NULL},
};

static const NaiveLine handover[] = {
    {.entity = "MIN", .code = "5202", .period = 202401, .amount = -5001, .counterparty = "BANK"},
    {.entity = "MIN", .code = "5304", .period = 202401, .amount = 4000, .counterparty = "A"},
    {.entity = "MIN", .code = "5", .period = 202401, .amount = 1001},
    {.entity = "EDU", .code = "5202", .period = 202401, .amount = 3334, .counterparty = "BANK"},
    {.entity = "EDU", .code = "5304", .period = 202401, .amount = -2667, .counterparty = "A"},
    {.entity = "EDU", .code = "5", .period = 202401, .amount = -667},
    {.entity = "HEALTH", .code = "5202", .period = 202401, .amount = 1667, .counterparty = "BANK"},
    {.entity = "HEALTH", .code = "5304", .period = 202401, .amount = -1333, .counterparty = "A"},
    {.entity = "HEALTH", .code = "5", .period = 202401, .amount = -334},
    {.entity = "A", .code = "5204", .period = 202401, .amount = -4000, .counterparty = "MIN"},
    {.entity = "A", .code = "5204", .period = 202401, .amount = 2667, .counterparty = "EDU"},
    {.entity = "A", .code = "5204", .period = 202401, .amount = 1333, .counterparty = "HEALTH"},
    {NULL},
};

#define TWO_TO_ONE "programme=01*:EDU EDU:2 HEALTH:1"

/* The books of 2023 as of 2024. */
static const Figure split_before[] = {
    {"MIN", "SOO", "2", 0},
    {"MIN", "BS_OPEN", "6", 0},
    {"MIN", "BS_CLOSE", "6202", 0},
    {"EDU", "SOO", "22", 4333},
    {"HEALTH", "SOO", "22", 667},
    {"EDU", "BS_OPEN", "6202", 6667},
    {"HEALTH", "BS_OPEN", "6202", 3334},
    {"EDU", "BS_CLOSE", "6202", 3334},
    {"HEALTH", "BS_CLOSE", "6202", 1667},
    {"EDU", "BS_CLOSE", "6304", 2667},
    {"HEALTH", "BS_CLOSE", "6304", 1333},
    {"EDU", "SSUC", "C22", 3333},
    {"HEALTH", "SSUC", "C22", 1667},
    {"A", "BS_CLOSE", "6204", 4000},
    {"G", "SOO", "22", 5000},
    {"G", "BS_CLOSE", "6202", 5001},
    {"G", "BS_CLOSE", "63", 0},
    {NULL},
};

/* And those of 2024, in which nothing moves any more. */
static const Figure split_after[] = {
    {"MIN", "SOEF", "5", 0},
    {"MIN", "BS_OPEN", "6", 0},
    {"MIN", "BS_CLOSE", "6", 0},
    {"EDU", "BS_OPEN", "6202", 3334},
    {"EDU", "SOEF", "5", 0},
    {"EDU", "BS_CLOSE", "6202", 3334},
    {"HEALTH", "BS_OPEN", "6304", 1333},
    {"HEALTH", "BS_CLOSE", "6304", 1333},
    {"HEALTH", "SOEF", "5", 0},
    {"G", "SOEF", "5", 0},
    {NULL},
};

static void
test_a_ministry_is_split(void)
{
    g_autoptr(NaiveBooks) books = new_books(ministry);
    worksheet_post(books, handover);
    add_succession(books, "MIN", "2024-01-01", "EDU HEALTH", TWO_TO_ONE);
    g_autofree char *group = statements_of(books, "G", 202300, 202313);
    g_autofree char *group_after = statements_of(books, "G", 202400, 202413);
    g_autofree char *notes = restate(books, "G", 202300, 202313, "restated=2024");
    g_autofree char *group_restated = statements_of(books, "G", 202300, 202313);
    g_autofree char *group_after_restated = statements_of(books, "G", 202400, 202413);
    FISC_ASSERT_TEXT(notes,
                     "Restated: until 2023-12 the books of MIN are shown under EDU HEALTH (by "
                     "programme=01*:EDU EDU:2 HEALTH:1).");
    FISC_ASSERT_TEXT(group_restated, group);
    FISC_ASSERT_TEXT(group_after_restated, group_after);
    expect_figures(books, 202300, 202313, split_before);
    expect_figures(books, 202400, 202413, split_after);
}

/* As of 2023 there is nothing to restate, and reported figures are those of the books. */
static void
test_what_is_not_asked_for_is_not_done(void)
{
    static const char *const words[] = {NULL, "reported", "restated"};
    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        g_autoptr(NaiveBooks) books = new_books(ministry);
        add_succession(books, "MIN", "2024-01-01", "EDU HEALTH", TWO_TO_ONE);
        g_autofree char *before = statements_of(books, "MIN", 202300, 202313);
        g_autofree char *notes = restate(books, "MIN", 202300, 202313, words[i]);
        g_autofree char *after = statements_of(books, "MIN", 202300, 202313);
        FISC_ASSERT_TEXT(notes, "");
        FISC_ASSERT_TEXT(after, before);
    }
    g_autoptr(NaiveBooks) books = new_books(ministry);
    g_autofree char *refused = restate(books, "MIN", 202300, 202313, "again");
    FISC_ASSERT_CONTAINS(refused, "none of reported, restated, restated=PERIOD");
}

/* Nobody posted the hand-over: the books still say MIN, and so does the closing balance. */
static void
test_what_was_not_moved_stays_where_it_is(void)
{
    static const Figure figures[] = {
        {"EDU", "BS_OPEN", "6202", 3334},
        {"EDU", "SOEF", "5202", -3334},
        {"EDU", "BS_CLOSE", "6", 0},
        {"MIN", "SOEF", "5202", 5001},
        {"MIN", "BS_CLOSE", "6202", 5001},
        {"G", "SOEF", "5", 0},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = new_books(ministry);
    add_succession(books, "MIN", "2024-01-01", "EDU HEALTH", TWO_TO_ONE);
    g_autofree char *notes = restate(books, "EDU", 202400, 202413, "restated");
    FISC_ASSERT_CONTAINS(notes, "MIN are shown under");
    expect_figures(books, 202400, 202413, figures);
}

/* ---- merger ---- */

/* EDU has lent HEALTH 10.00; in March HEALTH pays EDU rent of 2.00. On 1 July both become A, in
 * whose statements of the year that loan and that rent are its own affair. */
static const NaiveLine offices[] = {
    {.entity = "EDU", .code = "6204", .period = 202400, .amount = 1000, .counterparty = "HEALTH"},
    {.entity = "EDU", .code = "6", .period = 202400, .amount = -1000},
    {.entity = "HEALTH", .code = "6202", .period = 202400, .amount = 3000, .counterparty = "BANK"},
    {.entity = "HEALTH", .code = "6304", .period = 202400, .amount = -1000, .counterparty = "EDU"},
    {.entity = "HEALTH", .code = "6", .period = 202400, .amount = -2000},
    {.entity = "HEALTH", .code = "22", .period = 202403, .amount = 200, .counterparty = "EDU"},
    {.entity = "HEALTH",
     .code = "3202",
     .period = 202403,
     .amount = -200,
     .counterparty = "BANK",
     .cash_code = "22",
     .cash_counterparty = "EDU"},
    {.entity = "EDU", .code = "1422", .period = 202403, .amount = -200, .counterparty = "HEALTH"},
    {.entity = "EDU",
     .code = "3202",
     .period = 202403,
     .amount = 200,
     .counterparty = "BANK",
     .cash_code = "14",
     .cash_counterparty = "HEALTH"},
    {.entity = "EDU", .code = "5202", .period = 202407, .amount = -200, .counterparty = "BANK"},
    {.entity = "EDU", .code = "5204", .period = 202407, .amount = -1000, .counterparty = "HEALTH"},
    {.entity = "EDU", .code = "5", .period = 202407, .amount = 1200},
    {.entity = "HEALTH", .code = "5202", .period = 202407, .amount = -2800, .counterparty = "BANK"},
    {.entity = "HEALTH", .code = "5304", .period = 202407, .amount = 1000, .counterparty = "EDU"},
    {.entity = "HEALTH", .code = "5", .period = 202407, .amount = 1800},
    {.entity = "A", .code = "5202", .period = 202407, .amount = 3000, .counterparty = "BANK"},
    {.entity = "A", .code = "5", .period = 202407, .amount = -3000},
    {.entity = "A", .code = "21", .period = 202409, .amount = 500, .counterparty = "HH"},
    {.entity = "A",
     .code = "3202",
     .period = 202409,
     .amount = -500,
     .counterparty = "BANK",
     .cash_code = "21",
     .cash_counterparty = "HH"},
    {NULL},
};

static void
test_two_units_are_merged(void)
{
    static const Figure figures[] = {
        {"A", "SOO", "1", 0},
        {"A", "SOO", "22", 0},
        {"A", "SOO", "2", 500},
        {"A", "SSUC", "C22", 0},
        {"A", "SSUC", "NCB", -500},
        {"A", "BS_OPEN", "6202", 3000},
        {"A", "BS_OPEN", "6204", 0},
        {"A", "BS_OPEN", "6304", 0},
        {"A", "SOEF", "5", 0},
        {"A", "BS_CLOSE", "6202", 2500},
        {"EDU", "SOO", "1", 0},
        {"EDU", "BS_OPEN", "6", 0},
        {"EDU", "BS_CLOSE", "6", 0},
        {"HEALTH", "SOO", "2", 0},
        {"HEALTH", "BS_CLOSE", "6202", 0},
        {"G", "SOO", "2", 500},
        {"G", "BS_OPEN", "6", 3000},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = new_books(offices);
    add_succession(books, "EDU", "2024-07-01", "A", "");
    add_succession(books, "HEALTH", "2024-07-01", "A", "");
    g_autofree char *notes = restate(books, "A", 202400, 202413, "restated");
    FISC_ASSERT_TEXT(notes, "Restated: until 2024-06 the books of EDU are shown under A.\n"
                            "Restated: until 2024-06 the books of HEALTH are shown under A.");
    expect_figures(books, 202400, 202413, figures);
}

/* One becomes two, of which one becomes the first: in the order of the days, not of the facts. */
static void
test_successions_follow_each_other(void)
{
    static const Figure figures[] = {
        {"MIN", "SOO", "22", 0},
        {"EDU", "SOO", "22", 0},
        {"A", "SOO", "22", 4333},
        {"HEALTH", "SOO", "22", 667},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = new_books(ministry);
    add_succession(books, "EDU", "2025-01-01", "A", "");
    add_succession(books, "MIN", "2024-01-01", "EDU HEALTH", TWO_TO_ONE);
    g_autofree char *notes = restate(books, "HEALTH", 202300, 202313, "restated=2025");
    FISC_ASSERT_CONTAINS(notes, "until 2023-12 the books of MIN");
    expect_figures(books, 202300, 202313, figures);
}

/* Who goes on with a part keeps it. */
static void
test_a_unit_that_goes_on_keeps_its_part(void)
{
    static const Figure figures[] = {
        {"MIN", "SOO", "22", 2000},
        {"EDU", "SOO", "22", 3000},
        {"MIN", "BS_CLOSE", "6202", 5001},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = new_books(ministry);
    add_succession(books, "MIN", "2024-01-01", "MIN EDU", "programme=011:EDU MIN:1");
    g_autofree char *notes = restate(books, NULL, 202300, 202313, "restated=2024");
    FISC_ASSERT_CONTAINS(notes, "under MIN EDU");
    expect_figures(books, 202300, 202313, figures);
}

/* ---- accounts ---- */

static int64_t
balance_of(const NaiveBooks *books, const char *account, FiscPeriod from, FiscPeriod to)
{
    g_autoptr(FiscTable) table = NULL;
    g_autoptr(GError) error = NULL;
    if (!fisc_statement_trial_balance(books->nation, books->balances, "MIN", from, to, &table,
                                      &error)) {
        g_error("%s", error->message);
    }
    int column = fisc_table_column(table, "balance");
    for (guint i = 0; i < table->rows->len; i++) {
        if (g_str_equal(text_at(table, i, 1), account)) {
            return amount_at(table, i, column);
        }
    }
    return 0;
}

/* Paper was account 610 in 2023, 6100 in 2024 and is 61000 in 2025. */
static void
test_a_chart_is_renumbered(void)
{
    static const NaiveLine lines[] = {
        {.entity = "MIN", .code = "610", .period = 202303, .amount = 2000},
        {.entity = "MIN", .code = "6100", .period = 202403, .amount = 300},
        {.entity = "MIN", .code = "1111", .period = 202303, .amount = -2300},
        {NULL},
    };
    static const struct {
        const char *comparatives;
        int64_t first, second, third;
    } cases[] = {{NULL, 2000, 0, 0}, {"restated=2024", 0, 2000, 0}, {"restated=2025", 0, 0, 2000}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        static const char *const renumberings[][3] = {{"6100", "2025", "61000"},
                                                      {"610", "2024", "6100"}};
        g_autoptr(NaiveBooks) books = naive_books_new();
        naive_entity(books, "MIN", "11");
        static const char *const accounts[] = {"610", "6100", "61000"};
        for (guint k = 0; k < G_N_ELEMENTS(accounts); k++) {
            fisc_nation_add_account(books->nation, accounts[k], "Paper", FISC_CLASS_EXPENSE, "22",
                                    0, true, FISC_STAGE_NONE);
        }
        worksheet_post(books, lines);
        for (guint k = 0; k < G_N_ELEMENTS(renumberings); k++) {
            const char *const fields[] = {"account", renumberings[k][0], "year", renumberings[k][1],
                                          "into",    renumberings[k][2], NULL};
            lensing_fact(books, "renumber", fields);
        }
        g_autofree char *notes = restate(books, NULL, 202300, 202313, cases[i].comparatives);
        FISC_ASSERT_INT(balance_of(books, "610", 202300, 202313), cases[i].first);
        FISC_ASSERT_INT(balance_of(books, "6100", 202300, 202313), cases[i].second);
        FISC_ASSERT_INT(balance_of(books, "61000", 202300, 202313), cases[i].third);
        FISC_ASSERT_INT(*notes != '\0', i > 0);
        g_autoptr(FiscTable) table = read_statements(books, "MIN", 202300, 202313);
        FISC_ASSERT_INT(amount_of(table, "SOO", "22"), 2000);
    }
}

/* ---- rules ---- */

static void
test_rules_that_cannot_be_understood(void)
{
    static const struct {
        const char *rule, *into, *complaint;
    } cases[] = {
        {"", "EDU", NULL},
        {"EDU:2  HEALTH:1", "EDU HEALTH", NULL},
        {"section=01*:EDU account=6202:EDU HEALTH:1", "EDU HEALTH", NULL},
        {"", " ", "there is no successor"},
        {"EDU", "EDU", "\"EDU\" is neither UNIT:PARTS nor COLUMN=VALUE:UNIT"},
        {"EDU:", "EDU", "\"EDU:\" is neither UNIT:PARTS nor COLUMN=VALUE:UNIT"},
        {"EDU:0", "EDU", "\"EDU:0\" has no whole number of parts above zero"},
        {"EDU:1.5", "EDU", "\"EDU:1.5\" has no whole number of parts above zero"},
        {"A:1", "EDU", "\"A:1\" names a unit that is no successor"},
        {"EDU:1 EDU:2", "EDU", "\"EDU:2\" names a successor twice, or is one too many"},
        {"colour=red:EDU", "EDU", "\"colour=red:EDU\" names no column of a line"},
        {"section=1:A", "EDU", "\"section=1:A\" names a unit that is no successor"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *complaint = NULL;
        g_autoptr(FiscShareRule) rule =
            fisc_share_rule_read(cases[i].rule, cases[i].into, &complaint);
        FISC_ASSERT_TEXT(complaint, cases[i].complaint);
        FISC_ASSERT_INT(rule == NULL, cases[i].complaint != NULL);
    }
}

/* Whatever the rule, units and books: consolidated nothing changes, and nobody has more in the end.
 */
static void
test_sums_stay_in_random_books(void)
{
    static const char *const rules[] = {"", "U3:1 U4:1 U5:1", "account=6202:U4 U3:7 U5:3"};
    for (guint seed = 0; seed < 12; seed++) {
        g_autoptr(NaiveBooks) books = random_books_new(seed, true);
        int year = books->year;
        g_autofree char *date = g_strdup_printf("%d-07-01", year);
        g_autofree char *group = statements_of(books, "ALL", year * 100, year * 100 + 13);
        g_autoptr(FiscTable) before = read_year(books, "U2");
        add_succession(books, "U2", date, "U3 U4 U5", rules[seed % G_N_ELEMENTS(rules)]);
        g_autofree char *notes = restate(books, "ALL", year * 100, year * 100 + 13, "restated");
        g_autofree char *restated = statements_of(books, "ALL", year * 100, year * 100 + 13);
        g_autoptr(FiscTable) after = read_year(books, "U2");
        FISC_ASSERT_CONTAINS(notes, "the books of U2 are shown under");
        FISC_ASSERT_TEXT(restated, group);
        FISC_ASSERT_INT(amount_of(after, "BS_CLOSE", "6"), amount_of(before, "BS_CLOSE", "6"));
        for (int unit = 1; unit <= RANDOM_UNITS; unit++) {
            g_autoptr(FiscTable) table = read_year(books, random_unit(unit));
            FISC_ASSERT_INT(amount_of(table, "SOO", "NLBz"), 0);
        }
    }
}

const FiscTest fisc_restate_tests[] = {
    {"a ministry is split in two", test_a_ministry_is_split},
    {"what is not asked for is not done", test_what_is_not_asked_for_is_not_done},
    {"what nobody moved stays where it is", test_what_was_not_moved_stays_where_it_is},
    {"two units are merged", test_two_units_are_merged},
    {"successions follow each other", test_successions_follow_each_other},
    {"a unit that goes on keeps its part", test_a_unit_that_goes_on_keeps_its_part},
    {"a chart is renumbered twice", test_a_chart_is_renumbered},
    {"rules that cannot be understood are refused", test_rules_that_cannot_be_understood},
    {"sums stay what they are, in random books", test_sums_stay_in_random_books},
    {NULL, NULL},
};

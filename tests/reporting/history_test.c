/* history_test.c: units and groups that change: who is a member when, worked by hand. */
#include "fisc/history.h"
#include "tests/reporting/lensing.h"
#include "tests/reporting/reading.h"
#include "tests/reporting/worksheet.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_history_tests[];

static FiscTable *
read_dated(NaiveBooks *books, const char *unit, FiscPeriod from, FiscPeriod to)
{
    NaiveBooks seen = *books;
    g_autoptr(FiscBalances) of_stays = fisc_balances_of_stays(books->nation, unit, books->balances);
    seen.balances = of_stays != NULL ? of_stays : books->balances;
    return read_statements(&seen, unit, from, to);
}

/* What holds of every statement, whoever came or went. */
static void
check_identities(const FiscTable *table)
{
    int64_t change = amount_of(table, "BS_CLOSE", "6") - amount_of(table, "BS_OPEN", "6");
    int64_t cash = amount_of(table, "BS_CLOSE", "6202") - amount_of(table, "BS_OPEN", "6202");
    FISC_ASSERT_INT(amount_of(table, "SOO", "NLBz"), 0);
    FISC_ASSERT_INT(change, amount_of(table, "SOO", "NOB") + amount_of(table, "SOEF", "4") +
                                amount_of(table, "SOEF", "5"));
    FISC_ASSERT_INT(cash, amount_of(table, "SSUC", "NCB") + amount_of(table, "SOEF", "4202") +
                              amount_of(table, "SOEF", "5202"));
    for (guint i = 0; i < table->rows->len; i++) {
        if (g_str_equal(text_at(table, i, 0), "STOCKFLOW")) {
            g_auto(GStrv) parts = g_strsplit(text_at(table, i, 3), "|", -1);
            int64_t sum = 0;
            for (char **part = parts; *part != NULL; part++) {
                sum += naive_amount(*part);
            }
            FISC_ASSERT_INT(sum, amount_at(table, i, 4));
        }
    }
}

typedef struct {
    const char *statement, *code;
    int64_t amount;
} Figure;

static void
expect_figures(const FiscTable *table, const Figure *figures)
{
    for (; figures->statement != NULL; figures++) {
        g_autofree char *got =
            g_strdup_printf("%s %s %" G_GINT64_FORMAT, figures->statement, figures->code,
                            amount_of(table, figures->statement, figures->code));
        g_autofree char *expected = g_strdup_printf("%s %s %" G_GINT64_FORMAT, figures->statement,
                                                    figures->code, figures->amount);
        FISC_ASSERT_TEXT(got, expected);
    }
    check_identities(table);
}

/* A has lent B 200. In May and in September A grants B 40 and 30, B collects taxes of 100 in May
 * and pays 50 of the loan back in September. */
static const NaiveLine family[] = {
    {.entity = "A", .code = "6202", .period = 202400, .amount = 100000, .counterparty = "BANK"},
    {.entity = "A", .code = "6204", .period = 202400, .amount = 20000, .counterparty = "B"},
    {.entity = "A", .code = "6", .period = 202400, .amount = -120000},
    {.entity = "B", .code = "6202", .period = 202400, .amount = 50000, .counterparty = "BANK"},
    {.entity = "B", .code = "6304", .period = 202400, .amount = -20000, .counterparty = "A"},
    {.entity = "B", .code = "6", .period = 202400, .amount = -30000},
    {.entity = "B", .code = "1111", .period = 202405, .amount = -10000, .counterparty = "HH"},
    {.entity = "B",
     .code = "3202",
     .period = 202405,
     .amount = 10000,
     .counterparty = "BANK",
     .cash_code = "11",
     .cash_counterparty = "HH"},
    {.entity = "A", .code = "2631", .period = 202405, .amount = 4000, .counterparty = "B"},
    {.entity = "A",
     .code = "3202",
     .period = 202405,
     .amount = -4000,
     .counterparty = "BANK",
     .cash_code = "26",
     .cash_counterparty = "B"},
    {.entity = "B", .code = "1331", .period = 202405, .amount = -4000, .counterparty = "A"},
    {.entity = "B",
     .code = "3202",
     .period = 202405,
     .amount = 4000,
     .counterparty = "BANK",
     .cash_code = "13",
     .cash_counterparty = "A"},
    {.entity = "A", .code = "2631", .period = 202409, .amount = 3000, .counterparty = "B"},
    {.entity = "A",
     .code = "3202",
     .period = 202409,
     .amount = -3000,
     .counterparty = "BANK",
     .cash_code = "26",
     .cash_counterparty = "B"},
    {.entity = "B", .code = "1331", .period = 202409, .amount = -3000, .counterparty = "A"},
    {.entity = "B",
     .code = "3202",
     .period = 202409,
     .amount = 3000,
     .counterparty = "BANK",
     .cash_code = "13",
     .cash_counterparty = "A"},
    {.entity = "B", .code = "3304", .period = 202409, .amount = 5000, .counterparty = "A"},
    {.entity = "B",
     .code = "3202",
     .period = 202409,
     .amount = -5000,
     .counterparty = "BANK",
     .cash_code = "33",
     .cash_counterparty = "A"},
    {.entity = "A", .code = "3204", .period = 202409, .amount = -5000, .counterparty = "B"},
    {.entity = "A",
     .code = "3202",
     .period = 202409,
     .amount = 5000,
     .counterparty = "BANK",
     .cash_code = "32",
     .cash_counterparty = "B"},
    {NULL},
};

static NaiveBooks *
new_books(const char *members)
{
    NaiveBooks *books = naive_books_new();
    fisc_nation_add_entity(books->nation, "A", "A", "S13111", "11", true, "");
    fisc_nation_add_entity(books->nation, "B", "B", "S1313", "11", true, "");
    naive_outsider(books, "HH", "16");
    naive_outsider(books, "BANK", "132");
    fisc_nation_add_group(books->nation, "G", "A and friends", members);
    worksheet_post(books, family);
    return books;
}

static void
add_membership(NaiveBooks *books, const char *entity, const char *from, const char *to)
{
    const char *const fields[] = {
        "group", "G", "entity", entity, "from", from, to != NULL ? "to" : NULL, to, NULL};
    lensing_fact(books, "membership", fields);
}

/* From July: what it did in May is its own, and A's grant of May went outside. */
static const Figure joined[] = {
    {"SOO", "1", 0},
    {"SOO", "2", 4000},
    {"SOO", "26", 4000},
    {"SSUC", "CSD", -4000},
    {"SSUC", "NCB", -4000},
    {"BS_OPEN", "6202", 100000},
    {"BS_OPEN", "6204", 20000},
    {"BS_OPEN", "63", 0},
    {"SOEF", "5202", 64000},
    {"SOEF", "5204", -20000},
    {"SOEF", "53", 0},
    {"BS_CLOSE", "6202", 160000},
    {"BS_CLOSE", "6204", 0},
    {"BS_CLOSE", "63", 0},
    {"BS_CLOSE", "6", 160000},
    {NULL},
};

static void
test_a_member_joins_in_july(void)
{
    g_autoptr(NaiveBooks) books = new_books("A");
    add_membership(books, "B", "2024-07-01", NULL);
    fisc_nation_during(books->nation, 202400, 202413);
    g_autoptr(FiscTable) table = read_dated(books, "G", 202400, 202413);
    expect_figures(table, joined);
    g_autofree char *notes = notes_of(table);
    FISC_ASSERT_CONTAINS(notes, "B belongs to it from 2024-07 on");
}

/* Until June: the tax and the grant of May are the group's, the loan goes out with it. */
static const Figure left[] = {
    {"SOO", "1", 10000},         {"SOO", "11", 10000},        {"SOO", "13", 0},
    {"SOO", "26", 3000},         {"SOO", "3204", -5000},      {"SSUC", "C13", 0},
    {"SSUC", "C26", 3000},       {"BS_OPEN", "6202", 150000}, {"BS_OPEN", "6204", 0},
    {"SOEF", "5202", -64000},    {"SOEF", "5204", 20000},     {"BS_CLOSE", "6202", 98000},
    {"BS_CLOSE", "6204", 15000}, {"BS_CLOSE", "63", 0},       {NULL},
};

static void
test_a_member_leaves_after_june(void)
{
    g_autoptr(NaiveBooks) books = new_books("A B");
    add_membership(books, "B", "2000-01-01", "2024-06-30");
    fisc_nation_during(books->nation, 202400, 202413);
    g_autoptr(FiscTable) table = read_dated(books, "G", 202400, 202413);
    expect_figures(table, left);
}

/* Before, after, and in a period in which nobody comes or goes nothing is moved. */
static void
test_only_the_border_moves(void)
{
    static const struct {
        FiscPeriod from, to;
        int64_t expense, volume, opening, closing;
        bool has_stays;
    } cases[] = {
        {202401, 202406, 0, 0, 150000, 160000, false},
        {202407, 202407, 0, -44000, 160000, 96000, true},
        {202407, 202412, 3000, -44000, 160000, 98000, true},
        {202408, 202412, 3000, 0, 96000, 98000, false},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NaiveBooks) books = new_books("A B");
        add_membership(books, "B", "2000-01-01", "2024-06-30");
        fisc_nation_during(books->nation, cases[i].from, cases[i].to);
        FISC_ASSERT_INT(fisc_nation_group(books->nation, "G")->stays != NULL, cases[i].has_stays);
        g_autoptr(FiscTable) table = read_dated(books, "G", cases[i].from, cases[i].to);
        FISC_ASSERT_INT(amount_of(table, "SOO", "2"), cases[i].expense);
        FISC_ASSERT_INT(amount_of(table, "SOEF", "5"), cases[i].volume);
        FISC_ASSERT_INT(amount_of(table, "BS_OPEN", "6202"), cases[i].opening);
        FISC_ASSERT_INT(amount_of(table, "BS_CLOSE", "6202"), cases[i].closing);
        check_identities(table);
    }
}

/* A member of a month is who belongs to the group on its last day. */
static void
test_a_month_is_of_who_is_there_at_its_end(void)
{
    static const struct {
        const char *from, *to;
        int first, last; /* months of 2024; 0: none */
    } cases[] = {
        {"2024-07-01", NULL, 7, 12},        {"2024-06-15", NULL, 6, 12},
        {"2000-01-01", "2024-06-29", 1, 5}, {"2000-01-01", "2024-06-30", 1, 6},
        {"2024-03-31", "2024-04-01", 3, 3}, {"2024-03-02", "2024-03-30", 0, 0},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (int month = 1; month <= 12; month++) {
            g_autoptr(NaiveBooks) seen = new_books("A");
            add_membership(seen, "B", cases[i].from, cases[i].to);
            fisc_nation_at(seen->nation, 202400 + month);
            g_autoptr(GHashTable) members = fisc_nation_perimeter(seen->nation, "G");
            FISC_ASSERT_INT(g_hash_table_contains(members, "B"),
                            cases[i].first <= month && month <= cases[i].last);
        }
    }
}

static void
add_history(NaiveBooks *books, const char *entity, const char *from, const char *what,
            const char *value)
{
    const char *const fields[] = {"entity", entity, "from", from, what, value, NULL};
    lensing_fact(books, "history", fields);
}

static void
test_units_are_what_they_were(void)
{
    g_autoptr(NaiveBooks) books = new_books("A B");
    add_history(books, "B", "2024-07-01", "name", "Bee");
    add_history(books, "B", "2025-01-01", "reporting", "N");
    add_history(books, "B", "2023-01-01", "cp_code", "12");
    fisc_nation_during(books->nation, 202400, 202413);
    const FiscEntity *entity = fisc_nation_entity(books->nation, "B");
    FISC_ASSERT_TEXT(entity->name, "Bee");
    FISC_ASSERT_TEXT(entity->cp_code, "12");
    FISC_ASSERT_INT(entity->reporting, 1);
    g_autoptr(FiscTable) table = read_year(books, "B");
    g_autofree char *notes = notes_of(table);
    FISC_ASSERT_CONTAINS(notes, "From 2024-07-01 on its name is Bee.");
}

/* In June B becomes a unit of state government: its taxes of May are local, its grant of September
 * is the state's, and what it has goes from one subsector to the other in June. */
static void
test_a_unit_changes_sector_in_june(void)
{
    static const Figure local[] = {
        {"SOO", "1", 14000},      {"BS_OPEN", "6202", 50000}, {"SOEF", "5202", -64000},
        {"SOEF", "5304", -20000}, {"BS_CLOSE", "6", 0},       {NULL},
    };
    static const Figure state[] = {
        {"SOO", "1", 3000},          {"SOO", "3304", -5000},
        {"BS_OPEN", "6", 0},         {"SOEF", "5202", 64000},
        {"SOEF", "5304", 20000},     {"BS_CLOSE", "6202", 62000},
        {"BS_CLOSE", "6304", 15000}, {NULL},
    };
    g_autoptr(NaiveBooks) books = new_books("A B");
    add_history(books, "B", "2024-06-01", "sector", "S1312");
    fisc_nation_during(books->nation, 202400, 202413);
    FISC_ASSERT_INT(fisc_nation_add_sector(books->nation, "S1313", 202400, 202413), 1);
    FISC_ASSERT_INT(fisc_nation_add_sector(books->nation, "S1312", 202400, 202413), 1);
    FISC_ASSERT_INT(fisc_nation_add_sector(books->nation, "S1314", 202400, 202413), 0);
    g_autoptr(FiscTable) before = read_dated(books, "S1313", 202400, 202413);
    g_autoptr(FiscTable) after = read_dated(books, "S1312", 202400, 202413);
    expect_figures(before, local);
    expect_figures(after, state);
}

/* Restated it always was of state government. */
static void
test_restated_the_sector_is_that_of_the_end(void)
{
    static const Figure whole[] = {
        {"SOO", "1", 17000},
        {"BS_OPEN", "6202", 50000},
        {"SOEF", "5", 0},
        {"BS_CLOSE", "6202", 62000},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = new_books("A B");
    add_history(books, "B", "2024-06-01", "sector", "S1312");
    fisc_nation_at(books->nation, 202413);
    FISC_ASSERT_INT(fisc_nation_add_sector(books->nation, "S1312", 202413, 202413), 1);
    g_autoptr(FiscTable) table = read_dated(books, "S1312", 202400, 202413);
    expect_figures(table, whole);
}

static bool
is_equal(const char *sector, gconstpointer data)
{
    return g_str_equal(sector, data);
}

/* Inside a group that is dated itself. */
static void
test_subsectors_of_a_group_with_stays(void)
{
    g_autoptr(NaiveBooks) books = new_books("A");
    add_membership(books, "B", "2024-07-01", NULL);
    add_history(books, "B", "2024-09-01", "sector", "S1312");
    fisc_nation_during(books->nation, 202400, 202413);
    static const struct {
        const char *sector;
        int64_t grants, opening, closing;
    } cases[] = {{"S1313", 0, 0, 0}, {"S1312", 3000, 0, 62000}};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        fisc_nation_add_group_of(books->nation, cases[i].sector, "part", "G", 202400, 202413,
                                 is_equal, cases[i].sector);
        g_autoptr(FiscTable) table = read_dated(books, cases[i].sector, 202400, 202413);
        FISC_ASSERT_INT(amount_of(table, "SOO", "13"), cases[i].grants);
        FISC_ASSERT_INT(amount_of(table, "BS_OPEN", "6202"), cases[i].opening);
        FISC_ASSERT_INT(amount_of(table, "BS_CLOSE", "6202"), cases[i].closing);
        check_identities(table);
    }
}

const FiscTest fisc_history_tests[] = {
    {"a member that joins in July brings in what it has", test_a_member_joins_in_july},
    {"a member that leaves after June takes away what it has", test_a_member_leaves_after_june},
    {"only the border moves anything", test_only_the_border_moves},
    {"a month is of who belongs to the group at its end",
     test_a_month_is_of_who_is_there_at_its_end},
    {"units are what they were at the end of the period", test_units_are_what_they_were},
    {"a unit that changes sector in June is in one before and in the other after",
     test_a_unit_changes_sector_in_june},
    {"restated, it always was where it is", test_restated_the_sector_is_that_of_the_end},
    {"subsectors of a group whose members change", test_subsectors_of_a_group_with_stays},
    {NULL, NULL},
};

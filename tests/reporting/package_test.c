/* package_test.c: sample nations with known right answers, figure by figure.
 *
 * A package's folder holds its answers beside its input (expected_*.csv, hand_derived.csv). Adding
 * one is a line in the table below. */
#include "tests/reporting/reading.h"
#include "tests/support/compare_package.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_package_tests[];

static const char *const packages[] = {"arda-2024", "brea-2023"};

typedef struct {
    char *folder;
    NaiveBooks *books;
} Package;

static Package
open_package(const char *name)
{
    char *folder = fisc_test_data(name);
    return (Package){folder, naive_books_read(folder)};
}

static void
close_package(Package *package)
{
    g_free(package->folder);
    naive_books_free(package->books);
}

static void
for_each_package(void (*check)(const Package *package))
{
    for (guint i = 0; i < G_N_ELEMENTS(packages); i++) {
        Package package = open_package(packages[i]);
        check(&package);
        close_package(&package);
    }
}

/* ---- statements ---- */

static void
check_unit(const Package *package, GPtrArray *answers, const char *unit)
{
    g_autoptr(FiscTable) table = read_year(package->books, unit);
    compare_statements(table, answers, unit);
}

static void
check_statements(const Package *package)
{
    const FiscNation *nation = package->books->nation;
    g_autoptr(GPtrArray) rows = naive_csv_read(package->folder, "expected_statements.csv");
    for (guint i = 0; i < nation->entities->len; i++) {
        const FiscEntity *entity = g_ptr_array_index(nation->entities, i);
        if (entity->reporting) {
            check_unit(package, rows, entity->code);
        }
    }
    for (guint i = 0; i < nation->groups->len; i++) {
        const FiscGroup *group = g_ptr_array_index(nation->groups, i);
        check_unit(package, rows, group->code);
    }
}

static void
test_every_statement_equals_the_answers(void)
{
    for_each_package(check_statements);
}

static void
check_headlines(const Package *package)
{
    static const struct {
        const char *item, *statement, *code;
    } headlines[] = {
        {"rev", "SOO", "1"},         {"exp", "SOO", "2"},        {"nob", "SOO", "NOB"},
        {"nlb", "SOO", "NLB"},       {"nw0", "STCNW", "6_open"}, {"nw1", "STCNW", "6_close"},
        {"csd", "SSUC", "CSD"},      {"ncb", "SSUC", "NCB"},     {"nfw1", "BS_CLOSE", "6M2"},
        {"debt", "BS_CLOSE", "6M3"},
    };
    g_autoptr(GPtrArray) rows = naive_csv_read(package->folder, "hand_derived.csv");
    guint checked = 0;
    for (guint i = 0; i < rows->len; i++) {
        GHashTable *row = g_ptr_array_index(rows, i);
        g_autoptr(FiscTable) table = read_year(package->books, answer_word(row, "unit"));
        for (guint j = 0; j < G_N_ELEMENTS(headlines); j++) {
            if (g_str_equal(answer_word(row, "item"), headlines[j].item)) {
                FISC_ASSERT_INT(amount_of(table, headlines[j].statement, headlines[j].code),
                                naive_amount(answer_word(row, "amount")));
                checked++;
            }
        }
    }
    CU_ASSERT(checked > 0);
    FISC_ASSERT_INT(checked, rows->len);
}

static void
test_headlines_equal_what_was_worked_by_hand(void)
{
    for_each_package(check_headlines);
}

static void
check_memoranda(const Package *package)
{
    g_autoptr(GPtrArray) rows = naive_csv_read(package->folder, "memorandum.csv");
    CU_ASSERT(rows->len > 0);
    for (guint i = 0; i < rows->len; i++) {
        GHashTable *row = g_ptr_array_index(rows, i);
        g_autoptr(FiscTable) table = read_year(package->books, answer_word(row, "unit"));
        FISC_ASSERT_INT(amount_of(table, "MEMO", answer_word(row, "code")),
                        naive_amount(answer_word(row, "amount")));
        int next_year = (package->books->year + 1) * 100;
        g_autoptr(FiscTable) later =
            read_statements(package->books, answer_word(row, "unit"), next_year, next_year + 13);
        CU_ASSERT_FALSE(has_row(later, "MEMO", answer_word(row, "code")));
    }
}

static void
test_memoranda_stand_with_their_unit_and_year(void)
{
    for_each_package(check_memoranda);
}

/* ---- the other reports: the same rows in the same order ---- */

static void
check_eliminations(const Package *package)
{
    g_autoptr(FiscTable) table = NULL;
    CU_ASSERT_FATAL(fisc_statement_eliminations(package->books->nation, package->books->lines, NULL,
                                                &table, NULL));
    CU_ASSERT(table->rows->len > 0);
    compare_rows(table, package->folder, "expected_eliminations.csv");
}

static void
test_eliminations_equal_the_answers_in_order(void)
{
    for_each_package(check_eliminations);
}

static void
check_asymmetries(const Package *package)
{
    g_autoptr(FiscTable) table = NULL;
    FiscAsymmetryQuery query = {.nation = package->books->nation,
                                .balances = package->books->balances,
                                .from = package->books->year * 100,
                                .to = package->books->year * 100 + 13};
    CU_ASSERT_FATAL(fisc_statement_asymmetries(&query, &table, NULL));
    compare_rows(table, package->folder, "expected_asymmetries.csv");
}

static void
test_asymmetries_equal_the_answers(void)
{
    for_each_package(check_asymmetries);
}

static void
check_budget(const Package *package)
{
    g_autoptr(FiscTable) table = NULL;
    CU_ASSERT_FATAL(fisc_statement_budget_execution(package->books->nation,
                                                    package->books->balances, NULL,
                                                    package->books->year, &table, NULL));
    CU_ASSERT(table->rows->len > 0);
    compare_rows(table, package->folder, "expected_budget_execution.csv");
}

static void
test_budget_execution_equals_the_answers_in_order(void)
{
    for_each_package(check_budget);
}

static void
check_transit(const Package *package)
{
    const FiscNation *nation = package->books->nation;
    g_autoptr(GPtrArray) rows = naive_csv_read(package->folder, "expected_in_transit.csv");
    for (guint i = 0; i < nation->groups->len; i++) {
        const FiscGroup *group = g_ptr_array_index(nation->groups, i);
        g_autoptr(FiscTable) table = read_year(package->books, group->code);
        g_autofree char *notes = notes_of(table);
        int64_t expected = 0;
        for (guint j = 0; j < rows->len; j++) {
            GHashTable *row = g_ptr_array_index(rows, j);
            if (g_str_equal(answer_word(row, "group"), group->code)) {
                g_autofree char *pair =
                    g_strdup_printf("In transit: %s -> %s, ", answer_word(row, "payer"),
                                    answer_word(row, "receiver"));
                FISC_ASSERT_CONTAINS(notes, pair);
                expected += naive_amount(answer_word(row, "amount"));
            }
        }
        FISC_ASSERT_INT(transit_of(table, "NOB"), expected);
    }
}

static void
test_what_is_in_transit_equals_the_answers(void)
{
    for_each_package(check_transit);
}

/* 3.166 of the manual: balancing items do not move by elimination, but for what is in transit. */
static void
check_sums(const Package *package)
{
    static const struct {
        const char *statement, *code, *item;
    } items[] = {
        {"SOO", "NOB", "NOB"},
        {"SOO", "NLB", "NLB"},
        {"SOO", "NLBz", "NLBz"},
        {"SSUC", "CSD", "CSD"},
        {"SOEF", "4", "4"},
        {"SOEF", "5", "5"},
        {"BS_OPEN", "6", "opening 6"},
        {"BS_CLOSE", "6", "closing 6"},
    };
    const FiscNation *nation = package->books->nation;
    for (guint i = 0; i < nation->groups->len; i++) {
        const FiscGroup *group = g_ptr_array_index(nation->groups, i);
        g_autoptr(FiscTable) table = read_year(package->books, group->code);
        for (guint j = 0; j < G_N_ELEMENTS(items); j++) {
            int64_t sum = 0;
            for (guint k = 0; k < group->members->len; k++) {
                g_autoptr(FiscTable) unit =
                    read_year(package->books, g_ptr_array_index(group->members, k));
                sum += amount_of(unit, items[j].statement, items[j].code);
            }
            FISC_ASSERT_INT(sum, amount_of(table, items[j].statement, items[j].code) +
                                     transit_of(table, items[j].item));
        }
    }
}

static void
test_units_sum_to_the_group_and_what_is_in_transit(void)
{
    for_each_package(check_sums);
}

const FiscTest fisc_package_tests[] = {
    {"every statement equals the answers, both ways", test_every_statement_equals_the_answers},
    {"headlines equal what was worked by hand", test_headlines_equal_what_was_worked_by_hand},
    {"memoranda stand with their unit and year", test_memoranda_stand_with_their_unit_and_year},
    {"eliminations equal the answers in order", test_eliminations_equal_the_answers_in_order},
    {"asymmetries equal the answers", test_asymmetries_equal_the_answers},
    {"budget execution equals the answers in order",
     test_budget_execution_equals_the_answers_in_order},
    {"what is in transit equals the answers", test_what_is_in_transit_equals_the_answers},
    {"units sum to the group and what is in transit",
     test_units_sum_to_the_group_and_what_is_in_transit},
    {NULL, NULL},
};

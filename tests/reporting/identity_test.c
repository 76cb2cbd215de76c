/* identity_test.c: what must hold of any books: the accounting identities of GFSM 2014, and what
 * consolidation may and may not change. Over the sample nations and over books drawn by seeds. */
#include "fisc/statement.h"
#include "tests/reporting/identities.h"
#include "tests/reporting/random_books.h"
#include "tests/reporting/reading.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_identity_tests[];

#define SEEDS 12

#define SOO(code) amount_of(table, "SOO", code)
#define SSUC(code) amount_of(table, "SSUC", code)
#define OPEN(code) amount_of(table, "BS_OPEN", code)
#define CLOSE(code) amount_of(table, "BS_CLOSE", code)

static const char *const standards[] = {"gfsm2014", "gfsm2001"};

static void
check_unit(const NaiveBooks *books, const char *unit)
{
    for (guint i = 0; i < G_N_ELEMENTS(standards); i++) {
        g_autoptr(FiscTable) table = read_standard(books, unit, standards[i]);
        FISC_ASSERT_INT(has_row(table, "SOO", "2M"), g_str_equal(standards[i], "gfsm2014"));
        identities_check(table);
    }
}

static void
check_everyone(const NaiveBooks *books)
{
    for (guint i = 0; i < books->nation->entities->len; i++) {
        const FiscEntity *entity = g_ptr_array_index(books->nation->entities, i);
        if (entity->reporting) {
            check_unit(books, entity->code);
        }
    }
    for (guint i = 0; i < books->nation->groups->len; i++) {
        const FiscGroup *group = g_ptr_array_index(books->nation->groups, i);
        check_unit(books, group->code);
    }
}

static void
test_identities_hold_for_the_sample_nations(void)
{
    static const char *const packages[] = {"arda-2024", "brea-2023", "cora-2024"};
    for (guint i = 0; i < G_N_ELEMENTS(packages); i++) {
        g_autofree char *folder = fisc_test_data(packages[i]);
        g_autoptr(NaiveBooks) books = naive_books_read(folder);
        check_everyone(books);
    }
}

static void
test_identities_hold_for_random_books(void)
{
    for (guint32 seed = 1; seed <= SEEDS; seed++) {
        g_autoptr(NaiveBooks) books = random_books_new(seed, seed % 2 == 0);
        check_everyone(books);
    }
}

/* Half of a journal in suspense, and the cash it moved. */
static void
post_suspense(NaiveBooks *books, const char *code, int64_t amount)
{
    NaiveLine line = {.journal = code,
                      .entity = "U3",
                      .code = code,
                      .period = books->year * 100 + 6,
                      .amount = amount,
                      .cofog = *code == '2' ? "70111" : NULL};
    naive_post(books, &line);
    NaiveLine cash = {.journal = code,
                      .entity = "U3",
                      .code = "3202",
                      .period = line.period,
                      .amount = -amount,
                      .counterparty = "BANK",
                      .cash_code = code,
                      .cash_counterparty = "HH"};
    naive_post(books, &cash);
}

/* What has no class yet is in the totals, in a row of its own, and in no identity's way. */
static void
test_identities_hold_with_amounts_in_suspense(void)
{
    for (guint32 seed = 1; seed <= 3; seed++) {
        g_autoptr(NaiveBooks) books = random_books_new(seed, true);
        g_autoptr(FiscTable) before = read_standard(books, "U3", "gfsm2014");
        post_suspense(books, "1", -123457);
        post_suspense(books, "2", 765431);
        check_everyone(books);
        for (guint i = 0; i < G_N_ELEMENTS(standards); i++) {
            g_autoptr(FiscTable) table = read_standard(books, "U3", standards[i]);
            FISC_ASSERT_INT(SOO("1U"), 123457);
            FISC_ASSERT_INT(SOO("2U"), 765431);
            FISC_ASSERT_INT(SSUC("C1U"), 123457);
            FISC_ASSERT_INT(SSUC("C2U"), 765431);
        }
        g_autoptr(FiscTable) table = read_standard(books, "U3", "gfsm2014");
        FISC_ASSERT_INT(SOO("1") - amount_of(before, "SOO", "1"), 123457);
        FISC_ASSERT_INT(SOO("2") - amount_of(before, "SOO", "2"), 765431);
        CU_ASSERT_FALSE(has_row(before, "SOO", "2U"));
    }
}

/* Identity 1, as the trial balance shows it. */
static void
test_debits_equal_credits_in_every_unit(void)
{
    g_autoptr(NaiveBooks) books = random_books_new(1, false);
    for (int unit = 1; unit <= RANDOM_UNITS; unit++) {
        g_autoptr(FiscTable) table = NULL;
        CU_ASSERT_FATAL(fisc_statement_trial_balance(books->nation, books->balances,
                                                     random_unit(unit), books->year * 100,
                                                     books->year * 100 + 13, &table, NULL));
        int64_t debit = 0, credit = 0, balance = 0;
        for (guint i = 0; i < table->rows->len; i++) {
            debit += amount_at(table, i, 2);
            credit += amount_at(table, i, 3);
            balance += amount_at(table, i, 4);
        }
        CU_ASSERT(debit > 0);
        FISC_ASSERT_INT(debit, credit);
        FISC_ASSERT_INT(balance, 0);
    }
}

/* Identity 9, by class: cash is accrual less what was not yet paid. In the sample nation
 * receivables are taxes and payables are goods, services and assets. */
static void
test_cash_is_accrual_less_what_is_unpaid(void)
{
    static const char *const units[] = {"BCG", "RDF", "LGN", "LGS", "CG", "LG", "GG"};
    g_autofree char *folder = fisc_test_data("arda-2024");
    g_autoptr(NaiveBooks) books = naive_books_read(folder);
    for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
        g_autoptr(FiscTable) table = read_year(books, units[i]);
        FISC_ASSERT_INT(SSUC("C11"), SOO("11") - SOO("3208"));
        FISC_ASSERT_INT(SSUC("C12"), SOO("12"));
        FISC_ASSERT_INT(SSUC("C21"), SOO("21"));
        FISC_ASSERT_INT(SSUC("C22") + SSUC("C31.1"), SOO("22") + SOO("31.1") - SOO("3308"));
    }
}

static const struct {
    const char *statement, *code, *item;
} balancing_items[] = {
    {"SOO", "NOB", "NOB"},   {"SOO", "GOB", "NOB"},         {"SOO", "NLB", "NLB"},
    {"SOO", "NLBz", "NLBz"}, {"SSUC", "CSD", "CSD"},        {"SOEF", "4", "4"},
    {"SOEF", "5", "5"},      {"BS_OPEN", "6", "opening 6"}, {"BS_CLOSE", "6", "closing 6"},
};

static void
check_sums(const NaiveBooks *books, const char *group, int first, int last)
{
    g_autoptr(FiscTable) consolidated = read_year(books, group);
    g_autoptr(GPtrArray) units = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_table_free);
    for (int unit = first; unit <= last; unit++) {
        g_ptr_array_add(units, read_year(books, random_unit(unit)));
    }
    for (guint i = 0; i < G_N_ELEMENTS(balancing_items); i++) {
        const char *statement = balancing_items[i].statement;
        const char *code = balancing_items[i].code;
        int64_t sum = 0;
        for (guint unit = 0; unit < units->len; unit++) {
            sum += amount_of(g_ptr_array_index(units, unit), statement, code);
        }
        FISC_ASSERT_INT(sum, amount_of(consolidated, statement, code) +
                                 transit_of(consolidated, balancing_items[i].item));
    }
}

static void
check_grouping(const NaiveBooks *books)
{
    check_sums(books, "ALL", 1, 5);
    check_sums(books, "LEFT", 1, 2);
    check_sums(books, "RIGHT", 3, 5);
}

/* Identity 11. */
static void
test_balancing_items_of_a_group_are_the_sum_of_its_units(void)
{
    for (guint32 seed = 1; seed <= SEEDS; seed++) {
        g_autoptr(NaiveBooks) books = random_books_new(seed, true);
        check_grouping(books);
        g_autoptr(FiscTable) table = read_year(books, "ALL");
        g_autofree char *notes = notes_of(table);
        FISC_ASSERT_TEXT(notes, "");
    }
}

static void
test_units_sum_to_the_group_and_what_is_in_transit(void)
{
    guint in_transit = 0;
    for (guint32 seed = 1; seed <= SEEDS; seed++) {
        g_autoptr(NaiveBooks) books = random_books_new(seed, false);
        check_grouping(books);
        g_autoptr(FiscTable) table = read_year(books, "ALL");
        in_transit += transit_of(table, "NLB") != 0;
    }
    CU_ASSERT(in_transit > SEEDS / 2);
}

static void
test_consolidation_never_raises_revenue_expense_or_debt(void)
{
    static const char *const items[][2] = {
        {"SOO", "1"}, {"SOO", "2"}, {"BS_CLOSE", "6M3"}, {"SSUC", "C1"}, {"SSUC", "C2"}};
    g_autofree char *folder = fisc_test_data("arda-2024");
    g_autoptr(NaiveBooks) books = naive_books_read(folder);
    for (guint i = 0; i < G_N_ELEMENTS(items); i++) {
        g_autoptr(FiscTable) consolidated = read_year(books, "GG");
        g_autoptr(FiscTable) sum = read_unconsolidated(books, "GG");
        CU_ASSERT(amount_of(consolidated, items[i][0], items[i][1]) <
                  amount_of(sum, items[i][0], items[i][1]));
    }
}

static void
test_without_elimination_a_group_is_the_sum_of_its_units(void)
{
    g_autoptr(NaiveBooks) books = random_books_new(3, false);
    g_autoptr(FiscTable) group = read_unconsolidated(books, "ALL");
    CU_ASSERT(group->rows->len > 100);
    for (guint i = 0; i < group->rows->len; i++) {
        const char *statement = text_at(group, i, 0);
        int64_t sum = 0;
        if (((FiscRow *)g_ptr_array_index(group->rows, i))->heading) {
            continue;
        }
        for (int unit = 1; unit <= RANDOM_UNITS; unit++) {
            g_autoptr(FiscTable) table = read_unconsolidated(books, random_unit(unit));
            sum += amount_of(table, statement, text_at(group, i, 2));
        }
        FISC_ASSERT_INT(amount_at(group, i, 4), sum);
    }
}

/* The unit's code stands in every row; everything else must be the same. */
static char *
csv_without_unit(const FiscTable *table, const char *unit)
{
    g_autofree char *cell = g_strdup_printf(",%s,", unit);
    GString *csv = g_string_new(NULL);
    fisc_table_render(table, FISC_FORMAT_CSV, csv);
    g_string_replace(csv, cell, ",,", 0);
    return g_string_free(csv, FALSE);
}

static void
test_another_grouping_of_the_same_members_gives_the_same(void)
{
    for (guint32 seed = 1; seed <= SEEDS; seed++) {
        g_autoptr(NaiveBooks) books = random_books_new(seed, seed % 2 == 0);
        g_autoptr(FiscTable) one = read_year(books, "ALL");
        g_autoptr(FiscTable) other = read_year(books, "REVERSE");
        g_autofree char *one_csv = csv_without_unit(one, "ALL");
        g_autofree char *other_csv = csv_without_unit(other, "REVERSE");
        g_autofree char *one_notes = notes_of(one);
        g_autofree char *other_notes = notes_of(other);
        FISC_ASSERT_TEXT(other_csv, one_csv);
        FISC_ASSERT_TEXT(other_notes, one_notes);
    }
}

/* Halves first, then the whole: their remaining records against each other go, nothing else does.
 */
static void
drop_dealings_inside(NaiveBooks *books, const char *group)
{
    g_autoptr(GHashTable) members = fisc_nation_perimeter(books->nation, group);
    for (guint i = books->balances->rows->len; i > 0; i--) {
        const FiscBalance *row = &g_array_index(books->balances->rows, FiscBalance, i - 1);
        const char *gfs = row->coding->account->gfs;
        /* A deposit's line carries its cash row too, which is judged apart. */
        bool is_kept = g_str_has_prefix(gfs, "12") || g_str_has_prefix(gfs, "212") ||
                       g_str_has_prefix(gfs, "6202") ||
                       !g_hash_table_contains(members, row->coding->entity) ||
                       !g_hash_table_contains(members, row->coding->dim[FISC_DIM_COUNTERPARTY]);
        if (!is_kept) {
            g_array_remove_index(books->balances->rows, i - 1);
        }
    }
}

static void
test_eliminating_twice_or_by_halves_first_changes_nothing(void)
{
    for (guint32 seed = 1; seed <= SEEDS; seed++) {
        g_autoptr(NaiveBooks) books = random_books_new(seed, true);
        g_autoptr(FiscTable) once = read_year(books, "ALL");
        g_autofree char *once_csv = csv_of(once);
        drop_dealings_inside(books, "LEFT");
        drop_dealings_inside(books, "RIGHT");
        g_autoptr(FiscTable) by_halves = read_year(books, "ALL");
        g_autofree char *by_halves_csv = csv_of(by_halves);
        FISC_ASSERT_TEXT(by_halves_csv, once_csv);
        drop_dealings_inside(books, "ALL");
        g_autoptr(FiscTable) twice = read_year(books, "ALL");
        g_autofree char *twice_csv = csv_of(twice);
        FISC_ASSERT_TEXT(twice_csv, once_csv);
    }
}

/* Identity 12. */
static void
test_employers_contributions_stay_whoever_they_name(void)
{
    for (guint32 seed = 1; seed <= SEEDS; seed++) {
        g_autoptr(NaiveBooks) books = random_books_new(seed, true);
        g_autoptr(FiscTable) consolidated = read_year(books, "ALL");
        g_autoptr(FiscTable) sum = read_unconsolidated(books, "ALL");
        FISC_ASSERT_INT(amount_of(consolidated, "SOO", "12"), amount_of(sum, "SOO", "12"));
        FISC_ASSERT_INT(amount_of(consolidated, "SOO", "2121"), amount_of(sum, "SOO", "2121"));
    }
}

/* Quarters add up to the year in flows, and stocks hand over from one to the next. */
static void
test_quarters_add_up_to_the_year(void)
{
    static const int quarters[][2] = {{0, 3}, {4, 6}, {7, 9}, {10, 13}};
    static const char *const flows[][2] = {
        {"SOO", "1"}, {"SOO", "2"}, {"SOO", "NLB"}, {"SSUC", "NCB"}, {"SOEF", "9"}};
    g_autoptr(NaiveBooks) books = random_books_new(5, true);
    g_autoptr(FiscTable) year = read_year(books, "ALL");
    int64_t sums[G_N_ELEMENTS(flows)] = {0};
    int64_t worth = amount_of(year, "BS_OPEN", "6");
    for (guint q = 0; q < G_N_ELEMENTS(quarters); q++) {
        int base = books->year * 100;
        g_autoptr(FiscTable) table =
            read_statements(books, "ALL", base + quarters[q][0], base + quarters[q][1]);
        for (guint i = 0; i < G_N_ELEMENTS(flows); i++) {
            sums[i] += amount_of(table, flows[i][0], flows[i][1]);
        }
        FISC_ASSERT_INT(OPEN("6"), worth);
        worth = CLOSE("6");
        identities_check(table);
    }
    FISC_ASSERT_INT(worth, amount_of(year, "BS_CLOSE", "6"));
    for (guint i = 0; i < G_N_ELEMENTS(flows); i++) {
        FISC_ASSERT_INT(sums[i], amount_of(year, flows[i][0], flows[i][1]));
    }
}

const FiscTest fisc_identity_tests[] = {
    {"identities hold for the sample nations, in both standards",
     test_identities_hold_for_the_sample_nations},
    {"identities hold for random books, in both standards", test_identities_hold_for_random_books},
    {"identities hold with amounts in suspense, which have a row of their own",
     test_identities_hold_with_amounts_in_suspense},
    {"debits equal credits in every unit", test_debits_equal_credits_in_every_unit},
    {"cash is accrual less what is unpaid", test_cash_is_accrual_less_what_is_unpaid},
    {"balancing items of a group are the sum of its units",
     test_balancing_items_of_a_group_are_the_sum_of_its_units},
    {"units sum to the group and what is in transit",
     test_units_sum_to_the_group_and_what_is_in_transit},
    {"consolidation never raises revenue, expense or debt",
     test_consolidation_never_raises_revenue_expense_or_debt},
    {"without elimination a group is the sum of its units",
     test_without_elimination_a_group_is_the_sum_of_its_units},
    {"another grouping of the same members gives the same",
     test_another_grouping_of_the_same_members_gives_the_same},
    {"eliminating twice or by halves first changes nothing",
     test_eliminating_twice_or_by_halves_first_changes_nothing},
    {"employers' contributions stay whoever they name",
     test_employers_contributions_stay_whoever_they_name},
    {"quarters add up to the year", test_quarters_add_up_to_the_year},
    {NULL, NULL},
};

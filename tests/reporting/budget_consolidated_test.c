/* budget_consolidated_test.c: a budget that is being prepared, consolidated: what is left out, who
 * promises whom what, and what the books have of it. */
#include "fisc/budget_consolidated.h"
#include "fisc/chart.h"
#include "tests/support/naive_books.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_budget_consolidated_tests[];

/* Two ministries A and B, two agencies X and Y (the class AG); Z is outside. */
static const struct {
    const char *entity;
    FiscPlanSide side;
    const char *counterparty, *gfs, *economic;
    int64_t amount[2];
} budget[] = {
    {"A", FISC_SIDE_EXPENDITURE, "", "2111", "12", {1000, 1100}},
    {"A", FISC_SIDE_EXPENDITURE, "AG", "2631", "41", {500, 0}},
    {"A", FISC_SIDE_EXPENDITURE, "X", "2632", "71", {70, 80}},
    {"A", FISC_SIDE_EXPENDITURE, "AG", "3204", "82", {9, 0}},
    {"A", FISC_SIDE_EXPENDITURE, "Z", "2631", "45", {40, 0}},
    {"B", FISC_SIDE_EXPENDITURE, "", "", "50", {25, 0}},
    {"B", FISC_SIDE_EXPENDITURE, "A", "22", "22", {3, 0}},
    {"A", FISC_SIDE_REVENUE, "", "1111", "10", {2000, 2100}},
    {"A", FISC_SIDE_REVENUE, "B", "1423", "30", {2, 0}},
    {"X", FISC_SIDE_REVENUE, "A", "1331", "40", {300, 0}},
    {"Y", FISC_SIDE_REVENUE, "A", "1331", "40", {190, 0}},
    {"X", FISC_SIDE_REVENUE, "A", "1332", "70", {70, 80}},
    {"X", FISC_SIDE_REVENUE, "A", "3304", "92", {9, 0}},
};

typedef struct {
    NaiveBooks *books;
    FiscPlanLines *lines;
} Budget;

static Budget
budget_new(void)
{
    static const FiscPlanFrame frame = {"draft", 2024, 2, 2};
    static const char *const inside[] = {"A", "B", "X", "Y"};
    Budget all = {naive_books_new(), fisc_plan_lines_new(&frame)};
    for (guint i = 0; i < G_N_ELEMENTS(inside); i++) {
        naive_entity(all.books, inside[i], "11");
    }
    naive_outsider(all.books, "Z", "11");
    fisc_nation_add_group(all.books->nation, "AG", "Agencies", "X Y");
    fisc_nation_add_group(all.books->nation, "GOV", "Government", "A B X Y");
    for (guint i = 0; i < G_N_ELEMENTS(budget); i++) {
        FiscPlanLine *line = fisc_plan_lines_add(all.lines);
        line->entity = budget[i].entity;
        line->side = budget[i].side;
        line->dim[FISC_DIM_COUNTERPARTY] = budget[i].counterparty;
        line->dim[FISC_DIM_GFS] = budget[i].gfs;
        line->dim[FISC_DIM_ECONOMIC] = budget[i].economic;
        line->figure[FISC_FIGURE_REQUEST].is_given = true;
        memcpy(line->figure[FISC_FIGURE_REQUEST].amount, budget[i].amount, sizeof budget[i].amount);
    }
    return all;
}

static void
budget_clear(Budget *all)
{
    fisc_plan_lines_free(all->lines);
    naive_books_free(all->books);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Budget, budget_clear)

typedef bool (*Statement)(const FiscConsolidatedQuery *query, FiscTable **out_table,
                          GError **error);

static char *
csv_of(const Budget *all, Statement build, FiscConsolidatedQuery query)
{
    g_autoptr(FiscTable) table = NULL;
    GError *error = NULL;
    query.nation = all->books->nation;
    query.lines = all->lines;
    if (!build(&query, &table, &error)) {
        g_error("%s", error->message);
    }
    GString *text = g_string_new(NULL);
    fisc_table_render(table, FISC_FORMAT_CSV, text);
    return g_string_free(text, FALSE);
}

static void
test_leaves_out_what_members_promise_each_other(void)
{
    g_auto(Budget) all = budget_new();
    g_autofree char *csv =
        csv_of(&all, fisc_statement_budget_consolidated, (FiscConsolidatedQuery){.unit = "GOV"});
    FISC_ASSERT_TEXT(csv, "side,economic,aggregate,eliminated,consolidated\n"
                          "expenditure,1,10.00,0.00,10.00\n"
                          "expenditure,2,0.03,0.03,0.00\n"
                          "expenditure,4,5.40,5.00,0.40\n"
                          "expenditure,5,0.25,0.00,0.25\n"
                          "expenditure,7,0.70,0.70,0.00\n"
                          "expenditure,8,0.09,0.09,0.00\n"
                          "expenditure,total,16.47,5.82,10.65\n"
                          "revenue,1,20.00,0.00,20.00\n"
                          "revenue,3,0.02,0.02,0.00\n"
                          "revenue,4,4.90,4.90,0.00\n"
                          "revenue,7,0.70,0.70,0.00\n"
                          "revenue,9,0.09,0.09,0.00\n"
                          "revenue,total,25.71,5.71,20.00\n");
}

static void
test_knows_other_words_other_years_and_single_units(void)
{
    g_auto(Budget) all = budget_new();
    g_autofree char *later = csv_of(
        &all, fisc_statement_budget_consolidated,
        (FiscConsolidatedQuery){.unit = "GOV", .year_index = 1, .by = "entity=A,gfs_code=2632"});
    FISC_ASSERT_TEXT(later, "side,entity,gfs_code,aggregate,eliminated,consolidated\n"
                            "expenditure,A,2632,0.80,0.80,0.00\n"
                            "expenditure,total,,0.80,0.80,0.00\n"
                            "revenue,total,,0.00,0.00,0.00\n");
    g_autofree char *single =
        csv_of(&all, fisc_statement_budget_consolidated,
               (FiscConsolidatedQuery){.unit = "X", .by = "counterparty_entity"});
    FISC_ASSERT_TEXT(single, "side,counterparty_entity,aggregate,eliminated,consolidated\n"
                             "expenditure,total,0.00,0.00,0.00\n"
                             "revenue,A,3.79,0.00,3.79\n"
                             "revenue,total,3.79,0.00,3.79\n");
}

static void
test_pairs_both_sides_by_the_class_that_is_named(void)
{
    g_auto(Budget) all = budget_new();
    g_autofree char *csv =
        csv_of(&all, fisc_statement_budget_pairs, (FiscConsolidatedQuery){.unit = "GOV"});
    FISC_ASSERT_TEXT(csv, "payer,receiver,kind,paid,received,difference\n"
                          "A,AG,capital,0.70,0.70,0.00\n"
                          "A,AG,current,5.00,4.90,0.10\n"
                          "A,AG,financial,0.09,0.09,0.00\n"
                          "B,A,other,0.03,0.02,0.01\n"
                          "total,total,all,5.82,5.71,0.11\n");
}

static void
test_stands_beside_what_the_books_have(void)
{
    g_auto(Budget) all = budget_new();
    static const NaiveLine posted[] = {
        {"1", "A", "B11", 202401, 900, .gfs_class = "2111"},
        {"2", "B", "B11", 202401, 25, .gfs_class = ""},
        {"3", "A", "B31", 202401, 2000, .gfs_class = "1111"},
        {"4", "A", "B12", 202402, 77, .gfs_class = "2111"},  /* a change is not original */
        {"5", "A", "B11", 202301, 999, .gfs_class = "2111"}, /* another year */
        {"6", "Y", "B11", 202401, 8, .gfs_class = "24"},     /* not in the version */
    };
    for (guint i = 0; i < G_N_ELEMENTS(posted); i++) {
        naive_post(all.books, &posted[i]);
    }
    g_autofree char *csv =
        csv_of(&all, fisc_statement_budget_consolidated,
               (FiscConsolidatedQuery){
                   .unit = "GOV", .by = "gfs_code:1", .balances = all.books->balances});
    FISC_ASSERT_TEXT(csv, "side,gfs_code,aggregate,eliminated,consolidated,enacted,difference\n"
                          "expenditure,,0.25,0.00,0.25,0.25,0.00\n"
                          "expenditure,2,16.13,5.73,10.40,9.08,7.05\n"
                          "expenditure,3,0.09,0.09,0.00,0.00,0.09\n"
                          "expenditure,total,16.47,5.82,10.65,9.33,7.14\n"
                          "revenue,1,25.62,5.62,20.00,20.00,5.62\n"
                          "revenue,3,0.09,0.09,0.00,0.00,0.09\n"
                          "revenue,total,25.71,5.71,20.00,20.00,5.71\n");
}

static void
test_fails_for_an_unknown_unit_or_word(void)
{
    static const struct {
        const char *unit, *by;
        FiscError code;
    } cases[] = {
        {"NONE", NULL, FISC_ERROR_NOT_FOUND},
        {"GOV", "colour", FISC_ERROR_USAGE},
    };
    g_auto(Budget) all = budget_new();
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        const FiscConsolidatedQuery query = {.nation = all.books->nation,
                                             .lines = all.lines,
                                             .unit = cases[i].unit,
                                             .by = cases[i].by};
        g_autoptr(GError) error = NULL;
        FiscTable *table = NULL;
        CU_ASSERT_FALSE(fisc_statement_budget_consolidated(&query, &table, &error));
        CU_ASSERT_TRUE(g_error_matches(error, FISC_ERROR, cases[i].code));
        CU_ASSERT_PTR_NULL(table);
    }
}

const FiscTest fisc_budget_consolidated_tests[] = {
    {"leaves out what members promise each other", test_leaves_out_what_members_promise_each_other},
    {"knows other words, other years and single units",
     test_knows_other_words_other_years_and_single_units},
    {"pairs both sides by the class that is named",
     test_pairs_both_sides_by_the_class_that_is_named},
    {"stands beside what the books have", test_stands_beside_what_the_books_have},
    {"fails for an unknown unit or word", test_fails_for_an_unknown_unit_or_word},
    {NULL, NULL},
};

/* budget_book_test.c: the budget book from small worked books, and what its cells are made of. */
#include "fisc/budget_book.h"
#include "tests/reporting/acts.h"
#include "tests/reporting/reading.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_budget_book_tests[];

#define SPENDING                                                                                   \
    "original,supplements,virements_in,virements_out,carried_in,revised,blocked,released,"         \
    "reserved,committed,accrued,paid,available,executed_percent"
#define REVENUE "original,supplements,revised,recognized,collected,outstanding,executed_percent"
#define DETAIL                                                                                     \
    "kind,date,amount,balance,document,maker,approved_by,article,reference,line,memo,batch,"       \
    "posted_at,entry"

/* Programme 10 is voted 1,000.00, gets 200.00 by a supplement and 50.00 carried in, gives 130.00 to
 * programme 20 and gets 30.00 of it back; 40.00 is blocked, 600.00 released; 500.00 is reserved, of
 * it committed 400.00, accrued 300.00, paid 100.00. Revenue: estimated 2,000.00, 500.00 more,
 * recognized 1,500.00, collected 900.00. Last year programme 10 had 800.00 and 900.00. */
static const Act worksheet[] = {
    {1, FISC_STAGE_APPROPRIATION, 80000, "10", "22", "2023-01-01"},
    {2, FISC_STAGE_CHANGE, 10000, "10", "22", "2023-05-01"},
    {3, FISC_STAGE_APPROPRIATION, 100000, "10", "22", "2024-01-01", "L-1"},
    {4, FISC_STAGE_APPROPRIATION, 20000, "20", "23", "2024-01-01", "L-1"},
    {5, FISC_STAGE_CHANGE, 20000, "10", "22", "2024-06-01", "L-2"},
    {6, FISC_STAGE_CHANGE, -13000, "10", "22", "2024-03-01", "V-1"},
    {6, FISC_STAGE_CHANGE, 13000, "20", "23", "2024-03-01", "V-1"},
    {7, FISC_STAGE_CHANGE, 3000, "10", "22", "2024-04-01", "V-1", .reverses = true},
    {7, FISC_STAGE_CHANGE, -3000, "20", "23", "2024-04-01", "V-1", .reverses = true},
    {8, FISC_STAGE_CARRY, 5000, "10", "22", "2024-02-01", "Y-1"},
    {9, FISC_STAGE_BLOCK, 4000, "10", "22"},
    {10, FISC_STAGE_RELEASE, 60000, "10", "22"},
    {11, FISC_STAGE_AUTHORIZATION, 50000, "10", "22"},
    {12, FISC_STAGE_COMMITMENT, 40000, "10", "22"},
    {13, FISC_STAGE_OBLIGATION, 30000, "10", "22"},
    {14, FISC_STAGE_PAYMENT, 10000, "10", "22"},
    {15, FISC_STAGE_ESTIMATE, 200000, NULL, "11", "2024-01-01", "L-1"},
    {16, FISC_STAGE_ESTIMATE_CHANGE, 50000, NULL, "11", "2024-06-01", "L-2"},
    {17, FISC_STAGE_RECOGNITION, 150000, NULL, "11"},
    {18, FISC_STAGE_COLLECTION, 90000, NULL, "11"},
    {19, FISC_STAGE_APPROPRIATION, 7000, "10", "22", "2024-01-01", .entity = "CITY"},
    {0},
};

static Acts *
worked_acts(void)
{
    Acts *acts = acts_new();
    acts_post_all(acts, worksheet);
    return acts;
}

static FiscBookQuery
ask_of(const Acts *acts, const char *by)
{
    return (FiscBookQuery){.nation = acts->books->nation,
                           .balances = acts->books->balances,
                           .lines = acts->limits,
                           .unit = "MIN",
                           .year = 2024,
                           .by = by};
}

/* The answer as CSV, or the complaint. */
static char *
answer(const FiscBookQuery *query, bool detail)
{
    g_autoptr(FiscTable) table = NULL;
    g_autoptr(GError) error = NULL;
    bool is_built = detail ? fisc_budget_book_unfold(query, &table, &error)
                           : fisc_budget_book_build(query, &table, &error);
    return is_built ? csv_of(table) : g_strdup(error->message);
}

static void
test_the_book_says_what_was_voted_changed_and_done(void)
{
    static const struct {
        const char *unit, *by, *where;
        bool revenue;
        int earlier_years;
        const char *expected;
    } cases[] = {
        {"MIN", "programme", NULL, false, 0,
         "programme," SPENDING "\n"
         "10,1000.00,200.00,0.00,100.00,50.00,1150.00,40.00,600.00,100.00,100.00,200.00,100.00,"
         "610.00,26.09\n"
         "20,200.00,0.00,100.00,0.00,0.00,300.00,0.00,0.00,0.00,0.00,0.00,0.00,300.00,0.00\n"},
        {"GOV", "economic:1", "entity=MIN", false, 0,
         "economic," SPENDING "\n"
         "2,1200.00,200.00,100.00,100.00,50.00,1450.00,40.00,600.00,100.00,100.00,200.00,100.00,"
         "910.00,20.69\n"},
        {NULL, "entity,programme=10", "economic=2", false, 0,
         "entity,programme," SPENDING "\n"
         "CITY,10,70.00,0.00,0.00,0.00,0.00,70.00,0.00,0.00,0.00,0.00,0.00,0.00,70.00,0.00\n"
         "MIN,10,1000.00,200.00,0.00,100.00,50.00,1150.00,40.00,600.00,100.00,100.00,200.00,"
         "100.00,610.00,26.09\n"},
        {"MIN", "economic", NULL, true, 0,
         "economic," REVENUE "\n11,2000.00,500.00,2500.00,600.00,900.00,1000.00,60.00\n"},
        {"MIN", "programme", "programme=2", false, 2,
         "programme," SPENDING ",original_2022,revised_2022,original_2023,revised_2023\n"
         "20,200.00,0.00,100.00,0.00,0.00,300.00,0.00,0.00,0.00,0.00,0.00,0.00,300.00,0.00,0.00,"
         "0.00,0.00,0.00\n"},
        {"MIN", "programme=10", NULL, false, 1,
         "programme," SPENDING ",original_2023,revised_2023\n"
         "10,1000.00,200.00,0.00,100.00,50.00,1150.00,40.00,600.00,100.00,100.00,200.00,100.00,"
         "610.00,26.09,800.00,900.00\n"},
        {"MIN", "programme", "programme=3", false, 0, "programme," SPENDING "\n"},
    };
    g_autoptr(Acts) acts = worked_acts();
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscBookQuery query = ask_of(acts, cases[i].by);
        query.unit = cases[i].unit;
        query.where = cases[i].where;
        query.revenue = cases[i].revenue;
        query.earlier_years = cases[i].earlier_years;
        g_autofree char *csv = answer(&query, false);
        FISC_ASSERT_TEXT(csv, cases[i].expected);
    }
}

static void
test_a_cell_unfolds_into_its_acts_with_those_who_signed(void)
{
    static const FiscBookSigners known[] = {
        {"L-1", "anna bert", "", "Art. 2", "the law"},
        {"V-1", "carl", "dora", "", "more rent"},
    };
    g_autoptr(GPtrArray) signers = g_ptr_array_new();
    for (guint i = 0; i < G_N_ELEMENTS(known); i++) {
        g_ptr_array_add(signers, (void *)&known[i]);
    }
    g_autoptr(Acts) acts = worked_acts();
    FiscBookQuery query = ask_of(acts, "programme");
    query.signers = signers;
    query.where = "programme=10";
    g_autofree char *csv = answer(&query, true);
    FISC_ASSERT_TEXT(
        csv,
        "programme," DETAIL "\n"
        "10,original,2024-01-01,1000.00,1000.00,L-1,mary,anna bert,Art. 2,R,programme=10 "
        "economic=22,why,103,2024-03-02 10:00,3\n"
        "10,carry_in,2024-02-01,50.00,1050.00,Y-1,mary,,,R,programme=10 economic=22,why,108,"
        "2024-03-02 10:00,8\n"
        "10,virement_out,2024-03-01,-130.00,920.00,V-1,mary,carl for dora,,R,programme=10 "
        "economic=22,why,106,2024-03-02 10:00,6\n"
        "10,virement_out,2024-04-01,30.00,950.00,V-1,mary,carl for dora,,R,programme=10 "
        "economic=22,why,107,2024-03-02 10:00,7\n"
        "10,supplement,2024-06-01,200.00,1150.00,L-2,mary,,,R,programme=10 economic=22,why,105,"
        "2024-03-02 10:00,5\n");
}

static void
test_revenue_unfolds_too(void)
{
    g_autoptr(Acts) acts = worked_acts();
    FiscBookQuery query = ask_of(acts, "economic");
    query.revenue = true;
    g_autofree char *csv = answer(&query, true);
    FISC_ASSERT_TEXT(csv, "economic," DETAIL "\n"
                          "11,original,2024-01-01,2000.00,2000.00,L-1,mary,,,R,economic=11,why,"
                          "115,2024-03-02 10:00,15\n"
                          "11,supplement,2024-06-01,500.00,2500.00,L-2,mary,,,R,economic=11,why,"
                          "116,2024-03-02 10:00,16\n");
}

static void
test_years_to_come_are_those_of_the_version_that_is_law(void)
{
    FiscPlanFrame frame = {"2024-law", 2024, 3, 2};
    g_autoptr(FiscPlanLines) plan = fisc_plan_lines_new(&frame);
    static const struct {
        const char *programme;
        int64_t next, after;
    } lines[] = {{"10", 110000, 120000}, {"30", 5000, 0}};
    for (guint i = 0; i < G_N_ELEMENTS(lines); i++) {
        FiscPlanLine *line = fisc_plan_lines_add(plan);
        line->entity = "MIN";
        line->dim[FISC_DIM_PROGRAMME] = lines[i].programme;
        line->figure[FISC_FIGURE_REQUEST] = (FiscFigure){true, {1, lines[i].next, lines[i].after}};
    }
    g_autoptr(Acts) acts = worked_acts();
    FiscBookQuery query = ask_of(acts, "programme");
    query.plan = plan;
    g_autofree char *csv = answer(&query, false);
    FISC_ASSERT_TEXT(
        csv, "programme," SPENDING ",plan_2025,plan_2026\n"
             "10,1000.00,200.00,0.00,100.00,50.00,1150.00,40.00,600.00,100.00,100.00,200.00,"
             "100.00,610.00,26.09,1100.00,1200.00\n"
             "20,200.00,0.00,100.00,0.00,0.00,300.00,0.00,0.00,0.00,0.00,0.00,0.00,300.00,0.00,"
             "0.00,0.00\n"
             "30,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,0.00,,50.00,0.00\n");
}

static void
test_a_question_that_cannot_be_understood_is_refused(void)
{
    static const struct {
        const char *unit, *by, *where;
        int earlier_years;
        const char *complaint;
    } cases[] = {
        {"MIN", "colour", NULL, 0, "\"colour\" is no dimension"},
        {"MIN", "entity", "colour=1", 0, "\"colour\" is no dimension"},
        {"MIN", "entity", "programme", 0, "the beginning of its code"},
        {"MIN", "entity", "programme=", 0, "the beginning of its code"},
        {"MIN", "entity", "programme=1 programme=2", 0, "named twice"},
        {"NOBODY", "entity", NULL, 0, "NOBODY"},
    };
    g_autoptr(Acts) acts = worked_acts();
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (int detail = 0; detail < 2; detail++) {
            FiscBookQuery query = ask_of(acts, cases[i].by);
            query.unit = cases[i].unit;
            query.where = cases[i].where;
            g_autofree char *text = answer(&query, detail == 1);
            FISC_ASSERT_CONTAINS(text, cases[i].complaint);
        }
    }
    FiscBookQuery query = ask_of(acts, "entity");
    query.earlier_years = 11;
    g_autofree char *text = answer(&query, false);
    FISC_ASSERT_CONTAINS(text, "at most 10 earlier years");
}

static void
test_entries_that_do_not_sum_to_the_balances_are_told(void)
{
    g_autoptr(Acts) acts = worked_acts();
    FiscBookQuery query = ask_of(acts, "programme");
    g_array_index(acts->limits->rows, FiscPostedLine, 3).amount++;
    g_autoptr(FiscTable) table = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_FALSE(fisc_budget_book_build(&query, &table, &error));
    CU_ASSERT(g_error_matches(error, FISC_ERROR, FISC_ERROR_TAMPERED));
    FISC_ASSERT_CONTAINS(error->message, "the entries of \"20\" in 2024");
}

/* Random books --------------------------------------------------------------------------------- */

static const char *
draw(GRand *rand, const char *const *words, int count)
{
    return words[g_rand_int_range(rand, 0, count)];
}

static void
post_random(Acts *acts, GRand *rand, int entry)
{
    static const char *const programmes[] = {"10", "11", "20", "3"};
    static const char *const economics[] = {"21", "22", "220", "6"};
    static const char *const dates[] = {"2023-07-01", "2024-01-01", "2024-02-29", "2024-12-31"};
    static const FiscStage stages[] = {
        FISC_STAGE_APPROPRIATION, FISC_STAGE_CHANGE,     FISC_STAGE_CHANGE,
        FISC_STAGE_CARRY,         FISC_STAGE_ESTIMATE,   FISC_STAGE_ESTIMATE_CHANGE,
        FISC_STAGE_AUTHORIZATION, FISC_STAGE_COMMITMENT, FISC_STAGE_OBLIGATION,
        FISC_STAGE_PAYMENT,       FISC_STAGE_BLOCK,      FISC_STAGE_RECOGNITION};
    Act act = {.entry = entry,
               .stage = stages[g_rand_int_range(rand, 0, G_N_ELEMENTS(stages))],
               .amount = g_rand_int_range(rand, 1, 100000),
               .date = draw(rand, dates, G_N_ELEMENTS(dates)),
               .entity = g_rand_boolean(rand) ? "MIN" : "CITY",
               .reverses = g_rand_int_range(rand, 0, 4) == 0};
    int lines = act.stage == FISC_STAGE_CHANGE ? g_rand_int_range(rand, 1, 5) : 1;
    bool balanced = lines > 1 && g_rand_boolean(rand);
    int64_t sum = 0;
    for (int i = 0; i < lines; i++) {
        act.programme = draw(rand, programmes, G_N_ELEMENTS(programmes));
        act.economic = draw(rand, economics, G_N_ELEMENTS(economics));
        act.amount = balanced && i == lines - 1 ? -sum : g_rand_int_range(rand, -100000, 100000);
        sum += act.amount;
        acts_post(acts, &act);
    }
}

/* Column -> its sum over the rows of one kind and cell: "virement_in|MIN|1". */
static GHashTable *
sum_details(const FiscTable *table, int key_count)
{
    GHashTable *sums = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    int amount = fisc_table_column(table, "amount");
    int kind = fisc_table_column(table, "kind");
    for (guint i = 0; i < table->rows->len; i++) {
        const char *word = text_at(table, i, kind);
        GString *key = g_string_new(g_str_equal(word, "cut") ? "supplement" : word);
        for (int j = 0; j < key_count; j++) {
            g_string_append_printf(key, "|%s", text_at(table, i, j));
        }
        int64_t *sum = g_hash_table_lookup(sums, key->str);
        if (sum == NULL) {
            sum = g_new0(int64_t, 1);
            g_hash_table_insert(sums, g_strdup(key->str), sum);
        }
        *sum += amount_at(table, i, amount);
        g_string_free(key, TRUE);
    }
    return sums;
}

static int64_t
take(GHashTable *sums, const char *kind, const char *cell)
{
    g_autofree char *key = g_strdup_printf("%s%s", kind, cell);
    int64_t *sum = g_hash_table_lookup(sums, key);
    int64_t amount = sum != NULL ? *sum : 0;
    g_hash_table_remove(sums, key);
    return amount;
}

static int64_t
cell_amount(const FiscTable *book, guint row, const char *column)
{
    return amount_at(book, row, fisc_table_column(book, column));
}

static void
check_spending_row(const FiscTable *book, guint row, GHashTable *sums, const char *cell)
{
    int64_t original = take(sums, "original", cell), supplements = take(sums, "supplement", cell);
    int64_t in = take(sums, "virement_in", cell), out = take(sums, "virement_out", cell);
    int64_t carried = take(sums, "carry_in", cell);
    FISC_ASSERT_INT(cell_amount(book, row, "original"), original);
    FISC_ASSERT_INT(cell_amount(book, row, "supplements"), supplements);
    FISC_ASSERT_INT(cell_amount(book, row, "virements_in"), in);
    FISC_ASSERT_INT(cell_amount(book, row, "virements_out"), -out);
    FISC_ASSERT_INT(cell_amount(book, row, "carried_in"), carried);
    int64_t revised = original + supplements + in + out + carried;
    FISC_ASSERT_INT(cell_amount(book, row, "revised"), revised);
    static const char *const draws[] = {"blocked", "reserved", "committed", "accrued", "paid"};
    for (guint i = 0; i < G_N_ELEMENTS(draws); i++) {
        revised -= cell_amount(book, row, draws[i]);
    }
    FISC_ASSERT_INT(cell_amount(book, row, "available"), revised);
}

static void
check_revenue_row(const FiscTable *book, guint row, GHashTable *sums, const char *cell)
{
    int64_t original = take(sums, "original", cell), supplements = take(sums, "supplement", cell);
    FISC_ASSERT_INT(cell_amount(book, row, "original"), original);
    FISC_ASSERT_INT(cell_amount(book, row, "supplements"), supplements);
    FISC_ASSERT_INT(cell_amount(book, row, "revised"), original + supplements);
}

static void
check_book(const FiscBookQuery *query, int key_count)
{
    g_autoptr(FiscTable) book = NULL;
    g_autoptr(FiscTable) detail = NULL;
    CU_ASSERT_FATAL(fisc_budget_book_build(query, &book, NULL));
    CU_ASSERT_FATAL(fisc_budget_book_unfold(query, &detail, NULL));
    g_autoptr(GHashTable) sums = sum_details(detail, key_count);
    for (guint i = 0; i < book->rows->len; i++) {
        g_autoptr(GString) cell = g_string_new(NULL);
        for (int j = 0; j < key_count; j++) {
            g_string_append_printf(cell, "|%s", text_at(book, i, j));
        }
        (query->revenue ? check_revenue_row : check_spending_row)(book, i, sums, cell->str);
    }
    FISC_ASSERT_INT(g_hash_table_size(sums), 0); /* nothing lies outside the cells */
}

static void
test_what_a_cell_unfolds_into_sums_to_the_cell_in_any_books(void)
{
    static const struct {
        const char *by, *where;
        int keys;
    } questions[] = {
        {"entity", NULL, 1},
        {"entity,programme,economic", NULL, 3},
        {"programme:1,economic:2", NULL, 2},
        {"economic=22,entity", NULL, 2},
        {"programme", "economic=22 entity=CITY", 1},
        {"entity", "programme=1", 1},
    };
    for (guint32 seed = 1; seed <= 12; seed++) {
        g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
        g_autoptr(Acts) acts = acts_new();
        for (int entry = 1; entry <= 150; entry++) {
            post_random(acts, rand, entry);
        }
        for (guint i = 0; i < 2 * G_N_ELEMENTS(questions); i++) {
            FiscBookQuery query = ask_of(acts, questions[i / 2].by);
            query.unit = i % 3 == 0 ? "CITY" : NULL;
            query.where = questions[i / 2].where;
            query.revenue = i % 2 == 1;
            check_book(&query, questions[i / 2].keys);
        }
    }
}

const FiscTest fisc_budget_book_tests[] = {
    {"the book says what was voted, changed and done",
     test_the_book_says_what_was_voted_changed_and_done},
    {"a cell unfolds into its acts, with those who signed",
     test_a_cell_unfolds_into_its_acts_with_those_who_signed},
    {"revenue unfolds too", test_revenue_unfolds_too},
    {"years to come are those of the version that is law",
     test_years_to_come_are_those_of_the_version_that_is_law},
    {"a question that cannot be understood is refused",
     test_a_question_that_cannot_be_understood_is_refused},
    {"entries that do not sum to the balances are told",
     test_entries_that_do_not_sum_to_the_balances_are_told},
    {"what a cell unfolds into sums to the cell, in any books",
     test_what_a_cell_unfolds_into_sums_to_the_cell_in_any_books},
    {NULL, NULL},
};

/* plan_change_test.c: what steps may change, what changed between two states, and three of them
 * brought together. */
#include "fisc/formulation.h"
#include "tests/budget/plan_random.h"
#include "tests/support/suite.h"
#include <stdio.h>
#include <string.h>

#define SEED 7
#define LARGE 25000

extern const FiscTest fisc_plan_change_tests[];

static const FiscPlanFrame frame = {.version = "v", .year = 2019, .years = 2, .decimals = 2};

#define COLUMNS "line,entity,gfs_code,title,baseline,request,mark,mark_reason,amendment,article\n"

static FiscPlanLines *
lines_of(const char *rows)
{
    g_autofree char *text = g_strconcat(COLUMNS, rows, NULL);
    return fisc_read_lines(&frame, text);
}

/* The refused columns: "title request_2019". */
static char *
refused_columns(const char *before, const char *after, const char *changes)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPlanLines) old = before != NULL ? lines_of(before) : NULL;
    g_autoptr(FiscPlanLines) new = lines_of(after);
    bool is_allowed = fisc_plan_change_check(old, new, changes, refusals);
    GString *text = g_string_new(is_allowed ? "allowed" : "");
    for (guint i = 0; i < refusals->len; i++) {
        const FiscRefusal *refusal = refusals->pdata[i];
        g_string_append_printf(text, "%s%s", text->len > 0 ? " " : "", refusal->field);
    }
    return g_string_free(text, FALSE);
}

static void
test_changes_only_what_is_its_own(void)
{
    static const struct {
        const char *before, *after, *changes, *expected;
    } cases[] = {
        {"a,M,2,t,1,2,3,why,4,\n", "b,N,3,u,9,9,9,x,9,7\n", "all", "allowed"},
        {"a,M,2,t,,2,,,,\n", "a,M,2,t,,2,,,,\n", "request", "allowed"},
        {"a,M,2,t,,2,,,,\n", "a,M,3,u,,5,,,,Art. 1\n", "request", "allowed"},
        {"a,M,2,t,1,2,3,,,\n", "a,M,2,t,2,5,,x,1,\n", "request",
         "baseline_2019 mark_2019 mark_2020 amendment_2019 amendment_2020 mark_reason"},
        {"a,M,2,t,,2,,,,\n", "a,M,2,t,,2,1,less,,\n", "mark", "allowed"},
        {"a,M,2,t,,2,,,,\n", "a,M,2,u,,1,1,,5,x\n", "mark",
         "title request_2019 amendment_2019 amendment_2020 article"},
        {"a,M,2,t,,2,1,x,,\n", "a,M,2,t,,2,1,x,3,Art. 2\n", "amendment", "allowed"},
        {"a,M,2,t,,2,1,x,,\n", "a,M,2,t,,3,2,y,3,\n", "amendment",
         "request_2019 mark_2019 mark_reason"},
        {"a,M,2,t,,2,,,,\n", "a,M,2,t,,2,,,,\n", "everything", "changes"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *refused =
            refused_columns(cases[i].before, cases[i].after, cases[i].changes);
        FISC_ASSERT_TEXT(refused, cases[i].expected);
    }
}

static void
test_adds_and_takes_away_only_its_own(void)
{
    static const struct {
        const char *before, *after, *changes, *expected;
    } cases[] = {
        {NULL, "a,M,2,t,,2,,,,\n", "request", "allowed"},
        {NULL, "a,M,2,t,1,2,,,,\n", "request", "baseline_2019"},
        {NULL, "a,M,2,t,1,2,,,,\n", "all", "allowed"},
        {"a,M,2,t,,2,,,,\n", "", "request", "allowed"},
        {"a,M,2,t,1,2,,,,\n", "", "request", "baseline_2019"},
        {"a,M,2,t,,2,1,,,\n", "", "request", "mark_2019"},
        {"", "a,M,2,t,,,1,,,\n", "mark", "line"},
        {"a,M,2,t,,2,,,,\n", "", "mark", "request_2019"},
        {"a,M,2,t,,,1,,,\n", "", "mark", "line"},
        {"", "a,M,2,t,,,,,5,Art. 1\n", "amendment", "allowed"},
        {"", "a,M,2,t,,,,,,\n", "amendment", "amendment"},
        {"", "a,M,2,t,,1,,,5,\n", "amendment", "request_2019"},
        {"a,M,2,t,,,,,5,\n", "", "amendment", "allowed"},
        {"a,M,2,t,,2,,,5,\n", "", "amendment", "request_2019"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *refused =
            refused_columns(cases[i].before, cases[i].after, cases[i].changes);
        FISC_ASSERT_TEXT(refused, cases[i].expected);
    }
}

static void
test_refusals_name_line_and_column(void)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPlanLines) before = lines_of("a,M,2,t,,2,,,,\n");
    g_autoptr(FiscPlanLines) after = lines_of("x,M,2,new,,,,,7,\na,M,2,t,,2.50,,,,\n");
    CU_ASSERT_FALSE(fisc_plan_change_check(before, after, "amendment", refusals));
    FISC_ASSERT_INT(refusals->len, 1);
    g_autofree char *words = fisc_refusal_to_text(refusals->pdata[0], 2);
    FISC_ASSERT_CONTAINS(words, "line 3: request_2019: VALUE_INVALID");
    FISC_ASSERT_CONTAINS(words,
                         "line a of M: this step changes the amendment, not \"2.00\" to \"2.50\"");
}

/* Comparing -------------------------------------------------------------------------------------
 */

/* "M/a title t>u", one a line. */
static char *
changes_text(const GPtrArray *changes)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < changes->len; i++) {
        const FiscPlanChange *change = changes->pdata[i];
        g_string_append_printf(text, "%s/%s %s %s>%s\n", change->entity, change->line, change->what,
                               change->before, change->after);
    }
    return g_string_free(text, FALSE);
}

static void
test_lists_every_difference(void)
{
    g_autoptr(FiscPlanLines) before =
        lines_of("a,M,2,t,,2,,,,\nb,M,2,gone,,7,6,,,\nz,Z,2,,,1,,,,\n");
    g_autoptr(FiscPlanLines) after =
        lines_of("a,M,2,u,,2,1,x,,\nc,A,2,new,,3,,,,\nz,Z,2,,,1,,,,\n");
    g_autoptr(GPtrArray) changes = fisc_plan_compare(before, after);
    g_autofree char *text = changes_text(changes);
    FISC_ASSERT_TEXT(text, "A/c added >3.00\n"
                           "M/a title t>u\n"
                           "M/a mark_2019 >1.00\n"
                           "M/a mark_2020 >0.00\n"
                           "M/a mark_reason >x\n"
                           "M/b removed 6.00>\n");
}

static void
test_compares_versions_of_different_years(void)
{
    static const FiscPlanFrame next = {.version = "w", .year = 2020, .years = 2, .decimals = 2};
    g_autoptr(FiscPlanLines) before =
        fisc_read_lines(&frame, "line,entity,gfs_code,request_2019,request_2020\na,M,2,5,6\n");
    g_autoptr(FiscPlanLines) after =
        fisc_read_lines(&next, "line,entity,gfs_code,request_2020,request_2021\na,M,2,6,7\n");
    g_autoptr(GPtrArray) changes = fisc_plan_compare(before, after);
    g_autofree char *text = changes_text(changes);
    FISC_ASSERT_TEXT(text, "M/a request_2019 5.00>\nM/a request_2021 >7.00\n");
}

static void
test_finds_nothing_only_in_equal_texts(void)
{
    GRand *random = g_rand_new_with_seed(SEED);
    int equal = 0, different = 0;
    for (int i = 0; i < 60; i++) {
        g_autoptr(FiscPlanLines) a = fisc_random_lines(random, &frame, 30);
        g_autoptr(FiscPlanLines) b = fisc_random_edit(random, a, 31);
        g_autofree char *first = fisc_plan_lines_write(a);
        g_autofree char *second = fisc_plan_lines_write(b);
        g_autoptr(GPtrArray) changes = fisc_plan_compare(a, b);
        CU_ASSERT((changes->len == 0) == (strcmp(first, second) == 0));
        equal += changes->len == 0 ? 1 : 0;
        different += changes->len == 0 ? 0 : 1;
    }
    CU_ASSERT(equal > 5 && different > 5);
    g_rand_free(random);
}

/* How long it takes is printed, not asked: machines differ. */
static void
test_compares_large_budgets(void)
{
    GRand *random = g_rand_new_with_seed(SEED);
    g_autoptr(FiscPlanLines) a = fisc_random_lines(random, &frame, LARGE);
    g_autofree char *text = fisc_plan_lines_write(a);
    gint64 begun = g_get_monotonic_time();
    g_autoptr(FiscPlanLines) b = fisc_read_lines(&frame, text);
    gint64 read = g_get_monotonic_time();
    for (guint i = 0; i < b->lines->len; i += 10) {
        FiscPlanLine *line = b->lines->pdata[i];
        line->dim[FISC_DIM_FUND] = "changed";
    }
    g_autoptr(GPtrArray) changes = fisc_plan_compare(a, b);
    gint64 compared = g_get_monotonic_time();
    printf("(%d lines read in %d ms, compared in %d ms) ", LARGE, (int)((read - begun) / 1000),
           (int)((compared - read) / 1000));
    FISC_ASSERT_INT(changes->len, LARGE / 10);
    g_rand_free(random);
}

/* Merging ---------------------------------------------------------------------------------------
 */

/* What comes of three, and below it the conflicts. */
static char *
merge_text(const char *base, const char *ours, const char *theirs)
{
    g_autoptr(FiscPlanLines) nothing = lines_of("");
    g_autoptr(FiscPlanLines) old = base != NULL ? lines_of(base) : NULL;
    g_autoptr(FiscPlanLines) left = lines_of(ours);
    g_autoptr(FiscPlanLines) right = lines_of(theirs);
    g_autoptr(GPtrArray) conflicts = NULL;
    g_autoptr(FiscPlanLines) merged = fisc_plan_merge(old, left, right, &conflicts);
    g_autoptr(GPtrArray) changes = fisc_plan_compare(old != NULL ? old : nothing, merged);
    g_autofree char *result = changes_text(changes);
    g_autofree char *disputed = changes_text(conflicts);
    return g_strconcat(result, "! ", disputed, NULL);
}

static void
test_merges_column_by_column(void)
{
    static const struct {
        const char *base, *ours, *theirs, *expected;
    } cases[] = {
        {"a,M,2,t,,2,,,,\n", "a,M,2,u,,2,,,,\n", "a,M,2,t,,3,,,,\n",
         "M/a title t>u\nM/a request_2019 2.00>3.00\n! "},
        {"a,M,2,t,,2,,,,\n", "a,M,2,u,,2,,,,\n", "a,M,2,u,,2,,,,\n", "M/a title t>u\n! "},
        {"a,M,2,t,,2,,,,\n", "a,M,2,u,,5,,,,\n", "a,M,2,v,,6,,,,\n",
         "M/a title t>u\nM/a request_2019 2.00>5.00\n"
         "! M/a title u>v\nM/a request_2019 5.00>6.00\n"},
        {"a,M,2,t,,2,,,,\n", "a,M,2,t,,2,,,,\nb,M,2,x,,1,,,,\n", "a,M,2,t,,2,,,,\nc,A,2,y,,3,,,,\n",
         "A/c added >3.00\nM/b added >1.00\n! "},
        {"a,M,2,t,,2,,,,\n", "", "a,M,2,t,,2,,,,\n", "M/a removed 2.00>\n! "},
        {"a,M,2,t,,2,,,,\n", "a,M,2,t,,2,,,,\n", "", "M/a removed 2.00>\n! "},
        {"a,M,2,t,,2,,,,\n", "", "", "M/a removed 2.00>\n! "},
        {"a,M,2,t,,2,,,,\n", "", "a,M,2,t,,4,,,,\n", "M/a removed 2.00>\n! M/a removed >4.00\n"},
        {"a,M,2,t,,2,,,,\n", "a,M,2,t,,4,,,,\n", "",
         "M/a request_2019 2.00>4.00\n! M/a removed 4.00>\n"},
        {NULL, "a,M,2,t,,2,,,,\n", "a,M,2,t,,2,,,,\n", "M/a added >2.00\n! "},
        {NULL, "a,M,2,t,,2,,,,\n", "a,M,2,u,,2,,,,\n", "M/a added >2.00\n! M/a title t>u\n"},
        {"a,M,2,t,,2,,,,\n", "a,M,2,t,,2,1,,,\n", "a,M,2,t,,2,,,,\n",
         "M/a mark_2019 >1.00\nM/a mark_2020 >0.00\n! "},
        {"a,M,2,t,,2,,,,\n", "a,M,2,t,,2,1,,,\n", "a,M,2,t,,2,3,,,\n",
         "M/a mark_2019 >1.00\nM/a mark_2020 >0.00\n! M/a mark_2019 1.00>3.00\n"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = merge_text(cases[i].base, cases[i].ours, cases[i].theirs);
        FISC_ASSERT_TEXT(text, cases[i].expected);
    }
}

static FiscPlanLines *
requests_of(const char *rows)
{
    g_autofree char *text =
        g_strconcat("line,entity,gfs_code,request_2019,request_2020\n", rows, NULL);
    return fisc_read_lines(&frame, text);
}

/* Two people who each moved another year of one figure have no quarrel. */
static void
test_merges_years_of_one_figure(void)
{
    g_autoptr(FiscPlanLines) base = requests_of("a,M,2,1,1\n");
    g_autoptr(FiscPlanLines) ours = requests_of("a,M,2,5,1\n");
    g_autoptr(FiscPlanLines) theirs = requests_of("a,M,2,1,6\n");
    g_autoptr(FiscPlanLines) taken_back = requests_of("a,M,2,,\n");
    g_autoptr(GPtrArray) none = NULL;
    g_autoptr(FiscPlanLines) merged = fisc_plan_merge(base, ours, theirs, &none);
    const FiscPlanLine *line = merged->lines->pdata[0];
    FISC_ASSERT_INT(none->len, 0);
    FISC_ASSERT_INT(line->figure[FISC_FIGURE_REQUEST].amount[0], 500);
    FISC_ASSERT_INT(line->figure[FISC_FIGURE_REQUEST].amount[1], 600);
    g_autoptr(GPtrArray) conflicts = NULL;
    g_autoptr(FiscPlanLines) kept = fisc_plan_merge(base, ours, taken_back, &conflicts);
    g_autofree char *disputed = changes_text(conflicts);
    FISC_ASSERT_TEXT(disputed, "M/a request_2019 5.00>\nM/a request_2020 1.00>\n");
    FISC_ASSERT_INT(fisc_plan_line_amount(kept->lines->pdata[0], 1), 100);
}

static void
assert_merges_to(const FiscPlanLines *base, const FiscPlanLines *ours, const FiscPlanLines *theirs,
                 const FiscPlanLines *expected)
{
    g_autoptr(GPtrArray) conflicts = NULL;
    g_autoptr(FiscPlanLines) merged = fisc_plan_merge(base, ours, theirs, &conflicts);
    g_autofree char *text = fisc_plan_lines_write(merged);
    g_autofree char *wanted = fisc_plan_lines_write(expected);
    FISC_ASSERT_INT(conflicts->len, 0);
    CU_ASSERT(strcmp(text, wanted) == 0);
}

static void
test_merging_obeys_its_laws(void)
{
    GRand *random = g_rand_new_with_seed(SEED);
    for (int i = 0; i < 40; i++) {
        g_autoptr(FiscPlanLines) base = fisc_random_lines(random, &frame, 40);
        g_autoptr(FiscPlanLines) x = fisc_random_edit(random, base, 3);
        assert_merges_to(base, x, base, x);
        assert_merges_to(base, base, x, x);
        assert_merges_to(base, x, x, x);
    }
    g_rand_free(random);
}

/* Whoever is asked first, the same is disputed; and what is not disputed comes out the same. */
static void
test_merging_takes_no_side_but_in_conflicts(void)
{
    GRand *random = g_rand_new_with_seed(SEED);
    guint disputed = 0;
    for (int i = 0; i < 40; i++) {
        g_autoptr(FiscPlanLines) base = fisc_random_lines(random, &frame, 40);
        g_autoptr(FiscPlanLines) x = fisc_random_edit(random, base, 4);
        g_autoptr(FiscPlanLines) y = fisc_random_edit(random, base, 4);
        g_autoptr(GPtrArray) one = NULL, two = NULL;
        g_autoptr(FiscPlanLines) left = fisc_plan_merge(base, x, y, &one);
        g_autoptr(FiscPlanLines) right = fisc_plan_merge(base, y, x, &two);
        g_autoptr(GPtrArray) between = fisc_plan_compare(left, right);
        FISC_ASSERT_INT(one->len, two->len);
        CU_ASSERT(between->len <= one->len);
        disputed += one->len;
    }
    CU_ASSERT(disputed > 10);
    g_rand_free(random);
}

const FiscTest fisc_plan_change_tests[] = {
    {"a step changes what is its own and nothing else", test_changes_only_what_is_its_own},
    {"a step adds and takes away only lines that hold nothing of others",
     test_adds_and_takes_away_only_its_own},
    {"a change that is not allowed names line, column and both values",
     test_refusals_name_line_and_column},
    {"compares line by line and column by column", test_lists_every_difference},
    {"compares figures by their year", test_compares_versions_of_different_years},
    {"finds no difference exactly when the texts are equal (drawn)",
     test_finds_nothing_only_in_equal_texts},
    {"compares two budgets of 25,000 lines", test_compares_large_budgets},
    {"merges column by column, and names what both changed", test_merges_column_by_column},
    {"merges the years of a figure that all three give", test_merges_years_of_one_figure},
    {"merge(base, x, base) = merge(base, base, x) = merge(base, x, x) = x (drawn)",
     test_merging_obeys_its_laws},
    {"merging takes no side but in conflicts (drawn)", test_merging_takes_no_side_but_in_conflicts},
    {NULL, NULL},
};

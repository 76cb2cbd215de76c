/* plan_report_test.c: ceilings, programmes and tags of a version as tables, and the baseline that
 * the year before leaves. */
#include "budget/plan_report.h"
#include "tests/budget/plan_random.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_plan_report_tests[];

#define SEED 40

static const FiscPlanFrame frame = {.version = "v", .year = 2019, .years = 2, .decimals = 2};

/* The rows as CSV, without the columns' names. Frees the table. */
static char *
rows_of(FiscTable *table)
{
    g_autoptr(GString) text = g_string_new(NULL);
    fisc_table_render(table, FISC_FORMAT_CSV, text);
    fisc_table_free(table);
    return g_strdup(strchr(text->str, '\n') + 1);
}

/* Ceilings --------------------------------------------------------------------------------------
 */

static void
test_shows_what_is_under_a_ceiling(void)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPlanLines) lines =
        fisc_read_lines(&frame, "line,entity,gfs_code,programme,request,mark,amendment\n"
                                "a,M,2,1,60,50,\nb,M,2,2,40,,45\nc,N,2,1,10,,\n");
    g_autofree char *rows =
        rows_of(fisc_plan_ceilings_table(lines,
                                         "ceiling,entity,programme,year,amount\n"
                                         "all,,,2019,105\nall,,,2020,0\nm,M,,2019,94\n"
                                         "none,X,,2019,5\none,,1,2019,60\n",
                                         refusals));
    FISC_ASSERT_TEXT(rows, "all,year=2019,3,105.00,110.00,100.00,105.00,0.00,\n"
                           "all,year=2020,3,0.00,0.00,0.00,0.00,0.00,\n"
                           "m,entity=M year=2019,2,94.00,100.00,90.00,95.00,-1.00,yes\n"
                           "none,entity=X year=2019,0,5.00,0.00,0.00,0.00,5.00,\n"
                           "one,programme=1 year=2019,2,60.00,70.00,60.00,60.00,0.00,\n");
    CU_ASSERT_PTR_NULL(fisc_plan_ceilings_table(lines, "ceiling\n", refusals));
}

/* Programmes ------------------------------------------------------------------------------------
 */

static void
test_adds_programmes_up_the_tree(void)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPlanLines) lines =
        fisc_read_lines(&frame, "line,entity,gfs_code,side,programme,request_2019,request_2020\n"
                                "a,M,2,,1,5,1\nb,M,2,,11,7,1\nc,M,2,,111,9,1\nd,M,2,,9,2,1\n"
                                "e,M,1,revenue,1,1000,1000\n");
    g_autofree char *rows = rows_of(fisc_plan_performance_table(
        lines, "programme,parent,title,objective\n111,11,Books,\n11,1,Reading,Read\n1,,School,\n",
        "indicator,programme,title,unit,direction,year,baseline,target,result\n"
        "errors,11,,,down,2019,9,5,5\nerrors,11,,,down,2020,,5,5.1\n"
        "read,111,Read,percent,,2019,80,90,89.999999\nread,111,Read,percent,,2020,,91,\n"
        "lost,77,,,up,2019,,1,1\n",
        refusals));
    FISC_ASSERT_TEXT(rows, "1,School,,,,,,,,21.00,3.00,\n"
                           "11,Reading,,,,,,,,16.00,2.00,Read\n"
                           "11,,errors,2019,,9,5,5,yes,,,\n"
                           "11,,errors,2020,,,5,5.1,no,,,\n"
                           "111,Books,,,,,,,,9.00,1.00,\n"
                           "111,Read,read,2019,percent,80,90,89.999999,no,,,\n"
                           "111,Read,read,2020,percent,,91,,,,,\n"
                           ",Programmes that are not listed,,,,,,,,2.00,1.00,\n"
                           "77,,lost,2019,,,1,1,yes,,,\n"
                           ",Total expenditure,,,,,,,,23.00,4.00,\n");
}

static void
test_shows_spending_without_programmes(void)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPlanLines) lines =
        fisc_read_lines(&frame, "line,entity,gfs_code,request\na,M,2,5\n");
    g_autofree char *rows = rows_of(fisc_plan_performance_table(lines, NULL, NULL, refusals));
    FISC_ASSERT_TEXT(rows, ",Programmes that are not listed,,,,,,,,5.00,0.00,\n"
                           ",Total expenditure,,,,,,,,5.00,0.00,\n");
}

/* Tags ------------------------------------------------------------------------------------------
 */

static void
test_weighs_tags_to_the_last_unit(void)
{
    static const struct {
        const char *lines, *expected; /* line,entity,gfs_code,side,programme,tags,request,... */
    } cases[] = {
        {"a,M,2,,1,climate:40,10,5\n", "climate,,4.00,2.00\nclimate,1,4.00,2.00\n"},
        {"a,M,2,,1,climate:40 gender,10,\nb,M,2,,2,,3,\n",
         "*,,3.00,0.00\n*,2,3.00,0.00\nclimate,,4.00,0.00\nclimate,1,4.00,0.00\n"
         "gender,,10.00,0.00\ngender,1,10.00,0.00\n"},
        /* Thirds of a cent make a cent, which the largest of them gets. */
        {"a,M,2,,1,x:33,0.01,\nb,M,2,,2,x:33,0.01,\nc,M,2,,3,x:34,0.01,\n",
         "x,,0.01,0.00\nx,1,0.00,0.00\nx,2,0.00,0.00\nx,3,0.01,0.00\n"},
        {"a,M,2,,1,x:50,0.01,\nb,M,2,,2,x:50,0.01,\n",
         "x,,0.01,0.00\nx,1,0.01,0.00\nx,2,0.00,0.00\n"},
        {"a,M,2,,1,x:50,0.01,\n", "x,,0.01,0.00\nx,1,0.01,0.00\n"},
        {"a,M,2,,1,x:49,0.01,\n", "x,,0.00,0.00\nx,1,0.00,0.00\n"},
        {"a,M,1,revenue,1,x,5,\n", ""},
        {"a,M,2,,,x,5,\n", "x,,5.00,0.00\nx,-,5.00,0.00\n"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text =
            g_strconcat("line,entity,gfs_code,side,programme,tags,request_2019,request_2020\n",
                        cases[i].lines, NULL);
        g_autoptr(FiscPlanLines) lines = fisc_read_lines(&frame, text);
        g_autofree char *rows = rows_of(fisc_plan_tags_table(lines));
        FISC_ASSERT_TEXT(rows, cases[i].expected);
    }
}

/* The cells of every tag add up to its row, whatever the percents are. */
static void
test_cells_of_a_tag_add_up(void)
{
    GRand *random = g_rand_new_with_seed(SEED);
    for (int round = 0; round < 10; round++) {
        g_autoptr(FiscPlanLines) lines = fisc_random_lines(random, &frame, 200);
        FiscTable *table = fisc_plan_tags_table(lines);
        __int128 rest = 0;
        int tags = 0;
        for (guint i = 0; i < table->rows->len; i++) {
            const FiscRow *row = table->rows->pdata[i];
            if (row->strong) {
                CU_ASSERT(rest == 0);
                rest = row->cells[2].number;
                tags++;
            } else {
                rest -= row->cells[2].number;
            }
        }
        CU_ASSERT(rest == 0);
        FISC_ASSERT_INT(tags, 3); /* "*", climate, gender */
        fisc_table_free(table);
    }
    g_rand_free(random);
}

/* Baseline --------------------------------------------------------------------------------------
 */

static const FiscPlanFrame next = {.version = "w", .year = 2020, .years = 3, .decimals = 2};

/* "entity/line nature 2020 2021 2022", one a line, or the refusals. */
static char *
baseline_of(const char *last, const char *index)
{
    static const char assumptions[] = "name,unit,year,value\n"
                                      "cuts,percent,2020,-10\ncuts,percent,2021,-10\n"
                                      "cuts,percent,2022,-10\n"
                                      "inflation,percent,2020,2.5\ninflation,percent,2021,3\n"
                                      "inflation,percent,2022,0.333333\n"
                                      "jobs,persons,2020,5\njobs,persons,2021,5\n"
                                      "jobs,persons,2022,5\nshort,percent,2020,1\n";
    g_autofree char *text =
        g_strconcat("line,entity,gfs_code,economic,nature,request_2019,request_2020\n", last, NULL);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPlanLines) from = fisc_read_lines(&frame, text);
    g_autoptr(FiscPlanLines) into =
        fisc_read_lines(&next, "line,entity,gfs_code,title,request\nkept,M,2,Kept,7\n");
    GString *result = g_string_new(NULL);
    if (!fisc_plan_baseline(into, from, assumptions, index, refusals)) {
        g_string_assign(result, ((const FiscRefusal *)refusals->pdata[0])->detail);
        return g_string_free(result, FALSE);
    }
    for (guint i = 0; i < into->lines->len; i++) {
        const FiscPlanLine *line = into->lines->pdata[i];
        const FiscFigure *figure = &line->figure[FISC_FIGURE_BASELINE];
        g_string_append_printf(result, "%s %s%s", line->line, line->nature, line->title);
        for (int year = 0; figure->is_given && year < next.years; year++) {
            g_string_append_printf(result, " %" G_GINT64_FORMAT, figure->amount[year]);
        }
        g_string_append(result, figure->is_given ? "; " : " -; ");
    }
    return g_string_free(result, FALSE);
}

static void
test_carries_the_year_before(void)
{
    static const struct {
        const char *last, *index, *expected;
    } cases[] = {
        /* Outer years that were planned move up; the last goes on. */
        {"a,M,2,10,new,100,110\n", NULL, "a continuing 11000 11000 11000; kept Kept -; "},
        {"a,M,2,10,,100,110\nb,M,2,20,,5,0\n", NULL,
         "a continuing 11000 11000 11000; b continuing 0 0 0; kept Kept -; "},
        {"a,M,2,20,,100,110\n", "economic=2:inflation",
         "a continuing 11000 11330 11368; kept Kept -; "},
        /* None planned: the budget year goes on. */
        {"a,M,2,20,,100,\n", NULL, "a continuing 10000 10000 10000; kept Kept -; "},
        {"a,M,2,20,,100,\nb,M,2,10,,100,\n", "economic=2:inflation,economic=1:cuts",
         "a continuing 10250 10558 10593; b continuing 9000 8100 7290; kept Kept -; "},
        {"a,M,2,20,,100,\n", "economic=20:cuts economic=2:inflation",
         "a continuing 9000 8100 7290; kept Kept -; "},
        {"kept,M,2,20,,3,\n", NULL, "kept Kept 300 300 300; "},
        {"", NULL, "kept Kept -; "},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = baseline_of(cases[i].last, cases[i].index);
        FISC_ASSERT_TEXT(text, cases[i].expected);
    }
}

static void
test_refuses_indexes_that_say_nothing(void)
{
    static const struct {
        const char *index, *expected;
    } cases[] = {
        {"economic=2", "\"economic=2\" is not like economic=2:inflation"},
        {"inflation", "\"inflation\" is not like economic=2:inflation"},
        {"colour=2:inflation", "\"colour\" is no dimension"},
        {"economic=2:growth", "\"growth\" is not among the assumptions of the version"},
        {"economic=2:jobs", "\"jobs\" is not in percent"},
        {"economic=2:short", "\"short\" has no value for 2021"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = baseline_of("a,M,2,20,,100,\n", cases[i].index);
        FISC_ASSERT_TEXT(text, cases[i].expected);
    }
}

static void
test_carries_nothing_back(void)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPlanLines) lines = fisc_plan_lines_new(&frame);
    g_autoptr(FiscPlanLines) same = fisc_plan_lines_new(&frame);
    CU_ASSERT_FALSE(fisc_plan_baseline(lines, same, NULL, NULL, refusals));
    FISC_ASSERT_CONTAINS(((const FiscRefusal *)refusals->pdata[0])->detail,
                         "a budget of 2019 with 2 decimals carries nothing into one of 2019");
}

const FiscTest fisc_plan_report_tests[] = {
    {"shows what is asked and proposed under a ceiling, and who is over",
     test_shows_what_is_under_a_ceiling},
    {"adds programmes up the tree, with what they have reached", test_adds_programmes_up_the_tree},
    {"shows spending of programmes that nobody listed", test_shows_spending_without_programmes},
    {"weighs tags to the last unit", test_weighs_tags_to_the_last_unit},
    {"the cells of a tag add up to its total (drawn)", test_cells_of_a_tag_add_up},
    {"carries planned years on, raised where an assumption says so", test_carries_the_year_before},
    {"refuses indexes that say nothing", test_refuses_indexes_that_say_nothing},
    {"carries nothing into the same year", test_carries_nothing_back},
    {NULL, NULL},
};

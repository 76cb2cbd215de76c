/* plan_text_test.c: the text of budget lines, in and out. */
#include "fisc/formulation.h"
#include "tests/budget/plan_random.h"
#include "tests/support/suite.h"
#include <string.h>

#define SEED 20190

extern const FiscTest fisc_plan_text_tests[];

static const FiscPlanFrame frame = {
    .version = "2019-draft", .year = 2019, .years = 2, .decimals = 2};

#define HEADER                                                                                     \
    "line,entity,side,counterparty_entity,cofog,gfs_code,section,programme,economic,fund,project," \
    "region,source_of_finance,title,nature,quantity,unit_price,total_cost,tags,baseline_2019,"     \
    "baseline_2020,request_2019,request_2020,mark_2019,mark_2020,amendment_2019,amendment_2020,"   \
    "mark_reason,amendment_reason,article,annex,justification\n"

/* The refusals as "row column CODE", one a line. */
static char *
refusals_text(const FiscRefusals *refusals)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < refusals->len; i++) {
        const FiscRefusal *refusal = refusals->pdata[i];
        g_string_append_printf(text, "%s%d %s %s", i > 0 ? "\n" : "", refusal->line,
                               refusal->field != NULL ? refusal->field : "-",
                               fisc_error_name(refusal->code));
    }
    return g_string_free(text, FALSE);
}

static char *
read_and_write(const char *text, const char *entity)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    char *canonical =
        fisc_part_canonical(FISC_PART_LINES, &frame, entity, "f.csv", text, strlen(text), refusals);
    return canonical != NULL ? canonical : refusals_text(refusals);
}

static void
test_writes_all_columns_in_order(void)
{
    static const struct {
        const char *entity, *text, *expected;
    } cases[] = {
        {NULL, "line,gfs_code,entity\n", HEADER},
        {"MIN", "line,gfs_code\nreserve,\n",
         HEADER "reserve,MIN,expenditure,,,,,,,,,,,,,,,,,,,,,,,,,,,,,\n"},
        {"MIN", "gfs_code,line\n22,b\n21,a\n",
         HEADER "a,MIN,expenditure,,,21,,,,,,,,,,,,,,,,,,,,,,,,,,\n"
                "b,MIN,expenditure,,,22,,,,,,,,,,,,,,,,,,,,,,,,,,\n"},
        {NULL, "line,entity,gfs_code\nb,A,2\na,B,2\na,A,2\n",
         HEADER "a,A,expenditure,,,2,,,,,,,,,,,,,,,,,,,,,,,,,,\n"
                "b,A,expenditure,,,2,,,,,,,,,,,,,,,,,,,,,,,,,,\n"
                "a,B,expenditure,,,2,,,,,,,,,,,,,,,,,,,,,,,,,,\n"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = read_and_write(cases[i].text, cases[i].entity);
        FISC_ASSERT_TEXT(text, cases[i].expected);
    }
}

/* A row of values as the canonical text has it, behind the codes. */
static char *
rest_of_row(const char *columns, const char *values)
{
    g_autofree char *text = g_strdup_printf("line,gfs_code,%s\na,2,%s\n", columns, values);
    g_autofree char *canonical = read_and_write(text, "MIN");
    const char *row = strchr(canonical, '\n');
    const char *begin = "a,MIN,expenditure,,,2,,,,,,,,";
    bool is_row = row != NULL && g_str_has_prefix(row + 1, begin);
    return g_strdup(is_row ? row + 1 + strlen(begin) : canonical);
}

static void
test_spells_values_in_one_way(void)
{
    static const struct {
        const char *columns, *values, *expected;
    } cases[] = {
        {"request", "7", ",,,,,,,,7.00,0.00,,,,,,,,,\n"},
        {"request_2020", "+007.5", ",,,,,,,,0.00,7.50,,,,,,,,,\n"},
        {"request,request_2020", ",", ",,,,,,,,,,,,,,,,,,\n"},
        {"baseline,mark_2020,amendment", "1,2,3", ",,,,,,1.00,0.00,,,0.00,2.00,3.00,0.00,,,,,\n"},
        {"quantity,unit_price,request", "0010.500,0.250000,2.63",
         ",,10.5,0.25,,,,,2.63,0.00,,,,,,,,,\n"},
        {"total_cost", "5", ",,,,5.00,,,,,,,,,,,,,,\n"},
        {"tags", "  gender:100   climate:040 ", ",,,,,climate:40 gender,,,,,,,,,,,,,\n"},
        {"title", "\"two\r\nlines\"", "\"two\nlines\",,,,,,,,,,,,,,,,,,\n"},
        {"title,nature,article,annex", "\"a \"\"b\"\", c\",new,Art. 2,I",
         "\"a \"\"b\"\", c\",new,,,,,,,,,,,,,,,Art. 2,I,\n"},
        {"side", "expenditure", ",,,,,,,,,,,,,,,,,,\n"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *row = rest_of_row(cases[i].columns, cases[i].values);
        FISC_ASSERT_TEXT(row, cases[i].expected);
    }
}

static void
test_refuses_what_is_wrong(void)
{
    static const struct {
        const char *columns, *values, *expected;
    } cases[] = {
        {"request", "1.005", "2 request AMOUNT_DECIMALS"},
        {"request_2019", "-1", "2 request_2019 AMOUNT_INVALID"},
        {"request", "1,5", "2 - COLUMN_COUNT"},
        {"request", "x", "2 request AMOUNT_INVALID"},
        {"request", "99999999999999999999", "2 request AMOUNT_OVERFLOW"},
        {"request,request_2019", "1,1", "1 request VALUE_INVALID"},
        {"request_2021", "1", "1 request_2021 COLUMN_UNKNOWN"},
        {"cash_code", "1", "1 cash_code COLUMN_UNKNOWN"},
        {"side", "income", "2 side VALUE_INVALID"},
        {"nature", "old", "2 nature VALUE_INVALID"},
        {"entity", "OTHER", "2 entity VALUE_INVALID"},
        {"programme", "\"a\nb\"", "2 programme VALUE_INVALID"},
        {"programme", "a\x01", "2 programme VALUE_INVALID"},
        {"title", "a\xc2\x85", "2 title VALUE_INVALID"},
        {"quantity", "-1", "2 quantity AMOUNT_INVALID"},
        {"quantity", "0.0000001", "2 quantity AMOUNT_DECIMALS"},
        {"quantity,unit_price,request", "3,0.335,1.00", "2 unit_price CONTROL_TOTAL"},
        {"tags", "climate:0", "2 tags VALUE_INVALID"},
        {"tags", "climate:101", "2 tags VALUE_INVALID"},
        {"tags", "climate: 40", "2 tags VALUE_INVALID"},
        {"tags", "climate:40 climate", "2 tags VALUE_INVALID"},
        {"tags", "a=b", "2 tags VALUE_INVALID"},
        {"side,nature,request", "x,y,z",
         "2 side VALUE_INVALID\n2 nature VALUE_INVALID\n2 request AMOUNT_INVALID"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *refused = rest_of_row(cases[i].columns, cases[i].values);
        FISC_ASSERT_TEXT(refused, cases[i].expected);
    }
}

static void
test_refuses_names_that_are_missing_or_twice(void)
{
    static const struct {
        const char *entity, *text, *expected;
    } cases[] = {
        {NULL, "line,gfs_code\na,2\n", "1 entity COLUMN_MISSING"},
        {"M", "line\na\n", "1 gfs_code COLUMN_MISSING"},
        {"M", "", "0 - FILE_EMPTY"},
        {"M", "line,gfs_code\n,2\n,\n", "2 line VALUE_MISSING\n3 line VALUE_MISSING"},
        {NULL, "line,gfs_code,entity\na,2,\n", "2 entity VALUE_MISSING"},
        {"M", "line,gfs_code\na,2\nb,2\na,3\n", "4 line DUPLICATE_ROW"},
        {"M", "line,gfs_code,entity\na,2,M\na,2,\n", "3 line DUPLICATE_ROW"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *refused = read_and_write(cases[i].text, cases[i].entity);
        FISC_ASSERT_TEXT(refused, cases[i].expected);
    }
}

static void
test_refuses_codes_that_are_too_long(void)
{
    g_autofree char *fits = g_strnfill(FISC_CODE_MAX, 'x');
    g_autofree char *too_long = g_strnfill(FISC_CODE_MAX + 1, 'x');
    g_autofree char *row = rest_of_row("programme", too_long);
    FISC_ASSERT_TEXT(row, "2 programme VALUE_INVALID");
    g_autofree char *kept = rest_of_row("fund", fits);
    FISC_ASSERT_CONTAINS(kept, fits);
}

/* Half a unit goes up, and the refusal says both numbers. */
static void
test_says_both_numbers_of_a_product(void)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    const char *text = "line,gfs_code,quantity,unit_price,request\n"
                       "a,2,3,0.335,1.01\n"
                       "b,2,1,0.0049,0\n"
                       "c,2,3,0.335,1.00\n";
    g_autoptr(FiscPlanLines) lines =
        fisc_plan_lines_read(&frame, "f.csv", text, strlen(text), "M", refusals);
    CU_ASSERT_PTR_NULL(lines);
    FISC_ASSERT_INT(refusals->len, 1);
    g_autofree char *words = fisc_refusal_to_text(refusals->pdata[0], 2);
    FISC_ASSERT_CONTAINS(words, "f.csv:4: unit_price: ");
    FISC_ASSERT_CONTAINS(words, "3 x 0.335 is 1.01, but 1.00 is requested");
}

static void
test_reads_what_it_wrote(void)
{
    static const FiscPlanFrame frames[] = {
        {"v", 2019, 1, 2}, {"v", 2020, 4, 0}, {"v", 2021, 10, 3}};
    GRand *random = g_rand_new_with_seed(SEED);
    for (gsize i = 0; i < G_N_ELEMENTS(frames); i++) {
        g_autoptr(FiscPlanLines) drawn = fisc_random_lines(random, &frames[i], 700);
        g_autofree char *text = fisc_plan_lines_write(drawn);
        g_autoptr(FiscPlanLines) read = fisc_read_lines(&frames[i], text);
        g_autofree char *again = fisc_plan_lines_write(read);
        g_autoptr(GPtrArray) changes = fisc_plan_compare(drawn, read);
        FISC_ASSERT_INT(read->lines->len, 700);
        FISC_ASSERT_INT(changes->len, 0);
        CU_ASSERT(strcmp(text, again) == 0);
    }
    g_rand_free(random);
}

static void
test_forgets_the_order_of_the_file(void)
{
    const char *one = "line,entity,gfs_code,request,title\nb,M,2,5,x\na,M,2,4,y\n";
    const char *other = "title,request_2019,gfs_code,entity,line\ny,4.0,2,M,a\nx,5.00,2,M,b\n";
    g_autofree char *first = read_and_write(one, NULL);
    g_autofree char *second = read_and_write(other, "M");
    FISC_ASSERT_TEXT(first, second);
    FISC_ASSERT_CONTAINS(first, "b,M,");
}

const FiscTest fisc_plan_text_tests[] = {
    {"writes all columns, lines in order of entity and name", test_writes_all_columns_in_order},
    {"spells a value in one way however it was given", test_spells_values_in_one_way},
    {"refuses what is wrong with row and column", test_refuses_what_is_wrong},
    {"refuses lines without a name or with one that is taken",
     test_refuses_names_that_are_missing_or_twice},
    {"refuses a code that is too long", test_refuses_codes_that_are_too_long},
    {"says both numbers when quantity and price do not make the request",
     test_says_both_numbers_of_a_product},
    {"reads what it wrote, of any frame (2,100 drawn lines)", test_reads_what_it_wrote},
    {"forgets the order of rows and columns", test_forgets_the_order_of_the_file},
    {NULL, NULL},
};

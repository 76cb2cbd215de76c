/* plan_table_test.c: the tables of a version, and the ceilings that lines keep or do not. */
#include "fisc/formulation.h"
#include "fisc/money.h"
#include "tests/budget/plan_random.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_plan_table_tests[];

static const FiscPlanFrame frame = {.version = "v", .year = 2019, .years = 2, .decimals = 2};

/* The canonical text, or the refusals as "row column CODE", one a line. */
static char *
canonical_of(FiscPartKind kind, const char *text)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    char *canonical =
        fisc_part_canonical(kind, &frame, NULL, "f.csv", text, strlen(text), refusals);
    if (canonical != NULL) {
        return canonical;
    }
    GString *words = g_string_new(NULL);
    for (guint i = 0; i < refusals->len; i++) {
        const FiscRefusal *refusal = refusals->pdata[i];
        g_string_append_printf(words, "%s%d %s %s", i > 0 ? "\n" : "", refusal->line,
                               refusal->field, fisc_error_name(refusal->code));
    }
    return g_string_free(words, FALSE);
}

static void
test_writes_rows_in_order_of_their_key(void)
{
    static const struct {
        FiscPartKind kind;
        const char *text, *expected;
    } cases[] = {
        {FISC_PART_CEILINGS, "amount,year,ceiling,programme\n5,2020,b,\n7.5,2019,b,2\n1,2019,a,\n",
         "ceiling,entity,programme,section,economic,gfs_code,nature,year,amount,article\n"
         "a,,,,,,,2019,1.00,\n"
         "b,,,,,,,2020,5.00,\n"
         "b,,2,,,,,2019,7.50,\n"},
        {FISC_PART_ASSUMPTIONS,
         "name,unit,year,value\ngrowth,percent,2020,-0.50\n"
         "growth,percent,2019,2.500\nusd,KWD,2019,0.304550\n",
         "name,unit,year,value,source\n"
         "growth,percent,2019,2.5,\n"
         "growth,percent,2020,-0.5,\n"
         "usd,KWD,2019,0.30455,\n"},
        {FISC_PART_PROGRAMMES, "title,programme,parent\nSchools,23,2\nPeople,2,\n",
         "programme,parent,title,objective,entity\n"
         "2,,People,,\n"
         "23,2,Schools,,\n"},
        {FISC_PART_INDICATORS,
         "indicator,programme,year,target,direction\nreading,23,2019,95.0,up\n",
         "indicator,programme,title,unit,direction,year,baseline,target,result\n"
         "reading,23,,,up,2019,,95,\n"},
        {FISC_PART_CIRCULAR,
         "step,due,entity,note\nsubmit,2018-06-30,,\"all,\nplease\"\n"
         "submit,2018-07-15,MIN,\n",
         "step,due,entity,note\n"
         "submit,2018-06-30,,\"all,\nplease\"\n"
         "submit,2018-07-15,MIN,\n"},
        {FISC_PART_CIRCULAR, "due,step\n", "step,due,entity,note\n"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = canonical_of(cases[i].kind, cases[i].text);
        FISC_ASSERT_TEXT(text, cases[i].expected);
        g_autofree char *again = canonical_of(cases[i].kind, text);
        FISC_ASSERT_TEXT(again, text);
    }
}

static void
test_refuses_what_is_wrong(void)
{
    static const struct {
        FiscPartKind kind;
        const char *text, *expected;
    } cases[] = {
        {FISC_PART_CEILINGS, "ceiling,year\na,2019\n", "1 amount COLUMN_MISSING"},
        {FISC_PART_CEILINGS, "ceiling,year,amount,fund\na,2019,1,2\n", "1 fund COLUMN_UNKNOWN"},
        {FISC_PART_CEILINGS, "ceiling,year,amount\na,2021,1\n", "2 year VALUE_INVALID"},
        {FISC_PART_CEILINGS, "ceiling,year,amount\na,19,1\n", "2 year VALUE_INVALID"},
        {FISC_PART_CEILINGS, "ceiling,year,amount\n,2019,-1\n",
         "2 ceiling VALUE_MISSING\n2 amount AMOUNT_INVALID"},
        {FISC_PART_CEILINGS, "ceiling,year,amount\na,2019,1\na,2019,2\n",
         "3 ceiling DUPLICATE_ROW"},
        {FISC_PART_CEILINGS, "ceiling,year,amount,nature\na,2019,1,old\n",
         "2 nature VALUE_INVALID"},
        {FISC_PART_ASSUMPTIONS, "name,unit,year,value\ng,percent,2019,1\ng,points,2020,1\n",
         "3 unit VALUE_INVALID"},
        {FISC_PART_ASSUMPTIONS, "name,year,value\ng,2019,2%\n", "2 value AMOUNT_INVALID"},
        {FISC_PART_PROGRAMMES, "programme,title\n2,\n", "2 title VALUE_MISSING"},
        {FISC_PART_PROGRAMMES, "programme,title,parent\n2,x,1\n", "2 parent VALUE_INVALID"},
        {FISC_PART_PROGRAMMES, "programme,title,parent\n1,x,2\n2,x,1\n",
         "2 parent VALUE_INVALID\n3 parent VALUE_INVALID"},
        {FISC_PART_INDICATORS, "indicator,programme,year\ni,2,2019\ni,3,2020\n",
         "3 programme VALUE_INVALID"},
        {FISC_PART_INDICATORS, "indicator,programme,year,direction\ni,2,2019,left\n",
         "2 direction VALUE_INVALID"},
        {FISC_PART_CIRCULAR, "step,due\ns,2018-02-30\n", "2 due DATE_INVALID"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = canonical_of(cases[i].kind, cases[i].text);
        FISC_ASSERT_TEXT(text, cases[i].expected);
    }
}

/* Ceilings --------------------------------------------------------------------------------------
 */

static FiscPlanLines *
lines_of_ministry(void)
{
    return fisc_read_lines(
        &frame,
        "line,entity,gfs_code,programme,economic,nature,side,request_2019,request_2020,mark_2019\n"
        "a,MIN,211,23,10,,expenditure,60,70,\n"
        "b,MIN,22,231,22,new,expenditure,40,40,30\n"
        "c,MIN,22,31,22,continuing,expenditure,5,5,\n"
        "d,MIN,11,,,,revenue,1000,1000,\n");
}

static void
test_holds_lines_against_ceilings(void)
{
    /* Proposed: 2019: 60 + 30 + 5 = 95; 2020, where the mark says nothing of b: 70 + 0 + 5. */
    static const struct {
        const char *row,
            *expected; /* ceiling,entity,programme,economic,gfs_code,nature,year,amount */
    } cases[] = {
        {"all,,,,,,2019,95", "kept"},           {"all,,,,,,2019,94.99", "95.00 0.01"},
        {"all,MIN,,,,,2019,94", "95.00 1.00"},  {"all,M*,,,,,2019,94", "95.00 1.00"},
        {"all,MI,,,,,2019,0", "kept"},          {"all,OTHER,,,,,2019,0", "kept"},
        {"schools,MIN,23,,,,2019,90", "kept"},  {"schools,MIN,23,,,,2019,89", "90.00 1.00"},
        {"wages,,,,21,,2019,59", "60.00 1.00"}, {"goods,,,22,,,2019,34", "35.00 1.00"},
        {"new,,,,,new,2019,29", "30.00 1.00"},  {"old,,,,,continuing,2019,64", "65.00 1.00"},
        {"outer,,,,,,2020,74", "75.00 1.00"},
    };
    g_autoptr(FiscPlanLines) lines = lines_of_ministry();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        char requested[FISC_AMOUNT_TEXT], shortfall[FISC_AMOUNT_TEXT];
        g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
        g_autofree char *text = g_strdup_printf(
            "ceiling,entity,programme,economic,gfs_code,nature,year,amount\n%s\n", cases[i].row);
        bool is_kept = fisc_plan_ceilings_check(lines, text, refusals);
        const FiscRefusal *refusal = is_kept ? NULL : refusals->pdata[0];
        g_autofree char *said =
            is_kept ? g_strdup("kept")
                    : g_strdup_printf("%s %s", fisc_amount_format(refusal->requested, 2, requested),
                                      fisc_amount_format(refusal->shortfall, 2, shortfall));
        FISC_ASSERT_TEXT(said, cases[i].expected);
    }
}

static void
test_names_every_ceiling_that_is_passed(void)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPlanLines) lines = lines_of_ministry();
    CU_ASSERT_FALSE(fisc_plan_ceilings_check(lines,
                                             "ceiling,entity,programme,year,amount,article\n"
                                             "high,,,2019,1000,\n"
                                             "schools,MIN,23,2019,80,Art. 7\n"
                                             "total,,,2019,90,\n",
                                             refusals));
    FISC_ASSERT_INT(refusals->len, 2);
    g_autofree char *words = fisc_refusal_to_text(refusals->pdata[0], 2);
    FISC_ASSERT_TEXT(words,
                     "CEILING_EXCEEDED: More is requested than the ceiling allows: 2 lines of "
                     "MIN in 2019; control schools, key entity=MIN programme=23 year=2019, "
                     "limit 80.00, consumed 0.00, requested 90.00, shortfall 10.00, by Art. 7");
    FISC_ASSERT_TEXT(((const FiscRefusal *)refusals->pdata[1])->control, "total");
}

static void
test_lines_without_ceilings_keep_them(void)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPlanLines) lines = lines_of_ministry();
    g_autoptr(FiscPlanLines) none = fisc_plan_lines_new(&frame);
    CU_ASSERT_TRUE(fisc_plan_ceilings_check(lines, NULL, refusals));
    CU_ASSERT_TRUE(fisc_plan_ceilings_check(none, "ceiling,year,amount\na,2019,0\n", refusals));
    CU_ASSERT_FALSE(fisc_plan_ceilings_check(lines, "ceiling,year\n", refusals));
}

const FiscTest fisc_plan_table_tests[] = {
    {"writes the rows of every kind in order of their key", test_writes_rows_in_order_of_their_key},
    {"refuses rows that are wrong, twice, or contradict each other", test_refuses_what_is_wrong},
    {"holds what is proposed against each kind of ceiling", test_holds_lines_against_ceilings},
    {"names every ceiling that is passed, with its numbers",
     test_names_every_ceiling_that_is_passed},
    {"lines keep ceilings that are not there", test_lines_without_ceilings_keep_them},
    {NULL, NULL},
};

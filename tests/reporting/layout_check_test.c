/* layout_check_test.c: what is wrong with a layout that can be read: one case for each rule, with
 * all that is told of it; and that the layouts of the program obey. */
#include "reporting/layout.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_layout_check_tests[];

#define HEADER "code,label,formula,show,level,style\n,Title,,,0,heading\n"

/* "4 LAYOUT_GAP formula: detail" for each. Caller frees. */
static char *
told_as(const FiscRefusals *refusals)
{
    GString *told = g_string_new(NULL);
    for (guint i = 0; i < refusals->len; i++) {
        const FiscRefusal *refusal = g_ptr_array_index(refusals, i);
        g_string_append_printf(told, "%s%d %s %s: %s", i > 0 ? "\n" : "", refusal->line,
                               fisc_error_name(refusal->code), refusal->field, refusal->detail);
    }
    return g_string_free(told, FALSE);
}

static char *
check_text(const char *text, const FiscNation *nation)
{
    FiscLayoutFile file = {"T", "t.csv", text};
    g_autoptr(FiscLayout) layout = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    fisc_layout_read(&file, &layout, refusals);
    if (layout != NULL) {
        fisc_layout_check(layout, file.file, nation, refusals);
    }
    return told_as(refusals);
}

static void
check_files(const FiscLayoutFile *files)
{
    for (; files->statement != NULL; files++) {
        g_autofree char *told = check_text(files->text, NULL);
        FISC_ASSERT_TEXT(told, "");
    }
}

static void
test_the_layouts_of_the_program_obey(void)
{
    for (const FiscLayoutFamily *family = fisc_layout_families; family->name != NULL; family++) {
        if (family->bridge == NULL) { /* else its codes are of another manual */
            check_files(family->files);
        }
    }
    check_files(fisc_national_layout_files);
}

typedef struct {
    const char *rows; /* from line 3 on */
    const char *told;
} Case;

static void
check_cases(const Case *cases, guint count)
{
    for (guint i = 0; i < count; i++) {
        g_autofree char *text = g_strconcat(HEADER, cases[i].rows, NULL);
        g_autofree char *told = check_text(text, NULL);
        FISC_ASSERT_TEXT(told, cases[i].told);
    }
}

static void
test_a_code_that_nothing_is_posted_to_is_unknown(void)
{
    static const Case cases[] = {
        {"A,,flow:11,always,0,\n", ""},
        {"A,,flow:3111.2,always,0,\n",
         "3 LAYOUT_GAP formula: rows of the layout show parts of 3111, and none shows 3111.1, "
         "3111.3"},
        {"A,,flow:17,always,0,\n", "3 LAYOUT_CODE formula: \"17\": nothing is posted there"},
        {"A,,flow:114119,always,0,\n",
         "3 LAYOUT_CODE formula: \"114119\": nothing is posted there"},
        {"A,,flow:321,always,0,\n", "3 LAYOUT_CODE formula: \"321\": nothing is posted there"},
        {"A,,close:11,always,0,\n", "3 LAYOUT_CODE formula: \"11\": nothing is posted there"},
        {"A,,flow:31.4,always,0,\n", "3 LAYOUT_CODE formula: \"31.4\": nothing is posted there"},
        {"A,,-cash:23,always,0,\n", "3 LAYOUT_CODE formula: \"23\": nothing is posted there"},
        {"*,,function:8,posted,0,\n", "3 LAYOUT_CODE formula: \"8\": nothing is posted there"},
        {"*,,counterpart:8217,nonzero,0,\n",
         "3 LAYOUT_CODE formula: \"8217\": nothing is posted there"},
    };
    check_cases(cases, G_N_ELEMENTS(cases));
}

static void
test_a_sign_must_not_contradict_the_side_of_the_code(void)
{
    static const Case cases[] = {
        {"A,,flow:1 - flow:2,always,0,\n", ""},
        {"A,,flow:1,always,0,\nB,,flow:2,always,0,\nC,,A - B,always,0,\n", ""},
        {"A,,close:61 + close:62 - close:63,always,0,\n", ""},
        {"A,,-cash:2,always,0,\n", ""},
        {"A,,flow:31 + flow:31.3,always,0,\n", ""}, /* without consumption */
        {"A,,-flow:11,always,0,\n",
         "3 LAYOUT_SIGN formula: \"11\" would be printed negative when it is as it usually is"},
        {"A,,cash:2,always,0,\n",
         "3 LAYOUT_SIGN formula: \"2\" would be printed negative when it is as it usually is"},
        {"A,,-cash:31.2,always,0,\n",
         "3 LAYOUT_SIGN formula: \"31.2\" would be printed negative when it is as it usually is\n"
         "3 LAYOUT_GAP formula: rows of the layout show parts of 31, and none shows 31.1"},
        {"A,,flow:1 + flow:2,always,0,\n",
         "3 LAYOUT_SIGN formula: \"1\" and \"2\" are on different sides: one of them is taken from "
         "the other"},
        {"A,,close:62 + close:63,always,0,\n",
         "3 LAYOUT_SIGN formula: \"62\" and \"63\" are on different sides: one of them is taken "
         "from the other"},
        {"A,,open:63 - close:63,always,0,\n", ""}, /* a change */
    };
    check_cases(cases, G_N_ELEMENTS(cases));
}

static void
test_what_stands_below_a_row_is_all_of_it_once(void)
{
    static const Case cases[] = {
        {"1,,flow:1,always,0,\n11,,flow:11,always,1,\n12,,flow:12,always,1,\n"
         "13,,flow:13,always,1,\n",
         "3 LAYOUT_GAP code: no row below 1 shows 14"},
        {"1,,flow:1,always,0,\n11,,flow:11,always,1,\n*2,,flow:1,nonzero,1,\n", ""},
        {"61,,close:61,always,0,\n611,,close:611,always,1,\n612,,close:612,always,1,\n"
         "6111,,close:6111,always,1,\n613,,close:613,always,1,\n614,,close:614,always,1,\n",
         "6 LAYOUT_TWICE formula: 61111 is in a row above it under 61, too"},
        {"61,,close:61,always,0,\n611,,close:611,always,1,\n6111,,close:6111,always,1,memo\n"
         "612,,close:612,always,1,\n613,,close:613,always,1,\n614,,close:614,always,1,\n",
         ""},
        {"31,,flow:31,always,0,\nA,,flow:31.1,always,1,\nB,,flow:31.2,always,1,\n",
         "3 LAYOUT_GAP code: no row below 31 shows 31.3"},
        {"241,,flow:241,always,0,\n242,,flow:242,always,1,\n243,,flow:243,always,0,\n",
         ""}, /* beside each other */
        {"241,,flow:241,always,0,\nA,,flow:241 + flow:242,always,1,\n243,,flow:243,always,0,\n",
         "4 LAYOUT_TOTAL formula: A counts more than 241, which it stands under"},
        {"N,,close:62 - close:63,always,0,\n62,,close:62,always,1,\n"
         "63,,close:63,always,1,\n",
         ""},
        {"N,,close:62 - close:63,always,0,\nA,,flow:1,always,1,\n62,,close:62,always,1,\n"
         "S,,A + 62,always,1,\n",
         "6 LAYOUT_TOTAL formula: S counts more than N, which it stands under\n"
         "3 LAYOUT_GAP code: no row below N shows 63"},
        {"D,,close:61 - open:61,always,0,\nA,,close:61,always,1,\nB,,open:61,always,1,\n", ""},
        {"A,,flow:24 + flow:243,always,0,\n",
         "3 LAYOUT_TWICE formula: the formula counts 243 more than once"},
        {"A,,flow:241,always,0,\nB,,flow:242 + flow:243,always,0,\nC,,A + B,always,0,\n"
         "D,,C + A,always,0,\n",
         "6 LAYOUT_TWICE formula: the formula counts 241 more than once"},
    };
    check_cases(cases, G_N_ELEMENTS(cases));
}

static void
test_a_total_of_some_rows_above_it_is_of_all_of_them(void)
{
    static const Case cases[] = {
        {"A,,flow:241,always,1,\nB,,flow:242,always,1,\nC,,flow:243,always,1,\n"
         "T,,A + B + C,always,0,strong\n",
         ""},
        {"A,,flow:241,always,1,\nB,,flow:242,always,1,\nC,,flow:243,always,1,\n"
         "T,,A + C,always,0,strong\n",
         "6 LAYOUT_TOTAL formula: T adds up rows above it, but not B"},
        {"A,,flow:241,always,1,\nB,,flow:242,always,1,memo\nC,,flow:243,always,1,\n"
         "T,,A + C,always,0,strong\n",
         ""},
        {"A,,flow:241,always,1,\n,Another part,,,1,heading\nB,,flow:242,always,1,\n"
         "C,,flow:243,always,1,\nT,,B + C,always,0,strong\n",
         ""},
    };
    check_cases(cases, G_N_ELEMENTS(cases));
}

static void
test_who_shows_parts_of_a_class_shows_all_of_it(void)
{
    static const Case cases[] = {
        {"11,,flow:11,always,0,\n", ""},
        {"11,,flow:11,always,0,\n13,,flow:13,always,0,\n",
         "3 LAYOUT_GAP formula: rows of the layout show parts of 1, and none shows 12, 14"},
        {"11,,flow:11,always,0,\n13,,flow:13,always,0,\nREST,,flow:12 + flow:14,always,0,memo\n",
         ""},
        {"2631,,flow:2631,always,0,\n2821,,flow:2821,always,0,\n",
         "3 LAYOUT_GAP formula: rows of the layout show parts of 2, and none shows 21, 22, 23, 24, "
         "25, 261, 262, 2632, 27, 281, 2822, 283"},
        {"A,,account_close:48,always,0,\nB,,account_close:41,always,0,\n", ""},
    };
    check_cases(cases, G_N_ELEMENTS(cases));
}

static void
test_accounts_are_known_by_their_nation(void)
{
    static const char text[] = HEADER "A,Receivables,account_close:43,always,0,\n"
                                      "B,Payables,account_close:40,always,0,\n";
    g_autoptr(FiscNation) nation = fisc_nation_new();
    fisc_nation_add_account(nation, "4300", "Debtors", FISC_CLASS_FINANCIAL_ASSET, "62081", 0, true,
                            0);
    g_autofree char *told = check_text(text, nation);
    g_autofree char *unknown = check_text(text, NULL);
    FISC_ASSERT_TEXT(told, "4 LAYOUT_CODE formula: \"40\": nothing is posted there");
    FISC_ASSERT_TEXT(unknown, "");
}

const FiscTest fisc_layout_check_tests[] = {
    {"the layouts of the program obey", test_the_layouts_of_the_program_obey},
    {"a code that nothing is posted to is unknown",
     test_a_code_that_nothing_is_posted_to_is_unknown},
    {"a sign must not contradict the side of the code",
     test_a_sign_must_not_contradict_the_side_of_the_code},
    {"what stands below a row is all of it, once, with one sign",
     test_what_stands_below_a_row_is_all_of_it_once},
    {"a total of some rows above it is a total of all of them",
     test_a_total_of_some_rows_above_it_is_of_all_of_them},
    {"who shows parts of a class shows all of it", test_who_shows_parts_of_a_class_shows_all_of_it},
    {"accounts are known by their nation", test_accounts_are_known_by_their_nation},
    {NULL, NULL},
};

/* profile_part_test.c: profiles of trial balances: amounts of some rows, what stands above the
 * header, sums over rows that should be nothing, and rows that are one side of an entry each. */
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_profile_part_tests[];

static const char PROFILE[] =
    "[file]\nname = balances.csv\nsource = town/balances\nsteps = Month\nlines_above = 1\n"
    "[above]\nunit = 1.1\nmonth = 1.2\n"
    "[columns]\naccount = account\nvalue = value\nkind = kind\nside = side\n"
    "[amounts]\nvalue = plus\n"
    "[part before]\nof = value\nonly kind = before\nminus side = C\n"
    "[part change]\nof = value\nonly kind = change\nminus side = C\n"
    "[part after]\nof = value\nonly kind = after\nminus side = C\n"
    "[check account]\nwithin = {account}\nzero = before + change - after\ntext = differs\n"
    "otherwise = refuse\n"
    "[check change]\nwithin = {file}\nzero = change\ntext = sides differ\n"
    "[entry month]\nstep = Month\nreference = {month}\nentity = {unit}\ndate = {month}-end\n"
    "amount = change\nside = {account}\n";

#define ABOVE "MIN,2024-02\n"
#define HEADER "account,value,kind,side\n"
#define PAID "22,5,change,D\n22,5,after,D\n3202,9,before,D\n3202,5,change,C\n3202,4,after,D\n"

/* The entries, or the refusals. */
static char *
read_table(const char *profile, const char *table)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    char *folder = fixture_folder("entities.csv", FIXTURE_ENTITIES, "balances.profile", profile,
                                  "balances.csv", table, NULL);
    g_autoptr(FiscPackage) package = fixture_read(folder, refusals);
    fixture_remove(folder);
    if (package == NULL) {
        return fixture_dump(refusals);
    }
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < package->steps->len; i++) {
        const FiscPackageStep *step = package->steps->pdata[i];
        for (guint k = 0; k < step->submission->entries->len; k++) {
            g_autofree char *entry = fixture_dump_entry(step->submission->entries->pdata[k]);
            g_string_append(text, entry);
        }
    }
    return g_string_free(text, FALSE);
}

static void
test_entries(void)
{
    static const struct {
        const char *table, *expected;
    } cases[] = {
        {ABOVE HEADER, ""},
        {ABOVE HEADER PAID, "2024-02 2024-02-29 0 |\n  22 5.00\n  3202 -5.00"},
        /* changes of both sides, and rows of the same account, are one line */
        {ABOVE HEADER "22,5,change,D\n22,1,change,C\n22,4,after,D\n3202,4,change,C\n"
                      "3202,4,after,C\n",
         "2024-02 2024-02-29 0 |\n  22 4.00\n  3202 -4.00"},
        /* what comes to nothing is no line, and an entry without lines is none */
        {ABOVE HEADER "22,5,change,D\n22,5,change,C\n", ""},
        {ABOVE HEADER "22,5,before,D\n22,5,after,D\n", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *told = read_table(PROFILE, cases[i].table);
        FISC_ASSERT_TEXT(told, cases[i].expected);
    }
}

static void
test_tables_that_do_not_add_up(void)
{
    static const struct {
        const char *table, *expected;
    } cases[] = {
        {ABOVE HEADER "22,5,change,D\n3202,5,change,C\n3202,5,after,C\n22,6,after,D\n",
         "balances.csv:3:account:CONTROL_TOTAL"},
        {ABOVE HEADER "22,5,change,D\n22,5,after,D\n3202,4,change,C\n3202,4,after,C\n",
         "balances.csv:3::ENTRY_UNBALANCED"},
        {"MIN\n" HEADER PAID, "balances.csv:1:month:COLUMN_COUNT"},
        {"MIN,2024-2\n" HEADER PAID, "DATE_INVALID"},
        {"NOBODY,2024-02\n" HEADER PAID, "ENTITY_UNKNOWN"},
        {ABOVE, "balances.csv:0::FILE_EMPTY"},
        {"", "balances.csv:0::FILE_EMPTY"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *told = read_table(PROFILE, cases[i].table);
        FISC_ASSERT_CONTAINS(told, cases[i].expected);
    }
}

static void
test_profiles_that_mean_nothing(void)
{
    static const struct {
        const char *from, *to, *expected;
    } cases[] = {
        {"[part before]\nof = value", "[part before]\nof = kind", "[part before] of:VALUE_INVALID"},
        {"[part before]\nof = value", "[part before]\nof = none", "[part before] of:VALUE_INVALID"},
        {"[part before]", "[part account]", "[part account]:VALUE_INVALID"},
        {"only kind = before", "only sort = before", "[part before] only sort:VALUE_INVALID"},
        {"unit = 1.1", "unit = 2.1", "[above] unit:VALUE_INVALID"},
        {"unit = 1.1", "unit = first", "[above] unit:VALUE_INVALID"},
        {"unit = 1.1", "account = 1.1", "[above] account:VALUE_INVALID"},
        {"side = {account}", "side = {account}\ndebit = 22\ncredit = 3202",
         "[entry month] side:VALUE_INVALID"},
        {"text = differs", "text = differs\nunit = {unit}", "[check account] unit:VALUE_INVALID"},
        {"[amounts]", "[cumulative]\nwithin = {account}\nrestart = {kind}\nby = kind\n[amounts]",
         "[part before]:VALUE_INVALID"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *at = strstr(PROFILE, cases[i].from);
        g_autofree char *profile = g_strdup_printf("%.*s%s%s", (int)(at - PROFILE), PROFILE,
                                                   cases[i].to, at + strlen(cases[i].from));
        g_autofree char *told = read_table(profile, ABOVE HEADER PAID);
        FISC_ASSERT_CONTAINS(told, cases[i].expected);
    }
}

const FiscTest fisc_profile_part_tests[] = {
    {"rows that are one side each make one balanced entry of a month", test_entries},
    {"balances that do not add up are refused with the line of their account",
     test_tables_that_do_not_add_up},
    {"groups that mean nothing are refused by name", test_profiles_that_mean_nothing},
    {NULL, NULL},
};

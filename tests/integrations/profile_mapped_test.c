/* profile_mapped_test.c: codes that no map knows: posted to suspense, with their amounts in the
 * totals, and counted by value and by rows. */
#include "fisc/money.h"
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_profile_mapped_tests[];

#define LINES 1000

static const char PROFILE[] =
    "[file]\nname = spending.csv\nsource = town/spending\nsteps = Spending\n"
    "[columns]\ncode = Code\nspent = Spent\n"
    "[amounts]\nspent = plus\n"
    "[value gfs]\nmap = classes.csv\nof = {code}\nprefix = class\nresult = gfs\n"
    "missing = suspense\nsuspense = 2\nweigh = spent\n"
    "[value cash]\ncash_row = {gfs}\n"
    "[dimensions cash]\ncash_code = {cash}\n"
    "[entry spent]\nstep = Spending\nreference = {row}\nentity = MIN\ndate = 2024-06-30\n"
    "amount = spent\ndebit = {gfs}\ncredit = 3202\ncredit_dimensions = cash\n";
#define CLASSES "class,gfs\n1,2111\n2,22\n"

static FiscPackage *
read_table(const char *profile, const char *table, FiscRefusals *refusals)
{
    char *folder = fixture_folder("entities.csv", FIXTURE_ENTITIES, "spending.profile", profile,
                                  "spending.csv", table, "classes.csv", CLASSES, NULL);
    FiscPackage *package = fixture_read(folder, refusals);
    fixture_remove(folder);
    return package;
}

/* Seven lines of a thousand have codes that nobody knows: 4,000.00 of 1,000,000.00. */
static char *
thousand_lines(void)
{
    GString *table = g_string_new("Code,Spent\n");
    for (int i = 0; i < 992; i++) {
        g_string_append_printf(table, "%s,1000\n", i % 2 == 0 ? "12001" : "22100");
    }
    g_string_append(table, "22100,4000\n"
                           "999,500\n999,500\n888,1000\n,500\n999,500\n999,500\n999,500\n");
    return g_string_free(table, FALSE);
}

static __int128
posted_to(const FiscPackage *package, const char *account)
{
    __int128 sum = 0;
    const FiscPackageStep *step = package->steps->pdata[0];
    for (guint i = 0; i < step->submission->entries->len; i++) {
        const FiscEntry *entry = step->submission->entries->pdata[i];
        for (guint k = 0; k < entry->lines->len; k++) {
            const FiscLine *line = &g_array_index(entry->lines, FiscLine, k);
            sum += g_str_equal(line->account, account) ? line->amount : 0;
        }
    }
    return sum;
}

static void
test_all_of_the_value_is_there_and_996_in_a_thousand_of_it_classified(void)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autofree char *table = thousand_lines();
    g_autoptr(FiscPackage) package = read_table(PROFILE, table, refusals);
    CU_ASSERT_PTR_NOT_NULL_FATAL(package);
    FISC_ASSERT_INT(package->mapped->len, 1);
    const FiscMapped *mapped = package->mapped->pdata[0];
    FISC_ASSERT_TEXT(mapped->name, "gfs");
    FISC_ASSERT_TEXT(mapped->column, "Spent");
    FISC_ASSERT_INT(mapped->rows, LINES);
    FISC_ASSERT_INT(mapped->rows_classified, LINES - 7);
    FISC_ASSERT_INT((int64_t)mapped->value, 100000000);
    FISC_ASSERT_INT((int64_t)mapped->value_classified, 99600000);
    FISC_ASSERT_INT(fisc_mapped_share_ppm(mapped), 996000);
    FISC_ASSERT_INT((int64_t)posted_to(package, "2"), 400000);
    FISC_ASSERT_INT((int64_t)posted_to(package, "3202"), -100000000);
    FISC_ASSERT_CONTAINS(package->remarks->pdata[0],
                         "spending.csv: gfs: 100 % of value, 99.6000 % classified: 7 of 1000 rows, "
                         "4,000.00 of Spent, are in suspense: 999 2,500.00 in 5 rows, 888 1,000.00 "
                         "in 1 rows, (no code) 500.00 in 1 rows");
}

/* The codes that are unknown come the largest first, and what was taken back counts as much. */
static void
test_amounts_count_without_their_signs(void)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPackage) package =
        read_table(PROFILE, "Code,Spent\n12,100\n777,-50\n888,50\n888,10\n", refusals);
    CU_ASSERT_PTR_NOT_NULL_FATAL(package);
    const FiscMapped *mapped = package->mapped->pdata[0];
    FISC_ASSERT_INT((int64_t)mapped->value, 21000);
    FISC_ASSERT_INT((int64_t)mapped->value_classified, 10000);
    FISC_ASSERT_INT(mapped->unmapped->len, 2);
    const FiscUnmapped *first = mapped->unmapped->pdata[0];
    FISC_ASSERT_TEXT(first->code, "888");
    FISC_ASSERT_INT((int64_t)first->value, 6000);
    FISC_ASSERT_INT(first->rows, 2);
    FISC_ASSERT_INT((int64_t)posted_to(package, "2"), 1000);
}

static void
test_never_calls_all_what_is_not_all(void)
{
    static const struct {
        int64_t value, classified, rows, rows_classified;
        int ppm;
    } cases[] = {
        {100, 100, 1, 1, 1000000},  {100000000000, 99999999999, 9, 8, 999999},
        {100000000000, 1, 9, 8, 1}, {100, 0, 1, 0, 0},
        {3, 2, 3, 2, 666667},       {0, 0, 4, 3, 750000}, /* without amounts, rows tell */
        {0, 0, 0, 0, 1000000},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscMapped mapped = {.value = cases[i].value,
                             .value_classified = cases[i].classified,
                             .rows = cases[i].rows,
                             .rows_classified = cases[i].rows_classified};
        FISC_ASSERT_INT(fisc_mapped_share_ppm(&mapped), cases[i].ppm);
    }
}

static void
test_a_file_that_is_all_known_says_nothing(void)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPackage) package = read_table(PROFILE, "Code,Spent\n12,100\n", refusals);
    CU_ASSERT_PTR_NOT_NULL_FATAL(package);
    FISC_ASSERT_INT(package->remarks->len, 0);
    FISC_ASSERT_INT(package->mapped->len, 1);
    FISC_ASSERT_INT(fisc_mapped_share_ppm(package->mapped->pdata[0]), 1000000);
}

static void
test_refuses_a_suspense_that_nobody_can_post_to_or_count(void)
{
    static const struct {
        const char *old, *new, *expected;
    } cases[] = {
        {"suspense = 2\n", "", "spending.profile:0:[value gfs] suspense:VALUE_MISSING"},
        {"weigh = spent\n", "", "spending.profile:0:[value gfs] weigh:VALUE_MISSING"},
        {"weigh = spent", "weigh = code", "spending.profile:17:[value gfs] weigh:VALUE_INVALID"},
        {"missing = suspense", "missing = shelf",
         "spending.profile:15:[value gfs] missing:VALUE_INVALID"},
        {"missing = suspense", "missing = empty",
         "spending.profile:16:[value gfs] suspense:COLUMN_UNKNOWN"},
        {"suspense = 2", "suspense = 29",
         "spending.csv:2:spending.profile [entry spent] debit:ACCOUNT_UNKNOWN"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) profile = g_string_new(PROFILE);
        FISC_ASSERT_INT(g_string_replace(profile, cases[i].old, cases[i].new, 1), 1);
        g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
        g_autoptr(FiscPackage) package =
            read_table(profile->str, "Code,Spent\n777,100\n", refusals);
        g_autofree char *dump = fixture_dump(refusals);
        FISC_ASSERT_CONTAINS(dump, cases[i].expected);
    }
}

const FiscTest fisc_profile_mapped_tests[] = {
    {"of 1,000 lines with 7 unknown, 100 % of value is posted and 99.6 % classified",
     test_all_of_the_value_is_there_and_996_in_a_thousand_of_it_classified},
    {"counts value by amounts without their signs", test_amounts_count_without_their_signs},
    {"never calls all what is not all", test_never_calls_all_what_is_not_all},
    {"says nothing of a file whose codes are all known",
     test_a_file_that_is_all_known_says_nothing},
    {"refuses a suspense that nobody can post to or count",
     test_refuses_a_suspense_that_nobody_can_post_to_or_count},
    {NULL, NULL},
};

/* profile_cumulative_test.c: files whose amounts count from January: what each month adds is
 * posted, and what a later month lacks is taken back. */
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_profile_cumulative_tests[];

static const char PROFILE[] =
    "[file]\nname = receipts.csv\nsource = town/receipts\nsteps = Receipts\n"
    "[columns]\nmonth = month\nline = line\nreceived = received\n"
    "[amounts]\nreceived = plus\n"
    "[cumulative]\nwithin = {line}\nrestart = {month:4}\nby = month\n"
    "[entry receipt]\nstep = Receipts\nreference = {line}/{month}\nentity = MIN\ndate = {month}\n"
    "amount = received\ndebit = 3202\ncredit = {line}\n";

#define HEADER "month,line,received\n"

/* Reference and first amount of each entry, or the refusals. */
static char *
read_table(const char *profile, const char *table)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    char *folder = fixture_folder("entities.csv", FIXTURE_ENTITIES, "receipts.profile", profile,
                                  "receipts.csv", table, NULL);
    g_autoptr(FiscPackage) package = fixture_read(folder, refusals);
    fixture_remove(folder);
    if (package == NULL) {
        return fixture_dump(refusals);
    }
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < package->steps->len; i++) {
        const FiscPackageStep *step = package->steps->pdata[i];
        for (guint j = 0; j < step->submission->entries->len; j++) {
            const FiscEntry *entry = step->submission->entries->pdata[j];
            const FiscLine *line = &g_array_index(entry->lines, FiscLine, 0);
            g_string_append_printf(text, "%s %" G_GINT64_FORMAT "\n", entry->reference,
                                   line->amount);
        }
    }
    return g_string_free(text, FALSE);
}

static void
test_what_a_month_adds_is_posted(void)
{
    static const struct {
        const char *table, *expected;
    } cases[] = {
        /* each month less the one before; nothing added, nothing posted */
        {HEADER "2024-01-31,1111,10\n2024-02-29,1111,25.50\n2024-03-31,1111,25.50\n",
         "1111/2024-01-31 1000\n1111/2024-02-29 1550\n"},
        /* the order of the rows does not matter */
        {HEADER "2024-02-29,1111,25\n2024-01-31,1111,10\n",
         "1111/2024-02-29 1500\n1111/2024-01-31 1000\n"},
        /* a correction is negative */
        {HEADER "2024-01-31,1111,10\n2024-02-29,1111,4\n",
         "1111/2024-01-31 1000\n1111/2024-02-29 -600\n"},
        /* a new year begins anew */
        {HEADER "2024-12-31,1111,10\n2025-01-31,1111,3\n",
         "1111/2024-12-31 1000\n1111/2025-01-31 300\n"},
        /* a line that is gone is taken back in the month that lacks it */
        {HEADER "2024-01-31,1111,10\n2024-01-31,1112,5\n2024-02-29,1112,15\n",
         "1111/2024-01-31 1000\n1111/2024-02-29 -1000\n1112/2024-01-31 500\n"
         "1112/2024-02-29 1000\n"},
        /* and comes again in full */
        {HEADER "2024-01-31,1111,10\n2024-01-31,1112,5\n2024-02-29,1112,5\n2024-03-31,1112,5\n"
                "2024-03-31,1111,12\n",
         "1111/2024-01-31 1000\n1111/2024-02-29 -1000\n1112/2024-01-31 500\n"
         "1111/2024-03-31 1200\n"},
        /* the last month takes nothing back */
        {HEADER "2024-01-31,1111,10\n", "1111/2024-01-31 1000\n"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *posted = read_table(PROFILE, cases[i].table);
        FISC_ASSERT_TEXT(posted, cases[i].expected);
    }
}

static void
test_two_rows_of_one_line_and_month_are_refused(void)
{
    g_autofree char *refused =
        read_table(PROFILE, HEADER "2024-01-31,1111,10\n2024-01-31,1111,12\n");
    FISC_ASSERT_TEXT(refused, "receipts.csv:3::DUPLICATE_ROW");
}

static void
test_a_group_that_is_not_whole_is_refused(void)
{
    static const struct {
        const char *group, *expected;
    } cases[] = {
        {"[cumulative]\nwithin = {line}\nby = month\n", "VALUE_MISSING"},
        {"[cumulative]\nwithin = {line}\nrestart = {month:4}\nby = week\n", "VALUE_INVALID"},
        {"[cumulative]\nwithin = {lines}\nrestart = {month:4}\nby = month\n", "VALUE_INVALID"},
        {"[cumulative]\nwithin = {line}\nrestart = {month:4}\nby = month\nof = x\n",
         "COLUMN_UNKNOWN"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) profile = g_string_new(PROFILE);
        g_string_replace(profile,
                         "[cumulative]\nwithin = {line}\nrestart = {month:4}\nby = month\n",
                         cases[i].group, 1);
        g_autofree char *refused = read_table(profile->str, HEADER "2024-01-31,1111,10\n");
        CU_ASSERT_PTR_NOT_NULL(strstr(refused, cases[i].expected));
    }
}

const FiscTest fisc_profile_cumulative_tests[] = {
    {"what a month adds is posted", test_what_a_month_adds_is_posted},
    {"two rows of one line and month are refused", test_two_rows_of_one_line_and_month_are_refused},
    {"a group that is not whole is refused", test_a_group_that_is_not_whole_is_refused},
    {NULL, NULL},
};

/* change_test.c: allotments and virements as entries. */
#include "fisc/budget.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_change_tests[];

/* "2024-04-01 B13 30000 B19 -30000" */
static char *
dump(const FiscEntry *entry)
{
    char date[FISC_DATE_TEXT];
    GString *text = g_string_new(fisc_date_format(entry->effective, date));
    for (guint i = 0; i < entry->lines->len; i++) {
        const FiscLine *line = &g_array_index(entry->lines, FiscLine, i);
        g_string_append_printf(text, " %s/%s %" G_GINT64_FORMAT, line->account,
                               line->dim[FISC_DIM_PROGRAMME], line->amount);
    }
    return g_string_free(text, FALSE);
}

static const FiscEntity city = {.code = "CITY", .currency = "KWD", .decimals = 3};

static void
test_releases_stand_at_the_begin_of_their_period(void)
{
    static const struct {
        FiscPeriod from;
        const char *date;
    } cases[] = {{202400, "2024-01-01"},
                 {202401, "2024-01-01"},
                 {202404, "2024-04-01"},
                 {202412, "2024-12-01"},
                 {202413, "2024-12-01"}};
    const char *dim[FISC_DIM_COUNT] = {[FISC_DIM_PROGRAMME] = "7"};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FiscSubmission) submission = fisc_submission_new("budget", "mary");
        const FiscEntry *entry =
            fisc_budget_release(submission, &city, "R", cases[i].from, dim, 300, "plan");
        g_autofree char *text = dump(entry);
        g_autofree char *expected = g_strdup_printf("%s B13/7 300 B19/7 -300", cases[i].date);
        FISC_ASSERT_TEXT(text, expected);
    }
}

static void
test_virements_take_and_give(void)
{
    const char *from[FISC_DIM_COUNT] = {[FISC_DIM_PROGRAMME] = "7"};
    const char *to[FISC_DIM_COUNT] = {[FISC_DIM_PROGRAMME] = "8"};
    g_autoptr(FiscSubmission) submission = fisc_submission_new("budget", "mary");
    const FiscEntry *entry = fisc_budget_virement(
        submission, &city, "V", fisc_date_make(2024, 5, 2), from, to, 40, "more rent");
    g_autofree char *text = dump(entry);
    FISC_ASSERT_TEXT(text, "2024-05-02 B12/7 -40 B20/7 40 B12/8 40 B20/8 -40");
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    fisc_entry_check(entry, refusals);
    FISC_ASSERT_INT(refusals->len, 0);
}

static void
test_keep_their_words(void)
{
    char programme[] = "7";
    char reason[] = "plan";
    const char *dim[FISC_DIM_COUNT] = {[FISC_DIM_PROGRAMME] = programme};
    uint8_t none[32] = {0};
    g_autoptr(FiscSubmission) submission = fisc_submission_new("budget", "mary");
    const FiscEntry *entry = fisc_budget_release(submission, &city, "R", 202401, dim, -5, reason);
    programme[0] = reason[0] = '?';
    FISC_ASSERT_TEXT(entry->memo, "plan");
    FISC_ASSERT_TEXT(entry->entity, "CITY");
    FISC_ASSERT_INT(entry->decimals, 3);
    g_autofree char *text = dump(entry);
    FISC_ASSERT_TEXT(text, "2024-01-01 B13/7 -5 B19/7 5");
    CU_ASSERT(memcmp(entry->digest, none, sizeof none) != 0);
}

const FiscTest fisc_change_tests[] = {
    {"dates a release with the first day of its period",
     test_releases_stand_at_the_begin_of_their_period},
    {"takes from one line what it gives to another", test_virements_take_and_give},
    {"keeps words and digest of its own", test_keep_their_words},
    {NULL, NULL},
};

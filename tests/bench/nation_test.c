/* nation_test.c: the made-up nation has the size it claims, and its vouchers are the same for the
 * same seed, balanced, hot at the top, and alike in every form. */
#include "bench/nation.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_bench_nation_tests[];

#define DRAWS 20000

static int
count_events(const FiscSubmission *submission, const char *kind)
{
    int count = 0;
    for (guint i = 0; i < submission->events->len; i++) {
        count += strcmp(((const FiscEvent *)submission->events->pdata[i])->kind, kind) == 0;
    }
    return count;
}

static int
count_national_accounts(const FiscSubmission *submission)
{
    int count = 0;
    for (guint i = 0; i < submission->events->len; i++) {
        const FiscEvent *event = submission->events->pdata[i];
        count += strcmp(event->kind, "account") == 0 && event->subject[0] == 'N' &&
                 fisc_event_field(event, "gfs") != NULL;
    }
    return count;
}

static void
test_has_its_size(void)
{
    g_autoptr(FiscBenchNation) nation = fisc_bench_nation_new(1);
    g_autoptr(FiscSubmission) master = fisc_bench_nation_master(nation);
    g_autoptr(FiscSubmission) budget = fisc_bench_nation_budget(nation);
    FISC_ASSERT_INT(count_events(master, "entity"), 51 + 2605 + 1);
    FISC_ASSERT_INT(count_events(master, "group"), 2);
    FISC_ASSERT_INT(count_events(master, "control"), 1);
    FISC_ASSERT_INT(count_national_accounts(master), 300);
    FISC_ASSERT_INT(budget->entries->len, 10000);
}

static void
test_gives_every_budget_line_its_own_key(void)
{
    g_autoptr(FiscBenchNation) nation = fisc_bench_nation_new(1);
    g_autoptr(GHashTable) keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    int dry = 0;
    for (int i = 0; i < FISC_BENCH_BUDGETS; i++) {
        const FiscBenchBudget *budget = &nation->budget[i];
        char *key = g_strdup_printf("%d %d %d", budget->unit, budget->programme, budget->economic);
        CU_ASSERT(g_hash_table_add(keys, key));
        dry += fisc_bench_budget_is_dry(budget);
    }
    FISC_ASSERT_INT(dry, FISC_BENCH_BUDGETS / 50);
}

static void
test_draws_the_same_for_the_same_seed(void)
{
    g_autoptr(FiscBenchNation) nation = fisc_bench_nation_new(7);
    FiscBenchRandom first = fisc_bench_random(7, 1);
    FiscBenchRandom again = fisc_bench_random(7, 1);
    FiscBenchRandom other = fisc_bench_random(7, 2);
    for (int i = 0; i < 100; i++) {
        FiscBenchVoucher a, b, c;
        memset(&a, 0, sizeof a);
        memset(&b, 0, sizeof b);
        fisc_bench_voucher_draw(nation, &first, &a);
        fisc_bench_voucher_draw(nation, &again, &b);
        fisc_bench_voucher_draw(nation, &other, &c);
        CU_ASSERT_EQUAL(memcmp(&a, &b, sizeof a), 0);
        CU_ASSERT(strcmp(a.reference, c.reference) != 0);
        FISC_ASSERT_INT(strlen(a.reference), FISC_BENCH_REFERENCE_LENGTH);
    }
}

/* zipf(1) over 10,000: the hottest line has 1 / H(10000) = 10.2 % of the draws. */
static void
test_has_hot_lines(void)
{
    g_autoptr(FiscBenchNation) nation = fisc_bench_nation_new(1);
    FiscBenchRandom random = fisc_bench_random(1, 1);
    g_autofree int *drawn = g_new0(int, FISC_BENCH_BUDGETS);
    int hottest = 0;
    int touched = 0;
    for (int i = 0; i < DRAWS; i++) {
        FiscBenchVoucher voucher;
        fisc_bench_voucher_draw(nation, &random, &voucher);
        touched += drawn[voucher.budget]++ == 0;
        hottest = MAX(hottest, drawn[voucher.budget]);
    }
    CU_ASSERT(hottest > DRAWS * 9 / 100 && hottest < DRAWS * 12 / 100);
    CU_ASSERT(touched > 3000);
}

static void
test_is_one_voucher_in_every_form(void)
{
    g_autoptr(FiscBenchNation) nation = fisc_bench_nation_new(1);
    FiscBenchRandom random = fisc_bench_random(1, 1);
    for (int i = 0; i < 100; i++) {
        g_autoptr(FiscSubmission) submission = fisc_submission_new("test", "test");
        g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
        FiscBenchVoucher voucher;
        FiscBenchLine lines[FISC_BENCH_VOUCHER_LINES];
        int64_t sum = 0;
        fisc_bench_voucher_draw(nation, &random, &voucher);
        const FiscEntry *entry = fisc_bench_voucher_entry(nation, &voucher, submission);
        fisc_bench_voucher_lines(nation, &voucher, lines);
        fisc_entry_check(entry, refusals);
        FISC_ASSERT_INT(refusals->len, 0);
        FISC_ASSERT_INT(entry->lines->len, FISC_BENCH_VOUCHER_LINES);
        for (int k = 0; k < FISC_BENCH_VOUCHER_LINES; k++) {
            FISC_ASSERT_INT(g_array_index(entry->lines, FiscLine, k).amount, lines[k].amount);
            sum += lines[k].amount;
        }
        FISC_ASSERT_INT(sum, 0);
        FISC_ASSERT_INT(fisc_period_of(entry->effective), fisc_bench_voucher_period(&voucher));
    }
}

const FiscTest fisc_bench_nation_tests[] = {
    {"has the units, accounts and budget lines it claims", test_has_its_size},
    {"gives every budget line a key of its own, and lets every fiftieth run dry",
     test_gives_every_budget_line_its_own_key},
    {"draws the same vouchers for the same seed and others for another stream",
     test_draws_the_same_for_the_same_seed},
    {"has a hottest line with a tenth of the vouchers, and a long tail", test_has_hot_lines},
    {"is one balanced voucher for everybody who posts it", test_is_one_voucher_in_every_form},
    {NULL, NULL},
};

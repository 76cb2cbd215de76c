/* sim_test.c: the engine against the naive model; and, as controls, models that are wrong. */
#include "tests/sim/model.h"
#include "tests/sim/simulation.h"
#include "tests/support/suite.h"
#include <stdio.h>
#include <string.h>

#define SHORT_OPERATIONS 200000
#define LONG_OPERATIONS 10000000
#define FIRST_SEED 20240601
#define CONTROL_NATIONS 50

extern const FiscTest fisc_sim_tests[];

static void
print_statistics(const SimStatistics *statistics, gint64 microseconds)
{
    printf("\n    %" G_GINT64_FORMAT " operations of %" G_GINT64_FORMAT
           " nations in %.1f s (%.0f a "
           "second): %" G_GINT64_FORMAT " posted, %" G_GINT64_FORMAT " repeated, %" G_GINT64_FORMAT
           " conflicts, %" G_GINT64_FORMAT " refused, %" G_GINT64_FORMAT
           " of them for funds; %" G_GINT64_FORMAT " groups, %" G_GINT64_FORMAT
           " batches taken back, %" G_GINT64_FORMAT " landed and %" G_GINT64_FORMAT
           " crashed under the next one, %" G_GINT64_FORMAT " engines restored, %" G_GINT64_FORMAT
           " caught up, %" G_GINT64_FORMAT " funds compared\n  ",
           statistics->operations, statistics->nations, (double)microseconds / 1e6,
           (double)statistics->operations * 1e6 / (double)MAX(microseconds, 1), statistics->posted,
           statistics->repeated, statistics->conflicts, statistics->refused,
           statistics->funds_refusals, statistics->groups, statistics->undone, statistics->landed,
           statistics->crashed, statistics->restored, statistics->followed,
           statistics->funds_compared);
}

static void
test_engine_agrees_with_the_model(void)
{
    SimStatistics statistics = {0};
    g_autofree char *story = NULL;
    int64_t operations = g_getenv("FISC_TEST_LONG") != NULL ? LONG_OPERATIONS : SHORT_OPERATIONS;
    gint64 begin = g_get_monotonic_time();
    bool has_agreed = sim_run(FIRST_SEED, operations, &statistics, &story);
    print_statistics(&statistics, g_get_monotonic_time() - begin);
    FISC_ASSERT_TEXT(has_agreed ? "agreed" : story, "agreed");
    /* A run in which something never happened proves nothing about it. */
    int64_t happened[] = {
        statistics.posted,   statistics.repeated,       statistics.conflicts,
        statistics.refused,  statistics.funds_refusals, statistics.groups,
        statistics.undone,   statistics.landed,         statistics.crashed,
        statistics.restored, statistics.followed,       statistics.funds_compared};
    for (gsize i = 0; i < G_N_ELEMENTS(happened); i++) {
        CU_ASSERT_TRUE(happened[i] > 100);
    }
}

static void
test_same_seed_same_run(void)
{
    SimStatistics one = {0};
    SimStatistics two = {0};
    g_autofree char *story = NULL;
    CU_ASSERT_TRUE(sim_run(7, 3000, &one, &story) && sim_run(7, 3000, &two, &story));
    CU_ASSERT_EQUAL(memcmp(&one, &two, sizeof one), 0);
}

/* How many of some nations notice that the model's limits are off. */
static int
count_caught(int64_t limit_error)
{
    int caught = 0;
    for (int i = 0; i < CONTROL_NATIONS; i++) {
        SimStatistics statistics = {0};
        g_autofree char *story = NULL;
        if (!sim_run_nation(FIRST_SEED + (uint64_t)i, SIM_NATION_OPERATIONS, limit_error,
                            &statistics, &story)) {
            CU_ASSERT_PTR_NOT_NULL(strstr(story, "seed 202406"));
            CU_ASSERT_PTR_NOT_NULL(strstr(story, "BUDGET_EXCEEDED"));
            caught++;
        }
    }
    return caught;
}

static void
test_one_unit_is_noticed(void)
{
    CU_ASSERT_TRUE(count_caught(1) > 0);
    CU_ASSERT_TRUE(count_caught(-1) > 0);
    FISC_ASSERT_INT(count_caught(0), 0);
}

const FiscTest fisc_sim_tests[] = {
    {"agrees with the naive model in every answer and every fund",
     test_engine_agrees_with_the_model},
    {"runs the same way again from the same seed", test_same_seed_same_run},
    {"notices a model whose limit is one unit off (control)", test_one_unit_is_noticed},
    {NULL, NULL},
};

/* sim_test.c: the engine against the naive model; and, as controls, models that are wrong. */
#include "tests/sim/model.h"
#include "tests/sim/simulation.h"
#include "tests/support/suite.h"
#include <stdio.h>
#include <string.h>

#define SHORT_OPERATIONS 100000
#define LONG_OPERATIONS 10000000
#define FIRST_SEED 20240601
#define CONTROL_NATIONS 120

extern const FiscTest fisc_sim_tests[];

static void
print_statistics(const SimStatistics *statistics, gint64 microseconds)
{
    printf("\n    %" G_GINT64_FORMAT " operations of %" G_GINT64_FORMAT
           " nations in %.1f s (%.0f a "
           "second): %" G_GINT64_FORMAT " posted, %" G_GINT64_FORMAT " repeated, %" G_GINT64_FORMAT
           " conflicts, %" G_GINT64_FORMAT " refused, %" G_GINT64_FORMAT
           " of them for funds, %" G_GINT64_FORMAT " warnings, %" G_GINT64_FORMAT
           " lines of open items, %" G_GINT64_FORMAT " entries that give back; %" G_GINT64_FORMAT
           " groups, %" G_GINT64_FORMAT " batches taken back, %" G_GINT64_FORMAT
           " landed and %" G_GINT64_FORMAT " crashed under the next one, %" G_GINT64_FORMAT
           " engines restored, %" G_GINT64_FORMAT " caught up, %" G_GINT64_FORMAT
           " funds compared\n  ",
           statistics->operations, statistics->nations, (double)microseconds / 1e6,
           (double)statistics->operations * 1e6 / (double)MAX(microseconds, 1), statistics->posted,
           statistics->repeated, statistics->conflicts, statistics->refused,
           statistics->funds_refusals, statistics->warnings, statistics->item_lines,
           statistics->given_back, statistics->groups, statistics->undone, statistics->landed,
           statistics->crashed, statistics->restored, statistics->followed,
           statistics->funds_compared);
}

/* Nations in which engine and model differed once. */
static void
test_what_was_found(void)
{
    static const uint64_t seeds[] = {10025128, 10040432, 20025301};
    for (gsize i = 0; i < G_N_ELEMENTS(seeds); i++) {
        SimStatistics statistics = {0};
        g_autofree char *story = NULL;
        bool has_agreed = sim_run(seeds[i], 400, &statistics, &story);
        FISC_ASSERT_TEXT(has_agreed ? "agreed" : story, "agreed");
    }
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
    int64_t happened[] = {statistics.posted,   statistics.repeated,       statistics.conflicts,
                          statistics.refused,  statistics.funds_refusals, statistics.groups,
                          statistics.undone,   statistics.landed,         statistics.crashed,
                          statistics.restored, statistics.followed,       statistics.funds_compared,
                          statistics.warnings, statistics.item_lines,     statistics.given_back};
    for (gsize i = 0; i < G_N_ELEMENTS(happened); i++) {
        CU_ASSERT_TRUE(happened[i] > 100);
    }
    static const FiscError said[] = {
        FISC_ERROR_BUDGET_EXCEEDED, FISC_ERROR_NO_BUDGET,         FISC_ERROR_PERIOD_NOT_OPEN,
        FISC_ERROR_ITEM_UNKNOWN,    FISC_ERROR_ITEM_EXCEEDED,     FISC_ERROR_ITEM_MISMATCH,
        FISC_ERROR_BUDGET_WARNING,  FISC_ERROR_BUDGET_TOLERATED,  FISC_ERROR_BUDGET_ADVISORY,
        FISC_ERROR_BUDGET_REVALUED, FISC_ERROR_BUDGET_OVERRIDDEN, FISC_ERROR_COVER_DRAWN,
        FISC_ERROR_AMOUNT_OVERFLOW, FISC_ERROR_MASTER_CONFLICT,   FISC_ERROR_VALUE_INVALID};
    for (gsize i = 0; i < G_N_ELEMENTS(said); i++) {
        if (statistics.by_code[said[i]] < 10) {
            FISC_ASSERT_TEXT("was hardly ever said", fisc_error_name(said[i]));
        }
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

/* Whether one of some nations notices that the model is wrong. */
static bool
is_noticed(SimMistake mistake)
{
    for (int i = 0; i < CONTROL_NATIONS; i++) {
        SimStatistics statistics = {0};
        g_autofree char *story = NULL;
        if (!sim_run_nation(FIRST_SEED + (uint64_t)i, SIM_NATION_OPERATIONS, mistake, &statistics,
                            &story)) {
            FISC_ASSERT_CONTAINS(story, "seed 202406");
            return true;
        }
    }
    return false;
}

static void
test_every_mistake_is_noticed(void)
{
    for (int mistake = SIM_RIGHT; mistake < SIM_MISTAKES; mistake++) {
        if (is_noticed((SimMistake)mistake) != (mistake != SIM_RIGHT)) {
            g_autofree char *what = g_strdup_printf("mistake %d of the model", mistake);
            FISC_ASSERT_TEXT(mistake == SIM_RIGHT ? "is noticed" : "is not noticed", what);
        }
    }
}

const FiscTest fisc_sim_tests[] = {
    {"the engine agrees with the model where it once did not", test_what_was_found},
    {"agrees with the naive model in every answer and every fund",
     test_engine_agrees_with_the_model},
    {"runs the same way again from the same seed", test_same_seed_same_run},
    {"notices a model that is wrong in one rule, for each of its rules (control)",
     test_every_mistake_is_noticed},
    {NULL, NULL},
};

/* main.c: the simulation of the engine; "test_sim --seed N --ops N" replays or goes on for longer.
 */
#include "tests/sim/simulation.h"
#include "tests/support/suite.h"
#include <stdio.h>
#include <string.h>

extern const FiscTest fisc_sim_tests[];

/* clang-format off */
static const FiscSuite suites[] = {
    {"sim", fisc_sim_tests, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};
/* clang-format on */

static void
print_codes(const SimStatistics *statistics)
{
    for (int code = 0; code < FISC_ERROR_COUNT; code++) {
        if (statistics->by_code[code] > 0) {
            printf("  %-22s %10" G_GINT64_FORMAT "\n", fisc_error_name((FiscError)code),
                   statistics->by_code[code]);
        }
    }
}

static int
run_by_hand(uint64_t seed, int64_t operations)
{
    SimStatistics statistics = {0};
    g_autofree char *story = NULL;
    gint64 begin = g_get_monotonic_time();
    bool has_agreed = sim_run(seed, operations, &statistics, &story);
    gint64 microseconds = g_get_monotonic_time() - begin;
    printf("%sseeds %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT ": %" G_GINT64_FORMAT
           " operations in %.1f s, %s\n",
           has_agreed ? "" : story, seed, seed + (uint64_t)statistics.nations - 1,
           statistics.operations, (double)microseconds / 1e6,
           has_agreed ? "engine and model agree" : "they differ");
    print_codes(&statistics);
    return has_agreed ? 0 : 1;
}

int
main(int argc, char **argv)
{
    uint64_t seed = 1;
    int64_t operations = 0;
    for (int i = 1; i + 1 < argc; i += 2) {
        if (strcmp(argv[i], "--seed") == 0) {
            seed = g_ascii_strtoull(argv[i + 1], NULL, 10);
        } else if (strcmp(argv[i], "--ops") == 0) {
            operations = g_ascii_strtoll(argv[i + 1], NULL, 10);
        }
    }
    return operations > 0 ? run_by_hand(seed, operations)
                          : fisc_suite_main("sim", suites, argc, argv);
}

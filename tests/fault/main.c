/* main.c: kills, cuts and races on a real PostgreSQL; FISC_TEST_LONG=1 runs the long forms. */
#include "tests/support/database.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_kill_point_tests[];
extern const FiscTest fisc_kill_tests[];
extern const FiscTest fisc_walk_tests[];
extern const FiscTest fisc_commit_tests[];
extern const FiscTest fisc_enact_fault_tests[];
extern const FiscTest fisc_race_tests[];
extern const FiscTest fisc_turn_tests[];
extern const FiscTest fisc_server_tests[];
int fisc_server_tests_up(void);
int fisc_server_tests_down(void);

/* clang-format off */
static const FiscSuite suites[] = {
    {"kill point", fisc_kill_point_tests, NULL, NULL},
    {"kill", fisc_kill_tests, NULL, NULL},
    {"walk", fisc_walk_tests, NULL, NULL},
    {"commit", fisc_commit_tests, NULL, NULL},
    {"enactment", fisc_enact_fault_tests, NULL, NULL},
    {"race", fisc_race_tests, NULL, NULL},
    {"turn", fisc_turn_tests, NULL, fisc_test_cluster_down},
    {"server", fisc_server_tests, fisc_server_tests_up, fisc_server_tests_down},
    {NULL, NULL, NULL, NULL},
};
/* clang-format on */

int
main(int argc, char **argv)
{
    return fisc_suite_main("fault", suites, argc, argv);
}

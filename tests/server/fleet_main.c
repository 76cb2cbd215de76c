/* fleet_main.c: the suites of servers that are processes of their own. */
#include "tests/support/database.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_pair_tests[];
extern const FiscTest fisc_replica_tests[];
extern const FiscTest fisc_grant_tests[];
extern const FiscTest fisc_sealed_pull_tests[];
extern const FiscTest fisc_soak_tests[];

/* clang-format off */
static const FiscSuite suites[] = {
    {"a pair of servers", fisc_pair_tests, NULL, NULL},
    {"a server on a replica", fisc_replica_tests, NULL, NULL},
    {"another fisc", fisc_sealed_pull_tests, NULL, NULL},
    {"a grant from both sides", fisc_grant_tests, NULL, NULL},
    {"a server that is soaked", fisc_soak_tests, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};
/* clang-format on */

int
main(int argc, char **argv)
{
    int status = fisc_suite_main("fleet", suites, argc, argv);
    fisc_test_cluster_down();
    return status;
}

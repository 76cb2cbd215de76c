/* main.c: the tests of app/witness. */
#include "tests/support/database.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_witness_tests[];
extern const FiscTest fisc_walk_tests[];

/* clang-format off */
static const FiscSuite suites[] = {
    {"witness", fisc_witness_tests, NULL, NULL},
    {"walk", fisc_walk_tests, NULL, fisc_test_cluster_down},
    {NULL, NULL, NULL, NULL},
};
/* clang-format on */

int
main(int argc, char **argv)
{
    return fisc_suite_main("witness", suites, argc, argv);
}

/* main.c: the tests of core/db. */
#include "tests/support/database.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_cluster_tests[];
extern const FiscTest fisc_schema_tests[];
extern const FiscTest fisc_scope_tests[];

int fisc_cluster_tests_up(void);
int fisc_cluster_tests_down(void);

int
main(int argc, char **argv)
{
    const FiscSuite suites[] = {
        {"cluster", fisc_cluster_tests, fisc_cluster_tests_up, fisc_cluster_tests_down},
        {"schema", fisc_schema_tests, NULL, NULL},
        {"scope", fisc_scope_tests, NULL, fisc_test_cluster_down},
        {NULL, NULL, NULL, NULL},
    };
    return fisc_suite_main("db", suites, argc, argv);
}

/* access_main.c: who may ask what of a server, over every route there is. */
#include "tests/support/database.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_matrix_server_tests[];
extern const FiscTest fisc_differential_tests[];
extern const FiscTest fisc_access_tests[];

int
main(int argc, char **argv)
{
    const FiscSuite suites[] = {
        {"routes and roles", fisc_matrix_server_tests, NULL, NULL},
        {"two books", fisc_differential_tests, NULL, NULL},
        {"reads and quotas", fisc_access_tests, NULL, NULL},
        {NULL, NULL, NULL, NULL},
    };
    int status = fisc_suite_main("access", suites, argc, argv);
    fisc_test_cluster_down();
    return status;
}

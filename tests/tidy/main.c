/* main.c: the house rules as a test program. */
#include "tests/support/suite.h"

extern const FiscTest fisc_tidy_tests[];

int
main(int argc, char **argv)
{
    const FiscSuite suites[] = {
        {"tidy", fisc_tidy_tests, NULL, NULL},
        {NULL, NULL, NULL, NULL},
    };
    return fisc_suite_main("tidy", suites, argc, argv);
}

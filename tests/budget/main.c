/* main.c: the tests of budget/ that need no database. */
#include "tests/support/suite.h"

extern const FiscTest fisc_change_tests[];

static const FiscSuite suites[] = {
    {"changes", fisc_change_tests, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};

int
main(int argc, char **argv)
{
    return fisc_suite_main("budget", suites, argc, argv);
}

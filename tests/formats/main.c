/* main.c: the tests of core/formats. */
#include "tests/support/suite.h"

extern const FiscTest fisc_beside_tests[];
extern const FiscTest fisc_csv_tests[];
extern const FiscTest fisc_table_tests[];
extern const FiscTest fisc_xlsx_tests[];

static const FiscSuite SUITES[] = {
    {"csv", fisc_csv_tests, NULL, NULL},
    {"table", fisc_table_tests, NULL, NULL},
    {"tables side by side", fisc_beside_tests, NULL, NULL},
    {"xlsx", fisc_xlsx_tests, NULL, NULL},
    {NULL},
};

int
main(int argc, char **argv)
{
    return fisc_suite_main("formats", SUITES, argc, argv);
}

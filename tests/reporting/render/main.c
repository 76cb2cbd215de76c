/* main.c: the tests of how reports leave the house: spreadsheets, SDMX, other languages. */
#include "tests/support/suite.h"

extern const FiscTest fisc_labels_tests[];
extern const FiscTest fisc_sdmx_tests[];
extern const FiscTest fisc_xlsx_render_tests[];

static const FiscSuite SUITES[] = {
    {"languages", fisc_labels_tests, NULL, NULL},
    {"spreadsheets", fisc_xlsx_render_tests, NULL, NULL},
    {"SDMX", fisc_sdmx_tests, NULL, NULL},
    {NULL},
};

int
main(int argc, char **argv)
{
    return fisc_suite_main("render", SUITES, argc, argv);
}

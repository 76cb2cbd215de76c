/* main.c: the tests of reporting. */
#include "tests/support/suite.h"

extern const FiscTest fisc_layout_tests[];
extern const FiscTest fisc_package_tests[];
extern const FiscTest fisc_identity_tests[];
extern const FiscTest fisc_consolidation_tests[];
extern const FiscTest fisc_budget_report_tests[];
extern const FiscTest fisc_budget_consolidated_tests[];
extern const FiscTest fisc_national_tests[];
extern const FiscTest fisc_budget_book_tests[];
extern const FiscTest fisc_budget_part_tests[];
extern const FiscTest fisc_pefa_tests[];

static const FiscSuite SUITES[] = {
    {"layouts", fisc_layout_tests, NULL, NULL},
    {"packages with known answers", fisc_package_tests, NULL, NULL},
    {"identities of any books", fisc_identity_tests, NULL, NULL},
    {"consolidation", fisc_consolidation_tests, NULL, NULL},
    {"budget and trial balance", fisc_budget_report_tests, NULL, NULL},
    {"a budget consolidated", fisc_budget_consolidated_tests, NULL, NULL},
    {"national charts", fisc_national_tests, NULL, NULL},
    {"what changed a budget", fisc_budget_part_tests, NULL, NULL},
    {"the budget book", fisc_budget_book_tests, NULL, NULL},
    {"PEFA indicators", fisc_pefa_tests, NULL, NULL},
    {NULL},
};

int
main(int argc, char **argv)
{
    return fisc_suite_main("reporting", SUITES, argc, argv);
}

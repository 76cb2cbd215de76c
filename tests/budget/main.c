/* main.c: the tests of budget/ that need no database. */
#include "tests/support/suite.h"

extern const FiscTest fisc_block_tests[];
extern const FiscTest fisc_change_tests[];
extern const FiscTest fisc_enact_tests[];
extern const FiscTest fisc_interim_tests[];
extern const FiscTest fisc_plan_change_tests[];
extern const FiscTest fisc_plan_patch_tests[];
extern const FiscTest fisc_plan_report_tests[];
extern const FiscTest fisc_plan_table_tests[];
extern const FiscTest fisc_plan_text_tests[];
extern const FiscTest fisc_year_end_tests[];

static const FiscSuite suites[] = {
    {"changes", fisc_change_tests, NULL, NULL},
    {"blocks and draws", fisc_block_tests, NULL, NULL},
    {"laws", fisc_enact_tests, NULL, NULL},
    {"interim budgets", fisc_interim_tests, NULL, NULL},
    {"texts of budget lines", fisc_plan_text_tests, NULL, NULL},
    {"steps, comparison and merge", fisc_plan_change_tests, NULL, NULL},
    {"texts that say only some things", fisc_plan_patch_tests, NULL, NULL},
    {"tables of a version", fisc_plan_table_tests, NULL, NULL},
    {"what a version says", fisc_plan_report_tests, NULL, NULL},
    {"ends of years", fisc_year_end_tests, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};

int
main(int argc, char **argv)
{
    return fisc_suite_main("budget", suites, argc, argv);
}

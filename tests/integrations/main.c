/* main.c: the tests of integrations/, all without a database. */
#include "tests/support/suite.h"

extern const FiscTest fisc_template_tests[];
extern const FiscTest fisc_package_tests[];
extern const FiscTest fisc_package_chart_tests[];
extern const FiscTest fisc_package_control_tests[];
extern const FiscTest fisc_rules_tests[];
extern const FiscTest fisc_carry_file_tests[];
extern const FiscTest fisc_entries_tests[];
extern const FiscTest fisc_profile_tests[];
extern const FiscTest fisc_profile_cancel_tests[];
extern const FiscTest fisc_profile_cumulative_tests[];
extern const FiscTest fisc_profile_mapped_tests[];
extern const FiscTest fisc_profile_part_tests[];
extern const FiscTest fisc_profile_plan_tests[];
extern const FiscTest fisc_profile_source_tests[];
extern const FiscTest fisc_propose_tests[];
extern const FiscTest fisc_settle_tests[];
extern const FiscTest fisc_madrid_tests[];
extern int fisc_madrid_set_up(void);
extern int fisc_madrid_tear_down(void);

static const FiscSuite SUITES[] = {
    {"template", fisc_template_tests, NULL, NULL},
    {"package", fisc_package_tests, NULL, NULL},
    {"package chart", fisc_package_chart_tests, NULL, NULL},
    {"package control", fisc_package_control_tests, NULL, NULL},
    {"rules", fisc_rules_tests, NULL, NULL},
    {"carry rules", fisc_carry_file_tests, NULL, NULL},
    {"entries", fisc_entries_tests, NULL, NULL},
    {"profile", fisc_profile_tests, NULL, NULL},
    {"profile of net changes", fisc_profile_cancel_tests, NULL, NULL},
    {"profile of cumulative amounts", fisc_profile_cumulative_tests, NULL, NULL},
    {"profile of a trial balance", fisc_profile_part_tests, NULL, NULL},
    {"profile of a budget", fisc_profile_plan_tests, NULL, NULL},
    {"profile of a source", fisc_profile_source_tests, NULL, NULL},
    {"codes in suspense", fisc_profile_mapped_tests, NULL, NULL},
    {"proposals", fisc_propose_tests, NULL, NULL},
    {"settling", fisc_settle_tests, NULL, NULL},
    {"madrid", fisc_madrid_tests, fisc_madrid_set_up, fisc_madrid_tear_down},
    {NULL},
};

int
main(int argc, char **argv)
{
    return fisc_suite_main("integrations", SUITES, argc, argv);
}

/* main.c: the tests of reporting. */
#include "tests/support/suite.h"

extern const FiscTest fisc_layout_tests[];
extern const FiscTest fisc_layout_check_tests[];
extern const FiscTest fisc_ipsas_tests[];
extern const FiscTest fisc_package_tests[];
extern const FiscTest fisc_identity_tests[];
extern const FiscTest fisc_bundle_tests[];
extern const FiscTest fisc_drill_tests[];
extern const FiscTest fisc_pivot_tests[];
extern const FiscTest fisc_allocate_tests[];
extern const FiscTest fisc_bridge_tests[];
extern const FiscTest fisc_cofog_economic_tests[];
extern const FiscTest fisc_questionnaire_tests[];
extern const FiscTest fisc_consolidation_tests[];
extern const FiscTest fisc_budget_report_tests[];
extern const FiscTest fisc_budget_consolidated_tests[];
extern const FiscTest fisc_national_tests[];
extern const FiscTest fisc_budget_book_tests[];
extern const FiscTest fisc_budget_part_tests[];
extern const FiscTest fisc_pefa_tests[];
extern const FiscTest fisc_translate_tests[];
extern const FiscTest fisc_history_tests[];
extern const FiscTest fisc_restate_tests[];
extern const FiscTest fisc_completeness_tests[];
extern const FiscTest fisc_asymmetry_tests[];
extern const FiscTest fisc_transfer_tests[];
extern const FiscTest fisc_calendar_tests[];
extern const FiscTest fisc_grouping_tests[];
extern const FiscTest fisc_layer_tests[];

static const FiscSuite SUITES[] = {
    {"layouts", fisc_layout_tests, NULL, NULL},
    {"the check of a layout", fisc_layout_check_tests, NULL, NULL},
    {"IPSAS", fisc_ipsas_tests, NULL, NULL},
    {"open data", fisc_bundle_tests, NULL, NULL},
    {"packages with known answers", fisc_package_tests, NULL, NULL},
    {"identities of any books", fisc_identity_tests, NULL, NULL},
    {"names of figures", fisc_drill_tests, NULL, NULL},
    {"tables by any segments", fisc_pivot_tests, NULL, NULL},
    {"costs shared out", fisc_allocate_tests, NULL, NULL},
    {"books in another standard", fisc_bridge_tests, NULL, NULL},
    {"the annual questionnaire", fisc_questionnaire_tests, NULL, NULL},
    {"functions by class", fisc_cofog_economic_tests, NULL, NULL},
    {"consolidation", fisc_consolidation_tests, NULL, NULL},
    {"budget and trial balance", fisc_budget_report_tests, NULL, NULL},
    {"a budget consolidated", fisc_budget_consolidated_tests, NULL, NULL},
    {"national charts", fisc_national_tests, NULL, NULL},
    {"what changed a budget", fisc_budget_part_tests, NULL, NULL},
    {"the budget book", fisc_budget_book_tests, NULL, NULL},
    {"PEFA indicators", fisc_pefa_tests, NULL, NULL},
    {"units and groups that change", fisc_history_tests, NULL, NULL},
    {"restated comparatives", fisc_restate_tests, NULL, NULL},
    {"several currencies", fisc_translate_tests, NULL, NULL},
    {"completeness", fisc_completeness_tests, NULL, NULL},
    {"asymmetries", fisc_asymmetry_tests, NULL, NULL},
    {"transfers", fisc_transfer_tests, NULL, NULL},
    {"calendars", fisc_calendar_tests, NULL, NULL},
    {"groupings of the same members", fisc_grouping_tests, NULL, NULL},
    {"layers and levels", fisc_layer_tests, NULL, NULL},
    {NULL},
};

int
main(int argc, char **argv)
{
    return fisc_suite_main("reporting", SUITES, argc, argv);
}

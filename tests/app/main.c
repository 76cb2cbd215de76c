/* main.c: the tests of the walks, on a real PostgreSQL. */
#include "tests/support/database.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_nation_walk_tests[];
int fisc_nation_set_up(void);
int fisc_nation_tear_down(void);
extern const FiscTest fisc_analysis_tests[];
extern const FiscTest fisc_unit_tests[];
int fisc_analysis_tear_down(void);
extern const FiscTest fisc_post_tests[];
extern const FiscTest fisc_item_walk_tests[];
extern const FiscTest fisc_reverse_tests[];
extern const FiscTest fisc_period_tests[];
extern const FiscTest fisc_person_walk_tests[];
extern const FiscTest fisc_document_walk_tests[];
extern const FiscTest fisc_enact_walk_tests[];
extern const FiscTest fisc_law_walk_tests[];
extern const FiscTest fisc_layout_walk_tests[];
extern const FiscTest fisc_pull_tests[];
extern const FiscTest fisc_pull_many_tests[];
extern const FiscTest fisc_pull_published_tests[];
extern const FiscTest fisc_pull_staged_tests[];
extern const FiscTest fisc_pull_msc_tests[];
extern const FiscTest fisc_pull_bank_tests[];
extern const FiscTest fisc_propose_walk_tests[];
extern const FiscTest fisc_plan_walk_tests[];
extern const FiscTest fisc_plan_compare_tests[];
extern const FiscTest fisc_year_end_walk_tests[];
extern const FiscTest fisc_report_tests[];
extern const FiscTest fisc_budget_book_walk_tests[];
extern const FiscTest fisc_export_tests[];
extern const FiscTest fisc_trace_tests[];
extern const FiscTest fisc_question_tests[];
extern const FiscTest fisc_drill_walk_tests[];
int fisc_drill_walk_set_up(void);
int fisc_drill_walk_tear_down(void);
extern const FiscTest fisc_publish_tests[];
extern const FiscTest fisc_audit_tests[];
extern const FiscTest fisc_bundle_walk_tests[];
extern const FiscTest fisc_what_if_tests[];
extern const FiscTest fisc_block_flow_tests[];
extern const FiscTest fisc_remedy_tests[];
extern const FiscTest fisc_remedy_search_tests[];
extern const FiscTest fisc_ussgl_tests[];
extern const FiscTest fisc_load_tests[];
extern const FiscTest fisc_madrid_walk_tests[];
int fisc_madrid_walk_set_up(void);
int fisc_madrid_walk_tear_down(void);
extern const FiscTest fisc_pages_walk_tests[];
int fisc_pages_set_up(void);
int fisc_pages_tear_down(void);
extern const FiscTest fisc_beside_walk_tests[];
int fisc_beside_set_up(void);
int fisc_beside_tear_down(void);
extern const FiscTest fisc_kyiv_tests[];
int fisc_kyiv_set_up(void);
int fisc_kyiv_tear_down(void);
extern const FiscTest fisc_federation_tests[];
int fisc_federation_set_up(void);
int fisc_federation_tear_down(void);
extern const FiscTest fisc_spain_tests[];
int fisc_spain_set_up(void);
int fisc_spain_tear_down(void);

/* clang-format off */
static const FiscSuite suites[] = {
    {"nations with known answers", fisc_nation_walk_tests, fisc_nation_set_up, fisc_nation_tear_down},
    {"views for analysts", fisc_analysis_tests, NULL, fisc_analysis_tear_down},
    {"units that change", fisc_unit_tests, NULL, NULL},
    {"posting", fisc_post_tests, NULL, NULL},
    {"open items", fisc_item_walk_tests, NULL, NULL},
    {"reversals", fisc_reverse_tests, NULL, NULL},
    {"periods", fisc_period_tests, NULL, NULL},
    {"persons", fisc_person_walk_tests, NULL, NULL},
    {"documents", fisc_document_walk_tests, NULL, NULL},
    {"enactment", fisc_enact_walk_tests, NULL, NULL},
    {"another budget law", fisc_law_walk_tests, NULL, NULL},
    {"layouts of one's own", fisc_layout_walk_tests, NULL, NULL},
    {"pulling", fisc_pull_tests, NULL, NULL},
    {"pulling many", fisc_pull_many_tests, NULL, NULL},
    {"pulling what others publish", fisc_pull_published_tests, NULL, NULL},
    {"pulled where duties are enforced", fisc_pull_staged_tests, NULL, NULL},
    {"pulling trial balances", fisc_pull_msc_tests, NULL, NULL},
    {"pulling bank statements", fisc_pull_bank_tests, NULL, NULL},
    {"proposals for unmapped codes", fisc_propose_walk_tests, NULL, NULL},
    {"versions of a budget", fisc_plan_walk_tests, NULL, NULL},
    {"versions beside each other", fisc_plan_compare_tests, NULL, NULL},
    {"ends of years", fisc_year_end_walk_tests, NULL, NULL},
    {"reports", fisc_report_tests, NULL, NULL},
    {"reports as pages", fisc_pages_walk_tests, fisc_pages_set_up, fisc_pages_tear_down},
    {"reports in columns", fisc_beside_walk_tests, fisc_beside_set_up, fisc_beside_tear_down},
    {"the budget book", fisc_budget_book_walk_tests, NULL, NULL},
    {"publications", fisc_publish_tests, NULL, NULL},
    {"audit packs", fisc_audit_tests, NULL, NULL},
    {"open data", fisc_bundle_walk_tests, NULL, NULL},
    {"the books for other programs", fisc_export_tests, NULL, NULL},
    {"traces", fisc_trace_tests, NULL, NULL},
    {"saved questions", fisc_question_tests, NULL, NULL},
    {"figures taken apart", fisc_drill_walk_tests, fisc_drill_walk_set_up, fisc_drill_walk_tear_down},
    {"what if", fisc_what_if_tests, NULL, NULL},
    {"blocks and draws", fisc_block_flow_tests, NULL, NULL},
    {"remedies", fisc_remedy_tests, NULL, NULL},
    {"remedies of random budgets", fisc_remedy_search_tests, NULL, NULL},
    {"a chart of two sets", fisc_ussgl_tests, NULL, NULL},
    {"loading", fisc_load_tests, NULL, NULL},
    {"Madrid 2018", fisc_madrid_walk_tests, fisc_madrid_walk_set_up, fisc_madrid_walk_tear_down},
    {"Kyiv 2021-2024", fisc_kyiv_tests, fisc_kyiv_set_up, fisc_kyiv_tear_down},
    {"Federation 2018", fisc_federation_tests, fisc_federation_set_up, fisc_federation_tear_down},
    {"Spain 2018", fisc_spain_tests, fisc_spain_set_up, fisc_spain_tear_down},
    {NULL, NULL, NULL, NULL},
};
/* clang-format on */

int
main(int argc, char **argv)
{
    int status = fisc_suite_main("app", suites, argc, argv);
    fisc_test_cluster_down();
    return status;
}

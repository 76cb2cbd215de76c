/* main.c: the tests of ledger. */
#include "tests/support/suite.h"

extern const FiscTest fisc_gfs_tests[];
extern const FiscTest fisc_chart_tests[];
extern const FiscTest fisc_entry_tests[];
extern const FiscTest fisc_digest_tests[];
extern const FiscTest fisc_merkle_tests[];
extern const FiscTest fisc_head_tests[];
extern const FiscTest fisc_nation_tests[];
extern const FiscTest fisc_engine_tests[];
extern const FiscTest fisc_duty_tests[];
extern const FiscTest fisc_duty_attack_tests[];
extern const FiscTest fisc_duty_document_tests[];
extern const FiscTest fisc_duty_feed_tests[];
extern const FiscTest fisc_hold_tests[];
extern const FiscTest fisc_control_change_tests[];
extern const FiscTest fisc_control_key_tests[];
extern const FiscTest fisc_control_tests[];
extern const FiscTest fisc_control_book_tests[];
extern const FiscTest fisc_cover_tests[];
extern const FiscTest fisc_block_tests[];
extern const FiscTest fisc_bound_tests[];
extern const FiscTest fisc_grow_tests[];
extern const FiscTest fisc_reserve_tests[];
extern const FiscTest fisc_case_tests[];
extern const FiscTest fisc_document_tests[];
extern const FiscTest fisc_signing_tests[];
extern const FiscTest fisc_virement_tests[];
extern const FiscTest fisc_random_rules_tests[];
extern const FiscTest fisc_item_tests[];
extern const FiscTest fisc_link_tests[];
extern const FiscTest fisc_poster_tests[];
extern const FiscTest fisc_verify_tests[];
extern const FiscTest fisc_proof_tests[];
extern const FiscTest fisc_sealed_tests[];
extern const FiscTest fisc_tamper_tests[];
int fisc_poster_tests_end(void);

/* clang-format off */
static const FiscSuite suites[] = {
    {"gfs", fisc_gfs_tests, NULL, NULL},
    {"chart", fisc_chart_tests, NULL, NULL},
    {"entry", fisc_entry_tests, NULL, NULL},
    {"digest", fisc_digest_tests, NULL, NULL},
    {"merkle", fisc_merkle_tests, NULL, NULL},
    {"head", fisc_head_tests, NULL, NULL},
    {"nation", fisc_nation_tests, NULL, NULL},
    {"engine", fisc_engine_tests, NULL, NULL},
    {"duties", fisc_duty_tests, NULL, NULL},
    {"duties and documents", fisc_duty_document_tests, NULL, NULL},
    {"attacks on duties", fisc_duty_attack_tests, NULL, NULL},
    {"duties and feeders", fisc_duty_feed_tests, NULL, NULL},
    {"holds", fisc_hold_tests, NULL, NULL},
    {"control", fisc_control_tests, NULL, NULL},
    {"what a control looks at", fisc_control_key_tests, NULL, NULL},
    {"controls that change", fisc_control_change_tests, NULL, NULL},
    {"control book", fisc_control_book_tests, NULL, NULL},
    {"cover", fisc_cover_tests, NULL, NULL},
    {"blocks", fisc_block_tests, NULL, NULL},
    {"carried and bound", fisc_bound_tests, NULL, NULL},
    {"growth", fisc_grow_tests, NULL, NULL},
    {"reserves", fisc_reserve_tests, NULL, NULL},
    {"cases", fisc_case_tests, NULL, NULL},
    {"documents", fisc_document_tests, NULL, NULL},
    {"signatures", fisc_signing_tests, NULL, NULL},
    {"virements", fisc_virement_tests, NULL, NULL},
    {"random rules", fisc_random_rules_tests, NULL, NULL},
    {"item", fisc_item_tests, NULL, NULL},
    {"linked sets", fisc_link_tests, NULL, NULL},
    {"poster", fisc_poster_tests, NULL, fisc_poster_tests_end},
    {"verify", fisc_verify_tests, NULL, NULL},
    {"proof", fisc_proof_tests, NULL, NULL},
    {"sealed entries", fisc_sealed_tests, NULL, NULL},
    {"tamper", fisc_tamper_tests, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};
/* clang-format on */

int
main(int argc, char **argv)
{
    return fisc_suite_main("ledger", suites, argc, argv);
}

/* main.c: the tests of core/base. */
#include "tests/support/suite.h"

extern const FiscTest fisc_error_tests[];
extern const FiscTest fisc_refusal_tests[];
extern const FiscTest fisc_money_tests[];
extern const FiscTest fisc_date_tests[];
extern const FiscTest fisc_depth_tests[];
extern const FiscTest fisc_hash_tests[];
extern const FiscTest fisc_log_tests[];

static const FiscSuite suites[] = {
    {"error", fisc_error_tests, NULL, NULL}, {"refusal", fisc_refusal_tests, NULL, NULL},
    {"money", fisc_money_tests, NULL, NULL}, {"date", fisc_date_tests, NULL, NULL},
    {"depth", fisc_depth_tests, NULL, NULL}, {"hash", fisc_hash_tests, NULL, NULL},
    {"log", fisc_log_tests, NULL, NULL},     {NULL, NULL, NULL, NULL},
};

int
main(int argc, char **argv)
{
    return fisc_suite_main("base", suites, argc, argv);
}

/* api_main.c: the suites of the API: its description, its examples, and what anybody may ask. */
#include "tests/support/database.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_openapi_tests[];
extern const FiscTest fisc_api_book_tests[];
extern const FiscTest fisc_api_record_tests[];
extern const FiscTest fisc_api_report_tests[];
extern const FiscTest fisc_example_tests[];
extern const FiscTest fisc_generated_tests[];

/* clang-format off */
static const FiscSuite suites[] = {
    {"the description", fisc_openapi_tests, NULL, NULL},
    {"examples", fisc_example_tests, NULL, NULL},
    {"the book, over HTTP", fisc_api_book_tests, NULL, NULL},
    {"reports, over HTTP", fisc_api_report_tests, NULL, NULL},
    {"records, over HTTP", fisc_api_record_tests, NULL, NULL},
    {"anything", fisc_generated_tests, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};
/* clang-format on */

int
main(int argc, char **argv)
{
    int status = fisc_suite_main("api", suites, argc, argv);
    fisc_test_cluster_down();
    return status;
}

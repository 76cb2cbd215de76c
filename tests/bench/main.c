/* main.c: the tests of bench: that it measures what it says and gives no figures for wrong books.
 * Nothing is timed here. */
#include "tests/support/database.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_bench_books_tests[];
extern const FiscTest fisc_bench_histogram_tests[];
extern const FiscTest fisc_bench_nation_tests[];
extern const FiscTest fisc_bench_program_tests[];
extern const FiscTest fisc_bench_result_tests[];

/* clang-format off */
static const FiscSuite suites[] = {
    {"histogram", fisc_bench_histogram_tests, NULL, NULL},
    {"nation", fisc_bench_nation_tests, NULL, NULL},
    {"result", fisc_bench_result_tests, NULL, NULL},
    {"books", fisc_bench_books_tests, NULL, NULL},
    {"program", fisc_bench_program_tests, NULL, fisc_test_cluster_down},
    {NULL, NULL, NULL, NULL},
};
/* clang-format on */

int
main(int argc, char **argv)
{
    return fisc_suite_main("bench", suites, argc, argv);
}

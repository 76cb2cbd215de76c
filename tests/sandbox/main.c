/* main.c: how documents of strangers are read: the fence, the readers inside it, their answers. */
#include "tests/support/suite.h"
#include <stddef.h>

extern const FiscTest fisc_fence_tests[], fisc_nursery_tests[];
int fisc_nursery_open(void);
int fisc_nursery_close(void);
extern const FiscTest fisc_parse_tests[];
extern const FiscTest fisc_answer_tests[];

int
main(int argc, char **argv)
{
    static const FiscSuite suites[] = {
        {"fence", fisc_fence_tests, NULL, NULL},
        {"nursery", fisc_nursery_tests, fisc_nursery_open, fisc_nursery_close},
        {"parse", fisc_parse_tests, NULL, NULL},
        {"answer", fisc_answer_tests, NULL, NULL},
        {NULL, NULL, NULL, NULL},
    };
    return fisc_suite_main("sandbox", suites, argc, argv);
}

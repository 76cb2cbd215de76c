/* posting_main.c: what programs do with a server: post, ask again, listen, begin long work. */
#include "tests/support/database.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_post_server_tests[];
extern const FiscTest fisc_idempotency_tests[];
extern const FiscTest fisc_events_tests[];
extern const FiscTest fisc_jobs_tests[];
extern const FiscTest fisc_pulls_tests[];
extern const FiscTest fisc_feeds_tests[];

int signing_tear_down(void);

int
main(int argc, char **argv)
{
    const FiscSuite suites[] = {
        {"entries over HTTP", fisc_post_server_tests, NULL, NULL},
        {"the same write twice", fisc_idempotency_tests, NULL, NULL},
        {"live events", fisc_events_tests, NULL, NULL},
        {"jobs", fisc_jobs_tests, NULL, NULL},
        {"pulls", fisc_pulls_tests, NULL, NULL},
        {"feeds that are approved", fisc_feeds_tests, NULL, signing_tear_down},
        {NULL, NULL, NULL, NULL},
    };
    int status = fisc_suite_main("posting", suites, argc, argv);
    fisc_test_cluster_down();
    return status;
}

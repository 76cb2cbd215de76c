/* provider_main.c: signing in by an identity provider: without one, and with a real one. */
#include "tests/server/provider_walk.h"
#include "tests/server/signing.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_provider_tests[];
extern const FiscTest fisc_provider_walk_tests[];

int
main(int argc, char **argv)
{
    const FiscSuite suites[] = {
        {"no provider", fisc_provider_tests, NULL, signing_tear_down},
        {NULL, NULL, NULL, NULL},
    };
    const FiscSuite suites_and_walks[] = {
        suites[0],
        {"a provider", fisc_provider_walk_tests, NULL, signing_tear_down},
        {NULL, NULL, NULL, NULL},
    };
    bool has_provider = provider_walk_begin(); /* or says why not */
    int status = fisc_suite_main("provider", has_provider ? suites_and_walks : suites, argc, argv);
    provider_walk_end();
    fisc_test_cluster_down();
    return status;
}

/* main.c: the tests of core/identity. */
#include "tests/identity/jose.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_matrix_tests[];
extern const FiscTest fisc_grant_tests[];
extern const FiscTest fisc_delegation_tests[];
extern const FiscTest fisc_person_tests[];
extern const FiscTest fisc_signin_tests[];
extern const FiscTest fisc_id_token_tests[];
extern const FiscTest fisc_passkey_tests[];

static const FiscSuite suites[] = {
    {"matrix", fisc_matrix_tests, NULL, NULL},
    {"grants", fisc_grant_tests, NULL, NULL},
    {"delegations", fisc_delegation_tests, NULL, NULL},
    {"persons", fisc_person_tests, NULL, NULL},
    {"signing in", fisc_signin_tests, NULL, NULL},
    {"tokens of a provider", fisc_id_token_tests, id_token_set_up, id_token_tear_down},
    {"passkeys", fisc_passkey_tests, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};

int
main(int argc, char **argv)
{
    return fisc_suite_main("identity", suites, argc, argv);
}

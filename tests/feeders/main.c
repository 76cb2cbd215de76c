/* main.c: the tests of feeders, against real systems started here: hledger-web, Tryton, OpenSSH's
 * server, and a source of files that breaks its answers. */
#include "tests/support/database.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_rows_tests[];
extern const FiscTest fisc_camt_tests[];
extern const FiscTest fisc_api_tests[];
extern const FiscTest fisc_files_tests[];
extern const FiscTest fisc_hledger_tests[];
extern const FiscTest fisc_ifix_tests[];
extern const FiscTest fisc_tryton_tests[];

static const FiscSuite suites[] = {
    {"rows of debit and credit", fisc_rows_tests, NULL, NULL},
    {"rows of bank statements", fisc_camt_tests, NULL, NULL},
    {"files", fisc_files_tests, NULL, NULL},
    {"broken answers of systems", fisc_api_tests, NULL, NULL},
    {"hledger-web", fisc_hledger_tests, NULL, NULL},
    {"iFIX", fisc_ifix_tests, NULL, NULL},
    {"Tryton", fisc_tryton_tests, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};

int
main(int argc, char **argv)
{
    int status = fisc_suite_main("feeders", suites, argc, argv);
    fisc_test_cluster_down();
    return status;
}

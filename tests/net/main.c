/* main.c: the tests of core/net, against peers that are processes of their own. */
#include "tests/net/evil.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_address_tests[];
extern const FiscTest fisc_retry_tests[];
extern const FiscTest fisc_target_tests[];
extern const FiscTest fisc_answer_tests[];
extern const FiscTest fisc_request_tests[];
extern const FiscTest fisc_text_tests[];
extern const FiscTest fisc_trust_tests[];
extern const FiscTest fisc_chance_tests[];
extern const FiscTest fisc_cut_tests[];
extern const FiscTest fisc_pages_tests[];
extern const FiscTest fisc_sftp_tests[];
int fisc_sftp_set_up(void);
int fisc_sftp_tear_down(void);

static const FiscSuite suites[] = {
    {"addresses", fisc_address_tests, NULL, NULL},
    {"asking again", fisc_retry_tests, NULL, NULL},
    {"whom", fisc_target_tests, NULL, NULL},
    {"answers", fisc_answer_tests, NULL, NULL},
    {"requests", fisc_request_tests, NULL, NULL},
    {"text", fisc_text_tests, NULL, NULL},
    {"trust", fisc_trust_tests, NULL, NULL},
    {"chance", fisc_chance_tests, NULL, NULL},
    {"cuts", fisc_cut_tests, NULL, NULL},
    {"pages", fisc_pages_tests, NULL, NULL},
    {"SFTP", fisc_sftp_tests, fisc_sftp_set_up, fisc_sftp_tear_down},
    {NULL, NULL, NULL, NULL},
};

int
main(int argc, char **argv)
{
    fisc_evil_start();
    int status = fisc_suite_main("net", suites, argc, argv);
    fisc_evil_stop();
    return status;
}

/* main.c: the suites of the server, over its own sockets. */
#include "tests/support/database.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_agent_database_tests[];
extern const FiscTest fisc_agent_tests[];
extern const FiscTest fisc_fiscal_event_tests[];
extern const FiscTest fisc_config_tests[];
extern const FiscTest fisc_gate_tests[];
extern const FiscTest fisc_http_tests[];
int fisc_http_tear_down(void);
extern const FiscTest fisc_lane_tests[];
extern const FiscTest fisc_ops_tests[];
extern const FiscTest fisc_parse_tests[];
extern const FiscTest fisc_serving_tests[];
extern const FiscTest fisc_signin_server_tests[];
extern const FiscTest fisc_signin_step_tests[];
extern const FiscTest fisc_step_list_tests[];
extern const FiscTest fisc_signin_token_tests[];
extern const FiscTest fisc_passkey_server_tests[];
extern const FiscTest fisc_certificate_tests[];
int fisc_certificate_set_up(void);
int fisc_certificate_tear_down(void);
extern const FiscTest fisc_static_tests[];
extern const FiscTest fisc_tls_tests[];
int fisc_tls_set_up(void);
int fisc_tls_tear_down(void);
extern const FiscTest fisc_write_tests[];
int signing_tear_down(void);
int fisc_static_set_up(void);
int fisc_static_tear_down(void);

/* clang-format off */
static const FiscSuite suites[] = {
    {"a server", fisc_serving_tests, NULL, NULL},
    {"requests, before anybody else sees them", fisc_parse_tests, NULL, NULL},
    {"workers", fisc_lane_tests, NULL, NULL},
    {"connections", fisc_gate_tests, NULL, NULL},
    {"what no client of good will sends", fisc_http_tests, NULL, fisc_http_tear_down},
    {"connections under TLS", fisc_tls_tests, fisc_tls_set_up, fisc_tls_tear_down},
    {"a configuration", fisc_config_tests, NULL, NULL},
    {"a server in operation", fisc_ops_tests, NULL, NULL},
    {"signing in", fisc_signin_server_tests, NULL, signing_tear_down},
    {"second factors", fisc_signin_step_tests, NULL, signing_tear_down},
    {"confirmations of a list", fisc_step_list_tests, NULL, signing_tear_down},
    {"tokens", fisc_signin_token_tests, NULL, signing_tear_down},
    {"passkeys", fisc_passkey_server_tests, NULL, signing_tear_down},
    {"clients' certificates", fisc_certificate_tests, fisc_certificate_set_up,
     fisc_certificate_tear_down},
    {"files of the workplace", fisc_static_tests, fisc_static_set_up, fisc_static_tear_down},
    {"an agent", fisc_agent_tests, NULL, NULL},
    {"fiscal events", fisc_fiscal_event_tests, NULL, NULL},
    {"a database of the agent", fisc_agent_database_tests, NULL, NULL},
    {"writes", fisc_write_tests, NULL, NULL},
    {NULL, NULL, NULL, NULL},
};
/* clang-format on */

int
main(int argc, char **argv)
{
    int status = fisc_suite_main("server", suites, argc, argv);
    fisc_test_cluster_down();
    return status;
}

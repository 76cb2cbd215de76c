/* target_test.c: whom a fetch may talk to. What is refused must not have touched the peer: it tells
 * how many connections it has seen. */
#include "tests/net/evil.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_target_tests[];

static char *
get_code(const FiscFetchRules *rules, const char *url)
{
    const FiscFetchRequest request = {.url = url};
    g_autoptr(FiscFetchReply) reply = NULL;
    g_autoptr(GError) error = NULL;
    fisc_fetch(rules, &request, &reply, &error);
    return g_strdup(fisc_evil_code(error));
}

static void
test_refuses_urls_with_two_meanings(void)
{
    static const struct {
        const char *url;
        const char *code;
    } cases[] = {
        {"", "VALUE_INVALID"},
        {"example.org/list", "VALUE_INVALID"},
        {"//example.org/", "VALUE_INVALID"},
        {"/etc/passwd", "VALUE_INVALID"},
        {"https://", "VALUE_INVALID"},
        {"https:///path", "VALUE_INVALID"},
        {"https://u@example.org/", "VALUE_INVALID"},
        {"https://u:p@example.org/", "VALUE_INVALID"},
        {"https://example.org@127.0.0.1/", "VALUE_INVALID"},
        {"https://example.org/#part", "VALUE_INVALID"},
        {"https://example.org/a b", "VALUE_INVALID"},
        {"https://example.org/a\r\nHost: b", "VALUE_INVALID"},
        {"https://example.org/\t", "VALUE_INVALID"},
        {"https://example.org\\@127.0.0.1/", "VALUE_INVALID"},
        {"https://ex\xc3\xa4mple.org/", "VALUE_INVALID"},
        {"https://example.org:99999/", "VALUE_INVALID"},
        {"https://example.org:/x:y@z/", "PEER_FORBIDDEN"}, /* only not on the list */
        {"https://[::1%25eth0]/", "VALUE_INVALID"},
        {"https://[::1/", "VALUE_INVALID"},
        {"file:///etc/passwd", "VALUE_INVALID"},
        {"ftp://example.org/", "PEER_FORBIDDEN"},
        {"gopher://example.org/", "PEER_FORBIDDEN"},
        {"ldap://example.org/", "PEER_FORBIDDEN"},
        {"http://example.org/", "PEER_FORBIDDEN"},
        {"sftp://example.org/", "PEER_FORBIDDEN"},
    };
    static const char *const nobody[] = {"nobody.example:443", NULL};
    const FiscFetchRules rules = {.hosts = nobody};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *code = get_code(&rules, cases[i].url);
        g_autofree char *actual = g_strdup_printf("%s %s", cases[i].url, code);
        g_autofree char *expected = g_strdup_printf("%s %s", cases[i].url, cases[i].code);
        FISC_ASSERT_TEXT(actual, expected);
    }
    g_autofree char *long_url = g_strnfill(9000, 'x');
    memcpy(long_url, "https://example.org/", strlen("https://example.org/"));
    g_autofree char *code = get_code(&rules, long_url);
    FISC_ASSERT_TEXT(code, "VALUE_INVALID");
}

/* Every way to write 127.0.0.1 that a resolver takes. The control: named in the rules, the same URL
 * is answered. */
static void
test_refuses_addresses_that_are_not_public(void)
{
    static const char *const hosts[] = {"127.0.0.1",  "localhost",         "2130706433",
                                        "0x7f000001", "0177.0.0.1",        "127.1",
                                        "0.0.0.0",    "[::ffff:127.0.0.1]"};
    FiscFetchRules rules = fisc_evil_rules();
    rules.private_addresses = NULL;
    int opened = fisc_evil_count_opened("http");
    for (gsize i = 0; i < G_N_ELEMENTS(hosts); i++) {
        g_autofree char *url =
            g_strdup_printf("http://%s:%d/whole", hosts[i], fisc_evil_port("http"));
        g_autofree char *code = get_code(&rules, url);
        g_autofree char *actual = g_strdup_printf("%s %s", hosts[i], code);
        g_autofree char *wanted = g_strdup_printf("%s PEER_FORBIDDEN", hosts[i]);
        FISC_ASSERT_TEXT(actual, wanted);
    }
    FISC_ASSERT_INT(fisc_evil_count_opened("http"), opened + 1); /* the question itself */
    const FiscFetchRules control = fisc_evil_rules();
    g_autofree char *url = fisc_evil_url("http", "/whole");
    g_autofree char *code = get_code(&control, url);
    FISC_ASSERT_TEXT(code, "none");
}

/* A name resolves to what it resolves to: it is the address that is looked at. */
static void
test_looks_at_the_address_behind_a_name(void)
{
    g_autofree char *name = g_strdup_printf("localhost:%d", fisc_evil_port("http"));
    g_autofree char *url = g_strdup_printf("http://%s/whole", name);
    const char *const listed[] = {name, NULL};
    const char *const other_port[] = {"localhost:1", NULL};
    FiscFetchRules rules = fisc_evil_rules();
    rules.private_addresses = NULL;
    rules.hosts = listed; /* may be asked, but not at an address that is not public */
    g_autofree char *unlisted_code = get_code(&rules, url);
    FISC_ASSERT_TEXT(unlisted_code, "PEER_FORBIDDEN");
    rules.private_addresses = other_port;
    g_autofree char *other_code = get_code(&rules, url);
    FISC_ASSERT_TEXT(other_code, "PEER_FORBIDDEN");
    rules.private_addresses = listed;
    g_autofree char *listed_code = get_code(&rules, url);
    FISC_ASSERT_TEXT(listed_code, "none");
    rules.hosts = other_port;
    g_autofree char *host_code = get_code(&rules, url);
    FISC_ASSERT_TEXT(host_code, "PEER_FORBIDDEN");
}

static void
test_never_asks_a_metadata_service(void)
{
    static const char *const wide[] = {"0.0.0.0/0", "169.254.0.0/16", "169.254.169.254:80", NULL};
    FiscFetchRules rules = fisc_evil_rules();
    rules.private_addresses = wide;
    const FiscFetchRequest request = {.url = "http://169.254.169.254/latest/meta-data/"};
    g_autoptr(FiscFetchReply) reply = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_FALSE(fisc_fetch(&rules, &request, &reply, &error));
    FISC_ASSERT_TEXT(fisc_evil_code(error), "PEER_FORBIDDEN");
    FISC_ASSERT_CONTAINS(error != NULL ? error->message : "", "169.254.169.254");
}

static void
test_refuses_rules_with_a_slip(void)
{
    static const char *const slips[] = {
        "10.20.0.1/16", "10.20.0.0/40", "localhost", "10.0.0.0:/8", "", "host:"};
    FiscFetchRules rules = fisc_evil_rules();
    g_autofree char *url = fisc_evil_url("http", "/whole");
    for (gsize i = 0; i < G_N_ELEMENTS(slips); i++) {
        const char *const addresses[] = {"127.0.0.1", slips[i], NULL};
        rules.private_addresses = addresses;
        g_autofree char *code = get_code(&rules, url);
        FISC_ASSERT_TEXT(code, "VALUE_INVALID");
    }
}

static void
test_takes_no_proxy_from_the_environment(void)
{
    g_autofree char *proxy = fisc_evil_url("http", "/");
    g_autofree char *url = fisc_evil_url("good", "/whole");
    int seen = fisc_evil_count_opened("http");
    g_setenv("https_proxy", proxy, TRUE);
    g_setenv("ALL_PROXY", proxy, TRUE);
    const FiscFetchRules rules = fisc_evil_rules();
    g_autofree char *code = get_code(&rules, url);
    g_unsetenv("https_proxy");
    g_unsetenv("ALL_PROXY");
    FISC_ASSERT_TEXT(code, "none");
    FISC_ASSERT_INT(fisc_evil_count_opened("http"), seen + 1);
}

const FiscTest fisc_target_tests[] = {
    {"refuses URLs that two readers take differently, and schemes that are not named",
     test_refuses_urls_with_two_meanings},
    {"refuses addresses that are not public, however they are written",
     test_refuses_addresses_that_are_not_public},
    {"looks at the address behind a name, and at its port",
     test_looks_at_the_address_behind_a_name},
    {"never asks a metadata service because a wide network or a name allows it",
     test_never_asks_a_metadata_service},
    {"refuses rules with a slip instead of reading them as nothing",
     test_refuses_rules_with_a_slip},
    {"takes no proxy from the environment", test_takes_no_proxy_from_the_environment},
    {NULL, NULL},
};

/* trust_test.c: who a server proves to be, and who we do. Each refusal has its control: the same
 * server, with the one setting that makes it right, is taken. */
#include "tests/net/evil.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_trust_tests[];

#define WRONG_KEY "sha256//AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

static void
check_place(const FiscFetchRules *rules, const char *place, const char *code, const char *part)
{
    g_autofree char *url = fisc_evil_url(place, "/whole");
    const FiscFetchRequest request = {.url = url};
    g_autoptr(FiscFetchReply) reply = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_EQUAL(fisc_fetch(rules, &request, &reply, &error), reply != NULL);
    g_autofree char *actual = g_strconcat(place, " ", fisc_evil_code(error), NULL);
    g_autofree char *wanted = g_strconcat(place, " ", code, NULL);
    FISC_ASSERT_TEXT(actual, wanted);
    if (part != NULL) {
        FISC_ASSERT_CONTAINS(error != NULL ? error->message : "", part);
    }
}

static void
test_refuses_servers_that_cannot_prove_themselves(void)
{
    FiscFetchRules rules = fisc_evil_rules();
    check_place(&rules, "good", "none", NULL);
    check_place(&rules, "expired", "PEER_FORBIDDEN", "expired");
    check_place(&rules, "selfsigned", "PEER_FORBIDDEN", "cannot prove who it is");
    check_place(&rules, "other", "PEER_FORBIDDEN", "cannot prove who it is");
    check_place(&rules, "old", "PEER_FORBIDDEN", "TLS 1.2");
    rules.ca_file = NULL; /* the system's authorities do not know it */
    check_place(&rules, "good", "PEER_FORBIDDEN", "cannot prove who it is");
}

static void
test_control_takes_a_self_signed_server_that_is_named(void)
{
    g_autofree char *own = fisc_evil_file("selfsigned.pem");
    FiscFetchRules rules = fisc_evil_rules();
    rules.ca_file = own;
    check_place(&rules, "selfsigned", "none", NULL);
    check_place(&rules, "good", "PEER_FORBIDDEN", NULL);
}

static void
test_holds_a_server_to_its_key(void)
{
    FiscFetchRules rules = fisc_evil_rules();
    g_autofree char *url = fisc_evil_url("good", "/whole");
    const FiscFetchRequest request = {.url = url};
    g_autoptr(FiscFetchReply) reply = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_fetch(&rules, &request, &reply, &error));
    CU_ASSERT_TRUE(g_str_has_prefix(reply->key_seen, "sha256//"));
    rules.pinned_keys = WRONG_KEY;
    check_place(&rules, "good", "PEER_FORBIDDEN", reply->key_seen); /* says which it saw */
    rules.pinned_keys = reply->key_seen; /* what was seen is what can be agreed on */
    check_place(&rules, "good", "none", NULL);
    g_autofree char *both = g_strconcat(WRONG_KEY, ";", reply->key_seen, NULL);
    rules.pinned_keys = both;
    check_place(&rules, "good", "none", NULL);
    check_place(&rules, "other", "PEER_FORBIDDEN", NULL); /* a key is no certificate */
}

static void
test_shows_its_own_certificate(void)
{
    static const char *const places[] = {"strict", "strict12"};
    g_autofree char *client = fisc_evil_file("client.pem");
    g_autofree char *client_key = fisc_evil_file("client.key");
    g_autofree char *stranger = fisc_evil_file("stranger.pem");
    g_autofree char *stranger_key = fisc_evil_file("stranger.key");
    for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
        FiscFetchRules rules = fisc_evil_rules();
        check_place(&rules, places[i], "PEER_FORBIDDEN", NULL);
        rules.client_certificate = stranger;
        rules.client_key = stranger_key;
        check_place(&rules, places[i], "PEER_FORBIDDEN", NULL);
        rules.client_certificate = client;
        rules.client_key = client_key;
        check_place(&rules, places[i], "none", NULL);
        rules.client_key = stranger_key; /* not the key of that certificate */
        check_place(&rules, places[i], "SETUP", NULL);
    }
}

static void
test_says_when_its_own_files_cannot_be_used(void)
{
    FiscFetchRules rules = fisc_evil_rules();
    rules.ca_file = "/nonexistent/ca.pem";
    check_place(&rules, "good", "SETUP", NULL);
    rules = fisc_evil_rules();
    rules.client_certificate = "/nonexistent/client.pem";
    rules.client_key = "/nonexistent/client.key";
    check_place(&rules, "strict", "SETUP", NULL);
}

const FiscTest fisc_trust_tests[] = {
    {"refuses servers that are expired, unknown, somebody else, or speak old TLS",
     test_refuses_servers_that_cannot_prove_themselves},
    {"control: takes a self-signed server whose certificate is named",
     test_control_takes_a_self_signed_server_that_is_named},
    {"holds a server to its key, and tells the key it saw", test_holds_a_server_to_its_key},
    {"shows its own certificate, and says when it is not taken", test_shows_its_own_certificate},
    {"says when its own files cannot be used", test_says_when_its_own_files_cannot_be_used},
    {NULL, NULL},
};

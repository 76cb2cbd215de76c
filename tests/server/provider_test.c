/* provider_test.c: what a server says of signing in by a provider when there is none, when it is
 * set up wrongly, when it is away; and where a browser may be sent. */
#include "app/flows/signin.h"
#include "tests/app/school.h"
#include "tests/server/provider_walk.h"
#include "tests/support/suite.h"
#include <string.h>

#define SIGN_IN "{\"person\":\"ana\",\"password\":\"" SIGNING_PASSWORD "\"}"

static FiscProviderOptions chosen;

static void
adjust_server(FiscServerOptions *options)
{
    options->base_url = IDP_BASE;
    options->provider = chosen;
}

Serving *
provider_serve(const char *issuer, void (*adjust)(FiscProviderOptions *options))
{
    chosen = (FiscProviderOptions){.issuer = issuer,
                                   .client_id = "fisc",
                                   .client_secret = "a secret: of+the client/%",
                                   .name = "Ministry login",
                                   .private_addresses = "127.0.0.0/8",
                                   .seconds = 20};
    if (adjust != NULL) {
        adjust(&chosen);
    }
    return signing_serve_as(adjust_server);
}

void
provider_link(Serving *serving, const char *person, const char *issuer, const char *subject)
{
    g_autoptr(GError) error = NULL;
    FiscContext own = signing_context(serving, person);
    CU_ASSERT_TRUE_FATAL(fisc_flow_provider_link(&own, person, issuer, subject, &error));
}

/* Without one ---------------------------------------------------------------------------------- */

static void
without_a_provider_there_is_no_such_way(void)
{
    g_autoptr(Serving) serving = signing_serve();
    g_auto(ServingAnswer) ways = {0};
    FISC_ASSERT_INT(signing_ask(serving, "GET", "/v1/session/ways", NULL, NULL, &ways), 200);
    CU_ASSERT_TRUE(json_is_true(json_object_get(ways.json, "password")));
    CU_ASSERT_TRUE(json_is_null(json_object_get(ways.json, "provider")));
    CU_ASSERT_TRUE(json_is_null(json_object_get(ways.json, "step")));
    static const char *const paths[] = {"/v1/session/provider",
                                        "/v1/session/provider/return?state=a&code=b"};
    for (gsize i = 0; i < G_N_ELEMENTS(paths); i++) {
        g_auto(ServingAnswer) answer = {0};
        FISC_ASSERT_INT(signing_ask(serving, "GET", paths[i], NULL, NULL, &answer), 404);
        FISC_ASSERT_TEXT(serving_answer_text(&answer, "code"), "NOT_FOUND");
    }
}

static void
the_ways_name_the_provider(void)
{
    g_autoptr(Serving) serving = provider_serve("http://127.0.0.1:1", NULL);
    g_auto(ServingAnswer) ways = {0};
    FISC_ASSERT_INT(signing_ask(serving, "GET", "/v1/session/ways", NULL, NULL, &ways), 200);
    FISC_ASSERT_TEXT(serving_answer_text(&ways, "provider/name"), "Ministry login");
    FISC_ASSERT_TEXT(serving_answer_text(&ways, "provider/start"), "/v1/session/provider");
}

/* Port 1 has nobody: the other door is open. */
static void
a_provider_that_is_away_closes_no_other_door(void)
{
    g_autoptr(Serving) serving = provider_serve("http://127.0.0.1:1", NULL);
    signing_password(serving, "ana");
    for (int i = 0; i < 5; i++) { /* from the fourth on it is left alone */
        g_auto(ServingAnswer) answer = {0};
        FISC_ASSERT_INT(signing_ask(serving, "GET", "/v1/session/provider", NULL, NULL, &answer),
                        503);
        FISC_ASSERT_TEXT(serving_answer_text(&answer, "code"), "PEER_UNAVAILABLE");
        FISC_ASSERT_CONTAINS(serving_answer_text(&answer, "detail"), "sign in with your password");
        CU_ASSERT_PTR_NULL(serving_answer_header(&answer, "Set-Cookie"));
    }
    g_auto(ServingAnswer) answer = {0};
    FISC_ASSERT_INT(signing_ask(serving, "POST", "/v1/session", NULL, SIGN_IN, &answer), 201);
    books_expect(serving->books, "select count(*) from identity.provider_login", "0");
}

static void
a_browser_is_told_in_a_page(void)
{
    static const struct {
        const char *headers, *words;
    } cases[] = {
        {"Accept: text/html,application/xhtml+xml\r\n", "Sign in with your password"},
        {"Accept: text/html,application/xhtml+xml\r\nAccept-Language: es-ES,es;q=0.9\r\n",
         "Inicie sesión con su contraseña"},
    };
    g_autoptr(Serving) serving = provider_serve("http://127.0.0.1:1", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(ServingAnswer) answer = {0};
        FISC_ASSERT_INT(
            signing_ask(serving, "GET", "/v1/session/provider", cases[i].headers, NULL, &answer),
            503);
        FISC_ASSERT_TEXT(serving_answer_header(&answer, "Content-Type"),
                         "text/html; charset=utf-8");
        FISC_ASSERT_CONTAINS(answer.body, cases[i].words);
        FISC_ASSERT_CONTAINS(serving_answer_header(&answer, "Content-Security-Policy"),
                             "default-src 'none'");
    }
}

/* The settings --------------------------------------------------------------------------------- */

static void
a_provider_is_set_up_whole(void)
{
    static const char back[] = "https://fisc.example.org/v1/session/provider/return";
    static const struct {
        const char *issuer, *client, *back, *complaint; /* NULL: none */
    } cases[] = {
        {NULL, NULL, NULL, NULL},
        {"https://id.example.org", "fisc", back, NULL},
        {"https://id.example.org/realms/one", "fisc", back, NULL},
        {"http://127.0.0.1:9000", "fisc", back, NULL},
        {"http://localhost:9000", "fisc", back, NULL},
        {"http://id.example.org", "fisc", back, "provider-issuer"},
        {"http://127.evil.example", "fisc", back, "provider-issuer"},
        {"https://id.example.org?x=1", "fisc", back, "provider-issuer"},
        {"https://user@id.example.org", "fisc", back, "provider-issuer"},
        {"id.example.org", "fisc", back, "provider-issuer"},
        {"https://id.example.org", NULL, back, "provider-client"},
        {"https://id.example.org", "", back, "provider-client"},
        {"https://id.example.org", "fisc", NULL, "base-url"},
        {"https://id.example.org", "fisc", "http://fisc.example.org/back", "base-url"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscProviderOptions options = {
            .issuer = cases[i].issuer, .client_id = cases[i].client, .return_url = cases[i].back};
        g_autofree char *complaint = fisc_provider_complaint(&options);
        if (cases[i].complaint == NULL) {
            FISC_ASSERT_TEXT(complaint != NULL ? complaint : "", "");
        } else {
            FISC_ASSERT_CONTAINS(complaint != NULL ? complaint : "", cases[i].complaint);
        }
    }
}

static void
a_browser_is_sent_to_pages_of_this_site_only(void)
{
    static const struct {
        const char *page;
        bool is_one;
    } cases[] = {
        {"/", true},
        {"/approvals", true},
        {"/units/001?period=2024-Q3#row", true},
        {"/v1x", true},
        {NULL, false},
        {"", false},
        {"approvals", false},
        {"//evil.example", false},
        {"/\\evil.example", false},
        {"/a\\b", false},
        {"https://evil.example/", false},
        {"javascript:alert(1)", false},
        {"/a\r\nSet-Cookie: fisc=x", false},
        {"/a\tb", false},
        {"/\xc3\xa9", false},
        {"/v1", false},
        {"/v1/session/provider", false},
        {"/v1?x", false},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        fisc_assert_int(fisc_provider_is_page(cases[i].page), cases[i].is_one,
                        cases[i].page != NULL ? cases[i].page : "none", __FILE__, __LINE__);
    }
    g_autofree char *longest = g_strnfill(2047, 'a');
    g_autofree char *page = g_strconcat("/", longest, NULL), *longer = g_strconcat(page, "a", NULL);
    CU_ASSERT_TRUE(fisc_provider_is_page(page));
    CU_ASSERT_FALSE(fisc_provider_is_page(longer));
}

/* Links ---------------------------------------------------------------------------------------- */

static void
a_subject_is_one_person(void)
{
    g_autoptr(Serving) serving = signing_serve();
    g_autoptr(GError) error = NULL;
    FiscContext ben = signing_context(serving, "ben");
    provider_link(serving, "ana", "https://id.example.org", "17");
    provider_link(serving, "ana", "https://id.example.org", "17"); /* again is no harm */
    CU_ASSERT_FALSE(fisc_flow_provider_link(&ben, "ben", "https://id.example.org", "17", &error));
    CU_ASSERT_TRUE_FATAL(error != NULL && error->code == FISC_ERROR_MASTER_CONFLICT);
    FISC_ASSERT_CONTAINS(error->message, "ana");
    g_clear_error(&error);
    provider_link(serving, "ben", "https://other.example.org", "17"); /* another's 17 */
    books_expect(serving->books,
                 "select string_agg(person || ' ' || convert_from(secret, 'UTF8'), ', ' order by "
                 "person) from identity.credential where kind = 'provider'",
                 "ana https://id.example.org\n17, ben https://other.example.org\n17");
    CU_ASSERT_FALSE(fisc_flow_provider_unlink(&ben, "ben", "https://id.example.org", "17", &error));
    CU_ASSERT_TRUE(error != NULL && error->code == FISC_ERROR_NOT_FOUND);
}

static void
links_are_plain_words(void)
{
    static const struct {
        const char *issuer, *subject;
    } cases[] = {
        {"id.example.org", "17"},
        {"https://id.example.org", ""},
        {"https://id.example.org\nx", "17"},
        {"https://id.example.org", "1\n7"},
        {"https://id.example.org", "\xc3\xa1"},
        {"", "17"},
    };
    g_autoptr(Serving) serving = signing_serve();
    FiscContext ana = signing_context(serving, "ana");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        CU_ASSERT_FALSE(
            fisc_flow_provider_link(&ana, "ana", cases[i].issuer, cases[i].subject, &error));
        CU_ASSERT_TRUE(error != NULL && error->code == FISC_ERROR_VALUE_INVALID);
    }
}

const FiscTest fisc_provider_tests[] = {
    {"without a provider there is no such way", without_a_provider_there_is_no_such_way},
    {"the ways name the provider", the_ways_name_the_provider},
    {"a provider that is away closes no other door", a_provider_that_is_away_closes_no_other_door},
    {"a browser is told in a page, in its language", a_browser_is_told_in_a_page},
    {"a provider is set up whole, and by TLS", a_provider_is_set_up_whole},
    {"a browser is sent to pages of this site only", a_browser_is_sent_to_pages_of_this_site_only},
    {"a subject is one person", a_subject_is_one_person},
    {"links are plain words", links_are_plain_words},
    {NULL, NULL},
};

/* provider_walk_test.c: signing in by a real provider: from fisc to it and back, and everything
 * that can be brought back in place of a good answer. */
#include "app/server/server_internal.h"
#include "fisc/signin.h"
#include "tests/app/school.h"
#include "tests/server/provider_walk.h"
#include "tests/support/suite.h"
#include <string.h>

#define START "/v1/session/provider?to=/approvals"
#define LINKED "sub-ana"

static Idp *idp;

bool
provider_walk_begin(void)
{
    idp = idp_new();
    return idp != NULL;
}

void
provider_walk_end(void)
{
    idp_free(idp);
}

/* A server that knows ana as the provider's sub-ana. */
static Serving *
serve_with(void (*adjust)(FiscProviderOptions *options))
{
    Serving *serving = provider_serve(idp->issuer, adjust);
    provider_link(serving, "ana", idp->issuer, LINKED);
    return serving;
}

static Serving *
serve(void)
{
    return serve_with(NULL);
}

/* Steps ---------------------------------------------------------------------------------------- */

/* Where fisc sends the browser. Caller frees. */
static char *
begin(Browser *browser, Serving *serving, const char *path)
{
    g_auto(ServingAnswer) answer = {0};
    browser->serving = serving;
    FISC_ASSERT_INT(browser_ask(browser, "GET", path, NULL, &answer), 302);
    const char *place = serving_answer_header(&answer, "Location");
    CU_ASSERT_PTR_NOT_NULL_FATAL(place);
    return g_strdup(place);
}

/* From fisc to the provider, and with which path it sends the browser back. Caller frees. */
static char *
visit(Browser *browser, Serving *serving, const char *account)
{
    g_autofree char *place = begin(browser, serving, START);
    return idp_visit(idp, place, account);
}

static int
finish(Browser *browser, const char *back)
{
    return browser_status(browser, "GET", back, NULL);
}

static int
sign_in_as(Browser *browser, Serving *serving, const char *account)
{
    g_autofree char *back = visit(browser, serving, account);
    return finish(browser, back);
}

static void
expect_log(Serving *serving, const char *what)
{
    g_autofree char *said = books_ask(
        serving->books, "select what from identity.sign_in order by sign_in_id desc limit 1");
    FISC_ASSERT_TEXT(said, what);
}

/* With one parameter of the query replaced, or with NULL taken out. Caller frees. */
static char *
with_parameter(const char *path, const char *name, const char *value)
{
    g_auto(GStrv) halves = g_strsplit(path, "?", 2);
    g_auto(GStrv) pairs = g_strsplit(halves[1], "&", -1);
    GString *changed = g_string_new(halves[0]);
    char mark = '?';
    for (char **pair = pairs; *pair != NULL; pair++) {
        bool is_it = g_str_has_prefix(*pair, name) && (*pair)[strlen(name)] == '=';
        if (!is_it || value != NULL) {
            g_string_append_printf(changed, "%c%s%s%s", mark, is_it ? name : *pair,
                                   is_it ? "=" : "", is_it ? value : "");
            mark = '&';
        }
    }
    return g_string_free(changed, FALSE);
}

/* Well ----------------------------------------------------------------------------------------- */

static void
whom_the_provider_knows_is_signed_in(void)
{
    static const char *const parts[] = {"response_type=code",
                                        "client_id=fisc",
                                        "&scope=openid&",
                                        "code_challenge_method=S256",
                                        "code_challenge=",
                                        "nonce=",
                                        "state=",
                                        "redirect_uri=http%3A%2F%2F127.0.0.1%3A8700%2Fv1%2Fsession"
                                        "%2Fprovider%2Freturn"};
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) ana = {.serving = serving};
    g_auto(ServingAnswer) sent = {0};
    g_auto(ServingAnswer) landed = {0};
    g_auto(ServingAnswer) session = {0};
    FISC_ASSERT_INT(browser_ask(&ana, "GET", START, NULL, &sent), 302);
    FISC_ASSERT_TEXT(strchr(serving_answer_header(&sent, "Set-Cookie"), ';'),
                     "; Path=/; HttpOnly; SameSite=Lax; Max-Age=600");
    for (gsize i = 0; i < G_N_ELEMENTS(parts); i++) {
        FISC_ASSERT_CONTAINS(serving_answer_header(&sent, "Location"), parts[i]);
    }
    g_autofree char *back = idp_visit(idp, serving_answer_header(&sent, "Location"), LINKED);
    FISC_ASSERT_INT(browser_ask(&ana, "GET", back, NULL, &landed), 303);
    FISC_ASSERT_TEXT(serving_answer_header(&landed, "Location"), "/approvals");
    FISC_ASSERT_TEXT(strchr(serving_answer_header(&landed, "Set-Cookie"), ';'),
                     "; Path=/; HttpOnly; SameSite=Strict");
    FISC_ASSERT_INT(browser_ask(&ana, "GET", "/v1/session", NULL, &session), 200);
    FISC_ASSERT_TEXT(serving_answer_text(&session, "person"), "ana");
    CU_ASSERT_TRUE(json_is_false(json_object_get(session.json, "strong")));
    books_expect(serving->books, "select count(*) from identity.provider_login", "0");
    books_expect(serving->books, "select count(*) from identity.attempt", "0");
    books_expect(serving->books,
                 "select string_agg(what, ', ' order by sign_in_id) from identity.sign_in",
                 "provider: the token is good, signed in");
    FISC_ASSERT_INT(browser_status(&ana, "DELETE", "/v1/session", NULL), 204);
    FISC_ASSERT_INT(browser_status(&ana, "GET", "/v1/session", NULL), 401);
}

static void
be_public(FiscProviderOptions *options)
{
    options->client_id = "fisc-public";
    options->client_secret = NULL;
}

static void
a_public_client_needs_no_secret(void)
{
    g_autoptr(Serving) serving = serve_with(be_public);
    g_auto(Browser) ana = {0};
    FISC_ASSERT_INT(sign_in_as(&ana, serving, LINKED), 303);
    FISC_ASSERT_INT(browser_status(&ana, "GET", "/v1/session", NULL), 200);
}

static void
be_wrong(FiscProviderOptions *options)
{
    options->client_secret = "not the secret";
}

static void
a_wrong_secret_is_the_operators_trouble(void)
{
    g_autoptr(Serving) serving = serve_with(be_wrong);
    g_auto(Browser) ana = {0};
    FISC_ASSERT_INT(sign_in_as(&ana, serving, LINKED), 503);
    books_expect(serving->books, "select count(*) from identity.attempt", "0");
}

static void
ask_for_two_factors(FiscProviderOptions *options)
{
    options->amr = "mfa otp";
}

static void
two_factors_shown_there_count_here(void)
{
    static const struct {
        const char *account;
        bool is_strong;
    } cases[] = {{LINKED "/otp", true}, {LINKED "/pwd", false}, {LINKED, false}};
    g_autoptr(Serving) serving = serve_with(ask_for_two_factors);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Browser) ana = {0};
        g_auto(ServingAnswer) session = {0};
        FISC_ASSERT_INT(sign_in_as(&ana, serving, cases[i].account), 303);
        FISC_ASSERT_INT(browser_ask(&ana, "GET", "/v1/session", NULL, &session), 200);
        fisc_assert_int(json_is_true(json_object_get(session.json, "strong")), cases[i].is_strong,
                        cases[i].account, __FILE__, __LINE__);
    }
}

/* The ticket comes to the page without standing in any address. */
static void
a_second_factor_of_here_is_asked_for_here(void)
{
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) ana = {0};
    g_auto(ServingAnswer) ways = {0};
    g_auto(ServingAnswer) later = {0};
    g_auto(ServingAnswer) session = {0};
    uint8_t seed[FISC_SEED_SIZE];
    char code[FISC_CODE_DIGITS + 1];
    signing_password(serving, "ana");
    browser_sign_in(&ana, serving, "ana");
    browser_enrol(&ana, seed, NULL);
    FISC_ASSERT_INT(sign_in_as(&ana, serving, LINKED), 303);
    FISC_ASSERT_INT(browser_status(&ana, "GET", "/v1/session", NULL), 401);
    FISC_ASSERT_INT(browser_ask(&ana, "GET", "/v1/session/ways", NULL, &ways), 200);
    FISC_ASSERT_TEXT(serving_answer_text(&ways, "step/needs"), "totp");
    FISC_ASSERT_INT(browser_ask(&ana, "GET", "/v1/session/ways", NULL, &later), 200);
    CU_ASSERT_TRUE(json_is_null(json_object_get(later.json, "step")));
    signing_code(serving, seed, code);
    g_autofree char *body = g_strdup_printf("{\"ticket\":\"%s\",\"code\":\"%s\"}",
                                            serving_answer_text(&ways, "step/ticket"), code);
    FISC_ASSERT_INT(browser_ask(&ana, "POST", "/v1/session/totp", body, &session), 201);
    CU_ASSERT_TRUE(json_is_true(json_object_get(session.json, "strong")));
}

static void
the_session_before_is_over(void)
{
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) ana = {0};
    signing_password(serving, "ana");
    browser_sign_in(&ana, serving, "ana");
    g_autofree char *before = g_strdup_printf("Cookie: %s\r\n", ana.cookie);
    FISC_ASSERT_INT(sign_in_as(&ana, serving, LINKED), 303);
    FISC_ASSERT_INT(browser_status(&ana, "GET", "/v1/session", NULL), 200);
    CU_ASSERT_TRUE(signing_becomes(serving, "/v1/session", before, 401));
    books_expect(serving->books, "select count(*) from identity.session", "1");
}

static void
afterwards_only_a_page_of_this_site(void)
{
    static const char *const pages[] = {"//evil.example", "https://evil.example/",
                                        "/%5Cevil.example", "/v1/tokens", "/%0d%0aX-Evil:1"};
    g_autoptr(Serving) serving = serve();
    for (gsize i = 0; i < G_N_ELEMENTS(pages); i++) {
        g_auto(Browser) ana = {0};
        g_auto(ServingAnswer) answer = {0};
        g_autofree char *path = g_strconcat("/v1/session/provider?to=", pages[i], NULL);
        g_autofree char *place = begin(&ana, serving, path);
        g_autofree char *back = idp_visit(idp, place, LINKED);
        FISC_ASSERT_INT(browser_ask(&ana, "GET", back, NULL, &answer), 303);
        FISC_ASSERT_TEXT(serving_answer_header(&answer, "Location"), "/");
    }
}

/* Who it is ------------------------------------------------------------------------------------ */

static void
nobody_is_made_a_person_by_signing_in(void)
{
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) stranger = {0};
    g_auto(ServingAnswer) answer = {0};
    g_auto(ServingAnswer) wrong = {0};
    g_autofree char *back = visit(&stranger, serving, "sub-nobody");
    FISC_ASSERT_INT(browser_ask(&stranger, "GET", back, NULL, &answer), 401);
    signing_ask(serving, "POST", "/v1/session", NULL,
                "{\"person\":\"ana\",\"password\":\"not the password\"}", &wrong);
    FISC_ASSERT_TEXT(serving_answer_text(&answer, "code"), serving_answer_text(&wrong, "code"));
    FISC_ASSERT_TEXT(serving_answer_text(&answer, "detail"), serving_answer_text(&wrong, "detail"));
    books_expect(serving->books, "select count(*) from identity.session", "0");
    books_expect(serving->books, "select what from identity.sign_in where what like 'provider%'",
                 "provider: unknown subject sub-nobody");
}

/* Rows without an event, and rows that were changed, are of no use. */
static void
a_link_slipped_into_the_table_opens_nothing(void)
{
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) browser = {0};
    g_autofree char *sql = g_strdup_printf(
        "insert into identity.credential (book_id, person, kind, name, state, secret) values"
        " (1, 'ben', 'provider', '0000', 'set', convert_to(E'%s\\nsub-eve', 'UTF8')) returning 1",
        idp->issuer);
    g_autofree char *done = books_ask(serving->books, sql);
    FISC_ASSERT_INT(sign_in_as(&browser, serving, "sub-eve"), 401);
    g_autofree char *moved = g_strdup_printf(
        "update identity.credential set secret = convert_to(E'%s\\nsub-mallory', 'UTF8')"
        " where person = 'ana' and kind = 'provider' returning 1",
        idp->issuer);
    g_autofree char *changed = books_ask(serving->books, moved);
    FISC_ASSERT_INT(sign_in_as(&browser, serving, "sub-mallory"), 401);
    FISC_ASSERT_INT(sign_in_as(&browser, serving, LINKED), 401);
}

static void
who_is_unlinked_is_out_at_once(void)
{
    g_autoptr(Serving) serving = serve();
    g_autoptr(GError) error = NULL;
    g_auto(Browser) ana = {0};
    FiscContext own = signing_context(serving, "ana");
    FISC_ASSERT_INT(sign_in_as(&ana, serving, LINKED), 303);
    g_autofree char *cookie = g_strdup_printf("Cookie: %s\r\n", ana.cookie);
    CU_ASSERT_TRUE(fisc_flow_provider_unlink(&own, "ana", idp->issuer, LINKED, &error));
    CU_ASSERT_TRUE(signing_becomes(serving, "/v1/session", cookie, 401));
    FISC_ASSERT_INT(sign_in_as(&ana, serving, LINKED), 401);
}

static void
name_persons_by_claim(FiscProviderOptions *options)
{
    options->scope = "openid employee";
    options->person_claim = "employee";
}

/* The claim of sub-ana is "ana". Whoever is not registered here is nobody; nor is who is disabled.
 */
static void
a_claim_names_persons_who_are_registered(void)
{
    g_autoptr(Serving) serving = serve_with(name_persons_by_claim);
    g_autoptr(GError) error = NULL;
    g_auto(Browser) ana = {0};
    g_auto(ServingAnswer) session = {0};
    FiscReceipt *receipt = NULL;
    FiscContext officer = signing_context(serving, "officer");
    FISC_ASSERT_INT(sign_in_as(&ana, serving, LINKED), 401);
    CU_ASSERT_TRUE_FATAL(
        fisc_flow_person_add(&officer, "ana", "Ana Ruiz", "12345678Z", &receipt, &error));
    g_clear_pointer(&receipt, fisc_receipt_free);
    serving_restart(serving); /* else the server hears of it within a second */
    FISC_ASSERT_INT(sign_in_as(&ana, serving, LINKED), 303);
    FISC_ASSERT_INT(browser_ask(&ana, "GET", "/v1/session", NULL, &session), 200);
    FISC_ASSERT_TEXT(serving_answer_text(&session, "person"), "ana");
    officer = signing_context(serving, "officer");
    CU_ASSERT_TRUE_FATAL(fisc_flow_person_disable(&officer, "ana", &receipt, &error));
    fisc_receipt_free(receipt);
    serving_restart(serving);
    FISC_ASSERT_INT(sign_in_as(&ana, serving, LINKED), 401);
    expect_log(serving, "disabled");
}

/* What is brought back ------------------------------------------------------------------------- */

static void
who_says_no_there_is_not_signed_in(void)
{
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) ana = {0};
    FISC_ASSERT_INT(sign_in_as(&ana, serving, "-"), 401);
    expect_log(serving, "provider: access_denied");
}

static void
an_answer_is_good_once(void)
{
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) ana = {0};
    g_autofree char *back = visit(&ana, serving, LINKED);
    g_autofree char *cookie = g_strdup(ana.cookie);
    FISC_ASSERT_INT(finish(&ana, back), 303);
    g_auto(Browser) again = {.serving = serving, .cookie = g_steal_pointer(&cookie)};
    FISC_ASSERT_INT(finish(&again, back), 401);
    expect_log(serving, "provider: no such sign-in");
    books_expect(serving->books, "select count(*) from identity.session", "1");
}

/* A code of another sign-in does not fit this one's verifier. */
static void
a_code_belongs_to_its_sign_in(void)
{
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) ana = {0};
    g_auto(Browser) eve = {0};
    g_autofree char *hers = visit(&ana, serving, LINKED);
    g_autofree char *own = visit(&eve, serving, "sub-nobody");
    char *code = strstr(hers, "code=") + strlen("code=");
    g_autofree char *stolen = g_strndup(code, strcspn(code, "&"));
    g_autofree char *injected = with_parameter(own, "code", stolen);
    FISC_ASSERT_INT(finish(&eve, injected), 401);
    expect_log(serving, "provider: the code is not good");
    FISC_ASSERT_INT(finish(&eve, injected), 401);
    expect_log(serving, "provider: no such sign-in");
}

static void
a_state_belongs_to_its_browser(void)
{
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) ana = {0};
    g_auto(Browser) eve = {0};
    g_auto(Browser) bare = {.serving = serving};
    g_autofree char *hers = visit(&ana, serving, LINKED);
    g_autofree char *own = visit(&eve, serving, "sub-nobody");
    FISC_ASSERT_INT(finish(&eve, hers), 401);  /* she is made to go on with what another began */
    FISC_ASSERT_INT(finish(&bare, hers), 401); /* no cookie at all */
    expect_log(serving, "provider: no such sign-in");
    FISC_ASSERT_INT(finish(&ana, hers), 303); /* and nobody has spoilt it */
}

static void
what_is_altered_signs_nobody_in(void)
{
    static const struct {
        const char *name, *value, *log;
    } cases[] = {
        {"iss", "https%3A%2F%2Fevil.example", "provider: an answer of another issuer"},
        {"iss", NULL, "provider: an answer of another issuer"},
        {"code", NULL, "provider: an answer without a code"},
        {"code", "", "provider: an answer without a code"},
        {"code", "%00", NULL},
        {"code", "other", "provider: the code is not good"},
        {"state", NULL, "provider: no such sign-in"},
        {"state", "none", "provider: no such sign-in"},
    };
    g_autoptr(Serving) serving = serve();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Browser) ana = {0};
        g_autofree char *back = visit(&ana, serving, LINKED);
        g_autofree char *altered = with_parameter(back, cases[i].name, cases[i].value);
        fisc_assert_int(finish(&ana, altered), cases[i].log != NULL ? 401 : 400, altered, __FILE__,
                        __LINE__);
        if (cases[i].log != NULL) {
            expect_log(serving, cases[i].log);
        }
        g_autofree char *done =
            books_ask(serving->books, "delete from identity.attempt returning 1");
    }
    g_auto(Browser) ana = {0};
    g_autofree char *back = visit(&ana, serving, LINKED);
    g_autofree char *more = g_strconcat(back, "&session_state=x.y&hd=example.org", NULL);
    FISC_ASSERT_INT(finish(&ana, more), 303); /* what providers add is passed over */
}

static void
a_sign_in_lasts_ten_minutes(void)
{
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) ana = {0};
    g_autofree char *back = visit(&ana, serving, LINKED);
    books_expect(serving->books,
                 "select expires_at - now() between interval '9 minutes' and interval '10 minutes'"
                 " from identity.provider_login",
                 "t");
    g_autofree char *done = books_ask(
        serving->books, "update identity.provider_login set expires_at = now() returning 1");
    FISC_ASSERT_INT(finish(&ana, back), 401);
}

static void
no_other_site_makes_a_browser_begin(void)
{
    static const struct {
        const char *site;
        int status;
    } cases[] = {{"none", 302}, {"same-origin", 302}, {"same-site", 403}, {"cross-site", 403}};
    g_autoptr(Serving) serving = serve();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(ServingAnswer) answer = {0};
        g_autofree char *header = g_strdup_printf("Sec-Fetch-Site: %s\r\n", cases[i].site);
        FISC_ASSERT_INT(signing_ask(serving, "GET", START, header, NULL, &answer), cases[i].status);
    }
}

static void
guessing_is_bounded(void)
{
    g_autoptr(Serving) serving = serve();
    for (int i = 0; i <= 20; i++) {
        g_auto(ServingAnswer) answer = {0};
        g_autofree char *path =
            g_strdup_printf("/v1/session/provider/return?state=guess%d&code=x", i);
        FISC_ASSERT_INT(signing_ask(serving, "GET", path, NULL, NULL, &answer), i < 20 ? 401 : 429);
    }
}

static void
nothing_kept_tells_a_secret(void)
{
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) ana = {0};
    g_autofree char *back = visit(&ana, serving, LINKED);
    const char *secret = strchr(ana.cookie, '=') + 1;
    char *at = strstr(back, "state=") + strlen("state=");
    g_autofree char *state = g_strndup(at, strcspn(at, "&"));
    g_autofree char *kept =
        books_ask(serving->books, "select row_to_json(l)::text from identity.provider_login l");
    CU_ASSERT_PTR_NULL(strstr(kept, secret));
    CU_ASSERT_PTR_NULL(strstr(kept, state));
}

/* A provider in trouble ------------------------------------------------------------------------ */

static void
new_keys_are_asked_for_once_a_minute(void)
{
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) ana = {0};
    FISC_ASSERT_INT(sign_in_as(&ana, serving, LINKED), 303);
    idp_command(idp, "keys"); /* it was started again, with other keys */
    FISC_ASSERT_INT(sign_in_as(&ana, serving, LINKED), 303);
    idp_command(idp, "keys"); /* and again: no key is asked for twice in a minute */
    FISC_ASSERT_INT(sign_in_as(&ana, serving, LINKED), 401);
    expect_log(serving, "provider: the token is signed with a key that is not known");
}

static void
a_key_that_is_not_published_is_not_believed(void)
{
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) ana = {0};
    idp_command(idp, "stale");
    FISC_ASSERT_INT(sign_in_as(&ana, serving, LINKED), 401);
    expect_log(serving, "provider: the token is signed with a key that is not known");
    idp_command(idp, "keys");
}

static void
a_provider_that_fails_is_no_wrong_attempt(void)
{
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) ana = {0};
    idp_command(idp, "broken");
    FISC_ASSERT_INT(sign_in_as(&ana, serving, LINKED), 503);
    books_expect(serving->books, "select count(*) from identity.attempt", "0");
    idp_command(idp, "well");
    FISC_ASSERT_INT(sign_in_as(&ana, serving, LINKED), 303);
}

static void
serve_few(FiscServerOptions *options)
{
    options->base_url = IDP_BASE;
    options->workers[FISC_HTTP_PROVIDER] = 1;
    options->provider = (FiscProviderOptions){.issuer = idp->issuer,
                                              .client_id = "fisc-public",
                                              .private_addresses = "127.0.0.0/8",
                                              .seconds = 60};
}

static ServingLink *
send_back(Serving *serving, const Browser *browser, const char *back)
{
    ServingLink *link = serving_connect(serving);
    g_autofree char *text = g_strdup_printf(
        "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: %s\r\n\r\n", back, browser->cookie);
    CU_ASSERT_TRUE_FATAL(serving_link_send(link, text, -1));
    return link;
}

/* Until so many wait for the worker of the lane, and he is at one. */
static void
await_lane(Serving *serving, int wanted)
{
    int64_t end = g_get_monotonic_time() + SERVING_WAIT_S * (int64_t)G_USEC_PER_SEC;
    int waiting = -1, busy = 0;
    while ((waiting != wanted || busy == 0) && g_get_monotonic_time() < end) {
        fisc_http_lane_count(serving->server->http, FISC_HTTP_PROVIDER, &waiting, &busy);
        g_usleep(1000);
    }
    FISC_ASSERT_INT(waiting, wanted);
}

static void
renew_provider(void)
{
    idp_free(idp);
    idp = idp_new(); /* the next walk begins with one that is well */
    CU_ASSERT_PTR_NOT_NULL_FATAL(idp);
}

/* The provider lets its one worker wait, for a minute if need be: everybody else is answered; who
 * would wait behind sixteen others is refused at once. Then it dies, and who waited is told. */
static void
who_waits_for_the_provider_keeps_nobody_waiting(void)
{
    g_autoptr(Serving) serving = signing_serve_as(serve_few);
    g_autoptr(GPtrArray) crowd = g_ptr_array_new_with_free_func((GDestroyNotify)serving_link_free);
    g_auto(Browser) ana = {0};
    g_auto(Browser) ben = {0};
    g_auto(ServingAnswer) late = {0};
    g_auto(ServingAnswer) refused = {0};
    signing_password(serving, "ben");
    g_autofree char *back = visit(&ana, serving, LINKED);
    idp_command(idp, "stall");
    g_autoptr(ServingLink) first = send_back(serving, &ana, back);
    await_lane(serving, 0);
    for (int i = 0; i < 16; i++) {
        g_ptr_array_add(crowd, send_back(serving, &ana, "/v1/session/provider/return?state=x"));
    }
    await_lane(serving, 16);
    FISC_ASSERT_INT(signing_ask(serving, "GET", START, NULL, NULL, &refused), 503);
    FISC_ASSERT_TEXT(serving_answer_text(&refused, "code"), "BUSY");
    browser_sign_in(&ben, serving, "ben");
    FISC_ASSERT_INT(browser_status(&ben, "GET", "/v1/session", NULL), 200);
    idp_stop(idp);
    CU_ASSERT_TRUE_FATAL(serving_link_receive(first, false, &late));
    FISC_ASSERT_INT(late.status, 503);
    FISC_ASSERT_TEXT(serving_answer_text(&late, "code"), "PEER_UNAVAILABLE");
    renew_provider();
}

static void
a_provider_that_is_gone_is_said_so(void)
{
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) ana = {0};
    signing_password(serving, "ana");
    g_autofree char *back = visit(&ana, serving, LINKED);
    idp_stop(idp);
    FISC_ASSERT_INT(finish(&ana, back), 503);
    browser_sign_in(&ana, serving, "ana");
    renew_provider();
}

const FiscTest fisc_provider_walk_tests[] = {
    {"whom the provider knows is signed in", whom_the_provider_knows_is_signed_in},
    {"a public client needs no secret", a_public_client_needs_no_secret},
    {"a wrong secret is the operator's trouble", a_wrong_secret_is_the_operators_trouble},
    {"two factors shown there count here, by the settings", two_factors_shown_there_count_here},
    {"a second factor of here is asked for here", a_second_factor_of_here_is_asked_for_here},
    {"the session before is over", the_session_before_is_over},
    {"afterwards the browser goes to a page of this site only",
     afterwards_only_a_page_of_this_site},
    {"nobody is made a person by signing in", nobody_is_made_a_person_by_signing_in},
    {"a link slipped into the table opens nothing", a_link_slipped_into_the_table_opens_nothing},
    {"who is unlinked is out at once", who_is_unlinked_is_out_at_once},
    {"a claim names persons who are registered", a_claim_names_persons_who_are_registered},
    {"who says no there is not signed in", who_says_no_there_is_not_signed_in},
    {"an answer is good once", an_answer_is_good_once},
    {"a code belongs to its sign-in", a_code_belongs_to_its_sign_in},
    {"a state belongs to its browser", a_state_belongs_to_its_browser},
    {"what is altered signs nobody in", what_is_altered_signs_nobody_in},
    {"a sign-in lasts ten minutes", a_sign_in_lasts_ten_minutes},
    {"no other site makes a browser begin", no_other_site_makes_a_browser_begin},
    {"guessing is bounded", guessing_is_bounded},
    {"nothing that is kept tells a secret", nothing_kept_tells_a_secret},
    {"new keys are asked for, once a minute at most", new_keys_are_asked_for_once_a_minute},
    {"a key that is not published is not believed", a_key_that_is_not_published_is_not_believed},
    {"a provider that fails is no wrong attempt", a_provider_that_fails_is_no_wrong_attempt},
    {"who waits for the provider keeps nobody waiting",
     who_waits_for_the_provider_keeps_nobody_waiting},
    {"a provider that is gone is said so", a_provider_that_is_gone_is_said_so},
    {NULL, NULL},
};

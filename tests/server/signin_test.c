/* signin_test.c mirrors app/server/signin.c and api/session.c: who gets in, with what, and for how
 * long. */
#include "app/flows/signin.h"
#include "app/server/server_internal.h"
#include "app/server/signin.h"
#include "tests/server/signing.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_signin_server_tests[];

#define SIGN_IN(person, password) "{\"person\":\"" person "\",\"password\":\"" password "\"}"

/* Passwords ------------------------------------------------------------------------------------ */

static void
a_password_opens_a_session(void)
{
    g_autoptr(Serving) serving = signing_serve();
    g_auto(Browser) ana = {.serving = serving};
    g_auto(ServingAnswer) answer = {0};
    signing_password(serving, "ana");
    FISC_ASSERT_INT(
        browser_ask(&ana, "POST", "/v1/session", SIGN_IN("ana", SIGNING_PASSWORD), &answer), 201);
    FISC_ASSERT_TEXT(serving_answer_text(&answer, "person"), "ana");
    CU_ASSERT(json_is_true(json_object_get(json_object_get(answer.json, "scope"), "all")));
    CU_ASSERT(json_is_false(json_object_get(answer.json, "strong")));
    FISC_ASSERT_INT(strlen(serving_answer_text(&answer, "csrf")), 64);
    FISC_ASSERT_INT(strlen(serving_answer_text(&answer, "expires_at")), 20);
    g_auto(ServingAnswer) again = {0};
    FISC_ASSERT_INT(browser_ask(&ana, "GET", "/v1/session", NULL, &again), 200);
    FISC_ASSERT_TEXT(serving_answer_text(&again, "csrf"), ana.csrf);
    FISC_ASSERT_INT(browser_status(&ana, "DELETE", "/v1/session", NULL), 204);
    FISC_ASSERT_TEXT(ana.cookie, "fisc=");
}

static void
signing_out_ends_the_session_at_once(void)
{
    g_autoptr(Serving) serving = signing_serve();
    g_auto(Browser) ana = {0};
    signing_password(serving, "ana");
    browser_sign_in(&ana, serving, "ana");
    g_autofree char *cookie = g_strdup_printf("Cookie: %s\r\n", ana.cookie);
    g_auto(ServingAnswer) before = {0};
    g_auto(ServingAnswer) after = {0};
    FISC_ASSERT_INT(signing_ask(serving, "GET", "/v1/session", cookie, NULL, &before), 200);
    FISC_ASSERT_INT(browser_status(&ana, "DELETE", "/v1/session", NULL), 204);
    FISC_ASSERT_INT(signing_ask(serving, "GET", "/v1/session", cookie, NULL, &after), 401);
}

/* Who asks learns nothing of who exists: the same words, the same work. */
static void
an_unknown_name_is_answered_as_a_wrong_password(void)
{
    static const char *const bodies[] = {SIGN_IN("ana", "red horses run slowly"),
                                         SIGN_IN("nobody", SIGNING_PASSWORD), SIGN_IN("ana", ""),
                                         SIGN_IN("", "")};
    g_autoptr(Serving) serving = signing_serve();
    FiscHasher *hasher = fisc_door_hasher(serving->server);
    signing_password(serving, "ana");
    for (gsize i = 0; i < G_N_ELEMENTS(bodies); i++) {
        g_auto(ServingAnswer) answer = {0};
        int64_t before = fisc_hasher_count(hasher);
        FISC_ASSERT_INT(signing_ask(serving, "POST", "/v1/session", NULL, bodies[i], &answer), 401);
        FISC_ASSERT_INT(fisc_hasher_count(hasher) - before, 1);
        FISC_ASSERT_TEXT(serving_answer_text(&answer, "code"), "SIGN_IN_FAILED");
        FISC_ASSERT_TEXT(serving_answer_text(&answer, "detail"), "this does not sign anybody in");
        CU_ASSERT_PTR_NULL(serving_answer_header(&answer, "Set-Cookie"));
    }
}

static void
a_start_password_is_changed_first(void)
{
    g_autoptr(Serving) serving = signing_serve();
    g_autoptr(GError) error = NULL;
    FiscContext own = serving->books->ctx;
    own.actor = "officer";
    own.poster = serving->server->poster;
    CU_ASSERT_TRUE_FATAL(fisc_flow_password_set(&own, fisc_door_hasher(serving->server), "ana",
                                                NULL, SIGNING_PASSWORD, &error));
    g_auto(ServingAnswer) first = {0};
    FISC_ASSERT_INT(
        signing_ask(serving, "POST", "/v1/session", NULL, SIGN_IN("ana", SIGNING_PASSWORD), &first),
        202);
    FISC_ASSERT_TEXT(serving_answer_text(&first, "needs"), "password");
    CU_ASSERT_PTR_NULL(serving_answer_header(&first, "Set-Cookie"));
    static const struct {
        const char *password;
        int status;
    } cases[] = {{"short", 422},
                 {SIGNING_PASSWORD, 422},
                 {"red horses run slowly", 201},
                 {"green horses run slowly", 401}}; /* a ticket is good once */
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(ServingAnswer) answer = {0};
        g_autofree char *body =
            g_strdup_printf("{\"ticket\":\"%s\",\"password\":\"%s\"}",
                            serving_answer_text(&first, "ticket"), cases[i].password);
        FISC_ASSERT_INT(signing_ask(serving, "POST", "/v1/session/password", NULL, body, &answer),
                        cases[i].status);
    }
    g_auto(ServingAnswer) last = {0};
    FISC_ASSERT_INT(signing_ask(serving, "POST", "/v1/session", NULL,
                                SIGN_IN("ana", "red horses run slowly"), &last),
                    201);
}

static void
changing_the_password_ends_all_sessions(void)
{
    g_autoptr(Serving) serving = signing_serve();
    g_auto(Browser) here = {0};
    g_auto(Browser) there = {0};
    signing_password(serving, "ana");
    browser_sign_in(&here, serving, "ana");
    browser_sign_in(&there, serving, "ana");
    FISC_ASSERT_INT(browser_status(&here, "POST", "/v1/passwords",
                                   "{\"old\":\"wrong\",\"password\":\"red horses run slowly\"}"),
                    403);
    FISC_ASSERT_INT(browser_status(&here, "POST", "/v1/passwords",
                                   "{\"old\":\"" SIGNING_PASSWORD
                                   "\",\"password\":\"red horses run slowly\"}"),
                    204);
    FISC_ASSERT_INT(browser_status(&here, "GET", "/v1/session", NULL), 401);
    FISC_ASSERT_INT(browser_status(&there, "GET", "/v1/session", NULL), 401);
    g_auto(ServingAnswer) old = {0};
    FISC_ASSERT_INT(
        signing_ask(serving, "POST", "/v1/session", NULL, SIGN_IN("ana", SIGNING_PASSWORD), &old),
        401);
}

/* Guessing ------------------------------------------------------------------------------------- */

static void
five_wrong_ones_close_the_door(void)
{
    g_autoptr(Serving) serving = signing_serve();
    FiscHasher *hasher = fisc_door_hasher(serving->server);
    signing_password(serving, "ana");
    signing_password(serving, "ben");
    for (int i = 0; i < FISC_ATTEMPTS_PAIR; i++) {
        g_auto(ServingAnswer) wrong = {0};
        FISC_ASSERT_INT(signing_ask(serving, "POST", "/v1/session", NULL,
                                    SIGN_IN("ana", "red horses run slowly"), &wrong),
                        401);
    }
    int64_t before = fisc_hasher_count(hasher);
    g_auto(ServingAnswer) right = {0};
    FISC_ASSERT_INT(
        signing_ask(serving, "POST", "/v1/session", NULL, SIGN_IN("ana", SIGNING_PASSWORD), &right),
        429);
    FISC_ASSERT_TEXT(serving_answer_text(&right, "code"), "RATE_LIMITED");
    int wait_s = atoi(serving_answer_header(&right, "Retry-After"));
    CU_ASSERT(wait_s > 0 && wait_s <= 15 * 60);
    FISC_ASSERT_INT(fisc_hasher_count(hasher), before); /* nothing was looked at */
    g_auto(Browser) ben = {0};
    browser_sign_in(&ben, serving, "ben"); /* somebody else at the same address */
    g_autofree char *past = books_ask(
        serving->books, "update identity.attempt set at = at - interval '16 minutes' returning 1");
    g_auto(Browser) ana = {0};
    browser_sign_in(&ana, serving, "ana");
    books_expect(serving->books, "select count(*) from identity.attempt", "0");
}

static void
one_address_does_not_try_many_names(void)
{
    g_autoptr(Serving) serving = signing_serve();
    int status = 0;
    for (int i = 0; i <= FISC_ATTEMPTS_ADDRESS; i++) {
        g_auto(ServingAnswer) answer = {0};
        g_autofree char *body = g_strdup_printf("{\"person\":\"p%d\",\"password\":\"x\"}", i);
        status = signing_ask(serving, "POST", "/v1/session", NULL, body, &answer);
        FISC_ASSERT_INT(status, i < FISC_ATTEMPTS_ADDRESS ? 401 : 429);
    }
}

/* Browsers ------------------------------------------------------------------------------------- */

static void
a_cookie_is_for_this_site_and_no_script(void)
{
    g_autoptr(Serving) serving = signing_serve();
    g_auto(ServingAnswer) answer = {0};
    signing_password(serving, "ana");
    signing_ask(serving, "POST", "/v1/session", NULL, SIGN_IN("ana", SIGNING_PASSWORD), &answer);
    const char *set = serving_answer_header(&answer, "Set-Cookie");
    CU_ASSERT_PTR_NOT_NULL_FATAL(set);
    FISC_ASSERT_TEXT(strchr(set, ';'), "; Path=/; HttpOnly; SameSite=Strict");
    CU_ASSERT(g_str_has_prefix(set, "fisc="));
    FISC_ASSERT_TEXT(serving_answer_header(&answer, "Cache-Control"), "no-store");
    FISC_ASSERT_TEXT(serving_answer_header(&answer, "X-Frame-Options"), "DENY");
    FISC_ASSERT_TEXT(serving_answer_header(&answer, "X-Content-Type-Options"), "nosniff");
    FISC_ASSERT_CONTAINS(serving_answer_header(&answer, "Content-Security-Policy"),
                         "frame-ancestors 'none'");
    FISC_ASSERT_CONTAINS(serving_answer_header(&answer, "Content-Security-Policy"),
                         "default-src 'none'");
}

static void
over_tls_the_cookie_is_the_hosts_own(void)
{
    FiscHttpRequest request = {.method = "GET", .is_secure = true};
    FiscHttpReply reply = {.headers = g_ptr_array_new_with_free_func(g_free),
                           .body = g_byte_array_new()};
    FiscCall call = {.request = &request, .reply = &reply};
    fisc_server_set_cookie(&call, "secret");
    FISC_ASSERT_TEXT(reply.headers->pdata[1],
                     "__Host-fisc=secret; Path=/; HttpOnly; SameSite=Strict; Secure");
    fisc_server_set_cookie(&call, NULL);
    FISC_ASSERT_TEXT(reply.headers->pdata[3],
                     "__Host-fisc=; Path=/; HttpOnly; SameSite=Strict; Secure; Max-Age=0");
    request.headers = g_ptr_array_new();
    g_ptr_array_add(request.headers, (char *)"Cookie");
    g_ptr_array_add(request.headers, (char *)"fisc=planted; __Host-fisc=own");
    g_autofree char *secure = fisc_server_cookie(&request);
    FISC_ASSERT_TEXT(secure, "own"); /* another page of the domain may plant the plain one */
    g_ptr_array_unref(request.headers);
    g_ptr_array_unref(reply.headers);
    g_byte_array_unref(reply.body);
}

/* Nobody signs in on an id that somebody else has chosen, or knows from before. */
static void
a_session_has_a_new_id_at_sign_in(void)
{
    g_autoptr(Serving) serving = signing_serve();
    char chosen[FISC_SECRET_TEXT];
    fisc_secret_make("", chosen);
    signing_password(serving, "ana");
    g_auto(Browser) ana = {.cookie = g_strconcat("fisc=", chosen, NULL)};
    g_autofree char *planted = g_strdup_printf("Cookie: fisc=%s\r\n", chosen);
    browser_sign_in(&ana, serving, "ana");
    CU_ASSERT(strstr(ana.cookie, chosen) == NULL);
    g_auto(ServingAnswer) answer = {0};
    FISC_ASSERT_INT(signing_ask(serving, "GET", "/v1/session", planted, NULL, &answer), 401);
    g_autofree char *first = g_strdup_printf("Cookie: %s\r\n", ana.cookie);
    browser_sign_in(&ana, serving, "ana");
    g_auto(ServingAnswer) before = {0};
    FISC_ASSERT_INT(signing_ask(serving, "GET", "/v1/session", first, NULL, &before), 401);
    FISC_ASSERT_INT(browser_status(&ana, "GET", "/v1/session", NULL), 200);
}

static void
a_write_with_a_cookie_comes_from_a_page_of_ours(void)
{
    static const struct {
        const char *headers; /* %s: what the page was given */
        int status;
    } cases[] = {
        {"", 403},
        {"X-Fisc-Csrf: 00\r\n", 403},
        {"X-Fisc-Csrf: %s\r\n", 200},
        {"X-Fisc-Csrf: %s\r\nSec-Fetch-Site: same-origin\r\n", 200},
        {"X-Fisc-Csrf: %s\r\nSec-Fetch-Site: cross-site\r\n", 403},
        {"X-Fisc-Csrf: %s\r\nSec-Fetch-Site: same-site\r\n", 403},
        {"X-Fisc-Csrf: %s\r\nSec-Fetch-Site: none\r\n", 403},
        {"X-Fisc-Csrf: %s\r\nOrigin: https://evil.example\r\n", 403},
        {"X-Fisc-Csrf: %s\r\nOrigin: null\r\n", 403},
    };
    g_autoptr(Serving) serving = signing_serve();
    g_auto(Browser) ana = {0};
    signing_password(serving, "ana");
    browser_sign_in(&ana, serving, "ana");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(ServingAnswer) answer = {0};
        g_auto(GStrv) parts = g_strsplit(cases[i].headers, "%s", 2);
        g_autofree char *own = g_strjoinv(ana.csrf, parts);
        g_autofree char *headers = g_strdup_printf("Cookie: %s\r\n%s", ana.cookie, own);
        int status = signing_ask(serving, "POST", "/v1/virements?dry_run=true", headers,
                                 "{\"entity\":\"SCH\",\"from\":{\"gfs_code\":\"22\","
                                 "\"cofog\":\"70912\"},\"to\":{\"gfs_code\":\"24\","
                                 "\"cofog\":\"70912\"},\"amount\":\"10.00\","
                                 "\"date\":\"2024-03-01\",\"reason\":\"Interest\"}",
                                 &answer);
        fisc_assert_int(status, cases[i].status, cases[i].headers, __FILE__, __LINE__);
        if (status == 403) {
            FISC_ASSERT_TEXT(serving_answer_text(&answer, "code"), "FORGERY");
        }
    }
    FISC_ASSERT_INT(browser_status(&ana, "GET", "/v1/session", NULL), 200);
}

static void
no_other_site_signs_anybody_in(void)
{
    static const char *const headers[] = {"Origin: https://evil.example\r\n",
                                          "Sec-Fetch-Site: cross-site\r\n"};
    g_autoptr(Serving) serving = signing_serve();
    signing_password(serving, "ana");
    for (gsize i = 0; i < G_N_ELEMENTS(headers); i++) {
        g_auto(ServingAnswer) answer = {0};
        FISC_ASSERT_INT(signing_ask(serving, "POST", "/v1/session", headers[i],
                                    SIGN_IN("ana", SIGNING_PASSWORD), &answer),
                        403);
        CU_ASSERT_PTR_NULL(serving_answer_header(&answer, "Set-Cookie"));
    }
}

/* Time ----------------------------------------------------------------------------------------- */

static void
a_session_ends_idle_or_old(void)
{
    static const char *const updates[] = {
        "update identity.session set used_at = now() - interval '16 minutes' returning 1",
        "update identity.session set expires_at = now() - interval '1 second' returning 1",
    };
    g_autoptr(Serving) serving = signing_serve();
    signing_password(serving, "ana");
    books_expect(serving->books, "select count(*) from identity.session", "0");
    for (gsize i = 0; i < G_N_ELEMENTS(updates); i++) {
        g_auto(Browser) ana = {0};
        browser_sign_in(&ana, serving, "ana");
        g_autofree char *lasts = books_ask(
            serving->books,
            "select max(expires_at) - max(made_at) = interval '8 hours' from identity.session");
        FISC_ASSERT_TEXT(lasts, "t");
        g_autofree char *cookie = g_strdup_printf("Cookie: %s\r\n", ana.cookie);
        g_autofree char *done = books_ask(serving->books, updates[i]);
        CU_ASSERT(signing_becomes(serving, "/v1/session", cookie, 401));
    }
}

static void
who_is_disabled_is_out(void)
{
    g_autoptr(Serving) serving = signing_serve();
    g_autoptr(GError) error = NULL;
    FiscReceipt *receipt = NULL;
    FiscContext own = serving->books->ctx;
    own.actor = "officer";
    CU_ASSERT_TRUE_FATAL(
        fisc_flow_person_add(&own, "ana", "Ana Ruiz", "12345678Z", &receipt, &error));
    g_clear_pointer(&receipt, fisc_receipt_free);
    signing_password(serving, "ana");
    g_autofree char *token = signing_token(serving, "ana", "feed", "read", NULL);
    g_auto(Browser) ana = {0};
    browser_sign_in(&ana, serving, "ana");
    g_autofree char *cookie = g_strdup_printf("Cookie: %s\r\n", ana.cookie);
    g_autofree char *bearer = g_strdup_printf("Authorization: Bearer %s\r\n", token);
    CU_ASSERT(signing_becomes(serving, "/v1/session", bearer, 200));
    CU_ASSERT_TRUE_FATAL(fisc_flow_person_disable(&own, "ana", &receipt, &error));
    fisc_receipt_free(receipt);
    CU_ASSERT(signing_becomes(serving, "/v1/session", cookie, 401));
    CU_ASSERT(signing_becomes(serving, "/v1/session", bearer, 401));
    g_auto(ServingAnswer) answer = {0};
    FISC_ASSERT_INT(signing_ask(serving, "POST", "/v1/session", NULL,
                                SIGN_IN("ana", SIGNING_PASSWORD), &answer),
                    401);
}

static void
another_server_of_the_book_hears_of_it(void)
{
    g_autoptr(Serving) serving = signing_serve();
    g_autoptr(GError) error = NULL;
    Serving other = *serving;
    other.link = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_serve_open(&other.options, &other.server, &error));
    other.port = fisc_serve_port(other.server);
    signing_password(serving, "ana");
    g_auto(Browser) ana = {0};
    browser_sign_in(&ana, serving, "ana");
    g_autofree char *cookie = g_strdup_printf("Cookie: %s\r\n", ana.cookie);
    CU_ASSERT(signing_becomes(&other, "/v1/session", cookie, 200));
    FISC_ASSERT_INT(browser_status(&ana, "DELETE", "/v1/session", NULL), 204);
    CU_ASSERT(signing_becomes(&other, "/v1/session", cookie, 401));
    serving_link_free(other.link);
    fisc_serve_close(other.server);
}

const FiscTest fisc_signin_server_tests[] = {
    {"a password opens a session", a_password_opens_a_session},
    {"signing out ends the session at once", signing_out_ends_the_session_at_once},
    {"an unknown name is answered as a wrong password, for the same work",
     an_unknown_name_is_answered_as_a_wrong_password},
    {"a start password is changed first", a_start_password_is_changed_first},
    {"changing the password ends all sessions", changing_the_password_ends_all_sessions},
    {"five wrong ones close the door, to the right one too", five_wrong_ones_close_the_door},
    {"one address does not try many names", one_address_does_not_try_many_names},
    {"a cookie is for this site and no script", a_cookie_is_for_this_site_and_no_script},
    {"over TLS the cookie is the host's own", over_tls_the_cookie_is_the_hosts_own},
    {"a session has a new id at sign-in", a_session_has_a_new_id_at_sign_in},
    {"a write with a cookie comes from a page of ours",
     a_write_with_a_cookie_comes_from_a_page_of_ours},
    {"no other site signs anybody in", no_other_site_signs_anybody_in},
    {"a session ends when it is idle, or old", a_session_ends_idle_or_old},
    {"who is disabled is out, and comes in no more", who_is_disabled_is_out},
    {"another server of the book hears of it", another_server_of_the_book_hears_of_it},
    {NULL, NULL},
};

/* signing.c: signing in as a browser does. */
#include "tests/server/signing.h"
#include "app/flows/signin.h"
#include "app/server/server_internal.h"
#include "app/server/signin.h"
#include "tests/app/school.h"
#include "tests/support/suite.h"
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

static char *folder;
static char *key_file;

static void (*adjust_more)(FiscServerOptions *options);

static void
adjust(FiscServerOptions *options)
{
    options->secret_key = key_file;
    if (adjust_more != NULL) {
        adjust_more(options);
    }
}

Serving *
signing_serve(void)
{
    return signing_serve_as(NULL);
}

Serving *
signing_serve_as(void (*more)(FiscServerOptions *options))
{
    return signing_serve_books(school_books(), more);
}

Serving *
signing_serve_books(Books *books, void (*more)(FiscServerOptions *options))
{
    adjust_more = more;
    if (folder == NULL) {
        folder = g_dir_make_tmp("fisc-signing-XXXXXX", NULL);
        key_file = g_build_filename(folder, "secret.key", NULL);
    }
    return serving_new(books, adjust);
}

int
signing_tear_down(void)
{
    if (folder != NULL) {
        g_unlink(key_file);
        g_rmdir(folder);
    }
    g_clear_pointer(&folder, g_free);
    g_clear_pointer(&key_file, g_free);
    return 0;
}

FiscContext
signing_context(Serving *serving, const char *actor)
{
    FiscContext own = serving->books->ctx;
    own.actor = actor;
    own.poster = serving->server->poster;
    return own;
}

void
signing_password(Serving *serving, const char *person)
{
    g_autoptr(GError) error = NULL;
    FiscContext own = signing_context(serving, person);
    CU_ASSERT_TRUE_FATAL(fisc_flow_password_set(&own, fisc_door_hasher(serving->server), person,
                                                NULL, SIGNING_PASSWORD, &error));
}

char *
signing_token(Serving *serving, const char *person, const char *name, const char *uses,
              const char *entity)
{
    g_autoptr(GError) error = NULL;
    char token[FISC_SECRET_TEXT];
    FiscContext own = signing_context(serving, person);
    FiscTokenWords words = {.person = person, .name = name, .uses = uses, .entity = entity};
    CU_ASSERT_TRUE_FATAL(fisc_flow_token_make(&own, &words, token, &error));
    return g_strdup(token);
}

int
signing_ask(Serving *serving, const char *method, const char *path, const char *headers,
            const char *body, ServingAnswer *out_answer)
{
    g_autofree char *key = g_uuid_string_random();
    g_autofree char *lines =
        g_strdup_printf("%s%sIdempotency-Key: %s\r\n", headers != NULL ? headers : "",
                        body != NULL ? "Content-Type: application/json\r\n" : "", key);
    CU_ASSERT_TRUE_FATAL(serving_request(serving, method, path, lines, body, out_answer));
    return out_answer->status;
}

int
signing_ask_with(Serving *serving, const char *token, const char *method, const char *path,
                 const char *body)
{
    g_auto(ServingAnswer) answer = {0};
    g_autofree char *headers = g_strdup_printf("Authorization: Bearer %s\r\n", token);
    return signing_ask(serving, method, path, headers, body, &answer);
}

bool
signing_becomes(Serving *serving, const char *path, const char *headers, int status)
{
    int64_t end = g_get_monotonic_time() + SERVING_WAIT_S * (int64_t)G_USEC_PER_SEC;
    int found = 0;
    while (found != status && g_get_monotonic_time() < end) {
        g_auto(ServingAnswer) answer = {0};
        found = signing_ask(serving, "GET", path, headers, NULL, &answer);
        if (found != status) {
            g_usleep(G_USEC_PER_SEC / 20);
        }
    }
    return found == status;
}

/* A browser ------------------------------------------------------------------------------------ */

void
browser_clear(Browser *browser)
{
    g_free(browser->cookie);
    g_free(browser->csrf);
}

static void
take_cookie(Browser *browser, const ServingAnswer *answer)
{
    const char *set = serving_answer_header(answer, "Set-Cookie");
    const char *csrf = serving_answer_text(answer, "csrf");
    if (set != NULL) {
        g_free(browser->cookie);
        browser->cookie = g_strndup(set, strcspn(set, ";"));
    }
    if (*csrf != '\0') {
        g_free(browser->csrf);
        browser->csrf = g_strdup(csrf);
    }
}

int
browser_ask(Browser *browser, const char *method, const char *path, const char *body,
            ServingAnswer *out_answer)
{
    bool is_write = strcmp(method, "GET") != 0;
    g_autofree char *headers = g_strdup_printf(
        "%s%s%s%s%s%s", browser->cookie != NULL ? "Cookie: " : "",
        browser->cookie != NULL ? browser->cookie : "", browser->cookie != NULL ? "\r\n" : "",
        is_write && browser->csrf != NULL ? "X-Fisc-Csrf: " : "",
        is_write && browser->csrf != NULL ? browser->csrf : "",
        is_write && browser->csrf != NULL ? "\r\n" : "");
    int status = signing_ask(browser->serving, method, path, headers, body, out_answer);
    take_cookie(browser, out_answer);
    return status;
}

int
browser_status(Browser *browser, const char *method, const char *path, const char *body)
{
    g_auto(ServingAnswer) answer = {0};
    return browser_ask(browser, method, path, body, &answer);
}

void
browser_sign_in(Browser *browser, Serving *serving, const char *person)
{
    browser->serving = serving;
    g_autofree char *body =
        g_strdup_printf("{\"person\":\"%s\",\"password\":\"" SIGNING_PASSWORD "\"}", person);
    FISC_ASSERT_INT(browser_status(browser, "POST", "/v1/session", body), 201);
    CU_ASSERT_PTR_NOT_NULL_FATAL(browser->cookie);
}

/* Codes ---------------------------------------------------------------------------------------- */

static void
read_seed(const char *uri, uint8_t out_seed[FISC_SEED_SIZE])
{
    const char *at = strstr(uri, "secret=");
    CU_ASSERT_PTR_NOT_NULL_FATAL(at);
    at += strlen("secret=");
    guint bits = 0, held = 0;
    for (int i = 0; i < FISC_SEED_SIZE; at++) {
        bits = bits << 5 | (guint)(g_ascii_isdigit(*at) ? *at - '2' + 26 : *at - 'A');
        held += 5;
        if (held >= 8) {
            held -= 8;
            out_seed[i++] = (uint8_t)(bits >> held);
        }
    }
}

void
signing_code(Serving *serving, const uint8_t seed[FISC_SEED_SIZE],
             char out_code[FISC_CODE_DIGITS + 1])
{
    g_autofree char *done =
        books_ask(serving->books, "update identity.credential set last_step = -1 returning 1");
    fisc_totp_code(seed, FISC_SEED_SIZE, fisc_totp_step(g_get_real_time() / G_USEC_PER_SEC),
                   FISC_CODE_DIGITS, out_code);
}

void
browser_enrol(Browser *browser, uint8_t out_seed[FISC_SEED_SIZE], char **out_code)
{
    g_auto(ServingAnswer) begun = {0};
    g_auto(ServingAnswer) confirmed = {0};
    char code[FISC_CODE_DIGITS + 1];
    FISC_ASSERT_INT(
        browser_ask(browser, "POST", "/v1/totp", "{\"password\":\"" SIGNING_PASSWORD "\"}", &begun),
        201);
    read_seed(serving_answer_text(&begun, "uri"), out_seed);
    signing_code(browser->serving, out_seed, code);
    g_autofree char *body = g_strdup_printf("{\"code\":\"%s\"}", code);
    FISC_ASSERT_INT(browser_ask(browser, "POST", "/v1/totp/confirmation", body, &confirmed), 201);
    if (out_code != NULL) {
        *out_code = g_strdup(serving_answer_text(&confirmed, "recovery_codes/0"));
    }
}

void
browser_sign_in_strongly(Browser *browser, Serving *serving, const char *person,
                         const uint8_t seed[FISC_SEED_SIZE])
{
    char code[FISC_CODE_DIGITS + 1];
    g_auto(ServingAnswer) half = {0};
    g_autofree char *words =
        g_strdup_printf("{\"person\":\"%s\",\"password\":\"" SIGNING_PASSWORD "\"}", person);
    FISC_ASSERT_INT(signing_ask(serving, "POST", "/v1/session", NULL, words, &half), 202);
    signing_code(serving, seed, code);
    g_autofree char *body = g_strdup_printf("{\"ticket\":\"%s\",\"code\":\"%s\"}",
                                            serving_answer_text(&half, "ticket"), code);
    browser->serving = serving;
    FISC_ASSERT_INT(browser_status(browser, "POST", "/v1/session/totp", body), 201);
}

/* Approving ------------------------------------------------------------------------------------ */

char *
signing_propose(Serving *serving, const char *document)
{
    g_autofree char *maker = serving_sign_in(serving, "carl");
    g_autofree char *order = g_strdup_printf(SIGNING_ORDER_OF("%s"), document, document);
    g_autoptr(FiscDocument) proposed = NULL;
    g_auto(ServingAnswer) answer = {0};
    FISC_ASSERT_INT(signing_ask(serving, "POST", "/v1/documents", maker, order, &answer), 201);
    CU_ASSERT_TRUE_FATAL(fisc_flow_document_show(&serving->books->ctx, document, &proposed, NULL));
    return g_strdup(proposed->digest);
}

int
browser_approve(Browser *browser, const char *document, const char *digest, const char *step)
{
    g_auto(ServingAnswer) answer = {0};
    g_autofree char *headers =
        g_strdup_printf("Cookie: %s\r\nX-Fisc-Csrf: %s\r\n%s%s%s", browser->cookie, browser->csrf,
                        step != NULL ? "X-Fisc-Step-Up: " : "", step != NULL ? step : "",
                        step != NULL ? "\r\n" : "");
    g_autofree char *path = g_strdup_printf("/v1/documents/%s/approve", document);
    g_autofree char *body = g_strdup_printf("{\"digest\":\"%s\"}", digest);
    int status = signing_ask(browser->serving, "POST", path, headers, body, &answer);
    if (status == 403) {
        FISC_ASSERT_TEXT(serving_answer_text(&answer, "code"), "STEP_UP_NEEDED");
    }
    return status;
}

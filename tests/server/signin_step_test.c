/* signin_step_test.c mirrors app/server/signin_step.c: second factors, confirmations of one act,
 * and that nothing of it is kept in the clear. */
#include "app/flows/signin.h"
#include "app/server/server_internal.h"
#include "app/server/signin.h"
#include "tests/server/signing.h"
#include "tests/support/suite.h"
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

extern const FiscTest fisc_signin_step_tests[];

#define SIGN_IN(person) "{\"person\":\"" person "\",\"password\":\"" SIGNING_PASSWORD "\"}"

/* Second factors ------------------------------------------------------------------------------- */

static int
send_code(Serving *serving, const char *ticket, const char *code, ServingAnswer *out_answer)
{
    g_autofree char *body = g_strdup_printf("{\"ticket\":\"%s\",\"code\":\"%s\"}", ticket, code);
    return signing_ask(serving, "POST", "/v1/session/totp", NULL, body, out_answer);
}

static char *
ask_ticket(Serving *serving)
{
    g_auto(ServingAnswer) answer = {0};
    FISC_ASSERT_INT(signing_ask(serving, "POST", "/v1/session", NULL, SIGN_IN("ana"), &answer),
                    202);
    FISC_ASSERT_TEXT(serving_answer_text(&answer, "needs"), "totp");
    CU_ASSERT_PTR_NULL(serving_answer_header(&answer, "Set-Cookie"));
    return g_strdup(serving_answer_text(&answer, "ticket"));
}

static void
a_second_factor_is_asked_for(void)
{
    g_autoptr(Serving) serving = signing_serve();
    g_auto(Browser) ana = {0};
    uint8_t seed[FISC_SEED_SIZE];
    char code[FISC_CODE_DIGITS + 1];
    signing_password(serving, "ana");
    browser_sign_in(&ana, serving, "ana");
    browser_enrol(&ana, seed, NULL);
    g_autofree char *ticket = ask_ticket(serving);
    g_auto(ServingAnswer) wrong = {0};
    g_auto(ServingAnswer) right = {0};
    g_auto(ServingAnswer) again = {0};
    g_auto(ServingAnswer) replay = {0};
    FISC_ASSERT_INT(send_code(serving, ticket, "abcdef", &wrong), 401);
    signing_code(serving, seed, code);
    FISC_ASSERT_INT(send_code(serving, ticket, code, &right), 201);
    CU_ASSERT(json_is_true(json_object_get(right.json, "strong")));
    FISC_ASSERT_INT(send_code(serving, ticket, code, &again), 401);
    g_autofree char *second = ask_ticket(serving);
    FISC_ASSERT_INT(send_code(serving, second, code, &replay), 401); /* a code is good once */
}

static void
a_recovery_code_is_good_once(void)
{
    g_autoptr(Serving) serving = signing_serve();
    g_auto(Browser) ana = {0};
    uint8_t seed[FISC_SEED_SIZE];
    g_autofree char *recovery = NULL;
    signing_password(serving, "ana");
    browser_sign_in(&ana, serving, "ana");
    browser_enrol(&ana, seed, &recovery);
    books_expect(serving->books, "select count(*) from identity.recovery", "10");
    static const int expected[] = {201, 401};
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
        g_autofree char *ticket = ask_ticket(serving);
        g_auto(ServingAnswer) answer = {0};
        FISC_ASSERT_INT(send_code(serving, ticket, recovery, &answer), expected[i]);
    }
    books_expect(serving->books, "select count(*) from identity.recovery", "9");
}

static void
a_new_factor_ends_other_sessions_and_changes_the_id(void)
{
    g_autoptr(Serving) serving = signing_serve();
    g_auto(Browser) here = {0};
    g_auto(Browser) there = {0};
    uint8_t seed[FISC_SEED_SIZE];
    signing_password(serving, "ana");
    browser_sign_in(&here, serving, "ana");
    browser_sign_in(&there, serving, "ana");
    FISC_ASSERT_INT(browser_status(&here, "POST", "/v1/totp", "{\"password\":\"not it at all\"}"),
                    403);
    g_autofree char *before = g_strdup_printf("Cookie: %s\r\n", here.cookie);
    browser_enrol(&here, seed, NULL);
    g_auto(ServingAnswer) old = {0};
    g_auto(ServingAnswer) own = {0};
    FISC_ASSERT_INT(signing_ask(serving, "GET", "/v1/session", before, NULL, &old), 401);
    FISC_ASSERT_INT(browser_status(&there, "GET", "/v1/session", NULL), 401);
    FISC_ASSERT_INT(browser_ask(&here, "GET", "/v1/session", NULL, &own), 200);
    CU_ASSERT(json_is_true(json_object_get(own.json, "strong")));
    FISC_ASSERT_INT(
        browser_status(&here, "POST", "/v1/totp", "{\"password\":\"" SIGNING_PASSWORD "\"}"),
        422); /* to replace it takes a code of the old one */
}

static void
wrong_codes_close_the_door_too(void)
{
    g_autoptr(Serving) serving = signing_serve();
    g_auto(Browser) ana = {0};
    uint8_t seed[FISC_SEED_SIZE];
    char code[FISC_CODE_DIGITS + 1];
    signing_password(serving, "ana");
    browser_sign_in(&ana, serving, "ana");
    browser_enrol(&ana, seed, NULL);
    for (int i = 0; i < FISC_ATTEMPTS_PAIR; i++) {
        g_autofree char *ticket = ask_ticket(serving); /* a right password forgives nothing */
        g_auto(ServingAnswer) answer = {0};
        FISC_ASSERT_INT(send_code(serving, ticket, "abcdef", &answer), 401);
    }
    g_auto(ServingAnswer) closed = {0};
    FISC_ASSERT_INT(signing_ask(serving, "POST", "/v1/session", NULL, SIGN_IN("ana"), &closed),
                    429);
    signing_code(serving, seed, code);
}

/* Confirmations -------------------------------------------------------------------------------- */

static char *
step_up(Browser *browser, const uint8_t seed[FISC_SEED_SIZE], const char *digest)
{
    char code[FISC_CODE_DIGITS + 1];
    g_auto(ServingAnswer) answer = {0};
    signing_code(browser->serving, seed, code);
    g_autofree char *body = g_strdup_printf("{\"digest\":\"%s\",\"code\":\"%s\"}", digest, code);
    FISC_ASSERT_INT(browser_ask(browser, "POST", "/v1/step-ups", body, &answer), 201);
    return g_strdup(serving_answer_text(&answer, "step"));
}

static void
an_approval_is_confirmed_for_what_it_is(void)
{
    static const char other_digest[] =
        "00000000000000000000000000000000000000000000000000000000000000ff";
    g_autoptr(Serving) serving = signing_serve();
    g_auto(Browser) ana = {0};
    g_auto(Browser) elsewhere = {0};
    uint8_t seed[FISC_SEED_SIZE];
    signing_password(serving, "ana");
    browser_sign_in(&ana, serving, "ana");
    browser_enrol(&ana, seed, NULL);
    browser_sign_in_strongly(&elsewhere, serving, "ana", seed);
    g_autofree char *digest = signing_propose(serving, "PO-1");
    g_autofree char *for_other = step_up(&ana, seed, other_digest);
    g_autofree char *of_other_session = step_up(&elsewhere, seed, digest);
    g_autofree char *over = step_up(&ana, seed, digest);
    g_autofree char *past =
        books_ask(serving->books, "update identity.step_up set expires_at = now() returning 1");
    FISC_ASSERT_INT(browser_approve(&ana, "PO-1", digest, NULL), 403);
    FISC_ASSERT_INT(browser_approve(&ana, "PO-1", digest, "nonsense"), 403);
    FISC_ASSERT_INT(browser_approve(&ana, "PO-1", digest, over), 403);
    g_free(for_other);
    g_free(of_other_session);
    for_other = step_up(&ana, seed, other_digest);
    of_other_session = step_up(&elsewhere, seed, digest);
    g_autofree char *right = step_up(&ana, seed, digest);
    FISC_ASSERT_INT(browser_approve(&ana, "PO-1", digest, for_other), 403);
    FISC_ASSERT_INT(browser_approve(&ana, "PO-1", digest, of_other_session), 403);
    FISC_ASSERT_INT(browser_approve(&ana, "PO-1", digest, right), 201);
    FISC_ASSERT_INT(browser_approve(&ana, "PO-1", digest, right), 403); /* used */
}

static void
a_confirmation_takes_a_right_code(void)
{
    static const char digest[] = "00000000000000000000000000000000000000000000000000000000000000ff";
    static const struct {
        const char *body, *code;
        int status;
    } cases[] = {
        {"{\"digest\":\"%s\",\"code\":\"abcdef\"}", "CONFIRMATION_WRONG", 403},
        {"{\"digest\":\"%.5s\",\"code\":\"123456\"}", "VALUE_INVALID", 422},
        {"{\"digest\":\"%s\"}", "VALUE_MISSING", 422},
    };
    g_autoptr(Serving) serving = signing_serve();
    g_auto(Browser) ana = {0};
    uint8_t seed[FISC_SEED_SIZE];
    signing_password(serving, "ana");
    browser_sign_in(&ana, serving, "ana");
    browser_enrol(&ana, seed, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(ServingAnswer) answer = {0};
        g_auto(GStrv) parts = g_strsplit(cases[i].body, i == 1 ? "%.5s" : "%s", 2);
        g_autofree char *body = g_strjoinv(i == 1 ? "00000" : digest, parts);
        FISC_ASSERT_INT(browser_ask(&ana, "POST", "/v1/step-ups", body, &answer), cases[i].status);
        FISC_ASSERT_TEXT(serving_answer_text(&answer, "code"), cases[i].code);
    }
}

static void
must(bool is_done, FiscReceipt **receipt)
{
    CU_ASSERT_TRUE_FATAL(is_done);
    CU_ASSERT((*receipt)->refusals == NULL || (*receipt)->refusals->len == 0);
    g_clear_pointer(receipt, fisc_receipt_free);
}

/* "ana" and "ben" bring the duties in force. */
static void
enforce(Serving *serving)
{
    FiscContext own = serving->books->ctx;
    FiscReceipt *receipt = NULL;
    bool is_enforced = false;
    own.poster = serving->server->poster;
    own.actor = "ana";
    must(fisc_flow_person_add(&own, "ana", "Ana Ruiz", "12345678Z", &receipt, NULL), &receipt);
    must(fisc_flow_person_add(&own, "ben", "Ben Oko", "87654321X", &receipt, NULL), &receipt);
    must(fisc_flow_person_init(&own, "ana", "ben", &receipt, NULL), &receipt);
    must(fisc_flow_enforce(&own, &is_enforced, &receipt, NULL), &receipt);
    own.actor = "ben";
    must(fisc_flow_enforce(&own, &is_enforced, &receipt, NULL), &receipt);
    CU_ASSERT_TRUE_FATAL(is_enforced);
}

static void
where_duties_are_in_force_a_factor_is_needed(void)
{
    g_autoptr(Serving) serving = signing_serve();
    g_auto(Browser) ana = {0};
    g_auto(ServingAnswer) known = {0};
    g_autofree char *digest = signing_propose(serving, "PO-1");
    signing_password(serving, "ana");
    enforce(serving);
    browser_sign_in(&ana, serving, "ana");
    g_autofree char *cookie = g_strdup_printf("Cookie: %s\r\n", ana.cookie);
    CU_ASSERT(signing_becomes(serving, "/v1/session", cookie, 200));
    g_autoptr(FiscRoll) roll = NULL;
    while (roll == NULL || !fisc_registry_is_enforced(fisc_roll_registry(roll))) {
        g_clear_pointer(&roll, fisc_roll_release);
        g_usleep(G_USEC_PER_SEC / 50);
        CU_ASSERT_TRUE_FATAL(fisc_door_roll(serving->server, &roll, NULL));
    }
    FISC_ASSERT_INT(browser_ask(&ana, "GET", "/v1/session", NULL, &known), 200);
    FISC_ASSERT_TEXT(serving_answer_text(&known, "name"), "Ana Ruiz");
    FISC_ASSERT_TEXT(serving_answer_text(&known, "roles/0/role"), "administrator");
    CU_ASSERT(browser_approve(&ana, "PO-1", digest, NULL) == 403 ||
              browser_approve(&ana, "PO-1", digest, NULL) == 404);
}

/* Nobody but oneself and those who grant makes a credential; nobody acts for whom nothing says so.
 */
static void
credentials_are_ones_own_or_the_officers(void)
{
    static const struct {
        const char *actor, *person;
        int code; /* -1: it is done */
    } cases[] = {
        {"ana", "ana", -1},
        {"ben", "ana", -1},
        {"cleo", "cleo", -1},
        {"cleo", "ana", FISC_ERROR_DUTY_MISSING},
        {"stranger", "stranger", FISC_ERROR_PERSON_UNKNOWN},
        {"stranger", "ana", FISC_ERROR_PERSON_UNKNOWN},
    };
    g_autoptr(Serving) serving = signing_serve();
    FiscContext own = serving->books->ctx;
    FiscReceipt *receipt = NULL;
    own.poster = serving->server->poster;
    own.actor = "ana";
    must(fisc_flow_person_add(&own, "cleo", "Cleo Diaz", "11111111H", &receipt, NULL), &receipt);
    enforce(serving);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *name = g_strdup_printf("t%zu", i);
        char token[FISC_SECRET_TEXT];
        FiscTokenWords words = {.person = cases[i].person, .name = name};
        own.actor = cases[i].actor;
        bool is_done = fisc_flow_token_make(&own, &words, token, &error);
        FISC_ASSERT_INT(is_done ? -1 : error->code, cases[i].code);
    }
    books_expect(serving->books,
                 "select string_agg(subject, ' ' order by subject) from ledger.master"
                 " where kind = 'credential'",
                 "ana/token/t0 ana/token/t1 cleo/token/t2");
    g_auto(ServingAnswer) answer = {0};
    g_autofree char *who = serving_sign_in(serving, "ana");
    g_autofree char *headers = g_strconcat(who, "X-Fisc-On-Behalf: ben\r\n", NULL);
    FISC_ASSERT_INT(signing_ask(serving, "GET", "/v1/session", headers, NULL, &answer), 403);
    FISC_ASSERT_TEXT(serving_answer_text(&answer, "code"), "DELEGATION_INVALID");
}

/* Nothing is kept in the clear ----------------------------------------------------------------- */

static const char *const kept[] = {"identity.credential", "identity.recovery", "identity.session",
                                   "identity.ticket",     "identity.token",    "identity.step_up",
                                   "identity.attempt",    "identity.sign_in",  "ledger.event",
                                   "ledger.master",       "server.answer"};

static char *
dump(Serving *serving)
{
    GString *all = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(kept); i++) {
        g_autofree char *exists = g_strdup_printf("select to_regclass('%s') is not null", kept[i]);
        g_autofree char *is_there = books_ask(serving->books, exists);
        if (strcmp(is_there, "t") == 0) {
            g_autofree char *sql =
                g_strdup_printf("select coalesce(string_agg(t::text, ' '), '') from %s t", kept[i]);
            g_autofree char *text = books_ask(serving->books, sql);
            g_string_append(all, text);
        }
    }
    return g_string_free(all, FALSE);
}

static void
expect_absent(const char *text, const char *secret, const char *where)
{
    GString *hex = g_string_new(NULL);
    for (const char *at = secret; *at != '\0'; at++) {
        g_string_append_printf(hex, "%02x", (guint8)*at);
    }
    fisc_assert_int(strstr(text, secret) != NULL, 0, where, __FILE__, __LINE__);
    fisc_assert_int(strstr(text, hex->str) != NULL, 0, where, __FILE__, __LINE__);
    g_string_free(hex, TRUE);
}

static void
log_all(FiscServerOptions *options)
{
    options->log_format = FISC_SERVE_LOG_LOGFMT;
}

/* What a server says on stderr while a person signs in, makes a factor and a token, and confirms.
 */
static void
no_secret_is_kept_or_logged(void)
{
    g_autoptr(Serving) serving = signing_serve();
    g_autofree char *log_path = g_build_filename(g_get_tmp_dir(), "fisc-signin-log-XXXXXX", NULL);
    int log = g_mkstemp(log_path), before = dup(STDERR_FILENO);
    log_all(&serving->options);
    serving_restart(serving);
    dup2(log, STDERR_FILENO);
    g_auto(Browser) ana = {0};
    uint8_t seed[FISC_SEED_SIZE];
    char seed_text[FISC_SEED_TEXT];
    g_autofree char *recovery = NULL;
    signing_password(serving, "ana");
    browser_sign_in(&ana, serving, "ana");
    browser_enrol(&ana, seed, &recovery);
    g_autofree char *step =
        step_up(&ana, seed, "00000000000000000000000000000000000000000000000000000000000000ff");
    g_autofree char *ticket = ask_ticket(serving);
    g_auto(ServingAnswer) made = {0};
    FISC_ASSERT_INT(browser_ask(&ana, "POST", "/v1/tokens", "{\"name\":\"feed\"}", &made), 201);
    g_autofree char *token = g_strdup(serving_answer_text(&made, "token"));
    FISC_ASSERT_INT(signing_ask_with(serving, token, "GET", "/v1/session", NULL), 200);
    g_auto(ServingAnswer) mistyped = {0};
    signing_ask(serving, "POST", "/v1/session", NULL,
                "{\"person\":\"my secret by mistake\",\"password\":\"x\"}", &mistyped);
    dup2(before, STDERR_FILENO);
    close(before);
    close(log);
    g_autofree char *logged = NULL;
    g_file_get_contents(log_path, &logged, NULL, NULL);
    g_unlink(log_path);
    FISC_ASSERT_CONTAINS(logged, "/v1/session");
    g_autofree char *tables = dump(serving);
    FISC_ASSERT_CONTAINS(tables, "credential");
    fisc_seed_format(seed, seed_text);
    const char *secrets[] = {SIGNING_PASSWORD,
                             seed_text,
                             recovery,
                             token,
                             step,
                             ticket,
                             ana.cookie + strlen("fisc="),
                             ana.csrf,
                             "my secret by mistake"};
    for (gsize i = 0; i < G_N_ELEMENTS(secrets); i++) {
        expect_absent(tables, secrets[i], "the tables");
        expect_absent(logged, secrets[i], "the log");
    }
    GString *raw = g_string_new(NULL);
    for (int i = 0; i < FISC_SEED_SIZE; i++) {
        g_string_append_printf(raw, "%02x", seed[i]);
    }
    CU_ASSERT(strstr(tables, raw->str) == NULL);
    g_string_free(raw, TRUE);
}

const FiscTest fisc_signin_step_tests[] = {
    {"a second factor is asked for, and a code is good once", a_second_factor_is_asked_for},
    {"a recovery code is good once", a_recovery_code_is_good_once},
    {"a new factor ends other sessions and changes the id of its own",
     a_new_factor_ends_other_sessions_and_changes_the_id},
    {"wrong codes close the door too", wrong_codes_close_the_door_too},
    {"an approval is confirmed for what it is, once, by this session",
     an_approval_is_confirmed_for_what_it_is},
    {"a confirmation takes a right code", a_confirmation_takes_a_right_code},
    {"where duties are in force an approval needs a factor",
     where_duties_are_in_force_a_factor_is_needed},
    {"credentials are one's own or the officer's to make",
     credentials_are_ones_own_or_the_officers},
    {"no secret is kept in the clear, or logged", no_secret_is_kept_or_logged},
    {NULL, NULL},
};

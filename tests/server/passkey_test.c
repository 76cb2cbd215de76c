/* passkey_test.c mirrors app/server/api/passkeys.c, step_ups.c and app/flows/passkey*.c: devices
 * register, sign in and confirm by HTTP, as in a browser at http://localhost. */
#include "fisc/passkey.h"
#include "app/flows/signin.h"
#include "app/server/server_internal.h"
#include "tests/server/signing.h"
#include "tests/support/device.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_passkey_server_tests[];

#define GOOD (DEVICE_PRESENT | DEVICE_VERIFIED)
#define DIGEST "00000000000000000000000000000000000000000000000000000000000000ff"
#define OTHER_DIGEST "00000000000000000000000000000000000000000000000000000000000000fe"
#define THIRD_DIGEST "00000000000000000000000000000000000000000000000000000000000000fd"
#define WITH_PASSWORD "{\"password\":\"" SIGNING_PASSWORD "\"}"

/* What is changed of a good answer. */
typedef struct {
    const char *what;
    const char *origin, *site; /* NULL: ours */
    uint8_t flags;             /* 0: good ones */
    uint32_t counter;          /* 0: a device that does not count */
    bool without_handle;
    const char *expected; /* what the log of sign-ins says; NULL: it is good */
} Answer;

static char *
origin_of(const Serving *serving)
{
    return g_strdup_printf("http://localhost:%d", serving->port);
}

static Serving *
serve(void)
{
    Serving *serving = signing_serve();
    serving->host = "localhost";
    signing_password(serving, "ana");
    signing_password(serving, "ben");
    return serving;
}

static char *
text_of(GBytes *bytes)
{
    return fisc_base64url_write(g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static void
read_challenge(const char *text, uint8_t out_challenge[FISC_CHALLENGE_SIZE])
{
    g_autoptr(GBytes) bytes = fisc_base64url_read(text, FISC_CHALLENGE_SIZE);
    CU_ASSERT_PTR_NOT_NULL_FATAL(bytes);
    memcpy(out_challenge, g_bytes_get_data(bytes, NULL), FISC_CHALLENGE_SIZE);
}

/* The challenge of an answer, and with it, for new ones, the person as the device keeps him. */
static bool
ask_challenge(Browser *browser, const char *path, const char *body, Device *device,
              uint8_t out_challenge[FISC_CHALLENGE_SIZE])
{
    g_auto(ServingAnswer) answer = {0};
    FISC_ASSERT_INT(browser_ask(browser, "POST", path, body, &answer), 201);
    if (answer.status != 201) {
        return false;
    }
    read_challenge(serving_answer_text(&answer, "options/challenge"), out_challenge);
    const char *handle = serving_answer_text(&answer, "options/user/id");
    if (device != NULL && *handle != '\0') {
        g_autoptr(GBytes) bytes = fisc_base64url_read(handle, FISC_PASSKEY_HANDLE_SIZE);
        device_keep_handle(device, bytes);
    }
    return true;
}

/* {"name":"Telephone","credential":{...}} */
static char *
offer_body(const Serving *serving, const Device *device, const Answer *given,
           const uint8_t challenge[FISC_CHALLENGE_SIZE])
{
    g_autofree char *ours = origin_of(serving);
    uint8_t flags = given->flags != 0 ? given->flags : GOOD;
    g_autoptr(GBytes) client = device_client_data("webauthn.create", challenge,
                                                  given->origin != NULL ? given->origin : ours);
    g_autoptr(GBytes) data = device_data(device, given->site != NULL ? given->site : "localhost",
                                         (uint8_t)(flags | DEVICE_WITH_KEY), given->counter);
    g_autofree char *id = text_of(device_id(device)), *said = text_of(client),
                    *shown = text_of(data);
    return g_strdup_printf("{\"name\":\"Telephone\",\"credential\":{\"id\":\"%s\",\"rawId\":\"%s\","
                           "\"type\":\"public-key\",\"clientExtensionResults\":{},\"response\":{"
                           "\"clientDataJSON\":\"%s\",\"authenticatorData\":\"%s\"}}}",
                           id, id, said, shown);
}

/* {"id":...,"response":{...}} */
static char *
proof_value(const Serving *serving, const Device *device, const Answer *given,
            const uint8_t challenge[FISC_CHALLENGE_SIZE])
{
    g_autofree char *ours = origin_of(serving);
    g_autoptr(GBytes) client =
        device_client_data("webauthn.get", challenge, given->origin != NULL ? given->origin : ours);
    g_autoptr(GBytes) data = device_data(device, given->site != NULL ? given->site : "localhost",
                                         given->flags != 0 ? given->flags : GOOD, given->counter);
    g_autoptr(GBytes) signature = device_sign(device, data, client);
    GBytes *handle = given->without_handle ? NULL : device_handle(device);
    g_autofree char *id = text_of(device_id(device)), *said = text_of(client),
                    *shown = text_of(data), *sealed = text_of(signature),
                    *whose = handle != NULL ? text_of(handle) : NULL;
    return g_strdup_printf("{\"id\":\"%s\",\"type\":\"public-key\",\"response\":{"
                           "\"clientDataJSON\":\"%s\",\"authenticatorData\":\"%s\","
                           "\"signature\":\"%s\"%s%s%s}}",
                           id, said, shown, sealed, whose != NULL ? ",\"userHandle\":\"" : "",
                           whose != NULL ? whose : "", whose != NULL ? "\"" : "");
}

static Device *
enrol(Browser *browser, uint32_t counter)
{
    Device *device = device_new(DEVICE_ES256);
    uint8_t challenge[FISC_CHALLENGE_SIZE];
    g_auto(ServingAnswer) answer = {0};
    if (ask_challenge(browser, "/v1/passkeys/challenge", WITH_PASSWORD, device, challenge)) {
        g_autofree char *body =
            offer_body(browser->serving, device, &(Answer){.counter = counter}, challenge);
        FISC_ASSERT_INT(browser_ask(browser, "POST", "/v1/passkeys", body, &answer), 201);
        FISC_ASSERT_TEXT(serving_answer_text(&answer, "name"), "Telephone");
    }
    return device;
}

static int
send_sign_in(Browser *browser, const char *proof, const char *person)
{
    g_autofree char *body =
        person != NULL ? g_strdup_printf("{\"assertion\":%s,\"person\":\"%s\"}", proof, person)
                       : g_strdup_printf("{\"assertion\":%s}", proof);
    return browser_status(browser, "POST", "/v1/session/passkey", body);
}

static int
sign_in(Browser *browser, const Device *device, const Answer *given, const char *person)
{
    uint8_t challenge[FISC_CHALLENGE_SIZE];
    if (!ask_challenge(browser, "/v1/session/passkey/challenge", NULL, NULL, challenge)) {
        return 0;
    }
    g_autofree char *proof = proof_value(browser->serving, device, given, challenge);
    return send_sign_in(browser, proof, person);
}

/* The newest line of the log of sign-ins. */
static void
expect_noted(Serving *serving, const char *expected)
{
    books_expect(serving->books,
                 "select what from identity.sign_in order by sign_in_id desc limit 1", expected);
}

static void
forgive(Serving *serving)
{
    g_autofree char *forgiven =
        books_ask(serving->books, "with gone as (delete from identity.attempt returning 1)"
                                  " select count(*) from gone");
}

static char *
said(FiscPasskeyFault fault)
{
    return g_strdup_printf("the passkey %s", fisc_passkey_words(fault));
}

/* Signing in ----------------------------------------------------------------------------------- */

static void
a_passkey_signs_in_by_itself(void)
{
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) ana = {0};
    g_auto(Browser) again = {.serving = serving};
    g_auto(ServingAnswer) listed = {0};
    g_auto(ServingAnswer) who = {0};
    browser_sign_in(&ana, serving, "ana");
    g_autofree char *before = g_strdup(ana.cookie);
    g_autoptr(Device) device = enrol(&ana, 1);
    CU_ASSERT_STRING_NOT_EQUAL(ana.cookie, before);
    FISC_ASSERT_INT(browser_ask(&ana, "GET", "/v1/passkeys", NULL, &listed), 200);
    FISC_ASSERT_TEXT(serving_answer_text(&listed, "rows/0/name"), "Telephone");
    FISC_ASSERT_INT(sign_in(&again, device, &(Answer){.counter = 2}, NULL), 201);
    FISC_ASSERT_INT(browser_ask(&again, "GET", "/v1/session", NULL, &who), 200);
    FISC_ASSERT_TEXT(serving_answer_text(&who, "person"), "ana");
    CU_ASSERT(json_is_true(json_object_get(who.json, "strong")));
    expect_noted(serving, "signed in, two factors");
    books_expect(serving->books,
                 "select count(*) from ledger.master where kind = 'credential'"
                 " and subject ~ '^ana/passkey/[0-9a-f]{16}$'",
                 "1");
}

static void
a_password_alone_no_longer_does(void)
{
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) ana = {0};
    g_auto(Browser) other = {.serving = serving};
    g_auto(ServingAnswer) step = {0};
    browser_sign_in(&ana, serving, "ana");
    g_autoptr(Device) device = enrol(&ana, 0);
    FISC_ASSERT_INT(browser_ask(&other, "POST", "/v1/session",
                                "{\"person\":\"ana\",\"password\":\"" SIGNING_PASSWORD "\"}",
                                &step),
                    202);
    FISC_ASSERT_TEXT(serving_answer_text(&step, "needs"), "passkey");
    CU_ASSERT_PTR_NULL(other.cookie);
    FISC_ASSERT_INT(sign_in(&other, device, &(Answer){0}, "ben"), 401);
    FISC_ASSERT_INT(sign_in(&other, device, &(Answer){0}, "ana"), 201);
}

static void
nothing_wrong_signs_in(void)
{
    g_autofree char *origin = said(FISC_PASSKEY_ORIGIN), *site = said(FISC_PASSKEY_SITE),
                    *presence = said(FISC_PASSKEY_PRESENCE),
                    *verification = said(FISC_PASSKEY_VERIFICATION),
                    *counter = said(FISC_PASSKEY_COUNTER), *other = said(FISC_PASSKEY_OTHER_KEY);
    const Answer cases[] = {
        {"good", .counter = 10},
        {"another origin", .origin = "https://evil.example", .counter = 11, .expected = origin},
        {"another site", .site = "evil.example", .counter = 11, .expected = site},
        {"nobody there", .flags = DEVICE_VERIFIED, .counter = 11, .expected = presence},
        {"nobody asked who", .flags = DEVICE_PRESENT, .counter = 11, .expected = verification},
        {"no person", .without_handle = true, .counter = 11, .expected = other},
        {"a counter that stands", .counter = 10, .expected = counter},
        {"a counter that went back", .counter = 3, .expected = counter},
        {"no counter any more", .counter = 0, .expected = counter},
        {"the real one goes on", .counter = 12},
    };
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) ana = {0};
    browser_sign_in(&ana, serving, "ana");
    g_autoptr(Device) device = enrol(&ana, 1);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(Browser) browser = {.serving = serving};
        int status = sign_in(&browser, device, &cases[i], NULL);
        fisc_assert_int(status, cases[i].expected == NULL ? 201 : 401, cases[i].what, __FILE__,
                        __LINE__);
        expect_noted(serving,
                     cases[i].expected != NULL ? cases[i].expected : "signed in, two factors");
        forgive(serving);
    }
}

static void
a_challenge_is_answered_once_and_in_time(void)
{
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) ana = {0};
    g_auto(Browser) browser = {.serving = serving};
    uint8_t challenge[FISC_CHALLENGE_SIZE], invented[FISC_CHALLENGE_SIZE] = {7};
    browser_sign_in(&ana, serving, "ana");
    g_autoptr(Device) device = enrol(&ana, 0);
    g_autoptr(Device) stranger = device_new(DEVICE_ES256);
    static const char path[] = "/v1/session/passkey/challenge";
    ask_challenge(&browser, path, NULL, NULL, challenge);
    g_autofree char *good = proof_value(serving, device, &(Answer){0}, challenge);
    FISC_ASSERT_INT(send_sign_in(&browser, good, NULL), 201);
    FISC_ASSERT_INT(send_sign_in(&browser, good, NULL), 401); /* a replay */
    g_autofree char *own = proof_value(serving, device, &(Answer){0}, invented);
    FISC_ASSERT_INT(send_sign_in(&browser, own, NULL), 401);
    FISC_ASSERT_INT(sign_in(&browser, stranger, &(Answer){0}, NULL), 401);
    ask_challenge(&browser, path, NULL, NULL, challenge);
    g_autofree char *past =
        books_ask(serving->books, "update identity.challenge set expires_at = now() returning 1");
    g_autofree char *late = proof_value(serving, device, &(Answer){0}, challenge);
    FISC_ASSERT_INT(send_sign_in(&browser, late, NULL), 401);
}

/* A row that the chain does not have opens nothing. */
static void
a_row_slipped_in_opens_nothing(void)
{
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) ana = {0};
    g_auto(Browser) browser = {.serving = serving};
    browser_sign_in(&ana, serving, "ana");
    g_autoptr(Device) device = enrol(&ana, 0);
    g_autofree char *moved =
        books_ask(serving->books, "update identity.credential set secret = secret || '\\x41'"
                                  " where kind = 'passkey' returning 1");
    FISC_ASSERT_TEXT(moved, "1");
    FISC_ASSERT_INT(sign_in(&browser, device, &(Answer){0}, NULL), 401);
}

/* Making and removing -------------------------------------------------------------------------- */

static void
a_new_one_is_taken_from_its_owner_only(void)
{
    static const struct {
        const char *what;
        Answer answer;
        int status;
    } cases[] = {
        {"another origin", {.origin = "http://localhost:1"}, 422},
        {"another site", {.site = "evil.example"}, 422},
        {"nobody asked who", {.flags = DEVICE_PRESENT}, 422},
        {"good", {0}, 201},
    };
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) ana = {0};
    g_auto(Browser) ben = {0};
    g_autoptr(Device) device = device_new(DEVICE_EDDSA);
    uint8_t challenge[FISC_CHALLENGE_SIZE];
    static const char path[] = "/v1/passkeys/challenge";
    browser_sign_in(&ana, serving, "ana");
    browser_sign_in(&ben, serving, "ben");
    FISC_ASSERT_INT(browser_status(&ana, "POST", path, "{}"), 422);
    FISC_ASSERT_INT(browser_status(&ana, "POST", path, "{\"password\":\"not hers at all\"}"), 403);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        ask_challenge(&ana, path, WITH_PASSWORD, device, challenge);
        g_autofree char *body = offer_body(serving, device, &cases[i].answer, challenge);
        FISC_ASSERT_INT(browser_status(&ben, "POST", "/v1/passkeys", body), 422);
        FISC_ASSERT_INT(browser_status(&ana, "POST", "/v1/passkeys", body), 422); /* used up */
        ask_challenge(&ana, path, WITH_PASSWORD, device, challenge);
        g_autofree char *own = offer_body(serving, device, &cases[i].answer, challenge);
        fisc_assert_int(browser_status(&ana, "POST", "/v1/passkeys", own), cases[i].status,
                        cases[i].what, __FILE__, __LINE__);
    }
    ask_challenge(&ben, path, WITH_PASSWORD, NULL, challenge);
    g_autofree char *taken = offer_body(serving, device, &(Answer){0}, challenge);
    g_auto(ServingAnswer) refused = {0};
    FISC_ASSERT_INT(browser_ask(&ben, "POST", "/v1/passkeys", taken, &refused), 422);
    FISC_ASSERT_TEXT(serving_answer_text(&refused, "code"), "MASTER_CONFLICT");
}

static void
removing_one_takes_a_strong_session(void)
{
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) ana = {0};
    g_auto(Browser) other = {.serving = serving};
    g_auto(ServingAnswer) listed = {0};
    browser_sign_in(&ana, serving, "ana");
    g_autoptr(Device) device = enrol(&ana, 0);
    g_autofree char *token = signing_token(serving, "ana", "feed", "admin", NULL);
    FISC_ASSERT_INT(browser_ask(&ana, "GET", "/v1/passkeys", NULL, &listed), 200);
    g_autofree char *path =
        g_strconcat("/v1/passkeys/", serving_answer_text(&listed, "rows/0/passkey"), NULL);
    FISC_ASSERT_INT(signing_ask_with(serving, token, "DELETE", path, NULL), 403);
    FISC_ASSERT_INT(sign_in(&other, device, &(Answer){0}, NULL), 201);
    FISC_ASSERT_INT(browser_status(&ana, "DELETE", path, NULL), 204);
    FISC_ASSERT_INT(browser_status(&ana, "DELETE", path, NULL), 404);
    FISC_ASSERT_INT(browser_status(&other, "GET", "/v1/session", NULL), 401);
    FISC_ASSERT_INT(sign_in(&other, device, &(Answer){0}, NULL), 401);
    g_auto(Browser) by_password = {0};
    browser_sign_in(&by_password, serving, "ana"); /* the password does again */
}

static void
elsewhere_there_are_none(void)
{
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) ana = {0};
    static const char path[] = "/v1/session/passkey/challenge";
    browser_sign_in(&ana, serving, "ana");
    serving->host = "127.0.0.1";
    FISC_ASSERT_INT(browser_status(&ana, "POST", path, NULL), 404);
    serving->host = "localhost.evil.example";
    FISC_ASSERT_INT(browser_status(&ana, "POST", path, NULL), 404);
    serving->options.base_url = "https://fisc.example.org";
    serving_restart(serving);
    serving->host = "localhost";
    FISC_ASSERT_INT(browser_status(&ana, "POST", path, NULL), 404);
    serving->host = "fisc.example.org";
    g_auto(ServingAnswer) answer = {0};
    FISC_ASSERT_INT(browser_ask(&ana, "POST", path, NULL, &answer), 201);
    FISC_ASSERT_TEXT(serving_answer_text(&answer, "options/rpId"), "fisc.example.org");
    FISC_ASSERT_TEXT(serving_answer_text(&answer, "options/userVerification"), "required");
}

/* Confirmations -------------------------------------------------------------------------------- */

/* What is confirmed, as it stands in the body. */
#define ACT(digest) "\"digest\":\"" digest "\""
#define ACTS(first, second) "\"digests\":[\"" first "\",\"" second "\"]"

static int
confirm(Browser *browser, const char *acts, const char *proof, char **out_step)
{
    g_auto(ServingAnswer) answer = {0};
    g_autofree char *body = g_strdup_printf("{%s,\"assertion\":%s}", acts, proof);
    int status = browser_ask(browser, "POST", "/v1/step-ups", body, &answer);
    if (out_step != NULL) {
        *out_step = g_strdup(serving_answer_text(&answer, "step"));
    }
    return status;
}

static char *
signed_for(Browser *browser, const Device *device, const char *acts)
{
    uint8_t challenge[FISC_CHALLENGE_SIZE] = {0};
    g_autofree char *body = g_strdup_printf("{%s}", acts);
    ask_challenge(browser, "/v1/step-ups/challenge", body, NULL, challenge);
    return proof_value(browser->serving, device, &(Answer){.without_handle = true}, challenge);
}

static void
expect_bound(const char *acts, const char *other_acts)
{
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) ana = {0};
    g_auto(Browser) elsewhere = {.serving = serving};
    g_auto(Browser) ben = {0};
    browser_sign_in(&ana, serving, "ana");
    browser_sign_in(&ben, serving, "ben");
    g_autoptr(Device) device = enrol(&ana, 0);
    g_autoptr(Device) of_ben = enrol(&ben, 0);
    FISC_ASSERT_INT(sign_in(&elsewhere, device, &(Answer){0}, NULL), 201);
    g_autofree char *for_other = signed_for(&ana, device, other_acts);
    FISC_ASSERT_INT(confirm(&ana, acts, for_other, NULL), 403);
    g_autofree char *there = signed_for(&elsewhere, device, acts);
    FISC_ASSERT_INT(confirm(&ana, acts, there, NULL), 403);
    g_autofree char *by_ben = signed_for(&ana, of_ben, acts);
    FISC_ASSERT_INT(confirm(&ana, acts, by_ben, NULL), 403);
    uint8_t challenge[FISC_CHALLENGE_SIZE];
    ask_challenge(&ana, "/v1/session/passkey/challenge", NULL, NULL, challenge);
    g_autofree char *for_session = proof_value(serving, device, &(Answer){0}, challenge);
    FISC_ASSERT_INT(confirm(&ana, acts, for_session, NULL), 403);
    g_autofree char *good = signed_for(&ana, device, acts);
    FISC_ASSERT_INT(confirm(&ana, acts, good, NULL), 201);
    FISC_ASSERT_INT(confirm(&ana, acts, good, NULL), 403); /* a replay */
    g_autofree char *bare = g_strdup_printf("{%s}", acts);
    FISC_ASSERT_INT(browser_status(&ana, "POST", "/v1/step-ups", bare), 422);
}

static void
a_confirmation_is_of_one_act_session_and_person(void)
{
    expect_bound(ACT(DIGEST), ACT(OTHER_DIGEST));
}

static void
a_confirmation_of_a_list_is_too(void)
{
    expect_bound(ACTS(DIGEST, OTHER_DIGEST), ACT(DIGEST));
}

/* The digest of a list as if it were that of an act: what is signed for the one is not for the
 * other. */
static char *
list_as_act(void)
{
    FiscStepActs acts = {.count = 2};
    uint8_t digest[FISC_DIGEST_SIZE];
    char hex[FISC_DIGEST_HEX];
    CU_ASSERT(fisc_digest_parse(DIGEST, acts.digests[0]));
    CU_ASSERT(fisc_digest_parse(OTHER_DIGEST, acts.digests[1]));
    fisc_step_acts_digest(&acts, digest);
    fisc_digest_format(digest, hex);
    return g_strdup_printf("\"digest\":\"%s\"", hex);
}

static void
a_list_is_confirmed_as_it_was_asked_for(void)
{
    g_autofree char *as_act = list_as_act();
    const struct {
        const char *what, *asked, *confirmed;
        int status;
    } cases[] = {
        {"as it was", ACTS(DIGEST, OTHER_DIGEST), ACTS(DIGEST, OTHER_DIGEST), 201},
        {"in another order", ACTS(DIGEST, OTHER_DIGEST), ACTS(OTHER_DIGEST, DIGEST), 403},
        {"one left out", ACTS(DIGEST, OTHER_DIGEST), ACT(DIGEST), 403},
        {"one more", ACT(DIGEST), ACTS(DIGEST, OTHER_DIGEST), 403},
        {"one exchanged", ACTS(DIGEST, OTHER_DIGEST), ACTS(DIGEST, THIRD_DIGEST), 403},
        {"asked for as an act", as_act, ACTS(DIGEST, OTHER_DIGEST), 403},
        {"a list of one", ACT(DIGEST), "\"digests\":[\"" DIGEST "\"]", 201},
    };
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) ana = {0};
    browser_sign_in(&ana, serving, "ana");
    g_autoptr(Device) device = enrol(&ana, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *proof = signed_for(&ana, device, cases[i].asked);
        fisc_assert_int(confirm(&ana, cases[i].confirmed, proof, NULL), cases[i].status,
                        cases[i].what, __FILE__, __LINE__);
        forgive(serving);
    }
}

static void
a_document_is_approved_with_a_passkey(void)
{
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) ana = {0};
    browser_sign_in(&ana, serving, "ana");
    g_autoptr(Device) device = enrol(&ana, 0);
    g_autofree char *digest = signing_propose(serving, "PO-1");
    g_autofree char *acts = g_strdup_printf("\"digest\":\"%s\"", digest);
    FISC_ASSERT_INT(browser_approve(&ana, "PO-1", digest, NULL), 403);
    g_autofree char *other = signed_for(&ana, device, ACT(DIGEST));
    g_autofree char *step_of_other = NULL, *step = NULL;
    FISC_ASSERT_INT(confirm(&ana, ACT(DIGEST), other, &step_of_other), 201);
    FISC_ASSERT_INT(browser_approve(&ana, "PO-1", digest, step_of_other), 403);
    g_autofree char *proof = signed_for(&ana, device, acts);
    FISC_ASSERT_INT(confirm(&ana, acts, proof, &step), 201);
    FISC_ASSERT_INT(browser_approve(&ana, "PO-1", digest, step), 201);
    FISC_ASSERT_INT(browser_approve(&ana, "PO-1", digest, step), 403); /* used */
}

static void
documents_are_approved_with_one_signature(void)
{
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) ana = {0};
    browser_sign_in(&ana, serving, "ana");
    g_autoptr(Device) device = enrol(&ana, 0);
    g_autofree char *first = signing_propose(serving, "PO-1");
    g_autofree char *second = signing_propose(serving, "PO-2");
    g_autofree char *outside = signing_propose(serving, "PO-3");
    g_autofree char *acts = g_strdup_printf("\"digests\":[\"%s\",\"%s\"]", first, second);
    g_autofree char *proof = signed_for(&ana, device, acts);
    g_autofree char *step = NULL;
    FISC_ASSERT_INT(confirm(&ana, acts, proof, &step), 201);
    FISC_ASSERT_INT(browser_approve(&ana, "PO-3", outside, step), 403);
    FISC_ASSERT_INT(browser_approve(&ana, "PO-1", first, step), 201);
    FISC_ASSERT_INT(browser_approve(&ana, "PO-1", first, step), 403); /* used */
    FISC_ASSERT_INT(browser_approve(&ana, "PO-2", second, step), 201);
    FISC_ASSERT_INT(browser_approve(&ana, "PO-3", outside, step), 403);
}

static void
a_book_may_demand_passkeys(void)
{
    g_autoptr(Serving) serving = serve();
    g_auto(Browser) ana = {0};
    uint8_t seed[FISC_SEED_SIZE];
    char code[FISC_CODE_DIGITS + 1];
    g_autofree char *step = NULL;
    serving->options.is_passkey_needed = true;
    serving_restart(serving);
    browser_sign_in(&ana, serving, "ana");
    g_autofree char *digest = signing_propose(serving, "PO-1");
    FISC_ASSERT_INT(browser_approve(&ana, "PO-1", digest, NULL),
                    403); /* also where no duties are in force */
    browser_enrol(&ana, seed, NULL);
    signing_code(serving, seed, code);
    g_autofree char *body = g_strdup_printf("{\"digest\":\"%s\",\"code\":\"%s\"}", digest, code);
    FISC_ASSERT_INT(browser_status(&ana, "POST", "/v1/step-ups", body), 403);
    g_autoptr(Device) device = enrol(&ana, 0);
    g_autofree char *acts = g_strdup_printf("\"digest\":\"%s\"", digest);
    g_autofree char *proof = signed_for(&ana, device, acts);
    FISC_ASSERT_INT(confirm(&ana, acts, proof, &step), 201);
    FISC_ASSERT_INT(browser_approve(&ana, "PO-1", digest, step), 201);
}

const FiscTest fisc_passkey_server_tests[] = {
    {"a passkey signs in by itself", a_passkey_signs_in_by_itself},
    {"with a passkey, a password alone no longer does", a_password_alone_no_longer_does},
    {"no passkey with one thing wrong signs in", nothing_wrong_signs_in},
    {"a challenge is answered once and in time", a_challenge_is_answered_once_and_in_time},
    {"a passkey slipped into the table opens nothing", a_row_slipped_in_opens_nothing},
    {"a new passkey is taken from its owner only", a_new_one_is_taken_from_its_owner_only},
    {"removing a passkey takes a strong session", removing_one_takes_a_strong_session},
    {"passkeys are used at one place", elsewhere_there_are_none},
    {"a passkey confirms one act, session and person",
     a_confirmation_is_of_one_act_session_and_person},
    {"a passkey confirms one list, session and person", a_confirmation_of_a_list_is_too},
    {"a passkey confirms a list as it was asked for, whole and in its order",
     a_list_is_confirmed_as_it_was_asked_for},
    {"documents are approved with one signature of a passkey",
     documents_are_approved_with_one_signature},
    {"a document is approved with a passkey", a_document_is_approved_with_a_passkey},
    {"a book may demand passkeys to approve", a_book_may_demand_passkeys},
    {NULL, NULL},
};

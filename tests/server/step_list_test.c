/* step_list_test.c: one code for a list of acts (app/flows/signin_step.c,
 * app/server/api/step_ups.c): what it is good for, and that it is good for nothing else. */
#include "app/flows/signin.h"
#include "tests/server/signing.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_step_list_tests[];

#define DIGEST "00000000000000000000000000000000000000000000000000000000000000ff"

/* Two documents that are confirmed, and one that is not. */
typedef struct {
    Serving *serving;
    Browser ana;
    uint8_t seed[FISC_SEED_SIZE];
    char *first, *second, *outside; /* digests of PO-1, PO-2, PO-3 */
} Desk;

static void
sign_in_and_enrol(Browser *browser, Serving *serving, const char *person,
                  uint8_t out_seed[FISC_SEED_SIZE])
{
    signing_password(serving, person);
    browser_sign_in(browser, serving, person);
    browser_enrol(browser, out_seed, NULL);
}

static Desk
desk_new(void)
{
    Desk desk = {.serving = signing_serve()};
    sign_in_and_enrol(&desk.ana, desk.serving, "ana", desk.seed);
    desk.first = signing_propose(desk.serving, "PO-1");
    desk.second = signing_propose(desk.serving, "PO-2");
    desk.outside = signing_propose(desk.serving, "PO-3");
    return desk;
}

static void
desk_clear(Desk *desk)
{
    g_free(desk->first);
    g_free(desk->second);
    g_free(desk->outside);
    browser_clear(&desk->ana);
    serving_free(desk->serving);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Desk, desk_clear)

/* The step for the first and the second. */
static char *
confirm_both(Desk *desk)
{
    char code[FISC_CODE_DIGITS + 1];
    g_auto(ServingAnswer) answer = {0};
    signing_code(desk->serving, desk->seed, code);
    g_autofree char *body = g_strdup_printf("{\"digests\":[\"%s\",\"%s\"],\"code\":\"%s\"}",
                                            desk->first, desk->second, code);
    FISC_ASSERT_INT(browser_ask(&desk->ana, "POST", "/v1/step-ups", body, &answer), 201);
    return g_strdup(serving_answer_text(&answer, "step"));
}

static void
each_of_a_list_is_done_once(void)
{
    g_auto(Desk) desk = desk_new();
    g_autofree char *step = confirm_both(&desk);
    books_expect(desk.serving->books, "select count(*) from identity.step_up", "2");
    FISC_ASSERT_INT(browser_approve(&desk.ana, "PO-3", desk.outside, step), 403);
    FISC_ASSERT_INT(browser_approve(&desk.ana, "PO-2", desk.second, step), 201);
    FISC_ASSERT_INT(browser_approve(&desk.ana, "PO-2", desk.second, step), 403); /* used */
    FISC_ASSERT_INT(browser_approve(&desk.ana, "PO-1", desk.first, step), 201);
    FISC_ASSERT_INT(browser_approve(&desk.ana, "PO-1", desk.first, step), 403);
    FISC_ASSERT_INT(browser_approve(&desk.ana, "PO-3", desk.outside, step), 403);
    books_expect(desk.serving->books, "select count(*) from identity.step_up", "0");
}

/* And what others try with it uses up nothing of hers. */
static void
a_list_is_of_one_session_and_person(void)
{
    g_auto(Desk) desk = desk_new();
    g_auto(Browser) elsewhere = {0};
    g_auto(Browser) ben = {0};
    uint8_t seed[FISC_SEED_SIZE];
    sign_in_and_enrol(&ben, desk.serving, "ben", seed);
    browser_sign_in_strongly(&elsewhere, desk.serving, "ana", desk.seed);
    g_autofree char *step = confirm_both(&desk);
    FISC_ASSERT_INT(browser_approve(&ben, "PO-1", desk.first, step), 403);
    FISC_ASSERT_INT(browser_approve(&elsewhere, "PO-1", desk.first, step), 403);
    FISC_ASSERT_INT(browser_approve(&desk.ana, "PO-1", desk.first, step), 201);
}

static void
what_is_left_of_a_list_is_over_in_time(void)
{
    g_auto(Desk) desk = desk_new();
    g_autofree char *step = confirm_both(&desk);
    FISC_ASSERT_INT(browser_approve(&desk.ana, "PO-1", desk.first, step), 201);
    g_autofree char *past = books_ask(desk.serving->books,
                                      "update identity.step_up set expires_at = now() returning 1");
    FISC_ASSERT_INT(browser_approve(&desk.ana, "PO-2", desk.second, step), 403);
    g_autofree char *anew = confirm_both(&desk);
    FISC_ASSERT_INT(browser_approve(&desk.ana, "PO-2", desk.second, anew), 201);
}

/* As if PO-3 had had the content of PO-1 when it was confirmed, and has another now. */
static void
what_has_changed_was_not_confirmed(void)
{
    g_auto(Desk) desk = desk_new();
    g_autofree char *step = confirm_both(&desk);
    FISC_ASSERT_INT(browser_approve(&desk.ana, "PO-3", desk.first, step), 409);
    FISC_ASSERT_INT(browser_approve(&desk.ana, "PO-3", desk.outside, step), 403);
    FISC_ASSERT_INT(browser_approve(&desk.ana, "PO-1", desk.first, step), 201);
}

/* So many digests, each another. Caller frees. */
static char *
list_of(int count)
{
    GString *list = g_string_new("\"digests\":[");
    for (int i = 0; i < count; i++) {
        g_string_append_printf(list, "%s\"%064x\"", i > 0 ? "," : "", (unsigned)i);
    }
    return g_string_free(g_string_append_c(list, ']'), FALSE);
}

static void
a_list_is_judged_before_its_code(void)
{
    g_autofree char *too_many = list_of(FISC_STEP_ACTS_MAX + 1);
    g_autofree char *most = list_of(FISC_STEP_ACTS_MAX);
    const struct {
        const char *acts;
        int status;
        const char *code, *place;
    } cases[] = {
        {"\"digests\":[]", 422, "VALUE_INVALID", "/digests"},
        {too_many, 422, "VALUE_INVALID", "/digests"},
        {"\"digests\":[\"" DIGEST "\",\"" DIGEST "\"]", 422, "VALUE_INVALID", "/digests/1"},
        {"\"digests\":[\"" DIGEST "\",\"ff\"]", 422, "VALUE_INVALID", "/digests/1"},
        {"\"digests\":[7]", 422, "VALUE_INVALID", "/digests/0"},
        {"\"digests\":\"" DIGEST "\"", 422, "VALUE_INVALID", "/digests"},
        {"\"digests\":[\"" DIGEST "\"],\"digest\":\"" DIGEST "\"", 422, "VALUE_INVALID", "/digest"},
        {"\"digests\":null", 422, "VALUE_MISSING", "/digest"},
        {most, 201, "", ""}, /* the code is still good */
        {most, 403, "CONFIRMATION_WRONG", "/code"},
    };
    g_autoptr(Serving) serving = signing_serve();
    g_auto(Browser) ana = {0};
    uint8_t seed[FISC_SEED_SIZE];
    char code[FISC_CODE_DIGITS + 1];
    sign_in_and_enrol(&ana, serving, "ana", seed);
    signing_code(serving, seed, code);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(ServingAnswer) answer = {0};
        g_autofree char *body = g_strdup_printf("{%s,\"code\":\"%s\"}", cases[i].acts, code);
        fisc_assert_int(browser_ask(&ana, "POST", "/v1/step-ups", body, &answer), cases[i].status,
                        cases[i].acts, __FILE__, __LINE__);
        FISC_ASSERT_TEXT(serving_answer_text(&answer, "code"), cases[i].code);
        FISC_ASSERT_TEXT(serving_answer_text(&answer, "errors/0/pointer"), cases[i].place);
    }
    books_expect(serving->books, "select count(*) from identity.step_up", "200");
}

const FiscTest fisc_step_list_tests[] = {
    {"one code confirms a list of acts, each of them once", each_of_a_list_is_done_once},
    {"a confirmed list is of one session and person", a_list_is_of_one_session_and_person},
    {"what is left of a confirmed list is over in time", what_is_left_of_a_list_is_over_in_time},
    {"what has changed since is not what was confirmed", what_has_changed_was_not_confirmed},
    {"a list is judged before its code, which is good for one list",
     a_list_is_judged_before_its_code},
    {NULL, NULL},
};

/* serving_test.c: the server answers, on one connection, one request after another. */
#include "tests/server/serving.h"
#include "tests/support/suite.h"

static void
test_answers_one_request_after_another(void)
{
    g_autoptr(Serving) serving = serving_new(NULL, NULL);
    int first = 0;
    for (int i = 0; i < 3; i++) {
        g_auto(ServingAnswer) answer = {0};
        CU_ASSERT_FATAL(serving_request(serving, "GET", "/healthz", NULL, NULL, &answer));
        FISC_ASSERT_INT(answer.status, 200);
        CU_ASSERT_PTR_NOT_NULL(serving_answer_header(&answer, "x-request-id"));
        CU_ASSERT_PTR_NOT_NULL(serving->link);
        first = i == 0 ? serving_link_socket(serving->link) : first;
        FISC_ASSERT_INT(serving_link_socket(serving->link), first);
    }
}

static void
test_knows_who_signed_in(void)
{
    g_autoptr(Serving) serving = serving_new(NULL, NULL);
    g_autofree char *header = serving_sign_in(serving, "ana");
    g_auto(ServingAnswer) nobody = {0};
    g_auto(ServingAnswer) ana = {0};
    CU_ASSERT_FATAL(serving_request(serving, "POST", "/v1/entries?dry_run=true",
                                    "Content-Type: application/json\r\n", "[]", &nobody));
    FISC_ASSERT_INT(nobody.status, 401);
    FISC_ASSERT_TEXT(serving_answer_text(&nobody, "code"), "SIGN_IN");
    g_autofree char *headers = g_strconcat(header, "Content-Type: application/json\r\n", NULL);
    CU_ASSERT_FATAL(
        serving_request(serving, "POST", "/v1/entries?dry_run=true", headers, "[]", &ana));
    CU_ASSERT(ana.status != 401);
}

const FiscTest fisc_serving_tests[] = {
    {"answers one request after another on one connection", test_answers_one_request_after_another},
    {"knows who signed in", test_knows_who_signed_in},
    {NULL, NULL},
};

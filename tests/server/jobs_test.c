/* jobs_test.c: long work is begun, asked after, ended, and nobody else's business. */
#include "tests/app/school.h"
#include "tests/server/posting.h"
#include "tests/server/two_books.h"
#include "tests/support/suite.h"
#include <string.h>

#define WORK "/v1/verifications"

static char *
begin(Serving *serving, const char *key)
{
    g_auto(ServingAnswer) answer = {0};
    FISC_ASSERT_INT(posting_send(serving, WORK, "application/json", key, "{}", &answer), 202);
    const char *place = serving_answer_header(&answer, "Location");
    g_autofree char *expected = g_strconcat("/v1/jobs/", serving_answer_text(&answer, "job"), NULL);
    FISC_ASSERT_TEXT(place, expected);
    return g_strdup(place);
}

static bool
is_open(const char *state)
{
    return strcmp(state, "waiting") == 0 || strcmp(state, "running") == 0;
}

/* Asks until it is over. */
static void
wait_for_job(Serving *serving, const char *place, ServingAnswer *out_answer)
{
    g_autofree char *who = serving_sign_in(serving, "ana");
    CU_ASSERT_FATAL(serving_request(serving, "GET", place, who, NULL, out_answer));
    while (out_answer->status == 200 && is_open(serving_answer_text(out_answer, "state"))) {
        g_usleep(10000);
        serving_answer_clear(out_answer);
        CU_ASSERT_FATAL(serving_request(serving, "GET", place, who, NULL, out_answer));
    }
}

static void
test_result(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_autofree char *place = begin(serving, NULL);
    g_auto(ServingAnswer) answer = {0}, list = {0};
    wait_for_job(serving, place, &answer);
    FISC_ASSERT_TEXT(serving_answer_text(&answer, "state"), "done");
    FISC_ASSERT_TEXT(serving_answer_text(&answer, "kind"), "verification");
    CU_ASSERT(json_is_object(json_object_get(answer.json, "result")));
    g_autofree char *who = serving_sign_in(serving, "ana");
    CU_ASSERT_FATAL(serving_request(serving, "GET", "/v1/jobs", who, NULL, &list));
    FISC_ASSERT_TEXT(serving_answer_text(&list, "jobs/0/state"), "done");
}

/* The same key begins the same work, once. */
static void
test_same_key(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_autofree char *first = begin(serving, "v1");
    g_autofree char *second = begin(serving, "v1");
    FISC_ASSERT_TEXT(second, first);
}

static void
test_forgetting(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_autofree char *place = begin(serving, NULL);
    g_autofree char *who = serving_sign_in(serving, "ana");
    g_autofree char *headers = g_strconcat(who, "Idempotency-Key: gone\r\n", NULL);
    g_auto(ServingAnswer) done = {0}, gone = {0}, none = {0};
    wait_for_job(serving, place, &done);
    CU_ASSERT_FATAL(serving_request(serving, "DELETE", place, headers, NULL, &gone));
    FISC_ASSERT_INT(gone.status, 204);
    CU_ASSERT_FATAL(serving_request(serving, "GET", place, who, NULL, &none));
    FISC_ASSERT_INT(none.status, 404);
}

/* Who does not see the whole book sees his own work alone. */
static void
test_owners(void)
{
    g_autoptr(Serving) serving = serving_new(two_books_new(TWO_BOOKS_POOR), NULL);
    g_autofree char *auditor = serving_sign_in(serving, "at-auditor");
    g_autofree char *accountant = serving_sign_in(serving, "at-agency_accountant");
    g_autofree char *headers =
        g_strconcat(auditor, "Content-Type: application/json\r\nIdempotency-Key: audit\r\n", NULL);
    g_auto(ServingAnswer) begun = {0}, own = {0}, other = {0}, list = {0};
    CU_ASSERT_FATAL(serving_request(serving, "POST", WORK, headers, "{}", &begun));
    FISC_ASSERT_INT(begun.status, 202);
    const char *place = serving_answer_header(&begun, "Location");
    CU_ASSERT_FATAL(serving_request(serving, "GET", place, auditor, NULL, &own));
    FISC_ASSERT_INT(own.status, 200);
    CU_ASSERT_FATAL(serving_request(serving, "GET", place, accountant, NULL, &other));
    FISC_ASSERT_INT(other.status, 404);
    CU_ASSERT_FATAL(serving_request(serving, "GET", "/v1/jobs", accountant, NULL, &list));
    FISC_ASSERT_INT(json_array_size(json_object_get(list.json, "jobs")), 0);
}

const FiscTest fisc_jobs_tests[] = {
    {"does long work and keeps what came of it", test_result},
    {"begins the same work once", test_same_key},
    {"forgets what is done when it is told to", test_forgetting},
    {"shows work to who began it", test_owners},
    {NULL, NULL},
};

/* access_test.c: what was read is written down, and how much one person gets within an hour. */
#include "app/server/access.h"
#include "tests/server/serving.h"
#include "tests/server/two_books.h"
#include "tests/support/suite.h"
#include <stdlib.h>
#include <string.h>

extern const FiscTest fisc_access_tests[];

#define HOUR_US (3600 * (gint64)G_USEC_PER_SEC)

static void
expect_status(Serving *serving, const char *header, const char *path, int status)
{
    ServingAnswer answer = {0};
    if (serving_request(serving, "GET", path, header, NULL, &answer)) {
        g_autofree char *got = g_strdup_printf("%d", answer.status);
        g_autofree char *expected = g_strdup_printf("%d", status);
        fisc_assert_text(got, expected, path, __FILE__, __LINE__);
    }
    serving_answer_clear(&answer);
}

static void
expect_reads(Serving *serving, const char *expected)
{
    books_expect(serving->books,
                 "select coalesce(string_agg(concat_ws(' ', person, operation, entity, status,"
                 " row_count > 0), ', ' order by read_id), '') from access.read",
                 expected);
}

/* Who has a role at a unit reads its books as his work; who looks in from elsewhere leaves a line.
 */
static void
test_reads_are_written_down(void)
{
    Serving *serving = serving_new(two_books_new(TWO_BOOKS_POOR), NULL);
    g_autofree char *accountant = serving_sign_in(serving, "at-agency_accountant");
    g_autofree char *auditor = serving_sign_in(serving, "at-auditor");
    expect_status(serving, accountant, "/v1/funds?period=2024&entity=" OWN, 200);
    expect_status(serving, auditor, "/v1/funds?period=2024&entity=" OWN, 200);
    expect_reads(serving, "");
    expect_status(serving, auditor, "/v1/funds?period=2024&entity=" OTHER, 200);
    expect_status(serving, auditor, "/v1/reports/no-such?period=2024&unit=" OTHER, 404);
    expect_reads(serving, "at-auditor getFunds BBB 200 t, at-auditor getReport BBB 404 f");
    expect_status(serving, accountant, "/v1/audit/reads", 403);
    expect_status(serving, auditor, "/v1/audit/reads", 200);
    books_expect(
        serving->books,
        "select string_agg(concat_ws(' ', person, operation, status), ', ' order by read_id)"
        " from access.read where path like '/v1/audit%'",
        "at-agency_accountant listReads 403, at-auditor listReads 200");
    serving_free(serving);
}

static void
test_auditor_pages_through_reads(void)
{
    Serving *serving = serving_new(two_books_new(TWO_BOOKS_POOR), NULL);
    g_autofree char *auditor = serving_sign_in(serving, "at-auditor");
    ServingAnswer answer = {0};
    for (int i = 0; i < 3; i++) {
        expect_status(serving, auditor, "/v1/funds?period=2024&entity=" OTHER, 200);
    }
    CU_ASSERT_TRUE_FATAL(serving_request(serving, "GET", "/v1/audit/reads?limit=2&entity=" OTHER,
                                         auditor, NULL, &answer));
    FISC_ASSERT_INT(answer.status, 200);
    FISC_ASSERT_TEXT(serving_answer_text(&answer, "rows/0/operation"), "getFunds");
    FISC_ASSERT_TEXT(serving_answer_text(&answer, "rows/1/person"), "at-auditor");
    FISC_ASSERT_INT(json_array_size(json_object_get(answer.json, "rows")), 2);
    CU_ASSERT(*serving_answer_text(&answer, "next") != '\0');
    serving_answer_clear(&answer);
    serving_free(serving);
}

static void
limit_accountant(Books *books, const char *limits)
{
    g_autofree char *sql = g_strdup_printf(
        "with q as (insert into access.quota values ('at-agency_accountant', %s) returning 1)"
        " select count(*) from q",
        limits);
    books_expect(books, sql, "1");
}

static void
test_quota_of_requests(void)
{
    Books *books = two_books_new(TWO_BOOKS_POOR);
    limit_accountant(books, "3, 1000, 1000");
    Serving *serving = serving_new(books, NULL);
    g_autofree char *accountant = serving_sign_in(serving, "at-agency_accountant");
    g_autofree char *approver = serving_sign_in(serving, "at-approver");
    for (int i = 0; i < 3; i++) {
        expect_status(serving, accountant, "/v1/accounts", 200);
    }
    ServingAnswer answer = {0};
    CU_ASSERT_TRUE_FATAL(
        serving_request(serving, "GET", "/v1/accounts", accountant, NULL, &answer));
    FISC_ASSERT_INT(answer.status, 429);
    FISC_ASSERT_TEXT(serving_answer_text(&answer, "code"), "RATE_LIMITED");
    const char *wait = serving_answer_header(&answer, "Retry-After");
    CU_ASSERT(wait != NULL && atoi(wait) > 0 && atoi(wait) <= 3600);
    serving_answer_clear(&answer);
    expect_status(serving, approver, "/v1/accounts", 200);
    serving_free(serving);
}

static void
test_quota_of_rows(void)
{
    Books *books = two_books_new(TWO_BOOKS_POOR);
    limit_accountant(books, "1000, 2, 2");
    Serving *serving = serving_new(books, NULL);
    g_autofree char *accountant = serving_sign_in(serving, "at-agency_accountant");
    expect_status(serving, accountant, "/v1/accounts", 200); /* what has begun is answered whole */
    expect_status(serving, accountant, "/v1/accounts", 429);
    serving_free(serving);
}

/* The hour passes without anybody waiting for it. */
static void
test_quotas_begin_anew(void)
{
    g_autoptr(Books) books = books_new();
    g_autoptr(GError) error = NULL;
    FiscQuotas *quotas = NULL;
    int wait_s = 0;
    int64_t rows = 0;
    gint64 now = 100 * HOUR_US;
    limit_accountant(books, "2, 50, 10");
    CU_ASSERT_TRUE_FATAL(fisc_quotas_open(books->pool, &quotas, &error));
    static const char person[] = "at-agency_accountant";
    CU_ASSERT_TRUE(fisc_quotas_take(quotas, person, now, &wait_s));
    CU_ASSERT_TRUE(fisc_quotas_take(quotas, person, now + HOUR_US / 2, &wait_s));
    CU_ASSERT_FALSE(fisc_quotas_take(quotas, person, now + HOUR_US / 2, &wait_s));
    FISC_ASSERT_INT(wait_s, 1800);
    CU_ASSERT_TRUE(fisc_quotas_take(quotas, person, now + HOUR_US, &wait_s));
    CU_ASSERT_FALSE(fisc_quotas_add(quotas, person, now + HOUR_US, 10, &rows));
    CU_ASSERT_TRUE(fisc_quotas_add(quotas, person, now + HOUR_US, 1, &rows)); /* the alarm, once */
    FISC_ASSERT_INT(rows, 11);
    CU_ASSERT_FALSE(fisc_quotas_add(quotas, person, now + HOUR_US, 40, &rows));
    CU_ASSERT_FALSE(fisc_quotas_take(quotas, person, now + HOUR_US, &wait_s));
    CU_ASSERT_TRUE(fisc_quotas_take(quotas, "somebody", now + HOUR_US, &wait_s));
    fisc_quotas_free(quotas);
}

/* The hour's alarm is counted, and among the reads that auditors look at, whatever was read. */
static void
test_alarm_is_told(void)
{
    Books *books = two_books_new(TWO_BOOKS_POOR);
    limit_accountant(books, "1000, 100000, 3");
    Serving *serving = serving_new(books, NULL);
    g_autofree char *accountant = serving_sign_in(serving, "at-agency_accountant");
    ServingAnswer answer = {0};
    for (int i = 0; i < 2; i++) {
        expect_status(serving, accountant, "/v1/accounts", 200);
    }
    CU_ASSERT_TRUE_FATAL(serving_request(serving, "GET", "/metrics", NULL, NULL, &answer));
    FISC_ASSERT_INT(answer.status, 200);
    FISC_ASSERT_CONTAINS(answer.body, "\nfisc_quota_alarms_total 1\n");
    FISC_ASSERT_CONTAINS(answer.body, "\nfisc_quota_alarmed_persons 1\n");
    FISC_ASSERT_CONTAINS(answer.body, "\nfisc_quota_refused_total 0\n");
    CU_ASSERT_PTR_NULL(strstr(answer.body, "\nfisc_rows_given_total 0\n"));
    serving_answer_clear(&answer);
    expect_reads(serving, "at-agency_accountant listAccounts 200 t");
    serving_free(serving);
}

static void
test_refused_for_quota_is_counted(void)
{
    Books *books = two_books_new(TWO_BOOKS_POOR);
    limit_accountant(books, "1, 1000, 1000");
    Serving *serving = serving_new(books, NULL);
    g_autofree char *accountant = serving_sign_in(serving, "at-agency_accountant");
    ServingAnswer answer = {0};
    expect_status(serving, accountant, "/v1/accounts", 200);
    expect_status(serving, accountant, "/v1/accounts", 429);
    CU_ASSERT_TRUE_FATAL(serving_request(serving, "GET", "/metrics", NULL, NULL, &answer));
    FISC_ASSERT_CONTAINS(answer.body, "\nfisc_quota_refused_total 1\n");
    FISC_ASSERT_CONTAINS(answer.body, "\nfisc_quota_alarmed_persons 0\n");
    serving_answer_clear(&answer);
    serving_free(serving);
}

/* Ceilings are one text of all units; a row of one's own is one's own. */
static void
test_own_ceiling(void)
{
    static const struct {
        const char *person;
        int rows;
    } cases[] = {{"at-agency_accountant", 1}, {"at-auditor", 4}};
    Serving *serving = serving_new(two_books_new(TWO_BOOKS_POOR), NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *header = serving_sign_in(serving, cases[i].person);
        ServingAnswer answer = {0};
        CU_ASSERT_TRUE_FATAL(
            serving_request(serving, "GET", "/v1/budgets/draft/ceilings", header, NULL, &answer));
        FISC_ASSERT_INT(answer.status, 200);
        fisc_assert_int((long)json_array_size(json_object_get(answer.json, "rows")), cases[i].rows,
                        cases[i].person, __FILE__, __LINE__);
        if (cases[i].rows == 1) {
            FISC_ASSERT_TEXT(serving_answer_text(&answer, "rows/0/ceiling"), "own");
            FISC_ASSERT_TEXT(serving_answer_text(&answer, "rows/0/limit"), "12.00");
            FISC_ASSERT_TEXT(serving_answer_text(&answer, "rows/0/requested"), "10.00");
        }
        serving_answer_clear(&answer);
    }
    serving_free(serving);
}

/* Holds -------------------------------------------------------------------------------------------
 */

static int
write_as(Serving *serving, const char *header, const char *key, const char *path, const char *body,
         const char *code)
{
    ServingAnswer answer = {0};
    g_autofree char *headers =
        g_strdup_printf("%sIdempotency-Key: %s\r\nContent-Type: application/json\r\n", header, key);
    CU_ASSERT_TRUE_FATAL(serving_request(serving, "POST", path, headers, body, &answer));
    int status = answer.status;
    fisc_assert_text(serving_answer_text(&answer, "code"), code, path, __FILE__, __LINE__);
    serving_answer_clear(&answer);
    return status;
}

static void
expect_holds(Serving *serving, const char *header, guint count)
{
    ServingAnswer answer = {0};
    CU_ASSERT_TRUE_FATAL(
        serving_request(serving, "GET", "/v1/holds?state=placed", header, NULL, &answer));
    FISC_ASSERT_INT(json_array_size(json_object_get(answer.json, "rows")), count);
    serving_answer_clear(&answer);
}

static void
test_holds(void)
{
    Serving *serving = serving_new(two_books_new(TWO_BOOKS_POOR), NULL);
    g_autofree char *auditor = serving_sign_in(serving, "at-auditor");
    g_autofree char *accountant = serving_sign_in(serving, "at-agency_accountant");
    static const char own[] = "{\"hold\":\"AAA-H\",\"document\":\"AAA-D1\",\"reason\":\"why\"}";
    static const char other[] = "{\"hold\":\"BBB-H\",\"entity\":\"BBB\",\"reason\":\"why\"}";
    static const char why[] = "{\"reason\":\"explained\"}";
    FISC_ASSERT_INT(write_as(serving, accountant, "k1", "/v1/holds", own, "DUTY_MISSING"), 403);
    FISC_ASSERT_INT(write_as(serving, accountant, "k2", "/v1/holds", other, "NOT_FOUND"), 404);
    FISC_ASSERT_INT(write_as(serving, auditor, "k3", "/v1/holds?dry_run=true", own, ""), 200);
    expect_holds(serving, auditor, 0);
    FISC_ASSERT_INT(write_as(serving, auditor, "k4", "/v1/holds", own, ""), 201);
    FISC_ASSERT_INT(write_as(serving, auditor, "k5", "/v1/holds", own, ""), 200);
    FISC_ASSERT_INT(write_as(serving, auditor, "k6", "/v1/holds", other, "DUTY_MISSING"),
                    403); /* he sees the books of BBB, and is auditor of AAA */
    expect_holds(serving, auditor, 1);
    expect_holds(serving, accountant, 1);
    FISC_ASSERT_INT(
        write_as(serving, accountant, "k7", "/v1/holds/BBB-H/release", why, "NOT_FOUND"), 404);
    FISC_ASSERT_INT(
        write_as(serving, accountant, "k8", "/v1/holds/AAA-H/release", why, "DUTY_MISSING"), 403);
    FISC_ASSERT_INT(write_as(serving, auditor, "k9", "/v1/holds/AAA-H/release", why, ""), 201);
    expect_holds(serving, accountant, 0);
    FISC_ASSERT_INT(write_as(serving, auditor, "k10", "/v1/holds", "{\"reason\":\"why\"}", "USAGE"),
                    400);
    serving_free(serving);
}

const FiscTest fisc_access_tests[] = {
    {"tells in metrics and reads that somebody takes away much", test_alarm_is_told},
    {"counts who is refused for having had enough", test_refused_for_quota_is_counted},
    {"shows an agency its own ceiling, and no other's", test_own_ceiling},
    {"lets an auditor hold and release where he is one, and nobody else", test_holds},
    {"writes down who has looked at others' books, and at what is sensitive",
     test_reads_are_written_down},
    {"gives auditors what was read, page by page", test_auditor_pages_through_reads},
    {"answers so many requests of one person within an hour", test_quota_of_requests},
    {"gives so many rows to one person within an hour", test_quota_of_rows},
    {"begins anew with the hour, and raises its alarm once", test_quotas_begin_anew},
    {NULL, NULL},
};

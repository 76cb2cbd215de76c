/* write_test.c: what takes two persons, changes of a budget, versions, persons and records: over
 * HTTP, on the books of a school. */
#include "tests/app/school.h"
#include "tests/server/serving.h"
#include "tests/support/suite.h"
#include <string.h>

/* Sends a JSON body with a key that nobody else uses. */
static int
send_json(Serving *serving, const char *person, const char *method, const char *path,
          const char *body, ServingAnswer *out_answer)
{
    g_autofree char *who = serving_sign_in(serving, person);
    g_autofree char *key = g_uuid_string_random();
    g_autofree char *headers =
        g_strdup_printf("%sContent-Type: application/json\r\nIdempotency-Key: %s\r\n", who, key);
    CU_ASSERT_FATAL(serving_request(serving, method, path, headers, body, out_answer));
    return out_answer->status;
}

static int
send_text(Serving *serving, const char *person, const char *path, const char *match,
          const char *body, ServingAnswer *out_answer)
{
    g_autofree char *who = serving_sign_in(serving, person);
    g_autofree char *key = g_uuid_string_random();
    g_autofree char *headers = g_strdup_printf(
        "%sContent-Type: text/csv\r\nIdempotency-Key: %s\r\n%s%s%s", who, key,
        match != NULL ? "If-Match: " : "", match != NULL ? match : "", match != NULL ? "\r\n" : "");
    CU_ASSERT_FATAL(serving_request(serving, "PUT", path, headers, body, out_answer));
    return out_answer->status;
}

static void
expect(Serving *serving, const char *person, const char *method, const char *path, const char *body,
       int status, const char *members, const char *value)
{
    g_auto(ServingAnswer) answer = {0};
    int found = send_json(serving, person, method, path, body, &answer);
    fisc_assert_int(found, status, path, __FILE__, __LINE__);
    fisc_assert_text(serving_answer_text(&answer, members), value, path, __FILE__, __LINE__);
}

/* Documents ------------------------------------------------------------------------------------ */

#define ORDER                                                                                      \
    "{\"action\":\"commitment\",\"document\":\"PO-1\",\"reason\":\"Chairs\",\"entries\":["         \
    "{\"reference\":\"SCH/PO-1\",\"date\":\"2024-03-05\",\"entity\":\"SCH\",\"lines\":["           \
    "{\"gfs_code\":\"22\",\"debit\":\"50.00\",\"cofog\":\"70912\",\"stage\":\"commitment\"}]}]}"

static char *
digest_of(Serving *serving, const char *id)
{
    g_autoptr(FiscDocument) document = NULL;
    FiscContext *ctx = &serving->books->ctx;
    CU_ASSERT_TRUE_FATAL(fisc_flow_document_show(ctx, id, &document, NULL));
    return g_strdup(document->digest);
}

static void
test_document(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    expect(serving, "ana", "POST", "/v1/documents?dry_run=true", ORDER, 200, "state", "proposed");
    expect(serving, "ana", "POST", "/v1/documents", ORDER, 201, "document", "PO-1");
    g_autofree char *digest = digest_of(serving, "PO-1");
    g_autofree char *wrong = g_strdup_printf("{\"digest\":\"%s\"}", "00");
    g_autofree char *right = g_strdup_printf("{\"digest\":\"%s\"}", digest);
    expect(serving, "ben", "POST", "/v1/documents/PO-1/approve", wrong, 409, "code",
           "DOCUMENT_CHANGED");
    expect(serving, "ana", "POST", "/v1/documents/PO-1/approve", right, 403, "code",
           "SECOND_PERSON");
    expect(serving, "ben", "POST", "/v1/documents/PO-1/approve", right, 201, "state", "done");
    FISC_ASSERT_INT(school_available(serving->books, "22"), 12950);
    expect(serving, "ben", "POST", "/v1/documents/PO-9/approve", right, 404, "code", "NOT_FOUND");
}

static void
test_document_of_nothing(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    expect(serving, "ana", "POST", "/v1/documents", "{\"action\":\"journal\",\"entries\":[]}", 422,
           "errors/0/pointer", "/entries");
    expect(serving, "ana", "POST", "/v1/documents", "{\"action\":\"journal\"}", 422,
           "errors/0/pointer", "/entries");
    expect(serving, "ana", "POST", "/v1/documents",
           "{\"action\":\"journal\",\"entries\":[{\"reference\":\"SCH/1\"}]}", 422, "status", "");
}

/* Orders -----------------------------------------------------------------------------------------
 */

static void
test_orders(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_free(serving_sign_in(serving, "ana"));
    int64_t before = books_batch(serving->books);
    const char *virement = "{\"entity\":\"SCH\",\"from\":{\"gfs_code\":\"22\",\"cofog\":\"70912\"},"
                           "\"to\":{\"gfs_code\":\"24\",\"cofog\":\"70912\"},\"amount\":\"10.00\","
                           "\"date\":\"2024-03-01\",\"reason\":\"Interest\"}";
    expect(serving, "ana", "POST", "/v1/virements?dry_run=true", virement, 200, "state",
           "proposed");
    FISC_ASSERT_INT(books_batch(serving->books), before);
    expect(serving, "ana", "POST", "/v1/virements", virement, 201, "state", "proposed");
    FISC_ASSERT_INT(books_batch(serving->books), before + 1);
    expect(serving, "ana", "POST", "/v1/virements",
           "{\"entity\":\"SCH\",\"from\":{\"colour\":\"22\"},\"to\":{},\"amount\":\"1\","
           "\"reason\":\"x\"}",
           422, "errors/0/pointer", "/from/colour");
    expect(serving, "ana", "POST", "/v1/virements",
           "{\"entity\":\"SCH\",\"from\":{},\"to\":{},\"amount\":10,\"reason\":\"x\"}", 422,
           "errors/0/pointer", "/amount");
    expect(serving, "ana", "POST", "/v1/releases",
           "{\"entity\":\"SCH\",\"period\":\"2024-Q1\",\"line\":{\"gfs_code\":\"22\","
           "\"cofog\":\"70912\"},\"amount\":\"5.00\",\"reason\":\"First quarter\"}",
           201, "state", "proposed");
    expect(serving, "ana", "POST", "/v1/blocks",
           "{\"kind\":\"block\",\"entity\":\"SCH\",\"where\":{\"gfs_code\":\"22\"},"
           "\"amount\":\"1.00\",\"date\":\"2024-03-01\",\"reason\":\"Less money\"}",
           201, "details/total", "1.00");
    expect(serving, "ana", "POST", "/v1/year-ends?dry_run=true", "{\"year\":2024}", 200, "state",
           "nothing");
}

/* Versions ---------------------------------------------------------------------------------------
 */

#define LINES                                                                                      \
    "line,entity,side,gfs_code,cofog,request_2025\n"                                               \
    "goods,SCH,expenditure,22,70912,100.00\n"

static void
test_version(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    expect(serving, "ana", "POST", "/v1/budgets", "{\"version\":\"2025-draft\",\"year\":2025}", 201,
           "refused", "");
    g_auto(ServingAnswer) blind = {0}, first = {0}, wrong = {0}, late = {0};
    const char *path = "/v1/budgets/2025-draft/parts/lines?entity=SCH&step=request&reason=Call";
    FISC_ASSERT_INT(send_text(serving, "ana", path, NULL, LINES, &blind), 428);
    FISC_ASSERT_INT(send_text(serving, "ana", path, "\"\"", LINES, &first), 201);
    FISC_ASSERT_TEXT(serving_answer_text(&first, "step"), "request");
    FISC_ASSERT_INT(
        send_text(serving, "ana", path, "\"\"", LINES "x,SCH,expenditure,22,,1\n", &late), 409);
    FISC_ASSERT_TEXT(serving_answer_text(&late, "code"), "CASE_CHANGED");
    FISC_ASSERT_INT(
        send_text(serving, "ana", path, "\"\"", LINES "y,SCH,expenditure,22,,1.x\n", &wrong), 422);
    FISC_ASSERT_TEXT(serving_answer_text(&wrong, "errors/0/field"), "request_2025");
    expect(serving, "ben", "POST", "/v1/budgets/2025-draft/steps", "{\"step\":\"call\"}", 201,
           "step", "call");
    expect(serving, "ben", "POST", "/v1/budgets/2025-draft/steps",
           "{\"step\":\"submit\",\"part\":\"lines/SCH\"}", 201, "step", "submit");
    expect(serving, "ben", "POST", "/v1/budgets/2025-draft/steps", "{\"step\":\"dance\"}", 400,
           "code", "USAGE");
    expect(serving, "ana", "POST", "/v1/budgets/2025-draft/branch", "{\"into\":\"2025-b\"}", 201,
           "refused", "");
}

/* Persons and records ----------------------------------------------------------------------------
 */

static void
test_persons(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    expect(serving, "root", "PUT", "/v1/persons/eva",
           "{\"name\":\"Eva Kim\",\"national_id\":\"X-1\"}", 201, "refused", "");
    expect(serving, "root", "PUT", "/v1/persons/eva2",
           "{\"name\":\"Eva K.\",\"national_id\":\"X1\"}", 422, "status", "");
    expect(serving, "root", "POST", "/v1/persons/eva/grants",
           "{\"role\":\"approver\",\"entity\":\"SCH\"}", 201, "refused", "");
    expect(serving, "root", "POST", "/v1/persons/eva/delegations",
           "{\"role\":\"approver\",\"principal\":\"ben\"}", 422, "errors/0/pointer", "/principal");
    expect(serving, "root", "POST", "/v1/persons/eva/disable", "{}", 201, "refused", "");
}

static void
test_records(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    expect(serving, "ana", "PUT", "/v1/periods/2024-01", "{\"state\":\"closed\"}", 201, "refused",
           "");
    expect(serving, "ana", "PUT", "/v1/periods/2024-01", "{\"state\":\"ajar\"}", 422,
           "errors/0/pointer", "/state");
    expect(serving, "ana", "PUT", "/v1/questions/goods",
           "{\"report\":\"trial-balance\",\"period\":\"2024\",\"unit\":\"SCH\"}", 201, "state",
           "recorded");
    expect(serving, "ana", "DELETE", "/v1/questions/goods", NULL, 201, "state", "recorded");
    expect(serving, "ana", "POST", "/v1/publications",
           "{\"publication\":\"TB-2024\",\"status\":\"final\",\"format\":\"csv\","
           "\"report\":\"trial-balance\",\"period\":\"2024\",\"unit\":\"SCH\"}",
           201, "details/publication", "TB-2024");
    expect(serving, "ana", "POST", "/v1/units/SCH/changes",
           "{\"from\":\"2025-01-01\",\"name\":\"School board\"}", 201, "state", "recorded");
}

const FiscTest fisc_write_tests[] = {
    {"a document is proposed by one and approved by another who has read it", test_document},
    {"a document of nothing is refused", test_document_of_nothing},
    {"orders are proposed, and a dry run writes nothing", test_orders},
    {"a version is filled, submitted and branched; who edits says what he began with",
     test_version},
    {"persons, roles and delegations are judged", test_persons},
    {"periods, units, questions and publications are put on record", test_records},
    {NULL, NULL},
};

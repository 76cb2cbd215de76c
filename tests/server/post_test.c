/* post_test.c: entries over HTTP: the forms of a body, what each rule refuses, and many who post
 * and ask at once. */
#include "tests/app/school.h"
#include "tests/server/posting.h"
#include "tests/server/two_books.h"
#include "tests/support/suite.h"
#include <stdlib.h>
#include <string.h>

#define POSTERS 32
#define ENTRIES_EACH 8 /* of 1.00 each: more than the 179.50 that are left */

/* Forms ------------------------------------------------------------------------------------ */

static const struct {
    const char *what, *type, *body;
    int posted;
} forms[] = {
    {"one object", "application/json", "%s", 1},
    {"a list", "application/json", "[%s,\n %s]", 2},
    {"a list by name", "application/json; charset=utf-8", "{\"entries\":[%s,%s]}", 2},
    {"lines", "application/x-ndjson", "%s\n\n%s\n", 2},
};

static void
test_forms(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(forms); i++) {
        g_autofree char *entry = posting_goods(NULL, "1.00");
        g_auto(GStrv) parts = g_strsplit(forms[i].body, "%s", -1);
        g_autofree char *body = g_strjoinv(entry, parts);
        g_auto(ServingAnswer) answer = {0};
        posting_send(serving, "/v1/entries", forms[i].type, NULL, body, &answer);
        fisc_assert_int(answer.status, 201, forms[i].what, __FILE__, __LINE__);
        fisc_assert_int(json_integer_value(json_object_get(answer.json, "posted")), forms[i].posted,
                        forms[i].what, __FILE__, __LINE__);
    }
    g_auto(ServingAnswer) csv = {0};
    FISC_ASSERT_INT(posting_send(serving, "/v1/entries?source=shop", "text/csv", NULL,
                                 SCHOOL_HEADER SCHOOL_GOODS("9", "2024-03-06", "2.50"), &csv),
                    201);
    FISC_ASSERT_TEXT(serving_answer_text(&csv, "results/0/reference"), "SCH/9");
    FISC_ASSERT_INT(school_available(serving->books, "22"), 17950 - 700 - 250);
    books_expect_whole(serving->books);
}

/* Rules ------------------------------------------------------------------------------------- */

#define LINES(debit, credit)                                                                       \
    "\"lines\":[{\"gfs_code\":\"22\",\"debit\":" debit ",\"cofog\":\"70912\"},"                    \
    "{\"gfs_code\":\"3308\",\"credit\":" credit "}]"
#define HEAD "\"reference\":\"SCH/R\",\"entity\":\"SCH\",\"date\":\"2024-03-05\","
#define GOOD LINES("\"1.00\"", "\"1.00\"")

static const struct {
    const char *body;
    int status;
    const char *code, *pointer;
} rules[] = {
    {"{" HEAD LINES("1.00", "\"1.00\"") "}", 422, "AMOUNT_INVALID", "/entries/0/lines/0/debit"},
    {"{" HEAD LINES("\"1,00\"", "\"1.00\"") "}", 422, "AMOUNT_INVALID", "/entries/0/lines/0/debit"},
    {"{" HEAD LINES("\"1.005\"", "\"1.00\"") "}", 422, "AMOUNT_DECIMALS",
     "/entries/0/lines/0/debit"},
    {"{" HEAD LINES("\"99999999999999999999.00\"", "\"1.00\"") "}", 422, "AMOUNT_OVERFLOW",
     "/entries/0/lines/0/debit"},
    {"{" HEAD "\"colour\":\"red\"," GOOD "}", 422, "COLUMN_UNKNOWN", "/entries/0/colour"},
    {"{" HEAD "\"memo\":\"a\",\"memo\":\"b\"," GOOD "}", 422, "JSON_INVALID", ""},
    {"{" HEAD "\"memo\":7," GOOD "}", 422, "VALUE_INVALID", "/entries/0/memo"},
    {"{" HEAD GOOD, 422, "JSON_INVALID", ""},
    {"", 422, "JSON_INVALID", ""},
    {"[7]", 422, "JSON_INVALID", ""},
    {"{" HEAD "\"lines\":[]}", 422, "VALUE_MISSING", "/entries/0/lines"},
    {"{" HEAD LINES("\"1.00\"", "\"2.00\"") "}", 422, "ENTRY_UNBALANCED", "/entries/0"},
    {"{\"entity\":\"NOBODY\",\"date\":\"2024-03-05\"," GOOD "}", 422, "ENTITY_UNKNOWN",
     "/entries/0/entity"},
    {"{\"entity\":\"SCH\",\"date\":\"2024-02-30\"," GOOD "}", 422, "DATE_INVALID",
     "/entries/0/date"},
    {"{\"entity\":\"SCH\",\"date\":\"1999-03-05\"," GOOD "}", 422, "PERIOD_NOT_OPEN", "/entries/0"},
    {"{" HEAD "\"lines\":[{\"gfs_code\":\"99\",\"debit\":\"1.00\"},"
     "{\"gfs_code\":\"3308\",\"credit\":\"1.00\"}]}",
     422, "ACCOUNT_UNKNOWN", "/entries/0/lines/0/gfs_code"},
    {"{" HEAD LINES("\"500.00\"", "\"500.00\"") "}", 422, "BUDGET_EXCEEDED", "/entries/0"},
};

static void
test_rules(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    int64_t batch = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(rules); i++) {
        g_auto(ServingAnswer) answer = {0};
        posting_json(serving, NULL, rules[i].body, &answer);
        fisc_assert_int(answer.status, rules[i].status, rules[i].body, __FILE__, __LINE__);
        fisc_assert_text(serving_answer_text(&answer, "code"), rules[i].code, rules[i].body,
                         __FILE__, __LINE__);
        const char *pointer = serving_answer_text(&answer, "errors/0/pointer");
        CU_ASSERT(g_str_has_prefix(pointer, rules[i].pointer));
    }
    FISC_ASSERT_INT(school_available(serving->books, "22"), 17950);
    batch = books_batch(serving->books);
    g_auto(ServingAnswer) wrong = {0};
    FISC_ASSERT_INT(posting_send(serving, "/v1/entries", "image/png", NULL, "{}", &wrong), 415);
    FISC_ASSERT_INT(books_batch(serving->books), batch);
}

static void
test_modes(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_autofree char *good = posting_goods("SCH/M1", "1.00");
    g_autofree char *bad = posting_goods("SCH/M2", "500.00");
    g_autofree char *body = g_strdup_printf("[%s,%s]", good, bad);
    g_auto(ServingAnswer) none = {0}, each = {0}, again = {0}, dry = {0};
    FISC_ASSERT_INT(
        posting_send(serving, "/v1/entries?mode=atomic", "application/json", NULL, body, &none),
        422);
    FISC_ASSERT_TEXT(serving_answer_text(&none, "results/0/status"), "refused");
    FISC_ASSERT_TEXT(serving_answer_text(&none, "results/1/refusals/0/pointer"), "/entries/1");
    FISC_ASSERT_INT(
        posting_send(serving, "/v1/entries?dry_run=true", "application/json", "", body, &dry), 200);
    FISC_ASSERT_TEXT(serving_answer_text(&dry, "results/0/status"), "posted");
    FISC_ASSERT_INT(school_available(serving->books, "22"), 17950);
    FISC_ASSERT_INT(posting_json(serving, NULL, body, &each), 201);
    FISC_ASSERT_TEXT(serving_answer_text(&each, "results/0/status"), "posted");
    FISC_ASSERT_TEXT(serving_answer_text(&each, "results/1/status"), "refused");
    FISC_ASSERT_INT(posting_json(serving, NULL, good, &again), 200);
    FISC_ASSERT_TEXT(serving_answer_text(&again, "results/0/status"), "repeated");
    FISC_ASSERT_INT(school_available(serving->books, "22"), 17950 - 100);
}

static void
test_reversal(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_autofree char *entry = posting_goods("SCH/V1", "9.00");
    const char *words = "{\"date\":\"2024-03-31\",\"reason\":\"Twice\"}";
    g_auto(ServingAnswer) posted = {0}, undone = {0}, unknown = {0};
    FISC_ASSERT_INT(posting_json(serving, NULL, entry, &posted), 201);
    FISC_ASSERT_INT(posting_send(serving, "/v1/entries/SCH/V1/reversal", "application/json", NULL,
                                 words, &undone),
                    201);
    FISC_ASSERT_TEXT(serving_answer_text(&undone, "results/0/reference"), "SCH/V1/reversal");
    FISC_ASSERT_INT(posting_send(serving, "/v1/entries/SCH/V9/reversal", "application/json", NULL,
                                 words, &unknown),
                    404);
    FISC_ASSERT_INT(school_available(serving->books, "22"), 17950);
}

/* Masters ----------------------------------------------------------------------------------- */

/* What another writer brings is known here, too: he has read it who is refused for it. */
static void
test_others_master_data(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_autofree char *entry = posting_goods(NULL, "1.00");
    g_auto(ServingAnswer) first = {0}, late = {0};
    FISC_ASSERT_INT(posting_json(serving, NULL, entry, &first), 201);
    g_autoptr(FiscSubmission) brought = fisc_submission_new("test", "ben");
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(FiscPoster) other = NULL;
    fisc_submission_event(brought, "entity", "NEW", "name", "New supplier", "sector", "S11002",
                          "cp_code", "152", "reporting", "N", NULL);
    CU_ASSERT_TRUE_FATAL(fisc_poster_open(serving->books->pool, 1, &other, NULL));
    CU_ASSERT_TRUE_FATAL(fisc_poster_submit(other, brought, &receipt, NULL));
    FISC_ASSERT_INT(receipt->events > 0, 1);
    g_auto(GStrv) parts = g_strsplit(entry, "CORP", -1);
    g_autofree char *named = g_strjoinv("NEW", parts);
    posting_json(serving, NULL, named, &late);
    fisc_assert_int(late.status, 201, late.body, __FILE__, __LINE__);
}

/* Scope ------------------------------------------------------------------------------------- */

static void
test_scope(void)
{
    g_autoptr(Serving) serving = serving_new(two_books_new(TWO_BOOKS_RICH), NULL);
    g_autofree char *who = serving_sign_in(serving, "at-agency_accountant");
    static const struct {
        const char *entity, *reference, *code;
    } cases[] = {
        {OTHER, "BBB/B1", "ENTITY_UNKNOWN"},
        {OTHER, "BBB/never", "ENTITY_UNKNOWN"},
        {OWN, "BBB/B1", "VALUE_INVALID"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *headers = g_strdup_printf(
            "%sContent-Type: application/json\r\nIdempotency-Key: s%zu\r\n", who, i);
        g_autofree char *body = g_strdup_printf(
            "{\"reference\":\"%s\",\"entity\":\"%s\",\"date\":\"2024-03-05\"," GOOD "}",
            cases[i].reference, cases[i].entity);
        g_auto(ServingAnswer) answer = {0};
        CU_ASSERT_FATAL(serving_request(serving, "POST", "/v1/entries", headers, body, &answer));
        fisc_assert_text(serving_answer_text(&answer, "code"), cases[i].code, answer.body, __FILE__,
                         __LINE__);
    }
}

/* Many at once ------------------------------------------------------------------------------- */

typedef struct {
    const Serving *serving;
    const char *who;
    int number;
    int posted, refused, asked; /* what came of it; -1: an answer that was none */
} Client;

static int
status_of(ServingLink *link, const char *request)
{
    g_auto(ServingAnswer) answer = {0};
    bool is_answered =
        serving_link_send(link, request, -1) && serving_link_receive(link, false, &answer);
    return is_answered ? answer.status : 0;
}

static gpointer
post_and_ask(gpointer data)
{
    Client *client = data;
    g_autoptr(ServingLink) link = serving_connect(client->serving);
    g_autofree char *question =
        posting_request("GET", "/v1/funds?entity=SCH&period=2024", client->who, NULL);
    for (int i = 0; i < ENTRIES_EACH; i++) {
        g_autofree char *reference = g_strdup_printf("SCH/C%d-%d", client->number, i);
        g_autofree char *body = posting_goods(reference, "1.00");
        g_autofree char *headers = g_strdup_printf(
            "%sContent-Type: application/json\r\nIdempotency-Key: %s\r\n", client->who, reference);
        g_autofree char *request = posting_request("POST", "/v1/entries", headers, body);
        int status = status_of(link, request);
        client->posted += status == 201;
        client->refused += status == 422;
        client->asked += status_of(link, question) == 200;
    }
    return NULL;
}

static void
test_many(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_autofree char *who = serving_sign_in(serving, "ana");
    Client clients[POSTERS];
    GThread *threads[POSTERS];
    int posted = 0, refused = 0, asked = 0;
    for (int i = 0; i < POSTERS; i++) {
        clients[i] = (Client){.serving = serving, .who = who, .number = i};
        threads[i] = g_thread_new("client", post_and_ask, &clients[i]);
    }
    for (int i = 0; i < POSTERS; i++) {
        g_thread_join(threads[i]);
        posted += clients[i].posted;
        refused += clients[i].refused;
        asked += clients[i].asked;
    }
    FISC_ASSERT_INT(posted, 179);
    FISC_ASSERT_INT(posted + refused, POSTERS * ENTRIES_EACH);
    FISC_ASSERT_INT(asked, POSTERS * ENTRIES_EACH);
    FISC_ASSERT_INT(school_available(serving->books, "22"), 50);
    g_auto(ServingAnswer) funds = {0};
    CU_ASSERT_FATAL(serving_request(serving, "GET", "/v1/funds?entity=SCH&period=2024&gfs_code=22",
                                    who, NULL, &funds));
    FISC_ASSERT_TEXT(serving_answer_text(&funds, "rows/0/available"), "0.50");
    books_expect_whole(serving->books);
}

const FiscTest fisc_post_server_tests[] = {
    {"takes an object, a list, lines and CSV", test_forms},
    {"refuses by rule, with a code and a pointer, and writes nothing", test_rules},
    {"posts each on its own, all or none, or only decides", test_modes},
    {"reverses an entry by its reference", test_reversal},
    {"knows what another writer has brought", test_others_master_data},
    {"tells nothing of entities that may not be seen", test_scope},
    {"adds up when 32 clients post and ask at once", test_many},
    {NULL, NULL},
};

/* idempotency_test.c: the same write twice is done once, whoever fell over in between. */
#include "tests/app/school.h"
#include "tests/server/node.h"
#include "tests/server/posting.h"
#include "tests/support/suite.h"
#include <string.h>

#define SAME 16

static void
test_key_is_needed(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_autofree char *entry = posting_goods(NULL, "1.00");
    g_auto(ServingAnswer) none = {0}, blank = {0}, dry = {0};
    FISC_ASSERT_INT(posting_json(serving, "", entry, &none), 400);
    FISC_ASSERT_TEXT(serving_answer_text(&none, "code"), "IDEMPOTENCY_KEY_MISSING");
    FISC_ASSERT_INT(posting_json(serving, "two words", entry, &blank), 400);
    FISC_ASSERT_TEXT(serving_answer_text(&blank, "code"), "IDEMPOTENCY_KEY_MISSING");
    FISC_ASSERT_INT(
        posting_send(serving, "/v1/entries?dry_run=true", "application/json", "", entry, &dry),
        200);
    FISC_ASSERT_INT(school_available(serving->books, "22"), 17950);
}

static void
test_same_answer(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_autofree char *entry = posting_goods(NULL, "1.00");
    g_autofree char *other = posting_goods(NULL, "2.00");
    g_auto(ServingAnswer) first = {0}, second = {0}, third = {0}, mismatch = {0}, elsewhere = {0};
    FISC_ASSERT_INT(posting_json(serving, "k1", entry, &first), 201);
    FISC_ASSERT_INT(posting_json(serving, "k1", entry, &second), 201);
    FISC_ASSERT_TEXT(second.body, first.body);
    FISC_ASSERT_TEXT(serving_answer_header(&second, "Idempotency-Replayed"), "true");
    CU_ASSERT_PTR_NULL(serving_answer_header(&first, "Idempotency-Replayed"));
    FISC_ASSERT_INT(posting_json(serving, "k1", other, &mismatch), 422);
    FISC_ASSERT_TEXT(serving_answer_text(&mismatch, "code"), "IDEMPOTENCY_MISMATCH");
    FISC_ASSERT_INT(
        posting_send(serving, "/v1/entries?source=x", "application/json", "k1", entry, &elsewhere),
        422);
    serving_restart(serving); /* and now from the database */
    FISC_ASSERT_INT(posting_json(serving, "k1", entry, &third), 201);
    FISC_ASSERT_TEXT(third.body, first.body);
    FISC_ASSERT_INT(school_available(serving->books, "22"), 17950 - 100);
}

/* What was refused stays refused under its key, though there would be funds by now. */
static void
test_refusal_is_an_answer(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_autofree char *much = posting_goods(NULL, "500.00");
    g_auto(ServingAnswer) first = {0}, second = {0};
    FISC_ASSERT_INT(posting_json(serving, "k2", much, &first), 422);
    FISC_ASSERT_INT(posting_json(serving, "k2", much, &second), 422);
    FISC_ASSERT_TEXT(second.body, first.body);
    FISC_ASSERT_TEXT(serving_answer_header(&second, "Idempotency-Replayed"), "true");
}

/* The key of one person is nobody else's. */
static void
test_keys_are_ones_own(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_autofree char *entry = posting_goods(NULL, "1.00");
    g_autofree char *who = serving_sign_in(serving, "ben");
    g_autofree char *headers =
        g_strdup_printf("%sContent-Type: application/json\r\nIdempotency-Key: k3\r\n", who);
    g_auto(ServingAnswer) first = {0}, second = {0};
    FISC_ASSERT_INT(posting_json(serving, "k3", entry, &first), 201);
    CU_ASSERT_FATAL(serving_request(serving, "POST", "/v1/entries", headers, entry, &second));
    FISC_ASSERT_INT(second.status, 201);
    CU_ASSERT_PTR_NULL(serving_answer_header(&second, "Idempotency-Replayed"));
    FISC_ASSERT_INT(school_available(serving->books, "22"), 17950 - 200);
}

/* Many at once ------------------------------------------------------------------------------ */

typedef struct {
    const Serving *serving;
    const char *request;
    int status;
} Sender;

static gpointer
send_same(gpointer data)
{
    Sender *sender = data;
    g_autoptr(ServingLink) link = serving_connect(sender->serving);
    g_auto(ServingAnswer) answer = {0};
    if (serving_link_send(link, sender->request, -1) &&
        serving_link_receive(link, false, &answer)) {
        sender->status = answer.status;
    }
    return NULL;
}

static void
test_same_at_once(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_autofree char *who = serving_sign_in(serving, "ana");
    g_autofree char *entry = posting_goods(NULL, "1.00");
    g_autofree char *headers =
        g_strdup_printf("%sContent-Type: application/json\r\nIdempotency-Key: k4\r\n", who);
    g_autofree char *request = posting_request("POST", "/v1/entries", headers, entry);
    Sender senders[SAME];
    GThread *threads[SAME];
    for (int i = 0; i < SAME; i++) {
        senders[i] = (Sender){.serving = serving, .request = request};
        threads[i] = g_thread_new("sender", send_same, &senders[i]);
    }
    int done = 0;
    for (int i = 0; i < SAME; i++) {
        g_thread_join(threads[i]);
        done += senders[i].status == 201;
        CU_ASSERT(senders[i].status == 201 || senders[i].status == 409);
    }
    CU_ASSERT(done >= 1);
    FISC_ASSERT_INT(school_available(serving->books, "22"), 17950 - 100);
}

/* Falling over ------------------------------------------------------------------------------ */

/* The server dies when the entries are on record and nobody has been told, nor the answer kept:
 * asked again, it posts nothing and tells the same entries. */
static void
test_death_before_the_answer(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_autofree char *who = serving_sign_in(serving, "ana");
    g_autofree char *entry = posting_goods(NULL, "1.00");
    g_autofree char *body = g_strdup_printf("[%s,%s]", entry, entry);
    g_autofree char *headers =
        g_strdup_printf("%sContent-Type: application/json\r\nIdempotency-Key: k5\r\n", who);
    g_auto(ServingAnswer) none = {0}, second = {0}, third = {0};
    g_setenv("FISC_KILL_AT", "server.before_keep:1", TRUE);
    Node *node = node_start("--db", serving->books->admin, NULL);
    g_unsetenv("FISC_KILL_AT");
    CU_ASSERT_FALSE(
        node_ask(g_atomic_int_get(&node->port), "POST", "/v1/entries", headers, body, &none));
    node_kill(node);
    FISC_ASSERT_INT(school_available(serving->books, "22"), 17950 - 200);
    node_restart(node);
    int port = g_atomic_int_get(&node->port);
    CU_ASSERT_TRUE_FATAL(node_ask(port, "POST", "/v1/entries", headers, body, &second));
    CU_ASSERT_TRUE_FATAL(node_ask(port, "POST", "/v1/entries", headers, body, &third));
    node_free(node);
    FISC_ASSERT_INT(second.status, 200);
    FISC_ASSERT_TEXT(serving_answer_text(&second, "results/0/status"), "repeated");
    FISC_ASSERT_TEXT(serving_answer_text(&second, "results/1/status"), "repeated");
    FISC_ASSERT_TEXT(third.body, second.body);
    FISC_ASSERT_INT(school_available(serving->books, "22"), 17950 - 200);
    books_expect(serving->books,
                 "select count(*) from ledger.reference where reference like 'SCH/%.1'"
                 " or reference like 'SCH/%.2'",
                 "2");
}

const FiscTest fisc_idempotency_tests[] = {
    {"asks for a key, except where nothing is written", test_key_is_needed},
    {"gives the same answer to the same request, and none to another", test_same_answer},
    {"keeps a refusal as an answer", test_refusal_is_an_answer},
    {"keeps the keys of two persons apart", test_keys_are_ones_own},
    {"does once what many send at once", test_same_at_once},
    {"posts once when it dies between commit and answer", test_death_before_the_answer},
    {NULL, NULL},
};

/* pulls_test.c: books of outside systems are taken by a job: begun by who may, told to the end, and
 * what nobody knows gets proposals. */
#include "tests/app/school.h"
#include "tests/integrations/fixture.h"
#include "tests/server/posting.h"
#include "tests/server/town.h"
#include "tests/server/two_books.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_pulls_tests[];

#define PULL "/v1/feeders/town/pull"

static const char good[] = "number,day,code,text,amount\n"
                           "1,2024-03-01,6400,Salaries of March,1200.00\n"
                           "2,2024-03-02,6202,Paper for the office,19.95\n";
static const char bad[] = "number,day,code,text,amount\n1,2024-03-01,6400,Salaries,12x\n";

/* A server of a school whose feeder drops a file in a folder. */
typedef struct {
    Serving *serving;
    char *drop;
} Fed;

static Fed
fed_new(const char *document)
{
    Books *books = school_books();
    char *drop = town_put(books, document);
    return (Fed){.serving = serving_new(books, NULL), .drop = drop};
}

static void
fed_clear(Fed *fed)
{
    serving_free(fed->serving);
    fixture_remove(fed->drop);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Fed, fed_clear)

static bool
is_open(const char *state)
{
    return strcmp(state, "waiting") == 0 || strcmp(state, "running") == 0;
}

/* Begins a pull and asks until it is over: "done posted 2" is how the first run ended. */
static char *
pull(Fed *fed, const char *path)
{
    g_autofree char *who = serving_sign_in(fed->serving, "ana");
    g_auto(ServingAnswer) begun = {0}, now = {0};
    FISC_ASSERT_INT(posting_send(fed->serving, path, "application/json", NULL, "{}", &begun), 202);
    FISC_ASSERT_TEXT(serving_answer_text(&begun, "kind"), "pull");
    g_autofree char *place = g_strdup(serving_answer_header(&begun, "Location"));
    CU_ASSERT_FATAL(serving_request(fed->serving, "GET", place, who, NULL, &now));
    while (is_open(serving_answer_text(&now, "state"))) {
        g_usleep(10000);
        serving_answer_clear(&now);
        CU_ASSERT_FATAL(serving_request(fed->serving, "GET", place, who, NULL, &now));
    }
    return g_strjoin(" ", serving_answer_text(&now, "state"),
                     serving_answer_text(&now, "result/runs/0/outcome"),
                     serving_answer_text(&now, "result/runs/0/reason"), NULL);
}

static void
expect_pull(Fed *fed, const char *path, const char *expected)
{
    g_autofree char *told = pull(fed, path);
    FISC_ASSERT_CONTAINS(told, expected);
}

static void
test_pull(void)
{
    g_auto(Fed) fed = fed_new(good);
    expect_pull(&fed, "/v1/pulls", "done posted");
    expect_pull(&fed, "/v1/pulls", "done skipped its time has not come");
    expect_pull(&fed, PULL, "done unchanged");
    books_expect(
        fed.serving->books,
        "select count(*) from ledger.entry e join ledger.master s on s.book_id = e.book_id "
        "and s.kind = 'source' and s.number = e.source_id where s.subject = 'town'",
        "2");
}

static void
test_quarantine(void)
{
    g_auto(Fed) fed = fed_new(bad);
    expect_pull(&fed, PULL, "done quarantined");
    g_autofree char *who = serving_sign_in(fed.serving, "ana");
    g_auto(ServingAnswer) rejects = {0}, list = {0};
    CU_ASSERT_FATAL(serving_request(fed.serving, "GET", "/v1/runs/1/rejects", who, NULL, &rejects));
    FISC_ASSERT_TEXT(serving_answer_text(&rejects, "rows/0/file"), "ledger.csv");
    FISC_ASSERT_TEXT(serving_answer_text(&rejects, "rows/0/field"), "amount");
    fixture_write(fed.drop, "ledger.csv", good);
    expect_pull(&fed, PULL, "done posted");
    CU_ASSERT_FATAL(serving_request(fed.serving, "GET", "/v1/feeders", who, NULL, &list));
    FISC_ASSERT_TEXT(serving_answer_text(&list, "rows/0/outcome"), "posted");
    FISC_ASSERT_TEXT(serving_answer_text(&list, "rows/0/breaker"), "closed");
    FISC_ASSERT_TEXT(serving_answer_text(&list, "rows/0/every"), "day");
    CU_ASSERT_TRUE(*serving_answer_text(&list, "rows/0/due") != '\0');
}

static void
test_proposals(void)
{
    g_auto(Fed) fed = fed_new(good);
    expect_pull(&fed, PULL, "done posted");
    g_autofree char *who = serving_sign_in(fed.serving, "ana");
    g_auto(ServingAnswer) table = {0}, rows = {0};
    CU_ASSERT_FATAL(
        serving_request(fed.serving, "GET", "/v1/feeders/town/proposals", who, NULL, &table));
    FISC_ASSERT_TEXT(serving_answer_text(&table, "rows/0/code"), "6202");
    FISC_ASSERT_TEXT(serving_answer_text(&table, "rows/0/proposed"), "22");
    FISC_ASSERT_TEXT(serving_answer_text(&table, "rows/0/value"), "19.95");
    CU_ASSERT_FATAL(serving_request(fed.serving, "GET", "/v1/feeders/town/proposals/codes.csv", who,
                                    NULL, &rows));
    FISC_ASSERT_INT(rows.status, 200);
    FISC_ASSERT_CONTAINS(rows.body, "\n6202,Paper for the office,22,\n");
}

/* Who does not stage feeds, and who does not see the whole book, or that feeder. */
static void
test_duty(void)
{
    static const struct {
        const char *person, *path, *words;
        int status;
    } cases[] = {
        {"at-auditor", "/v1/pulls", "does not stage what feeders bring", 403},
        {"at-agency_accountant", "/v1/pulls", "a view of the whole book", 403},
        {"at-agency_accountant", PULL, "does not stage what feeders bring", 403},
        {"at-agency_accountant", "/v1/feeders/village/pull", "there is no feeder", 404},
    };
    g_autoptr(Serving) serving = serving_new(two_books_new(TWO_BOOKS_POOR), NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *who = serving_sign_in(serving, cases[i].person);
        g_autofree char *headers = g_strdup_printf(
            "%sContent-Type: application/json\r\nIdempotency-Key: duty-%" G_GSIZE_FORMAT "\r\n",
            who, i);
        g_auto(ServingAnswer) answer = {0};
        CU_ASSERT_FATAL(serving_request(serving, "POST", cases[i].path, headers, "{}", &answer));
        FISC_ASSERT_INT(answer.status, cases[i].status);
        FISC_ASSERT_CONTAINS(serving_answer_text(&answer, "detail"), cases[i].words);
    }
}

const FiscTest fisc_pulls_tests[] = {
    {"takes a feeder's books as a job, and leaves alone what is not due", test_pull},
    {"tells why a run is quarantined, and takes the corrected document", test_quarantine},
    {"proposes what a code may mean, and rows for the map", test_proposals},
    {"lets only those pull who stage what feeders bring", test_duty},
    {NULL, NULL},
};

/* feeds_test.c: duties in force, over HTTP: who integrates has a feeder's books staged, an officer
 * of the ministry sees what they bring and approves them, and nobody else does. */
#include "fisc/identity.h"
#include "tests/app/school.h"
#include "tests/integrations/fixture.h"
#include "tests/server/signing.h"
#include "tests/server/town.h"
#include "tests/server/two_books.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_feeds_tests[];

#define FEED "FEED-1"
#define DECIDE "/v1/documents/" FEED "/approve"
#define POSTED                                                                                     \
    "select count(*) from ledger.entry e join ledger.master s on s.book_id = e.book_id "           \
    "and s.kind = 'source' and s.number = e.source_id where s.subject = 'town'"

static const char books_of_march[] = "number,day,code,text,amount\n"
                                     "1,2024-03-01,6400,Salaries of March,1200.00\n"
                                     "2,2024-03-02,6999,Nobody knows,19.95\n";

/* pia integrates; olga and otto are officers, he of an entity that the feeder says nothing of; ida
 * looks at everything. */
static const struct {
    const char *person, *role, *entity;
} people[] = {
    {"pia", "integration", "*"},          {"olga", "ministry_officer", "*"},
    {"otto", "ministry_officer", "CORP"}, {"ida", "auditor", "*"},
    {"ina", "integration", "SCH"}, /* of this town alone: sees a part of the book */
    {"ino", "integration", "CORP"},
};

/* A town whose duties are enforced ------------------------------------------------------------- */

static const BooksOffice office = {"ada", "sol"};

typedef struct {
    Serving *serving;
    char *drop;
} Town;

static Town
town_new(void)
{
    Books *books = school_books();
    char *drop = town_put(books, books_of_march);
    books_must_init_duties(books, office);
    for (gsize i = 0; i < G_N_ELEMENTS(people); i++) {
        books_must_give(books, office, people[i].person, people[i].role, people[i].entity);
    }
    books_must_enforce(books, office);
    return (Town){.serving = signing_serve_books(books, NULL), .drop = drop};
}

static void
town_clear(Town *town)
{
    serving_free(town->serving);
    fixture_remove(town->drop);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Town, town_clear)

/* Steps ---------------------------------------------------------------------------------------- */

/* The state of the job, and what became of its first run; the problem when there is no job. */
static char *
pull(const Town *town, const char *person)
{
    g_autofree char *who = serving_sign_in(town->serving, person);
    g_auto(ServingAnswer) begun = {0};
    if (signing_ask(town->serving, "POST", "/v1/feeders/town/pull", who, "{}", &begun) != 202) {
        return g_strdup_printf("%d %s", begun.status, serving_answer_text(&begun, "detail"));
    }
    g_autofree char *place = g_strdup(serving_answer_header(&begun, "Location"));
    for (;;) {
        g_auto(ServingAnswer) now = {0};
        CU_ASSERT_FATAL(serving_request(town->serving, "GET", place, who, NULL, &now));
        const char *state = serving_answer_text(&now, "state");
        if (strcmp(state, "waiting") != 0 && strcmp(state, "running") != 0) {
            return g_strjoin(" ", state, serving_answer_text(&now, "result/runs/0/outcome"),
                             serving_answer_text(&now, "result/runs/0/reason"), NULL);
        }
        g_usleep(10000);
    }
}

static void
expect_pull(const Town *town, const char *person, const char *expected)
{
    g_autofree char *told = pull(town, person);
    FISC_ASSERT_CONTAINS(told, expected);
}

/* Signed in as a browser is, with a second factor, which this takes where duties are in force. */
static void
enrol(const Town *town, const char *person, Browser *browser, uint8_t seed[FISC_SEED_SIZE])
{
    signing_password(town->serving, person);
    browser_sign_in(browser, town->serving, person);
    browser_enrol(browser, seed, NULL);
}

/* The status, and what it is called when it is refused. */
static char *
approve(Browser *browser, const uint8_t seed[FISC_SEED_SIZE], const char *digest)
{
    char code[FISC_CODE_DIGITS + 1];
    g_auto(ServingAnswer) step = {0}, answer = {0};
    signing_code(browser->serving, seed, code);
    g_autofree char *asked = g_strdup_printf("{\"digest\":\"%s\",\"code\":\"%s\"}", digest, code);
    FISC_ASSERT_INT(browser_ask(browser, "POST", "/v1/step-ups", asked, &step), 201);
    g_autofree char *headers =
        g_strdup_printf("Cookie: %s\r\nX-Fisc-Csrf: %s\r\nX-Fisc-Step-Up: %s\r\n", browser->cookie,
                        browser->csrf, serving_answer_text(&step, "step"));
    g_autofree char *body = g_strdup_printf("{\"digest\":\"%s\"}", digest);
    int status = signing_ask(browser->serving, "POST", DECIDE, headers, body, &answer);
    const char *refusal = serving_answer_text(&answer, "errors/0/code");
    return g_strdup_printf("%d %s", status,
                           status == 201   ? serving_answer_text(&answer, "state")
                           : *refusal != 0 ? refusal
                                           : serving_answer_text(&answer, "code"));
}

static void
expect_approval(const Town *town, const char *person, const char *digest, const char *expected)
{
    g_auto(Browser) browser = {0};
    uint8_t seed[FISC_SEED_SIZE];
    enrol(town, person, &browser, seed);
    g_autofree char *told = approve(&browser, seed, digest);
    fisc_assert_text(told, expected, person, __FILE__, __LINE__);
}

/* "Y" or "N" of the first document of a list, "" without one; the digest of the feed. */
static char *
look(const Town *town, const char *person, const char *list, ServingAnswer *out_answer)
{
    g_autofree char *who = serving_sign_in(town->serving, person);
    CU_ASSERT_FATAL(serving_request(town->serving, "GET", list, who, NULL, out_answer));
    return g_strdup(serving_answer_text(out_answer, "rows/0/may_approve"));
}

static void
expect_turn(const Town *town, const char *person, const char *expected)
{
    g_auto(ServingAnswer) answer = {0};
    g_autofree char *may = look(town, person, "/v1/documents?state=proposed", &answer);
    fisc_assert_text(may, expected, person, __FILE__, __LINE__);
}

/* Tests ---------------------------------------------------------------------------------------- */

static void
test_who_stages(void)
{
    g_auto(Town) town = town_new();
    expect_pull(&town, "olga", "403 olga ");
    expect_pull(&town, "otto", "404 there is no feeder");
    expect_pull(&town, "pia", "done staged");
    books_expect(town.serving->books, POSTED, "0");
}

static void
test_who_stages_his_own(void)
{
    g_auto(Town) town = town_new();
    expect_pull(&town, "ino", "404 there is no feeder");
    expect_pull(&town, "ina", "done staged");
    books_expect(town.serving->books, POSTED, "0");
}

static void
test_what_the_list_says(void)
{
    static const char *const cells[][2] = {
        {"document", FEED},   {"feeder", "town"},    {"period", "2024-03"},
        {"value", "1219.95"}, {"suspense", "19.95"}, {"may_approve", "Y"},
    };
    g_auto(Town) town = town_new();
    g_auto(ServingAnswer) list = {0};
    expect_pull(&town, "pia", "done staged");
    g_autofree char *may = look(&town, "olga", "/v1/documents?waiting=true", &list);
    for (gsize i = 0; i < G_N_ELEMENTS(cells); i++) {
        g_autofree char *place = g_strconcat("rows/0/", cells[i][0], NULL);
        FISC_ASSERT_TEXT(serving_answer_text(&list, place), cells[i][1]);
    }
    const json_t *row = json_array_get(json_object_get(list.json, "rows"), 0);
    FISC_ASSERT_INT(json_integer_value(json_object_get(row, "entries")), 2);
    FISC_ASSERT_INT(json_integer_value(json_object_get(row, "reversed")), 0);
    expect_turn(&town, "pia", "N");
    expect_turn(&town, "ida", "N");
    expect_turn(&town, "otto", "");
}

/* Of a document of one agency, by those who see that agency and nothing else. */
static void
test_whose_turn_it_is(void)
{
    static const struct {
        const char *person, *may;
    } cases[] = {{"at-approver", "Y"}, {"at-agency_accountant", "N"}, {"at-auditor", "N"}};
    const Town town = {.serving = serving_new(two_books_new(TWO_BOOKS_POOR), NULL)};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        expect_turn(&town, cases[i].person, cases[i].may);
    }
    serving_free(town.serving);
}

static void
test_who_approves(void)
{
    g_auto(Town) town = town_new();
    g_auto(ServingAnswer) list = {0};
    expect_pull(&town, "pia", "done staged");
    g_autofree char *may = look(&town, "olga", "/v1/documents?waiting=true", &list);
    const char *digest = serving_answer_text(&list, "rows/0/digest");
    expect_approval(&town, "pia", digest, "403 SECOND_PERSON");
    expect_approval(&town, "otto", digest, "404 NOT_FOUND");
    books_expect(town.serving->books, POSTED, "0");
    expect_approval(&town, "olga", digest, "201 done");
    books_expect(town.serving->books, POSTED, "2");
}

const FiscTest fisc_feeds_tests[] = {
    {"are staged by who integrates, and by no officer", test_who_stages},
    {"are staged, too, by who integrates one town", test_who_stages_his_own},
    {"say in the list what they bring, and to whom it is up", test_what_the_list_says},
    {"lie with other documents in a list that tells each whether it is his turn",
     test_whose_turn_it_is},
    {"are posted by an officer, not by who pulled or who sees other units", test_who_approves},
    {NULL, NULL},
};

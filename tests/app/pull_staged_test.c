/* pull_staged_test.c: where duties are enforced: what a town brings is staged by who pulls it,
 * approved by an officer of the ministry, and posted exactly so, or not at all. */
#include "fisc/feeder.h"
#include "tests/app/pulling.h"
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_pull_staged_tests[];

#define ENTITIES                                                                                   \
    "entity,name,sector,cp_code,reporting,currency\n"                                              \
    "TOWN,A town,S1313,11,Y,EUR\n"                                                                 \
    "OTHER,Another town,S1313,11,Y,EUR\n"
#define HEADER PULLING_HEADER
#define CODES "prefix,gfs\n1,2111\n2,22\n"
#define JANUARY "2024-01.csv"
#define FEBRUARY "2024-02.csv"
#define ONE HEADER "1,2024-01-10,11,100.00,TOWN\n2,2024-01-11,93,5.00,TOWN\n"
#define ONE_RESTATED HEADER "1,2024-01-10,11,120.00,TOWN\n2,2024-01-11,93,5.00,TOWN\n"
#define TWO HEADER "3,2024-02-10,21,50.00,TOWN\n"

/* Persons and roles ---------------------------------------------------------------------------- */

static const BooksOffice office = {"ada", "sol"};

/* pia and pit pull, olga and otto are officers of the ministry, uma keeps the accounts of TOWN. */
static void
add_persons(Books *books)
{
    static const char *const persons[][2] = {{"pia", "integration"},
                                             {"pit", "integration"},
                                             {"olga", "ministry_officer"},
                                             {"otto", "ministry_officer"},
                                             {"uma", "agency_accountant"}};
    books_must_init_duties(books, office);
    for (gsize i = 0; i < G_N_ELEMENTS(persons); i++) {
        books_must_give(books, office, persons[i][0], persons[i][1], NULL);
    }
}

/* A town whose months are read each by itself. */
static Pulling
town_new(bool is_enforced)
{
    char *map = g_dir_make_tmp("fisc-map-XXXXXX", NULL);
    fixture_write(map, "payments.profile", PULLING_PROFILE);
    fixture_write(map, "codes.csv", CODES);
    Pulling town = pulling_new(ENTITIES, "TOWN", "folder", "2024-*.csv=payments.csv", "each", map);
    fixture_remove(map);
    for (int month = 1; month <= 12; month++) {
        g_autofree char *period = g_strdup_printf("2024%02d", month);
        books_set_period(town.books, period, "open");
    }
    add_persons(town.books);
    if (is_enforced) {
        books_must_enforce(town.books, office);
    }
    town.books->ctx.actor = "pia";
    return town;
}

/* Steps ---------------------------------------------------------------------------------------- */

static FiscPullReport *
pull_by(Pulling *town, const char *actor, bool is_replay)
{
    static const char *const feeders[] = {"source", NULL};
    const FiscPullOrder order = {.feeders = feeders, .is_replay = is_replay};
    g_autoptr(GError) error = NULL;
    FiscPullReport *report = NULL;
    town->books->ctx.actor = actor;
    if (!fisc_flow_pull(&town->books->ctx, &order, &report, &error)) {
        g_error("%s", error->message);
    }
    books_expect_whole(town->books);
    return report;
}

/* All runs that are told, "staged:2024-01.csv posted:2024-02.csv". */
static void
expect_pull(Pulling *town, const char *actor, const char *expected, int line)
{
    g_autoptr(FiscPullReport) report = pull_by(town, actor, false);
    g_autoptr(GString) told = g_string_new(NULL);
    for (guint i = 0; i < report->runs->len; i++) {
        const FiscPullRun *run = report->runs->pdata[i];
        bool is_fault = run->outcome == FISC_PULL_QUARANTINED || run->outcome == FISC_PULL_FAILED;
        g_string_append_printf(told, "%s%s:%s %d %d%s%s", i > 0 ? "; " : "",
                               fisc_pull_outcome_word(run->outcome), run->part, run->posted,
                               run->reversed, is_fault ? " " : "", is_fault ? run->reason : "");
    }
    fisc_assert_text(told->str, expected, actor, __FILE__, line);
}
#define EXPECT_PULL(town, actor, expected) expect_pull(town, actor, expected, __LINE__)

/* The document that waits for a part; "" when there is none. Caller frees. */
static char *
waiting(const Pulling *town, const char *part)
{
    g_autofree char *sql = g_strdup_printf(
        "select coalesce((select document from intake.run where part = '%s' and outcome = "
        "'staged' order by run_id desc limit 1), '')",
        part);
    return books_ask(town->books, sql);
}

/* What the document became, or the first refusal. */
static void
expect_approval(Pulling *town, const char *id, const char *actor, const char *expected, int line)
{
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autofree char *state = NULL;
    g_autoptr(GError) error = NULL;
    town->books->ctx.actor = actor;
    fisc_flow_document_approve(&town->books->ctx, id, NULL, &state, &receipt, &error);
    g_autofree char *refused =
        error != NULL ? g_strdup(error->message)
        : receipt->refusals != NULL && receipt->refusals->len > 0
            ? g_strdup(fisc_error_name(((FiscRefusal *)receipt->refusals->pdata[0])->code))
            : g_strdup(state);
    fisc_assert_text(refused, expected, id, __FILE__, line);
}
#define EXPECT_APPROVAL(town, id, actor, expected)                                                 \
    expect_approval(town, id, actor, expected, __LINE__)

static void
expect_runs(const Pulling *town, const char *expected, int line)
{
    g_autofree char *told =
        books_ask(town->books, "select coalesce(string_agg(outcome || ':' || part, ' ' order by "
                               "run_id), '') from intake.run");
    fisc_assert_text(told, expected, "runs", __FILE__, line);
}
#define EXPECT_RUNS(town, expected) expect_runs(town, expected, __LINE__)

static void
expect_entries(const Pulling *town, const char *expected)
{
    books_expect(town->books,
                 "select coalesce(string_agg(reference, ' ' order by entry_id), '') from "
                 "ledger.entry",
                 expected);
}

/* The chain is decided again, and nobody had no right. */
static void
expect_verified(Pulling *town)
{
    const FiscVerifyOptions options = {.full = true};
    g_autoptr(FiscVerifyReport) report = NULL;
    g_autoptr(GError) error = NULL;
    fisc_flow_verify(&town->books->ctx, &options, &report, &error);
    FISC_ASSERT_TEXT(error != NULL ? error->message : "", "");
    FISC_ASSERT_INT(report->findings->len, 0);
}

/* Tests ---------------------------------------------------------------------------------------- */

static void
test_staged_then_posted(void)
{
    g_auto(Pulling) town = town_new(true);
    pulling_drop(&town, JANUARY, ONE);
    pulling_drop(&town, FEBRUARY, TWO);
    EXPECT_PULL(&town, "pia", "staged:2024-01.csv 2 0; staged:2024-02.csv 1 0");
    expect_entries(&town, "");
    g_autofree char *one = waiting(&town, JANUARY);
    g_autofree char *two = waiting(&town, FEBRUARY);
    books_expect(town.books, "select count(*) from ledger.master where kind = 'due'", "0");
    EXPECT_PULL(&town, "pit", "staged:2024-01.csv 0 0; staged:2024-02.csv 0 0"); /* still */
    EXPECT_APPROVAL(&town, one, "pia", "SECOND_PERSON");
    EXPECT_APPROVAL(&town, one, "pit", "DUTY_MISSING");
    EXPECT_APPROVAL(&town, one, "uma", "DUTY_MISSING");
    EXPECT_APPROVAL(&town, one, "ada", "DUTY_MISSING");
    expect_entries(&town, "");
    EXPECT_APPROVAL(&town, two, "olga", "done");
    expect_entries(&town, "2024-02.csv/payments/3");
    EXPECT_APPROVAL(&town, one, "otto", "done");
    EXPECT_APPROVAL(&town, one, "otto", "done"); /* asked again: the first answer */
    expect_entries(&town, "2024-02.csv/payments/3 2024-01.csv/payments/1 2024-01.csv/payments/2");
    EXPECT_RUNS(&town, "posted:2024-01.csv posted:2024-02.csv");
    books_expect(town.books,
                 "select string_agg(subject, ' ' order by subject) from ledger.master where kind = "
                 "'due'",
                 "TOWN/2024-01 TOWN/2024-02");
    books_expect(town.books, "select count(*) from intake.run where receipt is null", "2");
    EXPECT_PULL(&town, "pia", "unchanged: 0 0");
    books_expect(town.books, "select count(*) from intake.run where receipt is null", "0");
    books_expect(town.books,
                 "select string_agg(stage, ' ' order by at) from intake.stage where run_id = 1",
                 "received parsed mapped validated accepted staged posted acknowledged");
    expect_verified(&town);
}

static void
test_rejected(void)
{
    g_auto(Pulling) town = town_new(true);
    pulling_drop(&town, JANUARY, ONE);
    EXPECT_PULL(&town, "pia", "staged:2024-01.csv 2 0");
    g_autofree char *one = waiting(&town, JANUARY);
    g_autoptr(FiscReceipt) receipt = NULL;
    town.books->ctx.actor = "olga";
    CU_ASSERT_TRUE(
        fisc_flow_document_reject(&town.books->ctx, one, "twice the rent", &receipt, NULL));
    EXPECT_RUNS(&town, "quarantined:2024-01.csv");
    books_expect(town.books, "select reason from intake.run",
                 "FEED-1: rejected by olga: twice the rent");
    EXPECT_APPROVAL(&town, one, "otto", "DOCUMENT_STATE");
    expect_entries(&town, "");
    pulling_drop(&town, JANUARY, ONE_RESTATED); /* the town has put it right */
    EXPECT_PULL(&town, "pia", "staged:2024-01.csv 2 0");
    g_autofree char *again = waiting(&town, JANUARY);
    EXPECT_APPROVAL(&town, again, "otto", "done");
    expect_verified(&town);
}

static void
test_superseded(void)
{
    g_auto(Pulling) town = town_new(true);
    pulling_drop(&town, JANUARY, ONE);
    EXPECT_PULL(&town, "pia", "staged:2024-01.csv 2 0");
    g_autofree char *one = waiting(&town, JANUARY);
    pulling_drop(&town, JANUARY, ONE_RESTATED);
    EXPECT_PULL(&town, "pit", "staged:2024-01.csv 2 0"); /* another person pulls */
    g_autofree char *two = waiting(&town, JANUARY);
    CU_ASSERT_STRING_NOT_EQUAL(one, two);
    EXPECT_RUNS(&town, "superseded:2024-01.csv staged:2024-01.csv");
    EXPECT_APPROVAL(&town, one, "olga", "DOCUMENT_STATE");
    EXPECT_APPROVAL(&town, two, "olga", "done");
    pulling_drop(&town, JANUARY, ONE); /* a restatement of what is posted */
    EXPECT_PULL(&town, "pia", "staged:2024-01.csv 1 1");
    g_autofree char *three = waiting(&town, JANUARY);
    EXPECT_APPROVAL(&town, three, "olga", "done");
    expect_entries(&town, "2024-01.csv/payments/1 2024-01.csv/payments/2 "
                          "2024-01.csv/payments/1/reversal 2024-01.csv/payments/1@2");
    expect_verified(&town);
}

static void
put_map(Pulling *town, const char *codes)
{
    char *map = g_dir_make_tmp("fisc-map-XXXXXX", NULL);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscMapAnswer) answer = NULL;
    g_autoptr(GError) error = NULL;
    fixture_write(map, "payments.profile", PULLING_PROFILE);
    fixture_write(map, "codes.csv", codes);
    town->books->ctx.actor = "olga";
    if (!fisc_flow_feeder_map(&town->books->ctx, "source", map, 0, NULL, &answer, refusals,
                              &error)) {
        g_error("%s", error->message);
    }
    FISC_ASSERT_INT(refusals->len, 0);
    EXPECT_APPROVAL(town, answer->document, "otto", "done");
    fixture_remove(map);
}

/* Between staging and approval: a newer version came, another map, a period was closed. */
static void
test_changed_meanwhile(void)
{
    g_auto(Pulling) town = town_new(true);
    pulling_drop(&town, JANUARY, ONE);
    EXPECT_PULL(&town, "pia", "staged:2024-01.csv 2 0");
    g_autofree char *one = waiting(&town, JANUARY);
    put_map(&town, CODES "9,22\n");
    EXPECT_APPROVAL(&town, one, "olga", "DOCUMENT_CHANGED");
    expect_entries(&town, "");
    EXPECT_PULL(&town, "pia", "staged:2024-01.csv 2 0");
    EXPECT_RUNS(&town, "superseded:2024-01.csv staged:2024-01.csv");
    g_autofree char *two = waiting(&town, JANUARY);
    EXPECT_APPROVAL(&town, two, "olga", "done");
    put_map(&town, CODES); /* the former map again: suspense fills again */
    EXPECT_PULL(&town, "pia", "staged:2024-01.csv 1 1");
    g_autofree char *three = waiting(&town, JANUARY);
    EXPECT_APPROVAL(&town, three, "olga", "done");
    books_expect(town.books, "select suspense from intake.run order by run_id desc limit 1", "500");
    expect_verified(&town);
}

static void
test_period_closed_meanwhile(void)
{
    g_auto(Pulling) town = town_new(false);
    pulling_drop(&town, JANUARY, ONE);
    EXPECT_PULL(&town, "pia", "posted:2024-01.csv 2 0"); /* as ever, without duties */
    books_must_enforce(town.books, office);
    pulling_drop(&town, JANUARY, ONE_RESTATED);
    EXPECT_PULL(&town, "pia", "staged:2024-01.csv 1 1");
    g_autofree char *one = waiting(&town, JANUARY);
    const FiscDocumentDraft draft = {.action = "period", .entity = "*", .reason = "January"};
    static const char close[] = "{\"event\":{\"kind\":\"period\",\"subject\":\"202401\",\"fields\":"
                                "{\"state\":\"closed\"}}}";
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autofree char *id = NULL;
    town.books->ctx.actor = "olga";
    CU_ASSERT_TRUE(fisc_flow_document_propose_text(&town.books->ctx, &draft, "close", close,
                                                   strlen(close), "test", &id, &receipt, refusals,
                                                   NULL));
    EXPECT_APPROVAL(&town, id, "otto", "done");
    EXPECT_APPROVAL(&town, one, "olga", "DOCUMENT_CHANGED");
    EXPECT_PULL(&town, "pia", "staged:2024-01.csv 1 1");
    g_autofree char *two = waiting(&town, JANUARY);
    EXPECT_APPROVAL(&town, two, "otto", "done");
    books_expect(town.books,
                 "select string_agg(period::text, ' ' order by entry_id) from ledger.entry",
                 "202401 202401 202402 202402");
    expect_verified(&town);
}

/* Who may not stage, and whose hand may not stage either. */
static void
test_who_pulls(void)
{
    g_auto(Pulling) town = town_new(true);
    pulling_drop(&town, JANUARY, ONE);
    static const char *const others[] = {"uma", "olga", "ada", "nobody"};
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
        g_autoptr(FiscPullReport) report = pull_by(&town, others[i], false);
        const FiscPullRun *run = report->runs->pdata[0];
        FISC_ASSERT_TEXT(fisc_pull_outcome_word(run->outcome), "failed");
        FISC_ASSERT_CONTAINS(run->reason, "the right to stage feeds");
    }
    books_expect(town.books, "select count(*) from intake.delivery", "0");
    const FiscDocumentDraft draft = {.action = "feed", .entity = "TOWN", .reason = "mine"};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *id = NULL;
    static const char entry[] =
        "{\"event\":{\"kind\":\"due\",\"subject\":\"TOWN/2024-01\",\"fields\":{\"entity\":\"TOWN\","
        "\"period\":\"2024-01\",\"state\":\"final\"}}}";
    town.books->ctx.actor = "pia";
    CU_ASSERT_FALSE(fisc_flow_document_propose_text(&town.books->ctx, &draft, "mine", entry,
                                                    strlen(entry), "source", &id, &receipt,
                                                    refusals, &error));
    CU_ASSERT_PTR_NOT_NULL_FATAL(error);
    FISC_ASSERT_CONTAINS(error->message, "by nobody's hand");
}

/* What the engine would refuse is found when it is pulled, not by who signs; what is faulty, too.
 */
static void
test_refused_when_pulled(void)
{
    g_auto(Pulling) town = town_new(true);
    pulling_drop(&town, JANUARY, HEADER "1,2031-01-10,11,100.00,TOWN\n"); /* no such year */
    g_autoptr(FiscPullReport) report = pull_by(&town, "pia", false);
    const FiscPullRun *run = report->runs->pdata[0];
    FISC_ASSERT_TEXT(fisc_pull_outcome_word(run->outcome), "quarantined");
    FISC_ASSERT_CONTAINS(run->reason, "2031");
    books_expect(town.books, "select count(*) from ledger.master where kind = 'document'", "0");
}

const FiscTest fisc_pull_staged_tests[] = {
    {"stages what comes, posts what is approved, once", test_staged_then_posted},
    {"keeps what is rejected in quarantine, with the reason", test_rejected},
    {"takes back what a newer version replaces", test_superseded},
    {"posts nothing that another map would read differently", test_changed_meanwhile},
    {"posts nothing into a month that was closed meanwhile", test_period_closed_meanwhile},
    {"asks who pulls, and takes nobody's own words for a feeder's", test_who_pulls},
    {"refuses what could not be posted before anybody signs it", test_refused_when_pulled},
    {NULL, NULL},
};

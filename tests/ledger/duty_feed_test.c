/* duty_feed_test.c: what a feeder brings where duties are enforced: staged by one, approved by
 * another, and nobody else's entries in its place. */
#include "tests/ledger/paper.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_duty_feed_tests[];

/* "desk" is a feeder that speaks for E1. i1 and i2 stage what feeders bring (i3 that of E2 alone),
 * o1 and o2 are of the ministry, u1 keeps the accounts of E1. */
static Ministry *
ministry_fed(void)
{
    static const char *const persons[][2] = {
        {"i1", "integration/*"},      {"i2", "integration/*"},        {"i3", "integration/E2"},
        {"o1", "ministry_officer/*"}, {"o2", "ministry_officer/*"},   {"a1", "approver/E1"},
        {"p1", "treasury_payer/*"},   {"u1", "agency_accountant/E1"}, {"d1", ""},
    };
    Ministry *ministry = ministry_new();
    for (gsize i = 0; i < G_N_ELEMENTS(persons); i++) {
        ministry_person(ministry, persons[i][0], persons[i][1]);
    }
    FISC_ASSERT_TEXT(ministry_event(ministry, "ada", "feeder", "desk", "feeder", "desk", "title",
                                    "A town", "entities", "E1", "connector", "folder", "at", "/srv",
                                    "documents", "a.csv", NULL),
                     "");
    return ministry;
}

#define PAYS .move = "available>payment 100"

static const Paper fed = {"F1", "feed", "E1", "1", PAYS};

static void
test_staged_and_approved(void)
{
    static const char *const moves[] = {"available>commitment 100 PO", "available>obligation 100",
                                        "available>payment 100", "appropriation>available 100"};
    for (gsize i = 0; i < G_N_ELEMENTS(moves); i++) {
        g_autoptr(Ministry) ministry = ministry_fed();
        Paper paper = {"F1", "feed", "E1", "1", .move = moves[i]};
        ministry_enforce(ministry);
        FISC_ASSERT_TEXT(paper_propose(ministry, &paper, "i1"), "");
        fisc_assert_text(paper_finish(ministry, &paper, "o1"), "", moves[i], __FILE__, __LINE__);
    }
}

static void
test_arrival(void)
{
    static const struct {
        const char *kind, *subject, *name, *value, *entity, *expected;
    } events[] = {
        {"due", "E1/2024-06", "entity", "E1", "E1", "VALUE_MISSING"}, /* it passes the duties */
        {"due", "E2/2024-06", "entity", "E2", "*", "APPROVAL_MISSING"},
        {"period", "202406", "state", "closed", "*", "APPROVAL_MISSING"},
        {"entity", "E9", "name", "E9", "*", "APPROVAL_MISSING"},
        {"feeder", "desk", "entities", "E1 E2", "*", "APPROVAL_MISSING"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(events); i++) {
        g_autoptr(Ministry) ministry = ministry_fed();
        const Paper paper = {"F1",
                             "feed",
                             events[i].entity,
                             "1",
                             .kind = events[i].kind,
                             .subject = events[i].subject,
                             .name = events[i].name,
                             .value = events[i].value};
        ministry_enforce(ministry);
        FISC_ASSERT_TEXT(paper_propose(ministry, &paper, "i1"), "");
        fisc_assert_text(paper_finish(ministry, &paper, "o1"), events[i].expected,
                         events[i].subject, __FILE__, __LINE__);
    }
}

/* The due event of a feeder, whole. */
static void
test_report_comes_in(void)
{
    g_autoptr(Ministry) ministry = ministry_fed();
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(ministry_event(ministry, "i1", "due", "E1/2024-06", "entity", "E1", "period",
                                    "2024-06", "state", "final", NULL),
                     "DUTY_MISSING");
}

static void
test_who_takes_which_step(void)
{
    static const struct {
        const char *maker, *approver, *proposed, *finished;
    } cases[] = {
        {"i1", "o1", "", ""},
        {"u1", "o1", "DUTY_MISSING", NULL}, /* an accountant stages nothing */
        {"o1", "o2", "DUTY_MISSING", NULL}, /* nor does an officer */
        {"d1", "o1", "DUTY_MISSING", NULL},
        {"i3", "o1", "DUTY_MISSING", NULL}, /* of another entity */
        {"i1", "i1", "", "SECOND_PERSON"},
        {"i1", "i2", "", "DUTY_MISSING"}, /* who pulls approves nothing */
        {"i1", "a1", "", "DUTY_MISSING"},
        {"i1", "p1", "", "DUTY_MISSING"},
        {"i1", "ada", "", "DUTY_MISSING"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Ministry) ministry = ministry_fed();
        g_autofree char *what = g_strdup_printf("%s and %s", cases[i].maker, cases[i].approver);
        ministry_enforce(ministry);
        fisc_assert_text(paper_propose(ministry, &fed, cases[i].maker), cases[i].proposed, what,
                         __FILE__, __LINE__);
        if (cases[i].finished != NULL) {
            fisc_assert_text(paper_finish(ministry, &fed, cases[i].approver), cases[i].finished,
                             what, __FILE__, __LINE__);
        }
    }
}

/* A delegate of the officer signs for him; whoever passed a role on to who pulled does not sign. */
static void
test_delegates(void)
{
    g_autoptr(Ministry) ministry = ministry_fed();
    ministry_delegate(ministry, "o1/d1/ministry_officer/*", "2024-06-01", "2024-06-30");
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(paper_propose(ministry, &fed, "i1"), "");
    FISC_ASSERT_TEXT(paper_finish(ministry, &fed, "d1 for o1"), "");
    FISC_ASSERT_TEXT(paper_end(ministry, &fed, "o1", "rejected"), "DOCUMENT_STATE");
}

/* What the feeder says no more is taken back by who pulls then, and by nobody else. */
static void
test_withdrawn_by_the_next_pull(void)
{
    g_autoptr(Ministry) ministry = ministry_fed();
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(paper_propose(ministry, &fed, "i1"), "");
    FISC_ASSERT_TEXT(paper_end(ministry, &fed, "u1", "withdrawn"), "DENIED");
    FISC_ASSERT_TEXT(paper_end(ministry, &fed, "o1", "withdrawn"), "DENIED");
    FISC_ASSERT_TEXT(paper_end(ministry, &fed, "i3", "withdrawn"), "DENIED");
    FISC_ASSERT_TEXT(paper_end(ministry, &fed, "i2", "withdrawn"), "");
    FISC_ASSERT_TEXT(paper_finish(ministry, &fed, "o1"), "DOCUMENT_STATE");
}

/* Somebody who stages would have a document about a feed carry what is no feeder's. */
static void
test_not_the_feeders(void)
{
    static const struct {
        Paper paper;
        const char *expected;
    } cases[] = {
        {{"F1", "feed", "E2", "1", PAYS}, "DUTY_MISSING"}, /* an entity that is not its own */
        {{"F1", "journal", "E1", "1", PAYS}, NULL},        /* he makes nothing else */
        {{"F1", "payment", "E1", "2", PAYS}, NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Ministry) ministry = ministry_fed();
        g_autofree char *what = g_strdup_printf("case %d", (int)i);
        ministry_enforce(ministry);
        fisc_assert_text(paper_propose(ministry, &cases[i].paper, "i1"),
                         cases[i].expected == NULL ? "DUTY_MISSING" : "", what, __FILE__, __LINE__);
        if (cases[i].expected != NULL) {
            fisc_assert_text(paper_finish(ministry, &cases[i].paper, "o1"), cases[i].expected, what,
                             __FILE__, __LINE__);
        }
    }
}

/* The register says no more that the source speaks for the entity, or never did. */
static void
test_no_feeder(void)
{
    g_autoptr(Ministry) ministry = ministry_fed();
    FISC_ASSERT_TEXT(ministry_event(ministry, "ada", "feeder", "desk", "feeder", "desk", "title",
                                    "A town", "entities", "E2", "connector", "folder", "at", "/srv",
                                    "documents", "a.csv", NULL),
                     "");
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(paper_propose(ministry, &fed, "i1"), "");
    FISC_ASSERT_TEXT(paper_finish(ministry, &fed, "o1"), "DUTY_MISSING");
    FISC_ASSERT_TEXT(ministry_move(ministry, "i1", "E2", "available>payment 1"), "DUTY_MISSING");
}

/* Without a document, under that of another action, and beside what was approved. */
static void
test_without_its_document(void)
{
    static const Paper more = {"F2", "feed", "E1", "1", PAYS};
    g_autoptr(Ministry) ministry = ministry_fed();
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(ministry_move(ministry, "i1", "E1", "available>payment 100"), "DUTY_MISSING");
    FISC_ASSERT_TEXT(ministry_move(ministry, "u1", "E1", "available>commitment 100"),
                     "APPROVAL_MISSING");
    FISC_ASSERT_TEXT(paper_propose(ministry, &fed, "i1"), "");
    FISC_ASSERT_TEXT(paper_finish_with(ministry, &fed, "o1", &more), "DOCUMENT_CHANGED");
    FISC_ASSERT_TEXT(paper_finish(ministry, &fed, "o1"), "");
    FISC_ASSERT_TEXT(paper_end(ministry, &fed, "i1", "withdrawn"), "DOCUMENT_STATE");
}

/* A feeder that speaks for E1 settles nothing that E1's own persons have in hand: their duties
 * would meet in nobody. What it opened itself it settles. */
static void
test_chains_of_others(void)
{
    static const Paper order = {"D1", "commitment", "E1", "1",
                                .move = "available>commitment 100 PO"};
    static const Paper takes = {"F1", "feed", "E1", "1", .move = "available>payment 100 - PO"};
    static const Paper opens = {"F2", "feed", "E1", "1", .move = "available>commitment 100 OWN"};
    static const Paper settles = {"F3", "feed", "E1", "1", .move = "available>payment 100 - OWN"};
    g_autoptr(Ministry) ministry = ministry_fed();
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(paper_propose(ministry, &order, "u1"), "");
    FISC_ASSERT_TEXT(paper_finish(ministry, &order, "a1"), "");
    FISC_ASSERT_TEXT(paper_propose(ministry, &takes, "i1"), "");
    FISC_ASSERT_TEXT(paper_finish(ministry, &takes, "o1"), "DUTY_MISSING");
    FISC_ASSERT_TEXT(paper_propose(ministry, &opens, "i1"), "");
    FISC_ASSERT_TEXT(paper_finish(ministry, &opens, "o1"), "");
    FISC_ASSERT_TEXT(paper_propose(ministry, &settles, "i1"), "");
    FISC_ASSERT_TEXT(paper_finish(ministry, &settles, "o1"), "");
}

static void
test_right_lost_meanwhile(void)
{
    static const char *const lost[] = {"i1/integration/*", "o1/ministry_officer/*"};
    for (gsize i = 0; i < G_N_ELEMENTS(lost); i++) {
        g_autoptr(Ministry) ministry = ministry_fed();
        ministry_enforce(ministry);
        FISC_ASSERT_TEXT(paper_propose(ministry, &fed, "i1"), "");
        FISC_ASSERT_TEXT(ministry_event(ministry, "ada", "grant", lost[i], "state", "revoked",
                                        "maker", "ada", "checker", "sol", NULL),
                         "");
        fisc_assert_text(paper_finish(ministry, &fed, "o1"), "DUTY_MISSING", lost[i], __FILE__,
                         __LINE__);
    }
}

/* On record ---------------------------------------------------------------------------------- */

/* An entry with right hashes, as somebody would write it who holds the keys of the database. */
static void
expect_objection(Ministry *ministry, const char *maker, const char *source, int entity_id,
                 const char *expected)
{
    int32_t coding[] = {1, 2};
    int64_t amount[] = {100, -100};
    g_autoptr(FiscRefusals) objections = fisc_refusals_new();
    const FiscMaster *number = fisc_engine_master(ministry->engine, "source", source);
    FiscDecidedEntry entry = {.entity_id = entity_id,
                              .source_id = number != NULL ? number->number : 99,
                              .period = 202406,
                              .effective = fisc_date_make(2024, 6, 15),
                              .count = 2,
                              .coding = coding,
                              .amount = amount,
                              .maker =
                                  fisc_engine_master(ministry->engine, "person", maker)->number,
                              .reference = "forged"};
    fisc_replay_entry(ministry->replay, &entry, objections);
    const FiscRefusal *first = objections->len > 0 ? objections->pdata[0] : NULL;
    fisc_assert_text(first != NULL ? first->detail : "", expected, source, __FILE__, __LINE__);
}

static void
test_on_record(void)
{
    static const Paper order = {"F1", "feed", "E1", "1", .move = "available>commitment 100"};
    static const char *const no_right = "its maker i1 had no right to make a commitment";
    g_autoptr(Ministry) ministry = ministry_fed();
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(paper_propose(ministry, &order, "i1"), "");
    FISC_ASSERT_TEXT(paper_finish(ministry, &order, "o1"), "");
    /* In its batch the document carries what is the feeder's, and what its maker staged. */
    expect_objection(ministry, "i1", "desk", 1, "");
    expect_objection(ministry, "i1", "elsewhere", 1, no_right);
    expect_objection(ministry, "i2", "desk", 1, "its maker i2 had no right to make a commitment");
    /* In another one it carries nothing. */
    fisc_replay_time(ministry->replay, ministry->today * G_GINT64_CONSTANT(86400000000));
    expect_objection(ministry, "i1", "desk", 1, no_right);
}

const FiscTest fisc_duty_feed_tests[] = {
    {"posts what was staged and approved, whatever it would take otherwise",
     test_staged_and_approved},
    {"lets a feeder say that its report is in, and nothing else", test_arrival},
    {"lets nobody say so without a document", test_report_comes_in},
    {"asks who stages and who approves", test_who_takes_which_step},
    {"takes the signature of a delegate, once", test_delegates},
    {"lets the next pull take back what waits", test_withdrawn_by_the_next_pull},
    {"carries nothing that is not the feeder's", test_not_the_feeders},
    {"asks the register whose source it is", test_no_feeder},
    {"takes exactly its document", test_without_its_document},
    {"leaves alone what others have in hand", test_chains_of_others},
    {"asks for the rights of the day", test_right_lost_meanwhile},
    {"names entries on record that no feed carried", test_on_record},
    {NULL, NULL},
};

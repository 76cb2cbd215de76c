/* document_test.c: documents through the flows, on a real database: what two persons do, and the
 * rules that need them: releases (R3), parent and child budgets (R8), virements (R12). */
#include "tests/app/school.h"
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_document_walk_tests[];

/* ---- acting ---- */

/* One answer of a flow: "" or the first refusal as text; the document's name and state. */
typedef struct {
    char *refusal;
    char *id;
    char *state;
    int posted, repeated;
} Answer;

static void
answer_clear(Answer *answer)
{
    g_free(answer->refusal);
    g_free(answer->id);
    g_free(answer->state);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

static const FiscRefusal *
first_refusal(const FiscReceipt *receipt)
{
    const FiscRefusals *refusals = receipt->refusals;
    for (guint i = 0; refusals == NULL && i < receipt->results->len; i++) {
        refusals = ((const FiscResult *)receipt->results->pdata[i])->refusals;
    }
    return refusals != NULL && refusals->len > 0 ? refusals->pdata[0] : NULL;
}

static void
take_receipt(Answer *answer, FiscReceipt *receipt)
{
    const FiscRefusal *refusal = first_refusal(receipt);
    answer->refusal = refusal != NULL ? fisc_refusal_to_text(refusal, 2) : g_strdup("");
    answer->posted = receipt->posted;
    answer->repeated = receipt->repeated;
    fisc_receipt_free(receipt);
}

static void
die_of(GError *error)
{
    if (error != NULL) {
        g_error("%s", error->message);
    }
}

static Answer
propose_text(Books *books, const char *actor, const FiscDocumentDraft *draft, const char *text)
{
    Answer answer = {NULL};
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    books->ctx.actor = actor;
    fisc_flow_document_propose_text(&books->ctx, draft, "text", text, strlen(text), "test",
                                    &answer.id, &receipt, refusals, &error);
    die_of(error);
    g_autofree char *of_text = books_first_refusal(refusals);
    FISC_ASSERT_TEXT(of_text, "");
    take_receipt(&answer, receipt);
    return answer;
}

static Answer
approve(Books *books, const char *actor, const char *id)
{
    Answer answer = {NULL};
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    books->ctx.actor = actor;
    fisc_flow_document_approve(&books->ctx, id, NULL, &answer.state, &receipt, &error);
    die_of(error);
    take_receipt(&answer, receipt);
    return answer;
}

static void
must_carry(Books *books, const char *id)
{
    g_auto(Answer) answer = approve(books, "anna", id);
    fisc_assert_text(answer.refusal, "", id, __FILE__, __LINE__);
    fisc_assert_text(answer.state, "done", id, __FILE__, __LINE__);
}

static void
expect_refused(const Answer *answer, const char *part)
{
    FISC_ASSERT_CONTAINS(answer->refusal, part);
}

static char *
state_of(Books *books, const char *id)
{
    g_autoptr(FiscDocument) document = NULL;
    GError *error = NULL;
    fisc_flow_document_show(&books->ctx, id, &document, &error);
    die_of(error);
    return g_strdup(document->state);
}

static void
expect_state(Books *books, const char *id, const char *expected)
{
    g_autofree char *state = state_of(books, id);
    fisc_assert_text(state, expected, id, __FILE__, __LINE__);
}

/* Everything is decided again; the book must be what its chain says. */
static void
expect_clean(Books *books)
{
    g_autoptr(FiscVerifyReport) report = NULL;
    const FiscVerifyOptions options = {.full = true};
    GError *error = NULL;
    fisc_flow_verify(&books->ctx, &options, &report, &error);
    die_of(error);
    for (guint i = 0; i < report->findings->len; i++) {
        g_autofree char *text = fisc_finding_to_text(report->findings->pdata[i]);
        FISC_ASSERT_TEXT(text, NULL);
    }
    books_expect_whole(books);
}

/* ---- the ministry ---- */

static const char entities[] = "entity,name,sector,cp_code,reporting\n"
                               "MIN,Ministry,S13111,11,Y\n"
                               "AGY,Agency,S13112,11,Y\n";

static void
fill(Books *books, const void *data G_GNUC_UNUSED)
{
    char *folder = fixture_folder("entities.csv", entities, NULL);
    books_must_load(books, folder);
    fixture_remove(folder);
    books_set_period(books, "2024", "open");
}

/* A ministry in 2024, with what @text posts. */
static Books *
ministry_books(const char *text)
{
    Books *books = books_filled("ministry of 2024", fill, NULL);
    g_autoptr(FiscReceipt) receipt = books_post(books, text);
    g_autofree char *events = books_first_refusal(receipt->refusals);
    FISC_ASSERT_TEXT(events, "");
    FISC_ASSERT_INT(receipt->refused, 0);
    return books;
}

#define CONTROL(name, fields)                                                                      \
    "{\"event\":{\"kind\":\"control\",\"subject\":\"" name "\",\"fields\":{" fields "}}}\n"
#define RULE(name, fields)                                                                         \
    "{\"event\":{\"kind\":\"virement_rule\",\"subject\":\"" name "\",\"fields\":{" fields "}}}\n"
#define MOVE(reference, date, stage, amount, programme, economic)                                  \
    "{\"entity\":\"MIN\",\"reference\":\"" reference "\",\"date\":\"" date                         \
    "\",\"lines\":[{\"stage\":\"" stage "\",\"debit\":\"" amount "\",\"programme\":\"" programme   \
    "\",\"economic\":\"" economic "\"}]}\n"

/* What the first line that was asked for has available. */
static int64_t
available(Books *books, const char *control, const char *programme, const char *economic)
{
    const char *dim[FISC_DIM_COUNT] = {
        [FISC_DIM_PROGRAMME] = programme, [FISC_DIM_ECONOMIC] = economic};
    g_autoptr(FiscTable) table = NULL;
    GError *error = NULL;
    fisc_flow_funds(&books->ctx, "MIN", 2024, dim, &table, &error);
    die_of(error);
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        if (strcmp(books_text(row, 0), control) == 0) {
            return (int64_t)row->cells[fisc_table_column(table, "available")].number;
        }
    }
    return INT64_MIN;
}

static Answer
propose_release(Books *books, const char *id, const char *period, const char *programme,
                const char *amount)
{
    Answer answer = {NULL};
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    FiscBudgetOrder order = {.id = id,
                             .entity = "MIN",
                             .period = period,
                             .amount = amount,
                             .reason = "plan of the year",
                             .to[FISC_DIM_PROGRAMME] = programme};
    books->ctx.actor = "mary";
    fisc_flow_budget_release(&books->ctx, &order, &answer.id, &receipt, &error);
    die_of(error);
    take_receipt(&answer, receipt);
    return answer;
}

static void
must_release(Books *books, const char *id, const char *period, const char *programme,
             const char *amount)
{
    g_auto(Answer) answer = propose_release(books, id, period, programme, amount);
    FISC_ASSERT_TEXT(answer.refusal, "");
    must_carry(books, id);
}

static Answer
propose_virement(Books *books, const char *id, const char *from, const char *to, const char *amount)
{
    Answer answer = {NULL};
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    FiscBudgetOrder order = {.id = id,
                             .entity = "MIN",
                             .on = fisc_date_make(2024, 5, 2),
                             .amount = amount,
                             .reason = "prices rose",
                             .from[FISC_DIM_PROGRAMME] = "1",
                             .from[FISC_DIM_ECONOMIC] = from,
                             .to[FISC_DIM_PROGRAMME] = "1",
                             .to[FISC_DIM_ECONOMIC] = to};
    books->ctx.actor = "mary";
    fisc_flow_budget_virement(&books->ctx, &order, &answer.id, &receipt, &error);
    die_of(error);
    take_receipt(&answer, receipt);
    return answer;
}

/* ---- R3 ---- */

#define TWO_LAYERS                                                                                 \
    CONTROL("vote", "\"level\":\"absolute\",\"absent\":\"refuse\",\"key\":\"entity programme\"")   \
    CONTROL("allotment", "\"level\":\"absolute\",\"absent\":\"refuse\",\"key\":\"entity "          \
                         "programme\",\"limit\":\"release\",\"boundary\":\"quarter\",\"interval\"" \
                         ":\"quarter\"")                                                           \
    MOVE("A", "2024-01-01", "appropriation", "1200", "1", "22")

static void
test_releases(void)
{
    g_autoptr(Books) books = ministry_books(TWO_LAYERS);
    must_release(books, "R-Q1", "2024-Q1", "1", "300");
    books_must_post(books, MOVE("C1", "2024-02-01", "commitment", "280", "1", "22"));
    g_autoptr(FiscReceipt) receipt =
        books_post(books, MOVE("C2", "2024-03-01", "commitment", "30", "1", "22"));
    const FiscRefusal *refusal = first_refusal(receipt);
    CU_ASSERT_PTR_NOT_NULL_FATAL(refusal);
    FISC_ASSERT_TEXT(fisc_error_name(refusal->code), "BUDGET_EXCEEDED");
    FISC_ASSERT_TEXT(refusal->control, "allotment");
    FISC_ASSERT_INT(refusal->limit, 30000);
    FISC_ASSERT_INT(refusal->consumed, 28000);
    FISC_ASSERT_INT(refusal->shortfall, 1000);
    FISC_ASSERT_INT(available(books, "vote", "1", "22"), 92000);
    books_must_post(books, MOVE("C3", "2024-03-01", "commitment", "20", "1", "22"));
    g_autoptr(FiscReceipt) april =
        books_post(books, MOVE("C4", "2024-04-01", "commitment", "1", "1", "22"));
    FISC_ASSERT_INT(april->refused, 1); /* nothing was released for the second quarter */
    must_release(books, "R-Q2", "2024-Q2", "1", "400");
    books_must_post(books, MOVE("C5", "2024-04-01", "commitment", "1", "1", "22"));
    expect_clean(books);
}

/* ---- R8 ---- */

#define PARENT_AND_CHILD(level)                                                                    \
    CONTROL("parent", "\"level\":\"absolute\",\"absent\":\"refuse\",\"key\":\"entity "             \
                      "programme:1\"")                                                             \
    CONTROL("child", "\"level\":\"absolute\",\"absent\":\"refuse\",\"key\":\"entity "              \
                     "programme\",\"limit\":\"release\"")                                          \
    CONTROL("shares", "\"level\":\"" level "\",\"absent\":\"refuse\",\"key\":\"entity "            \
                      "programme:1\",\"limit\":\"appropriation change\",\"consume\":\"release\"")  \
    MOVE("A", "2024-01-01", "appropriation", "1000", "1", "")

static void
test_parent_and_child(void)
{
    g_autoptr(Books) books = ministry_books(PARENT_AND_CHILD("absolute"));
    must_release(books, "R1", "2024", "11", "600");
    must_release(books, "R2", "2024", "12", "350");
    g_auto(Answer) proposed = propose_release(books, "R3", "2024", "12", "60");
    FISC_ASSERT_TEXT(proposed.refusal, ""); /* what it would do is judged when it is done */
    g_auto(Answer) refused = approve(books, "anna", "R3");
    expect_refused(&refused, "BUDGET_EXCEEDED");
    expect_refused(&refused, "control shares, key entity=MIN programme=1 year=2024, limit 1,000.00,"
                             " consumed 950.00");
    expect_refused(&refused, "shortfall 10.00");
    expect_state(books, "R3", "proposed");
    must_release(books, "R4", "2024", "12", "50");
    expect_clean(books);
}

static void
test_child_that_may_exceed(void)
{
    g_autoptr(Books) books = ministry_books(PARENT_AND_CHILD("advisory"));
    must_release(books, "R1", "2024", "11", "600");
    must_release(books, "R2", "2024", "12", "410");
    books_must_post(books, MOVE("C1", "2024-02-01", "commitment", "600", "11", "22"));
    FISC_ASSERT_INT(available(books, "parent", "1", NULL), 40000); /* charged to both */
    FISC_ASSERT_INT(available(books, "child", "11", NULL), 0);
    g_autoptr(FiscReceipt) receipt =
        books_post(books, MOVE("C2", "2024-02-01", "commitment", "405", "12", "22"));
    const FiscRefusal *refusal = first_refusal(receipt);
    CU_ASSERT_PTR_NOT_NULL_FATAL(refusal);
    FISC_ASSERT_TEXT(refusal->control, "parent");
    FISC_ASSERT_INT(refusal->shortfall, 500);
    books_must_post(books, MOVE("C3", "2024-02-01", "commitment", "400", "12", "22"));
    FISC_ASSERT_INT(available(books, "child", "12", NULL), 1000);
    expect_clean(books);
}

/* ---- R12 ---- */

#define VOTE                                                                                       \
    CONTROL("vote", "\"level\":\"absolute\",\"absent\":\"refuse\",\"key\":\"entity programme "     \
                    "economic\"")
#define LINES_A_AND_B                                                                              \
    VOTE MOVE("A", "2024-01-01", "appropriation", "500", "1", "22")                                \
        MOVE("B", "2024-01-01", "appropriation", "100", "1", "23")

static void
test_virements(void)
{
    g_autoptr(Books) books = ministry_books(
        LINES_A_AND_B RULE("head", "\"cap\":\"10\",\"order\":\"1\",\"approvals\":\"1\"")
            RULE("minister", "\"approval\":\"minister\",\"order\":\"2\",\"article\":\"Art. 47\""));
    g_auto(Answer) first = propose_virement(books, "V1", "22", "23", "30");
    FISC_ASSERT_TEXT(first.refusal, "");
    must_carry(books, "V1");
    FISC_ASSERT_INT(available(books, "vote", "1", "22"), 47000);
    FISC_ASSERT_INT(available(books, "vote", "1", "23"), 13000);
    g_auto(Answer) second = propose_virement(books, "V2", "22", "23", "25");
    FISC_ASSERT_TEXT(second.refusal, "");
    g_auto(Answer) refused = approve(books, "anna", "V2");
    expect_refused(&refused, "VIREMENT_RULE");
    expect_refused(&refused, "55.00 would have left entity=MIN programme=1 economic=22 this year, "
                             "the most is 50.00 of 500.00");
    expect_refused(&refused, "the approval of minister");
    g_auto(Answer) third = propose_virement(books, "V3", "22", "23", "20");
    FISC_ASSERT_TEXT(third.refusal, "");
    must_carry(books, "V3");
    books_close(books);
    books_open(books);
    g_auto(Answer) fourth = propose_virement(books, "V4", "22", "23", "1");
    FISC_ASSERT_TEXT(fourth.refusal, "");
    g_auto(Answer) still = approve(books, "anna", "V4"); /* what left before is known again */
    expect_refused(&still, "51.00 would have left");
    expect_clean(books);
}

static void
test_donor_without_funds(void)
{
    g_autoptr(Books) books = ministry_books(LINES_A_AND_B RULE("head", "\"cap\":\"10\""));
    books_must_post(books, MOVE("C", "2024-02-01", "commitment", "480", "1", "22"));
    g_auto(Answer) proposed = propose_virement(books, "V1", "22", "23", "30");
    FISC_ASSERT_TEXT(proposed.refusal, "");
    g_auto(Answer) refused = approve(books, "anna", "V1");
    expect_refused(&refused, "BUDGET_EXCEEDED");
    expect_refused(&refused, "shortfall 10.00");
    expect_state(books, "V1", "proposed");
}

/* ---- the life of a document ---- */

#define GOODS SCHOOL_HEADER SCHOOL_GOODS("11", "2024-05-01", "100.00")

static void
test_life_of_a_claim(void)
{
    const FiscDocumentDraft draft = {.id = "CLAIM-1", .action = "claim", .reason = "books"};
    g_autoptr(Books) books = school_books();
    g_auto(Answer) proposed = propose_text(books, "mary", &draft, GOODS);
    FISC_ASSERT_TEXT(proposed.refusal, "");
    FISC_ASSERT_TEXT(proposed.id, "CLAIM-1");
    FISC_ASSERT_INT(school_available(books, "22"), 17950); /* nothing has happened yet */
    books_close(books);
    books_open(books);
    g_auto(Answer) self = approve(books, "mary", "CLAIM-1");
    expect_refused(&self, "SECOND_PERSON");
    g_auto(Answer) approved = approve(books, "anna", "CLAIM-1");
    FISC_ASSERT_TEXT(approved.refusal, "");
    FISC_ASSERT_TEXT(approved.state, "done");
    FISC_ASSERT_INT(approved.posted, 1);
    FISC_ASSERT_INT(school_available(books, "22"), 7950); /* obligated, as any journal */
    books_expect(books,
                 "select p.subject from ledger.entry e join ledger.master p on p.kind = 'person'"
                 " and p.number = e.maker where e.reference = 'SCH/11'",
                 "mary");
    expect_clean(books);
}

static void
test_approving_twice(void)
{
    const FiscDocumentDraft draft = {.id = "D", .action = "claim"};
    g_autoptr(Books) books = school_books();
    g_auto(Answer) proposed = propose_text(books, "mary", &draft, GOODS);
    must_carry(books, "D");
    int64_t batch = books_batch(books);
    g_auto(Answer) again = approve(books, "anna", "D");
    FISC_ASSERT_TEXT(again.refusal, "");
    FISC_ASSERT_TEXT(again.state, "done");
    FISC_ASSERT_INT(again.repeated, 1);
    FISC_ASSERT_INT(again.posted, 0);
    g_auto(Answer) late = approve(books, "otto", "D");
    expect_refused(&late, "DOCUMENT_STATE");
    FISC_ASSERT_INT(books_batch(books), batch);
}

static void
test_two_approvals(void)
{
    const FiscDocumentDraft draft = {.id = "D", .action = "claim", .needs = 2};
    g_autoptr(Books) books = school_books();
    g_auto(Answer) proposed = propose_text(books, "mary", &draft, GOODS);
    g_auto(Answer) first = approve(books, "anna", "D");
    FISC_ASSERT_TEXT(first.refusal, "");
    FISC_ASSERT_TEXT(first.state, "proposed");
    int64_t batch = books_batch(books);
    g_auto(Answer) again = approve(books, "anna", "D");
    FISC_ASSERT_TEXT(again.refusal, "");
    FISC_ASSERT_TEXT(again.state, "proposed");
    FISC_ASSERT_INT(books_batch(books), batch);
    g_auto(Answer) second = approve(books, "otto", "D");
    FISC_ASSERT_TEXT(second.refusal, "");
    FISC_ASSERT_TEXT(second.state, "done");
    FISC_ASSERT_INT(second.posted, 1);
    expect_clean(books);
}

static void
test_proposing_twice(void)
{
    const FiscDocumentDraft draft = {.action = "claim"};
    const FiscDocumentDraft named = {.action = "claim", .id = "D"};
    g_autoptr(Books) books = school_books();
    g_auto(Answer) first = propose_text(books, "mary", &draft, GOODS);
    int64_t batch = books_batch(books);
    g_auto(Answer) second = propose_text(books, "mary", &draft, GOODS);
    FISC_ASSERT_TEXT(second.refusal, "");
    FISC_ASSERT_TEXT(second.id, first.id);
    FISC_ASSERT_INT(books_batch(books), batch);
    g_auto(Answer) given = propose_text(books, "mary", &named, GOODS);
    FISC_ASSERT_TEXT(given.refusal, "");
    g_auto(Answer) other =
        propose_text(books, "mary", &named, SCHOOL_HEADER SCHOOL_GOODS("12", "2024-05-01", "1.00"));
    expect_refused(&other, "REFERENCE_CONFLICT");
    g_auto(Answer) stranger = propose_text(books, "otto", &named, GOODS);
    expect_refused(&stranger, "REFERENCE_CONFLICT");
}

static void
test_same_entries_in_two_documents(void)
{
    const FiscDocumentDraft one = {.action = "claim", .id = "D1"};
    const FiscDocumentDraft two = {.action = "claim", .id = "D2"};
    g_autoptr(Books) books = school_books();
    g_auto(Answer) first = propose_text(books, "mary", &one, GOODS);
    g_auto(Answer) second = propose_text(books, "mary", &two, GOODS);
    FISC_ASSERT_TEXT(second.refusal, "");
    must_carry(books, "D1");
    g_auto(Answer) again = approve(books, "anna", "D2");
    FISC_ASSERT_TEXT(again.refusal, ""); /* the journal is one: it is posted once */
    FISC_ASSERT_INT(again.repeated, 1);
    FISC_ASSERT_INT(school_available(books, "22"), 7950);
}

/* Withdraws (by @actor) or rejects; "" or the first refusal. */
static char *
end(Books *books, const char *actor, const char *id, bool withdraws)
{
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    g_auto(Answer) answer = {NULL};
    books->ctx.actor = actor;
    if (withdraws) {
        fisc_flow_document_withdraw(&books->ctx, id, "a mistake", &receipt, &error);
    } else {
        fisc_flow_document_reject(&books->ctx, id, "no", &receipt, &error);
    }
    die_of(error);
    take_receipt(&answer, receipt);
    return g_steal_pointer(&answer.refusal);
}

static void
test_ends(void)
{
    static const struct {
        const char *actor;
        bool withdraws;
        const char *refusal, *state;
    } steps[] = {
        {"anna", true, "DENIED", "proposed"},
        {"mary", false, "SECOND_PERSON", "proposed"},
        {"mary", true, "", "withdrawn"},
        {"mary", true, "", "withdrawn"},
        {"anna", false, "DOCUMENT_STATE", "withdrawn"},
    };
    const FiscDocumentDraft draft = {.id = "D", .action = "claim"};
    const FiscDocumentDraft other = {.id = "E", .action = "claim"};
    g_autoptr(Books) books = school_books();
    g_auto(Answer) proposed = propose_text(books, "mary", &draft, GOODS);
    g_auto(Answer) more = propose_text(books, "mary", &other, GOODS);
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_autofree char *refusal = end(books, steps[i].actor, "D", steps[i].withdraws);
        FISC_ASSERT_CONTAINS(refusal, steps[i].refusal);
        expect_state(books, "D", steps[i].state);
    }
    g_autofree char *rejected = end(books, "anna", "E", false);
    FISC_ASSERT_TEXT(rejected, "");
    expect_state(books, "E", "rejected");
    g_auto(Answer) late = approve(books, "otto", "E");
    expect_refused(&late, "DOCUMENT_STATE");
    FISC_ASSERT_INT(school_available(books, "22"), 17950);
    expect_clean(books);
}

static void
test_content_that_came_too_late(void)
{
    const FiscDocumentDraft draft = {.id = "D", .action = "claim"};
    g_autoptr(Books) books = school_books();
    g_auto(Answer) proposed = propose_text(books, "mary", &draft, GOODS);
    books->ctx.actor = "tester";
    books_must_post(books, SCHOOL_HEADER SCHOOL_GOODS("12", "2024-05-01", "100.00"));
    g_auto(Answer) refused = approve(books, "anna", "D");
    expect_refused(&refused, "BUDGET_EXCEEDED");
    expect_state(books, "D", "proposed");
    books->ctx.actor = "tester";
    books_set_period(books, "2024-05", "closed");
    g_auto(Answer) closed = approve(books, "anna", "D");
    expect_refused(&closed, "PERIOD_NOT_OPEN");
    FISC_ASSERT_INT(school_available(books, "22"), 7950);
}

static void
test_unknown_document(void)
{
    g_autoptr(Books) books = school_books();
    g_autoptr(GError) error = NULL;
    FiscReceipt *receipt = NULL;
    char *state = NULL;
    CU_ASSERT_FALSE(
        fisc_flow_document_approve(&books->ctx, "none", NULL, &state, &receipt, &error));
    CU_ASSERT(g_error_matches(error, FISC_ERROR, FISC_ERROR_NOT_FOUND));
}

static void
test_show_and_list(void)
{
    const FiscDocumentDraft draft = {.id = "D", .action = "claim", .reason = "books", .needs = 2};
    g_autoptr(Books) books = school_books();
    g_auto(Answer) proposed = propose_text(books, "mary", &draft, GOODS);
    g_auto(Answer) first = approve(books, "anna", "D");
    g_auto(Answer) second = approve(books, "otto", "D");
    g_autoptr(FiscDocument) document = NULL;
    g_autoptr(FiscTable) all = NULL;
    g_autoptr(FiscTable) open = NULL;
    GError *error = NULL;
    fisc_flow_document_show(&books->ctx, "D", &document, &error);
    die_of(error);
    FISC_ASSERT_TEXT(document->state, "done");
    FISC_ASSERT_TEXT(document->maker, "mary");
    FISC_ASSERT_TEXT(document->entity, "SCH");
    FISC_ASSERT_TEXT(document->approved_by, "anna otto");
    FISC_ASSERT_INT(document->needs, 2);
    FISC_ASSERT_CONTAINS(document->payload, "\"reference\":\"SCH/11\"");
    FISC_ASSERT_INT(document->steps->len, 4);
    static const char *const persons[] = {"mary", "anna", "otto", "otto"};
    static const char *const states[] = {"proposed", "proposed", "approved", "done"};
    for (guint i = 0; i < 4; i++) {
        const FiscDocumentStep *step = &g_array_index(document->steps, FiscDocumentStep, i);
        FISC_ASSERT_TEXT(step->person, persons[i]);
        FISC_ASSERT_TEXT(step->state, states[i]);
    }
    fisc_flow_document_list(&books->ctx, NULL, &all, &error);
    fisc_flow_document_list(&books->ctx, "proposed", &open, &error);
    die_of(error);
    FISC_ASSERT_INT(all->rows->len, 1);
    FISC_ASSERT_INT(open->rows->len, 0);
}

/* ---- what documents may hold ---- */

/* Every kind of line that a journal has words for comes back as it was. */
static void
test_every_line_survives(void)
{
    static const char csv[] =
        "journal_id,date,entity,gfs_code,debit,credit,counterparty_entity,cofog,cash_code,"
        "cash_counterparty,stage,programme,memo,document\n"
        "1,2024-05-01,SCH,22,10.00,,CORP,70912,,,,P1,\"Chalk, \"\"white\"\"\",INV 7\n"
        "1,2024-05-01,SCH,3202,,10.00,BANK,,22,CORP,,,,\n"
        "1,2024-05-01,SCH,22,10.00,,,70912,,,available>obligation,,,\n"
        "2,2024-05-02,SCH,22,-5.00,,,70912,,,change,,Cut,\n"
        "3,2024-05-03,SCH,4,1.00,,CORP,,,,,,,\n"
        "3,2024-05-03,SCH,4308,,1.00,CORP,,,,,,,\n";
    const FiscDocumentDraft draft = {.id = "D", .action = "journal"};
    g_autoptr(Books) books = school_books();
    g_autoptr(GError) error = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscReceipt *receipt = NULL;
    g_autofree char *id = NULL;
    books->ctx.actor = "mary";
    bool is_done = fisc_flow_document_propose_text(&books->ctx, &draft, "csv", csv, strlen(csv),
                                                   "test", &id, &receipt, refusals, &error);
    g_autofree char *refusal = fixture_dump(refusals);
    FISC_ASSERT_TEXT(refusal, "");
    FISC_ASSERT_TEXT(is_done ? "" : error->message, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(receipt);
    g_auto(Answer) answer = {NULL};
    take_receipt(&answer, receipt);
    FISC_ASSERT_TEXT(answer.refusal, "");
    FISC_ASSERT_TEXT(id, "D");
    expect_state(books, "D", "proposed");
}

static void
test_rules_by_document(void)
{
    const FiscDocumentDraft draft = {.id = "LAW", .action = "rules", .reason = "Budget Act 2024"};
    g_autoptr(Books) books = ministry_books(LINES_A_AND_B);
    g_auto(Answer) proposed = propose_text(
        books, "mary", &draft,
        RULE("none", "\"cap\":\"0\"")
            CONTROL("total", "\"level\":\"track\",\"absent\":\"none\",\"key\":\"entity\""));
    FISC_ASSERT_TEXT(proposed.refusal, "");
    must_carry(books, "LAW");
    g_auto(Answer) virement = propose_virement(books, "V1", "22", "23", "1");
    g_auto(Answer) refused = approve(books, "anna", "V1");
    expect_refused(&refused, "VIREMENT_RULE");
    g_autoptr(FiscTable) rules = NULL;
    GError *error = NULL;
    fisc_flow_budget_rules(&books->ctx, fisc_date_make(2024, 5, 1), &rules, &error);
    die_of(error);
    GHashTable *index = books_index(rules, 2);
    CU_ASSERT_PTR_NOT_NULL(g_hash_table_lookup(index, "virement_rule|none"));
    CU_ASSERT_PTR_NOT_NULL(g_hash_table_lookup(index, "control|total"));
    CU_ASSERT_PTR_NOT_NULL(g_hash_table_lookup(index, "control|vote"));
    g_hash_table_unref(index);
    expect_clean(books);
}

static void
test_override_by_document(void)
{
    g_autoptr(Books) books = ministry_books(LINES_A_AND_B);
    const FiscOverrideOrder order = {.id = "OV-1",
                                     .control = "vote",
                                     .key = "entity=MIN programme=1 economic=23 year=2024",
                                     .amount = "50",
                                     .expires = "2199-12-31",
                                     .article = "Art. 9",
                                     .reason = "flood"};
    g_auto(Answer) answer = {NULL};
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    books->ctx.actor = "mary";
    fisc_flow_budget_override(&books->ctx, &order, &answer.id, &receipt, &error);
    die_of(error);
    take_receipt(&answer, receipt);
    FISC_ASSERT_TEXT(answer.refusal, "");
    g_autoptr(FiscReceipt) before =
        books_post(books, MOVE("C1", "2024-02-01", "commitment", "130", "1", "23"));
    FISC_ASSERT_INT(before->refused, 1);
    must_carry(books, "OV-1");
    books_must_post(books, MOVE("C2", "2024-02-01", "commitment", "130", "1", "23"));
    expect_clean(books);
}

static void
test_words_that_make_no_order(void)
{
    static const struct {
        FiscBudgetOrder order;
        bool is_release;
        FiscError code;
    } cases[] = {
        {{.entity = "XX", .period = "2024", .amount = "1"}, true, FISC_ERROR_NOT_FOUND},
        {{.entity = "MIN", .period = "spring", .amount = "1"}, true, FISC_ERROR_USAGE},
        {{.entity = "MIN", .period = "2024-13", .amount = "1"}, true, FISC_ERROR_USAGE},
        {{.entity = "MIN", .period = "2024", .amount = "0"}, true, FISC_ERROR_USAGE},
        {{.entity = "MIN", .period = "2024", .amount = "1.005"}, true, FISC_ERROR_USAGE},
        {{.entity = "MIN", .period = "2024", .amount = "much"}, true, FISC_ERROR_USAGE},
        {{.entity = "MIN", .amount = "-1"}, false, FISC_ERROR_USAGE},
        {{.entity = "XX", .amount = "1"}, false, FISC_ERROR_NOT_FOUND},
    };
    g_autoptr(Books) books = ministry_books(LINES_A_AND_B);
    int64_t batch = books_batch(books);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscBudgetOrder order = cases[i].order;
        FiscReceipt *receipt = NULL;
        g_autofree char *id = NULL;
        g_autoptr(GError) error = NULL;
        order.to[FISC_DIM_PROGRAMME] = "1";
        order.from[FISC_DIM_PROGRAMME] = "2";
        bool is_done = cases[i].is_release
                           ? fisc_flow_budget_release(&books->ctx, &order, &id, &receipt, &error)
                           : fisc_flow_budget_virement(&books->ctx, &order, &id, &receipt, &error);
        g_autofree char *what = g_strdup_printf("case %zu", i);
        fisc_assert_int(is_done, 0, what, __FILE__, __LINE__);
        fisc_assert_int(error != NULL ? error->code : -1, cases[i].code, what, __FILE__, __LINE__);
    }
    FISC_ASSERT_INT(books_batch(books), batch);
}

const FiscTest fisc_document_walk_tests[] = {
    {"refuses what is appropriated and not released, by its layer (R3)", test_releases},
    {"keeps the children's budgets within the parent's (R8)", test_parent_and_child},
    {"stops spending at the parent when children may exceed it (R8)", test_child_that_may_exceed},
    {"lets 30 of 500 move, and escalates 25 more (R12)", test_virements},
    {"refuses to move what the donor does not have (R12)", test_donor_without_funds},
    {"posts a claim when a second person approves it, and not before", test_life_of_a_claim},
    {"gives the first answer to who approves twice", test_approving_twice},
    {"waits for the second of two approvals", test_two_approvals},
    {"takes a proposal made twice for one, and another of its name for none", test_proposing_twice},
    {"posts the same journal of two documents once", test_same_entries_in_two_documents},
    {"ends by its maker's word or another's no", test_ends},
    {"refuses content that came too late, and keeps it proposed", test_content_that_came_too_late},
    {"knows no document that was never proposed", test_unknown_document},
    {"shows every step, and lists by state", test_show_and_list},
    {"keeps every kind of line as it was proposed", test_every_line_survives},
    {"changes the rules by a document", test_rules_by_document},
    {"lets a control be exceeded by an approved override", test_override_by_document},
    {"makes no order of words that make none", test_words_that_make_no_order},
    {NULL, NULL},
};

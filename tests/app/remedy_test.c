/* remedy_test.c: every way out that is offered works: it is taken through the same flows an officer
 * would use, and then the refused entry passes. */
#include "tests/app/officer.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_remedy_tests[];

/* ---- one case for every kind ---- */

#define LINE_A "programme=1 economic=21"
#define LINE_B "programme=1 economic=22"
#define LINE_C "programme=2 economic=21"
#define DAY fisc_date_make(YEAR, 2, 10)

static void
add_line_control(FiscSubmission *submission)
{
    fisc_submission_event(submission, "control", "line", "key", "entity programme economic",
                          "level", "absolute", "absent", "refuse", "overridable", "no", "article",
                          "art. 4", NULL);
}

/* A short of 5, B with 40, C with 100. */
static Books *
short_books(void)
{
    Books *books = officer_books();
    FiscSubmission *submission = officer_begin();
    add_line_control(submission);
    officer_appropriate(submission, "E", LINE_A, 10);
    officer_appropriate(submission, "E", LINE_B, 40);
    officer_appropriate(submission, "E", LINE_C, 100);
    officer_must_post(books, submission);
    return books;
}

static void
test_free_virement(void)
{
    g_autoptr(Books) books = short_books();
    g_autoptr(FiscReceipt) refused = officer_ask(books, "E", LINE_A, DAY, 15);
    officer_expect(refused, "1 virement: 5 from \"" LINE_B "\" to \"" LINE_A "\"\n");
    officer_expect_cure(books, "E", LINE_A, DAY, 15, refused, 1, "second");
}

/* By the rule that asks for the fewest approvals, not from the line with most. */
static void
test_virement_by_rule(void)
{
    g_autoptr(Books) books = short_books();
    FiscSubmission *rules = officer_begin();
    fisc_submission_event(rules, "virement_rule", "inside", "same", "entity programme", "cap", "50",
                          "order", "1", "article", "art. 46", NULL);
    fisc_submission_event(rules, "virement_rule", "across", "same", "entity", "order", "2",
                          "approvals", "1", NULL);
    officer_must_post(books, rules);
    g_autoptr(FiscReceipt) refused = officer_ask(books, "E", LINE_A, DAY, 30);
    officer_expect(refused,
                   "1 virement: 20 from \"" LINE_B "\" to \"" LINE_A "\" (rule inside, art. 46)\n");
    /* 20 is all that the cap of B allows; more goes by the rule behind it. */
    g_autoptr(FiscReceipt) more = officer_ask(books, "E", LINE_A, DAY, 31);
    officer_expect(more, "1 virement: 21 from \"" LINE_B "\" to \"" LINE_A
                         "\" (rule across, approved by a second person)\n");
    officer_expect_cure(books, "E", LINE_A, DAY, 31, more, 1, "second");
}

static void
test_virement_from_several(void)
{
    g_autoptr(Books) books = short_books();
    g_autoptr(FiscReceipt) refused = officer_ask(books, "E", LINE_A, DAY, 130);
    officer_expect(refused, "1 virement: 100 from \"" LINE_C "\" to \"" LINE_A "\"\n"
                            "1 virement: 20 from \"" LINE_B "\" to \"" LINE_A "\"\n");
    officer_expect_cure(books, "E", LINE_A, DAY, 130, refused, 1, "second");
}

static void
test_no_way(void)
{
    g_autoptr(Books) books = short_books();
    g_autoptr(FiscReceipt) too_much = officer_ask(books, "E", LINE_A, DAY, 151);
    officer_expect(too_much, "0 none\n");
    FiscSubmission *rules = officer_begin();
    fisc_submission_event(rules, "virement_rule", "inside", "same", "entity programme", "donor_not",
                          "economic=22", NULL);
    officer_must_post(books, rules);
    g_autoptr(FiscReceipt) barred = officer_ask(books, "E", LINE_A, DAY, 11);
    officer_expect(barred, "0 none\n");
}

/* No budget line of its own: a virement makes one (rule R5: an override would not). */
static void
test_line_without_budget(void)
{
    g_autoptr(Books) books = short_books();
    g_autoptr(FiscReceipt) refused = officer_ask(books, "E", "programme=3 economic=21", DAY, 7);
    FISC_ASSERT_INT(officer_refusal(refused)->code, FISC_ERROR_NO_BUDGET);
    officer_expect(refused, "1 virement: 7 from \"" LINE_A "\" to \"programme=3 economic=21\"\n");
    officer_expect_cure(books, "E", "programme=3 economic=21", DAY, 7, refused, 1, "second");
}

/* A lacks 30; the pool gives 25 once the other 5 are there. */
static void
test_cover(void)
{
    g_autoptr(Books) books = officer_books();
    FiscSubmission *submission = officer_begin();
    add_line_control(submission);
    officer_appropriate(submission, "E", LINE_A, 10);
    officer_appropriate(submission, "E", LINE_B, 25);
    officer_appropriate(submission, "E", LINE_C, 100);
    fisc_submission_event(submission, "cover", "pool", "control", "line", "receiver",
                          "entity=E programme=1 economic=21", "donor",
                          "entity=E programme=1 economic=22", "mode", "unilateral", "article",
                          "art. 20", NULL);
    officer_must_post(books, submission);
    g_autoptr(FiscReceipt) refused = officer_ask(books, "E", LINE_A, DAY, 40);
    officer_expect(refused, "1 cover: 25 from \"entity=E programme=1 economic=22 year=2024\" to "
                            "\"entity=E programme=1 economic=21 year=2024\" (pool pool, art. "
                            "20)\n"
                            "1 virement: 5 from \"" LINE_C "\" to \"" LINE_A "\"\n"
                            "2 virement: 30 from \"" LINE_C "\" to \"" LINE_A "\"\n");
    officer_expect_cure(books, "E", LINE_A, DAY, 40, refused, 1, "second");
}

/* Appropriated 100; released 20 in January and 30 in April. */
static Books *
released_books(const char *within)
{
    Books *books = officer_books();
    FiscSubmission *submission = officer_begin();
    fisc_submission_event(submission, "control", "allotment", "key", "entity programme", "level",
                          "absolute", "absent", "refuse", "limit", "release", "interval", "year",
                          "boundary", "period", "overridable", "no", NULL);
    if (within != NULL) {
        fisc_submission_event(submission, "control", "law", "key", "entity programme", "level",
                              "absolute", "absent", "refuse", "consume", "release", "overridable",
                              "no", NULL);
    }
    officer_appropriate(submission, "E", LINE_A, 100);
    officer_must_post(books, submission);
    FiscSubmission *releases = officer_begin();
    officer_allot(releases, LINE_A, 1, 20);
    officer_allot(releases, LINE_A, 4, 30);
    officer_must_post(books, releases);
    return books;
}

static void
test_release_and_waiting(void)
{
    g_autoptr(Books) books = released_books("law");
    g_autoptr(FiscReceipt) refused = officer_ask(books, "E", LINE_A, DAY, 45);
    officer_expect(refused,
                   "1 wait on 2024-04-01\n"
                   "2 release: 25 on 2024-02-01 to \"" LINE_A "\" (approved by a second person)\n");
    officer_expect_cure(books, "E", LINE_A, DAY, 45, refused, 2, "second");
}

static void
test_waiting(void)
{
    g_autoptr(Books) books = released_books(NULL);
    g_autoptr(FiscReceipt) refused = officer_ask(books, "E", LINE_A, DAY, 45);
    officer_expect_cure(books, "E", LINE_A, DAY, 45, refused, 1, "second");
}

/* 50 are released of 100: 51 more cannot be, by law. */
static void
test_nothing_left_to_release(void)
{
    g_autoptr(Books) books = released_books("law");
    g_autoptr(FiscReceipt) refused = officer_ask(books, "E", LINE_A, DAY, 71);
    officer_expect(refused, "0 none\n");
}

static void
test_override(void)
{
    g_autoptr(Books) books = officer_books();
    FiscSubmission *submission = officer_begin();
    fisc_submission_event(submission, "control", "line", "key", "entity programme economic",
                          "level", "absolute", "absent", "refuse", "article", "art. 4", NULL);
    officer_appropriate(submission, "E", LINE_A, 10);
    officer_must_post(books, submission);
    g_autoptr(FiscReceipt) refused = officer_ask(books, "E", LINE_A, DAY, 15);
    officer_expect(refused, "1 override: 5 to \"entity=E programme=1 economic=21 year=2024\" "
                            "(control line, art. 4, approved by a second person)\n");
    officer_expect_cure(books, "E", LINE_A, DAY, 15, refused, 1, "second");
    /* What was never voted cannot be let pass by anybody (rule R5). */
    g_autoptr(FiscReceipt) absent = officer_ask(books, "E", "programme=9 economic=1", DAY, 1);
    officer_expect(absent, "0 none\n");
}

/* The release layer and the vote both refuse (rule R3): one option heals both. */
static void
test_two_layers(void)
{
    g_autoptr(Books) books = officer_books();
    FiscSubmission *submission = officer_begin();
    add_line_control(submission);
    fisc_submission_event(submission, "control", "allotment", "key", "entity programme", "level",
                          "absolute", "absent", "refuse", "limit", "release", "overridable", "no",
                          NULL);
    officer_appropriate(submission, "E", LINE_A, 10);
    officer_appropriate(submission, "E", LINE_B, 90);
    officer_allot(submission, LINE_A, 1, 10);
    officer_must_post(books, submission);
    g_autoptr(FiscReceipt) refused = officer_ask(books, "E", LINE_A, DAY, 15);
    officer_expect(refused,
                   "1 virement: 5 from \"" LINE_B "\" to \"" LINE_A "\"\n"
                   "1 release: 5 on 2024-02-01 to \"" LINE_A "\" (approved by a second person)\n");
    officer_expect_cure(books, "E", LINE_A, DAY, 15, refused, 1, "second");
}

/* An entry that lacks something else, too, gets no remedies; nor does a group with several. */
static void
test_not_looked_for(void)
{
    g_autoptr(Books) books = short_books();
    FiscSubmission *group = officer_begin();
    officer_reserve(group, "E", "one", DAY, LINE_A, 11);
    officer_reserve(group, "E", "two", DAY, LINE_B, 41);
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_flow_post(&books->ctx, group, true, false, &receipt, &error));
    CU_ASSERT_PTR_NULL(officer_refusal(receipt)->remedies);
    fisc_receipt_free(receipt);
    fisc_submission_free(group);
    g_autoptr(FiscReceipt) unopened =
        officer_ask(books, "E", LINE_A, fisc_date_make(YEAR + 1, 2, 10), 11);
    CU_ASSERT_PTR_NULL(officer_refusal(unopened)->remedies);
}

static void
test_group(void)
{
    g_autoptr(Books) books = short_books();
    FiscSubmission *group = officer_begin();
    officer_reserve(group, "E", "one", DAY, LINE_A, 9);
    officer_reserve(group, "E", "two", DAY, LINE_A, 9);
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_flow_post(&books->ctx, group, true, false, &receipt, &error));
    const FiscResult *second = receipt->results->pdata[1];
    const FiscRefusal *refusal = second->refusals->pdata[0];
    FISC_ASSERT_INT(refusal->remedies->len, 1);
    FISC_ASSERT_INT(((const FiscRemedy *)refusal->remedies->pdata[0])->amount, 8);
    fisc_receipt_free(receipt);
    fisc_submission_free(group);
}

/* ---- where duties are enforced ---- */

/* The books of A, B and C, with two officers of the ministry, an accountant and an approver. */
static Books *
enforced_books(void)
{
    const BooksOffice office = {"ana", "ben"};
    Books *books = short_books();
    books_must_init_duties(books, office);
    books_must_give(books, office, "mona", "ministry_officer", NULL);
    books_must_give(books, office, "max", "ministry_officer", NULL);
    books_must_give(books, office, "carl", "agency_accountant", NULL);
    books_must_give(books, office, "abe", "approver", NULL);
    books_must_enforce(books, office);
    return books;
}

static void
propose_commitment(Books *books)
{
    FiscDocumentDraft draft = {.id = "C-1", .action = "commitment", .reason = "chairs"};
    g_autoptr(FiscSubmission) content = fisc_submission_new("test", "carl");
    g_autofree char *id = NULL;
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    officer_reserve(content, "E", "E/C-1", DAY, LINE_A, 15);
    books->ctx.actor = "carl";
    fisc_flow_document_propose(&books->ctx, &draft, content, &id, &receipt, &error);
    books_expect_done(receipt, error);
}

static FiscReceipt *
approve_commitment(Books *books, char **out_state)
{
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    books->ctx.actor = "abe";
    if (!fisc_flow_document_approve(&books->ctx, "C-1", NULL, out_state, &receipt, &error)) {
        g_error("%s", error->message);
    }
    return receipt;
}

/* Who approves an order may not move funds himself: he is told what those who may could do. */
static void
test_enforced_duties(void)
{
    g_autoptr(Books) books = enforced_books();
    g_autofree char *state = NULL;
    propose_commitment(books);
    g_autoptr(FiscReceipt) refused = approve_commitment(books, &state);
    FISC_ASSERT_TEXT(state, NULL);
    officer_expect(refused, "1 virement: 5 from \"" LINE_B "\" to \"" LINE_A "\"\n");
    Officer officer = {.books = books,
                       .entity = "E",
                       .date = DAY,
                       .maker = "mona",
                       .approver = "max",
                       .words = officer_begin()};
    books->ctx.actor = "mona";
    officer_take(&officer, officer_refusal(refused)->remedies, 1);
    fisc_submission_free(officer.words);
    g_autofree char *state_now = NULL;
    g_autoptr(FiscReceipt) again = approve_commitment(books, &state_now);
    FISC_ASSERT_TEXT(state_now, "done");
    FISC_ASSERT_INT(again->posted, 1);
}

const FiscTest fisc_remedy_tests[] = {
    {"offers a virement where nobody has ruled", test_free_virement},
    {"offers a virement by the rule that asks for the fewest approvals", test_virement_by_rule},
    {"offers virements from several lines together", test_virement_from_several},
    {"says plainly when there is no lawful way", test_no_way},
    {"offers a virement to a line that has no budget", test_line_without_budget},
    {"offers what a cover pool gives, with a virement of the rest", test_cover},
    {"offers to wait for a release on record, or a release of what is appropriated",
     test_release_and_waiting},
    {"offers to wait, and the entry passes on that day", test_waiting},
    {"offers no release beyond what is appropriated", test_nothing_left_to_release},
    {"offers an override only of what was voted at all", test_override},
    {"heals two layers that refuse with one option", test_two_layers},
    {"looks for no remedies where they could not heal all", test_not_looked_for},
    {"finds what makes a whole group pass", test_group},
    {"offers what those with the right could do to somebody without it", test_enforced_duties},
    {NULL, NULL},
};

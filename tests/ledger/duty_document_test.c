/* duty_document_test.c: what is approved by whom: documents and duties together. */
#include "tests/ledger/paper.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_duty_document_tests[];

static const Paper order = {"D1", "commitment", "E1", "1", .move = "available>commitment 100 PO"};
static const Paper invoice = {"D2", "claim", "E1", "1", .move = "available>obligation 100 INV PO"};
static const Paper payment = {"D3", "payment", "E1", "2", .move = "available>payment 100 PAY INV"};

/* u1 and u3 keep the accounts of E1, a1 and a2 approve there, p1 to p3 pay, o1 and o2 are of the
 * ministry. Duties are enforced as shipped. */
static Ministry *
ministry_at_work(void)
{
    static const char *const persons[][2] = {
        {"u1", "agency_accountant/E1"},
        {"u3", "agency_accountant/E1"},
        {"u2", ""},
        {"a1", "approver/E1"},
        {"a2", "approver/E1"},
        {"p1", "treasury_payer/*"},
        {"p2", "treasury_payer/*"},
        {"p3", "treasury_payer/*"},
        {"o1", "ministry_officer/*"},
        {"o2", "ministry_officer/*"},
    };
    Ministry *ministry = ministry_new();
    for (gsize i = 0; i < G_N_ELEMENTS(persons); i++) {
        ministry_person(ministry, persons[i][0], persons[i][1]);
    }
    return ministry;
}

static void
test_chain_of_documents(void)
{
    g_autoptr(Ministry) ministry = ministry_at_work();
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(paper_propose(ministry, &order, "u1"), "");
    FISC_ASSERT_TEXT(paper_finish(ministry, &order, "a1"), "");
    FISC_ASSERT_TEXT(paper_propose(ministry, &invoice, "u3"), "");
    FISC_ASSERT_TEXT(paper_finish(ministry, &invoice, "a2"), "");
    FISC_ASSERT_TEXT(paper_propose(ministry, &payment, "p1"), "");
    FISC_ASSERT_TEXT(paper_approve(ministry, &payment, "p2"), "");
    FISC_ASSERT_TEXT(paper_finish(ministry, &payment, "p3"), "");
    FISC_ASSERT_TEXT(paper_field(ministry, &payment, "state"), "done");
}

/* One row: who proposes an invoice, who approves it, and what comes of the approval. */
static void
test_who_approves(void)
{
    static const struct {
        const char *maker, *approver, *expected;
    } cases[] = {
        {"u1", "a1", ""},
        {"u1", "u1", "SECOND_PERSON"},
        {"u1", "u3", "DUTY_MISSING"},
        {"u1", "p1", "DUTY_MISSING"},
        {"u1", "o1", "DUTY_MISSING"},
        {"u1", "sol", "DUTY_MISSING"},
        {"u1", "ghost", "DUTY_MISSING"},
        {"u3", "u3", "SECOND_PERSON"}, /* self-approval through a second role */
        {"u3", "a1", ""},
        {"a1 for u1", "a2", "DUTY_MISSING"},       /* not even proposed */
        {"u1", "u2", "SOD_SAME_PRINCIPAL"},        /* R21: u2 is delegated by u1 */
        {"u1", "u2 for a1", "SOD_SAME_PRINCIPAL"}, /* by whatever role */
        {"u2 for u1", "u3", ""},
        {"u2 for u1", "u1", "SOD_SAME_PRINCIPAL"},
        {"u2 for u1", "a1", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Ministry) ministry = ministry_at_work();
        const Paper paper = {"D2", "claim", "E1", "1", .move = "available>obligation 100 INV"};
        bool is_second_role =
            strcmp(cases[i].maker, "u3") == 0 || strcmp(cases[i].approver, "u3") == 0;
        if (is_second_role && strcmp(cases[i].maker, "u1") != 0) {
            ministry_grant(ministry, "u3/approver/E1", "2024-12-31");
        }
        ministry_delegate(ministry, "u1/u2/agency_accountant/E1", "2024-06-01", "2024-06-30");
        ministry_enforce(ministry);
        const char *got = paper_propose(ministry, &paper, cases[i].maker);
        if (*got == '\0') {
            got = paper_finish(ministry, &paper, cases[i].approver);
        }
        g_autofree char *what = g_strdup_printf("%s approves %s's: %s", cases[i].approver,
                                                cases[i].maker, ministry->detail);
        fisc_assert_text(got, cases[i].expected, what, __FILE__, __LINE__);
    }
}

/* Who approved a stage is in the chain as who made it. */
static void
test_approver_over_the_chain(void)
{
    g_autoptr(Ministry) ministry = ministry_at_work();
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(paper_propose(ministry, &order, "u1"), "");
    FISC_ASSERT_TEXT(paper_finish(ministry, &order, "a1"), "");
    FISC_ASSERT_TEXT(paper_propose(ministry, &invoice, "u3"), "");
    FISC_ASSERT_TEXT(paper_finish(ministry, &invoice, "a1"), "SOD_SAME_PERSON");
    FISC_ASSERT_CONTAINS(ministry->detail, "a1 for claim and a1 for commitment");
    FISC_ASSERT_TEXT(paper_finish(ministry, &invoice, "a2"), "");
}

/* Made by one, released by two others: three payers, or nothing. */
static void
test_payment_takes_three(void)
{
    g_autoptr(Ministry) ministry = ministry_at_work();
    const Paper small_payment = {"D9", "payment", "E1", "2", .move = "available>payment 5 PAY INV"};
    const Paper weak_payment = {"D8", "payment", "E1", "1", .move = "available>payment 5"};
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(paper_propose(ministry, &order, "u1"), "");
    FISC_ASSERT_TEXT(paper_finish(ministry, &order, "a1"), "");
    FISC_ASSERT_TEXT(paper_propose(ministry, &invoice, "u3"), "");
    FISC_ASSERT_TEXT(paper_finish(ministry, &invoice, "a2"), "");
    FISC_ASSERT_TEXT(paper_propose(ministry, &weak_payment, "p1"), "APPROVAL_MISSING");
    FISC_ASSERT_TEXT(paper_propose(ministry, &small_payment, "a1"), "DUTY_MISSING");
    FISC_ASSERT_TEXT(paper_propose(ministry, &small_payment, "p1"), "");
    FISC_ASSERT_TEXT(paper_finish(ministry, &small_payment, "p2"), "APPROVAL_MISSING");
    FISC_ASSERT_TEXT(paper_approve(ministry, &small_payment, "a1"), "DUTY_MISSING");
    FISC_ASSERT_TEXT(paper_approve(ministry, &small_payment, "p2"), "");
    FISC_ASSERT_TEXT(paper_finish(ministry, &small_payment, "p2"), "SECOND_PERSON");
    FISC_ASSERT_TEXT(paper_finish(ministry, &small_payment, "p1"), "SECOND_PERSON");
    FISC_ASSERT_TEXT(paper_finish(ministry, &small_payment, "p3"), "");
}

/* A payment does not travel under the approval of something else. */
static void
test_document_about_something_else(void)
{
    static const Paper papers[] = {
        {"D4", "claim", "E1", "1", .move = "available>payment 100"},
        {"D5", "journal", "E1", "1", .move = "available>obligation 100"},
        {"D6", "claim", "*", "1", .kind = "group", .subject = "G", .name = "name", .value = "All"},
        {"D7", "journal", "E1", "1", .move = "available>obligation 100"},
    };
    g_autoptr(Ministry) ministry = ministry_at_work();
    ministry_grant(ministry, "u3/treasury_payer/*", "2024-12-31");
    ministry_person(ministry, "u4", "agency_accountant/*");
    ministry_person(ministry, "a3", "approver/*");
    ministry_enforce(ministry);
    for (gsize i = 0; i < G_N_ELEMENTS(papers); i++) {
        bool is_wide = strcmp(papers[i].entity, "*") == 0;
        FISC_ASSERT_TEXT(paper_propose(ministry, &papers[i], is_wide ? "u4" : "u3"), "");
        fisc_assert_text(paper_finish(ministry, &papers[i], is_wide ? "a3" : "a1"),
                         "APPROVAL_MISSING", papers[i].id, __FILE__, __LINE__);
    }
}

/* Rules of the book: made by one officer of the ministry and approved by another. */
static void
test_rules(void)
{
    static const Paper group = {"D1",           "rules",        "*",           "1", .kind = "group",
                                .subject = "G", .name = "name", .value = "All"};
    static const Paper closing = {"D2",
                                  "period",
                                  "*",
                                  "1",
                                  .kind = "period",
                                  .subject = "202401",
                                  .name = "state",
                                  .value = "closed"};
    const Paper *papers[] = {&group, &closing};
    g_autoptr(Ministry) ministry = ministry_at_work();
    ministry_enforce(ministry);
    for (gsize i = 0; i < G_N_ELEMENTS(papers); i++) {
        FISC_ASSERT_TEXT(paper_propose(ministry, papers[i], "u1"), "DUTY_MISSING");
        FISC_ASSERT_TEXT(paper_propose(ministry, papers[i], "o1"), "");
        FISC_ASSERT_TEXT(paper_finish(ministry, papers[i], "o1"), "SECOND_PERSON");
        FISC_ASSERT_TEXT(paper_finish(ministry, papers[i], "u1"), "DUTY_MISSING");
        FISC_ASSERT_TEXT(paper_finish(ministry, papers[i], "o2"), "");
    }
}

/* The matrix itself, and whether it is in force, is changed by who grants, by two of them. */
static void
test_policy_and_matrix(void)
{
    static const Paper lifting = {"D1",
                                  "grant",
                                  "*",
                                  "1",
                                  .kind = "conflict",
                                  .subject = "claim/payment",
                                  .name = "holds",
                                  .value = "no"};
    static const Paper opening = {
        "D2",         "grant", "*", "1", .kind = "policy", .subject = "duties", .name = "enforced",
        .value = "no"};
    g_autoptr(Ministry) ministry = ministry_at_work();
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(ministry_event(ministry, "ada", "policy", "duties", "enforced", "no", NULL),
                     "APPROVAL_MISSING");
    FISC_ASSERT_TEXT(
        ministry_event(ministry, "ada", "conflict", "claim/payment", "holds", "no", NULL),
        "APPROVAL_MISSING");
    FISC_ASSERT_TEXT(ministry_event(ministry, "o1", "policy", "duties", "enforced", "no", NULL),
                     "DUTY_MISSING");
    FISC_ASSERT_TEXT(paper_propose(ministry, &lifting, "ada"), "");
    FISC_ASSERT_TEXT(paper_finish(ministry, &lifting, "ada"), "SECOND_PERSON");
    FISC_ASSERT_TEXT(paper_finish(ministry, &lifting, "sol"), "");
    CU_ASSERT_FALSE(
        fisc_registry_conflict(ministry->engine->registry, FISC_DUTY_CLAIM, FISC_DUTY_PAYMENT));
    FISC_ASSERT_TEXT(paper_propose(ministry, &opening, "ada"), "");
    FISC_ASSERT_TEXT(paper_finish(ministry, &opening, "sol"), "");
    CU_ASSERT_FALSE(fisc_registry_is_enforced(ministry->engine->registry));
}

/* One disables, two bring back. */
static void
test_disabled_comes_back_by_two(void)
{
    g_autoptr(Ministry) ministry = ministry_at_work();
    ministry_enforce(ministry);
    const FiscMaster *person = fisc_engine_master(ministry->engine, "person", "u1");
    g_autofree char *name = g_strdup(fisc_engine_field(person->fields, "name_digest"));
    g_autofree char *id = g_strdup(fisc_engine_field(person->fields, "id_digest"));
    FISC_ASSERT_TEXT(ministry_event(ministry, "o1", "person", "u1", "name_digest", name,
                                    "id_digest", id, "state", "disabled", NULL),
                     "DUTY_MISSING");
    FISC_ASSERT_TEXT(ministry_event(ministry, "sol", "person", "u1", "name_digest", name,
                                    "id_digest", id, "state", "disabled", NULL),
                     "");
    FISC_ASSERT_TEXT(paper_propose(ministry, &order, "u1"), "DUTY_MISSING");
    FISC_ASSERT_TEXT(ministry_event(ministry, "ada", "person", "u1", "name_digest", name,
                                    "id_digest", id, "state", "active", NULL),
                     "APPROVAL_MISSING");
}

const FiscTest fisc_duty_document_tests[] = {
    {"carries a chain of documents through seven hands", test_chain_of_documents},
    {"refuses approvals by the maker, by who may not, and by a delegate (R21)", test_who_approves},
    {"refuses an approver who approved the stage before (R21)", test_approver_over_the_chain},
    {"pays by one who makes and two others who release (Uganda 2024)", test_payment_takes_three},
    {"refuses under one approval what needs another", test_document_about_something_else},
    {"changes rules of the book by two officers of the ministry", test_rules},
    {"changes the matrix, and whether it is in force, by two who grant", test_policy_and_matrix},
    {"disables by one, brings back by two", test_disabled_comes_back_by_two},
    {NULL, NULL},
};

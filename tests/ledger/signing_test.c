/* signing_test.c: who may propose and approve a document when the duties of the matrix are
 * enforced: rights where they are held, delegates, and nobody twice (rule R21). */
#include "tests/ledger/desk.h"
#include "tests/ledger/ministry.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_signing_tests[];

/* Mary and Paul enter claims of E1, Anna approves those of E1, Otto those of E2; Bea votes the
 * budget everywhere. */
static Ministry *
staffed(void)
{
    Ministry *ministry = ministry_new();
    ministry_person(ministry, "mary", "agency_accountant/E1");
    ministry_person(ministry, "paul", "agency_accountant/E1");
    ministry_person(ministry, "anna", "approver/E1");
    ministry_person(ministry, "otto", "approver/E2");
    ministry_person(ministry, "dora", "");
    ministry_person(ministry, "bea", "ministry_officer/*");
    ministry_enforce(ministry);
    return ministry;
}

/* "paul for mary" */
static void
split_actor(const char *actor, char **out_person, char **out_principal)
{
    g_auto(GStrv) parts = g_strsplit(actor, " for ", 2);
    *out_person = g_strdup(parts[0]);
    *out_principal = g_strdup(parts[1]);
}

/* Proposes a claim of @entity under @action, and approves it: "" or the code of the first refusal.
 */
static const char *
carry_out(Ministry *ministry, const char *maker, const char *approver, const char *action,
          const char *entity)
{
    g_autofree char *maker_code = NULL;
    g_autofree char *maker_for = NULL;
    g_autofree char *approver_code = NULL;
    g_autofree char *on_behalf = NULL;
    split_actor(maker, &maker_code, &maker_for);
    split_actor(approver, &approver_code, &on_behalf);
    FiscSubmission *content = ministry_begin(ministry, approver);
    ministry_add_move(ministry, content, entity, "available>obligation 100");
    const char *id =
        fisc_submission_text(content, ((FiscEntry *)content->entries->pdata[0])->reference);
    DeskDocument document = desk_document(id, action, entity, maker_code, 1, content);
    document.maker_for = maker_for;
    FiscSubmission *proposal = ministry_begin(ministry, maker);
    desk_add_step(proposal, &document, "proposed", NULL, NULL);
    if (*ministry_submit(ministry, proposal) != '\0') {
        return ministry->last;
    }
    content->document = id;
    desk_add_step(content, &document, "approved", approver_code, on_behalf);
    desk_add_step(content, &document, "done", approver_code, on_behalf);
    return ministry_submit(ministry, content);
}

static void
test_rights(void)
{
    static const struct {
        const char *maker, *approver, *action, *entity, *code;
    } cases[] = {
        {"mary", "anna", "claim", "E1", ""},
        {"anna", "mary", "claim", "E1", "DUTY_MISSING"}, /* each has the other's duty */
        {"mary", "paul", "claim", "E1", "DUTY_MISSING"},
        {"mary", "otto", "claim", "E1", "DUTY_MISSING"}, /* an approver, but elsewhere */
        {"mary", "otto", "claim", "E2", "DUTY_MISSING"}, /* a maker, but elsewhere */
        {"bea", "anna", "claim", "E1", "DUTY_MISSING"},
        {"bea", "anna", "budget", "E1", "DUTY_MISSING"}, /* what it is about does not cover it */
        {"dora", "anna", "claim", "E1", "DUTY_MISSING"},
        {"mary", "mary", "claim", "E1", "SECOND_PERSON"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Ministry) ministry = staffed();
        g_autofree char *what = g_strdup_printf("case %zu", i);
        fisc_assert_text(carry_out(ministry, cases[i].maker, cases[i].approver, cases[i].action,
                                   cases[i].entity),
                         cases[i].code, what, __FILE__, __LINE__);
    }
}

static void
test_delegates(void)
{
    static const struct {
        const char *maker, *approver, *code;
    } cases[] = {
        {"mary", "dora for anna", ""},
        {"mary", "dora", "DUTY_MISSING"}, /* a delegate says for whom */
        {"mary", "dora for otto", "DUTY_MISSING"},
        {"dora for mary", "anna", ""},
        {"dora for mary", "dora for anna", "SECOND_PERSON"},
        {"paul", "dora for anna", ""},
        {"mary", "anna for otto", "DUTY_MISSING"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Ministry) ministry = staffed();
        g_autofree char *what = g_strdup_printf("case %zu", i);
        const char *principal = strstr(cases[i].maker, "for mary") != NULL ? "mary" : "anna";
        g_autofree char *subject = g_strdup_printf(
            "%s/dora/%s/E1", principal, *principal == 'm' ? "agency_accountant" : "approver");
        ministry_delegate(ministry, subject, "2024-06-01", "2024-06-30");
        carry_out(ministry, cases[i].maker, cases[i].approver, "claim", "E1");
        fisc_assert_text(ministry->last, cases[i].code, ministry->detail, __FILE__, __LINE__);
    }
}

static void
test_delegate_of_the_maker(void)
{
    /* R21: u1 enters the invoice, u2, to whom u1 has delegated something, approves it. */
    g_autoptr(Ministry) ministry = staffed();
    ministry_person(ministry, "u1", "agency_accountant/E1 agency_accountant/E2");
    ministry_person(ministry, "u2", "approver/E1");
    FISC_ASSERT_TEXT(carry_out(ministry, "u1", "u2", "claim", "E1"), "");
    ministry_delegate(ministry, "u1/u2/agency_accountant/E2", "2024-06-01", "2024-06-30");
    FISC_ASSERT_TEXT(carry_out(ministry, "u1", "u2", "claim", "E1"), "SOD_SAME_PRINCIPAL");
    FISC_ASSERT_TEXT(carry_out(ministry, "mary", "u2", "claim", "E1"), "");
    FISC_ASSERT_TEXT(carry_out(ministry, "u1", "anna", "claim", "E1"), "");
}

static void
test_rejecting_takes_the_right_to_approve(void)
{
    static const struct {
        const char *actor, *code;
    } cases[] = {{"paul", "DUTY_MISSING"}, {"otto", "DUTY_MISSING"}, {"anna", ""}};
    g_autoptr(Ministry) ministry = staffed();
    FiscSubmission *content = ministry_begin(ministry, "anna");
    ministry_add_move(ministry, content, "E1", "available>obligation 100");
    DeskDocument document = desk_document("D", "claim", "E1", "mary", 1, content);
    FiscSubmission *proposal = ministry_begin(ministry, "mary");
    desk_add_step(proposal, &document, "proposed", NULL, NULL);
    FISC_ASSERT_TEXT(ministry_submit(ministry, proposal), "");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscSubmission *step = ministry_begin(ministry, cases[i].actor);
        desk_add_step(step, &document, "rejected", NULL, NULL);
        FISC_ASSERT_TEXT(ministry_submit(ministry, step), cases[i].code);
    }
}

const FiscTest fisc_signing_tests[] = {
    {"lets propose and approve who may, there and nowhere else", test_rights},
    {"lets a delegate sign for the principal, and says so", test_delegates},
    {"refuses who acts for the maker (R21)", test_delegate_of_the_maker},
    {"lets reject only who may approve", test_rejecting_takes_the_right_to_approve},
    {NULL, NULL},
};

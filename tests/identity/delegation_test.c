/* delegation_test.c: a delegation is the principal's own, dated, and never wider than what he has.
 */
#include "tests/identity/office.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_delegation_tests[];

/* u2 approves for E1 in 2024, u3 everywhere; u1 keeps the accounts of E1. */
static Office *
office_with_approvers(void)
{
    Office *office = office_new();
    g_autofree char *refused = office_grant(office, "u2/approver/E1", "2024-01-01", "2024-12-31");
    FISC_ASSERT_TEXT(refused, "");
    office_must_grant(office, "u3/approver/*");
    office_must_grant(office, "u1/agency_accountant/E1");
    return office;
}

static void
delegate(Office *office, const char *actor, const char *subject)
{
    office_expect(office, "", actor, "delegation", subject, "state", "active", "from", "2024-06-10",
                  "to", "2024-06-20", NULL);
}

static void
test_use(void)
{
    static const struct {
        const char *person, *principal, *action;
        char right;
        const char *entity, *expected;
    } cases[] = {
        {"u4", "u2", "claim", 'A', "E1", ""},
        {"u4", NULL, "claim", 'A', "E1", "DUTY_MISSING"}, /* it is not his own */
        {"u4", "u2", "claim", 'A', "E2", "DELEGATION_INVALID"},
        {"u4", "u2", "claim", 'M', "E1", "DELEGATION_INVALID"},
        {"u4", "u3", "claim", 'A', "E1", "DELEGATION_INVALID"},
        {"u1", "u2", "claim", 'A', "E1", "DELEGATION_INVALID"},
        {"u2", "u4", "claim", 'A', "E1", "DELEGATION_INVALID"}, /* it goes one way */
        {"u2", "u2", "claim", 'A', "E1", "DELEGATION_INVALID"},
        {"ghost", "u2", "claim", 'A', "E1", "PERSON_UNKNOWN"},
        {"u4", "ghost", "claim", 'A', "E1", "PERSON_UNKNOWN"},
    };
    g_autoptr(Office) office = office_with_approvers();
    delegate(office, "u2", "u2/u4/approver/E1");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = office_may(office, cases[i].person, cases[i].principal,
                                          cases[i].action, cases[i].right, cases[i].entity);
        g_autofree char *what = g_strdup_printf("case %d", (int)i);
        fisc_assert_text(got, cases[i].expected, what, __FILE__, __LINE__);
    }
}

static void
test_hint_names_principal(void)
{
    g_autoptr(Office) office = office_with_approvers();
    delegate(office, "u2", "u2/u4/approver/E1");
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscAct act = {
        .person = "u4", .action = "claim", .right = 'A', .entity = "E1", .on = office->today};
    CU_ASSERT_FALSE(fisc_registry_judge(office->registry, &act, refusals));
    FISC_ASSERT_TEXT(((FiscRefusal *)refusals->pdata[0])->hint, "act with --on-behalf u2");
}

/* Whatever is tried to make more of a delegation than the principal has. */
static void
test_tricks(void)
{
    static const struct {
        const char *actor, *subject, *from, *to, *expected;
    } tricks[] = {
        /* wider */
        {"u2", "u2/u4/approver/*", "2024-06-10", "2024-06-20", "DELEGATION_INVALID entity"},
        {"u2", "u2/u4/approver/E2", "2024-06-10", "2024-06-20", "DELEGATION_INVALID entity"},
        {"u2", "u2/u4/approver/E1", "2024-06-10", "2025-01-01", "DELEGATION_INVALID entity"},
        {"u2", "u2/u4/approver/E1", "2023-12-31", "2024-06-20", "DELEGATION_INVALID entity"},
        {"u2", "u2/u4/treasury_payer/E1", "2024-06-10", "2024-06-20", "DELEGATION_INVALID role"},
        /* narrower is fine */
        {"u3", "u3/u4/approver/E2", "2024-06-10", "2024-06-20", ""},
        /* by somebody else, to himself */
        {"u1", "u2/u4/approver/E1", "2024-06-10", "2024-06-20", "DELEGATION_INVALID principal"},
        {"ada", "u2/u4/approver/E1", "2024-06-10", "2024-06-20", "DELEGATION_INVALID principal"},
        {"u4", "u2/u4/approver/E1", "2024-06-10", "2024-06-20", "DELEGATION_INVALID principal"},
        {"u2", "u2/u2/approver/E1", "2024-06-10", "2024-06-20", "DELEGATION_INVALID delegate"},
        /* without end, over before it begins, too long */
        {"u3", "u3/u4/approver/E1", "2024-06-10", NULL, "DELEGATION_INVALID from"},
        {"u3", "u3/u4/approver/E1", NULL, "2024-06-20", "DELEGATION_INVALID from"},
        {"u3", "u3/u4/approver/E1", "2024-06-20", "2024-06-19", "DELEGATION_INVALID to"},
        {"u3", "u3/u4/approver/E1", "2024-06-01", "2024-06-14", "DELEGATION_INVALID to"},
        {"u3", "u3/u4/approver/E1", "2024-06-15", "2025-06-16", "DELEGATION_INVALID to"},
        {"u3", "u3/u4/approver/E1", "2024-06-15", "2025-06-15", ""},
        /* to nobody */
        {"u2", "u2/ghost/approver/E1", "2024-06-10", "2024-06-20", "PERSON_UNKNOWN delegate"},
        {"u2", "u2/u4/approver", "2024-06-10", "2024-06-20", "VALUE_INVALID delegation"},
        /* roles that exclude each other, by way of a delegation */
        {"u2", "u2/u1/approver/E1", "2024-06-10", "2024-06-20", "ROLE_INCOMPATIBLE role"},
        {"u3", "u3/u1/approver/E2", "2024-06-10", "2024-06-20", ""},
        {"u2", "u2/ada/approver/E1", "2024-06-10", "2024-06-20", "ROLE_INCOMPATIBLE role"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(tricks); i++) {
        g_autoptr(Office) office = office_with_approvers();
        g_autofree char *got =
            office_say(office, tricks[i].actor, "delegation", tricks[i].subject, "state", "active",
                       "from", tricks[i].from, "to", tricks[i].to, NULL);
        g_autofree char *what = g_strdup_printf("trick %d: %s", (int)i, tricks[i].subject);
        fisc_assert_text(got, tricks[i].expected, what, __FILE__, __LINE__);
    }
}

static void
test_not_passed_on(void)
{
    g_autoptr(Office) office = office_with_approvers();
    office_person(office, "u5");
    delegate(office, "u2", "u2/u4/approver/E1");
    office_expect(office, "DELEGATION_INVALID role", "u4", "delegation", "u4/u5/approver/E1",
                  "state", "active", "from", "2024-06-15", "to", "2024-06-16", NULL);
    office_expect(office, "DELEGATION_INVALID principal", "u4", "delegation", "u2/u5/approver/E1",
                  "state", "active", "from", "2024-06-15", "to", "2024-06-16", NULL);
}

/* A delegation counts as a role in hand: what it excludes cannot be granted beside it. */
static void
test_grant_beside_delegation(void)
{
    g_autoptr(Office) office = office_with_approvers();
    delegate(office, "u2", "u2/u4/approver/E1");
    g_autofree char *refused = office_grant(office, "u4/agency_accountant/E1", NULL, NULL);
    FISC_ASSERT_TEXT(refused, "ROLE_INCOMPATIBLE role");
    g_autofree char *later = office_grant(office, "u4/agency_accountant/E1", "2024-06-21", NULL);
    FISC_ASSERT_TEXT(later, "");
}

/* It ends by its days, by a revocation, with the principal's role, with either person. */
static void
test_ends(void)
{
    static const char may_claim[] = "claim";
    g_autoptr(Office) office = office_with_approvers();
    delegate(office, "u2", "u2/u4/approver/E1");
    office->today = fisc_date_make(2024, 6, 20);
    g_autofree char *last_day = office_may(office, "u4", "u2", may_claim, 'A', "E1");
    FISC_ASSERT_TEXT(last_day, "");
    office->today = fisc_date_make(2024, 6, 21);
    g_autofree char *expired = office_may(office, "u4", "u2", may_claim, 'A', "E1");
    FISC_ASSERT_TEXT(expired, "DELEGATION_INVALID");
    office->today = fisc_date_make(2024, 6, 9);
    g_autofree char *early = office_may(office, "u4", "u2", may_claim, 'A', "E1");
    FISC_ASSERT_TEXT(early, "DELEGATION_INVALID");

    office->today = fisc_date_make(2024, 6, 15);
    office_expect(office, "", "ada", "grant", "u2/approver/E1", "state", "revoked", "from",
                  "2024-01-01", "to", "2024-12-31", "maker", "ada", "checker", "sol", NULL);
    g_autofree char *no_role = office_may(office, "u4", "u2", may_claim, 'A', "E1");
    FISC_ASSERT_TEXT(no_role, "DELEGATION_INVALID");
}

static void
test_who_ends_it(void)
{
    static const struct {
        const char *actor, *expected;
    } cases[] = {
        {"u2", ""}, {"u4", ""}, {"ada", ""}, {"sol", ""}, {"u1", "DELEGATION_INVALID actor"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Office) office = office_with_approvers();
        delegate(office, "u2", "u2/u4/approver/E1");
        office_expect(office, cases[i].expected, cases[i].actor, "delegation", "u2/u4/approver/E1",
                      "state", "revoked", "from", "2024-06-10", "to", "2024-06-20", NULL);
        bool is_over = *cases[i].expected == '\0';
        g_autofree char *may = office_may(office, "u4", "u2", "claim", 'A', "E1");
        FISC_ASSERT_TEXT(may, is_over ? "DELEGATION_INVALID" : "");
        office_expect(office, is_over ? "DOCUMENT_STATE state" : "", "u2", "delegation",
                      "u2/u4/approver/E1", "state", "revoked", NULL);
    }
}

static void
test_shared_hand(void)
{
    g_autoptr(Office) office = office_with_approvers();
    delegate(office, "u2", "u2/u4/approver/E1");
    FiscDate day = office->today;
    CU_ASSERT(fisc_registry_share_hand(office->registry, "u2", "u4", day));
    CU_ASSERT(fisc_registry_share_hand(office->registry, "u4", "u2", day));
    CU_ASSERT(fisc_registry_share_hand(office->registry, "u1", "u1", day));
    CU_ASSERT_FALSE(fisc_registry_share_hand(office->registry, "u2", "u3", day));
    CU_ASSERT_FALSE(fisc_registry_share_hand(office->registry, "u2", "u4", day + 6));
    CU_ASSERT_FALSE(fisc_registry_share_hand(office->registry, "ghost", "u4", day));
}

const FiscTest fisc_delegation_tests[] = {
    {"lets the delegate use what was delegated, in the principal's name", test_use},
    {"tells a delegate in whose name he could act", test_hint_names_principal},
    {"refuses a delegation that is wider, longer, another's or one's own", test_tricks},
    {"refuses to pass a delegation on", test_not_passed_on},
    {"counts a delegation as a role that excludes others", test_grant_beside_delegation},
    {"ends with its days and with the principal's own role", test_ends},
    {"is ended by either of the two, or by who grants", test_who_ends_it},
    {"knows who acts for whom", test_shared_hand},
    {NULL, NULL},
};

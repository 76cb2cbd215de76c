/* grant_test.c: a role comes into a hand by two persons, and never beside one that excludes it. */
#include "tests/identity/office.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_grant_tests[];

#define ACCOUNTANT "u1/agency_accountant/E1"

static void
propose(Office *office, const char *subject)
{
    office_expect(office, "", "ada", "grant", subject, "state", "proposed", "maker", "ada", NULL);
}

static void
test_two_persons(void)
{
    g_autoptr(Office) office = office_new();
    propose(office, ACCOUNTANT);
    g_autofree char *early = office_may(office, "u1", NULL, "claim", 'M', "E1");
    FISC_ASSERT_TEXT(early, "DUTY_MISSING");
    office_expect(office, "", "sol", "grant", ACCOUNTANT, "state", "active", "maker", "ada",
                  "checker", "sol", NULL);
    g_autofree char *late = office_may(office, "u1", NULL, "claim", 'M', "E1");
    FISC_ASSERT_TEXT(late, "");
}

/* Each row: who says what about a grant that Ada has proposed to u1. */
static void
test_one_person_is_not_two(void)
{
    static const struct {
        const char *actor, *checker, *state, *expected;
    } cases[] = {
        {"ada", "ada", "active", "SECOND_PERSON checker"}, /* the maker */
        {"u1", "u1", "active", "SECOND_PERSON checker"},   /* who would hold it */
        {"sol", "ada", "active", "VALUE_INVALID checker"}, /* in another's name */
        {"sol", NULL, "active", "VALUE_INVALID checker"},
        {"ghost", "ghost", "active", "PERSON_UNKNOWN checker"},
        {"sol", "sol", "approved", "DOCUMENT_STATE state"},
        {"ada", NULL, "proposed", "DOCUMENT_STATE state"}, /* twice */
        {"ada", NULL, "revoked", "DOCUMENT_STATE state"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Office) office = office_new();
        propose(office, ACCOUNTANT);
        office_expect(office, cases[i].expected, cases[i].actor, "grant", ACCOUNTANT, "state",
                      cases[i].state, "maker", "ada", "checker", cases[i].checker, NULL);
        g_autofree char *may = office_may(office, "u1", NULL, "claim", 'M', "E1");
        FISC_ASSERT_TEXT(may, "DUTY_MISSING");
    }
}

static void
test_nobody_grants_alone(void)
{
    g_autoptr(Office) office = office_new();
    office_expect(office, "SECOND_PERSON state", "ada", "grant", ACCOUNTANT, "state", "active",
                  "maker", "ada", "checker", "sol", NULL);
    office_expect(office, "VALUE_INVALID maker", "ada", "grant", ACCOUNTANT, "state", "proposed",
                  "maker", "sol", NULL);
    office_expect(office, "VALUE_INVALID maker", "ada", "grant", ACCOUNTANT, "state", "proposed",
                  "maker", "ada", "checker", "sol", NULL);
}

/* Kenya 2010-16, the other way round: the second pair of eyes is the first one's own delegate. */
static void
test_delegate_is_no_second_person(void)
{
    g_autoptr(Office) office = office_new();
    office_must_grant(office, "u2/approver/E1");
    office_must_grant(office, "u3/approver/E1");
    office_expect(office, "", "u2", "delegation", "u2/u4/approver/E1", "state", "active", "from",
                  "2024-06-01", "to", "2024-06-30", NULL);
    /* u4, delegate of u2, confirms what u2 proposes; and what u2 would hold. */
    office_expect(office, "", "u2", "grant", ACCOUNTANT, "state", "proposed", "maker", "u2", NULL);
    office_expect(office, "SOD_SAME_PRINCIPAL checker", "u4", "grant", ACCOUNTANT, "state",
                  "active", "maker", "u2", "checker", "u4", NULL);
    office_expect(office, "", "u3", "grant", "u4/approver/E2", "state", "proposed", "maker", "u3",
                  NULL);
    office_expect(office, "SOD_SAME_PRINCIPAL checker", "u2", "grant", "u4/approver/E2", "state",
                  "active", "maker", "u3", "checker", "u2", NULL);
    office_expect(office, "", "u3", "grant", ACCOUNTANT, "state", "active", "maker", "u2",
                  "checker", "u3", NULL);
}

static void
test_confirmed_as_proposed(void)
{
    static const struct {
        const char *from, *to, *maker, *reason, *expires;
    } changes[] = {
        {NULL, "2024-12-31", "ada", "leave", NULL},
        {"2024-07-01", "2025-12-31", "ada", "leave", NULL},
        {"2024-07-01", NULL, "ada", "leave", NULL},
        {"2024-07-01", "2024-12-31", "u4", "leave", NULL},
        {"2024-07-01", "2024-12-31", "ada", "another", NULL},
        {"2024-07-01", "2024-12-31", "ada", "leave", "2025-12-31"},
    };
    g_autoptr(Office) office = office_new();
    office_expect(office, "", "ada", "grant", ACCOUNTANT, "state", "proposed", "from", "2024-07-01",
                  "to", "2024-12-31", "maker", "ada", "reason", "leave", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(changes); i++) {
        office_expect(office, "DOCUMENT_CHANGED grant", "sol", "grant", ACCOUNTANT, "state",
                      "active", "from", changes[i].from, "to", changes[i].to, "maker",
                      changes[i].maker, "checker", "sol", "reason", changes[i].reason, "expires",
                      changes[i].expires, NULL);
    }
    office_expect(office, "", "sol", "grant", ACCOUNTANT, "state", "active", "from", "2024-07-01",
                  "to", "2024-12-31", "maker", "ada", "checker", "sol", "reason", "leave", NULL);
}

static void
test_words(void)
{
    static const struct {
        const char *subject, *from, *to, *expected;
    } cases[] = {
        {"u1/agency_accountant", NULL, NULL, "VALUE_INVALID grant"},
        {"u1//E1", NULL, NULL, "VALUE_INVALID grant"},
        {"nobody/approver/E1", NULL, NULL, "PERSON_UNKNOWN person"},
        {"u1/king/E1", NULL, NULL, "VALUE_INVALID role"},
        {"u1/approver/E1", "2024-02-30", NULL, "VALUE_INVALID from"},
        {"u1/approver/E1", NULL, "soon", "VALUE_INVALID to"},
        {"u1/approver/E1", "2024-08-01", "2024-07-01", "VALUE_INVALID to"},
        {"u1/approver/E1", NULL, "2024-06-14", "VALUE_INVALID to"},
    };
    g_autoptr(Office) office = office_new();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *got = office_grant(office, cases[i].subject, cases[i].from, cases[i].to);
        fisc_assert_text(got, cases[i].expected, cases[i].subject, __FILE__, __LINE__);
    }
    office_expect(office, "VALUE_INVALID superuser", "ada", "grant", ACCOUNTANT, "state",
                  "proposed", "maker", "ada", "superuser", "yes", NULL);
}

static void
test_dates(void)
{
    static const struct {
        int month, day;
        const char *expected;
    } days[] = {{6, 30, "DUTY_MISSING"}, {7, 1, ""}, {12, 31, ""}};
    g_autoptr(Office) office = office_new();
    g_autofree char *refused = office_grant(office, ACCOUNTANT, "2024-07-01", "2024-12-31");
    FISC_ASSERT_TEXT(refused, "");
    for (gsize i = 0; i < G_N_ELEMENTS(days); i++) {
        office->today = fisc_date_make(2024, days[i].month, days[i].day);
        g_autofree char *may = office_may(office, "u1", NULL, "claim", 'M', "E1");
        fisc_assert_text(may, days[i].expected, "day", __FILE__, __LINE__);
    }
    office->today = fisc_date_make(2025, 1, 1);
    g_autofree char *over = office_may(office, "u1", NULL, "claim", 'M', "E1");
    FISC_ASSERT_TEXT(over, "DUTY_MISSING");
}

static void
test_end(void)
{
    g_autoptr(Office) office = office_new();
    office_must_grant(office, ACCOUNTANT);
    office_expect(office, "DOCUMENT_CHANGED grant", "ada", "grant", ACCOUNTANT, "state", "revoked",
                  "to", "2030-01-01", "maker", "ada", "checker", "sol", NULL);
    office_expect(office, "", "ada", "grant", ACCOUNTANT, "state", "revoked", "maker", "ada",
                  "checker", "sol", "reason", "left", NULL);
    g_autofree char *may = office_may(office, "u1", NULL, "claim", 'M', "E1");
    FISC_ASSERT_TEXT(may, "DUTY_MISSING");
    /* Back only by two persons again. */
    office_expect(office, "SECOND_PERSON state", "sol", "grant", ACCOUNTANT, "state", "active",
                  "maker", "ada", "checker", "sol", NULL);
    office_must_grant(office, ACCOUNTANT);
}

/* One row: what u1 holds, what he would get, and whether that goes. */
static void
test_incompatible(void)
{
    static const struct {
        const char *held, *held_from, *held_to;
        const char *wanted, *from, *to;
        const char *expected;
    } cases[] = {
        {"agency_accountant/E1", NULL, NULL, "approver/E1", NULL, NULL, "ROLE_INCOMPATIBLE role"},
        {"agency_accountant/E1", NULL, NULL, "approver/*", NULL, NULL, "ROLE_INCOMPATIBLE role"},
        {"agency_accountant/*", NULL, NULL, "approver/E1", NULL, NULL, "ROLE_INCOMPATIBLE role"},
        {"agency_accountant/E1", NULL, NULL, "approver/E2", NULL, NULL, ""},
        {"agency_accountant/E1", NULL, NULL, "agency_accountant/E2", NULL, NULL, ""},
        {"agency_accountant/E1", NULL, NULL, "treasury_payer/E2", NULL, NULL,
         "ROLE_INCOMPATIBLE role"},
        /* Later dates: one day in common is too much, none is enough. */
        {"agency_accountant/E1", NULL, "2024-12-31", "approver/E1", "2025-01-01", NULL, ""},
        {"agency_accountant/E1", NULL, "2024-12-31", "approver/E1", "2024-12-31", NULL,
         "ROLE_INCOMPATIBLE role"},
        {"agency_accountant/E1", "2025-01-01", NULL, "approver/E1", NULL, NULL,
         "ROLE_INCOMPATIBLE role"},
        {"agency_accountant/E1", "2025-01-01", NULL, "approver/E1", NULL, "2024-12-31", ""},
        {"agency_accountant/E1", "2025-01-01", "2025-01-31", "approver/E1", "2025-01-10",
         "2025-01-11", "ROLE_INCOMPATIBLE role"},
        {"auditor/E1", NULL, NULL, "agency_accountant/E2", NULL, NULL, "ROLE_INCOMPATIBLE role"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Office) office = office_new();
        g_autofree char *held = g_strconcat("u1/", cases[i].held, NULL);
        g_autofree char *wanted = g_strconcat("u1/", cases[i].wanted, NULL);
        g_autofree char *first = office_grant(office, held, cases[i].held_from, cases[i].held_to);
        FISC_ASSERT_TEXT(first, "");
        g_autofree char *second = office_grant(office, wanted, cases[i].from, cases[i].to);
        g_autofree char *what = g_strdup_printf("case %d", (int)i);
        fisc_assert_text(second, cases[i].expected, what, __FILE__, __LINE__);
    }
}

/* Two proposals that are each harmless, confirmed one after the other. */
static void
test_incompatible_at_confirmation(void)
{
    g_autoptr(Office) office = office_new();
    propose(office, ACCOUNTANT);
    propose(office, "u1/approver/E1");
    office_expect(office, "", "sol", "grant", ACCOUNTANT, "state", "active", "maker", "ada",
                  "checker", "sol", NULL);
    office_expect(office, "ROLE_INCOMPATIBLE role", "sol", "grant", "u1/approver/E1", "state",
                  "active", "maker", "ada", "checker", "sol", NULL);
}

static void
test_exception(void)
{
    static const struct {
        const char *reason, *expires, *expected;
    } cases[] = {
        {NULL, "2024-08-31", "ROLE_INCOMPATIBLE role"},
        {"shortage of staff", NULL, "ROLE_INCOMPATIBLE role"},
        {"shortage of staff", "2025-06-16", "ROLE_INCOMPATIBLE role"}, /* more than a year */
        {"shortage of staff", "2024-06-14", "VALUE_INVALID to"},
        {"shortage of staff", "2024-08-31", ""},
    };
    g_autoptr(Office) office = office_new();
    office_must_grant(office, ACCOUNTANT);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        office_expect(office, cases[i].expected, "ada", "grant", "u1/approver/E1", "state",
                      "proposed", "maker", "ada", "reason", cases[i].reason, "expires",
                      cases[i].expires, NULL);
    }
    office_expect(office, "", "sol", "grant", "u1/approver/E1", "state", "active", "maker", "ada",
                  "checker", "sol", "reason", "shortage of staff", "expires", "2024-08-31", NULL);
    g_autofree char *may = office_may(office, "u1", NULL, "claim", 'A', "E1");
    FISC_ASSERT_TEXT(may, "");
    office->today = fisc_date_make(2024, 9, 1);
    g_autofree char *over = office_may(office, "u1", NULL, "claim", 'A', "E1");
    FISC_ASSERT_TEXT(over, "DUTY_MISSING");
}

/* Rule R21: allowed on different chains, and reported. */
static void
test_both_rights(void)
{
    g_autoptr(Office) office = office_new();
    office_must_grant(office, ACCOUNTANT);
    office_must_grant(office, "u2/treasury_payer/*");
    g_autoptr(GPtrArray) one_role = fisc_registry_both(office->registry, office->today);
    FISC_ASSERT_INT(one_role->len, 1); /* an accountant makes orders and claims */
    const FiscBothRights *both = one_role->pdata[0];
    FISC_ASSERT_TEXT(both->person->code, "u1");
    FISC_ASSERT_TEXT(both->what, "commitment M");
    FISC_ASSERT_TEXT(both->other_what, "claim M");
    office_expect(office, "", "ada", "grant", "u1/treasury_payer/E1", "state", "proposed", "maker",
                  "ada", "reason", "leave", "expires", "2024-06-30", NULL);
    office_expect(office, "", "sol", "grant", "u1/treasury_payer/E1", "state", "active", "maker",
                  "ada", "checker", "sol", "reason", "leave", "expires", "2024-06-30", NULL);
    g_autoptr(GPtrArray) two_roles = fisc_registry_both(office->registry, office->today);
    /* And now both of them, and journals and revenue, against payments. */
    FISC_ASSERT_INT(two_roles->len, 1 + 4);
    g_autoptr(GPtrArray) later = fisc_registry_both(office->registry, fisc_date_make(2024, 7, 1));
    FISC_ASSERT_INT(later->len, 1);
}

const FiscTest fisc_grant_tests[] = {
    {"needs two persons for a role", test_two_persons},
    {"takes neither the maker nor who would hold the role for the second person",
     test_one_person_is_not_two},
    {"refuses a grant by one person", test_nobody_grants_alone},
    {"takes no delegate or principal of theirs either (Kenya 2016)",
     test_delegate_is_no_second_person},
    {"confirms what was proposed, and nothing else", test_confirmed_as_proposed},
    {"refuses what is no grant", test_words},
    {"holds a role from its first to its last day", test_dates},
    {"ends a role by one person, for good", test_end},
    {"refuses roles that exclude each other, there and then (Tanzania 2018)", test_incompatible},
    {"looks again when the second proposal is confirmed", test_incompatible_at_confirmation},
    {"lets an exception in with a reason and a last day, and out again", test_exception},
    {"reports who holds both of two duties (R21)", test_both_rights},
    {NULL, NULL},
};

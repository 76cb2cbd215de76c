/* person_test.c: one human being is one person, nobody is locked out, and the policy takes two. */
#include "tests/identity/office.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_person_tests[];

static const uint8_t salt[FISC_IDENTITY_SALT] = {7};
static const uint8_t other_salt[FISC_IDENTITY_SALT] = {8};

static void
register_as(Office *office, const char *expected, const char *code, const char *id,
            const char *state)
{
    char name_digest[FISC_IDENTITY_DIGEST];
    char id_digest[FISC_IDENTITY_DIGEST];
    office_expect(office, expected, "ada", "person", code, "name_digest",
                  fisc_identity_name_digest(salt, code, name_digest), "id_digest",
                  fisc_identity_id_digest(salt, id, id_digest), "state", state, NULL);
}

/* Kenya 2010-16: some fifty users had several accounts. Ghana 2017: vendors with two ids. */
static void
test_one_identity(void)
{
    g_autoptr(Office) office = office_new();
    register_as(office, "", "eve", "KE-123 456.7", "active");
    register_as(office, "MASTER_CONFLICT id_digest", "eve2", "KE1234567", "active");
    register_as(office, "MASTER_CONFLICT id_digest", "eve2", "ke 1234567", "active");
    register_as(office, "", "eve", "KE1234567", "disabled");
    register_as(office, "MASTER_CONFLICT id_digest", "eve2", "KE1234567", "active");
    register_as(office, "MASTER_CONFLICT id_digest", "eve", "KE7654321", "active");
    register_as(office, "", "eve2", "KE7654321", "active");
}

static void
test_words(void)
{
    static const char *const codes[] = {"", "*", "a/b", "a b", "a\nb"};
    g_autoptr(Office) office = office_new();
    for (gsize i = 0; i < G_N_ELEMENTS(codes); i++) {
        register_as(office, "VALUE_INVALID person", codes[i], "X1", "active");
    }
    register_as(office, "VALUE_INVALID state", "eve", "X1", "retired");
    office_expect(office, "VALUE_INVALID name_digest", "ada", "person", "eve", "name_digest", "Eve",
                  "state", "active", NULL);
    office_expect(office, "VALUE_INVALID name", "ada", "person", "u1", "name", "u1", NULL);
    office_expect(office, "VALUE_INVALID name", "ada", "person", "eve", "name", "Eve", NULL);
    office_expect(office, "", "ada", "person", "eve", "name", "eve", NULL); /* her first act */
    office_expect(office, "VALUE_INVALID role", "ada", "person", "eve", "role", "administrator",
                  "state", "active", NULL);
}

static void
test_digests(void)
{
    char a[FISC_IDENTITY_DIGEST];
    char b[FISC_IDENTITY_DIGEST];
    FISC_ASSERT_INT(strlen(fisc_identity_id_digest(salt, "12-3", a)), 64);
    FISC_ASSERT_TEXT(fisc_identity_id_digest(salt, "1 23", b), a);
    CU_ASSERT_STRING_NOT_EQUAL(fisc_identity_id_digest(other_salt, "123", b), a);
    CU_ASSERT_STRING_NOT_EQUAL(fisc_identity_name_digest(salt, "123", b), a);
    CU_ASSERT_STRING_NOT_EQUAL(fisc_identity_id_digest(salt, "124", b), a);
}

static void
test_disabled(void)
{
    g_autoptr(Office) office = office_new();
    office_must_grant(office, "u1/approver/E1");
    office_expect(office, "", "u1", "delegation", "u1/u2/approver/E1", "state", "active", "from",
                  "2024-06-01", "to", "2024-06-30", NULL);
    register_as(office, "", "u1", "u1", "disabled");
    g_autofree char *own = office_may(office, "u1", NULL, "claim", 'A', "E1");
    FISC_ASSERT_TEXT(own, "PERSON_UNKNOWN");
    g_autofree char *delegated = office_may(office, "u2", "u1", "claim", 'A', "E1");
    FISC_ASSERT_TEXT(delegated, "PERSON_UNKNOWN");
    g_autofree char *refused = office_grant(office, "u1/approver/E2", NULL, NULL);
    FISC_ASSERT_TEXT(refused, "PERSON_UNKNOWN person");
}

/* The policy --------------------------------------------------------------------------------- */

static void
enforce(Office *office)
{
    office_expect(office, "", "ada", "policy", "duties", "enforced", "proposed", "maker", "ada",
                  NULL);
    office_expect(office, "", "sol", "policy", "duties", "enforced", "yes", "maker", "ada",
                  "checker", "sol", NULL);
    CU_ASSERT(fisc_registry_is_enforced(office->registry));
}

static void
test_enforcing_takes_two(void)
{
    static const struct {
        const char *actor, *maker, *checker, *expected;
    } cases[] = {
        {"ada", "ada", "ada", "SECOND_PERSON checker"},
        {"sol", "sol", "sol", "VALUE_INVALID checker"},
        {"sol", "ada", "ada", "VALUE_INVALID checker"},
        {"u1", "ada", "u1", "DUTY_MISSING checker"}, /* holds no grants */
        {"sol", "ada", "sol", ""},
    };
    g_autoptr(Office) office = office_new();
    office_expect(office, "SECOND_PERSON enforced", "sol", "policy", "duties", "enforced", "yes",
                  "maker", "ada", "checker", "sol", NULL);
    office_expect(office, "VALUE_INVALID maker", "sol", "policy", "duties", "enforced", "proposed",
                  "maker", "ada", NULL);
    office_expect(office, "VALUE_INVALID policy", "sol", "policy", "else", "enforced", "no", NULL);
    office_expect(office, "DUTY_MISSING maker", "u1", "policy", "duties", "enforced", "proposed",
                  "maker", "u1", NULL);
    office_expect(office, "", "ada", "policy", "duties", "enforced", "proposed", "maker", "ada",
                  NULL);
    CU_ASSERT_FALSE(fisc_registry_is_enforced(office->registry));
    FISC_ASSERT_TEXT(fisc_registry_enforcement(office->registry, office->today), "ada");
    office_expect(office, "VALUE_INVALID enforced", "sol", "policy", "duties", "enforced",
                  "proposed", "maker", "sol", NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        office_expect(office, cases[i].expected, cases[i].actor, "policy", "duties", "enforced",
                      "yes", "maker", cases[i].maker, "checker", cases[i].checker, NULL);
    }
    CU_ASSERT(fisc_registry_is_enforced(office->registry));
}

/* Nobody could confirm it any more: another proposes it. */
static void
test_enforcing_is_proposed_anew(void)
{
    g_autoptr(Office) office = office_new();
    office_must_grant(office, "u1/administrator/*");
    office_expect(office, "", "u1", "policy", "duties", "enforced", "proposed", "maker", "u1",
                  NULL);
    FISC_ASSERT_TEXT(fisc_registry_enforcement(office->registry, office->today), "u1");
    office_expect(office, "", "ada", "grant", "u1/administrator/*", "state", "revoked", "maker",
                  "ada", "checker", "sol", NULL);
    CU_ASSERT_PTR_NULL(fisc_registry_enforcement(office->registry, office->today));
    office_expect(office, "DUTY_MISSING checker", "sol", "policy", "duties", "enforced", "yes",
                  "maker", "u1", "checker", "sol", NULL);
    office_expect(office, "", "ada", "policy", "duties", "enforced", "proposed", "maker", "ada",
                  NULL);
    office_expect(office, "", "sol", "policy", "duties", "enforced", "yes", "maker", "ada",
                  "checker", "sol", NULL);
    CU_ASSERT(fisc_registry_is_enforced(office->registry));
}

/* A role that ends or that is held for one entity keeps nobody from being locked out. */
static void
test_enforcing_needs_two_who_stay(void)
{
    g_autoptr(Office) office = office_new();
    office_expect(office, "", "ada", "policy", "duties", "enforced", "proposed", "maker", "ada",
                  NULL);
    office_expect(office, "", "ada", "grant", "sol/security_officer/*", "state", "revoked", "maker",
                  "sol", "checker", "ada", NULL);
    office_expect(office, "", "ada", "grant", "sol/security_officer/*", "state", "proposed", "to",
                  "2030-12-31", "maker", "ada", NULL);
    office_expect(office, "", "u1", "grant", "sol/security_officer/*", "state", "active", "to",
                  "2030-12-31", "maker", "ada", "checker", "u1", NULL);
    office_expect(office, "SECOND_PERSON enforced", "sol", "policy", "duties", "enforced", "yes",
                  "maker", "ada", "checker", "sol", NULL);
}

/* One row: an event that would leave nobody to grant. */
static void
test_nobody_is_locked_out(void)
{
    g_autoptr(Office) office = office_new();
    enforce(office);
    register_as(office, "SECOND_PERSON state", "ada", "ada", "disabled");
    register_as(office, "SECOND_PERSON state", "sol", "sol", "disabled");
    office_expect(office, "SECOND_PERSON state", "ada", "grant", "sol/security_officer/*", "state",
                  "revoked", "maker", "sol", "checker", "ada", NULL);
    office_expect(office, "SECOND_PERSON rights", "ada", "duty", "administrator/grant", "rights",
                  "V", NULL);
    office_expect(office, "SECOND_PERSON rights", "ada", "duty", "security_officer/grant", "rights",
                  "M", NULL);
    /* With successors they may go. */
    office_must_grant(office, "u1/administrator/*");
    office_must_grant(office, "u2/security_officer/*");
    register_as(office, "", "ada", "ada", "disabled");
    office_expect(office, "", "u1", "grant", "sol/security_officer/*", "state", "revoked", "maker",
                  "sol", "checker", "ada", NULL);
    register_as(office, "SECOND_PERSON state", "u1", "u1", "disabled");
}

static void
test_matrix_records(void)
{
    static const struct {
        const char *kind, *subject, *name, *value, *second, *second_value, *expected;
    } cases[] = {
        {"duty", "approver/claim", "rights", "MA", NULL, NULL, ""},
        {"duty", "approver/claim", "rights", "V*H", NULL, NULL, ""},
        {"duty", "approver/claim", "rights", "*V", NULL, NULL, "VALUE_INVALID rights"},
        {"duty", "approver/claim", "rights", "MM", NULL, NULL, "VALUE_INVALID rights"},
        {"duty", "approver/claim", "rights", "X", NULL, NULL, "VALUE_INVALID rights"},
        {"duty", "approver", "rights", "M", NULL, NULL, "VALUE_INVALID duty"},
        {"duty", "Approver/claim", "rights", "M", NULL, NULL, "VALUE_INVALID duty"},
        {"approvals", "claim", "needs", "3", "by", "R", ""},
        {"approvals", "claim", "needs", "10", "by", "A", "VALUE_INVALID needs"},
        {"approvals", "claim", "needs", "1", "by", "M", "VALUE_INVALID by"},
        {"approvals", "grant", "needs", "1", "by", "R", "VALUE_INVALID by"}, /* nobody has it */
        {"conflict", "claim/commitment", "holds", "no", NULL, NULL, ""},
        {"conflict", "commitment/claim", "holds", "no", NULL, NULL, "VALUE_INVALID conflict"},
        {"conflict", "claim/claim", "holds", "yes", NULL, NULL, "VALUE_INVALID conflict"},
        {"conflict", "claim/dance", "holds", "yes", NULL, NULL, "VALUE_INVALID conflict"},
        {"exclusion", "approver/auditor", "scope", "entity", "exception", "never", ""},
        {"exclusion", "auditor/approver", "scope", "entity", "exception", "never",
         "VALUE_INVALID exclusion"},
        {"exclusion", "approver/auditor", "scope", "here", "exception", "never",
         "VALUE_INVALID scope"},
        {"exclusion", "approver/auditor", "scope", "entity", "exception", "ask",
         "VALUE_INVALID exception"},
    };
    g_autoptr(Office) office = office_new();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        office_expect(office, cases[i].expected, "ada", cases[i].kind, cases[i].subject,
                      cases[i].name, cases[i].value, cases[i].second, cases[i].second_value, NULL);
    }
    CU_ASSERT_FALSE(
        fisc_registry_conflict(office->registry, FISC_DUTY_CLAIM, FISC_DUTY_COMMITMENT));
    CU_ASSERT(fisc_registry_conflict(office->registry, FISC_DUTY_PAYMENT, FISC_DUTY_CLAIM));
}

/* What the engine takes back must be as if it had never been. */
static void
test_removal(void)
{
    static const char *const records[][2] = {
        {"grant", "u1/approver/E1"},   {"delegation", "u1/u2/approver/E1"},
        {"duty", "approver/claim"},    {"exclusion", "approver/auditor"},
        {"conflict", "claim/payment"}, {"approvals", "payment"},
        {"policy", "duties"},          {"person", "u1"},
    };
    g_autoptr(Office) office = office_new();
    office_must_grant(office, "u1/approver/E1");
    office_expect(office, "", "u1", "delegation", "u1/u2/approver/E1", "state", "active", "from",
                  "2024-06-01", "to", "2024-06-30", NULL);
    enforce(office);
    for (gsize i = 0; i < G_N_ELEMENTS(records); i++) {
        fisc_registry_remove(office->registry, records[i][0], records[i][1]);
        fisc_registry_remove(office->registry, records[i][0], records[i][1]);
    }
    CU_ASSERT_PTR_NULL(fisc_registry_grant(office->registry, "u1/approver/E1"));
    CU_ASSERT_PTR_NULL(fisc_registry_person(office->registry, "u1"));
    CU_ASSERT_FALSE(fisc_registry_share_hand(office->registry, "u1", "u2", office->today));
    CU_ASSERT_FALSE(fisc_registry_conflict(office->registry, FISC_DUTY_PAYMENT, FISC_DUTY_CLAIM));
    CU_ASSERT_FALSE(fisc_registry_is_enforced(office->registry));
    FISC_ASSERT_INT(fisc_registry_approvals(office->registry, "payment"), 0);
    FISC_ASSERT_TEXT(fisc_registry_rights(office->registry, "approver", "claim"), "");
}

/* A book is restored kind by kind: grants come before the persons they name. */
static void
test_any_order(void)
{
    g_autoptr(FiscRegistry) registry = fisc_registry_new();
    static const struct {
        const char *kind, *subject, *name, *value;
        int number;
    } records[] = {
        {"duty", "approver/claim", "rights", "A", 1},
        {"grant", "u1/approver/E1", "state", "active", 1},
        {"person", "u1", "state", "active", 1},
    };
    CU_ASSERT_PTR_NULL(fisc_registry_code(registry, 1));
    for (gsize i = 0; i < G_N_ELEMENTS(records); i++) {
        g_autoptr(GPtrArray) fields = g_ptr_array_new();
        g_ptr_array_add(fields, (char *)records[i].name);
        g_ptr_array_add(fields, (char *)records[i].value);
        fisc_registry_set(registry, records[i].kind, records[i].subject, records[i].number, fields);
    }
    FiscAct act = {.person = "u1", .action = "claim", .right = 'A', .entity = "E1"};
    CU_ASSERT(fisc_registry_judge(registry, &act, NULL));
    FISC_ASSERT_TEXT(fisc_registry_code(registry, 1), "u1");
}

const FiscTest fisc_person_tests[] = {
    {"refuses a second account of one national identity, however written (Kenya 2016)",
     test_one_identity},
    {"refuses what is no person, and fields it does not know", test_words},
    {"keeps digests that differ by salt and by what they are of", test_digests},
    {"takes every right of a disabled person, and of his delegates", test_disabled},
    {"brings the duties in force by two who grant", test_enforcing_takes_two},
    {"proposes enforcing anew when who proposed it could not confirm it any more",
     test_enforcing_is_proposed_anew},
    {"does not while nobody could grant for ever", test_enforcing_needs_two_who_stay},
    {"never lets the last two who grant go", test_nobody_is_locked_out},
    {"refuses records of the matrix that mean nothing", test_matrix_records},
    {"takes records back as if they had never been", test_removal},
    {"takes records in any order", test_any_order},
    {NULL, NULL},
};

/* matrix_test.c: the matrix of duties that the program ships, cell by cell, and what it must never
 * allow whatever it says. */
#include "tests/identity/office.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_matrix_tests[];

static const char letters[] = "MARVHPSL";

static void
check_record(const char *kind, const char *subject, GPtrArray *fields, void *counts)
{
    g_autoptr(FiscRegistry) registry = fisc_registry_new();
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscIdentityEvent event = {
        .kind = kind, .subject = subject, .fields = fields, .actor = "ada", .today = 0};
    fisc_registry_check(registry, &event, refusals);
    fisc_assert_int(refusals->len, 0, subject, __FILE__, __LINE__);
    int *count = g_hash_table_lookup(counts, kind);
    if (count == NULL) {
        count = g_new0(int, 1);
        g_hash_table_insert(counts, g_strdup(kind), count);
    }
    (*count)++;
}

static void
test_ships_whole(void)
{
    static const struct {
        const char *kind;
        int count;
    } expected[] = {{"approvals", 18}, {"duty", 18 * 9}, {"exclusion", 9 * 8 / 2}, {"conflict", 6}};
    g_autoptr(GHashTable) counts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    fisc_matrix_events(check_record, counts);
    FISC_ASSERT_INT(g_hash_table_size(counts), G_N_ELEMENTS(expected));
    for (gsize i = 0; i < G_N_ELEMENTS(expected); i++) {
        const int *count = g_hash_table_lookup(counts, expected[i].kind);
        fisc_assert_int(count != NULL ? *count : 0, expected[i].count, expected[i].kind, __FILE__,
                        __LINE__);
    }
}

/* The right that an 'A' stands for. */
static char
approving_right(const char *action)
{
    return strcmp(action, "payment") == 0 ? 'R' : 'A';
}

static bool
is_expected(const char *rights, const char *action, char letter, const char *entity)
{
    const char *found = strchr(rights, letter == 'A' ? approving_right(action) : letter);
    return found != NULL && (g_strcmp0(entity, "E1") == 0 || found[1] == '*');
}

/* One person holds one role of one entity. Whatever he tries there, elsewhere and for the whole of
 * the books is allowed by the cell, or refused. */
static void
check_cell(Office *office, const char *person, const char *role, const char *action)
{
    static const char *const entities[] = {"E1", "E2", NULL};
    const char *rights = fisc_registry_rights(office->registry, role, action);
    for (const char *letter = letters; *letter != '\0'; letter++) {
        for (gsize i = 0; i < G_N_ELEMENTS(entities); i++) {
            g_autofree char *what =
                g_strdup_printf("%s %s %c %s", role, action, *letter,
                                entities[i] != NULL ? entities[i] : "everywhere");
            g_autofree char *got = office_may(office, person, NULL, action, *letter, entities[i]);
            const char *expected =
                is_expected(rights, action, *letter, entities[i]) ? "" : "DUTY_MISSING";
            fisc_assert_text(got, expected, what, __FILE__, __LINE__);
        }
    }
}

static void
test_every_cell(void)
{
    g_autoptr(Office) office = office_new();
    g_autoptr(GPtrArray) roles = fisc_registry_roles(office->registry);
    g_autoptr(GPtrArray) actions = fisc_registry_actions(office->registry);
    FISC_ASSERT_INT(roles->len, 9);
    FISC_ASSERT_INT(actions->len, 18);
    for (guint i = 0; i < roles->len; i++) {
        g_autofree char *person = g_strdup_printf("p%u", i);
        g_autofree char *subject = g_strdup_printf("%s/%s/E1", person, (char *)roles->pdata[i]);
        office_person(office, person);
        office_must_grant(office, subject);
        for (guint k = 0; k < actions->len; k++) {
            check_cell(office, person, roles->pdata[i], actions->pdata[k]);
        }
    }
}

/* The cells that matter most, written down once more: the table must not drift unseen. */
static void
test_known_cells(void)
{
    static const struct {
        const char *role, *action, *rights;
    } cells[] = {
        {"ministry_officer", "budget", "MA"},
        {"ministry_officer", "commitment", "V"},
        {"ministry_officer", "grant", "P"},
        {"ministry_officer", "request", "A"},
        {"agency_accountant", "request", "M"},
        {"approver", "request", "A"},
        {"agency_accountant", "commitment", "M"},
        {"agency_accountant", "claim", "M"},
        {"agency_accountant", "payment", ""},
        {"agency_accountant", "period", "P"},
        {"approver", "claim", "A"},
        {"approver", "payment", ""},
        {"approver", "budget", "V"},
        {"treasury_payer", "payment", "MR"},
        {"treasury_payer", "direct_payment", "M"},
        {"ministry_officer", "direct_payment", "A"},
        {"treasury_payer", "claim", "V"},
        {"treasury_payer", "journal", ""},
        {"treasury_payer", "reconciliation", ""},
        {"auditor", "payment", "V*H"},
        {"auditor", "budget", "V*"},
        {"integration", "reconciliation", "S"},
        {"integration", "claim", ""},
        {"administrator", "grant", "M"},
        {"administrator", "payment", ""},
        {"administrator", "rules", "L"},
        {"dba", "system", "M"},
        {"dba", "payment", ""},
        {"security_officer", "grant", "A"},
        {"security_officer", "payment", ""},
    };
    g_autoptr(Office) office = office_new();
    for (gsize i = 0; i < G_N_ELEMENTS(cells); i++) {
        fisc_assert_text(fisc_registry_rights(office->registry, cells[i].role, cells[i].action),
                         cells[i].rights, cells[i].action, __FILE__, __LINE__);
    }
    FISC_ASSERT_INT(fisc_registry_approvals(office->registry, "payment"), 2);
    FISC_ASSERT_INT(fisc_registry_approvals(office->registry, "claim"), 1);
    FISC_ASSERT_INT(fisc_registry_approvals(office->registry, "nothing"), 0);
}

/* No role pays what it makes, none grants and confirms, auditors and services change nothing. */
static void
test_no_role_holds_both(void)
{
    static const char *const spending[] = {"budget", "commitment",     "claim",  "journal",
                                           "payee",  "reconciliation", "revenue"};
    g_autoptr(Office) office = office_new();
    g_autoptr(GPtrArray) roles = fisc_registry_roles(office->registry);
    for (guint i = 0; i < roles->len; i++) {
        const char *role = roles->pdata[i];
        bool pays = strpbrk(fisc_registry_rights(office->registry, role, "payment"), "MR") != NULL;
        for (gsize k = 0; k < G_N_ELEMENTS(spending); k++) {
            const char *rights = fisc_registry_rights(office->registry, role, spending[k]);
            fisc_assert_int(pays && strpbrk(rights, "MA") != NULL, 0, role, __FILE__, __LINE__);
            bool only_looks = strcmp(role, "auditor") == 0 || strcmp(role, "integration") == 0 ||
                              strcmp(role, "dba") == 0 || strcmp(role, "administrator") == 0;
            fisc_assert_int(only_looks && strpbrk(rights, "MAR") != NULL, 0, role, __FILE__,
                            __LINE__);
        }
        const char *grants = fisc_registry_rights(office->registry, role, "grant");
        fisc_assert_int(strchr(grants, 'M') && strchr(grants, 'A'), 0, role, __FILE__, __LINE__);
    }
}

/* Malawi 2013: who could delete rows in the database also had accounts in the system. */
static void
test_technical_roles_are_alone(void)
{
    static const char *const technical[] = {"administrator", "dba", "security_officer", "auditor",
                                            "integration"};
    g_autoptr(Office) office = office_new();
    g_autoptr(GPtrArray) roles = fisc_registry_roles(office->registry);
    int tried = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(technical); i++) {
        for (guint k = 0; k < roles->len; k++) {
            const char *other = roles->pdata[k];
            if (strcmp(technical[i], other) == 0) {
                continue;
            }
            g_autofree char *person = g_strdup_printf("t%d", tried++);
            g_autofree char *first = g_strdup_printf("%s/%s/E1", person, technical[i]);
            g_autofree char *second = g_strdup_printf("%s/%s/E2", person, other);
            office_person(office, person);
            office_must_grant(office, first);
            /* Not elsewhere, and not as an exception either. */
            office_expect(office, "ROLE_INCOMPATIBLE role", "ada", "grant", second, "state",
                          "proposed", "maker", "ada", "reason", "shortage of staff", "expires",
                          "2024-07-15", NULL);
        }
    }
    FISC_ASSERT_INT(tried, 5 * 8);
}

const FiscTest fisc_matrix_tests[] = {
    {"ships a whole matrix, every record of which is well formed", test_ships_whole},
    {"allows each role each right of its cell there, and nothing else anywhere (4.3)",
     test_every_cell},
    {"says what was agreed in the cells that matter most", test_known_cells},
    {"lets no role pay what it makes, or confirm what it grants (Tanzania 2018)",
     test_no_role_holds_both},
    {"keeps administrators, DBAs, officers, auditors and services out of every other role "
     "(Malawi 2013)",
     test_technical_roles_are_alone},
    {NULL, NULL},
};

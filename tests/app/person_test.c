/* person_test.c: persons and roles by way of the flows, on a real PostgreSQL. */
#include "fisc/identity.h"
#include "tests/app/school.h"
#include "tests/support/suite.h"
#include <libpq-fe.h>
#include <string.h>

extern const FiscTest fisc_person_walk_tests[];

/* "" or "CODE :0:field" of a receipt, which is freed. A failure of the system fails the test. */
static char *
outcome(bool is_done, FiscReceipt *receipt, GError *error)
{
    char *refusal = is_done ? books_first_refusal(receipt->refusals)
                            : g_strdup(fisc_error_name((FiscError)error->code));
    fisc_receipt_free(receipt);
    g_clear_error(&error);
    return refusal;
}

static char *
add(Books *books, const char *code, const char *name, const char *id)
{
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    bool is_done = fisc_flow_person_add(&books->ctx, code, name, id, &receipt, &error);
    return outcome(is_done, receipt, error);
}

static char *
propose(Books *books, const char *actor, FiscGrantWords words)
{
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    books->ctx.actor = actor;
    bool is_done = fisc_flow_grant_propose(&books->ctx, &words, &receipt, &error);
    return outcome(is_done, receipt, error);
}

static char *
decide(Books *books, const char *actor, FiscGrantWords words, const char *state)
{
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    books->ctx.actor = actor;
    bool is_done = fisc_flow_grant_decide(&books->ctx, &words, state, &receipt, &error);
    return outcome(is_done, receipt, error);
}

static char *
enforce(Books *books, const char *actor, bool *out_enforced)
{
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    books->ctx.actor = actor;
    bool is_done = fisc_flow_enforce(&books->ctx, out_enforced, &receipt, &error);
    return outcome(is_done, receipt, error);
}

static char *
init(Books *books, const char *administrator, const char *officer)
{
    FiscReceipt *receipt = NULL;
    GError *error = NULL;
    bool is_done = fisc_flow_person_init(&books->ctx, administrator, officer, &receipt, &error);
    return outcome(is_done, receipt, error);
}

static void
expect(char *got, const char *expected, int line)
{
    fisc_assert_text(got, expected, "outcome", __FILE__, line);
    g_free(got);
}
#define EXPECT(got, expected) expect((got), (expected), __LINE__)

/* The row of a table whose first cell is @key, its cells joined by "|"; "" when there is none. */
static char *
row_of(FiscTable *table, const char *key)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        if (strcmp(books_text(row, 0), key) == 0) {
            for (guint k = 0; k < table->columns->len; k++) {
                g_string_append_printf(text, "%s%s", k > 0 ? "|" : "", books_text(row, (int)k));
            }
        }
    }
    return g_string_free(text, FALSE);
}

static char *
list_row(Books *books, bool both, const char *key)
{
    g_autoptr(FiscTable) table = NULL;
    GError *error = NULL;
    CU_ASSERT_FATAL(fisc_flow_person_list(&books->ctx, both, &table, &error));
    return row_of(table, key);
}

static Books *
books_with_persons(void)
{
    Books *books = school_books();
    EXPECT(add(books, "ana", "Ana Ruiz", "12345678Z"), "");
    EXPECT(add(books, "ben", "Ben Oko", "X-7654321-B"), "");
    EXPECT(add(books, "carla", "Carla Mbeki", "KE 55"), "");
    return books;
}

static void
test_registering(void)
{
    g_autoptr(Books) books = books_with_persons();
    int64_t before = books_batch(books);
    EXPECT(add(books, "ana", "Ana Ruiz", "12345678-z"), "");
    FISC_ASSERT_INT(books_batch(books), before); /* the same once more is nothing new */
    EXPECT(add(books, "ana2", "Ana R.", "1234 5678 Z"), "MASTER_CONFLICT :0:id_digest");
    EXPECT(add(books, "ana", "Ana Ruiz", "999"), "MASTER_CONFLICT :0:id_digest");
    EXPECT(add(books, "ana", "Ana Ruiz de Soto", "12345678Z"), "");
    EXPECT(list_row(books, false, "ana"), "ana|Ana Ruiz de Soto|active|");
    EXPECT(list_row(books, false, "ana2"), "");
    books_expect(books, "select count(*) from ledger.person_name", "3");
}

/* Nothing of a name or a national identity is in the chain. */
static void
test_chain_knows_no_names(void)
{
    g_autoptr(Books) books = books_with_persons();
    books_expect(books,
                 "select count(*) from ledger.event"
                 " where array_to_string(fields, ' ') ~* 'ruiz|oko|12345678|7654321'",
                 "0");
    GError *error = NULL;
    CU_ASSERT(fisc_flow_person_forget(&books->ctx, "ana", &error));
    EXPECT(list_row(books, false, "ana"), "ana||active|");
    CU_ASSERT_FALSE(fisc_flow_person_forget(&books->ctx, "ana", &error));
    CU_ASSERT(g_error_matches(error, FISC_ERROR, FISC_ERROR_NOT_FOUND));
    g_clear_error(&error);
    /* The digest of the identity stays: she is still the only one. */
    EXPECT(add(books, "ana2", "Ana Ruiz", "12345678Z"), "MASTER_CONFLICT :0:id_digest");
}

static void
test_name_changed_behind_the_books(void)
{
    g_autoptr(Books) books = books_with_persons();
    g_free(books_ask(books, "update ledger.person_name set name = 'Eve' where person = 'ben'"
                            " returning name"));
    EXPECT(list_row(books, false, "ben"), "ben|Eve (not the name on record)|active|");
}

static const FiscGrantWords accountant = {
    .person = "carla", .role = "agency_accountant", .entity = "SCH"};

static void
test_from_open_to_enforced(void)
{
    g_autoptr(Books) books = books_with_persons();
    bool is_enforced = true;
    EXPECT(init(books, "ana", "ghost"), "PERSON_UNKNOWN :0:checker");
    EXPECT(init(books, "ana", "ana"), "SECOND_PERSON :0:checker");
    EXPECT(init(books, "ana", "ben"), "");
    EXPECT(enforce(books, "carla", &is_enforced), "DUTY_MISSING :0:maker");
    EXPECT(enforce(books, "ana", &is_enforced), "");
    CU_ASSERT_FALSE(is_enforced);
    EXPECT(enforce(books, "ana", &is_enforced), "SECOND_PERSON :0:checker");
    EXPECT(enforce(books, "carla", &is_enforced), "DUTY_MISSING :0:checker");
    EXPECT(enforce(books, "ben", &is_enforced), "");
    CU_ASSERT(is_enforced);

    EXPECT(propose(books, "carla", accountant), "DUTY_MISSING :0:actor");
    EXPECT(propose(books, "ana", accountant), "");
    EXPECT(decide(books, "ana", accountant, "active"), "DUTY_MISSING :0:actor");
    EXPECT(decide(books, "carla", accountant, "active"), "DUTY_MISSING :0:actor");
    EXPECT(decide(books, "ben", accountant, "active"), "");
    EXPECT(list_row(books, false, "carla"), "carla|Carla Mbeki|active|agency_accountant SCH");
    EXPECT(list_row(books, true, "carla"),
           "carla|commitment M|agency_accountant|SCH|claim M|agency_accountant|SCH||");
    /* Nobody is locked out. */
    FiscGrantWords officer = {.person = "ben", .role = "security_officer"};
    EXPECT(decide(books, "ana", officer, "revoked"), "SECOND_PERSON :0:state");
    EXPECT(decide(books, "ben", accountant, "revoked"), "");
    GError *error = NULL;
    books->ctx.actor = "carla";
    CU_ASSERT_FALSE(fisc_flow_person_forget(&books->ctx, "ana", &error));
    CU_ASSERT(g_error_matches(error, FISC_ERROR, FISC_ERROR_DENIED));
    g_clear_error(&error);
    FiscGrantWords unknown = {.person = "carla", .role = "auditor"};
    EXPECT(decide(books, "ben", unknown, "active"), "NOT_FOUND");
}

/* An engine that is restored from the tables decides as the one that took the events. */
static void
test_restored(void)
{
    g_autoptr(Books) books = books_with_persons();
    bool is_enforced = false;
    EXPECT(init(books, "ana", "ben"), "");
    EXPECT(enforce(books, "ana", &is_enforced), "");
    EXPECT(enforce(books, "ben", &is_enforced), "");
    books_close(books);
    books_open(books);
    books->ctx.actor = "carla";
    g_autoptr(FiscReceipt) refused =
        books_post(books, SCHOOL_HEADER SCHOOL_GOODS("11", "2024-05-31", "1.00"));
    FISC_ASSERT_INT(refused->refused, 1);
    const FiscResult *result = refused->results->pdata[0];
    g_autofree char *refusal = books_first_refusal(result->refusals);
    CU_ASSERT(g_str_has_prefix(refusal, "DUTY_MISSING text:2:"));
    books->ctx.actor = "tester"; /* who made these books, and is nobody */
    g_autoptr(FiscReceipt) stranger =
        books_post(books, SCHOOL_HEADER SCHOOL_GOODS("11", "2024-05-31", "1.00"));
    FISC_ASSERT_INT(stranger->refused, 1);
    books->ctx.on_behalf = "ana";
    books->ctx.actor = "carla";
    g_autoptr(FiscReceipt) delegate =
        books_post(books, SCHOOL_HEADER SCHOOL_GOODS("11", "2024-05-31", "1.00"));
    g_autofree char *on_behalf =
        books_first_refusal(((FiscResult *)delegate->results->pdata[0])->refusals);
    CU_ASSERT(g_str_has_prefix(on_behalf, "DELEGATION_INVALID text:2:"));
    books_expect_whole(books);
}

static void
test_tables(void)
{
    g_autoptr(Books) books = books_with_persons();
    g_autoptr(FiscTable) matrix = NULL;
    g_autoptr(FiscTable) rights = NULL;
    g_autoptr(FiscTable) show = NULL;
    GError *error = NULL;
    EXPECT(init(books, "ana", "ben"), "");
    CU_ASSERT_FATAL(fisc_flow_matrix(&books->ctx, &matrix, &error));
    /* Roles in order of the alphabet behind action and approvals. */
    EXPECT(row_of(matrix, "payment"), "payment|2||||V*H|||V||MR");
    CU_ASSERT_FATAL(fisc_flow_person_check(&books->ctx, "ben", "grant", "SCH", &rights, &error));
    const FiscRow *make = rights->rows->pdata[0];
    const FiscRow *approve = rights->rows->pdata[1];
    FISC_ASSERT_TEXT(books_text(make, 4), "no");
    FISC_ASSERT_TEXT(books_text(approve, 4), "yes");
    FISC_ASSERT_TEXT(books_text(approve, 5), "security_officer *");
    CU_ASSERT_FATAL(fisc_flow_person_show(&books->ctx, "ana", &show, &error));
    EXPECT(row_of(show, "grant"), "grant|administrator|*|active|||ana|ben|");
    CU_ASSERT_FALSE(fisc_flow_person_show(&books->ctx, "ghost", &show, &error));
    CU_ASSERT(g_error_matches(error, FISC_ERROR, FISC_ERROR_NOT_FOUND));
    g_clear_error(&error);
}

/* Readers of the books see no names, and nobody writes them but by the routine. */
static void
test_privileges(void)
{
    g_autoptr(Books) books = books_new();
    books_expect(books,
                 "select string_agg(r || ' ' || t || ' ' || p, ', ' order by r, t, p)"
                 "  from unnest(array['fisc_poster', 'fisc_reader']) r,"
                 "       unnest(array['ledger.person_name', 'ledger.identity_salt']) t,"
                 "       unnest(array['select', 'insert', 'update', 'delete', 'truncate']) p"
                 " where has_table_privilege(r, t, p)",
                 "fisc_poster ledger.person_name select, fisc_reader ledger.person_name select");
    books_expect(books,
                 "select count(*) from pg_proc p"
                 "  join pg_namespace n on n.oid = p.pronamespace and n.nspname = 'ledger',"
                 "  unnest(array['fisc_reader', 'public']) r"
                 " where p.proname in ('name_person', 'forget_person', 'identity_salt')"
                 "   and has_function_privilege(r, p.oid, 'execute')",
                 "0");
}

const FiscTest fisc_person_walk_tests[] = {
    {"registers a human being once, however the identity is written", test_registering},
    {"keeps names out of the chain, and forgets them", test_chain_knows_no_names},
    {"marks a name that was changed behind the books' back", test_name_changed_behind_the_books},
    {"goes from an open book to enforced duties by two persons", test_from_open_to_enforced},
    {"decides the same when it is restored, and refuses strangers", test_restored},
    {"prints the matrix, the rights and the roles", test_tables},
    {"lets readers see no names, and nobody write them but the routine", test_privileges},
    {NULL, NULL},
};

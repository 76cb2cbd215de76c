/* sealed_pull_test.c: the State's fisc takes the entries of a city's: once, corrected, altered on
 * the way, from books with another past. */
#include "core/base/sign.h"
#include "tests/server/two_fiscs.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_sealed_pull_tests[];

#define REVENUE                                                                                    \
    "select coalesce(sum(l.amount), 0) from (select unnest(coding) as c, unnest(amount) as amount" \
    " from ledger.entry) l join ledger.coding k on k.coding_id = l.c join ledger.master m"         \
    " on m.kind = 'account' and m.number = k.account_id where m.subject = '1331'"

/* That it ends so, and that nothing of it is kept or posted. */
static void
expect_refused(TwoFiscs *fiscs, Fault fault, const char *words)
{
    g_autofree char *before = books_ask(fiscs->state, "select count(*) from intake.body");
    int64_t batch = books_batch(fiscs->state);
    g_autofree char *told = two_fiscs_pull(fiscs, fault);
    fisc_assert_contains(told, "failed", words, __FILE__, __LINE__);
    fisc_assert_contains(told, words, words, __FILE__, __LINE__);
    books_expect(fiscs->state, "select count(*) from intake.body", before);
    FISC_ASSERT_INT(books_batch(fiscs->state), batch);
}

static void
test_takes_entries(void)
{
    g_autoptr(TwoFiscs) fiscs = two_fiscs_new();
    two_fiscs_expect_pull(fiscs, "2 posted 3");
    books_expect(fiscs->state, REVENUE, "-60000");
    int asked = g_atomic_int_get(&fiscs->between.asked);
    two_fiscs_expect_pull(fiscs, "1 unchanged 0");
    FISC_ASSERT_INT(g_atomic_int_get(&fiscs->between.asked), asked);
    /* One more of March, and of February one that is taken back in March. */
    books_must_post(fiscs->city, CITY_HEADER CITY_GETS("R4", "2024-03-09", "5.00", ""));
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(GError) error = NULL;
    FiscDate day = fisc_date_make(2024, 3, 31);
    CU_ASSERT_TRUE_FATAL(
        fisc_flow_reverse(&fiscs->city->ctx, "test", "CITY/R1", day, "wrong", &receipt, &error));
    two_fiscs_expect_pull(fiscs, "1 posted 2");
    FISC_ASSERT_INT(g_atomic_int_get(&fiscs->between.asked), asked + 1);
    books_expect(fiscs->state, REVENUE, "-10500");
    /* A correction is of the grant that it corrects. */
    books_expect(fiscs->state,
                 "select count(*) from ledger.entry where transfer = 'T-1' and source_id <> "
                 "(select number from ledger.master where kind = 'source' and subject = 'test')",
                 "2");
}

static void
test_matches_grants(void)
{
    g_autoptr(TwoFiscs) fiscs = two_fiscs_new();
    two_fiscs_expect_pull(fiscs, "2 posted 3");
    Node *state = node_start("--db", fiscs->state->admin, NULL);
    g_autofree char *header = two_fiscs_sign_in(fiscs->state);
    g_auto(ServingAnswer) got = {0};
    CU_ASSERT_TRUE_FATAL(node_ask(g_atomic_int_get(&state->port), "GET",
                                  "/v1/reports/transfers?period=2024&unit=STA&format=csv&columns="
                                  "transfer,payer,receiver,payer_amount,receiver_amount,state",
                                  header, NULL, &got));
    FISC_ASSERT_CONTAINS(got.body, "T-1,STA,CIT,500.00,500.00,matched\n");
    node_free(state);
}

static void
test_refuses_what_was_altered(void)
{
    g_autoptr(TwoFiscs) fiscs = two_fiscs_new();
    static const struct {
        Fault fault;
        const char *words;
    } cases[] = {
        {CUT, "sealed-CITY-2024-02-1.json: "},
        {ALTERED, "item 1 of the proof does not lead to the root of its batch"},
        {FEWER, "it has 1 of 2 entries"},
        {SWAPPED, "its entries are not in the order of their numbers"},
        {OTHER_KEY, "its head is not signed by a key that is trusted here"},
        {LIST, "the list of sealed entries is not signed by a key that is trusted here"},
        {DOWN, "answered 503"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        expect_refused(fiscs, cases[i].fault, cases[i].words);
    }
    two_fiscs_expect_pull(fiscs, "2 posted 3"); /* and back again */
    books_must_post(fiscs->city, CITY_HEADER CITY_GETS("R4", "2024-03-09", "5.00", ""));
    expect_refused(fiscs, ALTERED, "does not lead to the root");
    two_fiscs_expect_pull(fiscs, "1 posted 1");
}

/* Other books under the same key: an older copy, and one that was written on. */
static void
test_refuses_another_past(void)
{
    g_autoptr(TwoFiscs) fiscs = two_fiscs_new();
    two_fiscs_expect_pull(fiscs, "2 posted 3");
    Books *first = fiscs->city;
    Books *other = two_fiscs_city();
    two_fiscs_serve(fiscs, other);
    expect_refused(fiscs, HONEST, "its books do not continue those of");
    books_must_post(other, CITY_HEADER CITY_GETS("R8", "2024-03-09", "5.00", ""));
    books_must_post(other, CITY_HEADER CITY_GETS("R9", "2024-03-09", "5.00", ""));
    expect_refused(fiscs, HONEST, "its books do not continue those of");
    two_fiscs_serve(fiscs, first);
    two_fiscs_expect_pull(fiscs, "1 unchanged 0");
    books_free(other);
}

static void
test_refuses_another_key(void)
{
    g_autoptr(TwoFiscs) fiscs = two_fiscs_new();
    g_autoptr(FiscSignKey) key = NULL;
    g_assert(fisc_sign_key_new("other", &key, NULL));
    g_autofree char *text = fisc_sign_key_text(key);
    two_fiscs_trust(fiscs, text);
    expect_refused(fiscs, HONEST, "is not signed by a key that is trusted here");
}

const FiscTest fisc_sealed_pull_tests[] = {
    {"takes another fisc's entries once, and its corrections as they are", test_takes_entries},
    {"matches both sides of a grant", test_matches_grants},
    {"keeps nothing of what was altered on the way", test_refuses_what_was_altered},
    {"takes nothing from books that have another past", test_refuses_another_past},
    {"takes nothing that another key sealed", test_refuses_another_key},
    {NULL, NULL},
};

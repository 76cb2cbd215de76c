/* books_test.c: the controls of the bench: whoever's books are wrong, there are no figures. */
#include "bench/books.h"
#include "bench/peer.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_bench_books_tests[];

#define VOUCHERS 600
#define SEED 3

/* Books of fisc and of the peers with some vouchers in them. */
typedef struct {
    FiscBenchNation *nation;
    FiscBenchDatabase *database;
    FiscBenchBooks *books;
    FiscBenchPeer peer;
    FiscBenchRun imported;
    int64_t peer_posted, peer_refused;
} Stage;

static void
die_of(GError *error)
{
    if (error != NULL) {
        g_error("%s", error->message);
    }
}

/* Posts as a client does, one after the other. */
static void
post_some(Stage *stage, const FiscBenchPosting *posting, uint64_t stream)
{
    GError *error = NULL;
    FiscBenchRandom random = fisc_bench_random(SEED, stream);
    void *state = NULL;
    posting->begin(posting->shared, &state, &error);
    die_of(error);
    for (int i = 0; i < VOUCHERS; i++) {
        FiscBenchVoucher voucher;
        bool is_posted = false;
        fisc_bench_voucher_draw(stage->nation, &random, &voucher);
        posting->post(posting->shared, state, &voucher, &is_posted, &error);
        die_of(error);
        stage->peer_posted += is_posted ? 1 : 0;
        stage->peer_refused += is_posted ? 0 : 1;
    }
    posting->end(state);
}

static Stage *
stage_new(void)
{
    GError *error = NULL;
    Stage *stage = g_new0(Stage, 1);
    g_autofree char *uri = fisc_test_database_new();
    FiscBenchRandom random = fisc_bench_random(SEED, 9);
    stage->nation = fisc_bench_nation_new(SEED);
    fisc_bench_database_new(uri, &stage->database, &error);
    die_of(error);
    fisc_bench_books_open(stage->database, stage->nation, &stage->books, &error);
    die_of(error);
    fisc_bench_books_import_count(stage->books, VOUCHERS, &random, &stage->imported, &error);
    die_of(error);
    stage->peer = (FiscBenchPeer){stage->database, stage->nation};
    fisc_bench_peer_prepare(stage->database, stage->nation, &error);
    die_of(error);
    FiscBenchPosting row_locking = fisc_bench_peer_row_locking(&stage->peer);
    FiscBenchPosting plpgsql = fisc_bench_peer_plpgsql(&stage->peer);
    post_some(stage, &row_locking, 1);
    post_some(stage, &plpgsql, 2);
    return stage;
}

static void
stage_free(Stage *stage)
{
    fisc_bench_books_close(stage->books);
    fisc_bench_database_free(stage->database);
    fisc_bench_nation_free(stage->nation);
    g_free(stage);
}

/* NULL when everything adds up. */
static char *
find_wrong(Stage *stage)
{
    g_autoptr(GError) error = NULL;
    bool is_good =
        fisc_bench_books_check(stage->database, stage->imported.posted, stage->imported.refused,
                               &error) &&
        fisc_bench_peer_check(stage->database, stage->peer_posted, stage->peer_refused, &error);
    return is_good ? NULL : g_strdup(error->message);
}

static void
run_sql(Stage *stage, const char *sql)
{
    GError *error = NULL;
    fisc_bench_database_run(stage->database, sql, &error);
    die_of(error);
}

/* Each changes one thing, and changes it back. */
static const struct {
    const char *change;
    const char *back;
    const char *what;
} controls[] = {
    {"update ledger.balance set debit = debit + 1 where coding_id = 5",
     "update ledger.balance set debit = debit - 1 where coding_id = 5",
     "the balances are the sums of the lines"},
    {"update ledger.reference set digest = sha256(digest) where entry_id = 7",
     "update ledger.reference r set digest = e.digest from ledger.entry e"
     " where e.entry_id = r.entry_id and r.entry_id = 7",
     "every entry has its reference"},
    {"update ledger.batch set prev_hash = sha256(prev_hash) where batch_no = 2",
     "update ledger.batch b set prev_hash = p.hash from ledger.batch p"
     " where p.batch_no = b.batch_no - 1 and b.batch_no = 2",
     "every batch follows the one before"},
    {"update peer.balance set credit = credit + 1 where credit > 0",
     "update peer.balance set credit = credit - 1 where credit > 0",
     "the peers' balances are the sums of their lines"},
    {"update peer.budget set available = available - 2000000 where budget_id = 25",
     "update peer.budget set available = available + 2000000 where budget_id = 25",
     "no budget line of the peers is overdrawn"},
    {"update peer.budget set spent = spent + 1 where budget_id = 1",
     "update peer.budget set spent = spent - 1 where budget_id = 1",
     "what the peers' budget lines spent"},
    {"update peer.journal set status = 3 where reference = (select min(reference) from peer.journal"
     " where status = 1)",
     "update peer.journal set status = 1 where status = 3",
     "the peers' posted journals are those they acknowledged"},
};

static void
test_counts_only_right_books(void)
{
    Stage *stage = stage_new();
    FISC_ASSERT_INT(stage->imported.posted + stage->imported.refused, VOUCHERS);
    FISC_ASSERT_INT(stage->peer_posted + stage->peer_refused, 2 * VOUCHERS);
    CU_ASSERT(stage->imported.refused > 0 && stage->peer_refused > 0);
    g_autofree char *nothing = find_wrong(stage);
    FISC_ASSERT_TEXT(nothing, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(controls); i++) {
        run_sql(stage, controls[i].change);
        g_autofree char *wrong = find_wrong(stage);
        FISC_ASSERT_CONTAINS(wrong != NULL ? wrong : "", controls[i].what);
        run_sql(stage, controls[i].back);
    }
    stage->imported.posted++; /* an acknowledged entry that is not there */
    g_autofree char *lost = find_wrong(stage);
    FISC_ASSERT_CONTAINS(lost != NULL ? lost : "", "the entries are those acknowledged");
    stage_free(stage);
}

static void
test_gives_a_peer_the_first_answer_again(void)
{
    Stage *stage = stage_new();
    FiscBenchPosting postings[] = {fisc_bench_peer_row_locking(&stage->peer),
                                   fisc_bench_peer_plpgsql(&stage->peer)};
    for (gsize i = 0; i < G_N_ELEMENTS(postings); i++) {
        int64_t posted_before = stage->peer_posted;
        int64_t refused_before = stage->peer_refused;
        post_some(stage, &postings[i], 1); /* the vouchers of stage_new() */
        int64_t posted = stage->peer_posted - posted_before;
        FISC_ASSERT_INT(posted + stage->peer_refused - refused_before, VOUCHERS);
        stage->peer_posted = posted_before;
        stage->peer_refused = refused_before;
        g_autofree char *wrong = find_wrong(stage); /* nothing was written */
        FISC_ASSERT_TEXT(wrong, NULL);
    }
    stage_free(stage);
}

const FiscTest fisc_bench_books_tests[] = {
    {"gives figures only for books that add up, ours and the peers'", test_counts_only_right_books},
    {"gives a peer's client the first answer again, and writes nothing",
     test_gives_a_peer_the_first_answer_again},
    {NULL, NULL},
};

/* hledger_test.c: the books of a town that keeps a plain text journal, taken from its hledger-web:
 * first, again, grown, corrected, struck out, and while it was away. After each the books are what
 * hledger itself says, to the cent. */
#include "fisc/money.h"
#include "tests/feeders/servers.h"
#include "tests/feeders/town.h"
#include "tests/support/suite.h"
#include <stdio.h>
#include <string.h>
#include <utime.h>

extern const FiscTest fisc_hledger_tests[];

#define EXAMPLE FISC_SOURCE_DIR "/examples/hledger-town"
/* What the example's map makes of each account. */
#define BALANCES                                                                                   \
    "select a.name, coalesce(sum(b.amount), 0)::int8"                                              \
    "  from (values ('assets:bank', '%202'), ('liabilities:suppliers', '%308'),"                   \
    "               ('equity:opening', '6'), ('expenses:salaries', '2111'),"                       \
    "               ('expenses:social security', '2121'), ('expenses:supplies', '22'),"            \
    "               ('revenues:property tax', '113'), ('revenues:fees', '1422'),"                  \
    "               ('not yet classified', '2')) a (name, code)"                                   \
    "  join ledger.master m on m.kind = 'account' and m.subject like a.code"                       \
    "  join ledger.coding k on k.book_id = m.book_id and k.account_id = m.number"                  \
    "  join (select unnest(coding) as coding_id, unnest(amount) as amount from ledger.entry) b"    \
    "       using (coding_id)"                                                                     \
    " group by a.name having sum(b.amount) <> 0"

typedef struct {
    char *folder;
    HledgerWeb web;
    Town town;
    int64_t changed_at; /* of the journal; each change is later than any reading of it */
} Clerk;

static void
write_journal(Clerk *clerk, const char *text)
{
    town_write(clerk->folder, "town.journal", text);
    clerk->changed_at += 60;
    const struct utimbuf times = {clerk->changed_at, clerk->changed_at};
    utime(clerk->web.journal, &times);
}

static Clerk
clerk_new(const char *journal)
{
    Clerk clerk = {.folder = town_folder_new(), .changed_at = g_get_real_time() / 1000000};
    clerk.web.journal = g_build_filename(clerk.folder, "town.journal", NULL);
    write_journal(&clerk, journal);
    hledger_start(&clerk.web);
    g_autofree char *feeder =
        g_strdup_printf("hledger-web,http://127.0.0.1:%d/,transactions.json=journal.csv,together,"
                        "http=yes;private=127.0.0.1:%d",
                        clerk.web.port, clerk.web.port);
    clerk.town = town_new(feeder, EXAMPLE "/map");
    return clerk;
}

static void
clerk_free(Clerk *clerk)
{
    if (clerk->web.process != NULL) {
        hledger_stop(&clerk->web);
    }
    town_free(&clerk->town);
    g_free(clerk->web.journal);
    town_folder_free(clerk->folder);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Clerk, clerk_free)

static bool
is_skipped(void)
{
    const char *missing = hledger_missing();
    if (missing != NULL) {
        printf("\n    hledger-web is not tested: %s\n", missing);
    }
    return missing != NULL;
}

static char *
read_example(void)
{
    char *text = NULL;
    if (!g_file_get_contents(EXAMPLE "/town.journal", &text, NULL, NULL)) {
        g_error("the example is not there");
    }
    return text;
}

/* The example with other words in one place. */
static char *
alter(const char *from, const char *to)
{
    g_autofree char *text = read_example();
    g_auto(GStrv) sides = g_strsplit(text, from, -1);
    FISC_ASSERT_INT(g_strv_length(sides), 2);
    return g_strjoinv(to, sides);
}

/* What hledger itself reports: account -> minor units. */
static GHashTable *
ask_hledger(const Clerk *clerk)
{
    const char *const words[] = {"hledger", "-f", clerk->web.journal, "bal", "--flat", "-N", "-O",
                                 "csv",     NULL};
    g_autofree char *text = NULL;
    int status = -1;
    if (!g_spawn_sync(NULL, (char **)words, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, &text, NULL,
                      &status, NULL) ||
        status != 0) {
        g_error("hledger says no balances");
    }
    GHashTable *balances = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    for (int i = 1; lines[i] != NULL && lines[i][0] != '\0'; i++) {
        g_auto(GStrv) cells = g_strsplit(lines[i], "\"", -1); /* "account","12.30 EUR" */
        g_auto(GStrv) sum = g_strsplit(cells[3], " ", 2);
        int64_t *amount = g_new0(int64_t, 1);
        FISC_ASSERT_INT(fisc_amount_parse(sum[0], 2, '.', '\0', amount), 0);
        g_hash_table_insert(balances, g_strdup(cells[1]), amount);
    }
    return balances;
}

/* Their balances are ours. */
static void
expect_same_balances(const Clerk *clerk)
{
    g_autoptr(GHashTable) theirs = ask_hledger(clerk);
    g_autoptr(GHashTable) ours = books_ask_amounts(clerk->town.books, BALANCES);
    GHashTableIter iter;
    gpointer account, amount;
    CU_ASSERT_TRUE(g_hash_table_size(theirs) > 0);
    FISC_ASSERT_INT(g_hash_table_size(ours), g_hash_table_size(theirs));
    g_hash_table_iter_init(&iter, theirs);
    while (g_hash_table_iter_next(&iter, &account, &amount)) {
        const int64_t *own = g_hash_table_lookup(ours, account);
        FISC_ASSERT_INT(own != NULL ? *own : 0, *(int64_t *)amount);
    }
}

#define LATER                                                                                      \
    "\n2024-03-05 * (R-2) A fee  ; id:2024-5\n    assets:bank  7.07 EUR\n    revenues:fees\n"

static void
test_life(void)
{
    if (is_skipped()) {
        return;
    }
    g_autofree char *first = read_example();
    g_auto(Clerk) clerk = clerk_new(first);
    town_expect_pull(&clerk.town, "posted 9 0 0");
    expect_same_balances(&clerk);
    int64_t batch = books_batch(clerk.town.books);
    town_expect_pull(&clerk.town, "unchanged 0 0 0");
    FISC_ASSERT_INT(books_batch(clerk.town.books), batch);

    g_autofree char *grown = g_strconcat(first, LATER, NULL);
    write_journal(&clerk, grown);
    town_expect_pull(&clerk.town, "posted 1 0 9");
    expect_same_balances(&clerk);

    g_autofree char *corrected = alter("12.34 EUR", "21.43 EUR");
    write_journal(&clerk, corrected); /* and what came last is struck out */
    town_expect_pull(&clerk.town, "posted 1 2 8");
    expect_same_balances(&clerk);

    g_autofree char *moved = alter("; The books", "; Some remark\n\n; The books");
    write_journal(&clerk, moved); /* as at first, on other lines */
    town_expect_pull(&clerk.town, "posted 1 1 8");
    expect_same_balances(&clerk);
}

static void
test_away(void)
{
    if (is_skipped()) {
        return;
    }
    g_autofree char *first = read_example();
    g_auto(Clerk) clerk = clerk_new(first);
    clerk.town.tries = 1;
    hledger_stop(&clerk.web);
    town_expect_no_pull(&clerk.town, "failed", "127.0.0.1");
    town_expect_no_pull(&clerk.town, "failed", "127.0.0.1");
    books_expect(clerk.town.books, "select failures || ' ' || (next_at > now()) from intake.watch",
                 "2 true");
    hledger_start(&clerk.web);
    town_expect_pull(&clerk.town, "posted 9 0 0");
    books_expect(clerk.town.books, "select failures from intake.watch", "0");
    expect_same_balances(&clerk);
}

/* What cannot be taken whole is not taken at all; the next journal is. */
static void
test_refused(void)
{
    static const struct {
        const char *journal, *reason;
    } wrong[] = {
        {"2024-01-01 a\n    (budget:x)  1 EUR\n", "in parentheses"},
        {"2024-01-01 a\n    assets:bank  1.00 EUR\n    equity:opening  ; date:2024-02-01\n",
         "a date of its own"},
        {"2024-01-01 a\n    assets:bank  10 USD @ 0.90 EUR\n    assets:bank  -9.00 EUR\n",
         "do not add up to nothing in each currency"},
        {"2024-01-01 a  ; id:1\n    assets:bank  1 EUR\n    revenues:fees\n\n"
         "2024-01-02 a  ; id:1\n    assets:bank  1 EUR\n    revenues:fees\n",
         "two transactions have the id 1"},
        {"2024-01-01 a\n    assets:bank  1.001 EUR\n    revenues:fees\n", "AMOUNT_DECIMALS"},
    };
    if (is_skipped()) {
        return;
    }
    g_auto(Clerk) clerk = clerk_new(wrong[0].journal);
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        write_journal(&clerk, wrong[i].journal);
        town_expect_no_pull(&clerk.town, "quarantined", wrong[i].reason);
    }
    write_journal(&clerk, "2024-01-02 Fee\n    assets:bank  1 EUR\n    revenues:fees\n\n"
                          "2024-01-02 Fee\n    assets:bank  1.00 EUR\n    revenues:fees\n");
    town_expect_pull(&clerk.town, "posted 2 0 0"); /* two equal ones are two */
    expect_same_balances(&clerk);
    write_journal(&clerk, "2024-01-02 Unknown\n    assets:bank  -1 EUR\n    not yet classified\n");
    town_expect_pull(&clerk.town, "posted 1 2 0");
    expect_same_balances(&clerk);
}

const FiscTest fisc_hledger_tests[] = {
    {"a journal is taken, grows, is corrected and struck out; its balances are hledger's",
     test_life},
    {"a hledger-web that is away is asked again later", test_away},
    {"a journal that cannot be taken whole is quarantined whole", test_refused},
    {NULL, NULL},
};

/* settle_test.c: what has to be posted and reversed so that the books say what a source says: by
 * examples, and against a model that only keeps what stands. */
#include "integrations/settle.h"
#include "tests/support/suite.h"
#include <string.h>

#define ROUNDS 400
#define NAMES 8

/* Names of entries, some of which look like ours. */
static const char *const names[NAMES] = {"a",     "a@2",  "a/reversal",   "b",
                                         "b@1@x", "b@07", "c/reversal@3", "c"};

/* The books of one source: what was posted, in order. */
typedef struct {
    GArray *posted;     /* of FiscPostedReference */
    GHashTable *amount; /* reference -> amount */
    FiscPeriod closed;  /* periods up to this one are closed */
} Books;

static void
books_open(Books *books)
{
    books->posted = g_array_new(FALSE, TRUE, sizeof(FiscPostedReference));
    g_array_set_clear_func(books->posted, fisc_posted_reference_clear);
    books->amount = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    books->closed = 0;
}

static void
books_close(Books *books)
{
    g_array_unref(books->posted);
    g_hash_table_unref(books->amount);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Books, books_close)

static FiscPeriod
open_period(FiscPeriod period, gpointer data)
{
    const Books *books = data;
    return period > books->closed ? period : books->closed + 1;
}

static void
want(FiscSubmission *wanted, const char *name, int amount, int month)
{
    FiscEntry *entry = fisc_submission_entry(wanted);
    entry->entity = "TOWN";
    entry->reference = fisc_submission_text(wanted, name);
    entry->effective = fisc_date_make(2024, month, 10);
    FiscLine *line = fisc_entry_line(entry);
    line->account = "22";
    line->amount = amount;
    line = fisc_entry_line(entry);
    line->account = "3202";
    line->amount = -amount;
    fisc_entry_digest(entry);
}

static bool
is_posted(const Books *books, const char *reference)
{
    return g_hash_table_contains(books->amount, reference);
}

static void
post(Books *books, const char *reference, int64_t amount, FiscPeriod period,
     const uint8_t digest[32])
{
    FiscPostedReference row = {.reference = g_strdup(reference), .period = period};
    memcpy(row.digest, digest, sizeof row.digest);
    g_array_append_val(books->posted, row);
    g_hash_table_insert(books->amount, g_strdup(reference), GINT_TO_POINTER((int)amount));
}

/* Does what the settlement says; a reference is used once. */
static void
carry_out(Books *books, const FiscSubmission *wanted, const FiscSettlement *settlement)
{
    static const uint8_t nothing[32];
    for (guint i = 0; i < settlement->reversed->len; i++) {
        const char *reference = settlement->reversed->pdata[i];
        g_autofree char *own = g_strconcat(reference, "/reversal", NULL);
        CU_ASSERT_TRUE(is_posted(books, reference));
        CU_ASSERT_TRUE(!is_posted(books, own));
        post(books, own, -GPOINTER_TO_INT(g_hash_table_lookup(books->amount, reference)), 0,
             nothing);
    }
    for (guint i = 0; i < wanted->entries->len; i++) {
        const FiscEntry *entry = wanted->entries->pdata[i];
        CU_ASSERT_TRUE(!is_posted(books, entry->reference));
        FiscPeriod period = entry->period != 0 ? entry->period : fisc_period_of(entry->effective);
        CU_ASSERT_TRUE(period > books->closed);
        post(books, entry->reference, g_array_index(entry->lines, FiscLine, 0).amount, period,
             entry->digest);
    }
}

static int64_t
balance(const Books *books)
{
    int64_t sum = 0;
    GHashTableIter iter;
    gpointer amount;
    g_hash_table_iter_init(&iter, books->amount);
    while (g_hash_table_iter_next(&iter, NULL, &amount)) {
        sum += GPOINTER_TO_INT(amount);
    }
    return sum;
}

static int
settle(Books *books, FiscSubmission *wanted, FiscSettlement *out_settlement)
{
    fisc_settle(wanted, books->posted, open_period, books, out_settlement);
    carry_out(books, wanted, out_settlement);
    return out_settlement->posted + (int)out_settlement->reversed->len;
}

/* ---- examples ---- */

static void
test_posts_once(void)
{
    g_auto(Books) books;
    books_open(&books);
    for (int i = 0; i < 100; i++) {
        g_autoptr(FiscSubmission) wanted = fisc_submission_new("town", "ana");
        g_auto(FiscSettlement) settlement = {0};
        want(wanted, "12", 500, 3);
        FISC_ASSERT_INT(settle(&books, wanted, &settlement), i == 0 ? 1 : 0);
        FISC_ASSERT_INT(settlement.unchanged, i == 0 ? 0 : 1);
    }
    FISC_ASSERT_INT(balance(&books), 500);
}

static void
test_replaces_by_reversal(void)
{
    g_auto(Books) books;
    books_open(&books);
    static const int amounts[] = {500, 600, 500};
    static const char *const stands[] = {"12", "12@2", "12@3"};
    for (int i = 0; i < 3; i++) {
        g_autoptr(FiscSubmission) wanted = fisc_submission_new("town", "ana");
        g_auto(FiscSettlement) settlement = {0};
        want(wanted, "12", amounts[i], 3);
        settle(&books, wanted, &settlement);
        FISC_ASSERT_INT(settlement.reversed->len, i > 0);
        FISC_ASSERT_TEXT(((FiscEntry *)wanted->entries->pdata[0])->reference, stands[i]);
        FISC_ASSERT_INT(balance(&books), amounts[i]);
    }
    g_autoptr(FiscSubmission) nothing = fisc_submission_new("town", "ana");
    g_auto(FiscSettlement) settlement = {0};
    settle(&books, nothing, &settlement);
    FISC_ASSERT_TEXT(settlement.reversed->pdata[0], "12@3");
    FISC_ASSERT_INT(balance(&books), 0);
}

static void
test_late_event(void)
{
    g_auto(Books) books;
    books_open(&books);
    books.closed = 202403;
    for (int i = 0; i < 2; i++) {
        g_autoptr(FiscSubmission) wanted = fisc_submission_new("town", "ana");
        g_auto(FiscSettlement) settlement = {0};
        want(wanted, "12", 500, 3);
        want(wanted, "13", 700, 5);
        settle(&books, wanted, &settlement);
        FISC_ASSERT_INT(settlement.restated, i == 0 ? 1 : 0);
        FISC_ASSERT_INT(settlement.unchanged, i == 0 ? 0 : 2);
        if (i == 0) {
            const FiscEntry *late = wanted->entries->pdata[0];
            FISC_ASSERT_INT(late->period, 202404);
            FISC_ASSERT_INT(late->effective, fisc_date_make(2024, 3, 10));
        }
    }
}

static void
test_newest_first(void)
{
    g_auto(Books) books;
    books_open(&books);
    g_autoptr(FiscSubmission) wanted = fisc_submission_new("town", "ana");
    g_auto(FiscSettlement) first = {0};
    want(wanted, "order", 500, 3);
    want(wanted, "claim", 500, 4);
    settle(&books, wanted, &first);
    g_autoptr(FiscSubmission) nothing = fisc_submission_new("town", "ana");
    g_auto(FiscSettlement) settlement = {0};
    settle(&books, nothing, &settlement);
    FISC_ASSERT_TEXT(settlement.reversed->pdata[0], "claim");
    FISC_ASSERT_TEXT(settlement.reversed->pdata[1], "order");
}

/* ---- against a model: what stands is what was wanted last, whatever was before ---- */

static void
test_random(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(20241122);
    for (int round = 0; round < ROUNDS; round++) {
        g_auto(Books) books;
        books_open(&books);
        for (int pull = 0; pull < 12; pull++) {
            g_autoptr(FiscSubmission) wanted = fisc_submission_new("town", "ana");
            g_autoptr(FiscSubmission) again = fisc_submission_new("town", "ana");
            g_auto(FiscSettlement) settlement = {0};
            g_auto(FiscSettlement) nothing = {0};
            int64_t sum = 0;
            if (g_rand_int_range(random, 0, 6) == 0) {
                books.closed = 202400 + g_rand_int_range(random, 0, 8);
            }
            for (int i = 0; i < NAMES; i++) {
                int amount = g_rand_int_range(random, 0, 4);
                int month = g_rand_int_range(random, 1, 9);
                if (amount > 0) {
                    want(wanted, names[i], amount, month);
                    want(again, names[i], amount, month);
                    sum += amount;
                }
            }
            settle(&books, wanted, &settlement);
            FISC_ASSERT_INT(balance(&books), sum);
            FISC_ASSERT_INT(settle(&books, again, &nothing), 0);
        }
    }
}

const FiscTest fisc_settle_tests[] = {
    {"the same said a hundred times has one effect", test_posts_once},
    {"what is said differently is reversed and posted anew", test_replaces_by_reversal},
    {"a late event keeps its date and goes to the next open period", test_late_event},
    {"what came last is taken back first", test_newest_first},
    {"after any sequence of versions the books say the last one", test_random},
    {NULL, NULL},
};

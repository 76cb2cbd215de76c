/* verify_test.c: what verification says about single alterations, word for word; and what it does
 * when it begins later, or is asked to decide again. */
#include "fisc/verify.h"
#include "ledger/engine.h"
#include "ledger/head_log.h"
#include "tests/ledger/sealed_book.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include "tests/support/worksheet.h"
#include <string.h>

#define SEED 7
#define BATCHES 10

static const FiscVerifyOptions plain = {.since = 0};
static const FiscVerifyOptions full = {.full = true};

static SealedBook *
new_book(void)
{
    GRand *random = g_rand_new_with_seed(SEED);
    SealedBook *book = sealed_book_new(random, BATCHES);
    g_rand_free(random);
    return book;
}

static char *
text_of(const FiscVerifyReport *report)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < report->findings->len; i++) {
        g_autofree char *line = fisc_finding_to_text(report->findings->pdata[i]);
        g_string_append_printf(text, "%s\n", line);
    }
    return g_string_free(text, FALSE);
}

static void
expect_clean(const SealedBook *book, const FiscVerifyOptions *options)
{
    g_autoptr(FiscVerifyReport) report = sealed_book_verify(book, options);
    g_autofree char *text = text_of(report);
    FISC_ASSERT_TEXT(text, "");
}

static void
test_clean(void)
{
    g_autoptr(SealedBook) book = new_book();
    expect_clean(book, &plain);
    expect_clean(book, &full);
    g_autoptr(FiscVerifyReport) report = sealed_book_verify(book, &plain);
    FISC_ASSERT_INT(report->entries, sealed_book_number(book, "select count(*) from ledger.entry"));
    FISC_ASSERT_INT(report->lines, sealed_book_number(book, "select count(*) from ledger.line"));
    FISC_ASSERT_INT(report->events, sealed_book_number(book, "select count(*) from ledger.event"));
    FISC_ASSERT_INT(report->refusals,
                    sealed_book_number(book, "select count(*) from ledger.refusal"));
    FISC_ASSERT_INT(report->codings,
                    sealed_book_number(book, "select count(*) from ledger.coding"));
    FISC_ASSERT_INT(report->last_batch,
                    sealed_book_number(book, "select max(batch_no) from ledger.batch"));
    CU_ASSERT_TRUE(report->refusals > 0 && report->entries > 20);
}

/* The book must hold what the other tests alter, or they would say little. */
static void
test_book_is_rich(void)
{
    static const char *const questions[] = {
        "corrects is not null",
        "memo is not null",
        "document <> ''",
        "transfer <> ''",
        "financial = 0",
        "cardinality(amount) >= 4",
        "item is not null and cardinality(amount) > 2",
        "foreign_amount is not null",
        "hands is not null",
    };
    g_autoptr(SealedBook) book = new_book();
    for (gsize i = 0; i < G_N_ELEMENTS(questions); i++) {
        int64_t count =
            sealed_book_number(book, "select count(*) from ledger.entry where %s", questions[i]);
        fisc_assert_int(count > 0, 1, questions[i], __FILE__, __LINE__);
    }
    CU_ASSERT_TRUE(sealed_book_number(book, "select count(*) from ledger.open_item") > 0);
    CU_ASSERT_TRUE(sealed_book_number(book, "select count(*) from ledger.refusal"
                                            " where code = array['PERIOD_NOT_OPEN']") > 0);
    CU_ASSERT_TRUE(sealed_book_number(book, "select count(*) from ledger.entry e, ledger.checkpoint"
                                            " where entry_id > upto_entry") > 0);
}

/* %1$lld is the entry that is altered: one below the checkpoint with two financial lines or more.
 */
typedef struct {
    const char *sql;
    const char *says;
} Alteration;

static const Alteration alterations[] = {
    {"update ledger.entry set amount = array[amount[2], amount[1]] || amount[3:] where entry_id = "
     "%1$lld",
     "line 1: altered: its amount and that of line 2 were exchanged"},
    {"update ledger.entry set amount = array[amount[1] + 100, amount[2] - 100] || amount[3:]"
     " where entry_id = %1$lld",
     "line 1: altered: amounts were altered: line 1 is "},
    {"update ledger.entry set amount[1] = amount[1] + 100 where entry_id = %1$lld",
     "line 1: altered: its amount is "},
    {"update ledger.entry set coding = array[coding[2], coding[1]] || coding[3:]"
     " where entry_id = %1$lld",
     "altered: its "},
    {"update ledger.entry set maker = 1 where entry_id = %1$lld",
     "altered: its maker is 1, sealed was 2"},
    {"update ledger.entry set effective = effective - 40 where entry_id = %1$lld",
     "altered: its effective date is "},
    {"update ledger.entry set effective = '-infinity' where entry_id = %1$lld",
     "altered: its effective date is no date, sealed was 2024-"},
    {"update ledger.entry set reverses = not reverses where entry_id = %1$lld",
     "altered: its reverses was turned to "},
    {"update ledger.entry set corrects = 3 where entry_id = %1$lld",
     "altered: its corrects is 3, sealed was "},
    {"update ledger.entry set reference = 'mine' where entry_id = %1$lld",
     "altered: its reference is mine, sealed was first/"},
    {"update ledger.entry set digest = sha256('x') where entry_id = %1$lld",
     "altered: its digest was altered"},
    {"update ledger.entry set source_id = 1 where entry_id = %1$lld",
     "altered: its source_id is 1, sealed was 2"},
    {"update ledger.entry set hash = sha256('x') where entry_id = %1$lld",
     "altered: its stored hash was altered; all else is as sealed"},
    {"update ledger.entry set document = 'made up, and long' where entry_id = %1$lld",
     "altered: its "},
    {"update ledger.entry set amount = '{{1,-1},{2,-2}}' where entry_id = %1$lld",
     "altered: its arrays are not what was sealed"},
    {"delete from ledger.entry where entry_id = %1$lld", "missing: item "},
    {"delete from ledger.reference where entry_id = %1$lld", "missing: entry "},
    {"update ledger.reference set digest = sha256('x') where entry_id = %1$lld",
     "which has another digest"},
};

static int64_t
pick_entry(const SealedBook *book)
{
    return sealed_book_number(book, "select min(entry_id) from ledger.entry, ledger.checkpoint"
                                    " where entry_id <= upto_entry and financial >= 4"
                                    " and reference like 'first/%%' and abs(amount[1]) > 200"
                                    " and amount[1] <> -amount[2] + 1 and corrects is null"
                                    " and coding[1] <> coding[2]");
}

static void
test_alterations(void)
{
    g_autoptr(SealedBook) book = new_book();
    int64_t entry_id = pick_entry(book);
    CU_ASSERT_TRUE(entry_id > 0);
    for (gsize i = 0; i < G_N_ELEMENTS(alterations); i++) {
        g_autoptr(SealedBook) copy = sealed_book_copy(book);
        g_auto(GStrv) parts = g_strsplit(alterations[i].sql, "%1$lld", 2);
        sealed_book_run(copy, "%s%" G_GINT64_FORMAT "%s", parts[0], entry_id, parts[1]);
        g_autoptr(FiscVerifyReport) report = sealed_book_verify(copy, &plain);
        g_autofree char *text = text_of(report);
        fisc_assert_contains(text, alterations[i].says, alterations[i].sql, __FILE__, __LINE__);
    }
}

/* An alteration that a guess explains is one finding, not an avalanche. */
static void
test_says_it_once(void)
{
    g_autoptr(SealedBook) book = new_book();
    g_autoptr(SealedBook) copy = sealed_book_copy(book);
    sealed_book_run(copy,
                    "update ledger.entry set amount = array[amount[1] + 100, amount[2] - 100] ||"
                    " amount[3:] where entry_id = %" G_GINT64_FORMAT,
                    pick_entry(book));
    g_autoptr(FiscVerifyReport) report = sealed_book_verify(copy, &plain);
    FISC_ASSERT_INT(report->findings->len, 1);
}

static void
test_forgets_memos(void)
{
    g_autoptr(SealedBook) book = new_book();
    g_autoptr(SealedBook) copy = sealed_book_copy(book);
    CU_ASSERT_TRUE(sealed_book_run(copy, "update ledger.entry set memo = null, memo_salt = null") >
                   0);
    expect_clean(copy, &full);
}

static void
test_since(void)
{
    g_autoptr(SealedBook) book = new_book();
    g_autoptr(SealedBook) copy = sealed_book_copy(book);
    int64_t last = sealed_book_number(book, "select max(batch_no) from ledger.batch");
    FiscVerifyOptions since = {.since = last - 1};
    expect_clean(book, &since);
    sealed_book_run(copy, "update ledger.entry set maker = maker + 1 where batch_no = 2");
    expect_clean(copy, &since);
    sealed_book_run(copy,
                    "update ledger.entry set maker = maker + 1 where batch_no = %" G_GINT64_FORMAT
                    " and entry_id = (select max(entry_id) from ledger.entry)",
                    last);
    g_autoptr(FiscVerifyReport) report = sealed_book_verify(copy, &since);
    FISC_ASSERT_INT(report->findings->len, 1);
    FISC_ASSERT_INT(report->batches, 2);
    FiscVerifyOptions beyond = {.since = last + 2};
    FiscVerifyReport *none = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_FALSE(fisc_verify(book->pool, 1, &beyond, &none, &error));
    CU_ASSERT_TRUE(g_error_matches(error, FISC_ERROR, FISC_ERROR_NOT_FOUND));
}

static void
test_options(void)
{
    g_autoptr(SealedBook) book = new_book();
    const FiscVerifyOptions wrong[] = {
        {.full = true, .since = 3},
        {.head_key = "/nowhere"},
        {.witness_key = "/nowhere"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(wrong); i++) {
        FiscVerifyReport *report = NULL;
        g_autoptr(GError) error = NULL;
        CU_ASSERT_FALSE(fisc_verify(book->pool, 1, &wrong[i], &report, &error));
        CU_ASSERT_TRUE(g_error_matches(error, FISC_ERROR, FISC_ERROR_USAGE));
    }
}

/* Decisions -------------------------------------------------------------------------------- */

/* Takes the place of a program that posts what the engine would refuse: the append routine does not
 * know about funds. */
static void
append_as_program(const SealedBook *book, const char *lower_limits, const char *text)
{
    FiscPoster *poster = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(FiscSubmission) submission = fisc_worksheet_submission("test", text);
    GError *error = NULL;
    /* The control is hidden from the poster while it decides, and back when others look. */
    sealed_book_run(book,
                    "create table kept as select * from ledger.master where kind = 'control'");
    sealed_book_run(book, "%s", lower_limits);
    g_assert(fisc_poster_open(book->pool, 1, &poster, &error));
    g_assert(fisc_poster_submit(poster, submission, &receipt, &error));
    fisc_poster_close(poster);
    FISC_ASSERT_INT(receipt->posted, 1);
    sealed_book_run(book, "insert into ledger.master select * from kept on conflict do nothing");
    sealed_book_run(book, "drop table kept");
}

static void
test_decides_again(void)
{
    g_autoptr(SealedBook) book = new_book();
    g_autoptr(SealedBook) copy = sealed_book_copy(book);
    append_as_program(copy, "delete from ledger.master where kind = 'control'",
                      "move X1 E available>commitment 99999 programme=1\n");
    expect_clean(copy, &plain);
    g_autoptr(FiscVerifyReport) report = sealed_book_verify(copy, &full);
    g_autofree char *text = text_of(report);
    FISC_ASSERT_INT(report->findings->len, 1);
    FISC_ASSERT_CONTAINS(text, "(X1): unfounded: the engine refuses it: BUDGET_EXCEEDED, control "
                               "vote, key entity=E programme=1 year=2024: limit 90000, consumed ");
    FISC_ASSERT_CONTAINS(text, "requested 9999900");
}

/* Refusals that were altered and sealed anew as a whole: only deciding again can tell. */
static void
test_judges_refusals(void)
{
    static const struct {
        const char *change;
        const char *says;
    } cases[] = {
        {"ceiling[1] = ceiling[1] + 1", "unfounded: key entity="},
        {"consumed[1] = consumed[1] - 1", "unfounded: key entity="},
        {"requested[1] = 1", "the engine does not refuse it"},
        {"control[1] = 'other'", "control other was not in force"},
        {"code[1] = 'NO_BUDGET'", "the engine does not refuse it"},
    };
    g_autoptr(SealedBook) book = new_book();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SealedBook) copy = sealed_book_copy(book);
        FISC_ASSERT_INT(sealed_book_run(copy,
                                        "update ledger.refusal set %s where item_id = (select"
                                        " min(item_id) from ledger.refusal where code ="
                                        " array['BUDGET_EXCEEDED'] and consumed[1] < ceiling[1])",
                                        cases[i].change),
                        1);
        sealed_book_seal(copy, 1);
        expect_clean(copy, &plain);
        g_autoptr(FiscVerifyReport) report = sealed_book_verify(copy, &full);
        g_autofree char *text = text_of(report);
        fisc_assert_contains(text, cases[i].says, cases[i].change, __FILE__, __LINE__);
        FISC_ASSERT_INT(report->findings->len, 1);
    }
}

const FiscTest fisc_verify_tests[] = {
    {"finds nothing in a clean book, and counts all of it", test_clean},
    {"has a book with everything in it", test_book_is_rich},
    {"says what was altered, as far as it can be told", test_alterations},
    {"says it once", test_says_it_once},
    {"lets a memo be forgotten", test_forgets_memos},
    {"begins at a later batch, and looks at that and what follows", test_since},
    {"refuses options that make no sense", test_options},
    {"names an entry that the engine would have refused", test_decides_again},
    {"names a refusal that does not follow from the log", test_judges_refusals},
    {NULL, NULL},
};

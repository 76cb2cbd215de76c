/* control_book_test.c: controls on a real PostgreSQL: what is read back after a restart, from the
 * checkpoint and from the tail, decides as before; and a full verification agrees with all of it.
 */
#include "fisc/poster.h"
#include "fisc/verify.h"
#include "ledger/engine.h"
#include "tests/ledger/poster_books.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include "tests/support/worksheet.h"
#include <string.h>

/* Posts every entry on its own; what each was refused for and warned of, in order. */
static char *
post(const Books *books, const char *text)
{
    GError *error = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(FiscSubmission) submission = fisc_worksheet_submission("test", text);
    GString *answers = g_string_new(NULL);
    submission->record_refusals = true;
    fisc_poster_submit_each(books->poster, submission, &receipt, &error);
    die_of(error);
    for (guint i = 0; i < receipt->results->len; i++) {
        const FiscResult *result = receipt->results->pdata[i];
        const FiscRefusals *said = result->refusals != NULL ? result->refusals : result->warnings;
        for (guint k = 0; said != NULL && k < said->len; k++) {
            const FiscRefusal *refusal = said->pdata[k];
            g_string_append_printf(answers, "%s %s %s %s\n", result->reference,
                                   fisc_error_name(refusal->code), refusal->control, refusal->key);
        }
    }
    for (guint i = 0; receipt->refusals != NULL && i < receipt->refusals->len; i++) {
        const FiscRefusal *refusal = receipt->refusals->pdata[i];
        g_string_append_printf(answers, "%s\n", refusal->detail);
    }
    return g_string_free(answers, FALSE);
}

static void
expect(const Books *books, const char *text, const char *expected)
{
    g_autofree char *answers = post(books, text);
    fisc_assert_text(answers, expected, text, __FILE__, __LINE__);
}

/* Every key, as the funds answer has it. */
static char *
funds_of(const Books *books)
{
    static const char *const any[FISC_DIM_COUNT] = {NULL};
    g_autoptr(GPtrArray) funds = NULL;
    GError *error = NULL;
    GString *text = g_string_new(NULL);
    fisc_poster_funds(books->poster, NULL, 2024, any, &funds, &error);
    die_of(error);
    for (guint i = 0; i < funds->len; i++) {
        const FiscFunds *item = funds->pdata[i];
        g_string_append_printf(text, "%s %s: %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT "\n",
                               item->control, item->key, item->consumed, item->limit);
    }
    return g_string_free(text, FALSE);
}

static void
restart(Books *books, bool with_checkpoint)
{
    GError *error = NULL;
    g_autofree char *before = funds_of(books);
    if (with_checkpoint) {
        fisc_poster_checkpoint(books->poster, &error);
        die_of(error);
    }
    close_books(books);
    open_books(books);
    g_autofree char *after = funds_of(books);
    FISC_ASSERT_TEXT(after, before);
}

static void
expect_clean(const Books *books)
{
    static const FiscVerifyOptions full = {.full = true};
    g_autoptr(FiscVerifyReport) report = NULL;
    g_autoptr(GString) text = g_string_new(NULL);
    GError *error = NULL;
    fisc_verify(books->pool, 1, &full, &report, &error);
    die_of(error);
    for (guint i = 0; i < report->findings->len; i++) {
        g_autofree char *line = fisc_finding_to_text(report->findings->pdata[i]);
        g_string_append_printf(text, "%s\n", line);
    }
    FISC_ASSERT_TEXT(text->str, "");
}

#define LAW                                                                                        \
    "entity E Ministry\n"                                                                          \
    "event segment programme/P name=Policy\n"                                                      \
    "event segment programme/a name=Schools parent=P\n"                                            \
    "event segment programme/b name=Roads parent=P\n"                                              \
    "event segment programme/a1 name=Primary parent=a\n"                                           \
    "control vote absolute refuse 'entity programme@2' tolerance=5\n"                              \
    "control quarter absolute refuse 'entity programme@2' limit=release interval=quarter\n"        \
    "control article advisory zero 'entity programme' boundary=period warn=90\n"                   \
    "control share absolute refuse 'entity section' \n"                                            \
    "control cash absolute zero entity accounts=6202 side=debit\n"
#define BUDGET                                                                                     \
    "enact A1@2024-01-02 E 1000 programme=a1\n"                                                    \
    "enact A2@2024-01-02 E 500 programme=b section=S\n"                                            \
    "move L1@2024-01-02 E release>allotted 300 programme=a\n"                                      \
    "move L2@2024-04-02 E release>allotted 300 programme=a\n"                                      \
    "post C1@2024-01-02 E dr 3202 100 cr 1111 100\n"

static void
test_restart(void)
{
    g_autofree char *admin = fisc_test_database_new();
    Books books = {.uri = fisc_test_poster_uri(admin)};
    open_books(&books);
    expect(&books, LAW BUDGET, "");
    expect(&books,
           "move U1@2024-02-02 E available>commitment 300 programme=a1\n"
           "move U2@2024-02-02 E available>commitment 1 programme=a1\n"
           "move U3@2024-05-02 E available>commitment 250 programme=a\n"
           "post P1@2024-05-02 E dr 22 101 cr 3202 101\n",
           "U2 BUDGET_EXCEEDED quarter entity=E programme=a year=2024 quarter=1\n"
           "U3 BUDGET_ADVISORY article entity=E programme=a year=2024 to=202405\n"
           "P1 BUDGET_EXCEEDED cash entity=E year=2024\n");
    restart(&books, true);
    expect(&books,
           "move U4@2024-06-02 E available>commitment 51 programme=a1\n"
           "move U5@2024-06-02 E available>commitment 50 programme=a1\n"
           "post P2@2024-05-02 E dr 22 100 cr 3202 100\n",
           "U4 BUDGET_EXCEEDED quarter entity=E programme=a year=2024 quarter=2\n");
    restart(&books, false); /* the checkpoint, and the tail behind it */
    expect(&books, "event segment programme/a1 name=Primary parent=b\n", "");
    restart(&books, true);
    expect(&books, "move U6@2024-06-02 E available>commitment 1 programme=b\n",
           "U6 NO_BUDGET quarter entity=E programme=b year=2024 quarter=2\n");
    expect_clean(&books);
    close_books(&books);
    g_free(books.uri);
}

static void
test_exceptions(void)
{
    /* Overrides expire by the day of the batch, which verification is told of each. */
    g_autofree char *admin = fisc_test_database_new();
    Books books = {.uri = fisc_test_poster_uri(admin)};
    open_books(&books);
    expect(&books,
           "entity E Ministry\n"
           "control vote absolute refuse 'entity programme'\n"
           "enact A1 E 100 programme=A\n"
           "enact A2 E 100 programme=B\n"
           "enact A3 E 100 programme=C\n"
           "event override OLD control=vote 'key=entity=E programme=A year=2024' amount=70 "
           "reason=r expires=2001-01-01\n"
           "event override NEW control=vote 'key=entity=E programme=A year=2024' amount=7 "
           "reason=r expires=2199-12-31\n"
           "event cover BC control=vote 'receiver=entity=E programme=B' "
           "'donor=entity=E programme=C' mode=reciprocal\n",
           "");
    expect(&books,
           "move U1 E available>commitment 108 programme=A\n"
           "move U2 E available>commitment 107 programme=A\n"
           "move U3 E available>commitment 150 programme=B\n"
           "move U4 E available>commitment 51 programme=C\n"
           "move U5 E available>commitment 50 programme=C\n",
           "U1 BUDGET_EXCEEDED vote entity=E programme=A year=2024\n"
           "U2 BUDGET_OVERRIDDEN vote entity=E programme=A year=2024\n"
           "U3 COVER_DRAWN vote entity=E programme=B year=2024\n"
           "U4 BUDGET_EXCEEDED vote entity=E programme=C year=2024\n");
    restart(&books, false);
    expect(&books, "move U6 E available>commitment 0.01 programme=A\n",
           "U6 BUDGET_EXCEEDED vote entity=E programme=A year=2024\n");
    expect(&books,
           "control vote absolute refuse 'entity programme' tolerance=1 overridable=no\n"
           "move U7 E available>commitment 0.50 programme=B\n"
           "move U8 E available>commitment 1.50 programme=B\n",
           "U7 BUDGET_TOLERATED vote entity=E programme=B year=2024\n"
           "U8 BUDGET_EXCEEDED vote entity=E programme=B year=2024\n");
    expect(&books,
           "event override MORE control=vote 'key=entity=E programme=A year=2024' amount=7 "
           "reason=r expires=2199-12-31\n",
           "override MORE: it can never be overridden\n");
    expect_clean(&books);
    close_books(&books);
    g_free(books.uri);
}

const FiscTest fisc_control_book_tests[] = {
    {"decides after a restart as before, by month and by tree", test_restart},
    {"keeps overrides and covers, and verifies them by the day of each batch", test_exceptions},
    {NULL, NULL},
};

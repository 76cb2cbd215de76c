/* reverse_test.c: taking an entry back: by its exact negation, once, in an open period. */
#include "tests/app/school.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_reverse_tests[];

static FiscReceipt *
reverse(Books *books, const char *source, const char *reference, const char *date,
        const char *reason)
{
    FiscReceipt *receipt = NULL;
    FiscDate effective = 0;
    GError *error = NULL;
    g_assert(fisc_date_parse(date, &effective));
    if (!fisc_flow_reverse(&books->ctx, source, reference, effective, reason, &receipt, &error)) {
        g_error("%s", error->message);
    }
    FISC_ASSERT_INT(receipt->results->len, 1);
    return receipt;
}

static void
expect_result(const FiscReceipt *receipt, FiscResultKind kind, const char *reason)
{
    const FiscResult *result = receipt->results->pdata[0];
    g_autofree char *refusal = books_first_refusal(result->refusals);
    FISC_ASSERT_INT(result->kind, kind);
    FISC_ASSERT_TEXT(refusal, reason);
}

static void
must_reverse(Books *books, const char *source, const char *reference, const char *date)
{
    g_autoptr(FiscReceipt) receipt = reverse(books, source, reference, date, "mistaken");
    expect_result(receipt, FISC_RESULT_POSTED, "");
}

/* Codings and amounts of the reversal against the negation of what it takes back. */
static void
expect_exact_negation(const Books *books, const char *reference)
{
    g_autofree char *sql = g_strdup_printf(
        "select (r.coding = e.coding and r.financial = e.financial and r.reverses"
        " and r.corrects = e.entry_id and r.amount = array(select -a from unnest(e.amount)"
        " with ordinality as line (a, n) order by n))::text"
        " from ledger.entry e join ledger.entry r on r.reference = e.reference || '/reversal'"
        " and r.source_id = e.source_id where e.reference = '%s'",
        reference);
    books_expect(books, sql, "true");
}

static void
test_exact_negation(void)
{
    static const char *const references[] = {"SCH/3", "SCH/2", "SCH/1"};
    g_autoptr(Books) books = school_books();
    for (guint i = 0; i < G_N_ELEMENTS(references); i++) {
        must_reverse(books, "package", references[i], "2024-06-30");
        expect_exact_negation(books, references[i]);
    }
    FISC_ASSERT_INT(school_available(books, "22"), 30000);
    FISC_ASSERT_INT(school_available(books, "3111.1"), 15000);
    g_autofree char *after = school_balances(books);
    CU_ASSERT_PTR_NULL(strstr(after, "3308"));
    CU_ASSERT_PTR_NULL(strstr(after, "22 "));
    books_expect_whole(books);
}

static void
test_balances_return(void)
{
    g_autoptr(Books) books = school_books();
    g_autofree char *before = school_balances(books);
    books_must_post(books, SCHOOL_HEADER "4,2024-05-01,SCH,22,60.00,,CORP,70912,,,,Paid at once\n"
                                         "4,2024-05-01,SCH,3202,,60.00,BANK,,22,CORP,,\n");
    g_autofree char *between = school_balances(books);
    CU_ASSERT_STRING_NOT_EQUAL(between, before);
    FISC_ASSERT_INT(school_available(books, "22"), 17950 - 6000);
    must_reverse(books, "test", "SCH/4", "2024-06-30");
    g_autofree char *after = school_balances(books);
    FISC_ASSERT_TEXT(after, before);
    FISC_ASSERT_INT(school_available(books, "22"), 17950);
    expect_exact_negation(books, "SCH/4");
}

static void
test_second_time(void)
{
    g_autoptr(Books) books = school_books();
    must_reverse(books, "package", "SCH/3", "2024-06-30");
    int64_t before = books_batch(books);
    g_autoptr(FiscReceipt) again = reverse(books, "package", "SCH/3", "2024-06-30", "mistaken");
    expect_result(again, FISC_RESULT_REPEATED, "");
    g_autoptr(FiscReceipt) other = reverse(books, "package", "SCH/3", "2024-07-31", "otherwise");
    expect_result(other, FISC_RESULT_CONFLICT, "ALREADY_REVERSED :0:reference");
    FISC_ASSERT_INT(books_batch(books), before);
}

static void
test_of_a_closed_period(void)
{
    g_autoptr(Books) books = school_books();
    books_set_period(books, "2024-03", "closed");
    g_autoptr(FiscReceipt) refused = reverse(books, "package", "SCH/3", "2024-03-31", "mistaken");
    expect_result(refused, FISC_RESULT_REFUSED, "PERIOD_NOT_OPEN :0:date");
    must_reverse(books, "package", "SCH/3", "2024-04-01");
    books_expect(books,
                 "select r.period || ' ' || e.reference from ledger.entry r join ledger.entry e"
                 " on e.entry_id = r.corrects where r.reference = 'SCH/3/reversal'",
                 "202404 SCH/3");
    expect_exact_negation(books, "SCH/3");
}

/* The opening balance goes back to where stocks stand, not into a month. */
static void
test_of_an_opening_balance(void)
{
    g_autoptr(Books) books = school_books();
    must_reverse(books, "package", "SCH/opening/2024-01-01", "2024-04-01");
    books_expect(books,
                 "select period from ledger.entry where reference ="
                 " 'SCH/opening/2024-01-01/reversal'",
                 "202400");
    FiscReportQuery query = {.name = "gfs", .unit = "SCH", .period = "2024"};
    g_autoptr(FiscTable) table = books_report(books, &query);
    g_autoptr(GHashTable) index = books_index(table, 3);
    FISC_ASSERT_INT(books_amount(table, index, "BS_OPEN|SCH|62", "amount"), 0);
    FISC_ASSERT_INT(books_amount(table, index, "BS_CLOSE|SCH|6202", "amount"), -12050);
}

/* What was appropriated cannot be taken back once it is spent. */
static void
test_of_a_spent_appropriation(void)
{
    g_autoptr(Books) books = school_books();
    g_autoptr(FiscReceipt) receipt =
        reverse(books, "package", "SCH/budget/22/70912/original", "2024-06-30", "cut");
    expect_result(receipt, FISC_RESULT_REFUSED, "BUDGET_EXCEEDED :0:");
    FISC_ASSERT_INT(school_available(books, "22"), 17950);
}

static void
test_of_a_reversal(void)
{
    g_autoptr(Books) books = school_books();
    g_autofree char *before = school_balances(books);
    must_reverse(books, "package", "SCH/1", "2024-06-30");
    must_reverse(books, "package", "SCH/1/reversal", "2024-06-30");
    g_autofree char *after = school_balances(books);
    FISC_ASSERT_TEXT(after, before);
    expect_exact_negation(books, "SCH/1/reversal");
}

static void
test_of_nothing(void)
{
    static const struct {
        const char *source, *reference;
    } nothing[] = {{"package", "SCH/99"}, {"test", "SCH/1"}};
    g_autoptr(Books) books = school_books();
    for (guint i = 0; i < G_N_ELEMENTS(nothing); i++) {
        FiscReceipt *receipt = NULL;
        g_autoptr(GError) error = NULL;
        CU_ASSERT_FALSE(fisc_flow_reverse(&books->ctx, nothing[i].source, nothing[i].reference,
                                          fisc_date_make(2024, 6, 30), "mistaken", &receipt,
                                          &error));
        CU_ASSERT(g_error_matches(error, FISC_ERROR, FISC_ERROR_NOT_FOUND));
        CU_ASSERT_PTR_NULL(receipt);
    }
}

const FiscTest fisc_reverse_tests[] = {
    {"posts the exact negation, line by line, and frees the funds", test_exact_negation},
    {"brings every balance back to where it was", test_balances_return},
    {"reverses once: again is the first answer, otherwise a conflict", test_second_time},
    {"reverses an entry of a closed period in an open one, naming what it corrects",
     test_of_a_closed_period},
    {"reverses an opening balance among the opening balances", test_of_an_opening_balance},
    {"refuses to take back what is spent", test_of_a_spent_appropriation},
    {"reverses a reversal", test_of_a_reversal},
    {"finds nothing under another source or reference", test_of_nothing},
    {NULL, NULL},
};

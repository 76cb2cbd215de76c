/* period_test.c: which periods take entries. */
#include "tests/app/school.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_period_tests[];

/* "2024-00 open;2024-01 open;..." */
static char *
list(Books *books)
{
    g_autoptr(FiscTable) table = NULL;
    GError *error = NULL;
    if (!fisc_flow_period_list(&books->ctx, &table, &error)) {
        g_error("%s", error->message);
    }
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        g_string_append_printf(text, "%s %s;", books_text(row, 0), books_text(row, 1));
    }
    return g_string_free(text, FALSE);
}

#define MONTHS_4_TO_13                                                                             \
    "2024-04 open;2024-05 open;2024-06 open;2024-07 open;2024-08 open;2024-09 open;"               \
    "2024-10 open;2024-11 open;2024-12 open;2024-13 open;"

static void
test_states(void)
{
    g_autoptr(Books) books = books_new();
    g_autofree char *nothing = list(books);
    FISC_ASSERT_TEXT(nothing, "");
    books_set_period(books, "2024", "open");
    books_set_period(books, "202401", "closed");
    books_set_period(books, "2024-00", "closed");
    books_set_period(books, "2024-01", "sealed");
    g_autofree char *text = list(books);
    FISC_ASSERT_TEXT(text,
                     "2024-00 closed;2024-01 sealed;2024-02 open;2024-03 open;" MONTHS_4_TO_13);
}

static void
test_nothing_new(void)
{
    g_autoptr(Books) books = school_books();
    books_set_period(books, "2024-02", "closed");
    int64_t before = books_batch(books);
    books_set_period(books, "2024-02", "closed");
    books_set_period(books, "2024-03", "open");
    FISC_ASSERT_INT(books_batch(books), before);
}

static void
test_moves_that_are_refused(void)
{
    static const struct {
        const char *period, *state;
    } moves[] = {{"2024-01", "open"},   {"2024-01", "ajar"},   {"2024-02", "open"},
                 {"2024-02", "closed"}, {"2024-03", "sealed"}, {"2025-01", "closed"},
                 {"2024", "sealed"}};
    g_autoptr(Books) books = school_books();
    books_set_period(books, "2024-01", "closed");
    books_set_period(books, "2024-02", "closed");
    books_set_period(books, "2024-02", "sealed");
    int64_t before = books_batch(books);
    g_autofree char *states_before = list(books);
    for (guint i = 0; i < G_N_ELEMENTS(moves); i++) {
        g_autoptr(FiscReceipt) receipt = NULL;
        g_autoptr(GError) error = NULL;
        CU_ASSERT(
            fisc_flow_period_set(&books->ctx, moves[i].period, moves[i].state, &receipt, &error));
        CU_ASSERT_PTR_NOT_NULL_FATAL(receipt);
        g_autofree char *refusal = books_first_refusal(receipt->refusals);
        fisc_assert_text(refusal, "PERIOD_STATE :0:state", moves[i].period, __FILE__, __LINE__);
    }
    FISC_ASSERT_INT(books_batch(books), before);
    g_autofree char *states_after = list(books);
    FISC_ASSERT_TEXT(states_after, states_before);
}

static void
test_words_that_are_no_period(void)
{
    static const char *const words[] = {"",       "24",         "2024-14", "2024-Q1", "202414",
                                        "2024-1", "2024-06-30", "june",    "20240601"};
    g_autoptr(Books) books = school_books();
    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        g_autoptr(FiscReceipt) receipt = NULL;
        g_autoptr(GError) error = NULL;
        bool is_done = fisc_flow_period_set(&books->ctx, words[i], "closed", &receipt, &error);
        fisc_assert_int(is_done, 0, words[i], __FILE__, __LINE__);
        CU_ASSERT(g_error_matches(error, FISC_ERROR, FISC_ERROR_USAGE));
    }
}

static void
test_closed_period_takes_nothing(void)
{
    g_autoptr(Books) books = school_books();
    books_set_period(books, "2024-05", "closed");
    g_autoptr(FiscReceipt) refused =
        books_post(books, SCHOOL_HEADER SCHOOL_GOODS("11", "2024-05-31", "1.00"));
    FISC_ASSERT_INT(refused->refused, 1);
    const FiscResult *result = refused->results->pdata[0];
    g_autofree char *refusal = books_first_refusal(result->refusals);
    FISC_ASSERT_TEXT(refusal, "PERIOD_NOT_OPEN text:2:date");
    books_expect(books, "select string_agg(array_to_string(code, ' '), ';') from ledger.refusal",
                 "PERIOD_NOT_OPEN");
    books_must_post(books, SCHOOL_HEADER SCHOOL_GOODS("11", "2024-06-01", "1.00"));
}

static void
test_year_that_has_not_begun(void)
{
    g_autoptr(Books) books = school_books();
    g_autoptr(FiscReceipt) early =
        books_post(books, SCHOOL_HEADER SCHOOL_GOODS("11", "2025-01-01", "1.00"));
    FISC_ASSERT_INT(early->refused, 1);
    books_set_period(books, "2025", "open");
    books_must_post(books, SCHOOL_HEADER SCHOOL_GOODS("11", "2025-01-01", "1.00"));
}

const FiscTest fisc_period_tests[] = {
    {"opens a year, closes and seals its periods, and lists them", test_states},
    {"writes nothing when nothing changes", test_nothing_new},
    {"refuses to reopen, to skip a state, and states that are none", test_moves_that_are_refused},
    {"takes no word for a period that is none", test_words_that_are_no_period},
    {"refuses entries of a closed period, on record", test_closed_period_takes_nothing},
    {"refuses entries of a year that has not begun, until it is opened",
     test_year_that_has_not_begun},
    {NULL, NULL},
};

/* post_test.c: walk 1: entries one by one, as a group, or only tried; retries; and where the money
 * of a key stands afterwards. */
#include "tests/app/school.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_post_tests[];

typedef struct {
    FiscReceipt *receipt;
    FiscRefusals *refusals; /* of the text */
} Answer;

static void
answer_clear(Answer *answer)
{
    fisc_receipt_free(answer->receipt);
    g_ptr_array_unref(answer->refusals);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Answer, answer_clear)

static Answer
post(Books *books, const char *text, bool atomic, bool dry_run)
{
    Answer answer = {NULL, fisc_refusals_new()};
    GError *error = NULL;
    if (!fisc_flow_post_text(&books->ctx, "entries.csv", text, strlen(text), "test", atomic,
                             dry_run, &answer.receipt, answer.refusals, &error)) {
        g_error("%s", error->message);
    }
    return answer;
}

static void
expect_counts(const Answer *answer, int posted, int repeated, int refused)
{
    FISC_ASSERT_INT(answer->receipt->posted, posted);
    FISC_ASSERT_INT(answer->receipt->repeated, repeated);
    FISC_ASSERT_INT(answer->receipt->refused, refused);
}

/* The first reason of the result at @index, as "CODE file:line:field"; "" when it is posted. */
static void
expect_reason(const Answer *answer, guint index, const char *expected)
{
    const FiscResult *result = answer->receipt->results->pdata[index];
    g_autofree char *reason = books_first_refusal(result->refusals);
    FISC_ASSERT_TEXT(reason, expected);
}

static void
expect_entries(const Books *books, int count)
{
    g_autofree char *expected = g_strdup_printf("%d", count);
    books_expect(books, "select count(*) from ledger.entry where source_id <> 1", expected);
}

/* Good, too expensive, good. */
#define MIXED                                                                                      \
    SCHOOL_HEADER SCHOOL_GOODS("11", "2024-05-01", "1.00")                                         \
        SCHOOL_GOODS("12", "2024-05-01", "1000.00") SCHOOL_GOODS("13", "2024-05-01", "2.00")

static void
test_each_on_its_own(void)
{
    g_autoptr(Books) books = school_books();
    g_auto(Answer) answer = post(books, MIXED, false, false);
    expect_counts(&answer, 2, 0, 1);
    expect_reason(&answer, 0, "");
    expect_reason(&answer, 1, "BUDGET_EXCEEDED entries.csv:4:");
    expect_reason(&answer, 2, "");
    expect_entries(books, 2);
    FISC_ASSERT_INT(school_available(books, "22"), 17950 - 300);
    books_expect(books, "select string_agg(reference, ' ') from ledger.refusal", "SCH/12");
    books_expect_whole(books);
}

static void
test_group_falls_together(void)
{
    g_autoptr(Books) books = school_books();
    g_auto(Answer) answer = post(books, MIXED, true, false);
    expect_counts(&answer, 0, 0, 3);
    expect_reason(&answer, 0, "ATOMIC_GROUP entries.csv:2:");
    expect_reason(&answer, 1, "BUDGET_EXCEEDED entries.csv:4:");
    expect_reason(&answer, 2, "ATOMIC_GROUP entries.csv:6:");
    expect_entries(books, 0);
    FISC_ASSERT_INT(school_available(books, "22"), 17950);
    books_expect_whole(books);
}

static void
test_group_stands_together(void)
{
    static const char text[] = SCHOOL_HEADER SCHOOL_GOODS("11", "2024-05-01", "100.00")
        SCHOOL_GOODS("12", "2024-05-01", "79.50");
    g_autoptr(Books) books = school_books();
    g_auto(Answer) answer = post(books, text, true, false);
    expect_counts(&answer, 2, 0, 0);
    expect_entries(books, 2);
    books_expect(books, "select count(distinct batch_no) from ledger.entry where source_id <> 1",
                 "1");
    FISC_ASSERT_INT(school_available(books, "22"), 0);
}

/* A group whose entries would pass one by one, but not together. */
static void
test_group_counts_together(void)
{
    static const char text[] = SCHOOL_HEADER SCHOOL_GOODS("11", "2024-05-01", "100.00")
        SCHOOL_GOODS("12", "2024-05-01", "79.51");
    g_autoptr(Books) books = school_books();
    g_auto(Answer) answer = post(books, text, true, false);
    expect_counts(&answer, 0, 0, 2);
    expect_reason(&answer, 1, "BUDGET_EXCEEDED entries.csv:4:");
    const FiscResult *second = answer.receipt->results->pdata[1];
    FISC_ASSERT_INT(((const FiscRefusal *)second->refusals->pdata[0])->shortfall, 1);
    expect_entries(books, 0);
}

static void
test_dry_run(void)
{
    static const bool ways[] = {false, true};
    g_autoptr(Books) books = school_books();
    int64_t before = books_batch(books);
    for (guint i = 0; i < G_N_ELEMENTS(ways); i++) {
        g_auto(Answer) answer = post(books, MIXED, ways[i], true);
        expect_counts(&answer, ways[i] ? 0 : 2, 0, ways[i] ? 3 : 1);
        expect_reason(&answer, 1, "BUDGET_EXCEEDED entries.csv:4:");
        FISC_ASSERT_INT(books_batch(books), before);
        FISC_ASSERT_INT(school_available(books, "22"), 17950);
    }
    expect_entries(books, 0);
    books_expect(books, "select count(*) from ledger.refusal", "0");
}

static void
test_retries(void)
{
    g_autoptr(Books) books = school_books();
    static const char text[] = SCHOOL_HEADER SCHOOL_GOODS("11", "2024-05-01", "1.00");
    g_auto(Answer) first = post(books, text, false, false);
    int64_t before = books_batch(books);
    g_auto(Answer) again = post(books, text, false, false);
    expect_counts(&again, 0, 1, 0);
    const FiscResult *one = first.receipt->results->pdata[0];
    const FiscResult *two = again.receipt->results->pdata[0];
    FISC_ASSERT_INT(two->entry_id, one->entry_id);
    FISC_ASSERT_INT(two->batch_no, one->batch_no);
    CU_ASSERT_EQUAL(memcmp(two->hash, one->hash, sizeof one->hash), 0);

    g_auto(Answer) other =
        post(books, SCHOOL_HEADER SCHOOL_GOODS("11", "2024-05-01", "1.01"), false, false);
    expect_counts(&other, 0, 0, 1);
    expect_reason(&other, 0, "REFERENCE_CONFLICT entries.csv:2:reference");
    FISC_ASSERT_INT(books_batch(books), before);
}

/* A retry asks what became of the entry, not whether it could be posted today. */
static void
test_retries_when_funds_are_gone(void)
{
    g_autoptr(Books) books = school_books();
    static const char all_of_it[] = SCHOOL_HEADER SCHOOL_GOODS("11", "2024-05-01", "179.50");
    books_must_post(books, all_of_it);
    int64_t before = books_batch(books);
    g_auto(Answer) again = post(books, all_of_it, false, false);
    expect_counts(&again, 0, 1, 0);
    g_auto(Answer) group = post(books, all_of_it, true, false);
    expect_counts(&group, 0, 1, 0);
    FISC_ASSERT_INT(books_batch(books), before);
    books_expect(books, "select count(*) from ledger.refusal", "0");
}

static void
test_retries_when_the_period_is_closed(void)
{
    g_autoptr(Books) books = school_books();
    static const char text[] = SCHOOL_HEADER SCHOOL_GOODS("11", "2024-05-01", "1.00");
    books_must_post(books, text);
    books_set_period(books, "2024-05", "closed");
    int64_t before = books_batch(books);
    g_auto(Answer) again = post(books, text, false, false);
    expect_counts(&again, 0, 1, 0);
    FISC_ASSERT_INT(books_batch(books), before);
}

/* Refused for funds first, posted under the same reference when there are some. */
static void
test_refused_reference_stays_free(void)
{
    g_autoptr(Books) books = school_books();
    static const char text[] = SCHOOL_HEADER SCHOOL_GOODS("11", "2024-05-01", "180.00");
    g_auto(Answer) refused = post(books, text, false, false);
    expect_counts(&refused, 0, 0, 1);
    books_must_post(books, SCHOOL_HEADER "V,2024-05-02,SCH,22,0.50,,,70912,,,change,More\n");
    g_auto(Answer) posted = post(books, text, false, false);
    expect_counts(&posted, 1, 0, 0);
    FISC_ASSERT_INT(school_available(books, "22"), 0);
}

#define INTEREST(journal, amount)                                                                  \
    journal ",2024-05-03,SCH,24," amount ",,BANK,70912,,,,\n" journal                              \
            ",2024-05-03,SCH,3308,," amount ",BANK,,,,,\n"

/* A line of zero is a line: money moved to it can be spent, and no more. */
static void
test_budget_of_zero_that_gets_money(void)
{
    g_autoptr(Books) books = school_books();
    FISC_ASSERT_INT(school_available(books, "24"), 0);
    g_auto(Answer) refused = post(books, SCHOOL_HEADER INTEREST("11", "5.00"), false, false);
    expect_counts(&refused, 0, 0, 1);
    books_must_post(books, SCHOOL_HEADER "V,2024-05-02,SCH,24,5.00,,,70912,,,change,For it\n");
    g_auto(Answer) answer =
        post(books, SCHOOL_HEADER INTEREST("11", "5.00") INTEREST("12", "0.01"), false, false);
    expect_counts(&answer, 1, 0, 1);
    expect_reason(&answer, 1, "BUDGET_EXCEEDED entries.csv:4:");
    FISC_ASSERT_INT(school_available(books, "24"), 0);
}

static void
test_json(void)
{
    static const char text[] =
        "{\"entity\":\"SCH\",\"journal_id\":\"11\",\"date\":\"2024-05-01\",\"lines\":["
        "{\"gfs_code\":\"22\",\"debit\":\"9.50\",\"counterparty_entity\":\"CORP\",\"cofog\":"
        "\"70912\"},"
        "{\"gfs_code\":\"3308\",\"credit\":\"9.50\",\"counterparty_entity\":\"CORP\"}]}\n";
    g_autoptr(Books) books = school_books();
    g_auto(Answer) answer = post(books, text, false, false);
    expect_counts(&answer, 1, 0, 0);
    FISC_ASSERT_INT(school_available(books, "22"), 17000);
    /* The same words as a row of a table are the same entry. */
    g_auto(Answer) table =
        post(books, SCHOOL_HEADER SCHOOL_GOODS("11", "2024-05-01", "9.50"), false, false);
    expect_counts(&table, 0, 1, 0);
}

static void
test_faulty_text(void)
{
    static const struct {
        const char *text, *expected;
    } faults[] = {
        {SCHOOL_HEADER "11,2024-05-01,SCH,22,1.001,,CORP,70912,,,,\n"
                       "11,2024-05-01,SCH,3308,,1.00,CORP,,,,,\n",
         "AMOUNT_DECIMALS entries.csv:2:debit"},
        {SCHOOL_HEADER "11,2024-05-01,NOBODY,22,1,,CORP,70912,,,,\n",
         "ENTITY_UNKNOWN entries.csv:2:entity"},
        {SCHOOL_HEADER SCHOOL_GOODS("10", "2024-05-01", "1") "11,2024-05-01,SCH,22,1,,,70912,,,,\n"
                                                             "11,2024-05-01,SCH,3308,,2,,,,,,\n",
         "ENTRY_UNBALANCED entries.csv:4:"},
        {"", "FILE_EMPTY entries.csv:0:"},
        {"{\"entity\":\"SCH\"", "JSON_INVALID entries.csv:1:"},
    };
    g_autoptr(Books) books = school_books();
    int64_t before = books_batch(books);
    for (guint i = 0; i < G_N_ELEMENTS(faults); i++) {
        g_auto(Answer) answer = post(books, faults[i].text, false, false);
        g_autofree char *first = books_first_refusal(answer.refusals);
        FISC_ASSERT_TEXT(first, faults[i].expected);
        FISC_ASSERT_INT(answer.receipt->results->len, 0);
        FISC_ASSERT_INT(books_batch(books), before);
    }
}

static void
test_nobody_answers(void)
{
    g_autoptr(Books) books = school_books();
    int64_t before = books_batch(books);
    books->ctx.actor = NULL;
    g_auto(Answer) answer =
        post(books, SCHOOL_HEADER SCHOOL_GOODS("11", "2024-05-01", "1.00"), false, false);
    g_autofree char *first = books_first_refusal(answer.receipt->refusals);
    FISC_ASSERT_TEXT(first, "ACTOR_MISSING :0:actor");
    FISC_ASSERT_INT(answer.receipt->posted, 0);
    FISC_ASSERT_INT(books_batch(books), before);
}

/* ---- funds ---- */

static char *
funds_csv(Books *books, const char *entity, int year, GError **error)
{
    const char *dim[FISC_DIM_COUNT] = {NULL};
    g_autoptr(FiscTable) table = NULL;
    if (!fisc_flow_funds(&books->ctx, entity, year, dim, &table, error)) {
        return NULL;
    }
    GString *text = g_string_new(NULL);
    fisc_table_render(table, FISC_FORMAT_CSV, text);
    return g_string_free(text, FALSE);
}

static void
test_funds(void)
{
    g_autoptr(Books) books = school_books();
    g_autofree char *text = funds_csv(books, "SCH", 2024, NULL);
    FISC_ASSERT_TEXT(text,
                     "control,level,key,budget,released,reserved,committed,accrued,paid,available\n"
                     "budget,absolute,entity=SCH gfs_code=22 cofog=70912 year=2024,"
                     "300.00,300.00,0.00,0.00,0.00,120.50,179.50\n"
                     "budget,absolute,entity=SCH gfs_code=24 cofog=70912 year=2024,"
                     "0.00,0.00,0.00,0.00,0.00,0.00,0.00\n"
                     "budget,absolute,entity=SCH gfs_code=3111.1 cofog=70912 year=2024,"
                     "150.00,150.00,0.00,140.00,0.00,0.00,10.00\n");
}

static void
test_funds_of_nothing(void)
{
    static const struct {
        const char *entity;
        int year;
    } nothing[] = {{"SCH", 2023}, {"CORP", 2024}, {"NOBODY", 2024}};
    g_autoptr(Books) books = school_books();
    for (guint i = 0; i < G_N_ELEMENTS(nothing); i++) {
        g_autoptr(GError) error = NULL;
        g_autofree char *text = funds_csv(books, nothing[i].entity, nothing[i].year, &error);
        FISC_ASSERT_TEXT(text, NULL);
        CU_ASSERT(g_error_matches(error, FISC_ERROR, FISC_ERROR_NOT_FOUND));
    }
}

const FiscTest fisc_post_tests[] = {
    {"posts each entry on its own: one refused does not hinder the others", test_each_on_its_own},
    {"posts nothing of a group of which one is refused", test_group_falls_together},
    {"posts a group in one batch", test_group_stands_together},
    {"judges a group by what its entries spend together", test_group_counts_together},
    {"tries without writing, one by one and as a group", test_dry_run},
    {"answers a retry with the first answer, other content with a conflict", test_retries},
    {"answers a retry with the first answer when the funds are gone by now",
     test_retries_when_funds_are_gone},
    {"answers a retry with the first answer when the period is closed by now",
     test_retries_when_the_period_is_closed},
    {"leaves the reference of a refused entry free", test_refused_reference_stays_free},
    {"spends on a budget line of zero what was moved to it", test_budget_of_zero_that_gets_money},
    {"takes JSON and a table alike", test_json},
    {"refuses a faulty text with line and field, and posts nothing of it", test_faulty_text},
    {"posts nothing that nobody answers for", test_nobody_answers},
    {"shows where the money of a key stands", test_funds},
    {"has no funds to show where there is no budget", test_funds_of_nothing},
    {NULL, NULL},
};

/* question_test.c: saved questions: put on record, asked again, with other words, and no more. */
#include "fisc/question.h"
#include "tests/app/books.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_question_tests[];

static Books *
books_of_arda(void)
{
    g_autofree char *folder = fisc_test_data("arda-2024");
    Books *books = books_new();
    books_must_load(books, folder);
    return books;
}

static void
save(Books *books, const char *name, const FiscReportQuery *query)
{
    g_autofree char *document = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(GError) error = NULL;
    bool is_saved =
        fisc_flow_question_save(&books->ctx, name, "Revenue", query, &document, &receipt, &error);
    FISC_ASSERT_TEXT(is_saved ? "" : error->message, "");
    CU_ASSERT_PTR_NULL(document);
    CU_ASSERT(receipt != NULL && (receipt->refusals == NULL || receipt->refusals->len == 0));
}

static char *
list(Books *books)
{
    g_autoptr(FiscTable) table = NULL;
    GString *text = g_string_new(NULL);
    CU_ASSERT_TRUE_FATAL(fisc_flow_question_list(&books->ctx, &table, NULL));
    fisc_table_render(table, FISC_FORMAT_CSV, text);
    return g_string_free(text, FALSE);
}

static char *
run(Books *books, const char *name, const FiscReportQuery *changes)
{
    g_autoptr(FiscTable) table = NULL;
    g_autoptr(GError) error = NULL;
    if (!fisc_flow_question_run(&books->ctx, name, changes, &table, &error)) {
        return g_strdup(error->message);
    }
    GString *text = g_string_new(NULL);
    fisc_table_render(table, FISC_FORMAT_CSV, text);
    return g_string_free(text, FALSE);
}

static void
test_saved_and_asked(void)
{
    g_autoptr(Books) books = books_of_arda();
    const FiscReportQuery query = {
        .name = "pivot", .period = "2024", .unit = "CG", .by = "entity", .measure = "revenue"};
    const FiscReportQuery same = {.name = NULL};
    const FiscReportQuery other = {.period = "2024-Q2", .unit = "LG"};
    save(books, "revenue", &query);
    g_autofree char *questions = list(books);
    FISC_ASSERT_TEXT(questions, "question,title,words\nrevenue,Revenue,pivot --period 2024 --unit "
                                "CG --by entity --measure revenue\n");
    g_autofree char *answer = run(books, "revenue", &same);
    g_autofree char *direct = books_report_csv(books, &query);
    FISC_ASSERT_TEXT(answer, direct);
    g_autofree char *changed = run(books, "revenue", &other);
    FiscReportQuery merged = query;
    merged.period = other.period;
    merged.unit = other.unit;
    g_autofree char *expected = books_report_csv(books, &merged);
    FISC_ASSERT_TEXT(changed, expected);
    CU_ASSERT_STRING_NOT_EQUAL(changed, answer);
}

static void
test_words_are_replaced_and_removed(void)
{
    g_autoptr(Books) books = books_of_arda();
    const FiscReportQuery first = {.name = "trial-balance", .period = "2024", .unit = "BCG"};
    const FiscReportQuery second = {.name = "trial-balance", .period = "2024", .unit = "RDF"};
    const FiscReportQuery same = {.name = NULL};
    g_autofree char *document = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    save(books, "balance", &first);
    save(books, "balance", &second);
    g_autofree char *answer = run(books, "balance", &same);
    g_autofree char *expected = books_report_csv(books, &second);
    FISC_ASSERT_TEXT(answer, expected);
    CU_ASSERT_TRUE(fisc_flow_question_remove(&books->ctx, "balance", &document, &receipt, NULL));
    g_autofree char *questions = list(books);
    FISC_ASSERT_TEXT(questions, "question,title,words\n");
    g_autofree char *gone = run(books, "balance", &same);
    FISC_ASSERT_TEXT(gone, "there is no question \"balance\"");
}

static void
test_refusals(void)
{
    static const struct {
        const char *name, *report;
    } cases[] = {
        {"two words", "gfs"}, {"a/b", "gfs"}, {"", "gfs"}, {"x", "no-report"}, {"x", NULL}};
    g_autoptr(Books) books = books_new();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const FiscReportQuery query = {.name = cases[i].report, .period = "2024"};
        g_autofree char *document = NULL;
        g_autoptr(FiscReceipt) receipt = NULL;
        g_autoptr(GError) error = NULL;
        CU_ASSERT_FALSE(fisc_flow_question_save(&books->ctx, cases[i].name, NULL, &query, &document,
                                                &receipt, &error));
        CU_ASSERT(g_error_matches(error, FISC_ERROR, FISC_ERROR_USAGE));
    }
}

const FiscTest fisc_question_tests[] = {
    {"a saved question is asked of the books as they are, and with other words",
     test_saved_and_asked},
    {"other words under the same name replace it; removed, it is asked no more",
     test_words_are_replaced_and_removed},
    {"refuses a name with blanks, and what is no report", test_refusals},
    {NULL, NULL},
};

/* api_book_test.c: what the book is of, and its entries, over HTTP: against figures a reader of the
 * school's books knows by heart. */
#include "tests/app/school.h"
#include "tests/server/asking.h"
#include "tests/support/suite.h"
#include <string.h>

static void
test_the_book(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_autofree char *sign_in = serving_sign_in(serving, ASKING_PERSON); /* a batch of its own */
    g_auto(ServingAnswer) book = {0};
    g_autofree char *hash = books_ask(
        serving->books, "select encode(hash, 'hex') from ledger.batch order by batch_no desc");
    asking_expect(serving, "/v1/book", 200, &book);
    FISC_ASSERT_INT(json_integer_value(json_object_get(book.json, "batch")),
                    books_batch(serving->books));
    FISC_ASSERT_TEXT(serving_answer_text(&book, "hash"), hash);
    FISC_ASSERT_INT(json_integer_value(json_object_get(book.json, "entities")), 3);
    CU_ASSERT(json_is_false(json_object_get(book.json, "duties_enforced")));
    FISC_ASSERT_INT(json_integer_value(json_object_get(book.json, "decimals")), 2);
    FISC_ASSERT_INT(json_integer_value(json_array_get(json_object_get(book.json, "years"), 0)),
                    2024);
}

/* Walks through all pages; the codes in order, each followed by a blank. */
static char *
walk_pages(Serving *serving, const char *path, const char *column)
{
    GString *codes = g_string_new(NULL);
    g_autofree char *target = g_strdup(path);
    for (int pages = 0; target != NULL && pages < 1000; pages++) {
        g_auto(ServingAnswer) answer = {0};
        size_t at;
        json_t *row;
        asking_expect(serving, target, 200, &answer);
        json_array_foreach(json_object_get(answer.json, "rows"), at, row)
        {
            json_t *value = json_object_get(row, column);
            if (json_is_integer(value)) {
                g_string_append_printf(codes, "%" JSON_INTEGER_FORMAT " ",
                                       json_integer_value(value));
            } else {
                g_string_append_printf(codes, "%s ", json_string_value(value));
            }
        }
        const char *next = serving_answer_text(&answer, "next");
        CU_ASSERT_EQUAL(*next != '\0', serving_answer_header(&answer, "Link") != NULL);
        g_free(target);
        target = *next != '\0' ? g_strdup_printf("%s&cursor=%s", path, next) : NULL;
    }
    return g_string_free(codes, FALSE);
}

static void
test_pages_make_the_whole(void)
{
    static const struct {
        const char *path, *column;
    } lists[] = {
        {"/v1/entities?q=", "entity"},       {"/v1/accounts?q=tax", "account"},
        {"/v1/segments/cofog?q=", "code"},   {"/v1/budget-lines?entity=SCH&year=2024", "gfs_code"},
        {"/v1/entries?entity=SCH", "entry"}, {"/v1/segments/gfs_code?entity=SCH", "code"},
    };
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(lists); i++) {
        g_autofree char *short_pages = g_strconcat(lists[i].path, "&limit=2", NULL);
        g_autofree char *long_page = g_strconcat(lists[i].path, "&limit=1000", NULL);
        g_autofree char *by_two = walk_pages(serving, short_pages, lists[i].column);
        g_autofree char *at_once = walk_pages(serving, long_page, lists[i].column);
        CU_ASSERT(*at_once != '\0');
        FISC_ASSERT_TEXT(by_two, at_once);
    }
}

static void
test_a_cursor_is_one_of_ours(void)
{
    static const char *const cursors[] = {
        "x",
        "AAAA",
        "bGlzdEdyb3VwcwpDRw",  /* of another route */
        "bGlzdEVudHJpZXMKeA",  /* of this route, with the key "x" */
        "bGlzdEVudHJpZXMKLTU", /* "-5" */
        "%FF%FE",
        "bGlzdEVudHJpZXMKMQ==", /* padded as we do not */
    };
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cursors); i++) {
        g_autofree char *path = g_strconcat("/v1/entries?cursor=", cursors[i], NULL);
        g_auto(ServingAnswer) answer = {0};
        asking_get(serving, path, NULL, &answer);
        CU_ASSERT(answer.status == 400 || answer.status == 422);
    }
}

static void
test_accounts_by_words_and_codes(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_auto(ServingAnswer) by_words = {0};
    g_auto(ServingAnswer) by_code = {0};
    g_auto(ServingAnswer) by_both = {0};
    asking_expect(serving, "/v1/accounts?q=USE%20goods%20services", 200, &by_words);
    FISC_ASSERT_TEXT(asking_cell(&by_words, "account", "22", "name"), "Use of goods and services");
    asking_expect(serving, "/v1/accounts?q=B2&limit=1000", 200, &by_code);
    FISC_ASSERT_TEXT(asking_cell(&by_code, "account", "B20", "stage"), "available");
    FISC_ASSERT_TEXT(asking_cell(&by_code, "account", "22", "name"), "");
    asking_expect(serving, "/v1/accounts?q=B2%20paid", 200, &by_both);
    FISC_ASSERT_TEXT(asking_cell(&by_both, "account", "B24", "name"), "Paid");
    FISC_ASSERT_TEXT(asking_cell(&by_both, "account", "B20", "name"), "");
}

static void
test_budget_lines(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_auto(ServingAnswer) lines = {0};
    g_auto(ServingAnswer) some = {0};
    g_auto(ServingAnswer) later = {0};
    asking_expect(serving, "/v1/budget-lines?entity=SCH&year=2024", 200, &lines);
    FISC_ASSERT_INT(asking_rows(&lines), 2); /* 24 has no amount: no line was posted */
    FISC_ASSERT_TEXT(asking_cell(&lines, "gfs_code", "22", "appropriated"), "300.00");
    FISC_ASSERT_TEXT(asking_cell(&lines, "gfs_code", "22", "available"), "179.50");
    FISC_ASSERT_TEXT(asking_cell(&lines, "gfs_code", "3111.1", "available"), "10.00");
    asking_expect(serving, "/v1/budget-lines?entity=SCH&year=2024&q=31", 200, &some);
    FISC_ASSERT_INT(asking_rows(&some), 1);
    asking_expect(serving, "/v1/budget-lines?entity=SCH&year=2025", 200, &later);
    FISC_ASSERT_INT(asking_rows(&later), 0);
}

static void
test_entries_newest_first(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_auto(ServingAnswer) paid = {0};
    g_auto(ServingAnswer) none = {0};
    g_auto(ServingAnswer) days = {0};
    asking_expect(serving, "/v1/entries?account=6202&from=2024-02-01", 200, &paid);
    FISC_ASSERT_INT(asking_rows(&paid), 1);
    FISC_ASSERT_TEXT(asking_cell(&paid, "reference", "SCH/3", "amount"), "120.50");
    FISC_ASSERT_TEXT(asking_cell(&paid, "reference", "SCH/3", "date"), "2024-03-01");
    asking_expect(serving, "/v1/entries?account=6202&entity=CORP", 200, &none);
    FISC_ASSERT_INT(asking_rows(&none), 0);
    asking_expect(serving, "/v1/entries?from=2024-02-01&to=2024-02-28", 200, &days);
    FISC_ASSERT_INT(asking_rows(&days), 2);
    const json_t *first = json_array_get(json_object_get(days.json, "rows"), 0);
    FISC_ASSERT_TEXT(json_string_value(json_object_get(first, "reference")), "SCH/2");
}

static void
test_an_entry_balances(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_auto(ServingAnswer) entry = {0};
    int64_t sum = 0, lines = 0;
    size_t at;
    json_t *row;
    asking_expect(serving, "/v1/entries/SCH/1?source=package", 200, &entry);
    FISC_ASSERT_TEXT(serving_answer_text(&entry, "memo"), "Books on credit");
    FISC_ASSERT_TEXT(serving_answer_text(&entry, "date"), "2024-02-01");
    json_array_foreach(json_object_get(json_object_get(entry.json, "lines"), "rows"), at, row)
    {
        const char *debit = json_string_value(json_object_get(row, "debit"));
        const char *credit = json_string_value(json_object_get(row, "credit"));
        CU_ASSERT((debit != NULL) != (credit != NULL));
        g_auto(GStrv) parts = g_strsplit(debit != NULL ? debit : credit, ".", 2);
        int64_t minor =
            g_ascii_strtoll(parts[0], NULL, 10) * 100 + g_ascii_strtoll(parts[1], NULL, 10);
        sum += debit != NULL ? minor : -minor;
        lines++;
    }
    FISC_ASSERT_INT(sum, 0);
    CU_ASSERT(lines >= 4); /* two of the books, two of the budget */
    g_auto(ServingAnswer) elsewhere = {0};
    asking_expect(serving, "/v1/entries/SCH/1?source=elsewhere", 404, &elsewhere);
}

const FiscTest fisc_api_book_tests[] = {
    {"the book stands where the chain stands", test_the_book},
    {"pages make the whole, without gaps and doubles", test_pages_make_the_whole},
    {"a cursor is one that an answer gave", test_a_cursor_is_one_of_ours},
    {"accounts are found by words of their names and the beginning of their codes",
     test_accounts_by_words_and_codes},
    {"budget lines have what was appropriated and what is available", test_budget_lines},
    {"entries come newest first, by account, unit and day", test_entries_newest_first},
    {"an entry has its lines, and they balance", test_an_entry_balances},
    {NULL, NULL},
};

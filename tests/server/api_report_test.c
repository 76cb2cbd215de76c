/* api_report_test.c: reports over HTTP: the bytes that the flow gives, the figures that were worked
 * out by hand, formats, moments, and what has not changed. */
#include "tests/app/school.h"
#include "tests/server/asking.h"
#include "tests/support/naive_books.h"
#include "tests/support/suite.h"
#include <string.h>

static Serving *
serve_arda(void)
{
    g_autofree char *folder = fisc_test_data("arda-2024");
    return serving_new(books_loaded(folder), NULL);
}

static void
test_bytes_of_the_flow(void)
{
    static const char *const reports[] = {"gfs", "budget-execution", "trial-balance",
                                          "eliminations"};
    g_autoptr(Serving) serving = serve_arda();
    g_autofree char *sign_in = serving_sign_in(serving, ASKING_PERSON);
    for (gsize i = 0; i < G_N_ELEMENTS(reports); i++) {
        FiscReportQuery query = {.name = reports[i], .period = "2024", .unit = "CG"};
        g_autofree char *path =
            g_strdup_printf("/v1/reports/%s?unit=CG&period=2024&format=csv", reports[i]);
        g_autofree char *expected = books_report_csv(serving->books, &query);
        g_auto(ServingAnswer) answer = {0};
        asking_expect(serving, path, 200, &answer);
        FISC_ASSERT_TEXT(answer.body, expected);
    }
}

/* What a statement says of a code, as a decimal text; "" when it has no such row. */
static const char *
find_figure(const ServingAnswer *answer, const char *statement, const char *code)
{
    size_t at;
    json_t *row;
    json_array_foreach(json_object_get(answer->json, "rows"), at, row)
    {
        if (g_strcmp0(json_string_value(json_object_get(row, "statement")), statement) == 0 &&
            g_strcmp0(json_string_value(json_object_get(row, "code")), code) == 0) {
            return json_string_value(json_object_get(row, "amount"));
        }
    }
    return "";
}

static void
test_figures_worked_out_by_hand(void)
{
    g_autoptr(Serving) serving = serve_arda();
    g_autofree char *folder = fisc_test_data("arda-2024");
    g_autoptr(GPtrArray) rows = naive_csv_read(folder, "expected_statements.csv");
    g_auto(ServingAnswer) answer = {0};
    int compared = 0;
    asking_expect(serving, "/v1/reports/gfs?unit=GG&period=2024", 200, &answer);
    for (guint i = 0; i < rows->len; i++) {
        GHashTable *row = rows->pdata[i];
        const char *amount = g_hash_table_lookup(row, "amount");
        if (strcmp(g_hash_table_lookup(row, "unit"), "GG") != 0 ||
            strcmp(g_hash_table_lookup(row, "statement"), "SOO") != 0 ||
            naive_amount(amount) == 0) {
            continue;
        }
        const char *found = find_figure(&answer, "SOO", g_hash_table_lookup(row, "code"));
        FISC_ASSERT_INT(found != NULL && *found != '\0' ? naive_amount(found) : 0,
                        naive_amount(amount));
        compared++;
    }
    CU_ASSERT(compared > 10);
}

static void
test_formats(void)
{
    static const struct {
        const char *accept, *type;
        int status;
    } cases[] = {
        {"*/*", "application/json", 200},
        {"application/json", "application/json", 200},
        {"text/csv", "text/csv; charset=utf-8", 200},
        {"text/csv;q=0.1, application/pdf;q=0.9", "application/pdf", 200},
        {"text/html,application/xhtml+xml,*/*;q=0.8", "text/html; charset=utf-8", 200},
        {"application/json;q=0, text/*", "text/csv; charset=utf-8", 200},
        {"TEXT/PLAIN", "text/plain; charset=utf-8", 200},
        {"image/png", "application/problem+json", 406},
        {"*/*;q=0", "application/problem+json", 406},
    };
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *accept = g_strdup_printf("Accept: %s\r\n", cases[i].accept);
        g_auto(ServingAnswer) answer = {0};
        asking_get(serving, "/v1/reports/gfs?unit=SCH&period=2024", accept, &answer);
        FISC_ASSERT_INT(answer.status, cases[i].status);
        FISC_ASSERT_TEXT(serving_answer_header(&answer, "Content-Type"), cases[i].type);
    }
    g_auto(ServingAnswer) file = {0};
    asking_expect(serving, "/v1/reports/gfs?unit=SCH&period=2024&format=xlsx", 200, &file);
    FISC_ASSERT_TEXT(serving_answer_header(&file, "Content-Disposition"),
                     "attachment; filename=\"gfs.xlsx\"");
    CU_ASSERT(file.length > 1000 && memcmp(file.body, "PK", 2) == 0);
}

static void
test_head_has_no_body(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_autofree char *sign_in = serving_sign_in(serving, ASKING_PERSON);
    g_autofree char *request =
        g_strdup_printf("HEAD /v1/book HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
                        "GET /v1/periods?format=csv HTTP/1.1\r\nHost: localhost\r\n%s\r\n",
                        sign_in, sign_in);
    g_autoptr(ServingLink) link = serving_connect(serving);
    g_auto(ServingAnswer) head = {0};
    g_auto(ServingAnswer) next = {0};
    CU_ASSERT(serving_link_send(link, request, -1));
    CU_ASSERT_FATAL(serving_link_receive(link, true, &head));
    FISC_ASSERT_INT(head.status, 200);
    CU_ASSERT_FATAL(serving_link_receive(link, false, &next));
    FISC_ASSERT_CONTAINS(next.body, "period,state\n");
}

static const char report_path[] = "/v1/reports/gfs?unit=SCH&period=2024";

static void
post_goods(Serving *serving, const char *journal)
{
    g_autofree char *text =
        g_strdup_printf(SCHOOL_HEADER "%s,2024-04-01,SCH,22,9.50,,CORP,70912,,,,\n"
                                      "%s,2024-04-01,SCH,3308,,9.50,CORP,,,,,\n",
                        journal, journal);
    g_auto(ServingAnswer) posted = {0};
    asking_send(serving, "POST", "/v1/entries?source=test", "text/csv", text, 201, &posted);
}

static void
test_what_has_not_changed(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    g_auto(ServingAnswer) first = {0};
    g_auto(ServingAnswer) same = {0};
    g_auto(ServingAnswer) other = {0};
    asking_expect(serving, report_path, 200, &first);
    FISC_ASSERT_TEXT(find_figure(&first, "SOO", "2"), "120.50");
    g_autofree char *seen =
        g_strdup_printf("If-None-Match: %s\r\n", serving_answer_header(&first, "ETag"));
    asking_get(serving, report_path, seen, &same);
    FISC_ASSERT_INT(same.status, 304);
    FISC_ASSERT_INT(same.length, 0);
    post_goods(serving, "T1");
    asking_get(serving, report_path, seen, &other);
    FISC_ASSERT_INT(other.status, 200);
    FISC_ASSERT_TEXT(find_figure(&other, "SOO", "2"), "130.00");
}

static void
test_as_it_was_known(void)
{
    g_autoptr(Serving) serving = serving_new(school_books(), NULL);
    int64_t before = books_batch(serving->books);
    g_auto(ServingAnswer) then = {0};
    g_auto(ServingAnswer) by_day = {0};
    post_goods(serving, "T1");
    g_autofree char *known = g_strdup_printf("%s&known_at=%" G_GINT64_FORMAT, report_path, before);
    g_autofree char *day = g_strdup_printf("%s&as_of=2024-01-31", report_path);
    asking_expect(serving, known, 200, &then);
    FISC_ASSERT_TEXT(find_figure(&then, "SOO", "2"), "120.50");
    asking_expect(serving, day, 200, &by_day);
    CU_ASSERT(strcmp(find_figure(&by_day, "SOO", "2"), "120.50") != 0);
}

/* From a figure to what it is made of: the rows of every level add up to it. */
static void
test_a_figure_is_taken_apart(void)
{
    static const char *const levels[] = {"balances", "entries", "lines"};
    g_autoptr(Serving) serving = serve_arda();
    g_auto(ServingAnswer) report = {0};
    const char *key = NULL, *figure = NULL;
    size_t at, k;
    json_t *row;
    asking_expect(serving, "/v1/reports/gfs?unit=BCG&period=2024", 200, &report);
    json_array_foreach(json_object_get(report.json, "rows"), at, row)
    {
        if (g_strcmp0(json_string_value(json_object_get(row, "code")), "11") == 0 && key == NULL) {
            key = json_string_value(json_object_get(json_object_get(row, "drill"), "amount"));
            figure = json_string_value(json_object_get(row, "amount"));
        }
    }
    CU_ASSERT_PTR_NOT_NULL_FATAL(key);
    for (gsize i = 0; i < G_N_ELEMENTS(levels); i++) {
        g_autofree char *escaped = g_uri_escape_string(key, NULL, FALSE);
        g_autofree char *path = g_strdup_printf("/v1/drill?key=%s&to=%s", escaped, levels[i]);
        g_auto(ServingAnswer) apart = {0};
        int64_t sum = 0;
        asking_expect(serving, path, 200, &apart);
        json_array_foreach(json_object_get(apart.json, "rows"), k, row)
        {
            const char *counted = json_string_value(json_object_get(row, "counted"));
            sum += counted != NULL ? naive_amount(counted) : 0;
        }
        FISC_ASSERT_INT(sum, naive_amount(figure));
    }
}

const FiscTest fisc_api_report_tests[] = {
    {"a report has the bytes that the flow gives", test_bytes_of_the_flow},
    {"a statement has the figures worked out by hand", test_figures_worked_out_by_hand},
    {"a format comes as it is accepted", test_formats},
    {"HEAD tells the head and no body", test_head_has_no_body},
    {"what has not changed is not sent again, what has is", test_what_has_not_changed},
    {"a report is what was known, and effective, at a moment", test_as_it_was_known},
    {"a figure is the sum of what it is made of, at every level", test_a_figure_is_taken_apart},
    {NULL, NULL},
};

/* report_test.c: walk 4 in time: as of a date, as known at a batch; and one key through the books.
 */
#include "tests/app/school.h"
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_report_tests[];

static char *
batch_text(const Books *books)
{
    return g_strdup_printf("%" G_GINT64_FORMAT, books_batch(books));
}

/* Everything a reader can ask for, as it was published. */
static char *
publish(Books *books, const char *known_at)
{
    GString *all = g_string_new(NULL);
    for (const char *const *name = fisc_flow_report_names(); *name != NULL; name += 2) {
        if (strcmp(*name, "control-exceptions") == 0) {
            continue; /* the engine answers, who knows only the present, and says so */
        }
        FiscReportQuery query = {
            .name = *name, .unit = "SCH", .period = "2024", .known_at = known_at};
        g_autoptr(FiscTable) table = NULL;
        g_autoptr(GError) error = NULL;
        if (fisc_flow_report(&books->ctx, &query, &table, &error)) {
            g_string_append_printf(all, "== %s\n", *name);
            /* Not as JSON: there figures have keys, which say the moment they were asked for. */
            fisc_table_render(table, FISC_FORMAT_TABLE, all);
            fisc_table_render(table, FISC_FORMAT_CSV, all);
        } else {
            /* What only groups have is not there for a unit, and says so. */
            g_string_append_printf(all, "== %s: %s\n", *name, error->message);
        }
    }
    return g_string_free(all, FALSE);
}

static void
test_known_at(void)
{
    g_autoptr(Books) books = school_books();
    g_autofree char *now = publish(books, NULL);
    g_autofree char *then = batch_text(books);
    CU_ASSERT(strlen(now) > 4000);

    books_must_post(books, SCHOOL_HEADER SCHOOL_GOODS("11", "2024-01-15", "7.00"));
    books_must_post(books, SCHOOL_HEADER "V,2024-01-16,SCH,22,5.00,,,70912,,,change,More\n");
    g_autofree char *later = batch_text(books);
    g_autofree char *changed = publish(books, NULL);
    CU_ASSERT_STRING_NOT_EQUAL(changed, now);

    g_autofree char *past = publish(books, then);
    g_autofree char *present = publish(books, later);
    FISC_ASSERT_TEXT(past, now);
    FISC_ASSERT_TEXT(present, changed);
}

/* The master data, too, are those of the moment. */
static void
test_known_at_before_anything(void)
{
    g_autoptr(Books) books = books_new();
    books_set_period(books, "2023", "open");
    g_autofree char *then = batch_text(books);
    char *folder = school_folder(SCHOOL_JOURNALS);
    books_must_load(books, folder);
    FiscReportQuery query = {.name = "gfs", .unit = "SCH", .period = "2024", .known_at = then};
    g_autoptr(FiscTable) table = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_FALSE(fisc_flow_report(&books->ctx, &query, &table, &error));
    CU_ASSERT(g_error_matches(error, FISC_ERROR, FISC_ERROR_NOT_FOUND));
    fixture_remove(folder);
}

static int64_t
goods_as_of(Books *books, const char *as_of, const char *known_at)
{
    FiscReportQuery query = {
        .name = "gfs", .unit = "SCH", .period = "2024", .as_of = as_of, .known_at = known_at};
    g_autoptr(FiscTable) table = books_report(books, &query);
    g_autoptr(GHashTable) index = books_index(table, 3);
    return books_amount(table, index, "SOO|SCH|22", "amount");
}

static void
test_as_of(void)
{
    g_autoptr(Books) books = school_books();
    g_autofree char *then = batch_text(books);
    books_must_post(books, SCHOOL_HEADER SCHOOL_GOODS("11", "2024-01-15", "7.00"));
    FISC_ASSERT_INT(goods_as_of(books, NULL, NULL), 12750);
    FISC_ASSERT_INT(goods_as_of(books, "2024-12-31", NULL), 12750);
    FISC_ASSERT_INT(goods_as_of(books, "2024-02-01", NULL), 12750);
    FISC_ASSERT_INT(goods_as_of(books, "2024-01-31", NULL), 700);
    FISC_ASSERT_INT(goods_as_of(books, "2024-01-14", NULL), 0);
    /* What happened in January was not known yet. */
    FISC_ASSERT_INT(goods_as_of(books, "2024-01-31", then), 0);
    FISC_ASSERT_INT(goods_as_of(books, "2024-02-01", then), 12050);
}

static void
test_periods(void)
{
    static const struct {
        const char *period;
        int64_t goods;
    } periods[] = {{"2024", 12050},    {"2024-Q1", 12050}, {"2024-Q2", 0},
                   {"2024-02", 12050}, {"2024-03", 0},     {"2025", 0}};
    g_autoptr(Books) books = school_books();
    for (guint i = 0; i < G_N_ELEMENTS(periods); i++) {
        FiscReportQuery query = {.name = "gfs", .unit = "SCH", .period = periods[i].period};
        g_autoptr(FiscTable) table = books_report(books, &query);
        g_autoptr(GHashTable) index = books_index(table, 3);
        int64_t goods = books_amount(table, index, "SOO|SCH|22", "amount");
        fisc_assert_int(goods, periods[i].goods, periods[i].period, __FILE__, __LINE__);
    }
}

static void
test_questions_without_answer(void)
{
    static const struct {
        FiscReportQuery query;
        FiscError code;
    } questions[] = {
        {{.name = "horoscope", .period = "2024"}, FISC_ERROR_NOT_FOUND},
        {{.name = "gfs", .unit = "NOBODY", .period = "2024"}, FISC_ERROR_NOT_FOUND},
        {{.name = "trial-balance", .unit = "NOBODY", .period = "2024"}, FISC_ERROR_NOT_FOUND},
        {{.name = "budget-execution", .unit = "NOBODY", .period = "2024"}, FISC_ERROR_NOT_FOUND},
        {{.name = "budget-stages", .unit = "NOBODY", .period = "2024"}, FISC_ERROR_NOT_FOUND},
        {{.name = "eliminations", .unit = "NOBODY", .period = "2024"}, FISC_ERROR_NOT_FOUND},
        {{.name = "asymmetries", .unit = "NOBODY", .period = "2024"}, FISC_ERROR_NOT_FOUND},
        {{.name = "transfers", .unit = "NOBODY", .period = "2024"}, FISC_ERROR_NOT_FOUND},
        {{.name = "transfers", .period = "2024", .calendar = "own"}, FISC_ERROR_USAGE},
        {{.name = "gfs", .unit = "SCH", .period = NULL}, FISC_ERROR_USAGE},
        {{.name = "gfs", .unit = "SCH", .period = ""}, FISC_ERROR_USAGE},
        {{.name = "gfs", .unit = "SCH", .period = "2024-13x"}, FISC_ERROR_USAGE},
        {{.name = "gfs", .unit = "SCH", .period = "2024-Q5"}, FISC_ERROR_USAGE},
        {{.name = "gfs", .unit = "SCH", .period = "last"}, FISC_ERROR_USAGE},
        {{.name = "gfs", .unit = "SCH", .period = "2024", .as_of = "2024-02-30"}, FISC_ERROR_USAGE},
        {{.name = "gfs", .unit = "SCH", .period = "2024", .known_at = "-1"}, FISC_ERROR_USAGE},
        {{.name = "gfs", .unit = "SCH", .period = "2024", .known_at = "x"}, FISC_ERROR_USAGE},
        {{.name = "gfs", .unit = "SCH", .period = "2024", .known_at = "99999"},
         FISC_ERROR_NOT_FOUND},
        {{.name = "gfs", .unit = "SCH", .period = "2024", .standard = "gfsm1986"},
         FISC_ERROR_USAGE},
        {{.name = "budget-stages", .unit = "SCH", .period = "2024", .by = "colour"},
         FISC_ERROR_USAGE},
    };
    g_autoptr(Books) books = school_books();
    for (guint i = 0; i < G_N_ELEMENTS(questions); i++) {
        g_autoptr(FiscTable) table = NULL;
        g_autoptr(GError) error = NULL;
        g_autofree char *what = g_strdup_printf("question %u", i);
        CU_ASSERT_FALSE(fisc_flow_report(&books->ctx, &questions[i].query, &table, &error));
        fisc_assert_text(error != NULL ? fisc_error_name((FiscError)error->code) : "none",
                         fisc_error_name(questions[i].code), what, __FILE__, __LINE__);
        CU_ASSERT_PTR_NULL(table);
    }
}

static void
test_books_without_units(void)
{
    g_autoptr(Books) books = books_new();
    FiscReportQuery query = {.name = "gfs", .period = "2024"};
    g_autoptr(FiscTable) table = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_FALSE(fisc_flow_report(&books->ctx, &query, &table, &error));
    CU_ASSERT(g_error_matches(error, FISC_ERROR, FISC_ERROR_NOT_FOUND));
}

const FiscTest fisc_report_tests[] = {
    {"reproduces what was published at a batch, byte for byte, after more was posted",
     test_known_at},
    {"knows nothing before it was registered", test_known_at_before_anything},
    {"reports as of a date, and as of a date known at a batch", test_as_of},
    {"reports a year, a quarter, a month", test_periods},
    {"says which question has no answer, and of which kind", test_questions_without_answer},
    {"has no statements without units", test_books_without_units},
    {NULL, NULL},
};

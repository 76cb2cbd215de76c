/* pages_test.c: every report there is, bound and rendered as pages; and the same pages later. */
#include "tests/app/books.h"
#include "tests/support/naive_books.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_pages_walk_tests[];
int fisc_pages_set_up(void);
int fisc_pages_tear_down(void);

static Books *nation;

int
fisc_pages_set_up(void)
{
    g_autofree char *folder = fisc_test_data("arda-2024");
    nation = books_loaded(folder);
    return 0;
}

int
fisc_pages_tear_down(void)
{
    g_clear_pointer(&nation, books_free);
    return 0;
}

/* NULL, and no failure, when the report is refused: not every report is of every unit. */
static GString *
render(const FiscReportQuery *query, const char *format)
{
    g_autoptr(FiscDossier) dossier = NULL;
    g_autoptr(GString) bytes = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    if (!fisc_flow_dossier(&nation->ctx, query, &dossier, &error)) {
        return NULL;
    }
    bool is_made = fisc_flow_render(dossier, format, bytes, &error);
    FISC_ASSERT_TEXT(is_made ? "" : error->message, "");
    return g_steal_pointer(&bytes);
}

static void
test_every_report_becomes_pages(void)
{
    int count = 0;
    for (const char *const *name = fisc_flow_report_names(); *name != NULL; name += 2) {
        FiscReportQuery query = {.name = *name, .unit = "GG", .period = "2024"};
        g_autoptr(GString) pdf = render(&query, "pdf");
        g_autoptr(GString) html = render(&query, "html");
        CU_ASSERT((pdf == NULL) == (html == NULL));
        if (pdf != NULL && html != NULL) {
            CU_ASSERT(g_str_has_prefix(pdf->str, "%PDF-"));
            CU_ASSERT(g_str_has_suffix(html->str, "</html>\n"));
            count++;
        }
    }
    CU_ASSERT(count >= 6);
}

static void
test_several_columns_and_every_unit_become_pages(void)
{
    static const FiscReportQuery queries[] = {
        {.name = "gfs", .unit = "GG", .period = "2024", .beside = "months"},
        {.name = "gfs", .period = "2024", .statement = "SOO,BS_CLOSE"},
        {.name = "gfs", .unit = "GG", .period = "2024-Q2", .language = "ko"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(queries); i++) {
        g_autoptr(GString) pdf = render(&queries[i], "pdf");
        g_autoptr(GString) html = render(&queries[i], "html");
        CU_ASSERT_PTR_NOT_NULL_FATAL(pdf);
        CU_ASSERT_PTR_NOT_NULL_FATAL(html);
        CU_ASSERT(g_str_has_prefix(pdf->str, "%PDF-"));
    }
}

/* What was known at a batch is known for ever: also as pages. */
static void
test_pages_of_a_moment_stay_the_same(void)
{
    static const char *const formats[] = {"pdf", "html", "svg"};
    g_autofree char *batch = g_strdup_printf("%" G_GINT64_FORMAT, books_batch(nation));
    FiscReportQuery query = {.name = "gfs", .unit = "GG", .period = "2024", .known_at = batch};
    g_autoptr(GPtrArray) before = g_ptr_array_new();
    for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_ptr_array_add(before, render(&query, formats[i]));
        CU_ASSERT_PTR_NOT_NULL_FATAL(before->pdata[i]);
    }
    books_must_post(nation, "journal_id,date,entity,gfs_code,debit,credit,counterparty_entity,"
                            "cofog,cash_code,cash_counterparty\n"
                            "P-1,2024-06-30,LGN,22,7.00,,CORP,70620,,\n"
                            "P-1,2024-06-30,LGN,3202,,7.00,BANK,,22,CORP\n");
    for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
        GString *first = before->pdata[i];
        g_autoptr(GString) again = render(&query, formats[i]);
        CU_ASSERT(again != NULL && g_string_equal(first, again));
        g_string_free(first, TRUE);
    }
    query.known_at = NULL;
    g_autoptr(GString) now = render(&query, "html");
    FISC_ASSERT_CONTAINS(now->str, "667.00</td>"); /* use of goods and services was 660.00 */
}

const FiscTest fisc_pages_walk_tests[] = {
    {"every report becomes pages", test_every_report_becomes_pages},
    {"several columns and every unit become pages",
     test_several_columns_and_every_unit_become_pages},
    {"pages of a moment stay the same", test_pages_of_a_moment_stay_the_same},
    {NULL, NULL},
};

/* html_test.c: the web page: well-formed, alone, and each figure with its key. */
#include "reporting/render/page_words.h"
#include "tests/reporting/pages/rendered.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_html_tests[];

static const char *const parse[] = {"xmllint", "--noout", "FILE", NULL};

static void
test_stands_alone_and_is_well_formed(void)
{
    static const char *const absent[] = {"<script", "src=", "url(",      "@import",
                                         "<link",   "<img", "javascript"};
    Rendered arda = rendered_open("GG", "en", 202400, 202413);
    g_autoptr(GString) page = rendered_bytes(arda.dossier, "html");
    g_autofree char *said = rendered_seen(page, parse);
    FISC_ASSERT_TEXT(said, "");
    for (guint i = 0; i < G_N_ELEMENTS(absent); i++) {
        CU_ASSERT_PTR_NULL(strstr(page->str, absent[i]));
    }
    /* No address but the name of SVG's elements. */
    FISC_ASSERT_INT(rendered_count(page->str, "http"),
                    rendered_count(page->str, "xmlns=\"http://www.w3.org/2000/svg\""));
    rendered_close(&arda);
}

static void
test_can_be_read_aloud(void)
{
    Rendered arda = rendered_open("GG", "ru", 202400, 202413);
    g_autoptr(GString) page = rendered_bytes(arda.dossier, "html");
    int parts = (int)arda.dossier->parts->len;
    FISC_ASSERT_CONTAINS(page->str, "<html lang=\"ru\">");
    FISC_ASSERT_CONTAINS(page->str, "<a class=\"skip\" href=\"#main\">");
    FISC_ASSERT_CONTAINS(page->str, "<nav aria-label=\"Содержание\">");
    FISC_ASSERT_INT(rendered_count(page->str, "<h1>"), 1);
    FISC_ASSERT_INT(rendered_count(page->str, "<main "), 1);
    FISC_ASSERT_INT(rendered_count(page->str, "<h2 "), parts);
    FISC_ASSERT_INT(rendered_count(page->str, "<caption>"), parts);
    FISC_ASSERT_INT(rendered_count(page->str, "<th scope=\"col\">") +
                        rendered_count(page->str, "<th scope=\"col\" class=\"n\">"),
                    3 * parts + 4); /* the integrated balance sheet has four more */
    FISC_ASSERT_INT(rendered_count(page->str, "<figure>"),
                    rendered_count(page->str, "<desc id=\"graph-"));
    rendered_close(&arda);
}

/* Every amount is in the page as often as in the tables, and under the key of its row. */
static void
test_each_figure_carries_the_key_that_takes_it_apart(void)
{
    Rendered arda = rendered_open("GG", "en", 202400, 202413);
    g_autoptr(GString) page = rendered_bytes(arda.dossier, "html");
    int keys = 0;
    for (guint i = 0; i < arda.dossier->parts->len; i++) {
        const FiscTable *table =
            ((const FiscDossierPart *)g_ptr_array_index(arda.dossier->parts, i))->table;
        int column = fisc_table_column(table, "amount");
        for (guint k = 0; k < table->rows->len; k++) {
            const FiscRow *row = g_ptr_array_index(table->rows, k);
            const char *key = row->cells[column].drill;
            if (key != NULL) {
                g_autofree char *figure = fisc_page_cell(table, row, (guint)column);
                g_autofree char *cell = g_markup_printf_escaped(
                    " data-drill=\"%s\" title=\"fisc drill %s\">%s</td>", key, key, figure);
                FISC_ASSERT_CONTAINS(page->str, cell);
                keys++;
            }
        }
    }
    CU_ASSERT(keys > 100);
    FISC_ASSERT_INT(rendered_count(page->str, "data-drill=\""), keys);
    FISC_ASSERT_CONTAINS(page->str, "<code>fisc drill KEY</code>");
    rendered_close(&arda);
}

static void
test_words_stay_words(void)
{
    static const char evil[] = "</title><script>alert(1)</script>&\"'\x01\xff";
    g_autoptr(FiscDossier) dossier = rendered_table(evil, 1);
    FiscTable *table = ((FiscDossierPart *)g_ptr_array_index(dossier->parts, 0))->table;
    FiscRow *row = rendered_row(dossier, evil, evil, 1);
    fisc_table_set_drill(table, row, 2, evil);
    rendered_row(dossier, "", evil, 1)->heading = true;
    fisc_table_add_note(table, "%s", evil);
    fisc_dossier_add_fact(dossier, evil, evil);
    g_autoptr(GString) page = rendered_bytes(dossier, "html");
    g_autofree char *said = rendered_seen(page, parse);
    FISC_ASSERT_TEXT(said, "");
    CU_ASSERT_PTR_NULL(strstr(page->str, "<script"));
    FISC_ASSERT_CONTAINS(page->str, "&lt;script&gt;alert(1)");
}

static void
test_is_the_same_bytes_each_time(void)
{
    Rendered arda = rendered_open("GG", "es", 202400, 202413);
    g_autoptr(GString) first = rendered_bytes(arda.dossier, "html");
    g_autoptr(GString) second = rendered_bytes(arda.dossier, "html");
    FISC_ASSERT_TEXT(first->str, second->str);
    rendered_close(&arda);
}

const FiscTest fisc_html_tests[] = {
    {"stands alone and is well-formed", test_stands_alone_and_is_well_formed},
    {"can be read aloud", test_can_be_read_aloud},
    {"each figure carries the key that takes it apart",
     test_each_figure_carries_the_key_that_takes_it_apart},
    {"words stay words", test_words_stay_words},
    {"is the same bytes each time", test_is_the_same_bytes_each_time},
    {NULL, NULL},
};

/* pdf_test.c: pages, seen with other people's programs: every figure is on them, they are the same
 * bytes each time, and they have the structure that reads them aloud. */
#include "reporting/render/page_words.h"
#include "tests/reporting/pages/rendered.h"
#include "tests/support/suite.h"
#include <glib/gstdio.h>
#include <string.h>

extern const FiscTest fisc_pdf_tests[];

static GString *
pages_of_arda(const char *language)
{
    Rendered arda = rendered_open("GG", language, 202400, 202413);
    GString *pdf = rendered_bytes(arda.dossier, "pdf");
    rendered_close(&arda);
    return pdf;
}

static bool
has_bytes(const GString *bytes, const char *part)
{
    return memmem(bytes->str, bytes->len, part, strlen(part)) != NULL;
}

static void
test_is_the_same_bytes_each_time(void)
{
    g_autoptr(GString) first = pages_of_arda("en");
    g_autoptr(GString) second = pages_of_arda("en");
    CU_ASSERT(g_string_equal(first, second));
    CU_ASSERT_FALSE(has_bytes(first, "/CreationDate"));
    CU_ASSERT_FALSE(has_bytes(first, "/ModDate"));
}

/* Of a table as printed, its figures of every row. */
static void
expect_figures(const FiscTable *table, const char *text)
{
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = g_ptr_array_index(table->rows, i);
        for (guint k = 0; k < table->columns->len; k++) {
            g_autofree char *words = fisc_page_cell(table, row, k);
            if (fisc_page_is_number(table, k) && *words != '\0') {
                FISC_ASSERT_CONTAINS(text, words);
            }
        }
    }
}

static void
test_every_statement_and_every_figure_is_on_a_page(void)
{
    Rendered arda = rendered_open("GG", "en", 202400, 202413);
    g_autoptr(GString) pdf = rendered_bytes(arda.dossier, "pdf");
    g_autofree char *text = rendered_text(pdf, 0);
    FISC_ASSERT_CONTAINS(text, "batch 7, posted 2025-01-31 12:00 UTC");
    FISC_ASSERT_CONTAINS(text, "Amounts in EUR");
    FISC_ASSERT_CONTAINS(text, "Known at batch 7");
    for (guint i = 0; i < arda.dossier->parts->len; i++) {
        const FiscDossierPart *part = g_ptr_array_index(arda.dossier->parts, i);
        g_autofree char *title = fisc_page_part_title(part);
        FISC_ASSERT_CONTAINS(text, title);
        expect_figures(part->table, text);
    }
    rendered_close(&arda);
}

/* The flows of the integrated balance sheet have columns, and are not words with bars in between.
 */
static void
test_the_integrated_balance_sheet_has_its_flows_in_columns(void)
{
    g_autoptr(GString) pdf = pages_of_arda("en");
    g_autofree char *text = rendered_text(pdf, 0);
    FISC_ASSERT_CONTAINS(text, "Volume changes");
    CU_ASSERT_PTR_NULL(strchr(text, '|'));
}

/* As one line: a long title is broken. Caller frees. */
static char *
squeezed(const char *text)
{
    g_auto(GStrv) words = g_strsplit_set(text, " \n", -1);
    GString *line = g_string_new(NULL);
    for (char **word = words; *word != NULL; word++) {
        g_string_append_printf(line, "%s%s", line->len > 0 && **word != '\0' ? " " : "", *word);
    }
    return g_string_free(line, FALSE);
}

/* "Opening Balance Sheet, GG ........ 6" is what page 6 says. */
static void
test_the_contents_name_the_page_where_each_statement_begins(void)
{
    Rendered arda = rendered_open("GG", "en", 202400, 202413);
    g_autoptr(GString) pdf = rendered_bytes(arda.dossier, "pdf");
    g_autofree char *contents = rendered_text(pdf, 2);
    FISC_ASSERT_CONTAINS(contents, "Contents");
    for (guint i = 0; i < arda.dossier->parts->len; i++) {
        g_autofree char *title = fisc_page_part_title(g_ptr_array_index(arda.dossier->parts, i));
        const char *entry = strstr(contents, title);
        CU_ASSERT_PTR_NOT_NULL_FATAL(entry);
        int page = (int)g_ascii_strtoll(entry + strlen(title), NULL, 10);
        CU_ASSERT(page > 2 && page <= rendered_pages(pdf));
        g_autofree char *text = rendered_text(pdf, page);
        g_autofree char *line = squeezed(text);
        FISC_ASSERT_CONTAINS(line, title);
    }
    rendered_close(&arda);
}

static int
count_graphs(const FiscDossier *dossier)
{
    guint count = 0;
    for (guint i = 0; i < dossier->parts->len; i++) {
        count += ((const FiscDossierPart *)g_ptr_array_index(dossier->parts, i))->graphs->len;
    }
    return (int)count;
}

static void
test_the_structure_can_be_read_aloud(void)
{
    static const char *const structure[] = {"pdfinfo", "-struct", "FILE", NULL};
    static const char *const summary[] = {"pdfinfo", "FILE", NULL};
    Rendered arda = rendered_open("GG", "en", 202400, 202413);
    g_autoptr(GString) pdf = rendered_bytes(arda.dossier, "pdf");
    g_autofree char *tags = rendered_seen(pdf, structure);
    g_autofree char *facts = rendered_seen(pdf, summary);
    int parts = (int)arda.dossier->parts->len;
    CU_ASSERT(g_str_has_prefix(tags, "Document"));
    FISC_ASSERT_INT(rendered_count(tags, "H1"), 1);
    FISC_ASSERT_INT(rendered_count(tags, "H2"), parts + 1);
    FISC_ASSERT_INT(rendered_count(tags, "TOCI"), parts);
    FISC_ASSERT_INT(rendered_count(tags, "Table"), parts + 1);
    FISC_ASSERT_INT(rendered_count(tags, "Figure"), count_graphs(arda.dossier));
    CU_ASSERT(rendered_count(tags, "TR") > 100 && rendered_count(tags, "TD") > 200);
    FISC_ASSERT_CONTAINS(facts, "Tagged:          yes");
    FISC_ASSERT_CONTAINS(facts, "Government finance statistics (GFSM 2014), GG");
    rendered_close(&arda);
}

/* As it stands in the file: UTF-16 in hexadecimal digits. */
static char *
hexadecimal(const char *words)
{
    glong length = 0;
    g_autofree gunichar2 *units = g_utf8_to_utf16(words, -1, NULL, &length, NULL);
    GString *hex = g_string_new(NULL);
    for (glong i = 0; i < length; i++) {
        g_string_append_printf(hex, "%04X", units[i]);
    }
    return g_string_free(hex, FALSE);
}

static void
test_each_graph_is_described_and_the_language_is_said(void)
{
    Rendered arda = rendered_open("GG", "ko", 202400, 202413);
    g_autoptr(GString) pdf = rendered_bytes(arda.dossier, "pdf");
    const FiscDossierPart *first = g_ptr_array_index(arda.dossier->parts, 0);
    for (guint i = 0; i < first->graphs->len; i++) {
        g_autofree char *words = fisc_graph_describe(g_ptr_array_index(first->graphs, i));
        g_autofree char *hex = hexadecimal(words);
        g_autofree char *alternative = g_strdup_printf("/Alt <FEFF%s>", hex);
        CU_ASSERT(has_bytes(pdf, alternative));
    }
    g_autofree char *korean = hexadecimal("ko");
    g_autofree char *language = g_strdup_printf("/Lang <FEFF%s>", korean);
    CU_ASSERT(has_bytes(pdf, language));
    rendered_close(&arda);
}

static void
test_korean_and_russian_are_letters_and_not_boxes(void)
{
    static const char *const fonts[] = {"pdffonts", "FILE", NULL};
    static const struct {
        const char *language;
        const char *words[3];
    } cases[] = {
        {"ko", {"목차", "수입", "조세"}},
        {"ru", {"Содержание", "Доходы", "Налоги"}},
        {"es", {"Índice", "Ingreso", "Impuestos"}},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) pdf = pages_of_arda(cases[i].language);
        g_autofree char *text = rendered_text(pdf, 0);
        g_autofree char *used = rendered_seen(pdf, fonts);
        for (guint k = 0; k < G_N_ELEMENTS(cases[i].words); k++) {
            FISC_ASSERT_CONTAINS(text, cases[i].words[k]);
        }
        CU_ASSERT((strstr(used, "CJK") != NULL) == (strcmp(cases[i].language, "ko") == 0));
    }
}

/* Whether a picture as pdftoppm -gray writes it has anything on it. */
static bool
is_inked(const char *path)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;
    CU_ASSERT_FATAL(g_file_get_contents(path, &bytes, &length, NULL));
    CU_ASSERT(g_str_has_prefix(bytes, "P5"));
    int dark = 0;
    for (gsize i = 20; i < length; i++) {
        dark += (unsigned char)bytes[i] < 160 ? 1 : 0;
    }
    return dark > 20;
}

static void
test_no_page_is_empty(void)
{
    g_autoptr(GString) pdf = pages_of_arda("en");
    g_autofree char *folder = g_dir_make_tmp("fisc-pages-XXXXXX", NULL);
    g_autofree char *prefix = g_build_filename(folder, "page", NULL);
    const char *const words[] = {"pdftoppm", "-r", "30", "-gray", "FILE", prefix, NULL};
    g_autofree char *said = rendered_seen(pdf, words);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    int count = 0;
    while ((name = g_dir_read_name(dir)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        CU_ASSERT(is_inked(path));
        g_unlink(path);
        count++;
    }
    g_rmdir(folder);
    FISC_ASSERT_TEXT(said, "");
    FISC_ASSERT_INT(count, rendered_pages(pdf));
}

static void
test_a_long_table_has_its_head_on_every_page(void)
{
    g_autoptr(FiscDossier) dossier = rendered_table("Long", 1);
    for (int i = 0; i < 200; i++) {
        g_autofree char *code = g_strdup_printf("R%03d", i);
        rendered_row(dossier, code, "A row", i * 100)->strong = i == 199;
    }
    g_autoptr(GString) pdf = rendered_bytes(dossier, "pdf");
    g_autofree char *text = rendered_text(pdf, 0);
    int pages = rendered_pages(pdf);
    CU_ASSERT(pages >= 4);
    for (int page = 2; page <= pages; page++) {
        g_autofree char *words = rendered_text(pdf, page);
        g_autofree char *number = g_strdup_printf("Page %d / %d", page, pages);
        FISC_ASSERT_INT(rendered_count(words, "Amount 1"), 1);
        FISC_ASSERT_CONTAINS(words, number);
        CU_ASSERT(rendered_count(words, "A row") >= 2); /* the total is not alone */
    }
    FISC_ASSERT_INT(rendered_count(text, "A row"), 200);
}

static void
test_many_columns_lie_and_then_go_on_in_another_table(void)
{
    static const struct {
        int amounts;
        bool is_broken;
        const char *size;
    } cases[] = {
        {2, false, "595.28 x 841.89"},
        {7, false, "841.89 x 595.28"},
        {30, true, "841.89 x 595.28"},
    };
    static const char *const sizes[] = {"pdfinfo", "-f", "2", "-l", "2", "FILE", NULL};
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FiscDossier) dossier = rendered_table("Wide", cases[i].amounts);
        rendered_row(dossier, "1", "Revenue", (__int128)-1234567890123456);
        g_autoptr(GString) pdf = rendered_bytes(dossier, "pdf");
        g_autofree char *facts = rendered_seen(pdf, sizes);
        g_autofree char *text = rendered_text(pdf, 0);
        FISC_ASSERT_CONTAINS(facts, cases[i].size);
        FISC_ASSERT_INT(rendered_count(text, "-12,345,678,901,234.56"), cases[i].amounts);
        int bands = rendered_count(text, "Columns, part");
        CU_ASSERT((bands > 1) == cases[i].is_broken);
        FISC_ASSERT_INT(rendered_count(text, "Revenue"), MAX(bands, 1));
    }
}

static void
test_any_words_make_a_page(void)
{
    static const char *const words[] = {
        "",
        "<b>&amp;",
        "a\tb\nc\x01",
        "\xff\xfe",
        "(\\)) endobj",
        "정부 Правительство 政府 ελληνικά",
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsabteilung"
        "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaftsabteilun"
        "g",
    };
    for (guint i = 0; i < G_N_ELEMENTS(words); i++) {
        g_autoptr(FiscDossier) dossier = rendered_table(words[i], 1);
        FiscTable *table = ((FiscDossierPart *)g_ptr_array_index(dossier->parts, 0))->table;
        rendered_row(dossier, words[i], words[i], 1);
        rendered_row(dossier, words[i], words[i], 1)->heading = true;
        fisc_table_add_note(table, "%s", words[i]);
        fisc_dossier_add_fact(dossier, words[i], words[i]);
        g_autoptr(GString) pdf = rendered_bytes(dossier, "pdf");
        FISC_ASSERT_INT(rendered_pages(pdf), 2);
    }
}

static void
test_an_empty_report_is_a_title_page_and_a_head(void)
{
    g_autoptr(FiscDossier) nothing = fisc_dossier_new("Nothing, SCH");
    g_autoptr(FiscDossier) empty = rendered_table("Empty", 1);
    g_autoptr(GString) first = rendered_bytes(nothing, "pdf");
    g_autoptr(GString) second = rendered_bytes(empty, "pdf");
    g_autofree char *text = rendered_text(second, 2);
    FISC_ASSERT_INT(rendered_pages(first), 1);
    FISC_ASSERT_CONTAINS(text, "Amount 1");
}

const FiscTest fisc_pdf_tests[] = {
    {"is the same bytes each time", test_is_the_same_bytes_each_time},
    {"every statement and every figure is on a page",
     test_every_statement_and_every_figure_is_on_a_page},
    {"the integrated balance sheet has its flows in columns",
     test_the_integrated_balance_sheet_has_its_flows_in_columns},
    {"the contents name the page where each statement begins",
     test_the_contents_name_the_page_where_each_statement_begins},
    {"the structure can be read aloud", test_the_structure_can_be_read_aloud},
    {"each graph is described and the language is said",
     test_each_graph_is_described_and_the_language_is_said},
    {"Korean and Russian are letters and not boxes",
     test_korean_and_russian_are_letters_and_not_boxes},
    {"no page is empty", test_no_page_is_empty},
    {"a long table has its head on every page", test_a_long_table_has_its_head_on_every_page},
    {"many columns lie and then go on in another table",
     test_many_columns_lie_and_then_go_on_in_another_table},
    {"any words make a page", test_any_words_make_a_page},
    {"an empty report is a title page and a head", test_an_empty_report_is_a_title_page_and_a_head},
    {NULL, NULL},
};

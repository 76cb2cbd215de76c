/* labels_test.c: reports in other languages: nothing that a statement says is left in English. */
#include "reporting/labels.h"
#include "fisc/chart.h"
#include "reporting/layout.h"
#include "reporting/render/integrated.h"
#include "tests/reporting/reading.h"
#include "tests/support/suite.h"
#include <stdio.h>
#include <string.h>

extern const FiscTest fisc_labels_tests[];

/* Those whose manual has official terms in these languages. */
static const char *const families[] = {"gfsm2014", "gfsm2001", "questionnaire"};

static void
expect_words(const char *msgid, const char *where)
{
    for (const FiscCatalog *catalog = fisc_catalogs; catalog->language != NULL; catalog++) {
        if (!fisc_label_has(catalog->language, msgid)) {
            printf("%s: no words for \"%s\" of %s\n", catalog->language, msgid, where);
            CU_FAIL("a label is not translated");
        }
    }
}

static void
test_has_words_for_every_label_of_the_layouts(void)
{
    guint labels = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(families); i++) {
        const FiscLayoutFamily *family = NULL;
        CU_ASSERT_TRUE_FATAL(fisc_layout_family_find(families[i], &family, NULL));
        expect_words(family->title, family->name);
        for (const FiscLayoutFile *file = family->files; file->statement != NULL; file++) {
            g_autoptr(FiscLayout) layout = NULL;
            CU_ASSERT_TRUE_FATAL(fisc_layout_parse(file, &layout, NULL));
            for (guint k = 0; k < layout->rows->len; k++) {
                const FiscLayoutRow *row = layout->rows->pdata[k];
                const char *label = row->label;
                if (*label == '\0' && row->kind == FISC_LAYOUT_ROW) {
                    label = fisc_gfs_label(row->code);
                }
                if (*label != '\0') {
                    expect_words(label, file->file);
                    labels++;
                }
            }
        }
    }
    CU_ASSERT_TRUE(labels > 200); /* something was looked at */
}

static void
test_has_words_for_every_code_that_a_list_can_show(void)
{
    int count = 0;
    const FiscGfsCode *codes = fisc_gfs_codes(&count);
    CU_ASSERT_TRUE(count > 1000);
    for (int i = 0; i < count; i++) {
        expect_words(codes[i].name, codes[i].code);
    }
}

static void
test_says_official_terms(void)
{
    static const struct {
        const char *language, *msgid, *words;
    } cases[] = {
        {"es", "Revenue", "Ingreso"},
        {"es", "Expense", "Gasto"},
        {"es", "Net operating balance", "Resultado operativo neto"},
        {"es", "Net lending (+) / net borrowing (-)", "Préstamo neto (+) / endeudamiento neto (-)"},
        {"ko", "Revenue", "수입"},
        {"ko", "Expense", "비용"},
        {"ko", "General public services", "일반공공행정"},
        {"ru", "Revenue", "Доходы"},
        {"ru", "Expense", "Расходы"},
        {"ru", "Compensation of employees [GFS]", "Оплата труда работников [СГФ]"},
        {"ru", "Acquisitions: fixed assets", "Приобретение: основные фонды"},
        {"es", "a name of nobody", "a name of nobody"},
        {"es", "", ""}, /* the head of the catalog is no label */
        {"en", "Revenue", "Revenue"},
        {NULL, "Revenue", "Revenue"},
        {"xx", "Revenue", "Revenue"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FISC_ASSERT_TEXT(fisc_label(cases[i].language, cases[i].msgid), cases[i].words);
    }
}

static void
test_names_the_languages_there_are(void)
{
    g_autoptr(GError) error = NULL;
    CU_ASSERT_TRUE(fisc_label_check_language(NULL, NULL));
    CU_ASSERT_TRUE(fisc_label_check_language("en", NULL));
    CU_ASSERT_TRUE(fisc_label_check_language("ru", NULL));
    CU_ASSERT_FALSE_FATAL(fisc_label_check_language("fr", &error));
    FISC_ASSERT_TEXT(error->message, "there are no labels in \"fr\"; there are: en, es, ko, ru");
}

/* Only words change: figures, codes and the names of units are what they were. */
static void
test_puts_a_statement_into_a_language_and_leaves_its_figures(void)
{
    g_autofree char *folder = fisc_test_data("arda-2024");
    g_autoptr(NaiveBooks) books = naive_books_read(folder);
    for (const FiscCatalog *catalog = fisc_catalogs; catalog->language != NULL; catalog++) {
        g_autoptr(FiscTable) plain = read_year(books, "CG");
        g_autoptr(FiscTable) table = read_year(books, "CG");
        int label = fisc_table_column(table, "label");
        int amount = fisc_table_column(table, "amount");
        fisc_labels_translate(table, catalog->language);
        CU_ASSERT_TRUE(strcmp(table->title, plain->title) != 0);
        FISC_ASSERT_CONTAINS(table->title, "CG Central government, 2024");
        for (guint i = 0; i < table->rows->len; i++) {
            const FiscRow *row = table->rows->pdata[i];
            const FiscRow *before = plain->rows->pdata[i];
            CU_ASSERT_TRUE(row->cells[amount].number == before->cells[amount].number);
            bool is_word = !row->heading && strchr(before->cells[label].text, '|') == NULL;
            CU_ASSERT_TRUE(!is_word ||
                           strcmp(row->cells[label].text, before->cells[label].text) != 0);
        }
    }
}

static void
test_shows_the_integrated_balance_sheet_in_columns(void)
{
    g_autoptr(FiscTable) table = fisc_table_new("gfs", "t", 2);
    fisc_table_add_column(table, "code", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "label", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "amount", FISC_COLUMN_AMOUNT);
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, 0, "6202");
    fisc_table_set_text(table, row, 1, "750.00|1157.00|-0.50|0.50");
    fisc_table_set_amount(table, row, 2, 190700);
    g_autoptr(FiscTable) integrated = fisc_integrated_table(table, "ru");
    CU_ASSERT_PTR_NOT_NULL_FATAL(integrated);
    g_autofree char *csv = csv_of(integrated);
    FISC_ASSERT_TEXT(csv, "code,label,opening,transactions,holding gains,volume changes,closing\n"
                          "6202,Наличная валюта и депозиты,750.00,1157.00,-0.50,0.50,1907.00\n");
    fisc_table_set_text(table, row, 1, "Currency and deposits");
    CU_ASSERT_PTR_NULL(fisc_integrated_table(table, NULL));
}

const FiscTest fisc_labels_tests[] = {
    {"has words for every label of the layouts", test_has_words_for_every_label_of_the_layouts},
    {"has words for every code that a list can show",
     test_has_words_for_every_code_that_a_list_can_show},
    {"says official terms", test_says_official_terms},
    {"names the languages there are", test_names_the_languages_there_are},
    {"puts a statement into a language and leaves its figures",
     test_puts_a_statement_into_a_language_and_leaves_its_figures},
    {"shows the integrated balance sheet in columns",
     test_shows_the_integrated_balance_sheet_in_columns},
    {NULL, NULL},
};

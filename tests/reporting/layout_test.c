/* layout_test.c: every layout reads, and a mistake in one is named with its line. */
#include "reporting/layout.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_layout_tests[];

static void
test_every_layout_reads(void)
{
    static const char *const statements[] = {"SOO",       "SSUC",       "SOEF",      "BS_OPEN",
                                             "BS_CLOSE",  "STCNW",      "STOCKFLOW", "COFOG",
                                             "COFOG_DIV", "COUNTERPART"};
    guint count = 0;
    for (const FiscLayoutFile *file = fisc_layout_families[0].files; file->statement != NULL; file++) {
        g_autoptr(FiscLayout) layout = NULL;
        g_autoptr(GError) error = NULL;
        bool is_read = fisc_layout_parse(file, &layout, &error);
        FISC_ASSERT_TEXT(is_read ? "" : error->message, "");
        CU_ASSERT_FATAL(count < G_N_ELEMENTS(statements));
        FISC_ASSERT_TEXT(file->statement, statements[count]);
        count++;
    }
    FISC_ASSERT_INT(count, G_N_ELEMENTS(statements));
    const FiscLayoutFile *national = &fisc_national_layout_files[0];
    FISC_ASSERT_TEXT(national->statement, "USSGL_SBR");
    for (; national->statement != NULL; national++) {
        g_autoptr(FiscLayout) layout = NULL;
        g_autoptr(GError) error = NULL;
        bool is_read = fisc_layout_parse(national, &layout, &error);
        FISC_ASSERT_TEXT(is_read ? "" : error->message, "");
    }
}

static void
test_a_mistake_is_named_with_file_line_and_field(void)
{
    static const struct {
        const char *row; /* the third line of a layout whose second defines row 1 */
        const char *complaint;
    } cases[] = {
        {"2,,flow:2 flow:3,always,0,", "t.csv:3: formula: + or - is needed"},
        {"2,,fluw:2,always,0,", "t.csv:3: formula: a figure is a known source"},
        {"2,,flow:,always,0,", "t.csv:3: formula: a figure is a known source"},
        {"2,,1 - 9,always,0,", "t.csv:3: formula: a figure or the code of a row above"},
        {"2,,1 -,always,0,", "t.csv:3: formula: a figure or the code of a row above"},
        {"2,,1 - - 1,always,0,", "t.csv:3: formula: a figure or the code of a row above"},
        {"2,,,always,0,", "t.csv:3: formula: a formula is needed"},
        {"1,,flow:1,always,0,", "t.csv:3: code: a code that no row above has"},
        {",,flow:1,always,0,", "t.csv:3: code: a list (*) is needed"},
        {"2,,flow:1,always,0,integrated", "t.csv:3: code: a list (*) is needed"},
        {"2,,flow:1,posted,0,", "t.csv:3: code: a list (*) is needed"},
        {"*x,,flow:1,nonzero,0,", "t.csv:3: code: a list is *"},
        {"*+,,flow:1,nonzero,0,", "t.csv:3: code: a list is *"},
        {"*3x+,,flow:1,nonzero,0,", "t.csv:3: code: a list is *"},
        {"*,,flow:1 + flow:2,nonzero,0,", "t.csv:3: formula: a list takes exactly one figure"},
        {"*,,-flow:1,nonzero,0,", "t.csv:3: formula: a list takes exactly one figure"},
        {"*,,1,nonzero,0,", "t.csv:3: formula: a list takes exactly one figure"},
        {"2,,flow:1,sometimes,0,", "t.csv:3: show: always, nonzero or posted"},
        {"2,,flow:1,always,-1,", "t.csv:3: level: a number from 0 to 9"},
        {"2,,flow:1,always,,", "t.csv:3: level: a number from 0 to 9"},
        {"2,,flow:1,always,0,bold", "t.csv:3: style: strong, heading, integrated"},
        {",,,,0,heading", "t.csv:3: label: words are needed"},
        {"2,,flow:1,always,0", "t.csv:3: COLUMN_COUNT"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf("code,label,formula,show,level,style\n"
                                                "1,,flow:1,always,0,\n%s\n",
                                                cases[i].row);
        FiscLayoutFile file = {"T", "t.csv", text};
        g_autoptr(FiscLayout) layout = NULL;
        g_autoptr(GError) error = NULL;
        CU_ASSERT_FALSE(fisc_layout_parse(&file, &layout, &error));
        FISC_ASSERT_CONTAINS(error != NULL ? error->message : NULL, cases[i].complaint);
        CU_ASSERT_PTR_NULL(layout);
    }
}

static void
test_a_formula_is_signs_figures_and_rows_above(void)
{
    static const char text[] = "code,label,formula,show,level,style\n"
                               "A,First,-flow:31.1+close:62,always,2,strong\n"
                               "B,,A - cash:11,nonzero,0,\n"
                               "*3+,,flow:1,nonzero,1,\n";
    FiscLayoutFile file = {"T", "t.csv", text};
    g_autoptr(FiscLayout) layout = NULL;
    CU_ASSERT_FATAL(fisc_layout_parse(&file, &layout, NULL));
    const FiscLayoutRow *a = g_ptr_array_index(layout->rows, 0);
    const FiscTerm *first = &g_array_index(a->terms, FiscTerm, 0);
    const FiscTerm *second = &g_array_index(a->terms, FiscTerm, 1);
    FISC_ASSERT_INT(first->sign, -1);
    FISC_ASSERT_INT(first->source, FISC_SOURCE_FLOW);
    FISC_ASSERT_TEXT(first->code, "31.1");
    FISC_ASSERT_INT(second->sign, 1);
    FISC_ASSERT_INT(second->source, FISC_SOURCE_CLOSE);
    FISC_ASSERT_INT(a->level, 2);
    CU_ASSERT(a->strong);
    const FiscLayoutRow *b = g_ptr_array_index(layout->rows, 1);
    FISC_ASSERT_INT(g_array_index(b->terms, FiscTerm, 0).source, -1);
    FISC_ASSERT_INT(b->show, FISC_SHOW_NONZERO);
    const FiscLayoutRow *list = g_ptr_array_index(layout->rows, 2);
    FISC_ASSERT_INT(list->kind, FISC_LAYOUT_LIST);
    FISC_ASSERT_INT(list->digits, 3);
    CU_ASSERT(list->deeper);
}

const FiscTest fisc_layout_tests[] = {
    {"every layout reads", test_every_layout_reads},
    {"a mistake is named with file, line and field",
     test_a_mistake_is_named_with_file_line_and_field},
    {"a formula is signs, figures and rows above", test_a_formula_is_signs_figures_and_rows_above},
    {NULL, NULL},
};

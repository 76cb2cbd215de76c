/* drill_test.c: the names of figures, written and read. What is behind figures is asked of real
 * books in tests/app/drill_test.c. */
#include "reporting/cell_key.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_drill_tests[];

static void
test_paths(void)
{
    static const struct {
        const char *report, *unit;
        FiscPeriod from, to;
        const char *part, *row, *path;
    } cases[] = {
        {"gfs", "CITY", 201800, 201813, "SOO", "31.1", "gfs/CITY/2018/SOO/31.1"},
        {"gfs", "CITY", 201800, 201812, "SOO", "31.1", "gfs/CITY/2018/SOO/31.1"},
        {"gfs", "CITY", 201807, 201809, "SOO", "1", "gfs/CITY/2018-Q3/SOO/1"},
        {"gfs", "CITY", 201812, 201812, "SOO", "1", "gfs/CITY/2018-12/SOO/1"},
        {"gfs", "CITY", 201813, 201813, "SOO", "1", "gfs/CITY/2018-13/SOO/1"},
        {"trial-balance", NULL, 202400, 202413, "debit", "22", "trial-balance/*/2024/debit/22"},
        {"budget-stages", "", 202400, 202413, "paid", "entity=001,economic:1=2",
         "budget-stages/*/2024/paid/entity=001,economic:1=2"},
        {"gfs", "A/B 1", 202400, 202413, "S?O", "1&2%", "gfs/A%2FB%201/2024/S%3FO/1%262%25"},
        {"gfs", "부", 202400, 202413, "SOO", "1", "gfs/부/2024/SOO/1"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *path = fisc_cell_path(cases[i].report, cases[i].unit, cases[i].from,
                                               cases[i].to, cases[i].part, cases[i].row);
        FISC_ASSERT_TEXT(path, cases[i].path);
        g_auto(FiscCellKey) key = {NULL};
        CU_ASSERT_TRUE_FATAL(fisc_cell_key_parse(path, &key, NULL));
        FISC_ASSERT_TEXT(key.part, cases[i].part);
        FISC_ASSERT_TEXT(key.row, cases[i].row);
    }
}

static void
test_round_trip(void)
{
    static const char *const keys[] = {
        "gfs/CITY/2018/SOO/31.1",
        "gfs/CITY/2018/SOO/31.1?known-at=5",
        "gfs/CITY/2018/SOO/31.1?standard=gfsm2001&unconsolidated&as-of=2018-06-30",
        "budget-stages/*/2024/paid/entity=001,economic:1=2?revenue",
        "gfs/A%2FB%201/2024/S%3FO/1%262?where=programme=231%20economic=22",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
        g_auto(FiscCellKey) key = {NULL};
        g_autoptr(GError) error = NULL;
        CU_ASSERT_TRUE_FATAL(fisc_cell_key_parse(keys[i], &key, &error));
        g_autofree char *text = fisc_cell_key_write(&key);
        FISC_ASSERT_TEXT(text, keys[i]);
    }
}

static void
test_words(void)
{
    g_auto(FiscCellKey) key = {NULL};
    CU_ASSERT_TRUE_FATAL(fisc_cell_key_parse(
        "gfs/A/2024/SOO/1?where=programme=231%20economic=22&unconsolidated", &key, NULL));
    FISC_ASSERT_TEXT(fisc_cell_key_word(&key, "where"), "programme=231 economic=22");
    FISC_ASSERT_TEXT(fisc_cell_key_word(&key, "unconsolidated"), "");
    CU_ASSERT_PTR_NULL(fisc_cell_key_word(&key, "as-of"));
}

static void
test_refuses_what_is_no_key(void)
{
    static const char *const texts[] = {
        "",
        "gfs",
        "gfs/CITY/2018/SOO",
        "gfs/CITY/2018/SOO/1/2",
        "gfs//2018/SOO/1",
        "gfs/CITY/2018/SOO/",
        "gfs/CITY/2018/SOO/%zz",
        "gfs/CITY/2018/SOO/1?",
        "gfs/CITY/2018/SOO/1?=5",
        "gfs/CITY/2018/SOO/1?a=1&a=2",
        "gfs/CITY/2018/SOO/1?a&&b",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        g_auto(FiscCellKey) key = {NULL};
        g_autoptr(GError) error = NULL;
        bool is_key = fisc_cell_key_parse(texts[i], &key, &error);
        fisc_assert_int(is_key, 0, texts[i], __FILE__, __LINE__);
        CU_ASSERT(g_error_matches(error, FISC_ERROR, FISC_ERROR_USAGE));
    }
}

static void
test_words_of_a_question_are_added_to_every_key(void)
{
    static const char *const words[] = {"known-at", "5", "as-of", NULL, "unconsolidated", "", NULL};
    g_autoptr(FiscTable) table = fisc_table_new("gfs", "", 2);
    fisc_table_add_column(table, "code", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "amount", FISC_COLUMN_AMOUNT);
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_drill(table, row, 1, "gfs/A/2024/SOO/1");
    fisc_table_add_row(table);
    fisc_cell_add_words(table, words);
    FISC_ASSERT_TEXT(row->cells[1].drill, "gfs/A/2024/SOO/1?known-at=5&unconsolidated");
    CU_ASSERT_PTR_NULL(row->cells[0].drill);
    CU_ASSERT_PTR_NULL(((const FiscRow *)table->rows->pdata[1])->cells[1].drill);
}

const FiscTest fisc_drill_tests[] = {
    {"a figure's path names report, unit, period, part and row", test_paths},
    {"a key is read and written again", test_round_trip},
    {"the words of a key are those of the question", test_words},
    {"refuses what is no key", test_refuses_what_is_no_key},
    {"a question's words are added to every figure",
     test_words_of_a_question_are_added_to_every_key},
    {NULL, NULL},
};

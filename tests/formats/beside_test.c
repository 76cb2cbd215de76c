/* beside_test.c: tables side by side: which rows meet, in which order, and what a gap is. */
#include "fisc/table.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_beside_tests[];

/* "1 10;11 4;heading Words;2 6": code and amount of each row. */
static FiscTable *
table_of(const char *title, const char *rows)
{
    FiscTable *table = fisc_table_new("sample", title, 0);
    fisc_table_add_column(table, "unit", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "code", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "label", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "amount", FISC_COLUMN_AMOUNT);
    g_auto(GStrv) list = g_strsplit(rows, ";", -1);
    for (char **word = list; *word != NULL; word++) {
        g_auto(GStrv) words = g_strsplit(*word, " ", 2);
        FiscRow *row = fisc_table_add_row(table);
        if (strcmp(words[0], "heading") == 0) {
            fisc_table_set_text(table, row, 2, words[1]);
            row->heading = true;
            continue;
        }
        fisc_table_set_text(table, row, 0, title);
        fisc_table_set_text(table, row, 1, words[0]);
        fisc_table_set_text(table, row, 2, words[0]);
        fisc_table_set_amount(table, row, 3, g_ascii_strtoll(words[1], NULL, 10));
        fisc_table_set_drill(table, row, 3, title);
    }
    return table;
}

/* "code a b c", a row each; headings in brackets. */
static char *
dump(const FiscTable *table)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = g_ptr_array_index(table->rows, i);
        if (row->heading) {
            g_string_append_printf(text, "[%s]\n", row->cells[2].text);
            continue;
        }
        g_string_append(text, row->cells[1].text);
        for (guint c = 3; c < table->columns->len; c++) {
            g_string_append_printf(text, " %d", (int)row->cells[c].number);
        }
        g_string_append_c(text, '\n');
    }
    return g_string_free(text, FALSE);
}

static void
test_rows_of_one_code_meet_and_gaps_are_zero(void)
{
    static const struct {
        const char *parts[3];
        guint guide;
        const char *expected;
    } cases[] = {
        {{"1 10;11 4;2 6", "1 8;11 8;2 3", NULL}, 0, "1 10 8\n11 4 8\n2 6 3\n"},
        /* what only the second has stands behind the row it follows there */
        {{"1 10;2 6", "1 8;12 8;2 3;3 1", NULL}, 0, "1 10 8\n12 0 8\n2 6 3\n3 0 1\n"},
        /* the guide gives the order */
        {{"1 10;12 8;2 1", "1 10;11 4;12 9;2 1", NULL}, 1, "1 10 10\n11 0 4\n12 8 9\n2 1 1\n"},
        /* and the headings */
        {{"heading First;1 10", "heading Second;1 10;heading Below;2 1", NULL},
         1,
         "[Second]\n1 10 10\n[Below]\n2 0 1\n"},
        /* rows that say the same meet in their order */
        {{"1 10;1 20", "1 1;1 2", NULL}, 0, "1 10 1\n1 20 2\n"},
        {{"1 1", "2 2", "3 3"}, 0, "3 0 0 3\n2 0 2 0\n1 1 0 0\n"},
        {{"1 1", NULL, NULL}, 0, "1 1\n"},
    };
    static const char *const titles[] = {"a", "b", "c"};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GPtrArray) parts =
            g_ptr_array_new_with_free_func((GDestroyNotify)fisc_table_free);
        for (int k = 0; k < 3 && cases[i].parts[k] != NULL; k++) {
            g_ptr_array_add(parts, table_of(titles[k], cases[i].parts[k]));
        }
        g_autoptr(FiscTable) table =
            fisc_table_beside((FiscTable *const *)parts->pdata, titles, parts->len, cases[i].guide);
        g_autofree char *text = dump(table);
        FISC_ASSERT_TEXT(text, cases[i].expected);
        FISC_ASSERT_TEXT(table->title, titles[cases[i].guide]);
    }
}

static void
test_columns_have_the_titles_and_cells_keep_their_keys(void)
{
    g_autoptr(FiscTable) first = table_of("2023", "1 10");
    g_autoptr(FiscTable) second = table_of("2024", "1 20");
    FiscTable *const parts[] = {first, second};
    static const char *const titles[] = {"2023", "2024"};
    fisc_table_add_note(second, "provisional");
    g_autoptr(FiscTable) table = fisc_table_beside(parts, titles, 2, 0);
    const FiscRow *row = g_ptr_array_index(table->rows, 0);
    FISC_ASSERT_INT(fisc_table_column(table, "2023"), 3);
    FISC_ASSERT_INT(fisc_table_column(table, "2024"), 4);
    FISC_ASSERT_TEXT(row->cells[3].drill, "2023");
    FISC_ASSERT_TEXT(row->cells[4].drill, "2024");
    FISC_ASSERT_TEXT(g_ptr_array_index(table->notes, 0), "2024: provisional");
}

const FiscTest fisc_beside_tests[] = {
    {"rows of one code meet and gaps are zero", test_rows_of_one_code_meet_and_gaps_are_zero},
    {"columns have the titles and cells keep their keys",
     test_columns_have_the_titles_and_cells_keep_their_keys},
    {NULL, NULL},
};

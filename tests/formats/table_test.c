/* table_test.c: one table in its three looks, and what must not slip through them. */
#include "fisc/table.h"
#include "tests/support/suite.h"
#include <jansson.h>
#include <string.h>

extern const FiscTest fisc_table_tests[];

enum { CODE, LABEL, COUNT, AMOUNT };

static FiscTable *
new_table(void)
{
    FiscTable *table = fisc_table_new("sample", "A sample", 2);
    fisc_table_add_column(table, "code", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "label", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "count", FISC_COLUMN_INTEGER);
    fisc_table_add_column(table, "amount", FISC_COLUMN_AMOUNT);
    return table;
}

static FiscRow *
add_row(FiscTable *table, const char *code, const char *label, __int128 count, __int128 amount)
{
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, CODE, code);
    fisc_table_set_text(table, row, LABEL, label);
    fisc_table_set_amount(table, row, COUNT, count);
    fisc_table_set_amount(table, row, AMOUNT, amount);
    return row;
}

static char *
render(const FiscTable *table, FiscFormat format)
{
    GString *out = g_string_new(NULL);
    fisc_table_render(table, format, out);
    return g_string_free(out, FALSE);
}

static void
test_aligns_groups_and_indents_for_people(void)
{
    g_autoptr(FiscTable) table = new_table();
    FiscRow *heading = fisc_table_add_row(table);
    fisc_table_set_text(table, heading, LABEL, "Revenue and expense");
    heading->heading = true;
    add_row(table, "1", "Revenue", 12, 123456789);
    add_row(table, "11", "Taxes", 3, -5)->level = 1;
    FiscRow *gap = fisc_table_add_row(table);
    fisc_table_set_text(table, gap, CODE, "12");
    fisc_table_add_note(table, "%d note", 1);
    g_autofree char *text = render(table, FISC_FORMAT_TABLE);
    FISC_ASSERT_TEXT(text, "A sample\n"
                           "\n"
                           "code  label    count        amount\n"
                           "----  -------  -----  ------------\n"
                           "Revenue and expense\n"
                           "1     Revenue     12  1,234,567.89\n"
                           "11      Taxes      3         -0.05\n"
                           "12\n"
                           "\n"
                           "* 1 note\n");
}

static void
test_measures_wide_and_combining_characters(void)
{
    g_autoptr(FiscTable) table = fisc_table_new("names", NULL, 0);
    fisc_table_add_column(table, "n", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "a", FISC_COLUMN_AMOUNT);
    static const char *const names[] = {"\u8ca1\u653f", "Co\u0301rdoba", "\u0130l"};
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        FiscRow *row = fisc_table_add_row(table);
        fisc_table_set_text(table, row, 0, names[i]);
        fisc_table_set_amount(table, row, 1, i);
    }
    g_autofree char *text = render(table, FISC_FORMAT_TABLE);
    FISC_ASSERT_TEXT(text, "n        a\n"
                           "-------  -\n"
                           "\u8ca1\u653f     0\n"
                           "Co\u0301rdoba  1\n"
                           "\u0130l       2\n");
}

static void
test_a_table_for_people_holds_no_control_characters(void)
{
    g_autoptr(FiscTable) table = fisc_table_new("names", "ti\ntle", 0);
    fisc_table_add_column(table, "n", FISC_COLUMN_TEXT);
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, 0, "a\033[31mb\tc\302\233d\r\n");
    g_autofree char *text = render(table, FISC_FORMAT_TABLE);
    FISC_ASSERT_CONTAINS(text, "ti tle\n");
    FISC_ASSERT_CONTAINS(text, "a [31mb c d\n");
}

static void
test_leaves_columns_for_machines_out_for_people_only(void)
{
    g_autoptr(FiscTable) table = new_table();
    g_array_index(table->columns, FiscColumn, CODE).for_machines = true;
    add_row(table, "1", "Revenue", 1, 100);
    g_autofree char *words = render(table, FISC_FORMAT_TABLE);
    g_autofree char *csv = render(table, FISC_FORMAT_CSV);
    CU_ASSERT_PTR_NULL(strstr(words, "code"));
    FISC_ASSERT_TEXT(csv, "code,label,count,amount\n1,Revenue,1,1.00\n");
}

static void
test_csv_is_plain_and_without_headings_and_notes(void)
{
    g_autoptr(FiscTable) table = new_table();
    add_row(table, "1", "Taxes, \"fees\"\nand fines", 12, 123456789);
    FiscRow *heading = fisc_table_add_row(table);
    fisc_table_set_text(table, heading, LABEL, "for people");
    heading->heading = true;
    fisc_table_add_row(table);
    fisc_table_add_note(table, "for people");
    g_autofree char *text = render(table, FISC_FORMAT_CSV);
    FISC_ASSERT_TEXT(text, "code,label,count,amount\n"
                           "1,\"Taxes, \"\"fees\"\"\nand fines\",12,1234567.89\n"
                           ",,,\n");
}

static void
test_csv_disarms_formulas_and_leaves_figures_alone(void)
{
    static const struct {
        const char *label;
        const char *expected;
    } cases[] = {
        {"=1+1", "'=1+1"},
        {"@SUM(A1)", "'@SUM(A1)"},
        {"+cmd", "'+cmd"},
        {"-cmd", "'-cmd"},
        {"--1", "'--1"},
        {"-2+3", "'-2+3"},
        {"-100.00|0.00|-5.00|0.00", "-100.00|0.00|-5.00|0.00"},
        {"-5", "-5"},
        {"a=b", "a=b"},
        {"", ""},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FiscTable) table = fisc_table_new("t", "t", 2);
        fisc_table_add_column(table, "label", FISC_COLUMN_TEXT);
        fisc_table_set_text(table, fisc_table_add_row(table), 0, cases[i].label);
        g_autofree char *text = render(table, FISC_FORMAT_CSV);
        g_autofree char *expected = g_strdup_printf("label\n%s\n", cases[i].expected);
        FISC_ASSERT_TEXT(text, expected);
    }
}

static void
test_json_keeps_amounts_as_decimal_strings(void)
{
    g_autoptr(FiscTable) table = new_table();
    add_row(table, "1", "Se\u00f1al \377", 12, 123456789);
    fisc_table_add_row(table);
    FiscRow *heading = fisc_table_add_row(table);
    heading->heading = true;
    fisc_table_add_note(table, "a note");
    g_autofree char *text = render(table, FISC_FORMAT_JSON);
    json_t *root = json_loads(text, 0, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(root);
    json_t *rows = json_object_get(root, "rows");
    json_t *row = json_array_get(rows, 0);
    FISC_ASSERT_TEXT(json_string_value(json_object_get(root, "name")), "sample");
    FISC_ASSERT_TEXT(json_string_value(json_object_get(root, "title")), "A sample");
    FISC_ASSERT_INT(json_array_size(rows), 2);
    FISC_ASSERT_TEXT(json_string_value(json_object_get(row, "amount")), "1234567.89");
    FISC_ASSERT_INT(json_integer_value(json_object_get(row, "count")), 12);
    FISC_ASSERT_TEXT(json_string_value(json_object_get(row, "label")), "Se\u00f1al \ufffd");
    CU_ASSERT(json_is_null(json_object_get(json_array_get(rows, 1), "amount")));
    FISC_ASSERT_TEXT(json_string_value(json_array_get(json_object_get(root, "notes"), 0)),
                     "a note");
    json_decref(root);
}

static void
test_sums_beyond_64_bits_are_whole_in_every_format(void)
{
    static const FiscFormat formats[] = {FISC_FORMAT_CSV, FISC_FORMAT_JSON};
    g_autoptr(FiscTable) table = new_table();
    __int128 huge = (__int128)INT64_MAX * 100;
    add_row(table, "1", "x", huge, huge);
    for (guint i = 0; i < G_N_ELEMENTS(formats); i++) {
        g_autofree char *text = render(table, formats[i]);
        FISC_ASSERT_CONTAINS(text, "922337203685477580700");
        FISC_ASSERT_CONTAINS(text, "9223372036854775807.00");
    }
    g_autofree char *words = render(table, FISC_FORMAT_TABLE);
    FISC_ASSERT_CONTAINS(words, "9,223,372,036,854,775,807.00");
}

static void
test_knows_its_formats_and_columns_by_name(void)
{
    g_autoptr(FiscTable) table = new_table();
    FISC_ASSERT_INT(fisc_format_find("table"), FISC_FORMAT_TABLE);
    FISC_ASSERT_INT(fisc_format_find("csv"), FISC_FORMAT_CSV);
    FISC_ASSERT_INT(fisc_format_find("json"), FISC_FORMAT_JSON);
    FISC_ASSERT_INT(fisc_format_find("xlsx"), -1);
    FISC_ASSERT_INT(fisc_format_find(NULL), -1);
    FISC_ASSERT_INT(fisc_table_column(table, "amount"), AMOUNT);
    FISC_ASSERT_INT(fisc_table_column(table, "nothing"), -1);
}

const FiscTest fisc_table_tests[] = {
    {"aligns, groups and indents for people", test_aligns_groups_and_indents_for_people},
    {"measures wide and combining characters", test_measures_wide_and_combining_characters},
    {"a table for people holds no control characters",
     test_a_table_for_people_holds_no_control_characters},
    {"leaves columns for machines out for people only",
     test_leaves_columns_for_machines_out_for_people_only},
    {"CSV is plain and without headings and notes",
     test_csv_is_plain_and_without_headings_and_notes},
    {"CSV disarms formulas and leaves figures alone",
     test_csv_disarms_formulas_and_leaves_figures_alone},
    {"JSON keeps amounts as decimal strings", test_json_keeps_amounts_as_decimal_strings},
    {"sums beyond 64 bits are whole in every format",
     test_sums_beyond_64_bits_are_whole_in_every_format},
    {"knows its formats and columns by name", test_knows_its_formats_and_columns_by_name},
    {NULL, NULL},
};

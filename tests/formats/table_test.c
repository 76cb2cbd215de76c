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

/* A table narrower than prose breaks it at 104, a wider one at its own width. */
static void
test_breaks_headings_and_notes_at_the_width_of_the_table(void)
{
    static const struct {
        guint label; /* characters of the only column */
        gsize width; /* no line is longer */
    } cases[] = {{5, 104}, {120, 120}};
    g_autoptr(GString) prose = g_string_new("First");
    for (int i = 0; i < 60; i++) {
        g_string_append(prose, " word");
    }
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FiscTable) table = fisc_table_new("t", NULL, 2);
        fisc_table_add_column(table, "label", FISC_COLUMN_TEXT);
        FiscRow *heading = fisc_table_add_row(table);
        fisc_table_set_text(table, heading, 0, prose->str);
        heading->heading = true;
        heading->level = 1;
        g_autofree char *label = g_strnfill(cases[i].label, 'x');
        fisc_table_set_text(table, fisc_table_add_row(table), 0, label);
        fisc_table_add_note(table, "%s", prose->str);
        g_autofree char *text = render(table, FISC_FORMAT_TABLE);
        g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
        gsize longest = 0;
        for (char **line = lines; *line != NULL; line++) {
            longest = MAX(longest, strlen(*line));
        }
        CU_ASSERT(longest <= cases[i].width && longest > cases[i].width - strlen(" word"));
        FISC_ASSERT_CONTAINS(text, "\n  First word");
        FISC_ASSERT_CONTAINS(text, "word\n    word");
        FISC_ASSERT_CONTAINS(text, "\n* First word");
        FISC_ASSERT_CONTAINS(text, "word\n  word");
    }
}

static void
test_a_long_text_in_the_last_column_widens_nothing(void)
{
    g_autoptr(FiscTable) table = fisc_table_new("t", NULL, 2);
    fisc_table_add_column(table, "field", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "value", FISC_COLUMN_TEXT);
    g_autofree char *content = g_strnfill(700, 'x');
    FiscRow *row = fisc_table_add_row(table);
    fisc_table_set_text(table, row, 0, "content");
    fisc_table_set_text(table, row, 1, content);
    g_autofree char *text = render(table, FISC_FORMAT_TABLE);
    g_autofree char *rule = g_strnfill(120, '-');
    g_autofree char *expected =
        g_strdup_printf("field    value\n-------  %s\ncontent  %s\n", rule, content);
    FISC_ASSERT_TEXT(text, expected);
}

static void
test_does_not_break_inside_a_word(void)
{
    g_autoptr(FiscTable) table = fisc_table_new("t", NULL, 2);
    fisc_table_add_column(table, "label", FISC_COLUMN_TEXT);
    g_autofree char *path = g_strnfill(200, 'p');
    fisc_table_add_note(table, "see %s there", path);
    g_autofree char *text = render(table, FISC_FORMAT_TABLE);
    g_autofree char *expected = g_strdup_printf("\n* see\n  %s\n  there\n", path);
    FISC_ASSERT_CONTAINS(text, expected);
}

static void
test_a_note_that_stands_among_the_rows_is_not_repeated_below(void)
{
    g_autoptr(FiscTable) table = new_table();
    add_row(table, "1", "Revenue", 1, 100);
    fisc_table_add_note_about(table, "CITY", "SOO", true, "beside");
    g_autofree char *without = render(table, FISC_FORMAT_TABLE);
    CU_ASSERT(g_str_has_suffix(without, "1.00\n"));
    fisc_table_add_note_about(table, "CITY", "COFOG", false, "below");
    g_autofree char *with = render(table, FISC_FORMAT_TABLE);
    CU_ASSERT(g_str_has_suffix(with, "1.00\n\n* below\n"));
}

static void
test_prints_only_the_columns_that_are_named(void)
{
    static const struct {
        const char *names;
        const char *csv;
    } cases[] = {
        {"amount", "amount\n1.00\n"},
        {"amount, code", "amount,code\n1.00,1\n"},
        {"code,label,count,amount", "code,label,count,amount\n1,Revenue,7,1.00\n"},
        {"colour", NULL},
        {"code,code", NULL},
        {"code,", NULL},
        {"", NULL},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FiscTable) table = new_table();
        g_autoptr(GError) error = NULL;
        add_row(table, "1", "Revenue", 7, 100);
        bool is_selected = fisc_table_select(table, cases[i].names, &error);
        CU_ASSERT_EQUAL(is_selected, cases[i].csv != NULL);
        if (is_selected) {
            g_autofree char *csv = render(table, FISC_FORMAT_CSV);
            FISC_ASSERT_TEXT(csv, cases[i].csv);
        } else {
            CU_ASSERT(g_error_matches(error, FISC_ERROR, FISC_ERROR_USAGE));
            FISC_ASSERT_CONTAINS(error->message, "code, label, count, amount");
            FISC_ASSERT_INT(table->columns->len, 4);
        }
    }
}

static void
test_headings_survive_the_loss_of_their_column(void)
{
    g_autoptr(FiscTable) table = new_table();
    g_array_index(table->columns, FiscColumn, CODE).for_machines = true;
    FiscRow *heading = fisc_table_add_row(table);
    fisc_table_set_text(table, heading, LABEL, "Revenue and expense");
    heading->heading = true;
    add_row(table, "1", "Revenue", 1, 100);
    CU_ASSERT_FATAL(fisc_table_select(table, "amount,code", NULL));
    g_autofree char *text = render(table, FISC_FORMAT_TABLE);
    FISC_ASSERT_TEXT(text, "A sample\n"
                           "\n"
                           "amount  code\n"
                           "------  ----\n"
                           "Revenue and expense\n"
                           "  1.00  1\n");
}

static void
test_cuts_rows_that_are_indented_further_and_keeps_headings(void)
{
    g_autoptr(FiscTable) table = new_table();
    add_row(table, "1", "Revenue", 1, 100);
    add_row(table, "11", "Taxes", 1, 100)->level = 1;
    add_row(table, "111", "Taxes on income", 1, 100)->level = 2;
    FiscRow *note = fisc_table_add_row(table);
    fisc_table_set_text(table, note, LABEL, "a note on this");
    note->heading = true;
    note->level = 2;
    fisc_table_cut(table, 1);
    FISC_ASSERT_INT(table->rows->len, 3);
    fisc_table_cut(table, 0);
    g_autofree char *csv = render(table, FISC_FORMAT_CSV);
    g_autofree char *words = render(table, FISC_FORMAT_TABLE);
    FISC_ASSERT_TEXT(csv, "code,label,count,amount\n1,Revenue,1,1.00\n");
    FISC_ASSERT_CONTAINS(words, "    a note on this\n");
}

static void
test_joins_two_tables_with_their_notes(void)
{
    g_autoptr(FiscTable) table = new_table();
    FiscTable *part = new_table();
    add_row(table, "1", "Revenue", 1, 100);
    add_row(part, "2", "Expense", 1, 200);
    fisc_table_add_note_about(part, "CITY", "SOO", true, "a note");
    fisc_table_append(table, part);
    g_autofree char *csv = render(table, FISC_FORMAT_CSV);
    FISC_ASSERT_TEXT(csv, "code,label,count,amount\n1,Revenue,1,1.00\n2,Expense,1,2.00\n");
    FISC_ASSERT_INT(table->notes->len, 1);
    const FiscNotePlace *place = &g_array_index(table->note_places, FiscNotePlace, 0);
    FISC_ASSERT_TEXT(place->unit, "CITY");
    FISC_ASSERT_TEXT(place->about, "SOO");
    CU_ASSERT(place->is_beside);
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
    fisc_table_add_note_about(table, "CITY", "SOO", true, "beside \377");
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
    json_t *notes = json_object_get(root, "notes");
    json_t *general = json_array_get(notes, 0);
    json_t *beside = json_array_get(notes, 1);
    FISC_ASSERT_TEXT(json_string_value(json_object_get(general, "text")), "a note");
    CU_ASSERT(json_is_null(json_object_get(general, "unit")));
    CU_ASSERT(json_is_null(json_object_get(general, "about")));
    FISC_ASSERT_TEXT(json_string_value(json_object_get(beside, "unit")), "CITY");
    FISC_ASSERT_TEXT(json_string_value(json_object_get(beside, "about")), "SOO");
    FISC_ASSERT_TEXT(json_string_value(json_object_get(beside, "text")), "beside \ufffd");
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
    FISC_ASSERT_INT(fisc_format_find("xlsx"), FISC_FORMAT_XLSX);
    FISC_ASSERT_INT(fisc_format_find("pdf"), -1);
    FISC_ASSERT_INT(fisc_format_find(NULL), -1);
    FISC_ASSERT_INT(fisc_table_column(table, "amount"), AMOUNT);
    FISC_ASSERT_INT(fisc_table_column(table, "nothing"), -1);
}

const FiscTest fisc_table_tests[] = {
    {"aligns, groups and indents for people", test_aligns_groups_and_indents_for_people},
    {"breaks headings and notes at the width of the table",
     test_breaks_headings_and_notes_at_the_width_of_the_table},
    {"draws its rule no longer for a long text in the last column",
     test_a_long_text_in_the_last_column_widens_nothing},
    {"does not break inside a word", test_does_not_break_inside_a_word},
    {"a note that stands among the rows is not repeated below",
     test_a_note_that_stands_among_the_rows_is_not_repeated_below},
    {"prints only the columns that are named", test_prints_only_the_columns_that_are_named},
    {"headings survive the loss of their column", test_headings_survive_the_loss_of_their_column},
    {"cuts rows that are indented further, and keeps headings",
     test_cuts_rows_that_are_indented_further_and_keeps_headings},
    {"joins two tables with their notes", test_joins_two_tables_with_their_notes},
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

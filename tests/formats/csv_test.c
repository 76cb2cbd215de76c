/* csv_test.c: what core/formats/csv.c reads, and what it refuses, with line and rule. */
#include "fisc/csv.h"
#include "tests/support/suite.h"

#include <glib/gstdio.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

extern const FiscTest fisc_csv_tests[];

static const char *const COLUMNS[] = {"code", "name", "amount", NULL};
static const char *const REQUIRED[] = {"code", "amount", NULL};
static const FiscCsvOptions STRICT = {.columns = COLUMNS, .required = REQUIRED};

/* All fields of all rows: "3:a|b|c" for the row that begins on line 3, rows joined by newline. */
static char *
dump(const FiscCsv *csv)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < csv->rows->len; i++) {
        const FiscCsvRow *row = &g_array_index(csv->rows, FiscCsvRow, i);
        g_string_append_printf(text, "%s%d:", i > 0 ? "\n" : "", row->line);
        for (guint j = 0; j < csv->columns->len; j++) {
            g_string_append_printf(text, "%s%s", j > 0 ? "|" : "", row->fields[j]);
        }
    }
    return g_string_free(text, FALSE);
}

static char *
parse_and_dump(const FiscCsvOptions *options, const char *data, gsize length)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscCsv) csv = NULL;
    fisc_csv_parse("t.csv", data, length, options, &csv, refusals);
    if (csv != NULL) {
        FISC_ASSERT_INT(refusals->len, 0);
        return dump(csv);
    }
    GString *text = g_string_new("refused");
    for (guint i = 0; i < refusals->len; i++) {
        const FiscRefusal *refusal = refusals->pdata[i];
        FISC_ASSERT_TEXT(refusal->file, "t.csv");
        g_string_append_printf(text, " %d:%s:%s", refusal->line,
                               refusal->field != NULL ? refusal->field : "",
                               fisc_error_name(refusal->code));
    }
    return g_string_free(text, FALSE);
}

typedef struct {
    const char *data;
    const char *expected;
} Case;

static void
check_cases(const FiscCsvOptions *options, const Case *cases)
{
    for (; cases->data != NULL; cases++) {
        g_autofree char *actual = parse_and_dump(options, cases->data, strlen(cases->data));
        FISC_ASSERT_TEXT(actual, cases->expected);
    }
}

static void
test_reads_every_kind_of_line_end(void)
{
    static const Case cases[] = {
        {"code,name,amount\n1,a,10\n2,b,20\n", "2:1|a|10\n3:2|b|20"},
        {"code,name,amount\r\n1,a,10\r\n2,b,20\r\n", "2:1|a|10\n3:2|b|20"},
        {"code,name,amount\r1,a,10\r2,b,20\r", "2:1|a|10\n3:2|b|20"},
        {"code,name,amount\n1,a,10\n2,b,20", "2:1|a|10\n3:2|b|20"},
        {"code,name,amount\r\n\r\n1,a,10\r\n\r\n\r\n2,b,20", "3:1|a|10\n6:2|b|20"},
        {"\xEF\xBB\xBF"
         "code,name,amount\n1,a,10\n",
         "2:1|a|10"},
        {"amount,code\n10,1\n", "2:10|1"},
        {"code,amount\n", ""},
        {0},
    };
    check_cases(&STRICT, cases);
}

static void
test_keeps_quoted_text_as_it_is(void)
{
    static const Case cases[] = {
        {"code,name,amount\n1,\"a, \"\"b\"\"\",10\n", "2:1|a, \"b\"|10"},
        {"code,name,amount\n1,\"two\nlines\",10\n2,b,20\n", "2:1|two\nlines|10\n4:2|b|20"},
        {"code,name,amount\n1,\"two\r\nlines\",10\r\n2,b,20\n", "2:1|two\r\nlines|10\n4:2|b|20"},
        {"code,name,amount\n1,  spaced ,10\n", "2:1|  spaced |10"},
        {"code,name,amount\n1,\"\",\n", "2:1||"},
        {"code,name,amount\n1,a,\"10\"", "2:1|a|10"},
        {0},
    };
    check_cases(&STRICT, cases);
}

static void
test_refuses_with_the_line_and_the_rule(void)
{
    static const Case cases[] = {
        {"", "refused 0::FILE_EMPTY"},
        {"\n\r\n\n", "refused 0::FILE_EMPTY"},
        {"code,name\n1,a\n", "refused 1:amount:COLUMN_MISSING"},
        {"\ncode,name,amount,colour\n", "refused 2:colour:COLUMN_UNKNOWN"},
        {"code,amount,code\n", "refused 1:code:VALUE_INVALID"},
        {"code,amount,\n", "refused 1::COLUMN_UNKNOWN"},
        {"code,amount\n1,10\n2\n3,30\n4,40,\n", "refused 3::COLUMN_COUNT 5::COLUMN_COUNT"},
        {"code,amount\n1,10\n\"2,20\n3,30\n", "refused 3::QUOTE_UNBALANCED"},
        {"code,amount\n\"1\",\"10\n", "refused 2::QUOTE_UNBALANCED"},
        {"code,amount\n\"1\n1\",\"10\n", "refused 3::QUOTE_UNBALANCED"},
        {"code,amount\n1,1\"0\n", "refused 2::QUOTE_UNBALANCED"},
        {"code,amount\n1,\"1\"0\n", "refused 2::QUOTE_UNBALANCED"},
        {"code,amount\n1,10\nEspa\xF1"
         "a,20\n",
         "refused 3::ENCODING_INVALID"},
        {"code,amount\n1,10\n\xC3", "refused 3::ENCODING_INVALID"},
        {0},
    };
    check_cases(&STRICT, cases);
}

static void
test_refuses_a_nul_byte(void)
{
    static const char data[] = "code,amount\n1,10\n2,\0\n";
    g_autofree char *actual = parse_and_dump(&STRICT, data, sizeof(data) - 1);
    FISC_ASSERT_TEXT(actual, "refused 3::NUL_BYTE");
}

static void
test_decodes_the_encoding_it_is_told(void)
{
    static const FiscCsvOptions options = {
        .encoding = "CP1252", .separator = ';', .columns = COLUMNS, .required = REQUIRED};
    static const Case cases[] = {
        {"code;name;amount\r\n1;Espa\xF1"
         "a \x80;10\r\n",
         "2:1|Espa\xC3\xB1"
         "a \xE2\x82\xAC|10"},
        {"code;name;amount\r\n1;a;10\r\n2;\x81;20", "refused 3::ENCODING_INVALID"},
        {0},
    };
    check_cases(&options, cases);
    static const FiscCsvOptions unheard = {.encoding = "CP99999", .columns = COLUMNS};
    static const Case refused[] = {{"code\n1\n", "refused 0::VALUE_INVALID"}, {0}};
    check_cases(&unheard, refused);
}

static void
test_reads_a_file_without_header(void)
{
    static const FiscCsvOptions options = {.no_header = true, .columns = COLUMNS};
    static const Case cases[] = {
        {"1,a,10\n2,b,20\n", "1:1|a|10\n2:2|b|20"},
        {"1,a\n", "refused 1::COLUMN_COUNT"},
        {"\n", "refused 0::FILE_EMPTY"},
        {0},
    };
    check_cases(&options, cases);
}

static void
test_skips_comments_and_keeps_unknown_columns_when_allowed(void)
{
    static const FiscCsvOptions options = {.allow_unknown = true, .allow_comments = true};
    static const Case cases[] = {
        {"# a \"comment\ncode,colour\n#\n1,red\n\"#2\",blue\n", "4:1|red\n5:#2|blue"},
        {0},
    };
    check_cases(&options, cases);
}

/* A file of its own making in a folder of its own; the test removes both. */
static char *
write_file(void (*write)(FILE *file))
{
    g_autofree char *folder = g_dir_make_tmp("fisc-csv-XXXXXX", NULL);
    char *path = g_build_filename(folder, "t.csv", NULL);
    FILE *file = fopen(path, "wb");
    g_assert(file != NULL);
    write(file);
    g_assert(fclose(file) == 0);
    return path;
}

static void
remove_file(const char *path)
{
    g_autofree char *folder = g_path_get_dirname(path);
    g_unlink(path);
    g_rmdir(folder);
}

static void
write_hundred_megabytes(FILE *file)
{
    g_autofree char *block = g_malloc(1024 * 1024);
    memset(block, 'x', 1024 * 1024);
    fputs("code,amount\n1,10\n2,", file);
    for (int i = 0; i < 100; i++) {
        fwrite(block, 1, 1024 * 1024, file);
    }
    fputs("\n3,30\n", file);
}

/* The most memory the process has held, in kB. */
static long
peak_memory_kb(void)
{
    g_autofree char *status = NULL;
    g_assert(g_file_get_contents("/proc/self/status", &status, NULL, NULL));
    const char *peak = strstr(status, "VmHWM:");
    g_assert(peak != NULL);
    return strtol(peak + strlen("VmHWM:"), NULL, 10);
}

static void
test_refuses_a_line_of_100_mb_without_keeping_it(void)
{
    g_autofree char *path = write_file(write_hundred_megabytes);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscCsv) csv = NULL;
    long before_kb = peak_memory_kb();
    CU_ASSERT_TRUE(fisc_csv_read(path, &STRICT, &csv, refusals, NULL));
    CU_ASSERT_PTR_NULL(csv);
    FISC_ASSERT_INT(refusals->len, 1);
    const FiscRefusal *refusal = refusals->pdata[0];
    FISC_ASSERT_INT(refusal->code, FISC_ERROR_LINE_TOO_LONG);
    FISC_ASSERT_INT(refusal->line, 3);
    CU_ASSERT_TRUE(peak_memory_kb() - before_kb < 50 * 1024);
    remove_file(path);
}

static void
write_open_quote_and_megabytes(FILE *file)
{
    fputs("code,amount\n1,10\n2,\"20\n", file);
    for (int i = 0; i < 300000; i++) {
        fputs("12345,10.00\n", file);
    }
}

static void
test_names_the_open_quote_and_not_the_length_it_swallows(void)
{
    g_autofree char *path = write_file(write_open_quote_and_megabytes);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscCsv) csv = NULL;
    CU_ASSERT_TRUE(fisc_csv_read(path, &STRICT, &csv, refusals, NULL));
    FISC_ASSERT_INT(refusals->len, 1);
    const FiscRefusal *refusal = refusals->pdata[0];
    FISC_ASSERT_INT(refusal->code, FISC_ERROR_QUOTE_UNBALANCED);
    FISC_ASSERT_INT(refusal->line, 3);
    remove_file(path);
}

/* Characters of two bytes, so that a block of 64 kB ends within one of them; lines of odd length.
 */
static void
write_accents(FILE *file)
{
    fputs("code,amount\n", file);
    for (int i = 0; i < 20000; i++) {
        fprintf(file, "\xC3\xB1%s\xC3\xB1,%d\r\n", i % 2 == 0 ? "-" : "", i);
    }
}

static void
test_reads_across_blocks_as_if_there_were_none(void)
{
    g_autofree char *path = write_file(write_accents);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscCsv) csv = NULL;
    CU_ASSERT_TRUE(fisc_csv_read(path, &STRICT, &csv, refusals, NULL));
    CU_ASSERT_PTR_NOT_NULL_FATAL(csv);
    FISC_ASSERT_TEXT(csv->file, "t.csv");
    FISC_ASSERT_INT(csv->rows->len, 20000);
    int wrong = 0;
    for (int i = 0; i < 20000; i++) {
        const FiscCsvRow *row = &g_array_index(csv->rows, FiscCsvRow, i);
        g_autofree char *amount = g_strdup_printf("%d", i);
        const char *code = i % 2 == 0 ? "\xC3\xB1-\xC3\xB1" : "\xC3\xB1\xC3\xB1";
        bool is_right = row->line == i + 2 && strcmp(row->fields[0], code) == 0 &&
                        strcmp(row->fields[1], amount) == 0;
        wrong += is_right ? 0 : 1;
    }
    FISC_ASSERT_INT(wrong, 0);
    remove_file(path);
}

static void
test_fails_when_the_file_cannot_be_read(void)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscCsv) csv = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_FALSE(fisc_csv_read("/nonexistent/t.csv", &STRICT, &csv, refusals, &error));
    CU_ASSERT_TRUE(g_error_matches(error, FISC_ERROR, FISC_ERROR_IO));
    CU_ASSERT_PTR_NULL(csv);
    g_clear_error(&error);
    CU_ASSERT_FALSE(fisc_csv_read("/", &STRICT, &csv, refusals, &error));
    CU_ASSERT_TRUE(g_error_matches(error, FISC_ERROR, FISC_ERROR_IO));
    FISC_ASSERT_INT(refusals->len, 0);
}

static void
test_finds_columns_and_answers_empty_for_those_that_are_not_there(void)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscCsv) csv = NULL;
    fisc_csv_parse("t.csv", "code,amount\n1,10\n", 17, &STRICT, &csv, refusals);
    CU_ASSERT_PTR_NOT_NULL_FATAL(csv);
    const FiscCsvRow *row = &g_array_index(csv->rows, FiscCsvRow, 0);
    FISC_ASSERT_INT(fisc_csv_column(csv, "amount"), 1);
    FISC_ASSERT_INT(fisc_csv_column(csv, "name"), -1);
    FISC_ASSERT_TEXT(fisc_csv_field(csv, row, 1), "10");
    FISC_ASSERT_TEXT(fisc_csv_field(csv, row, -1), "");
}

static void
test_writes_fields_that_read_back_the_same(void)
{
    static const char *const fields[] = {"plain",    "a,b", "say \"x\"", "two\nlines", "",
                                         " spaced ", "a;b", "\"",        "tab\there",  NULL};
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 0; fields[i] != NULL; i++) {
        g_string_append(text, i > 0 ? "," : "");
        fisc_csv_append(text, fields[i]);
    }
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", NULL};
    const FiscCsvOptions options = {.no_header = true, .columns = names};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscCsv) csv = NULL;
    fisc_csv_parse("t.csv", text->str, text->len, &options, &csv, refusals);
    CU_ASSERT_PTR_NOT_NULL_FATAL(csv);
    const FiscCsvRow *row = &g_array_index(csv->rows, FiscCsvRow, 0);
    for (int i = 0; fields[i] != NULL; i++) {
        FISC_ASSERT_TEXT(row->fields[i], fields[i]);
    }
    CU_ASSERT_TRUE(g_str_has_prefix(text->str, "plain,\"a,b\","));
}

const FiscTest fisc_csv_tests[] = {
    {"reads every kind of line end, a byte order mark and columns in any order",
     test_reads_every_kind_of_line_end},
    {"keeps quoted text as it is, line ends and spaces too", test_keeps_quoted_text_as_it_is},
    {"refuses malformed text with the line and the rule", test_refuses_with_the_line_and_the_rule},
    {"refuses a NUL byte and names its line", test_refuses_a_nul_byte},
    {"decodes the encoding it is told", test_decodes_the_encoding_it_is_told},
    {"reads a file without header", test_reads_a_file_without_header},
    {"skips comments and keeps unknown columns when allowed",
     test_skips_comments_and_keeps_unknown_columns_when_allowed},
    {"refuses a line of 100 MB without keeping it",
     test_refuses_a_line_of_100_mb_without_keeping_it},
    {"names the open quote and not the length it swallows",
     test_names_the_open_quote_and_not_the_length_it_swallows},
    {"reads across blocks as if there were none", test_reads_across_blocks_as_if_there_were_none},
    {"fails when the file cannot be read", test_fails_when_the_file_cannot_be_read},
    {"finds columns and answers empty for those that are not there",
     test_finds_columns_and_answers_empty_for_those_that_are_not_there},
    {"writes fields that read back the same", test_writes_fields_that_read_back_the_same},
    {NULL, NULL},
};

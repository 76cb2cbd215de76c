/* xlsx_test.c: spreadsheets, written and read: what a cell says, which cell a refusal names, and
 * that no damaged or hostile file does more than be refused. */
#include "core/formats/xlsx_cell.h"
#include "fisc/xlsx.h"
#include "tests/support/suite.h"
#include <stdio.h>
#include <string.h>
#include <zip.h>

extern const FiscTest fisc_xlsx_tests[];

/* ---- making files ---- */

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
#define MAIN "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\""
#define RELATIONS "http://schemas.openxmlformats.org/officeDocument/2006/relationships"

typedef struct {
    const char *workbook; /* NULL: two sheets, "Cover" (hidden) and "Requests" */
    const char *relations;
    const char *styles;
    const char *strings;
    const char *sheet;  /* its XML, or what stands in its sheetData when it begins with "<row" */
    gsize sheet_length; /* 0: of the text */
} Book;

static const char default_workbook[] =
    HEAD "<workbook " MAIN " xmlns:r=\"" RELATIONS "\"><workbookPr/><sheets>"
         "<sheet name=\"Cover\" sheetId=\"1\" state=\"hidden\" r:id=\"rId9\"/>"
         "<sheet name=\"Requests\" sheetId=\"2\" r:id=\"rId1\"/></sheets></workbook>";

static const char default_relations[] = HEAD
    "<Relationships>"
    "<Relationship Id=\"rId1\" Type=\"" RELATIONS "/worksheet\" Target=\"worksheets/sheet2.xml\"/>"
    "<Relationship Id=\"rId9\" Type=\"" RELATIONS
    "/worksheet\" Target=\"/xl/worksheets/sheet1.xml\"/>"
    "<Relationship Id=\"rId2\" Type=\"" RELATIONS "/styles\" Target=\"styles.xml\"/>"
    "<Relationship Id=\"rId3\" Type=\"" RELATIONS
    "/sharedStrings\" Target=\"../xl/sharedStrings.xml\"/></Relationships>";

/* Style 0 general, 1 a day, 2 money, 3 a day of its own, 4 minutes. */
static const char default_styles[] =
    HEAD "<styleSheet " MAIN "><numFmts>"
         "<numFmt numFmtId=\"164\" formatCode=\"[$-409]d\\-mmm\\-yy;@\"/>"
         "<numFmt numFmtId=\"165\" formatCode=\"mm:ss\"/></numFmts>"
         "<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>"
         "<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"4\"/>"
         "<xf numFmtId=\"164\"/><xf numFmtId=\"165\"/></cellXfs></styleSheet>";

static const char default_strings[] =
    HEAD "<sst " MAIN "><si><t>line</t></si><si><t>title</t></si>"
         "<si><r><t>Road </t></r><r><rPr/><t xml:space=\"preserve\">works</t></r>"
         "<rPh sb=\"0\" eb=\"1\"><t>aloud</t></rPh></si>"
         "<si><t>a_x000D_b_x0000_c_x00</t></si></sst>";

static void
add_entry(zip_t *zip, const char *name, const char *text, gsize length)
{
    zip_source_t *source = zip_source_buffer(zip, text, length, 0);
    CU_ASSERT_TRUE_FATAL(zip_file_add(zip, name, source, 0) >= 0);
}

static void
add_text(zip_t *zip, const char *name, const char *text, const char *fallback)
{
    const char *chosen = text != NULL ? text : fallback;
    add_entry(zip, name, chosen, strlen(chosen));
}

/* The bytes of @source once @zip is closed. */
static GBytes *
close_zip(zip_t *zip, zip_source_t *source)
{
    zip_stat_t stat;
    zip_source_keep(source);
    CU_ASSERT_EQUAL_FATAL(zip_close(zip), 0);
    CU_ASSERT_EQUAL_FATAL(zip_source_open(source), 0);
    CU_ASSERT_EQUAL_FATAL(zip_source_stat(source, &stat), 0);
    char *data = g_malloc(stat.size);
    CU_ASSERT_EQUAL_FATAL(zip_source_read(source, data, stat.size), (zip_int64_t)stat.size);
    zip_source_close(source);
    zip_source_free(source);
    return g_bytes_new_take(data, stat.size);
}

static GBytes *
make_book(const Book *book)
{
    zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, NULL);
    zip_t *zip = zip_open_from_source(source, ZIP_TRUNCATE, NULL);
    bool is_rows = g_str_has_prefix(book->sheet, "<row");
    g_autofree char *rows =
        !is_rows ? NULL
                 : g_strdup_printf(HEAD "<worksheet " MAIN "><sheetData>%s</sheetData></worksheet>",
                                   book->sheet);
    const char *sheet = is_rows ? rows : book->sheet;
    add_text(zip, "_rels/.rels",
             HEAD "<Relationships><Relationship Id=\"rId1\" Type=\"" RELATIONS
                  "/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>",
             NULL);
    add_text(zip, "xl/workbook.xml", book->workbook, default_workbook);
    add_text(zip, "xl/_rels/workbook.xml.rels", book->relations, default_relations);
    add_text(zip, "xl/styles.xml", book->styles, default_styles);
    add_text(zip, "xl/sharedStrings.xml", book->strings, default_strings);
    add_entry(zip, "xl/worksheets/sheet2.xml", sheet,
              book->sheet_length > 0 ? book->sheet_length : strlen(sheet));
    add_text(zip, "xl/worksheets/sheet1.xml",
             "<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>cover</t></is></c></row>"
             "</sheetData></worksheet>",
             NULL);
    return close_zip(zip, source);
}

/* ---- reading files ---- */

/* "columns line|title" and a line "3:a|b" for each row, or "refused", and what each refusal says.
 */
static char *
dump(const FiscCsv *csv, const FiscRefusals *refusals)
{
    GString *text = g_string_new(csv != NULL ? "columns " : "refused");
    for (guint i = 0; csv != NULL && i < csv->columns->len; i++) {
        g_string_append_printf(text, "%s%s", i > 0 ? "|" : "", (char *)csv->columns->pdata[i]);
    }
    for (guint i = 0; csv != NULL && i < csv->rows->len; i++) {
        const FiscCsvRow *row = &g_array_index(csv->rows, FiscCsvRow, i);
        g_string_append_printf(text, "\n%d:", row->line);
        for (guint k = 0; k < csv->columns->len; k++) {
            g_string_append_printf(text, "%s%s", k > 0 ? "|" : "", row->fields[k]);
        }
    }
    for (guint i = 0; i < refusals->len; i++) {
        const FiscRefusal *refusal = refusals->pdata[i];
        g_string_append_printf(text, "\n%s:%d:%s: %s: %s", refusal->file, refusal->line,
                               refusal->field != NULL ? refusal->field : "-",
                               fisc_error_name(refusal->code), refusal->detail);
    }
    return g_string_free(text, FALSE);
}

static char *
read_bytes(GBytes *bytes, const char *sheet, const FiscCsvOptions *options)
{
    static const FiscCsvOptions any = {.allow_unknown = true};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscCsv) csv = NULL;
    gsize length = 0;
    const char *data = g_bytes_get_data(bytes, &length);
    CU_ASSERT_TRUE(fisc_xlsx_parse("b.xlsx", data, length, sheet, options != NULL ? options : &any,
                                   &csv, refusals));
    CU_ASSERT_TRUE((csv == NULL) == (refusals->len > 0));
    return dump(csv, refusals);
}

static char *
read_book(const Book *book)
{
    g_autoptr(GBytes) bytes = make_book(book);
    return read_bytes(bytes, NULL, NULL);
}

/* ---- words of cells ---- */

static void
test_names_columns_by_letters(void)
{
    static const struct {
        int column;
        const char *letters;
    } cases[] = {{0, "A"}, {25, "Z"}, {26, "AA"}, {701, "ZZ"}, {702, "AAA"}, {16383, "XFD"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        char buffer[FISC_XLSX_LETTERS];
        int column = -1;
        int row = -1;
        FISC_ASSERT_TEXT(fisc_xlsx_letters(cases[i].column, buffer), cases[i].letters);
        g_autofree char *place = g_strdup_printf("%s7", cases[i].letters);
        CU_ASSERT_TRUE(fisc_xlsx_place(place, &column, &row));
        FISC_ASSERT_INT(column, cases[i].column);
        FISC_ASSERT_INT(row, 7);
    }
    static const char *const bad[] = {"",     "A",        "7",   "a1",         "A0",
                                      "XFE1", "A1048577", "A1B", "AAAAAAAAAA1"};
    for (gsize i = 0; i < G_N_ELEMENTS(bad); i++) {
        int column = -1;
        int row = -1;
        CU_ASSERT_FALSE(fisc_xlsx_place(bad[i], &column, &row));
    }
}

static void
test_gives_numbers_their_shortest_decimal(void)
{
    static const struct {
        const char *stored, *text;
    } cases[] = {
        {"0", "0"},
        {"-0", "0"},
        {"12", "12"},
        {"-12.50", "-12.5"},
        {"+3", "3"},
        {"0.1", "0.1"},
        {".5", "0.5"},
        {"1.5E3", "1500"},
        {"1.5e-3", "0.0015"},
        {"1E+15", "1000000000000000"},
        {"0.10000000000000001", "0.1"},
        {"1234.5599999999999", "1234.56"},
        {"0.30000000000000004", "0.30000000000000004"}, /* computed, and not 0.3 */
        {"999999999999.98999", "999999999999.99"},
        {"123456789012345678", "123456789012345678"}, /* an identifier, not rounded */
        {"12345678901234567890.12", "12345678901234567890.12"},
        {"9007199254740993", "9007199254740993"},
        {"", NULL},
        {".", NULL},
        {"1.2.3", NULL},
        {"1e", NULL},
        {"1e99", NULL},
        {"0x10", NULL},
        {"nan", NULL},
        {"inf", NULL},
        {"1,5", NULL},
        {"12345678901234567890123456789012345678901", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = fisc_xlsx_number(cases[i].stored);
        FISC_ASSERT_TEXT(text, cases[i].text);
    }
}

static void
test_writes_as_numbers_only_what_stays_the_same(void)
{
    static const struct {
        const char *decimal;
        bool is_exact;
    } cases[] = {
        {"0.00", true},
        {"-1234.50", true},
        {"0.01", true},
        {"9999999999999.99", true},
        {"8796093022208.03", false}, /* 16 digits show 8796093022208.029 */
        {"999999999999.99", true},
        {"999999999999999", true},
        {"9999999999999999", false},
        {"1234567890123456.78", false},
        {"100000000000000000.00", true}, /* one digit */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        bool is_exact = fisc_xlsx_is_exact(cases[i].decimal);
        if (cases[i].is_exact != is_exact) {
            printf("%s\n", cases[i].decimal);
        }
        FISC_ASSERT_INT(is_exact, cases[i].is_exact);
    }
}

static void
test_knows_days(void)
{
    static const struct {
        const char *serial;
        bool is_1904;
        const char *day;
    } cases[] = {
        {"1", false, "1900-01-01"},
        {"59", false, "1900-02-28"},
        {"60", false, "1900-02-29"}, /* as every spreadsheet shows it */
        {"61", false, "1900-03-01"},
        {"43466", false, "2019-01-01"},
        {"42004", true, "2019-01-01"},
        {"43466.5", false, "2019-01-01T12:00:00"},
        {"43466.99999999999", false, "2019-01-02"},
        {"2958465", false, "9999-12-31"},
        {"2958466", false, NULL},
        {"0", false, NULL},
        {"0.25", false, NULL},
        {"-5", false, NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *day = fisc_xlsx_day(cases[i].serial, cases[i].is_1904);
        FISC_ASSERT_TEXT(day, cases[i].day);
    }
    static const struct {
        int id;
        const char *code;
        bool is_day;
    } formats[] = {
        {0, NULL, false},          {14, NULL, true},
        {22, NULL, true},          {20, NULL, false},
        {164, "yyyy-mm-dd", true}, {164, "[$-409]mmm\\-yy;@", true},
        {164, "mmmm", true},       {164, "h:mm:ss", false},
        {164, "General", false},   {164, "#,##0.00 \"dollars\"", false},
        {164, "[Red]0.0", false},  {164, "0.00E+00", false},
        {164, "0;\"dd\"", false},  {164, "_d0\\y", false},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
        FISC_ASSERT_INT(fisc_xlsx_is_day_format(formats[i].id, formats[i].code), formats[i].is_day);
    }
}

/* ---- sheets ---- */

#define HEADER "<row r=\"3\"><c r=\"A3\" t=\"s\"><v>0</v></c><c r=\"C3\" t=\"s\"><v>1</v></c></row>"

static void
test_reads_what_a_person_sees_in_each_cell(void)
{
    static const struct {
        const char *cell, *text;
    } cases[] = {
        {"<c r=\"C5\"><v>1234.5599999999999</v></c>", "1234.56"},
        {"<c r=\"C5\" s=\"2\"><v>1E3</v></c>", "1000"},
        {"<c r=\"C5\" s=\"1\"><v>43466</v></c>", "2019-01-01"},
        {"<c r=\"C5\" s=\"3\"><v>43467</v></c>", "2019-01-02"},
        {"<c r=\"C5\" s=\"4\"><v>0.5</v></c>", "0.5"},
        {"<c r=\"C5\" s=\"77\"><v>43467</v></c>", "43467"},
        {"<c r=\"C5\" t=\"s\"><v>2</v></c>", "Road works"},
        {"<c r=\"C5\" t=\"s\"><v>3</v></c>", "a\rb_x0000_c_x00"},
        {"<c r=\"C5\" t=\"inlineStr\"><is><t> as it is </t></is></c>", " as it is "},
        {"<c r=\"C5\" t=\"inlineStr\"><is><r><t>in</t></r><r><t>line</t></r></is></c>", "inline"},
        {"<c r=\"C5\" t=\"b\"><v>1</v></c>", "true"},
        {"<c r=\"C5\" t=\"b\"><v>0</v></c>", "false"},
        {"<c r=\"C5\" t=\"d\"><v>2019-05-01</v></c>", "2019-05-01"},
        {"<c r=\"C5\"><f>A1*2</f><v>84</v></c>", "84"},
        {"<c r=\"C5\" t=\"str\"><f>A1&amp;\"x\"</f><v>\xC3\xB1 &lt;x&gt;</v></c>", "\xC3\xB1 <x>"},
        {"<c r=\"C5\" t=\"str\"><f>\"\"</f></c>", ""},
        {"<c r=\"C5\" s=\"1\"/>", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *rows = g_strdup_printf("%s<row r=\"5\"><c r=\"A5\"><v>7</v></c>%s</row>",
                                                HEADER, cases[i].cell);
        g_autofree char *text = read_book(&(Book){.sheet = rows});
        g_autofree char *expected = g_strdup_printf("columns line|title\n5:7|%s", cases[i].text);
        FISC_ASSERT_TEXT(text, expected);
    }
}

static void
test_keeps_row_numbers_and_skips_empty_rows(void)
{
    g_autofree char *text = read_book(&(Book){
        .sheet = "<row r=\"2\"/>" HEADER "<row r=\"4\"><c r=\"B4\" s=\"1\"/></row>"
                 "<row r=\"90\"><c r=\"C90\"><v>1</v></c></row><row><c><v>2</v></c></row>"});
    FISC_ASSERT_TEXT(text, "columns line|title\n90:|1\n91:2|");
}

static void
test_finds_the_sheet_by_name_or_takes_the_first_in_sight(void)
{
    g_autoptr(GBytes) bytes = make_book(&(Book){.sheet = HEADER});
    static const struct {
        const char *name, *usual, *text;
    } cases[] = {
        {NULL, NULL, "columns line|title"},
        {NULL, "COVER", "columns cover"},
        {NULL, "lines", "columns line|title"},
        {"requests", "cover", "columns line|title"},
        {"Cover", NULL, "columns cover"},
        {"Lines", "cover", "refused\nb.xlsx:0:-: VALUE_INVALID: it has no sheet \"Lines\""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const FiscCsvOptions options = {.allow_unknown = true, .sheet = cases[i].usual};
        g_autofree char *text = read_bytes(bytes, cases[i].name, &options);
        FISC_ASSERT_TEXT(text, cases[i].text);
    }
}

static void
test_reads_names_with_a_namespace_prefix(void)
{
    g_autofree char *text = read_book(
        &(Book){.sheet = "<x:worksheet xmlns:x=\"urn:x\"><x:sheetData><x:row r=\"1\"><x:c r=\"A1\" "
                         "t=\"str\"><x:v>line</x:v></x:c></x:row><x:row r=\"2\"><x:c r=\"A2\">"
                         "<x:v>1</x:v></x:c></x:row></x:sheetData></x:worksheet>"});
    FISC_ASSERT_TEXT(text, "columns line\n2:1");
}

static void
test_counts_days_from_1904_where_the_workbook_does(void)
{
    g_autofree char *text = read_book(
        &(Book){.workbook = HEAD "<workbook xmlns:r=\"" RELATIONS "\"><workbookPr date1904=\"1\"/>"
                                 "<sheets><sheet name=\"S\" r:id=\"rId1\"/></sheets></workbook>",
                .sheet = HEADER "<row r=\"4\"><c r=\"A4\" s=\"1\"><v>42004</v></c></row>"});
    FISC_ASSERT_TEXT(text, "columns line|title\n4:2019-01-01|");
}

#define SHEET "b.xlsx sheet Requests"

static void
test_names_sheet_row_and_column_of_what_it_refuses(void)
{
    static const struct {
        const char *rows, *text;
    } cases[] = {
        {HEADER "<row r=\"5\"><c r=\"C5\" t=\"e\"><f>1/0</f><v>#DIV/0!</v></c></row>",
         "refused\n" SHEET ":5:column C (title): VALUE_INVALID: the cell shows the error #DIV/0!"},
        {HEADER "<row r=\"5\"><c r=\"A5\"><f>B9</f></c></row>",
         "refused\n" SHEET ":5:column A (line): VALUE_INVALID: the formula was never computed"},
        {HEADER "<row r=\"5\"><c r=\"B5\"><v>1</v></c><c r=\"AA5\"><v>2</v></c></row>",
         "refused\n" SHEET ":5:column B: COLUMN_COUNT: \"1\" stands in a column without a "
         "heading\n" SHEET
         ":5:column AA: COLUMN_COUNT: \"2\" stands in a column without a heading"},
        {HEADER "<row r=\"5\"><c r=\"A5\" t=\"s\"><v>4</v></c></row>",
         "refused\n" SHEET ":5:column A (line): VALUE_INVALID: the cell's text is missing in the "
         "file"},
        {HEADER "<row r=\"5\"><c r=\"A5\"><v>1 2</v></c><c r=\"C5\" t=\"zz\"><v>1</v></c></row>",
         "refused\n" SHEET ":5:column A (line): VALUE_INVALID: \"1 2\" is no number\n" SHEET
         ":5:column C (title): VALUE_INVALID: a cell of the type \"zz\" is not known"},
        {"<row r=\"1\"/>", "refused\n" SHEET ":0:-: FILE_EMPTY: the sheet has no rows"},
        {HEADER "<row r=\"3\"/>",
         "refused\nb.xlsx:0:-: VALUE_INVALID: behind row 3 its sheet has the row \"3\""},
        {HEADER "<row r=\"9999999\"/>",
         "refused\nb.xlsx:0:-: VALUE_INVALID: behind row 3 its sheet has the row \"9999999\""},
        {HEADER "<row r=\"5\"><c r=\"C5\"/><c r=\"A5\"/></row>",
         "refused\nb.xlsx:0:-: VALUE_INVALID: behind row 5 its sheet has the cell \"A5\""},
        {HEADER "<row r=\"5\"><c r=\"A6\"/></row>",
         "refused\nb.xlsx:0:-: VALUE_INVALID: behind row 5 its sheet has the cell \"A6\""},
        {HEADER "<row r=\"1048576\"/><row/>",
         "refused\nb.xlsx:0:-: VALUE_INVALID: behind row 1048576 its sheet has the row \"beyond "
         "the last\""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = read_book(&(Book){.sheet = cases[i].rows});
        FISC_ASSERT_TEXT(text, cases[i].text);
    }
}

static void
test_holds_the_header_against_the_columns_that_are_known(void)
{
    static const char *const columns[] = {"line", "amount", NULL};
    static const char *const required[] = {"amount", NULL};
    static const FiscCsvOptions options = {.columns = columns, .required = required};
    g_autoptr(GBytes) bytes = make_book(&(Book){.sheet = HEADER});
    g_autofree char *text = read_bytes(bytes, NULL, &options);
    FISC_ASSERT_TEXT(text, "refused\n" SHEET
                           ":3:column C (title): COLUMN_UNKNOWN: column 2 is \"title\"\n" SHEET
                           ":3:amount: COLUMN_MISSING: the header has no column \"amount\"");
}

static void
test_refuses_what_is_no_spreadsheet(void)
{
    static const struct {
        const char *data, *part;
    } cases[] = {{"", "the file is no spreadsheet"},
                 {"line,title\n", "the file is no spreadsheet"},
                 {"PK\3\4 and then nothing", "the file is no spreadsheet"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) bytes = g_bytes_new_static(cases[i].data, strlen(cases[i].data));
        g_autofree char *text = read_bytes(bytes, NULL, NULL);
        FISC_ASSERT_CONTAINS(text, cases[i].part);
    }
    CU_ASSERT_TRUE(fisc_xlsx_is("PK\3\4...", 7));
    CU_ASSERT_FALSE(fisc_xlsx_is("PK", 2));
    CU_ASSERT_FALSE(fisc_xlsx_is("PKW,line\n", 9));
}

/* ---- hostile files ---- */

static void
test_opens_nothing_and_expands_nothing(void)
{
    static const struct {
        const char *sheet, *part;
    } cases[] = {
        {"<!DOCTYPE worksheet [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;\">]><worksheet>&b;"
         "</worksheet>",
         "declares a document type"},
        {"<!DOCTYPE worksheet SYSTEM \"file:///etc/passwd\"><worksheet/>",
         "declares a document type"},
        {"<worksheet>&x;</worksheet>", "no well-formed XML: undefined entity"},
        {"<worksheet><sheetData>", "no well-formed XML: no element found"},
        {"<worksheet>\xFF</worksheet>", "no well-formed XML"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = read_book(&(Book){.sheet = cases[i].sheet});
        FISC_ASSERT_CONTAINS(text, cases[i].part);
    }
}

static void
test_stops_at_its_limits(void)
{
    g_autoptr(GString) deep = g_string_new(NULL);
    for (int i = 0; i < 100000; i++) {
        g_string_append(deep, "<a>");
    }
    g_autofree char *text = read_book(&(Book){.sheet = deep->str});
    FISC_ASSERT_CONTAINS(text, "LINE_TOO_LONG: its XML goes deeper than 64 elements");

    /* 300 MB of spaces are some hundred kilobytes in the file. */
    gsize length = 300 * 1024 * 1024;
    g_autofree char *spaces = g_malloc(length);
    memset(spaces, ' ', length);
    memcpy(spaces, "<worksheet>", 11);
    g_autofree char *bomb = read_book(&(Book){.sheet = spaces, .sheet_length = length});
    FISC_ASSERT_CONTAINS(bomb, "LINE_TOO_LONG: it unpacks to more than 256 MB");

    memset(spaces, 'a', 20 * 1024 * 1024);
    memcpy(spaces, "<worksheet x=\"", 14);
    g_autofree char *token = read_book(&(Book){.sheet = spaces, .sheet_length = 20 * 1024 * 1024});
    FISC_ASSERT_CONTAINS(token, "has a piece of XML longer than 8 MB");

    g_autoptr(GString) cell = g_string_new(HEADER "<row><c t=\"str\"><v>");
    for (int i = 0; i < 1100000; i++) {
        g_string_append_c(cell, 'x');
    }
    g_string_append(cell, "</v></c></row>");
    g_autofree char *wide = read_book(&(Book){.sheet = cell->str});
    FISC_ASSERT_CONTAINS(wide, "LINE_TOO_LONG: the text of a cell is longer than");
}

static void
test_counts_the_cells_of_sparse_rows(void)
{
    /* 1,400 rows, each with one value in the last column, would be 23 million fields. */
    g_autoptr(GString) rows = g_string_new(
        "<row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c r=\"XFD1\" t=\"s\"><v>1</v></c></row>");
    for (int i = 2; i < 1400; i++) {
        g_string_append_printf(rows, "<row r=\"%d\"><c r=\"XFD%d\"><v>1</v></c></row>", i, i);
    }
    g_autofree char *text = read_book(&(Book){.sheet = rows->str});
    FISC_ASSERT_CONTAINS(text, "LINE_TOO_LONG: the sheet has more than 20971520 cells");
}

/* ---- tables, there and back ---- */

static FiscTable *
sample_table(const char *title, int rows)
{
    FiscTable *table = fisc_table_new("lines", title, 2);
    fisc_table_add_column(table, "line", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "title", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "count", FISC_COLUMN_INTEGER);
    fisc_table_add_column(table, "request_2019", FISC_COLUMN_AMOUNT);
    static const char *const words[] = {"=1+1",     "  two  ", "a,\"b\"\nc\rd",
                                        "\xC3\xB1", "007",     "_x000D_"};
    static const __int128 amounts[] = {0, -123456, 999999999999999, INT64_MAX, -1};
    for (int i = 0; i < rows; i++) {
        g_autofree char *name = g_strdup_printf("L-%04d", i);
        FiscRow *row = fisc_table_add_row(table);
        fisc_table_set_text(table, row, 0, name);
        fisc_table_set_text(table, row, 1, words[i % (int)G_N_ELEMENTS(words)]);
        fisc_table_set_amount(table, row, 2, i);
        if (i % 7 != 6) {
            fisc_table_set_amount(table, row, 3, amounts[i % (int)G_N_ELEMENTS(amounts)]);
        }
    }
    return table;
}

static GBytes *
write_table(const FiscTable *table)
{
    GString *out = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_xlsx_write(table, out, &error));
    return g_string_free_to_bytes(out);
}

static void
test_reads_back_what_it_wrote(void)
{
    g_autoptr(FiscTable) table = sample_table("", 7);
    g_autoptr(GBytes) bytes = write_table(table);
    g_autofree char *text = read_bytes(bytes, "lines", NULL);
    FISC_ASSERT_TEXT(text, "columns line|title|count|request_2019\n"
                           "2:L-0000|=1+1|0|0\n"
                           "3:L-0001|  two  |1|-1234.56\n"
                           "4:L-0002|a,\"b\"\nc\rd|2|9999999999999.99\n"
                           "5:L-0003|\xC3\xB1|3|92233720368547758.07\n"
                           "6:L-0004|007|4|-0.01\n"
                           "7:L-0005|_x000D_|5|0\n"
                           "8:L-0006|=1+1|6|");
}

static void
test_writes_the_same_bytes_twice(void)
{
    g_autoptr(FiscTable) table = sample_table("A title", 50);
    g_autoptr(GBytes) first = write_table(table);
    g_usleep(1100000); /* zip keeps seconds */
    g_autoptr(GBytes) second = write_table(table);
    CU_ASSERT_TRUE(g_bytes_equal(first, second));
}

/* The text of one file inside a spreadsheet. */
static char *
entry_text(GBytes *bytes, const char *name)
{
    gsize length = 0;
    const void *data = g_bytes_get_data(bytes, &length);
    zip_source_t *source = zip_source_buffer_create(data, length, 0, NULL);
    zip_t *zip = zip_open_from_source(source, ZIP_RDONLY, NULL);
    zip_stat_t stat;
    CU_ASSERT_EQUAL_FATAL(zip_stat(zip, name, 0, &stat), 0);
    char *text = g_malloc0(stat.size + 1);
    zip_file_t *file = zip_fopen(zip, name, 0);
    CU_ASSERT_EQUAL(zip_fread(file, text, stat.size), (zip_int64_t)stat.size);
    zip_fclose(file);
    zip_discard(zip);
    return text;
}

static void
test_lays_a_report_out_for_people(void)
{
    g_autoptr(FiscTable) table = sample_table("Requests, 2019", 4);
    ((FiscRow *)table->rows->pdata[1])->strong = true;
    fisc_table_add_note(table, "In euro.");
    g_autoptr(GBytes) bytes = write_table(table);
    g_autofree char *sheet = entry_text(bytes, "xl/worksheets/sheet1.xml");
    g_autofree char *strings = entry_text(bytes, "xl/sharedStrings.xml");
    g_autofree char *styles = entry_text(bytes, "xl/styles.xml");
    FISC_ASSERT_CONTAINS(sheet, "<pane ySplit=\"3\" topLeftCell=\"A4\"");
    FISC_ASSERT_CONTAINS(sheet, "<v>-1234.56</v>");
    FISC_ASSERT_CONTAINS(sheet, "<cols><col min=\"1\"");
    FISC_ASSERT_CONTAINS(sheet, "<row r=\"9\""); /* the note, below an empty row */
    CU_ASSERT_PTR_NULL(strstr(sheet, "<f>"));    /* "=1+1" is text */
    FISC_ASSERT_CONTAINS(strings, "<t>Requests, 2019</t>");
    FISC_ASSERT_CONTAINS(strings, "<t>92233720368547758.07</t>"); /* no number says this */
    FISC_ASSERT_CONTAINS(strings, "<t>In euro.</t>");
    FISC_ASSERT_CONTAINS(styles, "formatCode=\"#,##0.00\"");
}

static void
test_refuses_a_text_that_no_cell_holds(void)
{
    g_autoptr(FiscTable) table = sample_table("", 2);
    g_autofree char *text = g_strnfill(FISC_XLSX_TEXT_MAX + 1, 'x');
    fisc_table_set_text(table, table->rows->pdata[1], 1, text);
    g_autoptr(GString) out = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    CU_ASSERT_FALSE(fisc_xlsx_write(table, out, &error));
    CU_ASSERT_TRUE(g_error_matches(error, FISC_ERROR, FISC_ERROR_USAGE));
    FISC_ASSERT_CONTAINS(error->message, "row 2 has a text of more than 32767 characters");
    FISC_ASSERT_INT(out->len, 0);
}

/* ---- a sheet as text ---- */

static void
test_turns_a_sheet_into_text_and_refusals_back_into_cells(void)
{
    g_autoptr(GBytes) bytes = make_book(&(Book){
        .sheet = HEADER "<row r=\"5\"><c r=\"C5\" t=\"inlineStr\"><is><t>two\nlines</t></is></c>"
                        "</row><row r=\"9\"><c r=\"A9\"><v>1</v></c></row>"});
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    gsize length = 0;
    const char *data = g_bytes_get_data(bytes, &length);
    g_autoptr(FiscSheetText) text =
        fisc_sheet_text_parse("b.xlsx", data, length, NULL, "requests", refusals);
    CU_ASSERT_PTR_NOT_NULL_FATAL(text);
    FISC_ASSERT_TEXT(text->text->str, "line,title\n,\"two\nlines\"\n1,\n");
    static const struct {
        int line, row;
    } lines[] = {{1, 3}, {2, 5}, {3, 5}, {4, 9}, {0, 0}};
    fisc_refusals_add(refusals, FISC_ERROR_FAILED, "other", 7, NULL, "of another file");
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        fisc_refusals_add(refusals, FISC_ERROR_VALUE_INVALID, "text", lines[i].line, "title", "x");
    }
    fisc_sheet_text_place(text, refusals, 1);
    FISC_ASSERT_TEXT(((FiscRefusal *)refusals->pdata[0])->file, "other");
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        const FiscRefusal *refusal = refusals->pdata[i + 1];
        FISC_ASSERT_TEXT(refusal->file, SHEET);
        FISC_ASSERT_INT(refusal->line, lines[i].row);
        FISC_ASSERT_TEXT(refusal->field, "column C (title)");
    }
}

/* ---- damage ---- */

static void
read_damaged(char *data, gsize length)
{
    g_autoptr(GBytes) bytes = g_bytes_new_static(data, length);
    g_autofree char *text = read_bytes(bytes, NULL, NULL);
    CU_ASSERT_TRUE(g_str_has_prefix(text, "refused\n") || g_str_has_prefix(text, "columns "));
}

static void
test_survives_cut_and_flipped_files(void)
{
    g_autoptr(FiscTable) table = sample_table("", 40);
    g_autoptr(GBytes) bytes = write_table(table);
    gsize length = 0;
    const char *data = g_bytes_get_data(bytes, &length);
    g_autoptr(GRand) rand = g_rand_new_with_seed(20190101);
    for (int i = 0; i < 300; i++) {
        g_autofree char *copy = g_memdup2(data, length);
        read_damaged(copy, (gsize)g_rand_int_range(rand, 0, (gint32)length));
        int flips = g_rand_int_range(rand, 1, 12);
        for (int k = 0; k < flips; k++) {
            copy[g_rand_int_range(rand, 0, (gint32)length)] ^=
                (char)(1 << g_rand_int_range(rand, 0, 8));
        }
        read_damaged(copy, length);
    }
}

/* What is damaged below the packing reaches the readers of XML. */
static void
test_survives_damaged_xml(void)
{
    static const char rows[] =
        HEADER "<row r=\"5\" spans=\"1:3\"><c r=\"A5\" s=\"1\"><v>43466.5</v></c>"
               "<c r=\"C5\" t=\"s\"><v>2</v></c></row><row r=\"6\"><c r=\"A6\" t=\"inlineStr\">"
               "<is><r><t>x_x000D_y</t></r></is></c><c r=\"C6\"><f>1</f><v>1.5E3</v></c></row>";
    static const char *const pieces[] = {"\"",   "<",          ">",  "9999999999", "-1",
                                         "",     "&#x10FFFF;", "A",  "r=\"",       "t=\"s\"",
                                         "</c>", "<row>",      "_x", "E",          "."};
    g_autoptr(GRand) rand = g_rand_new_with_seed(7);
    for (int i = 0; i < 600; i++) {
        g_autoptr(GString) sheet = g_string_new(rows);
        g_autoptr(GString) styles = g_string_new(default_styles);
        g_autoptr(GString) strings = g_string_new(default_strings);
        GString *texts[] = {sheet, styles, strings};
        for (int k = g_rand_int_range(rand, 1, 4); k > 0; k--) {
            GString *text = texts[g_rand_int_range(rand, 0, 3)];
            gint32 at = g_rand_int_range(rand, 4, (gint32)text->len);
            gint32 count = g_rand_int_range(rand, 0, 6);
            g_string_erase(text, at, MIN(count, (gint32)text->len - at));
            g_string_insert(text, at,
                            pieces[g_rand_int_range(rand, 0, (gint32)G_N_ELEMENTS(pieces))]);
        }
        g_autofree char *text =
            read_book(&(Book){.sheet = sheet->str, .styles = styles->str, .strings = strings->str});
        CU_ASSERT_TRUE(g_str_has_prefix(text, "refused\n") || g_str_has_prefix(text, "columns "));
    }
}

const FiscTest fisc_xlsx_tests[] = {
    {"names columns by letters", test_names_columns_by_letters},
    {"gives numbers their shortest decimal", test_gives_numbers_their_shortest_decimal},
    {"writes as numbers only what stays the same", test_writes_as_numbers_only_what_stays_the_same},
    {"knows days", test_knows_days},
    {"reads what a person sees in each cell", test_reads_what_a_person_sees_in_each_cell},
    {"keeps row numbers and skips empty rows", test_keeps_row_numbers_and_skips_empty_rows},
    {"finds the sheet by name, or takes the first in sight",
     test_finds_the_sheet_by_name_or_takes_the_first_in_sight},
    {"reads names with a namespace prefix", test_reads_names_with_a_namespace_prefix},
    {"counts days from 1904 where the workbook does",
     test_counts_days_from_1904_where_the_workbook_does},
    {"names sheet, row and column of what it refuses",
     test_names_sheet_row_and_column_of_what_it_refuses},
    {"holds the header against the columns that are known",
     test_holds_the_header_against_the_columns_that_are_known},
    {"refuses what is no spreadsheet", test_refuses_what_is_no_spreadsheet},
    {"opens nothing and expands nothing", test_opens_nothing_and_expands_nothing},
    {"stops at its limits", test_stops_at_its_limits},
    {"counts the cells of sparse rows", test_counts_the_cells_of_sparse_rows},
    {"reads back what it wrote", test_reads_back_what_it_wrote},
    {"writes the same bytes twice", test_writes_the_same_bytes_twice},
    {"lays a report out for people", test_lays_a_report_out_for_people},
    {"refuses a text that no cell holds", test_refuses_a_text_that_no_cell_holds},
    {"turns a sheet into text, and refusals back into cells",
     test_turns_a_sheet_into_text_and_refusals_back_into_cells},
    {"survives cut and flipped files", test_survives_cut_and_flipped_files},
    {"survives damaged XML", test_survives_damaged_xml},
    {NULL, NULL},
};

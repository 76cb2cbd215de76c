/* parse_test.c: readers in the sandbox say what they would say without it, and what they cannot
 * read or finish is a refusal with a reason. */
#include "core/sandbox/child.h"
#include "integrations/convert.h"
#include "integrations/parse.h"
#include "tests/support/suite.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern const FiscTest fisc_parse_tests[];

static const char *const numbers[] = {"1", "2", NULL};
static const char *const needed[] = {"code", "amount", NULL};

/* Texts as sources give them; @length 0: up to the NUL. */
static const struct {
    const char *text;
    gsize length;
    FiscCsvOptions options;
} texts[] = {
    {"code,amount\n1,2.50\n\n2,\"a \"\"b\"\"\nc\"\n", 0, {.required = needed}},
    {"\xEF\xBB\xBF"
     "code;amount\r\n1;2,50\r\n",
     0,
     {.separator = ';', .required = needed}},
    {"# of the town\ncode,amount\n#1,2\n3,4\n", 0, {.allow_comments = true}},
    {"1,2\n3,4\n", 0, {.no_header = true, .columns = numbers}},
    {"Town of Pinto\nYear;2018;\ncode;amount\n1;2\n", 0, {.separator = ';', .preamble = 2}},
    {"code,amount\nA\xF1o,1\n", 0, {.encoding = "ISO-8859-1"}},
    {"code,amount\nA\xF1o,\x80\n", 0, {.encoding = "WINDOWS-1252"}},
    {"c\0o\0d\0e\0\n\0\xAC\x20\n\0", 14, {.encoding = "UTF-16LE"}},
    /* what is refused */
    {"code,amount\nA\xF1o,1\n", 0, {0}},
    {"code,amount\n1,\xC3", 0, {0}},
    {"code,amount\n1,2\0"
     "3\n",
     18,
     {0}},
    {"c\0o\0d", 5, {.encoding = "UTF-16LE"}},
    {"code,amount\n1,2\n", 0, {.encoding = "KLINGON"}},
    {"code,amount\n1,\"2\n", 0, {0}},
    {"code,amount\n1,2\"3\n", 0, {0}},
    {"code,amount\n1,2,3\n4\n", 0, {.required = needed}},
    {"code,code\n1,2\n", 0, {.required = needed}},
    {"", 0, {0}},
};

static char *
text_of_refusals(const FiscRefusals *refusals)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < refusals->len; i++) {
        g_autofree char *one = fisc_refusal_to_text(refusals->pdata[i], 2);
        g_string_append_printf(text, "%s\n", one);
    }
    return g_string_free(text, FALSE);
}

static void
append_rows(GString *text, const char *what, const GArray *rows, guint columns)
{
    for (guint i = 0; i < rows->len; i++) {
        const FiscCsvRow *row = &g_array_index(rows, FiscCsvRow, i);
        g_string_append_printf(text, "%s %d", what, row->line);
        for (guint k = 0; k < columns || (columns == 0 && row->fields[k] != NULL); k++) {
            g_string_append_printf(text, " [%s]", row->fields[k]);
        }
        g_string_append_c(text, '\n');
    }
}

static char *
text_of_csv(const FiscCsv *csv)
{
    GString *text = g_string_new(NULL);
    g_string_append_printf(text, "%s header %d:", csv->file, csv->header_line);
    for (guint i = 0; i < csv->columns->len; i++) {
        g_string_append_printf(text, " [%s]", (const char *)csv->columns->pdata[i]);
    }
    g_string_append_c(text, '\n');
    append_rows(text, "above", csv->preamble, 0);
    append_rows(text, "row", csv->rows, csv->columns->len);
    return g_string_free(text, FALSE);
}

/* What a reading gave, as one text. */
static char *
tell(const FiscCsv *csv, const FiscRefusals *refusals)
{
    return csv != NULL ? text_of_csv(csv) : text_of_refusals(refusals);
}

static char *
read_within(const char *text, gsize length, const FiscCsvOptions *options)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(GBytes) document = g_bytes_new(text, length);
    g_autoptr(FiscCsv) csv = NULL;
    g_autoptr(GError) error = NULL;
    bool is_done = fisc_parse_csv("published.csv", document, options, &csv, refusals, &error);
    return is_done ? tell(csv, refusals) : g_strconcat("failed: ", error->message, NULL);
}

static char *
read_without(const char *text, gsize length, const FiscCsvOptions *options)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscCsv) csv = NULL;
    fisc_csv_parse("published.csv", text, length, options, &csv, refusals);
    return tell(csv, refusals);
}

static void
test_reads_text_as_without_the_sandbox(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        gsize length = texts[i].length > 0 ? texts[i].length : strlen(texts[i].text);
        FiscCsvOptions options = texts[i].options;
        options.allow_unknown = true;
        g_autofree char *within = read_within(texts[i].text, length, &options);
        g_autofree char *without = read_without(texts[i].text, length, &options);
        FISC_ASSERT_TEXT(within, without);
        CU_ASSERT_TRUE(*without != '\0');
    }
}

static void
test_reads_large_files_as_without_the_sandbox(void)
{
    const FiscCsvOptions options = {.allow_unknown = true};
    g_autoptr(GString) many = g_string_new("code,amount\n");
    for (int i = 0; i < 50000; i++) {
        g_string_append_printf(many, "%d,%d.00\n", i, i * 7);
    }
    g_autofree char *within = read_within(many->str, many->len, &options);
    g_autofree char *without = read_without(many->str, many->len, &options);
    CU_ASSERT_TRUE(strcmp(within, without) == 0); /* too long to be shown */
    FISC_ASSERT_CONTAINS(within, "row 50001 [49999] [349993.00]");
}

static void
test_tells_every_fault_and_an_endless_line(void)
{
    const FiscCsvOptions options = {.allow_unknown = true};
    g_autoptr(GString) faulty = g_string_new("code,amount\n");
    g_autoptr(GString) endless = g_string_new("code,amount\n");
    for (int i = 0; i < FISC_REFUSALS_MAX + 500; i++) {
        g_string_append(faulty, "1,2,3\n");
    }
    while (endless->len < 3 * FISC_CSV_LINE_MAX) {
        g_string_append(endless, "1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,");
    }
    g_autofree char *within = read_within(faulty->str, faulty->len, &options);
    g_autofree char *without = read_without(faulty->str, faulty->len, &options);
    CU_ASSERT_TRUE(strcmp(within, without) == 0);
    FISC_ASSERT_CONTAINS(within, "500 more of this and other kinds are not listed");
    g_autofree char *long_one = read_within(endless->str, endless->len, &options);
    FISC_ASSERT_CONTAINS(long_one, "published.csv:2: LINE_TOO_LONG");
}

/* ---- documents that are no text ---- */

static FiscFeeder *
feeder_of(const char *connector)
{
    FiscFeeder *feeder = g_new0(FiscFeeder, 1);
    feeder->name = g_strdup("town");
    feeder->connector = g_strdup(connector);
    feeder->at = g_strdup("https://books.example/");
    feeder->state = g_strdup("active");
    feeder->entities = g_strsplit("TOWN", " ", -1);
    feeder->documents = g_strsplit("document.json=rows.csv", ";", -1);
    feeder->trust = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    g_hash_table_insert(feeder->trust, g_strdup("user"), g_strdup("fisc"));
    return feeder;
}

static char *
convert_within(const char *connector, GBytes *body)
{
    g_autoptr(FiscFeeder) feeder = feeder_of(connector);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(GBytes) text = NULL;
    g_autoptr(GError) error = NULL;
    if (!fisc_parse_convert(feeder, "document.json", body, &text, refusals, &error)) {
        return g_strconcat("failed: ", error->message, NULL);
    }
    gsize length = 0;
    const char *bytes = text != NULL ? g_bytes_get_data(text, &length) : NULL;
    return bytes != NULL ? g_strndup(bytes, length) : text_of_refusals(refusals);
}

static char *
convert_without(const char *connector, GBytes *body)
{
    g_autoptr(FiscFeeder) feeder = feeder_of(connector);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(GBytes) text = NULL;
    gsize length = 0;
    fisc_connector_find(connector)->convert(feeder, "document.json", body, &text, refusals);
    const char *bytes = text != NULL ? g_bytes_get_data(text, &length) : NULL;
    return bytes != NULL ? g_strndup(bytes, length) : text_of_refusals(refusals);
}

#define AMOUNT(mantissa)                                                                           \
    "[{\"acommodity\":\"EUR\",\"aquantity\":{\"decimalMantissa\":" mantissa                        \
    ",\"decimalPlaces\":2,\"floatingPoint\":1}}]"
#define POSTING(account, mantissa)                                                                 \
    "{\"paccount\":\"" account                                                                     \
    "\",\"ptype\":\"RegularPosting\",\"pdate\":null,\"pamount\":" AMOUNT(mantissa) "}"
#define JOURNAL(description)                                                                       \
    "[{\"tdate\":\"2024-01-02\",\"tcode\":\"\",\"tdescription\":\"" description                    \
    "\",\"tstatus\":\"Cleared\",\"ttags\":[[\"id\",\"J1\"]],\"tpostings\":[" POSTING(              \
        "wages", "150000") "," POSTING("bank", "-150000") "]}]"

static void
test_converts_documents_as_without_the_sandbox(void)
{
    static const struct {
        const char *connector, *body;
    } cases[] = {
        {"hledger-web", JOURNAL("A\\u00f1o, \\\"two\\\"")},
        {"hledger-web", "[]"},
        {"hledger-web", "{}"},
        {"hledger-web", "[{\"tdate\":1}]"},
        {"hledger-web", "[{\"tdate\":\"2024-01-02\",\"tdate\":\"2024-01-03\"}]"},
        {"hledger-web", "[\"\xF1\"]"},
        {"hledger-web", "[\"a\\u0000b\"]"},
        {"hledger-web", "[{\"tdate\":\"2024-01"},
        {"tryton", "{\"currency\":\"EUR\",\"accounts\":[],\"moves\":[],\"lines\":[]}"},
        {"tryton", "[]"},
        {"tryton", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GBytes) body = g_bytes_new_static(cases[i].body, strlen(cases[i].body));
        g_autofree char *within = convert_within(cases[i].connector, body);
        g_autofree char *without = convert_without(cases[i].connector, body);
        FISC_ASSERT_TEXT(within, without);
    }
}

static void
test_refuses_documents_that_are_nested_without_end(void)
{
    g_autofree char *deep = g_strnfill(2 * 1024 * 1024, '[');
    g_autoptr(GBytes) body = g_bytes_new_static(deep, strlen(deep));
    g_autofree char *said = convert_within("hledger-web", body);
    FISC_ASSERT_CONTAINS(said, "document.json:1: JSON_INVALID");
}

/* Each of its postings carries the description along: from two megabytes would become a gigabyte.
 */
static GBytes *
document_that_unfolds(gsize description_bytes, int postings)
{
    g_autofree char *description = g_strnfill(description_bytes, 'x');
    GString *text = g_string_new("[{\"tdate\":\"2024-01-02\",\"tcode\":\"\","
                                 "\"tstatus\":\"\",\"ttags\":[],\"tdescription\":\"");
    g_string_append_printf(text, "%s\",\"tpostings\":[", description);
    for (int i = 0; i < postings; i++) {
        g_string_append(text, POSTING("wages", "100") "," POSTING("bank", "-100") ",");
    }
    g_string_append(text, POSTING("wages", "100") "," POSTING("bank", "-100") "]}]");
    return g_string_free_to_bytes(text);
}

static void
test_stops_a_document_that_unfolds(void)
{
    g_autoptr(GBytes) body = document_that_unfolds(1024 * 1024, 500);
    g_autofree char *said = convert_within("hledger-web", body);
    FISC_ASSERT_CONTAINS(said,
                         "document.json: READER_STOPPED: The reader of the document had to be "
                         "stopped: the reader of this document was stopped: it ");
}

/* ---- the program ---- */

static void
test_knows_how_to_convert_what_connectors_do(void)
{
    for (const FiscConnector *row = fisc_connectors; row->name != NULL; row++) {
        const FiscReaderKind *reader =
            fisc_convert_is_sealed(row->name) ? &fisc_reader_sealed : &fisc_reader_plain;
        CU_ASSERT_TRUE(reader->find(row->name) == row->convert);
    }
}

/* The one for sealed documents computes hashes, and that is all that it has more. */
static void
test_has_nothing_in_it_that_fetches(void)
{
    static const char *const libraries[] = {"libcurl.so", "libpq.so", "libssl.so", "libgio-2"};
    for (int sealed = 0; sealed <= 1; sealed++) {
        g_autofree char *path =
            g_strconcat(g_getenv("FISC_PARSE"), sealed != 0 ? "-sealed" : "", NULL);
        g_autofree char *program = NULL;
        gsize length = 0;
        CU_ASSERT_TRUE_FATAL(g_file_get_contents(path, &program, &length, NULL) && length > 0);
        CU_ASSERT_PTR_NOT_NULL(memmem(program, length, "libglib-2", strlen("libglib-2")));
        CU_ASSERT_TRUE((memmem(program, length, "libcrypto.so", strlen("libcrypto.so")) != NULL) ==
                       (sealed != 0));
        for (gsize i = 0; i < G_N_ELEMENTS(libraries); i++) {
            CU_ASSERT_PTR_NULL(memmem(program, length, libraries[i], strlen(libraries[i])));
        }
    }
}

static void
test_tells_a_reader_that_is_not_there_or_none(void)
{
    g_autofree char *program = g_strdup(g_getenv("FISC_PARSE"));
    g_autoptr(GBytes) body = g_bytes_new_static("[]", 2);
    g_setenv("FISC_PARSE", "/nonexistent/fisc-parse", TRUE);
    g_autofree char *missing = convert_within("hledger-web", body);
    g_setenv("FISC_PARSE", "/bin/true", TRUE);
    g_autofree char *silent = convert_within("hledger-web", body);
    g_setenv("FISC_PARSE", "/bin/false", TRUE);
    g_autofree char *broken = convert_within("hledger-web", body);
    g_setenv("FISC_PARSE", program, TRUE);
    FISC_ASSERT_CONTAINS(missing, "failed: /nonexistent/fisc-parse cannot be run");
    FISC_ASSERT_CONTAINS(silent, "what it says of it makes no sense");
    FISC_ASSERT_CONTAINS(broken, "it broke down over it");
}

static void
test_tells_how_far_it_is_fenced_in(void)
{
    FiscSandboxState state = FISC_SANDBOX_SANITIZED;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_TRUE(fisc_parse_try(&state, &error));
    CU_ASSERT_PTR_NULL(error);
    FISC_ASSERT_INT(fisc_parse_lacked_filter(), state == FISC_SANDBOX_LIMITED);
}

/* ---- in turn ---- */

/* First child of a process, as the system tells it; 0: it has none. */
static int
child_of(int pid)
{
    g_autofree char *path = g_strdup_printf("/proc/%d/task/%d/children", pid, pid);
    g_autofree char *children = NULL;
    return g_file_get_contents(path, &children, NULL, NULL) ? atoi(children) : 0;
}

static void
test_reads_in_turn_as_without_the_sandbox(void)
{
    fisc_parse_begin();
    fisc_parse_turns_begin();
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
        gsize length = texts[i].length > 0 ? texts[i].length : strlen(texts[i].text);
        FiscCsvOptions options = texts[i].options;
        options.allow_unknown = true;
        g_autofree char *within = read_within(texts[i].text, length, &options);
        g_autofree char *without = read_without(texts[i].text, length, &options);
        FISC_ASSERT_TEXT(within, without);
    }
    fisc_parse_turns_end();
    fisc_parse_end();
}

/* One copy lives from the first document on, and ends with the source. A large document has one of
 * its own. */
static void
test_has_one_copy_for_the_documents_of_a_source(void)
{
    const FiscCsvOptions options = {.allow_unknown = true};
    g_autofree char *large = g_strnfill(300 * 1024, '\n');
    fisc_parse_begin();
    fisc_parse_turns_begin();
    g_autofree char *first = read_within("a\n1\n", 4, &options);
    int nurse = child_of((int)getpid());
    int copy = child_of(nurse);
    g_autofree char *second = read_within("a\n2\n", 4, &options);
    FISC_ASSERT_CONTAINS(first, "row 2 [1]");
    FISC_ASSERT_CONTAINS(second, "row 2 [2]");
    CU_ASSERT_TRUE(nurse != 0 && copy != 0);
    FISC_ASSERT_INT(child_of(nurse), copy);
    g_autofree char *third = read_within(large, strlen(large), &options);
    FISC_ASSERT_CONTAINS(third, "FILE_EMPTY");
    FISC_ASSERT_INT(child_of(nurse), 0);
    g_autofree char *fourth = read_within("a\n4\n", 4, &options);
    FISC_ASSERT_CONTAINS(fourth, "row 2 [4]");
    CU_ASSERT_TRUE(child_of(nurse) != 0 && child_of(nurse) != copy);
    fisc_parse_turns_end();
    FISC_ASSERT_INT(child_of(nurse), 0);
    fisc_parse_end();
    FISC_ASSERT_INT(child_of((int)getpid()), 0);
}

/* Whoever ends the copy, and whatever it was about: each document is told of by itself. */
static void
test_judges_a_document_alone_when_its_reader_ends(void)
{
    const FiscCsvOptions options = {.allow_unknown = true};
    g_autoptr(GBytes) unfolding = document_that_unfolds(140 * 1024, 220);
    CU_ASSERT_TRUE(g_bytes_get_size(unfolding) < 256 * 1024);
    fisc_parse_begin();
    fisc_parse_turns_begin();
    g_autofree char *before = read_within("a\n1\n", 4, &options);
    kill(child_of(child_of((int)getpid())), SIGKILL);
    g_autofree char *after = read_within("a\n2\n", 4, &options);
    g_autofree char *stopped = convert_within("hledger-web", unfolding);
    g_autofree char *last = read_within("a\n3\n", 4, &options);
    fisc_parse_turns_end();
    fisc_parse_end();
    FISC_ASSERT_CONTAINS(before, "row 2 [1]");
    FISC_ASSERT_CONTAINS(after, "row 2 [2]");
    FISC_ASSERT_CONTAINS(stopped, "READER_STOPPED");
    FISC_ASSERT_CONTAINS(last, "row 2 [3]");
}

const FiscTest fisc_parse_tests[] = {
    {"reads in turn as without the sandbox", test_reads_in_turn_as_without_the_sandbox},
    {"has one copy for the documents of a source", test_has_one_copy_for_the_documents_of_a_source},
    {"judges a document alone when its reader ends",
     test_judges_a_document_alone_when_its_reader_ends},
    {"reads text as without the sandbox", test_reads_text_as_without_the_sandbox},
    {"reads large files as without the sandbox", test_reads_large_files_as_without_the_sandbox},
    {"tells every fault, and an endless line", test_tells_every_fault_and_an_endless_line},
    {"converts documents as without the sandbox", test_converts_documents_as_without_the_sandbox},
    {"refuses documents that are nested without end",
     test_refuses_documents_that_are_nested_without_end},
    {"stops a document that unfolds", test_stops_a_document_that_unfolds},
    {"knows how to convert what connectors do", test_knows_how_to_convert_what_connectors_do},
    {"has nothing in it that fetches", test_has_nothing_in_it_that_fetches},
    {"tells a reader that is not there, or is none", test_tells_a_reader_that_is_not_there_or_none},
    {"tells how far it is fenced in", test_tells_how_far_it_is_fenced_in},
    {NULL, NULL},
};

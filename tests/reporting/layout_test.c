/* layout_test.c: every layout reads, and a mistake in one is named with its line. */
#include "reporting/layout.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_layout_tests[];

/* Refusals as text, a line each, without the sentence of the code. Caller frees. */
static char *
told_as(const FiscRefusals *refusals)
{
    GString *told = g_string_new(NULL);
    for (guint i = 0; i < refusals->len; i++) {
        const FiscRefusal *refusal = g_ptr_array_index(refusals, i);
        g_string_append_printf(told, "%s:%d: %s: %s: %s", refusal->file, refusal->line,
                               refusal->field != NULL ? refusal->field : "",
                               fisc_error_name(refusal->code), refusal->detail);
        if (refusal->hint != NULL) {
            g_string_append_printf(told, " (%s)", refusal->hint);
        }
        g_string_append_c(told, '\n');
    }
    return g_string_free(told, FALSE);
}

static FiscNation *
nation_with_layout(const char *name, const char *text)
{
    FiscNation *nation = fisc_nation_new();
    char *fields[] = {"layout", (char *)name, "title", "T", "text", (char *)text};
    fisc_nation_add_fact(nation, "layout", name, fields, G_N_ELEMENTS(fields));
    return nation;
}

static void
test_every_layout_reads(void)
{
    static const char *const statements[] = {"SOO",       "SSUC",       "SOEF",      "BS_OPEN",
                                             "BS_CLOSE",  "STCNW",      "STOCKFLOW", "COFOG",
                                             "COFOG_DIV", "COUNTERPART"};
    guint count = 0;
    for (const FiscLayoutFile *file = fisc_layout_families[0].files; file->statement != NULL;
         file++) {
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
        const char *row; /* the fourth line of a layout whose third defines row 1 */
        const char *complaint;
    } cases[] = {
        {"2,,flow:2 flow:3,always,0,", "formula: LAYOUT_FORMULA: + or - is needed"},
        {"2,,fluw:2,always,0,", "formula: LAYOUT_SOURCE: a figure is a known source"},
        {"2,,flow:,always,0,", "formula: LAYOUT_FORMULA: a figure is a known source"},
        {"2,,1 - 9,always,0,", "formula: LAYOUT_ROW: \"9\" is neither"},
        {"2,,1 -,always,0,", "formula: LAYOUT_FORMULA: a figure or the code of a row above"},
        {"2,,1 - - 1,always,0,", "formula: LAYOUT_FORMULA: a figure or the code of a row above"},
        {"2,,,always,0,", "formula: VALUE_MISSING: a formula is needed"},
        {"1,,flow:1,always,0,", "code: DUPLICATE_ROW: a code that no row above has"},
        {",,flow:1,always,0,", "code: VALUE_INVALID: a list (*) is needed"},
        {"2,,flow:1,always,0,integrated", "code: VALUE_INVALID: a list (*) is needed"},
        {"2,,flow:1,posted,0,", "code: VALUE_INVALID: a list (*) is needed"},
        {"*x,,flow:1,nonzero,0,", "code: VALUE_INVALID: a list is *"},
        {"*+,,flow:1,nonzero,0,", "code: VALUE_INVALID: a list is *"},
        {"*3x+,,flow:1,nonzero,0,", "code: VALUE_INVALID: a list is *"},
        {"*,,flow:1 + flow:2,nonzero,0,",
         "formula: LAYOUT_FORMULA: a list takes exactly one figure"},
        {"*,,-flow:1,nonzero,0,", "formula: LAYOUT_FORMULA: a list takes exactly one figure"},
        {"*,,1,nonzero,0,", "formula: LAYOUT_FORMULA: a list takes exactly one figure"},
        {"*,,,nonzero,0,", "formula: LAYOUT_FORMULA: a list takes exactly one figure"},
        {"2,,flow:1,sometimes,0,", "show: VALUE_INVALID: always, nonzero or posted"},
        {"2,,flow:1,always,-1,", "level: VALUE_INVALID: a number from 0 to 9"},
        {"2,,flow:1,always,,", "level: VALUE_INVALID: a number from 0 to 9"},
        {"2,,flow:1,always,0,bold",
         "style: VALUE_INVALID: strong, memo, heading, note, integrated"},
        {",,,,0,heading", "label: VALUE_MISSING: words are needed"},
        {"2,,flow:1,always,0", ": COLUMN_COUNT"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf("code,label,formula,show,level,style\n"
                                                ",Title,,,0,heading\n"
                                                "1,,flow:1,always,0,\n%s\n",
                                                cases[i].row);
        FiscLayoutFile file = {"T", "t.csv", text};
        g_autoptr(FiscLayout) layout = NULL;
        g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
        fisc_layout_read(&file, &layout, refusals);
        g_autofree char *told = told_as(refusals);
        g_autofree char *wanted = g_strdup_printf("t.csv:4: %s", cases[i].complaint);
        FISC_ASSERT_CONTAINS(told, wanted);
        FISC_ASSERT_INT(refusals->len, 1);
        CU_ASSERT_PTR_NULL(layout);
    }
}

static void
test_every_mistake_is_told_not_the_first(void)
{
    static const char text[] = "code,label,formula,show,level,style\n"
                               "1,,flow:1,always,0,\n"
                               "2,,fluw:2 - SUM - nowhere,sometimes,x,\n"
                               "*,,flow:1,nonzero,0,bold\n"
                               "SUM,Sum,1 - 2,always,0,strong\n";
    static const char wanted[] =
        "t.csv:3: level: VALUE_INVALID: a number from 0 to 9 is needed, not \"x\"\n"
        "t.csv:3: show: VALUE_INVALID: always, nonzero or posted is needed, not \"sometimes\"\n"
        "t.csv:3: formula: LAYOUT_SOURCE: a figure is a known source, a colon and a code, not "
        "\"fluw:2 - SUM - nowhere\"\n"
        "t.csv:3: formula: LAYOUT_ROW: \"SUM\" is neither a figure (source:code) nor a row above "
        "(that row is at line 5: put it above this one)\n"
        "t.csv:3: formula: LAYOUT_ROW: \"nowhere\" is neither a figure (source:code) nor a row "
        "above\n"
        "t.csv:4: style: VALUE_INVALID: strong, memo, heading, note, integrated or nothing is "
        "needed, "
        "not "
        "\"bold\"\n"
        "t.csv:2: label: VALUE_MISSING: the first row is the statement's title: a heading of level "
        "0\n";
    FiscLayoutFile file = {"T", "t.csv", text};
    g_autoptr(FiscLayout) layout = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    fisc_layout_read(&file, &layout, refusals);
    g_autofree char *told = told_as(refusals);
    FISC_ASSERT_TEXT(told, wanted);
    CU_ASSERT_PTR_NULL(layout);
}

static void
test_an_empty_text_is_no_layout(void)
{
    static const char *const texts[] = {"", "\n", "code,label,formula,show,level,style\n",
                                        "code,label\n1,x\n"};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++) {
        FiscLayoutFile file = {"T", "t.csv", texts[i]};
        g_autoptr(FiscLayout) layout = NULL;
        g_autoptr(GError) error = NULL;
        CU_ASSERT_FALSE(fisc_layout_parse(&file, &layout, &error));
        FISC_ASSERT_CONTAINS(error != NULL ? error->message : NULL, "t.csv");
        CU_ASSERT_PTR_NULL(layout);
    }
}

static void
test_a_formula_is_signs_figures_and_rows_above(void)
{
    static const char text[] = "code,label,formula,show,level,style\n"
                               ",Title,,,0,heading\n"
                               "A,First,-flow:31.1+close:62,always,2,strong\n"
                               "B,,A - cash:11,nonzero,0,\n"
                               "*3+,,flow:1,nonzero,1,\n";
    FiscLayoutFile file = {"T", "t.csv", text};
    g_autoptr(FiscLayout) layout = NULL;
    CU_ASSERT_FATAL(fisc_layout_parse(&file, &layout, NULL));
    const FiscLayoutRow *a = g_ptr_array_index(layout->rows, 1);
    const FiscTerm *first = &g_array_index(a->terms, FiscTerm, 0);
    const FiscTerm *second = &g_array_index(a->terms, FiscTerm, 1);
    FISC_ASSERT_INT(first->sign, -1);
    FISC_ASSERT_INT(first->source, FISC_SOURCE_FLOW);
    FISC_ASSERT_TEXT(first->code, "31.1");
    FISC_ASSERT_INT(second->sign, 1);
    FISC_ASSERT_INT(second->source, FISC_SOURCE_CLOSE);
    FISC_ASSERT_INT(a->level, 2);
    CU_ASSERT(a->strong);
    const FiscLayoutRow *b = g_ptr_array_index(layout->rows, 2);
    FISC_ASSERT_INT(g_array_index(b->terms, FiscTerm, 0).source, -1);
    FISC_ASSERT_INT(b->show, FISC_SHOW_NONZERO);
    const FiscLayoutRow *list = g_ptr_array_index(layout->rows, 3);
    FISC_ASSERT_INT(list->kind, FISC_LAYOUT_LIST);
    FISC_ASSERT_INT(list->digits, 3);
    CU_ASSERT(list->deeper);
}

static void
test_limits_are_told(void)
{
    g_autoptr(GString) rows = g_string_new("code,label,formula,show,level,style\n,T,,,0,heading\n");
    g_autoptr(GString) terms = g_string_new(rows->str);
    for (int i = 0; i < 2000; i++) {
        g_string_append_printf(rows, "R%d,,flow:11,always,0,\n", i);
        g_string_append_printf(terms, "%s", i == 0 ? "A,,flow:11" : " + flow:11");
    }
    g_string_append(terms, ",always,0,\n");
    const FiscLayoutFile many_rows = {"T", "t.csv", rows->str};
    const FiscLayoutFile long_formula = {"T", "t.csv", terms->str};
    FiscLayout *layout = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    fisc_layout_read(&many_rows, &layout, refusals);
    CU_ASSERT_PTR_NULL(layout);
    CU_ASSERT_FATAL(refusals->len > 0);
    FISC_ASSERT_TEXT(((FiscRefusal *)refusals->pdata[0])->detail,
                     "a layout has at most 2000 rows, not 2001");
    g_ptr_array_set_size(refusals, 0);
    fisc_layout_read(&long_formula, &layout, refusals);
    CU_ASSERT_PTR_NULL(layout);
    FISC_ASSERT_INT(refusals->len, 1);
    FISC_ASSERT_CONTAINS(((FiscRefusal *)refusals->pdata[0])->detail, "at most 200 references fit");
}

static void
test_a_layout_is_found_on_record_or_in_the_program(void)
{
    g_autoptr(FiscNation) nation = nation_with_layout("MINE", "the text");
    FiscLayoutFile file = {NULL, NULL, NULL};
    g_autoptr(GError) error = NULL;
    CU_ASSERT_FATAL(fisc_layout_find(nation, "MINE", &file, NULL));
    FISC_ASSERT_TEXT(file.statement, "MINE");
    FISC_ASSERT_TEXT(file.text, "the text");
    CU_ASSERT_FATAL(fisc_layout_find(nation, "USSGL_SBR", &file, NULL));
    FISC_ASSERT_CONTAINS(file.text, "Statement of Budgetary Resources");
    CU_ASSERT_FALSE(fisc_layout_find(nation, "YOURS", &file, &error));
    FISC_ASSERT_TEXT(error->message, "\"YOURS\" is no layout; there are: USSGL_SBR, MINE");
    CU_ASSERT_FALSE(fisc_layout_find(nation, NULL, &file, NULL));
    CU_ASSERT_TRUE(fisc_layout_is_compiled("SOO"));
    CU_ASSERT_TRUE(fisc_layout_is_compiled("USSGL_SBR"));
    CU_ASSERT_FALSE(fisc_layout_is_compiled("MINE"));
}

/* The bytes of docs/hashes.md, written out here once more. */
static void
add_hashed_text(GByteArray *bytes, const char *text)
{
    guint64 length = GUINT64_TO_BE(strlen(text));
    g_byte_array_append(bytes, (const guint8 *)&length, sizeof(length));
    g_byte_array_append(bytes, (const guint8 *)text, (guint)strlen(text));
}

static char *
digest_of(const char *const *texts)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    for (; *texts != NULL; texts++) {
        add_hashed_text(bytes, *texts);
    }
    return g_compute_checksum_for_data(G_CHECKSUM_SHA256, bytes->data, bytes->len);
}

static void
test_the_digest_is_of_the_texts_that_a_report_reads(void)
{
    static const char *const own[] = {"fisc layouts 1", "", "MINE", "the text", NULL};
    g_autoptr(FiscNation) nation = nation_with_layout("MINE", "the text");
    g_autoptr(FiscNation) later = nation_with_layout("MINE", "another text");
    char mine[FISC_HASH_TEXT], changed[FISC_HASH_TEXT], usual[FISC_HASH_TEXT];
    char again[FISC_HASH_TEXT], other[FISC_HASH_TEXT];
    g_autofree char *wanted = digest_of(own);
    CU_ASSERT_FATAL(fisc_layout_digest(nation, NULL, "MINE", mine, NULL));
    FISC_ASSERT_TEXT(mine, wanted);
    CU_ASSERT_FATAL(fisc_layout_digest(later, NULL, "MINE", changed, NULL));
    CU_ASSERT_STRING_NOT_EQUAL(changed, mine);
    CU_ASSERT_FATAL(fisc_layout_digest(nation, NULL, NULL, usual, NULL));
    CU_ASSERT_FATAL(fisc_layout_digest(later, "gfsm2014", NULL, again, NULL));
    FISC_ASSERT_TEXT(again, usual); /* what is on record beside it is not read */
    CU_ASSERT_FATAL(fisc_layout_digest(nation, "ipsas", NULL, other, NULL));
    CU_ASSERT_STRING_NOT_EQUAL(other, usual);
    CU_ASSERT_FALSE(fisc_layout_digest(nation, "gfsm1986", NULL, other, NULL));
    CU_ASSERT_FALSE(fisc_layout_digest(nation, NULL, "YOURS", other, NULL));
}

const FiscTest fisc_layout_tests[] = {
    {"every layout reads", test_every_layout_reads},
    {"a mistake is named with file, line and field",
     test_a_mistake_is_named_with_file_line_and_field},
    {"every mistake is told, not the first", test_every_mistake_is_told_not_the_first},
    {"an empty text is no layout", test_an_empty_text_is_no_layout},
    {"limits are told", test_limits_are_told},
    {"a layout is found on record, or in the program",
     test_a_layout_is_found_on_record_or_in_the_program},
    {"the digest is of the texts that a report reads",
     test_the_digest_is_of_the_texts_that_a_report_reads},
    {"a formula is signs, figures and rows above", test_a_formula_is_signs_figures_and_rows_above},
    {NULL, NULL},
};

/* text_test.c: a body as text: charsets, marks, and what contradicts them. */
#include "tests/net/evil.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_text_tests[];

#define LODZ "\xc5\x81\xc3\xb3\x64\xc5\xba,1"

static void
check_text(const char *name, const char *code, const char *expected)
{
    const FiscFetchRules rules = fisc_evil_rules();
    g_autoptr(FiscFetchReply) reply = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *path = g_strconcat("/text/", name, NULL);
    CU_ASSERT_TRUE_FATAL(fisc_evil_get(&rules, path, &reply, &error));
    g_autofree char *text = NULL;
    CU_ASSERT_EQUAL(fisc_fetch_text(reply, &text, &error), text != NULL);
    g_autofree char *actual = g_strdup_printf("%s: %s", name, fisc_evil_code(error));
    g_autofree char *wanted = g_strdup_printf("%s: %s", name, code);
    FISC_ASSERT_TEXT(actual, wanted);
    FISC_ASSERT_TEXT(text != NULL ? text : "", expected);
}

static void
test_reads_text_as_it_is_marked(void)
{
    static const struct {
        const char *name;
        const char *text;
    } cases[] = {
        {"utf-8", LODZ},  {"none", LODZ},   {"untyped", LODZ},     {"quoted", LODZ},
        {"mark", LODZ},   {"utf-16", LODZ}, {"utf-16-mark", LODZ}, {"utf-16le", LODZ},
        {"latin2", LODZ}, {"empty", ""},    {"mark-only", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        check_text(cases[i].name, "none", cases[i].text);
    }
}

static void
test_refuses_text_that_contradicts_itself(void)
{
    static const struct {
        const char *name;
        const char *code;
    } cases[] = {
        {"wrong", "ENCODING_INVALID"},
        {"wrong-none", "ENCODING_INVALID"},
        {"ascii", "ENCODING_INVALID"},
        {"contradiction", "ENCODING_INVALID"},
        {"contradiction-2", "ENCODING_INVALID"},
        {"odd", "ENCODING_INVALID"},
        {"surrogate", "ENCODING_INVALID"},
        {"unknown", "ENCODING_INVALID"},
        {"nul", "NUL_BYTE"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        check_text(cases[i].name, cases[i].code, "");
    }
}

const FiscTest fisc_text_tests[] = {
    {"reads text by its charset and its mark", test_reads_text_as_it_is_marked},
    {"refuses text that contradicts what is said of it", test_refuses_text_that_contradicts_itself},
    {NULL, NULL},
};

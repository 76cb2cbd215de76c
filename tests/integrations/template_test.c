/* template_test.c: templates, sums of amounts, mapping by the longest prefix. */
#include "integrations/template.h"
#include "integrations/mapping.h"
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"

#include <string.h>

extern const FiscTest fisc_template_tests[];

static int
find(const char *name, void *data)
{
    const char *const *names = data;
    for (int i = 0; names[i] != NULL; i++) {
        if (strcmp(names[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

static const char *const NAMES[] = {"unit", "code", "D. RECON.NETOS", NULL};
static const char *const SLOTS[] = {"001", "41005", "\xC3\xB1uno"};

static void
test_fills_templates(void)
{
    static const struct {
        const char *text;
        const char *expected; /* or what is wrong, after '!' */
    } cases[] = {
        {"", ""},
        {"plain", "plain"},
        {"{unit}/{code}", "001/41005"},
        {"{code:1}-{code:2}-{code:4-5}-{code:4-9}-{code:7-9}", "4-41-05-05-"},
        {"{D. RECON.NETOS:1}{D. RECON.NETOS:2-3}", "\xC3\xB1un"},
        {"{{{unit}}", "{001}"},
        {"{colour}", "!\"colour\""},
        {"{unit", "!does not close"},
        {"{unit:0}", "!range"},
        {"{unit:3-2}", "!range"},
        {"{unit:x}", "!range"},
    };
    g_autoptr(GString) out = g_string_new("old");
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *wrong = NULL;
        g_autoptr(FiscTemplate) template_ =
            fisc_template_compile(cases[i].text, find, (void *)NAMES, &wrong);
        if (cases[i].expected[0] == '!') {
            CU_ASSERT_PTR_NULL(template_);
            FISC_ASSERT_CONTAINS(wrong, cases[i].expected + 1);
            continue;
        }
        CU_ASSERT_PTR_NOT_NULL_FATAL(template_);
        fisc_template_fill(template_, SLOTS, out);
        FISC_ASSERT_TEXT(out->str, cases[i].expected);
    }
}

static void
test_sums_amounts(void)
{
    static const int64_t amounts[] = {100, 30, INT64_MAX};
    static const struct {
        const char *text;
        int64_t expected; /* -1: wrong, -2: does not fit */
    } cases[] = {
        {"unit", 100},  {"unit - code", 70}, {"unit + code - unit", 30}, {"unit -code", -1},
        {"", -1},       {"- unit", -1},      {"unit code", -1},          {"unit + x", -1},
        {"unit +", -1},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *wrong = NULL;
        int64_t sum = -1;
        g_autoptr(GArray) terms = fisc_terms_compile(cases[i].text, find, (void *)NAMES, &wrong);
        CU_ASSERT_TRUE((terms == NULL) == (wrong != NULL));
        if (terms != NULL) {
            CU_ASSERT_TRUE(fisc_terms_sum(terms, amounts, &sum));
        }
        FISC_ASSERT_INT(sum, cases[i].expected);
    }
    static const char *const names[] = {"a", "b", "c", NULL};
    g_autofree char *wrong = NULL;
    g_autoptr(GArray) terms = fisc_terms_compile("a + c", find, (void *)names, &wrong);
    int64_t untouched = 7;
    CU_ASSERT_FALSE(fisc_terms_sum(terms, amounts, &untouched));
    FISC_ASSERT_INT(untouched, 7);
}

static FiscMapping *
load(FiscReader *reader, const char *where, const char *values)
{
    g_autoptr(GPtrArray) scopes = g_ptr_array_new();
    g_auto(GStrv) list = g_strsplit(values, ";", -1);
    FiscMappingScope scope = {.column = (char *)where, .values = list};
    g_ptr_array_add(scopes, &scope);
    FiscMapping *mapping = NULL;
    FiscPlace place = {.file = "t.profile", .field = "[value x] map"};
    CU_ASSERT_TRUE(
        fisc_mapping_load(reader, place, "map.csv", "prefix", "result", scopes, &mapping, NULL));
    return mapping;
}

static void
test_maps_by_the_longest_prefix_in_scope(void)
{
    char *folder = fixture_folder("map.csv",
                                  "# ours\nscope,prefix,result,note\nall,4,general,\nall,41,,none\n"
                                  "local,410,own,\nstate,41,state,\nall,55555,long,\n",
                                  NULL);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscReader reader;
    fisc_reader_open(&reader, folder, NULL, "tester", refusals);
    g_autoptr(FiscMapping) mapping = load(&reader, "scope", "all;local");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mapping);
    FISC_ASSERT_TEXT(fisc_mapping_find(mapping, "42000"), "general");
    FISC_ASSERT_TEXT(fisc_mapping_find(mapping, "41105"), "");
    FISC_ASSERT_TEXT(fisc_mapping_find(mapping, "41005"), "own");
    FISC_ASSERT_TEXT(fisc_mapping_find(mapping, "4"), "general");
    FISC_ASSERT_TEXT(fisc_mapping_find(mapping, "555559"), "long");
    CU_ASSERT_PTR_NULL(fisc_mapping_find(mapping, "5555"));
    CU_ASSERT_PTR_NULL(fisc_mapping_find(mapping, ""));
    FISC_ASSERT_INT(refusals->len, 0);
    /* Two scopes that say different things of one prefix contradict each other. */
    g_autoptr(FiscMapping) doubtful = load(&reader, "scope", "all;state");
    g_autofree char *dump = fixture_dump(refusals);
    FISC_ASSERT_TEXT(dump, "map.csv:6::DUPLICATE_ROW");
    fisc_reader_close(&reader);
    fixture_remove(folder);
}

static void
test_knows_every_code_by_the_empty_prefix(void)
{
    char *folder = fixture_folder("map.csv", "scope,prefix,result\nall,,rest\nall,9,nine\n", NULL);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscReader reader;
    fisc_reader_open(&reader, folder, NULL, "tester", refusals);
    g_autoptr(FiscMapping) mapping = load(&reader, "scope", "all");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mapping);
    FISC_ASSERT_TEXT(fisc_mapping_find(mapping, "123"), "rest");
    FISC_ASSERT_TEXT(fisc_mapping_find(mapping, "91"), "nine");
    fisc_reader_close(&reader);
    fixture_remove(folder);
}

const FiscTest fisc_template_tests[] = {
    {"fills templates from slots, whole or by characters", test_fills_templates},
    {"sums amounts by name and refuses what does not fit", test_sums_amounts},
    {"maps by the longest prefix within the scope", test_maps_by_the_longest_prefix_in_scope},
    {"knows every code by the empty prefix", test_knows_every_code_by_the_empty_prefix},
    {NULL, NULL},
};

/* depth_test.c mirrors core/base/depth.c. */
#include "core/base/depth.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_depth_tests[];

/* So many lists in one another. Caller frees. */
static char *
nested(int levels)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; i < levels; i++) {
        g_string_append_c(text, '[');
    }
    for (int i = 0; i < levels; i++) {
        g_string_append_c(text, ']');
    }
    return g_string_free(text, FALSE);
}

static void
test_levels(void)
{
    static const struct {
        int levels;
        bool is_deep;
    } cases[] = {{0, false},
                 {1, false},
                 {FISC_JSON_DEPTH_MAX, false},
                 {FISC_JSON_DEPTH_MAX + 1, true},
                 {10000, true}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = nested(cases[i].levels);
        FISC_ASSERT_INT(fisc_json_is_deep(text, strlen(text)), cases[i].is_deep);
    }
}

/* Brackets beside one another, and in texts, lie in nothing. */
static void
test_what_is_not_deep(void)
{
    g_autoptr(GString) beside = g_string_new("[");
    g_autoptr(GString) quoted = g_string_new("\"\\\"");
    for (int i = 0; i < 2 * FISC_JSON_DEPTH_MAX; i++) {
        g_string_append(beside, "[],");
        g_string_append(quoted, "[{");
    }
    g_string_append(beside, "[]]");
    g_string_append(quoted, "\"");
    CU_ASSERT_FALSE(fisc_json_is_deep(beside->str, beside->len));
    CU_ASSERT_FALSE(fisc_json_is_deep(quoted->str, quoted->len));
    CU_ASSERT_FALSE(fisc_json_is_deep("\"\\", 2));
    CU_ASSERT_FALSE(fisc_json_is_deep("", 0));
}

const FiscTest fisc_depth_tests[] = {
    {"tells JSON that lies deeper than 32 levels", test_levels},
    {"counts no brackets of texts, and none beside one another", test_what_is_not_deep},
    {NULL, NULL},
};

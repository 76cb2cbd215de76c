/* log_test.c: one line a message, whatever the values hold. */
#include "tests/support/suite.h"
#include "core/base/log.h"

extern const FiscTest fisc_log_tests[];

static void
test_writes_pairs_on_one_line(void)
{
    g_autofree char *line = fisc_log_format(FISC_LOG_WARN, "batch undone", "book", "1", "reason",
                                            "another writer", "skipped", NULL, "empty", "", NULL);
    FISC_ASSERT_TEXT(line, "level=warn message=\"batch undone\" book=1 reason=\"another writer\" "
                           "empty=\"\"\n");
}

static void
test_keeps_hostile_values_on_the_line(void)
{
    g_autofree char *line =
        fisc_log_format(FISC_LOG_ERROR, "refused", "memo", "a\nlevel=info \"x\"\\\x1b[0m", NULL);
    FISC_ASSERT_TEXT(line, "level=error message=refused "
                           "memo=\"a\\nlevel=info \\\"x\\\"\\\\\\x1b[0m\"\n");
}

static void
test_says_as_much_as_asked(void)
{
    static const struct {
        const char *chosen;
        FiscLogLevel highest;
    } cases[] = {
        {"error", FISC_LOG_ERROR}, {"warn", FISC_LOG_WARN}, {"info", FISC_LOG_INFO},
        {"debug", FISC_LOG_DEBUG}, {"loud", FISC_LOG_WARN}, {NULL, FISC_LOG_WARN},
    };
    g_autofree char *before = g_strdup(g_getenv("FISC_LOG"));
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        if (cases[i].chosen != NULL) {
            g_setenv("FISC_LOG", cases[i].chosen, TRUE);
        } else {
            g_unsetenv("FISC_LOG");
        }
        for (int level = FISC_LOG_ERROR; level <= FISC_LOG_DEBUG; level++) {
            FISC_ASSERT_INT(fisc_log_is_on(level), level <= (int)cases[i].highest);
        }
    }
    if (before != NULL) {
        g_setenv("FISC_LOG", before, TRUE);
    }
}

const FiscTest fisc_log_tests[] = {
    {"writes level, message and pairs on one line", test_writes_pairs_on_one_line},
    {"keeps line feeds and quotes of a value inside it", test_keeps_hostile_values_on_the_line},
    {"says as much as FISC_LOG asks for", test_says_as_much_as_asked},
    {NULL, NULL},
};

/* manual_test.c: the pages of docs that are sessions at a terminal, typed again. */
#include "tests/app/cli/manual.h"
#include "tests/app/cli/run.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_manual_tests[];

static void
test_reads_a_session(void)
{
    g_autoptr(GPtrArray) steps =
        fisc_manual_parse("A page\n\n```\n$ one\nfirst\n\nthird\n$ cat <<END\n> two\n> END\n```\n"
                          "$ not fenced\n```\nno command\n```\n");
    FISC_ASSERT_INT(steps->len, 2);
    const FiscManualStep *one = steps->pdata[0], *two = steps->pdata[1];
    FISC_ASSERT_INT(one->line, 4);
    FISC_ASSERT_TEXT(one->command, "one\n");
    FISC_ASSERT_TEXT(one->expected, "first\n\nthird\n");
    FISC_ASSERT_TEXT(two->command, "cat <<END\ntwo\nEND\n");
    FISC_ASSERT_TEXT(two->expected, "");
}

static void
test_compares_but_for_dots(void)
{
    static const struct {
        const char *expected, *got;
        int matches;
    } cases[] = {
        {"", "", 1},
        {"", "x", 0},
        {"a\n", "a\n", 1},
        {"a\n", "b\n", 0},
        {"a\n", "a\nb\n", 0},
        {"a ... c\n", "a long b c\n", 1},
        {"a ... c\n", "a long b d\n", 0},
        {"...\nlast\n", "first\nlast\n", 1},
        {"first\n...\n", "first\nsecond\n", 1},
        {"a...b...a\n", "a b a\n", 1},
        {"a...b...a\n", "a a\n", 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FISC_ASSERT_INT(fisc_manual_matches(cases[i].expected, cases[i].got), cases[i].matches);
    }
}

/* A page of docs, in a folder and a database of its own. */
static void
check_page(const char *name)
{
    g_autofree char *uri = fisc_test_database_new();
    g_autofree char *folder = g_dir_make_tmp("fisc-manual-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(g_getenv("FISC_DOCS"), name, NULL);
    fisc_manual_check(path, folder, uri);
    g_autofree char *quoted = g_shell_quote(folder);
    g_autofree char *clean = g_strdup_printf("rm -r %s", quoted);
    g_auto(FiscRun) cleaned = fisc_run_shell(clean);
    FISC_ASSERT_INT(cleaned.status, 0);
}

static void
test_budget_manual(void)
{
    check_page("budget-manual.md");
}

static void
test_auditors_manual(void)
{
    check_page("auditors-manual.md");
}

const FiscTest fisc_manual_tests[] = {
    {"reads the commands of a page and what comes of them", test_reads_a_session},
    {"compares what comes but for dots", test_compares_but_for_dots},
    {"types the budget officer's manual, from the circular to the next year", test_budget_manual},
    {"types the auditor's manual, from a figure to its proof", test_auditors_manual},
    {NULL, NULL},
};

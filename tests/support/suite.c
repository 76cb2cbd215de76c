/* suite.c: runs a table of sentences with CUnit. */
#include "tests/support/suite.h"
#include "parse_here.auto.h"
#include <CUnit/Basic.h>
#include <glib.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool
is_wanted(const char *sentence, int argc, char **argv)
{
    return argc < 2 || strstr(sentence, argv[1]) != NULL;
}

static int
add_suite(const FiscSuite *suite, int argc, char **argv)
{
    CU_pSuite pointer = NULL;
    int added = 0;
    for (const FiscTest *test = suite->tests; test->sentence != NULL; test++) {
        if (!is_wanted(test->sentence, argc, argv)) {
            continue;
        }
        if (pointer == NULL) {
            pointer = CU_add_suite(suite->name, suite->set_up, suite->tear_down);
            g_assert(pointer != NULL);
        }
        g_assert(CU_add_test(pointer, test->sentence, test->run) != NULL);
        added++;
    }
    return added;
}

int
fisc_suite_main(const char *name, const FiscSuite *suites, int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    g_setenv("FISC_PARSE", FISC_TEST_PARSE, FALSE); /* it lies beside fisc, not beside us */
    g_assert(CU_initialize_registry() == CUE_SUCCESS);
    int added = 0;
    for (const FiscSuite *suite = suites; suite->name != NULL; suite++) {
        added += add_suite(suite, argc, argv);
    }
    CU_basic_set_mode(CU_BRM_VERBOSE);
    CU_basic_run_tests();
    unsigned failed = CU_get_number_of_tests_failed() + CU_get_number_of_suites_failed();
    unsigned run = CU_get_number_of_tests_run();
    unsigned passed = run - CU_get_number_of_tests_failed();
    printf("%s: %u passed, %u failed\n", name, passed, failed);
    CU_cleanup_registry();
    return failed == 0 && added > 0 && (int)run == added ? 0 : 1;
}

bool
fisc_test_is_brief(void)
{
    return g_getenv("FISC_TEST_BRIEF") != NULL;
}

static void
report(bool is_true, const char *message, const char *file, int line)
{
    /* CUnit keeps the condition's text, so what differed shows in its report. */
    CU_assertImplementation(is_true, (unsigned)line, message, file, "", CU_FALSE);
}

void
fisc_assert_text(const char *actual, const char *expected, const char *what, const char *file,
                 int line)
{
    g_autofree char *message =
        g_strdup_printf("%s is \"%s\", not \"%s\"", what, actual != NULL ? actual : "(null)",
                        expected != NULL ? expected : "(null)");
    report(g_strcmp0(actual, expected) == 0, message, file, line);
}

void
fisc_assert_int(long long actual, long long expected, const char *what, const char *file, int line)
{
    g_autofree char *message = g_strdup_printf("%s is %lld, not %lld", what, actual, expected);
    report(actual == expected, message, file, line);
}

void
fisc_assert_contains(const char *text, const char *part, const char *what, const char *file,
                     int line)
{
    g_autofree char *message =
        g_strdup_printf("%s is \"%s\", without \"%s\"", what, text != NULL ? text : "(null)", part);
    report(text != NULL && strstr(text, part) != NULL, message, file, line);
}

char *
fisc_test_data(const char *relative)
{
    return g_build_filename(FISC_TEST_DATA, relative, NULL);
}

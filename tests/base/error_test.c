/* error_test.c: one list of codes, complete and without doubles. */
#include "tests/support/suite.h"
#include "fisc/error.h"
#include <string.h>

extern const FiscTest fisc_error_tests[];

static void
test_every_code_is_complete(void)
{
    for (int i = 0; i < FISC_ERROR_COUNT; i++) {
        CU_ASSERT_TRUE(strlen(fisc_error_name(i)) > 0);
        CU_ASSERT_FALSE(g_str_has_suffix(fisc_error_sentence(i), "."));
        bool is_warning = g_str_has_prefix(fisc_error_sqlstate(i), "ZW"); /* of an accepted entry */
        int exit_status = fisc_error_exit_status(i);
        int http_status = fisc_error_http_status(i);
        CU_ASSERT_TRUE(is_warning ? exit_status == 0 : exit_status >= 1 && exit_status <= 8);
        CU_ASSERT_TRUE(is_warning ? http_status == 200 : http_status >= 400 && http_status <= 599);
        FISC_ASSERT_INT(strlen(fisc_error_sqlstate(i)), 5);
        CU_ASSERT_TRUE(fisc_error_sqlstate(i)[0] == 'Z');
    }
}

static void
test_finds_each_code_by_its_sqlstate(void)
{
    for (int i = 0; i < FISC_ERROR_COUNT; i++) {
        /* Also proves that no two codes share one. */
        FISC_ASSERT_INT(fisc_error_from_sqlstate(fisc_error_sqlstate(i)), i);
    }
    FISC_ASSERT_INT(fisc_error_from_sqlstate("23505"), -1);
    FISC_ASSERT_INT(fisc_error_from_sqlstate(""), -1);
    FISC_ASSERT_INT(fisc_error_from_sqlstate(NULL), -1);
}

static void
test_says_what_scripts_rely_on(void)
{
    FISC_ASSERT_TEXT(fisc_error_name(FISC_ERROR_BUDGET_EXCEEDED), "BUDGET_EXCEEDED");
    FISC_ASSERT_INT(fisc_error_exit_status(FISC_ERROR_BUDGET_EXCEEDED), 6);
    FISC_ASSERT_INT(fisc_error_exit_status(FISC_ERROR_REFERENCE_CONFLICT), 5);
    FISC_ASSERT_INT(fisc_error_exit_status(FISC_ERROR_UNAVAILABLE), 7);
    FISC_ASSERT_INT(fisc_error_http_status(FISC_ERROR_REFERENCE_CONFLICT), 409);
    FISC_ASSERT_TEXT(fisc_error_sqlstate(FISC_ERROR_CHAIN_CONFLICT), "ZC001");
}

static void
test_fails_in_one_line(void)
{
    g_autoptr(GError) error = NULL;
    CU_ASSERT_FALSE(fisc_fail(&error, FISC_ERROR_NOT_FOUND, "no unit \"%s\"", "XX"));
    CU_ASSERT_TRUE(g_error_matches(error, FISC_ERROR, FISC_ERROR_NOT_FOUND));
    FISC_ASSERT_TEXT(error->message, "no unit \"XX\"");
    CU_ASSERT_FALSE(fisc_fail(NULL, FISC_ERROR_IO, "nobody listens"));
}

const FiscTest fisc_error_tests[] = {
    {"gives every code a name, a sentence, statuses and an SQLSTATE", test_every_code_is_complete},
    {"finds each code by its own SQLSTATE", test_finds_each_code_by_its_sqlstate},
    {"keeps the names and statuses that scripts rely on", test_says_what_scripts_rely_on},
    {"fails in one line", test_fails_in_one_line},
    {NULL, NULL},
};

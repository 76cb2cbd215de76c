/* suite.h: a CUnit run in one table: { "a sentence", function }. */
#ifndef FISC_TEST_SUITE_H
#define FISC_TEST_SUITE_H

#include <CUnit/CUnit.h>
#include <stdbool.h>

typedef struct {
    const char *sentence;
    void (*run)(void);
} FiscTest;

typedef struct {
    const char *name;
    const FiscTest *tests; /* ended by { NULL, NULL } */
    int (*set_up)(void);   /* once before the suite; non-zero fails it. NULL allowed */
    int (*tear_down)(void);
} FiscSuite;

/** Runs suites ended by { NULL }, prints CUnit's summary and "NAME: N passed, N failed". An
 * argument runs only the tests whose sentence contains it; running none is a failure. Returns the
 * exit status. */
int fisc_suite_main(const char *name, const FiscSuite *suites, int argc, char **argv);

/** True under the sanitizers of ./check (FISC_TEST_BRIEF): they look at the code, which a part of
 * the data reaches, too. The plain run takes all of it. */
bool fisc_test_is_brief(void);

/* Assertions that say what differed. */
#define FISC_ASSERT_TEXT(actual, expected)                                                         \
    fisc_assert_text((actual), (expected), #actual, __FILE__, __LINE__)
#define FISC_ASSERT_INT(actual, expected)                                                          \
    fisc_assert_int((actual), (expected), #actual, __FILE__, __LINE__)
#define FISC_ASSERT_CONTAINS(text, part)                                                           \
    fisc_assert_contains((text), (part), #text, __FILE__, __LINE__)
void fisc_assert_text(const char *actual, const char *expected, const char *what, const char *file,
                      int line);
void
fisc_assert_int(long long actual, long long expected, const char *what, const char *file, int line);
void fisc_assert_contains(const char *text, const char *part, const char *what, const char *file,
                          int line);

/** Absolute path of a file under tests/data. Caller frees. */
char *fisc_test_data(const char *relative);

#endif

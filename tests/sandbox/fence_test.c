/* fence_test.c: a program in the sandbox tries what it may not. Each deed is tried in a process of
 * its own (victim.c), run as readers of documents are: started for it, or the copy of one. */
#include "core/sandbox/child.h"
#include "core/sandbox/sandbox.h"
#include "tests/support/suite.h"
#include <string.h>
#include <unistd.h>

extern const FiscTest fisc_fence_tests[], fisc_nursery_tests[];
int fisc_nursery_open(void);
int fisc_nursery_close(void);

static FiscNursery *nursery; /* of the suite that has its victims made by one; NULL in the other */

static FiscChildEnd
run_victim(const char *deed, guint wall_s, GBytes **out_answer)
{
    g_autoptr(GBytes) nothing = g_bytes_new_static("", 0);
    g_autoptr(GBytes) asked = g_bytes_new_static(deed, strlen(deed));
    g_autoptr(GError) error = NULL;
    FiscChildEnd end = FISC_CHILD_CRASHED;
    int document = fisc_child_file(nothing, NULL);
    const FiscChildOrder order = {.program = FISC_TEST_VICTIM,
                                  .request = asked,
                                  .document = document,
                                  .nursery = nursery,
                                  .wall_s = wall_s,
                                  .answer_max = 1024 * 1024};
    bool is_run = fisc_child_run(&order, &end, out_answer, &error);
    close(document);
    FISC_ASSERT_TEXT(error != NULL ? error->message : "", "");
    CU_ASSERT_TRUE_FATAL(is_run);
    return end;
}

/* How far this machine and this build fence it in: a sanitized one has limits of time alone. */
static FiscSandboxState
state_here(void)
{
    g_autoptr(GBytes) answer = NULL;
    FISC_ASSERT_INT(run_victim("nothing", 300, &answer), FISC_CHILD_DONE);
    gsize length = 0;
    const char *said = g_bytes_get_data(answer, &length);
    FISC_ASSERT_INT((int)length, 5);
    FISC_ASSERT_INT(memcmp(said + 1, "free", 4), 0);
    return (FiscSandboxState)said[0];
}

static void
test_fences_a_reader_in(void)
{
    FiscSandboxState state = state_here();
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    FISC_ASSERT_INT(state, FISC_SANDBOX_SANITIZED);
#else
    CU_ASSERT_TRUE(state == FISC_SANDBOX_FILTERED || state == FISC_SANDBOX_LIMITED);
#endif
}

static void
test_kills_whoever_calls_for_more_than_memory(void)
{
    static const char *const deeds[] = {"open",   "make-file", "socket",     "execve", "fork",
                                        "ptrace", "kill",      "run-memory", "prctl",  "mprotect"};
    bool is_filtered = state_here() == FISC_SANDBOX_FILTERED;
    for (gsize i = 0; i < G_N_ELEMENTS(deeds); i++) {
        g_autoptr(GBytes) answer = NULL;
        FiscChildEnd end = run_victim(deeds[i], 300, &answer);
        if (is_filtered) {
            FISC_ASSERT_INT(end, FISC_CHILD_FORBIDDEN);
        } else {
            CU_ASSERT_TRUE(end == FISC_CHILD_DONE || end == FISC_CHILD_CRASHED);
        }
    }
}

static void
test_ends_whoever_takes_too_much(void)
{
    bool is_sanitized = state_here() == FISC_SANDBOX_SANITIZED;
    g_autoptr(GBytes) answer = NULL;
    FISC_ASSERT_INT(run_victim("time", 300, &answer), FISC_CHILD_TIME);
    FISC_ASSERT_INT(run_victim("wait", 1, &answer), FISC_CHILD_TIME);
    FISC_ASSERT_INT(run_victim("length", 300, &answer), FISC_CHILD_LENGTH);
    FISC_ASSERT_INT(run_victim("crash", 300, &answer), FISC_CHILD_CRASHED);
    if (!is_sanitized) { /* whose shadow needs more than any limit */
        FISC_ASSERT_INT(run_victim("memory", 300, &answer), FISC_CHILD_MEMORY);
    }
    CU_ASSERT_PTR_NULL(answer);
}

static void
test_tells_a_program_that_is_not_there(void)
{
    g_autoptr(GBytes) nothing = g_bytes_new_static("", 0);
    g_autoptr(GBytes) answer = NULL;
    g_autoptr(GError) error = NULL;
    FiscChildEnd end = FISC_CHILD_DONE;
    int document = fisc_child_file(nothing, NULL);
    const FiscChildOrder order = {.program = "/nonexistent/fisc-parse",
                                  .request = nothing,
                                  .document = document,
                                  .nursery = nursery,
                                  .wall_s = 300,
                                  .answer_max = 1};
    CU_ASSERT_FALSE(fisc_child_run(&order, &end, &answer, &error));
    close(document);
    FISC_ASSERT_CONTAINS(error->message, "/nonexistent/fisc-parse cannot be run: No such file");
}

/* Without a deed the victim does not begin, and says so as readers do. */
static void
test_tells_a_program_that_cannot_begin(void)
{
    g_autoptr(GBytes) nothing = g_bytes_new_static("", 0);
    g_autoptr(GBytes) answer = NULL;
    g_autoptr(GError) error = NULL;
    FiscChildEnd end = FISC_CHILD_DONE;
    int document = fisc_child_file(nothing, NULL);
    const FiscChildOrder order = {.program = FISC_TEST_VICTIM,
                                  .request = nothing,
                                  .document = document,
                                  .nursery = nursery,
                                  .wall_s = 300,
                                  .answer_max = 1};
    CU_ASSERT_FALSE(fisc_child_run(&order, &end, &answer, &error));
    close(document);
    CU_ASSERT_PTR_NULL(answer);
    FISC_ASSERT_CONTAINS(error->message, "could not begin");
}

/* ---- copies ---- */

int
fisc_nursery_open(void)
{
    nursery = fisc_nursery_new();
    return 0;
}

int
fisc_nursery_close(void)
{
    g_clear_pointer(&nursery, fisc_nursery_free);
    return 0;
}

static char *
answer_of(const char *deed)
{
    g_autoptr(GBytes) answer = NULL;
    FISC_ASSERT_INT(run_victim(deed, 300, &answer), FISC_CHILD_DONE);
    gsize length = 0;
    const char *said = g_bytes_get_data(answer, &length);
    return g_strndup(said, length);
}

/* What one of them does to itself is gone with it. */
static void
test_makes_each_copy_anew(void)
{
    g_autoptr(GBytes) answer = NULL;
    g_autofree char *before = answer_of("mark");
    FISC_ASSERT_INT(run_victim("crash", 300, &answer), FISC_CHILD_CRASHED);
    FISC_ASSERT_INT(run_victim("wait", 1, &answer), FISC_CHILD_TIME); /* takes its maker along */
    g_autofree char *after = answer_of("mark");
    FISC_ASSERT_TEXT(after, before);
    FISC_ASSERT_CONTAINS(after, "unmarked");
}

const FiscTest fisc_fence_tests[] = {
    {"fences a reader in", test_fences_a_reader_in},
    {"kills whoever calls for more than memory", test_kills_whoever_calls_for_more_than_memory},
    {"ends whoever takes too much time, memory or words", test_ends_whoever_takes_too_much},
    {"tells a program that is not there", test_tells_a_program_that_is_not_there},
    {"tells a program that cannot begin", test_tells_a_program_that_cannot_begin},
    {NULL, NULL},
};

/* The same, and what only copies can get wrong. */
const FiscTest fisc_nursery_tests[] = {
    {"a copy is fenced in", test_fences_a_reader_in},
    {"a copy that calls for more than memory is killed",
     test_kills_whoever_calls_for_more_than_memory},
    {"a copy that takes too much time, memory or words is ended", test_ends_whoever_takes_too_much},
    {"a program that is not there makes no copies", test_tells_a_program_that_is_not_there},
    {"a copy that cannot begin says so", test_tells_a_program_that_cannot_begin},
    {"each copy is made anew, whatever the one before did", test_makes_each_copy_anew},
    {NULL, NULL},
};

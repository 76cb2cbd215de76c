/* kill_point_test.c: the table of kill points is the list of those in the code, and a point kills
 * at the pass it was told. */
#include "core/base/kill_point.h"
#include "tests/support/suite.h"
#include <glib.h>
#include <signal.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern const FiscTest fisc_kill_point_tests[];

static const char *const folders[] = {"core",      "ledger",       "budget",
                                      "reporting", "integrations", "app"};

static void
collect_points(const char *path, GHashTable *found)
{
    g_autofree char *text = NULL;
    g_autoptr(GMatchInfo) match = NULL;
    g_autoptr(GRegex) call = g_regex_new("fisc_kill_point\\(\"([^\"]+)\"\\)", 0, 0, NULL);
    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        return;
    }
    for (g_regex_match(call, text, 0, &match); g_match_info_matches(match);
         g_match_info_next(match, NULL)) {
        g_hash_table_add(found, g_match_info_fetch(match, 1));
    }
}

static void
walk(const char *folder, GHashTable *found)
{
    g_autoptr(GDir) names = g_dir_open(folder, 0, NULL);
    const char *name = NULL;
    while (names != NULL && (name = g_dir_read_name(names)) != NULL) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (g_str_has_suffix(name, ".c")) {
            collect_points(path, found);
        } else if (g_file_test(path, G_FILE_TEST_IS_DIR)) {
            walk(path, found);
        }
    }
}

static void
test_table_is_the_code(void)
{
    static const char *const table[] = {
#define X(name, when) name,
        FISC_KILL_POINTS(X)
#undef X
    };
    g_autoptr(GHashTable) found = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *folder = g_build_filename(FISC_SOURCE_DIR, folders[i], NULL);
        walk(folder, found);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(table); i++) {
        fisc_assert_text(g_hash_table_contains(found, table[i]) ? "in the code" : "nowhere",
                         "in the code", table[i], __FILE__, __LINE__);
        g_hash_table_remove(found, table[i]);
    }
    GHashTableIter iter;
    gpointer name;
    g_hash_table_iter_init(&iter, found);
    while (g_hash_table_iter_next(&iter, &name, NULL)) {
        fisc_assert_text("in the code only", "in the table", name, __FILE__, __LINE__);
    }
}

/* Passes a point ten times in a process of its own; true when a kill ended it. */
static bool
is_killed(const char *order, const char *point)
{
    pid_t pid = fork();
    if (pid == 0) {
        if (order != NULL) {
            g_setenv("FISC_KILL_AT", order, TRUE);
        } else {
            g_unsetenv("FISC_KILL_AT");
        }
        for (int i = 0; i < 10; i++) {
            fisc_kill_point(point);
        }
        _exit(0);
    }
    int status = 0;
    waitpid(pid, &status, 0);
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

static void
test_kills_when_told(void)
{
    static const struct {
        const char *order, *point;
        bool is_killed;
    } cases[] = {
        {NULL, "poster.taken", false},
        {"poster.taken:1", "poster.taken", true},
        {"poster.taken:10", "poster.taken", true},
        {"poster.taken:11", "poster.taken", false},
        {"poster.taken", "poster.taken", false},
        {"poster.sealed:1", "poster.taken", false},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        fisc_assert_int(is_killed(cases[i].order, cases[i].point), cases[i].is_killed,
                        cases[i].order != NULL ? cases[i].order : "no order", __FILE__, __LINE__);
    }
}

const FiscTest fisc_kill_point_tests[] = {
    {"lists every kill point of the code, and no other", test_table_is_the_code},
    {"kills at the pass it was told, and not before", test_kills_when_told},
    {NULL, NULL},
};

/* walk_test.c: the program itself killed in the middle of what it does: making the schema, making a
 * cluster, loading a nation, closing a month. A second run completes it, and nothing is there
 * twice. */
#include "core/base/kill_point.h"
#include "tests/fault/invariants.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <libpq-fe.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define PASSES_MAX 200 /* more than there are migrations and routines */
#define SHORT_PASSES 6 /* kills of the migration in the short form */

extern const FiscTest fisc_walk_tests[];

/* Runs `fisc --db URI WORDS..`; the wait status tells how it ended. */
static int
run_fisc(const char *uri, const char *kill_at, const char *const *words)
{
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    const char *head[] = {FISC_PROGRAM, "--db", uri, "--actor", "rig"};
    for (gsize i = 0; i < G_N_ELEMENTS(head); i++) {
        g_ptr_array_add(argv, (char *)head[i]);
    }
    for (; *words != NULL; words++) {
        g_ptr_array_add(argv, (char *)*words);
    }
    g_ptr_array_add(argv, NULL);
    int status = 0;
    fault_run((const char *const *)argv->pdata, kill_at, &status);
    return status;
}

static bool
was_killed(int status)
{
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
}

static bool
was_good(int status)
{
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* An empty database without our schema, in the cluster of the tests. */
static char *
empty_database(void)
{
    char *uri = fisc_test_database_new();
#define SCHEMAS "intake, analysis, server, access, identity, reporting, budget, ledger, core"
    g_free(fault_query(uri, "drop schema if exists " SCHEMAS " cascade"));
    g_autofree char *left =
        fault_query(uri, "select count(*) from pg_namespace"
                         " where nspname = any (string_to_array('" SCHEMAS "', ', '))");
#undef SCHEMAS
    FISC_ASSERT_TEXT(left, "0");
    return uri;
}

/* How many files the schema is made of. */
static int
count_files(void)
{
    g_autofree char *uri = fisc_test_database_new();
    g_autofree char *count = fault_query(uri, "select count(*) from core.applied");
    return atoi(count);
}

/* I24: at any moment the schema is one that a version had, never between two. */
static void
kill_migration(const char *point, int nth)
{
    static const char *const init[] = {"init", NULL};
    g_autofree char *uri = empty_database();
    g_autofree char *kill_at = g_strdup_printf("%s:%d", point, nth);
    CU_ASSERT_TRUE(was_killed(run_fisc(uri, kill_at, init)));
    int applied_before = strcmp(point, "migrate.before_file") == 0 ? nth - 1 : nth;
    g_autofree char *applied = fault_query(uri, "select count(*) from core.applied");
    FISC_ASSERT_INT(atoi(applied), applied_before);
    CU_ASSERT_TRUE(was_good(run_fisc(uri, NULL, init)));
    g_autofree char *complete = fault_query(uri, "select count(*) from core.applied");
    FISC_ASSERT_INT(atoi(complete), count_files());
    g_autofree char *books = fault_check_snapshot(uri);
    FISC_ASSERT_TEXT(books, "");
}

static void
test_migration(void)
{
    static const char *const points[] = {"migrate.before_file", "migrate.after_file"};
    int files = count_files();
    int step = g_getenv("FISC_TEST_LONG") != NULL ? 1 : MAX(1, 2 * files / SHORT_PASSES);
    int kills = 0;
    for (int i = 0; i < 2 * files; i += step) {
        kill_migration(points[i % 2 == 0 ? 0 : 1], i / 2 + 1);
        kills++;
    }
    printf("\n    %d kills around %d files of the schema\n  ", kills, files);
}

static char *
snapshot_of(const char *uri)
{
    return fault_query(uri, "select (select count(*) from ledger.entry) || ' entries, '"
                            " || (select count(*) from ledger.master) || ' subjects, '"
                            " || (select sum(debit) from ledger.balance_now) || ' debit, '"
                            " || (select md5(string_agg(reference || encode(digest, 'hex'), ','"
                            "     order by reference)) from ledger.reference)");
}

static void
test_load(void)
{
    g_autofree char *folder = fisc_test_data("arda-2024");
    const char *words[] = {"load", folder, NULL};
    g_autofree char *whole_uri = fisc_test_database_new();
    CU_ASSERT_TRUE(was_good(run_fisc(whole_uri, NULL, words)));
    g_autofree char *whole = snapshot_of(whole_uri);
    static const char *const orders[] = {
        "load.after_read:1",      "load.after_rehearsal:1", "load.between_steps:1",
        "load.between_steps:2",   "poster.before_write:2",  "poster.after_write:2",
        "poster.before_answer:1", "poster.before_answer:2", "poster.after_checkpoint:1",
    };
    g_autofree char *uri = fisc_test_database_new();
    int kills = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(orders); i++) {
        int status = run_fisc(uri, orders[i], words);
        CU_ASSERT_TRUE(was_killed(status) || was_good(status)); /* later runs have less to do */
        kills += was_killed(status) ? 1 : 0;
        g_autofree char *books = fault_check_snapshot(uri);
        FISC_ASSERT_TEXT(books, "");
    }
    CU_ASSERT_TRUE(was_good(run_fisc(uri, NULL, words)));
    g_autofree char *complete = snapshot_of(uri);
    FISC_ASSERT_TEXT(complete, whole);
    CU_ASSERT_TRUE(was_good(run_fisc(uri, NULL, words))); /* and once more changes nothing */
    g_autofree char *again = snapshot_of(uri);
    FISC_ASSERT_TEXT(again, whole);
    printf("\n    %d kills of one load; then: %s\n  ", kills, again);
    CU_ASSERT_TRUE(kills >= 5);
}

static void
test_period_close(void)
{
    static const struct {
        const char *order;
        const char *state_after;
    } cases[] = {
        {"period.before_submit:1", "open"},  {"poster.before_write:1", "open"},
        {"poster.after_write:1", "closed"},  {"poster.before_answer:1", "closed"},
        {"period.after_submit:1", "closed"},
    };
    static const char *const open_year[] = {"period", "open", "2024", NULL};
    static const char *const close_month[] = {"period", "close", "2024-06", NULL};
    static const char state[] = "select state from ledger.period where period = 202406";
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *uri = fisc_test_database_new();
        CU_ASSERT_TRUE(was_good(run_fisc(uri, NULL, open_year)));
        CU_ASSERT_TRUE(was_killed(run_fisc(uri, cases[i].order, close_month)));
        g_autofree char *after = fault_query(uri, state);
        fisc_assert_text(after, cases[i].state_after, cases[i].order, __FILE__, __LINE__);
        CU_ASSERT_TRUE(was_good(run_fisc(uri, NULL, close_month)));
        g_autofree char *complete = fault_query(uri, state);
        FISC_ASSERT_TEXT(complete, "closed");
        g_autofree char *events =
            fault_query(uri, "select count(*) from ledger.event where subject = '202406'");
        FISC_ASSERT_TEXT(events, "2");
    }
}

static void
test_cluster_init(void)
{
    g_autofree char *folder = fisc_test_folder_new();
    g_autofree char *data = g_build_filename(folder, "data", NULL);
    g_autofree char *postgres = g_build_filename(data, "postgres", NULL);
    const char *init[] = {FISC_PROGRAM, "--data", data, "init", NULL};
    const char *stop[] = {FISC_PROGRAM, "--data", data, "stop", NULL};
    int status = 0;
    fault_run(init, "initdb.before_rename:1", &status);
    CU_ASSERT_TRUE(was_killed(status));
    CU_ASSERT_FALSE(g_file_test(postgres, G_FILE_TEST_EXISTS));
    CU_ASSERT_TRUE(fault_run(init, NULL, NULL));
    CU_ASSERT_TRUE(g_file_test(postgres, G_FILE_TEST_IS_DIR));
    g_autoptr(GDir) names = g_dir_open(data, 0, NULL);
    const char *name = NULL;
    while ((name = g_dir_read_name(names)) != NULL) {
        CU_ASSERT_FALSE(g_str_has_prefix(name, "postgres.new-")); /* nothing half made is left */
    }
    CU_ASSERT_TRUE(fault_run(stop, NULL, NULL));
    fisc_test_folder_remove(folder);
}

const FiscTest fisc_walk_tests[] = {
    {"completes a migration killed before or after any file (I24)", test_migration},
    {"completes a load killed anywhere, with the same books in the end", test_load},
    {"closes a month or does not, and completes it", test_period_close},
    {"completes the making of a cluster killed before its rename", test_cluster_init},
    {NULL, NULL},
};

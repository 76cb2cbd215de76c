/* program_test.c: `fisc bench` from outside, in its shortest form: every ratio is there, and
 * nothing is left behind. How large they are is not a test's business. */
#include "bench/database.h"
#include "tests/app/cli/run.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <jansson.h>
#include <string.h>

extern const FiscTest fisc_bench_program_tests[];

#define RATIOS_MAX 7

/* The shares may come out below zero: what they measure is smaller than the noise of a second. */
static const struct {
    const char *words;
    const char *ratios[RATIOS_MAX];
    const char *shares[RATIOS_MAX];
} cases[] = {
    {"post --seconds 1 --rounds 1",
     {"row_locking", "plpgsql", "p99_row_locking", "bulk_copy", "five_controls"},
     {"seal_cost"}},
    {"load --entries 300 --rounds 1", {NULL}, {NULL}}, /* its rivals need not be installed */
    {"report --lines 6000 --rounds 1",
     {"trial_balance", "trial_balance_fresh", "gfs_group", "gfs_group_fresh", "gfs_unit",
      "gfs_unit_fresh"},
     {NULL}},
    {"statements --units 20 --rounds 1",
     {"statement", "statements", "known_half", "known_last", "memory"},
     {NULL}},
#ifndef __SANITIZE_ADDRESS__ /* whose heap tells nobody what it holds */
    {"memory --entries 300", {"bytes"}, {NULL}},
#endif
    {"position --seconds 1 --rounds 1",
     {NULL},
     {"posting_lost_to_funds", "posting_lost_to_balances"}},
};

static json_t *
run_bench(const char *uri, const char *words)
{
    g_autofree char *quoted_uri = g_shell_quote(uri);
    g_autofree char *line = g_strdup_printf("--db %s bench %s --json", quoted_uri, words);
    g_auto(FiscRun) run = fisc_run(line);
    FISC_ASSERT_INT(run.status, 0);
    FISC_ASSERT_TEXT(run.err, "");
    json_t *root = json_loads(run.out, 0, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(root);
    return root;
}

static void
expect_numbers(json_t *object, const char *const *names, double above)
{
    for (int i = 0; i < RATIOS_MAX && names[i] != NULL; i++) {
        json_t *value = json_object_get(object, names[i]);
        CU_ASSERT(json_is_number(value));
        CU_ASSERT(json_number_value(value) > above);
    }
}

static void
expect_figures(json_t *object)
{
    const char *name = NULL;
    json_t *value = NULL;
    CU_ASSERT(json_object_size(object) > 0);
    json_object_foreach(object, name, value)
    {
        CU_ASSERT(json_number_value(value) > 0);
    }
}

static char *
ask(const char *uri, const char *sql)
{
    PGconn *connection = PQconnectdb(uri);
    PGresult *result = PQexec(connection, sql);
    char *answer =
        g_strdup(PQntuples(result) > 0 ? PQgetvalue(result, 0, 0) : PQresultErrorMessage(result));
    PQclear(result);
    PQfinish(connection);
    return answer;
}

static void
test_gives_every_ratio(void)
{
    g_autofree char *uri = fisc_test_database_new();
    g_autofree char *fsync_setting = ask(uri, "show fsync");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        json_t *root = run_bench(uri, cases[i].words);
        json_t *ratios = json_object_get(root, "ratios");
        expect_numbers(ratios, cases[i].ratios, 0);
        expect_numbers(ratios, cases[i].shares, -5);
        expect_figures(json_object_get(root, "absolute"));
        json_t *settings = json_object_get(root, "settings");
        FISC_ASSERT_TEXT(json_string_value(json_object_get(settings, "fsync")), fsync_setting);
        FISC_ASSERT_TEXT(json_string_value(json_object_get(settings, "synchronous_commit")), "on");
        CU_ASSERT(json_object_size(json_object_get(root, "runs")) > 0);
        json_decref(root);
    }
}

static void
test_leaves_nothing_behind(void)
{
    g_autofree char *uri = fisc_test_database_new();
    json_decref(run_bench(uri, "report --lines 1000 --rounds 1"));
    g_autofree char *databases =
        ask(uri, "select count(*) from pg_database where datname like 'fisc_bench_%'");
    g_autofree char *entries = ask(uri, "select count(*) from ledger.entry");
    FISC_ASSERT_TEXT(databases, "0");
    FISC_ASSERT_TEXT(entries, "0"); /* the database that was named stays as it was */
}

static void
test_sweeps_what_a_killed_bench_left(void)
{
    g_autofree char *uri = fisc_test_database_new();
    g_autofree char *made = ask(uri, "create database fisc_bench_0");
    g_autofree char *other = ask(uri, "create database fisc_bench_mine");
    g_autofree char *marked = ask(uri, "comment on database fisc_bench_0 is"
                                       " 'fisc bench: temporary'");
    FiscBenchDatabase *database = NULL;
    GError *error = NULL;
    CU_ASSERT(fisc_bench_database_new(uri, &database, &error));
    fisc_bench_database_free(database);
    g_autofree char *left = ask(uri, "select string_agg(datname, ' ') from pg_database"
                                     " where datname like 'fisc_bench_%'");
    FISC_ASSERT_TEXT(left, "fisc_bench_mine"); /* not marked, so not ours to drop */
    g_autofree char *dropped = ask(uri, "drop database fisc_bench_mine");
    FISC_ASSERT_TEXT(made, "");
    FISC_ASSERT_TEXT(other, "");
    FISC_ASSERT_TEXT(marked, "");
    FISC_ASSERT_TEXT(dropped, "");
}

static void
test_refuses_what_it_cannot_measure(void)
{
    static const struct {
        const char *words;
        int status;
        const char *err;
    } refused[] = {
        {"bench", 2, "`bench` takes other arguments"},
        {"bench walk", 2,
         "there is no bench \"walk\"; there are: post, load, report, statements, feeders, http, "
         "memory, "
         "position"},
        {"bench post --seconds 0", 2, "--seconds is a number from 1 to 600, not \"0\""},
        {"bench post --rounds x", 2, "--rounds is a number from 1 to 100, not \"x\""},
        {"bench post --clients 1000", 2, "--clients is a number from 1 to 48"},
        {"--db postgresql:///x?host=/nonexistent bench post", 7, "UNAVAILABLE"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(refused); i++) {
        g_auto(FiscRun) run = fisc_run(refused[i].words);
        FISC_ASSERT_INT(run.status, refused[i].status);
        FISC_ASSERT_CONTAINS(run.err, refused[i].err);
        FISC_ASSERT_TEXT(run.out, "");
    }
}

const FiscTest fisc_bench_program_tests[] = {
    {"refuses what it cannot measure", test_refuses_what_it_cannot_measure},
    {"gives every ratio, figure and setting", test_gives_every_ratio},
    {"leaves no database behind, and the one that was named as it was", test_leaves_nothing_behind},
    {"sweeps away what a killed bench left, and nothing else",
     test_sweeps_what_a_killed_bench_left},
    {NULL, NULL},
};

/* tryton_test.c: a town that keeps its books with Tryton. Lists that go wrong while they are read
 * come from a stand-in (fake_tryton.py); a real Tryton is started by the long form
 * (FISC_TEST_LONG), since making its database takes half a minute. */
#include "tests/feeders/servers.h"
#include "tests/feeders/town.h"
#include "tests/support/suite.h"
#include <gio/gio.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const FiscTest fisc_tryton_tests[];

#define BALANCES                                                                                   \
    "select a.code, coalesce(sum(b.amount), 0)::int8"                                              \
    "  from (values ('100', '%202'), ('200', '%308'), ('600', '22'), ('700', '1422'))"             \
    "       a (code, account)"                                                                     \
    "  join ledger.master m on m.kind = 'account' and m.subject like a.account"                    \
    "  join ledger.coding k on k.book_id = m.book_id and k.account_id = m.number"                  \
    "  join (select unnest(coding) as coding_id, unnest(amount) as amount from ledger.entry) b"    \
    "       using (coding_id)"                                                                     \
    " group by a.code having sum(b.amount) <> 0"
#define SPENT                                                                                      \
    "select coalesce(sum(amount), 0) from (" BALANCES ") t (code, amount) where code = '600'"
#define RUNS 27
#define RUNS_LONG 270

/* A town at a Tryton on @port; its secret lies in @folder. */
static Town
make_town(const char *folder, int port)
{
    g_autofree char *at = g_strdup_printf("http://127.0.0.1:%d/town/", port);
    g_autofree char *trust = g_strdup_printf("http=yes;total_s=60;private=127.0.0.1:%d", port);
    return town_new_tryton(folder, at, trust);
}

/* ---- lists that go wrong ---- */

static const struct {
    const char *fault;
    const char *outcome; /* of a list that is one page */
    bool is_about_pages; /* it shows only where there are several */
} faults[] = {
    {"none", "posted", false},        {"missing", "failed", false}, {"duplicate", "failed", false},
    {"stranger", "failed", false},    {"swapped", "posted", true},  {"reorder", "posted", false},
    {"number", "quarantined", false}, {"change", "posted", false},  {"changing", "failed", false},
    {"error", "failed", false},       {"fields", "failed", false},
};

/* Another content for each seed; now and then more than a page of it. */
static void
write_moves(const Source *source, int seed, int count, const char *fault, int64_t *out_spent)
{
    g_autoptr(GString) text = g_string_new(NULL);
    g_string_printf(text, "{\"fault\": \"%s\", \"stamp\": %d, \"moves\": [", fault, seed);
    *out_spent = strcmp(fault, "change") == 0 ? 1 : 0; /* a cent more, while it is read */
    for (int i = 1; i <= count; i++) {
        int cents = 100 + i * 17 + (i % 2) * seed;
        *out_spent += cents;
        g_string_append_printf(text, "%s[%d, \"2024-01-%02d\", \"%d.%02d\"]", i > 1 ? "," : "", i,
                               i % 28 + 1, cents / 100, cents % 100);
    }
    g_string_append(text, "]}");
    town_write(source->folder, "tryton.json", text->str);
}

static void
test_faults(void)
{
    g_autoptr(Source) source = source_start();
    g_auto(Town) town = make_town(source->folder, source->http);
    int runs = g_getenv("FISC_TEST_LONG") != NULL ? RUNS_LONG : RUNS;
    int64_t spent = 0;
    for (int seed = 0; seed < runs; seed++) {
        gsize row = (gsize)seed % G_N_ELEMENTS(faults);
        bool is_large = seed % 5 == 4; /* five and eleven have no common factor */
        int64_t now_spent = 0;
        write_moves(source, seed, is_large ? 260 : 3 + seed % 4, faults[row].fault, &now_spent);
        const char *expected =
            faults[row].is_about_pages && is_large ? "failed" : faults[row].outcome;
        g_autofree char *told = town_pull(&town);
        if (!g_str_has_prefix(told, expected)) {
            printf("\n    seed %d, %s:", seed, faults[row].fault);
            FISC_ASSERT_TEXT(told, expected);
        }
        spent = strcmp(expected, "posted") == 0 ? now_spent : spent;
        g_autofree char *total = g_strdup_printf("%" G_GINT64_FORMAT, spent);
        books_expect(town.books, SPENT, total);
    }
    books_expect_whole(town.books);
}

/* ---- a real one ---- */

typedef struct {
    GSubprocess *process;
    GDataInputStream *answers;
    char *folder;
} Tryton;

/* One line there, one back. Caller frees. */
static char *
tell(Tryton *tryton, const char *command)
{
    g_autofree char *line = g_strconcat(command, "\n", NULL);
    GOutputStream *input = g_subprocess_get_stdin_pipe(tryton->process);
    if (!g_output_stream_write_all(input, line, strlen(line), NULL, NULL, NULL)) {
        g_error("the Tryton of the test is gone");
    }
    char *answer = g_data_input_stream_read_line(tryton->answers, NULL, NULL, NULL);
    if (answer == NULL || g_str_has_prefix(answer, "failed")) {
        g_error("%s: %s", command, answer != NULL ? answer : "no answer");
    }
    return answer;
}

static void
do_tell(Tryton *tryton, const char *command)
{
    g_free(tell(tryton, command));
}

static Tryton
tryton_start(void)
{
    Tryton tryton = {.folder = town_folder_new()};
    g_autoptr(GError) error = NULL;
    tryton.process =
        g_subprocess_new(G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE |
                             G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                         &error, "/usr/bin/python3", "-B",
                         FISC_SOURCE_DIR "/tests/feeders/tryton.py", tryton.folder, NULL);
    if (tryton.process == NULL) {
        g_error("%s", error->message);
    }
    tryton.answers = g_data_input_stream_new(g_subprocess_get_stdout_pipe(tryton.process));
    return tryton;
}

static void
tryton_stop(Tryton *tryton)
{
    g_output_stream_close(g_subprocess_get_stdin_pipe(tryton->process), NULL, NULL);
    g_subprocess_wait(tryton->process, NULL, NULL);
    g_object_unref(tryton->answers);
    g_object_unref(tryton->process);
    town_folder_free(tryton->folder);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Tryton, tryton_stop)

/* Its own query says "100 -1230 600 1230": codes and minor units. */
static void
expect_same_balances(Tryton *tryton, const Town *town)
{
    g_autofree char *theirs = tell(tryton, "balances");
    g_auto(GStrv) words = g_strsplit(theirs, " ", -1);
    g_autoptr(GHashTable) ours = books_ask_amounts(town->books, BALANCES);
    CU_ASSERT_TRUE(g_strv_length(words) >= 4);
    FISC_ASSERT_INT(g_hash_table_size(ours) * 2, g_strv_length(words));
    for (int i = 0; words[i] != NULL && words[i + 1] != NULL; i += 2) {
        const int64_t *own = g_hash_table_lookup(ours, words[i]);
        FISC_ASSERT_INT(own != NULL ? *own : 0, g_ascii_strtoll(words[i + 1], NULL, 10));
    }
}

/* How many entries each period's run posted, reversed and left: those that did anything. */
static void
expect_pull(Town *town, const char *expected)
{
    g_autoptr(FiscPullReport) report = NULL;
    g_autoptr(GString) told = g_string_new(NULL);
    g_autoptr(GError) error = NULL;
    static const char *const feeders[] = {"town", NULL};
    const FiscPullOrder order = {.feeders = feeders, .secrets_dir = town->secrets, .tries = 1};
    if (!fisc_flow_pull(&town->books->ctx, &order, &report, &error)) {
        g_error("%s", error->message);
    }
    for (guint i = 0; i < report->runs->len; i++) {
        const FiscPullRun *run = report->runs->pdata[i];
        if (run->outcome == FISC_PULL_UNCHANGED) {
            continue;
        }
        g_string_append_printf(told, "%.13s %s %d %d %d;", run->part,
                               fisc_pull_outcome_word(run->outcome), run->posted, run->reversed,
                               run->unchanged);
    }
    FISC_ASSERT_TEXT(told->str, expected);
}

static void
test_life(void)
{
    if (g_getenv("FISC_TEST_LONG") == NULL ||
        !g_file_test("/usr/bin/trytond", G_FILE_TEST_IS_EXECUTABLE)) {
        printf("\n    a real Tryton is not tested: it takes FISC_TEST_LONG=1 and the packages "
               "tryton-server, tryton-modules-account\n");
        return;
    }
    g_auto(Tryton) tryton = tryton_start();
    g_autofree char *port = tell(&tryton, "start");
    g_auto(Town) town = make_town(tryton.folder, atoi(port));
    do_tell(&tryton, "post 2024-01-10 600 200 12.30");
    do_tell(&tryton, "post 2024-01-11 200 100 12.30");
    do_tell(&tryton, "post 2024-02-03 600 100 7.05");
    do_tell(&tryton, "draft 2024-02-04 600 100 99.99"); /* not posted, so not taken */
    expect_pull(&town, "moves-2024-01 posted 2 0 0;moves-2024-02 posted 1 0 0;");
    expect_same_balances(&tryton, &town);
    expect_pull(&town, "");
    do_tell(&tryton, "post 2024-02-05 100 700 20.00");
    expect_pull(&town, "moves-2024-02 posted 1 0 1;");
    expect_same_balances(&tryton, &town);
    do_tell(&tryton, "alter 12.30 13.40");
    expect_pull(&town, "moves-2024-01 posted 2 2 0;");
    expect_same_balances(&tryton, &town);
    do_tell(&tryton, "stop");
    expect_pull(&town, " failed 0 0 0;");
    do_tell(&tryton, "delete 7.05");
    do_tell(&tryton, "start");
    expect_pull(&town, "moves-2024-02 posted 0 1 1;");
    expect_same_balances(&tryton, &town);
}

const FiscTest fisc_tryton_tests[] = {
    {"a list that loses, repeats or changes records while it is read is read anew or given up",
     test_faults},
    {"moves are taken, corrected, struck out; balances are those of Tryton's own query", test_life},
    {NULL, NULL},
};

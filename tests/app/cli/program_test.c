/* program_test.c: the program from outside, as a script sees it: its status, what is on which
 * stream. Only what needs no database; the flows are tested where they are. */
#include "tests/app/cli/run.h"
#include "tests/support/suite.h"
#include <glib.h>
#include <glib/gstdio.h>

extern const FiscTest fisc_program_tests[];

static void
test_answers_on_the_right_stream(void)
{
    static const struct {
        const char *line;
        int status;
        const char *out; /* part of it; NULL: empty */
        const char *err;
    } cases[] = {
        {"--version", 0, "fisc 0.", NULL},
        {"--help", 0, "usage: fisc [OPTIONS] COMMAND", NULL},
        {"report --help", 0, "usage: fisc report NAME", NULL},
        {"sql --help", 0, "usage: fisc sql", NULL},
        {"--db postgresql:///x?options=-cx sql", 2, NULL, "must not set options"},
        {"", 2, NULL, "a command is missing"},
        {"lod x", 2, NULL, "there is no command \"lod\"; did you mean \"load\"?"},
        {"quux", 2, NULL, "there is no command \"quux\"\n"},
        {"report gfs --colour red", 2, NULL, "unknown option --colour\nusage: fisc report"},
        {"report gfs", 2, NULL, "--period is required"},
        {"report", 2, NULL, "`report` takes other arguments"},
        {"report nothing --period 2024", 2, NULL, "there is no report \"nothing\"; there are: "},
        {"report gfs --period 2024 --format xml", 2, NULL, "--format is one of table, csv, json"},
        {"load", 2, NULL, "`load` takes other arguments"},
        {"load a b", 2, NULL, "`load` takes other arguments"},
        {"funds", 2, NULL, "--entity is required"},
        {"funds --entity E --period spring", 2, NULL, "--period is a year"},
        {"reverse A", 2, NULL, "--reason is required"},
        {"reverse A --reason x --date 2024-02-30", 2, NULL, "--date is a day"},
        {"period melt 2024", 2, NULL, "`period` does list, open, close or seal"},
        {"period close 2024-Q1", 2, NULL, "a period is a year or a month"},
        {"stop --db postgresql:///x", 2, NULL, "only the embedded database is ours to stop"},
        {"init --db x --data y", 2, NULL, "--data and --db exclude each other"},
        {"post /nonexistent/journals.csv", 3, NULL, "NOT_FOUND: could not open /nonexistent"},
        {"post /", 1, NULL, "IO: could not read /"},
        {"init --db postgresql:///x?host=/nonexistent", 7, NULL, "fisc: UNAVAILABLE: "},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_auto(FiscRun) run = fisc_run(cases[i].line);
        FISC_ASSERT_INT(run.status, cases[i].status);
        if (cases[i].out != NULL) {
            FISC_ASSERT_CONTAINS(run.out, cases[i].out);
        } else {
            FISC_ASSERT_TEXT(run.out, "");
        }
        if (cases[i].err != NULL) {
            FISC_ASSERT_CONTAINS(run.err, cases[i].err);
        } else {
            FISC_ASSERT_TEXT(run.err, "");
        }
    }
}

static void
test_fails_when_its_output_does_not_arrive(void)
{
    static const char *const lines[] = {"--help > /dev/full", "--version >&-"};
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        g_auto(FiscRun) run = fisc_run(lines[i]);
        FISC_ASSERT_INT(run.status, 1);
        FISC_ASSERT_CONTAINS(run.err, "IO: the result could not be written");
    }
}

static void
test_works_with_every_stream_closed(void)
{
    g_auto(FiscRun) run = fisc_run("--version <&- >&- 2>&-");
    FISC_ASSERT_INT(run.status, 1);
    g_auto(FiscRun) usage = fisc_run("quux <&- >&- 2>&-");
    FISC_ASSERT_INT(usage.status, 2);
}

static void
test_finds_out_without_starting_anything(void)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("fisc-doctor-XXXXXX", &error);
    g_autofree char *line = g_strdup_printf("doctor --data %s/none --actor Ada --json", folder);
    g_auto(FiscRun) run = fisc_run(line);
    FISC_ASSERT_CONTAINS(run.out, "\"cluster\"");
    FISC_ASSERT_CONTAINS(run.out, "down: the next command starts it");
    FISC_ASSERT_CONTAINS(run.out, "Ada");
    FISC_ASSERT_INT(g_rmdir(folder), 0); /* empty: nothing was made */
}

const FiscTest fisc_program_tests[] = {
    {"ends with the right status and answers on the right stream",
     test_answers_on_the_right_stream},
    {"fails when its output does not arrive", test_fails_when_its_output_does_not_arrive},
    {"works with every stream closed", test_works_with_every_stream_closed},
    {"finds out what is here without starting anything", test_finds_out_without_starting_anything},
    {NULL, NULL},
};

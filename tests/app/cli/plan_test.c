/* plan_test.c: versions of a budget as officers type them: opened, filled, taken from step to step,
 * branched; and a process that dies half-way. What is decided is tested where it is decided. */
#include "tests/app/cli/run.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_plan_command_tests[];

#define PUT "as ann budget put B25 lines - --reason first"
#define HEX "b7e23ec29af22b0b4e41da31e868d57226121c84b7e23ec29af22b0b4e41da31"

static const FiscStep steps[] = {
    {"entities | fisc post -", 0, "", NULL},
    {"fisc budget open", 2, NULL, "`budget open`: begin a version"},
    {"fisc budget open B25", 2, NULL, "--year is required"},
    {"fisc budget open B25 --year soon", 2, NULL, "--year is a number"},
    {"fisc budget open 'B 25' --year 2025", 2, NULL, "a version has a name without spaces"},
    {"fisc budget open B25 --year 2025 --years 11", 2, NULL, "--years is a number up to 10"},
    {"as ann budget open B25 --year 2025 --years 2 --title 'Budget 2025'", 0, "B25 is open.\n",
     NULL},
    {"as ann budget open B25 --year 2025 --years 2 --title 'Budget 2025'", 0, "B25 is open.\n",
     NULL},
    {"as ann budget open B25 --year 2026 --years 2", 6, NULL, "MASTER_CONFLICT"},
    {"lines | as ann budget put B25 lines -", 2, NULL, "--reason is required"},
    {"lines | as ann budget put B25 paper - --reason x", 2, NULL, "not \"paper\""},
    {"lines | as ann budget put B26 lines - --reason x", 3, NULL, "there is no version \"B26\""},
    {"lines | sed 's/300/3oo/' | " PUT, 6, NULL, "standard input:3: request_2025: AMOUNT_INVALID"},
    {"lines | " PUT, 0, "B25/lines: prepare, 2 parts.\n", NULL},
    {"lines | " PUT " --json", 0, "\"changed\":\"0\",\"unchanged\":\"2\"", NULL},
    {"lines | grep -v AGY | sed 's/300/200/' | as joe budget put B25 lines - --entity MIN"
     " --base " HEX " --reason x",
     5, NULL, "CASE_CHANGED"},
    {"lines | as joe budget put B25 lines - --step submit --reason x", 2, NULL,
     "\"submit\" is no step that gives lines another content"},
    {"fisc budget get B25 lines --entity AGY", 0, "L1,AGY,expenditure", NULL},
    {"fisc budget get B25 lines --entity AGY --format json", 0, "\"request_2025\": \"50.50\"",
     NULL},
    {"fisc budget get B25 lines --entity AGY --columns line,request_2025", 0,
     "line,request_2025\nL1,50.50\n", NULL},
    {"fisc budget get B25 lines --entity AGY --at 2", 3, NULL, "has taken 1 steps, not 2"},
    {"fisc budget get B25 ceilings", 3, NULL, "NOT_FOUND"},
    {"fisc budget versions --format csv", 0, "B25,draft,2025,2,Budget 2025,,\n", NULL},
    {"fisc budget versions B25 --format csv --columns kind,entity,state", 0,
     "kind,entity,state\nlines,AGY,open\nlines,MIN,open\n", NULL},
    {"as ann budget step B25 call", 4, NULL, "SECOND_PERSON"},
    {"as ann budget step B25 call --json", 4,
     "{\"path\":\"B25\",\"step\":null,\"refusals\":[{\"code\":\"SECOND_PERSON\"", "SECOND_PERSON"},
    {"as bob budget step B25 call --json", 0, "{\"path\":\"B25\",\"step\":\"call\"", NULL},
    {"as bob budget step B25/lines submit", 0, "B25/lines: submit, 2 parts.\n", NULL},
    {"as bob budget step B25/lines/MIN submit", 0, "B25/lines/MIN: nothing has changed.\n", NULL},
    {"as joe budget step B25/lines/MIN submit --reason again", 6, NULL, "CASE_STATE"},
    {"as bob budget step B25 enact", 2, NULL, "comes with a document"},
    {"fisc budget history B25/lines/MIN --format csv --columns who,step,from,to,reason", 0,
     "who,step,from,to,reason\nann,prepare,-,open,first\nbob,submit,open,submitted,\n", NULL},
    /* Killed between the text and the step that names it: nothing has happened, and again does it.
     */
    {"as ann budget step B25 review", 0, "B25: review, 1 part.\n", NULL},
    {"mark | FISC_KILL_AT=plan.contents_kept:1 as ann budget put B25 lines - --patch --reason less"
     " 2>/dev/null",
     137, NULL, NULL},
    {"fisc budget versions B25 --format csv --columns entity,state", 0,
     "entity,state\nAGY,submitted\nMIN,submitted\n", NULL},
    {"fisc verify --full", 0, "", NULL},
    {"mark | as ann budget put B25 lines - --patch --reason less", 0, "B25/lines: mark, 1 part.\n",
     NULL},
    {"fisc budget get B25 lines --entity MIN --columns line,request_2025,mark_2025", 0,
     "L2,300.00,250.00\n", NULL},
    {"fisc budget branch B25 B25", 6, NULL, "CASE_STATE"},
    {"as joe budget branch B25@1 B25-empty --title 'From nothing'", 0, "B25-empty is branched.\n",
     NULL},
    {"as joe budget branch B25 B25-b", 0, "B25-b is branched.\n", NULL},
    {"fisc budget versions --format csv", 0, "B25-b,draft,2025,2,Budget 2025,B25,\n", NULL},
    {"fisc budget versions B25-empty --format csv", 0, "kind,entity,state,content\n", NULL},
    {"fisc verify --full", 0, "", NULL},
};

static char *
prologue(const char *uri)
{
    g_autofree char *program = g_shell_quote(g_getenv("FISC_PROGRAM"));
    g_autofree char *quoted = g_shell_quote(uri);
    return g_strdup_printf(
        "fisc() { %s --db %s --actor founder \"$@\"; }; "
        "as() { ACTOR=$1; shift; %s --db %s --actor $ACTOR \"$@\"; }; "
        "entities() { for e in MIN AGY; do echo \"{\\\"event\\\":{\\\"kind\\\":\\\"entity\\\","
        "\\\"subject\\\":\\\"$e\\\",\\\"fields\\\":{\\\"name\\\":\\\"$e\\\"}}}\"; done; }; "
        "lines() { printf 'line,entity,gfs_code,title,request_2025,request_2026\\n"
        "L1,MIN,22,Goods,100,110\\nL2,MIN,21,Staff,300,\\nL1,AGY,22,Roof,50.50,\\n'; }; "
        "mark() { printf 'line,entity,mark_2025,mark_reason\\nL2,MIN,250,fewer\\n'; }; ",
        program, quoted, program, quoted);
}

static void
test_officers_prepare_a_budget(void)
{
    g_autofree char *uri = fisc_test_database_new();
    g_autofree char *before = prologue(uri);
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        fisc_check_step(&steps[i], before);
    }
}

const FiscTest fisc_plan_command_tests[] = {
    {"lets officers prepare a budget, and one of them die half-way",
     test_officers_prepare_a_budget},
    {NULL, NULL},
};

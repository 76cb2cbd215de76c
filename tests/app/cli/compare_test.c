/* compare_test.c: versions beside each other as officers type them. What comes of it is tested
 * where it is decided. */
#include "tests/app/cli/run.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_compare_command_tests[];

static const FiscStep steps[] = {
    {"books | fisc post -", 0, "", NULL},
    {"as ann budget open A --year 2019 --years 1", 0, "A is open.\n", NULL},
    {"lines 100 | as ann budget put A lines - --reason first", 0, ", 1 part.", NULL},
    {"as ann budget branch A B", 0, "B is branched.\n", NULL},
    {"lines 90 | as joan budget put B lines - --reason cheaper", 0, ", 1 part.", NULL},
    {"fisc budget compare A", 2, NULL, "`budget compare`: every change"},
    {"fisc budget compare A C", 3, NULL, "there is no version \"C\""},
    {"fisc budget compare A B --columns line,what,before,after,who,reason --format csv", 0,
     "line,what,before,after,who,reason\n1,request_2019,100.00,90.00,joan,cheaper\n", NULL},
    {"fisc budget compare A B --by economic --format csv", 0,
     "side,economic,year,before,after,difference\nexpenditure,22,2019,100.00,90.00,-10.00\n", NULL},
    {"lines 80 | as ann budget put A lines - --reason less", 0, ", 1 part.", NULL},
    {"as ann budget merge B A", 2, NULL, "--reason is required"},
    {"as ann budget merge B A --ours --theirs --reason x", 2, NULL, "only one of --ours and"},
    {"as ann budget merge B A --reason x", 5, NULL, "\"80.00\" in A, \"90.00\" in B"},
    {"as ann budget merge B A --theirs --reason x", 0, "A: merge, 1 part.\n", NULL},
    {"as ann budget merge B A --reason x", 0, "A: nothing has changed.\n", NULL},
    {"as ann budget merge B A@1 --reason x", 2, NULL, "\"A@1\" is how it stood"},
    {"printf 'ceiling,year,amount\\nall,2019,85\\n' | as ann budget put A ceilings - --reason x", 0,
     ", 1 part.", NULL},
    {"fisc budget ceilings A --format csv", 0,
     "all,year=2019,1,85.00,90.00,90.00,90.00,-5.00,yes\n", NULL},
    {"fisc budget performance A --format csv", 0, ",Total expenditure,,,,,,,,90.00,\n", NULL},
    {"fisc budget tags A --format csv", 0, "climate,,36.00\nclimate,1,36.00\n", NULL},
    {"as ann budget open N --year 2020 --years 2", 0, "N is open.\n", NULL},
    {"as ann budget baseline A N", 2, NULL, "--reason is required"},
    {"as ann budget baseline A N --index economic=2:growth --reason x", 6, NULL,
     "index: VALUE_INVALID"},
    {"as ann budget baseline A N --reason x", 0, "N: prepare, 1 part.\n", NULL},
    {"fisc budget get N lines --columns line,baseline_2020,baseline_2021", 0,
     "line,baseline_2020,baseline_2021\n1,90.00,90.00\n", NULL},
    {"fisc verify --full", 0, "clean", NULL},
};

static char *
prologue(const char *uri)
{
    g_autofree char *program = g_shell_quote(g_getenv("FISC_PROGRAM"));
    g_autofree char *database = g_shell_quote(uri);
    return g_strdup_printf(
        "fisc() { %s --db %s \"$@\"; }\n"
        "as() { who=$1; shift; fisc --actor \"$who\" \"$@\"; }\n"
        "export FISC_ACTOR=joe\n"
        "books() { echo '{\"event\":{\"kind\":\"entity\",\"subject\":\"MIN\",\"fields\":{\"name\":"
        "\"Ministry\",\"sector\":\"S13111\",\"cp_code\":\"11\",\"reporting\":\"Y\"}}}'; }\n"
        "lines() { printf 'line,entity,gfs_code,programme,economic,title,tags,request\\n"
        "1,MIN,22,1,22,Goods,climate:40,%%s\\n' \"$1\"; }\n",
        program, database);
}

static void
test_commands(void)
{
    g_autofree char *uri = fisc_test_database_new();
    g_autofree char *before = prologue(uri);
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        fisc_check_step(&steps[i], before);
    }
}

const FiscTest fisc_compare_command_tests[] = {
    {"officers compare, merge, look at and carry on versions", test_commands},
    {NULL, NULL},
};

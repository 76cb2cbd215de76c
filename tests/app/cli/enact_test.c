/* enact_test.c: a budget law and an interim budget as officers type them. What is decided is tested
 * where it is decided. */
#include "tests/app/cli/run.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_enact_command_tests[];

#define ENACT "as ann budget enact B19 --law L-2018-6 --title 'Budget 2019'"
#define INTERIM "as ann budget interim 2019 --from 2018 --reason 'no law yet'"

static const FiscStep steps[] = {
    {"books | fisc post -", 0, "", NULL},
    {"last_year | fisc post -", 0, "posted", NULL},
    {"fisc budget interim 2019 --from 2018", 2, NULL, "--month is required"},
    {"fisc budget interim 2019 --month 1", 2, NULL, "--from is required"},
    {"fisc budget interim soon --from 2018 --month 1", 2, NULL, "YEAR is a number from 1900"},
    {"fisc budget interim 2019 --from 2018 --month 13", 2, NULL,
     "--month is a number from 1 to 12"},
    {"fisc budget interim 2018 --from 2018 --month 1", 2, NULL, "follows an earlier year"},
    {INTERIM " --month 1 --classes /nowhere/classes.csv", 3, NULL, "/nowhere/classes.csv"},
    {"printf 'economic,share\\n6,some\\n' | " INTERIM " --month 1 --classes -", 6, NULL,
     "standard input:2: share: VALUE_INVALID"},
    {"as ann budget interim 2019 --from 2017 --month 1", 6, NULL, "NO_BUDGET"},
    {INTERIM " --month 1 --format csv", 0,
     "INTERIM-2019-01 is proposed.\nentity,side,lines,more,less,amount\nMIN,interim,1,100.00,",
     NULL},
    {"as bob doc approve INTERIM-2019-01", 0, "INTERIM-2019-01 is done: entries posted: 1.\n",
     NULL},
    {INTERIM " --month 1", 0, "INTERIM-2019-01 is done", NULL},
    {"fisc funds --entity MIN --period 2019 --format csv --columns budget", 0, "budget\n100.00\n",
     NULL},
    {"as ann budget open B19 --year 2019 --years 1", 0, "B19 is open.\n", NULL},
    {"lines | as ann budget put B19 lines - --reason first", 0, ", 1 part.", NULL},
    {"fisc budget enact", 2, NULL, "`budget enact`: propose that a version becomes law"},
    {"fisc budget enact B19", 2, NULL, "--law is required"},
    {"fisc budget enact B19 --law L", 2, NULL, "--title is required"},
    {"as ann budget enact B19 --law 'L 1' --title T", 2, NULL, "a law has a short name"},
    {"as ann budget enact B19 --law L --title T --kind other", 2, NULL,
     "--kind is original or supplement"},
    {"as ann budget enact B20 --law L --title T", 3, NULL, "there is no version \"B20\""},
    {ENACT, 6, NULL, "CASE_STATE"},
    {"as bob budget step B19 call && as bob budget step B19/lines submit &&"
     " as ann budget step B19 review && as bob budget step B19/lines accept &&"
     " as bob budget step B19 agree && as ann budget step B19 table",
     0, "B19: table, 1 part.\n", NULL},
    {ENACT " --dry-run --format csv", 0,
     "entity,side,lines,more,less,amount\nMIN,expenditure,1,1000.00,0.00,1000.00\n"
     "MIN,interim,1,0.00,100.00,-100.00\n",
     NULL},
    {"fisc doc show L-2018-6", 3, NULL, "there is no document"},
    {ENACT " --json", 0, "{\"document\":\"L-2018-6\",\"state\":\"proposed\",\"entries\":\"0\"}",
     NULL},
    {"fisc doc show L-2018-6", 0, "MIN expenditure: lines 1, amount 1,000.00", NULL},
    {"as ann doc approve L-2018-6", 4, NULL, "SECOND_PERSON"},
    {"as bob doc approve L-2018-6", 0, "L-2018-6 is done: entries posted: 2.\n", NULL},
    {ENACT, 0, "L-2018-6 is done", NULL},
    {"fisc budget versions --format csv --columns version,state,law", 0, "B19,enacted,L-2018-6\n",
     NULL},
    {"fisc funds --entity MIN --period 2019 --format csv --columns budget", 0, "budget\n1000.00\n",
     NULL},
    {INTERIM " --month 2", 6, NULL, "CASE_STATE"},
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
        "event() { printf '{\"event\":{\"kind\":\"%%s\",\"subject\":\"%%s\",\"fields\":%%s}}\\n'"
        " \"$1\" \"$2\" \"$3\"; }\n"
        "account() { event account \"$1\" '{\"name\":\"-\",\"class\":\"budgetary\",\"chart\":"
        "\"budgetary\"}'; }\n"
        "books() { account B11; account B12; account B20; event period 201801"
        " '{\"state\":\"open\"}'; event period 201901 '{\"state\":\"open\"}';\n"
        "event entity MIN '{\"name\":\"Ministry\",\"sector\":\"S13111\",\"cp_code\":\"11\","
        "\"reporting\":\"Y\"}';\n"
        "event control vote '{\"level\":\"absolute\",\"absent\":\"refuse\",\"key\":\"entity "
        "economic\"}'; }\n"
        "last_year() { echo "
        "'{\"entity\":\"MIN\",\"reference\":\"A\",\"date\":\"2018-01-01\",\"lines\":["
        "{\"stage\":\"appropriation\",\"debit\":\"1200\",\"economic\":\"22\",\"gfs_code\":\"22\"}]"
        "}'; }\n"
        "lines() { printf 'line,entity,gfs_code,economic,title,request_2019\\n"
        "1,MIN,22,22,Goods,1000\\n'; }\n",
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

const FiscTest fisc_enact_command_tests[] = {
    {"officers give a month, propose a law and enact it", test_commands},
    {NULL, NULL},
};

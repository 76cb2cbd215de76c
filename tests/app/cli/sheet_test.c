/* sheet_test.c: spreadsheets as officers send and get them: a part of a budget out as a sheet, back
 * in, what is wrong with it told by cell; reports; and another budget law as a folder. */
#include "fisc/xlsx.h"
#include "tests/app/cli/run.h"
#include "tests/integrations/fixture.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_sheet_command_tests[];

static const FiscStep steps[] = {
    {"entities | fisc post -", 0, "", NULL},
    {"as ann budget open B25 --year 2025 --years 2 --title 'Budget 2025'", 0, "B25 is open.\n",
     NULL},
    /* Row 3 of the first sheet is empty, so the wrong amount stands in row 5. */
    {"as ann budget put B25 lines $DIR/bad.xlsx --reason first", 6, "",
     "bad.xlsx sheet lines:5: column F (request_2025): AMOUNT_INVALID"},
    {"as ann budget put B25 lines $DIR/bad.xlsx --sheet Requests --reason first", 6, "",
     "it has no sheet \"Requests\" (it has \"lines\")"},
    {"as ann budget put B25 lines $DIR/good.xlsx --sheet LINES --reason first", 0,
     "B25/lines: prepare, 2 parts.\n", NULL},
    {"lines | as ann budget put B25 lines - --sheet lines --reason x", 2, NULL,
     "standard input is no spreadsheet"},
    {"lines | as ann budget put B25 lines - --reason x", 0, "B25/lines: nothing has changed.\n",
     NULL},
    {"fisc budget get B25 lines --format xlsx >$DIR/out.xlsx", 0, "", NULL},
    {"as ann budget put B25 lines $DIR/out.xlsx --reason x", 0, "B25/lines: nothing has changed.\n",
     NULL},
    {"as ann budget put B25 lines - --reason x <$DIR/out.xlsx", 0,
     "B25/lines: nothing has changed.\n", NULL},
    {"fisc budget versions --format xlsx >$DIR/v.xlsx; head -c 2 $DIR/v.xlsx", 0, "PK", NULL},
    {"head -c 700 $DIR/out.xlsx >$DIR/cut.xlsx;"
     " as ann budget put B25 lines $DIR/cut.xlsx --reason x",
     6, "", "cut.xlsx: VALUE_INVALID: The value is not allowed: the file is no spreadsheet"},
    {"fisc budget law", 2, NULL, "`budget law`: another law"},
    {"fisc budget law look", 2, NULL, "`budget law diff OLD NEW`"},
    {"fisc budget law diff 2025-01-01", 2, NULL, "`budget law diff OLD NEW`"},
    {"fisc budget law diff 2025-01-01 $DIR --format csv", 0,
     "control,total,added,,,level=absolute absent=refuse key=entity entities=*,Art. 7\n", NULL},
    {"fisc budget law diff 2025-01-01 $DIR/none", 3, NULL, "there is no such folder"},
    {"fisc budget law replay --period 2025", 2, NULL, "--rules is required"},
    {"fisc budget law replay --period soon --rules $DIR", 2, NULL, "--period is a year"},
    {"fisc budget law replay --period 2025 --rules $DIR --by entity", 2, NULL, "--by is control"},
    {"fisc budget law replay --period 2025 --rules $DIR", 3, NULL, "no entry is posted in 2025"},
};

/* A sheet as an officer would send it; with @request the request of the second line. */
static void
write_sheet(const char *folder, const char *file, const char *request)
{
    const char *const rows[][6] = {
        {"L1", "MIN", "22", "Goods", "", "100"},
        {NULL},
        {"L1", "AGY", "22", "Roof", "", "50.5"},
        {"L2", "MIN", "21", "Staff", "", request},
    };
    static const char *const columns[] = {"line",  "entity",        "gfs_code",
                                          "title", "justification", "request_2025"};
    g_autoptr(FiscTable) table = fisc_table_new("lines", "", 2);
    g_autoptr(GString) bytes = g_string_new(NULL);
    g_autofree char *path = g_build_filename(folder, file, NULL);
    for (int k = 0; k < 6; k++) {
        fisc_table_add_column(table, columns[k], FISC_COLUMN_TEXT);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        FiscRow *row = fisc_table_add_row(table);
        for (int k = 0; rows[i][0] != NULL && k < 6; k++) {
            fisc_table_set_text(table, row, k, rows[i][k]);
        }
    }
    CU_ASSERT_TRUE_FATAL(fisc_xlsx_write(table, bytes, NULL));
    CU_ASSERT_TRUE_FATAL(g_file_set_contents(path, bytes->str, (gssize)bytes->len, NULL));
}

static char *
prologue(const char *uri, const char *folder)
{
    g_autofree char *program = g_shell_quote(g_getenv("FISC_PROGRAM"));
    g_autofree char *quoted = g_shell_quote(uri);
    g_autofree char *dir = g_shell_quote(folder);
    return g_strdup_printf(
        "DIR=%s; fisc() { %s --db %s --actor founder \"$@\"; }; "
        "as() { ACTOR=$1; shift; %s --db %s --actor $ACTOR \"$@\"; }; "
        "entities() { for e in MIN AGY; do echo \"{\\\"event\\\":{\\\"kind\\\":\\\"entity\\\","
        "\\\"subject\\\":\\\"$e\\\",\\\"fields\\\":{\\\"name\\\":\\\"$e\\\"}}}\"; done; }; "
        "lines() { printf 'line,entity,gfs_code,title,request_2025\\n"
        "L1,MIN,22,Goods,100\\nL2,MIN,21,Staff,300\\nL1,AGY,22,Roof,50.50\\n'; }; ",
        dir, program, quoted, program, quoted);
}

static void
test_officers_send_spreadsheets(void)
{
    char *folder = fixture_folder("controls.csv",
                                  "control,level,absent,key,entities,article\n"
                                  "total,absolute,refuse,entity,*,Art. 7\n",
                                  NULL);
    write_sheet(folder, "good.xlsx", "300");
    write_sheet(folder, "bad.xlsx", "3oo");
    g_autofree char *uri = fisc_test_database_new();
    g_autofree char *before = prologue(uri, folder);
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        fisc_check_step(&steps[i], before);
    }
    fixture_remove(folder);
}

/* `script` gives the program a terminal, and puts what it says on its own output. */
static void
test_no_spreadsheet_for_a_terminal(void)
{
    g_autofree char *program = g_shell_quote(g_getenv("FISC_PROGRAM"));
    g_autofree char *words = g_strconcat(program, " report gfs --period 2024 --format xlsx", NULL);
    g_autofree char *quoted = g_shell_quote(words);
    g_autofree char *line = g_strconcat("script -qec ", quoted, " /dev/null </dev/null", NULL);
    g_auto(FiscRun) run = fisc_run_shell(line);
    FISC_ASSERT_INT(run.status, 2);
    FISC_ASSERT_CONTAINS(run.out, "xlsx is no text for a terminal: add \"> report.xlsx\"");
}

const FiscTest fisc_sheet_command_tests[] = {
    {"officers send spreadsheets and get them back", test_officers_send_spreadsheets},
    {"a spreadsheet does not go to a terminal", test_no_spreadsheet_for_a_terminal},
    {NULL, NULL},
};

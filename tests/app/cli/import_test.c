/* import_test.c: `fisc budget import` and `fisc budget consolidated` as an officer types them. What
 * the files say is tested where profiles are read. */
#include "tests/app/cli/run.h"
#include "tests/support/database.h"
#include "tests/support/suite.h"
#include <glib/gstdio.h>

extern const FiscTest fisc_import_command_tests[];

static const struct {
    const char *name, *text;
} files[] = {
    {"entities.csv", "entity,name,sector,cp_code,reporting\nMIN,Ministry,S13111,11,Y\n"
                     "AGY,Agency,S13112,11,Y\n"},
    {"groups.csv", "group,name,members\nGOV,Government,MIN AGY\n"},
    {"budget.profile", "[file]\nname = rows.csv\n"
                       "[columns]\nunit = unit\nside = side\ncode = code\nparty = party\n"
                       "amount = amount\n[amounts]\namount = plus\n[totals]\namount = 1050\n"
                       "[tree]\nwithin = {unit}/{side}\nlevels = {code:1};{code:2}\ntake = leaves\n"
                       "amounts = amount\n"
                       "[value gfs]\nmap = gfs.csv\nof = {code}\nprefix = prefix\nresult = gfs\n"
                       "[line all]\nline = {side}.{code}\nentity = {unit}\nside = {side}\n"
                       "gfs_code = {gfs}\neconomic = {code}\ncounterparty_entity = {party}\n"
                       "request = amount\n"},
    {"gfs.csv", "prefix,gfs\n12,2111\n41,2631\n40,1331\n"},
    {"rows.csv", "unit,side,code,party,amount\nMIN,expenditure,1,,400\nMIN,expenditure,12,,400\n"
                 "MIN,expenditure,41,AGY,350\nAGY,revenue,40,MIN,300\n"},
};

static const FiscStep steps[] = {
    {"fisc budget import 2024 $FOLDER", 3, NULL, "there is no version \"2024\""},
    {"fisc budget open 2024 --year 2024 --years 1 --reason test", 0, "2024 is open.", NULL},
    {"fisc budget import 2024", 2, NULL, "VERSION DIR"},
    {"fisc budget import 2024 $FOLDER/none", 3, NULL, "there is no such folder"},
    {"fisc budget import 2024 $FOLDER --dry-run", 0, "3 lines for 2024; nothing was written.",
     NULL},
    {"fisc budget get 2024 lines --entity MIN", 3, NULL, "NOT_FOUND"},
    {"fisc budget import 2024 $FOLDER", 0,
     "* rows.csv: 1 rows are sums of others; 0 differ from their parts", NULL},
    {"fisc budget import 2024 $FOLDER --json", 0,
     "{\"version\":\"2024\",\"lines\":\"3\",\"step\":null,\"changed\":\"0\",\"unchanged\":\"2\"}",
     NULL},
    {"sed -i 's/,350/,351/' $FOLDER/rows.csv; fisc budget import 2024 $FOLDER", 6,
     "\"code\":\"CONTROL_TOTAL\",\"file\":\"rows.csv\"", "adds up to 1051.00"},
    {"fisc budget consolidated 2024 --unit GOV --format csv", 0,
     "side,economic,aggregate,eliminated,consolidated\nexpenditure,1,400.00,0.00,400.00\n"
     "expenditure,4,350.00,350.00,0.00\nexpenditure,total,750.00,350.00,400.00\n"
     "revenue,4,300.00,300.00,0.00\nrevenue,total,300.00,300.00,0.00\n",
     NULL},
    {"fisc budget consolidated 2024 --unit GOV --pairs --format csv", 0,
     "MIN,AGY,current,350.00,300.00,50.00\n", NULL},
    {"fisc budget consolidated 2024 --unit GOV --by entity --enacted --format csv", 0,
     "expenditure,MIN,750.00,350.00,400.00,0.00,750.00\n", NULL},
    {"fisc budget consolidated 2024 --unit GOV --pairs --by entity", 2, NULL,
     "pairs go neither --by"},
    {"fisc budget consolidated 2024 --unit GOV --year 2025", 2, NULL, "is of 2024 to 2024"},
    {"fisc budget consolidated 2024 --unit GOV --year soon", 2, NULL, "is no year"},
    {"fisc budget consolidated 2024 --unit NONE", 3, NULL, "NOT_FOUND"},
    {"fisc budget consolidated 2023", 3, NULL, "there is no version \"2023\""},
};

static void
write_files(const char *folder)
{
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(folder, files[i].name, NULL);
        CU_ASSERT_TRUE_FATAL(g_file_set_contents(path, files[i].text, -1, NULL));
    }
}

static void
remove_files(const char *folder)
{
    for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
        g_autofree char *path = g_build_filename(folder, files[i].name, NULL);
        CU_ASSERT_TRUE(g_unlink(path) == 0);
    }
    CU_ASSERT_TRUE(g_rmdir(folder) == 0);
}

static void
test_imports_and_consolidates(void)
{
    g_autofree char *uri = fisc_test_database_new();
    g_autofree char *folder = g_dir_make_tmp("fisc-import-XXXXXX", NULL);
    g_autofree char *program = g_shell_quote(g_getenv("FISC_PROGRAM"));
    g_autofree char *quoted_uri = g_shell_quote(uri);
    g_autofree char *before = g_strdup_printf(
        "FOLDER=%s; fisc() { %s --db %s --actor ana \"$@\"; }; ", folder, program, quoted_uri);
    write_files(folder);
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        fisc_check_step(&steps[i], before);
    }
    remove_files(folder);
}

const FiscTest fisc_import_command_tests[] = {
    {"imports published files into a version and consolidates it", test_imports_and_consolidates},
    {NULL, NULL},
};

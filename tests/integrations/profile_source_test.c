/* profile_source_test.c: where a profile's files lie, and what publishers do to amounts: decimals
 * beyond the currency, totals between the rows, figures that another file lists one by one. */
#include "integrations/profile_round.h"
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"

#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

extern const FiscTest fisc_profile_source_tests[];

/* ---- shelves ---- */

static const char SHELVED[] =
    "[file]\nname = ../published/town/spending.csv\nsource = town/spending\nsteps = Spending\n"
    "[columns]\ncode = Code\nspent = Spent\n[amounts]\nspent = plus\n"
    "[value gfs]\nmap = ../maps/classes.csv\nof = {code}\nprefix = class\nresult = gfs\n"
    "[entry spent]\nstep = Spending\nreference = {file}/{row}\nentity = MIN\n"
    "date = 2024-06-30\namount = spent\ndebit = {gfs}\ncredit = 3308\n";

/* A folder with a package "town" beside the shelves. */
typedef struct {
    char *base, *town, *maps, *shelf, *published;
} Shelves;

static Shelves
shelves_new(const char *profile)
{
    Shelves shelves = {.base = g_dir_make_tmp("fisc-shelves-XXXXXX", NULL)};
    shelves.town = g_build_filename(shelves.base, "town", NULL);
    shelves.maps = g_build_filename(shelves.base, "maps", NULL);
    shelves.shelf = g_build_filename(shelves.base, "published", NULL);
    shelves.published = g_build_filename(shelves.shelf, "town", NULL);
    char *const folders[] = {shelves.town, shelves.maps, shelves.published};
    for (guint i = 0; i < G_N_ELEMENTS(folders); i++) {
        FISC_ASSERT_INT(g_mkdir_with_parents(folders[i], 0700), 0);
    }
    fixture_write(shelves.town, "entities.csv", FIXTURE_ENTITIES);
    fixture_write(shelves.town, "spending.profile", profile);
    fixture_write(shelves.maps, "classes.csv", "class,gfs\n1,2111\n2,22\n");
    fixture_write(shelves.published, "spending.csv", "Code,Spent\n12,5\n");
    return shelves;
}

static void
shelves_remove(Shelves *shelves)
{
    fixture_remove(shelves->town);
    fixture_remove(shelves->maps);
    fixture_remove(shelves->published);
    fixture_remove(shelves->shelf);
    fixture_remove(shelves->base);
}

static void
test_reads_maps_and_files_that_lie_beside_the_folder(void)
{
    Shelves shelves = shelves_new(SHELVED);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPackage) package = fixture_read(shelves.town, refusals);
    shelves_remove(&shelves);
    CU_ASSERT_PTR_NOT_NULL_FATAL(package);
    const FiscPackageStep *step = package->steps->pdata[0];
    const FiscEntry *entry = step->submission->entries->pdata[0];
    FISC_ASSERT_TEXT(step->title, "spending.csv: Spending");
    FISC_ASSERT_TEXT(entry->reference, "spending.csv/1");
    FISC_ASSERT_TEXT(((FiscControlTotal *)package->totals->pdata[0])->file, "spending.csv");
    FISC_ASSERT_INT(package->remarks->len, 0);
}

static void
test_refuses_paths_to_anywhere_else(void)
{
    static const struct {
        const char *old, *new, *field;
    } cases[] = {
        {"../maps/classes.csv", "../classes.csv", "map"},
        {"../maps/classes.csv", "../../../maps/classes.csv", "map"},
        {"../maps/classes.csv", "maps/classes.csv", "map"},
        {"../maps/classes.csv", "/etc/passwd", "map"},
        {"../maps/classes.csv", "../maps/../town/classes.csv", "map"},
        {"../maps/classes.csv", "../maps/./classes.csv", "map"},
        {"../maps/classes.csv", "../maps//classes.csv", "map"},
        {"../maps/classes.csv", "../maps/", "map"},
        {"../maps/classes.csv", "../maps", "map"},
        {"../maps/classes.csv", "../maps/.hidden", "map"},
        {"../maps/classes.csv", "../maps/a/b/c.csv", "map"},
        {"../maps/classes.csv", "../mapsx/classes.csv", "map"},
        {"../maps/classes.csv", "../published/classes.csv", "map"},
        {"../maps/classes.csv", "../../maps/../../x.csv", "map"},
        {"../published/town/spending.csv", "../maps/classes.csv", "name"},
        {"../published/town/spending.csv", "../../etc/passwd", "name"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) profile = g_string_new(SHELVED);
        FISC_ASSERT_INT(g_string_replace(profile, cases[i].old, cases[i].new, 1), 1);
        Shelves shelves = shelves_new(profile->str);
        g_autofree char *dump = fixture_refusals_of(shelves.town);
        g_autofree char *expected = g_strdup_printf("%s:VALUE_INVALID", cases[i].field);
        g_autofree char *message = g_strdup_printf("%s => %s", cases[i].new, dump);
        FISC_ASSERT_CONTAINS(message, expected);
        shelves_remove(&shelves);
    }
}

static void
test_refuses_a_link_that_leads_off_the_shelf(void)
{
    Shelves shelves = shelves_new(SHELVED);
    g_autofree char *map = g_build_filename(shelves.maps, "classes.csv", NULL);
    fixture_write(shelves.base, "secret.csv", "class,gfs\n1,2111\n");
    FISC_ASSERT_INT(g_unlink(map), 0);
    FISC_ASSERT_INT(symlink("../secret.csv", map), 0);
    g_autofree char *dump = fixture_refusals_of(shelves.town);
    FISC_ASSERT_CONTAINS(dump, "spending.profile:11:[value gfs] map:VALUE_INVALID");
    shelves_remove(&shelves);
}

/* ---- rounding ---- */

static void
test_rounds_half_away_from_zero(void)
{
    static const struct {
        const char *text;
        int code;
        int64_t cents;
    } cases[] = {
        {"2469.843", 0, 246984},
        {"0.005", 0, 1},
        {"-0.005", 0, -1},
        {"0.0049999", 0, 0},
        {"-2.675", 0, -268},
        {".5", 0, 50},
        {"12", 0, 1200},
        {"1.81898940355e-12", 0, 0},
        {"-9.09494701773e-13", 0, 0},
        {"1.5E+3", 0, 150000},
        {"1.25e2", 0, 12500},
        {"99999999999999.995", 0, 10000000000000000},
        {"1e30", FISC_ERROR_AMOUNT_OVERFLOW, 0},
        {"99999999999999999999", FISC_ERROR_AMOUNT_OVERFLOW, 0},
        {"", FISC_ERROR_AMOUNT_INVALID, 0},
        {".", FISC_ERROR_AMOUNT_INVALID, 0},
        {"1.", FISC_ERROR_AMOUNT_INVALID, 0},
        {"e5", FISC_ERROR_AMOUNT_INVALID, 0},
        {"1e", FISC_ERROR_AMOUNT_INVALID, 0},
        {"1e99", FISC_ERROR_AMOUNT_INVALID, 0},
        {"1.2.3", FISC_ERROR_AMOUNT_INVALID, 0},
        {"1.2x", FISC_ERROR_AMOUNT_INVALID, 0},
        {"--1.2", FISC_ERROR_AMOUNT_INVALID, 0},
        {"0.0000000000000000000000000000000001", FISC_ERROR_AMOUNT_DECIMALS, 0},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        __int128 fine = 0;
        int64_t cents = 0;
        int code = fisc_fine_parse(cases[i].text, '.', '\0', &fine);
        if (code == 0 && !fisc_fine_round(fine, 2, &cents)) {
            code = FISC_ERROR_AMOUNT_OVERFLOW;
        }
        g_autofree char *where = g_strdup_printf("\"%s\"", cases[i].text);
        fisc_assert_int(code, cases[i].code, where, __FILE__, __LINE__);
        fisc_assert_int(cents, cases[i].cents, where, __FILE__, __LINE__);
    }
}

static const char ROUNDED[] =
    "[file]\nname = spending.csv\nsource = town/spending\nsteps = Spending\n"
    "[columns]\ncode = Code\nspent = Spent\n[amounts]\nspent = plus\n[round]\nspent = half_away\n"
    "[totals]\nspent = 35.163\n"
    "[entry spent]\nstep = Spending\nreference = {row}\nentity = MIN\n"
    "date = 2024-06-30\namount = spent\ndebit = 22\ncredit = 3308\n";

static char *
read_rounded(const char *old, const char *new, FiscPackage **out_package)
{
    g_autoptr(GString) profile = g_string_new(ROUNDED);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FISC_ASSERT_INT(g_string_replace(profile, old, new, 1), 1);
    char *folder =
        fixture_folder("entities.csv", FIXTURE_ENTITIES, "spending.profile", profile->str,
                       "spending.csv", "Code,Spent\n1,24.843\n1,10.32\n1,1.8e-12\n", NULL);
    *out_package = fixture_read(folder, refusals);
    fixture_remove(folder);
    return fixture_dump(refusals);
}

static void
test_tells_what_rounding_did(void)
{
    g_autoptr(FiscPackage) package = NULL;
    g_autofree char *dump = read_rounded("35.163", "35.163", &package);
    FISC_ASSERT_TEXT(dump, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(package);
    const FiscControlTotal *total = package->totals->pdata[0];
    FISC_ASSERT_INT((int64_t)total->sum, 3516);
    FISC_ASSERT_INT((int64_t)total->expected, 3516);
    FISC_ASSERT_TEXT(package->remarks->pdata[0],
                     "spending.csv: Spent: 2 amounts have more decimals than the currency and were "
                     "rounded half away from zero, by -0.0030000000018 together: the file adds up "
                     "to 35.1630000000018");
}

static void
test_holds_the_total_against_the_file_before_rounding(void)
{
    static const struct {
        const char *total, *expected;
    } cases[] = {
        {"35.16", ""},
        {"35.2", ""}, /* as many decimals as the total is told with */
        {"35.164", "spending.csv:0:Spent:CONTROL_TOTAL"},
        {"35.17", "spending.csv:0:Spent:CONTROL_TOTAL"},
        {"lots", "spending.profile:13:[totals] spent:AMOUNT_INVALID"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FiscPackage) package = NULL;
        g_autofree char *dump = read_rounded("35.163", cases[i].total, &package);
        FISC_ASSERT_TEXT(dump, cases[i].expected);
    }
    g_autoptr(FiscPackage) package = NULL;
    g_autofree char *wrong = read_rounded("spent = half_away", "spent = down", &package);
    FISC_ASSERT_CONTAINS(wrong, "spending.profile:11:[round] spent:VALUE_INVALID");
    g_autoptr(FiscPackage) other = NULL;
    g_autofree char *none = read_rounded("spent = half_away", "code = half_away", &other);
    FISC_ASSERT_CONTAINS(none, "spending.profile:11:[round] code:VALUE_INVALID");
}

/* ---- totals between the rows, and what is listed elsewhere ---- */

static const char OPERATIONS[] =
    "[file]\nname = operations.csv\nsource = town/operations\norder = 1\nsteps = Operations\n"
    "[columns]\nline = Line\namount = Amount\nday = Day\n[amounts]\namount = plus\n"
    "[total_row]\nline = TOTAL\n[sums]\nby = {line@2}\n"
    "[entry operation]\nstep = Operations\nreference = operation/{row}\nentity = MIN\n"
    "date = {day}\namount = amount\ndebit = 22\ncredit = 3308\n";
static const char YEAR[] =
    "[file]\nname = year.csv\nsource = town/year\norder = 2\nsteps = Rest\n"
    "[columns]\nline = Line\nspent = Spent\n[amounts]\nspent = plus\n"
    "[listed]\nprofile = operations.profile\namount = amount\nkey = {line}\n"
    "[entry rest]\nstep = Rest\nreference = rest/{line}\nentity = MIN\ndate = 2024-12-31\n"
    "amount = spent - listed\ndebit = 22\ncredit = 3308\n";
#define OPERATIONS_TABLE                                                                           \
    "Line,Amount,Day\n2024 A1 x,10,2024-02-01\n2024 A1  y,5.50,2024-03-01\n2024  "                 \
    "B2,1,2024-04-01\n"

static char *
read_year(const char *operations, const char *year_profile)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    char *folder = fixture_folder("entities.csv", FIXTURE_ENTITIES, "operations.profile",
                                  OPERATIONS, "year.profile", year_profile, "operations.csv",
                                  operations, "year.csv", "Line,Spent\nA1,20\nB2,1\nC3,7\n", NULL);
    g_autoptr(FiscPackage) package = fixture_read(folder, refusals);
    fixture_remove(folder);
    GString *text = g_string_new(NULL);
    for (guint i = 0; package != NULL && i < package->steps->len; i++) {
        const FiscPackageStep *step = package->steps->pdata[i];
        for (guint k = 0; k < step->submission->entries->len; k++) {
            const FiscEntry *entry = step->submission->entries->pdata[k];
            g_string_append_printf(text, "%s %" G_GINT64_FORMAT "\n", entry->reference,
                                   g_array_index(entry->lines, FiscLine, 0).amount);
        }
    }
    g_autofree char *dump = fixture_dump(refusals);
    g_string_append(text, dump);
    return g_string_free(text, FALSE);
}

static void
test_posts_the_rest_of_what_another_file_lists(void)
{
    g_autofree char *posted = read_year(OPERATIONS_TABLE "TOTAL,16.50,\n", YEAR);
    FISC_ASSERT_TEXT(posted, "operation/1 1000\noperation/2 550\noperation/3 100\n"
                             "rest/A1 450\nrest/C3 700\n");
}

static void
test_holds_the_publishers_total_against_the_rows(void)
{
    g_autofree char *posted = read_year(OPERATIONS_TABLE "TOTAL,16.51,\n", YEAR);
    FISC_ASSERT_TEXT(posted, "operations.csv:5:Amount:CONTROL_TOTAL");
}

static void
test_refuses_a_list_that_is_not_there(void)
{
    static const struct {
        const char *old, *new, *expected;
    } cases[] = {
        {"profile = operations", "profile = others", "year.profile:0:[listed]:VALUE_INVALID"},
        {"\namount = amount", "\namount = total", "year.profile:0:[listed]:VALUE_INVALID"},
        {"key = {line}\n", "", "year.profile:0:[listed] key:VALUE_MISSING"},
        {"line = Line", "listed = Line", "year.profile:11:[listed]:VALUE_INVALID"},
        {"{line}\n[entry", "{line@x}\n[entry", "year.profile:14:[listed] key:VALUE_INVALID"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GString) profile = g_string_new(YEAR);
        FISC_ASSERT_INT(g_string_replace(profile, cases[i].old, cases[i].new, 1), 1);
        g_autofree char *dump = read_year(OPERATIONS_TABLE, profile->str);
        g_autofree char *message = g_strdup_printf("%s => %s", cases[i].new, dump);
        FISC_ASSERT_CONTAINS(message, cases[i].expected);
    }
}

const FiscTest fisc_profile_source_tests[] = {
    {"reads maps and files that lie beside the folder",
     test_reads_maps_and_files_that_lie_beside_the_folder},
    {"refuses paths to anywhere else", test_refuses_paths_to_anywhere_else},
    {"refuses a link that leads off the shelf", test_refuses_a_link_that_leads_off_the_shelf},
    {"rounds half away from zero", test_rounds_half_away_from_zero},
    {"tells what rounding did", test_tells_what_rounding_did},
    {"holds the total against the file before rounding",
     test_holds_the_total_against_the_file_before_rounding},
    {"posts the rest of what another file lists", test_posts_the_rest_of_what_another_file_lists},
    {"holds the publisher's total against the rows",
     test_holds_the_publishers_total_against_the_rows},
    {"refuses a list that is not there", test_refuses_a_list_that_is_not_there},
    {NULL, NULL},
};

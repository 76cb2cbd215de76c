/* bridge_test.c: the same books in two standards: figure by figure against a year that was booked
 * twice by hand, and the bridge itself, code by code. */
#include "reporting/bridge.h"
#include "fisc/chart.h"
#include "fisc/gfs.h"
#include "tests/reporting/reading.h"
#include "tests/support/compare_package.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_bridge_tests[];

static const char *const units[] = {"GOV", "DGF", "CG"};

static NaiveBooks *
read_cora(char **out_folder)
{
    *out_folder = fisc_test_data("cora-2024");
    return naive_books_read(*out_folder);
}

static void
check_standard(const char *family, const char *file)
{
    g_autofree char *folder = NULL;
    g_autoptr(NaiveBooks) books = read_cora(&folder);
    g_autoptr(GPtrArray) answers = naive_csv_read(folder, file);
    for (guint i = 0; i < G_N_ELEMENTS(units); i++) {
        g_autoptr(FiscTable) table = read_standard(books, units[i], family);
        compare_statements(table, answers, units[i]);
    }
}

static void
test_every_figure_of_2014_is_as_worked(void)
{
    check_standard("gfsm2014", "expected_statements.csv");
}

static void
test_every_figure_of_2001_is_as_worked(void)
{
    check_standard("gfsm2001", "expected_statements_2001.csv");
}

/* What WORKINGS.md added up on paper, in both standards. */
static void
test_totals_are_those_on_paper(void)
{
    static const struct {
        const char *unit, *statement, *code, *in_2014, *in_2001;
    } totals[] = {
        {"GOV", "SOO", "1", "764", "764"},
        {"GOV", "SOO", "22", "28", "158"},
        {"GOV", "SOO", "2", "311.40", "401.40"},
        {"GOV", "SOO", "NOB", "452.60", "362.60"},
        {"GOV", "SOO", "NLB", "368.60", "368.60"},
        {"GOV", "SOEF", "4", "17.45", "6.60"},
        {"GOV", "SOEF", "5", "-30", "28"},
        {"GOV", "SSUC", "CSD", "341", "341"},
        {"GOV", "BS_CLOSE", "6", "2110.55", "1727.70"},
        {"GOV", "BS_CLOSE", "6M8", "0", "408"},
        {"DGF", "SOO", "NLB", "2", "8"},
        {"DGF", "SSUC", "CSD", "17", "8"},
        {"DGF", "BS_CLOSE", "6", "62", "98"},
        {"CG", "SOO", "2", "307.40", "403.40"},
        {"CG", "SOO", "NLB", "370.60", "376.60"},
        {"CG", "BS_CLOSE", "6", "2172.55", "1825.70"},
    };
    g_autofree char *folder = NULL;
    g_autoptr(NaiveBooks) books = read_cora(&folder);
    for (guint i = 0; i < G_N_ELEMENTS(totals); i++) {
        g_autoptr(FiscTable) new = read_standard(books, totals[i].unit, "gfsm2014");
        g_autoptr(FiscTable) old = read_standard(books, totals[i].unit, "gfsm2001");
        FISC_ASSERT_INT(amount_of(new, totals[i].statement, totals[i].code),
                        naive_amount(totals[i].in_2014));
        FISC_ASSERT_INT(amount_of(old, totals[i].statement, totals[i].code),
                        naive_amount(totals[i].in_2001));
    }
}

static void
test_what_moved_is_said_with_its_amount(void)
{
    static const char *const said[] = {
        "Weapons systems, and research and development, are expense (22) and no assets",
        "does not tell what was bought: 123.00",
        "is taken out of 23: 40.00",
        "Military inventories are expense (22) when acquired, not when used: acquisitions less "
        "use: "
        "7.00",
        "their receipt is a volume change (523) of the SDRs held: 50.00",
        "interest on them, where it is recorded, stays in 24: 117.15",
        "memorandum 6M8: 408.00",
        "Research and development is no asset (61): 92.00",
        "would be 145: 9.00",
    };
    g_autofree char *folder = NULL;
    g_autoptr(NaiveBooks) books = read_cora(&folder);
    g_autoptr(FiscTable) table = read_standard(books, "GOV", "gfsm2001");
    g_autofree char *notes = notes_of(table);
    for (guint i = 0; i < G_N_ELEMENTS(said); i++) {
        FISC_ASSERT_CONTAINS(notes, said[i]);
    }
    g_autoptr(FiscTable) new = read_standard(books, "GOV", "gfsm2014");
    g_autofree char *nothing = notes_of(new);
    FISC_ASSERT_TEXT(nothing, "");
}

static void
test_codes_have_the_names_of_their_standard(void)
{
    static const struct {
        const char *statement, *code, *name;
    } names[] = {
        {"SOO", "1134", "Taxes on financial and capital transactions"},
        {"SOO", "145", "Miscellaneous and unidentified revenue"},
        {"SOO", "31", "Net acquisition of nonfinancial assets"},
        {"SOO", "323", "Monetary gold and SDRs"},
        {"BS_CLOSE", "623", "Monetary gold and SDRs"},
        {"BS_CLOSE", "6303", "Securities other than shares"},
        {"BS_CLOSE", "6M8", "Uncapitalized military weapons"},
        {"SOO", "21", "Compensation of employees [GFS]"},
    };
    g_autofree char *folder = NULL;
    g_autoptr(NaiveBooks) books = read_cora(&folder);
    g_autoptr(FiscTable) table = read_standard(books, "GOV", "gfsm2001");
    for (guint i = 0; i < G_N_ELEMENTS(names); i++) {
        const char *found = "";
        for (guint row = 0; row < table->rows->len; row++) {
            if (g_str_equal(text_at(table, row, 0), names[i].statement) &&
                g_str_equal(text_at(table, row, 2), names[i].code)) {
                found = text_at(table, row, 3);
            }
        }
        FISC_ASSERT_TEXT(found, names[i].name);
    }
}

/* ---- the bridge itself ---- */

static FiscBridge *
open_bridge(void)
{
    const FiscLayoutFamily *family = NULL;
    CU_ASSERT_FATAL(fisc_layout_family_find("gfsm2001", &family, NULL));
    return fisc_bridge_new(family->bridge);
}

static char *
becomes(FiscBridge *bridge, const char *code)
{
    const FiscBridgeParts *parts = fisc_bridge_parts(bridge, code);
    GString *words = g_string_new(NULL);
    for (guint i = 0; i < parts->count; i++) {
        g_string_append_printf(words, "%s%s%s", i > 0 ? " " : "",
                               parts->part[i].sign < 0 ? "-" : "", parts->part[i].code);
    }
    return g_string_free(words, FALSE);
}

static void
test_a_code_becomes_what_the_map_and_the_rules_say(void)
{
    static const struct {
        const char *code, *expected;
    } cases[] = {
        {"11", "11"},           {"11414", "1134"},      {"11411", "11411"},
        {"1113", "1113"},       {"11131", "1113"},      {"14113", "1411"},
        {"14122", "1412"},      {"1451", "145"},        {"14511", "145"},
        {"2111", "2111"},       {"28112", "2811"},      {"2831", "2821"},
        {"28313", "2821"},      {"2832", "2822"},       {"253", "252"},
        {"3111.1", "3111.1"},   {"31112.2", "31112.2"}, {"311221.1", "31122.1"},
        {"311.3", "311.3"},     {"3114.1", "22"},       {"3114.3", "23"},
        {"311321.3", "23"},     {"31132.1", "31132.1"}, {"31221", "31221"},
        {"312221", "31222"},    {"31225", "22"},        {"31114.1", "3141.1"},
        {"314331.2", "3143.2"}, {"3201", "323"},        {"32012", "323"},
        {"3301", "323 -523"},   {"3302", "3302"},       {"32061", "3206"},
        {"33065", "2822"},      {"33064", "3306"},      {"43065", ""},
        {"4301", ""},           {"6301", ""},           {"6114", "6M8"},
        {"611321", ""},         {"62081", "6208"},      {"4303", "4303"},
        {"5204", "5204"},       {"31.1", "31.1"},
    };
    g_autoptr(FiscBridge) bridge = open_bridge();
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *actual = becomes(bridge, cases[i].code);
        FISC_ASSERT_TEXT(actual, cases[i].expected);
    }
}

/* Flows of 2014 that 2001 leaves out must be flows of what it knows no stock of, or the balance
 * sheets would not close; and a transaction is never lost, or an entry would not add up. */
static void
test_nothing_is_lost_on_the_way(void)
{
    g_autoptr(FiscBridge) bridge = open_bridge();
    int count = 0;
    guint checked = 0;
    const FiscGfsCode *codes = fisc_gfs_codes(&count);
    for (int i = 0; i < count; i++) {
        char account[FISC_GFS_CODE], stock[FISC_GFS_CODE];
        int flow = 0, kind = 0;
        if (!fisc_gfs_parse(codes[i].code, account, &flow, &kind) || strlen(account) < 2) {
            continue;
        }
        int sum = 0;
        const FiscBridgeParts *parts = fisc_bridge_parts(bridge, codes[i].code);
        for (guint part = 0; part < parts->count; part++) {
            bool is_transaction = strchr("123", parts->part[part].code[0]) != NULL;
            sum += is_transaction || flow != FISC_FLOW_TRANSACTION ? parts->part[part].sign : 0;
        }
        if (flow == FISC_FLOW_TRANSACTION) {
            FISC_ASSERT_INT(sum, 1);
        } else if (sum == 0) {
            fisc_gfs_compose(account, FISC_FLOW_OPENING, 0, stock);
            g_autofree char *left = becomes(bridge, stock);
            CU_ASSERT(left[0] == '\0' || g_str_equal(left, "6M8"));
        }
        checked++;
    }
    CU_ASSERT(checked > 500);
}

/* Where the map gives several codes of 2001 for one of 2014, a rule has to choose. */
static void
test_the_map_is_never_left_to_chance(void)
{
    g_autofree char *folder = g_build_filename(FISC_SOURCE_DIR, "sql/seeds", NULL);
    g_autoptr(GPtrArray) map = naive_csv_read(folder, "gfsm2001_to_2014.csv");
    g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GHashTable) is_same = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(FiscBridge) bridge = open_bridge();
    CU_ASSERT(map->len > 600);
    for (guint i = 0; i < map->len; i++) {
        if (g_str_equal(answer_word(map->pdata[i], "relation"), "=")) {
            g_hash_table_add(is_same, (void *)answer_word(map->pdata[i], "code2014"));
        }
    }
    for (guint i = 0; i < map->len; i++) {
        const char *code = answer_word(map->pdata[i], "code2014");
        if (code[0] == '\0' || answer_word(map->pdata[i], "code2001")[0] == '\0' ||
            g_hash_table_contains(is_same, code)) {
            continue;
        }
        if (!g_hash_table_add(seen, (void *)code)) {
            CU_ASSERT(fisc_bridge_parts(bridge, code)->rule > 0);
        }
    }
}

const FiscTest fisc_bridge_tests[] = {
    {"every figure of GFSM 2014 is as worked", test_every_figure_of_2014_is_as_worked},
    {"every figure of GFSM 2001 is as worked", test_every_figure_of_2001_is_as_worked},
    {"totals are those on paper", test_totals_are_those_on_paper},
    {"what moved is said with its amount", test_what_moved_is_said_with_its_amount},
    {"codes have the names of their standard", test_codes_have_the_names_of_their_standard},
    {"a code becomes what the map and the rules say",
     test_a_code_becomes_what_the_map_and_the_rules_say},
    {"nothing is lost on the way", test_nothing_is_lost_on_the_way},
    {"the map is never left to chance", test_the_map_is_never_left_to_chance},
    {NULL, NULL},
};

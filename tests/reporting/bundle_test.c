/* bundle_test.c: what leaves the house, cell by cell, and what changed between two bundles. */
#include "reporting/bundle.h"
#include "reporting/privacy.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_bundle_tests[];

/* ---- privacy ---- */

static FiscNation *
small_nation(void)
{
    FiscNation *nation = fisc_nation_new();
    fisc_nation_add_entity(nation, "CITY", "City", "S1313", "11", true, "");
    fisc_nation_add_entity(nation, "P1", "Ann", "S14", "16", false, "");
    fisc_nation_add_entity(nation, "CORP", "Companies", "S11002", "152", false, "");
    return nation;
}

static void
add_rule(FiscNation *nation, const char *name, const char *column, const char *action,
         const char *where)
{
    char *fields[] = {(char *)"rule",   (char *)name,   (char *)"column", (char *)column,
                      (char *)"action", (char *)action, (char *)"where",  (char *)where};
    fisc_nation_add_fact(nation, "privacy", name, fields, (int)G_N_ELEMENTS(fields));
}

/* Columns counterparty_entity,memo,amount. */
static FiscTable *
payments(void)
{
    static const struct {
        const char *party, *memo;
        int amount;
    } rows[] = {{"P1", "to Ann", 100}, {"CORP", "chalk", 200}, {"", "nobody", 300}};
    FiscTable *table = fisc_table_new("payments", "Payments", 2);
    fisc_table_add_column(table, "counterparty_entity", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "memo", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "amount", FISC_COLUMN_AMOUNT);
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        FiscRow *row = fisc_table_add_row(table);
        fisc_table_set_text(table, row, 0, rows[i].party);
        fisc_table_set_text(table, row, 1, rows[i].memo);
        fisc_table_set_amount(table, row, 2, rows[i].amount);
    }
    return table;
}

static void
test_rules(void)
{
    static const struct {
        const char *column, *action, *where; /* of a rule behind the defaults; NULL = none */
        const char *expected;
        guint withheld;
    } cases[] = {
        {NULL, NULL, NULL, "counterparty_entity,amount\nS14,1.00\nCORP,2.00\n,3.00\n", 0},
        {"memo", "keep", "",
         "counterparty_entity,memo,amount\nS14,to Ann,1.00\nCORP,chalk,2.00\n,nobody,3.00\n", 0},
        {"memo", "keep", "counterparty_entity=CORP",
         "counterparty_entity,memo,amount\nS14,,1.00\nCORP,chalk,2.00\n,,3.00\n", 0},
        {"counterparty_entity", "keep", "",
         "counterparty_entity,amount\nP1,1.00\nCORP,2.00\n,3.00\n", 0},
        {"counterparty_entity", "drop", "", "amount\n1.00\n2.00\n3.00\n", 0},
        {"counterparty_entity", "drop", "counterparty_entity.sector=S11*",
         "counterparty_entity,amount\nS14,1.00\n,2.00\n,3.00\n", 0},
        {"*", "drop", "counterparty_entity.sector=S14*",
         "counterparty_entity,amount\nCORP,2.00\n,3.00\n", 1},
        {"*", "drop", "file=other counterparty_entity=CORP",
         "counterparty_entity,amount\nS14,1.00\nCORP,2.00\n,3.00\n", 0},
        {"*", "mask", "", "counterparty_entity,amount\n", 3},
        {"memo", "mask", "counterparty_entity=CORP",
         "counterparty_entity,memo,amount\nS14,,1.00\nCORP,withheld,2.00\n,,3.00\n", 0},
        {"amount", "mask", "", "counterparty_entity,amount\nS14,1.00\nCORP,2.00\n,3.00\n", 0},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FiscNation) nation = small_nation();
        if (cases[i].column != NULL) {
            add_rule(nation, "own", cases[i].column, cases[i].action, cases[i].where);
        }
        g_autoptr(FiscPrivacy) privacy = NULL;
        g_autoptr(FiscTable) table = payments();
        g_autoptr(GString) text = g_string_new(NULL);
        guint withheld = 99;
        CU_ASSERT_TRUE_FATAL(fisc_privacy_new(nation, &privacy, NULL));
        CU_ASSERT_TRUE(fisc_privacy_apply(privacy, "payments", table, &withheld, NULL));
        fisc_table_render(table, FISC_FORMAT_CSV, text);
        FISC_ASSERT_TEXT(text->str, cases[i].expected);
        FISC_ASSERT_INT(withheld, cases[i].withheld);
    }
}

static void
test_wrong_rule(void)
{
    g_autoptr(FiscNation) nation = small_nation();
    g_autoptr(FiscPrivacy) privacy = NULL;
    g_autoptr(GError) error = NULL;
    add_rule(nation, "own", "memo", "drop", "the memo");
    CU_ASSERT_FALSE(fisc_privacy_new(nation, &privacy, &error));
    FISC_ASSERT_CONTAINS(error->message, "privacy \"own\": a condition is");
}

/* ---- changes ---- */

/* Columns code,name,amount; rows "code,name,minor". */
static FiscBundleFile *
file_of(const char *const *rows)
{
    FiscTable *table = fisc_table_new("codes", "Codes", 2);
    fisc_table_add_column(table, "code", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "name", FISC_COLUMN_TEXT);
    fisc_table_add_column(table, "amount", FISC_COLUMN_AMOUNT);
    for (; *rows != NULL; rows++) {
        g_auto(GStrv) cells = g_strsplit(*rows, ",", 3);
        FiscRow *row = fisc_table_add_row(table);
        fisc_table_set_text(table, row, 0, cells[0]);
        fisc_table_set_text(table, row, 1, cells[1]);
        fisc_table_set_amount(table, row, 2, g_ascii_strtoll(cells[2], NULL, 10));
    }
    FiscBundleFile *file = fisc_bundle_file_new("codes", "codes/codes.csv", "Codes", "code", table);
    fisc_bundle_render(file);
    return file;
}

static FiscCsv *
csv_of(const FiscBundleFile *file)
{
    const FiscCsvOptions options = {.allow_unknown = true};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscCsv *csv = NULL;
    CU_ASSERT_TRUE_FATAL(
        fisc_csv_parse("x", file->text->str, file->text->len, &options, &csv, refusals));
    return csv;
}

static void
test_changes(void)
{
    static const char *const before[] = {"1,One,100", "2,Two,200", "3,Three,300", NULL};
    static const char *const after[] = {"2,Two,250", "3,Drei,300", "4,Four,400", "1x,One,1", NULL};
    FiscBundleFile *old = file_of(before);
    FiscBundleFile *new = file_of(after);
    g_autoptr(FiscCsv) csv = csv_of(old);
    g_autoptr(FiscTable) changes = fisc_bundle_changes_new();
    g_autoptr(GString) text = g_string_new(NULL);
    fisc_bundle_add_changes(changes, new, csv);
    fisc_table_render(changes, FISC_FORMAT_CSV, text);
    FISC_ASSERT_TEXT(text->str, "file,change,key,column,before,after\n"
                                "codes,changed,2,amount,2.00,2.50\n"
                                "codes,changed,3,name,Three,Drei\n"
                                "codes,added,4,,,\n"
                                "codes,added,1x,,,\n"
                                "codes,removed,1,,,\n");
    fisc_bundle_file_free(old);
    fisc_bundle_file_free(new);
}

/* ---- the description ---- */

static void
test_description(void)
{
    static const char *const once[] = {"1,One,100", "2,\"Two\" & co,-250", NULL};
    static const char *const twice[] = {"1,One,100", "1,Two,200", NULL};
    const FiscBundleScope scope = {.unit = "CITY",
                                   .period = "2024-Q1",
                                   .from = 202401,
                                   .to = 202403,
                                   .batch = 7,
                                   .created = "2024-06-30T12:00:00Z",
                                   .program = "1",
                                   .publisher = "City",
                                   .area = "ES",
                                   .licence = "",
                                   .contact = ""};
    static const char *const parts[] = {"\"name\": \"fisc-city-2024-Q1\"",
                                        "\"version\": \"7.0.0\"",
                                        "\"start\": \"2024-01-01\"",
                                        "\"end\": \"2024-03-31\"",
                                        "\"countryCode\": \"ES\"",
                                        "\"amount\": \"-1.50\"",
                                        "\"rows\": 2",
                                        "\"previousBatch\": null"};
    for (int is_twice = 0; is_twice < 2; is_twice++) {
        g_autoptr(GPtrArray) files = g_ptr_array_new_with_free_func(fisc_bundle_file_free);
        g_ptr_array_add(files, file_of(is_twice ? twice : once));
        g_autofree char *text = fisc_bundle_package(&scope, files);
        CU_ASSERT_EQUAL(strstr(text, "primaryKey") == NULL, is_twice == 1);
        CU_ASSERT_PTR_NULL(strstr(text, "licenses"));
        for (gsize i = 0; is_twice == 0 && i < G_N_ELEMENTS(parts); i++) {
            FISC_ASSERT_CONTAINS(text, parts[i]);
        }
    }
}

const FiscTest fisc_bundle_tests[] = {
    {"drops, masks and keeps as the last rule that fits says", test_rules},
    {"refuses a rule whose condition cannot be read", test_wrong_rule},
    {"tells what was added, changed and removed since the bundle before", test_changes},
    {"describes files by types, keys that hold, rows and totals", test_description},
    {NULL, NULL},
};

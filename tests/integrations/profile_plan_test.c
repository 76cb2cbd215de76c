/* profile_plan_test.c: lines of a budget from files whose rows are sums of other rows: what is
 * taken, what is told, what is refused; and that another year's layout is only another profile. */
#include "fisc/csv.h"
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"

#include <string.h>

extern const FiscTest fisc_profile_plan_tests[];

#define YEAR 2019

/* Chapter 1 has an article without concepts, chapter 4 an item below its concept, chapter 5 nothing
 * below it: leaves of every depth. */
static const char TABLE[] = "Year;Unit;Class;Item;Text;Amount\n"
                            "2019;MIN;1;;Staff;100\n"
                            "2019;MIN;12;;Officials;70\n"
                            "2019;MIN;13;;Workers;30\n"
                            "2019;MIN;4;;Transfers;50\n"
                            "2019;MIN;41;;To agencies;50\n"
                            "2019;MIN;410/9;;To the agency;50\n"
                            "2019;MIN;410/9;01;Running cost;35\n"
                            "2019;MIN;410/9;02;\"Rents, \"\"old\"\" ones\";15\n"
                            "2019;AGY;5;;Contingency;7\n";
static const char PROFILE[] = "[file]\n"
                              "name = spending.csv\n"
                              "separator = ;\n"
                              "currency = EUR\n"
                              "[columns]\n"
                              "year = Year\n"
                              "unit = Unit\n"
                              "code = Class\n"
                              "item = Item\n"
                              "text = Text\n"
                              "amount = Amount\n"
                              "[amounts]\n"
                              "amount = plus\n"
                              "[tree]\n"
                              "within = {unit}\n"
                              "levels = {code:1};{code:2};{code:3};{code:3}{item}\n"
                              "take = leaves\n"
                              "amounts = amount\n"
                              "otherwise = remark\n"
                              "[value gfs]\n"
                              "map = classes.csv\n"
                              "of = {code}\n"
                              "prefix = class\n"
                              "result = gfs\n"
                              "[value receiver]\n"
                              "text = AGY\n"
                              "only code = 41\n"
                              "[value own]\n"
                              "text = own\n"
                              "unless code = 41;5\n"
                              "[line spending]\n"
                              "line = {code:3}{item}\n"
                              "entity = {unit}\n"
                              "year = {year}\n"
                              "counterparty_entity = {receiver}\n"
                              "gfs_code = {gfs}\n"
                              "economic = {code:3}{item}\n"
                              "title = {text}\n"
                              "tags = {own}\n"
                              "request = amount\n";
static const char CLASSES[] = "class,gfs\n1,2111\n4,2821\n41,2631\n5,\n";

typedef struct {
    FiscPackage *package; /* NULL when refused */
    FiscRefusals *refusals;
} Reading;

static void
reading_clear(Reading *reading)
{
    fisc_package_free(reading->package);
    g_ptr_array_unref(reading->refusals);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Reading, reading_clear)

static Reading
read_town(const char *profile, const char *table, const char *classes)
{
    Reading reading = {.refusals = fisc_refusals_new()};
    GError *error = NULL;
    char *folder = fixture_folder("entities.csv", FIXTURE_ENTITIES, "spending.profile", profile,
                                  "spending.csv", table, "classes.csv", classes, NULL);
    if (!fisc_package_read_plan(folder, NULL, "op", YEAR, &reading.package, reading.refusals,
                                &error)) {
        g_error("%s", error->message);
    }
    fixture_remove(folder);
    return reading;
}

static char *
changed(const char *text, const char *old, const char *new)
{
    GString *copy = g_string_new(text);
    CU_ASSERT_TRUE_FATAL(g_string_replace(copy, old, new, 1) == 1);
    return g_string_free(copy, FALSE);
}

/* Of each line "entity line request", in order. */
static char *
lines_of(const Reading *reading)
{
    g_autofree char *wrong = fixture_dump(reading->refusals);
    FISC_ASSERT_TEXT(wrong, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(reading->package);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscCsv) csv = NULL;
    const char *text = reading->package->plan;
    fisc_csv_parse("plan", text, strlen(text), &(FiscCsvOptions){.allow_unknown = true}, &csv,
                   refusals);
    CU_ASSERT_PTR_NOT_NULL_FATAL(csv);
    GString *dump = g_string_new(NULL);
    for (guint i = 0; i < csv->rows->len; i++) {
        const FiscCsvRow *row = &g_array_index(csv->rows, FiscCsvRow, i);
        g_string_append_printf(dump, "%s%s %s %s", i > 0 ? "\n" : "",
                               fisc_csv_field(csv, row, fisc_csv_column(csv, "entity")),
                               fisc_csv_field(csv, row, fisc_csv_column(csv, "line")),
                               fisc_csv_field(csv, row, fisc_csv_column(csv, "request")));
    }
    return g_string_free(dump, FALSE);
}

static const char *
last_remark(const Reading *reading)
{
    const GPtrArray *remarks = reading->package->remarks;
    return remarks->len > 0 ? remarks->pdata[remarks->len - 1] : "";
}

static void
test_writes_the_leaves_as_lines(void)
{
    g_auto(Reading) reading = read_town(PROFILE, TABLE, CLASSES);
    CU_ASSERT_PTR_NOT_NULL_FATAL(reading.package);
    FISC_ASSERT_TEXT(
        reading.package->plan,
        "line,entity,counterparty_entity,cofog,gfs_code,section,programme,economic,fund,project,"
        "region,source_of_finance,side,title,nature,quantity,unit_price,total_cost,tags,article,"
        "annex,justification,request\n"
        "12,MIN,,,2111,,,12,,,,,,Officials,,,,,own,,,,70.00\n"
        "13,MIN,,,2111,,,13,,,,,,Workers,,,,,own,,,,30.00\n"
        "41001,MIN,AGY,,2631,,,41001,,,,,,Running cost,,,,,,,,,35.00\n"
        "41002,MIN,AGY,,2631,,,41002,,,,,,\"Rents, \"\"old\"\" ones\",,,,,,,,,15.00\n"
        "5,AGY,,,,,,5,,,,,,Contingency,,,,,,,,,7.00\n");
    const FiscControlTotal *total = reading.package->totals->pdata[0];
    FISC_ASSERT_INT(total->rows, 5);
    FISC_ASSERT_INT((int64_t)total->sum, 15700);
    FISC_ASSERT_TEXT(last_remark(&reading),
                     "spending.csv: 4 rows are sums of others; 0 differ from their parts");
}

static void
test_takes_one_depth_and_what_ends_above_it(void)
{
    static const struct {
        const char *take, *lines;
    } cases[] = {
        {"take = 1", "MIN 1 100.00\nMIN 4 50.00\nAGY 5 7.00"},
        {"take = 2", "MIN 12 70.00\nMIN 13 30.00\nMIN 41 50.00\nAGY 5 7.00"},
        {"take = 3", "MIN 12 70.00\nMIN 13 30.00\nMIN 410 50.00\nAGY 5 7.00"},
        {"take = 4", "MIN 12 70.00\nMIN 13 30.00\nMIN 41001 35.00\nMIN 41002 15.00\nAGY 5 7.00"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *profile = changed(PROFILE, "take = leaves", cases[i].take);
        g_auto(Reading) reading = read_town(profile, TABLE, CLASSES);
        g_autofree char *lines = lines_of(&reading);
        FISC_ASSERT_TEXT(lines, cases[i].lines);
    }
}

/* Concepts without an article above them: each amount counts once all the same. */
static void
test_counts_each_amount_once_where_a_level_is_missing(void)
{
    g_autofree char *table = changed(TABLE, "2019;MIN;41;;To agencies;50\n", "");
    g_autofree char *profile = changed(PROFILE, "take = leaves", "take = 2");
    g_auto(Reading) reading = read_town(profile, table, CLASSES);
    g_autofree char *lines = lines_of(&reading);
    FISC_ASSERT_TEXT(lines, "MIN 12 70.00\nMIN 13 30.00\nMIN 410 50.00\nAGY 5 7.00");
    FISC_ASSERT_CONTAINS(last_remark(&reading), "3 rows are sums of others; 0 differ");
}

static void
test_tells_sums_that_differ_and_mends_nothing(void)
{
    g_autofree char *table = changed(TABLE, "To agencies;50", "To agencies;51");
    g_auto(Reading) reading = read_town(PROFILE, table, CLASSES);
    g_autofree char *lines = lines_of(&reading);
    FISC_ASSERT_TEXT(lines, "MIN 12 70.00\nMIN 13 30.00\nMIN 41001 35.00\nMIN 41002 15.00\n"
                            "AGY 5 7.00");
    FISC_ASSERT_INT(reading.package->remarks->len, 3);
    FISC_ASSERT_TEXT(reading.package->remarks->pdata[0],
                     "spending.csv:5: Amount says 50.00, its parts add up to 51.00");
    FISC_ASSERT_TEXT(reading.package->remarks->pdata[1],
                     "spending.csv:6: Amount says 51.00, its parts add up to 50.00");
    g_autofree char *strict = changed(PROFILE, "otherwise = remark", "otherwise = refuse");
    g_auto(Reading) refused = read_town(strict, table, CLASSES);
    g_autofree char *wrong = fixture_dump(refused.refusals);
    FISC_ASSERT_TEXT(wrong, "spending.csv:5:Amount:CONTROL_TOTAL\n"
                            "spending.csv:6:Amount:CONTROL_TOTAL");
}

static void
test_refuses_a_wrong_profile_by_group_and_key(void)
{
    static const struct {
        const char *old, *new;
        const char *expected;
    } cases[] = {
        {"within = {unit}\n", "", "0:[tree] within:VALUE_MISSING"},
        {"within = {unit}", "within = {gfs}", "15:[tree] within:VALUE_INVALID"},
        {"levels = {code:1};", "levels = {clas:1};", "16:[tree] levels:VALUE_INVALID"},
        {"take = leaves", "take = 5", "17:[tree] take:VALUE_INVALID"},
        {"take = leaves", "take = all", "17:[tree] take:VALUE_INVALID"},
        {"amounts = amount", "amounts = text", "18:[tree] amounts:VALUE_INVALID"},
        {"otherwise = remark", "otherwise = plug", "19:[tree] otherwise:VALUE_INVALID"},
        {"unless code = 41;5", "unless cost = 1", "30:[value own] unless cost:VALUE_INVALID"},
        {"line = {code:3}{item}\n", "", "0:[line spending] line:VALUE_MISSING"},
        {"request = amount\n", "", "0:[line spending] request:VALUE_MISSING"},
        {"request = amount", "request = text", "40:[line spending] request:VALUE_INVALID"},
        {"request = amount", "request_19 = amount", "40:[line spending] request_19:COLUMN_UNKNOWN"},
        {"tags = {own}", "cash_code = {own}", "39:[line spending] cash_code:COLUMN_UNKNOWN"},
        {"tags = {own}", "colour = {own}", "39:[line spending] colour:COLUMN_UNKNOWN"},
        {"tags = {own}",
         "[entry x]\nstep = x\nreference = x\nentity = x\ndate = x\namount = amount\n"
         "move = appropriation > available\n[line other]\nline = {code}\nentity = {unit}",
         "1:[file]:VALUE_INVALID"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *profile = changed(PROFILE, cases[i].old, cases[i].new);
        g_auto(Reading) reading = read_town(profile, TABLE, CLASSES);
        g_autofree char *wrong = fixture_dump(reading.refusals);
        g_autofree char *expected = g_strconcat("spending.profile:", cases[i].expected, NULL);
        g_autofree char *message = g_strdup_printf("%s => %s", cases[i].new, wrong);
        CU_ASSERT_PTR_NULL(reading.package);
        FISC_ASSERT_CONTAINS(message, expected);
    }
}

static void
test_refuses_rows_by_the_published_line(void)
{
    static const struct {
        const char *old, *new; /* in the table */
        const char *expected;
    } cases[] = {
        {"2019;MIN;12", "2018;MIN;12",
         "spending.csv:3:spending.profile [line spending] year:VALUE_INVALID"},
        {"2019;AGY;5", "2019;XXX;5",
         "spending.csv:10:spending.profile [line spending] entity:ENTITY_UNKNOWN"},
        {"Workers;30", "Workers;-30",
         "spending.csv:4:spending.profile [line spending] request:AMOUNT_INVALID"},
        {"Workers;30", "Workers;3O", "spending.csv:4:Amount:AMOUNT_INVALID"},
        {"Transfers;50", "Transfers;5O", "spending.csv:5:Amount:AMOUNT_INVALID"},
        {"2019;MIN;13;;", "2019;MIN;12;;", "spending.csv:4::DUPLICATE_ROW"},
        {"2019;AGY;5", "2019;AGY;6",
         "spending.csv:10:spending.profile [value gfs] of:MAPPING_MISSING"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *table = changed(TABLE, cases[i].old, cases[i].new);
        g_auto(Reading) reading = read_town(PROFILE, table, CLASSES);
        g_autofree char *wrong = fixture_dump(reading.refusals);
        FISC_ASSERT_CONTAINS(wrong, cases[i].expected);
        CU_ASSERT_PTR_NULL(reading.package);
    }
    g_autofree char *flat = changed(PROFILE, "line = {code:3}{item}", "line = {code:1}");
    g_auto(Reading) reading = read_town(flat, TABLE, CLASSES);
    g_autofree char *wrong = fixture_dump(reading.refusals);
    FISC_ASSERT_TEXT(wrong, "spending.csv:4:spending.profile [line spending] line:DUPLICATE_ROW\n"
                            "spending.csv:9:spending.profile [line spending] line:DUPLICATE_ROW");
}

/* The year after: other columns in another order, thousands with dots, two years of amounts, and an
 * article of loans between public bodies that was not there before. Only data is different. */
static void
test_reads_another_years_layout_with_another_profile(void)
{
    static const char table[] = "Importe 2019|Importe 2020|Clase|Organismo|Texto\n"
                                "1.300|1.400|4|MIN|Transfers\n"
                                "1.300|1.400|41|MIN|To agencies\n"
                                "200|0|8|MIN|Loans\n"
                                "200|0|82|MIN|Loans to agencies\n";
    static const char profile[] = "[file]\nname = spending.csv\nseparator = |\ngroup_mark = .\n"
                                  "decimal_mark = ,\n"
                                  "[columns]\nnow = Importe 2019\nnext = Importe 2020\n"
                                  "code = Clase\nunit = Organismo\n"
                                  "[amounts]\nnow = plus\nnext = plus\n"
                                  "[tree]\nwithin = {unit}\nlevels = {code:1};{code:2}\n"
                                  "take = 2\namounts = now;next\notherwise = refuse\n"
                                  "[value gfs]\nmap = classes.csv\nof = {code}\nprefix = class\n"
                                  "result = gfs\n"
                                  "[value receiver]\ntext = AGY\nonly code = 41;82\n"
                                  "[line spending]\nline = {code}\nentity = {unit}\n"
                                  "side = expenditure\ngfs_code = {gfs}\n"
                                  "counterparty_entity = {receiver}\n"
                                  "request = now\nrequest_2020 = next\n";
    g_auto(Reading) reading = read_town(profile, table, "class,gfs\n41,2631\n82,3204\n");
    CU_ASSERT_PTR_NOT_NULL_FATAL(reading.package);
    FISC_ASSERT_CONTAINS(reading.package->plan,
                         "41,MIN,AGY,,2631,,,,,,,,expenditure,,,,,,,,,,1300.00,1400.00\n"
                         "82,MIN,AGY,,3204,,,,,,,,expenditure,,,,,,,,,,200.00,0.00\n");
}

static void
test_posts_nothing_of_what_is_only_prepared(void)
{
    char *folder = fixture_folder("entities.csv", FIXTURE_ENTITIES, "spending.profile", PROFILE,
                                  "spending.csv", TABLE, "classes.csv", CLASSES, NULL);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPackage) package = fixture_read(folder, refusals);
    fixture_remove(folder);
    CU_ASSERT_PTR_NOT_NULL_FATAL(package);
    FISC_ASSERT_INT(package->steps->len, 0);
    FISC_ASSERT_INT(package->remarks->len, 1);
    FISC_ASSERT_CONTAINS(package->remarks->pdata[0],
                         "spending.profile makes lines of a budget: import them");
    CU_ASSERT_PTR_NULL(package->plan);
}

static void
test_refuses_a_folder_without_lines(void)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscPackage *package = NULL;
    GError *error = NULL;
    char *folder = fixture_folder("entities.csv", FIXTURE_ENTITIES, NULL);
    CU_ASSERT_TRUE(fisc_package_read_plan(folder, NULL, "op", YEAR, &package, refusals, &error));
    fixture_remove(folder);
    CU_ASSERT_PTR_NULL(package);
    g_autofree char *wrong = fixture_dump(refusals);
    FISC_ASSERT_CONTAINS(wrong, "FILE_EMPTY");
}

const FiscTest fisc_profile_plan_tests[] = {
    {"writes the leaves of a tree of rows as lines of a budget", test_writes_the_leaves_as_lines},
    {"takes one depth and what ends above it", test_takes_one_depth_and_what_ends_above_it},
    {"counts each amount once where a level has no row",
     test_counts_each_amount_once_where_a_level_is_missing},
    {"tells sums that differ from their parts and mends nothing",
     test_tells_sums_that_differ_and_mends_nothing},
    {"refuses a wrong tree or line by group and key",
     test_refuses_a_wrong_profile_by_group_and_key},
    {"refuses rows by the published file and line", test_refuses_rows_by_the_published_line},
    {"reads another year's layout with another profile",
     test_reads_another_years_layout_with_another_profile},
    {"posts nothing of what is only prepared", test_posts_nothing_of_what_is_only_prepared},
    {"refuses a folder that makes no lines", test_refuses_a_folder_without_lines},
    {NULL, NULL},
};

/* package_test.c: nation packages: what they become, and what is refused. */
#include "fisc/csv.h"
#include "fisc/money.h"
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"

#include <string.h>

extern const FiscTest fisc_package_tests[];

static char *
dump_all_entries(const FiscSubmission *submission)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < submission->entries->len; i++) {
        g_autofree char *entry = fixture_dump_entry(submission->entries->pdata[i]);
        g_string_append_printf(text, "%s%s", i > 0 ? "\n" : "", entry);
    }
    return g_string_free(text, FALSE);
}

static void
test_reads_the_package_of_arda(void)
{
    g_autofree char *folder = fisc_test_data("arda-2024");
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPackage) package = fixture_read(folder, refusals);
    CU_ASSERT_PTR_NOT_NULL_FATAL(package);
    FISC_ASSERT_TEXT(package->name, "arda-2024");
    FISC_ASSERT_INT(package->steps->len, 3);
    static const struct {
        const char *title;
        int entries;
    } steps[] = {{"budget.csv", 13}, {"opening_balance.csv", 4}, {"journals.csv", 57}};
    for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
        const FiscPackageStep *step = package->steps->pdata[i];
        FISC_ASSERT_TEXT(step->title, steps[i].title);
        FISC_ASSERT_TEXT(step->submission->source, "package");
        FISC_ASSERT_TEXT(step->submission->actor, "tester");
        FISC_ASSERT_INT(step->submission->entries->len, steps[i].entries);
    }
    /* 11 entities, 3 groups, 2 memoranda, the control of the budget. */
    FISC_ASSERT_INT(package->master->events->len, 17);
    FISC_ASSERT_INT(package->remarks->len, 0);
}

/* Debit turnover of all lines of a step, and the net of the opening entries, as the files say. */
static void
test_keeps_every_amount_of_arda(void)
{
    g_autofree char *folder = fisc_test_data("arda-2024");
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPackage) package = fixture_read(folder, refusals);
    CU_ASSERT_PTR_NOT_NULL_FATAL(package);
    g_autofree char *path = g_build_filename(folder, "journals.csv", NULL);
    static const FiscCsvOptions options = {.allow_unknown = true};
    g_autoptr(FiscCsv) csv = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_csv_read(path, &options, &csv, refusals, NULL));
    int64_t published = 0, posted = 0;
    for (guint i = 0; i < csv->rows->len; i++) {
        const FiscCsvRow *row = &g_array_index(csv->rows, FiscCsvRow, i);
        const char *debit = fisc_csv_field(csv, row, fisc_csv_column(csv, "debit"));
        int64_t amount = 0;
        if (*debit != '\0' && fisc_amount_parse(debit, 2, '.', 0, &amount) == 0) {
            published += amount;
        }
    }
    guint lines = 0;
    const FiscPackageStep *step = fixture_step(package, "journals.csv");
    for (guint i = 0; i < step->submission->entries->len; i++) {
        const FiscEntry *entry = step->submission->entries->pdata[i];
        lines += entry->lines->len;
        for (guint j = 0; j < entry->lines->len; j++) {
            posted += MAX(g_array_index(entry->lines, FiscLine, j).amount, 0);
        }
    }
    FISC_ASSERT_INT(lines, csv->rows->len);
    FISC_ASSERT_INT(posted, published);
    CU_ASSERT_TRUE(published > 0);
}

static void
test_makes_entries_of_journals(void)
{
    char *folder = fixture_folder(
        "entities.csv", FIXTURE_ENTITIES, "groups.csv", FIXTURE_GROUPS, "journals.csv",
        "journal_id,date,entity,gfs_code,debit,credit,counterparty,function,cash_code,layer,stage,"
        "programme,transfer,memo\n"
        "J1,2024-03-01,MIN,22,10.5,,HH,70133,,,,P1,,paper\n"
        "J2,2024-03-01,AGY,3111.1,7,,,701,,ADJ,,,,road\n"
        "J1,2024-03-01,MIN,3202,,10.5,,,22,,,,,paid\n"
        "J1,2024-03-01,AGY,4304,,1,GG,,,,,,,gain\n"
        "J1,,AGY,4,1,,,,,,,,,\n"
        "J2,2024-03-01,AGY,3308,,7,,,,ADJ,,,T9,road\n"
        "J3,2024-04-01,MIN,22,-2,,,70133,,,change,P1,,less\n"
        "J4,2024-04-02,MIN,22,3,,,70133,,,authorization>commitment,P1,,\n"
        "J5,2024-04-02,MIN,22,4,,,70133,,,obligation,P1,,\n"
        "J6,2024-01-01,MIN,6202,9,,,,,,,,,\nJ6,2024-01-01,MIN,6,,9,,,,,,,,\n",
        NULL);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPackage) package = fixture_read(folder, refusals);
    fixture_remove(folder);
    CU_ASSERT_PTR_NOT_NULL_FATAL(package);
    g_autofree char *dump = dump_all_entries(fixture_step(package, "journals.csv")->submission);
    FISC_ASSERT_TEXT(
        dump,
        "MIN/J1 2024-03-01 0 J1|paper; paid\n"
        "  22 10.50 counterparty_entity=HH cofog=70133 programme=P1\n  3202 -10.50 cash_code=22\n"
        "AGY/J2 2024-03-01 0 J2|road\n  3111.1 7.00 cofog=701 layer=ADJ\n"
        "  3308 -7.00 layer=ADJ\n"
        "AGY/J1 2024-03-01 0 J1|gain\n  4304 -1.00 counterparty_entity=GG\n  4 1.00\n"
        "MIN/J3 2024-04-01 0 J3|less\n  B12 -2.00 cofog=70133 gfs_code=22 programme=P1\n"
        "  B20 2.00 cofog=70133 gfs_code=22 programme=P1\n"
        "MIN/J4 2024-04-02 0 J4|\n  B21 3.00 cofog=70133 gfs_code=22 programme=P1\n"
        "  B22 -3.00 cofog=70133 gfs_code=22 programme=P1\n"
        "MIN/J5 2024-04-02 0 J5|\n  B20 4.00 cofog=70133 gfs_code=22 programme=P1\n"
        "  B23 -4.00 cofog=70133 gfs_code=22 programme=P1\n"
        "MIN/J6 2024-01-01 202400 J6|\n  6202 9.00\n  6 -9.00");
}

static void
test_refuses_rows_of_one_journal_that_contradict(void)
{
    char *folder = fixture_folder("entities.csv", FIXTURE_ENTITIES, "journals.csv",
                                  "journal_id,date,entity,gfs_code,debit,credit,transfer\n"
                                  "J1,2024-03-01,MIN,22,10,,T1\nJ1,2024-03-01,MIN,3308,,10,T2\n"
                                  "J2,2024-03-01,MIN,22,10,,\nJ2,2024-03-01,MIN,3308,,10,T2\n",
                                  NULL);
    g_autofree char *dump = fixture_refusals_of(folder);
    fixture_remove(folder);
    FISC_ASSERT_TEXT(dump, "journals.csv:3:transfer:VALUE_INVALID");
}

static void
test_opens_books_with_net_worth_by_layer(void)
{
    char *folder = fixture_folder("entities.csv", FIXTURE_ENTITIES, "opening_balance.csv",
                                  "entity,date,code,counterparty_entity,amount,memo,layer\n"
                                  "MIN,2024-01-01,6202,,100,,\nMIN,2024-01-01,6303,HH,30.5,bond,\n"
                                  "AGY,2024-01-01,6111,,0,,\nMIN,2024-01-01,6111,,50,,ADJ\n"
                                  "MIN,2024-01-01,6202,,5,second account,\n",
                                  NULL);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPackage) package = fixture_read(folder, refusals);
    fixture_remove(folder);
    CU_ASSERT_PTR_NOT_NULL_FATAL(package);
    g_autofree char *dump =
        dump_all_entries(fixture_step(package, "opening_balance.csv")->submission);
    FISC_ASSERT_TEXT(dump, "MIN/opening/2024-01-01 2024-01-01 202400 |"
                           "Opening balances; 6303 bond; 6202 second account\n"
                           "  6202 100.00\n  6303 -30.50 counterparty_entity=HH\n"
                           "  6111 50.00 layer=ADJ\n  6202 5.00\n"
                           "  6 -74.50\n  6 -50.00 layer=ADJ");
}

static void
test_makes_a_budget_and_its_control(void)
{
    char *folder = fixture_folder(
        "entities.csv", FIXTURE_ENTITIES, "budget.csv",
        "entity,gfs_code,cofog,original,virement\nMIN,22,70133,100,-20\nAGY,3111.1,70451,50,0\n"
        "MIN,24,70170,0,\n",
        "opening_balance.csv", "entity,date,code,amount\nMIN,2023-12-31,6202,1\n", NULL);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPackage) package = fixture_read(folder, refusals);
    fixture_remove(folder);
    CU_ASSERT_PTR_NOT_NULL_FATAL(package);
    const FiscPackageStep *step = package->steps->pdata[0];
    FISC_ASSERT_TEXT(step->title, "budget.csv");
    g_autofree char *dump = dump_all_entries(step->submission);
    FISC_ASSERT_TEXT(dump, "MIN/budget/22/70133/original 2023-01-01 0 |Budget: appropriation\n"
                           "  B11 100.00 cofog=70133 gfs_code=22\n"
                           "  B20 -100.00 cofog=70133 gfs_code=22\n"
                           "MIN/budget/22/70133/virement 2023-01-01 0 |Budget: virement\n"
                           "  B12 -20.00 cofog=70133 gfs_code=22\n"
                           "  B20 20.00 cofog=70133 gfs_code=22\n"
                           "AGY/budget/3111.1/70451/original 2023-01-01 0 |Budget: appropriation\n"
                           "  B11 50.00 cofog=70451 gfs_code=3111.1\n"
                           "  B20 -50.00 cofog=70451 gfs_code=3111.1");
    g_autofree char *events = fixture_dump_events(package->master);
    FISC_ASSERT_CONTAINS(events, "control budget level=absolute absent=none "
                                 "key=entity gfs_code cofog entities=MIN AGY");
    /* A budget of zero has nothing to post; its key is limited all the same. */
    FISC_ASSERT_CONTAINS(events, "budget_line MIN/24/70170/2023 entity=MIN year=2023 gfs_code=24 "
                                 "cofog=70170");
    FISC_ASSERT_INT(package->remarks->len, 0);
}

static void
test_makes_events_of_master_data(void)
{
    char *folder = fixture_folder(
        "entities.csv",
        "entity,name,sector,cp_code,reporting,currency\nMIN,\"Ministry, first\",S13111+S1314,11,Y,"
        "\nAGY,Agency,S13112,11,N,JPY\n",
        "groups.csv", FIXTURE_GROUPS, "accounts.csv",
        "account,name,class,gfs\nN572,Banks,financial_asset,6202\nN573,Cash,financial_asset,3202\n"
        "N62,Goods,expense,22\nN21,Buildings,nonfinancial_asset,3111.1\nN0,Memo,budgetary,\n",
        "controls.csv",
        "control,level,absent,key,entities,article\nchapter,absolute,refuse,entity programme:1 "
        "economic:1,MIN AGY,article 1\nall,track,zero,entity,*,\n",
        "coverage.csv", "unit,statement,text\nGG,*,No dates\nMIN,SSUC,Partial\n", "memorandum.csv",
        "unit,code,label,amount,note,year\nMIN,6M5,Arrears,70,part,2024\n"
        "AGY,6M5,Arrears,7,,2024\n",
        NULL);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPackage) package = fixture_read(folder, refusals);
    fixture_remove(folder);
    CU_ASSERT_PTR_NOT_NULL_FATAL(package);
    g_autofree char *dump = fixture_dump_events(package->master);
    FISC_ASSERT_TEXT(
        dump,
        "entity MIN name=Ministry, first sector=S13111+S1314 cp_code=11 reporting=Y\n"
        "entity AGY name=Agency sector=S13112 cp_code=11 reporting=N currency=JPY\n"
        "group GG name=General government members=MIN AGY\n"
        "account N572 name=Banks class=financial_asset gfs=6202\n"
        "account N573 name=Cash class=financial_asset gfs=6202\n"
        "account N62 name=Goods class=expense gfs=22\n"
        "account N21 name=Buildings class=nonfinancial_asset gfs=6111 kind=1\n"
        "account N0 name=Memo class=budgetary\n"
        "control chapter level=absolute absent=refuse key=entity programme:1 economic:1 "
        "entities=MIN AGY article=article 1\n"
        "control all level=track absent=zero key=entity entities=*\n"
        "note GG/* unit=GG statement=* text=No dates\n"
        "note MIN/SSUC unit=MIN statement=SSUC text=Partial\n"
        "memorandum MIN/2024/6M5 unit=MIN year=2024 code=6M5 label=Arrears amount=70.00 note=part\n"
        "memorandum AGY/2024/6M5 unit=AGY year=2024 code=6M5 label=Arrears amount=7 note=");
    FISC_ASSERT_INT(package->steps->len, 0);
}

static void
test_posts_to_accounts_of_the_national_chart(void)
{
    char *folder =
        fixture_folder("entities.csv", FIXTURE_ENTITIES, "accounts.csv",
                       "account,name,class,gfs\nN572,Banks,financial_asset,6202\n"
                       "N62,Goods,expense,22\n",
                       "journals.csv",
                       "journal_id,date,entity,account,debit,credit,flow\n"
                       "J1,2024-03-01,MIN,N62,10,,\nJ1,2024-03-01,MIN,N572,,10,\n"
                       "J2,2024-03-01,MIN,N572,1,,holding_gain\nJ2,2024-03-01,MIN,N572,,1,\n",
                       NULL);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPackage) package = fixture_read(folder, refusals);
    fixture_remove(folder);
    CU_ASSERT_PTR_NOT_NULL_FATAL(package);
    g_autofree char *dump = dump_all_entries(fixture_step(package, "journals.csv")->submission);
    FISC_ASSERT_TEXT(dump, "MIN/J1 2024-03-01 0 J1|\n  N62 10.00\n  N572 -10.00\n"
                           "MIN/J2 2024-03-01 0 J2|\n  N572 1.00 flow=4\n  N572 -1.00");
}

static void
test_knows_what_the_ledger_knows(void)
{
    char *folder = fixture_folder("journals.csv",
                                  "journal_id,date,entity,gfs_code,debit,credit\n"
                                  "J1,2024-03-01,OLD,22,10,\nJ1,2024-03-01,OLD,3308,,10\n",
                                  NULL);
    g_autoptr(FiscNation) known = fisc_nation_new();
    fisc_nation_add_entity(known, "OLD", "Old ministry", "S1311", "11", true, "EUR");
    fisc_nation_add_group(known, "ALL", "All", "OLD");
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPackage) package = NULL;
    CU_ASSERT_TRUE(fisc_package_read(folder, known, "tester", &package, refusals, NULL));
    fixture_remove(folder);
    FISC_ASSERT_INT(refusals->len, 0);
    CU_ASSERT_PTR_NOT_NULL_FATAL(package);
    FISC_ASSERT_INT(fixture_step(package, "journals.csv")->submission->entries->len, 1);
}

static void
test_remarks_files_it_does_not_know(void)
{
    char *folder = fixture_folder("entities.csv", FIXTURE_ENTITIES, "notes.txt", "x",
                                  "expected_x.csv", "x", "hand_derived.csv", "x", "README.md", "x",
                                  "tour.sh", "x", "a.csv", "x", NULL);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPackage) package = fixture_read(folder, refusals);
    fixture_remove(folder);
    CU_ASSERT_PTR_NOT_NULL_FATAL(package);
    FISC_ASSERT_INT(package->remarks->len, 2);
    FISC_ASSERT_CONTAINS(package->remarks->pdata[0], "a.csv");
    FISC_ASSERT_CONTAINS(package->remarks->pdata[1], "notes.txt");
}

static void
test_tells_a_missing_folder_from_an_empty_one(void)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscPackage *package = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_FALSE(fisc_package_read("/nonexistent", NULL, "tester", &package, refusals, &error));
    CU_ASSERT_TRUE(g_error_matches(error, FISC_ERROR, FISC_ERROR_NOT_FOUND));
    CU_ASSERT_PTR_NULL(package);
    char *folder = fixture_folder("letter.txt", "x", NULL);
    g_autofree char *dump = fixture_refusals_of(folder);
    fixture_remove(folder);
    FISC_ASSERT_CONTAINS(dump, ":FILE_EMPTY");
}

/* ---- tests/data/bad ---- */

static void
check_bad_folder(const char *name, GHashTable *expected)
{
    g_autofree char *relative = g_build_filename("bad", name, NULL);
    g_autofree char *folder = fisc_test_data(relative);
    g_autofree char *actual = fixture_refusals_of(folder);
    g_autofree char *shown = g_strdup_printf("%s\n%s", name, actual);
    const GString *wanted = g_hash_table_lookup(expected, name);
    FISC_ASSERT_TEXT(shown, wanted->str);
}

static void
free_text(void *text)
{
    g_string_free(text, TRUE);
}

static void
test_refuses_bad_packages_as_listed(void)
{
    g_autofree char *path = fisc_test_data("bad/expected.csv");
    static const FiscCsvOptions options = {.allow_unknown = true};
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscCsv) csv = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_csv_read(path, &options, &csv, refusals, NULL));
    g_autoptr(GHashTable) expected =
        g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_text);
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (guint i = 0; i < csv->rows->len; i++) {
        const char **field = g_array_index(csv->rows, FiscCsvRow, i).fields;
        GString *text = g_hash_table_lookup(expected, field[0]);
        if (text == NULL) {
            text = g_string_new(field[0]);
            g_hash_table_insert(expected, (char *)field[0], text);
            g_ptr_array_add(names, (char *)field[0]);
        }
        g_string_append_printf(text, "\n%s:%s:%s:%s", field[1], field[2], field[3], field[4]);
    }
    for (guint i = 0; i < names->len; i++) {
        check_bad_folder(names->pdata[i], expected);
    }
    CU_ASSERT_TRUE(names->len > 40);
}

static void
test_keeps_a_thousand_refusals_and_counts_the_rest(void)
{
    g_autoptr(GString) text = g_string_new("journal_id,date,entity,gfs_code,debit,credit\n");
    for (int i = 0; i < 1500; i++) {
        g_string_append_printf(text, "J%d,2024-03-01,XXX,22,10,\n", i);
    }
    char *folder =
        fixture_folder("entities.csv", FIXTURE_ENTITIES, "journals.csv", text->str, NULL);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPackage) package = fixture_read(folder, refusals);
    fixture_remove(folder);
    CU_ASSERT_PTR_NULL(package);
    FISC_ASSERT_INT(refusals->len, FISC_REFUSALS_MAX + 1);
    const FiscRefusal *last = refusals->pdata[FISC_REFUSALS_MAX];
    FISC_ASSERT_INT(last->dropped, 500);
}

const FiscTest fisc_package_tests[] = {
    {"reads the package of Arda", test_reads_the_package_of_arda},
    {"keeps every amount of Arda", test_keeps_every_amount_of_arda},
    {"makes entries of journals: rows scattered, flows, stages, openings",
     test_makes_entries_of_journals},
    {"refuses rows of one journal that contradict each other",
     test_refuses_rows_of_one_journal_that_contradict},
    {"opens books with net worth as what is left, by layer",
     test_opens_books_with_net_worth_by_layer},
    {"makes a budget and the control that it implies", test_makes_a_budget_and_its_control},
    {"makes events of master data", test_makes_events_of_master_data},
    {"posts to accounts of the national chart", test_posts_to_accounts_of_the_national_chart},
    {"knows what the ledger knows already", test_knows_what_the_ledger_knows},
    {"remarks files it does not know, but not answers and explanations",
     test_remarks_files_it_does_not_know},
    {"tells a missing folder from an empty one", test_tells_a_missing_folder_from_an_empty_one},
    {"refuses each bad package with exactly the refusals listed for it",
     test_refuses_bad_packages_as_listed},
    {"keeps a thousand refusals and counts the rest",
     test_keeps_a_thousand_refusals_and_counts_the_rest},
    {NULL, NULL},
};

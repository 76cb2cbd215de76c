/* package_chart_test.c: a nation's own chart of two sets: accounts, linked sets, what package.csv
 * says once, and journals that close the year. What is refused of it is in tests/data/bad. */
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_package_chart_tests[];

#define CHART                                                                                      \
    "account,title,set,normal\n101000,Cash,proprietary,debit\n"                                    \
    "211000,Payables,proprietary,credit\n610000,Costs,proprietary,debit\n"                         \
    "461000,Allotments,budgetary,credit\n490100,Delivered,budgetary,credit\n"

static FiscPackage *
read_and_remove(char *folder)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscPackage *package = fixture_read(folder, refusals);
    g_autofree char *dump = fixture_dump(refusals);
    fixture_remove(folder);
    FISC_ASSERT_TEXT(dump, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(package);
    return package;
}

static char *
dump_step(const FiscPackage *package, const char *title)
{
    const FiscSubmission *submission = fixture_step(package, title)->submission;
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < submission->entries->len; i++) {
        g_autofree char *entry = fixture_dump_entry(submission->entries->pdata[i]);
        g_string_append_printf(text, "%s%s", i > 0 ? "\n" : "", entry);
    }
    return g_string_free(text, FALSE);
}

static void
test_class_is_told_by_set_or_meaning(void)
{
    static const struct {
        const char *row;
        const char *event;
    } cases[] = {
        {"N1,Cash,,proprietary,,,", "account N1 name=Cash class=proprietary"},
        {"N1,Cash,,P,,debit,", "account N1 name=Cash class=proprietary normal=debit"},
        {"N1,Cash,proprietary,,,,", "account N1 name=Cash class=proprietary"},
        {"N1,Cash,,proprietary,3202,,", "account N1 name=Cash class=financial_asset gfs=6202"},
        {"N1,Cash,proprietary,,3202,,", "account N1 name=Cash class=financial_asset gfs=6202"},
        {"N1,Land,,P,3111.1,debit,",
         "account N1 name=Land class=nonfinancial_asset gfs=6111 kind=1 normal=debit"},
        {"N1,Cost,expense,P,,,", "account N1 name=Cost class=expense"},
        {"N1,Cost,expense,P,22,,", "account N1 name=Cost class=expense gfs=22"},
        {"N1,Orders,,budgetary,,credit,commitment",
         "account N1 name=Orders class=budgetary stage=commitment normal=credit"},
        {"N1,Orders,budgetary,B,,,", "account N1 name=Orders class=budgetary"},
        {"N1,Orders,budgetary,,,,release", "account N1 name=Orders class=budgetary stage=release"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text =
            g_strdup_printf("account,title,class,set,gfs,normal,stage\n%s\n", cases[i].row);
        g_autoptr(FiscPackage) package =
            read_and_remove(fixture_folder("accounts.csv", text, NULL));
        g_autofree char *dump = fixture_dump_events(package->master);
        FISC_ASSERT_TEXT(dump, cases[i].event);
    }
}

static void
test_package_says_once_what_rows_leave_out(void)
{
    g_autoptr(FiscPackage) package = read_and_remove(fixture_folder(
        "package.csv", "key,value\nentity,BUR\ndate,2024-06-30\ncurrency,JPY\n", "entities.csv",
        "entity,name,sector,cp_code,reporting,currency\nBUR,Bureau,S13111,11,Y,\n"
        "AGY,Agency,S13111,11,Y,USD\n",
        "accounts.csv", CHART, "journals.csv",
        "journal_id,entity,date,account,set,debit,credit\n"
        "1,,,610000,P,10,\n1,,,211000,P,,10\n"
        "2,AGY,2024-02-01,610000,,5,\n2,AGY,,211000,,,5\n",
        "budget.csv", "entity,gfs_code,cofog,original\nBUR,22,,100\n", NULL));
    g_autofree char *events = fixture_dump_events(package->master);
    FISC_ASSERT_CONTAINS(events, "entity BUR name=Bureau sector=S13111 cp_code=11 reporting=Y "
                                 "currency=JPY");
    FISC_ASSERT_CONTAINS(events, "currency=USD");
    g_autofree char *journals = dump_step(package, "journals.csv");
    FISC_ASSERT_TEXT(journals, "BUR/1 2024-06-30 0 1|\n  610000 0.10\n  211000 -0.10\n"
                               "AGY/2 2024-02-01 0 2|\n  610000 5.00\n  211000 -5.00");
    /* The year of what bears no date is the package's, though an entry is earlier than its date. */
    g_autofree char *budget = dump_step(package, "budget.csv");
    FISC_ASSERT_CONTAINS(budget, "BUR/budget/22//original 2024-01-01");
}

static void
test_year_of_the_package_holds_for_what_bears_no_date(void)
{
    g_autoptr(FiscPackage) package = read_and_remove(fixture_folder(
        "package.csv", "key,value\nyear,2025\n", "entities.csv", FIXTURE_ENTITIES, "journals.csv",
        "journal_id,entity,date,gfs_code,debit,credit\n1,MIN,2024-12-30,22,10,\n"
        "1,MIN,,3308,,10\n",
        "budget.csv", "entity,gfs_code,cofog,original\nMIN,22,,100\n", NULL));
    g_autofree char *budget = dump_step(package, "budget.csv");
    FISC_ASSERT_CONTAINS(budget, "MIN/budget/22//original 2025-01-01");
}

static void
test_closing_journals_go_to_period_13_behind_the_others(void)
{
    g_autoptr(FiscPackage) package = read_and_remove(fixture_folder(
        "entities.csv", FIXTURE_ENTITIES, "accounts.csv", CHART, "journals.csv",
        "journal_id,entity,date,account,debit,credit\n1,MIN,2024-03-01,610000,10,\n"
        "1,MIN,,211000,,10\n",
        "closing_journals.csv",
        "journal_id,entity,account,set,debit,credit,memo\nC1,MIN,211000,P,10,,Close\n"
        "C1,MIN,610000,P,,10,Close\n",
        NULL));
    FISC_ASSERT_INT(package->steps->len, 2);
    FISC_ASSERT_TEXT(((const FiscPackageStep *)package->steps->pdata[1])->title,
                     "closing_journals.csv");
    g_autofree char *closing = dump_step(package, "closing_journals.csv");
    FISC_ASSERT_TEXT(closing, "MIN/C1 2024-12-31 202413 C1|Close\n  211000 10.00\n  610000 -10.00");
}

static void
test_remarks_what_no_gfs_statement_will_show(void)
{
    g_autoptr(FiscPackage) package = read_and_remove(fixture_folder(
        "entities.csv", FIXTURE_ENTITIES, "accounts.csv", CHART, "journals.csv",
        "journal_id,entity,date,account,debit,credit\n1,MIN,2024-03-01,610000,1000,\n"
        "1,MIN,,211000,,1000\n1,MIN,,461000,1000,\n1,MIN,,490100,,1000\n"
        "2,MIN,2024-03-02,211000,400.50,\n2,MIN,,101000,,400.50\n",
        NULL));
    FISC_ASSERT_INT(package->remarks->len, 1);
    FISC_ASSERT_TEXT(package->remarks->pdata[0],
                     "3 accounts without a meaning in GFS: debits of 1,400.50 and credits of "
                     "1,400.50 are in trial balances and in no GFS statement (101000 0.00/400.50, "
                     "211000 400.50/1,000.00, 610000 1,000.00/0.00)");
}

static void
test_reads_linked_sets(void)
{
    g_autoptr(FiscPackage) package = read_and_remove(fixture_folder(
        "accounts.csv", CHART, "links.csv",
        "link,accounts,moves,except_periods,article\nused,610000 211000,490100 461000,13,Art. 1\n"
        "plain,490100,610000,,\nours,610000,B23 B24,,\n",
        NULL));
    g_autofree char *events = fixture_dump_events(package->master);
    FISC_ASSERT_CONTAINS(events, "\nlinked_set used accounts=610000 211000 moves=490100 461000 "
                                 "except_periods=13 article=Art. 1\n"
                                 "linked_set plain accounts=490100 moves=610000\n"
                                 "linked_set ours accounts=610000 moves=B23 B24");
}

static void
test_reads_the_ussgl_chain(void)
{
    g_autofree char *folder = fisc_test_data("ussgl-chain");
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPackage) package = fixture_read(folder, refusals);
    CU_ASSERT_PTR_NOT_NULL_FATAL(package);
    FISC_ASSERT_INT(package->steps->len, 2);
    FISC_ASSERT_INT(fixture_step(package, "journals.csv")->submission->entries->len, 12);
    FISC_ASSERT_INT(fixture_step(package, "closing_journals.csv")->submission->entries->len, 5);
    /* Its negative tests are no input; the proprietary side is in no GFS statement. */
    FISC_ASSERT_INT(package->remarks->len, 2);
    FISC_ASSERT_CONTAINS(package->remarks->pdata[0], "negative_tests.csv is no file");
    FISC_ASSERT_CONTAINS(package->remarks->pdata[1],
                         "13 accounts without a meaning in GFS: debits of 42,330.00");
}

const FiscTest fisc_package_chart_tests[] = {
    {"the class of an account is told by its set or its meaning in GFS",
     test_class_is_told_by_set_or_meaning},
    {"package.csv says once what rows leave out", test_package_says_once_what_rows_leave_out},
    {"the year of package.csv holds for what bears no date",
     test_year_of_the_package_holds_for_what_bears_no_date},
    {"closing journals go to period 13, behind the others",
     test_closing_journals_go_to_period_13_behind_the_others},
    {"remarks what no GFS statement will show", test_remarks_what_no_gfs_statement_will_show},
    {"reads linked sets", test_reads_linked_sets},
    {"reads the chain of the USSGL", test_reads_the_ussgl_chain},
    {NULL, NULL},
};

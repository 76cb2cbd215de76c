/* package_control_test.c: controls, trees and cover pools of a package as events, and that the
 * engine takes them. What is refused of them is in tests/data/bad. */
#include "fisc/chart.h"
#include "ledger/engine.h"
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_package_control_tests[];

static FiscPackage *
read_rules(void)
{
    char *folder = fixture_folder(
        "entities.csv", FIXTURE_ENTITIES, "accounts.csv",
        "account,name,class,gfs\n461000,Allotments,budgetary,\n", "segments.csv",
        "dimension,code,name,parent\nprogramme,1,Policy,\nprogramme,11,Area,1\n"
        "economic,1,Staff,\n",
        "controls.csv",
        "control,level,absent,key,entities,article,accounts,side,limit,consume,interval,boundary,"
        "tolerance,tolerance_cap,warn,from,to,overridable\n"
        "vote,absolute,refuse,entity programme,*,Art. 1,,,,,year,quarter,2.5,1000.50,90,2024-01-01,"
        "2024-12-31,no\n"
        "policy,advisory,zero,entity programme@1,MIN,,,,release,authorization payment,,,,,,,,\n"
        "allotment,absolute,,entity fund,*,,461000 6202,credit,,,,,,,,,,\n",
        "covers.csv",
        "cover,control,receiver,donor,mode,article\n"
        "pool,vote,entity=MIN programme=11,entity=MIN programme=12,reciprocal,Art. 7\n",
        NULL);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscPackage *package = fixture_read(folder, refusals);
    g_autofree char *dump = fixture_dump(refusals);
    fixture_remove(folder);
    FISC_ASSERT_TEXT(dump, "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(package);
    return package;
}

static void
test_events(void)
{
    g_autoptr(FiscPackage) package = read_rules();
    g_autofree char *dump = fixture_dump_events(package->master);
    FISC_ASSERT_CONTAINS(
        dump, "segment programme/1 name=Policy\n"
              "segment programme/11 name=Area parent=1\n"
              "segment economic/1 name=Staff\n"
              "control vote level=absolute absent=refuse key=entity programme entities=* "
              "article=Art. 1 interval=year boundary=quarter tolerance=2.5 tolerance_cap=1000.50 "
              "warn=90 from=2024-01-01 to=2024-12-31 overridable=no\n"
              "control policy level=advisory absent=zero key=entity programme@1 entities=MIN "
              "limit=release consume=authorization payment\n"
              "control allotment level=absolute key=entity fund entities=* accounts=461000 6202 "
              "side=credit\n"
              "cover pool control=vote receiver=entity=MIN programme=11 donor=entity=MIN "
              "programme=12 mode=reciprocal article=Art. 7");
}

static void
test_engine_takes_them(void)
{
    g_autoptr(FiscPackage) package = read_rules();
    g_autoptr(FiscEngine) engine = fisc_engine_new(1);
    g_autoptr(FiscReceipt) receipt = fisc_receipt_new();
    g_autoptr(FiscSubmission) chart = fisc_submission_new("test", "maker");
    fisc_chart_events(chart);
    fisc_engine_begin(engine);
    CU_ASSERT_TRUE(fisc_engine_apply(engine, chart, 0, 0, true, receipt));
    CU_ASSERT_TRUE(fisc_engine_apply(engine, package->master, 0, 0, true, receipt));
    CU_ASSERT_PTR_NULL(receipt->refusals);
    FISC_ASSERT_TEXT(fisc_engine_master_field(engine, "control", "vote", "boundary"), "quarter");
    FISC_ASSERT_TEXT(fisc_engine_master_field(engine, "cover", "pool", "mode"), "reciprocal");
}

const FiscTest fisc_package_control_tests[] = {
    {"makes events of controls, trees and cover pools", test_events},
    {"has them taken by the engine", test_engine_takes_them},
    {NULL, NULL},
};

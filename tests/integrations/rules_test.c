/* rules_test.c: what binds a budget, as files of a package and as events of a text: virement rules,
 * the plan of allotments, and anything a document may change beside the books. */
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_rules_tests[];

/* ---- virement_rules.csv ---- */

#define RULES_HEADER "rule,order,same,donor_not,cap,approval,approvals,from,article\n"

static void
test_virement_rules(void)
{
    char *folder =
        fixture_folder("entities.csv", FIXTURE_ENTITIES, "virement_rules.csv",
                       RULES_HEADER "head,1,entity programme,economic=1,10,,,2024-01-01,Art. 46\n"
                                    "minister,2,,,,minister,2,,\n",
                       NULL);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPackage) package = fixture_read(folder, refusals);
    fixture_remove(folder);
    CU_ASSERT_PTR_NOT_NULL_FATAL(package);
    g_autofree char *events = fixture_dump_events(package->master);
    FISC_ASSERT_CONTAINS(events, "virement_rule head order=1 same=entity programme "
                                 "donor_not=economic=1 cap=10 from=2024-01-01 article=Art. 46\n");
    FISC_ASSERT_CONTAINS(events, "virement_rule minister order=2 approval=minister approvals=2");
    FISC_ASSERT_INT(package->remarks->len, 0);
}

static void
test_rules_that_make_no_sense(void)
{
    static const struct {
        const char *row, *refusal;
    } cases[] = {
        {"head,first,,,,,,,\n", "virement_rules.csv:2:order:VALUE_INVALID"},
        {"head,1,colour,,,,,,\n", "virement_rules.csv:2:same:VALUE_INVALID"},
        {"head,1,,red,,,,,\n", "virement_rules.csv:2:donor_not:VALUE_INVALID"},
        {"head,1,,,much,,,,\n", "virement_rules.csv:2:cap:VALUE_INVALID"},
        {"head,1,,,,minister,0,,\n", "virement_rules.csv:2:approvals:VALUE_INVALID"},
        {"head,1,,,,,,2024-02-30,\n", "virement_rules.csv:2:from:VALUE_INVALID"},
        {",1,,,,,,,\n", "virement_rules.csv:2:rule:VALUE_MISSING"},
        {"head,1,,,,,,,\nhead,2,,,,,,,\n", "virement_rules.csv:3:rule:DUPLICATE_ROW"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strconcat(RULES_HEADER, cases[i].row, NULL);
        char *folder =
            fixture_folder("entities.csv", FIXTURE_ENTITIES, "virement_rules.csv", text, NULL);
        g_autofree char *refusals = fixture_refusals_of(folder);
        fixture_remove(folder);
        fisc_assert_text(refusals, cases[i].refusal, cases[i].row, __FILE__, __LINE__);
    }
}

/* ---- growths.csv, reserve_rules.csv ---- */

static void
test_growths_and_reserves(void)
{
    char *folder =
        fixture_folder("entities.csv", FIXTURE_ENTITIES, "growths.csv",
                       "growth,control,key,revenue,share,cap,of,base,article\n"
                       "fees,vote,entity=MIN programme=1,entity=MIN economic=3*,50,25,,,Art. 53\n",
                       "reserve_rules.csv",
                       "reserve,line,ceiling,ceiling_of,approvals,article\n"
                       "contingency,entity=MIN programme=999,1,fund=GA,finance cabinet,Art. 22\n",
                       NULL);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPackage) package = fixture_read(folder, refusals);
    fixture_remove(folder);
    CU_ASSERT_PTR_NOT_NULL_FATAL(package);
    g_autofree char *events = fixture_dump_events(package->master);
    FISC_ASSERT_CONTAINS(events, "growth fees control=vote key=entity=MIN programme=1 "
                                 "revenue=entity=MIN economic=3* share=50 cap=25 article=Art. 53");
    FISC_ASSERT_CONTAINS(events, "reserve_rule contingency line=entity=MIN programme=999 ceiling=1 "
                                 "ceiling_of=fund=GA approvals=finance cabinet article=Art. 22");
}

static void
test_growths_and_reserves_that_make_no_sense(void)
{
    static const struct {
        const char *file, *header, *row, *refusal;
    } cases[] = {
        {"growths.csv", "growth,control,key,revenue,share\n",
         "fees,vote,entity=MIN,entity=MIN,half\n", "growths.csv:2:share:VALUE_INVALID"},
        {"growths.csv", "growth,control,key,revenue,share\n",
         "fees,vote,entity=MIN,economic=3,50\n", "growths.csv:2:revenue:VALUE_INVALID"},
        {"reserve_rules.csv", "reserve,line,ceiling\n", "c,entity=MIN programme=999,1\n",
         "reserve_rules.csv:2:ceiling_of:VALUE_INVALID"},
        {"reserve_rules.csv", "reserve,line,approvals\n", "c,programme=999,cabinet\n",
         "reserve_rules.csv:2:line:VALUE_INVALID"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strconcat(cases[i].header, cases[i].row, NULL);
        char *folder = fixture_folder("entities.csv", FIXTURE_ENTITIES, cases[i].file, text, NULL);
        g_autofree char *refusals = fixture_refusals_of(folder);
        fixture_remove(folder);
        fisc_assert_text(refusals, cases[i].refusal, cases[i].row, __FILE__, __LINE__);
    }
}

/* ---- releases.csv ---- */

#define RELEASES_HEADER "entity,period,amount,programme,economic,memo\n"

static void
test_releases(void)
{
    char *folder = fixture_folder("entities.csv", FIXTURE_ENTITIES, "releases.csv",
                                  RELEASES_HEADER "MIN,2024-Q1,300,1,22,first quarter\n"
                                                  "MIN,2024-04,12.50,1,22,\n"
                                                  "AGY,2024,0,1,,\n"
                                                  "AGY,2024,-7,1,,\n",
                                  NULL);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPackage) package = fixture_read(folder, refusals);
    fixture_remove(folder);
    CU_ASSERT_PTR_NULL(package); /* the last two are of one line and period */
    g_autofree char *dump = fixture_dump(refusals);
    FISC_ASSERT_TEXT(dump, "releases.csv:5:period:DUPLICATE_ROW");
}

static void
test_releases_as_entries(void)
{
    char *folder = fixture_folder("entities.csv", FIXTURE_ENTITIES, "releases.csv",
                                  RELEASES_HEADER "MIN,2024-Q2,300,1,22,second quarter\n"
                                                  "MIN,2024-11,-12.50,1,,\n"
                                                  "AGY,2024,0,1,,\n",
                                  "journals.csv",
                                  "journal_id,date,entity,gfs_code,debit,credit\n"
                                  "J,2024-01-05,MIN,22,1,\nJ,2024-01-05,MIN,3308,,1\n",
                                  NULL);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPackage) package = fixture_read(folder, refusals);
    fixture_remove(folder);
    CU_ASSERT_PTR_NOT_NULL_FATAL(package);
    FISC_ASSERT_INT(package->steps->len, 2);
    const FiscPackageStep *step = package->steps->pdata[0]; /* before the spending */
    FISC_ASSERT_TEXT(step->title, "releases.csv");
    FISC_ASSERT_INT(step->submission->entries->len, 2); /* nothing is allotted by a zero */
    g_autofree char *first = fixture_dump_entry(step->submission->entries->pdata[0]);
    g_autofree char *second = fixture_dump_entry(step->submission->entries->pdata[1]);
    FISC_ASSERT_TEXT(first,
                     "MIN/release/2024-Q2/programme=1/economic=22 2024-04-01 0 |second quarter\n"
                     "  B13 300.00 programme=1 economic=22\n"
                     "  B19 -300.00 programme=1 economic=22");
    FISC_ASSERT_TEXT(second, "MIN/release/2024-11/programme=1 2024-11-01 0 |Budget: allotment\n"
                             "  B13 -12.50 programme=1\n"
                             "  B19 12.50 programme=1");
}

static void
test_releases_that_are_refused(void)
{
    static const struct {
        const char *row, *refusal;
    } cases[] = {
        {"XX,2024-Q1,1,1,,\n", "releases.csv:2:entity:ENTITY_UNKNOWN"},
        {"MIN,spring,1,1,,\n", "releases.csv:2:period:VALUE_INVALID"},
        {"MIN,2024-13,1,1,,\n", "releases.csv:2:period:VALUE_INVALID"},
        {"MIN,2024-Q1,1.005,1,,\n", "releases.csv:2:amount:AMOUNT_DECIMALS"},
        {"MIN,2024-Q1,,1,,\n", "releases.csv:2:amount:AMOUNT_INVALID"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strconcat(RELEASES_HEADER, cases[i].row, NULL);
        char *folder = fixture_folder("entities.csv", FIXTURE_ENTITIES, "releases.csv", text, NULL);
        g_autofree char *refusals = fixture_refusals_of(folder);
        fixture_remove(folder);
        fisc_assert_text(refusals, cases[i].refusal, cases[i].row, __FILE__, __LINE__);
    }
}

/* ---- events of a text ---- */

static FiscSubmission *
read_text(const char *text, FiscRefusals *refusals)
{
    g_autoptr(FiscNation) nation = fisc_nation_new();
    FiscSubmission *submission = NULL;
    fisc_nation_add_entity(nation, "MIN", "Ministry", "S13111", "11", true, "EUR");
    CU_ASSERT_TRUE(fisc_package_read_entries("-", text, strlen(text), nation, "desk", "tester",
                                             &submission, refusals, NULL));
    return submission;
}

#define EVENT(inner) "{\"event\":{" inner "}}"
#define COVER                                                                                      \
    EVENT("\"kind\":\"cover\",\"subject\":\"pool\",\"fields\":{\"mode\":\"reciprocal\",\"donor\":" \
          "\"entity=MIN\"}")
#define ENTRY                                                                                      \
    "{\"entity\":\"MIN\",\"journal_id\":\"J\",\"date\":\"2024-03-01\",\"lines\":[{\"gfs_code\":"   \
    "\"22\",\"debit\":\"1\"},{\"gfs_code\":\"3308\",\"credit\":\"1\"}]}"

static void
test_events_of_a_text(void)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscSubmission) submission = read_text(
        COVER "\n" ENTRY "\n" EVENT("\"kind\":\"group\",\"subject\":\"G\"") "\n", refusals);
    CU_ASSERT_PTR_NOT_NULL_FATAL(submission);
    FISC_ASSERT_INT(submission->entries->len, 1);
    g_autofree char *events = fixture_dump_events(submission);
    FISC_ASSERT_CONTAINS(events, "cover pool mode=reciprocal donor=entity=MIN\ngroup G");
    g_autoptr(FiscNation) nation = fisc_nation_new();
    g_autofree char *text = fisc_package_write_entries(submission, nation);
    g_autoptr(FiscSubmission) again = read_text(text, refusals);
    CU_ASSERT_PTR_NOT_NULL_FATAL(again);
    uint8_t one[32], other[32];
    fisc_submission_digest(submission, one);
    fisc_submission_digest(again, other);
    FISC_ASSERT_INT(memcmp(one, other, sizeof one), 0);
}

static void
test_events_that_are_refused(void)
{
    static const struct {
        const char *text, *refusal;
    } cases[] = {
        {"{\"event\":1}", "-:1:/event:JSON_INVALID"},
        {EVENT("\"kind\":\"group\""), "-:1:/event/subject:VALUE_MISSING"},
        {EVENT("\"subject\":\"G\""), "-:1:/event/kind:VALUE_MISSING"},
        {EVENT("\"kind\":\"group\",\"subject\":7"), "-:1:/event/subject:VALUE_INVALID"},
        {EVENT("\"kind\":\"group\",\"subject\":\"G\",\"fields\":[]"), "-:1:/event:JSON_INVALID"},
        {EVENT("\"kind\":\"group\",\"subject\":\"G\",\"fields\":{\"name\":7}"),
         "-:1:/event/fields/name:VALUE_INVALID"},
        {EVENT("\"kind\":\"group\",\"subject\":\"G\",\"date\":\"x\""),
         "-:1:/event/date:COLUMN_UNKNOWN"},
        {"{\"event\":{\"kind\":\"group\",\"subject\":\"G\"},\"lines\":[]}",
         "-:1:/lines:COLUMN_UNKNOWN"},
        {EVENT("\"kind\":\"document\",\"subject\":\"D\""), "-:1:/event/kind:VALUE_INVALID"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
        g_autoptr(FiscSubmission) submission = read_text(cases[i].text, refusals);
        g_autofree char *dump = fixture_dump(refusals);
        fisc_assert_text(dump, cases[i].refusal, cases[i].text, __FILE__, __LINE__);
        CU_ASSERT_PTR_NULL(submission);
    }
}

const FiscTest fisc_rules_tests[] = {
    {"reads what grows with revenue, and how reserves are drawn", test_growths_and_reserves},
    {"refuses growths and reserves that make no sense",
     test_growths_and_reserves_that_make_no_sense},
    {"reads virement rules as they stand", test_virement_rules},
    {"refuses rules that make no sense by row and column", test_rules_that_make_no_sense},
    {"refuses two releases of one line and period", test_releases},
    {"makes an entry of every release, before the spending", test_releases_as_entries},
    {"refuses releases that are none", test_releases_that_are_refused},
    {"reads events among entries, and writes them as they were", test_events_of_a_text},
    {"refuses malformed events by pointer", test_events_that_are_refused},
    {NULL, NULL},
};

/* entries_test.c: a text of entries, as CSV or NDJSON, as `fisc post` takes it. */
#include "tests/integrations/fixture.h"
#include "tests/support/suite.h"

#include <string.h>

extern const FiscTest fisc_entries_tests[];

static FiscNation *
known_nation(void)
{
    FiscNation *nation = fisc_nation_new();
    fisc_nation_add_entity(nation, "MIN", "Ministry", "S13111", "11", true, "EUR");
    return nation;
}

static FiscSubmission *
read_text(const char *text, FiscRefusals *refusals)
{
    g_autoptr(FiscNation) nation = known_nation();
    FiscSubmission *submission = NULL;
    CU_ASSERT_TRUE(fisc_package_read_entries("-", text, strlen(text), nation, "desk", "tester",
                                             &submission, refusals, NULL));
    CU_ASSERT_TRUE((submission == NULL) == (refusals->len > 0));
    return submission;
}

#define LINES                                                                                      \
    "\"lines\":[{\"gfs_code\":\"22\",\"debit\":\"10.00\",\"cofog\":\"70133\"},"                    \
    "{\"gfs_code\":\"3308\",\"credit\":\"10\"}]"
#define HEAD "\"entity\":\"MIN\",\"journal_id\":\"J1\",\"date\":\"2024-03-01\""

static void
test_reads_the_same_from_csv_and_ndjson(void)
{
    static const char csv[] =
        "journal_id,date,entity,gfs_code,debit,credit,cofog,memo\n"
        "J1,2024-03-01,MIN,22,10,,70133,paper\nJ1,2024-03-01,MIN,3308,,10,,\n";
    static const char json[] = "\n {" HEAD ",\"memo\":\"paper\"," LINES "}\n\n";
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscSubmission) from_csv = read_text(csv, refusals);
    g_autoptr(FiscSubmission) from_json = read_text(json, refusals);
    CU_ASSERT_PTR_NOT_NULL_FATAL(from_csv);
    CU_ASSERT_PTR_NOT_NULL_FATAL(from_json);
    FISC_ASSERT_INT(from_csv->entries->len, 1);
    FISC_ASSERT_INT(from_json->entries->len, 1);
    const FiscEntry *one = from_csv->entries->pdata[0];
    const FiscEntry *other = from_json->entries->pdata[0];
    g_autofree char *one_text = fixture_dump_entry(one);
    g_autofree char *other_text = fixture_dump_entry(other);
    FISC_ASSERT_TEXT(other_text, one_text);
    FISC_ASSERT_INT(memcmp(one->digest, other->digest, sizeof(one->digest)), 0);
    FISC_ASSERT_TEXT(from_json->source, "desk");
    FISC_ASSERT_INT(other->row, 2);
}

static void
test_reads_stages_references_and_dimensions_of_ndjson(void)
{
    static const char json[] =
        "{\"entity\":\"MIN\",\"reference\":\"PO-1\",\"document\":\"order 1\",\"memo\":null,"
        "\"date\":\"2024-03-01\",\"lines\":[{\"stage\":\"commitment\",\"debit\":\"3\","
        "\"gfs_code\":\"22\",\"function\":\"70133\",\"programme\":\"P1\"}]}";
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscSubmission) submission = read_text(json, refusals);
    CU_ASSERT_PTR_NOT_NULL_FATAL(submission);
    g_autofree char *dump = fixture_dump_entry(submission->entries->pdata[0]);
    FISC_ASSERT_TEXT(dump, "PO-1 2024-03-01 0 order 1|\n"
                           "  B20 3.00 cofog=70133 gfs_code=22 programme=P1\n"
                           "  B22 -3.00 cofog=70133 gfs_code=22 programme=P1");
}

/* "item relieves final currency foreign flow" of each line that says any. */
static char *
dump_items(const FiscSubmission *submission)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < submission->entries->len; i++) {
        const FiscEntry *entry = submission->entries->pdata[i];
        for (guint k = 0; k < entry->lines->len; k++) {
            const FiscLine *line = &g_array_index(entry->lines, FiscLine, k);
            if (line->item != NULL || line->relieves != NULL || line->currency != NULL) {
                g_string_append_printf(text, "%s %s %s %d %s %" G_GINT64_FORMAT " %d\n",
                                       line->account, line->item, line->relieves, line->is_final,
                                       line->currency, line->foreign, line->flow);
            }
        }
    }
    for (guint i = 0; i < submission->events->len; i++) {
        const FiscEvent *event = submission->events->pdata[i];
        g_string_append_printf(text, "%s %s %s\n", event->kind, event->subject,
                               fisc_event_field(event, "expires"));
    }
    return g_string_free(text, FALSE);
}

static void
test_reads_open_items(void)
{
    static const char csv[] =
        "journal_id,date,entity,gfs_code,stage,debit,credit,item,relieves,final,currency,amount_fc,"
        "flow,expires\n"
        "J1,2024-03-01,MIN,22,authorization,10,,PR-1,,,EUR,,,2024-06-30\n"
        "J2,2024-03-01,MIN,22,commitment,10,,PO-1,PR-1,Y,USD,12.5,,\n"
        "J3,2024-03-01,MIN,22,commitment,-4,,PO-1,,,USD,-5,,\n"
        "J4,2024-03-01,MIN,22,commitment,1,,PO-1,,,USD,,holding_gain,\n"
        "J5,2024-03-01,MIN,22,,7,,,PO-1,,,,,\n"
        "J5,2024-03-01,MIN,3308,,,7,INV-1,,,USD,9,,\n";
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscSubmission) submission = read_text(csv, refusals);
    CU_ASSERT_PTR_NOT_NULL_FATAL(submission);
    g_autofree char *dump = dump_items(submission);
    FISC_ASSERT_TEXT(dump, "B21 PR-1 (null) 0 (null) 0 0\n"
                           "B22 PO-1 PR-1 1 USD -1250 0\n"
                           "B22 PO-1 (null) 0 USD 500 0\n"
                           "B22 PO-1 (null) 0 USD 0 4\n"
                           "22 (null) PO-1 0 (null) 0 0\n"
                           "3308 INV-1 (null) 0 USD -900 0\n"
                           "item MIN/PR-1 2024-06-30\n");
}

static void
test_writes_open_items(void)
{
    /* What is written as NDJSON reads as the same, digests included. */
    static const char json[] =
        "{\"entity\":\"MIN\",\"reference\":\"A\",\"date\":\"2024-03-01\",\"lines\":["
        "{\"stage\":\"commitment\",\"debit\":\"-3\",\"gfs_code\":\"22\",\"item\":\"PO-1\","
        "\"currency\":\"USD\",\"amount_fc\":\"-4.5\"},"
        "{\"stage\":\"commitment\",\"debit\":\"2\",\"gfs_code\":\"22\",\"item\":\"PO-1\","
        "\"currency\":\"USD\",\"flow\":\"holding_gain\"},"
        "{\"stage\":\"obligation\",\"debit\":\"3\",\"gfs_code\":\"22\",\"relieves\":\"PO-1\","
        "\"final\":\"Y\"},"
        "{\"gfs_code\":\"22\",\"debit\":\"3\"},{\"gfs_code\":\"3308\",\"credit\":\"3\","
        "\"item\":\"BILL\",\"currency\":\"USD\",\"amount_fc\":\"4\"}]}\n";
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscNation) nation = known_nation();
    g_autoptr(FiscSubmission) first = read_text(json, refusals);
    CU_ASSERT_PTR_NOT_NULL_FATAL(first);
    g_autofree char *text = fisc_package_write_entries(first, nation);
    g_autoptr(FiscSubmission) second = read_text(text, refusals);
    CU_ASSERT_PTR_NOT_NULL_FATAL(second);
    g_autofree char *one = dump_items(first);
    g_autofree char *other = dump_items(second);
    FISC_ASSERT_TEXT(other, one);
    const FiscEntry *before = first->entries->pdata[0];
    const FiscEntry *after = second->entries->pdata[0];
    FISC_ASSERT_INT(memcmp(before->digest, after->digest, sizeof before->digest), 0);
}

static void
test_refuses_malformed_json_by_pointer(void)
{
    static const struct {
        const char *text;
        const char *expected;
    } cases[] = {
        {"{" HEAD "," LINES, "-:1::JSON_INVALID"},
        {"{" HEAD "," LINES "}\n[1]", "-:2::JSON_INVALID"},
        {"{" HEAD ",\"date\":\"2024-03-02\"," LINES "}", "-:1::JSON_INVALID"},
        {"{" HEAD ",\"colour\":\"red\"," LINES "}", "-:1:/colour:COLUMN_UNKNOWN"},
        {"{" HEAD ",\"debit\":\"1\"," LINES "}", "-:1:/debit:COLUMN_UNKNOWN"},
        {"{" HEAD "}", "-:1:/lines:VALUE_MISSING"},
        {"{" HEAD ",\"lines\":[]}", "-:1:/lines:VALUE_MISSING"},
        {"{" HEAD ",\"lines\":[1]}", "-:1:/lines:JSON_INVALID"},
        {"{" HEAD ",\"lines\":[{\"gfs_code\":\"22\",\"debit\":10}]}",
         "-:1:/lines/0/debit:AMOUNT_INVALID"},
        {"{" HEAD ",\"lines\":[{\"gfs_code\":22,\"debit\":\"10\"}]}",
         "-:1:/lines/0/gfs_code:VALUE_INVALID"},
        {"{" HEAD ",\"lines\":[{\"gfs_code\":\"22\",\"debit\":\"10\",\"memo\":\"x\"}]}",
         "-:1:/lines/0/memo:COLUMN_UNKNOWN"},
        {"{" HEAD ",\"lines\":[{\"gfs_code\":\"22\",\"debit\":\"10\"},"
         "{\"gfs_code\":\"2999\",\"credit\":\"9.999\"}]}",
         "-:1:/lines/1/credit:AMOUNT_DECIMALS\n-:1:/lines/1/gfs_code:ACCOUNT_UNKNOWN"},
        {"{\"entity\":\"XXX\",\"date\":\"2024-02-30\"," LINES "}",
         "-:1:/journal_id:VALUE_MISSING\n-:1:/entity:ENTITY_UNKNOWN\n-:1:/date:DATE_INVALID"},
        {"{" HEAD ",\"lines\":[{\"gfs_code\":\"22\",\"cofog\":\"701\",\"function\":\"701\","
         "\"debit\":\"10\"}]}",
         "-:1:/lines/0/function:VALUE_INVALID"},
        {"{" HEAD "," LINES "}\n{" HEAD "," LINES "}", "-:2:reference:DUPLICATE_ROW"},
        {"{" HEAD "," LINES "}\n{" HEAD ",\"memo\":\"x\"," LINES "}",
         "-:2:reference:REFERENCE_CONFLICT"},
        {"{" HEAD ",\"memo\":\"\xF1\"," LINES "}", "-:1::ENCODING_INVALID"},
        {"{" HEAD ",\"lines\":[{\"gfs_code\":\"22\",\"debit\":\"10\"},"
         "{\"gfs_code\":\"3308\",\"credit\":\"9\"}]}",
         "-:1::ENTRY_UNBALANCED"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
        g_autoptr(FiscSubmission) submission = read_text(cases[i].text, refusals);
        g_autofree char *dump = fixture_dump(refusals);
        FISC_ASSERT_TEXT(dump, cases[i].expected);
    }
}

static void
test_says_how_to_write_money(void)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscSubmission) submission =
        read_text("{" HEAD ",\"lines\":[{\"gfs_code\":\"22\",\"debit\":12.5}]}", refusals);
    FISC_ASSERT_INT(refusals->len, 1);
    FISC_ASSERT_CONTAINS(((const FiscRefusal *)refusals->pdata[0])->hint, "\"12.50\"");
}

static void
test_refuses_a_nul_byte_and_an_endless_line_of_json(void)
{
    g_autoptr(FiscNation) nation = known_nation();
    static const char with_nul[] = "{" HEAD ",\"memo\":\"\0\"," LINES "}";
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscSubmission) none = NULL;
    fisc_package_read_entries("-", with_nul, sizeof(with_nul) - 1, nation, "desk", "tester", &none,
                              refusals, NULL);
    g_autoptr(GString) endless = g_string_new("{\"memo\":\"");
    while (endless->len < 17 * 1024 * 1024) {
        g_string_append(endless, "0123456789012345678901234567890123456789");
    }
    fisc_package_read_entries("-", endless->str, endless->len, nation, "desk", "tester", &none,
                              refusals, NULL);
    g_autofree char *dump = fixture_dump(refusals);
    FISC_ASSERT_TEXT(dump, "-:1::NUL_BYTE\n-:1::LINE_TOO_LONG");
    CU_ASSERT_PTR_NULL(none);
}

static void
test_refuses_an_empty_text(void)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscSubmission) submission = read_text(" \n", refusals);
    CU_ASSERT_PTR_NULL(submission);
    g_autofree char *dump = fixture_dump(refusals);
    FISC_ASSERT_CONTAINS(dump, "COLUMN_");
    g_autoptr(FiscRefusals) others = fisc_refusals_new();
    g_autoptr(FiscSubmission) nothing = read_text("", others);
    g_autofree char *second = fixture_dump(others);
    FISC_ASSERT_TEXT(second, "-:0::FILE_EMPTY");
}

const FiscTest fisc_entries_tests[] = {
    {"reads the same entry from CSV and NDJSON, to the digest",
     test_reads_the_same_from_csv_and_ndjson},
    {"reads stages, references and dimensions of NDJSON",
     test_reads_stages_references_and_dimensions_of_ndjson},
    {"reads what rows say of open items", test_reads_open_items},
    {"writes what it reads of open items", test_writes_open_items},
    {"refuses malformed JSON and names the member by its pointer",
     test_refuses_malformed_json_by_pointer},
    {"says how to write money", test_says_how_to_write_money},
    {"refuses a NUL byte and an endless line of JSON",
     test_refuses_a_nul_byte_and_an_endless_line_of_json},
    {"refuses an empty text", test_refuses_an_empty_text},
    {NULL, NULL},
};

/* rows_test.c: transactions of other systems as rows of debit and credit, and the JSON of
 * hledger-web, Tryton and iFIX when it is not what it should be. */
#include "integrations/connector.h"
#include "integrations/ifix.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_rows_tests[];

#define HEADER                                                                                     \
    "id,line,date,code,description,status,party,currency,debit,debit_name,credit,credit_name,"     \
    "amount\n"
#define AMOUNT(mantissa, places)                                                                   \
    "{\"acommodity\":\"EUR\",\"aquantity\":{\"decimalMantissa\":" mantissa                         \
    ",\"decimalPlaces\":" places ",\"floatingPoint\":77.7}}"
#define POSTING_OF(type, account, amounts)                                                         \
    "{\"paccount\":\"" account "\",\"ptype\":\"" type "\",\"pdate\":null,\"pamount\":[" amounts "]}"
#define POSTING(account, mantissa, places)                                                         \
    POSTING_OF("RegularPosting", account, AMOUNT(mantissa, places))
#define TAGGED(tags, postings)                                                                     \
    "[{\"tdate\":\"2024-01-02\",\"tcode\":\"\",\"tdescription\":\"a, b\",\"tstatus\":\"Cleared\"," \
    "\"ttags\":[" tags "],\"tsourcepos\":[{\"sourceLine\":7}],\"tpostings\":[" postings "]}]"
#define JOURNAL(postings) TAGGED("[\"id\",\"T\"]", postings)
#define ROW(line, debit, credit, amount)                                                           \
    "T," line ",2024-01-02,,\"a, b\",Cleared,,EUR," debit "," debit "," credit "," credit          \
    "," amount "\n"

static void
check_conversion(const char *connector_name, const char *json, const char *expected)
{
    g_autoptr(GBytes) body = g_bytes_new(json, strlen(json));
    g_autoptr(GBytes) text = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    const FiscConnector *connector = fisc_connector_find(connector_name);
    bool is_done = connector->convert(NULL, "document.json", body, &text, refusals);
    FISC_ASSERT_INT(is_done, refusals->len == 0);
    if (is_done) {
        gsize length = 0;
        const char *data = g_bytes_get_data(text, &length);
        g_autofree char *rows = g_strndup(data, length);
        FISC_ASSERT_TEXT(rows, expected);
    } else {
        g_autofree char *first = fisc_refusal_to_text(refusals->pdata[0], 2);
        FISC_ASSERT_CONTAINS(first, expected);
    }
}

static void
test_rows(void)
{
    static const struct {
        const char *json, *rows;
    } cases[] = {
        {"[]", HEADER},
        {JOURNAL(POSTING("a", "40010", "2") "," POSTING("b", "-40010", "2")),
         HEADER ROW("1", "a", "b", "400.1")},
        {JOURNAL(POSTING("b", "-1000", "0") "," POSTING("a", "100000", "2")), /* decimals differ */
         HEADER ROW("1", "a", "b", "1000")},
        {JOURNAL(POSTING("a", "5", "0") "," POSTING("b", "-2", "0") "," POSTING("c", "-3", "0")),
         HEADER ROW("1", "a", "b", "2") ROW("2", "a", "c", "3")},
        {JOURNAL(POSTING("a", "5", "0") "," POSTING("b", "4", "0") "," POSTING(
             "c", "-6", "0") "," POSTING("d", "-3", "0")),
         HEADER ROW("1", "a", "c", "5") ROW("2", "b", "c", "1") ROW("3", "b", "d", "3")},
        {JOURNAL(POSTING("a", "0", "2") "," POSTING("b", "0", "0")), HEADER}, /* of nothing */
        {JOURNAL(POSTING("a", "9223372036854775807", "0") "," POSTING("b", "-9223372036854775807",
                                                                      "0")),
         HEADER ROW("1", "a", "b", "9223372036854775807")},
        {JOURNAL(POSTING_OF("BalancedVirtualPosting", "v", AMOUNT("1", "0")) "," POSTING(
             "a", "2", "0") "," POSTING("b", "-2", "0") "," POSTING_OF("BalancedVirtualPosting",
                                                                       "w", AMOUNT("-1", "0"))),
         HEADER ROW("1", "v", "w", "1") ROW("2", "a", "b", "2")},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        check_conversion("hledger-web", cases[i].json, cases[i].rows);
    }
}

/* Money is never read from a floating point number, nor guessed. */
static void
test_wrong(void)
{
    static const struct {
        const char *json, *reason;
    } cases[] = {
        {"", "document.json"},
        {"[", "JSON_INVALID"},
        {"{}", "a journal is a list of transactions"},
        {"[{\"tdate\":\"2024-01-01\",\"tdate\":\"2024-01-02\"}]", "JSON_INVALID"},
        {"[1]", "a transaction is an object"},
        {"[{\"tdate\":\"2024-01-01\",\"tpostings\":{}}]", "a transaction is an object"},
        {JOURNAL("7"), "a posting has no account"},
        {JOURNAL(POSTING("", "1", "0")), "a posting has no account"},
        {JOURNAL(POSTING("a", "1.5", "0")), "document.json:7: aquantity: AMOUNT_INVALID"},
        {JOURNAL(POSTING("a", "\"1\"", "0")), "AMOUNT_INVALID"},
        {JOURNAL(POSTING("a", "9223372036854775808", "0")), "JSON_INVALID"},
        {JOURNAL(POSTING("a", "1", "2.0")), "AMOUNT_INVALID"},
        {JOURNAL(POSTING("a", "1", "-1")), "AMOUNT_DECIMALS"},
        {JOURNAL(POSTING("a", "1", "99999999999")), "AMOUNT_DECIMALS"},
        {JOURNAL(POSTING_OF("RegularPosting", "a", "{\"aquantity\":1}")), "AMOUNT_INVALID"},
        {JOURNAL(POSTING("a", "1", "0") "," POSTING("b", "-2", "0")), "ENTRY_UNBALANCED"},
        {JOURNAL(POSTING("a", "1", "0") "," POSTING_OF("BalancedVirtualPosting", "b",
                                                       AMOUNT("-1", "0"))),
         "ENTRY_UNBALANCED"},
        {"[{\"tdate\":\"2024-01-02\",\"tcode\":\"\",\"tdescription\":7,\"tstatus\":\"\",\"ttags\":["
         "],"
         "\"tpostings\":[]}]",
         "tdescription: VALUE_INVALID"},
        {"[{\"tdate\":\"2024-01-02\",\"tcode\":\"\",\"tdescription\":\"\",\"tstatus\":\"\","
         "\"tpostings\":[]}]",
         "ttags: VALUE_INVALID"},
        {TAGGED("[\"id\"]", POSTING("a", "0", "0")), "pairs of texts"},
        {JOURNAL("{\"paccount\":\"a\",\"ptype\":\"RegularPosting\",\"pamount\":[]}"),
         "DATE_INVALID"},
        {TAGGED("[\"id\",\"a@2\"]", POSTING("a", "0", "0")), "without @"},
        {TAGGED("[\"id\",\"\xd0\xb1\"]", POSTING("a", "0", "0")), "without @"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        check_conversion("hledger-web", cases[i].json, cases[i].reason);
    }
}

#define DECIMAL(text) "{\"__class__\":\"Decimal\",\"decimal\":\"" text "\"}"
#define DAY "{\"__class__\":\"date\",\"year\":2024,\"month\":1,\"day\":2}"
#define MOVE "{\"id\":7,\"date\":" DAY ",\"number\":\"N\",\"description\":null}"
#define LINE(id, account, debit, credit)                                                           \
    "{\"id\":" id ",\"move\":7,\"account\":" account ",\"debit\":" debit ",\"credit\":" credit     \
    ",\"party.\":null}"
#define PERIOD(moves, lines)                                                                       \
    "{\"currency\":\"EUR\",\"accounts\":[{\"id\":1,\"code\":\"600\",\"name\":\"Paper\"},"          \
    "{\"id\":2,\"code\":null,\"name\":\"Bank\"}],\"moves\":[" moves "],\"lines\":[" lines "]}"
#define MOVE_ROW(amount) "7,1,2024-01-02,N,,posted,,EUR,600,Paper,Bank,Bank," amount "\n"

static void
test_moves(void)
{
    static const struct {
        const char *json, *expected;
    } cases[] = {
        {PERIOD("", ""), HEADER},
        {PERIOD(MOVE, LINE("1", "1", DECIMAL("12.30"),
                           DECIMAL("0")) "," LINE("2", "2", DECIMAL("0E-8"), DECIMAL("12.3"))),
         HEADER MOVE_ROW("12.3")},
        {PERIOD(MOVE, LINE("1", "1", DECIMAL("0.00"), DECIMAL("-5")) "," LINE(
                          "2", "2", DECIMAL("-5.00"), DECIMAL("0"))), /* a reversal in red */
         HEADER MOVE_ROW("5")},
        {PERIOD(MOVE, LINE("1", "1", "12.3", DECIMAL("0"))), "debit: AMOUNT_INVALID"},
        {PERIOD(MOVE, LINE("1", "1", DECIMAL("1E2"), DECIMAL("0"))), "AMOUNT_INVALID"},
        {PERIOD(MOVE, LINE("1", "1", DECIMAL("NaN"), DECIMAL("0"))), "AMOUNT_INVALID"},
        {PERIOD(MOVE, LINE("1", "1", DECIMAL("99999999999999999999"), DECIMAL("0"))),
         "AMOUNT_INVALID"},
        {PERIOD(MOVE, LINE("1", "1", DECIMAL("1"), DECIMAL("0"))), "ENTRY_UNBALANCED"},
        {PERIOD(MOVE, LINE("1", "9", DECIMAL("1"), DECIMAL("0"))), "account: VALUE_MISSING"},
        {PERIOD("", LINE("1", "1", DECIMAL("1"), DECIMAL("0"))), "move: VALUE_MISSING"},
        {PERIOD(MOVE "," MOVE, ""), "DUPLICATE_ROW"},
        {PERIOD("{\"id\":7}", ""), "DATE_INVALID"},
        {PERIOD("7", ""), "DATE_INVALID"},
        {"[]", "JSON_INVALID"},
        {"{", "JSON_INVALID"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        check_conversion("tryton", cases[i].json, cases[i].expected);
    }
}

#define EVENT_HEADER                                                                               \
    "tenant,type,reference,line,id,linked_event,linked_reference,chain,date,coa,amount,from,to,"   \
    "receivers,attributes\n"
#define EVENT(more, amounts)                                                                       \
    "{\"tenantId\":\"pb\",\"eventType\":\"Receipt\",\"eventTime\":1774982700000,"                  \
    "\"referenceId\":\"R-1\"" more ",\"amountDetails\":[" amounts "]}"
#define DETAIL(amount, more) "{\"amount\":" amount ",\"coaCode\":\"0215\"" more "}"
#define ID "\"id\":\"e1\""

static void
test_events(void)
{
    static const struct {
        const char *json, *expected;
    } cases[] = {
        {EVENT("," ID, DETAIL("12.30", "")),
         EVENT_HEADER "pb,RECEIPT,R-1,1,e1,,,R-1,2026-04-01,0215,12.3,,,,\n"},
        {EVENT("," ID ",\"linkedEventId\":\"e0\",\"receivers\":[\"a\",null,\"b\"]",
               DETAIL("1E2", ",\"fromBillingPeriod\":1774981800000,\"toBillingPeriod\":0")),
         EVENT_HEADER "pb,RECEIPT,R-1,1,e1,e0,,e0,2026-04-01,0215,100,2026-04-01,,a b,\n"},
        {EVENT("," ID ",\"linkedEventId\":\"e0\",\"linkedReferenceId\":\"D-1\"",
               DETAIL("-0.50", "") "," DETAIL("-0.50", "")),
         EVENT_HEADER "pb,RECEIPT,R-1,1,e1,e0,D-1,D-1,2026-04-01,0215,-0.5,,,,\n"
                      "pb,RECEIPT,R-1,2,e1,e0,D-1,D-1,2026-04-01,0215,-0.5,,,,\n"},
        {EVENT("," ID, DETAIL("2", ",\"id\":\"b\"") "," DETAIL("1", ",\"id\":\"a\"") "," DETAIL(
                           "2", ",\"id\":\"b\"")),
         EVENT_HEADER "pb,RECEIPT,R-1,1,e1,,,R-1,2026-04-01,0215,1,,,,\n"
                      "pb,RECEIPT,R-1,2,e1,,,R-1,2026-04-01,0215,2,,,,\n"},
        {EVENT("," ID ",\"attributes\":{\"b\":1.10,\"a\":[]}", DETAIL("\"7\"", "")),
         EVENT_HEADER "pb,RECEIPT,R-1,1,e1,,,R-1,2026-04-01,0215,7,,,,"
                      "\"{\"\"a\"\":[],\"\"b\"\":\"\"1.10\"\"}\"\n"},
        {"", "document.json: JSON_INVALID"},
        {"{", "document.json: JSON_INVALID"},
        {"{\"a\":01}", "begins as a number is none"},
        {"{\"a\":1,\"a\":2}", "JSON_INVALID"},
        {"{\"a\":\"\\u0000\"}", "JSON_INVALID"},
        {"[]", "VALUE_INVALID"},
        {EVENT("", ""), "document.json: /amountDetails: VALUE_MISSING"},
        {EVENT("", "[]"), "/amountDetails/0: VALUE_INVALID"},
        {EVENT("", DETAIL("1.5.5", "")), "JSON_INVALID"},
        {EVENT("", DETAIL("null", "")), "/amountDetails/0/amount: VALUE_MISSING"},
        {EVENT("", DETAIL("\"1 000\"", "")), "/amountDetails/0/amount: AMOUNT_INVALID"},
        {EVENT("", DETAIL("1e999999999999999999999", "")), "AMOUNT_INVALID"},
        {EVENT("", DETAIL("1", ",\"toBillingPeriod\":1.5")), "/toBillingPeriod: DATE_INVALID"},
        {EVENT("", DETAIL("1", ",\"id\":{}")), "/amountDetails/0/id: VALUE_INVALID"},
        {EVENT(",\"linkedEventId\":[]", DETAIL("1", "")), "/linkedEventId: VALUE_INVALID"},
        {EVENT(",\"receivers\":[{}]", DETAIL("1", "")), "/receivers: VALUE_INVALID"},
        {EVENT(",\"ingestionTime\":1e3", DETAIL("1", "")), "/ingestionTime: DATE_INVALID"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        check_conversion("ifix", cases[i].json, cases[i].expected);
    }
}

/* What no float can hold is held. */
static void
test_decimals(void)
{
    static const struct {
        const char *text, *expected;
    } cases[] = {
        {"0", "0"},
        {"-0.000", "0"},
        {"0e999999999999999999999", "0"},
        {"10", "10"},
        {"1.10", "1.1"},
        {"-12.5e-2", "-0.125"},
        {"12.5E+1", "125"},
        {"12.5e3", "12500"},
        {"0.00012e5", "12"},
        {"123456789012345678.123456789012345678", "123456789012345678.123456789012345678"},
        {"1e17", "100000000000000000"},
        {"1e18", NULL},
        {"1e-18", "0.000000000000000001"},
        {"1e-19", NULL},
        {"01", NULL},
        {"1.", NULL},
        {".5", NULL},
        {"+1", NULL},
        {"1e", NULL},
        {"1e+", NULL},
        {"0x10", NULL},
        {"", NULL},
        {"-", NULL},
        {"1 ", NULL},
        {"NaN", NULL},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *plain = fisc_json_decimal(cases[i].text);
        FISC_ASSERT_TEXT(plain != NULL ? plain : "none",
                         cases[i].expected != NULL ? cases[i].expected : "none");
    }
}

static void
test_zones(void)
{
    static const struct {
        const char *text;
        bool is_one;
        int64_t ms;
        const char *day;
    } cases[] = {
        {NULL, true, 1774982700000, "2026-04-01"},
        {"+00:00", true, 1774982700000, "2026-03-31"},
        {"-05:30", true, 1774920600000, "2026-03-30"},
        {"+14:00", true, 1, "1970-01-01"},
        {"-01:00", true, 1, "1969-12-31"},
        {"+14:01", false, 0, ""},
        {"+05:60", false, 0, ""},
        {"05:30", false, 0, ""},
        {"+5:30", false, 0, ""},
        {"", false, 0, ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        int minutes = 0;
        char day[FISC_DATE_TEXT];
        FISC_ASSERT_INT(fisc_ifix_zone(cases[i].text, &minutes), cases[i].is_one);
        if (cases[i].is_one) {
            FISC_ASSERT_TEXT(fisc_date_format(fisc_ifix_day(cases[i].ms, minutes), day),
                             cases[i].day);
        }
    }
}

const FiscTest fisc_rows_tests[] = {
    {"a period of a Tryton becomes rows of exactly its amounts, or is refused", test_moves},
    {"a transaction is transfers from account to account, of exactly its amounts", test_rows},
    {"a journal of the wrong shape is refused with its place", test_wrong},
    {"a fiscal event is rows of its amounts, or told with the place that is wrong", test_events},
    {"a number of JSON is its digits, never a float", test_decimals},
    {"a time is a day of its zone", test_zones},
    {NULL, NULL},
};

/* camt_test.c: bank statements (ISO 20022 camt.053) as rows: what is taken from which version, and
 * what is refused, with line, element and reason. */
#include "integrations/convert.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_camt_tests[];

#define HEADER                                                                                     \
    "statement,account,id,line,booked,value,amount,not_booked,currency,direction,status,reversal," \
    "code,end_to_end,debtor,creditor,text,transactions\n"
#define SPACE(version) "urn:iso:std:iso:20022:tech:xsd:camt.053.001." version
#define DOCUMENT(version, inner)                                                                   \
    "<Document xmlns=\"" SPACE(version) "\"><BkToCstmrStmt>" inner "</BkToCstmrStmt></Document>"
#define ACCOUNT_OF(currency)                                                                       \
    "<Id>S1</Id><Acct><Id><IBAN>DE1</IBAN></Id><Ccy>" currency "</Ccy></Acct>"
#define BALANCE_OF(code, currency, amount, direction)                                              \
    "<Bal><Tp><CdOrPrtry><Cd>" code "</Cd></CdOrPrtry></Tp><Amt Ccy=\"" currency "\">" amount      \
    "</Amt><CdtDbtInd>" direction "</CdtDbtInd></Bal>"
#define BALANCE(code, amount) BALANCE_OF(code, "EUR", amount, "CRDT")
#define STATEMENT(opening, closing, entries)                                                       \
    "<Stmt>" ACCOUNT_OF("EUR") BALANCE("OPBD", opening) BALANCE("CLBD", closing) entries "</Stmt>"
#define ENTRY_OF(reference, amount, direction, status, rest)                                       \
    "<Ntry><AcctSvcrRef>" reference "</AcctSvcrRef>" amount "<CdtDbtInd>" direction                \
    "</CdtDbtInd><Sts>" status "</Sts>" rest "</Ntry>"
#define EUR(amount) "<Amt Ccy=\"EUR\">" amount "</Amt>"
#define BOOKED "<BookgDt><Dt>2026-03-02</Dt></BookgDt>"
#define ENTRY(reference, amount, direction)                                                        \
    ENTRY_OF(reference, EUR(amount), direction, "BOOK", BOOKED)
#define ONE(entry) DOCUMENT("08", STATEMENT("10", "11", entry))
#define ROW(id, amount, pending, direction, status, rest)                                          \
    "S1,DE1," id ",1,2026-03-02,," amount "," pending ",EUR," direction "," status "," rest "\n"
#define PLAIN ",,,,,,0"

static void
check(const char *xml, const char *expected)
{
    g_autoptr(GBytes) body = g_bytes_new(xml, strlen(xml));
    g_autoptr(GBytes) text = NULL;
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    bool is_done = fisc_convert_find("camt053")(NULL, "s.xml", body, &text, refusals);
    FISC_ASSERT_INT(is_done, refusals->len == 0);
    FISC_ASSERT_INT(is_done, text != NULL);
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
        const char *xml, *rows;
    } cases[] = {
        {DOCUMENT("02", STATEMENT("10", "10", "")), HEADER},
        {DOCUMENT("02", STATEMENT("10", "11.5", ENTRY("A", "1.50", "CRDT"))),
         HEADER ROW("A", "1.50", "0", "CRDT", "BOOK", PLAIN)},
        /* since version 04 the status is a code; parties are within <Pty> since 08 */
        {DOCUMENT(
             "08",
             STATEMENT("10", "7",
                       ENTRY_OF("A", EUR("3"), "DBIT", "<Cd>BOOK</Cd>",
                                BOOKED
                                "<RvslInd>true</RvslInd>"
                                "<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>ICDT</Cd><SubFmlyCd>ESCT"
                                "</SubFmlyCd></Fmly></Domn></BkTxCd>"
                                "<NtryDtls><TxDtls><Refs><EndToEndId>E1</EndToEndId></Refs>"
                                "<RltdPties><Dbtr><Pty><Nm>We</Nm></Pty></Dbtr><Cdtr><Pty><Nm>"
                                "They, Ltd</Nm></Pty></Cdtr></RltdPties><RmtInf><Ustrd>one\n two"
                                "</Ustrd><Ustrd>three</Ustrd></RmtInf></TxDtls></NtryDtls>"))),
         HEADER "S1,DE1,A,1,2026-03-02,,3.00,0,EUR,DBIT,BOOK,yes,PMNT-ICDT-ESCT,E1,We,\"They, "
                "Ltd\",one two three,1\n"},
        {DOCUMENT("02", STATEMENT("10", "7",
                                  ENTRY_OF("A", EUR("3"), "DBIT", "BOOK",
                                           BOOKED "<BkTxCd><Prtry><Cd>NTRF</Cd></Prtry></BkTxCd>"
                                                  "<NtryDtls><TxDtls><RltdPties><Cdtr><Nm>They</Nm>"
                                                  "</Cdtr></RltdPties></TxDtls></NtryDtls>"
                                                  "<AddtlNtryInf>card</AddtlNtryInf>"))),
         HEADER ROW("A", "3.00", "0", "DBIT", "BOOK", ",NTRF,,,They,card,1")},
        /* of several payments no one is the entry's */
        {DOCUMENT("08",
                  STATEMENT("10", "7",
                            ENTRY_OF("A", EUR("3"), "DBIT", "BOOK",
                                     BOOKED "<NtryDtls><TxDtls><Refs><EndToEndId>1"
                                            "</EndToEndId></Refs></TxDtls><TxDtls/></NtryDtls>"
                                            "<NtryDtls><TxDtls/></NtryDtls>"))),
         HEADER ROW("A", "3.00", "0", "DBIT", "BOOK", ",,,,,,3")},
        /* what is not booked changes no balance and has no amount */
        {DOCUMENT("08", STATEMENT("10", "10", ENTRY_OF("A", EUR("3"), "DBIT", "PDNG", BOOKED))),
         HEADER ROW("A", "0", "3.00", "DBIT", "PDNG", PLAIN)},
        /* a day of a moment; two entries of one name, and one without */
        {DOCUMENT("08", STATEMENT("10", "13",
                                  ENTRY_OF("A", EUR("1"), "CRDT", "BOOK",
                                           "<BookgDt><DtTm>2026-03-02T10:00:00Z</DtTm></BookgDt>")
                                      ENTRY("A", "1", "CRDT")
                                          ENTRY_OF("a b", EUR("1"), "CRDT", "BOOK",
                                                   "<BookgDt><Dt>2026-03-02+01:00</Dt>"
                                                   "</BookgDt>"))),
         HEADER ROW("A", "1.00", "0", "CRDT", "BOOK", PLAIN)
             ROW("n2.0", "1.00", "0", "CRDT", "BOOK", PLAIN)
                 ROW("n3.0", "1.00", "0", "CRDT", "BOOK", PLAIN)},
        /* an overdrawn account; the balance before instead of the opening one; an own prefix */
        {"<x:Document xmlns:x=\"" SPACE(
             "03") "\"><x:BkToCstmrStmt><x:Stmt><x:Id>S</x:Id><x:Acct>"
                   "<x:Id><x:Othr><x:Id>7</x:Id></x:Othr></x:Id></x:Acct>"
                   "<x:Bal><x:Tp><x:CdOrPrtry><x:Cd>PRCD</x:Cd></x:CdOrPrtry></x:Tp><x:Amt "
                   "Ccy=\"JPY\">5"
                   "</x:Amt><x:CdtDbtInd>DBIT</x:CdtDbtInd></x:Bal>"
                   "<x:Bal><x:Tp><x:CdOrPrtry><x:Cd>CLBD</x:Cd></x:CdOrPrtry></x:Tp><x:Amt "
                   "Ccy=\"JPY\">5"
                   "</x:Amt><x:CdtDbtInd>DBIT</x:CdtDbtInd></x:Bal></x:Stmt></x:BkToCstmrStmt></"
                   "x:Document>",
         HEADER},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        check(cases[i].xml, cases[i].rows);
    }
}

static void
test_faults(void)
{
    static const struct {
        const char *xml, *words;
    } cases[] = {
        {"", "s.xml:1: VALUE_INVALID"},
        {"<a>", "no well-formed XML"},
        {"<a/>", "is no camt.053.001.02 to .08"},
        {"<Document/>", "is no camt.053"},
        {DOCUMENT("01", ""), "is no camt.053"},
        {DOCUMENT("09", ""), "is no camt.053"},
        {DOCUMENT("08", ""), "there is no statement"},
        {"<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "declares a document type"},
        {"<!DOCTYPE a SYSTEM \"file:///etc/passwd\"><a/>", "declares a document type"},
        {"<a>&b;</a>", "no well-formed XML: undefined entity"},
        {"<?xml version=\"1.0\" encoding=\"x-nobody\"?><a/>", "unknown encoding"},
        {DOCUMENT("08", "<Stmt><Id>S</Id></Stmt>"), "Acct/Ccy: VALUE_INVALID"},
        {DOCUMENT("08", "<Stmt>" ACCOUNT_OF("XYZ1") "</Stmt>"), "\"XYZ1\" is no currency"},
        {DOCUMENT("08", "<Stmt><Acct><Ccy>EUR</Ccy></Acct></Stmt>"), "Acct/Id: VALUE_MISSING"},
        {DOCUMENT("08", "<Stmt>" ACCOUNT_OF("EUR") BALANCE("OPBD", "1") "</Stmt>"),
         "Bal: VALUE_MISSING"},
        {DOCUMENT("08", "\n\n" STATEMENT("10", "11", "")), "s.xml:3: CLBD: CONTROL_TOTAL"},
        {ONE(ENTRY("A", "1.00", "DBIT")), "CLBD: CONTROL_TOTAL"},
        {ONE(ENTRY("A", "1.001", "CRDT")), "Ntry/Amt: AMOUNT_DECIMALS"},
        {ONE(ENTRY("A", "-1", "CRDT")), "Ntry/Amt: AMOUNT_INVALID"},
        {ONE(ENTRY("A", "1,00", "CRDT")), "Ntry/Amt: AMOUNT_INVALID"},
        {ONE(ENTRY("A", "99999999999999999999", "CRDT")), "Ntry/Amt: AMOUNT_OVERFLOW"},
        {ONE(ENTRY("A", "1", "CRED")), "Ntry/CdtDbtInd: VALUE_INVALID"},
        {ONE(ENTRY_OF("A", "", "CRDT", "BOOK", BOOKED)), "Ntry/Amt: VALUE_MISSING"},
        {ONE(ENTRY_OF("A", "<Amt>1</Amt>", "CRDT", "BOOK", BOOKED)), "Ntry/Amt: VALUE_MISSING"},
        {ONE(ENTRY_OF("A", "<Amt Ccy=\"USD\">1</Amt>", "CRDT", "BOOK", BOOKED)),
         "USD on an account in EUR"},
        {ONE(ENTRY_OF("A", EUR("1"), "CRDT", "DONE", BOOKED)), "Ntry/Sts: VALUE_INVALID"},
        {ONE(ENTRY_OF("A", EUR("1"), "CRDT", "BOOK", "")), "Ntry/BookgDt: VALUE_MISSING"},
        {ONE(ENTRY_OF("A", EUR("1"), "CRDT", "BOOK", "<BookgDt><Dt>2026-02-30</Dt></BookgDt>")),
         "BookgDt: DATE_INVALID"},
        {ONE(ENTRY_OF("A", EUR("1"), "CRDT", "BOOK", "<BookgDt><Dt>2026-03-021</Dt></BookgDt>")),
         "BookgDt: DATE_INVALID"},
        {ONE(ENTRY_OF("A", EUR("1"), "CRDT", "BOOK", "<BookgDt><DtTm>2026-03-02</DtTm></BookgDt>")),
         "BookgDt: DATE_INVALID"},
        {ONE(ENTRY_OF("A", EUR("1"), "CRDT", "BOOK", "<BookgDt><DtTm>2026</DtTm></BookgDt>")),
         "BookgDt: DATE_INVALID"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        check(cases[i].xml, cases[i].words);
    }
}

/* What only wants to cost memory and time. */
static void
test_limits(void)
{
    g_autoptr(GString) deep = g_string_new(NULL);
    for (int i = 0; i < 1000; i++) {
        g_string_append(deep, "<a>");
    }
    check(deep->str, "more elements, or deeper ones");
    g_autofree char *blanks = g_strnfill(70000, 'x');
    g_autofree char *wide = g_strdup_printf("<a>%s</a>", blanks);
    check(wide, "longer than 64 KiB");
}

const FiscTest fisc_camt_tests[] = {
    {"each version of a statement becomes the same rows", test_rows},
    {"a statement that says what it should not is refused with line, element and reason",
     test_faults},
    {"a statement that is too deep or too wide is refused", test_limits},
    {NULL, NULL},
};

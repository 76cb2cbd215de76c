/* pull_bank_test.c: bank statements (ISO 20022 camt.053) by the real walk. */
#include "tests/app/pulling.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_pull_bank_tests[];

#define EXAMPLE "examples/bank-statement"
#define STATEMENT "statement-2026-03-02.xml"

static Pulling
treasury(void)
{
    g_autofree char *entities = pulling_read(EXAMPLE "/entities.csv");
    g_autofree char *map = books_source_path(EXAMPLE "/map");
    return pulling_new(entities, "TOWN", "camt053", "statement-*.xml=statement.csv", "each", map);
}

static char *
edit(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    if (at == NULL) {
        g_error("there is no \"%s\"", from);
    }
    return g_strdup_printf("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static char *
accounts(Books *books)
{
    return books_ask(books,
                     "select string_agg(account || ' ' || amount, ', ' order by account) from ("
                     "select m.subject as account, sum(b.amount) as amount"
                     "  from (select unnest(coding) as coding_id, unnest(amount) as amount"
                     "          from ledger.entry) b"
                     "  join ledger.coding k using (coding_id)"
                     "  join ledger.master m on m.book_id = k.book_id and m.kind = 'account'"
                     "   and m.number = k.account_id group by m.subject) t");
}

static void
test_statement(void)
{
    g_auto(Pulling) town = treasury();
    pulling_drop_copy(&town, STATEMENT, EXAMPLE "/" STATEMENT);
    pulling_expect(&town, "posted 4 0 0");
    pulling_expect(&town, "unchanged 0 0 0");
    g_autofree char *told = accounts(town.books);
    FISC_ASSERT_TEXT(told, "1 -4000, 113 -125000, 2 75050, 22 30000, 6202 23950");
    /* The bank's closing less opening balance is what money moved. */
    books_expect(town.books,
                 "select count(*) from ledger.entry where effective = date '2026-03-02'", "4");
}

/* A pending entry is posted by nobody; when it is booked, it is. */
static void
test_pending(void)
{
    g_auto(Pulling) town = treasury();
    g_autofree char *text = pulling_read(EXAMPLE "/" STATEMENT);
    pulling_drop(&town, STATEMENT, text);
    pulling_expect(&town, "posted 4 0 0");
    g_autofree char *booked = edit(text, "<Cd>PDNG</Cd>", "<Cd>BOOK</Cd>");
    pulling_drop(&town, STATEMENT, booked);
    pulling_expect_quarantine(&town, "CLBD: CONTROL_TOTAL");
    g_autofree char *closed =
        edit(booked, "<Amt Ccy=\"EUR\">10239.50</Amt>", "<Amt Ccy=\"EUR\">10227.50</Amt>");
    pulling_drop(&town, STATEMENT, closed);
    pulling_expect(&town, "posted 1 0 4");
}

static void
test_correction(void)
{
    g_auto(Pulling) town = treasury();
    g_autofree char *text = pulling_read(EXAMPLE "/" STATEMENT);
    pulling_drop(&town, STATEMENT, text);
    pulling_expect(&town, "posted 4 0 0");
    g_autofree char *first =
        edit(text, "<Amt Ccy=\"EUR\">1250.00</Amt>", "<Amt Ccy=\"EUR\">1251.00</Amt>");
    g_autofree char *corrected =
        edit(first, "<Amt Ccy=\"EUR\">10239.50</Amt>", "<Amt Ccy=\"EUR\">10240.50</Amt>");
    pulling_drop(&town, STATEMENT, corrected);
    pulling_expect(&town, "posted 1 1 3");
    g_autofree char *told = accounts(town.books);
    FISC_ASSERT_TEXT(told, "1 -4000, 113 -125100, 2 75050, 22 30000, 6202 24050");
}

static void
test_faults(void)
{
    static const struct {
        const char *from, *to, *words;
    } cases[] = {
        {"<Document", "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><Document",
         "document type"},
        {"</Document>", "", STATEMENT},
        {">10239.50<", ">10239.51<", "CLBD: CONTROL_TOTAL"},
        {">1250.00<", ">1250.005<", "Ntry/Amt: AMOUNT_DECIMALS"},
        {"<Cd>CLBD</Cd>", "<Cd>ITBD</Cd>", "Bal: VALUE_MISSING"},
    };
    g_auto(Pulling) town = treasury();
    g_autofree char *text = pulling_read(EXAMPLE "/" STATEMENT);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *broken = edit(text, cases[i].from, cases[i].to);
        pulling_drop(&town, STATEMENT, broken);
        pulling_expect_quarantine(&town, cases[i].words);
    }
    pulling_drop(&town, STATEMENT, text);
    pulling_expect(&town, "posted 4 0 0");
}

const FiscTest fisc_pull_bank_tests[] = {
    {"a statement becomes receipts and payments, once, with what nobody knows in suspense",
     test_statement},
    {"an entry that is pending is posted when it is booked", test_pending},
    {"a corrected statement replaces what differs", test_correction},
    {"a statement that is broken or does not add up is quarantined with its element", test_faults},
    {NULL, NULL},
};

/* pull_msc_test.c: Brazil's monthly trial balances (Matriz de Saldos Contabeis) by a profile and a
 * map: what the files end with is what the books say, and a file that does not add up is not taken.
 */
#include "tests/app/pulling.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_pull_msc_tests[];

#define EXAMPLE "examples/brazil-msc"
#define JANUARY "msc-2026-01.csv"
#define FEBRUARY "msc-2026-02.csv"

static Pulling
municipality(void)
{
    g_autofree char *entities = pulling_read(EXAMPLE "/entities.csv");
    g_autofree char *map = books_source_path(EXAMPLE "/map");
    return pulling_new(entities, "MUN", "folder", "msc-*.csv=msc.csv", "each", map);
}

/* The balances after the month of accounts with this beginning, debits positive, as the file has
 * them. */
static int64_t
published(const char *text, const char *account)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    int64_t sum = 0;
    for (int i = 2; lines[i] != NULL && *lines[i] != '\0'; i++) {
        g_auto(GStrv) fields = g_strsplit(lines[i], ";", -1);
        if (strcmp(fields[14], "ending_balance") == 0 && g_str_has_prefix(fields[0], account)) {
            g_auto(GStrv) parts = g_strsplit(fields[13], ".", 2);
            int64_t cents =
                g_ascii_strtoll(parts[0], NULL, 10) * 100 + g_ascii_strtoll(parts[1], NULL, 10);
            sum += strcmp(fields[15], "D") == 0 ? cents : -cents;
        }
    }
    return sum;
}

/* What the books end February with, of an account's flow and stock, debits positive. */
static int64_t
booked(Books *books, const char *flow, const char *stock)
{
    const FiscReportQuery query = {
        .name = "trial-balance", .unit = "MUN", .period = "2026-01..2026-02"};
    g_autoptr(FiscTable) table = books_report(books, &query);
    int debit = fisc_table_column(table, "debit"), credit = fisc_table_column(table, "credit"),
        balance = fisc_table_column(table, "balance");
    __int128 sum = 0;
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        const char *account = books_text(row, 1);
        if (strcmp(account, flow) == 0) {
            sum += row->cells[debit].number - row->cells[credit].number;
        } else if (strcmp(account, stock) == 0) {
            sum += row->cells[balance].number;
        }
    }
    return (int64_t)sum;
}

static void
test_months(void)
{
    static const struct {
        const char *account, *flow, *stock;
    } cases[] = {
        {"111", "3202", "6202"},       {"112", "3208", "6208"},     {"115", "312", "612"},
        {"1231", "3112.1", "6112"},    {"1238", "311.3", "611"},    {"1232", "3111.1", "6111"},
        {"21", "3308", "6308"},        {"222", "3304", "6304"},     {"31", "2111", "2121"},
        {"33231", "22", "the others"}, {"39", "2", "nothing else"},
    };
    g_auto(Pulling) town = municipality();
    g_autofree char *january = pulling_read(EXAMPLE "/" JANUARY);
    g_autofree char *february = pulling_read(EXAMPLE "/" FEBRUARY);
    pulling_drop(&town, JANUARY, january);
    pulling_expect(&town, "posted 2 0 0");
    pulling_drop(&town, FEBRUARY, february);
    pulling_expect(&town, "posted 1 0 0");
    pulling_expect(&town, "unchanged 0 0 0");
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        int64_t expected = published(february, cases[i].account);
        if (strcmp(cases[i].account, "33231") == 0) {
            expected += published(february, "331"); /* material and services are one class */
        }
        FISC_ASSERT_INT(booked(town.books, cases[i].flow, cases[i].stock), expected);
    }
}

/* Replaces one piece of text that is there. */
static char *
edit(const char *text, const char *from, const char *to)
{
    const char *at = strstr(text, from);
    if (at == NULL) {
        g_error("there is no \"%s\"", from);
    }
    return g_strdup_printf("%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
}

static void
test_correction(void)
{
    static const struct {
        const char *from, *to;
    } edits[] = {
        {"7200.00;period_change;D", "7300.00;period_change;D"},
        {"16200.50;ending_balance;D", "16300.50;ending_balance;D"},
        {"10200.00;period_change;C", "10300.00;period_change;C"},
        {"12200.00;ending_balance;C", "12300.00;ending_balance;C"},
    };
    g_auto(Pulling) town = municipality();
    pulling_drop_copy(&town, JANUARY, EXAMPLE "/" JANUARY);
    pulling_drop_copy(&town, FEBRUARY, EXAMPLE "/" FEBRUARY);
    pulling_expect(&town, "posted 1 0 0");
    g_autofree char *text = pulling_read(EXAMPLE "/" FEBRUARY);
    for (guint i = 0; i < G_N_ELEMENTS(edits); i++) {
        char *edited = edit(text, edits[i].from, edits[i].to);
        g_free(text);
        text = edited;
    }
    pulling_drop(&town, FEBRUARY, text);
    pulling_expect(&town, "posted 1 1 0");
    FISC_ASSERT_INT(booked(town.books, "3308", "6308"), published(text, "21"));
}

static void
test_faults(void)
{
    static const struct {
        const char *from, *to, *words;
    } cases[] = {
        {"92900.00;ending", "92901.00;ending", "msc.csv:3: account: CONTROL_TOTAL"},
        {"80000.00;beginning", "80000.01;beginning", "CONTROL_TOTAL"},
        {"57000.00;period_change;D", "57000.00;period_change;C", "CONTROL_TOTAL"},
        {"57000.00;period_change;D", "57000.00;period_change;X", "msc.csv:4"},
        {"57000.00;period_change;D", "57000.00;change;D", "\"change\""},
        {"57000.00;period_change", "57000,00;period_change", "msc.csv:4: VALOR: AMOUNT_INVALID"},
        {"57000.00;period_change", "57000.005;period_change", "msc.csv:4: VALOR: AMOUNT_DECIMALS"},
        {"9999999EX;", "9999998EX;", "no prefix of \"9999998EX\" is known"},
        {"9999999EX;2026-01\n", "9999999EX\n", "msc.csv:1: month: COLUMN_COUNT"},
        {";2026-01\n", ";2026-13\n", "DATE_INVALID"},
        {"CONTA;", "ACCOUNT;", "COLUMN_MISSING"},
        {"111110200;10131;PO;1", "119990200;10131;PO;1", "no prefix of \"119990200\" is known"},
    };
    g_auto(Pulling) town = municipality();
    g_autofree char *text = pulling_read(EXAMPLE "/" JANUARY);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *broken = edit(text, cases[i].from, cases[i].to);
        pulling_drop(&town, JANUARY, broken);
        pulling_expect_quarantine(&town, cases[i].words);
    }
    pulling_drop(&town, JANUARY, text);
    pulling_expect(&town, "posted 2 0 0");
}

const FiscTest fisc_pull_msc_tests[] = {
    {"an opening and two months are in the books what the files end with", test_months},
    {"a month sent again with corrections is one reversal and one entry", test_correction},
    {"a month that does not add up, or says what nobody knows, is quarantined with its line",
     test_faults},
    {NULL, NULL},
};

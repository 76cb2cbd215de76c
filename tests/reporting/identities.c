/* identities.c: each identity is one assertion, over the figures of one unit as they are printed.
 */
#include "tests/reporting/identities.h"
#include "tests/reporting/reading.h"
#include "tests/support/suite.h"
#include <string.h>

/* The sum of a statement's rows whose code is @digits long and begins with @under. */
static int64_t
sum_of_rows(const FiscTable *table, const char *statement, const char *under, size_t digits)
{
    int64_t sum = 0;
    for (guint i = 0; i < table->rows->len; i++) {
        const char *code = text_at(table, i, 2);
        bool is_child = g_str_equal(text_at(table, i, 0), statement) &&
                        g_str_has_prefix(code, under) && strchr(code, '.') == NULL &&
                        (digits == 0 || strlen(code) == digits);
        sum += is_child ? amount_at(table, i, 4) : 0;
    }
    return sum;
}

#define SOO(code) amount_of(table, "SOO", code)
#define SSUC(code) amount_of(table, "SSUC", code)
#define SOEF(code) amount_of(table, "SOEF", code)
#define OPEN(code) amount_of(table, "BS_OPEN", code)
#define CLOSE(code) amount_of(table, "BS_CLOSE", code)
#define CHANGE(code) (CLOSE(code) - OPEN(code))

/* GFSM 2001 has no row for expenditure. */
static bool
is_of_2014(const FiscTable *table)
{
    return has_row(table, "SOO", "2M");
}

/* The sum over units of a balancing item: what consolidation leaves between two records that differ
 * is no part of any identity. */
static int64_t
of_units(const FiscTable *table, const char *statement, const char *code, const char *item)
{
    return amount_of(table, statement, code) + transit_of(table, item);
}

#define NOB of_units(table, "SOO", "NOB", "NOB")
#define NLB of_units(table, "SOO", "NLB", "NLB")
#define GAINS of_units(table, "SOEF", "4", "4")
#define VOLUME of_units(table, "SOEF", "5", "5")
#define OPENING of_units(table, "BS_OPEN", "6", "opening 6")
#define CLOSING of_units(table, "BS_CLOSE", "6", "closing 6")

#define GAP_FUNCTION "Expenditure without a function"
#define GAP_ASSETS "Transactions in financial assets without a counterparty"
#define GAP_LIABILITIES "Transactions in liabilities without a counterparty"

/* What a note says that nobody classified; 0 without such a note. */
static int64_t
gap_of(const FiscTable *table, const char *words)
{
    for (guint i = 0; i < table->notes->len; i++) {
        const char *note = g_ptr_array_index(table->notes, i);
        if (g_str_has_prefix(note, words)) {
            g_autoptr(GString) amount = g_string_new(strrchr(note, ' ') + 1);
            g_string_replace(amount, ",", "", 0);
            return naive_amount(amount->str);
        }
    }
    return 0;
}

/* Identities 2 to 4: operations, capital, financing and functions tell one story. */
static void
check_operations(const FiscTable *table)
{
    FISC_ASSERT_INT(SOO("NOB") - SOO("31") - SOO("NLBz"), SOO("32") - SOO("33"));
    FISC_ASSERT_INT(SOO("NLBz") + transit_of(table, "NLBz"), 0);
    FISC_ASSERT_INT(SOO("GOB") - SOO("NOB"), SOO("23"));
    FISC_ASSERT_INT(SOO("23"), SOO("31.3"));
    FISC_ASSERT_INT(SOO("2") + SOO("31"),
                    amount_of(table, "COFOG_DIV", "7") + gap_of(table, GAP_FUNCTION));
    FISC_ASSERT_INT(SOO("NLB"), SOO("1") - SOO("2") - SOO("31"));
    if (is_of_2014(table)) {
        FISC_ASSERT_INT(SOO("2M"), SOO("2") + SOO("31"));
    }
}

/* Identity 5: every stock is its opening and its flows. The label carries four figures. */
static void
check_stocks(const FiscTable *table)
{
    guint checked = 0;
    for (guint i = 0; i < table->rows->len; i++) {
        if (g_str_equal(text_at(table, i, 0), "STOCKFLOW")) {
            g_auto(GStrv) parts = g_strsplit(text_at(table, i, 3), "|", -1);
            int64_t sum = 0;
            FISC_ASSERT_INT(g_strv_length(parts), 4);
            for (char **part = parts; *part != NULL; part++) {
                sum += naive_amount(*part);
            }
            FISC_ASSERT_INT(amount_at(table, i, 4), sum);
            checked++;
        }
    }
    CU_ASSERT(checked > 0);
}

/* Identity 6: the change in net worth is the balance and the other economic flows. */
static void
check_net_worth(const FiscTable *table)
{
    int64_t financial = SOEF("42") + SOEF("52") - SOEF("43") - SOEF("53");
    bool is_settled = transit_of(table, "closing 6") == 0 && transit_of(table, "NLB") == 0;
    FISC_ASSERT_INT(CLOSE("6"), CLOSE("61") + CLOSE("62") - CLOSE("63"));
    FISC_ASSERT_INT(CLOSING - OPENING, NOB + GAINS + VOLUME);
    if (is_settled) {
        FISC_ASSERT_INT(CHANGE("6M2"), SOO("NLB") + financial);
        FISC_ASSERT_INT(CHANGE("61"), SOO("31") + SOEF("41") + SOEF("51"));
    }
    if (is_of_2014(table)) {
        FISC_ASSERT_INT(SOEF("9"), SOEF("4") + SOEF("5"));
        FISC_ASSERT_INT(SOEF("9M2"), financial);
        FISC_ASSERT_INT(amount_of(table, "STCNW", "6_close") - amount_of(table, "STCNW", "6_open"),
                        CHANGE("6"));
    }
}

/* Identity 7: children add up to parents, and three views of financing agree. */
static void
check_children(const FiscTable *table)
{
    static const char *const parents[] = {"11", "12", "13", "14"};
    FISC_ASSERT_INT(SOO("1"), SOO("11") + SOO("12") + SOO("13") + SOO("14") + SOO("1U"));
    for (guint i = 0; i < G_N_ELEMENTS(parents); i++) {
        FISC_ASSERT_INT(SOO(parents[i]), sum_of_rows(table, "SOO", parents[i], 3));
    }
    FISC_ASSERT_INT(SOO("2"), sum_of_rows(table, "SOO", "2", 2) - SOO("2M"));
    FISC_ASSERT_INT(SOO("31"), SOO("311") + SOO("312") + SOO("313") + SOO("314"));
    int64_t assets = SOO("32") - gap_of(table, GAP_ASSETS);
    int64_t liabilities = SOO("33") + gap_of(table, GAP_LIABILITIES); /* told as a debit */
    FISC_ASSERT_INT(assets, SOO("321") + SOO("322") + SOO("323"));
    FISC_ASSERT_INT(SOO("32"), sum_of_rows(table, "SOO", "320", 0) + SOO("323"));
    FISC_ASSERT_INT(assets, sum_of_rows(table, "COUNTERPART", "82", 0));
    FISC_ASSERT_INT(liabilities, SOO("331") + SOO("332"));
    FISC_ASSERT_INT(SOO("33"), sum_of_rows(table, "SOO", "330", 0));
    FISC_ASSERT_INT(liabilities, sum_of_rows(table, "COUNTERPART", "83", 0));
    FISC_ASSERT_INT(amount_of(table, "COFOG_DIV", "7"), sum_of_rows(table, "COFOG", "7", 0));
}

/* Books may have no payers and payees, as those made of published totals. */
static bool
names_payers(const FiscTable *table)
{
    static const char *const rows[] = {"C321x", "C322x", "C323x", "C331", "C332"};
    for (guint i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (has_row(table, "SSUC", rows[i])) {
            return true;
        }
    }
    return false;
}

/* Identity 8: the cash statement ends where the deposits do. */
static void
check_cash(const FiscTable *table)
{
    int64_t cash = SSUC("NCB") + transit_of(table, "CSD");
    FISC_ASSERT_INT(cash, CHANGE("6202") - SOEF("4202") - SOEF("5202"));
    FISC_ASSERT_INT(SSUC("CSD"), SSUC("CIO") - SSUC("C31"));
    FISC_ASSERT_INT(SSUC("NCB"), SSUC("CSD") + SSUC("NFB"));
    FISC_ASSERT_INT(SSUC("C1"),
                    SSUC("C11") + SSUC("C12") + SSUC("C13") + SSUC("C14") + SSUC("C1U"));
    FISC_ASSERT_INT(SSUC("C31"), SSUC("C31.1") - SSUC("C31.2"));
    if (names_payers(table)) {
        FISC_ASSERT_INT(SSUC("C32x"), SSUC("C321x") + SSUC("C322x") + SSUC("C323x"));
        FISC_ASSERT_INT(SSUC("C33"), SSUC("C331") + SSUC("C332"));
    }
}

/* Identity 10: gross debt changes by what is incurred, revalued and reclassified of it. */
static void
check_debt(const FiscTable *table)
{
    int64_t incurred = SOO("33") - SOO("3305") - SOO("3307");
    int64_t revalued = SOEF("43") - SOEF("4305") - SOEF("4307");
    int64_t moved = SOEF("53") - SOEF("5305") - SOEF("5307");
    FISC_ASSERT_INT(CHANGE("6M3"), incurred + revalued + moved);
    if (is_of_2014(table)) {
        FISC_ASSERT_INT(CLOSE("6M3") - CLOSE("6M9"), CLOSE("62") - CLOSE("6205") - CLOSE("6207"));
    }
}

void
identities_check(const FiscTable *table)
{
    check_operations(table);
    check_stocks(table);
    check_net_worth(table);
    check_children(table);
    check_cash(table);
    check_debt(table);
}

/* ipsas_test.c: the financial statements of IPSAS: those of Brea's Treasury, worked by hand from
 * the tables of tests/data/brea-2023/WORKINGS.md, and what must hold for every unit and group. */
#include "tests/reporting/reading.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_ipsas_tests[];

static NaiveBooks *
read_books(const char *package)
{
    g_autofree char *folder = fisc_test_data(package);
    return naive_books_read(folder);
}

typedef struct {
    const char *statement, *code;
    const char *amount; /* of WORKINGS.md, section 2 */
} Expected;

static void
expect_amounts(const FiscTable *table, const Expected *expected, guint count)
{
    for (guint i = 0; i < count; i++) {
        int64_t amount = amount_of(table, expected[i].statement, expected[i].code);
        g_autofree char *told = g_strdup_printf("%s %s %" G_GINT64_FORMAT, expected[i].statement,
                                                expected[i].code, amount);
        g_autofree char *wanted =
            g_strdup_printf("%s %s %" G_GINT64_FORMAT, expected[i].statement, expected[i].code,
                            naive_amount(expected[i].amount));
        FISC_ASSERT_TEXT(told, wanted);
    }
}

static void
test_statements_worked_by_hand(void)
{
    static const Expected expected[] = {
        {"POSITION", "A11", "935.60"},
        {"POSITION", "A13", "178.50"},
        {"POSITION", "A1", "1114.10"},
        {"POSITION", "A21", "85"},
        {"POSITION", "A23", "962.50"},
        {"POSITION", "A26", "5380.50"}, /* 3880 + 1500.50 */
        {"POSITION", "A2", "6428"},
        {"POSITION", "A", "7542.10"},
        {"POSITION", "L12", "116.25"},
        {"POSITION", "L13", "233.90"},
        {"POSITION", "L1", "350.15"},
        {"POSITION", "L21", "574"},
        {"POSITION", "L22", "1105.50"},
        {"POSITION", "L2", "1679.50"},
        {"POSITION", "L", "2029.65"},
        {"POSITION", "E2", "5512.45"},
        {"POSITION", "E", "5512.45"},
        {"PERFORMANCE", "R11", "644"},
        {"PERFORMANCE", "R14", "1.60"},
        {"PERFORMANCE", "R1", "645.60"},
        {"PERFORMANCE", "R22", "4"},
        {"PERFORMANCE", "R23", "21"},
        {"PERFORMANCE", "R2", "25"},
        {"PERFORMANCE", "R", "670.60"},
        {"PERFORMANCE", "X1", "300"},
        {"PERFORMANCE", "X2", "130.75"},
        {"PERFORMANCE", "X3", "120"},
        {"PERFORMANCE", "X5", "155"},
        {"PERFORMANCE", "X6", "18"},
        {"PERFORMANCE", "X7", "79.90"},
        {"PERFORMANCE", "X8", "0"},
        {"PERFORMANCE", "X", "803.65"},
        {"PERFORMANCE", "G", "6"},
        /* 20 - 14 */ {"PERFORMANCE", "S", "-127.05"},
        {"NET_ASSETS", "N0", "5659.50"},
        {"NET_ASSETS", "S", "-127.05"},
        {"NET_ASSETS", "V", "0"},
        {"NET_ASSETS", "W", "-20"},
        {"NET_ASSETS", "T", "-147.05"},
        {"NET_ASSETS", "N1", "5512.45"},
        {"CASH_FLOWS", "O1", "692.10"},
        {"CASH_FLOWS", "O2", "637.40"},
        {"CASH_FLOWS", "O", "54.70"},
        {"CASH_FLOWS", "I3", "75"},
        {"CASH_FLOWS", "I", "-75"},
        {"CASH_FLOWS", "F", "83.15"},
        {"CASH_FLOWS", "N", "62.85"},
        {"CASH_FLOWS", "B", "865.25"},
        {"CASH_FLOWS", "H", "7.50"},
        {"CASH_FLOWS", "Z", "935.60"},
        {"CASH_RECONCILIATION", "K1", "120"},
        {"CASH_RECONCILIATION", "K2", "6"},
        {"CASH_RECONCILIATION", "K4", "40.75"},
        {"CASH_RECONCILIATION", "K5", "-21.50"},
        /* interest that was added to the bond (B046) */
        {"CASH_RECONCILIATION", "K6", "5.50"},
        {"CASH_RECONCILIATION", "O", "54.70"},
    };
    g_autoptr(NaiveBooks) books = read_books("brea-2023");
    g_autoptr(FiscTable) table = read_standard(books, "TRE", "ipsas");
    expect_amounts(table, expected, G_N_ELEMENTS(expected));
    CU_ASSERT_FALSE(has_row(table, "CASH_FLOWS", "Y"));
}

static void
test_assumptions_are_notes_of_their_statement(void)
{
    g_autoptr(NaiveBooks) books = read_books("brea-2023");
    g_autoptr(FiscTable) table = read_standard(books, "TRE", "ipsas");
    g_autofree char *notes = notes_of(table);
    g_autofree char *csv = csv_of(table);
    FISC_ASSERT_CONTAINS(notes, "Maturities are not on record");
    FISC_ASSERT_CONTAINS(notes, "revaluations of nonfinancial assets and other changes in volume");
    CU_ASSERT_PTR_NULL(strstr(csv, "Maturities are not on record"));
}

/* What the same books say in GFS terms. */
static void
expect_agreement(const FiscTable *ipsas, const FiscTable *gfs)
{
    int64_t distributed = amount_of(ipsas, "PERFORMANCE", "D");
    int64_t net_worth = amount_of(gfs, "BS_CLOSE", "6");
    int64_t owners = amount_of(gfs, "BS_CLOSE", "6305");
    FISC_ASSERT_INT(amount_of(ipsas, "POSITION", "A"),
                    amount_of(gfs, "BS_CLOSE", "61") + amount_of(gfs, "BS_CLOSE", "62"));
    FISC_ASSERT_INT(amount_of(ipsas, "POSITION", "L") + amount_of(ipsas, "POSITION", "E1"),
                    amount_of(gfs, "BS_CLOSE", "63"));
    FISC_ASSERT_INT(amount_of(ipsas, "POSITION", "E2"), net_worth);
    FISC_ASSERT_INT(amount_of(ipsas, "NET_ASSETS", "N1"), amount_of(ipsas, "POSITION", "E"));
    FISC_ASSERT_INT(amount_of(ipsas, "PERFORMANCE", "R"), amount_of(gfs, "SOO", "1"));
    FISC_ASSERT_INT(amount_of(ipsas, "PERFORMANCE", "X") + distributed, amount_of(gfs, "SOO", "2"));
    FISC_ASSERT_INT(amount_of(ipsas, "NET_ASSETS", "S"), amount_of(ipsas, "PERFORMANCE", "S"));
    FISC_ASSERT_INT(amount_of(ipsas, "NET_ASSETS", "N1"), net_worth + owners);
    FISC_ASSERT_INT(amount_of(ipsas, "CASH_FLOWS", "O"), amount_of(gfs, "SSUC", "CIO"));
    FISC_ASSERT_INT(amount_of(ipsas, "CASH_FLOWS", "N"), amount_of(gfs, "SSUC", "NCB"));
    FISC_ASSERT_INT(amount_of(ipsas, "CASH_RECONCILIATION", "O"),
                    amount_of(ipsas, "CASH_FLOWS", "O"));
    FISC_ASSERT_INT(amount_of(ipsas, "NET_ASSETS", "X"), -amount_of(gfs, "SOO", "NLBz"));
    CU_ASSERT_FALSE(has_row(ipsas, "POSITION", "Y"));
    CU_ASSERT_FALSE(has_row(ipsas, "NET_ASSETS", "Y"));
}

static void
check_unit(const NaiveBooks *books, const char *unit)
{
    g_autoptr(FiscTable) ipsas = read_standard(books, unit, "ipsas");
    g_autoptr(FiscTable) gfs = read_year(books, unit);
    expect_agreement(ipsas, gfs);
}

static void
test_every_unit_and_group_agrees_with_its_gfs_statements(void)
{
    static const char *const packages[] = {"arda-2024", "brea-2023", "cora-2024"};
    for (guint i = 0; i < G_N_ELEMENTS(packages); i++) {
        g_autoptr(NaiveBooks) books = read_books(packages[i]);
        for (guint k = 0; k < books->nation->entities->len; k++) {
            const FiscEntity *entity = g_ptr_array_index(books->nation->entities, k);
            if (entity->reporting) {
                check_unit(books, entity->code);
            }
        }
        for (guint k = 0; k < books->nation->groups->len; k++) {
            check_unit(books, ((const FiscGroup *)books->nation->groups->pdata[k])->code);
        }
    }
}

/* IPSAS 24 ----------------------------------------------------------------------------------- */

static FiscTable *
compare_budget(const NaiveBooks *books, const char *unit)
{
    FiscStatementQuery query = {.nation = books->nation,
                                .balances = books->balances,
                                .unit = unit,
                                .from = books->year * 100,
                                .to = books->year * 100 + 13};
    FiscTable *table = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_statement_ipsas_budget(&query, &table, NULL));
    return table;
}

/* "original final actual difference" of a row; "" when there is none. Caller frees. */
static char *
row_of(const FiscTable *table, const char *statement, const char *code)
{
    for (guint i = 0; i < table->rows->len; i++) {
        if (strcmp(text_at(table, i, 0), statement) == 0 &&
            strcmp(text_at(table, i, 2), code) == 0) {
            return g_strdup_printf("%s %s %" G_GINT64_FORMAT " %" G_GINT64_FORMAT
                                   " %" G_GINT64_FORMAT " %" G_GINT64_FORMAT,
                                   statement, code, amount_at(table, i, 4), amount_at(table, i, 5),
                                   amount_at(table, i, 6), amount_at(table, i, 7));
        }
    }
    return g_strdup("");
}

static void
expect_rows(const FiscTable *table, const char *const *rows)
{
    for (; *rows != NULL; rows++) {
        g_auto(GStrv) words = g_strsplit(*rows, " ", 3);
        g_autofree char *row = row_of(table, words[0], words[1]);
        FISC_ASSERT_TEXT(row, *rows);
    }
}

/* From budget.csv and the Treasury's pages: what was obligated and paid of each line is in
 * expected_budget_execution.csv, and the totals are those of WORKINGS.md: C2 637.40, expense
 * 803.65.
 */
static void
test_budget_and_actual_worked_by_hand(void)
{
    static const char *const rows[] = {
        "IPSAS24 21 31000 30500 30000 500", /* 220 + 90; -5; 210 + 90 */
        "IPSAS24 22 13000 14000 13075 925", /* 130; +10; 130.75 */
        "IPSAS24 24 8315 8365 7990 375",    /* 20 + 60 + 3.15; +0.50 */
        "IPSAS24 25 2000 2000 1800 200",
        "IPSAS24 26 18000 17450 15500 1950", /* 40 + 55 + 60 + 25; -5.50; 40 + 55 + 60 */
        "IPSAS24 ST 72315 72315 68365 3950",
        "IPSAS24_CASH A 0 0 68365 0",
        "IPSAS24_CASH P 0 0 0 0",
        "IPSAS24_CASH B 0 0 -4625 0", /* 42 + 18 - 19.25 + 5.50 */
        "IPSAS24_CASH E 0 0 0 0",
        "IPSAS24_CASH T 0 0 0 0",
        "IPSAS24_CASH I 0 0 0 0",
        "IPSAS24_CASH C 0 0 63740 0",
        "IPSAS24_EXPENSE A 0 0 68365 0",
        "IPSAS24_EXPENSE D 0 0 12000 0",
        "IPSAS24_EXPENSE T 0 0 0 0",
        "IPSAS24_EXPENSE X 0 0 80365 0",
        NULL,
    };
    g_autoptr(NaiveBooks) books = read_books("brea-2023");
    g_autoptr(FiscTable) table = compare_budget(books, "TRE");
    expect_rows(table, rows);
}

static int64_t
sum_of_steps(const FiscTable *table, const char *statement, const char *total)
{
    int64_t sum = 0;
    for (guint i = 0; i < table->rows->len; i++) {
        if (strcmp(text_at(table, i, 0), statement) == 0 &&
            strcmp(text_at(table, i, 2), total) != 0) {
            sum += amount_at(table, i, 6);
        }
    }
    return sum;
}

static int64_t
actual_at(const FiscTable *table, const char *statement, const char *code)
{
    for (guint i = 0; i < table->rows->len; i++) {
        if (strcmp(text_at(table, i, 0), statement) == 0 &&
            strcmp(text_at(table, i, 2), code) == 0) {
            return amount_at(table, i, 6);
        }
    }
    return 0;
}

static void
check_budget_of(const NaiveBooks *books, const char *unit)
{
    g_autoptr(FiscTable) table = compare_budget(books, unit);
    g_autoptr(FiscTable) ipsas = read_standard(books, unit, "ipsas");
    int64_t paid = amount_of(ipsas, "CASH_FLOWS", "O2") + amount_of(ipsas, "CASH_FLOWS", "I1");
    int64_t expense = amount_of(ipsas, "PERFORMANCE", "X");
    FISC_ASSERT_INT(actual_at(table, "IPSAS24_CASH", "C"), paid);
    FISC_ASSERT_INT(sum_of_steps(table, "IPSAS24_CASH", "C"), paid);
    FISC_ASSERT_INT(actual_at(table, "IPSAS24_EXPENSE", "X"), expense);
    FISC_ASSERT_INT(sum_of_steps(table, "IPSAS24_EXPENSE", "X"), expense);
}

static void
test_every_comparison_leads_to_the_statements(void)
{
    static const char *const packages[] = {"arda-2024", "brea-2023"};
    for (guint i = 0; i < G_N_ELEMENTS(packages); i++) {
        g_autoptr(NaiveBooks) books = read_books(packages[i]);
        for (guint k = 0; k < books->nation->groups->len; k++) {
            const FiscGroup *group = g_ptr_array_index(books->nation->groups, k);
            check_budget_of(books, group->code);
            for (guint m = 0; m < group->members->len; m++) {
                check_budget_of(books, g_ptr_array_index(group->members, m));
            }
        }
    }
}

/* The public sector of Brea: the water company has no budget; grants, interest and subsidies
 * between the five units are left out when they are consolidated. */
static void
test_units_without_a_budget_and_consolidation_have_rows(void)
{
    g_autoptr(NaiveBooks) books = read_books("brea-2023");
    g_autoptr(FiscTable) table = compare_budget(books, "PS");
    g_autoptr(FiscTable) company = read_standard(books, "WAT", "ipsas");
    int64_t paid = amount_of(company, "CASH_FLOWS", "O2") + amount_of(company, "CASH_FLOWS", "I1");
    FISC_ASSERT_INT(actual_at(table, "IPSAS24_CASH", "E"), paid);
    CU_ASSERT_TRUE(actual_at(table, "IPSAS24_CASH", "I") < 0);
    FISC_ASSERT_INT(actual_at(table, "IPSAS24_EXPENSE", "E"),
                    amount_of(company, "PERFORMANCE", "X"));
}

static void
test_the_comparison_names_what_it_needs(void)
{
    g_autoptr(NaiveBooks) books = read_books("brea-2023");
    FiscStatementQuery query = {.nation = books->nation, .balances = books->balances};
    FiscTable *table = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_FALSE(fisc_statement_ipsas_budget(&query, &table, &error));
    CU_ASSERT_TRUE(g_error_matches(error, FISC_ERROR, FISC_ERROR_USAGE));
    query.unit = "NOBODY";
    g_clear_error(&error);
    CU_ASSERT_FALSE(fisc_statement_ipsas_budget(&query, &table, &error));
    CU_ASSERT_TRUE(g_error_matches(error, FISC_ERROR, FISC_ERROR_NOT_FOUND));
    CU_ASSERT_PTR_NULL(table);
}

const FiscTest fisc_ipsas_tests[] = {
    {"the Treasury of Brea, worked by hand", test_statements_worked_by_hand},
    {"assumptions are notes of their statement", test_assumptions_are_notes_of_their_statement},
    {"every unit and group agrees with its GFS statements",
     test_every_unit_and_group_agrees_with_its_gfs_statements},
    {"budget and actual of the Treasury, worked by hand", test_budget_and_actual_worked_by_hand},
    {"every comparison leads to the statements", test_every_comparison_leads_to_the_statements},
    {"units without a budget and consolidation have rows",
     test_units_without_a_budget_and_consolidation_have_rows},
    {"the comparison names what it needs", test_the_comparison_names_what_it_needs},
    {NULL, NULL},
};

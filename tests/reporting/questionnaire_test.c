/* questionnaire_test.c: the tables of the annual questionnaire against the statements they detail,
 * against each other, and against the classification they list. */
#include "fisc/chart.h"
#include "reporting/layout.h"
#include "tests/reporting/random_books.h"
#include "tests/reporting/reading.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_questionnaire_tests[];

#define SEEDS 4

enum { STATEMENT, UNIT, CODE, LABEL, AMOUNT };

/* A figure of the questionnaire is one of the statements. */
static const struct {
    const char *table, *row, *statement, *code;
} ties[] = {
    {"T1", "1", "SOO", "1"},           {"T1", "114", "SOO", "114"},
    {"T1", "133", "SOO", "133"},       {"T2", "2", "SOO", "2"},
    {"T2", "22", "SOO", "22"},         {"T2", "28", "SOO", "28"},
    {"T3", "31", "SOO", "31"},         {"T3", "31.3", "SOO", "31.3"},
    {"T3", "32", "SOO", "32"},         {"T3", "331", "SOO", "331"},
    {"T3", "332", "SOO", "332"},       {"T4", "4", "SOEF", "4"},
    {"T4", "43", "SOEF", "43"},        {"T5", "5", "SOEF", "5"},
    {"T5", "51", "SOEF", "51"},        {"T6", "6", "BS_CLOSE", "6"},
    {"T6", "61", "BS_CLOSE", "61"},    {"T6", "6M2", "BS_CLOSE", "6M2"},
    {"T6A", "6M4", "BS_CLOSE", "6M3"}, {"T6A", "6M9", "BS_CLOSE", "6M9"},
    {"T7", "7", "COFOG_DIV", "7"},     {"T8A", "82", "SOO", "32"},
    {"T8A", "83", "SOO", "33"},        {"T8B", "682", "BS_CLOSE", "62"},
    {"T8B", "683", "BS_CLOSE", "63"},  {"T9", "9", "SOEF", "9"},
    {"T9", "91", "SOEF", "91"},        {"T9", "9M2", "SOEF", "9M2"},
    {"BS", "6", "BS_CLOSE", "6"},      {"BS", "6_open", "BS_OPEN", "6"},
    {"S2", "CSD", "SSUC", "CSD"},      {"S2", "NCB", "SSUC", "NCB"},
    {"S2", "C332", "SSUC", "C332"},
};

static void
check_ties(const NaiveBooks *books, const char *unit)
{
    g_autoptr(FiscTable) tables = read_standard(books, unit, "questionnaire");
    g_autoptr(FiscTable) statements = read_standard(books, unit, "gfsm2014");
    for (guint i = 0; i < G_N_ELEMENTS(ties); i++) {
        CU_ASSERT(has_row(tables, ties[i].table, ties[i].row));
        FISC_ASSERT_INT(amount_of(tables, ties[i].table, ties[i].row),
                        amount_of(statements, ties[i].statement, ties[i].code));
    }
    for (guint i = 0; i < tables->rows->len; i++) {
        if (g_str_equal(text_at(tables, i, STATEMENT), "SO")) {
            FISC_ASSERT_INT(amount_at(tables, i, AMOUNT),
                            amount_of(statements, "SOO", text_at(tables, i, CODE)));
        }
    }
}

/* The sum of the rows right below one, by the classification; assets by kind and by residence are
 * the same once more. */
static int64_t
sum_below(const FiscTable *table, const char *statement, const char *parent, bool *out_is_detailed)
{
    int64_t sum = 0;
    *out_is_detailed = false;
    for (guint i = 0; i < table->rows->len; i++) {
        const char *code = text_at(table, i, CODE);
        const FiscGfsCode *known = fisc_gfs_code_find(code);
        bool is_again = strchr(code, '.') != NULL || strlen(code) == 3;
        bool is_child = known != NULL && g_str_equal(known->parent, parent) &&
                        g_str_equal(text_at(table, i, STATEMENT), statement);
        if (!is_child || (is_again && strchr("345689", code[0]) != NULL && code[1] != '1') ||
            strchr(code, '.') != NULL) {
            continue;
        }
        sum += amount_at(table, i, AMOUNT);
        *out_is_detailed = *out_is_detailed || amount_at(table, i, AMOUNT) != 0;
    }
    return sum;
}

/* Where any detail is recorded, all of it is, in these books. */
static guint
check_children(const FiscTable *table)
{
    static const char *const trees[] = {"T1", "T2", "T3", "T4", "T5", "T6", "T7", "T9", NULL};
    guint checked = 0;
    for (guint i = 0; i < table->rows->len; i++) {
        const char *statement = text_at(table, i, STATEMENT);
        const char *code = text_at(table, i, CODE);
        bool is_balance = strlen(code) < 2 && strchr("4569", code[0]) != NULL;
        bool is_detailed = false;
        if (!g_strv_contains(trees, statement) || is_balance) {
            continue;
        }
        int64_t below = sum_below(table, statement, code, &is_detailed);
        if (is_detailed) {
            FISC_ASSERT_INT(amount_at(table, i, AMOUNT), below);
            checked++;
        }
    }
    return checked;
}

/* 321 = 3211..3218 of table 3, and so on; by residence and by instrument it is the same total. */
static void
check_residence(const FiscTable *table)
{
    static const struct {
        const char *statement;
        char digit;
    } tables[] = {{"T3", '3'}, {"T4", '4'}, {"T5", '5'}, {"T6", '6'}, {"T9", '9'}};
    for (guint i = 0; i < G_N_ELEMENTS(tables); i++) {
        for (char side = '2'; side <= '3'; side++) {
            int64_t whole = 0;
            const char side_code[] = {tables[i].digit, side, '\0'};
            for (char residence = '1'; residence <= '2'; residence++) {
                const char code[] = {tables[i].digit, side, residence, '\0'};
                int64_t sum = 0;
                for (char instrument = '1'; instrument <= '8'; instrument++) {
                    const char row[] = {tables[i].digit, side, residence, instrument, '\0'};
                    sum += amount_of(table, tables[i].statement, row);
                }
                FISC_ASSERT_INT(amount_of(table, tables[i].statement, code), sum);
                whole += sum;
            }
            FISC_ASSERT_INT(amount_of(table, tables[i].statement, side_code), whole);
        }
    }
    FISC_ASSERT_INT(amount_of(table, "T6A", "631") + amount_of(table, "T6A", "632"),
                    amount_of(table, "T6A", "6M4"));
}

static void
check_counterparts(const FiscTable *table)
{
    static const char *const parents[] = {"82", "83", "821", "822", "831", "832"};
    for (guint i = 0; i < G_N_ELEMENTS(parents); i++) {
        g_autofree char *stock = g_strconcat("6", parents[i], NULL);
        int64_t flows = 0, stocks = 0;
        for (char digit = '1'; digit <= '9'; digit++) {
            g_autofree char *flow_row = g_strdup_printf("%s%c", parents[i], digit);
            g_autofree char *stock_row = g_strdup_printf("6%s%c", parents[i], digit);
            flows += amount_of(table, "T8A", flow_row);
            stocks += amount_of(table, "T8B", stock_row);
        }
        FISC_ASSERT_INT(amount_of(table, "T8A", parents[i]), flows);
        FISC_ASSERT_INT(amount_of(table, "T8B", stock), stocks);
    }
}

static void
check_unit(const NaiveBooks *books, const char *unit)
{
    check_ties(books, unit);
    g_autoptr(FiscTable) table = read_standard(books, unit, "questionnaire");
    CU_ASSERT(check_children(table) > 10);
    check_residence(table);
    check_counterparts(table);
}

static void
check_books(const NaiveBooks *books)
{
    for (guint i = 0; i < books->nation->groups->len; i++) {
        const FiscGroup *group = g_ptr_array_index(books->nation->groups, i);
        check_unit(books, group->code);
        for (guint k = 0; k < group->members->len; k++) {
            check_unit(books, g_ptr_array_index(group->members, k));
        }
    }
}

static void
test_tables_tie_to_the_statements_and_to_each_other(void)
{
    static const char *const packages[] = {"arda-2024", "cora-2024"};
    for (guint i = 0; i < G_N_ELEMENTS(packages); i++) {
        g_autofree char *folder = fisc_test_data(packages[i]);
        g_autoptr(NaiveBooks) books = naive_books_read(folder);
        check_books(books);
    }
}

static void
test_tables_of_random_books_tie(void)
{
    for (guint32 seed = 1; seed <= SEEDS; seed++) {
        g_autoptr(NaiveBooks) books = random_books_new(seed, true);
        check_unit(books, "U1");
        check_unit(books, "ALL");
    }
}

/* Every revenue and expense, every asset and liability to the level of the tables, COFOG to its
 * groups, every counterpart sector. */
static void
test_tables_list_the_whole_classification(void)
{
    static const struct {
        const char *statement, *table;
        gsize digits;
    } lists[] = {
        {"T1", "revenue", 5},
        {"T2", "expense", 5},
        {"T3", "financial_assets", 5},
        {"T3", "liabilities", 5},
        {"T3", "nonfinancial_assets", 5},
        {"T4", "holding_gains", 5},
        {"T5", "volume_changes", 5},
        {"T6", "stocks", 5},
        {"T7", "cofog", 4},
        {"T9", "other_economic_flows", 5},
    };
    g_autofree char *folder = fisc_test_data("cora-2024");
    g_autoptr(NaiveBooks) books = naive_books_read(folder);
    g_autoptr(FiscTable) table = read_standard(books, "GOV", "questionnaire");
    int count = 0;
    guint listed = 0;
    const FiscGfsCode *codes = fisc_gfs_codes(&count);
    for (int i = 0; i < count; i++) {
        for (guint k = 0; k < G_N_ELEMENTS(lists); k++) {
            bool is_plain = strspn(codes[i].code, "0123456789") == strlen(codes[i].code);
            if (is_plain && g_str_equal(codes[i].table, lists[k].table) &&
                strlen(codes[i].code) <= lists[k].digits) {
                CU_ASSERT(has_row(table, lists[k].statement, codes[i].code));
                listed++;
            }
        }
    }
    CU_ASSERT(listed > 600);
    for (guint i = 0; i < table->rows->len; i++) {
        CU_ASSERT(text_at(table, i, LABEL)[0] != '\0');
    }
}

static void
test_what_the_books_do_not_know_is_said(void)
{
    g_autofree char *folder = fisc_test_data("cora-2024");
    g_autoptr(NaiveBooks) books = naive_books_read(folder);
    g_autoptr(FiscTable) table = read_standard(books, "GOV", "questionnaire");
    g_autofree char *notes = notes_of(table);
    FISC_ASSERT_INT(amount_of(table, "T6B", "6M35"), 44100);
    FISC_ASSERT_INT(amount_of(table, "T6A", "6M4_record"), 43650);
    FISC_ASSERT_CONTAINS(notes, "The books have no face values");
    g_autoptr(FiscTable) none = read_standard(books, "DGF", "questionnaire");
    g_autofree char *also = notes_of(none);
    FISC_ASSERT_INT(amount_of(none, "T6B", "6M35"), 0);
    FISC_ASSERT_CONTAINS(also, "The books have no face values");
    g_autoptr(FiscTable) other = read_standard(books, "GOV", "gfsm2014");
    g_autofree char *nothing = notes_of(other);
    FISC_ASSERT_TEXT(nothing, "");
}

static void
test_stocks_of_nobody_are_told(void)
{
    g_autoptr(NaiveBooks) books = random_books_new(1, true);
    NaiveLine line = {
        .journal = "N", .entity = "U1", .code = "6208", .period = books->year * 100, .amount = 700};
    naive_post(books, &line);
    g_autoptr(FiscTable) table = read_standard(books, "U1", "questionnaire");
    g_autofree char *notes = notes_of(table);
    FISC_ASSERT_CONTAINS(notes, "Stocks of financial assets and liabilities without a counterparty "
                                "are neither domestic nor external: 7.00");
}

static void
test_what_is_in_transit_stands_in_the_tables_too(void)
{
    g_autofree char *folder = fisc_test_data("brea-2023");
    g_autoptr(NaiveBooks) books = naive_books_read(folder);
    g_autoptr(FiscTable) table = read_standard(books, "GG", "questionnaire");
    g_autoptr(FiscTable) statements = read_standard(books, "GG", "gfsm2014");
    static const char *const items[] = {"NOB", "NLB", "NLBz", "CSD"};
    for (guint i = 0; i < G_N_ELEMENTS(items); i++) {
        FISC_ASSERT_INT(transit_of(table, items[i]), transit_of(statements, items[i]));
    }
    FISC_ASSERT_INT(transit_of(table, "NOB"), -250);
}

const FiscTest fisc_questionnaire_tests[] = {
    {"tables tie to the statements and to each other",
     test_tables_tie_to_the_statements_and_to_each_other},
    {"tables of random books tie", test_tables_of_random_books_tie},
    {"tables list the whole classification", test_tables_list_the_whole_classification},
    {"what the books do not know is said", test_what_the_books_do_not_know_is_said},
    {"stocks of nobody are told", test_stocks_of_nobody_are_told},
    {"what is in transit stands in the tables too",
     test_what_is_in_transit_stands_in_the_tables_too},
    {NULL, NULL},
};

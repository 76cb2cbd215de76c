/* cofog_economic_test.c: the cross table of functions and classes: its margins are other
 * statements, its cells were worked by hand. */
#include "tests/reporting/random_books.h"
#include "tests/reporting/reading.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_cofog_economic_tests[];

static const char *const classes[] = {"21", "22", "23", "24", "25", "26", "27", "28", "31"};

static FiscTable *
cross(const NaiveBooks *books, const char *unit, const char *family)
{
    FiscTable *table = NULL;
    FiscStatementQuery query = {.nation = books->nation,
                                .balances = books->balances,
                                .unit = unit,
                                .from = books->year * 100,
                                .to = books->year * 100 + 13,
                                .family = family};
    CU_ASSERT_FATAL(fisc_statement_cofog_economic(&query, &table, NULL));
    return table;
}

static int64_t
cell(const FiscTable *table, const char *function, const char *column)
{
    for (guint i = 0; i < table->rows->len; i++) {
        if (g_str_equal(text_at(table, i, 0), function)) {
            return amount_at(table, i, fisc_table_column(table, column));
        }
    }
    return 0;
}

/* Worked in tests/data/cora-2024/WORKINGS.md. */
static void
test_cells_are_as_worked(void)
{
    static const struct {
        const char *family, *function, *column;
        int64_t expected;
    } cells[] = {
        {"gfsm2014", "702", "22", 2800},   {"gfsm2014", "702", "23", 3000},
        {"gfsm2014", "702", "31", 7200},   {"gfsm2014", "702", "total", 13000},
        {"gfsm2014", "7011", "21", 15000}, {"gfsm2014", "7011", "28", 1200},
        {"gfsm2014", "7015", "31", 1800},  {"gfsm2014", "704", "26", 2500},
        {"gfsm2014", "7", "total", 39540}, {"gfsm2014", "7", "31", 8400},
        {"gfsm2001", "702", "22", 13000},  {"gfsm2001", "702", "23", 0},
        {"gfsm2001", "702", "31", 0},      {"gfsm2001", "702", "total", 13000},
        {"gfsm2001", "7015", "22", 2800},  {"gfsm2001", "7", "22", 15800},
        {"gfsm2001", "7", "total", 39540},
    };
    g_autofree char *folder = fisc_test_data("cora-2024");
    g_autoptr(NaiveBooks) books = naive_books_read(folder);
    for (guint i = 0; i < G_N_ELEMENTS(cells); i++) {
        g_autoptr(FiscTable) table = cross(books, "GOV", cells[i].family);
        FISC_ASSERT_INT(cell(table, cells[i].function, cells[i].column), cells[i].expected);
    }
}

/* The last row is the classes of the Statement of Operations, the last column the table by
 * function, each row adds up, and divisions are the sums of their groups. */
static void
check_margins(const NaiveBooks *books, const char *unit, const char *family)
{
    g_autoptr(FiscTable) table = cross(books, unit, family);
    g_autoptr(FiscTable) statements = read_standard(books, unit, family);
    int64_t divisions = 0;
    for (guint i = 0; i < G_N_ELEMENTS(classes); i++) {
        FISC_ASSERT_INT(cell(table, "7", classes[i]), amount_of(statements, "SOO", classes[i]));
    }
    FISC_ASSERT_INT(cell(table, "7", "total"),
                    amount_of(statements, "SOO", "2") + amount_of(statements, "SOO", "31"));
    for (guint row = 0; row < table->rows->len; row++) {
        const char *function = text_at(table, row, 0);
        int64_t sum = 0;
        for (guint i = 0; i < G_N_ELEMENTS(classes); i++) {
            sum += amount_at(table, row, fisc_table_column(table, classes[i]));
        }
        FISC_ASSERT_INT(cell(table, function, "total"), sum);
        if (strlen(function) == 3) {
            divisions += sum;
            FISC_ASSERT_INT(sum, amount_of(statements, "COFOG_DIV", function));
        }
    }
    FISC_ASSERT_INT(divisions, cell(table, "7", "total"));
}

static void
test_margins_are_the_statements(void)
{
    static const char *const families[] = {"gfsm2014", "gfsm2001"};
    for (guint i = 0; i < G_N_ELEMENTS(families); i++) {
        g_autofree char *folder = fisc_test_data("arda-2024");
        g_autoptr(NaiveBooks) books = naive_books_read(folder);
        check_margins(books, "GG", families[i]);
        check_margins(books, "LGN", families[i]);
        for (guint32 seed = 1; seed <= 3; seed++) {
            g_autoptr(NaiveBooks) drawn = random_books_new(seed, false);
            check_margins(drawn, "ALL", families[i]);
            check_margins(drawn, "U2", families[i]);
        }
    }
}

static void
test_what_has_no_function_has_its_row(void)
{
    g_autoptr(NaiveBooks) books = random_books_new(1, true);
    g_autoptr(FiscTable) before = cross(books, "U1", NULL);
    NaiveLine line = {.journal = "N",
                      .entity = "U1",
                      .code = "22",
                      .period = books->year * 100 + 1,
                      .amount = 500,
                      .counterparty = "CORP"};
    naive_post(books, &line);
    g_autoptr(FiscTable) after = cross(books, "U1", NULL);
    FISC_ASSERT_INT(after->rows->len, before->rows->len + 1);
    FISC_ASSERT_INT(cell(after, "", "22"), 500);
    FISC_ASSERT_INT(cell(after, "", "total"), 500);
    FISC_ASSERT_INT(cell(after, "7", "total"), cell(before, "7", "total") + 500);
}

static void
test_expense_without_a_class_is_told(void)
{
    g_autoptr(NaiveBooks) books = random_books_new(1, true);
    NaiveLine line = {.journal = "N",
                      .entity = "U1",
                      .code = "2",
                      .period = books->year * 100 + 1,
                      .amount = 700,
                      .cofog = "7018"};
    naive_post(books, &line);
    g_autoptr(FiscTable) table = cross(books, "U1", NULL);
    g_autofree char *notes = notes_of(table);
    FISC_ASSERT_INT(cell(table, "7018", "total"), 700);
    FISC_ASSERT_INT(cell(table, "7018", "22"), 0);
    FISC_ASSERT_CONTAINS(notes, "Expense recorded without a class is in the total only: 7.00");
}

const FiscTest fisc_cofog_economic_tests[] = {
    {"cells are as worked", test_cells_are_as_worked},
    {"margins are the statements", test_margins_are_the_statements},
    {"what has no function has its row", test_what_has_no_function_has_its_row},
    {"expense without a class is told", test_expense_without_a_class_is_told},
    {NULL, NULL},
};

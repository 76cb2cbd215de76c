/* pivot_test.c: the books by any segments, worked by hand. */
#include "fisc/pivot.h"
#include "reporting/cell_key.h"
#include "reporting/drill.h"
#include "tests/reporting/acts.h"
#include "tests/reporting/reading.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_pivot_tests[];

static void
naive_tag(NaiveBooks *books, const char *tag, const char *segment, const char *code)
{
    g_autofree char *subject = g_strconcat(tag, "/", segment, "/", code, NULL);
    char *const fields[] = {(char *)"tag",   (char *)tag,    (char *)"segment",
                            (char *)segment, (char *)"code", (char *)code};
    fisc_nation_add_fact(books->nation, "tag", subject, fields, G_N_ELEMENTS(fields));
}

/* Two entities that buy, one that is paid by a household. */
static NaiveBooks *
books_of_two(void)
{
    static const NaiveLine lines[] = {
        {.entity = "MIN",
         .code = "22",
         .period = 202401,
         .amount = 1000,
         .programme = "231",
         .counterparty = "HH"},
        {.entity = "MIN",
         .code = "3202",
         .period = 202401,
         .amount = -1000,
         .cash_code = "22",
         .cash_counterparty = "HH"},
        {.entity = "MIN", .code = "2111", .period = 202402, .amount = 250, .programme = "232"},
        {.entity = "MIN", .code = "3308", .period = 202402, .amount = -250},
        {.entity = "CITY", .code = "22", .period = 202402, .amount = 40, .programme = "231"},
        {.entity = "CITY",
         .code = "3202",
         .period = 202402,
         .amount = -40,
         .cash_code = "22",
         .cash_counterparty = "FIRM"},
        {.entity = "CITY",
         .code = "3202",
         .period = 202403,
         .amount = 7,
         .cash_code = "11",
         .cash_counterparty = "HH"},
        {.entity = "CITY", .code = "1111", .period = 202403, .amount = -7},
    };
    NaiveBooks *books = naive_books_new();
    naive_entity(books, "MIN", "11");
    naive_entity(books, "CITY", "13");
    naive_outsider(books, "HH", "14");
    naive_outsider(books, "FIRM", "15");
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        naive_post(books, &lines[i]);
    }
    naive_tag(books, "works", "programme", "231");
    naive_tag(books, "works", "entity", "MIN");
    naive_tag(books, "pay", "account", "2111");
    return books;
}

static FiscPivotQuery
query_of(const NaiveBooks *books)
{
    return (FiscPivotQuery){
        .nation = books->nation, .balances = books->balances, .from = 202400, .to = 202413};
}

static void
test_tables(void)
{
    static const struct {
        FiscPeriod from;
        const char *unit, *by, *across, *where, *measure, *csv;
    } cases[] = {
        {202400, NULL, "entity", NULL, NULL, "expense", "entity,amount\nCITY,0.40\nMIN,12.50\n"},
        {202400, NULL, "programme", "entity", NULL, "expense",
         "programme,CITY,MIN,total\n231,0.40,10.00,10.40\n232,,2.50,2.50\n"},
        {202400, NULL, "programme:2", "account", NULL, "expense",
         "programme,2111,22,total\n23,2.50,10.40,12.90\n"},
        {202402, "MIN", "programme", NULL, NULL, "expense", "programme,amount\n232,2.50\n"},
        {202400, NULL, "class", NULL, "entity=CITY", "net",
         "class,amount\nexpense,0.40\nfinancial_asset,-0.33\nrevenue,-0.07\n"},
        /* a tag is any of its codes; two tags are both */
        {202400, NULL, "entity", NULL, "tag=works", "expense",
         "entity,amount\nCITY,0.40\nMIN,12.50\n"},
        {202400, NULL, "entity", NULL, "tag=works tag=pay", "expense", "entity,amount\nMIN,2.50\n"},
        {202400, NULL, "entity", NULL, "tag=works programme=232", "expense",
         "entity,amount\nMIN,2.50\n"},
        {202400, NULL, "cash_counterparty", NULL, NULL, "cash-out",
         "cash_counterparty,amount\nFIRM,0.40\nHH,10.00\n"},
        {202400, NULL, "cash_counterparty", NULL, "entity=CITY", "cash-in",
         "cash_counterparty,amount\nHH,0.07\n"},
        {202402, NULL, "entity", NULL, "account=3202", "balance",
         "entity,amount\nCITY,-0.33\nMIN,-10.00\n"},
        {202400, NULL, "entity", NULL, "programme=9", "expense", "entity,amount\n"},
    };
    g_autoptr(NaiveBooks) books = books_of_two();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscPivotQuery query = query_of(books);
        g_autoptr(FiscTable) table = NULL;
        g_autoptr(GError) error = NULL;
        query.from = cases[i].from;
        query.unit = cases[i].unit;
        query.by = cases[i].by;
        query.across = cases[i].across;
        query.where = cases[i].where;
        query.measure = cases[i].measure;
        bool is_built = fisc_pivot_build(&query, &table, &error);
        FISC_ASSERT_TEXT(is_built ? "" : error->message, "");
        g_autofree char *csv = csv_of(table);
        FISC_ASSERT_TEXT(csv, cases[i].csv);
    }
}

/* Stages are measures too: 100 voted, 60 ordered, of which 30 are paid. */
static void
test_stages(void)
{
    static const Act acts_list[] = {
        {1, FISC_STAGE_APPROPRIATION, 10000, "231", "22"},
        {2, FISC_STAGE_AUTHORIZATION, 6000, "231", "22"},
        {2, FISC_STAGE_COMMITMENT, 6000, "231", "22"},
        {3, FISC_STAGE_OBLIGATION, 3000, "231", "22"},
        {3, FISC_STAGE_PAYMENT, 3000, "231", "22"},
        {0, FISC_STAGE_NONE},
    };
    static const struct {
        const char *measure;
        int64_t amount;
    } cases[] = {{"original", 10000}, {"final", 10000},    {"authorized", 6000},
                 {"committed", 6000}, {"obligated", 3000}, {"paid", 3000}};
    g_autoptr(Acts) acts = acts_new();
    acts_post_all(acts, acts_list);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscPivotQuery query = query_of(acts->books);
        g_autoptr(FiscTable) table = NULL;
        query.by = "programme";
        query.measure = cases[i].measure;
        CU_ASSERT_TRUE_FATAL(fisc_pivot_build(&query, &table, NULL));
        FISC_ASSERT_INT(table->rows->len, 1);
        FISC_ASSERT_INT(amount_at(table, 0, 1), cases[i].amount);
    }
}

/* Each cell, asked by its key, is itself. */
static void
test_cells_are_taken_apart(void)
{
    g_autoptr(NaiveBooks) books = books_of_two();
    FiscPivotQuery query = query_of(books);
    g_autoptr(FiscTable) table = NULL;
    query.by = "entity,programme:2";
    query.across = "account";
    query.measure = "net";
    CU_ASSERT_TRUE_FATAL(fisc_pivot_build(&query, &table, NULL));
    guint cells = 0;
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        for (guint column = 2; column < table->columns->len; column++) {
            if (row->cells[column].drill == NULL) {
                continue;
            }
            FiscStatementQuery figure = {.nation = books->nation,
                                         .balances = books->balances,
                                         .from = query.from,
                                         .to = query.to};
            g_auto(FiscCellKey) key = {NULL};
            g_autoptr(FiscDrill) drill = NULL;
            CU_ASSERT_TRUE_FATAL(fisc_cell_key_parse(row->cells[column].drill, &key, NULL));
            CU_ASSERT_TRUE_FATAL(fisc_drill_pivot(&figure, key.part, key.row, NULL, &drill, NULL));
            fisc_assert_int((long long)drill->figure, (long long)row->cells[column].number,
                            row->cells[column].drill, __FILE__, __LINE__);
            cells++;
        }
    }
    CU_ASSERT(cells >= 8);
}

static void
test_refuses_words_that_are_none(void)
{
    static const struct {
        const char *by, *across, *where, *measure, *says;
    } cases[] = {
        {"entity", NULL, NULL, "profit", "no measure"},
        {"colour", NULL, NULL, NULL, "no dimension"},
        {"entity", "entity", NULL, NULL, "down or across"},
        {"entity", "account,programme", NULL, NULL, "one segment"},
        {"entity", NULL, "programme", NULL, "beginning of its code"},
    };
    g_autoptr(NaiveBooks) books = books_of_two();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscPivotQuery query = query_of(books);
        FiscTable *table = NULL;
        g_autoptr(GError) error = NULL;
        query.by = cases[i].by;
        query.across = cases[i].across;
        query.where = cases[i].where;
        query.measure = cases[i].measure;
        CU_ASSERT_FALSE_FATAL(fisc_pivot_build(&query, &table, &error));
        CU_ASSERT(g_error_matches(error, FISC_ERROR, FISC_ERROR_USAGE));
        FISC_ASSERT_CONTAINS(error->message, cases[i].says);
    }
}

const FiscTest fisc_pivot_tests[] = {
    {"any measure goes down by any segments and across by one", test_tables},
    {"stages of the budget are measures", test_stages},
    {"every cell is taken apart by its key", test_cells_are_taken_apart},
    {"refuses words that are none", test_refuses_words_that_are_none},
    {NULL, NULL},
};

/* layer_test.c: what was reported and what was put right beside it; at which level two units first
 * stand under one roof. */
#include "fisc/statement.h"
#include "tests/reporting/reading.h"
#include "tests/reporting/worksheet.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_layer_tests[];

static NaiveBooks *
new_books(void)
{
    NaiveBooks *books = naive_books_new();
    fisc_nation_add_entity(books->nation, "CEN", "Centre", "S13111", "11", true, "");
    fisc_nation_add_entity(books->nation, "AGY", "Agency", "S13112", "11", true, "");
    fisc_nation_add_entity(books->nation, "LOC", "City", "S1313", "11", true, "");
    fisc_nation_add_entity(books->nation, "LOC2", "Town", "S1313", "11", true, "");
    fisc_nation_add_entity(books->nation, "UTIL", "Water", "S11001", "151", true, "");
    fisc_nation_add_group(books->nation, "PS", "Public sector", "CEN AGY LOC LOC2 UTIL");
    fisc_nation_add_group(books->nation, "TOWNS", "Towns and their works", "LOC LOC2 UTIL");
    return books;
}

/* Reported: 100.00 given, 95.00 received. Agreed: 5.00 more were received; valued: 2.00 less. */
static const NaiveLine records[] = {
    {.journal = "J1", .entity = "CEN", .code = "2631", .amount = 10000, .counterparty = "LOC"},
    {.journal = "J2", .entity = "LOC", .code = "1331", .amount = -9500, .counterparty = "CEN"},
    {.journal = "J3",
     .entity = "LOC",
     .code = "1331",
     .amount = -500,
     .counterparty = "CEN",
     .layer = "agreed"},
    {.journal = "J4",
     .entity = "LOC",
     .code = "1331",
     .amount = 200,
     .counterparty = "CEN",
     .layer = "valued"},
    {NULL},
};

static FiscTable *
ask(const NaiveBooks *books, const char *layer, GError **error)
{
    FiscTable *table = NULL;
    FiscStatementQuery query = {.nation = books->nation,
                                .balances = books->balances,
                                .unit = "LOC",
                                .from = 202400,
                                .to = 202413,
                                .layer = layer};
    fisc_statement_build(&query, &table, error);
    return table;
}

static void
test_layers_add_up_to_all(void)
{
    static const struct {
        const char *layer;
        int64_t grants;
    } cases[] = {
        {NULL, 9800},           {"all", 9800},    {"reported", 9500},
        {"agreed", 500},        {"valued", -200}, {"reported,agreed", 10000},
        {"agreed,valued", 300},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NaiveBooks) books = new_books();
        worksheet_post(books, records);
        g_autoptr(FiscTable) table = ask(books, cases[i].layer, NULL);
        CU_ASSERT_FATAL(table != NULL);
        FISC_ASSERT_INT(amount_of(table, "SOO", "133"), cases[i].grants);
        g_autofree char *notes = notes_of(table);
        if (cases[i].layer != NULL) {
            g_autofree char *says = g_strconcat("Layers that count here: ", cases[i].layer, NULL);
            FISC_ASSERT_CONTAINS(notes, says);
        }
    }
}

static void
test_a_layer_that_nobody_knows_is_told(void)
{
    g_autoptr(NaiveBooks) books = new_books();
    g_autoptr(GError) error = NULL;
    worksheet_post(books, records);
    g_autoptr(FiscTable) table = ask(books, "reported,agred", &error);
    CU_ASSERT_PTR_NULL(table);
    FISC_ASSERT_TEXT(error->message, "nothing stands in a layer \"agred\"; the layers are: "
                                     "reported, agreed, valued, all");
}

static void
test_adjustments_are_answered_for(void)
{
    g_autoptr(NaiveBooks) books = new_books();
    worksheet_post(books, records);
    GArray *lines = books->lines->rows;
    g_array_remove_range(lines, 0, 2); /* as read from the books: only lines of layers */
    g_array_index(lines, FiscPostedLine, 0).maker = "ana";
    g_array_index(lines, FiscPostedLine, 0).approvers = "boris";
    g_array_index(lines, FiscPostedLine, 1).maker = "ana";
    g_autoptr(FiscTable) table = NULL;
    CU_ASSERT_FATAL(fisc_statement_adjustments(books->nation, books->lines, "PS", NULL, 202400,
                                               202413, &table, NULL));
    g_autofree char *notes = notes_of(table);
    FISC_ASSERT_INT(table->rows->len, 2);
    FISC_ASSERT_TEXT(text_at(table, 0, fisc_table_column(table, "layer")), "agreed");
    FISC_ASSERT_TEXT(text_at(table, 0, fisc_table_column(table, "reference")), "J3");
    FISC_ASSERT_TEXT(text_at(table, 0, fisc_table_column(table, "account")), "1331");
    FISC_ASSERT_TEXT(text_at(table, 0, fisc_table_column(table, "approved_by")), "boris");
    FISC_ASSERT_INT(amount_at(table, 0, fisc_table_column(table, "amount")), -500);
    FISC_ASSERT_TEXT(text_at(table, 1, fisc_table_column(table, "layer")), "valued");
    FISC_ASSERT_CONTAINS(notes, "1 entry was posted without a document that others approved");
    g_autoptr(FiscTable) one = NULL;
    CU_ASSERT_FATAL(fisc_statement_adjustments(books->nation, books->lines, "PS", "valued", 202400,
                                               202413, &one, NULL));
    FISC_ASSERT_INT(one->rows->len, 1);
}

/* The smallest roof: the subsector first, then a group that holds both. */
static void
test_levels_are_the_smallest_roof(void)
{
    static const NaiveLine lines[] = {
        {.entity = "CEN", .code = "2631", .amount = 100, .counterparty = "AGY"},
        {.entity = "LOC", .code = "2631", .amount = 200, .counterparty = "LOC2"},
        {.entity = "CEN", .code = "2631", .amount = 400, .counterparty = "LOC"},
        {.entity = "LOC", .code = "22", .amount = 800, .counterparty = "UTIL"},
        {.entity = "CEN", .code = "22", .amount = 1600, .counterparty = "UTIL"},
        {.entity = "UTIL", .code = "1421", .amount = -800, .counterparty = "LOC"},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = new_books();
    worksheet_post(books, lines);
    g_autoptr(FiscTable) table = NULL;
    CU_ASSERT_FATAL(
        fisc_statement_eliminations_by_level(books->nation, books->lines, "PS", &table, NULL));
    g_autofree char *csv = csv_of(table);
    FISC_ASSERT_TEXT(csv, "group,level,lines,payable,receivable,asset,financial\n"
                          "PS,S1313,1,2.00,0.00,0.00,0.00\n"
                          "PS,S1311,1,1.00,0.00,0.00,0.00\n"
                          "PS,S13,1,4.00,0.00,0.00,0.00\n"
                          "PS,TOWNS,2,8.00,8.00,0.00,0.00\n"
                          "PS,PS,1,16.00,0.00,0.00,0.00\n");
    g_autofree char *notes = notes_of(table);
    FISC_ASSERT_CONTAINS(notes, "Total of PS: payable 31.00, receivable 8.00");
    g_autoptr(FiscTable) list = NULL;
    CU_ASSERT_FATAL(fisc_statement_eliminations(books->nation, books->lines, "PS", &list, NULL));
    FISC_ASSERT_TEXT(text_at(list, 0, fisc_table_column(list, "level")), "S1311");
}

const FiscTest fisc_layer_tests[] = {
    {"layers add up to all of them", test_layers_add_up_to_all},
    {"a layer that nobody knows is told", test_a_layer_that_nobody_knows_is_told},
    {"adjustments are answered for, one by one", test_adjustments_are_answered_for},
    {"eliminations are by the smallest roof over both", test_levels_are_the_smallest_roof},
    {NULL, NULL},
};

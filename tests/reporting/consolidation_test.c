/* consolidation_test.c: worked consolidations: what is left out, what stays, what is said of it. */
#include "tests/reporting/reading.h"
#include "tests/reporting/worksheet.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_consolidation_tests[];

static NaiveBooks *
new_books(void)
{
    NaiveBooks *books = naive_books_new();
    naive_entity(books, "CEN", "11");
    naive_entity(books, "LOC", "11");
    naive_entity(books, "AG1", "11");
    naive_entity(books, "AG2", "11");
    naive_outsider(books, "HH", "16");
    naive_outsider(books, "BANK", "132");
    fisc_nation_add_group(books->nation, "GG", "General government", "CEN LOC");
    fisc_nation_add_group(books->nation, "AGENCIES", "Agencies", "AG1 AG2");
    fisc_nation_add_group(books->nation, "CITY", "City and agencies", "LOC AG1 AG2");
    return books;
}

/* Rule R26. Central: tax 1,000, own expense 700, grant to local 100; local: own revenue 300, grant
 * received 95, expense 390. */
static const NaiveLine r26[] = {
    {.entity = "CEN", .code = "1111", .amount = -100000, .counterparty = "HH"},
    {.entity = "CEN", .code = "22", .amount = 70000, .counterparty = "HH"},
    {.entity = "CEN", .code = "2631", .amount = 10000, .counterparty = "LOC"},
    {.entity = "LOC", .code = "1131", .amount = -30000, .counterparty = "HH"},
    {.entity = "LOC", .code = "1331", .amount = -9500, .counterparty = "CEN"},
    {.entity = "LOC", .code = "22", .amount = 39000, .counterparty = "HH"},
    {NULL},
};

static void
test_each_side_leaves_its_own_record_out(void)
{
    g_autoptr(NaiveBooks) books = new_books();
    worksheet_post(books, r26);
    g_autoptr(FiscTable) sum = read_unconsolidated(books, "GG");
    g_autoptr(FiscTable) consolidated = read_year(books, "GG");
    FISC_ASSERT_INT(amount_of(sum, "SOO", "1"), 139500);
    FISC_ASSERT_INT(amount_of(sum, "SOO", "2"), 119000);
    FISC_ASSERT_INT(amount_of(sum, "SOO", "NOB"), 20500);
    FISC_ASSERT_INT(transit_of(sum, "NOB"), 0);
    FISC_ASSERT_INT(amount_of(consolidated, "SOO", "1"), 130000);
    FISC_ASSERT_INT(amount_of(consolidated, "SOO", "2"), 109000);
    FISC_ASSERT_INT(amount_of(consolidated, "SOO", "NOB"), 21000);
    FISC_ASSERT_INT(transit_of(consolidated, "NOB"), -500);
}

static void
test_a_residue_is_named_with_pair_class_and_owner(void)
{
    g_autoptr(NaiveBooks) books = new_books();
    worksheet_post(books, r26);
    g_autoptr(FiscTable) table = read_year(books, "GG");
    g_autofree char *notes = notes_of(table);
    FISC_ASSERT_CONTAINS(notes, "In transit: CEN -> LOC, current grants, 5.00, owner CEN (payer's "
                                "record higher): left in the balancing items\n");
    FISC_ASSERT_CONTAINS(notes,
                         "In transit, sum over units less consolidated: NOB -5.00, NLB -5.00");
    g_autoptr(FiscTable) unit = read_year(books, "CEN");
    g_autofree char *unit_notes = notes_of(unit);
    CU_ASSERT_PTR_NULL(strstr(unit_notes, "In transit"));
}

/* The second half of R26: local holds 50 of central bonds with interest 2. */
static void
test_debt_between_units_and_its_interest_vanish(void)
{
    static const NaiveLine lines[] = {
        {.entity = "LOC", .code = "6203", .amount = 5000, .period = 202400, .counterparty = "CEN"},
        {.entity = "CEN", .code = "6303", .amount = -5000, .period = 202400, .counterparty = "LOC"},
        {.entity = "CEN", .code = "243", .amount = 200, .counterparty = "LOC"},
        {.entity = "LOC", .code = "14113", .amount = -200, .counterparty = "CEN"},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = new_books();
    worksheet_post(books, r26);
    g_autoptr(FiscTable) before = read_year(books, "GG");
    worksheet_post(books, lines);
    g_autoptr(FiscTable) sum = read_unconsolidated(books, "GG");
    g_autoptr(FiscTable) after = read_year(books, "GG");
    FISC_ASSERT_INT(amount_of(sum, "BS_CLOSE", "62"), 5000);
    FISC_ASSERT_INT(amount_of(sum, "BS_CLOSE", "6M3"), 5000);
    FISC_ASSERT_INT(amount_of(sum, "SOO", "24"), 200);
    FISC_ASSERT_INT(amount_of(after, "BS_CLOSE", "62"), 0);
    FISC_ASSERT_INT(amount_of(after, "BS_CLOSE", "6M3"), 0);
    FISC_ASSERT_INT(amount_of(after, "SOO", "24"), 0);
    FISC_ASSERT_INT(amount_of(after, "SOO", "1"), amount_of(before, "SOO", "1"));
    FISC_ASSERT_INT(amount_of(after, "SOO", "NOB"), amount_of(before, "SOO", "NOB"));
}

static FiscTable *
asymmetries(const NaiveBooks *books, const char *group)
{
    FiscTable *table = NULL;
    CU_ASSERT_FATAL(fisc_statement_asymmetries(books->nation, books->balances, group, 202400,
                                               202413, &table, NULL));
    return table;
}

static void
test_an_adjustment_settles_the_statements_and_not_the_list(void)
{
    static const NaiveLine adjustment[] = {
        {.entity = "LOC", .code = "1331", .amount = -500, .counterparty = "CEN", .layer = "agreed"},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = new_books();
    worksheet_post(books, r26);
    worksheet_post(books, adjustment);
    g_autoptr(FiscTable) table = read_year(books, "GG");
    g_autoptr(FiscTable) local = read_year(books, "LOC");
    g_autoptr(FiscTable) list = asymmetries(books, "GG");
    g_autofree char *notes = notes_of(table);
    g_autofree char *csv = csv_of(list);
    CU_ASSERT_PTR_NULL(strstr(notes, "In transit"));
    FISC_ASSERT_INT(amount_of(table, "SOO", "NOB"), 21000);
    FISC_ASSERT_INT(amount_of(local, "SOO", "133"), 10000);
    FISC_ASSERT_TEXT(csv, "payer,receiver,kind,payer_amount,receiver_amount,difference\n"
                          "CEN,LOC,current,100.00,95.00,5.00\n");
}

/* The city pays "its agencies", each agency says what it had; another grant names one of them. */
static const NaiveLine class_grants[] = {
    {.entity = "LOC", .code = "2631", .amount = 10000, .counterparty = "AGENCIES"},
    {.entity = "LOC", .code = "2632", .amount = 700, .counterparty = "AGENCIES"},
    {.entity = "LOC", .code = "2632", .amount = 300, .counterparty = "AG1"},
    {.entity = "AG1", .code = "1331", .amount = -6000, .counterparty = "LOC"},
    {.entity = "AG2", .code = "1331", .amount = -4500, .counterparty = "LOC"},
    {.entity = "AG1", .code = "1332", .amount = -400, .counterparty = "LOC"},
    {.entity = "AG2", .code = "1332", .amount = -600, .counterparty = "LOC"},
    {.entity = "LOC", .code = "22", .amount = 2000, .counterparty = "HH"},
    {NULL},
};

static void
test_a_class_of_units_is_compared_as_a_whole(void)
{
    g_autoptr(NaiveBooks) books = new_books();
    worksheet_post(books, class_grants);
    g_autoptr(FiscTable) list = asymmetries(books, NULL);
    g_autofree char *csv = csv_of(list);
    FISC_ASSERT_TEXT(csv, "payer,receiver,kind,payer_amount,receiver_amount,difference\n"
                          "LOC,AGENCIES,current,100.00,105.00,-5.00\n");
}

static void
test_a_class_inside_the_perimeter_is_eliminated(void)
{
    g_autoptr(NaiveBooks) books = new_books();
    worksheet_post(books, class_grants);
    g_autoptr(FiscTable) city = read_year(books, "CITY");
    g_autoptr(FiscTable) unit = read_year(books, "LOC");
    g_autofree char *notes = notes_of(city);
    FISC_ASSERT_INT(amount_of(unit, "SOO", "26"), 11000);
    FISC_ASSERT_INT(amount_of(city, "SOO", "26"), 0);
    FISC_ASSERT_INT(amount_of(city, "SOO", "13"), 0);
    FISC_ASSERT_INT(amount_of(city, "SOO", "NOB"), -2000);
    FISC_ASSERT_INT(transit_of(city, "NOB"), 500);
    FISC_ASSERT_CONTAINS(notes, "In transit: LOC -> AGENCIES, current grants, 5.00, owner AGENCIES "
                                "(receiver's record higher)");
}

static void
test_a_class_counts_where_its_members_codes_agree(void)
{
    static const NaiveLine lines[] = {
        {.entity = "CEN", .code = "3204", .amount = 500, .counterparty = "AGENCIES"},
        {.entity = "CEN", .code = "3202", .amount = 900, .counterparty = "BANKS"},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = new_books();
    naive_outsider(books, "PUBLIC", "131");
    fisc_nation_add_group(books->nation, "BANKS", "Banks", "BANK PUBLIC");
    worksheet_post(books, lines);
    g_autoptr(FiscTable) table = read_year(books, "CEN");
    FISC_ASSERT_INT(amount_of(table, "COUNTERPART", "8211"), 500);
    FISC_ASSERT_INT(amount_of(table, "COUNTERPART", "8213"), 900);
    FISC_ASSERT_INT(amount_of(table, "SOO", "321"), 1400);
}

static void
test_a_class_partly_outside_stays(void)
{
    static const NaiveLine lines[] = {
        {.entity = "LOC", .code = "2631", .amount = 10000, .counterparty = "AGENCIES"},
        {.entity = "CEN", .code = "2631", .amount = 3000, .counterparty = "CITY"},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = new_books();
    fisc_nation_add_group(books->nation, "PART", "One agency is missing", "LOC AG1");
    worksheet_post(books, lines);
    g_autoptr(FiscTable) part = read_year(books, "PART");
    g_autoptr(FiscTable) government = read_year(books, "GG");
    FISC_ASSERT_INT(amount_of(part, "SOO", "26"), 10000);
    FISC_ASSERT_INT(amount_of(government, "SOO", "26"), 13000);
}

static void
test_grants_to_oneself_are_no_asymmetry(void)
{
    static const NaiveLine lines[] = {
        {.entity = "LOC", .code = "2631", .amount = 900, .counterparty = "LOC"},
        {.entity = "LOC", .code = "2632", .amount = 70, .counterparty = "ITSELF"},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = new_books();
    fisc_nation_add_group(books->nation, "ITSELF", "A class of one", "LOC");
    worksheet_post(books, lines);
    g_autoptr(FiscTable) list = asymmetries(books, "CITY");
    g_autoptr(FiscTable) unit = read_year(books, "LOC");
    g_autoptr(FiscTable) group = read_year(books, "CITY");
    FISC_ASSERT_INT(list->rows->len, 0);
    FISC_ASSERT_INT(amount_of(unit, "SOO", "26"), 0);
    FISC_ASSERT_INT(amount_of(group, "SOO", "26"), 0);
    FISC_ASSERT_INT(transit_of(group, "NOB"), 0);
}

/* Current against capital: an asymmetry, and yet nothing is left in the balancing items. */
static void
test_records_that_differ_in_class_only_are_not_in_transit(void)
{
    static const NaiveLine lines[] = {
        {.entity = "CEN", .code = "2632", .amount = 6000, .counterparty = "LOC"},
        {.entity = "LOC", .code = "1332", .amount = -5000, .counterparty = "CEN"},
        {.entity = "LOC", .code = "1331", .amount = -1000, .counterparty = "CEN"},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = new_books();
    worksheet_post(books, lines);
    g_autoptr(FiscTable) list = asymmetries(books, "GG");
    g_autoptr(FiscTable) table = read_year(books, "GG");
    g_autofree char *notes = notes_of(table);
    FISC_ASSERT_INT(list->rows->len, 2);
    CU_ASSERT_PTR_NULL(strstr(notes, "In transit"));
}

static void
add_note(NaiveBooks *books, const char *unit, const char *statement, const char *text)
{
    FiscNote *note = g_new0(FiscNote, 1);
    note->unit = g_strdup(unit);
    note->statement = g_strdup(statement);
    note->text = g_strdup(text);
    g_ptr_array_add(books->nation->notes, note);
}

static void
test_coverage_notes_of_unit_and_members_are_printed(void)
{
    g_autoptr(NaiveBooks) books = new_books();
    worksheet_post(books, r26);
    add_note(books, "GG", "*", "no social security");
    add_note(books, "LOC", "BS_OPEN", "no opening balances");
    add_note(books, "AG1", "SSUC", "of somebody else");
    g_autoptr(FiscTable) table = read_year(books, "GG");
    g_autofree char *notes = notes_of(table);
    FISC_ASSERT_CONTAINS(notes, "Coverage, GG: no social security\n");
    FISC_ASSERT_CONTAINS(notes, "Coverage, LOC, BS_OPEN: no opening balances\n");
    CU_ASSERT_PTR_NULL(strstr(notes, "somebody else"));
}

static void
test_what_a_line_does_not_classify_is_said(void)
{
    static const NaiveLine lines[] = {
        {.entity = "LOC", .code = "22", .amount = 1000},
        {.entity = "LOC", .code = "3202", .amount = -700, .counterparty = "BANK"},
        {.entity = "LOC", .code = "3308", .amount = -300},
        {.entity = "LOC", .code = "3208", .amount = 50},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = new_books();
    worksheet_post(books, lines);
    g_autoptr(FiscTable) table = read_year(books, "LOC");
    g_autofree char *notes = notes_of(table);
    FISC_ASSERT_CONTAINS(notes, "without a cash code are in no row of SSUC: -7.00\n");
    FISC_ASSERT_CONTAINS(notes, "without a function is in no row of COFOG: 10.00\n");
    FISC_ASSERT_CONTAINS(notes, "are in neither 321 nor 322: 0.50\n");
    FISC_ASSERT_CONTAINS(notes, "are in neither 331 nor 332: -3.00\n");
}

static void
test_a_unit_that_nobody_knows_is_not_found(void)
{
    g_autoptr(NaiveBooks) books = new_books();
    g_autoptr(FiscTable) table = NULL;
    g_autoptr(GError) error = NULL;
    FiscStatementQuery query = {books->nation, books->balances, "NOWHERE", 202400, 202413, false};
    CU_ASSERT_FALSE(fisc_statement_build(&query, &table, &error));
    CU_ASSERT(g_error_matches(error, FISC_ERROR, FISC_ERROR_NOT_FOUND));
    FISC_ASSERT_CONTAINS(error->message, "NOWHERE");
    CU_ASSERT_PTR_NULL(table);
}

/* National numbers, stocks of earlier years, a later month, and accounts beside GFS. */
static void
test_a_national_chart_and_earlier_years_make_the_same_figures(void)
{
    static const NaiveLine lines[] = {
        {.entity = "LOC", .code = "70", .amount = -900, .period = 202305, .counterparty = "HH"},
        {.entity = "LOC", .code = "57", .amount = 900, .period = 202305, .counterparty = "BANK"},
        {.entity = "LOC", .code = "70", .amount = -100, .counterparty = "HH"},
        {.entity = "LOC",
         .code = "57",
         .amount = 100,
         .counterparty = "BANK",
         .cash_code = "14",
         .cash_counterparty = "HH"},
        {.entity = "LOC", .code = "70", .amount = -55, .period = 202501, .counterparty = "HH"},
        {.entity = "LOC", .code = "57", .amount = 55, .period = 202501, .counterparty = "BANK"},
        {.entity = "LOC", .code = "99", .amount = 12},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = new_books();
    fisc_nation_add_account(books->nation, "70", "Fees", FISC_CLASS_REVENUE, "1422", 0, true, 0);
    fisc_nation_add_account(books->nation, "57", "Bank", FISC_CLASS_FINANCIAL_ASSET, "6202", 0,
                            true, 0);
    fisc_nation_add_account(books->nation, "99", "Suspense", FISC_CLASS_FINANCIAL_ASSET, "", 0,
                            true, 0);
    worksheet_post(books, lines);
    g_autoptr(FiscTable) table = read_year(books, "LOC");
    g_autofree char *notes = notes_of(table);
    FISC_ASSERT_INT(amount_of(table, "SOO", "1422"), 100);
    FISC_ASSERT_INT(amount_of(table, "SSUC", "NCB"), 100);
    FISC_ASSERT_INT(amount_of(table, "BS_OPEN", "6202"), 900);
    FISC_ASSERT_INT(amount_of(table, "BS_CLOSE", "6202"), 1000);
    FISC_ASSERT_INT(amount_of(table, "COUNTERPART", "82132"), 100);
    FISC_ASSERT_CONTAINS(notes, "Accounts without a GFS class are in no statement: 0.12\n");
}

const FiscTest fisc_consolidation_tests[] = {
    {"each side leaves its own record out (R26)", test_each_side_leaves_its_own_record_out},
    {"a residue is named with pair, class and owner",
     test_a_residue_is_named_with_pair_class_and_owner},
    {"debt between units and its interest vanish (R26)",
     test_debt_between_units_and_its_interest_vanish},
    {"an adjustment settles the statements and not the list",
     test_an_adjustment_settles_the_statements_and_not_the_list},
    {"a class of units is compared as a whole", test_a_class_of_units_is_compared_as_a_whole},
    {"a class inside the perimeter is eliminated", test_a_class_inside_the_perimeter_is_eliminated},
    {"a class counts where its members' codes agree",
     test_a_class_counts_where_its_members_codes_agree},
    {"a class partly outside stays", test_a_class_partly_outside_stays},
    {"grants to oneself are no asymmetry", test_grants_to_oneself_are_no_asymmetry},
    {"records that differ in class only are not in transit",
     test_records_that_differ_in_class_only_are_not_in_transit},
    {"coverage notes of unit and members are printed",
     test_coverage_notes_of_unit_and_members_are_printed},
    {"what a line does not classify is said", test_what_a_line_does_not_classify_is_said},
    {"a unit that nobody knows is not found", test_a_unit_that_nobody_knows_is_not_found},
    {"a national chart and earlier years make the same figures",
     test_a_national_chart_and_earlier_years_make_the_same_figures},
    {NULL, NULL},
};

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
                                "record higher)\n");
    FISC_ASSERT_CONTAINS(notes,
                         "In transit, sum over units less consolidated: NOB -5.00, NLB -5.00");
    g_autoptr(FiscTable) unit = read_year(books, "CEN");
    g_autofree char *unit_notes = notes_of(unit);
    CU_ASSERT_PTR_NULL(strstr(unit_notes, "In transit"));
}

/* The city pays AG1 100 and AG2 20 in grants; AG1 has collected 70 of it and books the rest as a
 * claim, AG2 has collected 25, 5 of which the city has not booked as paid. Both sides agree on
 * what is granted: 100 and 25. */
static const NaiveLine late_cash[] = {
    {.entity = "LOC", .code = "2631", .amount = 10000, .counterparty = "AG1"},
    {.entity = "LOC",
     .code = "3202",
     .amount = -10000,
     .counterparty = "BANK",
     .cash_code = "26",
     .cash_counterparty = "AG1"},
    {.entity = "LOC", .code = "2631", .amount = 2500, .counterparty = "AG2"},
    {.entity = "LOC", .code = "3308", .amount = -500, .counterparty = "AG2"},
    {.entity = "LOC",
     .code = "3202",
     .amount = -2000,
     .counterparty = "BANK",
     .cash_code = "26",
     .cash_counterparty = "AG2"},
    {.entity = "AG1", .code = "1331", .amount = -10000, .counterparty = "LOC"},
    {.entity = "AG1", .code = "3208", .amount = 3000, .counterparty = "LOC"},
    {.entity = "AG1",
     .code = "3202",
     .amount = 7000,
     .counterparty = "BANK",
     .cash_code = "13",
     .cash_counterparty = "LOC"},
    {.entity = "AG2", .code = "1331", .amount = -2500, .counterparty = "LOC"},
    {.entity = "AG2",
     .code = "3202",
     .amount = 2500,
     .counterparty = "BANK",
     .cash_code = "13",
     .cash_counterparty = "LOC"},
    {NULL},
};

#define LATE_CASH                                                                                  \
    "In transit: 25.00 of this is cash between the units that one side only has on record. Paid "  \
    "and not yet collected: LOC -> AG1 30.00. Collected and not recorded as paid: LOC -> AG2 "     \
    "5.00."

/* True when a heading of just @words stands right below the row @code of @statement. */
static bool
stands_below(const FiscTable *table, const char *statement, const char *code, const char *words)
{
    for (guint i = 0; i + 1 < table->rows->len; i++) {
        const FiscRow *below = g_ptr_array_index(table->rows, i + 1);
        if (g_str_equal(text_at(table, i, 0), statement) &&
            g_str_equal(text_at(table, i, 2), code)) {
            return below->heading && g_str_equal(text_at(table, i + 1, 3), words);
        }
    }
    return false;
}

static void
test_cash_that_only_one_side_has_is_said_below_its_row(void)
{
    g_autoptr(NaiveBooks) books = new_books();
    worksheet_post(books, late_cash);
    g_autoptr(FiscTable) city = read_year(books, "CITY");
    g_autoptr(FiscTable) unit = read_year(books, "LOC");
    FISC_ASSERT_INT(amount_of(city, "SOO", "NLBz"), 2500);
    FISC_ASSERT_INT(amount_of(unit, "SOO", "NLBz"), 0);
    FISC_ASSERT_INT(transit_of(city, "NLBz"), -2500);
    FISC_ASSERT_INT(transit_of(city, "CSD"), -2500);
    FISC_ASSERT_INT(transit_of(city, "NOB"), 0);
    CU_ASSERT(stands_below(city, "SOO", "NLBz", LATE_CASH));
    CU_ASSERT(stands_below(city, "SSUC", "CSD", LATE_CASH));
    g_autofree char *notes = notes_of(city);
    g_autofree char *unit_notes = notes_of(unit);
    FISC_ASSERT_CONTAINS(notes, LATE_CASH);
    CU_ASSERT_PTR_NULL(strstr(unit_notes, "In transit"));
}

/* A claim that one side settled without cash: NLBz has a residue that no payment explains. */
static void
test_what_no_payment_explains_is_said_too(void)
{
    static const NaiveLine lines[] = {
        {.entity = "AG1", .code = "3208", .amount = -1000, .counterparty = "LOC"},
        {.entity = "AG1", .code = "3208", .amount = 1000, .counterparty = "HH"},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = new_books();
    worksheet_post(books, late_cash);
    worksheet_post(books, lines);
    g_autoptr(FiscTable) city = read_year(books, "CITY");
    g_autofree char *notes = notes_of(city);
    FISC_ASSERT_INT(amount_of(city, "SOO", "NLBz"), 1500);
    FISC_ASSERT_CONTAINS(notes, "In transit: 15.00 of this");
    FISC_ASSERT_CONTAINS(notes, "LOC -> AG2 5.00. Other records that differ: -10.00.\n");
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
eliminations_by_pair(const NaiveBooks *books, const char *group)
{
    FiscTable *table = NULL;
    CU_ASSERT_FATAL(
        fisc_statement_eliminations_by_pair(books->nation, books->lines, group, &table, NULL));
    return table;
}

static void
test_eliminations_add_up_by_pair_with_their_totals(void)
{
    static const NaiveLine sale[] = {
        {.entity = "AG1", .code = "3111.1", .amount = 800, .counterparty = "LOC"},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = new_books();
    worksheet_post(books, late_cash);
    worksheet_post(books, sale);
    g_autoptr(FiscTable) city = eliminations_by_pair(books, "CITY");
    g_autoptr(FiscTable) every = eliminations_by_pair(books, NULL);
    g_autofree char *csv = csv_of(city);
    g_autofree char *every_csv = csv_of(every);
    g_autofree char *notes = notes_of(city);
    FISC_ASSERT_TEXT(csv, "group,from_entity,to_entity,lines,payable,receivable,asset,financial\n"
                          "CITY,AG1,LOC,2,0.00,0.00,8.00,30.00\n"
                          "CITY,LOC,AG1,2,100.00,100.00,0.00,0.00\n"
                          "CITY,LOC,AG2,3,25.00,25.00,0.00,-5.00\n");
    FISC_ASSERT_TEXT(every_csv, csv); /* the other groups leave nothing out */
    FISC_ASSERT_TEXT(notes, "Total of CITY: payable 125.00, receivable 125.00, asset 8.00, "
                            "financial 25.00\n");
}

static FiscTable *
asymmetries(const NaiveBooks *books, const char *group)
{
    FiscTable *table = NULL;
    FiscAsymmetryQuery query = {.nation = books->nation,
                                .balances = books->balances,
                                .group = group,
                                .from = 202400,
                                .to = 202413};
    CU_ASSERT_FATAL(fisc_statement_asymmetries(&query, &table, NULL));
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
    FISC_ASSERT_TEXT(csv, "payer,receiver,kind,payer_amount,receiver_amount,difference,"
                          "class,owner,since,days\n"
                          "CEN,LOC,current,100.00,95.00,5.00,unknown,CEN,2024-06-01,213\n");
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
    g_autofree char *notes = notes_of(list);
    FISC_ASSERT_TEXT(csv, "payer,receiver,kind,payer_amount,receiver_amount,difference,"
                          "class,owner,since,days\n"
                          "LOC,AGENCIES,current,100.00,105.00,-5.00,unknown,LOC,2024-06-01,213\n");
    FISC_ASSERT_TEXT(notes, "Grants inside CITY: payers recorded 110.00, receivers 115.00, "
                            "difference -5.00\n");
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
    FISC_ASSERT_CONTAINS(notes, "In transit: LOC -> AGENCIES, current grants, 5.00, owner LOC "
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

/* "unit about beside|text" of every note of coverage, a line each. */
static char *
coverage_of(const FiscTable *table)
{
    GString *lines = g_string_new(NULL);
    for (guint i = 0; i < table->notes->len; i++) {
        const FiscNotePlace *place = &g_array_index(table->note_places, FiscNotePlace, i);
        const char *text = g_ptr_array_index(table->notes, i);
        if (g_str_has_prefix(text, "Coverage")) {
            g_string_append_printf(lines, "%s %s %s|%s\n", place->unit,
                                   place->about != NULL ? place->about : "*",
                                   place->is_beside ? "beside" : "below", text);
        }
    }
    return g_string_free(lines, FALSE);
}

static void
test_a_coverage_note_is_said_once_and_names_units_when_partial(void)
{
    static const struct {
        const char *unit, *statement, *text;
    } notes[] = {
        {"AG1", "SOO", "by some"},     {"CITY", "SOO", "by all"},  {"LOC", "SOO", "by all"},
        {"AG1", "SOO", "by all"},      {"AG2", "SOO", "by some"},  {"AG2", "SSUC", "by each"},
        {"AG1", "SSUC", "by each"},    {"LOC", "SSUC", "by each"}, {"CEN", "SOO", "outside"},
        {"GG", "*", "partly outside"}, {"CITY", "*", "of all"},    {"AGENCIES", "SOEF", "by class"},
    };
    g_autoptr(NaiveBooks) books = new_books();
    worksheet_post(books, r26);
    for (guint i = 0; i < G_N_ELEMENTS(notes); i++) {
        add_note(books, notes[i].unit, notes[i].statement, notes[i].text);
    }
    g_autoptr(FiscTable) city = read_year(books, "CITY");
    g_autoptr(FiscTable) unit = read_year(books, "AG1");
    g_autofree char *of_city = coverage_of(city);
    g_autofree char *of_unit = coverage_of(unit);
    FISC_ASSERT_TEXT(of_city, "CITY * beside|Coverage: of all\n"
                              "CITY SOO beside|Coverage, AG1 AG2: by some\n"
                              "CITY SOO beside|Coverage: by all\n"
                              "CITY SSUC beside|Coverage: by each\n"
                              "CITY SOEF beside|Coverage, AGENCIES: by class\n");
    FISC_ASSERT_TEXT(of_unit, "AG1 SOO beside|Coverage: by some\n"
                              "AG1 SOO beside|Coverage: by all\n"
                              "AG1 SSUC beside|Coverage: by each\n");
}

static void
test_notes_stand_below_the_title_they_concern(void)
{
    g_autoptr(NaiveBooks) books = new_books();
    worksheet_post(books, r26);
    add_note(books, "GG", "*", "of all");
    add_note(books, "GG", "SSUC", "of cash");
    g_autoptr(FiscTable) table = read_year(books, "GG");
    g_autoptr(GString) headings = g_string_new(NULL);
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = g_ptr_array_index(table->rows, i);
        if (row->heading) {
            g_string_append_printf(headings, "%d %s\n", row->level, text_at(table, i, 3));
        }
    }
    CU_ASSERT(g_str_has_prefix(headings->str, "0 Coverage: of all\n"
                                              "0 Statement of Operations (accrual), GG\n"
                                              "1 In transit: CEN -> LOC, current grants"));
    FISC_ASSERT_CONTAINS(headings->str, "0 Statement of Sources and Uses of Cash, GG\n"
                                        "1 Coverage: of cash\n");
}

static FiscTable *
read_some(const NaiveBooks *books, const char *statement, GError **error)
{
    FiscStatementQuery query = {.nation = books->nation,
                                .balances = books->balances,
                                .unit = "GG",
                                .from = 202400,
                                .to = 202413,
                                .statement = statement};
    FiscTable *table = NULL;
    fisc_statement_build(&query, &table, error);
    return table;
}

static void
test_only_the_statements_asked_for_are_built(void)
{
    static const struct {
        const char *asked;
        const char *built; /* in the order of printing, whatever was asked */
    } cases[] = {
        {"SOO", "SOO "},
        {"STCNW,SOO", "SOO STCNW "},
        {" SSUC , SSUC", "SSUC "},
        {NULL, "SOO SSUC SOEF BS_OPEN BS_CLOSE STCNW COFOG_DIV "},
    };
    g_autoptr(NaiveBooks) books = new_books();
    worksheet_post(books, r26);
    add_note(books, "GG", "SSUC", "of cash");
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FiscTable) table = read_some(books, cases[i].asked, NULL);
        g_autoptr(GString) built = g_string_new(NULL);
        const char *last = "";
        CU_ASSERT_PTR_NOT_NULL_FATAL(table);
        for (guint row = 0; row < table->rows->len; row++) {
            const char *statement = text_at(table, row, 0);
            if (statement[0] != '\0' && !g_str_equal(statement, last)) {
                g_string_append_printf(built, "%s ", statement);
                last = statement;
            }
        }
        g_autofree char *notes = notes_of(table);
        FISC_ASSERT_TEXT(built->str, cases[i].built);
        bool has_cash = strstr(cases[i].built, "SSUC") != NULL;
        CU_ASSERT_EQUAL(strstr(notes, "of cash") != NULL, has_cash);
    }
}

static void
test_a_statement_that_nobody_knows_is_refused_with_the_ten(void)
{
    static const char *const cases[] = {"", "soo", "SOO,", "SOO;SSUC", "MEMO"};
    g_autoptr(NaiveBooks) books = new_books();
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GError) error = NULL;
        CU_ASSERT_PTR_NULL(read_some(books, cases[i], &error));
        CU_ASSERT(g_error_matches(error, FISC_ERROR, FISC_ERROR_USAGE));
        FISC_ASSERT_CONTAINS(error != NULL ? error->message : NULL,
                             "there are: SOO,SSUC,SOEF,BS_OPEN,BS_CLOSE,STCNW,STOCKFLOW,COFOG,"
                             "COFOG_DIV,COUNTERPART");
    }
}

static void
test_what_was_not_classified_is_said_of_the_statement_asked_for(void)
{
    static const NaiveLine lines[] = {
        {.entity = "LOC", .code = "22", .amount = 1000, .counterparty = "HH"},
        {.entity = "LOC", .code = "3202", .amount = -1000, .counterparty = "BANK"},
        {NULL},
    };
    static const struct {
        const char *asked;
        bool cash, function;
    } cases[] = {{NULL, true, true},
                 {"SSUC", true, false},
                 {"COFOG_DIV", false, true},
                 {"SOO", false, false}};
    g_autoptr(NaiveBooks) books = new_books();
    worksheet_post(books, lines);
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FiscTable) table = read_some(books, cases[i].asked, NULL);
        g_autofree char *notes = notes_of(table);
        CU_ASSERT_EQUAL(strstr(notes, "without a cash code") != NULL, cases[i].cash);
        CU_ASSERT_EQUAL(strstr(notes, "without a function") != NULL, cases[i].function);
    }
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
    FiscStatementQuery query = {.nation = books->nation,
                                .balances = books->balances,
                                .unit = "NOWHERE",
                                .from = 202400,
                                .to = 202413};
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
    {"cash that only one side has is said below its row",
     test_cash_that_only_one_side_has_is_said_below_its_row},
    {"what no payment explains is said too", test_what_no_payment_explains_is_said_too},
    {"eliminations add up by pair, with their totals",
     test_eliminations_add_up_by_pair_with_their_totals},
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
    {"a coverage note is said once, and names units when partial",
     test_a_coverage_note_is_said_once_and_names_units_when_partial},
    {"notes stand below the title they concern", test_notes_stand_below_the_title_they_concern},
    {"only the statements asked for are built", test_only_the_statements_asked_for_are_built},
    {"a statement that nobody knows is refused with the ten",
     test_a_statement_that_nobody_knows_is_refused_with_the_ten},
    {"what was not classified is said of the statement asked for",
     test_what_was_not_classified_is_said_of_the_statement_asked_for},
    {"what a line does not classify is said", test_what_a_line_does_not_classify_is_said},
    {"a unit that nobody knows is not found", test_a_unit_that_nobody_knows_is_not_found},
    {"a national chart and earlier years make the same figures",
     test_a_national_chart_and_earlier_years_make_the_same_figures},
    {NULL, NULL},
};

/* transfer_test.c: grants between units: payer's and receiver's entries matched, by hand.
 *
 * The State pays a city and a town. Whatever is matched, the sums are those of consolidation. */
#include "fisc/transfer.h"
#include "fisc/statement.h"
#include "reporting/transfer_match.h"
#include "tests/reporting/lensing.h"
#include "tests/reporting/random_books.h"
#include "tests/reporting/reading.h"
#include "tests/reporting/worksheet.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_transfer_tests[];

/* One entry with one line: what the payer gave, or the receiver got, in minor units. */
typedef struct {
    const char *date, *reference, *entity, *code, *other;
    int64_t amount; /* positive on its side */
    const char *transfer, *document, *memo;
    int corrects; /* the number of an entry of the table, from 1; 0 = none */
} Posted;

static NaiveBooks *
new_books(void)
{
    NaiveBooks *books = naive_books_new();
    fisc_nation_add_entity(books->nation, "STA", "State", "S1312", "11", true, "");
    fisc_nation_add_entity(books->nation, "CIT", "City", "S1313", "11", true, "");
    fisc_nation_add_entity(books->nation, "TOW", "Town", "S1313", "11", true, "");
    fisc_nation_add_entity(books->nation, "FIRM", "A company", "S11001", "151", false, "");
    fisc_nation_add_group(books->nation, "TOWNS", "City and town", "CIT TOW");
    fisc_nation_add_group(books->nation, "GG", "General government", "STA CIT TOW");
    return books;
}

static void
post(NaiveBooks *books, const Posted *posted)
{
    FiscDate date = 0;
    CU_ASSERT_FATAL(fisc_date_parse(posted->date, &date));
    bool is_payer = posted->code[0] == '2';
    NaiveLine line = {.journal = posted->reference,
                      .entity = posted->entity,
                      .code = posted->code,
                      .period = fisc_period_of(date),
                      .amount = is_payer ? posted->amount : -posted->amount,
                      .counterparty = posted->other};
    naive_post(books, &line);
    FiscPostedLine *last =
        &g_array_index(books->lines->rows, FiscPostedLine, books->lines->rows->len - 1);
    last->effective = date;
    last->transfer = posted->transfer;
    last->document = posted->document;
    last->memo = posted->memo;
    last->corrects = posted->corrects;
}

static NaiveBooks *
books_of(const Posted *posted)
{
    NaiveBooks *books = new_books();
    for (; posted->date != NULL; posted++) {
        post(books, posted);
    }
    return books;
}

static FiscTable *
ask_for(const NaiveBooks *books, const char *unit, const char *period, GHashTable *seen)
{
    FiscTable *table = NULL;
    FiscTransferQuery query = {.nation = books->nation,
                               .balances = books->balances,
                               .lines = books->lines,
                               .unit = unit,
                               .seen = seen};
    CU_ASSERT_FATAL(fisc_period_span_parse(period, &query.from, &query.to));
    CU_ASSERT_FATAL(fisc_statement_transfers(&query, &table, NULL));
    return table;
}

static char *
csv_for(const NaiveBooks *books, const char *unit, const char *period)
{
    g_autoptr(FiscTable) table = ask_for(books, unit, period, NULL);
    return csv_of(table);
}

#define HEAD                                                                                       \
    "transfer,payer,receiver,kind,payer_amount,receiver_amount,difference,state,score,owner,"      \
    "since,days,payer_entries,receiver_entries\n"

/* A year of the State: by id, by score, one that differs, one over the year end, one that could be
 * either of two, one that nobody paid. */
static const Posted year[] = {
    {"2024-02-01", "P1", "STA", "2631", "CIT", 50000, "T-1", "", "Schools, first half"},
    {"2024-02-03", "R1", "CIT", "1331", "STA", 50000, "T-1", "", "From the State"},
    {"2024-03-01", "P2", "STA", "2631", "TOW", 30000, NULL, "D-9", "Roads of the town"},
    {"2024-03-05", "R2", "TOW", "1331", "STA", 30000, NULL, "D-9", "For roads"},
    {"2024-04-01", "P3", "STA", "2632", "CIT", 80000, "T-3", "", "Bridge"},
    {"2024-04-09", "R3", "CIT", "1332", "STA", 75000, "T-3", "", "Bridge"},
    {"2024-12-20", "P4", "STA", "2631", "CIT", 12000, NULL, "", "Libraries"},
    {"2025-01-08", "R4", "CIT", "1331", "STA", 12000, NULL, "", "Libraries"},
    {"2024-06-01", "P5", "STA", "2631", "TOW", 7000, NULL, "", ""},
    {"2024-06-02", "R5", "TOW", "1331", "STA", 7000, NULL, "", ""},
    {"2024-06-02", "R6", "TOW", "1331", "STA", 7000, NULL, "", ""},
    {"2024-09-30", "R7", "TOW", "1331", "STA", 900, NULL, "", ""},
    {NULL},
};

static void
test_a_year(void)
{
    g_autoptr(NaiveBooks) books = books_of(year);
    g_autoptr(FiscTable) table = ask_for(books, "GG", "2024", NULL);
    g_autofree char *csv = csv_of(table);
    g_autofree char *notes = notes_of(table);
    FISC_ASSERT_TEXT(
        csv, HEAD ",STA,CIT,current,120.00,0.00,120.00,in transit,,CIT,2024-12-20,11,P4,\n"
                  "T-3,STA,CIT,capital,800.00,750.00,50.00,differs,100,CIT,2024-04-01,274,P3,R3\n"
                  ",STA,TOW,current,0.00,9.00,-9.00,received only,,TOW,2024-09-30,92,,R7\n"
                  ",STA,TOW,current,70.00,140.00,-70.00,ambiguous,75,TOW,2024-06-01,213,P5,R5 R6\n"
                  "T-1,STA,CIT,current,500.00,500.00,0.00,matched,100,,2024-02-01,,P1,R1\n"
                  ",STA,TOW,current,300.00,300.00,0.00,matched,92,,2024-03-01,,P2,R2\n");
    FISC_ASSERT_TEXT(notes, "in transit: 1; paid 120.00, received 0.00, difference 120.00\n"
                            "differs: 1; paid 800.00, received 750.00, difference 50.00\n"
                            "received only: 1; paid 0.00, received 9.00, difference -9.00\n"
                            "ambiguous: 1; paid 70.00, received 140.00, difference -70.00\n"
                            "matched: 2; paid 800.00, received 800.00, difference 0.00\n"
                            "Open at the end 91.00 = at the beginning 0.00 + of the period 91.00, "
                            "as fisc report asymmetries shows it\n");
}

/* What was in transit at New Year has arrived; what was open still is. */
static void
test_the_year_after(void)
{
    g_autoptr(NaiveBooks) books = books_of(year);
    g_autoptr(FiscTable) table = ask_for(books, "GG", "2025", NULL);
    g_autofree char *csv = csv_of(table);
    FISC_ASSERT_TEXT(
        csv, HEAD "T-3,STA,CIT,capital,800.00,750.00,50.00,differs,100,CIT,2024-04-01,639,P3,R3\n"
                  ",STA,TOW,current,0.00,9.00,-9.00,received only,,TOW,2024-09-30,457,,R7\n"
                  ",STA,TOW,current,70.00,140.00,-70.00,ambiguous,75,TOW,2024-06-01,578,P5,R5 R6\n"
                  ",STA,CIT,current,120.00,120.00,0.00,matched,69,,2024-12-20,,P4,R4\n");
    FISC_ASSERT_TEXT(table->notes->pdata[table->notes->len - 1],
                     "Open at the end -29.00 = at the beginning 91.00 + of the period -120.00, as "
                     "fisc report asymmetries shows it");
}

/* Behind a month at whose end the two were even nothing is read again. */
static void
test_what_was_even_is_not_read_again(void)
{
    static const Posted posted[] = {
        {"2023-01-10", "P1", "STA", "2631", "CIT", 100, NULL, "", ""},
        {"2023-01-12", "R1", "CIT", "1331", "STA", 100, NULL, "", ""},
        {"2023-12-10", "P2", "STA", "2631", "CIT", 200, NULL, "", ""},
        {"2024-01-12", "R2", "CIT", "1331", "STA", 200, NULL, "", ""},
        {NULL},
    };
    g_autoptr(NaiveBooks) books = books_of(posted);
    FiscTransferQuery query = {.nation = books->nation,
                               .balances = books->balances,
                               .unit = "GG",
                               .from = 202400,
                               .to = 202413};
    g_autoptr(GArray) ids = NULL;
    FiscPeriod since = 0;
    CU_ASSERT_FATAL(fisc_transfers_wanted(&query, &ids, &since, NULL));
    FISC_ASSERT_INT(since, 202312);
    FISC_ASSERT_INT(ids->len, 2);
    g_autofree char *csv = csv_for(books, "GG", "2024");
    FISC_ASSERT_TEXT(csv, HEAD ",STA,CIT,current,2.00,2.00,0.00,matched,55,,2023-12-10,,P2,R2\n");
}

static void
test_matching(void)
{
    static const struct {
        const char *what;
        Posted posted[6];
        const char *rows;
    } cases[] = {
        {"one payment, two receipts of its id",
         {{"2024-05-02", "P", "STA", "2631", "CIT", 900, "T", "", ""},
          {"2024-05-03", "R1", "CIT", "1331", "STA", 400, "T", "", ""},
          {"2024-05-09", "R2", "CIT", "1331", "STA", 500, "T", "", ""}},
         "T,STA,CIT,current,9.00,9.00,0.00,matched,100,,2024-05-02,,P,R1 R2\n"},
        {"one payment to a class, what each of it had, by id",
         {{"2024-05-02", "P", "STA", "2631", "TOWNS", 900, "T", "", ""},
          {"2024-05-03", "R1", "CIT", "1331", "STA", 400, "T", "", ""},
          {"2024-05-09", "R2", "TOW", "1331", "STA", 500, "T", "", ""}},
         "T,STA,CIT+TOW,current,9.00,9.00,0.00,matched,100,,2024-05-02,,P,R1 R2\n"},
        {"one payment to a class, whole at one of it, by score",
         {{"2024-05-02", "P", "STA", "2631", "TOWNS", 900, NULL, "", ""},
          {"2024-05-03", "R", "TOW", "1331", "STA", 900, NULL, "", ""}},
         ",STA,TOW,current,9.00,9.00,0.00,matched,75,,2024-05-02,,P,R\n"},
        {"several receipts without an id are not added up",
         {{"2024-05-02", "P", "STA", "2631", "CIT", 900, NULL, "", ""},
          {"2024-05-03", "R1", "CIT", "1331", "STA", 400, NULL, "", ""},
          {"2024-05-03", "R2", "CIT", "1331", "STA", 500, NULL, "", ""}},
         ",STA,CIT,current,9.00,0.00,9.00,in transit,,CIT,2024-05-02,243,P,\n"
         ",STA,CIT,current,0.00,4.00,-4.00,received only,,CIT,2024-05-03,242,,R1\n"
         ",STA,CIT,current,0.00,5.00,-5.00,received only,,CIT,2024-05-03,242,,R2\n"},
        {"the nearer of two, and the other to the other",
         {{"2024-05-02", "P1", "STA", "2631", "CIT", 900, NULL, "", ""},
          {"2024-05-12", "P2", "STA", "2631", "CIT", 900, NULL, "", ""},
          {"2024-05-14", "R2", "CIT", "1331", "STA", 900, NULL, "", ""},
          {"2024-05-06", "R1", "CIT", "1331", "STA", 900, NULL, "", ""}},
         ",STA,CIT,current,9.00,9.00,0.00,matched,68,,2024-05-02,,P1,R1\n"
         ",STA,CIT,current,9.00,9.00,0.00,matched,75,,2024-05-12,,P2,R2\n"},
        {"a number on both papers tells which",
         {{"2024-05-02", "P1", "STA", "2631", "CIT", 900, NULL, "N-1", ""},
          {"2024-05-02", "P2", "STA", "2631", "CIT", 900, NULL, "N-2", ""},
          {"2024-05-06", "R1", "CIT", "1331", "STA", 900, NULL, "N-2", ""}},
         ",STA,CIT,current,9.00,0.00,9.00,in transit,,CIT,2024-05-02,243,P1,\n"
         ",STA,CIT,current,9.00,9.00,0.00,matched,83,,2024-05-02,,P2,R1\n"},
        {"two ids are two grants",
         {{"2024-05-02", "P", "STA", "2631", "CIT", 900, "A", "", ""},
          {"2024-05-02", "R", "CIT", "1331", "STA", 900, "B", "", ""}},
         "A,STA,CIT,current,9.00,0.00,9.00,in transit,,CIT,2024-05-02,243,P,\n"
         "B,STA,CIT,current,0.00,9.00,-9.00,received only,,CIT,2024-05-02,243,,R\n"},
        {"an id that one side alone has",
         {{"2024-05-02", "P", "STA", "2631", "CIT", 900, "A", "", ""},
          {"2024-05-02", "R", "CIT", "1331", "STA", 900, NULL, "", ""}},
         "A,STA,CIT,current,9.00,9.00,0.00,matched,75,,2024-05-02,,P,R\n"},
        {"an id between others is another grant",
         {{"2024-05-02", "P", "STA", "2631", "CIT", 900, "A", "", ""},
          {"2024-05-02", "R", "TOW", "1331", "STA", 900, "A", "", ""}},
         "A,STA,CIT,current,9.00,0.00,9.00,in transit,,CIT,2024-05-02,243,P,\n"
         "A,STA,TOW,current,0.00,9.00,-9.00,received only,,TOW,2024-05-02,243,,R\n"},
        {"capital here, current there: amounts agree, classes do not",
         {{"2024-05-02", "P", "STA", "2632", "CIT", 900, "A", "", ""},
          {"2024-05-02", "R", "CIT", "1331", "STA", 900, "A", "", ""}},
         "A,STA,CIT,capital+current,9.00,9.00,0.00,differs,100,CIT,2024-05-02,243,P,R\n"},
        {"two months apart is another grant",
         {{"2024-05-02", "P", "STA", "2631", "CIT", 900, NULL, "", ""},
          {"2024-07-02", "R", "CIT", "1331", "STA", 900, NULL, "", ""}},
         ",STA,CIT,current,9.00,0.00,9.00,in transit,,CIT,2024-05-02,243,P,\n"
         ",STA,CIT,current,0.00,9.00,-9.00,received only,,CIT,2024-07-02,182,,R\n"},
        {"between equals the payer is to act; a company keeps no books here",
         {{"2024-05-02", "P", "TOW", "2631", "CIT", 900, NULL, "", ""},
          {"2024-05-02", "Q", "TOW", "2631", "FIRM", 900, NULL, "", ""}},
         ",TOW,CIT,current,9.00,0.00,9.00,in transit,,TOW,2024-05-02,243,P,\n"},
        {"what was taken back is none",
         {{"2024-05-02", "P", "STA", "2631", "CIT", 900, NULL, "", "", 0},
          {"2024-05-04", "P/reversal", "STA", "2631", "CIT", -900, NULL, "", "", 1},
          {"2024-05-06", "Q", "STA", "2631", "CIT", 900, NULL, "", "", 0},
          {"2024-05-07", "R", "CIT", "1331", "STA", 900, NULL, "", "", 0}},
         ",STA,CIT,current,9.00,9.00,0.00,matched,75,,2024-05-06,,Q,R\n"},
        {"a correction belongs to what it corrects",
         {{"2024-05-02", "P", "STA", "2631", "CIT", 900, "A", "", "", 0},
          {"2024-05-04", "P-2", "STA", "2631", "CIT", 50, NULL, "", "", 1},
          {"2024-05-07", "R", "CIT", "1331", "STA", 950, "A", "", "", 0}},
         "A,STA,CIT,current,9.50,9.50,0.00,matched,100,,2024-05-02,,P P-2,R\n"},
        {"an instalment that came later is open since then",
         {{"2024-05-02", "P1", "STA", "2631", "CIT", 900, "A", "", ""},
          {"2024-05-07", "R1", "CIT", "1331", "STA", 900, "A", "", ""},
          {"2024-08-01", "P2", "STA", "2631", "CIT", 300, "A", "", ""}},
         "A,STA,CIT,current,12.00,9.00,3.00,differs,100,CIT,2024-08-01,152,P1 P2,R1\n"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(NaiveBooks) books = books_of(cases[i].posted);
        g_autofree char *csv = csv_for(books, "GG", "2024");
        g_autofree char *expected = g_strconcat(HEAD, cases[i].rows, NULL);
        fisc_assert_text(csv, expected, cases[i].what, __FILE__, __LINE__);
    }
}

/* The same entries in another order of the chain are matched alike. */
static void
test_order_decides_nothing(void)
{
    Posted turned[G_N_ELEMENTS(year)] = {{NULL}};
    guint count = G_N_ELEMENTS(year) - 1;
    for (guint i = 0; i < count; i++) {
        turned[i] = year[count - 1 - i];
    }
    g_autoptr(NaiveBooks) books = books_of(year);
    g_autoptr(NaiveBooks) other = books_of(turned);
    g_autoptr(FiscTable) table = ask_for(books, "GG", "2024", NULL);
    g_autoptr(FiscTable) same = ask_for(other, "GG", "2024", NULL);
    FISC_ASSERT_INT(same->rows->len, table->rows->len);
    for (guint row = 0; row < table->rows->len; row++) {
        static const int columns[] = {0, 1, 2, 3, 7, 9, 10, 12};
        for (guint i = 0; i < G_N_ELEMENTS(columns); i++) {
            FISC_ASSERT_TEXT(text_at(same, row, columns[i]), text_at(table, row, columns[i]));
        }
    }
}

static void
test_points(void)
{
    static const FiscTransferRecord payer = {.kind = "current",
                                             .amount = 900,
                                             .document = "D-1",
                                             .reference = "P",
                                             .memo = "Grant for schools, 2024"};
    static const struct {
        FiscTransferRecord receiver;
        int score;
    } cases[] = {
        {{.kind = "current",
          .amount = 900,
          .document = "D-1",
          .reference = "R",
          .memo = "SCHOOLS: grant"},
         99},
        {{.kind = "current", .amount = 900, .document = "", .reference = "D-1", .memo = "x"}, 90},
        {{.kind = "current", .amount = 900, .document = "", .reference = "R", .memo = ""}, 75},
        {{.kind = "capital", .amount = 900, .document = "", .reference = "R", .memo = ""}, 65},
        {{.kind = "current",
          .amount = 900,
          .effective = 3,
          .document = "",
          .reference = "R",
          .memo = "of the Ministry, in part"},
         75},
        {{.kind = "current",
          .amount = 900,
          .effective = -4,
          .document = "",
          .reference = "R",
          .memo = ""},
         68},
        {{.kind = "current",
          .amount = 900,
          .effective = 31,
          .document = "",
          .reference = "R",
          .memo = ""},
         60},
        {{.kind = "capital",
          .amount = 900,
          .effective = 60,
          .document = "",
          .reference = "R",
          .memo = ""},
         45},
        {{.kind = "current",
          .amount = 900,
          .effective = 61,
          .document = "D-1",
          .reference = "R",
          .memo = "Grant for schools, 2024"},
         0},
        {{.kind = "current", .amount = 901, .document = "D-1", .reference = "R", .memo = ""}, 0},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        FISC_ASSERT_INT(fisc_transfer_score(&payer, &cases[i].receiver), cases[i].score);
    }
}

/* Sum of the column "difference" of the asymmetries of grants. */
static int64_t
asymmetry_of(const NaiveBooks *books, const char *group, const char *period)
{
    FiscAsymmetryQuery query = {.nation = books->nation,
                                .balances = books->balances,
                                .lines = books->lines,
                                .group = group};
    g_autoptr(FiscTable) table = NULL;
    int64_t sum = 0;
    CU_ASSERT_FATAL(fisc_period_span_parse(period, &query.from, &query.to));
    CU_ASSERT_FATAL(fisc_statement_asymmetries(&query, &table, NULL));
    for (guint row = 0; row < table->rows->len; row++) {
        sum += amount_at(table, row, fisc_table_column(table, "difference"));
    }
    return sum;
}

static int64_t
open_of(const NaiveBooks *books, const char *group, const char *period)
{
    g_autoptr(FiscTable) table = ask_for(books, group, period, NULL);
    int64_t sum = 0;
    for (guint row = 0; row < table->rows->len; row++) {
        sum += amount_at(table, row, fisc_table_column(table, "difference"));
    }
    return sum;
}

/* Month by month: what is open at the end is what was open before and the asymmetry of the month.
 */
static void
test_sums_are_those_of_consolidation(void)
{
    static const char *const months[] = {"2024-02", "2024-03", "2024-04", "2024-05", "2024-06",
                                         "2024-07", "2024-08", "2024-09", "2024-10", "2024-11",
                                         "2024-12", "2025-01", "2025-02"};
    g_autoptr(NaiveBooks) books = books_of(year);
    int64_t open = 0;
    for (guint i = 0; i < G_N_ELEMENTS(months); i++) {
        open += asymmetry_of(books, "GG", months[i]);
        fisc_assert_int(open_of(books, "GG", months[i]), open, months[i], __FILE__, __LINE__);
    }
    FISC_ASSERT_INT(open, -2900);
    FISC_ASSERT_INT(open_of(books, "GG", "2024"), asymmetry_of(books, "GG", "2024"));
}

/* Whatever units record of each other, and of classes of them. */
static void
test_sums_hold_in_random_books(void)
{
    static const char *const groups[] = {"ALL", "LEFT", "RIGHT", NULL};
    for (guint32 seed = 1; seed <= 20; seed++) {
        g_autoptr(NaiveBooks) books = random_books_new(seed, seed % 4 == 0);
        g_autofree char *period = g_strdup_printf("%d", books->year);
        for (guint i = 0; i < G_N_ELEMENTS(groups); i++) {
            FISC_ASSERT_INT(open_of(books, groups[i], period),
                            asymmetry_of(books, groups[i], period));
        }
    }
}

/* The city sees its own side and the State's name; not whether the State has it, nor what the town
 * had. */
static void
test_one_side_is_all_that_one_side_sees(void)
{
    static const char *const expected =
        HEAD "T-1,STA,CIT,current,,500.00,,one side,,,2024-02-03,,,R1\n"
             "T-3,STA,CIT,capital,,750.00,,one side,,,2024-04-09,,,R3\n";
    g_autoptr(GHashTable) open = g_hash_table_new(g_str_hash, g_str_equal);
    g_hash_table_add(open, (gpointer) "CIT");
    Posted own[G_N_ELEMENTS(year)] = {{NULL}};
    for (guint i = 0, k = 0; year[i].date != NULL; i++) {
        if (g_str_equal(year[i].entity, "CIT")) {
            own[k++] = year[i];
        }
    }
    g_autoptr(NaiveBooks) all = books_of(year);
    g_autoptr(NaiveBooks) seen = books_of(own);
    g_autoptr(FiscTable) table = ask_for(seen, "CIT", "2024", open);
    g_autofree char *csv = csv_of(table);
    FISC_ASSERT_TEXT(csv, expected);
    FISC_ASSERT_TEXT(table->notes->pdata[0],
                     "one side: 2; whether the other unit has them is in its own books");
    g_autofree char *whole = csv_for(all, "CIT", "2024");
    FISC_ASSERT_TEXT(
        whole, HEAD ",STA,CIT,current,120.00,0.00,120.00,in transit,,CIT,2024-12-20,11,P4,\n"
                    "T-3,STA,CIT,capital,800.00,750.00,50.00,differs,100,CIT,2024-04-01,274,P3,R3\n"
                    "T-1,STA,CIT,current,500.00,500.00,0.00,matched,100,,2024-02-01,,P1,R1\n");
}

/* As of a day age ends there; what was found out about a pair says whose it is. */
static void
test_age_and_owner(void)
{
    static const char *const finding[] = {"from_entity", "STA",    "to_entity", "CIT",   "what",
                                          "current",     "period", "2024",      "class", "timing",
                                          "owner",       "STA",    NULL};
    g_autoptr(NaiveBooks) books = books_of(year);
    g_autoptr(FiscTable) table = NULL;
    FiscTransferQuery query = {.nation = books->nation,
                               .balances = books->balances,
                               .lines = books->lines,
                               .from = 202400,
                               .to = 202413};
    lensing_fact(books, "asymmetry", finding);
    CU_ASSERT_FATAL(fisc_date_parse("2024-12-24", &query.at));
    CU_ASSERT_FATAL(fisc_statement_transfers(&query, &table, NULL));
    FISC_ASSERT_TEXT(text_at(table, 0, 9), "STA");
    FISC_ASSERT_INT(amount_at(table, 0, 11), 4);
}

/* So many alike that no two can be told apart. */
static void
test_too_many_alike_are_told(void)
{
    g_autoptr(NaiveBooks) books = new_books();
    for (int i = 0; i < 2100; i++) {
        bool is_payer = i % 2 == 0;
        const Posted posted = {"2024-05-02",
                               "X",
                               is_payer ? "STA" : "CIT",
                               is_payer ? "2631" : "1331",
                               is_payer ? "CIT" : "STA",
                               100,
                               NULL,
                               "",
                               ""};
        post(books, &posted);
    }
    g_autoptr(FiscTable) table = ask_for(books, "GG", "2024", NULL);
    FISC_ASSERT_INT(table->rows->len, 1);
    FISC_ASSERT_TEXT(text_at(table, 0, 7), "ambiguous");
    FISC_ASSERT_INT(amount_at(table, 0, 4), 105000);
    FISC_ASSERT_INT(amount_at(table, 0, 6), 0);
}

const FiscTest fisc_transfer_tests[] = {
    {"a year: by id, by score, differing, in transit, ambiguous, received only", test_a_year},
    {"the year after: what was in transit has arrived", test_the_year_after},
    {"what was even is not read again", test_what_was_even_is_not_read_again},
    {"records are matched, or not, and never guessed", test_matching},
    {"the order of the chain decides nothing", test_order_decides_nothing},
    {"the score is points by a table", test_points},
    {"sums are those of consolidation, month by month", test_sums_are_those_of_consolidation},
    {"sums are those of consolidation in random books", test_sums_hold_in_random_books},
    {"who sees one side is told one side", test_one_side_is_all_that_one_side_sees},
    {"age ends on the day asked about; what was found out says whose it is", test_age_and_owner},
    {"too many alike are ambiguous", test_too_many_alike_are_told},
    {NULL, NULL},
};

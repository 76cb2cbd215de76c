/* trace_test.c: one key through the books: what moved, who did it, what was refused, what is open.
 */
#include "tests/app/school.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_trace_tests[];

static FiscTable *
trace(Books *books, const char *key)
{
    FiscTable *table = NULL;
    GError *error = NULL;
    if (!fisc_flow_trace(&books->ctx, key, &table, &error)) {
        g_error("%s", error->message);
    }
    return table;
}

static void
append_cell(GString *text, const FiscTable *table, const FiscRow *row, const char *column)
{
    int index = fisc_table_column(table, column);
    const FiscCell *cell = &row->cells[index];
    if (g_array_index(table->columns, FiscColumn, index).kind == FISC_COLUMN_TEXT) {
        g_string_append(text, cell->text != NULL ? cell->text : "");
    } else if (cell->is_set) {
        g_string_append_printf(text, "%" G_GINT64_FORMAT, (int64_t)cell->number);
    }
}

/* Some columns of each row that is no heading, with "|" between them. */
static char *
rows_of(const FiscTable *table, const char *columns)
{
    g_auto(GStrv) names = g_strsplit(columns, " ", -1);
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < table->rows->len; i++) {
        const FiscRow *row = table->rows->pdata[i];
        for (int k = 0; !row->heading && names[k] != NULL; k++) {
            g_string_append(text, k > 0 ? "|" : "");
            append_cell(text, table, row, names[k]);
        }
        g_string_append(text, row->heading ? "" : "\n");
    }
    return g_string_free(text, FALSE);
}

static void
expect_rows(const FiscTable *table, const char *columns, const char *expected)
{
    g_autofree char *rows = rows_of(table, columns);
    FISC_ASSERT_TEXT(rows, expected);
}

static void
expect_trace(Books *books, const char *key, const char *columns, const char *expected)
{
    g_autoptr(FiscTable) table = trace(books, key);
    expect_rows(table, columns, expected);
}

static void
test_an_entry(void)
{
    static const char paid[] = "SCH/3|3308|financial|12050||\n"
                               "SCH/3|3202|financial|-12050||\n"
                               "SCH/3|B23>B24|budgetary|12050|obligation|payment\n";
    g_autoptr(Books) books = school_books();
    expect_trace(books, "SCH/3", "reference account side amount from to", paid);
    expect_trace(books, "3", "reference account side amount from to", paid);
}

static void
test_says_who_and_when(void)
{
    g_autoptr(Books) books = school_books();
    g_autofree char *batch = books_ask(
        books, "select batch_no from ledger.entry where reference = 'SCH/2' order by 1 limit 1");
    g_autofree char *posted_at = books_ask(
        books, "select to_char(posted_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS') from "
               "ledger.batch join ledger.entry using (book_id, batch_no) where reference = "
               "'SCH/2'");
    g_autoptr(FiscTable) table = trace(books, "SCH/2");
    g_autofree char *expected = g_strdup_printf(
        "%s|%s|2024-02-10|%s|entry|SCH|cofog=70912 gfs_code=3111.1|Contract for the roof\n", batch,
        posted_at, books->ctx.actor);
    expect_rows(table, "batch posted_at date who step entity key memo", expected);
    const FiscRow *heading = table->rows->pdata[0];
    int account = fisc_table_column(table, "account"); /* the first that people are shown */
    CU_ASSERT_TRUE(heading->heading);
    FISC_ASSERT_CONTAINS(heading->cells[account].text, posted_at);
    FISC_ASSERT_CONTAINS(heading->cells[account].text,
                         "SCH/2 of SCH (package), effective 2024-02-10, "
                         "document 2: Contract for the roof");
}

static void
test_a_transfer(void)
{
    g_autoptr(Books) books = school_books();
    books_must_post(books, "journal_id,date,entity,gfs_code,debit,credit,counterparty_entity,"
                           "cofog,transfer\n"
                           "11,2024-05-01,SCH,22,1.00,,CORP,70912,T-1\n"
                           "11,2024-05-01,SCH,3308,,1.00,CORP,,\n"
                           "12,2024-05-01,CORP,3208,1.00,,SCH,,T-1\n"
                           "12,2024-05-01,CORP,1423,,1.00,SCH,,\n");
    expect_trace(books, "T-1", "reference account side amount",
                 "SCH/11|22|financial|100\n"
                 "SCH/11|3308|financial|-100\n"
                 "SCH/11|B20>B23|budgetary|100\n"
                 "CORP/12|3208|financial|100\n"
                 "CORP/12|1423|financial|-100\n");
}

static void
reverse(Books *books, const char *reference)
{
    g_autoptr(FiscReceipt) receipt = NULL;
    GError *error = NULL;
    if (!fisc_flow_reverse(&books->ctx, "test", reference, fisc_date_make(2024, 5, 2), "sent back",
                           &receipt, &error)) {
        g_error("%s", error->message);
    }
    FISC_ASSERT_INT(receipt->posted, 1);
}

/* From either end. */
static void
test_a_reversal(void)
{
    static const char both[] = "entry|SCH/11|22|100\n"
                               "entry|SCH/11|3308|-100\n"
                               "entry|SCH/11|B20>B23|100\n"
                               "reversal|SCH/11/reversal|22|-100\n"
                               "reversal|SCH/11/reversal|3308|100\n"
                               "reversal|SCH/11/reversal|B23>B20|100\n";
    g_autoptr(Books) books = school_books();
    books_must_post(books, SCHOOL_HEADER SCHOOL_GOODS("11", "2024-05-01", "1.00"));
    reverse(books, "SCH/11");
    expect_trace(books, "SCH/11", "step reference account amount", both);
    expect_trace(books, "SCH/11/reversal", "step reference account amount", both);
}

/* Refused, posted later under the same reference: both, in the order they happened. */
static void
test_a_refusal(void)
{
    g_autoptr(Books) books = school_books();
    static const char text[] = SCHOOL_HEADER SCHOOL_GOODS("11", "2024-05-01", "180.00");
    g_autoptr(FiscReceipt) refused = books_post(books, text);
    FISC_ASSERT_INT(refused->refused, 1);
    expect_trace(books, "SCH/11", "step reference entity title key amount",
                 "refusal|SCH/11|SCH|BUDGET_EXCEEDED by budget|entity=SCH gfs_code=22 cofog=70912 "
                 "year=2024|18000\n");
    books_must_post(books, SCHOOL_HEADER "V,2024-05-02,SCH,22,0.50,,,70912,,,change,More\n");
    books_must_post(books, text);
    expect_trace(books, "SCH/11", "step amount",
                 "refusal|18000\nentry|18000\nentry|-18000\n"
                 "entry|18000\n");
}

static void
test_a_change_of_the_budget(void)
{
    g_autoptr(Books) books = school_books();
    books_must_post(books, SCHOOL_HEADER "V,2024-05-02,SCH,22,0.50,,,70912,,,change,More\n"
                                         "V,2024-05-02,SCH,3111.1,-0.50,,,70912,,,change,Less\n");
    expect_trace(books, "SCH/V", "amount from to key",
                 "50|change|available|cofog=70912 gfs_code=22\n"
                 "50|available|change|cofog=70912 gfs_code=3111.1\n");
}

#define CHAIN_HEADER                                                                               \
    "journal_id,date,entity,gfs_code,cofog,stage,debit,credit,item,relieves,final,expires\n"
#define MOVE(journal, stage, amount, words)                                                        \
    journal ",2024-04-01,SCH,22,70912," stage "," amount ",," words "\n"

/* A reservation, an order of a part of it, an invoice: from any of them the whole chain. */
static void
test_a_chain(void)
{
    static const char *const keys[] = {"SCH/R1", "PR-1", "INV-1", "I1"};
    g_autoptr(Books) books = school_books();
    books_must_post(books, CHAIN_HEADER MOVE("R1", "authorization", "60", "PR-1,,,2199-12-31"));
    books_must_post(books, CHAIN_HEADER MOVE("O1", "commitment", "40", "PO-1,PR-1,,"));
    books_must_post(books, CHAIN_HEADER MOVE("I1", "obligation", "30", "INV-1,PO-1,Y,"));
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        g_autoptr(FiscTable) table = trace(books, keys[i]);
        expect_rows(table, "step reference amount from to item",
                    "item|SCH/PR-1||||\n"
                    "entry|SCH/R1|6000|available|authorization|PR-1\n"
                    "entry|SCH/O1|4000|available|commitment|PO-1\n"
                    "entry|SCH/O1|4000|authorization|available|PR-1\n"
                    "entry|SCH/I1|3000|available|obligation|INV-1\n"
                    "entry|SCH/I1|4000|commitment|available|PO-1\n"
                    "open||2000|authorization||PR-1\n"
                    "open||0|commitment||PO-1\n"
                    "open||3000|obligation||INV-1\n");
    }
}

/* Proposed by one, approved by another, and then carried out. */
static void
test_a_document(void)
{
    g_autoptr(Books) books = school_books();
    FiscBudgetOrder order = {.entity = "SCH",
                             .on = fisc_date_make(2024, 5, 1),
                             .amount = "5.00",
                             .reason = "books instead of roofs",
                             .id = "D-1"};
    order.from[FISC_DIM_GFS] = "3111.1";
    order.to[FISC_DIM_GFS] = "22";
    order.from[FISC_DIM_FUNCTION] = order.to[FISC_DIM_FUNCTION] = "70912";
    g_autofree char *id = NULL;
    g_autofree char *state = NULL;
    g_autoptr(FiscReceipt) proposal = NULL;
    g_autoptr(FiscReceipt) approval = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_flow_budget_virement(&books->ctx, &order, &id, &proposal, &error));
    books->ctx.actor = "second";
    CU_ASSERT_TRUE_FATAL(
        fisc_flow_document_approve(&books->ctx, "D-1", NULL, &state, &approval, &error));
    expect_trace(books, "D-1", "step who title amount from to memo",
                 "document|tester|proposed||||books instead of roofs\n"
                 "document|second|approved||||books instead of roofs\n"
                 "document|second|done||||books instead of roofs\n"
                 "entry|tester|Appropriations, changes|500|available|change|books instead of "
                 "roofs\n"
                 "entry|tester|Funds available|500|change|available|books instead of roofs\n");
}

static void
test_nothing(void)
{
    static const char *const keys[] = {"SCH/99", "", "%", "SCH"};
    g_autoptr(Books) books = school_books();
    for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
        g_autoptr(FiscTable) table = NULL;
        g_autoptr(GError) error = NULL;
        CU_ASSERT_FALSE(fisc_flow_trace(&books->ctx, keys[i], &table, &error));
        CU_ASSERT(g_error_matches(error, FISC_ERROR, FISC_ERROR_NOT_FOUND));
        CU_ASSERT_PTR_NULL(table);
    }
}

const FiscTest fisc_trace_tests[] = {
    {"traces an entry by its reference and its document, both sides", test_an_entry},
    {"says who posted, when, in which batch, and for which day", test_says_who_and_when},
    {"traces both halves of a transfer", test_a_transfer},
    {"traces an entry and its reversal from either end", test_a_reversal},
    {"tells what was refused under a reference before it was posted", test_a_refusal},
    {"shows a change of the budget as a move between stages", test_a_change_of_the_budget},
    {"traces a chain of open items from any of its links, and says what is open", test_a_chain},
    {"traces a document with its maker, its approver and what it did", test_a_document},
    {"traces nothing under a key that is none", test_nothing},
    {NULL, NULL},
};

/* item_test.c: open items through the walks, on a real database: every posting begins with books
 * restored from what is on record, folded into the checkpoint or still in the tail. */
#include "tests/app/school.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_item_walk_tests[];

#define HEADER                                                                                     \
    "journal_id,date,entity,gfs_code,cofog,stage,debit,credit,counterparty_entity,item,relieves,"  \
    "final,currency,amount_fc,flow,expires\n"
/* A move to a stage on the school's goods, of which 179.50 are available. */
#define MOVE(journal, stage, amount, words)                                                        \
    journal ",2024-04-01,SCH,22,70912," stage "," amount ",,," words "\n"

static void
must_move(Books *books, const char *rows)
{
    g_autofree char *text = g_strconcat(HEADER, rows, NULL);
    books_must_post(books, text);
}

static void
expect_refused(Books *books, const char *rows, const char *reason)
{
    g_autofree char *text = g_strconcat(HEADER, rows, NULL);
    g_autoptr(FiscReceipt) receipt = books_post(books, text);
    FISC_ASSERT_INT(receipt->refused, 1);
    const FiscResult *result = receipt->results->pdata[0];
    const FiscRefusal *refusal = result->refusals != NULL ? result->refusals->pdata[0] : NULL;
    FISC_ASSERT_TEXT(refusal != NULL ? fisc_error_name(refusal->code) : "", reason);
}

/* "reserved|committed|accrued|paid|available" of the school's goods. */
static void
expect_goods(Books *books, const char *expected)
{
    static const char *const columns[] = {"reserved", "committed", "accrued", "paid", "available"};
    const char *dim[FISC_DIM_COUNT] = {[FISC_DIM_GFS] = "22"};
    g_autoptr(FiscTable) table = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_flow_funds(&books->ctx, "SCH", 2024, dim, &table, &error));
    const FiscRow *row = table->rows->pdata[0];
    g_autoptr(GString) text = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
        int64_t number = (int64_t)row->cells[fisc_table_column(table, columns[i])].number;
        g_string_append_printf(text, "%s%" G_GINT64_FORMAT, i > 0 ? "|" : "", number);
    }
    FISC_ASSERT_TEXT(text->str, expected);
}

static void
expect_open(Books *books, const char *item, const char *amount)
{
    g_autofree char *sql = g_strdup_printf(
        "select coalesce(sum(amount), 0)::text from ledger.open_item_now where item = '%s'", item);
    books_expect(books, sql, amount);
}

static void
fold(Books *books)
{
    FiscPoster *poster = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_poster_open(books->pool, 1, &poster, &error));
    CU_ASSERT_TRUE(fisc_poster_checkpoint(poster, &error));
    fisc_poster_close(poster);
}

static void
expect_verified(Books *books)
{
    FiscVerifyOptions options = {.full = true};
    g_autoptr(FiscVerifyReport) report = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_verify(books->pool, 1, &options, &report, &error));
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < report->findings->len; i++) {
        g_autofree char *line = fisc_finding_to_text(report->findings->pdata[i]);
        g_string_append_printf(text, "%s\n", line);
    }
    FISC_ASSERT_TEXT(text->str, "");
}

/* The steps of R1 on 179.50, with what each leaves. */
static const struct {
    const char *row, *goods;
} steps[] = {
    {MOVE("R1", "authorization", "60", "PR-1,,,,,,"), "6000|0|0|12050|11950"},
    {MOVE("O1", "commitment", "40", "PO-1,PR-1,,,,,"), "2000|4000|0|12050|11950"},
    {MOVE("O2", "commitment", "15", "PO-1,PR-1,,,,,"), "500|5500|0|12050|11950"},
    {MOVE("I1", "obligation", "40", "INV-1,PO-1,,,,,"), "500|1500|4000|12050|11950"},
    {MOVE("I2", "obligation", "20", "INV-2,PO-1,Y,,,,"), "500|0|6000|12050|11450"},
    {MOVE("P1", "payment", "40", ",INV-1,,,,,"), "500|0|2000|16050|11450"},
    {MOVE("C1", "authorization", "-5", "PR-1,,,,,,"), "0|0|2000|16050|11950"},
};

static void
run_steps(bool is_folded)
{
    g_autoptr(Books) books = school_books();
    for (gsize i = 0; i < G_N_ELEMENTS(steps); i++) {
        must_move(books, steps[i].row);
        expect_goods(books, steps[i].goods);
        if (is_folded && i % 2 == 0) {
            fold(books);
        }
        books_close(books);
        books_open(books);
    }
    expect_refused(books, MOVE("C2", "authorization", "-1", "PR-1,,,,,,"), "ITEM_EXCEEDED");
    expect_refused(books, MOVE("C3", "commitment", "-1", "PO-1,,,,,,"), "ITEM_EXCEEDED");
    expect_open(books, "PR-1", "0");
    expect_open(books, "PO-1", "0");
    expect_open(books, "INV-2", "-2000");
    fold(books);
    expect_open(books, "INV-2", "-2000");
    expect_verified(books);
    books_expect_whole(books);
}

static void
test_from_the_tail(void)
{
    run_steps(false);
}

static void
test_from_the_checkpoint(void)
{
    run_steps(true);
}

static void
must_reverse(Books *books, const char *reference, FiscResultKind expected)
{
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_flow_reverse(
        &books->ctx, "test", reference, fisc_date_make(2024, 5, 1), "mistaken", &receipt, &error));
    FISC_ASSERT_INT(((const FiscResult *)receipt->results->pdata[0])->kind, expected);
}

static void
test_reversal(void)
{
    g_autoptr(Books) books = school_books();
    must_move(books, MOVE("O1", "commitment", "50", "PO-1,,,,,,"));
    must_move(books, MOVE("I1", "obligation", "30", "INV-1,PO-1,Y,,,,"));
    expect_goods(books, "0|0|3000|12050|14950");
    fold(books);
    must_reverse(books, "SCH/O1", FISC_RESULT_REFUSED); /* it is relieved: nothing of it is open */
    must_reverse(books, "SCH/I1", FISC_RESULT_POSTED);
    expect_goods(books, "0|5000|0|12050|12950");
    expect_open(books, "PO-1", "-5000");
    expect_open(books, "INV-1", "0");
    must_move(books, MOVE("I2", "obligation", "45", "INV-2,PO-1,,,,,"));
    expect_goods(books, "0|500|4500|12050|12950");
    must_reverse(books, "SCH/O1", FISC_RESULT_REFUSED);
    must_reverse(books, "SCH/I2", FISC_RESULT_POSTED);
    must_reverse(books, "SCH/O1", FISC_RESULT_POSTED);
    expect_goods(books, "0|0|0|12050|17950");
    expect_verified(books);
}

static void
test_foreign(void)
{
    /* R20 on 179.50: USD 100 at 1.30, revalued at 1.36, invoiced at 1.34. */
    g_autoptr(Books) books = school_books();
    must_move(books, MOVE("O1", "commitment", "130", "PO-1,,,USD,100,,"));
    must_move(books, MOVE("V1", "commitment", "6", "PO-1,,,USD,,holding_gain,"));
    expect_goods(books, "0|13600|0|12050|4350");
    fold(books);
    must_reverse(books, "SCH/V1", FISC_RESULT_POSTED);
    expect_goods(books, "0|13000|0|12050|4950");
    must_move(books, MOVE("V2", "commitment", "6", "PO-1,,,USD,,holding_gain,"));
    expect_refused(books, MOVE("O2", "commitment", "1", "PO-1,,,EUR,1,,"), "ITEM_MISMATCH");
    expect_refused(books, MOVE("C1", "commitment", "-136", "PO-1,,,USD,-100.01,,"),
                   "ITEM_EXCEEDED");
    must_move(books, MOVE("I1", "obligation", "67", "INV-1,PO-1,,USD,50,,"));
    expect_goods(books, "0|6800|6700|12050|4450");
    must_move(books, MOVE("I2", "obligation", "67", "INV-2,PO-1,,USD,50,,"));
    expect_goods(books, "0|0|13400|12050|4550");
    must_reverse(books, "SCH/I2", FISC_RESULT_POSTED);
    expect_goods(books, "0|6800|6700|12050|4450");
    fold(books);
    expect_verified(books);
}

static void
test_planned(void)
{
    /* An ordinary journal: fisc plans the obligation, which relieves what the expense names. */
    g_autoptr(Books) books = school_books();
    must_move(books, MOVE("O1", "commitment", "50", "PO-1,,,,,,"));
    must_move(books, "I1,2024-04-01,SCH,22,70912,,45,,CORP,,PO-1,Y,,,,\n"
                     "I1,2024-04-01,SCH,3308,,,,45,CORP,BILL-1,,,,,,\n");
    expect_goods(books, "0|0|4500|12050|13450");
    expect_open(books, "PO-1", "0");
    expect_open(books, "BILL-1", "-4500");
    must_reverse(books, "SCH/I1", FISC_RESULT_POSTED);
    expect_goods(books, "0|5000|0|12050|12950");
    expect_verified(books);
}

static void
test_payable(void)
{
    g_autoptr(Books) books = school_books();
    must_move(books, "B1,2024-04-01,SCH,22,70912,,10,,CORP,,,,,,,\n"
                     "B1,2024-04-01,SCH,3308,,,,10,CORP,BILL-1,,,,,,\n");
    fold(books);
    expect_refused(books,
                   "B2,2024-04-02,SCH,3308,,,11,,CORP,BILL-1,,,,,,\n"
                   "B2,2024-04-02,SCH,3202,,,,11,BANK,,,,,,,\n",
                   "ITEM_EXCEEDED");
    must_move(books, "B3,2024-04-02,SCH,3308,,,10,,CORP,BILL-1,,,,,,\n"
                     "B3,2024-04-02,SCH,3202,,,,10,BANK,,,,,,,\n");
    expect_open(books, "BILL-1", "0");
    expect_verified(books);
}

/* Expiry ----------------------------------------------------------------------------------- */

static FiscReceipt *
expire(Books *books, const char *entity)
{
    FiscReceipt *receipt = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_flow_expire(&books->ctx, entity, &receipt, &error));
    return receipt;
}

static void
test_expiry(void)
{
    g_autoptr(Books) books = school_books();
    must_move(books, MOVE("R1", "authorization", "100", "PR-1,,,,,,2024-03-31"));
    must_move(books, MOVE("R2", "authorization", "20", "PR-2,,,,,,2199-12-31"));
    must_move(books, MOVE("I1", "obligation", "5", "INV-1,,,,,,2024-03-31"));
    expect_goods(books, "12000|0|500|12050|5450");
    fold(books);
    g_autoptr(FiscReceipt) elsewhere = expire(books, "CORP");
    FISC_ASSERT_INT(elsewhere->results->len, 0);
    g_autoptr(FiscReceipt) receipt = expire(books, NULL);
    FISC_ASSERT_INT(receipt->posted, 1); /* not what stands, not what is owed */
    FISC_ASSERT_TEXT(((const FiscResult *)receipt->results->pdata[0])->reference,
                     "SCH/PR-1/expired/2024-03-31");
    expect_goods(books, "2000|0|500|12050|15450");
    g_autoptr(FiscReceipt) again = expire(books, NULL);
    FISC_ASSERT_INT(again->results->len, 0);
    expect_refused(books, MOVE("C1", "authorization", "-1", "PR-1,,,,,,"), "ITEM_EXCEEDED");
    expect_verified(books);
}

static void
test_cure(void)
{
    /* 179.50 less 100 reserved till March: an order of 150 has the funds once that is released. */
    g_autoptr(Books) books = school_books();
    must_move(books, MOVE("R1", "authorization", "100", "PR-1,,,,,,2024-03-31"));
    must_move(books, MOVE("O1", "commitment", "150", "PO-1,,,,,,"));
    expect_goods(books, "0|15000|0|12050|2950");
    /* Nothing more has expired: the refusal stands, and goes on record. */
    expect_refused(books, MOVE("O2", "commitment", "30", "PO-2,,,,,,"), "BUDGET_EXCEEDED");
    books_expect(books,
                 "select count(*)::text from ledger.entry where reference like '%/expired/%'", "1");
    books_expect(books, "select string_agg(reference, ' ' order by item_id) from ledger.refusal",
                 "SCH/O1 SCH/O2");
    expect_verified(books);
}

static void
test_cure_keeps_answers(void)
{
    /* Of two entries the first goes in at once; both answers come back as if nothing had happened.
     */
    g_autoptr(Books) books = school_books();
    must_move(books, MOVE("R1", "authorization", "100", "PR-1,,,,,,2024-03-31"));
    g_autoptr(FiscReceipt) receipt =
        books_post(books, HEADER MOVE("O1", "commitment", "70", "PO-1,,,,,,")
                              MOVE("O2", "commitment", "80", "PO-2,,,,,,"));
    FISC_ASSERT_INT(receipt->posted, 2);
    FISC_ASSERT_INT(receipt->repeated, 0);
    FISC_ASSERT_INT(receipt->refused, 0);
    expect_goods(books, "0|15000|0|12050|2950");
}

static void
test_closed_expiry(void)
{
    g_autoptr(Books) books = school_books();
    must_move(books, MOVE("R1", "authorization", "100", "PR-1,,,,,,2024-03-31"));
    books_set_period(books, "2024-12", "closed");
    g_autoptr(FiscReceipt) receipt = expire(books, NULL);
    FISC_ASSERT_INT(receipt->refused, 1);
    expect_refused(books, MOVE("O1", "commitment", "150", "PO-1,,,,,,"), "BUDGET_EXCEEDED");
}

static void
test_false_expiry(void)
{
    /* Under the name of expiry nothing goes in but the release of what has expired, all of it. */
    static const char *const rows[] = {
        MOVE("X1", "authorization", "-10", "PR-1,,,,,,"), /* a part */
        MOVE("X2", "authorization", "-20", "PR-2,,,,,,"), /* not expired */
        MOVE("X3", "commitment", "1", "PO-1,,,,,,"),      /* no release */
        MOVE("X4", "obligation", "1", ",PR-1,Y,,,,"),     /* more than a release */
    };
    g_autoptr(Books) books = school_books();
    must_move(books, MOVE("R1", "authorization", "100", "PR-1,,,,,,2024-03-31"));
    must_move(books, MOVE("R2", "authorization", "20", "PR-2,,,,,,2199-12-31"));
    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autofree char *text = g_strconcat(HEADER, rows[i], NULL);
        g_autoptr(FiscReceipt) receipt = NULL;
        g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
        g_autoptr(GError) error = NULL;
        CU_ASSERT_TRUE_FATAL(fisc_flow_post_text(&books->ctx, "text", text, strlen(text),
                                                 FISC_SOURCE_EXPIRY, false, false, &receipt,
                                                 refusals, &error));
        const FiscResult *result = receipt->results->pdata[0];
        FISC_ASSERT_INT(result->kind, FISC_RESULT_REFUSED);
        FISC_ASSERT_INT(((const FiscRefusal *)result->refusals->pdata[0])->code,
                        FISC_ERROR_ITEM_MISMATCH);
    }
}

const FiscTest fisc_item_walk_tests[] = {
    {"keeps items open from the tail of the log (R1)", test_from_the_tail},
    {"keeps items open from the checkpoint (R1)", test_from_the_checkpoint},
    {"reopens with a reversal what the entry relieved", test_reversal},
    {"keeps foreign items, their revaluation and its reversal (R20)", test_foreign},
    {"lets an ordinary expense relieve its order", test_planned},
    {"keeps payables as items", test_payable},
    {"releases what has expired, once (R11)", test_expiry},
    {"releases what has expired when an entry needs the funds", test_cure},
    {"answers for what was posted before the release as posted", test_cure_keeps_answers},
    {"leaves what has expired when its year is closed", test_closed_expiry},
    {"lets nothing in under the name of expiry", test_false_expiry},
    {NULL, NULL},
};

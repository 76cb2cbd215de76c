/* year_end_test.c: year-ends through the flows, on a real database: rule R17 as documents of two
 * persons, the way back, and rule R19, until when the old year is paid. */
#include "tests/app/officer.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_year_end_walk_tests[];

#define HEADER                                                                                     \
    "journal_id,date,entity,gfs_code,cofog,stage,debit,credit,counterparty_entity,item,relieves,"  \
    "final,programme,period,cash_code\n"
#define MOVE(journal, date, stage, amount, item, relieves)                                         \
    journal "," date ",E,,," stage "," amount ",,," item "," relieves ",,1,,\n"

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
    const FiscRefusal *refusal = officer_refusal(receipt);
    FISC_ASSERT_TEXT(refusal != NULL ? fisc_error_name(refusal->code) : "", reason);
}

static void
add_rules(FiscSubmission *submission)
{
    for (int period = 202500; period <= 202513; period++) {
        g_autofree char *subject = g_strdup_printf("%d", period);
        fisc_submission_event(submission, "period", subject, "state", "open", NULL);
    }
    fisc_submission_event(submission, "control", "vote", "level", "absolute", "absent", "refuse",
                          "key", "entity programme", NULL);
    fisc_submission_event(submission, "carry_rule", "named", "order", "1", "kind", "specified",
                          "items", "listed", "again", "yes", "article", "Art. 48 (1)", NULL);
    fisc_submission_event(submission, "carry_rule", "accident", "order", "2", "kind", "accident",
                          "items", "listed", "article", "Art. 48 (2)", NULL);
    fisc_submission_event(submission, "carry_item", "E/PO-1", "kind", "specified", NULL);
    fisc_submission_event(submission, "carry_item", "E/PO-2", "kind", "accident", NULL);
}

/* R17: budget 1,000, paid 700, owed 50, ordered 60 and 80 and 10. */
static Books *
year_books(void)
{
    Books *books = officer_books();
    FiscSubmission *submission = officer_begin();
    officer_add_entity(submission, "CORP");
    add_rules(submission);
    officer_appropriate(submission, "E", "programme=1", 100000);
    officer_must_post(books, submission);
    must_move(books, MOVE("P1", "2024-04-01", "payment", "700", "", "")
                         MOVE("I1", "2024-12-01", "obligation", "50", "INV-1", "")
                             MOVE("O1", "2024-05-01", "commitment", "60", "PO-1", "")
                                 MOVE("O2", "2024-05-02", "commitment", "80", "PO-2", "")
                                     MOVE("O3", "2024-05-03", "commitment", "10", "PO-3", ""));
    return books;
}

/* ---- acting ---- */

/* The documents that are proposed, joined by spaces; "" and a refusal when one is refused. */
static char *
propose(Books *books, const FiscYearEndOrder *order, FiscTable **out_table)
{
    g_autoptr(FiscTable) table = NULL;
    g_autoptr(GPtrArray) documents = NULL;
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(GError) error = NULL;
    books->ctx.actor = "mary";
    fisc_flow_year_end(&books->ctx, order, &table, &documents, &receipt, &error);
    FISC_ASSERT_TEXT(error != NULL ? error->message : "", "");
    CU_ASSERT_PTR_NOT_NULL_FATAL(receipt);
    CU_ASSERT_PTR_NULL(receipt->refusals);
    FISC_ASSERT_INT(receipt->refused, 0);
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; i < documents->len; i++) {
        g_string_append_printf(text, "%s%s", i > 0 ? " " : "", (char *)documents->pdata[i]);
    }
    if (out_table != NULL) {
        *out_table = g_steal_pointer(&table);
    }
    return g_strdup(text->str);
}

/* The first reason that is one: not that another entry of the group was refused. */
static const char *
first_reason(const FiscReceipt *receipt)
{
    for (guint i = 0; i < receipt->results->len; i++) {
        const FiscRefusals *refusals = ((const FiscResult *)receipt->results->pdata[i])->refusals;
        const FiscRefusal *first = refusals != NULL ? refusals->pdata[0] : NULL;
        if (first != NULL && first->code != FISC_ERROR_ATOMIC_GROUP) {
            return fisc_error_name(first->code);
        }
    }
    return receipt->refusals != NULL
               ? fisc_error_name(((const FiscRefusal *)receipt->refusals->pdata[0])->code)
               : "";
}

/* "" or the code of the refusal. */
static const char *
approve(Books *books, const char *id)
{
    g_autoptr(FiscReceipt) receipt = NULL;
    g_autoptr(GError) error = NULL;
    g_autofree char *state = NULL;
    books->ctx.actor = "anna";
    CU_ASSERT_TRUE_FATAL(
        fisc_flow_document_approve(&books->ctx, id, NULL, &state, &receipt, &error));
    return first_reason(receipt);
}

/* Ends or takes back 2024; returns how many documents that took. */
static int
carry_out(Books *books, bool is_reversal)
{
    FiscYearEndOrder order = {.year = 2024, .is_reversal = is_reversal};
    g_autofree char *documents = propose(books, &order, NULL);
    g_auto(GStrv) ids = g_strsplit(documents, " ", -1);
    for (int i = 0; ids[i] != NULL; i++) {
        FISC_ASSERT_TEXT(approve(books, ids[i]), "");
    }
    return (int)g_strv_length(ids);
}

/* "budget|blocked|committed|accrued|paid|available" of programme 1. */
static void
expect_funds(Books *books, int year, const char *expected)
{
    static const char *const columns[] = {"budget",  "blocked", "committed",
                                          "accrued", "paid",    "available"};
    const char *dim[FISC_DIM_COUNT] = {[FISC_DIM_PROGRAMME] = "1"};
    g_autoptr(FiscTable) table = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_flow_funds(&books->ctx, "E", year, dim, &table, &error));
    const FiscRow *row = table->rows->pdata[0];
    g_autoptr(GString) text = g_string_new(NULL);
    for (gsize i = 0; i < G_N_ELEMENTS(columns); i++) {
        int column = fisc_table_column(table, columns[i]);
        int64_t number = column >= 0 ? (int64_t)row->cells[column].number : 0;
        g_string_append_printf(text, "%s%" G_GINT64_FORMAT, i > 0 ? "|" : "", number / 100);
    }
    FISC_ASSERT_TEXT(text->str, expected);
}

/* Every balance that is not zero, and every open item: what must be as it was. */
static char *
ask_all(Books *books)
{
    return books_ask(
        books,
        "select (select string_agg(coding_id || ' ' || year || ' ' || amount, ';' order by "
        "coding_id, year) from (select coding_id, period / 100 as year, sum(debit - credit) as "
        "amount from ledger.balance_now group by 1, 2 having sum(debit - credit) <> 0) b) || '#' "
        "|| (select string_agg(item || ' ' || year || ' ' || amount, ';' order by item, year, "
        "coding_id) from ledger.open_item_now where amount <> 0)");
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
    books_expect_whole(books);
}

/* ---- R17 ---- */

static void
test_proposal(void)
{
    g_autoptr(Books) books = year_books();
    FiscYearEndOrder order = {.year = 2024, .entity = "E", .is_dry = true};
    g_autoptr(FiscTable) table = NULL;
    g_autofree char *documents = propose(books, &order, &table);
    FISC_ASSERT_TEXT(documents, "");
    g_autoptr(GString) text = g_string_new(NULL);
    fisc_table_render(table, FISC_FORMAT_CSV, text);
    FISC_ASSERT_TEXT(
        text->str,
        "entity,line,item,stage,kind,budget,paid,accrued,carried,lapsed,rule,article,why\n"
        "E,programme=1,,,,1000.00,700.00,50.00,140.00,110.00,,,\n"
        "E,programme=1,PO-1,commitment,specified,,,,60.00,0.00,named,Art. 48 (1),\n"
        "E,programme=1,PO-2,commitment,accident,,,,80.00,0.00,accident,Art. 48 (2),\n"
        "E,programme=1,PO-3,commitment,,,,,0.00,10.00,,,it is on no list\n");
}

static void
test_year_end(void)
{
    g_autoptr(Books) books = year_books();
    FiscYearEndOrder order = {.year = 2024};
    g_autofree char *first = propose(books, &order, NULL);
    g_autofree char *second = propose(books, &order, NULL);
    CU_ASSERT(g_str_has_prefix(first, "year-end-2024-E-"));
    FISC_ASSERT_TEXT(second, first);
    expect_funds(books, 2024, "1000|0|150|50|700|100");
    FISC_ASSERT_TEXT(approve(books, first), "");
    expect_funds(books, 2024, "860|0|0|50|700|110");
    expect_funds(books, 2025, "140|0|140|0|0|0");
    FISC_ASSERT_INT(carry_out(books, false), 0);
    /* an invoice below its order: the rest serves nothing else */
    must_move(books, "I2,2025-02-01,E,,,obligation,50,,,,PO-1,Y,1,,\n");
    expect_funds(books, 2025, "140|10|80|50|0|0");
    expect_refused(books, MOVE("O9", "2025-02-02", "commitment", "1", "PO-9", ""),
                   "BUDGET_EXCEEDED");
    expect_verified(books);
}

static void
test_way_back(void)
{
    g_autoptr(Books) books = year_books();
    g_autofree char *before = ask_all(books);
    FISC_ASSERT_INT(carry_out(books, true), 0);
    FISC_ASSERT_INT(carry_out(books, false), 1);
    FISC_ASSERT_INT(carry_out(books, true), 1);
    g_autofree char *after = ask_all(books);
    FISC_ASSERT_TEXT(after, before);
    FISC_ASSERT_INT(carry_out(books, true), 0);
    /* nothing is bound any more, and the year can be ended again */
    must_move(books, MOVE("X3", "2024-12-30", "commitment", "-10", "PO-3", ""));
    expect_funds(books, 2024, "1000|0|140|50|700|110");
    FISC_ASSERT_INT(carry_out(books, false), 1);
    expect_funds(books, 2024, "860|0|0|50|700|110");
    expect_funds(books, 2025, "140|0|140|0|0|0");
    FISC_ASSERT_INT(carry_out(books, false), 0);
    expect_verified(books);
}

static void
test_no_way_back(void)
{
    g_autoptr(Books) books = year_books();
    FiscYearEndOrder order = {.year = 2024, .is_reversal = true};
    FISC_ASSERT_INT(carry_out(books, false), 1);
    g_autofree char *id = propose(books, &order, NULL);
    must_move(books, MOVE("I2", "2025-02-01", "obligation", "1", "", "PO-1"));
    FISC_ASSERT_TEXT(approve(books, id), "ITEM_EXCEEDED");
    expect_funds(books, 2025, "140|0|139|1|0|0");
    expect_verified(books);
}

static void
test_closed_year(void)
{
    g_autoptr(Books) books = year_books();
    FiscYearEndOrder order = {.year = 2024, .is_reversal = true};
    FISC_ASSERT_INT(carry_out(books, false), 1);
    g_autofree char *id = propose(books, &order, NULL);
    books->ctx.actor = "mary";
    books_set_period(books, "202413", "closed");
    FISC_ASSERT_TEXT(approve(books, id), "PERIOD_NOT_OPEN");
    expect_funds(books, 2024, "860|0|0|50|700|110");
}

static void
test_parts(void)
{
    /* Every line a document of its own; one is approved, and asking again proposes the others. */
    g_autoptr(Books) books = year_books();
    FiscSubmission *submission = officer_begin();
    FiscYearEndOrder order = {.year = 2024, .bytes_max = 1};
    officer_appropriate(submission, "E", "programme=2", 10000);
    officer_appropriate(submission, "E", "programme=3", 10000);
    officer_must_post(books, submission);
    must_move(books, "O7,2024-06-01,E,,,commitment,20,,,PO-7,,,2,,\n"
                     "O8,2024-06-01,E,,,commitment,30,,,PO-8,,,3,,\n");
    g_autofree char *all = propose(books, &order, NULL);
    g_auto(GStrv) ids = g_strsplit(all, " ", -1);
    FISC_ASSERT_INT(g_strv_length(ids), 3);
    FISC_ASSERT_TEXT(approve(books, ids[0]), "");
    g_autofree char *rest = propose(books, &order, NULL);
    g_autofree char *others = g_strconcat(ids[1], " ", ids[2], NULL);
    FISC_ASSERT_TEXT(rest, others);
    FISC_ASSERT_TEXT(approve(books, ids[2]), "");
    FISC_ASSERT_TEXT(approve(books, ids[1]), "");
    g_autofree char *nothing = propose(books, &order, NULL);
    FISC_ASSERT_TEXT(nothing, "");
    expect_verified(books);
}

/* ---- R19 ---- */

#define PAYMENT(journal, date, period, amount)                                                     \
    journal "," date ",E,3308,,," amount ",,CORP,,,,," period ",\n" journal "," date               \
            ",E,3202,,,," amount ",CORP,,,,," period ",22\n" journal "," date                      \
            ",E,,,obligation>payment," amount ",,,,,,1," period ",\n"

static void
test_complementary_period(void)
{
    g_autoptr(Books) books = year_books();
    FiscSubmission *submission = officer_begin();
    fisc_submission_event(submission, "complementary", "2024", "until", "2025-01-31", NULL);
    officer_must_post(books, submission);
    must_move(books, "B1,2024-12-20,E,22,70912,,30,,CORP,,,,1,,\n"
                     "B1,2024-12-20,E,3308,,,,30,CORP,,,,,,\n");
    expect_funds(books, 2024, "1000|0|150|80|700|70");
    /* accepted in 2024, paid a day before the last: of 2024 */
    must_move(books, PAYMENT("Q1", "2025-01-30", "2024-13", "50"));
    expect_funds(books, 2024, "1000|0|150|30|750|70");
    /* a day after: not of 2024 ... */
    expect_refused(books, PAYMENT("Q2", "2025-02-01", "2024-13", "30"), "VALUE_INVALID");
    /* ... but of 2025: it settles what 2024 owes, and no budget of 2025 hears of it */
    FISC_ASSERT_INT(carry_out(books, false), 1);
    expect_funds(books, 2025, "140|0|140|0|0|0");
    must_move(books, "Q3,2025-02-01,E,3308,,,30,,CORP,,,,,,\n"
                     "Q3,2025-02-01,E,3202,,,,30,CORP,,,,,,22\n");
    expect_funds(books, 2024, "860|0|0|30|750|80");
    expect_funds(books, 2025, "140|0|140|0|0|0");
    /* goods accepted in the new year: of 2025, against what was carried in */
    expect_refused(books, "B2,2025-01-02,E,,,obligation,60,,,,PO-1,,1,2024-13,\n", "VALUE_INVALID");
    must_move(books, "B2,2025-01-02,E,,,obligation,60,,,,PO-1,,1,,\n");
    expect_funds(books, 2025, "140|0|80|60|0|0");
    expect_verified(books);
}

static void
test_coarse_lines(void)
{
    /* Lines no finer than their class: what pays an old claim is shown as paid, and uses no funds
     * (convention 14). */
    g_autoptr(Books) books = officer_books();
    FiscSubmission *submission = officer_begin();
    officer_add_entity(submission, "CORP");
    for (int period = 202500; period <= 202513; period++) {
        g_autofree char *subject = g_strdup_printf("%d", period);
        fisc_submission_event(submission, "period", subject, "state", "open", NULL);
    }
    fisc_submission_event(submission, "control", "vote", "level", "absolute", "absent", "refuse",
                          "key", "entity gfs_code", NULL);
    officer_must_post(books, submission);
    must_move(books, "A4,2024-01-01,E,22,,appropriation,100,,,,,,,,\n"
                     "A5,2025-01-01,E,22,,appropriation,10,,,,,,,,\n"
                     "B1,2024-12-20,E,22,,,30,,CORP,,,,,,\n"
                     "B1,2024-12-20,E,3308,,,,30,CORP,,,,,,\n");
    FISC_ASSERT_INT(carry_out(books, false), 0); /* what is owed stays */
    must_move(books, "Q1,2025-02-01,E,3308,,,30,,CORP,,,,,,\n"
                     "Q1,2025-02-01,E,3202,,,,30,CORP,,,,,,22\n");
    const char *dim[FISC_DIM_COUNT] = {[FISC_DIM_GFS] = "22"};
    g_autoptr(FiscTable) table = NULL;
    g_autoptr(GError) error = NULL;
    CU_ASSERT_TRUE_FATAL(fisc_flow_funds(&books->ctx, "E", 2025, dim, &table, &error));
    const FiscRow *row = table->rows->pdata[0];
    FISC_ASSERT_INT((int64_t)row->cells[fisc_table_column(table, "available")].number, 1000);
    expect_verified(books);
}

const FiscTest fisc_year_end_walk_tests[] = {
    {"tells what becomes of every line (R17)", test_proposal},
    {"carries over by a document, once", test_year_end},
    {"takes a year-end back and ends the year again", test_way_back},
    {"takes nothing back that was used in the new year", test_no_way_back},
    {"takes nothing back into a closed year", test_closed_year},
    {"proposes large entities in parts, each all or nothing", test_parts},
    {"pays the old year until a day of the new one (R19)", test_complementary_period},
    {"pays an old claim from no funds of the new year", test_coarse_lines},
    {NULL, NULL},
};

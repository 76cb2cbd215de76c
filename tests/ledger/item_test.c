/* item_test.c: open items as worksheets: what is relieved, taken back, exceeded. Rules R1, R2, R11
 * and R20 of a treasury with their numbers, and what happens at the edges. */
#include "ledger/engine_internal.h"
#include "tests/support/suite.h"
#include "tests/support/worksheet.h"

#define BOOKS                                                                                      \
    "entity E Ministry\n"                                                                          \
    "control vote absolute refuse 'entity programme'\n"
#define BUDGET BOOKS "enact A1 E 1000 programme=11\n"

/* R1: budget 1 000, request 300, order 200 of it. */
#define ORDERED                                                                                    \
    BUDGET                                                                                         \
    "move R1 E available>authorization 300 programme=11 item=PR-1\n"                               \
    "funds vote 700 programme=11\n"                                                                \
    "move O1 E available>commitment 200 programme=11 item=PO-1 relieves=PR-1\n"                    \
    "expect posted\n"                                                                              \
    "holds vote 100 200 0 0 programme=11\n"                                                        \
    "funds vote 700 programme=11\n"

static void
test_relief(void)
{
    fisc_worksheet(ORDERED
                   "post I1 E dr 22 200 cr 3308 200 and available>obligation 200 programme=11 "
                   "item=INV-1 relieves=PO-1\n"
                   "move R2 E available>authorization 50 programme=11 item=PR-2\n"
                   "expect posted\n"
                   "holds vote 150 0 200 0 programme=11\n"
                   "funds vote 650 programme=11\n"
                   "post P1 E dr 3308 200 cr 3202 200 cash_code=22 and available>payment 200 "
                   "programme=11 relieves=INV-1\n"
                   "expect posted\n"
                   "holds vote 150 0 0 200 programme=11\n"
                   "funds vote 650 programme=11\n");
}

static void
test_final_above(void)
{
    fisc_worksheet(ORDERED "move I1 E available>obligation 215 programme=11 relieves=PO-1 final=Y\n"
                           "expect posted\n"
                           "holds vote 100 0 215 0 programme=11\n"
                           "funds vote 685 programme=11\n");
    /* The same with 10 left: refused, and the order stands as it was. */
    fisc_worksheet(ORDERED "move R2 E available>authorization 690 programme=11 item=PR-2\n"
                           "funds vote 10 programme=11\n"
                           "move I1 E available>obligation 215 programme=11 relieves=PO-1 final=Y\n"
                           "expect refused BUDGET_EXCEEDED short 5\n"
                           "holds vote 790 200 0 0 programme=11\n"
                           "move I2 E available>obligation 200 programme=11 relieves=PO-1\n"
                           "expect posted\n"
                           "holds vote 790 0 200 0 programme=11\n");
}

static void
test_final_below(void)
{
    fisc_worksheet(ORDERED "move I1 E available>obligation 150 programme=11 relieves=PO-1 final=Y\n"
                           "holds vote 100 0 150 0 programme=11\n"
                           "funds vote 750 programme=11\n");
    fisc_worksheet(ORDERED "move I1 E available>obligation 150 programme=11 relieves=PO-1\n"
                           "holds vote 100 50 150 0 programme=11\n"
                           "funds vote 700 programme=11\n");
}

static void
test_no_double_count(void)
{
    /* R2: budget 20 m, 11 m booked, an order of 5 m passes and leaves 4 m; its invoice too. */
    fisc_worksheet(BOOKS "enact A1 E 20000000 programme=11\n"
                         "post A2 E dr 22 11000000 cr 3308 11000000"
                         " and available>obligation 11000000 programme=11\n"
                         "move A3 E available>commitment 5000000 programme=11 item=PO-1\n"
                         "funds vote 4000000 programme=11\n"
                         "move A4 E available>obligation 5000000 programme=11 relieves=PO-1\n"
                         "funds vote 4000000 programme=11\n"
                         /* nothing is open any more: another invoice consumes in full */
                         "move A5 E available>obligation 3000000 programme=11 relieves=PO-1\n"
                         "expect posted\n"
                         "funds vote 1000000 programme=11\n"
                         "holds vote 0 0 19000000 0 programme=11\n");
}

static void
test_cancel(void)
{
    /* R11: an order of 200: 250 cannot be cancelled, 200 can, and the same request twice is once.
     */
    fisc_worksheet(ORDERED "move C1 E available>commitment -250 programme=11 item=PO-1\n"
                           "expect refused ITEM_EXCEEDED\n"
                           "move C1 E available>commitment -200 programme=11 item=PO-1\n"
                           "expect posted\n"
                           "move C1 E available>commitment -200 programme=11 item=PO-1\n"
                           "expect repeated\n"
                           "move C2 E available>commitment -1 programme=11 item=PO-1\n"
                           "expect refused ITEM_EXCEEDED\n"
                           "holds vote 100 0 0 0 programme=11\n");
}

static void
test_release_when_overdrawn(void)
{
    fisc_worksheet(BUDGET "move O1 E available>commitment 900 programme=11 item=PO-1\n"
                          "control vote track refuse 'entity programme'\n"
                          "enact A2 change E -800 programme=11\n"
                          "control vote absolute refuse 'entity programme'\n"
                          "funds vote -700 programme=11\n"
                          "move C1 E available>commitment -100 programme=11 item=PO-1\n"
                          "expect posted\n"
                          "funds vote -600 programme=11\n");
}

static void
test_revaluation(void)
{
    /* R20: USD 100 at 1 300 of a limit of 135 000; revalued at 1 360; invoiced at 1 340. */
    static const char ordered[] = BOOKS
        "enact A1 E 135000 programme=11\n"
        "move O1 E available>commitment 130000 programme=11 item=PO-1 currency=USD foreign=100\n"
        "expect posted\n"
        "funds vote 5000 programme=11\n"
        "move V0 E available>commitment 4000 programme=11 item=PO-1 currency=USD flow=4\n"
        "expect posted\n"
        "holds vote 0 134000 0 0 programme=11\n";
    FiscWorksheet *sheet = fisc_worksheet_new();
    fisc_worksheet_run(sheet, ordered);
    fisc_worksheet_run(sheet,
                       "move I1 E available>obligation 132000 programme=11 relieves=PO-1 "
                       "currency=USD foreign=100\n"
                       "expect posted\n"
                       "holds vote 0 0 132000 0 programme=11\n"
                       "funds vote 3000 programme=11\n"
                       "move C1 E available>commitment -1 programme=11 item=PO-1 currency=USD\n"
                       "expect refused ITEM_EXCEEDED\n");
    fisc_worksheet_free(sheet);
}

static void
test_revaluation_down(void)
{
    fisc_worksheet(BOOKS
                   "enact A1 E 135000 programme=11\n"
                   "move O1 E available>commitment 130000 programme=11 item=PO-1 currency=USD "
                   "foreign=100\n"
                   "move V1 E available>commitment -6000 programme=11 item=PO-1 currency=USD "
                   "flow=4\n"
                   "expect posted\n"
                   "funds vote 11000 programme=11\n"
                   "move I1 E available>obligation 60000 programme=11 relieves=PO-1 currency=USD "
                   "foreign=50\n"
                   "expect posted\n"
                   "holds vote 0 62000 60000 0 programme=11\n"
                   "move I2 E available>obligation 61000 programme=11 relieves=PO-1 currency=USD "
                   "foreign=60\n"
                   "expect posted\n"
                   "holds vote 0 0 121000 0 programme=11\n"
                   "funds vote 14000 programme=11\n");
}

static void
test_foreign_partial(void)
{
    /* 100.01 for 3.00: a third is 33.34 (33.3366), half of the rest 33.34 (33.335), then all. */
    fisc_worksheet(BUDGET
                   "move O1 E available>commitment 100.01 programme=11 item=PO-1 currency=USD "
                   "foreign=3\n"
                   "move I1 E available>obligation 30 programme=11 relieves=PO-1 currency=USD "
                   "foreign=1\n"
                   "holds vote 0 66.67 30 0 programme=11\n"
                   "move I2 E available>obligation 30 programme=11 relieves=PO-1 currency=USD "
                   "foreign=1\n"
                   "holds vote 0 33.33 60 0 programme=11\n"
                   "move I3 E available>obligation 40 programme=11 relieves=PO-1 currency=USD "
                   "foreign=1\n"
                   "holds vote 0 0 100 0 programme=11\n");
    /* A line in the entity's own currency relieves by the local amount. */
    fisc_worksheet(BUDGET
                   "move O1 E available>commitment 100 programme=11 item=PO-1 currency=USD "
                   "foreign=3\n"
                   "move I1 E available>obligation 50 programme=11 relieves=PO-1\n"
                   "holds vote 0 50 50 0 programme=11\n"
                   "move I2 E available>obligation 55 programme=11 relieves=PO-1 currency=USD "
                   "foreign=1.50\n"
                   "holds vote 0 0 105 0 programme=11\n");
    /* A cent stays as long as a foreign amount is open. */
    fisc_worksheet(BUDGET
                   "move O1 E available>commitment 0.02 programme=11 item=PO-1 currency=USD "
                   "foreign=100\n"
                   "move I1 E available>obligation 1 programme=11 relieves=PO-1 currency=USD "
                   "foreign=99\n"
                   "holds vote 0 0.01 1 0 programme=11\n"
                   "move I2 E available>obligation 1 programme=11 relieves=PO-1 currency=USD "
                   "foreign=1\n"
                   "holds vote 0 0 2 0 programme=11\n");
}

static void
test_foreign_mismatch(void)
{
    static const struct {
        const char *line, *expected;
    } cases[] = {
        {"available>commitment 10 programme=11 item=PO-1", "ITEM_MISMATCH"},
        {"available>commitment 10 programme=11 item=PO-1 currency=EUR foreign=10", "ITEM_MISMATCH"},
        {"available>obligation 10 programme=11 item=PO-1 currency=USD foreign=10", "ITEM_MISMATCH"},
        {"available>obligation 10 programme=11 relieves=PO-1 currency=EUR foreign=10",
         "ITEM_MISMATCH"},
        {"available>commitment 10 programme=11 item=PO-2 currency=USD", "ITEM_MISMATCH"},
        {"available>commitment -100 programme=11 item=PO-1 currency=USD foreign=101",
         "ITEM_EXCEEDED"},
        {"available>commitment 10 programme=11 item=PO-1 foreign=10", "ENTRY_SHAPE"},
        {"available>commitment 10 programme=11 item=PO-1 currency=XYZ foreign=10", "VALUE_INVALID"},
        {"available>commitment 10 programme=11 item=PO-1 currency=USD foreign=-10", "ENTRY_SHAPE"},
        {"available>commitment 10 programme=11 item=X currency=USD foreign=10 and "
         "available>commitment 10 programme=11 item=Y currency=EUR foreign=10",
         "ENTRY_SHAPE"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf(
            BUDGET "move O1 E available>commitment 500 programme=11 item=PO-1 currency=USD "
                   "foreign=100\n"
                   "expect posted\n"
                   "post X1 E and %s\nexpect refused %s\n"
                   "holds vote 0 500 0 0 programme=11\n",
            cases[i].line, cases[i].expected);
        fisc_worksheet(text);
    }
}

static void
test_refusals(void)
{
    static const struct {
        const char *line, *expected;
    } cases[] = {
        {"available>obligation 10 programme=11 relieves=PO-9", "ITEM_UNKNOWN"},
        {"available>commitment -10 programme=11 item=PO-9", "ITEM_UNKNOWN"},
        {"available>obligation 10 programme=11 item=PO-1", "ITEM_MISMATCH"},
        {"available>authorization 10 programme=11 relieves=PO-1", "ITEM_MISMATCH"},
        {"available>commitment 10 programme=11 item=PO-1 relieves=PO-1", "ENTRY_SHAPE"},
        {"available>commitment 10 programme=11 item=PO-2 final=Y", "ENTRY_SHAPE"},
        {"available>obligation -10 programme=11 relieves=PO-1", "ENTRY_SHAPE"},
        {"available>commitment 10 programme=11 item=", "ENTRY_SHAPE"},
        /* on another budget line nothing of it is open */
        {"available>commitment -10 programme=12 item=PO-1", "ITEM_EXCEEDED"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf(ORDERED "enact A2 E 100 programme=12\n"
                                                        "post X1 E and %s\nexpect refused %s\n"
                                                        "holds vote 100 200 0 0 programme=11\n",
                                                cases[i].line, cases[i].expected);
        fisc_worksheet(text);
    }
}

static void
test_financial_relief(void)
{
    fisc_worksheet(ORDERED "post X1 E dr 22 10 relieves=PO-1 cr 3308 10\n"
                           "expect refused ITEM_MISMATCH\n"
                           "post X2 E dr 22 10 cr 3308 10 relieves=PO-1\n"
                           "expect refused ITEM_MISMATCH\n");
}

static void
test_sharing(void)
{
    /* Two lines on one order share it in order; two orders of one entry relieve their own. */
    fisc_worksheet(BUDGET "move O1 E available>commitment 100 programme=11 item=PO-1\n"
                          "post I1 E and available>obligation 70 programme=11 relieves=PO-1 "
                          "and available>obligation 70 programme=11 relieves=PO-1\n"
                          "expect posted\n"
                          "holds vote 0 0 140 0 programme=11\n");
    fisc_worksheet(BUDGET "post O1 E and available>commitment 100 programme=11 item=PO-1 "
                          "and available>obligation 30 programme=11 item=INV-1 relieves=PO-1\n"
                          "expect posted\n"
                          "holds vote 0 70 30 0 programme=11\n");
}

static void
test_budget_lines(void)
{
    /* One order on two budget lines: an invoice relieves its own line first, then the other. */
    static const char ordered[] =
        BUDGET "enact A2 E 1000 programme=12\n"
               "post O1 E and available>commitment 100 programme=11 item=PO-1 "
               "and available>commitment 100 programme=12 item=PO-1\n"
               "expect posted\n";
    g_autofree char *own =
        g_strconcat(ordered,
                    "move I1 E available>obligation 80 programme=12 relieves=PO-1\n"
                    "holds vote 0 100 0 0 programme=11\nholds vote 0 20 80 0 programme=12\n",
                    NULL);
    g_autofree char *both =
        g_strconcat(ordered,
                    "move I1 E available>obligation 130 programme=12 relieves=PO-1\n"
                    "holds vote 0 70 0 0 programme=11\nholds vote 0 0 130 0 programme=12\n",
                    NULL);
    g_autofree char *all =
        g_strconcat(ordered,
                    "move I1 E available>obligation 10 programme=12 relieves=PO-1 final=Y\n"
                    "holds vote 0 0 0 0 programme=11\nholds vote 0 0 10 0 programme=12\n",
                    NULL);
    fisc_worksheet(own);
    fisc_worksheet(both);
    fisc_worksheet(all);
}

static void
test_reopened(void)
{
    /* What was relieved is put back by the lines of a reversal, and can be relieved again. */
    fisc_worksheet(ORDERED
                   "move I1 E available>obligation 200 programme=11 item=INV-1 relieves=PO-1\n"
                   "post I1/reversal E and available>obligation -200 programme=11 item=INV-1 "
                   "and available>commitment 200 programme=11 item=PO-1\n"
                   "expect posted\n"
                   "holds vote 100 200 0 0 programme=11\n"
                   "move I2 E available>obligation 150 programme=11 relieves=PO-1\n"
                   "holds vote 100 50 150 0 programme=11\n"
                   "move C1 E available>obligation -1 programme=11 item=INV-1\n"
                   "expect refused ITEM_EXCEEDED\n");
}

static void
test_financial_items(void)
{
    /* A payable opens by credit, an advance by debit; neither is taken beyond what is open, nor by
     * another party. */
    fisc_worksheet("entity E Ministry\nentity F Works\n"
                   "post I1 E dr 22 100 cr 3308 100 counterparty_entity=F item=INV-1\n"
                   "post P1 E dr 3308 101 counterparty_entity=F item=INV-1 cr 3202 101\n"
                   "expect refused ITEM_EXCEEDED\n"
                   "post P2 E dr 3308 60 counterparty_entity=F cofog=701 item=INV-1 cr 3202 60\n"
                   "expect posted\n"
                   "post P3 E dr 3308 41 counterparty_entity=F item=INV-1 cr 3202 41\n"
                   "expect refused ITEM_EXCEEDED\n"
                   "post P4 E dr 3308 40 counterparty_entity=E item=INV-1 cr 3202 40\n"
                   "expect refused ITEM_EXCEEDED\n"
                   "post P5 E dr 3308 40 counterparty_entity=F item=INV-1 cr 3202 40\n"
                   "expect posted\n"
                   "post V1 E dr 3208 30 item=ADV-1 cr 3202 30\nexpect posted\n"
                   "post V2 E dr 22 31 cr 3208 31 item=ADV-1\nexpect refused ITEM_EXCEEDED\n"
                   "post V3 E dr 22 30 cr 3208 30 item=ADV-1\nexpect posted\n"
                   "post V4 F dr 22 30 cr 3208 30 item=ADV-1\nexpect posted\n");
}

static void
test_undo(void)
{
    /* Taken back, an item never was: the next line that names it may open it otherwise. */
    FiscWorksheet *sheet = fisc_worksheet_new();
    fisc_worksheet_run(sheet, ORDERED);
    FiscEngine *engine = fisc_worksheet_engine(sheet);
    g_autoptr(FiscSubmission) submission = fisc_worksheet_submission(
        "other", "move B1 E available>commitment 60 programme=11 item=PO-2\n"
                 "move B2 E available>commitment 40 programme=11 item=PO-1\n"
                 "move B3 E available>obligation 500 programme=11 item=INV-1 relieves=PO-1\n");
    FiscReceipt *receipt = fisc_receipt_new();
    fisc_engine_begin(engine);
    CU_ASSERT_TRUE(fisc_engine_apply(engine, submission, 0, 3, false, receipt));
    fisc_engine_undo(engine);
    fisc_receipt_free(receipt);
    fisc_worksheet_run(sheet, "holds vote 100 200 0 0 programme=11\n"
                              "move C1 E available>commitment -201 programme=11 item=PO-1\n"
                              "expect refused ITEM_EXCEEDED\n"
                              "move C2 E available>authorization 10 programme=11 item=PO-2\n"
                              "expect posted\n"
                              "move C3 E available>commitment -200 programme=11 item=PO-1\n"
                              "expect posted\n");
    fisc_worksheet_free(sheet);
}

static void
test_years(void)
{
    /* What was ordered in one year is not given back to another. */
    FiscWorksheet *sheet = fisc_worksheet_new();
    fisc_worksheet_run(sheet, ORDERED);
    FiscEngine *engine = fisc_worksheet_engine(sheet);
    g_autoptr(FiscSubmission) submission = fisc_worksheet_submission(
        "other", "period 202501 open\n"
                 "enact B1 E 500 programme=11\n"
                 "move B2 E available>commitment -10 programme=11 item=PO-1\n"
                 "move B3 E available>obligation 100 programme=11 relieves=PO-1 final=Y\n");
    for (guint i = 0; i < 3; i++) {
        FiscEntry *entry = submission->entries->pdata[i];
        entry->effective = fisc_date_make(2025, 1, 10);
    }
    FiscReceipt *receipt = fisc_receipt_new();
    fisc_engine_begin(engine);
    fisc_engine_apply(engine, submission, 0, 1, true, receipt);
    fisc_engine_apply(engine, submission, 1, 1, false, receipt);
    fisc_engine_apply(engine, submission, 2, 1, false, receipt);
    FISC_ASSERT_INT(receipt->posted, 2);
    const FiscResult *taken = receipt->results->pdata[1];
    FISC_ASSERT_INT(((const FiscRefusal *)taken->refusals->pdata[0])->code,
                    FISC_ERROR_ITEM_EXCEEDED);
    fisc_engine_seal(engine);
    fisc_engine_commit(engine);
    fisc_receipt_free(receipt);
    fisc_worksheet_run(sheet, "holds vote 100 200 0 0 programme=11\n");
    fisc_worksheet_free(sheet);
}

static void
test_dropped(void)
{
    fisc_worksheet("entity E Ministry\n"
                   "control vote absolute none 'entity programme'\n"
                   "post A1 E dr 22 5 cr 3308 5 if-budgeted available>commitment 5 programme=12 "
                   "item=PO-1\n"
                   "expect posted\n"
                   "move A2 E available>commitment -5 programme=12 item=PO-1\n"
                   "expect refused ITEM_UNKNOWN\n");
}

static void
test_too_many_lines(void)
{
    /* An order on 3 400 budget lines: its final invoice gives each back with two lines more. */
    GString *text = g_string_new("entity E Ministry\npost O1 E");
    for (int i = 0; i < 4999; i++) {
        g_string_append_printf(text, " and available>commitment 1 programme=%d item=PO-1", i);
    }
    g_string_append(text, "\nexpect posted\n"
                          "move I1 E available>obligation 1 programme=0 relieves=PO-1 final=Y\n"
                          "expect posted\n");
    fisc_worksheet(text->str);
    g_string_truncate(text, 0);
    g_string_append(text, "entity E Ministry\npost O1 E");
    for (int i = 0; i < 5000; i++) {
        g_string_append_printf(text, " and available>commitment 1 programme=%d item=PO-1", i);
    }
    g_string_append(text, "\nexpect posted\n"
                          "move I1 E available>obligation 1 programme=0 relieves=PO-1 final=Y\n"
                          "expect refused ENTRY_TOO_LARGE\n");
    fisc_worksheet(text->str);
    g_string_free(text, TRUE);
}

/* Hands ------------------------------------------------------------------------------------ */

static void
assert_hands(const FiscItem *item, const int32_t *expected, guint count)
{
    FISC_ASSERT_INT(item != NULL && item->hands != NULL ? item->hands->len : 0, count);
    for (guint i = 0; item != NULL && item->hands != NULL && i < count; i++) {
        FISC_ASSERT_INT(g_array_index(item->hands, int32_t, i), expected[i]);
    }
}

static void
test_hands(void)
{
    FiscWorksheet *sheet = fisc_worksheet_new();
    fisc_worksheet_run(sheet, ORDERED);
    FiscEngine *engine = fisc_worksheet_engine(sheet);
    int32_t first[] = {2, 7, 3, 1};
    int32_t second[] = {1, 4, 2, 7, 2, 9};
    int32_t joined[] = {1, 4, 2, 7, 2, 9, 3, 1};
    int entity = fisc_engine_entity(engine, "E");
    fisc_engine_restore_item(engine, entity, "PO-9", -1, 1, 2024, 0, NULL, 0, first, 4);
    fisc_engine_restore_item(engine, entity, "PO-9", -1, 1, 2024, 0, NULL, 0, second, 6);
    const FiscItem *item = fisc_engine_item(engine, entity, fisc_engine_symbol(engine, "PO-9"));
    assert_hands(item, joined, 8);
    fisc_worksheet_free(sheet);
}

const FiscTest fisc_item_tests[] = {
    {"relieves request by order, order by invoice, invoice by payment (R1)", test_relief},
    {"moves funds by the difference of a final invoice above its order (R1)", test_final_above},
    {"gives back what a final invoice leaves of its order", test_final_below},
    {"counts an order and its invoice once (R2)", test_no_double_count},
    {"cancels no more than is open, and once (R11)", test_cancel},
    {"never refuses a release for lack of funds (R11)", test_release_when_overdrawn},
    {"relieves by the foreign amount, residue of the rates included (R20)", test_revaluation},
    {"revalues downwards and leaves no residue (R20)", test_revaluation_down},
    {"relieves parts of a foreign amount, half to even", test_foreign_partial},
    {"refuses what contradicts the currency of an item", test_foreign_mismatch},
    {"refuses what contradicts an item", test_refusals},
    {"lets only stages of the budget relieve", test_financial_relief},
    {"shares an order between lines of one entry, in order", test_sharing},
    {"relieves the line's own budget line first", test_budget_lines},
    {"reopens what a reversal puts back", test_reopened},
    {"keeps payables and advances as items of their parties", test_financial_items},
    {"takes items back with their batch", test_undo},
    {"gives nothing back to another year", test_years},
    {"opens nothing by a line that is dropped", test_dropped},
    {"refuses an entry that grows beyond the limit by what it gives back", test_too_many_lines},
    {"joins hands, each once and in order", test_hands},
    {NULL, NULL},
};

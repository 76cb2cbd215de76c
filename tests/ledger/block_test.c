/* block_test.c: limits that carry and authorities make, and money that is held back, as worksheets.
 * Every worksheet is decided again from its record. */
#include "fisc/poster.h"
#include "ledger/engine.h"
#include "tests/support/suite.h"
#include "tests/support/worksheet.h"
#include <string.h>

#define BOOKS                                                                                      \
    "entity E Ministry\n"                                                                          \
    "control vote absolute refuse 'entity programme' article='Art. 3'\n"                           \
    "enact A1 E 1000 programme=11\n"

/* R1: FA = original + changes + carry-in - blocked - (reserved + committed + accrued). */
static void
test_r1_formula(void)
{
    fisc_worksheet_replayed(BOOKS "enact A2 change E -50 programme=11\n"
                                  "move K1 E carry>available 140 programme=11\n"
                                  "move B1 E available>block 200 programme=11\n"
                                  "move R1 E available>authorization 90 programme=11\n"
                                  "move C1 E available>commitment 300 programme=11\n"
                                  "move O1 E available>obligation 100 programme=11\n"
                                  "move P1 E obligation>payment 60 programme=11\n"
                                  "expect posted\n"
                                  "funds vote 400 programme=11\n"
                                  "holds vote 90 300 40 60 programme=11\n"
                                  "move C2 E available>commitment 400.01 programme=11\n"
                                  "expect refused BUDGET_EXCEEDED short 0.01\n"
                                  "move C2 E available>commitment 400 programme=11\n"
                                  "expect posted\n");
}

static void
test_block_is_bounded(void)
{
    fisc_worksheet_replayed(BOOKS "move C1 E available>commitment 700 programme=11\n"
                                  "move B1 E available>block 300.01 programme=11\n"
                                  "expect refused BUDGET_EXCEEDED short 0.01\n"
                                  "move B1 E available>block 300 programme=11\n"
                                  "expect posted\n"
                                  "funds vote 0 programme=11\n"
                                  "move C2 E available>commitment 1 programme=11\n"
                                  "expect refused BUDGET_EXCEEDED short 1\n");
}

/* To lift more than was blocked would make money; and what was blocked stands on its own line. */
static void
test_unblock(void)
{
    fisc_worksheet_replayed(BOOKS "enact A2 E 100 programme=12\n"
                                  "move B1 E available>block 200 programme=11\n"
                                  "move U1 E available>block -200.01 programme=11\n"
                                  "expect refused ITEM_EXCEEDED\n"
                                  "move U2 E available>block -1 programme=12\n"
                                  "expect refused ITEM_EXCEEDED\n"
                                  "move U3 E available>block -150 programme=11\n"
                                  "expect posted\n"
                                  "funds vote 950 programme=11\n"
                                  "move U4 E available>block -50 programme=11\n"
                                  "expect posted\n"
                                  "move U5 E available>block -0.01 programme=11\n"
                                  "expect refused ITEM_EXCEEDED\n"
                                  "funds vote 1000 programme=11\n");
}

/* Nobody moves other people's money so that some can be held back. */
static void
test_no_cover(void)
{
    fisc_worksheet_replayed(BOOKS
                            "enact A2 E 100 programme=12\n"
                            "event cover P control=vote 'receiver=entity=E programme=11 year=2024' "
                            "'donor=entity=E programme=12 year=2024' mode=unilateral\n"
                            "move B1 E available>block 1050 programme=11\n"
                            "expect refused BUDGET_EXCEEDED short 50\n"
                            "move C1 E available>commitment 1050 programme=11\n"
                            "expect posted\n"
                            "warned COVER_DRAWN asked 50\n");
}

/* What is blocked is no stage of spending: an order does not use it up, and it settles none. */
static void
test_no_relief(void)
{
    fisc_worksheet_replayed(BOOKS "move B1 E available>block 100 programme=11 item=BL-1\n"
                                  "expect posted\n"
                                  "move C1 E available>commitment 100 programme=11 relieves=BL-1\n"
                                  "expect refused ITEM_MISMATCH\n"
                                  "move C1 E available>commitment 100 programme=11 item=PO-1\n"
                                  "expect posted\n"
                                  "move B2 E available>block 50 programme=11 relieves=PO-1\n"
                                  "expect refused ITEM_MISMATCH\n"
                                  "move B2 E available>block -60 programme=11 item=BL-1\n"
                                  "expect posted\n"
                                  "funds vote 860 programme=11\n");
}

/* A control that names its stages counts those and no others: as books before blocks have it. */
static void
test_named_stages(void)
{
    fisc_worksheet_replayed(
        BOOKS "control old absolute refuse 'entity programme' 'limit=appropriation change' "
              "'consume=authorization commitment obligation payment'\n"
              "move K1 E carry>available 140 programme=11\n"
              "move B1 E available>block 200 programme=11\n"
              "funds old 1000 programme=11\n"
              "funds vote 940 programme=11\n");
}

static void
test_refusal_shows_blocked(void)
{
    FiscWorksheet *sheet = fisc_worksheet_new();
    fisc_worksheet_run(sheet, BOOKS "move B1 E available>block 200 programme=11\n"
                                    "move C1 E available>commitment 300 programme=11\n");
    g_autoptr(FiscSubmission) asked =
        fisc_worksheet_submission("test", "move C2 E available>commitment 600 programme=11\n");
    FiscReceipt *receipt = fisc_receipt_new();
    fisc_engine_apply(fisc_worksheet_engine(sheet), asked, 0, 1, false, receipt);
    const FiscRefusal *refusal =
        ((const FiscResult *)receipt->results->pdata[0])->refusals->pdata[0];
    FISC_ASSERT_INT(refusal->stage[FISC_CONSUMED_BLOCKED], 20000);
    g_autofree char *text = fisc_refusal_to_text(refusal, 2);
    CU_ASSERT_PTR_NOT_NULL(strstr(text, "consumed 500.00 (blocked 200.00, committed 300.00)"));
    fisc_receipt_free(receipt);
    fisc_worksheet_free(sheet);
}

/* Years to come -------------------------------------------------------------------------------- */

#define NEXT_YEAR                                                                                  \
    BOOKS "period 202500 open\n"                                                                   \
          "period 202501 open\n"                                                                   \
          "control later absolute refuse 'entity programme' limit=authority "                      \
          "consume=later_commitment 'article=Art. 23'\n"                                           \
          "move Y1@2024-01-01/202500 E authority>later 300 programme=11\n"                         \
          "expect posted\n"                                                                        \
          "move Y2@2024-06-15/202500 E later>later_commitment 200 programme=11 item=PO-25\n"       \
          "expect posted\n"

/* Posted in the year before, limited by the authority of the year in which it falls due. */
static void
test_authority(void)
{
    fisc_worksheet_replayed(
        NEXT_YEAR "move Y3@2024-07-01/202500 E later>later_commitment 150 programme=11 item=PO-26\n"
                  "expect refused BUDGET_EXCEEDED short 50\n"
                  "because BUDGET_EXCEEDED later key 'entity=E programme=11 year=2025'\n"
                  "move Y4@2024-07-01/202500 E later>later_commitment 100 programme=11 item=PO-26\n"
                  "expect posted\n"
                  "funds vote 1000 programme=11\n"
                  "move Y5@2024-07-01 E later>later_commitment 1 programme=11\n"
                  "expect refused NO_BUDGET\n");
}

/* The year begins: what was ordered for it draws on its appropriation. */
static void
test_authority_becomes_commitment(void)
{
    FiscWorksheet *sheet = fisc_worksheet_new();
    fisc_worksheet_run(sheet,
                       NEXT_YEAR "move E25@2025-01-01 E appropriation>available 500 programme=11\n"
                                 "move O25@2025-01-01/202500 E available>commitment 200 "
                                 "programme=11 item=PO-25/2025 relieves=PO-25 final=Y\n"
                                 "expect posted\n"
                                 "move P25@2025-01-20 E available>payment 120 programme=11 "
                                 "relieves=PO-25/2025\n"
                                 "expect posted\n"
                                 "move Y6@2025-01-20 E later>later_commitment -0.01 programme=11 "
                                 "item=PO-25\n"
                                 "expect refused ITEM_EXCEEDED\n");
    static const char *const any[FISC_DIM_COUNT] = {NULL};
    g_autoptr(GPtrArray) funds = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_funds_free);
    fisc_engine_funds(fisc_worksheet_engine(sheet), "E", 2025, any, funds);
    FISC_ASSERT_INT(funds->len, 2);
    const FiscFunds *later = funds->pdata[0];
    const FiscFunds *vote = funds->pdata[1];
    FISC_ASSERT_TEXT(later->control, "later");
    FISC_ASSERT_INT(later->limit, 30000);
    FISC_ASSERT_INT(later->consumed, 0);
    FISC_ASSERT_INT(vote->limit, 50000);
    FISC_ASSERT_INT(vote->stage[FISC_STAGE_COMMITMENT], 8000);
    FISC_ASSERT_INT(vote->stage[FISC_STAGE_PAYMENT], 12000);
    fisc_worksheet_free(sheet);
}

const FiscTest fisc_block_tests[] = {
    {"R1: what is available counts carry-ins and blocks", test_r1_formula},
    {"refuses to block more than is available", test_block_is_bounded},
    {"refuses to lift more than is blocked on the line", test_unblock},
    {"lets no pool cover a block", test_no_cover},
    {"lets no order use what is blocked", test_no_relief},
    {"counts the stages that a control names and no others", test_named_stages},
    {"tells in a refusal what is blocked", test_refusal_shows_blocked},
    {"refuses orders for next year beyond its authority", test_authority},
    {"lets next year's orders become its commitments", test_authority_becomes_commitment},
    {NULL, NULL},
};

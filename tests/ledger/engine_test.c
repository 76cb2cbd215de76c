/* engine_test.c: what the pure engine decides, as worksheets. Rules R5, R9 and R11 of a treasury.
 */
#include "ledger/engine.h"
#include "tests/support/suite.h"
#include "tests/support/worksheet.h"
#include <string.h>

#define BOOKS "entity E Ministry\n"

static void
test_absolute(void)
{
    fisc_worksheet(BOOKS
                   "control vote absolute refuse 'entity programme'\n"
                   "enact A1 E 1000 programme=11\n"
                   "move A2 E available>commitment 400 programme=11\n"
                   "funds vote 600 programme=11\n"
                   "post A3 E dr 22 700 cr 3308 700 and available>obligation 700 programme=11\n"
                   "expect refused BUDGET_EXCEEDED short 100\n"
                   "funds vote 600 programme=11\n"
                   "post A4 E dr 22 600 cr 3308 600 and available>obligation 600 programme=11\n"
                   "expect posted\n"
                   "funds vote 0 programme=11\n");
}

static void
test_track(void)
{
    fisc_worksheet(BOOKS "control line track refuse 'entity programme'\n"
                         "enact A1 E 100 programme=11\n"
                         "move A2 E available>commitment 150 programme=11\n"
                         "expect posted\n"
                         "funds line -50 programme=11\n"
                         "move A3 E available>commitment 1 programme=12\n"
                         "expect refused NO_BUDGET\n");
}

static void
test_none(void)
{
    fisc_worksheet(BOOKS "control line none refuse 'entity programme'\n"
                         "move A3 E available>commitment 1 programme=12\n"
                         "expect posted\n");
}

static void
test_absent_zero(void)
{
    fisc_worksheet(BOOKS "control line track zero 'entity programme'\n"
                         "control chapter absolute refuse 'entity programme:1'\n"
                         "enact A1 E 100 programme=11\n"
                         "move A2 E available>commitment 60 programme=12\n"
                         "expect posted\n"
                         "funds line -60 programme=12\n"
                         "funds chapter 40 programme=12\n"
                         "move A3 E available>commitment 41 programme=11\n"
                         "expect refused BUDGET_EXCEEDED short 1\n");
}

static void
test_zero_line(void)
{
    fisc_worksheet(
        BOOKS "control budget absolute none 'entity gfs_code'\n"
              "line E 2024 gfs_code=22\n"
              "post A1 E dr 22 5 cr 3308 5 if-budgeted available>obligation 5 gfs_code=22\n"
              "expect refused BUDGET_EXCEEDED short 5\n"
              "post A2 E dr 2111 5 cr 3308 5 if-budgeted available>obligation 5 gfs_code=2111\n"
              "expect posted\n");
}

static void
test_net_per_key(void)
{
    /* R9: +80 and -30 on one key need 50. */
    fisc_worksheet(BOOKS "control vote absolute refuse 'entity programme'\n"
                         "enact A1 E 50 programme=11\n"
                         "post A2 E dr 22 80 cr 3308 80 cr 22 30 dr 3308 30"
                         " and available>obligation 80 programme=11"
                         " and available>obligation -30 programme=11\n"
                         "expect posted\n"
                         "funds vote 0 programme=11\n");
}

static void
test_all_or_nothing(void)
{
    fisc_worksheet(BOOKS "control vote absolute refuse 'entity programme'\n"
                         "enact A1 E 100 programme=11\n"
                         "enact A2 E 10 programme=12\n"
                         "post A3 E dr 22 70 cr 3308 70 and available>obligation 50 programme=11"
                         " and available>obligation 20 programme=12\n"
                         "expect refused BUDGET_EXCEEDED short 10\n"
                         "funds vote 100 programme=11\n"
                         "funds vote 10 programme=12\n");
}

static void
test_release(void)
{
    /* R11: what gives back never fails for lack of funds, not even on an overdrawn key. */
    fisc_worksheet(BOOKS "control vote track refuse 'entity programme'\n"
                         "enact A1 E 100 programme=11\n"
                         "move A2 E available>commitment 300 programme=11\n"
                         "control vote absolute refuse 'entity programme'\n"
                         "funds vote -200 programme=11\n"
                         "move A3 E available>commitment -100 programme=11\n"
                         "expect posted\n"
                         "move A4 E available>commitment 1 programme=11\n"
                         "expect refused BUDGET_EXCEEDED short 101\n");
}

static void
test_reduction(void)
{
    fisc_worksheet(BOOKS "control vote absolute refuse 'entity programme'\n"
                         "enact A1 E 100 programme=11\n"
                         "move A2 E available>commitment 80 programme=11\n"
                         "enact A3 change E -30 programme=11\n"
                         "expect refused BUDGET_EXCEEDED short 10\n"
                         "enact A4 change E -20 programme=11\n"
                         "expect posted\n");
}

static void
test_double_counting(void)
{
    /* R2: budget 20 m, 11 m booked, an order of 5 m passes and leaves 4 m. */
    fisc_worksheet(BOOKS "control vote absolute refuse 'entity programme'\n"
                         "enact A1 E 20000000 programme=11\n"
                         "post A2 E dr 22 11000000 cr 3308 11000000"
                         " and available>obligation 11000000 programme=11\n"
                         "move A3 E available>commitment 5000000 programme=11\n"
                         "expect posted\n"
                         "funds vote 4000000 programme=11\n");
}

static void
test_references(void)
{
    fisc_worksheet(BOOKS "post A1 E dr 22 5 cr 3308 5\nexpect posted\n"
                         "post A1 E dr 22 5 cr 3308 5\nexpect repeated\n"
                         "post A1 E dr 22 6 cr 3308 6\nexpect conflict\n");
}

static void
test_refusal_frees_reference(void)
{
    fisc_worksheet(BOOKS "control vote absolute refuse 'entity programme'\n"
                         "enact A1 E 10 programme=11\n"
                         "move A2 E available>commitment 20 programme=11\n"
                         "expect refused BUDGET_EXCEEDED short 10\n"
                         "enact A3 change E 10 programme=11\n"
                         "move A2 E available>commitment 20 programme=11\n"
                         "expect posted\n");
}

static void
test_malformed(void)
{
    fisc_worksheet(BOOKS "post A1 E dr 22 5 cr 3308 6\nexpect refused ENTRY_UNBALANCED\n"
                         "post A2 F dr 22 5 cr 3308 5\nexpect refused ENTITY_UNKNOWN\n"
                         "post A3 E dr 2999 5 cr 3308 5\nexpect refused ACCOUNT_UNKNOWN\n"
                         "post A4 E dr 321 5 cr 3308 5\nexpect refused ACCOUNT_UNKNOWN\n"
                         "post A5 E dr 22 5 counterparty_entity=X cr 3308 5\n"
                         "expect refused COUNTERPARTY_UNKNOWN\n"
                         "post A6 E dr 6202 5 cr 3308 5\nexpect refused ENTRY_SHAPE\n");
}

static void
test_periods(void)
{
    fisc_worksheet(BOOKS "period 202406 closed\nexpect posted\n"
                         "post A1 E dr 22 5 cr 3308 5\nexpect refused PERIOD_NOT_OPEN\n"
                         "period 202406 open\nexpect refused PERIOD_STATE\n"
                         "period 202406 sealed\nexpect posted\n"
                         "period 202406 closed\nexpect refused PERIOD_STATE\n"
                         "period 209901 closed\nexpect refused PERIOD_STATE\n");
}

static void
test_overflow(void)
{
    fisc_worksheet(BOOKS "post A1 E dr 22 9000000000000000 cr 3308 9000000000000000\n"
                         "expect posted\n"
                         "post A2 E dr 22 9000000000000000 cr 3308 9000000000000000\n"
                         "expect refused AMOUNT_OVERFLOW\n"
                         "post A3 E dr 22 1 cr 3308 1\nexpect posted\n");
}

static void
test_undo(void)
{
    FiscWorksheet *sheet = fisc_worksheet_new();
    fisc_worksheet_run(sheet, BOOKS "control vote absolute refuse 'entity programme'\n"
                                    "enact A1 E 100 programme=11\n");
    FiscEngine *engine = fisc_worksheet_engine(sheet);
    int codings = fisc_engine_next_coding(engine);
    g_autoptr(FiscSubmission) submission = fisc_worksheet_submission(
        "other", "entity F New\ncontrol wide absolute refuse entity\n"
                 "move B1 E available>commitment 60 programme=11\nenact B2 F 7 programme=9\n");
    FiscReceipt *receipt = fisc_receipt_new();
    fisc_engine_begin(engine);
    CU_ASSERT_TRUE(fisc_engine_apply(engine, submission, 0, 2, true, receipt));
    CU_ASSERT_TRUE(fisc_engine_next_coding(engine) > codings);
    fisc_engine_undo(engine);
    fisc_receipt_free(receipt);
    FISC_ASSERT_INT(fisc_engine_next_coding(engine), codings);
    CU_ASSERT_PTR_NULL(fisc_engine_master_field(engine, "entity", "F", "name"));
    CU_ASSERT_PTR_NULL(fisc_engine_master_field(engine, "control", "wide", "level"));
    fisc_worksheet_run(sheet, "funds vote 100 programme=11\n"
                              "move B1 E available>commitment 100 programme=11\nexpect posted\n");
    fisc_worksheet_free(sheet);
}

static void
test_same_log_same_state(void)
{
    static const char text[] =
        BOOKS "control vote absolute refuse 'entity programme'\n"
              "enact A1 E 100 programme=11\nmove A2 E available>commitment 70 programme=11\n"
              "move A3 E available>commitment 70 programme=11\n";
    uint8_t heads[2][32];
    for (int i = 0; i < 2; i++) {
        FiscWorksheet *sheet = fisc_worksheet_new();
        fisc_worksheet_run(sheet, text);
        memcpy(heads[i], fisc_engine_head(fisc_worksheet_engine(sheet)), 32);
        fisc_worksheet_free(sheet);
    }
    CU_ASSERT_EQUAL(memcmp(heads[0], heads[1], 32), 0);
}

static void
test_group(void)
{
    FiscWorksheet *sheet = fisc_worksheet_new();
    fisc_worksheet_run(sheet, BOOKS "control vote absolute refuse 'entity programme'\n"
                                    "enact A1 E 100 programme=11\n");
    FiscEngine *engine = fisc_worksheet_engine(sheet);
    g_autoptr(FiscSubmission) submission =
        fisc_worksheet_submission("other", "move B1 E available>commitment 60 programme=11\n"
                                           "move B2 E available>commitment 60 programme=11\n"
                                           "move B3 E available>commitment 10 programme=11\n");
    FiscReceipt *receipt = fisc_receipt_new();
    fisc_engine_begin(engine);
    CU_ASSERT_FALSE(fisc_engine_apply(engine, submission, 0, 3, false, receipt));
    FISC_ASSERT_INT(receipt->posted, 0);
    FISC_ASSERT_INT(receipt->refused, 3);
    const FiscResult *first = receipt->results->pdata[0];
    FISC_ASSERT_INT(((FiscRefusal *)first->refusals->pdata[0])->code, FISC_ERROR_ATOMIC_GROUP);
    const FiscResult *second = receipt->results->pdata[1];
    FISC_ASSERT_INT(((FiscRefusal *)second->refusals->pdata[0])->code, FISC_ERROR_BUDGET_EXCEEDED);
    FISC_ASSERT_INT(((FiscRefusal *)second->refusals->pdata[0])->shortfall, 2000);
    fisc_receipt_free(receipt);
    fisc_engine_undo(engine);
    fisc_worksheet_run(sheet, "funds vote 100 programme=11\n");
    fisc_worksheet_free(sheet);
}

static void
test_actor(void)
{
    FiscWorksheet *sheet = fisc_worksheet_new();
    fisc_worksheet_run(sheet, BOOKS);
    g_autoptr(FiscSubmission) submission =
        fisc_worksheet_submission("other", "post B1 E dr 22 5 cr 3308 5\n");
    submission->actor = NULL;
    FiscReceipt *receipt = fisc_receipt_new();
    fisc_engine_begin(fisc_worksheet_engine(sheet));
    CU_ASSERT_FALSE(
        fisc_engine_apply(fisc_worksheet_engine(sheet), submission, 0, 1, false, receipt));
    FISC_ASSERT_INT(((FiscRefusal *)receipt->refusals->pdata[0])->code, FISC_ERROR_ACTOR_MISSING);
    fisc_receipt_free(receipt);
    fisc_worksheet_free(sheet);
}

static void
test_refusal_names_everything(void)
{
    FiscWorksheet *sheet = fisc_worksheet_new();
    fisc_worksheet_run(sheet, BOOKS "control vote absolute refuse 'entity programme:1'\n"
                                    "enact A1 E 100 programme=11\n"
                                    "move A2 E available>commitment 90 programme=12\n");
    FiscEngine *engine = fisc_worksheet_engine(sheet);
    g_autoptr(FiscSubmission) submission =
        fisc_worksheet_submission("other", "move B1 E available>commitment 25 programme=11\n");
    FiscEntry *entry = submission->entries->pdata[0];
    entry->file = "orders.csv";
    entry->row = 7;
    FiscReceipt *receipt = fisc_receipt_new();
    fisc_engine_begin(engine);
    fisc_engine_apply(engine, submission, 0, 1, false, receipt);
    const FiscRefusal *refusal = ((FiscResult *)receipt->results->pdata[0])->refusals->pdata[0];
    FISC_ASSERT_TEXT(refusal->control, "vote");
    FISC_ASSERT_TEXT(refusal->key, "entity=E programme=1 year=2024");
    FISC_ASSERT_INT(refusal->limit, 10000);
    FISC_ASSERT_INT(refusal->consumed, 9000);
    FISC_ASSERT_INT(refusal->requested, 2500);
    FISC_ASSERT_INT(refusal->shortfall, 1500);
    FISC_ASSERT_TEXT(refusal->file, "orders.csv");
    FISC_ASSERT_INT(refusal->line, 7);
    fisc_receipt_free(receipt);
    fisc_worksheet_free(sheet);
}

const FiscTest fisc_engine_tests[] = {
    {"refuses what an absolute control has no funds for (R5)", test_absolute},
    {"lets a tracked line be overdrawn, but not one without budget (R5)", test_track},
    {"keeps no record under level none (R5)", test_none},
    {"takes an unbudgeted line as zero where the law binds higher up", test_absent_zero},
    {"controls a budget line of zero", test_zero_line},
    {"judges the net of an entry per key (R9)", test_net_per_key},
    {"leaves no trace of an entry that fails on one key of two (R9)", test_all_or_nothing},
    {"never refuses a release (R11)", test_release},
    {"refuses to take an appropriation below what is consumed", test_reduction},
    {"does not count an order twice (R2)", test_double_counting},
    {"answers a known reference with the first answer or a conflict", test_references},
    {"leaves the reference of a refused entry free", test_refusal_frees_reference},
    {"refuses malformed entries by their rule", test_malformed},
    {"posts to open periods only, and never reopens a sealed one (R18)", test_periods},
    {"refuses a balance beyond its bound", test_overflow},
    {"takes a whole batch back, master data and controls included", test_undo},
    {"gives the same head for the same log", test_same_log_same_state},
    {"refuses a group as a whole", test_group},
    {"refuses a write that nobody answers for", test_actor},
    {"names control, key, limit, consumed, requested, shortfall, file and line",
     test_refusal_names_everything},
    {NULL, NULL},
};

/* control_change_test.c: controls that change: trees, dated rules, revaluation (R20), definitions,
 * batches that are taken back. As worksheets, decided again from their records. */
#include "fisc/poster.h"
#include "ledger/engine.h"
#include "tests/support/suite.h"
#include "tests/support/worksheet.h"
#include <string.h>

#define BOOKS "entity E Ministry\n"

/* Trees ------------------------------------------------------------------------------------ */

#define TREE                                                                                       \
    BOOKS                                                                                          \
    "event segment programme/P name=Policy\n"                                                      \
    "event segment programme/a name=Schools parent=P\n"                                            \
    "event segment programme/b name=Roads parent=P\n"                                              \
    "event segment programme/a1 name=Primary parent=a\n"

static void
test_trees(void)
{
    fisc_worksheet_replayed(
        TREE "control c absolute refuse 'entity programme@2'\n"
             "enact A1 E 100 programme=a\n"
             "enact B1 E 10 programme=b\n"
             "enact P1 E 1 programme=P\n"
             "move C1 E available>commitment 100 programme=a1\n" /* a1 stands under a */
             "expect posted\n"
             "move C2 E available>commitment 1 programme=a\n"
             "because BUDGET_EXCEEDED key 'entity=E programme=a year=2024'\n"
             "move C3 E available>commitment 2 programme=P\n" /* less deep: itself */
             "because BUDGET_EXCEEDED short 1 key 'entity=E programme=P year=2024'\n"
             "move C4 E available>commitment 1 programme=x\n" /* no record: a root */
             "because NO_BUDGET key 'entity=E programme=x year=2024'\n"
             "funds c 0 programme=a1\n"
             /* The school moves under roads, and takes what it has committed along. */
             "event segment programme/a1 name=Primary parent=b\n"
             "expect posted\n"
             "funds c 100 programme=a\n"
             "funds c -90 programme=a1\n"
             "move C5 E available>commitment 1 programme=b\n"
             "expect refused BUDGET_EXCEEDED short 91\n");
}

static void
test_tree_events(void)
{
    static const struct {
        const char *event, *code;
    } cases[] = {
        {"programme/P parent=a1", "MASTER_CONFLICT"}, /* a1 is below it */
        {"programme/P parent=P", "MASTER_CONFLICT"},
        {"programme/a parent=b", NULL},
        {"programme/a1 name=Primary", NULL},
        {"programme/z parent=later", NULL}, /* whose own record may follow */
        {"economic/P parent=a1", NULL},     /* another tree */
        {"entity/E parent=G", NULL},
        {"colour/P name=Red", "VALUE_INVALID"},
        {"programme/ name=Nothing", "VALUE_INVALID"},
        {"programme name=Nothing", "VALUE_INVALID"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text =
            g_strdup_printf(TREE "event segment %s\nexpect %s %s\n", cases[i].event,
                            cases[i].code != NULL ? "refused" : "posted",
                            cases[i].code != NULL ? cases[i].code : "");
        fisc_worksheet_replayed(text);
    }
}

/* Dated rules ------------------------------------------------------------------------------ */

static void
test_validity(void)
{
    /* The law of the first half year binds chapters, that of the second the lines. */
    fisc_worksheet_replayed(BOOKS "control old absolute refuse 'entity programme:1' to=2024-06-30\n"
                                  "control new absolute refuse 'entity programme' from=2024-07-01\n"
                                  "enact A1@2024-01-01 E 100 programme=11\n"
                                  "enact A2@2024-01-01 E 100 programme=12\n"
                                  "move C1@2024-06-30 E available>commitment 150 programme=11\n"
                                  "expect posted\n"
                                  "move C2@2024-06-30 E available>commitment 51 programme=12\n"
                                  "because 1\n"
                                  "because BUDGET_EXCEEDED old short 1\n"
                                  "move C3@2024-07-01 E available>commitment 1 programme=11\n"
                                  "because 1\n"
                                  "because BUDGET_EXCEEDED new short 51\n"
                                  "move C4@2024-07-01 E available>commitment 100 programme=12\n"
                                  "expect posted\n"
                                  "move C5@2024-07-01 E available>commitment 1 programme=13\n"
                                  "expect refused NO_BUDGET\n");
}

static void
test_if_budgeted_by_date(void)
{
    fisc_worksheet_replayed(
        BOOKS "control new absolute refuse 'entity programme' from=2024-07-01\n"
              "post P1@2024-06-30 E dr 22 5 cr 3308 5 if-budgeted available>obligation 5"
              " programme=11\n"
              "expect posted\n"
              "post P2@2024-07-01 E dr 22 5 cr 3308 5 if-budgeted available>obligation 5"
              " programme=11\n"
              "expect refused NO_BUDGET\n");
}

static void
test_redefinition(void)
{
    /* What was decided under an earlier definition is decided again under it. */
    fisc_worksheet_replayed(BOOKS "control c absolute refuse 'entity programme'\n"
                                  "enact A1@2024-01-10 E 100 programme=11\n"
                                  "move C1@2024-05-10 E available>commitment 101 programme=11\n"
                                  "expect refused BUDGET_EXCEEDED short 1\n"
                                  "control c advisory refuse 'entity programme' tolerance=1\n"
                                  "move C1@2024-05-10 E available>commitment 101 programme=11\n"
                                  "warned BUDGET_TOLERATED c\n"
                                  "control c absolute refuse 'entity programme' interval=quarter\n"
                                  "move C2@2024-02-10 E available>commitment 100 programme=11\n"
                                  "expect posted\n"
                                  "move C3@2024-05-10 E available>commitment 1 programme=11\n"
                                  "expect refused BUDGET_EXCEEDED short 102\n"
                                  "control c none refuse 'entity programme'\n"
                                  "move C3@2024-05-10 E available>commitment 1 programme=11\n"
                                  "expect posted\n"
                                  "control c absolute refuse 'entity programme'\n"
                                  "move C4 E available>commitment 1 programme=11\n"
                                  "expect refused BUDGET_EXCEEDED short 103\n");
}

/* R20: revaluation ------------------------------------------------------------------------- */

static void
test_revaluation(void)
{
    fisc_worksheet_replayed(
        BOOKS "control c absolute refuse 'entity programme'\n"
              "enact A1 E 135000 programme=11\n"
              "move C1 E available>commitment 130000 programme=11\n"
              "move V1 E available>commitment 6000 programme=11 flow=4\n"
              "expect posted\n"
              "warned 1\n"
              "warned BUDGET_REVALUED c short 1000 asked 6000\n"
              "funds c -1000 programme=11\n"
              "move C2 E available>commitment 0.01 programme=11\n"
              "expect refused BUDGET_EXCEEDED short 1000.01\n"
              "move V2 E available>commitment -3000 programme=11 flow=4\n"
              "warned none\n"
              "funds c 2000 programme=11\n"
              /* 2 000 are left: who spends them while prices rise is not refused ... */
              "post V3 E dr 22 1 cr 3308 1 and available>commitment 5000 programme=11 flow=4"
              " and available>obligation 2000 programme=11\n"
              "expect posted\n"
              "warned BUDGET_REVALUED c short 5000\n"
              /* ... who spends more is, by what was spent. */
              "move V4 E available>commitment -5000 programme=11 flow=4\n"
              "post V5 E dr 22 1 cr 3308 1 and available>commitment 5000 programme=11 flow=4"
              " and available>obligation 3 programme=11\n"
              "expect refused BUDGET_EXCEEDED short 3\n"
              "because BUDGET_EXCEEDED asked 3\n");
}

/* Definitions ------------------------------------------------------------------------------ */

static const struct {
    const char *words, *field; /* NULL: it is good */
} definitions[] = {
    {"absolute refuse 'entity programme:1 economic@2'", NULL},
    {"advisory zero entity A interval=quarter boundary=period", NULL},
    {"absolute zero 'entity account' 'accounts=6202 6308' side=debit", NULL},
    {"absolute refuse 'entity section programme economic fund project region cofog'", NULL},
    {"strict refuse entity", "level"},
    {"absolute never entity", "absent"},
    {"absolute refuse programme", "key"},
    {"absolute refuse 'entity colour'", "key"},
    {"absolute refuse 'entity programme:0'", "key"},
    {"absolute refuse 'entity programme@x'", "key"},
    {"absolute refuse 'entity programme:1x'", "key"},
    {"absolute refuse entity:1", "key"},
    {"absolute refuse 'programme entity'", "key"},
    {"absolute refuse 'entity programme entity'", "key"},
    {"absolute refuse 'entity section programme economic fund project region cofog gfs_code'",
     "key"},
    {"absolute refuse 'entity account'", "accounts"},
    {"absolute zero entity accounts=999999", "accounts"},
    {"absolute zero entity accounts=6202 interval=period", "accounts"},
    {"absolute zero entity accounts=6202 side=left", "side"},
    {"absolute zero entity accounts=6202 limit=release", "limit"},
    {"absolute zero entity accounts=6202 consume=payment", "consume"},
    {"absolute zero entity accounts=6202 tolerance=5", "tolerance"},
    {"absolute zero entity accounts=6202 warn=90", "warn"},
    {"absolute refuse entity limit=commitment", "limit"},
    {"absolute refuse entity consume=appropriation", "consume"},
    {"absolute refuse entity limit=release consume=release", "consume"},
    {"absolute refuse entity limit=everything", "limit"},
    {"absolute refuse entity interval=week", "interval"},
    {"absolute refuse entity boundary=week", "boundary"},
    {"absolute refuse entity interval=period boundary=year", "boundary"},
    {"absolute refuse entity tolerance=-5", "tolerance"},
    {"absolute refuse entity tolerance=much", "tolerance"},
    {"absolute refuse entity tolerance=10000.0001", "tolerance"},
    {"absolute refuse entity tolerance_cap=5", "tolerance_cap"},
    {"absolute refuse entity tolerance=5 tolerance_cap=-5", "tolerance_cap"},
    {"absolute refuse entity warn=x", "warn"},
    {"absolute refuse entity from=2024-13-01", "from"},
    {"absolute refuse entity to=soon", "to"},
    {"absolute refuse entity from=2024-02-01 to=2024-01-31", "to"},
    {"absolute refuse entity overridable=maybe", "overridable"},
    {"absolute refuse entity tolerence=5", "tolerence"}, /* a slip is not overlooked */
};

static void
test_definitions(void)
{
    for (gsize i = 0; i < G_N_ELEMENTS(definitions); i++) {
        FiscWorksheet *sheet = fisc_worksheet_new();
        fisc_worksheet_run(sheet, BOOKS);
        g_autofree char *text = g_strdup_printf("control c %s\n", definitions[i].words);
        g_autoptr(FiscSubmission) submission = fisc_worksheet_submission("test", text);
        FiscReceipt *receipt = fisc_receipt_new();
        fisc_engine_apply(fisc_worksheet_engine(sheet), submission, 0, 0, true, receipt);
        const FiscRefusal *refusal = receipt->refusals != NULL ? receipt->refusals->pdata[0] : NULL;
        const char *field = refusal != NULL ? refusal->field : NULL;
        fisc_assert_text(field, definitions[i].field, definitions[i].words, __FILE__, __LINE__);
        fisc_receipt_free(receipt);
        fisc_worksheet_free(sheet);
    }
}

/* Taking back ------------------------------------------------------------------------------ */

/* Definitions, trees, overrides and amounts by month, all taken back with their batch. */
static void
test_undo(void)
{
    FiscWorksheet *sheet = fisc_worksheet_new();
    fisc_worksheet_run(sheet, TREE "control c absolute refuse 'entity programme@2' "
                                   "interval=quarter tolerance=5\n"
                                   "enact A1@2024-02-01 E 100 programme=a\n"
                                   "enact A2@2024-05-01 E 100 programme=b\n"
                                   "move C1@2024-05-01 E available>commitment 20 programme=b\n");
    FiscEngine *engine = fisc_worksheet_engine(sheet);
    g_autofree char *before = fisc_worksheet_windows(sheet);
    static const char *const batches[] = {
        "move C2@2024-02-02 E available>commitment 70 programme=a1\n",
        "event segment programme/a1 name=Primary parent=b\n",
        "control c track refuse 'entity programme' boundary=period\n",
        "event override OV-1 control=c 'key=entity=E programme=b year=2024 quarter=2' amount=50 "
        "reason=r expires=2034-07-31\n"
        "move C3@2024-05-02 E available>commitment 130 programme=b\n",
        "control other advisory zero 'entity programme' interval=period\n"
        "move C4@2024-05-02 E available>commitment 30 programme=b\n",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(batches); i++) {
        g_autoptr(FiscSubmission) submission = fisc_worksheet_submission("other", batches[i]);
        FiscReceipt *receipt = fisc_receipt_new();
        FISC_ASSERT_INT(
            fisc_engine_apply(engine, submission, 0, submission->entries->len, true, receipt),
            true);
        fisc_engine_undo(engine);
        g_autofree char *after = fisc_worksheet_windows(sheet);
        FISC_ASSERT_TEXT(after, before);
        fisc_receipt_free(receipt);
    }
    fisc_worksheet_run(sheet, "move C5@2024-05-02 E available>commitment 85.01 programme=b\n"
                              "expect refused BUDGET_EXCEEDED short 0.01\n");
    fisc_worksheet_free(sheet);
}

const FiscTest fisc_control_change_tests[] = {
    {"takes keys at a depth of a tree, and folds again when it changes", test_trees},
    {"refuses trees that bite their tail", test_tree_events},
    {"judges by the rules in force on the effective date", test_validity},
    {"keeps a conditional line by the rules in force", test_if_budgeted_by_date},
    {"folds and judges by the newest definition", test_redefinition},
    {"never refuses a revaluation (R20)", test_revaluation},
    {"refuses definitions with the field that is wrong", test_definitions},
    {"takes definitions, trees and overrides back with their batch", test_undo},
    {NULL, NULL},
};

/* cover_test.c: cover pools as worksheets: rule R13 of a treasury with its numbers, what a pool
 * does to other controls, and what it never does. Every worksheet is decided again from its record.
 */
#include "ledger/engine_internal.h"
#include "tests/support/suite.h"
#include "tests/support/worksheet.h"
#include <string.h>

/* A has 10 left and B 40. */
#define BOOKS                                                                                      \
    "entity E Ministry\n"                                                                          \
    "control vote absolute refuse 'entity programme'\n"                                            \
    "enact A1 E 30 programme=A economic=22\n"                                                      \
    "enact B1 E 40 programme=B economic=22\n"                                                      \
    "move A2 E available>payment 20 programme=A\n"
#define COVER(mode)                                                                                \
    "event cover AB control=vote 'receiver=entity=E programme=A year=2024' "                       \
    "'donor=entity=E programme=B year=2024' mode=" mode " 'article=Art. 7'\n"
#define POOL(mode) COVER(mode) "expect posted\n"

static void
test_unilateral(void)
{
    fisc_worksheet_replayed(BOOKS POOL(
        "unilateral") "move B2 E available>commitment 45 programme=B\n"
                      "expect refused BUDGET_EXCEEDED short 5\n"
                      "because BUDGET_EXCEEDED vote key 'entity=E programme=B year=2024'\n"
                      "move A3 E available>commitment 35 programme=A economic=22\n"
                      "expect posted\n"
                      "warned 1\n"
                      "warned COVER_DRAWN vote asked 25 key 'entity=E programme=A year=2024'\n"
                      "funds vote 0 programme=A\n"
                      "funds vote 15 programme=B\n"
                      "move A4 E available>commitment 15.01 programme=A\n"
                      "because 1\n"
                      "because BUDGET_EXCEEDED short 15.01 key 'entity=E programme=A year=2024'\n"
                      "funds vote 15 programme=B\n");
}

static void
test_reciprocal(void)
{
    fisc_worksheet_replayed(
        BOOKS POOL("reciprocal") "move B2 E available>commitment 45 programme=B\n"
                                 "expect posted\n"
                                 "warned COVER_DRAWN asked 5 key 'entity=E programme=B year=2024'\n"
                                 "funds vote 5 programme=A\n"
                                 "funds vote 0 programme=B\n"
                                 "move A3 E available>commitment 6 programme=A\n"
                                 "expect refused BUDGET_EXCEEDED short 1\n");
}

/* The lines that the pool has appended: a virement that adds up to zero. */
static void
test_virement(void)
{
    FiscWorksheet *sheet = fisc_worksheet_new();
    fisc_worksheet_run(sheet, BOOKS POOL("unilateral"));
    FiscEngine *engine = fisc_worksheet_engine(sheet);
    g_autoptr(FiscSubmission) asked = fisc_worksheet_submission(
        "test", "move A3 E available>commitment 35 programme=A economic=22\n");
    FiscReceipt *receipt = fisc_receipt_new();
    FISC_ASSERT_INT(fisc_engine_apply(engine, asked, 0, 1, false, receipt), true);
    const FiscBatch *batch = fisc_engine_seal(engine);
    const FiscDecidedEntry *entry = batch->entries->pdata[0];
    g_autoptr(GString) text = g_string_new(NULL);
    for (int i = 2; i < entry->count; i++) {
        const FiscEngineCoding *coding = engine->codings->pdata[entry->coding[i] - 1];
        g_string_append_printf(
            text, "%s %s/%s %" G_GINT64_FORMAT "\n", fisc_stage_word(coding->stage),
            fisc_engine_symbol_text(engine, coding->key.dim[FISC_DIM_PROGRAMME]),
            fisc_engine_symbol_text(engine, coding->key.dim[FISC_DIM_ECONOMIC]), entry->amount[i]);
    }
    FISC_ASSERT_TEXT(text->str, "change A/22 2500\n"
                                "available A/22 -2500\n"
                                "change B/ -2500\n"
                                "available B/ 2500\n");
    const FiscResult *result = receipt->results->pdata[0];
    const FiscRefusal *warning = result->warnings->pdata[0];
    FISC_ASSERT_TEXT(warning->article, "Art. 7");
    FISC_ASSERT_CONTAINS(warning->detail, "25.00 from \"entity=E programme=B year=2024\" by AB");
    fisc_receipt_free(receipt);
    fisc_worksheet_free(sheet);
}

static void
test_several_donors(void)
{
    /* In the order of the pools, and as far as all of them reach together, or not at all. */
    fisc_worksheet_replayed(BOOKS POOL(
        "unilateral") "enact C1 E 7 programme=C\n"
                      "event cover AC control=vote 'receiver=entity=E programme=A' "
                      "'donor=entity=E programme=C' mode=unilateral\n" /* of every year */
                      "expect posted\n"
                      "move A3 E available>commitment 57.01 programme=A\n"
                      "expect refused BUDGET_EXCEEDED short 47.01\n"
                      "funds vote 40 programme=B\n"
                      "funds vote 7 programme=C\n"
                      "move A3 E available>commitment 52 programme=A\n"
                      "expect posted\n"
                      "warned 2\n"
                      "warned COVER_DRAWN asked 40\n"
                      "warned COVER_DRAWN asked 2\n"
                      "funds vote 0 programme=B\n"
                      "funds vote 5 programme=C\n");
}

static void
test_shared_donor(void)
{
    /* One donor, two receivers in one entry: what one has drawn the other does not get. */
    fisc_worksheet_replayed(BOOKS POOL(
        "unilateral") "enact C1 E 7 programme=C\n"
                      "event cover CB control=vote 'receiver=entity=E programme=C' "
                      "'donor=entity=E programme=B' mode=unilateral\n"
                      "post P1 E dr 22 1 cr 3308 1 and available>obligation 40 programme=A"
                      " and available>obligation 18 programme=C\n"
                      "because 1\n"
                      "because BUDGET_EXCEEDED short 11 key 'entity=E programme=C year=2024'\n"
                      "funds vote 40 programme=B\n"
                      "post P1 E dr 22 1 cr 3308 1 and available>obligation 40 programme=A"
                      " and available>obligation 17 programme=C\n"
                      "expect posted\n"
                      "funds vote 0 programme=B\n"
                      "funds vote 0 programme=A\n"
                      "funds vote 0 programme=C\n");
}

static void
test_other_controls(void)
{
    /* What the pool moves is judged by every other control: the total stays as it is, and a
     * control that knows only whole lines has none for what comes from the donor's vote. */
    fisc_worksheet_replayed(BOOKS "control total absolute refuse entity\n" POOL(
        "unilateral") "move A3 E available>commitment 35 programme=A economic=22\n"
                      "expect posted\n"
                      "funds total 15\n"
                      "control line absolute refuse 'entity programme economic'\n"
                      "enact A4 E 100 programme=A economic=23\n"
                      "move A5 E available>commitment 101 programme=A economic=23\n"
                      "expect refused BUDGET_EXCEEDED short 26\n"
                      "because BUDGET_EXCEEDED line key 'entity=E programme=B economic= "
                      "year=2024'\n");
}

static void
test_no_cover(void)
{
    static const char *const cases[] = {
        /* levels that let pass draw on nothing */
        "control vote advisory refuse 'entity programme'\n"
        "move A3 E available>commitment 35 programme=A\n"
        "warned 1\n"
        "warned BUDGET_ADVISORY short 25\n"
        "funds vote 40 programme=B\n",
        /* the cover is of the money there is, before any tolerance */
        "control vote absolute refuse 'entity programme' tolerance=200\n"
        "move A3 E available>commitment 15 programme=A\n"
        "warned COVER_DRAWN asked 5\n"
        "funds vote 35 programme=B\n"
        "move A4 E available>commitment 35.01 programme=A\n" /* beyond reach: as if none */
        "warned 1\n"
        "warned BUDGET_TOLERATED\n"
        "funds vote 35 programme=B\n",
        /* another year, and a donor that has no budget line at all */
        "event cover AB control=vote 'receiver=entity=E programme=A year=2023' "
        "'donor=entity=E programme=B year=2023' mode=unilateral\n"
        "move A3 E available>commitment 35 programme=A\n"
        "expect refused BUDGET_EXCEEDED short 25\n",
        /* no cover for what has no budget itself */
        "event cover AB control=vote 'receiver=entity=E programme=Z' "
        "'donor=entity=E programme=B' mode=unilateral\n"
        "move Z1 E available>commitment 1 programme=Z\n"
        "expect refused NO_BUDGET\n",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strconcat(BOOKS POOL("unilateral"), cases[i], NULL);
        fisc_worksheet_replayed(text);
    }
}

static void
test_quarters(void)
{
    /* Of a control that counts by quarter the donor gives what it has in that quarter. */
    fisc_worksheet_replayed(
        "entity E Ministry\n"
        "control vote absolute refuse 'entity programme' interval=quarter\n"
        "enact A1@2024-01-01 E 10 programme=A\n"
        "enact B1@2024-01-01 E 40 programme=B\n"
        "enact B2@2024-04-01 E 5 programme=B\n"
        "event cover AB control=vote 'receiver=entity=E programme=A' "
        "'donor=entity=E programme=B' mode=unilateral\n"
        "move A2@2024-05-01 E available>commitment 6 programme=A\n"
        "expect refused BUDGET_EXCEEDED short 6\n"
        "move A2@2024-05-01 E available>commitment 5 programme=A\n"
        "warned COVER_DRAWN asked 5 key 'entity=E programme=A year=2024 quarter=2'\n"
        "move A3@2024-02-01 E available>commitment 50 programme=A\n"
        "warned COVER_DRAWN asked 40\n");
}

#define A "'receiver=entity=E programme=A' "
#define B "'donor=entity=E programme=B' "

static void
test_events(void)
{
    static const struct {
        const char *fields, *field; /* NULL: it is good */
    } cases[] = {
        {"control=vote " A B "mode=unilateral", NULL},
        {"control=vote " A B "mode=reciprocal article=7", NULL},
        {"control=vote " A B, "mode"},
        {"control=vote " A B "mode=sometimes", "mode"},
        {"control=other " A B "mode=unilateral", "control"},
        {A B "mode=unilateral", "control"},
        {"control=chapter " A B "mode=unilateral", "control"},
        {"control=policy " A B "mode=unilateral", "control"},
        {"control=vote " B "mode=unilateral", "receiver"},
        {"control=vote " A "mode=unilateral", "donor"},
        {"control=vote " A "'donor=entity=E economic=2' mode=unilateral", "donor"},
        {"control=vote " A "'donor=entity=E programme=A' mode=unilateral", "donor"},
        {"control=vote " A "'donor=entity=F programme=B' mode=unilateral", "donor"},
        {"control=vote " A "'donor=entity=E programme=B year=2024' mode=unilateral", "donor"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscWorksheet *sheet = fisc_worksheet_new();
        fisc_worksheet_run(sheet, BOOKS "control chapter absolute refuse 'entity programme:1'\n"
                                        "control policy absolute refuse 'entity programme@1'\n");
        g_autofree char *text = g_strdup_printf("event cover AB %s\n", cases[i].fields);
        g_autoptr(FiscSubmission) submission = fisc_worksheet_submission("test", text);
        FiscReceipt *receipt = fisc_receipt_new();
        fisc_engine_apply(fisc_worksheet_engine(sheet), submission, 0, 0, true, receipt);
        const FiscRefusal *refusal = receipt->refusals != NULL ? receipt->refusals->pdata[0] : NULL;
        fisc_assert_text(refusal != NULL ? refusal->field : NULL, cases[i].field, cases[i].fields,
                         __FILE__, __LINE__);
        fisc_receipt_free(receipt);
        fisc_worksheet_free(sheet);
    }
}

static void
test_undo(void)
{
    FiscWorksheet *sheet = fisc_worksheet_new();
    fisc_worksheet_run(sheet, BOOKS);
    FiscEngine *engine = fisc_worksheet_engine(sheet);
    int codings = fisc_engine_next_coding(engine);
    g_autoptr(FiscSubmission) asked = fisc_worksheet_submission(
        "test", COVER("unilateral") "move A3 E available>commitment 35 programme=A\n");
    FiscReceipt *receipt = fisc_receipt_new();
    FISC_ASSERT_INT(fisc_engine_apply(engine, asked, 0, 1, true, receipt), true);
    fisc_engine_undo(engine);
    FISC_ASSERT_INT(fisc_engine_next_coding(engine), codings);
    fisc_receipt_free(receipt);
    fisc_worksheet_run(sheet, "funds vote 10 programme=A\n"
                              "funds vote 40 programme=B\n"
                              "move A3 E available>commitment 35 programme=A\n"
                              "expect refused BUDGET_EXCEEDED short 25\n");
    fisc_worksheet_free(sheet);
}

const FiscTest fisc_cover_tests[] = {
    {"draws on the donor, and not the other way round (R13)", test_unilateral},
    {"draws both ways when the pool is reciprocal (R13)", test_reciprocal},
    {"records a cover as a virement inside the entry (R13)", test_virement},
    {"draws on several donors in order, or on none", test_several_donors},
    {"shares one donor between receivers", test_shared_donor},
    {"leaves other controls their say", test_other_controls},
    {"covers only what is short, and has a budget", test_no_cover},
    {"covers within the quarter", test_quarters},
    {"refuses pools with the field that is wrong", test_events},
    {"takes a cover back with its batch", test_undo},
    {NULL, NULL},
};

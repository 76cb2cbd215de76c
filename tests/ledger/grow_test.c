/* grow_test.c: budgets that grow with revenue, as worksheets: rule R14 with its numbers, and what
 * happens at the edges. Every worksheet is decided again from its record. */
#include "fisc/poster.h"
#include "ledger/engine.h"
#include "tests/support/suite.h"
#include "tests/support/worksheet.h"
#include <string.h>

/* Base 400, estimate 200. */
#define BOOKS                                                                                      \
    "entity E Ministry\n"                                                                          \
    "control vote absolute refuse 'entity programme' article='Art. 3'\n"                           \
    "enact A1 E 400 programme=11\n"                                                                \
    "enact A2 E 50 programme=12\n"                                                                 \
    "move V1 E estimate>outstanding 200 economic=31\n"
#define GROWTH(more)                                                                               \
    "event growth fees control=vote 'key=entity=E programme=11 year=2024' "                        \
    "'revenue=entity=E economic=3*' share=50 'article=Art. 53'" more "\n"                          \
    "expect posted\n"
#define COLLECT(name, amount) "move " name " E outstanding>collection " amount " economic=31\n"

static void
test_r14(void)
{
    fisc_worksheet_replayed(
        BOOKS GROWTH(" cap=25") COLLECT("V2", "200") "funds vote 400 programme=11\n" COLLECT(
            "V3", "60") "expect posted\n"
                        "funds vote 425 programme=11\n"
                        "funds vote 50 programme=12\n"
                        "move C1 E available>commitment 422 programme=11\n"
                        "expect posted\n" COLLECT("V4", "-20")
        /* entitlement 20, budget 420: overdrawn by 2, and nothing is undone */
        "expect posted\n"
        "warned 1\n"
        "warned BUDGET_REVALUED vote short 2 key 'entity=E programme=11 year=2024'\n"
        "funds vote -2 programme=11\n"
        "holds vote 0 422 0 0 programme=11\n"
        "move C2 E available>commitment 1 programme=11\n"
        "expect refused BUDGET_EXCEEDED short 3\n"
        "move C1b E available>commitment -5 programme=11\n"
        "expect posted\n"
        "move C2 E available>commitment 3 programme=11\n"
        "expect posted\n"
        "funds vote 0 programme=11\n");
}

static void
test_edges(void)
{
    static const struct {
        const char *fields, *moves, *available;
    } cases[] = {
        {"", COLLECT("V2", "260"), "430"},                /* no cap */
        {" cap=0", COLLECT("V2", "260"), "400"},          /* nothing */
        {"", COLLECT("V2", "200.03"), "400.01"},          /* half a cent is left out */
        {"", COLLECT("V2", "199"), "400"},                /* below the estimate */
        {" of=recognition", COLLECT("V2", "260"), "400"}, /* not recognized before */
        {" 'of=recognition collection'",                  /* recognized, and partly collected */
         "move V2 E outstanding>recognition 260 economic=31\n"
         "move V3 E recognition>collection 100 economic=31\n",
         "430"},
        {"", /* a better estimate takes the excess away */
         "move V2 E estimate_change>outstanding 50 economic=31\n" COLLECT("V3", "260"), "405"},
        {" base=estimate",
         "move V2 E estimate_change>outstanding 50 economic=31\n" COLLECT("V3", "260"), "430"},
        {"", "move V2 E outstanding>collection 260 economic=41\n", "400"}, /* other revenue */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text =
            g_strdup_printf(BOOKS GROWTH("%s") "%sfunds vote %s programme=11\n", cases[i].fields,
                            cases[i].moves, cases[i].available);
        fisc_worksheet_replayed(text);
    }
}

/* A key without a year grows in every year; what came in before the rule counts, too. */
static void
test_defined_later(void)
{
    fisc_worksheet_replayed(
        BOOKS COLLECT("V2", "260") "funds vote 400 programme=11\n"
                                   "event growth fees control=vote 'key=entity=E programme=11' "
                                   "'revenue=entity=E economic=31' share=10\n"
                                   "funds vote 406 programme=11\n"
                                   "event growth more control=vote 'key=entity=E programme=11' "
                                   "'revenue=entity=E economic=31' share=20 cap=1\n"
                                   "funds vote 407 programme=11\n"
                                   "event growth fees control=vote 'key=entity=E programme=12' "
                                   "'revenue=entity=E economic=31' share=10\n"
                                   "funds vote 401 programme=11\n"
                                   "funds vote 56 programme=12\n");
}

/* One entry that collects and spends: what it brings, it may use; what it refunds, it has not. */
static void
test_same_entry(void)
{
    fisc_worksheet_replayed(BOOKS GROWTH(" cap=25") COLLECT(
        "V2", "200") "post X1 E dr 22 1 cr 3308 1 and outstanding>collection 60 economic=31 "
                     "and available>commitment 425.01 programme=11\n"
                     "expect refused BUDGET_EXCEEDED short 0.01\n"
                     "post X1 E dr 22 1 cr 3308 1 and outstanding>collection 60 economic=31 "
                     "and available>commitment 425 programme=11\n"
                     "expect posted\n"
                     "funds vote 0 programme=11\n"
                     "post X2 E dr 22 1 cr 3308 1 and outstanding>collection -60 economic=31 "
                     "and available>commitment 1 programme=11\n"
                     "expect refused BUDGET_EXCEEDED short 1\n"
                     "funds vote 0 programme=11\n");
}

static void
test_definitions(void)
{
    static const struct {
        const char *fields, *field;
    } cases[] = {
        {"control=none 'key=entity=E programme=11' 'revenue=entity=E' share=5", "control"},
        {"control=monthly 'key=entity=E programme=11' 'revenue=entity=E' share=5", "control"},
        {"control=vote 'key=entity=E economic=11' 'revenue=entity=E' share=5", "key"},
        {"control=vote 'key=entity=E programme=11' 'revenue=economic=3' share=5", "revenue"},
        {"control=vote 'key=entity=E programme=11' 'revenue=entity=X' share=5", "revenue"},
        {"control=vote 'key=entity=E programme=11' 'revenue=entity=E colour=3' share=5", "revenue"},
        {"control=vote 'key=entity=E programme=11' 'revenue=entity=E'", "share"},
        {"control=vote 'key=entity=E programme=11' 'revenue=entity=E' share=-1", "share"},
        {"control=vote 'key=entity=E programme=11' 'revenue=entity=E' share=5 cap=-1", "cap"},
        {"control=vote 'key=entity=E programme=11' 'revenue=entity=E' share=5 of=payment", "of"},
        {"control=vote 'key=entity=E programme=11' 'revenue=entity=E' share=5 base=collection",
         "base"},
        {"control=vote 'key=entity=E programme=11' 'revenue=entity=E' share=5 ceiling=1",
         "ceiling"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscWorksheet *sheet = fisc_worksheet_new();
        fisc_worksheet_run(sheet, BOOKS "control monthly absolute zero 'entity programme' "
                                        "interval=period\n");
        g_autofree char *text = g_strdup_printf("event growth fees %s\n", cases[i].fields);
        g_autoptr(FiscSubmission) asked = fisc_worksheet_submission("test", text);
        FiscReceipt *receipt = fisc_receipt_new();
        FISC_ASSERT_INT(fisc_engine_apply(fisc_worksheet_engine(sheet), asked, 0, 0, true, receipt),
                        false);
        FISC_ASSERT_INT(receipt->refusals != NULL ? receipt->refusals->len : 0, 1);
        if (receipt->refusals != NULL) {
            const FiscRefusal *refusal = receipt->refusals->pdata[0];
            FISC_ASSERT_TEXT(fisc_error_name(refusal->code), "VALUE_INVALID");
            FISC_ASSERT_TEXT(refusal->field, cases[i].field);
        }
        fisc_receipt_free(receipt);
        fisc_worksheet_free(sheet);
    }
}

static const FiscFunds *
funds_of(const GPtrArray *funds, const char *key)
{
    for (guint i = 0; i < funds->len; i++) {
        const FiscFunds *item = funds->pdata[i];
        if (strcmp(item->key, key) == 0) {
            return item;
        }
    }
    return NULL;
}

static void
test_funds_cite(void)
{
    static const char *const any[FISC_DIM_COUNT] = {NULL};
    FiscWorksheet *sheet = fisc_worksheet_new();
    fisc_worksheet_run(sheet, BOOKS GROWTH(" cap=25") COLLECT("V2", "260"));
    g_autoptr(GPtrArray) funds = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_funds_free);
    fisc_engine_funds(fisc_worksheet_engine(sheet), "E", 2024, any, funds);
    const FiscFunds *grown = funds_of(funds, "entity=E programme=11 year=2024");
    const FiscFunds *other = funds_of(funds, "entity=E programme=12 year=2024");
    CU_ASSERT_FATAL(grown != NULL && other != NULL);
    FISC_ASSERT_INT(grown->limit, 42500);
    FISC_ASSERT_INT(grown->grown, 2500);
    FISC_ASSERT_TEXT(grown->growth, "fees (Art. 53)");
    FISC_ASSERT_INT(other->grown, 0);
    FISC_ASSERT_TEXT(other->growth, NULL);
    fisc_worksheet_free(sheet);
}

/* Whatever is taken back, the limit is as it was. */
static void
test_undo(void)
{
    static const char *const batches[] = {
        COLLECT("V2", "260"),
        "event growth fees control=vote 'key=entity=E programme=11' 'revenue=entity=E' share=99\n",
        "control vote absolute refuse 'entity economic'\n",
        COLLECT("V2", "260") "event growth fees control=vote 'key=entity=E programme=11' "
                             "'revenue=entity=E' share=99\n" COLLECT("V3", "100"),
    };
    static const char *const programme[FISC_DIM_COUNT] = {[FISC_DIM_PROGRAMME] = "11"};
    for (gsize i = 0; i < G_N_ELEMENTS(batches); i++) {
        FiscWorksheet *sheet = fisc_worksheet_new();
        fisc_worksheet_run(sheet, BOOKS GROWTH(" cap=25") COLLECT("V9", "230"));
        FiscEngine *engine = fisc_worksheet_engine(sheet);
        g_autoptr(FiscSubmission) taken = fisc_worksheet_submission("undone", batches[i]);
        FiscReceipt *receipt = fisc_receipt_new();
        fisc_engine_begin(engine);
        fisc_engine_apply(engine, taken, 0, taken->entries->len, true, receipt);
        FISC_ASSERT_INT(receipt->refused, 0);
        fisc_engine_undo(engine);
        g_autoptr(GPtrArray) funds =
            g_ptr_array_new_with_free_func((GDestroyNotify)fisc_funds_free);
        fisc_engine_funds(engine, "E", 2024, programme, funds);
        FISC_ASSERT_INT(funds->len, 1);
        FISC_ASSERT_INT(((const FiscFunds *)funds->pdata[0])->limit, 41500);
        fisc_receipt_free(receipt);
        fisc_worksheet_free(sheet);
    }
}

const FiscTest fisc_grow_tests[] = {
    {"R14: a budget grows with revenue, and a refund undoes nothing", test_r14},
    {"grows by the share above the estimate and no more", test_edges},
    {"counts what came in before the rule was there", test_defined_later},
    {"judges an entry that collects and spends as a whole", test_same_entry},
    {"refuses a growth that could not work", test_definitions},
    {"tells in the funds by which article a budget has grown", test_funds_cite},
    {"takes growth back with what is undone", test_undo},
    {NULL, NULL},
};

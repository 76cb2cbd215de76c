/* control_test.c: controls as dated data, as worksheets: rules R3 to R6 of a treasury with their
 * numbers, and what happens at the edges. Every worksheet is decided again from its record, as a
 * full verification does. Keys and accounts: control_key_test.c; trees and what changes:
 * control_change_test.c. */
#include "fisc/poster.h"
#include "ledger/engine.h"
#include "tests/support/suite.h"
#include "tests/support/worksheet.h"
#include <string.h>

#define BOOKS "entity E Ministry\n"

/* R3: layers ------------------------------------------------------------------------------- */

#define RELEASED                                                                                   \
    BOOKS                                                                                          \
    "control law absolute refuse 'entity programme' article='Art. 10'\n"                           \
    "control allotment absolute refuse 'entity programme' limit=release article='Art. 30'\n"       \
    "control release absolute refuse 'entity programme' 'limit=appropriation change' "             \
    "consume=release\n"                                                                            \
    "enact A1 E 1200 programme=11\n"                                                               \
    "move L1 E release>allotted 300 programme=11\n"                                                \
    "expect posted\n"                                                                              \
    "move C1 E available>commitment 280 programme=11\n"                                            \
    "expect posted\n"                                                                              \
    "funds law 920 programme=11\n"                                                                 \
    "funds allotment 20 programme=11\n"                                                            \
    "funds release 900 programme=11\n"

static void
test_layers(void)
{
    fisc_worksheet_replayed(RELEASED "move C2 E available>commitment 30 programme=11\n"
                                     "expect refused BUDGET_EXCEEDED short 10\n"
                                     "because 1\n"
                                     "because BUDGET_EXCEEDED allotment short 10 asked 30 key "
                                     "'entity=E programme=11 year=2024'\n"
                                     "move L2 E release>allotted 900.01 programme=11\n"
                                     "expect refused BUDGET_EXCEEDED short 0.01\n"
                                     "because BUDGET_EXCEEDED release\n"
                                     "move L3 E release>allotted 10 programme=11\n"
                                     "move C2 E available>commitment 30 programme=11\n"
                                     "expect posted\n"
                                     "funds allotment 0 programme=11\n"
                                     "funds law 890 programme=11\n");
}

static void
test_release_taken_back(void)
{
    /* What is allotted and used cannot be taken back; what is not used can. */
    fisc_worksheet_replayed(RELEASED "move L2 E release>allotted -20.01 programme=11\n"
                                     "expect refused BUDGET_EXCEEDED short 0.01\n"
                                     "because BUDGET_EXCEEDED allotment\n"
                                     "move L2 E release>allotted -20 programme=11\n"
                                     "expect posted\n"
                                     "funds release 920 programme=11\n"
                                     "funds allotment 0 programme=11\n");
}

static void
test_refusal_cites(void)
{
    FiscWorksheet *sheet = fisc_worksheet_new();
    fisc_worksheet_run(sheet, RELEASED);
    g_autoptr(FiscSubmission) asked =
        fisc_worksheet_submission("test", "move C2 E available>payment 30 programme=11\n");
    FiscReceipt *receipt = fisc_receipt_new();
    fisc_engine_apply(fisc_worksheet_engine(sheet), asked, 0, 1, false, receipt);
    const FiscResult *result = receipt->results->pdata[0];
    const FiscRefusal *refusal = result->refusals->pdata[0];
    FISC_ASSERT_TEXT(refusal->article, "Art. 30");
    FISC_ASSERT_TEXT(refusal->control, "allotment");
    FISC_ASSERT_INT(refusal->limit, 30000);
    FISC_ASSERT_INT(refusal->consumed, 28000);
    FISC_ASSERT_INT(refusal->stage[FISC_CONSUMED_COMMITTED], 28000);
    FISC_ASSERT_INT(refusal->stage[FISC_CONSUMED_PAID], 0);
    fisc_receipt_free(receipt);
    fisc_worksheet_free(sheet);
}

/* R4: intervals and boundaries ------------------------------------------------------------- */

/* 100 a month; January to March fully used, April 130. */
static char *
months_used(void)
{
    static const char *const used[] = {"100", "100", "100", "130"};
    GString *text = g_string_new(BOOKS);
    for (int month = 1; month <= 12; month++) {
        g_string_append_printf(text, "enact B%d@2024-%02d-01 E 100 programme=11\n", month, month);
    }
    for (int month = 1; month <= 4; month++) {
        g_string_append_printf(text, "move U%d@2024-%02d-15 E available>payment %s programme=11\n",
                               month, month, used[month - 1]);
    }
    return g_string_free(text, FALSE);
}

static void
test_intervals(void)
{
    static const struct {
        const char *words, *expected;
    } cases[] = {
        {"interval=period boundary=period",
         "expect refused BUDGET_EXCEEDED short 50\n"
         "because BUDGET_EXCEEDED key 'entity=E programme=11 year=2024 period=202405'\n"},
        {"interval=quarter boundary=quarter", "expect posted\n"},
        {"interval=year boundary=period",
         "expect refused BUDGET_EXCEEDED short 80\n"
         "because BUDGET_EXCEEDED key 'entity=E programme=11 year=2024 to=202405'\n"},
        {"interval=year boundary=year", "expect posted\nfunds c 620 programme=11\n"},
        {"", "expect posted\nfunds c 620 programme=11\n"},
        /* and beyond the table: April and May against 200 */
        {"interval=quarter boundary=period",
         "expect refused BUDGET_EXCEEDED short 80\n"
         "because BUDGET_EXCEEDED key 'entity=E programme=11 year=2024 quarter=2 to=202405'\n"},
        {"interval=year boundary=quarter", "expect posted\n"},
    };
    g_autofree char *used = months_used();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text =
            g_strdup_printf("%scontrol c absolute refuse 'entity programme' %s\n"
                            "move R1@2024-05-10 E available>commitment 150 programme=11\n%s",
                            used, cases[i].words, cases[i].expected);
        fisc_worksheet_replayed(text);
    }
}

static void
test_windows(void)
{
    static const struct {
        const char *words, *expected;
    } cases[] = {
        {"interval=quarter", "year=2024 quarter=1 202400-202403 0\n"
                             "year=2024 quarter=2 202404-202406 170\n"
                             "year=2024 quarter=3 202407-202409 300\n"
                             "year=2024 quarter=4 202410-202413 300\n"},
        {"boundary=quarter", "year=2024 to=202403 202400-202403 0\n"
                             "year=2024 to=202406 202400-202406 170\n"
                             "year=2024 to=202409 202400-202409 470\n"
                             "year=2024 to=202412 202400-202413 770\n"},
        {"", "year=2024 202400-202413 770\n"},
    };
    g_autofree char *used = months_used();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf(
            "%scontrol c absolute refuse 'entity programme' %s\n", used, cases[i].words);
        FiscWorksheet *sheet = fisc_worksheet_new();
        fisc_worksheet_run(sheet, text);
        g_autofree char *windows = fisc_worksheet_windows(sheet);
        FISC_ASSERT_TEXT(windows, cases[i].expected);
        fisc_worksheet_free(sheet);
    }
}

static void
test_surplus_stays_in_its_quarter(void)
{
    fisc_worksheet_replayed(
        BOOKS "control c absolute refuse 'entity programme' interval=quarter\n"
              "enact B1@2024-01-01 E 300 programme=11\n"
              "enact B2@2024-04-01 E 300 programme=11\n"
              "move U1@2024-05-01 E available>payment 300 programme=11\n"
              "expect posted\n"
              "move U2@2024-06-30 E available>payment 0.01 programme=11\n"
              "expect refused BUDGET_EXCEEDED short 0.01\n"
              "because BUDGET_EXCEEDED key 'entity=E programme=11 year=2024 quarter=2'\n"
              "enact T2@2024-03-31 change E -100 programme=11\n"
              "enact T3@2024-06-01 change E 100 programme=11\n"
              "move U2@2024-06-30 E available>payment 0.01 programme=11\n"
              "expect posted\n"
              /* A quarter to which nothing was given has nothing; that is not no budget. */
              "move U3@2024-07-01 E available>payment 1 programme=11\n"
              "expect refused BUDGET_EXCEEDED short 1\n");
}

static void
test_back_dated(void)
{
    /* 20 are left to the end of May; an order dated back to April takes of May, too. */
    fisc_worksheet_replayed(
        BOOKS "control c absolute refuse 'entity programme' boundary=period\n"
              "enact B1@2024-01-01 E 100 programme=11\n"
              "enact B5@2024-05-01 E 100 programme=11\n"
              "move U1@2024-05-15 E available>payment 180 programme=11\n"
              "expect posted\n"
              "move U2@2024-04-02 E available>commitment 30 programme=11\n"
              "expect refused BUDGET_EXCEEDED short 10\n"
              "because BUDGET_EXCEEDED key 'entity=E programme=11 year=2024 to=202405'\n"
              "move U2@2024-04-02 E available>commitment 101 programme=11\n"
              "because 1\n"
              "because BUDGET_EXCEEDED short 81 key 'entity=E programme=11 year=2024 to=202405'\n"
              "move U2@2024-04-02 E available>commitment 20 programme=11\n"
              "expect posted\n"
              "enact C1@2024-02-01 change E -1 programme=11\n"
              "expect refused BUDGET_EXCEEDED short 1\n");
}

static void
test_edge_periods(void)
{
    /* Adjustments count with December. */
    fisc_worksheet_replayed(BOOKS
                            "control c absolute refuse 'entity programme' interval=period\n"
                            "enact B1@2024-01-31 E 10 programme=11\n"
                            "enact B2@2024-12-01 E 20 programme=11\n"
                            "move U1@2024-01-01 E available>payment 10 programme=11\n"
                            "expect posted\n"
                            "move U2@2024-12-31/202413 E available>payment 20.01 programme=11\n"
                            "expect refused BUDGET_EXCEEDED short 0.01\n"
                            "because BUDGET_EXCEEDED key "
                            "'entity=E programme=11 year=2024 period=202412'\n"
                            "move U2@2024-12-31/202413 E available>payment 15 programme=11\n"
                            "expect posted\n"
                            "move U3@2024-12-31 E available>payment 5.01 programme=11\n"
                            "expect refused BUDGET_EXCEEDED short 0.01\n"
                            "move U4@2024-01-01/202400 E available>payment 0.01 programme=11\n"
                            "because BUDGET_EXCEEDED key "
                            "'entity=E programme=11 year=2024 period=202401'\n");
}

/* R5: levels ------------------------------------------------------------------------------- */

static void
test_levels(void)
{
    static const struct {
        const char *level, *over, *without;
    } cases[] = {
        {"none", "expect posted\nwarned none\n", "expect posted\nwarned none\n"},
        {"track", "expect posted\nwarned none\nfunds c -1 programme=11\n",
         "expect refused NO_BUDGET\n"},
        {"advisory",
         "expect posted\nwarned 1\nwarned BUDGET_ADVISORY c short 1 asked 101\n"
         "funds c -1 programme=11\n",
         "expect refused NO_BUDGET\n"},
        {"absolute", "expect refused BUDGET_EXCEEDED short 1\nfunds c 100 programme=11\n",
         "expect refused NO_BUDGET\n"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text =
            g_strdup_printf(BOOKS "control c %s refuse 'entity programme'\n"
                                  "enact A1 E 100 programme=11\n"
                                  "move C1 E available>commitment 101 programme=11\n%s"
                                  "move C2 E available>commitment 1 programme=12\n%s",
                            cases[i].level, cases[i].over, cases[i].without);
        fisc_worksheet_replayed(text);
    }
}

static void
test_advisory_reserves(void)
{
    /* The reservation is made, so the next one is over by more; giving back says nothing. */
    fisc_worksheet_replayed(BOOKS "control c advisory refuse 'entity programme'\n"
                                  "enact A1 E 100 programme=11\n"
                                  "move C1 E available>commitment 100 programme=11\n"
                                  "warned none\n"
                                  "move C2 E available>commitment 5 programme=11\n"
                                  "warned BUDGET_ADVISORY c short 5 asked 5\n"
                                  "move C3 E available>commitment 5 programme=11\n"
                                  "warned BUDGET_ADVISORY c short 10 asked 5\n"
                                  "move C4 E available>commitment -1 programme=11\n"
                                  "expect posted\n"
                                  "warned none\n"
                                  "funds c -9 programme=11\n");
}

/* R5: overrides ---------------------------------------------------------------------------- */

#define OVERRIDE                                                                                   \
    "event override OV-1 control=c 'key=entity=E programme=11 year=2024' amount=50 "               \
    "'reason=flood relief' expires=2024-07-31\n"
#define EXHAUSTED                                                                                  \
    BOOKS                                                                                          \
    "control c absolute refuse 'entity programme'\n"                                               \
    "enact A1 E 100 programme=11\n"                                                                \
    "move C1 E available>commitment 100 programme=11\n"

static void
test_override(void)
{
    fisc_worksheet_replayed(EXHAUSTED "today 2024-07-01\n" OVERRIDE "expect posted\n"
                                      "move C2 E available>commitment 30 programme=11\n"
                                      "expect posted\n"
                                      "warned 1\n"
                                      "warned BUDGET_OVERRIDDEN c short 30\n"
                                      "move C3 E available>commitment 21 programme=11\n"
                                      "expect refused BUDGET_EXCEEDED short 1\n"
                                      "today 2024-07-31\n"
                                      "move C4 E available>commitment 20 programme=11\n"
                                      "expect posted\n"
                                      "today 2024-08-01\n"
                                      "move C5 E available>commitment 0.01 programme=11\n"
                                      "expect refused BUDGET_EXCEEDED short 50.01\n"
                                      "move C6 E available>commitment -1 programme=11\n"
                                      "expect posted\n");
}

static void
test_overrides_add_up(void)
{
    fisc_worksheet_replayed(
        EXHAUSTED "today 2024-07-01\n" OVERRIDE
                  "event override OV-2 control=c 'key=entity=E programme=11 year=2024' amount=5 "
                  "reason=more expires=2024-07-01\n"
                  "event override OV-3 control=c 'key=entity=E programme=12 year=2024' amount=99 "
                  "reason=another expires=2024-07-31\n"
                  "move C2 E available>commitment 56 programme=11\n"
                  "expect refused BUDGET_EXCEEDED short 1\n"
                  "move C2 E available>commitment 55 programme=11\n"
                  "expect posted\n"
                  /* It is made longer, and larger; another key it never gets. */
                  "event override OV-1 control=c 'key=entity=E programme=11 year=2024' amount=60 "
                  "reason=flood expires=2024-12-31\n"
                  "expect posted\n"
                  "event override OV-1 control=c 'key=entity=E programme=12 year=2024' amount=60 "
                  "reason=flood expires=2024-12-31\n"
                  "expect refused MASTER_CONFLICT\n"
                  "today 2024-12-31\n"
                  "move C3 E available>commitment 5 programme=11\n"
                  "expect posted\n"
                  "move C4 E available>commitment 0.01 programme=11\n"
                  "expect refused BUDGET_EXCEEDED short 0.01\n");
}

static void
test_override_never_without_budget(void)
{
    fisc_worksheet_replayed(
        EXHAUSTED "event override OV-1 control=c 'key=entity=E programme=12 year=2024' amount=50 "
                  "reason=r expires=2024-07-31\n"
                  "expect posted\n"
                  "move C2 E available>commitment 1 programme=12\n"
                  "expect refused NO_BUDGET\n"
                  "period 202406 closed\n"
                  "event override OV-2 control=c 'key=entity=E programme=11 year=2024' amount=50 "
                  "reason=r expires=2024-07-31\n"
                  "move C3 E available>commitment 1 programme=11\n"
                  "expect refused PERIOD_NOT_OPEN\n");
}

#define KEY "'key=entity=E programme=11 year=2024' "

static void
test_override_events(void)
{
    static const struct {
        const char *fields, *code;
    } cases[] = {
        {"control=c " KEY "amount=1 reason=r expires=2024-07-31", NULL},
        {"control=c " KEY "amount=1 expires=2024-07-31", "VALUE_MISSING"},
        {"control=c " KEY "amount=1 reason=r", "VALUE_MISSING"},
        {"control=c " KEY "reason=r expires=2024-07-31", "VALUE_MISSING"},
        {KEY "amount=1 reason=r expires=2024-07-31", "VALUE_MISSING"},
        {"control=c amount=1 reason=r expires=2024-07-31", "VALUE_MISSING"},
        {"control=d " KEY "amount=1 reason=r expires=2024-07-31", "VALUE_INVALID"},
        {"control=hard " KEY "amount=1 reason=r expires=2024-07-31", "VALUE_INVALID"},
        {"control=quarter " KEY "amount=1 reason=r expires=2024-07-31", "VALUE_INVALID"},
        {"control=quarter 'key=entity=E programme=11 year=2024 quarter=2' amount=1 reason=r "
         "expires=2024-07-31",
         NULL},
        {"control=c 'key=entity=E economic=11 year=2024' amount=1 reason=r expires=2024-07-31",
         "VALUE_INVALID"},
        {"control=c 'key=entity=E programme=11' amount=1 reason=r expires=2024-07-31",
         "VALUE_INVALID"},
        {"control=c 'key=entity=E programme=11 year=2024 quarter=1' amount=1 reason=r "
         "expires=2024-07-31",
         "VALUE_INVALID"},
        {"control=c " KEY "amount=0 reason=r expires=2024-07-31", "AMOUNT_INVALID"},
        {"control=c " KEY "amount=-1 reason=r expires=2024-07-31", "AMOUNT_INVALID"},
        {"control=c " KEY "amount=much reason=r expires=2024-07-31", "AMOUNT_INVALID"},
        {"control=c " KEY "amount=1 reason=r expires=2024-02-30", "DATE_INVALID"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strdup_printf(
            BOOKS "control c absolute refuse 'entity programme'\n"
                  "control hard absolute refuse 'entity programme' overridable=no\n"
                  "control quarter absolute refuse 'entity programme' interval=quarter\n"
                  "event override OV-1 %s\nexpect %s %s\n",
            cases[i].fields, cases[i].code != NULL ? "refused" : "posted",
            cases[i].code != NULL ? cases[i].code : "");
        fisc_worksheet_replayed(text);
    }
}

/* R6: tolerance ---------------------------------------------------------------------------- */

static void
test_tolerance(void)
{
    /* What is consumed, what still passes, what does not, and by what that is short. */
    static const struct {
        const char *words, *limit, *consumed, *passes, *fails, *shortfall;
    } cases[] = {
        {"tolerance=5 tolerance_cap=30", "1000", "990", "40", "41", "1"},
        {"tolerance=5 tolerance_cap=60", "1000", "990", "60", "60.01", "0.01"},
        {"tolerance=5", "1000", "990", "60", "70", "10"},
        {"tolerance=2.5", "1000", "1000", "25", "26", "1"},
        {"tolerance=0.0001", "1000000", "1000000", "1", "1.01", "0.01"},
        {"tolerance=5", "0.99", "0.99", "0.04", "0.05", "0.01"}, /* parts of a cent stay out */
        {"tolerance=0", "1000", "999", NULL, "2", "1"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *passing =
            cases[i].passes != NULL
                ? g_strdup_printf("move C3 E available>commitment %s programme=11\n"
                                  "expect posted\n"
                                  "warned 1\n"
                                  "warned BUDGET_TOLERATED c short 0 asked %s\n",
                                  cases[i].passes, cases[i].passes)
                : g_strdup("");
        g_autofree char *text =
            g_strdup_printf(BOOKS "control c absolute refuse 'entity programme' %s\n"
                                  "enact A1 E %s programme=11\n"
                                  "move C1 E available>commitment %s programme=11\n"
                                  "expect posted\n"
                                  "move C2 E available>commitment %s programme=11\n"
                                  "expect refused BUDGET_EXCEEDED short %s\n%s",
                            cases[i].words, cases[i].limit, cases[i].consumed, cases[i].fails,
                            cases[i].shortfall, passing);
        fisc_worksheet_replayed(text);
    }
}

static void
test_no_tolerance_without_limit(void)
{
    fisc_worksheet_replayed(BOOKS "control c absolute zero 'entity programme' tolerance=100\n"
                                  "move C1 E available>commitment 0.01 programme=11\n"
                                  "expect refused BUDGET_EXCEEDED short 0.01\n"
                                  "enact A1 change E -5 programme=12\n"
                                  "expect refused BUDGET_EXCEEDED short 5\n");
}

static void
test_tolerance_in_the_currency(void)
{
    /* A cap is an amount in the currency of the entity: there are no parts of a won. The sheet
     * writes hundredths. */
    fisc_worksheet_replayed(
        BOOKS "event entity K name=Korea sector=S13111 cp_code=11 reporting=Y currency=KRW\n"
              "control c absolute refuse 'entity programme' tolerance=50 tolerance_cap=3\n"
              "enact A1 K 0.10 programme=11\n"
              "move C1 K available>commitment 0.14 programme=11\n"
              "expect refused BUDGET_EXCEEDED short 0.01\n"
              "move C1 K available>commitment 0.13 programme=11\n"
              "expect posted\n"
              "warned BUDGET_TOLERATED c\n");
}

const FiscTest fisc_control_tests[] = {
    {"asks every layer, and names the one that is short (R3)", test_layers},
    {"takes no release back that is used (R3)", test_release_taken_back},
    {"cites the article and tells the stages of what is consumed", test_refusal_cites},
    {"counts from the interval's start to the boundary's end (R4)", test_intervals},
    {"answers by window", test_windows},
    {"keeps a surplus in its quarter (R4)", test_surplus_stays_in_its_quarter},
    {"looks at later boundaries when an entry is dated back", test_back_dated},
    {"counts the edge periods with January and December", test_edge_periods},
    {"refuses, warns, lists or keeps silent by level (R5)", test_levels},
    {"reserves what it only advises against (R5)", test_advisory_reserves},
    {"lets an override pass, so much and so long (R5)", test_override},
    {"adds overrides of a key up, and keeps them to it", test_overrides_add_up},
    {"overrides neither a missing budget nor a closed period (R5)",
     test_override_never_without_budget},
    {"refuses overrides that say too little", test_override_events},
    {"tolerates a share of the limit, up to a cap (R6)", test_tolerance},
    {"tolerates nothing without a limit (R6)", test_no_tolerance_without_limit},
    {"reads a cap in the entity's currency", test_tolerance_in_the_currency},
    {NULL, NULL},
};

/* control_test.c: controls as dated data, as worksheets: rules R3 to R9 and R20 of a treasury with
 * their numbers, and what happens at the edges. Every worksheet is decided again from its record,
 * as a full verification does. */
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

/* What is available in every window of the year, as the funds answer has it. */
static char *
windows_of(FiscWorksheet *sheet)
{
    static const char *const any[FISC_DIM_COUNT] = {NULL};
    g_autoptr(GPtrArray) funds = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_funds_free);
    GString *text = g_string_new(NULL);
    fisc_engine_funds(fisc_worksheet_engine(sheet), "E", 2024, any, funds);
    for (guint i = 0; i < funds->len; i++) {
        const FiscFunds *item = funds->pdata[i];
        g_string_append_printf(text, "%s %d-%d %" G_GINT64_FORMAT "\n", strstr(item->key, "year="),
                               item->from, item->to, item->available / 100);
    }
    return g_string_free(text, FALSE);
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
        g_autofree char *windows = windows_of(sheet);
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

/* R7: parallel ledgers --------------------------------------------------------------------- */

/* The total is absolute, warned of at 90 %; a department at 130 %, warned of at 100 %. */
#define PARALLEL                                                                                   \
    BOOKS                                                                                          \
    "control total absolute refuse entity warn=90\n"                                               \
    "control department absolute refuse 'entity section' tolerance=30 warn=100\n"                  \
    "enact A1 E 100 section=A\n"                                                                   \
    "enact B1 E 100 section=B\n"                                                                   \
    "enact C1 E 100 section=C\n"                                                                   \
    "move A2 E available>commitment 120 section=A\n"                                               \
    "move B2 E available>commitment 100 section=B\n"                                               \
    "warned none\n"                                                                                \
    "move C2 E available>commitment 40 section=C\n"                                                \
    "expect posted\n"

static void
test_parallel(void)
{
    static const char *const cases[] = {
        "move A3 E available>commitment 12 section=A\n"
        "because 1\n"
        "because BUDGET_EXCEEDED department short 2 key 'entity=E section=A year=2024'\n",
        "move C3 E available>commitment 45 section=C\n"
        "because 1\n"
        "because BUDGET_EXCEEDED total short 5 key 'entity=E year=2024'\n",
        "move A3 E available>commitment 5 section=A\n"
        "expect posted\n"
        "warned 1\n"
        "warned BUDGET_TOLERATED department\n",
        "move A3 E available>commitment 45 section=A\n" /* all that fails is named */
        "because 2\n"
        "because BUDGET_EXCEEDED department short 35\n"
        "because BUDGET_EXCEEDED total short 5\n",
        "move C3 E available>commitment 11 section=C\n" /* 271 of 300 are more than 90 % */
        "expect posted\n"
        "warned 1\n"
        "warned BUDGET_WARNING total short 0 asked 11\n",
        "move C3 E available>commitment 10 section=C\n" /* 270 are not */
        "expect posted\n"
        "warned none\n",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *text = g_strconcat(PARALLEL, cases[i], NULL);
        fisc_worksheet_replayed(text);
    }
}

/* R8: parent and child --------------------------------------------------------------------- */

/* The parent's budget is appropriated, the children's are allotted out of it. */
#define FAMILY(level)                                                                              \
    BOOKS                                                                                          \
    "event segment programme/1 name=Parent\n"                                                      \
    "event segment programme/11 name=One parent=1\n"                                               \
    "event segment programme/12 name=Two parent=1\n"                                               \
    "control share " level " refuse 'entity programme@1' 'limit=appropriation change' "            \
    "consume=release\n"                                                                            \
    "control parent absolute refuse 'entity programme@1'\n"                                        \
    "control child absolute none 'entity programme' limit=release\n"                               \
    "enact A1 E 1000 programme=1\n"                                                                \
    "move L1 E release>allotted 600 programme=11\n"                                                \
    "move L2 E release>allotted 350 programme=12\n"                                                \
    "move L3 E release>allotted 60 programme=11\n"

static void
test_children(void)
{
    fisc_worksheet_replayed(
        FAMILY("absolute") "expect refused BUDGET_EXCEEDED short 10\n"
                           "because BUDGET_EXCEEDED share key 'entity=E programme=1 year=2024'\n"
                           "move L3 E release>allotted 50 programme=11\n"
                           "expect posted\n");
}

static void
test_children_may_exceed(void)
{
    fisc_worksheet_replayed(FAMILY("track") "expect posted\n"
                                            "move C1 E available>payment 660 programme=11\n"
                                            "expect posted\n"
                                            "move C2 E available>payment 341 programme=12\n"
                                            "because 1\n"
                                            "because BUDGET_EXCEEDED parent short 1 "
                                            "key 'entity=E programme=1 year=2024'\n"
                                            "move C2 E available>payment 340 programme=12\n"
                                            "expect posted\n"
                                            "funds child 10 programme=12\n"
                                            "funds child 0 programme=11\n"
                                            "funds parent 0 programme=11\n");
}

/* R9: net per key -------------------------------------------------------------------------- */

static void
test_net(void)
{
    fisc_worksheet_replayed(
        BOOKS "control c absolute refuse 'entity programme'\n"
              "control d track none 'entity programme economic'\n"
              "enact A1 E 50 programme=11\n"
              "enact A2 E 5 programme=12\n"
              "post P1 E dr 22 50 cr 3308 50 and available>obligation 80 programme=11"
              " and available>obligation -30 programme=11\n"
              "expect posted\n"
              "funds c 0 programme=11\n"
              "post P2 E dr 22 7 cr 3308 7 and available>obligation -3 programme=11"
              " and available>obligation 6 programme=12 and available>obligation 4 programme=11\n"
              "because 2\n"
              "because BUDGET_EXCEEDED c short 1 asked 1 key 'entity=E programme=11 year=2024'\n"
              "because BUDGET_EXCEEDED c short 1 asked 6 key 'entity=E programme=12 year=2024'\n"
              "funds c 0 programme=11\n"
              "funds c 5 programme=12\n");
}

/* Accounts --------------------------------------------------------------------------------- */

static void
test_accounts(void)
{
    fisc_worksheet_replayed(
        BOOKS
        "event account 451000 class=budgetary chart=ussgl name=Apportionments\n"
        "event account 461000 class=budgetary chart=ussgl name=Allotments\n"
        "event account 480100 class=budgetary chart=ussgl name=Orders\n"
        "control allotments absolute zero 'entity fund' accounts=461000\n"
        "control books track zero 'entity account' 'accounts=451000 461000 480100'\n"
        "post T1 E dr 451000 100 fund=F cr 461000 100 fund=F\n"
        "expect posted\n"
        "funds allotments 100 fund=F\n"
        "post T2 E dr 461000 130 fund=F cr 480100 130 fund=F\n"
        "because 1\n"
        "because BUDGET_EXCEEDED allotments short 30 asked 130 key 'entity=E fund=F year=2024'\n"
        "post T3 E dr 461000 100 fund=F cr 480100 100 fund=F\n"
        "expect posted\n"
        "funds allotments 0 fund=F\n"
        "post T4 E dr 461000 1 fund=G cr 480100 1 fund=G\n"
        "expect refused BUDGET_EXCEEDED short 1\n"
        "post T5 E dr 480100 40 fund=F cr 461000 40 fund=F\n"
        "expect posted\n"
        "funds allotments 40 fund=F\n");
}

static void
test_accounts_by_quarter(void)
{
    fisc_worksheet_replayed(
        BOOKS "event account 451000 class=budgetary chart=ussgl name=Apportionments\n"
              "event account 461000 class=budgetary chart=ussgl name=Allotments\n"
              "control allotments absolute zero entity accounts=461000 interval=quarter\n"
              "post T1@2024-01-05 E dr 451000 100 cr 461000 100\n"
              "post T2@2024-04-01 E dr 461000 1 cr 451000 1\n"
              "because BUDGET_EXCEEDED short 1 key 'entity=E year=2024 quarter=2'\n"
              "post T2@2024-03-31 E dr 461000 1 cr 451000 1\n"
              "expect posted\n");
}

static void
test_debit_accounts(void)
{
    /* Cash: what was received and not paid, by entity. */
    fisc_worksheet_replayed(BOOKS "control cash absolute zero entity accounts=6202 side=debit\n"
                                  "post R1 E dr 3202 70 cr 1111 70\n"
                                  "expect posted\n"
                                  "post P1 E dr 22 71 cr 3202 71\n"
                                  "expect refused BUDGET_EXCEEDED short 1\n"
                                  "because BUDGET_EXCEEDED cash asked 71 key 'entity=E year=2024'\n"
                                  "post P2 E dr 22 70 cr 3202 70\n"
                                  "expect posted\n"
                                  "funds cash 0\n");
}

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
    g_autofree char *before = windows_of(sheet);
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
        g_autofree char *after = windows_of(sheet);
        FISC_ASSERT_TEXT(after, before);
        fisc_receipt_free(receipt);
    }
    fisc_worksheet_run(sheet, "move C5@2024-05-02 E available>commitment 85.01 programme=b\n"
                              "expect refused BUDGET_EXCEEDED short 0.01\n");
    fisc_worksheet_free(sheet);
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
    {"judges parallel ledgers and names all that fail (R7)", test_parallel},
    {"holds children within their parent (R8)", test_children},
    {"lets children exceed, and stops at the parent (R8)", test_children_may_exceed},
    {"judges the net of an entry, all keys or none (R9)", test_net},
    {"lets no controlled account be overdrawn", test_accounts},
    {"controls accounts by quarter", test_accounts_by_quarter},
    {"controls accounts whose debits are what there is", test_debit_accounts},
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

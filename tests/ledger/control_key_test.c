/* control_key_test.c: what a control looks at: parallel ledgers, parent and child, the net of an
 * entry (R7 to R9), accounts. As worksheets, decided again from their records. */
#include "fisc/poster.h"
#include "ledger/engine.h"
#include "tests/support/suite.h"
#include "tests/support/worksheet.h"
#include <string.h>

#define BOOKS "entity E Ministry\n"

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

const FiscTest fisc_control_key_tests[] = {
    {"judges parallel ledgers and names all that fail (R7)", test_parallel},
    {"holds children within their parent (R8)", test_children},
    {"lets children exceed, and stops at the parent (R8)", test_children_may_exceed},
    {"judges the net of an entry, all keys or none (R9)", test_net},
    {"lets no controlled account be overdrawn", test_accounts},
    {"controls accounts by quarter", test_accounts_by_quarter},
    {"controls accounts whose debits are what there is", test_debit_accounts},
    {NULL, NULL},
};

/* bound_test.c: what was carried into a year serves its own purpose only (rule R17), and until when
 * a year that is over takes payments (rule R19); decided by the pure engine. */
#include "fisc/carry.h"
#include "tests/ledger/ministry.h"
#include "tests/support/suite.h"
#include "tests/support/worksheet.h"

#define SEED 19

extern const FiscTest fisc_bound_tests[];

/* PO-1 came from 2023 with its 60; the line has nothing else. Line 12 has 100. */
#define CARRIED                                                                                    \
    "entity E Ministry\n"                                                                          \
    "control vote absolute refuse 'entity programme'\n"                                            \
    "event carry E/PO-1 kind=specified year=2023 amount=60.00 article='Art. 48'\n"                 \
    "post C1@2024-01-01/202400 E and carry>available 60 programme=11"                              \
    " and available>commitment 60 programme=11 item=PO-1\n"                                        \
    "expect posted\n"                                                                              \
    "enact A1 E 100 programme=12\n"                                                                \
    "funds vote 0 programme=11\n"                                                                  \
    "holds vote 0 60 0 0 programme=11\n"

static void
test_use(void)
{
    fisc_worksheet_replayed(CARRIED "move I1 E available>obligation 25 programme=11 relieves=PO-1\n"
                                    "expect posted\n"
                                    "holds vote 0 35 25 0 programme=11\n"
                                    "move I2 E available>obligation 35 programme=11 economic=22 "
                                    "relieves=PO-1 final=Y\n"
                                    "expect posted\n"
                                    "holds vote 0 0 60 0 programme=11\n"
                                    "funds vote 0 programme=11\n");
}

static void
test_final_below(void)
{
    fisc_worksheet_replayed(CARRIED
                            "move I1 E available>obligation 50 programme=11 relieves=PO-1 final=Y\n"
                            "expect posted\n"
                            "holds vote 0 0 50 0 programme=11\n"
                            "funds vote 0 programme=11\n"
                            "move O2 E available>commitment 1 programme=11 item=PO-2\n"
                            "expect refused BUDGET_EXCEEDED short 1\n");
}

static void
test_cancelled(void)
{
    fisc_worksheet_replayed(CARRIED "move X1 E available>commitment -20 programme=11 item=PO-1\n"
                                    "expect posted\n"
                                    "funds vote 0 programme=11\n"
                                    "holds vote 0 40 0 0 programme=11\n"
                                    /* what one hand gives back, the other does not take */
                                    "post X2 E and available>commitment -40 programme=11 item=PO-1"
                                    " and available>commitment 40 programme=11 item=PO-2\n"
                                    "expect refused BUDGET_EXCEEDED short 40\n");
}

static void
test_other_purpose(void)
{
    /* An invoice of another line draws on its own line; what PO-1 held is nobody's. */
    fisc_worksheet_replayed(CARRIED "move I1 E available>obligation 60 programme=12 relieves=PO-1\n"
                                    "expect posted\n"
                                    "funds vote 40 programme=12\n"
                                    "funds vote 0 programme=11\n"
                                    "holds vote 0 0 0 0 programme=11\n");
}

static void
test_above(void)
{
    fisc_worksheet_replayed(CARRIED
                            "move I1 E available>obligation 61 programme=11 relieves=PO-1 final=Y\n"
                            "expect refused BUDGET_EXCEEDED short 1\n"
                            "enact A2 E 1 programme=11\n"
                            "move I1 E available>obligation 61 programme=11 relieves=PO-1 final=Y\n"
                            "expect posted\n"
                            "funds vote 0 programme=11\n");
}

static void
test_carried_out(void)
{
    /* The next year-end takes PO-1 back and carries it out: nothing is blocked. */
    fisc_worksheet_replayed(CARRIED "post Y1@2024-12-31/202413 E"
                                    " and available>commitment -60 programme=11 item=PO-1"
                                    " and carry>available -60 programme=11\n"
                                    "expect posted\n"
                                    "holds vote 0 0 0 0 programme=11\n"
                                    "funds vote 0 programme=11\n"
                                    "enact A2 E 5 programme=11\n"
                                    "funds vote 5 programme=11\n");
}

static void
test_taken_back(void)
{
    /* A carry that was taken back binds nothing, and orders of the year are their maker's own. */
    fisc_worksheet_replayed(CARRIED
                            "event carry E/PO-1 kind=specified year=2023 amount=0.00\n"
                            "move X1 E available>commitment -60 programme=11 item=PO-1\n"
                            "expect posted\n"
                            "funds vote 60 programme=11\n"
                            "move O2 E available>commitment 60 programme=12 item=PO-2\n"
                            "move I2 E available>obligation 10 programme=12 relieves=PO-2 final=Y\n"
                            "funds vote 90 programme=12\n");
}

/* Complementary period --------------------------------------------------------------------- */

/* 100 owed of 2024; 2024 takes payments until 2025-01-31. */
#define OWED                                                                                       \
    "entity E Ministry\n"                                                                          \
    "control vote absolute refuse 'entity programme'\n"                                            \
    "enact A1 E 150 programme=11\n"                                                                \
    "period 202501 open\n"                                                                         \
    "period 202502 open\n"                                                                         \
    "post I1@2024-12-20 E dr 22 100 cr 3308 100 and available>obligation 100 programme=11 "        \
    "item=INV-1\n"                                                                                 \
    "expect posted\n"                                                                              \
    "event complementary 2024 until=2025-01-31 article='Art. 5'\n"

static void
test_last_day(void)
{
    fisc_worksheet_replayed(OWED
                            "post P1@2025-01-31/202413 E dr 3308 60 cr 3202 60 cash_code=22 "
                            "and obligation>payment 60 programme=11\n"
                            "expect posted\n"
                            "holds vote 0 0 40 60 programme=11\n"
                            "post P2@2025-02-01/202413 E dr 3308 40 cr 3202 40 cash_code=22 "
                            "and obligation>payment 40 programme=11\n"
                            "expect refused VALUE_INVALID\n"
                            /* in the new year it settles the payable, and 2024 stays as it is */
                            "post P2@2025-02-01 E dr 3308 40 cr 3202 40 cash_code=22\n"
                            "expect posted\n"
                            "holds vote 0 0 40 60 programme=11\n"
                            "funds vote 50 programme=11\n");
}

/* Whenever the complementary period ends and whenever is paid: the old year takes the payment until
 * that day and not behind it. */
static void
test_last_days_at_random(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(SEED);
    FiscDate first = fisc_date_make(2025, 1, 1);
    for (int round = 0; round < 60; round++) {
        char last_text[FISC_DATE_TEXT], paid_text[FISC_DATE_TEXT];
        FiscDate last = first + g_rand_int_range(random, 0, 59);
        FiscDate paid = round % 3 == 0 ? last + g_rand_int_range(random, -1, 2)
                                       : first + g_rand_int_range(random, 0, 59);
        paid = CLAMP(paid, first, fisc_date_make(2025, 2, 28));
        g_autofree char *sheet = g_strdup_printf(
            OWED "event complementary 2024 until=%s 'article=Art. 6'\n"
                 "post P@%s/202413 E dr 3308 60 cr 3202 60 cash_code=22 "
                 "and obligation>payment 60 programme=11\n"
                 "expect %s\n"
                 "holds vote 0 0 %s programme=11\n",
            fisc_date_format(last, last_text), fisc_date_format(paid, paid_text),
            paid <= last ? "posted" : "refused VALUE_INVALID", paid <= last ? "40 60" : "100 0");
        fisc_worksheet_replayed(sheet);
    }
}

static void
test_only_payments(void)
{
    fisc_worksheet_replayed(
        OWED "post X1@2025-01-02/202413 E dr 22 10 cr 3308 10 and available>obligation 10 "
             "programme=11\n"
             "expect refused VALUE_INVALID\n"
             "move X2@2025-01-02/202413 E available>commitment 10 programme=11 item=PO-9\n"
             "expect refused VALUE_INVALID\n"
             "post X3@2025-01-02/202413 E dr 3202 10 cr 3202 10\n"
             "expect refused VALUE_INVALID\n"
             "post X4@2024-12-31/202413 E dr 22 10 cr 3308 10 and available>obligation 10 "
             "programme=11\n"
             "expect posted\n");
}

static void
test_no_rule(void)
{
    fisc_worksheet_replayed("entity E Ministry\n"
                            "post X1@2025-03-01/202413 E dr 22 10 cr 3308 10\n"
                            "expect posted\n");
}

/* Duties ----------------------------------------------------------------------------------- */

/* Officers of the ministry make budgets, accountants of E1 orders and claims. */
static Ministry *
ministry_of_two(void)
{
    Ministry *ministry = ministry_new();
    ministry_drop_approvals(ministry);
    ministry_person(ministry, "o1", "ministry_officer/*");
    ministry_person(ministry, "u1", "agency_accountant/E1");
    ministry_enforce(ministry);
    return ministry;
}

/* 60 comes from the year before, and with it an order of @order. */
static const char *
carry_in(Ministry *ministry, const char *actor, int64_t order)
{
    static const char *const nothing[FISC_DIM_COUNT] = {NULL};
    FiscSubmission *submission = ministry_begin(ministry, actor);
    ministry_add_move(ministry, submission, "E1", "carry>available 60");
    FiscEntry *entry = submission->entries->pdata[0];
    fisc_entry_move(entry, FISC_STAGE_AVAILABLE, FISC_STAGE_COMMITMENT, order, nothing, 0);
    g_array_index(entry->lines, FiscLine, entry->lines->len - 1).item = "PO-1";
    fisc_entry_digest(entry);
    return ministry_submit(ministry, submission);
}

static void
test_duties(void)
{
    g_autoptr(Ministry) ministry = ministry_of_two();
    FISC_ASSERT_TEXT(carry_in(ministry, "u1", 60 * 100), "DUTY_MISSING");
    FISC_ASSERT_TEXT(carry_in(ministry, "o1", 61 * 100), "DUTY_MISSING");
    FISC_ASSERT_TEXT(ministry_move(ministry, "o1", "E1", "available>commitment 1 PO-2"),
                     "DUTY_MISSING");
    FISC_ASSERT_TEXT(carry_in(ministry, "o1", 60 * 100), "");
    FISC_ASSERT_TEXT(ministry_event(ministry, "u1", "carry", "E1/PO-1", "kind", "accident", "year",
                                    "2023", "amount", "60", NULL),
                     "DUTY_MISSING");
    FISC_ASSERT_TEXT(ministry_event(ministry, "o1", "carry", "E1/PO-1", "kind", "accident", "year",
                                    "2023", "amount", "60", NULL),
                     "");
    /* what the engine blocks of a cancelled order is no act of the budget; what a person blocks is
     */
    FISC_ASSERT_TEXT(ministry_move(ministry, "u1", "E1", "available>commitment -20 PO-1"), "");
    FISC_ASSERT_TEXT(ministry_move(ministry, "u1", "E1", "available>block 5"), "DUTY_MISSING");
    FISC_ASSERT_TEXT(ministry_move(ministry, "u1", "E1", "block>available 5"), "DUTY_MISSING");
    /* what lapses at a year-end lapses by the budget's officers, too */
    FiscSubmission *lapse = ministry_begin(ministry, "o1");
    lapse->source = FISC_SOURCE_YEAR_END;
    ministry_add_move(ministry, lapse, "E1", "available>commitment -40 PO-1");
    FISC_ASSERT_TEXT(ministry_submit(ministry, lapse), "");
}

/* Words ------------------------------------------------------------------------------------ */

static void
test_refused_events(void)
{
    static const struct {
        const char *kind, *subject, *words; /* "name value name value" */
        const char *field;
    } cases[] = {
        {"carry_rule", "a", "kind=specified stage=commitment items=listed again=yes", NULL},
        {"carry_rule", "a", "kind=continuing stage=free cap=5 key=programme=1", NULL},
        {"carry_rule", "a", "stage=commitment", "kind"},
        {"carry_rule", "a", "kind=forgotten", "kind"},
        {"carry_rule", "a", "kind=accident stage=payment", "stage"},
        {"carry_rule", "a", "kind=accident items=some", "items"},
        {"carry_rule", "a", "kind=accident again=maybe", "again"},
        {"carry_rule", "a", "kind=accident cap=5", "cap"},
        {"carry_rule", "a", "kind=continuing stage=free items=listed", "items"},
        {"carry_rule", "a", "kind=continuing stage=free cap=-1", "cap"},
        {"carry_rule", "a", "kind=accident key=colour=1", "key"},
        {"carry_rule", "a", "kind=accident from=2024-02-30", "from"},
        {"carry_rule", "a", "kind=accident order=first", "order"},
        {"carry_rule", "a", "kind=accident limit=5", "limit"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FiscSubmission) submission = fisc_submission_new("test", "maker");
        g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
        g_auto(GStrv) words = g_strsplit(cases[i].words, " ", -1);
        FiscEvent *event =
            fisc_submission_event(submission, cases[i].kind, cases[i].subject, NULL, NULL);
        for (int k = 0; words[k] != NULL; k++) {
            g_auto(GStrv) pair = g_strsplit(words[k], "=", 2);
            g_ptr_array_add(event->fields, (char *)fisc_submission_text(submission, pair[0]));
            g_ptr_array_add(event->fields, (char *)fisc_submission_text(submission, pair[1]));
        }
        bool is_good = fisc_carry_rule_check(event, refusals);
        FISC_ASSERT_INT(is_good, cases[i].field == NULL);
        const FiscRefusal *refusal = refusals->len > 0 ? refusals->pdata[0] : NULL;
        FISC_ASSERT_TEXT(refusal != NULL ? refusal->field : NULL, cases[i].field);
    }
}

static void
test_key(void)
{
    static const struct {
        const char *programme, *economic;
        bool fits;
    } cases[] = {{"11", "61", true},
                 {"1", "7", true},
                 {"2", "61", false},
                 {"11", "5", false},
                 {"11", NULL, false}};
    g_autoptr(GPtrArray) fields = g_ptr_array_new();
    static const char *const words[] = {"kind", "accident", "key",
                                        "programme=1 economic=6 economic=7"};
    for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
        g_ptr_array_add(fields, (char *)words[i]);
    }
    const char *field = NULL, *wrong = NULL;
    g_autoptr(FiscCarryRule) rule = fisc_carry_rule_parse("a", fields, &field, &wrong);
    CU_ASSERT_PTR_NOT_NULL_FATAL(rule);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        const char *dim[FISC_DIM_COUNT] = {
            [FISC_DIM_PROGRAMME] = cases[i].programme, [FISC_DIM_ECONOMIC] = cases[i].economic};
        FISC_ASSERT_INT(fisc_carry_rule_fits(rule, dim), cases[i].fits);
    }
}

const FiscTest fisc_bound_tests[] = {
    {"lets what was carried be used for its purpose", test_use},
    {"blocks what a final invoice leaves of it", test_final_below},
    {"blocks what a cancellation leaves of it", test_cancelled},
    {"blocks it when it is used for another purpose", test_other_purpose},
    {"takes what goes beyond it from the new budget", test_above},
    {"does not block what is carried out again", test_carried_out},
    {"binds nothing that was not carried", test_taken_back},
    {"pays the old year until its last day", test_last_day},
    {"pays the old year until any last day at random (R19)", test_last_days_at_random},
    {"takes nothing but payments behind the year", test_only_payments},
    {"leaves years without a complementary period alone", test_no_rule},
    {"leaves carrying over to those who make budgets", test_duties},
    {"names the field that is wrong in a carry rule", test_refused_events},
    {"fits a rule to beginnings of codes", test_key},
    {NULL, NULL},
};

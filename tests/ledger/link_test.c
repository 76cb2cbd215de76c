/* link_test.c: linked sets in the pure engine: which entries must move both sides, which
 * definitions are none, and that a set comes and goes with the group that brought it. */
#include "ledger/engine.h"
#include "ledger/engine_replay.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_link_tests[];

typedef struct {
    const char *account;
    int64_t amount;
} Line;

#define LINES_MAX 8

static void
add_accounts(FiscSubmission *submission)
{
    static const struct {
        const char *number, *class_;
    } accounts[] = {
        {"101000", "proprietary"}, {"211000", "proprietary"}, {"310700", "proprietary"},
        {"570000", "proprietary"}, {"461000", "budgetary"},   {"480100", "budgetary"},
        {"490100", "budgetary"},   {"490200", "budgetary"},
    };
    fisc_submission_event(submission, "entity", "E", "name", "Bureau", NULL);
    for (guint i = 0; i < G_N_ELEMENTS(accounts); i++) {
        fisc_submission_event(submission, "account", accounts[i].number, "name", "", "class",
                              accounts[i].class_, NULL);
    }
    fisc_submission_event(submission, "period", "202406", "state", "open", NULL);
    fisc_submission_event(submission, "period", "202413", "state", "open", NULL);
}

static void
add_link(FiscSubmission *submission, const char *accounts, const char *moves, const char *except)
{
    fisc_submission_event(submission, "linked_set", "used", "accounts", accounts, "moves", moves,
                          "except_periods", except, "article", "Art. 7", NULL);
}

/* The books with the set of a USSGL bureau, or without any. */
static FiscEngine *
new_engine(bool has_link)
{
    FiscEngine *engine = fisc_engine_new(1);
    g_autoptr(FiscSubmission) submission = fisc_submission_new("test", "tester");
    g_autoptr(FiscReceipt) receipt = fisc_receipt_new();
    add_accounts(submission);
    if (has_link) {
        add_link(submission, "310700 570000", "490100 490200", "13");
    }
    fisc_engine_begin(engine);
    CU_ASSERT_TRUE_FATAL(fisc_engine_apply(engine, submission, 0, 0, true, receipt));
    return engine;
}

static FiscEntry *
add_entry(FiscSubmission *submission, const char *reference, FiscPeriod period, const Line *lines)
{
    FiscEntry *entry = fisc_submission_entry(submission);
    entry->entity = fisc_submission_text(submission, "E");
    entry->reference = fisc_submission_text(submission, reference);
    entry->effective = fisc_date_make(2024, 6, 30);
    entry->period = period;
    entry->decimals = 2;
    for (int i = 0; i < LINES_MAX && lines[i].account != NULL; i++) {
        FiscLine *line = fisc_entry_line(entry);
        line->account = fisc_submission_text(submission, lines[i].account);
        line->amount = lines[i].amount;
    }
    fisc_entry_digest(entry);
    return entry;
}

/* "posted", or code and detail of the refusals, a line each. Caller frees. */
static char *
answer_of(const FiscReceipt *receipt)
{
    const FiscResult *result = receipt->results->pdata[receipt->results->len - 1];
    GString *text = g_string_new(result->kind == FISC_RESULT_POSTED ? "posted" : "");
    for (guint i = 0; result->refusals != NULL && i < result->refusals->len; i++) {
        const FiscRefusal *refusal = result->refusals->pdata[i];
        g_string_append_printf(text, "%s%s %s", i > 0 ? "\n" : "", fisc_error_name(refusal->code),
                               refusal->detail);
    }
    return g_string_free(text, FALSE);
}

static char *
post(FiscEngine *engine, const char *reference, FiscPeriod period, const Line *lines)
{
    g_autoptr(FiscSubmission) submission = fisc_submission_new("test", "tester");
    g_autoptr(FiscReceipt) receipt = fisc_receipt_new();
    add_entry(submission, reference, period, lines);
    fisc_engine_apply(engine, submission, 0, 1, true, receipt);
    return answer_of(receipt);
}

static void
test_touching_accounts_move_their_counterparts(void)
{
    static const struct {
        Line lines[LINES_MAX];
        FiscPeriod period;
        const char *answer;
    } cases[] = {
        /* delivered */
        {{{"480100", 300}, {"490100", -300}, {"310700", 300}, {"570000", -300}}, 0, "posted"},
        /* in two codings, and partly paid at once */
        {{{"480100", 300}, {"490100", -200}, {"490200", -100}, {"310700", 300}, {"570000", -300}},
         0,
         "posted"},
        /* taken back: the amounts count, not their signs */
        {{{"480100", -300}, {"490100", 300}, {"310700", -300}, {"570000", 300}}, 0, "posted"},
        /* the proprietary half only */
        {{{"310700", 300}, {"570000", -300}},
         0,
         "LINKED_SET used: account 310700 moves by 3.00, and 490100 490200 together by 0.00\n"
         "LINKED_SET used: account 570000 moves by 3.00, and 490100 490200 together by 0.00"},
        /* by another amount */
        {{{"480100", 299}, {"490100", -299}, {"310700", 300}, {"211000", -300}},
         0,
         "LINKED_SET used: account 310700 moves by 3.00, and 490100 490200 together by 2.99"},
        /* one of the accounts of the set agrees, the other does not */
        {{{"480100", 300}, {"490100", -300}, {"310700", 300}, {"570000", -200}, {"211000", -100}},
         0,
         "LINKED_SET used: account 570000 moves by 2.00, and 490100 490200 together by 3.00"},
        /* paid: between the counterparts nothing of the set is touched */
        {{{"490100", 300}, {"490200", -300}, {"211000", 300}, {"101000", -300}}, 0, "posted"},
        /* between them, and used: their sum is nothing */
        {{{"490100", 300}, {"490200", -300}, {"310700", 300}, {"211000", -300}},
         0,
         "LINKED_SET used: account 310700 moves by 3.00, and 490100 490200 together by 0.00"},
        /* nothing of the set at all */
        {{{"211000", 300}, {"101000", -300}}, 0, "posted"},
        /* in and out of the account is no move, and moves nothing */
        {{{"310700", 300}, {"310700", -300}}, 0, "posted"},
        /* closing is free of it */
        {{{"570000", 300}, {"310700", -300}}, 202413, "posted"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FiscEngine) engine = new_engine(true);
        g_autofree char *answer = post(engine, "A", cases[i].period, cases[i].lines);
        FISC_ASSERT_TEXT(answer, cases[i].answer);
    }
}

static void
test_the_refusal_cites_the_article(void)
{
    static const Line half[LINES_MAX] = {{"310700", 300}, {"211000", -300}};
    g_autoptr(FiscEngine) engine = new_engine(true);
    g_autoptr(FiscSubmission) submission = fisc_submission_new("test", "tester");
    g_autoptr(FiscReceipt) receipt = fisc_receipt_new();
    add_entry(submission, "A", 0, half);
    CU_ASSERT_FALSE(fisc_engine_apply(engine, submission, 0, 1, true, receipt));
    const FiscResult *result = receipt->results->pdata[0];
    const FiscRefusal *refusal = result->refusals->pdata[0];
    FISC_ASSERT_TEXT(refusal->article, "Art. 7");
    FISC_ASSERT_TEXT(refusal->hint, "post both sets in one entry, by the same amount");
}

static void
test_sides_balance_each_though_the_whole_does(void)
{
    static const Line across[LINES_MAX] = {{"101000", 300}, {"461000", -300}};
    g_autoptr(FiscEngine) engine = new_engine(true);
    g_autofree char *answer = post(engine, "A", 0, across);
    FISC_ASSERT_TEXT(answer,
                     "ENTRY_UNBALANCED budgetary and financial lines must each balance: debits of "
                     "the budgetary side less its credits are -3.00");
}

static void
test_definitions_that_bind_nothing_are_refused(void)
{
    static const struct {
        const char *accounts, *moves, *except, *wrong;
    } cases[] = {
        {"310700", "490900", "", "used: it names an account that is not in the chart"},
        {"310799", "490100", "", "used: it names an account that is not in the chart"},
        {"310700", "211000", "", "used: moves are of the other side than accounts"},
        {"480100", "490100", "", "used: moves are of the other side than accounts"},
        {"310700 490100", "490200", "", "used: accounts, and likewise moves, are of one side"},
        {"", "490200", "", "used: accounts and moves name one account at least"},
        {"310700", " ", "", "used: accounts and moves name one account at least"},
        {"310700", "490100", "14", "used: except_periods are periods of a year, 00 to 13"},
        {"310700", "490100", "3", "used: except_periods are periods of a year, 00 to 13"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FiscEngine) engine = new_engine(false);
        g_autoptr(FiscSubmission) submission = fisc_submission_new("test", "tester");
        g_autoptr(FiscReceipt) receipt = fisc_receipt_new();
        add_link(submission, cases[i].accounts, cases[i].moves, cases[i].except);
        CU_ASSERT_FALSE(fisc_engine_apply(engine, submission, 0, 0, true, receipt));
        CU_ASSERT_PTR_NOT_NULL_FATAL(receipt->refusals);
        const FiscRefusal *refusal = receipt->refusals->pdata[0];
        FISC_ASSERT_INT(refusal->code, FISC_ERROR_VALUE_INVALID);
        FISC_ASSERT_TEXT(refusal->detail, cases[i].wrong);
    }
}

static void
test_a_set_comes_changes_and_goes_with_its_group(void)
{
    static const Line half[LINES_MAX] = {{"310700", 300}, {"211000", -300}};
    static const Line zero[LINES_MAX] = {{"101000", 300}};
    g_autoptr(FiscEngine) engine = new_engine(false);
    g_autoptr(FiscSubmission) refused = fisc_submission_new("test", "tester");
    g_autoptr(FiscReceipt) receipt = fisc_receipt_new();
    add_link(refused, "310700", "490100", NULL);
    add_entry(refused, "Z", 0, zero);
    CU_ASSERT_FALSE(fisc_engine_apply(engine, refused, 0, 1, true, receipt));
    g_autofree char *without = post(engine, "A", 0, half);
    FISC_ASSERT_TEXT(without, "posted"); /* the set went with the group */

    g_autoptr(FiscSubmission) accepted = fisc_submission_new("test", "tester");
    add_link(accepted, "310700", "490100", NULL);
    CU_ASSERT_TRUE(fisc_engine_apply(engine, accepted, 0, 0, true, receipt));
    g_autofree char *with = post(engine, "B", 0, half);
    FISC_ASSERT_CONTAINS(with, "LINKED_SET used: account 310700");

    g_autoptr(FiscSubmission) changed = fisc_submission_new("test", "tester");
    add_link(changed, "570000", "490100", NULL);
    CU_ASSERT_TRUE(fisc_engine_apply(engine, changed, 0, 0, true, receipt));
    g_autofree char *after = post(engine, "C", 0, half);
    FISC_ASSERT_TEXT(after, "posted"); /* it binds another account now */
    fisc_engine_undo(engine);
}

static void
replay_event(FiscReplay *replay, const char *kind, const char *subject, GPtrArray *fields,
             int number, int maker, FiscRefusals *objections)
{
    FiscEvent event = {.kind = kind, .subject = subject, .fields = fields};
    fisc_replay_event(replay, &event, number, maker, objections);
}

/* Decides in books without the set, and replays as if they had it. */
static void
test_replay_objects_to_what_the_set_forbids(void)
{
    static const Line half[LINES_MAX] = {{"310700", 300}, {"211000", -300}};
    g_autoptr(FiscEngine) engine = new_engine(false);
    g_autofree char *answer = post(engine, "A", 0, half);
    FISC_ASSERT_TEXT(answer, "posted");
    const FiscBatch *batch = fisc_engine_seal(engine);
    g_autoptr(FiscReplay) replay = fisc_replay_new(1);
    g_autoptr(FiscRefusals) objections = fisc_refusals_new();
    for (guint i = 0; i < batch->events->len; i++) {
        const FiscDecidedEvent *event = batch->events->pdata[i];
        replay_event(replay, event->kind, event->subject, event->fields, event->number,
                     event->maker, objections);
    }
    g_autoptr(FiscSubmission) words = fisc_submission_new("test", "tester");
    add_link(words, "310700", "490100", NULL);
    const FiscEvent *link = words->events->pdata[0];
    replay_event(replay, link->kind, link->subject, link->fields, 1, 1, objections);
    for (guint i = 0; i < batch->codings->len; i++) {
        fisc_replay_coding(replay, &g_array_index(batch->codings, FiscDecidedCoding, i),
                           objections);
    }
    FISC_ASSERT_INT(objections->len, 0);
    fisc_replay_entry(replay, batch->entries->pdata[0], objections);
    FISC_ASSERT_INT(objections->len, 1);
    const FiscRefusal *objection = objections->pdata[0];
    FISC_ASSERT_TEXT(objection->detail,
                     "used: account 310700 moves by 3.00, and 490100 together by 0.00");
}

static void
test_a_national_account_plays_the_stage_its_chart_names(void)
{
    static const struct {
        const char *number, *stage;
    } chart[] = {
        {"411900", "appropriation"},
        {"461000", "available"},
        {"480100", "commitment"},
        {"490200", "payment"},
    };
    static const Line enact[LINES_MAX] = {{"411900", 1000}, {"461000", -1000}};
    static const Line order[LINES_MAX] = {{"461000", 700}, {"480100", -700}};
    static const Line pay[LINES_MAX] = {{"480100", 700}, {"490200", -700}};
    static const Line more[LINES_MAX] = {{"461000", 400}, {"480100", -400}};
    g_autoptr(FiscEngine) engine = fisc_engine_new(1);
    g_autoptr(FiscSubmission) submission = fisc_submission_new("test", "tester");
    g_autoptr(FiscReceipt) receipt = fisc_receipt_new();
    fisc_submission_event(submission, "entity", "E", "name", "Bureau", NULL);
    for (guint i = 0; i < G_N_ELEMENTS(chart); i++) {
        fisc_submission_event(submission, "account", chart[i].number, "class", "budgetary", "stage",
                              chart[i].stage, NULL);
    }
    fisc_submission_event(submission, "period", "202406", "state", "open", NULL);
    fisc_submission_event(submission, "control", "vote", "level", "absolute", "absent", "refuse",
                          "key", "entity", "entities", "*", NULL);
    fisc_engine_begin(engine);
    CU_ASSERT_TRUE_FATAL(fisc_engine_apply(engine, submission, 0, 0, true, receipt));
    const Line *const steps[] = {enact, order, pay};
    for (guint i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_autofree char *reference = g_strdup_printf("S%u", i);
        g_autofree char *answer = post(engine, reference, 0, steps[i]);
        FISC_ASSERT_TEXT(answer, "posted");
    }
    g_autofree char *answer = post(engine, "S3", 0, more);
    FISC_ASSERT_CONTAINS(answer, "BUDGET_EXCEEDED");
}

static void
test_a_stage_is_fixed_and_budgetary(void)
{
    static const struct {
        const char *class_, *stage;
        FiscError code;
    } cases[] = {
        {"budgetary", "payment", FISC_ERROR_MASTER_CONFLICT},
        {"budgetary", NULL, FISC_ERROR_MASTER_CONFLICT},
        {"expense", "commitment", FISC_ERROR_MASTER_CONFLICT}, /* class is fixed, too */
    };
    g_autoptr(FiscEngine) engine = fisc_engine_new(1);
    g_autoptr(FiscSubmission) first = fisc_submission_new("test", "tester");
    g_autoptr(FiscReceipt) receipt = fisc_receipt_new();
    fisc_submission_event(first, "account", "1", "class", "budgetary", "stage", "commitment", NULL);
    fisc_engine_begin(engine);
    CU_ASSERT_TRUE_FATAL(fisc_engine_apply(engine, first, 0, 0, true, receipt));
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FiscSubmission) again = fisc_submission_new("test", "tester");
        fisc_submission_event(again, "account", "1", "class", cases[i].class_, "stage",
                              cases[i].stage, NULL);
        CU_ASSERT_FALSE(fisc_engine_apply(engine, again, 0, 0, true, receipt));
        FISC_ASSERT_INT(((const FiscRefusal *)receipt->refusals->pdata[0])->code, cases[i].code);
    }
    static const char *const wrong[][2] = {
        {"proprietary", "commitment"},
        {"budgetary", "ordered"},
    };
    for (guint i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(FiscSubmission) other = fisc_submission_new("test", "tester");
        fisc_submission_event(other, "account", "2", "class", wrong[i][0], "stage", wrong[i][1],
                              NULL);
        CU_ASSERT_FALSE(fisc_engine_apply(engine, other, 0, 0, true, receipt));
        FISC_ASSERT_INT(((const FiscRefusal *)receipt->refusals->pdata[0])->code,
                        FISC_ERROR_VALUE_INVALID);
    }
}

const FiscTest fisc_link_tests[] = {
    {"an entry that touches a linked account moves its counterparts by the same amount",
     test_touching_accounts_move_their_counterparts},
    {"the refusal cites the article and says what helps", test_the_refusal_cites_the_article},
    {"sides of a national chart balance each, though the whole does",
     test_sides_balance_each_though_the_whole_does},
    {"a definition that binds nothing is refused", test_definitions_that_bind_nothing_are_refused},
    {"a set comes, changes and goes with its group",
     test_a_set_comes_changes_and_goes_with_its_group},
    {"replay objects to what a set forbids", test_replay_objects_to_what_the_set_forbids},
    {"a national account plays the stage that its chart names",
     test_a_national_account_plays_the_stage_its_chart_names},
    {"a stage is fixed, and of budgetary accounts only", test_a_stage_is_fixed_and_budgetary},
    {NULL, NULL},
};

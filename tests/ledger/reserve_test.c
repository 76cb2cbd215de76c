/* reserve_test.c: reserve funds: rule R15 with its numbers, and each way around the rule. Whatever
 * is decided here is decided again from its record. */
#include "tests/ledger/desk.h"
#include "tests/ledger/ministry.h"
#include "tests/support/suite.h"
#include <string.h>

/* E1 keeps the reserve on programme 999, E2 needs it; the general account is the fund GA. */

static const struct {
    const char *person, *role;
} roles[] = {{"fin", "finance"}, {"cab", "cabinet"}, {"pres", "head_of_state"}};

/* "E1 999/RES 6000": an entity, programme and fund of a line, and what it gets. */
static void
add_entry(Ministry *ministry, FiscSubmission *submission, FiscStage from, FiscStage to,
          const char *words, const char *transfer)
{
    g_auto(GStrv) word = g_strsplit(words, " ", 3);
    g_auto(GStrv) line = g_strsplit(word[1], "/", 2);
    g_autofree char *reference = g_strdup_printf("R%d", ++ministry->count);
    const char *dim[FISC_DIM_COUNT] = {NULL};
    dim[FISC_DIM_PROGRAMME] = fisc_submission_text(submission, line[0]);
    dim[FISC_DIM_FUND] = fisc_submission_text(submission, line[1]);
    FiscEntry *entry = fisc_submission_entry(submission);
    entry->reference = fisc_submission_text(submission, reference);
    entry->entity = fisc_submission_text(submission, word[0]);
    entry->effective = fisc_date_make(2024, 6, 15);
    entry->transfer = fisc_submission_text(submission, transfer);
    fisc_entry_move(entry, from, to, g_ascii_strtoll(word[2], NULL, 10) * 100, dim, 0);
    fisc_entry_digest(entry);
}

static const char *
move(Ministry *ministry, FiscStage from, FiscStage to, const char *words)
{
    FiscSubmission *submission = ministry_begin(ministry, "mary");
    add_entry(ministry, submission, from, to, words, NULL);
    return ministry_submit(ministry, submission);
}

static const char *
enact(Ministry *ministry, const char *words)
{
    return move(ministry, FISC_STAGE_APPROPRIATION, FISC_STAGE_AVAILABLE, words);
}

/* A draw: what leaves the reserve, and what the other line gets. */
static FiscSubmission *
draw_of(Ministry *ministry, const char *taken, const char *given, const char *transfer)
{
    FiscSubmission *submission = ministry_begin(ministry, "mary");
    add_entry(ministry, submission, FISC_STAGE_AVAILABLE, FISC_STAGE_CHANGE, taken, "T1");
    if (given != NULL) {
        add_entry(ministry, submission, FISC_STAGE_CHANGE, FISC_STAGE_AVAILABLE, given, transfer);
    }
    return submission;
}

/* Mary proposes the content, those of @approvers approve it one after the other, and the last
 * carries it out. */
static const char *
carry(Ministry *ministry, const char *approvers, FiscSubmission *content)
{
    g_auto(GStrv) persons = g_strsplit(approvers, " ", -1);
    g_autoptr(GString) so_far = g_string_new(NULL);
    g_autofree char *id = g_strdup_printf("D%d", ++ministry->count);
    guint count = g_strv_length(persons);
    DeskDocument document = desk_document(id, "budget", "*", "mary", count, content);
    FiscSubmission *step = ministry_begin(ministry, "mary");
    desk_add_step(step, &document, "proposed", NULL, NULL);
    FISC_ASSERT_TEXT(ministry_submit(ministry, step), "");
    for (guint i = 0; i + 1 < count; i++) {
        g_string_append_printf(so_far, "%s%s", i > 0 ? " " : "", persons[i]);
        step = ministry_begin(ministry, persons[i]);
        desk_add_step(step, &document, "proposed", so_far->str, NULL);
        FISC_ASSERT_TEXT(ministry_submit(ministry, step), "");
    }
    content->document = fisc_submission_text(content, id);
    content->actor = fisc_submission_text(content, persons[count - 1]);
    desk_add_step(content, &document, "approved", approvers, NULL);
    desk_add_step(content, &document, "done", approvers, NULL);
    return ministry_submit(ministry, content);
}

static Ministry *
open_books(void)
{
    Ministry *ministry = ministry_new();
    for (gsize i = 0; i < G_N_ELEMENTS(roles); i++) {
        g_autofree char *duty = g_strdup_printf("%s/budget", roles[i].role);
        g_autofree char *grant = g_strdup_printf("%s/*", roles[i].role);
        ministry_event(ministry, "ada", "duty", duty, "rights", "A", NULL);
        ministry_person(ministry, roles[i].person, grant);
    }
    ministry_event(ministry, "ada", "control", "vote", "level", "absolute", "absent", "refuse",
                   "key", "entity programme", NULL);
    FISC_ASSERT_TEXT(ministry_event(ministry, "ada", "reserve_rule", "contingency", "line",
                                    "entity=E1 programme=999", "ceiling", "1", "ceiling_of",
                                    "fund=GA", "approvals", "finance cabinet head_of_state",
                                    "article", "Art. 22", NULL),
                     "");
    FISC_ASSERT_TEXT(enact(ministry, "E2 1/GA 600000"), "");
    return ministry;
}

static void
test_r15(void)
{
    g_autoptr(Ministry) ministry = open_books();
    FISC_ASSERT_TEXT(enact(ministry, "E1 999/RES 6001"), "RESERVE_RULE");
    FISC_ASSERT_TEXT(ministry->detail, "\"R2\": reserve contingency: it would have 6,001.00, the "
                                       "most is 6,000.00 of 600,000.00");
    FISC_ASSERT_TEXT(enact(ministry, "E1 999/RES 6000"), "");
    FISC_ASSERT_TEXT(
        carry(ministry, "fin cab pres", draw_of(ministry, "E1 999/RES 5500", "E2 1/GA 5500", "T1")),
        "");
    FISC_ASSERT_TEXT(
        carry(ministry, "fin cab pres", draw_of(ministry, "E1 999/RES 600", "E2 1/GA 600", "T1")),
        "BUDGET_EXCEEDED");
    FISC_ASSERT_INT(ministry->shortfall, 10000);
    FISC_ASSERT_TEXT(
        carry(ministry, "fin cab pres", draw_of(ministry, "E1 999/RES 500", "E2 1/GA 500", "T1")),
        "");
}

/* A law is appropriated line by line: the reserve may stand before what it is a share of. */
static void
test_ceiling_of_a_group(void)
{
    static const struct {
        const char *reserve, *code;
    } cases[] = {{"E1 999/RES 7001", "RESERVE_RULE"}, {"E1 999/RES 7000", ""}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Ministry) ministry = open_books();
        FiscSubmission *law = ministry_begin(ministry, "mary");
        add_entry(ministry, law, FISC_STAGE_APPROPRIATION, FISC_STAGE_AVAILABLE, cases[i].reserve,
                  NULL);
        add_entry(ministry, law, FISC_STAGE_APPROPRIATION, FISC_STAGE_AVAILABLE, "E1 2/GA 60000",
                  NULL);
        add_entry(ministry, law, FISC_STAGE_APPROPRIATION, FISC_STAGE_AVAILABLE, "E2 2/GA 40000",
                  NULL);
        FISC_ASSERT_TEXT(ministry_submit(ministry, law), cases[i].code);
    }
}

static void
test_approvals(void)
{
    static const struct {
        const char *approvers, *code;
    } cases[] = {
        {"fin cab pres", ""},
        {"fin ben cab pres", ""}, /* who else approves does no harm */
        {"cab fin pres", "RESERVE_RULE"},
        {"fin pres cab", "RESERVE_RULE"},
        {"fin cab", "RESERVE_RULE"},
        {"pres", "RESERVE_RULE"},
        {"ben", "RESERVE_RULE"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Ministry) ministry = open_books();
        ministry_person(ministry, "ben", "");
        enact(ministry, "E1 999/RES 6000");
        const char *code = carry(ministry, cases[i].approvers,
                                 draw_of(ministry, "E1 999/RES 100", "E2 1/GA 100", "T1"));
        fisc_assert_text(code, cases[i].code, cases[i].approvers, __FILE__, __LINE__);
    }
    g_autoptr(Ministry) ministry = open_books();
    enact(ministry, "E1 999/RES 6000");
    FISC_ASSERT_TEXT(
        ministry_submit(ministry, draw_of(ministry, "E1 999/RES 100", "E2 1/GA 100", "T1")),
        "RESERVE_RULE");
    FISC_ASSERT_CONTAINS(ministry->detail, "it is drawn by a document that finance, then cabinet, "
                                           "then head_of_state approve, and finance has not");
}

static void
test_halves(void)
{
    static const struct {
        const char *given, *transfer, *code;
    } cases[] = {
        {"E2 1/GA 100", "T1", ""},
        {"E2 1/GA 99", "T1", "RESERVE_RULE"},
        {"E2 1/GA 101", "T1", "RESERVE_RULE"},
        {"E2 1/GA 100", "T2", "RESERVE_RULE"},
        {"E2 1/GA 100", NULL, "RESERVE_RULE"},
        {NULL, NULL, "RESERVE_RULE"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Ministry) ministry = open_books();
        enact(ministry, "E1 999/RES 6000");
        FISC_ASSERT_TEXT(
            carry(ministry, "fin cab pres",
                  draw_of(ministry, "E1 999/RES 100", cases[i].given, cases[i].transfer)),
            cases[i].code);
    }
}

static void
test_cut_line(void)
{
    static const struct {
        const char *programme, *year, *code;
    } cases[] = {{"1", "2024", "RESERVE_RULE"},
                 {"2", "2024", ""},
                 {"1", "2023", ""},
                 {NULL, "2024", "RESERVE_RULE"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Ministry) ministry = open_books();
        enact(ministry, "E1 999/RES 6000");
        FISC_ASSERT_TEXT(ministry_event(ministry, "ada", "cut_line", "E2/C1", "entity", "E2",
                                        "year", cases[i].year, "programme", cases[i].programme,
                                        "law", "L-1", NULL),
                         "");
        FISC_ASSERT_TEXT(carry(ministry, "fin cab pres",
                               draw_of(ministry, "E1 999/RES 100", "E2 1/GA 100", "T1")),
                         cases[i].code);
    }
    g_autoptr(Ministry) ministry = open_books();
    FISC_ASSERT_TEXT(
        ministry_event(ministry, "ada", "cut_line", "X/C1", "entity", "X", "year", "2024", NULL),
        "ENTITY_UNKNOWN");
    FISC_ASSERT_TEXT(ministry_event(ministry, "ada", "cut_line", "E2/C1", "entity", "E2", NULL),
                     "VALUE_INVALID");
}

/* What a reserve holds is not spent where it lies, nor drawn by a pool. */
static void
test_other_ways(void)
{
    g_autoptr(Ministry) ministry = open_books();
    enact(ministry, "E1 999/RES 6000");
    enact(ministry, "E1 2/GA 10");
    FISC_ASSERT_TEXT(move(ministry, FISC_STAGE_AVAILABLE, FISC_STAGE_COMMITMENT, "E1 999/RES 1"),
                     "RESERVE_RULE");
    FISC_ASSERT_TEXT(move(ministry, FISC_STAGE_AVAILABLE, FISC_STAGE_PAYMENT, "E1 999/RES 1"),
                     "RESERVE_RULE");
    FISC_ASSERT_TEXT(ministry_event(ministry, "ada", "cover", "pool", "control", "vote", "receiver",
                                    "entity=E1 programme=2", "donor", "entity=E1 programme=999",
                                    "mode", "unilateral", NULL),
                     "");
    FISC_ASSERT_TEXT(move(ministry, FISC_STAGE_AVAILABLE, FISC_STAGE_COMMITMENT, "E1 2/GA 11"),
                     "RESERVE_RULE");
    FISC_ASSERT_TEXT(move(ministry, FISC_STAGE_AVAILABLE, FISC_STAGE_COMMITMENT, "E1 2/GA 10"), "");
    FISC_ASSERT_TEXT(move(ministry, FISC_STAGE_AVAILABLE, FISC_STAGE_BLOCK, "E1 999/RES 1"), "");
}

/* Drawn is not allotted: the receiver spends when it has been released to it. */
static void
test_not_before_allotment(void)
{
    g_autoptr(Ministry) ministry = open_books();
    enact(ministry, "E1 999/RES 6000");
    ministry_event(ministry, "ada", "control", "allotment", "level", "absolute", "absent", "zero",
                   "key", "entity programme", "entities", "E2", "limit", "release", NULL);
    carry(ministry, "fin cab pres", draw_of(ministry, "E1 999/RES 100", "E2 1/GA 100", "T1"));
    FISC_ASSERT_TEXT(ministry->last, "");
    FISC_ASSERT_TEXT(move(ministry, FISC_STAGE_AVAILABLE, FISC_STAGE_COMMITMENT, "E2 1/GA 100"),
                     "BUDGET_EXCEEDED");
    FISC_ASSERT_INT(ministry->shortfall, 10000);
    FISC_ASSERT_TEXT(move(ministry, FISC_STAGE_RELEASE, FISC_STAGE_ALLOTTED, "E2 1/GA 100"), "");
    FISC_ASSERT_TEXT(move(ministry, FISC_STAGE_AVAILABLE, FISC_STAGE_COMMITMENT, "E2 1/GA 100"),
                     "");
}

static void
test_definitions(void)
{
    static const struct {
        const char *line, *ceiling, *of, *approvals, *stranger;
    } cases[] = {
        {NULL, "1", "fund=GA", "finance", NULL},
        {"programme=999", "1", "fund=GA", "finance", NULL},
        {"entity=X programme=999", "1", "fund=GA", "finance", NULL},
        {"entity=E1 999", "1", "fund=GA", "finance", NULL},
        {"entity=E1 programme=999", "-1", "fund=GA", "finance", NULL},
        {"entity=E1 programme=999", "1", NULL, "finance", NULL},
        {"entity=E1 programme=999", NULL, "fund=GA", "finance", NULL},
        {"entity=E1 programme=999", "1", "fund=GA", NULL, NULL},
        {"entity=E1 programme=999", "1", "fund=GA", "finance", "cap"},
    };
    g_autoptr(Ministry) ministry = ministry_new();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FISC_ASSERT_TEXT(ministry_event(ministry, "ada", "reserve_rule", "r", "approvals",
                                        cases[i].approvals != NULL ? cases[i].approvals : "",
                                        "line", cases[i].line != NULL ? cases[i].line : "",
                                        "ceiling", cases[i].ceiling != NULL ? cases[i].ceiling : "",
                                        "ceiling_of", cases[i].of != NULL ? cases[i].of : "",
                                        cases[i].stranger, "1", NULL),
                         "VALUE_INVALID");
    }
    FISC_ASSERT_TEXT(ministry_event(ministry, "ada", "reserve_rule", "r", "approvals", "finance",
                                    "line", "entity=E1 programme=999", NULL),
                     "");
}

/* A draw that got into the record without its document is found when everything is decided again.
 */
static void
test_object(void)
{
    g_autoptr(Ministry) ministry = open_books();
    g_autoptr(FiscRefusals) objections = fisc_refusals_new();
    g_autoptr(FiscReceipt) receipt = fisc_receipt_new();
    enact(ministry, "E1 999/RES 6000");
    FiscSubmission *draw = draw_of(ministry, "E1 999/RES 100", "E2 1/GA 100", "T1");
    fisc_engine_begin(ministry->engine);
    fisc_engine_authorize(ministry->engine, true);
    FISC_ASSERT_INT(fisc_engine_apply(ministry->engine, draw, 0, 2, true, receipt), true);
    const FiscBatch *batch = fisc_engine_seal(ministry->engine);
    for (guint i = 0; i < batch->codings->len; i++) {
        fisc_replay_coding(ministry->replay, &g_array_index(batch->codings, FiscDecidedCoding, i),
                           objections);
    }
    fisc_replay_entry(ministry->replay, batch->entries->pdata[0], objections);
    fisc_replay_entry(ministry->replay, batch->entries->pdata[1], objections);
    FISC_ASSERT_INT(objections->len, 1);
    FISC_ASSERT_CONTAINS(((const FiscRefusal *)objections->pdata[0])->detail,
                         "reserve contingency is drawn");
}

/* Draws at random against a model that knows only what is left and what was cut. */
static void
test_random(void)
{
    static const char *const approvers[] = {"fin cab pres", "fin cab pres",     "fin cab pres",
                                            "cab fin pres", "fin pres",         "fin ben cab pres",
                                            "pres cab fin", "ben fin cab pres", "ben"};
    static const bool is_lawful[] = {true, true, true, false, false, true, false, true, false};
    g_autoptr(GRand) random = g_rand_new_with_seed(20261122);
    g_autoptr(Ministry) ministry = open_books();
    bool is_cut[4] = {false};
    int left = 6000;
    int passed = 0;
    ministry_person(ministry, "ben", "");
    enact(ministry, "E1 999/RES 6000");
    for (int i = 0; i < 300; i++) {
        int programme = g_rand_int_range(random, 0, 4);
        int who = g_rand_int_range(random, 0, (int)G_N_ELEMENTS(approvers));
        int amount = g_rand_int_range(random, 1, 120);
        int given = amount + (g_rand_int_range(random, 0, 8) == 0 ? 1 : 0);
        g_autofree char *taken = g_strdup_printf("E1 999/RES %d", amount);
        g_autofree char *gets = g_strdup_printf("E2 %d/GA %d", programme, given);
        bool is_good = is_lawful[who] && given == amount && !is_cut[programme];
        const char *expected = !is_good ? "RESERVE_RULE" : amount > left ? "BUDGET_EXCEEDED" : "";
        fisc_assert_text(carry(ministry, approvers[who], draw_of(ministry, taken, gets, "T1")),
                         expected, gets, __FILE__, __LINE__);
        left -= *expected == '\0' ? amount : 0;
        passed += *expected == '\0' ? 1 : 0;
        if (i == 60 || i == 120) {
            g_autofree char *code = g_strdup_printf("%d", programme);
            g_autofree char *subject = g_strdup_printf("E2/%d", programme);
            ministry_event(ministry, "ada", "cut_line", subject, "entity", "E2", "year", "2024",
                           "programme", code, NULL);
            is_cut[programme] = true;
        }
    }
    CU_ASSERT_TRUE(passed > 50 && left < 600);
}

const FiscTest fisc_reserve_tests[] = {
    {"R15: a reserve has a ceiling, and gives what it has", test_r15},
    {"R15: holds the ceiling against the whole law", test_ceiling_of_a_group},
    {"R15: is drawn with the approvals of the law, in their order", test_approvals},
    {"R15: gives the other line what it takes", test_halves},
    {"R15: gives nothing to a line that the legislature cut", test_cut_line},
    {"R15: is neither spent nor drawn by a pool", test_other_ways},
    {"R15: is spent after it was allotted", test_not_before_allotment},
    {"refuses rules of reserves that could not work", test_definitions},
    {"objects to a draw on record without its document", test_object},
    {"R15: gives at random what the law lets it give", test_random},
    {NULL, NULL},
};

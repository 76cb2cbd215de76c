/* document_test.c: what a document may become, by whose hand, and that only what was approved is
 * carried out: decided by the pure engine. */
#include "core/base/hash.h"
#include "fisc/poster.h"
#include "tests/ledger/desk.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_document_tests[];

#define BOOK                                                                                       \
    "entity E Ministry\n"                                                                          \
    "entity F Agency\n"                                                                            \
    "control vote absolute refuse 'entity programme'\n"                                            \
    "enact A1 E 500 programme=11\n"

/* What most documents here are about: 100 more for programme 11 of @entity. */
static void
add_content(FiscSubmission *submission, const char *reference, const char *entity, int64_t amount)
{
    FiscEntry *entry = fisc_submission_entry(submission);
    const char *dim[FISC_DIM_COUNT] = {[FISC_DIM_PROGRAMME] = "11"};
    entry->entity = entity;
    entry->reference = fisc_submission_text(submission, reference);
    entry->effective = fisc_date_make(2024, 3, 1);
    fisc_entry_move(entry, FISC_STAGE_CHANGE, FISC_STAGE_AVAILABLE, amount, dim, 0);
    fisc_entry_digest(entry);
}

static FiscSubmission *
content_by(const char *actor)
{
    FiscSubmission *submission = fisc_submission_new("desk", actor);
    add_content(submission, "C1", "E", 10000);
    return submission;
}

/* The words of a step; NULL = as usual, "" = left out. */
typedef struct {
    const char *actor;
    const char *state;
    const char *approved_by;
    const char *field, *value; /* one field that differs */
} StepWords;

static FiscEvent *
add_step(FiscSubmission *submission, const char *needs, const StepWords *words)
{
    bool is_closing =
        strcmp(words->state, "proposed") != 0 && strcmp(words->state, "approved") != 0;
    g_autoptr(FiscSubmission) content = content_by("mary");
    uint8_t digest[32];
    char hex[FISC_HASH_TEXT];
    fisc_submission_digest(content, digest);
    FiscEvent *event = fisc_submission_event(
        submission, "document", "D1", "action", "budget", "entity", "E", "maker", "mary", "needs",
        needs, "source", "desk", "digest", fisc_hash_format(digest, hex), "reason", "more",
        "payload", is_closing ? NULL : "C1", "state", words->state, "approved_by",
        words->approved_by, NULL);
    for (guint i = 0; words->field != NULL && i + 1 < event->fields->len; i += 2) {
        if (strcmp(event->fields->pdata[i], words->field) == 0) {
            event->fields->pdata[i + 1] = (char *)words->value;
            return event;
        }
    }
    if (words->field != NULL) {
        g_ptr_array_add(event->fields, (char *)words->field);
        g_ptr_array_add(event->fields, (char *)words->value);
    }
    return event;
}

static const char *
step(Desk *desk, const char *needs, const StepWords *words)
{
    FiscSubmission *submission = fisc_submission_new("desk", words->actor);
    add_step(submission, needs, words);
    return desk_hand_in(desk, submission);
}

static void
must_propose(Desk *desk, const char *needs)
{
    const StepWords words = {.actor = "mary", .state = "proposed"};
    FISC_ASSERT_TEXT(step(desk, needs, &words), "");
}

/* Approves and carries out in one submission, as it is done. */
static FiscSubmission *
carrying(const char *actor, const char *needs, const char *approvers)
{
    FiscSubmission *submission = content_by(actor);
    const StepWords approved = {.state = "approved", .approved_by = approvers};
    const StepWords done = {.state = "done", .approved_by = approvers};
    submission->document = "D1";
    add_step(submission, needs, &approved);
    add_step(submission, needs, &done);
    return submission;
}

static const char *
state_of(const Desk *desk)
{
    return fisc_engine_master_field(desk->engine, "document", "D1", "state");
}

static int64_t
available(Desk *desk)
{
    g_autoptr(GPtrArray) funds = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_funds_free);
    const char *dim[FISC_DIM_COUNT] = {[FISC_DIM_PROGRAMME] = "11"};
    fisc_engine_funds(desk->engine, "E", 2024, dim, funds);
    return funds->len == 1 ? ((const FiscFunds *)funds->pdata[0])->available : -1;
}

/* ---- carried out ---- */

static void
test_carried_out_by_a_second_person(void)
{
    Desk desk;
    desk_open(&desk, BOOK);
    must_propose(&desk, "1");
    FISC_ASSERT_INT(available(&desk), 50000);
    FISC_ASSERT_TEXT(desk_hand_in(&desk, carrying("anna", "1", "anna")), "");
    FISC_ASSERT_TEXT(state_of(&desk), "done");
    FISC_ASSERT_INT(available(&desk), 60000);
    CU_ASSERT_PTR_NULL(fisc_engine_master_field(desk.engine, "document", "D1", "payload"));
    desk_close(&desk);
}

/* The number of a person, as the entries have it. */
static int
person_of(const FiscBatch *batch, const char *code)
{
    for (guint i = 0; i < batch->events->len; i++) {
        const FiscDecidedEvent *event = batch->events->pdata[i];
        if (strcmp(event->kind, "person") == 0 && strcmp(event->subject, code) == 0) {
            return event->number;
        }
    }
    return 0;
}

static void
test_maker_answers_for_the_entries(void)
{
    Desk desk;
    desk_open(&desk, BOOK);
    must_propose(&desk, "1");
    FISC_ASSERT_TEXT(desk_hand_in(&desk, carrying("anna", "1", "anna")), "");
    const FiscBatch *batch = fisc_engine_seal(desk.engine);
    const FiscDecidedEntry *entry = batch->entries->pdata[0];
    const FiscDecidedEvent *done = batch->events->pdata[batch->events->len - 1];
    FISC_ASSERT_INT(entry->maker, person_of(batch, "mary"));
    FISC_ASSERT_INT(done->maker, person_of(batch, "anna"));
    CU_ASSERT(entry->maker != done->maker);
    desk_close(&desk);
}

static void
test_two_approvals(void)
{
    const StepWords first = {.actor = "anna", .state = "proposed", .approved_by = "anna"};
    Desk desk;
    desk_open(&desk, BOOK);
    must_propose(&desk, "2");
    FISC_ASSERT_TEXT(desk_hand_in(&desk, carrying("anna", "2", "anna")), "APPROVAL_MISSING");
    FISC_ASSERT_TEXT(step(&desk, "2", &first), "");
    FISC_ASSERT_TEXT(desk_hand_in(&desk, carrying("anna", "2", "anna anna")), "SECOND_PERSON");
    FISC_ASSERT_TEXT(desk_hand_in(&desk, carrying("mary", "2", "anna mary")), "SECOND_PERSON");
    FISC_ASSERT_INT(available(&desk), 50000);
    FISC_ASSERT_TEXT(desk_hand_in(&desk, carrying("otto", "2", "anna otto")), "");
    FISC_ASSERT_INT(available(&desk), 60000);
    desk_close(&desk);
}

static void
test_needs_of_the_law(void)
{
    const StepWords words = {.actor = "mary", .state = "proposed"};
    Desk desk;
    desk_open(&desk, BOOK);
    FiscSubmission *law = fisc_submission_new("desk", "root");
    fisc_submission_event(law, "approvals", "budget", "needs", "2", NULL);
    FISC_ASSERT_TEXT(desk_hand_in(&desk, law), "");
    FISC_ASSERT_TEXT(step(&desk, "1", &words), "APPROVAL_MISSING");
    FISC_ASSERT_TEXT(step(&desk, "2", &words), "");
    desk_close(&desk);
}

static void
test_retry_gets_the_first_answer(void)
{
    Desk desk;
    desk_open(&desk, BOOK);
    must_propose(&desk, "1");
    FISC_ASSERT_TEXT(desk_hand_in(&desk, carrying("anna", "1", "anna")), "");
    int64_t first = ((const FiscResult *)desk.last->results->pdata[0])->entry_id;
    FISC_ASSERT_TEXT(desk_hand_in(&desk, carrying("anna", "1", "anna")), "");
    FISC_ASSERT_INT(desk.last->repeated, 1);
    FISC_ASSERT_INT(desk.last->events, 0);
    FISC_ASSERT_INT(((const FiscResult *)desk.last->results->pdata[0])->entry_id, first);
    FISC_ASSERT_INT(available(&desk), 60000);
    desk_close(&desk);
}

static void
test_refused_content_leaves_it_proposed(void)
{
    Desk desk;
    desk_open(&desk, BOOK);
    must_propose(&desk, "1");
    fisc_worksheet_run(desk.sheet, "period 202403 closed\n");
    FISC_ASSERT_TEXT(desk_hand_in(&desk, carrying("anna", "1", "anna")), "PERIOD_NOT_OPEN");
    FISC_ASSERT_TEXT(state_of(&desk), "proposed");
    FISC_ASSERT_TEXT(fisc_engine_master_field(desk.engine, "document", "D1", "payload"), "C1");
    FISC_ASSERT_INT(available(&desk), 50000);
    desk_close(&desk);
}

/* ---- nothing else than what was approved ---- */

static FiscSubmission *
other_amount(void)
{
    FiscSubmission *submission = carrying("anna", "1", "anna");
    g_ptr_array_set_size(submission->entries, 0);
    add_content(submission, "C1", "E", 10001);
    return submission;
}

static FiscSubmission *
one_entry_more(void)
{
    FiscSubmission *submission = carrying("anna", "1", "anna");
    add_content(submission, "C2", "E", 1);
    return submission;
}

static FiscSubmission *
one_event_more(void)
{
    FiscSubmission *submission = carrying("anna", "1", "anna");
    fisc_submission_event(submission, "group", "G", "name", "group", "members", "E", NULL);
    return submission;
}

static FiscSubmission *
other_memo(void)
{
    FiscSubmission *submission = carrying("anna", "1", "anna");
    ((FiscEntry *)submission->entries->pdata[0])->memo = "something else";
    return submission;
}

static FiscSubmission *
other_source(void)
{
    FiscSubmission *submission = carrying("anna", "1", "anna");
    submission->source = "elsewhere";
    return submission;
}

static FiscSubmission *
without_its_content(void)
{
    FiscSubmission *submission = carrying("anna", "1", "anna");
    g_ptr_array_set_size(submission->entries, 0);
    return submission;
}

static FiscSubmission *
without_closing(void)
{
    FiscSubmission *submission = carrying("anna", "1", "anna");
    g_ptr_array_set_size(submission->events, 1);
    return submission;
}

static FiscSubmission *
without_its_name(void)
{
    FiscSubmission *submission = carrying("anna", "1", "anna");
    submission->document = NULL;
    return submission;
}

static FiscSubmission *
never_proposed(void)
{
    FiscSubmission *submission = content_by("anna");
    submission->document = "D9";
    return submission;
}

static FiscSubmission *
with_another_document(void)
{
    FiscSubmission *submission = carrying("anna", "1", "anna");
    fisc_submission_event(submission, "document", "D2", "state", "proposed", NULL);
    return submission;
}

static FiscSubmission *
on_unsaid_behalf(void)
{
    FiscSubmission *submission = carrying("anna", "1", "anna");
    submission->on_behalf = "otto";
    return submission;
}

static void
test_nothing_but_what_was_approved(void)
{
    static const struct {
        const char *what;
        FiscSubmission *(*make)(void);
        const char *code;
    } cases[] = {
        {"another amount", other_amount, "DOCUMENT_CHANGED"},
        {"one entry more", one_entry_more, "DOCUMENT_CHANGED"},
        {"one event more", one_event_more, "DOCUMENT_CHANGED"},
        {"another memo", other_memo, "DOCUMENT_CHANGED"},
        {"another source", other_source, "DOCUMENT_CHANGED"},
        {"approved and done without its content", without_its_content, "DOCUMENT_CHANGED"},
        {"content without closing the document", without_closing, "DOCUMENT_CHANGED"},
        {"done by saying so", without_its_name, "DOCUMENT_STATE"},
        {"a document that was never proposed", never_proposed, "DOCUMENT_STATE"},
        {"two documents at once", with_another_document, "DOCUMENT_CHANGED"},
        {"on somebody's behalf without saying so", on_unsaid_behalf, "DELEGATION_INVALID"},
    };
    Desk desk;
    desk_open(&desk, BOOK);
    must_propose(&desk, "1");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        fisc_assert_text(desk_hand_in(&desk, cases[i].make()), cases[i].code, cases[i].what,
                         __FILE__, __LINE__);
        fisc_assert_text(state_of(&desk), "proposed", cases[i].what, __FILE__, __LINE__);
        fisc_assert_int(available(&desk), 50000, cases[i].what, __FILE__, __LINE__);
    }
    FISC_ASSERT_TEXT(desk_hand_in(&desk, carrying("anna", "1", "anna")), "");
    desk_close(&desk);
}

static void
test_only_as_a_whole(void)
{
    Desk desk;
    desk_open(&desk, BOOK);
    must_propose(&desk, "1");
    FiscSubmission *submission = carrying("anna", "1", "anna");
    g_ptr_array_add(desk.kept, submission);
    g_autoptr(FiscReceipt) receipt = fisc_receipt_new();
    CU_ASSERT_FALSE(fisc_engine_apply(desk.engine, submission, 0, 1, false, receipt));
    FISC_ASSERT_TEXT(fisc_error_name(((const FiscRefusal *)receipt->refusals->pdata[0])->code),
                     "DOCUMENT_CHANGED");
    FISC_ASSERT_INT(available(&desk), 50000);
    desk_close(&desk);
}

static void
test_content_of_another_entity(void)
{
    Desk desk;
    desk_open(&desk, BOOK);
    FiscSubmission *content = fisc_submission_new("desk", "anna");
    add_content(content, "C1", "F", 10000);
    uint8_t digest[32];
    char hex[FISC_HASH_TEXT];
    fisc_submission_digest(content, digest);
    fisc_hash_format(digest, hex);
    StepWords words = {.actor = "mary", .state = "proposed", .field = "digest", .value = hex};
    FISC_ASSERT_TEXT(step(&desk, "1", &words), "");
    content->document = "D1";
    words.state = "approved";
    words.approved_by = "anna";
    add_step(content, "1", &words);
    words.state = "done";
    add_step(content, "1", &words);
    FISC_ASSERT_TEXT(desk_hand_in(&desk, content), "DOCUMENT_CHANGED");
    desk_close(&desk);
}

/* ---- the steps ---- */

static void
test_proposals_that_are_none(void)
{
    static const StepWords cases[] = {
        {"anna", "proposed", NULL, NULL, NULL}, /* made by mary */
        {"mary", "approved", "mary", NULL, NULL},
        {"mary", "proposed", "anna", NULL, NULL},
        {"mary", "done", NULL, NULL, NULL},
        {"mary", "open", NULL, NULL, NULL},
        {"mary", "proposed", NULL, "action", "theft"},
        {"mary", "proposed", NULL, "entity", "X"},
        {"mary", "proposed", NULL, "needs", "0"},
        {"mary", "proposed", NULL, "needs", "10"},
        {"mary", "proposed", NULL, "needs", "two"},
        {"mary", "proposed", NULL, "digest", "abc"},
        {"mary", "proposed", NULL, "payload", ""},
        {"mary", "proposed", NULL, "source", ""},
    };
    static const char *const codes[] = {
        "VALUE_INVALID", "DOCUMENT_STATE", "DOCUMENT_STATE", "DOCUMENT_STATE", "DOCUMENT_STATE",
        "VALUE_INVALID", "ENTITY_UNKNOWN", "VALUE_INVALID",  "VALUE_INVALID",  "VALUE_INVALID",
        "VALUE_INVALID", "VALUE_MISSING",  "VALUE_MISSING",
    };
    Desk desk;
    desk_open(&desk, BOOK);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *what = g_strdup_printf("case %zu", i);
        fisc_assert_text(step(&desk, "1", &cases[i]), codes[i], what, __FILE__, __LINE__);
        CU_ASSERT_PTR_NULL(state_of(&desk));
    }
    desk_close(&desk);
}

static void
test_names_that_are_none(void)
{
    g_autofree char *endless = g_strnfill(FISC_CODE_MAX + 1, 'D');
    const char *const names[] = {"", "D 1", "D\n1", endless};
    Desk desk;
    desk_open(&desk, BOOK);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        const StepWords words = {.actor = "mary", .state = "proposed"};
        FiscSubmission *submission = fisc_submission_new("desk", "mary");
        FiscEvent *event = add_step(submission, "1", &words);
        event->subject = fisc_submission_text(submission, names[i]);
        fisc_assert_text(desk_hand_in(&desk, submission), "VALUE_INVALID", names[i], __FILE__,
                         __LINE__);
    }
    desk_close(&desk);
}

static void
test_steps_that_are_refused(void)
{
    static const struct {
        StepWords words;
        const char *code;
    } cases[] = {
        {{"mary", "approved", "mary", NULL, NULL}, "SECOND_PERSON"},
        {{"otto", "approved", "anna", NULL, NULL}, "VALUE_INVALID"},
        {{"anna", "approved", NULL, NULL, NULL}, "VALUE_INVALID"},
        {{"anna", "approved", "anna otto", NULL, NULL}, "VALUE_INVALID"},
        {{"anna", "proposed", "anna", NULL, NULL}, "APPROVAL_MISSING"}, /* one is enough */
        {{"anna", "approved", "anna", "reason", "less"}, "DOCUMENT_CHANGED"},
        {{"anna", "approved", "anna", "payload", "C2"}, "DOCUMENT_CHANGED"},
        {{"anna", "approved", "anna", "needs", "2"}, "DOCUMENT_CHANGED"},
        {{"anna", "approved", "anna", "maker", "otto"}, "DOCUMENT_CHANGED"},
        {{"anna", "approved", "anna", "colour", "red"}, "DOCUMENT_CHANGED"},
        {{"anna", "approved", "anna", "on_behalf", "nobody"}, "DELEGATION_INVALID"},
        {{"anna", "done", "anna", NULL, NULL}, "DOCUMENT_STATE"},
        {{"mary", "rejected", NULL, NULL, NULL}, "SECOND_PERSON"},
        {{"anna", "rejected", "anna", NULL, NULL}, "DOCUMENT_CHANGED"},
        {{"anna", "rejected", NULL, "payload", "C1"}, "DOCUMENT_CHANGED"},
        {{"anna", "withdrawn", NULL, NULL, NULL}, "DENIED"},
        {{"anna", "lost", NULL, NULL, NULL}, "DOCUMENT_STATE"},
    };
    Desk desk;
    desk_open(&desk, BOOK);
    must_propose(&desk, "1");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *what = g_strdup_printf("case %zu", i);
        fisc_assert_text(step(&desk, "1", &cases[i].words), cases[i].code, what, __FILE__,
                         __LINE__);
        fisc_assert_text(state_of(&desk), "proposed", what, __FILE__, __LINE__);
    }
    desk_close(&desk);
}

static void
test_closed_documents_stay_closed(void)
{
    static const StepWords closings[] = {{"mary", "withdrawn", NULL, "remark", "a mistake"},
                                         {"anna", "rejected", NULL, "remark", "no"}};
    static const StepWords tries[] = {{"anna", "approved", "anna", NULL, NULL},
                                      {"mary", "proposed", NULL, NULL, NULL},
                                      {"otto", "rejected", NULL, "remark", "never"}};
    for (gsize i = 0; i < G_N_ELEMENTS(closings); i++) {
        Desk desk;
        desk_open(&desk, BOOK);
        must_propose(&desk, "1");
        FISC_ASSERT_TEXT(step(&desk, "1", &closings[i]), "");
        for (gsize k = 0; k < G_N_ELEMENTS(tries); k++) {
            FISC_ASSERT_TEXT(step(&desk, "1", &tries[k]), "DOCUMENT_STATE");
        }
        FISC_ASSERT_TEXT(desk_hand_in(&desk, carrying("anna", "1", "anna")), "DOCUMENT_STATE");
        FISC_ASSERT_TEXT(state_of(&desk), closings[i].state);
        FISC_ASSERT_INT(available(&desk), 50000);
        desk_close(&desk);
    }
}

static void
test_proposing_twice_is_once(void)
{
    Desk desk;
    desk_open(&desk, BOOK);
    must_propose(&desk, "1");
    FISC_ASSERT_INT(desk.last->events, 3); /* mary and her desk, too */
    must_propose(&desk, "1");
    FISC_ASSERT_INT(desk.last->events, 0);
    desk_close(&desk);
}

static void
test_undone_with_its_batch(void)
{
    Desk desk;
    desk_open(&desk, BOOK);
    must_propose(&desk, "1");
    fisc_engine_seal(desk.engine);
    fisc_engine_commit(desk.engine);
    FISC_ASSERT_TEXT(desk_hand_in(&desk, carrying("anna", "1", "anna")), "");
    fisc_engine_undo(desk.engine);
    FISC_ASSERT_TEXT(state_of(&desk), "proposed");
    FISC_ASSERT_INT(available(&desk), 50000);
    FISC_ASSERT_TEXT(desk_hand_in(&desk, carrying("anna", "1", "anna")), "");
    FISC_ASSERT_INT(desk.last->posted, 1);
    desk_close(&desk);
}

/* ---- events as content ---- */

static FiscSubmission *
rule_by(const char *actor)
{
    FiscSubmission *submission = fisc_submission_new("desk", actor);
    fisc_submission_event(submission, "control", "vote", "level", "track", "absent", "refuse",
                          "key", "entity programme", NULL);
    return submission;
}

static const char *
carry_out_rule(Desk *desk, const char *entity)
{
    return desk_carry(desk, "R1", "rules", entity, "mary", "anna", rule_by("anna"));
}

static void
test_rules_are_carried_out_once(void)
{
    Desk desk;
    desk_open(&desk, BOOK);
    FISC_ASSERT_TEXT(carry_out_rule(&desk, "E"), "DOCUMENT_CHANGED"); /* a rule is of the book */
    desk_close(&desk);
    desk_open(&desk, BOOK);
    FISC_ASSERT_TEXT(carry_out_rule(&desk, "*"), "");
    FISC_ASSERT_TEXT(fisc_engine_master_field(desk.engine, "control", "vote", "level"), "track");
    fisc_worksheet_run(desk.sheet, "control vote absolute refuse 'entity programme'\n");
    FiscSubmission *again = rule_by("anna");
    again->document = "R1";
    FISC_ASSERT_TEXT(desk_hand_in(&desk, again), "");
    FISC_ASSERT_TEXT(fisc_engine_master_field(desk.engine, "control", "vote", "level"), "absolute");
    desk_close(&desk);
}

/* ---- the digest ---- */

static void
write_int(GByteArray *bytes, int64_t value)
{
    uint64_t big_endian = GUINT64_TO_BE((uint64_t)value);
    g_byte_array_append(bytes, (const guint8 *)&big_endian, sizeof(big_endian));
}

static void
write_text(GByteArray *bytes, const char *text)
{
    write_int(bytes, (int64_t)strlen(text));
    g_byte_array_append(bytes, (const guint8 *)text, (guint)strlen(text));
}

static void
test_digest_has_the_documented_form(void)
{
    g_autoptr(FiscSubmission) submission = content_by("mary");
    FiscEntry *entry = submission->entries->pdata[0];
    entry->memo = "more";
    fisc_submission_event(submission, "document", "D1", "state", "done", NULL);
    fisc_submission_event(submission, "group", "G", "members", "E", NULL);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    write_text(bytes, "fisc document 1");
    write_text(bytes, "desk");
    write_int(bytes, 1);
    write_text(bytes, "group");
    write_text(bytes, "G");
    write_int(bytes, 2);
    write_text(bytes, "members");
    write_text(bytes, "E");
    write_int(bytes, 1);
    g_byte_array_append(bytes, entry->digest, sizeof entry->digest);
    write_text(bytes, "more");
    uint8_t expected[32], actual[32];
    char expected_text[FISC_HASH_TEXT], actual_text[FISC_HASH_TEXT];
    fisc_hash_data(bytes->data, bytes->len, expected);
    fisc_submission_digest(submission, actual);
    FISC_ASSERT_TEXT(fisc_hash_format(actual, actual_text),
                     fisc_hash_format(expected, expected_text));
}

const FiscTest fisc_document_tests[] = {
    {"carries a document out once a second person approves it",
     test_carried_out_by_a_second_person},
    {"makes its maker answer for the entries, and the approver for the approval",
     test_maker_answers_for_the_entries},
    {"waits for the second of two approvals, by two persons", test_two_approvals},
    {"refuses a document that asks for fewer approvals than the law", test_needs_of_the_law},
    {"gives a retry the first answer", test_retry_gets_the_first_answer},
    {"leaves a document proposed when its content is refused",
     test_refused_content_leaves_it_proposed},
    {"carries out nothing but what was approved", test_nothing_but_what_was_approved},
    {"carries out a document only as a whole", test_only_as_a_whole},
    {"refuses content that reaches beyond the document's entity", test_content_of_another_entity},
    {"refuses proposals that are none", test_proposals_that_are_none},
    {"refuses names that nobody could type", test_names_that_are_none},
    {"refuses steps by the wrong hand, out of order, or that change what was proposed",
     test_steps_that_are_refused},
    {"keeps withdrawn and rejected documents closed", test_closed_documents_stay_closed},
    {"takes a proposal made twice for one", test_proposing_twice_is_once},
    {"takes a document back with its batch", test_undone_with_its_batch},
    {"carries out a change of rules once, and not again after the rules changed",
     test_rules_are_carried_out_once},
    {"signs a digest of the documented form", test_digest_has_the_documented_form},
    {NULL, NULL},
};

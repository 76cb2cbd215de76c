/* case_test.c: procedures and cases: which step may be taken when, on what, and by whose hand:
 * decided by the pure engine, and decided again by a replay of everything (ministry.h). */
#include "core/base/hash.h"
#include "fisc/ledger.h"
#include "tests/ledger/ministry.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_case_tests[];

#define A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define C "cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc"

/* ---- a procedure of our own: folders, and sheets in them ---- */

static const struct {
    const char *step;
    const char *fields[18];
} procedures[] = {
    {"folder/open", {"from", "-", "to", "draft", "action", "budget", "right", "M"}},
    {"folder/call",
     {"from", "draft", "to", "called", "action", "budget", "right", "A", "other_hand", "Y"}},
    {"folder/close",
     {"from", "called", "to", "closed", "action", "budget", "right", "A", "other_hand", "Y",
      "carries", "children", "children", "done"}},
    {"folder/seal",
     {"from", "closed", "to", "sealed", "action", "budget", "right", "A", "document", "Y",
      "carries", "children law"}},
    {"sheet/write",
     {"from", "- open", "to", "open", "action", "budget", "right", "M", "edits", "Y", "parent",
      "draft called"}},
    {"sheet/hand_in",
     {"from", "open", "to", "done", "action", "request", "right", "A", "other_hand", "Y", "parent",
      "called"}},
    {"sheet/back",
     {"from", "done", "to", "open", "action", "budget", "right", "M", "carries", "reason", "parent",
      "called"}},
};

static void
add_procedures(Ministry *ministry)
{
    FiscSubmission *submission = ministry_begin(ministry, "founder");
    for (gsize i = 0; i < G_N_ELEMENTS(procedures); i++) {
        FiscEvent *event = fisc_submission_event(submission, "procedure", procedures[i].step, NULL);
        for (int k = 0; procedures[i].fields[k] != NULL; k++) {
            g_ptr_array_add(event->fields, (char *)procedures[i].fields[k]);
        }
    }
    FISC_ASSERT_TEXT(ministry_submit(ministry, submission), "");
}

/* ---- steps ---- */

/* A step in words. What is left NULL is as it has to be. */
typedef struct {
    const char *actor; /* "u1" or "u2 for u1" */
    const char *subject, *step;
    const char *content;
    const char *field, *value; /* one field that is not as it has to be; "" = left out */
} Words;

static const char *
field_of(const Ministry *ministry, const char *subject, const char *field)
{
    const char *value = fisc_engine_master_field(ministry->engine, "case", subject, field);
    return value != NULL ? value : "";
}

static const char *
rule_of(const Ministry *ministry, const Words *words, const char *field)
{
    g_autofree char *procedure = g_strndup(words->subject, strcspn(words->subject, "/"));
    g_autofree char *name = g_strconcat(procedure, "/", words->step, NULL);
    const char *value = fisc_engine_master_field(ministry->engine, "procedure", name, field);
    return value != NULL ? value : "";
}

static void
add_word(FiscSubmission *submission, FiscEvent *event, const Words *words, const char *name,
         const char *value)
{
    const char *said =
        words->field != NULL && strcmp(words->field, name) == 0 ? words->value : value;
    if (said != NULL && *said != '\0') {
        g_ptr_array_add(event->fields, (char *)fisc_submission_text(submission, name));
        g_ptr_array_add(event->fields, (char *)fisc_submission_text(submission, said));
    }
}

/* "folder/1" of "sheet/1/E1"; NULL for a folder. Caller frees. */
static char *
parent_of(const char *subject)
{
    g_auto(GStrv) parts = g_strsplit(subject, "/", 3);
    return g_strv_length(parts) == 3 ? g_strconcat("folder/", parts[1], NULL) : NULL;
}

/* The digest of the sheets of a folder as they are. Caller frees. */
static char *
children_of(const Ministry *ministry, const char *folder, const char *const *sheets)
{
    char hex[FISC_CASE_DIGEST_TEXT];
    FiscCaseChild children[8];
    guint count = 0;
    for (; sheets[count] != NULL; count++) {
        children[count] =
            (FiscCaseChild){sheets[count], field_of(ministry, sheets[count], "content")};
    }
    fisc_case_children_digest(children, count, hex);
    (void)folder;
    return g_strdup(hex);
}

static const char *const both_sheets[] = {"sheet/1/E1", "sheet/1/E2", NULL};

static void
add_step(Ministry *ministry, FiscSubmission *submission, const Words *words)
{
    FiscEvent *event = fisc_submission_event(submission, "case", words->subject, NULL);
    const char *now = field_of(ministry, words->subject, "content");
    bool edits = *rule_of(ministry, words, "edits") == 'Y';
    bool is_folder = g_str_has_prefix(words->subject, "folder/");
    bool has_children = strstr(rule_of(ministry, words, "carries"), "children") != NULL;
    const char *slash = strrchr(words->subject, '/');
    g_autofree char *parent = parent_of(words->subject);
    g_autofree char *children = children_of(ministry, words->subject, both_sheets);
    g_autofree char *hands =
        fisc_case_hands(field_of(ministry, words->subject, "hands"), submission->actor,
                        submission->on_behalf, *rule_of(ministry, words, "other_hand") == 'Y',
                        *rule_of(ministry, words, "document") == 'Y');
    add_word(submission, event, words, "step", words->step);
    add_word(submission, event, words, "state", rule_of(ministry, words, "to"));
    add_word(submission, event, words, "entity", is_folder ? "*" : slash + 1);
    add_word(submission, event, words, "parent", parent);
    add_word(submission, event, words, "year", is_folder ? "2024" : NULL);
    add_word(submission, event, words, "content", words->content != NULL ? words->content : now);
    add_word(submission, event, words, "base", edits ? now : NULL);
    add_word(submission, event, words, "children", has_children ? children : NULL);
    add_word(submission, event, words, "requires", NULL);
    add_word(submission, event, words, "law", strcmp(words->step, "seal") == 0 ? "L-1" : NULL);
    add_word(submission, event, words, "hands", hands);
    add_word(submission, event, words, "on_behalf", submission->on_behalf);
    add_word(submission, event, words, "reason", NULL);
}

static const char *
take(Ministry *ministry, const Words *words)
{
    FiscSubmission *submission = ministry_begin(ministry, words->actor);
    add_step(ministry, submission, words);
    return ministry_submit(ministry, submission);
}

static void
must_take(Ministry *ministry, const char *actor, const char *subject, const char *step,
          const char *content)
{
    const Words words = {actor, subject, step, content, NULL, NULL};
    fisc_assert_text(take(ministry, &words), "", step, __FILE__, __LINE__);
    if (*ministry->last != '\0') {
        FISC_ASSERT_TEXT(ministry->detail, "");
    }
}

/* ---- what is refused ---- */

/* A folder in draft with a sheet of each entity, all by mary. */
static Ministry *
in_draft(void)
{
    Ministry *ministry = ministry_new();
    add_procedures(ministry);
    must_take(ministry, "mary", "folder/1", "open", NULL);
    must_take(ministry, "mary", "sheet/1/E1", "write", A);
    must_take(ministry, "mary", "sheet/1/E2", "write", A);
    return ministry;
}

static Ministry *
called(void)
{
    Ministry *ministry = in_draft();
    must_take(ministry, "anna", "folder/1", "call", NULL);
    return ministry;
}

static Ministry *
handed_in(void)
{
    Ministry *ministry = called();
    must_take(ministry, "anna", "sheet/1/E1", "hand_in", NULL);
    must_take(ministry, "anna", "sheet/1/E2", "hand_in", NULL);
    return ministry;
}

typedef struct {
    Ministry *(*book)(void);
    const char *what;
    Words words;
    const char *expected;
    const char *says;
} RefusalCase;

static void
check_refusals(const RefusalCase *cases, gsize count)
{
    g_autoptr(Ministry) ministry = NULL;
    for (gsize i = 0; i < count; i++) {
        if (i == 0 || cases[i].book != cases[i - 1].book) { /* a refusal changes nothing */
            g_clear_pointer(&ministry, ministry_free);
            ministry = cases[i].book();
        }
        int64_t before = fisc_engine_next_item(ministry->engine);
        const char *code = take(ministry, &cases[i].words);
        fisc_assert_text(code, cases[i].expected, cases[i].what, __FILE__, __LINE__);
        fisc_assert_contains(ministry->detail, cases[i].says, cases[i].what, __FILE__, __LINE__);
        fisc_assert_int(fisc_engine_next_item(ministry->engine), before, cases[i].what, __FILE__,
                        __LINE__);
    }
}

static void
test_refuses_what_the_procedure_does_not_know(void)
{
    static const RefusalCase cases[] = {
        {in_draft,
         "no such step",
         {"anna", "folder/1", "fly", NULL, NULL, NULL},
         "VALUE_INVALID",
         "no procedure knows the step \"fly\""},
        {in_draft,
         "no such procedure",
         {"anna", "paper/1", "open", NULL, NULL, NULL},
         "VALUE_INVALID",
         "no procedure"},
        {in_draft,
         "a name without id",
         {"anna", "folder/", "open", NULL, NULL, NULL},
         "VALUE_INVALID",
         "no procedure"},
        {in_draft,
         "a step of another state",
         {"anna", "folder/1", "close", NULL, NULL, NULL},
         "CASE_STATE",
         "\"close\" leads on from \"called\", and this is in \"draft\""},
        {in_draft,
         "a case that is not there",
         {"anna", "folder/2", "call", NULL, NULL, NULL},
         "CASE_STATE",
         "this is in \"-\""},
        {in_draft,
         "another state than it leads to",
         {"anna", "folder/1", "call", NULL, "state", "closed"},
         "CASE_STATE",
         "\"call\" leads to \"called\", not to \"closed\""},
        {in_draft,
         "a parent in another state",
         {"anna", "sheet/1/E1", "hand_in", NULL, NULL, NULL},
         "CASE_STATE",
         "\"hand_in\" is possible while folder/1 is \"called\", and it is \"draft\""},
        {in_draft,
         "a parent that is not there",
         {"anna", "sheet/2/E1", "write", A, NULL, NULL},
         "CASE_STATE",
         "there is no folder/2"},
        {in_draft,
         "a part without its parent",
         {"anna", "sheet/1/E3", "write", A, "parent", ""},
         "ENTITY_UNKNOWN",
         "E3"},
        {in_draft,
         "a part that hangs elsewhere",
         {"anna", "sheet/3/E1", "write", A, "parent", "folder/1"},
         "VALUE_INVALID",
         "has another name"},
        {in_draft,
         "a part in the name of another entity",
         {"anna", "sheet/1/more/E1", "write", A, "entity", "E2"},
         "VALUE_INVALID",
         "has another name"},
        {in_draft,
         "an entity that nobody knows",
         {"anna", "sheet/1/E9", "write", A, NULL, NULL},
         "ENTITY_UNKNOWN",
         "E9"},
        {handed_in,
         "a step without its reason",
         {"anna", "sheet/1/E1", "back", NULL, NULL, NULL},
         "VALUE_MISSING",
         "\"back\" has to say its reason"},
        {handed_in,
         "closing without its children",
         {"joan", "folder/1", "close", NULL, "children", ""},
         "VALUE_MISSING",
         "its children"},
    };
    check_refusals(cases, G_N_ELEMENTS(cases));
}

static void
test_refuses_another_content(void)
{
    static const RefusalCase cases[] = {
        {called,
         "another base",
         {"mary", "sheet/1/E1", "write", B, "base", C},
         "CASE_CHANGED",
         "somebody else"},
        {called,
         "no base",
         {"mary", "sheet/1/E1", "write", B, "base", ""},
         "CASE_CHANGED",
         "somebody else"},
        {called,
         "a base of what begins",
         {"mary", "sheet/1/more/E1", "write", B, "base", C},
         "CASE_CHANGED",
         "somebody else"},
        {called,
         "a base that is no digest",
         {"mary", "sheet/1/E1", "write", B, "base", "A"},
         "VALUE_INVALID",
         "no SHA-256"},
        {called,
         "a content that is none",
         {"mary", "sheet/1/E1", "write", "much", NULL, NULL},
         "VALUE_INVALID",
         "no SHA-256"},
        {called,
         "a step that does not edit",
         {"anna", "sheet/1/E1", "hand_in", B, NULL, NULL},
         "CASE_CHANGED",
         "does not change the content"},
        {called,
         "a step that does not edit, of something else than it is",
         {"anna", "sheet/1/E1", "hand_in", NULL, "base", B},
         "CASE_CHANGED",
         "somebody else"},
        {called,
         "what it requires is another",
         {"anna", "sheet/1/E1", "hand_in", NULL, "requires", "sheet/1/E2=" B},
         "CASE_CHANGED",
         "sheet/1/E2 has changed since"},
        {called,
         "what it requires is there by now",
         {"anna", "sheet/1/E1", "hand_in", NULL, "requires", "sheet/1/E2="},
         "CASE_CHANGED",
         "sheet/1/E2 has changed since"},
        {called,
         "what it requires makes no sense",
         {"anna", "sheet/1/E1", "hand_in", NULL, "requires", "sheet/1/E2"},
         "VALUE_INVALID",
         "no CASE=SHA-256"},
        {called,
         "its children are not where they should be",
         {"joan", "folder/1", "close", NULL, NULL, NULL},
         "CASE_STATE",
         "2 are not: sheet/1/E1, sheet/1/E2"},
        {handed_in,
         "its children are others",
         {"joan", "folder/1", "close", NULL, "children", A},
         "CASE_CHANGED",
         "its parts"},
        {handed_in,
         "another year",
         {"joan", "folder/1", "close", NULL, "year", "2025"},
         "MASTER_CONFLICT",
         "year is \"2024\" and stays so"},
        {handed_in,
         "without its year",
         {"joan", "folder/1", "close", NULL, "year", ""},
         "MASTER_CONFLICT",
         "year is \"2024\" and stays so"},
        {handed_in,
         "another parent",
         {"mary", "sheet/1/E1", "back", NULL, "parent", "folder/2"},
         "MASTER_CONFLICT",
         "parent"},
    };
    check_refusals(cases, G_N_ELEMENTS(cases));
}

static void
test_asks_for_another_hand(void)
{
    static const RefusalCase cases[] = {
        {called,
         "who wrote it",
         {"mary", "sheet/1/E1", "hand_in", NULL, NULL, NULL},
         "SECOND_PERSON",
         "mary had a hand in it"},
        {called,
         "for who wrote it",
         {"anna for mary", "sheet/1/E1", "hand_in", NULL, NULL, NULL},
         "SOD_SAME_PRINCIPAL",
         "one acts for the other"},
        {called,
         "hands that are not his",
         {"joan", "sheet/1/E1", "write", B, "hands", "mary anna"},
         "VALUE_INVALID",
         "\"mary joan\", not \"mary anna\""},
        {called,
         "hands that are forgotten",
         {"joan", "sheet/1/E1", "write", B, "hands", ""},
         "VALUE_INVALID",
         "\"mary joan\""},
        {called,
         "on behalf of somebody, said by the step alone",
         {"joan", "sheet/1/E1", "write", B, "on_behalf", "anna"},
         "DELEGATION_INVALID",
         "on whose behalf"},
        {called,
         "on behalf of somebody, not said",
         {"joan for anna", "sheet/1/E1", "write", B, "on_behalf", ""},
         "DELEGATION_INVALID",
         "on whose behalf"},
        {called,
         "a person whose code has spaces",
         {"mary ann", "sheet/1/E1", "write", B, NULL, NULL},
         "VALUE_INVALID",
         "has spaces"},
    };
    check_refusals(cases, G_N_ELEMENTS(cases));
}

/* ---- what is taken ---- */

static void
test_hands_begin_anew_behind_another_hand(void)
{
    g_autoptr(Ministry) ministry = called();
    const Words back = {"mary", "sheet/1/E1", "back", NULL, "reason", "too much"};
    FISC_ASSERT_TEXT(field_of(ministry, "sheet/1/E1", "hands"), "mary");
    must_take(ministry, "joan", "sheet/1/E1", "write", B);
    FISC_ASSERT_TEXT(field_of(ministry, "sheet/1/E1", "hands"), "mary joan");
    must_take(ministry, "anna", "sheet/1/E1", "hand_in", NULL);
    FISC_ASSERT_TEXT(field_of(ministry, "sheet/1/E1", "hands"), "");
    FISC_ASSERT_TEXT(take(ministry, &back), "");
    FISC_ASSERT_TEXT(field_of(ministry, "sheet/1/E1", "hands"), "mary");
    FISC_ASSERT_TEXT(field_of(ministry, "sheet/1/E1", "content"), B);
    must_take(ministry, "joan", "sheet/1/E1", "hand_in", NULL); /* wrote before the last one */
}

static void
test_the_first_of_two_editors_wins(void)
{
    g_autoptr(Ministry) ministry = called();
    const Words late = {"anna", "sheet/1/E1", "write", C, "base", A};
    must_take(ministry, "joan", "sheet/1/E1", "write", B);
    FISC_ASSERT_TEXT(take(ministry, &late), "CASE_CHANGED");
    FISC_ASSERT_TEXT(field_of(ministry, "sheet/1/E1", "content"), B);
}

static void
test_the_same_step_again_is_no_event(void)
{
    g_autoptr(Ministry) ministry = in_draft();
    const Words again = {"mary", "sheet/1/E1", "write", A, "base", ""};
    int64_t before = fisc_engine_next_item(ministry->engine);
    FISC_ASSERT_TEXT(take(ministry, &again), "");
    FISC_ASSERT_INT(fisc_engine_next_item(ministry->engine), before);
}

static void
test_closes_over_its_children_as_they_are(void)
{
    g_autoptr(Ministry) ministry = handed_in();
    const Words back = {"mary", "sheet/1/E2", "back", NULL, "reason", "again"};
    g_autofree char *children = children_of(ministry, "folder/1", both_sheets);
    FISC_ASSERT_TEXT(take(ministry, &back), "");
    must_take(ministry, "mary", "sheet/1/E2", "write", C);
    must_take(ministry, "anna", "sheet/1/E2", "hand_in", NULL);
    const Words late = {"joan", "folder/1", "close", NULL, "children", children};
    FISC_ASSERT_TEXT(take(ministry, &late), "CASE_CHANGED");
    must_take(ministry, "joan", "folder/1", "close", NULL);
    FISC_ASSERT_TEXT(field_of(ministry, "folder/1", "state"), "closed");
}

static void
test_children_are_hashed_in_order_of_their_names(void)
{
    char hex[FISC_CASE_DIGEST_TEXT];
    char expected[FISC_HASH_TEXT];
    uint8_t hash[FISC_HASH_SIZE];
    FiscCaseChild children[] = {{"b", A}, {"a/1", NULL}, {"a", B}};
    static const char bytes[] = "a\0" B "\na/1\0\nb\0" A "\n";
    fisc_hash_data(bytes, sizeof bytes - 1, hash);
    fisc_case_children_digest(children, G_N_ELEMENTS(children), hex);
    FISC_ASSERT_TEXT(hex, fisc_hash_format(hash, expected));
    fisc_hash_data("", 0, hash);
    fisc_case_children_digest(NULL, 0, hex);
    FISC_ASSERT_TEXT(hex, fisc_hash_format(hash, expected));
}

static void
test_undo_takes_steps_and_parts_back(void)
{
    g_autoptr(Ministry) ministry = handed_in();
    g_autoptr(FiscReceipt) receipt = fisc_receipt_new();
    FiscSubmission *submission = ministry_begin(ministry, "mary");
    const Words back = {"mary", "sheet/1/E1", "back", NULL, "reason", "oh"};
    const Words more = {"mary", "sheet/1/more/E1", "write", C, NULL, NULL};
    add_step(ministry, submission, &back);
    add_step(ministry, submission, &more);
    fisc_engine_begin(ministry->engine);
    CU_ASSERT_TRUE(fisc_engine_apply(ministry->engine, submission, 0, 0, true, receipt));
    FISC_ASSERT_TEXT(field_of(ministry, "sheet/1/E1", "state"), "open");
    FISC_ASSERT_TEXT(field_of(ministry, "sheet/1/more/E1", "state"), "open");
    fisc_engine_undo(ministry->engine);
    FISC_ASSERT_TEXT(field_of(ministry, "sheet/1/E1", "state"), "done");
    FISC_ASSERT_TEXT(field_of(ministry, "sheet/1/more/E1", "state"), "");
    must_take(ministry, "joan", "folder/1", "close", NULL); /* over two children, not three */
}

/* All or nothing: the second step of the submission is refused, so the first did not happen. */
static void
test_steps_of_one_submission_stand_together(void)
{
    g_autoptr(Ministry) ministry = called();
    FiscSubmission *submission = ministry_begin(ministry, "mary");
    const Words good = {"mary", "sheet/1/E1", "write", B, NULL, NULL};
    const Words bad = {"mary", "sheet/1/E2", "write", B, "base", C};
    add_step(ministry, submission, &good);
    add_step(ministry, submission, &bad);
    FISC_ASSERT_TEXT(ministry_submit(ministry, submission), "CASE_CHANGED");
    FISC_ASSERT_TEXT(field_of(ministry, "sheet/1/E1", "content"), A);
}

/* ---- documents ---- */

static const char *
propose(Ministry *ministry, const char *actor, const char *action, const FiscSubmission *content,
        const char *state, const char *approved_by, FiscSubmission *into)
{
    uint8_t digest[FISC_HASH_SIZE];
    char hex[FISC_HASH_TEXT];
    fisc_submission_digest(content, digest);
    fisc_submission_event(
        into, "document", "D1", "state", state, "action", action, "entity", "*", "maker", actor,
        "needs", "1", "source", "desk", "digest", fisc_hash_format(digest, hex), "payload",
        strcmp(state, "done") == 0 ? NULL : "words", "approved_by", approved_by, NULL);
    return ministry->last;
}

/* Mary proposes to seal the folder by a document about @action, and anna carries it out. */
static const char *
seal_by_document(Ministry *ministry, const char *action, const Words *words)
{
    FiscSubmission *content = ministry_begin(ministry, "anna");
    FiscSubmission *proposal = ministry_begin(ministry, "mary");
    FiscSubmission *completion = ministry_begin(ministry, "anna");
    add_step(ministry, content, words);
    propose(ministry, "mary", action, content, "proposed", NULL, proposal);
    FISC_ASSERT_TEXT(ministry_submit(ministry, proposal), "");
    completion->document = "D1";
    propose(ministry, "mary", action, content, "approved", "anna", completion);
    propose(ministry, "mary", action, content, "done", "anna", completion);
    add_step(ministry, completion, words);
    return ministry_submit(ministry, completion);
}

static void
test_seals_with_a_document_only(void)
{
    const Words seal = {"anna", "folder/1", "seal", NULL, NULL, NULL};
    g_autoptr(Ministry) ministry = handed_in();
    must_take(ministry, "joan", "folder/1", "close", NULL);
    FISC_ASSERT_TEXT(take(ministry, &seal), "APPROVAL_MISSING");
    FISC_ASSERT_CONTAINS(ministry->detail, "comes with the document");
    FISC_ASSERT_TEXT(seal_by_document(ministry, "budget", &seal), "");
    FISC_ASSERT_TEXT(field_of(ministry, "folder/1", "state"), "sealed");
    FISC_ASSERT_TEXT(field_of(ministry, "folder/1", "law"), "L-1");
}

static void
test_a_document_about_something_else_does_not_seal(void)
{
    const Words seal = {"anna", "folder/1", "seal", NULL, NULL, NULL};
    g_autoptr(Ministry) ministry = handed_in();
    must_take(ministry, "joan", "folder/1", "close", NULL);
    FISC_ASSERT_TEXT(seal_by_document(ministry, "journal", &seal), "APPROVAL_MISSING");
    FISC_ASSERT_TEXT(field_of(ministry, "folder/1", "state"), "closed");
}

static void
test_a_document_takes_no_step_of_a_person(void)
{
    const Words close = {"anna", "folder/1", "close", NULL, NULL, NULL};
    g_autoptr(Ministry) ministry = handed_in();
    FISC_ASSERT_TEXT(seal_by_document(ministry, "budget", &close), "APPROVAL_MISSING");
    FISC_ASSERT_CONTAINS(ministry->detail, "by a person");
}

/* ---- duties ---- */

static Ministry *
with_duties(void)
{
    Ministry *ministry = ministry_new();
    add_procedures(ministry);
    ministry_person(ministry, "mona", "ministry_officer/*");
    ministry_person(ministry, "mark", "ministry_officer/*");
    ministry_person(ministry, "acc", "agency_accountant/E1");
    ministry_person(ministry, "app", "approver/E1");
    ministry_person(ministry, "sub", "");
    ministry_delegate(ministry, "app/sub/approver/E1", "2024-06-01", "2024-06-30");
    ministry_enforce(ministry);
    must_take(ministry, "mona", "folder/1", "open", NULL);
    must_take(ministry, "mona", "sheet/1/E1", "write", A);
    must_take(ministry, "mona", "sheet/1/E2", "write", A);
    must_take(ministry, "mark", "folder/1", "call", NULL);
    return ministry;
}

static void
test_asks_for_rights_where_duties_are_enforced(void)
{
    static const RefusalCase cases[] = {
        {with_duties,
         "an accountant writes the ministry's sheet",
         {"acc", "sheet/1/E1", "write", B, NULL, NULL},
         "DUTY_MISSING",
         "make budget of E1"},
        {with_duties,
         "an accountant hands in",
         {"acc", "sheet/1/E1", "hand_in", NULL, NULL, NULL},
         "DUTY_MISSING",
         "approve request of E1"},
        {with_duties,
         "an approver of another entity",
         {"app", "sheet/1/E2", "hand_in", NULL, NULL, NULL},
         "DUTY_MISSING",
         "approve request of E2"},
        {with_duties,
         "an approver opens a folder of the whole book",
         {"app", "folder/2", "open", NULL, NULL, NULL},
         "DUTY_MISSING",
         "make budget of *"},
        {with_duties,
         "somebody whom nobody knows",
         {"zoe", "sheet/1/E1", "hand_in", NULL, NULL, NULL},
         "DUTY_MISSING",
         ""},
        {with_duties,
         "a delegate in his own name",
         {"sub", "sheet/1/E1", "hand_in", NULL, NULL, NULL},
         "DUTY_MISSING",
         ""},
    };
    check_refusals(cases, G_N_ELEMENTS(cases));
}

static void
test_a_delegate_hands_in_for_his_principal(void)
{
    g_autoptr(Ministry) ministry = with_duties();
    must_take(ministry, "sub for app", "sheet/1/E1", "hand_in", NULL);
    FISC_ASSERT_TEXT(field_of(ministry, "sheet/1/E1", "on_behalf"), "app");
}

static void
test_procedures_are_rules_of_the_book(void)
{
    g_autoptr(Ministry) ministry = with_duties();
    ministry_event(ministry, "mona", "procedure", "folder/call", "from", "draft", "to", "called",
                   "action", "budget", "right", "A", NULL);
    FISC_ASSERT_TEXT(ministry->last, "APPROVAL_MISSING");
}

static void
test_refuses_procedures_that_make_no_sense(void)
{
    static const struct {
        const char *subject, *field, *value;
    } cases[] = {
        {"folder", "to", "x"},         {"folder/", "to", "x"},
        {"/open", "to", "x"},          {"folder/a b", "to", "x"},
        {"folder/a/b", "to", "x"},     {"folder/a", "to", ""},
        {"folder/a", "to", "x y"},     {"folder/a", "right", "V"},
        {"folder/a", "edits", "yes"},  {"folder/a", "other_hands", "Y"},
        {"folder/a", "document", "N"},
    };
    g_autoptr(Ministry) ministry = ministry_new();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        bool is_to = strcmp(cases[i].field, "to") == 0;
        bool is_right = strcmp(cases[i].field, "right") == 0;
        const char *code = ministry_event(ministry, "founder", "procedure", cases[i].subject,
                                          "from", "-", "to", is_to ? cases[i].value : "x", "action",
                                          "budget", "right", is_right ? cases[i].value : "M",
                                          is_to || is_right ? "article" : cases[i].field,
                                          is_to || is_right ? "1" : cases[i].value, NULL);
        fisc_assert_text(code, "VALUE_INVALID", cases[i].subject, __FILE__, __LINE__);
    }
}

/* ---- on record ---- */

/* What a replay says of an event that stands in the log though no engine would have taken it. */
static char *
objection_to(Ministry *ministry, const char *actor, const Words *words)
{
    g_autoptr(FiscRefusals) objections = fisc_refusals_new();
    FiscSubmission *submission = ministry_begin(ministry, actor);
    add_step(ministry, submission, words);
    const FiscMaster *person = fisc_engine_master(ministry->engine, "person", actor);
    const FiscMaster *old = fisc_engine_master(ministry->engine, "case", words->subject);
    fisc_replay_time(ministry->replay, 0);
    fisc_replay_event(ministry->replay, submission->events->pdata[0], old->number, person->number,
                      objections);
    const FiscRefusal *first = objections->len > 0 ? objections->pdata[0] : NULL;
    return g_strdup(first != NULL ? first->detail : "");
}

static void
test_a_replay_objects_to_forged_steps(void)
{
    static const struct {
        const char *actor, *step, *content, *says;
        const char *subject;
    } cases[] = {
        {"mary", "hand_in", NULL, "mary had a hand in it", "sheet/1/E1"},
        {"anna", "hand_in", B, "does not change the content", "sheet/1/E1"},
        {"anna", "close", NULL, "2 are not", "folder/1"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Ministry) ministry = called();
        const Words words = {
            cases[i].actor, cases[i].subject, cases[i].step, cases[i].content, NULL, NULL};
        g_autofree char *objection = objection_to(ministry, cases[i].actor, &words);
        FISC_ASSERT_CONTAINS(objection, cases[i].says);
    }
}

static void
test_a_replay_misses_the_document_of_a_step(void)
{
    g_autoptr(Ministry) ministry = handed_in();
    const Words seal = {"anna", "folder/1", "seal", NULL, NULL, NULL};
    must_take(ministry, "joan", "folder/1", "close", NULL);
    g_autofree char *objection = objection_to(ministry, "anna", &seal);
    FISC_ASSERT_CONTAINS(objection, "no document approves it");
}

/* Random walks of four persons over two folders, each decided again by the replay; the hands are
 * counted by the test, too. */
static void
test_random_walks_are_decided_again(void)
{
    static const char *const persons[] = {"mary", "anna", "joan", "paul"};
    static const char *const subjects[] = {"folder/1", "sheet/1/E1", "sheet/1/E2"};
    static const char *const steps[] = {"open", "call", "close", "write", "hand_in", "back"};
    static const char *const contents[] = {A, B, C};
    g_autoptr(Ministry) ministry = ministry_new();
    g_autoptr(GRand) random = g_rand_new_with_seed(20260622);
    int taken = 0;
    add_procedures(ministry);
    for (int i = 0; i < 1500; i++) {
        const char *subject = subjects[g_rand_int_range(random, 0, 3)];
        bool is_folder = g_str_has_prefix(subject, "folder/");
        const char *step = steps[g_rand_int_range(random, is_folder ? 0 : 3, is_folder ? 3 : 6)];
        const char *actor = persons[g_rand_int_range(random, 0, 4)];
        const char *content = contents[g_rand_int_range(random, 0, 3)];
        const Words words = {actor,
                             subject,
                             step,
                             strcmp(step, "write") == 0 ? content : NULL,
                             strcmp(step, "back") == 0 ? "reason" : NULL,
                             "because"};
        g_auto(GStrv) hands = g_strsplit(field_of(ministry, subject, "hands"), " ", -1);
        bool has_hand = g_strv_contains((const char *const *)hands, actor);
        bool is_other = *rule_of(ministry, &words, "other_hand") == 'Y';
        const char *code = take(ministry, &words);
        if (*code == '\0') {
            CU_ASSERT_FALSE(is_other && has_hand);
            taken++;
        } else if (strcmp(code, "SECOND_PERSON") == 0) {
            CU_ASSERT_TRUE(is_other && has_hand);
        }
    }
    CU_ASSERT_TRUE(taken > 20);
}

const FiscTest fisc_case_tests[] = {
    {"refuses what the procedure does not know", test_refuses_what_the_procedure_does_not_know},
    {"refuses another content than the one that was seen", test_refuses_another_content},
    {"asks for another hand", test_asks_for_another_hand},
    {"begins the hands anew behind another hand", test_hands_begin_anew_behind_another_hand},
    {"lets the first of two editors win", test_the_first_of_two_editors_wins},
    {"keeps no event of the same step again", test_the_same_step_again_is_no_event},
    {"closes over its children as they are", test_closes_over_its_children_as_they_are},
    {"hashes children in order of their names", test_children_are_hashed_in_order_of_their_names},
    {"takes steps and parts back", test_undo_takes_steps_and_parts_back},
    {"takes the steps of one submission together", test_steps_of_one_submission_stand_together},
    {"seals with a document only", test_seals_with_a_document_only},
    {"does not seal by a document about something else",
     test_a_document_about_something_else_does_not_seal},
    {"lets no document take a person's step", test_a_document_takes_no_step_of_a_person},
    {"asks for rights where duties are enforced", test_asks_for_rights_where_duties_are_enforced},
    {"lets a delegate hand in for his principal", test_a_delegate_hands_in_for_his_principal},
    {"protects procedures as rules of the book", test_procedures_are_rules_of_the_book},
    {"refuses procedures that make no sense", test_refuses_procedures_that_make_no_sense},
    {"objects to forged steps on record", test_a_replay_objects_to_forged_steps},
    {"misses the document of a step on record", test_a_replay_misses_the_document_of_a_step},
    {"decides random walks again", test_random_walks_are_decided_again},
    {NULL, NULL},
};

/* hold_test.c: what an auditor holds goes nowhere: not as an entry, not as a document, not by
 * whoever asks; and only auditors place and release. Everything is decided again by the replay. */
#include "tests/ledger/paper.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_hold_tests[];

#define DAY_US (G_GINT64_CONSTANT(86400) * G_USEC_PER_SEC)

static const Paper order = {"D1", "commitment", "E1", "1", .move = "available>commitment 100 PO"};
static const Paper payment = {"D3", "payment", "E1", "2", .move = "available>payment 100"};

static Ministry *
ministry_with_auditors(void)
{
    static const char *const persons[][2] = {
        {"u1", "agency_accountant/E1"}, {"u2", "agency_accountant/E2"}, {"a1", "approver/E1"},
        {"p1", "treasury_payer/*"},     {"p2", "treasury_payer/*"},     {"p3", "treasury_payer/*"},
        {"o1", "ministry_officer/*"},   {"aud", "auditor/*"},           {"aud2", "auditor/*"},
        {"aud1", "auditor/E1"},
    };
    Ministry *ministry = ministry_new();
    for (gsize i = 0; i < G_N_ELEMENTS(persons); i++) {
        ministry_person(ministry, persons[i][0], persons[i][1]);
    }
    return ministry;
}

static const char *
place(Ministry *ministry, const char *actor, const char *hold, const char *about, const char *code,
      const char *entity)
{
    g_autofree char *person = g_strndup(actor, strcspn(actor, " "));
    return ministry_event(ministry, actor, "hold", hold, "state", "placed", "about", about, "code",
                          code, "entity", entity, "placed_by", person, "since", "2024-06-15",
                          "reason", "two invoices of one delivery", NULL);
}

/* In the words of the placing, as they are on record. */
static const char *
let_go(Ministry *ministry, const char *actor, const char *hold)
{
    static const char *const kept[] = {"about", "code", "entity", "placed_by", "since", "reason"};
    FiscSubmission *submission = ministry_begin(ministry, actor);
    FiscEvent *event = fisc_submission_event(submission, "hold", hold, "state", "released", NULL);
    char today[FISC_DATE_TEXT];
    for (gsize i = 0; i < G_N_ELEMENTS(kept); i++) {
        const char *value = fisc_engine_master_field(ministry->engine, "hold", hold, kept[i]);
        g_ptr_array_add(event->fields, (char *)kept[i]);
        g_ptr_array_add(event->fields, (char *)fisc_submission_text(submission, value));
    }
    const char *const more[] = {"released_by", actor,
                                "released_on", fisc_date_format(ministry->today, today),
                                "remark",      "explained"};
    for (gsize i = 0; i < G_N_ELEMENTS(more); i++) {
        g_ptr_array_add(event->fields, (char *)fisc_submission_text(submission, more[i]));
    }
    return ministry_submit(ministry, submission);
}

/* An entry of two lines that pays a payee, in an open book. */
static const char *
pay(Ministry *ministry, const char *entity, const char *payee, const char *document)
{
    FiscSubmission *submission = ministry_begin(ministry, "founder");
    FiscEntry *entry = fisc_submission_entry(submission);
    g_autofree char *reference = g_strdup_printf("P%d", ++ministry->count);
    entry->reference = fisc_submission_text(submission, reference);
    entry->entity = fisc_submission_text(submission, entity);
    entry->document = fisc_submission_text(submission, document);
    entry->effective = fisc_date_make(2024, 6, 15);
    *fisc_entry_line(entry) = (FiscLine){.account = "22", .amount = 100};
    *fisc_entry_line(entry) = (FiscLine){.account = "3202", .amount = -100};
    FiscLine *lines = (FiscLine *)(void *)entry->lines->data;
    lines[1].dim[FISC_DIM_CASH_COUNTERPARTY] = fisc_submission_text(submission, payee);
    lines[0].dim[FISC_DIM_PROGRAMME] = "231";
    fisc_entry_digest(entry);
    return ministry_submit(ministry, submission);
}

/* What each kind of hold stops, and what passes beside it. */
static void
test_what_is_held(void)
{
    static const struct {
        const char *about, *code, *entity; /* the hold */
        const char *of, *payee, *document; /* the entry */
        const char *expected;
    } cases[] = {
        {"entity", "E1", "E1", "E1", NULL, NULL, "HELD"},
        {"entity", "E1", "E1", "E2", "E1", NULL, ""},
        {"payee", "E2", "*", "E1", "E2", NULL, "HELD"},
        {"payee", "E2", "*", "E1", NULL, NULL, ""},
        {"payee", "E2", "E2", "E1", "E2", NULL, ""}, /* only in the books of E2 */
        {"document", "V-1", "*", "E1", NULL, "V-1", "HELD"},
        {"document", "V-1", "E1", "E1", NULL, "V-1", "HELD"},
        {"document", "V-1", "E2", "E1", NULL, "V-1", ""},
        {"document", "V-1", "*", "E1", NULL, "V-11", ""},
        {"line", "programme=231", "*", "E2", NULL, NULL, "HELD"},
        {"line", "programme=23*", "E1", "E1", NULL, NULL, "HELD"},
        {"line", "programme=23*", "E1", "E2", NULL, NULL, ""},
        {"line", "entity=E1 programme=231", "E1", "E1", NULL, NULL, "HELD"},
        {"line", "programme=24*", "*", "E1", NULL, NULL, ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Ministry) ministry = ministry_new();
        g_autofree char *what =
            g_strdup_printf("hold of %s %s at %s", cases[i].about, cases[i].code, cases[i].entity);
        ministry_person(ministry, "aud", "auditor/*");
        fisc_assert_text(
            place(ministry, "aud", "H1", cases[i].about, cases[i].code, cases[i].entity), "", what,
            __FILE__, __LINE__);
        fisc_assert_text(pay(ministry, cases[i].of, cases[i].payee, cases[i].document),
                         cases[i].expected, what, __FILE__, __LINE__);
        fisc_assert_text(let_go(ministry, "aud", "H1"), "", what, __FILE__, __LINE__);
        fisc_assert_text(pay(ministry, cases[i].of, cases[i].payee, cases[i].document), "", what,
                         __FILE__, __LINE__);
    }
}

static void
test_says_who_since_when_and_why(void)
{
    g_autoptr(Ministry) ministry = ministry_with_auditors();
    FISC_ASSERT_TEXT(place(ministry, "aud", "H1", "payee", "E2", "*"), "");
    FISC_ASSERT_TEXT(pay(ministry, "E1", "E2", NULL), "HELD");
    FISC_ASSERT_CONTAINS(ministry->detail, "aud holds the payee E2 since 2024-06-15 (hold H1)");
    FISC_ASSERT_CONTAINS(ministry->detail, "two invoices of one delivery");
}

/* A hold on an order also stops who takes the order up under another name. */
static void
test_holds_the_open_item(void)
{
    g_autoptr(Ministry) ministry = ministry_new();
    FISC_ASSERT_TEXT(ministry_move(ministry, "founder", "E1", "available>commitment 100 PO"), "");
    FISC_ASSERT_TEXT(place(ministry, "aud", "H1", "document", "PO", "E1"), "");
    FISC_ASSERT_TEXT(ministry_move(ministry, "founder", "E1", "available>obligation 50 INV PO"),
                     "HELD");
    FISC_ASSERT_TEXT(
        ministry_event(ministry, "founder", "item", "E1/PO", "expires", "2024-12-31", NULL),
        "HELD");
    FISC_ASSERT_TEXT(ministry_move(ministry, "founder", "E2", "available>obligation 50 INV"), "");
    FISC_ASSERT_TEXT(let_go(ministry, "aud2", "H1"), "");
    FISC_ASSERT_TEXT(ministry_move(ministry, "founder", "E1", "available>obligation 50 INV PO"),
                     "");
}

static void
test_document_waits(void)
{
    g_autoptr(Ministry) ministry = ministry_with_auditors();
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(paper_propose(ministry, &order, "u1"), "");
    FISC_ASSERT_TEXT(place(ministry, "aud", "H1", "document", "D1", "E1"), "");
    FISC_ASSERT_TEXT(paper_finish(ministry, &order, "a1"), "HELD");
    FISC_ASSERT_TEXT(paper_sign(ministry, &order, "a1"), "HELD");
    FISC_ASSERT_TEXT(let_go(ministry, "aud", "H1"), "");
    FISC_ASSERT_TEXT(paper_sign(ministry, &order, "a1"), "");
    FISC_ASSERT_TEXT(place(ministry, "aud", "H2", "entity", "E1", "E1"), "");
    FISC_ASSERT_TEXT(paper_carry(ministry, &order, "a1"), "HELD");
    FISC_ASSERT_TEXT(let_go(ministry, "aud", "H2"), "");
    FISC_ASSERT_TEXT(paper_carry(ministry, &order, "a1"), "");
}

/* What goes back is no step towards the money. */
static void
test_may_be_taken_back(void)
{
    g_autoptr(Ministry) ministry = ministry_with_auditors();
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(paper_propose(ministry, &order, "u1"), "");
    FISC_ASSERT_TEXT(place(ministry, "aud1", "H1", "document", "D1", "E1"), "");
    FISC_ASSERT_TEXT(paper_finish(ministry, &order, "a1"), "HELD");
    FISC_ASSERT_TEXT(paper_end(ministry, &order, "a1", "rejected"), "");
}

/* Who may place and release, by the matrix as shipped. */
static void
test_only_auditors(void)
{
    static const struct {
        const char *actor, *about, *code, *entity, *expected;
    } cases[] = {
        {"u1", "document", "V-1", "E1", "DUTY_MISSING"},
        {"o1", "document", "V-1", "E1", "DUTY_MISSING"},
        {"a1", "entity", "E1", "E1", "DUTY_MISSING"},
        {"p1", "payee", "E2", "*", "DUTY_MISSING"},
        {"ada", "payee", "E2", "*", "DUTY_MISSING"},
        {"sol", "line", "programme=2", "*", "DUTY_MISSING"},
        {"ghost", "payee", "E2", "*", "PERSON_UNKNOWN"},
        {"aud1", "payee", "E2", "*", "DUTY_MISSING"}, /* beyond where he is auditor */
        {"aud1", "payee", "E2", "E1", ""},
        {"aud1", "line", "programme=2", "E1", ""},
        {"aud1", "entity", "E2", "E2", "DUTY_MISSING"},
        {"aud", "payee", "E2", "*", ""},
        {"aud", "document", "D1", "E1", ""},
        {"u1 for aud", "document", "V-1", "E1", "DELEGATION_INVALID"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Ministry) ministry = ministry_with_auditors();
        ministry_enforce(ministry);
        fisc_assert_text(
            place(ministry, cases[i].actor, "H1", cases[i].about, cases[i].code, cases[i].entity),
            cases[i].expected, cases[i].actor, __FILE__, __LINE__);
        if (*cases[i].expected == '\0') {
            FISC_ASSERT_TEXT(let_go(ministry, "u1", "H1"), "DUTY_MISSING");
            FISC_ASSERT_TEXT(let_go(ministry, "o1", "H1"), "DUTY_MISSING");
            FISC_ASSERT_TEXT(let_go(ministry, "aud2", "H1"), "");
            FISC_ASSERT_TEXT(let_go(ministry, "aud2", "H1"), ""); /* the same again is a retry */
        }
    }
}

static void
test_documents_by_their_action(void)
{
    const Paper virement = {"D9", "budget", "E1", "1", .move = "change>available 100"};
    g_autoptr(Ministry) ministry = ministry_with_auditors();
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(paper_propose(ministry, &virement, "o1"), "");
    FISC_ASSERT_TEXT(place(ministry, "aud", "H1", "document", "D9", "E1"), "DUTY_MISSING");
    FISC_ASSERT_CONTAINS(ministry->detail, "to hold: budget");
    FISC_ASSERT_TEXT(paper_propose(ministry, &payment, "p1"), "");
    FISC_ASSERT_TEXT(place(ministry, "aud", "H1", "document", "D3", "*"), "");
    FISC_ASSERT_TEXT(place(ministry, "aud", "H2", "document", "D9", "*"), "DUTY_MISSING");
    FISC_ASSERT_TEXT(paper_approve(ministry, &payment, "p2"), "HELD");
}

/* Nobody changes the rule alone, and what it says is asked. */
static void
test_rule_of_release(void)
{
    g_autoptr(Ministry) ministry = ministry_with_auditors();
    FISC_ASSERT_TEXT(ministry_event(ministry, "ada", "hold_rule", "release", "by", "anybody", NULL),
                     "VALUE_INVALID");
    FISC_ASSERT_TEXT(ministry_event(ministry, "ada", "hold_rule", "release", "by", "placer", NULL),
                     "");
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(ministry_event(ministry, "ada", "hold_rule", "release", "by", "any", NULL),
                     "APPROVAL_MISSING");
    FISC_ASSERT_TEXT(ministry_event(ministry, "o1", "hold_rule", "release", "by", "any", NULL),
                     "DUTY_MISSING");
    FISC_ASSERT_TEXT(place(ministry, "aud", "H1", "payee", "E2", "*"), "");
    FISC_ASSERT_TEXT(let_go(ministry, "aud2", "H1"), "DENIED");
    FISC_ASSERT_CONTAINS(ministry->detail, "only aud, who placed it, releases it");
    /* Once he is no auditor any more, another one does. */
    FISC_ASSERT_TEXT(ministry_event(ministry, "ada", "grant", "aud/auditor/*", "state", "revoked",
                                    "maker", "ada", "checker", "sol", NULL),
                     "");
    FISC_ASSERT_TEXT(let_go(ministry, "aud", "H1"), "DUTY_MISSING");
    FISC_ASSERT_TEXT(let_go(ministry, "aud2", "H1"), "");
}

static void
test_what_a_hold_must_be(void)
{
    static const struct {
        const char *hold, *about, *code, *entity, *placed_by, *since, *reason, *expected;
    } cases[] = {
        {"H 1", "payee", "E2", "*", "aud", "2024-06-15", "why", "VALUE_INVALID"},
        {"a/b", "payee", "E2", "*", "aud", "2024-06-15", "why", "VALUE_INVALID"},
        {"H1", "person", "u1", "*", "aud", "2024-06-15", "why", "VALUE_INVALID"},
        {"H1", "payee", "nobody", "*", "aud", "2024-06-15", "why", "COUNTERPARTY_UNKNOWN"},
        {"H1", "payee", "E2", "E9", "aud", "2024-06-15", "why", "ENTITY_UNKNOWN"},
        {"H1", "entity", "E1", "E2", "aud", "2024-06-15", "why", "VALUE_INVALID"},
        {"H1", "line", "programme", "*", "aud", "2024-06-15", "why", "VALUE_INVALID"},
        {"H1", "line", "entity=E1 programme=1", "*", "aud", "2024-06-15", "why", "VALUE_INVALID"},
        {"H1", "payee", "E2", "*", "ben", "2024-06-15", "why", "VALUE_INVALID"},
        {"H1", "payee", "E2", "*", "aud", "2024-06-13", "why", "DATE_INVALID"},
        {"H1", "payee", "E2", "*", "aud", "2024-06-16", "why", "DATE_INVALID"},
        {"H1", "payee", "E2", "*", "aud", "2024-06-15", NULL, "VALUE_MISSING"},
        {"H1", "payee", "E2", "*", "aud", "2024-06-14", "why", ""}, /* midnight has passed */
    };
    g_autoptr(Ministry) ministry = ministry_new();
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        fisc_assert_text(ministry_event(ministry, "aud", "hold", cases[i].hold, "state", "placed",
                                        "about", cases[i].about, "code", cases[i].code, "entity",
                                        cases[i].entity, "placed_by", cases[i].placed_by, "since",
                                        cases[i].since, "reason", cases[i].reason, NULL),
                         cases[i].expected, cases[i].code, __FILE__, __LINE__);
    }
    /* What was placed is not placed again in other words, and not once more when it was released.
     */
    FISC_ASSERT_TEXT(place(ministry, "aud", "H1", "payee", "E1", "*"), "MASTER_CONFLICT");
    FISC_ASSERT_TEXT(let_go(ministry, "aud", "H1"), "");
    FISC_ASSERT_TEXT(ministry_event(ministry, "aud", "hold", "H1", "state", "placed", "about",
                                    "payee", "code", "E2", "entity", "*", "placed_by", "aud",
                                    "since", "2024-06-14", "reason", "why", NULL),
                     "DOCUMENT_STATE");
}

/* The log of a book whose engine had forgotten a hold: decided again, it is named. */
static void
test_replay_objects(void)
{
    g_autoptr(Ministry) ministry = ministry_new();
    g_autoptr(FiscRefusals) objections = fisc_refusals_new();
    g_autoptr(FiscReceipt) receipt = fisc_receipt_new();
    FISC_ASSERT_TEXT(ministry_move(ministry, "founder", "E1", "available>commitment 100 PO"), "");
    FISC_ASSERT_TEXT(place(ministry, "aud", "H1", "document", "PO", "E1"), "");
    g_ptr_array_set_size(ministry->engine->holds, 0);
    FiscSubmission *submission = ministry_begin(ministry, "founder");
    ministry_add_move(ministry, submission, "E1", "available>obligation 50 INV PO");
    fisc_engine_begin(ministry->engine);
    fisc_engine_set_time(ministry->engine, ministry->today * DAY_US);
    CU_ASSERT_TRUE_FATAL(fisc_engine_apply(ministry->engine, submission, 0, 1, true, receipt));
    const FiscBatch *batch = fisc_engine_seal(ministry->engine);
    for (guint i = 0; i < batch->codings->len; i++) {
        fisc_replay_coding(ministry->replay, &g_array_index(batch->codings, FiscDecidedCoding, i),
                           objections);
    }
    fisc_replay_entry(ministry->replay, batch->entries->pdata[0], objections);
    FISC_ASSERT_INT(objections->len, 1);
    FISC_ASSERT_CONTAINS(((const FiscRefusal *)objections->pdata[0])->detail,
                         "it touches the document PO, which aud held then (hold H1)");
}

/* A refused submission takes the hold that came with it back. */
static void
test_is_undone(void)
{
    g_autoptr(Ministry) ministry = ministry_new();
    FiscSubmission *submission = ministry_begin(ministry, "aud");
    fisc_submission_event(submission, "hold", "H1", "state", "placed", "about", "entity", "code",
                          "E1", "entity", "E1", "placed_by", "aud", "since", "2024-06-15", "reason",
                          "why", NULL);
    ministry_add_move(ministry, submission, "E1", "available>commitment 100");
    FISC_ASSERT_TEXT(ministry_submit(ministry, submission), "HELD");
    FISC_ASSERT_INT(ministry->engine->holds->len, 0);
    FISC_ASSERT_TEXT(ministry_move(ministry, "founder", "E1", "available>commitment 100"), "");
}

const FiscTest fisc_hold_tests[] = {
    {"stops what it is about, until it is released", test_what_is_held},
    {"says who holds it, since when and why", test_says_who_since_when_and_why},
    {"follows the open item under another name", test_holds_the_open_item},
    {"keeps an approved document from being carried out", test_document_waits},
    {"lets a held document be rejected", test_may_be_taken_back},
    {"is placed and released by auditors only", test_only_auditors},
    {"takes the right to hold what the document is about", test_documents_by_their_action},
    {"is released by who placed it where the rule says so", test_rule_of_release},
    {"refuses what is no hold", test_what_a_hold_must_be},
    {"is decided again from the log", test_replay_objects},
    {"goes with the submission that is refused", test_is_undone},
    {NULL, NULL},
};

/* duty_attack_test.c: what somebody would try who wants to do alone what takes two. */
#include "tests/ledger/paper.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_duty_attack_tests[];

/* u1 and u3 keep the accounts of E1, a1 to a3 approve there, p1 to p3 pay, o1 to o3 are of the
 * ministry; d1 and d2 hold nothing. Duties are not enforced yet. */
static Ministry *
ministry_under_attack(void)
{
    static const char *const persons[][2] = {
        {"u1", "agency_accountant/E1"},
        {"u3", "agency_accountant/E1"},
        {"a1", "approver/E1"},
        {"a2", "approver/E1"},
        {"a3", "approver/*"},
        {"p1", "treasury_payer/*"},
        {"p2", "treasury_payer/*"},
        {"p3", "treasury_payer/*"},
        {"o1", "ministry_officer/*"},
        {"o2", "ministry_officer/*"},
        {"o3", "ministry_officer/*"},
        {"d1", ""},
        {"d2", ""},
        {"u4", "agency_accountant/*"},
    };
    Ministry *ministry = ministry_new();
    for (gsize i = 0; i < G_N_ELEMENTS(persons); i++) {
        ministry_person(ministry, persons[i][0], persons[i][1]);
    }
    return ministry;
}

static const Paper order = {"D1", "commitment", "E1", "1", .move = "available>commitment 100 PO"};
static const Paper two = {"D2", "claim", "E1", "2", .move = "available>obligation 100 INV"};
static const Paper claim = {"D3", "claim", "E1", "1", .move = "available>obligation 100 INV"};

/* Smuggling ---------------------------------------------------------------------------------- */

/* An order whose payload has something else inside: its approver has seen an order. */
static void
test_smuggled_in_a_document(void)
{
    static const struct {
        const char *kind, *subject, *name, *value;
    } goods[] = {
        {"delegation", "a3/u4/approver/*", "state", "active"},
        {"grant", "u4/approver/*", "state", "proposed"},
        {"person", "a1", "state", "disabled"},
        {"policy", "duties", "enforced", "no"},
        {"conflict", "claim/commitment", "holds", "no"},
        {"duty", "agency_accountant/payment", "rights", "MR"},
        {"approvals", "payment", "needs", "0"},
        {"exclusion", "approver/auditor", "holds", "no"},
        {"account", "999", "class", "expense"},
        {"entity", "E9", "name", "E9"},
        {"control", "free", "level", "none"},
        {"virement_rule", "free", "cap", "0"},
        {"linked_set", "free", "accounts", "22"},
        {"segment", "programme/1", "name", "One"},
        {"period", "202401", "state", "closed"},
        {"override", "O1", "amount", "5"},
        {"group", "G", "name", "All"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(goods); i++) {
        g_autoptr(Ministry) ministry = ministry_under_attack();
        const Paper paper = {"D1",
                             "commitment",
                             "*",
                             "1",
                             .kind = goods[i].kind,
                             .subject = goods[i].subject,
                             .name = goods[i].name,
                             .value = goods[i].value};
        ministry_enforce(ministry);
        FISC_ASSERT_TEXT(paper_propose(ministry, &paper, "u4"), "");
        fisc_assert_text(paper_finish(ministry, &paper, "a3"), "APPROVAL_MISSING", goods[i].kind,
                         __FILE__, __LINE__);
    }
}

/* Beside an entry that its maker may post. */
static void
test_smuggled_beside_an_entry(void)
{
    g_autoptr(Ministry) ministry = ministry_under_attack();
    ministry_drop_approvals(ministry);
    ministry_enforce(ministry);
    FiscSubmission *submission = ministry_begin(ministry, "u1");
    fisc_submission_event(submission, "grant", "u1/treasury_payer/*", "state", "proposed", "maker",
                          "u1", NULL);
    ministry_add_move(ministry, submission, "E1", "available>commitment 1");
    FISC_ASSERT_TEXT(ministry_submit(ministry, submission), "DUTY_MISSING");
    CU_ASSERT_PTR_NULL(fisc_registry_grant(ministry->engine->registry, "u1/treasury_payer/*"));
}

/* Documents ---------------------------------------------------------------------------------- */

static void
test_other_content(void)
{
    static const Paper others[] = {
        {"D3", "claim", "E1", "1", .move = "available>obligation 101 INV"},
        {"D3", "claim", "E1", "1", .move = "available>obligation 100 INV2"},
        {"D3", "claim", "E1", "1", .move = "available>obligation 100 INV PO"},
        {"D3", "claim", "E2", "1", .move = "available>obligation 100 INV"},
        {"D4", "claim", "E1", "1", .move = "available>obligation 100 INV"},
        {"D3", "claim", "E1", "1", .move = "available>obligation 100 INV", .kind = "item",
         .subject = "E1/INV", .name = "expires", .value = "2024-01-01"},
        {"D3", "claim", "E1", "1"}, /* nothing: done by saying so */
    };
    g_autoptr(Ministry) ministry = ministry_under_attack();
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(paper_propose(ministry, &claim, "u1"), "");
    for (gsize i = 0; i < G_N_ELEMENTS(others); i++) {
        g_autofree char *what = g_strdup_printf("content %d", (int)i);
        fisc_assert_text(paper_finish_with(ministry, &claim, "a1", &others[i]), "DOCUMENT_CHANGED",
                         what, __FILE__, __LINE__);
    }
    FISC_ASSERT_TEXT(paper_finish(ministry, &claim, "a1"), "");
    FISC_ASSERT_TEXT(paper_end(ministry, &claim, "a1", "proposed"), "DOCUMENT_STATE");
    FISC_ASSERT_TEXT(paper_end(ministry, &claim, "u1", "withdrawn"), "DOCUMENT_STATE");
}

static void
test_withdrawn(void)
{
    g_autoptr(Ministry) ministry = ministry_under_attack();
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(paper_propose(ministry, &claim, "u1"), "");
    FISC_ASSERT_TEXT(paper_end(ministry, &claim, "u1", "withdrawn"), "");
    FISC_ASSERT_TEXT(paper_finish(ministry, &claim, "a1"), "DOCUMENT_STATE");
    FISC_ASSERT_TEXT(paper_propose(ministry, &claim, "u1"), "DOCUMENT_STATE");
}

/* Approved yesterday, carried out today: whoever signed still has to be who may sign. */
static void
test_signatures_that_lapsed(void)
{
    static const struct {
        const char *kind, *subject, *expected;
    } losses[] = {
        {NULL, NULL, ""},
        {"grant", "a1/approver/E1", "DUTY_MISSING"},
        {"grant", "u1/agency_accountant/E1", "DUTY_MISSING"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(losses); i++) {
        g_autoptr(Ministry) ministry = ministry_under_attack();
        ministry_enforce(ministry);
        FISC_ASSERT_TEXT(paper_propose(ministry, &claim, "u1"), "");
        FISC_ASSERT_TEXT(paper_sign(ministry, &claim, "a1"), "");
        if (losses[i].kind != NULL) {
            FISC_ASSERT_TEXT(ministry_event(ministry, "sol", losses[i].kind, losses[i].subject,
                                            "state", "revoked", "maker", "ada", "checker", "sol",
                                            NULL),
                             "");
        }
        fisc_assert_text(paper_carry(ministry, &claim, "u1"), losses[i].expected,
                         losses[i].subject != NULL ? losses[i].subject : "nothing", __FILE__,
                         __LINE__);
    }
}

/* Signatures of names that nobody knew, collected while everything was allowed. */
static void
test_signed_before_duties_were_in_force(void)
{
    g_autoptr(Ministry) ministry = ministry_under_attack();
    FISC_ASSERT_TEXT(paper_propose(ministry, &two, "u1"), "");
    FISC_ASSERT_TEXT(paper_approve(ministry, &two, "ghost"), "");
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(paper_finish(ministry, &two, "a1"), "DUTY_MISSING");
    FISC_ASSERT_CONTAINS(ministry->detail, "ghost has approved it");
}

/* One principal has one vote, whoever casts it and whether or not the delegation goes on. */
static void
test_one_principal_one_vote(void)
{
    static const struct {
        const char *first, *second, *expected;
        bool is_revoked;
    } cases[] = {
        {"d1 for a1", "a2", "", false},
        {"d1 for a1", "d2 for a1", "SOD_SAME_PRINCIPAL", false},
        {"d1 for a1", "a1", "SOD_SAME_PRINCIPAL", false},
        {"d1 for a1", "a1", "SECOND_PERSON", true},
        {"d1 for a1", "d2 for a1", "SOD_SAME_PRINCIPAL", true},
        {"a1", "d1 for a1", "SOD_SAME_PRINCIPAL", false},
        {"a2", "d1 for a1", "", false},
        {"d1 for a1", "a2", "DUTY_MISSING", true}, /* d1 stands for nobody any more */
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Ministry) ministry = ministry_under_attack();
        ministry_delegate(ministry, "a1/d1/approver/E1", "2024-06-01", "2024-06-30");
        ministry_delegate(ministry, "a1/d2/approver/E1", "2024-06-01", "2024-06-30");
        ministry_enforce(ministry);
        FISC_ASSERT_TEXT(paper_propose(ministry, &two, "u1"), "");
        FISC_ASSERT_TEXT(paper_approve(ministry, &two, cases[i].first), "");
        if (cases[i].is_revoked) {
            FISC_ASSERT_TEXT(ministry_event(ministry, "a1", "delegation", "a1/d1/approver/E1",
                                            "state", "revoked", NULL),
                             "");
        }
        g_autofree char *what =
            g_strdup_printf("%d: %s, then %s", (int)i, cases[i].first, cases[i].second);
        fisc_assert_text(paper_finish(ministry, &two, cases[i].second), cases[i].expected, what,
                         __FILE__, __LINE__);
    }
}

/* The principal of an approver is in the chain, too, when the delegation is long over. */
static void
test_principal_of_an_approver_over_the_chain(void)
{
    static const Paper invoice = {"D4", "claim", "E1", "1",
                                  .move = "available>obligation 100 INV PO"};
    g_autoptr(Ministry) ministry = ministry_under_attack();
    ministry_delegate(ministry, "a1/d1/approver/E1", "2024-06-01", "2024-06-15");
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(paper_propose(ministry, &order, "u1"), "");
    FISC_ASSERT_TEXT(paper_finish(ministry, &order, "d1 for a1"), "");
    ministry->today = fisc_date_make(2024, 7, 1);
    FISC_ASSERT_TEXT(paper_propose(ministry, &invoice, "u3"), "");
    FISC_ASSERT_TEXT(paper_finish(ministry, &invoice, "a1"), "SOD_SAME_PRINCIPAL");
    FISC_ASSERT_TEXT(paper_finish(ministry, &invoice, "a2"), "");
}

/* Payments ----------------------------------------------------------------------------------- */

/* Cash for which no claim is on record takes the ministry, however little of a claim it names. */
static void
test_payment_without_a_claim(void)
{
    static const struct {
        const char *action, *move, *approvers[2], *expected;
    } cases[] = {
        {"payment", "available>payment 100 PAY INV", {"p2", "p3"}, ""},
        {"payment", "available>payment 100", {"p2", "p3"}, "APPROVAL_MISSING"},
        {"payment", "available>payment 101 PAY INV", {"p2", "p3"}, "APPROVAL_MISSING"},
        {"payment", "available>payment 100 PAY PO", {"p2", "p3"}, "APPROVAL_MISSING"},
        {"payment", "available>payment 100 PAY NONE", {"p2", "p3"}, "ITEM_UNKNOWN"},
        {"direct_payment", "available>payment 100", {"o1", "o2"}, ""},
        {"direct_payment", "available>payment 100", {"o1", "p3"}, "DUTY_MISSING"},
        {"direct_payment", "available>payment 100 PAY INV", {"o1", "o2"}, "APPROVAL_MISSING"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Ministry) ministry = ministry_under_attack();
        const Paper paper = {"D9", cases[i].action, "E1", "2", .move = cases[i].move};
        ministry_enforce(ministry);
        FISC_ASSERT_TEXT(paper_propose(ministry, &order, "u1"), "");
        FISC_ASSERT_TEXT(paper_finish(ministry, &order, "a1"), "");
        FISC_ASSERT_TEXT(paper_propose(ministry, &claim, "u3"), "");
        FISC_ASSERT_TEXT(paper_finish(ministry, &claim, "a2"), "");
        FISC_ASSERT_TEXT(paper_propose(ministry, &paper, "p1"), "");
        FISC_ASSERT_TEXT(paper_approve(ministry, &paper, cases[i].approvers[0]), "");
        g_autofree char *what = g_strdup_printf("%d: %s", (int)i, cases[i].move);
        fisc_assert_text(paper_finish(ministry, &paper, cases[i].approvers[1]), cases[i].expected,
                         what, __FILE__, __LINE__);
    }
}

/* What calls itself a reversal is still a payment, and still a vote. */
static void
test_false_reversals(void)
{
    static const struct {
        const char *actor, *debit, *credit, *expected;
    } cases[] = {
        {"u1", "22", "3308", ""}, /* a journal */
        {"u1", "22", "3202", "DUTY_MISSING"},
        {"u1", "B20", "B24", "DUTY_MISSING"},
        {"u1", "B12", "B20", "DUTY_MISSING"},
        {"p1", "22", "3202", ""},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Ministry) ministry = ministry_under_attack();
        ministry_drop_approvals(ministry);
        ministry_enforce(ministry);
        FISC_ASSERT_TEXT(ministry_move(ministry, "u1", "E1", "available>commitment 1"), "");
        FiscPostedReference first = {.entry_id = 1, .batch_no = 1};
        g_autoptr(GHashTable) known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
        g_hash_table_insert(known, fisc_engine_reference_key("desk", "R1"), &first);
        fisc_engine_set_known(ministry->engine, known);
        FiscSubmission *submission = ministry_begin(ministry, cases[i].actor);
        FiscEntry *entry = fisc_submission_entry(submission);
        entry->entity = "E1";
        entry->effective = fisc_date_make(2024, 6, 15);
        entry->reference = "R1/reversal";
        entry->corrects = "R1";
        entry->reverses = true;
        *fisc_entry_line(entry) = (FiscLine){.account = cases[i].debit, .amount = 100};
        *fisc_entry_line(entry) = (FiscLine){.account = cases[i].credit, .amount = -100};
        fisc_entry_digest(entry);
        fisc_assert_text(ministry_submit(ministry, submission), cases[i].expected, cases[i].credit,
                         __FILE__, __LINE__);
        fisc_engine_set_known(ministry->engine, NULL);
    }
}

/* A claim under a new name has been in the same hands. */
static void
test_renamed_item(void)
{
    g_autoptr(Ministry) ministry = ministry_under_attack();
    ministry_drop_approvals(ministry);
    ministry_grant(ministry, "u1/treasury_payer/*", "2024-12-31");
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(ministry_move(ministry, "u1", "E1", "available>obligation 100 INV"), "");
    FiscSubmission *submission = ministry_begin(ministry, "u3");
    ministry_add_move(ministry, submission, "E1", "available>obligation 100 INV2");
    FiscEntry *entry = submission->entries->pdata[0];
    FiscLine *taken = &g_array_index(entry->lines, FiscLine, 0);
    taken->account = fisc_stage_account(FISC_STAGE_OBLIGATION); /* from one name to the other */
    taken->item = "INV";
    fisc_entry_digest(entry);
    FISC_ASSERT_TEXT(ministry_submit(ministry, submission), "");
    FISC_ASSERT_TEXT(ministry_move(ministry, "u1", "E1", "available>payment 100 PAY INV2"),
                     "SOD_SAME_PERSON");
    FISC_ASSERT_TEXT(ministry_move(ministry, "p1", "E1", "available>payment 100 PAY INV2"), "");
}

/* Under the source of releases, which anybody may post: of what has not expired, of what is owed,
 * and of one line's funds to another. */
static void
test_false_releases(void)
{
    static const struct {
        const char *actor, *item, *programme, *expected;
    } cases[] = {
        {"d1", "PO", NULL, ""},
        {"d1", "PO", "P2", "ITEM_MISMATCH"},   /* no release */
        {"d1", "PO-2", NULL, "ITEM_MISMATCH"}, /* has not expired */
        {"d1", "INV", NULL, "ITEM_MISMATCH"},  /* what is owed does not lapse */
        {"mallory", "PO", NULL, "PERSON_UNKNOWN"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Ministry) ministry = ministry_under_attack();
        ministry_drop_approvals(ministry);
        ministry_move(ministry, "u1", "E1", "available>commitment 100 PO");
        ministry_move(ministry, "u1", "E1", "available>commitment 100 PO-2");
        ministry_move(ministry, "u3", "E1", "available>obligation 100 INV");
        ministry_event(ministry, "u1", "item", "E1/PO", "expires", "2024-06-01", NULL);
        ministry_event(ministry, "u1", "item", "E1/INV", "expires", "2024-06-01", NULL);
        ministry_enforce(ministry);
        FiscSubmission *submission = ministry_begin(ministry, cases[i].actor);
        submission->source = FISC_SOURCE_EXPIRY;
        bool is_claim = strcmp(cases[i].item, "INV") == 0;
        ministry_add_move(ministry, submission, "E1",
                          is_claim ? "obligation>available 100" : "commitment>available 100");
        FiscEntry *entry = submission->entries->pdata[0];
        g_array_index(entry->lines, FiscLine, 0).item = cases[i].item;
        g_array_index(entry->lines, FiscLine, 1).dim[FISC_DIM_PROGRAMME] = cases[i].programme;
        fisc_entry_digest(entry);
        g_autofree char *what = g_strdup_printf("%d: %s", (int)i, ministry->detail);
        fisc_assert_text(ministry_submit(ministry, submission), cases[i].expected, what, __FILE__,
                         __LINE__);
    }
}

/* Persons ------------------------------------------------------------------------------------ */

static void
test_names_that_look_alike(void)
{
    static const char *const names[] = {"U1",
                                        "u1 ",
                                        " u1",
                                        "u1\t",
                                        "u1\n",
                                        "u\xc2\xa0"
                                        "1",
                                        "*",
                                        ""};
    g_autoptr(Ministry) ministry = ministry_under_attack();
    ministry_drop_approvals(ministry);
    ministry_enforce(ministry);
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        bool is_name = *names[i] != '\0';
        fisc_assert_text(ministry_move(ministry, names[i], "E1", "available>commitment 1"),
                         is_name ? "PERSON_UNKNOWN" : "ACTOR_MISSING", names[i], __FILE__,
                         __LINE__);
        CU_ASSERT_PTR_NULL(fisc_engine_master(ministry->engine, "person", names[i]));
    }
}

/* On his own behalf, for somebody disabled, on the day after, elsewhere. */
static void
test_borrowed_rights(void)
{
    g_autoptr(Ministry) ministry = ministry_under_attack();
    ministry_drop_approvals(ministry);
    ministry_delegate(ministry, "u1/d1/agency_accountant/E1", "2024-06-01", "2024-06-20");
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(ministry_move(ministry, "d1 for u1", "E1", "available>commitment 1"), "");
    FISC_ASSERT_TEXT(ministry_move(ministry, "u1 for u1", "E1", "available>commitment 1"),
                     "DELEGATION_INVALID");
    FISC_ASSERT_TEXT(ministry_event(ministry, "d1", "delegation", "d1/d2/agency_accountant/E1",
                                    "state", "active", "from", "2024-06-15", "to", "2024-06-16",
                                    NULL),
                     "DELEGATION_INVALID");
    FiscSubmission *both = ministry_begin(ministry, "d1 for u1");
    ministry_add_move(ministry, both, "E1", "available>commitment 1");
    ministry_add_move(ministry, both, "E2", "available>commitment 1");
    FISC_ASSERT_TEXT(ministry_submit(ministry, both), "ATOMIC_GROUP");
    const FiscMaster *person = fisc_engine_master(ministry->engine, "person", "u1");
    g_autofree char *name = g_strdup(fisc_engine_field(person->fields, "name_digest"));
    g_autofree char *id = g_strdup(fisc_engine_field(person->fields, "id_digest"));
    FISC_ASSERT_TEXT(ministry_event(ministry, "sol", "person", "u1", "name_digest", name,
                                    "id_digest", id, "state", "disabled", NULL),
                     "");
    FISC_ASSERT_TEXT(ministry_move(ministry, "d1 for u1", "E1", "available>commitment 1"),
                     "PERSON_UNKNOWN");
    /* Rights are of the day of the act: an entry dated back does not bring back who could then. */
    ministry->today = fisc_date_make(2024, 6, 21);
    FISC_ASSERT_TEXT(ministry_move(ministry, "d1 for u1", "E1", "available>commitment 1"),
                     "PERSON_UNKNOWN");
}

/* A stranger cannot even fill the chain with refusals. */
static void
test_refusals_of_strangers(void)
{
    g_autoptr(Ministry) ministry = ministry_under_attack();
    ministry_enforce(ministry);
    FiscSubmission *submission = ministry_begin(ministry, "mallory");
    ministry_add_move(ministry, submission, "E1", "available>commitment 1");
    FiscEntry *entry = submission->entries->pdata[0];
    entry->effective = fisc_date_make(2031, 1, 1); /* no period of that year has begun */
    fisc_entry_digest(entry);
    submission->record_refusals = true;
    FISC_ASSERT_TEXT(ministry_submit(ministry, submission), "PERIOD_NOT_OPEN");
    CU_ASSERT_PTR_NULL(fisc_engine_master(ministry->engine, "person", "mallory"));
}

/* On record ---------------------------------------------------------------------------------- */

static FiscRefusals *
replay_event(Ministry *ministry, const char *maker, const char *kind, const char *subject,
             const char *const *pairs)
{
    FiscRefusals *objections = fisc_refusals_new();
    g_autoptr(GPtrArray) fields = g_ptr_array_new();
    for (int i = 0; pairs[i] != NULL; i++) {
        g_ptr_array_add(fields, (char *)pairs[i]);
    }
    const FiscMaster *old = fisc_engine_master(ministry->engine, kind, subject);
    int next = GPOINTER_TO_INT(g_hash_table_lookup(ministry->engine->numbering, kind)) + 1;
    FiscEvent event = {kind, subject, fields};
    fisc_replay_event(ministry->replay, &event, old != NULL ? old->number : next,
                      fisc_engine_master(ministry->engine, "person", maker)->number, objections);
    return objections;
}

/* Well formed, two persons, right hashes, written by somebody who holds the keys of the database:
 * neither of the two may do it, or nobody has approved it. */
static void
test_rights_of_what_is_on_record(void)
{
    static const struct {
        const char *maker, *kind, *subject, *pairs[8], *expected;
    } events[] = {
        {"u1",
         "grant",
         "d1/treasury_payer/*",
         {"state", "proposed", "maker", "u1"},
         "u1 had no right to make the grant d1/treasury_payer/*"},
        {"ada", "grant", "d1/auditor/*", {"state", "proposed", "maker", "ada"}, ""},
        {"o1",
         "group",
         "G",
         {"name", "All"},
         "o1 had no right to make the group G, and no document approves it"},
        {"o1",
         "period",
         "202401",
         {"state", "closed"},
         "o1 had no right to make the period 202401, and no document approves it"},
        {"ada",
         "conflict",
         "claim/payment",
         {"holds", "no"},
         "ada had no right to make the conflict claim/payment, and no document approves it"},
        {"ada",
         "policy",
         "duties",
         {"enforced", "no"},
         "ada had no right to make the policy duties, and no document approves it"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(events); i++) {
        g_autoptr(Ministry) ministry = ministry_under_attack();
        ministry_enforce(ministry);
        g_autoptr(FiscRefusals) objections = replay_event(ministry, events[i].maker, events[i].kind,
                                                          events[i].subject, events[i].pairs);
        const FiscRefusal *first = objections->len > 0 ? objections->pdata[0] : NULL;
        fisc_assert_text(first != NULL ? first->detail : "", events[i].expected, events[i].subject,
                         __FILE__, __LINE__);
    }
}

/* The chain of an honest document, and the same entry without one. */
static void
test_approvals_of_what_is_on_record(void)
{
    g_autoptr(Ministry) ministry = ministry_under_attack();
    g_autoptr(FiscRefusals) objections = fisc_refusals_new();
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(paper_propose(ministry, &order, "u1"), "");
    FISC_ASSERT_TEXT(paper_finish(ministry, &order, "a1"), ""); /* replayed without objection */
    int32_t coding[] = {1, 2};
    int64_t amount[] = {100, -100};
    FiscDecidedEntry entry = {.entity_id = 1,
                              .period = 202406,
                              .effective = fisc_date_make(2024, 6, 15),
                              .count = 2,
                              .coding = coding,
                              .amount = amount,
                              .maker = fisc_engine_master(ministry->engine, "person", "u1")->number,
                              .reference = "forged"};
    fisc_replay_time(ministry->replay, ministry->today * G_GINT64_CONSTANT(86400000000));
    fisc_replay_entry(ministry->replay, &entry, objections);
    FISC_ASSERT_INT(objections->len, 1);
    FISC_ASSERT_TEXT(((const FiscRefusal *)objections->pdata[0])->detail,
                     "no document of u1 was carried out that approves a commitment");
}

const FiscTest fisc_duty_attack_tests[] = {
    {"lets nothing travel in a document that is about something else", test_smuggled_in_a_document},
    {"lets no grant travel beside an entry", test_smuggled_beside_an_entry},
    {"carries out what was approved, once, and nothing else", test_other_content},
    {"does not carry out what was withdrawn, under the same name neither", test_withdrawn},
    {"counts no signature of who has lost the role since", test_signatures_that_lapsed},
    {"counts no signature given before duties were in force by who has no right",
     test_signed_before_duties_were_in_force},
    {"counts a principal and his delegates once (R21)", test_one_principal_one_vote},
    {"keeps the principal of an approver in the chain (R21)",
     test_principal_of_an_approver_over_the_chain},
    {"pays without a claim on record by the ministry's approval only",
     test_payment_without_a_claim},
    {"takes what calls itself a reversal for what it does", test_false_reversals},
    {"keeps the hands of a claim that gets a new name", test_renamed_item},
    {"lets anybody release what has lapsed, where it was, and nothing else", test_false_releases},
    {"takes no name for another that looks like it", test_names_that_look_alike},
    {"lends rights to nobody for longer, further or from who has none", test_borrowed_rights},
    {"records no refusals of strangers", test_refusals_of_strangers},
    {"names events on record that nobody who made them could make",
     test_rights_of_what_is_on_record},
    {"names entries on record that no document approves", test_approvals_of_what_is_on_record},
    {NULL, NULL},
};

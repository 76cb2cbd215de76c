/* duty_test.c: every role tries every act of the matrix through the engine, and the duties of one
 * chain never meet in one hand (rule R21). */
#include "tests/ledger/ministry.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_duty_tests[];

/* One way to do what an action of the matrix is about. */
typedef struct {
    const char *action;
    const char *move;                  /* an entry; or */
    const char *debit, *credit, *item; /* another; or */
    const char *kind, *subject;        /* an event */
    const char *name, *value;
    const char *second, *second_value;
} Deed;

static const Deed deeds[] = {
    {"budget", .move = "appropriation>available 100"},
    {"budget", .move = "change>available 100"},
    {"budget", .move = "release>allotted 100"},
    {"budget", .move = "estimate>outstanding 100"},
    {"budget", .kind = "budget_line", .subject = "E1/2024/7", .name = "entity", .value = "E1",
     .second = "year", .second_value = "2024"},
    {"commitment", .move = "available>authorization 100"},
    {"commitment", .move = "available>commitment 100 PO-1"},
    {"commitment", .kind = "item", .subject = "E1/PR-1", .name = "expires", .value = "2024-12-31"},
    {"claim", .move = "available>obligation 100"},
    {"payment", .move = "available>payment 100"},
    {"payment", .debit = "3308", .credit = "3202"},
    {"payment", .debit = "22", .credit = "3202", .item = "ADV-1"},
    {"payment", .debit = "22", .credit = "3202"},
    {"revenue", .move = "outstanding>recognition 100"},
    {"revenue", .move = "outstanding>collection 100"},
    {"journal", .debit = "22", .credit = "3308"},
    {"journal", .debit = "3202", .credit = "3202"},
    {"period", .kind = "period", .subject = "202401", .name = "state", .value = "closed"},
    {"rules", .kind = "account", .subject = "999", .name = "class", .value = "expense"},
    {"rules", .kind = "group", .subject = "G", .name = "name", .value = "All"},
    {"rules", .kind = "memorandum", .subject = "M", .name = "text", .value = "all"},
    {"grant", .kind = "grant", .subject = "extra/auditor/E1", .name = "state", .value = "proposed",
     .second = "maker", .second_value = "actor"},
    {"grant", .kind = "conflict", .subject = "budget/revenue", .name = "holds", .value = "yes"},
    {"grant", .kind = "approvals", .subject = "dance", .name = "needs", .value = "1"},
};

static const char *
commit_deed(Ministry *ministry, const Deed *deed, const char *actor)
{
    if (deed->move != NULL) {
        return ministry_move(ministry, actor, "E1", deed->move);
    }
    if (deed->debit != NULL) {
        return ministry_post(ministry, actor, "E1", deed->debit, deed->credit, deed->item);
    }
    bool is_maker = g_strcmp0(deed->second_value, "actor") == 0;
    return ministry_event(ministry, actor, deed->kind, deed->subject, deed->name, deed->value,
                          deed->second, is_maker ? actor : deed->second_value, NULL);
}

/* Rights of the whole of the books are asked of a rule, rights of the entity of an entry. */
static bool
is_about_everything(const Deed *deed)
{
    static const char *const kinds[] = {"period",   "account",   "group", "memorandum",
                                        "conflict", "approvals", NULL};
    return deed->kind != NULL && g_strv_contains(kinds, deed->kind);
}

static void
check_deed(const Deed *deed, const char *role, const char *entity)
{
    g_autoptr(Ministry) ministry = ministry_new();
    g_autofree char *held = g_strconcat(role, "/", entity, NULL);
    ministry_drop_approvals(ministry);
    ministry_person(ministry, "extra", "");
    ministry_person(ministry, "u1", held);
    ministry_enforce(ministry);
    const char *rights = fisc_registry_rights(ministry->engine->registry, role, deed->action);
    bool reaches =
        strcmp(entity, "*") == 0 || (strcmp(entity, "E1") == 0 && !is_about_everything(deed));
    const char *expected = strchr(rights, 'M') != NULL && reaches ? "" : "DUTY_MISSING";
    g_autofree char *what = g_strdup_printf("%s of %s: %s %s", role, entity, deed->action,
                                            deed->move != NULL   ? deed->move
                                            : deed->kind != NULL ? deed->kind
                                                                 : deed->credit);
    fisc_assert_text(commit_deed(ministry, deed, "u1"), expected, what, __FILE__, __LINE__);
}

static void
test_every_role_tries_everything(void)
{
    static const char *const entities[] = {"E1", "E2", "*"};
    g_autoptr(Ministry) ministry = ministry_new();
    g_autoptr(GPtrArray) roles = fisc_registry_roles(ministry->engine->registry);
    FISC_ASSERT_INT(roles->len, 9);
    for (guint i = 0; i < roles->len; i++) {
        for (gsize k = 0; k < G_N_ELEMENTS(deeds); k++) {
            for (gsize e = 0; e < G_N_ELEMENTS(entities); e++) {
                check_deed(&deeds[k], roles->pdata[i], entities[e]);
            }
        }
    }
}

/* What the matrix wants approved does not happen without a document, whoever asks. */
static void
test_approvals(void)
{
    static const char *const actors[] = {"officer", "accountant", "payer"};
    g_autoptr(Ministry) ministry = ministry_new();
    ministry_person(ministry, "extra", "");
    ministry_person(ministry, "officer", "ministry_officer/*");
    ministry_person(ministry, "accountant", "agency_accountant/*");
    ministry_person(ministry, "payer", "treasury_payer/*");
    ministry_enforce(ministry);
    int refused = 0;
    for (gsize i = 0; i < G_N_ELEMENTS(deeds); i++) {
        for (gsize k = 0; k < G_N_ELEMENTS(actors); k++) {
            const char *got = commit_deed(ministry, &deeds[i], actors[k]);
            refused += strcmp(got, "APPROVAL_MISSING") == 0 ? 1 : 0;
            fisc_assert_int(*got != '\0', 1, deeds[i].action, __FILE__, __LINE__);
        }
    }
    /* budget 5, rules 3, period 1, journal 2 by the officer; commitment 3, claim 1, revenue 2,
     * journal 2 by the accountant; payment 4 by the payer. */
    FISC_ASSERT_INT(refused, 5 + 3 + 1 + 2 + 3 + 1 + 2 + 2 + 4);
}

static void
test_open_book(void)
{
    g_autoptr(Ministry) ministry = ministry_new();
    ministry_person(ministry, "extra", "");
    for (gsize i = 0; i < G_N_ELEMENTS(deeds); i++) {
        fisc_assert_text(commit_deed(ministry, &deeds[i], "anybody"), "", deeds[i].action, __FILE__,
                         __LINE__);
    }
    CU_ASSERT(fisc_engine_may(ministry->engine, 1, 0, "payment", 'M', 0));
}

static void
test_strangers(void)
{
    g_autoptr(Ministry) ministry = ministry_new();
    ministry_drop_approvals(ministry);
    FISC_ASSERT_TEXT(ministry_move(ministry, "eve", "E1", "available>commitment 1"), "");
    ministry_person(ministry, "u1", "agency_accountant/E1");
    ministry_enforce(ministry);
    /* Eve has acted before, and a name is on record; nobody has said who she is. */
    FISC_ASSERT_TEXT(ministry_move(ministry, "eve", "E1", "available>commitment 1"),
                     "PERSON_UNKNOWN");
    FISC_ASSERT_TEXT(ministry_move(ministry, "mallory", "E1", "available>commitment 1"),
                     "PERSON_UNKNOWN");
    FISC_ASSERT_TEXT(ministry_move(ministry, "u1 for ghost", "E1", "available>commitment 1"),
                     "PERSON_UNKNOWN");
    CU_ASSERT_PTR_NULL(fisc_engine_master(ministry->engine, "person", "mallory"));
    FISC_ASSERT_TEXT(ministry_move(ministry, "u1", "E1", "available>commitment 1"), "");
}

/* Delegation --------------------------------------------------------------------------------- */

static Ministry *
ministry_with_chain(void)
{
    Ministry *ministry = ministry_new();
    ministry_drop_approvals(ministry);
    ministry_person(ministry, "u1", "agency_accountant/E1");
    ministry_person(ministry, "u2", "");
    ministry_person(ministry, "u3", "agency_accountant/*");
    ministry_person(ministry, "u4", "agency_accountant/E1");
    ministry_person(ministry, "payer", "treasury_payer/*");
    return ministry;
}

static void
test_delegate_acts(void)
{
    static const struct {
        const char *actor, *entity;
        int month, day;
        const char *expected;
    } cases[] = {
        {"u2 for u1", "E1", 6, 15, ""},
        {"u2", "E1", 6, 15, "DUTY_MISSING"},
        {"u2 for u1", "E2", 6, 15, "DELEGATION_INVALID"},
        {"u2 for u3", "E1", 6, 15, "DELEGATION_INVALID"},
        {"u1 for u2", "E1", 6, 15, "DELEGATION_INVALID"},
        {"u2 for u1", "E1", 6, 20, ""},
        {"u2 for u1", "E1", 6, 21, "DELEGATION_INVALID"}, /* expired */
    };
    g_autoptr(Ministry) ministry = ministry_with_chain();
    ministry_delegate(ministry, "u1/u2/agency_accountant/E1", "2024-06-10", "2024-06-20");
    ministry_enforce(ministry);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        ministry->today = fisc_date_make(2024, cases[i].month, cases[i].day);
        fisc_assert_text(
            ministry_move(ministry, cases[i].actor, cases[i].entity, "available>commitment 1"),
            cases[i].expected, cases[i].actor, __FILE__, __LINE__);
    }
}

/* The rules of delegations and grants hold on the way through the engine, too. */
static void
test_tricks_through_the_engine(void)
{
    g_autoptr(Ministry) ministry = ministry_with_chain();
    ministry_delegate(ministry, "u1/u2/agency_accountant/E1", "2024-06-10", "2024-06-20");
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(ministry_event(ministry, "u2", "delegation", "u2/u3/agency_accountant/E1",
                                    "state", "active", "from", "2024-06-15", "to", "2024-06-16",
                                    NULL),
                     "DELEGATION_INVALID");
    FISC_ASSERT_TEXT(ministry_event(ministry, "u1", "delegation", "u1/u2/agency_accountant/*",
                                    "state", "active", "from", "2024-06-15", "to", "2024-06-16",
                                    NULL),
                     "DELEGATION_INVALID");
    FISC_ASSERT_TEXT(ministry_event(ministry, "ada", "grant", "u2/approver/E1", "state", "active",
                                    "maker", "ada", "checker", "ada", NULL),
                     "DUTY_MISSING"); /* she may not even confirm */
    FISC_ASSERT_TEXT(ministry_event(ministry, "sol", "grant", "u2/approver/E1", "state", "active",
                                    "maker", "ada", "checker", "sol", NULL),
                     "SECOND_PERSON"); /* and he may not alone */
    FISC_ASSERT_TEXT(ministry_event(ministry, "ada", "grant", "u2/approver/E1", "state", "proposed",
                                    "maker", "ada", NULL),
                     "ROLE_INCOMPATIBLE"); /* with what she does for u1 */
    FISC_ASSERT_TEXT(ministry_event(ministry, "u1", "grant", "u3/auditor/*", "state", "proposed",
                                    "maker", "u1", NULL),
                     "DUTY_MISSING");
}

/* Chains (R21) ------------------------------------------------------------------------------- */

/* Each step of a chain is somebody's; the last one is judged. */
static void
test_one_chain(void)
{
    static const struct {
        const char *who[3]; /* orders, claims, pays; NULL: not yet */
        const char *expected;
    } cases[] = {
        {{"u1", "u3", "payer"}, ""},
        {{"u1", "u1"}, "SOD_SAME_PERSON"},
        {{"u1", "u2 for u1"}, "SOD_SAME_PRINCIPAL"},
        {{"u2 for u1", "u1"}, "SOD_SAME_PRINCIPAL"},
        {{"u2 for u1", "u2 for u1"}, "SOD_SAME_PERSON"},
        {{"u1", "u3", "u3"}, "SOD_SAME_PERSON"}, /* by an exception u3 pays, too */
        {{"u3", "u1", "u3"}, "SOD_SAME_PERSON"}, /* two steps apart */
        {{"u3", "u2 for u1", "payer"}, ""},
    };
    static const char *const moves[] = {"available>commitment 100 PO PR",
                                        "available>obligation 100 INV PO",
                                        "available>payment 100 PAY INV"};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Ministry) ministry = ministry_with_chain();
        ministry_delegate(ministry, "u1/u2/agency_accountant/E1", "2024-06-10", "2024-06-20");
        ministry_grant(ministry, "u3/treasury_payer/*", "2024-12-31");
        ministry_enforce(ministry);
        ministry_move(ministry, "u4", "E1", "available>authorization 100 PR");
        const char *got = "";
        for (int k = 0; k < 3 && cases[i].who[k] != NULL; k++) {
            FISC_ASSERT_TEXT(got, "");
            got = ministry_move(ministry, cases[i].who[k], "E1", moves[k]);
        }
        g_autofree char *what = g_strdup_printf("chain %d: %s", (int)i, ministry->detail);
        fisc_assert_text(got, cases[i].expected, what, __FILE__, __LINE__);
    }
}

/* Who made the reservation is in the chain of the payment three steps on. */
static void
test_hands_stay_with_the_chain(void)
{
    g_autoptr(Ministry) ministry = ministry_with_chain();
    ministry_grant(ministry, "u4/treasury_payer/E1", "2024-12-31");
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(ministry_move(ministry, "u4", "E1", "available>authorization 100 PR"), "");
    FISC_ASSERT_TEXT(ministry_move(ministry, "u1", "E1", "available>commitment 100 PO PR"), "");
    FISC_ASSERT_TEXT(ministry_move(ministry, "u3", "E1", "available>obligation 100 INV PO"), "");
    FISC_ASSERT_TEXT(ministry_move(ministry, "u4", "E1", "available>payment 100 PAY INV"),
                     "SOD_SAME_PERSON");
    FISC_ASSERT_CONTAINS(ministry->detail, "u4 for payment and u4 for commitment");
    FISC_ASSERT_TEXT(ministry_move(ministry, "payer", "E1", "available>payment 100 PAY INV"), "");
}

/* Both rights on different chains: allowed. That it is reported is the registry's test. */
static void
test_different_chains(void)
{
    g_autoptr(Ministry) ministry = ministry_with_chain();
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(ministry_move(ministry, "u1", "E1", "available>commitment 100 PO-1"), "");
    FISC_ASSERT_TEXT(ministry_move(ministry, "u3", "E1", "available>commitment 100 PO-2"), "");
    FISC_ASSERT_TEXT(ministry_move(ministry, "u1", "E1", "available>obligation 100 INV-2 PO-2"),
                     "");
    FISC_ASSERT_TEXT(ministry_move(ministry, "u3", "E1", "available>obligation 100 INV-1 PO-1"),
                     "");
}

/* Two duties in one entry are two duties in one hand. */
static void
test_both_in_one_entry(void)
{
    g_autoptr(Ministry) ministry = ministry_with_chain();
    ministry_grant(ministry, "u1/treasury_payer/E1", "2024-12-31");
    ministry_enforce(ministry);
    FiscSubmission *submission = ministry_begin(ministry, "u1");
    ministry_add_move(ministry, submission, "E1", "available>obligation 100");
    FiscEntry *entry = submission->entries->pdata[0];
    const char *dim[FISC_DIM_COUNT] = {NULL};
    fisc_entry_move(entry, FISC_STAGE_OBLIGATION, FISC_STAGE_PAYMENT, 10000, dim, 0);
    fisc_entry_digest(entry);
    FISC_ASSERT_TEXT(ministry_submit(ministry, submission), "SOD_SAME_PERSON");
}

static void
test_lifted_conflict(void)
{
    g_autoptr(Ministry) ministry = ministry_with_chain();
    ministry_event(ministry, "founder", "conflict", "claim/commitment", "holds", "no", NULL);
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(ministry_move(ministry, "u1", "E1", "available>commitment 100 PO"), "");
    FISC_ASSERT_TEXT(ministry_move(ministry, "u1", "E1", "available>obligation 100 INV PO"), "");
}

/* Hands are kept before duties are enforced: what was begun in an open book is judged later. */
static void
test_open_chain_is_remembered(void)
{
    g_autoptr(Ministry) ministry = ministry_with_chain();
    FISC_ASSERT_TEXT(ministry_move(ministry, "u1", "E1", "available>commitment 100 PO"), "");
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(ministry_move(ministry, "u1", "E1", "available>obligation 100 INV PO"),
                     "SOD_SAME_PERSON");
}

/* Uganda 2011: a transfer dressed up as a salary, and put right in the books by who had paid it. */
static void
test_payer_does_not_correct(void)
{
    g_autoptr(Ministry) ministry = ministry_with_chain();
    ministry_grant(ministry, "u3/treasury_payer/*", "2024-12-31");
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(ministry_post(ministry, "payer", "E1", "22", "3202", "SAL-1"), "");
    FISC_ASSERT_TEXT(ministry_post(ministry, "u3", "E1", "22", "3202", "SAL-2"), "");
    FISC_ASSERT_TEXT(ministry_post(ministry, "u3", "E1", "21", "22", "SAL-3"), "");
    FiscSubmission *submission = ministry_begin(ministry, "u3");
    FiscEntry *entry = fisc_submission_entry(submission);
    entry->reference = "FIX";
    entry->entity = "E1";
    entry->effective = fisc_date_make(2024, 6, 15);
    *fisc_entry_line(entry) = (FiscLine){.account = "3202", .amount = 100, .item = "SAL-2"};
    *fisc_entry_line(entry) = (FiscLine){.account = "21", .amount = -100};
    fisc_entry_digest(entry);
    FISC_ASSERT_TEXT(ministry_submit(ministry, submission), "SOD_SAME_PERSON");
}

static const FiscDecidedEntry *
last_entry(Ministry *ministry, FiscSubmission *submission)
{
    g_autoptr(FiscReceipt) receipt = fisc_receipt_new();
    fisc_engine_begin(ministry->engine);
    fisc_engine_set_time(ministry->engine, ministry->today * G_GINT64_CONSTANT(86400000000));
    fisc_engine_apply(ministry->engine, submission, 0, 1, false, receipt);
    const FiscBatch *batch = fisc_engine_seal(ministry->engine);
    FISC_ASSERT_INT(batch->entries->len, 1);
    return batch->entries->pdata[0];
}

/* The pairs go into the hash of the entry: in order, each once. */
static void
test_hands_are_sorted(void)
{
    g_autoptr(Ministry) ministry = ministry_with_chain();
    FISC_ASSERT_TEXT(ministry_move(ministry, "u3", "E1", "available>authorization 100 PR"), "");
    FISC_ASSERT_TEXT(ministry_move(ministry, "u1", "E1", "available>commitment 100 PO PR"), "");
    FiscSubmission *submission = ministry_begin(ministry, "u2 for u1");
    ministry_add_move(ministry, submission, "E1", "available>commitment 50 PO");
    const FiscDecidedEntry *entry = last_entry(ministry, submission);
    GString *hands = g_string_new(NULL);
    for (int i = 0; i + 1 < entry->hand_count; i += 2) {
        g_string_append_printf(hands, "%s %s;", fisc_duty_word((FiscDuty)entry->hands[i]),
                               fisc_engine_person(ministry->engine, entry->hands[i + 1]));
    }
    FISC_ASSERT_TEXT(hands->str, "commitment u1;commitment u2;commitment u3;");
    g_string_free(hands, TRUE);
    fisc_engine_undo(ministry->engine);
}

/* What a refused group has brought of persons and grants is taken back with it. */
static void
test_undo(void)
{
    g_autoptr(Ministry) ministry = ministry_with_chain();
    FiscSubmission *submission = ministry_begin(ministry, "ada");
    fisc_submission_event(submission, "duty", "agency_accountant/commitment", "rights", "", NULL);
    fisc_submission_event(submission, "policy", "duties", "enforced", "proposed", "maker", "ada",
                          NULL);
    fisc_submission_event(submission, "grant", "u1/agency_accountant/E1", "state", "revoked",
                          "maker", "ada", "checker", "sol", NULL);
    fisc_submission_event(submission, "person", "u1", "state", "none", NULL);
    FISC_ASSERT_TEXT(ministry_submit(ministry, submission), "VALUE_INVALID");
    const FiscRegistry *registry = ministry->engine->registry;
    FISC_ASSERT_TEXT(fisc_registry_rights(registry, "agency_accountant", "commitment"), "M");
    FISC_ASSERT_TEXT(fisc_registry_grant(registry, "u1/agency_accountant/E1")->state, "active");
    CU_ASSERT_PTR_NULL(fisc_registry_enforcement(registry, fisc_engine_today(ministry->engine)));
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(ministry_move(ministry, "u1", "E1", "available>commitment 1"), "");
}

/* Tampering ---------------------------------------------------------------------------------- */

/* What a replay says of an event that stands in the chain as if the engine had decided it. */
static char *
slip_event(Ministry *ministry, const char *maker, const char *kind, const char *subject,
           const char *const *pairs)
{
    g_autoptr(FiscRefusals) objections = fisc_refusals_new();
    g_autoptr(GPtrArray) fields = g_ptr_array_new();
    const FiscMaster *old = fisc_engine_master(ministry->engine, kind, subject);
    int number = old != NULL
                     ? old->number
                     : GPOINTER_TO_INT(g_hash_table_lookup(ministry->engine->numbering, kind)) + 1;
    for (int i = 0; pairs[i] != NULL; i++) {
        g_ptr_array_add(fields, (char *)pairs[i]);
    }
    FiscEvent event = {kind, subject, fields};
    fisc_replay_event(ministry->replay, &event, number,
                      fisc_engine_master(ministry->engine, "person", maker)->number, objections);
    const FiscRefusal *last = objections->len > 0 ? objections->pdata[objections->len - 1] : NULL;
    return g_strdup(last != NULL ? fisc_error_name(last->code) : "");
}

/* Malawi 2013: whoever can write to the tables and compute hashes still has to be two persons. */
static void
test_slipped_into_the_chain(void)
{
    static const struct {
        const char *maker, *kind, *subject, *pairs[8];
        const char *expected;
    } events[] = {
        {"u1",
         "grant",
         "u1/treasury_payer/*",
         {"state", "active", "maker", "u1", "checker", "u1"},
         "SECOND_PERSON"},
        {"u1",
         "grant",
         "u4/treasury_payer/*",
         {"state", "proposed", "maker", "ada"},
         "VALUE_INVALID"},
        {"u2",
         "delegation",
         "payer/u2/treasury_payer/*",
         {"state", "active", "from", "2024-06-01", "to", "2024-06-30"},
         "DELEGATION_INVALID"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(events); i++) {
        g_autoptr(Ministry) ministry = ministry_with_chain();
        ministry_enforce(ministry);
        g_autofree char *got = slip_event(ministry, events[i].maker, events[i].kind,
                                          events[i].subject, events[i].pairs);
        fisc_assert_text(got, events[i].expected, events[i].subject, __FILE__, __LINE__);
    }
}

/* A claim on u1's order, which the engine decided for u3, with another maker on record. */
static void
check_slipped_entry(const char *maker, const char *expected)
{
    g_autoptr(Ministry) ministry = ministry_with_chain();
    g_autoptr(FiscRefusals) objections = fisc_refusals_new();
    ministry_enforce(ministry);
    FISC_ASSERT_TEXT(ministry_move(ministry, "u1", "E1", "available>commitment 100 PO"), "");
    FiscSubmission *submission = ministry_begin(ministry, "u3");
    ministry_add_move(ministry, submission, "E1", "available>obligation 100 INV PO");
    FiscDecidedEntry entry = *last_entry(ministry, submission);
    const FiscBatch *batch = &ministry->engine->current->batch;
    for (guint i = 0; i < batch->codings->len; i++) {
        fisc_replay_coding(ministry->replay, &g_array_index(batch->codings, FiscDecidedCoding, i),
                           objections);
    }
    entry.maker = fisc_engine_master(ministry->engine, "person", maker)->number;
    fisc_replay_entry(ministry->replay, &entry, objections);
    FISC_ASSERT_TEXT(objections->len == 1 ? ((FiscRefusal *)objections->pdata[0])->detail : "",
                     expected);
    fisc_engine_undo(ministry->engine);
}

/* The same of entries: the maker had no such right, or had another duty of the chain. */
static void
test_entries_slipped_into_the_chain(void)
{
    check_slipped_entry("u3", "");
    check_slipped_entry("u1", "its maker u1 had commitment and claim of one chain");
    check_slipped_entry("payer", "its maker payer had no right to make a claim");
}

const FiscTest fisc_duty_tests[] = {
    {"lets each role make what the matrix says, where it is held, and nothing else (4.3)",
     test_every_role_tries_everything},
    {"asks for a document where the matrix asks for approvals", test_approvals},
    {"refuses nobody anything while duties are not enforced", test_open_book},
    {"refuses who is not registered, acted before or not (Kenya 2016)", test_strangers},
    {"lets a delegate act for the principal, there and then", test_delegate_acts},
    {"refuses delegations passed on or widened, and grants by one person",
     test_tricks_through_the_engine},
    {"refuses duties of one chain that meet in one person or a delegate (R21)", test_one_chain},
    {"remembers who reserved until the payment", test_hands_stay_with_the_chain},
    {"allows both duties on different chains (R21)", test_different_chains},
    {"refuses both duties in one entry (Tanzania 2018)", test_both_in_one_entry},
    {"lets meet what the book lets meet", test_lifted_conflict},
    {"judges a chain that began before duties were enforced", test_open_chain_is_remembered},
    {"does not let who paid correct the record of it (Uganda 2011)", test_payer_does_not_correct},
    {"keeps the hands of a chain sorted, principals included", test_hands_are_sorted},
    {"takes persons, duties and grants back with a refused group", test_undo},
    {"names grants that one person has slipped into the chain (Malawi 2013)",
     test_slipped_into_the_chain},
    {"names entries whose maker had no right, or too many", test_entries_slipped_into_the_chain},
    {NULL, NULL},
};

/* virement_test.c: which virements the rules of the budget law let pass (rule R12), with its
 * numbers, decided by the pure engine. */
#include "core/base/hash.h"
#include "fisc/poster.h"
#include "tests/ledger/desk.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_virement_tests[];

/* Line A has 500.00, line B 100.00. */
#define BOOK                                                                                       \
    "entity E Ministry\n"                                                                          \
    "control vote absolute refuse 'entity programme economic'\n"                                   \
    "enact A E 500 programme=1 economic=22\n"                                                      \
    "enact B E 100 programme=1 economic=23\n"

#define MOVE(id, amount)                                                                           \
    "post " id " E and change>available -" amount " programme=1 economic=22"                       \
    " and change>available " amount " programme=1 economic=23\n"

/* ---- caps ---- */

static void
test_cap(void)
{
    fisc_worksheet_replayed(
        BOOK "event virement_rule head cap=10 order=1\n" MOVE("V1", "30") "expect posted\n" MOVE(
            "V2",
            "25") "expect refused VIREMENT_RULE\n" MOVE("V3",
                                                        "20") "expect posted\n" MOVE("V4",
                                                                                     "0.01") "expec"
                                                                                             "t "
                                                                                             "refus"
                                                                                             "ed "
                                                                                             "VIREM"
                                                                                             "ENT_"
                                                                                             "RULE"
                                                                                             "\n"
                                                                                             "funds"
                                                                                             " vote"
                                                                                             " 450 "
                                                                                             "progr"
                                                                                             "amme="
                                                                                             "1 "
                                                                                             "econo"
                                                                                             "mic="
                                                                                             "22\n"
                                                                                             "funds"
                                                                                             " vote"
                                                                                             " 150 "
                                                                                             "progr"
                                                                                             "amme="
                                                                                             "1 "
                                                                                             "econo"
                                                                                             "mic="
                                                                                             "23"
                                                                                             "\n");
}

static void
test_cap_is_of_the_original_budget(void)
{
    /* A supplement of 500 does not raise what may leave; what comes in does not lower what left. */
    fisc_worksheet(
        BOOK "event virement_rule head cap=10\n"
             "enact S change E 500 programme=1 economic=22\n" MOVE(
                 "V1", "50") "expect posted\n"
                             "post V2 E and change>available -20 programme=1 economic=23"
                             " and change>available 20 programme=1 economic=22\n"
                             "expect refused VIREMENT_RULE\n" /* 20 of B's 100 */
                             "post V3 E and change>available -10 programme=1 economic=23"
                             " and change>available 10 programme=1 economic=22\n"
                             "expect posted\n" MOVE("V4", "1") "expect refused VIREMENT_RULE\n");
}

static void
test_cap_counts_all_that_left(void)
{
    fisc_worksheet(BOOK "event virement_rule head cap=10\n"
                        "enact C change E -40 programme=1 economic=22\n"
                        "expect posted\n" MOVE("V1", "11") "expect refused VIREMENT_RULE\n" MOVE(
                            "V2", "10") "expect posted\n");
}

static void
test_cap_is_of_a_year(void)
{
    fisc_worksheet("entity E Ministry\n"
                   "control vote absolute refuse 'entity programme economic'\n"
                   "event period 202506 state=open\n"
                   "enact A E 500 programme=1 economic=22\n"
                   "enact A5@2025-06-01 E 500 programme=1 economic=22\n"
                   "enact B E 100 programme=1 economic=23\n"
                   "event virement_rule head cap=10\n" MOVE("V1", "50") "expect posted\n" MOVE(
                       "V2", "1") "expect refused VIREMENT_RULE\n" MOVE("V3@2025-06-02",
                                                                        "50") "expect posted\n");
}

static void
test_cap_on_a_wider_key(void)
{
    /* The programme has 600: 60 may leave its lines 22 and 23 together. */
    fisc_worksheet(BOOK "enact C E 10 programme=2 economic=22\n"
                        "event virement_rule head cap=10 key='entity programme'\n"
                        "post V1 E and change>available -55 programme=1 economic=22"
                        " and change>available 55 programme=2 economic=22\n"
                        "expect posted\n"
                        "post V2 E and change>available -6 programme=1 economic=23"
                        " and change>available 6 programme=2 economic=22\n"
                        "expect refused VIREMENT_RULE\n" MOVE("V3", "400") "expect posted\n");
}

/* ---- funds and scope ---- */

static void
test_donor_needs_funds(void)
{
    fisc_worksheet(
        BOOK
        "event virement_rule head cap=10\n"
        "move P E available>commitment 480 programme=1 economic=22\n" MOVE(
            "V1",
            "30") "expect refused BUDGET_EXCEEDED short 10\n" MOVE("V2",
                                                                   "20") "expect posted\n"
                                                                         "funds vote 0 programme=1 "
                                                                         "economic=22\n");
}

static void
test_no_rule_no_limit(void)
{
    fisc_worksheet_replayed(BOOK MOVE("V1", "400") "expect posted\n");
}

static void
test_what_is_no_virement(void)
{
    fisc_worksheet_replayed(BOOK "event virement_rule none cap=0\n" MOVE(
        "V1", "1") "expect refused VIREMENT_RULE\n"
                   "enact S change E 50 programme=1 economic=22\n"
                   "expect posted\n"
                   "enact C change E -50 programme=1 economic=22\n"
                   "expect posted\n"
                   "post U E and change>available -10 programme=1 economic=22"
                   " and change>available 11 programme=1 economic=23\n"
                   "expect posted\n" /* a supplement of 1: it does not sum to zero */
                   "post W E and change>available -10 programme=1 economic=22"
                   " and change>available 10 programme=1 economic=22\n"
                   "expect posted\n"); /* nothing leaves the line */
}

static void
test_dates_and_entities(void)
{
    fisc_worksheet(
        BOOK
        "entity F Agency\n"
        "enact FA F 100 programme=1 economic=22\n"
        "enact FB F 100 programme=1 economic=23\n"
        "event virement_rule spring from=2024-03-01 to=2024-05-31 entities='E X'"
        " receiver_not=economic=2\n" MOVE(
            "V1@2024-05-31",
            "1") "expect refused VIREMENT_RULE\n" MOVE("V2@2024-06-01",
                                                       "1") "expect posted\n" MOVE("V3@2024-02-29",
                                                                                   "1") "expect "
                                                                                        "posted\n"
                                                                                        "post "
                                                                                        "V4@2024-"
                                                                                        "05-31 F "
                                                                                        "and "
                                                                                        "change>"
                                                                                        "available "
                                                                                        "-1 "
                                                                                        "programme="
                                                                                        "1 "
                                                                                        "economic="
                                                                                        "22"
                                                                                        " and "
                                                                                        "change>"
                                                                                        "available "
                                                                                        "1 "
                                                                                        "programme="
                                                                                        "1 "
                                                                                        "economic="
                                                                                        "23\n"
                                                                                        "expect "
                                                                                        "posted\n");
}

static void
test_redefined_rule(void)
{
    fisc_worksheet_replayed(BOOK "event virement_rule head cap=1\n" MOVE(
        "V1", "6") "expect refused VIREMENT_RULE\n"
                   "event virement_rule head cap=2\n" MOVE("V2", "6") "expect posted\n");
}

/* ---- who gives, who gets ---- */

typedef struct {
    const char *from, *to; /* programme and economic class */
    const char *reason;    /* NULL: it passes */
} Scope;

static FiscEntry *
add_virement(FiscSubmission *submission, const char *id, const char *from, const char *to,
             int64_t amount)
{
    FiscEntry *entry = fisc_submission_entry(submission);
    const char *const sides[] = {from, to};
    entry->entity = "E";
    entry->reference = fisc_submission_text(submission, id);
    entry->effective = fisc_date_make(2024, 6, 15);
    for (int i = 0; i < 2; i++) {
        g_auto(GStrv) parts = g_strsplit(sides[i], "/", -1);
        const char *dim[FISC_DIM_COUNT] = {NULL};
        dim[FISC_DIM_SECTION] = fisc_submission_text(submission, parts[0]);
        dim[FISC_DIM_PROGRAMME] = fisc_submission_text(submission, parts[1]);
        dim[FISC_DIM_ECONOMIC] = fisc_submission_text(submission, parts[2]);
        fisc_entry_move(entry, FISC_STAGE_CHANGE, FISC_STAGE_AVAILABLE, i == 0 ? -amount : amount,
                        dim, 0);
    }
    fisc_entry_digest(entry);
    return entry;
}

static FiscSubmission *
virement(const char *actor, const char *id, const char *from, const char *to, int64_t amount)
{
    FiscSubmission *submission = fisc_submission_new("desk", actor);
    add_virement(submission, id, from, to, amount);
    return submission;
}

#define NATION                                                                                     \
    "entity E Government\n"                                                                        \
    "control vote absolute refuse 'entity section programme economic'\n"                           \
    "enact 1 E 1000 section=MOF programme=11 economic=110\n"                                       \
    "enact 2 E 1000 section=MOF programme=11 economic=210\n"                                       \
    "enact 3 E 1000 section=MOF programme=12 economic=210\n"                                       \
    "enact 4 E 1000 section=MOF programme=21 economic=210\n"                                       \
    "enact 5 E 1000 section=MOF programme=21 economic=610\n"                                       \
    "enact 6 E 1000 section=MOD programme=11 economic=210\n"

static void
test_scope(void)
{
    static const Scope scopes[] = {
        {"MOF/11/210", "MOF/12/210", NULL},
        {"MOF/11/210", "MOF/21/210",
         "\"V1\": rule r: it leaves entity=E section=MOF programme=1, within which it must stay"},
        {"MOF/11/210", "MOD/11/210",
         "\"V2\": rule r: it leaves entity=E section=MOF programme=1, within which it must stay"},
        {"MOF/11/110", "MOF/11/210", "\"V3\": rule r: economic=110 may not give"},
        {"MOF/21/610", "MOF/21/210", "\"V4\": rule r: economic=610 may not give"},
        {"MOF/21/210", "MOF/21/610", "\"V5\": rule r: economic=610 may not get"},
        {"MOF/11/210", "MOF/11/110", NULL},
    };
    Desk desk;
    desk_open(&desk, NATION "event virement_rule r same='entity section programme:1'"
                            " donor_not='economic=1 economic=6' receiver_not='economic=61'\n");
    for (gsize i = 0; i < G_N_ELEMENTS(scopes); i++) {
        g_autofree char *id = g_strdup_printf("V%zu", i);
        desk_hand_in(&desk, virement("mary", id, scopes[i].from, scopes[i].to, 100));
        const FiscRefusal *refusal = desk_refusal(&desk);
        fisc_assert_text(refusal != NULL ? refusal->detail : NULL, scopes[i].reason, id, __FILE__,
                         __LINE__);
    }
    desk_close(&desk);
}

static void
test_several_lines(void)
{
    /* Two moves, each inside its programme, are inside; crossed they are not. */
    static const struct {
        const char *second_from, *second_to, *code;
    } cases[] = {{"MOF/21/210", "MOF/21/610", ""}, {"MOF/11/110", "MOF/21/610", "VIREMENT_RULE"}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Desk desk;
        desk_open(&desk, NATION "event virement_rule r same='entity section programme:1'\n");
        FiscSubmission *submission = virement("mary", "V", "MOF/11/210", "MOF/12/210", 100);
        g_autoptr(FiscSubmission) other =
            virement("mary", "W", cases[i].second_from, cases[i].second_to, 70);
        FiscEntry *entry = submission->entries->pdata[0];
        const FiscEntry *more = other->entries->pdata[0];
        g_array_append_vals(entry->lines, more->lines->data, more->lines->len);
        fisc_entry_digest(entry);
        FISC_ASSERT_TEXT(desk_hand_in(&desk, submission), cases[i].code);
        desk_close(&desk);
    }
}

static void
test_tree_levels(void)
{
    fisc_worksheet("entity E Ministry\n"
                   "event segment programme/1 name=Schools\n"
                   "event segment programme/11 name=Primary parent=1\n"
                   "event segment programme/12 name=Secondary parent=1\n"
                   "event segment programme/2 name=Roads\n"
                   "event segment programme/3 name=Motorways parent=2\n"
                   "control vote absolute refuse 'entity programme'\n"
                   "enact A E 100 programme=11\n"
                   "enact B E 100 programme=12\n"
                   "enact C E 100 programme=3\n"
                   "event virement_rule r same='entity programme@1'\n"
                   "post V1 E and change>available -1 programme=11"
                   " and change>available 1 programme=12\n"
                   "expect posted\n"
                   "post V2 E and change>available -1 programme=11"
                   " and change>available 1 programme=3\n"
                   "expect refused VIREMENT_RULE\n");
}

/* ---- approvals ---- */

static void
add_person(FiscSubmission *submission, const char *person)
{
    uint8_t hash[FISC_HASH_SIZE];
    char digest[FISC_HASH_TEXT];
    fisc_hash_data(person, strlen(person), hash);
    fisc_hash_format(hash, digest);
    fisc_submission_event(submission, "person", person, "name_digest", digest, "id_digest", digest,
                          "state", "active", NULL);
}

/* A role on record: proposed by one person, confirmed by another. */
static void
must_grant(Desk *desk, const char *person, const char *role, const char *entity, const char *to)
{
    g_autofree char *duty = g_strdup_printf("%s/budget", role);
    g_autofree char *subject = g_strdup_printf("%s/%s/%s", person, role, entity);
    FiscSubmission *proposal = fisc_submission_new("desk", "root");
    add_person(proposal, person);
    add_person(proposal, "sec");
    fisc_submission_event(proposal, "duty", duty, "rights", "A", NULL);
    fisc_submission_event(proposal, "grant", subject, "state", "proposed", "to", to, "maker",
                          "root", NULL);
    FISC_ASSERT_TEXT(desk_hand_in(desk, proposal), "");
    FiscSubmission *confirmation = fisc_submission_new("desk", "sec");
    fisc_submission_event(confirmation, "grant", subject, "state", "active", "to", to, "maker",
                          "root", "checker", "sec", NULL);
    FISC_ASSERT_TEXT(desk_hand_in(desk, confirmation), "");
}

#define ESCALATION                                                                                 \
    "entity E Ministry\n"                                                                          \
    "control vote absolute refuse 'entity section programme economic'\n"                           \
    "enact A E 500 section=S programme=1 economic=22\n"                                            \
    "enact B E 100 section=S programme=1 economic=23\n"                                            \
    "event virement_rule head cap=10 order=1 article='Art. 46'\n"                                  \
    "event virement_rule minister approval=minister order=2 article='Art. 47'\n"

static void
test_escalation(void)
{
    Desk desk;
    desk_open(&desk, ESCALATION);
    must_grant(&desk, "minnie", "minister", "*", NULL);
    FISC_ASSERT_TEXT(desk_hand_in(&desk, virement("mary", "V1", "S/1/22", "S/1/23", 3000)), "");
    FISC_ASSERT_TEXT(desk_hand_in(&desk, virement("mary", "V2", "S/1/22", "S/1/23", 2500)),
                     "VIREMENT_RULE");
    const FiscRefusal *refusal = desk_refusal(&desk);
    FISC_ASSERT_TEXT(refusal->detail,
                     "\"V2\": rule head: 55.00 would have left entity=E programme=1 economic=22 "
                     "this year, the most is 50.00 of 500.00; rule minister: it needs the approval "
                     "of minister");
    FISC_ASSERT_TEXT(refusal->hint, "a document with the approval of minister carries it out under "
                                    "rule minister, Art. 47");
    FISC_ASSERT_INT(refusal->remedies->len, 1);
    const FiscRemedy *remedy = refusal->remedies->pdata[0];
    FISC_ASSERT_TEXT(fisc_remedy_word(remedy->kind), "virement");
    FISC_ASSERT_TEXT(remedy->approval, "minister");
    FISC_ASSERT_INT(remedy->approvals, 1);
    FISC_ASSERT_INT(remedy->amount, 2500);
    FISC_ASSERT_TEXT(remedy->from, "entity=E programme=1 economic=22");
    FISC_ASSERT_TEXT(remedy->to, "entity=E programme=1 economic=23");
    FISC_ASSERT_TEXT(remedy->rule, "minister");
    FISC_ASSERT_TEXT(remedy->article, "Art. 47");
    FISC_ASSERT_TEXT(desk_carry(&desk, "D1", "budget", "E", "mary", "otto",
                                virement("otto", "V2", "S/1/22", "S/1/23", 2500)),
                     "VIREMENT_RULE");
    FISC_ASSERT_TEXT(desk_carry(&desk, "D2", "budget", "E", "mary", "minnie",
                                virement("minnie", "V2", "S/1/22", "S/1/23", 2500)),
                     "");
    desk_close(&desk);
}

/* The day of the batch that is being decided. */
static void
set_day(Desk *desk, FiscDate day)
{
    fisc_engine_set_time(desk->engine, (int64_t)day * 24 * 3600 * G_USEC_PER_SEC);
}

static void
test_roles_that_do_not_count(void)
{
    static const struct {
        const char *role, *entity, *to;
    } grants[] = {{"mayor", "*", NULL}, {"minister", "F", NULL}, {"minister", "E", "2024-06-30"}};
    for (gsize i = 0; i < G_N_ELEMENTS(grants); i++) {
        Desk desk;
        desk_open(&desk, "entity F Agency\n" ESCALATION);
        set_day(&desk, fisc_date_make(2024, 6, 30));
        must_grant(&desk, "minnie", grants[i].role, grants[i].entity, grants[i].to);
        set_day(&desk, fisc_date_make(2024, 7, 1));
        FISC_ASSERT_TEXT(desk_carry(&desk, "D1", "budget", "E", "mary", "minnie",
                                    virement("minnie", "V1", "S/1/22", "S/1/23", 6000)),
                         "VIREMENT_RULE");
        desk_close(&desk);
    }
}

static void
test_two_of_a_role(void)
{
    Desk desk;
    desk_open(&desk, "entity E Ministry\n"
                     "control vote absolute refuse 'entity programme economic'\n"
                     "enact A E 500 section=S programme=1 economic=22\n"
                     "enact B E 500 section=S programme=1 economic=23\n"
                     "event virement_rule council approval=council approvals=2\n");
    must_grant(&desk, "carl", "council", "E", NULL);
    must_grant(&desk, "cora", "council", "*", NULL);
    FISC_ASSERT_TEXT(desk_carry(&desk, "D1", "budget", "E", "mary", "carl otto",
                                virement("otto", "V1", "S/1/22", "S/1/23", 100)),
                     "VIREMENT_RULE");
    FISC_ASSERT_TEXT(desk_refusal(&desk)->detail,
                     "\"V1\": rule council: it needs 2 approvals by council");
    FISC_ASSERT_TEXT(desk_carry(&desk, "D2", "budget", "E", "mary", "carl cora",
                                virement("cora", "V2", "S/1/22", "S/1/23", 100)),
                     "");
    desk_close(&desk);
}

static void
test_any_second_person(void)
{
    Desk desk;
    desk_open(&desk, "entity E Ministry\n"
                     "control vote absolute refuse 'entity programme economic'\n"
                     "enact A E 500 section=S programme=1 economic=22\n"
                     "enact B E 500 section=S programme=1 economic=23\n"
                     "event virement_rule any approvals=1\n");
    FISC_ASSERT_TEXT(desk_hand_in(&desk, virement("mary", "V1", "S/1/22", "S/1/23", 100)),
                     "VIREMENT_RULE");
    FISC_ASSERT_TEXT(desk_refusal(&desk)->detail,
                     "\"V1\": rule any: it needs the approval of a second person");
    FISC_ASSERT_TEXT(desk_carry(&desk, "D1", "budget", "E", "mary", "otto",
                                virement("otto", "V1", "S/1/22", "S/1/23", 100)),
                     "");
    desk_close(&desk);
}

/* ---- Korea ---- */

/* Within an item the minister of finance approves (jeonyong); a move with functions changes the
 * owner, not the purpose (iche); across chapters, items or agencies only with the legislature
 * (iyong). An item is here a programme of one agency. */
#define KOREA                                                                                      \
    NATION                                                                                         \
    "event virement_rule jeonyong same='entity section programme' approval=finance_minister"       \
    " order=10 article='National Finance Act 46'\n"                                                \
    "event virement_rule iche same='entity programme economic' approval=president order=20"        \
    " article='National Finance Act 47(2)'\n"                                                      \
    "event virement_rule iyong approval=legislature order=30"                                      \
    " article='National Finance Act 47(1)'\n"

static void
test_korea(void)
{
    static const struct {
        const char *from, *to;
        const char *rule, *approver;
    } cases[] = {
        {"MOF/11/110", "MOF/11/210", "jeonyong", "finn"},
        {"MOF/11/210", "MOD/11/210", "iche", "pres"},
        {"MOF/11/210", "MOF/21/210", "iyong", "lex"},
        {"MOF/11/110", "MOD/11/210", "iyong", "lex"},
    };
    static const char *const persons[][2] = {
        {"finn", "finance_minister"}, {"pres", "president"}, {"lex", "legislature"}};
    Desk desk;
    desk_open(&desk, KOREA);
    for (gsize i = 0; i < G_N_ELEMENTS(persons); i++) {
        must_grant(&desk, persons[i][0], persons[i][1], "*", NULL);
    }
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (gsize k = 0; k < G_N_ELEMENTS(persons); k++) {
            g_autofree char *id = g_strdup_printf("V%zu%zu", i, k);
            bool is_right = strcmp(persons[k][0], cases[i].approver) == 0;
            const char *code =
                desk_carry(&desk, id, "budget", "E", "mary", persons[k][0],
                           virement(persons[k][0], id, cases[i].from, cases[i].to, 100));
            fisc_assert_text(code, is_right ? "" : "VIREMENT_RULE", id, __FILE__, __LINE__);
            const FiscRefusal *refusal = desk_refusal(&desk);
            if (refusal != NULL) {
                const FiscRemedy *remedy = refusal->remedies->pdata[0];
                fisc_assert_text(remedy->rule, cases[i].rule, id, __FILE__, __LINE__);
            }
        }
    }
    desk_close(&desk);
}

/* ---- sums ---- */

static int64_t
sum_of_limits(Desk *desk)
{
    g_autoptr(GPtrArray) funds = g_ptr_array_new_with_free_func((GDestroyNotify)fisc_funds_free);
    const char *dim[FISC_DIM_COUNT] = {NULL};
    int64_t sum = 0;
    fisc_engine_funds(desk->engine, "E", 2024, dim, funds);
    for (guint i = 0; i < funds->len; i++) {
        sum += ((const FiscFunds *)funds->pdata[i])->limit;
    }
    return sum;
}

static void
test_sums_to_zero(void)
{
    static const char *const lines[] = {"MOF/11/110", "MOF/11/210", "MOF/12/210",
                                        "MOF/21/210", "MOF/21/610", "MOD/11/210"};
    Desk desk;
    int posted = 0;
    desk_open(&desk, NATION "event virement_rule r cap=25 donor_not=economic=6\n");
    for (int i = 0; i < 200; i++) {
        g_autofree char *id = g_strdup_printf("V%d", i);
        const char *from = lines[i % 6];
        const char *to = lines[(i * 7 + i / 6 + 1) % 6];
        const char *code = desk_hand_in(&desk, virement("mary", id, from, to, 100 + i * 37));
        posted += *code == '\0' ? 1 : 0;
        FISC_ASSERT_INT(sum_of_limits(&desk), 600000);
    }
    CU_ASSERT(posted > 20 && posted < 180);
    desk_close(&desk);
}

/* ---- definitions ---- */

static void
test_definitions(void)
{
    static const struct {
        const char *name, *value, *field; /* NULL: it is taken */
    } cases[] = {
        {"cap", "10", NULL},
        {"cap", "0", NULL},
        {"cap", "2.5", NULL},
        {"cap", "ten", "cap"},
        {"cap", "-1", "cap"},
        {"same", "entity programme:1 economic@2", NULL},
        {"same", "programme", "same"},
        {"same", "entity colour", "same"},
        {"key", "entity section", NULL},
        {"key", "", "key"},
        {"donor_not", "economic=1 section=MOF entity=E", NULL},
        {"donor_not", "economic", "donor_not"},
        {"donor_not", "economic=", "donor_not"},
        {"receiver_not", "colour=red", "receiver_not"},
        {"approvals", "2", NULL},
        {"approvals", "10", "approvals"},
        {"approvals", "many", "approvals"},
        {"order", "-1", "order"},
        {"from", "2024-02-30", "from"},
        {"to", "soon", "to"},
        {"caps", "10", "caps"},
    };
    Desk desk;
    desk_open(&desk, "entity E Ministry\n");
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        FiscSubmission *submission = fisc_submission_new("desk", "mary");
        fisc_submission_event(submission, "virement_rule", "r", cases[i].name, cases[i].value,
                              NULL);
        const char *code = desk_hand_in(&desk, submission);
        const FiscRefusal *refusal = desk_refusal(&desk);
        g_autofree char *what = g_strdup_printf("%s=%s", cases[i].name, cases[i].value);
        fisc_assert_text(code, cases[i].field != NULL ? "VALUE_INVALID" : "", what, __FILE__,
                         __LINE__);
        fisc_assert_text(refusal != NULL ? refusal->field : NULL, cases[i].field, what, __FILE__,
                         __LINE__);
    }
    desk_close(&desk);
}

static void
test_undone_rule(void)
{
    Desk desk;
    desk_open(&desk, NATION);
    FiscSubmission *rule = fisc_submission_new("desk", "mary");
    fisc_submission_event(rule, "virement_rule", "never", "cap", "0", NULL);
    FISC_ASSERT_TEXT(desk_hand_in(&desk, rule), "");
    FISC_ASSERT_TEXT(desk_hand_in(&desk, virement("mary", "V", "MOF/11/110", "MOF/11/210", 1)),
                     "VIREMENT_RULE");
    fisc_engine_undo(desk.engine);
    FISC_ASSERT_TEXT(desk_hand_in(&desk, virement("mary", "V", "MOF/11/110", "MOF/11/210", 1)), "");
    desk_close(&desk);
}

const FiscTest fisc_virement_tests[] = {
    {"lets 30 of 500 pass under a cap of 10 %, and not 25 more (R12)", test_cap},
    {"measures the cap on the original appropriation", test_cap_is_of_the_original_budget},
    {"counts all that left a line against its cap", test_cap_counts_all_that_left},
    {"counts each year by itself", test_cap_is_of_a_year},
    {"measures the cap on the key that the rule names", test_cap_on_a_wider_key},
    {"refuses a donor without funds: 30 of 20 left (R12)", test_donor_needs_funds},
    {"lets everything pass where there is no rule", test_no_rule_no_limit},
    {"leaves supplements, cuts and moves inside a line alone", test_what_is_no_virement},
    {"asks only the rules of the day and the entity", test_dates_and_entities},
    {"decides by the rule of its time, again too", test_redefined_rule},
    {"says why a rule does not let it pass", test_scope},
    {"keeps each part of an entry inside its own parent", test_several_lines},
    {"keeps a virement inside a branch of a tree", test_tree_levels},
    {"escalates to whose approval would do (R12)", test_escalation},
    {"takes no other role, entity or day for the approval", test_roles_that_do_not_count},
    {"asks for two approvals by one role", test_two_of_a_role},
    {"asks for any second person", test_any_second_person},
    {"knows the three virements of Korea apart (R12)", test_korea},
    {"moves sums that are zero over all keys (R12)", test_sums_to_zero},
    {"takes definitions that make sense, and names the field of others", test_definitions},
    {"takes a rule back with its batch", test_undone_rule},
    {NULL, NULL},
};

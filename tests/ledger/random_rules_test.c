/* random_rules_test.c: virements (R12) and the separation of duties (R21) at random, against models
 * that look through everything each time. What the simulation of tests/sim does for funds, periods
 * and items. FISC_TEST_LONG does a million of each. */
#include "tests/ledger/desk.h"
#include "tests/ledger/ministry.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_random_rules_tests[];

#define SEED 20261121
#define OPERATIONS_A_BOOK 1000
#define SHORT_BOOKS 10
#define LONG_BOOKS 1000

static int
count_books(void)
{
    return g_getenv("FISC_TEST_LONG") != NULL ? LONG_BOOKS : SHORT_BOOKS;
}

/* ---- virements ---- */

#define LINES 6
#define CAP_HEAD 10 /* per cent, inside a programme */
#define CAP_OTHER 3 /* between programmes, and never out of salaries (economic 1) */
#define ORIGINAL 100000

static const struct {
    const char *programme, *economic;
} lines[LINES] = {{"1", "11"}, {"1", "21"}, {"1", "22"}, {"2", "12"}, {"2", "21"}, {"2", "23"}};

typedef struct {
    int64_t left[LINES]; /* what flowed out of each line in the year */
    int64_t has[LINES];  /* its funds */
} Appropriations;

static void
add_change(FiscEntry *entry, int line, int64_t amount)
{
    const char *dim[FISC_DIM_COUNT] = {NULL};
    dim[FISC_DIM_PROGRAMME] = lines[line].programme;
    dim[FISC_DIM_ECONOMIC] = lines[line].economic;
    fisc_entry_move(entry, FISC_STAGE_CHANGE, FISC_STAGE_AVAILABLE, amount, dim, 0);
}

static const char *
judge_virement(const Appropriations *books, int from, int to, int64_t amount)
{
    bool is_same = strcmp(lines[from].programme, lines[to].programme) == 0;
    bool is_salary = lines[from].economic[0] == '1';
    int64_t flown = books->left[from] + amount;
    bool fits_head = is_same && flown * 100 <= (int64_t)ORIGINAL * CAP_HEAD;
    bool fits_other = !is_salary && flown * 100 <= (int64_t)ORIGINAL * CAP_OTHER;
    return !fits_head && !fits_other   ? "VIREMENT_RULE"
           : amount > books->has[from] ? "BUDGET_EXCEEDED"
                                       : "";
}

static void
open_appropriations(Desk *desk, Appropriations *books)
{
    desk_open(desk, "entity E Ministry\n"
                    "control vote absolute refuse 'entity programme economic'\n"
                    "enact L0 E 1000 programme=1 economic=11\n"
                    "enact L1 E 1000 programme=1 economic=21\n"
                    "enact L2 E 1000 programme=1 economic=22\n"
                    "enact L3 E 1000 programme=2 economic=12\n"
                    "enact L4 E 1000 programme=2 economic=21\n"
                    "enact L5 E 1000 programme=2 economic=23\n"
                    "move P E available>commitment 950 programme=1 economic=21\n"
                    "event virement_rule head same='entity programme' cap=10 order=1\n"
                    "event virement_rule other same=entity donor_not='economic=1' cap=3 order=2\n");
    *books = (Appropriations){{0}, {0}};
    for (int i = 0; i < LINES; i++) {
        books->has[i] = i == 1 ? 5000 : ORIGINAL;
    }
}

/* One virement; true when it passed. */
static bool
try_virement(Desk *desk, Appropriations *books, GRand *random, int number)
{
    int from = g_rand_int_range(random, 0, LINES);
    int to = (from + g_rand_int_range(random, 1, LINES)) % LINES;
    int64_t amount = g_rand_int_range(random, 1, number % 7 == 0 ? 20000 : 400);
    const char *expected = judge_virement(books, from, to, amount);
    g_autofree char *reference = g_strdup_printf("V%d", number);
    FiscSubmission *submission = fisc_submission_new("desk", "mary");
    FiscEntry *entry = fisc_submission_entry(submission);
    entry->entity = "E";
    entry->reference = fisc_submission_text(submission, reference);
    entry->effective = fisc_date_make(2024, 6, 15);
    add_change(entry, from, -amount);
    add_change(entry, to, amount);
    fisc_entry_digest(entry);
    fisc_assert_text(desk_hand_in(desk, submission), expected, reference, __FILE__, __LINE__);
    if (*expected != '\0') {
        return false;
    }
    books->left[from] += amount;
    books->has[from] -= amount;
    books->has[to] += amount;
    return true;
}

static void
test_virements(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(SEED);
    int passed = 0;
    int tried = 0;
    for (int book = 0; book < count_books(); book++) {
        Desk desk;
        Appropriations books;
        open_appropriations(&desk, &books);
        for (int i = 0; i < OPERATIONS_A_BOOK; i++, tried++) {
            passed += try_virement(&desk, &books, random, i) ? 1 : 0;
        }
        desk_close(&desk);
    }
    printf("(seed %d: %d of %d passed) ", SEED, passed, tried);
    CU_ASSERT_TRUE(passed > tried / 100 && passed < tried);
}

/* ---- duties ---- */

#define PEOPLE 6
#define ITEMS_KEPT 6

/* Who acts; the delegate has no right of his own, and the principal's hands are his. */
static const struct {
    const char *actor;
    int self, principal; /* -1: on nobody's behalf */
    bool may_pay, may_account;
} people[PEOPLE] = {
    {"u1", 0, -1, false, true}, {"u2 for u1", 1, 0, false, true}, {"u3", 2, -1, true, true},
    {"u4", 3, -1, false, true}, {"payer", 4, -1, true, false},    {"teller", 5, -1, true, false},
};

typedef enum { ORDER, CLAIM, PAYMENT, DEEDS } DeedKind;

/* An item with everybody who had a hand in its chain. */
typedef struct {
    char name[24];
    bool hand[DEEDS][PEOPLE];
    bool is_relieved; /* nothing is open on it any more */
} Paper;

typedef struct {
    Paper paper[DEEDS][ITEMS_KEPT];
    int count[DEEDS];
} Papers;

static const char *const moves[DEEDS] = {"available>commitment", "available>obligation",
                                         "available>payment"};

/* Ordering, claiming and paying must not meet in one person: each excludes the two others. */
static bool
is_one_hand(const Paper *paper)
{
    for (int person = 0; person < PEOPLE; person++) {
        int deeds = 0;
        for (int kind = 0; kind < DEEDS; kind++) {
            deeds += paper->hand[kind][person] ? 1 : 0;
        }
        if (deeds > 1) {
            return true;
        }
    }
    return false;
}

static const char *
judge_deed(const Paper *paper, int person, DeedKind kind)
{
    bool may = kind == PAYMENT ? people[person].may_pay : people[person].may_account;
    return may && is_one_hand(paper) ? "SOD" : may ? "" : "MISSING";
}

static const char *
answer_of(const char *code)
{
    return g_str_has_prefix(code, "SOD_SAME_")       ? "SOD"
           : strcmp(code, "DUTY_MISSING") == 0       ? "MISSING"
           : strcmp(code, "DELEGATION_INVALID") == 0 ? "MISSING"
                                                     : code;
}

/* One deed on an earlier paper; the answer it got. */
static const char *
try_deed(Ministry *ministry, Papers *papers, GRand *random, int number)
{
    DeedKind kind = (DeedKind)g_rand_int_range(random, 0, DEEDS);
    int person = g_rand_int_range(random, 0, PEOPLE);
    Paper *before = NULL;
    if (kind != ORDER && papers->count[kind - 1] > 0) {
        int kept = MIN(papers->count[kind - 1], ITEMS_KEPT);
        before = &papers->paper[kind - 1][g_rand_int_range(random, 0, kept)];
    } else {
        kind = ORDER;
    }
    Paper paper = before != NULL ? *before : (Paper){{0}, {{false}}, false};
    paper.is_relieved = false;
    g_snprintf(paper.name, sizeof paper.name, "I%d", number);
    paper.hand[kind][people[person].self] = true;
    if (people[person].principal >= 0) {
        paper.hand[kind][people[person].principal] = true;
    }
    g_autofree char *words =
        g_strdup_printf("%s 1 %s %s", moves[kind], paper.name, before != NULL ? before->name : "-");
    const char *expected = judge_deed(&paper, person, kind);
    const char *answer = answer_of(ministry_move(ministry, people[person].actor, "E1", words));
    fisc_assert_text(answer, expected, words, __FILE__, __LINE__);
    if (*expected == '\0') {
        /* Who relieves something joins the chain of what he relieves; who only names it does not.
         */
        if (before != NULL && !before->is_relieved) {
            memcpy(before->hand, paper.hand, sizeof paper.hand);
            before->is_relieved = true;
        }
        papers->paper[kind][papers->count[kind]++ % ITEMS_KEPT] = paper;
    }
    return expected;
}

static Ministry *
open_office(void)
{
    Ministry *ministry = ministry_new();
    ministry_drop_approvals(ministry);
    ministry_person(ministry, "u1", "agency_accountant/E1");
    ministry_person(ministry, "u2", "");
    ministry_person(ministry, "u3", "agency_accountant/E1");
    ministry_grant(ministry, "u3/treasury_payer/E1", "2024-12-31");
    ministry_person(ministry, "u4", "agency_accountant/E1");
    ministry_person(ministry, "payer", "treasury_payer/E1");
    ministry_person(ministry, "teller", "treasury_payer/E1");
    ministry_delegate(ministry, "u1/u2/agency_accountant/E1", "2024-06-01", "2024-06-30");
    ministry_enforce(ministry);
    return ministry;
}

static void
test_duties(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(SEED);
    int met = 0;
    int passed = 0;
    for (int book = 0; book < count_books(); book++) {
        g_autoptr(Ministry) ministry = open_office();
        g_autofree Papers *papers = g_new0(Papers, 1);
        for (int i = 0; i < OPERATIONS_A_BOOK; i++) {
            const char *answer = try_deed(ministry, papers, random, i);
            met += strcmp(answer, "SOD") == 0 ? 1 : 0;
            passed += *answer == '\0' ? 1 : 0;
        }
    }
    printf("(seed %d: %d passed, %d would have met in one hand) ", SEED, passed, met);
    CU_ASSERT_TRUE(met > 100 && passed > 100);
}

const FiscTest fisc_random_rules_tests[] = {
    {"lets virements pass as a plain model of the rules does (R12)", test_virements},
    {"keeps duties apart over chains of orders, claims and payments as a plain model does (R21)",
     test_duties},
    {NULL, NULL},
};

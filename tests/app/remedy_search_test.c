/* remedy_search_test.c: random budgets: a virement is offered exactly where an exhaustive search
 * finds one, and it works. */
#include "tests/app/officer.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_remedy_search_tests[];

#define DAY fisc_date_make(YEAR, 2, 10)

#define CASES 50 /* in one book: every step reads all of it */
#define BOOKS 2
#define LONG_BOOKS 16
#define LINES 5
#define ASKED 0 /* the line that asks */
#define RULES 2

/* Controls by line, by programme and first digit, by programme: a bit set of those that bind. */
enum { BY_LINE = 1, BY_ARTICLE = 2, BY_PROGRAMME = 4 };

typedef struct {
    int same; /* of the bits above: what both lines share; 0 = the entity */
    int cap;  /* percent; 0 = none */
    int approvals;
    bool bars_22; /* economic=22 may not give */
} RandomRule;

typedef struct {
    char entity[8];
    int controls;
    int rules;
    RandomRule rule[RULES];
    const char *line[LINES];
    int vote[LINES];
    int spent[LINES];
    int asked;
} RandomBudget;

static const char *const line_pool[] = {"programme=1 economic=21", "programme=1 economic=22",
                                        "programme=1 economic=31", "programme=2 economic=21",
                                        "programme=2 economic=31"};

static bool
share(const char *a, const char *b, int what)
{
    /* "programme=1 economic=21": the programme at 10, the article at 21, the line to 22 */
    bool is_programme = a[10] == b[10];
    bool is_article = is_programme && a[21] == b[21];
    return what == BY_PROGRAMME ? is_programme
           : what == BY_ARTICLE ? is_article
           : what == BY_LINE    ? strcmp(a, b) == 0
                                : true;
}

static RandomBudget
draw_budget(GRand *rand, int number)
{
    RandomBudget budget = {.controls = BY_LINE};
    g_snprintf(budget.entity, sizeof budget.entity, "R%03d", number);
    budget.controls |= number % 2 == 0 ? BY_ARTICLE : 0;
    budget.controls |= number % 3 == 0 ? BY_PROGRAMME : 0;
    budget.rules = g_rand_int_range(rand, 0, RULES + 1);
    for (int i = 0; i < budget.rules; i++) {
        static const int sames[] = {BY_ARTICLE, BY_PROGRAMME, 0};
        static const int caps[] = {0, 10, 25, 50};
        budget.rule[i] = (RandomRule){.same = sames[g_rand_int_range(rand, 0, 3)],
                                      .cap = caps[g_rand_int_range(rand, 0, 4)],
                                      .approvals = g_rand_int_range(rand, 0, 2),
                                      .bars_22 = g_rand_int_range(rand, 0, 3) == 0};
    }
    for (int i = 0; i < LINES; i++) {
        budget.line[i] = line_pool[(i + number) % LINES];
        budget.vote[i] = g_rand_int_range(rand, 0, 9);
        budget.spent[i] = g_rand_int_range(rand, 0, budget.vote[i] + 1);
    }
    budget.asked = budget.vote[ASKED] - budget.spent[ASKED] + g_rand_int_range(rand, 1, 9);
    return budget;
}

static void
add_random_rules(FiscSubmission *submission, const RandomBudget *budget)
{
    for (int i = 0; i < budget->rules; i++) {
        const RandomRule *rule = &budget->rule[i];
        g_autofree char *name = g_strdup_printf("%s-%d", budget->entity, i);
        g_autofree char *order_text = g_strdup_printf("%d", i);
        g_autofree char *cap = g_strdup_printf("%d", rule->cap);
        g_autofree char *approvals = g_strdup_printf("%d", rule->approvals);
        fisc_submission_event(submission, "virement_rule", name, "entities", budget->entity,
                              "order", order_text, "approvals", approvals, "same",
                              rule->same == BY_ARTICLE     ? "entity programme economic:1"
                              : rule->same == BY_PROGRAMME ? "entity programme"
                                                           : "entity",
                              "cap", rule->cap > 0 ? cap : NULL, "donor_not",
                              rule->bars_22 ? "economic=22" : NULL, NULL);
    }
}

static void
add_random_budget(FiscSubmission *submission, const RandomBudget *budget)
{
    for (int i = 0; i < LINES; i++) {
        g_autofree char *reference = g_strdup_printf("%s/spent/%d", budget->entity, i);
        if (budget->vote[i] > 0) {
            officer_appropriate(submission, budget->entity, budget->line[i], budget->vote[i]);
        }
        if (budget->spent[i] > 0) {
            officer_reserve(submission, budget->entity, reference, DAY, budget->line[i],
                            budget->spent[i]);
        }
    }
}

static void
add_random_controls(FiscSubmission *submission, const RandomBudget *budgets)
{
    static const struct {
        int bit;
        const char *name, *key;
    } controls[] = {{BY_LINE, "line", "entity programme economic"},
                    {BY_ARTICLE, "article", "entity programme economic:1"},
                    {BY_PROGRAMME, "programme", "entity programme"}};
    for (gsize k = 0; k < G_N_ELEMENTS(controls); k++) {
        g_autoptr(GString) entities = g_string_new(NULL);
        for (int i = 0; i < CASES; i++) {
            if ((budgets[i].controls & controls[k].bit) != 0) {
                g_string_append_printf(entities, "%s ", budgets[i].entity);
            }
        }
        fisc_submission_event(submission, "control", controls[k].name, "key", controls[k].key,
                              "level", "absolute", "absent", "refuse", "overridable", "no",
                              "entities", entities->str, NULL);
    }
}

/* Whether a line may give so much, by the first rule that the transfer lies inside. */
static bool
may_give(const RandomBudget *budget, int from, int amount)
{
    for (int i = 0; i < budget->rules; i++) {
        const RandomRule *rule = &budget->rule[i];
        bool is_barred = rule->bars_22 && strstr(budget->line[from], "economic=22") != NULL;
        bool fits = share(budget->line[from], budget->line[ASKED], rule->same) && !is_barred &&
                    (rule->cap == 0 || amount <= budget->vote[from] * rule->cap / 100);
        if (fits) {
            return true;
        }
    }
    return budget->rules == 0;
}

/* No key of a control is over, when these amounts have moved and the entry is posted. */
static bool
holds(const RandomBudget *budget, const int given[LINES])
{
    static const int bits[] = {BY_LINE, BY_ARTICLE, BY_PROGRAMME};
    for (gsize k = 0; k < G_N_ELEMENTS(bits); k++) {
        for (int i = 0; (budget->controls & bits[k]) != 0 && i < LINES; i++) {
            int left = 0;
            for (int j = 0; j < LINES; j++) {
                if (share(budget->line[i], budget->line[j], bits[k])) {
                    left += budget->vote[j] - budget->spent[j] + given[j];
                    left -= j == ASKED ? budget->asked : 0;
                }
            }
            if (left < 0) {
                return false;
            }
        }
    }
    return true;
}

/* Every combination of amounts from every line. */
static bool
exists_way(const RandomBudget *budget, int from, int given[LINES])
{
    if (from == LINES) {
        return holds(budget, given);
    }
    for (int amount = 0; amount <= budget->vote[from]; amount++) {
        if (amount > 0 && !may_give(budget, from, amount)) {
            continue;
        }
        given[from] = -amount;
        given[ASKED] += amount;
        bool is_way = exists_way(budget, from + 1, given);
        given[ASKED] -= amount;
        given[from] = 0;
        if (is_way) {
            return true;
        }
    }
    return false;
}

static void
check_random(Books *books, const RandomBudget *budget, int *out_cured)
{
    int given[LINES] = {0};
    bool is_way = exists_way(budget, ASKED + 1, given);
    g_autoptr(FiscReceipt) refused =
        officer_ask(books, budget->entity, budget->line[ASKED], DAY, budget->asked);
    const FiscRefusal *refusal = officer_refusal(refused);
    CU_ASSERT_PTR_NOT_NULL_FATAL(refusal);
    CU_ASSERT_PTR_NOT_NULL_FATAL(refusal->remedies);
    const FiscRemedy *remedy = refusal->remedies->pdata[0];
    g_autofree char *what = g_strdup_printf("offered to %s", budget->entity);
    fisc_assert_text(fisc_remedy_word(remedy->kind), is_way ? "virement" : "none", what, __FILE__,
                     __LINE__);
    if (remedy->kind != FISC_REMEDY_NONE) {
        officer_expect_cure(books, budget->entity, budget->line[ASKED], DAY, budget->asked, refused,
                            1, "second");
        (*out_cured)++;
    }
}

static int
check_random_book(GRand *rand)
{
    g_autoptr(Books) books = officer_books();
    g_autofree RandomBudget *budgets = g_new0(RandomBudget, CASES);
    int cured = 0;
    FiscSubmission *rules = officer_begin();
    FiscSubmission *entries = officer_begin();
    for (int i = 0; i < CASES; i++) {
        budgets[i] = draw_budget(rand, i);
        officer_add_entity(rules, budgets[i].entity);
        add_random_rules(rules, &budgets[i]);
        add_random_budget(entries, &budgets[i]);
    }
    add_random_controls(rules, budgets);
    officer_must_post(books, rules);
    officer_must_post(books, entries);
    for (int i = 0; i < CASES; i++) {
        check_random(books, &budgets[i], &cured);
    }
    return cured;
}

static void
test_random_budgets(void)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(20240210);
    int cured = 0, books = g_getenv("FISC_TEST_LONG") != NULL ? LONG_BOOKS
                           : fisc_test_is_brief()             ? 1
                                                              : BOOKS;
    for (int i = 0; i < books; i++) {
        cured += check_random_book(rand);
    }
    CU_ASSERT_TRUE(cured > books * CASES / 10 && cured < books * CASES);
}

const FiscTest fisc_remedy_search_tests[] = {
    {"offers a virement for a random budget exactly where an exhaustive search finds one, and it "
     "works",
     test_random_budgets},
    {NULL, NULL},
};

/* block_test.c: what is held back, let go or cut over many lines, and how it is shared out; the two
 * halves of a draw. */
#include "fisc/budget.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_block_tests[];

static const FiscEntity city = {.code = "CITY", .currency = "KWD", .decimals = 3};

typedef struct {
    const char *programme, *economic;
    int64_t enacted, carried, available, blocked;
} Line;

static const Line lines[] = {
    {"1", "21", 1000, 0, 400, 0}, {"1", "22", 1000, 500, 900, 100}, {"1", "31", 700, 0, 700, 0},
    {"2", "21", 333, 0, 0, 333},  {"2", "22", 0, 10, 10, 0},        {"2", "29", -5, 0, -5, 0},
};

static FiscBudgetPosition *
position_new(void)
{
    FiscDate day = fisc_date_make(2024, 6, 15);
    FiscBudgetPosition *position = fisc_budget_position_new("CITY", 202406, day);
    for (gsize i = 0; i < G_N_ELEMENTS(lines); i++) {
        const char *dim[FISC_DIM_COUNT] = {NULL};
        dim[FISC_DIM_PROGRAMME] = lines[i].programme;
        dim[FISC_DIM_ECONOMIC] = lines[i].economic;
        fisc_budget_position_ask(position, dim, 0);
        FiscLinePosition *line = g_ptr_array_steal_index(position->asked, 0);
        line->enacted = lines[i].enacted;
        line->carried = lines[i].carried;
        line->available = lines[i].available;
        line->blocked = lines[i].blocked;
        g_ptr_array_add(position->lines, line);
    }
    return position;
}

/* "1/21 B20 50 B25 -50; ..." */
static char *
dump(const FiscSubmission *submission)
{
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < submission->entries->len; i++) {
        const FiscEntry *entry = submission->entries->pdata[i];
        const FiscLine *first = &g_array_index(entry->lines, FiscLine, 0);
        const FiscLine *second = &g_array_index(entry->lines, FiscLine, 1);
        g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
        fisc_entry_check(entry, refusals);
        FISC_ASSERT_INT(refusals->len, 0);
        g_string_append_printf(text, "%s%s/%s %s %" G_GINT64_FORMAT " %s %" G_GINT64_FORMAT,
                               i > 0 ? "; " : "", first->dim[FISC_DIM_PROGRAMME],
                               first->dim[FISC_DIM_ECONOMIC], first->account, first->amount,
                               second->account, second->amount);
    }
    return g_string_free(text, FALSE);
}

static void
test_shares(void)
{
    static const struct {
        FiscBlock block;
        const char *programme, *economic, *expected;
        int64_t total;
    } cases[] = {
        /* a percentage of what was appropriated and carried in, half away from zero */
        {{.percent = 50000},
         "1",
         NULL, /* 5 percent of 1000, 1500 and 700 */
         "1/21 B20 50 B25 -50; 1/22 B20 75 B25 -75; 1/31 B20 35 B25 -35",
         160},
        {{.percent = 5000}, "2", NULL, "2/21 B20 2 B25 -2", 2}, /* 1.665, and 0.05 */
        {{.percent = 1500}, "2", "21", "2/21 B20 0 B25 0", 0},  /* 0.4995: nothing */
        {{.percent = 1000000}, NULL, "22", "1/22 B20 1500 B25 -1500; 2/22 B20 10 B25 -10", 1510},
        /* of what is left */
        {{.percent = 500000, .of_available = true},
         "1",
         "2*",
         "1/21 B20 200 B25 -200; 1/22 B20 450 B25 -450",
         650},
        /* an amount in proportion; its parts make the whole */
        {{.amount = 100},
         "1",
         NULL,
         "1/21 B20 31 B25 -31; 1/22 B20 47 B25 -47; 1/31 B20 22 B25 -22",
         100},
        {{.amount = 1}, "1", NULL, "1/22 B20 1 B25 -1", 1},
        {{.amount = 7, .of_available = true}, "1", "2*", "1/21 B20 2 B25 -2; 1/22 B20 5 B25 -5", 7},
        /* let go: of what is blocked */
        {{.kind = FISC_BLOCK_LIFT, .percent = 1000000},
         NULL,
         NULL,
         "1/22 B20 -100 B25 100; 2/21 B20 -333 B25 333",
         433},
        {{.kind = FISC_BLOCK_LIFT, .amount = 50}, "2", NULL, "2/21 B20 -50 B25 50", 50},
        /* cut: the appropriation itself */
        {{.kind = FISC_BLOCK_CUT, .percent = 100000}, "1", "3*", "1/31 B12 -70 B20 70", 70},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FiscSubmission) submission = fisc_submission_new("budget", "mary");
        g_autoptr(FiscBudgetPosition) position = position_new();
        FiscBlock block = cases[i].block;
        int64_t total = -1;
        block.id = "B";
        block.reason = "restraint";
        block.on = fisc_date_make(2024, 6, 15);
        block.where[FISC_DIM_PROGRAMME] = cases[i].programme;
        block.where[FISC_DIM_ECONOMIC] = cases[i].economic;
        int count = fisc_budget_block(submission, &city, &block, position, &total);
        g_autofree char *text = dump(submission);
        FISC_ASSERT_TEXT(text, cases[i].total == 0 ? "" : cases[i].expected);
        FISC_ASSERT_INT(count, submission->entries->len);
        FISC_ASSERT_INT(total, cases[i].total);
    }
}

/* Whatever the amount, the parts make the whole, and none is further than one unit from its share.
 */
static void
test_whole(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(15);
    for (int i = 0; i < 2000; i++) {
        g_autoptr(FiscSubmission) submission = fisc_submission_new("budget", "mary");
        g_autoptr(FiscBudgetPosition) position = position_new();
        FiscBlock block = {.id = "B", .amount = g_rand_int_range(random, 1, 100000)};
        int64_t total = 0;
        int64_t sum = 0;
        __int128 base = 0;
        for (gsize k = 0; k < G_N_ELEMENTS(lines); k++) {
            FiscLinePosition *line = position->lines->pdata[k];
            line->enacted = g_rand_int_range(random, 0, 5000);
            base += line->enacted + line->carried;
        }
        fisc_budget_block(submission, &city, &block, position, &total);
        FISC_ASSERT_INT(total, block.amount);
        for (guint k = 0; k < submission->entries->len; k++) {
            const FiscEntry *entry = submission->entries->pdata[k];
            const FiscLine *first = &g_array_index(entry->lines, FiscLine, 0);
            sum += first->amount;
            for (guint n = 0; n < position->lines->len; n++) {
                const FiscLinePosition *line = position->lines->pdata[n];
                bool is_it =
                    strcmp(line->dim[FISC_DIM_PROGRAMME], first->dim[FISC_DIM_PROGRAMME]) == 0 &&
                    strcmp(line->dim[FISC_DIM_ECONOMIC], first->dim[FISC_DIM_ECONOMIC]) == 0;
                __int128 off =
                    first->amount * base - (__int128)block.amount * (line->enacted + line->carried);
                if (is_it && (off >= base || off <= -base)) {
                    FISC_ASSERT_TEXT("a part is far from its share", "");
                }
            }
        }
        FISC_ASSERT_INT(sum, block.amount);
    }
}

static void
test_draw(void)
{
    static const FiscEntity ministry = {.code = "MIN", .decimals = 2};
    g_autoptr(FiscSubmission) submission = fisc_submission_new("budget", "mary");
    FiscDraw draw = {.id = "D1", .reason = "flood", .on = fisc_date_make(2024, 5, 2), .amount = 40};
    draw.from[FISC_DIM_PROGRAMME] = "999";
    draw.from[FISC_DIM_ECONOMIC] = "9";
    draw.to[FISC_DIM_PROGRAMME] = "1";
    draw.to[FISC_DIM_ECONOMIC] = "2";
    fisc_budget_draw(submission, &city, &ministry, &draw);
    g_autofree char *text = dump(submission);
    FISC_ASSERT_TEXT(text, "999/9 B12 -40 B20 40; 1/2 B12 40 B20 -40");
    for (guint i = 0; i < submission->entries->len; i++) {
        FISC_ASSERT_TEXT(((const FiscEntry *)submission->entries->pdata[i])->transfer, "D1");
    }
}

const FiscTest fisc_block_tests[] = {
    {"shares out what is held back, let go or cut", test_shares},
    {"makes the whole of its parts", test_whole},
    {"draws on a reserve by two halves", test_draw},
    {NULL, NULL},
};

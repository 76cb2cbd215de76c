/* budget_part_test.c: what is a virement, what is a supplement, told by the entry. */
#include "reporting/budget_part.h"
#include "tests/reporting/acts.h"
#include "tests/support/suite.h"

extern const FiscTest fisc_budget_part_tests[];

#define ACTS_MAX 5

/* "virement_out supplement": what each line of an entry did; "-" is none of this side. */
static char *
parts_text(const Acts *acts, bool revenue)
{
    GString *text = g_string_new(NULL);
    g_autoptr(GArray) parts = fisc_budget_parts_of(acts->limits, revenue);
    FISC_ASSERT_INT(parts->len, acts->limits->rows->len);
    for (guint i = 0; i < parts->len; i++) {
        int part = g_array_index(parts, int, i);
        int64_t amount = g_array_index(acts->limits->rows, FiscPostedLine, i).amount;
        g_string_append_printf(text, "%s%s", i > 0 ? " " : "",
                               part < 0 ? "-" : fisc_budget_part_word(part, amount));
    }
    return g_string_free(text, FALSE);
}

#define CHANGE FISC_STAGE_CHANGE
#define ESTIMATE_CHANGE FISC_STAGE_ESTIMATE_CHANGE

static void
test_an_entry_that_moves_and_creates_nothing_is_a_virement(void)
{
    static const struct {
        Act acts[ACTS_MAX];
        bool revenue;
        const char *parts;
    } cases[] = {
        {{{1, CHANGE, -30, "1"}, {1, CHANGE, 30, "2"}}, false, "virement_out virement_in"},
        {{{1, CHANGE, 10, "1"}, {1, CHANGE, -30, "2"}, {1, CHANGE, 20, "3"}},
         false,
         "virement_in virement_out virement_in"},
        /* not balanced: it takes the law */
        {{{1, CHANGE, -30, "1"}, {1, CHANGE, 31, "2"}}, false, "cut supplement"},
        {{{1, CHANGE, 30, "1"}}, false, "supplement"},
        /* two entries that sum to zero only together */
        {{{1, CHANGE, -30, "1"}, {2, CHANGE, 30, "2"}}, false, "cut supplement"},
        /* on one line it moves nothing */
        {{{1, CHANGE, -30, "1"}, {1, CHANGE, 30, "1"}}, false, "cut supplement"},
        /* a reversal takes back what went out, and what came in */
        {{{1, CHANGE, 30, "1", .reverses = true}, {1, CHANGE, -30, "2", .reverses = true}},
         false,
         "virement_out virement_in"},
        {{{1, CHANGE, -30, "1", .reverses = true}}, false, "cut"},
        /* what is voted or carried in the same entry changes nothing about it */
        {{{1, FISC_STAGE_APPROPRIATION, 5, "1"},
          {1, CHANGE, -30, "1"},
          {1, CHANGE, 30, "2"},
          {1, FISC_STAGE_CARRY, 7, "2"}},
         false,
         "original virement_out virement_in carry_in"},
        /* estimates are corrected, never moved */
        {{{1, ESTIMATE_CHANGE, -30, "1"}, {1, ESTIMATE_CHANGE, 30, "2"}}, true, "cut supplement"},
        {{{1, FISC_STAGE_ESTIMATE, 30, "1"}, {2, CHANGE, 4, "1"}}, true, "original -"},
        {{{1, FISC_STAGE_ESTIMATE, 30, "1"}, {2, CHANGE, 4, "1"}}, false, "- supplement"},
        {{{0}}, false, ""},
    };
    for (guint i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(Acts) acts = acts_new();
        for (guint j = 0; j < ACTS_MAX && cases[i].acts[j].stage != FISC_STAGE_NONE; j++) {
            acts_post(acts, &cases[i].acts[j]);
        }
        g_autofree char *parts = parts_text(acts, cases[i].revenue);
        FISC_ASSERT_TEXT(parts, cases[i].parts);
    }
}

const FiscTest fisc_budget_part_tests[] = {
    {"an entry that moves and creates nothing is a virement",
     test_an_entry_that_moves_and_creates_nothing_is_a_virement},
    {NULL, NULL},
};

/* plan_patch_test.c: texts that say only some things about lines. */
#include "fisc/formulation.h"
#include "tests/budget/plan_random.h"
#include "tests/support/suite.h"
#include <string.h>

#define SEED 20250

extern const FiscTest fisc_plan_patch_tests[];

static const FiscPlanFrame frame = {
    .version = "2025-draft", .year = 2025, .years = 2, .decimals = 2};

/* Two lines, one of them with a text of two lines. */
static const char base_text[] = "line,gfs_code,title,request_2025,request_2026,justification\n"
                                "a,21,Teachers,100,110,\"more\nchildren\"\n"
                                "b,22,Books,50,50,\n";

static FiscPlanLines *
read_text(const char *text)
{
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    FiscPlanLines *lines =
        fisc_plan_lines_read(&frame, "base.csv", text, strlen(text), "MIN", refusals);
    FISC_ASSERT_INT(refusals->len, 0);
    return lines;
}

/* What a patch changes, as "line column before>after", or its refusals as "row column CODE". */
static char *
effect_of(const char *patch)
{
    g_autoptr(FiscPlanLines) base = read_text(base_text);
    g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
    g_autoptr(FiscPlanLines) lines =
        fisc_plan_lines_patch(base, "patch.csv", patch, strlen(patch), "MIN", refusals);
    GString *text = g_string_new(NULL);
    for (guint i = 0; i < refusals->len; i++) {
        const FiscRefusal *refusal = refusals->pdata[i];
        g_string_append_printf(text, "%d %s %s\n", refusal->line, refusal->field,
                               fisc_error_name(refusal->code));
    }
    if (lines != NULL) {
        g_autoptr(GPtrArray) changes = fisc_plan_compare(base, lines);
        for (guint i = 0; i < changes->len; i++) {
            const FiscPlanChange *change = changes->pdata[i];
            g_string_append_printf(text, "%s %s %s>%s\n", change->line, change->what,
                                   change->before, change->after);
        }
    }
    return g_string_free(text, FALSE);
}

static void
test_changes_what_it_says(void)
{
    static const struct {
        const char *patch, *effect;
    } cases[] = {
        {"line,mark_2025\n", ""},
        {"line,mark_2025\nb,40\n", "b mark_2025 >40.00\nb mark_2026 >0.00\n"},
        {"line,mark\nb,40\n", "b mark_2025 >40.00\nb mark_2026 >0.00\n"},
        {"mark_2026,line,mark_2025\n41,b,40\n", "b mark_2025 >40.00\nb mark_2026 >41.00\n"},
        {"line,title\na,\n", "a title Teachers>\n"},
        {"line,title\na,Teachers\n", ""},
        {"line,entity,title\na,MIN,Masters\n", "a title Teachers>Masters\n"},
        {"line,gfs_code,request_2025\nc,26,7\n", "c added >7.00\n"},
        /* refusals name rows and columns of the patch */
        {"line,mark_2025\nb,many\n", "2 mark_2025 AMOUNT_INVALID\n"},
        {"line,mark_2025\na,1\n\nb,1.005\n", "4 mark_2025 AMOUNT_DECIMALS\n"},
        {"line,title\na,One\na,Two\n", "3 line DUPLICATE_ROW\n"},
        {"line,colour\na,red\n", "1 colour COLUMN_UNKNOWN\n"},
        {"title\nTeachers\n", "1 line COLUMN_MISSING\n"},
        {"line,entity,title\na,OTHER,x\n", "2 entity VALUE_INVALID\n"},
    };
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autofree char *effect = effect_of(cases[i].patch);
        g_autofree char *got = g_strdup_printf("%s -> %s", cases[i].patch, effect);
        g_autofree char *wanted = g_strdup_printf("%s -> %s", cases[i].patch, cases[i].effect);
        FISC_ASSERT_TEXT(got, wanted);
    }
}

/* The whole of a later state laid over an earlier one is the later one, with the lines that it took
 * away: a patch takes none. */
static void
test_lays_whole_texts_over(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(SEED);
    for (int round = 0; round < 50; round++) {
        g_autoptr(FiscRefusals) refusals = fisc_refusals_new();
        g_autoptr(FiscPlanLines) before = fisc_random_lines(random, &frame, 40);
        g_autoptr(FiscPlanLines) after = fisc_random_edit(random, before, 4);
        g_autofree char *text = fisc_plan_lines_write(after);
        g_autoptr(FiscPlanLines) laid =
            fisc_plan_lines_patch(before, "patch.csv", text, strlen(text), NULL, refusals);
        FISC_ASSERT_INT(refusals->len, 0);
        if (laid == NULL) {
            return;
        }
        g_autoptr(GPtrArray) changes = fisc_plan_compare(after, laid);
        FISC_ASSERT_INT(changes->len, laid->lines->len - after->lines->len);
        for (guint i = 0; i < changes->len; i++) {
            FISC_ASSERT_TEXT(((const FiscPlanChange *)changes->pdata[i])->what, "added");
        }
    }
}

const FiscTest fisc_plan_patch_tests[] = {
    {"changes what it says and nothing else", test_changes_what_it_says},
    {"lays a whole text over another", test_lays_whole_texts_over},
    {NULL, NULL},
};

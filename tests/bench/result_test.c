/* result_test.c: medians, and what programs and people get to read. */
#include "bench/result.h"
#include "tests/support/suite.h"
#include <jansson.h>
#include <stdlib.h>

extern const FiscTest fisc_bench_result_tests[];

static const FiscBenchRatio faster = {"faster", "than the other", FISC_BENCH_AT_LEAST, 7};
static const FiscBenchFigure rate = {"rate_per_s", "ours"};

static void
test_takes_medians(void)
{
    static const struct {
        double runs[4];
        int count;
        double median;
    } cases[] = {{{5}, 1, 5}, {{9, 1}, 2, 5}, {{8, 1, 3}, 3, 3}, {{4, 1, 2, 100}, 4, 3}};
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(FiscBenchResult) result = fisc_bench_result_new("test");
        double median = -1;
        CU_ASSERT_FALSE(fisc_bench_result_ratio(result, "faster", &median));
        for (int k = 0; k < cases[i].count; k++) {
            fisc_bench_result_add_ratio(result, &faster, cases[i].runs[k]);
        }
        CU_ASSERT(fisc_bench_result_ratio(result, "faster", &median));
        CU_ASSERT_EQUAL(median, cases[i].median);
        CU_ASSERT_FALSE(fisc_bench_result_figure(result, "faster", &median));
    }
}

static void
fill(FiscBenchResult *result)
{
    fisc_bench_result_add_ratio(result, &faster, 8.25);
    fisc_bench_result_add_ratio(result, &faster, 10.5);
    fisc_bench_result_add_figure(result, &rate, 123456);
    fisc_bench_result_set(result, "fsync", "off");
    fisc_bench_result_set(result, "fsync", "%s", "on");
    fisc_bench_result_note(result, "%s is not installed.", "hledger");
}

static double
number_at(json_t *root, const char *object, const char *name)
{
    return json_number_value(json_object_get(json_object_get(root, object), name));
}

static void
test_is_read_by_programs(void)
{
    g_autoptr(FiscBenchResult) result = fisc_bench_result_new("test");
    fill(result);
    char *text = fisc_bench_result_to_json(result);
    json_t *root = json_loads(text, 0, NULL);
    CU_ASSERT_PTR_NOT_NULL_FATAL(root);
    CU_ASSERT_EQUAL(number_at(root, "ratios", "faster"), 9.375);
    CU_ASSERT_EQUAL(number_at(root, "absolute", "rate_per_s"), 123500); /* four digits */
    json_t *runs = json_object_get(json_object_get(root, "runs"), "faster");
    FISC_ASSERT_INT(json_array_size(runs), 2);
    FISC_ASSERT_TEXT(json_string_value(json_object_get(json_object_get(root, "settings"), "fsync")),
                     "on");
    FISC_ASSERT_TEXT(json_string_value(json_array_get(json_object_get(root, "notes"), 0)),
                     "hledger is not installed.");
    json_decref(root);
    free(text);
}

static void
test_is_read_by_people(void)
{
    g_autoptr(FiscBenchResult) result = fisc_bench_result_new("test");
    fill(result);
    g_autofree char *text = fisc_bench_result_to_text(result);
    FISC_ASSERT_CONTAINS(text, "faster                                 9.38       8.25       10.5"
                               "    at least 7.00  than the other\n");
    FISC_ASSERT_CONTAINS(text, "rate_per_s                           123456");
    FISC_ASSERT_CONTAINS(text, "fsync                            on\n");
    FISC_ASSERT_CONTAINS(text, "\nhledger is not installed.\n");
}

const FiscTest fisc_bench_result_tests[] = {
    {"takes the median of the rounds", test_takes_medians},
    {"is read by programs: ratios, absolute figures, runs, settings, notes",
     test_is_read_by_programs},
    {"is read by people: what was found beside what is wanted", test_is_read_by_people},
    {NULL, NULL},
};

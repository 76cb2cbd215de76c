/* graphs_test.c: graphs say what the statements say. */
#include "fisc/statement.h"
#include "tests/reporting/pages/rendered.h"
#include "tests/reporting/reading.h"
#include "tests/support/suite.h"
#include <string.h>

extern const FiscTest fisc_graphs_tests[];

/* NULL when there is none. */
static const FiscGraph *
graph_named(const FiscDossier *dossier, const char *name)
{
    for (guint i = 0; i < dossier->parts->len; i++) {
        const FiscDossierPart *part = g_ptr_array_index(dossier->parts, i);
        for (guint k = 0; k < part->graphs->len; k++) {
            const FiscGraph *graph = g_ptr_array_index(part->graphs, k);
            if (strcmp(graph->name, name) == 0) {
                return graph;
            }
        }
    }
    return NULL;
}

static int64_t
sum_of(const FiscGraph *graph, guint series)
{
    const FiscGraphSeries *of = g_ptr_array_index(graph->series, series);
    __int128 sum = 0;
    for (guint i = 0; i < of->amounts->len; i++) {
        sum += g_array_index(of->amounts, __int128, i);
    }
    return (int64_t)sum;
}

static int64_t
figure(const FiscDossier *dossier, const char *statement, const char *code)
{
    return amount_of(fisc_dossier_part(dossier, NULL, statement)->table, statement, code);
}

static void
test_bars_add_up_to_the_totals(void)
{
    static const struct {
        const char *graph, *statement, *code;
    } cases[] = {
        {"revenue-by-class", "SOO", "1"},
        {"expense-by-class", "SOO", "2"},
        {"expenditure-by-function", "COFOG_DIV", "7"},
        {"liabilities-by-instrument", "BS_CLOSE", "63"},
    };
    static const char *const units[] = {"GG", "CG", "BCG"};
    for (guint i = 0; i < G_N_ELEMENTS(cases) * G_N_ELEMENTS(units); i++) {
        guint which = i / G_N_ELEMENTS(units);
        Rendered arda = rendered_open(units[i % G_N_ELEMENTS(units)], "en", 202400, 202413);
        const FiscGraph *graph = graph_named(arda.dossier, cases[which].graph);
        CU_ASSERT_PTR_NOT_NULL_FATAL(graph);
        FISC_ASSERT_INT(sum_of(graph, 0),
                        figure(arda.dossier, cases[which].statement, cases[which].code));
        rendered_close(&arda);
    }
}

/* Each total is the sum of the steps before it. */
static void
test_the_waterfall_arrives_where_the_statement_does(void)
{
    Rendered arda = rendered_open("GG", "en", 202400, 202413);
    const FiscGraph *graph = graph_named(arda.dossier, "revenue-to-lending");
    CU_ASSERT_PTR_NOT_NULL_FATAL(graph);
    const FiscGraphSeries *series = g_ptr_array_index(graph->series, 0);
    __int128 sum = 0;
    for (guint i = 0; i < graph->categories->len; i++) {
        const FiscGraphCategory *category = g_ptr_array_index(graph->categories, i);
        __int128 amount = g_array_index(series->amounts, __int128, i);
        if (category->is_total && i > 0) {
            FISC_ASSERT_INT((long long)amount, (long long)sum);
        }
        sum = category->is_total ? amount : sum + amount;
    }
    FISC_ASSERT_INT((long long)sum, 51800); /* NLB of general government, worked by hand */
    rendered_close(&arda);
}

static void
test_the_months_add_up_to_the_cash_statement(void)
{
    Rendered arda = rendered_open("GG", "en", 202400, 202413);
    const FiscGraph *graph = graph_named(arda.dossier, "cash-by-month");
    CU_ASSERT_PTR_NOT_NULL_FATAL(graph);
    FISC_ASSERT_INT(graph->categories->len, 12);
    FISC_ASSERT_INT(sum_of(graph, 0),
                    figure(arda.dossier, "SSUC", "C1") + figure(arda.dossier, "SSUC", "C31.2"));
    FISC_ASSERT_INT(sum_of(graph, 1),
                    figure(arda.dossier, "SSUC", "C2") + figure(arda.dossier, "SSUC", "C31.1"));
    rendered_close(&arda);
}

static void
test_the_budget_is_that_of_the_report_by_stages(void)
{
    Rendered arda = rendered_open("GG", "en", 202400, 202413);
    const FiscGraph *graph = graph_named(arda.dossier, "budget-against-actual");
    CU_ASSERT_PTR_NOT_NULL_FATAL(graph);
    /* As budget-stages says of arda-2024. */
    FISC_ASSERT_INT(sum_of(graph, 0), 274000);
    FISC_ASSERT_INT(sum_of(graph, 1), 271200);
    FISC_ASSERT_INT(sum_of(graph, 2), 256200);
    rendered_close(&arda);
}

static void
test_what_a_period_or_a_unit_does_not_have_is_not_drawn(void)
{
    Rendered quarter = rendered_open("GG", "en", 202401, 202403);
    CU_ASSERT_PTR_NULL(graph_named(quarter.dossier, "budget-against-actual"));
    CU_ASSERT_PTR_NOT_NULL(graph_named(quarter.dossier, "cash-by-month"));
    Rendered month = rendered_open("GG", "en", 202403, 202403);
    CU_ASSERT_PTR_NULL(graph_named(month.dossier, "cash-by-month"));
    Rendered later = rendered_open("GG", "en", 202500, 202513);
    CU_ASSERT_PTR_NULL(graph_named(later.dossier, "revenue-by-class"));
    CU_ASSERT_PTR_NULL(graph_named(later.dossier, "revenue-to-lending"));
    CU_ASSERT_PTR_NOT_NULL(graph_named(later.dossier, "liabilities-by-instrument"));
    rendered_close(&quarter);
    rendered_close(&month);
    rendered_close(&later);
}

static void
test_titles_say_whose_and_when_in_the_language(void)
{
    Rendered arda = rendered_open("GG", "es", 202400, 202413);
    const FiscGraph *graph = graph_named(arda.dossier, "revenue-by-class");
    const FiscGraphCategory *taxes = g_ptr_array_index(graph->categories, 0);
    CU_ASSERT(g_str_has_suffix(graph->title, ", Arda, 2024"));
    CU_ASSERT_FALSE(g_str_has_prefix(graph->title, "Revenue by class"));
    FISC_ASSERT_TEXT(taxes->label, "Impuestos");
    rendered_close(&arda);
}

const FiscTest fisc_graphs_tests[] = {
    {"bars add up to the totals", test_bars_add_up_to_the_totals},
    {"the waterfall arrives where the statement does",
     test_the_waterfall_arrives_where_the_statement_does},
    {"the months add up to the cash statement", test_the_months_add_up_to_the_cash_statement},
    {"the budget is that of the report by stages", test_the_budget_is_that_of_the_report_by_stages},
    {"what a period or a unit does not have is not drawn",
     test_what_a_period_or_a_unit_does_not_have_is_not_drawn},
    {"titles say whose and when, in the language", test_titles_say_whose_and_when_in_the_language},
    {NULL, NULL},
};

/* graph.c: charts as values, and in words. Drawing is render/'s. */
#include "fisc/graph.h"
#include "fisc/money.h"

static void
category_free(void *pointer)
{
    FiscGraphCategory *category = pointer;
    g_free(category->label);
    g_free(category);
}

static void
series_free(void *pointer)
{
    FiscGraphSeries *series = pointer;
    g_free(series->label);
    g_array_unref(series->amounts);
    g_free(series);
}

FiscGraph *
fisc_graph_new(FiscGraphKind kind, const char *name, const char *title, const char *unit,
               int decimals)
{
    FiscGraph *graph = g_new0(FiscGraph, 1);
    graph->kind = kind;
    graph->name = g_strdup(name);
    graph->title = g_strdup(title);
    graph->unit = g_strdup(unit);
    graph->decimals = decimals;
    graph->categories = g_ptr_array_new_with_free_func(category_free);
    graph->series = g_ptr_array_new_with_free_func(series_free);
    return graph;
}

void
fisc_graph_free(FiscGraph *graph)
{
    if (graph == NULL) {
        return;
    }
    g_free(graph->name);
    g_free(graph->title);
    g_free(graph->unit);
    g_ptr_array_unref(graph->categories);
    g_ptr_array_unref(graph->series);
    g_free(graph);
}

void
fisc_graph_add_category(FiscGraph *graph, const char *label, bool is_total)
{
    FiscGraphCategory *category = g_new0(FiscGraphCategory, 1);
    category->label = g_strdup(label);
    category->is_total = is_total;
    g_ptr_array_add(graph->categories, category);
}

FiscGraphSeries *
fisc_graph_add_series(FiscGraph *graph, const char *label)
{
    FiscGraphSeries *series = g_new0(FiscGraphSeries, 1);
    series->label = g_strdup(label);
    series->amounts = g_array_new(FALSE, TRUE, sizeof(__int128));
    g_ptr_array_add(graph->series, series);
    return series;
}

void
fisc_graph_add_amount(FiscGraphSeries *series, __int128 amount)
{
    g_array_append_val(series->amounts, amount);
}

char *
fisc_graph_describe(const FiscGraph *graph)
{
    GString *words = g_string_new(graph->title);
    for (guint i = 0; i < graph->series->len; i++) {
        const FiscGraphSeries *series = g_ptr_array_index(graph->series, i);
        g_string_append_printf(words, "%s %s:", i == 0 ? "." : ";", series->label);
        for (guint j = 0; j < series->amounts->len && j < graph->categories->len; j++) {
            const FiscGraphCategory *category = g_ptr_array_index(graph->categories, j);
            char amount[FISC_SUM_TEXT];
            g_string_append_printf(
                words, "%s %s %s", j > 0 ? "," : "", category->label,
                fisc_sum_format_grouped(g_array_index(series->amounts, __int128, j),
                                        graph->decimals, amount));
        }
    }
    g_string_append_c(words, '.');
    return g_string_free(words, FALSE);
}

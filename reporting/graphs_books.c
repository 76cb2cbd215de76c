/* graphs_books.c: graphs of the months of a year, and of its budget: asked of the books. */
#include "fisc/chart.h"
#include "reporting/figures.h"
#include "reporting/graphs.h"
#include "reporting/labels.h"
#include <string.h>

/* What came in: revenue, and disposals of nonfinancial assets; what went out: expense, and
 * acquisitions. Financing is neither. */
static void
add_month(const FiscStatementQuery *query, const FiscPerimeter *perimeter, FiscPeriod month,
          FiscGraphSeries *receipts, FiscGraphSeries *payments)
{
    FiscStatementQuery one = *query;
    one.from = month;
    one.to = month;
    g_autoptr(FiscFigures) figures = fisc_figures_new(&one, perimeter);
    __int128 sold = fisc_figures_get(figures, FISC_SOURCE_CASH, "31.2");
    __int128 assets = fisc_figures_get(figures, FISC_SOURCE_CASH, "31");
    fisc_graph_add_amount(receipts, fisc_figures_get(figures, FISC_SOURCE_CASH, "1") + sold);
    fisc_graph_add_amount(payments,
                          sold - assets - fisc_figures_get(figures, FISC_SOURCE_CASH, "2"));
}

void
fisc_graphs_add_months(const FiscDossier *dossier, FiscDossierPart *part,
                       const FiscStatementQuery *query)
{
    int year = fisc_period_year(query->from);
    int first = MAX(query->from % 100, 1);
    int last = MIN(query->to % 100, 12);
    g_autoptr(FiscPerimeter) perimeter = NULL;
    if (fisc_period_year(query->to) != year || last <= first ||
        !fisc_perimeter_find(query->nation, query->unit, &perimeter, NULL)) {
        return;
    }
    FiscGraph *graph = fisc_graphs_new(dossier, part, FISC_GRAPH_LINES, "cash-by-month",
                                       "Cash received and paid by month");
    FiscGraphSeries *receipts =
        fisc_graph_add_series(graph, fisc_label(dossier->language, "Received"));
    FiscGraphSeries *payments = fisc_graph_add_series(graph, fisc_label(dossier->language, "Paid"));
    for (int month = first; month <= last; month++) {
        g_autofree char *label = g_strdup_printf("%04d-%02d", year, month);
        fisc_graph_add_category(graph, label, false);
        add_month(query, perimeter, year * 100 + month, receipts, payments);
    }
    fisc_graphs_keep(part, graph);
}

/* A line without a class would be a bar without a name: then there is no graph by class. */
static bool
has_classes(const FiscTable *stages)
{
    for (guint i = 0; i < stages->rows->len; i++) {
        const FiscRow *row = g_ptr_array_index(stages->rows, i);
        if (row->cells[0].text == NULL || *row->cells[0].text == '\0') {
            return false;
        }
    }
    return stages->rows->len > 0;
}

static void
add_stage(const FiscDossier *dossier, FiscGraph *graph, const FiscTable *stages, const char *name,
          const char *words)
{
    int column = fisc_table_column(stages, name);
    FiscGraphSeries *series = fisc_graph_add_series(graph, fisc_label(dossier->language, words));
    for (guint i = 0; i < stages->rows->len; i++) {
        const FiscRow *row = g_ptr_array_index(stages->rows, i);
        fisc_graph_add_amount(series, row->cells[column].number);
    }
}

void
fisc_graphs_add_budget(const FiscDossier *dossier, FiscDossierPart *part,
                       const FiscStatementQuery *query)
{
    g_autoptr(FiscTable) stages = NULL;
    bool is_year = query->from % 100 <= 1 && query->to % 100 >= 12;
    if (!is_year ||
        !fisc_statement_budget_stages(query->nation, query->balances, query->unit,
                                      fisc_period_year(query->from), "gfs_code:2", false, false,
                                      &stages, NULL) ||
        !has_classes(stages)) {
        return;
    }
    FiscGraph *graph = fisc_graphs_new(dossier, part, FISC_GRAPH_BARS, "budget-against-actual",
                                       "Budget against actual, by class");
    for (guint i = 0; i < stages->rows->len; i++) {
        const FiscRow *row = g_ptr_array_index(stages->rows, i);
        g_auto(GStrv) label = g_strsplit(fisc_gfs_label(row->cells[0].text), " [", 2);
        fisc_graph_add_category(graph, fisc_label(dossier->language, label[0]), false);
    }
    add_stage(dossier, graph, stages, "final", "Final budget");
    add_stage(dossier, graph, stages, "obligated", "Accrued");
    add_stage(dossier, graph, stages, "paid", "Paid");
    fisc_graphs_keep(part, graph);
}

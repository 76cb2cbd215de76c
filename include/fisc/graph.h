/* graph.h: a chart of a report as values: categories, series, amounts. Renderers draw it.
 *
 * (The word chart is the chart of accounts here.) Amounts are minor units, as in a table. */
#ifndef FISC_GRAPH_H
#define FISC_GRAPH_H

#include "fisc/error.h"
#include <stdint.h>

typedef enum {
    FISC_GRAPH_BARS,      /* series side by side */
    FISC_GRAPH_STACKED,   /* series on top of each other */
    FISC_GRAPH_LINES,     /* over time */
    FISC_GRAPH_WATERFALL, /* one series: each category adds to the one before; totals start anew */
} FiscGraphKind;

typedef struct {
    char *label;
    bool is_total; /* of a waterfall: the sum so far, not a step */
} FiscGraphCategory;

typedef struct {
    char *label;
    GArray *amounts; /* of __int128, one for each category */
} FiscGraphSeries;

typedef struct {
    FiscGraphKind kind;
    char *name;  /* "expense-by-class" */
    char *title; /* "Expense by class, Madrid, 2018" */
    char *unit;  /* what the amounts are: "EUR" */
    int decimals;
    GPtrArray *categories; /* of FiscGraphCategory */
    GPtrArray *series;     /* of FiscGraphSeries */
} FiscGraph;

FiscGraph *fisc_graph_new(FiscGraphKind kind, const char *name, const char *title, const char *unit,
                          int decimals);
void fisc_graph_free(FiscGraph *graph);
/** Categories first, then series. */
void fisc_graph_add_category(FiscGraph *graph, const char *label, bool is_total);
FiscGraphSeries *fisc_graph_add_series(FiscGraph *graph, const char *label);
void fisc_graph_add_amount(FiscGraphSeries *series, __int128 amount);
/** What the picture shows, in words and figures, for those who do not see it. Caller frees. */
char *fisc_graph_describe(const FiscGraph *graph);
/** A standalone SVG, with title and description. */
bool fisc_graph_svg(const FiscGraph *graph, GString *out, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC(FiscGraph, fisc_graph_free)

#endif

/* draw_graph.c: from a graph to a drawing: the head, the scale, and which kind draws the rest. */
#include "reporting/render/draw_graph.h"
#include "fisc/money.h"

__int128
fisc_graph_amount(const FiscGraph *graph, guint series, guint category)
{
    const FiscGraphSeries *of = g_ptr_array_index(graph->series, series);
    return category < of->amounts->len ? g_array_index(of->amounts, __int128, category) : 0;
}

FiscInk
fisc_series_ink(guint series)
{
    return (FiscInk)(FISC_INK_SERIES_1 + series % FISC_INK_SERIES_COUNT);
}

char *
fisc_plot_meaning(const FiscPlot *plot, guint series, guint category)
{
    const FiscGraph *graph = plot->graph;
    const FiscGraphCategory *of = g_ptr_array_index(graph->categories, category);
    const FiscGraphSeries *in = g_ptr_array_index(graph->series, series);
    bool names_series = graph->series->len > 1;
    char words[FISC_SUM_TEXT];
    return g_strdup_printf("%s%s%s: %s", of->label, names_series ? ", " : "",
                           names_series ? in->label : "",
                           fisc_sum_format_grouped(fisc_graph_amount(graph, series, category),
                                                   graph->decimals, words));
}

/* The legend: a box and a word for each series, on as many lines as they need. */
static void
draw_legend(FiscPlot *plot)
{
    int x = 0;
    for (guint i = 0; i < plot->graph->series->len; i++) {
        const FiscGraphSeries *series = g_ptr_array_index(plot->graph->series, i);
        int width =
            FISC_LABEL_SIZE + FISC_GAP / 2 + fisc_text_width(series->label, FISC_LABEL_SIZE);
        if (x > 0 && x + width > plot->drawing->width) {
            x = 0;
            plot->top += FISC_LABEL_SIZE * 3 / 2;
        }
        fisc_draw_box(plot->drawing, fisc_series_ink(i), x, plot->top, FISC_LABEL_SIZE,
                      FISC_LABEL_SIZE, NULL);
        fisc_draw_text(plot->drawing, FISC_INK_TEXT, x + FISC_LABEL_SIZE + FISC_GAP / 2,
                       plot->top + FISC_LABEL_SIZE * 9 / 10, FISC_LABEL_SIZE, FISC_ANCHOR_START,
                       false, series->label);
        x += width + 2 * FISC_GAP;
    }
    plot->top += FISC_LABEL_SIZE * 2;
}

void
fisc_plot_head(FiscPlot *plot, const char *language)
{
    FiscDrawing *drawing = plot->drawing;
    g_autoptr(GPtrArray) title = fisc_text_wrap(drawing->title, FISC_TITLE_SIZE, drawing->width, 2);
    for (guint i = 0; i < title->len; i++) {
        plot->top += FISC_TITLE_SIZE * 5 / 4;
        fisc_draw_text(drawing, FISC_INK_TEXT, 0, plot->top - FISC_TITLE_SIZE / 4, FISC_TITLE_SIZE,
                       FISC_ANCHOR_START, true, g_ptr_array_index(title, i));
    }
    g_autofree char *unit = fisc_scale_unit(&plot->scale, plot->graph->unit, language);
    if (*unit != '\0') {
        plot->top += FISC_SMALL_SIZE * 5 / 4;
        fisc_draw_text(drawing, FISC_INK_QUIET, 0, plot->top - FISC_SMALL_SIZE / 4, FISC_SMALL_SIZE,
                       FISC_ANCHOR_START, false, unit);
    }
    plot->top += FISC_GAP;
    if (plot->graph->series->len > 1) {
        draw_legend(plot);
    }
}

typedef struct {
    __int128 low, high;
} Range;

static void
widen(Range *range, __int128 amount)
{
    range->low = MIN(range->low, amount);
    range->high = MAX(range->high, amount);
}

static Range
range_of_steps(const FiscGraph *graph)
{
    Range range = {0, 0};
    __int128 sum = 0;
    for (guint i = 0; i < graph->categories->len; i++) {
        const FiscGraphCategory *category = g_ptr_array_index(graph->categories, i);
        __int128 amount = fisc_graph_amount(graph, 0, i);
        sum = category->is_total ? amount : sum + amount;
        widen(&range, sum);
    }
    return range;
}

static Range
range_of_series(const FiscGraph *graph)
{
    Range range = {0, 0};
    for (guint i = 0; i < graph->categories->len; i++) {
        __int128 above = 0, below = 0;
        for (guint k = 0; k < graph->series->len; k++) {
            __int128 amount = fisc_graph_amount(graph, k, i);
            bool adds_up = graph->kind == FISC_GRAPH_STACKED;
            above = (adds_up ? above : 0) + MAX(amount, 0);
            below = (adds_up ? below : 0) + MIN(amount, 0);
            widen(&range, above);
            widen(&range, below);
        }
    }
    return range;
}

FiscDrawing *
fisc_draw_graph(const FiscGraph *graph, const char *language, int width)
{
    if (graph->categories->len == 0 || graph->series->len == 0) {
        return NULL;
    }
    Range range =
        graph->kind == FISC_GRAPH_WATERFALL ? range_of_steps(graph) : range_of_series(graph);
    g_autofree char *description = fisc_graph_describe(graph);
    FiscPlot plot = {.graph = graph,
                     .drawing = fisc_drawing_new(width, graph->title, description),
                     .scale = fisc_scale_new(range.low, range.high, graph->decimals)};
    fisc_plot_head(&plot, language);
    (graph->kind == FISC_GRAPH_LINES ? fisc_plot_lines : fisc_plot_bars)(&plot);
    return plot.drawing;
}
